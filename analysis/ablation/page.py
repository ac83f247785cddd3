"""The page of the ablation, parts that change nothing first, in English or Indonesian; it needs no other machine."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import plotly.graph_objects as go

from analysis import style
from analysis.ablation.result import BOTH, NOISE, OWN, SAME, UNKNOWN, WHO, Effect, Result
from analysis.ablation.words import LANGUAGES, say, verdict
from analysis.figures import Drawn, Key
from analysis.paired.pair import Estimate
from analysis.report import section, whole, write_page
from analysis.validation.page import figure_of

ROW = 36
"""Height of a row of the figure in pixels: its name above its mark."""
GROUPS = (("idle", (SAME, NOISE)), ("unknown", (UNKNOWN,)), ("moves", (WHO, OWN, BOTH)))


def write(result: Result, folder: Path) -> list[Path]:
    """Write the page in both languages and return their paths, English first."""
    return [write_page(page(result, language), folder / name) for language, name in (("en", "page.html"), ("id", "page.id.html"))]


def page(result: Result, language: str = "en") -> str:
    """Return the page as HTML."""
    sections, figures = [_rules(result, language)], dict[str, go.Figure]()
    if result.seeds > 1 and result.effects:
        drawn = _drawn(result, language)
        figures["moved"] = drawn.figure
        sections.append(section("moved", say("figure", language), say("figure_reads", language), drawn))
    for key, verdicts in GROUPS:
        some = [one for one in result.idle_first() if one.verdict in verdicts]
        if some:
            sections.append(f'<section id="{key}"><h2>{html.escape(say(key, language))}</h2>{_table(some, language)}</section>')
    if result.fixed:
        told = "".join(
            f"<li><code>{html.escape(form.name)}</code>: "
            f"{html.escape(form.neutral.sentence if language == 'en' else form.neutral.sentence_id)}</li>"
            for form in result.fixed
        )
        sections.append(f'<section id="fixed"><h2>{html.escape(say("fixed", language))}</h2><ul>{told}</ul></section>')
    return whole(say("title", language), html.escape(say("lead", language)), sections, figures, _foot(result, language), language)


def name_of(one: Effect) -> str:
    """Name what is switched off, as a reader would."""
    return f"{one.form.owner}: {one.form.neutral.name.replace('_', ' ')}"


def amount(value: float) -> str:
    """Write a number of any size in few digits; from a million on in millions or in thousands of millions.

    >>> amount(14637.83), amount(-1217927459089.0), amount(2500000.0), amount(0.0212)
    ('14,638', '−1,218 bn', '2.5 M', '0.0212')
    """
    size = abs(value)
    return f"{figure_of(value / 1e9)} bn" if size >= 1e9 else f"{figure_of(value / 1e6)} M" if size >= 1e6 else figure_of(value)


def thousandths(one: Estimate) -> Estimate:
    """Return an area in thousandths."""
    return Estimate(1000 * one.mean, 1000 * one.low, 1000 * one.high, 1000 * one.base)


def effect_of(one: Estimate, language: str = "en") -> str:
    """Write a difference with its interval, a dash where there is none."""
    if one.mean != one.mean:
        return "–"
    ends = "" if one.low != one.low else f" ({say('to', language).format(low=amount(one.low), high=amount(one.high))})"
    return f"{amount(one.mean)}{ends}"


def percent_of(share: float) -> str:
    """Write a share as a percentage, a dash where there is none."""
    return "–" if share != share else f"{100 * share:.1f} %"


def chance_of(value: float) -> str:
    """Write a chance.

    >>> chance_of(0.2), chance_of(0.0062), chance_of(0.0001), chance_of(float("nan"))
    ('0.20', '0.006', '< 0.001', '–')
    """
    if value != value:
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def _rules(result: Result, language: str) -> str:
    limits = [said[LANGUAGES.index(language)] for said in result.limits] or [say("none", language)]
    told = "".join(f"<p>{html.escape(say(key, language).format(n=result.n_signed))}</p>" for key in ("own", "who", "area", "chances"))
    listed = "".join(f"<li>{html.escape(one)}</li>" for one in limits)
    return f'<section id="rules">{told}<h3>{html.escape(say("limits", language))}</h3><ul>{listed}</ul></section>'


def _table(some: Sequence[Effect], language: str) -> str:
    heads = [say(key, language) for key in ("form", "verdict", "effect", "held", "moved", "moved_held", "area_effect")]
    rows = "".join(_row(one, heads, language) for one in some)
    head = "".join(f"<th scope=col>{html.escape(text)}</th>" for text in heads)
    return f'<table class="parts"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(one: Effect, heads: Sequence[str], language: str) -> str:
    sentence = one.form.neutral.sentence if language == "en" else one.form.neutral.sentence_id
    cells = (
        (verdict(one.verdict, language), ""),
        (effect_of(one.own, language), say("bare", language).format(column=one.form.neutral.observable, mean=amount(one.own.base))),
        (chance_of(one.own_held), ""),
        (percent_of(one.moved.share), say("noise", language).format(share=percent_of(one.moved.noise))),
        (chance_of(one.moved_held), ""),
        ("–" if one.precision is None else effect_of(thousandths(one.precision), language), ""),
    )
    told = "".join(
        f'<td data-year="{html.escape(head)}">{html.escape(cell)}{f"<small>{html.escape(small)}</small>" if small else ""}</td>'
        for head, (cell, small) in zip(heads[1:], cells, strict=True)
    )
    return f'<tr><th scope="row">{html.escape(name_of(one))}<small>{html.escape(sentence)}</small></th>{told}</tr>'


def _drawn(result: Result, language: str) -> Drawn:
    """Draw, for each form, the share of what was signed that moved, beside what seeds alone move."""
    some = [one for one in result.idle_first() if one.moved.share == one.moved.share][::-1]
    figure = style.canvas(height=ROW * len(some) + 60, margin=(8, 24, 8, 40))
    for y, one in enumerate(some):
        clear = one.verdict in (WHO, BOTH)
        figure.add_scatter(
            x=[0.0, 100 * one.moved.high], y=[y, y], mode="lines", line={"color": style.GRID, "width": 12}, hoverinfo="skip",
        )  # fmt: skip
        figure.add_scatter(
            x=[100 * one.moved.share], y=[y], mode="markers", marker={"color": style.VERMILION if not clear else style.BLUE, "size": 9},
            hovertext=f"{html.escape(one.form.name)}: {percent_of(one.moved.share)}", hoverinfo="text",
        )  # fmt: skip
        figure.add_annotation(
            x=0, xref="paper", y=y + 0.45, text=html.escape(name_of(one)), showarrow=False, xanchor="left", font={"color": style.INK},
        )  # fmt: skip
    figure.update_yaxes(visible=False, range=[-0.6, len(some) - 0.1], fixedrange=True)
    most = max((100 * max(one.moved.share, one.moved.high) for one in some), default=1.0)
    figure.update_xaxes(range=[0.0, max(most * 1.05, 1.0)], ticksuffix=" %", fixedrange=True, rangemode="tozero")
    idle = sum(one.verdict in (SAME, NOISE) for one in result.effects)
    finding = say("finding", language).format(idle=idle, all=len(result.effects))
    legend = (
        Key(say("beyond", language), style.BLUE, "dot"), Key(say("not_beyond", language), style.VERMILION, "dot"),
        Key(say("seeds_alone", language), style.GRID, "line"),
    )  # fmt: skip
    return Drawn(figure, finding, legend)


def _foot(result: Result, language: str) -> str:
    facts = (("commit", result.commit), ("digest", result.digest), ("seeds", str(result.seeds)))
    told = "".join(f"<dt>{html.escape(say(key, language))}</dt><dd>{html.escape(value)}</dd>" for key, value in facts)
    return (
        f"<h2>{html.escape(say('how', language))}</h2><p>{html.escape(say('repeat', language))}</p>"
        f"<pre><code>.venv/bin/{html.escape(result.command)}</code></pre><dl>{told}</dl>"
    )
