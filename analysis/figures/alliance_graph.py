"""The web of close and hostile ties with the run's new agreements laid over it.

Positions are computed once from the close ties and all agreements of the run (Fruchterman and Reingold 1991, "Graph drawing by
force-directed placement", Software: Practice and Experience 21(11), by networkx), from a circle ordered by region, so they are the same
every time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import networkx as nx
import numpy as np
import plotly.graph_objects as go

from analysis import style
from analysis.figures import Drawn, Key, part
from analysis.store import Floats, StoredRun
from analysis.stored_parties import Bond
from sim.types import month_label

CLOSE, LEAST_ALLIANCE = 0.5, 0.35
"""Weight of the alliance graph from which on a tie is drawn in full, and weakest alliance shown (paper pacts are weaker)."""
HOSTILE, VERY_HOSTILE = 0.25, 0.75
"""Hostility from which on a tie is drawn as hostile, and in full."""
LEAST_SHARE = 0.2
"""Agreements in force in a smaller share of runs are left out."""
HALF_WIDTH, FOOT, TOP = 1.66, -1.1, 1.08
"""Extent of the picture, in its own units."""
MOST_LABELS, FEWEST_LABELS = 26, 6
"""Names written on a wide and on a narrow page."""
WIDE, NARROW = (900.0, 591.0, 1.0), (375.0, 375.0, 0.53)
"""Narrowest page of each kind: width and height of the picture in pixels, and how much the dots shrink."""
LETTER, LINE, BLOC, LARGE_DOT = 7.4, 17.0, 30.0, 17.0
"""Width and height of a letter, size of a bloc's ring, and the smallest dot that no name may cross, in pixels."""
LONGEST_NAME = 14
"""Longer names give way to the state's code."""
ROUNDS = 150
SIDES: Mapping[str, tuple[int, int]] = {"top center": (0, -1), "bottom center": (0, 1), "middle right": (1, 0), "middle left": (-1, 0)}
"""Where a name may stand beside its dot, the best first: steps across and down."""

Place = Mapping[str, Floats]
Edge = tuple[str, str]
Page = tuple[float, float, float]
Box = tuple[float, float, float, float]
Shares = Mapping[tuple[str, str, str], float]


@part(
    name="alliance_graph",
    title="The alliance graph",
    sentence=(
        "Each mark is a state, the larger the more capable; each ring is a bloc. Grey lines are alliances and other close ties of the last "
        "year, in full where the weight of alliance, votes, organisations, treaties and trust, less hostility, is at least a half; dashed "
        "violet lines are hostile ties, in full from a hostility of three quarters on. Coloured lines are agreements signed during the run "
        "and in force at its end in at least a fifth of the runs. Near means tied; left and right, up and down mean nothing."
    ),
    order=20,
    alone=(
        "Each mark is a state, the larger the more capable; each ring is a bloc. Grey lines are alliances and other close ties of the last "
        "year, in full where the weight of alliance, votes, organisations, treaties and trust, less hostility, is at least a half; dashed "
        "violet lines are hostile ties, in full from a hostility of three quarters on. Coloured lines are agreements signed during the run "
        "and in force at its end. Near means tied; left and right, up and down mean nothing."
    ),
    from_ledger="graph",
)
def build(run: StoredRun) -> Drawn:
    """Draw the graph at the last month of a run folder."""
    last = int(run.months[-1])
    held = run.in_force(last)
    ties = [tie for tie in run.graph if tie.hostility < HOSTILE and (tie.alliance >= LEAST_ALLIANCE or tie.weight >= CLOSE)]
    close = {(tie.a, tie.b): max(tie.weight, 0.0) for tie in ties}
    hostile = _hostile(run)
    shares = _shares(run, [b for b in held if not b.from_start])
    old = {(b.party_a, b.party_b) for b in held if b.from_start}
    tied = _tied(run, close, old, shares)
    place = _place(run, tied, close, old, shares)
    figure = style.canvas(height=620, margin=(0, 0, 0, 0))
    _edges(figure, place, [e for e, s in close.items() if s < CLOSE], style.faint(style.HAIRLINE, 0.3), 0.5)
    _edges(figure, place, [e for e, s in close.items() if s >= CLOSE], style.faint(style.HAIRLINE, 0.9), 0.9)
    _edges(figure, place, [e for e, s in hostile.items() if s < VERY_HOSTILE], style.faint(style.HOSTILE, 0.25), 0.6, "dot")
    _edges(figure, place, [e for e, s in hostile.items() if s >= VERY_HOSTILE], style.faint(style.HOSTILE, 0.9), 1.2, "dash")
    _edges(figure, place, sorted(old - set(close)), style.faint(style.QUIET, 0.45), 0.8)
    keys = _new(figure, place, shares)
    keys += _nodes(figure, run, place, tied, held)
    style.bare_axes(figure, (-HALF_WIDTH, HALF_WIDTH), (FOOT, TOP), equal=False)
    figure.update_layout(meta={"aspect": (TOP - FOOT) / (2.0 * HALF_WIDTH), "least_height": 400})
    if close:
        keys.append(Key(f"close: weight {CLOSE} or more", style.HAIRLINE, "line"))
        keys.append(Key("other ally", style.HAIRLINE, "faint"))
    if hostile:
        keys.append(Key(f"hostility {VERY_HOSTILE} or more", style.HOSTILE, "dashed"))
        keys.append(Key(f"hostility {HOSTILE} or more", style.HOSTILE, "dotted"))
    if old - set(close):
        keys.append(Key("agreement in force before the start", style.QUIET, "faint"))
    return Drawn(figure, _finding(run, close, shares, tied, last), tuple(keys), "", "wide")


