"""A seat at the table, for the page: a game goes by a short key, and the server can play it again from what lies under that key.

A turn names the game as it stands (its key; or words, seat, moves and month; or a saved game's file) and what is done; the answer is the
game after it, with its key. Games lately played are kept ready and forked, so that two tabs, or a step back, never touch each other.

While a game goes on, its film, planes, trust and replay hold what its player may know (:mod:`analysis.app.player_film`). When its last
month has been lived they hold all, for the debrief.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import math
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.app.games import Games, Position, words_of
from analysis.app.keep import Films
from analysis.app.player_film import own_planes, own_trusts, player_film, public_panels
from analysis.app.saved import opened, written
from analysis.app.seen import Seen
from sim import engine
from sim.game import Game
from sim.params import Config, Settings
from sim.seat.moves import moves_of
from sim.seat.unplayed import Unplayed
from sim.state.world import Setting
from sim.types import UserError, month_index, month_label

MOST_MOVES, MOST_GAMES, MOST_WORLDS = 400, 24, 24
"""Moves in a game; games kept ready, and worlds that they share (12 MB each): what is not kept ready is played again, in about a second."""
LONGEST_WAIT = 12
"""Months at most that one turn lives on until something happens to the seat."""
PARTS = ("film", "tables")


@dataclasses.dataclass
class Shared:
    """What games of one world and one seed share."""

    setting: Setting
    unplayed: Unplayed
    place: dict[str, object] | None = None


@dataclasses.dataclass(frozen=True)
class Played:
    """A game that is kept ready, not to be changed, and what its player has seen."""

    game: Game
    seen: Seen
    position: Position
    chosen: Settings


class Tables:
    """Games in play.

    Parameters
    ----------
    films : Films
        Knows how an address is read, and makes the film of a game that is over.
    """

    def __init__(self, films: Films) -> None:
        self.films, self.games = films, Games(films.folder.parent)
        self._ready: OrderedDict[str, Played] = OrderedDict()
        self._worlds: OrderedDict[tuple[str, int], Shared] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def turn(self, wish: Any) -> dict[str, Any]:
        """Do what a turn asks for and return the game after it.

        Parameters
        ----------
        wish : mapping
            ``game`` (key), or ``open`` (a saved game's file as a tree), or ``words``, ``seat``, ``moves`` (list) and ``month``
            (``YYYY-MM``, None for the first); and of ``take_back``, ``play`` (moves for this month), ``live`` (months, or ``"until"``
            something happens) and ``save`` those that are to be done, in this order.

        Raises
        ------
        UserError
            If anything asked for is not possible: one sentence.
        """
        position = self._asked(wish)
        with self._one_at_a_time:
            stands = self._at(position)
            game, seen = stands.game.fork(), stands.seen.copy()
            game.watch(seen)
            if wish.get("take_back"):
                game.take_back()
            if wish.get("play"):
                _few(len(game.moves) + (len(wish["play"]) if isinstance(wish["play"], list) else 0))
                game.play(wish["play"])
            since = game.month
            if wish.get("live") and not game.over:
                _live(game, wish["live"])
            elif stands.seen.months > 0:
                # Who comes back is told what happened in the month before.
                since = month_label(game.world.month - 1)
            seen.take(public_panels(game))
            # The step before is seldom gone back to, and the last of every player is asked for next.
            if position.key in self._ready:
                self._ready.move_to_end(position.key, last=False)
            key = self._keep(dataclasses.replace(stands, game=game, seen=seen, position=_position(position.words, game)))
            told = _told(game, since)
        told |= {"key": key, "words": position.words}
        if wish.get("save"):
            told["saved"] = written(game, position.words)
        return told

    def _asked(self, wish: Any) -> Position:
        """Return the position that a turn starts from."""
        if not isinstance(wish, Mapping):
            raise UserError("a turn names its seat and its words, or its game by a key")
        if wish.get("game") is not None:
            return self.games.find(wish["game"])
        if wish.get("open") is not None:
            return _of_reason(opened(wish["open"], lambda words: self.films.ask(words)[1]))
        if not isinstance(wish.get("seat"), str):
            raise UserError("a turn names its seat: the code of a state or a bloc, for example IDN")
        moves, month = wish.get("moves") or [], wish.get("month")
        if month is not None and not isinstance(month, str):
            raise UserError(f"a month is written YYYY-MM, not {month!r}")
        if not isinstance(moves, list):
            raise UserError(f"a game of the page holds at most {MOST_MOVES} moves, in a list")
        return _of_reason(Position(words_of(wish.get("words")), wish["seat"], moves, month))

    def _at(self, position: Position) -> Played:
        """Return a game as it stood, kept ready or played again; not to be changed."""
        if position.key in self._ready:
            self._ready.move_to_end(position.key)
            return self._ready[position.key]
        _, config, chosen = self.films.ask(position.words)
        shared = self._world(config, chosen.seed)
        tree = {name: value for name, value in config.tree.items() if name not in ("scenario", "parts")}
        told = {**tree, "scenarios": config.source, "counterfactual": chosen.counterfactual, "parts": chosen.parts}
        game = Game(told, chosen.seed, position.seat, position.moves, setting=shared.setting, unplayed=shared.unplayed)
        seen = Seen(game.setting.codes.index(position.seat), shared.place)
        seen.month(game.world)
        shared.place = seen.place
        game.watch(seen)
        months = 0 if position.month is None else month_index(position.month) - month_index(game.month)
        if months > 0:
            game.advance(months)
        seen.take(public_panels(game))
        return Played(game, seen, position, chosen)

    def _world(self, config: Config, seed: int) -> Shared:
        """Return what games of one world and one seed share; those of one world on other luck share its setting and its places."""
        key = config.digest, seed
        if key not in self._worlds:
            like = next((one for (digest, _), one in self._worlds.items() if digest == config.digest), None)
            setting = engine.assemble(config) if like is None else like.setting
            self._worlds[key] = Shared(setting, Unplayed(setting, seed), None if like is None else like.place)
        self._worlds.move_to_end(key)
        while len(self._worlds) > MOST_WORLDS:
            self._worlds.popitem(last=False)
        return self._worlds[key]

    def _keep(self, played: Played) -> str:
        key = self.games.keep(played.position)
        self._ready[key] = played
        self._ready.move_to_end(key)
        while len(self._ready) > MOST_GAMES:
            self._ready.popitem(last=False)
        return key

    def find(self, key: str) -> Played:
        """Return the game of a key, played again where it is not kept ready.

        Raises
        ------
        UserError
            If there is none.
        """
        position = self.games.find(key)
        with self._one_at_a_time:
            played = self._at(position)
            self._keep(played)
        return played

    def value(self, key: str, talk: str, text: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a text in open talks of a game would be worth to its player: ``utility``, ``gain`` (bp) and whether it ``signs``.

        Raises
        ------
        UserError
            If there is no such game or talk, or the text is not one of theirs.
        """
        position = self.games.find(key)
        with self._one_at_a_time:
            return dict(dataclasses.asdict(self._at(position).game.value(talk, text)))

    def zipped(self, key: str, name: str) -> bytes:
        """Return a part of a game's film, ``film`` or ``tables``, as gzipped JSON.

        Raises
        ------
        UserError
            If there is no such game or part.
        """
        if name not in PARTS:
            raise UserError(f"a game has no {name!r}; it has {' and '.join(PARTS)}")
        played = self.find(key)
        if played.game.over:
            return self.films.zipped(self._debrief(played), name)
        return gzip.compress(json.dumps(self._part(played, name), **COMPACT).encode(), 1, mtime=0)

    def read(self, key: str, name: str) -> dict[str, Any]:
        """Return a part of a game's film as a tree."""
        tree: dict[str, Any] = json.loads(gzip.decompress(self.zipped(key, name)))
        return tree

    def trust(self, key: str, party: int) -> dict[str, list[list[float | None]]]:
        """Return trust month by month as :meth:`analysis.app.keep.Films.trust` does, and of a game that goes on the player's own alone.

        Raises
        ------
        UserError
            If there is no such game or party.
        """
        played = self.find(key)
        if played.game.over:
            return self.films.trust(self._debrief(played), party)
        n = played.game.setting.n_parties
        if not 0 <= party < n:
            raise UserError(f"there is no party {party} in this run; valid are 0 to {n - 1}")
        return own_trusts(played.seen, party)

    def _part(self, played: Played, name: str) -> dict[str, Any]:
        if name == "tables":
            return own_planes(played.game, played.seen)
        return player_film(played.game, played.seen, dataclasses.replace(played.chosen, moves=played.game.moves))

    def _debrief(self, played: Played) -> str:
        """Return the key of the whole film of a game that is over."""
        return self.films.get(played.position.words, [move.tree() for move in played.game.moves])


COMPACT: Any = {"separators": (",", ":"), "ensure_ascii": False, "allow_nan": False}


def _position(words: dict[str, str], game: Game) -> Position:
    return Position(words, game.seat, [move.tree() for move in game.moves], game.month)


def _of_reason(position: Position) -> Position:
    """Refuse more moves than a game of the page holds, and write the others as the model does, so that one position has one key."""
    _few(len(position.moves))
    moves = [{**move, "party": move.get("party") or position.seat} if isinstance(move, Mapping) else move for move in position.moves]
    return dataclasses.replace(position, moves=[move.tree() for move in moves_of(moves)])


def _few(moves: int) -> None:
    if moves > MOST_MOVES:
        raise UserError(f"a game of the page holds at most {MOST_MOVES} moves, in a list")


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


def _told(game: Game, since: str) -> dict[str, Any]:
    score = game.score()
    return {
        "seat": game.seat,
        "month": game.month,
        "over": game.over,
        "moves": [move.tree() for move in game.moves],
        "inbox": [_plain(dataclasses.asdict(talk)) for talk in game.inbox()],
        "openings": [_plain(dataclasses.asdict(one)) for one in game.openings()[:8]],
        "news": [_plain(row) for row in game.news(since)[-40:]],
        "score": {"ahead": _plain(score.ahead), "played": _record(score.played), "model": _record(score.model)},
    }


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
