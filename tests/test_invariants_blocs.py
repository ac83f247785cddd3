"""Invariant 9: what is a bloc's exclusive competence its members never conclude alone; the bloc binds them, and says so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import LEFT, UNBOUND, begun, lived, lively, months_of

from sim import engine
from sim.ledger import open_talk
from sim.mechanisms.roster import rule as room
from sim.mechanisms.roster.rule import RosterOfTheMonth
from sim.state.world import World
from sim.types import Event, Reason, Stage, TalkStage

EXCLUSIVE = ("adequacy_decision", "digital_trade_agreement", "law_enforcement_access", "transfer_framework")
NAMED = (Event.NEGOTIATION_OPENED, Event.NEGOTIATION_CONCLUDED, Event.SIGNATURE)


def bound_to(world: World, bloc: str, state: str, month: int) -> bool:
    """Read from the dated table alone whether a bloc's law binds a state in a month."""
    roster = world.setting.roster
    at, who = roster.organisations.index(bloc), roster.codes.index(state)
    return bool(roster.member_from[at, who] <= month < roster.member_bound_until[at, who])


def out_of_turn(world: World) -> list[str]:
    """Name what was opened, concluded or signed by a party that did not speak for itself, and every dyad of a bloc with its own."""
    setting, ev, faults = world.setting, world.events, []
    blocs = setting.roster.blocs
    for row in range(len(ev)):
        event, month = int(ev["event"][row]), int(ev["month"][row])
        parties = [setting.codes[p] for p in (ev["party_a"][row], ev["party_b"][row]) if p >= 0]
        kind = setting.type_names[ev["type"][row]] if ev["type"][row] >= 0 else ""
        if event in NAMED:
            for party in parties:
                if party in blocs and kind not in EXCLUSIVE:
                    faults.append(f"{party} {Event(event).name} {kind}")
                if party not in blocs and kind in EXCLUSIVE and bound_to(world, "EU", party, month):
                    faults.append(f"{party} {Event(event).name} {kind}")
        if event in (*NAMED, Event.CONTACT):
            for one, other in (parties, parties[::-1]):
                if one in blocs and other not in blocs and bound_to(world, one, other, month):
                    faults.append(f"{one} with its own {other}")
    return sorted(set(faults))


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
def test_members_never_conclude_alone_what_is_exclusive(protocol: str) -> None:
    world = lived(lively(protocol={"name": protocol}))
    assert out_of_turn(world) == []
    eu = world.setting.party("EU")
    signed = world.events["event"] == Event.SIGNATURE
    assert ((world.events["party_a"] == eu) | (world.events["party_b"] == eu))[signed].any()


def test_members_signing_alone_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = room.principals

    def everyone_for_themselves(*args: Any) -> Any:
        table = honest(*args)
        n = args[3].shape[1]
        table[:, :n] = np.arange(n)
        return table

    monkeypatch.setattr(room, "principals", everyone_for_themselves)
    found = out_of_turn(lived(lively(), 2))
    assert {"DEU SIGNATURE law_enforcement_access", "FRA SIGNATURE adequacy_decision"} <= set(found)


def test_a_bloc_meeting_its_own_members_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = RosterOfTheMonth._renew

    def forgetful(self: RosterOfTheMonth, world: World, *, begins: bool = False) -> None:
        honest(self, world, begins=begins)
        world.blocked[:] = False

    monkeypatch.setattr(RosterOfTheMonth, "_renew", forgetful)
    assert "EU with its own DEU" in out_of_turn(lived(lively(end="2019-12")))


def test_the_united_kingdom_speaks_for_itself_once_unions_law_no_longer_binds_it() -> None:
    world = begun(lively(), seed=7)
    uk, eu, t = world.setting.party("GBR"), world.setting.party("EU"), world.setting.type_names.index("digital_trade_agreement")
    pact = world.setting.type_names.index("infrastructure_pact")
    for _ in months_of(world):
        now = world.month - 1
        assert world.principal[t, uk] == (eu if now < UNBOUND else uk)
        assert world.principal[pact, uk] == uk
        assert world.member[world.setting.roster.blocs.index("EU"), uk] == (now < LEFT)
        edge = world.setting.edges.find(eu, uk)
        assert world.blocked[edge] == (now < UNBOUND)
        assert world.blocked[world.setting.edges.rev[edge]] == (now < UNBOUND)
    ev = world.events
    its = (ev["party_a"] == uk) | (ev["party_b"] == uk)
    concluded = ev["month"][its & (ev["event"] == Event.SIGNATURE) & (ev["type"] == t)]
    assert len(concluded) > 0
    assert concluded.min() >= UNBOUND
    assert ev["month"][its & (ev["event"] == Event.MEMBERSHIP_ENDED)].tolist() == [LEFT]
    assert set(ev["month"][its & (ev["event"] == Event.RELEASED)]) == {UNBOUND}


