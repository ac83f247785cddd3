"""Dated events of a scenario: a shock of some kind that lasts from one month to another, or a mark that changes nothing.

An event of a shock's kind is that shock for its months and absent outside them. A mark (``kind: mark``) tells of something that happened
and that no rule plays: it is written into the ledger in its month and changes nothing else. Nobody in the model foresees an event;
``announced`` says since when it was known, for a rule that asks.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.contracts import MARK
from sim.registry import shelf, values_of
from sim.types import UserError, month_label, nearest

WORDS = ("note", "note_id")
DATES = ("month", "from", "until", "announced")
KEYS = ("kind", *DATES, "source", *WORDS)
LONGEST = 500
_KEY = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Dated:
    """One event.

    Attributes
    ----------
    kind : str
        A kind of shock, or ``mark``.
    start, until : int
        Its months: from ``start`` up to, not including, ``until``.
    source : str
        Where it is told of.
    shock : object or None
        The built shock; None for a mark.
    note, note_id : str
        What happened, in English and in Indonesian; empty where nothing is said.
    announced : int or None
        Month since which it was known ahead.
    """

    kind: str
    start: int
    until: int
    source: str
    shock: Any = None
    note: str = ""
    note_id: str = ""
    announced: int | None = None

    def tree(self) -> dict[str, Any]:
        """Return it as a plain tree, from which :func:`read` makes it again."""
        told: dict[str, Any] = {"kind": self.kind, "from": month_label(self.start), "until": month_label(self.until - 1)}
        told |= {} if self.announced is None else {"announced": month_label(self.announced)}
        told |= {key: getattr(self, key) for key in ("source", *WORDS) if getattr(self, key)}
        return told | ({} if self.shock is None else values_of(self.shock))

    def on(self, month: int) -> bool:
        """Say whether a month is one of its months."""
        return self.start <= month < self.until


def read(value: Any, start: int, end: int, month: Callable[[str, Any], int], standing: Sequence[Any] = ()) -> tuple[Dated, ...]:
    """Read the events of a run from ``start`` to ``end``, sorted by month.

    Parameters
    ----------
    value : list of mapping
    start, end : int
        First and last month of the run.
    month : callable
        Turns a name and a label into a month.
    standing : sequence of shock
        Shocks that last the whole run.

    Raises
    ------
    UserError
        If an event cannot be: which, what was expected, and the nearest valid choice.
    """
    if isinstance(value, (str, Mapping)) or not isinstance(value, (list, tuple)):
        raise UserError(f"events must be a list such as [{{kind: mark, month: 2020-07, source: ...}}], not {value!r}")
    found = [_one(f"events[{n}]", one, start, end, month) for n, one in enumerate(value)]
    for n, one in enumerate(found):
        if one.shock is None:
            continue
        if any(shock.name == one.kind for shock in standing):
            raise UserError(f"events[{n}]: a shock of kind {one.kind} lasts the whole run already (shocks); leave one of them out")
        for m, other in enumerate(found[:n]):
            alike = other.shock is not None and other.kind == one.kind and target_of(other.shock) == target_of(one.shock)
            if alike and one.start < other.until and other.start < one.until:
                both = month_label(max(one.start, other.start))
                raise UserError(f"events[{n}]: events[{m}] is of kind {one.kind} too, and both are on in {both}; let one end before")
    return tuple(sorted(found, key=lambda one: (one.start, one.kind, _KEY.encode(one.tree()))))


def target_of(shock: Any) -> tuple[Any, ...]:
    """Return what a shock falls on, by the parameters that its class names as ``targets``; two on different targets may overlap."""
    return tuple(getattr(shock, name) for name in getattr(type(shock), "targets", ()))


def shocks_in_order(config: Any) -> tuple[tuple[Any, Dated | None], ...]:
    """Return the shocks of a run in the order in which they are laid, of names and values, each with its event (None: the whole run)."""
    dated = [(one.shock, one) for one in config.events if one.shock is not None]
    every = [*((shock, None) for shock in (*config.shocks, *config.background)), *dated]
    return tuple(sorted(every, key=lambda pair: order_of(pair[0])) if len(every) > 1 else every)


def active(config: Any, month: int) -> tuple[tuple[int, Any, int], ...]:
    """Return the shocks that are on in a month, in order: place among the run's shocks, the shock, and the month in which it began."""
    on = [(n, shock, event) for n, (shock, event) in enumerate(config.laid) if event is None or event.on(month)]
    return tuple((n, shock, config.start if event is None else event.start) for n, shock, event in on)


def order_of(shock: Any) -> tuple[str, str]:
    """Return what shocks are sorted by."""
    return shock.name, _KEY.encode(values_of(shock))


def marks(config: Any, month: int) -> tuple[int, ...]:
    """Return the places in ``config.events`` of the marks of a month."""
    return tuple(n for n, one in enumerate(config.events) if one.shock is None and one.start == month)


