"""Shelves: a part is one file; a shelf finds its siblings, checks their bounds and builds them by name.

A part is a frozen dataclass with a one-sentence docstring a diplomat would understand (it becomes help text and legend),
fields made by :func:`param` or :func:`choice`, and the decorator :func:`part`. Adding a file adds the part; nothing else is edited.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import importlib
import importlib.util
import math
import pkgutil
import sys
import traceback
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from sim.contracts import OWN, ask, check_contract, complete, is_own
from sim.types import ModelFault, UserError, nearest

T = TypeVar("T")

KINDS = {
    "agreement": "sim.agreements",
    "protocol": "sim.protocols",
    "shock": "sim.shocks",
    "mechanism": "sim.mechanisms",
    "metric": "sim.metrics",
}


def param(default: float, *, unit: str, low: float, high: float, source: str, meaning: str) -> Any:
    """Declare a number of a part with its unit, bounds, source and meaning.

    ``default`` stays a whole number if it is written as one. ``source`` is a citation or ``"assumed"``.
    """
    return dataclasses.field(
        default=default,
        metadata={"unit": unit, "low": low, "high": high, "source": source, "meaning": meaning},
    )


def choice(default: str, options: tuple[str, ...], *, source: str, meaning: str) -> Any:
    """Declare a named choice of a part."""
    return dataclasses.field(default=default, metadata={"unit": "choice", "options": options, "source": source, "meaning": meaning})


def switch(default: bool, *, source: str, meaning: str) -> Any:
    """Declare an on-off choice of a part."""
    return dataclasses.field(default=default, metadata={"unit": "switch", "source": source, "meaning": meaning})


def part(kind: str, *, name: str, title: str, title_id: str, sentence_id: str) -> Callable[[type[T]], type[T]]:
    """Put a frozen dataclass on a shelf.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    name, title, title_id, sentence_id : str
        Its name in configurations, its title in English and Indonesian, its sentence in Indonesian; the English
        sentence is the first line of its docstring.

    Raises
    ------
    ModelFault
        If the class is not a frozen dataclass, lacks its sentence, declares an undocumented field or a default out of bounds, does not
        offer what its kind must (:mod:`sim.contracts`), or its name is taken.
    """

    def register(cls: type[T]) -> type[T]:
        if kind not in KINDS:
            raise ModelFault(f"{cls.__name__}: there is no kind of part {kind!r}; {nearest(str(kind), KINDS)}")
        if not name.isidentifier() or name != name.lower():
            raise ModelFault(f"{cls.__name__}: {name!r} must be a name in small letters, digits and _")
        if not dataclasses.is_dataclass(cls) or not cls.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            raise ModelFault(f"{cls.__name__} is not a frozen dataclass")
        sentence = (cls.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ").strip()
        sentence = " ".join(sentence.split())
        if not sentence.endswith("."):
            raise ModelFault(f"{cls.__name__} lacks a docstring that begins with one sentence")
        for key, value in {
            "name": name,
            "kind": kind,
            "title": title,
            "title_id": title_id,
            "sentence": sentence,
            "sentence_id": sentence_id,
        }.items():
            setattr(cls, key, value)
        for field in dataclasses.fields(cls):
            if field.metadata.get("source") is None:
                raise ModelFault(f"{cls.__name__}.{field.name} has no source; declare it with param(), choice() or switch()")
            check_value(f"{kind} {name}", field, field.default)
        check_contract(kind, cls)
        if is_own(cls):
            ask(kind, cls)
        complete(kind, cls)
        _SHELVES[kind].add(name, cls)
        return cls

    return register


def check_value(where: str, field: dataclasses.Field[Any], value: Any) -> Any:
    """Return a field's value if its kind and bounds hold.

    Raises
    ------
    UserError
        One sentence naming the part, the parameter, what was expected and what came.
    """
    meta = field.metadata
    if meta["unit"] == "switch":
        if not isinstance(value, bool):
            raise UserError(f"{where}: {field.name} must be true or false, not {value!r}")
        return value
    if meta["unit"] == "choice":
        if value not in meta["options"]:
            raise UserError(f"{where}: {field.name} cannot be {value!r}; {nearest(str(value), meta['options'])}")
        return value
    whole = isinstance(field.default, int)
    if whole and isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        kind = "a whole number" if whole else "a number"
        raise UserError(f"{where}: {field.name} must be {kind} ({meta['unit']}), not {value!r}")
    if not (math.isfinite(value) and meta["low"] <= value <= meta["high"]):
        raise UserError(f"{where}: {field.name} = {value!r} lies outside {meta['low']} to {meta['high']} ({meta['unit']})")
    return value if whole else float(value)


class Shelf:
    """The parts of one kind, found once and then fixed."""

    def __init__(self, kind: str, package: str) -> None:
        self.kind, self.package = kind, package
        self._parts: dict[str, type[Any]] = {}
        self._broken: dict[str, str] = {}
        self._own: dict[Path, tuple[str, str]] = {}
        self._found = False

    def add(self, name: str, cls: type[Any]) -> None:
        """Add one class; refuse a name that is taken by another."""
        known = self._parts.get(name)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            there = sys.modules.get(known.__module__)
            where = (there and there.__file__) if is_own(known) else known.__module__
            raise ModelFault(f"there is already a {self.kind} {name!r} (in {where}); choose another name")
        self._parts[name] = cls

    def discover(self) -> None:
        """Import every sibling file once; one that fails is remembered with file and line and stops only those who ask for it."""
        if self._found:
            return
        self._found = True
        package = importlib.import_module(self.package)
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
            if not info.name.startswith("_"):
                self._load(info.name, lambda n=info.name: importlib.import_module(f"{self.package}.{n}"))  # type: ignore[misc]

    def load_own(self, folder: Path | None) -> None:
        """Import every file of a user's folder for this shelf (this runs the user's code), and forget those of any other folder.

        Parameters
        ----------
        folder : Path or None
            None forgets all of a user's parts. A file that has not changed since it was imported is not run again.

        Raises
        ------
        UserError
            If a file cannot be imported, holds no part of this kind, or takes a name that is taken: file, line and what happened.
        """
        self.discover()
        found = {} if folder is None else {path: _digest(path) for path in own_files(folder)}
        for path, (module, digest) in list(self._own.items()):
            if found.get(path) != digest:
                self._forget(module)
                del self._own[path]
        for path, digest in found.items():
            if path not in self._own:
                # The place is part of the name: files of one name in two folders are two modules.
                place = hashlib.blake2b(str(path).encode(), digest_size=4).hexdigest()
                module = f"{OWN}{self.kind}_{path.stem}_{place}"
                self._load_own(module, path)
                self._own[path] = module, digest

    def own(self) -> dict[Path, str]:
        """Return the user's files on this shelf, each with the digest of its content."""
        return {path: digest for path, (_, digest) in sorted(self._own.items())}

    def _load_own(self, module: str, path: Path) -> None:
        try:
            _import_path(module, path)
        except (Exception, SystemExit) as fault:
            self._forget(module)
            what = str(fault) if isinstance(fault, ModelFault) else f"{type(fault).__name__}: {fault}"
            raise UserError(f"{path}:{_line_in(path, fault)}: {what}") from fault
        if not any(cls.__module__ == module for cls in self._parts.values()):
            self._forget(module)
            raise UserError(f"{path} holds no {self.kind}: write a class under @part({self.kind!r}, ...) in it")

    def _forget(self, module: str) -> None:
        for shelf in _SHELVES.values():
            shelf._parts = {name: cls for name, cls in shelf._parts.items() if cls.__module__ != module}
        sys.modules.pop(module, None)

    def _load(self, stem: str, load: Callable[[], Any]) -> None:
        try:
            load()
        except Exception as fault:
            last = traceback.extract_tb(fault.__traceback__)[-1]
            self._broken[stem] = f"{last.filename}:{last.lineno}: {type(fault).__name__}: {fault}"

    def names(self) -> list[str]:
        """Return the names of all parts, sorted."""
        self.discover()
        return sorted(self._parts)

    def broken(self) -> dict[str, str]:
        """Return the files that failed to import, with file, line and error."""
        self.discover()
        return dict(self._broken)

    def get(self, name: str) -> type[Any]:
        """Return a part's class.

        Raises
        ------
        UserError
            If there is no such part, or its file failed to import.
        """
        self.discover()
        if name in self._parts:
            return self._parts[name]
        if name in self._broken:
            raise UserError(f"{self.kind} {name!r} could not be loaded: {self._broken[name]}")
        raise UserError(f"there is no {self.kind} {name!r}; {nearest(str(name), self._parts)}")

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
        fields = _fields_of(cast("Hashable", self.get(name)))
        checked: dict[str, Any] = {}
        for key, value in values.items():
            if key not in fields:
                raise UserError(f"{self.kind} {name}: there is no parameter {key!r}; {nearest(str(key), fields)}")
            checked[key] = check_value(f"{self.kind} {name}", fields[key], value)
        return checked


