"""Who gains and who loses by what is in force, at the last month: the states at both ends, the sources, and regions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from analysis import style
from analysis.figures import Drawn, Key, part
from analysis.store import StoredRun
from sim.types import month_label

ENDS = 8
"""States drawn at each end."""
ROW, GAP, FOOT, LEFT, RIGHT = 20, 44, 48, 164, 96
"""Height of a bar, of a heading, and of an axis with its title, and the room for names and numbers, in pixels."""
APART = ("trade", "diversion", "payment", "party")
SMALLEST = 0.005
"""Gains of less than this, bp or billion USD, are written as none."""
BILLION = 1e9


class Bars(NamedTuple):
    """One of the pictures, from above: its heading, the unit of its axis, and a row for each name with its bars and its words."""

    heading: str
    unit: str
    rows: Sequence[tuple[str, tuple[float, ...], str]]


def is_recorded(run: StoredRun) -> bool:
    """Say whether the folder holds gains state by state."""
    return "welfare" in run.columns and bool(run.panel("welfare"))


@part(
    name="welfare",
    title="Who gains, who loses",
    sentence="What all that is in force in the last month is worth a year, against there being nothing: the states that gain and lose most "
    "beside their own GDP, what brings it, and gains and losses added up by region. Each number is the median over runs, whose states may "
    "differ widely.",
    order=30,
    alone="What all that is in force in the last month is worth a year, against there being nothing: the states that gain and lose most "
    "beside their own GDP, what brings it, and gains and losses added up by region. This is one run; another seed has other winners.",
    applies=is_recorded,
)
def build(run: StoredRun) -> Drawn:
    """Draw both ends of the list of states, the sources of gain, and regions."""
    middle = {code: float(np.median(values)) for code, values in run.panel("welfare").items() if code in run.roster.codes}
    by_size = sorted(middle, key=lambda code: (-middle[code], code))
    pictures = [_states(run, by_size, middle), _sources(run), _regions(_by_region(run))]
    figure = _laid_out([one for one in pictures if one.rows] or pictures[:1])
    legend = (Key("gain", style.BLUE), Key("loss", style.VERMILION))
    return Drawn(figure, _finding(run, middle, by_size), legend)


def source_names(run: StoredRun) -> list[str]:
    """Name the sources of gain that a run recorded, as ``welfare_NAME``."""
    return [name for name in run.starting_with("welfare_") if name in APART or name.startswith("on_")]


def _title(run: StoredRun, source: str) -> str:
    """Return what a source is called; folders of older versions do not say."""
    return run.about(f"welfare_usd_{source}").get("column_title") or style.plain(source.removeprefix("on_"))


def _states(run: StoredRun, by_size: Sequence[str], middle: dict[str, float]) -> Bars:
    some = [code for code in by_size if abs(middle[code]) >= SMALLEST]
    drawn = [code for at, code in enumerate(some) if at < ENDS or at >= len(some) - ENDS]
    sources = {_title(run, name): run.panel(f"welfare_{name}") for name in source_names(run)}
    rows = [
        (run.roster.name(code), (middle[code],), f"{run.roster.name(code)}: {style.signed(middle[code])} bp<br>{_told(code, sources)}")
        for code in drawn
    ]
    return Bars("States that gain and lose most", "bp of own GDP a year", rows)


def _told(code: str, sources: dict[str, dict[str, np.ndarray]]) -> str:
    found = {name: float(np.median(by_party[code])) for name, by_party in sources.items() if code in by_party}
    ranked = sorted((name for name in found if abs(found[name]) >= SMALLEST), key=lambda name: (-abs(found[name]), name))
    return "; ".join(f"{name} {style.signed(found[name])}" for name in ranked[:5])


def _sources(run: StoredRun) -> Bars:
    """Return what each source brings all states together, the largest gain first."""
    found = {_title(run, name): float(np.median(run.series(f"welfare_usd_{name}")[:, -1])) / BILLION for name in source_names(run)}
    ranked = sorted((name for name in found if abs(found[name]) >= SMALLEST), key=lambda name: (-found[name], name))
    rows = [(name, (found[name],), f"{name}: {style.signed(found[name])} billion USD a year, all states together") for name in ranked]
    return Bars("What brings it, all states together", "billion USD a year", rows)


def _by_region(run: StoredRun) -> dict[str, tuple[float, float]]:
    """Return gains and losses of each region's states, billion USD a year: medians over runs, the largest gain first."""
    usd = run.panel("welfare_usd")
    found = {}
    for region in sorted(set(run.roster.regions)):
        inside = [usd[code] for code, where in zip(run.roster.codes, run.roster.regions, strict=True) if where == region and code in usd]
        if inside:
            whole = np.array(inside) / BILLION
            gains, losses = np.clip(whole, 0.0, None).sum(axis=0), np.clip(whole, None, 0.0).sum(axis=0)
            found[region] = float(np.median(gains)), float(np.median(losses))
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1]), item[0])))


