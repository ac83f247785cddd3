"""The page of the validation, misses first, in English or Indonesian; it needs no other machine."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import plotly.graph_objects as go

from analysis import style
from analysis.figures import Drawn, Key
from analysis.report import section, whole, write_page
from analysis.validation.result import HOLDS, MISSED, UNDEFINED, Line, Result, Scored
from analysis.validation.score import Score
from analysis.validation.words import place, say, unit, verdict

ROW, REACH = 48, 1.0
"""Height of a row of the figure in pixels, and how many bands beyond the band it shows."""


def write(result: Result, folder: Path) -> list[Path]:
    """Write the page in both languages and return their paths, English first."""
    return [write_page(page(result, language), folder / name) for language, name in (("en", "page.html"), ("id", "page.id.html"))]


def page(result: Result, language: str = "en") -> str:
    """Return the page as HTML."""
    groups = (
        ("misses", [one for one in result.misses_first() if one.verdict in (MISSED, UNDEFINED)]),
        ("held", [one for one in result.misses_first() if one.verdict == HOLDS]),
        ("waiting", [one for one in result.misses_first() if not one.scored]),
    )
    sections = [_rules(result, language)]
    figures: dict[str, go.Figure] = {}
    if any(one.scored for one in result.scored):
        drawn = _drawn(result, language)
        figures["bands"] = drawn.figure
        sections.append(section("bands", say("figure", language), say("figure_reads", language), drawn))
    for key, group in groups:
        if group:
            facts = "".join(_fact(one, language) for one in group)
            sections.append(f'<section id="{key}"><h2>{html.escape(say(key, language))}</h2>{facts}</section>')
    return whole(say("title", language), html.escape(say("lead", language)), sections, figures, _foot(result, language), language)


def figure_of(value: float | None, missing: str = "–") -> str:
    """Write a number as the page and the finding show it: three digits that mean something.

    >>> figure_of(1234.5), figure_of(-0.5213), figure_of(40.0), figure_of(None)
    ('1,234', '−0.521', '40', '–')
    """
    if value is None or np.isnan(value):
        return missing
    size = f"{abs(value):,.0f}" if abs(value) >= 1000 else f"{abs(value):.3g}"
    return f"{style.MINUS if value < 0 and float(size.replace(',', '')) else ''}{size}"


def band_of(line: Line, language: str = "en") -> str:
    """Write the band of a number."""
    return say("to", language).format(low=figure_of(line.measure.low), high=figure_of(line.measure.high))


def interval_of(score: Score | None, language: str = "en") -> str:
    """Write the interval of a median, a dash where there is none."""
    if score is None or np.isnan(score.low):
        return "–"
    return say("to", language).format(low=figure_of(score.low), high=figure_of(score.high))


def share_of(score: Score | None, language: str = "en") -> str:
    """Write the share of seeds in band as so many of so many."""
    if score is None:
        return "–"
    return say("of", language).format(some=round(score.share * len(score.values)), all=len(score.values))


def null_of(line: Line, language: str = "en") -> str:
    """Write what the null gives of a number: its median, and whether that would be in band; a dash where it was not run."""
    if line.null is None:
        return "–"
    return f"{figure_of(line.null.median)}, {verdict(HOLDS if line.null.met else MISSED, language)}"


def _rules(result: Result, language: str) -> str:
    limits = [said[place(language)] for said in result.limits] or [say("none", language)]
    listed = "".join(f"<li>{html.escape(one)}</li>" for one in limits)
    told = "".join(f"<p>{html.escape(say(key, language))}</p>" for key in ("rule", "classes", "interval_means"))
    return f'<section id="rules">{told}<h3>{html.escape(say("limits", language))}</h3><ul>{listed}</ul></section>'


def _fact(one: Scored, language: str) -> str:
    fact, english = one.fact, language == "en"
    title, sentence = (fact.title, fact.sentence) if english else (fact.title_id, fact.sentence_id)
    mechanism, note = (fact.mechanism, fact.note) if english else (fact.mechanism_id, fact.note_id)
    told = f"{verdict(one.verdict, language)}; {verdict(fact.kind, language)}"
    lead = f"{sentence} {say('mechanism', language)}: {mechanism}."
    parts = [f'<h3 class="fact" id="{fact.id}">{html.escape(f"{fact.id}. {title}")}: <span class="verdict">{html.escape(told)}</span></h3>']
    parts.append(f"<p>{html.escape(lead)}</p>")
    if not one.scored:
        parts.append(_paragraph("finding", f"{say('needs', language)}: {one.why[place(language)]}."))
    parts.append(_table(one, language))
    parts.append(_paragraph("reading", f"{say('null', language)}: {_null(one, language)}"))
    if note:
        parts.append(_paragraph("reading", note))
    return "".join(parts)


def _paragraph(style_of: str, words: str) -> str:
    return f'<p class="{style_of}">{html.escape(words)}</p>'


def _null(one: Scored, language: str) -> str:
    null, english = one.fact.null, language == "en"
    why = one.why_no_null[place(language)]
    told = f" ({why})" if why and not any(line.null is not None for line in one.lines) else ""
    return f"{null.sentence if english else null.sentence_id} {verdict(one.null_verdict, language).capitalize()}{told}."


def _table(one: Scored, language: str) -> str:
    keys = ("fact", "number", "band", "median", "interval", "share", "null_median", "verdict", "source")
    heads = [say(key, language) for key in keys]
    rows = "".join(_row(one, line, heads, language) for line in one.lines)
    return f'<table class="facts scores"><thead><tr>{"".join(f"<th scope=col>{html.escape(head)}</th>" for head in heads)}</tr></thead>' + (
        f"<tbody>{rows}</tbody></table>"
    )


def _row(one: Scored, line: Line, heads: Sequence[str], language: str) -> str:
    measure, found = line.measure, line.found
    title = measure.title if language == "en" else measure.title_id
    kind = f" ({verdict(measure.kind, language)})" if measure.kind else ""
    cells = (
        figure_of(measure.number, say("sign", language)), band_of(line, language), figure_of(None if found is None else found.median),
        interval_of(found, language), share_of(found, language), null_of(line, language),
        verdict(line.verdict if found is not None or one.fact.scenario is None else one.verdict, language),
        f"{measure.source}; {measure.year} ({measure.grade})",
    )  # fmt: skip
    told = "".join(f'<td data-year="{html.escape(head)}">{html.escape(cell)}</td>' for head, cell in zip(heads[1:], cells, strict=True))
    return f'<tr><th scope="row">{html.escape(f"{title}, {unit(measure.unit, language)}{kind}")}</th>{told}</tr>'


def _drawn(result: Result, language: str) -> Drawn:
    """Draw every scored number on the scale of its own band: 0 is its lower end, 1 its upper."""
    lines = [(one.fact.id, line) for one in result.scored for line in one.lines if line.found is not None]
    lines.reverse()
    figure = style.canvas(height=ROW * len(lines) + 40, margin=(8, 24, 8, 32))
    figure.add_vrect(x0=0.0, x1=1.0, fillcolor=style.GRID, line_width=0, layer="below")
    for y, (_, line) in enumerate(lines):
        if line.found is not None:
            _mark(figure, y, line, line.found)
    for y, (name, line) in enumerate(lines):
        title = line.measure.title if language == "en" else line.measure.title_id
        figure.add_annotation(
            x=0, xref="paper", y=y + 0.4, text=html.escape(f"{name} {title}"), showarrow=False, xanchor="left", font={"color": style.INK}
        )
    ends = [say("lower", language), say("upper", language)]
    figure.update_yaxes(visible=False, range=[-0.6, len(lines) - 0.3], fixedrange=True)
    figure.update_xaxes(
        range=[-REACH - 0.1, 1.0 + REACH + 0.1], tickvals=[0.0, 1.0], ticktext=ends, tickangle=0, showgrid=False, zeroline=False,
        fixedrange=True,
    )  # fmt: skip
    held = sum(line.verdict == HOLDS for _, line in lines)
    finding = {"en": f"{held} of {len(lines)} numbers are in band.", "id": f"{held} dari {len(lines)} angka berada dalam rentang."}[
        language
    ]
    legend = (Key(verdict(HOLDS, language), style.BLUE, "dot"), Key(verdict(MISSED, language), style.VERMILION, "dot"))
    return Drawn(figure, finding, legend)


def _mark(figure: go.Figure, y: int, line: Line, found: Score) -> None:
    low, width = line.measure.low, line.measure.high - line.measure.low
    places = [(value - low) / width for value in (found.low, found.median, found.high)]
    if np.isnan(places[1]):
        return
    colour = style.BLUE if found.met else style.VERMILION
    ends = [float(np.clip(place, -REACH, 1.0 + REACH)) for place in places if not np.isnan(place)]
    at = float(np.clip(places[1], -REACH, 1.0 + REACH))
    symbol = "circle" if at == places[1] else "triangle-left" if at < 0 else "triangle-right"
    figure.add_scatter(x=[min(ends), max(ends)], y=[y, y], mode="lines", line={"color": colour, "width": 2}, hoverinfo="skip")
    figure.add_scatter(
        x=[at], y=[y], mode="markers", marker={"color": colour, "size": 10, "symbol": symbol},
        hovertext=figure_of(found.median), hoverinfo="text",
    )  # fmt: skip


def _foot(result: Result, language: str) -> str:
    facts = (
        ("commit", result.commit), ("digest", result.digest), ("seeds", str(result.seeds)),
        ("folders", "; ".join(result.folders) or say("none", language)),
    )  # fmt: skip
    told = "".join(f"<dt>{html.escape(say(key, language))}</dt><dd>{html.escape(value)}</dd>" for key, value in facts)
    return (
        f"<h2>{html.escape(say('how', language))}</h2><p>{html.escape(say('repeat', language))}</p>"
        f"<pre><code>.venv/bin/{html.escape(result.command)}</code></pre><dl>{told}</dl>"
    )
