"""Two linked types make one package: what neither could bring about alone is signed, enters into force and falls together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from linked_types import health_for_technology
from test_invariants_ledger import Notary
from torn import TORN
from worlds import begun, months_of, setting_of, tree

from sim import engine
from sim.agreements.infrastructure_pact import InfrastructurePact
from sim.bargains.feasible import gains
from sim.bargains.problems import Problems, Talks
from sim.bargains.worth import worth
from sim.decide.decisions import Compiled
from sim.decide.staff import free_desks
from sim.engine import Action
from sim.ledger import open_talk
from sim.registry import shelf
from sim.single import load_parts
from sim.stakes.linkage import joint, linked_pairs
from sim.stakes.payoffs import Coefficients, Draft, to_problems
from sim.stakes.ratifiers import pivots
from sim.state.world import World, snapshot
from sim.types import Event, K, ModelFault, Reason, Stage, Status, TalkStage, UserError

PAIR = ["health_data_pact", "technology_pact"]
EAGER = {"bargaining": {"propose_rate": 1.0, "desks": 8.0, "linkage": True, "staff_price": 0.0, "belief_error": 0.0}}


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Path]:
    yield health_for_technology(tmp_path / "mine")
    load_parts(None)


def world_of(folder: Path, linkage: bool = True, end: str = "2021-06", **over: Any) -> World:
    """Live with the two types of the test's own as the only ones that are negotiated."""
    load_parts(folder)
    mechanisms = {"bargaining": {**EAGER["bargaining"], "linkage": linkage}}
    world = engine.start(engine.build(tree(negotiated=PAIR, end=end, mechanisms=mechanisms, **over)), 3)
    for _ in months_of(world):
        pass
    return world


def linked(tree_of: dict[str, Any] = TORN, **over: Any) -> dict[str, Any]:
    mechanisms = {**tree_of["mechanisms"], "bargaining": {**tree_of["mechanisms"]["bargaining"], "linkage": True}}
    return {**tree_of, "mechanisms": mechanisms, **over}


def one_sided(loser: int) -> Coefficients:
    """Return one deal: four for one side and minus one for the other, each less the square of the text."""
    draft = Draft(1)
    gain = (-1.0, 4.0) if loser == 0 else (4.0, -1.0)
    draft.issue("capacity", ideal=(0.0, 0.0), salience=(1.0, 1.0), gain=gain)
    return draft.done().dyads()


def package(turned: bool = False) -> Problems:
    """Return the deal that the second side would not have alone, with the one that the first would not, in either order of roles."""
    rider = one_sided(1 if turned else 0)
    return to_problems(joint(one_sided(1), rider, np.array([turned])))


@pytest.mark.parametrize("turned", [False, True])
def test_a_package_finds_the_zone_that_neither_deal_has_alone(turned: bool) -> None:
    """Alone u = (4x - x^2, -x - x^2) has no x > 0 that both like. Together, by symmetry x = y: u = 3x - 2x^2, best at 3/4, worth 9/8."""
    nash = shelf("protocol").build("nash")
    assert [nash.solve(to_problems(one_sided(loser))).status[0] for loser in (0, 1)] == [Status.NO_ZONE] * 2
    found = nash.solve(package(turned))
    assert found.status[0] == Status.AGREED
    assert found.text[0][found.text[0] > 0.0] == pytest.approx([0.75, 0.75], abs=1e-7)
    assert found.utility[0] == pytest.approx([1.125, 1.125], abs=1e-9)


@pytest.mark.parametrize("name", shelf("protocol").names())
def test_every_protocol_bargains_over_a_package_and_nobody_signs_below_what_it_could_have(name: str) -> None:
    protocol, problem = shelf("protocol").build(name), package()
    if protocol.rounds:
        found, _ = protocol.advance(problem, Talks.opened(0, 1, problem.n_issues), np.array([10_000]))
    else:
        found = protocol.solve(problem)
    assert found.text.shape == (1, problem.n_issues)
    assert found.status[0] == Status.AGREED
    assert (found.utility >= problem.r).all()


