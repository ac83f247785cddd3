"""The web of formal pacts with the run's new agreements laid over it.

Positions are computed once from the pacts and all agreements of the run (Fruchterman and Reingold 1991, "Graph drawing by force-directed
placement", Software: Practice and Experience 21(11), by networkx), from a circle ordered by region, so they are the same every time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import networkx as nx
import numpy as np
import plotly.graph_objects as go

from analysis import style
from analysis.figures import Drawn, Key, part
from analysis.store import Bond, Floats, StoredRun
from sim.types import month_label

LEAST_PACT, STRONG_PACT = 0.25, 0.5
"""Weakest pact shown (region-wide charters alone are weaker), and weakest drawn in full: defence and the like."""
LEAST_SHARE = 0.2
"""Agreements in force in a smaller share of runs are left out."""
MOST_LABELS, FEWEST_LABELS = 26, 8
"""Names written on a wide and on a narrow page."""
CLEAR = (0.24, 0.065)
"""Room that a name needs beside and above it, in the picture's units."""
LONGEST_NAME = 14
"""Longer names give way to the state's code."""
ROUNDS = 150

Place = Mapping[str, Floats]
Edge = tuple[str, str]
Shares = Mapping[tuple[str, str, str], float]


@part(
    name="alliance_graph",
    title="The alliance graph",
    sentence=(
        "Each dot is a state, the larger the more capable; each ring is a bloc. Thin grey lines are formal alliances at the start, fainter "
        "where they promise less than defence; coloured lines are agreements signed during the run and in force at its end in at least a "
        "fifth of the runs. Near means tied; left and right, up and down mean nothing."
    ),
    order=20,
)
def build(run: StoredRun) -> Drawn:
    """Draw the graph at the last month of a run folder."""
    last = int(run.months[-1])
    held = run.in_force(last)
    pacts = {(a, b): s for a, b, s in run.pacts if s >= LEAST_PACT}
    shares = _shares(run, [b for b in held if not b.from_start])
    old = {(b.party_a, b.party_b) for b in held if b.from_start}
    tied = _tied(run, pacts, old, shares)
    place = _place(run, tied, pacts, old, shares)
    figure = style.canvas(height=620, margin=(0, 0, 0, 0))
    _edges(figure, place, [e for e, s in pacts.items() if s < STRONG_PACT], style.faint(style.HAIRLINE, 0.22), 0.5)
    _edges(figure, place, [e for e, s in pacts.items() if s >= STRONG_PACT], style.faint(style.HAIRLINE, 0.8), 0.6)
    _edges(figure, place, sorted(old - set(pacts)), style.faint(style.QUIET, 0.45), 0.8)
    keys = _new(figure, place, shares)
    keys += _nodes(figure, run, place, tied, held)
    style.bare_axes(figure, (-1.66, 1.66), (-1.1, 1.08), equal=False)
    figure.update_layout(meta={"aspect": 2.18 / 3.32, "least_height": 400})
    if pacts:
        keys.append(Key("formal alliance at the start", style.HAIRLINE, "line"))
    if old - set(pacts):
        keys.append(Key("agreement in force before the start", style.QUIET, "faint"))
    return Drawn(figure, _finding(run, pacts, shares, tied, last), tuple(keys), "", "wide")


def _shares(run: StoredRun, held: Iterable[Bond]) -> dict[tuple[str, str, str], float]:
    seen: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for bond in held:
        seen[bond.type, bond.party_a, bond.party_b].add(bond.run)
    return {key: len(runs) / run.n_runs for key, runs in sorted(seen.items()) if len(runs) >= LEAST_SHARE * run.n_runs}


def _tied(run: StoredRun, pacts: Mapping[Edge, float], old: Iterable[Edge], shares: Shares) -> list[str]:
    """Return the parties with any tie that is drawn, those of one region together."""
    named = {code for edge in (*pacts, *old) for code in edge} | {code for _, a, b in shares for code in (a, b)}
    region = dict(zip(run.roster.codes, run.roster.regions, strict=True))
    return sorted((c for c in named if c in region or c in run.roster.members), key=lambda c: (region.get(c, "Europe"), c))


