"""Where cloud providers have regions: in which state, of which home, since and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import month_of, read_table
from sim.types import NEVER, UserError

Ints = NDArray[np.int64]
REGIONS = "cloud_regions"


@dataclass(frozen=True, eq=False)
class Regions:
    """Cloud regions, sorted by host, home and month: (R,) each.

    Attributes
    ----------
    host, home : int array
        Places of the state in which the region stands and of the state in which its provider has its home.
    since, until : int array
        Month in which it opened, and month after the last; NEVER where it is open.
    """

    host: Ints
    home: Ints
    since: Ints
    until: Ints

    def known(self, month: int) -> Regions:
        """Return what was open by a month; what closes later stays open."""
        there = (self.since <= month) & (self.until > month)
        until = np.full(int(there.sum()), NEVER, dtype=np.int64)
        return Regions(self.host[there], self.home[there], self.since[there], until)

    def among(self, rows: Ints, n: int) -> Regions:
        """Return those between some of ``n`` states, renumbered in the order of ``rows``."""
        new = np.full(n, -1, dtype=np.int64)
        new[rows] = np.arange(len(rows))
        host, home = new[self.host], new[self.home]
        there = np.flatnonzero((host >= 0) & (home >= 0))
        order = there[np.lexsort((self.since[there], home[there], host[there]))]
        return Regions(host[order], home[order], self.since[order], self.until[order])

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
        return Regions(*(np.ascontiguousarray(table[:, k]) for k in range(4)))

    def pairs(self, month: int) -> tuple[Ints, Ints, Ints]:
        """Return hosts, homes and how many regions each two have in a month, sorted by host and home, (P,) each."""
        now = self.known(month)
        table, count = np.unique(np.stack([now.host, now.home], axis=1).reshape(-1, 2), axis=0, return_counts=True)
        return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), count.astype(np.int64)


def read_regions(folder: Path | None, codes: Sequence[str]) -> Regions:
    """Read the regions, the user's where the folder has them.

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
    return Regions(*(np.ascontiguousarray(rows[:, k]) for k in range(4)))
