"""Who gains and who loses by what is in force, at the last month: the states at both ends, and gains beside losses by region."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analysis import style
from analysis.figures import Drawn, Key, part
from analysis.store import StoredRun
from sim.types import month_label

ENDS = 8
"""States drawn at each end."""
ROW, GAP, FOOT, LEFT, RIGHT = 20, 56, 40, 150, 60
"""Height of a bar and of what parts the two pictures, of the axis below, and the room for names and numbers, in pixels."""
APART = ("trade", "diversion", "payment", "party")
SMALLEST = 0.005
"""Gains of less than this, bp, are written as none."""


def is_recorded(run: StoredRun) -> bool:
    """Say whether the folder holds gains state by state."""
    return "welfare" in run.columns and bool(run.panel("welfare"))


@part(
    name="welfare",
    title="Who gains, who loses",
    sentence="What all that is in force in the last month is worth a year, against there being nothing: the states that gain and lose most "
    "beside their own GDP, and gains and losses added up by region. Each number is the median over runs, whose states may differ widely.",
    order=30,
    alone="What all that is in force in the last month is worth a year, against there being nothing: the states that gain and lose most "
    "beside their own GDP, and gains and losses added up by region. This is one run; another seed has other winners.",
    applies=is_recorded,
)
def build(run: StoredRun) -> Drawn:
    """Draw both ends of the list of states, and regions."""
    middle = {code: float(np.median(values)) for code, values in run.panel("welfare").items() if code in run.roster.codes}
    by_size = sorted(middle, key=lambda code: (-middle[code], code))
    some = [code for code in by_size if abs(middle[code]) >= SMALLEST]
    drawn = [code for at, code in enumerate(some) if at < ENDS or at >= len(some) - ENDS]
    regions = _by_region(run)
    rows = max(1, len(drawn)) + len(regions)
    height = rows * ROW + GAP + 2 * FOOT
    figure = style.canvas(height=height, margin=(LEFT, RIGHT, 8, FOOT))
    inner = height - 8 - FOOT
    cut = len(regions) * ROW / inner
    _states(figure, run, drawn, middle)
    states = _scale("bp of own GDP a year", [middle[code] for code in drawn])
    money = _scale("billion USD a year", [v for both in regions.values() for v in both])
    figure.update_layout(yaxis=_names(max(1, len(drawn)), (min(cut + (GAP + FOOT) / inner, 0.9), 1.0)), xaxis={**states, "anchor": "y"})
    figure.update_layout(yaxis2=_names(max(1, len(regions)), (0.0, max(cut, 0.05))), xaxis2={**money, "anchor": "y2"})
    _regions(figure, regions)
    legend = (Key("gain", style.BLUE), Key("loss", style.VERMILION))
    return Drawn(figure, _finding(run, middle, by_size, regions), legend)


def _states(figure: go.Figure, run: StoredRun, drawn: Sequence[str], middle: dict[str, float]) -> None:
    sources = {name: run.panel(f"welfare_{name}") for name in run_sources(run)}
    values = [middle[code] for code in drawn]
    hover = [f"{run.roster.name(code)}: {style.signed(middle[code])} bp<br>{_told(code, sources)}" for code in drawn]
    figure.add_trace(
        go.Bar(
            x=values,
            y=[run.roster.name(code) for code in drawn],
            orientation="h",
            marker={"color": [_colour(v) for v in values]},
            text=[style.signed(v) for v in values],
            textposition="outside",
            cliponaxis=False,
            hovertext=hover,
            hoverinfo="text",
        )
    )


def run_sources(run: StoredRun) -> list[str]:
    """Name the sources of gain that a run recorded, as ``welfare_NAME``."""
    return [name for name in run.starting_with("welfare_") if name in APART or name.startswith("on_")]


def _told(code: str, sources: dict[str, dict[str, np.ndarray]]) -> str:
    found = {name: float(np.median(by_party[code])) for name, by_party in sources.items() if code in by_party}
    ranked = sorted((name for name in found if abs(found[name]) >= SMALLEST), key=lambda name: (-abs(found[name]), name))
    return "; ".join(f"{style.plain(name.removeprefix('on_'))} {style.signed(found[name])}" for name in ranked[:5])


def _by_region(run: StoredRun) -> dict[str, tuple[float, float]]:
    """Return gains and losses of each region's states, billion USD a year: medians over runs, the largest gain first."""
    usd = run.panel("welfare_usd")
    found = {}
    for region in sorted(set(run.roster.regions)):
        inside = [usd[code] for code, where in zip(run.roster.codes, run.roster.regions, strict=True) if where == region and code in usd]
        if inside:
            whole = np.array(inside) / 1e9
            gains, losses = np.clip(whole, 0.0, None).sum(axis=0), np.clip(whole, None, 0.0).sum(axis=0)
            found[region] = float(np.median(gains)), float(np.median(losses))
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1]), item[0])))


