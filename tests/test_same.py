"""What ``make same`` compares, and that it finds a change of one bit in any of it."""

from __future__ import annotations

import ast
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import ROOT

GATE = ROOT / "benchmarks"
sys.path.insert(0, str(GATE))

import same_compare as comparing  # noqa: E402
import same_doors  # noqa: E402
import same_live as living  # noqa: E402
from same_worlds import CASES, Case, slug  # noqa: E402

from sim.registry import shelf  # noqa: E402

TINY = Case(
    {
        "start": "2019-10",
        "end": "2020-03",
        "roster": {"states": ["CHN", "DEU", "FRA", "GBR", "IDN", "SGP", "USA"]},
        "protocol": {"name": "alternating_offers", "deadline_rounds": 14},
        "mechanisms": {"bargaining": {"propose_rate": 1.0, "desks": 8.0, "staff_price": 0.0}},
    },
    (),
)
KINDS = {"array", "column", "words", "metric"}
Held = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def held() -> Held:
    """Return all that a small world holds in three months, and its record."""
    return living.lived(TINY)


def flipped(array: np.ndarray) -> np.ndarray:
    """Return an array whose last defined number has its last bit flipped; where none is defined, the last one is."""
    other = array.copy()
    undefined = np.isnan(other.ravel()) if other.dtype.kind == "f" else np.zeros(other.size, dtype=bool)
    if undefined.all():
        other.reshape(-1)[-1] = 0.0
    else:
        living.flip(other, int(np.flatnonzero(~undefined)[-1]))
    return other


def test_a_configuration_lived_twice_is_the_same(held: Held) -> None:
    found = comparing.compare(held, living.lived(TINY), "tiny")
    assert found.differences == [] and found.added == []
    assert set(found.counts) == KINDS and min(found.counts.values()) > 20


def test_three_months_and_the_whole_record_are_held(held: Held) -> None:
    places = {key.split("/")[0] for key in held}
    assert places == {"2019-10", "2019-12", "2020-03", "record"}
    assert {key.split("/")[1] for key in held if key.startswith("record")} == {
        *("months", "scalars", "series", "panels", "events", "instruments", "offers", "cases", "breaches", "links"),
        *("clouds", "cloud_offers"),
    }
    for month in places - {"record"}:
        tables = {key.split("/")[2].split(".")[0] for key in held if key.startswith(f"{month}/column/")}
        assert tables == {
            "talks",
            "instruments",
            "adherence",
            "conferences",
            "seats",
            "events",
            "offers",
            "felt",
            "cases",
            "breaches",
            "links",
            "ways",
            "clouds",
            "cloud_offers",
        }


def test_one_bit_in_any_array_column_or_metric_is_found_and_named(held: Held) -> None:
    planted = [key for key, array in held.items() if array.size and not key.endswith("~words")]
    assert {comparing._parts(key)[1] for key in planted} == KINDS
    for key in planted:
        found = comparing.compare(held, {**held, key: flipped(held[key])}, "tiny")
        where, kind, name = comparing._parts(key)
        assert [(one.where, one.kind, one.name) for one in found.differences] == [(where, kind, name)], key
        assert "at the base" in found.differences[0].how


def test_one_letter_in_any_column_of_words_is_found(held: Held) -> None:
    planted = [key for key, array in held.items() if array.size and key.endswith("~words")]
    assert len(planted) > 15
    for key in planted:
        found = comparing.compare(held, {**held, key: flipped(held[key])}, "tiny")
        assert [one.kind for one in found.differences] == ["words"] and "row " in found.differences[0].how


def test_a_bit_flipped_on_the_way_is_found_in_its_first_month(held: Held) -> None:
    found = comparing.compare(held, living.lived(TINY, "array:trust_kept"), "tiny")
    first = found.differences[0]
    assert (first.where, first.kind, first.name) == ("2019-10", "array", "trust_kept")
    assert first.how.startswith("[0] is ")


