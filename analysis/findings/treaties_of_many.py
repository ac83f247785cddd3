"""What comes of it where states may make treaties of many."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.findings import Lived, listed, table
from sim.recorder import RunData

TITLE = "Treaties of many"
SEEDS = 6
LEAD = """
The baseline from 2019-01 to 2025-12, all states, seeds 0 to 5. A row says which types states may
negotiate. A cell gives one number for each seed. *States* counts the states bound by a security
treaty at the end. The Convention on Cybercrime, whose parties are bound from the start, is not counted.
"""

MANY = ["regional_market", "security_treaty"]
CHOICES = (MANY, ["infrastructure_pact", *MANY, "transfer_framework"])
COLUMNS = (
    ("security treaties signed", "new_signatures_security_treaty"),
    ("in force at the end", "in_force_security_treaty"),
    ("states", "states_in_security_treaty"),
    ("markets signed", "new_signatures_regional_market"),
    ("in force at the end", "in_force_regional_market"),
)


def body(lived: Lived) -> str:
    """Return the table of what was signed and what was in force."""
    rows = [[", ".join(f"`{one}`" for one in types), *_row(lived.runs(SEEDS, negotiated=types))] for types in CHOICES]
    return table(["negotiated", *(words for words, _ in COLUMNS)], rows)


def _row(runs: Sequence[RunData]) -> list[str]:
    return [listed([run.scalars[column] for run in runs]) for _, column in COLUMNS]
