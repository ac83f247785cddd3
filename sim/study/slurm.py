"""A round as an array of SLURM jobs: a job that compiles the kernels, then elements that each do their share of the shards.

What is done is read from the shards, never from the queue or from accounting, so that a cancelled, requeued or killed element costs
only what it had not written. Element k of n does shards k, k + n, k + 2 n, ... of the round and skips those that exist.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from sim.batch import THREADS
from sim.folder import partial_name, write_json
from sim.run import now
from sim.study.store import ROUNDS, Round
from sim.types import UserError

ROOM = "slurm"
JOBS = "jobs.json"
MOST_ELEMENTS = 1000
_DEFAULT_LIMIT = 1001
_FLAGS = {"partition": "--partition", "account": "--account", "time": "--time", "memory": "--mem"}


def submit(folder: Path, which: Round, cluster: dict[str, Any]) -> list[str]:
    """Write the scripts of a round and submit them; the numbers of the jobs are kept in ``slurm/jobs.json``.

    Parameters
    ----------
    folder : Path
    which : Round
    cluster : dict
        As :func:`sim.study.cluster.cluster_of` gives it.

    Returns
    -------
    list of str
        The numbers of the jobs: the one that compiles, then one an array (several where the site's arrays are shorter).

    Raises
    ------
    UserError
        If there is no SLURM here or it refuses a job: its own words, and how to take back what was submitted before.
    """
    if shutil.which("sbatch") is None:
        raise UserError("cluster=slurm needs sbatch, which is not on this machine; run from a login node of the cluster, or leave it out")
    folder = folder.resolve()
    if "\\" in str(folder):
        raise UserError(f"SLURM writes no log into {folder}: its name holds a backslash; begin the study elsewhere with outputs=FOLDER")
    (folder / ROOM).mkdir(exist_ok=True)
    elements = min(which.n_chunks, cluster["elements"] or MOST_ELEMENTS)
    parts = arrays(elements, cluster["array_limit"] or array_limit())
    jobs: list[str] = []
    try:
        first = _submitted(folder, which, "compile", 0, _script(folder, which, cluster, 0, 1, compiling=True), [])
        jobs.append(first)
        for (offset, count), (throttle, before) in zip(parts, lanes(len(parts), cluster["throttle"]), strict=True):
            after = [f"afterok:{first}"] + ([] if before is None else [f"afterany:{jobs[1 + before]}"])
            more = [f"--array=0-{count - 1}{'' if throttle is None else f'%{throttle}'}", f"--dependency={','.join(after)}"]
            script = _script(folder, which, cluster, offset, elements)
            jobs.append(_submitted(folder, which, "array", offset, script, [*more, "--kill-on-invalid-dep=yes"]))
    except UserError as fault:
        if not jobs:
            raise
        named, back = (f"job {jobs[0]} was", "it") if len(jobs) == 1 else (f"jobs {', '.join(jobs)} were", "them")
        raise UserError(f"{fault}; {named} submitted before: scancel {' '.join(jobs)} takes {back} back") from None
    return jobs


def arrays(elements: int, limit: int) -> list[tuple[int, int]]:
    """Split elements into arrays that the site allows: (first element, how many); ``limit`` is MaxArraySize, one above the largest index.

    >>> arrays(5, 1001)
    [(0, 5)]
    >>> arrays(5, 2)
    [(0, 2), (2, 2), (4, 1)]
    """
    return [(first, min(limit, elements - first)) for first in range(0, elements, limit)]


def lanes(n_arrays: int, throttle: int | None) -> list[tuple[int | None, int | None]]:
    """Share a throttle among arrays, so that never more elements run than it says: (throttle, array that must end before) of each.

    Arrays run side by side with a share each; where there are more arrays than the throttle allows, some wait for others.

    >>> lanes(3, 7)
    [(3, None), (2, None), (2, None)]
    >>> lanes(3, 2)
    [(1, None), (1, None), (1, 0)]
    """
    if throttle is None:
        return [(None, None)] * n_arrays
    side = min(throttle, n_arrays)
    return [(throttle // side + (at % side < throttle % side), None if at < side else at - side) for at in range(n_arrays)]


def array_limit() -> int:
    """Ask the site for MaxArraySize; SLURM's own default where it does not say."""
    try:
        done = subprocess.run(["scontrol", "show", "config"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError):
        return _DEFAULT_LIMIT
    found = re.search(r"^MaxArraySize\s*=\s*(\d+)", done.stdout, flags=re.MULTILINE)
    return max(1, int(found[1])) if found else _DEFAULT_LIMIT


def parts_of(which: Round, element: int, elements: int) -> list[tuple[tuple[int, int], ...]]:
    """Return the share of one element."""
    return [part for at, part in enumerate(which.chunks()) if at % elements == element]


def jobs_of(folder: Path) -> list[dict[str, Any]]:
    """Return what was submitted for a study: kind (compile or array), round, job, script, log and when; nothing if that is not known."""
    try:
        found = json.loads((folder / ROOM / JOBS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return found if isinstance(found, list) else []


def compiled_mark(folder: Path, number: int) -> Path:
    """Return the file that says that the compile job of a round has succeeded."""
    return folder / ROUNDS / f"compiled-{number}"


def environment(cluster: dict[str, Any]) -> list[str]:
    """Return the lines of a script that prepare the environment of a job: threads, cache, modules and the path of this source."""
    quoted = shlex.quote
    lines = [f"export {thread}=1" for thread in THREADS]
    if cluster["cache"] is not None:
        lines.append(f"export CLOUD_DIPLOMACY_CACHE={quoted(cluster['cache'])}")
    if cluster["modules"]:
        lines.append("module load " + " ".join(quoted(module) for module in cluster["modules"]))
    root = Path(__file__).resolve().parents[2]
    return [*lines, f"export PYTHONPATH={quoted(str(root))}${{PYTHONPATH:+:$PYTHONPATH}}"]


def python_of(cluster: dict[str, Any]) -> str:
    """Return the Python that a job runs, quoted for a shell."""
    return shlex.quote(sys.executable if cluster["venv"] is None else str(Path(cluster["venv"]).expanduser() / "bin" / "python"))


def _script(folder: Path, which: Round, cluster: dict[str, Any], offset: int, elements: int, *, compiling: bool = False) -> str:
    word = "compile" if compiling else "element"
    lines = ["#!/bin/bash", f"#SBATCH --job-name=cd-{'compile' if compiling else 'study'}-{_plain(folder.name)}"]
    lines += [f"#SBATCH {flag}={cluster[key]}" for key, flag in _FLAGS.items() if cluster[key] is not None]
    lines += ["#SBATCH --ntasks=1", f"#SBATCH --cpus-per-task={1 if compiling else cluster['cpus']}"]
    # A requeued job goes on in the same log; the signal comes to Python itself, which takes the place of the shell below.
    lines += ["#SBATCH --requeue", "#SBATCH --open-mode=append"]
    lines += [] if compiling else [f"#SBATCH --signal=B:TERM@{cluster['grace']}"]
    lines += [f"#SBATCH {line}" for line in cluster["extra"]]
    share = "" if compiling else f" $((SLURM_ARRAY_TASK_ID + {offset})) {elements} {cluster['cpus']}"
    lines += ["", "set -e", *environment(cluster)]
    lines.append(f"exec {python_of(cluster)} -m sim.study.element {word} {shlex.quote(str(folder))} {which.number}{share}")
    return "\n".join(lines) + "\n"


def _submitted(folder: Path, which: Round, kind: str, offset: int, script: str, more: list[str]) -> str:
    """Write a script, submit it, and keep its number in the study's folder."""
    path = _written(folder, f"{kind}-{which.number}" + ("" if kind == "compile" else f"-{offset}"), script)
    log = folder / ROOM / (f"compile-{which.number}-%j.out" if kind == "compile" else f"round-{which.number}-%A_%a.out")
    # On the command line no quoting is needed, and a per cent sign is doubled.
    job = _sbatch(path, [*more, f"--output={str(log.parent).replace('%', '%%')}/{log.name}"])
    said = {"kind": kind, "round": which.number, "job": job, "script": path.name, "log": log.name, "submitted": now()}
    write_json(folder / ROOM / JOBS, [*jobs_of(folder), said])  # type: ignore[arg-type]
    return job


def _plain(name: str) -> str:
    return re.sub(r"[^\w.+-]", "_", name)


def _written(folder: Path, name: str, text: str) -> Path:
    path = folder / ROOM / f"{name}.sh"
    temporary = path.with_name(partial_name(path.name))
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
    return path


def _sbatch(path: Path, more: list[str]) -> str:
    words = ["sbatch", "--parsable", *more, str(path)]
    # Submitted from inside a job, the array would otherwise inherit that job's own limits.
    env = {key: value for key, value in os.environ.items() if key == "SLURM_CONF" or not key.startswith("SLURM_")}
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, env=env)
    except subprocess.SubprocessError as fault:
        raise UserError(f"sbatch did not answer: {fault}") from None
    if done.returncode:
        raise UserError(f"sbatch refused {path}: {' '.join(done.stderr.split())}")
    return job_in(done.stdout, path)


def job_in(said: str, path: Path) -> str:
    r"""Find the number of a job in what sbatch said; a site's own text may stand around it.

    >>> job_in("Welcome to Alpha, 12 nodes are down\n4711;alpha\n", Path("x.sh"))
    '4711'

    Raises
    ------
    UserError
        If there is none.
    """
    found = re.findall(r"^\s*(?:Submitted batch job )?(\d+)(?:;\S+)?\s*$", said, flags=re.MULTILINE)
    if not found:
        raise UserError(f"sbatch took {path} but named no job: {' '.join(said.split())[:300]!r}; squeue --me shows it")
    return str(found[-1])
