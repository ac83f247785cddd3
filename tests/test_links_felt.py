"""What rests on links: who still meets on a screen, who sits in bodies, what is traded, and that all is as before once they are mended."""

from __future__ import annotations

import functools
import math
from typing import Any

import networkx as nx
import numpy as np
import pytest
from link_worlds import CUT, tonga
from test_links import collapsed, links_of, open_links
from worlds import begun, lived, months_of, setting_of

from sim import engine
from sim.mechanisms.platforms import ways
from sim.ports import LinkTerms
from sim.state.world import World, clone
from sim.types import Channel, Event

ON_SCREEN = ("carries", "platform_between", "bridge_between", "way_between")
NONE, SATELLITES, LINKS = 0, 1, 2


@functools.cache
def told(what: str, **over: Any) -> tuple[World, ...]:
    """Live a world once for all tests, and return it after each month."""
    world = begun(tonga(what, **over))
    return tuple(clone(one) for one in months_of(world))


def of_tonga(world: World) -> Any:
    """Say which directed dyads have Tonga at one end, (E,)."""
    at, edges = world.setting.party("TON"), world.setting.edges
    return (edges.row == at) | (edges.col == at)


def contacts_of(world: World, month: int) -> list[int]:
    """List the channels of Tonga's contacts of a month."""
    at, events = world.setting.party("TON"), world.events
    rows = (events["event"] == Event.CONTACT) & (events["month"] == month) & ((events["party_a"] == at) | (events["party_b"] == at))
    return events["channel"][rows].tolist()


# Screens.


def test_who_is_cut_off_and_has_no_satellite_holds_no_meeting_on_a_screen_until_links_are_mended() -> None:
    seen = {True: [], False: []}
    for world in told("cut"):
        month = world.month - 1
        cut, mine = month in CUT, of_tonga(world)
        assert world.joined[world.setting.party("TON")] == (NONE if cut else LINKS)
        assert ((world.platform_between[mine] < 0) == cut).all() and ((world.way_between[mine] == 0.0) == cut).all()
        assert (world.platform_between[~mine] >= 0).all()
        seen[cut] += contacts_of(world, month)
    assert Channel.VIDEO not in seen[True] and Channel.CALL in seen[True]
    assert Channel.VIDEO in seen[False]


def test_who_is_cut_off_and_has_satellites_still_meets_over_them_and_less_well() -> None:
    part = told("served")[0].setting.config.mechanisms["platforms"]
    left, seen = min(1.0, 60.0 / (part.video_mbps * part.meetings_at_once)), list[int]()
    assert 0.0 < left < 1.0
    for world in told("served"):
        cut, mine = world.month - 1 in CUT, of_tonga(world)
        assert world.joined[world.setting.party("TON")] == (SATELLITES if cut else LINKS)
        assert (world.platform_between >= 0).all()
        assert (world.way_between[mine] == (left if cut else 1.0)).all() and (world.way_between[~mine] == 1.0).all()
        seen += contacts_of(world, world.month - 1) if cut else []
    assert Channel.VIDEO in seen


def test_satellites_take_longer_than_links() -> None:
    whole, served = told("whole")[6], told("served")[6]
    mine = of_tonga(whole)
    assert served.month - 1 in CUT
    assert (served.carries[mine] < whole.carries[mine]).all()


@pytest.mark.parametrize("what", ["cut", "served"])
def test_a_cut_touches_nobody_elses_platforms_and_leaves_no_trace_once_mended(what: str) -> None:
    for one, other in zip(told(what), told("whole"), strict=True):
        others = slice(None) if one.month - 1 not in CUT else ~of_tonga(one)
        for name in ON_SCREEN:
            assert np.array_equal(getattr(one, name)[others], getattr(other, name)[others]), name


