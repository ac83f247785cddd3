"""A fault planted in the rule of accessions is found by its plain twin, in a world in which some accede."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fault_worlds import after, instead
from twin_worlds import joining
from twins import walk
from worlds import setting_of

from sim.mechanisms import accessions
from sim.mechanisms.accessions import Accessions
from sim.stakes import accession

Patch = pytest.MonkeyPatch
MONTHS = {"end": "2020-08"}
FAULTS: dict[str, Callable[[Patch], None]] = {
    "nothing that is signed is open": lambda p: instead(p, Accessions, "_open"),
    "who pays upkeep is not said": lambda p: instead(p, Accessions, "_share_upkeep"),
    "it takes a month more": lambda p: after(p, accessions, "accession_months", lambda months, *_: months + 1),
    "who is outside looks twice as often": lambda p: after(p, accessions, "uniforms", lambda drawn, *_: 0.5 * drawn),
    "those inside refuse everybody": lambda p: p.setattr(accession.Offer, "refusing", property(lambda one: one.groups.second)),
    "what is joined is taken as its own text": lambda p: after(p, accessions, "text_of", lambda text, *_: text + 1e-6),
    "staff is free": lambda p: instead(p, accessions, "pays", True),
    "those inside are not asked at the end": lambda p: p.setattr(
        accessions, "worth", lambda problems, text, honest=accessions.worth: honest(problems, text) + 1e3
    ),
    "talks that fail end nothing": lambda p: instead(p, Accessions, "_fail"),
}


def differences() -> list[str]:
    return walk(setting_of(joining(**MONTHS)), 1, only="accessions", stop=True, stubborn=True).differences["accessions"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_planted_in_accessions_is_found_by_its_twin(fault: str, monkeypatch: Patch) -> None:
    FAULTS[fault](monkeypatch)
    assert differences() != []


def test_without_a_fault_the_two_agree() -> None:
    assert differences() == []
