r"""How strong each party is at the table: bargaining weights from capability, dependence and patience, and what it could have elsewhere.

.. math:: \alpha_0 = \frac{S_0^p}{S_0^p + S_1^p}, \qquad
          \ln \frac{S_0}{S_1} = \ln \frac{C_0}{C_1} - \omega \ln \frac{D_0 + \epsilon}{D_1 + \epsilon} + \pi \ln \frac{y_0}{y_1}

and, of n parties at one table, ``alpha_i = S_i^p / sum_j S_j^p`` with ``S_i = C_i (D_i + epsilon)^{-omega} y_i^{pi}``, where ``D_i``
is what i imports from all the others at the table; the same for two. ``C`` capability; ``D_i`` the other side's share of party i's digital
imports (0 to 1); ``y`` GDP per head (USD a year), because who is rich can wait; ``p`` the lever ``power``, 0 for equal weights and 1 for
weights in proportion to strength. The reservation value is

.. math:: r_i = d_i + \rho \max(0, \max_{k \ne j} g_{ik})

with ``g_ik`` the bid of a rival k: what party i would gain by the midway text with k in the same role (bp of GDP a year, as things
stand now and as executives see them), where k too would gain by it and the two may talk; and ``rho`` the part of a bid that i counts on
(``reach``). Bids count on the side whose partners are alternatives to one another (``alternatives`` of the agreement type).

Source: Hirschman (1945), "National Power and the Structure of Foreign Trade", and Keohane and Nye (1977), "Power and Interdependence"
(asymmetric dependence); Rubinstein (1982), Econometrica 50 (patience); Nash (1953), Econometrica 21 (the threat point); Muthoo (1999),
"Bargaining Theory with Applications" (outside options bound the outcome). The exponents are assumed.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import by_role, where_true
from sim.ledger import shut_at
from sim.ports import BargainingTerms
from sim.stakes.governments import led
from sim.stakes.payoffs import midway_gains, promising
from sim.stakes.stakes import Groups, issues_of, over_members
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
    reach = world.setting.terms(BargainingTerms).reach
    out = np.zeros((len(talks), 2))
    for m, row in enumerate(talks.tolist()):
        for side in (0, 1):
            out[m, side] = reach * best_bid(world, row, side)
    return out


def best_bid(world: World, row: int, side: int) -> float:
    """Return what a side of some talks would gain by the best bid of a rival of the other side (bp of its GDP a year); 0 without one."""
    edges, t = world.setting.edges, int(world.talks["type"][row])
    kind = world.setting.types[t]
    if not kind.alternatives[side]:
        return 0.0
    party, other = (int(world.talks[key][row]) for key in (("first", "second") if side == 0 else ("second", "first")))
    own = slice(int(edges.start[party]), int(edges.start[party + 1]))
    # Few promise anything: the rest is asked of those.
    mine = own.start + where_true((world.role[t, own] == side) & (world.prospect[t, own] > 0.0))
    if not len(mine):
        return 0.0
    rival = edges.col[mine]
    may = (rival != other) & (world.cooldown[t, mine] <= world.month) & (world.principal[t, rival] == rival) & ~shut_at(world, mine)
    may &= ~world.in_force[np.ix_(where_true(world.setting.rules_out[t]), mine)].any(axis=0)
    some = mine[may]
    there, back = (some, edges.rev[some]) if side == 0 else (edges.rev[some], some)
    groups = Groups(edges.row[there], edges.col[there], there, back, issues_of(world.setting))
    if groups.n == 0:
        return 0.0
    fit = kind.eligible(world, groups)
    if not fit.any():
        return 0.0
    groups = Groups(groups.first[fit], groups.second[fit], groups.edge[fit], groups.back[fit], groups.issues)
    seen = led(world, t, kind.coefficients(world, groups).dyads(), groups.first, groups.second)
    return float(np.max(promising(midway_gains(seen))[:, side], initial=0.0))


def outbid(world: World, row: int, gains: Floats) -> bool:
    """Say whether some talks without a zone would have one without rivals: both sides gain, (2,), by their own midway text."""
    return bool((gains > 0.0).all()) and bool((outside_options(world, np.array([row])) > 0.0).any())


def taken(world: World, row: int) -> bool:
    """Say whether a side of some talks, whose partners are alternatives to one another, has signed with another this month."""
    t, instruments = int(world.talks["type"][row]), world.instruments
    new = (instruments["type"] == t) & (instruments["signed"] == world.month) & (instruments["talk"] >= 0)
    return any(
        world.setting.types[t].alternatives[side] and bool((new & (instruments[key] == world.talks[key][row])).any())
        for side, key in enumerate(("first", "second"))
    )
