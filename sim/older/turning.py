"""What is told in old names (words typed, trees of settings, studies, moves) is turned into the names of now, or refused with the reason.

Each turning tells what it turned (:func:`sim.older.names.tell`); what holds no old name is returned as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.older import names
from sim.older.names import PATHS, Moved, tell
from sim.types import UserError

ROOMS = {"mechanisms": "mechanism", "agreements": "agreement", "shocks": "shock"}
VALUES = {
    "protocol": "protocol",
    "protocol.name": "protocol",
    "negotiated": "agreement",
    "scenarios": "scenario",
    "scenario": "scenario",
    "counterfactual_of": "scenario",
    "study.scenarios": "scenario",
    "study": "study",
}
"""Settings whose values are names, each with the kind of name."""
_GONE = object()


def word(text: str) -> str:
    """Return a word ``key=value`` of a command in the names of now.

    Raises
    ------
    UserError
        If it names what is gone: what replaced it.
    """
    key, sign, value = text.partition("=")
    if not names.TABLE.rows or not sign:
        return text
    made = path(key)
    for kind, old in ((VALUES.get(made), None), ("option", made)):
        if kind is not None:
            value = _tokens(value, kind, old)
    if made in ("shocks", "events", "background"):
        value = _tokens(value, "shock", None)
        for row in names.TABLE.of("parameter").values():
            if row.old.startswith("shocks.") and row.new:
                value = _swapped(value, row.old.rsplit(".", 1)[1], row.new.rsplit(".", 1)[1], row)
    return f"{made}={value}"


def path(old: str, value: Any = _GONE) -> str:
    """Return a setting's path as it is called now.

    Raises
    ------
    UserError
        If it is gone, and leaving it out would lose what its value said.
    """
    found, row = _path(old)
    if row is not None:
        if not row.new:
            raise UserError(str(row))
        tell(row)
    return found


def tree(told: Any) -> Any:
    """Return a tree of settings (nested, or by dotted names) in the names of now; settings that are gone and said nothing are left out.

    Raises
    ------
    UserError
        If it names what is gone, or one thing by its old and its new name.
    """
    if not names.TABLE.rows or not isinstance(told, Mapping):
        return told
    flat = list(_flat(told, ""))
    made = [(key, *_turned(key, value)) for key, value in flat]
    if all(new == key and value is old for (key, old), (_, new, value) in zip(flat, made, strict=True)):
        return told
    return _nested([(new, value) for _, new, value in made if value is not _GONE])


def paths(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by path (a study's ``set``) in the names of now.

    Raises
    ------
    UserError
        As :func:`tree`.
    """
    made: dict[str, Any] = {}
    for key, value in told.items():
        new, turned = _turned(key, value) if isinstance(key, str) else (key, value)
        if turned is not _GONE:
            _put(made, new, turned)
    return made


