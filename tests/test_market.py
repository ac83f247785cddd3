"""The cloud market in a run: shares, money, law, cuts, fear, failures and new regions, and what two parties know of each other's data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from market_worlds import STATES, busy
from test_agreements import group, kind_of
from test_data_agreements import start, terms
from worlds import begun, lived, months_of

from sim.ground.paths import NO_PATH
from sim.mechanisms.market import equations
from sim.mechanisms.market.words import HYBRID, PRIVATE, PUBLIC, SOVEREIGN
from sim.stakes.protection import reach
from sim.stakes.providers import held_by, held_trade
from sim.state.world import World

WHOLE = {"start": "2019-01", "end": "2021-12"}


def market(world: World) -> Any:
    return world.setting.config.mechanisms["market"]


def shares(world: World) -> Any:
    """Return the share of its user's load that each choice holds, from the table alone."""
    clouds, tied = world.clouds, market(world).tied * world.localisation[world.clouds["user"]]
    return (1.0 - tied) * clouds["free"] + tied * clouds["bound"]


def by_user(world: World, values: Any) -> Any:
    return np.bincount(world.clouds["user"], weights=values, minlength=world.setting.n_states)


def check(world: World) -> None:
    n, clouds, share = world.setting.n_states, world.clouds, shares(world)
    for column in ("free", "bound"):
        assert np.allclose(by_user(world, clouds[column]), 1.0) and (clouds[column] >= 0.0).all()
    load = market(world).load_of_users(world)
    mw = load[clouds["user"]] * share
    assert np.allclose(np.bincount(clouds["host"], weights=mw, minlength=n), world.stored)
    assert world.stored.sum() == pytest.approx(load.sum())
    assert world.cloud_exports.sum() == pytest.approx(world.cloud_imports.sum()) and (world.cloud_exports >= 0.0).all()
    at_home = clouds["host"] == clouds["user"]
    assert np.allclose(by_user(world, share * at_home), world.lies_at_home)
    # Own modes stand at home alone; hybrid ones are of another home.
    own = np.isin(clouds["mode"], (PRIVATE, SOVEREIGN))
    assert at_home[own].all() and (clouds["home"] == clouds["user"])[own].all()
    hybrid = clouds["mode"] == HYBRID
    assert at_home[hybrid].all() and (clouds["home"] != clouds["user"])[hybrid].all()
    for name in ("stored", "exposure", "cloud_price", "building", "built", "base_capacity", "cut_off_from_data"):
        assert (getattr(world, name) >= 0.0).all(), name
    assert (world.exposure <= 1.0 + 1e-9).all() and (world.lies_at_home <= 1.0 + 1e-9).all()
    assert ((world.exposed_to >= 0) == (world.exposure > 0.0)).all()


def test_shares_add_up_and_money_is_kept_month_by_month() -> None:
    for world in months_of(begun(busy())):
        check(world)


def test_as_a_run_begins_load_lies_where_data_centres_stand() -> None:
    world = begun(WHOLE)
    large = world.cloud_capacity[: world.setting.n_states] > 50.0
    ratio = world.stored[large] / world.cloud_capacity[: world.setting.n_states][large]
    # More lies where law binds more to the soil than stands there, and less where no offer draws others: they are few.
    assert np.median(np.abs(np.log(ratio))) < 0.05 and (np.abs(np.log(ratio)) < 0.05).mean() > 0.7


def test_exposure_is_what_lies_there_or_with_its_providers_and_half_of_a_hybrid_cloud() -> None:
    world = lived(busy(), months=5)
    clouds, share = world.clouds, shares(world)
    for u in range(world.setting.n_states):
        reached = np.zeros(world.setting.n_states)
        for c in np.flatnonzero(clouds["user"] == u):
            if clouds["mode"][c] == PUBLIC:
                for who in {int(clouds["host"][c]), int(clouds["home"][c])}:
                    reached[who] += share[c]
            elif clouds["mode"][c] == HYBRID:
                reached[clouds["home"][c]] += 0.5 * share[c]
        reached[u] = 0.0
        assert world.exposure[u] == pytest.approx(reached.max())
        assert reached[world.exposed_to[u]] == pytest.approx(reached.max())


