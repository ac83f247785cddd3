"""How long signatures wait for force is counted with those that still wait, and with those that fell."""

from __future__ import annotations

from pathlib import Path

import fake_run
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.ratification import build
from analysis.lives import Life, incidence, lives
from analysis.store import StoredRun, open_run


def life(wait: int, fate: str) -> Life:
    return Life(0, "infrastructure_pact", wait, fate)


def test_shares_are_those_counted_by_hand() -> None:
    force, fell = incidence((life(2, "force"), life(2, "fell"), life(3, "waits"), life(5, "force")), 6)
    assert force.tolist() == [0, 0, 0.25, 0.25, 0.25, 0.75, 0.75]
    assert fell.tolist() == [0, 0, 0.25, 0.25, 0.25, 0.25, 0.25]


def test_without_any_still_waiting_the_shares_are_plain_frequencies() -> None:
    some = (life(1, "force"), life(1, "force"), life(4, "force"), life(3, "fell"))
    force, fell = incidence(some, 5)
    assert (force[-1], fell[-1]) == (0.75, 0.25)


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["force", "fell", "waits"])), max_size=30))
def test_shares_never_fall_and_never_pass_one(some: list[tuple[int, str]]) -> None:
    force, fell = incidence(tuple(life(*one) for one in some), 12)
    assert (np.diff(force) >= 0).all()
    assert (np.diff(fell) >= 0).all()
    assert (force + fell <= 1 + 1e-12).all()


def test_a_stored_ledger_gives_a_life_for_each_signature(tmp_path: Path) -> None:
    run = open_run(fake_run.write(tmp_path / "run"))
    every = lives(run)
    assert len(every) > 20
    assert {one.fate for one in every} <= {"force", "waits"}
    assert 2 in {one.wait for one in every if one.fate == "force"}
    drawn = build(run)
    assert f"Of {len(every)} signatures" in drawn.finding
    assert drawn.figure.data[0].y[2] == pytest.approx(incidence(every, 60)[0][2])


def test_a_folder_without_a_signature_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = open_run(fake_run.write(tmp_path / "run", n_runs=1, months=1))
    monkeypatch.setattr(StoredRun, "told", lambda self, kinds, columns: [])
    assert build(run).finding == "Nothing was signed, so nothing could wait for its ratifiers."
