"""Worlds in which much happens to links within two years: faults, landings, retirement, cuts from outside."""

from __future__ import annotations

from typing import Any

TEN = ["CHN", "DEU", "ETH", "FJI", "FRA", "GBR", "JPN", "KEN", "TON", "USA"]
BUSY = {
    "fault_rate": 0.2, "land_fault_rate": 2.0, "announce_rate": 1.0, "lead_months": 2, "delay_months": 3.0, "retire_age": 8,
    "retire_rate": 0.3, "satellites_since": 2020, "satellite_rate": 0.9,
}  # fmt: skip


def busy(end: str = "2021-03", cut: str = "", **links: Any) -> dict[str, Any]:
    """Return a small world with many faults and new links; ``cut`` says which links a shock cuts from outside."""
    shocks = [{"kind": "link_cuts", "what": cut}] if cut else []
    return {"start": "2019-10", "end": end, "roster": {"states": TEN}, "shocks": shocks, "mechanisms": {"links": {**BUSY, **links}}}
