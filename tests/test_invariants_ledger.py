"""Invariants 3, 6 and 8: nobody signs at a loss, money adds up, and law moves only forwards."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from world_fields import ours
from worlds import CHANGES_LATER, EAGER, QUICK, ROOT, begun, lived, lively, months_of, setting_of, tree

from sim import engine
from sim.bargains.problems import Outcomes, Problems
from sim.bargains.worth import worth
from sim.contracts import is_screened
from sim.decide.decisions import Compiled
from sim.ledger import TALK_TRANSITIONS, TRANSITIONS
from sim.mechanisms.effects.rule import Effects
from sim.mechanisms.entry import EntryIntoForce
from sim.protocols.nash import Nash
from sim.state.world import Ints, World
from sim.types import Event, Reason, Stage, Status, TalkStage

SIGNED_MINUS_ONE = (
    "open_talk",
    "role",
    "linked_roles",
    "principal",
    "vote_shift",
    "in_office",
    "platform_between",
    "bridge_between",
    "met_on",
)
SIGNED_MINUS_ONE += ("hosting", "share_in_person", "exposed_to")
SIGNED_MINUS_ONE += tuple(name for name, one in ours().arrays.items() if one.unit == "index -1 to 1")
"""-1 says none, a vote taken away, or the most hostile; everything else in a world is a count, share, stock or month."""
GAINS = [
    name for name, one in ours().arrays.items() if "gain" in name or name in ("opened", "diverted", "welfare", "leaning", "place_pull")
]
"""What is gained or lost, to which side executives lean, and what draws load to a place: of either sign."""
SHARES = [name for name, one in ours().arrays.items() if one.unit in ("index 0-1", "share of people", "share of world", "probability")]
SHARES += ["carries", "dear", "turned_away", "out", "bridge_out", "platform_bars"]


class Notary(Compiled):
    """Checks every text that is put to the parties, by its own arithmetic, before letting them decide as they would."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.seen = 0

    def accept(self, world: World, talks: Ints, problems: Problems, outcomes: Outcomes) -> Any:
        accepted = super().accept(world, talks, problems, outcomes)
        for m in range(len(talks)):
            x = outcomes.text[m]
            if not (np.all(x >= problems.lo[m] - 1e-12) and np.all(x <= problems.hi[m] + 1e-12)):
                self.faults.append(f"{world.talk_identity(int(talks[m]))}: a text outside floors and ceilings")
            for i in range(2):
                u = problems.a[m, i] + sum(problems.b[m, i] * x - problems.w[m, i] * (x - problems.theta[m, i]) ** 2)
                self.seen += 1
                if accepted[m].all() and u < problems.r[m, i] - 1e-9 * (1.0 + abs(u)):
                    self.faults.append(f"{world.talk_identity(int(talks[m]))}: side {i} signs at {u}, below {problems.r[m, i]}")
        return accepted


def faults_at_signature(protocol: str, seed: int) -> list[str]:
    notary = Notary()
    world = begun(lively(protocol={"name": protocol}), seed)
    for _ in months_of(world, decide=notary):
        pass
    t, signed = world.talks, world.instruments
    done = t["stage"] == TalkStage.CONCLUDED
    assert done.sum() >= 5
    assert notary.seen >= 2 * done.sum()
    if (t["utility"][done] < t["disagreement_value"][done] - 1e-9).any():
        notary.faults.append("the ledger shows a utility below the value of no agreement")
    made = np.flatnonzero(signed["talk"] >= 0)
    if signed["text"][made].tobytes() != t["text"][signed["talk"][made]].tobytes() or len(made) != done.sum():
        notary.faults.append("what was signed is not what was agreed")
    return notary.faults


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
@pytest.mark.parametrize("seed", [7, 8])
def test_no_principal_signs_below_its_reservation_value(protocol: str, seed: int) -> None:
    assert faults_at_signature(protocol, seed) == []


def test_a_dictated_text_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def dictate(self: Nash, problems: Problems) -> Outcomes:
        """Everything at its ceiling, and both are told they like it."""
        n = len(problems)
        return Outcomes(problems.hi.copy(), problems.r + 1.0, np.full(n, Status.AGREED, dtype=np.int8), np.zeros(n, dtype=np.int32))

    monkeypatch.setattr(Nash, "solve", dictate)
    assert any("below" in fault for fault in faults_at_signature("nash", 7))


