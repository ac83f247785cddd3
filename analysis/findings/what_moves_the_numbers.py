"""Signatures of the baseline, with one setting changed at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.findings import Lived, listed, table
from sim.recorder import RunData

TITLE = "What moves the numbers"
SEEDS = 3
LEAD = """
Signatures of the baseline from 2019-01 to 2025-12, all states, seeds 0, 1 and 2. One setting changes
at a time. A row gives three numbers for each column, one a seed. *Fell* is the percentage of the
instruments that needed consent at home and were decided, and that fell there.

Three seeds show which settings matter. They are too few to measure an effect.
"""

Tree = dict[str, Any]


def _mechanism(name: str, **values: Any) -> Tree:
    return {"mechanisms": {name: values}}


def _framework(**values: Any) -> Tree:
    return {"agreements": {"transfer_framework": values}}


def _pact(**values: Any) -> Tree:
    return {"agreements": {"infrastructure_pact": values}}


CHANGES: tuple[tuple[str, Tree], ...] = (
    ("as it stands", {}),
    ("`desks` 0.5 (from 1.5)", _mechanism("bargaining", desks=0.5)),
    ("`desks` 5", _mechanism("bargaining", desks=5.0)),
    ("`contacts_to_conclude` 6 (from 12)", {"protocol": {"name": "nash", "contacts_to_conclude": 6}}),
    ("`contacts_to_conclude` 24", {"protocol": {"name": "nash", "contacts_to_conclude": 24}}),
    ("`judge_bar` 0.7 (from 0.85)", _framework(judge_bar=0.7)),
    ("`judge_bar` 0.95", _framework(judge_bar=0.95)),
    ("`trade_effect` of frameworks 0 (from 0.08)", _framework(trade_effect=0.0)),
    ("`surveillance` 0 (from 0.01)", _framework(surveillance=0.0)),
    ("`surveillance` 0.05", _framework(surveillance=0.05)),
    ("`security_gain` of frameworks and pacts 0", {
        "agreements": {"transfer_framework": {"security_gain": 0.0}, "infrastructure_pact": {"security_gain": 0.0}}
    }),
    ("`staff_price` 1,000 (from 5,000)", _mechanism("bargaining", staff_price=1e3)),
    ("`staff_price` 50,000", _mechanism("bargaining", staff_price=5e4)),
    ("`fear` 2 (from 20)", _pact(fear=2.0)),
    ("`fear` 80", _pact(fear=80.0)),
    ("`target` 2.5 (from 5)", _mechanism("roster", target=2.5)),
    ("`power` 0 (from 0.25)", _mechanism("bargaining", power=0.0)),
    ("`power` 1", _mechanism("bargaining", power=1.0)),
    ("`reach` 0 (from 0.5)", _mechanism("bargaining", reach=0.0)),
    ("`reach` 1", _mechanism("bargaining", reach=1.0)),
    ("`side_payments` on", _mechanism("bargaining", side_payments=True)),
    ("`linkage` on", _mechanism("bargaining", linkage=True)),
    ("`spread` 0.5 (from 0.15) and `scatter` 2 (from 0.5)", _mechanism("ratification", spread=0.5, scatter=2.0)),
    ("`least_regime` 4: no legislature anywhere", _mechanism("ratification", least_regime=4)),
    ("`months_majority` 3 (from 12)", _mechanism("ratification", months_majority=3.0)),
    ("`months_majority` 36", _mechanism("ratification", months_majority=36.0)),
    ("`alternating_offers`, 20 rounds (from 80)", {"protocol": {"name": "alternating_offers", "deadline_rounds": 20}}),
    ("`alternating_offers`, 80 rounds", {"protocol": "alternating_offers"}),
    *((f"`{name}`", {"protocol": name}) for name in (
        "kalai_smorodinsky", "egalitarian", "utilitarian", "rubinstein", "take_it_or_leave_it", "condorcet", "equal_gain_exchange",
        "expected_utility", "single_text",
    )),
)  # fmt: skip


def body(lived: Lived) -> str:
    """Return the table of changes."""
    rows = [[words, *(listed(one) for one in counts(lived.runs(SEEDS, **tree)))] for words, tree in CHANGES]
    return table(["change", "frameworks signed", "pacts signed", "fell, %"], rows)


def counts(runs: Sequence[RunData]) -> tuple[list[float], list[float], list[float]]:
    """Return frameworks signed, pacts signed and the percentage that fell at home, a number a run."""
    scalars = [run.scalars for run in runs]
    return (
        [one["new_signatures_transfer_framework"] for one in scalars],
        [one["new_signatures_infrastructure_pact"] for one in scalars],
        [100.0 * one["never_ratified"] for one in scalars],
    )
