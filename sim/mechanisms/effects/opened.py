r"""What the trade that instruments free is worth: opened to those whom they bind, and diverted from everybody else.

Today's flows are held against the world in which no instrument is in force; common areas of free flow stay, since they are law and no
instrument. Taking an instrument off a pair is a change of costs by ``g0 = (1 + area) / (1 + effect) - 1``, so that for importer i

.. math:: w_i = 1 + \sum_j \pi_{ij} g^0_{ij}, \qquad
          saving_i = -10^4 \frac{E_i}{GDP_i} \frac{\ln w_i}{\epsilon}, \qquad
          X^0_{ij} = X_{ij} \frac{1 + g^0_{ij}}{w_i}

and an exporter earns ``1e4 lambda m (X_ij - X^0_ij) / GDP_j``, with ``m`` the margin of profit and ``lambda`` the weight of firms.
*Opened* is what instruments with own partners bring: the saving, and what is sold to partners by an instrument. *Diverted* is what is sold
elsewhere: lost where others have instruments with one another. A third party saves nothing and opens nothing. All changes of an importer's
purchases, those at home included, sum to 0.

Sources: Dekle, Eaton and Kortum (2008), IMF Staff Papers 55; Grossman and Helpman (1994), American Economic Review 84 (weight of firms).
Departs from the first in that spending and wages are held. Sellers at home lose sales as well; that loss is no term here, because the
saving is counted at the prices that all who buy at home pay.
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels import jit
from sim.state.world import Bools, Floats, Ints

ROUNDING = 1e-12


@jit
def compare(
    start: Ints, col: Ints, n: int, effect: Floats, free_flow: Bools, common: float, trade: Floats, sells: Floats, buys: Floats,
    index: Floats, far: float, spending: Floats, gdp: Floats, elasticity: float, profit: float, opened: Floats, diverted: Floats,
) -> None:  # fmt: skip
    """Fill what is opened and what is diverted, (N,) each, bp of GDP a year.

    Parameters
    ----------
    start, col : int (P + 1,), (E,)
        Edges; those of blocs come last in each row.
    effect : float64 (E,)
        Trade added by what is in force, a share; ``common`` of it is what an area of free flow adds by itself.
    free_flow : bool (E,)
    trade : float64 (E,)
        From the owner to the partner, USD a year.
    sells, buys, index : float64 (N,)
        Factors of both sides, and each importer's index, as :func:`sim.trade.sparse.sales` has them.
    far : float
        Ease of pairs that keep no eye on one another.
    spending, gdp : float64 (N,)
        USD a year.
    elasticity, profit : float
        Of trade; and of what is sold more, the share that counts.
    """
    without, touched = np.ones(n), False
    opened[:] = 0.0
    diverted[:] = 0.0
    for i in range(n):
        for e in range(start[i], start[i + 1]):
            if col[e] >= n:
                break
            alone = common if free_flow[e] else 0.0
            if effect[e] > alone:
                without[col[e]] += trade[e] * ((1.0 + alone) / (1.0 + effect[e]) - 1.0) / spending[col[e]]
                touched = True
    if not touched:
        return
    # What an importer that is touched buys less of everybody else, over what others sell at equal ease.
    less, whole = np.zeros(n), 0.0
    for j in range(n):
        if without[j] != 1.0:
            opened[j] = -spending[j] / elasticity * math.log(without[j])
            less[j] = buys[j] / index[j] * (1.0 - 1.0 / without[j])
            whole += less[j]
    for i in range(n):
        beyond, partners = whole - less[i], 0
        for e in range(start[i], start[i + 1]):
            j = col[e]
            if j >= n:
                break
            partners += 1
            if without[j] == 1.0:
                continue
            beyond -= less[j]
            alone = common if free_flow[e] else 0.0
            if effect[e] > alone:
                opened[i] += profit * trade[e] * (1.0 - (1.0 + alone) / (1.0 + effect[e]) / without[j])
            else:
                diverted[i] += profit * trade[e] * (1.0 - 1.0 / without[j])
        # What rounding leaves of a difference is nothing.
        if partners < n - 1 and abs(beyond) > ROUNDING * abs(whole):
            diverted[i] += profit * far * sells[i] * beyond
    for i in range(n):
        opened[i] *= 1e4 / gdp[i]
        diverted[i] *= 1e4 / gdp[i]
