"""The table of contents of a run's world: what its parts declare (:mod:`sim.declare.arrays`), laid together and checked.

Read by the world, snapshots, digests, the recorder, tests of declared reads and writes, the plain world, films and the documentation. It is
a value of a run's setting, so that two runs in one process may hold different worlds.
"""

from __future__ import annotations

import functools
import itertools
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sim.consequences.base import FILLED, INSTRUMENTS
from sim.contracts import arity_of, is_own
from sim.declare.arrays import FIXED, KEPT, WORDS, Array, Axis, Column, Rows, declared
from sim.state.tables import Form
from sim.types import ModelFault, UserError, nearest

_MOVED: dict[str, tuple[tuple[str, ...], ...]] = {"covers": (("type", "edge"), ("edge",)), "adds": (("party",),)}
"""What consequences say that they move, and on which axes the arrays lie."""


@dataclass(frozen=True)
class Schema:
    """What the world of a run holds.

    Attributes
    ----------
    arrays : dict of str to Array
        Arrays on fixed axes, in the order in which parts declare them.
    tables : dict of str to Rows
        Tables, with the columns that other parts add to them.
    axes : dict of str to int
        Sizes of the fixed axes.
    names : dict of str to tuple of str
        What stands on the axes that parts declare.
    owners : dict of str to str
        Who declares what, such as ``"mechanism roster"``, by name of array, table, axis or ``table.column``.
    on_rows : dict of str to str
        Arrays on the rows of a table, and that table.
    forms : dict of str to form of a table
        What :class:`sim.state.tables.Table` is made from.
    covered, added : tuple of str
        Arrays that consequences of agreements fill or add to (:class:`sim.consequences.Covers`, :class:`sim.consequences.Adds`).
    read_by_types : dict of str to tuple of str
        Arrays that agreement types read, by who negotiates them (``sim.contracts.ARITIES``).
    read_by_shocks : tuple of str
        Arrays that shocks say they read.
    holds : tuple of str
        Each array and column in words: name, axes and kind. A snapshot keeps them.
    meanings : dict of str to str
        What the axes that parts declare are for.
    """

    arrays: dict[str, Array] = field(hash=False)
    tables: dict[str, Rows] = field(hash=False)
    axes: dict[str, int] = field(hash=False)
    names: dict[str, tuple[str, ...]] = field(hash=False)
    owners: dict[str, str] = field(hash=False)
    on_rows: dict[str, str] = field(hash=False)
    forms: dict[str, Form] = field(hash=False)
    holds: tuple[str, ...]
    meanings: dict[str, str] = field(default_factory=dict, hash=False)
    covered: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    read_by_types: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    read_by_shocks: tuple[str, ...] = ()

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of an array on fixed axes."""
        return tuple(self.axes[one] for one in self.arrays[name].axis)

    def column(self, table: str, name: str) -> Column:
        """Return what is declared of a column."""
        return next(one for one in self.tables[table].columns if one.name == name)

    def on(self, *axis: str) -> tuple[str, ...]:
        """Name the arrays on exactly these axes, in order of declaration."""
        return tuple(name for name, one in self.arrays.items() if one.axis == axis)

    def called(self, row: str) -> str:
        """Return the table of which one row is called so; empty where none is."""
        return next((name for name, one in self.tables.items() if one.row == row), "")

    def label(self, axis: str) -> str:
        """Return what one place on an axis is called: one row of a table, or the fixed axis itself."""
        return self.tables[axis].row if axis in self.tables else axis

    @functools.cached_property
    def forced(self) -> dict[str, Array | Column]:
        """Arrays, on axes or on the rows of a table, that shocks may change, in order of declaration."""
        held = {name: one for name, one in self.arrays.items() if one.forcing}
        return held | {name: one for name, table in self.on_rows.items() if (one := self.column(table, name)).forcing}

    def reads_of(self, part: Any) -> tuple[str, ...]:
        """Name the arrays that a mechanism may read: its own words, and what those read that it asks.

        One that ``asks_types`` asks agreement types, one that ``lays_forcing`` asks shocks.
        """
        asked = [self.read_by_types.get(arity, ()) for arity in getattr(part, "asks_types", ())]
        asked.append(self.read_by_shocks if getattr(part, "lays_forcing", False) else ())
        return tuple(dict.fromkeys(itertools.chain(part.reads, *asked)))

    def writes_of(self, part: Any) -> tuple[str, ...]:
        """Name the arrays that a mechanism may write: its own words, and what it lays.

        One that ``lays_forcing`` may write every forcing array; ``lays_covers`` and ``lays_adds``: what consequences of agreements move.
        """
        laid = {"lays_forcing": self.forced, "lays_covers": self.covered, "lays_adds": self.added}
        return tuple(dict.fromkeys((*part.writes, *(name for said, names in laid.items() if getattr(part, said, False) for name in names))))

    def unlike(self, held: Collection[str]) -> str:
        """Say in what a world that holds such things, in words, is of other parts than this; nothing where it is of the same."""
        sides = []
        for words, some in (("lacks", set(self.holds) - set(held)), ("holds besides", set(held) - set(self.holds))):
            if some:
                sides.append(f"{words} {', '.join(sorted(some)[:5])}{' and more' if len(some) > 5 else ''}")
        return " and ".join(sides)

    @property
    def digested(self) -> tuple[str, ...]:
        """Tables that the digest vouches for, sorted by name."""
        return tuple(sorted(name for name, one in self.tables.items() if one.digested))


def refuse_other_axes(schema: Schema, metrics: Iterable[Any]) -> None:
    """Refuse metrics, as parts or their classes, that are measured along an axis which the run does not have.

    Raises
    ------
    UserError, ModelFault
        One sentence that names the metric and its file; a user's metric is the user's fault, ours is ours.
    """
    known = ("world", *schema.axes, *schema.tables)
    for metric in metrics:
        if metric.axis not in known:
            words = f"it is measured along {metric.axis!r}, and no part of the run declares such an axis or table"
            raise _fault(metric, f"{words}; {nearest(metric.axis, known)}")


def resolve(parts: Sequence[Any], sizes: Mapping[str, int], roster: Any = None, taken: Collection[str] = ()) -> Schema:
    """Lay the declarations of parts together; the same parts and sizes give the same value, made once.

    Parameters
    ----------
    parts : sequence of part classes
        Each may declare ``state``; of one that says what it ``reads`` and ``writes``, and which ``tables``, these are checked.
    sizes : mapping of str to int
        Sizes of the fixed axes (``sim.declare.arrays.FIXED``).
    roster : object or None
        Where axes declared with ``of`` read their names.
    taken : collection of str
        Names that the world uses for other things.

    Returns
    -------
    Schema

    Raises
    ------
    UserError, ModelFault
        If two parts declare one name, or one names an axis, an array, a table or a kind of row that is not there: one sentence that names
        the part and its file. A user's part is the user's fault, ours is ours.
    """
    ours = [part for part in parts if not is_own(part)]
    ordered = (*ours, *(part for part in parts if is_own(part)))
    names = tuple((part, tuple(_names_of(part, one, roster) for one in _declared(part) if isinstance(one, Axis))) for part in ordered)
    return _resolved(ordered, tuple(sorted(sizes.items())), names, frozenset(taken))


@functools.lru_cache(maxsize=32)
def _resolved(parts: tuple[Any, ...], sizes: tuple[tuple[str, int], ...], names: tuple[Any, ...], taken: frozenset[str]) -> Schema:
    laid = _Laid(dict(sizes), taken)
    for part in parts:
        laid.add_names(part)
    for part, of_part in names:
        for name, listed in zip((one.name for one in _declared(part) if isinstance(one, Axis)), of_part, strict=True):
            laid.axes[name], laid.names[name] = len(listed), listed
    for part in parts:
        laid.add_tables(part)
    for part in parts:
        laid.add_arrays(part)
    for part in parts:
        laid.check_references(part)
        laid.check_uses(part)
    for part in parts:
        laid.check_moves(part)
    return laid.schema()


class _Laid:
    """Declarations as far as they are laid together."""

    def __init__(self, sizes: dict[str, int], taken: frozenset[str]) -> None:
        missing = [name for name in FIXED if name not in sizes]
        if missing:
            raise ModelFault(f"axis {missing[0]!r} has no size")
        self.axes, self.taken = sizes, taken
        self.names: dict[str, tuple[str, ...]] = {}
        self.meanings: dict[str, str] = {}
        self.arrays: dict[str, Array] = {}
        self.tables: dict[str, Rows] = {}
        self.on_rows: dict[str, str] = {}
        self.owners: dict[str, Any] = {}
        self.added: dict[str, list[Column]] = {}
        self.moved: dict[str, list[str]] = {"covers": [], "adds": []}
        self.read_by_types: dict[str, list[str]] = {}
        self.read_by_shocks: list[str] = []
        self.written: dict[str, Any] = {}

    def add_names(self, part: Any) -> None:
        """Take the names a part declares; each has one owner."""
        for one in _declared(part):
            what = {Array: "array", Rows: "table", Axis: "axis"}[type(one)]
            if one.name in self.owners:
                other = _whose(self.owners[one.name])
                raise _fault(part, f"declares {what} {one.name!r}, which {other} declares already; choose another name")
            if one.name in self.taken:
                raise _fault(part, f"declares {what} {one.name!r}, a name that the world uses for something else; choose another name")
            if one.name in self.axes or (isinstance(one, Axis) and one.name in FIXED):
                raise _fault(part, f"declares {what} {one.name!r}, which is an axis of every run; choose another name")
            self.owners[one.name] = part
            if isinstance(one, Axis):
                self.meanings[one.name] = one.meaning

    def add_tables(self, part: Any) -> None:
        """Take the tables of a part."""
        for one in _declared(part):
            if isinstance(one, Rows):
                same = next((name for name, other in self.tables.items() if other.row == one.row), "")
                if same:
                    raise _fault(part, f"table {one.name!r} calls one row {one.row!r}, as table {same!r} does; choose another word as row=")
                for column in one.columns:
                    self._known_axes(part, f"column {one.name}.{column.name}", [a for a in column.axes if isinstance(a, str)], row=True)
                    self.owners[f"{one.name}.{column.name}"] = part
                self.tables[one.name] = one

    def add_arrays(self, part: Any) -> None:
        """Take the arrays of a part; one on the rows of a table becomes a column of it."""
        for one in _declared(part):
            if not isinstance(one, Array):
                continue
            table, where = one.axis[0], f"array {one.name!r}"
            if table not in self.tables:
                self._known_axes(part, where, one.axis)
                self.arrays[one.name] = one
                continue
            self._known_axes(part, where, one.axis[1:], row=True)
            key = f"{table}.{one.name}"
            if key in self.owners:
                other = _whose(self.owners[key])
                raise _fault(part, f"{where} lies on {table}, which has a column of that name from {other}; choose another name")
            if one.name in KEPT:
                raise _fault(part, f"{where} lies on {table}: that name is kept for what the recorder adds; choose another")
            self.owners[key] = part
            self.on_rows[one.name] = table
            told = Column(one.name, one.dtype, one.start, one.axis[1:], one.unit, one.meaning, one.refers, one.forcing, one.low, one.high)
            self.added.setdefault(table, []).append(told)

    def check_references(self, part: Any) -> None:
        """Refuse numbers said to stand for something that is not there."""
        rows = [*(one.row for one in self.tables.values()), *self.names]
        for one in _declared(part):
            for said in one.columns if isinstance(one, Rows) else (one,) if isinstance(one, Array) else ():
                if said.refers and said.refers not in (*WORDS, *rows):
                    raise _fault(part, f"{said.name!r} refers to {said.refers!r}; {nearest(said.refers, (*WORDS, *rows))}")

    def check_uses(self, part: Any) -> None:
        """Refuse reads and writes of what is not there, and remember which mechanism writes what."""
        arrays = (*self.arrays, *self.on_rows)
        for what, known in (("reads", arrays), ("writes", arrays), ("tables", tuple(self.tables))):
            for name in getattr(part, what, ()):
                if name not in known:
                    raise _fault(part, f"{what} names {name!r}, which no part of the run declares; {nearest(str(name), known)}")
        if getattr(part, "kind", "") == "mechanism":
            for name in getattr(part, "writes", ()):
                self.written.setdefault(name, part)
        if getattr(part, "kind", "") == "shock":
            forcing = [name for name, one in self.arrays.items() if one.forcing]
            forcing += [one.name for of_table in self.added.values() for one in of_table if one.forcing]
            for name in part.writes:
                if name not in forcing:
                    raise _fault(part, f"writes names {name!r}, which shocks may not change; {nearest(name, forcing)}")
            self.read_by_shocks.extend(getattr(part, "reads", ()))
        if getattr(part, "kind", "") == "agreement":
            self.read_by_types.setdefault(arity_of(part), []).extend(getattr(part, "reads", ()))

    def check_moves(self, part: Any) -> None:
        """Refuse consequences that move an array that is not there, or of other axes, or by a column that is not there."""
        if getattr(part, "kind", "") == "consequence":
            added = self.added.get(INSTRUMENTS, ())
            kinds = {one.name: getattr(self.owners[f"{INSTRUMENTS}.{one.name}"], "kind", "") for one in added}
            fillable = [*FILLED, *(name for name, kind in kinds.items() if kind == "consequence")]
            for name in part.fills:
                if name not in fillable:
                    raise _fault(part, f"fills names {name!r}, no column of instruments that consequences fill; {nearest(name, fillable)}")
        for what, axes in _MOVED.items():
            for one in getattr(part, what, ()):
                where = f"{what} names the array {one.array!r}"
                if one.array not in self.arrays:
                    raise _fault(part, f"{where}, which no part of the run declares; {nearest(str(one.array), self.arrays)}")
                array = self.arrays[one.array]
                if array.axis not in axes or array.dtype != "float64" or (what == "covers" and array.start != 0.0):
                    wanted = " or ".join(str(axis) for axis in axes)
                    raise _fault(part, f"{where}; one of float64 on {wanted} is expected{', starting at 0' if what == 'covers' else ''}")
                if array.forcing:
                    raise _fault(part, f"{where}, which is forcing: each month begins with it as it starts; name an array that is not")
                if what == "covers" and one.array in self.written:
                    writer = self.written[one.array]
                    raise _fault(part, f"{where}, which {_whose(writer)} writes: one of the two would be lost; name an array of its own")
                columns = (*self.tables[INSTRUMENTS].columns, *self.added.get(INSTRUMENTS, ()))
                able = [column.name for column in columns if column.dtype == "float64" and not column.axes]
                if one.column not in able:
                    raise _fault(part, f"{what} names the column {one.column!r} of instruments; {nearest(str(one.column), able)}")
                self.moved[what].append(one.array)

    def _known_axes(self, part: Any, where: str, axis: Sequence[str], *, row: bool = False) -> None:
        """Refuse axes that are not there; ``row``: they are those of an entry in a row, which has no room for every dyad."""
        for at, one in enumerate(axis):
            if one in self.tables:
                raise _fault(part, f"{where}: the rows of {one} are an axis for the first place of an array only")
            if row and one == "edge":
                raise _fault(part, f"{where}: a row has no room for every directed dyad; leave the axis 'edge' out")
            if one not in self.axes:
                known = (*self.axes, *(self.tables if at == 0 and not row else ()))
                raise _fault(part, f"{where}: there is no axis {one!r}; {nearest(one, known)}")

    def schema(self) -> Schema:
        """Return what was laid together."""
        tables = {name: replace(one, columns=(*one.columns, *self.added.get(name, ()))) for name, one in self.tables.items()}
        forms: dict[str, Form] = {
            name: {one.name: (one.dtype, self._shape(one.axes), one.absent) for one in table.columns} for name, table in tables.items()
        }
        owners = {name: _who(part) for name, part in self.owners.items()}
        moved = {what: tuple(dict.fromkeys(names)) for what, names in self.moved.items()}
        read = {arity: tuple(dict.fromkeys(names)) for arity, names in self.read_by_types.items()}
        by_shocks = tuple(dict.fromkeys(self.read_by_shocks))
        found = Schema(
            self.arrays, tables, self.axes, self.names, owners, self.on_rows, forms, (), self.meanings,
            moved["covers"], moved["adds"], read, by_shocks,
        )  # fmt: skip
        return replace(found, holds=tuple(sorted(_holds(found))))

    def _shape(self, axes: Sequence[str | int]) -> tuple[int, ...]:
        return tuple(self.axes[one] if isinstance(one, str) else one for one in axes)


def _holds(schema: Schema) -> Iterator[str]:
    for name, one in schema.arrays.items():
        yield f"array {name} ({', '.join(one.axis)}) {one.dtype}"
    for name, table in schema.tables.items():
        for column in table.columns:
            yield f"column {name}.{column.name} ({', '.join(map(str, (name, *column.axes)))}) {column.dtype}"


def _declared(part: Any) -> tuple[Array | Rows | Axis, ...]:
    try:
        return declared(part)
    except ModelFault as fault:
        raise _fault(part, str(fault)) from None


def _names_of(part: Any, one: Axis, roster: Any) -> tuple[str, ...]:
    if one.names:
        return one.names
    listed = getattr(roster, one.of, None)
    if isinstance(listed, Mapping) or not isinstance(listed, (tuple, list)) or not all(isinstance(name, str) for name in listed):
        if roster is None:
            return ()
        able = [name for name, value in vars(roster).items() if isinstance(value, tuple) and all(isinstance(name, str) for name in value)]
        raise _fault(part, f"axis {one.name!r}: the roster lists no names under {one.of!r}; {nearest(one.of, able)}")
    return tuple(listed)


def _who(part: Any) -> str:
    return f"{part.kind} {part.name}" if hasattr(part, "kind") else str(getattr(part, "__name__", type(part).__name__))


def _whose(part: Any) -> str:
    return f"{_who(part)} in {_file(part)}"


def _file(part: Any) -> str:
    module = sys.modules.get(part.__module__)
    return str(getattr(module, "__file__", None) or part.__module__) if is_own(part) else part.__module__.replace(".", "/") + ".py"


def _fault(part: Any, words: str) -> Exception:
    """Return the error to raise for a fault in a part's declarations, naming its file."""
    text = f"{_file(part)}: {_who(part)}: {words}"
    return UserError(text) if is_own(part) else ModelFault(text)
