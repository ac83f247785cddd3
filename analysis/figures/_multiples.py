"""Small multiples on one time axis: a row a series, its median over runs as a line and the middle 80 per cent as a band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analysis import style
from analysis.figures import Drawn, Key
from analysis.store import Floats, StoredRun, band
from sim.types import month_label

ROW, GAP, FOOT, LEFT = 92, 40, 30, 40
"""Height of a row, of the space above it for its title, of the time axis below all, and width of the scale at the left, in pixels."""


@dataclass(frozen=True)
class Row:
    """One series to draw: values (runs, T), its words, unit and colour, and what stood before the start, (T,), if known."""

    values: Floats
    title: str
    unit: str
    colour: str
    before: Floats | None = None

    @property
    def whole(self) -> bool:
        """Whether the series counts things."""
        return bool(np.all(self.values == np.round(self.values)))

    def told(self, low: float, middle: float, high: float) -> str:
        """Write a month's median and band with the unit, counts without decimals, and the band only where it has a width."""
        first, between, last = (style.number(round(v) if self.whole else v) for v in (low, middle, high))
        return f"{between} ({first}\N{EN DASH}{last}) {self.unit}" if first != last else f"{between} {self.unit}"


def draw(run: StoredRun, rows: Sequence[Row], finding: str) -> Drawn:
    """Draw the rows above one another, each from zero, with one hover line through all."""
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
        keys = [Key(f"middle run of {run.n_runs}", style.QUIET, "line"), Key(f"middle 80 % of {run.n_runs} runs", style.QUIET, "band")]
    if any(row.before is not None for row in rows):
        keys.append(Key("of these, in force since before the start", style.HAIRLINE, "area"))
    beside = ", with the middle 80 % of runs in brackets" if run.n_runs > 1 else ""
    return Drawn(figure, finding, tuple(keys), f"Beside each name: the last month{beside}")


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
    """Return a vertical axis from zero to a round number at or above the largest value of the band."""
    most = float(np.nanmax(band(row.values)[2], initial=0.0))
    step = max(_step(most), 1.0) if row.whole else _step(most)
    return {
        "domain": [max(bottom, 0.0), top],
        "range": [0, max(most * 1.06, step)],
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
        "text": f"<b>{row.title}</b>  {row.told(low, middle, high)}",
        "font": {"size": style.SMALL, "color": style.INK},
    }
