"""Shelf of stylised facts: one file each says what the world did, what of it a run must show, and which null must not show it.

A file holds ``FACT``, a :class:`Fact`. Adding a file adds it to ``python -m analysis validate``; nothing else is edited. Nothing here is
fitted: a fact is read from stored runs.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.store import StoredRun
from sim.types import ModelFault, UserError, nearest

Floats = NDArray[np.float64]

KINDS = ("echo", "calibrated", "tested")
"""``echo``: an input read back. ``calibrated``: a parameter was set with the number in view. ``tested``: neither."""
GRADES = ("A", "B", "C", "D", "M")
"""Official or peer-reviewed (A), press, law firm or vendor (B), secondary (C), derived from named figures (D), from memory (M)."""


@dataclass(frozen=True)
class Pairs:
    """Stored runs of one world, and the same runs without its scenario's shocks.

    Attributes
    ----------
    run : StoredRun
    twin : StoredRun or None
        On the same seeds; None where the fact asks for none.
    """

    run: StoredRun
    twin: StoredRun | None = None

    @property
    def other(self) -> StoredRun:
        """The twin of a fact that asks for one."""
        if self.twin is None:
            raise ModelFault("a fact reads the counterfactual twin, but does not say twin=True")
        return self.twin


Observable = Callable[[Pairs], Floats]
"""Gives one number a seed, (runs,); NaN where a run has none."""


@dataclass(frozen=True)
class Measure:
    """One number of a fact.

    Attributes
    ----------
    name : str
        Unique in its fact.
    title, title_id : str
        What is measured, in English and Indonesian.
    number : float or None
        What the world did; None where only a sign or a threshold is known.
    low, high : float
        The band, both ends inside.
    unit, year, source, grade : str
        Of the number.
    reads : tuple of str
        The stored tables and columns that the observable reads, or would read once there is a scenario.
    observable : callable or None
        None where no scenario exists yet.
    kind : str
        The class of this number where it differs from its fact's; empty where it does not.
    """

    name: str
    title: str
    title_id: str
    number: float | None
    low: float
    high: float
    unit: str
    year: str
    source: str
    grade: str
    reads: tuple[str, ...]
    observable: Observable | None = None
    kind: str = ""


@dataclass(frozen=True)
class Null:
    """A world without the mechanism, in which the fact must fail.

    Attributes
    ----------
    name : str
    sentence, sentence_id : str
        What it takes away.
    settings : mapping
        Laid over the scenario, by their dotted names; ``{"rival": "random_matching"}`` names a rival theory. Empty where it cannot be run.
    on : tuple of str
        Names of the measures that must be missed, one of them at least; empty means any of the fact.
    cannot, cannot_id : str
        Why it cannot be run yet; empty where it can.
    """

    name: str
    sentence: str
    sentence_id: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    on: tuple[str, ...] = ()
    cannot: str = ""
    cannot_id: str = ""


@dataclass(frozen=True)
class Fact:
    """A stylised fact.

    Attributes
    ----------
    id : str
        ``D1`` and so on.
    title, title_id, sentence, sentence_id : str
        Its name, and the pattern in one sentence, in English and Indonesian.
    mechanism, mechanism_id : str
        What it tests.
    kind : str
        ``echo``, ``calibrated`` or ``tested``.
    scenario : str or None
        None where no scenario exists yet.
    measures : tuple of Measure
        All of them must be in band.
    null : Null
    twin : bool
        Whether the runs without the scenario's shocks are read, too.
    waits_for, waits_for_id : str
        What is missing; empty where there is a scenario.
    note, note_id : str
        What the observable leaves out, or how it departs from the source.
    """

    id: str
    title: str
    title_id: str
    sentence: str
    sentence_id: str
    mechanism: str
    mechanism_id: str
    kind: str
    scenario: str | None
    measures: tuple[Measure, ...]
    null: Null
    twin: bool = False
    waits_for: str = ""
    waits_for_id: str = ""
    note: str = ""
    note_id: str = ""

    def class_of(self, measure: Measure) -> str:
        """Return the class of one of its numbers."""
        return measure.kind or self.kind


def facts() -> tuple[Fact, ...]:
    """Return every fact, by the number in its id.

    Raises
    ------
    ModelFault
        If a file holds no fact, or one that is not sound: which, and what is wrong.
    """
    found: dict[str, str] = {}
    listed = []
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        if info.name.startswith("_"):
            continue
        fact = getattr(importlib.import_module(f"{__name__}.{info.name}"), "FACT", None)
        if not isinstance(fact, Fact):
            raise ModelFault(f"analysis/facts/{info.name}.py holds no FACT")
        if (wrong := fault_of(fact)) is not None:
            raise ModelFault(f"analysis/facts/{info.name}.py: {wrong}")
        if fact.id in found:
            raise ModelFault(f"analysis/facts/{info.name}.py: {fact.id} is taken by {found[fact.id]}.py")
        found[fact.id] = info.name
        listed.append(fact)
    return tuple(sorted(listed, key=lambda fact: (int(re.sub(r"\D", "", fact.id)), fact.id)))


def chosen(wanted: Sequence[str]) -> tuple[Fact, ...]:
    """Return some facts by id, in their own order; none named means all.

    Raises
    ------
    UserError
        If there is no such fact.
    """
    known = {fact.id: fact for fact in facts()}
    for name in wanted:
        if name.upper() not in known:
            raise UserError(f"there is no fact {name!r}; {nearest(name.upper(), list(known))}")
    picked = {name.upper() for name in wanted}
    return tuple(fact for fact in known.values() if not wanted or fact.id in picked)


def fault_of(fact: Fact) -> str | None:
    """Return what is not sound about a fact, None if nothing is."""
    if re.fullmatch(r"[A-Z]+\d+", fact.id) is None:
        return f"the id {fact.id!r} is not letters and a number, such as D17"
    told = ("title", "title_id", "sentence", "sentence_id", "mechanism", "mechanism_id")
    if (empty := next((name for name in told if not getattr(fact, name).strip()), None)) is not None:
        return f"{empty} says nothing"
    if fact.kind not in KINDS:
        return f"kind cannot be {fact.kind!r}; {nearest(fact.kind, KINDS)}"
    if (fact.scenario is None) != bool(fact.waits_for and fact.waits_for_id):
        return "a fact without a scenario says in waits_for what is missing, and no other does"
    if bool(fact.null.settings) == bool(fact.null.cannot and fact.null.cannot_id):
        return "the null has settings, or says in cannot why it cannot be run"
    names = [measure.name for measure in fact.measures]
    if not names or len(set(names)) < len(names):
        return "it needs measures, each with a name of its own"
    if (stray := next((name for name in fact.null.on if name not in names), None)) is not None:
        return f"the null is on {stray!r}, which is no measure; {nearest(stray, names)}"
    return next((f"{one.name}: {wrong}" for one in fact.measures if (wrong := _fault_of_measure(fact, one)) is not None), None)


def _fault_of_measure(fact: Fact, one: Measure) -> str | None:
    told = ("name", "title", "title_id", "unit", "year", "source")
    if (empty := next((name for name in told if not getattr(one, name).strip()), None)) is not None:
        return f"{empty} says nothing"
    if not (math.isfinite(one.low) and math.isfinite(one.high) and one.low < one.high):
        return f"the band {one.low:g} to {one.high:g} is none"
    if one.number is not None and not one.low <= one.number <= one.high:
        return f"the number {one.number:g} lies outside its band"
    if one.grade not in GRADES:
        return f"grade cannot be {one.grade!r}; {nearest(one.grade, GRADES)}"
    if one.kind and one.kind not in KINDS:
        return f"kind cannot be {one.kind!r}; {nearest(one.kind, KINDS)}"
    if fact.class_of(one) == "tested" and one.grade == "M":
        return "a number from memory (M) tests nothing"
    if not one.reads:
        return "reads names no column"
    if (one.observable is None) != (fact.scenario is None):
        return "it has an observable exactly where the fact has a scenario"
    return None
