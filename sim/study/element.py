"""What one job of a cluster runs: ``python -m sim.study.element``, and one of the two below.

``element FOLDER ROUND ELEMENT ELEMENTS CPUS`` does the share of one element; ``compile FOLDER ROUND`` compiles the kernels.

Exit codes are those of ``python -m sim``: 143 says that the job was asked to leave (SIGTERM, SIGUSR1) and wrote what it had.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from sim.study import asked, notes
from sim.study.lone import told
from sim.study.pools import carry_out_parts
from sim.study.slurm import compiled_mark, parts_of
from sim.study.store import Round, read_manifest, read_round
from sim.study.work import compile_kernels, memory, remaining
from sim.types import UserError

_COMPILING = 3600.0


def main(words: list[str]) -> int:
    """Do the share of one element, or compile the kernels."""
    try:
        folder = Path(words[1])
        which = read_round(folder, int(words[2]))
        read_manifest(folder)
        if words[0] == "compile":
            return _compile(folder, which, words)
        if words[0] == "kernels":
            compile_kernels(str(folder), which)
            return 0
        return _share(folder, which, *(int(word) for word in words[3:6]))
    except UserError as fault:
        _log(f"error: {fault}")
        return 2


def _share(folder: Path, which: Round, element: int, elements: int, cpus: int) -> int:
    parts = list(remaining(folder, which, parts_of(which, element, elements)))
    runs = sum(end - first for part in parts for first, end in part)
    _log(f"begins: round {which.number}, element {element} of {elements}, {len(parts)} shards, {runs:,} runs, {cpus} processes")
    begun, done = time.monotonic(), 0

    def shard(said: dict[str, Any]) -> None:
        nonlocal done
        done += said["runs"]
        rate = said["runs"] / said["seconds"] if said["seconds"] > 0 else 0.0
        failed = f", {said['failed']} failed" if said["failed"] else ""
        _log(f"{said['shard']}: {said['runs']} runs{failed}, {rate:.3g} a second, {said['memory'] / 1e6:,.0f} MB at most")

    try:
        with asked.listening():
            failed = carry_out_parts(folder, which, parts, workers=cpus, told=shard)
    except asked.Ended:
        _log(f"was asked to leave: {done:,} of {runs:,} runs are in whole shards, those at hand in shorter ones; exit code {asked.CODE}")
        return asked.CODE
    _log(f"ends: {done:,} runs in {time.monotonic() - begun:,.0f} s, {failed:,} failed, {memory() / 1e6:,.0f} MB at most")
    return 3 if failed else 0


def _compile(folder: Path, which: Round, words: list[str]) -> int:
    """Compile in a process of its own: a run that kills it is met again by its element, which tells it, and need not stop the array."""
    _log("compiles the kernels")
    begun = time.monotonic()
    try:
        done = subprocess.run([sys.executable, "-m", "sim.study.element", "kernels", *words[1:]], check=False, timeout=_COMPILING)
        code, said = done.returncode, told(done.returncode)
    except subprocess.TimeoutExpired:
        code, said = -1, f"it took more than {_COMPILING:,.0f} s"
    if code > 0:
        _log(f"error: the kernels could not be compiled ({said}); the array never starts")
        return code
    if code < 0:
        _log(f"note: a run ended the process that compiled ({said}); its element meets it again and tells it")
    compiled_mark(folder, which.number).touch()
    _log(f"compiled in {time.monotonic() - begun:,.0f} s")
    return 0


def _log(text: str) -> None:
    """Write a line to the log of the job: time, machine, job, and what happened."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.write(f"{stamp} {platform.node()} job {notes.job() or os.getpid()}: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
