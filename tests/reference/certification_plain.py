"""Firms that certify under a framework, framework by framework."""

from __future__ import annotations

import math
from typing import Any

from sim.types import Stage


def begin(w: Any) -> None:
    """Give each framework in force as many firms as its age allows."""
    part = w.part("certification")
    for one in _live(w):
        # The logistic curve from the share of founders on.
        grown = math.exp(part.growth * (w.month - one.in_force) / 12.0)
        one.certified = _most(w, one) * part.founders * grown / (1.0 - part.founders + part.founders * grown)


def step(w: Any, decide: Any) -> None:
    """Let firms certify under what is in force: its founders at first, then more, and those of the last framework beside them."""
    part = w.part("certification")
    for one in _live(w):
        most = _most(w, one)
        if one.in_force == w.month:
            one.certified, one.coming_back = part.founders * most, _before(w, one)
            continue
        again = (1.0 - math.exp(-part.coming_back / 12.0)) * one.coming_back
        one.coming_back -= again
        room = max(0.0, 1.0 - one.certified / max(most, 1e-9))
        grown = one.certified + part.growth / 12.0 * one.certified * room + again
        one.certified = max(one.certified, min(most, grown))


def _live(w: Any) -> list[Any]:
    return [one for one in w.instruments if getattr(w.kinds[one.type], "certifies", False) and one.stage == Stage.IN_FORCE]


def _most(w: Any, one: Any) -> float:
    """Return how many firms have a use for a certificate: in proportion to what the judge's people buy from the undertaker."""
    return w.part("certification").firms * w.trade.get((one.second, one.first), 0.0) / 1e9


def _before(w: Any, one: Any) -> float:
    """Return how many firms the last framework of the same two had as it ended; one that never was in force is none."""
    same = [old for old in w.instruments if (old.type, old.first, old.second) == (one.type, one.first, one.second)]
    ended = [old for old in same if old.ended is not None and old.in_force is not None]
    return max(ended, key=lambda old: old.ended).certified if ended else 0.0
