"""Faults of declared state: what does not fit together, or is no declaration, is one sentence that names the part and its file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_declared_state import FOUR, SITES, folder, with_parts
from worlds import setting_of

from sim.contracts import check_contract
from sim.declare.arrays import array, axis, column, table
from sim.run import run
from sim.state.world import Setting
from sim.types import ModelFault, UserError


@pytest.fixture(scope="module")
def plain() -> Setting:
    return setting_of(FOUR)


class _One:
    kind, name, state = "mechanism", "one", (array("strain", ("party",), unit="index", meaning="strain"),)


WHERE = rf"^{re.escape(__file__)}: mechanism other: "
FAULTS: dict[str, tuple[tuple[Any, ...], str]] = {
    "ours": (
        (array("gdp", ("party",), unit="USD", meaning="x"),),
        "declares array 'gdp', which mechanism roster in sim/mechanisms/roster/rule.py ",
    ),
    "ours, as a table": ((table("trust", SITES.columns, meaning="x"),), "declares table 'trust', which mechanism trust in "),
    "another's": (
        (array("strain", ("edge",), unit="index", meaning="x"),),
        rf"declares array 'strain', which mechanism one in {__file__} ",
    ),
    "twice": ((SITES, SITES), "declares table 'sites', which mechanism other in "),
    "the world's": ((array("month", ("party",), unit="index", meaning="x"),), "declares array 'month', a name that the world uses"),
    "the world's own method": ((array("talk_identity", ("party",), unit="index", meaning="x"),), "a name that the world uses"),
    "an axis's": ((axis("party", names=("a",), meaning="x"),), "declares axis 'party', which is an axis of every run"),
    "no axis": ((array("x", ("parties",), unit="index", meaning="x"),), r"array 'x': there is no axis 'parties'; did you mean 'party'\?$"),
    "rows not first": ((SITES, array("x", ("party", "sites"), unit="index", meaning="x")), "the rows of sites are an axis for the first "),
    "no axis of a column": ((table("x", (column("y", float, ("isue",), unit="1", meaning="x"),), meaning="x"),), "did you mean 'issue'"),
    "every dyad in a row": ((SITES, array("x", ("sites", "edge"), unit="index", meaning="x")), "a row has no room for every directed dyad"),
    "a column twice": ((SITES, array("owner", ("sites",), unit="index", meaning="x")), "has a column of that name from mechanism other"),
    "a kept column": ((SITES, array("row", ("sites",), unit="index", meaning="x")), "that name is kept for what the recorder adds"),
    "one word for two rows": ((table("x", SITES.columns, row="talk", meaning="x"),), "calls one row 'talk', as table 'talks' does"),
    "refers to nothing": ((array("x", ("party",), dtype="int32", refers="tlak", unit="row", meaning="x"),), "did you mean 'talk'"),
    "no such list": (
        (axis("club", of="organisation", meaning="x"),),
        r"lists no names under 'organisation'; did you mean 'organisations'\?$",
    ),
    "no declaration": (("gdp",), "state must be a tuple of array"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_declarations_that_do_not_fit_are_one_sentence_with_part_and_file(plain: Setting, fault: str) -> None:
    state, words = FAULTS[fault]
    other = type("Other", (), {"kind": "mechanism", "name": "other", "state": state, "__module__": __name__})
    with pytest.raises(UserError, match=f"{WHERE}.*{words}") as raised:
        with_parts(plain, _One, other)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("what", "name"), [("reads", "gpd"), ("writes", "strain_3"), ("tables", "event")])
def test_a_mechanism_that_names_what_is_not_there_is_refused(plain: Setting, what: str, name: str) -> None:
    part = type("Part", (), {"kind": "mechanism", "name": "part", what: (name,), "__module__": "sim.mechanisms.trust.rule"})
    with pytest.raises(
        ModelFault, match=f"^sim/mechanisms/trust/rule.py: mechanism part: {what} names {name!r}, which no part of the run declares"
    ):
        with_parts(plain, part)


ALONE: dict[str, tuple[Any, str]] = {
    "capitals": (lambda: array("GDP", ("party",), unit="USD", meaning="x"), "array 'GDP': 'GDP' must be a name in small letters"),
    "axis as a word": (lambda: array("x", "party", unit="USD", meaning="x"), 'axis must be a tuple of names such as ("party",)'),
    "dtype": (lambda: array("x", ("party",), dtype="flaot64", unit="USD", meaning="x"), "dtype is 'flaot64'; did you mean 'float64'?"),
    "text": (lambda: array("x", ("party",), dtype=str, unit="USD", meaning="x"), "dtype is <class 'str'>"),
    "start": (lambda: array("x", ("party",), dtype="int8", start=300, unit="1", meaning="x"), "start is 300, which int8 cannot hold"),
    "half": (lambda: column("x", "int8", absent=0.5, unit="1", meaning="x"), "absent is 0.5, which int8 cannot hold"),
    "unit": (lambda: array("x", ("party",), unit=" ", meaning="x"), "unit must be said in words"),
    "meaning": (lambda: table("x", SITES.columns, meaning=""), "meaning must be said in words"),
    "parts of a row": (lambda: column("x", refers="party", meaning="x"), "its dtype must be int8, int16, int32 or int64, not float64"),
    "tier": (lambda: table("x", SITES.columns, tier="panel", meaning="x"), "tier is 'panel'; did you mean 'panels'?"),
    "file": (lambda: table("panels", SITES.columns, meaning="x"), "panels.parquet is another file of a run's folder"),
    "columns": (lambda: table("x", (SITES.columns[0],) * 2, meaning="x"), "column 'owner' is declared twice"),
    "no columns": (lambda: table("x", (), meaning="x"), "columns must be a tuple of column(...)"),
    "row": (lambda: table("states", SITES.columns, meaning="x"), "one row cannot be called 'state', which means something else"),
    "a word of Python": (lambda: array("class", ("party",), unit="1", meaning="x"), "'class' is a word of Python itself"),
    "a row of a run": (lambda: table("runs", SITES.columns, meaning="x"), "one row cannot be called 'run', which means something else"),
    "an axis of rows": (lambda: axis("row", names=("a",), meaning="x"), "that name is kept for what the recorder adds"),
    "forcing": (lambda: array("x", ("edge",), dtype=bool, forcing=True, unit="1", meaning="x"), "a forcing array is float64 or float32"),
    "kept": (lambda: column("run", "int32", unit="1", meaning="x"), "that name is kept for what the recorder adds"),
    "names": (lambda: axis("x", names=("a", "a"), meaning="x"), "names must be a tuple of words, each once"),
    "neither": (lambda: axis("x", meaning="x"), "give either names=(...) or of="),
}


@pytest.mark.parametrize("fault", ALONE)
def test_a_declaration_that_is_none_is_refused_where_it_stands(fault: str) -> None:
    make, words = ALONE[fault]
    with pytest.raises(ModelFault, match=re.escape(words)) as raised:
        make()
    assert "\n" not in str(raised.value)


@given(st.sampled_from(["float64", "int8", "int32", "bool", "uint16"]), st.sampled_from([-1, 0, 1, 300, 0.5]))
@settings(max_examples=30)
def test_an_array_starts_with_exactly_what_is_declared_or_is_refused(dtype: str, start: float) -> None:
    try:
        one = array("x", ("party",), dtype=dtype, start=start, unit="1", meaning="x")
    except ModelFault:
        with np.errstate(all="ignore"):
            assert float(np.array(float(start)).astype(dtype)) != start
        return
    assert np.full(3, one.start, dtype=one.dtype).tolist() == [start] * 3


def test_only_kinds_that_own_state_may_declare_it() -> None:
    metric = type("Mine", (), {"state": (SITES,), "unit": "1"})
    with pytest.raises(ModelFault, match=r"^Mine\.state declares 'sites', but a metric owns no state; mechanism, agreement, shock may$"):
        check_contract("metric", metric)


OWN_FAULTS = [
    ('array("labs"', 'array("gdp"', r"research_pact\.py: agreement research_pact: declares array 'gdp', which mechanism roster in "),
    ('"edge"), unit', '"edgy"), unit', r"research_pact\.py: agreement research_pact: array 'interest': there is no axis 'edgy'; "),
    ('start=2.0, unit="count"', 'start=2.0, unit=""', r"research_pact\.py:\d+: array 'labs': unit must be said in words"),
    ("state: ClassVar = (", 'state: ClassVar = ("labs",', r"research_pact\.py:\d+: ResearchPact\.state must be a tuple of array"),
]


@pytest.mark.usefixtures("own_parts")
@pytest.mark.parametrize(("old", "new", "words"), OWN_FAULTS)
def test_a_fault_in_a_users_declaration_names_the_users_file(old: str, new: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        run(parts=folder(old=old, new=new), **FOUR)
    assert not Path("outputs").exists()
