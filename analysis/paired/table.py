"""The table of a pair: for each year and each quantity the mean paired difference and its interval."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis import style
from analysis.figures.contacts_by_channel import PREFIX, plural
from analysis.paired.figures import BILLION, TALKS, TRADE
from analysis.paired.pair import CONFIDENCE, Estimate, Pair
from sim.types import month_label

ATTENDANCE = "assembly_attendance"


@dataclass(frozen=True)
class Line:
    """A row: the series, its words, its unit, and what its numbers are divided by to be readable."""

    series: str
    words: str
    unit: str
    scale: float = 1.0


@dataclass(frozen=True)
class Year:
    """A column: its words, the months inside, (T,), and whether the shock is assumed in any of them."""

    words: str
    inside: np.ndarray[tuple[int], np.dtype[np.bool_]]
    assumed: bool


def table(pair: Pair) -> str:
    """Return the table as HTML, with the sentences that say how to read it."""
    years = _years(pair)
    if not years:
        return "<p>The two worlds are the same in every month, so there is nothing to tabulate.</p>"
    found = [(title, [(line, _estimates(pair, line, years)) for line in lines]) for title, lines in _groups(pair)]
    head = "".join(f'<th scope="col">{year.words}{" *" if year.assumed else ""}</th>' for year in years)
    body = "".join(_group(title, rows, years) for title, rows in found if rows)
    return (
        f'<table class="paired"><thead><tr><th scope="col">Difference to the world {html.escape(pair.against)}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>{_reading(pair, [e for _, rows in found for _, es in rows for e in es], years)}"
    )


def _groups(pair: Pair) -> list[tuple[str, list[Line]]]:
    """Return what the table lists of what both folders hold, contacts first."""
    known = pair.treated.words["channel"]
    channels = [Line(PREFIX + name, plural(pair.treated, name), "in the year") for name in pair.starting_with(PREFIX) if name in known]
    if ATTENDANCE in pair.columns:
        channels.append(Line(ATTENDANCE, "World assembly", "heads who take part"))
    talks = [Line(name, words, "in the year") for name, (words, _) in TALKS.items() if name in pair.columns]
    for name in pair.starting_with("new_signatures_"):
        talks.append(Line(f"new_signatures_{name}", f"{style.plain(name).capitalize()}s signed", "in the year"))
    for name in pair.starting_with("in_force_"):
        if np.any(pair.difference(f"in_force_{name}")):
            talks.append(Line(f"in_force_{name}", f"{style.plain(name).capitalize()}s in force", "at the end of the year"))
    ends = [Line(TRADE, "Digital trade", "USD bn a year, at the end", BILLION)] if TRADE in pair.columns else []
    if "reputation" in pair.columns:
        ends.append(Line("reputation", "Reputation", "percentage points, at the end", 0.01))
    first = "Contacts: mostly the rule itself" if pair.closed_borders else "Contacts"
    second = "Talks and agreements: what followed" if pair.closed_borders else "Talks and agreements"
    return [(first, channels), (second, talks), ("Trade and standing", ends)]


def _years(pair: Pair) -> list[Year]:
    """Return the calendar years from the one in which the worlds part."""
    if pair.parting is None:
        return []
    years = []
    for year in range(pair.parting // 12, int(pair.months[-1]) // 12 + 1):
        inside = pair.months // 12 == year
        n = int(inside.sum())
        words = str(year) if n == 12 else f"{year}, {style.plural(n, 'month')}"
        years.append(Year(words, inside, pair.assumed_from is not None and int(pair.months[inside][-1]) >= pair.assumed_from))
    return years


def _estimates(pair: Pair, line: Line, years: Sequence[Year]) -> list[Estimate]:
    found = [pair.estimate(line.series, year.inside) for year in years]
    return [Estimate(e.mean / line.scale, e.low / line.scale, e.high / line.scale, e.base / line.scale) for e in found]


def _group(title: str, rows: Sequence[tuple[Line, Sequence[Estimate]]], years: Sequence[Year]) -> str:
    lines = "".join(
        f'<tr><th scope="row">{html.escape(line.words)}<small>{html.escape(line.unit)}</small></th>'
        f"{''.join(_cell(one, year) for one, year in zip(found, years, strict=True))}</tr>"
        for line, found in rows
    )
    return f'<tr class="group"><th colspan="{len(years) + 1}" scope="colgroup">{html.escape(title)}</th></tr>{lines}'


def _cell(one: Estimate, year: Year) -> str:
    star = " *" if year.assumed else ""
    if one.mean == 0.0 and not one.low < one.high:
        return f'<td class="same" data-year="{year.words}{star}"><b>0</b><small>the same in every pair</small></td>'
    places = _places(one.mean)
    share = f" <i>{style.share(one.relative)}</i>" if np.isfinite(one.relative) else ""
    span = f"{_written(one.low, places)} to {_written(one.high, places)}" if np.isfinite(one.low) else "one pair"
    kind = "clear" if one.clear else "unclear"
    return f'<td class="{kind}" data-year="{year.words}{star}"><b>{_written(one.mean, places)}</b>{share}<small>{span}</small></td>'


def _places(mean: float) -> int:
    """Return the decimals that a cell is written with: two figures of its mean, none from ten on."""
    size = abs(mean)
    return 0 if size >= 9.95 else 1 if size >= 0.95 or size == 0 else min(6, int(np.ceil(-np.log10(size))) + 1)


def _written(value: float, places: int) -> str:
    text = f"{abs(value):,.{places}f}"
    return text if float(text.replace(",", "")) == 0 else f"{'+' if value > 0 else style.MINUS}{text}"


def _reading(pair: Pair, found: Sequence[Estimate], years: Sequence[Year]) -> str:
    level = f"{CONFIDENCE * 100:.0f}{style.PER_CENT}"
    words = [
        f"Each cell: the mean of {style.plural(pair.n_runs, 'paired difference')}, as a share of the other world, and below it Student's "
        f"{level} interval over pairs."
        if pair.n_runs > 1
        else "Each cell: the difference of the one pair, which has no interval.",
    ]
    if pair.n_runs > 1:
        words.append(
            f"Of {len(found)} cells {sum(e.clear for e in found)} leave zero outside and are set in full ink; about one in twenty would by "
            "luck alone. Intervals are over luck, not over assumed parameters."
        )
    if years[0].words[:4] != month_label(int(pair.months[0]))[:4]:
        words.append(f"Before {years[0].words[:4]} the two worlds are the same in every recorded series.")
    if any(year.assumed for year in years):
        words.append("* the closure is assumed in part or all of the year.")
    return f'<p class="reading">{" ".join(html.escape(w) for w in words)}</p>'
