"""The help of each verb of ``python -m sim``: what it takes, what it does, what it leaves as it is."""

from __future__ import annotations

HELP: dict[str, str] = {
    "status": """\
python -m sim status FOLDER [json=true]
  Says how far a study is: runs done, failed by reason, running and missing, what is queued, stale elements, damaged shards, bytes and pace.
  json=true          the same as JSON, for a program""",
    "resume": """\
python -m sim resume FOLDER [failed=retry|skip] [run_timeout=SECONDS] [trust=true] [anyway=true] [cluster=NAME] [cluster.KEY=value ...]
  Does the runs of a study that are missing, and makes its table when all are there.
  failed=skip        leaves runs that failed as they are (default: retry)
  run_timeout=600    ends a run that takes longer and records it as failed (default: study.run_timeout of the study)
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
python -m sim collect FOLDER [partial=true]
  Writes the table of a study whose every run has been tried.
  partial=true       takes the runs that are there; the manifest says partial, and how many are missing""",
    "plan": """\
python -m sim plan STUDY [study.KEY=value ...] [cluster.KEY=value ...]
python -m sim plan FOLDER [cluster.KEY=value ...]
  Makes the folder of a study, or takes one that is there, and writes the commands of its elements, with scripts for PBS, LSF and
  GNU parallel, to FOLDER/plan/. Nothing is submitted and nothing is run.
  cluster.elements=COUNT   commands that share the study; cluster.cpus=COUNT processes of each (configs/cluster/slurm.yaml)""",
    "check": """\
python -m sim check FOLDER [trust=true]
  Reads all that a study holds and names what is wrong; it changes nothing. It ends with 3 if it found a fault.
  FOLDER may also be that of a run. trust=true takes the parts of a study that somebody else began as they are.""",
    "explain": """\
python -m sim explain FOLDER RUN
  Says what one run of a study is, how it ended, and the command that repeats it. RUN is its number, or the beginning of its identity.
  It runs nothing.""",
    "why": """\
python -m sim why FOLDER ONE OTHER [month=YYYY-MM] [seed=NUMBER] [csv=FILE.csv] [trust=true]
  Says what barred talks between two parties at the end of a month of a finished run, and what each agreement would have brought each of
  them, term by term. The run is lived again as far as that month. For example python -m sim why outputs/RUN IDN EU month=2020-06
  month=YYYY-MM      default: the last month of the run
  seed=NUMBER        which of the run's seeds (default: the first)
  csv=FILE.csv       writes the terms as a table there, a row a type, way, side and term
  trust=true         runs the Python code of the run's own parts; look at it first""",
    "rerun": """\
python -m sim rerun FOLDER|MANIFEST|BUNDLE.zip [outputs=FOLDER] [trust=true]
  Runs a finished run again and compares the digests of all its seeds. It ends with 3 where one differs, and names what else changed.
  outputs=FOLDER     writes the new run there (default: nothing is written)
  trust=true         runs the Python code of the run's own parts; look at it first""",
    "bundle": """\
python -m sim bundle FOLDER [target=FILE.zip] [trust=true]
  Packs a finished run with its own tables and parts into one file, which rerun takes on any machine.
  target=FILE.zip    where to (default: beside the folder, under its name)
  trust=true         runs the Python code of the run's own parts, to see that they are still those of the run""",
}


def about(verb: str) -> str:
    """Return the help of a verb; one without words of its own is shown by the lines of the usage that name it."""
    from sim.doors.helptext import USAGE

    if verb in HELP:
        return HELP[verb]
    lines = [line.strip() for line in USAGE.splitlines() if verb in line.split("FOLDER")[0]]
    return "\n".join(lines) or f"python -m sim {verb} ...; python -m sim --help tells all commands"