def _regions(regions: dict[str, tuple[float, float]]) -> Bars:
    rows = [
        (name, both, f"{name}: states that gain {style.signed(both[0])}, states that lose {style.signed(both[1])} billion USD a year")
        for name, both in regions.items()
    ]
    return Bars("Gains and losses by region", "billion USD a year", rows)


def _laid_out(pictures: Sequence[Bars]) -> go.Figure:
    """Put the pictures one below the other: bars on both sides of 0, and every number to the right, where no name can stand."""
    counts = [max(1, len(one.rows)) for one in pictures]
    height = sum(GAP + count * ROW + FOOT for count in counts)
    figure = style.canvas(height=height, margin=(LEFT, RIGHT, 0, 0))
    figure.update_layout(barmode="overlay", bargap=0.25)
    top = 0
    for at, (one, count) in enumerate(zip(pictures, counts, strict=True)):
        key = "" if at == 0 else str(at + 1)
        top += GAP
        domain = [1.0 - (top + count * ROW) / height, 1.0 - top / height]
        top += count * ROW + FOOT
        _bars(figure, one, f"x{key}", f"y{key}")
        heading = {"text": f"<b>{one.heading}</b>", "font": {"size": style.SMALL, "color": style.INK}, "showarrow": False}
        # At the left edge of the picture, left of the names.
        place = {"xref": "paper", "x": 0, "xshift": -LEFT, "xanchor": "left", "yref": "paper", "y": domain[1], "yanchor": "bottom"}
        figure.add_annotation(**heading, **place, yshift=6)
        names = {"domain": domain, "range": [count - 0.5, -0.5], "ticks": "", "fixedrange": True, "showgrid": False, "zeroline": False}
        scale = _scale(one.unit, [value for _, values, _ in one.rows for value in values])
        figure.update_layout({f"yaxis{key}": {**names, "anchor": f"x{key}"}, f"xaxis{key}": {**scale, "anchor": f"y{key}"}})
    return figure


def _bars(figure: go.Figure, one: Bars, x: str, y: str) -> None:
    names, hover = [name for name, _, _ in one.rows], [words for _, _, words in one.rows]
    for side in range(max((len(values) for _, values, _ in one.rows), default=0)):
        values = [values[side] for _, values, _ in one.rows]
        colours = {"color": [style.BLUE if value > 0.0 else style.VERMILION for value in values]}
        figure.add_trace(go.Bar(x=values, y=names, orientation="h", marker=colours, hovertext=hover, hoverinfo="text", xaxis=x, yaxis=y))
    told = [", ".join(style.signed(value) for value in values if abs(value) >= SMALLEST) or "0" for _, values, _ in one.rows]
    told = [f"\N{NO-BREAK SPACE}{words}" for words in told]
    ends = [max(0.0, *values) for _, values, _ in one.rows]
    figure.add_trace(
        go.Scatter(
            x=ends,
            y=names,
            text=told,
            mode="text",
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
            xaxis=x,
            yaxis=y,
        )
    )


def _scale(unit: str, values: Sequence[float]) -> dict[str, object]:
    """Return an axis as long as its bars; numbers stand in the margin to the right."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    room = 0.02 * (high - low) or 1.0
    return {
        "title": {"text": unit, "font": {"size": style.SMALL}, "standoff": 4},
        "range": [low - room, high + room],
        "gridcolor": style.GRID,
        "zerolinecolor": style.HAIRLINE,
        "fixedrange": True,
        "nticks": 6,
    }


def _finding(run: StoredRun, middle: dict[str, float], by_size: Sequence[str]) -> str:
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
    usd = {name: float(np.median(run.series(f"welfare_usd_{name}")[:, -1])) / BILLION for name in ("trade", "diversion")}
    words.append(f"Trade with partners brings {style.number(usd['trade'])} billion USD a year, and")
    words.append(f"what it diverts from others takes {style.number(max(0.0, -usd['diversion']))} billion.")
    words += [*_share(run, "weaker_half", "The weaker half of states"), *_share(run, "quarter_1", "The poorest quarter by GDP per head")]
    gini = run.series("welfare_gini")[:, -1]
    if np.isfinite(gini).any():
        words.append(f"The Gini coefficient of gains and losses in USD is {float(np.nanmedian(gini)):.2f}.")
    return " ".join(words)


def _share(run: StoredRun, group: str, who: str) -> list[str]:
    """Say which share of net gains goes to a group, where it is known."""
    values = run.series(f"welfare_share_{group}")[:, -1]
    if not np.isfinite(values).any():
        return []
    share = float(np.nanmedian(values))
    return [f"{who} gets {style.part_of(share)} of net gains." if share >= 0.0 else f"{who} loses on the whole."]


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
