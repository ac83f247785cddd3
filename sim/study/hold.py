"""One at a time: whoever resumes or grows a study holds it, so that no run is done twice and no two write the same table.

The hold is a file that only one process can make (``O_EXCL``, which network file systems honour too). It names machine, process and job,
and its time is renewed twice a minute. A hold is stale if its process is gone from this machine, or if nobody renewed it for five minutes
by the clock of the file system, which all machines share. Whoever finds a stale hold takes it over.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.folder import partial_name
from sim.run import now
from sim.study import notes
from sim.study.slurm import jobs_of
from sim.types import UserError

HOLD = "at-work.json"
BEAT = 30.0
SILENT = 300.0
"""Seconds without a renewal after which a holder on another machine counts as gone."""


@contextlib.contextmanager
def held(folder: Path, verb: str, *, anyway: bool = False) -> Iterator[None]:
    """Hold a study while something is done to it.

    Parameters
    ----------
    folder : Path
    verb : str
        What is done, for those who are refused.
    anyway : bool
        Whether to take over from whoever seems to be at work.

    Raises
    ------
    UserError
        If somebody is at work on it, or elements of it are queued: who, since when, and how to go on.
    """
    path = folder / HOLD
    mine = {"host": _host(), "process": os.getpid(), "started": notes.started_at(os.getpid()), "job": _job(), "verb": verb, "since": now()}
    mine["token"] = os.urandom(8).hex()
    _take(path, mine, anyway=anyway)
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(path, mine["token"], stop), daemon=True)
    beat.start()
    try:
        others = [] if anyway else at_work_without(folder)
        if others:
            raise UserError(_sentence(folder, others[0], len(others) - 1))
        yield
    finally:
        stop.set()
        beat.join()
        if _read(path).get("token") == mine["token"]:
            path.unlink(missing_ok=True)


def holder(folder: Path) -> str | None:
    """Say who holds a study, None where nobody does or the hold is stale."""
    path = folder / HOLD
    try:
        return None if _stale(path, said := _read(path)) else _told(said)
    except FileNotFoundError:
        return None


def at_work_without(folder: Path) -> list[str]:
    """List who is at work on a study without holding it: elements of a cluster that run, and those that are queued."""
    rows, mine = notes.queue_rows() or [], {str(one["job"]) for one in jobs_of(folder)}
    found = [f"job {number} is {state.lower()}" for number, state in rows if number.split("_")[0] in mine]
    for note in notes.notes(folder):
        if note.state() in ("live", "unknown"):
            found.append(f"{f'job {note.job}' if note.job else f'process {note.process}'} on {note.host} does {note.shard}")
    return found


def _take(path: Path, mine: dict[str, Any], *, anyway: bool) -> None:
    while True:
        try:
            _made(path, mine)
            return
        except FileExistsError:
            pass
        try:
            said = _read(path)
            if not anyway and not _stale(path, said):
                raise UserError(_sentence(path.parent, _told(said), 0))
        except FileNotFoundError:
            continue
        # Those who find the same stale hold compete for a file of its name: one of them takes it over.
        claim = path.with_name(f".{HOLD}.{said.get('token', 'unknown')}.taken")
        try:
            _made(claim, mine)
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):  # the claim may be settled by now
                if _age(claim) < SILENT:
                    raise UserError(f"{path.parent} has just been taken over by another process; try again in a moment") from None
                claim.unlink(missing_ok=True)
            continue
        try:
            with contextlib.suppress(FileNotFoundError):
                if _read(path).get("token") != said.get("token"):
                    continue  # somebody took it over before this claim was made
            temporary = path.with_name(partial_name(f"{path.name}.{mine['token']}"))
            temporary.write_text(json.dumps(mine), encoding="utf-8")
            temporary.replace(path)
        finally:
            claim.unlink(missing_ok=True)
        return


def _made(path: Path, said: dict[str, Any]) -> None:
    """Make a file that is not there.

    Raises
    ------
    FileExistsError
        If it is.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> dict[str, Any]:
    """Read a hold; one that is being written, or cannot be read, says nothing.

    Raises
    ------
    FileNotFoundError
        If it is gone.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _stale(path: Path, said: dict[str, Any]) -> bool:
    if said.get("host") == _host() and isinstance(said.get("process"), int) and Path("/proc/self").exists():
        return notes.started_at(said["process"]) in (0, None) or notes.started_at(said["process"]) != said.get("started")
    return _age(path) > SILENT


def _age(path: Path) -> float:
    """Return how long ago a file was renewed, by the clock of its own file system."""
    probe = path.with_name(partial_name(f"clock-{threading.get_ident()}"))
    try:
        probe.touch()
        return probe.stat().st_mtime - path.stat().st_mtime
    finally:
        probe.unlink(missing_ok=True)


def _beat(path: Path, token: str, stop: threading.Event) -> None:
    while not stop.wait(BEAT):
        with contextlib.suppress(OSError):
            if _read(path).get("token") != token:
                return
            os.utime(path)


def _told(said: dict[str, Any]) -> str:
    if not said:
        return "another process"
    job = f", job {said['job']}" if said.get("job") else ""
    return f"{said.get('verb')} by process {said.get('process')} on {said.get('host')}{job}, since {said.get('since')}"


def _sentence(folder: Path, who: str, more: int) -> str:
    return (
        f"{folder} is being worked on ({who}{f', and {more} more' if more else ''}); wait for it or stop it, "
        "since runs would be done twice. If it is gone, add anyway=true"
    )


def _host() -> str:
    return platform.node() or "here"


def _job() -> str:
    names = ("SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID")
    return next((os.environ[name] for name in names if os.environ.get(name)), "")
