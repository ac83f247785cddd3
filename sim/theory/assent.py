r"""Whether those at home consent to what was signed: a legislature by its pivotal ratifier, a bloc by the votes of its members.

A text :math:`x` signed by party i is judged on the interests of the month of the vote. The government stands by it where
:math:`u_i(x) \ge d_i`; a state's ratifiers consent where :math:`u_i^{piv}(x) \ge d_i^{piv}` at their true distance
(:mod:`sim.theory.ratifiers`). A member m of a bloc has the bloc's stakes and its own ideal point (the ratifier of
:mod:`sim.theory.winset` with :math:`\theta^{piv} = \theta_m`); the bloc assents where the members in favour reach the quota of states
and the quota of people.

Source: Treaty on European Union, art. 16(4) and Regulation (EU) 182/2011, art. 5 (qualified majority of the committee); ASEAN
Charter, art. 20 (consensus).
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from sim.theory.payoffs import BP, Coefficients, Groups, utility
from sim.theory.ratifiers import distances, distances_at, gains, lean, pivots
from sim.theory.stakes import Stakes, worth
from sim.theory.treaties import as_coefficients, coalition, stakes_of
from sim.theory.winset import pivots_at
from sim.types import Institution, Reason
from sim.world import Bools, Floats, Ints, World


def answers(world: World, places: Ints) -> NDArray[np.int8]:
    """Answer for those whose ratifiers decide this month.

    Parameters
    ----------
    world : World
    places : int (n,)
        Rows of adherences that wait for their ratifiers.

    Returns
    -------
    int8 (n,)
        ``Reason.NONE`` where ratified, ``WITHDRAWN`` where the government no longer wants it, else ``NOT_RATIFIED``.
    """
    instruments, adherence, part = world.instruments, world.adherence, world.setting.config.mechanisms["ratification"]
    out = np.full(len(places), Reason.NOT_RATIFIED, dtype=np.int8)
    row = adherence["instrument"][places]
    many = instruments["conference"][row] >= 0
    for treaty in np.unique(row[many]):
        at = np.flatnonzero(row == treaty)
        out[at] = of_treaty(world, int(treaty), adherence["party"][places[at]])
    for t in np.unique(instruments["type"][row[~many]]):
        at = np.flatnonzero((instruments["type"][row] == t) & ~many)
        c = _coefficients(world, int(t), instruments["first"][row[at]], instruments["second"][row[at]])
        text, role = instruments["text"][row[at]], adherence["role"][places[at]]
        each = np.arange(len(at))
        money = payments(world, row[at])[each, role]
        wanted = (utility(c, text) - c.d)[each, role] + money >= 0.0
        far = distances(world, instruments["talk"][row[at]])
        direction = lean(world.setting.types, np.full(len(at), t))
        consent = gains(pivots(c, part.spread, far.true, direction, far.active), text)[each, role] + money >= 0.0
        for m in np.flatnonzero(adherence["institution"][places[at]] == Institution.BLOC_ASSENT):
            consent[m] = assents(world, int(row[at[m]]), int(role[m]), take(c, np.array([m])))
        out[at[consent]] = Reason.NONE
        out[at[~wanted]] = Reason.WITHDRAWN
    return out


def assents(world: World, row: int, role: int, c: Coefficients) -> bool:
    """Say whether a bloc's members assent to an instrument it signed.

    Parameters
    ----------
    row : int
        Row of the instrument.
    role : int
        The bloc's role in it.
    c : Coefficients
        Of this instrument alone, in order of role.
    """
    setting, instruments = world.setting, world.instruments
    bloc = int(instruments["second" if role else "first"][row]) - setting.n_states
    members = np.flatnonzero(world.member[bloc])
    return len(members) > 0 and _reaches(world, bloc, members, in_favour(world, row, role, members, c))


def _reaches(world: World, bloc: int, members: Ints, favour: Bools) -> bool:
    """Say whether those in favour, (n,) of the members (n,), reach a bloc's quota of states and its quota of people."""
    rule, people = world.setting.roster.decision_rules[bloc], world.population[members]
    in_all, for_it = math.fsum(people), math.fsum(people[favour])
    return bool(np.count_nonzero(favour) >= rule.state_quota * len(members) and for_it >= rule.people_quota * in_all)


