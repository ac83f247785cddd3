"""Works under pacts: the twin, delay, funds that lapse, default, who runs what was built, and money that adds up."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from twins import Walk, small, walk
from worlds import lived, setting_of

from sim.mechanisms.works import CONTROL, Works
from sim.state.world import World
from sim.types import Reason, Stage

Patch = pytest.MonkeyPatch
PACTS = {"infrastructure_pact": {"months_to_force": 1, "build_months": 12, "budget_share": 5e-4}}


def troubled(**works: Any) -> dict[str, Any]:
    """Return a world of many pacts, whose works often stop; ``works`` lays over the parameters."""
    plain = small("nash", "baseline", end="2023-12")
    told = {"stopping": 0.3, "resuming": 0.3, "patience": 4, "default_rate": 0.9, **works}
    return {**plain, "agreements": {**plain["agreements"], **PACTS}, "mechanisms": {**plain["mechanisms"], "works": told}}


@functools.cache
def walked() -> Walk:
    return walk(setting_of(troubled()), 3)


def codes(world: World) -> dict[str, int]:
    return {name: world.setting.words.code("event", name) for name in ("works_stopped", "works_resumed", "host_default")}


def ended(world: World, reason: str) -> Any:
    """Return the pacts that ended for a reason, as the ledger tells."""
    events = world.events
    return events["instrument"][events["reason"] == world.setting.words.code("reason", reason)]


def test_month_by_month_the_twins_do_the_same() -> None:
    found = walked()
    assert not {mechanism: said[:3] for mechanism, said in found.differences.items() if said}
    assert {"WORKS_STOPPED", "WORKS_RESUMED", "HOST_DEFAULT"} <= found.seen
    assert set(Works.writes) <= found.changed["works"]


FAULTS: dict[str, Callable[[Patch], None]] = {
    "works never stop": lambda p: p.setattr("sim.mechanisms.works.uniforms", lambda *given, word: np.ones(len(given[3]))),
    "nobody is told": lambda p: p.setattr(Works, "_say", staticmethod(lambda *given, **told: None)),
    "investors run nothing": lambda p: p.setattr(Works, "_run", lambda *given: None),
    "nothing is given up": lambda p: p.setattr(Works, "_end", lambda *given: None),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_planted_fault_is_found(fault: str, monkeypatch: Patch) -> None:
    setting = setting_of(troubled())
    FAULTS[fault](monkeypatch)
    assert walk(setting, 3, only="works", stop=True).differences["works"], fault


def test_what_stands_pays_nothing_and_ends_as_much_later() -> None:
    calm, slow = (lived(troubled(default_rate=0.0, patience=99, **over)) for over in ({"stopping": 0.0}, {}))
    assert not calm.array("stands").any() and not ended(calm, "works_abandoned").size
    done = np.flatnonzero(slow.instruments["stage"] == Stage.COMPLETED)
    assert len(done)
    for row in done:
        one = slow.instruments
        late = slow.array("months_barred")[row]
        assert one["ended"][row] == one["in_force"][row] + one["term"][row] + late + 1
        assert slow.array("disbursed")[row] == pytest.approx(one["commitment"][row])
    assert slow.array("months_barred")[done].sum() > 0


def test_money_adds_up_and_what_is_given_up_is_never_paid() -> None:
    world = lived(troubled())
    assert world.paid.sum() == pytest.approx(world.received.sum() + world.overhead.sum())
    rows = np.concatenate([ended(world, "works_abandoned"), ended(world, "defaulted")])
    assert len(rows)
    assert (world.array("disbursed")[rows] < world.instruments["commitment"][rows]).all()
    assert (world.instruments["stage"][rows] == Stage.TERMINATED).all()
    assert (world.run_by >= 0.0).all()


def test_who_controls_runs_what_is_built_and_after_a_default_all_of_it() -> None:
    world = lived(troubled(stopping=0.0, default_rate=0.0))
    cost = world.setting.config.agreements["infrastructure_pact"].cost_per_mw
    level = world.instruments["text"][:, world.setting.words.issues.index(CONTROL)]
    pacts = np.flatnonzero((world.instruments["commitment"] > 0.0) & (world.array("disbursed") > 0.0))
    assert world.run_by.sum() == pytest.approx((world.array("disbursed")[pacts] / cost * level[pacts]).sum())
    broken = lived(troubled(stopping=0.0))
    events, rows = broken.events, ended(broken, "defaulted")
    told = events["event"] == codes(broken)["host_default"]
    assert told.sum() == len(rows) > 0
    built = broken.array("disbursed")[events["instrument"][told]] / cost
    kept = 1.0 - broken.instruments["text"][events["instrument"][told], broken.setting.words.issues.index(CONTROL)]
    assert events["value"][told].tolist() == pytest.approx((built * kept).tolist())


def test_where_law_protects_works_stop_less_often() -> None:
    part = Works()
    weak, strong = (2.0 * (1.0 - s) * part.stopping for s in (0.2, 0.9))
    assert weak > 4.0 * strong
    # Three years of works at one half: a year of delay, as announced cables have.
    share = part.stopping / (part.stopping + part.resuming)
    assert 36.0 * share / (1.0 - share) == pytest.approx(12.0)


def test_a_reason_of_its_own_says_why_a_pact_ended() -> None:
    world = lived(troubled())
    words = world.setting.words
    assert {words.code("reason", name) for name in ("defaulted", "works_abandoned")} == {len(Reason), len(Reason) + 1}
