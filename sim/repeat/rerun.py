"""A finished run made again from its manifest, and compared with it by digest; what differs around it is named."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim import engine
from sim.older import names
from sim.older.forms import writer
from sim.recorder import RunData
from sim.repeat.recorded import Recorded
from sim.run import provenance, run
from sim.scenario_file import changed
from sim.seal import table_fault
from sim.single import prepare
from sim.state.world import Setting
from sim.types import UserError


@dataclass(frozen=True)
class Verdict:
    """How a run made again compares with what was stored.

    Attributes
    ----------
    same, differing : tuple of int
        Seeds whose digests agree, and those whose digests do not.
    around : tuple of str
        What else is not as it was: source, tables, parts, versions, processor; one sentence each.
    figures : bool or None
        Of a run of an older form: whether every scalar is the same number as then; None where that was not looked at.
    folder : Path or None
        Where the new run was written.
    """

    same: tuple[int, ...]
    differing: tuple[int, ...]
    around: tuple[str, ...]
    folder: Path | None
    figures: bool | None = None

    def __str__(self) -> str:
        """Say it in lines."""
        total = len(self.same) + len(self.differing)
        head = (
            f"same: {total} of {total} digests" if not self.differing else f"not the same: {len(self.differing)} of {total} digests differ"
        )
        seeds = [] if not self.differing else [f"  first at seed {self.differing[0]}"]
        return "\n".join([head, *seeds, *(f"  {line}" for line in self.around)])


def trusted(known: Recorded, trust: bool) -> None:
    """Refuse to run parts that nobody has said to trust.

    Raises
    ------
    UserError
        If the run used parts and ``trust`` is false, or its parts are not at hand.
    """
    if known.manifest.get("parts_digest") and known.parts is None:
        raise UserError(f"{known.path} was run with parts of the user's own, and does not say where they are")
    if known.parts is not None and not trust:
        raise UserError(f"{known.path} needs the Python code in {known.parts}; look at it, and add trust=true to run it")


def reassembled(known: Recorded, trust: bool) -> Setting:
    """Return the setting of a stored run as it is made now, its parts loaded.

    Raises
    ------
    UserError
        If parts are not trusted, or the configuration is not valid any more.
    """
    trusted(known, trust)
    try:
        config, _ = prepare(known.tree())
        return engine.assemble(config)
    except UserError as fault:
        raise UserError(f"{known.path} cannot be run again here: {fault}") from None


def rerun(
    known: Recorded, *, trust: bool = False, outputs: str | os.PathLike[str] | None = None, heard: Callable[[int], None] | None = None
) -> Verdict:
    """Run a stored run again and compare.

    Parameters
    ----------
    known : Recorded
    trust : bool
        Whether the code of its parts may run.
    outputs : path or None
        Where to write the new run folder; None writes nothing.
    heard : callable or None
        As in :func:`sim.run.run`.

    Raises
    ------
    UserError
        If it cannot be run again here: one sentence.
    """
    setting = reassembled(known, trust)
    told = known.tree() if outputs is not None else {**known.tree(), "record": "scalars"}
    scenario = told.pop("scenarios")
    result = run(scenario, outputs=outputs, heard=heard, **told)
    then = known.manifest["digests"]
    same = tuple(one.seed for one in result.runs if then[str(one.seed)] == one.digest)
    differing = tuple(one.seed for one in result.runs if one.seed not in same)
    figures, older = None, []
    if (by := writer(known.manifest)) is not None:
        figures = _same_figures(known, result.runs) if differing else True
        older = [_of_older(by, figures)] if differing else []
    return Verdict(same, differing, (*older, *_around(known, setting)), result.folder, figures)


def _of_older(by: str, figures: bool | None) -> str:
    """Say what digests that differ mean where an older version wrote them."""
    found = {
        True: "every scalar of every seed is the same number as then",
        False: "and scalars differ too",
        None: "its scalars are not at hand, or not the same columns, to be compared",
    }[figures]
    return f"it was written by {by}, whose digests are made of other things, so that they differ says nothing by itself: {found}"


def _same_figures(known: Recorded, runs: Sequence[RunData]) -> bool | None:
    """Compare the scalars of a run made again with those stored beside its manifest; None where they cannot be compared."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder, name = known.path.parent, "scalars.parquet"
    if not (folder / name).is_file() or table_fault(folder, known.manifest, name) is not None:
        return None
    try:
        stored = {row["run"]: names.renamed("column", row) for row in pq.read_table(folder / name, partitioning=None).to_pylist()}
    except (OSError, ValueError, pa.ArrowException):
        return None
    if not all(one.seed in stored and set(stored[one.seed]) - {"run", "digest"} <= set(one.scalars) for one in runs):
        return None
    # Not a number is equal to itself here: it is what an undefined scalar is.
    return all(
        value == one.scalars[key] or (value != value and one.scalars[key] != one.scalars[key])
        for one in runs
        for key, value in stored[one.seed].items()
        if key not in ("run", "digest")
    )


def _around(known: Recorded, setting: Setting) -> list[str]:
    """Say what around a run is not as it was."""
    then, now = known.manifest, provenance()
    lines = []
    if "source_digest" in then and then["source_digest"] != now["source_digest"]:
        lines.append("the source or the tables of the model changed since")
    if then.get("data_digest") not in (None, setting.roster.digest):
        lines.append("the tables it reads changed since")
    if then.get("scenario_file") and changed(then["scenario_file"]):
        lines.append(f"the scenario's file {then['scenario_file']['file']} changed since; it was run as it was")
    parts = setting.config.tree.get("parts")
    if (then.get("parts_digest") or None) != parts:
        lines.append("the user's own parts changed since")
    for name, version in sorted(now["versions"].items()):
        before = then.get("versions", {}).get(name, version)
        if before != version:
            lines.append(f"{name} was {before}, here {version}")
    for key, words in (("cpu", "the processor"), ("kernels", "kernels")):
        if then.get(key, now[key]) != now[key]:
            lines.append(f"{words} was {then[key]}, here {now[key]}" if key == "cpu" else f"{words} were {then[key]}, here {now[key]}")
    return lines
