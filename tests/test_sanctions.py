"""Sanctions and wars bar two parties as recorded: nothing new is made, what is in force is suspended, and it resumes when they end."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_user_tables import of, write
from worlds import setting_of

from sim import engine
from sim.agents.party import DECISIONS
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.data.source import read_source
from sim.data.spells import Spells
from sim.decide.decisions import Compiled
from sim.ledger import is_barred
from sim.model import AgentsDecide, DiplomacyModel
from sim.run import run
from sim.state.world import World
from sim.types import Event, Reason, Stage, TalkStage, UserError, month_index, month_label

FEW = ["BLR", "CHN", "DEU", "FRA", "GBR", "IDN", "IND", "JPN", "PRK", "RUS", "SGP", "UKR", "USA"]
ON = [{"kind": "sanctions"}]
HEAD = ("sender", "target", "from", "until", "level", "grade")
READY = {
    "mechanisms": {"bargaining": {"propose_rate": 1.0, "desks": 8.0, "staff_price": 0.0}},
    "protocol": {"name": "nash", "contacts_to_conclude": 2},
}

SOON = {"agreements": {"infrastructure_pact": {"months_to_force": 1, "build_months": 6}}}


def lived(months: int, states: list[str] = FEW, **over: Any) -> World:
    whole = {"start": "2019-01", "end": "2025-12", "roster": {"states": states}, "shocks": ON, "background": [], **READY, **over}
    world = engine.start(engine.assemble(setting_of(whole).config), 1)
    for _ in range(months):
        engine.step(world)
    return world


def codes_of(world: World) -> set[frozenset[str]]:
    edges, codes = world.setting.edges, world.setting.codes
    return {frozenset((codes[edges.row[e]], codes[edges.col[e]])) for e in np.flatnonzero(is_barred(world))}


def pair(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def sanctioned(folder: Path, *rows: tuple[str, ...]) -> str:
    write(folder / "sanctions.csv", [dict(zip(HEAD, row, strict=True)) for row in rows])
    return str(folder)


@cache
def everybody() -> Roster:
    return load_roster(RosterSpec(), month_index("2019-01"), month_index("2025-12"))


def value(name: str, a: str, b: str, month: str) -> float:
    roster = everybody()
    first, second, found = roster.spells[name].at(month_index(month))
    here = (first == roster.codes.index(a)) & (second == roster.codes.index(b))
    return float(found[here].max()) if here.any() else 0.0


def test_known_enemies_are_hostile_and_known_friends_are_not() -> None:
    for a, b in (("CHN", "USA"), ("PRK", "USA"), ("IND", "PAK"), ("RUS", "UKR"), ("IRN", "ISR")):
        assert value("hostility", a, b, "2024-06") > 0.8
    for a, b in (("CAN", "USA"), ("GBR", "USA"), ("AUS", "NZL")):
        assert value("hostility", a, b, "2024-06") == 0.0


def test_hostility_without_rivalry_is_never_more_than_hostility() -> None:
    spells = everybody().spells
    assert (spells["without_rivalry"].value <= spells["hostility"].value).all()
    assert (spells["without_rivalry"].value < spells["hostility"].value).any()


def test_alliances_bind_nato_and_leave_rivals_apart() -> None:
    assert value("alliances", "GBR", "USA", "2024-06") == 1.0 and value("alliances", "FIN", "USA", "2024-06") > 0.8
    assert value("alliances", "FIN", "USA", "2019-06") < 0.35
    assert value("alliances", "CHN", "USA", "2024-06") == value("alliances", "PRK", "USA", "2024-06") == 0.0


def test_open_terms_keep_wars_and_elections_and_drop_the_rest() -> None:
    bare = load_roster(RosterSpec(terms="open"), month_index("2019-01"), month_index("2019-12"))
    rows = {name: len(one.first) for name, one in bare.spells.items()}
    assert rows.pop("wars") == len(everybody().spells["wars"].first) > 0 and set(rows.values()) == {0}
    assert len(bare.elections.month) == len(everybody().elections.month) > 0
    assert "sanctions.level" in dict(bare.assumed)


def test_a_synthetic_state_is_under_no_sanctions_and_at_no_war() -> None:
    made = load_roster(RosterSpec(kind="synthetic", n=20), month_index("2019-01"), month_index("2019-12"))
    assert not any(len(made.spells[name].first) for name in ("sanctions", "wars")) and not made.elections.until.any()


def test_a_value_of_which_the_end_was_not_known_lasts() -> None:
    one = Spells(*(np.array([x]) for x in (0, 1, 10, 20)), np.array([0.5]))
    assert len(one.known(15).at(30)[0]) == 1 and len(one.known(25).at(30)[0]) == 0 and len(one.known(5).first) == 0


def test_a_users_sanctions_replace_ours(tmp_path: Path) -> None:
    roster = of(Path(sanctioned(tmp_path, ("FRA", "IDN", "2019-03", "2019-05", "0.9", "sourced"))))
    sanctions = roster.spells["sanctions"]
    assert [len(sanctions.at(month_index(m))[0]) for m in ("2019-02", "2019-03", "2019-05", "2019-06")] == [0, 1, 1, 0]
    assert len(read_source(None).spells["sanctions"].first) > 1000


def test_in_2019_those_under_broad_sanctions_are_barred_and_others_are_not() -> None:
    barred = codes_of(lived(1))
    assert {pair("RUS", "USA"), pair("PRK", "USA"), pair("JPN", "PRK"), pair("RUS", "UKR"), pair("DEU", "RUS"), pair("EU", "RUS")} <= barred
    assert not barred & {pair("DEU", "USA"), pair("IDN", "CHN"), pair("JPN", "USA"), pair("EU", "USA"), pair("CHN", "PRK")}


def test_a_bar_holds_both_ways_and_is_gone_without_the_shock() -> None:
    world = lived(1)
    assert (world.barred == world.barred[world.setting.edges.rev]).all() and world.barred.any()
    assert not lived(1, shocks=[]).barred.any()


def test_without_wars_a_war_bars_nobody() -> None:
    alone = codes_of(lived(1, shocks=[{"kind": "sanctions", "wars": False}]))
    assert pair("RUS", "UKR") not in alone and pair("DEU", "RUS") in alone


def test_a_higher_level_bars_fewer() -> None:
    few, many = (codes_of(lived(1, shocks=[{"kind": "sanctions", "level": level}])) for level in (0.8, 0.2))
    assert few < many


@pytest.mark.parametrize(("minority", "is_in"), [(0.35, True), (0.9, False)])
def test_a_bloc_is_barred_where_enough_of_its_people_are(tmp_path: Path, minority: float, is_in: bool) -> None:
    folder = sanctioned(tmp_path, ("DEU", "IDN", "2019", "", "0.9", "sourced"))
    world = lived(1, ["DEU", "FRA", "IDN", "USA"], shocks=[{"kind": "sanctions", "minority": minority}], data={"folder": folder})
    assert (pair("EU", "IDN") in codes_of(world)) == is_in and pair("DEU", "IDN") in codes_of(world)


def test_without_strength_the_run_is_the_run_without_the_shock() -> None:
    small: dict[str, Any] = {"roster": {"states": FEW}, "start": "2019-01", "end": "2019-12", "record": "series", "background": []}
    lifted, never = run(shocks=[{"kind": "sanctions", "strength": 0.0}], **small), run(**small)
    for name in never.series:
        np.testing.assert_array_equal(lifted.series[name], never.series[name])


def test_nothing_is_signed_or_talked_about_while_two_are_barred() -> None:
    world = lived(30, states=["CHN", "JPN", "RUS", "SGP", "USA"])
    talks, barred = world.talks, is_barred(world)
    assert len(talks) > 0 and not barred[talks["edge"][talks["stage"] == TalkStage.OPEN]].any()
    always = {frozenset((world.setting.party(a), world.setting.party(b))) for a, b in (("RUS", "USA"), ("JPN", "RUS"))}
    signed = {frozenset((int(a), int(b))) for a, b in zip(world.instruments["first"], world.instruments["second"], strict=True)}
    assert signed and not signed & always
    assert not world.prospect[:, barred].any()


def test_what_is_in_force_is_suspended_at_once_and_resumes_when_the_bar_is_lifted(tmp_path: Path) -> None:
    folder = sanctioned(tmp_path, ("USA", "DEU", "2019-03", "2019-05", "0.9", "sourced"))
    world = lived(2, ["DEU", "FRA", "USA"], data={"folder": folder})
    table, kind = world.instruments, world.setting.type_names.index("transfer_framework")
    us, eu, france = (world.setting.party(code) for code in ("USA", "EU", "FRA"))
    (row,) = np.flatnonzero((table["first"] == eu) & (table["second"] == us) & (table["type"] == kind)).tolist()
    edges, since = [world.setting.edges.find(one, us) for one in (eu, france)], int(table["in_force"][row])
    assert world.in_force[kind, edges].all()
    for month in ("2019-03", "2019-04", "2019-05"):
        engine.step(world)
        assert world.instruments["stage"][row] == Stage.SUSPENDED and not world.in_force[kind, edges].any(), month
    engine.step(world)
    assert world.instruments["stage"][row] == Stage.IN_FORCE and world.in_force[kind, edges].all()
    assert int(world.instruments["in_force"][row]) == since
    events = world.events
    told = {(int(m), int(r)) for m, e, r in zip(events["month"], events["event"], events["reason"], strict=True) if e == Event.SUSPENSION}
    assert told == {(month_index("2019-03"), int(Reason.BARRED))}


def test_the_term_of_a_suspended_pact_is_put_off_by_the_months_of_the_bar(tmp_path: Path) -> None:
    states = ["DEU", "FRA", "GBR", "IDN", "JPN", "SGP", "USA"]
    free = lived(30, states, shocks=[], **SOON)
    table = free.instruments
    row = int(next(r for r in range(len(table)) if table["stage"][r] == Stage.COMPLETED))
    one, other = (free.setting.codes[int(table[key][row])] for key in ("first", "second"))
    day, over = int(table["in_force"][row]), int(table["ended"][row])
    folder = sanctioned(tmp_path, (one, other, month_label(day + 2), month_label(day + 4), "0.9", "sourced"))
    world = lived(over + 3 - free.setting.config.start, states, data={"folder": folder}, **SOON)
    assert world.instruments["stage"][row] == Stage.IN_FORCE and int(world.instruments["months_barred"][row]) == 3
    engine.step(world)
    assert world.instruments["stage"][row] == Stage.COMPLETED and int(world.instruments["ended"][row]) == over + 3


def test_open_talks_fail_with_the_reason_said(tmp_path: Path) -> None:
    states = ["DEU", "FRA", "GBR", "IDN", "JPN", "SGP", "USA"]
    free = lived(8, states, shocks=[], protocol={"name": "nash", "contacts_to_conclude": 60})
    talks = free.talks
    row = int(np.flatnonzero(talks["stage"] == TalkStage.OPEN)[0])
    a, b = (free.setting.codes[int(talks[key][row])] for key in ("first", "second"))
    one, other = ("DEU" if code == "EU" else code for code in (a, b))
    folder = sanctioned(tmp_path, (one, other, "2019-09", "", "0.9", "sourced"))
    world = lived(9, states, protocol={"name": "nash", "contacts_to_conclude": 60}, data={"folder": folder})
    assert world.talks["stage"][row] == TalkStage.FAILED and world.talks["reason"][row] == Reason.BARRED


def test_what_is_signed_waits_until_the_bar_is_lifted(tmp_path: Path) -> None:
    states = ["DEU", "FRA", "GBR", "IDN", "JPN", "SGP", "USA"]
    free = lived(36, states, shocks=[])
    table = free.instruments
    row = int(next(r for r in range(len(table)) if table["talk"][r] >= 0 and table["in_force"][r] - table["signed"][r] > 2))
    codes = [free.setting.codes[int(table[key][row])] for key in ("first", "second")]
    one, other = ("DEU" if code == "EU" else code for code in codes)
    begins, day = int(table["signed"][row]) + 1, int(table["in_force"][row])
    folder = sanctioned(tmp_path, (one, other, month_label(begins), month_label(day + 2), "0.9", "sourced"))
    world = lived(day + 3 - free.setting.config.start, states, data={"folder": folder}, shocks=[{"kind": "sanctions", "minority": 0.1}])
    assert world.instruments["signed"][row] == begins - 1 and world.instruments["stage"][row] == Stage.SIGNED
    engine.step(world)
    assert world.instruments["stage"][row] == Stage.IN_FORCE and world.instruments["in_force"][row] == day + 3


def test_readable_and_fast_decisions_are_the_same_under_a_bar() -> None:
    states = ["BLR", "CHN", "DEU", "FRA", "POL", "RUS", "SGP", "USA"]
    shocks = [{"kind": "sanctions", "level": 0.3}, {"kind": "election"}]
    setting = setting_of({"start": "2020-10", "end": "2022-06", "roster": {"states": states}, "shocks": shocks, **READY})
    fast, model = engine.start(setting, 3), DiplomacyModel(seed=3, setting=setting, plain=True)
    readable = AgentsDecide(model, frozenset(DECISIONS), Compiled())
    for _ in range(17):
        engine.step(fast)
        engine.step(model.world, decide=readable)
    assert fast.barred.any() and len(fast.talks) > 0
    for column in ("month", "event", "party_a", "party_b", "reason"):
        np.testing.assert_array_equal(fast.events[column], model.world.events[column])


def test_a_lever_a_dated_event_and_a_false_value(tmp_path: Path) -> None:
    dated = [{"kind": "sanctions", "from": "2019-02", "until": "2019-02", "source": "assumed"}]
    told = [bool(lived(n, shocks=[], events=dated).barred.any()) for n in (1, 2, 3)]
    assert told == [False, True, False]
    with pytest.raises(UserError, match=r"level = 7 lies outside 0.1 to 1.0"):
        run(shocks=[{"kind": "sanctions", "level": 7}], end="2019-02")
    with pytest.raises(UserError, match="did you mean 'sanctions'"):
        run(shocks=[{"kind": "sanction"}], end="2019-02")


def test_states_vote_in_the_months_in_which_they_voted() -> None:
    world = lived(0, ["DEU", "IDN", "USA"], shocks=[{"kind": "election"}])
    voted: dict[str, list[int]] = {"IDN": [], "USA": []}
    for _ in range(72):
        month = world.month
        engine.step(world)
        for code, months in voted.items():
            if world.elected[world.setting.party(code)]:
                months.append(month)
    assert voted["IDN"] == [month_index("2019-04"), month_index("2024-02")]
    assert voted["USA"] == [month_index(month) for month in ("2020-11", "2022-11", "2024-11")]


def test_a_state_without_a_row_votes_by_the_rate() -> None:
    states = ["CHN", "PRK", "USA"]
    recorded, rate = (lived(0, states, shocks=shocks) for shocks in ([{"kind": "election"}], []))
    held: list[list[bool]] = [[], []]
    for _ in range(36):
        for world, months in zip((recorded, rate), held, strict=True):
            engine.step(world)
            months.append(bool(world.elected[world.setting.party("CHN")]))
    assert held[0] == held[1]
    speaks, votes = everybody().elections.at(month_index("2014-06"))
    assert not speaks.any() and not votes.any()
