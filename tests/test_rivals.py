"""Rival theories: who signs with whom without the model's bargaining, on the model's scarcity."""

from __future__ import annotations

import functools
import itertools
import shlex
from typing import Any

import numpy as np
import pytest
from worlds import begun, digest, lived, lively, months_of, setting_of

from sim import DiplomacyModel, engine
from sim.bargains.worth import gain
from sim.command import command
from sim.decide.rivalled import Rivalled
from sim.decide.staff import free_desks
from sim.doors.compose import composed
from sim.doors.overrides import read
from sim.game import Game
from sim.params import configure
from sim.registry import shelf
from sim.rivals.emulation import model_of
from sim.single import prepare
from sim.stakes.linkage import compiled
from sim.stakes.stakes import Groups, issues_of, take
from sim.state.world import World, snapshot
from sim.types import Event, UserError

EVERY = shelf("rival").names()
QUICK = {"fill": 0.5, "months": 4}
TEN = ["ARG", "CHE", "CHN", "DEU", "GBR", "HUN", "IDN", "JPN", "SGP", "USA"]


def tree(name: str, **values: Any) -> dict[str, Any]:
    usual = lively(end="2020-06", rival=name, rivals={name: {**QUICK, **values}})
    return usual | {"roster": {"states": TEN}}


def signed(world: World) -> list[int]:
    return np.flatnonzero(world.instruments["talk"] >= 0).tolist()


def ready(name: str, **values: Any) -> tuple[World, Rivalled]:
    """Return a world in which parties have been appraised, and who decides in it."""
    world = begun(tree(name, **values))
    engine.step(world)
    decider = engine.decider_of(world)
    assert isinstance(decider, Rivalled)
    return world, decider


def firsts(world: World, decider: Rivalled, draws: int) -> dict[tuple[int, int], int]:
    """Count who arrives first, by edge and type, over many lucks."""
    found: dict[tuple[int, int], int] = {}
    for seed in range(draws):
        world.seed = seed
        _, _, _, edge, t = decider._arrivals(world)[0]
        found[edge, t] = found.get((edge, t), 0) + 1
    return found


@functools.cache
def whole(name: str) -> World:
    """Return a world that was lived to its end; nobody changes it."""
    return lived(tree(name))


@pytest.mark.parametrize("name", EVERY)
def test_a_rival_signs_something_and_a_run_goes_on_from_a_snapshot_as_it_would_have(name: str) -> None:
    assert signed(whole(name))
    again = engine.restore(setting_of(tree(name)), snapshot(lived(tree(name), months=7)))
    for _ in months_of(again):
        pass
    assert digest(again) == digest(whole(name))


@pytest.mark.parametrize("name", EVERY)
def test_talks_open_at_a_contact_of_who_opens_them_while_both_have_a_desk(name: str) -> None:
    world = whole(name)
    events, talks = world.events, world.talks
    met = events["event"] == Event.CONTACT
    held = set(zip(*(events[key][met].tolist() for key in ("month", "party_a", "party_b")), strict=True))
    other = np.where(talks["initiator"] == talks["first"], talks["second"], talks["first"])
    # Screenings of the years before are under way as the run begins.
    here = talks["opened"] >= world.setting.config.start
    opened = set(zip(talks["opened"][here].tolist(), talks["initiator"][here].tolist(), other[here].tolist(), strict=True))
    assert opened and opened <= held
    assert (free_desks(world) >= 0).all()


def test_without_a_rival_the_configuration_is_what_it_always_was() -> None:
    assert configure({"rival": "none"}).tree == configure({"rival": None}).tree == configure({}).tree
    assert "rival" not in configure({}).tree and "rivals" not in configure({}).tree
    told = configure({"rival": "gravity", "rivals": {"gravity": {"distance": 1.5}}})
    again = configure({key: told.tree[key] for key in ("rival", "rivals")})
    assert again.rival == told.rival and told.digest != configure({"rival": "gravity"}).digest


def test_a_rival_keeps_the_number_of_desks_given_to_new_talks() -> None:
    world, decider = ready("random_matching", fill=0.1)
    counts = []
    for seed in range(200):
        world.seed = seed
        counts.append(len(decider.drawn(world)))
    wanted = 0.1 * float(engine_desks(world)) / 2.0
    assert min(counts) == int(wanted) and max(counts) <= int(wanted) + 1
    assert np.mean(counts) == pytest.approx(wanted, abs=0.15)


def engine_desks(world: World) -> int:
    part = world.setting.config.mechanisms["bargaining"]
    room = part.desks * (world.gdp / part.desk_reference) ** part.desk_elasticity
    return int(np.maximum(1, np.floor(room)).sum())


def test_under_random_matching_every_pair_that_may_talk_is_as_likely_as_any_other() -> None:
    world, decider = ready("random_matching")
    n, draws = len(decider._arrivals(world)), 800
    found = firsts(world, decider, draws)
    assert len(found) == n
    chi = sum((count - draws / n) ** 2 / (draws / n) for count in found.values())
    assert chi < n + 4.0 * np.sqrt(2.0 * n)


def test_under_gravity_pairs_arrive_in_proportion_to_size_over_distance() -> None:
    world, decider = ready("gravity")
    draws, found = 800, firsts(*ready("gravity"), draws=800)
    pull = {}
    for _, first, second, edge, t in decider._arrivals(world):
        km = float(world.setting.edges.distance[edge])
        pull[edge, t] = float(world.gdp[first]) ** 0.98 * float(world.gdp[second]) ** 0.84 / km**0.93
    total = sum(pull.values())
    for key in sorted(pull, key=lambda one: -pull[one])[:3]:
        p = pull[key] / total
        assert found.get(key, 0) == pytest.approx(draws * p, abs=4.0 * np.sqrt(draws * p * (1.0 - p)))


