"""Talks on what would replace an instrument: opened or hurried, told for two parties."""

from __future__ import annotations

from typing import Any

from reference.executives_plain import led
from reference.keeping_plain import asked
from reference.ledger_plain import open_talk
from reference.leverage_plain import midway
from reference.plain_world import View
from sim.contracts import is_screened
from sim.types import Stage, TalkStage


def reopen(w: Any, row: int, *, pressed: bool) -> bool:
    """Open talks on a successor of an instrument in the same roles, or hurry those there are; say whether there are any."""
    old = w.instruments[row]
    kind, first, second = old.type, old.first, old.second
    if (first, second) not in w.facts or kind not in w.config.negotiated or is_screened(w.kinds[kind]):
        return False
    there = w.open_talk[kind, first, second]
    if there is not None:
        talk, (one, other) = w.talks[there], w.kinds[kind].roles
        if talk.first == second and one != other:
            return False
        talk.succeeds, talk.pressed = row, talk.pressed or pressed
        return True
    waits = [one for one in w.instruments if one.type == kind and one.stage == Stage.SIGNED and {one.first, one.second} == {first, second}]
    themselves = all(w.principal[kind, party] == party for party in (first, second))
    shut = w.blocked[first, second] or w.hostile[first, second] or w.bars(first, second)
    if waits or not themselves or shut:
        return False
    gains = midway(led(w, kind, w.kinds[kind].coefficients(View(w), asked(w, first, second)).dyads(), (first, second)))
    if gains is None or min(gains) <= 0.0:
        return False
    talk = w.talks[open_talk(w, kind, first, second, second)]
    talk.succeeds, talk.pressed = row, pressed
    return True


def press(w: Any) -> None:
    """Let the teams of talks under a deadline sit together, some times a month, as on a visit."""
    sessions, rounds = w.part("courts").deadline_sessions, w.part("bargaining").rounds_visit
    for talk in w.talks:
        if talk.stage == TalkStage.OPEN and talk.pressed and sessions:
            talk.credit += sessions * rounds
            talk.n_contacts += sessions
            talk.last_contact = w.month
