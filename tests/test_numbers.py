"""A few runs give what they gave when their numbers were last accepted: a change that moves them is made by hand, and said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from told_numbers import FILE, RUNS, told

SAID: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
MEANT = "if that is meant: make numbers, and a line marked *moves numbers* in CHANGELOG.md"


@pytest.mark.parametrize("name", RUNS)
def test_a_run_gives_the_numbers_that_were_accepted(name: str) -> None:
    now, then = told(*RUNS[name]), SAID[name]
    assert now["events"] == then["events"], MEANT
    assert now["ledger"] == then["ledger"], MEANT
    # What is undefined is null in the file; it has to be the same columns.
    told_now, told_then = ({key: value for key, value in one["scalars"].items() if value is not None} for one in (now, then))
    assert list(now["scalars"]) == list(then["scalars"]) and list(told_now) == list(told_then), MEANT
    # What one gains another may lose, to the dollar: such a sum is held to a billionth of what was added up.
    money = [name for name in told_then if name.startswith("welfare_usd")]
    size = max((abs(told_then[name]) for name in money), default=0.0)
    for some, least in ((money, 1e-9 * size), ([name for name in told_then if name not in money], 1e-12)):
        now_of, then_of = ({name: one[name] for name in some} for one in (told_now, told_then))
        assert now_of == pytest.approx(then_of, rel=1e-9, abs=least), MEANT


def test_the_numbers_kept_are_those_of_the_runs_told() -> None:
    assert list(SAID) == list(RUNS)
    events = [set(one["events"]) for one in SAID.values()]
    wanted = {"contact", "signature", "ratification", "entry_into_force", "negotiation_failed", "attendance", "ratification_failed"}
    assert wanted | {"conference_concluded", "conference_failed", "accession", "denunciation", "withdrawal"} <= set.union(*events)
