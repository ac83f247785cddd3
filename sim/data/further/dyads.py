"""The stock of data instruments dyad by dyad, beside the rows of ``instruments.csv``, which say more (a coded text) and stand first.

An instrument counts from depth 2 on: what only speaks of electronic commerce moves no data. One of many parties binds each pair of them.
Depth says what a digital trade agreement leaves of localisation: nothing at 4, a quarter at 3, half at 2 (assumed).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

import numpy as np

from sim.data.further.clauses import Clauses
from sim.data.further.instruments import DataInstrument
from sim.data.records import InstrumentRow
from sim.types import ISSUES, NEVER, K

LEAST_DEPTH = 2
NEAR = 24
"""Months by which dates of one instrument may differ between the two tables."""
LEFT = {2: 0.5, 3: 0.25, 4: 0.0}
"""Localisation that a digital trade agreement leaves, by depth: assumed."""
_TRADE = "digital_trade_agreement"


def with_stock(
    rows: tuple[InstrumentRow, ...], stock: Iterable[DataInstrument], clauses: Mapping[str, Clauses]
) -> tuple[InstrumentRow, ...]:
    """Return rows of instruments with those of the stock that they lack, each pair by itself, in the order of type, name and parties.

    A row has the clauses of its own name, else those of the instrument of the stock that has its name, or its parties and dates.
    """
    stock = tuple(stock)
    # Rows that stand first do not say what is open to others: the stock does, by the same name.
    opened = {(one.type, one.name) for one in stock if one.open}
    rows = tuple(dataclasses.replace(row, open=True) if (row.type, row.name) in opened else row for row in rows)
    rows = tuple(_with_clauses(row, stock, clauses) for row in rows)
    known: dict[tuple[str, frozenset[str]], list[InstrumentRow]] = {}
    for row in rows:
        known.setdefault((row.type, frozenset(row.parties)), []).append(row)
    added = [
        made
        for one in stock
        if one.depth >= LEAST_DEPTH
        for made in _pairs(one)
        if not any(_same(made, row) for row in known.get((made.type, frozenset(made.parties)), ()))
    ]
    return tuple(sorted((*rows, *added), key=lambda row: (row.type, row.name, row.parties, row.in_force))) if added else rows


def _pairs(one: DataInstrument) -> Iterable[InstrumentRow]:
    role = dict(zip(one.parties, one.roles, strict=True))
    for a, b in one.pairs:
        # Who decides comes first; where both do, or nobody does, the order of codes.
        first, second = (b, a) if one.judge == b else (a, b)
        text = np.full(K, np.nan)
        if one.type == _TRADE:
            text[ISSUES.index("localisation")] = LEFT[one.depth]
        yield InstrumentRow(
            type=one.type,
            name=one.name,
            parties=(first, second),
            roles=(role[first], role[second] if one.judge else _second(one.type, role[second])),
            signed=one.signed,
            in_force=one.in_force,
            ended=one.ended,
            text=text,
            open=one.open,
            grade="memory" if one.from_memory else "sourced",
            source=f"data_instruments.csv {one.id}: {one.source}",
            clauses=one.clauses,
        )


def _second(kind: str, role: str) -> str:
    """Return the role of the party that comes second where both decide: it is judged as well as judge."""
    return "judged" if kind == "adequacy_decision" else role


def _with_clauses(row: InstrumentRow, stock: Iterable[DataInstrument], clauses: Mapping[str, Clauses]) -> InstrumentRow:
    """Return a row that stands first with what it says of its own life."""
    said = clauses.get(row.name)
    if said is None:
        judges = ("", *(party for party, role in zip(row.parties, row.roles, strict=True) if role == "judge"))
        alike = [one for one in stock if one.type == row.type and one.judge in judges and one.clauses is not None]
        named = [one.clauses for one in alike if one.name == row.name]
        same = [one.clauses for one in alike if set(one.parties) == set(row.parties) and _same(row, one)]
        said = next(iter([*named, *same]), None)
    return row if said is None else dataclasses.replace(row, clauses=said)


def _same(one: InstrumentRow | DataInstrument, other: InstrumentRow | DataInstrument) -> bool:
    """Say whether two rows of one type and pair are the same instrument, by their dates."""
    return any(abs(a - b) <= NEAR for a, b in ((one.signed, other.signed), (one.in_force, other.in_force)) if NEVER not in (a, b))