def _regions(figure: go.Figure, regions: dict[str, tuple[float, float]]) -> None:
    for side, colour, word in ((0, style.BLUE, "gain"), (1, style.VERMILION, "lose")):
        values = [both[side] for both in regions.values()]
        hover = [f"{name}: states that {word} {style.signed(v)} billion USD a year" for name, v in zip(regions, values, strict=True)]
        figure.add_trace(
            go.Bar(
                x=values,
                y=list(regions),
                orientation="h",
                marker={"color": colour},
                hovertext=hover,
                hoverinfo="text",
                xaxis="x2",
                yaxis="y2",
                text=[style.signed(v) if abs(v) >= SMALLEST else "" for v in values],
                textposition="outside",
                cliponaxis=False,
            )
        )
    figure.update_layout(barmode="overlay", bargap=0.25)


def _names(count: int, domain: tuple[float, float]) -> dict[str, object]:
    return {"domain": list(domain), "range": [count - 0.5, -0.5], "ticks": "", "fixedrange": True, "showgrid": False, "zeroline": False}


def _scale(unit: str, values: Sequence[float]) -> dict[str, object]:
    """Return an axis with room at both ends for the numbers beside the bars."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    room = 0.12 * (high - low) or 1.0
    title = {"text": unit, "font": {"size": style.SMALL}}
    return {
        "title": title,
        "range": [low - room, high + room],
        "gridcolor": style.GRID,
        "zerolinecolor": style.HAIRLINE,
        "fixedrange": True,
    }


def _colour(value: float) -> str:
    return style.BLUE if value >= 0.0 else style.VERMILION


def _finding(run: StoredRun, middle: dict[str, float], by_size: Sequence[str], regions: dict[str, tuple[float, float]]) -> str:
    when = month_label(int(run.months[-1]))
    lose = [code for code in by_size if middle[code] <= -SMALLEST]
    gain = [code for code in by_size if middle[code] >= SMALLEST]
    if not lose and not gain:
        return f"In {when} nothing in force is worth anything to anybody."
    words = [f"In {when} {style.plural(len(gain), 'state')} gain and {style.plural(len(lose), 'state')} lose."]
    if gain:
        most = gain[0]
        words.append(f"{_first(style.the(run.roster.name(most)))} gains most, {style.number(middle[most])} bp of its GDP a year.")
    if lose:
        most = lose[-1]
        words.append(f"{_first(style.the(run.roster.name(most)))} loses most, {style.number(-middle[most])} bp.")
    usd = {name: float(np.median(run.series(f"welfare_usd_{name}")[:, -1])) / 1e9 for name in run_sources(run)}
    words.append(f"Trade with partners brings {style.number(usd['trade'])} billion USD a year, and")
    words.append(f"what it diverts from others takes {style.number(max(0.0, -usd['diversion']))} billion.")
    gini = run.series("welfare_gini")[:, -1]
    if np.isfinite(gini).any():
        words.append(f"The Gini coefficient of gains and losses in USD is {float(np.nanmedian(gini)):.2f}.")
    return " ".join(words)


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
