"""Small things on arrays do what NumPy's general ones do; the order in which partners are looked at decides nothing."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from worlds import begun, tree

from sim.arrays import among, by_role, cells, log_ratios
from sim.decide.decisions import Compiled
from sim.decide.partners import heaviest_first
from sim.world import Edges


@given(hnp.arrays(np.bool_, hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=9)))
def test_cells_are_where_flags_are_set(flags: np.ndarray) -> None:
    np.testing.assert_array_equal(cells(flags), np.flatnonzero(flags))
    np.testing.assert_array_equal(cells(flags[..., ::2]), np.flatnonzero(flags[..., ::2]))


@given(hnp.arrays(np.int8, 12, elements=st.integers(-1, 6)), st.lists(st.integers(-1, 6), min_size=1, max_size=4))
def test_among_finds_what_numpy_finds(values: np.ndarray, wanted: list[int]) -> None:
    np.testing.assert_array_equal(among(values, *wanted), np.isin(values, wanted))


def test_roles_lie_side_by_side_and_logarithms_are_those_of_the_library() -> None:
    one, two, out = np.array([1.5, 2.0, 7.0]), np.array([3.0, 4.0, 0.1]), np.empty(3)
    np.testing.assert_array_equal(by_role(one, two), np.stack([one, two], axis=1))
    log_ratios(one, 3.0, out)
    assert out.tolist() == [math.log(value / 3.0) for value in one]


@given(hnp.arrays(np.float64, 40, elements=st.floats(1e-12, 1e12)))
def test_heavier_partners_by_a_factor_of_two_come_first(weight: np.ndarray) -> None:
    start, order = np.array([0, 11, 11, 40]), np.full(40, -1, dtype=np.int32)
    heaviest_first(start, weight, order)
    for first, last in ((0, 11), (11, 40)):
        assert sorted(order[first:last]) == list(range(last - first))
        seen = weight[first + order[first:last]]
        assert (seen[1:] < 2.0 * seen[:-1]).all()


@given(seed=st.integers(0, 2**32), luck=st.randoms(use_true_random=False))
def test_the_order_in_which_partners_are_looked_at_decides_nothing(seed: int, luck: Random) -> None:
    world = begun(tree(), seed)
    usual = Compiled().choose_partners(world)
    shuffled, start = np.empty(world.setting.edges.n, dtype=np.int32), world.setting.edges.start
    for first, last in zip(start[:-1].tolist(), start[1:].tolist(), strict=True):
        places = list(range(last - first))
        luck.shuffle(places)
        shuffled[first:last] = places
    world.contact_order = shuffled
    other = Compiled().choose_partners(world)
    np.testing.assert_array_equal(usual.edge, other.edge)
    np.testing.assert_array_equal(usual.rank, other.rank)


@pytest.mark.parametrize("candidates", [2, 192])
def test_an_edge_is_found_where_it_lies_and_nowhere_else(candidates: int) -> None:
    edges: Edges = begun(tree(candidates=candidates), 0).setting.edges
    there = {(i, j): e for e, (i, j) in enumerate(zip(edges.row.tolist(), edges.col.tolist(), strict=True))}
    parties = range(len(edges.start) - 1)
    assert all(edges.find(i, j) == there.get((i, j), -1) for i in parties for j in parties)
    assert all(edges.rev[e] == there[j, i] for (i, j), e in there.items())
