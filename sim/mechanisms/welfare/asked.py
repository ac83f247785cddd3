"""What the instruments of one type are worth today: who is party to them, and what the type says of their stakes this month."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import find_edge, where_true
from sim.consequences import COST, Builds
from sim.kernels import jit
from sim.ledger.parties import made_by_many
from sim.mechanisms.welfare.sources import add_sources
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Stage


def worth_of_type(world: World, t: int, being: Floats, by_issue: Floats) -> None:
    """Add what each party gains by the instruments of a type, in its own name, to ``being`` (P,) and ``by_issue`` (K, P)."""
    kind, instruments = world.setting.doings.without_trade[t], world.instruments
    if hasattr(kind, "coefficients"):
        _of_two(world, t, kind, being, by_issue)
    elif hasattr(kind, "stakes"):
        for row in where_true((instruments["type"] == t) & (instruments["stage"] == Stage.IN_FORCE) & made_by_many(world)):
            _of_many(world, t, kind, int(row), being, by_issue)


def _of_two(world: World, t: int, kind: Any, being: Floats, by_issue: Floats) -> None:
    """Ask about all pairs that instruments of a type bind to one another.

    What a pact builds is no longer needed, so that today's need would say that a pact which has done its work is worth nothing. A type that
    builds is therefore asked in a world where hosts need what was promised them, and each of its agreements is as large as was promised.
    """
    edges, building = world.setting.edges, next((one for one in kind.does if isinstance(one, Builds)), None)
    issue = issues_of(world.setting).index(building.issue) if building is not None and building.issue else -1
    rows, first, second, edge, promised = pairs(world, t, issue, building is not None)
    n = len(rows)
    if n == 0:
        return
    view = world
    if building is not None:
        needed = np.bincount(second, weights=promised, minlength=world.setting.n_parties) / float(world.setting.doings.rate(COST)[t])
        view = object.__new__(World)
        view.__dict__.update(vars(world))
        view.need = np.where(needed > 0.0, needed, world.need)
    found = kind.coefficients(view, Groups(first, second, edge, edges.rev[edge], issues_of(world.setting))).dyads()
    size = np.ones(n)
    np.divide(promised, found.commitment, out=size, where=(promised > 0.0) & (found.commitment > 0.0))
    k, party = found.lo.shape[1], np.empty((n, 2), dtype=np.int64)
    party[:, 0], party[:, 1] = first, second
    add_sources(
        found.a.reshape(2 * n), found.d.reshape(2 * n), found.b.reshape(2 * n, k), found.w.reshape(2 * n, k),
        found.theta.reshape(2 * n, k), np.ascontiguousarray(found.status_quo), 2, 2, world.instruments["text"][rows], size,
        party.reshape(2 * n), being, by_issue,
    )  # fmt: skip


def pairs(world: World, t: int, issue: int, builds: bool) -> tuple[Ints, Ints, Ints, Ints, Floats]:
    """Return the pairs whom instruments of a type bind to one another.

    What is completed counts on where it built something: that stands. Who left a bloc and continues in its own name is one
    more pair, but not where money runs between the first two.

    Parameters
    ----------
    world : World
    t : int
        The type's place on the T axis.
    issue : int
        The issue whose level says which part of a need is paid for, -1 where the whole is.
    builds : bool
        Whether agreements of the type promise money.

    Returns
    -------
    int, int, int, int (G,)
        Row of the instrument, first and second party by role, and the edge between them.
    float64 (G,)
        What the text would pay for if it met the whole need, USD; 0 where nothing was promised.
    """
    instruments, adherence, edges = world.instruments, world.adherence, world.setting.edges
    room = len(instruments) + len(adherence)
    found, promised = np.empty((4, room), dtype=np.int64), np.empty(room)
    n = _pairs(
        t, issue, builds, instruments["type"], instruments["stage"], made_by_many(world), instruments["first"],
        instruments["second"], instruments["commitment"], instruments["text"], adherence["instrument"], adherence["party"],
        adherence["bound_by"], adherence["stage"], adherence["role"], edges.start, edges.col, world.gdp, found, promised,
    )  # fmt: skip
    return found[0, :n], found[1, :n], found[2, :n], found[3, :n], promised[:n]


@jit
def _pairs(
    t: int, issue: int, builds: bool, kind: NDArray[np.int8], stage: NDArray[np.int8], many: Bools, first: Ints, second: Ints,
    commitment: Floats, text: Floats, of: Ints, party: Ints, through: Ints, stands: NDArray[np.int8], role: NDArray[np.int8],
    start: NDArray[np.int64], col: Ints, gdp: Floats, found: Ints, promised: Floats,
) -> int:  # fmt: skip
    """Fill what :func:`pairs` gives, and return how many there are; a bloc that its last member has left gains and loses nothing."""
    n = 0
    for row in range(kind.shape[0]):
        if kind[row] == t and not many[row] and (stage[row] == Stage.IN_FORCE or (builds and stage[row] == Stage.COMPLETED)):
            edge = find_edge(start, col, first[row], second[row])
            if edge >= 0 and gdp[first[row]] > 0.0 and gdp[second[row]] > 0.0:
                found[0, n], found[1, n], found[2, n], found[3, n], promised[n] = row, first[row], second[row], edge, 0.0
                level = 1.0 if issue < 0 else text[row, issue]
                if builds and level > 0.0:
                    promised[n] = commitment[row] / level
                n += 1
    for at in range(0 if builds else of.shape[0]):
        row, own = of[at], party[at]
        if kind[row] != t or many[row] or through[at] >= 0 or own == first[row] or own == second[row]:
            continue
        if stands[at] == Stage.IN_FORCE and stage[row] == Stage.IN_FORCE:
            one, other = (own, second[row]) if role[at] == 0 else (first[row], own)
            edge = find_edge(start, col, one, other)
            if edge >= 0 and gdp[one] > 0.0 and gdp[other] > 0.0:
                found[0, n], found[1, n], found[2, n], found[3, n], promised[n] = row, one, other, edge, 0.0
                n += 1
    return n


def _of_many(world: World, t: int, kind: Any, row: int, being: Floats, by_issue: Floats) -> None:
    parties = parties_of(world, row)
    parties = parties[world.gdp[parties] > 0.0]
    n = len(parties)
    if n == 0:
        return
    inside: Bools = np.zeros(world.setting.n_parties, dtype=np.bool_)
    inside[parties] = True
    found = kind.stakes(world, t, parties, inside, row)
    b, w, theta, today = (np.ascontiguousarray(one) for one in (found.b, found.w, found.theta, found.status_quo))
    text = world.instruments["text"][row : row + 1]
    add_sources(found.a, found.d, b, w, theta, today, n, 1, text, np.ones(1), parties.astype(np.int64), being, by_issue)


def parties_of(world: World, row: int) -> Ints:
    """Return who is party to a treaty of many, sorted: in its own name, or bound by a majority of its bloc, which is no party itself."""
    adherence = world.adherence
    inside = (adherence["instrument"] == row) & (adherence["stage"] == Stage.IN_FORCE)
    party, through = adherence["party"][inside], adherence["bound_by"][inside]
    return np.unique(party[(through < 0) | ~np.isin(through, party[through < 0])])
