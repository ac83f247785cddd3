"""Transfer frameworks of the EU and the United States in a stored run: what each replaced, how long its text took, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.store import Floats, StoredRun, read_table
from sim.types import UserError

PAIR = ("EU", "USA")
COLUMNS = ("instrument", "stage", "signed", "in_force", "ended", "successor_of", "months_of_talks")


@dataclass(frozen=True)
class Framework:
    """One framework: row of its run, months, and the framework that it replaced, if any.

    ``signed``, ``in_force`` and ``ended`` are months, -1 for never; ``talks`` months of talks, -1 where history made it.
    """

    run: int
    stage: str
    signed: int
    in_force: int
    ended: int
    talks: int
    before: Framework | None


def frameworks(run: StoredRun) -> tuple[Framework, ...]:
    """Return the frameworks of the two, of every run, in the order in which they were signed.

    Raises
    ------
    UserError
        If the folder keeps no agreements, or they are damaged.
    """
    if not (run.folder / "instruments.parquet").exists():
        raise UserError(f"{run.folder} keeps no agreements: run again with record=panels")
    filters = [("type", "in", ["transfer_framework"]), ("party_first", "in", [PAIR[0]]), ("party_second", "in", [PAIR[1]])]
    table = read_table(run, "instruments.parquet", columns=["run", *COLUMNS], filters=filters)
    seeds = np.sort(run.seeds)
    known: dict[tuple[int, str], Framework] = {}
    for row in sorted(table.to_pylist(), key=lambda one: (one["run"], one["signed"])):
        at = int(np.searchsorted(seeds, row["run"]))
        before = known.get((at, row["successor_of"]))
        signed, force, ended, talks = (int(row[name]) for name in ("signed", "in_force", "ended", "months_of_talks"))
        known[at, row["instrument"]] = Framework(at, row["stage"], signed, force, ended, talks, before)
    return tuple(known.values())


def mean_of(run: StoredRun, found: list[tuple[int, float]]) -> Floats:
    """Return the mean of some values by the run that each is of, (runs,); NaN where a run has none."""
    out = np.full(run.n_runs, np.nan)
    for row in range(run.n_runs):
        some = [value for at, value in found if at == row]
        if some:
            out[row] = np.mean(some)
    return out
