"""Protocols: the axioms each claims, alternating offers round by round, and its plain twin."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from offers import in_parts
from reference import optimiser
from reference.problem_draws import bits, one_problem, problem_sets, random_problems, rescaled, swapped, utilities
from reference.protocols_plain import EXPONENT, alternating_offers
from worlds import another_process

from sim.bargains.frontier import best_texts
from sim.bargains.problems import Outcomes, Talks
from sim.registry import shelf
from sim.types import ModelFault, Status, UserError

PROTOCOLS = shelf("protocol")
OFFERS = PROTOCOLS.build("alternating_offers", {"deadline_rounds": 20})
TACTICS = tuple(EXPONENT)
CAUTION = st.sampled_from((None, None, 0.1, 1.0))
"""None: the sides do not learn."""


def _individually_rational(protocol, problems):
    found = protocol.solve(problems)
    agreed = found.status == Status.AGREED
    assert (found.utility[agreed] >= problems.r[agreed]).all()
    assert np.isnan(found.text[~agreed]).all()


def _efficient(protocol, problems):
    found = protocol.solve(problems)
    for m in np.nonzero(found.status == Status.AGREED)[0]:
        here = dataclasses.replace(problems.take([m]), d=found.utility[[m]], r=found.utility[[m]])
        unit = float(np.abs(problems.w[m]).max() + np.abs(problems.b[m]).max())
        assert optimiser.widest_margin(here, 0)[0] <= 1e-7 * unit


def _symmetric(protocol, problems):
    there = protocol.solve(swapped(problems))
    found = protocol.solve(problems)
    np.testing.assert_array_equal(found.status, there.status)
    np.testing.assert_allclose(found.text, there.text, atol=1e-9)


def _scale_invariant(protocol, problems):
    found, there = protocol.solve(problems), protocol.solve(rescaled(problems, [250.0, 0.03], [-2.0, 1.0]))
    np.testing.assert_array_equal(found.status, there.status)
    np.testing.assert_allclose(found.text, there.text, atol=1e-7)


def _monotone(protocol, problems):
    """Give one party more of every text and leave the other's ideal as it is: the first must not lose."""
    best, _ = best_texts(problems)
    across = np.stack([utilities(problems, best[:, 1])[:, 0], utilities(problems, best[:, 0])[:, 1]], axis=1)
    floor = across - 0.1 * (1.0 + np.abs(across))
    before = dataclasses.replace(problems, d=floor, r=floor)
    unit = np.abs(problems.w).max(axis=(1, 2)) + np.abs(problems.b).max(axis=(1, 2))
    for i in range(2):
        for k in range(problems.n_issues):
            b, a = before.b.copy(), before.a.copy()
            b[:, i, k] += 0.5 * unit
            a[:, i] -= 0.5 * unit * before.lo[:, k]
            one, two = protocol.solve(before), protocol.solve(dataclasses.replace(before, a=a, b=b))
            assert (one.status == Status.AGREED).all() and (two.status == Status.AGREED).all()
            assert (two.utility[:, i] >= one.utility[:, i] - 1e-7 * unit).all()


AXIOMS = {
    "monotone": _monotone,
    "individually_rational": _individually_rational,
    "efficient": _efficient,
    "symmetric": _symmetric,
    "scale_invariant": _scale_invariant,
}


@pytest.mark.parametrize(("name", "claim"), [(n, c) for n in PROTOCOLS.names() for c in PROTOCOLS.get(n).claims])
@examples(15)
@given(problems=problem_sets(gentle=True))
def test_every_protocol_keeps_the_axioms_it_claims(name, claim, problems):
    AXIOMS[claim](PROTOCOLS.build(name), problems)


def _dictator(p):
    return best_texts(p)[0][:, 0]


def _midpoint(p):
    return 0.5 * (p.lo + p.hi)


def _utilitarian(p):
    return np.clip((p.w * p.theta + p.b / 2).sum(axis=1) / p.w.sum(axis=1), p.lo, p.hi)


class Faulty:
    """A protocol that always agrees, on the text of a rule that keeps not all axioms."""

    def __init__(self, rule):
        self.rule = rule

    def solve(self, p):
        text = self.rule(p)
        return Outcomes(text, utilities(p, text), np.full(len(p), Status.AGREED, np.int8), np.zeros(len(p), np.int32))