def test_law_that_binds_data_to_the_soil_brings_them_home_at_renewal_but_where_an_instrument_frees_them() -> None:
    world = begun(busy(tied=1.0))
    deu, usa, fra = (STATES.index(code) for code in ("DEU", "USA", "FRA"))
    world.localisation[deu] = 1.0
    edge = world.setting.edges
    world.freed[:, edge.find(deu, usa)], world.free_flow[edge.find(deu, usa)] = 0.0, False
    world.freed[:, edge.find(deu, fra)], world.free_flow[edge.find(deu, fra)] = 0.0, True
    rate, (size, region) = np.zeros(len(STATES)), market(world)._sizes(world)
    market(world)._choose(world, np.array([deu]), rate, size, region)
    clouds = world.clouds
    mine = clouds["user"] == deu
    assert clouds["bound"][mine & (clouds["host"] == usa)].sum() == 0.0
    assert clouds["bound"][mine & (clouds["host"] == fra)].sum() > 0.0
    assert clouds["bound"][mine].sum() == pytest.approx(1.0)
    # What may lie anywhere moves by switching and growth alone.
    assert clouds["free"][mine & (clouds["host"] == usa)].sum() > 0.0


def worth(**over: Any) -> float:
    """Return what a region abroad of a foreign provider is worth to the user, by the compiled equation, with some things changed."""
    n, told = 3, {"price": 1.0, "home_price": 1.0, "alliance": 0.0, "hostility": 0.0, "safeguards": 0.0, "salience": 1.0, "rights": 0.0,
                  "failures": 0.0, "fear": 0.0, "technology": 0.0}  # fmt: skip
    told |= {key: value for key, value in over.items() if key in told}
    arrays = {key: np.full(n, value) for key, value in told.items()}
    plain = begun(busy()).setting.config.mechanisms["market"]
    place = {"user": 0, "host": 1, "home": 2, "mode": PUBLIC, "to_home": 1, "freed": 0.0, "size": 0.5, "region": 0.1, "far": 10.0}
    place |= {key: value for key, value in over.items() if key in place}
    return float(equations.worth(*place.values(), *arrays.values(), plain._values))


@pytest.mark.parametrize(
    "change",
    [
        {"price": 2.0}, {"home_price": 2.0}, {"hostility": 0.5}, {"safeguards": 0.5}, {"salience": 2.0}, {"failures": 1.0}, {"far": 90.0},
        {"alliance": -0.5}, {"size": 0.1}, {"region": 0.02},
    ],
)  # fmt: skip
def test_each_of_these_makes_a_foreign_region_worth_less(change: dict[str, float]) -> None:
    assert worth(**change) < worth() - 1e-6


def test_an_instrument_that_frees_data_makes_up_for_own_law_and_fear_makes_a_sovereign_cloud_worth_more() -> None:
    assert worth(safeguards=0.8, freed=1.0) == pytest.approx(worth())
    own = {"host": 0, "home": 0, "mode": SOVEREIGN}
    assert worth(fear=0.5, **own) > worth(**own) > worth(price=2.0, **own)
    assert worth(fear=0.5) == worth()


def test_who_is_cut_off_reaches_only_what_lies_at_home_and_moves_nothing_in_a_month() -> None:
    world = lived(busy(), months=3)
    ken = STATES.index("KEN")
    far = world.latency.copy()
    world.latency[ken, :] = world.latency[:, ken] = NO_PATH
    world.latency[ken, ken] = 0
    before = world.clouds["free"].copy()
    market(world)._add_up(world)
    assert world.cut_off_from_data[ken] == pytest.approx(1.0 - world.lies_at_home[ken])
    abroad = (world.clouds["host"] == ken) & (world.clouds["user"] != ken)
    lost = by_user(world, shares(world) * abroad)
    others = np.arange(len(STATES)) != ken
    assert np.allclose(world.cut_off_from_data[others], lost[others]) and np.array_equal(before, world.clouds["free"])
    world.latency[:] = far
    market(world)._add_up(world)
    assert not world.cut_off_from_data.any()


def test_a_provider_that_fails_is_missed_by_its_users_and_remembered() -> None:
    plain = busy()
    plain["mechanisms"]["links"] = {"fault_rate": 0.0, "land_fault_rate": 0.0}
    shaken = {**plain, "shocks": [{"kind": "provider_outage", "extent": 0.5}]}
    calm, hit = (lived(one, months=5) for one in (plain, shaken))
    whose = int(np.argmax(begun(plain).serves))
    assert hit.failures[whose] > 0.5 and not calm.failures.any()
    mine = np.isin(hit.clouds["mode"], (PUBLIC, HYBRID)) & (hit.clouds["home"] == whose)
    assert np.allclose(hit.cut_off_from_data, by_user(hit, 0.5 * shares(hit) * mine))


