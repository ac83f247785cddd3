"""What a film tells of a head's year: its contacts, what carried those on a screen, and the record if there is one."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.app.packing import shorts
from sim.state.world import Setting, World
from sim.tested import targets_of
from sim.types import Event, Rank

COLUMNS = ("party_a", "party_b", "channel", "occasion", "platform_used", "bridge_used")
"""What is told of each contact, in this order; -1 where a run has no such column."""


def heads_of(world: World, months: int, seat: int | None = None) -> list[list[int]]:
    """Return the contacts of heads, month by month: a row of :data:`COLUMNS` after another.

    Parameters
    ----------
    world : World
    months : int
        How many months from the run's first are told.
    seat : int or None
        Of a player, who is told of its own head's alone, and not why the other side opened one; None for a whole run.
    """
    table, first = world.events, world.setting.config.start
    held = np.flatnonzero((table["event"] == Event.CONTACT) & (table["rank"] == Rank.HEAD))
    if seat is not None:
        held = held[(table["party_a"][held] == seat) | (table["party_b"][held] == seat)]
    absent = np.full(len(held), -1)
    rows = np.column_stack([_column(world, name)[held] if _there(world, name) else absent for name in COLUMNS])
    if seat is not None:
        rows[rows[:, 0] != seat, COLUMNS.index("occasion")] = -1
    month = table["month"][held] - first
    return [rows[month == m].ravel().tolist() for m in range(months)]


def platforms_of(world: World) -> list[dict[str, Any]]:
    """Return what meetings on a screen were held on: name, its host's state as a party, and how likely that state listens to each party.

    The host is -1 for bridges, each of which has an owner, and where it is not among the states. The chances are those of the last month.
    """
    video = world.setting.roster.video
    hears = world.array("hears") if "hears" in world.setting.schema.arrays else np.zeros((world.setting.n_parties, len(video.names)))
    return [
        {"name": name, "host": -1 if k == 0 else int(video.clouds.home[k - 1]), "hears": shorts(hears[:, k], 2)}
        for k, name in enumerate(video.names)
    ]


def record_of(setting: Setting) -> list[dict[str, Any]]:
    """Return the targets of the run's scenario that are of one party: column, party, months from the start, band, unit, source, grade."""
    start, codes = setting.config.start, setting.codes
    return [
        {
            "column": one.metric, "party": codes.index(one.party), "from": one.first - start, "until": one.last - start, "low": one.low,
            "high": one.high, "unit": one.unit, "source": one.source, "grade": one.grade,
        }
        for one in targets_of(setting)
        if one.party in codes
    ]  # fmt: skip


def _there(world: World, name: str) -> bool:
    return name in world.events.columns or world.setting.schema.on_rows.get(name) == "events"


def _column(world: World, name: str) -> Any:
    return world.events[name] if name in world.events.columns else world.array(name)