def test_a_principal_refuses_a_text_that_it_values_below_its_reservation(monkeypatch: pytest.MonkeyPatch) -> None:
    def dictate(self: Nash, problems: Problems) -> Outcomes:
        """The worse of floor and ceiling for the second side, wherever it would rather have no agreement."""
        floor, ceiling = worth(problems, problems.lo), worth(problems, problems.hi)
        text = np.where(floor[:, 1:] < ceiling[:, 1:], problems.lo, problems.hi)
        value = worth(problems, text)
        status = np.where(value[:, 1] < problems.r[:, 1], Status.AGREED, Status.NO_ZONE).astype(np.int8)
        return Outcomes(text, value, status, np.zeros(len(problems), dtype=np.int32))

    monkeypatch.setattr(Nash, "solve", dictate)
    # What the other side needs is known, so that the text is as bad for it as it looks.
    world = lived(tree(agreements=QUICK, mechanisms={**EAGER, "bargaining": {**EAGER["bargaining"], "belief_error": 0.0}}))
    ev, screened = world.events, np.array([is_screened(kind) for kind in world.setting.types])
    # A screening reads the text off the law: no protocol makes it.
    bargained = ~screened[ev["type"]] & (ev["type"] >= 0)
    assert not (bargained & (ev["event"] == Event.SIGNATURE)).any()
    refused = (ev["reason"] == Reason.REFUSED) | (ev["reason"] == Reason.NOT_RATIFIABLE)
    assert (bargained & refused & (ev["event"] == Event.NEGOTIATION_FAILED)).any()


def unpaid_or_negative(plain: dict[str, Any]) -> list[str]:
    """Live a world and say where money or a count goes wrong."""
    world, faults = begun(plain), []
    for _ in months_of(world):
        paid, received, overhead = (float(getattr(world, name).sum()) for name in ("paid", "received", "overhead"))
        if abs(paid - received - overhead) > 1e-9 * max(1.0, paid):
            faults.append("payments are not receipts and overhead")
        for name in world.setting.schema.arrays:
            array = getattr(world, name)
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                faults.append(f"{name} is not finite")
            if name not in GAINS and array.min() < (-1 if name in SIGNED_MINUS_ONE else 0):
                faults.append(f"{name} is negative")
        faults += [f"{name} passes one" for name in SHARES if getattr(world, name).max() > 1.0 + 1e-12]
        if (world.instruments["commitment"] < 0.0).any() or (world.talks["credit"] < 0).any():
            faults.append("a commitment or a credit is negative")
    assert world.received.sum() > 0.0
    return sorted(set(faults))


def test_money_adds_up_and_nothing_that_is_counted_is_negative() -> None:
    assert unpaid_or_negative(lively()) == []


