"""``python -m analysis ablation``: check what was typed, live the worlds, and write the tables and the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.ablation import page, table
from analysis.ablation.result import SEEDS, Result, ablated
from analysis.typed import options, whole
from sim.params import folder_of
from sim.types import UserError

OUTPUTS = "outputs/ablation"
OPTIONS = {"--seeds": "20", "--only": "layer,mechanism.trust", "--outputs": OUTPUTS}
MOST_SEEDS = 10_000


def serve(words: Sequence[str], say: Callable[[str], None], warn: Callable[[str], None]) -> Result:
    """Do what was typed: the table and the page lie in the folder of outputs afterwards.

    Parameters
    ----------
    words : sequence of str
        What was typed after ``ablation``.
    say, warn : callable
        Given each line of the result, and of what happens meanwhile.

    Raises
    ------
    UserError
        If it cannot be done.
    """
    given = options("ablation", words, OPTIONS)
    seeds = whole("ablation", "--seeds", given.get("--seeds", str(SEEDS)), 1, MOST_SEEDS)
    only = tuple(dict.fromkeys(one.strip() for one in given.get("--only", "").split(",") if one.strip()))
    if "--only" in given and not only:
        raise UserError(f"ablation: --only names no part, as in --only {OPTIONS['--only']}; leave it out for all")
    outputs = folder_of("--outputs", given.get("--outputs", OUTPUTS))
    result = ablated(seeds, only, outputs, heard=lambda line: warn(f"ablation: {line}"))
    for line, _ in result.limits:
        warn(f"note: {line}")
    for one in result.idle_first():
        say(f"{one.form.name}: {one.verdict}")
    say(f"table: {table.write(result, outputs / 'table.csv')}")
    for path in page.write(result, outputs):
        say(f"page: {path}")
    return result
