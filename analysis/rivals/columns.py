"""What the model and each rival give, lived on the same seeds: the scored facts, and what was signed in the years of development.

Facts are scored as ``python -m analysis validate`` scores them, with ``rival=NAME`` laid over their scenario.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.backtest.development import SPAN
from analysis.facts import Fact
from analysis.validation.result import Said, Scored, validated
from analysis.worlds import Heard, Kept, World, lived
from sim.registry import shelf
from sim.types import UserError, nearest

MODEL = "none"
"""The name of the model among the settings ``rival=NAME``."""
SCORED = "baseline"
"""The scenario that is scored against labels."""
RANKS: Said = ("who signs with whom", "siapa menandatangani dengan siapa")


@dataclass(frozen=True)
class Column:
    """What one theory gives.

    Attributes
    ----------
    name : str
        Of the rival, or ``none`` for the model.
    title, title_id : str
    facts : dict of str to Scored
        By id; a fact is missing where its scenario could not be lived.
    studies : dict of str to str
        Folder of the stored runs that a fact was read from, by id.
    failed : int
        Seeds of these runs that failed.
    kept : Kept or None
        What was signed in the years of development; None where they could not be lived.
    cannot : tuple of (str, str)
        What could not be lived and why, in English and Indonesian.
    """

    name: str
    title: str
    title_id: str
    facts: Mapping[str, Scored]
    studies: Mapping[str, str]
    failed: int
    kept: Kept | None
    cannot: tuple[Said, ...]


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """Return rivals by name, in the order of the shelf; none named means all.

    Raises
    ------
    UserError
        If there is no such rival: the nearest choice.
    """
    known = shelf("rival").names()
    for name in names:
        if name not in known:
            raise UserError(f"rivals: there is no rival {name!r}; {nearest(name, known)}")
    return tuple(name for name in known if not names or name in names)


def column(
    name: str, facts: Sequence[Fact], seeds: int, over: Mapping[str, Any], outputs: Path, heard: Heard, workers: int | None = None
) -> Column:
    """Live what a theory needs and score its facts; what a rival cannot live is told, and what the model cannot is refused.

    Parameters
    ----------
    name : str
    facts : sequence of Fact
        Each with a scenario.
    seeds : int
        Seeds 0 to ``seeds`` - 1.
    over : mapping
        Settings laid over every world by their dotted names.
    outputs : Path
        Where all lies, and is found again.
    heard : callable
        Told what is about to be lived.
    workers : int or None
        Processes; None takes one for each core.

    Raises
    ------
    UserError
        If a world of the model cannot be lived.
    """
    laid = dict(over) if name == MODEL else {**over, "rival": name}
    told, studies, cannot = dict[str, Scored](), dict[str, str](), list[Said]()
    failed = 0
    for scenario in dict.fromkeys(str(fact.scenario) for fact in facts):
        ids = [fact.id for fact in facts if fact.scenario == scenario]
        try:
            found = validated(seeds, ids, outputs, over=laid, nulls=False, workers=workers, heard=heard)
        except UserError as fault:
            if name == MODEL:
                raise
            cannot.append((f"{', '.join(ids)} under {name}: {fault}", f"{', '.join(ids)} dengan {name}: {fault}"))
            continue
        told |= {one.fact.id: one for one in found.scored}
        studies |= dict.fromkeys(ids, "; ".join(found.folders))
        failed += found.failed
    kept = None
    try:
        kept = lived(World.of(SCORED, laid, SPAN), seeds, outputs, heard)
    except UserError as fault:
        if name == MODEL:
            raise
        cannot.append((f"{RANKS[0]} under {name}: {fault}", f"{RANKS[1]} dengan {name}: {fault}"))
    return Column(name, *_titles(name), told, studies, failed, kept, tuple(cannot))


def _titles(name: str) -> Said:
    if name == MODEL:
        return "The model", "Model"
    rival = shelf("rival").get(name)
    return rival.title, rival.title_id
