"""Paths and widths of a graph beside networkx: ties, parts that nothing joins, bridges, and renewal beside a fresh start."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ground.paths import NO_PATH, all_paths, arcs, averages, renew
from sim.ground.widths import between, forest, of_pairs, parts, widest_first

Pairs = list[tuple[int, int]]


class Ways:
    """A graph of ways with lengths and widths."""

    def __init__(self, n: int, pairs: Pairs) -> None:
        self.n, self.pairs = n, pairs
        self.first, self.second = (np.array([pair[k] for pair in pairs], dtype=np.int32) for k in (0, 1))
        self.start, self.other, self.way = (np.empty(size, dtype=np.int32) for size in (n + 1, 2 * len(pairs), 2 * len(pairs)))
        arcs(n, self.first, self.second, self.start, self.other, self.way)

    def paths(self, length: Any) -> Any:
        out = np.empty((self.n, self.n), dtype=np.int32)
        all_paths(self.start, self.other, self.way, np.asarray(length, dtype=np.int32), out)
        return out

    def forest(self, mbps: Any) -> tuple[Any, Any]:
        width = np.asarray(mbps, dtype=np.int64)
        up, out = np.empty(self.n, dtype=np.int32), np.empty(self.n, dtype=np.int64)
        forest(self.first, self.second, width, widest_first(width), up, out)
        return up, out


def oracle_paths(ways: Ways, length: list[int]) -> Any:
    graph = nx.Graph()
    graph.add_nodes_from(range(ways.n))
    graph.add_weighted_edges_from((i, j, w) for (i, j), w in zip(ways.pairs, length, strict=True) if w != NO_PATH)
    out = np.full((ways.n, ways.n), NO_PATH, dtype=np.int64)
    for i, reached in nx.all_pairs_dijkstra_path_length(graph):
        for j, far in reached.items():
            out[i, j] = far
    return np.where(out >= NO_PATH, NO_PATH, out)


def oracle_widths(ways: Ways, mbps: list[int]) -> Any:
    graph = nx.Graph()
    graph.add_nodes_from(range(ways.n))
    graph.add_edges_from((i, j, {"weight": w}) for (i, j), w in zip(ways.pairs, mbps, strict=True) if w > 0)
    tree = nx.maximum_spanning_tree(graph)
    out = np.zeros((ways.n, ways.n), dtype=np.int64)
    for i in range(ways.n):
        for j, path in nx.single_source_shortest_path(tree, i).items():
            if i != j:
                out[i, j] = min(tree[a][b]["weight"] for a, b in pairwise(path))
    return out


def widths(ways: Ways, mbps: Any) -> Any:
    up, width = ways.forest(mbps)
    return np.array([[0 if i == j else between(up, width, i, j) for j in range(ways.n)] for i in range(ways.n)])


@st.composite
def graphs(draw: Any) -> Ways:
    n = draw(st.integers(2, 12))
    every = [(i, j) for i in range(n) for j in range(i + 1, n)]
    return Ways(n, sorted(draw(st.lists(st.sampled_from(every), max_size=30, unique=True))))


# Few lengths, so that many paths are as short as each other; some ways are closed.
LENGTHS = st.one_of(st.integers(1, 4), st.just(NO_PATH), st.integers(1, 10**8))


@given(graphs(), st.data())
@settings(max_examples=150)
def test_latency_is_that_of_an_independent_library(ways: Ways, data: Any) -> None:
    length = data.draw(st.lists(LENGTHS, min_size=len(ways.pairs), max_size=len(ways.pairs)))
    assert np.array_equal(ways.paths(length), oracle_paths(ways, length))


@given(graphs(), st.data())
@settings(max_examples=150)
def test_bandwidth_is_that_of_an_independent_library(ways: Ways, data: Any) -> None:
    mbps = data.draw(st.lists(st.one_of(st.integers(0, 4), st.integers(0, 10**12)), min_size=len(ways.pairs), max_size=len(ways.pairs)))
    assert np.array_equal(widths(ways, mbps), oracle_widths(ways, mbps))


@given(graphs(), st.data())
@settings(max_examples=200)
def test_latency_renewed_way_by_way_is_that_from_the_beginning_and_untouched_rows_stay(ways: Ways, data: Any) -> None:
    lengths = st.lists(LENGTHS, min_size=len(ways.pairs), max_size=len(ways.pairs))
    length = np.array(data.draw(lengths), dtype=np.int32)
    latency = ways.paths(length)
    for _ in range(data.draw(st.integers(1, 4))):
        after, before, touched = np.array(data.draw(lengths), dtype=np.int32), latency.copy(), np.zeros(ways.n, dtype=np.bool_)
        changed = renew(ways.first, ways.second, ways.start, ways.other, ways.way, length, after, latency, touched)
        assert np.array_equal(latency, ways.paths(after)) and np.array_equal(length, after)
        assert changed <= len(ways.pairs) and np.array_equal(before[~touched], latency[~touched])


@given(graphs(), st.data())
@settings(max_examples=100)
def test_closing_a_bridge_parts_exactly_whom_it_joins(ways: Ways, data: Any) -> None:
    graph = nx.Graph(ways.pairs)
    graph.add_nodes_from(range(ways.n))
    length = np.array(data.draw(st.lists(st.integers(1, 9), min_size=len(ways.pairs), max_size=len(ways.pairs))), dtype=np.int32)
    whole = ways.paths(length) != NO_PATH
    for w, pair in enumerate(ways.pairs):
        after, left = length.copy(), graph.copy()
        after[w] = NO_PATH
        left.remove_edge(*pair)
        joined, root = ways.paths(after) != NO_PATH, np.empty(ways.n, dtype=np.int32)
        up, _ = ways.forest(np.where(after == NO_PATH, 0, 5))
        parts(up, root)
        assert np.array_equal(joined, root[:, None] == root[None, :])
        assert (joined != whole).any() == (pair in set(nx.bridges(graph)) or pair[::-1] in set(nx.bridges(graph)))
        for i in range(ways.n):
            assert {j for j in range(ways.n) if joined[i, j]} == nx.node_connected_component(left, i)


def test_a_known_ring_with_a_tail() -> None:
    ways = Ways(5, [(0, 1), (0, 3), (1, 2), (2, 3), (3, 4)])
    latency = ways.paths([10, 10, 10, 10, 7])
    assert latency[0].tolist() == [0, 10, 20, 10, 17] and latency[4, 1] == 27
    up, width = ways.forest([5, 9, 5, 7, 2])
    assert between(up, width, 0, 2) == 7 and between(up, width, 1, 2) == 5 and between(up, width, 4, 0) == 2
    some = np.empty(2, dtype=np.int64)
    of_pairs(up, width, np.array([0, 4]), np.array([3, 2]), some)
    assert some.tolist() == [9, 2]


def test_of_equally_wide_ways_the_one_that_was_there_first_comes_first() -> None:
    assert widest_first(np.array([4, 4, 9, 4])).tolist() == [2, 0, 1, 3]


def test_a_path_of_more_than_two_seconds_counts_as_none_in_both_ways() -> None:
    ways, long = Ways(4, [(0, 1), (1, 2), (2, 3)]), 10**9
    latency = ways.paths([long, long, long])
    assert latency[0].tolist() == [0, long, 2 * long, NO_PATH]
    length, touched = np.array([NO_PATH, long, long], dtype=np.int32), np.zeros(4, dtype=np.bool_)
    other = ways.paths(length)
    renew(ways.first, ways.second, ways.start, ways.other, ways.way, length, np.array([long] * 3, dtype=np.int32), other, touched)
    assert np.array_equal(latency, other)


def test_averages_count_whom_one_reaches() -> None:
    ways = Ways(4, [(0, 1), (1, 2)])
    reaches, mean = np.full(4, 9, dtype=np.int32), np.full(4, 9.0)
    averages(ways.paths([2_000_000, 4_000_000]), np.array([True, True, True, True]), reaches, mean)
    assert reaches.tolist() == [2, 2, 2, 0] and mean.tolist() == pytest.approx([4.0, 3.0, 5.0, 0.0])
