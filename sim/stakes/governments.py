r"""What is at stake as the executives in office see it: the interests of their states, with ideal points that lean.

.. math:: \theta_{ik}^{gov} = \theta_{ik} + \ell_i \, \sigma \, e_{ik}, \qquad
          d_i^{gov} = d_i + \sum_k w_{ik} [ (x_k^{sq} - \theta_{ik})^2 - (x_k^{sq} - \theta_{ik}^{gov})^2 ]

``l`` how far the executive of party i leans (``leaning``, domestic spreads), ``sigma`` the domestic spread and ``e`` the direction that
the agreement type declares (``ratifiers``). An agreement type tells what is at stake for a state, and knows of no government: stakes are
turned here on their way to every rule that decides. Welfare is the state's own, and is not turned.

Source: the executive as a chief negotiator with preferences of its own: Putnam (1988), International Organization 42; Moravcsik (1993),
in "Double-Edged Diplomacy". The form is that of the pivotal ratifier (:mod:`sim.bargains.winset`).
"""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.bargains.worth import loss_moved
from sim.kernels import jit
from sim.ports import RatificationTerms
from sim.stakes.stakes import Coefficients, Stakes, issues_of
from sim.state.world import Floats, Ints, World


def led(world: World, t: int, c: Coefficients, first: Ints, second: Ints, issues: tuple[str, ...] | None = None) -> Coefficients:
    """Return what is at stake for pairs on an agreement type as their executives see it.

    Parameters
    ----------
    world : World
    t : int
        Place on the T axis.
    c : Coefficients
        Of G dyads, as the type told them.
    first, second : int (G,)
        Places on the P axis of the parties in role 0 and role 1.
    issues : tuple of str or None
        What the type was asked about, where those are not all of the run's.
    """
    if not world.leaning.any():
        return c
    known, direction = issues_of(world.setting), world.setting.leanings[t]
    # A type that makes its draft without saying for whom knows the shipped issues, whatever it was asked about.
    if issues is not None and c.theta.shape[-1] == len(issues) < len(known):
        direction = direction[:, [known.index(issue) for issue in issues]]
    party = np.empty((len(first), 2), dtype=np.int64)
    party[:, 0], party[:, 1] = first, second
    theta, d = _turned(world, party.reshape(-1), direction, c)
    # Not by dataclasses.replace, which takes ten times as long: this is asked for every pair that is looked at.
    return Coefficients(c.a, c.b, c.w, theta, d, c.lo, c.hi, c.commitment, c.status_quo)


def led_at_table(world: World, t: int, stakes: Stakes, parties: Ints) -> Stakes:
    """Return what some parties, (n,), have at stake at one table on an agreement type as their executives see it."""
    if not world.leaning.any():
        return stakes
    theta, d = _turned(world, np.asarray(parties, dtype=np.int64), world.setting.leanings[t, :1], stakes)
    return dataclasses.replace(stakes, theta=theta, d=d)


def _turned(world: World, party: Ints, direction: Floats, c: Coefficients | Stakes) -> tuple[Floats, Floats]:
    """Return ideal points and values of no agreement that lean, of the shapes they have."""
    k, spread = c.theta.shape[-1], world.setting.terms(RatificationTerms).spread
    salience, law = (np.ascontiguousarray(one).reshape(-1, k) for one in (c.w, c.status_quo))
    theta, d = np.array(c.theta, order="C"), np.array(c.d, order="C")
    _turn(party, world.leaning, spread, np.ascontiguousarray(direction), salience, law, theta.reshape(-1, k), d.reshape(-1))
    return theta, d


@jit
def _turn(party: Ints, leaning: Floats, spread: float, direction: Floats, w: Floats, law: Floats, theta: Floats, d: Floats) -> None:
    """Move ideal points, (R, K), and values of no agreement, (R,), row by row; as many sides share a row of the law as have a direction."""
    sides = direction.shape[0]
    for row in range(d.shape[0]):
        lean, shift = leaning[party[row]] * spread, 0.0
        if lean == 0.0:
            continue
        for k in range(theta.shape[1]):
            today, moved = law[row // sides, k], theta[row, k] + lean * direction[row % sides, k]
            shift += loss_moved(w[row, k], today - theta[row, k], today - moved)
            theta[row, k] = moved
        d[row] += shift
