"""Small states that bargain as one: who is found, who speaks, who consents, what reaches the members, and what differs from a bloc."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from reference import plain_month
from reference.plain_world import differences, told
from test_extending import PAGE
from test_invariants_ledger import Notary, unpaid_or_negative
from test_invariants_locality import faults_of_a_run
from twins import Agents, live_plainly
from worlds import EAGER, QUICK, begun, different, lived, months_of, setting_of, tree

from sim import engine
from sim.__main__ import main
from sim.ledger import open_talk
from sim.mechanisms.effects import rule as effects
from sim.mechanisms.roster import rule as room
from sim.stakes.leverage import bargaining_weights
from sim.state.world import World, restore, snapshot
from sim.types import Event, Institution, UserError, month_index

PACT, FRAME = "infrastructure_pact", "transfer_framework"
ISLES = {"name": "ISLES", "members": ["FJI", "TUV", "WSM"], "types": [PACT]}
SMALL = {PACT: {**QUICK[PACT], "least": 1e5, "upkeep": 1e3}, FRAME: {**QUICK[FRAME], "judge_bar": 0.6, "upkeep": 1e3}}

FEW = {**EAGER, "contacts": {"hour_price": 3.0}}
"""Few states share what would be hours for two hundred."""
QUICKLY = {
    "nash": {"name": "nash", "contacts_to_conclude": 3},
    "alternating_offers": {"name": "alternating_offers", "deadline_rounds": 12},
}


def world_of(*coalitions: dict[str, Any], **over: Any) -> dict[str, Any]:
    """Return a small world with three island states, and investors, in which even small pacts are worth signing."""
    states = ["AUS", "CHN", "DEU", "FJI", "FRA", "GBR", "NZL", "TUV", "USA", "WSM"]
    usual = {"protocol": QUICKLY["nash"], "end": "2021-05", "roster": {"states": states}, "agreements": SMALL, "mechanisms": FEW}
    return tree(**{**usual, "coalitions": list(coalitions), **over})


def spoken(world: World, kind: str) -> dict[str, str]:
    codes, table = world.setting.codes, world.principal[world.setting.type_names.index(kind)]
    return {code: codes[table[p]] if table[p] >= 0 else "" for p, code in enumerate(codes)}


def test_a_coalition_speaks_for_its_members_on_its_types_only() -> None:
    world = begun(world_of(ISLES))
    assert {code for code, who in spoken(world, PACT).items() if who == "ISLES"} == {"FJI", "TUV", "WSM", "ISLES"}
    assert spoken(world, FRAME)["FJI"] == "FJI"
    assert spoken(world, FRAME)["ISLES"] == ""


def test_it_is_the_sum_of_its_members_and_their_mean_by_people() -> None:
    world = begun(world_of(ISLES))
    at, inside = world.setting.party("ISLES"), [world.setting.party(code) for code in ISLES["members"]]
    for name in ("gdp", "population", "cloud_capacity", "need", "capability"):
        assert getattr(world, name)[at] == pytest.approx(sum(getattr(world, name)[inside]), rel=1e-12), name
    people = world.population[inside]
    assert world.localisation[at] == pytest.approx(float(world.localisation[inside] @ people / people.sum()), rel=1e-12)


def test_from_its_month_on_and_not_before() -> None:
    world = begun(world_of({**ISLES, "from": "2019-09"}, end="2019-10"))
    for _ in months_of(world):
        begins = world.month - 1 >= month_index("2019-09")
        assert spoken(world, PACT)["TUV"] == ("ISLES" if begins else "TUV")


def test_a_rule_finds_the_small_ones_for_whom_nobody_speaks() -> None:
    rule = {"name": "ISLES", "below": 0.001, "types": [PACT], "within": "Oceania"}
    roster = setting_of(world_of(rule)).roster
    assert [roster.codes[i] for i in np.flatnonzero(roster.members("ISLES", 24240))] == ["FJI", "TUV", "WSM"]
    states = {"roster": {"states": ["EST", "FJI", "LUX", "MLT", "NOR", "USA", "WSM"]}}
    anywhere = {"name": "FEW", "below": 0.002, "types": [FRAME]}
    roster = setting_of(world_of(anywhere, **states)).roster
    assert [roster.codes[i] for i in np.flatnonzero(roster.members("FEW", 24240))] == ["FJI", "WSM"]  # the EU speaks for the others
    both = {**anywhere, "types": [PACT], "measure": "material_capability"}
    roster = setting_of(world_of(both, **states)).roster
    assert {"EST", "LUX", "MLT"} <= {roster.codes[i] for i in np.flatnonzero(roster.members("FEW", 24240))}


def alone(world: World) -> list[str]:
    """Name what members opened, concluded or signed on what the coalition bargains."""
    ev, t = world.events, world.setting.type_names.index(PACT)
    named = np.isin(ev["event"], (Event.NEGOTIATION_OPENED, Event.NEGOTIATION_CONCLUDED, Event.SIGNATURE)) & (ev["type"] == t)
    inside = [world.setting.party(code) for code in ISLES["members"]]
    rows = np.flatnonzero(named & (np.isin(ev["party_a"], inside) | np.isin(ev["party_b"], inside)))
    return [Event(ev["event"][row]).name for row in rows]


@pytest.mark.parametrize("protocol", QUICKLY)
def test_it_signs_its_members_are_bound_and_none_concludes_alone(protocol: str) -> None:
    world = lived(world_of(ISLES, protocol=QUICKLY[protocol]), 1)
    isles, a = world.setting.party("ISLES"), world.adherence
    signed = np.flatnonzero(world.instruments["second"] == isles)
    assert len(signed) and alone(world) == []
    assert (a["institution"][(a["party"] == isles)] == Institution.BLOC_ASSENT).all()
    for row in signed[world.instruments["in_force"][signed] >= 0]:
        bound = a["party"][(a["instrument"] == row) & (a["bound_by"] == isles)]
        assert {world.setting.codes[p] for p in bound} == {"FJI", "TUV", "WSM"}


def test_a_member_that_signs_alone_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = room.principals
    monkeypatch.setattr(room, "principals", lambda *args: np.where(np.arange(12) < 10, np.arange(12, dtype=np.int32), honest(*args)))
    assert "SIGNATURE" in alone(lived(world_of(ISLES)))


@pytest.mark.parametrize("protocol", QUICKLY)
def test_it_signs_nothing_below_its_reservation_value_and_money_adds_up(protocol: str) -> None:
    plain = world_of(ISLES, protocol=QUICKLY[protocol])
    notary = Notary()
    world = begun(plain)
    for _ in months_of(world, decide=notary):
        pass
    assert (world.instruments["second"] == world.setting.party("ISLES")).any()
    assert notary.seen > 0 and notary.faults == []
    assert unpaid_or_negative(plain) == []


def test_every_mechanism_reads_and_writes_only_what_it_declares_with_one() -> None:
    assert faults_of_a_run(world_of(ISLES, end="2020-10")) == []


def test_what_is_built_for_it_stands_in_its_members_by_their_need() -> None:
    world = begun(world_of(ISLES))
    inside, isles = [world.setting.party(code) for code in ISLES["members"]], world.setting.party("ISLES")
    built = np.where(np.arange(len(world.member)) == isles - world.setting.n_states, 8.0, 0.0)
    world.need[:], world.population[inside] = 0.0, (1.0, 1.0, 2.0)
    effects.Effects()._hand_on(world, built)
    assert world.capacity_gained[inside].tolist() == [2.0, 2.0, 4.0]
    world.need[inside] = (3.0, 1.0, 0.0)
    effects.Effects()._hand_on(world, built)
    assert world.capacity_gained[inside].tolist() == [8.0, 4.0, 4.0]
    world = lived(world_of(ISLES))
    gained, cost = world.capacity_gained, world.setting.config.agreements[PACT].cost_per_mw
    assert gained[isles] > 0.0
    assert gained[: world.setting.n_states].sum() == pytest.approx(world.received.sum() / cost, rel=1e-9)


def test_pooled_strength_weighs_more_than_one_members_by_hand() -> None:
    world = begun(world_of(ISLES, mechanisms={**EAGER, "bargaining": {**EAGER["bargaining"], "power": 1.0}}))
    aus, isles, tuvalu = (world.setting.party(code) for code in ("AUS", "ISLES", "TUV"))
    # Nobody depends on anybody and all are as rich: what is left of S_0 / S_1 is capability, in proportion.
    world.trade_known[:], world.gdp[:], world.population[:] = 0.0, 1.0, 1.0
    world.capability[aus], world.capability[[world.setting.party(code) for code in ISLES["members"]]] = 9.0, 1.0
    world.capability[isles] = 3.0
    talks = np.array([open_talk(world, world.setting.type_names.index(PACT), aus, other, aus) for other in (isles, tuvalu)])
    np.testing.assert_allclose(bargaining_weights(world, talks), [[9 / 12, 3 / 12], [9 / 10, 1 / 10]], rtol=1e-12)


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
def test_a_year_with_a_coalition_is_the_same_in_plain_python(protocol: str) -> None:
    assert plainly(protocol) == []


def plainly(protocol: str) -> list[str]:
    """Live until the compiled and the plain world differ, and say how."""
    plain = world_of({**ISLES, "types": [PACT, FRAME]}, end="2020-10", protocol=QUICKLY[protocol], negotiated=[PACT, FRAME])
    setting = setting_of(plain)
    world, agents = engine.start(setting, 7, record_offers=True), Agents(setting, 7)
    w = plain_month.begin(setting.config, setting.roster, setting.schema, 7)
    w.record_offers = True
    for _ in months_of(world):
        live_plainly(w, agents)
        found = differences(w, told(world, like=w))
        if found:
            return found[:5]
    assert world.capacity_gained[setting.party("ISLES")] > 0.0
    return []


FAULTS = {
    "its members' needs are not added up": lambda patch: patch.setattr(
        room.RosterOfTheMonth,
        "_capacity",
        lambda self, world, honest=room.RosterOfTheMonth._capacity: (
            honest(self, world),
            world.need[world.setting.n_states :].__imul__(0.0),
        ),
    ),
    "what is built stands in nobody": lambda patch: patch.setattr(effects.Effects, "_hand_on", lambda *_: None),
    "a member speaks beside it": lambda patch: patch.setattr(
        room, "principals", lambda *args, honest=room.principals: np.where(np.arange(12) == 7, np.int32(7), honest(*args))
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_planted_in_coalitions_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    assert plainly("nash") != []


def test_a_run_with_one_can_be_saved_and_continued() -> None:
    plain = world_of(ISLES, end="2020-03")
    whole, half = lived(plain), lived(plain, months=4)
    again = restore(half.setting, snapshot(half))
    for _ in months_of(again):
        pass
    assert different(snapshot(whole), snapshot(again)) == set()


@examples(4)
@given(st.permutations(["FJI", "TUV", "WSM"]), st.permutations(["ISLES", "PAIR"]))
def test_the_order_in_which_anything_is_named_changes_nothing(members: list[str], names: list[str]) -> None:
    both = {"ISLES": {**ISLES, "members": members}, "PAIR": {"name": "PAIR", "members": ["NZL", "AUS"], "types": [FRAME]}}
    there = engine.build(world_of(*(both[name] for name in names), end="2019-06"))
    here = engine.build(world_of(ISLES, both["PAIR"], end="2019-06"))
    assert (there.digest, there.roster.digest, there.codes) == (here.digest, here.roster.digest, here.codes)


def test_a_world_without_one_is_told_as_it_always_was() -> None:
    without, empty = engine.build(tree(end="2019-06")), engine.build(tree(end="2019-06", coalitions=[]))
    assert "coalitions" not in without.config.tree and without.digest == empty.digest
    assert engine.build(world_of(ISLES)).digest != engine.build(world_of()).digest


def test_unlike_a_bloc_of_the_tables_it_has_no_free_flow_and_no_summit() -> None:
    roster = setting_of(world_of(ISLES)).roster
    at = roster.organisations.index("ISLES")
    assert not roster.free_flow[at] and roster.summit_month[at] == 0


def test_quotas_may_be_set_and_consensus_asks_all() -> None:
    rules = {
        name: setting_of(world_of({**ISLES, **more})).roster.decision_rules[-1]
        for name, more in (("all", {}), ("most", {"rule": "qualified_majority", "state_quota": 0.6}))
    }
    assert (rules["all"].state_quota, rules["all"].people_quota) == (1.0, 1.0)
    assert (rules["most"].state_quota, rules["most"].people_quota) == (0.6, 0.65)


REFUSED = [
    ("ISLES", "coalitions must be a list such as"),
    ("[ISLES]", "each must hold named values"),
    ("[{name:isles}]", "name must be 2 to 16 capital letters"),
    ("[{name:ISLES,member:[FJI]}]", "a coalition has no 'member'; did you mean 'members'?"),
    ("[{name:ISLES,types:[regional_market],members:[FJI,TUV]}]", "is no type that two parties negotiate in this run; valid are"),
    ("[{name:ISLES,types:[PACT]}]", "give either members=[CODE,...] or below=SHARE"),
    ("[{name:ISLES,types:[PACT],members:[FJI]}]", "one member (FJI) is not enough"),
    ("[{name:ISLES,types:[PACT],members:[FJI,FJI]}]", "members names FJI twice"),
    ("[{name:ISLES,types:[PACT],members:[FJI,TUX]}]", "there is no state 'TUX' in this run; did you mean 'LUX', 'TUN', 'TUR' or 'TUV'?"),
    ("[{name:ISLES,types:[PACT],members:[FJI,TUV],from:2018-01}]", "lies before the run starts in 2019-01"),
    ("[{name:ISLES,types:[PACT],members:[FJI,TUV],from:soon}]", "month 'soon' is not of the form YYYY-MM"),
    ("[{name:ISLES,types:[PACT],members:[FJI,TUV],rule:majority}]", "rule cannot be 'majority'; did you mean 'qualified_majority'?"),
    ("[{name:ISLES,types:[PACT],members:[FJI,TUV],state_quota:0.5}]", "belongs to rule=qualified_majority"),
    ("[{name:ISLES,types:[PACT],members:[FJI,TUV],within:Oceania}]", "within belongs to a rule"),
    ("[{name:ISLES,types:[PACT],below:2}]", "below must be a share above 0 and up to 1, not 2"),
    ("[{name:ISLES,types:[PACT],below:0.00000001}]", "the rule finds 0 of the run's 193 states"),
    ("[{name:ISLES,types:[PACT],below:0.1,within:Oceana}]", "did you mean 'Oceania'?"),
    ("[{name:ISLES,types:[PACT],below:0.1,measure:cinc}]", "measure cannot be 'cinc'; valid are gdp, material_capability"),
    ("[{name:FRA,types:[PACT],members:[FJI,TUV]}]", "is already the code of a state or an organisation"),
    ("[{name:ISLES,types:[transfer_framework],members:[GBR,TUV]}]", "EU bargains transfer_framework for it in 2019-01"),
    ("[{name:A1,types:[PACT],members:[FJI,TUV]},{name:A1,types:[PACT],members:[FJI,TUV]}]", "A1 is declared twice"),
    ("[{name:A1,types:[PACT],members:[FJI,TUV]},{name:B1,types:[PACT],members:[FJI,WSM]}]", "A1 bargains infrastructure_pact for it"),
]


@pytest.mark.parametrize(("value", "sentence"), REFUSED)
def test_bad_input_is_one_sentence(value: str, sentence: str, here: Path, refusal: Callable[[list[str]], str]) -> None:
    assert sentence in refusal([f"coalitions={value.replace('PACT', PACT)}"])
    assert list(here.iterdir()) == []


def test_who_has_left_its_bloc_may_join_from_then_on() -> None:
    late = {"name": "PAIR", "members": ["GBR", "NZL"], "types": [FRAME]}
    with pytest.raises(UserError, match="let it begin when that has ended"):
        engine.build(world_of(late))
    assert "PAIR" in engine.build(world_of({**late, "from": "2021-01"})).codes


def digest_in(folder: Path) -> str:
    return str(pq.read_table(folder / "scalars.parquet")["digest"][0])


EXAMPLES = re.findall(r'^python -m sim ("coalitions=.*)$', PAGE, re.MULTILINE)


@pytest.mark.parametrize("words", EXAMPLES or ["the page shows none"])
def test_the_pages_coalitions_run(words: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(shlex.split(words)) == 0, capsys.readouterr().err
    folder = Path(capsys.readouterr().out.rsplit("run: ", 1)[1].strip())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (one,) = manifest["config"]["coalitions"]
    assert len(manifest["roster"]["members"][one["name"]]) >= 2
    # The command in the manifest repeats the run.
    assert main(shlex.split(manifest["command"])[3:]) == 0
    again = Path(capsys.readouterr().out.rsplit("run: ", 1)[1].strip())
    assert digest_in(again) == digest_in(folder) != ""