def test_no_offer_opens_where_nothing_may_be_built() -> None:
    world = lived(busy())
    opened = (world.events["event"] == world.setting.words.code("event", "cloud_region_opened")).sum()
    stopped = lived({**busy(), "shocks": [{"kind": "site_limits", "what": "everywhere"}]})
    assert opened > 0
    assert not (stopped.events["event"] == stopped.setting.words.code("event", "cloud_region_opened")).any()
    assert world.built.sum() > 0.0 and not stopped.built.any()


def test_firms_build_where_load_outgrows_what_stands_and_old_sites_go() -> None:
    grown, still = (lived({**WHOLE, **over}) for over in ({}, {"mechanisms": {"data_centres": {"pace": 0.0, "wear": 0.0}}}))
    n = grown.setting.n_states
    first = begun(WHOLE).base_capacity
    assert np.array_equal(still.base_capacity[:n], first[:n]) and not still.building.any()
    assert grown.base_capacity[:n].sum() > first[:n].sum()
    assert (grown.built >= grown.building - 1e-9).all()


def test_of_a_bloc_the_members_count_by_their_load_and_in_a_bloc_they_are_added_up() -> None:
    world = begun(WHOLE)
    edges, eu = world.setting.edges, world.setting.party("EU")
    members = np.flatnonzero(world.member[world.setting.roster.blocs.index("EU")])
    usa = world.setting.party("USA")
    load = world.load[members]
    mean = sum(world.held[edges.find(int(i), usa)] * x for i, x in zip(members, load, strict=True)) / load.sum()
    assert world.held[edges.find(eu, usa)] == pytest.approx(mean)
    assert world.reached[edges.find(usa, eu)] == pytest.approx(sum(world.reached[edges.find(usa, int(i))] for i in members))
    assert (world.held <= 1.0 + 1e-9).all() and (world.reached >= world.held - 1e-12)[edges.row < world.setting.n_states].all()


def test_what_two_know_is_of_last_december() -> None:
    world = begun(busy())
    for _ in months_of(world, 3):
        pass
    known = world.held.copy()
    for now in months_of(world, 11):
        assert np.array_equal(known, now.held)
    for _ in months_of(world, 1):
        pass
    assert not np.array_equal(known, world.held)


def test_requests_go_to_who_holds_the_data() -> None:
    world = start()
    edge = world.setting.edges.find(world.setting.party("EU"), world.setting.party("USA"))
    asked = group(world, ("EU", "USA"))
    assert held_by(world, asked)[0, 0] == world.held[edge] > 0.3
    assert held_trade(world, asked)[0, 0] == pytest.approx(world.held[edge] * world.imports_known[world.setting.party("EU")])
    assert terms(world, "law_enforcement_access", "GBR", "USA")["requests"][0] > 0.1


def test_whose_reach_the_data_are_in_counts_for_redress_and_fear() -> None:
    world = start()
    asked = group(world, ("EU", "USA"))
    world.reached[:] = 0.0
    less, fear = reach(world, asked)[0], terms(world, "transfer_framework", "EU", "USA")["surveillance"][0]
    world.reached[asked.edge] = 0.9
    usa = world.setting.party("USA")
    assert less < reach(world, asked)[0] == pytest.approx(0.9 * (1.0 - world.rights_of_foreigners[usa]))
    assert terms(world, "transfer_framework", "EU", "USA")["surveillance"][0] == pytest.approx(1.9 * fear)


def test_both_must_protect_people_against_the_state_before_requests_cross() -> None:
    world = start()
    kind = kind_of(world, "law_enforcement_access")
    world.free_flow[:] = False
    asked = group(world, ("GBR", "USA"), ("CHN", "USA"), ("USA", "RUS"))
    assert kind.eligible(world, asked).tolist() == [True, False, False]
    assert not kind_of(world, "law_enforcement_access", bar=0.999).eligible(world, asked).any()


def test_where_nobody_chooses_anew_all_stays_with_whom_it_was() -> None:
    world = lived(busy(renewed=0.0, entry=0.0))
    first = begun(busy(renewed=0.0, entry=0.0))
    assert np.array_equal(world.clouds["free"], first.clouds["free"])
