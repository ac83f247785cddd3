"""The ledger refuses what law does not allow, and derives what is in force from what was signed."""

from __future__ import annotations

import csv
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from world_fields import ours
from worlds import ROOT, begun, digest, lived, lively, months_of, tree

from sim import ledger
from sim.ledger import ENDINGS, TALK_TRANSITIONS, TRANSITIONS, derive_in_force
from sim.state.world import Table, World, clone
from sim.types import NEVER, Event, ModelFault, Reason, Stage, TalkStage, month_index

PAIR = ("KEN", "SGP")


def talking(world: World, kind: str = "transfer_framework") -> int:
    i, j = (world.setting.party(code) for code in PAIR)
    return ledger.open_talk(world, world.setting.type_names.index(kind), i, j, j)


def signed(world: World) -> int:
    talk = talking(world)
    ledger.close_talk(world, talk, TalkStage.CONCLUDED)
    return ledger.sign(world, talk, np.full(len(world.setting.words.issues), 0.25), world.month + 1, NEVER, 0.0)


@given(st.sampled_from(Stage), st.sampled_from(Stage))
def test_an_instrument_moves_along_law_or_not_at_all(now: Stage, then: Stage) -> None:
    world = begun(tree())
    row = signed(world)
    world.instruments["stage"][row] = now
    world.adherence["stage"][world.adherence["instrument"] == row] = now
    before, n = digest(world), len(world.events)
    if then in TRANSITIONS[now] and then in ENDINGS:
        ledger.move(world, row, then)
        assert world.instruments["stage"][row] == then
        resumed = (now, then) == (Stage.SUSPENDED, Stage.IN_FORCE)
        assert world.events["event"][n] == (Event.RESUMPTION if resumed else ENDINGS[then])
        assert (world.instruments["ended"][row] == world.month) == (not TRANSITIONS[then])
    else:
        with pytest.raises(ModelFault, match=f"cannot go .*to {then.name}"):
            ledger.move(world, row, then)
        assert digest(world) == before


@given(st.sampled_from(TalkStage), st.sampled_from(TalkStage), st.sampled_from(Reason))
def test_talks_end_once_and_a_failure_has_a_reason(now: TalkStage, then: TalkStage, reason: Reason) -> None:
    world = begun(tree())
    row = talking(world)
    world.talks["stage"][row] = now
    before = digest(world)
    if then in TALK_TRANSITIONS[now] and not (then is TalkStage.FAILED and reason is Reason.NONE):
        ledger.close_talk(world, row, then, reason)
        assert (world.open_talk == -1).all()
        assert world.talks["reason"][row] == reason
    else:
        with pytest.raises(ModelFault, match=r"cannot go|without a reason"):
            ledger.close_talk(world, row, then, reason)
        assert digest(world) == before


def test_what_is_dead_stays_dead() -> None:
    assert {stage for stage in Stage if not TRANSITIONS[stage]} == {
        Stage.COMPLETED,
        Stage.EXPIRED,
        Stage.TERMINATED,
        Stage.ANNULLED,
        Stage.SUCCEEDED,
    }
    assert all(Stage.SIGNED not in after for after in TRANSITIONS.values())


def test_the_same_two_do_not_open_the_same_talks_twice() -> None:
    world = begun(tree())
    row = talking(world)
    before = digest(world)
    with pytest.raises(ModelFault, match="KEN and SGP already negotiate on transfer_framework"):
        talking(world)
    assert digest(world) == before
    talking(world, "infrastructure_pact")
    assert world.talk_identity(row) == f"transfer_framework:KEN:SGP:{world.month}"


def test_parties_that_do_not_watch_each_other_open_no_talks() -> None:
    world = begun(tree(candidates=1))
    edges = world.setting.edges
    i, j = next((i, j) for i in range(9) for j in range(9) if i != j and edges.find(i, j) < 0)
    with pytest.raises(ModelFault, match="keep no eye on each other"):
        ledger.open_talk(world, 0, i, j, i)


def test_nothing_is_signed_that_was_not_concluded() -> None:
    world = begun(tree())
    with pytest.raises(ModelFault, match="is OPEN: nothing in it can be signed"):
        ledger.sign(world, talking(world), np.zeros(8), world.month, NEVER, 0.0)


def test_in_force_is_what_the_signatures_say() -> None:
    world = lived(lively(), months=24)
    expected = np.zeros_like(world.in_force)
    a, i, edges = world.adherence, world.instruments, world.setting.edges
    for row in np.flatnonzero(i["stage"] == Stage.IN_FORCE):
        mine = np.flatnonzero((a["instrument"] == row) & (a["stage"] == Stage.IN_FORCE))
        for one in mine:
            for two in mine:
                if a["role"][one] != a["role"][two] and a["party"][one] != a["party"][two]:
                    expected[i["type"][row], edges.find(int(a["party"][one]), int(a["party"][two]))] = True
    np.testing.assert_array_equal(derive_in_force(world), expected)
    assert expected.any(axis=1).sum() >= 2
    assert (expected == expected[:, edges.rev]).all()