def test_under_persistence_only_pairs_with_a_past_sign() -> None:
    world = whole("persistence")
    edges, fresh, bound = world.setting.edges, begun(tree("persistence")), set()
    for e in np.flatnonzero(fresh.in_force.any(axis=0)).tolist():
        bound.add(frozenset((int(edges.row[e]), int(edges.col[e]))))
    place = {code: i for i, code in enumerate(world.setting.codes)}
    bound |= {frozenset(place[code] for code in row.parties) for row in world.setting.roster.instruments}
    pairs = {frozenset((int(world.instruments["first"][row]), int(world.instruments["second"][row]))) for row in signed(world)}
    assert pairs and pairs <= bound
    others = {frozenset(talk[1:3]) for talk in engine.decider_of(world)._arrivals(world) if talk[0] < np.inf}
    assert others <= bound


def test_under_emulation_the_text_is_copied_from_the_party_most_like_either_side() -> None:
    world = whole("emulation")
    copied = 0
    for row in signed(world):
        t, first, second = (int(world.instruments[key][row]) for key in ("type", "first", "second"))
        text, issues = world.instruments["text"][row], world.setting.types[t].issues
        at = [world.setting.words.issues.index(issue) for issue in issues]
        others = np.flatnonzero((world.instruments["type"] == t) & (world.instruments["signed"] <= world.instruments["signed"][row]))
        free = [
            world.instruments["text"][one]
            for one in others.tolist()
            if {first, second}.isdisjoint({int(world.instruments["first"][one]), int(world.instruments["second"][one])})
        ]
        copied += any(np.array_equal(text[at], one[at]) for one in free)
    assert copied
    probe = begun(tree("emulation"))
    t = next(i for i, one in enumerate(probe.setting.types) if one.name == "transfer_framework")
    row = model_of(probe, t, probe.setting.codes.index("IDN"), probe.setting.codes.index("SGP"))
    assert row < 0 or int(probe.instruments["type"][row]) == t


def test_under_coercion_no_text_that_the_weaker_side_would_sign_gives_the_stronger_more() -> None:
    world, decider = ready("coercion")
    edges, drawn, tried = world.setting.edges, np.linspace(0.0, 1.0, 7), 0
    for t in np.flatnonzero(world.setting.negotiated):
        at = np.flatnonzero((world.role[t] == 0) & (world.prospect[t] > 0.0) & (world.cooldown[t] <= world.month))[:4].astype(np.int32)
        groups = Groups(edges.row[at], edges.col[at], at, edges.rev[at], issues_of(world.setting))
        hoped, c = decider.rival.hopes(world, int(t), groups), compiled(world, int(t), groups.first, groups.second, groups.edge)
        for g in range(groups.n):
            tried += 1
            strong = int(world.capability[groups.first[g]] < world.capability[groups.second[g]])
            grid = itertools.product(*(np.unique(low + (high - low) * drawn) for low, high in zip(c.lo[g], c.hi[g], strict=True)))
            texts = np.array(list(grid))
            gains = gain(take(c, np.full(len(texts), g)), texts)
            best = gains[gains[:, 1 - strong] >= 0.0, strong].max(initial=0.0)
            assert best <= hoped[g, strong] + 1e-9
    assert tried


def test_under_coercion_the_stronger_side_opens_the_talks() -> None:
    world = whole("coercion")
    rows = np.array([int(world.instruments["talk"][row]) for row in signed(world)])
    initiator, first, second = (world.talks[key][rows] for key in ("initiator", "first", "second"))
    other = np.where(initiator == first, second, first)
    assert len(rows) and (world.capability[initiator] >= world.capability[other]).mean() > 0.9, "ranks may have changed since"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rival": "gravty"}, "did you mean 'gravity'"),
        ({"rival": 3}, "rival must be the name of one, or none"),
        ({"rivals": {"gravity": {"distance": 1.0}}}, "rivals.gravity.distance is set, but rival is none; add rival=gravity"),
        ({"rival": "emulation", "rivals": {"gravity": {"distance": 1.0}}}, "but rival is emulation"),
        ({"rival": "gravity", "rivals": {"gravity": {"distanse": 1.0}}}, "did you mean 'distance'"),
        ({"rival": "gravity", "rivals": {"gravity": 1.0}}, "must hold named values"),
    ],
)
def test_what_cannot_be_asked_of_a_rival_is_said_in_one_sentence(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        configure(asked)


def test_nobody_else_decides_beside_a_rival() -> None:
    with pytest.raises(UserError, match="no seat is played under rival=gravity"):
        Game({"rival": "gravity", "roster": {"states": ["IDN", "SGP"]}}, seat="IDN")
    with pytest.raises(UserError, match="so agents cannot"):
        DiplomacyModel(plain=True, rival="gravity", roster={"states": ["IDN", "SGP"]})


@pytest.mark.parametrize(
    "told",
    [
        {"rival": "gravity", "rivals.gravity.distance": 1.5},
        {"roster.layers.alliance": "rewired", "roster.rewire_seed": 3, "roster.known_until": "2018-12"},
    ],
    ids=["rival", "roster"],
)
def test_the_command_of_a_run_repeats_its_rival_its_layers_and_what_it_knows(told: dict[str, Any]) -> None:
    config, chosen = prepare(told)
    words = shlex.split(command(config, chosen))[3:]
    assert {f"{key}={value}" for key, value in told.items()} <= set(words)
    assert prepare(composed(read(words)[1][0]))[0].digest == config.digest
