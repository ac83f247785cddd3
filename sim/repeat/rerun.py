"""A finished run made again from its manifest, and compared with it by digest; what differs around it is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim import engine
from sim.repeat.recorded import Recorded
from sim.run import provenance, run
from sim.scenario_file import changed
from sim.single import prepare
from sim.types import UserError
from sim.world import Setting


@dataclass(frozen=True)
class Verdict:
    """How a run made again compares with what was stored.

    Attributes
    ----------
    same, differing : tuple of int
        Seeds whose digests agree, and those whose digests do not.
    around : tuple of str
        What else is not as it was: source, tables, parts, versions, processor; one sentence each.
    folder : Path or None
        Where the new run was written.
    """

    same: tuple[int, ...]
    differing: tuple[int, ...]
    around: tuple[str, ...]
    folder: Path | None

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
    return Verdict(same, differing, tuple(_around(known, setting)), result.folder)


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
