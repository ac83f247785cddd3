"""State that a part declares in its own file: arrays on named axes, tables whose rows only grow, and axes of its own.

A part carries its declarations as ``state: ClassVar = (array(...), table(...), axis(...))``. Here they are only data;
:mod:`sim.state.schema` lays the declarations of all parts of a run together.

>>> array("gdp", ("party",), unit="USD a year", meaning="gross domestic product").dtype
'float64'
>>> column("party", "int32", refers="party", meaning="who signed").absent
-1.0
"""

from __future__ import annotations

import keyword
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.types import ModelFault, nearest

FIXED = ("party", "state", "bloc", "edge", "type", "negotiated", "package", "issue", "channel", "side")
"""Axes that every run has: parties (states sorted by code, then blocs), states, blocs, directed dyads, agreement types sorted by name,
types that two parties negotiate, pairs of linked types, issues, channels, the two sides of a dyad."""
KINDS = ("float64", "float32", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool")
TIERS = ("panels", "full")
"""How much must be recorded for a table to be written down."""
WORDS = (
    "party", "state", "bloc", "edge", "type", "issue", "channel", "rank", "occasion", "reason", "event", "institution", "month", "stage",
    "talk_stage", "seat_stage", "platform",
)  # fmt: skip
"""What a number may stand for, besides a row of a table (the table's ``row``) and a place on a part's own axis."""
KEPT = ("run", "row")
"""Columns that the recorder adds to every table."""
FILES = ("scalars", "series", "panels")
"""Names of other files of a run folder; what is measured along an axis lies in ``panels_AXIS``."""
WHOLE = "world"
"""What a metric is measured along that has one value for all; no axis is called so."""


@dataclass(frozen=True)
class Array:
    """An array on named axes.

    Attributes
    ----------
    name : str
    axis : tuple of str
        Its axes in order: fixed ones, or first the name of a table, whose column the array then is.
    dtype : str
    start : float
        What it holds before anything is written to it.
    unit, meaning : str
    refers : str
        What its whole numbers stand for: one of ``WORDS``, the ``row`` of a table, or an axis of a part's own; empty for amounts.
    forcing : bool
        Whether shocks may change it; it is set back to ``start`` each month.
    low, high : float
        Bounds of what shocks may make of it.
    """

    name: str
    axis: tuple[str, ...]
    dtype: str
    start: float
    unit: str
    meaning: str
    refers: str = ""
    forcing: bool = False
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name, dtype : str
    absent : float
        What it holds in a row that says nothing about it.
    axes : tuple of str or int
        Further axes of each entry: names of fixed axes, or plain lengths.
    unit, meaning, refers : str
        As of an :class:`Array`.
    forcing : bool
    low, high : float
    """

    name: str
    dtype: str
    absent: float
    axes: tuple[str | int, ...]
    unit: str
    meaning: str
    refers: str = ""
    forcing: bool = False
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True)
class Rows:
    """A table whose rows only grow; they are an axis that bears its name.

    Attributes
    ----------
    name : str
    columns : tuple of Column
    tier : str or None
        From which tier on it is recorded (one of ``TIERS``); None for a table that is not.
    digested : bool
        Whether it is part of what the digest of a run vouches for.
    meaning : str
        What a row says.
    row : str
        What one row is called, where a number elsewhere refers to it.
    """

    name: str
    columns: tuple[Column, ...]
    tier: str | None
    digested: bool
    meaning: str
    row: str


@dataclass(frozen=True)
class Axis:
    """A fixed axis of a part's own: its names as given, or read from the roster when a run is assembled.

    Attributes
    ----------
    name : str
    names : tuple of str
        What stands on it; empty where it is read.
    of : str
        The field of the roster that lists its names; empty where they are given.
    meaning : str
    """

    name: str
    names: tuple[str, ...]
    of: str
    meaning: str


def array(
    name: str,
    axis: Sequence[str],
    *,
    dtype: Any = float,
    start: float = 0.0,
    unit: str,
    meaning: str,
    refers: str = "",
    forcing: bool = False,
    low: float = -math.inf,
    high: float = math.inf,
) -> Array:
    """Declare an array that a part owns.

    Parameters
    ----------
    name : str
        A name in small letters; the world holds the array as an attribute of this name.
    axis : sequence of str
        Axes in order, such as ``("party",)``, ``("type", "edge")`` or ``("instruments", "issue")``. The rows of a table stand first.
    dtype : type or str
        Kind of number, one of ``KINDS``; ``float`` unless told.
    start : float
        Value before anything is written.
    unit, meaning : str
    refers : str
        What its whole numbers stand for.
    forcing : bool
        Whether shocks may change it; such an array is of floats.
    low, high : float
        Bounds of what shocks may make of it, of a forcing array only.

    Raises
    ------
    ModelFault
        If a word or a number in it is not of the form described.
    """
    where = f"array {name!r}"
    _named(where, name)
    if isinstance(axis, str) or not axis or not all(isinstance(one, str) and one for one in axis):
        raise ModelFault(f'{where}: axis must be a tuple of names such as ("party",), not {axis!r}')
    kind = _kind(where, dtype)
    _said(where, "unit", unit)
    _said(where, "meaning", meaning)
    _whole(where, refers, kind)
    held = _held(where, "start", start, kind)
    if not forcing and (low, high) != (-math.inf, math.inf):
        raise ModelFault(f"{where}: low and high bound what shocks may make of it; say forcing=True, or leave them out")
    if forcing and not kind.startswith("float"):
        raise ModelFault(f"{where}: shocks change it by shares and amounts, so a forcing array is float64 or float32, not {kind}")
    if forcing and not low <= held <= high:
        raise ModelFault(f"{where}: it starts at {held:g}, outside {low:g} to {high:g}")
    return Array(name, tuple(axis), kind, held, unit, meaning, refers, bool(forcing), float(low), float(high))


def column(
    name: str,
    dtype: Any = float,
    axes: Sequence[str | int] = (),
    *,
    absent: float | None = None,
    unit: str = "",
    meaning: str,
    refers: str = "",
) -> Column:
    """Declare a column of a table.

    Parameters
    ----------
    name : str
    dtype : type or str
    axes : sequence of str or int
        Further axes of each entry, such as ``("side", "issue")`` or ``(5,)``.
    absent : float or None
        What a row holds that says nothing about it; None for NaN of floats, -1 of whole numbers and False.
    unit : str
        May be left out where ``refers`` says what the number is.
    meaning, refers : str

    Raises
    ------
    ModelFault
        If a word or a number in it is not of the form described.
    """
    where = f"column {name!r}"
    _named(where, name)
    if name in KEPT:
        raise ModelFault(f"{where}: that name is kept for what the recorder adds; choose another")
    if isinstance(axes, str) or not all((isinstance(one, str) and one) or (type(one) is int and one > 0) for one in axes):
        raise ModelFault(f"{where}: axes must be a tuple of names or lengths, not {axes!r}")
    kind = _kind(where, dtype)
    _said(where, "unit", unit or refers)
    _said(where, "meaning", meaning)
    _whole(where, refers, kind)
    usual = math.nan if kind.startswith("float") else 0.0 if kind == "bool" or kind.startswith("u") else -1.0
    held = usual if absent is None else _held(where, "absent", absent, kind)
    return Column(name, kind, held, tuple(axes), unit or refers, meaning, refers)


def table(
    name: str, columns: Sequence[Column], *, tier: str | None = None, digested: bool = True, meaning: str, row: str | None = None
) -> Rows:
    """Declare a table that a part owns; its rows are an axis of the table's name.

    Parameters
    ----------
    name : str
        The world holds the table as an attribute of this name.
    columns : sequence of Column
    tier : str or None
        From which tier on it is recorded, ``"panels"`` or ``"full"``; None to leave it out of the record.
    digested : bool
        Whether the digest of a run vouches for it.
    meaning : str
    row : str or None
        What one row is called, where a number refers to it; None for the table's name without a last ``s``.

    Raises
    ------
    ModelFault
        If a word in it is not of the form described, or two columns have one name.
    """
    where = f"table {name!r}"
    _named(where, name)
    _said(where, "meaning", meaning)
    _no_world(where, name)
    if name in FILES or name.startswith("panels_"):
        raise ModelFault(f"{where}: {name}.parquet is another file of a run's folder; choose another name")
    if tier is not None and tier not in TIERS:
        raise ModelFault(f"{where}: tier is {tier!r}; {nearest(str(tier), TIERS)}, or None for a table that is not recorded")
    if not columns or not all(isinstance(one, Column) for one in columns):
        raise ModelFault(f"{where}: columns must be a tuple of column(...)")
    twice = [one.name for one in columns if sum(other.name == one.name for other in columns) > 1]
    if twice:
        raise ModelFault(f"{where}: column {twice[0]!r} is declared twice")
    called = name.removesuffix("s") if row is None else row
    _named(f"{where}, row", called)
    if called in (*WORDS, *KEPT):
        raise ModelFault(f"{where}: one row cannot be called {called!r}, which means something else; choose another word as row=")
    return Rows(name, tuple(columns), tier, bool(digested), meaning, called)


def axis(name: str, *, names: Sequence[str] = (), of: str = "", meaning: str) -> Axis:
    """Declare a fixed axis of a part's own.

    Parameters
    ----------
    name : str
    names : sequence of str
        What stands on it, in order.
    of : str
        Instead of names: the field of the roster that lists them, such as ``"organisations"``.
    meaning : str

    Raises
    ------
    ModelFault
        If it is not given names, or given both.
    """
    where = f"axis {name!r}"
    _named(where, name)
    if name in KEPT:
        raise ModelFault(f"{where}: that name is kept for what the recorder adds; choose another")
    _no_world(where, name)
    _said(where, "meaning", meaning)
    if bool(names) == bool(of):
        raise ModelFault(f"{where}: give either names=(...) or of=, a field of the roster")
    if isinstance(names, str) or not all(isinstance(one, str) and one for one in names) or len(set(names)) < len(names):
        raise ModelFault(f"{where}: names must be a tuple of words, each once, not {names!r}")
    return Axis(name, tuple(names), of, meaning)


def declared(part: Any) -> tuple[Array | Rows | Axis, ...]:
    """Return what a part declares of state; nothing where it says nothing.

    Raises
    ------
    ModelFault
        If it is not a tuple of declarations.
    """
    state = getattr(part, "state", ())
    if not isinstance(state, tuple) or not all(isinstance(one, (Array, Rows, Axis)) for one in state):
        called = getattr(part, "__name__", type(part).__name__)
        raise ModelFault(f"{called}.state must be a tuple of array(...), table(...) and axis(...), not {state!r}")
    return state


def _named(where: str, name: Any) -> None:
    if not isinstance(name, str) or not name.isidentifier() or name != name.lower() or name.startswith("_"):
        raise ModelFault(f"{where}: {name!r} must be a name in small letters, digits and _")
    if keyword.iskeyword(name):
        raise ModelFault(f"{where}: {name!r} is a word of Python itself, so world.{name} could not be read; choose another name")


def _no_world(where: str, name: str) -> None:
    if name == WHOLE:
        raise ModelFault(f"{where}: {WHOLE!r} means that a metric has one value for all; choose another name")


def _said(where: str, what: str, text: Any) -> None:
    if not isinstance(text, str) or not text.strip():
        raise ModelFault(f"{where}: {what} must be said in words, not {text!r}")


def _kind(where: str, dtype: Any) -> str:
    try:
        kind = str(np.dtype(dtype).name)
    except TypeError:
        kind = ""
    if kind not in KINDS:
        raise ModelFault(f"{where}: dtype is {dtype!r}; {nearest(str(dtype), KINDS)}")
    return kind


def _whole(where: str, refers: Any, kind: str) -> None:
    if not isinstance(refers, str) or (refers and not kind.startswith("int")):
        raise ModelFault(f"{where}: refers is {refers!r}, so its dtype must be int8, int16, int32 or int64, not {kind}")


def _held(where: str, what: str, value: Any, kind: str) -> float:
    if isinstance(value, (bool, int, float, np.number)):
        held = float(value)
        if kind.startswith("float") or (math.isfinite(held) and float(np.array(held).astype(kind)) == held):
            return held
    raise ModelFault(f"{where}: {what} is {value!r}, which {kind} cannot hold")
