"""Meetings of bodies take hours of heads, and on a screen they need platforms: no port, no seat; strangers and hosts may listen."""

from __future__ import annotations

import numpy as np
import pytest
from test_bodies import at, begun, held, sittings

from sim import engine
from sim.data.further.bodies import IN_PERSON, ONLINE
from sim.decide.agenda import budgets
from sim.mechanisms.bodies.seating import seating_of
from sim.mechanisms.platforms.equations import BRIDGE
from sim.state.world import World
from sim.types import Channel, Rank, month_index


def sat(world: World, code: str) -> float:
    return float(held(world).array("hours_sat")[world.setting.party(code), Rank.HEAD])


def test_a_head_keeps_the_hours_of_each_meeting_of_heads_with_its_journey() -> None:
    world = begun()
    assert sat(world, "BEL") == pytest.approx(8.5 * 8.0 / 12.0)  # the European Council meets at home
    for code, meetings in (
        ("IDN", {"asean_summit": 2, "apec_leaders": 1, "g20_summit": 1}),
        ("SGP", {"asean_summit": 2, "apec_leaders": 1}),
    ):
        hosts = {body: world.setting.codes[_host(world, body)] for body in meetings}
        hours = (n * (8.0 + 2.0 * _km(world, code, hosts[body]) / 700.0) for body, n in meetings.items())
        assert sat(world, code) == pytest.approx(sum(hours) / 12.0)
    assert sat(world, "TUV") == 0.0  # heads speak at the UN, and who goes there is drawn elsewhere


def _host(world: World, body: str) -> int:
    return int(seating_of(world).host[at(world, body)])


def _km(world: World, one: str, other: str) -> float:
    i, j = (np.array([world.setting.party(code)]) for code in (one, other))
    return 0.0 if one == other else float(world.setting.roster.distance(i, j)[0])


def test_on_a_screen_meetings_take_fewer_hours_and_those_who_cannot_travel_keep_none_for_the_room() -> None:
    open_, closed, ordered = begun(), begun(), begun()
    for world in (closed, ordered):
        world.closure[:], world.bandwidth[:] = 1.0, 1.0
    ordered.array("attendance_rule")[:] = IN_PERSON
    ordered.closure[ordered.setting.party("FRA")] = 1.0
    usual, screen = sat(open_, "FRA"), sat(closed, "FRA")
    assert 0.0 < screen < 0.25 * usual
    # Delegates are let through four fifths of closure, at home and at the host.
    assert sat(ordered, "FRA") < usual


def test_ministers_and_officials_who_sit_keep_no_hours_and_the_switch_takes_all_away() -> None:
    world = held(begun())
    assert not world.array("hours_sat")[:, [Rank.MINISTER, Rank.OFFICIAL]].any() and world.array("hours_sat")[:, Rank.HEAD].any()
    assert not held(begun(mechanisms={"bodies": {"heads_sit": False}})).array("hours_sat").any()


def test_what_meetings_take_makes_the_other_hours_of_heads_dearer() -> None:
    def journeys(sit: bool) -> float:
        world = begun(mechanisms={"bodies": {"heads_sit": sit}}, end="2019-12")
        while world.month < month_index("2019-12"):
            engine.step(world)
        heads = (world.events["event"] == 0) & (world.events["rank"] == Rank.HEAD) & (world.events["channel"] == Channel.VISIT)
        return float(heads.sum())

    assert journeys(True) < journeys(False)


def test_hours_that_meetings_take_lie_within_what_most_heads_have() -> None:
    world = engine.start(engine.build({"start": "2019-03", "end": "2019-06"}), 0)
    engine.step(world)
    share = world.array("hours_sat")[:, Rank.HEAD] / budgets(world)[:, Rank.HEAD]
    assert np.median(share) < 0.25 and (share < 1.0).mean() > 0.98


# Platforms.


