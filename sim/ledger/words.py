"""The vocabulary of a run: the ledger's own words, and those that the parts on its shelves declare.

All parts on the shelves count, whether a run uses them or not: a twin without shocks has the codes of the run beside it.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from weakref import WeakKeyDictionary

from sim.consequences import SHIPPED, columns_of
from sim.contracts import OWNERS, is_own
from sim.declare.vocabulary import TAKEN, Declared, Vocabulary, resolve
from sim.ledger.event_words import EVENT_WORDS
from sim.ledger.reason_words import REASON_WORDS
from sim.registry import OURS, Shelves
from sim.state.schema import Schema
from sim.types import ModelFault, UserError, nearest

OURS_FILL = frozenset(name for cls in SHIPPED for name in columns_of(cls))
_KNOWN: WeakKeyDictionary[Shelves, Vocabulary] = WeakKeyDictionary()


def vocabulary(shelves: Shelves | None = None) -> Vocabulary:
    """Return the words of all that lies on some shelves, ours where none are given.

    Raises
    ------
    UserError
        If a part of the user's takes a name that is taken, or uses an issue that no part declares.
    """
    shelves = OURS if shelves is None else shelves
    known = _KNOWN.get(shelves)
    if known is None:
        known = resolve(declared(shelves))
        _check_issues(shelves, known)
        _KNOWN[shelves] = known
    return known


def declared(shelves: Shelves) -> list[Declared]:
    """Return each word declared by the ledger or a part, with who declares it."""
    found = [Declared(word, "sim.ledger", False) for word in (*EVENT_WORDS, *REASON_WORDS)]
    for kind in OWNERS:
        for name in shelves[kind].names():
            cls = shelves[kind].get(name)
            found += [Declared(word, _place(kind, name, cls), is_own(cls)) for word in getattr(cls, "words", ())]
    return found


def _check_issues(shelves: Shelves, words: Vocabulary) -> None:
    """Refuse an agreement type whose text settles what no part declares."""
    for name in shelves["agreement"].names():
        cls = shelves["agreement"].get(name)
        for issue in cls.issues:
            if issue not in words.issues:
                said = f"{_place('agreement', name, cls)}: issues names {issue!r}, which no part declares; {nearest(issue, words.issues)}"
                raise UserError(said) if is_own(cls) else ModelFault(said)


def check_recorded(schema: Schema, words: Vocabulary, folder: Path | None = None) -> None:
    """Refuse a column that a part adds to instruments under a name that their record needs for something else.

    Raises
    ------
    UserError
        If there is one: who declares it, and what the name stands for.
    """
    kept = TAKEN - OURS_FILL | {f"contacts_{channel}" for channel in words.channels}
    for name, table in schema.on_rows.items():
        if table == "instruments" and (name in kept or name in words.issues):
            what = "an issue of the run" if name in words.issues else "another column of their record"
            where = "" if folder is None else f"parts={folder}: "
            raise UserError(
                f"{where}{schema.owners[f'{table}.{name}']}: array {name!r} on instruments bears the name of {what}; choose another name"
            )


def _place(kind: str, name: str, cls: type) -> str:
    """Name a part, with its file and line where it is a user's."""
    if not is_own(cls):
        return f"{kind} {name}"
    try:
        return f"{inspect.getsourcefile(cls)}:{inspect.getsourcelines(cls)[1]}: {kind} {name}"
    except (OSError, TypeError):  # made in a console, or its file is gone
        return f"{kind} {name}"