def test_members_of_a_bloc_are_not_bound_to_each_other_by_what_it_signs() -> None:
    world = begun(tree())
    edges, at = world.setting.edges, world.setting.party
    framework = world.in_force[world.setting.type_names.index("transfer_framework")]
    assert framework[edges.find(at("DEU"), at("USA"))]
    assert not framework[edges.find(at("DEU"), at("FRA"))]
    assert not framework[edges.find(at("DEU"), at("EU"))]


def dated(text: str) -> int:
    """Return the month of a date of a table, 0 where it is blank; of a year alone the first."""
    return month_index((text if len(text) > 4 else f"{text}-01")[:7]) if text else 0


def listed(month: str, codes: set[str]) -> set[tuple[str, frozenset[str]]]:
    """Read from our two tables, by hand, what was in force among some parties in a month; the coded table stands before the stock."""
    found = []
    with (ROOT / "sim" / "data" / "un" / "instruments.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pair = frozenset((row["party_a"], row["party_b"]))
            found.append((row["type"], pair, dated(row["signed"]), dated(row["in_force"]), dated(row["ended"])))
    coded = list(found)
    with (ROOT / "sim" / "data" / "further" / "data_instruments.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            signed, begins, ends = (dated(row[key]) for key in ("signed", "in_force", "ended"))
            for pair in map(frozenset, itertools.combinations(row["parties"].split(";"), 2)):
                dates = [(one[2:4], (signed, begins)) for one in coded if one[:2] == (row["type"], pair)]
                known = any(a and b and abs(a - b) <= 24 for both in dates for a, b in zip(*both, strict=True))
                if int(row["depth"]) >= 2 and not known and not (row["judge"] and row["judge"] not in pair):
                    found.append((row["type"], pair, signed, begins, ends))
    now = month_index(month)
    return {(kind, pair) for kind, pair, _, begins, ends in found if pair <= codes and 0 < begins <= now and (not ends or now < ends)}


def held(world: World) -> set[tuple[str, frozenset[str]]]:
    i, codes = world.instruments, world.setting.codes
    rows = np.flatnonzero((i["listed"] >= 0) & (i["stage"] == Stage.IN_FORCE))
    return {(world.setting.type_names[i["type"][r]], frozenset((codes[i["first"][r]], codes[i["second"][r]]))) for r in rows}


@pytest.mark.parametrize("start", ["2015-12", "2019-01", "2019-06", "2021-06", "2022-06"])
def test_a_world_begins_with_what_was_in_force_and_nothing_else(start: str) -> None:
    world = begun({"start": start, "end": start})
    assert held(world) == listed(start, set(world.setting.codes))
    assert (world.instruments["in_force"] <= world.month).all()
    assert len(world.events) == 0


def test_2019_has_the_privacy_shields_and_its_adequacy_decisions() -> None:
    world = begun({"start": "2019-01", "end": "2019-01"})
    has = held(world)
    assert ("transfer_framework", frozenset(("EU", "USA"))) in has
    assert ("transfer_framework", frozenset(("CHE", "USA"))) in has
    edges, at = world.setting.edges, world.setting.party
    t, i = world.setting.type_names.index("adequacy_decision"), world.instruments
    mine = (i["type"] == t) & (i["first"] == at("EU")) & (i["stage"] == Stage.IN_FORCE)
    assert {world.setting.codes[party] for party in i["second"][mine]} == {"AND", "ARG", "CAN", "CHE", "ISR", "JPN", "NZL", "URY"}
    assert all(world.in_force[t, edges.find(at(member), at("ISR"))] for member in ("DEU", "EU", "GBR", "POL"))
    assert not world.in_force[t, edges.find(at("DEU"), at("KOR"))]


def test_roles_in_the_table_are_in_the_order_that_each_type_names() -> None:
    setting = begun({"start": "2019-01", "end": "2019-01"}).setting
    roles = {kind.name: kind.roles for kind in setting.types}
    for row in setting.roster.instruments:
        assert row.roles == roles[row.type], row.name


def test_the_baseline_injects_nothing_later_and_strikes_nothing_down() -> None:
    world = begun(tree(roster={"states": ["CHE", "DEU", "FRA", "GBR", "JPN", "KOR", "USA"]}))
    began, n = held(world), len(world.instruments)
    for _ in months_of(world):
        assert held(world) == began
        assert (world.instruments["talk"][n:] >= 0).all()
    assert world.month > month_index("2021-12")
    assert ("transfer_framework", frozenset(("EU", "USA"))) in began
    assert not any(kind == "adequacy_decision" and "KOR" in pair for kind, pair in began)


def test_a_table_only_grows_and_refuses_columns_it_has_not() -> None:
    table = Table(ours().forms["events"], room=2)
    for k in range(100):
        assert table.append(month=k, event=Event.CONTACT) == k
    assert table["month"].tolist() == list(range(100))
    assert (table["party_a"] == -1).all()
    assert np.isnan(table["value"]).all()
    with pytest.raises(ModelFault, match="the table has no column 'hour'; valid are"):
        table.append(month=1, hour=3)


def test_events_of_a_month_come_after_those_of_the_last() -> None:
    world: Any = lived(lively(end="2020-06"))
    assert (np.diff(world.events["month"]) >= 0).all()
    assert set(world.events["month"]) == set(range(month_index("2019-06"), month_index("2020-06") + 1))
    assert digest(clone(world)) == digest(world)
