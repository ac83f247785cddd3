"""The world: states coloured by how many agreements bind them, agreements drawn as great circles between capitals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go

from analysis import maps, style
from analysis.figures import Drawn, Key, part
from analysis.store import StoredRun, band
from analysis.stored_parties import Bond
from sim.types import month_label

MOST_ARCS = 70
"""More new arcs than this cannot be told apart on a screen; the likeliest are drawn and the text says how many are not."""
LEAST_SHARE = 0.2
EDGES = (0, 1, 2, 3, 5, 9, 17, 33)
"""First count of each class: none, one, two, three to four, and so on, doubling."""
MARGIN = 0.012
"""Room around the sea, in radii of the sphere."""
WIDTHS = ((0.75, 2.4), (0.4, 1.5), (0.0, 0.8))
"""Least share of runs of each line width in pixels."""


@part(
    name="world_map",
    title="Who is bound to whom",
    sentence=(
        "Each state is coloured by the number of agreements in force that bind it in the last month, its own and its bloc's (the "
        "middle run). Lines join the capitals of the two sides, they are not routes; the wider a coloured line, the larger the share of "
        "runs in which that agreement is in force. What is suspended binds nobody, and is drawn broken."
    ),
    order=10,
    alone=(
        "Each state is coloured by the number of agreements in force that bind it in the last month, its own and its bloc's. Lines join "
        "the capitals of the two sides, they are not routes. What is suspended binds nobody, and is drawn broken."
    ),
    from_ledger="map",
)
def build(run: StoredRun) -> Drawn:
    """Draw the world at the last month of a run folder."""
    last = int(run.months[-1])
    held = run.in_force(last)
    counts = _counts(run, held)
    figure = style.canvas(height=520, margin=(0, 0, 0, 0))
    _ground(figure, run)
    keys = _states(figure, run, counts)
    keys += _agreements(figure, run, held)
    keys += _suspended(figure, run, last)
    south, north = maps.project(np.array([maps.MERIDIAN] * 2), np.array([maps.SOUTH, maps.NORTH]))[1]
    top, foot = float(north) + MARGIN, float(south) - MARGIN
    east = float(maps.project(np.array([maps.MERIDIAN + 180.0]), np.array([0.0]))[0][0]) + MARGIN
    style.bare_axes(figure, (-east, east), (foot, top), equal=True)
    figure.update_layout(hoverdistance=12, meta={"aspect": (top - foot) / (2.0 * east)})
    return Drawn(figure, _finding(run, held, counts), tuple(keys), f"Agreements in force that bind a state, {month_label(last)}", "wide")


def _counts(run: StoredRun, held: Sequence[Bond]) -> dict[str, float]:
    """Count the distinct agreements that bind each state: the count of the middle run (the lower of two, so that it is a count)."""
    bound: dict[str, list[set[str]]] = {code: [set() for _ in range(run.n_runs)] for code in run.roster.codes}
    for bond in held:
        for party in (bond.party_a, bond.party_b):
            for code in (party, *run.roster.members.get(party, ())):
                if code in bound:
                    bound[code][bond.run].add(bond.instrument)
    return {code: float(np.quantile([len(names) for names in sets], 0.5, method="inverted_cdf")) for code, sets in bound.items()}


def _ground(figure: go.Figure, run: StoredRun) -> None:
    """Draw the sea, and in grey all land that takes no part in the run."""
    x, y = maps.edge()
    figure.add_scatter(x=x, y=y, fill="toself", fillcolor=style.SEA, mode="lines", line={"width": 0}, hoverinfo="skip")
    world = maps.world()
    absent = [ring for code, rings in world.states.items() if code not in run.roster.codes for ring in rings]
    x, y = world.fill([*world.other, *absent])
    figure.add_scatter(x=x, y=y, fill="toself", fillcolor=style.OUTSIDE, mode="lines", line={"width": 0}, hoverinfo="skip")


def _states(figure: go.Figure, run: StoredRun, counts: dict[str, float]) -> list[Key]:
    """Draw each state in the colour of its class, a point where it is small, and the borders; return the legend."""
    world, roster = maps.world(), run.roster
    edges, colours = _classes(max(counts.values(), default=0.0))
    colour_of = {code: colours[int(np.searchsorted(edges, count, side="right")) - 1] for code, count in counts.items()}
    for code in roster.codes:
        rings = world.states.get(code, ())
        if rings:
            x, y = world.fill(rings)
            figure.add_scatter(
                x=x,
                y=y,
                fill="toself",
                fillcolor=colour_of[code],
                mode="lines",
                line={"width": 0},
                hoveron="fills",
                hoverinfo="text",
                text=_words(run, code, counts[code]),
            )
    x, y = world.borders()
    figure.add_scatter(x=x, y=y, mode="lines", line={"width": 0.5, "color": style.BORDER}, hoverinfo="skip")
    for members in roster.members.values():
        x, y = world.borders(members)
        figure.add_scatter(x=x, y=y, mode="lines", line={"width": 1.2, "color": style.QUIET}, hoverinfo="skip")
    dots = [k for k, code in enumerate(roster.codes) if code in world.small or code not in world.states]
    x_dot, y_dot = maps.project(maps.wrapped(roster.lon[dots]), roster.lat[dots])
    figure.add_scatter(
        x=np.round(x_dot, 4).tolist(),
        y=np.round(y_dot, 4).tolist(),
        mode="markers",
        marker={"size": 6, "color": [colour_of[roster.codes[k]] for k in dots], "line": {"width": 0.8, "color": style.QUIET}},
        hoverinfo="text",
        text=[_words(run, roster.codes[k], counts[roster.codes[k]]) for k in dots],
    )
    used = set(colour_of.values())
    spans = zip(pairwise((*edges, 0)), colours, strict=True)
    keys = [Key(_span(first, after), colour) for (first, after), colour in spans if colour in used]
    keys.append(Key("not in this run", style.OUTSIDE))
    blocs = [bloc for bloc, states in roster.members.items() if any(world.states.get(code) for code in states)]
    return [*keys, Key(f"outline of {style.listed(blocs)}, one party each", style.QUIET, "line")] if blocs else keys


def _classes(most: float) -> tuple[list[int], list[str]]:
    """Return the first count of each class in use, and its colour: neutral for none, then cividis."""
    edges = [edge for edge in EDGES if edge <= max(most, 1)]
    steps = np.linspace(0, len(style.ORDERED) - 1, max(len(edges) - 1, 1)).round().astype(int)
    return edges, [style.LAND, *(style.ORDERED[k] for k in steps[: len(edges) - 1])]


def _span(first: int, after: int) -> str:
    if first == 0:
        return "none"
    if after == 0:
        return f"{first} or more"
    return str(first) if after == first + 1 else f"{first}\N{EN DASH}{after - 1}"


def _words(run: StoredRun, code: str, count: float) -> str:
    bloc = [b for b, states in run.roster.members.items() if code in states]
    inside = f"<br>in {style.listed(bloc)}" if bloc else ""
    return f"<b>{run.roster.name(code)}</b><br>{style.plural(count, 'agreement')} in force{inside}"


def _agreements(figure: go.Figure, run: StoredRun, held: Sequence[Bond]) -> list[Key]:
    """Draw the agreements of old thin and the new ones by share of runs; return their legend."""
    place = _places(run)
    keys: list[Key] = []
    shares = _shares(run, held)
    old = {k: s for k, s in _shares(run, [b for b in held if b.from_start]).items() if k[1] in place and k[2] in place}
    new = [(s, k) for k, s in shares.items() if k not in old and k[1] in place and k[2] in place]
    strong = _likeliest(new)
    types = sorted({k[0] for k in old} | {k[0] for _, k in strong})
    for type_ in types:
        x, y = _lines([(place[a], place[b]) for (t, a, b) in sorted(old) if t == type_])
        if x:
            line = {"width": 0.7, "color": style.faint(style.type_colour(type_), 0.55)}
            figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")
            keys.append(Key(f"{style.plain(type_)}, in force before the start", style.type_colour(type_), "faint"))
    for type_ in types:
        above = 1.01
        mine = [(s, k) for s, k in strong if k[0] == type_]
        for least, width in WIDTHS:
            group = [(s, k) for s, k in mine if least <= s < above]
            above = least
            x, y = _lines([(place[a], place[b]) for _, (_, a, b) in group])
            line = {"width": width, "color": style.faint(style.type_colour(type_), 0.85)}
            if x:
                figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")
        if mine:
            keys.append(Key(f"{style.plain(type_)}, new", style.type_colour(type_), "line"))
            _middles(figure, run, type_, [(s, place[a], place[b], a, b) for s, (_, a, b) in mine])
    return keys


def _suspended(figure: go.Figure, run: StoredRun, last: int) -> list[Key]:
    """Draw dashed what is suspended in the last month, in a fifth of the runs or more; return its legend."""
    place = _places(run)
    strong = _likeliest([(s, k) for k, s in _shares(run, run.suspended(last)).items() if k[1] in place and k[2] in place])
    for type_ in sorted({k[0] for _, k in strong}):
        mine = [(s, place[a], place[b], a, b) for s, (t, a, b) in strong if t == type_]
        x, y = _lines([(start, end) for _, start, end, _, _ in mine])
        line = {"width": 1.3, "color": style.faint(style.type_colour(type_), 0.85), "dash": "8px,3px,1px,3px"}
        figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")
        _middles(figure, run, type_, mine, "suspended")
    return [Key("suspended: binds nobody for now", style.QUIET, "dashed")] if strong else []


def _places(run: StoredRun) -> dict[str, tuple[float, float]]:
    """Return the capital of each state and the seat of each bloc: latitude and longitude."""
    return dict(zip(run.roster.codes, zip(run.roster.lat.tolist(), run.roster.lon.tolist(), strict=True), strict=True)) | dict(maps.SEATS)


def _shares(run: StoredRun, held: Sequence[Bond]) -> dict[tuple[str, str, str], float]:
    """Return the share of runs in which two parties have an agreement of a type in force."""
    seen: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for bond in held:
        seen[bond.type, bond.party_a, bond.party_b].add(bond.run)
    return {key: len(runs) / run.n_runs for key, runs in seen.items()}


def _likeliest(new: Sequence[tuple[float, tuple[str, str, str]]]) -> list[tuple[float, tuple[str, str, str]]]:
    """Keep the likeliest new agreements, ties in alphabetical order."""
    ranked = sorted(new, key=lambda item: (-item[0], item[1]))
    return [item for item in ranked if item[0] >= LEAST_SHARE][:MOST_ARCS]


def _lines(ends: Sequence[tuple[tuple[float, float], tuple[float, float]]]) -> tuple[list[float | None], list[float | None]]:
    x: list[float | None] = []
    y: list[float | None] = []
    for start, end in ends:
        more_x, more_y = maps.arc(start, end)
        x += more_x
        y += more_y
    return x, y


def _middles(
    figure: go.Figure,
    run: StoredRun,
    type_: str,
    mine: Sequence[tuple[float, tuple[float, float], tuple[float, float], str, str]],
    stands: str = "in force",
) -> None:
    """Put an unseen mark in the middle of each new or suspended arc, so that it can be asked what it is."""
    x, y, text = [], [], []
    for share, start, end, a, b in mine:
        way_x, way_y = maps.arc(start, end, 3)
        x.append(way_x[1])
        y.append(way_y[1])
        pair = f"<b>{run.roster.name(a)} \N{EN DASH} {run.roster.name(b)}</b>"
        said = "" if stands == "in force" else f"<br>{stands}"
        often = f"<br>{stands} in {style.part_of(share)} of runs" if run.n_runs > 1 else said
        text.append(f"{pair}<br>{style.plain(type_)}{often}")
    marker = {"size": 12, "color": style.type_colour(type_), "opacity": 0}
    figure.add_scatter(x=x, y=y, mode="markers", marker=marker, hoverinfo="text", text=text)


def _finding(run: StoredRun, held: Sequence[Bond], counts: dict[str, float]) -> str:
    first, last = (month_label(int(run.months[k])) for k in (0, -1))
    per_run = np.array([[len({b.instrument for b in held if b.run == k})] for k in range(run.n_runs)], dtype=float)
    old = len({b.instrument for b in run.bonds if b.from_start})
    low, middle, high = (float(v[0]) for v in band(per_run))
    spread = f" (middle 80{style.PER_CENT} of runs: {low:,.0f} to {high:,.0f})" if run.n_runs > 1 else ""
    holds = f"the middle run has {style.number(middle)}{spread}" if run.n_runs > 1 else f"{style.number(middle)} are in force"
    now = f"in {last} {holds}"
    begin = f"{style.plural(old, 'agreement')} stood when the run began in {first}; {now}."
    told = [begin if run.knows_start else f"{now.capitalize()}."]
    most, best = _most_bound(run, held)
    if best:
        names = [_name(run, code) for code in best]
        leaders = style.listed(names) if len(best) < 5 else f"{len(best)} parties, {names[0]} among them,"
        free = sum(count == 0 for count in counts.values())
        whose = "its own" if len(best) == 1 else "their own"
        unbound = f"{free} of {len(counts)} states {'is' if free == 1 else 'are'} bound by none" if free else "every state is bound by some"
        told.append(f"Most agreements of {whose}: {leaders}, with {most}; {unbound}.")
    old_keys = {(b.type, b.party_a, b.party_b) for b in held if b.from_start}
    new = [(share, key) for key, share in _shares(run, held).items() if key not in old_keys]
    drawn = _likeliest(new)
    if drawn and run.n_runs == 1:
        left = f"; {len(drawn)} of them are drawn" if len(drawn) < len(new) else ""
        told.append(f"{style.plural(len(new), 'pairing')} came about during the run{left}.")
    elif drawn:
        share, (type_, a, b) = drawn[0]
        joined = f"The likeliest new {style.plain(type_)} joins {_name(run, a)} and {_name(run, b)}"
        told.append(f"{joined}: in force in {share * run.n_runs:.0f} of {run.n_runs} runs.")
        told.append(f"Of {len(new):,} new pairings that occur in any run, the {len(drawn)} likeliest are drawn.")
    elif new:
        told.append(f"None of the {len(new):,} new pairings occurs in a fifth of the runs, so none is drawn.")
    return " ".join(told)


def _most_bound(run: StoredRun, held: Sequence[Bond]) -> tuple[int, list[str]]:
    """Return the most agreements that any party has of its own in the middle run, and the parties that have as many."""
    own: dict[str, list[set[str]]] = defaultdict(lambda: [set() for _ in range(run.n_runs)])
    for bond in held:
        for party in (bond.party_a, bond.party_b):
            own[party][bond.run].add(bond.instrument)
    middle = {code: int(np.quantile([len(s) for s in sets], 0.5, method="inverted_cdf")) for code, sets in own.items()}
    most = max(middle.values(), default=0)
    return most, sorted(code for code, count in middle.items() if count == most and most > 0)


def _name(run: StoredRun, code: str) -> str:
    return style.the(run.roster.name(code))
