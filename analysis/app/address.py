"""The address of a view: the words of the command line, and where one looks.

``?scenarios=baseline&seed=7&mechanisms.bargaining.power=0.5`` is the run ``python -m sim scenarios=baseline seed=7
mechanisms.bargaining.power=0.5``; ``at``, ``view``, ``colour``, ``pick``, ``lang``, ``twin`` and the like say how it is looked at and are
read by the page's script alone. Everything goes through :func:`sim.run.prepare`; nothing that names a folder, a table or code is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.older import turning
from sim.params import Config, Settings
from sim.run import prepare
from sim.scenario import scenario_names
from sim.types import UserError, nearest

PLAIN = ("scenarios", "seed", "start", "end", "negotiated", "counterfactual", "protocol")
"""Settings a page may name; the rest of a run's settings say where and how much to write, or run code."""
BRANCHES = ("protocol", "mechanisms", "agreements", "shocks")
MOST_WORDS, LONGEST = 80, 400
_KEY = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*){0,2}")
_WHOLE, _REAL = re.compile(r"-?\d{1,19}"), re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d{1,3})?")


def tree_of(words: Any) -> dict[str, Any]:
    """Turn words ``{"seed": "7", "mechanisms.bargaining.power": "0.5"}`` into a tree for :func:`sim.run.prepare`.

    Raises
    ------
    UserError
        If a word is no setting of a page, or cannot be read.

    Examples
    --------
    >>> tree_of({"seed": "7", "protocol": "nash", "mechanisms.bargaining.power": "0.5"})
    {'seed': 7, 'protocol': {'name': 'nash'}, 'mechanisms': {'bargaining': {'power': 0.5}}}
    """
    if not isinstance(words, Mapping) or len(words) > MOST_WORDS:
        raise UserError(f"an address holds at most {MOST_WORDS} settings, each written name=value")
    words = dict(_now(key, value) for key, value in words.items())
    tree: dict[str, Any] = {}
    for key in sorted(words, key=lambda one: (str(one).count("."), list(words).index(one))):
        value = words[key]
        if not isinstance(key, str) or not isinstance(value, str) or len(key) + len(value) > LONGEST:
            raise UserError(f"a setting of an address is written name=value, in at most {LONGEST} letters")
        if not _KEY.fullmatch(key):
            raise UserError(f"there is no setting {key!r}; {nearest(key, PLAIN)}")
        path = key.split(".")
        if len(path) == 1 and key not in PLAIN:
            raise UserError(f"there is no setting {key!r} in an address; {nearest(key, PLAIN)}")
        if len(path) > 1 and path[0] not in BRANCHES:
            raise UserError(f"there is no setting {key!r} in an address; {nearest(path[0], BRANCHES)}")
        if key == "scenarios" and value not in scenario_names():
            # A file is for the command line and for Python: an address names nothing that lies on the machine.
            raise UserError(f"there is no scenario {value[:60]!r} on the shelf; {nearest(value[:60], scenario_names())}")
        # A shock's value is laid over those of its kind, so it keeps its dots until then.
        where = ["protocol", "name"] if key == "protocol" else [key] if path[0] == "shocks" else path
        _set(tree, where, value_of(value))
    return tree


def _now(key: Any, value: Any) -> tuple[Any, Any]:
    """Return a word by the names of now; what is no word is said later."""
    if not isinstance(key, str) or not isinstance(value, str) or not _KEY.fullmatch(key):
        return key, value
    new, _, turned = turning.word(f"{key}={value}").partition("=")
    return new, turned


def _set(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            raise UserError(f"{'.'.join(path)}: {step} is a value and holds no settings of its own")
    tree[path[-1]] = value


def value_of(text: str) -> Any:
    """Read a value as the command line does: whole number, number, true or false, a list in brackets, or a word.

    Examples
    --------
    >>> [value_of(text) for text in ("7", "0.5", "true", "[a,b]", "2020-12")]
    [7, 0.5, True, ['a', 'b'], '2020-12']
    """
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.fullmatch(text):
        return int(text)
    if _REAL.fullmatch(text):
        return float(text)
    if text.startswith("[") and text.endswith("]"):
        return [item.strip() for item in text[1:-1].split(",") if item.strip()]
    return text


def asked(words: Any, parts: Path | None = None, moves: Any = None) -> tuple[Config, Settings]:
    """Validate the words of an address.

    Parameters
    ----------
    words : mapping of str to str
    parts : path or None
        The folder of parts the server was started with; an address cannot name one.
    moves : list of mapping or None
        Moves of a played seat.

    Raises
    ------
    UserError
        One sentence.
    """
    tree = tree_of(words)
    if parts is not None:
        tree["parts"] = str(parts)
    if moves is not None:
        if not isinstance(moves, list) or not all(isinstance(move, dict) for move in moves):
            raise UserError("moves must be a list of moves, each with named values")
        tree["moves"] = moves
    return prepare(tree)
