"""``python -m analysis validate``: check what was typed, score the facts, and write the table and the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.facts import chosen
from analysis.typed import options, whole
from analysis.validation import page, table
from analysis.validation.result import HOLDS, SEEDS, Result, stored, validated
from sim.params import folder_of
from sim.types import UserError

OUTPUTS = "outputs/validation"
OPTIONS = {"--seeds": "30", "--only": "D1,D4", "--runs": "FOLDER,TWIN", "--outputs": OUTPUTS, "--workers": "2"}
MOST_SEEDS, MOST_WORKERS = 10_000, 1024


def serve(words: Sequence[str], say: Callable[[str], None], warn: Callable[[str], None]) -> Result:
    """Do what was typed: the table and the pages lie in the folder of outputs afterwards.

    Parameters
    ----------
    words : sequence of str
        What was typed after ``validate``.
    say, warn : callable
        Given each line of the result, and of what happens meanwhile.

    Raises
    ------
    UserError
        If it cannot be done.
    """
    given = options("validate", words, OPTIONS)
    only = ids_of(given["--only"]) if "--only" in given else ()
    outputs = folder_of("--outputs", given.get("--outputs", OUTPUTS))
    if "--runs" in given:
        for other in ("--seeds", "--workers"):
            if other in given:
                raise UserError(f"validate: {other} is for runs to be lived; --runs scores what is stored")
        folders = [one for one in given["--runs"].split(",") if one]
        if not folders:
            raise UserError("validate: --runs names no folder")
        result = stored(folders, only)
    else:
        seeds = whole("validate", "--seeds", given.get("--seeds", str(SEEDS)), 1, MOST_SEEDS)
        workers = whole("validate", "--workers", given["--workers"], 1, MOST_WORKERS) if "--workers" in given else None
        result = validated(seeds, only, outputs, workers=workers, heard=lambda line: warn(f"validate: {line}"))
    for line, _ in result.limits:
        warn(f"note: {line}")
    for one in result.misses_first():
        told = [line for line in one.lines if line.found is not None]
        held = f" ({sum(line.verdict == HOLDS for line in told)} of {len(told)} numbers in band)" if told else ""
        say(f"{one.fact.id:<4} {one.verdict}{held}: {one.fact.title}")
    say(f"table: {table.write(result, outputs / 'table.csv')}")
    for path in page.write(result, outputs):
        say(f"page: {path}")
    return result


def ids_of(text: str) -> tuple[str, ...]:
    """Return the ids of a filter, each of a fact.

    Raises
    ------
    UserError
        If it names none, or one that does not exist.
    """
    names = tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    if not names:
        raise UserError("validate: --only names no fact, as in --only D1,D4; leave it out for all")
    return tuple(fact.id for fact in chosen(names))
