"""Games kept on disk under a short key: every position that a player has stood in is one small file, and an address names it.

A position is an address's words, a seat, its moves and the month about to be lived. Its key is the first 10 letters of a digest of these,
so the same position has the same key wherever and whenever it is reached, and a key never comes to mean another one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.types import UserError

LETTERS = 10
KEY = re.compile(rf"[a-z2-7]{{{LETTERS}}}")
MOST_KEPT, LOOK_EVERY = 20_000, 256
"""Positions kept; those not asked for the longest go first, looked for after as many new ones."""
LONGEST_FILE = 1_000_000


@dataclass(frozen=True)
class Position:
    """Where a player stands.

    Attributes
    ----------
    words : dict of str to str
        Words of an address.
    seat : str
    moves : list of dict
    month : str or None
        The month about to be lived, ``YYYY-MM``; None for the first.
    """

    words: dict[str, str]
    seat: str
    moves: list[Any]
    month: str | None

    @property
    def text(self) -> str:
        """The position as canonical JSON."""
        return json.dumps([self.words, self.seat, self.moves, self.month], sort_keys=True, separators=(",", ":"))

    @property
    def key(self) -> str:
        """The short key."""
        return base64.b32encode(hashlib.blake2b(self.text.encode(), digest_size=10).digest()).decode().lower()[:LETTERS]


class Games:
    """The positions of one outputs folder.

    Parameters
    ----------
    outputs : Path
        They lie in ``.games`` under it.
    """

    def __init__(self, outputs: Path) -> None:
        self.folder = outputs / ".games"
        self._new = 0

    def keep(self, position: Position) -> str:
        """Keep a position and return its key.

        Raises
        ------
        UserError
            If the folder cannot be written.
        """
        path = self.folder / f"{position.key}.json"
        try:
            if path.is_file():
                os.utime(path)
                return position.key
            self.folder.mkdir(parents=True, exist_ok=True)
            waiting = path.with_suffix(f".{os.getpid()}.part")
            waiting.write_text(position.text, encoding="utf-8")
            waiting.replace(path)
        except OSError as fault:
            raise UserError(f"{self.folder} cannot be written, so the game cannot be kept: {fault.strerror or fault}") from None
        self._new += 1
        if self._new % LOOK_EVERY == 0:
            self._prune()
        return position.key

    def find(self, key: Any) -> Position:
        """Return the position of a key.

        Raises
        ------
        UserError
            If it is no key, or no game is kept under it (any more).
        """
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise UserError(f"a game's key is {LETTERS} letters and digits, as in game=abcdefghij")
        path = self.folder / f"{key}.json"
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            os.utime(path)
        except OSError:
            raise UserError(f"no game is kept here under {key!r} (any more); open the saved game from its file, or sit down anew") from None
        except (ValueError, RecursionError):
            told = None
        if not _whole(told):
            raise UserError(f"the game kept under {key!r} is damaged; open the saved game from its file, or sit down anew")
        return Position(*told)

    def _prune(self) -> None:
        kept = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in kept[MOST_KEPT:]:
            path.unlink(missing_ok=True)


def _whole(told: Any) -> bool:
    if not isinstance(told, list) or len(told) != 4 or not isinstance(told[0], dict):
        return False
    return isinstance(told[1], str) and isinstance(told[2], list) and isinstance(told[3], (str, type(None)))


def words_of(value: Any) -> dict[str, str]:
    """Return words of an address, whatever was sent for them.

    Raises
    ------
    UserError
        If they are no names with values.
    """
    if not isinstance(value, Mapping) or not all(isinstance(key, str) and isinstance(word, str) for key, word in value.items()):
        raise UserError("the words of an address are settings with values, each a text, as in seed and 7")
    return dict(value)
