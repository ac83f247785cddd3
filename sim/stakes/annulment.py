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
from numpy.typing import NDArray

from sim.ports import CourtTerms, LawTerms
from sim.stakes.protection import bars, protections, reach
from sim.stakes.stakes import Draft, Groups, Stakes, issues_of
from sim.state.world import Floats, World

TERMS = {"court": ("risk that a court strikes it down", "risiko dibatalkan pengadilan")}
READS = ("salience", "standing", "case_months")
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
    rate = _foreseen_rate(view, groups)
    at = np.flatnonzero(rate > 0.0)
    if not view.setting.terms(CourtTerms).foreseen or not len(at):
        return (none, none), (none, none)
    some = groups.at(at)
    level, slope, nearest = _risk(view, some, rate[at], np.maximum(draft.a[at], 0.0), safeguards[at], redress[at])
    slope = slopes * slope
    by_safeguards = slope * (nearest == 0)[:, None]
    by_redress = slope * np.where(nearest == 1, reach(view, some), 0.0)[:, None]
    feared = np.zeros((groups.n, 2))
    feared[at] = level - by_safeguards * safeguards[at, None] - by_redress * redress[at, None]
    draft.term("court", feared)
    out = np.zeros((2, 2, groups.n))
    out[0][:, at], out[1][:, at] = by_safeguards.T, by_redress.T
    return (out[0, 0], out[0, 1]), (out[1, 0], out[1, 1])


def at_text(made: Stakes, view: World, groups: Groups, text: Floats) -> Floats:
    """Return what to add to the worth of some texts, (G, 2), bp, so that the risk is that of each text itself and not of the slope.

    Parameters
    ----------
    made : Stakes
        Of the dyads, as their type told them; nothing is added where it foresees no court.
    text : float64 (G, K)
        On all issues of the run, none missing.
    """
    out, terms = np.zeros((groups.n, 2)), dict(made.terms)
    if "court" not in terms:
        return out
    names = issues_of(view.setting)
    x, y = text[:, names.index("safeguards")], text[:, names.index("redress")]
    out -= terms["court"]
    for issue, name, slope in made.parts:
        if name == "court":
            out -= slope * text[:, [names.index(issue)]]
    value = sum((told for name, told in made.terms if name != "court"), np.zeros((groups.n, 2)))
    rate = _foreseen_rate(view, groups)
    at = np.flatnonzero(rate > 0.0)
    some = groups.at(at)
    out[at] += _risk(view, some, rate[at], np.maximum(value[at], 0.0), x[at], y[at])[0]
    return out


def complaints(view: World, groups: Groups, salience: Floats) -> Floats:
    """Return how many complaints a year the people of role 0 would bring to its court, shape (G,): 0 where they may not sue.

    Parameters
    ----------
    salience : float64 (G,)
        Of role 1.
    """
    rate = view.setting.terms(CourtTerms).complaint_rate
    return np.asarray(rate * salience * reach(view, groups) * view.standing[groups.first])


def _foreseen_rate(view: World, groups: Groups) -> Floats:
    """Return the complaints a year that parties reckon with, (G,), as salience fades."""
    rho = view.setting.terms(LawTerms).yearly_share
    fading = rho / (rho + math.log(2.0) / view.setting.terms(CourtTerms).leak_half_life)
    return complaints(view, groups, 1.0 + (view.salience[groups.second] - 1.0) * fading)


def _risk(
    view: World, groups: Groups, rate: Floats, value: Floats, safeguards: Floats, redress: Floats
) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Return what the risk takes off some values, (G, 2), what a unit of margin gives back, (G, 2), and the test that is nearer, (G,)."""
    rho, sigma = view.setting.terms(LawTerms).yearly_share, max(view.setting.terms(CourtTerms).reading, 1e-9)
    there = protections(view, groups, safeguards, redress) - bars(view, groups)
    nearest, least = np.argmin(there, axis=1), there.min(axis=1)
    hazard = rate * np.array([_NORMAL.cdf(-m / sigma) for m in least.tolist()])
    steep = rate * np.array([_density(m / sigma) for m in least.tolist()]) / sigma
    later = np.exp(-rho / 12.0 * view.case_months[groups.first])
    level = -value * (later * hazard / (rho + hazard))[:, None]
    slope = value * (later * rho * steep / (rho + hazard) ** 2)[:, None]
    return level, slope, nearest


def _density(z: float) -> float:
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
