r"""Whether those at home consent to what was signed: a legislature by its pivotal ratifier, a bloc by the votes of its members.

A text :math:`x` signed by party i is judged on the interests of the month of the vote. The government stands by it where
:math:`u_i(x) \ge d_i`; a state's ratifiers consent where :math:`u_i^{piv}(x) \ge d_i^{piv}` at their true distance
(:mod:`sim.stakes.ratifiers`). A member m of a bloc has the bloc's stakes and its own ideal point (the ratifier of
:mod:`sim.bargains.winset` with :math:`\theta^{piv} = \theta_m`); the bloc assents where the members in favour reach the quota of states
and the quota of people.

Source: Treaty on European Union, art. 16(4) and Regulation (EU) 182/2011, art. 5 (qualified majority of the committee); ASEAN
Charter, art. 20 (consensus).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.arrays import where_true
from sim.bargains.feasible import at_home
from sim.bargains.winset import pivots_at
from sim.bargains.worth import gain
from sim.ledger.parties import made_by_many
from sim.ports import BargainingTerms, RatificationTerms
from sim.stakes.linkage import between, joint, signed_with
from sim.stakes.payoffs import BP
from sim.stakes.ratifiers import distances, distances_at, pivots
from sim.stakes.ratifiers import of_package as ratifiers_of_package
from sim.stakes.stakes import Coefficients, Stakes, take
from sim.stakes.treaties import coalition, stakes_of
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Institution, Reason


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
    instruments, adherence, part = world.instruments, world.adherence, world.setting.terms(RatificationTerms)
    out = np.full(len(places), Reason.NOT_RATIFIED, dtype=np.int8)
    row = adherence["instrument"][places]
    many = made_by_many(world, row)
    for treaty in np.unique(row[many]):
        at = where_true(row == treaty)
        out[at] = of_treaty(world, int(treaty), adherence["party"][places[at]])
    packed = instruments["package"][row] >= 0
    for m in where_true(packed):
        out[m] = of_package(world, int(places[m]))
    for t in np.unique(instruments["type"][row[~many & ~packed]]):
        at = where_true((instruments["type"][row] == t) & ~many & ~packed)
        c = between(world, int(t), instruments["first"][row[at]], instruments["second"][row[at]])
        text, role = instruments["text"][row[at]], adherence["role"][places[at]]
        each = np.arange(len(at))
        money = payments(world, row[at])[each, role]
        wanted = gain(c, text)[each, role] + money >= 0.0
        far = distances(world, instruments["talk"][row[at]])
        direction = world.setting.leanings[np.full(len(at), t)]
        consent = at_home(pivots(c, part.spread, far.true, direction, far.active), text)[each, role] + money >= 0.0
        for m in where_true(adherence["institution"][places[at]] == Institution.BLOC_ASSENT):
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
    members = where_true(world.member[bloc])
    return len(members) > 0 and _reaches(world, bloc, members, in_favour(world, row, role, members, c))


def of_package(world: World, place: int) -> Reason:
    """Answer for one who signed a package of two instruments: those at home judge both texts, because neither comes without the other."""
    instruments, adherence, part = world.instruments, world.adherence, world.setting.terms(RatificationTerms)
    lead, rider = signed_with(world, int(adherence["instrument"][place]))
    (kind, also), party = instruments["type"][[lead, rider]], int(adherence["party"][place])
    turned = instruments["first"][[lead]] != instruments["first"][[rider]]
    side = int(instruments["second"][lead] == party)

    def compiled(first: Ints, second: Ints) -> Coefficients:
        swapped = np.full(len(first), turned[0])
        riding = (second, first) if turned[0] else (first, second)
        return joint(between(world, int(kind), first, second), between(world, int(also), *riding), swapped)

    c = compiled(instruments["first"][[lead]], instruments["second"][[lead]])
    text = np.concatenate([instruments["text"][lead], instruments["text"][rider]])[None, :]
    money = float(payments(world, np.array([lead]))[0, side])
    if gain(c, text)[0, side] + money < 0.0:
        return Reason.WITHDRAWN
    if adherence["institution"][place] == Institution.BLOC_ASSENT:
        bloc = party - world.setting.n_states
        members = where_true(world.member[bloc])
        other = int(instruments["first" if side else "second"][lead])
        favour = _in_favour(world, other, side, members, c, text, money, compiled)
        return Reason.NONE if len(members) > 0 and _reaches(world, bloc, members, favour) else Reason.NOT_RATIFIED
    talks = instruments["talk"]
    far, direction = ratifiers_of_package(world, talks[[lead]], talks[[rider]], turned)
    consent = at_home(pivots(c, part.spread, far.true, direction, far.active), text)[0, side] + money >= 0.0
    return Reason.NONE if consent else Reason.NOT_RATIFIED


def _reaches(world: World, bloc: int, members: Ints, favour: Bools) -> bool:
    """Say whether those in favour, (n,) of the members (n,), reach a bloc's quota of states and its quota of people."""
    rule, people = world.setting.roster.decision_rules[bloc], world.population[members]
    in_all, for_it = math.fsum(people), math.fsum(people[favour])
    return bool(np.count_nonzero(favour) >= rule.state_quota * len(members) and for_it >= rule.people_quota * in_all)


