"""Who might sign with whom: 167 parties, the EU as one, and their 13,861 dyads."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TABLES = Path(__file__).parent / "tables"
EU, LEFT_EU, LAST_IN_EU = "EU", "GBR", 12 * 2020
"""The bloc, the state that left it, and the last month in which it was a member (2020-01)."""


@dataclass(frozen=True)
class Universe:
    """Parties and their unordered dyads, sorted by code.

    Attributes
    ----------
    codes, names : tuple of str
        (P,) each.
    members : dict
        State to party, for states that are spoken for by a bloc.
    lat, lon : float (P,)
        Capitals, degrees; Brussels for the EU.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    members: dict[str, str]
    lat: Floats
    lon: Floats

    @cached_property
    def place(self) -> dict[str, int]:
        """Place of each party."""
        return {code: k for k, code in enumerate(self.codes)}

    @cached_property
    def first(self) -> Ints:
        """Place of the party of each dyad that comes first, (D,)."""
        return np.triu_indices(len(self.codes), 1)[0]

    @cached_property
    def second(self) -> Ints:
        """Place of the other, (D,)."""
        return np.triu_indices(len(self.codes), 1)[1]

    def dyad(self, i: int, j: int) -> int:
        """Return the place of the dyad of two parties."""
        a, b = min(i, j), max(i, j)
        n = len(self.codes)
        return a * n - a * (a + 1) // 2 + b - a - 1

    def party(self, code: str) -> str | None:
        """Return the party that a state is, or belongs to; None for one outside."""
        party = self.members.get(code, code)
        return party if party in self.place else None

    def label(self, dyad: int) -> str:
        """Name a dyad by its two codes."""
        return f"{self.codes[self.first[dyad]]}-{self.codes[self.second[dyad]]}"


@lru_cache(maxsize=1)
def universe() -> Universe:
    """Read the parties."""
    rows = table("parties")
    members = {state: row["code"] for row in rows for state in row["members"].split(";") if state}
    return Universe(
        tuple(row["code"] for row in rows),
        tuple(row["name"] for row in rows),
        members,
        np.array([float(row["lat"]) for row in rows]),
        np.array([float(row["lon"]) for row in rows]),
    )


def table(name: str) -> list[dict[str, str]]:
    """Read one of our tables: a row a dict."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
