"""Why these two, as JSON: what :func:`sim.why.why` tells, in both languages, for pages that draw it.

Whatever bars and terms there are, they pass through as they come; nothing here knows one by name.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from sim.why import TypeWhy, Way, Why


def told(answer: Why) -> dict[str, Any]:
    """Return what stands between two parties as a tree of JSON.

    Parameters
    ----------
    answer : Why

    Returns
    -------
    dict
        ``month``, ``one``, ``other`` and ``types``: a type each with ``name``, ``title``, ``title_id``, ``bars``, ``places``, ``ways``, and
        ``best``, the place among the ways of the one that the rule goes by (None where none is allowed). A way whose two roles are called
        alike is told once. ``sides`` of a way hold ``party``, ``role``, ``bp``, ``usd`` and ``terms``, and are None where they may not.
    """
    return {"month": answer.month, "one": answer.one, "other": answer.other, "types": [_type(kind) for kind in answer.types]}


def _type(kind: TypeWhy) -> dict[str, Any]:
    ways, best = ways_of(kind), kind.best
    at = next((k for k, way in enumerate(ways) if best is not None and _alike(way, best)), None)
    tree = dataclasses.asdict(dataclasses.replace(kind, ways=ways, places=dict(kind.places)))
    return {**_finite(tree), "best": at}


def ways_of(kind: TypeWhy) -> tuple[Way, ...]:
    """Return the ways of a type that differ: where both roles are called alike, either way round is the same."""
    return kind.ways[:1] if len(kind.ways) > 1 and _alike(kind.ways[0], kind.ways[1]) else kind.ways


def _alike(one: Way, other: Way) -> bool:
    if one.sides is None or other.sides is None:
        return one is other
    return {(side.party, side.role) for side in one.sides} == {(side.party, side.role) for side in other.sides}


def _finite(value: Any) -> Any:
    """Turn what is no number into None, so that it can be written as JSON."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
