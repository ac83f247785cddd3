"""The help of each verb of ``python -m sim``: what it takes, what it does, what it leaves as it is."""

from __future__ import annotations

HELP: dict[str, str] = {
    "status": """\
python -m sim status FOLDER
  Says how far a study is: runs done, failed, running and missing, damaged shards, bytes and pace. It changes nothing.""",
    "resume": """\
python -m sim resume FOLDER [failed=retry|skip] [trust=true] [anyway=true] [cluster=NAME] [cluster.KEY=value ...]
  Does the runs of a study that are missing, and makes its table when all are there.
  failed=skip        leaves runs that failed as they are (default: retry)
  trust=true         runs the parts and commands of a study that somebody else began
  anyway=true        goes on where another resume or grow seems to be at work
  cluster=NAME       where it is done: local or slurm (default: where the study was begun)""",
    "grow": """\
python -m sim grow FOLDER [size=COUNT] [replicates=COUNT] [trust=true] [anyway=true] [cluster=NAME] [cluster.KEY=value ...]
  Asks more of a study and does it; what is done stays.
  size=COUNT         draws in all, for the samplers random, sobol and saltelli
  replicates=COUNT   seeds of every draw, for every sampler
  trust=true, anyway=true, cluster=NAME   as for resume""",
    "collect": """\
python -m sim collect FOLDER
  Writes the table of a study from the shards that are there.""",
    "check": """\
python -m sim check FOLDER [trust=true]
  Reads all that a study holds and names what is wrong; it changes nothing. It ends with 3 if it found a fault.
  FOLDER may also be that of a run. trust=true takes the parts of a study that somebody else began as they are.""",
    "explain": """\
python -m sim explain FOLDER RUN
  Says what one run of a study is, how it ended, and the command that repeats it. RUN is its number, or the beginning of its identity.
  It runs nothing.""",
}


def about(verb: str) -> str:
    """Return the help of a verb; one without words of its own is shown by the lines of the usage that name it."""
    from sim.doors.helptext import USAGE

    if verb in HELP:
        return HELP[verb]
    lines = [line.strip() for line in USAGE.splitlines() if verb in line.split("FOLDER")[0]]
    return "\n".join(lines) or f"python -m sim {verb} ...; python -m sim --help tells all commands"
