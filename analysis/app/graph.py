"""The alliance graph of the page: who is allied and who is hostile in each year, and positions computed once and kept through the film.

Springs after Fruchterman and Reingold (1991), Software: Practice and Experience 21(11), by networkx, from a circle ordered by region:
the same every time. Near means tied; left and right, up and down mean nothing; who has
no tie stands in a row at the foot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.alliances.ties import CLOSE, HOSTILE, joined
from sim.engine import undisturbed
from sim.state.world import Edges, Setting

ROUNDS = 120
PULL = 0.4
"""How much an alliance of full strength pulls, beside a treaty of the run (0.3)."""


def positions(setting: Setting, ties: Iterable[tuple[int, int]]) -> dict[str, object]:
    """Return where each party stands, -1 to 1 both ways, and for each year of the run who is allied, close, hostile and barred.

    ``close`` are pairs of parties whose weight in the alliance graph is at least ``CLOSE``, had nothing been signed, ``allied`` other
    allies, ``barred`` those too hostile for talks of two, and ``hostile`` those less so (:mod:`sim.alliances.ties`).

    Parameters
    ----------
    setting : Setting
    ties : iterable of (int, int)
        Parties of each instrument of the run.
    """
    roster = setting.roster
    region = [*roster.regions, *("Europe" for _ in roster.blocs)]
    pulls: dict[tuple[int, int], float] = defaultdict(float)
    world, edges = undisturbed(setting, setting.config.start), setting.edges
    for e in np.flatnonzero((world.alliance > 0.0) & ~world.blocked & (edges.row < edges.col)).tolist():
        pulls[int(edges.row[e]), int(edges.col[e])] += PULL * float(world.alliance[e])
    for a, b in sorted((min(pair), max(pair)) for pair in ties):
        pulls[a, b] += 0.3
    tied = sorted({p for pair in pulls for p in pair}, key=lambda p: (region[p], setting.codes[p]))
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(tied)
    graph.add_weighted_edges_from((a, b, w) for (a, b), w in sorted(pulls.items()))
    angle = np.linspace(0.0, 2.0 * np.pi, len(tied), endpoint=False)
    circle = {p: np.array([np.cos(t), np.sin(t)]) for p, t in zip(tied, angle, strict=True)}
    points = np.zeros((setting.n_parties, 2))
    if tied:
        found = nx.spring_layout(graph, pos=circle, k=1.6 / np.sqrt(len(tied)), iterations=ROUNDS, weight="weight", seed=0)
        points[tied] = _spread(np.array([found[p] for p in tied]))
    loose = [p for p in range(setting.n_parties) if p not in set(tied)]
    points[loose] = np.column_stack([np.linspace(-0.96, 0.96, len(loose) + 2)[1:-1], np.full(len(loose), 1.0)])
    return {"xy": np.round(points, 3).tolist(), "years": years(setting)}


def years(setting: Setting) -> list[dict[str, object]]:
    """Return each year of the run, and pairs of parties by kind of tie."""
    edges, found = setting.edges, []
    for year in range(setting.config.start // 12, setting.config.end // 12 + 1):
        world = undisturbed(setting, max(setting.config.start, 12 * year))
        drawn = joined(world)[0]
        close = (world.alliance_weight >= CLOSE) & (world.hostility < HOSTILE)
        kinds = {
            "close": close,
            "allied": (world.alliance > 0.0) & ~close,
            "hostile": (world.hostility >= HOSTILE) & ~world.hostile,
            "barred": world.hostile,
        }
        found.append({"year": year, **{name: _pairs(edges, drawn[which[drawn]]) for name, which in kinds.items()}})
    return found


def _pairs(edges: Edges, drawn: NDArray[np.intp]) -> list[list[int]]:
    return [[int(edges.row[e]), int(edges.col[e])] for e in drawn.tolist()]


def _spread(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Even out distances from the centre, so that one far pair does not press the rest together, and fill the box above the foot."""
    points = points - np.median(points, axis=0)
    radius = np.maximum(np.hypot(points[:, 0], points[:, 1]), 1e-9)
    even = np.sqrt((np.argsort(np.argsort(radius, kind="stable"), kind="stable") + 0.5) / len(points))
    points = points / radius[:, None] * (0.3 * radius / radius.max() + 0.7 * even)[:, None]
    low, high = points.min(axis=0), points.max(axis=0)
    spread: NDArray[np.float64] = (2.0 * (points - low) / np.maximum(high - low, 1e-9) - 1.0) * np.array([1.0, 0.92]) - np.array(
        [0.0, 0.04]
    )
    return spread