def test_who_leaves_is_released_from_what_the_bloc_has_in_force() -> None:
    world = begun(lively(end="2021-02"))
    t, edges = world.setting.type_names.index("transfer_framework"), world.setting.edges
    uk, us = world.setting.party("GBR"), world.setting.party("USA")
    edge = edges.find(uk, us)
    assert world.in_force[t, edge]
    for _ in months_of(world):
        assert world.in_force[t, edge] == (world.month - 1 < UNBOUND)
        assert (world.effect[edge] > 0.0) == (world.month - 1 < UNBOUND)


def unsaid(world: World) -> list[str]:
    """Name the states that a bloc's signature binds without a word in the ledger, and those bound who never were."""
    setting, a, ev, faults = world.setting, world.adherence, world.events, []
    said = {(int(ev["party_a"][r]), int(ev["party_b"][r]), int(ev["instrument"][r])) for r in np.flatnonzero(ev["event"] == Event.BOUND)}
    held = set()
    for at in range(len(a)):
        row, bloc = int(a["instrument"][at]), int(a["bound_by"][at])
        if bloc < 0:
            continue
        key = (int(a["party"][at]), bloc, row)
        state, whose = setting.codes[key[0]], setting.codes[bloc]
        held.add(key)
        if key not in said and not (world.instruments["listed"][row] >= 0 and a["since"][at] == setting.config.start):
            faults.append(f"{state} is bound by {whose} in silence")
        if not bound_to(world, whose, state, int(a["since"][at])):
            faults.append(f"{state} is bound by {whose}, whose law does not bind it")
        if bloc not in (world.instruments["first"][row], world.instruments["second"][row]):
            faults.append(f"{state} is bound to what {whose} never signed")
    return faults + [f"{setting.codes[s]} is said to be bound and is not" for s, b, i in said if (s, b, i) not in held]


def test_members_are_bound_without_signing_and_the_ledger_says_so() -> None:
    world = lived(lively(), 27)  # a seed on which what the Union signs enters into force
    assert unsaid(world) == []
    i, a, eu = world.instruments, world.adherence, world.setting.party("EU")
    mine = np.flatnonzero((i["stage"] == Stage.IN_FORCE) & (i["talk"] >= 0) & ((i["first"] == eu) | (i["second"] == eu)))
    assert len(mine) > 0
    for row in mine:
        bound = a["party"][(a["instrument"] == row) & (a["bound_by"] == eu) & (a["stage"] == Stage.IN_FORCE)]
        assert {"DEU", "FRA"} <= {world.setting.codes[p] for p in bound}
        other = int(i["second"][row] if i["first"][row] == eu else i["first"][row])
        edge = world.setting.edges.find(world.setting.party("DEU"), other)
        fresh = i["in_force"][row] == world.month - 1
        assert world.in_force[i["type"][row], edge] or fresh


def test_members_bound_in_silence_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.ledger import instruments

    honest = instruments.bind_members
    monkeypatch.setattr(instruments, "bind_members", lambda world, row, *, say: honest(world, row, say=False))
    assert "DEU is bound by EU in silence" in unsaid(lived(lively(), 27))


def test_talks_of_a_party_without_a_voice_end_and_say_why() -> None:
    world = begun(lively(end="2019-08"))
    t = world.setting.type_names.index("transfer_framework")
    germany, kenya = world.setting.party("DEU"), world.setting.party("KEN")
    row = open_talk(world, t, germany, kenya, germany)
    engine.step(world)
    assert world.talks["stage"][row] == TalkStage.FAILED
    assert world.talks["reason"][row] == Reason.COMPETENCE_LOST
    assert out_of_turn(world) == ["DEU NEGOTIATION_OPENED transfer_framework"]


def test_no_talks_stay_open_with_a_party_that_does_not_speak_for_itself() -> None:
    world = begun(lively(end="2021-03"))
    seen = 0
    for _ in months_of(world):
        talks = world.talks
        for row in np.flatnonzero(talks["stage"] == TalkStage.OPEN):
            seen += 1
            for key in ("first", "second"):
                assert world.principal[talks["type"][row], talks[key][row]] == talks[key][row]
    assert seen > 0
