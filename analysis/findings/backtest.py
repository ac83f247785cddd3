"""Who signs with whom: the model beside simple rivals, in both windows, misses first."""

from __future__ import annotations

from analysis.backtest.evaluation import FROZEN, MODEL, Line
from analysis.backtest.page import TITLES, least, per_cent, span
from analysis.backtest.run import DEVELOPMENT, HELD, SEEDS, Asked, Backtest, backtest
from analysis.backtest.told import level, limits, verdict
from analysis.findings import Lived, table
from sim.run import provenance

TITLE = "Who signs with whom"
DEVELOPMENT_SEEDS = 40
LEAD = f"""
How well do shares of seeds rank the dyads that signed a data instrument? {SEEDS} seeds are lived for the
years held back and {DEVELOPMENT_SEEDS} for the years of development. `docs/backtest.md` says what is scored, on which
labels and how. *Area* is the area under precision-recall. Intervals are 95 %
over resampled parties. *Better* is the share of resamples in which the model's area is larger.
`(frozen)` marks inputs as known a year before the window; all others are as known year by year.
"""
WHY = "the finding of docs/findings/backtest.md, written by python -m analysis findings backtest"
HEAD = (
    "scorer",
    "area",
    "interval",
    "model less this",
    "its interval",
    "better",
    "least without one party",
    "hits in 60",
    "partner's rank",
)


def body(lived: Lived) -> str:
    """Score both windows, the held one first, and return the page; the look at it is logged."""
    parts = [f"Commit: `{provenance()['commit'] or 'none'}`."]
    for window, seeds in ((HELD, SEEDS), (DEVELOPMENT, DEVELOPMENT_SEEDS)):
        asked = Asked(window=window, seeds=seeds, why=WHY)
        lived.heard(f"{seeds} seeds, {asked.words}")
        parts.append(_window(asked, backtest(asked, lived.heard)))
    return "\n\n".join(parts)


def _window(asked: Asked, done: Backtest) -> str:
    held = ' --why "..."' if asked.window == HELD else ""
    parts = [
        f"## {asked.words}",
        f"`python -m analysis backtest --window {asked.words} --seeds {asked.seeds}{held}` repeats it.",
        " ".join(words for words in (verdict(done.lines), level(done.lines)) if words),
        "### The dyads it gets most wrong",
        table(
            ["dyad", "what it signed", "share of seeds", "reason"],
            [[w.pair, w.what or "did not sign", f"{100 * w.share:.0f} %", w.reason] for w in done.wrong],
        ),
    ]
    for name in dict.fromkeys(line.reading for line in done.lines):
        mine = [line for line in done.lines if line.reading == name]
        one = mine[0]
        parts += [
            f"### {TITLES[name]}",
            f"{one.n_signed} of {one.n_dyads:,} signed; they weigh {one.weight:.2f} instruments. A score of none reads {one.random:.4f}.",
            table(HEAD, [_row(line) for line in mine]),
        ]
    parts += ["### What limits this", "\n".join(f"- {one}" for one in limits(done.evaluation))]
    return "\n\n".join(parts)


def _row(line: Line) -> list[str]:
    model = line.scorer == MODEL
    return [
        line.title + (" (frozen)" if line.inputs == FROZEN else ""),
        f"{line.area.value:.4f}",
        span(line.area.low, line.area.high),
        "" if model else f"{line.difference.value:+.4f}",
        "" if model else span(line.difference.low, line.difference.high),
        "" if model else per_cent(line.better),
        least(line),
        f"{line.hits:.1f}",
        f"{line.partner:.0f}",
    ]
