"""What a scenario changes of the world that its run begins with: figures of some states, and instruments in force.

Each entry of ``start_state`` says one thing and its source: a ``figure`` with values by state, an instrument to ``add``, or one to
``remove`` by name. A figure holds for the whole run in place of the recorded one; a privacy regime follows the figures it is made of. An
added instrument is in force as the run begins and is history from then on, as those of the tables are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.contracts import of_two
from sim.data.codes import meant
from sim.data.fields import Field, load_fields
from sim.data.records import InstrumentRow
from sim.data.source import APPLIED, SERIES, Source
from sim.types import ISSUES, Flag, UserError, month_index, month_label, nearest

ACTS = {
    "figure": ("figure", "values", "source"),
    "add": ("add", "name", "parties", "roles", "signed", "in_force", "text", "no_localisation", "source"),
    "remove": ("remove", "source"),
}
EARLIEST = month_index("1900-01")
"""When an instrument that is added may have been signed at the earliest."""
MADE = ("protection_firms", "protection_state", "localisation")
"""Figures that are made of others: set by themselves, they no longer follow those."""
_DATED = ("privacy_law", "privacy_law_first_year", "privacy_law_general_year", APPLIED)


@dataclass(frozen=True, eq=False)
class AddedRow(InstrumentRow):
    """An instrument that a scenario adds; ``levels`` are what its text says of issues that the tables do not know, by name."""

    levels: tuple[tuple[str, float], ...] = ()

    def said(self) -> dict[str, float]:
        """Return what its text says, by issue."""
        return {issue: float(value) for issue, value in zip(ISSUES, self.text, strict=True) if np.isfinite(value)} | dict(self.levels)

    def levels_of(self, issues: Sequence[str]) -> NDArray[np.float64]:
        """Return its text in the order of a run's issues, shape (K,); NaN where it says nothing."""
        said = self.said()
        return np.array([said.get(issue, np.nan) for issue in issues])


@dataclass(frozen=True)
class StartState:
    """What a run's start is set to.

    Attributes
    ----------
    figures : tuple of (figure, ((state, value), ...), source)
    added : tuple of InstrumentRow
    removed : tuple of (name, source)
    content : str
        All of it as JSON, by which two are compared: a text is an array.
    places : dict of (act, name) to int
        Where each entry stands in the list that was given, for messages.
    """

    figures: tuple[tuple[str, tuple[tuple[str, float], ...], str], ...] = field(default=(), compare=False)
    added: tuple[AddedRow, ...] = field(default=(), compare=False)
    removed: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    content: str = ""
    places: dict[tuple[str, str], int] = field(default_factory=dict, compare=False)

    def where(self, act: str, name: str) -> str:
        """Return what an entry is called in messages."""
        return f"start_state[{self.places[act, name]}]"

    def __bool__(self) -> bool:
        """Say whether it changes anything."""
        return bool(self.figures or self.added or self.removed)

    def tree(self) -> list[dict[str, Any]]:
        """Return it as a plain list, from which :func:`read` makes it again."""
        told: list[dict[str, Any]] = [{"figure": name, "values": dict(values), "source": source} for name, values, source in self.figures]
        for row in self.added:
            one: dict[str, Any] = {"add": row.type, "name": row.name, "parties": list(row.parties), "roles": list(row.roles)}
            one |= {"signed": month_label(row.signed), "in_force": month_label(row.in_force), "no_localisation": row.no_localisation}
            told.append({**one, "text": row.said(), "source": row.source})
        return told + [{"remove": name, "source": source} for name, source in self.removed]

    def told(self) -> list[tuple[str, str]]:
        """Say what it changes, each with its source, for a reader of the results."""
        said = [
            (f"start_state.{name}", f"set for {', '.join(code for code, _ in values)}: {source}") for name, values, source in self.figures
        ]
        said += [(f"start_state.{row.type}", f"{row.name} added: {row.source}") for row in self.added]
        return said + [("start_state.instruments", f"{name} removed: {source}") for name, source in self.removed]


AS_RECORDED = StartState()
"""A start that nothing is changed in."""


def figures_set() -> dict[str, Field]:
    """Return the figures that may be set, with their declaration."""
    fields = load_fields()
    static = {name: one for (table, name), one in fields.items() if table == "states" and one.is_number and name not in _DATED}
    series = {name: fields["yearly", column] for name, column in SERIES.items()}
    out = {name: one for name, one in static.items() if name not in ("lat", "lon")}
    return {**out, **series, **{name: fields["derived", name] for name in MADE}}