def _place(run: StoredRun, tied: Sequence[str], pacts: Mapping[Edge, float], old: Iterable[Edge], shares: Shares) -> dict[str, Floats]:
    """Return x and y of every party: the tied by springs, within an ellipse; the rest in a row at the foot."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(tied)
    pulls: dict[Edge, float] = defaultdict(float)
    for edge, strength in pacts.items():
        pulls[edge] += 0.4 * strength
    for edge in sorted(old):
        pulls[edge] += 0.4
    for (_, a, b), share in shares.items():
        pulls[a, b] += share
    known = set(tied)
    graph.add_weighted_edges_from((a, b, w) for (a, b), w in sorted(pulls.items()) if a in known and b in known)
    place: dict[str, Floats] = {}
    if tied:
        angle = np.linspace(0.0, 2.0 * np.pi, len(tied), endpoint=False)
        start = {code: np.array([np.cos(t), np.sin(t)]) for code, t in zip(tied, angle, strict=True)}
        near = 1.6 / np.sqrt(len(tied))
        found = nx.spring_layout(graph, pos=start, k=near, iterations=ROUNDS, weight="weight", seed=0)
        place = _spread({code: np.asarray(found[code]) for code in tied})
    loose = [code for code in run.roster.codes if code not in known]
    for code, x in zip(loose, np.linspace(-1.5, 1.5, len(loose) + 2)[1:-1], strict=True):
        place[code] = np.array([x, -1.06])
    return place


def _spread(found: Mapping[str, Floats]) -> dict[str, Floats]:
    """Even out distances from the centre, so that one far pair does not press the rest together, and fill a wide box."""
    codes = list(found)
    points = np.array([found[c] for c in codes])
    points = points - np.median(points, axis=0)
    radius = np.hypot(points[:, 0], points[:, 1])
    order = np.argsort(np.argsort(radius, kind="stable"), kind="stable")
    even = np.sqrt((order + 0.5) / len(codes))
    mixed = 0.3 * radius / max(float(radius.max()), 1e-9) + 0.7 * even
    points = points / np.maximum(radius, 1e-9)[:, None] * mixed[:, None]
    low, high = points.min(axis=0), points.max(axis=0)
    points = 2.0 * (points - low) / np.maximum(high - low, 1e-9) - 1.0
    return {code: np.array([1.5 * x, 0.96 * y]) for code, (x, y) in zip(codes, points, strict=True)}


def _edges(figure: go.Figure, place: Place, edges: Iterable[Edge], colour: str, width: float) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    for a, b in edges:
        if a in place and b in place:
            x += [round(float(place[a][0]), 3), round(float(place[b][0]), 3), None]
            y += [round(float(place[a][1]), 3), round(float(place[b][1]), 3), None]
    if x:
        figure.add_scatter(x=x, y=y, mode="lines", line={"width": width, "color": colour}, hoverinfo="skip")


def _new(figure: go.Figure, place: Place, shares: Shares) -> list[Key]:
    keys = []
    for type_ in sorted({t for t, _, _ in shares}):
        colour = style.type_colour(type_)
        for low, high, width, alpha in ((0.0, 0.5, 0.8, 0.5), (0.5, 0.8, 1.4, 0.75), (0.8, 1.01, 2.2, 0.95)):
            edges = [(a, b) for (t, a, b), s in shares.items() if t == type_ and low <= s < high]
            _edges(figure, place, edges, style.faint(colour, alpha), width)
        keys.append(Key(f"new {style.plain(type_)}", colour, "line"))
    return keys


def _nodes(figure: go.Figure, run: StoredRun, place: Place, tied: Sequence[str], held: Sequence[Bond]) -> list[Key]:
    """Draw states by region and size of capability, blocs as rings, and the names of the largest."""
    roster = run.roster
    capability = {code: float(np.median(v)) for code, v in run.panel("capability").items()}
    if not capability:
        for bond in held:
            for code in (bond.party_a, bond.party_b):
                capability[code] = capability.get(code, 0.0) + 1.0
    most = max((capability.get(c, 0.0) for c in roster.codes), default=0.0) or 1.0
    known = set(tied)
    size = {c: 5.0 + 27.0 * np.sqrt(capability.get(c, 0.0) / most) if c in known else 5.0 for c in roster.codes}
    named = _named(place, sorted(known & set(roster.codes), key=lambda c: (-size[c], c)))
    keys = []
    for region in sorted(set(roster.regions)):
        codes = [c for c, r in zip(roster.codes, roster.regions, strict=True) if r == region]
        colour = style.REGION_COLOUR.get(region, style.BLACK)
        figure.add_scatter(
            x=[round(float(place[c][0]), 3) for c in codes],
            y=[round(float(place[c][1]), 3) for c in codes],
            mode="markers+text",
            marker={"size": [round(size[c], 1) for c in codes], "color": colour, "opacity": 1, "line": {"width": 1, "color": style.PAPER}},
            text=[_label(roster.name(c), c) if c in named else "" for c in codes],
            textposition="top center",
            textfont={"size": style.SMALL, "color": style.INK},
            customdata=[c in named[:FEWEST_LABELS] for c in codes],
            hoverinfo="text",
            hovertext=[f"<b>{roster.name(c)}</b><br>{region}" + ("" if c in known else "<br>no tie drawn") for c in codes],
        )
        keys.append(Key(region, colour, "dot"))
    blocs = [b for b in roster.members if b in place]
    figure.add_scatter(
        x=[float(place[b][0]) for b in blocs],
        y=[float(place[b][1]) for b in blocs],
        mode="markers+text",
        marker={"size": 28, "symbol": "circle-open", "color": style.INK, "line": {"width": 2}},
        text=[f"<b>{b}</b>" for b in blocs],
        textfont={"size": style.SMALL, "color": style.INK},
        hoverinfo="text",
        hovertext=[roster.name(b) for b in blocs],
    )
    return keys


def _named(place: Place, ranked: Sequence[str]) -> list[str]:
    """Choose whose names are written: the largest first, none over another's."""
    chosen: list[str] = []
    for code in ranked:
        away = (np.abs(place[code] - place[other]) for other in chosen)
        if len(chosen) < MOST_LABELS and all(x > CLEAR[0] or y > CLEAR[1] for x, y in away):
            chosen.append(code)
    return chosen


def _label(name: str, code: str) -> str:
    return name if len(name) <= LONGEST_NAME else code


def _finding(run: StoredRun, pacts: Mapping[Edge, float], shares: Shares, tied: Sequence[str], last: int) -> str:
    graph: nx.Graph[str] = nx.Graph((a, b) for _, a, b in shares)
    when = month_label(last)
    if not shares:
        drawn = style.plural(len(pacts), "formal alliance")
        return f"No new agreement is in force by {when} in as many as a fifth of the runs; {drawn} at the start are drawn."
    hub, degree = max(sorted(graph.degree()), key=lambda item: item[1])
    allied = sum((a, b) in pacts for _, a, b in shares)
    loose = len(run.roster.codes) - len(set(tied) & set(run.roster.codes))
    words = f"By {when}, {style.plural(len(shares), 'new pairing')} hold in at least a fifth of the runs and join "
    words += f"{graph.number_of_nodes()} parties; {style.the(run.roster.name(hub))} has the most partners ({degree})."
    if pacts:
        words += f" {allied / len(shares):.0%} of these pairings are between formal allies."
    return words + (f" {style.plural(loose, 'state')} without a tie stand in the row at the foot." if loose else "")
