r"""Who must consent at home, how far they stand from their executive, and what either side believes of it.

The institution follows from the treaty class (how agreements of a type come to bind) and the regime: what only an executive act makes
needs nobody's consent; committed funds and ratified treaties need a legislature's majority where the regime (Regimes of the World)
is at least an electoral democracy, and an executive act elsewhere. A table replaces the rule state by state (``institutions.csv``).
A bloc that is itself a party needs its members' assent, by its own decision rule.

.. math::
    S_i = \max(0, s(q_i) + p_i - m H_i + \kappa z_i), \quad B_i = \max(0, S_i + e_{own} z'_i), \quad G_i = \max(0, S_i + e_{other} z''_i)

``S_i`` domestic spreads between the executive of party i and its pivotal ratifier, ``B_i`` as the executive believes and ``G_i`` as the
other side guesses, ``s(q)`` the distance that the quota alone asks (:func:`sim.bargains.winset.spreads_for_quota`), ``p``
how much further a divided government of the day has it (``pivot``, :mod:`sim.mechanisms.executives`), ``m H`` how much nearer an
executive has it whose image at home is good (``persuasion``; :mod:`sim.mechanisms.image`), ``kappa`` how legislatures of one quota differ
(``scatter``), ``e`` the errors, ``z`` standard normal luck by negotiation and party.

Source: Putnam (1988), International Organization 42 (win-sets, involuntary defection, uncertainty about the other's win-set); Martin
(2000), "Democratic Commitments" (legislatures consent in democracies); Iida (1993), Journal of Conflict Resolution 37 (asymmetric
information about domestic constraints); Neustadt (1960), "Presidential Power" (standing with the public persuades a legislature). Departs
from them in that the errors are normal and independent.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.arrays import where_true
from sim.bargains.problems import Problems
from sim.bargains.winset import Pivots, pivotal_ideal, pivots_at, spreads_for_quota
from sim.bargains.worth import reservation
from sim.ports import RatificationTerms
from sim.rng import Decision, identity, uniform
from sim.stakes.linkage import sides
from sim.stakes.payoffs import to_problems
from sim.stakes.stakes import Coefficients, Stakes
from sim.state.world import Bools, Floats, Ints, Setting, World
from sim.types import Institution

_NORMAL = NormalDist()
_DRAWS = (luck.RATIFIERS, luck.OWN_GUESS, luck.OTHER_GUESS)
NO_VOTE = ("executive", "unilateral")
"""Treaty classes that an executive act makes everywhere."""


@dataclass(frozen=True)
class Consent:
    """What consent some parties need at home, for one agreement type.

    Attributes
    ----------
    institution : int8 (M,)
        :class:`sim.types.Institution`.
    quota : float64 (M,)
        Share of the votes; 0 under an executive act. Of a bloc, the larger of its two quotas.
    """

    institution: npt.NDArray[np.int8]
    quota: Floats


def consent_of(setting: Setting, type_index: int, parties: Ints, month: int) -> Consent:
    """Say who must consent to an agreement type at home.

    Parameters
    ----------
    setting : Setting
    type_index : int
        Place on the T axis.
    parties : int (M,)
        Places on the P axis.
    month : int
        The figures known in this month count.

    Returns
    -------
    Consent
        Arrays of shape (M,).
    """
    kind, roster = setting.types[type_index], setting.roster
    institution, quota = np.zeros(len(parties), dtype=np.int8), np.zeros(len(parties))
    regime = roster.figures["regime"][roster.year_row(month)]
    least = setting.terms(RatificationTerms).least_regime
    own = {row.code: row for row in roster.institutions if row.treaty_class == kind.entry}
    for m, party in enumerate(parties.tolist()):
        if party >= setting.n_states:
            rule = roster.decision_rules[party - setting.n_states]
            institution[m], quota[m] = Institution.BLOC_ASSENT, max(rule.state_quota, rule.people_quota)
        elif setting.codes[party] in own:
            row = own[setting.codes[party]]
            institution[m], quota[m] = Institution[row.institution.upper()], row.quota
        elif kind.entry not in NO_VOTE and regime[party] >= least:
            institution[m], quota[m] = Institution.MAJORITY, 0.5
    return Consent(institution, quota)


@dataclass(frozen=True)
class Distances:
    """How many domestic spreads each side's pivotal ratifier stands from its executive, (M, 2) each.

    Attributes
    ----------
    active : bool (M, 2)
        Where anybody must consent.
    true, own, other : float64 (M, 2)
        As it is, as the executive believes, and as the other side guesses.
    """

    active: Bools
    true: Floats
    own: Floats
    other: Floats


def distances(world: World, talks: Ints) -> Distances:
    """Draw how far each side's ratifiers stand in some negotiations, the same whenever it is asked.

    Parameters
    ----------
    world : World
    talks : int (M,)
        Rows of negotiations.

    Returns
    -------
    Distances
        Arrays of shape (M, 2), first role first; 0 where nobody must consent.
    """
    setting, table = world.setting, world.talks
    shape, kind = (len(talks), 2), table["type"][talks]
    active, true, own, other = np.zeros(shape, dtype=np.bool_), np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for t in sorted(set(kind.tolist())):
        rows = where_true(kind == t)
        for role, key in enumerate(("first", "second")):
            parties = table[key][talks[rows]]
            consent = consent_of(setting, t, parties, world.month)
            for m, party, institution, quota in zip(rows.tolist(), parties.tolist(), consent.institution, consent.quota, strict=True):
                if institution == Institution.EXECUTIVE_ACT:
                    continue
                name, opened = world.talk_identity(int(talks[m])), int(table["opened"][talks[m]])
                active[m, role] = True
                true[m, role], own[m, role], other[m, role] = _drawn(world, name, party, opened, float(quota))
    return Distances(active, true, own, other)


def distances_at(world: World, conference: int, parties: Ints) -> Distances:
    """Draw how far the ratifiers of some parties stand in what a conference made, or would make.

    Returns
    -------
    Distances
        Arrays of shape (n,), party by party. Nobody guesses: ``other`` is as ``true``.
    """
    table, n = world.conferences, len(parties)
    active, true, own = np.zeros(n, dtype=np.bool_), np.zeros(n), np.zeros(n)
    consent = consent_of(world.setting, int(table["type"][conference]), parties, world.month)
    name, opened = world.conference_identity(conference), int(table["opened"][conference])
    for m in where_true(consent.institution != Institution.EXECUTIVE_ACT).tolist():
        active[m] = True
        true[m], own[m], _ = _drawn(world, name, int(parties[m]), opened, float(consent.quota[m]))
    return Distances(active, true, own, true)


def _drawn(world: World, name: str, party: int, opened: int, quota: float) -> tuple[float, float, float]:
    """Return the distance as it is, as the executive believes and as the other side guesses."""
    part = world.setting.terms(RatificationTerms)
    who = identity(name), world.setting.identity[party]
    z = [_normal(world, what, opened, *who) for what in _DRAWS]
    near = part.persuasion * float(world.image_at_home[party])
    there = max(0.0, spreads_for_quota(quota) + float(world.pivot[party]) - near + part.scatter * z[0])
    return there, max(0.0, there + part.own_error * z[1]), max(0.0, there + part.other_error * z[2])


def _normal(world: World, what: Decision, month: int, id1: np.uint64, id2: np.uint64) -> float:
    return _NORMAL.inv_cdf(uniform(world.seed, what, month, id1, id2))


def pivots(c: Coefficients | Stakes, spread: float, s: Floats, direction: Floats, active: Bools) -> Pivots:
    """Build the pivotal ratifiers of M negotiations, or of n at a table; those no further than their executive have no say of their own.

    Parameters
    ----------
    c : Coefficients or Stakes
        Of the M negotiations, in order of role; or of the n parties.
    spread : float
        Standard deviation of ideal points at home, in the scale of a text.
    s : float64 (M, 2) or (n,)
        Distance in spreads.
    direction : float64 (M, 2, K), or broadcast against (n, K)
        Where ratifiers lie from their executive (``leanings`` of the setting).
    active : bool (M, 2) or (n,)
        Where anybody must consent.
    """
    ideal = pivotal_ideal(c.theta, spread, s, direction)
    return pivots_at(c.a, c.b, c.w, c.d, c.theta, ideal, c.status_quo, active & (s > 0.0))


def of_package(world: World, lead: Ints, rider: Ints, turned: Bools) -> tuple[Distances, Floats]:
    """Say how far the ratifiers of M packages of linked talks stand, and in which direction, (M, 2, 2 K), sides as in the leading talks.

    One pivotal ratifier on each side judges both texts, because neither comes without the other: of the bodies whose consent either type
    needs, the one that stands furthest. What a ratifier gains is linear in its distance, and the executive signs only what it gains by; so
    what the furthest one accepts, the other accepts too (:mod:`sim.bargains.winset`).
    """
    one, two = distances(world, lead), distances(world, rider)
    far = Distances(
        one.active | sides(two.active, turned),
        *(np.maximum(getattr(one, name), sides(getattr(two, name), turned)) for name in ("true", "own", "other")),
    )
    direction, kind = world.setting.leanings, world.talks["type"]
    return far, np.concatenate([direction[kind[lead]], sides(direction[kind[rider]], turned)], axis=2)


def with_ratifiers(
    world: World, talks: Ints, c: Coefficients, weight: Floats, outside: Floats, package: tuple[Ints, Bools] | None = None
) -> tuple[Problems, Problems]:
    """Make problems of coefficients, once with each side's belief about its own ratifiers and once with the other side's guess.

    Parameters
    ----------
    world : World
    talks : int (M,)
        Rows of negotiations.
    c : Coefficients
        Theirs; of a package, both types' side by side.
    weight, outside : float64 (M, 2)
        Bargaining weights, and gains to be had elsewhere (bp).
    package : (int (M,), bool (M,)), optional
        The talks that ride with these, and where their roles run the other way.

    Returns
    -------
    own, guessed : Problems
    """
    plain = dataclasses.replace(to_problems(c), r=reservation(c.d, outside), weight=weight)
    part = world.setting.terms(RatificationTerms)
    if package is None:
        far, direction = distances(world, talks), world.setting.leanings[world.talks["type"][talks]]
    else:
        far, direction = of_package(world, talks, *package)
    if not far.active.any():
        return plain, plain
    own, guessed = (dataclasses.replace(plain, pivot=pivots(c, part.spread, s, direction, far.active)) for s in (far.own, far.other))
    return own, guessed