def read(value: Any, start: int, month: Callable[[str, Any], int], types: Mapping[str, Any]) -> StartState:
    """Read what a setting says of the start; states, parties and names are compared with the tables as these are read.

    Parameters
    ----------
    value : list of mapping
    start : int
        First month of the run.
    month : callable
        Turns a name and a label into a month.
    types : mapping of str to class
        The agreement types there are.

    Raises
    ------
    UserError
        If an entry cannot be: which, what was expected, and the nearest valid choice.
    """
    if isinstance(value, (str, Mapping)) or not isinstance(value, (list, tuple)):
        raise UserError(f"start_state must be a list such as [{{remove: Privacy Shield, source: ...}}], not {value!r}")
    figures, added, removed, places = [], [], [], dict[tuple[str, str], int]()
    for n, one in enumerate(value):
        where = f"start_state[{n}]"
        acts = [act for act in ACTS if isinstance(one, Mapping) and act in one]
        if len(acts) != 1:
            raise UserError(f"{where} must hold one of figure, add and remove, not {one!r}")
        for key in one:
            if key not in ACTS[acts[0]]:
                raise UserError(f"{where} has no {key!r}; {nearest(str(key), ACTS[acts[0]])}")
        source = _words(f"{where}.source", one.get("source"), f"{where} has no source; say in source what it rests on")
        if acts[0] == "figure":
            figures.append((*_figure(where, one), source))
            places.update({("figure", f"{figures[-1][0]} {code}"): n for code, _ in figures[-1][1]})
        elif acts[0] == "remove":
            removed.append((_words(f"{where}.remove", one["remove"]), source))
            if ("remove", removed[-1][0]) in places:
                raise UserError(f"{where} removes {removed[-1][0]!r} a second time; remove it once")
            places["remove", removed[-1][0]] = n
        else:
            added.append(_instrument(where, one, source, start, month, types))
            places["add", _called(added[-1])] = n
    for n, (name, values, _) in enumerate(figures):
        for other, there, _ in figures[:n]:
            twice = sorted({code for code, _ in values} & {code for code, _ in there})
            if other == name and twice:
                raise UserError(f"start_state sets {name} of {twice[0]} twice; set it once")
    state = StartState(tuple(sorted(figures)), tuple(sorted(added, key=_place)), tuple(sorted(removed)), places=places)
    return replace(state, content=json.dumps(state.tree(), sort_keys=True)) if state else AS_RECORDED


def _called(row: InstrumentRow) -> str:
    return f"{row.name} {' '.join(row.parties)}"


def _place(row: InstrumentRow) -> tuple[str, str, tuple[str, ...]]:
    return row.type, row.name, row.parties


def _words(where: str, value: Any, missing: str = "") -> str:
    if value is None and missing:
        raise UserError(missing)
    if not isinstance(value, str) or not value.strip() or len(value) > 500:
        raise UserError(f"{where} must be words, at most 500 characters, not {value!r}")
    return " ".join(value.split())


def _figure(where: str, one: Mapping[str, Any]) -> tuple[str, tuple[tuple[str, float], ...]]:
    known, name, values = figures_set(), one["figure"], one.get("values")
    if name not in known:
        raise UserError(f"{where}.figure: there is no figure {name!r}; {nearest(str(name), known)}")
    if not isinstance(values, Mapping) or not values:
        raise UserError(f"{where}.values must give a value by state, such as {{IDN: 0.5}}, not {values!r}")
    declared, found = known[name], []
    for code, value in sorted(values.items(), key=lambda pair: str(pair[0])):
        if not isinstance(code, str):
            raise UserError(f"{where}.values: {code!r} is no code of a state; put it in quotes")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise UserError(f"{where}.values.{code} must be a number ({declared.unit}), not {value!r}")
        if not declared.low <= value <= declared.high:
            raise UserError(f"{where}.values.{code} = {value:g} lies outside {declared.low:g} to {declared.high:g} ({declared.unit})")
        found.append((code, float(value)))
    return name, tuple(found)


