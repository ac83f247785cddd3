"""More small worlds for the plain twins: open agreements, bars, and law that is cheap to raise."""

from __future__ import annotations

from typing import Any

from twins import SHORT, small


def joining(**over: Any) -> dict[str, Any]:
    """Return a world in which some are inside an open agreement, and outsiders look at it often."""
    states = {"roster": {"states": ["AUS", "CAN", "CHE", "CHL", "CHN", "COL", "DEU", "JPN", "MEX", "PHL", "SGP", "USA"]}}
    quick = {"accession_rate": 1.0, "accession_least": 2, "accession_most": 4, "open_share": 0.3, "months_to_force": 2}
    agreements = {"agreements": {**SHORT["agreements"], "digital_trade_agreement": quick}}
    bargaining = {**SHORT["mechanisms"]["bargaining"], "linkage": False, "side_payments": False}
    mechanisms = {"mechanisms": {"bargaining": bargaining, "trade_deals": {"strength": 5.0}}}
    return {**small("nash", "baseline"), **states, **agreements, **mechanisms, **over}


def barred(**over: Any) -> dict[str, Any]:
    """Return a world in which sanctions and wars bar some, for a time and as the run goes on, and elections are those held."""
    states = {"roster": {"states": ["BLR", "CHN", "DEU", "FRA", "GBR", "IND", "IDN", "POL", "RUS", "SGP", "USA"]}}
    war = {"kind": "sanctions", "level": 0.1, "from": "2020-06", "until": "2021-02", "source": "assumed"}
    # The hostile may sign as well, so that a war finds something in force, and talks, to bar.
    peace = {"mechanisms": {**SHORT["mechanisms"], "alliances": {"hostility_bars": False}}}
    return {**small("nash", "baseline"), "shocks": [{"kind": "election"}], "events": [war], **states, **peace, **over}


def undertaking(**over: Any) -> dict[str, Any]:
    """Return a world in which law is cheap to raise: undertakings, packages with pacts, short screenings, and two become too hostile."""
    states = ["CAN", "CHN", "COL", "DEU", "IND", "KOR", "MEX", "USA"]
    cheap = {**SHORT["mechanisms"], "law": {"cost_safeguards": 10.0, "cost_redress": 10.0}}
    short = {**SHORT["agreements"], "adequacy_decision": {"screening_least": 6, "screening_most": 12}}
    return small("nash", "baseline", roster={"states": states}, mechanisms=cheap, agreements=short, **over)
