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


def _type(name: str, **values: Any) -> Tree:
    return {"agreements": {name: values}}


def _pact(**values: Any) -> Tree:
    return _type("infrastructure_pact", **values)


DATA = ("adequacy_decision", "digital_trade_agreement", "law_enforcement_access", "transfer_framework")
CHANGES: tuple[tuple[str, Tree], ...] = (
    ("as it stands", {}),
    ("`desks` 0.5 (from 1.5)", _mechanism("bargaining", desks=0.5)),
    ("`desks` 5", _mechanism("bargaining", desks=5.0)),
    ("`contacts_to_conclude` 6 (from 12)", {"protocol": {"name": "nash", "contacts_to_conclude": 6}}),
    ("`contacts_to_conclude` 24", {"protocol": {"name": "nash", "contacts_to_conclude": 24}}),
    ("`staff_price` 1,000 (from 3,000)", _mechanism("bargaining", staff_price=1e3)),
    ("`staff_price` 30,000", _mechanism("bargaining", staff_price=3e4)),
    ("`staff_elasticity` 0.5 (from 1)", _mechanism("bargaining", staff_elasticity=0.5)),
    ("`staff_elasticity` 2", _mechanism("bargaining", staff_elasticity=2.0)),
    ("`belief_error` 0 (from 0.3)", _mechanism("bargaining", belief_error=0.0)),
    ("`belief_error` 0.6", _mechanism("bargaining", belief_error=0.6)),
    ("`equivalence` 0.7 (from 0.85)", _mechanism("law", equivalence=0.7)),
    ("`equivalence` 1", _mechanism("law", equivalence=1.0)),
    ("`cost_safeguards`, `cost_redress` 10 (from 60)", _mechanism("law", cost_safeguards=10.0, cost_redress=10.0)),
    ("`cost_safeguards`, `cost_redress` 200", _mechanism("law", cost_safeguards=200.0, cost_redress=200.0)),
    ("`fear_of_rivals` 0 (from 0.5)", _mechanism("alliances", fear_of_rivals=0.0)),
    ("`fear_of_rivals` 1", _mechanism("alliances", fear_of_rivals=1.0)),
    ("`hostile_from` 0.5 (from 0.75)", _mechanism("alliances", hostile_from=0.5)),
    ("`hostile_from` 0.9", _mechanism("alliances", hostile_from=0.9)),
    ("`graph_weight` 0 (from 2)", _mechanism("contacts", graph_weight=0.0)),
    ("`graph_weight` 4", _mechanism("contacts", graph_weight=4.0)),
    ("`trade_effect` of digital trade agreements 0 (from 0.04)", _type("digital_trade_agreement", trade_effect=0.0)),
    ("`trade_effect` of digital trade agreements 0.1", _type("digital_trade_agreement", trade_effect=0.1)),
    ("`personal` 0 (from 0.5)", _type("digital_trade_agreement", personal=0.0)),
    ("`personal` 1", _type("digital_trade_agreement", personal=1.0)),
    ("no trade deals (`strength` 0)", _mechanism("trade_deals", strength=0.0)),
    ("`fear` 2 (from 20)", _pact(fear=2.0)),
    ("`fear` 80", _pact(fear=80.0)),
    ("`budget_share` 0.00025 (from 0.00005)", _pact(budget_share=2.5e-4)),
    ("`power` 0 (from 0.25)", _mechanism("bargaining", power=0.0)),
    ("`power` 1", _mechanism("bargaining", power=1.0)),
    ("`reach` 0 (from 1)", _mechanism("bargaining", reach=0.0)),
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
    return table(["change", "data instruments signed", "pacts signed", "fell, %"], rows)


def counts(runs: Sequence[RunData]) -> tuple[list[float], list[float], list[float]]:
    """Return data instruments signed, pacts signed and the percentage that fell at home, a number a run."""
    scalars = [run.scalars for run in runs]
    return (
        [sum(one[f"new_signatures_{name}"] for name in DATA) for one in scalars],
        [one["new_signatures_infrastructure_pact"] for one in scalars],
        [100.0 * one["never_ratified"] for one in scalars],
    )
