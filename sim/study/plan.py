"""What a study asks: scenarios, factors and how they are sampled, replicates, twins and what is kept; checked before anything runs.

A plan is made from a plain tree (a file of ``configs/study/``, or a dict written by hand); every fault is one sentence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.older import turning
from sim.params import MAX_SEED, TIERS, folder_of, named, whole
from sim.scenario import of
from sim.scenario_file import is_file, is_read
from sim.study.factors import Factor, factor_of, overlaps, paths_of
from sim.study.felt import corners
from sim.study.samplers import KINDS, draws_of, points
from sim.types import UserError, nearest

MOST_RUNS = 10_000_000
MOST_FACTORS = 200
_LONGEST_RUN = 31_536_000
_SHOWN = 12
"""Factors whose order is printed."""
DEFAULTS: dict[str, Any] = {
    "title": "",
    "scenarios": ["baseline"],
    "set": {},
    "factors": {},
    "sampler": {"kind": "grid", "size": 16, "seed": 0, "levels": 4, "second_order": False},
    "replicates": 1,
    "seed": 0,
    "twin": False,
    "record": "scalars",
    "keep": {"runs": [], "record": "panels"},
    "chunk": None,
    "run_timeout": None,
}


@dataclass(frozen=True)
class Plan:
    """A study, checked.

    Attributes
    ----------
    name, title : str
    scenarios : tuple of str
    fixed : dict
        Settings laid over every scenario.
    factors : tuple of Factor
        In order of their paths.
    kind : str
        The sampler; ``size``, ``sampler_seed``, ``levels`` and ``second_order`` are its own.
    replicates, seed : int
        Every draw is run with seeds ``seed`` to ``seed + replicates - 1``: all draws, scenarios and twins share their luck.
    twin : bool
        Whether each run has a counterfactual without its scenario's shocks.
    record : str
        ``scalars`` or ``series``.
    keep_runs, keep_record
        Numbers of runs that are also written as run folders of their own, and at which tier.
    chunk : int or None
        Runs a shard; None lets the study choose.
    run_timeout : float or None
        Seconds that one run may take; None sets no end.
    tree : dict
        The plain tree, defaults filled in.
    notes : tuple of str
        What a person should know before it runs.
    files : dict
        Scenarios in files of one's own, as they were read when the study began, by name.
    """

    name: str
    title: str
    scenarios: tuple[str, ...]
    fixed: dict[str, Any]
    factors: tuple[Factor, ...]
    kind: str
    size: int
    sampler_seed: int
    levels: int
    second_order: bool
    replicates: int
    seed: int
    twin: bool
    record: str
    keep_runs: tuple[int, ...]
    keep_record: str
    chunk: int | None
    run_timeout: float | None
    tree: dict[str, Any]
    notes: tuple[str, ...] = ()
    files: dict[str, Any] = field(default_factory=dict)

    def source(self, scenario: str) -> Any:
        """Return what a scenario of the study is read from: its name on the shelf, or its file as it was when the study began."""
        return self.files.get(scenario, scenario)

    @property
    def n_draws(self) -> int:
        """Draws of the sampler."""
        if self.kind == "grid":
            return math.prod(factor.levels(self.levels) for factor in self.factors)
        return draws_of(self.kind, self.size, len(self.factors), self.second_order)

    @property
    def runs_a_seed(self) -> int:
        """Runs of one draw and one seed: scenarios, and their twins."""
        return len(self.scenarios) * (2 if self.twin else 1)

    @property
    def n_runs(self) -> int:
        """Runs in all."""
        return self.n_draws * self.replicates * self.runs_a_seed

    def values(self) -> dict[str, NDArray[Any]]:
        """Return the values of every factor, one a draw."""
        if self.kind == "grid":
            grids = [factor.grid(self.levels) for factor in self.factors]
            places = np.indices([len(grid) for grid in grids]).reshape(len(grids), -1) if grids else np.zeros((0, 1), dtype=np.int64)
            return {factor.path: grid[place] for factor, grid, place in zip(self.factors, grids, places, strict=True)}
        paths = [factor.path for factor in self.factors]
        cube = points(self.kind, paths, self.size, self.sampler_seed, levels=self.levels, second_order=self.second_order)
        return {factor.path: factor.at(cube[:, k]) for k, factor in enumerate(self.factors)}

    def with_size(self, size: int | None, replicates: int | None) -> Plan:
        """Return the same plan with more draws or more replicates."""
        tree = {**self.tree, "sampler": {**self.tree["sampler"], "size": self.size if size is None else size}}
        return plan_of({**tree, "replicates": self.replicates if replicates is None else replicates}, self.name)


def plan_of(tree: Mapping[str, Any], name: str = "study") -> Plan:
    """Check a tree and make a plan of it.

    Raises
    ------
    UserError
        If anything in it cannot be: which, what was expected and the nearest valid choice.
    """
    try:
        return _plan(tree, name)
    except UserError as fault:
        raise UserError(f"study {name}: {fault}") from None


def _plan(tree: Mapping[str, Any], name: str) -> Plan:
    given = {**DEFAULTS, **turning.plan(named("a study", tree, DEFAULTS))}
    sampler = {**DEFAULTS["sampler"], **named("sampler", given["sampler"], DEFAULTS["sampler"])}
    keep = {**DEFAULTS["keep"], **named("keep", given["keep"], DEFAULTS["keep"])}
    scenarios, files = _scenarios(given["scenarios"])
    kind = _one_of("sampler.kind", sampler["kind"], KINDS)
    size = whole("sampler.size", sampler["size"], 1, MOST_RUNS)
    levels = whole("sampler.levels", sampler["levels"], 2, 1000)
    sampler_seed = whole("sampler.seed", sampler["seed"], 0, MAX_SEED)
    for key, value in (("twin", given["twin"]), ("sampler.second_order", sampler["second_order"])):
        if not isinstance(value, bool):
            raise UserError(f"{key} must be true or false, not {value!r}")
    if kind == "morris" and levels % 2:
        raise UserError(f"sampler.levels = {levels} must be even for morris")
    fixed = paths_of("set", given["set"])
    if isinstance(fixed.get("data.folder"), str):
        # A study is resumed from anywhere.
        fixed["data.folder"] = str(folder_of("data.folder", fixed["data.folder"]).resolve())
    factors = _factors(given["factors"], fixed)
    if kind != "grid" and not factors:
        raise UserError(f"sampler.kind {kind} needs factors; without any, leave it at grid and set replicates")
    replicates = whole("replicates", given["replicates"], 1, MOST_RUNS)
    seed = whole("seed", given["seed"], 0, MAX_SEED)
    if seed + replicates - 1 > MAX_SEED:
        raise UserError(f"seed {seed} with replicates={replicates} runs past the largest seed {MAX_SEED}")
    chunk = None if given["chunk"] is None else whole("chunk", given["chunk"], 1, 100_000)
    plan = Plan(
        name=name,
        title=_title(given["title"]),
        scenarios=scenarios,
        fixed=fixed,
        factors=factors,
        kind=kind,
        size=size,
        sampler_seed=sampler_seed,
        levels=levels,
        second_order=sampler["second_order"],
        replicates=replicates,
        seed=seed,
        twin=given["twin"],
        record=_one_of("record", given["record"], TIERS[:2], "; keep.runs writes more of chosen runs" if given["record"] in TIERS else ""),
        keep_runs=_numbers(keep["runs"]),
        keep_record=_one_of("keep.record", keep["record"], TIERS),
        chunk=chunk,
        run_timeout=seconds_of_run(given["run_timeout"]),
        files=files,
        tree={**given, "scenarios": [files.get(one, one) for one in scenarios], "set": fixed, "sampler": sampler, "keep": keep},
    )
    if plan.n_runs > MOST_RUNS:
        raise UserError(f"{plan.n_runs:,} runs are more than {MOST_RUNS:,}; {_fewer(plan)}")
    if plan.keep_runs and plan.keep_runs[-1] >= plan.n_runs:
        raise UserError(f"keep.runs names run {plan.keep_runs[-1]}, but runs are numbered 0 to {plan.n_runs - 1}")
    return replace(plan, notes=(*_order(plan), *corners(plan)))


def _fewer(plan: Plan) -> str:
    if plan.kind == "grid":
        return f"a grid takes every combination of {len(plan.factors)} factors: use a sampler (sampler.kind=sobol), fewer levels or factors"
    return "lower the sampler's size, its levels or the replicates"


def _order(plan: Plan) -> tuple[str, ...]:
    """Say in which order the factors stand, where their order decides whose an index is, or is not that of the file."""
    paths = [factor.path for factor in plan.factors]
    if plan.kind == "grid" or (plan.kind not in ("saltelli", "morris") and paths == list(plan.tree["factors"])):
        return ()
    shown = ", ".join(paths[:_SHOWN]) + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")
    order = "their paths" if paths == list(plan.tree["factors"]) else "their paths, not of the file"
    return (f"factors stand in the order of {order}: {shown}; problem.json in the study's folder holds it for SALib",)


def _factors(value: Any, fixed: dict[str, Any]) -> tuple[Factor, ...]:
    if not isinstance(value, Mapping):
        raise UserError(f"factors must hold named factors such as mechanisms.contacts.hours_head: {{low: 1, high: 2}}, not {value!r}")
    if len(value) > MOST_FACTORS:
        raise UserError(f"{len(value)} factors are more than {MOST_FACTORS}")
    found = []
    for path in value:
        if not isinstance(path, str):
            raise UserError(f"factors: {path!r} is no path of a setting, such as mechanisms.contacts.hours_head")
    for path in sorted(value):
        for other in fixed:
            above = path.startswith(f"{other}.") and other not in ("protocol", "shocks")
            below = other.startswith(f"{path}.") and path != "protocol"
            if other == path or above or below:
                raise UserError(f"{path} is both set and a factor{'' if other == path else f' ({other} is set)'}; leave it out of one")
        found.append(factor_of(path, value[path]))
    twice = overlaps(found)
    if twice is not None:
        raise UserError(twice)
    return tuple(found)


def _title(value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise UserError(f"title must be words, not {value!r}; put it in quotes")
    return value or ""


def _scenarios(value: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return the names of a study's scenarios, and the files among them, read."""
    if isinstance(value, (str, Mapping)):
        value = [value]
    if not isinstance(value, (list, tuple)) or not value or not all(isinstance(one, str) or is_read(one) for one in value):
        raise UserError(f"scenarios must be a list of names such as [baseline], not {value!r}")
    known = [of(one) if is_file(one) or is_read(one) else one for one in value]
    names = tuple(one if isinstance(one, str) else one["name"] for one in known)
    if len(set(names)) < len(names):
        raise UserError(f"scenarios names one of {sorted(set(names))} twice")
    return names, {one["name"]: one for one in known if not isinstance(one, str)}


def _numbers(value: Any) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)):
        raise UserError(f"keep.runs must be a list of run numbers, not {value!r}")
    return tuple(sorted({whole("keep.runs", one, 0, MOST_RUNS) for one in value}))


def seconds_of_run(value: Any) -> float | None:
    """Check the seconds that a run may take; None sets no end.

    Raises
    ------
    UserError
        If it is no number of seconds.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= _LONGEST_RUN:
        raise UserError(f"run_timeout must be a number of seconds, above 0 and up to {_LONGEST_RUN:,}, not {value!r}")
    return float(value)


def _one_of(key: str, value: Any, valid: tuple[str, ...], more: str = "") -> str:
    if value not in valid:
        raise UserError(f"{key} cannot be {value!r}; {nearest(str(value), valid)}{more}")
    return str(value)


def advice(plan: Plan) -> str | None:
    """Return what a person should know about a plan that can be run all the same."""
    said = list(plan.notes)
    if plan.kind in ("sobol", "saltelli") and plan.size & (plan.size - 1):
        better = 1 << (plan.size - 1).bit_length()
        said.append(f"a Sobol' sequence is balanced at powers of two; {better} would be better than {plan.size}")
    return "; ".join(said) or None
