"""Worlds in which much happens to links within two years: faults, landings, retirement, cuts from outside."""

from __future__ import annotations

from pathlib import Path
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


TABLES = Path(__file__).resolve().parent / "data"
STILL = {
    **dict.fromkeys(("fault_rate", "land_fault_rate", "announce_rate", "built", "built_content", "upgrade", "retire_rate"), 0.0),
    "satellite_rate": 0.0,
}
"""Links that neither fail nor come nor go, and satellites that come to nobody else."""
SEEING = {"hours_video": 0.5, "novice": 0.9}
CUT = range(12 * 2020 + 7, 12 * 2021 + 1)
"""The months in which tables of our own cut all cables of Tonga."""


def tonga(what: str = "cut", end: str = "2021-04", **over: Any) -> dict[str, Any]:
    """Return a world of ten states in which Tonga is cut off for half a year; it is ``served`` by satellites, or not; or nobody is cut.

    Borders are closed, as recorded, and a video event costs as little as a call.
    """
    shocks = [{"kind": "travel_closure"}, *([] if what == "whole" else [{"kind": "link_cuts"}])]
    mechanisms = {"links": STILL, "contacts": SEEING, **over.pop("mechanisms", {})}
    data = {"folder": str(TABLES / f"links_{'served' if what == 'served' else 'cut'}")}
    return {"start": "2020-03", "end": end, "roster": {"states": TEN}, "shocks": shocks, "mechanisms": mechanisms, "data": data, **over}
