"""The shelves of a run: our parts, found once, and over them those of a user's folder; and which shelves a thread works with now."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import threading
import traceback
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sim.contracts import is_own
from sim.older.names import import_advice, near, near_path
from sim.registry.declared import check_value, fields_of
from sim.registry.imported import tell
from sim.registry.own import OwnFolder, close_package, open_package, read_folder
from sim.types import ModelFault, UserError

KINDS = {
    "agreement": "sim.agreements",
    "protocol": "sim.protocols",
    "shock": "sim.shocks",
    "mechanism": "sim.mechanisms",
    "metric": "sim.metrics",
    "rival": "sim.rivals",
}
AGENTS = "agents"
"""The kind of a user's agents: minds for all states or blocs. There are none of ours, because ours are the compiled decisions."""
_LOCK = threading.RLock()
"""Held while parts are found or imported: two threads never import the same folder, and none sees a shelf half filled."""


class Shelf:
    """The parts of one kind: ours, found once and then fixed, or a user's over them.

    Parameters
    ----------
    kind : str
    package : str
        Where ours lie; empty for a user's, or where there are none of ours.
    below : Shelf or None
        The shelf that a user's is laid over.
    """

    def __init__(self, kind: str, package: str = "", below: Shelf | None = None) -> None:
        self.kind, self.package, self._below = kind, package, below
        self._parts: dict[str, type[Any]] = {}
        self._broken: dict[str, str] = {}
        self._files: dict[Path, str] = {}
        self._found = self._finding = False

    def add(self, name: str, cls: type[Any]) -> None:
        """Add one class; refuse a name that is taken by another."""
        if self._below is not None:
            self._below.discover()
        known = self._all().get(name)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            there = sys.modules.get(known.__module__)
            where = (there and there.__file__) if is_own(known) else known.__module__
            raise ModelFault(
                f"there is already {'an' if self.kind[0] in 'aeiou' else 'a'} {self.kind} {name!r} (in {where}); choose another name"
            )
        self._parts[name] = cls

    def discover(self) -> None:
        """Import every sibling file once; one that fails is remembered with file and line and stops only those who ask for it.

        A part with equations that nobody else needs may be a folder: the part is in its file ``rule.py``, the equations lie beside it.
        Another thread that asks meanwhile waits; a part that asks while it is imported sees what is there so far.
        """
        if self._below is not None:
            self._below.discover()
        if self._found or not self.package:
            return
        with _LOCK:
            if self._found or self._finding:
                return
            self._finding = True
            try:
                package = importlib.import_module(self.package)
                for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
                    if not info.name.startswith("_"):
                        place = f"{self.package}.{info.name}{'.rule' if info.ispkg else ''}"
                        self._load(info.name, lambda place=place: importlib.import_module(place))  # type: ignore[misc]
                self._found = True
            finally:
                self._finding = False

    def fill(self, folder: OwnFolder, room: str) -> None:
        """Import a user's files for this shelf (this runs the user's code).

        Raises
        ------
        UserError
            If a file cannot be imported, holds no part of this kind, or takes a name that is taken: file, line and what happened.
        """
        self.discover()
        for name in folder.parts(room):
            path, module = folder.place / name, f"{folder.package}.{name.removesuffix('.py').replace('/', '.')}"
            try:
                importlib.import_module(module)
            except (Exception, SystemExit) as fault:
                what = str(fault) if isinstance(fault, (ModelFault, UserError)) else f"{type(fault).__name__}: {fault}"
                what = import_advice(fault) or what
                raise UserError(f"{path}:{_line_in(path, fault)}: {what}") from fault
            if not any(cls.__module__ == module for cls in self._parts.values()):
                raise UserError(f"{path} holds no {self.kind}: write a class under @part({self.kind!r}, ...) in it")
            self._files[path] = folder.files[name]

    def own(self) -> dict[Path, str]:
        """Return the user's files on this shelf, each with the digest of its content."""
        return dict(sorted(self._files.items()))

    def _load(self, stem: str, load: Callable[[], Any]) -> None:
        try:
            load()
        except Exception as fault:
            last = traceback.extract_tb(fault.__traceback__)[-1]
            self._broken[stem] = f"{last.filename}:{last.lineno}: {type(fault).__name__}: {fault}"

    def _all(self) -> dict[str, type[Any]]:
        return self._parts if self._below is None else {**self._below._parts, **self._parts}

    def names(self) -> list[str]:
        """Return the names of all parts, sorted."""
        self.discover()
        return sorted(self._all())

    def broken(self) -> dict[str, str]:
        """Return the files that failed to import, with file, line and error."""
        self.discover()
        return dict((self._below or self)._broken)

    def get(self, name: str) -> type[Any]:
        """Return a part's class.

        Raises
        ------
        UserError
            If there is no such part, or its file failed to import.
        """
        self.discover()
        parts, broken = self._all(), (self._below or self)._broken
        if name in parts:
            return parts[name]
        if name in broken:
            raise UserError(f"{self.kind} {name!r} could not be loaded: {broken[name]}")
        if self.kind == AGENTS and not parts:
            raise UserError(f"there are no agents {name!r}; put their class into the subfolder agents of a folder and add parts=FOLDER")
        raise UserError(f"there is no {self.kind} {name!r}; {near(self.kind, str(name), parts)}")

    def build(self, name: str, values: Mapping[str, Any] | None = None) -> Any:
        """Build a part from given values; the rest keep their defaults.

        Raises
        ------
        UserError
            If the name, a key or a value is not valid.
        """
        return self.get(name)(**self.checked(name, values or {}))

    def checked(self, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return given values of a part's parameters once kind and bounds hold: what :meth:`build` builds from.

        Raises
        ------
        UserError
            If the name, a key or a value is not valid.
        """
        fields = fields_of(cast("Hashable", self.get(name)))
        checked: dict[str, Any] = {}
        for key, value in values.items():
            if key not in fields:
                room = {"agreement": "agreements", "mechanism": "mechanisms", "shock": "shocks", "rival": "rivals"}.get(self.kind)
                path = f"{self.kind}.{key}" if room is None else f"{room}.{name}.{key}"
                raise UserError(f"{self.kind} {name}: there is no parameter {key!r}; {near_path(path, str(key), fields)}")
            checked[key] = check_value(f"{self.kind} {name}", fields[key], value)
        return checked


class Shelves:
    """Which parts a run knows: ours, and those of one folder of a user's, in the state the folder was in.

    Attributes
    ----------
    folder : Path or None
        The user's folder, None for ours alone.
    digest : str
        Digest of the whole folder, empty for ours alone.
    """

    def __init__(self, folder: Path | None, digest: str, shelves: Mapping[str, Shelf]) -> None:
        self.folder, self.digest, self._shelves = folder, digest, dict(shelves)

    def __repr__(self) -> str:
        """Say whose they are."""
        return "<Shelves of ours>" if self.folder is None else f"<Shelves of {self.folder}, digest {self.digest}>"

    def __getitem__(self, kind: str) -> Shelf:
        """Return the shelf of a kind of part."""
        return self._shelves[kind]

    def __copy__(self) -> Shelves:
        """Shelves are fixed: a copy is the same."""
        return self

    def __deepcopy__(self, _memo: Any) -> Shelves:
        """Shelves are fixed: a copy is the same."""
        return self

    def __reduce__(self) -> Any:
        """Travel to another process as a folder and its digest: there the files are imported anew, if they are still the same."""
        return _again, (self.folder, self.digest)


_BASE = {kind: Shelf(kind, package) for kind, package in KINDS.items()} | {AGENTS: Shelf(AGENTS)}
OURS = Shelves(None, "", _BASE)
_MADE: dict[str, Shelves] = {}
"""Shelves with a user's parts, by the name of their package: a folder that has not changed is not run again."""


class _Here(threading.local):
    """What a thread works with."""

    def __init__(self) -> None:
        self.shelves, self.filling = OURS, OURS


_HERE = _Here()


def shelves_of(folder: Path | None, rooms: Mapping[str, str]) -> Shelves:
    """Return ours, with the parts of a user's folder over them; the folder's code is run the first time it is met in this state.

    Parameters
    ----------
    folder : Path or None
        None for ours alone.
    rooms : mapping of str to str
        The subfolder of each kind of part.

    Raises
    ------
    UserError
        If a file cannot be imported or holds no part: file, line and what happened.
    """
    if folder is None:
        return OURS
    with _LOCK:
        read = read_folder(folder)
        made = _MADE.get(read.package)
        if made is not None:
            return made
        tell(read, rooms.values())
        made = Shelves(folder.absolute(), read.digest, {kind: Shelf(kind, below=base) for kind, base in _BASE.items()})
        before = _HERE.filling
        package, _HERE.filling = open_package(read), made
        try:
            with using(made):
                for kind, room in rooms.items():
                    made[kind].fill(read, room)
        except BaseException:
            close_package(package)
            raise
        finally:
            _HERE.filling = before
        _MADE[package] = made
        return made


def _again(folder: Path | None, digest: str) -> Shelves:
    rooms = {kind: package.rsplit(".", 1)[-1] for kind, package in KINDS.items()} | {AGENTS: AGENTS}
    made = shelves_of(folder, rooms)
    if made.digest != digest:
        raise UserError(f"the parts in {folder} changed since this was kept (digest {digest[:8]}, now {made.digest[:8]})")
    return made


def shelf_for(kind: str, cls: type[Any]) -> Shelf:
    """Return the shelf that a part goes to as it is declared: that of the folder being imported; ours for ours, whoever imports them."""
    return (_HERE.filling if is_own(cls) else OURS)[kind]


def current() -> Shelves:
    """Return the shelves that this thread works with: ours, unless a run or :func:`sim.single.load_parts` says otherwise."""
    return _HERE.shelves


def set_current(shelves: Shelves) -> None:
    """Let this thread work with other shelves from now on."""
    _HERE.shelves = shelves


@contextmanager
def using(shelves: Shelves) -> Iterator[Shelves]:
    """Let this thread work with other shelves for a while."""
    before, _HERE.shelves = _HERE.shelves, shelves
    try:
        yield shelves
    finally:
        _HERE.shelves = before


def shelf(kind: str) -> Shelf:
    """Return the shelf of a kind of part, of those this thread works with."""
    return _HERE.shelves[kind]


def own_digest() -> str:
    """Identify the user's parts this thread works with, by all that lies in their folder; empty where there are none."""
    return _HERE.shelves.digest


def _line_in(path: Path, fault: BaseException) -> int:
    """Return the line of a user's file at which importing it failed."""
    if isinstance(fault, SyntaxError) and fault.filename == str(path):
        return fault.lineno or 1
    lines = [entry.lineno for entry in traceback.extract_tb(fault.__traceback__) if entry.filename == str(path)]
    return (lines[-1] if lines else None) or 1