@pytest.mark.parametrize(
    ("claim", "rule"),
    [("individually_rational", _dictator), ("efficient", _midpoint), ("symmetric", _dictator), ("scale_invariant", _utilitarian)],
)
def test_each_axiom_check_catches_a_rule_that_breaks_it(claim, rule):
    apart = one_problem(b=[[0.0, 0.0]] * 2, w=[[4.0, 1.0], [1.0, 4.0]], theta=[[0.0, 0.0], [1.0, 1.0]], d=(-2.0, -2.0))
    with pytest.raises(AssertionError):
        AXIOMS[claim](Faulty(rule), apart)


def test_the_nash_point_is_caught_to_be_not_monotone():
    rng = np.random.default_rng(0)
    with pytest.raises(AssertionError):
        _monotone(PROTOCOLS.build("nash"), random_problems(rng, 400, 3, gentle=True))


def test_what_is_claimed_is_a_word_that_a_check_stands_behind():
    for name in PROTOCOLS.names():
        assert set(PROTOCOLS.get(name).claims) <= set(AXIOMS), name


@given(problem_sets(n=3), st.data())
def test_any_split_of_the_rounds_gives_the_same_bits(problems, data):
    chosen = {"tactic": data.draw(st.sampled_from(TACTICS)), "learning": data.draw(st.sampled_from(("none", "concessions")))}
    protocol = PROTOCOLS.build("alternating_offers", {"deadline_rounds": 12, **chosen})
    first = np.array([0, 1, 0])
    whole = protocol.solve(problems, first)
    text, status, step = in_parts(protocol, problems, lambda rows: np.array([data.draw(st.integers(1, 5)) for _ in rows]), first)
    assert text.tobytes() == whole.text.tobytes()
    np.testing.assert_array_equal(status, whole.status)
    np.testing.assert_array_equal(step, whole.step)


@given(problem_sets(n=6), st.sampled_from(TACTICS), st.sampled_from(TACTICS), st.integers(2, 30), st.booleans(), CAUTION)
def test_the_compiled_rules_agree_with_two_plain_sides_that_see_only_offers(problems, tactic, second, deadline, zone, caution):
    if not zone:
        problems = dataclasses.replace(problems, r=problems.r + 0.5 * np.abs(problems.d))
    learning = {} if caution is None else {"learning": "concessions", "caution": caution}
    protocol = PROTOCOLS.build("alternating_offers", {"deadline_rounds": deadline, "tactic": tactic, "tactic_second": second, **learning})
    first = np.arange(6) % 2
    talks = Talks.opened(first, 6, problems.n_issues)
    found, log = protocol.advance(problems, talks, np.full(6, deadline), record=True)
    for m in range(6):
        status, step, text, offers, narrowest = alternating_offers(problems, m, int(first[m]), deadline, tactic, second, caution)
        if narrowest < 1e-9:
            continue
        assert (Status(found.status[m]).name, int(found.step[m])) == (status, step)
        mine = log.talk == m
        assert log.proposer[mine].tolist() == [me for me, _ in offers]
        if offers:
            np.testing.assert_allclose(log.text[mine], [x for _, x in offers], atol=1e-9)
        if text is not None:
            np.testing.assert_allclose(found.text[m], text, atol=1e-9)


@pytest.mark.parametrize(("n", "k"), [(1, 2), pytest.param(60, 8, marks=pytest.mark.slow)])
def test_compiled_and_plain_kernels_agree_to_the_bit(n, k):
    code = f"from reference.problem_draws import bits; print(bits({n}, {k}))"
    assert another_process(code, CLOUD_DIPLOMACY_JIT="off") == bits(n, k)


@pytest.mark.parametrize(("tactic", "half"), [("boulware", 1 - 0.5**4), ("linear", 0.5), ("conceder", 1 - 0.5**0.25)])
def test_aspiration_half_way_to_the_deadline_is_the_known_value(tactic, half):
    shares = PROTOCOLS.build("alternating_offers", {"deadline_rounds": 19, "tactic": "linear", "tactic_second": tactic}).aspiration_shares()
    assert shares[1, 9] == pytest.approx(half, abs=1e-15)
    assert shares[0].tolist() == [1 - (s + 1) / 20 for s in range(19)]


