"""What the cloud market is called, and the state that it declares."""

from __future__ import annotations

from sim.declare.arrays import Array, Rows, array, column, table
from sim.declare.words import Word, event

PUBLIC, PRIVATE, SOVEREIGN, HYBRID = range(4)
"""Modes: a provider's region open to all; own machines; a cloud under own law; a provider's technology in own hands."""

WORDS: tuple[Word, ...] = (
    event(
        "cloud_region_opened", "Cloud region opened", "Wilayah komputasi awan dibuka",
        "Providers of the first state open their first cloud region in the second; the value is the load that drew them, in MW.",
        "Penyedia dari negara pertama membuka wilayah komputasi awan pertamanya di negara kedua; nilainya beban penariknya dalam MW.",
        columns=("party_a", "party_b", "value"), public="everyone", listed=False,
    ),
)  # fmt: skip

STATE: tuple[Array | Rows, ...] = (
    table(
        "cloud_offers",
        (
            column("host", "int32", refers="party", meaning="state in which the regions stand, or may come to stand"),
            column("home", "int32", refers="party", meaning="state in which their providers have their home"),
            column("since", "int32", refers="month", meaning="when the first opened; 0 before the run; -1: none has"),
            column("serves", absent=0.0, unit="MW", meaning="load of all users that lies in them"),
        ),
        tier="full",
        meaning="cloud regions in a state of providers of one home: those of the start, and those that may yet open",
    ),
    table(
        "clouds",
        (
            column("user", "int32", refers="party", meaning="state whose load it is"),
            column("host", "int32", refers="party", meaning="state in which it lies"),
            column("home", "int32", refers="party", meaning="state whose providers hold it"),
            column("mode", "int8", unit="0 public, 1 private, 2 sovereign, 3 hybrid", meaning="how it is held"),
            column("offer", "int32", refers="cloud_offer", meaning="the regions in which it lies; -1 where it lies in none"),
            column("to_host", "int32", refers="edge", meaning="directed dyad from the user to the state in which it lies; -1 for none"),
            column("to_home", "int32", refers="edge", meaning="directed dyad from the user to the home of the provider; -1 for none"),
            column("free", absent=0.0, unit="share", meaning="of the load that may lie anywhere"),
            column("bound", absent=0.0, unit="share", meaning="of the load that the user's law binds to its own soil"),
        ),
        tier="full",
        meaning="what a state may choose for its load: where it lies, with whom, and how; choices are fixed as the run begins",
    ),
    array("place_pull", ("state",), unit="log odds", meaning="what else draws load to the state, by what stood there at the start"),
    array("cloud_price", ("state",), start=1, unit="ratio", meaning="price of storing there, over that in a safe state with room"),
    array("stored", ("state",), unit="MW", meaning="load of all users that lies in the state"),
    array("lies_at_home", ("state",), unit="share", meaning="of its users' load, what lies in the state itself"),
    array("in_own_hands", ("state",), unit="share", meaning="of its users' load, what its own providers or machines hold"),
    array("exposure", ("state",), unit="share", meaning="of its users' load, the largest part in the reach of one other state"),
    array("exposed_to", ("state",), dtype="int32", start=-1, refers="party", unit="party", meaning="that state; -1 where there is none"),
    array("serves", ("state",), unit="MW", meaning="load of all users that providers of the state hold for others, wherever it lies"),
    array("cloud_exports", ("state",), unit="USD a year", meaning="what its providers earn from users of other states"),
    array("cloud_imports", ("state",), unit="USD a year", meaning="what its users pay to providers of other states"),
    array("cut_off_from_data", ("state",), unit="share", meaning="of its users' load, what they cannot reach this month"),
    array("failures", ("state",), unit="months", meaning="how long its providers failed, as users remember it"),
    array("load_renewed", ("state",), unit="MW", meaning="load of its users when they last renewed contracts"),
    array("held", ("edge",), unit="share", meaning="of the owner's load, what the partner's providers hold, as of last December"),
    array(
        "reached", ("edge",), unit="share",
        meaning="of the owner's load, what lies in the partner's state or with its providers, as of last December",
    ),
    array(
        "provider_down", ("state",), forcing=True, low=0.0, high=1.0, unit="share of the month",
        meaning="how long providers of the state fail this month",
    ),
    array(
        "provider_price", ("state",), forcing=True, start=1.0, low=0.1, high=10.0, unit="ratio",
        meaning="what providers of the state ask, over what they would ask",
    ),
)  # fmt: skip
