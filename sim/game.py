"""Take a seat: play a state or a bloc month by month, and see how it would have gone without you on the same luck.

>>> from sim.game import Game
>>> game = Game({"scenarios": "baseline", "protocol": {"name": "alternating_offers"}}, seed=7, seat="IDN")    # doctest: +SKIP
>>> game.advance(12)                                                                                         # doctest: +SKIP
>>> [(talk.other, talk.type, talk.gain) for talk in game.inbox()]                                            # doctest: +SKIP
>>> game.play([{"kind": "walk_away", "talk": game.inbox()[0].talk}])                                         # doctest: +SKIP

A game is its configuration, its seed and its moves: played again from the first month it is the same to the bit, and so is the run that
``python -m sim ... moves=FILE`` makes of a saved one. A month waits for nobody: where the player says nothing, the model plays the seat.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import engine
from sim.along import Along
from sim.contracts import blaming
from sim.folder import write_json
from sim.older import names, turning
from sim.params import folder_of, whole
from sim.plain import plain_tree
from sim.recorder import Recorder, RunData, ledger_in_words
from sim.registry import using
from sim.run import command, own_version
from sim.seat.legal import check, seat_of
from sim.seat.moves import Move, move_of, moves_for, read_game, written
from sim.seat.played import Played, live
from sim.seat.score import Score, record_of
from sim.seat.unplayed import Unplayed
from sim.seat.view import DraftView, Opening, TalkView, inbox, openings, valued
from sim.single import Watcher, prepare, refuse_seat
from sim.state.world import Setting, World, clone
from sim.types import UserError, month_index, month_label

SCHEMA = 2
"""Form of a saved game; 1 does not say which version saved it."""
MAX_MONTHS = 1_000_000
_OF_MEMBERS = ("bound", "released")


class Game:
    """One seat of one world, played.

    Parameters
    ----------
    tree : mapping
        What a run can be told (``scenarios``, ``protocol``, ``start``, ...), as for :func:`sim.run.run`.
    seed : int
        Luck of the run.
    seat : str
        Code of the state or bloc that is played.
    moves : sequence of Move or mapping
        Moves of any months, made in advance or before; each is carried out when its month is lived.
    setting : Setting, optional
        A setting assembled before from the same tree.
    unplayed : Unplayed, optional
        The model's own play of the same world, shared with other games of it.

    Raises
    ------
    UserError
        If anything asked for is not valid.
    """

    def __init__(
        self,
        tree: Mapping[str, Any],
        seed: int = 0,
        seat: str = "IDN",
        moves: Sequence[Any] = (),
        *,
        setting: Setting | None = None,
        unplayed: Unplayed | None = None,
    ) -> None:
        config, self._chosen = prepare({**tree, "seed": seed, "seeds": 1, "moves": None})
        refuse_seat(config)
        if setting is not None and setting.config.digest != config.digest:
            raise UserError("the setting given was assembled from another configuration than the game's")
        self.setting = engine.assemble(config) if setting is None else setting
        self.seat, self.seed = seat, self._chosen.seed
        self._me = seat_of(self.setting, seat)
        self.moves = moves_for([move_of(move, party=seat) for move in plain_tree(moves)], config, self.seed)
        for move in self.moves:
            if move.party != seat:
                raise UserError(f"the seat played is {seat}; {move.party} moves by the model's own rules")
        self.world = self._begun()
        self._record = Recorder(self.setting, "panels", portable=True)
        self._unplayed = Unplayed(self.setting, self.seed) if unplayed is None else unplayed

    @property
    def month(self) -> str:
        """The month about to be lived, ``YYYY-MM``; moves are made for it."""
        return month_label(self.world.month)

    @property
    def over(self) -> bool:
        """Whether the last month has been lived."""
        return self.world.month > self.setting.config.end

    def inbox(self) -> tuple[TalkView, ...]:
        """Return the seat's open talks as it sees them, oldest first; none once the game is over."""
        return () if self.over else inbox(self.world, self._me, self.moves)

    def openings(self) -> tuple[Opening, ...]:
        """Return whom the seat could propose talks to, the most promising first; nobody once the game is over."""
        return () if self.over else openings(self.world, self._me)

    def value(self, talk: str, text: Mapping[str, float]) -> DraftView:
        """Return what a text in open talks would be worth to the seat, without offering it.

        Parameters
        ----------
        talk : str
            Identity of open talks, as the inbox names them.
        text : mapping of str to float
            Level of each issue; an issue that is left out lies at its floor.

        Raises
        ------
        UserError
            If the game is over, there are no such talks, or the text is not one of theirs.
        """
        if self.over:
            raise UserError(f"the game is over: {month_label(self.setting.config.end)} was its last month")
        return valued(self.world, self._me, talk, text)

    def play(self, moves: Sequence[Any]) -> None:
        """Make moves for the month about to be lived, all of them or none.

        Parameters
        ----------
        moves : sequence of Move or mapping
            Month and party may be left out.

        Raises
        ------
        UserError
            If one is not possible: one sentence.
        """
        moves = plain_tree(moves)
        if not isinstance(moves, list):
            raise UserError(f"moves must be a list of moves, not {type(moves).__name__}")
        if self.over:
            raise UserError(f"the game is over: {month_label(self.setting.config.end)} was its last month")
        made = list(self.moves)
        for value in moves:
            move = move_of(value, month=self.world.month, party=self.seat)
            check(self.world, self.seat, move, [one for one in made if one.month <= move.month])
            at = sum(one.month <= move.month for one in made)
            made.insert(at, move)
        self.moves = tuple(made)

    def take_back(self) -> None:
        """Forget the moves made for the month about to be lived."""
        self.moves = tuple(move for move in self.moves if move.month != self.world.month)

    def advance(self, months: int = 1) -> list[dict[str, Any]]:
        """Live on, and return what happened to the seat: the ledger's rows that name it, in words, contacts left out.

        Raises
        ------
        UserError
            If the game is over, or a move made in advance turns out not to be possible.
        """
        months = whole("months", months, 1, MAX_MONTHS)
        if self.over:
            raise UserError(f"the game is over: {month_label(self.setting.config.end)} was its last month")
        first = self.world.month
        played = Played(self._me, self.moves, engine.decider_of(self.world))
        with using(self.setting.config.shelves), blaming():
            for _ in range(min(months, self.setting.config.end - first + 1)):
                live(self.world, played)
                self._record.measure(self.world)
                self.world.watchers.month(self.world)
        return self.news(month_label(first))

    def watch(self, watcher: Watcher) -> None:
        """Let a watcher see the months lived from here on (:class:`sim.run.Watcher`); it copies and changes nothing."""
        self.world.watchers.subscribe(watcher)

    @property
    def panels(self) -> dict[str, list[NDArray[np.float64]]]:
        """Metrics by party, a row (P,) for each month lived."""
        return self._record.panels

    @property
    def along(self) -> dict[str, Along]:
        """What has been measured along other axes than the parties, by axis, in the months lived."""
        return self._record.along(self.world)

    @property
    def series(self) -> dict[str, NDArray[np.float64]]:
        """Every metric for the world as a whole, (M,): a value for each month lived."""
        return self._record.series

    def news(self, since: str) -> list[dict[str, Any]]:
        """Return what happened to the seat from a month on: rows of the ledger in words.

        What happens too often to be told one by one (contacts, attendance) is left out, and so is what binds or releases the members of a
        bloc that is played.
        """
        first = self.world.first_event(month_index(since))
        events = self.world.events
        party = (events["party_a"] == self._me) | (events["party_b"] == self._me)
        rows = np.flatnonzero(party)
        rows = rows[rows >= first]
        words = ledger_in_words(self.world, rows)
        told = [{name: column[n] for name, column in words.items()} for n in range(len(rows))]
        known = self.setting.words
        untold = {known.events[code] for code in known.codes_where("event", "listed", False)} - set(_OF_MEMBERS)
        told = [row for row in told if row["event"] not in untold and not (row["event"] in _OF_MEMBERS and row["party_b"] == self.seat)]
        return [{**row, "month": month_label(int(row["month"]))} for row in told]

    def score(self) -> Score:
        """Return how the seat has done, beside the model's own play of it on the same luck up to the same month."""
        with using(self.setting.config.shelves), blaming():
            model = self._unplayed.record(self._me, self.world.month)
        last = "" if self.world.month == self.setting.config.start else month_label(self.world.month - 1)
        return Score(self.seat, last, record_of(self.world, self._me), model)

    def finish(self) -> RunData:
        """Live every month that is left and return the record, digest included: the one the saved game's run has."""
        if not self.over:
            self.advance(self.setting.config.end - self.world.month + 1)
        return self._record.copy().finish(self.world, written(self.moves))

    def fork(self) -> Game:
        """Return an independent game in the same state, to try something else from here; nobody watches it yet."""
        twin = object.__new__(Game)
        twin.__dict__.update(self.__dict__)
        twin.world, twin._record = clone(self.world), self._record.copy()
        return twin

    def __copy__(self) -> Game:
        return self.fork()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the game to a file: configuration, seed, seat, moves, month, and the command that repeats it."""
        place = folder_of("the game", os.fspath(path)).absolute()
        chosen = replace(self._chosen, moves=self.moves)
        tree = {
            "game": SCHEMA,
            "version": own_version(),
            "seat": self.seat,
            "seed": self.seed,
            "month": self.month,
            "scenario": self.setting.config.scenario,
            **({} if self.setting.config.file is None else {"scenario_file": self.setting.config.file}),
            "counterfactual": chosen.counterfactual,
            "config": self.setting.config.tree,
            "config_digest": self.setting.digest,
            "moves": [move.tree() for move in self.moves],
            "command": command(self.setting.config, chosen, place),
        }
        try:
            write_json(place, tree)
        except OSError as fault:
            raise UserError(f"the game cannot be saved to {path}: {fault.strerror or fault}") from None

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Game:
        """Return a saved game, played again up to the month in which it was saved.

        Raises
        ------
        UserError
            If the file is no saved game, or its moves are not possible in its world.
        """
        path = os.fspath(path)
        tree = read_game(path)
        wanted = ("game", "seat", "seed", "month", "scenario", "config")
        missing = [name for name in wanted if name not in tree]
        if missing:
            raise UserError(f"{path} is no saved game: it says nothing on {missing[0]}")
        older = older_game(path, tree)
        try:
            game = cls(_told(tree), tree["seed"], tree["seat"], tree["moves"])
            moves_for(path, game.setting.config, game.seed)
            months = month_index(tree["month"]) - game.world.month
            if months > 0:
                game.advance(months)
        except UserError as fault:
            if older is None:
                raise
            raise UserError(f"{path} was saved by {older} and cannot be played again here: {fault}") from None
        return game

    def _begun(self) -> World:
        return engine.start(self.setting, self.seed, record_offers=True)


def older_game(path: object, tree: Mapping[str, Any]) -> str | None:
    """Return which older version saved a game, None where it was this one.

    Raises
    ------
    UserError
        If it is a game of a newer version, or of none.
    """
    schema = tree.get("game")
    if isinstance(schema, bool) or not isinstance(schema, int) or not 1 <= schema <= SCHEMA:
        newer = "; install a newer version" if isinstance(schema, int) and schema > SCHEMA else ""
        raise UserError(f"{path} is a game of schema {schema}; this version reads schema 1 to {SCHEMA}{newer}")
    version = str(tree.get("version", "0.1.0"))
    return None if version == own_version() and schema == SCHEMA else f"version {version}"


def _told(tree: dict[str, Any]) -> dict[str, Any]:
    """Return what a run is told that has a saved game's configuration."""
    config = tree["config"]
    if not isinstance(config, dict):
        raise UserError("a saved game's config must hold named values")
    told = {key: value for key, value in config.items() if key not in ("scenario", "parts")}
    scenario = tree["scenario"] if tree.get("scenario_file") is None else tree["scenario_file"]
    with names.unheard():
        return dict(turning.tree({**told, "scenarios": scenario, "counterfactual": bool(tree.get("counterfactual", False))}))


__all__ = ["Game", "Move", "Opening", "Score", "TalkView"]
