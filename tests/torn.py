"""A small world in which much is at stake in the text itself, so that those at home refuse as well as ratify."""

from __future__ import annotations

from typing import Any

from worlds import EAGER, tree

TORN: dict[str, Any] = tree(
    roster={"states": ["AUT", "BRA", "CHN", "DEU", "FRA", "GBR", "IDN", "IND", "JPN", "KEN", "PHL", "SGP", "USA"]},
    agreements={
        "transfer_framework": {
            "months_to_force": 2,
            "salience_safeguards": 0.25,
            "salience_redress": 0.15,
            "salience_localisation": 0.15,
            "judge_bar": 0.6,
        },
        "infrastructure_pact": {
            "months_to_force": 1,
            "build_months": 6,
            "salience_localisation": 0.5,
            "salience_control": 0.5,
            "budget_share": 5e-4,
        },
    },
    mechanisms={
        **EAGER,
        "ratification": {
            "spread": 0.5,
            "scatter": 2.0,
            "own_error": 2.0,
            "other_error": 2.0,
            "months_majority": 3.0,
            "months_bloc_assent": 2.0,
        },
    },
)
