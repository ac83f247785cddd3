"""How far a study is, without changing it: as facts for a program, and as lines for a person."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from sim.older.forms import writer
from sim.study import notes
from sim.study.cluster import is_planned
from sim.study.indexed import Quick, quick_index
from sim.study.own import own_design
from sim.study.shards import SERIES, SHARDS
from sim.study.slurm import ROOM, compiled_mark, jobs_of
from sim.study.store import leftovers, read_manifest

_MOST_REASONS = 10
_LONGEST_REASON = 160


def facts(folder: Path) -> dict[str, Any]:
    """Return how far a study is.

    Returns
    -------
    dict
        ``study``, ``folder``, ``status`` (complete, partial or running), ``runs``, ``done``, ``failed``, ``failed_by_reason`` (error to
        count), ``running``, ``missing`` (neither done, failed nor at hand), ``queue`` (jobs by state, None where SLURM cannot be asked),
        ``stale`` (notes of elements and processes that are gone or silent), ``compile_failed`` (rounds whose array never starts),
        ``rate`` (runs a second, None if not known), ``seconds_left``, ``shards``, ``damaged``, ``half_written``, ``bytes``,
        ``bytes_a_run``, ``seconds_a_run``, ``exit_code`` (what the study ended with: 0 done, 3 with failed runs; None before that) and
        ``written_by`` (the version that wrote a study of an older form, None for one of this form).
    """
    manifest, index = read_manifest(folder), quick_index(folder)
    total = int(own_design(folder, manifest).metadata.num_rows)
    done = np.zeros(total, dtype=np.bool_)
    tried = np.zeros(total, dtype=np.bool_)
    inside = index.run < total
    done[index.run[inside & index.done]] = True
    tried[index.run[inside]] = True
    failed, missing = tried & ~done, int((~tried).sum())
    rows = notes.queue_rows() if (folder / ROOM).is_dir() else None
    live, stale = _at_hand(folder)
    live = min(live, missing)
    complete = manifest["status"] == "complete" and not missing and not index.bad
    rate = _rate(index)
    return {
        "study": manifest["name"],
        "folder": str(folder),
        "status": "complete" if complete else "partial" if manifest["status"] == "partial" else "running",
        "runs": total,
        "done": int(done.sum()),
        "failed": int(failed.sum()),
        "failed_by_reason": _reasons(index, failed),
        "running": live,
        "missing": missing - live,
        "queue": None if rows is None else _queue(folder, rows),
        "stale": stale,
        "compile_failed": _compile_failed(folder, rows),
        "rate": rate,
        "seconds_left": None if rate is None or not missing else missing / rate,
        "shards": len(index.names),
        "damaged": dict(sorted(index.bad.items())),
        "half_written": len(leftovers(folder)),
        "bytes": index.bytes + _bytes_beside(folder),
        "bytes_a_run": index.bytes / max(1, len(index.run)),
        "seconds_a_run": float(np.median(index.seconds)) if len(index.run) else None,
        "exit_code": None if not complete else 3 if failed.any() else 0,
        "written_by": writer(manifest),
    }


def status(folder: Path, *, as_json: bool = False) -> str:
    """Say how far a study is, in lines or as JSON."""
    found = facts(folder)
    if as_json:
        return json.dumps(found, indent=1, ensure_ascii=False)
    quoted, older = shlex.quote(str(folder)), found["written_by"]
    said = {"complete": "complete", "partial": "not complete; a table of a part of it is there"}.get(found["status"], "not complete")
    rate = "not known yet" if found["rate"] is None else f"{found['rate']:,.3g} runs a second"
    left = "" if found["seconds_left"] is None else f", {found['seconds_left'] / 60:,.1f} minutes for what is missing"
    lines = [
        f"study {found['study']}: {said}",
        *([] if older is None else [f"  written by   {older}; it can be read, and no run is added to it"]),
        f"  runs         {found['runs']:,}",
        f"  done         {found['done']:,}",
        f"  failed       {found['failed']:,}",
        *(f"    {count:,} x {reason}" for reason, count in found["failed_by_reason"].items()),
        f"  running      {found['running']:,}",
        f"  missing      {found['missing']:,}",
        f"  shards       {found['shards']:,}, {len(found['damaged']):,} damaged, {found['half_written']:,} left half written",
        f"  on disk      {found['bytes']:,} bytes, {found['bytes_a_run']:,.0f} a run in shards",
        f"  a run        {found['seconds_a_run'] or 0.0:.3g} s of one process (the middle one)",
        f"  rate         {rate}{left}",
    ]
    lines += [f"  damaged      {name}: {why}" for name, why in found["damaged"].items()]
    for note in found["stale"]:
        who = f"job {note['job']} on {note['host']}" if note["job"] else f"process {note['process']} on {note['host']}"
        run = "" if note["run"] is None else f" at run {note['run']}"
        lines.append(f"  stale        {who} was at work on {note['shard']}{run} and is {note['state']}")
    if (folder / ROOM).is_dir():
        queue = found["queue"]
        asked = "squeue --me tells what is queued" if queue is None else _told(queue)
        lines.append(f"  cluster      {asked}; logs in {shlex.quote(str(folder / ROOM))}")
    for one in found["compile_failed"]:
        lines.append(f"  compiling    job {one['job']} ended without success, so its array never starts; see {one['log']}")
    if older is not None and (found["missing"] or found["running"] or found["damaged"]):
        if found["done"]:
            lines.append(f"  next         python -m sim collect {quoted} partial=true makes a table of what is there")
    elif found["missing"] or found["running"] or found["damaged"]:
        here = f"python -m sim resume {quoted}"
        planned = is_planned(read_manifest(folder))
        lines.append(f"  next         {f'python -m sim plan {quoted}, or {here} cluster=local' if planned else here}")
    elif found["status"] != "complete":
        lines.append(f"  next         python -m sim collect {quoted}")
    return "\n".join(lines)


def _reasons(index: Quick, failed: Any) -> dict[str, int]:
    """Count runs that failed by the last error of each, the most frequent first."""
    latest: dict[int, tuple[int, str]] = {}
    for run, number, error in index.failed:
        if run < len(failed) and failed[run] and (run not in latest or number >= latest[run][0]):
            latest[run] = (number, error)
    counted = Counter(error[:_LONGEST_REASON] for _, error in latest.values())
    found = dict(counted.most_common(_MOST_REASONS))
    if rest := sum(counted.values()) - sum(found.values()):
        found["other reasons"] = rest
    return found


def _at_hand(folder: Path) -> tuple[int, list[dict[str, Any]]]:
    """Return how many runs are in shards that somebody is at work on, and the notes of those who are gone."""
    live, stale = 0, []
    for note in notes.notes(folder):
        state = note.state()
        if state in ("live", "unknown"):
            live += note.runs
        else:
            words = {key: getattr(note, key) for key in ("shard", "runs", "host", "process", "job", "run")}
            stale.append({**words, "state": "gone" if state == "dead" else "silent", "heard": note.heard})
    return live, stale


def _queue(folder: Path, rows: list[tuple[str, str]]) -> dict[str, int]:
    """Count this study's jobs in the queue by their states."""
    mine = {one["job"] for one in jobs_of(folder)}
    return dict(Counter(state.lower() for number, state in rows if number.split("_")[0] in mine))


