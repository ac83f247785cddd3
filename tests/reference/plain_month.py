"""The month in plain Python: the twins in the order of the month, from the roster alone to the last month.

Who decides is handed in, with five methods over a plain world: ``appraise(w)``, ``choose_partners(w)`` (a list of owner, partner, rank,
channel or None), ``propose(w, contacts)`` (a type or None for each contact), ``accept(w, talks, texts)`` (both sides' answers for each) and
``ratify(w, standings)`` (a reason for each row of adherences that is asked, NONE where its ratifiers consent).

A new mechanism gets a twin by a file with ``step(w, decide)`` (and ``begin(w)`` where the first month needs it) and a line in the table
below; arrays, columns, events and stages that are new in ``sim.state.schema`` and ``sim.types`` are there without a word here.
"""

from __future__ import annotations

from typing import Any

from reference import (
    access_plain,
    accessions_plain,
    alliances_plain,
    assembly_plain,
    bargaining_plain,
    bodies_plain,
    certification_plain,
    compliance_plain,
    conferences_plain,
    contacts_plain,
    courts_plain,
    data_centres_plain,
    disruption_plain,
    durability_plain,
    effects_plain,
    entry_plain,
    executives_plain,
    image_plain,
    interception_plain,
    law_plain,
    links_plain,
    market_plain,
    occasions_plain,
    online_plain,
    platforms_plain,
    ratification_plain,
    roster_plain,
    soft_law_plain,
    trade_deals_plain,
    trust_plain,
    vaccines_plain,
    walkouts_plain,
    welfare_plain,
    withdrawals_plain,
    works_plain,
)
from reference.plain_world import PlainWorld

TWINS = {
    "roster": roster_plain,
    "disruption": disruption_plain,
    "links": links_plain,
    "access": access_plain,
    "alliances": alliances_plain,
    "law": law_plain,
    "soft_law": soft_law_plain,
    "data_centres": data_centres_plain,
    "market": market_plain,
    "trade_deals": trade_deals_plain,
    "occasions": occasions_plain,
    "platforms": platforms_plain,
    "bodies": bodies_plain,
    "contacts": contacts_plain,
    "online": online_plain,
    "interception": interception_plain,
    "vaccines": vaccines_plain,
    "executives": executives_plain,
    "walkouts": walkouts_plain,
    "assembly": assembly_plain,
    "bargaining": bargaining_plain,
    "accessions": accessions_plain,
    "conferences": conferences_plain,
    "ratification": ratification_plain,
    "compliance": compliance_plain,
    "durability": durability_plain,
    "withdrawals": withdrawals_plain,
    "entry": entry_plain,
    "courts": courts_plain,
    "works": works_plain,
    "effects": effects_plain,
    "certification": certification_plain,
    "image": image_plain,
    "trust": trust_plain,
    "welfare": welfare_plain,
}
"""The plain twin of every mechanism, in the order of the month."""


def begin(config: Any, roster: Any, schema: Any, seed: int) -> PlainWorld:
    """Return the world as the first month begins."""
    w = PlainWorld(config, roster, schema, seed, config.start)
    for twin in TWINS.values():
        if hasattr(twin, "begin"):
            twin.begin(w)
    return w


def live(w: PlainWorld, decide: Any) -> None:
    """Live one month."""
    for twin in TWINS.values():
        twin.step(w, decide)
    w.month += 1
