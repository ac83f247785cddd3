"""``problem.json``: whoever computes an index from a design gives it to the factor it belongs to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.study.design import FILE, write_design
from sim.study.plan import advice, plan_of
from sim.study.problem import PROBLEM

HEADS, FEAR, POWER = "mechanisms.contacts.hours_head", "agreements.infrastructure_pact.fear", "mechanisms.bargaining.power"
IN_THE_FILE = {HEADS: {"low": 0.5, "high": 2.5}, FEAR: {}, POWER: {}}
"""Not in the order of their paths, as people write them."""


def designed(place: Path, **tree: Any) -> tuple[dict[str, Any], Any]:
    write_design(place, plan_of({"set": {"end": "2019-02"}, "factors": IN_THE_FILE, **tree}))
    return json.loads((place / PROBLEM).read_text(encoding="utf-8")), pq.read_table(place / FILE)


def test_names_stand_in_the_order_of_the_columns_with_resolved_bounds(tmp_path: Path) -> None:
    problem, table = designed(tmp_path, sampler={"kind": "saltelli", "size": 4})
    assert problem["num_vars"] == 3 and problem["names"] == [FEAR, POWER, HEADS] == [n for n in table.column_names if "." in n]
    assert problem["bounds"][2] == [0.5, 2.5] and problem["dists"] == ["unif"] * 3
    for name, (low, high) in zip(problem["names"], problem["bounds"], strict=True):
        column = table.column(name).to_numpy()
        assert low <= column.min() < column.max() <= high
    assert problem["study"]["sampler"]["calc_second_order"] is False


def total_indices(problem: dict[str, Any], y: np.ndarray) -> dict[str, float]:
    """Compute Jansen's total index for each name of a problem, from rows A, AB_1 ... AB_D, B (Saltelli et al. 2010, table 2 f)."""
    d = problem["num_vars"]
    rows = y.reshape(-1, d + 2)
    spread = np.var(np.concatenate([rows[:, 0], rows[:, -1]]))
    return {name: float(np.mean((rows[:, 0] - rows[:, 1 + k]) ** 2) / (2 * spread)) for k, name in enumerate(problem["names"])}


def test_the_index_goes_to_the_factor_that_has_the_effect(tmp_path: Path) -> None:
    problem, table = designed(tmp_path, sampler={"kind": "saltelli", "size": 64})
    for one in IN_THE_FILE:
        found = total_indices(problem, table.column(one).to_numpy())
        assert found[one] == pytest.approx(1.0, abs=0.1) and all(value == 0.0 for name, value in found.items() if name != one)
        wrong = total_indices({**problem, "names": list(IN_THE_FILE)}, table.column(one).to_numpy())
        assert wrong[one] == 0.0, "a problem in the order of the file gives the index to another factor"


def test_an_elementary_effect_goes_to_the_factor_that_has_it(tmp_path: Path) -> None:
    problem, table = designed(tmp_path, sampler={"kind": "morris", "size": 6, "levels": 6})
    assert problem["study"]["sampler"]["num_levels"] == 6
    x = np.stack([table.column(name).to_numpy() for name in problem["names"]], axis=1)
    y = table.column(POWER).to_numpy().reshape(6, 4)
    moved = np.argmax(np.abs(np.diff(x.reshape(6, 4, 3), axis=1)) > 0, axis=2)
    effect = np.zeros(3)
    for trajectory in range(6):
        effect[moved[trajectory]] += np.abs(np.diff(y[trajectory]))
    assert [problem["names"][k] for k in np.flatnonzero(effect)] == [POWER]


def test_choices_and_whole_numbers_are_told_as_what_they_are(tmp_path: Path) -> None:
    factors = {
        "protocol": {"values": ["nash", "alternating_offers"]},
        "candidates": {"low": 3, "high": 6},
        "negotiated": {"values": [["transfer_framework"], ["infrastructure_pact"]]},
    }
    problem, table = designed(tmp_path, factors=factors, sampler={"kind": "random", "size": 40})
    assert problem["names"] == ["candidates", "negotiated", "protocol"]
    assert problem["bounds"] == [[2.5, 6.5], [-0.5, 1.5], [-0.5, 1.5]]
    told = {one["name"]: one for one in problem["study"]["factors"]}
    assert told["candidates"] == {"name": "candidates", "kind": "whole", "low": 3, "high": 6}
    assert told["protocol"] == {"name": "protocol", "kind": "choice", "values": ["nash", "alternating_offers"]}
    assert told["negotiated"]["values"] == [["transfer_framework"], ["infrastructure_pact"]]
    assert set(table.column("protocol").to_pylist()) == set(told["protocol"]["values"])


def test_the_order_is_said_where_it_decides_whose_an_index_is() -> None:
    for kind in ("saltelli", "morris"):
        said = str(advice(plan_of({"factors": IN_THE_FILE, "sampler": {"kind": kind, "size": 4}})))
        assert f"in the order of their paths, not of the file: {FEAR}, {POWER}, {HEADS}; problem.json" in said
    assert advice(plan_of({"factors": IN_THE_FILE, "sampler": {"kind": "grid", "levels": 2}})) is None


def test_a_study_that_grows_keeps_its_problem(tmp_path: Path) -> None:
    before, _ = designed(tmp_path, sampler={"kind": "saltelli", "size": 4})
    after, _ = designed(tmp_path, sampler={"kind": "saltelli", "size": 8})
    assert before == after
