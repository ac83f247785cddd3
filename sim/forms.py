"""The forms of files that are read back: which names a tree must hold, and of what kind; a file of another form is refused in a sentence.

Anybody's ``manifest.json`` may lie in a folder that is given to us, and a file may be cut short, so nothing is taken from a tree before its
form has been checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sim.types import UserError

Check = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    """Say whether a value is a text."""
    return isinstance(value, str)


def is_name(value: Any) -> bool:
    """Say whether a value is a text that is not empty."""
    return isinstance(value, str) and bool(value)


def is_count(value: Any) -> bool:
    """Say whether a value is a whole number, 0 or more."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_truth(value: Any) -> bool:
    """Say whether a value is true or false."""
    return isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Say whether a value is a finite number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < float("inf")


def is_tree(value: Any) -> bool:
    """Say whether a value holds named values."""
    return isinstance(value, dict)


def is_list(value: Any) -> bool:
    """Say whether a value is a list."""
    return isinstance(value, list)


def each(check: Check) -> Check:
    """Return a check of lists whose every entry passes another."""
    return lambda value: isinstance(value, list) and all(map(check, value))


def every(check: Check) -> Check:
    """Return a check of named values that all pass another."""
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


def or_none(check: Check) -> Check:
    """Return a check that lets nothing pass as well."""
    return lambda value: value is None or check(value)


def is_digest(value: Any) -> bool:
    """Say whether a value is a digest: 32 hexadecimal digits."""
    return isinstance(value, str) and len(value) == 32 and set(value) <= set("0123456789abcdef")


Form = Mapping[str, tuple[Check, str]]


def refuse_other_forms(where: str, tree: Any, form: Form, *, optional: Form = MappingProxyType({})) -> None:
    """Check a tree against its form: for each name what its value must pass, and that in words.

    Raises
    ------
    UserError
        If a name is missing or a value is of another kind: one sentence.
    """
    if not isinstance(tree, dict):
        raise UserError(f"{where} is damaged: it holds {kind_of(tree)}, not named values")
    for name, (check, words) in {**form, **optional}.items():
        if name not in tree:
            if name in optional:
                continue
            raise UserError(f"{where} is damaged or not of this program: it says nothing on {name}")
        if not check(tree[name]):
            raise UserError(f"{where} is damaged: {name} must be {words}, not {shown(tree[name])}")


def kind_of(value: Any) -> str:
    """Name the kind of a value read from JSON."""
    kinds = {dict: "named values", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
    return kinds.get(type(value), "nothing")


def shown(value: Any) -> str:
    """Write a value as it stands in the file, cut short."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."
