"""Where cloud providers have regions: in which state, of which home, since and until when; and where building is limited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import month_of, read_table
from sim.types import NEVER, UserError

Ints = NDArray[np.int64]
REGIONS, LIMITS = "cloud_regions", "site_limits"


@dataclass(frozen=True, eq=False)
class Limits:
    """Limits on building data centres: places of the states, months (the first, and that after the last), and part forbidden, (L,) each."""

    host: Ints
    since: Ints
    until: Ints
    extent: NDArray[np.float64]

    def some(self, keep: NDArray[np.signedinteger[Any]]) -> Limits:
        """Return some of them."""
        return Limits(self.host[keep], self.since[keep], self.until[keep], self.extent[keep])

    def at(self, month: int) -> dict[int, float]:
        """Return the part that is forbidden in a month, by state: the largest where there are several."""
        found: dict[int, float] = {}
        for row in np.flatnonzero((self.since <= month) & (month < self.until)).tolist():
            host = int(self.host[row])
            found[host] = max(found.get(host, 0.0), float(self.extent[row]))
        return found

    def known(self, month: int) -> Limits:
        """Return those that had begun by a month; what ends later goes on."""
        there = self.some(np.flatnonzero(self.since <= month))
        return replace(there, until=np.where(there.until > month, NEVER, there.until))


@dataclass(frozen=True, eq=False)
class Regions:
    """Cloud regions, sorted by host, home and month: (R,) each.

    Attributes
    ----------
    host, home : int array
        Places of the state in which the region stands and of the state in which its provider has its home.
    since, until : int array
        Month in which it opened, and month after the last; NEVER where it is open.
    limits : Limits
        Limits on building on record; a shock lays them.
    """

    host: Ints
    home: Ints
    since: Ints
    until: Ints
    limits: Limits

    def known(self, month: int) -> Regions:
        """Return what was open by a month; what closes later stays open."""
        there = (self.since <= month) & (self.until > month)
        until = np.full(int(there.sum()), NEVER, dtype=np.int64)
        return Regions(self.host[there], self.home[there], self.since[there], until, self.limits)

    def as_of(self, month: int) -> Regions:
        """Return what was known in a month of regions and of limits: nothing that begins later begins, and what ends later goes on."""
        there = self.since <= month
        until = np.where(self.until > month, NEVER, self.until)[there]
        return Regions(self.host[there], self.home[there], self.since[there], until, self.limits.known(month))

    def among(self, rows: Ints, n: int) -> Regions:
        """Return those between some of ``n`` states, renumbered in the order of ``rows``."""
        new = np.full(n, -1, dtype=np.int64)
        new[rows] = np.arange(len(rows))
        host, home = new[self.host], new[self.home]
        there = np.flatnonzero((host >= 0) & (home >= 0))
        order = there[np.lexsort((self.since[there], home[there], host[there]))]
        host_of = new[self.limits.host]
        limits = replace(self.limits, host=host_of).some(np.flatnonzero(host_of >= 0))
        return Regions(host[order], home[order], self.since[order], self.until[order], limits)

    def handed_on(self, donor: Ints) -> Regions:
        """Return the regions of states made after others: each has its donor's, and the first made after a home is the home."""
        first = {int(d): i for i, d in reversed(list(enumerate(donor.tolist())))}
        found = [
            (int(host), first[int(home)], int(since), int(until))
            for h, home, since, until in zip(self.host, self.home, self.since, self.until, strict=True)
            if int(home) in first
            for host in np.flatnonzero(donor == h)
        ]
        table = np.array(sorted(found), dtype=np.int64).reshape(-1, 4)
        return _regions(table, self.limits.some(np.zeros(0, dtype=np.int64)))

    def pairs(self, month: int) -> tuple[Ints, Ints, Ints]:
        """Return hosts, homes and how many regions each two have in a month, sorted by host and home, (P,) each."""
        now = self.known(month)
        table, count = np.unique(np.stack([now.host, now.home], axis=1).reshape(-1, 2), axis=0, return_counts=True)
        return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), count.astype(np.int64)


def read_regions(folder: Path | None, codes: Sequence[str]) -> Regions:
    """Read regions and limits, the user's where the folder has them.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(REGIONS, folder).codes_among(("host", "home"), codes, "state of the roster")
    place = {code: i for i, code in enumerate(codes)}
    found = []
    for i in range(len(table)):
        since, until = table.words["since"][i], table.words["until"][i]
        begins, ends = month_of(since, blank=0), month_of(until, blank=NEVER, after=True)
        if ends <= begins:
            raise UserError(f"{table.where} row {table.row[i]}, column until: {until} lies before {since} in column since")
        found.append((place[table.words["host"][i]], place[table.words["home"][i]], begins, ends))
    rows = np.array(sorted(found), dtype=np.int64).reshape(-1, 4)
    return _regions(rows, _limits(folder, place))


def _regions(rows: Ints, limits: Limits) -> Regions:
    host, home, since, until = (np.ascontiguousarray(rows[:, k]) for k in range(4))
    return Regions(host, home, since, until, limits)


def _limits(folder: Path | None, place: dict[str, int]) -> Limits:
    table = read_table(LIMITS, folder).codes_among(("host",), place, "state of the roster")
    since = np.array([month_of(word, blank=0) for word in table.words["since"]], dtype=np.int64)
    until = np.array([month_of(word, blank=NEVER, after=True) for word in table.words["until"]], dtype=np.int64)
    for i in np.flatnonzero(until <= since).tolist():
        last, first = (table.words[one][i] for one in ("until", "since"))
        raise UserError(f"{table.where} row {table.row[i]}, column until: {last} lies before {first} in column since")
    host = np.array([place[code] for code in table.words["host"]], dtype=np.int64)
    order = np.lexsort((table.numbers["extent"], until, since, host))
    return Limits(host, since, until, table.numbers["extent"]).some(order)
