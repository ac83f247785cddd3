"""Small multiples on one time axis: a row a series, its median over runs as a line and the middle 80 per cent as a band.

A row may count from zero, or hold differences between two worlds; then zero is a line inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import plotly.graph_objects as go

from analysis import style
from analysis.figures import Drawn, Key
from analysis.store import Floats, Ints, band
from sim.types import month_label

ROW, GAP, FOOT, LEFT = 92, 40, 30, 40
"""Height of a row, of the space above it for its title, of the time axis below all, and width of the scale at the left, in pixels."""


class Timed(Protocol):
    """What a row's values are over: some runs, or pairs of runs, and the months recorded, (T,)."""

    @property
    def months(self) -> Ints: ...

    @property
    def n_runs(self) -> int: ...


@dataclass(frozen=True)
class Row:
    """One series to draw.

    Attributes
    ----------
    values : array, (runs, T)
    title, unit, colour : str
    before : array, (T,), or None
        What stood before the start, if known.
    signed : bool
        Whether the values are differences, written with their sign.
    beside : str or None
        What stands beside the title; the last month where nothing is given.
    """

    values: Floats
    title: str
    unit: str
    colour: str
    before: Floats | None = None
    signed: bool = False
    beside: str | None = None

    @property
    def whole(self) -> bool:
        """Whether the series counts things."""
        return bool(np.all(self.values == np.round(self.values)))

    def told(self, low: float, middle: float, high: float) -> str:
        """Write a month's median and band with the unit, counts without decimals, and the band only where it has a width."""
        if not np.isfinite(middle):
            return "undefined"
        write = style.signed if self.signed else style.number
        first, between, last = (write(round(v) if self.whole else v) for v in (low, middle, high))
        to = " to " if self.signed else "\N{EN DASH}"
        return (f"{between} ({first}{to}{last}) {self.unit}" if first != last else f"{between} {self.unit}").rstrip()


@dataclass(frozen=True)
class Shade:
    """A stretch of months to shade: the first, and the words that stand at its top."""

    first: int
    words: str


def draw(run: Timed, rows: Sequence[Row], finding: str, shade: Shade | None = None, noun: str = "run") -> Drawn:
    """Draw the rows above one another, with one hover line through all; ``noun`` says what the median is over."""
    height = len(rows) * (ROW + GAP) + FOOT
    figure = style.canvas(height=height, margin=(LEFT, 16, 0, FOOT))
    when = [f"{month_label(int(m))}-01" for m in run.months]
    inner = height - FOOT
    for k, row in enumerate(rows):
        top = 1.0 - (k * (ROW + GAP) + GAP) / inner
        axis = "y" if k == 0 else f"y{k + 1}"
        _row(figure, row, when, axis, run.n_runs)
        figure.update_layout({f"yaxis{'' if k == 0 else k + 1}": _scale(row, top - ROW / inner, top)})
        figure.add_annotation(_title(row, top))
    if shade is not None and shade.first <= int(run.months[-1]):
        _shade(figure, shade, when, max(0, len(rows) * (ROW + GAP)))
    figure.update_layout(
        hovermode="x unified",
        hoversubplots="axis",
        xaxis={
            "anchor": "free",
            "position": 0,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "type": "date",
            "hoverformat": "%B %Y",
            "tickformat": "%Y",
            "dtick": "M12",
            "ticks": "outside",
            "ticklen": 4,
            "tickcolor": style.HAIRLINE,
            "linecolor": style.HAIRLINE,
            "showline": True,
            "range": [when[0], when[-1]],
            "showspikes": True,
            "spikemode": "across",
            "spikethickness": 1,
            "spikedash": "solid",
            "spikecolor": style.HAIRLINE,
        },
    )
    keys: list[Key] = []
    if run.n_runs > 1:
        keys = [
            Key(f"middle {noun} of {run.n_runs}", style.QUIET, "line"),
            Key(f"middle 80{style.PER_CENT} of {run.n_runs} {noun}s", style.QUIET, "band"),
        ]
    if any(row.before is not None for row in rows):
        keys.append(Key("of these, in force since before the start", style.HAIRLINE, "area"))
    if shade is not None:
        keys.append(Key(shade.words, style.HAIRLINE, "shade"))
    beside = f", with the middle 80{style.PER_CENT} of {noun}s in brackets" if run.n_runs > 1 else ""
    lasts = all(row.beside is None for row in rows)
    return Drawn(figure, finding, tuple(keys), f"Beside each name: the last month{beside}" if lasts else "")