def test_each_first_offer_is_the_own_best_text_and_even_rounds_belong_to_the_first_proposer():
    apart = one_problem(b=[[0.0]] * 2, w=[[1.0]] * 2, theta=[[0.1], [0.9]], d=(-1.0, -1.0))
    _, log = OFFERS.advance(apart, Talks.opened(1, 1, 1), [20], record=True)
    assert log.proposer[:3].tolist() == [1, 0, 1]
    assert log.step.tolist() == list(range(len(log.step)))
    assert log.text[:2, 0].tolist() == [0.9, 0.1]
    # round 2 of 20: aspiration -1 + (1 - 3/21), so (x - 0.9)^2 = 3/21 and the nearest such text to 0.1 is below 0.9
    assert log.text[2, 0] == pytest.approx(0.9 - np.sqrt(3 / 21), abs=1e-12)


@given(problem_sets(n=5), st.sampled_from(TACTICS))
def test_an_offer_is_never_worth_less_to_its_maker_than_it_aspires_to(problems, tactic):
    protocol = PROTOCOLS.build("alternating_offers", {"tactic": tactic})
    _, log = protocol.advance(problems, Talks.opened(0, 5, problems.n_issues), np.full(5, 20), record=True)
    assert (log.utility[np.arange(len(log.talk)), log.proposer] >= problems.r[log.talk, log.proposer]).all()


@given(problem_sets(n=5))
def test_swapping_parties_and_first_proposer_changes_nothing_but_names(problems):
    one, other = OFFERS.solve(problems, 0), OFFERS.solve(swapped(problems), 1)
    assert one.text.tobytes() == other.text.tobytes()
    np.testing.assert_array_equal(one.step, other.step)


@given(problem_sets(n=5, gentle=True))
def test_the_unit_of_a_party_moves_no_offer(problems):
    one, other = OFFERS.solve(problems), OFFERS.solve(rescaled(problems, [4.0, 0.5], [0.0, 0.0]))
    assert one.text.tobytes() == other.text.tobytes()


def test_a_side_that_cannot_gain_anywhere_ends_the_talk_at_once():
    hopeless = one_problem(b=[[0.0]] * 2, w=[[1.0]] * 2, theta=[[0.1], [0.9]], d=(-1.0, -1.0), r=(-1.0, 0.1))
    found = OFFERS.solve(hopeless)
    assert (found.status[0], found.step[0]) == (Status.NO_ZONE, 0)


def test_a_zone_neither_side_reaches_ends_at_the_deadline_and_an_empty_box_has_no_text():
    apart = one_problem(b=[[0.0]] * 2, w=[[1.0]] * 2, theta=[[0.0], [1.0]], d=(-0.2, -0.2))
    found = OFFERS.solve(apart)
    assert (found.status[0], found.step[0]) == (Status.DEADLINE, 20)
    empty = dataclasses.replace(apart, lo=apart.hi + 1.0)
    assert OFFERS.solve(empty).status[0] == Status.NO_TEXT


def test_a_last_offer_outside_a_box_that_has_moved_is_taken_into_it():
    apart = one_problem(b=[[0.0]] * 2, w=[[1.0]] * 2, theta=[[0.1], [0.9]], d=(-1.0, -1.0))
    talks = Talks.opened(0, 1, 1)
    OFFERS.advance(apart, talks, [2])
    narrower = dataclasses.replace(apart, lo=np.array([[0.3]]), hi=np.array([[0.7]]))
    _, log = OFFERS.advance(narrower, talks, [20], record=True)
    assert log.step[0] == 2
    assert ((log.text >= 0.3) & (log.text <= 0.7)).all()


def test_wrong_talks_and_wrong_first_proposers_are_refused():
    apart = one_problem(b=[[0.0]] * 2, w=[[1.0]] * 2, theta=[[0.1], [0.9]], d=(-1.0, -1.0))
    with pytest.raises(UserError, match="party 0 or party 1"):
        OFFERS.solve(apart, first=2)
    with pytest.raises(UserError, match="at least 0"):
        OFFERS.advance(apart, Talks.opened(0, 1, 1), [-1])
    with pytest.raises(ModelFault, match="1 problems of 1 issues"):
        OFFERS.advance(apart, Talks.opened(0, 2, 1), [1])
