"""What every state can read in the newspaper, and a player therefore sees of others: figures, signatures, votes, law, meetings.

All that is not named here is not in the film of a game, so a new figure, metric or kind of event is hidden from players until it is said to
be public: a metric of one's own, along whatever axis, by ``public: ClassVar[bool] = True``, an event by the ``public`` of its declaration.

Hidden on purpose: who else negotiates, on what, and why it failed; trust between others and reputation, which is its mean; every worth,
ideal point, salience and reservation value but the player's own.
"""

from __future__ import annotations

from typing import Any

from sim.state.world import Setting

FIGURES = frozenset({
    "gdp", "population", "internet_use", "bandwidth", "digital_government", "cybersecurity", "material_capability", "protection_firms",
    "protection_state", "localisation", "base_capacity", "capacity_gained", "cloud_capacity", "need", "capability", "imports",
    "imports_known", "load", "paid", "received", "overhead", "committed", "closure", "elected",
})  # fmt: skip
"""Arrays of the world with a value for each party."""

METRICS = frozenset({
    "access_gap", "agreements_in_force", "assembly_attendance", "awaiting_ratification", "capability", "closure", "cloud_capacity",
    "cloud_market", "contacts_by_channel", "contacts_held", "data_centres", "data_residence", "digital_trade", "isolation",
    "link_capacity", "links", "never_ratified", "ratifications", "signatures", "trade_covered", "treaty_states",
})  # fmt: skip
"""Metrics of this project; one's own says so itself."""


def public_events(setting: Setting) -> tuple[int, ...]:
    """Return the kinds of event that are public whoever they happen to; of every other kind a player sees those that name it."""
    return setting.words.codes_where("event", "public", "everyone", "everyone_but_why")


def is_public(metric: Any) -> bool:
    """Tell whether a metric, as a part or its class, may be shown to a player."""
    return bool(getattr(metric, "public", metric.name in METRICS))