def _shade(figure: go.Figure, shade: Shade, when: Sequence[str], inner: int) -> None:
    """Shade every row from a month to the end, behind the lines, and say so at the top."""
    first, top = max(f"{month_label(shade.first)}-01", when[0]), 1.0 - (GAP - 4) / max(inner, 1)
    figure.add_shape(
        type="rect",
        xref="x",
        yref="paper",
        x0=first,
        x1=when[-1],
        y0=0,
        y1=top,
        fillcolor=style.faint(style.HAIRLINE, 0.28),
        line={"width": 0},
        layer="below",
    )
    note = {"text": "assumed", "showarrow": False, "font": {"size": style.SMALL, "color": style.QUIET}}
    figure.add_annotation(x=first, xref="x", xanchor="left", y=top, yref="paper", yanchor="top", **note)


def _row(figure: go.Figure, row: Row, when: Sequence[str], axis: str, n_runs: int) -> None:
    low, middle, high = band(row.values)
    if row.before is not None:
        figure.add_scatter(
            x=list(when),
            y=row.before.tolist(),
            yaxis=axis,
            mode="lines",
            fill="tozeroy",
            fillcolor=style.faint(style.HAIRLINE, 0.55),
            line={"width": 0, "color": style.HAIRLINE},
            hoverinfo="skip",
        )
    if n_runs > 1:
        figure.add_scatter(
            x=[*when, *reversed(when)],
            y=[*np.round(high, 4).tolist(), *np.round(low[::-1], 4).tolist()],
            yaxis=axis,
            mode="lines",
            fill="toself",
            fillcolor=style.faint(row.colour, 0.22),
            line={"width": 0, "color": row.colour},
            hoverinfo="skip",
        )
    text = [f"{row.title}: {row.told(a, m, b)}" for a, m, b in zip(low, middle, high, strict=True)]
    figure.add_scatter(
        x=list(when),
        y=np.round(middle, 4).tolist(),
        yaxis=axis,
        mode="lines",
        line={"width": 2, "color": row.colour},
        text=text,
        hovertemplate="%{text}<extra></extra>",
    )


def _scale(row: Row, bottom: float, top: float) -> dict[str, object]:
    """Return a vertical axis that holds zero and the whole band."""
    low, _, high = band(row.values)
    most, least = float(np.nanmax(high, initial=0.0)), min(float(np.nanmin(low, initial=0.0)), 0.0) if row.signed else 0.0
    step = max(_step(most - least), 1.0) if row.whole else _step(most - least)
    return {
        "domain": [max(bottom, 0.0), top],
        "range": [least * 1.06, max(most * 1.06, step if least == 0.0 else 0.0)],
        "dtick": step,
        "tick0": 0,
        "tickformat": ",~r" if step < 10_000 else "~s",
        "gridcolor": style.GRID,
        "zeroline": True,
        "zerolinecolor": style.HAIRLINE,
        "zerolinewidth": 1,
        "fixedrange": True,
        "ticks": "",
    }


def _step(most: float) -> float:
    """Return the round distance between ticks that gives two or three of them."""
    if most <= 0:
        return 1.0
    rough = most / 2.0
    size = 10.0 ** np.floor(np.log10(rough))
    return float(max(s for s in (1.0, 2.0, 5.0) if s * size <= rough) * size)


def _title(row: Row, top: float) -> dict[str, object]:
    """Return the row's name above its left edge, with its last month."""
    low, middle, high = (float(v[-1]) for v in band(row.values))
    return {
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "xshift": -LEFT,
        "y": top,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 3,
        "showarrow": False,
        "align": "left",
        "text": f"<b>{row.title}</b>  {row.told(low, middle, high) if row.beside is None else row.beside}",
        "font": {"size": style.SMALL, "color": style.INK},
    }
