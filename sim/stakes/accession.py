r"""Joining an open agreement of two or more: who is in it, with whom a newcomer lacks one, the text it is offered, and what that brings.

An agreement is *open* if any party may ask to accede to it. Its parties are those of its instruments in force, pair by pair. What a
newcomer i would gain is the sum over the parties j with which it has nothing of the kind,

.. math:: g_i = \sum_j u_{ij}(x_{ij}) - d_{ij}, \qquad x_{ij} = clip(x, lo_{ij}, hi_{ij})

with ``x`` the text of the agreement. Who joins takes it as it stands, but for what its own law or the other's lets no text pass (a
carve-out is a floor). On an issue that the text leaves open the two meet halfway.

What is done once costs once. The newcomer's upkeep is shared out over the pairs. Those inside pay theirs already, and have given up keeping
data at home already, by a law that is one towards everybody: neither is a new cost to them (``upkeep_share`` of 0 on their side).

Source: CPTPP, art. 5 and its accession process of 2019 (consensus of the parties, who take the rules as they are); DEPA, art. 16.4.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.bargains.worth import gain as gain_of
from sim.ledger import bars
from sim.rng import identity, uniform
from sim.stakes.governments import led
from sim.stakes.payoffs import BP, midway
from sim.stakes.stakes import Coefficients, Groups, issues_of
from sim.state.world import Floats, Ints, World
from sim.types import Stage


@dataclass(frozen=True)
class Offer:
    """What joining an open agreement would be to a party and to those inside.

    Attributes
    ----------
    groups : Groups
        The newcomer with each party with which it lacks an agreement, the largest economy first; (n,).
    gain : float64 (n, 2)
        What each pair would bring the newcomer and the party inside, bp of own GDP a year, as their executives see it.
    """

    groups: Groups
    gain: Floats

    @property
    def newcomer(self) -> int:
        """Place of the newcomer on the P axis."""
        return int(self.groups.first[0])

    @property
    def refusing(self) -> Ints:
        """Places of the parties inside that would lose, and so refuse."""
        return np.asarray(self.groups.second[~(self.gain[:, 1] >= 0.0)])

    def usd(self, world: World) -> float:
        """Return what it brings the newcomer in all, USD a year."""
        return float(np.sum(self.gain[:, 0])) * float(world.gdp[self.newcomer]) / BP


def open_agreements(world: World, t: int) -> list[int]:
    """Return the open agreements of a type that are in force, by the row of the first instrument of each, in order."""
    instruments = world.instruments
    rows = where_true((instruments["type"] == t) & (instruments["opens"] >= 0) & (instruments["stage"] == Stage.IN_FORCE))
    return sorted(set(instruments["opens"][rows].tolist()))


def parties_inside(world: World, agreement: int) -> Ints:
    """Return who is in an open agreement, sorted."""
    instruments = world.instruments
    rows = where_true((instruments["opens"] == agreement) & (instruments["stage"] == Stage.IN_FORCE))
    return np.unique(np.concatenate([instruments["first"][rows], instruments["second"][rows]]))


def lacking(world: World, t: int, newcomer: int, inside: Ints) -> Groups | None:
    """Return the newcomer with each party inside with which it has no agreement; None where a party bars it, or talks or rests with it."""
    setting, edges = world.setting, world.setting.edges
    first, end = int(edges.start[newcomer]), int(edges.start[newcomer + 1])
    own = np.searchsorted(edges.col[first:end], inside) + first
    there = own[own < end]
    there = there[edges.col[there] == inside[own < end]]
    there = there[~world.blocked[there] & (world.principal[t, edges.col[there]] == edges.col[there])]
    if any(bars(world, edge) for edge in there.tolist()):
        return None
    there = there[~world.in_force[np.ix_(where_true(setting.rules_out[t]), there)].any(axis=0)]
    if ((world.open_talk[t, there] >= 0) | (world.cooldown[t, there] > world.month)).any():
        return None
    # The largest first; of those that are alike, the first in the order of parties.
    there = there[np.argsort(-world.gdp[edges.col[there]], kind="stable")].astype(np.int32)
    return Groups(edges.row[there], edges.col[there], there, edges.rev[there], issues_of(setting))


def offered(world: World, t: int, agreement: int, groups: Groups) -> Offer:
    """Return what joining an open agreement would be to a newcomer and to those inside it lacks one with."""
    kind: Any = world.setting.types[t]
    with as_if_joining(world, groups):
        c = led(world, t, kind.coefficients(world, groups).dyads(), groups.first, groups.second)
    return Offer(groups, gain_of(c, text_of(world, agreement, c)))


@contextlib.contextmanager
def as_if_joining(world: World, groups: Groups) -> Iterator[None]:
    """Let upkeep be shared out as it would be while a newcomer joins; all else is as it is, and so is upkeep afterwards."""
    shared, edges = world.upkeep_share, (groups.edge, groups.back)
    before = [shared[one].copy() for one in edges]
    # In place: a copy of all edges for each who looks would cost more than the rest.
    shared[groups.edge], shared[groups.back] = 1.0 / max(groups.n, 1), 0.0
    try:
        yield
    finally:
        for one, values in zip(edges, before, strict=True):
            shared[one] = values


def text_of(world: World, agreement: int, c: Coefficients) -> Floats:
    """Return the text that pairs take from an open agreement, (n, K): as it stands, halfway where it says nothing, within their bounds."""
    said = world.instruments["text"][agreement][None, :]
    return np.asarray(np.where(np.isnan(said), midway(c), np.clip(said, c.lo, c.hi)))


def accession_months(world: World, row: int) -> int:
    """Return how many months an accession takes, by the row of any of its talks: from the shortest to the longest, by luck."""
    talks = world.talks
    kind: Any = world.setting.types[int(talks["type"][row])]
    who = identity(world.instrument_identity(int(talks["joins"][row]))), world.setting.identity[int(talks["first"][row])]
    drawn = uniform(world.seed, luck.ACCESSION_MONTHS, int(talks["opened"][row]), *who)
    return int(kind.accession_least + drawn * (max(kind.accession_most, kind.accession_least) + 1 - kind.accession_least))


def name_of(world: World, agreement: int) -> str:
    """Return what an open agreement is called: its name in the tables, else its identity."""
    listed = int(world.instruments["listed"][agreement])
    return world.setting.roster.instruments[listed].name if listed >= 0 else world.instrument_identity(agreement)
