"""What treaties of many parties rest on: who may sit at the table, what it is worth to them, how a group decides, who consents at home.

A bloc speaks for its members where its competence is exclusive; where it is shared they sit themselves and the bloc does not, so that
nobody is counted twice. The engine and the plain agents read the same functions of types and tables; decisions are told apart.
"""

from __future__ import annotations

import math

import numpy as np

from sim.arrays import among, where_true
from sim.bargains.group import GroupProblem, draft
from sim.bargains.worth import gain as gain_of
from sim.bargains.worth import reservation
from sim.ledger.conferences import own_places
from sim.stakes.coalitions import settle
from sim.stakes.governments import led_at_table
from sim.stakes.stakes import Stakes
from sim.stakes.votes import VotingRule, carried
from sim.state.world import Bools, Floats, Ints, World
from sim.types import SeatStage, Stage


def speakers(world: World, t: int) -> Bools:
    """Return who speaks for itself on a type and may sit at a table of many, shape (P,).

    A state that no bloc speaks for, and a bloc that speaks for some state.
    """
    n, speaker = world.setting.n_states, world.principal[t]
    out = np.zeros(world.setting.n_parties, dtype=np.bool_)
    out[:n] = speaker[:n] == np.arange(n)
    out[np.unique(speaker[:n][speaker[:n] >= n])] = True
    return out


def members_of_bloc(world: World, t: int, bloc: int) -> Ints:
    """Return the members of a bloc that speak for themselves on a type, sorted; none where the bloc has not the competence."""
    n = world.setting.n_states
    if world.principal[t, bloc] != bloc:
        return np.zeros(0, dtype=np.int32)
    able = world.member[bloc - n] & speakers(world, t)[:n]
    return where_true(able).astype(np.int32)


def mask(world: World, parties: Ints) -> Bools:
    """Return which parties are among some, shape (P,)."""
    out = np.zeros(world.setting.n_parties, dtype=np.bool_)
    out[parties] = True
    return out


def stakes_of(world: World, t: int, parties: Ints, members: Ints, apart: int = -1) -> Stakes:
    """Return what parties' executives have at stake in a treaty with some members; ``apart`` is its own row, no rival to itself."""
    parties = np.asarray(parties)
    return led_at_table(world, t, world.setting.types[t].stakes(world, t, parties, mask(world, members), apart), parties)


def problem_of(stakes: Stakes, weight: Floats | None = None) -> GroupProblem:
    """Hand stakes to a protocol: the reservation value is the value of no agreement; all weigh the same where no weights are given."""
    n = len(stakes.a)
    weight = np.full(n, 1.0 / n if n else 0.0) if weight is None else weight
    return GroupProblem(stakes.a, stakes.b, stakes.w, stakes.theta, stakes.d, reservation(stakes.d), stakes.lo[0], stakes.hi[0], weight)


def stable_among(world: World, t: int, invited: Ints, hopeful: Ints) -> Ints:
    """Return who comes to a table when each looks at who else would, by place on the P axis, in the order of those invited.

    From those hopeful, who loses most by the draft of those inside leaves, then (open doors) who gains most by it comes, one by one
    (:func:`sim.stakes.coalitions.settle`). Whoever stays out has no agreement: a treaty does nothing for outsiders.
    """

    def gain(inside: Bools) -> Floats:
        members = invited[inside]
        if len(members) == 0:
            return np.full(len(invited), -1.0)
        stakes = stakes_of(world, t, invited, members)
        return gain_of(stakes, draft(problem_of(stakes_of(world, t, members, members))))

    joining = world.setting.types[t].accession == "open"
    return np.asarray(invited[settle(np.isin(invited, hopeful), gain, joining=joining)])


def rule_of(world: World, t: int, bloc: int) -> VotingRule:
    """Return how a conference decides: as its type says, or else a bloc by its own rule and others by the number of ratifications.

    The quota of a weighted vote is a share of the weights.
    """
    kind = world.setting.types[t]
    decision = getattr(kind, "decision", "own")
    if decision == "unanimity":
        return VotingRule("unanimity")
    if decision == "qualified_majority":
        return VotingRule("qualified_majority", states=kind.quota_states, people=kind.quota_people)
    if decision == "weighted":
        return VotingRule("weighted", quota=kind.quota_weight)
    if bloc < 0:
        return VotingRule("critical_mass", k=int(kind.threshold))
    own = world.setting.roster.decision_rules[bloc - world.setting.n_states]
    if own.rule == "qualified_majority":
        return VotingRule("qualified_majority", states=own.state_quota, people=own.people_quota)
    return VotingRule("consensus")


def carries(world: World, t: int, bloc: int, favour: Ints, everybody: Ints) -> bool:
    """Say whether some of those who decide on a treaty, by place on the P axis, are enough by its rule."""
    rule, weights = rule_of(world, t, bloc), None
    if rule.kind == "weighted":
        weights = getattr(world, world.setting.types[t].voting_weight)[everybody]
        weights = weights / max(math.fsum(weights), 1e-300)
    return carried(rule, np.isin(everybody, favour), world.population[everybody], weights)


def signatories(world: World, row: int) -> Ints:
    """Return who signed a treaty of many when it was made, whatever has become of them since, sorted."""
    seats = world.seats
    own = (seats["conference"] == world.instruments["conference"][row]) & (seats["stage"] == SeatStage.SIGNED)
    return np.sort(seats["party"][own])


def coalition(world: World, row: int) -> Ints:
    """Return who has signed a treaty and not fallen away, sorted: with whom a party reckons when it thinks of its worth."""
    return np.sort(world.adherence["party"][own_places(world, row)])


def at_the_table(world: World, conference: int) -> Ints:
    """Return who would be party to what a conference signs: those seated, and a bloc's outvoted members, sorted."""
    seats = world.seats
    stay = among(seats["stage"], SeatStage.SEATED, SeatStage.OUTVOTED) & (seats["conference"] == conference)
    return np.sort(seats["party"][stay])


def bound_elsewhere(world: World, t: int, apart: int) -> list[Bools]:
    """Return, for each other treaty of a type that is alive, who has signed it and not fallen away, shape (P,) each."""
    instruments = world.instruments
    alive = (instruments["type"] == t) & among(instruments["stage"], Stage.SIGNED, Stage.IN_FORCE, Stage.SUSPENDED)
    return [mask(world, coalition(world, int(row))) for row in where_true(alive) if row != apart]
