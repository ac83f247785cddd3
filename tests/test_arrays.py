"""Small things on arrays do what NumPy's general ones do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from worlds import begun, tree

from sim.arrays import among, by_role, cells, log_ratios
from sim.state.world import Edges


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


@pytest.mark.parametrize("candidates", [2, 192])
def test_an_edge_is_found_where_it_lies_and_nowhere_else(candidates: int) -> None:
    edges: Edges = begun(tree(candidates=candidates), 0).setting.edges
    there = {(i, j): e for e, (i, j) in enumerate(zip(edges.row.tolist(), edges.col.tolist(), strict=True))}
    parties = range(len(edges.start) - 1)
    assert all(edges.find(i, j) == there.get((i, j), -1) for i in parties for j in parties)
    assert all(edges.rev[e] == there[j, i] for (i, j), e in there.items())
