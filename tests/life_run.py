"""A run in which courts strike a framework and its parties sign another: few states, cheap hours, a large leak, people who sue often."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sim

SEED = 2
FEW = ["BRA", "CAN", "CHE", "DEU", "FRA", "GBR", "JPN", "KOR", "USA"]
TREE: dict[str, Any] = {
    "start": "2000-08", "end": "2018-12", "background": [], "roster": {"states": FEW}, "shocks": [{"kind": "leak"}],
    "mechanisms": {"courts": {"leak_rate": 0.0, "complaint_rate": 1.0}, "contacts": {"hour_price": 3.0}}, "seed": SEED,
}  # fmt: skip


def stored(outputs: Path) -> Path:
    """Live it and return its folder."""
    return Path(sim.run("baseline", record="panels", outputs=outputs, **TREE).folder)
