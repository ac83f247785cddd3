"""Bodies that meet by calendar: where they meet, what they pass, whose talks they help along, and by which rules one attends."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from worlds import setting_of, tree

from sim import engine
from sim.data.fields import FURTHER, columns_of
from sim.data.further.bodies import HYBRID, IN_PERSON, ONLINE, RECORDED, RULES, USUAL, Bodies, read_bodies
from sim.data.source import read_source
from sim.ledger import open_talk
from sim.mechanisms.bodies.kernels import poisson
from sim.scenario import load_scenario
from sim.state.world import World
from sim.types import Channel, Event, UserError, month_index

CODES, ORGANISATIONS = read_source(None).codes, read_source(None).organisations
STATES = ("BEL", "CHN", "DEU", "FRA", "GBR", "IDN", "KEN", "SGP", "TUV", "USA")


def ours() -> Bodies:
    return read_bodies(None, CODES, ORGANISATIONS)


def begun(month: str = "2019-09", **over: object) -> World:
    return engine.start(setting_of(tree(**{"start": month, "end": "2022-12", "roster": {"states": list(STATES)}, **over})), 0)


def held(world: World) -> World:
    world.setting.config.mechanisms["platforms"].step(world, None)  # without platforms nobody takes part on a screen
    world.setting.config.mechanisms["bodies"].step(world, None)
    return world


def at(world: World, body: str) -> int:
    return world.setting.roster.bodies.names.index(body)


def sittings(world: World, body: str, event: str = "sitting") -> list[int]:
    """List the channels of a body's meetings of this month."""
    rows = np.flatnonzero((world.events["event"] == world.setting.words.code("event", event)) & (world.events["month"] == world.month))
    return world.events["channel"][rows[world.events["of_body"][rows] == at(world, body)]].tolist()


# The tables.


def test_each_body_meets_as_often_as_its_calendar_says_and_in_its_months_only() -> None:
    bodies = ours()
    year = np.array([bodies.due(12 * 2019 + month) for month in range(24)])
    for b, name in enumerate(bodies.names):
        assert year[:, b].sum() == pytest.approx(2 * bodies.meetings[b], abs=1e-9), name
        assert not year[:, b][~np.tile(bodies.calendar[b], 2)].any()
    assert year[:, bodies.names.index("council_of_the_eu")].max() == 12


@given(meetings=st.floats(0.1, 400.0), months=st.sets(st.integers(0, 11), min_size=1), since=st.integers(12 * 2000, 12 * 2030))
def test_over_any_ten_years_a_calendar_holds_what_it_promises_to_one_meeting(meetings: float, months: set[int], since: int) -> None:
    bodies = ours()
    calendar = np.isin(np.arange(12), list(months))[None, :].repeat(len(bodies.names), axis=0)
    other = Bodies(**{**vars(bodies), "meetings": np.full(len(bodies.names), meetings), "calendar": calendar})
    assert abs(sum(other.due(since + month)[0] for month in range(120)) - 10 * meetings) < 1.0 + 1e-6


def test_rules_of_the_record_are_those_of_the_un_the_eu_and_the_g20() -> None:
    bodies = ours()

    def rule(body: str, month: str) -> tuple[str, float]:
        which, rules, share = bodies.rules_at(month_index(month))
        found = dict(zip(which.tolist(), zip(rules.tolist(), share.tolist(), strict=True), strict=True))
        code, part = found.get(bodies.names.index(body), (USUAL, -1.0))
        return RULES[code], part

    debate = [rule("un_general_debate", f"{year}-09")[0] for year in range(2019, 2024)]
    assert debate == ["usual", "recorded", "hybrid", "in_person", "in_person"]
    assert rule("council_of_the_eu", "2020-05")[0] == "online"
    assert rule("council_of_the_eu", "2020-10") == ("hybrid", 0.25)
    assert rule("g20_summit", "2020-11")[0] == "online"
    assert bodies.known(month_index("2020-04")).rules_at(month_index("2025-01"))[0].size  # what held then goes on


