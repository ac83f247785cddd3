"""The design of a study: a row a run, numbered from 0, and only ever added to (``design.parquet``).

Columns: run, draw, seed, scenario, twin, and one a factor under its path. Rows of one draw and scenario stand together, so that a worker
builds a configuration once for all its seeds. Whose the design is and how far it goes, growth by growth, is written in the file itself, so
that a study that was stopped while it grew knows where it stands, and another study's design is known (:mod:`sim.study.own`).

The factors stand in the order of their paths, whatever the order of the study's file. ``problem.json`` beside the design says that order,
and the range of each, in the form that SALib takes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.folder import numbers, table_of, words_of, write_json, write_tables
from sim.study.manifest_form import fault_of_design
from sim.study.plan import Plan
from sim.study.problem import PROBLEM, problem_of
from sim.study.shards import opened, reason
from sim.types import UserError

FILE = "design.parquet"
ROWS_A_GROUP = 1_000
"""Rows read at once by a worker and written at once to the table: memory does not grow beyond them."""
FIXED = ("run", "draw", "seed", "scenario", "twin")
WHOSE, _GROWTHS = b"study", b"reached"
"""Where a design names its study, and lists its draws and replicates after the beginning and after each growth."""


@dataclass(frozen=True)
class Row:
    """One run asked for; ``values`` are those of the factors, by path."""

    run: int
    draw: int
    seed: int
    scenario: str
    twin: bool
    values: dict[str, Any]


def write_design(folder: Path, plan: Plan, study: str = "") -> int:
    """Write the design of a plan, or add to it what a plan that has grown asks for; return how many rows there are.

    Parameters
    ----------
    folder : Path
    plan : Plan
    study : str
        The study's id.

    Raises
    ------
    UserError
        If the plan asks for fewer draws or replicates than are there.
    """
    steps = history_in(opened_design(folder)) if (folder / FILE).exists() else []
    before = (steps[-1][0], steps[-1][1]) if steps else (0, 0)
    if plan.n_draws < before[0] or plan.replicates < before[1]:
        raise UserError(f"a study only grows: there are {before[0]} draws of {before[1]} replicates already")
    grown = before if before[0] else (0, plan.replicates)
    words = _words(study, [*steps, [plan.n_draws, plan.replicates]])
    tables = (table.replace_schema_metadata(words) for table in _tables(folder, plan, grown))
    write_tables(folder / FILE, tables, ROWS_A_GROUP)
    write_problem(folder, plan)
    return n_rows(folder)


def write_problem(folder: Path, plan: Plan) -> None:
    """Write the list of the factors beside the design."""
    if plan.factors:
        write_json(folder / PROBLEM, problem_of(plan))


def problem_fault(folder: Path, plan: Plan) -> str | None:
    """Return what is wrong with the list of the factors, None if it is the plan's."""
    try:
        told = json.loads((folder / PROBLEM).read_text(encoding="utf-8")) if plan.factors else None
    except (OSError, ValueError) as fault:
        return reason(fault)
    return None if told is None or told == json.loads(json.dumps(problem_of(plan))) else "it is not what the plan makes"


def history_in(file: Any) -> list[list[int]]:
    """Return draws and replicates of an open design after the beginning and after each growth; of an old one only the latest are known."""
    meta = file.schema_arrow.metadata or {}
    latest = [int(meta[b"draws"]), int(meta[b"replicates"])]
    try:
        steps = [[int(draws), int(replicates)] for draws, replicates in json.loads(meta.get(_GROWTHS, b"[]"))]
    except (TypeError, ValueError):
        steps = []
    return steps if steps and steps[-1] == latest else [latest]


def _words(study: str, steps: Sequence[Sequence[int]]) -> dict[str, str]:
    draws, replicates = steps[-1]
    growths = json.dumps([list(step) for step in steps])
    return {"draws": str(draws), "replicates": str(replicates), WHOSE.decode(): study, _GROWTHS.decode(): growths}


def n_rows(folder: Path) -> int:
    """Return how many runs the design on disk holds."""
    return int(opened_design(folder).metadata.num_rows)


def rows_of(folder: Path, wanted: Iterable[tuple[int, int]], paths: Iterable[str]) -> Iterator[Row]:
    """Read the rows of some ranges of run numbers (first, one past the last), reading no more of the file than they lie in."""
    return Rows(folder, paths).of(wanted)


