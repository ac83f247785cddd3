"""Whether a study is sound: every byte is read once, every value is compared with its digest, and what the plan decides is made anew.

Compared are, in this order: manifest and copy; what decides numbers, with what is here now; the design, with the one the plan makes; each
shard's seal, rows, series and identities; the collected tables; the run folders that were kept. Nothing is changed. Shards are read one
at a time, and of each run 8 bytes are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.folder import column_of
from sim.older.forms import writer
from sim.seal import Damaged, folder_faults, read_signed
from sim.single import shelves_in
from sim.study.collect import FAILED, MONTHLY, SCALARS, leave_of
from sim.study.design import FILE, FIXED, Rows, opened_design, problem_fault, rebuilt
from sim.study.foreign import asked_about
from sim.study.gathered import series_digests
from sim.study.identities import Identities
from sim.study.manifest_form import SHARD, fault_of_rows
from sim.study.own import differing, own_design
from sim.study.problem import PROBLEM
from sim.study.same import moved_since, parts_in
from sim.study.shards import (
    FOREIGN,
    KEYS,
    ROW_DIGEST,
    SERIES,
    SERIES_DIGEST,
    SHARDS,
    fault_in,
    opened,
    owner_of,
    read_shard,
    reason,
    shard_names,
)
from sim.study.store import KEPT, manifest_faults, read_manifest, run_folder
from sim.study.sums import Digests, row_digests, short, summed, written
from sim.types import UserError

_OF_A_SHARD = ("run", "round", "status", "seconds", "error", "config", SERIES_DIGEST, ROW_DIGEST)
"""Columns of a shard that the collected table does not have."""
_ASKED = ("run", "draw", "seed", "scenario", "twin", "identity", "digest", "status")
_MOST_TOLD = 20


@dataclass
class Found:
    """What a check found.

    Attributes
    ----------
    faults : list of str
    done, failed : bool (n,)
        Which runs of the design have a row.
    values : uint64 (n,)
        The beginning of the digest of each run that is done, 0 where none is.
    shards : int
    """

    faults: list[str]
    done: NDArray[np.bool_]
    failed: NDArray[np.bool_]
    values: NDArray[np.uint64]
    shards: int = 0
    kept: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    """The runs that have a folder of their own, each with the row that its shard holds."""
    older: str | None = None
    """The version that wrote it, where its form is an older one."""
    _many: dict[str, int] = field(default_factory=dict)

    def add(self, where: Path, what: str) -> None:
        """Add a fault of a file; of one kind only the first are told one by one."""
        self._many[str(where)] = self._many.get(str(where), 0) + 1
        if self._many[str(where)] <= _MOST_TOLD:
            self.faults.append(f"{where}: {what}")
        elif self._many[str(where)] == _MOST_TOLD + 1:
            self.faults.append(f"{where}: and more like these")

    @property
    def verdict(self) -> str:
        """The result in a line."""
        done, failed = int(self.done.sum()), int((self.failed & ~self.done).sum())
        words = f"{done:,} done, {failed:,} failed, {len(self.done) - done - failed:,} missing in {self.shards:,} shards"
        words += "" if self.older is None else f"; written by {self.older}, so identities are not made anew"
        return f"{len(self.faults)} faults; {words}" if self.faults else f"sound: {words}"


def check(folder: Path, *, trust: bool = False) -> list[str]:
    """List what is wrong with a study: see :func:`checked_study`."""
    return checked_study(folder, trust=trust).faults


def checked_study(folder: Path, *, trust: bool = False) -> Found:
    """Read everything a study holds and say what is wrong with it.

    A run that stands twice is sound if both rows agree, since the newer one wins.

    Parameters
    ----------
    folder : Path
    trust : bool
        Whether the parts of a study made elsewhere may be run: without them its identities cannot be made anew.

    Raises
    ------
    UserError
        If it is not the folder of a study.
    """
    manifest = read_manifest(folder)
    total = int(manifest["runs"])
    found = Found(manifest_faults(folder), np.zeros(total, np.bool_), np.zeros(total, np.bool_), np.zeros(total, np.uint64))
    identities = _identities(folder, manifest, found, trust=trust)
    rows = _design(folder, manifest, found, identities)
    found.kept = {int(path.name[4:]): None for path in (folder / KEPT).glob("run-*") if path.name[4:].isdecimal()}
    for name in shard_names(folder):
        found.shards += 1
        _shard(folder, name, manifest, rows, identities, found)
    _tables(folder, manifest, found)
    _kept(folder, found)
    return found


def _identities(folder: Path, manifest: dict[str, Any], found: Found, *, trust: bool) -> Identities | None:
    """Return what makes identities anew; where that cannot be, say why."""
    found.older = writer(manifest)
    if found.older is not None:
        return None  # their identities hold the digest of the code that wrote them
    moved = moved_since(manifest)
    if moved:
        found.faults.append(f"{folder} was begun with other code or data: {'; '.join(moved)}; its identities cannot be made anew here")
        return None
    unknown = asked_about(manifest, None)
    if unknown and not trust:
        found.faults.append(
            f"{folder} was not begun by you on this account: its identities are not made anew, since that runs {unknown[0]}; "
            "look at that, and add trust=true"
        )
        return None
    try:
        return Identities(manifest, shelves_in(parts_in(manifest)))
    except UserError as fault:
        found.faults.append(f"{folder}: its plan cannot be made anew: {fault}")
        return None


def _design(folder: Path, manifest: dict[str, Any], found: Found, identities: Identities | None) -> Rows | None:
    """Compare the design with the one the plan makes; return the reader of its rows, None where it cannot be trusted."""
    path, before = folder / FILE, len(found.faults)
    try:
        with own_design(folder, manifest) as file:
            if file.metadata.num_rows != manifest["runs"]:
                found.add(path, f"it holds {file.metadata.num_rows:,} runs, the manifest {manifest['runs']:,}")
            elif identities is not None:
                there = (file.read_row_group(group, use_threads=False) for group in range(file.num_row_groups))
                made = rebuilt(identities.plan, [(draws, replicates) for draws, replicates in manifest["reached"]])
                for differs in differing(there, made):
                    found.add(path, f"run {differs} is not what the plan makes")
                if (fault := problem_fault(folder, identities.plan)) is not None:
                    found.add(folder / PROBLEM, fault)
        return None if len(found.faults) > before else Rows(folder, manifest["factors"])
    except (UserError, OSError, ValueError, KeyError, IndexError) as fault:
        found.add(path, str(fault) if isinstance(fault, UserError) else reason(fault))
        return None


def _shard(folder: Path, name: str, manifest: dict[str, Any], rows: Rows | None, identities: Identities | None, found: Found) -> None:
    """Read one shard, and its series, and compare all in it."""
    path = folder / SHARDS / name
    if (wrong := fault_in(path)) is not None:
        found.add(path, wrong)
        return
    try:
        table = read_shard(path)
        if (wrong := fault_of_rows(table.select([key for key in table.column_names if key in SHARD]))) is not None:
            found.add(path, wrong)
            return
        if owner_of(table) != manifest["id"]:
            found.add(path, FOREIGN)
            return
        told, runs = table.column(ROW_DIGEST).to_pylist(), column_of(table, "run").tolist()
        lines, digests = table.select(list(_ASKED)).to_pylist(), Digests(table)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        found.add(path, reason(fault))
        return
    for run, word, digest in zip(runs, told, digests.of((ROW_DIGEST,)), strict=True):
        if word != digest.hex():
            found.add(path, f"the values of run {run} are not those that were written")
    if len(set(runs)) < len(runs):
        found.add(path, "a run stands in it twice")
    if any(table.column(SERIES_DIGEST).to_pylist()):
        _months(folder / SERIES / name, dict(zip(runs, table.column(SERIES_DIGEST).to_pylist(), strict=True)), found)
    inside = [0 <= run < len(found.done) for run in runs]
    wanted = sorted({(run, run + 1) for run, known in zip(runs, inside, strict=True) if known})
    design = {} if rows is None else {row.run: row for row in rows.of(wanted)}
    for line, known, value in zip(lines, inside, short(digests.of(_OF_A_SHARD)), strict=True):
        run, asked = line["run"], design.get(line["run"])
        if not known or (asked and tuple(line[key] for key in FIXED) != tuple(getattr(asked, key) for key in FIXED)):
            found.add(path, f"run {run} is not the design's")
        elif line["status"] != "done":
            found.failed[run] = True
        else:
            if asked and identities is not None and (wrong := identities.fault(asked, line["identity"])):
                found.add(path, f"run {run}: {wrong}")
            if found.done[run] and found.values[run] != value:
                found.faults.append(f"run {run} differs between {name} and an earlier shard: the same identity must give the same result")
            found.done[run], found.values[run] = True, value
            if run in found.kept:
                found.kept[run] = line


def _kept(folder: Path, found: Found) -> None:
    """Read each run folder that was kept, and compare whose run it is with the row of its shard."""
    for kept in sorted((folder / KEPT).glob("run-*")):
        found.faults += folder_faults(kept)
        try:
            manifest = read_signed(kept)[0]
        except (OSError, Damaged):
            continue  # told above
        run = manifest.get("study_run")
        if not isinstance(run, int) or kept.name != run_folder(run):
            found.add(kept, f"it is not of the run that its name says, but of {run}")
        elif (line := found.kept.get(run)) is not None:
            # Folders that were kept before identities were written down tell of digests only.
            if manifest.get("identity", line["identity"]) != line["identity"]:
                found.add(kept, f"it is another study's run {run}: its identity is not that of the shard's row")
            elif manifest.get("digests") != {str(line["seed"]): line["digest"]}:
                found.add(kept, f"its digest and seed are not those that the shard holds of run {run}")


def _months(path: Path, told: Mapping[int, str], found: Found) -> None:
    try:
        there = series_digests(read_shard(path))
    except (OSError, ValueError, KeyError) as fault:
        found.add(path, reason(fault))
        return
    for run in {**told, **there}:
        if told.get(run, "") != there.get(run, ""):
            found.add(path, f"the months of run {run} are not those that were written")


def _tables(folder: Path, manifest: dict[str, Any], found: Found) -> None:
    """Compare the collected tables with the shards, the design and the manifest, if it says that there are any."""
    if manifest["status"] not in ("complete", "partial"):
        return
    partial = manifest["status"] == "partial"
    missing = int((~found.done & ~found.failed).sum())
    if missing and not partial:
        found.faults.append(f"the manifest says complete, but {missing:,} runs are missing")
    counts = {SCALARS: int(found.done.sum()), FAILED: int((found.failed & ~found.done).sum())}
    if partial:
        # More may have been done since: the manifest tells how much there was.
        counts = {SCALARS: manifest["runs"] - manifest["failed"] - manifest["missing"], FAILED: manifest["failed"]}
    wanted = {name: count > 0 for name, count in counts.items()}
    wanted[MONTHLY] = wanted[SCALARS] and manifest["plan"]["record"] == "series"
    keys = {SCALARS: "digest", FAILED: "digest_of_failed", MONTHLY: "digest_of_series"}
    for name, there in wanted.items():
        path = folder / name
        if not there:
            if path.exists() and name != MONTHLY:
                found.add(path, "it should not be there: no run belongs in it")
            continue
        try:
            total, rows = _summed(folder, name, found)
        except (OSError, ValueError, KeyError, UserError) as fault:
            found.add(path, reason(fault))
            continue
        if rows != counts.get(name, rows):
            found.add(path, f"it is not the table the manifest tells of: it holds {rows:,} rows, where {counts[name]:,} are due")
        if written(total) != manifest[keys[name]]:
            found.add(path, f"it is not the table the manifest tells of: digest {written(total)}, manifest {manifest[keys[name]]}")


def _summed(folder: Path, name: str, found: Found) -> tuple[int, int]:
    """Return the digest of a collected table and its rows; each row of the main one is compared with its shard and the design."""
    total, rows, design = 0, 0, None if name != SCALARS else _Design(folder)
    latest = -1
    with opened(folder / name) as file:
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, use_threads=False)
            total, rows = summed(row_digests(table, leave_of(name)), total), rows + table.num_rows
            if design is None:
                continue
            runs = column_of(table, "run")
            if latest >= int(runs[0]) or (np.diff(runs) <= 0).any():
                found.add(folder / name, "its runs are not in order, each once")
            latest = int(runs[-1])
            for run, same in zip(runs.tolist(), design.same(table, found.values), strict=True):
                if not same:
                    found.add(folder / name, f"run {run} is not what its shard and the design hold")
    return total, rows


class _Design:
    """Compares rows of the collected table with the shards' and with the design's."""

    def __init__(self, folder: Path) -> None:
        self._file = opened_design(folder)
        self._starts = np.cumsum([0, *(self._file.metadata.row_group(g).num_rows for g in range(self._file.num_row_groups))])
        self._names = self._file.schema_arrow.names
        self._group, self._digests = -1, list[bytes]()

    def same(self, table: Any, values: NDArray[np.uint64]) -> list[bool]:
        """Say of each row whether it is what its shard and the design hold."""
        factors = [name for name in self._names if name not in KEYS]
        mine = short(row_digests(table, ("run", *factors)))
        asked = row_digests(table.select([name for name in self._names if name in table.column_names]))
        return [
            self._at(run) == one and values[run] == two for run, one, two in zip(column_of(table, "run").tolist(), asked, mine, strict=True)
        ]

    def _at(self, run: int) -> bytes:
        group = int(np.searchsorted(self._starts, run, side="right")) - 1
        if group != self._group:
            self._group, self._digests = group, row_digests(self._file.read_row_group(group, use_threads=False))
        return self._digests[run - int(self._starts[group])]
