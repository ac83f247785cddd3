"""Finite tables: what is refused, how texts are sorted and found, and both protocols against their plain telling."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import tables_plain
from worlds import another_process

from sim.bargains.ranking import first_not_finite
from sim.bargains.tables import MOST_NUMBERS, Ranks, Tables, additive, checked, ranked, tables_of
from sim.contracts import OWN, ask, complete
from sim.registry import shelf
from sim.types import Status, UserError

PROTOCOLS = shelf("protocol")
TACTICS = tuple(tables_plain.EXPONENT)
NASH = PROTOCOLS.build("nash")
FLOATS = st.floats(-3.0, 3.0, allow_subnormal=False)
FEW = st.integers(0, 4).map(float)
"""Few different utilities: many texts worth the same."""


@st.composite
def tables(draw, most_parties=4, most_texts=40, crowd=False):
    """Draw a few tables of odd lengths, with reservation values among the utilities, below and above them."""
    n = draw(st.integers(2, most_parties))
    column = draw(st.sampled_from((FLOATS, FEW)))
    sizes = draw(st.lists(st.integers(1, most_texts), min_size=1, max_size=3))
    rows = [[draw(st.lists(column, min_size=size, max_size=size)) for _ in range(n)] for size in sizes]
    if crowd:  # one far text crowds all others into one slot
        rows = [[[*row, 1e9] for row in table] for table in rows]
    r = [[draw(st.one_of(st.just(-5.0), column, st.just(3.5))) for _ in range(n)] for _ in sizes]
    d = [[value - draw(st.sampled_from((0.0, 1.0))) for value in row] for row in r]
    raw = [[draw(st.sampled_from((1, 1, 2))) for _ in range(n)] for _ in sizes]
    return tables_of(rows, r, d, [[one / sum(row) for one in row] for row in raw])


def plain(array):
    return [[float(u) for u in row] for row in array]


def on_tables(deadline, tactic, second):
    return PROTOCOLS.build("alternating_offers", {"deadline_rounds": deadline, "tactic": tactic, "tactic_second": second})


@pytest.mark.slow
@given(tables(crowd=True) | tables(), st.sampled_from(TACTICS), st.sampled_from(TACTICS), st.integers(2, 30), st.booleans(), st.data())
def test_compiled_offers_are_the_plain_ones_for_any_number_of_parties(given_tables, tactic, second, deadline, docking, data):
    protocol = on_tables(deadline, tactic, second)
    first = np.array([data.draw(st.integers(0, given_tables.n_parties - 1)) for _ in range(len(given_tables))])
    for t in (given_tables, ranked(given_tables)):
        found, log = protocol.replay_table(t, first, record=True, docking=docking)
        for m in range(len(t)):
            table = plain(t.of(m))
            status, step, text, offers = tables_plain.alternating_offers(table, t.r[m], int(first[m]), deadline, tactic, second, docking)
            assert (Status(found.status[m]).name, found.step[m], found.text[m]) == (status, step, text)
            mine = log.talk == m
            assert list(zip(log.step[mine], log.proposer[mine], log.text[mine], strict=True)) == offers
            if text >= 0:
                assert found.utility[m].tolist() == [row[text] for row in table]


@given(tables())
def test_nash_on_a_table_is_the_largest_product_and_the_earliest_of_equals(t):
    found = NASH.solve_table(t)
    for m in range(len(t)):
        text = tables_plain.nash(plain(t.of(m)), t.d[m], t.r[m], t.weight[m].tolist())
        same = text == found.text[m]
        if not same and len(set(t.weight[m])) > 1:  # unequal weights: logarithms may round a tie either way
            mine, other = (float(t.weight[m] @ np.log(t.of(m)[:, x] - t.d[m])) for x in (found.text[m], text))
            same = abs(mine - other) < 1e-12
        assert same
        assert found.status[m] == (Status.NO_ZONE if text < 0 else Status.AGREED)
        assert np.isnan(found.utility[m]).all() == (text < 0)


@given(tables(), st.sampled_from(PROTOCOLS.names()))
def test_a_protocol_solves_tables_or_says_why_not_and_nobody_signs_below_reservation(t, name):
    protocol = PROTOCOLS.build(name)
    try:
        found = protocol.solve_table(t)
    except UserError as refusal:
        assert str(refusal).startswith(f"protocol {name!r} does not bargain over finite tables: ")
        return
    agreed = found.status == Status.AGREED
    assert (found.utility[agreed] >= t.r[agreed]).all()
    assert (found.text[~agreed] == -1).all()
    np.testing.assert_array_equal(agreed, (found.text >= 0) & (found.text < np.diff(t.start)))


@given(tables())
def test_no_text_is_better_for_all_than_the_one_nash_finds(t):
    found = NASH.solve_table(t)
    for m in np.flatnonzero(found.status == Status.AGREED):
        table, own = t.of(m), found.utility[m][:, None]
        assert not ((table >= own).all(axis=0) & (table > own + 1e-9).any(axis=0)).any()


@given(tables(crowd=True, most_texts=200, most_parties=2) | tables(most_texts=200, most_parties=2))
def test_sorted_texts_are_in_order_and_equals_keep_theirs(t):
    ranks = ranked(t).ranks
    for a, z in zip(t.start[:-1], t.start[1:], strict=True):
        for i in range(t.n_parties):
            np.testing.assert_array_equal(ranks.order[i, a:z], np.argsort(t.utility[i, a:z], kind="stable"))
            np.testing.assert_array_equal(ranks.value[i, a:z], np.sort(t.utility[i, a:z]))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(1, 3), st.integers(2, 4), st.data())
def test_additive_tables_are_summed_in_issue_order_with_the_last_issue_fastest(sizes, m, n, data):
    def draw(k):
        return [[data.draw(st.lists(FLOATS, min_size=k, max_size=k)) for _ in range(n)] for _ in range(m)]

    weights, values = draw(len(sizes)), draw(sum(sizes))
    t = additive(weights, values, sizes, r=np.zeros((m, n)))
    for row in range(m):
        assert plain(t.of(row)) == [tables_plain.additive(weights[row][i], values[row][i], sizes) for i in range(n)]


@given(tables(), st.sampled_from(TACTICS))
def test_a_second_table_beside_the_first_changes_nothing(t, tactic):
    protocol = on_tables(20, tactic, "same")
    whole = protocol.solve_table(t), NASH.solve_table(t)
    for m in range(len(t)):
        alone = tables_of([t.of(m)], t.r[[m]], t.d[[m]], t.weight[[m]])
        for one, found in zip((protocol.solve_table(alone), NASH.solve_table(alone)), whole, strict=True):
            assert (one.text[0], one.status[0], one.step[0]) == (found.text[m], found.status[m], found.step[m])


def test_nash_ties_go_to_the_earliest_text_and_nobody_signs_for_nothing():
    t = tables_of([[[1.0, 6.0, 2.0, 3.0], [6.0, 1.0, 3.0, 2.0]], [[0.0, 1.0], [1.0, 0.0]]], r=np.zeros((2, 2)))
    found = NASH.solve_table(t)
    assert found.text.tolist() == [0, -1]
    assert found.status.tolist() == [Status.AGREED, Status.NO_ZONE]


def test_nash_keeps_to_weights_and_to_outside_options():
    table = [[9.0, 5.0, 1.0], [1.0, 5.0, 9.0]]
    t = tables_of([table] * 3, r=[[0, 0], [0, 0], [6, 0]], d=np.zeros((3, 2)), weight=[[0.5, 0.5], [0.1, 0.9], [0.5, 0.5]])
    assert NASH.solve_table(t).text.tolist() == [1, 2, 0]


@pytest.mark.parametrize("parties", [2, 10])
def test_a_hundred_thousand_texts_are_bargained_over(parties):
    column = np.linspace(0.0, 1.0, 100_000)
    rows = [column if i % 2 else 1.0 - column for i in range(parties)]
    t = tables_of([rows], r=np.zeros((1, parties)))
    assert abs(NASH.solve_table(t).text[0] - 50_000) <= 1
    assert on_tables(20, "linear", "same").solve_table(t).status[0] == Status.AGREED


def test_in_docking_only_a_hopeless_party_goes_on_and_the_other_may_take_its_best_text():
    t = tables_of([[[0.0, 0.4, 0.9], [1.0, 0.5, 0.95]]], r=[[2.0, 0.0]])
    protocol = on_tables(20, "linear", "same")
    assert protocol.solve_table(t).status[0] == Status.NO_ZONE
    assert protocol.replay_table(t, docking=True)[0].text[0] == 2


def test_in_docking_only_an_offer_just_below_what_is_asked_wins_if_nearer():
    asked = 2.0 / 3.0 - 0.001
    t = tables_of([[[0.0, asked - 5e-7, asked + 6e-7, 1.0], [0.0, 0.1, 0.2, 0.05]]], r=[[0.0, 0.0]])
    protocol = on_tables(2, "linear", "same")
    for docking, text in ((False, 2), (True, 1)):
        assert protocol.replay_table(t, record=True, docking=docking)[1].text[0] == text


GOOD = tables_of([[[0.0, 0.6, 1.0], [1.0, 0.7, 0.0]], [[0.5], [0.5]]], r=np.zeros((2, 2)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"utility": np.array([[0.0, 1.0, np.nan, 1.0], [0.0] * 4])}, "negotiation 0, party 0, text 2: utility = nan"),
        ({"utility": np.array([[0.0] * 4, [0.0, 1.0, 0.0, np.inf]])}, "negotiation 1, party 1, text 0: utility = inf"),
        ({"utility": np.array([[0.0, 1.0, 0.0, 0.0]])}, "at least two parties"),
        ({"utility": np.array([["much", "a", "b", "c"]] * 2)}, "not a number"),
        ({"start": np.array([0, 4, 4])}, "negotiation 1 has no text"),
        ({"start": np.array([0, 5, 4])}, "negotiation 1 has no text"),
        ({"start": np.array([0, 3, 5])}, "0 to the 4 texts"),
        ({"start": np.array([0.0, 3.0, 4.0])}, "whole numbers"),
        ({"start": np.array([0])}, "M at least 1"),
        ({"r": np.zeros((2, 3))}, r"r has shape \(2, 3\); \(2, 2\) was expected"),
        ({"r": np.array([[0.0, 0.0], [0.0, -1.0]])}, "negotiation 1, party 1: r = -1"),
        ({"d": np.array([[0.0, np.nan], [0.0, 0.0]])}, "negotiation 0, party 1: d = nan"),
        ({"weight": np.array([[0.5, 0.5], [1.0, 0.0]])}, "negotiation 1, party 1: weight = 0"),
        ({"weight": np.array([[0.5, 0.4], [0.5, 0.5]])}, "sum to one"),
        ({"ranks": Ranks(np.zeros((2, 3), np.int32), np.zeros((2, 3)))}, r"make them by ranked"),
    ],
)
def test_unsound_tables_are_refused_with_the_place_and_what_was_expected(change, words):
    with pytest.raises(UserError, match=words):
        checked(dataclasses.replace(GOOD, **change))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: tables_of([], r=[]), "no negotiation"),
        (lambda: tables_of([[[1.0], [2.0]], [[1.0]] * 3], r=np.zeros((2, 2))), "negotiation 1: the table has shape"),
        (lambda: tables_of([[[1.0, 2.0], [1.0]]], r=[[0, 0]]), "rows of different lengths"),
        (lambda: tables_of([[[], []]], r=[[0, 0]]), "negotiation 0 has no text"),
        (lambda: tables_of([[[1.0, 2.0]]], r=[[0]]), "at least two parties"),
        (lambda: additive(np.ones((1, 2, 1)), np.ones((1, 2, 2)), (), r=[[0, 0]]), "at least one option"),
        (lambda: additive(np.ones((1, 2, 1)), np.ones((1, 2, 2)), (0,), r=[[0, 0]]), "at least one option"),
        (lambda: additive(np.ones((1, 2, 3)), np.ones((1, 2, 4)), (2, 2), r=[[0, 0]]), "weights has shape"),
        (lambda: additive(np.ones((1, 2, 2)), np.ones((1, 2, 5)), (2, 2), r=[[0, 0]]), "values has shape"),
        (lambda: additive(np.ones((1, 2, 30)), np.ones((1, 2, 60)), (2,) * 30, r=[[0, 0]]), f"at most {MOST_NUMBERS}"),
        (lambda: on_tables(20, "linear", "same").solve_table(GOOD, first=2), "one of the parties 0 to 1"),
    ],
)
def test_what_cannot_be_built_is_refused_in_one_sentence(build, words):
    with pytest.raises(UserError, match=words):
        build()


def test_a_sound_table_is_not_copied():
    assert checked(GOOD) is GOOD


@given(st.lists(FLOATS, min_size=1, max_size=20), st.integers(0, 19), st.sampled_from((np.nan, np.inf, -np.inf)))
def test_the_one_number_that_is_not_finite_is_found(row, at, bad):
    utility = np.array([row, row])
    assert first_not_finite(utility) == (-1, -1)
    utility[1, at % len(row)] = bad
    assert first_not_finite(utility) == (1, at % len(row))


def test_a_protocol_without_tables_refuses_with_the_reason_it_gives():
    silent, telling = SimpleNamespace(), SimpleNamespace(no_tables="it needs an ideal point")
    for cls, reason in ((silent, "coefficients"), (telling, "it needs an ideal point")):
        complete("protocol", cls)
        with pytest.raises(UserError, match=rf"protocol 'mine' does not bargain over finite tables: .*{reason}"):
            cls.solve_table(SimpleNamespace(name="mine"), GOOD)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda found: None, "must give TableOutcomes"),
        (lambda found: dataclasses.replace(found, text=found.text[:1]), "must give text as an array"),
        (lambda found: dataclasses.replace(found, status=np.array([9, 9], np.int8)), "gave a status"),
        (lambda found: dataclasses.replace(found, text=np.array([1, 1], np.int32)), "not in the table"),
        (lambda found: dataclasses.replace(found, status=np.zeros(2, np.int8)), "-1 is expected"),
    ],
)
def test_what_a_part_of_a_user_makes_of_tables_is_checked_as_it_comes_back(change, words):
    def solve_table(self, tables):
        return change(NASH.solve_table(tables))

    cls = type("Mine", (), {"__module__": OWN + "mine", "kind": "protocol", "name": "mine", "solve_table": solve_table})
    ask("protocol", cls)
    with pytest.raises(UserError, match=words):
        cls().solve_table(GOOD)


def bits():
    """Return the bytes of both protocols' answers on tables of a few sizes, as text."""
    grid = np.arange(2 * 3 * 7 * 5, dtype=float).reshape(2, 3, 35)
    t = tables_of([np.sin(1.0 + grid[0]), np.cos(grid[1])], r=np.full((2, 3), -0.5), d=np.full((2, 3), -2.0))
    found, log = on_tables(20, "boulware", "conceder").replay_table(t, record=True)
    warm = on_tables(20, "boulware", "conceder").solve_table(ranked(t))
    arrays = (found.text, found.utility, log.text, log.proposer, warm.text, NASH.solve_table(t).text)
    return b"".join(np.ascontiguousarray(array).tobytes() for array in arrays).hex()


def test_compiled_and_plain_kernels_agree_to_the_bit_on_tables():
    assert another_process("from test_tables import bits; print(bits())", CLOUD_DIPLOMACY_JIT="off") == bits()


def test_tables_know_their_own_size():
    assert isinstance(GOOD, Tables) and (len(GOOD), GOOD.n_parties, GOOD.of(1).tolist()) == (2, 2, [[0.5], [0.5]])
