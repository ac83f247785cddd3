"""What must hold of promises in any run: who can end them, what an ending ends, and that it leaves the world as without them."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from promise_worlds import broken, sued, swift
from worlds import begun, months_of, setting_of

from sim import engine
from sim.consequences import COST, FreesData
from sim.ledger import ENDINGS, TRANSITIONS, move, suspended
from sim.mechanisms.courts import rule as courts
from sim.mechanisms.effects.rule import Effects
from sim.mechanisms.roster.rule import RosterOfTheMonth
from sim.state.world import Setting, World
from sim.types import Event, Stage

SEEDS = st.integers(0, 2**63 - 1)
OVER = {stage for stage, ways in TRANSITIONS.items() if not ways}


def lived(setting: Setting, seed: int) -> World:
    """Live a whole run."""
    world = engine.start(setting, seed)
    for _ in months_of(world):
        pass
    return world


def told(world: World, *names: str) -> int:
    """Count some events in the ledger."""
    return int(np.isin(world.events["event"], [world.setting.words.code("event", name) for name in names]).sum())


def without_courts(setting: Setting) -> Setting:
    """Return a world in which no party has a court that could strike anything."""
    nobody = np.zeros_like(setting.roster.courts.individuals)
    shut = dataclasses.replace(setting.roster.courts, individuals=nobody, parliament=nobody)
    return dataclasses.replace(setting, roster=dataclasses.replace(setting.roster, courts=shut))


@settings(max_examples=3)
@given(seed=SEEDS)
def test_where_there_is_no_court_nothing_is_annulled(seed: int) -> None:
    world = lived(without_courts(swift(setting_of(sued()))), seed)
    assert len(world.cases) == 0
    assert told(world, "annulment", "ruling", "complaint") == 0
    assert not (world.instruments["stage"] == Stage.ANNULLED).any()


@settings(max_examples=3)
@given(seed=SEEDS)
def test_where_there_is_no_plaintiff_there_is_no_case(seed: int) -> None:
    asked = sued()
    asked["mechanisms"] = {**asked["mechanisms"], "courts": {"complaint_rate": 0.0, "parliament_rate": 0.0, "leak_rate": 2.0}}
    world = lived(setting_of(asked), seed)
    assert len(world.cases) == 0
    assert told(world, "annulment", "ruling", "complaint") == 0


@settings(max_examples=3)
@given(seed=SEEDS)
def test_where_nobody_is_tempted_no_word_is_broken(seed: int) -> None:
    asked = broken()
    asked["mechanisms"] = {**asked["mechanisms"], "compliance": {**asked["mechanisms"]["compliance"], "temptation": 0.0}}
    world = lived(setting_of(asked), seed)
    assert len(world.breaches) == 0
    assert told(world, "breach", "breach_found", "breach_cured") == 0


def covered(world: World) -> set[tuple[int, int, int]]:
    """Name by type and parties who is bound to whom by what is in force, each way, read from instruments and adherences."""
    adherence, instruments, found = world.adherence, world.instruments, set()
    for row in np.flatnonzero((instruments["stage"] == Stage.IN_FORCE) & (instruments["conference"] < 0)).tolist():
        places = (adherence["instrument"] == row) & (adherence["stage"] == Stage.IN_FORCE)
        firsts, seconds = (adherence["party"][places & (adherence["role"] == role)].tolist() for role in (0, 1))
        t = int(instruments["type"][row])
        found |= {pair for i in firsts for j in seconds for pair in ((t, i, j), (t, j, i))}
    return found


def wrong_months(setting: Setting, seed: int) -> list[str]:
    """Live a run and say where the cover of what ended, was suspended or resumed is not that of the month after."""
    world, faults, entered = engine.start(setting, seed), [], {}
    expected: list[tuple[int, int, int, bool]] = []
    seen = 0
    for _ in months_of(world):
        instruments, events, edges = world.instruments, world.events, world.setting.edges
        for t, first, second, binds in expected:
            if bool(world.in_force[t, edges.find(first, second)]) is not binds:
                faults.append(f"cover of {world.setting.type_names[t]} is not {binds} in the month after")
        for row, since in enumerate(instruments["in_force"].tolist()):
            if entered.get(row, -1) not in (-1, since):
                faults.append("the month of entry into force changed")
            entered[row] = since
        now, expected = covered(world), []
        for at in range(seen, len(events)):
            row, event = int(events["instrument"][at]), int(events["event"][at])
            if row < 0 or instruments["conference"][row] >= 0:
                continue
            stage = Stage(int(instruments["stage"][row]))
            t, first, second = (int(instruments[key][row]) for key in ("type", "first", "second"))
            if event in (*(ENDINGS[one] for one in OVER), Event.SUSPENSION, Event.RESUMPTION) and edges.find(first, second) >= 0:
                if stage in OVER and event in (Event.RESUMPTION, Event.SUSPENSION):
                    continue
                expected.append((t, first, second, (t, first, second) in now))
                if stage is Stage.IN_FORCE and (t, first, second) not in now:
                    faults.append("what is in force covers nobody")
        seen = len(events)
    return sorted(set(faults))


@pytest.mark.parametrize("make", [lambda: setting_of(broken("2000-08", 84)), lambda: swift(setting_of(sued(months=60)))])
def test_cover_ends_in_the_month_after_and_comes_back_in_the_month_after(make: Callable[[], Setting]) -> None:
    @settings(max_examples=2)
    @given(seed=SEEDS)
    def holds(seed: int) -> None:
        assert wrong_months(make(), seed) == []

    holds()


def test_cover_that_outlives_an_annulment_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = RosterOfTheMonth.step

    def clinging(self: RosterOfTheMonth, world: World, decide: Any) -> None:
        before = world.in_force.copy()
        honest(self, world, decide)
        world.in_force |= before

    monkeypatch.setattr(RosterOfTheMonth, "step", clinging)
    assert any("is not False" in fault for fault in wrong_months(swift(setting_of(sued())), 7))


def test_a_resumption_with_a_new_date_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def renewed(world: World, row: int, stage: Stage, reason: int = 0) -> None:
        move(world, row, stage, reason)
        if stage is Stage.IN_FORCE:
            world.instruments["in_force"][row] = world.month

    monkeypatch.setattr(suspended, "move", renewed)
    assert wrong_months(setting_of(broken("2000-08", 120)), 4) == ["the month of entry into force changed"]


NEXT = {
    Event.SIGNATURE: Stage.SIGNED,
    Event.RESUMPTION: Stage.IN_FORCE,
    **{event: stage for stage, event in ENDINGS.items()},
}
"""The stage that each event of an instrument leaves it in."""


def illegal_steps(setting: Setting, seed: int) -> list[str]:
    """Live a run, then go through its ledger and say where an instrument of two made a step that law does not know."""
    world = engine.start(setting, seed)
    listed = len(world.instruments)
    now: dict[int, Stage | None] = dict.fromkeys(range(listed), Stage.IN_FORCE)
    for _ in months_of(world):
        pass
    events, instruments, faults = world.events, world.instruments, []
    for event, row in zip(events["event"].tolist(), events["instrument"].tolist(), strict=True):
        if row < 0 or instruments["conference"][row] >= 0 or event not in set(map(int, NEXT)):
            continue
        before, then = now.get(row), NEXT[Event(event)]
        if (before is None) != (event == Event.SIGNATURE) or (before is not None and then not in TRANSITIONS[before]):
            faults.append(f"{Event(event).name} after {before.name if before else 'nothing'}")
        if event == Event.RESUMPTION and before is not Stage.SUSPENDED:
            faults.append(f"RESUMPTION after {before.name if before else 'nothing'}")
        now[row] = then
    # The stage that the ledger tells of is the one that the table has.
    faults += [
        f"{Stage(int(instruments['stage'][row])).name} in the table, {stage.name} in the ledger"
        for row, stage in now.items()
        if stage is not None and Stage(int(instruments["stage"][row])) not in (stage, Stage.RATIFIED)
    ]
    return sorted(set(faults))


@pytest.mark.parametrize("make", [lambda: setting_of(broken("2000-08", 84)), lambda: swift(setting_of(sued(months=60)))])
def test_every_event_of_an_ending_follows_a_stage_from_which_it_may_come(make: Callable[[], Setting]) -> None:
    @settings(max_examples=2)
    @given(seed=SEEDS)
    def holds(seed: int) -> None:
        assert illegal_steps(make(), seed) == []

    holds()


def test_an_annulment_in_silence_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(world: World, row: int, stage: Stage, reason: int = 0) -> None:
        world.instruments["stage"][row] = stage

    monkeypatch.setattr(courts, "move", silent)
    assert illegal_steps(swift(setting_of(sued())), 7) == ["ANNULLED in the table, IN_FORCE in the ledger"]


def unkept_promises(setting: Setting, seed: int) -> list[str]:
    """Live a run and say where a pact that was completed has not paid all, or what hosts are promised is not what pacts still owe."""
    world, faults = engine.start(setting, seed), []
    cost = world.setting.doings.rate(COST)
    for _ in months_of(world):
        instruments, paid = world.instruments, world.array("disbursed")
        done = instruments["stage"] == Stage.COMPLETED
        if not np.allclose(paid[done], instruments["commitment"][done], rtol=1e-9):
            faults.append("a completed pact has not paid all")
        if (paid > instruments["commitment"] * (1.0 + 1e-9)).any():
            faults.append("a pact has paid more than it promised")
        waiting = np.unique(world.adherence["instrument"][world.adherence["stage"] == Stage.SIGNED])
        owes = np.isin(instruments["stage"], (Stage.SIGNED, Stage.IN_FORCE, Stage.SUSPENDED)) & (instruments["commitment"] > 0.0)
        owes[waiting] = False
        owed = np.zeros(world.setting.n_parties)
        np.add.at(owed, instruments["second"][owes], ((instruments["commitment"] - paid) / cost[instruments["type"]])[owes])
        if not np.allclose(world.committed, owed, rtol=1e-6, atol=1e-6):
            faults.append("hosts are promised what nobody owes")
    return sorted(set(faults))


@settings(max_examples=4)
@given(seed=SEEDS)
def test_pacts_pay_what_they_promised_and_what_has_ended_promises_nothing(seed: int) -> None:
    assert unkept_promises(setting_of(broken("2000-08", 120)), seed) == []


def test_a_promise_that_outlives_its_pact_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Effects, "_release", lambda self, world: None)
    assert unkept_promises(setting_of(broken("2000-08", 120)), 4) == ["hosts are promised what nobody owes"]


QUIET = {
    "bargaining": {"propose_rate": 0.0, "years_before": 0},
    "compliance": {"temptation": 0.0},
    "courts": {"complaint_rate": 0.0, "parliament_rate": 0.0, "leak_rate": 0.0},
    "durability": {"uncertainty": 0.0},
    "withdrawals": {"rate": 0.0, "exit_bar": 2.0},
}


@functools.cache
def quiet() -> dict[str, Any]:
    """Return a world in which nothing is made or ended but by hand."""
    return {**sued("2015-01", 24), "mechanisms": QUIET, "agreements": {}}


def what_frees(world: World) -> int:
    """Return an instrument of two that frees data where nothing else does."""
    instruments, edges = world.instruments, world.setting.edges
    frees = np.flatnonzero(world.setting.doings.doing(FreesData))
    for row in np.flatnonzero((instruments["stage"] == Stage.IN_FORCE) & np.isin(instruments["type"], frees)).tolist():
        edge = edges.find(int(instruments["first"][row]), int(instruments["second"][row]))
        if edge >= 0 and world.in_force[:, edge].sum() == 1 and world.effect[edge] > 0.0:
            return int(row)
    raise AssertionError("nothing frees data alone")


@pytest.mark.parametrize("ending", sorted(OVER - {Stage.COMPLETED}))
def test_once_an_instrument_has_ended_trade_is_that_of_a_world_without_it(ending: Stage) -> None:
    world, without = begun(quiet()), begun(quiet())
    row = what_frees(world)
    move(without, row, Stage.ANNULLED)
    for _ in range(5):
        engine.step(world)
        engine.step(without)
    assert (world.trade != without.trade).any()
    move(world, row, ending)
    for _ in range(5):
        engine.step(world)
        engine.step(without)
        np.testing.assert_allclose(world.trade, without.trade, rtol=1e-9)
    assert world.effect.tobytes() == without.effect.tobytes()


def test_what_resumes_has_the_trade_of_what_was_never_suspended() -> None:
    world, always = begun(quiet()), begun(quiet())
    row = what_frees(world)
    engine.step(world)
    engine.step(always)
    move(world, row, Stage.SUSPENDED)
    for _ in range(3):
        engine.step(world)
        engine.step(always)
        assert (world.trade != always.trade).any()
    move(world, row, Stage.IN_FORCE)
    for _ in range(3):
        engine.step(world)
        engine.step(always)
        np.testing.assert_allclose(world.trade, always.trade, rtol=1e-9)
    assert world.instruments["in_force"][row] == always.instruments["in_force"][row]
