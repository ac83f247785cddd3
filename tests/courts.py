"""A world in which the EU has a framework with the United States and anybody sues: the ground of tests on courts and on what follows."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from worlds import setting_of

from sim import engine
from sim.mechanisms.courts.rule import Courts
from sim.state.world import World
from sim.types import Event, Stage

STATES = ["AUT", "BEL", "CAN", "CHE", "DEU", "FRA", "IRL", "JPN", "KOR", "POL", "USA"]
FRAMEWORK = "transfer_framework"


def world_of(*, seed: int = 1, mechanisms: dict[str, Any] | None = None, **over: Any) -> World:
    """Begin a world in August 2000, a month after Safe Harbour entered into force, with settings laid over it."""
    tree = {"start": "2000-08", "end": "2012-12", "roster": {"states": STATES}, "background": [], "mechanisms": mechanisms or {}, **over}
    return engine.start(setting_of(tree), seed)


def harbour(world: World) -> int:
    """Return the row of the framework of the EU with the United States."""
    t = world.instruments
    judge, other = (world.setting.codes.index(code) for code in ("EU", "USA"))
    kind = world.setting.type_names.index(FRAMEWORK)
    return int(np.flatnonzero((t["type"] == kind) & (t["first"] == judge) & (t["second"] == other))[0])


def file_case(world: World, row: int, *, due: int, plaintiff: int = 0, role: int = 0) -> int:
    """Bring a case by hand that is ruled on in a month, and return its row."""
    return int(world.cases.append(instrument=row, role=role, plaintiff=plaintiff, filed=world.month, due=due))


def part(world: World, name: str, **values: Any) -> None:
    """Change parameters of a mechanism from this month on."""
    for key, value in values.items():
        engine.move_lever(world, engine.Action(f"mechanisms.{name}.{key}", value))


def without_courts(world: World) -> World:
    """Take all courts out of a world's data."""
    roster = world.setting.roster
    world.setting = dataclasses.replace(
        world.setting, roster=dataclasses.replace(roster, courts=roster.courts._some(np.zeros(0, dtype=int)))
    )
    return world


def live(world: World, months: int) -> World:
    """Live some months."""
    for _ in range(months):
        engine.step(world)
    return world


def events(world: World, name: str) -> list[dict[str, Any]]:
    """Return the events of a kind, as dicts."""
    code = world.setting.words.code("event", name) if name not in Event.__members__ else Event[name]
    rows = np.flatnonzero(world.events["event"] == code)
    return [
        {key: world.events[key][row].item() for key in ("month", "party_a", "party_b", "type", "instrument", "reason", "value")}
        for row in rows
    ]


def stage(world: World, row: int) -> Stage:
    """Return where an instrument stands."""
    return Stage(int(world.instruments["stage"][row]))


def courts(world: World) -> Courts:
    """Return the mechanism."""
    found: Courts = world.setting.config.mechanisms["courts"]
    return found
