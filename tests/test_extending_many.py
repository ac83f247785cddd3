"""A type of many parties of a user's own is one file too: it is called, signed and counted, and a fault in it is told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from summits import summits

from sim.run import run
from sim.types import UserError

pytestmark = pytest.mark.usefixtures("own_parts")
OWN = '''
"""States pool their research data."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.parts import Bools, Ints, Stakes, StakesDraft, World, param, part


@part(
    "agreement",
    name="research_pool",
    title="Research pool",
    title_id="Kumpulan data penelitian",
    sentence_id="Banyak negara mengumpulkan data penelitian mereka.",
)
@dataclass(frozen=True)
class ResearchPool:
    """Many states pool their research data."""

    arity: ClassVar[str] = "many"
    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("party", "party")
    issues: ClassVar[tuple[str, ...]] = ("research_access",)
    meaning: ClassVar[dict[str, tuple[str, str]]] = {"research_access": ("0: nothing is pooled; 1: everything is", "the same")}
    entry: ClassVar[str] = "executive"
    ending: ClassVar[str] = "denunciation"
    leaver: ClassVar[str] = "continues"
    accession: ClassVar[str] = "open"
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {}
    excluded_by: ClassVar[tuple[str, ...]] = ()
    frees_data: ClassVar[bool] = False

    trade_effect: float = param(0.0, unit="share", low=0.0, high=0.1, source="assumed", meaning="Trade added.")
    threshold: int = param(3, unit="ratifications", low=2, high=40, source="assumed", meaning="Ratifications needed.")
    months_to_force: int = param(1, unit="months", low=1, high=36, source="assumed", meaning="Months to entry into force.")

    def stakes(self, view: World, t: int, parties: Ints, members: Bools, apart: int) -> Stakes:
        draft = StakesDraft(len(parties))
        draft.a[:] = 0.01 * members.sum()
        draft.issue("research_access", ideal=view.digital_government[parties], salience=0.1, gain=0.1)
        return draft.done()
'''


def write(folder: Path, old: str = "", new: str = "") -> str:
    (folder / "agreements").mkdir()
    (folder / "agreements" / "research_pool.py").write_text(OWN.lstrip().replace(old, new) if old else OWN.lstrip(), encoding="utf-8")
    return str(folder)


def tree() -> dict[str, object]:
    return {**summits(end="2020-12", negotiated=["research_pool"]), "scenarios": "baseline"}


def test_a_type_of_many_is_called_signed_and_counted(tmp_path: Path) -> None:
    result = run(parts=write(tmp_path), **tree())
    assert result.scalars["new_signatures_research_pool"] > 0
    assert result.scalars["in_force_research_pool"] > 0
    assert result.scalars["states_in_research_pool"] >= 3


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("return draft.done()", "return None", "must give Stakes"),
        ("StakesDraft(len(parties))", "StakesDraft(2)", "as an array of numbers of shape|could not broadcast"),
        ("draft.a[:] = 0.01", "draft.a[:] = np.inf", "gave a with a value that is not a finite number"),
    ],
)
def test_a_fault_in_it_is_told_by_file_and_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(UserError, match=rf"research_pool\.py:\d+: .*({words})"):
        run(parts=write(tmp_path, old, new), **tree())
