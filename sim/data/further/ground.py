"""Lines between states as they were listed: submarine cables, gateways of states without a coast, and satellite service by state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.tables import Table, month_of, read_table
from sim.types import NEVER, UserError, nearest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LINKS, GATEWAYS, SATELLITES, CUTS = "links", "gateways", "satellites", "cable_cuts"
OWNERS = ("other", "us_content", "us_carrier", "china", "us_and_china")
"""Who has a part in a link, as ``links.csv`` says it; the place here is its code."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Submarine links between two states, sorted by states and system: (R,) each.

    Attributes
    ----------
    system : tuple of str
        What the cable system is called.
    first, second : int array
        Places of the two states, the smaller first.
    km : array
        Length of the cable between the two.
    announced, planned, since, until : int array
        Months: first listed; to be in service as first announced; in service; month after the last. NEVER where there is none.
    owner : int array
        Place in ``OWNERS``.
    """

    system: tuple[str, ...]
    first: Ints
    second: Ints
    km: Floats
    announced: Ints
    planned: Ints
    since: Ints
    until: Ints
    owner: Ints

    @staticmethod
    def none() -> Lines:
        """Return no lines."""
        empty = np.zeros(0, dtype=np.int64)
        return Lines((), empty, empty, np.zeros(0), *(empty,) * 5)

    def some(self, keep: NDArray[np.bool_]) -> Lines:
        """Return some of the lines."""
        columns: dict[str, Any] = {one.name: getattr(self, one.name)[keep] for one in fields(self) if one.name != "system"}
        return replace(self, system=tuple(self.system[i] for i in np.flatnonzero(keep)), **columns)

    def known(self, month: int) -> Lines:
        """Return what was known in a month: what had been announced or was in service, and goes on if it ends later."""
        told = self.some((self.announced <= month) | (self.since <= month))
        since, until = (np.where(one > month, NEVER, one) for one in (told.since, told.until))
        return replace(told, since=since, until=until)


@dataclass(frozen=True)
class Cut:
    """A cut of cables on record: code of the state and of its partner, and the system ("" for any), first and last month, part cut."""

    state: str
    partner: str
    system: str
    since: int
    until: int
    extent: float

    def falls_on(self, name: str) -> bool:
        """Say whether it falls on a cable, by its name: two codes and a system."""
        one, other, system = name.split(":", 2)
        return self.system in ("", system) and {self.state, self.partner or self.state} <= {one, other}


@dataclass(frozen=True, eq=False)
class Ground:
    """Lines, gateways and satellites of the states of the tables.

    Attributes
    ----------
    lines : Lines
    listed : bool
        Whether the lines are ours, so that their terms count.
    state, gateway : int array, shape (G,)
        Places of two neighbours of which the table says since when a land line joins them.
    land_since : int array, shape (G,)
        Month from which it does; NEVER where none does.
    coast : bool array, shape (N,)
        Whether the state has a coast on the ocean: whoever has no gateway.
    service, barred, barred_until : int array, shape (N,)
        Month in which satellite service began; months from and before which the state bars it; NEVER where it does not.
    cuts : tuple of Cut
        Cuts of cables on record.
    """

    lines: Lines
    listed: bool
    state: Ints
    gateway: Ints
    land_since: Ints
    coast: NDArray[np.bool_]
    service: Ints
    barred: Ints
    barred_until: Ints
    cuts: tuple[Cut, ...]

    def handed_on(self, rows: Ints) -> Ground:
        """Return what states made after others have of them: a coast, and satellite service; lines are laid anew."""
        empty = np.zeros(0, dtype=np.int64)
        return replace(self, lines=Lines.none(), state=empty, gateway=empty, land_since=empty, cuts=(), **self._of_states(rows))

    def among(self, rows: Ints, n: int) -> Ground:
        """Return the lines among some of ``n`` states, renumbered in the order of ``rows``."""
        new = np.full(n, -1, dtype=np.int64)
        new[rows] = np.arange(len(rows))
        lines = replace(self.lines, first=new[self.lines.first], second=new[self.lines.second])
        there = (new[self.state] >= 0) & (new[self.gateway] >= 0)
        return replace(
            self,
            lines=lines.some((lines.first >= 0) & (lines.second >= 0)),
            state=new[self.state][there],
            gateway=new[self.gateway][there],
            land_since=self.land_since[there],
            **self._of_states(rows),
        )

    def known(self, month: int) -> Ground:
        """Return what was known in a month: nothing that begins later begins, and what ends later goes on."""
        after: dict[str, Any] = {
            name: np.where(getattr(self, name) > month, NEVER, getattr(self, name)) for name in ("land_since", *_OF_STATES[1:])
        }
        return replace(self, lines=self.lines.known(month), cuts=tuple(cut for cut in self.cuts if cut.since <= month), **after)

    def _of_states(self, rows: Ints) -> dict[str, Any]:
        return {name: getattr(self, name)[rows] for name in _OF_STATES}


_OF_STATES = ("coast", "service", "barred", "barred_until")


def read_ground(folder: Path | None, codes: Sequence[str]) -> Ground:
    """Read lines, gateways and satellites, the user's where the folder has them; of our own tables, rows of other states are left out.

    Parameters
    ----------
    folder : Path or None
    codes : sequence of str
        Codes of the states, sorted.

    Raises
    ------
    UserError
        If a table is not valid: file, row, column and what was expected.
    """
    place = {code: i for i, code in enumerate(codes)}
    links = read_table(LINKS, folder).codes_among(("code_a", "code_b"), place, "state of the roster")
    gateways = read_table(GATEWAYS, folder).codes_among(("state", "gateway"), place, "state of the roster")
    coast = np.ones(len(codes), dtype=np.bool_)
    state, gateway = (_places(gateways, column, place) for column in ("state", "gateway"))
    for i in np.flatnonzero(state == gateway).tolist():
        raise UserError(f"{gateways.where} row {gateways.row[i]}: a state and itself ({codes[state[i]]}) are no neighbours")
    land_since = _months(gateways.numbers["since"], 6, NEVER)
    coast[state[land_since < NEVER]] = False
    return Ground(
        _lines(links, place), links.own, state, gateway, land_since, coast, *_satellites(folder, place), _cuts(folder, place, links)
    )


def _lines(table: Table, place: dict[str, int]) -> Lines:
    since, until, planned = (table.numbers[one] for one in ("since", "until", "planned"))
    for i in np.flatnonzero(np.isnan(since) & np.isnan(planned)).tolist():
        raise UserError(f"{table.where} row {table.row[i]}, column since: a link needs a year in since or in planned; both are blank")
    for i in np.flatnonzero(until < since).tolist():
        raise UserError(f"{table.where} row {table.row[i]}, column until: {until[i]:.0f} lies before {since[i]:.0f} in column since")
    return Lines(
        system=tuple(table.words["system"]),
        first=_places(table, "code_a", place),
        second=_places(table, "code_b", place),
        km=table.numbers["km"],
        # A list is of the end of its year.
        announced=_months(table.numbers["announced"], 11, 0),
        planned=_months(np.where(np.isnan(planned), since, planned), 6, NEVER),
        since=_months(since, 6, NEVER),
        until=_months(until, 12, NEVER),
        owner=np.array([OWNERS.index(word) for word in table.words["owner"]], dtype=np.int64),
    )


def _satellites(folder: Path | None, place: dict[str, int]) -> tuple[Ints, Ints, Ints]:
    table = read_table(SATELLITES, folder).codes_among(("state",), place, "state of the roster")
    found = np.full((3, len(place)), NEVER, dtype=np.int64)
    for i, code in enumerate(table.words["state"]):
        since, barred, until = (table.words[one][i] for one in ("since", "barred", "until"))
        found[:, place[code]] = (month_of(since, blank=NEVER), month_of(barred, blank=NEVER), month_of(until, blank=NEVER, after=True))
        if found[2, place[code]] <= found[1, place[code]] and until:
            fault = f"{until} lies before {barred} in column barred" if barred else f"{until} ends a bar that column barred does not begin"
            raise UserError(f"{table.where} row {table.row[i]}, column until: {fault}")
    return found[0], found[1], found[2]


def _cuts(folder: Path | None, place: dict[str, int], links: Table) -> tuple[Cut, ...]:
    table = read_table(CUTS, folder).codes_among(("state",), place, "state of the roster")
    words, found, systems = table.words, [], sorted(set(links.words["system"]))
    for i in range(len(table)):
        where = f"{table.where} row {table.row[i]}, column"
        partner, system = words["partner"][i], words["system"][i]
        for column, word, known in (("partner", partner, place), ("system", system, systems)):
            if word and word not in known and not table.own:
                what = "a state of the roster" if column == "partner" else f"a system of {links.where}"
                raise UserError(f"{where} {column}: {word!r} is not {what}; {nearest(word, known)}")
        since, until = (month_of(words[one][i], blank=0) for one in ("since", "until"))
        if until < since:
            raise UserError(f"{where} until: {words['until'][i]} lies before {words['since'][i]} in column since")
        found.append(Cut(words["state"][i], partner, system, since, until, float(table.numbers["extent"][i])))
    return tuple(found)


def _places(table: Table, column: str, place: dict[str, int]) -> Ints:
    return np.array([place[code] for code in table.words[column]], dtype=np.int64)


def _months(years: Floats, month: int, blank: int) -> Ints:
    """Return a month of each year (6 for July), ``blank`` where there is none."""
    return np.where(np.isnan(years), blank, 12 * np.nan_to_num(years) + month).astype(np.int64)
