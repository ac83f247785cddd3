"""Guidelines bind nobody: who follows them does so by choice and slowly, and the scenario of ASEAN lives with them and without."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from reference import soft_law_plain
from reference.plain_world import differences, told
from summits import STATES
from worlds import begun, tree

from analysis.findings.asean import WITHOUT, WORLDS, Told, body, change, gap_of, lives, mean, share
from sim import engine
from sim.bargains.group import GroupProblem
from sim.consequences import AddsTrade, FreesData, Guides
from sim.engine import Action
from sim.ledger import close_conference, open_conference, renew_coverage, sign_treaty
from sim.ledger.conferences import bring_into_force, own_places
from sim.ledger.stages import TRANSITIONS
from sim.mechanisms.conferences import _prepared
from sim.params import configure
from sim.scenario import load_scenario, merge
from sim.stakes.treaties import members_of_bloc, stakes_of
from sim.state.world import World, clone
from sim.targets import read as read_targets
from sim.types import Stage, TalkStage

SOFT, HARD = "regional_guidelines", "regional_market"
PLAIN = tree(roster={"states": STATES}, negotiated=[SOFT, HARD], mechanisms={"executives": {"differ": False}})
LEVEL, KEPT = 0.5, 0.25


def guided(**soft: Any) -> tuple[World, Any, int]:
    """Return a world whose ten members have had guidelines in force since last month, the members, and the row of the guidelines."""
    world = begun(merge(PLAIN, {"mechanisms": {"soft_law": soft}}))
    t, bloc = world.setting.type_names.index(SOFT), world.setting.party("ASEAN")
    members = members_of_bloc(world, t, bloc)
    meeting = open_conference(world, t, bloc, int(members[0]), members, 1, world.month)
    close_conference(world, meeting, TalkStage.CONCLUDED)
    issues = world.setting.words.issues
    text = np.full(len(issues), np.nan)
    text[issues.index("safeguards")], text[issues.index("localisation")] = LEVEL, KEPT
    row = sign_treaty(world, meeting, text, np.zeros(len(members)), np.zeros(len(members)))
    world.instruments["stage"][row], world.instruments["in_force"][row] = Stage.IN_FORCE, world.month - 1
    for place in own_places(world, row).tolist():
        world.adherence["stage"][place] = Stage.RATIFIED
        bring_into_force(world, row, place)
    return world, members, row


def law(world: World) -> tuple[Any, Any]:
    return world.protection_firms.copy(), world.localisation.copy()


def follow(world: World) -> None:
    world.setting.config.mechanisms["soft_law"].step(world, None)


def test_guidelines_do_nothing_that_binds() -> None:
    kind = begun(PLAIN).setting.config.agreements[SOFT]
    assert [type(one) for one in kind.does] == [Guides] and not issubclass(Guides, (AddsTrade, FreesData))
    assert (kind.entry, dict(kind.ratifiers), kind.frees_data) == ("executive", {}, False)
    world, members, row = guided()
    stands = {name: float(world.instruments[name][row]) for name in ("moving", "safeguards_undertaken", "redress_undertaken", "shared")}
    assert set(stands.values()) == {0.0}
    before = world.cost_of_law.copy()
    world.setting.config.mechanisms["law"].step(world, None)
    assert (world.cost_of_law == before).all() and not (world.redress[members] > 0.0).any()


def test_guidelines_are_worth_what_their_equations_say() -> None:
    world, members, _ = guided()
    kind, t, edges = world.setting.config.agreements[SOFT], world.setting.type_names.index(SOFT), world.setting.edges
    found, k = stakes_of(world, t, members, members), world.setting.words.issues.index("safeguards")
    for n, i in enumerate(members.tolist()):
        bought = sum(float(world.trade_known[edges.rev[edges.find(i, j)]]) for j in members.tolist() if j != i)
        exposed = 1e4 * bought / float(world.gdp[i])
        assert found.a[n] == pytest.approx(kind.worth * exposed - 1e4 * kind.upkeep / float(world.gdp[i]), rel=1e-9)
        assert found.w[n, k] == pytest.approx(kind.softness * kind.salience_safeguards * exposed, rel=1e-9)
    assert (found.d == 0.0).all() and (found.b == 0.0).all()


def test_where_a_reference_is_worth_nothing_nobody_hopes_for_guidelines() -> None:
    world = begun(merge(PLAIN, {"agreements": {SOFT: {"worth": 0.0}}}))
    t = world.setting.type_names.index(SOFT)
    members = members_of_bloc(world, t, world.setting.party("ASEAN"))
    assert (stakes_of(world, t, members, members).a < 0.0).all()


def test_a_known_case_who_falls_short_takes_over_half_of_what_is_missing_and_pays_by_the_square() -> None:
    world, members, _ = guided(rate=0.5, followed=0.5)
    firms, home = law(world)
    binds = world.safeguards.copy()
    for _ in range(600):
        if (world.array("followed_safeguards")[members] > 0.0).any():
            break
        follow(world)
        world.month += 1
    event = world.events
    done = event["event"] == world.setting.words.code("event", "guidelines_followed")
    assert done.any()
    for party, rise in zip(event["party_a"][done].tolist(), event["value"][done].tolist(), strict=True):
        short = LEVEL - float(firms[party])
        if short <= 0.0:
            assert rise == 0.0 and world.protection_firms[party] == firms[party]
            continue
        assert rise == pytest.approx(0.5 * short)
        assert world.protection_firms[party] == pytest.approx(firms[party] + 0.5 * short)
        assert world.safeguards[party] >= world.protection_firms[party]
        raised = max(0.0, firms[party] + 0.5 * short - binds[party])
        assert world.cost_of_law[party] == pytest.approx(60.0 * raised**2)
    others = np.setdiff1d(np.arange(world.setting.n_parties), event["party_a"][done])
    assert (world.protection_firms[others] == firms[others]).all() and (world.localisation[others] == home[others]).all()


def test_in_the_end_all_members_stand_where_the_guidelines_do_or_beyond_and_nobody_else_moves() -> None:
    world, members, _ = guided(rate=0.5, followed=1.0)
    firms, home = law(world)
    for _ in range(300):
        follow(world)
        world.month += 1
    assert world.protection_firms[members] == pytest.approx(np.maximum(firms[members], LEVEL))
    assert world.localisation[members] == pytest.approx(np.minimum(home[members], KEPT))
    out = np.setdiff1d(np.arange(world.setting.n_parties), members)
    assert (world.protection_firms[out] == firms[out]).all() and (world.localisation[out] == home[out]).all()


def test_what_was_followed_stays_law_when_figures_are_read_anew() -> None:
    world, members, _ = guided(rate=0.5, followed=1.0)
    world.array("followed_safeguards")[members] = 0.4
    while world.month % 12:
        engine.step(world)
    engine.step(world)
    for level in (world.protection_firms, world.own_safeguards, world.safeguards):
        assert (level[members] >= 0.4).all()


def test_with_a_rate_of_nothing_nobody_follows() -> None:
    world, _, _ = guided(rate=0.0)
    before = law(world)
    for _ in range(60):
        follow(world)
        world.month += 1
    assert all((now == then).all() for now, then in zip(law(world), before, strict=True))


def test_members_follow_about_as_often_as_the_rate_says() -> None:
    world, members, _ = guided(rate=0.5, followed=0.0)
    short = int(((world.protection_firms[members] < LEVEL) | (world.localisation[members] > KEPT)).sum())
    months = 480
    for _ in range(months):
        follow(world)
        world.month += 1
    n = int((world.events["event"] == world.setting.words.code("event", "guidelines_followed")).sum())
    wanted = short * months * -math.expm1(-0.5 / 12.0)
    assert abs(n - wanted) < 4.0 * math.sqrt(wanted)


def test_the_plain_twin_follows_as_the_rule_does() -> None:
    world, _, _ = guided(rate=0.5, followed=0.5)
    for _ in range(36):
        plain = told(clone(world), world.month)
        soft_law_plain.step(plain, None)
        follow(world)
        assert differences(plain, told(world, world.month)) == []
        world.month += 1
    assert (world.array("followed_safeguards") > 0.0).any() and (world.array("followed_openness") > 0.0).any()


def test_a_table_of_those_with_guidelines_is_sooner_ready() -> None:
    world, members, _ = guided()
    assert _prepared(world, members) == 0.0
    renew_coverage(world)
    assert _prepared(world, members) == pytest.approx(world.setting.config.agreements[SOFT].prepared)
    assert _prepared(world, np.array([world.setting.party("DEU"), world.setting.party("JPN")])) == 0.0


def test_guidelines_end_as_any_instrument_may() -> None:
    assert Stage.TERMINATED in TRANSITIONS[Stage.IN_FORCE]


def test_the_scenario_loads_and_differs_from_its_twin_by_guidelines_alone() -> None:
    told_tree = load_scenario("asean_integration")
    one, other = configure(told_tree), configure(merge(told_tree, WITHOUT))
    assert {SOFT, HARD} <= set(one.negotiated)
    assert one.agreements[SOFT].worth > 0.0 == other.agreements[SOFT].worth
    assert [target.metric for target in read_targets(told_tree["targets"], one.start, one.end)] == [
        "in_force_regional_guidelines",
        "new_signatures_regional_market",
    ]
    setting = engine.assemble(other)
    assert engine.start(setting, 1).setting.digest != engine.assemble(one).digest


@pytest.fixture(scope="module")
def both() -> tuple[list[Told], list[Told]]:
    return lives(WITHOUT, lambda words: None, [0]), lives({}, lambda words: None, [0])


def test_the_scenario_lives_in_both_worlds_and_only_one_of_them_has_guidelines(both: tuple[list[Told], list[Told]]) -> None:
    (bare,), (soft,) = both
    assert math.isnan(bare.guided) and bare.follows == 0.0
    assert soft.guided > 0.0 and soft.follows > 0.0
    assert soft.spread < bare.spread and soft.gap <= bare.gap


def test_the_page_sets_the_worlds_side_by_side(both: tuple[list[Told], list[Told]], monkeypatch: pytest.MonkeyPatch) -> None:
    bare, soft = both
    monkeypatch.setattr("analysis.findings.asean.lives", lambda world, heard: bare * 2 if world == WITHOUT else soft * 2)
    text = body(type("Heard", (), {"heard": staticmethod(lambda words: None)})())  # type: ignore[arg-type]
    assert all(words in text for words, _ in WORLDS)
    assert change(bare, soft, lambda one: one.gap) == f"{soft[0].gap - bare[0].gap:.3f}"


def test_intervals_are_those_of_known_numbers() -> None:
    assert share([True] * 10 + [False] * 10) == "10 of 20 (30 to 70 %)"
    assert share([False] * 20) == "0 of 20 (0 to 16 %)"
    assert mean([1.0, 3.0, math.nan]) == "2.00 ± 1.96 (2 of 3 seeds)"


def test_the_gap_is_what_two_who_agree_on_nothing_would_have_to_be_given() -> None:
    def problem(a: float) -> GroupProblem:
        two, one = np.array([1.0, 1.0]), np.array([[1.0], [1.0]])
        return GroupProblem(a * two, 0.0 * one, one, np.array([[0.0], [1.0]]), 0.0 * two, 0.0 * two, np.zeros(1), np.ones(1), 0.5 * two)

    assert gap_of(problem(0.3)) == 0.0
    assert gap_of(problem(0.1)) == pytest.approx(0.15, abs=2e-3)  # midway each loses a quarter
    assert Action("agreements.regional_guidelines.worth", 0.0).value == 0.0
