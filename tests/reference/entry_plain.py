"""Entry into force and the end of terms, instrument by instrument; nothing enters while a side's ratifiers have not decided.

The halves of a package wait for one another.
"""

from __future__ import annotations

from typing import Any

from reference.ledger_plain import move, waiting
from reference.linkage_plain import signed_together
from sim.types import Reason, Stage


def step(w: Any, decide: Any) -> None:
    """End what has run its term, then bring into force what is due and consented to."""
    over = [row for row, one in enumerate(w.instruments) if one.stage == Stage.IN_FORCE and w.month > one.in_force + one.term]
    undecided = {w.adherence[at].instrument for at in waiting(w)}
    due = [row for row, one in enumerate(w.instruments) if one.stage == Stage.SIGNED and w.month >= one.due and row not in undecided]
    due = [row for row in due if all(half in due for half in signed_together(w, row))]
    for row in over:
        if w.kinds[w.instruments[row].type].ending == "completion":
            move(w, row, Stage.COMPLETED, Reason.FUNDS_DISBURSED)
        else:
            move(w, row, Stage.EXPIRED, Reason.TERM_ENDED)
    for row in due:
        move(w, row, Stage.IN_FORCE)
