"""The model beside rival theories, what it does no better first; written by ``python -m analysis rivals`` as well."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

from analysis.findings import Lived, headed, table, written
from analysis.rivals.result import Result, compared_with_rivals
from analysis.rivals.told import Cell, Row, groups, heading, sentences, summary, title
from analysis.rivals.words import listed, say

TITLE = "The model beside rival theories"
LEAD = """
Nulls and rival theories say who signs with whom in place of the model's bargaining
([rivals.md](../rivals.md)). All else is the model, and the seeds are the same. A fact tells the
model from a rival only if it is in band for the model and missed by the rival. Who signs with whom
is scored on 2010 to 2018 alone ([backtest.md](../backtest.md)): the years from 2019 on are not
scored here. Comparators that are no worlds, such as digital trade alone, stand in
[backtest.md](backtest.md).
"""


def body(lived: Lived) -> str:
    """Live the model and all rivals and return the table."""
    return text(compared_with_rivals(heard=lived.heard))


def write(result: Result, folder: Path) -> Path:
    """Write the page of a result that lies there already."""
    return written(folder / "rivals.md", headed("rivals", TITLE, LEAD, text(result)))


def text(result: Result) -> str:
    """Return the sentences and the table of a result as Markdown, where the model does no better first."""
    parts = [
        f"Seeds 0 to {result.seeds - 1}, {result.resamples} resamples of parties, commit `{result.commit}`.\nRepeat it with "
        f"`{result.command}`.",
        _filled(f"**{summary(result)}**"),
    ]
    for key, better in (("no_better", False), ("better", True)):
        parts += [f"## {say(key, 'en')}", _listed(sentences(result, better=better)) or say("nowhere", "en")]
    parts += [f"## {say('table', 'en')}", _table(result), f"## {say('limits', 'en')}"]
    waiting = [say("waiting", "en").format(facts=listed([heading(fact) for fact in result.waiting], "en"))] if result.waiting else []
    parts.append(_listed([*(line for line, _ in result.limits), *waiting]))
    return "\n\n".join(part for part in parts if part)


def _table(result: Result) -> str:
    """Lay the one table out; a row in bold heads a group."""
    head = [say("row", "en").lower(), *(title(column).lower() for column in result.columns)]
    rows: list[list[str]] = []
    for group in groups(result):
        rows.append([f"**{group.heading}**", *([""] * len(result.columns))])
        rows += [_row(row) for row in group.rows]
    return table(head, rows)


def _row(row: Row) -> list[str]:
    return ["; ".join((row.name, *row.under)), *(_cell(cell) for cell in row.cells)]


def _cell(cell: Cell) -> str:
    return f"{cell.words} ({'; '.join(cell.under)})" if cell.under else cell.words


def _listed(lines: list[str]) -> str:
    return "\n".join(_filled(f"- {line}", "  ") for line in lines)


def _filled(line: str, indent: str = "") -> str:
    return fill(line, 100, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