def of_treaty(world: World, row: int, parties: Ints) -> NDArray[np.int8]:
    """Answer for some who signed a treaty of many, (n,): on its worth with all who have signed it and not fallen away."""
    part, instruments = world.setting.config.mechanisms["ratification"], world.instruments
    t, text, conference = int(instruments["type"][row]), instruments["text"][row], int(instruments["conference"][row])
    members = coalition(world, row)
    stakes = stakes_of(world, t, parties, members, row)
    far = distances_at(world, conference, parties)
    consent = ratifiers_gain(stakes, part.spread, far.true, lean(world.setting.types, np.full(len(parties), t)), far.active, text) >= 0.0
    for m in np.flatnonzero(parties >= world.setting.n_states):
        consent[m] = bloc_assents(world, row, int(parties[m]), members, stakes.take(np.array([m])))
    out = np.where(consent, Reason.NONE, Reason.NOT_RATIFIED).astype(np.int8)
    out[worth(stakes, text) - stakes.d < 0.0] = Reason.WITHDRAWN
    return out


def ratifiers_gain(stakes: Stakes, spread: float, s: Floats, direction: Floats, active: Bools, text: Floats) -> Floats:
    """Return what each party's pivotal ratifier gains by a text, (n,); infinite where none has a say; ``s`` and the rest (n, 2, ...)."""
    p = pivots(as_coefficients(stakes), spread, s, direction, active)
    return gains(p, np.broadcast_to(text, (len(stakes.a), len(text))))[:, 0]


def bloc_assents(world: World, row: int, bloc: int, members: Ints, own: Stakes) -> bool:
    """Say whether a bloc's members assent to a treaty of many that it signed: its stakes, each one's own ideal points."""
    states = np.flatnonzero(world.member[bloc - world.setting.n_states])
    if len(states) == 0:
        return False
    seen = as_coefficients(stakes_of(world, int(world.instruments["type"][row]), states, members, row))
    whole = take(as_coefficients(own), np.zeros(len(states), dtype=np.int64))
    say = np.zeros((len(states), 2), dtype=np.bool_)
    say[:, 0] = True
    p = pivots_at(whole.a, whole.b, whole.w, whole.d, whole.theta, seen.theta, whole.status_quo, say)
    text = np.broadcast_to(world.instruments["text"][row], whole.status_quo.shape)
    return _reaches(world, bloc - world.setting.n_states, states, gains(p, text)[:, 0] >= 0.0)


def in_favour(world: World, row: int, role: int, members: Ints, c: Coefficients) -> Bools:
    """Say which members of a bloc favour an instrument, shape (n,); who keeps no eye on the other side goes with the bloc."""
    instruments, edges = world.instruments, world.setting.edges
    other = int(instruments["first" if role else "second"][row])
    text = instruments["text"][row][None, :]
    money = float(payments(world, np.array([row]))[0, role])
    favour = np.full(len(members), bool((utility(c, text) - c.d)[0, role] + money >= 0.0))
    known = np.array([m for m, state in enumerate(members.tolist()) if edges.find(state, other) >= 0], dtype=np.int64)
    if len(known) == 0:
        return favour
    mine, theirs = members[known].astype(np.int32), np.full(len(known), other, dtype=np.int32)
    first, second = (theirs, mine) if role else (mine, theirs)
    own = _coefficients(world, int(instruments["type"][row]), first, second)
    whole = take(c, np.zeros(len(known), dtype=np.int64))
    ideal, say = whole.theta.copy(), np.zeros((len(known), 2), dtype=np.bool_)
    ideal[:, role], say[:, role] = own.theta[:, role], True
    p = pivots_at(whole.a, whole.b, whole.w, whole.d, whole.theta, ideal, whole.status_quo, say)
    favour[known] = gains(p, np.broadcast_to(text, (len(known), text.shape[1])))[:, role] + money >= 0.0
    return favour


def payments(world: World, rows: Ints) -> Floats:
    """Return what the side payments of some instruments are worth to each side now, shape (n, 2), bp of own GDP a year."""
    instruments, overhead = world.instruments, world.setting.config.mechanisms["bargaining"].payment_overhead
    first, second, payment = (instruments[key][rows] for key in ("first", "second", "payment"))
    # Who pays bears the overhead too.
    cost = np.where(payment > 0.0, (1.0 + overhead) * payment, payment)
    gain = np.where(payment > 0.0, payment, (1.0 + overhead) * payment)
    return np.stack([-BP * cost / world.gdp[first], BP * gain / world.gdp[second]], axis=1)


def take(c: Coefficients, rows: Ints) -> Coefficients:
    """Return the coefficients of some dyads, in the order given."""
    return Coefficients(**{field.name: getattr(c, field.name)[rows] for field in dataclasses.fields(Coefficients)})


def _coefficients(world: World, t: int, first: Ints, second: Ints) -> Coefficients:
    edges = world.setting.edges
    edge = np.array([edges.find(int(i), int(j)) for i, j in zip(first, second, strict=True)], dtype=np.int64)
    found: Coefficients = world.setting.types[t].coefficients(world, Groups(first, second, edge, edges.rev[edge]))
    return found
