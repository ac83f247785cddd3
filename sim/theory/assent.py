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
from sim.theory.ratifiers import distances, gains, lean, pivots
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
    for t in np.unique(instruments["type"][row]):
        at = np.flatnonzero(instruments["type"][row] == t)
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
    rule, members = setting.roster.decision_rules[bloc], np.flatnonzero(world.member[bloc])
    if len(members) == 0:
        return False
    favour = in_favour(world, row, role, members, c)
    people = world.population[members]
    in_all, for_it = math.fsum(people), math.fsum(people[favour])
    return bool(np.count_nonzero(favour) >= rule.state_quota * len(members) and for_it >= rule.people_quota * in_all)


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
