"""A game is its configuration, its seed and its moves: played again, saved, loaded, forked or run from the command line it is the same."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from numpy.testing import assert_equal
from seats import ROUNDS, SOLVED, between, game, heard, talk, until
from worlds import setting_of

from sim.__main__ import main
from sim.game import Game
from sim.model import DiplomacyModel
from sim.params import configure
from sim.run import run
from sim.seat.moves import moves_of, written
from sim.single import one_run
from sim.types import UserError

PACT = "infrastructure_pact:DEU:GBR:24233"
"""Talks of DEU and GBR, opened in 2019-06 on seed 7."""


def eventful() -> Game:
    """Return a game in which an offer was made, a position taken and talks were left."""
    played = game(seat="GBR")
    view = until(played, heard, PACT)
    assert view is not None
    played.play([{"kind": "offer", "talk": PACT, "text": between(view, 0.0)}])
    other = next(one for one in played.inbox() if one.talk != PACT)
    played.play([{"kind": "red_line", "type": other.type, "other": other.other, "issue": "security", "at_least": 0.2}])
    played.advance(2)
    if talk(played, other.talk) is not None:
        played.play([{"kind": "walk_away", "talk": other.talk}])
    played.advance()
    return played


@pytest.mark.parametrize("tree", [ROUNDS, SOLVED], ids=["rounds", "solved"])
@pytest.mark.parametrize("seat", ["IDN", "EU"])
def test_a_game_without_moves_is_the_run(tree: dict[str, Any], seat: str) -> None:
    played = game(tree, seat)
    score = played.score()
    assert score.played == score.model
    assert played.finish().digest == one_run(setting_of(tree), 7, "scalars").digest


def test_the_same_moves_give_the_same_game_from_scratch_and_from_the_door() -> None:
    played = eventful()
    again = game(seat="GBR", moves=[move.tree() for move in played.moves])
    digest = played.finish().digest
    assert again.finish().digest == digest == one_run(played.setting, 7, "scalars", moves=played.moves).digest
    assert digest != one_run(played.setting, 7, "scalars").digest


def test_moves_are_part_of_what_the_run_is_even_where_they_change_nothing() -> None:
    played = game()
    played.play([{"kind": "set_position", "type": "transfer_framework", "other": "TUV", "issue": "redress", "ideal": 0.5}])
    mine, untouched = played.finish(), one_run(played.setting, 7, "scalars")
    last = [{name: values[-1] for name, values in one.series.items()} for one in (mine, untouched)]
    assert_equal(*last)  # a share of nothing is missing in both
    assert mine.digest != untouched.digest


def test_a_game_saved_and_loaded_goes_on_as_it_would_have(tmp_path: Path) -> None:
    played = eventful()
    played.save(tmp_path / "game.json")
    loaded = Game.load(tmp_path / "game.json")
    assert (loaded.month, loaded.seat, loaded.moves) == (played.month, played.seat, played.moves)
    assert loaded.inbox() == played.inbox()
    assert loaded.score() == played.score()
    assert loaded.finish().digest == played.finish().digest


def test_a_fork_lives_its_own_life_and_leaves_the_game_as_it_was() -> None:
    played = game(seat="GBR")
    assert until(played, heard, PACT) is not None
    before, twin = written(played.moves), played.fork()
    twin.play([{"kind": "walk_away", "talk": PACT}])
    twin.advance()
    assert talk(twin, PACT) is None and talk(played, PACT) is not None
    assert written(played.moves) == before
    assert played.finish().digest == one_run(played.setting, 7, "scalars").digest


def test_the_command_of_a_saved_game_repeats_it_to_the_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    played = eventful()
    played.save(tmp_path / "game.json")
    digest = played.finish().digest
    command = json.loads((tmp_path / "game.json").read_text())["command"]
    assert main([*_words(command), f"outputs={tmp_path / 'out'}", "record=scalars"]) == 0
    folder = Path(capsys.readouterr().out.strip().splitlines()[-1].removeprefix("run: "))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["digests"] == {"7": digest}
    assert moves_of(manifest["moves"]) == played.moves
    assert main([*_words(manifest["command"]), f"outputs={tmp_path / 'again'}"]) == 0
    second = Path(capsys.readouterr().out.strip().splitlines()[-1].removeprefix("run: "))
    assert json.loads((second / "manifest.json").read_text())["digests"] == {"7": digest}


def _words(command: str) -> list[str]:
    return shlex.split(command)[3:]


def test_mesa_lives_a_played_game_too_and_agents_decide_for_all_others() -> None:
    played = eventful()
    moves = [move.tree() for move in played.moves]
    model = DiplomacyModel(seed=7, setting=played.setting, moves=moves)
    plain = DiplomacyModel(seed=7, setting=played.setting, moves=moves, plain=True)
    assert model.run().digest == played.finish().digest
    assert plain.run().events["event"].tolist() == model.result().events["event"].tolist()


def test_from_python_moves_are_a_list_or_a_path(tmp_path: Path) -> None:
    moves = [{"month": "2019-07", "party": "GBR", "kind": "walk_away", "talk": PACT}]
    tree = {**ROUNDS, "end": "2019-09", "seed": 7}
    done = run(moves=moves, **tree)
    (tmp_path / "moves.json").write_text(json.dumps(moves))
    assert run(moves=tmp_path / "moves.json", **tree).runs[0].digest == done.runs[0].digest
    assert "walked_away" in done.runs[0].events["reason"]


STATES = ["DEU", "GBR", "IDN", "SGP", "USA"]
BAD = {
    "moves=nowhere.json": "cannot be read",
    "moves=torn.json": "is not JSON",
    "moves=empty.json": "holds no list of moves",
    "moves=odd.json": "did you mean 'offer'?",
    "moves=late.json": "lies outside the run",
    "moves=other.json": "was played with seed=8, and this run has seed=7",
    "moves=elsewhere.json": "was played with candidates=5, and this run has candidates=192; repeat it with: python -m sim x",
    "moves=two.json": "a game has one seat",
    "moves=never.json": "move 2019-11 SGP walk_away (transfer_framework with IDN): SGP and IDN have no such talks",
}


@pytest.mark.parametrize("word", BAD)
def test_a_bad_file_of_moves_is_refused_in_one_sentence(word: str, here: Path, refusal: Callable[[list[str]], str]) -> None:
    move = {"month": "2019-11", "party": "SGP", "kind": "walk_away", "type": "transfer_framework", "other": "IDN"}
    whole = {"start": "2019-11", "end": "2019-12", "roster": {"states": STATES}}
    files = {
        "torn": '{"moves"',
        "empty": "{}",
        "odd": json.dumps([{**move, "kind": "offr"}]),
        "late": json.dumps([{**move, "month": "2030-01"}]),
        "other": json.dumps({"moves": [move], "seed": 8}),
        "elsewhere": json.dumps(
            {"moves": [move], "seed": 7, "config": configure({**whole, "candidates": 5}).tree, "command": "python -m sim x"}
        ),
        "two": json.dumps([move, {**move, "party": "USA"}]),
        "never": json.dumps([move]),
    }
    for name, text in files.items():
        Path(f"{name}.json").write_text(text)
    states = f"roster.states=[{','.join(STATES)}]"
    assert BAD[word] in refusal([states, "start=2019-11", "end=2019-12", "seed=7", word])
    assert not list(here.glob("outputs/*/manifest.json"))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"seat": "IDX"}, "there is no seat 'IDX' in this roster; did you mean 'IDN'?"),
        ({"moves": [{"month": "2019-07", "party": "CHN", "kind": "refuse", "talk": PACT}]}, "CHN has no part in them"),
        ({"moves": [{"month": "2019-07", "party": "GBR", "kind": "refuse", "talk": PACT}]}, "the seat played is USA"),
    ],
)
def test_a_game_that_cannot_be_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence.replace("?", r"\?")):
        game(**given)


def test_many_seeds_and_moves_do_not_go_together() -> None:
    with pytest.raises(UserError, match="a played game has one luck"):
        run(seeds=2, moves=[], **{**ROUNDS, "end": "2019-07"})
