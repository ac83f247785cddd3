"""Conferences: called, left, concluded or failed; treaties that enter into force, are joined, denounced and left."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from summits import ASEAN, BOTH, STATES, replaced, summits, with_tables
from worlds import begun, in_force_at_the_end, lived, months_of, setting_of, tree

from sim import engine
from sim.decide.decisions import Compiled
from sim.ledger import (
    accede,
    adherents,
    bound_states,
    close_conference,
    denounce,
    derive_in_force,
    leave_seat,
    open_conference,
    sign_treaty,
)
from sim.ledger.conferences import bring_into_force
from sim.params import configure
from sim.protocols.nash import Nash
from sim.single import one_run
from sim.stakes.treaties import coalition, members_of_bloc, rule_of, stakes_of
from sim.state.world import World
from sim.types import NEVER, Event, Institution, K, ModelFault, Reason, SeatStage, Stage, TalkStage, UserError

SEEDS = (1, 3, 4)


@functools.cache
def world_of(seed: int) -> World:
    return lived(summits(), seed)


def treaties(world: World) -> list[int]:
    return np.flatnonzero(world.instruments["conference"] >= 0).tolist()


def all_worlds() -> list[World]:
    return [world_of(seed) for seed in SEEDS]


def test_the_worlds_of_these_tests_hold_every_turn_of_a_treatys_life() -> None:
    seen = {world.setting.words.typed("event", e) for world in all_worlds() for e in world.events["event"].tolist()}
    assert seen >= {Event.CONFERENCE_OPENED, Event.CONFERENCE_LEFT, Event.CONFERENCE_CONCLUDED, Event.CONFERENCE_FAILED}
    assert seen >= {Event.ACCESSION, Event.DENUNCIATION, Event.WITHDRAWAL, Event.RATIFICATION_FAILED, Event.TERMINATION}
    reasons = {Reason(r) for world in all_worlds() for r in world.events["reason"].tolist()}
    assert reasons >= {Reason.TOO_FEW, Reason.WOULD_LOSE, Reason.NO_ZONE, Reason.NOT_RATIFIABLE, Reason.NOT_RATIFIED}


def test_nobody_signs_what_is_worth_less_to_it_than_no_agreement() -> None:
    """Invariant 3: at signature, on the executives' own interests."""
    for world in all_worlds():
        seats = world.seats
        signed = seats["stage"] == SeatStage.SIGNED
        assert signed.any()
        assert (seats["utility"][signed] >= seats["disagreement_value"][signed]).all()
        assert np.isnan(seats["utility"][~signed]).all()


def test_a_treaty_that_one_side_loses_by_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Nash.solve_group

    def careless(self: Nash, problem: Any) -> Any:
        found = honest(self, problem)
        text = problem.theta.max(axis=0)
        return type(found)(text, problem.d - 1.0, 1)

    monkeypatch.setattr(Nash, "solve_group", careless)
    monkeypatch.setattr(Compiled, "sign", lambda self, world, conference, parties, text: np.ones(len(parties), dtype=bool))
    seats = lived(summits(end="2020-12"), 3).seats
    signed = seats["stage"] == SeatStage.SIGNED
    assert (seats["utility"][signed] < seats["disagreement_value"][signed]).any()


def test_a_treaty_enters_into_force_when_enough_have_ratified_and_for_them_alone() -> None:
    for world in all_worlds():
        for row in treaties(world):
            kind = world.setting.types[int(world.instruments["type"][row])]
            rule = rule_of(world, int(world.instruments["type"][row]), -1)
            its = world.adherence["instrument"] == row
            ratified = world.events["month"][(world.events["instrument"] == row) & (world.events["event"] == Event.RATIFICATION)]
            began = int(world.instruments["in_force"][row])
            if kind.name == "security_treaty" and began >= 0:
                assert np.sort(ratified)[rule.k - 1] + kind.months_to_force == began
            for place in np.flatnonzero(its & (world.adherence["stage"] == Stage.IN_FORCE)):
                assert world.adherence["institution"][place] >= Institution.EXECUTIVE_ACT
                assert began >= 0
            bound = bound_states(world, row)
            waiting = world.adherence["party"][its & np.isin(world.adherence["stage"], (Stage.SIGNED, Stage.RATIFIED))]
            assert not bound[waiting].any()


def test_who_ratifies_later_is_bound_later() -> None:
    late = 0
    for world in all_worlds():
        ev, months = world.events, world.setting.config.agreements["security_treaty"].months_to_force
        for at in np.flatnonzero((ev["event"] == Event.ENTRY_INTO_FORCE) & (ev["party_a"] >= 0) & (ev["conference"] >= 0)):
            row, party, month = int(ev["instrument"][at]), int(ev["party_a"][at]), int(ev["month"][at])
            own = (ev["event"] == Event.RATIFICATION) & (ev["instrument"] == row) & (ev["party_a"] == party) & (ev["month"] <= month)
            assert month == max(int(ev["month"][own].max()) + months, int(world.instruments["in_force"][row]))
            late += month > world.instruments["in_force"][row]
    assert late > 0


