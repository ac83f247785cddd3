"""``python -m analysis backtest``: read the words typed, score, and say where the results are."""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from analysis.backtest.run import DEVELOPMENT, Asked, backtest
from analysis.backtest.told import level, verdict
from analysis.typed import options, whole
from sim.types import UserError

FIRST_YEAR, LAST_YEAR = 2010, 2025
MOST_SEEDS, MOST_RESAMPLES = 10_000, 100_000
OPTIONS = {
    "--window": f"{DEVELOPMENT[0]}-{DEVELOPMENT[1]}", "--seeds": "200", "--runs": "FOLDER", "--labels": "FILE", "--why": "WORDS",
    "--date": "2026-11-29", "--resamples": "1000", "--outputs": "outputs",
}  # fmt: skip
_WINDOW = re.compile(r"(\d{4})-(\d{4})")


def serve(words: Sequence[str], say: Callable[[str], None], warn: Callable[[str], None]) -> int:
    """Do what the words say and return the exit code; ``say`` is given each line, ``warn`` what happens meanwhile.

    Raises
    ------
    UserError
        If the words are not understood, a library is missing, or it cannot be done.
    """
    asked = asked_by(words)
    for needed, package in (("sklearn", "scikit-learn"), ("statsmodels", "statsmodels"), ("duckdb", "duckdb")):
        if find_spec(needed) is None:
            raise UserError(f"the backtest needs {package}: pip install '.[yardsticks]' brings it")
    from analysis.backtest.page import write_page

    done = backtest(asked, lambda line: warn(f"backtest: {line}"))
    command = shlex.join(["python", "-m", "analysis", "backtest", *words])
    page = asked.folder / "page.html"
    write_page(page, done.evaluation, done.lines, done.wrong, command)
    for note in done.evaluation.model.notes:
        say(f"note: {note}")
    for sentence in (verdict(done.lines), level(done.lines)):
        if sentence:
            say(sentence)
    say(f"backtest: {page}")
    return 0


def asked_by(words: Sequence[str]) -> Asked:
    """Read the words typed.

    Raises
    ------
    UserError
        If one is not understood: what was expected, and the nearest choice.
    """
    given = {name.removeprefix("--"): value for name, value in options("backtest", words, OPTIONS).items()}
    asked = Asked()
    if "window" in given:
        asked = dataclasses.replace(asked, window=_window(given["window"]))
    if "seeds" in given:
        asked = dataclasses.replace(asked, seeds=whole("backtest", "--seeds", given["seeds"], 1, MOST_SEEDS))
    if "resamples" in given:
        asked = dataclasses.replace(asked, resamples=whole("backtest", "--resamples", given["resamples"], 2, MOST_RESAMPLES))
    if "runs" in given and "seeds" in given:
        raise UserError("backtest: --seeds is for runs that are lived now; those of --runs have their own")
    runs, labels = (Path(given[name]) if name in given else None for name in ("runs", "labels"))
    outputs = Path(given["outputs"]) if "outputs" in given else asked.outputs
    return dataclasses.replace(asked, runs=runs, labels=labels, outputs=outputs, why=given.get("why"), date=given.get("date"))


def _window(text: str) -> tuple[int, int]:
    told = _WINDOW.fullmatch(text)
    if told is None:
        raise UserError(f"backtest: --window {text!r} is no window; write years, as in 2010-2018")
    first, last = int(told[1]), int(told[2])
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        raise UserError(
            f"backtest: --window {text} must lie in {FIRST_YEAR} to {LAST_YEAR}, first year first: inputs begin in the one "
            "and labels end in the other"
        )
    return first, last
