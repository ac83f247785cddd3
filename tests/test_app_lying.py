"""A film says where data lie and which ways are open as the world does, month by month; a player is told the same, no further."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from link_worlds import busy

from analysis.app import film as films
from analysis.app.lying import LEAST, MOST, Lying
from analysis.app.packing import unpacked
from analysis.app.player_film import player_film
from analysis.app.seen import Seen
from analysis.app.watching import Notes
from sim import engine
from sim.game import Game
from sim.run import one_run, prepare

TREE = busy("2020-10", cut="hub")
TREE |= {"scenarios": "pandemic_lockdown", "shocks": [{"kind": "travel_closure"}, *TREE["shocks"]]}
"""Closed borders bring load besides, and the cables of one hub are cut."""


class Both(Notes):
    """Notes, and beside them what each month holds, read row by row from the tables."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[dict[int, dict[tuple[int, int], float]]] = []
        self.open: list[dict[tuple[int, int], tuple[int, int]]] = []
        self.loads: list[Any] = []

    def month(self, world: Any) -> None:
        super().month(world)
        if len(self.members) == 1:
            return
        market = world.setting.config.mechanisms["market"]
        cells: dict[int, dict[tuple[int, int], float]] = defaultdict(lambda: defaultdict(float))
        clouds = world.clouds
        for row in range(len(clouds)):
            user = int(clouds["user"][row])
            tied = market.tied * float(world.localisation[user])
            held = (1.0 - tied) * float(clouds["free"][row]) + tied * float(clouds["bound"][row])
            cells[user][int(clouds["host"][row]), int(clouds["home"][row])] += held
        links, severed, ways = world.links, world.array("severed"), defaultdict(lambda: [0, 0])
        for row in range(len(links)):
            if links["status"][row] == 1:
                pair = ways[int(links["first"][row]), int(links["second"][row])]
                pair[1] += 1
                pair[0] += bool(links["days_down"][row] < 30 and severed[row] < 1.0)
        n = world.setting.n_states
        self.loads.append(world.load[:n] * (1.0 + market.remote_work * world.closure[:n]))
        self.cells.append({user: dict(told) for user, told in cells.items()})
        self.open.append({pair: tuple(both) for pair, both in ways.items()})


@pytest.fixture(scope="module")
def lived() -> tuple[Both, dict[str, Any]]:
    config, chosen = prepare(TREE)
    setting, notes = engine.assemble(config), Both()
    record = one_run(setting, chosen.seed, "full", None, (), notes)
    return notes, films.tell(setting, record, notes)


def test_every_states_load_lies_in_the_film_where_it_lies_in_the_world(lived: tuple[Both, dict[str, Any]]) -> None:
    notes, film = lived
    for month, cells in enumerate(notes.cells):
        told = {user: list_ for m, user, list_ in film["lying"]["flows"] if m <= month}
        for user, held in cells.items():
            rows = [tuple(told[user][k : k + 3]) for k in range(0, len(told[user]), 3)]
            shares = [share for *_, share in rows]
            assert shares == sorted(shares, reverse=True) and len(rows) <= MOST and min(shares) >= LEAST
            for host, home, share in rows:
                assert share / 1000 == pytest.approx(held[host, home], abs=6e-4)
            left = max((share for cell, share in held.items() if cell not in {row[:2] for row in rows}), default=0.0)
            assert left <= max(LEAST / 1000 + 6e-4, shares[-1] / 1000 + 6e-4 if len(rows) == MOST else 0.0)


def test_ways_are_open_in_the_film_when_their_links_carry_data(lived: tuple[Both, dict[str, Any]]) -> None:
    notes, film = lived
    shut = 0
    for month, world in enumerate(notes.open):
        told = {}
        for a, b, changes in film["lying"]["ways"]:
            at = [changes[k : k + 3] for k in range(0, len(changes), 3) if changes[k] <= month]
            if at and at[-1][2]:
                told[a, b] = (at[-1][1], at[-1][2])
        assert told == world
        shut += sum(works == 0 for works, _ in told.values())
    # The hub's cables are cut in every month.
    assert shut >= film["months"]


def test_load_and_whose_reach_follow_the_month(lived: tuple[Both, dict[str, Any]]) -> None:
    notes, film = lived
    more = np.array(unpacked(film["lying"]["more"], film["months"]), dtype=float)
    load = np.array(unpacked(film["fields"]["load"], film["months"]), dtype=float)[:, : film["states"]]
    assert np.allclose(more * load, np.stack(notes.loads), rtol=1e-3)
    assert more.max() > 1.0
    exposed, told = np.array(unpacked(film["lying"]["exposed_to"], film["months"])), film["fields"]["load_exposed"]
    share = np.array(unpacked(told, film["months"]), dtype=float)
    for month, cells in enumerate(notes.cells):
        for user, held in cells.items():
            whose = int(exposed[month][user])
            alone = sum(part for (host, home), part in held.items() if whose in (host, home))
            # A hybrid cloud, at home on another's technology, counts half.
            hybrid = sum(part for (host, home), part in held.items() if home == whose and host == user)
            assert alone - 0.5 * hybrid - 1e-3 <= share[month][user] <= alone + 1e-3


def test_a_player_is_told_where_data_lie_as_far_as_it_has_lived() -> None:
    game, (_, chosen) = Game(TREE, 3, "JPN"), prepare(TREE)
    seen, notes = Seen(game.setting.codes.index("JPN")), Notes()
    for watcher in (seen, notes):
        watcher.month(game.world)
    before = player_film(game, seen, chosen)["lying"]
    assert {month for month, *_ in before["flows"]} == {0} and before["ways"]
    for watcher in (seen, notes):
        game.watch(watcher)
    game.advance(3)
    told = player_film(game, seen, chosen)["lying"]
    told.pop("places")
    assert told == notes.lying.told() and max(month for month, *_ in told["flows"]) <= 2


def test_notes_that_go_on_leave_a_copy_as_it_was(lived: tuple[Both, dict[str, Any]]) -> None:
    notes, film = lived
    twin = notes.lying.copy()
    assert notes.world is not None
    twin.add(notes.world)
    assert notes.lying.told() == {key: told for key, told in film["lying"].items() if key != "places"}
    assert twin.months == notes.lying.months + 1 and isinstance(twin, Lying)
