"""Occasions: what opened, was proposed or went wrong last month calls for words from others, for one month."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import setting_of, tree

from sim import engine
from sim.scenario import load_scenario
from sim.state.world import World
from sim.types import Event, month_index

STATES = ("BEL", "CHN", "DEU", "FRA", "GBR", "IDN", "KEN", "SGP", "TUV", "USA")


def begun(**over: object) -> World:
    whole = {"start": "2019-09", "end": "2022-12", "roster": {"states": list(STATES)}, **over}
    world = engine.start(setting_of(tree(**whole)), 0)
    world.month += 1
    return world


def marked(world: World, name: str) -> set[str]:
    world.setting.config.mechanisms["occasions"].step(world, None)
    return {world.setting.codes[at] for at in np.flatnonzero(world.array(name))}


def happened(world: World, event: int, one: str, other: str | None = None) -> World:
    place = world.setting.party
    world.events.append(month=world.month - 1, event=event, party_a=place(one), party_b=-1 if other is None else place(other))
    return world


def test_what_entered_into_force_last_month_is_an_opening_of_both_sides_for_one_month() -> None:
    world = begun()
    world.instruments["in_force"][0] = world.month - 1
    assert {world.setting.codes[int(world.instruments[role][0])] for role in ("first", "second")} <= marked(world, "opening")
    world.month += 1
    assert not marked(world, "opening")


def test_who_called_a_conference_last_month_is_called_on_for_one_month() -> None:
    world = happened(begun(), Event.CONFERENCE_OPENED, "IDN")
    assert marked(world, "proposing") == {"IDN"}
    world.month += 1
    assert not marked(world, "proposing")


@pytest.mark.parametrize("event", ["annulment", "suspension", "denunciation", "breach_found", "leak", "overheard", "bar_began"])
def test_what_went_wrong_last_month_is_a_crisis_of_those_it_names(event: str) -> None:
    world = begun()
    assert marked(happened(world, world.setting.words.code("event", event), "USA", "IDN"), "in_crisis") == {"USA", "IDN"}


@pytest.mark.parametrize("event", ["signature", "breach", "reception", "sitting", "intrusion"])
def test_what_is_no_crisis_is_none(event: str) -> None:
    world = begun()
    assert not marked(happened(world, world.setting.words.code("event", event), "USA", "IDN"), "in_crisis")


def test_who_closes_its_borders_stands_in_a_crisis_as_does_its_bloc_until_the_next_month() -> None:
    world = begun()
    assert not marked(world, "in_crisis")
    world.closure[world.setting.party("DEU")] = 0.8
    assert marked(world, "in_crisis") == {"DEU", "EU"}
    world.month += 1
    assert not marked(world, "in_crisis")  # it is closed as before


def test_what_was_closed_before_the_run_began_is_no_crisis() -> None:
    world = begun()
    world.month = world.setting.config.start
    world.closure[:] = 0.9
    assert not marked(world, "in_crisis")


@pytest.mark.parametrize(("switch", "name"), [("openings", "opening"), ("proposals", "proposing"), ("crises", "in_crisis")])
def test_each_kind_can_be_switched_off(switch: str, name: str) -> None:
    world = begun(mechanisms={"occasions": {switch: False}})
    world.instruments["in_force"][0] = world.month - 1
    assert not marked(happened(happened(world, Event.ANNULMENT, "USA", "IDN"), Event.CONFERENCE_OPENED, "IDN"), name)


def test_a_crisis_brings_a_party_more_words_from_others() -> None:
    def words(crises: bool) -> int:
        world = engine.start(setting_of(tree(start="2019-09", end="2020-12", roster={"states": list(STATES)})), 1)
        world.setting.config.mechanisms["occasions"].step(world, None)
        world.array("in_crisis")[world.setting.party("KEN")] = crises
        for name in ("platforms", "contacts"):
            world.setting.config.mechanisms[name].step(world, engine.decider_of(world))
        held = world.events["event"] == Event.CONTACT
        return int((world.events["party_b"][held] == world.setting.party("KEN")).sum())

    assert words(True) > words(False)


def test_closed_borders_of_the_pandemic_are_a_crisis_of_most_states() -> None:
    world = engine.start(engine.build({**load_scenario("pandemic_lockdown"), "roster": {"states": list(STATES)}, "start": "2020-01"}), 0)
    while world.month < month_index("2020-05"):
        engine.step(world)
    crisis = world.setting.words.code("occasion", "crisis")
    rows = world.events["occasion"] == crisis
    assert {world.setting.codes[at] for at in np.unique(world.events["party_b"][rows])} >= {"DEU", "IDN", "USA"}
