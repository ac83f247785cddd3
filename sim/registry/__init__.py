"""Shelves: a part is one file; a shelf finds its siblings, checks their bounds and builds them by name.

A part is a frozen dataclass with a one-sentence docstring a diplomat would understand (it becomes help text and legend),
fields made by :func:`param` or :func:`choice`, and the decorator :func:`part`. Adding a file adds the part; nothing else is edited.

Which parts there are belongs to a run (:class:`Shelves`): ours, and those of the folder the run was given. Runs with other folders may go
on at the same time in other threads.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TypeVar

from sim.contracts import ask, check_contract, complete, is_own
from sim.registry.declared import check_value, choice, param, switch, values_of
from sim.registry.own import own_files
from sim.registry.shelves import AGENTS, KINDS, OURS, Shelf, Shelves, current, own_digest, set_current, shelf, shelf_for, shelves_of, using
from sim.types import ModelFault, nearest

T = TypeVar("T")
SAID = ("state", "words", "reads", "writes", "tables", "targets", "does")
"""What parts say of themselves; a parameter of that name would be read in its place."""

__all__ = [
    "AGENTS",
    "KINDS",
    "OURS",
    "Shelf",
    "Shelves",
    "check_value",
    "choice",
    "current",
    "own_digest",
    "own_files",
    "param",
    "parameter_rows",
    "part",
    "set_current",
    "shelf",
    "shelves_of",
    "switch",
    "using",
    "values_of",
]


def part(kind: str, *, name: str, title: str, title_id: str, sentence_id: str) -> Callable[[type[T]], type[T]]:
    """Put a frozen dataclass on a shelf.

    Parameters
    ----------
    kind : str
        One of ``KINDS``, or ``agents``.
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
        if kind not in (*KINDS, AGENTS):
            raise ModelFault(f"{cls.__name__}: there is no kind of part {kind!r}; {nearest(str(kind), (*KINDS, AGENTS))}")
        if not name.isidentifier() or name != name.lower():
            raise ModelFault(f"{cls.__name__}: {name!r} must be a name in small letters, digits and _")
        plain = kind == AGENTS  # a class of agents, made anew for each party; the others are made once for a run
        if not plain and (not dataclasses.is_dataclass(cls) or not cls.__dataclass_params__.frozen):  # type: ignore[attr-defined]
            raise ModelFault(f"{cls.__name__} is not a frozen dataclass")
        sentence = (vars(cls).get("__doc__") or "").strip().split("\n\n")[0].replace("\n", " ").strip()
        sentence = " ".join(sentence.split())
        if not sentence.endswith("."):
            raise ModelFault(f"{cls.__name__} lacks a docstring that begins with one sentence")
        words = {"name": name, "kind": kind, "title": title, "title_id": title_id, "sentence": sentence, "sentence_id": sentence_id}
        if plain:
            # Agents have a name and a kind of their own, those of the party they are.
            cls.part = words  # type: ignore[attr-defined]
        for key, value in () if plain else words.items():
            setattr(cls, key, value)
        for field in () if plain else dataclasses.fields(cls):  # type: ignore[arg-type]
            if field.name in (*words, *SAID):
                raise ModelFault(f"{cls.__name__}.{field.name} is something that every part says; a parameter needs another name")
            if field.metadata.get("source") is None:
                raise ModelFault(f"{cls.__name__}.{field.name} has no source; declare it with param(), choice() or switch()")
            check_value(f"{kind} {name}", field, field.default)
        check_contract(kind, cls)
        if is_own(cls):
            ask(kind, cls)
        complete(kind, cls)
        shelf_for(kind, cls).add(name, cls)
        return cls

    return register


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
