r"""What parties foresee of courts: an agreement that may be struck is worth less, and undertakings make it last longer.

.. math:: h(x) = \nu \, \bar s_j \, R_{ij} \, \Phi(-m(x) / \sigma), \qquad
          F(x) = 1 - e^{-\rho T} \frac{h(x)}{\rho + h(x)}, \qquad \bar s = 1 + (s - 1) \frac{\rho}{\rho + \ln 2 / H}

          V F(x) \approx V F(x_0) + \sum_k b_k (x_k - x_{0k}), \qquad
          b_k = e^{-\rho T} \frac{\rho V \, \nu \bar s_j R_{ij} \, \phi(m_0 / \sigma)}{\sigma (\rho + h_0)^2}
          \frac{\partial m}{\partial x_k}

with ``V`` what being party is worth to a side without courts (bp of own GDP a year; nothing is feared for what is worth nothing), ``rho``
the yearly discount, ``nu s R`` the complaints a year (:mod:`sim.mechanisms.courts`), ``T`` the years that a case is pending, and ``m`` the
margin of the text: its protection over what the court asks, by the test that it passes by less. ``F`` is the part of the present value that
comes before a strike, and ``s-bar`` the mean of salience as it fades, in present value. ``x_0`` is the text halfway between both sides'
ideals within what is allowed. The form is linear in the text, so that the frontier keeps its closed form. ``m`` moves by 1 with safeguards,
or by ``R`` with redress, whichever test is the nearer. Where the judge's people have no court, or nobody foresees
(``mechanisms.courts.foreseen``), nothing changes.

Source: Carrubba (2009), Journal of Politics 71; Dixit and Pindyck (1994), *Investment under Uncertainty* (an asset that may die at a
constant rate is discounted by that rate too). Departs from exactness in that the slope is taken at one text.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from sim.ports import CourtTerms, LawTerms
from sim.stakes.protection import bars, protections, reach
from sim.stakes.stakes import Draft, Groups
from sim.state.world import Floats, World

TERMS = {"court": ("risk that a court strikes it down", "risiko dibatalkan pengadilan")}
READS = ("salience", "standing", "case_months", "asked_safeguards", "asked_redress")
"""Arrays that foresight of courts reads."""
_NORMAL = NormalDist()


def foresee(draft: Draft, view: World, groups: Groups, safeguards: Floats, redress: Floats, *, slopes: bool = True) -> tuple[Any, Any]:
    """Take off what courts may end, as foreseen at some texts, and return what more of each undertaking is worth for it.

    Parameters
    ----------
    draft : Draft
        With all other terms of being party in it.
    safeguards, redress : float64 (G,)
        The text at which it is foreseen, index 0-1.
    slopes : bool
        Whether the text can still move.

    Returns
    -------
    (float64 (G,), float64 (G,)), twice
        For safeguards and for redress: bp a year for a full unit, by role.
    """
    none = np.zeros(groups.n)
    terms, law = view.setting.terms(CourtTerms), view.setting.terms(LawTerms)
    rho = law.yearly_share
    fading = rho / (rho + math.log(2.0) / terms.leak_half_life)
    rate = complaints(view, groups, 1.0 + (view.salience[groups.second] - 1.0) * fading)
    at = np.flatnonzero(rate > 0.0)
    if not terms.foreseen or not len(at):
        return (none, none), (none, none)
    some = groups.at(at)
    there = protections(view, some, safeguards[at], redress[at]) - bars(view, some)
    nearest, least = np.argmin(there, axis=1), there.min(axis=1)
    sigma, rate = max(terms.reading, 1e-9), rate[at]
    later = np.exp(-rho / 12.0 * view.case_months[some.first])
    hazard = rate * np.array([_NORMAL.cdf(-m / sigma) for m in least.tolist()])
    steep = rate * np.array([_density(m / sigma) for m in least.tolist()]) / sigma
    held = np.maximum(draft.a[at], 0.0)
    level = -held * (later * hazard / (rho + hazard))[:, None]
    slope = slopes * held * (later * rho * steep / (rho + hazard) ** 2)[:, None]
    by_safeguards = slope * (nearest == 0)[:, None]
    by_redress = slope * np.where(nearest == 1, reach(view, some), 0.0)[:, None]
    feared = np.zeros((groups.n, 2))
    feared[at] = level - by_safeguards * safeguards[at, None] - by_redress * redress[at, None]
    draft.term("court", feared)
    out = np.zeros((2, 2, groups.n))
    out[0][:, at], out[1][:, at] = by_safeguards.T, by_redress.T
    return (out[0, 0], out[0, 1]), (out[1, 0], out[1, 1])


def complaints(view: World, groups: Groups, salience: Floats) -> Floats:
    """Return how many complaints a year the people of role 0 would bring to its court, shape (G,): 0 where they may not sue.

    Parameters
    ----------
    salience : float64 (G,)
        Of role 1.
    """
    rate = view.setting.terms(CourtTerms).complaint_rate
    return np.asarray(rate * salience * reach(view, groups) * view.standing[groups.first])


def _density(z: float) -> float:
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