@functools.lru_cache(maxsize=256)
def _fields_of(cls: Hashable) -> dict[str, dataclasses.Field[Any]]:
    return {field.name: field for field in dataclasses.fields(cast("type[Any]", cls))}


def _import_path(name: str, path: Path) -> None:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UserError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def own_files(folder: Path) -> list[Path]:
    """List the Python files in a user's folder for one shelf, sorted; those whose names begin with ``_`` are no parts."""
    return sorted(path.resolve() for path in folder.glob("*.py") if not path.name.startswith("_") and path.is_file())


def own_digest() -> str:
    """Identify the user's parts that are loaded, by kind, file name and content; empty where there are none."""
    files = [f"{kind} {path.name} {digest}" for kind in sorted(KINDS) for path, digest in shelf(kind).own().items()]
    return hashlib.blake2b("\n".join(files).encode(), digest_size=16).hexdigest() if files else ""


def _digest(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def _line_in(path: Path, fault: BaseException) -> int:
    """Return the line of a user's file at which importing it failed."""
    if isinstance(fault, SyntaxError) and fault.filename == str(path):
        return fault.lineno or 1
    lines = [entry.lineno for entry in traceback.extract_tb(fault.__traceback__) if entry.filename == str(path)]
    return (lines[-1] if lines else None) or 1


_SHELVES = {kind: Shelf(kind, package) for kind, package in KINDS.items()}


def shelf(kind: str) -> Shelf:
    """Return the shelf of a kind of part."""
    return _SHELVES[kind]


def values_of(thing: Any) -> dict[str, Any]:
    """Return a part's parameters as plain values: part -> config, the inverse of :meth:`Shelf.build`."""
    return {name: getattr(thing, name) for name in _fields_of(cast("Hashable", type(thing)))}


def parameter_rows() -> list[dict[str, str]]:
    """List every parameter of every part: the parameter table of the documentation."""
    rows = []
    for kind in sorted(KINDS):
        for name in shelf(kind).names():
            for field in dataclasses.fields(shelf(kind).get(name)):
                meta = field.metadata
                rows.append(
                    {
                        "part": f"{kind}.{name}",
                        "parameter": field.name,
                        "default": str(field.default),
                        "low": str(meta.get("low", "")),
                        "high": str(meta.get("high", "")),
                        "unit": meta["unit"] if meta["unit"] != "choice" else "choice: " + " | ".join(meta["options"]),
                        "source": meta["source"],
                        "meaning": meta["meaning"],
                    }
                )
    return rows