def test_all_pairs_of_those_bound_are_covered_and_nobody_else() -> None:
    for world in all_worlds():
        edges, found = world.setting.edges, derive_in_force(world)
        for name in BOTH:
            t = world.setting.type_names.index(name)
            wanted = np.zeros(edges.n, dtype=bool)
            for row in treaties(world):
                if world.instruments["type"][row] == t and world.instruments["stage"][row] == Stage.IN_FORCE:
                    inside = bound_states(world, row)
                    wanted |= inside[edges.row] & inside[edges.col]
            np.testing.assert_array_equal(found[t], wanted)


def test_who_has_left_is_no_longer_covered_and_the_treaty_goes_on() -> None:
    left = 0
    for world in all_worlds():
        ev = world.events
        for at in np.flatnonzero(ev["event"] == Event.WITHDRAWAL):
            row, party = int(ev["instrument"][at]), int(ev["party_a"][at])
            told = (ev["event"] == Event.DENUNCIATION) & (ev["instrument"] == row) & (ev["party_a"] == party)
            if ev["reason"][at] == Reason.WITHDRAWN:
                assert int(ev["month"][at]) - int(ev["month"][told].max()) == 3
                left += 1
            back = (
                (ev["event"] == Event.ACCESSION) & (ev["instrument"] == row) & (ev["party_a"] == party) & (ev["month"] >= ev["month"][at])
            )
            if not back.any():
                assert not bound_states(world, row)[party]
    assert left > 0


def test_a_treaty_of_fewer_than_two_ends() -> None:
    for world in all_worlds():
        for row in treaties(world):
            if world.instruments["stage"][row] == Stage.IN_FORCE:
                assert len(coalition(world, row)) >= 2


def test_consensus_needs_every_member_and_the_market_binds_them_all() -> None:
    made = 0
    # A market worth having to every member, whose ratifiers are where their executives believe them to be.
    plain = summits(negotiated=["regional_market"])
    plain["agreements"]["regional_market"].update(upkeep=1e5, trade_effect=0.14)
    plain["mechanisms"]["ratification"] = {"months_majority": 2.0}
    for world in [lived(plain, seed) for seed in SEEDS]:
        t = world.setting.type_names.index("regional_market")
        for row in treaties(world):
            if world.instruments["type"][row] == t:
                signed = world.events["party_a"][(world.events["event"] == Event.SIGNATURE) & (world.events["instrument"] == row)]
                assert sorted(world.setting.codes[p] for p in signed) == ASEAN
                if world.instruments["stage"][row] == Stage.IN_FORCE:
                    assert sorted(world.setting.codes[p] for p in np.flatnonzero(bound_states(world, row))) == ASEAN
                    made += 1
    assert made > 0


def majority(folder: Path, **over: Any) -> World:
    text = replaced("organisations", "consensus,1,1,ASEAN", "qualified_majority,0.5,0.5,ASEAN")
    plain = summits(**with_tables(folder / "majority", organisations=text), negotiated=["regional_market"], **over)
    plain["mechanisms"]["ratification"] = {"months_majority": 2.0}
    return lived(plain, 4)


def test_the_outvoted_are_bound_without_signing_and_the_ledger_says_so(tmp_path: Path) -> None:
    world = majority(tmp_path)
    ev, asean = world.events, world.setting.party("ASEAN")
    bound = np.flatnonzero((ev["event"] == Event.BOUND) & (ev["reason"] == Reason.OUTVOTED))
    assert len(bound) > 0
    assert (ev["party_b"][bound] == asean).all()
    for at in bound:
        row, party = int(ev["instrument"][at]), int(ev["party_a"][at])
        assert not ((ev["event"] == Event.SIGNATURE) & (ev["instrument"] == row) & (ev["party_a"] == party)).any()
        if world.instruments["stage"][row] == Stage.IN_FORCE:
            assert bound_states(world, row)[party]
            place = np.flatnonzero((world.adherence["instrument"] == row) & (world.adherence["party"] == party))[0]
            assert world.adherence["bound_by"][place] == asean


def test_members_never_sign_alone_what_is_their_blocs(tmp_path: Path) -> None:
    """Invariant 9: the bloc sits for them, signs, and binds them."""
    table = replaced("competences", "ASEAN,regional_market", "EU,security_treaty,exclusive,,,mine\nASEAN,regional_market")
    world = lived(summits(**with_tables(tmp_path / "eu", competences=table), negotiated=["security_treaty"]), 2)
    ev, eu = world.events, world.setting.party("EU")
    members = [world.setting.party(code) for code in ("AUT", "DEU", "FRA", "ITA")]
    acts = (Event.SIGNATURE, Event.ACCESSION, Event.RATIFICATION)
    mine = np.isin(ev["event"], acts) & (ev["conference"] >= 0)
    assert not np.isin(ev["party_a"][mine], members).any()
    assert (ev["party_a"][mine] == eu).any()
    assert not np.isin(world.seats["party"], members).any()
    through = world.adherence["bound_by"] == eu
    if (world.adherence["stage"][(world.adherence["party"] == eu) & (world.adherence["bound_by"] < 0)] == Stage.IN_FORCE).any():
        assert set(members) <= set(world.adherence["party"][through].tolist())