def drawn(values: list[float]) -> Coefficients:
    a, b, w, ideal, today = (np.array(values[at : at + 2]) for at in range(0, 10, 2))
    draft = Draft(1)
    draft.a[:] = a
    draft.issue("capacity", ideal=(ideal[0], ideal[1]), salience=(abs(w[0]), abs(w[1])), gain=(b[0], b[1]), status_quo=abs(today[0]))
    draft.issue("security", ideal=(ideal[1], ideal[0]), salience=(abs(w[1]), abs(w[0])), gain=(b[1], b[0]), status_quo=abs(today[1]))
    return draft.done().dyads()


NUMBERS = st.lists(st.floats(-1.0, 1.0), min_size=10, max_size=10)


@given(NUMBERS, NUMBERS, st.floats(0.0, 1.0), st.booleans())
def test_what_a_package_is_worth_is_what_its_halves_are_worth(one: list[float], two: list[float], level: float, turned: bool) -> None:
    lead, rider = drawn(one), drawn(two)
    text = np.full((1, lead.lo.shape[1]), level)
    whole = joint(lead, rider, np.array([turned]))
    order = [1, 0] if turned else [0, 1]
    both = worth(lead, text) + worth(rider, text)[:, order]
    assert worth(whole, np.concatenate([text, text], axis=1)) == pytest.approx(both, abs=1e-12)
    assert whole.d == pytest.approx(lead.d + rider.d[:, order])


@given(NUMBERS, st.floats(0.0, 3.0), st.floats(0.0, 1.0), st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=2 * K, max_size=2 * K))
def test_what_the_furthest_ratifier_accepts_a_nearer_one_accepts(values: list[float], far: float, near: float, lean: list[float]) -> None:
    c, direction = drawn(values), np.array(lean).reshape(1, 2, K)
    say, text = np.ones((1, 2), dtype=np.bool_), np.linspace(0.0, 1.0, K)[None, :]
    furthest, nearer = (gains(pivots(c, 0.3, np.full((1, 2), s), direction, say), text) for s in (far, near * far))
    signs = worth(c, text) - c.d >= 0.0
    assert (nearer[signs & (furthest >= 0.0)] >= -1e-12).all()


def test_health_data_for_technology_is_signed_as_a_package_and_neither_alone(mine: Path) -> None:
    assert len(world_of(mine, linkage=False).talks) == 0
    world = world_of(mine)
    signed, talks = world.instruments, world.talks
    made = np.flatnonzero(signed["talk"] >= 0)
    assert len(made) >= 4
    assert (talks["package"] >= 0).all()
    for lead in np.unique(signed["package"][made]):
        one, two = np.flatnonzero(signed["package"] == lead)
        assert signed["type"][one] != signed["type"][two]
        assert (signed["signed"][one], signed["due"][one], signed["in_force"][one]) == (
            signed["signed"][two], signed["due"][two], signed["in_force"][two],
        )  # fmt: skip
        # Who holds the health data receives the technology: roles run the other way in the riding talks.
        assert (signed["first"][one], signed["second"][one]) == (signed["second"][two], signed["first"][two])
        halves = np.flatnonzero(talks["package"] == lead)
        worth = [(talks["utility"][row] - talks["disagreement_value"][row]) for row in halves]
        assert min(worth[0]) < 0.0 and min(worth[0] + worth[1][::-1]) > 0.0
        shares = talks["quality"][halves, -1]
        assert shares.sum() == pytest.approx(1.0)


def test_a_protocol_with_rounds_keeps_the_issues_of_a_package_apart(mine: Path) -> None:
    world = world_of(mine, protocol={"name": "alternating_offers"})
    talks, research, capacity = world.talks, 4, 6
    done = np.flatnonzero(talks["stage"] == TalkStage.CONCLUDED)
    assert len(done) >= 4
    for row in done:
        on, off = (research, capacity) if world.setting.types[talks["type"][row]].name == PAIR[0] else (capacity, research)
        assert talks["text"][row, on] > 0.0 == talks["text"][row, off]
        assert (talks["step"][row], talks["closed"][row]) == tuple(talks[key][talks["package"][row]] for key in ("step", "closed"))


class Refuser(Compiled):
    """Lets nobody at home consent."""

    def ratify(self, world: World, places: Any) -> Any:
        return np.full(len(places), Reason.NOT_RATIFIED, dtype=np.int8)


