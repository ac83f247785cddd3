"""From folders to runs beside their twins: those of studies that kept their runs, and run folders with seeds of their own.

Folders that do not belong together are refused: of different code, with other seeds than their twins, or two of the same world.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from analysis.facts import Fact, Floats, Measure, Pairs
from analysis.paired.pair import said
from analysis.store import StoredRun, open_run
from sim.params import canonical, folder_of
from sim.run import prepare
from sim.seal import MANIFEST
from sim.study.design import n_rows, rows_of
from sim.study.store import KEPT, is_run_folder, read_manifest, run_folder
from sim.types import UserError


@dataclass(frozen=True)
class Gathered:
    """The stored runs of one world.

    Attributes
    ----------
    folders : tuple of Path
    pairs : tuple of Pairs
        Each of one seed or more.
    asked : int
        Seeds asked for; those that failed are not among the pairs.
    digest, commit : str
        Of the code that lived them.
    """

    folders: tuple[Path, ...]
    pairs: tuple[Pairs, ...]
    asked: int
    digest: str
    commit: str

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of the pairs."""
        return tuple(seed for pair in self.pairs for seed in pair.run.seeds)

    def values(self, measure: Measure) -> Floats:
        """Return what a measure gives, one number a seed."""
        if measure.observable is None:
            raise UserError(f"{measure.name} has no observable: its fact has no scenario yet")
        return np.concatenate([np.asarray(measure.observable(pair), dtype=np.float64) for pair in self.pairs])


@dataclass
class _Half:
    """Runs of one scenario, with or without its shocks, as the folders give them."""

    folders: list[Path] = field(default_factory=list)
    runs: list[StoredRun] = field(default_factory=list)
    asked: int = 0
    digest: str = ""
    commit: str = ""


def of_study(folder: Path, *, twin: bool) -> Gathered:
    """Return the kept runs of a study of one configuration.

    Parameters
    ----------
    folder : Path
    twin : bool
        Whether only seeds whose twin is there, too, are taken.

    Raises
    ------
    UserError
        If it kept no runs, or every run failed.
    """
    halves: dict[tuple[str, bool], _Half] = {}
    _add_study(folder, halves)
    scenario = next(name for name, _ in halves)
    return _matched(folder, halves[scenario, False], halves.get((scenario, True)) if twin else None)


def of_folders(texts: Sequence[str], facts: Sequence[Fact]) -> dict[str, Gathered]:
    """Return what folders given by hand hold for some facts, by scenario.

    Raises
    ------
    UserError
        If one is no folder of runs, two do not belong together, or none is of a scenario that a fact asks for.
    """
    halves: dict[tuple[str, bool], _Half] = {}
    for text in texts:
        folder = folder_of("--runs", text)
        if (folder / MANIFEST).exists() and not is_run_folder(folder):
            _add_study(folder, halves)
        else:
            _add_run(folder, halves)
    _refuse_mixed(halves)
    wanted = sorted({fact.scenario for fact in facts if fact.scenario is not None})
    there = sorted({scenario for scenario, _ in halves})
    if not set(wanted) & set(there):
        asked = ", ".join(wanted) or "a scenario that does not exist yet"
        raise UserError(f"the facts chosen are read from {asked}, but the folders hold {', '.join(there)}")
    found = {}
    for scenario in set(wanted) & set(there):
        if (scenario, False) not in halves:
            raise UserError(f"{halves[scenario, True].folders[0]} holds the twin of {scenario} alone; give the runs with its shocks, too")
        first = halves[scenario, False]
        found[scenario] = _matched(first.folders[0], first, halves.get((scenario, True)))
    return found


def other_settings(gathered: Gathered, scenario: str) -> bool:
    """Say whether stored runs are of other settings than the scenario has today."""
    return canonical(dict(gathered.pairs[0].run.config)) != canonical(prepare({"scenarios": scenario})[0].tree)


def _add_study(folder: Path, halves: dict[tuple[str, bool], _Half]) -> None:
    manifest = read_manifest(folder)
    if manifest["draws"] != 1:
        raise UserError(f"{folder} is a study of {manifest['draws']} draws; facts are scored on one configuration with many seeds")
    if not (folder / KEPT).is_dir():
        raise UserError(f"{folder} kept no runs with their ledgers; a study that does says keep: {{runs: [0, 1, ...], record: panels}}")
    made: dict[tuple[str, bool], _Half] = {}
    for row in rows_of(folder, [(0, n_rows(folder))], []):
        half = made.setdefault((row.scenario, row.twin), _Half([folder], [], 0, *_code_of(manifest)))
        half.asked += 1
        if (place := folder / KEPT / run_folder(row.run)).is_dir():
            half.runs.append(open_run(place))
    for key, half in made.items():
        _add(folder, halves, key, half)


def _add_run(folder: Path, halves: dict[tuple[str, bool], _Half]) -> None:
    run = open_run(folder)
    if not run.has_ledger:
        raise UserError(f"{folder} keeps no ledger of events: run again with record=panels")
    half = _Half([folder], [run], run.n_runs, *_code_of(run.manifest))
    _add(folder, halves, (run.scenario, bool(run.manifest.get("counterfactual"))), half)


def _add(folder: Path, halves: dict[tuple[str, bool], _Half], key: tuple[str, bool], half: _Half) -> None:
    if key in halves:
        twin = " without its shocks" if key[1] else ""
        raise UserError(f"{halves[key].folders[0]} and {folder} both hold {key[0]}{twin}; give one of them")
    halves[key] = half


def _refuse_mixed(halves: dict[tuple[str, bool], _Half]) -> None:
    """Refuse runs of different code."""
    there = [half for half in halves.values() if half.runs]
    if not there:
        raise UserError("the folders hold no run that succeeded")
    for half in there[1:]:
        if half.digest != there[0].digest:
            raise UserError(f"{there[0].folders[0]} and {half.folders[0]} were lived by different versions of the model; score them apart")


def _code_of(manifest: Mapping[str, Any]) -> tuple[str, str]:
    """Return the digest of the code that lived a folder, and its commit."""
    return str(manifest.get("source_digest", "not stated")), str(manifest.get("commit") or "none")


def _matched(folder: Path, half: _Half, twin: _Half | None) -> Gathered:
    if not half.runs or (twin is not None and not twin.runs):
        raise UserError(f"every run of {folder} failed; python -m sim status {folder} says why")
    told = half.digest, half.commit
    folders = tuple(dict.fromkeys([*half.folders, *(twin.folders if twin else ())]))
    if twin is None:
        return Gathered(folders, tuple(Pairs(run) for run in half.runs), half.asked, *told)
    others = {run.seeds: run for run in twin.runs}
    matched = tuple(Pairs(run, others[run.seeds]) for run in half.runs if run.seeds in others)
    if not matched:
        seeds = [said(sorted(seed for run in one.runs for seed in run.seeds)) for one in (half, twin)]
        raise UserError(f"{half.folders[0]} has seeds {seeds[0]}, but {twin.folders[0]} {seeds[1]}: runs are compared with the same luck")
    for pair in matched:
        if _without_shocks(pair.run) != _without_shocks(pair.other):
            raise UserError(f"{pair.run.folder} and {pair.other.folder} differ in more than the shocks: they are no twins")
        if not np.array_equal(pair.run.months, pair.other.months):
            raise UserError(f"{pair.run.folder} and {pair.other.folder} hold other months: runs are compared over the same months")
    return Gathered(folders, matched, half.asked, *told)


def _without_shocks(run: StoredRun) -> str:
    return canonical({key: value for key, value in run.config.items() if key not in ("shocks", "events")})
