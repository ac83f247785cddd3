"""Screenings under way as a run begins: who asked in the years before, pair by pair."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from reference.ledger_plain import open_talk
from sim import luck
from sim.contracts import is_screened
from sim.rng import identity, uniform
from sim.types import Channel, Rank


def ask_before(w: Any, decide: Any, years: int) -> None:
    """Let who would be judged ask once a year, as on a visit, and open what would not be over by the start."""
    kinds = [name for name, kind in w.kinds.items() if name in w.config.negotiated and is_screened(kind)]
    start = w.month
    for back in range(years, 0, -1) if kinds else ():
        hopes = {dyad: _hope(w, kinds, *dyad) for dyad in w.dyads}
        asking = sorted((dyad for dyad in w.dyads if hopes[dyad] > 0.0), key=lambda dyad: -hopes[dyad])
        visits = [SimpleNamespace(party_a=me, party_b=other, channel=Channel.VISIT, rank=Rank.OFFICIAL) for me, other in asking]
        w.month = start - 12 * back
        try:
            answers = decide.propose(w, visits)
        finally:
            w.month = start
        for (me, judge), kind in zip(asking, answers, strict=True):
            if kind not in kinds:
                continue
            first, second = (judge, me) if w.role[kind, me, judge] == 1 else (me, judge)
            drawn = uniform(w.seed, luck.ASKED_BEFORE, start - 12 * back, identity(_name(kind, first, second, start)))
            opened = start - 12 * back + int(12.0 * drawn)
            if start - opened < _lasts(w, kind, first, second, opened):
                w.talks[open_talk(w, kind, first, second, me)].opened = opened


def _hope(w: Any, kinds: list[str], me: str, judge: str) -> float:
    """Return what the two hope for together where I would be judged (1e-4 USD a year); 0 where I would not, or hope for nothing."""
    mine = [kind for kind in kinds if w.role[kind, me, judge] == 1 and w.prospect[kind, me, judge] * w.gdp[me] > 0.0]
    both = [w.prospect[kind, me, judge] * w.gdp[me] + w.prospect[kind, judge, me] * w.gdp[judge] for kind in mine]
    return max(both, default=0.0)


def _lasts(w: Any, kind: str, first: str, second: str, opened: int) -> int:
    part = w.kinds[kind]
    drawn = uniform(w.seed, luck.SCREENING, opened, identity(_name(kind, first, second, opened)))
    return int(part.screening_least + drawn * (part.screening_most + 1 - part.screening_least))


def _name(kind: str, first: str, second: str, opened: int) -> str:
    return ":".join([kind, *sorted((first, second)), str(opened)])
