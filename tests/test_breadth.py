"""A mechanism, an agreement type, a shock, a metric and a scenario of new kinds are one new file each: added to a copy, all know them."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from breadth import FILES, GENERATED, LINE, ROOT, TABLE, add, digests, make, python

from sim.run import run

OLD: dict[str, Any] = {
    "start": "2019-01",
    "end": "2019-10",
    "roster": {"states": ["CHE", "DEU", "IDN", "SGP", "USA"]},
    "negotiated": ["transfer_framework", "infrastructure_pact"],
    "seed": 7,
}
"""A run that names nothing new."""
INSIDE = ROOT / "tests" / "breadth_inside.py"
NAMES = re.findall(r"^def (test_\w+)", INSIDE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the project, add the new files, and write what is generated anew."""
    place = make(tmp_path_factory.mktemp("copy"))
    add(place)
    done = python(place, "tests/world_fields.py")
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def outcome(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Run the tests inside the copy; gives what they said and the folder of what they left."""
    out = tmp_path_factory.mktemp("out")
    words = ("-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "-o", "pythonpath=", "--color=no", str(INSIDE))
    done = python(copy, *words, at=out, BREADTH_COPY=str(copy), BREADTH_OUT=str(out), BREADTH_OLD=json.dumps(OLD))
    return done.stdout + done.stderr, out


def test_the_page_adds_one_file_of_each_kind_and_one_line() -> None:
    rooms = ("scenarios", "sim/agreements", "sim/mechanisms", "sim/metrics", "sim/shocks")
    assert sorted(name.rsplit("/", 1)[0] for name in FILES) == sorted(rooms)
    assert LINE.count("\n") == 1


def test_nothing_else_is_edited(copy: Path, tmp_path: Path) -> None:
    before, after = digests(make(tmp_path)), digests(copy)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed - GENERATED == {*FILES, TABLE} and before.keys() <= after.keys()
    lines = [(place / TABLE).read_text(encoding="utf-8").splitlines() for place in (tmp_path, copy)]
    assert [line for line in difflib.ndiff(*lines) if line[0] in "+-?"] == [f"+ {LINE.rstrip()}"]


@pytest.mark.parametrize("name", NAMES)
def test_in_the_copy(name: str, outcome: tuple[str, Path]) -> None:
    said, _ = outcome
    verdicts = re.findall(rf"^(PASSED|FAILED|ERROR) \S+::{name}(?:\[.*\])?(?: |$)", said, re.MULTILINE)
    assert verdicts and set(verdicts) == {"PASSED"}, said[-20_000:]


def test_old_numbers_are_as_they_were_while_the_new_rule_has_no_effect(outcome: tuple[str, Path]) -> None:
    here = run(record="series", **OLD).runs[0].series
    with np.load(outcome[1] / "old.npz") as there:
        # A type of its own, and what its own issue brings.
        new = {"in_force_repair_pact", "new_signatures_repair_pact", "welfare_on_repair", "welfare_usd_on_repair"}
        assert set(there) - set(here) == new
        moved = [name for name in here if not np.array_equal(here[name], there[name], equal_nan=True)]
    assert moved == [] and len(here) > 20


@pytest.mark.slow
def test_types_of_the_new_files_are_strict_once_fields_are_made(copy: Path) -> None:
    words = ("-m", "mypy", *(name for name in FILES if name.endswith(".py")))
    done = python(copy, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    fields = copy / "sim" / "state" / "fields.py"
    made = fields.read_text(encoding="utf-8")
    fields.write_text((ROOT / "sim" / "state" / "fields.py").read_text(encoding="utf-8"), encoding="utf-8")
    try:
        assert '"World" has no attribute "cables"' in python(copy, *words).stdout
    finally:
        fields.write_text(made, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("words", [("check",), ("format", "--check")], ids=["style", "layout"])
def test_style_of_the_new_files_is_ours(copy: Path, words: tuple[str, ...]) -> None:
    done = python(copy, "-m", "ruff", *words, *(name for name in FILES if name.endswith(".py")))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_new_files_keep_to_their_rooms(copy: Path) -> None:
    words = ("-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache")
    done = python(copy, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    metric = copy / "sim" / "metrics" / "cable_traffic.py"
    text = metric.read_text(encoding="utf-8")
    metric.write_text(text.replace("from sim.registry", "import sim.run\nfrom sim.registry"), encoding="utf-8")
    try:
        assert "sim.metrics.cable_traffic -> sim.run" in python(copy, *words).stdout
    finally:
        metric.write_text(text, encoding="utf-8")
