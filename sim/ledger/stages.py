"""Stages and their legal transitions, and the event that tells each of them."""

from __future__ import annotations

from sim.types import Event, Stage, TalkStage

TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    Stage.SIGNED: frozenset({Stage.RATIFIED, Stage.IN_FORCE, Stage.TERMINATED, Stage.ANNULLED}),
    Stage.RATIFIED: frozenset({Stage.IN_FORCE, Stage.TERMINATED, Stage.ANNULLED}),
    Stage.IN_FORCE: frozenset({Stage.SUSPENDED, Stage.COMPLETED, Stage.EXPIRED, Stage.TERMINATED, Stage.ANNULLED, Stage.SUCCEEDED}),
    Stage.SUSPENDED: frozenset({Stage.IN_FORCE, Stage.EXPIRED, Stage.TERMINATED, Stage.ANNULLED, Stage.SUCCEEDED}),
    Stage.COMPLETED: frozenset(),
    Stage.EXPIRED: frozenset(),
    Stage.TERMINATED: frozenset(),
    Stage.ANNULLED: frozenset(),
    Stage.SUCCEEDED: frozenset(),
}
TALK_TRANSITIONS: dict[TalkStage, frozenset[TalkStage]] = {
    TalkStage.OPEN: frozenset({TalkStage.CONCLUDED, TalkStage.FAILED}),
    TalkStage.CONCLUDED: frozenset(),
    TalkStage.FAILED: frozenset(),
}
ENDINGS: dict[Stage, Event] = {
    Stage.IN_FORCE: Event.ENTRY_INTO_FORCE,
    Stage.SUSPENDED: Event.SUSPENSION,
    Stage.COMPLETED: Event.COMPLETION,
    Stage.EXPIRED: Event.EXPIRY,
    Stage.TERMINATED: Event.TERMINATION,
    Stage.ANNULLED: Event.ANNULMENT,
    Stage.SUCCEEDED: Event.SUCCESSION,
}
