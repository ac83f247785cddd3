"""Small worlds in which promises are broken, left and taken to court within a few years."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from sim.state.world import Setting
from sim.types import month_index, month_label

FEW = ("CAN", "CHE", "DEU", "FRA", "GBR", "IRL", "JPN", "KOR", "NLD", "POL", "USA")
EAGER = {"propose_rate": 1.0, "staff_price": 100.0, "desks": 8.0}


def _few(start: str, months: int, **over: Any) -> dict[str, Any]:
    return {"start": start, "end": month_label(month_index(start) + months - 1), "roster": {"states": list(FEW)}, **over}


def broken(start: str = "2015-01", months: int = 96, **over: Any) -> dict[str, Any]:
    """Return a world in which words are often broken, soon found and half answered, sides leave, and much is uncertain."""
    mechanisms = {
        "bargaining": EAGER,
        "compliance": {"temptation": 10.0, "detection": 3.0, "patience": 12, "cure_months": 18.0, "cure_deadline": 4, "answered": 0.8},
        "courts": {"complaint_rate": 1.0, "leak_rate": 2.0},
        "durability": {"uncertainty": 0.4},
        "withdrawals": {"rate": 0.01, "contagion": 50.0, "exit_bar": 0.0, "losing_looks": 1},
    }
    return _few(start, months, mechanisms=mechanisms, **over)


def sued(start: str = "2015-01", months: int = 96, **over: Any) -> dict[str, Any]:
    """Return a world in which frameworks are often taken to court and struck, and nothing else is broken or left."""
    mechanisms = {
        "bargaining": {**EAGER, "staff_price": 10.0, "rest_after_failure": 4},
        "compliance": {"temptation": 0.0},
        "courts": {"complaint_rate": 1.0, "leak_rate": 2.0, "reading": 0.2, "parliament_rate": 0.5, "deadline_sessions": 10},
    }
    soon = {"transfer_framework": {"months_to_force": 2}, "law_enforcement_access": {"months_to_force": 2}}
    return _few(start, months, mechanisms=mechanisms, agreements=soon, **over)


def restless(**over: Any) -> dict[str, Any]:
    """Return a world with a coalition whose members look each January whether they do better alone, and walk out at once."""
    states = ["AUS", "CHN", "DEU", "FJI", "FRA", "GBR", "NZL", "TUV", "USA", "WSM"]
    mechanisms = {"bargaining": {"propose_rate": 1.0, "desks": 8.0, "staff_price": 0.0}, "walkouts": {"bar": 0.0, "looks": 1}}
    # Hours are cheap, so that a coalition of few meets enough hosts within the months of a test.
    mechanisms["contacts"] = {"hour_price": 1.0, "hours_minister": 60.0, "hours_official": 60.0}
    small = {"infrastructure_pact": {"months_to_force": 1, "build_months": 6, "budget_share": 5e-4, "least": 1e5, "upkeep": 1e3}}
    pact = {"name": "SOUTH", "members": ["AUS", "FJI", "NZL"], "types": ["infrastructure_pact"]}
    usual = {"start": "2019-06", "end": "2021-03", "roster": {"states": states}, "agreements": small, "mechanisms": mechanisms}
    return {**usual, "coalitions": [pact], **over}


def swift(setting: Setting) -> Setting:
    """Return a world in which every court rules within a year, and leaves what it strikes three months of grace."""
    courts = setting.roster.courts
    n = len(courts.forum)
    months = {name: np.full(n, value) for name, value in (("least", 2.0), ("median", 4.0), ("most", 8.0), ("grace", 3.0))}
    return dataclasses.replace(setting, roster=dataclasses.replace(setting.roster, courts=dataclasses.replace(courts, **months)))