def plan(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a study's tree in the names of now: scenarios, settings and factors.

    Raises
    ------
    UserError
        As :func:`tree`.
    """
    made = dict(told)
    if not names.TABLE.rows:
        return made
    if "scenarios" in made:
        made["scenarios"] = _named("scenario", made["scenarios"])
    if isinstance(made.get("set"), Mapping):
        made["set"] = tree(made["set"])
    if isinstance(made.get("factors"), Mapping):
        factors: dict[str, Any] = {}
        for key, value in made["factors"].items():
            new = path(key) if isinstance(key, str) else key
            if isinstance(value, Mapping) and isinstance(value.get("values"), Sequence) and not isinstance(value["values"], str):
                value = {**value, "values": [_turned(new, one)[1] for one in value["values"]]}
            _put(factors, new, value)
        made["factors"] = factors
    return made


def move(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a move of a played seat in the names of now: its type, its talks, its issue and its text.

    Raises
    ------
    UserError
        If it is about what is gone.
    """
    made = dict(told)
    if not names.TABLE.rows:
        return made
    for key, kind in (("type", "agreement"), ("issue", "issue")):
        if isinstance(made.get(key), str):
            made[key] = names.TABLE.now(kind, made[key])
    if isinstance(made.get("talk"), str):
        head, sign, rest = made["talk"].partition(":")
        made["talk"] = f"{names.TABLE.now('agreement', head)}{sign}{rest}"
    if isinstance(made.get("text"), Mapping):
        made["text"] = {names.TABLE.now("issue", issue) if isinstance(issue, str) else issue: one for issue, one in made["text"].items()}
    return made


def _path(old: str) -> tuple[str, Moved | None]:
    """Return a path as it is now, and what moved it; a part's new name counts for all that lies under it."""
    steps, moved = old.split("."), None
    kind = ROOMS.get(steps[0])
    if kind is not None and len(steps) > 1 and (row := names.TABLE.last(kind, steps[1])) is not None:
        if not row.new:
            return old, row
        steps[1], moved = row.new, row
    now = ".".join(steps)
    for depth in range(len(steps), 0, -1):
        head = ".".join(steps[:depth])
        found = next((row for one in PATHS if (row := names.TABLE.last(one, head)) is not None), None)
        if found is not None:
            now, moved = (found.new + now[len(head) :] if found.new else now), found
            break
    if moved is None:
        return now, None
    # Told by the whole name that was given.
    return now, replace(moved, old=old, new=now if moved.new else "")


def _turned(key: str, value: Any) -> tuple[str, Any]:
    """Return a setting's path and its value in the names of now; the value is ``_GONE`` where it is to be left out."""
    new, row = _path(key)
    if row is not None:
        if not row.new:
            if row.lost_by(value):
                raise UserError(str(row))
            return new, _GONE
        tell(row)
    if new in VALUES:
        return new, _named(VALUES[new], value)
    if new in _ENTRIES and isinstance(value, (list, tuple)):
        made = [_ENTRIES[new](one) for one in value]
        return new, value if all(one is two for one, two in zip(made, value, strict=True)) else made
    if isinstance(value, str) and names.TABLE.last("option", f"{new}={value}") is not None:
        return new, names.TABLE.now("option", f"{new}={value}")
    return new, value


def _named(kind: str, value: Any) -> Any:
    """Return a name, or a list of names, as they are called now; anything else as it is."""
    if isinstance(value, str):
        return names.TABLE.now(kind, value)
    if isinstance(value, (list, tuple)) and any(isinstance(one, str) and names.TABLE.last(kind, one) for one in value):
        return [names.TABLE.now(kind, one) if isinstance(one, str) else one for one in value]
    return value


def _shock(one: Any) -> Any:
    if not isinstance(one, Mapping) or not isinstance(one.get("kind"), str):
        return one
    kind, made = names.TABLE.now("shock", one["kind"]), dict[str, Any]()
    for key, value in one.items():
        if key == "kind" or not isinstance(key, str):
            made[key] = kind if key == "kind" else value
            continue
        new, turned = _turned(f"shocks.{kind}.{key}", value)
        if turned is not _GONE:
            made[new.rsplit(".", 1)[1]] = turned
    return one if made == one else made


def _target(one: Any) -> Any:
    return _with(one, {"metric": "column"})


def _at_the_start(one: Any) -> Any:
    made = _with(one, {"add": "agreement"})
    if not isinstance(made, Mapping) or not isinstance(made.get("text"), Mapping):
        return made
    text = {_named("issue", issue): level for issue, level in made["text"].items()}
    return made if text == made["text"] else {**made, "text": text}


def _coalition(one: Any) -> Any:
    return _with(one, {"types": "agreement"})


def _with(one: Any, kinds: Mapping[str, str]) -> Any:
    """Return an entry of a list with the names that some of its keys hold as they are called now; the entry itself where none moved."""
    if not isinstance(one, Mapping):
        return one
    made = {key: _named(kinds[key], value) if key in kinds else value for key, value in one.items()}
    return one if made == one else made


_ENTRIES: Mapping[str, Callable[[Any], Any]] = {
    "shocks": _shock, "events": _shock, "background": _shock, "targets": _target, "start_state": _at_the_start, "coalitions": _coalition,
}  # fmt: skip
"""Settings that are lists of entries, each with what turns one."""


def _flat(told: Mapping[Any, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in told.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _nested(made: list[tuple[str, Any]]) -> dict[str, Any]:
    """Put values by path into a tree; a name of a shock's parameter keeps its dots, for shocks are a list."""
    flat: dict[str, Any] = {}
    for new, value in made:
        _put(flat, new, value)
    out: dict[str, Any] = {}
    for key, value in flat.items():
        steps = [key] if key.startswith("shocks.") else key.split(".")
        here = out
        for step in steps[:-1]:
            known = here.get(step, {})
            # protocol=NAME beside protocol.PARAMETER: both are of one part.
            here[step] = known if isinstance(known, dict) else {"name": known}
            here = here[step]
        held = here.get(steps[-1])
        if isinstance(held, dict) and not isinstance(value, Mapping):
            held["name"] = value
        else:
            here[steps[-1]] = value
    return out


def _put(made: dict[str, Any], new: str, value: Any) -> None:
    if new in made:
        raise UserError(f"{new} is given twice, by this name and by one that it had in an older version; give {new} only")
    made[new] = value


def _tokens(value: str, kind: str, key: str | None) -> str:
    """Replace old names of a kind in a word's value; for options, those of one path."""
    for row in names.TABLE.of(kind).values():
        old = row.old
        if key is not None:
            where, _, old = row.old.partition("=")
            if where != key:
                continue
        last = names.TABLE.last(kind, row.old)
        if last is not None:
            value = _swapped(value, old, last.new, last)
    return value


def _swapped(value: str, old: str, new: str, row: Moved) -> str:
    if not re.search(rf"(?<![\w.]){re.escape(old)}(?![\w.])", value):
        return value
    if not new:
        raise UserError(str(row))
    tell(row)
    return re.sub(rf"(?<![\w.]){re.escape(old)}(?![\w.])", lambda _: new, value)
