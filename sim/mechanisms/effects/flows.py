r"""Digital trade of each pair: margins of the year, laid out by doubly constrained gravity, and what instruments have changed on them.

The margins of a year are published figures (:mod:`sim.data.digital`), laid out over pairs by :mod:`sim.trade.sparse` with the ease

.. math:: \ln s_{ij} = -\delta \ln(distance / 1000 km) + \gamma \, border + l \, language

Published margins already hold what was in force as they were published. So what is in force as the run begins is the *frame*, and an
instrument changes the cost of a pair against it, on what either sells to the other:

.. math:: g_{ij} = \frac{1 + effect_{now}}{1 + effect_{frame}} - 1, \qquad
          X'_{ij} = X_{ij} \frac{1 + g_{ij}}{1 + \sum_k \pi_{ik} g_{ik}}, \qquad \pi_{ij} = X_{ij} / E_i

with ``X_ij`` what importer i buys from j and ``E_i`` all that it spends on digital services, at home and abroad: a stated share of GDP, and
its imports.

Sources: Dekle, Eaton and Kortum (2008), as in :mod:`sim.trade.hat`; Wilson (1967) for the margins.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import find_edge
from sim.kernels import jit
from sim.state.world import Bools, Floats, Ints


@jit
def added_effect(freed: Floats, in_force: Bools, bound: Ints, free_flow: Bools, frees: Bools, gains: Floats, out: Floats) -> None:
    """Fill the trade added on each edge, shape (E,): the largest gain times data freed (T, E) of two sorts of types, added up.

    Types that free personal data, ``frees`` (T,), and a common area of free flow add nothing to one another, nor do the others. What the
    two sorts do is not the same, so it adds up. ``bound`` are the places in ``in_force`` (T, E), laid flat, that are set, in order.
    """
    most = 0.0
    for t in range(gains.shape[0]):
        most = max(most, gains[t]) if frees[t] else most
    for e in range(out.shape[0]):
        out[e] = most if free_flow[e] else 0.0
    for at in range(bound.shape[0]):
        t, e = bound[at] // out.shape[0], bound[at] % out.shape[0]
        gain = gains[t] * freed[t, e]
        if frees[t]:
            out[e] = gain if gain > out[e] else out[e]
    # Of the other sort the largest on an edge is added once: the first type in which it is as large.
    for at in range(bound.shape[0]):
        t, e = bound[at] // out.shape[0], bound[at] % out.shape[0]
        gain = gains[t] * freed[t, e]
        if not frees[t] and gain > 0.0:
            for s in range(gains.shape[0]):
                if s != t and in_force[s, e] and not frees[s]:
                    other = gains[s] * freed[s, e]
                    gain = 0.0 if other > gain or (other == gain and s < t) else gain
            out[e] += gain


@jit
def bloc_flows(start: Ints, col: Ints, rev: Ints, n_states: int, member: Bools, trade: Floats) -> None:
    """Fill the trade of blocs, in place: the sum over members that do not belong to the partner, on both directions.

    Trade between two blocs leaves out states that are in both.
    """
    n_blocs = member.shape[0]
    edge_to = np.empty(start.shape[0] - 1, dtype=np.int64)
    for b in range(n_blocs):
        for e in range(start[n_states + b], start[n_states + b + 1]):
            trade[e] = 0.0
            trade[rev[e]] = 0.0
    for b in range(n_blocs):
        p = n_states + b
        for j in range(edge_to.shape[0]):
            edge_to[j] = -1
        for e in range(start[p], start[p + 1]):
            edge_to[col[e]] = e
        for i in range(n_states):
            if not member[b, i]:
                continue
            for e in range(start[i], start[i + 1]):
                j = col[e]
                if j >= n_states or member[b, j]:
                    continue
                at = edge_to[j]
                if at >= 0:
                    trade[at] += trade[e]
                    trade[rev[at]] += trade[rev[e]]
    for b in range(n_blocs):
        for c in range(b + 1, n_blocs):
            at = find_edge(start, col, n_states + b, n_states + c)
            if at < 0:
                continue
            for j in range(n_states):
                if not member[c, j] or member[b, j]:
                    continue
                there, back = 0.0, 0.0
                for i in range(n_states):
                    if not member[b, i] or member[c, i]:
                        continue
                    e = find_edge(start, col, i, j)
                    if e >= 0:
                        there += trade[e]
                        back += trade[rev[e]]
                trade[at] += there
                trade[rev[at]] += back


@jit
def bloc_imports(start: Ints, col: Ints, n_states: int, member: Bools, trade: Floats, imports: Floats) -> None:
    """Fill the imports of blocs, (P,), in place: the sum over members less what partners among them buy from one another; at least 1."""
    for b in range(member.shape[0]):
        total = 0.0
        for i in range(n_states):
            if not member[b, i]:
                continue
            total += imports[i]
            for e in range(start[i], start[i + 1]):
                if col[e] >= n_states:
                    break
                if member[b, col[e]]:
                    total -= trade[e]
        imports[n_states + b] = max(1.0, total)


@jit
def whose(col: Ints, moved: Ints, out: Bools) -> None:
    """Say who buys on the edges that moved, (M,): the partner of each; ``out`` (P,) is set in place."""
    for at in range(moved.shape[0]):
        out[col[moved[at]]] = True