def copied(folder: Path, table: str, key: dict[str, str], **cells: str) -> Path:
    with (FURTHER / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if all(row[name] == value for name, value in key.items()):
            row.update(cells)
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [field.field for field in columns_of(table)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.mark.parametrize(
    ("table", "key", "cells", "words"),
    [
        ("bodies", {"body": "g7_summit"}, {"organisation": "G8"}, r"column organisation: 'G8' is not a known organisation"),
        ("bodies", {"body": "au_assembly"}, {"host": "HTH"}, r"column host: 'HTH' is not a state of the roster; did you mean"),
        ("bodies", {"body": "g7_summit"}, {"months": "6;13"}, r"column months: '13' is not a month; numbers from 1 to 12"),
        ("bodies", {"body": "g7_summit"}, {"rank": "heads"}, r"column rank: cannot be 'heads'; did you mean 'head'"),
        ("bodies", {"body": "g7_summit"}, {"meetings": "0"}, r"column meetings: '0' is not a number from 0.1 to 400"),
        ("attendance_rules", {"body": "au_assembly"}, {"body": "au_assembl"}, r"column body: 'au_assembl' is not a body of bodies.csv"),
        ("attendance_rules", {"body": "coreper"}, {"until": "2019-01"}, r"column until: 2019-01 lies before 2020-03 in column from"),
        ("attendance_rules", {"body": "coreper"}, {"share_in_person": "0.5"}, r"column share_in_person: only a hybrid rule has one"),
        ("attendance_rules", {"body": "coreper"}, {"rule": "in_persn"}, r"column rule: cannot be 'in_persn'; did you mean 'in_person'"),
        (
            "attendance_rules", {"body": "european_council", "from": "2020-03"}, {"until": "2020-08"},
            r"column from: european_council has another rule in 2020-07 \(row \d+\); one was expected",
        ),
    ],
)  # fmt: skip
def test_a_faulty_table_is_told_in_one_sentence(tmp_path: Path, table: str, key: dict[str, str], cells: dict[str, str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_bodies(copied(tmp_path, table, key, **cells), CODES, ORGANISATIONS)


# Where they meet, and what they pass.


@pytest.mark.parametrize(("closure", "rule", "channel"), [
    (0.0, USUAL, Channel.SUMMIT), (1.0, USUAL, Channel.VIDEO), (0.0, ONLINE, Channel.VIDEO), (0.0, RECORDED, Channel.VIDEO),
    (0.0, HYBRID, Channel.SUMMIT), (0.0, IN_PERSON, Channel.SUMMIT),
])  # fmt: skip
def test_a_body_meets_where_borders_and_its_rule_let_it(closure: float, rule: int, channel: Channel) -> None:
    world = begun()
    world.closure[:], world.array("attendance_rule")[:] = closure, rule
    world.bandwidth[:] = 1.0
    assert set(sittings(held(world), "council_of_the_eu")) == {int(channel)}
    assert world.array("acts")[at(world, "un_general_debate")] == 0
    assert rule != RECORDED or not world.array("acts")[world.array("met_online") > 0].any()


def test_without_a_way_and_without_a_line_no_meeting_is_held_but_by_those_who_live_at_the_seat() -> None:
    world = begun()
    world.closure[:], world.bandwidth[:] = 1.0, 0.0
    held(world)
    assert sittings(world, "council_of_the_eu") == [] and len(sittings(world, "council_of_the_eu", "sitting_lost")) == 12
    assert set(sittings(world, "coreper")) == {int(Channel.SUMMIT)}
    assert world.array("acts")[at(world, "council_of_the_eu")] == 0


@examples(25)
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.sampled_from(range(5)), st.integers(0, 35))
def test_every_meeting_is_held_in_one_way_or_not_and_only_what_is_held_passes_acts(
    closure: float, bandwidth: float, rule: int, later: int
) -> None:
    world = begun()
    world.month += later
    world.closure[:], world.bandwidth[:], world.array("attendance_rule")[:] = closure, bandwidth, rule
    due = world.setting.roster.bodies.due(world.month)
    held(world)
    room, screen, lost, acts = (world.array(name) for name in ("met_in_person", "met_online", "not_met", "acts"))
    assert ((room + screen + lost == 0) | (due > 0)).all()
    assert (room + screen + lost >= np.where(world.array("attending") > 0.0, due, 0)).all()
    assert not acts[(room + screen) == 0].any()
    rows = world.events["event"] == world.setting.words.code("event", "sitting")
    assert np.nansum(world.events["value"][rows]) == acts.sum() and rows.sum() == (room + screen).sum()
    assert ((world.array("attending") >= 0.0) & (world.array("attending") <= 1.0)).all()


def test_on_a_screen_the_council_meets_more_often_and_passes_fewer_acts_and_alike_where_screens_are_rooms() -> None:
    def decade(closure: float, **over: float) -> tuple[int, int]:
        world = begun(mechanisms={"bodies": over})
        world.bandwidth[:], met, acts = 1.0, 0, 0
        for later in range(120):
            world.month = month_index("2014-01") + later
            world.closure[:] = closure
            held(world)
            b = at(world, "council_of_the_eu")
            met, acts = met + int(world.array("met_in_person")[b] + world.array("met_online")[b]), acts + int(world.array("acts")[b])
        return met, acts

    room, screen = decade(0.0), decade(1.0)
    assert room[0] == 1430 and room[1] == pytest.approx(858, abs=5 * math.sqrt(858))
    # A journey to Brussels is short: 8 hours and what it takes, against 1.5 hours on a screen.
    assert screen[0] / room[0] == pytest.approx((8.5 / 1.5) ** 0.2, abs=0.06)
    assert screen[1] / screen[0] == pytest.approx(0.3, abs=5 * math.sqrt(0.3 / screen[0]))
    alike = decade(1.0, meeting_elasticity=0.0, acts_exponent=0.0)
    assert alike == room


def test_counts_of_acts_have_the_mean_and_the_variance_of_a_poisson_distribution() -> None:
    drawn = (np.arange(20_000) + 0.5) / 20_000
    for rate in (0.0, 0.1, 3.0, 25.0):
        counts = np.array([poisson(one, rate) for one in drawn.tolist()])
        assert counts.mean() == pytest.approx(rate, rel=0.01, abs=1e-12) and counts.var() == pytest.approx(rate, rel=0.02, abs=1e-12)


# Receptions.


def received(world: World) -> tuple[list[str], list[int]]:
    rows = (world.events["event"] == world.setting.words.code("event", "reception")) & (world.events["month"] == world.month)
    return [world.setting.codes[at] for at in world.events["party_a"][rows]], world.events["channel"][rows].tolist()


def test_heads_of_organisations_meet_members_as_often_as_the_table_says_in_the_room_or_from_afar() -> None:
    for closure, bandwidth, channel in ((0.0, 1.0, Channel.VISIT), (1.0, 1.0, Channel.VIDEO), (1.0, 0.0, Channel.CALL)):
        world, whom, how = begun("2019-01"), [], []
        world.closure[:], world.bandwidth[:] = closure, bandwidth
        for later in range(24):
            world.month = month_index("2019-01") + later
            codes, channels = received(held(world))
            whom, how = whom + codes, how + channels
        # Who is the host comes whatever borders are.
        assert how.count(int(channel)) > 0.6 * len(how) and set(how) <= {int(channel), int(Channel.VISIT)}
        # ASEAN and the African Union have members here, and the UN, whose members sit for the WHO; the WTO's do, too.
        assert len(whom) == 2 * (180 + 100 + 60 + 20 + 60)
    assert whom.count("USA") > whom.count("TUV") > 0


def test_nobody_is_received_where_that_is_switched_off() -> None:
    assert received(held(begun(mechanisms={"bodies": {"receptions": False}}))) == ([], [])


# Mediation.


def talking(month: str = "2019-09") -> tuple[World, int]:
    world = begun(month)
    first, second = (world.setting.party(code) for code in ("CHN", "USA"))
    row = open_talk(world, world.setting.type_names.index("infrastructure_pact"), first, second, first)
    return world, row


def test_heads_who_meet_help_the_talks_of_two_that_are_not_on_good_terms() -> None:
    world, row = talking()
    edge = world.talks["edge"][row]
    for weight, rounds in ((0.5, 0), (-0.5, 1)):
        world.alliance_weight[edge] = weight
        before = int(world.talks["credit"][row])
        held(world)
        assert world.talks["credit"][row] - before == rounds
    said = world.events["event"] == world.setting.words.code("event", "mediation")
    assert world.setting.roster.bodies.names[int(world.events["of_body"][said][0])] == "un_general_debate"


def test_nobody_mediates_where_no_heads_meet_or_one_of_the_two_is_no_member() -> None:
    world, row = talking("2019-08")
    world.alliance_weight[:] = -1.0
    held(world)
    assert world.talks["credit"][row] == 0
    world.month = month_index("2020-02")  # the African Union meets; neither is a member
    held(world)
    assert world.talks["credit"][row] == 0


def test_rules_on_record_act_in_their_months_and_not_in_the_twin() -> None:
    world = begun("2020-08", shocks=[{"kind": "attendance_rules"}])
    for rule in (USUAL, RECORDED, USUAL):
        world.setting.config.mechanisms["disruption"].step(world, None)
        assert world.array("attendance_rule")[at(world, "un_general_debate")] == rule
        world.month += 1
    plain = begun("2020-09")
    plain.setting.config.mechanisms["disruption"].step(plain, None)
    assert not plain.array("attendance_rule").any()


def test_under_a_hybrid_rule_some_heads_come_to_the_assembly_and_others_take_part_from_home() -> None:
    seen = {}
    for rule in (USUAL, IN_PERSON, RECORDED, HYBRID):
        world = engine.start(setting_of({"start": "2021-09", "end": "2021-10"}), 0)
        world.array("attendance_rule")[:] = rule
        world.setting.config.mechanisms["assembly"].step(world, None)
        seen[rule] = np.bincount(world.events["channel"], minlength=5)
    assert seen[RECORDED][Channel.VISIT] == 0 and seen[IN_PERSON][Channel.VIDEO] == 0
    assert (seen[IN_PERSON] == seen[USUAL]).all()  # no border is closed
    assert seen[HYBRID][Channel.VISIT] == seen[USUAL][Channel.VISIT] and seen[HYBRID][Channel.VIDEO] > 0
    assert seen[HYBRID].sum() >= seen[RECORDED].sum() > seen[USUAL].sum()


@pytest.mark.parametrize("name", ["council_online", "world_assembly"])
def test_the_scenarios_and_their_twins_differ_in_how_one_attends(name: str) -> None:
    found = []
    for counterfactual in (False, True):
        over = {"roster": {"states": ["BEL", "DEU", "FRA", "IDN", "ITA", "KEN", "USA"]}, "end": "2020-12", "events": []}
        world = engine.start(engine.build({**load_scenario(name, counterfactual=counterfactual), **over}), 1)
        while world.month <= world.setting.config.end:
            engine.step(world)
        september = world.events["month"] == month_index("2020-09")
        attended = september & (world.events["event"] == Event.ATTENDANCE)
        met = (world.events["event"] == world.setting.words.code("event", "sitting")) & (world.events["channel"] == Channel.VIDEO)
        found.append((set(world.events["channel"][attended].tolist()), int(met.sum())))
    (channels, online), (usual, never) = found
    assert channels == {int(Channel.VIDEO)} and usual == {int(Channel.VISIT)} and online > 50 and never == 0


def test_bodies_stay_those_of_their_organisation_when_a_coalition_is_declared() -> None:
    pact = {"name": "SOUTH", "members": ["AUS", "FJI", "NZL"], "types": ["infrastructure_pact"]}
    for more in ({}, {"coalitions": [pact]}):
        roster = setting_of({"end": "2019-03", "roster": {"states": ["AUS", "DEU", "FJI", "FRA", "NZL", "USA"]}, **more}).roster
        of = {name: roster.organisations[o] for name, o in zip(roster.bodies.names, roster.bodies.organisation.tolist(), strict=True)}
        assert (of["un_general_debate"], of["wto_general_council"], of["apec_leaders"]) == ("UN", "WTO", "APEC")