def _hostile(run: StoredRun) -> dict[Edge, float]:
    """Return hostile ties and how hostile they are; where a bloc is as hostile, its tie stands for those of its members."""
    found = {(tie.a, tie.b): tie.hostility for tie in run.graph if tie.hostility >= HOSTILE}
    level = {frozenset(edge): value for edge, value in found.items()}
    blocs = {code: [b for b, members in run.roster.members.items() if code in members] for edge in found for code in edge}
    return {
        (a, b): value
        for (a, b), value in found.items()
        if not any((level.get(frozenset((bloc, other)), 0.0) >= VERY_HOSTILE) == (value >= VERY_HOSTILE)
                   and frozenset((bloc, other)) in level for one, other in ((a, b), (b, a)) for bloc in blocs[one])
    }  # fmt: skip


def _shares(run: StoredRun, held: Iterable[Bond]) -> dict[tuple[str, str, str], float]:
    seen: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for bond in held:
        seen[bond.type, bond.party_a, bond.party_b].add(bond.run)
    return {key: len(runs) / run.n_runs for key, runs in sorted(seen.items()) if len(runs) >= LEAST_SHARE * run.n_runs}


def _tied(run: StoredRun, close: Mapping[Edge, float], old: Iterable[Edge], shares: Shares) -> list[str]:
    """Return the parties with any tie that is drawn, those of one region together."""
    named = {code for edge in (*close, *old) for code in edge} | {code for _, a, b in shares for code in (a, b)}
    region = dict(zip(run.roster.codes, run.roster.regions, strict=True))
    return sorted((c for c in named if c in region or c in run.roster.members), key=lambda c: (region.get(c, "Europe"), c))


