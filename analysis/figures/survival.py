"""How long agreements last: the share still in force by years since entry, type by type, with how many are at risk below the axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from analysis import style
from analysis.figures import Drawn, Key, part
from analysis.lives import knows_instruments, lasting
from analysis.store import StoredRun
from analysis.survival import Curve, Spell, at_risk, survival

PLOT, ROW, LEFT, FOOT = 300, 18, 206, 46
"""Height of the curves and of a row of numbers, width of the names at the left, height of the axis, in pixels."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "10px,2px,2px,2px")
"""Curves differ by their dashes too, so that they can be told apart without colour."""


@part(
    name="survival",
    title="How long agreements last",
    sentence="Share of agreements still in force by years since entry into force (Kaplan and Meier), by type, over all runs; shaded, the "
    "pointwise interval of 95 per cent (Greenwood). What is in force at the end counts until then; what was in force as a run began counts "
    "from the age that it had. A suspension is no end; a completion or a replacement is. Runs share what was in force at the start, so "
    "they are not wholly independent, and the true interval is wider. Below the axis, how many agreements are at risk at that age.",
    alone="Share of agreements still in force by years since entry into force (Kaplan and Meier), by type; shaded, the pointwise interval "
    "of 95 per cent (Greenwood). What is in force at the end counts until then; what was in force as the run began counts from the age "
    "that it had. A suspension is no end; a completion or a replacement is. Below the axis, how many agreements are at risk at that age.",
    order=36,
    from_ledger="survival of agreements",
    applies=knows_instruments,
)
def build(run: StoredRun) -> Drawn:
    """Draw a curve for each type of which anything was in force."""
    spells = lasting(run)
    kinds = sorted(spells, key=lambda kind: -len(spells[kind]))
    curves = {kind: survival(spells[kind]) for kind in kinds}
    longest = max((one.until for some in spells.values() for one in some), default=12)
    years = max(1, math.ceil(longest / 12))
    figure = style.canvas(height=PLOT + FOOT + ROW * (len(kinds) + 1), margin=(LEFT, 24, 12, FOOT + ROW * (len(kinds) + 1)))
    for at, kind in enumerate(kinds):
        _curve(figure, kind, curves[kind], max(one.until for one in spells[kind]), DASHES[at % len(DASHES)])
    every = next(step for step in (1, 2, 5, 10, 20, 50, 100) if years / step <= 8)
    _numbers(figure, spells, kinds, range(0, years + 1, every))
    figure.update_xaxes(
        title={"text": "years since entry into force", "font": {"size": style.SMALL}, "standoff": 6}, range=[0, years], dtick=every,
        tick0=0, showgrid=False, zeroline=False, fixedrange=True, ticks="outside", ticklen=4, tickcolor=style.HAIRLINE, showline=True,
        linecolor=style.HAIRLINE,
    )  # fmt: skip
    figure.update_yaxes(
        range=[0, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%", gridcolor=style.GRID, zeroline=False, fixedrange=True
    )
    legend = tuple(Key(style.plain(kind), style.type_colour(kind), "line") for kind in kinds)
    return Drawn(figure, _finding(spells, kinds, curves), legend)


def _curve(figure: go.Figure, kind: str, curve: Curve, end: int, dash: str) -> None:
    age = np.append(curve.age, max(end, int(curve.age[-1]))) / 12.0
    share, low, high = (np.append(one, one[-1]) for one in (curve.share, curve.low, curve.high))
    colour = style.type_colour(kind)
    # A step holds until the next age, so the ground of the interval is laid out corner by corner.
    x = np.repeat(age, 2)[1:]
    up, down = (np.repeat(one, 2)[:-1] for one in (high, low))
    figure.add_trace(
        go.Scatter(
            x=[*x, *x[::-1]], y=[*up, *down[::-1]], mode="lines", fill="toself", fillcolor=style.faint(colour, 0.1),
            line={"width": 0, "color": colour}, hoverinfo="skip",
        )
    )  # fmt: skip
    hover = [
        f"{style.plain(kind)}, after {a:.3g} years: {style.part_of(float(s))} still in force "
        f"({style.part_of(float(lo))} to {style.part_of(float(hi))})"
        for a, s, lo, hi in zip(age, share, low, high, strict=True)
    ]
    line = {"color": colour, "width": 2.5, "shape": "hv", "dash": dash}
    figure.add_trace(go.Scatter(x=age, y=share, mode="lines", line=line, hovertext=hover, hoverinfo="text"))


def _numbers(figure: go.Figure, spells: Mapping[str, Sequence[Spell]], kinds: Sequence[str], years: Sequence[int]) -> None:
    """Write how many are at risk, a row for each type, under the axis."""
    for row, kind in enumerate(["", *kinds]):
        down = -(FOOT + ROW * row - 4)
        # Names are in ink, since a line's colour is too light for small letters.
        words = f'<span style="color:{style.type_colour(kind)}">\u2501</span> {style.plain(kind).capitalize()}' if kind else "At risk"
        place = {"yref": "paper", "y": 0, "yshift": down, "yanchor": "top", "showarrow": False}
        colour = style.INK if kind else style.QUIET
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", xshift=-LEFT, text=words, font={"size": style.SMALL, "color": colour}, **place
        )
        for year in years if kind else ():
            figure.add_annotation(
                x=year, xref="x", xanchor="center", text=str(at_risk(spells[kind], 12 * year)),
                font={"size": style.SMALL, "color": style.INK}, **place,
            )  # fmt: skip


def _finding(spells: Mapping[str, Sequence[Spell]], kinds: Sequence[str], curves: Mapping[str, Curve]) -> str:
    if not kinds:
        return "Nothing was in force, so nothing could last."
    words = []
    for kind in kinds:
        # No further than the oldest has been seen.
        age = min(10, max(one.until for one in spells[kind]) // 12)
        words.append(
            f"{style.part_of(curves[kind].at(12 * age))} of {len(spells[kind])} after {style.plural(age, 'year')} ({style.plain(kind)})"
        )
    return f"Still in force: {style.listed(words)}."
