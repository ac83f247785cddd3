"""A coalition that its last member has left: it negotiates nothing, what it signed falls, and what it had in force ends."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from promise_worlds import restless
from worlds import setting_of

from sim import engine
from sim.ledger import without_members
from sim.seat.legal import why_not_now
from sim.state.world import World
from sim.types import Event, Reason, Stage, TalkStage
from sim.why import why

LONG = restless(end="2024-12", mechanisms={**restless()["mechanisms"], "walkouts": {"may": False}})


def south(world: World) -> int:
    return world.setting.party("SOUTH")


def empty(world: World) -> None:
    """Let all members walk out at once."""
    bloc = south(world) - world.setting.n_states
    world.gone[bloc, np.flatnonzero(world.member[bloc])] = True


def of_the_coalition(world: World, table: str) -> np.ndarray:
    """Return the rows of a table of which a side is the coalition."""
    rows = getattr(world, table)
    return np.flatnonzero((rows["first"] == south(world)) | (rows["second"] == south(world)))


@pytest.fixture(autouse=True)
def no_warning() -> Iterator[None]:
    """Nothing is divided by a GDP of 0 on the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


def emptied(months: int, seed: int = 0) -> World:
    """Live some months, let all members walk out, and live the next month, in which they are out."""
    world = engine.start(setting_of(LONG), seed)
    for _ in range(months):
        engine.step(world)
    empty(world)
    engine.step(world)
    return world


def test_its_open_talks_end_because_nobody_may_speak_for_it() -> None:
    world = emptied(8)
    talks = world.talks
    closed = [row for row in of_the_coalition(world, "talks") if talks["closed"][row] == world.month - 1]
    assert closed and all(talks["reason"][row] == Reason.COMPETENCE_LOST and talks["stage"][row] == TalkStage.FAILED for row in closed)


def test_what_it_signed_falls_and_the_host_counts_on_it_no_more() -> None:
    world = emptied(16, 1)
    instruments = world.instruments
    fell = [row for row in of_the_coalition(world, "instruments") if instruments["ended"][row] == world.month - 1]
    assert fell and {Stage(int(instruments["stage"][row])) for row in fell} == {Stage.TERMINATED}
    ev = world.events
    said = ev["reason"][(ev["event"] == Event.TERMINATION) & np.isin(ev["instrument"], fell)]
    assert said.tolist() == [Reason.COMPETENCE_LOST] * len(fell)
    assert world.committed[instruments["second"][fell]] == pytest.approx(np.zeros(len(fell)), abs=1e-9)


def test_a_pact_that_waited_for_its_day_alone_is_taken_off_what_is_promised() -> None:
    late = {"infrastructure_pact": {**restless()["agreements"]["infrastructure_pact"], "months_to_force": 12}}
    world = engine.start(setting_of(restless(**{**LONG, "agreements": late})), 0)
    while world.committed[south(world)] == 0.0:
        engine.step(world)
    empty(world)
    engine.step(world)
    assert world.committed[south(world)] == pytest.approx(0.0, abs=1e-9)


def test_what_it_has_in_force_ends_because_of_one_side_nobody_is_left() -> None:
    world = emptied(27)
    instruments, ev = world.instruments, world.events
    rows = of_the_coalition(world, "instruments")
    ended = [row for row in rows if instruments["ended"][row] == world.month - 1]
    assert ended and not np.isin(instruments["stage"][rows], (Stage.SIGNED, Stage.IN_FORCE, Stage.SUSPENDED)).any()
    assert set(ev["reason"][(ev["event"] == Event.TERMINATION) & np.isin(ev["instrument"], ended)].tolist()) == {Reason.TOO_FEW}
    assert world.committed[south(world)] == pytest.approx(0.0, abs=1e-9)


def test_from_then_on_it_meets_nobody_and_does_nothing() -> None:
    world = emptied(25)
    since = world.month
    while world.month <= world.setting.config.end:
        engine.step(world)
    ev, at = world.events, south(world)
    assert without_members(world)[at] and world.gdp[at] == 0.0
    assert not ((ev["month"] >= since) & ((ev["party_a"] == at) | (ev["party_b"] == at))).any()
    assert (world.principal[:, at] == -1).all()


def test_its_members_speak_for_themselves_and_may_sign_alone() -> None:
    world = emptied(7)
    t = world.setting.type_names.index("infrastructure_pact")
    for code in ("AUS", "FJI", "NZL"):
        assert world.principal[t, world.setting.party(code)] == world.setting.party(code)


def test_the_page_and_a_seat_say_that_nobody_is_in_it() -> None:
    world = emptied(7)
    t = world.setting.type_names.index("infrastructure_pact")
    assert "nobody is in" in why_not_now(world, world.setting.party("USA"), t, south(world))
    told = why(world, "USA", "SOUTH")
    assert any("nobody is in" in bar.sentence for kind in told.types for bar in kind.bars)


@pytest.mark.parametrize("seed", range(6))
def test_whenever_the_last_member_goes_nothing_is_asked_of_an_economy_of_nobody(seed: int) -> None:
    world = emptied(5 + 5 * seed, seed)
    for _ in range(14):
        engine.step(world)
