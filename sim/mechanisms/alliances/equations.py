"""Layers of the alliance graph on edges, and the weight mixed from them: the sums alone."""

from __future__ import annotations

import numpy as np

from sim.arrays import find_edge, where_true
from sim.kernels import jit
from sim.state.world import Bools, Floats, Ints


@jit
def lay_pairs(start: Ints, col: Ints, first: Ints, second: Ints, value: Floats, out: Floats) -> None:
    """Lay values of pairs of states on their edges, (E,), both ways; of values that overlap the largest counts."""
    for at in range(first.shape[0]):
        e, back = find_edge(start, col, first[at], second[at]), find_edge(start, col, second[at], first[at])
        if e >= 0 and back >= 0:
            out[e] = out[back] = max(out[e], value[at])


def matrix_of(first: Ints, second: Ints, value: Floats, rows: Ints, n_states: int) -> Floats:
    """Return the values of pairs between some states and all, shape (rows, N), both ways; of values that overlap the largest counts."""
    place = np.full(n_states, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    out = np.zeros((len(rows), n_states))
    for one, two in ((first, second), (second, first)):
        mine = place[one] >= 0
        np.maximum.at(out, (place[one[mine]], two[mine]), value[mine])
    return out


def shared_by_minority(values: Floats, people: Floats, minority: float) -> Floats:
    """Return the largest value that rows with at least ``minority`` of the people reach, by column.

    Parameters
    ----------
    values : float64 (M, C)
    people : float64 (M, C)
        Of those who have the value; a column without people gives 0.
    minority : float
        Share of a column's people.

    Examples
    --------
    >>> shared_by_minority(np.array([[0.9], [0.5], [0.0]]), np.array([[20.0], [20.0], [60.0]]), 0.35).tolist()
    [0.5]
    """
    out = np.zeros(values.shape[1])
    # Few columns hold any value, and to sort the others would tell nothing.
    some = where_true(values.any(axis=0))
    values, people = values[:, some], people[:, some]
    order = np.argsort(-values, axis=0, kind="stable")
    reached = np.cumsum(np.take_along_axis(people, order, axis=0), axis=0)
    enough = reached >= minority * reached[-1]
    found = np.take_along_axis(np.take_along_axis(values, order, axis=0), np.argmax(enough, axis=0)[None], axis=0)[0]
    out[some] = np.where(reached[-1] > 0.0, found, 0.0)
    return out


def mean_by_people(values: Floats, people: Floats) -> Floats:
    """Return the mean of values, (M, C), by people, (M, C), by column; a column without people gives 0."""
    whole = people.sum(axis=0)
    return np.asarray((values * people).sum(axis=0) / np.where(whole > 0.0, whole, 1.0))


@jit
def share_in_common(row: Ints, col: Ints, rev: Ints, inside: Floats, out: Floats) -> None:
    """Fill the share of common memberships, (E,): ``sum_o min(m_io, m_jo) / sum_o max(m_io, m_jo)``, 0 where neither is in any.

    ``inside``, (P, O), says whether a state is a member, 0 or 1, and what share of a bloc's people lives in states that are. For states
    this is the share of the organisations to which either belongs that both belong to (Jaccard 1912; Ruzicka 1958 for shares).
    """
    for e in range(out.shape[0]):
        i, j = row[e], col[e]
        if i > j:
            continue  # the same both ways
        both, either = 0.0, 0.0
        for o in range(inside.shape[1]):
            both += min(inside[i, o], inside[j, o])
            either += max(inside[i, o], inside[j, o])
        out[e] = out[rev[e]] = both / either if either > 0.0 else 0.0


@jit
def mix_layers(
    alliance: Floats, affinity: Floats, organisations: Floats, hostility: Floats, in_force: Bools, trust: Floats, rev: Ints,
    mix: tuple[float, float, float, float, float, float], half: float, given: Floats, weight: Floats,
) -> None:  # fmt: skip
    """Fill what is given and the whole weight of the alliance graph, (E,) each, within -1 and 1.

    ``mix`` are the shares of alliance, affinity, organisations, hostility, treaties and trust; ``half`` the number of treaties in force,
    (T, E), that give half of their share.
    """
    for e in range(weight.shape[0]):
        base = mix[0] * alliance[e] + mix[1] * affinity[e] + mix[2] * organisations[e] - mix[3] * hostility[e]
        n = 0.0
        for t in range(in_force.shape[0]):
            n += 1.0 if in_force[t, e] else 0.0
        made = mix[4] * (n / (n + half)) + mix[5] * (trust[e] + trust[rev[e]] - 1.0)
        given[e] = min(1.0, max(-1.0, base))
        weight[e] = min(1.0, max(-1.0, base + made))