def test_a_world_without_clouds_or_recorded_capability_still_adds_up(tmp_path: Path) -> None:
    with (ROOT / "sim" / "data" / "un" / "states.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (tmp_path / "states.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows({**row, "cloud_regions": "0", "ix_buildings": "0", "cinc": "0"} for row in rows)
    # Less feared than usual, and users of the poor ask for as much as others', so that there are pacts to add up among these few.
    plain = lively(data={"folder": str(tmp_path)})
    plain["agreements"] = {**QUICK, "infrastructure_pact": {**QUICK["infrastructure_pact"], "fear": 2.0}}
    plain["mechanisms"] = {**plain.get("mechanisms", {}), "roster": {"income_elasticity": 0.0}}
    assert unpaid_or_negative(plain) == []


def test_a_payment_that_loses_its_overhead_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Effects._pay

    def leaking(self: Effects, world: World) -> None:
        honest(self, world)
        world.overhead[:] = 0.0

    monkeypatch.setattr(Effects, "_pay", leaking)
    assert unpaid_or_negative(lively()) == ["payments are not receipts and overhead"]


def test_capacity_promised_twice_over_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Effects._pay

    def overbuilding(self: Effects, world: World) -> None:
        honest(self, world)
        world.committed -= 1.0

    monkeypatch.setattr(Effects, "_pay", overbuilding)
    assert unpaid_or_negative(lively()) == ["committed is negative"]


def test_a_completed_pact_has_paid_its_commitment_and_built_what_it_bought() -> None:
    world = lived(lively())
    i, kind = world.instruments, world.setting.config.agreements["infrastructure_pact"]
    done, running = i["stage"] == Stage.COMPLETED, i["stage"] == Stage.IN_FORCE
    assert done.sum() >= 2
    # Works that stood still put the term off, and pay nothing meanwhile.
    late = world.array("months_barred")[running]
    over = i["in_force"][running] + i["term"][running].astype(np.int64) + late
    lived_months = np.minimum(world.month - 1, over) - i["in_force"][running] - late
    share = np.where(i["commitment"][running] > 0.0, lived_months / i["term"][running], 0.0)
    given_up = (i["stage"] == Stage.TERMINATED) & (i["commitment"] > 0.0)
    assert (world.array("disbursed")[given_up] < i["commitment"][given_up]).all()
    expected = i["commitment"][done].sum() + float((share * i["commitment"][running]).sum()) + world.array("disbursed")[given_up].sum()
    assert world.received.sum() == pytest.approx(expected, rel=1e-9)
    assert world.overhead.sum() == pytest.approx(kind.overhead * expected, rel=1e-9)
    n = world.setting.n_states
    assert world.capacity_gained[:n].sum() == pytest.approx(expected / kind.cost_per_mw, rel=1e-9)


def life(plain: dict[str, Any], decide: Any = None) -> list[str]:
    """Live a world (``decide``: who decides) and report every move of a stage that law forbids, and every row that was rewritten."""
    world, faults = begun(plain), []
    old: dict[str, dict[str, Any]] = {name: {} for name in world.setting.schema.tables}
    legal: dict[str, Any] = {"talks": (TalkStage, TALK_TRANSITIONS), "instruments": (Stage, TRANSITIONS), "adherence": (Stage, TRANSITIONS)}
    for _ in months_of(world, decide=decide):
        for name in world.setting.schema.tables:
            now = getattr(world, name).copy_arrays()
            for key, was in old[name].items():
                if len(now[key]) < len(was):
                    faults.append(f"{name} lost rows")
                elif key not in CHANGES_LATER.get(name, ()) and now[key][: len(was)].tobytes() != was.tobytes():
                    faults.append(f"{name}/{key} was rewritten")
            for row, was in enumerate(old[name].get("stage", ())):
                words, moves = legal[name]
                if now["stage"][row] != was and words(now["stage"][row]) not in moves[words(was)]:
                    faults.append(f"{name} went from {words(was).name} to {words(now['stage'][row]).name}")
            old[name] = now
        if (np.diff(world.events["month"]) < 0).any():
            faults.append("events out of order")
    return sorted(set(faults))


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
def test_stages_move_along_law_and_the_ledger_only_grows(protocol: str) -> None:
    assert life(lively(protocol={"name": protocol})) == []


def test_a_revived_instrument_and_a_rewritten_ledger_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = EntryIntoForce.step

    def necromancy(self: EntryIntoForce, world: World, decide: Any) -> None:
        world.instruments["stage"][world.instruments["stage"] == Stage.COMPLETED] = Stage.EXPIRED
        honest(self, world, decide)
        world.events["party_a"][0] += 1

    monkeypatch.setattr(EntryIntoForce, "step", necromancy)
    assert life(lively()) == ["events/party_a was rewritten", "instruments went from COMPLETED to EXPIRED"]


def months_between_force_and_effect(plain: dict[str, Any]) -> tuple[set[int], set[int]]:
    """Return after how many months what enters into force shows in trade, and in payments."""
    world = begun(plain)
    trade, money, entered = set(), set(), []
    received = world.received.copy()
    for _ in months_of(world):
        now = world.month - 1
        i, edges = world.instruments, world.setting.edges
        for row, since in list(entered):
            edge = edges.find(int(i["first"][row]), int(i["second"][row]))
            if i["commitment"][row] == 0.0 and world.effect[edge] > 0.0:
                trade.add(now - since)
                entered.remove((row, since))
            elif i["commitment"][row] > 0.0 and world.received[i["second"][row]] > received[i["second"][row]]:
                money.add(now - since)
                entered.remove((row, since))
        ev = world.events
        for row in ev["instrument"][(ev["event"] == Event.ENTRY_INTO_FORCE) & (ev["month"] == now)]:
            edge = edges.find(int(i["first"][row]), int(i["second"][row]))
            first_pact = i["commitment"][row] > 0.0 and world.received[i["second"][row]] == 0.0
            if first_pact or (i["commitment"][row] == 0.0 and not world.in_force[:, edge].any() and world.effect[edge] == 0.0):
                entered.append((int(row), now))
            elif i["commitment"][row] == 0.0 and world.effect[edge] > 0.0 and not world.in_force[:, edge].any():
                trade.add(0)
        received = world.received.copy()
    return trade, money


SOON = {**lively(), "agreements": {**QUICK, "digital_trade_agreement": {"months_to_force": 2}}}
"""A lively world in which what adds trade enters into force too."""


def test_what_enters_into_force_in_a_month_touches_flows_and_funds_from_the_next() -> None:
    assert months_between_force_and_effect(SOON) == ({1}, {1})


def test_an_effect_in_the_very_month_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.ledger import derive_coverage

    honest = Effects._effect

    def hasty(self: Effects, world: World) -> Any:
        kept = world.in_force.copy(), world.freed.copy()
        world.in_force[:], covered = derive_coverage(world)
        world.freed[:] = covered["freed"]
        effect = honest(self, world)
        world.in_force[:], world.freed[:] = kept
        return effect

    monkeypatch.setattr(Effects, "_effect", hasty)
    assert 0 in months_between_force_and_effect(SOON)[0]


def test_a_run_that_is_over_refuses_another_month() -> None:
    world = lived(lively(end="2019-07"))
    with pytest.raises(Exception, match="the run ended in 2019-07"):
        engine.step(world)
    assert world.setting is setting_of(lively(end="2019-07"))
