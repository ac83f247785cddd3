"""Sides that leave agreements of two by notice, instrument by instrument."""

from __future__ import annotations

import math
from typing import Any

from reference.keeping_plain import anniversary, called, of_two
from reference.ledger_plain import move
from reference.plain_world import code
from reference.staff_plain import talks_in_bp
from sim import luck
from sim.rng import identity, uniform
from sim.types import Event, Reason, Stage

LOST, VALUE = ("lost_first", "lost_second"), ("value_first", "value_second")
YEARS_THAT_COUNT = 2


def step(w: Any, decide: Any) -> None:
    """End what notice was given of, let new governments look, then look at anniversaries."""
    for row, one in of_two(w, Stage.IN_FORCE, Stage.SUSPENDED):
        if one.leaves == w.month:
            move(w, row, Stage.TERMINATED, Reason(one.leaves_for))
    if w.month > w.config.start and w.month % 12 == 0:
        _new_governments(w)
    _anniversaries(w)


def _loses(w: Any, one: Any, role: int, value: float) -> bool:
    """Say whether a side would gain by leaving more than the staff that unwinding takes, and the bar."""
    return value < -w.part("withdrawals").exit_bar - talks_in_bp(w, one, role)


def _new_governments(w: Any) -> None:
    """Let governments in their first January leave what they lose by; those who do not lose take back a notice of an earlier one."""
    for role in (0, 1):
        for row, one in of_two(w, Stage.IN_FORCE):
            party = (one.first, one.second)[role]
            came = -1 if w.in_office[party] is None else w.in_office[party]
            if not max(w.config.start, w.month - 11) <= came <= w.month:
                continue
            loses = _loses(w, one, role, getattr(one, VALUE[role]))
            if loses and one.leaves is None:
                _give_notice(w, row, one, role, Reason.NEW_GOVERNMENT)
            elif not loses and one.leaves is not None and one.left_by == party:
                one.leaves = one.left_by = None
                _tell(w, code("notice_withdrawn"), row, one, role, Reason.NONE)


def _anniversaries(w: Any) -> None:
    part = w.part("withdrawals")
    looked = [(row, one) for row, one in of_two(w, Stage.IN_FORCE) if one.leaves is None and anniversary(w, one)]
    seen = {row: _near(w, one) for row, one in looked}
    for role in (0, 1):
        for row, one in looked:
            loses = _loses(w, one, role, getattr(one, VALUE[role]))
            setattr(one, LOST[role], getattr(one, LOST[role]) + 1 if loses else 0)
            if one.leaves is not None:
                continue
            rate = part.rate * (1.0 + part.contagion * seen[row])
            drawn = uniform(w.seed, luck.DENOUNCE, w.month, identity(called(w, one)), identity((one.first, one.second)[role]))
            if getattr(one, LOST[role]) >= part.losing_looks:
                _give_notice(w, row, one, role, Reason.WOULD_LOSE)
            elif one.notice is not None and drawn < 1.0 - math.exp(-rate):
                _give_notice(w, row, one, role, Reason.OTHERS_LEFT if rate > part.rate else Reason.NONE)


def _near(w: Any, one: Any) -> int:
    """Count the notices on a type, of the last two years, that either side of an instrument gave or was given."""
    since = w.month - 12 * YEARS_THAT_COUNT
    told = [row for row in w.events if row.event == Event.DENUNCIATION and row.month >= since and row.type == one.type]
    return sum(1 for row in told if {row.party_a, row.party_b} & {one.first, one.second})


def _give_notice(w: Any, row: int, one: Any, role: int, reason: Reason) -> None:
    """Give notice: as the text says, or a silent one's months; never of less than a month."""
    months = w.part("withdrawals").silent_notice if one.notice is None else one.notice
    one.left_by, one.leaves_for, one.leaves = (one.first, one.second)[role], reason, w.month + max(1, months)
    _tell(w, Event.DENUNCIATION, row, one, role, reason)


def _tell(w: Any, what: int, row: int, one: Any, role: int, reason: Reason) -> None:
    me, other = (one.first, one.second) if role == 0 else (one.second, one.first)
    w.say(what, party_a=me, party_b=other, type=one.type, instrument=row, reason=reason)
