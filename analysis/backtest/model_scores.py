"""The model's score of each dyad: the share of the seeds of stored runs in which it signed within the window.

Runs are read from a run folder, or from a study that kept its runs (``keep.runs``), by DuckDB. Which agreement types are data instruments,
and of which group, says ``tables/groups.csv``. Rows of who signed what may come from elsewhere, too (:func:`shares_of`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from analysis.backtest.labels import GROUPS
from analysis.backtest.target import DIRECTED, Target
from analysis.backtest.universe import Bools, Floats, Universe, table
from analysis.store import StoredRun, open_run
from analysis.worlds import COUNTERFACTUAL, Kept
from sim.files import read_json
from sim.folder import describe
from sim.sameness import source_digest
from sim.study.store import KEPT, is_run_folder, read_manifest
from sim.types import UserError, month_label

FEW_SEEDS = 20
FILE = "events.parquet"
QUERY = """
    SELECT DISTINCT filename || '#' || run AS seed, type, party_a, party_b
    FROM read_parquet(?, filename = true)
    WHERE event = 'signature' AND month BETWEEN ? AND ?
    ORDER BY ALL
"""
"""Who signed what in which run. The ledger is read and not the table of instruments, which also holds facts given at the start."""


@dataclass
class ModelScores:
    """What stored runs say.

    Attributes
    ----------
    folder : Path
    n_seeds : int
    shares : dict
        Group, or None for all, to the share of seeds in which the first party (judge) signed with the second, (P, P); of all groups, and
        of those without direction, it is symmetric.
    inside : bool (P,)
        Parties that the runs know.
    manifest : dict
        Of the first run, or what it would say of a world that was kept.
    notes : list of str
        What limits the scores.
    """

    folder: Path
    n_seeds: int
    shares: dict[str | None, Floats]
    inside: Bools
    manifest: Mapping[str, Any]
    notes: list[str] = field(default_factory=list)

    def over(self, seen: Target) -> Floats:
        """Return the score of each unit of a target, (U,)."""
        return np.asarray(self.shares[seen.reading.group][seen.first, seen.second])


def model_scores(folder: Path, universe: Universe, first: int, last: int) -> ModelScores:
    """Read the runs of a folder and score the dyads over a window of months, both ends inside.

    Raises
    ------
    UserError
        If it is no folder of runs, keeps no ledger, mixes configurations, or does not cover the window.
    """
    runs, notes = _runs(folder)
    one = runs[0]
    for run in runs:
        if run.manifest.get("config_digest") != one.manifest.get("config_digest"):
            raise UserError(
                f"{folder} mixes configurations ({run.folder.name} differs from {one.folder.name}): score runs of one configuration"
            )
        if not (run.folder / FILE).exists():
            raise UserError(f"{run.folder} keeps no ledger of events: run again with record=panels")
    start, end = _span(one)
    if first < start or last > end:
        raise UserError(
            f"{folder} holds {month_label(start)} to {month_label(end)}, but the window is {month_label(first)} to {month_label(last)}; "
            "score a window inside, or run over the whole window"
        )
    n = sum(len(run.seeds) for run in runs)
    inside = inside_of(universe, _codes(one), folder)
    notes += _limits(one.manifest, n, inside, first, start)
    shares = shares_of(_rows(runs, first, last), universe, one.config.get("negotiated", []), n, notes)
    return ModelScores(folder, n, shares, inside, one.manifest, notes)


def kept_scores(kept: Kept, universe: Universe, first: int, last: int) -> ModelScores:
    """Score the dyads by what is kept of a world over a window of months, both ends inside.

    Raises
    ------
    UserError
        If its states are invented.
    """
    setting, notes = kept.world.assembled(), list[str]()
    inside = inside_of(universe, setting.codes, kept.folder)
    told = {"seeds": list(range(kept.seeds)), "counterfactual": COUNTERFACTUAL in kept.world.tree, "source_digest": source_digest()}
    manifest = {**describe(setting), **told}
    notes += _limits(manifest, kept.seeds, inside, first, setting.config.start)
    columns = (kept.signatures[name].to_pylist() for name in ("seed", "month", "type", "party_a", "party_b"))
    rows = ((seed, *rest) for seed, month, *rest in zip(*columns, strict=True) if first <= month <= last)
    shares = shares_of(rows, universe, setting.config.negotiated, kept.seeds, notes)
    return ModelScores(kept.folder, kept.seeds, shares, inside, manifest, notes)


def inside_of(universe: Universe, codes: Collection[str], folder: Path) -> Bools:
    """Say which parties some runs know, (P,), from the codes of their states and blocs.

    Raises
    ------
    UserError
        If they know no two.
    """
    inside = np.array([code in codes for code in universe.codes])
    if inside.sum() < 2:
        raise UserError(f"{folder} has no two parties of the labels ({', '.join(universe.codes[:3])}, ...): its states are invented")
    return inside


def _runs(folder: Path) -> tuple[list[StoredRun], list[str]]:
    """Return the stored runs of a folder, and what is missing of them."""
    if not folder.is_dir():
        raise UserError(f"--runs {folder}: there is no such folder")
    if not (folder / "manifest.json").exists() or is_run_folder(folder):
        return [open_run(folder)], []
    manifest = read_manifest(folder)
    plan = manifest["plan"]
    if manifest["draws"] != 1 or len(plan["scenarios"]) != 1 or plan["twin"]:
        raise UserError(f"{folder} is a study of several configurations: score a study of one scenario and one draw")
    kept = sorted(path.parent for path in (folder / KEPT).glob("*/manifest.json"))
    if not kept:
        raise UserError(f"{folder} kept no run of its own: ask for them with keep.runs and keep.record panels")
    notes = []
    if manifest["status"] == "running":
        notes.append(f"the study is not finished: {len(kept)} of {manifest['runs']} runs are there")
    elif len(kept) < manifest["runs"]:
        notes.append(f"{len(kept)} of {manifest['runs']} runs are there; {manifest.get('failed', 0)} failed, and are left out")
    return [_kept(path) for path in kept], notes


def _kept(folder: Path) -> StoredRun:
    """Open a run that a study kept; unlike a run folder's, its manifest tells no command."""
    return StoredRun(folder, read_json(folder / "manifest.json"))


