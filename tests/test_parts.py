"""The contract that every part on every shelf inherits by being one file there."""

from __future__ import annotations

import dataclasses
import math
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.registry import KINDS, shelf, values_of
from sim.registry.shelves import Shelf
from sim.types import UserError

PARTS = [(kind, name) for kind in sorted(KINDS) for name in shelf(kind).names()]
NUMBERS = [
    (kind, name, field)
    for kind, name in PARTS
    for field in dataclasses.fields(shelf(kind).get(name))
    if field.metadata["unit"] not in ("choice", "switch")
]


def ids(value: Any) -> str:
    return value.name if isinstance(value, dataclasses.Field) else str(value)


def outside(field: dataclasses.Field[Any]) -> tuple[float, float]:
    """Return the nearest values beyond a number's bounds, of its own kind."""
    low, high = field.metadata["low"], field.metadata["high"]
    if isinstance(field.default, int):
        return math.ceil(low) - 1, math.floor(high) + 1
    return math.nextafter(low, -math.inf), math.nextafter(high, math.inf)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_file_on_the_shelf_loads(kind: str) -> None:
    assert shelf(kind).broken() == {}


def test_a_part_is_a_file_or_a_folder_with_its_rule_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = ("__init__", "tides", "_shared", "winds/__init__", "winds/rule", "winds/equations", "rains/__init__", "rains/equations")
    for name in files:
        path = tmp_path / "a_shelf_of_weather" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.syspath_prepend(tmp_path)
    weather = Shelf("mechanism", "a_shelf_of_weather")
    assert set(weather.broken()) == {"rains"} and "a_shelf_of_weather.rains.rule" in weather.broken()["rains"]
    known = {name for name in sys.modules if name.startswith("a_shelf_of_weather.")}
    assert {"a_shelf_of_weather.tides", "a_shelf_of_weather.winds.rule"} <= known
    assert not {"a_shelf_of_weather._shared", "a_shelf_of_weather.winds.equations", "a_shelf_of_weather.rains.equations"} & known
    for name in [*known, "a_shelf_of_weather"]:
        del sys.modules[name]


@pytest.mark.parametrize("kind", ["agreement", "protocol", "mechanism", "metric"])
def test_the_shelf_is_not_empty(kind: str) -> None:
    assert shelf(kind).names()


@pytest.mark.parametrize(("kind", "name"), PARTS, ids=ids)
def test_the_part_builds_by_default_and_survives_config_and_pickle(kind: str, name: str) -> None:
    built = shelf(kind).build(name)
    assert shelf(kind).build(name, values_of(built)) == built
    assert pickle.loads(pickle.dumps(built)) == built
    with pytest.raises(dataclasses.FrozenInstanceError):
        built.any_attribute = 1


@pytest.mark.parametrize(("kind", "name"), PARTS, ids=ids)
def test_the_part_is_told_in_english_and_indonesian(kind: str, name: str) -> None:
    cls = shelf(kind).get(name)
    assert cls.name == name == name.lower() and name.isidentifier()
    for words in (cls.title, cls.title_id, cls.sentence, cls.sentence_id):
        assert words.strip() == words and words
    assert cls.sentence.endswith(".") and cls.sentence_id.endswith(".")
    assert cls.sentence != cls.sentence_id, "the Indonesian sentence is the English one"


@pytest.mark.parametrize(("kind", "name"), PARTS, ids=ids)
def test_the_part_says_unit_source_and_meaning_of_every_parameter(kind: str, name: str) -> None:
    for field in dataclasses.fields(shelf(kind).get(name)):
        assert all(str(field.metadata[key]).strip() for key in ("unit", "source", "meaning")), field.name


@pytest.mark.parametrize(("kind", "name", "field"), NUMBERS, ids=ids)
def test_the_number_keeps_its_bounds(kind: str, name: str, field: dataclasses.Field[Any]) -> None:
    low, high = field.metadata["low"], field.metadata["high"]
    assert low < high
    for value in (low, high):
        whole = int(value) if isinstance(field.default, int) else value
        assert getattr(shelf(kind).build(name, {field.name: whole}), field.name) == value
    for value in (*outside(field), math.nan, True, "1"):
        with pytest.raises(UserError, match=field.name):
            shelf(kind).build(name, {field.name: value})


@pytest.mark.parametrize(("kind", "name"), PARTS, ids=ids)
def test_a_misspelt_parameter_is_refused(kind: str, name: str) -> None:
    with pytest.raises(UserError, match="no parameter"):
        shelf(kind).build(name, {"no_such_parameter": 1})


def test_titles_tell_the_parts_of_a_shelf_apart() -> None:
    for kind in KINDS:
        for language in ("title", "title_id"):
            titles = [getattr(shelf(kind).get(name), language) for name in shelf(kind).names()]
            assert len(titles) == len(set(titles)), (kind, language)
