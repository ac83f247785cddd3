"""Courts: who may sue, how long a case takes, what is struck and what follows; known cases of the margin and of what parties foresee."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from courts import FRAMEWORK, courts, events, file_case, harbour, live, part, stage, without_courts, world_of
from hypothesis import given
from hypothesis import strategies as st
from test_agreements import group, kind_of

from sim import engine, luck
from sim.ledger import derive_in_force, move
from sim.mechanisms.courts.equations import pending_months, stricter, strike_chance
from sim.mechanisms.courts.rule import MOOT, STRUCK, UPHELD
from sim.rng import identities, uniforms
from sim.stakes.annulment import at_text, complaints
from sim.stakes.payoffs import midway
from sim.stakes.protection import bars, demanded, protections_of, reach
from sim.types import Reason, Stage

NOBODY = {"courts": {"complaint_rate": 0.0, "parliament_rate": 0.0, "leak_rate": 0.0}, "compliance": {"temptation": 0.0}}
CALM = {"courts": {"leak_rate": 0.0}, "compliance": {"temptation": 0.0}}
"""People may sue, and parties reckon with it; in the first month nobody does."""
SURE = {**NOBODY, "courts": {**NOBODY["courts"], "reading": 0.02}}

CHEAP = {"law": {"cost_safeguards": 5.0, "cost_redress": 5.0}}


def test_cases_of_the_court_of_justice_take_22_to_92_months_and_half_of_them_no_more_than_30() -> None:
    assert [pending_months(u, 22, 30, 92) for u in (1e-12, 0.5, 1 - 1e-12)] == [22, 30, 92]
    drawn = [pending_months((k + 0.5) / 1000, 22, 30, 92) for k in range(1000)]
    assert np.median(drawn) == 30 and min(drawn) >= 22 and max(drawn) <= 92
    assert {pending_months(u / 10, 12.4, 12.4, 12.4) for u in range(1, 10)} == {12}


@given(margin=st.floats(-0.9, 0.9), more=st.floats(0.0, 0.5), sigma=st.floats(0.01, 0.3))
def test_a_wider_margin_is_never_struck_more_often(margin: float, more: float, sigma: float) -> None:
    assert 0.0 <= strike_chance(margin + more, sigma) <= strike_chance(margin, sigma) <= 1.0


def test_a_text_at_the_bar_falls_in_half_of_all_cases_and_one_standard_deviation_above_in_a_sixth() -> None:
    assert strike_chance(0.0, 0.1) == 0.5
    assert strike_chance(0.1, 0.1) == pytest.approx(0.158655, abs=1e-6)
    assert [strike_chance(m, 0.0) for m in (-0.1, 0.0, 0.1)] == [1.0, 0.0, 0.0]
    # What the court asks is drawn so that it strikes with that chance: 4,000 draws, false alarm below 1e-6.
    struck = np.mean([stricter((k + 0.5) / 4000, 0.1) > 0.05 for k in range(4000)])
    assert struck == pytest.approx(strike_chance(0.05, 0.1), abs=5 * math.sqrt(0.25 / 4000))


def test_safe_harbour_fails_both_tests_and_the_decision_on_argentina_passes_them() -> None:
    world = world_of()
    pair, row = group(world, ("EU", "USA")), harbour(world)
    given_, asked = protections_of(world, pair, world.instruments["text"][[row]]), bars(world, pair)
    assert (given_ < asked).all() and given_[0, 0] == pytest.approx(0.5)
    assert given_[0, 1] == pytest.approx(1.0 - reach(world, pair)[0])


def test_complaints_go_by_the_share_of_data_exposed_and_by_salience_and_need_a_court() -> None:
    world = world_of()
    pairs = group(world, ("EU", "USA"), ("EU", "CAN"), ("USA", "EU"))
    live(world, 1)
    rate = complaints(world, pairs, np.ones(3))
    assert rate[0] == pytest.approx(0.3 * reach(world, pairs)[0]) and rate[0] > 5 * rate[1] > 0.0
    # Tripled salience triples them; where nobody may sue there are none.
    assert complaints(world, pairs, np.full(3, 3.0)) == pytest.approx(3.0 * rate)
    world.standing[:] = 0.0
    assert complaints(world, pairs, np.ones(3)).tolist() == [0.0, 0.0, 0.0]


def test_without_a_court_nothing_is_taken_to_court_and_nothing_is_annulled() -> None:
    world = without_courts(world_of(mechanisms={"courts": {"complaint_rate": 1.0, "parliament_rate": 0.5, "leak_rate": 2.0}}))
    live(world, 60)
    assert len(world.cases) == 0 and not events(world, "complaint") and not events(world, "ANNULMENT")


def test_without_a_plaintiff_there_is_no_case() -> None:
    assert len(live(world_of(mechanisms=NOBODY), 60).cases) == 0


def test_complaints_come_at_their_rate_by_the_luck_of_the_instrument() -> None:
    world = world_of(mechanisms={**NOBODY, "courts": {**NOBODY["courts"], "complaint_rate": 1.0}})
    row = harbour(world)
    who = identities([world.instrument_identity(row)])
    while not len(world.cases):
        pair, month = group(world, ("EU", "USA")), world.month
        engine.step(world)
    assert world.cases["instrument"][0] == row and world.cases["filed"][0] == month
    rate = float(complaints(world, pair, np.ones(1))[0])
    assert uniforms(world.seed, luck.COMPLAINT, month, who, index=0)[0] < -math.expm1(-rate / 12.0)
    assert uniforms(world.seed, luck.COMPLAINT, month - 1, who, index=0)[0] > -math.expm1(-rate / 12.0)


def test_what_is_struck_is_annulled_after_the_months_of_grace_and_binds_nobody_from_the_next_month() -> None:
    world = world_of(mechanisms=SURE)
    row = harbour(world)
    pair = group(world, ("EU", "USA"))
    kind, edge = int(world.instruments["type"][row]), int(pair.edge[0])
    case = file_case(world, row, due=world.month + 2)
    live(world, 3)
    assert world.cases["outcome"][case] == STRUCK and world.cases["ends"][case] == world.month - 1 + 3
    assert stage(world, row) is Stage.IN_FORCE and [one["value"] for one in events(world, "ruling")] == [1.0]
    live(world, 3)
    # The month of the annulment is the last in which it binds.
    assert stage(world, row) is Stage.ANNULLED and world.instruments["ended"][row] == world.month - 1
    assert world.in_force[kind, edge] and not derive_in_force(world)[kind, edge] and world.effect[edge] > 0.0
    told = events(world, "ANNULMENT")
    assert [(one["instrument"], one["reason"]) for one in told] == [(row, Reason.STRUCK_DOWN)]
    live(world, 1)
    assert not world.in_force[kind, edge] and world.effect[edge] == 0.0
    assert (world.adherence["stage"][world.adherence["instrument"] == row] == Stage.ANNULLED).all()


def test_an_annulment_takes_back_what_the_framework_gave_and_no_more() -> None:
    two = [world_of(mechanisms=SURE), world_of(mechanisms=SURE)]
    row = harbour(two[0])
    file_case(two[0], row, due=two[0].month)
    for world in two:
        live(world, 5)
    pair = group(two[0], ("EU", "USA"))
    edge, back = int(pair.edge[0]), int(pair.back[0])
    assert two[0].effect[edge] == 0.0 and two[1].effect[edge] == pytest.approx(0.08)
    lost = two[0].trade[back] / two[1].trade[back]
    # By 0.08 less of itself, a little more because the importer then buys more of everybody: between the two bounds.
    assert 1.0 / 1.08 < lost < 1.0
    # All that the importer buys, at home and abroad, is what it was: bought of others and at home makes up for it.
    judges = [two[0].setting.codes.index(code) for code in ("DEU", "FRA")]
    for judge in judges:
        others = [world.imports[judge] for world in two]
        assert others[0] < others[1]


def test_who_signs_learns_from_a_ruling_and_asks_everybody_for_half_of_what_was_lacking() -> None:
    world = world_of(mechanisms=SURE)
    row, pair = harbour(world), group(world, ("EU", "USA"), ("EU", "KOR"))
    case = file_case(world, row, due=world.month)
    assert demanded(world, pair)[0].tolist() == world.safeguards[pair.second].tolist()
    live(world, 1)
    asked = min(1.0, 0.85 + float(world.cases["asked"][case]))
    assert world.asked_safeguards[pair.first[0]] == pytest.approx(0.5 + 0.5 * (asked - 0.5))
    assert (demanded(world, pair)[0] >= world.asked_safeguards[pair.first[0]]).all()
    assert world.asked_redress[pair.first[0]] == 0.0


def test_a_court_strikes_what_protects_no_better_than_what_it_has_struck_before() -> None:
    world = world_of(mechanisms=SURE)
    row = harbour(world)
    court = int(world.instruments["first"][row])
    world.cases.append(instrument=row, court=court, outcome=STRUCK, margin=0.2, filed=world.month - 30, due=world.month - 1)
    assert courts(world)._struck_before(world, court) == pytest.approx(0.2)
    assert courts(world)._struck_before(world, court + 1) == -np.inf


def test_a_case_on_what_has_ended_by_itself_is_moot() -> None:
    world = world_of(mechanisms=SURE)
    row = harbour(world)
    case = file_case(world, row, due=world.month + 1)
    engine.step(world)
    move(world, row, Stage.TERMINATED, Reason.WOULD_LOSE)
    live(world, 2)
    assert world.cases["outcome"][case] == MOOT and not events(world, "ruling")


def test_a_text_well_above_the_bar_is_upheld_and_stays() -> None:
    world = world_of(mechanisms=SURE)
    row = harbour(world)
    world.instruments["text"][row, :2] = 1.0
    case = file_case(world, row, due=world.month)
    live(world, 6)
    assert world.cases["outcome"][case] == UPHELD and world.cases["margin"][case] == pytest.approx(0.15)
    assert stage(world, row) is Stage.IN_FORCE and world.asked_safeguards.max() == 0.0


def test_a_parliament_sues_over_access_to_data_alone() -> None:
    kinds = {one.name: getattr(one, "challenged_by", {}) for one in world_of().setting.types}
    assert kinds["law_enforcement_access"] == {"parliament": (0, 1)}
    assert kinds["adequacy_decision"] == kinds[FRAMEWORK] == {"people": (0,)}
    assert not kinds["digital_trade_agreement"] and not kinds["infrastructure_pact"]


def test_after_an_annulment_talks_open_at_once_and_their_teams_meet_three_times_a_month() -> None:
    world = world_of(mechanisms={**SURE, **CHEAP})
    row = harbour(world)
    file_case(world, row, due=world.month)
    live(world, 4)
    assert stage(world, row) is Stage.ANNULLED
    talk = int(np.flatnonzero(world.talks["succeeds"] == row)[0])
    assert world.talks["pressed"][talk] and world.talks["opened"][talk] == world.month - 1
    live(world, 1)
    assert world.talks["n_contacts"][talk] >= 3
    live(world, 3)
    assert world.talks["closed"][talk] - world.instruments["ended"][row] <= 4
    new = int(np.flatnonzero(world.instruments["successor_of"] == row)[0])
    assert world.instruments["text"][new, 0] >= world.asked_safeguards[world.instruments["first"][row]]


def test_without_a_deadline_the_same_talks_take_longer() -> None:
    months = {}
    for sessions in (0, 3):
        world = world_of(mechanisms={**SURE, **CHEAP, "courts": {**SURE["courts"], "deadline_sessions": sessions}})
        row = harbour(world)
        file_case(world, row, due=world.month)
        live(world, 60)
        talk = int(np.flatnonzero(world.talks["succeeds"] == row)[0])
        months[sessions] = int(world.talks["closed"][talk]) - int(world.talks["opened"][talk])
    assert months[3] <= 4 < months[0]


def test_a_leak_is_on_peoples_minds_at_once_and_half_of_it_three_years_later() -> None:
    world = world_of(mechanisms=NOBODY)
    usa = world.setting.codes.index("USA")
    courts(world)._heed(world)
    before = float(world.salience[usa])
    world.leaked[usa] = 1.0
    courts(world)._heed(world)
    after = float(world.salience[usa])
    assert after == pytest.approx(1.0 + (before - 1.0) * 0.5 ** (1 / 36) + 8.0)
    world.leaked[:] = 0.0
    for _ in range(36):
        courts(world)._heed(world)
    assert world.salience[usa] == pytest.approx(1.0 + (after - 1.0) / 2.0)
    assert [one["party_a"] for one in events(world, "leak")] == [usa]


def test_leaks_as_recorded_come_in_their_months_and_a_twin_has_none() -> None:
    shocked = live(world_of(mechanisms=NOBODY, shocks=[{"kind": "leak"}]), 12)
    usa = shocked.setting.codes.index("USA")
    assert [(one["party_a"], one["month"], round(one["value"], 6)) for one in events(shocked, "leak")] == [(usa, 12 * 2001 + 6, 0.3)]
    assert not events(live(world_of(mechanisms=NOBODY), 12), "leak")


def test_a_run_that_starts_later_begins_with_what_earlier_leaks_have_left() -> None:
    world = world_of(mechanisms=NOBODY, start="2014-06", end="2014-12")
    usa = world.setting.codes.index("USA")
    left = sum(8.0 * size * 0.5 ** (age / 36) for size, age in ((1.0, 12), (0.3, 96), (0.3, 155)))
    assert world.salience[usa] == pytest.approx(1.0 + left)


def test_what_may_be_struck_is_worth_less_and_the_risk_is_told_exactly_at_the_text_at_which_it_is_foreseen() -> None:
    world = live(world_of(mechanisms=CALM), 1)
    pair, kind = group(world, ("EU", "USA")), kind_of(world, FRAMEWORK)
    told = dict(kind.coefficients(world, pair).terms)
    value = sum(bp for name, bp in told.items() if name != "court")
    made = kind.coefficients(world, pair)
    usa = world.safeguards[pair.second], world.redress[pair.second]
    text = np.array([[0.5 * (1.0 + usa[0][0]), 0.5 * (1.0 + usa[1][0]), *np.zeros(world.instruments["text"].shape[1] - 2)]])
    assert at_text(made, world, pair, text) == pytest.approx(0.0, abs=1e-12)
    margin = float((protections_of(world, pair, text) - bars(world, pair)).min())
    rate = 0.3 * reach(world, pair)[0] * NormalDist().cdf(-margin / 0.1)
    held = np.exp(-0.1 * 30 / 12) * rate / (0.1 + rate)
    slope = {issue: bp for issue, name, bp in made.parts if name == "court"}
    foreseen = told["court"] + slope["safeguards"] * text[0, 0] + slope["redress"] * text[0, 1]
    assert foreseen == pytest.approx(-held * np.maximum(value, 0.0), rel=1e-9)


def test_a_deeper_text_is_worth_more_because_it_lasts_and_most_so_where_the_hazard_is_as_large_as_the_discount() -> None:
    world = live(world_of(mechanisms=CALM), 1)
    pair, kind = group(world, ("EU", "USA")), kind_of(world, FRAMEWORK)

    def slope(rate: float) -> np.ndarray:
        part(world, "courts", complaint_rate=rate)
        return sum(bp for _, name, bp in kind.coefficients(world, pair).parts if name == "court")

    some = [float(slope(rate)[0, 0]) for rate in (0.02, 0.1, 0.3, 1.0)]
    assert 0.0 < some[0] < some[1] < some[2] and some[3] < some[2]
    part(world, "courts", foreseen=False)
    assert "court" not in dict(kind.coefficients(world, pair).terms)


def test_undertakings_go_deeper_where_a_court_is_foreseen() -> None:
    texts = {}
    for foreseen in (True, False):
        world = live(world_of(mechanisms={**CALM, "courts": {**CALM["courts"], "foreseen": foreseen}}), 1)
        texts[foreseen] = midway(kind_of(world, FRAMEWORK).coefficients(world, group(world, ("EU", "USA"))).dyads())[0, :2]
    assert (texts[True] > texts[False]).any() and (texts[True] >= texts[False]).all()


def test_where_nobody_may_sue_nothing_is_foreseen() -> None:
    world = live(world_of(mechanisms=CALM), 1)
    pair = group(world, ("EU", "USA"))
    world.standing[:] = 0.0
    assert "court" not in dict(kind_of(world, FRAMEWORK).coefficients(world, pair).terms)


def test_what_has_fallen_is_looked_up_only_where_a_case_is_due_or_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_of(mechanisms=SURE)
    row, honest, looked = harbour(world), type(courts(world))._fallen, list[int]()
    monkeypatch.setattr(type(courts(world)), "_fallen", lambda self, world: looked.append(world.month) or honest(self, world))
    live(world, 3)
    assert not looked
    due = world.month + 2
    file_case(world, row, due=due)
    live(world, 6)
    assert looked == [due]


def test_of_two_cases_on_one_text_the_second_is_moot_once_the_first_has_struck_it() -> None:
    world = world_of(mechanisms=SURE)
    row = harbour(world)
    some = [file_case(world, row, due=world.month, plaintiff=0), file_case(world, row, due=world.month, plaintiff=1)]
    some.append(file_case(world, row, due=world.month + 1, plaintiff=1))
    live(world, 2)
    assert world.cases["outcome"][some].tolist() == [STRUCK, MOOT, MOOT]
    assert len(events(world, "ruling")) == 1
