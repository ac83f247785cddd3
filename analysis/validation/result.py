"""Every chosen fact beside its band, its seeds and its null: what ``python -m analysis validate`` writes down.

A number is in band if its median is and at least half of the seeds are. A fact holds if all its numbers are in band. A null must fail:
a fact that holds without its mechanism tells nothing about it. Nothing is fitted here.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.facts import KINDS, Fact, Measure, chosen
from analysis.validation.gather import Gathered, of_folders, of_study, other_settings
from analysis.validation.score import Score, score
from analysis.validation.studies import lived, main_world, null_world, plan, worlds_of
from analysis.worlds import Heard, World
from sim.run import provenance
from sim.types import UserError

Said = tuple[str, str]
"""A sentence in English and in Indonesian."""
NOTHING: Said = ("", "")

SEEDS, FEW = 30, 20
"""Seeds where nobody says, and the fewest that a public table rests on."""
MISSED, HOLDS, UNDEFINED, NO_SCENARIO, NOT_STORED = "missed", "in band", "undefined", "no scenario yet", "not in these folders"
STORED_ONLY: Said = ("only stored runs were scored", "hanya simulasi tersimpan yang dinilai")
FAILS, PASSES, NOT_RUN = "fails, as it must", "passes, and must not", "not run"


@dataclass(frozen=True)
class Line:
    """One number of a fact, scored.

    Attributes
    ----------
    measure : Measure
    found, null : Score or None
        Of the model and of the null; None where neither was run.
    """

    measure: Measure
    found: Score | None = None
    null: Score | None = None

    @property
    def verdict(self) -> str:
        """What the seeds say of this number."""
        if self.found is None:
            return NO_SCENARIO
        return UNDEFINED if self.found.missing == len(self.found.values) else HOLDS if self.found.met else MISSED


@dataclass(frozen=True)
class Scored:
    """One fact, scored.

    Attributes
    ----------
    fact : Fact
    lines : tuple of Line
    why : (str, str)
        Why it was not scored, in English and Indonesian; empty where it was.
    why_no_null : (str, str)
        Why its null was not; empty where it was.
    """

    fact: Fact
    lines: tuple[Line, ...]
    why: Said = NOTHING
    why_no_null: Said = NOTHING

    @property
    def scored(self) -> bool:
        """Whether there are runs of it."""
        return any(line.found is not None for line in self.lines)

    @property
    def verdict(self) -> str:
        """``in band`` where all its numbers are."""
        if not self.scored:
            return NO_SCENARIO if self.fact.scenario is None else NOT_STORED
        said = {line.verdict for line in self.lines}
        return HOLDS if said == {HOLDS} else UNDEFINED if said == {UNDEFINED} else MISSED

    @property
    def null_verdict(self) -> str:
        """Whether the null fails, as it must."""
        on = self.fact.null.on or tuple(line.measure.name for line in self.lines)
        scores = [line.null for line in self.lines if line.measure.name in on]
        if any(one is None for one in scores):
            return NOT_RUN
        return PASSES if all(one is not None and one.met for one in scores) else FAILS


@dataclass(frozen=True)
class Result:
    """What was asked, and every fact of it.

    Attributes
    ----------
    scored : tuple of Scored
        By id.
    seeds : int
    limits : tuple of (str, str)
        What the numbers cannot bear, in English and Indonesian.
    failed : int
        Seeds that failed, or lack their twin.
    commit, digest : str
        Of the code that lived the runs; the commit is today's where the digest is.
    folders : tuple of str
    command : str
        Repeats it.
    whole : bool
        All facts, with seeds enough to be shown in public.
    """

    scored: tuple[Scored, ...]
    seeds: int
    limits: tuple[Said, ...]
    failed: int
    commit: str
    digest: str
    folders: tuple[str, ...]
    command: str
    whole: bool

    def misses_first(self) -> tuple[Scored, ...]:
        """Return the facts in the order in which they should trouble a reader: tested before calibrated before echoes, misses first."""
        rank = {MISSED: 0, UNDEFINED: 0, HOLDS: 1, NOT_STORED: 2, NO_SCENARIO: 3}
        kinds = tuple(reversed(KINDS))
        return tuple(sorted(self.scored, key=lambda one: (rank[one.verdict], kinds.index(one.fact.kind) if rank[one.verdict] < 2 else 0)))


def validated(
    seeds: int = SEEDS,
    only: Sequence[str] = (),
    outputs: Path = Path("outputs/validation"),
    *,
    over: Mapping[str, Any] | None = None,
    nulls: bool = True,
    workers: int | None = None,
    heard: Heard = lambda _: None,
) -> Result:
    """Live what the chosen facts need, as studies, and score them.

    Parameters
    ----------
    seeds : int
        Seeds 0 to ``seeds`` - 1 of every world.
    only : sequence of str
        Ids of facts; none means all.
    outputs : Path
        Where the studies lie, and are found again.
    over : mapping or None
        Settings laid over every world by their dotted names: a small roster for a test, ``{"rival": NAME}`` for a rival theory.
    nulls : bool
        Whether the facts' nulls are lived, too.
    workers : int or None
        Processes; None takes one for each core.
    heard : callable
        Told what is about to be lived.

    Raises
    ------
    UserError
        If there is no such fact, or a world cannot be lived.
    """
    facts, laid = chosen(only), dict(over or {})
    there, cannot = dict[World, Gathered](), dict[World, str]()
    main = {main_world(fact, laid) for fact in facts}
    for one, twin in worlds_of(facts, laid, nulls=nulls).items():
        try:
            asked = plan(one, seeds, twin=twin)
        except UserError as fault:
            if one in main:
                raise
            cannot[one] = str(fault)
            continue
        there[one] = of_study(lived(asked, outputs, heard, workers), twin=twin)
    scored = []
    for fact in facts:
        world, null = main_world(fact, laid), null_world(fact, laid)
        found = there.get(world) if world is not None else None
        other = there.get(null) if null is not None else None
        scored.append(_scored(fact, found, other, _why_no_null(fact, cannot.get(null) if null is not None else None)))
    gathered = list(there.values())
    words = [*(["--seeds", str(seeds)] if seeds != SEEDS else []), *(["--only", ",".join(fact.id for fact in facts)] if only else [])]
    whole = not only and not laid and seeds >= FEW
    return _result(scored, gathered, seeds, _limits(gathered, seeds), words, whole=whole)


def stored(folders: Sequence[str], only: Sequence[str] = ()) -> Result:
    """Score facts on folders that lie there; no null is run.

    Parameters
    ----------
    folders : sequence of str
        Studies that kept their runs, or run folders with their ledger, and their twins.
    only : sequence of str
        Ids of facts; none means all.

    Raises
    ------
    UserError
        If a folder is none of runs, folders do not belong together, or none serves a fact.
    """
    facts = chosen(only)
    there = of_folders(folders, facts)
    scored, notes = [], list[Said]()
    for fact in facts:
        found = there.get(fact.scenario or "")
        why = NOTHING
        if found is None and fact.scenario is not None:
            why = f"runs of {fact.scenario}", f"simulasi {fact.scenario}"
        elif found is not None and fact.twin and found.pairs[0].twin is None:
            found, why = None, (f"the runs of {fact.scenario} without its shocks, too", f"juga simulasi {fact.scenario} tanpa guncangannya")
        scored.append(_scored(fact, found, None, STORED_ONLY, why))
    for scenario, gathered in there.items():
        if other_settings(gathered, scenario):
            notes.append(
                (
                    f"the runs of {scenario} have settings of their own, which are not those of the scenario as it stands",
                    f"simulasi {scenario} memakai pengaturan sendiri, bukan pengaturan skenario sebagaimana adanya",
                )
            )
    many = list(there.values())
    seeds = min(len(one.seeds) for one in many)
    words = ["--runs", ",".join(folders), *(["--only", ",".join(fact.id for fact in facts)] if only else [])]
    return _result(scored, many, seeds, (*notes, *_limits(many, seeds)), words, whole=False)


def _why_no_null(fact: Fact, fault: str | None) -> Said:
    """Say why a null was not lived; nothing where it was."""
    return (fault, fault) if fault is not None else (fact.null.cannot, fact.null.cannot_id)


def _scored(fact: Fact, found: Gathered | None, null: Gathered | None, no_null: Said, why: Said = NOTHING) -> Scored:
    lines = tuple(Line(one, _score(one, found), None if found is None else _score(one, null)) for one in fact.measures)
    return Scored(fact, lines, why if any(why) else (fact.waits_for, fact.waits_for_id), no_null)


def _score(measure: Measure, found: Gathered | None) -> Score | None:
    if found is None or measure.observable is None:
        return None
    return score(found.values(measure), measure.low, measure.high)


def _limits(gathered: Sequence[Gathered], seeds: int) -> tuple[Said, ...]:
    """Say what the numbers cannot bear."""
    said: list[Said] = []
    if gathered and seeds == 1:
        alone = "one seed: there is no interval, and a share of seeds is 0 or 1"
        said.append((alone, "satu benih: tidak ada selang, dan bagian benih adalah 0 atau 1"))
    elif gathered and seeds < FEW:
        few = f"{seeds} seeds: fewer than the {FEW} that a result rests on"
        said.append((few, f"{seeds} benih: kurang dari {FEW} yang menjadi dasar hasil"))
    for one in gathered:
        if failed := one.asked - len(one.seeds):
            said.append(
                (
                    f"{failed} of {one.asked} seeds in {one.folders[0]} failed or lack their twin, and are left out",
                    f"{failed} dari {one.asked} benih di {one.folders[0]} gagal atau tanpa kembaran, dan tidak dihitung",
                )
            )
    return tuple(said)


def _result(
    scored: Sequence[Scored], gathered: Sequence[Gathered], seeds: int, limits: tuple[Said, ...], words: Sequence[str], *, whole: bool
) -> Result:
    here = provenance()
    digest, commit = here["source_digest"], str(here["commit"] or "none")
    if gathered and gathered[0].digest != digest:  # older runs: the code that lies here did not live them
        digest, commit = gathered[0].digest, gathered[0].commit
    folders = tuple(str(folder) for one in gathered for folder in one.folders)
    command = shlex.join(["python", "-m", "analysis", "validate", *words])
    failed = sum(one.asked - len(one.seeds) for one in gathered)
    return Result(tuple(scored), seeds, limits, failed, commit, digest, folders, command, whole and not failed)
