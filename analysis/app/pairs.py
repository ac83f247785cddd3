"""Why these two, answered for any month of a run that has been shown: the run is lived again to that month, and asked.

A month costs some milliseconds and a question less than one, so nothing of it lies in a film. Runs lately asked about are kept as worlds,
one every :data:`EVERY` months, so that any month is reached from the last of them. In a game that goes on the answer holds what its player
may know (:mod:`analysis.app.own_pairs`).
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from analysis.app.address import BRANCHES, PLAIN
from analysis.app.keep import Films
from analysis.app.own_pairs import seen_by
from analysis.app.seat import Tables
from analysis.why import told
from sim import engine
from sim.params import Config, Settings
from sim.registry import using
from sim.repeat.lived import live_on
from sim.seat.moves import Move
from sim.state.world import Setting, World, clone
from sim.types import UserError, month_index, month_label
from sim.why import why

EVERY, MOST_RUNS, MOST_ASKED = 24, 3, 32
"""Months from one kept world to the next; runs kept so (12 MB a world); addresses whose configuration is remembered."""


class Again:
    """One run, lived again as far as it has been asked about.

    Parameters
    ----------
    setting : Setting
    chosen : Settings
        The seed and the moves are read.
    """

    def __init__(self, setting: Setting, chosen: Settings) -> None:
        self.setting, self.seed, self.moves = setting, chosen.seed, tuple[Move, ...](chosen.moves or ())
        self._kept: dict[int, World] = {}
        self._last: World | None = None

    def at(self, month: int) -> World:
        """Return the world at the end of a month, not to be changed."""
        config = self.setting.config
        if self._last is None or self._last.month - 1 > month:
            near = max((one for one in self._kept if one <= month), default=None)
            self._last = engine.start(self.setting, self.seed) if near is None else clone(self._kept[near])
        world = self._last
        while world.month - 1 < month:
            live_on(world, min(month, world.month - 1 + EVERY - (world.month - config.start) % EVERY), self.moves)
            if (world.month - config.start) % EVERY == 0:
                self._kept.setdefault(world.month - 1, clone(world))
        return world


class Pairs:
    """Answers why two parties of a run may agree or not.

    Parameters
    ----------
    films : Films
        Knows how an address is read.
    tables : Tables
        The games in play.
    """

    def __init__(self, films: Films, tables: Tables) -> None:
        self.films, self.tables = films, tables
        self._runs: OrderedDict[str, Again] = OrderedDict()
        self._asked: OrderedDict[str, tuple[str, Config, Settings]] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def of_run(
        self, words: Mapping[str, str], one: str, other: str, month: str | None, moves: Sequence[Any] | None = None
    ) -> dict[str, Any]:
        """Tell why, at the end of a month of the run of an address; None is the last.

        Raises
        ------
        UserError
            If the address is not valid, or the run has no such month or party.
        """
        with self._one_at_a_time:
            key, config, chosen = self._ask(words, moves)
            at = config.end if month is None else _month(month, config.start, config.end)
            world = self._run(key, config, chosen).at(at)
            with using(config.shelves):
                return told(why(world, one, other))

    def of_game(self, key: str, one: str, other: str, month: str | None) -> dict[str, Any]:
        """Tell a player why, at the end of a month that has been lived; None is how the world stands now.

        Raises
        ------
        UserError
            If there is no such game or party, or the month has not been lived.
        """
        game = self.tables.find(key).game
        words, config = self.tables.games.find(key).words, game.setting.config
        last = game.world.month - 1
        at = last if month is None else _month(month, config.start, last)
        moves = [move.tree() for move in game.moves if move.month <= at]
        if game.over:
            return self.of_run(words, one, other, month_label(at), [move.tree() for move in game.moves])
        with self._one_at_a_time:
            world = game.world if at == last else self._run(*self._ask(words, moves)).at(at)
            with using(config.shelves):
                return seen_by(world, world.setting.codes.index(game.seat), told(why(world, one, other)))

    def shown(self, key: str, query: str) -> dict[str, list[dict[str, Any]]]:
        """Return the answers of every month for the pair that a view of a run shows, for its replay; none where it shows no pair."""
        asked, pair = parse_qs(query), _pair_of(query)
        words = {name: values[-1] for name, values in asked.items() if name in PLAIN or name.split(".")[0] in BRANCHES}
        with suppress(UserError):
            found, config, _ = self._ask(words, None)
            if pair is not None and found == key:
                months = [month_label(month) for month in range(config.start, config.end + 1)]
                return {",".join(pair): [self.of_run(words, *pair, month) for month in months]}
        return {}

    def shown_in_game(self, key: str, query: str) -> dict[str, list[dict[str, Any] | None]]:
        """Return the same for a game: of one that is over every month, of one that goes on the month in which its player stands."""
        pair, game = _pair_of(query), self.tables.find(key).game
        with suppress(UserError):
            if pair is not None:
                lived = range(game.setting.config.start, game.world.month)
                told = [
                    self.of_game(key, *pair, month_label(month) if game.over else None) for month in (lived if game.over else lived[-1:])
                ]
                return {",".join(pair): [*([None] * (len(lived) - len(told))), *told]}
        return {}

    def _ask(self, words: Mapping[str, str], moves: Sequence[Any] | None) -> tuple[str, Config, Settings]:
        """Read an address, which takes a tenth of a second, once."""
        text = json.dumps([dict(words), list(moves) if moves else None], sort_keys=True)
        if text not in self._asked:
            self._asked[text] = self.films.ask(words, list(moves) if moves else None)
        self._asked.move_to_end(text)
        while len(self._asked) > MOST_ASKED:
            self._asked.popitem(last=False)
        return self._asked[text]

    def _run(self, key: str, config: Config, chosen: Settings) -> Again:
        if key not in self._runs:
            like = next(reversed(self._runs.values())).setting if self._runs else None
            self._runs[key] = Again(engine.assemble(config, like), chosen)
        self._runs.move_to_end(key)
        while len(self._runs) > MOST_RUNS:
            self._runs.popitem(last=False)
        return self._runs[key]


def _pair_of(query: str) -> tuple[str, str] | None:
    """Return the two parties that a view shows, None where it shows none."""
    kind, _, codes = parse_qs(query).get("pick", [""])[-1].partition(":")
    one, _, other = codes.partition(",")
    return (one, other) if kind == "pair" and one and other else None


def _month(text: str, first: int, last: int) -> int:
    """Read a month of those that have been lived.

    Raises
    ------
    UserError
        If it is none.
    """
    found = month_index(text)
    if not first <= found <= last:
        there = f"{month_label(first)} to {month_label(last)} are there" if first <= last else "none has been lived yet"
        raise UserError(f"{text} is none of the months that have been lived; {there}")
    return found
