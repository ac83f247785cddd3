"""What platforms are called, and the state that they declare."""

from __future__ import annotations

from sim.declare.arrays import Array, Axis, array, axis
from sim.declare.words import Word, event

WORDS: tuple[Word, ...] = (
    event(
        "outage", "Outage", "Gangguan", "A cloud, or a party's bridge, fails for a part of the month.",
        "Sebuah layanan awan, atau jembatan milik suatu pihak, tidak berfungsi selama sebagian bulan.", columns=("party_a", "value"),
        public="everyone", listed=False,
    ),
)  # fmt: skip

STATE: tuple[Array | Axis, ...] = (
    axis("platform", of="platforms", meaning="what a meeting on a screen is held on: hardware bridges together, then clouds by name"),
    array(
        "platform_bars", ("party", "platform"), forcing=True, low=0.0, high=1.0, unit="share",
        meaning="part of the party's dealings abroad that is barred from the platform from outside this month",
    ),
    array(
        "barred_until", ("party", "platform"), dtype="int32", unit="month",
        meaning="the party bars the platform, by a decision of its own, before this month",
    ),
    array("shut", ("party", "platform"), dtype=bool, unit="0/1", meaning="the party bars the platform this month"),
    array("own_law", ("party", "platform"), dtype=bool, unit="0/1", meaning="the party's own law binds who hosts the platform"),
    array("hears", ("party", "platform"), unit="probability", meaning="chance that the host's state listens to a meeting of the party"),
    array("dear", ("party", "platform"), unit="share", meaning="price of a port over itself and what an hour of work earns in the party"),
    array("ports", ("party",), dtype="int32", unit="ports", meaning="ports of the party's own bridge"),
    array("bridge_asked", ("party",), dtype="int32", unit="contacts", meaning="contacts of last month that its bridge was to hold"),
    array("bridge_load", ("party",), unit="Erlangs", meaning="meetings at once that its bridge was offered in past months"),
    array("turned_away", ("party",), unit="share", meaning="meetings that its bridge is expected to turn away"),
    array("on_cloud", ("party",), dtype=bool, unit="0/1", meaning="the party's rooms run on a cloud, not on a bridge of its own"),
    array("out", ("platform",), unit="share of the month", meaning="how long the cloud fails this month"),
    array("bridge_out", ("party",), unit="share of the month", meaning="how long the party's bridge fails this month"),
    array("carries", ("edge",), unit="share", meaning="what the best platform leaves of a meeting of the two, 0 where none joins them"),
    array(
        "platform_between", ("edge",), dtype="int8", start=-1, unit="platform", refers="platform", meaning="best platform for the two"
    ),
    array("bridge_between", ("edge",), dtype="int32", start=-1, unit="party", refers="party", meaning="whose bridge that is"),
    array("way_out", ("state",), start=1, unit="share", meaning="what the state's way to most others leaves of a meeting; 0: it has none"),
    array("way_between", ("edge",), start=1, unit="share", meaning="what the width of the way between the two leaves of a meeting"),
    array("latency_then", ("state",), unit="ms", meaning="mean latency of the state when its ways were last looked at"),
    array(
        "platform_used", ("events",), dtype="int8", start=-1, unit="platform", refers="platform",
        meaning="what a contact was, or was to be, held on; what failed, was entered or barred",
    ),
    array("bridge_used", ("events",), dtype="int32", start=-1, unit="party", refers="party", meaning="whose bridge that is"),
)  # fmt: skip
