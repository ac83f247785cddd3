"""Rosters and settings that the configurations of ``make same`` are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """One configuration.

    Attributes
    ----------
    tree : mapping
        Settings; ``start`` and ``end`` among them.
    shows : tuple of str
        What must happen in it.
    seed : int
    scenario : str
    levers : mapping of str to list of (str, value)
        Levers that are moved before a month, by month.
    hands : mapping of str to list of (str, int, value)
        What is done to an instrument (its row) before a month though no rule does it: ``term`` lets it end so many months later,
        ``stage`` moves it there.
    """

    tree: Mapping[str, Any]
    shows: tuple[str, ...]
    seed: int = 7
    scenario: str = "baseline"
    levers: Mapping[str, list[tuple[str, Any]]] = field(default_factory=dict)
    hands: Mapping[str, list[tuple[str, int, Any]]] = field(default_factory=dict)


NINE = ["CHN", "DEU", "FRA", "GBR", "IDN", "KEN", "SGP", "TUV", "USA"]
TEN = ["BRA", "CHN", "DEU", "FRA", "GBR", "IDN", "JPN", "KEN", "SGP", "USA"]
THIRTEEN = sorted([*TEN, "AUT", "IND", "PHL"])
EIGHT = ["CHN", "DEU", "FRA", "GBR", "IDN", "SGP", "TUV", "USA"]
ISLANDS = ["AUS", "CHN", "DEU", "FJI", "FRA", "GBR", "NZL", "TUV", "USA", "WSM"]
ASEAN = ["BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA", "VNM"]
SUMMIT = sorted([*ASEAN, "AUT", "CHN", "DEU", "FRA", "GBR", "ITA", "JPN", "KAZ", "RUS", "TUV", "USA"])
EU27 = [
    *("AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN"),
    *("IRL", "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "SWE"),
]
DATA = ["adequacy_decision", "digital_trade_agreement", "law_enforcement_access", "transfer_framework"]
MANY = ["security_treaty", "regional_market"]

QUICK = {"transfer_framework": {"months_to_force": 2}, "infrastructure_pact": {"months_to_force": 1, "build_months": 6}}
KEEN = {"propose_rate": 1.0, "desks": 8.0, "staff_price": 0.0}
SOON = {"months_majority": 1.0, "months_supermajority": 1.0, "months_bloc_assent": 1.0}
EAGER = {"bargaining": KEEN, "ratification": SOON}
SHORT = {**KEEN, "lapse": 3, "rest_after_failure": 4}
CHEAP = {"law": {"cost_safeguards": 10.0, "cost_redress": 10.0}}
"""Law that costs little to raise: undertakings are given, so that frameworks and pacts can be linked."""
MET = {"contacts": {"hour_price": 1.0, "hours_minister": 60.0, "hours_official": 60.0}}
"""Hours that cost little, so that few parties meet as often as among two hundred."""
TORN_TYPES = {
    "transfer_framework": {
        "months_to_force": 2,
        "salience_safeguards": 0.25,
        "salience_redress": 0.15,
        "salience_localisation": 0.15,
        "judge_bar": 0.6,
    },
    "infrastructure_pact": {"months_to_force": 1, "build_months": 6, "salience_localisation": 0.5, "salience_control": 0.5},
}
TORN_VOTES = {"spread": 0.5, "scatter": 2.0, "own_error": 2.0, "other_error": 2.0, "months_majority": 3.0, "months_bloc_assent": 2.0}
CALLED = {
    "call_rate": 0.1, "call_rate_bloc": 2.0, "months_base": 2.0, "months_per_party": 0.1, "months_between": 1,
    "rest_after_failure": 6, "accession_rate": 2.0, "patience": 1, "notice": 3,
}  # fmt: skip
TREATIES = {
    "security_treaty": {"threshold": 3, "months_to_force": 2, "reports": 0.012, "upkeep": 1e5},
    "regional_market": {"months_to_force": 2},
}
ISLES = {"name": "ISLES", "members": ["FJI", "TUV", "WSM"], "types": ["infrastructure_pact"]}
SMALL = {
    "infrastructure_pact": {**QUICK["infrastructure_pact"], "least": 1e5, "upkeep": 1e3},
    "transfer_framework": {**QUICK["transfer_framework"], "judge_bar": 0.6, "upkeep": 1e3},
}
GAME = {
    "start": "2019-10",
    "end": "2021-09",
    "roster": {"states": EIGHT},
    "agreements": QUICK,
    "mechanisms": {"bargaining": {**SHORT, "side_payments": True, "reach": 1.0, "linkage": True}},
}
HURRIED = {
    "bargaining": {"lapse": 3, "rest_after_failure": 3, "staff_price": 0.0},
    "contacts": {"hours_head": 2.0, "hours_minister": 3.0, "hours_official": 3.0},
}
PROMISING = ["CAN", "CHE", "DEU", "FRA", "GBR", "IRL", "JPN", "KOR", "NLD", "POL", "USA"]
BREAKING = {
    "bargaining": {**KEEN, "staff_price": 100.0},
    "compliance": {"temptation": 10.0, "detection": 3.0, "patience": 12, "cure_months": 18.0, "cure_deadline": 4, "answered": 0.8},
    "courts": {"complaint_rate": 1.0, "leak_rate": 2.0},
    "durability": {"uncertainty": 0.4},
    "withdrawals": {"rate": 0.01, "contagion": 50.0, "exit_bar": 0.0, "losing_looks": 1},
    **MET,
}
SUING = {
    "bargaining": {**KEEN, "staff_price": 10.0, "rest_after_failure": 4},
    "compliance": {"temptation": 0.0},
    "courts": {"complaint_rate": 1.0, "leak_rate": 2.0, "reading": 0.2, "parliament_rate": 0.5, "deadline_sessions": 10},
    **MET,
}
