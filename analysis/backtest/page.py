"""The page of a backtest, in the style of the reports: a picture of the areas, a table a reading, the dyads most wrong, and the limits."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import plotly.graph_objects as go

from analysis import style
from analysis.backtest.evaluation import FROZEN, KNOWN, MODEL, Evaluation, Line
from analysis.backtest.target import NINETEEN, READINGS
from analysis.backtest.told import level, limits, verdict, window_of
from analysis.backtest.written import save
from analysis.backtest.wrong import Wrong
from analysis.figures import Drawn
from analysis.report import section, whole

TITLES = {one.name: one.title for one in (*READINGS, NINETEEN)}
HEAD = ("Scorer", "Area", "95 % interval", "Model less this", "Its interval", "Model better", "Least without one party", "Hits in 60",
        "Partner's rank")  # fmt: skip
ROW_HEIGHT = 34


def write_page(path: Path, evaluation: Evaluation, lines: Sequence[Line], wrong: Sequence[Wrong], command: str) -> None:
    """Write the page."""
    save(path, page(evaluation, lines, wrong, command))


def page(evaluation: Evaluation, lines: Sequence[Line], wrong: Sequence[Wrong], command: str) -> str:
    """Return the page as HTML."""
    known = [line for line in lines if line.reading == READINGS[0].name and line.inputs == KNOWN]
    drawn = _picture(known)
    sections = [
        section("areas", f"{READINGS[0].title}: area under precision-recall", "Bars are 95 % intervals over resampled parties.", drawn),
        *(_readings(lines)),
        _wrong(wrong),
        f"<section><h2>What limits this</h2><ul>{''.join(f'<li>{html.escape(one)}</li>' for one in limits(evaluation))}</ul></section>",
    ]
    lead = " ".join(html.escape(words) for words in (
        f"Who signs a data instrument with whom, {window_of(evaluation)}: {evaluation.model.n_seeds} seeds of the model and its rivals.",
        verdict(lines), level(lines),
    ) if words)  # fmt: skip
    return whole(f"Backtest {window_of(evaluation)}", lead, sections, {"areas": drawn.figure}, _foot(evaluation, command))


def _picture(lines: Sequence[Line]) -> Drawn:
    figure = style.canvas(height=70 + ROW_HEIGHT * len(lines), margin=(200, 24, 8, 40))
    titles = [line.title for line in lines]
    figure.add_trace(
        go.Scatter(
            x=[line.area.value for line in lines],
            y=titles,
            mode="markers",
            marker={"size": 10, "color": [style.VERMILION if line.scorer == MODEL else style.BLUE for line in lines]},
            error_x={
                "type": "data", "symmetric": False, "color": style.QUIET, "thickness": 1.5, "width": 0,
                "array": [line.area.high - line.area.value for line in lines],
                "arrayminus": [line.area.value - line.area.low for line in lines],
            },
            hovertemplate="%{y}: %{x:.3f}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_xaxes(title="area under precision-recall", rangemode="tozero", gridcolor=style.GRID, zeroline=False, fixedrange=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True)
    found = "; ".join(f"{line.title} {line.area.value:.3f}" for line in lines)
    return Drawn(figure, f"{found}." if found else "Nothing was signed.")


def _readings(lines: Sequence[Line]) -> list[str]:
    found = []
    for name in dict.fromkeys(line.reading for line in lines):
        mine = [line for line in lines if line.reading == name]
        one = mine[0]
        head = "".join(f'<th scope="col">{words}</th>' for words in HEAD)
        said = (
            f"{one.n_signed} of {one.n_dyads:,} signed, which weigh {one.weight:.2f} instruments; a score of none reads {one.random:.4f}."
        )
        found.append(
            f'<section id="{name}"><h2>{html.escape(TITLES[name])}</h2><p class="finding">{said}</p>'
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, mine))}</tbody></table></section>"
        )
    return found


def _row(line: Line) -> str:
    cells = (
        f"{line.area.value:.4f}",
        span(line.area.low, line.area.high),
        "" if line.scorer == MODEL else f"{line.difference.value:+.4f}",
        "" if line.scorer == MODEL else span(line.difference.low, line.difference.high),
        "" if line.scorer == MODEL else per_cent(line.better),
        least(line),
        f"{line.hits:.1f}",
        f"{line.partner:.0f}",
    )
    inputs = " (frozen)" if line.inputs == FROZEN else ""
    told = "".join(f'<td data-year="{head}">{cell}</td>' for head, cell in zip(HEAD[1:], cells, strict=True))
    return f'<tr><th scope="row">{html.escape(line.title)}{inputs}</th>{told}</tr>'


def span(low: float, high: float) -> str:
    """Write the ends of an interval; a dash where there is none."""
    return "–" if low != low else f"{low:.4f} to {high:.4f}"


def per_cent(share: float) -> str:
    """Write a share in per cent; a dash where there is none."""
    return "–" if share != share else f"{100 * share:.0f} %"


def least(line: Line) -> str:
    """Write the least area without one party, and which; a dash where none of it is left without any."""
    return "–" if line.least != line.least else f"{line.least:.4f} ({line.without})"


def _wrong(wrong: Sequence[Wrong]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{one.pair}</th><td>{html.escape(one.what) if one.signed else "did not sign"}</td>'
        f"<td>{100 * one.share:.0f} %</td><td>{one.rank:.0f}</td><td>{html.escape(one.reason)}</td></tr>"
        for one in wrong
    )
    head = "".join(f'<th scope="col">{words}</th>' for words in ("Dyad", "What it signed", "Share of seeds", "Rank", "Reason"))
    return (
        '<section id="wrong"><h2>The dyads it gets most wrong</h2>'
        '<p class="reading">Reasons are the model\'s own, as the window begins.</p>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _foot(evaluation: Evaluation, command: str) -> str:
    manifest = evaluation.model.manifest
    facts = (
        ("Runs", str(evaluation.model.folder)),
        ("Seeds", str(evaluation.model.n_seeds)),
        ("Resamples of parties", str(evaluation.resamples)),
        ("Digest of the configuration", str(manifest.get("config_digest", "not stated"))),
        ("Digest of the model and its data", str(manifest.get("source_digest", "not stated"))),
    )
    told = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in facts)
    return f"<h2>Where this comes from</h2><p>Repeat it with</p><pre><code>{html.escape(command)}</code></pre><dl>{told}</dl>"
