"""Positions of the alliance graph: computed once for a roster and what it signs, and kept through the film.

Springs after Fruchterman and Reingold (1991), Software: Practice and Experience 21(11), by networkx, from a circle ordered by region:
the same every time. Near means tied; left and right, up and down mean nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import networkx as nx
import numpy as np

from sim.world import Setting

ROUNDS = 120
LEAST_PACT = 0.25
"""Weakest formal pact that pulls; region-wide charters alone are weaker."""
PACT_PULL = 0.4


def positions(setting: Setting, ties: Iterable[tuple[int, int]]) -> dict[str, object]:
    """Return where each party stands, -1 to 1 both ways, and the formal pacts as pairs of parties.

    Parameters
    ----------
    setting : Setting
    ties : iterable of (int, int)
        Parties of each instrument of the run.
    """
    roster, edges = setting.roster, setting.edges
    region = [*roster.regions, *("Europe" for _ in roster.blocs)]
    order = sorted(range(setting.n_parties), key=lambda p: (region[p], setting.codes[p]))
    pulls: dict[tuple[int, int], float] = defaultdict(float)
    strong = np.flatnonzero((edges.pact >= LEAST_PACT) & (edges.row < edges.col)).tolist()
    for e in strong:
        pulls[int(edges.row[e]), int(edges.col[e])] += PACT_PULL * float(edges.pact[e])
    for a, b in sorted((min(pair), max(pair)) for pair in ties):
        pulls[a, b] += 0.3
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(order)
    graph.add_weighted_edges_from((a, b, w) for (a, b), w in sorted(pulls.items()))
    angle = np.linspace(0.0, 2.0 * np.pi, len(order), endpoint=False)
    circle = {p: np.array([np.cos(t), np.sin(t)]) for p, t in zip(order, angle, strict=True)}
    found = nx.spring_layout(graph, pos=circle, k=1.6 / np.sqrt(len(order)), iterations=ROUNDS, weight="weight", seed=0)
    points = np.array([found[p] for p in range(setting.n_parties)])
    points = points - np.median(points, axis=0)
    radius = np.maximum(np.hypot(points[:, 0], points[:, 1]), 1e-9)
    even = np.sqrt((np.argsort(np.argsort(radius, kind="stable"), kind="stable") + 0.5) / len(points))
    points = points / radius[:, None] * (0.3 * radius / radius.max() + 0.7 * even)[:, None]
    points = points / np.abs(points).max(axis=0)
    pacts = [[int(edges.row[e]), int(edges.col[e])] for e in strong if edges.pact[e] >= 0.5]
    return {"xy": np.round(points, 3).tolist(), "pacts": pacts}