def test_what_is_refused_at_home_takes_its_other_half_with_it(tmp_path: Path) -> None:
    load_parts(health_for_technology(tmp_path / "mine", entry="ratified"))
    try:
        world = engine.start(engine.build(tree(negotiated=PAIR, mechanisms=EAGER)), 3)
        for _ in months_of(world, decide=Refuser()):
            pass
    finally:
        load_parts(None)
    fell = world.events["event"] == Event.TERMINATION
    own, other = (np.count_nonzero(world.events["reason"][fell] == reason) for reason in (Reason.NOT_RATIFIED, Reason.LINKED_FELL))
    assert own == other > 0
    stages = world.instruments["stage"][world.instruments["package"] >= 0]
    waits = {Stage(stage) for stage in stages}
    assert waits <= {Stage.TERMINATED, Stage.SIGNED, Stage.IN_FORCE, Stage.SUSPENDED} and Stage.TERMINATED in waits
    refused = world.events["instrument"][fell & (world.events["reason"] == Reason.NOT_RATIFIED)]
    for lead in np.unique(world.instruments["package"][world.instruments["package"] >= 0]):
        halves = np.flatnonzero(world.instruments["package"] == lead)
        began, ended, stage = (set(world.instruments[key][halves].tolist()) for key in ("in_force", "ended", "stage"))
        assert len(began) == 1
        if np.isin(halves, refused).any():
            assert (began, len(ended), stage) == ({-1}, 1, {Stage.TERMINATED})
        elif began == {-1} or ended == {-1}:  # once in force, one half may be left or end by itself
            assert len(stage) == 1


def alone(world: World) -> None:
    """Open talks on one type where only a package has a zone: who hopes for most, and talks about nothing."""
    codes, types, edges = world.setting.codes, world.setting.type_names, world.setting.edges
    t = types.index("health_data_pact")
    at = next(n for n, pair in enumerate(world.setting.links) if t in pair)
    free = (world.linked_prospect[at] > 0.0) & (world.open_talk == -1).all(axis=0)
    e = int(np.flatnonzero(free)[0])
    mine, roles = world.setting.links[at].index(t), divmod(int(world.linked_roles[at, e]), 2)
    i, j = int(edges.row[e]), int(edges.col[e])
    assert codes[i] != codes[j]
    open_talk(world, t, *((i, j) if roles[mine] == 0 else (j, i)), i)


def test_talks_without_a_zone_are_widened_and_not_given_up(mine: Path) -> None:
    load_parts(mine)
    quiet = {"bargaining": {**EAGER["bargaining"], "propose_rate": 0.0}}
    world = engine.start(engine.build(tree(negotiated=PAIR, end="2021-06", mechanisms=quiet)), 3)
    for _ in months_of(world, 1):
        pass
    alone(world)
    for _ in months_of(world):
        pass
    talks = world.talks
    riders = np.flatnonzero((talks["package"] >= 0) & (talks["package"] != np.arange(len(talks))))
    later = riders[talks["opened"][riders] > talks["opened"][talks["package"][riders]]]
    assert len(later) > 0
    for row in later:
        lead = int(talks["package"][row])
        assert talks["n_contacts"][lead] >= world.setting.config.protocol.contacts_to_conclude
        assert (talks["stage"][row], talks["reason"][row]) == (talks["stage"][lead], talks["reason"][lead])


@pytest.mark.parametrize(("protocol", "seed"), [("nash", 3), ("nash", 4), ("alternating_offers", 1)])
def test_nobody_signs_a_package_below_what_it_could_have_without(protocol: str, seed: int) -> None:
    notary, world = Notary(), begun(linked(protocol={"name": protocol}), seed)
    for _ in months_of(world, decide=notary):
        pass
    assert notary.faults == []


