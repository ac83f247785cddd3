"""What treaties of many parties rest on: who may sit at the table, what it is worth to them, how a group decides, who consents at home.

A bloc speaks for its members where its competence is exclusive; where it is shared they sit themselves and the bloc does not, so that
nobody is counted twice. The engine and the plain agents read the same functions of types and tables; decisions are told apart.
"""

from __future__ import annotations

import numpy as np

from sim.contracts import arity_of
from sim.ledger.conferences import own_places
from sim.theory.group import GroupProblem
from sim.theory.payoffs import Coefficients
from sim.theory.stakes import Stakes
from sim.theory.votes import VotingRule
from sim.types import SeatStage, Stage
from sim.world import Bools, Floats, Ints, World


def conferred(world: World) -> list[int]:
    """Return the agreement types that conferences negotiate in this run, by place on the T axis."""
    setting = world.setting
    return [t for t, one in enumerate(setting.types) if one.name in setting.config.negotiated and arity_of(one) != "dyad"]


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
    return np.flatnonzero(able).astype(np.int32)


def mask(world: World, parties: Ints) -> Bools:
    """Return which parties are among some, shape (P,)."""
    out = np.zeros(world.setting.n_parties, dtype=np.bool_)
    out[parties] = True
    return out


def stakes_of(world: World, t: int, parties: Ints, members: Ints, apart: int = -1) -> Stakes:
    """Return what parties have at stake in a treaty with some members; ``apart`` is the treaty's own row, which is no rival to itself."""
    stakes: Stakes = world.setting.types[t].stakes(world, t, np.asarray(parties), mask(world, members), apart)
    return stakes


def problem_of(stakes: Stakes, weight: Floats | None = None) -> GroupProblem:
    """Hand stakes to a protocol: the reservation value is the value of no agreement; all weigh the same where no weights are given."""
    n = len(stakes.a)
    weight = np.full(n, 1.0 / n if n else 0.0) if weight is None else weight
    return GroupProblem(stakes.a, stakes.b, stakes.w, stakes.theta, stakes.d, stakes.d.copy(), stakes.lo, stakes.hi, weight)


def rule_of(world: World, t: int, bloc: int) -> VotingRule:
    """Return how a conference decides: a bloc by its own rule, a treaty of many by the number of its ratifications."""
    if bloc < 0:
        return VotingRule("critical_mass", k=int(world.setting.types[t].threshold))
    own = world.setting.roster.decision_rules[bloc - world.setting.n_states]
    if own.rule == "qualified_majority":
        return VotingRule("qualified_majority", states=own.state_quota, people=own.people_quota)
    return VotingRule("consensus")


def bloc_of(world: World, row: int) -> int:
    """Return the bloc whose members made an instrument among themselves; -1 for none."""
    conference = int(world.instruments["conference"][row])
    return int(world.conferences["bloc"][conference]) if conference >= 0 else -1


def coalition(world: World, row: int) -> Ints:
    """Return who has signed a treaty and not fallen away, sorted: with whom a party reckons when it thinks of its worth."""
    return np.sort(world.adherence["party"][own_places(world, row)])


def at_the_table(world: World, conference: int) -> Ints:
    """Return who would be party to what a conference signs: those seated, and a bloc's outvoted members, sorted."""
    seats = world.seats
    stay = np.isin(seats["stage"], (SeatStage.SEATED, SeatStage.OUTVOTED)) & (seats["conference"] == conference)
    return np.sort(seats["party"][stay])


def bound_elsewhere(world: World, t: int, apart: int) -> list[Bools]:
    """Return, for each other treaty of a type that is alive, who has signed it and not fallen away, shape (P,) each."""
    instruments = world.instruments
    alive = (instruments["type"] == t) & np.isin(instruments["stage"], (Stage.SIGNED, Stage.IN_FORCE, Stage.SUSPENDED))
    return [mask(world, coalition(world, int(row))) for row in np.flatnonzero(alive) if row != apart]


def as_coefficients(stakes: Stakes) -> Coefficients:
    """Lay stakes out as one-sided dyads, (n, 2) and so on, so that ratifiers are reckoned by the rule for two; the second side is empty."""
    n, k = stakes.b.shape

    def side(values: Floats) -> Floats:
        out = np.zeros((n, 2, *values.shape[1:]))
        out[:, 0] = values
        return out

    bounds = np.broadcast_to(stakes.lo, (n, k)), np.broadcast_to(stakes.hi, (n, k))
    return Coefficients(
        side(stakes.a), side(stakes.b), side(stakes.w), side(stakes.theta), side(stakes.d), *bounds, np.zeros(n), stakes.status_quo
    )
