"""Tariff threats: who is large enough to threaten, whether it is believed, and how far it moves what the other side signs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_accessions import whole
from test_agreements import group, kind_of
from twin_worlds import joining
from twins import walk
from worlds import begun, months_of, setting_of

from sim.bargains.worth import gain
from sim.stakes.payoffs import midway, midway_gains, to_problems
from sim.stakes.threats import threatened
from sim.state.world import World
from sim.types import Status
from sim.why import why

TRADE = "digital_trade_agreement"


def threat(world: World, one: str, other: str, **values: float) -> list[float]:
    kind: Any = kind_of(world, TRADE, **{"threat_tariff": 0.2, "threat_importer": 0.1, "threat_bearable": 100.0, **values})
    return threatened(world, group(world, (one, other)), kind)[0].tolist()


def test_by_default_nobody_threatens_and_no_term_is_told() -> None:
    world = whole()
    made = kind_of(world, TRADE).coefficients(world, group(world, ("USA", "MYS")))
    assert "threat" not in {name for name, _ in made.terms}


def test_a_large_importer_threatens_by_its_tariff_times_what_the_other_sells_to_it() -> None:
    world = whole()
    us, other = (world.setting.codes.index(code) for code in ("USA", "MEX"))
    sold = world.trade_known[world.setting.edges.find(other, us)]
    mine, theirs = threat(world, "USA", "MEX", threat_scope=4.0, threat_lost=0.25)
    assert theirs == pytest.approx(1e4 * 0.2 * 4.0 * 0.25 * sold / world.gdp[other])
    assert mine == 0.0  # Mexico buys too little of what the United States sells


def test_who_buys_a_small_part_of_the_others_exports_does_not_threaten() -> None:
    world = whole()
    codes, edges = world.setting.codes, world.setting.edges
    mexico, us = codes.index("MEX"), codes.index("USA")
    mine = np.arange(edges.start[mexico], edges.start[mexico + 1])
    states = mine[edges.col[mine] < world.setting.n_states]
    part = float(world.trade_known[edges.find(mexico, us)] / world.trade_known[states].sum())
    assert 0.1 < part < 0.9
    assert threat(world, "USA", "MEX", threat_importer=part - 1e-6)[1] > 0.0
    assert threat(world, "USA", "MEX", threat_importer=part + 1e-6)[1] == 0.0


def test_a_threat_that_would_cost_too_much_is_not_believed() -> None:
    world = whole()
    us, other = (world.setting.codes.index(code) for code in ("USA", "MEX"))
    sold = world.trade_known[world.setting.edges.find(other, us)]
    cost = 1e4 * 0.2 * 5.0 * (1.0 - 0.3) * sold / world.gdp[us]
    assert threat(world, "USA", "MEX", threat_bearable=cost + 1e-9)[1] > 0.0
    assert threat(world, "USA", "MEX", threat_bearable=cost - 1e-9)[1] == 0.0


def test_a_threat_moves_the_gain_of_the_one_threatened_by_just_what_is_threatened() -> None:
    world, asked = whole(), group(whole(), ("USA", "MEX"))
    calm, grim = (
        kind_of(world, TRADE, threat_tariff=tariff, threat_importer=0.1, threat_bearable=100.0).coefficients(world, asked).dyads()
        for tariff in (0.0, 0.2)
    )
    by = threat(world, "USA", "MEX")
    assert (gain(grim, midway(grim)) - gain(calm, midway(calm)))[0] == pytest.approx(by)


def test_who_is_threatened_signs_a_text_that_is_better_for_who_threatens() -> None:
    """The more is threatened, the less the text leaves the one threatened, up to less than it has today."""
    world, asked = whole(), group(whole(), ("USA", "MEX"))
    left, taken = [], []
    for tariff in (0.0, 0.1, 0.25):
        kind = kind_of(world, TRADE, threat_tariff=tariff, threat_importer=0.1, threat_bearable=1e3)
        c = kind.coefficients(world, asked).dyads()
        outcome = world.setting.config.protocol.solve(to_problems(c))
        assert outcome.status[0] == Status.AGREED
        bare = kind_of(world, TRADE).coefficients(world, asked).dyads()
        mine, theirs = gain(bare, outcome.text)[0]
        taken.append(mine)
        left.append(theirs)
    assert taken[0] < taken[1] <= taken[2]
    assert left[0] > left[1] >= left[2]


def test_a_threat_makes_pairs_talk_that_else_would_not() -> None:
    world = whole()
    codes = world.setting.codes[: world.setting.n_states]
    pairs = [(code, "USA") for code in codes if code != "USA"]
    asked = group(world, *pairs)
    counts = [
        int((midway_gains(kind_of(world, TRADE, threat_tariff=tariff).coefficients(world, asked).dyads()) > 0.0).all(axis=1).sum())
        for tariff in (0.0, 0.1)
    ]
    assert counts[1] > counts[0] > 0


def test_why_tells_the_threat_as_a_term() -> None:
    over = {"agreements": {TRADE: {"threat_tariff": 0.2, "threat_importer": 0.1, "threat_bearable": 100.0}}}
    world = begun({"start": "2019-01", "end": "2019-12", **over})
    for _ in months_of(world, 1):
        pass
    edge = world.setting.edges.find(*(world.setting.codes.index(code) for code in ("USA", "MEX")))
    world.deal_until[[edge, world.setting.edges.rev[edge]]] = world.month + 12
    (told,) = (one for one in why(world, "USA", "MEX").types if one.name == TRADE)
    terms = {side.party: {term.name: term.bp for term in side.terms} for side in told.ways[0].sides or ()}
    assert terms["MEX"]["threat"] == pytest.approx(threat(world, "USA", "MEX")[1]) and terms["MEX"]["threat"] > 0.0
    assert terms["USA"]["threat"] == 0.0


def test_twins_agree_where_some_threaten() -> None:
    threats = {"threat_tariff": 0.2, "threat_importer": 0.02, "threat_bearable": 100.0}
    tree = joining(end="2020-08")
    agreements = {**tree["agreements"], TRADE: {**tree["agreements"][TRADE], **threats}}
    found = walk(setting_of({**tree, "agreements": agreements}), 0)
    assert {name: some[:5] for name, some in found.differences.items() if some} == {}
    assert "SIGNATURE" in found.seen
