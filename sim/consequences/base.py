"""What an agreement does, as data: columns of the table of instruments, filled when it is made, and numbers of its type that rules read.

A consequence is a frozen dataclass under :func:`consequence`, in a file of this room or in the file of the type that needs it. Rules name
no type and no issue: they read the columns (:class:`Made`), the numbers of types (:class:`Rate`), and carry out what is said here
(:class:`Adds`, :class:`Covers`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.declare.arrays import Array, Axis, Rows, declared
from sim.types import ModelFault

T = TypeVar("T", bound="Consequence")
INSTRUMENTS = "instruments"
"""The table whose rows are what was signed; consequences fill columns of it."""
FILLED = ("term",)
"""Columns of instruments, besides those of consequences, that a consequence may fill: the rest is for the ledger to write."""
_NAMES = "names"


@dataclass(frozen=True)
class Adds:
    """While an instrument is in force, a column of it is added each month to an array of parties.

    Attributes
    ----------
    array : str
        A declared array on ``("party",)``.
    column : str
        A column of instruments: how much a month.
    role : int or None
        To the party in this role, 0 or 1; None for everyone who adheres in its own name.
    """

    array: str
    column: str
    role: int | None = None


@dataclass(frozen=True)
class Covers:
    """An array holds, for each directed dyad, the largest of a column over the instruments in force between the two; 0 where none is.

    Attributes
    ----------
    array : str
        A declared array on ``("type", "edge")`` or ``("edge",)`` that starts at 0.
    column : str
        A column of instruments, at least 0.
    """

    array: str
    column: str


@dataclass(frozen=True)
class Rate:
    """A number of each type that rules read as it stands now: levers move it while instruments are in force.

    Attributes
    ----------
    field : str
        The field of the consequence that names the parameter of the type.
    absent : float
        The number of a type without it.
    meaning : str
    """

    field: str
    absent: float
    meaning: str


@dataclass(frozen=True)
class Made:
    """Instruments of one type, as they are signed or listed: what a consequence compiles its columns from.

    Attributes
    ----------
    kind : agreement type
        With its parameters as they stand now.
    issues : tuple of str
        The issues of the run, in the order of a text.
    text : float64 (n, K)
        Levels of the issues; NaN where a text says nothing.
    whole : float64 (n,)
        USD that a level of 1 would commit, as the draft of the type says; 0 where it moves no money.
    payment : float64 (n,)
        Side payment agreed, USD a year: positive from first to second.
    listed : bool
        Whether they were in force before the run; what is left of their term is not known.
    """

    kind: Any
    issues: tuple[str, ...]
    text: NDArray[np.float64]
    whole: NDArray[np.float64]
    payment: NDArray[np.float64]
    listed: bool = False

    def __len__(self) -> int:
        """Return the number of instruments."""
        return len(self.text)

    def level(self, issue: str) -> NDArray[np.float64]:
        """Return what each text says of an issue, shape (n,); 0 where it says nothing, or no issue is named."""
        if not issue:
            return np.zeros(len(self))
        said = self.text[:, self.issues.index(issue)].copy()
        said[np.isnan(said)] = 0.0
        return said

    def parameter(self, name: str) -> Any:
        """Return a parameter of the type."""
        return getattr(self.kind, name)


class Consequence:
    """Something that an agreement does. Derive from it, and say what is not as here.

    Attributes
    ----------
    name, title, title_id, sentence, sentence_id : str
        As :func:`consequence` was told.
    state : tuple of declarations
        Its columns, ``array("x", ("instruments",), ...)``, and arrays of its own.
    rates : tuple of Rate
    adds : tuple of Adds
    covers : tuple of Covers
    fills : tuple of str
        Columns of others that it fills, such as ``"term"``.
    beside : tuple of consequence classes
        What a type must do besides.
    """

    kind: ClassVar[str] = "consequence"
    name: ClassVar[str]
    title: ClassVar[str]
    title_id: ClassVar[str]
    sentence: ClassVar[str]
    sentence_id: ClassVar[str]
    state: ClassVar[tuple[Array | Rows | Axis, ...]] = ()
    rates: ClassVar[tuple[Rate, ...]] = ()
    adds: ClassVar[tuple[Adds, ...]] = ()
    covers: ClassVar[tuple[Covers, ...]] = ()
    fills: ClassVar[tuple[str, ...]] = ()
    beside: ClassVar[tuple[type[Consequence], ...]] = ()

    def compile(self, made: Made) -> Mapping[str, Any]:
        """Return its columns of instruments just made: by name, a number for all or an array of shape (n,).

        It is asked once for all instruments of a type that are made together, never again.
        """
        return {}


def an_issue(default: str | None = None) -> Any:
    """Declare a field that names an issue of the type; one whose default is empty may be left out."""
    return _field(default, {_NAMES: "issue", "meaning": ""})


def a_parameter(default: str | None = None, *, meaning: str) -> Any:
    """Declare a field that names a parameter of the type; an empty name leaves it out."""
    return _field(default, {_NAMES: "parameter", "meaning": meaning})


def _field(default: str | None, metadata: dict[str, str]) -> Any:
    return dataclasses.field(metadata=metadata) if default is None else dataclasses.field(default=default, metadata=metadata)


def consequence(*, name: str, title: str, title_id: str, sentence: str, sentence_id: str) -> Callable[[type[T]], type[T]]:
    """Make a frozen dataclass a consequence that agreement types can name in ``does``.

    Parameters
    ----------
    name : str
        In small letters, digits and _.
    title, title_id, sentence, sentence_id : str
        What it is called and what it does, in English and Indonesian; help and legends show them.

    Raises
    ------
    ModelFault
        If the class is not a frozen dataclass derived from :class:`Consequence`, or something it says is not of the form described.
    """

    def register(cls: type[T]) -> type[T]:
        called = cls.__name__
        if not issubclass(cls, Consequence) or not getattr(getattr(cls, "__dataclass_params__", None), "frozen", False):
            raise ModelFault(f"{called} is not a frozen dataclass derived from Consequence")
        if not isinstance(name, str) or not name.isidentifier() or name != name.lower():
            raise ModelFault(f"{called}: {name!r} must be a name in small letters, digits and _")
        words = {"title": title, "title_id": title_id, "sentence": sentence, "sentence_id": sentence_id}
        for key, value in {"name": name, **words}.items():
            if not isinstance(value, str) or not value.strip():
                raise ModelFault(f"{called}: {key} must be said in words, not {value!r}")
            setattr(cls, key, value)
        for key, kind in (("rates", Rate), ("adds", Adds), ("covers", Covers), ("fills", str), ("beside", type)):
            said = getattr(cls, key)
            if not isinstance(said, tuple) or not all(isinstance(one, kind) for one in said):
                raise ModelFault(f"{called}.{key} is {said!r}; a tuple of {kind.__name__} is expected")
        fields = {one.name: one for one in _fields(cls)}
        for one in fields.values():
            if one.metadata.get(_NAMES) is None:
                raise ModelFault(f"{called}.{one.name} names nothing of a type; declare it with an_issue() or a_parameter()")
        for rate in cls.rates:
            if rate.field not in fields:
                raise ModelFault(f"{called}.rates: it has no field {rate.field!r} that would name the parameter")
        for each in cls.adds:
            if each.role not in (None, 0, 1):
                raise ModelFault(f"{called}.adds: role is {each.role!r}; 0, 1 or None for everyone who adheres is expected")
        declared(cls)
        return cls

    return register


def fields_naming(cls: type[Consequence], what: str) -> Iterator[dataclasses.Field[str]]:
    """Give the fields of a consequence that name an ``"issue"`` or a ``"parameter"`` of the type."""
    yield from (one for one in _fields(cls) if one.metadata[_NAMES] == what)


def _fields(cls: Any) -> tuple[dataclasses.Field[str], ...]:
    return dataclasses.fields(cls)


def family(cls: type[Consequence]) -> list[type[Consequence]]:
    """List a consequence's class and those it is derived from, the oldest first."""
    return [one for one in reversed(cls.__mro__) if issubclass(one, Consequence) and one is not Consequence]


def columns_of(cls: type[Consequence]) -> tuple[str, ...]:
    """Name the columns of instruments that a consequence may fill; one that is forcing is laid anew each month, so none is."""
    state = [one for each in family(cls) for one in vars(each).get("state", ()) if isinstance(one, Array)]
    return (*(one.name for one in state if one.axis[0] == INSTRUMENTS and not one.forcing), *cls.fills)
