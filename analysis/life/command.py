"""``python -m analysis life FOLDER``: the life of one agreement of a stored run in words, or which agreements there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.life.record import Lived, chain, chains, lives_of
from analysis.life.told import heading, lines
from analysis.store import StoredRun, open_run
from sim.types import UserError, nearest

MOST = 30
"""Chains that a list holds at most."""


def serve(words: Sequence[str], say: Callable[[str], None]) -> int:
    """Do what the words after ``life`` say and return the exit code.

    Raises
    ------
    UserError
        If the words are not understood, or the folder keeps no such run, party or agreement.
    """
    folder, names, seed = _read(words)
    run = open_run(folder)
    every = lives_of(run, run.seeds[0] if seed is None else seed)
    if len(names) == 1 and names[0] in every:
        for line in lines(run, chain(every, names[0])):
            say(line)
        return 0
    codes = [*run.roster.codes, *run.roster.bloc_names]
    for name in names:
        if name not in codes:
            raise UserError(f"{run.folder} has no agreement and no party {name!r}; {nearest(name, every if ':' in name else codes)}")
    for line in _listed(run, [some for some in chains(every) if set(names) <= set(some[0].parties)]):
        say(line)
    return 0


def _read(words: Sequence[str]) -> tuple[str, list[str], int | None]:
    rest, seed = list(words), None
    if "--seed" in rest:
        at = rest.index("--seed")
        given = rest[at + 1] if at + 1 < len(rest) else ""
        if not given.isdigit():
            raise UserError(f"life: --seed {given or 'nothing'!r} is not understood; a number of a run is expected, such as --seed 0")
        seed = int(given)
        del rest[at : at + 2]
    if not 1 <= len(rest) <= 3 or any(word.startswith("-") for word in rest):
        raise UserError(f"life: {' '.join(words) or 'nothing'!r} is not understood; write life FOLDER [NAME | PARTY [PARTY]] [--seed N]")
    return rest[0], rest[1:], seed


def _listed(run: StoredRun, some: Sequence[tuple[Lived, ...]]) -> list[str]:
    """Return a line for each agreement of some chains; what replaces another stands under it."""
    out = []
    for each in some[:MOST]:
        out += [f"{'  then ' if k else ''}{one.name}  {heading(run, one)}" for k, one in enumerate(each)]
    if len(some) > MOST:
        out.append(f"and {len(some) - MOST} more: name a party, as in: life {run.folder} EU")
    return out or ["no agreement of these parties in this run"]