def test_where_nobody_feels_links_a_cut_changes_no_meeting_and_no_trade() -> None:
    unfelt = {"links": {**tonga()["mechanisms"]["links"], "felt": False}}
    cut, whole = (begun(tonga(what, mechanisms=unfelt)) for what in ("cut", "whole"))
    for one, other in zip(months_of(cut), months_of(whole), strict=True):
        for name in (*ON_SCREEN, "trade", "imports", "trade_known"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert (cut.joined == LINKS).all() and not cut.trade_halted.any()


def test_without_felt_links_a_way_is_as_long_as_the_way_over_ground() -> None:
    world = lived({"start": "2020-01", "end": "2020-03", "mechanisms": {"links": {"felt": False}}})
    part = world.setting.config.mechanisms["platforms"]
    net, sites = part._net(world), ways.sites_of(world.setting.roster, world.setting.config.start)
    for e in range(0, world.setting.edges.n, 97):
        i, j, km = int(world.setting.edges.row[e]), int(world.setting.edges.col[e]), float(world.setting.edges.distance[e])
        assert ways.between_parties(i, j, km, sites.first, sites.member, *net) == (math.floor(km * (part.route * 5000.0)), 1.0)


def test_cutting_a_bridge_keeps_exactly_those_apart_whom_nothing_joins() -> None:
    world = begun({"start": "2021-01", "end": "2021-12"})
    part, links, edges, n = world.setting.config.mechanisms["platforms"], world.links, world.setting.edges, world.setting.n_states
    whole = collapsed(open_links(world))
    served = world.setting.party("TON")
    world.satellite[:n] = False
    world.satellite[served] = True
    seen = set[str]()
    for pair in sorted(nx.bridges(whole)):
        links["severed"][:] = 0.0
        links["severed"][(links["first"] == min(pair)) & (links["second"] == max(pair))] = 1.0
        links_of(world)._renew(world)
        part.step(world, None)
        left = whole.copy()
        left.remove_edge(*pair)
        of = np.empty(n, dtype=np.int64)
        pieces = sorted(nx.connected_components(left), key=lambda some: (-len(some), min(some)))
        for at, piece in enumerate(pieces):
            of[list(piece)] = at
        reached = (of == 0) | world.satellite
        states = (edges.row < n) & (edges.col < n)
        one, other = edges.row[states], edges.col[states]
        may = (of[one] == of[other]) | (reached[one] & reached[other])
        assert np.array_equal(world.platform_between[states] >= 0, may)
        seen |= {world.setting.codes[i] for i in pair}
    assert {"TON", "LSO", "SMR"} <= seen


def test_a_thin_way_bounds_the_line_of_two() -> None:
    thin = {"platforms": {"video_mbps": 20.0, "meetings_at_once": 1000.0}}
    world = begun(tonga("whole", mechanisms=thin))
    links, at = world.links, world.setting.party("TON")
    links["severed"][(links["first"] == at) | (links["second"] == at)] = 0.999
    links_of(world)._renew(world)
    world.setting.config.mechanisms["platforms"].step(world, None)
    wide = int(world.wide_mbps[world.wide_mbps > 0].min())
    assert 0 < wide < 20_000
    assert world.way_between[of_tonga(world)] == pytest.approx(wide / 20_000, rel=1e-12)
    assert (world.way_between[~of_tonga(world)] == 1.0).all() and world.way_out[at] == wide / 20_000


# Bodies and the assembly.


def test_who_is_cut_off_sits_in_no_body_on_a_screen_and_can_still_travel() -> None:
    un = 12 * 2020 + 8
    for what, rule, online in (("cut", None, False), ("served", None, True), ("whole", None, True), ("cut", 2, True)):
        world = engine.start(setting_of(tonga(what, start="2020-08", mechanisms={"assembly": {"worth": 2.0, "strain": 0.0}})), 3)
        for _ in months_of(world, 1):
            pass
        assert world.month == un
        world.closure[:] = 1.0
        links_of(world)._renew(world)
        world.setting.config.mechanisms["platforms"].step(world, None)
        if rule is not None:
            world.array("attendance_rule")[:] = rule
        at, heads = world.setting.party("TON"), list[int]()
        for seed in range(40):
            world.seed = seed
            before = len(world.events)
            world.setting.config.mechanisms["assembly"].step(world, None)
            rows = world.events["party_a"][before:] == at
            heads += world.events["channel"][before:][rows].tolist()
        assert (Channel.VIDEO in heads) == online, what
        if rule is None:
            world.setting.config.mechanisms["bodies"].step(world, None)
            seats = world.array("screen_seats")
            debate = world.setting.roster.bodies.names.index("un_general_debate")
            assert 0 < seats[debate] <= 9 + online
            world.closure[:] = 0.0
            world.setting.config.mechanisms["bodies"].step(world, None)
            assert world.array("met_in_person")[debate] == 1 and world.array("attending")[debate] == 1.0


def test_nobody_sits_on_a_screen_with_a_host_that_is_cut_off() -> None:
    world = engine.start(setting_of(tonga("cut", start="2020-08")), 3)
    for _ in months_of(world, 1):
        pass
    links, host = world.links, world.setting.party("USA")
    links["severed"][:] = ((links["first"] == host) | (links["second"] == host)).astype(np.float64)
    world.closure[:] = 1.0
    links_of(world)._renew(world)
    world.setting.config.mechanisms["platforms"].step(world, None)
    world.setting.config.mechanisms["bodies"].step(world, None)
    assert world.joined[host] == NONE
    debate = world.setting.roster.bodies.names.index("un_general_debate")
    assert world.array("screen_seats")[debate] == 0 and world.array("not_met")[debate] == 1


# Trade.


@pytest.mark.parametrize(("what", "keeps"), [("cut", "cut_keeps"), ("served", "satellite_keeps")])
def test_trade_falls_by_the_rule_while_links_are_cut_and_by_nothing_else(what: str, keeps: str) -> None:
    left = getattr(told(what)[0].setting.config.mechanisms["effects"], keeps)
    for one, other in zip(told(what), told("whole"), strict=True):
        mine, cut, n = of_tonga(one), one.month - 1 in CUT, one.setting.n_states
        assert other.trade[mine].min() > 0.0
        np.testing.assert_allclose(one.trade[mine], (left if cut else 1.0) * other.trade[mine], rtol=1e-12)
        assert np.array_equal(one.trade[~mine], other.trade[~mine])
        states = mine & (one.setting.edges.row < n) & (one.setting.edges.col < n)
        assert np.array_equal(one.trade_halted[states], other.trade[states] if cut else 0.0 * other.trade[states])
        lost = np.zeros(n)
        np.add.at(lost, one.setting.edges.col[states], (other.trade - one.trade)[states])
        np.testing.assert_allclose(one.imports[:n], np.maximum(1.0, other.imports[:n] - lost), rtol=1e-12)
        if not cut:
            assert np.array_equal(one.trade, other.trade) and np.array_equal(one.imports, other.imports)
        for name in ("trade_known", "imports_known", "opened", "diverted", "price_index"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_trade_of_a_state_that_links_never_joined_is_as_published() -> None:
    world = lived({"start": "2019-01", "end": "2019-03"})
    apart = world.joined < LINKS
    assert {world.setting.codes[i] for i in np.flatnonzero(apart)} >= {"NRU", "TUV"} and not world.linked[apart].any()
    assert not world.trade_halted.any() and not world.imports_halted.any()


def test_whom_a_new_link_joins_with_most_others_counts_as_joined_from_then_on() -> None:
    world = begun({"start": "2019-01", "end": "2020-06"}, 1)
    joined = world.linked.copy()
    first = joined.sum()
    for _ in months_of(world):
        joined |= world.joined == LINKS
        assert np.array_equal(world.linked, joined)
    assert joined.sum() > first


def test_two_that_a_cut_leaves_with_each_other_trade_and_meet_as_before() -> None:
    world = begun(tonga("whole"))
    links, pair = world.links, [world.setting.party(code) for code in ("FJI", "TON")]
    away = np.isin(links["first"], pair) != np.isin(links["second"], pair)
    links["severed"][:] = away.astype(np.float64)
    links_of(world)._renew(world)
    for name in ("platforms", "effects"):
        before = world.trade.copy()
        world.setting.config.mechanisms[name].step(world, None)
    edges = world.setting.edges
    both = np.isin(edges.row, pair) & np.isin(edges.col, pair)
    one = np.isin(edges.row, pair) != np.isin(edges.col, pair)
    assert (world.joined[pair] == NONE).all()
    assert (world.platform_between[both] >= 0).all() and (world.platform_between[one] < 0).all()
    assert np.array_equal(world.trade[both], before[both]) and (world.trade[one] < before[one]).all()


def test_the_port_says_what_satellites_carry() -> None:
    setting = setting_of(tonga())
    terms = setting.terms(LinkTerms)
    assert terms.felt and terms.satellite_mbps == 60 and terms.satellite_delay == 28.0
