"""A seat at the table, for the page: a game is its words, its seat and its moves, so the server keeps nothing it could not play again.

A turn names the game as it stands (words, seat, moves, month) and what is done; the answer is the game after it. Games lately played are
kept ready and forked, so that two tabs, or a step back, never touch each other.
"""

from __future__ import annotations

import dataclasses
import json
import math
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analysis.app.keep import Films
from sim.game import Game
from sim.types import UserError, month_index

MOST_MOVES, MOST_GAMES = 400, 24
LONGEST_WAIT = 12
"""Months at most that one turn lives on until something happens to the seat."""


class Tables:
    """Games in play.

    Parameters
    ----------
    films : Films
        Knows how an address is read.
    """

    def __init__(self, films: Films) -> None:
        self.films = films
        self._games: OrderedDict[str, Game] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def turn(self, wish: Any) -> dict[str, Any]:
        """Do what a turn asks for and return the game after it.

        Parameters
        ----------
        wish : mapping
            ``words``, ``seat``, ``moves`` (list), ``month`` (``YYYY-MM``, None for the first), and of ``play`` (moves for this month),
            ``take_back``, ``live`` (months, or ``"until"`` something happens) and ``save`` those that are to be done, in this order.

        Raises
        ------
        UserError
            If anything asked for is not possible: one sentence.
        """
        if not isinstance(wish, Mapping) or not isinstance(wish.get("seat"), str):
            raise UserError("a turn names its seat: the code of a state or a bloc, for example IDN")
        moves = wish.get("moves") or []
        if not isinstance(moves, list) or len(moves) > MOST_MOVES:
            raise UserError(f"a game of the page holds at most {MOST_MOVES} moves, in a list")
        with self._one_at_a_time:
            game = self._at(wish.get("words"), wish["seat"], moves, wish.get("month")).fork()
            if wish.get("take_back"):
                game.take_back()
            if wish.get("play"):
                game.play(wish["play"])
            since = game.month
            if wish.get("live") and not game.over:
                _live(game, wish["live"])
            self._keep(wish.get("words"), game)
            return _told(game, since, bool(wish.get("save")))

    def _at(self, words: Any, seat: str, moves: list[Any], month: Any) -> Game:
        """Return a game as it stood, kept or played again; not to be changed."""
        key = _key(words, seat, moves, month)
        if key in self._games:
            self._games.move_to_end(key)
            return self._games[key]
        _, config, chosen = self.films.ask(words)
        tree = {name: value for name, value in config.tree.items() if name not in ("scenario", "parts")}
        told = {**tree, "scenarios": config.scenario, "counterfactual": chosen.counterfactual, "parts": chosen.parts}
        game = Game(told, chosen.seed, seat, moves)
        months = 0 if month is None else month_index(str(month)) - month_index(game.month)
        if months > 0:
            game.advance(months)
        return game

    def _keep(self, words: Any, game: Game) -> None:
        key = _key(words, game.seat, [move.tree() for move in game.moves], game.month)
        self._games[key] = game
        self._games.move_to_end(key)
        while len(self._games) > MOST_GAMES:
            self._games.popitem(last=False)


def _key(words: Any, seat: str, moves: list[Any], month: Any) -> str:
    return json.dumps([words, seat, moves, month], sort_keys=True, default=str)


def _live(game: Game, how: Any) -> None:
    """Live a number of months, or until talks open or get a new offer, or something is signed, ratified or fails."""
    if how != "until":
        game.advance(how)
        return
    before = _standing(game)
    for _ in range(LONGEST_WAIT):
        news = game.advance(1)
        if game.over or news or _standing(game) != before:
            return


def _standing(game: Game) -> list[Any]:
    """Return what the seat would want to be told of a change in: its open talks, what lies before it, and how many offers it has heard."""
    return [*((talk.talk, talk.tabled is not None) for talk in game.inbox()), _heard(game)]


def _heard(game: Game) -> int:
    """Count the offers that others have made to the seat, one that repeats the last included."""
    talks, offers = game.world.talks, game.world.offers
    me = game.setting.codes.index(game.seat)
    mine = (talks["first"] == me) | (talks["second"] == me)
    return int(np.count_nonzero(mine[offers["talk"]] & (offers["proposer"] != me)))


def _told(game: Game, since: str, save: bool) -> dict[str, Any]:
    score = game.score()
    told: dict[str, Any] = {
        "seat": game.seat,
        "month": game.month,
        "over": game.over,
        "moves": [move.tree() for move in game.moves],
        "inbox": [_plain(dataclasses.asdict(talk)) for talk in game.inbox()],
        "openings": [_plain(dataclasses.asdict(one)) for one in game.openings()[:8]],
        "news": [_plain(row) for row in game.news(since)[-40:]],
        "score": {"ahead": _plain(score.ahead), "played": _record(score.played), "model": _record(score.model)},
    }
    if save:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "game.json"
            game.save(path)
            told["saved"] = json.loads(path.read_text(encoding="utf-8").replace(str(path), "game.json"))
    return told


def _record(record: Any) -> dict[str, Any]:
    kept = ("talks", "signed", "in_force", "awaiting", "rejected_at_home", "rejected_abroad", "walked_away", "failed", "gain_in_force")
    return {name: _plain(getattr(record, name)) for name in kept}


def _plain(value: Any) -> Any:
    """Turn what a game tells into JSON: NumPy numbers into Python's, what is no number into None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