def _span(run: StoredRun) -> tuple[int, int]:
    """Return the first and the last month of a run."""
    months = run.months
    return int(months[0]), int(months[-1])


def _codes(run: StoredRun) -> set[str]:
    return set(run.roster.codes) | set(run.roster.members)


def _limits(manifest: Mapping[str, Any], n_seeds: int, inside: Bools, first: int, start: int) -> list[str]:
    """Say what limits the scores of these runs."""
    found = []
    if n_seeds == 1:
        found.append("there is one seed: each dyad signed or did not, and luck cannot be told from rule")
    elif n_seeds < FEW_SEEDS:
        found.append(f"there are {n_seeds} seeds: shares move by {1 / n_seeds:.2f} at a time, and scores of few seeds read low")
    if not inside.all():
        found.append(f"{int((~inside).sum())} of {len(inside)} parties are not in these runs: their dyads are left out for all")
    if manifest.get("counterfactual"):
        found.append("these are runs of a counterfactual")
    given = [one for one in manifest.get("instruments_at_start", ()) if int(one.get("in_force", -1)) >= first]
    if given:
        names = ", ".join(sorted({f"{one['type'].replace('_', ' ')} {' and '.join(one['parties'])}" for one in given}))
        found.append(f"the runs were given as a fact at their start what is of the window, and cannot sign it: {names}")
    if first > start:
        found.append(f"the runs begin in {month_label(start)}: what they signed before the window is their own past")
    return found


def _rows(runs: Sequence[StoredRun], first: int, last: int) -> list[tuple[str, str, str, str]]:
    """Return who signed what in which run within a window: seed, type and both parties."""
    import duckdb

    found: list[tuple[str, str, str, str]] = duckdb.execute(QUERY, [[str(run.folder / FILE) for run in runs], first, last]).fetchall()
    return found


def shares_of(
    rows: Iterable[tuple[int | str, str, str, str]], universe: Universe, negotiated: Collection[str], n_seeds: int, notes: list[str]
) -> dict[str | None, Floats]:
    """Return the share of seeds in which each dyad signed, by group and of all, as in :class:`ModelScores`.

    Parameters
    ----------
    rows : iterable of (seed, type, party, party)
        What was signed; the second party is empty in a treaty of many.
    universe : Universe
    negotiated : collection of str
        Agreement types on which these runs open talks.
    n_seeds : int
    notes : list of str
        What limits the scores is added to it.
    """
    group_of = {row["type"]: row["group"] for row in table("groups")}
    signed: dict[str | None, set[tuple[int | str, int, int]]] = {None: set(), **{group: set() for group in GROUPS}}
    unknown, outside, of_many = set(), set(), set()
    for seed, kind, one, two in rows:
        if kind not in group_of:
            unknown.add(kind)
        group = group_of.get(kind)
        if not group:
            continue
        if not two:
            of_many.add(kind)
            continue
        a, b = universe.party(one), universe.party(two)
        if a is None or b is None:
            outside.add(one if a is None else two)
        elif a != b:
            i, j = universe.place[a], universe.place[b]
            signed[group].add((seed, i, j))
            signed[None].add((seed, min(i, j), max(i, j)))
    shares: dict[str | None, Floats] = {}
    for key, found in signed.items():
        times = np.zeros((len(universe.codes), len(universe.codes)))
        # A dyad counts once a seed, whichever way it signed and however many types.
        for _, i, j in found if key in DIRECTED else {(seed, min(i, j), max(i, j)) for seed, i, j in found}:
            times[i, j] += 1.0
        shares[key] = (times if key in DIRECTED else times + times.T) / n_seeds
    for words, names in (
        ("agreement types without a group in groups.csv are not scored", unknown),
        ("signatures of parties without labels are not scored", outside),
        ("treaties of many are not scored", of_many),
    ):
        if names:
            notes.append(f"{words}: {', '.join(sorted(names))}")
    notes += [
        f"no agreement type of these runs is of the group {group}: the model scores 0 for every dyad in it" for group in silent(negotiated)
    ]
    return shares


def silent(negotiated: Collection[str]) -> list[str]:
    """List the groups of which no type is negotiated."""
    spoken = {row["group"] for row in table("groups") if row["type"] in negotiated}
    return [group for group in GROUPS if group not in spoken]
