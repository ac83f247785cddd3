"""A seat that is played: its offers are tabled, the other side answers by its own rule, and those at home still have their say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from seats import PACT, ROUNDS, SOLVED, STILL_ROUNDS, STILL_SOLVED, TORN_ROUNDS, between, closed, game, heard, table, talk, until
from worlds import lively

from sim.bargains.problems import Problems
from sim.game import Game
from sim.seat.hand import worth_to
from sim.seat.legal import problem_of
from sim.types import ISSUES, Reason, TalkStage


def text_in(played: Game) -> dict[str, float]:
    """Return the text that the talks agreed on."""
    world = played.world
    row = row_of(played)
    return {issue: float(world.talks["text"][row, k]) for k, issue in enumerate(world.setting.words.issues)}


def row_of(played: Game, identity: str = PACT) -> int:
    return next(row for row in range(len(played.world.talks)) if played.world.talk_identity(row) == identity)


def test_walking_away_closes_the_talks_with_a_reason_of_its_own() -> None:
    played = table()
    played.advance()
    played.play([{"kind": "walk_away", "talk": PACT}])
    told = played.advance()
    assert [(row["event"], row["reason"]) for row in told if row["negotiation"] == PACT and row["event"] != "move"] == [
        ("negotiation_failed", "walked_away")
    ]
    assert played.world.talks["reason"][row_of(played)] == Reason.WALKED_AWAY
    assert played.score().played.walked_away == 1
    assert played.score().model.walked_away == 0


@pytest.mark.parametrize("tree", [ROUNDS, SOLVED], ids=["rounds", "solved"])
def test_who_walked_away_may_come_back_only_after_the_rest(tree: dict[str, Any]) -> None:
    played = table(tree)
    played.advance()
    played.play([{"kind": "walk_away", "talk": PACT}])
    played.advance(3)
    assert not any(one.other == "GBR" and one.type == "infrastructure_pact" for one in played.openings())


def test_an_offer_is_tabled_as_it_stands_until_it_is_changed() -> None:
    played = table()
    view = until(played, heard)
    assert view is not None
    text = between(view, 0.05)
    played.play([{"kind": "offer", "talk": PACT, "text": text}])
    while (now := talk(played)) is not None and now.rounds_left == view.rounds_left:
        played.advance()
    played.advance(2)
    after = talk(played)
    assert after is not None
    assert {one.issue: one.mine for one in after.issues} == text
    assert after.standing["offer"] == text
    offers = played.world.offers
    mine = (offers["talk"] == row_of(played)) & (offers["proposer"] == played.world.setting.party("USA"))
    assert np.ptp(offers["text"][mine][-2:], axis=0).max() == 0.0


def test_the_other_side_answers_an_offer_by_its_own_rule() -> None:
    """The first share of the way at which GBR accepts is where its own aspiration of that round says so, by the protocol alone."""
    answers, expected = [], []
    for share in (0.3, 0.6, 0.8, 1.0):
        played = table()
        # Near the deadline GBR asks for so little that a text may be worth having to both.
        view = until(played, lambda one: heard(one) and one is not None and (one.rounds_left or 0) <= 8)
        assert view is not None
        row, text = row_of(played), between(view, share)
        played.play([{"kind": "offer", "talk": PACT, "text": text}])
        held = int(played.world.talks["step"][row])
        while int(played.world.talks["step"][row]) == held:
            problem = problem_of(played.world, row)
            played.advance()
        answers.append(bool(played.world.talks["stage"][row] == TalkStage.CONCLUDED))
        side = 0 if played.world.talks["first"][row] == played.world.setting.party("GBR") else 1
        # GBR opened the talks, so USA speaks in the rounds of odd number.
        asked = played.setting.config.protocol.aspiration_shares()[0, held if held % 2 else held + 1]
        best = best_level(problem, side)
        least = problem.r[0, side] + asked * (worth_to(problem, side, best) - problem.r[0, side])
        expected.append(worth_to(problem, side, np.array([text.get(issue, 0.0) for issue in played.setting.words.issues])) >= least)
    assert answers == expected
    assert answers[-1] and not answers[0]


def best_level(problem: Problems, side: int) -> np.ndarray:
    w, tilt = problem.w[0, side], problem.b[0, side]
    wish = problem.theta[0, side] + tilt / np.where(w > 0.0, 2.0 * w, 1.0)
    return np.clip(wish, problem.lo[0], problem.hi[0])


def test_taking_the_last_offer_signs_exactly_that_text() -> None:
    # In the month of these talks nobody takes office, so the text is worth to who signs what it was worth to who read it.
    played = table(STILL_ROUNDS)
    view = until(played, lambda one: heard(one) and one is not None and one.gain is not None and one.gain > 0.0)
    assert view is not None
    played.play([{"kind": "accept", "talk": PACT}])
    played.advance()
    assert talk(played) is None
    assert {issue: level for issue, level in text_in(played).items() if issue in (view.tabled or {})} == view.tabled
    assert played.score().played.gain_signed == pytest.approx(view.gain, rel=1e-9)


def test_who_refuses_signs_only_what_it_tabled_itself() -> None:
    quick = lively(protocol={"name": "alternating_offers", "deadline_rounds": 30})
    played, untouched = table(quick), table(quick)
    played.advance()
    played.play([{"kind": "refuse", "talk": PACT}, {"kind": "red_line", "talk": PACT, "issue": "hosting_control", "at_least": 0.7}])
    assert closed(played)["event"] == closed(untouched)["event"] == "negotiation_concluded"
    assert text_in(played)["hosting_control"] >= 0.7 > text_in(untouched)["hosting_control"]
    assert (by_whom(played), by_whom(untouched)) == ("USA", "GBR")


def by_whom(played: Game) -> str:
    """Name who tabled the text that was signed."""
    offers, row = played.world.offers, row_of(played)
    last = int(np.flatnonzero(offers["talk"] == row)[-1])
    assert offers["text"][last].tolist() == played.world.talks["text"][row].tolist()
    return played.world.setting.codes[int(offers["proposer"][last])]


def test_red_lines_hold_in_every_offer_and_in_what_is_signed() -> None:
    played, free = table(), table()
    played.advance()
    played.play([{"kind": "red_line", "talk": PACT, "issue": "hosting_control", "at_least": 0.75}])
    assert closed(played)["event"] == closed(free)["event"] == "negotiation_concluded"
    offers, me = played.world.offers, played.world.setting.party("USA")
    mine = (offers["talk"] == row_of(played)) & (offers["proposer"] == me)
    k = ISSUES.index("hosting_control")
    assert mine.sum() >= 3
    assert offers["text"][mine][:, k].min() >= 0.75 - 1e-12
    assert text_in(played)["hosting_control"] >= 0.75 > text_in(free)["hosting_control"]


def test_a_declared_position_moves_a_solved_text_its_way() -> None:
    # As above, nobody takes office on this seed as the talks conclude.
    played, free = table(STILL_SOLVED, seed=13), table(STILL_SOLVED, seed=13)
    for one in (played, free):
        one.advance()
    position = {"ideal": 0.0, "salience": 1.0}
    played.play([{"kind": "set_position", "talk": PACT, "issue": "infrastructure", **position}])
    row, talks = row_of(played), played.world.talks
    while talks["stage"][row] == TalkStage.OPEN:
        problem = problem_of(played.world, row)
        played.advance()
    assert closed(played)["event"] == closed(free)["event"] == "negotiation_concluded"
    assert text_in(played)["infrastructure"] < text_in(free)["infrastructure"] - 0.02
    true = [worth_to(problem, side, talks["text"][row]) for side in (0, 1)]
    assert talks["utility"][row].tolist() == pytest.approx(true, rel=1e-9), "what is told is what it is truly worth"
    side, k = int(talks["first"][row] != played.world.setting.party("USA")), ISSUES.index("infrastructure")
    problem.theta[0, side, k], problem.w[0, side, k] = position["ideal"], position["salience"]
    assert abs(worth_to(problem, side, talks["text"][row]) - true[side]) > 0.01 * abs(true[side])


def test_a_refusal_keeps_a_solved_text_from_being_signed_until_it_is_lifted() -> None:
    played = table(SOLVED)
    played.advance()
    played.play([{"kind": "refuse", "talk": PACT}])
    view = until(played, lambda one: one is None or one.contacts_left == 0)
    assert view is not None and view.tabled is not None
    played.advance(2)
    assert talk(played) is not None
    played.play([{"kind": "accept", "talk": PACT}])
    assert closed(played)["event"] == "negotiation_concluded"


def test_talks_that_are_proposed_open_and_nobody_elses_luck_is_touched() -> None:
    quiet = lively(protocol={"name": "alternating_offers"})
    quiet["mechanisms"] = {**quiet["mechanisms"], "bargaining": {"propose_rate": 0.0, "desks": 8.0, "staff_price": 0.0}}
    played = game(quiet, seat="IDN")
    opening = next(iter(played.openings()), None)
    played.advance()
    opening = opening or played.openings()[0]
    played.play([{"kind": "propose", "type": opening.type, "other": opening.other}])
    told = played.advance()
    assert [(row["type"], {row["party_a"], row["party_b"]}) for row in told if row["event"] == "negotiation_opened"] == [
        (opening.type, {"IDN", opening.other})
    ]
    assert [view.other for view in played.inbox()] == [opening.other]
    assert played.score().model.talks == 0


def test_handing_back_leaves_the_seat_to_the_model_again() -> None:
    played = table()
    view = until(played, heard)
    assert view is not None
    played.play([{"kind": "offer", "talk": PACT, "text": between(view, 0.05)}])
    played.advance()
    played.play([{"kind": "hand_back", "talk": PACT}])
    played.advance()
    now = talk(played)
    assert now is not None and now.standing == {"offer": None, "refuses": False, "positions": {}, "red_lines": {}}


def test_ratifiers_at_home_can_still_reject_what_the_player_signed() -> None:
    """Whoever takes every offer it could sign is let down at home now and then: it only believes what its ratifiers want."""
    lost = []
    for seat, seed in (("IDN", 10), ("BRA", 14)):
        played = game(TORN_ROUNDS, seat=seat, seed=seed)
        while not played.over:
            for view in played.inbox():
                if view.tabled and view.utility is not None and view.utility >= view.reservation_value and view.home.consents:
                    played.play([{"kind": "accept", "talk": view.talk}])
            played.advance()
        taken = {move.talk for move in played.moves}
        lost += [row for row in played.news("2019-01") if row["event"] == "ratification_failed" and row["negotiation"] in taken
                 and row["party_a"] == seat and row["reason"] == "not_ratified"]  # fmt: skip
    assert lost
