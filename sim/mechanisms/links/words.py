"""What links are called, and the state that they declare."""

from __future__ import annotations

from sim.declare.arrays import Array, Rows, array, column, table
from sim.declare.words import Word, event
from sim.ground.paths import NO_PATH

ANNOUNCED, IN_SERVICE, ABANDONED, RETIRED = range(4)
"""Stages of a link."""
BY_LINKS = 2
"""What ``joined`` says of a state that open links join with most others."""
_BOTH, _ALONG = ("party_a", "party_b", "value"), ("party_a", "party_b")

WORDS: tuple[Word, ...] = (
    event(
        "link_fault", "Link fault", "Sambungan putus", "A cable or a land line between two states fails; the value is days to its repair.",
        "Sebuah kabel atau sambungan darat antara dua negara putus; nilainya hari sampai pulih.", columns=_BOTH, public="everyone",
        listed=False,
    ),
    event(
        "link_repaired", "Link repaired", "Sambungan pulih", "A cable or a land line that had failed works again.",
        "Kabel atau sambungan darat yang putus kembali bekerja.", columns=_ALONG, public="everyone", listed=False,
    ),
    event(
        "link_announced", "Link announced", "Sambungan diumumkan", "A new line between two states is announced; the value is its km.",
        "Sambungan baru antara dua negara diumumkan; nilainya panjang dalam km.", columns=_BOTH, public="everyone", listed=False,
    ),
    event(
        "link_landed", "Link in service", "Sambungan beroperasi", "A line that was announced comes into service; the value is its Tbit/s.",
        "Sambungan yang diumumkan mulai beroperasi; nilainya dalam Tbit/s.", columns=_BOTH, public="everyone", listed=False,
    ),
    event(
        "link_abandoned", "Link abandoned", "Sambungan batal", "A line that was announced will not be built.",
        "Sambungan yang diumumkan tidak akan dibangun.", columns=_ALONG, public="everyone", listed=False,
    ),
    event(
        "link_retired", "Link retired", "Sambungan dihentikan", "An old cable is taken out of service.",
        "Sebuah kabel tua berhenti beroperasi.", columns=_ALONG, public="everyone", listed=False,
    ),
    event(
        "satellite_service", "Satellite service", "Layanan satelit", "A state is served by satellites in low orbit from now on.",
        "Mulai sekarang sebuah negara dilayani satelit orbit rendah.", columns=("party_a",), public="everyone", listed=False,
    ),
)  # fmt: skip

STATE: tuple[Array | Rows, ...] = (
    table(
        "ways",
        (
            column("first", "int32", refers="party", meaning="one of the two states, the first by code"),
            column("second", "int32", refers="party", meaning="the other"),
            column("length", "int32", absent=NO_PATH, unit="ns", meaning="of the shortest link that is open; the largest number: none is"),
            column("open_mbps", "int64", absent=0, unit="Mbit/s", meaning="what all open links carry together this month"),
        ),
        meaning="two states that links join, or have joined",
    ),
    table(
        "links",
        (
            column("first", "int32", refers="party", meaning="one of the two states, the first by code"),
            column("second", "int32", refers="party", meaning="the other"),
            column("way", "int32", refers="way", meaning="the two states as a way"),
            column("land", bool, unit="0/1", meaning="it runs over land; else it is a submarine cable"),
            column("stands", bool, unit="0/1", meaning="it stands for ways through states that are not in the run, and does not fail"),
            column("km", absent=0.0, unit="km", meaning="its length"),
            column("ns", "int32", unit="ns", meaning="what it adds to latency, one way"),
            column("mbps", "int64", absent=0, unit="Mbit/s", meaning="what it can carry"),
            column("status", "int8", unit="0 announced, 1 in service, 2 abandoned, 3 retired", meaning="where it stands"),
            column("announced", "int32", refers="month", meaning="when it was announced; -1 before the run"),
            column("due", "int32", refers="month", meaning="when it turns out whether an announced one is built"),
            column("since", "int32", refers="month", meaning="when it came into service; 0 where nobody knows"),
            column("by_content", bool, unit="0/1", meaning="a large firm of content has a part in it"),
            column("days_down", "int32", absent=0, unit="days", meaning="days, from the first of the month on, until it is repaired"),
            column("key", "uint64", unit="identity", meaning="by which luck knows it"),
        ),
        tier="panels",
        meaning="a submarine cable or a land line between two states",
    ),
    array(
        "severed", ("links",), forcing=True, low=0.0, high=1.0, unit="share", meaning="part of the link that is cut from outside this month"
    ),
    array(
        "latency", ("state", "state"), dtype="int32", start=NO_PATH, unit="ns",
        meaning="one way along the shortest path of open links; the largest number where none is open",
    ),
    array("wide_up", ("state",), dtype="int32", unit="state", meaning="the state above it in the forest of widest paths; itself at a root"),
    array("wide_mbps", ("state",), dtype="int64", unit="Mbit/s", meaning="width of the way by which its part was joined to that state's"),
    array("links_open", ("state",), dtype="int32", unit="links", meaning="links of the state that carry data this month"),
    array("reaches", ("state",), dtype="int32", unit="states", meaning="states to which a path of open links leads"),
    array(
        "joined", ("state",), dtype="int8", start=2, unit="0 by nothing, 1 by satellites, 2 by links",
        meaning="what joins the state with most others this month",
    ),
    array("linked", ("state",), dtype=bool, unit="0/1", meaning="links have joined it with most others since the run began, or then"),
    array("mean_latency", ("state",), unit="ms", meaning="mean latency, one way, to the states that it reaches; 0 where there are none"),
    array("link_pull", ("edge",), unit="weight", meaning="how strongly a new link between the two is wanted this year"),
    array("link_plans", ("state",), unit="probability a month", meaning="chance that the state, or its firms, announces a link"),
    array("satellite", ("state",), dtype=bool, unit="0/1", meaning="satellites in low orbit serve the state"),
    array("satellite_barred", ("state",), dtype=bool, unit="0/1", meaning="the state bars their service, as it did when the run began"),
)  # fmt: skip
