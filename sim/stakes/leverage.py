r"""How strong each party is at the table: bargaining weights from capability, dependence and patience, and what it could have elsewhere.

.. math:: \alpha_0 = \frac{S_0^p}{S_0^p + S_1^p}, \qquad
          \ln \frac{S_0}{S_1} = \ln \frac{C_0}{C_1} - \omega \ln \frac{D_0 + \epsilon}{D_1 + \epsilon} + \pi \ln \frac{y_0}{y_1}

and, of n parties at one table, ``alpha_i = S_i^p / sum_j S_j^p`` with ``S_i = C_i (D_i + epsilon)^{-omega} y_i^{pi}``, where ``D_i``
is what i imports from all the others at the table; the same for two. ``C`` capability; ``D_i`` the other side's share of party i's digital
imports (0 to 1); ``y`` GDP per head (USD a year), because who is rich can wait; ``p`` the lever ``power``, 0 for equal weights and 1 for
weights in proportion to strength. The reservation value is

.. math:: r_i = d_i + \rho \max(0, \max_{k \ne j} h_{ik})

with ``h_ik`` what party i hopes from partner k in the same role (bp of GDP a year, as last appraised) and ``rho`` how likely it is to
come about (``reach``), on the side whose partners are alternatives to one another (``alternatives`` of the agreement type).

Source: Hirschman (1945), "National Power and the Structure of Foreign Trade", and Keohane and Nye (1977), "Power and Interdependence"
(asymmetric dependence); Rubinstein (1982), Econometrica 50 (patience); Nash (1953), Econometrica 21 (the threat point); Muthoo (1999),
"Bargaining Theory with Applications" (outside options bound the outcome). The exponents are assumed.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import by_role
from sim.ports import BargainingTerms
from sim.stakes.stakes import over_members
from sim.state.world import Floats, Ints, World

DEPENDENCE_FLOOR = 0.01
"""Share of imports below which dependence tells nothing, epsilon."""


def bargaining_weights(world: World, talks: Ints) -> Floats:
    """Return both sides' bargaining weights, shape (M, 2), each row summing to one.

    Parameters
    ----------
    world : World
    talks : int (M,)
        Rows of negotiations.
    """
    part, edges = world.setting.terms(BargainingTerms), world.setting.edges
    edge, first, second = (world.talks[key][talks] for key in ("edge", "first", "second"))
    back = edges.rev[edge]
    strength = np.log(np.maximum(world.capability[first], 1e-6) / np.maximum(world.capability[second], 1e-6))
    # Trade on an edge runs from the owner to the partner: what the first side imports comes back along it.
    needs, needed = world.trade_known[back] / world.imports_known[first], world.trade_known[edge] / world.imports_known[second]
    strength -= part.power_dependence * np.log((needs + DEPENDENCE_FLOOR) / (needed + DEPENDENCE_FLOOR))
    richer = (world.gdp[first] / world.population[first]) / (world.gdp[second] / world.population[second])
    strength += part.power_patience * np.log(richer)
    weight = 1.0 / (1.0 + np.exp(-part.power * strength))
    return by_role(weight, 1.0 - weight)


def table_weights(world: World, parties: Ints) -> Floats:
    """Return the bargaining weights, shape (n,), summing to one, of parties that sit at one table.

    Parameters
    ----------
    world : World
    parties : int (n,)
        Places on the P axis.
    """
    part, edges = world.setting.terms(BargainingTerms), world.setting.edges
    others = np.zeros(world.setting.n_parties, dtype=np.bool_)
    others[parties] = True
    needs = over_members(world, others, world.trade_known[edges.rev], parties) / world.imports_known[parties]
    strength = np.log(np.maximum(world.capability[parties], 1e-6))
    strength -= part.power_dependence * np.log(needs + DEPENDENCE_FLOOR)
    strength += part.power_patience * np.log(world.gdp[parties] / world.population[parties])
    relative = np.exp(part.power * (strength - strength.max()))
    return np.asarray(relative / relative.sum())


def outside_options(world: World, talks: Ints) -> Floats:
    """Return what each side could gain elsewhere over no agreement, shape (M, 2), bp of its GDP a year; 0 where nothing.

    Parameters
    ----------
    world : World
    talks : int (M,)
        Rows of negotiations.
    """
    edges, reach = world.setting.edges, world.setting.terms(BargainingTerms).reach
    out = np.zeros((len(talks), 2))
    for m, row in enumerate(talks.tolist()):
        t = int(world.talks["type"][row])
        for side, key in enumerate(("first", "second")):
            if not world.setting.types[t].alternatives[side]:
                continue
            party, other = int(world.talks[key][row]), int(world.talks["second" if side == 0 else "first"][row])
            mine = slice(int(edges.start[party]), int(edges.start[party + 1]))
            fit = (world.role[t, mine] == side) & (edges.col[mine] != other)
            out[m, side] = reach * float(np.max(world.prospect[t, mine], where=fit, initial=0.0))
    return out
