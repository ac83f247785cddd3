"""Tables of the ledger, and what is read off them: negotiations, instruments, adherences, conferences, seats, events and offers."""

from __future__ import annotations

from typing import ClassVar

from sim.declare.arrays import Array, Rows, array, column, table

_TALKS = table(
    "talks",
    (
        column("type", "int8", refers="type", meaning="what is negotiated"),
        column("first", "int32", refers="party", meaning="party in the type's first role"),
        column("second", "int32", refers="party", meaning="party in its second role"),
        column("initiator", "int32", refers="party", meaning="who opened them"),
        column("edge", "int32", refers="edge", meaning="directed dyad from first to second"),
        column("opened", "int32", refers="month", meaning="month in which they were opened"),
        column("last_contact", "int32", refers="month", meaning="month of the last contact about them"),
        column("n_contacts", "int32", absent=0, unit="count", meaning="contacts that gave rounds"),
        column("n_by_channel", "int32", ("channel",), absent=0, unit="count", meaning="contacts that gave rounds, by channel"),
        column("credit", "int32", absent=0, unit="rounds", meaning="rounds given and not yet held"),
        column("stage", "int8", absent=0, refers="talk_stage", meaning="where they stand"),
        column("reason", "int8", absent=0, refers="reason", meaning="why they failed"),
        column("closed", "int32", refers="month", meaning="month in which they ended"),
        column("step", "int32", absent=0, unit="rounds", meaning="rounds held"),
        column("last_offer", float, ("side", "issue"), unit="index 0-1", meaning="latest offer of each side"),
        column("first_offer", float, ("side", "issue"), unit="index 0-1", meaning="first offer of each side"),
        column("asks", float, ("side",), unit="bp of GDP a year", meaning="utility that each side last asked for"),
        column("text", float, ("issue",), unit="index 0-1", meaning="text agreed"),
        column("utility", float, ("side",), unit="bp of GDP a year", meaning="what the text is worth to each side"),
        column("disagreement_value", float, ("side",), unit="bp of GDP a year", meaning="what no agreement is worth to each side"),
        column("payment", float, absent=0.0, unit="USD a year", meaning="side payment of the first to the second, negative the other way"),
        column("package", "int32", refers="talk", meaning="talks that lead the package of which these are half"),
        column("accession", "int32", refers="talk", meaning="talks that lead the accession of which these are part"),
        column("succeeds", "int32", refers="instrument", meaning="instrument that they would replace"),
        column("pressed", bool, absent=False, unit="0/1", meaning="held under a deadline, because that instrument has ended"),
        column("joins", "int32", refers="instrument", meaning="first instrument of the open agreement that the first party would join"),
    ),
    meaning="a negotiation of two parties, open over months",
)
_INSTRUMENTS = table(
    "instruments",
    (
        column("type", "int8", refers="type", meaning="what kind of agreement it is"),
        column("first", "int32", refers="party", meaning="party in the type's first role"),
        column("second", "int32", refers="party", meaning="party in its second role"),
        column("text", float, ("issue",), unit="index 0-1", meaning="its text; absent where an issue is not coded"),
        column("stage", "int8", absent=0, refers="stage", meaning="where it stands"),
        column("signed", "int32", refers="month", meaning="month of signature"),
        column("due", "int32", refers="month", meaning="month in which it enters into force or falls"),
        column("in_force", "int32", refers="month", meaning="month of entry into force"),
        column("ended", "int32", refers="month", meaning="month in which it ended"),
        column("term", "int32", unit="months", meaning="how long it lasts once in force"),
        column("talk", "int32", refers="talk", meaning="negotiation that made it"),
        column("successor_of", "int32", refers="instrument", meaning="instrument that it replaces"),
        column("listed", "int32", unit="row of the data", meaning="row of what was in force before the run"),
        column("conference", "int32", refers="conference", meaning="conference that made it"),
        column("package", "int32", refers="talk", meaning="talks that lead the package of which it is half"),
        column("opens", "int32", refers="instrument", meaning="first instrument of the open agreement that it belongs to"),
    ),
    tier="panels",
    meaning="an agreement that was signed or was in force before the run",
)
_ADHERENCE = table(
    "adherence",
    (
        column("instrument", "int32", refers="instrument", meaning="what is adhered to"),
        column("party", "int32", refers="party", meaning="who adheres"),
        column("role", "int8", unit="role", meaning="role of the party in the type"),
        column("bound_by", "int32", refers="party", meaning="bloc through which the party is bound"),
        column("institution", "int8", refers="institution", meaning="who must consent at home"),
        column("vote", "int32", refers="month", meaning="month in which they are asked"),
        column("stage", "int8", absent=0, refers="stage", meaning="where the adherence stands"),
        column("since", "int32", refers="month", meaning="month in which it began"),
        column("until", "int32", refers="month", meaning="month in which it ended"),
        column("losing", "int32", absent=0, unit="months", meaning="months in a row in which it was worth less than being outside"),
    ),
    meaning="one party's adherence to an instrument",
    row="adherence",
)
_CONFERENCES = table(
    "conferences",
    (
        column("type", "int8", refers="type", meaning="what is negotiated"),
        column("bloc", "int32", refers="party", meaning="bloc whose members meet"),
        column("initiator", "int32", refers="party", meaning="who called it"),
        column("opened", "int32", refers="month", meaning="month in which it was opened"),
        column("session", "int32", absent=0, unit="sessions", meaning="sessions held"),
        column("sessions", "int32", unit="sessions", meaning="sessions after which it fails"),
        column("due", "int32", refers="month", meaning="month of the next session"),
        column("stage", "int8", absent=0, refers="talk_stage", meaning="where it stands"),
        column("reason", "int8", absent=0, refers="reason", meaning="why it failed"),
        column("closed", "int32", refers="month", meaning="month in which it ended"),
        column("text", float, ("issue",), unit="index 0-1", meaning="text agreed"),
    ),
    meaning="a negotiation of many parties at one table",
)
_SEATS = table(
    "seats",
    (
        column("conference", "int32", refers="conference", meaning="where the seat is"),
        column("party", "int32", refers="party", meaning="who sits there"),
        column("stage", "int8", absent=0, refers="seat_stage", meaning="standing of the party"),
        column("reason", "int8", absent=0, refers="reason", meaning="why it left"),
        column("since", "int32", refers="month", meaning="month in which it sat down"),
        column("until", "int32", refers="month", meaning="month in which it left"),
        column("utility", float, unit="bp of GDP a year", meaning="what the text is worth to it"),
        column("disagreement_value", float, unit="bp of GDP a year", meaning="what staying outside is worth to it"),
    ),
    meaning="one party's place at a conference",
)
_EVENTS = table(
    "events",
    (
        column("month", "int32", refers="month", meaning="when it happened"),
        column("event", "int8", refers="event", meaning="what happened"),
        column("party_a", "int32", refers="party", meaning="who did it"),
        column("party_b", "int32", refers="party", meaning="with whom"),
        column("type", "int8", refers="type", meaning="type of agreement it is about"),
        column("talk", "int32", refers="talk", meaning="negotiation it is about"),
        column("instrument", "int32", refers="instrument", meaning="instrument it is about"),
        column("conference", "int32", refers="conference", meaning="conference it is about"),
        column("channel", "int8", refers="channel", meaning="how a contact was held"),
        column("rank", "int8", refers="rank", meaning="who held it"),
        column("occasion", "int8", refers="occasion", meaning="what called for it"),
        column("reason", "int8", absent=0, refers="reason", meaning="why"),
        column("value", float, unit="as the event says", meaning="a number that belongs to it"),
    ),
    tier="panels",
    meaning="something that happened; never rewritten",
    row="entry",
)
_OFFERS = table(
    "offers",
    (
        column("month", "int32", refers="month", meaning="when it was made"),
        column("talk", "int32", refers="talk", meaning="negotiation it was made in"),
        column("step", "int32", absent=0, unit="rounds", meaning="round it was made in"),
        column("proposer", "int32", refers="party", meaning="who made it"),
        column("text", float, ("issue",), unit="index 0-1", meaning="text offered"),
        column("utility", float, ("side",), unit="bp of GDP a year", meaning="what it is worth to each side"),
    ),
    tier="full",
    digested=False,  # kept at one tier only, and the digest is the same at every tier
    meaning="an offer made at a table; never rewritten",
)


class Ledger:
    """The room that keeps what was negotiated, signed and done."""

    kind: ClassVar[str] = "room"
    name: ClassVar[str] = "ledger"
    state: ClassVar[tuple[Array | Rows, ...]] = (
        _TALKS,
        _INSTRUMENTS,
        _ADHERENCE,
        _CONFERENCES,
        _SEATS,
        _EVENTS,
        _OFFERS,
        array(
            "open_talk",
            ("type", "edge"),
            dtype="int32",
            start=-1,
            unit="row",
            refers="talk",
            meaning="open negotiation on the type, -1 for none",
        ),
        array("in_force", ("type", "edge"), dtype=bool, unit="0/1", meaning="an instrument of the type binds both, as the month began"),
    )
