"""From signature to force: how long it takes, what falls on the way, and what the record of investment treaties shows."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from analysis import style
from analysis.figures import Drawn, Key, part
from analysis.lives import incidence, lives
from analysis.store import StoredRun

HORIZON, HEIGHT = 60, 300
HALF, NEVER_LOW, NEVER_HIGH = (24, 0.5), 0.24, 0.30
"""Bilateral investment treaties: half in force within two years, 24 to 30 % never (UNCTAD; Haftel and Thompson 2013)."""


@part(
    name="ratification",
    title="From signature to force",
    sentence="Share of signed agreements in force, and fallen at home, by months since signature, over all runs; those still waiting at "
    "the end count as long as they were seen. Executive acts, which need nobody's consent, are among them. The dot is the record of "
    "bilateral investment treaties; nothing was fitted to it.",
    order=35,
    from_ledger="waiting times",
)
def build(run: StoredRun) -> Drawn:
    """Draw the two shares by months since signature."""
    every = lives(run)
    horizon = min(HORIZON, len(run.months) - 1)
    force, fell = incidence(every, horizon)
    month = np.arange(horizon + 1)
    figure = style.canvas(height=HEIGHT, margin=(40, 16, 12, 44))
    for values, colour, word in ((force, style.BLUE, "in force"), (fell, style.VERMILION, "fallen at home")):
        hover = [f"{m} months after signature: {style.part_of(float(v))} {word}" for m, v in zip(month, values, strict=True)]
        line = {"color": colour, "width": 2.5, "shape": "hv"}
        figure.add_trace(go.Scatter(x=month, y=values, mode="lines", line=line, hovertext=hover, hoverinfo="text"))
    if horizon >= HALF[0]:
        where = f"Investment treaties: half in force within {HALF[0]} months (UNCTAD)"
        mark = {"color": style.INK, "size": 9, "symbol": "circle"}
        figure.add_trace(go.Scatter(x=[HALF[0]], y=[HALF[1]], mode="markers", marker=mark, hovertext=[where], hoverinfo="text"))
    ends = {"range": [-0.5, horizon + 0.5], "showgrid": False, "zeroline": False, "fixedrange": True, "dtick": 12, "ticklen": 4}
    figure.update_xaxes(title={"text": "months since signature", "font": {"size": style.SMALL}}, tickcolor=style.HAIRLINE, **ends)
    figure.update_yaxes(
        range=[0, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%", gridcolor=style.GRID, zeroline=False, fixedrange=True
    )
    legend = (
        Key("in force", style.BLUE, "line"),
        Key("fallen at home", style.VERMILION, "line"),
        Key("investment treaties, half in force within two years", style.INK, "dot"),
    )
    return Drawn(figure, _finding(run, len(every), force, fell), legend)


def _finding(run: StoredRun, signed: int, force: np.ndarray, fell: np.ndarray) -> str:
    if not signed:
        return "Nothing was signed, so nothing could wait for its ratifiers."
    words = [f"Of {style.plural(signed, 'signature')}"]
    horizon = len(force) - 1
    if horizon >= HALF[0]:
        words.append(f"{style.part_of(float(force[HALF[0]]))} are in force within two years, against half of investment treaties;")
    never = f"{style.part_of(NEVER_LOW)} to {style.part_of(NEVER_HIGH)}"
    words.append(f"{style.part_of(float(fell[horizon]))} have fallen at home after {style.plural(horizon, 'month')},")
    words.append(f"where {never} of investment treaties never entered into force.")
    low = (
        "The model is well below that record: the ratifiers it knows have their government's stakes and differ in their ideal points only."
    )
    return " ".join(words) + (f" {low}" if fell[horizon] < 0.5 * NEVER_LOW else "")
