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
    for world in (clone(lived(months)) for months in (1, 3, 6, 14)):
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
    worlds = (lived(3), lived(), lived(30))
    rules = {bar.rule for world in worlds for _, _, kind in every(world) for bar in kind.bars}
    assert rules >= {"blocs", "competence", "settled", "eligibility", "worth", "talking"}


def test_nobody_opens_talks_that_are_barred() -> None:
    """Each month the bars are told before the month's talks: whoever opens some was not barred by what does not change within the month."""
    setting, opened = setting_of(lively()), 0
    codes, names = setting.codes, setting.type_names
    for seed in range(7):
        world = engine.start(setting, seed)
        for month in range(17):
            # No membership or law moves in the later months, and no year begins.
            before = {(one, other, kind.name): kind for one, other, kind in every(world)} if month >= 9 else {}
            rows = len(world.talks)
            engine.step(world)
            for row in range(rows, len(world.talks)) if before else ():
                pair = sorted((codes[world.talks["first"][row]], codes[world.talks["second"][row]]), key=(*NINE, "EU").index)
                barred = {bar.rule for bar in before[pair[0], pair[1], names[world.talks["type"][row]]].bars}
                assert not barred & {"blocs", "competence", "candidates", "talking"}
                opened += 1
    assert opened > 5


def test_a_state_that_keeps_no_eye_on_another_says_so() -> None:
    world = engine.start(setting_of({"start": "2019-01", "end": "2019-02", "candidates": 1, "roster": {"kind": "synthetic", "n": 30}}), 0)
    far = [(a, b) for a in range(30) for b in range(a) if world.setting.edges.find(a, b) < 0]
    codes = world.setting.codes
    told = why(world, codes[far[0][0]], codes[far[0][1]])
    assert told.types and all([bar.rule for bar in kind.bars] == ["candidates"] and not kind.ways for kind in told.types)


def test_the_model_tells_it_in_text_and_as_a_table() -> None:
    model = DiplomacyModel(seed=7, start="2019-01", end="2019-06", **{"roster.states": ["DEU", "FRA", "IDN", "SGP", "USA"]})
    model.step()
    told = model.why("IDN", "EU")
    text, rows = str(told), told.rows()
    assert text.startswith("IDN and EU at the end of 2019-01") and "Transfer framework: talks may open" in text
    assert {"trade", "surveillance", "upkeep", "safeguards"} <= {row["term"] for row in rows if row["type"] == "transfer_framework"}
    assert all(np.isfinite([row["bp"], row["gain_bp"], row["gain_usd"]]).all() for row in rows)
    assert "EU as judge of IDN" in text


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