def test_a_parameter_whose_last_bit_is_flipped_is_found(held: Held) -> None:
    found = comparing.compare(held, living.lived(TINY, f"setting:mechanisms.trust.visit={math.nextafter(0.05, 1.0)!r}"), "tiny")
    assert any((one.kind, one.name) == ("array", "trust_kept") for one in found.differences)


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        ([1.0, 2.0], [1.0, np.nextafter(2.0, 3.0)], "[1] is 2 (0x1.0000000000000p+1) at the base"),
        ([0.0], [-0.0], "[0] is 0 (0x0.0p+0) at the base, -0 (-0x0.0p+0) here; 1 of 1 differ"),
        ([[1.0, 2.0]], [[1.0, 3.0]], "[0, 1] is 2 "),
        ([1, 2], [1.0, 2.0], "int64 at the base, float64 here"),
        ([1.0, 2.0], [1.0], "shape (2,) at the base, (1,) here"),
        ([np.nan], [1.0], "[0] is nan"),
        ([True, False], [True, True], "[1] is False at the base, True here"),
    ],
)
def test_a_difference_says_where_and_shows_both_values(old: list[Any], new: list[Any], how: str) -> None:
    assert comparing.differs(np.array(old), np.array(new)).startswith(how)


def test_every_nan_is_one_nan_and_its_place_is_compared() -> None:
    quiet, other = np.array([np.nan, 1.0]), np.array([0x7FF8000000000001, 0], dtype=np.uint64).view(np.float64)
    other[1] = 1.0
    assert quiet.tobytes() != other.tobytes()
    assert comparing.differs(quiet, other) == ""
    assert comparing.differs(quiet, other[::-1].copy()) != ""


def test_a_month_of_a_series_is_named() -> None:
    months = np.array([24228, 24229])
    how = comparing.differs(np.array([1.0, 2.0]), np.array([1.0, 3.0]), "record/series/heads", months)
    assert how.startswith("[1] (month 2019-02) is 2 ")


SMALL = {
    "2019-01/array/gdp": np.ones(2),
    "2019-01/column/talks.text": np.ones(2),
    "2019-01/column/talks.asks": np.ones(1),
    "record/series/heads": np.ones(3),
    "record/events/reason~words": np.frombuffer(b"refused", dtype=np.uint8),
    "record/events/reason~count": np.array([1]),
}
HERE = {
    "2019-01/array/output": np.ones(2),
    "2019-01/array/added": np.ones(2),
    "2019-01/column/negotiations.text": np.ones(2),
    "2019-01/column/negotiations.claims": np.ones(1),
    "record/series/contacts": np.ones(3),
    "record/events/why~words": np.frombuffer(b"refused", dtype=np.uint8),
    "record/events/why~count": np.array([1]),
}
RENAMES = tuple(
    comparing.Rename(kind, old, new, "so that it is tested")
    for kind, old, new in (
        ("array", "gdp", "output"),
        ("column", "talks.asks", "negotiations.claims"),
        ("table", "talks", "negotiations"),
        ("metric", "heads", "contacts"),
        ("words", "events.reason", "events.why"),
    )
)


def test_what_is_called_otherwise_here_is_compared_through_the_map() -> None:
    found = comparing.compare(SMALL, HERE, "small", RENAMES)
    assert found.differences == [] and found.used == set(RENAMES)
    assert found.added == ["array added"]
    spoilt = {**HERE, "2019-01/column/negotiations.claims": np.zeros(1)}
    assert [one.name for one in comparing.compare(SMALL, spoilt, "small", RENAMES).differences] == ["talks.asks"]


def test_what_the_base_has_and_is_not_here_fails() -> None:
    lost = comparing.compare(SMALL, HERE, "small").differences
    assert {one.name for one in lost} == {"gdp", "talks.text", "talks.asks", "heads", "events.reason"}
    assert all("it is not here" in one.how for one in lost)


