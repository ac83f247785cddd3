"""Packages are told twice: by the agents and the compiled decisions, and by the plain world; each fault that is planted is found."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from linked_types import health_for_technology
from test_agents import first_difference
from test_invariant_plain_world import first_difference as first_plain_difference
from test_linkage import EAGER, PAIR, alone, linked
from twins import demanding, torn, walk
from worlds import setting_of, tree

from sim import engine, ledger
from sim.data.records import Competence
from sim.decide import assent, decisions, held
from sim.mechanisms import bargaining, entry, ratification
from sim.stakes import contacted, linkage, packages, ratifiers
from sim.state.world import Setting
from sim.types import NEVER, Institution, Reason, month_index


@pytest.fixture
def own_types(tmp_path: Path) -> Iterator[Callable[..., Setting]]:
    """Return a world of the two types of the test's own, both asked of legislatures, the EU alone holding the competence for both."""

    def build(protocol: str, staff_price: float = 0.0, **over: Any) -> Setting:
        load_parts(health_for_technology(tmp_path / "mine", entry="ratified"))
        mechanisms = {
            "bargaining": {**EAGER["bargaining"], "staff_price": staff_price},
            "ratification": {"months_majority": 1.0, "spread": 0.5, "scatter": 2.0, "own_error": 2.0, "other_error": 2.0},
            # Few states share what would be hours for two hundred.
            "contacts": {"hour_price": 3.0},
        }
        plain = tree(negotiated=PAIR, end="2021-02", mechanisms=mechanisms, protocol={"name": protocol}, **over)
        setting = engine.build(plain)
        both = tuple(Competence("EU", name, "exclusive", month_index("2019-01"), NEVER) for name in PAIR)
        roster = dataclasses.replace(setting.roster, competences=(*setting.roster.competences, *both))
        return dataclasses.replace(setting, roster=roster)

    from sim.single import load_parts

    yield build
    load_parts(None)


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
def test_agents_and_engine_agree_about_packages(protocol: str) -> None:
    assert first_difference(setting_of(linked(torn(protocol))), 1) is None


@pytest.mark.parametrize(("protocol", "seed"), [("nash", 0), ("alternating_offers", 4)])
def test_they_agree_where_blocs_and_legislatures_judge_packages(protocol: str, seed: int, own_types: Callable[..., Setting]) -> None:
    setting = own_types(protocol)
    assert first_difference(setting, seed) is None
    found, w = first_plain_difference(setting, seed, 21, {})
    assert found == []
    asked = {(row.institution, row.stage.name) for row in w.adherence if w.instruments[row.instrument].package is not None}
    assert {Institution.MAJORITY, Institution.BLOC_ASSENT} <= {institution for institution, _ in asked}


def blind_bloc(patch: pytest.MonkeyPatch) -> None:
    honest = assent._in_favour

    def faulty(*args: Any) -> Any:
        return ~honest(*args)

    patch.setattr(assent, "_in_favour", faulty)


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "packages promise a millionth more": lambda patch: patch.setattr(
        linkage, "_hopes", lambda *args, honest=linkage._hopes: (honest(*args), args[3].__imul__(1.0 + 1e-6))
    ),
    "a package takes the staff of two talks": lambda patch: patch.setattr(
        decisions, "talks_open", lambda world, honest=decisions.talks_open: honest(world) * np.int32(2)
    ),
    "members of a bloc vote the other way": blind_bloc,
    "the nearer ratifier judges": lambda patch: patch.setattr(
        assent, "ratifiers_of_package", lambda world, lead, rider, turned, honest=assent.ratifiers_of_package: (
            dataclasses.replace(honest(world, lead, rider, turned)[0], true=np.zeros((1, 2))),
            honest(world, lead, rider, turned)[1],
        )
    ),
    "money is forgotten at the vote": lambda patch: patch.setattr(assent, "payments", lambda world, rows: np.full((len(rows), 2), -9.0)),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_what_is_decided_on_packages_is_found(
    fault: str, own_types: Callable[..., Setting], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where they agree without it: the test before this one; of the price of staff where staff has one.
    setting = own_types("nash", staff_price=1e3 if "staff" in fault else 0.0)
    FAULTS[fault](monkeypatch)
    assert first_difference(setting, 0) is not None


TWINS: dict[str, dict[str, Callable[[pytest.MonkeyPatch], None]]] = {
    "bargaining": {
        "riding talks keep their own order of sides": lambda patch: patch.setattr(
            packages, "joint", lambda *args, honest=packages.joint: honest(*args[:2], np.zeros_like(args[2]))
        ),
        "ratifiers of the leading half alone judge a package": lambda patch: patch.setattr(
            ratifiers,
            "of_package",
            lambda world, lead, *args, honest=ratifiers.of_package: (ratifiers.distances(world, lead), honest(world, lead, *args)[1]),
        ),
        "outside options of the riding half are forgotten": lambda patch: patch.setattr(
            packages, "outside_options", lambda world, rows, honest=packages.outside_options: honest(world, rows) * (rows[0] == 0)
        ),
        "no talks are widened": lambda patch: patch.setattr(contacted, "widening", lambda world, row: None),
        "half of a package fails alone": lambda patch: patch.setattr(bargaining, "halves_of", lambda world, row: (row,)),
        "a package is signed as two deals": lambda patch: patch.setattr(
            bargaining,
            "sign",
            lambda world, row, *args, **more: (
                world.talks["package"].__setitem__(row, -1) if world.talks["package"][row] != row else None,
                ledger.sign(world, row, *args, **more),
            )[1],
        ),
        "offers of a package are written once": lambda patch: patch.setattr(
            held, "offers_of", lambda *args, honest=held.offers_of: {k: v[::2] for k, v in honest(*args).items()}
        ),
    },
    "ratification": {
        "half of a package stands when the other falls": lambda patch: patch.setattr(
            ratification, "signed_with", lambda world, row: (row,)
        ),
    },
    "entry": {"half of a package enters into force alone": lambda patch: patch.setattr(entry, "signed_with", lambda world, row: (row,))},
}


def parted(mechanism: str, own: Setting) -> list[str]:
    """Walk until a mechanism and its twin part, in worlds in which packages are widened, turned, judged, refused and waited for."""
    some = [(own, 0), (setting_of(torn("nash")), 6), (demanding(setting_of(torn("nash"))), 1), (setting_of(torn("alternating_offers")), 1)]
    for setting, seed in some:
        seen = walk(setting, seed, only=mechanism, stop=True).differences[mechanism]
        if seen:
            return seen
    # One talk that only a package can save, opened by hand.
    return walk(own, 0, only=mechanism, stop=True, hands={1: alone}).differences[mechanism]


@pytest.mark.parametrize("mechanism", TWINS)
def test_the_twins_do_the_same_with_packages(mechanism: str, own_types: Callable[..., Setting]) -> None:
    assert parted(mechanism, own_types("nash")) == []


@pytest.mark.parametrize(("mechanism", "fault"), [(mechanism, fault) for mechanism, faults in TWINS.items() for fault in faults])
def test_a_fault_in_what_becomes_of_packages_is_found(
    mechanism: str, fault: str, own_types: Callable[..., Setting], monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = own_types("nash")
    TWINS[mechanism][fault](monkeypatch)
    assert parted(mechanism, setting) != []


def test_a_package_that_falls_falls_in_both_tellings(own_types: Callable[..., Setting]) -> None:
    found, w = first_plain_difference(own_types("nash"), 0, 21, {})
    assert found == []
    assert any(row.package is not None for row in w.instruments)
    assert Reason.LINKED_FELL in {row.reason for row in w.events}
