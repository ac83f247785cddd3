r"""Digital trade follows structural gravity with multilateral resistance and a fixed rest of the world.

.. math:: X_{ij} = \frac{Y_i Y_j}{Y_W} \frac{\phi_{ij}}{P_i P_j}, \qquad P_i = \sum_j \frac{\theta_j \phi_{ij}}{P_j}

with ``Y`` the digital output of a state (a stated share of its GDP, USD a year), ``theta = Y / Y_W``, and ``phi`` the freeness of trade
(symmetric): ``ln phi = -delta ln(distance / 1000 km) + gamma border + ln(1 + effect)`` where an instrument in force or a common free-flow
area gives ``effect``; at home ``ln phi`` is the stated home bias. The rest of the world (what is outside the roster or outside a state's
candidates) is one row at a stated distance whose resistance is held at 1, which also fixes the level that the equations leave free.

Source: Anderson and van Wincoop (2003), American Economic Review 93(1), equations 9 to 12, symmetric case. Departs from it in the
rest-of-world row, because ten states must not become the world, and in solving resistance once a year, which is when figures
change.
"""

from __future__ import annotations

import math

import numpy as np

from sim.arrays import find_edge
from sim.kernels import jit
from sim.world import Bools, Floats, Ints

ROUNDS = 60
"""Iterations of the resistance equations; each is damped by a geometric mean, which halves the error or better."""


@jit
def freeness(log_distance: Floats, border: Floats, elasticity: float, contiguity: float, effect: Floats, out: Floats) -> None:
    """Fill freeness of trade phi, shape (E,); distance in 1,000 km."""
    for e in range(out.shape[0]):
        out[e] = math.exp(-elasticity * log_distance[e] + contiguity * border[e]) * (1.0 + effect[e])


@jit
def largest_effect(freed: Floats, bound: Ints, free_flow: Bools, gains: Floats, out: Floats) -> None:
    """Fill the trade added on each edge, shape (E,): the largest of gain times data freed (T, E), or of a common area of free flow.

    ``bound`` are the places in ``freed``, laid flat, where an instrument in force frees anything.
    """
    most = 0.0
    for t in range(gains.shape[0]):
        most = max(most, gains[t])
    for e in range(out.shape[0]):
        out[e] = most if free_flow[e] else 0.0
    for at in range(bound.shape[0]):
        t, e = bound[at] // out.shape[0], bound[at] % out.shape[0]
        gain = gains[t] * freed[t, e]
        out[e] = gain if gain > out[e] else out[e]


@jit
def resistance(
    start: Ints,
    col: Ints,
    n_states: int,
    output: Floats,
    world_output: float,
    phi: Floats,
    phi_home: float,
    phi_rest: float,
    rest: Floats,
    rounds: int,
    out: Floats,
) -> None:
    """Fill multilateral resistance P of each state, starting from what ``out`` holds.

    Parameters
    ----------
    start, col : int (P + 1,), (E,)
        Edges; partners that are blocs are passed over.
    output : float64 (N,)
        Digital output, USD a year.
    world_output : float
        Of the whole world, USD a year.
    phi : float64 (E,)
    phi_home, phi_rest : float
        Freeness at home and with the rest of the world.
    rest : float64 (N,)
        Output outside the state, its partners and itself, USD a year.
    out : float64 (N,)
        Resistance, changed in place.
    """
    # What a partner weighs is the same in every round: only its resistance moves. Blocs weigh nothing.
    weight = np.zeros(col.shape[0])
    ease, total = np.ones(start.shape[0] - 1), np.empty(n_states)
    for e in range(start[n_states]):
        if col[e] < n_states:
            weight[e] = output[col[e]] / world_output * phi[e]
    for _ in range(rounds):
        for i in range(n_states):
            # One over a resistance is taken once, not on each edge: a product costs a quarter of a division.
            ease[i] = 1.0 / out[i]
            total[i] = output[i] / world_output * phi_home * ease[i] + rest[i] / world_output * phi_rest
        for i in range(0, n_states - 1, 2):
            one, two, end = start[i], start[i + 1], start[i + 2]
            both = min(two - one, end - two)
            # Two states side by side, each in the order of its edges: a processor adds for one while it waits for the sum of the other.
            add_two(
                weight[one : one + both], col[one : one + both], weight[two : two + both], col[two : two + both], ease, total[i : i + 2]
            )
            add_up(weight[one + both : two], col[one + both : two], ease, total[i : i + 1])
            add_up(weight[two + both : end], col[two + both : end], ease, total[i + 1 : i + 2])
        if n_states % 2 == 1:
            one, end = start[n_states - 1], start[n_states]
            add_up(weight[one:end], col[one:end], ease, total[n_states - 1 :])
        for i in range(n_states):
            out[i] = math.exp(0.5 * (math.log(out[i]) + math.log(total[i])))


@jit
def add_two(weight: Floats, col: Ints, other_weight: Floats, other_col: Ints, ease: Floats, total: Floats) -> None:
    """Add to two totals, (2,), the weights of as many edges each, (C,), times the ease of trade of their partners."""
    a, b = total[0], total[1]
    for c in range(weight.shape[0]):
        # Unsigned places: none counts from the end, so nothing has to be asked of each.
        a += weight[c] * ease[np.uint32(col[c])]
        b += other_weight[c] * ease[np.uint32(other_col[c])]
    total[0], total[1] = a, b


@jit
def add_up(weight: Floats, col: Ints, ease: Floats, total: Floats) -> None:
    """Add to one total, (1,), the weights of some edges, (C,), times the ease of trade of their partners."""
    for c in range(weight.shape[0]):
        total[0] += weight[c] * ease[np.uint32(col[c])]


@jit
def flows(start: Ints, col: Ints, n_states: int, output: Floats, world_output: float, phi: Floats, resist: Floats, out: Floats) -> None:
    """Fill trade between states, USD a year, on their edges; edges of blocs are left at zero."""
    for i in range(n_states):
        for e in range(start[i], start[i + 1]):
            j = col[e]
            out[e] = output[i] * output[j] / world_output * phi[e] / (resist[i] * resist[j]) if j < n_states else 0.0


@jit
def moved_flows(
    row: Ints, col: Ints, n_states: int, output: Floats, world_output: float, log_distance: Floats, border: Floats, elasticity: float,
    contiguity: float, moved: Ints, effect: Floats, resist: Floats, out: Floats,
) -> None:  # fmt: skip
    """Renew trade between states on the edges whose effect moved, (M,), as :func:`freeness` and :func:`flows` would."""
    for at in range(moved.shape[0]):
        e = moved[at]
        i, j = row[e], col[e]
        if i < n_states and j < n_states:
            phi = math.exp(-elasticity * log_distance[e] + contiguity * border[e]) * (1.0 + effect[e])
            out[e] = output[i] * output[j] / world_output * phi / (resist[i] * resist[j])


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