def untouched(events: Any) -> Any:
    """Return what is left of events in a world without shocks: marks, which change nothing."""
    if not isinstance(events, (list, tuple)):
        return events
    return [one for one in events if not isinstance(one, Mapping) or one.get("kind") == MARK]


def with_value(events: Any, kind: str, name: str, value: Any) -> Any:
    """Return events, or shocks, with one parameter of all of a kind set."""
    if not isinstance(events, (list, tuple)):
        return events
    return [{**one, name: value} if isinstance(one, Mapping) and one.get("kind") == kind else one for one in events]


def said_by(events: Any) -> Any:
    """Return what events say of themselves: kinds, dates, sources and notes, without the values of their shocks."""
    if not isinstance(events, (list, tuple)):
        return events
    return [{key: one[key] for key in KEYS if key in one} if isinstance(one, Mapping) else one for one in events]


LISTS = ("shocks", "events", "background")
"""Settings that are lists of shocks: those of the world alone, and last those that its twin carries, too."""


def kinds_of(*lists: Any) -> list[Any]:
    """Return the kinds of shocks that lists of shocks or events name, marks left out."""
    every = [one for each in lists if isinstance(each, (list, tuple)) for one in each if isinstance(one, Mapping)]
    return [one.get("kind") for one in every if one.get("kind") != MARK]


def within(events: Any, start: int, end: int, month: Callable[[str, Any], int]) -> Any:
    """Return the events that share a month with a run; those that cannot be read are left for :func:`read` to refuse."""
    if not isinstance(events, (list, tuple)):
        return events
    kept = []
    for one in events:
        try:
            first, last = _dates("", one, start, end, month) if isinstance(one, Mapping) else (start, end)
        except UserError:
            first, last = start, end
        if first <= end and last >= start:
            kept.append(one)
    return kept


def _one(where: str, value: Any, start: int, end: int, month: Callable[[str, Any], int]) -> Dated:
    kinds = [*shelf("shock").names(), MARK]
    if not isinstance(value, Mapping) or not isinstance(value.get("kind"), str):
        raise UserError(
            f"{where} must name its kind, as in {{kind: mark, month: 2020-07, source: ...}}, not {value!r}; {nearest('', kinds)}"
        )
    kind = value["kind"]
    if kind not in kinds:
        raise UserError(f"{where}.kind: there is no kind of event {kind!r}; {nearest(kind, kinds)}")
    if kind != MARK and (same := [field.name for field in dataclasses.fields(shelf("shock").get(kind)) if field.name in KEYS]):
        raise UserError(
            f"{where}: shock {kind} has a parameter {same[0]!r}, which is what a dated event itself says by that name; give the shock in "
            "shocks, or give its parameter another name"
        )
    for key in ("source", *WORDS):
        if key in value and (not isinstance(value[key], str) or len(value[key]) > LONGEST):
            raise UserError(f"{where}.{key} must be words, at most {LONGEST} characters")
    if not str(value.get("source", "")).strip():
        raise UserError(f"{where} has no source; say in source where it is told of")
    if kind == MARK and not str(value.get("note", "")).strip():
        raise UserError(f"{where} is a mark and has no note; say in note what happened")
    first, last = _dates(where, value, start, end, month)
    if last < first:
        raise UserError(f"{where}.until {value['until']} lies before its first month, {month_label(first)}")
    if first > end or last < start:
        raise UserError(
            f"{where} lies outside the run: {month_label(first)} to {month_label(last)}, where the run goes from "
            f"{month_label(start)} to {month_label(end)}"
        )
    announced = None if value.get("announced") is None else month(f"{where}.announced", value["announced"])
    if announced is not None and announced > first:
        raise UserError(f"{where}.announced {value['announced']} lies after its first month, {month_label(first)}")
    rest = {key: one for key, one in value.items() if key not in KEYS}
    try:
        shock = None if kind == MARK else shelf("shock").build(kind, rest)
    except UserError as fault:
        raise UserError(f"{where}: {fault}") from None
    if kind == MARK and rest:
        raise UserError(f"{where} has no {next(iter(rest))!r}; {nearest(str(next(iter(rest))), KEYS)}")
    words = {key: " ".join(str(value.get(key, "")).split()) for key in ("source", *WORDS)}
    return Dated(kind, first, last + 1, words["source"], shock, words["note"], words["note_id"], announced)


def _dates(where: str, value: Mapping[str, Any], start: int, end: int, month: Callable[[str, Any], int]) -> tuple[int, int]:
    """Return the first and the last month of an event; one that names no end lasts as long as the run."""
    if "month" in value:
        if "from" in value or "until" in value:
            raise UserError(f"{where} has a month beside from or until; give month alone, or from and until")
        return (at := month(f"{where}.month", value["month"])), at
    if "from" not in value:
        raise UserError(f"{where} has no date; give month: YYYY-MM, or from: YYYY-MM and until: YYYY-MM")
    first = month(f"{where}.from", value["from"])
    if value.get("kind") == MARK and "until" not in value:
        return first, first
    return first, max(first, end) if "until" not in value else month(f"{where}.until", value["until"])
