"""The scenario in which small states bargain as one: who they are, that one voice weighs more, and what they get on the same luck."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest

from sim import engine
from sim.ledger import open_talk
from sim.params import configure
from sim.scenario import load_scenario
from sim.stakes.leverage import bargaining_weights
from sim.state.world import World

NAME, SEEDS = "small_state_coalition", range(8)
PACT = "infrastructure_pact"


@functools.cache
def begun(name: str, seed: int = 0) -> World:
    return engine.start(engine.assemble(configure(load_scenario(name))), seed)


@functools.cache
def lived(name: str, seed: int) -> World:
    world = engine.start(begun(name).setting, seed)
    while world.month <= world.setting.config.end:
        engine.step(world)
    return world


def pool() -> int:
    return begun(NAME).setting.codes.index("SMALL")


def members() -> list[str]:
    world = begun(NAME)
    return [world.setting.codes[n] for n in np.flatnonzero(world.member[pool() - world.setting.n_states])]


def gained(world: World, small: set[str]) -> dict[str, tuple[int, float]]:
    """Return by type how many agreements small states signed with the large, and the USD that these commit."""
    codes, new = world.setting.codes, world.instruments["talk"] >= 0
    found: dict[str, tuple[int, float]] = {}
    for row in np.flatnonzero(new).tolist():
        sides = [codes[int(world.instruments[key][row])] in small for key in ("first", "second")]
        if sides[0] != sides[1]:
            kind = world.setting.type_names[int(world.instruments["type"][row])]
            n, usd = found.get(kind, (0, 0.0))
            found[kind] = n + 1, usd + float(world.instruments["commitment"][row])
    return found


def test_it_differs_from_the_baseline_by_the_coalition_alone() -> None:
    one, other = load_scenario(NAME), load_scenario("baseline")
    told = {
        "title",
        "title_id",
        "question",
        "question_id",
        "story",
        "story_id",
        "sources",
        "illustrative",
        "counterfactual_of",
        "scenarios",
        "events",  # marks alone, which change nothing
        "targets",  # nothing is fitted to them
    }
    assert all(event["kind"] == "mark" for event in one["events"])
    assert {key for key in {*one, *other} - told if one.get(key) != other.get(key)} == {"coalitions"}


def test_its_members_are_found_by_a_rule_and_together_are_of_the_size_of_asean() -> None:
    world, small = begun(NAME), members()
    codes, whole = world.setting.codes, float(world.setting.roster.world_gdp[0])
    assert len(small) > 100
    assert all(world.gdp[codes.index(code)] < 0.001 * whole for code in small)
    assert 0.5 < world.gdp[pool()] / world.gdp[codes.index("ASEAN")] < 2.0
    assert not any("members" in one for one in load_scenario(NAME)["coalitions"])


def test_as_one_they_weigh_more_at_the_table_than_any_of_them_alone() -> None:
    def weight(world: World, code: str) -> float:
        t, codes = world.setting.type_names.index(PACT), world.setting.codes
        row = open_talk(world, t, codes.index("USA"), codes.index(code), codes.index("USA"))
        return float(bargaining_weights(world, np.array([row]))[0, 1])

    together = weight(engine.start(begun(NAME).setting, 0), "SMALL")
    alone = engine.start(begun("baseline").setting, 0)
    weights = [weight(alone, code) for code in members()]
    assert together > max(weights) and together > 1.5 * float(np.mean(weights))


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_else_speaks_for_a_member_and_each_is_judged_by_its_own_law(seed: int) -> None:
    world = lived(NAME, seed)
    t, own = world.setting.type_names.index(PACT), world.setting.type_names.index("adequacy_decision")
    out = world.events["party_a"][world.events["event"] == world.setting.words.code("event", "walkout")].tolist()
    for code in members():
        place = world.setting.codes.index(code)
        # Who has walked out speaks for itself.
        assert world.principal[t, place] == (place if place in out else pool()) and world.principal[own, place] != pool()


def test_as_one_they_host_more_and_larger_pacts_and_sign_no_more_agreements_on_data() -> None:
    small: set[str] = {*members(), "SMALL"}
    alone, together = ([gained(lived(name, seed), small) for seed in SEEDS] for name in ("baseline", NAME))

    def total(some: list[dict[str, Any]], pact: bool, at: int) -> float:
        return sum(value[at] for one in some for kind, value in one.items() if (kind == PACT) == pact)

    assert total(together, True, 0) > total(alone, True, 0)
    assert total(together, True, 1) > 2.0 * total(alone, True, 1)
    assert sum(PACT in one for one in together) >= 6
    # The occasion of a digital trade agreement is a trade deal between two; what the members' mean law promises pays nobody's staff.
    assert total(together, False, 0) <= total(alone, False, 0)


def test_the_story_tells_who_walks_out_and_what_is_broken_in_twenty_runs() -> None:
    left, broken, signed = [], 0, 0
    for seed in range(20):
        world, at = lived(NAME, seed), pool()
        gone = world.events["event"] == world.setting.words.code("event", "walkout")
        left.append(int(gone.sum()))
        own = (world.instruments["first"] == at) | (world.instruments["second"] == at)
        signed, broken = signed + int(own.sum()), broken + int(own[world.breaches["instrument"]].sum())
    words = " ".join(load_scenario(NAME)["story"].split())
    assert max(left) == 0 and "none of its 119 members walks out in 20 runs" in words
    assert broken == 3 and f"Three of the {signed} agreements" in words
    assert all(load_scenario(NAME)[key] for key in ("story_id", "question_id", "targets", "events"))


def test_the_price_of_staff_keeps_members_in() -> None:
    tree = {**load_scenario(NAME), "mechanisms": {"bargaining": {"staff_price": 300.0}}}
    world = engine.start(engine.assemble(configure(tree)), 0)
    while world.month <= world.setting.config.end:
        engine.step(world)
    walkout = world.setting.words.code("event", "walkout")
    cheap, dear = (int((one.events["event"] == walkout).sum()) for one in (world, lived(NAME, 0)))
    assert cheap > 5 > dear
