"""The life of one agreement and of what replaced it as lines: talks, signature, force, courts, breaches, suspension, end and successor."""

from __future__ import annotations

import html
import math

import plotly.graph_objects as go

from analysis import style
from analysis.figures import Drawn, Key, part
from analysis.life import told
from analysis.life.record import Lived, chains, lives_of
from analysis.lives import knows_instruments
from analysis.marks import FILLED, icon, scaled
from analysis.store import StoredRun
from sim.declare.words import FALLEN
from sim.types import month_label

HEAD, LINE, STEP, CASE, GAP, WIDTH = 62, 24, 15, 12, 26, 880.0
"""Height of the words over a row, of its line, of a step of marks, of a case, and under it all; and the width reckoned with, in pixels."""

READ = (
    "with what it replaced and what replaced it. Dotted: talks; thin: signed; thick: in force; dashed: suspended. Below a line, cases in "
    "court, from complaint to ruling. Any other agreement: python -m analysis life FOLDER NAME."
)


@part(
    name="life_of_agreement",
    title="The life of an agreement",
    sentence=f"The agreement of all runs to which most happened, {READ}",
    alone=f"The agreement to which most happened, {READ}",
    order=37,
    from_ledger="life of an agreement",
    applies=lambda run: run.has_ledger and knows_instruments(run) and _chosen(run) is not None,
)
def build(run: StoredRun) -> Drawn:
    """Draw the chain to which most happened."""
    chosen = _chosen(run) if run.has_ledger and knows_instruments(run) else None
    if chosen is None:
        return Drawn(style.canvas(height=HEAD), "Nothing was in force, so no agreement has a life to tell.")
    return draw(run, *chosen)


def _chosen(run: StoredRun) -> tuple[int, tuple[Lived, ...]] | None:
    """Return the seed and the chain to which most happened; the first of the first run among equals, None where nothing was in force."""
    best: tuple[int, tuple[Lived, ...]] | None = None
    for seed in run.seeds:
        some = [one for one in chains(lives_of(run, seed)) if any(each.force is not None for each in one)][:1]
        if some and (best is None or _rank(some[0]) > _rank(best[1])):
            best = seed, some[0]
    return best


def _rank(some: tuple[Lived, ...]) -> int:
    return len(some) + sum(one.stirs for one in some)


def draw(run: StoredRun, seed: int, some: tuple[Lived, ...]) -> Drawn:
    """Draw a chain of agreements of one run of a folder."""
    end = int(run.months[-1])
    dates = [
        month
        for one in some
        for month in (one.opened, one.signed, one.force, one.ended, *(m.month for m in one.moments))
        if month is not None
    ]
    low, high = min(dates), end if any(one.ended is None for one in some) else min(end, max(dates) + 6)
    month_px = WIDTH / max(high - low, 12)
    levels = [_levels(one, month_px) for one in some]
    heights = [HEAD + LINE + STEP * max(at.values(), default=0) + CASE * len(one.cases) + GAP for one, at in zip(some, levels, strict=True)]
    figure = style.canvas(height=sum(heights) + 30, margin=(8, 16, 0, 30))
    top = float(sum(heights))
    for one, at, height in zip(some, levels, heights, strict=True):
        _row(figure, run, one, at, top, end)
        top -= height
    every = next(step for step in (12, 24, 60, 120, 240) if (high - low) / step <= 9)
    figure.update_xaxes(
        type="date", range=[_day(low - 2), _day(high + 2)], dtick=f"M{every}", tickformat="%Y", tick0="2000-01-01", showgrid=True,
        gridcolor=style.GRID, zeroline=False, fixedrange=True, ticks="outside", ticklen=4, tickcolor=style.HAIRLINE,
    )  # fmt: skip
    figure.update_yaxes(range=[0, sum(heights)], visible=False, fixedrange=True)
    return Drawn(figure, _finding(run, seed, some), _legend(run, some), more=_words(run, some))


def _day(month: int) -> str:
    return f"{month_label(month)}-01"


def _levels(one: Lived, month_px: float) -> dict[int, int]:
    """Return by number of a moment how many steps over the line its mark stands, so that no two touch."""
    taken: list[float] = []
    found: dict[int, int] = {}
    for k, moment in enumerate(one.moments):
        if not moment.mark:
            continue
        x = moment.month * month_px
        level = next((at for at, last in enumerate(taken) if x - last >= STEP), len(taken))
        taken[level : level + 1] = [x]
        found[k] = level
    return found