def _instrument(
    where: str, one: Mapping[str, Any], source: str, start: int, month: Callable[[str, Any], int], types: Mapping[str, Any]
) -> AddedRow:
    kind, name = one["add"], _words(f"{where}.name", one.get("name"))
    if kind not in types:
        raise UserError(f"{where}.add: there is no agreement type {kind!r}; {nearest(str(kind), types)}")
    able = [name for name, cls in types.items() if of_two(cls)]
    if kind not in able:
        raise UserError(f"{where}.add: {kind} is made by many at one table, so no two are added; {nearest(kind, able)}")
    pairs: dict[str, tuple[str, str]] = {}
    wanted = types[kind].roles
    for key, example in (("parties", "[USA, EU]"), ("roles", f"[{', '.join(wanted)}]")):
        given = one.get(key)
        if not isinstance(given, (list, tuple)) or len(given) != 2 or not all(isinstance(word, str) for word in given):
            raise UserError(f"{where}.{key} must be a list of two such as {example}, not {given!r}")
        pairs[key] = (given[0], given[1])
    if pairs["parties"][0] == pairs["parties"][1]:
        raise UserError(f"{where}.parties: {pairs['parties'][0]} cannot be both")
    for role in pairs["roles"]:
        if role not in wanted:
            raise UserError(f"{where}.roles cannot be {role!r}; {nearest(role, wanted)}")
    if sorted(pairs["roles"]) != sorted(wanted):
        raise UserError(f"{where}.roles: one party is {wanted[0]} and the other {wanted[1]}, not both {pairs['roles'][0]}")
    if pairs["roles"] != wanted:
        # The first party of an instrument is the one in its type's first role.
        pairs = {key: (two, one) for key, (one, two) in pairs.items()}
    in_force = start if one.get("in_force") is None else _history(f"{where}.in_force", one["in_force"], month)
    signed = in_force if one.get("signed") is None else _history(f"{where}.signed", one["signed"], month)
    if in_force > start:
        raise UserError(f"{where}.in_force {one['in_force']} lies after the start, {month_label(start)}; nothing later is put into a run")
    if signed > in_force:
        raise UserError(f"{where}.signed {one['signed']} lies after it enters into force, {month_label(in_force)}")
    bound = one.get("no_localisation", False)
    if not isinstance(bound, bool):
        raise UserError(f"{where}.no_localisation must be true or false, not {bound!r}")
    text: NDArray[np.float64] = np.full(len(ISSUES), np.nan)
    given = one.get("text") or {}
    if not isinstance(given, Mapping):
        raise UserError(f"{where}.text must give a number by issue, such as {{safeguards: 0.6}}, not {given!r}")
    levels = []
    for issue, value in given.items():
        if issue not in types[kind].issues:
            raise UserError(f"{where}.text has no {issue!r}; {nearest(str(issue), types[kind].issues)}")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.0 <= value <= 1.0:
            raise UserError(f"{where}.text.{issue} must be a number from 0 to 1, not {value!r}")
        if issue in ISSUES:
            text[ISSUES.index(issue)] = value
        else:
            levels.append((issue, float(value)))
    return AddedRow(
        kind, name, pairs["parties"], pairs["roles"], signed, in_force, text=text, no_localisation=bound, grade="assumed", source=source,
        levels=tuple(sorted(levels)),
    )  # fmt: skip


def _history(where: str, label: Any, month: Callable[[str, Any], int]) -> int:
    """Return a month before the run, which may lie before the first in which a run can start."""
    try:
        number = month_index(label)
    except UserError:
        return month(where, label)
    if number < EARLIEST:
        raise UserError(f"{where} {label} lies before {month_label(EARLIEST)}")
    return number


def with_instruments(source: Source, state: StartState, start: int) -> Source:
    """Return the tables with instruments added and removed.

    Raises
    ------
    UserError
        If an instrument to be removed is not in force at the start, or a party of an added one is not known.
    """
    kept = list(source.instruments)
    for name, _ in state.removed:
        there = [row.name for row in kept if row.in_force_at(start)]
        if name not in there:
            words = f"no instrument {name!r} is in force in {month_label(start)}; {nearest(name, there)}"
            raise UserError(f"{state.where('remove', name)}.remove: {words}")
        kept = [row for row in kept if not (row.name == name and row.in_force_at(start))]
    known = {*source.codes, *source.blocs}
    for n, row in enumerate(state.added):
        for code in row.parties:
            if code not in known:
                words = f"{code!r} is not a state or bloc of the roster; {nearest(code, known)}"
                raise UserError(f"{state.where('add', _called(row))}.parties: {words}")
        if any(row.name == other.name and row.parties == other.parties for other in (*kept, *state.added[:n])):
            words = f"an instrument {row.name!r} of {' and '.join(row.parties)} is there; choose another name"
            raise UserError(f"{state.where('add', _called(row))}.name: {words}")
    return replace(source, instruments=tuple(sorted((*kept, *state.added), key=_place)) if state.added else tuple(kept))


def refuse_absent(state: StartState, parties: Collection[str]) -> None:
    """Refuse an added instrument of a party that the run does not have: it would be left out without a word.

    Raises
    ------
    UserError
        Which entry, and which party.
    """
    for row in state.added:
        for code in row.parties:
            if code not in parties:
                words = f"{code} is in the tables and not in this run's roster; {nearest(code, parties)}"
                raise UserError(f"{state.where('add', _called(row))}.parties: {words}")


def lay_over(
    source: Source,
    state: StartState,
    figures: dict[str, NDArray[np.float64]],
    flags: dict[str, NDArray[np.int8]],
    names: Collection[str],
) -> None:
    """Set the figures named, in place; they count as known.

    Raises
    ------
    UserError
        If a state is not in the tables.
    """
    for name, values, _ in state.figures:
        if name not in names:
            continue
        for code, value in values:
            if code not in source.codes:
                where = f"{state.where('figure', f'{name} {code}')}.values"
                raise UserError(f"{where}: figure {name}: there is no state {code!r}; {meant(code, source.codes)}")
            at = source.codes.index(code)
            figures[name][:, at] = value
            flags[name][:, at] = Flag.KNOWN
