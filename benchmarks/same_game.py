"""Write ``same_game.json`` anew: the moves of the games that ``same_worlds.py`` plays, each kind tried whenever it is possible.

Run ``python benchmarks/same_game.py`` when numbers were meant to move, before another base is chosen: moves of before are no moves of now.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from sim.game import Game

HERE = Path(__file__).resolve().parent
SEATS = {
    "played game": ("rounds", "GBR"),
    "played game, solved": ("solved", "GBR"),
    "played bloc": ("bloc", "EU"),
    "played game, torn at home": ("torn", "GBR"),
}
"""The name of each game, and who is played, by the case that repeats it."""


def script(tree: dict[str, Any], seed: int, seat: str) -> list[dict[str, Any]]:
    """Play a game and return its moves as data: each turn another kind of move, as the tests of a seat try them."""
    played = importlib.import_module("test_seat_twin").tried(Game({**tree, "moves": None}, seed, seat))
    return [move.tree() for move in played]


if __name__ == "__main__":
    sys.path[:0] = [str(HERE.parent / "tests"), str(HERE)]
    cases, made = importlib.import_module("same_worlds").CASES, dict[str, list[dict[str, Any]]]()
    for name, (game, seat) in SEATS.items():
        case = cases[name]
        made[game] = script({"scenarios": case.scenario, **case.tree}, case.seed, seat)
        print(f"{game}: {len(made[game])} moves")
    games = [f' "{game}": [\n' + ",\n".join(f"  {json.dumps(move)}" for move in moves) + "\n ]" for game, moves in made.items()]
    (HERE / "same_game.json").write_text("{\n" + ",\n".join(games) + "\n}\n", encoding="utf-8")
