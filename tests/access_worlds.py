"""Worlds in which programmes run within two years, links land, and a bloc has members."""

from __future__ import annotations

from typing import Any

from link_worlds import BUSY

from sim.state.world import World

STATES = ["CHN", "DEU", "ETH", "FJI", "FRA", "GBR", "IDN", "KEN", "NGA", "TON", "USA"]
QUICK = {"months_to_force": 1, "programme_months": 12, "budget_share": 2e-4, "influence": 4.0}


def helped(end: str = "2021-03", **over: Any) -> dict[str, Any]:
    """Return a small world in which donors are generous and programmes short."""
    talks = {
        "propose_rate": 1.0, "desks": 8.0, "staff_price": 0.0, "rest_after_failure": 4, "reach": 1.0, "linkage": True,
        "side_payments": True,
    }  # fmt: skip
    return {
        "start": "2019-10", "end": end, "roster": {"states": STATES}, "shocks": [],
        "negotiated": ["capacity_programme", "infrastructure_pact", "transfer_framework"],
        "protocol": {"name": "nash", "contacts_to_conclude": 4},
        "agreements": {"capacity_programme": QUICK},
        "mechanisms": {"links": BUSY, "bargaining": talks, "contacts": {"hour_price": 3.0}},
        **over,
    }  # fmt: skip


def silent(world: World) -> None:
    """Break all lines of Tonga for three months; no satellite serves it."""
    tonga, links = world.setting.party("TON"), world.links
    links["days_down"][(links["first"] == tonga) | (links["second"] == tonga)] = 90
    world.satellite[tonga] = False
    world.satellite_barred[tonga] = True
