"""The month under a rival theory: the model's scarcity, the rival's choice of who deals with whom.

- **How many.** Each month the world gives ``fill`` of all desks to new talks: ``floor(fill * desks / 2 + u)`` talks open, u by luck.
- **Who.** Pairs that the type's rules let talk arrive in a race, after an exponential time over the rival's ``pull``. They are taken in
  that order where both have a desk free, until the month's number is reached. All types are drawn together.
- **Meeting.** Whom parties meet, at what rank and over what channel, is the model's own rule. The side with more capability opens the
  talks: it spends the last of its contacts of the month on that partner, where it would not have met it. Without a contact nothing opens.
- **How long.** Talks last ``months`` and conclude with the text that the rival settles; no protocol is asked.
- **Consent.** Where the rival is not ``by_interest`` both sides accept and those at home consent; else the model's rules answer.

Tables of many are left to the model's rules, and no packages are made.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.arrays import where_true
from sim.bargains.problems import Outcomes, Problems
from sim.decide.agenda import Chosen
from sim.decide.assent import answers
from sim.decide.contacts import Contacts
from sim.decide.decisions import Compiled
from sim.decide.held import ByProtocol
from sim.decide.partners import room_for_talks, who_may_talk
from sim.decide.staff import free_desks
from sim.ledger.barred import shut
from sim.ledger.parties import made_by_many
from sim.ports import BargainingTerms, Hand
from sim.rng import identity, uniform, uniforms
from sim.stakes.packages import Package
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Reason, TalkStage


class Rivalled(Compiled):
    """Decisions of a world under a rival theory; what a rival does not touch is decided as ever.

    Parameters
    ----------
    rival : Theory
        A part of the shelf ``sim/rivals``.
    """

    def __init__(self, rival: Any) -> None:
        self.rival = rival
        self.hand: Hand = RivalHand(rival)

    def appraise(self, world: World) -> None:
        """Renew standing weights, what the rival lets parties hope for, and which role each would take."""
        self.weigh(world)
        world.prospect[:], world.role[:] = 0.0, -1
        world.linked_prospect[:], world.linked_roles[:] = 0.0, -1
        for t in where_true(world.setting.negotiated).tolist():
            groups = _may_talk(world, t)
            groups = _of(groups, world.setting.types[t].eligible(world, groups))
            hopes = self.rival.hopes(world, t, groups)
            # Where both orders of roles are possible the one that promises more counts, and luck decides between equals.
            promise = np.maximum(hopes[:, 0], hopes[:, 1])
            drawn = uniforms(world.seed, luck.RIVAL_ROLE, world.month, *_named(world, groups, ordered=True), index=_type(world, t))
            best = np.full((2, world.setting.edges.n), -1.0)
            best[:, groups.edge] = promise, drawn
            there, other = best[:, groups.edge], best[:, groups.back]
            wins = (there[0] > other[0]) | ((there[0] == other[0]) & (there[1] > other[1]))
            for places, role, side in ((groups.edge[wins], 0, 0), (groups.back[wins], 1, 1)):
                world.role[t, places], world.prospect[t, places] = role, hopes[wins, side]

    def choose_partners(self, world: World) -> Chosen:
        """Meet whom the model would; who is drawn to open talks spends a contact on it."""
        chosen, edges = super().choose_partners(world), world.setting.edges
        edge, channel = chosen.edge.copy(), chosen.channel.copy()
        wanted = [e for e, _ in self.drawn(world)]
        owner = edges.row[edge]
        for e in dict.fromkeys(wanted):
            mine = where_true(owner == edges.row[e])
            if not (edge[mine] == e).any():
                spare = [at for at in mine[::-1].tolist() if int(edge[at]) not in wanted]
                if spare:
                    edge[spare[0]], channel[spare[0]] = e, -1
        return Chosen(edge, chosen.rank, channel)

    def propose(self, world: World, contacts: Contacts) -> Ints:
        """Open the talks that were drawn, at the contact that was spent on them."""
        out = np.full(len(contacts.edge), -1, dtype=np.int32)
        for e, t in self.drawn(world):
            at = where_true((contacts.edge == e) & (out < 0))
            if len(at):
                out[at[0]] = t
        return out

    def accept(self, world: World, talks: Ints, problems: Problems, outcomes: Outcomes) -> Bools:
        """Accept as in the model where interests decide, else in any case."""
        if self.rival.by_interest:
            return super().accept(world, talks, problems, outcomes)
        return np.ones((len(talks), 2), dtype=np.bool_)

    def ratify(self, world: World, places: Ints) -> NDArray[np.int8]:
        """Consent as in the model where interests decide, and to treaties of many; else in any case."""
        if self.rival.by_interest:
            return super().ratify(world, places)
        out = np.full(len(places), Reason.NONE, dtype=np.int8)
        many = where_true(made_by_many(world, world.adherence["instrument"][places]))
        out[many] = answers(world, places[many])
        return out

    def drawn(self, world: World) -> list[tuple[int, int]]:
        """Return the talks that open this month as (edge from who opens them, type), in the order of their arrival.

        The same month gives the same, asked again: luck is drawn by the names of the pair and the type.
        """
        edges, desks = world.setting.edges, _desks(world)
        count = int(self.rival.fill * float(desks.sum()) / 2.0 + uniform(world.seed, luck.RIVAL_OPENINGS, world.month, np.uint64(0)))
        found: list[tuple[int, int]] = []
        free = free_desks(world)
        for time, first, second, e, t in self._arrivals(world) if count else ():
            if len(found) == count or time == np.inf:
                break
            if free[first] > 0 and free[second] > 0:
                free[first] -= 1
                free[second] -= 1
                leads = world.capability[first] >= world.capability[second]
                found.append((e if leads else int(edges.rev[e]), t))
        return found

    def _arrivals(self, world: World) -> list[tuple[float, int, int, int, int]]:
        """Return pairs that may talk as (time, role 0, role 1, edge, type), sorted; a pull of 0 never arrives."""
        columns = []
        for t in where_true(world.setting.negotiated).tolist():
            groups = _may_talk(world, t)
            groups = _of(groups, (world.role[t, groups.edge] == 0) & (world.open_talk[t, groups.edge] < 0))
            pull = self.rival.pull(world, t, groups)
            u = uniforms(world.seed, luck.RIVAL_DRAW, world.month, *_named(world, groups, ordered=False), index=_type(world, t))
            time = np.full(groups.n, np.inf)
            time[pull > 0.0] = -np.log(u[pull > 0.0]) / pull[pull > 0.0]
            columns.append((time, groups.first, groups.second, groups.edge, np.full(groups.n, t)))
        if not columns:
            return []
        time, *others = (np.concatenate(some) for some in zip(*columns, strict=True))
        order = np.lexsort((others[2], others[3], time))
        return list(zip(time[order].tolist(), *(one[order].tolist() for one in others), strict=True))


class RivalHand(ByProtocol):
    """The hand at the table under a rival: talks end when their time is up, as the rival settles them."""

    def __init__(self, rival: Any) -> None:
        self._rival = rival

    def ready(self, world: World, ready: Bools) -> Bools:
        """Return which talks have lasted long enough, bool (M,)."""
        talks = world.talks
        return np.asarray((talks["stage"] == TalkStage.OPEN) & (world.month - talks["opened"] >= self._rival.months))

    def work(self, world: World, rows: Ints, table: Problems, status_quo: Floats, package: Package = None) -> Outcomes:
        """Settle talks, (M,), as the rival does."""
        outcomes: Outcomes = self._rival.settle(world, rows, table)
        return outcomes


def _may_talk(world: World, t: int) -> Groups:
    """Return the directed dyads between which nothing stands in the way of talks on a type, the owner in role 0."""
    edges = world.setting.edges
    able = np.empty((4, edges.n), dtype=np.int32)
    n = who_may_talk(
        world.month, edges.row, edges.col, edges.rev, world.principal[t], shut(world), world.in_force,
        where_true(world.setting.rules_out[t]), world.cooldown[t], able,
    )  # fmt: skip
    first, second, edge, back = able[:, :n]
    return Groups(first, second, edge, back, issues_of(world.setting))


def _of(groups: Groups, which: Bools) -> Groups:
    return Groups(groups.first[which], groups.second[which], groups.edge[which], groups.back[which], groups.issues)


def _named(world: World, groups: Groups, *, ordered: bool) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the identities of each pair's parties, by role or, for what is symmetric, in the order of parties."""
    known, first, second = world.setting.identity, groups.first, groups.second
    if ordered:
        return known[first], known[second]
    return known[np.minimum(first, second)], known[np.maximum(first, second)]


def _type(world: World, t: int) -> int:
    return int(identity(world.setting.types[t].name))


def _desks(world: World) -> Ints:
    """Return how many talks each party could carry with none open, shape (P,)."""
    part, none = world.setting.terms(BargainingTerms), np.empty(0, dtype=np.int32)
    out = np.empty(world.setting.n_parties, dtype=np.int32)
    room_for_talks(
        world.gdp, part.desks, part.desk_reference, part.desk_elasticity, np.empty(0, dtype=np.int8), int(TalkStage.OPEN), none, none,
        none, out,
    )  # fmt: skip
    return out
