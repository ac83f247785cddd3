"""A round as an array of SLURM jobs: a job that compiles the kernels, then elements that each do their share of the shards.

What is done is read from the shards, never from the queue or from accounting, so that a cancelled, requeued or killed element costs
only what it had not written. Element k of n does shards k, k + n, k + 2 n, ... of the round and skips those that exist.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from sim.batch import THREADS
from sim.folder import partial_name
from sim.study.store import Round
from sim.types import UserError

ROOM = "slurm"
MOST_ELEMENTS = 1000
_DEFAULT_LIMIT = 1001
_FLAGS = {"partition": "--partition", "account": "--account", "time": "--time", "memory": "--mem"}


def submit(folder: Path, which: Round, cluster: dict[str, Any]) -> list[str]:
    """Write the scripts of a round and submit them.

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
        If there is no SLURM here or it refuses the job: its own words.
    """
    if shutil.which("sbatch") is None:
        raise UserError("cluster=slurm needs sbatch, which is not on this machine; run from a login node of the cluster, or leave it out")
    folder = folder.resolve()
    (folder / ROOM).mkdir(exist_ok=True)
    elements = min(which.n_chunks, cluster["elements"] or MOST_ELEMENTS)
    first = _sbatch(_written(folder, f"compile-{which.number}", _script(folder, which, cluster, 0, 1, compiling=True)), [])
    jobs = [first]
    for offset, count in arrays(elements, cluster["array_limit"] or array_limit()):
        throttle = "" if cluster["throttle"] is None else f"%{cluster['throttle']}"
        path = _written(folder, f"array-{which.number}-{offset}", _script(folder, which, cluster, offset, elements))
        more = [f"--array=0-{count - 1}{throttle}", f"--dependency=afterok:{first}", "--kill-on-invalid-dep=yes"]
        jobs.append(_sbatch(path, more))
    return jobs


def arrays(elements: int, limit: int) -> list[tuple[int, int]]:
    """Split elements into arrays that the site allows: (first element, how many); ``limit`` is MaxArraySize, one above the largest index.

    >>> arrays(5, 1001)
    [(0, 5)]
    >>> arrays(5, 2)
    [(0, 2), (2, 2), (4, 1)]
    """
    return [(first, min(limit, elements - first)) for first in range(0, elements, limit)]


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


def _script(folder: Path, which: Round, cluster: dict[str, Any], offset: int, elements: int, *, compiling: bool = False) -> str:
    quoted = shlex.quote
    name = f"cd-{'compile' if compiling else 'study'}-{folder.name}"
    lines = ["#!/bin/bash", f"#SBATCH --job-name={quoted(name)}", f"#SBATCH --output={_log(folder, which, compiling=compiling)}"]
    lines += [f"#SBATCH {flag}={cluster[key]}" for key, flag in _FLAGS.items() if cluster[key] is not None]
    lines += ["#SBATCH --ntasks=1", f"#SBATCH --cpus-per-task={1 if compiling else cluster['cpus']}"]
    lines += [] if compiling else ["#SBATCH --requeue"]
    lines += [f"#SBATCH {line}" for line in cluster["extra"]]
    lines += ["", "set -eu"]
    lines += [f"export {thread}=1" for thread in THREADS]
    if cluster["cache"] is not None:
        lines.append(f"export CLOUD_DIPLOMACY_CACHE={quoted(cluster['cache'])}")
    if cluster["modules"]:
        lines.append("module load " + " ".join(quoted(module) for module in cluster["modules"]))
    python = sys.executable if cluster["venv"] is None else str(Path(cluster["venv"]).expanduser() / "bin" / "python")
    root = Path(__file__).resolve().parents[2]
    lines.append(f"export PYTHONPATH={quoted(str(root))}${{PYTHONPATH:+:$PYTHONPATH}}")
    word = "compile" if compiling else "element"
    share = "" if compiling else f" $((SLURM_ARRAY_TASK_ID + {offset})) {elements} {cluster['cpus']}"
    lines.append(f"exec {quoted(python)} -m sim.study.element {word} {quoted(str(folder))} {which.number}{share}")
    return "\n".join(lines) + "\n"


def _log(folder: Path, which: Round, *, compiling: bool) -> str:
    return str(folder / ROOM / (f"compile-{which.number}-%j.out" if compiling else f"round-{which.number}-%A_%a.out")).replace(" ", "\\ ")


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
    return done.stdout.strip().split(";")[0]
