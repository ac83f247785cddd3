"""A game as a file: written for whoever keeps or moves it, and opened again, also one that :meth:`sim.game.Game.save` wrote.

A file written here holds the words of the address too. Of another, they are read from the command that repeats it, as an address and the
command line have the same words.
"""

from __future__ import annotations

import json
import shlex
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from analysis.app.address import tree_of
from analysis.app.games import Position, words_of
from sim.game import Game, older_game
from sim.older import turning
from sim.params import Config, canonical
from sim.seat.moves import moves_of, told_then
from sim.types import UserError

NOT_WORDS = ("moves", "seeds", "record", "outputs", "parts")


def written(game: Game, words: dict[str, str]) -> dict[str, Any]:
    """Return what a saved game's file holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "game.json"
        game.save(path)
        tree: dict[str, Any] = json.loads(path.read_text(encoding="utf-8").replace(str(path), "game.json"))
    return {**tree, "words": words}


def opened(tree: Any, config_of: Callable[[dict[str, str]], Config]) -> Position:
    """Return the position that a saved game's file holds.

    Parameters
    ----------
    tree : object
        What the file holds, read as JSON.
    config_of : callable
        Gives the configuration of an address's words.

    Raises
    ------
    UserError
        If it is no saved game, or of a world that no address can name (own tables, another roster): one sentence.
    """
    if not isinstance(tree, Mapping) or not isinstance(tree.get("moves"), list) or not isinstance(tree.get("seat"), str):
        raise UserError("that file is no saved game; one saved by the page or by Game.save was expected")
    older_game("that file", tree)
    moves = [move.tree() for move in moves_of(tree["moves"])]
    month = tree.get("month")
    if month is not None and not isinstance(month, str):
        raise UserError("the month of a saved game is written YYYY-MM")
    words = words_of(tree["words"]) if "words" in tree else _read(tree.get("command"))
    _same_world(config_of(words), tree.get("config"))
    return Position(words, tree["seat"], moves, month)


def _read(told: Any) -> dict[str, str]:
    """Return the words of a command line."""
    if not isinstance(told, str):
        raise UserError("that file does not say how its run is repeated, so its world is not known")
    try:
        parts = shlex.split(told)
    except ValueError:
        raise UserError("the command in that file cannot be read") from None
    pairs = [part.split("=", 1) for part in parts if "=" in part]
    words = dict(turning.word(f"{name}={value}").split("=", 1) for name, value in pairs if name not in NOT_WORDS)
    tree_of(words)
    return words


def _same_world(here: Config, there: Any) -> None:
    """Refuse to open a game in another world than it was played in."""
    if not isinstance(there, Mapping):
        raise UserError("that file does not say in which world it was played")
    # A browser writes 1.0 as 1, so values are compared and not their texts.
    plain = json.loads(canonical(here.tree))
    there = told_then(there, "that file", here.shelves)
    for name in sorted({*plain, *map(str, there)} - {"parts"}):
        if _settings(plain.get(name)) != _settings(there.get(name)):
            raise UserError(f"that game was played in a world that this page does not have: its {name} differs")


def _settings(value: Any) -> Any:
    """Leave out in which folder tables lie."""
    return {key: item for key, item in value.items() if key != "folder"} if isinstance(value, Mapping) else value
