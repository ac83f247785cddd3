r"""What an instrument in force is worth to its two sides today, and what keeping their word costs them.

.. math:: V_i = u_i(x) - d_i, \qquad K_i = \sum_k w_{ik} (x_k - \theta_{ik})^2

as the executives in office see it, in bp of own GDP a year, on the figures of the month, the risk of a court told exactly. ``V`` is what a
side loses if the instrument ends. ``K`` is what it would save in a year in which it broke its word: the distance of the text from what it
wants. A type whose undertakings are a party's own law says by itself what breaking them would save (``temptation``). Where a text is not
coded, the text halfway between both sides' own best ones stands in.

Source: Downs and Rocke (1995), *Optimal Imperfection?*, chapter 4 (the temptation to defect against the value of what is suspended).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.bargains.worth import losses, worth
from sim.consequences import Undertakes
from sim.stakes.annulment import at_text
from sim.stakes.governments import led
from sim.stakes.payoffs import midway
from sim.stakes.stakes import Coefficients, Groups, issues_of
from sim.state.world import Floats, Ints, World


def as_it_binds(world: World, t: int, c: Coefficients, text: Floats) -> Floats:
    """Return texts, (G, K), as they bind today: where the other's law gives more than it undertook, its law counts.

    Where a text says nothing, things stay as they are without it.
    """
    out = np.where(np.isnan(text), c.status_quo, text)
    for one in world.setting.types[t].does:
        if isinstance(one, Undertakes):
            at = [issues_of(world.setting).index(issue) for issue in (one.safeguards, one.redress) if issue]
            out[:, at] = np.maximum(out[:, at], c.status_quo[:, at])
    return out


@dataclass(frozen=True)
class Held:
    """What some instruments of two are to their sides today, (n, 2) each, bp of own GDP a year; NaN where the two watch no longer.

    Attributes
    ----------
    value : float64 (n, 2)
        What each side would lose if it ended, V.
    saving : float64 (n, 2)
        What each would save in a year in which it broke its word, K.
    halfway : float64 (n, 2)
        What the text halfway between both sides' own best ones would be worth; NaN where the instrument's own is not coded at all.
    """

    value: Floats
    saving: Floats
    halfway: Floats


def held(world: World, rows: Ints) -> Held:
    """Return what some instruments of two, by row (n,), are to their sides today."""
    setting, instruments = world.setting, world.instruments
    value, saving, halfway = (np.full((len(rows), 2), np.nan) for _ in range(3))
    kinds = instruments["type"][rows]
    for t in sorted(set(kinds.tolist())):
        at = np.flatnonzero(kinds == t)
        first, second = (instruments[key][rows[at]] for key in ("first", "second"))
        edge = setting.edges.find_all(first, second)
        there = (edge >= 0) & (world.gdp[first] > 0.0) & (world.gdp[second] > 0.0)
        if not there.any():
            continue
        at, first, second, edge = at[there], first[there], second[there], edge[there]
        groups, kind = Groups(first, second, edge, setting.edges.rev[edge], issues_of(setting)), setting.types[t]
        made = kind.coefficients(world, groups)
        c = led(world, t, made.dyads(), first, second)
        said, between = instruments["text"][rows[at]], np.nan_to_num(midway(c))
        text = as_it_binds(world, t, c, np.where(np.isnan(said), between, said))
        value[at] = worth(c, text) - c.d + at_text(made, world, groups, text)
        coded = ~np.isnan(said).all(axis=1)
        halfway[at[coded]] = (worth(c, between) - c.d + at_text(made, world, groups, between))[coded]
        if hasattr(kind, "temptation"):
            saving[at] = kind.temptation(world, groups, text)
        else:
            saving[at] = losses(c.w, c.theta, text[:, None, :]).sum(axis=2)
    return Held(value, saving, halfway)


def damage(world: World, row: int, role: int) -> float:
    """Return what the other side loses while the side in a role breaks the word of an instrument, bp of the other's GDP a year.

    Who breaks its word does what it wants on every issue; a party in role 1 that undertook goes back to its own law.
    """
    setting, instruments = world.setting, world.instruments
    t, first, second = (int(instruments[key][row]) for key in ("type", "first", "second"))
    edge = setting.edges.find(first, second)
    if edge < 0:
        return 0.0
    one = np.array([first]), np.array([second])
    groups = Groups(*one, np.array([edge]), setting.edges.rev[[edge]], issues_of(setting))
    c = led(world, t, setting.types[t].coefficients(world, groups).dyads(), *one)
    text = instruments["text"][[row]]
    text = np.where(np.isnan(text), np.nan_to_num(midway(c)), text)
    broken = np.where(c.w[:, role] > 0.0, c.theta[:, role], text)
    for undertaken in (does for does in setting.types[t].does if isinstance(does, Undertakes)):
        for issue, own in ((undertaken.safeguards, world.own_safeguards[second]), (undertaken.redress, 0.0)):
            if issue:
                k = groups.issues.index(issue)
                broken[:, k] = np.minimum(text[:, k], own) if role == 1 else text[:, k]
    return float((worth(c, text) - worth(c, broken))[0, 1 - role])
