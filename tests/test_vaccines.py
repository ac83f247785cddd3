"""Vaccine as the matter of calls: who asks is served, who can pay buys, and gifts are bounded, seen, and told apart from sales."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from test_bodies import copied
from worlds import setting_of, tree

from sim import engine
from sim.data.further.vaccines import POOL, read_vaccines
from sim.data.source import read_source
from sim.mechanisms.vaccines import _shared
from sim.scenario import load_scenario
from sim.state.world import World
from sim.types import Channel, Event, Occasion, Rank, UserError, month_index

SOURCE = read_source(None)
PARTIES = (*SOURCE.codes, *sorted(SOURCE.blocs))
STATES = ("BGD", "BRA", "CHN", "DEU", "ETH", "IDN", "KEN", "SGP", "USA")
ASK = {"month": month_index("2021-03"), "event": Event.CONTACT, "channel": Channel.CALL, "rank": Rank.HEAD}


def begun(**over: object) -> World:
    world = engine.start(setting_of(tree(start="2021-03", end="2021-12", roster={"states": list(STATES)}, **over)), 0)
    return world


def delivered(world: World, doses: float = 1e8, supplier: str = "CHN") -> World:
    world.array("vaccine_supply")[:] = 0.0
    world.array("vaccine_supply")[world.setting.roster.supplier_names.index(supplier)] = doses
    world.setting.config.mechanisms["vaccines"].step(world, None)
    return world


def got(world: World, name: str, supplier: str = "CHN") -> dict[str, float]:
    doses = world.array(name)[world.setting.roster.supplier_names.index(supplier)]
    return {code: float(doses[at]) for at, code in enumerate(STATES) if doses[at] > 0.0}


def asked(world: World, *codes: str, **how: int) -> World:
    for code in codes:
        world.events.append(**{**ASK, **how}, party_a=world.setting.party(code), party_b=world.setting.party("CHN"))
    return world


def test_china_ships_what_was_delivered_by_november_2021_and_a_run_knows_no_more_than_its_tables_date() -> None:
    ours = read_vaccines(None, PARTIES)
    china = ours.supplier == ours.names.index("CHN")
    assert ours.doses[china & (ours.month <= month_index("2021-11"))].sum() == 1.2e9
    assert ours.known(month_index("2021-01")).month.max() == month_index("2021-01")
    assert set(ours.names) == {"CHN", POOL, "EU", "IND", "RUS", "USA"}


@pytest.mark.parametrize(
    ("key", "cells", "words"),
    [
        ({"supplier": "IND"}, {"supplier": "INDIA"}, r"column supplier: 'INDIA' is not a state or bloc of the roster, or COVAX"),
        ({"supplier": "IND", "month": "2021-01"}, {"doses": "-5"}, r"column doses: '-5' is not a whole number from 0 to 1e\+10"),
        ({"supplier": "IND", "month": "2021-01"}, {"month": "2021-13"}, r"column month"),
    ],
)
def test_a_faulty_table_is_told_in_one_sentence(tmp_path: Path, key: dict[str, str], cells: dict[str, str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_vaccines(copied(tmp_path, "vaccine_supply", key, **cells), PARTIES)


def test_nobody_is_served_who_has_not_spoken_with_the_supplier_and_what_nobody_takes_is_kept() -> None:
    world = delivered(begun())
    assert not got(world, "doses_sold") and not got(world, "doses_given")
    assert world.array("vaccine_stock")[world.setting.roster.supplier_names.index("CHN")] == 1e8
    world = delivered(asked(begun(), "BRA", channel=int(Channel.MESSAGE)))
    assert not got(world, "doses_sold")
    assert not got(delivered(asked(begun(), "BRA", rank=int(Rank.OFFICIAL))), "doses_sold")


def test_who_can_pay_buys_and_who_cannot_is_given_no_more_than_the_budget() -> None:
    world = delivered(asked(begun(), "BRA", "IDN", "ETH"))
    assert set(got(world, "doses_sold")) == {"BRA", "IDN"} and set(got(world, "doses_given")) == {"ETH"}
    gdp = float(world.gdp[world.setting.party("CHN")])
    assert got(world, "doses_given")["ETH"] == pytest.approx(1e-4 * gdp / 120.0)
    assert sum(got(world, "doses_sold").values()) + sum(got(world, "doses_given").values()) == pytest.approx(1e8)
    assert world.array("gifts")[world.setting.party("CHN")] == pytest.approx(10.0 * got(world, "doses_given")["ETH"])
    told = world.events["event"] == world.setting.words.code("event", "vaccines_given")
    assert world.events["value"][told].tolist() == pytest.approx(list(got(world, "doses_given").values()))


def test_suppliers_and_the_members_of_one_that_is_a_bloc_buy_from_nobody() -> None:
    world = delivered(asked(begun(), "DEU", "USA", "SGP"))
    assert set(got(world, "doses_sold")) == {"SGP"}


def test_the_pool_gives_to_the_poor_by_what_they_want_and_needs_no_call() -> None:
    world = delivered(begun(), supplier=POOL)
    given_ = got(world, "doses_given", POOL)
    assert {"ETH"} <= set(given_) and not {"BRA", "CHN", "SGP"} & set(given_)
    people = world.population[: world.setting.n_states]
    shares = {code: doses / people[STATES.index(code)] for code, doses in given_.items()}
    assert max(shares.values()) == pytest.approx(min(shares.values()))
    assert not world.array("supplying").any()  # there is nobody to call


@examples(60)
@given(st.floats(0.0, 1e9), st.lists(st.floats(0.0, 1e9), min_size=1, max_size=8), st.data())
def test_shares_never_pass_what_there_is_or_what_is_wanted(doses: float, pull: list[float], data: st.DataObject) -> None:
    most = np.array(data.draw(st.lists(st.floats(0.0, 1e9), min_size=len(pull), max_size=len(pull))))
    found = _shared(doses, np.array(pull), most)
    assert (found >= 0.0).all() and (found <= most).all() and found.sum() <= doses * (1.0 + 1e-12) + 1e-9


def test_what_rounding_leaves_is_no_dose() -> None:
    assert _shared(6e-7, np.array([1.0, 2.0]), np.array([9.0, 9.0])).tolist() == [0.0, 0.0]
    assert _shared(9.0, np.array([1.0, 2.0]), np.array([6e-7, 9.0])).tolist() == [0.0, 6.0]


def test_a_supplier_is_an_occasion_to_call_and_a_gift_raises_its_image_where_a_sale_does_not() -> None:
    def lived(**over: float) -> World:
        tree_ = {**load_scenario("vaccine_linkage"), "roster": {"states": list(STATES)}, "start": "2021-01", "end": "2021-06", "events": []}
        world = engine.start(engine.build({**tree_, "mechanisms": {"vaccines": over}}), 1)
        while world.month <= world.setting.config.end:
            engine.step(world)
        return world

    usual, stingy = lived(), lived(gift_budget=0.0)
    request = usual.setting.words.code("occasion", "request")
    asked_ = usual.events["party_b"][(usual.events["event"] == Event.CONTACT) & (usual.events["occasion"] == request)]
    assert len(asked_) and request == len(Occasion) + 3
    assert {usual.setting.codes[at] for at in set(asked_.tolist())} <= {"CHN", "EU", "USA"}
    china = usual.setting.party("CHN")
    assert got(usual, "doses_given") and not got(stingy, "doses_given") and got(stingy, "doses_sold")
    assert usual.array("image")[china] > stingy.array("image")[china]


def test_without_the_shock_nothing_happens() -> None:
    world = engine.start(setting_of(tree(start="2021-03", end="2021-12")), 0)
    for _ in range(3):
        engine.step(world)
    assert not any(world.array(name).any() for name in ("vaccine_stock", "requests", "doses_sold", "doses_given", "gifts", "supplying"))
