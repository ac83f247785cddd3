"""Learning from concessions: what a side believes the other wants, what it makes of it, and what it says when it was wrong."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from offers import in_parts, log_of
from reference.problem_draws import one_problem, problem_sets, random_problems, ratified_sets
from reference.protocols_plain import alternating_offers
from reference.tables_plain import EXPONENT

from sim.bargains.belief import believed_loss, believed_salience, misjudged
from sim.bargains.fair import distance_to_frontier
from sim.bargains.tables import tables_of
from sim.protocols import alternating_offers as alternating_module
from sim.protocols.alternating_offers import AlternatingOffers
from sim.types import Status, UserError

LEARNERS = {"learning": "concessions"}


def salience(f, y, z, caution=0.1):
    believed = np.empty(len(f))
    believed_salience(np.array(f), np.array(y), np.array(z), caution, believed)
    return believed


def test_the_less_is_conceded_on_an_issue_the_more_it_is_believed_to_matter():
    believed = salience(f=[0.0, 0.0, 0.0, 0.5], y=[0.0, 0.5, 1.0, 0.5], z=[1.0, 1.0, 1.0, 0.5])
    assert believed.tolist() == pytest.approx([11.0, 1.0, 1 / 11, 1.0])
    assert salience([0.0, 0.0], [0.2, 0.8], [1.0, 1.0], caution=1e9) == pytest.approx(1.0)


def test_who_minimises_an_even_distance_shows_its_salience_up_to_a_factor():
    w, mu = np.array([0.3, 1.0, 2.0]), 0.7
    y = 1.0 / (1.0 + mu * w)  # best of -sum (x - 1)^2 - mu sum w x^2: ideal point 0, the other's 1
    believed = salience(np.zeros(3), y, np.ones(3), caution=1e-12)
    assert believed / believed[0] == pytest.approx(w / w[0])


@given(problem_sets(n=5), st.sampled_from(tuple(EXPONENT)))
def test_each_later_offer_is_the_one_of_its_own_value_that_the_other_is_believed_to_like_best(problems, tactic):
    _, log = log_of(problems, tactic=tactic, **LEARNERS)
    rng = np.random.default_rng(0)
    for m in range(5):
        mine = np.flatnonzero(log.talk == m)
        for at in mine[2:6]:
            me, step = int(log.proposer[at]), int(log.step[at])
            said = [log.text[mine[s]] for s in range(step)]
            f, y, z = said[1 - step % 2], said[-1], said[step % 2]
            believed = salience(f, y, z)
            p = problems.take([m])
            others = p.lo + (p.hi - p.lo) * rng.random((400, p.n_issues))
            others = np.concatenate([others, log.text[at] + 0.05 * (others - log.text[at])])
            worth = p.a[0, me] + (p.b[0, me] * others - p.w[0, me] * (others - p.theta[0, me]) ** 2).sum(axis=1)
            loss = (believed * (others - f) ** 2).sum(axis=1)[worth >= log.utility[at, me]]
            least = believed_loss(f, believed, log.text[at])
            enough = p.a[0, me] + (p.b[0, me] * y - p.w[0, me] * (y - p.theta[0, me]) ** 2).sum() >= log.utility[at, me] - 1e-12
            assert (loss >= least - 1e-9 * (1.0 + least)).all() or (enough and log.text[at].tolist() == y.tolist())


@examples(25)
@given(ratified_sets(n=3), st.sampled_from(tuple(EXPONENT)), st.integers(1, 5))
def test_with_ratifiers_too_any_split_of_the_rounds_gives_the_same_bits(problems, tactic, some):
    protocol = AlternatingOffers(deadline_rounds=10, tactic=tactic, **LEARNERS)
    whole, _ = log_of(problems, 10, tactic=tactic, **LEARNERS)
    text, status, _ = in_parts(protocol, problems, lambda _: some)
    assert (text.tobytes(), status.tobytes()) == (whole.text.tobytes(), whole.status.tobytes())


@pytest.mark.parametrize("careless", [0.0, 0.3])
def test_two_who_learn_come_nearer_to_the_frontier_and_fail_no_more_often(careless):
    problems = random_problems(np.random.default_rng(11), 400, 8, careless=careless)
    deaf, learners, timid = (AlternatingOffers(**how).solve(problems) for how in ({}, LEARNERS, {**LEARNERS, "caution": 10.0}))
    far = [np.nanmedian(distance_to_frontier(problems, found)) for found in (deaf, learners, timid)]
    assert far[1] < 0.5 * far[0]
    assert far[1] < 0.9 * far[2]  # it is salience that helps, and not the first offer alone
    assert (learners.status == Status.AGREED).sum() >= (deaf.status == Status.AGREED).sum()


def test_a_side_was_wrong_if_it_believed_its_offer_to_be_no_worse_for_the_other_than_the_others_own():
    first = np.array([[1.0, 1.0], [0.0, 0.0]])
    right = np.array([[0.5, 0.5], [0.2, 0.2]])
    wrong = np.array([[0.0, 0.6], [0.3, 0.5]])  # party 0 believes that the first issue matters most to party 1, which gave least there
    assert not misjudged(right, first, 0, 0.1)
    assert not misjudged(np.full((2, 2), np.nan), np.full((2, 2), np.nan), 0, 0.1)
    assert misjudged(wrong, first, 0, 0.1) and not misjudged(wrong, first, 1, 0.1)
    assert not misjudged(wrong, first, 0, 10.0)


def narrow(n=400):
    """Return problems in which the zone is thin or missing."""
    problems = random_problems(np.random.default_rng(5), n, 4, zone=False)
    return dataclasses.replace(problems, r=problems.r + 0.3 * np.abs(problems.d))


def test_only_who_learns_can_misjudge_and_does_so_at_the_deadline_only():
    deaf, _ = log_of(narrow())
    found, _ = log_of(narrow(), **LEARNERS)
    wrong = found.status == Status.MISJUDGED
    assert 0 < wrong.sum() < (found.status == Status.DEADLINE).sum()
    assert (found.step[wrong] == 20).all() and np.isnan(found.text[wrong]).all()
    assert not (deaf.status == Status.MISJUDGED).any()


def told_and_found(problems):
    found, _ = log_of(problems, 12, **LEARNERS)
    told = [alternating_offers(problems, m, 0, 12, "linear", "linear", 0.1) for m in range(len(problems))]
    clear = [m for m in range(len(problems)) if told[m][4] > 1e-9]
    return [(Status(found.status[m]).name, int(found.step[m])) for m in clear], [told[m][:2] for m in clear]


LEARNS, CAUTION = 10, 11
"""Places of what is spoilt among the arguments of the kernel."""


@pytest.mark.parametrize(("place", "spoilt"), [(LEARNS, False), (CAUTION, 10.0)], ids=["nobody learns", "all issues count alike"])
def test_a_fault_planted_in_the_learning_is_found_by_the_plain_sides(place, spoilt, monkeypatch):
    mine, plain = told_and_found(narrow(60))
    assert mine == plain
    honest = alternating_module.hold_rounds
    monkeypatch.setattr(alternating_module, "hold_rounds", lambda *given: honest(*given[:place], spoilt, *given[place + 1 :]))
    mine, plain = told_and_found(narrow(60))
    assert mine != plain


def test_a_table_tells_no_distance_so_that_learning_is_refused_there():
    with pytest.raises(UserError, match="learning='none' was expected"):
        AlternatingOffers(**LEARNERS).solve_table(tables_of([[[0.0, 1.0], [1.0, 0.0]]], r=[[0.0, 0.0]]))


def test_on_one_issue_there_is_nothing_to_learn_and_offers_are_those_of_a_side_that_does_not():
    apart = one_problem(b=[[0.0]] * 2, w=[[1.0]] * 2, theta=[[0.1], [0.9]], d=(-1.0, -1.0))
    deaf, learner = (log_of(apart, **how)[1] for how in ({}, LEARNERS))
    np.testing.assert_allclose(learner.text, deaf.text, atol=1e-12)
