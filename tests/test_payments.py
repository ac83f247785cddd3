"""A side payment settles what no text alone could: who gains pays who loses, with an overhead, and nobody else is paid."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reference.problem_draws import problem_sets
from scipy.optimize import minimize
from test_agents import first_difference
from torn import TORN
from worlds import EAGER, QUICK, lived, setting_of, tree

from sim.bargains.problems import Outcomes, Problems
from sim.protocols.nash import Nash
from sim.stakes.payments import compensated, richest_text, yearly_payment
from sim.state.world import World
from sim.types import Status


def two(gain: tuple[float, float], weight: float = 0.5) -> Problems:
    """Return one problem whose single text is worth these gains (bp) over no agreement."""
    one = np.ones((1, 2, 1))
    return Problems(
        a=np.array([gain]), b=0 * one, w=one, theta=0 * one, d=np.zeros((1, 2)), r=np.zeros((1, 2)),
        lo=np.zeros((1, 1)), hi=np.zeros((1, 1)), weight=np.array([[weight, 1.0 - weight]]),
    )  # fmt: skip


def settle(problems: Problems, gdp: tuple[float, float] = (1e12, 1e11), overhead: float = 0.1) -> Outcomes:
    return compensated(problems, Nash().solve(problems), np.array([gdp] * len(problems)), overhead)


def test_who_gains_pays_who_loses() -> None:
    found = settle(two((4.0, -10.0)))
    assert found.status[0] == Status.AGREED
    assert found.transfer is not None
    assert found.transfer[0, 0] < 0.0 < found.transfer[0, 1]
    assert (found.utility[0] > 0.0).all()


def test_the_payment_is_the_split_worked_out_by_hand() -> None:
    """G = 400 and -100 million USD; m = 0.5 * 400 / 1.1 + 0.5 * 100."""
    found = settle(two((4.0, -10.0)))
    assert yearly_payment(found.transfer, np.array([[1e12, 1e11]])) == pytest.approx([200e6 / 1.1 + 50e6])
    assert settle(two((-1.0, 40.0))).transfer is not None
    assert yearly_payment(settle(two((-1.0, 40.0))).transfer, np.array([[1e12, 1e11]]))[0] < 0.0


def test_what_both_like_already_is_not_priced() -> None:
    found = settle(two((4.0, 10.0)))
    assert found.transfer is not None
    assert (found.transfer == 0.0).all()
    assert found.utility.tolist() == [[4.0, 10.0]]


@pytest.mark.parametrize(("gain", "settled"), [((1.0, -9.0), True), ((1.0, -9.2), False), ((-1.0, -1.0), False), ((0.0, -1.0), False)])
def test_money_helps_exactly_where_it_covers_loss_and_overhead(gain: tuple[float, float], settled: bool) -> None:
    """100 million against 90 (99 with the overhead) or 92 (101.2)."""
    assert bool(settle(two(gain)).status[0] == Status.AGREED) is settled


def test_an_overhead_costs_the_payer() -> None:
    cheap, dear = settle(two((4.0, -10.0)), overhead=0.0), settle(two((4.0, -10.0)), overhead=0.5)
    assert cheap.utility[0, 0] > dear.utility[0, 0]


@given(problem_sets(zone=False), st.integers(0, 2**32))
def test_the_richest_text_is_the_one_a_general_optimiser_finds(problems: Problems, salt: int) -> None:
    assume((problems.lo <= problems.hi).all())
    gdp = np.exp(np.random.Generator(np.random.Philox(salt)).uniform(20.0, 30.0, (len(problems), 2)))
    text = richest_text(problems, gdp)
    for m in range(len(problems)):
        share = gdp[m] / gdp[m].sum()

        def loss(x: Any, m: int = m, share: Any = share) -> float:
            gap = x - problems.theta[m]
            return -float((share[:, None] * (problems.b[m] * x - problems.w[m] * gap * gap)).sum())

        bounds = list(zip(problems.lo[m], problems.hi[m], strict=True))
        best = minimize(loss, 0.5 * (problems.lo[m] + problems.hi[m]), bounds=bounds, method="L-BFGS-B")
        assert loss(text[m]) <= best.fun + 1e-6 * (1.0 + abs(best.fun))


@given(problem_sets(zone=False), st.floats(0.0, 0.5))
def test_nobody_is_worse_off_and_the_money_adds_up(problems: Problems, overhead: float) -> None:
    gdp = (3e12, 5e10)
    before, found = Nash().solve(problems), settle(problems, gdp, overhead)
    assert found.transfer is not None
    paid = (found.transfer != 0.0).any(axis=1)
    assert (before.status[paid] == Status.NO_ZONE).all()
    assert (found.utility[paid] >= problems.r[paid]).all()
    money = found.transfer[paid] * np.array(gdp) / 1e4
    received, spent = money.max(axis=1), -money.min(axis=1)
    assert spent == pytest.approx((1.0 + overhead) * received, rel=1e-9)


def test_ratifiers_weigh_the_money_too() -> None:
    from sim.bargains.winset import Pivots

    plain = two((4.0, -10.0))
    hostile = Pivots(plain.a, plain.b, plain.w, plain.theta, np.array([[0.0, 500.0]]), np.array([[False, True]]))
    assert settle(dataclasses.replace(plain, pivot=hostile)).status[0] == Status.NO_WIN_SET
    mild = dataclasses.replace(hostile, d=np.array([[0.0, 1.0]]))
    assert settle(dataclasses.replace(plain, pivot=mild)).status[0] == Status.AGREED


ROSTER = {"states": TORN["roster"]["states"]}
MECHANISMS = {**EAGER, "bargaining": {**EAGER["bargaining"], "side_payments": True, "reach": 1.0}, "contacts": {"hour_price": 3.0}}
PAYING = tree(agreements=QUICK, roster=ROSTER, mechanisms=MECHANISMS)


def test_payments_are_made_while_in_force_and_add_up() -> None:
    world: World = lived(PAYING, 8)
    i = world.instruments
    paying = np.flatnonzero((i["payment"] != 0.0) & (i["in_force"] >= 0))
    assert len(paying) > 0
    assert world.paid.sum() == pytest.approx(world.received.sum() + world.overhead.sum(), rel=1e-12)
    row = int(paying[0])
    receiver = int(i["second" if i["payment"][row] > 0.0 else "first"][row])
    end = int(i["ended"][row]) if i["ended"][row] >= 0 else world.month
    # Paid from the month after entry, and in the month in which it ends no more, because terms end before payments are made.
    due = abs(float(i["payment"][row])) / 12.0 * (end - 1 - int(i["in_force"][row]))
    assert world.received[receiver] >= due * (1 - 1e-12) > 0.0


def test_the_lever_is_off_unless_it_is_moved() -> None:
    assert not (lived(TORN).instruments["payment"] != 0.0).any()


@pytest.mark.parametrize("seed", [7, 8])
def test_agents_and_engine_agree_about_money(seed: int) -> None:
    assert first_difference(setting_of(PAYING | {"end": "2021-10"}), seed) is None
