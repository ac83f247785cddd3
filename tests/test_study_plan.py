"""Designs: what a study asks is checked before it runs, and every sampler gives what its name promises."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from studies import RANDOM, SMALL, small

from sim.params import configure
from sim.study.cluster import KINDS as KINDS_OF_CLUSTER
from sim.study.cluster import cluster_of
from sim.study.design import Row, in_ranges, n_rows, rows_of, write_design
from sim.study.draws import Configurations
from sim.study.plan import advice, plan_of
from sim.study.ready import ready, study_names
from sim.study.samplers import FIXED, GROWING, KINDS, draws_of, points
from sim.study.store import Round
from sim.types import UserError

HEADS = "mechanisms.contacts.hours_head"
TWO = [HEADS, "mechanisms.trust.memory"]
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"scenarios": ["basline"]}, "did you mean 'baseline'?"),
    ({"scenarios": []}, "scenarios must be a list of names"),
    ({"scenarios": ["baseline", "baseline"]}, "twice"),
    ({"factor": {}}, "did you mean 'factors'?"),
    ({"factors": {HEADS: {"low": -1.0, "high": 2.0}}}, "hours_head = -1.0 lies outside 0.0 to 200.0"),
    ({"factors": {HEADS: {"low": 2.0, "high": 2.0}}}, "low 2.0 must lie below high 2.0"),
    ({"factors": {HEADS: {"low": "a", "high": 2.0}}}, "low must be a number"),
    ({"factors": {HEADS: {"values": []}}}, "values must be a list"),
    ({"factors": {HEADS: {"values": [1.0, 1.0]}}}, "names a value twice"),
    ({"factors": {HEADS: {"values": [1.0, "x"]}}}, "all numbers or none"),
    ({"factors": {HEADS: {"values": [1.0, 999.0]}}}, "hours_head = 999.0 lies outside"),
    ({"factors": {HEADS: {"value": [1.0]}}}, "must be {low: ..., high: ...}"),
    ({"factors": {"mechanisms.contacts.hours_haed": {}}}, "did you mean 'hours_head'?"),
    ({"factors": {"mechanisms.contact.heads": {}}}, "did you mean 'contacts'?"),
    ({"factors": {"seed": {"values": [1]}}}, "seed cannot be a factor"),
    ({"factors": {"candidate": {"values": [1]}}}, "did you mean 'candidates'?"),
    ({"factors": {"candidates": {}}}, "no bounds of its own"),
    ({"factors": {"protocol": {"values": ["nsh"]}}}, "did you mean 'nash'?"),
    ({"factors": {"protocol.nothing": {}}}, "no protocol has a parameter 'nothing'"),
    ({"factors": {"protocol.deadline_rounds": {}}}, "deadline_rounds"),
    ({"factors": {"shocks.travel_closure.strength": {}}}, "scenario baseline has no shock of kind travel_closure"),
    ({"factors": {"end": {"values": ["2019-13"]}}}, "month '2019-13'"),
    ({"set": {"seed": 3}}, "seed is not set here"),
    ({"set": {HEADS: 1.0}, "factors": {HEADS: {}}}, "both set and a factor"),
    ({"set": {"mechanisms.contacts.hours_haed": 1.0}}, "did you mean 'hours_head'?"),
    ({"sampler": {"kind": "sobl"}}, "did you mean 'sobol'?"),
    ({"sampler": {"kind": "sobol"}, "factors": {}}, "needs factors"),
    ({"sampler": {"kind": "morris", "levels": 3}, "factors": {HEADS: {}}}, "must be even"),
    ({"sampler": {"size": 0}}, "sampler.size = 0 lies outside"),
    ({"replicates": 0}, "replicates = 0 lies outside"),
    ({"replicates": 3, "seed": 2**63 - 1}, "runs past the largest seed"),
    ({"replicates": 10_000_000, "factors": {HEADS: {"values": [1.0, 2.0]}}}, "20,000,000 runs are more than"),
    ({"twin": True}, "has no shocks"),
    ({"twin": 1}, "twin must be true or false"),
    ({"record": "panels"}, "keep.runs writes more of chosen runs"),
    ({"keep": {"runs": [1]}}, "keep.runs names run 1, but runs are numbered 0 to 0"),
    ({"chunk": 0}, "chunk = 0 lies outside"),
]


@pytest.mark.parametrize(("tree", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_a_plan_that_cannot_be_is_refused_in_one_sentence(tree: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError) as told:
        plan_of(tree, "mine")
    assert str(told.value).startswith("study mine: ") and sentence in str(told.value) and "\n" not in str(told.value)


@given(st.sampled_from([kind for kind in KINDS if kind != "grid"]), st.integers(1, 33), st.integers(1, 5), st.integers(0, 9))
def test_points_lie_in_the_unit_cube_and_a_seed_gives_them_again(kind: str, size: int, d: int, seed: int) -> None:
    paths = [f"f{k}" for k in range(d)]
    cube = points(kind, paths, size, seed)
    assert cube.shape == (draws_of(kind, size, d, False), d)
    assert ((cube >= 0.0) & (cube <= 1.0)).all()
    assert np.array_equal(cube, points(kind, paths, size, seed))
    assert not np.array_equal(cube, points(kind, paths, size, seed + 100)) or kind == "morris"


@pytest.mark.parametrize("kind", GROWING)
def test_a_larger_size_keeps_the_points_of_a_smaller_one(kind: str) -> None:
    few, many = points(kind, TWO, 5, 3), points(kind, TWO, 16, 3)
    assert np.array_equal(few, many[: len(few)])
    assert set(GROWING) | set(FIXED) == set(KINDS)


def test_a_hypercube_has_one_point_in_every_stratum() -> None:
    cube = points("latin_hypercube", TWO, 40, 1)
    for k in range(2):
        assert np.array_equal(np.sort((cube[:, k] * 40).astype(int)), np.arange(40))


def test_a_sobol_sequence_has_one_point_in_every_cell_of_a_power_of_two() -> None:
    cube = points("sobol", TWO, 64, 1)
    cells = (cube * 8).astype(int)
    assert len({(a, b) for a, b in cells}) == 64


@pytest.mark.parametrize("second_order", [False, True])
def test_saltelli_stands_in_the_order_that_salib_takes(second_order: bool) -> None:
    d, size = 3, 4
    cube = points("saltelli", ["a", "b", "c"], size, 0, second_order=second_order)
    step = 2 * d + 2 if second_order else d + 2
    first, second = cube[::step], cube[step - 1 :: step]
    assert not np.isclose(first, second).any()
    for k in range(d):
        mixed = cube[1 + k :: step]
        assert np.array_equal(mixed[:, k], second[:, k])
        assert np.array_equal(np.delete(mixed, k, axis=1), np.delete(first, k, axis=1))
        if second_order:
            other = cube[1 + d + k :: step]
            assert np.array_equal(other[:, k], first[:, k])
            assert np.array_equal(np.delete(other, k, axis=1), np.delete(second, k, axis=1))


def test_saltelli_finds_the_shares_of_variance_of_a_sum() -> None:
    size, weight = 1024, np.array([1.0, 2.0, 3.0])
    y = points("saltelli", ["a", "b", "c"], size, 0) @ weight
    a, b, mixed = y[::5], y[4::5], [y[1 + k :: 5] for k in range(3)]
    shares = [float(np.mean(b * (one - a)) / np.var(y)) for one in mixed]
    assert np.allclose(shares, weight**2 / (weight**2).sum(), atol=0.02)


@given(st.integers(1, 12), st.integers(1, 6), st.sampled_from([2, 4, 6]), st.integers(0, 5))
def test_a_morris_trajectory_moves_every_factor_once_by_one_step(size: int, d: int, levels: int, seed: int) -> None:
    cube = points("morris", [f"f{k}" for k in range(d)], size, seed, levels=levels).reshape(size, d + 1, d)
    moves = np.diff(cube, axis=1)
    moved = ~np.isclose(moves, 0.0)
    assert (moved.sum(axis=2) == 1).all() and (moved.sum(axis=1) == 1).all()
    assert np.allclose(np.abs(moves[moved]), levels / (2 * (levels - 1)))
    places = cube * (levels - 1)
    assert np.allclose(places, np.rint(places)) and places.min() > -1e-9 and places.max() < levels - 1 + 1e-9


def test_a_grid_holds_every_combination_once() -> None:
    plan = plan_of({"factors": {HEADS: {"values": [1.0, 2.0]}, "candidates": {"low": 10, "high": 12}}, "sampler": {"levels": 9}})
    values = plan.values()
    pairs = {(int(c), float(h)) for c, h in zip(values["candidates"], values[HEADS], strict=True)}
    assert len(pairs) == plan.n_draws == 6


def test_a_factor_without_a_range_takes_its_parameters_own() -> None:
    values = plan_of({"factors": {HEADS: {}}, "sampler": {"kind": "random", "size": 200}}).values()[HEADS]
    assert values.min() >= 0.0 and values.max() <= 200.0 and values.min() < 8.0 and values.max() > 192.0


def test_a_design_is_a_row_a_run_and_reads_back(tmp_path: Path) -> None:
    plan = plan_of({**SMALL, "scenarios": ["pandemic_lockdown"], "twin": True})
    assert write_design(tmp_path, plan) == plan.n_runs == n_rows(tmp_path) == 4 * 3 * 2
    rows = list(rows_of(tmp_path, [(0, plan.n_runs)], [factor.path for factor in plan.factors]))
    assert [row.run for row in rows] == list(range(plan.n_runs))
    assert len({(row.draw, row.seed, row.twin) for row in rows}) == plan.n_runs
    values = plan.values()
    assert all(row.values == {path: column[row.draw] for path, column in values.items()} for row in rows)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 4), st.integers(0, 4))
def test_a_design_that_grew_asks_for_the_same_runs_as_one_made_large(draws: int, seeds: int, more: int, again: int) -> None:
    import tempfile

    def asked(folder: Path) -> set[tuple[int, int, tuple[Any, ...]]]:
        return {(r.draw, r.seed, tuple(r.values.items())) for r in rows_of(folder, [(0, n_rows(folder))], [HEADS, "protocol"])}

    def plan(size: int, replicates: int) -> Any:
        return plan_of({**RANDOM, "sampler": {"kind": "random", "size": size}, "replicates": replicates})

    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        write_design(Path(one), plan(draws, seeds))
        before = list(rows_of(Path(one), [(0, n_rows(Path(one)))], []))
        write_design(Path(one), plan(draws + more, seeds + again))
        write_design(Path(two), plan(draws + more, seeds + again))
        assert asked(Path(one)) == asked(Path(two))
        assert n_rows(Path(one)) == (draws + more) * (seeds + again)
        assert list(rows_of(Path(one), [(0, len(before))], [])) == before


def test_a_design_never_shrinks(tmp_path: Path) -> None:
    write_design(tmp_path, small())
    with pytest.raises(UserError, match="a study only grows: there are 4 draws of 3 replicates"):
        write_design(tmp_path, small(replicates=2))


@given(st.sets(st.integers(0, 60)), st.integers(1, 9))
def test_chunks_hold_every_run_once_in_order(wanted: set[int], chunk: int) -> None:
    runs = np.array(sorted(wanted), dtype=np.int64)
    which = Round(1, tuple(in_ranges(runs)), chunk)
    parts = list(which.chunks())
    assert [n for part in parts for first, end in part for n in range(first, end)] == sorted(wanted)
    assert len(parts) == which.n_chunks and which.n_runs == len(wanted)
    assert len({which.shard(part) for part in parts}) == len(parts)


MIXED = {
    "agreements.transfer_framework.judge_bar": {},
    "mechanisms.bargaining.rounds_call": {},
    "mechanisms.contacts.hours_head": {},
    "mechanisms.contacts.size_elasticity": {},
    "protocol": {"values": ["nash", {"name": "alternating_offers", "deadline_rounds": 40}]},
    "shocks.travel_closure.strength": {},
    "candidates": {"low": 5, "high": 9},
    "negotiated": {"values": [["transfer_framework"], ["transfer_framework", "infrastructure_pact"]]},
}


@given(st.integers(0, 40), st.booleans())
def test_the_quick_way_to_a_configuration_gives_what_the_whole_tree_gives(seed: int, twin: bool) -> None:
    tree = {"scenarios": ["pandemic_lockdown"], "twin": True, "factors": MIXED, "sampler": {"kind": "random", "size": 3, "seed": seed}}
    plan = plan_of(tree)
    values, made = plan.values(), Configurations(plan)
    for draw in range(3):
        row = Row(draw, draw, 0, "pandemic_lockdown", twin, {path: column[draw] for path, column in values.items()})
        quick, whole = made.config(row), configure(made.tree(row))
        assert quick.tree == whole.tree and quick.digest == whole.digest
        assert dataclasses.replace(quick, tree={}) == dataclasses.replace(whole, tree={})
        assert quick.mechanisms["contacts"].hours_head == values["mechanisms.contacts.hours_head"][draw]


def test_a_size_that_unbalances_a_sequence_is_said() -> None:
    plan = plan_of({**RANDOM, "sampler": {"kind": "sobol", "size": 100}})
    assert "128 would be better than 100" in str(advice(plan))
    assert advice(small()) is None


@pytest.mark.parametrize("name", study_names())
def test_a_ready_study_is_a_valid_plan_with_a_title(name: str) -> None:
    plan = plan_of(ready(name), name)
    assert plan.title and plan.n_runs > 1


@pytest.mark.parametrize("kind", KINDS_OF_CLUSTER)
def test_the_file_of_a_cluster_says_the_defaults_that_python_takes(kind: str) -> None:
    text = (Path(__file__).resolve().parent.parent / "configs" / "cluster" / f"{kind}.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == KINDS_OF_CLUSTER[kind] == cluster_of({"kind": kind})


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [
        ({"kind": "slrm"}, "did you mean 'slurm'?"),
        ({"kind": "slurm", "partitin": "x"}, "did you mean 'partition'?"),
        ({"kind": "slurm", "partition": "a b"}, "sbatch takes one word"),
        ({"kind": "slurm", "cpus": 0}, "cluster.cpus = 0 lies outside"),
        ({"kind": "slurm", "extra": ["x"]}, "is an option of sbatch"),
        ({"kind": "slurm", "modules": "x"}, "must be a list of words"),
        ({"kind": "local", "workers": "two"}, "workers must be a whole number"),
    ],
)
def test_a_cluster_that_cannot_be_is_refused(tree: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match="cluster") as told:
        cluster_of(tree)
    assert sentence in str(told.value)