class Rows:
    """Reads rows of a design; the group of rows read last is kept for those who ask again nearby.

    Parameters
    ----------
    folder : Path
        The study's folder.
    paths : iterable of str
        The factors wanted.
    """

    def __init__(self, folder: Path, paths: Iterable[str]) -> None:
        self._file, self._paths = opened_design(folder), list(paths)
        groups = self._file.num_row_groups
        self._starts = np.cumsum([0, *(self._file.metadata.row_group(g).num_rows for g in range(groups))])
        self._group, self._table = -1, table_of({})

    def of(self, wanted: Iterable[tuple[int, int]]) -> Iterator[Row]:
        """Give the rows of some ranges of run numbers."""
        for first, end in wanted:
            while first < end:
                at = int(np.searchsorted(self._starts, first, side="right")) - 1
                if at != self._group:
                    self._group, self._table = at, self._file.read_row_group(at, columns=[*FIXED, *self._paths], use_threads=False)
                stop = min(end, int(self._starts[at + 1]))
                lines = self._table.slice(first - int(self._starts[at]), stop - first).to_pydict()
                for run, draw, seed, scenario, twin in zip(*(lines[name] for name in FIXED), strict=True):
                    yield Row(run, draw, seed, scenario, twin, {path: lines[path][run - first] for path in self._paths})
                first = stop


def in_ranges(runs: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Write sorted run numbers as ranges (first, one past the last).

    >>> in_ranges(np.array([0, 1, 2, 7]))
    [(0, 3), (7, 8)]
    """
    if not len(runs):
        return []
    cuts = np.flatnonzero(np.diff(runs) != 1) + 1
    return [(int(part[0]), int(part[-1]) + 1) for part in np.split(runs, cuts)]


def _tables(folder: Path, plan: Plan, grown: tuple[int, int]) -> Iterator[Any]:
    """Give the whole design a group of rows at a time: what is there already, more seeds of its draws, and more draws."""
    first = 0
    if (folder / FILE).exists():
        with opened_design(folder) as there:
            first = there.metadata.num_rows
            for group in range(there.num_row_groups):
                yield there.read_row_group(group, use_threads=False)
    yield from _more(plan, grown, first, plan.values())


def rebuilt(plan: Plan, reached: Sequence[tuple[int, int]]) -> Iterator[Any]:
    """Give the design that a plan makes, whatever lies on the disk.

    Parameters
    ----------
    plan : Plan
    reached : sequence of (int, int)
        Draws and replicates after the beginning and after each growth: a design that has grown holds its rows in that order.
    """
    first, grown, values = 0, (0, reached[0][1]), plan.values()
    for draws, replicates in reached:
        for table in _more(plan, grown, first, values, (draws, replicates)):
            first += table.num_rows
            yield table
        grown = draws, replicates


def mend_design(folder: Path, plan: Plan, reached: Sequence[tuple[int, int]], study: str) -> None:
    """Write the design of a study anew from its plan."""
    words = _words(study, reached)
    write_tables(folder / FILE, (table.replace_schema_metadata(words) for table in rebuilt(plan, reached)), ROWS_A_GROUP)
    write_problem(folder, plan)


def _more(
    plan: Plan, grown: tuple[int, int], first: int, values: dict[str, NDArray[Any]], until: tuple[int, int] | None = None
) -> Iterator[Any]:
    """Give the rows that a design of so many draws and replicates lacks: more seeds of its draws, and then more draws."""
    n_draws, replicates = until or (plan.n_draws, plan.replicates)
    for draws, seeds in ((range(grown[0]), range(grown[1], replicates)), (range(grown[0], n_draws), range(replicates))):
        # Every combination, draw by draw and scenario by scenario.
        shape = (len(draws), len(plan.scenarios), len(seeds), 2 if plan.twin else 1)
        for begin in range(0, math.prod(shape), ROWS_A_GROUP):
            places = np.arange(begin, min(begin + ROWS_A_GROUP, math.prod(shape)), dtype=np.int64)
            draw, scenario, replicate, twin = (np.asarray(one, dtype=np.int64) for one in np.unravel_index(places, shape))
            columns: dict[str, Any] = {
                "run": first + places,
                "draw": draw + draws.start,
                "seed": plan.seed + seeds.start + replicate,
                "scenario": _coded(scenario, plan.scenarios),
                "twin": twin.astype(np.bool_),
            }
            for path, column in values.items():
                picked = column[columns["draw"]]
                columns[path] = words_of(list(picked)) if picked.dtype == object else picked
            yield table_of(columns)
        first += math.prod(shape)


def _coded(codes: NDArray[np.int64], names: tuple[str, ...]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(numbers(codes.astype(np.int32)), words_of(names)).dictionary_decode()


def opened_design(folder: Path) -> Any:
    """Open the design of a study, whose bytes are those that were written.

    Raises
    ------
    UserError
        If there is none, or it is damaged.
    """
    try:
        file = opened(folder / FILE)
        schema = file.schema_arrow
    except FileNotFoundError:
        raise UserError(f"{folder} holds no {FILE}: python -m sim resume {folder} makes it anew from the plan") from None
    except (OSError, ValueError) as fault:
        raise UserError(
            f"{folder / FILE} cannot be read: {reason(fault)}; python -m sim resume {folder} makes it anew from the plan"
        ) from None
    if (wrong := fault_of_design(schema)) is not None:
        raise UserError(f"{folder / FILE} is damaged: {wrong}; python -m sim resume {folder} makes it anew from the plan")
    return file
