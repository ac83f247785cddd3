"""Pacts within means: need from load, budgets, hostility, rival bids. Each property is held against a fault planted for it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import EAGER, begun, months_of, tree

from sim.agreements.infrastructure_pact import InfrastructurePact
from sim.bargains.worth import worth
from sim.decide.decisions import Compiled
from sim.ledger import close_talk, open_talk, sign
from sim.mechanisms import bargaining
from sim.stakes.leverage import best_bid, outside_options, taken
from sim.stakes.linkage import at_stake
from sim.stakes.payoffs import midway_gains
from sim.stakes.stakes import Groups, Stakes, issues_of
from sim.state.world import World, clone
from sim.types import Reason, Stage, TalkStage
from sim.why import why

MANY = [
    "ARG", "BGD", "BRA", "CAN", "CHN", "DEU", "EGY", "ESP", "FRA", "GBR", "IDN", "IND", "IRN", "JPN",
    "KEN", "KOR", "MEX", "NGA", "PAK", "PHL", "POL", "RUS", "SAU", "THA", "TUR", "USA", "VNM", "ZAF",
]  # fmt: skip
PACT = {"infrastructure_pact": {"months_to_force": 1, "build_months": 24}}
FREE = {
    **EAGER,
    "bargaining": {"propose_rate": 1.0, "desks": 2.0, "staff_price": 0.0},
    "executives": {"differ": False},
    # Few states share what would be hours for two hundred.
    "contacts": {"hour_price": 3.0},
}
SLACK = 1.0 + 1e-9


def busy(seed: int, roster: Mapping[str, Any] | None = None, **pact: Any) -> World:
    """Return a world whose hosts and investors sign all they can."""
    agreements = {"infrastructure_pact": {**PACT["infrastructure_pact"], **pact}}
    kept = {"states": MANY, **(roster or {})}
    whole = tree(roster=kept, agreements=agreements, mechanisms=FREE, negotiated=["infrastructure_pact"])
    return begun(whole | {"start": "2019-01", "end": "2020-12"}, seed)


def of_pacts(world: World) -> np.ndarray:
    return np.asarray(world.instruments["type"] == world.setting.type_names.index("infrastructure_pact"))


def signed_now(world: World) -> list[int]:
    """Return the pacts signed in the month just lived."""
    return np.flatnonzero(of_pacts(world) & (world.instruments["signed"] == world.month - 1)).tolist()


def oversold(world: World, months: int = 24) -> list[str]:
    """List the states to which pacts promised more than their load: built, promised and pledged, when the last of them was signed."""
    found, sold = [], np.zeros(world.setting.n_parties)
    for _ in months_of(world, months):
        for row in signed_now(world):
            host = int(world.instruments["second"][row])
            sold[host] += world.instruments["commitment"][row] / world.setting.types[world.instruments["type"][row]].cost_per_mw
            alive = of_pacts(world) & (world.instruments["second"] == host) & (world.instruments["stage"] != Stage.TERMINATED)
            mw = float(world.instruments["commitment"][alive].sum()) / 11.7e6
            if mw + world.base_capacity[host] > max(world.load[host], world.base_capacity[host]) * SLACK:
                found.append(f"{world.setting.codes[host]} {mw:.1f} MW")
    assert sold.sum() > 0.0
    return found


def overspent(world: World, months: int = 24) -> list[str]:
    """List the investors that, in a month in which they signed, pay more a year than their budget."""
    found, seen = [], 0
    for _ in months_of(world, months):
        instruments = world.instruments
        for row in signed_now(world):
            party, kind = int(instruments["first"][row]), world.setting.types[instruments["type"][row]]
            stages = (Stage.SIGNED, Stage.IN_FORCE, Stage.SUSPENDED)
            alive = of_pacts(world) & (instruments["first"] == party) & np.isin(instruments["stage"], stages)
            yearly = float((instruments["commitment"][alive] / instruments["term"][alive]).sum()) * 12.0 * (1.0 + kind.overhead)
            seen += 1
            if yearly > kind.budget_share * world.gdp[party] * SLACK:
                found.append(f"{world.setting.codes[party]} {yearly:.3g} USD")
    assert seen > 5
    return found


def hostile(world: World, months: int = 24) -> list[tuple[str, str]]:
    """List the pairs that signed while hostility without rivalry stood at the bar or above."""
    found, codes = [], world.setting.codes
    states = list(codes[: world.setting.n_states])
    for _ in months_of(world, months):
        spells = begun(tree(roster={"states": states}, start="2019-01")).setting.roster.spells["without_rivalry"]
        first, second, value = spells.at(world.month - 1)
        barred = {frozenset((codes[a], codes[b])) for a, b, v in zip(first, second, value, strict=True) if v >= 0.5}
        for row in signed_now(world):
            pair = (codes[world.instruments["first"][row]], codes[world.instruments["second"][row]])
            if frozenset(pair) in barred:
                found.append(pair)
    return found


@settings(max_examples=3)
@given(st.integers(0, 2**40))
def test_nobody_is_sold_more_than_its_load_nor_pays_more_than_its_budget(seed: int) -> None:
    assert oversold(busy(seed)) == []
    assert overspent(busy(seed)) == []
    assert hostile(busy(seed)) == []


def planted(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    real = InfrastructurePact.room
    monkeypatch.setattr(InfrastructurePact, "room", lambda self, view, groups: change(self, view, groups, real))


def test_a_pact_that_forgets_what_is_pledged_oversells(monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(self: Any, view: Any, groups: Any, real: Any) -> Any:
        return np.full(groups.n, 2.0 * self.cost_per_mw) * view.load[groups.second]

    planted(monkeypatch, twice)
    assert oversold(busy(1)) != []


def test_budgets_that_each_talk_may_spend_whole_are_overspent(monkeypatch: pytest.MonkeyPatch) -> None:
    def alone(self: Any, view: Any, groups: Any, real: Any) -> Any:
        means = self._means(self.budget_share * view.gdp)[groups.first]
        return np.minimum(means, np.maximum(0.0, view.need[groups.second] - view.pledged[groups.second]) * self.cost_per_mw)

    planted(monkeypatch, alone)
    assert overspent(busy(1)) != []


def test_where_nobody_is_hostile_those_sign_who_are_in_the_world() -> None:
    # Among few, so that nobody else bids for Iran.
    few = {"states": ["BGD", "IRN", "NGA", "PHL", "SAU"]}
    assert all(hostile(busy(seed, roster={**few, "layers": {"hostility": "zero"}}, upkeep=1e4)) for seed in range(4))
    assert not any(hostile(busy(seed, roster=few, upkeep=1e4)) for seed in range(4))


def dyad(world: World, first: str, second: str) -> Groups:
    i, j = (world.setting.party(code) for code in (first, second))
    edge, back = world.setting.edges.find(i, j), world.setting.edges.find(j, i)
    return Groups(*(np.array([one]) for one in (i, j, edge, back)), issues_of(world.setting))


@functools.cache
def first_month() -> World:
    world = busy(3)
    for _ in months_of(world, 1):
        pass
    return world


def pact(world: World) -> Any:
    return world.setting.types[world.setting.type_names.index("infrastructure_pact")]


def stakes(world: World, first: str, second: str) -> Stakes:
    made: Stakes = pact(world).coefficients(world, dyad(world, first, second))
    return made


@pytest.mark.parametrize("seed", range(4))
def test_the_united_states_do_not_build_chinas_data_centres_nor_china_indias(seed: int) -> None:
    world = busy(seed)
    for _ in months_of(world):
        pass
    codes = world.setting.codes
    pairs = {(codes[world.instruments["first"][row]], codes[world.instruments["second"][row]]) for row in np.flatnonzero(of_pacts(world))}
    assert len(pairs) > 10
    assert not pairs & {("USA", "CHN"), ("CHN", "USA"), ("CHN", "IND"), ("IND", "CHN"), ("USA", "RUS"), ("IND", "PAK")}


def test_china_is_not_in_need_and_a_rival_that_hosts_is_feared() -> None:
    world = first_month()
    need = dict(zip(world.setting.codes, world.need.tolist(), strict=True))
    assert need["CHN"] == need["USA"] == 0.0 < need["IND"]
    terms = {term.name: term.bp for kind in why(world, "CHN", "IND").types for side in kind.ways[0].sides or () if side.party == "IND"
             for term in side.terms}  # fmt: skip
    assert {"build", "repayment", "fear", "rival_host", "relative_gain", "upkeep"} <= set(terms)
    assert terms["build"] > 0.0 > max(terms[name] for name in ("repayment", "fear", "rival_host", "relative_gain", "upkeep"))


def test_a_world_at_peace_fears_no_rival() -> None:
    world = clone(first_month())
    asked = dyad(world, "CHN", "VNM")
    world.hostility[[asked.edge[0], asked.back[0]]] = 0.4
    at_war = midway_gains(stakes(world, "CHN", "VNM").dyads())[0]
    world.hostility[:] = 0.0
    at_peace = midway_gains(stakes(world, "CHN", "VNM").dyads())[0]
    assert at_peace[1] > at_war[1]


def test_an_ally_counts_for_more_than_one_who_is_none() -> None:
    world, found = clone(first_month()), []
    world.hostility[:] = 0.0
    for strength in (0.0, 0.34, 0.36, 1.0):
        world.alliance[:] = strength
        found.append(float(midway_gains(stakes(world, "USA", "EGY").dyads())[0, 1]))
    assert found[0] == found[1] < found[2] < found[3]


def test_a_pact_that_waits_for_ratifiers_does_not_stand_in_its_own_way() -> None:
    world = busy(3)
    kind, party, t = pact(world), world.setting.party, world.setting.type_names.index("infrastructure_pact")
    groups = dyad(world, "JPN", "IDN")
    before = float(kind.room(world, groups)[0])
    row = open_talk(world, t, party("JPN"), party("IDN"), party("JPN"))
    assert kind.room(world, groups)[0] == before
    close_talk(world, row, TalkStage.CONCLUDED)
    text = np.full(len(world.setting.words.issues), 1.0)
    instrument = sign(world, row, text, world.month + 3, whole=before)
    world.adherence["institution"][world.adherence["instrument"] == instrument] = 1
    world.setting.config.mechanisms["roster"]._promises(world)
    assert world.waiting[groups.edge[0]] == world.instruments["commitment"][instrument] == before
    assert world.outlay[party("JPN")] == pytest.approx(before * 1.1 * 12.0 / kind.build_months)
    assert kind.room(world, groups)[0] == pytest.approx(before)
    # To everybody else both the investor's budget and the host's need are taken.
    assert kind.room(world, dyad(world, "JPN", "KEN"))[0] < 1e-6 * before
    assert world.pledged[party("IDN")] == pytest.approx(before / kind.cost_per_mw)


def test_a_budget_is_shared_out_over_open_talks() -> None:
    world = busy(3)
    kind, party, t = pact(world), world.setting.party, world.setting.type_names.index("infrastructure_pact")
    alone = float(kind.room(world, dyad(world, "KOR", "BRA"))[0])
    for code in ("BRA", "MEX", "TUR"):
        open_talk(world, t, party("KOR"), party(code), party("KOR"))
    rooms = [float(kind.room(world, dyad(world, "KOR", code))[0]) for code in ("BRA", "MEX", "TUR")]
    assert rooms == pytest.approx([alone / 3.0] * 3)
    assert kind.room(world, dyad(world, "KOR", "VNM"))[0] == pytest.approx(alone / 4.0)


def test_where_nothing_is_left_no_text_is_allowed_and_worth_is_still_told() -> None:
    world = busy(3)
    world.outlay[:] = world.gdp
    found = stakes(world, "JPN", "IDN")
    assert np.isnan(midway_gains(found.dyads())).all()
    assert found.commitment[0] == pytest.approx(world.need[world.setting.party("IDN")] * 11.7e6)


def test_a_host_signs_once_a_month_and_others_are_outbid() -> None:
    seen, counted = 0, 0
    for seed in (1, 2):
        world = busy(seed)
        for _ in months_of(world):
            hosts = [int(world.instruments["second"][row]) for row in signed_now(world)]
            assert len(hosts) == len(set(hosts))
            seen += len(hosts)
        counted += int((world.talks["reason"] == Reason.OUTBID).sum())
    assert seen > 20
    assert counted > 0


def test_a_bid_is_what_the_midway_text_with_the_rival_gives_now() -> None:
    world = busy(3)
    party, t = world.setting.party, world.setting.type_names.index("infrastructure_pact")
    for _ in months_of(world, 1):
        pass
    row = open_talk(world, t, party("KOR"), party("IDN"), party("KOR"))
    edges, here = world.setting.edges, party("IDN")
    mine = range(int(edges.start[here]), int(edges.start[here + 1]))
    rivals = [e for e in mine if world.role[t, e] == 1 and world.prospect[t, e] > 0.0 and edges.col[e] != party("KOR")]
    gains = {}
    for e in rivals:
        code = world.setting.codes[int(edges.col[e])]
        gain = midway_gains(stakes(world, code, "IDN").dyads())[0]
        able = pact(world).eligible(world, dyad(world, code, "IDN"))[0]
        resting = world.cooldown[t, e] > world.month or world.in_force[t, e]
        gains[code] = float(gain[1]) if able and not resting and (gain > 0.0).all() else 0.0
    assert len(gains) >= 2
    assert best_bid(world, row, 1) == pytest.approx(max(gains.values()))
    assert best_bid(world, row, 0) == 0.0
    assert outside_options(world, np.array([row])).tolist() == [[0.0, pytest.approx(max(gains.values()))]]
    # Who has no budget left bids nothing.
    world.outlay[:] = world.gdp
    assert best_bid(world, row, 1) == 0.0


def test_who_signed_with_another_this_month_is_taken() -> None:
    world = busy(3)
    party, t = world.setting.party, world.setting.type_names.index("infrastructure_pact")
    one, two, other = (open_talk(world, t, party(a), party(b), party(a)) for a, b in (("JPN", "IDN"), ("KOR", "IDN"), ("JPN", "BRA")))
    close_talk(world, one, TalkStage.CONCLUDED)
    sign(world, one, np.full(len(world.setting.words.issues), 1.0), world.month + 1, whole=1e8)
    assert taken(world, two)
    assert not taken(world, other)


def test_a_host_that_takes_any_bid_is_sold_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bargaining, "taken", lambda world, row: False)
    twice = 0
    for seed in range(3):
        world = busy(seed)
        for _ in months_of(world):
            hosts = [int(world.instruments["second"][row]) for row in signed_now(world)]
            twice += len(hosts) - len(set(hosts))
    assert twice > 0


def test_what_a_host_signs_is_worth_no_less_than_any_bid() -> None:
    """Read where the text is accepted: bids are those of the month in which it is."""
    below, raised = [], 0

    class Notary(Compiled):
        def accept(self, world: World, talks: Any, problems: Any, outcomes: Any) -> Any:
            nonlocal raised
            accepted = super().accept(world, talks, problems, outcomes)
            gains = worth(at_stake(world, talks), outcomes.text) - problems.d
            for m, row in enumerate(talks.tolist()):
                bid = best_bid(world, row, 1)
                raised += int(bid > 0.0)
                if accepted[m, 1] and gains[m, 1] < bid - 1e-9:
                    below.append(row)
            return accepted

    world = busy(1)
    for _ in months_of(world, decide=Notary()):
        pass
    assert below == []
    assert raised > 0


def test_a_pact_is_for_those_who_are_not_hostile() -> None:
    world = busy(3)
    asked = dyad(world, "CHN", "IND")
    world.hostility_without_rivalry[[asked.edge[0], asked.back[0]]] = pact(world).hostility_bar
    assert not pact(world).eligible(world, asked)[0]
    assert np.isnan(midway_gains(stakes(world, "CHN", "IND").dyads())).all()
