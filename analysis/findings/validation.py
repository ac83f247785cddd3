"""The stylised facts beside what the model gives, misses first; written by ``python -m analysis validate`` as well."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

from analysis.findings import Lived, headed, table, written
from analysis.validation.page import band_of, figure_of, interval_of, null_of, share_of
from analysis.validation.result import HOLDS, MISSED, UNDEFINED, Result, Scored, validated

TITLE = "What the model gets right, and what it does not"
LEAD = """
Stylised facts of cloud diplomacy beside what the model gives. Nothing is fitted here.
A number is in band if its median over seeds is, and at least half of the seeds are. A fact holds if
all its numbers are in band. *Echo*: an input read back. *Calibrated*: a parameter was set with the
number in view. *Tested*: neither. The interval is that of the median, of order statistics, at 95 %.
The null is the world without the mechanism, with its median. It must miss a number of those
that it is about.
What each word means, and how to add a fact: [validation.md](../validation.md).
"""


def body(lived: Lived) -> str:
    """Score all facts and return their tables."""
    return text(validated(heard=lived.heard))


def write(result: Result, folder: Path) -> Path:
    """Write the page of a result that lies there already."""
    return written(folder / "validation.md", headed("validation", TITLE, LEAD, text(result)))


def text(result: Result) -> str:
    """Return the tables of a result as Markdown, misses first."""
    ranked = result.misses_first()
    missed = [one for one in ranked if one.verdict in (MISSED, UNDEFINED)]
    held = [one for one in ranked if one.verdict == HOLDS]
    waiting = [one for one in ranked if not one.scored]
    limits = "\n".join(f"- {one}" for one, _ in result.limits)
    parts = [f"Seeds 0 to {result.seeds - 1}, commit `{result.commit}`. Repeat it with `{result.command}`.", limits]
    parts += [f"## Missed: {len(missed)} of {len(missed) + len(held)} facts that can be scored", _scored(missed)]
    parts += ["## In band", _scored(held)]
    parts += ["## Not scored yet", _waiting(waiting)]
    return "\n\n".join(part for part in parts if part)


def _scored(some: list[Scored]) -> str:
    if not some:
        return "None."
    head = ["fact", "class", "number", "the world", "band", "median", "interval", "seeds in band", "verdict", "the null"]
    rows = [
        [
            f"{one.fact.id} {one.fact.title}", one.fact.class_of(line.measure), f"{line.measure.title}, {line.measure.unit}",
            figure_of(line.measure.number, "sign only"), band_of(line), figure_of(line.found.median), interval_of(line.found),
            share_of(line.found), line.verdict, null_of(line),
        ]
        for one in some for line in one.lines if line.found is not None
    ]  # fmt: skip
    told = [f"- {one.fact.id}: null `{one.fact.null.name}` {_null(one)}. {one.fact.note}".strip() for one in some]
    notes = "\n".join(fill(line, 100, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False) for line in told)
    return "\n\n".join(part for part in (table(head, rows), notes) if part)


def _null(one: Scored) -> str:
    return f"{one.null_verdict}: {one.why_no_null[0]}" if one.why_no_null[0] else one.null_verdict


def _waiting(some: list[Scored]) -> str:
    if not some:
        return "None."
    rows = [
        [
            f"{one.fact.id} {one.fact.title}", one.fact.class_of(line.measure), f"{line.measure.title}, {line.measure.unit}",
            figure_of(line.measure.number, "sign only"), band_of(line), f"{one.verdict}: {one.why[0]}",
        ]
        for one in some for line in one.lines
    ]  # fmt: skip
    return table(["fact", "class", "number", "the world", "band", "why"], rows)
