"""Whatever fails says why: under every protocol, each event that is a failure carries a reason, and so does each row that ended so."""

from __future__ import annotations

from typing import Any

import pytest
from twins import small, torn
from worlds import begun, months_of

from sim.mechanisms.bargaining import FAILED
from sim.registry import shelf
from sim.types import Event, Reason, SeatStage, Status, TalkStage

FAILURES = (
    *(Event.NEGOTIATION_FAILED, Event.RATIFICATION_FAILED, Event.CONFERENCE_FAILED, Event.CONFERENCE_LEFT, Event.ACCESSION_REFUSED),
    *(Event.TERMINATION, Event.EXPIRY),
)
LEARNERS = {"deadline_rounds": 14, "tactic": "tit_for_tat", "tactic_second": "conceder", "learning": "concessions"}


def test_every_answer_of_a_protocol_that_is_no_agreement_has_a_reason_of_its_name() -> None:
    assert set(FAILED) == set(Status) - {Status.OPEN, Status.AGREED}
    assert all(reason.name == status.name for status, reason in FAILED.items())


@pytest.mark.parametrize("name", [*shelf("protocol").names(), "learners"])
def test_a_run_of_any_protocol_leaves_no_failure_without_a_reason(name: str) -> None:
    protocol: dict[str, Any] = {"name": "alternating_offers", **LEARNERS} if name == "learners" else {"name": name}
    rounds = shelf("protocol").get(str(protocol["name"])).rounds
    protocol |= {"deadline_rounds": 14} if rounds else {"contacts_to_conclude": 2}
    seen: set[Reason] = set()
    for make in (small, torn):
        world = begun({**make("nash", "baseline"), "protocol": protocol}, 2 if name == "learners" else 0)
        for _ in months_of(world):
            pass
        for event, reason in zip(world.events["event"], world.events["reason"], strict=True):
            if int(event) in FAILURES:
                assert reason != Reason.NONE
                seen.add(Reason(reason))
        assert (world.talks["reason"][world.talks["stage"] == TalkStage.FAILED] != Reason.NONE).all()
        assert (world.seats["reason"][world.seats["stage"] == SeatStage.LEFT] != Reason.NONE).all()
    assert seen >= ({Reason.MISJUDGED, Reason.DEADLINE} if name == "learners" else set())
    assert seen
