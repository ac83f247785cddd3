"""Tables of many have a plain twin: on copies of the same world, month by month, the two do the same."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference import conferences_plain, entry_plain, occasions_plain, roster_plain
from reference.plain_world import differences, told
from summits import replaced, summits, with_tables
from twins import bits
from worlds import begun, months_of

from sim import engine
from sim.decide.decisions import Compiled
from sim.ledger import conferences as ledger
from sim.ledger import coverage
from sim.mechanisms import conferences as room
from sim.mechanisms import entry as gate
from sim.mechanisms.conferences import Conferences
from sim.mechanisms.occasions import Occasions
from sim.stakes import treaties
from sim.state.world import World, clone
from sim.types import Reason

PLAIN = {"conferences": conferences_plain, "entry": entry_plain}
ROSTER_TOO = {"roster": roster_plain, **PLAIN}
"""The roster of the month reads who is bound to whom, by treaties of many too."""
QUESTIONS = ("attend", "sign", "accede", "admit", "regret")


class Overheard(Compiled):
    """The compiled decisions, and what was asked and answered, in order."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, list[int], list[bool]]] = []

    def _note(self, name: str, parties: Any, answer: Any) -> Any:
        self.heard.append((name, parties.tolist(), answer.tolist()))
        return answer

    def attend(self, world: Any, t: int, parties: Any, text: Any) -> Any:
        return self._note("attend", parties, super().attend(world, t, parties, text))

    def sign(self, world: Any, conference: int, parties: Any, text: Any) -> Any:
        return self._note("sign", parties, super().sign(world, conference, parties, text))

    def accede(self, world: Any, treaty: int, parties: Any) -> Any:
        return self._note("accede", parties, super().accede(world, treaty, parties))

    def admit(self, world: Any, treaty: int, parties: Any, newcomer: int) -> Any:
        return self._note("admit", parties, super().admit(world, treaty, parties, newcomer))

    def regret(self, world: Any, treaty: int, parties: Any) -> Any:
        return self._note("regret", parties, super().regret(world, treaty, parties))


class Retold:
    """What was overheard, told to a twin, which has to ask the same of the same parties in the same order."""

    def __init__(self, heard: list[Any]) -> None:
        self.left, self.faults = list(heard), []

    def __getattr__(self, name: str) -> Any:
        if name not in QUESTIONS:
            raise AttributeError(name)

        def ask(w: Any, one: Any, parties: list[str], *rest: Any) -> list[bool]:
            asked = self.left.pop(0) if self.left else ("nothing", [], [])
            if (name, parties) != (asked[0], [w.parties[p] for p in asked[1]]):
                self.faults.append(f"asked {name} of {parties} where the engine asked {asked[0]}")
                return [False] * len(parties)
            return list(asked[2])

        return ask


def walk(world: World, *, stop: bool = False, twins: dict[str, Any] = PLAIN) -> tuple[list[str], set[str]]:
    """Live the engine's months; before the conferences, and entry into force, copy the world, let the twin do it on the copy, compare."""
    faults, mine, changed = [], None, set()
    while world.month <= world.setting.config.end and not (stop and faults):
        decide = Overheard()
        for _, name in engine.MONTH:
            part = world.setting.config.mechanisms[name]
            if name not in twins:
                part.step(world, decide)
                continue
            mine, before = told(world, since=world.month, like=mine), bits(world)
            decide.heard.clear()
            part.step(world, decide)
            if name == "conferences":
                changed |= {key for key, value in bits(world).items() if value != before[key]}
            retold = Retold(decide.heard)
            twins[name].step(mine, retold)
            faults += retold.faults + [f"not asked: {one[0]}" for one in retold.left]
            faults += differences(mine, told(world, since=world.month, like=mine))
        world.month += 1
    assert changed <= {*Conferences.writes, *Conferences.tables}
    # Rules add events of their own.
    happened = {world.setting.words.events[event].upper() for event in np.unique(world.events["event"])}
    return faults, changed | happened | {Reason(reason).name for reason in np.unique(world.events["reason"])}


@pytest.mark.parametrize("seed", [24, 28])
def test_the_conferences_and_their_twin_do_the_same(seed: int) -> None:
    faults, seen = walk(begun(summits(end="2022-04"), seed))
    assert faults[:10] == []
    assert {"CONFERENCE_OPENED", "CONFERENCE_LEFT", "CONFERENCE_FAILED", "ACCESSION"} <= seen
    assert seen >= {*Conferences.writes, *Conferences.tables}
    assert {"TOO_FEW", "WOULD_LOSE", "NO_ZONE", "NOT_RATIFIABLE", "WITHDRAWN"} <= seen
    assert {"DENUNCIATION", "WITHDRAWAL"} <= seen


@pytest.mark.parametrize("protocol", ["egalitarian", "kalai_smorodinsky", "utilitarian"])
def test_they_do_the_same_under_any_protocol_for_many(protocol: str) -> None:
    faults, seen = walk(begun(summits(end="2020-09", protocol={"name": protocol, "contacts_to_conclude": 4}), 3))
    assert faults[:10] == []
    assert {"CONFERENCE_CONCLUDED", "SIGNATURE", "CONFERENCE_LEFT", "CONFERENCE_FAILED", "TOO_FEW", "ACCESSION"} <= seen


VOTES: dict[str, dict[str, Any]] = {
    "unanimity": {"decision": "unanimity"},
    "qualified_majority": {"decision": "qualified_majority", "quota_states": 0.6, "quota_people": 0.5},
    "weighted": {"decision": "weighted", "quota_weight": 0.4, "voting_weight": "capability", "accession": "exclusive"},
}


