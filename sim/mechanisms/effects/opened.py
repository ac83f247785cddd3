r"""What the trade that is freed is worth: opened to those whom an instrument binds, and diverted from everybody else.

Gravity (:mod:`sim.mechanisms.effects.gravity`) is solved twice on this month's figures: with what is in force, ``P``, and with no
instrument in force, ``P0``; common areas of free flow stay, since they are law and no instrument. The income of the digital sector, in
the goods it buys, moves by the share that is bought at home:

.. math:: \ln \hat W_i = -\frac{1}{\epsilon} \ln \hat\lambda_{ii}, \qquad \lambda_{ii} = \frac{\theta_i \phi_{ii}}{P_i^2}
          \quad\Rightarrow\quad \ln \hat W_i = \frac{2}{\epsilon} \ln \frac{P_i}{P^0_i}

with ``epsilon`` the elasticity of trade to its costs: one half is cheaper imports, the other a better price for exports. Both halves fall
for a state whose partners turn to others. The whole is cut in two that add up to it: ``P1`` solves the state's own equation with what is in
force while its partners stay as they were,

.. math:: P^1_i = \sum_j \theta_j \phi_{ij} / P^0_j, \qquad
          opened_i = 2 \ln (P^1_i / P^0_i), \qquad diverted_i = 2 \ln (P_i / P^1_i)

so that ``opened`` is 0 for a third party and what it loses is ``diverted``. Each state's equation is a quadratic in its own resistance,
because what it sells at home meets it twice; states are solved one after another, each with the latest of the others, until none moves.

Sources: Arkolakis, Costinot and Rodriguez-Clare (2012), American Economic Review 102(1), equation 1 (welfare by the share bought at home);
Dekle, Eaton and Kortum (2008), IMF Staff Papers 55(3) (the world without, from today's flows and a ratio on the costs of each pair);
Anderson and van Wincoop (2003). Departs from them in holding each state's output fixed in USD: the model takes GDP from its figures.
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels import jit
from sim.state.world import Bools, Floats, Ints

MOST_ROUNDS = 80
SETTLED = 1e-11
"""Largest change of a resistance, as a share of it, at which it counts as solved."""


@jit
def outside_of(start: Ints, col: Ints, n_states: int, output: Floats, whole: float, out: Floats) -> None:
    """Fill the output outside each state and its partners, (N,), USD a year."""
    for i in range(n_states):
        left = whole - output[i]
        for e in range(start[i], start[i + 1]):
            left -= output[col[e]] if col[e] < n_states else 0.0
        out[i] = max(0.0, left)


@jit
def close(effect: Floats, free_flow: Bools, common: float, flow: Floats) -> None:
    """Take from trade, (E,), in place, what instruments add to it; ``common`` is what an area of free flow adds by itself."""
    for e in range(flow.shape[0]):
        alone = common if free_flow[e] else 0.0
        if effect[e] > alone:
            flow[e] *= (1.0 + alone) / (1.0 + effect[e])


@jit
def touch(start: Ints, n_states: int, effect: Floats, free_flow: Bools, common: float, out: Bools) -> None:
    """Say whose trade instruments free, (N,)."""
    for i in range(n_states):
        out[i] = False
        for e in range(start[i], start[i + 1]):
            if effect[e] > 0.0 and (not free_flow[e] or effect[e] > common):
                out[i] = True
                break


@jit
def settle(
    start: Ints, col: Ints, n_states: int, flow: Floats, scale: Floats, home: Floats, rest: Floats, resist: Floats, out: Floats
) -> None:
    """Solve for the resistance of each state, (N,), in place, from trade that was made with other resistances.

    Parameters
    ----------
    flow : float64 (E,)
        Trade, USD a year, as it would be with resistances ``resist`` (P,).
    scale : float64 (N,)
        Resistance over output with which it was made.
    home, rest : float64 (N,)
        What a state weighs for itself, and what the rest of the world adds.
    """
    # How much easier a partner is than when trade was made; blocs weigh nothing.
    ease = np.zeros(start.shape[0] - 1)
    for i in range(n_states):
        ease[i] = resist[i] / out[i]
    for _ in range(MOST_ROUNDS):
        largest = 0.0
        for i in range(n_states):
            foreign = scale[i] * abroad(flow[start[i] : start[i + 1]], col[start[i] : start[i + 1]], ease) + rest[i]
            new = own(foreign, home[i])
            largest = max(largest, abs(new / out[i] - 1.0))
            out[i], ease[i] = new, resist[i] / new
        if largest < SETTLED:
            break


@jit
def compare(
    start: Ints, col: Ints, n_states: int, flow: Floats, scale: Floats, home: Floats, rest: Floats, resist: Floats, touched: Bools,
    free: Floats, bound: Floats, opened: Floats, diverted: Floats,
) -> None:  # fmt: skip
    """Fill what is opened and what is diverted, (N,) each, log points, between resistance ``free`` of instruments and ``bound`` by them."""
    ease = np.zeros(start.shape[0] - 1)
    for i in range(n_states):
        ease[i] = resist[i] / free[i]
    for i in range(n_states):
        alone = free[i]
        if touched[i]:
            foreign = scale[i] * abroad(flow[start[i] : start[i + 1]], col[start[i] : start[i + 1]], ease) + rest[i]
            alone = own(foreign, home[i])
        opened[i] = 2.0 * math.log(alone / free[i])
        diverted[i] = 2.0 * math.log(bound[i] / alone)


@jit
def abroad(flow: Floats, col: Ints, ease: Floats) -> float:
    """Add up trade with a state's partners times their ease, (C,), in four sums side by side: a processor waits for none of them."""
    q = flow.shape[0] // 4
    f0, f1, f2, f3 = flow[:q], flow[q : 2 * q], flow[2 * q : 3 * q], flow[3 * q : 4 * q]
    c0, c1, c2, c3 = col[:q], col[q : 2 * q], col[2 * q : 3 * q], col[3 * q : 4 * q]
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    for e in range(q):
        a += f0[e] * ease[np.uint32(c0[e])]
        b += f1[e] * ease[np.uint32(c1[e])]
        c += f2[e] * ease[np.uint32(c2[e])]
        d += f3[e] * ease[np.uint32(c3[e])]
    for e in range(4 * q, flow.shape[0]):
        a += flow[e] * ease[np.uint32(col[e])]
    return (a + b) + (c + d)


@jit
def own(foreign: float, home: float) -> float:
    """Solve ``P = foreign + home / P`` for a resistance."""
    return 0.5 * (foreign + math.sqrt(foreign * foreign + 4.0 * home))
