"""Why these two, why not those two: terms add up to what the rules use, and bars are those that the rules obey."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from typing import Any

import numpy as np
import pytest
from worlds import NINE, lively, setting_of

from sim import engine
from sim.contracts import staff_months
from sim.decide.staff import staff_prices
from sim.model import DiplomacyModel
from sim.state.world import World, clone
from sim.types import UserError
from sim.why import Side, TypeWhy, Way, why

PAIRS = list(itertools.combinations((*NINE, "EU"), 2))


@functools.cache
def lived(months: int = 14) -> World:
    world = engine.start(setting_of(lively()), 3)
    for _ in range(months):
        engine.step(world)
    return world


def every(world: World) -> list[tuple[str, str, TypeWhy]]:
    return [(one, other, kind) for one, other in PAIRS for kind in why(world, one, other).types]


def sides(world: World) -> list[tuple[TypeWhy, Way, Side]]:
    return [(kind, way, side) for _, _, kind in every(world) for way in kind.ways for side in way.sides or ()]


def test_terms_add_up_to_the_gain_and_leave_no_rest() -> None:
    found = sides(lived())
    assert len(found) > 50
    for _, _, side in found:
        assert sum(term.bp for term in side.terms) == pytest.approx(side.bp, abs=1e-9 * max(1.0, *(abs(term.bp) for term in side.terms)))
        assert "rest" not in {term.name for term in side.terms}
        assert side.usd == pytest.approx(side.bp * lived().gdp[lived().setting.codes.index(side.party)] / 1e4)


def test_where_talks_may_open_each_side_hopes_for_what_is_told() -> None:
    """Hopes are appraised anew at the end of the month, so that they rest on the same world as what is told."""
    seen = 0
    for world in (clone(lived(months)) for months in (1, 3, 22, 30)):
        engine.decider_of(world).appraise(world)
        codes = world.setting.codes
        for one, other, kind in every(world):
            t = world.setting.type_names.index(kind.name)
            mine = world.prospect[t, world.setting.edges.find(codes.index(one), codes.index(other))]
            if kind.bars:
                assert mine == 0.0 or {bar.rule for bar in kind.bars} <= {"talking", "resting"}, (one, other, kind)
                continue
            assert kind.best is not None and kind.best.sides is not None
            gain = next(side.bp for side in kind.best.sides if side.party == one)
            assert mine == pytest.approx(gain) and kind.places[one] >= 1
            seen += 1
    assert seen > 5


def test_every_rule_that_bars_is_met() -> None:
    worlds = (lived(3), lived(), lived(30), priced(5e3, 3, 3))
    rules = {bar.rule for world in worlds for _, _, kind in every(world) for bar in kind.bars}
    assert rules >= {"blocs", "competence", "settled", "eligibility", "worth", "talking", "resting", "hostile", "price"}


def priced(price: float, seed: int, months: int) -> World:
    """Live a world whose staff has a price, and appraise it anew."""
    plain = lively()
    bargaining = {**plain["mechanisms"]["bargaining"], "staff_price": price}
    world = engine.start(setting_of({**plain, "mechanisms": {**plain["mechanisms"], "bargaining": bargaining}}), seed)
    for _ in range(months):
        engine.step(world)
    engine.decider_of(world).appraise(world)
    return world


def test_staff_is_too_dear_where_a_month_of_it_brings_a_side_less_than_its_price() -> None:
    """Told anew by what the rule of proposals reads: hopes, months of staff, and the price of a month of each side."""
    barred, opened = 0, 0
    for seed in range(3):
        world = priced(5e3, seed, 30)
        codes, edges, price = world.setting.codes, world.setting.edges, staff_prices(world)
        for one, other, kind in every(world):
            rules = {bar.rule for bar in kind.bars}
            if rules - {"price"}:
                continue
            t, i, j = world.setting.type_names.index(kind.name), codes.index(one), codes.index(other)
            months = staff_months(world.setting.types[t])
            paid = []
            for way in ((i, j), (j, i)):
                e = edges.find(*way)
                paid.append(world.prospect[t, e] * world.gdp[way[0]] / 1e4 / months[world.role[t, e]])
            assert ("price" in rules) == (paid[0] < price[i] or paid[1] < price[j])
            barred, opened = barred + ("price" in rules), opened + ("price" not in rules)
            if "price" in rules:
                short = max(((one, price[i] - paid[0]), (other, price[j] - paid[1])), key=lambda side: side[1])[0]
                assert kind.bars[0].sentence.startswith(f"{short}'s staff is worth more: ")
    assert barred > 10 and opened > 5


def test_free_staff_is_never_too_dear_and_bars_nothing_else() -> None:
    """One world, whose staff gets a price in one copy alone."""
    free = lived(30)
    dear = clone(free)
    dear.setting = priced(1e7, 3, 0).setting
    with_price = {(one, other, kind.name): [bar.rule for bar in kind.bars] for one, other, kind in every(dear)}
    n = 0
    for one, other, kind in every(free):
        rules, also = [bar.rule for bar in kind.bars], with_price[one, other, kind.name]
        gain = kind.best is not None and all(side.bp > 0.0 for side in kind.best.sides or ())
        assert also == [*rules, *["price"] * gain] and "price" not in rules
        n += gain
    assert n > 10


def test_the_roles_are_dealt_by_what_promises_more_to_both_where_both_gain() -> None:
    """Gains in bp of one, and of the other, in either way; the third promises more together, though one side gains less."""

    def way(first: float, second: float) -> Way:
        sides = (Side("IDN", "judge", first, 0.0, ()), Side("EU", "judged", second, 0.0, ()))
        return Way("IDN", "EU", True, sides)

    def best(*ways: Way) -> Way | None:
        return TypeWhy("x", "x", "x", (), ways, {}).best

    even, uneven, lost, worse = way(2.0, 2.0), way(5.0, 1.0), way(90.0, -1.0), way(99.0, -2.0)
    assert best(even, uneven) is uneven and best(uneven, even) is uneven
    assert best(even, lost) is even and best(lost, worse) is lost and best(worse, lost) is lost
    assert best(Way("IDN", "EU", False, None)) is None


def test_who_is_too_hostile_says_so_and_sanctions_are_told_only_of_others() -> None:
    world = clone(lived())
    codes, edges = world.setting.codes, world.setting.edges
    hostile = {(one, other) for one, other, kind in every(world) if "hostile" in {bar.rule for bar in kind.bars}}
    assert hostile == {pair for pair in PAIRS if world.hostile[edges.find(*map(codes.index, pair))]} and ("CHN", "USA") in hostile
    both = [edges.find(*map(codes.index, pair)) for pair in (("CHN", "USA"), ("USA", "CHN"), ("IDN", "SGP"), ("SGP", "IDN"))]
    world.barred[both] = True
    rules = {pair: {bar.rule for kind in why(world, *pair).types for bar in kind.bars} for pair in (("CHN", "USA"), ("IDN", "SGP"))}
    assert "barred" not in rules["CHN", "USA"] and "barred" in rules["IDN", "SGP"] and "hostile" not in rules["IDN", "SGP"]
    world.hostile[both] = False
    assert "barred" in {bar.rule for kind in why(world, "CHN", "USA").types for bar in kind.bars}


def test_nobody_opens_talks_that_are_barred() -> None:
    """Each month the bars are told before the month's talks: whoever opens some was not barred by what does not change within the month."""
    setting, opened = setting_of(lively()), 0
    codes, names = setting.codes, setting.type_names
    for seed in range(3):
        world = engine.start(setting, seed)
        for month in range(24):
            # No membership or law moves in the later months, and no year begins.
            before = {(one, other, kind.name): kind for one, other, kind in every(world)} if month >= 20 else {}
            rows = len(world.talks)
            engine.step(world)
            for row in range(rows, len(world.talks)) if before else ():
                pair = sorted((codes[world.talks["first"][row]], codes[world.talks["second"][row]]), key=(*NINE, "EU").index)
                barred = {bar.rule for bar in before[pair[0], pair[1], names[world.talks["type"][row]]].bars}
                assert not barred & {"blocs", "competence", "candidates", "talking", "hostile"}
                opened += 1
    assert opened > 5