def _told(queue: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {state}" for state, count in sorted(queue.items())) or "nothing is queued"


def _compile_failed(folder: Path, rows: list[tuple[str, str]] | None) -> list[dict[str, str]]:
    """List compile jobs that have left the queue without success."""
    if rows is None:
        return []
    queued = {number.split("_")[0] for number, _ in rows}
    return [
        {"job": one["job"], "round": one["round"], "log": str(folder / ROOM / one["log"].replace("%j", one["job"]))}
        for one in jobs_of(folder)
        if one["kind"] == "compile" and one["job"] not in queued and not compiled_mark(folder, one["round"]).exists()
    ]


def _rate(index: Quick) -> float | None:
    """Return how many runs a second came between the first and the latest shard of the latest round."""
    rounds = np.array([int(name[:-8].rsplit("-", 1)[1]) for name in index.names], dtype=np.int64)
    mine = rounds == rounds.max() if len(rounds) else rounds.astype(np.bool_)
    times, rows = index.changed[mine], index.rows[mine]
    if len(times) < 2 or times.max() <= times.min():
        return None
    return float(rows.sum() * (len(times) - 1) / len(times) / (times.max() - times.min()))


def _bytes_beside(folder: Path) -> int:
    """Return the bytes of everything but shards and series, which the index has counted."""
    total, rooms = 0, [str(folder)]
    while rooms:
        with contextlib.suppress(OSError), os.scandir(rooms.pop()) as entries:  # a live study renames and removes what is looked at
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if Path(entry.path) not in (folder / SHARDS, folder / SERIES):
                        rooms.append(entry.path)
                else:
                    with contextlib.suppress(OSError):
                        total += entry.stat(follow_symlinks=False).st_size
    return total
