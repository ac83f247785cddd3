r"""Two linked agreement types bargained as one package: what each side loses in one it may win in the other.

.. math:: u_i(x, y) = u_i^A(x) + u_i^B(y), \qquad d_i = d_i^A + d_i^B, \qquad r_i = r_i^A + r_i^B

``A`` leads and ``B`` rides with it; ``x`` and ``y`` are their texts, laid side by side along the issues, so that a protocol sees one
problem of ``2 K`` issues. Both are in basis points of own GDP a year already and are added as they are. Each agreement type names in
``links`` those it may be linked with; it is enough that one of the two does. Sides are those of the leading talks; where the roles of the
riding ones run the other way (``turned``), they are swapped.

Before talks the two reckon with the midway texts of both: a package is hoped for where the sum of the gains there is positive for
each side, in the orders of roles that promise most together.

Source: Tollison and Willett (1979), "An economic theory of mutually advantageous issue linkages in international negotiations",
International Organization 33; Sebenius (1983), "Negotiation arithmetic: adding and subtracting issues and parties", International
Organization 37. Departs from them in that worths add up (no issue of one type changes what another is worth), and in packages of two
types at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.arrays import where_true
from sim.contracts import links_of, of_two
from sim.kernels import jit
from sim.stakes.governments import led
from sim.stakes.layout import ALIKE
from sim.stakes.stakes import Coefficients, Groups, issues_of, joined, take
from sim.state.world import Bools, Floats, Ints, World
from sim.types import UserError, nearest


def linked_pairs(types: Sequence[Any]) -> tuple[tuple[int, int], ...]:
    """Return the pairs of types that may be linked, as places on the T axis, the earlier first, in order.

    Raises
    ------
    UserError
        If a type names one that is not there, or that two parties do not negotiate, or itself.
    """
    able = [one.name for one in types if one.negotiable and of_two(one)]
    names, pairs = [one.name for one in types], set()
    for t, one in enumerate(types):
        for other in links_of(one):
            if other == one.name or other not in able:
                why = "itself" if other == one.name else f"{other!r}, which is no type that two parties negotiate"
                raise UserError(f"agreement {one.name}: links names {why}; {nearest(other, [n for n in able if n != one.name])}")
            pairs.add((min(t, names.index(other)), max(t, names.index(other))))
    return tuple(sorted(pairs))


def sides(values: npt.NDArray[Any], turned: Bools) -> npt.NDArray[Any]:
    """Return values by side (M, 2, ...) with the two sides swapped where roles run the other way, ``turned`` (M,)."""
    return np.where(turned.reshape(-1, *[1] * (values.ndim - 1)), values[:, ::-1], values)


def joint(lead: Coefficients, rider: Coefficients, turned: Bools) -> Coefficients:
    """Lay the payoffs of two types side by side: M packages of 2 K issues, sides as in the leading type.

    ``commitment`` is that of both: it is read half by half when a package is signed.
    """
    wide = {name: np.concatenate([getattr(lead, name), sides(getattr(rider, name), turned)], axis=2) for name in ("b", "w", "theta")}
    flat = {name: np.concatenate([getattr(lead, name), getattr(rider, name)], axis=1) for name in ("lo", "hi", "status_quo")}
    sums = {name: getattr(lead, name) + sides(getattr(rider, name), turned) for name in ("a", "d")}
    return Coefficients(**wide, **flat, **sums, commitment=lead.commitment + rider.commitment)


def between(world: World, t: int, first: Ints, second: Ints) -> Coefficients:
    """Compile what is at stake on an agreement type between parties in its two roles, (M,) each, on the interests of this month."""
    edges = world.setting.edges
    edge = np.array([edges.find(int(i), int(j)) for i, j in zip(first, second, strict=True)], dtype=np.int64)
    return compiled(world, t, first, second, edge)


def compiled(world: World, t: int, first: Ints, second: Ints, edge: Ints) -> Coefficients:
    """Ask what is at stake for pairs, (G,) each, as their executives see it; ``edge`` runs from the party in role 0 to that in role 1."""
    setting = world.setting
    asked = Groups(first, second, edge, setting.edges.rev[edge], issues_of(setting))
    return led(world, t, setting.types[t].coefficients(world, asked).dyads(), first, second)


def at_stake(world: World, rows: Ints) -> Coefficients:
    """Compile what is at stake in some talks, (M,), each on its own type."""
    talks = world.talks
    kind, parts, order = talks["type"][rows], [], []
    for t in sorted(set(kind.tolist())):
        at = where_true(kind == t)
        some = rows[at]
        order.append(at)
        parts.append(compiled(world, t, talks["first"][some], talks["second"][some], talks["edge"][some]))
    if len(parts) == 1:
        return parts[0]
    return take(joined(parts), np.argsort(np.concatenate(order)))


def riders_of(world: World, rows: Ints) -> Ints:
    """Return the talks that ride with some others in a package, shape (M,); -1 where none do."""
    package = world.talks["package"]
    riding = {int(package[row]): int(row) for row in where_true((package >= 0) & (package != np.arange(len(package))))}
    return np.array([riding.get(row, -1) for row in rows.tolist()], dtype=np.int32)


def halves_of(world: World, row: int) -> tuple[int, ...]:
    """Return the talks of the package that some talks belong to, the leading ones first; these alone where they belong to none."""
    lead = int(world.talks["package"][row])
    return (row,) if lead < 0 else (lead, int(riders_of(world, np.array([lead]))[0]))


def signed_with(world: World, row: int) -> tuple[int, ...]:
    """Return the instruments of the package that one belongs to, the leading one first; itself alone where it belongs to none."""
    package = int(world.instruments["package"][row])
    if package < 0:
        return (row,)
    both = where_true(world.instruments["package"] == package).tolist()
    return tuple(sorted(both, key=lambda one: bool(world.instruments["talk"][one] != package)))


def widening(world: World, row: int) -> tuple[int, int] | None:
    """Say with which type some talks would be widened to a package, and in which role of it their first side: None where with none.

    The two must hope for the package in the roles they have, and be free to begin talks on the other type; the package that promises most
    to both together is taken. Talks are widened once, and not under a protocol with rounds: offers are on the table already, and their
    issues fixed.
    """
    talks, setting = world.talks, world.setting
    if setting.config.protocol.rounds or talks["package"][row] >= 0:
        return None
    t, edge = int(talks["type"][row]), int(talks["edge"][row])
    best, found = 0.0, None
    for at, pair in enumerate(setting.links):
        if t not in pair:
            continue
        hope = float(world.linked_prospect[at, edge] + world.linked_prospect[at, setting.edges.rev[edge]])
        mine, roles = pair.index(t), divmod(int(world.linked_roles[at, edge]), 2)
        if hope > best and roles[mine] == 0 and _free(world, pair[1 - mine], edge):
            best, found = hope, (pair[1 - mine], roles[1 - mine])
    return found


def _free(world: World, t: int, edge: int) -> bool:
    """Say whether the two parties of an edge, who speak for themselves, may begin talks on a type."""
    setting, kind = world.setting, world.setting.types[t]
    settled = [other.name for other, binds in zip(setting.types, world.in_force[:, edge], strict=True) if binds]
    i, j = int(setting.edges.row[edge]), int(setting.edges.col[edge])
    able = bool(setting.negotiated[t]) and world.principal[t, i] == i and world.principal[t, j] == j
    able = able and world.open_talk[t, edge] < 0 and world.cooldown[t, edge] <= world.month
    return able and not any(name == kind.name or name in kind.excluded_by for name in settled)


def hopes(world: World, gains: dict[int, Floats]) -> None:
    """Renew ``linked_prospect`` and ``linked_roles``.

    Parameters
    ----------
    gains : dict of int to float64 (E, 2)
        By place on the T axis: both sides' gains at the midway text if the owner of an edge takes role 0, NaN where they cannot talk.
    """
    for at, (one, two) in enumerate(world.setting.links):
        world.linked_prospect[at], world.linked_roles[at] = 0.0, -1
        if one in gains and two in gains:
            _hopes(world.setting.edges.rev, gains[one], gains[two], world.linked_prospect[at], world.linked_roles[at])


@jit
def _hopes(rev: Ints, one: Floats, two: Floats, prospect: Floats, roles: npt.NDArray[np.int8]) -> None:
    """Take the orders of roles that promise most to both; gains that are alike go to the earlier, as the party that comes first counts."""
    for e in range(rev.shape[0]):
        back = rev[e]
        if back < e:
            continue
        best = 0.0
        for p in range(2):
            for q in range(2):
                a, b = e if p == 0 else back, e if q == 0 else back
                mine, theirs = one[a, p] + two[b, q], one[a, 1 - p] + two[b, 1 - q]
                if mine > 0.0 and theirs > 0.0 and mine + theirs > ALIKE * best:
                    best = mine + theirs
                    prospect[e], prospect[back] = mine, theirs
                    roles[e], roles[back] = 2 * p + q, 2 * (1 - p) + (1 - q)