def _place(run: StoredRun, tied: Sequence[str], close: Mapping[Edge, float], old: Iterable[Edge], shares: Shares) -> dict[str, Floats]:
    """Return x and y of every party: the tied by springs, within an ellipse; the rest in a row at the foot."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(tied)
    pulls: dict[Edge, float] = defaultdict(float)
    for edge, strength in close.items():
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


def _edges(figure: go.Figure, place: Place, edges: Iterable[Edge], colour: str, width: float, dash: str = "solid") -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    for a, b in edges:
        if a in place and b in place:
            x += [round(float(place[a][0]), 3), round(float(place[b][0]), 3), None]
            y += [round(float(place[a][1]), 3), round(float(place[b][1]), 3), None]
    if x:
        figure.add_scatter(x=x, y=y, mode="lines", line={"width": width, "color": colour, "dash": dash}, hoverinfo="skip")


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
    blocs = [b for b in roster.members if b in place]
    keys = []
    for region in sorted(set(roster.regions)):
        codes = [c for c, r in zip(roster.codes, roster.regions, strict=True) if r == region]
        colour = style.REGION_COLOUR.get(region, style.BLACK)
        symbol, mark = style.REGION_SHAPE.get(region, ("circle", "dot"))
        marker = {"size": [round(size[c], 1) for c in codes], "color": colour, "symbol": symbol, "opacity": 1}
        figure.add_scatter(
            x=[round(float(place[c][0]), 3) for c in codes],
            y=[round(float(place[c][1]), 3) for c in codes],
            mode="markers",
            marker=marker | {"line": {"width": 1, "color": style.PAPER}},
            hoverinfo="text",
            hovertext=[f"<b>{roster.name(c)}</b><br>{region}" + ("" if c in known else "<br>no tie drawn") for c in codes],
        )
        keys.append(Key(region, colour, mark))
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
    ranked = sorted(known & set(roster.codes), key=lambda c: (-size[c], c))
    words = {c: _label(roster.name(c), c) for c in ranked}
    _names(figure, place, size, _named(place, size, words, ranked, blocs, WIDE)[:MOST_LABELS], words, blocs)
    return keys


def _names(
    figure: go.Figure,
    place: Place,
    size: Mapping[str, float],
    named: Sequence[tuple[str, str]],
    words: Mapping[str, str],
    blocs: Sequence[str],
) -> None:
    """Write the names over everything else, with unseen marks that keep them clear of the dots; few of them on a narrow page."""
    sides = dict(named)
    few = {c for c, _ in _named(place, size, words, list(sides), blocs, NARROW, sides)[:FEWEST_LABELS]}
    figure.add_scatter(
        x=[round(float(place[c][0]), 3) for c in sides],
        y=[round(float(place[c][1]), 3) for c in sides],
        mode="markers+text",
        marker={"size": [round(size[c], 1) for c in sides], "color": style.INK, "opacity": 0},
        text=[words[c] for c in sides],
        textposition=list(sides.values()),
        textfont={"size": style.SMALL, "color": style.INK},
        customdata=[c in few for c in sides],
        hoverinfo="skip",
    )


def _named(
    place: Place,
    size: Mapping[str, float],
    words: Mapping[str, str],
    ranked: Sequence[str],
    blocs: Sequence[str],
    page: Page,
    sides: Mapping[str, str] | None = None,
) -> list[tuple[str, str]]:
    """Choose whose names are written and on which side of the dot: the largest first, none over another, a bloc or a large dot.

    The page is its width and height in pixels and how much dots shrink on it. ``sides`` fixes where each name stands.
    """
    width, _, shrink = page
    taken = [_box(*_pixels(place[b], page), BLOC, BLOC) for b in blocs]
    dots = {c: _box(*_pixels(place[c], page), d, d) for c, d in ((c, size[c] * shrink) for c in ranked) if d >= LARGE_DOT * shrink}
    chosen = []
    for code in ranked:
        for side in [sides[code]] if sides else SIDES:
            box = name_box(place[code], size[code], words[code], side, page)
            others = [*taken, *(dot for other, dot in dots.items() if other != code)]
            inside = box[0] >= 0.0 and box[1] <= width and box[2] >= 0.0
            if inside and not any(crosses(box, other) for other in others):
                taken.append(box)
                chosen.append((code, side))
                break
    return chosen


def name_box(at: Sequence[float] | Floats, size: float, word: str, side: str, page: Page) -> Box:
    """Return the room a name takes on a page beside a dot of a size in pixels."""
    across, down = SIDES[side]
    long, gap = len(word) * LETTER, size * page[2] / 2.0 + 3.0
    x, y = _pixels(at, page)
    return _box(x + across * (gap + long / 2.0), y + down * (gap + LINE / 2.0), long, LINE)


def _pixels(at: Sequence[float] | Floats, page: Page) -> tuple[float, float]:
    """Turn a place into pixels from the upper left corner."""
    return float(at[0] + HALF_WIDTH) * page[0] / (2.0 * HALF_WIDTH), float(TOP - at[1]) * page[1] / (TOP - FOOT)


def _box(x: float, y: float, width: float, height: float) -> Box:
    """Return left, right, top and bottom of a box around a point, in pixels."""
    return x - width / 2.0, x + width / 2.0, y - height / 2.0, y + height / 2.0


def crosses(a: Box, b: Box) -> bool:
    """Whether two boxes overlap."""
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


def _label(name: str, code: str) -> str:
    return name if len(name) <= LONGEST_NAME else code


def _finding(run: StoredRun, close: Mapping[Edge, float], shares: Shares, tied: Sequence[str], last: int) -> str:
    graph: nx.Graph[str] = nx.Graph((a, b) for _, a, b in shares)
    when = month_label(last)
    many = run.n_runs > 1
    if not shares:
        drawn = style.plural(len(close), "close tie")
        often = " in as many as a fifth of the runs" if many else ""
        return f"No new agreement is in force by {when}{often}; {drawn} {'is' if len(close) == 1 else 'are'} drawn."
    hub, degree = max(sorted(graph.degree()), key=lambda item: item[1])
    allied = sum((a, b) in close for _, a, b in shares)
    loose = len(run.roster.codes) - len(set(tied) & set(run.roster.codes))
    often = " in at least a fifth of the runs" if many else ""
    words = f"By {when}, {style.plural(len(shares), 'new pairing')} {'holds' if len(shares) == 1 else 'hold'}{often} and "
    words += "joins " if len(shares) == 1 else "join "
    words += f"{graph.number_of_nodes()} parties; {style.the(run.roster.name(hub))} has the most partners ({degree})."
    if close:
        words += f" {style.part_of(allied / len(shares))} of these pairings are between allies or other close parties."
    if not loose:
        return words
    stands, names = ("stands", "its name") if loose == 1 else ("stand", "their names")
    return f"{words} {style.plural(loose, 'state')} without a tie {stands} in the row at the foot; hover over the marks for {names}."
