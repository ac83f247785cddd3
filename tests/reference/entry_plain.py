"""Entry into force and the end of terms, instrument by instrument; nothing enters while a side's ratifiers have not decided.

The halves of a package wait for one another. A treaty of many enters when enough of those who signed it have ratified, and for each who
has on its own day.
"""

from __future__ import annotations

from typing import Any

from reference.conferences_plain import enough
from reference.ledger_plain import LIVING, move, waiting
from reference.linkage_plain import signed_together
from sim.types import NEVER, Event, Reason, SeatStage, Stage


def step(w: Any, decide: Any) -> None:
    """End what has run its term, then bring into force what is due and consented to; then treaties of many."""
    over = [
        row
        for row, one in enumerate(w.instruments)
        if one.stage == Stage.IN_FORCE and w.month > one.in_force + one.term + one.months_barred
    ]
    undecided = {w.adherence[at].instrument for at in waiting(w)}
    due = [
        row
        for row, one in enumerate(w.instruments)
        if one.stage == Stage.SIGNED and one.conference is None and w.month >= one.due and row not in undecided
        if not w.bars(one.first, one.second)
    ]
    due = [row for row in due if all(half in due for half in signed_together(w, row))]
    for row in over:
        if w.kinds[w.instruments[row].type].ending == "completion":
            move(w, row, Stage.COMPLETED, Reason.FUNDS_DISBURSED)
        else:
            move(w, row, Stage.EXPIRED, Reason.TERM_ENDED)
    for row in due:
        move(w, row, Stage.IN_FORCE)
        for old in _replaced(w, row):
            move(w, old, Stage.SUCCEEDED, Reason.REPLACED)
    for row, one in enumerate(w.instruments):
        if one.conference is not None and one.stage in (Stage.SIGNED, Stage.IN_FORCE):
            _of_many(w, row, one)


def _replaced(w: Any, row: int) -> list[int]:
    """List what an instrument takes the place of: what its talks were to replace, and what of its sort is suspended."""
    new = w.instruments[row]
    orders = [(new.first, new.second)]
    if len(set(w.kinds[new.type].roles)) == 1:
        orders.append((new.second, new.first))
    same = [at for at, one in enumerate(w.instruments) if one.type == new.type and (one.first, one.second) in orders]
    alive = {at: w.instruments[at].stage for at in same if at != row}
    return [at for at, stage in alive.items() if stage == Stage.SUSPENDED or (stage == Stage.IN_FORCE and at == new.successor_of)]


def _of_many(w: Any, row: int, treaty: Any) -> None:
    bloc, months = w.conferences[treaty.conference].bloc, w.kinds[treaty.type].months_to_force
    own = [one for one in w.adherence if one.instrument == row and one.bound_by is None and one.stage in LIVING]
    ratified = [one for one in own if one.stage == Stage.RATIFIED]
    seats = [one for one in w.seats if one.conference == treaty.conference]
    if treaty.stage == Stage.IN_FORCE:
        _bring(w, row, treaty, ratified, months)
        if len(own) < 2:
            _end(w, row, treaty, Reason.TOO_FEW)
        return
    everybody = w.members(bloc) if bloc else [one.party for one in seats if one.stage == SeatStage.SIGNED]

    def carry(some: list[Any]) -> bool:
        return len(everybody) > 1 and enough(w, treaty.type, bloc, [one.party for one in some], everybody)

    if not carry(own):
        _end(w, row, treaty, Reason.NOT_RATIFIED)
        return
    if treaty.due == NEVER and carry(ratified):
        treaty.due = w.month + months
    if treaty.due <= w.month:
        treaty.stage, treaty.in_force = Stage.IN_FORCE, w.month
        _tell(w, row, treaty, Event.ENTRY_INTO_FORCE)
        _bring(w, row, treaty, ratified, months)
        for seat in seats:
            if seat.stage == SeatStage.OUTVOTED:
                w.add(
                    "adherence", instrument=row, party=seat.party, role=0, bound_by=bloc, stage=Stage.IN_FORCE, since=w.month, until=NEVER
                )
                _tell(w, row, treaty, Event.BOUND, party_a=seat.party, party_b=bloc, reason=Reason.OUTVOTED)


def _bring(w: Any, row: int, treaty: Any, ratified: list[Any], months: int) -> None:
    """Let a treaty enter into force for those whose own day has come, and for the members of a bloc among them."""
    for one in ratified:
        if (-1 if one.vote is None else one.vote) + months <= w.month:
            one.stage = Stage.IN_FORCE
            _tell(w, row, treaty, Event.ENTRY_INTO_FORCE, party_a=one.party)
            standing = [s for s in w.adherence if s.instrument == row and s.stage == Stage.IN_FORCE]
            for bloc in [s.party for s in standing if s.bound_by is None and s.party in w.blocs]:
                bound = {s.party for s in standing if s.bound_by == bloc}
                for state in w.states:
                    if w.bound[bloc, state] and state not in bound:
                        w.add(
                            "adherence",
                            instrument=row,
                            party=state,
                            role=0,
                            bound_by=bloc,
                            stage=Stage.IN_FORCE,
                            since=w.month,
                            until=NEVER,
                        )
                        w.say(Event.BOUND, party_a=state, party_b=bloc, type=treaty.type, instrument=row)


def _end(w: Any, row: int, treaty: Any, reason: Reason) -> None:
    treaty.stage, treaty.ended = Stage.TERMINATED, w.month
    for one in w.adherence:
        if one.instrument == row and one.stage in LIVING:
            one.stage, one.until = Stage.TERMINATED, w.month
    _tell(w, row, treaty, Event.TERMINATION, reason=reason)


def _tell(w: Any, row: int, treaty: Any, event: Event, **more: Any) -> None:
    w.say(event, type=treaty.type, instrument=row, conference=treaty.conference, **more)
