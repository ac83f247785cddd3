"""What is filled into an instrument when it is made, told for one row: by what its type says that it does."""

from __future__ import annotations

from typing import Any

from reference.plain_world import ISSUES


def fill(w: Any, row: int, *, whole: float = 0.0, payment: float = 0.0, listed: bool = False) -> None:
    """Fill an instrument's columns; ``whole`` is what a level of 1 would commit, ``listed`` what was in force before the run."""
    made = w.instruments[row]
    kind = w.kinds[made.type]
    said = {issue: level for issue, level in zip(ISSUES, made.text, strict=False) if level == level}  # NaN: the text does not say
    for one in kind.does:
        if one.name in ("adds_trade", "frees_data"):
            made.moving = 1.0 - said.get(one.kept, 0.0)
        elif one.name == "builds":
            made.commitment = said.get(one.issue, 0.0) * whole
        elif one.name == "lasts" and not listed:
            made.term = getattr(kind, one.months)
        elif one.name == "shares":
            made.shared = said.get(one.issue, 0.0)
        elif one.name == "guides":
            made.safeguards_guided, made.openness_guided = said.get(one.safeguards, 0.0), 1.0 - said.get(one.localisation, 0.0)
            made.prepares = getattr(kind, one.prepared)
        elif one.name == "pays":
            made.payment = payment
        elif one.name == "subsidises":
            made.subsidy_funds = said.get(one.issue, 0.0) * whole / getattr(kind, one.months)
            made.subsidy_overhead = getattr(kind, one.overhead) * made.subsidy_funds
        elif one.name == "trains":
            made.training_funds = said.get(one.issue, 0.0) * getattr(kind, one.share) * whole / getattr(kind, one.months)
            made.training_overhead = getattr(kind, one.overhead) * made.training_funds
        elif one.name == "hands_over" and not listed:
            made.technology_a_month = said.get(one.issue, 0.0) * getattr(kind, one.taken_up) / getattr(kind, one.months)
        elif one.name == "undertakes":
            made.safeguards_undertaken, made.redress_undertaken = said.get(one.safeguards, 0.0), said.get(one.redress, 0.0)