def test_a_package_takes_one_desk(mine: Path) -> None:
    load_parts(mine)
    world = engine.start(engine.build(tree(negotiated=PAIR, mechanisms=EAGER)), 3)
    before = free_desks(world).copy()
    for _ in months_of(world, 2):
        pass
    talks = world.talks
    open_packages = (talks["stage"] == TalkStage.OPEN) & (talks["package"] == np.arange(len(talks)))
    assert open_packages.sum() > 0
    held = np.bincount(np.concatenate([talks["first"][open_packages], talks["second"][open_packages]]), minlength=len(before))
    assert (before - free_desks(world)).tolist() == held.tolist()


def test_a_world_saved_with_a_package_on_the_table_goes_on_as_it_would(mine: Path) -> None:
    load_parts(mine)
    setting = engine.build(tree(negotiated=PAIR, mechanisms=EAGER, protocol={"name": "alternating_offers"}, end="2020-06"))
    whole = engine.start(setting, 3)
    for _ in months_of(whole, 3):
        pass
    assert (whole.talks["package"][whole.talks["stage"] == TalkStage.OPEN] >= 0).any()
    again = engine.restore(setting, snapshot(whole))
    for one in (whole, again):
        for _ in months_of(one):
            pass
    one, two = snapshot(whole), snapshot(again)
    assert all(one[name].tobytes() == two[name].tobytes() for name in one)


def test_the_lever_stops_new_packages_and_lets_open_ones_go_on(mine: Path) -> None:
    load_parts(mine)
    world = engine.start(engine.build(tree(negotiated=PAIR, mechanisms=EAGER, end="2020-12")), 3)
    off = world.month + 3
    for _ in months_of(world, actions={off: [Action("mechanisms.bargaining.linkage", False)]}):
        pass
    assert not world.linked_prospect.any() and (world.linked_roles == -1).all()
    talks = world.talks
    assert talks["opened"].max() < off
    assert (talks["closed"][talks["stage"] == TalkStage.CONCLUDED] > off).any()


def test_nothing_is_linked_unless_the_lever_is_moved(mine: Path) -> None:
    assert not begun(TORN).setting.config.mechanisms["bargaining"].linkage
    assert not world_of(mine, linkage=False, end="2019-12").linked_prospect.any()


def test_a_link_to_a_type_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    try:
        load_parts(health_for_technology(tmp_path / "mine", links='("technology_pct",)'))
        with pytest.raises(
            UserError, match=r"agreement health_data_pact: links names 'technology_pct', which .*did you mean 'technology_pact'"
        ):
            engine.build(tree())
    finally:
        load_parts(None)


@pytest.mark.parametrize("links", ['("data_market",)', '("security_treaty",)', '("health_data_pact",)'])
def test_only_types_that_two_parties_negotiate_are_linked(links: str, tmp_path: Path) -> None:
    try:
        load_parts(health_for_technology(tmp_path / "mine", links=links))
        with pytest.raises(UserError, match="health_data_pact: links names"):
            engine.build(tree())
    finally:
        load_parts(None)


def test_links_are_a_tuple_of_words(tmp_path: Path) -> None:
    try:
        with pytest.raises((UserError, ModelFault), match="links is 'technology_pact'; a tuple of words is expected"):
            load_parts(health_for_technology(tmp_path / "mine", links='"technology_pact"'))
    finally:
        load_parts(None)


def test_it_is_enough_that_one_of_two_types_names_the_other() -> None:
    types = setting_of(tree()).types
    pairs = linked_pairs(types)
    assert [tuple(types[t].name for t in pair) for pair in pairs] == [
        ("capacity_programme", "infrastructure_pact"),
        ("capacity_programme", "transfer_framework"),
        ("infrastructure_pact", "transfer_framework"),
    ]
    assert InfrastructurePact.links == ("transfer_framework",)
    assert linked_pairs(types[::-1]) == tuple(sorted(tuple(sorted(len(types) - 1 - t for t in pair)) for pair in pairs))


def test_an_outside_option_of_either_half_is_one_of_the_package() -> None:
    problem = package()
    dear = dataclasses.replace(problem, r=problem.d + np.array([[1.2, 0.0]]))
    found = shelf("protocol").build("nash").solve(dear)
    assert found.status[0] == Status.AGREED and found.utility[0, 0] >= 1.2
    assert shelf("protocol").build("nash").solve(dataclasses.replace(problem, r=problem.d + 1.2)).status[0] == Status.NO_ZONE
