r"""Heads of organisations meet members one by one: the Secretary-General, the Director-General, the chair of a commission.

How many in a year stands in ``bodies.csv`` (``received``), beside the body of their members, at whose rank the member comes. Whom is luck,
in proportion to :math:`Y^s`, ``Y`` the GDP of the member and ``s`` ``receptions_size``. A member comes to the seat with the probability
that the way is open; else the two see each other on a screen as far as the member's line carries one, and speak by telephone otherwise.

Source: numbers from memory; the shape is assumed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.arrays import where_true
from sim.ports import ContactTerms
from sim.rng import identities, uniforms
from sim.state.world import Bools, Floats, World
from sim.types import Channel


def line_of(world: World) -> Floats:
    """Return how well each state's line, and its way to most others, carry a meeting, (N,)."""
    enough = world.setting.terms(ContactTerms).line_enough
    return np.asarray(np.minimum(np.minimum(1.0, world.bandwidth[: world.setting.n_states] / enough), world.array("way_out")))


def receive(world: World, inside: Bools, host: NDArray[np.int64], line: Floats, size: float) -> None:
    """Let heads of organisations meet members this month, and write it to the ledger.

    Parameters
    ----------
    world : World
    inside : array of bool, shape (B, N)
        Who sits in which body.
    host : array, shape (B,)
        Where each body meets.
    line : array, shape (N,)
        How well each state's line carries a meeting.
    size : float
        How much more often larger economies are met, s.
    """
    setting, bodies, n = world.setting, world.setting.roster.bodies, world.setting.n_states
    many = np.where(inside.any(axis=1), bodies.receptions(world.month), 0)
    which = where_true(many > 0)
    if not len(which):
        return
    weight = np.where(inside[which], np.maximum(world.gdp[:n], 1.0)[None, :] ** size, 0.0)
    passed = np.cumsum(weight, axis=1)
    passed /= passed[:, -1:]
    of = np.repeat(np.arange(len(which)), many[which])
    body = which[of]
    at = np.arange(len(of)) - np.repeat(np.cumsum(many[which]) - many[which], many[which])
    ids = identities(bodies.names)[body]
    drawn, way, reached = (uniforms(world.seed, luck.RECEPTION, world.month, ids, at.astype(np.uint64), word=word) for word in (0, 1, 2))
    state = (passed[of] < drawn[:, None]).sum(axis=1)
    there = host[body]
    open_ = np.where(state == there, 1.0, (1.0 - world.closure[state]) * (1.0 - world.closure[there]))
    seen = line[state]
    channel = np.where(way < open_, int(Channel.VISIT), np.where(reached < seen, int(Channel.VIDEO), int(Channel.CALL)))
    world.events.extend(
        len(of), month=world.month, event=setting.words.code("event", "reception"), party_a=state, channel=channel,
        rank=bodies.rank[body], of_body=body,
    )  # fmt: skip
