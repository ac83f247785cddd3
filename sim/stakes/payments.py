r"""Money added to a text that one side alone could not sign: a yearly side payment, in closed form, with an overhead on top.

Where no text leaves both sides better off, the text with the largest gain in money is taken, and who gains by it pays the other:

.. math:: x^* = \arg\max_x \sum_i Y_i u_i(x), \quad G_i = \frac{Y_i}{10^4} (u_i(x^*) - r_i), \quad
          m = \frac{\alpha_q G_p}{1 + o} - \alpha_p G_q

``Y`` GDP, ``G`` gains over the reservation value and ``m`` the payment that the receiver q gets from the payer p (USD a year; p pays
``(1 + o) m``); ``alpha`` bargaining weights. ``m`` is the Nash split of the money at ``x*``; both are better off exactly where
``G_p + (1 + o) G_q > 0``. In basis points of own GDP the payment adds ``10^4 m / Y_q`` to q and takes ``10^4 (1 + o) m / Y_p`` from p;
executives and ratifiers alike weigh it.

Source: Nash (1953), Econometrica 21 (transferable utility with weights: Roth 1979); Barrett (2003), "Environment and Statecraft"
(side payments buy the consent of those who would lose). Departs from them in paying only where the text alone finds no zone: what is
good for both already is not priced.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.bargains.feasible import feasible
from sim.bargains.problems import Floats, Outcomes, Problems
from sim.bargains.winset import Bools
from sim.bargains.worth import worth
from sim.stakes.payoffs import BP
from sim.types import Status


def compensated(problems: Problems, outcomes: Outcomes, gdp: Floats, overhead: float, able: Bools | None = None) -> Outcomes:
    """Return outcomes in which negotiations without a zone are settled with a side payment, where one can do it.

    Parameters
    ----------
    problems : Problems
        M problems.
    outcomes : Outcomes
        What a protocol made of them.
    gdp : float64 (M, 2)
        USD a year.
    overhead : float
        Share of a payment that is lost on top of it, o.
    able : bool (M,) or None
        Where a payment may be made; None for everywhere.

    Returns
    -------
    Outcomes
        With ``transfer`` (M, 2), bp of own GDP a year, negative for who pays; the utilities of paid texts hold the payment.
    """
    p = problems
    out = dataclasses.replace(
        outcomes,
        text=outcomes.text.copy(),
        utility=outcomes.utility.copy(),
        status=outcomes.status.copy(),
        transfer=np.zeros((len(p), 2)),
    )
    text = richest_text(p, gdp)
    utility = worth(p, text)
    gain = gdp / BP * (utility - p.r)
    payer = np.argmax(gain, axis=1)
    rows = np.arange(len(p))
    weight, mine, theirs = p.weight[rows, payer], gain[rows, payer], gain[rows, 1 - payer]
    can = (outcomes.status == Status.NO_ZONE) & (theirs <= 0.0) & (mine + (1.0 + overhead) * theirs > 0.0)
    if able is not None:
        can &= able
    money = (1.0 - weight) * mine / (1.0 + overhead) - weight * theirs
    transfer = np.empty((len(p), 2))
    transfer[rows, payer] = -BP * (1.0 + overhead) * money / gdp[rows, payer]
    transfer[rows, 1 - payer] = BP * money / gdp[rows, 1 - payer]
    found = feasible(p, text, utility + transfer, transfer)
    can &= found.possible
    consent = found.win_set.all(axis=1)
    out.status[can & ~consent] = Status.NO_WIN_SET
    can &= consent & found.zone.all(axis=1)
    out.text[can], out.utility[can], out.status[can] = text[can], (utility + transfer)[can], Status.AGREED
    assert out.transfer is not None
    out.transfer[can] = transfer[can]
    return out


def richest_text(problems: Problems, gdp: Floats) -> Floats:
    """Return the text with the largest joint gain in money, shape (M, K): the frontier's formula with GDP as weights."""
    p, one, two = problems, gdp[:, 0, None], gdp[:, 1, None]
    stakes = one * (p.w[:, 0] * p.theta[:, 0] + 0.5 * p.b[:, 0]) + two * (p.w[:, 1] * p.theta[:, 1] + 0.5 * p.b[:, 1])
    salience = one * p.w[:, 0] + two * p.w[:, 1]
    best = np.where(salience > 0.0, stakes / np.where(salience > 0.0, salience, 1.0), p.lo)
    return np.clip(best, p.lo, np.maximum(p.lo, p.hi))


def yearly_payment(transfer: Floats | None, gdp: Floats) -> Floats:
    """Return what the receiver gets, USD a year, shape (M,): positive from first to second, negative the other way.

    Parameters
    ----------
    transfer, gdp : float64 (M, 2)
        As in :func:`compensated`.
    """
    received = np.zeros_like(gdp) if transfer is None else np.maximum(transfer, 0.0) * gdp / BP
    return np.asarray(received[:, 1] - received[:, 0])
