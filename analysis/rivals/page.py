"""The page of the rivals, what the model does no better first, in English or Indonesian; it needs no other machine."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from analysis import style
from analysis.figures import Drawn, Key
from analysis.report import section, whole, write_page
from analysis.rivals.result import Result
from analysis.rivals.told import Cell, Group, Row, groups, heading, lowered, sentences, summary, thousandths, title
from analysis.rivals.words import listed, say
from analysis.validation.words import place
from sim.registry import shelf

ROW = 44
"""Height of a row of the figure in pixels."""


def write(result: Result, folder: Path) -> list[Path]:
    """Write the page in both languages and return their paths, English first."""
    return [write_page(page(result, language), folder / name) for language, name in (("en", "page.html"), ("id", "page.id.html"))]


def page(result: Result, language: str = "en") -> str:
    """Return the page as HTML."""
    sections = [_sentences(result, language)]
    figures = {}
    if result.lines:
        drawn = _drawn(result, language)
        figures["areas"] = drawn.figure
        sections.append(section("areas", say("figure", language), say("figure_reads", language), drawn))
    sections += [_table(result, language), _rivals(result, language), _rules(result, language)]
    lead = html.escape(f"{say('lead', language)} {summary(result, language)}")
    return whole(say("title", language), lead, sections, figures, _foot(result, language), language)


def _sentences(result: Result, language: str) -> str:
    told = ""
    for key, better in (("no_better", False), ("better", True)):
        some = sentences(result, better=better, language=language) or [say("nowhere", language)]
        listed_ = "".join(f"<li>{html.escape(one)}</li>" for one in some)
        told += f'<section id="{key}"><h2>{html.escape(say(key, language))}</h2><ul>{listed_}</ul></section>'
    return told


def _table(result: Result, language: str) -> str:
    heads = [say("row", language), *(title(column, language) for column in result.columns)]
    head = "".join(f"<th scope=col>{html.escape(text)}</th>" for text in heads)
    bodies = "".join(_group(group, heads, language) for group in groups(result, language))
    return (
        f'<section id="table"><h2>{html.escape(say("table", language))}</h2>'
        f'<table class="side"><thead><tr>{head}</tr></thead>{bodies}</table></section>'
    )


def _group(group: Group, heads: Sequence[str], language: str) -> str:
    rows = "".join(_row(row, heads) for row in group.rows)
    return f'<tbody><tr class="group"><th scope="rowgroup" colspan="{len(heads)}">{html.escape(group.heading)}</th></tr>{rows}</tbody>'


def _row(row: Row, heads: Sequence[str]) -> str:
    cells = "".join(
        f'<td data-year="{html.escape(head)}"{_class(cell)}><b>{html.escape(cell.words)}</b>{_under(cell.under)}</td>'
        for head, cell in zip(heads[1:], row.cells, strict=True)
    )
    return f'<tr{" class=last" if row.last else ""}><th scope="row">{html.escape(row.name)}{_under(row.under)}</th>{cells}</tr>'


def _class(cell: Cell) -> str:
    return "" if cell.held is None else ' class="held"' if cell.held else ' class="missed"'


def _under(lines: Sequence[str]) -> str:
    return "".join(f"<small>{html.escape(line)}</small>" for line in lines)


def _rivals(result: Result, language: str) -> str:
    told = ""
    for rival in result.rivals:
        part = shelf("rival").get(rival.name)
        said = part.sentence if language == "en" else part.sentence_id
        told += f"<li><b>{html.escape(title(rival, language))}</b>: {html.escape(said)}</li>"
    return f'<section id="rivals"><h2>{html.escape(say("rivals", language))}</h2><ul>{told}</ul></section>'


def _rules(result: Result, language: str) -> str:
    told = "".join(f"<p>{html.escape(say(key, language))}</p>" for key in ("rule_facts", "rule_apart", "rule_area"))
    limits = [said[place(language)] for said in result.limits] or [say("none", language)]
    listed_ = "".join(f"<li>{html.escape(one)}</li>" for one in limits)
    waiting = say("waiting", language).format(facts=listed([heading(fact, language) for fact in result.waiting], language))
    return (
        f'<section id="rules"><h2>{html.escape(say("how_to_read", language))}</h2>{told}<h3>{html.escape(say("limits", language))}</h3>'
        f"<ul>{listed_}</ul>{f'<p>{html.escape(waiting)}</p>' if result.waiting else ''}</section>"
    )


def _drawn(result: Result, language: str) -> Drawn:
    """Draw the area of each theory with its interval, the model on top, beside a score that is the same for all."""
    lines = [(column, result.lines[column.name]) for column in result.columns if column.name in result.lines][::-1]
    figure = style.canvas(height=ROW * len(lines) + 48, margin=(8, 24, 8, 40))
    figure.add_vline(x=1000.0 * lines[0][1].random, line={"color": style.HAIRLINE, "width": 2}, layer="below")
    for y, (column, line) in enumerate(lines):
        colour = style.VERMILION if column is result.model else style.BLUE
        low, high = (1000.0 * (line.area.value if end != end else end) for end in (line.area.low, line.area.high))
        figure.add_scatter(x=[low, high], y=[y, y], mode="lines", line={"color": colour, "width": 2}, hoverinfo="skip")
        figure.add_scatter(
            x=[1000.0 * line.area.value], y=[y], mode="markers", marker={"color": colour, "size": 10},
            hovertext=thousandths(line.area.value), hoverinfo="text",
        )  # fmt: skip
        figure.add_annotation(
            x=0, xref="paper", y=y + 0.4, text=html.escape(title(column, language)), showarrow=False, xanchor="left",
            font={"color": style.INK},
        )  # fmt: skip
    figure.update_yaxes(visible=False, range=[-0.6, len(lines) - 0.3], fixedrange=True)
    figure.update_xaxes(rangemode="tozero", fixedrange=True)
    told = [
        f"{lowered(title(column, language))} {thousandths(line.area.value)}" for column, line in lines[::-1] if column is not result.model
    ]
    finding = say("figure_finding", language).format(
        model=thousandths(result.lines[result.model.name].area.value), rivals=listed(told, language)
    )
    legend = (
        Key(say("model_mark", language), style.VERMILION, "dot"), Key(say("rival_mark", language), style.BLUE, "dot"),
        Key(say("alike_mark", language), style.HAIRLINE, "line"),
    )  # fmt: skip
    return Drawn(figure, finding, legend)


def _foot(result: Result, language: str) -> str:
    facts = (("commit", result.commit), ("digest", result.digest), ("seeds", str(result.seeds)), ("resamples", str(result.resamples)))
    told = "".join(f"<dt>{html.escape(say(key, language))}</dt><dd>{html.escape(value)}</dd>" for key, value in facts)
    return (
        f"<h2>{html.escape(say('how', language))}</h2><p>{html.escape(say('repeat', language))}</p>"
        f"<pre><code>.venv/bin/{html.escape(result.command)}</code></pre><dl>{told}</dl>"
    )