def voting(vote: str) -> dict[str, Any]:
    plain = summits(end="2022-04")
    for name in plain["agreements"]:
        plain["agreements"][name].update(VOTES[vote])
    plain["mechanisms"]["conferences"]["attendance"] = "stable"
    return plain


@functools.cache
def voted(vote: str) -> tuple[list[str], set[str]]:
    return walk(begun(voting(vote), 28))


@pytest.mark.parametrize("vote", VOTES)
def test_they_do_the_same_under_any_vote_and_with_stable_coalitions(vote: str) -> None:
    faults, seen = voted(vote)
    assert faults[:10] == []
    assert {"CONFERENCE_OPENED", "CONFERENCE_FAILED", "SIGNATURE", "NOT_RATIFIABLE", "ACCESSION"} <= seen
    assert vote == "unanimity" or "OUTVOTED" in seen


def test_all_that_may_become_of_a_treaty_happened_under_one_vote_or_another() -> None:
    seen = set().union(*(voted(vote)[1] for vote in VOTES))
    assert {"TOO_FEW", "WITHDRAWN", "DENUNCIATION", "OUTVOTED"} <= seen


def test_they_do_the_same_where_blocs_sit_vote_and_doors_are_closed(tmp_path: Path) -> None:
    data = with_tables(
        tmp_path / "mine",
        competences=replaced(
            "competences", "ASEAN,regional_market", "EU,security_treaty,exclusive,2019-10-01,,mine\nASEAN,regional_market"
        ),
        organisations=replaced("organisations", "consensus,1,1,ASEAN", "qualified_majority,0.5,0.5,ASEAN"),
    )
    plain = summits(**data, end="2020-11")
    plain["agreements"]["security_treaty"]["accession"] = "exclusive"
    plain["mechanisms"]["ratification"] = {"months_majority": 2.0}
    faults, seen = walk(begun(plain, 20), twins=ROSTER_TOO)
    assert faults[:10] == []
    assert {"OUTVOTED", "COMPETENCE_LOST", "BOUND"} <= seen


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "the first leaves, not the worst off": lambda patch: patch.setattr(room, "_worst_off", lambda problem: 0),
    "capability does not matter": lambda patch: patch.setattr(room, "exponential", lambda *a, index: 0.5),
    "who failed does not rest": lambda patch: patch.setattr(
        Conferences, "_busy", lambda self, world, t: np.zeros(world.setting.n_parties, dtype=bool)
    ),
    "notice is not kept": lambda patch: patch.setattr(
        room, "denounce", lambda world, place, until: ledger.denounce(world, place, until + 1)
    ),
    "everybody looks at joining": lambda patch: patch.setattr(room, "uniform", lambda *a: 0.0),
    "all at a table weigh the same": lambda patch: patch.setattr(
        room, "table_weights", lambda world, parties: np.full(len(parties), 1.0 / len(parties))
    ),
    "blocs are forgotten": lambda patch: patch.setattr(Conferences, "_call_blocs", lambda self, world, decide, t: None),
}


@functools.cache
def _lived(text: str, seed: int) -> World:
    plain = json.loads(text)
    world = begun(plain, seed)
    for _ in months_of(world, 3):
        pass
    return world


def three_months(plain: dict[str, Any], seed: int) -> World:
    """Return a copy of a world that has lived three months: conferences are about to be called, and every fault begins here."""
    return clone(_lived(json.dumps(plain, sort_keys=True), seed))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_planted_in_the_conferences_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = three_months(summits(end="2022-04"), 28)
    FAULTS[fault](monkeypatch)
    assert walk(begin, stop=True)[0] != []


FAULTS_OF_VOTES: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "who stays is always enough": lambda patch: patch.setattr(room, "carries", lambda *given: True),
    "two who have ratified are enough": lambda patch: patch.setattr(gate, "carries", lambda world, t, bloc, favour, all_: len(favour) > 1),
    "only those who have not fallen away count": lambda patch: patch.setattr(gate, "signatories", treaties.coalition),
    "whoever hopes comes": lambda patch: patch.setattr(room, "stable_among", lambda world, t, invited, hopeful: hopeful),
}


@pytest.mark.parametrize("fault", FAULTS_OF_VOTES)
def test_a_fault_planted_in_votes_and_coalitions_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = three_months(voting("qualified_majority"), 4)
    FAULTS_OF_VOTES[fault](monkeypatch)
    assert walk(begin, stop=True)[0] != []


def test_a_treaty_of_many_that_has_two_sides_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = coverage._cover

    def as_if_of_two(world: Any, *arrays: Any) -> None:
        kept = world.instruments["conference"].copy()
        world.instruments["conference"][:] = -1
        honest(world, *arrays)
        world.instruments["conference"][:] = kept

    begin = three_months(summits(end="2022-04"), 28)
    monkeypatch.setattr(coverage, "_cover", as_if_of_two)
    faults = walk(begin, stop=True, twins=ROSTER_TOO)[0]
    assert {one.split("[")[0] for one in faults} == {"freed", "in_force"}


def test_who_proposes_is_called_on_and_a_rule_that_overlooks_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    only = {"occasions": occasions_plain}
    begin = three_months(summits(end="2022-04"), 24)
    assert walk(clone(begin), twins=only)[0] == []
    monkeypatch.setattr(Occasions, "_propose", lambda *_: None)
    assert {one.split("[")[0] for one in walk(begin, stop=True, twins=only)[0]} == {"proposing"}
