"""Worlds in which everybody meets on a screen: few ports, hosts that listen, strangers, outages and bans."""

from __future__ import annotations

from typing import Any

ALIKE = {
    "platforms": dict.fromkeys(
        ("delay_loss", "gateway_loss", "price_weight", "fear", "stands_for", "cloud_outage_rate", "bridge_outage_rate"), 0.0
    ),
    "interception": {"intrusion_rate": 0.0, "known_rate": 0.0},
    "links": {"felt": False},
}
"""Every platform is as good as any other, never full or down, nobody listens, and no link is needed."""
TEN = ["CHN", "DEU", "FRA", "GBR", "IDN", "IND", "JPN", "KEN", "SGP", "USA"]
LEAKY = {"intrusion_rate": 0.03, "known_rate": 0.05, "ban_on_hearsay": 0.1, "ban_after_intrusion": 0.5, "ban_months": 3}


def on_screens(end: str = "2021-06", **platforms: Any) -> dict[str, Any]:
    """Return a world with closed borders in which a video event costs as little as a call, and skill comes fast."""
    return {
        "start": "2020-03",
        "end": end,
        "roster": {"states": TEN},
        "shocks": [{"kind": "travel_closure"}],
        "mechanisms": {
            "contacts": {"hours_video": 0.5, "novice": 0.9},
            "platforms": {"bar_level": 0.3, "cloud_outage": 0.3, "bridge_outage": 0.3, "bridge_outage_rate": 0.3, **platforms},
            "interception": LEAKY,
        },
    }


def on_bridges(end: str = "2021-06", **platforms: Any) -> dict[str, Any]:
    """Return the same without clouds, each bridge with the fewest ports and much else to carry."""
    few = {"clouds": False, "ports_usual": 1.0, "ports_least": 4, "stands_for": 60.0}
    return on_screens(end, **{**few, **platforms})


def with_bans(end: str = "2021-06", whom: str = "recorded", **platforms: Any) -> dict[str, Any]:
    """Return the first, with bans as recorded or by a rule of law."""
    found = on_screens(end, **platforms)
    return {**found, "shocks": [*found["shocks"], {"kind": "platform_bans", "whom": whom}]}
