"""Which court may strike an instrument on data: who may sue where, since when, how long a case lasts and what the ruling leaves standing.

A party has one row at a time, and none where no court could strike an agreement on data. A bloc's court judges the bloc's instruments, a
state's court those of the state. A row holds from its first month to its last, both included.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import Table, month_of, read_table
from sim.types import NEVER, UserError, month_label

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
TABLE = "courts"
MONTHS = ("months_least", "months_median", "months_most")


@dataclass(frozen=True, eq=False)
class Benches:
    """The court of each party in one month.

    Attributes
    ----------
    row : array, shape (P,)
        Row of :class:`Courts`; -1 where the party has no court.
    individuals, parliament : array of bool, shape (P,)
        Who may bring a case: people and their associations; the legislature or a part of it.
    least, median, most : array, shape (P,)
        Months from complaint to ruling; NaN without a court.
    grace : array, shape (P,)
        Months from a ruling that strikes an instrument to the end of its effect; NaN without a court.
    """

    row: Ints
    individuals: Bools
    parliament: Bools
    least: Floats
    median: Floats
    most: Floats
    grace: Floats


@dataclass(frozen=True, eq=False)
class Courts:
    """Courts of states and blocs, sorted by code and first month.

    Attributes
    ----------
    party : array, shape (R,)
        Place of the party among those that were given.
    start, until : array, shape (R,)
        Months: from ``start`` up to, not including, ``until``; NEVER where it lasts.
    individuals, parliament : array of bool, shape (R,)
        Who may bring a case.
    least, median, most, grace : array, shape (R,)
        Months, as in :class:`Benches`.
    national, memory : array of bool, shape (R,)
        Whether it is a state's own court, and whether anything of the row rests on memory.
    forum : tuple of str, (R,)
        Name of the court.
    n : int
        Number of parties.
    """

    party: Ints
    start: Ints
    until: Ints
    individuals: Bools
    parliament: Bools
    least: Floats
    median: Floats
    most: Floats
    grace: Floats
    national: Bools
    memory: Bools
    forum: tuple[str, ...]
    n: int

    def at(self, month: int) -> Benches:
        """Return the court of each party in a month, (P,) each, to read; the same comes back while the same courts stand."""
        now = np.flatnonzero((self.start <= month) & (month < self.until))
        key = now.tobytes()
        if key not in self._benches:
            self._benches[key] = self._of(now)
        return self._benches[key]

    @functools.cached_property
    def _benches(self) -> dict[bytes, Benches]:
        """What :meth:`at` has found, by the rows that stand: courts are founded and closed a few times in decades."""
        return {}

    def _of(self, now: NDArray[np.intp]) -> Benches:
        row = np.full(self.n, -1, dtype=np.int64)
        row[self.party[now]] = now
        there = row >= 0

        def number(values: Floats) -> Floats:
            out = np.full(self.n, np.nan)
            out[there] = values[row[there]]
            return out

        def may(values: Bools) -> Bools:
            out = np.zeros(self.n, dtype=np.bool_)
            out[there] = values[row[there]]
            return out

        months = (number(values) for values in (self.least, self.median, self.most, self.grace))
        return Benches(row, may(self.individuals), may(self.parliament), *months)

    def among(self, places: Ints, n: int) -> Courts:
        """Return the rows among ``n`` parties: ``places`` gives the new place of each old one, -1 where it is left out."""
        party = places[self.party]
        return replace(self, party=party, n=n)._some(np.flatnonzero(party >= 0))

    def handed_on(self, donor: Ints, states: int) -> Courts:
        """Return the courts of states made after others: the i-th has that of state ``donor[i]`` of ``states``; blocs keep theirs."""
        rows, party = [], []
        for row, old in enumerate(self.party.tolist()):
            new = np.flatnonzero(donor == old) if old < states else np.array([len(donor) + old - states], dtype=np.int64)
            rows.append(np.full(len(new), row, dtype=np.int64))
            party.append(new)
        none = np.zeros(0, dtype=np.int64)
        made = self._some(np.concatenate([none, *rows]))
        return replace(made, party=np.concatenate([none, *party]).astype(np.int64), n=len(donor) + self.n - states)

    def known(self, month: int) -> Courts:
        """Return what was known in a month: courts that stood by then or had stood; what ended later goes on."""
        return replace(self, until=np.where(self.until > month, NEVER, self.until))._some(np.flatnonzero(self.start <= month))

    def notes(self, month: int) -> tuple[tuple[str, str], ...]:
        """Say how many of the courts of a month rest on memory, for a reader of the results: (column, sentence) each."""
        now = np.flatnonzero((self.start <= month) & (month < self.until))
        memory = int(self.memory[now].sum())
        return ((f"{TABLE}.months_median", f"{memory} of {len(now)} courts in {month_label(month)} rest on memory"),) if memory else ()

    def _some(self, keep: Ints) -> Courts:
        columns: dict[str, Any] = {one.name: getattr(self, one.name)[keep] for one in fields(self) if one.name not in ("forum", "n")}
        return replace(self, **columns, forum=tuple(self.forum[i] for i in keep))


def read_courts(folder: Path | None, parties: Sequence[str]) -> Courts:
    """Read which court may strike an agreement of whom.

    Parameters
    ----------
    folder : Path or None
        A user's tables.
    parties : sequence of str
        Codes of the states, then of the blocs; of our own table, rows of others are left out.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(TABLE, folder).codes_among(("party",), parties, "state or bloc of the roster")
    start = np.array([month_of(month, blank=0) for month in table.words["since"]], dtype=np.int64)
    until = np.array([month_of(month, blank=NEVER, after=True) for month in table.words["until"]], dtype=np.int64)
    _check_spells(table, start, until)
    _check_months(table)
    place = {code: i for i, code in enumerate(parties)}
    who = table.words["challengers"]
    return Courts(
        party=np.array([place[code] for code in table.words["party"]], dtype=np.int64),
        start=start,
        until=until,
        individuals=np.array([one in ("individuals", "both") for one in who], dtype=np.bool_),
        parliament=np.array([one in ("parliament", "both") for one in who], dtype=np.bool_),
        least=table.numbers["months_least"],
        median=table.numbers["months_median"],
        most=table.numbers["months_most"],
        grace=table.numbers["grace"],
        national=np.array([kind == "national" for kind in table.words["kind"]], dtype=np.bool_),
        memory=np.array(["M" in grade for grade in table.words["grade"]], dtype=np.bool_),
        forum=tuple(table.words["forum"]),
        n=len(parties),
    )


def _check_spells(table: Table, start: Ints, until: Ints) -> None:
    """Refuse a row that ends before it begins, and two rows of one party that share a month; rows are sorted by party and first month."""
    words = table.words
    for i, party in enumerate(words["party"]):
        where = f"{table.where} row {table.row[i]}"
        if until[i] <= start[i]:
            raise UserError(f"{where}, column until: {words['until'][i]} lies before {words['since'][i]} in column since")
        if i and words["party"][i - 1] == party and start[i] < until[i - 1]:
            before = f"that of row {table.row[i - 1]} " + (f"lasts to {words['until'][i - 1]}" if words["until"][i - 1] else "goes on")
            raise UserError(
                f"{where}, column since: {party} has another court in {words['since'][i]}, but {before}; one at a time was expected"
            )


def _check_months(table: Table) -> None:
    """Refuse months whose order is not least, median, most."""
    for low, high in pairwise(MONTHS):
        for i in np.flatnonzero(table.numbers[low] > table.numbers[high]):
            least, more = (f"{table.numbers[column][i]:g}" for column in (low, high))
            raise UserError(f"{table.where} row {table.row[i]}, column {high}: {more} is less than {least} in column {low}")
