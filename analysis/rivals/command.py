"""``python -m analysis rivals``: check what was typed, live the worlds, and write the table and the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec

from analysis.rivals import page, table, told
from analysis.rivals.columns import chosen
from analysis.rivals.result import SEEDS, Result, compared_with_rivals
from analysis.typed import options, whole
from sim.params import folder_of
from sim.types import UserError

OUTPUTS = "outputs/rivals"
OPTIONS = {"--seeds": "20", "--only": "gravity,coercion", "--outputs": OUTPUTS}
MOST_SEEDS = 10_000


def serve(words: Sequence[str], say: Callable[[str], None], warn: Callable[[str], None]) -> Result:
    """Do what was typed: the table and the pages lie in the folder of outputs afterwards.

    Parameters
    ----------
    words : sequence of str
        What was typed after ``rivals``.
    say, warn : callable
        Given each line of the result, and of what happens meanwhile.

    Raises
    ------
    UserError
        If it cannot be done.
    """
    given = options("rivals", words, OPTIONS)
    seeds = whole("rivals", "--seeds", given.get("--seeds", str(SEEDS)), 1, MOST_SEEDS)
    only = tuple(dict.fromkeys(one.strip() for one in given.get("--only", "").split(",") if one.strip()))
    if "--only" in given and not only:
        raise UserError(f"rivals: --only names no rival, as in --only {OPTIONS['--only']}; leave it out for all")
    names = chosen(only)
    outputs = folder_of("--outputs", given.get("--outputs", OUTPUTS))
    if find_spec("sklearn") is None:
        raise UserError("rivals: the backtest needs scikit-learn: pip install '.[yardsticks]' brings it")
    result = compared_with_rivals(seeds, names if only else (), outputs, heard=lambda line: warn(f"rivals: {line}"))
    for line, _ in result.limits:
        warn(f"note: {line}")
    say(told.summary(result))
    for better in (False, True):
        for line in told.sentences(result, better=better):
            say(line)
    say(f"table: {table.write(result, outputs / 'table.csv')}")
    for path in page.write(result, outputs):
        say(f"page: {path}")
    return result
