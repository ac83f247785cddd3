"""Image: what raises it, that it fades and stays between 0 and 1, and what it does to who is sought and believed."""

from __future__ import annotations

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from worlds import setting_of, tree

from sim import engine
from sim.decide.decisions import Compiled
from sim.ledger import open_talk
from sim.stakes.ratifiers import distances
from sim.state.world import World
from sim.types import month_index


def begun(**over: object) -> World:
    world = engine.start(setting_of(tree(**over)), 0)
    world.instruments["stage"][:] = 7  # nothing is in force, so that nothing is kept
    return world


def lived(world: World) -> np.ndarray:
    world.setting.config.mechanisms["image"].step(world, None)
    return world.array("image")


def test_image_fades_by_half_in_two_years_where_nothing_is_done() -> None:
    world = begun()
    world.array("image")[:] = 0.4
    for _ in range(24):
        lived(world)
        world.month += 1
    assert world.array("image") == pytest.approx(0.2)


def test_proposing_hosting_giving_and_keeping_raise_it_by_their_points() -> None:
    world = begun()
    china, usa = (world.setting.party(code) for code in ("CHN", "USA"))
    open_talk(world, world.setting.type_names.index("infrastructure_pact"), china, usa, china)
    g7 = world.setting.roster.bodies.names.index("g7_summit")
    world.array("hosting")[g7], world.array("met_online")[g7] = usa, 2
    seat = world.setting.roster.bodies.names.index("un_general_debate")
    world.array("hosting")[seat], world.array("met_in_person")[seat] = china, 1  # it is no turn of China's
    world.paid[:] = 0.0
    world.paid[china] = 12e9
    image = lived(world)
    assert image[china] == pytest.approx(1.0 - np.exp(-(0.01 + 0.1))) and image[usa] == pytest.approx(1.0 - np.exp(-0.2))
    assert np.count_nonzero(image) == 2
    world.month += 1
    world.array("hosting")[:], world.paid[:] = -1, 0.0
    world.instruments["stage"][0] = 1  # in force
    both = [int(world.instruments[role][0]) for role in ("first", "second")]
    before = image.copy()
    assert (lived(world)[both] > before[both] * 0.5 ** (1 / 24)).all()


def test_a_breach_that_comes_to_light_takes_a_part_of_it() -> None:
    world = begun()
    world.array("image")[:] = 0.5
    world.events.append(month=world.month, event=world.setting.words.code("event", "breach_found"), party_a=2, party_b=3)
    image = lived(world)
    assert image[2] == pytest.approx(image[3] * np.exp(-0.2))


@examples(40)
@given(st.floats(0.0, 1.0), st.integers(0, 50), st.floats(0.0, 1e13), st.floats(1.0, 240.0))
def test_it_stays_between_0_and_1_and_more_never_lowers_it(image: float, hosted: int, paid: float, half_life: float) -> None:
    world = begun(mechanisms={"image": {"half_life": half_life}})
    g20 = world.setting.roster.bodies.names.index("g20_summit")
    found = []
    for more in (0, 1):
        world.array("image")[:] = image
        world.array("hosting")[g20], world.array("met_online")[g20] = 0, hosted + more
        world.paid[:] = paid
        found.append(lived(world).copy())
    assert (found[0] >= 0.0).all() and (found[1] <= 1.0).all() and (found[1] >= found[0]).all()


def test_who_is_seen_well_is_sought_more_and_trusted_a_little_more_and_not_at_weight_0() -> None:
    def looked(**over: float) -> tuple[float, float]:
        world = begun(mechanisms={"contacts": {"image_weight": over.get("w", 0.5)}, "image": {"belief": over.get("belief", 0.2)}})
        edge, other = (world.setting.edges.find(world.setting.party("DEU"), world.setting.party(code)) for code in ("USA", "CHN"))
        usa = world.setting.party("USA")
        kept = world.trust_kept.copy()
        world.paid[usa] = 1e12
        lived(world)
        gained = world.trust_kept - kept
        Compiled.weigh(world)
        seen = world.contact_weight[edge] / world.contact_weight[other]
        world.array("image")[:] = 0.0
        Compiled.weigh(world)
        assert not gained[world.setting.edges.col != usa].any()
        return float(seen / (world.contact_weight[edge] / world.contact_weight[other])), float(gained[edge])

    assert looked() == (pytest.approx(1.5, rel=1e-3), pytest.approx(0.2, rel=1e-3))
    assert looked(w=0.0, belief=0.0) == (pytest.approx(1.0), 0.0)


def test_in_the_whole_world_large_hosts_and_proposers_have_more_of_it() -> None:
    world = engine.start(setting_of({"start": "2019-01", "end": "2019-12"}), 0)
    while world.month <= month_index("2019-12"):
        engine.step(world)
    image = world.array("image")
    top = [world.setting.codes[i] for i in np.argsort(-image)[:30]]
    assert {"USA", "CHN"} & set(top) and image.max() < 0.9 and (image > 0.0).sum() > 30


def at_home(world: World) -> np.ndarray:
    lived(world)
    return world.array("image_at_home")


def told(world: World, event: str, one: int, other: int = -1) -> None:
    world.events.append(month=world.month, event=world.setting.words.code("event", event), party_a=one, party_b=other)


def test_what_enters_into_force_and_what_is_hosted_raise_the_image_at_home() -> None:
    world = begun()
    china, usa = (world.setting.party(code) for code in ("CHN", "USA"))
    told(world, "entry_into_force", china, usa)
    g7 = world.setting.roster.bodies.names.index("g7_summit")
    world.array("hosting")[g7], world.array("met_in_person")[g7] = usa, 1
    image = at_home(world)
    assert image[china] == pytest.approx(1.0 - np.exp(-0.1)) and image[usa] == pytest.approx(1.0 - np.exp(-0.15))
    assert np.count_nonzero(image) == 2


@pytest.mark.parametrize("event", ["breach_found", "ratification_failed", "annulment"])
def test_what_goes_wrong_lowers_the_image_at_home_of_who_is_named_first(event: str) -> None:
    world = begun()
    china, usa = (world.setting.party(code) for code in ("CHN", "USA"))
    world.array("image_at_home")[:] = 0.4
    told(world, event, china, usa)
    image = at_home(world)
    faded = 0.4 * 0.5 ** (1 / 24)
    assert image[china] == pytest.approx(faded * np.exp(-0.3))
    assert image[usa] == pytest.approx(faded * (np.exp(-0.3) if event == "annulment" else 1.0))


def test_a_new_government_begins_without_an_image_at_home() -> None:
    world = begun()
    china, usa = (world.setting.party(code) for code in ("CHN", "USA"))
    world.array("image_at_home")[:] = 0.4
    world.in_office[china] = world.month
    image = at_home(world)
    assert image[china] == 0.0 and image[usa] > 0.38


def test_those_who_ratify_stand_nearer_to_an_executive_that_is_seen_well_at_home() -> None:
    world = begun(mechanisms={"ratification": {"persuasion": 0.5}})
    names = ("USA", "GBR")
    first, second = (world.setting.party(code) for code in names)
    row = open_talk(world, world.setting.type_names.index("infrastructure_pact"), first, second, first)
    world.pivot[[first, second]] = 2.0  # far enough that nobody stands at 0
    before = distances(world, np.array([row]))
    world.array("image_at_home")[first] = 1.0
    after = distances(world, np.array([row]))
    assert before.active.all() and after.true[0].tolist() == pytest.approx([before.true[0, 0] - 0.5, before.true[0, 1]])
