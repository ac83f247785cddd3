r"""What one side believes that the other needs: its reservation value, and an error that contact, trust and failed talks make smaller.

.. math:: \tilde r_j = r_j + s_{ij} \, \xi_{ijy} \, |g_j|, \qquad
          s_{ij} = s \, (1 - \tau_{ij}) \, \frac{1}{1 + n / n_{1/2}} \, \ell^{\,f}

with ``xi`` standard normal luck by (pair, type, year), never by attempt; ``g_j`` what j gains halfway between both sides' best texts, bp;
``tau`` the trust of the side that errs; ``n`` the contacts of these talks; ``f`` the talks on the type that failed between the two, each of
which leaves the part ``ell`` of the error. A protocol under common information is solved on what is believed of both sides. Each side
then accepts by what it truly needs. So talks can fail though a text would suit both, and a party never signs below its own value.

Source: Myerson and Satterthwaite (1983), Journal of Economic Theory 29 (bargaining fails where values are private); the form is assumed.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from sim import luck
from sim.ports import BargainingTerms
from sim.rng import identity, uniform
from sim.stakes.payoffs import midway_gains
from sim.stakes.stakes import Coefficients
from sim.state.world import Floats, Ints, World

_NORMAL = NormalDist()
HALF = 4.0
"""Contacts that halve the error: assumed."""


def errors(world: World, rows: Ints, c: Coefficients) -> Floats:
    """Return how far the other side errs about each side's reservation value, shape (M, 2), bp of that side's GDP a year.

    Parameters
    ----------
    rows : int (M,)
        Rows of negotiations; of packages those of the talks that lead them.
    c : Coefficients
        What is at stake in them, whole.
    """
    part, talks, edges = world.setting.terms(BargainingTerms), world.talks, world.setting.edges
    out = np.zeros((len(rows), 2))
    if part.belief_error == 0.0:
        return out
    gains = np.abs(np.nan_to_num(midway_gains(c)))
    for m, row in enumerate(rows.tolist()):
        t, edge = int(talks["type"][row]), int(talks["edge"][row])
        known = 1.0 / (1.0 + float(talks["n_contacts"][row]) / HALF) * part.belief_lesson ** int(world.lessons[t, edge])
        sides = (int(talks["first"][row]), int(talks["second"][row]))
        for side, party in enumerate(sides):
            # Who errs is the other side, by its own trust in this one.
            trust = float(world.trust[edges.rev[edge] if side == 0 else edge])
            who = world.setting.identity[party], world.setting.identity[sides[1 - side]]
            kind = int(identity(world.setting.types[t].name))
            drawn = _NORMAL.inv_cdf(uniform(world.seed, luck.BELIEF, world.month // 12 * 12, *who, index=kind))
            out[m, side] = part.belief_error * (1.0 - trust) * known * drawn * gains[m, side]
    return out
