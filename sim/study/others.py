"""A study for schedulers that are not ours: the command of every element, and ready scripts for PBS, LSF and GNU parallel.

Nothing is submitted. The folder ``plan/`` of the study holds ``compile.sh``, ``elements.txt`` (a command a line) and ``array.pbs``,
``array.lsf``, ``parallel.sh``. What the elements have done is read from the shards, as always.
"""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Any

from sim.folder import partial_name
from sim.study.slurm import MOST_ELEMENTS, environment, python_of
from sim.study.store import Round

ROOM = "plan"


def write_plan(folder: Path, which: Round, cluster: dict[str, Any], elements: int | None, cpus: int) -> dict[str, Path]:
    """Write the commands and scripts of a round.

    Parameters
    ----------
    folder : Path
    which : Round
    cluster : dict
        As :func:`sim.study.cluster.cluster_of` gives it for ``slurm``: its time, memory, modules, venv and cache are used.
    elements : int or None
        How many commands share the round; None takes one for each shard, up to 1,000.
    cpus : int
        Processes of one element.

    Returns
    -------
    dict of str to Path
        ``compile``, ``elements``, ``pbs``, ``lsf`` and ``parallel``.
    """
    folder = folder.resolve()
    room = folder / ROOM
    room.mkdir(exist_ok=True)
    n = min(which.n_chunks, elements or MOST_ELEMENTS)
    made = {key: room / name for key, name in _NAMES.items()}
    logs = room / f"logs-{which.number}"
    logs.mkdir(exist_ok=True)
    start = "\n".join(["set -e", *environment(cluster)])
    python, place, quoted = python_of(cluster), shlex.quote(str(folder)), shlex.quote
    run = f"{python} -m sim.study.element"
    commands = [f"{quoted(str(made['one']))} {k}" for k in range(n)]
    one = f'#!/bin/bash\n{start}\nexec {run} element {place} {which.number} "$1" {n} {cpus}\n'
    texts = {
        "compile": f"#!/bin/bash\n{start}\nexec {run} compile {place} {which.number}\n",
        "one": one,
        "elements": "\n".join(commands) + "\n",
        "pbs": _pbs(folder, cluster, n, cpus, logs, quoted(str(made["one"]))),
        "lsf": _lsf(folder, cluster, n, cpus, logs, quoted(str(made["one"]))),
        "parallel": f"#!/bin/bash\nset -e\n{quoted(str(made['compile']))}\n"
        f'exec parallel --jobs "${{1:-{_JOBS}}}" --joblog {quoted(str(logs / "joblog"))} < {quoted(str(made["elements"]))}\n',
    }
    for key, text in texts.items():
        temporary = made[key].with_name(partial_name(made[key].name))
        temporary.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            temporary.chmod(0o755)
        temporary.replace(made[key])
    return made


def read_me(made: dict[str, Path], elements: int) -> list[str]:
    """Say in lines what to do with what was written."""
    path = {key: shlex.quote(str(one)) for key, one in made.items()}
    has = "" if shutil.which("parallel") else " (GNU parallel is not on this machine)"
    return [
        f"first     {path['compile']}    once, on a machine like those that compute",
        f"by hand   {path['elements']}    {elements:,} commands, one an element, in any order, on any machine that sees the folder",
        f"PBS       qsub {path['pbs']}",
        f"LSF       bsub < {path['lsf']}",
        f"parallel  {path['parallel']} 8{has}",
    ]


_NAMES = {
    "compile": "compile.sh",
    "one": "element.sh",
    "elements": "elements.txt",
    "pbs": "array.pbs",
    "lsf": "array.lsf",
    "parallel": "parallel.sh",
}
_JOBS = "100%"


def _pbs(folder: Path, cluster: dict[str, Any], n: int, cpus: int, logs: Path, one: str) -> str:
    """Write an array of PBS Pro or OpenPBS; Torque's ``-t`` and variable are told in a comment. An array of one is no array there."""
    lines = ["#!/bin/bash", "#PBS -N cloud-diplomacy", f"#PBS -l select=1:ncpus={cpus}:mem={_bytes(cluster['memory'], 'gb', 'mb')}"]
    lines += [f"#PBS -l walltime={_minutes(cluster['time'])}:00"] if cluster["time"] is not None else []
    lines += [f"#PBS -q {cluster['partition']}"] if cluster["partition"] is not None else []
    lines += [f"#PBS -A {cluster['account']}"] if cluster["account"] is not None else []
    lines += ["#PBS -r y", "#PBS -j oe", f"#PBS -o {shlex.quote(str(logs))}"]
    throttle = "" if cluster["throttle"] is None else f"%{cluster['throttle']}"
    lines += [f"#PBS -J 0-{n - 1}{throttle}"] if n > 1 else []
    lines += [f"# Torque: qsub -t 0-{n - 1} in place of -J.", f'exec {one} "${{PBS_ARRAY_INDEX:-${{PBS_ARRAYID:-0}}}}"']
    return "\n".join(lines) + "\n"


def _lsf(folder: Path, cluster: dict[str, Any], n: int, cpus: int, logs: Path, one: str) -> str:
    """Write an array of LSF, whose elements count from 1."""
    throttle = "" if cluster["throttle"] is None else f"%{cluster['throttle']}"
    lines = ["#!/bin/bash", f'#BSUB -J "cloud-diplomacy[1-{n}]{throttle}"', f"#BSUB -n {cpus}", '#BSUB -R "span[hosts=1]"']
    lines += [f"#BSUB -M {_bytes(cluster['memory'], 'GB', 'MB')}"] if cluster["memory"] is not None else []
    lines += [f"#BSUB -W {_minutes(cluster['time'])}"] if cluster["time"] is not None else []
    lines += [f"#BSUB -q {cluster['partition']}"] if cluster["partition"] is not None else []
    lines += [f"#BSUB -P {cluster['account']}"] if cluster["account"] is not None else []
    log = str(logs / "%J_%I.out").replace('"', '\\"')
    lines += ["#BSUB -r", f'#BSUB -o "{log}"', f'exec {one} "$((LSB_JOBINDEX - 1))"']
    return "\n".join(lines) + "\n"


def _bytes(memory: str | None, giga: str, mega: str) -> str:
    """Write an amount of memory in another scheduler's words: SLURM's ``2G``, ``400M`` or ``400`` (megabytes).

    >>> _bytes("2G", "gb", "mb"), _bytes("400", "gb", "mb")
    ('2gb', '400mb')
    """
    text = "2G" if memory is None else memory.upper().rstrip("B")
    return f"{text[:-1]}{giga}" if text.endswith("G") else f"{text.rstrip('M')}{mega}"


def _minutes(time: str) -> str:
    """Write a time limit in hours and minutes, from SLURM's ``[days-]hours:minutes:seconds`` or minutes.

    >>> _minutes("04:30:00"), _minutes("1-02:00:00"), _minutes("90")
    ('4:30', '26:00', '1:30')
    """
    days, _, rest = time.rpartition("-")
    parts = [int(one) for one in rest.split(":")]
    if days:
        hours, minutes = [*parts, 0][:2]
    elif len(parts) == 3:
        hours, minutes = parts[0], parts[1] + (parts[2] > 0)
    else:
        hours, minutes = 0, parts[0] + (sum(parts[1:]) > 0)
    total = (int(days or 0) * 24 + hours) * 60 + minutes
    return f"{total // 60}:{total % 60:02d}"