def of_treaty(world: World, row: int, parties: Ints) -> NDArray[np.int8]:
    """Answer for some who signed a treaty of many, (n,): on its worth with all who have signed it and not fallen away."""
    part, instruments = world.setting.terms(RatificationTerms), world.instruments
    t, text, conference = int(instruments["type"][row]), instruments["text"][row], int(instruments["conference"][row])
    members = coalition(world, row)
    stakes = stakes_of(world, t, parties, members, row)
    far = distances_at(world, conference, parties)
    consent = ratifiers_gain(stakes, part.spread, far.true, world.setting.leanings[t, 0], far.active, text) >= 0.0
    for m in where_true(parties >= world.setting.n_states):
        consent[m] = bloc_assents(world, row, int(parties[m]), members, stakes.take(np.array([m])))
    out = np.where(consent, Reason.NONE, Reason.NOT_RATIFIED).astype(np.int8)
    out[gain(stakes, text) < 0.0] = Reason.WITHDRAWN
    return out


def ratifiers_gain(stakes: Stakes, spread: float, s: Floats, direction: Floats, active: Bools, text: Floats) -> Floats:
    """Return what each party's pivotal ratifier gains by a text, (n,); infinite where none has a say; ``s`` and ``active`` (n,)."""
    return at_home(pivots(stakes, spread, s, direction, active), text)


def bloc_assents(world: World, row: int, bloc: int, members: Ints, own: Stakes) -> bool:
    """Say whether a bloc's members assent to a treaty of many that it signed: its stakes, each one's own ideal points."""
    states = where_true(world.member[bloc - world.setting.n_states])
    if len(states) == 0:
        return False
    seen = stakes_of(world, int(world.instruments["type"][row]), states, members, row)
    whole, say = own.take(np.zeros(len(states), dtype=np.int64)), np.ones(len(states), dtype=np.bool_)
    p = pivots_at(whole.a, whole.b, whole.w, whole.d, whole.theta, seen.theta, whole.status_quo, say)
    return _reaches(world, bloc - world.setting.n_states, states, at_home(p, world.instruments["text"][row]) >= 0.0)


def in_favour(world: World, row: int, role: int, members: Ints, c: Coefficients) -> Bools:
    """Say which members of a bloc favour an instrument, shape (n,); who keeps no eye on the other side goes with the bloc."""
    instruments = world.instruments
    other, kind = int(instruments["first" if role else "second"][row]), int(instruments["type"][row])
    text, money = instruments["text"][row][None, :], float(payments(world, np.array([row]))[0, role])
    return _in_favour(world, other, role, members, c, text, money, lambda first, second: between(world, kind, first, second))


def _in_favour(
    world: World,
    other: int,
    role: int,
    members: Ints,
    c: Coefficients,
    text: Floats,
    money: float,
    compiled: Callable[[Ints, Ints], Coefficients],
) -> Bools:
    """Say which members favour a text, (1, K), with another party; ``compiled`` gives what members have at stake by their own figures."""
    edges = world.setting.edges
    favour = np.full(len(members), bool(gain(c, text)[0, role] + money >= 0.0))
    known = np.array([m for m, state in enumerate(members.tolist()) if edges.find(state, other) >= 0], dtype=np.int64)
    if len(known) == 0:
        return favour
    mine, theirs = members[known].astype(np.int32), np.full(len(known), other, dtype=np.int32)
    first, second = (theirs, mine) if role else (mine, theirs)
    own = compiled(first, second)
    whole = take(c, np.zeros(len(known), dtype=np.int64))
    ideal, say = whole.theta.copy(), np.zeros((len(known), 2), dtype=np.bool_)
    ideal[:, role], say[:, role] = own.theta[:, role], True
    p = pivots_at(whole.a, whole.b, whole.w, whole.d, whole.theta, ideal, whole.status_quo, say)
    favour[known] = at_home(p, np.broadcast_to(text, (len(known), text.shape[1])))[:, role] + money >= 0.0
    return favour


def payments(world: World, rows: Ints) -> Floats:
    """Return what the side payments of some instruments are worth to each side now, shape (n, 2), bp of own GDP a year."""
    instruments, overhead = world.instruments, world.setting.terms(BargainingTerms).payment_overhead
    first, second, payment = (instruments[key][rows] for key in ("first", "second", "payment"))
    # Who pays bears the overhead too.
    cost = np.where(payment > 0.0, (1.0 + overhead) * payment, payment)
    gain = np.where(payment > 0.0, payment, (1.0 + overhead) * payment)
    return np.stack([-BP * cost / np.maximum(world.gdp[first], 1.0), BP * gain / np.maximum(world.gdp[second], 1.0)], axis=1)
