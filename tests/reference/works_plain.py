"""Works under pacts, pact by pact: they stand and go on, are given up, and hosts default."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reference.accessions_plain import called
from reference.ledger_plain import move
from reference.plain_world import code
from sim import luck
from sim.rng import identity, uniforms
from sim.types import ISSUES, Reason, Stage

ADDED_REASONS = ("defaulted", "works_abandoned")


def begin(w: Any) -> None:
    """Nothing stands still as the run begins."""


def step(w: Any, decide: Any) -> None:
    """Let each pact that pays have a month of works."""
    part, over = w.part("works"), []
    pacts = [(row, one) for row, one in enumerate(w.instruments) if one.stage == Stage.IN_FORCE and one.commitment > 0.0]
    for row, one in pacts:
        if one.in_force >= w.month:
            continue
        weak = 2.0 * (1.0 - w.protection_state[one.second])
        stop, fail = (_drawn(w, row, word) for word in (0, 1))
        stood = one.stands > 0
        stands = stop >= part.resuming if stood else stop < min(part.stopping * weak, 1.0)
        one.stands = one.stands + 1 if stands else 0
        one.months_barred += stands
        if stands != stood:
            _say(w, "works_stopped" if stands else "works_resumed", row, one)
        broke = fail < 1.0 - math.exp(-part.default_rate * weak / 12.0)
        over.append((row, one, stands, broke))
    for _, one, stands, broke in over:
        if not stands and not broke and (one.second, one.first) in w.facts and _level(w, one) is not None:
            w.run_by[one.second, one.first] += _level(w, one) * one.commitment / one.term / _cost(w, one)
    for row, one, _, broke in over:
        if broke:
            taken = 0.0 if _level(w, one) is None else one.disbursed / _cost(w, one) * (1.0 - _level(w, one))
            if (one.second, one.first) in w.facts:
                w.run_by[one.second, one.first] += taken
            _say(w, "host_default", row, one, value=taken)
        if broke or one.stands >= part.patience:
            move(w, row, Stage.TERMINATED, len(Reason) + ADDED_REASONS.index("defaulted" if broke else "works_abandoned"))


def _say(w: Any, word: str, row: int, one: Any, **told: float) -> None:
    w.say(code(word), party_a=one.first, party_b=one.second, type=one.type, instrument=row, **told)


def _drawn(w: Any, row: int, word: int) -> float:
    key = np.array([identity(called(w, row))], dtype=np.uint64)
    return float(uniforms(w.seed, luck.WORKS, w.month, key, word=word)[0])


def _cost(w: Any, one: Any) -> float:
    kind = w.kinds[one.type]
    return float(next((getattr(kind, does.cost) for does in kind.does if does.name == "builds"), 1.0))


def _level(w: Any, one: Any) -> float | None:
    """Return how much the investor controls; None where the text says nothing of it."""
    level = one.text[ISSUES.index("hosting_control")]
    return None if level is None or math.isnan(level) else float(level)
