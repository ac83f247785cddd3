"""Small worlds in which the cloud market has something to do."""

from __future__ import annotations

from typing import Any

STATES = ["ARE", "CHN", "DEU", "FRA", "GBR", "IDN", "KEN", "MNG", "SGP", "USA"]


def busy(**market: Any) -> dict[str, Any]:
    """Return a world with short contracts and eager providers; ``market`` lays over its parameters."""
    return {
        "start": "2018-11",
        "end": "2020-03",
        "roster": {"states": STATES},
        "mechanisms": {
            "market": {"switching": 0.03, "entry": 4.0, "entry_load": 1.0, "tied": 0.9, **market},
            "links": {"fault_rate": 0.2, "land_fault_rate": 2.0},
        },
    }
