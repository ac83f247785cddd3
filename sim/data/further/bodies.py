"""Bodies that meet by calendar: whose members sit in them, where and how often they meet, what they pass, and how one attends by month.

``bodies.csv`` has one row a body, ``attendance_rules.csv`` one a spell in which a body had a rule of attendance. Where no spell speaks the
rule is the usual one: members meet in the room if enough of them can come, and on a screen otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import Table, month_of, read_table
from sim.types import NEVER, Rank, UserError, nearest

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BODIES = "bodies"
RULES_TABLE = "attendance_rules"
USUAL, IN_PERSON, RECORDED, ONLINE, HYBRID = range(5)
RULES = ("usual", "in_person", "recorded", "online", "hybrid")
"""Rules of attendance, by code. Hybrid: some meetings in the room and some on a screen, or at an assembly each as it likes."""
UNTOLD = -1.0
"""Share of meetings in the room that a hybrid rule leaves to who can come."""


@dataclass(frozen=True, eq=False)
class Bodies:
    """Bodies, sorted by name, and their rules of attendance, sorted by body and month.

    Attributes
    ----------
    names, titles : tuple of str, (B,)
    organisation : array, shape (B,)
        Place on the axis of organisations: its members sit in the body.
    rank : array, shape (B,)
        Who sits: a place of :class:`sim.types.Rank`.
    host : array, shape (B,)
        Place of the state where it meets; -1 where that changes, or the state is not there.
    resident : array of bool, shape (B,)
        Whether those who sit in it live at its seat.
    meetings : array, shape (B,)
        Meetings a year, if nothing keeps members away.
    calendar : array of bool, shape (B, 12)
        Months of the year in which it meets.
    as_needed : array of bool, shape (B,)
        Whether its chair may call more meetings than these.
    acts : array, shape (B,)
        Acts that a meeting in the room passes on average.
    received : array, shape (B,)
        Meetings a year of the organisation's own head with members.
    rule_of, start, until, rule : array, shape (R,)
        Spells: body, months from ``start`` up to, not including, ``until``, and a code of :data:`RULES`.
    share : array, shape (R,)
        Share of meetings in the room under a hybrid rule; :data:`UNTOLD` where nobody says it.
    """

    names: tuple[str, ...]
    titles: tuple[str, ...]
    organisation: Ints
    rank: NDArray[np.int8]
    host: Ints
    resident: Bools
    meetings: Floats
    calendar: Bools
    as_needed: Bools
    acts: Floats
    received: Floats
    rule_of: Ints
    start: Ints
    until: Ints
    rule: Ints
    share: Floats

    def among(self, places: Ints) -> Bodies:
        """Return the bodies as some states see them: ``places`` gives the new place of each state, -1 where it is left out."""
        return replace(self, host=np.where(self.host >= 0, places[self.host], -1))

    def joined_at(self, place: int) -> Bodies:
        """Return the same bodies once another organisation has taken a place among those by name."""
        return replace(self, organisation=self.organisation + (self.organisation >= place))

    def known(self, month: int) -> Bodies:
        """Return what was known in a month: rules that held by then, and what ended later goes on."""
        keep = np.flatnonzero(self.start <= month)
        spells: dict[str, Any] = {name: getattr(self, name)[keep] for name in ("rule_of", "start", "rule", "share")}
        return replace(self, **spells, until=np.where(self.until[keep] > month, NEVER, self.until[keep]))

    def due(self, month: int) -> Ints:
        """Return how many meetings each body's calendar has in a month, shape (B,): those of a year are spread over its months."""
        year, at = divmod(month, 12)
        inside = self.calendar[:, at]
        many = self.calendar.sum(axis=1)
        turn = year * many + self.calendar[:, :at].sum(axis=1)
        rate = self.meetings / many
        return np.where(inside, np.floor((turn + 1) * rate + 1e-9) - np.floor(turn * rate + 1e-9), 0.0).astype(np.int64)

    def receptions(self, month: int) -> Ints:
        """Return how many members the head of each body's organisation meets in a month, shape (B,): those of a year spread evenly."""
        rate = self.received / 12.0
        return (np.floor((month + 1) * rate + 1e-9) - np.floor(month * rate + 1e-9)).astype(np.int64)

    def rules_at(self, month: int) -> tuple[Ints, Ints, Floats]:
        """Return the bodies that have a rule in a month, the rules and their shares in the room, (n,) each."""
        now = np.flatnonzero((self.start <= month) & (month < self.until))
        return self.rule_of[now], self.rule[now], self.share[now]


