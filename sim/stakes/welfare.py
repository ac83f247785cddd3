"""Names and sums of the sources by which a party gains from what is in force; the mechanism ``welfare`` fills them."""

from __future__ import annotations

import numpy as np

from sim.state.world import Floats, Setting, World

APART = ("party", "payment", "trade", "diversion")
"""Sources that are no issue of a text: being party, side payments, trade with own partners, trade diverted."""


def source_names(setting: Setting) -> tuple[str, ...]:
    """Return the names of the sources, in the order of :func:`by_source`: those apart, then ``on_ISSUE`` for each issue of the run."""
    return (*APART, *(f"on_{name}" for name in setting.words.issues))


def by_source(world: World) -> Floats:
    """Return what each party gains by each source, shape (sources, P), bp of own GDP a year; they add up to ``world.welfare``."""
    out = np.empty((len(APART) + len(world.gain_on_issue), world.setting.n_parties))
    out[0], out[1], out[2], out[3] = world.gain_as_party, world.gain_by_payment, world.gain_by_trade, world.gain_by_diversion
    out[len(APART) :] = world.gain_on_issue
    return out


def in_usd(world: World) -> Floats:
    """Return what each state gains altogether, shape (N,), USD a year."""
    n = world.setting.n_states
    gains: Floats = world.welfare[:n] * world.gdp[:n] / 1e4
    return gains
