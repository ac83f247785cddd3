"""Played seats of small worlds, for the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torn import TORN
from worlds import lively, setting_of

from sim.game import Game
from sim.seat.view import TalkView
from sim.types import month_index

ROUNDS: dict[str, Any] = lively(protocol={"name": "alternating_offers"})
SOLVED: dict[str, Any] = lively()
AT_REST: dict[str, Any] = {"data_centres": {"pace": 0.0, "wear": 0.0}}
"""Firms build nothing: else a text is worth a little less each month, and what a seat reads is not quite what is signed."""
STILL_ROUNDS: dict[str, Any] = {**ROUNDS, "mechanisms": {**ROUNDS["mechanisms"], **AT_REST}}
STILL_SOLVED: dict[str, Any] = {**SOLVED, "mechanisms": {**SOLVED["mechanisms"], **AT_REST}}
TORN_ROUNDS: dict[str, Any] = {**TORN, "protocol": {"name": "alternating_offers"}}
OPENED = month_index("2020-05")
PACT = f"infrastructure_pact:GBR:USA:{OPENED}"
"""Talks of GBR, the host, and USA, the investor, opened by GBR on seeds 9 and 13, in all of the first four worlds."""


def game(tree: dict[str, Any] = ROUNDS, seat: str = "USA", seed: int = 7, moves: Any = ()) -> Game:
    return Game(tree, seed, seat, moves, setting=setting_of(tree))


def table(tree: dict[str, Any] = ROUNDS, seed: int = 9) -> Game:
    """Return a game of USA in the month in which those talks are opened."""
    played = game(tree, seed=seed)
    while played.world.month < OPENED:
        played.advance()
    return played


def talk(played: Game, identity: str = PACT) -> TalkView | None:
    """Return one of the seat's open talks, None once they have ended."""
    return next((one for one in played.inbox() if one.talk == identity), None)


def until(played: Game, done: Callable[[TalkView | None], bool], identity: str = PACT) -> TalkView | None:
    """Live on until something is so of some talks, or the game is over."""
    while not done(talk(played, identity)) and not played.over:
        played.advance()
    return talk(played, identity)


def heard(view: TalkView | None) -> bool:
    """Say whether there is an offer on the table."""
    return view is not None and view.tabled is not None


def closed(played: Game, identity: str = PACT) -> dict[str, Any]:
    """Live on until some talks have ended, and return the ledger's row that says how."""
    ends = ("negotiation_concluded", "negotiation_failed")
    while True:
        for row in played.news("2019-01"):
            if row["negotiation"] == identity and row["event"] in ends:
                return row
        played.advance()


def between(view: TalkView, share: float) -> dict[str, float]:
    """Return the text a share of the way from the seat's own ideal levels to the other's last offer."""
    own = {one.issue: min(max(one.ideal + one.gain / (2.0 * one.salience), one.floor), one.ceiling) for one in view.issues}
    return {one.issue: own[one.issue] + share * ((one.theirs or 0.0) - own[one.issue]) for one in view.issues}
