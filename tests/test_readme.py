"""The README does what it says: its Python runs, its commands run, its make targets exist, its links lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
INDONESIAN = (ROOT / "README.id.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, flags=re.DOTALL)
PYTHON = [body for kind, body in BLOCKS if kind == "python"]
COMMANDS = [line.split("#")[0].strip() for kind, body in BLOCKS if kind == "sh" for line in body.splitlines() if line.strip()]


def _run(words: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("code", PYTHON, ids=range(len(PYTHON)))
def test_python_in_the_readme_runs_and_prints(code: str, tmp_path: Path) -> None:
    done = _run([sys.executable, "-c", code], tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_page_on_the_python_door_runs_from_top_to_bottom(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    done = _run([sys.executable, "-c", "\n".join(re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL))], tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith(".venv/bin/python")])
def test_commands_in_the_readme_run(command: str, tmp_path: Path) -> None:
    done = _run([sys.executable, *shlex.split(command)[1:]], tmp_path)
    assert done.returncode == 0, done.stderr
    if "--help" not in command:
        folder = done.stdout.strip().splitlines()[-1].removeprefix("run: ").removeprefix("study: ")
        assert (tmp_path / folder / "manifest.json").is_file()


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make")])
def test_make_targets_in_the_readme_exist(command: str) -> None:
    target = command.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_every_command_in_the_readme_is_of_a_kind_that_is_tested() -> None:
    assert PYTHON
    assert all(c.startswith((".venv/bin/python", "make")) for c in COMMANDS)


def test_the_indonesian_readme_shows_commands_that_are_tested() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", INDONESIAN, flags=re.DOTALL)
    commands = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    known = {*COMMANDS, "make app", "make demo", "make test"}
    assert commands
    assert [one for one in commands if one not in known] == []


@pytest.mark.parametrize("text", [TEXT, INDONESIAN], ids=["en", "id"])
def test_links_in_the_readme_lead_to_files(text: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert links
    assert all((ROOT / link).is_file() for link in links), links
