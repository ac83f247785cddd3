"""What docs/playing.md shows is so: its Python runs from top to bottom, and its command repeats the game."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

from test_readme import ROOT, _run

from sim.seat.moves import KINDS

TEXT = (ROOT / "docs" / "playing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, flags=re.DOTALL)


def test_the_game_in_the_guide_is_played_saved_and_repeated(tmp_path: Path) -> None:
    python = "".join(body for kind, body in BLOCKS if kind == "python")
    done = _run([sys.executable, "-c", python], tmp_path)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert "True True True" in said
    assert any("did you mean 'IDN'" in line or "there is no party 'IDM'" in line for line in said)
    (command,) = (body.strip() for kind, body in BLOCKS if kind == "sh")
    again = _run([sys.executable, *shlex.split(command)[1:]], tmp_path)
    assert again.returncode == 0, again.stderr
    folder = tmp_path / again.stdout.strip().splitlines()[-1].removeprefix("run: ")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["moves"] == json.loads((tmp_path / "game.json").read_text())["moves"] != []


def test_the_guide_tells_every_kind_of_move() -> None:
    assert re.findall(r"(?m)^\| `(\w+)` \|", TEXT) == list(KINDS)
