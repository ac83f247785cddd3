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
