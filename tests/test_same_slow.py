"""The gate itself: this tree is the same as the base, and a change of one bit in any configuration is found (``make same``)."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from test_same import CASES, GATE, KINDS, asked_for, comparing, flipped, slug
from worlds import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the base comes from the repository, and this is a copy without one"),
]


def gate(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the gate over all configurations."""
    return subprocess.run([sys.executable, str(GATE / "same.py"), *words], cwd=ROOT, capture_output=True, text=True, timeout=3600)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of what this tree holds, which is what the base holds."""
    place = tmp_path_factory.mktemp("same")
    done = gate("--keep", str(place))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "stale" not in done.stdout
    assert "words of the ledger that no configuration shows: none" in done.stdout
    return place


@pytest.mark.parametrize("name", CASES)
def test_this_tree_is_the_base_and_one_bit_less_is_not(name: str, kept: Path) -> None:
    with np.load(kept / f"{slug(name)}.npz") as file:
        held = {key: file[key] for key in file.files}
    assert comparing.missing(held, CASES[name].shows) == []
    planted: dict[tuple[str, str, str], str] = {}
    for key, array in held.items():
        where, kind, thing = comparing._parts(key)
        if array.size:
            planted.setdefault((where, kind, thing.partition(".")[0] if kind in ("column", "words") else ""), key)
    # Arrays, and every table that has a row by then, in three months; every part of the record.
    assert {kind for _, kind, _ in planted} == KINDS and len(planted) >= 3 * 2 + 6
    for key in planted.values():
        found = comparing.compare(held, {**held, key: flipped(held[key])}, name)
        assert [(one.where, one.kind, one.name) for one in found.differences] == [comparing._parts(key)]


@pytest.mark.parametrize("plant", ["array:gdp", f"setting:mechanisms.trust.visit={math.nextafter(0.05, 1.0)!r}"])
def test_the_gate_finds_a_planted_bit_in_every_configuration(plant: str, kept: Path) -> None:
    done = gate("--plant", plant)
    assert done.returncode == 1, done.stderr
    lines = {line[:30].rstrip(): line for line in done.stdout.splitlines()}
    assert [name for name in CASES if "differs" not in lines[name]] == []
    assert f"the first difference: {next(iter(CASES))}, " in done.stdout


def test_an_empty_folder_of_the_base_is_filled_anew() -> None:
    first = next(iter(CASES))
    done = asked_for("--fresh", first)
    assert done.returncode == 0, done.stderr
    assert "1 configurations" in done.stdout
