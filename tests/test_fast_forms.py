"""What was written for speed gives, to the bit, what the plain form of the same thing gives."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import QUICK, begun, lived, lively, months_of, setting_of, tree

from sim import DiplomacyModel, engine, kernels
from sim.arrays import find_edge
from sim.decide.contacts import contacts_of_month
from sim.decide.decisions import Compiled
from sim.mechanisms.effects.rule import Effects
from sim.rng import uniform_of, uniforms_of
from sim.state.world import World, clone
from sim.types import Event, TalkStage, month_index

WORDS = st.integers(0, 2**64 - 1)


@given(WORDS, WORDS, st.integers(0, 5000), WORDS, st.lists(WORDS, max_size=8))
def test_draws_in_a_row_are_those_drawn_one_by_one(seed: int, key: int, month: int, me: int, partners: list[int]) -> None:
    head, who = (np.uint64(seed), np.uint64(key), np.uint64(month), np.uint64(me)), np.array(partners, dtype=np.uint64)
    row = np.full(len(partners) + 1, -1.0)
    uniforms_of(*head, who, len(partners), row)
    assert row.tolist() == [*(uniform_of(*head, one, np.uint64(0)) for one in who), -1.0]


@pytest.mark.parametrize("candidates", [2, 192])
def test_bisection_finds_the_edges_that_are_there_and_no_others(candidates: int) -> None:
    world = begun(tree(candidates=candidates))
    edges, everyone = world.setting.edges, range(world.setting.n_parties)
    there = {(int(i), int(j)): e for e, (i, j) in enumerate(zip(edges.row, edges.col, strict=True))}
    for i in everyone:
        for j in everyone:
            assert find_edge(edges.start, edges.col, i, j) == edges.find(i, j) == there.get((i, j), -1)


def solved_whole(world: World) -> World:
    """Solve the trade of the month just lived over all edges, on a copy."""
    whole = clone(world)
    whole.month -= 1
    whole.setting.config.mechanisms["effects"]._solve(whole, whole.month // 12)
    return whole


def as_if_solved(world: World) -> bool:
    """Say whether trade and imports are, to the bit, those of a solution over all edges."""
    whole = solved_whole(world)
    return all(getattr(whole, name).tobytes() == getattr(world, name).tobytes() for name in ("trade", "imports"))


def test_trade_renewed_where_effects_moved_is_trade_solved_over_all_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    renewed = []
    original = Effects._renew

    def watched(self: Effects, world: World, effect: Any) -> None:
        renewed.append(not np.array_equal(effect, world.effect))
        original(self, world, effect)

    monkeypatch.setattr(Effects, "_renew", watched)
    # What adds trade enters into force at once, so that there is something to renew.
    soon = {"adequacy_decision": {"months_to_force": 1}, "digital_trade_agreement": {"months_to_force": 1}}
    world = begun({**lively(start="2019-11", end="2023-10"), "agreements": {**QUICK, **soon}})
    for _ in months_of(world):
        month = world.month - 1
        if month % 12 and month > world.setting.config.start:
            assert as_if_solved(world)
    assert sum(renewed) >= 3


def test_a_lever_moved_in_mid_year_reaches_all_trade_that_month(monkeypatch: pytest.MonkeyPatch) -> None:
    world, since = begun(lively(start="2019-11", end="2020-12")), month_index("2020-05")
    moved = {since: [engine.Action("mechanisms.effects.digital_share", 0.15)]}
    solved = []
    original = Effects._solve
    monkeypatch.setattr(Effects, "_solve", lambda self, world, year: (solved.append(world.month), original(self, world, year))[1])
    for _ in months_of(world, actions=moved):
        if world.month - 1 in solved and world.month - 1 >= since:
            break
    assert since in solved and world.month - 1 == since
    assert as_if_solved(world)


@given(st.integers(0, 99), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_hours_are_spent_as_the_agents_plan_them(seed: int, closed: float, practised: float) -> None:
    model = DiplomacyModel(seed=seed, setting=setting_of(tree()), plain=True)
    model.step()
    world = model.world
    world.closure[::2] = closed
    world.summit[::3] = True
    world.summit[:] |= world.summit[world.setting.edges.rev]  # both are there, or neither
    world.array("skill")[::2] = practised
    world.hour_price[:] = 3.0
    planned = model.decide.choose_partners(world)
    price = world.hour_price.copy()
    world.hour_price[:] = 3.0
    spent = Compiled().choose_partners(world)
    assert spent.edge.tolist() == planned.edge.tolist() and spent.rank.tolist() == planned.rank.tolist()
    assert spent.channel.tolist() == planned.channel.tolist()
    assert np.allclose(world.hour_price, price)


def test_contacts_read_back_from_the_ledger_are_those_written() -> None:
    world = lived(lively(), months=8)
    world.month -= 1
    held, events, edges = contacts_of_month(world), world.events, world.setting.edges
    rows = np.flatnonzero((events["month"] == world.month) & (events["event"] == Event.CONTACT))
    assert len(rows) > 0
    assert edges.row[held.edge].tolist() == events["party_a"][rows].tolist()
    assert edges.col[held.edge].tolist() == events["party_b"][rows].tolist()
    for name in ("channel", "rank"):
        assert dataclasses.asdict(held)[name].tolist() == events[name][rows].tolist()


def test_proposing_leaves_no_talks_pencilled_in() -> None:
    world = begun(lively())
    engine.step(world)
    world.month -= 1
    world.open_talk[:], world.talks["stage"][:] = -1, TalkStage.CONCLUDED
    before = world.open_talk.copy()
    proposed = Compiled().propose(world, contacts_of_month(world))
    assert (proposed >= 0).any()
    assert np.array_equal(world.open_talk, before)


def test_only_kernel_folders_that_lay_idle_for_days_are_dropped(tmp_path: Path) -> None:
    for n in range(9):
        folder = tmp_path / f"kernels{n}"
        folder.mkdir()
        os.utime(folder, (1e9 + n, 1e9 + n) if n < 5 else None)
    kernels._prune(tmp_path, tmp_path / "kernels0")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"kernels0", "kernels5", "kernels6", "kernels7", "kernels8"}
