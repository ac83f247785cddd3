r"""What an instrument changes is a ratio on the cost of a pair, and exact hat algebra says what follows for prices and flows.

.. math:: \hat P_i = \Big(1 + \sum_j \pi_{ij} g_{ij}\Big)^{-1/\epsilon}, \qquad
          X'_{ij} = X_{ij} \frac{1 + g_{ij}}{1 + \sum_k \pi_{ik} g_{ik}}

with ``X_ij`` what importer i buys from j (``flow``, USD a year), ``E_i`` all that it spends, at home and abroad (``spending``),
``pi_ij = X_ij / E_i``, ``g_ij`` what the change adds to the trade of the pair at given prices (``gain``, a share: 0.08 is 8 % more, -0.08
takes 8 % away), and ``eps`` the elasticity of trade. ``E_i`` is held. So what one partner gains, other partners and the home market lose:
that is *diversion*, and the sum of all changes of an importer is 0.

The importer saves ``-1e4 (E_i / GDP_i) ln P^_i`` basis points of GDP a year, to first order in one pair
``1e4 X_ij ln(1 + g_ij) / (eps GDP_i)``; exporter j gains ``1e4 lambda m dX_ij / GDP_j``, with ``m`` the margin of profit and ``lambda`` the
weight of firms. A change taken back is ``-g / (1 + g)``: it restores the flows of before, and no more.

Source: Dekle, Eaton and Kortum (2008), "Global Rebalancing with Gravity", IMF Staff Papers 55 (hat algebra); Grossman and Helpman (1994),
"Protection for Sale", American Economic Review 84 (weight of firms).
Departs from the first in that spending and wages are held: digital services are a small part of either.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit
from sim.types import ModelFault

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_SLACK = 1e-9
"""Share by which purchases abroad may exceed all spending: rounding, and no more."""


@dataclass(frozen=True)
class Change:
    """What follows from a change of costs.

    Attributes
    ----------
    price : array, shape (R,)
        Price of digital services over that before.
    flow : array, shape (E,)
        Purchases abroad after it, USD a year.
    home : array, shape (R,)
        Purchases at home after it, USD a year.
    """

    price: Floats
    flow: Floats
    home: Floats


def changed(start: Ints, flow: Floats, spending: Floats, gain: Floats, elasticity: float) -> Change:
    """Return prices and flows after a change of costs.

    Parameters
    ----------
    start : array, shape (R + 1,)
        Where the purchases of each importer begin and end.
    flow, gain : array, shape (E,)
        Purchases abroad before, USD a year; what the change adds to each at given prices, a share above -1.
    spending : array, shape (R,)
        All spending of each importer, at home and abroad, USD a year, above 0.
    elasticity : float
        Above 0.

    Raises
    ------
    ModelFault
        If a gain is -1 or less, an elasticity or spending is not above 0, or an importer buys more abroad than it spends.
    """
    abroad = np.array([flow[a:b].sum() for a, b in pairwise(start.tolist())])
    if elasticity <= 0.0 or not (spending > 0.0).all() or not (gain > -1.0).all():
        raise ModelFault("elasticity and spending must be above 0, and every gain above -1")
    if (abroad > spending * (1.0 + _SLACK)).any():
        at = int(np.argmax(abroad / spending))
        raise ModelFault(f"importer {at} buys {abroad[at]:g} abroad and spends {spending[at]:g} in all")
    price, after, home = np.empty(len(spending)), np.empty(len(flow)), np.empty(len(spending))
    change(start, flow, spending, gain, elasticity, price, after, home)
    return Change(price, after, home)


@jit
def change(
    start: Ints, flow: Floats, spending: Floats, gain: Floats, elasticity: float, price: Floats, after: Floats, home: Floats
) -> None:
    """Fill the price (R,), purchases abroad (E,) and at home (R,) after a change; arguments as in :func:`changed`, unchecked."""
    for r in range(spending.shape[0]):
        abroad, rise = 0.0, 0.0
        for e in range(start[r], start[r + 1]):
            abroad += flow[e]
            rise += flow[e] * gain[e]
        whole = 1.0 + rise / spending[r]
        price[r] = whole ** (-1.0 / elasticity)
        home[r] = (spending[r] - abroad) / whole
        for e in range(start[r], start[r + 1]):
            after[e] = flow[e] * (1.0 + gain[e]) / whole


def saving(price: Floats, spending: Floats, gdp: Floats) -> Floats:
    """Return what importers save, bp of GDP a year, (R,)."""
    return np.asarray(-1e4 * spending / gdp * np.log(price))


def first_order_saving(flow: Floats, gain: Floats, gdp: Floats, elasticity: float) -> Floats:
    """Return what an importer saves on one pair to first order, bp of GDP a year, in the shape of its arguments."""
    return np.asarray(1e4 * flow * np.log1p(gain) / (elasticity * gdp))


def exporters_gain(col: Ints, before: Floats, after: Floats, gdp: Floats, margin: float, weight: float) -> Floats:
    """Return what exporters gain, or lose, bp of GDP a year, (P,).

    Parameters
    ----------
    col : array, shape (E,)
        Who sells, as places in ``gdp``.
    before, after : array, shape (E,)
        Purchases, USD a year.
    gdp : array, shape (P,)
        USD a year.
    margin, weight : float
        Margin of profit and weight of firms, both shares.
    """
    sold = np.bincount(col, weights=after - before, minlength=len(gdp))
    return np.asarray(1e4 * weight * margin * sold / gdp)
