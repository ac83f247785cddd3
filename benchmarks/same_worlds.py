"""The configurations that ``make same`` lives at the base and here, and what must really happen in each.

They are data: settings as the tree of ``sim.run`` takes them. A configuration in which nothing happens would compare nothing, so each says
what it ``shows``, in words of the record, and the gate refuses one that does not. The forms are

- ``COLUMN=WORD``: a row of the record's events with that word in that column (``event=accession``, ``channel=video``);
- ``TABLE.COLUMN``: a column of the record with a value that is neither absent nor zero (``instruments.payment``);
- ``TABLE.COLUMN=WORD``: the same with that word;
- ``series.NAME``: a metric that is not the same in every month.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from same_settings import (
    BREAKING,
    CALLED,
    CHEAP,
    DATA,
    EAGER,
    EIGHT,
    EU27,
    GAME,
    HURRIED,
    ISLANDS,
    ISLES,
    KEEN,
    MANY,
    MET,
    NINE,
    PROMISING,
    QUICK,
    SHORT,
    SMALL,
    SUING,
    SUMMIT,
    TEN,
    THIRTEEN,
    TORN_TYPES,
    TORN_VOTES,
    TREATIES,
    Case,
)

HERE = Path(__file__).resolve().parent


SIGNED = ("event=signature", "event=entry_into_force")


def slug(name: str) -> str:
    """Return the name of a configuration as a file may have it."""
    return re.sub(r"[^a-z0-9]+", "-", name)


def few(states: list[str] = TEN, start: str = "2019-06", end: str = "2022-05", **over: Any) -> dict[str, Any]:
    """Return a small world in which much is signed within three years, laid over by keys."""
    return {"start": start, "end": end, "roster": {"states": states}, "agreements": QUICK, "mechanisms": EAGER, **over}


def torn(**bargaining: Any) -> dict[str, Any]:
    """Return a small world in which those at home refuse as well as ratify."""
    mechanisms = {"bargaining": {**KEEN, **bargaining}, "ratification": TORN_VOTES}
    return few(THIRTEEN, agreements=TORN_TYPES, mechanisms=mechanisms)


def summit(conferences: Mapping[str, Any] | None = None, **over: Any) -> dict[str, Any]:
    """Return a small world of conferences: treaties are made, joined, refused at home, denounced and left."""
    ratification = {"months_majority": 2.0, "spread": 0.5, "scatter": 2.0, "own_error": 2.0}
    mechanisms = {"conferences": {**CALLED, **(conferences or {})}, "ratification": ratification}
    return few(SUMMIT, **{"end": "2023-05", "negotiated": MANY, "agreements": TREATIES, "mechanisms": mechanisms, **over})


def islands(*coalitions: Mapping[str, Any], **over: Any) -> dict[str, Any]:
    """Return a small world of island states and investors, in which even small pacts are worth signing."""
    return few(ISLANDS, end="2021-05", agreements=SMALL, coalitions=list(coalitions), **over)


def solved(name: str, **values: Any) -> dict[str, Any]:
    """Return a protocol without rounds that concludes soon."""
    return {"protocol": {"name": name, "contacts_to_conclude": 4, **values}}


def offers(**values: Any) -> dict[str, Any]:
    """Return alternating offers with a near deadline."""
    return {"protocol": {"name": "alternating_offers", "deadline_rounds": 14, **values}}


def moves(name: str) -> list[Any]:
    """Return the moves of one stored game: each kind of move, tried whenever it was possible (as ``tests/test_seat_twin.py`` does)."""
    found: list[Any] = json.loads((HERE / "same_game.json").read_text(encoding="utf-8"))[name]
    return found


ALL_AT_ONCE = {
    "bargaining": {**SHORT, "side_payments": True, "linkage": True, "reach": 1.0},
    "conferences": CALLED,
    "ratification": TORN_VOTES,
    "contacts": {"election_rate": 0.08, **MET["contacts"]},
    "trust": {"memory": 0.95},
    "effects": {"digital_share": 0.15},
    "assembly": {"strain": 0.3},
    "roster": {"income_elasticity": 0.8},
    **CHEAP,
}

CASES: dict[str, Case] = {
    "nash": Case(few(**solved("nash")), (*SIGNED, "event=completion", "event=ratification", "event=bound")),
    "alternating offers": Case(few(**offers(tactic="boulware", tactic_second="conceder")), (*SIGNED, "offers.step"), seed=2),
    "offers with learning": Case(
        few(
            EIGHT,
            start="2019-10",
            end="2022-09",
            agreements={**QUICK, "infrastructure_pact": {**QUICK["infrastructure_pact"], "budget_share": 5e-4}},
            mechanisms={"bargaining": SHORT, **MET},
            **offers(tactic="tit_for_tat", learning="concessions", deadline_rounds=20),
        ),
        (*SIGNED, "offers.step", "reason=misjudged"),
        seed=4,
    ),
    "offers to the deadline": Case(
        few(mechanisms={"bargaining": SHORT}, **offers(tactic="boulware", deadline_rounds=5)), ("reason=deadline",), seed=4
    ),
    "programmes": Case(
        few(
            negotiated=["capacity_programme", "infrastructure_pact", "transfer_framework"],
            agreements={**QUICK, "capacity_programme": {"months_to_force": 1, "budget_share": 3e-4}},
            **solved("nash"),
        ),
        ("instruments.type=capacity_programme", "event=works_stopped", "clouds.free", "cloud_offers.serves"),
    ),
    "condorcet": Case(few(**solved("condorcet", chances="conditional")), SIGNED),
    "egalitarian": Case(few(**solved("egalitarian")), SIGNED),
    "equal gain exchange": Case(few(**solved("equal_gain_exchange")), SIGNED),
    "expected utility": Case(few(**solved("expected_utility", challenges=5)), SIGNED),
    "kalai smorodinsky": Case(few(**solved("kalai_smorodinsky")), SIGNED),
    "rubinstein": Case(few(**solved("rubinstein", discount_second=0.9)), SIGNED),
    "single text": Case(few(**solved("single_text", revisions=40)), SIGNED),
    "take it or leave it": Case(few(**solved("take_it_or_leave_it")), SIGNED),
    "utilitarian": Case(few(**solved("utilitarian")), SIGNED),
    "torn at home": Case(torn(power=0.0), ("event=ratification_failed", "event=ratification", "reason=not_ratified"), seed=1),
    "short of desks": Case(few(mechanisms=HURRIED), ("reason=lapsed",)),
    "side payments": Case(
        few(THIRTEEN, mechanisms={**EAGER, "bargaining": {**KEEN, "side_payments": True, "reach": 1.0}}), (*SIGNED, "instruments.payment")
    ),
    "linkage": Case(
        few(
            ["CAN", "CHN", "COL", "DEU", "IND", "KOR", "MEX", "USA"],
            mechanisms={"bargaining": {**SHORT, "linkage": True, "reach": 1.0, "power": 0.0}, "ratification": TORN_VOTES, **CHEAP, **MET},
            **solved("nash"),
        ),
        SIGNED,  # packages are signed, and fall, in the next two and in the whole world
        seed=15,
    ),
    "packages that fall": Case(
        few(
            NINE,
            end="2021-12",
            parts="same_linked",
            agreements={},
            negotiated=["health_data_pact", "technology_pact"],
            mechanisms={"bargaining": {**KEEN, "linkage": True}, "ratification": TORN_VOTES},
        ),
        ("instruments.package", "reason=linked_fell"),
    ),
    "linkage of own types": Case(
        few(
            NINE,
            end="2021-06",
            parts="same_linked",
            agreements={},
            negotiated=["health_data_pact", "technology_pact"],
            mechanisms={"bargaining": {**KEEN, "linkage": True}},
        ),
        ("instruments.package", "type=technology_pact", "event=entry_into_force"),
        seed=3,
    ),
    "coalitions": Case(islands(ISLES, **solved("nash")), ("party_b=ISLES", *SIGNED, "event=bound")),
    "coalition by rule": Case(
        islands({"name": "ISLES", "below": 0.001, "types": ["infrastructure_pact"], "within": "Oceania", "from": "2019-09"}, **offers()),
        ("party_b=ISLES", "event=signature"),
    ),
    "both many-party types": Case(
        summit(),
        (
            *("event=conference_opened", "event=conference_concluded", "event=accession", "event=denunciation", "event=withdrawal"),
            *("type=security_treaty", "type=regional_market"),
        ),
        seed=2,
    ),
    "stable conferences": Case(summit({"attendance": "stable"}, **solved("egalitarian")), ("event=conference_concluded",), seed=6),
    "conferences that fail": Case(
        summit({"months_base": 0.0}, protocol={"name": "utilitarian"}), ("event=conference_failed", "event=conference_left"), seed=8
    ),
    "votes at conferences": Case(
        summit(
            {"attendance": "stable"},
            agreements={
                "security_treaty": {**TREATIES["security_treaty"], "decision": "weighted", "quota_weight": 0.4, "accession": "exclusive"},
                "regional_market": {**TREATIES["regional_market"], "decision": "qualified_majority", "quota_states": 0.6},
            },
        ),
        ("event=conference_opened", "event=conference_failed"),
        seed=3,
    ),
    "user tables: votes of blocs": Case(
        summit(
            data={"folder": "same_tables/votes"},
            agreements={**TREATIES, "security_treaty": {**TREATIES["security_treaty"], "accession": "exclusive"}},
        ),
        ("reason=outvoted", "reason=competence_lost", "event=bound", "reason=left_bloc"),
        seed=4,
    ),
    "hands on instruments": Case(
        few(**solved("nash")),
        ("event=expiry", "event=suspension", "event=resumption"),
        hands={
            "2019-09": [("term", 0, 3)],
            "2019-11": [("stage", 2, "SUSPENDED")],
            "2020-01": [("stage", 1, "SUSPENDED"), ("stage", 2, "IN_FORCE")],
            "2020-03": [("stage", 1, "TERMINATED")],
        },
    ),
    "played game": Case({**GAME, **offers(), "moves": moves("rounds")}, ("event=move",), seed=2),
    "played game, solved": Case({**GAME, **solved("nash"), "moves": moves("solved")}, ("event=move",), seed=1),
    "played bloc": Case({**GAME, **offers(), "moves": moves("bloc")}, ("event=move",), seed=3),
    "played game, torn at home": Case(
        {
            **GAME,
            **offers(),
            "roster": {"states": TEN},
            "agreements": TORN_TYPES,
            "mechanisms": {
                "bargaining": {**KEEN, "power": 0.0, "reach": 0.0, "side_payments": True, "linkage": True},
                "ratification": TORN_VOTES,
            },
            "moves": moves("torn"),
        },
        ("event=move", "reason=walked_away"),
        seed=3,
    ),
    "user tables: a bloc": Case(
        few(data={"folder": "same_tables/bloc"}, **solved("nash")),
        ("party_a=TRIO", "event=membership_began", "event=membership_ended", "event=continued"),
        seed=8,
    ),
    "user tables: own states": Case(
        few([], end="2021-12", data={"folder": "same_tables/own"}, shocks=[{"kind": "travel_closure"}], **solved("nash")),
        ("party_a=AAA", "event=signature", "series.closure"),
    ),
    "lockdown": Case(few(SUMMIT, **solved("nash")), (*SIGNED, "channel=video", "series.closure"), scenario="pandemic_lockdown", seed=3),
    "lockdown without its shocks": Case(few(end="2021-05", counterfactual=True), SIGNED, scenario="pandemic_lockdown", seed=3),
    "two closures": Case(
        few(
            end="2021-06",
            parts="same_parts",
            shocks=[{"kind": "travel_closure", "strength": 0.5}, {"kind": "flight_ban"}],
            negotiated=["research_pact", "infrastructure_pact"],
            protocol={"name": "midway", "contacts_to_conclude": 12},
        ),
        ("type=research_pact", "series.closure", "series.mean_trust", "event=signature", "reason=no_text"),
    ),
    "plain agents": Case(few(NINE, end="2020-11", parts="same_parts", agents="plainly", **solved("nash")), ("event=signature",)),
    "plain agents with rounds": Case(
        few(EIGHT, end="2020-05", parts="same_parts", agents="plainly", **offers()), ("event=signature",), seed=1
    ),
    "plain agents at conferences": Case(
        summit(parts="same_parts", agents="plainly", end="2021-05"), ("event=conference_opened", "event=conference_concluded")
    ),
    "agents that decide one thing": Case(
        summit(
            parts="same_parts",
            agents="closed",
            agreements={"security_treaty": {**TREATIES["security_treaty"], "accession": "exclusive"}},
            end="2022-12",
        ),
        ("event=accession_refused",),
        seed=3,
    ),
    "guidelines": Case(
        summit(
            negotiated=["regional_guidelines", "regional_market"], agreements={"regional_market": {"months_to_force": 2}}, end="2022-05"
        ),
        ("type=regional_guidelines", "event=guidelines_followed", "event=entry_into_force"),
        seed=3,
    ),
    "broken promises": Case(
        few(PROMISING, start="2015-01", end="2022-12", agreements={}, mechanisms=BREAKING),
        (
            *("event=breach", "event=breach_found", "event=breach_cured", "event=suspension", "event=resumption", "event=denunciation"),
            *("event=notice_withdrawn", "event=review", "event=prolongation", "event=succession", "event=expiry", "event=leak"),
        ),
        seed=0,
    ),
    "cases in court": Case(
        few(
            PROMISING,
            start="2015-01",
            end="2022-12",
            agreements={name: {"months_to_force": 2} for name in ("transfer_framework", "law_enforcement_access")},
            mechanisms=SUING,
        ),
        ("event=complaint", "event=ruling", "event=annulment", "event=succession"),
    ),
    "walkouts": Case(
        few(
            ISLANDS,
            end="2021-03",
            agreements={"infrastructure_pact": {**SMALL["infrastructure_pact"], "budget_share": 5e-4}},
            mechanisms={"bargaining": KEEN, "walkouts": {"bar": 0.0, "looks": 1}},
            coalitions=[{"name": "SOUTH", "members": ["AUS", "FJI", "NZL"], "types": ["infrastructure_pact"]}],
        ),
        ("event=walkout", *SIGNED),
    ),
    "levers": Case(
        few(events=[{"kind": "mark", "month": "2019-12", "source": "assumed", "note": "Something happened."}], **solved("nash")),
        ("event=action", "event=dated_event", *SIGNED),
        levers={
            "2019-10": [("mechanisms.contacts.hours_head", 4.0), ("protocol.contacts_to_conclude", 2)],
            "2020-06": [("agreements.transfer_framework.trade_effect", 0.1)],
            "2021-01": [("mechanisms.bargaining.side_payments", True), ("mechanisms.trust.memory", 0.93)],
        },
    ),
    "blocs": Case(
        few([*EU27, "BRA", "CHE", "GBR", "JPN", "KOR", "NOR", "USA"], start="2019-10", end="2021-12", **solved("nash")),
        ("party_a=EU", "event=membership_ended", "event=released", "event=bound"),
    ),
    "few partners": Case(few(THIRTEEN, candidates=4, **solved("nash")), SIGNED),
    "open terms": Case(few(end="2021-05", data={"terms": "open"}), SIGNED),
    "synthetic": Case(
        {
            "start": "2019-06",
            "end": "2022-05",
            "roster": {"kind": "synthetic", "n": 30, "seed": 5},
            "candidates": 12,
            "agreements": QUICK,
            "mechanisms": EAGER,
            "shocks": [{"kind": "travel_closure"}],
        },
        SIGNED,
    ),
    "synthetic, many": Case(
        {"start": "2019-06", "end": "2020-05", "roster": {"kind": "synthetic", "n": 250}, "candidates": 60, "mechanisms": EAGER}, SIGNED
    ),
    "twenty-two years": Case(few(start="2014-01", end="2035-12"), (*SIGNED, "event=completion")),
    "all at once": Case(
        few(
            sorted({*SUMMIT, *ISLANDS, "CAN", "COL", "MEX"}),
            start="2019-10",
            end="2022-09",
            negotiated=["infrastructure_pact", "transfer_framework", *MANY],
            agreements={**TORN_TYPES, **TREATIES},
            mechanisms=ALL_AT_ONCE,
            coalitions=[ISLES],
            **solved("kalai_smorodinsky"),
        ),
        ("event=conference_concluded", "instruments.payment", "series.closure"),
        scenario="pandemic_lockdown",
        seed=1,
    ),
    "data agreements": Case(
        few(
            sorted([*TEN, "AUS", "CAN", "CHE", "KOR", "MEX", "MYS", "NZL", "VNM"]),
            start="2014-01",
            end="2017-12",
            negotiated=DATA,
            agreements={"transfer_framework": QUICK["transfer_framework"]},
            mechanisms=EAGER,
        ),
        (*SIGNED, *(f"type={name}" for name in DATA), "reason=not_equivalent"),
        levers={"2016-09": [("mechanisms.law.equivalence", 1.0)]},
    ),
    "all states": Case({"start": "2019-07", "end": "2020-06", "mechanisms": {"bargaining": KEEN}}, SIGNED, scenario="pandemic_lockdown"),
    "all states, everything on": Case(
        {
            "start": "2020-03",
            "end": "2021-04",
            "negotiated": ["infrastructure_pact", "transfer_framework", *MANY],
            "agreements": TREATIES,
            "mechanisms": {"bargaining": {**KEEN, "linkage": True, "side_payments": True}, "conferences": CALLED, **CHEAP, **MET},
        },
        ("event=conference_opened", "instruments.package", *SIGNED),
        seed=1,
    ),
}