def _row(figure: go.Figure, run: StoredRun, one: Lived, levels: dict[int, int], top: float, end: int) -> None:
    names = [run.roster.name(code) for code in one.parties]
    heading = f"<b>{html.escape(style.plain(one.type).capitalize())}</b>, {html.escape(' and '.join(names))}, {told.span(one)}"
    beside = [f"Text: {told.text(run, one)}."] if one.force is None else [f"Carried {told.carried(one)}.", f"Worth {told.worth(run, one)}."]
    for down, words, colour in (
        (0, heading, style.INK),
        *((18 * (k + 1), html.escape(each), style.QUIET) for k, each in enumerate(beside)),
    ):
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=top - down, yanchor="top", showarrow=False, text=words, align="left",
            font={"size": style.SMALL, "color": colour},
        )  # fmt: skip
    y = top - HEAD - STEP * max(levels.values(), default=0) - LINE / 2
    colour, last = style.type_colour(one.type), end + 1 if one.ended is None else one.ended
    for since, until, width, dash in (
        (one.opened, one.signed if one.signed is not None else last, 1.5, "dot"),
        (one.signed, one.force if one.force is not None else last, 1.5, "solid"),
        *((since, until, 7.0, "solid") for since, until in _bound(one, last)),
        *((since, until, 2.0, "dash") for since, until in one.suspended),
    ):
        if since is not None and since < until:
            figure.add_trace(
                go.Scatter(
                    x=[_day(since), _day(until)],
                    y=[y, y],
                    mode="lines",
                    line={"color": colour, "width": width, "dash": dash},
                    hoverinfo="skip",
                )
            )
    for k, moment in enumerate(one.moments):
        if k in levels:
            _mark(figure, moment.month, y, moment.mark, levels[k], colour)
    told_of = [(moment, levels.get(k, 0)) for k, moment in enumerate(one.moments) if moment.mark]
    figure.add_trace(
        go.Scatter(
            x=[_day(moment.month) for moment, _ in told_of], y=[y + STEP * level for _, level in told_of], mode="markers",
            marker={"size": 15, "opacity": 0, "color": colour}, hoverinfo="text",
            hovertext=[f"{month_label(moment.month)}: {told.moment(run, moment)}" for moment, _ in told_of],
        )
    )  # fmt: skip
    for k, case in enumerate(one.cases):
        below, until = y - LINE / 2 - CASE * (k + 0.5), min(case.due, end)
        figure.add_trace(
            go.Scatter(
                x=[_day(case.filed), _day(until)], y=[below, below], mode="lines+markers", line={"color": style.INK, "width": 1},
                marker={"size": [0, 0], "opacity": 0, "color": style.INK}, hovertext=[told.case(run, case)] * 2, hoverinfo="text",
            )
        )  # fmt: skip
        outcome = {"struck down": "slashed", "upheld": "full_diamond"}.get(case.outcome)
        _mark(figure, case.filed, below, "diamond", 0, style.INK, size=4.0)
        if outcome and case.due <= end:
            _mark(figure, case.due, below, outcome, 0, style.INK, size=4.0)


def _bound(one: Lived, last: int) -> list[tuple[int, int]]:
    """Return from when until when an agreement bound its parties."""
    if one.force is None:
        return []
    found, since = [], one.force
    for off, on in one.suspended:
        found.append((since, off))
        since = on
    return [*found, (since, last)]


def _mark(figure: go.Figure, month: int, y: float, mark: str, level: int, colour: str, size: float = 6.0) -> None:
    drawn = style.VERMILION if mark in FALLEN else style.INK
    filled = mark in FILLED
    # The ground shows through a closed outline that is not filled, so that a mark on a line can be read.
    closed = mark in ("ring", "box", "diamond", "slashed", "crossed_box", "right")
    # First a wider stroke in the colour of the ground, so that the mark stands off the line.
    for stroke, wide in ((style.PAPER, 4.6), (drawn, 1.8)):
        figure.add_shape(
            type="path", path=scaled(mark, size, up=True, raised=STEP * level), xref="x", yref="y", xsizemode="pixel", ysizemode="pixel",
            xanchor=_day(month), yanchor=y, line={"color": stroke, "width": wide},
            fillcolor=drawn if filled else style.PAPER if closed else "rgba(0,0,0,0)",
        )  # fmt: skip


def _legend(run: StoredRun, some: tuple[Lived, ...]) -> tuple[Key, ...]:
    """Return the marks that are drawn, each once, as they come."""
    drawn = {(moment.mark, moment.said): None for one in some for moment in one.moments if moment.mark}
    return tuple(Key(said, style.VERMILION if mark in FALLEN else style.INK, f"event:{mark}") for mark, said in drawn)


def _finding(run: StoredRun, seed: int, some: tuple[Lived, ...]) -> str:
    names = style.listed([style.the(run.roster.name(code)) for code in some[0].parties])
    which = f"In the run of seed {seed}, " if run.n_runs > 1 else ""
    many = (
        style.plural(len(some), style.plain(some[0].type))
        if not some[0].type.endswith("s")
        else f"{len(some)} of {style.plain(some[0].type)}"
    )
    told_of = [f"{which}{names}: {many}."]
    struck = sum(case.outcome == "struck down" for one in some for case in one.cases)
    cases = sum(len(one.cases) for one in some)
    if cases:
        told_of.append(f"{style.plural(cases, 'case')} in court, {struck} struck down.")
    months = sum(
        (until - since) for one in some for since, until in _bound(one, int(run.months[-1]) + 1 if one.ended is None else one.ended)
    )
    trade = told.usd(sum(one.carried or 0.0 for one in some))
    told_of.append(f"In force for {style.plural(math.floor(months / 12), 'year')} in all, with {trade} of digital trade between the two.")
    whole = " ".join(told_of)
    return whole[0].upper() + whole[1:]


def _words(run: StoredRun, some: tuple[Lived, ...]) -> str:
    """Return all that the picture shows in words, as a list that unfolds."""
    out = []
    for one in some:
        facts = [
            ("Text", told.text(run, one)),
            ("Clauses", f"It {told.clauses(one)}."),
            ("Carried", told.carried(one)),
            ("Worth", told.worth(run, one)),
        ]
        facts += [("Case", told.case(run, case)) for case in one.cases]
        listed = "".join(f"<dt>{name}</dt><dd>{html.escape(words)}</dd>" for name, words in facts)
        moments = "".join(
            f"<li><time>{month_label(each.month)}</time>{icon(each.mark) if each.mark else '<i class=blank></i>'}"
            f"{html.escape(told.moment(run, each))}</li>"
            for each in one.moments
        )
        out.append(f"<h3>{html.escape(told.heading(run, one))}</h3><dl>{listed}</dl><ol>{moments}</ol>")
    return f'<details class="life"><summary>The whole life in words</summary>{"".join(out)}</details>'
