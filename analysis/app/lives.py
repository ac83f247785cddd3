"""What a film tells of the life of each agreement beyond its dates: clauses, what it carried and was worth, cases, and its reviews.

Clauses and what an agreement replaced are public. The rest is in the film of a whole run only: a player is not told what an agreement is
worth to others, nor a ruling that is still to come.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.app.packing import short
from sim.state.world import World
from sim.types import NEVER

CLAUSES = ("renewal", "review")
UNLISTED = ("review",)
"""Events of an agreement that films leave out of their list, and that its life tells."""


def clauses_of(world: World, row: int) -> list[int | None]:
    """Return term, renewal, review and notice in months, None where the text has none, and 1 where it has a procedure for disputes."""
    term = int(world.instruments["term"][row])
    told = [_here(world, name, row) for name in CLAUSES]
    notice = _here(world, "notice", row, -1)
    return [
        None if term >= NEVER or term < 0 else term, *(int(one) or None for one in told), None if notice < 0 else int(notice),
        int(bool(_here(world, "disputes", row))),
    ]  # fmt: skip


def before_of(world: World, row: int) -> str:
    """Return the identity of what an agreement replaced, or is to replace; empty for nothing."""
    old = int(world.instruments["successor_of"][row])
    return world.instrument_identity(old) if old >= 0 else ""


def lives_of(world: World) -> list[dict[str, Any]]:
    """Return for each agreement ``carried``, ``added`` (USD), ``firms``, ``gain`` and ``value`` (bp by side), ``cases`` and ``reviews``.

    A case is filed, due, outcome, plaintiff, court (a party or -1), margin and what the court asked. A review is told as films tell events.
    """
    cases, reviews = _cases(world), _reviews(world)
    table, talks = world.instruments, world.talks
    out = []
    for row in range(len(table)):
        talk = int(table["talk"][row])
        gain = talks["utility"][talk] - talks["disagreement_value"][talk] if talk >= 0 else np.full(2, np.nan)
        value = [float(_here(world, f"value_{side}", row)) for side in ("first", "second")]
        out.append(
            {
                "carried": short(float(_here(world, "trade_carried", row))),
                "added": short(float(_here(world, "trade_added", row))),
                "firms": short(float(_here(world, "certified", row))),
                "gain": [short(float(one)) for one in gain] if np.isfinite(gain).all() else None,
                "value": [short(one) for one in value] if any(value) else None,
                "cases": cases.get(row, []),
                "reviews": reviews.get(row, []),
            }
        )
    return out


def _here(world: World, name: str, row: int, absent: float = 0.0) -> Any:
    """Return a column that a part adds; ``absent`` where the run has no such part."""
    return world.array(name)[row] if world.setting.schema.on_rows.get(name) == "instruments" else absent


def _cases(world: World) -> dict[int, list[list[Any]]]:
    found: dict[int, list[list[Any]]] = {}
    if "cases" not in world.setting.schema.tables:
        return found
    table, first = world.table("cases"), world.setting.config.start
    for at in range(len(table)):
        told = [
            int(table["filed"][at]) - first,
            int(table["due"][at]) - first,
            *(int(table[key][at]) for key in ("outcome", "plaintiff", "court")),
        ]
        passed = [float(table[key][at]) for key in ("margin", "asked")]
        found.setdefault(int(table["instrument"][at]), []).append([*told, *(short(one) if np.isfinite(one) else None for one in passed)])
    return found


def _reviews(world: World) -> dict[int, list[list[Any]]]:
    table, names, first = world.events, world.setting.words.events, world.setting.config.start
    codes = [names.index(name) for name in UNLISTED if name in names]
    found: dict[int, list[list[Any]]] = {}
    columns = ("event", "party_a", "party_b", "type", "talk", "instrument", "reason")
    for at in np.flatnonzero(np.isin(table["event"], codes)).tolist():
        told = [int(table["month"][at]) - first, *(int(table[name][at]) for name in columns), short(float(table["value"][at]))]
        found.setdefault(int(table["instrument"][at]), []).append(told)
    return found
