"""What is scored: units (dyads, or ordered dyads where one side decides), which are at risk in a window, and which signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.backtest.labels import GROUPS, Instrument
from analysis.backtest.universe import EU, LAST_IN_EU, LEFT_EU, Bools, Floats, Ints, Universe

DIRECTED = ("adequacy",)
"""Groups in which one side decides about the other."""
BINDS_MEMBERS = ("adequacy", "digital_trade")
"""Groups in which what the EU signed leaves its members nothing to sign; on law enforcement a member signs beside it."""
LAST_LOOK = 12 * 2026
"""The month of the last instrument of the reading of nineteen (EU and Brazil, 2026-01)."""


@dataclass(frozen=True)
class Reading:
    """One way of counting what was signed.

    Attributes
    ----------
    name, title : str
    group : str or None
        One group, or all three together.
    sure : bool
        Only rows graded A or B.
    many : bool
        Whether instruments of more than two parties count.
    whole : bool
        Whether dyads that this reading does not count as signed, or that are not at risk, stay among the unsigned.
    last : int or None
        Last month of signature, where it is not the window's.
    """

    name: str
    title: str
    group: str | None = None
    sure: bool = False
    many: bool = True
    whole: bool = False
    last: int | None = None


READINGS = (
    Reading("all", "All groups, all rows"),
    Reading("sure", "All groups, rows graded A or B", sure=True),
    Reading("bilateral", "All groups, instruments of two alone", many=False),
    Reading("adequacy", "Adequacy and frameworks, directed", "adequacy"),
    Reading("digital_trade", "Digital trade", "digital_trade"),
    Reading("law_enforcement", "Law-enforcement access", "law_enforcement"),
    Reading("adequacy_sure", "Adequacy and frameworks, rows graded A or B", "adequacy", sure=True),
    Reading("digital_trade_sure", "Digital trade, rows graded A or B", "digital_trade", sure=True),
    Reading("law_enforcement_sure", "Law-enforcement access, rows graded A or B", "law_enforcement", sure=True),
)
NINETEEN = Reading(
    "nineteen",
    "The nineteen: instruments of two, EU and Brazil of 2026-01 with them, every dyad kept",
    many=False,
    whole=True,
    last=LAST_LOOK,
)
"""The labels on which 0.1.0 was first measured: here so that its numbers can be found again; used for the window 2019-2025 alone."""


@dataclass(frozen=True)
class Target:
    """What a reading makes of a window; U units.

    Attributes
    ----------
    first, second : int (U,)
        Places of the parties; the first decides where it is directed.
    dyad : int (U,)
        Place of the unordered dyad.
    kept : bool (U,)
        At risk at some time, and neither left out by grade nor by number of parties.
    weight : float (U,)
        What a unit that signed weighs, 0 for one that did not.
    month : int (U,)
        Month of the first signature; the month after the window where there is none.
    """

    reading: Reading
    first: Ints
    second: Ints
    dyad: Ints
    kept: Bools
    weight: Floats
    month: Ints

    @property
    def signed(self) -> Bools:
        """Which units signed, (U,)."""
        return self.weight > 0.0

    @property
    def n_signed(self) -> int:
        """How many units signed."""
        return int(self.signed.sum())

    def cut(self) -> Target:
        """Return the same with the units kept alone."""
        at = self.kept
        return replace(
            self,
            first=self.first[at],
            second=self.second[at],
            dyad=self.dyad[at],
            kept=at[at],
            weight=self.weight[at],
            month=self.month[at],
        )


def target(universe: Universe, instruments: Sequence[Instrument], first: int, last: int, reading: Reading) -> Target:
    """Apply a reading to a window of months, both ends inside."""
    groups = GROUPS if reading.group is None else (reading.group,)
    directed = reading.group in DIRECTED
    n = len(universe.codes)
    i, j = universe.first, universe.second
    one, two = (np.concatenate([i, j]), np.concatenate([j, i])) if directed else (i, j)
    until = reading.last if reading.last is not None and reading.last > last else last
    place = np.full((n, n), -1, dtype=np.int64)
    place[one, two] = np.arange(len(one))
    if not directed:
        place[two, one] = place[one, two]
    at_risk = np.zeros(len(one), dtype=np.bool_)
    left_out = np.zeros(len(one), dtype=np.bool_)
    weight, month = np.zeros(len(one)), np.full(len(one), until + 1, dtype=np.int64)
    for group in groups:
        risk = ~bound(universe, [row for row in instruments if row.group == group and row.counts], first - 1, until, place, directed)
        at_risk |= risk.any(axis=1)
        for row in sorted((row for row in instruments if row.group == group and row.counts), key=lambda row: (row.signed, row.id)):
            if not first <= row.signed <= until:
                continue
            for unit in units(universe, row, place, directed):
                if not risk[unit, row.signed - first]:  # as the month before its signature ends
                    continue
                if (reading.sure and not row.sure) or (not reading.many and len(row.parties) > 2):
                    left_out[unit] = True
                    continue
                weight[unit] = max(weight[unit], row.weight)
                month[unit] = min(month[unit], row.signed)
    kept = np.ones(len(one), dtype=np.bool_) if reading.whole else (at_risk & ~left_out) | (weight > 0.0)
    inside = universe.dyad(universe.place[EU], universe.place[LEFT_EU])
    dyad = np.tile(np.arange(len(i)), 2) if directed else np.arange(len(i))
    if last <= LAST_IN_EU:
        kept &= dyad != inside
    return Target(reading, one, two, dyad, kept, weight, month)


def units(universe: Universe, row: Instrument, place: Ints, directed: bool) -> list[int]:
    """Return the units that an instrument is signed by: from its judge to the others, both ways where both give."""
    found = []
    for a, b in row.pairs:
        p, q = universe.place[a], universe.place[b]
        if not directed or not row.judge or row.judge == a:
            found.append(int(place[p, q]))
        if directed and (not row.judge or row.judge == b):
            found.append(int(place[q, p]))
    return found


def bound(universe: Universe, instruments: Sequence[Instrument], first: int, last: int, place: Ints, directed: bool) -> Bools:
    """Say for each unit and month, (U, T), whether any of the instruments is in force; what the EU signed binds the UK as a member."""
    held = np.zeros((int(place.max()) + 1, last - first + 1), dtype=np.bool_)
    for row in instruments:
        if row.in_force is None:
            continue
        start, end = row.in_force, last + 1 if row.ended is None else row.ended
        _hold(held, units(universe, row, place, directed), start, end, first)
        if row.group in BINDS_MEMBERS and EU in row.parties and LEFT_EU not in row.parties:
            parties = tuple(sorted(LEFT_EU if code == EU else code for code in row.parties))
            own = replace(row, parties=parties, judge=LEFT_EU if row.judge == EU else row.judge)
            _hold(held, units(universe, own, place, directed), start, min(end, LAST_IN_EU + 1), first)
    inside = [int(place[universe.place[EU], universe.place[LEFT_EU]]), int(place[universe.place[LEFT_EU], universe.place[EU]])]
    _hold(held, inside, first, LAST_IN_EU + 1, first)
    return held


def _hold(held: Bools, which: list[int], start: int, end: int, first: int) -> None:
    low, high = max(start - first, 0), max(end - first, 0)
    for unit in which:
        held[unit, low:high] = True
