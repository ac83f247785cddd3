"""Tit-for-tat: what the other concedes is answered in kind, in the coefficient form and on finite tables."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from offers import in_parts, log_of
from reference import tables_plain
from reference.problem_draws import one_problem, problem_sets, random_problems, ratified_sets, rescaled
from reference.protocols_plain import alternating_offers
from test_tables import tables

from sim.bargains.concession import asked_in_kind
from sim.bargains.problems import Talks
from sim.protocols import alternating_offers as alternating_module
from sim.protocols.alternating_offers import OVER_TIME, AlternatingOffers
from sim.types import Status

APART = one_problem(b=[[0.0]] * 2, w=[[1.0]] * 2, theta=[[0.0], [1.0]], d=(-0.3, -0.3))


def test_a_side_gives_way_by_the_share_of_the_gap_that_the_other_closed():
    assert asked_in_kind(0.8, 10.0, 2.0, 6.0, 1) == pytest.approx(0.4)
    assert asked_in_kind(0.8, 10.0, 2.0, 6.0, 4) == pytest.approx(0.8 * (1 - 0.5 / 4))
    assert asked_in_kind(0.8, 10.0, 6.0, 2.0, 1) == 1.0
    assert asked_in_kind(0.4, 10.0, 2.0, 2.0, 1) == 0.4
    assert asked_in_kind(0.4, 10.0, 11.0, 2.0, 1) == asked_in_kind(0.4, 10.0, 2.0, 11.0, 1) == 0.4


def test_the_third_offer_is_even_and_the_fourth_answers_it():
    _, log = log_of(APART, tactic="tit_for_tat")
    first, second, third, fourth = log.text[:4, 0]
    assert (first, second) == (0.0, 1.0)
    assert third == pytest.approx(np.sqrt(0.3 * 3 / 21), abs=1e-12)  # asks for 18/21 of what it can gain: even, as nobody has conceded yet
    left = (1.0 - third) ** 2  # of the gap of 1 between text 0 and what the other side likes best
    assert fourth == pytest.approx(1.0 - np.sqrt(0.3 * (1.0 - left * 19 / 21)), abs=1e-12)


@given(st.integers(0, 2**32), st.sampled_from(OVER_TIME))
def test_who_faces_a_side_that_only_repeats_itself_does_not_give_way_either(seed, tactic):
    problems = random_problems(np.random.default_rng(seed), 6, 4, careless=0.0)
    unmoved = dataclasses.replace(problems, r=problems.r.copy())
    best = AlternatingOffers(deadline_rounds=2, tactic=tactic).advance(problems, Talks.opened(0, 6, problems.n_issues), 1, record=True)[1]
    for m, value in zip(best.talk, best.utility[:, 0], strict=True):
        unmoved.r[m, 0] = value  # the first side has nothing to give
    found, log = log_of(unmoved, tactic=tactic, tactic_second="tit_for_tat")
    for m in range(6):
        mine = log.utility[(log.talk == m) & (log.proposer == 1), 1]
        assert len(mine) < 3 or found.status[m] == Status.AGREED or np.ptp(mine[1:]) <= 1e-6 * (1.0 + abs(mine[1]))


@examples(25)
@given(ratified_sets(n=3), st.sampled_from((*OVER_TIME, "tit_for_tat")), st.booleans(), st.integers(1, 5))
def test_with_ratifiers_too_any_split_of_the_rounds_gives_the_same_bits(problems, tactic, leads, some):
    chosen = {"tactic": "tit_for_tat", "tactic_second": tactic} if leads else {"tactic": tactic, "tactic_second": "tit_for_tat"}
    protocol = AlternatingOffers(deadline_rounds=12, **chosen)
    whole, _ = log_of(problems, 12, **chosen)
    text, _, _ = in_parts(protocol, problems, lambda _: some)
    assert text.tobytes() == whole.text.tobytes()


@given(problem_sets(n=5), st.sampled_from(OVER_TIME), st.sampled_from(("none", "concessions")))
def test_nobody_offers_or_signs_less_than_its_reservation_value(problems, tactic, learning):
    found, log = log_of(problems, tactic=tactic, tactic_second="tit_for_tat", learning=learning)
    assert (log.utility[np.arange(len(log.talk)), log.proposer] >= problems.r[log.talk, log.proposer]).all()
    agreed = found.status == Status.AGREED
    assert (found.utility[agreed] >= problems.r[agreed]).all()


@given(problem_sets(n=5, gentle=True))
def test_the_unit_of_a_party_moves_no_offer_of_one_who_imitates(problems):
    one, other = (AlternatingOffers(tactic="tit_for_tat").solve(p) for p in (problems, rescaled(problems, [4.0, 0.5], [0.0, 0.0])))
    assert one.text.tobytes() == other.text.tobytes()


def test_who_faces_a_side_that_answers_in_kind_settles_sooner_and_fails_more_often():
    problems = random_problems(np.random.default_rng(11), 300, 8, careless=0.0)
    even, kind = (AlternatingOffers(tactic="linear", tactic_second=second).solve(problems) for second in ("linear", "tit_for_tat"))
    assert np.median(kind.step) < np.median(even.step)
    assert (kind.status == Status.AGREED).sum() < (even.status == Status.AGREED).sum()


def ended(problems, caution=None, **chosen):
    """Say how compiled sides and plain sides end, negotiation by negotiation, where no answer is near a tie."""
    learning = {} if caution is None else {"learning": "concessions", "caution": caution}
    found, _ = log_of(problems, 20, **chosen, **learning)
    told = [alternating_offers(problems, m, 0, 20, *chosen.values(), caution) for m in range(len(problems))]
    clear = [m for m in range(len(problems)) if told[m][4] > 1e-9]
    return [(Status(found.status[m]).name, int(found.step[m])) for m in clear], [told[m][:2] for m in clear]


SHARE, IMITATES = 8, 9
"""Places of what is spoilt among the arguments of the kernel."""


@pytest.mark.parametrize(
    ("place", "spoilt"),
    [(IMITATES, lambda _: np.zeros(2, np.bool_)), (IMITATES, lambda _: np.ones(2, np.bool_)), (SHARE, lambda share: share * 0.9)],
    ids=["it gives way over time", "both imitate", "it asks for a tenth less"],
)
def test_a_fault_planted_in_the_imitation_is_found_by_the_plain_sides(place, spoilt, monkeypatch):
    honest = alternating_module.hold_rounds
    problems = random_problems(np.random.default_rng(3), 40, 4)
    mine, plain = ended(problems, tactic="boulware", tactic_second="tit_for_tat")
    assert mine == plain
    monkeypatch.setattr(alternating_module, "hold_rounds", lambda *given: honest(*given[:place], spoilt(given[place]), *given[place + 1 :]))
    mine, plain = ended(problems, tactic="boulware", tactic_second="tit_for_tat")
    assert mine != plain


@given(tables(most_parties=4), st.integers(2, 30), st.booleans(), st.booleans())
def test_on_tables_of_any_number_of_parties_it_is_the_plain_one_with_and_without_the_ways_of_the_peer(t, deadline, docking, both):
    chosen = ("tit_for_tat" if both else "linear", "tit_for_tat")
    protocol = AlternatingOffers(deadline_rounds=deadline, tactic=chosen[0], tactic_second=chosen[1])
    found, log = protocol.replay_table(t, 0, record=True, docking=docking)
    for m in range(len(t)):
        table = [[float(u) for u in row] for row in t.of(m)]
        status, step, text, offers = tables_plain.alternating_offers(table, t.r[m], 0, deadline, *chosen, docking)
        assert (Status(found.status[m]).name, found.step[m], found.text[m]) == (status, step, text)
        mine = log.talk == m
        assert list(zip(log.step[mine], log.proposer[mine], log.text[mine], strict=True)) == offers