def read_bodies(folder: Path | None, codes: Sequence[str], organisations: Sequence[str]) -> Bodies:
    """Read bodies and their rules of attendance; of our own tables, bodies of organisations that are not there are left out.

    Parameters
    ----------
    folder : Path or None
        A user's tables.
    codes, organisations : sequence of str
        States, and organisations in the order of their axis.

    Raises
    ------
    UserError
        If a table is not valid: file, row, column and what was expected.
    """
    table = read_table(BODIES, folder).codes_among(("organisation",), organisations, "known organisation")
    host = [_place(table, i, codes) for i in range(len(table))]
    names = tuple(table.words["body"])
    return Bodies(
        names=names,
        titles=tuple(table.words["name"]),
        organisation=np.array([list(organisations).index(one) for one in table.words["organisation"]], dtype=np.int64),
        rank=np.array([Rank[one.upper()] for one in table.words["rank"]], dtype=np.int8),
        host=np.array(host, dtype=np.int64),
        resident=table.numbers["resident"] > 0,
        meetings=table.numbers["meetings"],
        calendar=np.array([_months(table, i) for i in range(len(table))], dtype=np.bool_).reshape(len(table), 12),
        as_needed=np.array([one == "as_needed" for one in table.words["calendar"]], dtype=np.bool_),
        acts=table.numbers["acts"],
        received=table.numbers["received"],
        **_rules(read_table(RULES_TABLE, folder), names),
    )


def _place(table: Table, i: int, codes: Sequence[str]) -> int:
    host = table.words["host"][i]
    if host and host not in codes and not table.own:
        where = f"{table.where} row {table.row[i]}, column host"
        raise UserError(f"{where}: {host!r} is not a state of the roster; {nearest(host, codes)}")
    return list(codes).index(host) if host in codes else -1


def _months(table: Table, i: int) -> list[bool]:
    """Read the months of the year in which a body meets, as in 4;11; blank: in every month."""
    said = table.words["months"][i]
    if not said:
        return [True] * 12
    known, given = [str(month) for month in range(1, 13)], said.split(";")
    for one in given:
        if one not in known:
            where = f"{table.where} row {table.row[i]}, column months"
            raise UserError(f"{where}: {one!r} is not a month; numbers from 1 to 12 with ; between them were expected, as in 4;11")
    return [month in given for month in known]


def _rules(table: Table, names: Collection[str]) -> dict[str, Any]:
    """Read the spells of rules; of our own table, those of bodies that are not there are left out."""
    table = table.codes_among(("body",), names, "body of bodies.csv")
    words, place = table.words, list(names)
    start = np.array([month_of(month, blank=0) for month in words["from"]], dtype=np.int64)
    until = np.array([month_of(month, blank=NEVER, after=True) for month in words["until"]], dtype=np.int64)
    for i, body in enumerate(words["body"]):
        where = f"{table.where} row {table.row[i]}"
        if until[i] <= start[i]:
            raise UserError(f"{where}, column until: {words['until'][i]} lies before {words['from'][i]} in column from")
        if i and words["body"][i - 1] == body and start[i] < until[i - 1]:
            raise UserError(
                f"{where}, column from: {body} has another rule in {words['from'][i]} (row {table.row[i - 1]}); one was expected"
            )
        if np.isfinite(table.numbers["share_in_person"][i]) and words["rule"][i] != "hybrid":
            raise UserError(f"{where}, column share_in_person: only a hybrid rule has one; leave it blank where rule is {words['rule'][i]}")
    share = table.numbers["share_in_person"]
    return {
        "rule_of": np.array([place.index(body) for body in words["body"]], dtype=np.int64),
        "start": start,
        "until": until,
        "rule": np.array([RULES.index(rule) for rule in words["rule"]], dtype=np.int64),
        "share": np.where(np.isfinite(share), share, UNTOLD),
    }