def test_a_state_that_keeps_no_eye_on_another_says_so() -> None:
    world = engine.start(setting_of({"start": "2019-01", "end": "2019-02", "candidates": 1, "roster": {"kind": "synthetic", "n": 30}}), 0)
    far = [(a, b) for a in range(30) for b in range(a) if world.setting.edges.find(a, b) < 0]
    codes = world.setting.codes
    told = why(world, codes[far[0][0]], codes[far[0][1]])
    assert told.types and all([bar.rule for bar in kind.bars] == ["candidates"] and not kind.ways for kind in told.types)


def test_the_model_tells_it_in_text_and_as_a_table() -> None:
    over = {"roster.states": ["DEU", "FRA", "IDN", "KOR", "SGP", "USA"], "mechanisms.bargaining.staff_price": 0.0}
    model = DiplomacyModel(seed=7, start="2019-01", end="2019-06", **over)
    model.step()
    told = model.why("IDN", "SGP")
    text, rows = str(told), told.rows()
    assert text.startswith("IDN and SGP at the end of 2019-01") and "Adequacy decision: IDN would lose " in text
    assert "Adequacy decision: talks may open" in str(model.why("KOR", "SGP"))
    assert {"consumers", "exporters", "surveillance", "upkeep", "safeguards"} <= {
        row["term"] for row in rows if row["type"] == "adequacy_decision"
    }
    assert all(np.isfinite([row["bp"], row["gain_bp"], row["gain_usd"]]).all() for row in rows)
    assert "SGP as judge of IDN" in text


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (("IDN", "EUU"), "there is no party 'EUU' in this run; did you mean 'EU'?"),
        (("USA", "USA"), "USA makes no agreement with itself; name two parties"),
    ],
)
def test_bad_codes_are_one_sentence(pair: tuple[str, str], sentence: str) -> None:
    with pytest.raises(UserError) as fault:
        why(lived(), *pair)
    assert str(fault.value) == sentence


def test_a_type_that_names_no_terms_is_told_whole() -> None:
    """Terms are optional: being party is then one term, and all still adds up."""
    world = clone(lived())
    types = tuple(_Bare(kind) if kind.name == "transfer_framework" else kind for kind in world.setting.types)
    world.setting = dataclasses.replace(world.setting, types=types)
    named = {(kind.name, way.first, way.second, side.party): side for kind, way, side in sides(lived())}
    for kind, way, side in sides(world):
        assert side.bp == named[kind.name, way.first, way.second, side.party].bp
        if kind.name == "transfer_framework":
            assert side.terms[0].title == "being party"
            assert sum(term.bp for term in side.terms) == pytest.approx(side.bp, abs=1e-9)


class _Bare:
    """A type whose coefficients come as pairs, without the names of terms."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kind, name)

    def coefficients(self, view: World, groups: Any) -> Any:
        return self._kind.coefficients(view, groups).dyads()