def test_what_may_differ_is_told_apart_and_by_name_only() -> None:
    may = (comparing.Moves("sm*", "array", "gdp", "14", "a test"), comparing.Moves("*", "metric", "*", "14", "a test"))
    here = {**SMALL, "2019-01/array/gdp": np.zeros(2), "2019-01/column/talks.text": np.zeros(2)}
    found = comparing.compare(SMALL, here, "small", moves=may)
    assert [one.name for one in found.allowed] == ["gdp"] and found.used == {may[0]}
    assert [one.name for one in found.differences] == ["talks.text"]
    assert [one.name for one in comparing.compare(SMALL, here, "large", moves=may).differences] == ["gdp", "talks.text"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("kind,new,old,why\n", "its first line must be kind,old,new,why"),
        ("kind,old,new,why\narray,gdp,output\n", "line 2: each of kind, old, new, why must be said"),
        ("kind,old,new,why\narray,gdp,,so\n", "line 2: each of kind, old, new, why must be said"),
        ("kind,old,new,why\nfield,gdp,output,so\n", "line 2: a kind is one of array, column, words, metric, table, not 'field'"),
    ],
)
def test_a_faulty_map_is_refused_in_a_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "same_renames.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(comparing.Refused, match=sentence):
        comparing.read_renames(path)


def test_our_map_and_our_list_can_be_read() -> None:
    comparing.read_renames(GATE / "same_renames.csv")
    comparing.read_moves(GATE / "same_moves.csv")


def test_a_configuration_that_shows_nothing_is_told(held: Held) -> None:
    shown = ("event=negotiation_opened", "offers.step", "instruments.gain_first", "series.reputation")
    assert comparing.missing(held, shown) == []
    absent = ("event=withdrawal", "party_a=ATL", "instruments.payment", "series.closure", "instruments.nothing")
    assert comparing.missing(held, absent) == list(absent)


def test_the_configurations_are_many_and_reach_every_protocol_and_type() -> None:
    assert len(CASES) >= 26 and len({slug(name) for name in CASES}) == len(CASES)
    assert all(one.shows for one in CASES.values())
    protocols = {one.tree.get("protocol", {"name": "nash"})["name"] for one in CASES.values()}
    assert protocols >= set(shelf("protocol").names())
    negotiated = {name for one in CASES.values() for name in one.tree.get("negotiated", ())}
    assert negotiated >= {name for name in shelf("agreement").names() if shelf("agreement").get(name).negotiable}
    keys = {key for one in CASES.values() for key in one.tree}
    assert keys >= {"coalitions", "moves", "data", "agents", "parts", "candidates", "counterfactual", "shocks"}
    assert any(one.levers for one in CASES.values())
    shown = {word for one in CASES.values() for word in one.shows}
    new = ("annulment", "breach", "breach_found", "complaint", "denunciation", "guidelines_followed", "leak", "notice_withdrawn")
    assert shown >= {f"event={name}" for name in (*new, "prolongation", "review", "ruling", "succession", "walkout")}


def doors_asked() -> Iterator[str]:
    """Give every name that the driver and the gate's own parts ask the doors for."""
    for path in [GATE / "same_live.py", *GATE.glob("same_*/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "same_doors":
                yield from (alias.name for alias in node.names)
            if isinstance(node, ast.ImportFrom | ast.Import):
                names = [getattr(node, "module", None), *(alias.name for alias in node.names)]
                assert not [name for name in names if str(name).startswith("sim.")], f"{path.name} goes past the doors"
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "same_doors":
                yield node.attr


def test_every_door_opens_and_is_used() -> None:
    asked = set(doors_asked()) - {"DOORS"} | {"Event", "Reason", "Channel", "Occasion"}
    assert asked == set(same_doors.DOORS)
    for name in same_doors.DOORS:
        assert getattr(same_doors, name) is not None


def test_a_door_that_is_nowhere_says_where_to_write_its_new_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(same_doors.DOORS, "lost", ("sim.types", "sim.no_such_room"))
    with pytest.raises(ImportError, match=r"none of sim\.types, sim\.no_such_room has lost: add its new place"):
        _ = same_doors.lost


def test_the_base_is_stored_as_a_full_hash() -> None:
    base = (GATE / "same_base.txt").read_text(encoding="ascii")
    assert len(base.strip()) == 40 and base.startswith("bc02cc5") and set(base.strip()) <= set("0123456789abcdef")


def asked_for(*words: str) -> subprocess.CompletedProcess[str]:
    door = [sys.executable, str(GATE / "same.py"), *words]
    return subprocess.run(door, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--base", "no-such-commit"), "there is no commit 'no-such-commit'"),
        (("no such world",), "there is no configuration 'no such world'"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    done = asked_for(*words)
    assert done.returncode == 2 and done.stdout == ""
    assert sentence in done.stderr and done.stderr.count("\n") == 1