def test_doors_that_are_closed_keep_out_whom_the_parties_would_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = summits(end="2022-12")
    plain["agreements"]["security_treaty"]["accession"] = "exclusive"
    for answer in (False, True):
        monkeypatch.setattr(Compiled, "admit", lambda self, world, treaty, parties, who, answer=answer: np.full(len(parties), answer))
        events = lived(plain, 3).events["event"]
        assert (events == Event.ACCESSION).any() == answer
        assert (events == Event.ACCESSION_REFUSED).any() != answer


def test_the_order_of_states_in_a_list_changes_nothing() -> None:
    """Invariant 5."""
    one, other = setting_of(summits(end="2020-12")), setting_of(summits(end="2020-12", roster={"states": STATES[::-1]}))
    assert one_run(one, 3, "scalars").digest == one_run(other, 3, "scalars").digest


def test_a_state_more_at_the_table_leaves_the_others_luck_alone() -> None:
    """Invariant 11: who would call, and when they would look at joining, is drawn by name."""
    few = lived(summits(end="2020-06"), 3)
    more = lived(summits(end="2020-06", roster={"states": sorted([*STATES, "KIR"])}), 3)
    ask = [(w.conferences["opened"].tolist(), [w.setting.codes[p] for p in w.conferences["initiator"]]) for w in (few, more)]
    assert ask[0] == ask[1]


@settings(max_examples=5)
@given(st.integers(0, 2**63 - 1))
def test_stages_move_only_as_law_allows_on_any_luck(seed: int) -> None:
    world, before = begun(summits(end="2021-06"), seed), {}
    for _ in months_of(world):
        now = dict(enumerate(world.adherence["stage"].tolist()))
        for place, old in before.items():
            assert now[place] in {old, *ALLOWED[old]}
        before = now
        assert (np.bincount(world.seats["conference"][world.seats["stage"] == SeatStage.SIGNED]) != 1).all()


ALLOWED = {
    Stage.SIGNED: {Stage.RATIFIED, Stage.IN_FORCE, Stage.TERMINATED},
    Stage.RATIFIED: {Stage.IN_FORCE, Stage.TERMINATED},
    Stage.IN_FORCE: {Stage.SUSPENDED, Stage.TERMINATED, Stage.COMPLETED},
    Stage.SUSPENDED: {Stage.IN_FORCE, Stage.TERMINATED, Stage.COMPLETED},  # in answer to a breach, until it is made good or given up
    Stage.TERMINATED: set(),
    Stage.COMPLETED: set(),
}


def test_a_protocol_for_two_is_refused_at_a_table_of_many() -> None:
    with pytest.raises(
        UserError, match="regional_market is made by many parties at one table, and protocol alternating_offers knows only two"
    ):
        configure({"negotiated": ["regional_market"], "protocol": "alternating_offers"})


def test_the_ledger_refuses_what_no_conference_can_do() -> None:
    world = begun(tree(negotiated=BOTH))
    t = world.setting.type_names.index("security_treaty")
    row = open_conference(world, t, -1, 0, np.array([0, 1, 2]), 3, world.month + 1)
    with pytest.raises(ModelFault, match="failed without a reason"):
        close_conference(world, row, TalkStage.FAILED)
    with pytest.raises(ModelFault, match="concluded nothing"):
        sign_treaty(world, row, np.zeros(K), np.zeros(3), np.zeros(3))
    leave_seat(world, 0, SeatStage.LEFT, Reason.WOULD_LOSE)
    with pytest.raises(ModelFault, match="nobody can leave it"):
        leave_seat(world, 0, SeatStage.LEFT, Reason.WOULD_LOSE)
    close_conference(world, row, TalkStage.CONCLUDED)
    with pytest.raises(ModelFault, match="cannot go from CONCLUDED"):
        close_conference(world, row, TalkStage.FAILED, Reason.TOO_FEW)
    made = sign_treaty(world, row, np.zeros(K), np.ones(2), np.zeros(2))
    assert adherents(world, made).tolist() == [1, 2]
    assert world.instruments["due"][made] == NEVER
    place = int(np.flatnonzero(world.adherence["instrument"] == made)[0])
    for refused in (lambda: accede(world, made, 5), lambda: denounce(world, place, 0), lambda: bring_into_force(world, made, place)):
        with pytest.raises(ModelFault):
            refused()


def test_the_whole_world_makes_treaties_and_a_year_takes_seconds() -> None:
    world = engine.start(engine.build({"start": "2019-01", "end": "2022-12", "negotiated": BOTH}), 5)
    stood = in_force_at_the_end(world)
    while world.month <= world.setting.config.end:
        engine.step(world)
    assert len(world.conferences) > 0
    assert in_force_at_the_end(world) > stood > 0
    assert any(world.instruments["stage"][row] == Stage.IN_FORCE for row in treaties(world))
    t = world.setting.type_names.index("security_treaty")
    everyone = np.arange(193)
    assert np.isfinite(stakes_of(world, t, everyone, everyone).a).all()
    assert members_of_bloc(world, world.setting.type_names.index("regional_market"), world.setting.party("EU")).size == 0
