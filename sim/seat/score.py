"""How a seat has done: what it signed, what became of it at home and abroad, and what it is worth.

Gains are utility less the value of no agreement on the day of signature, in basis points of own GDP a year, added over instruments; in USD
at today's GDP. What was in force before the first month, and what others signed for the seat, does not count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.ledger import made_here
from sim.stakes.payoffs import BP
from sim.types import Event, Reason, Stage, TalkStage
from sim.world import World


@dataclass(frozen=True)
class Record:
    """What a seat has done so far.

    Attributes
    ----------
    talks, open_talks, signed : int
        Talks it was in, those still open, and instruments it signed.
    in_force : int
        Of those signed: came into force, so that nobody at home stood in the way.
    awaiting, rejected_at_home, rejected_abroad : int
        Of those signed: still before ratifiers or waiting for their day; fallen with its own, with the other's ratifiers.
    walked_away, failed : int
        Talks it left, and talks that failed otherwise.
    partners : tuple of str
        With whom something it signed came into force.
    gain_signed, gain_in_force : float
        Bp of own GDP a year.
    gain_in_force_usd : float
        USD a year.
    """

    talks: int
    open_talks: int
    signed: int
    in_force: int
    awaiting: int
    rejected_at_home: int
    rejected_abroad: int
    walked_away: int
    failed: int
    partners: tuple[str, ...]
    gain_signed: float
    gain_in_force: float
    gain_in_force_usd: float


@dataclass(frozen=True)
class Score:
    """A seat as it was played, and as the model plays it on the same luck, both at the same month.

    Attributes
    ----------
    seat, month : str
        ``month`` is the last one lived, empty before the first.
    played, model : Record
    """

    seat: str
    month: str
    played: Record
    model: Record

    @property
    def ahead(self) -> float:
        """How much more the played seat gains from what came into force than the model's own play (bp of GDP a year)."""
        return self.played.gain_in_force - self.model.gain_in_force


def record_of(world: World, seat: int) -> Record:
    """Return what a seat has done so far."""
    talks, events = world.talks, world.events
    mine = (talks["first"] == seat) | (talks["second"] == seat)
    stage, reason = talks["stage"], talks["reason"]
    fell = events["event"] == Event.RATIFICATION_FAILED
    fallen = dict(zip(events["instrument"][fell].tolist(), events["party_a"][fell].tolist(), strict=True))
    rows, signed, entered, awaiting = _signed(world, seat), 0.0, 0.0, 0
    partners: set[int] = set()
    for row in rows:
        gain, others = _gain(world, seat, row), _others(world, seat, row)
        signed += gain
        if world.instruments["in_force"][row] >= 0:
            entered += gain
            partners |= others
        elif world.instruments["stage"][row] in (Stage.SIGNED, Stage.RATIFIED):
            awaiting += 1
    left = mine & (reason == Reason.WALKED_AWAY)
    return Record(
        talks=int(mine.sum()),
        open_talks=int((mine & (stage == TalkStage.OPEN)).sum()),
        signed=len(rows),
        in_force=sum(int(world.instruments["in_force"][row]) >= 0 for row in rows),
        awaiting=awaiting,
        rejected_at_home=sum(fallen.get(row) == seat for row in rows),
        rejected_abroad=sum(row in fallen and fallen[row] != seat for row in rows),
        walked_away=int(left.sum()),
        failed=int((mine & (stage == TalkStage.FAILED) & ~left).sum()),
        partners=tuple(world.setting.codes[party] for party in sorted(partners)),
        gain_signed=signed,
        gain_in_force=entered,
        gain_in_force_usd=entered / BP * float(world.gdp[seat]),
    )


def _signed(world: World, seat: int) -> list[int]:
    """Return the instruments, by row, that the seat signed itself since the first month."""
    adherence = world.adherence
    own = (adherence["party"] == seat) & (adherence["bound_by"] < 0)
    rows = np.unique(adherence["instrument"][own])
    return [int(row) for row in rows[made_here(world, rows)]]


def _gain(world: World, seat: int, row: int) -> float:
    talk, conference = int(world.instruments["talk"][row]), int(world.instruments["conference"][row])
    if talk >= 0:
        side = 0 if int(world.talks["first"][talk]) == seat else 1
        return float(world.talks["utility"][talk, side] - world.talks["disagreement_value"][talk, side])
    seats = world.seats
    at = np.flatnonzero((seats["conference"] == conference) & (seats["party"] == seat))
    gain = float(seats["utility"][at[-1]] - seats["disagreement_value"][at[-1]]) if len(at) else 0.0
    return gain if np.isfinite(gain) else 0.0


def _others(world: World, seat: int, row: int) -> set[int]:
    adherence = world.adherence
    inside = (adherence["instrument"] == row) & (adherence["bound_by"] < 0)
    return {int(party) for party in adherence["party"][inside]} - {seat}
