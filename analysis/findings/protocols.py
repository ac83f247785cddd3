"""How protocols end on the same drawn problems: how often with a text, how far from the frontier, after how many rounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.findings import Lived, table
from analysis.findings._problems import drawn
from sim.bargains.fair import distance_to_frontier
from sim.bargains.problems import Problems, checked
from sim.registry import shelf
from sim.types import Status

TITLE = "Protocols on drawn problems"
MANY = 1000
LEAD = """
1,000 problems of two parties and eight issues, drawn by name. In each some text is better for both.
*Far* is how much more both sides could have had at once, as a share of their ideal gains: the median
over the texts agreed. 0 means a text on the frontier. *Careless* problems are those in which one side
does not care about an issue with chance 0.3. *Ratified* problems give each side a ratifier.
"""
OFFERS = "alternating_offers"
FORMS: tuple[tuple[str, dict[str, Any]], ...] = (
    *((name, {}) for name in (
        "nash", "kalai_smorodinsky", "egalitarian", "utilitarian", "rubinstein", "take_it_or_leave_it", "condorcet", "equal_gain_exchange",
        "expected_utility", "single_text",
    )),
    (OFFERS, {}),
    (OFFERS, {"learning": "concessions"}),
    (OFFERS, {"learning": "concessions", "caution": 10.0}),
    (OFFERS, {"tactic_second": "tit_for_tat"}),
    (OFFERS, {"tactic": "tit_for_tat"}),
)  # fmt: skip


def body(lived: Lived) -> str:
    """Return a table of protocols by kinds of problems."""
    kinds = {"plain": drawn(MANY), "careless": drawn(MANY, careless=0.3), "ratified": drawn(MANY, ratified=True)}
    rows = []
    for name, values in FORMS:
        protocol = shelf("protocol").build(name, values)
        words = ", ".join([f"`{name}`", *(f"`{key}={value}`" for key, value in values.items())])
        ends = [ended(protocol, problems) for problems in kinds.values()]
        rounds = f"{ends[0][2]:.0f}" if protocol.rounds else "–"
        rows.append([words, *(cell for agreed, far, _ in ends for cell in (f"{100 * agreed:.1f}", f"{100 * far:.2f}")), rounds])
    head = [f"{kind}: {what}" for kind in kinds for what in ("agreed, %", "far, %")]
    return table(["protocol", *head, "rounds (median, plain)"], rows)


def ended(protocol: Any, problems: Problems) -> tuple[float, float, float]:
    """Return the share that agreed, the median distance to the frontier and the median of the rounds of those that agreed."""
    sound = checked(problems)
    outcomes = protocol.solve(sound)
    agreed = outcomes.status == Status.AGREED
    far = distance_to_frontier(sound, outcomes)[agreed]
    return float(agreed.mean()), float(np.median(far)), float(np.median(outcomes.step[agreed]))
