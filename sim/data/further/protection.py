"""What the law of a state gives foreigners: a supervisory authority in force since a year, and rights against the state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.further.spells import FOREVER, Years, spells
from sim.data.tables import read_table

Floats = NDArray[np.float64]
AUTHORITY, RIGHTS = "dp_authority", "foreigners_rights"


@dataclass(frozen=True, eq=False)
class Authorities:
    """Supervisory authorities for data protection.

    Attributes
    ----------
    year : array, shape (N,)
        Year in which each state's was set up; infinite where the table has none.
    independence : array, shape (N,)
        0 to 1; 0 where there is none.
    """

    year: Floats
    independence: Floats

    def in_force(self, year: int) -> NDArray[np.bool_]:
        """Whether each state has one, (N,): from the January after the year in which it was set up."""
        return self.year < year


@dataclass(frozen=True, eq=False)
class Rights:
    """Rights of foreigners by spell.

    Attributes
    ----------
    state : array, shape (R,)
        Place of the state in the codes that were given.
    from_year, to_year : array, shape (R,)
        First and last year; 9999 where it lasts.
    value : array, shape (R,)
        0 to 1.
    coded : array of bool, shape (R,)
        Whether it is coded from law, and not by rule.
    n : int
        States.
    """

    state: NDArray[np.int64]
    from_year: Years
    to_year: Years
    value: Floats
    coded: NDArray[np.bool_]
    n: int

    def among(self, rows: NDArray[np.signedinteger[Any]]) -> Rights:
        """Return the rights of states made after others: the i-th has those of state ``rows[i]``."""
        new = [np.flatnonzero(rows == one) for one in self.state]
        count = np.array([len(one) for one in new], dtype=np.int64)
        state = np.concatenate([*new, np.zeros(0, dtype=np.int64)]).astype(np.int64)
        spells: dict[str, Any] = {name: np.repeat(getattr(self, name), count) for name in ("from_year", "to_year", "value", "coded")}
        return Rights(state=state, n=len(rows), **spells)

    def _some(self, keep: Any) -> Rights:
        columns: dict[str, Any] = {name: getattr(self, name)[keep] for name in ("state", "from_year", "to_year", "value", "coded")}
        return replace(self, **columns)

    def known(self, year: int) -> Rights:
        """Return what was known in a year: spells that had begun, those that end later going on."""
        return replace(self, to_year=np.where(self.to_year > year, FOREVER, self.to_year))._some(self.from_year <= year)

    def of_terms(self, terms: str) -> Rights:
        """Return the rows that some terms of use allow: where only open ones are wanted, those coded from law."""
        return self._some(self.coded) if terms == "open" else self

    def at(self, year: int) -> Floats:
        """Return the value of each state in a year, (N,): NaN where the table has none."""
        out = np.full(self.n, np.nan)
        now = (self.from_year <= year) & (year <= self.to_year)
        out[self.state[now]] = self.value[now]
        return out


def read_authorities(folder: Path | None, codes: Sequence[str]) -> Authorities:
    """Read which states have a supervisory authority.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(AUTHORITY, folder).codes_among(("code",), codes, "state of the roster")
    place = {code: i for i, code in enumerate(codes)}
    year, independence = np.full(len(codes), np.inf), np.zeros(len(codes))
    at = [place[code] for code in table.words["code"]]
    year[at], independence[at] = table.numbers["year"], table.numbers["independence"]
    return Authorities(year, independence)


def read_rights(folder: Path | None, codes: Sequence[str], terms: str = "all") -> Rights:
    """Read the rights of foreigners; of our own table, rows by rule are left out where only open terms are wanted.

    Raises
    ------
    UserError
        If the table is not valid: file, row, column and what was expected.
    """
    table = read_table(RIGHTS, folder).codes_among(("code",), codes, "state of the roster")
    if table.own and terms == "open":
        table = table.only([i for i, origin in enumerate(table.words["origin"]) if origin == "coded"])
    from_year, to_year = spells(table, ("code",))
    place = {code: i for i, code in enumerate(codes)}
    state = np.array([place[code] for code in table.words["code"]], dtype=np.int64)
    coded = np.array([origin == "coded" for origin in table.words["origin"]], dtype=np.bool_)
    return Rights(state, from_year, to_year, table.numbers["value"], coded, len(codes))