def online(code: str = "FRA", **platforms: object) -> World:
    """Return a month in which all bodies meet on a screen, and all lines carry."""
    world = begun(mechanisms={"platforms": {"cloud_outage_rate": 0.0, "bridge_outage_rate": 0.0, **platforms}})
    world.setting.config.mechanisms["platforms"].step(world, None)
    world.month, world.bandwidth[:], world.array("attendance_rule")[:] = month_index("2020-02"), 1.0, ONLINE
    return world


def seats(world: World, body: str) -> int:
    return int(held(world).array("screen_seats")[at(world, body)])


def test_whoever_a_platform_joins_with_the_host_takes_part_on_a_screen() -> None:
    world = online()
    assert seats(world, "council_of_the_eu") == 3  # Belgium, Germany and France
    assert set(sittings(world, "council_of_the_eu")) == {int(Channel.VIDEO)}
    rows = world.events["event"] == world.setting.words.code("event", "sitting")
    assert (world.events["platform_used"][rows] >= 0).all()


def test_without_platforms_no_body_meets_on_a_screen() -> None:
    world = online(bridges=False, clouds=False)
    assert seats(world, "council_of_the_eu") == 1  # the host
    assert not sittings(world, "council_of_the_eu") and sittings(world, "council_of_the_eu", "sitting_lost")


def test_a_bridge_seats_no_more_members_than_it_has_ports_beside_its_own() -> None:
    full, small = (online(clouds=False, ports_usual=0.0, ports_least=least) for least in (8, 3))
    body = "un_general_assembly"
    assert seats(full, body) == 8 and seats(small, body) == 3  # the host has a port, too
    assert small.array("met_on")[at(small, body)] == BRIDGE


def test_who_bars_every_platform_of_the_host_takes_no_part() -> None:
    world = online(bridges=False)
    world.barred_until[world.setting.party("FRA"), :] = world.month + 12
    assert seats(world, "council_of_the_eu") == 2


# Interception.


def heard(world: World, event: str) -> list[str]:
    rows = world.events["event"] == world.setting.words.code("event", event)
    return [world.setting.roster.bodies.names[b] for b in world.events["of_body"][rows].tolist() if b >= 0]


def test_strangers_join_meetings_of_heads_and_ministers_and_never_those_in_the_room() -> None:
    for rule, there in ((ONLINE, True), (IN_PERSON, False)):
        world = online()
        world.setting.config.mechanisms["interception"].__dict__["intrusion_rate"] = 0.05
        world.array("attendance_rule")[:] = rule
        world.setting.config.mechanisms["interception"].step(held(world), None)
        joined = heard(world, "intrusion")
        assert ("council_of_the_eu" in joined) is there and "un_general_assembly" not in joined


def test_a_meeting_on_a_bridge_or_under_its_own_law_is_heard_by_no_host() -> None:
    world = online(clouds=False)
    world.setting.config.mechanisms["interception"].__dict__["known_rate"] = 0.1
    world.hears[:] = 1.0
    world.setting.config.mechanisms["interception"].step(held(world), None)
    assert not heard(world, "overheard")


def test_strangers_come_at_the_recorded_rate_of_the_ministers_of_the_eu() -> None:
    """1.3 a year of 143 meetings of 27 seats: with all members here the rate of a year lies within five standard errors of it."""
    months, found = 240, 0
    setting = engine.build({"start": "2020-01", "end": "2022-12"})
    world = engine.start(setting, 0)
    world.bandwidth[:] = 1.0
    world.setting.config.mechanisms["platforms"].step(world, None)
    part, b = setting.config.mechanisms["interception"], at(world, "council_of_the_eu")
    for later in range(months):
        world.month = month_index("2020-01") + later
        world.array("met_online")[:], world.array("met_on")[:], world.array("hosting")[:] = 0, -1, -1
        world.array("met_online")[b], world.array("met_on")[b], world.array("screen_seats")[b] = 12, BRIDGE, 27
        world.array("hosting")[b] = setting.party("BEL")
        part.step(world, None)
        found = len(heard(world, "intrusion"))
    expected = months * 12 * 27 * 0.00034
    assert abs(found - expected) < 5.0 * np.sqrt(expected)
