"""Contacts by the hour: one price for each rank, what an hour buys, what closed borders free, and what practice online leaves."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from worlds import begun, setting_of, tree

from sim import DiplomacyModel, engine
from sim.agents.diary import Diary
from sim.decide.agenda import Chosen, budgets, channels_at_price, spend, ways
from sim.parts import StateAgent
from sim.state.world import World
from sim.types import Channel, Event, Rank

EVERY = tuple(Rank)


def lived_to(months: int, seed: int = 3, **over: Any) -> World:
    world = begun(tree(**over), seed)
    for _ in range(months):
        engine.step(world)
    return world


def solved(agent: Diary, rank: Rank, pieces: int = 4000) -> tuple[float, float]:
    """Let a solver of linear programmes spend one rank's hours: the price of an hour, and the hours used, with every step divisible.

    The price that rises with use is laid out in pieces, each of which may be bought up to its length.
    """
    channels, partners = ways(agent.world), agent.partners
    every = [(partner, k) for partner in partners for k in range(len(channels.hours))]
    worth = np.array([agent.worth_over(p, rank, k, channels) if agent.would_come(p, rank, k, channels) else 0.0 for p, k in every])
    cost = np.array([agent.hours_over(p, k, channels) for p, k in every])
    longest = 4.0 * agent.hours_of(rank)
    ends = np.linspace(0.0, longest, pieces + 1)
    prices = np.array([agent.price_of_hours(rank, (a + b) / 2.0) for a, b in itertools.pairwise(ends)])
    once = np.array([[1.0 if p == partner else 0.0 for p, _ in every] + [0.0] * pieces for partner in partners])
    hours = np.concatenate((cost, -np.ones(pieces)))[None, :]
    found = linprog(
        np.concatenate((-worth, prices)), A_ub=once, b_ub=np.ones(len(partners)), A_eq=hours, b_eq=[0.0],
        bounds=[(0.0, None)] * len(every) + [(0.0, longest / pieces)] * pieces, method="highs",
    )  # fmt: skip
    assert found.status == 0
    return float(-found.eqlin.marginals[0]), float(cost @ found.x[: len(every)])


def agents_of(world_tree: dict[str, Any], seed: int, months: int) -> DiplomacyModel:
    model = DiplomacyModel(seed=seed, setting=setting_of(world_tree), plain=True)
    for _ in range(months):
        model.step()
    return model


@pytest.mark.parametrize("seed", [3, 8])
def test_an_hour_has_one_price_for_each_rank_and_a_solver_finds_it_too(seed: int) -> None:
    model = agents_of(tree(mechanisms={"contacts": {"hour_price": 3.0}}), seed, 4)
    model.asked = model.world.hour_price.copy()
    compared = 0
    for agent, rank in itertools.product(model.parties, EVERY):
        price, used = solved(agent, rank)
        agent.contacts_of(rank)
        mine = float(model.world.hour_price[agent.index, int(rank)])
        # A piece of the price is a four-thousandth of its range: prices agree to that, and to the luck of the last step not at all.
        step = agent.price_of_hours(rank, agent.hours_of(rank) / 1000.0) - agent.price_of_hours(rank, 0.0)
        if used == 0.0:  # nothing is worth an hour: the first hour's price stands, and the programme's is not determined
            assert mine == pytest.approx(agent.price_of_hours(rank, 0.0))
            continue
        assert mine == pytest.approx(price, abs=1.01 * step + 1e-9), (agent.code, rank)
        compared += 1
    assert compared > 12


def test_the_last_step_is_taken_as_often_as_it_is_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    # Over many seeds of the last step's luck alone, hours used are on average those of the divisible plan. A mean of n draws of a part p
    # lies beyond 4.5 of its standard errors once in 150,000 times.
    model = agents_of(tree(mechanisms={"contacts": {"hour_price": 3.0}}), 3, 3)
    model.asked = model.world.hour_price.copy()
    rng, seen = np.random.default_rng(1), 0
    for agent in model.parties[:6]:
        _, divisible = solved(agent, Rank.OFFICIAL)
        channels, used = ways(agent.world), []
        for _ in range(200):
            luck = float(rng.random())
            monkeypatch.setattr(Diary, "rounding", lambda _self, _rank, u=luck: u)
            plan = agent.contacts_of(Rank.OFFICIAL)
            used.append(sum(agent.hours_over(partner, int(channel), channels) for partner, _, channel in plan))
        spread = float(np.std(used)) / np.sqrt(len(used))
        assert abs(np.mean(used) - divisible) < 4.5 * spread + 0.02
        seen += spread > 0.0
    assert seen >= 3


@pytest.mark.parametrize("guess", [0.0, 1e-3, 2.0, 1e4])
def test_what_is_guessed_of_a_price_changes_nothing(guess: float) -> None:
    world = lived_to(5)
    kept = world.hour_price.copy()
    honest = spend(world)
    price = world.hour_price.copy()
    # What partners ask is last month's price; the guess alone is another.
    world.hour_price[:] = kept
    from sim.decide import hours

    original = hours.spend_hours

    def guessed(*given: Any) -> int:
        start = list(given)
        start[-4][:] = guess
        return int(original(*start))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hours, "spend_hours", guessed)
        other = spend(world)
    assert np.array_equal(honest.edge, other.edge) and np.array_equal(honest.rank, other.rank)
    assert np.array_equal(honest.channel, other.channel) and np.array_equal(price, world.hour_price)


def test_hours_used_and_given_are_those_of_the_ledger() -> None:
    world = lived_to(3)
    chosen = spend(world)
    settled, spent, given = channels_at_price(world, chosen)
    assert np.array_equal(settled.channel, chosen.channel)
    far = world.setting.edges.distance[chosen.edge]
    part = world.setting.config.mechanisms["contacts"]
    visit = chosen.channel == Channel.VISIT
    assert spent[visit] == pytest.approx(part.hours_visit + 2.0 * far[visit] / part.speed)
    assert (given[visit] == part.hours_visit).all() and (spent[~visit] == given[~visit]).all()
    assert visit.any() and not visit.all()


def test_closed_borders_free_hours_and_fewer_hours_are_cheaper() -> None:
    open_, shut = lived_to(8), lived_to(8, shocks=[{"kind": "travel_closure"}], start="2020-03", end="2021-12")
    before = lived_to(8, start="2020-03", end="2021-12")
    assert open_.setting.n_parties == shut.setting.n_parties

    def by(world: World, channel: Channel) -> int:
        events = world.events
        return int(((events["event"] == Event.CONTACT) & (events["channel"] == channel)).sum())

    assert by(shut, Channel.VISIT) < by(before, Channel.VISIT) / 4
    assert by(shut, Channel.CALL) + by(shut, Channel.VIDEO) > by(before, Channel.CALL) + by(before, Channel.VIDEO)
    assert np.median(shut.hour_price) < np.median(before.hour_price)
    assert np.median(shut.meetings) < np.median(before.meetings)


def test_without_bandwidth_nobody_meets_on_a_screen_and_a_party_without_hours_calls_nobody() -> None:
    world = lived_to(2, shocks=[{"kind": "travel_closure"}], start="2020-03", end="2021-12")
    world.bandwidth[:] = 0.0
    assert not (spend(world).channel == Channel.VIDEO).any()
    idle = begun(tree(mechanisms={"contacts": {"hours_head": 0.0}}), 3)
    for _ in range(3):
        engine.step(idle)
    ranks = idle.events["rank"][idle.events["event"] == Event.CONTACT]
    assert Rank.HEAD not in ranks and Rank.MINISTER in ranks
    assert (idle.hour_price[:, int(Rank.HEAD)] == 0.0).all()


def test_talks_make_the_hours_of_officials_dearer_and_not_those_of_heads() -> None:
    # Talks that are open are also worth carrying: with that weight off, what is left is the staff they take.
    world = lived_to(3, mechanisms={"contacts": {"hour_price": 3.0, "talk_weight": 0.0}})
    kept = world.hour_price.copy()
    spend(world)
    calm = world.hour_price.copy()
    world.hour_price[:] = kept
    from sim.ledger import open_talk

    for edge in range(0, world.setting.edges.n, 9):
        i, j = int(world.setting.edges.row[edge]), int(world.setting.edges.col[edge])
        if not world.blocked[edge] and i < j:
            open_talk(world, 0, i, j, i)
    spend(world)
    officials, heads = int(Rank.OFFICIAL), int(Rank.HEAD)
    assert (world.hour_price[:, officials] >= calm[:, officials]).all() and (world.hour_price[:, officials] > calm[:, officials]).any()
    assert np.array_equal(world.hour_price[:, heads], calm[:, heads])


def test_practice_on_a_screen_grows_with_use_and_stays_when_borders_open() -> None:
    shut = {"kind": "travel_closure"}
    closed = lived_to(24, start="2020-03", end="2023-12", shocks=[shut])
    never = lived_to(24, start="2020-03", end="2023-12")
    assert closed.array("skill").mean() > 2.0 * never.array("skill").mean()
    practised = closed.array("skill").copy()
    for _ in range(12):
        engine.step(closed)
    assert (closed.array("skill") >= practised).all() and (closed.array("skill_with") <= 1.0).all()
    back = closed.setting.edges.rev
    assert np.array_equal(closed.array("skill_with"), closed.array("skill_with")[back])


def test_who_leaves_the_channel_out_meets_over_the_one_worth_most_after_its_hours() -> None:
    class Plain(StateAgent):
        def choose_partners(self) -> list[Any]:
            return [("USA", Rank.HEAD)] if self.code == "DEU" else []

    model = DiplomacyModel(seed=3, setting=setting_of(tree()), agent_class=Plain)
    model.step()
    events = model.world.events
    contact = events["event"] == Event.CONTACT
    own = contact & (events["party_a"] == model.world.setting.party("DEU"))
    # Its hours have no price yet, so it meets in person: both are at the same summit.
    assert own.sum() == 1 and events["channel"][own][0] == Channel.SUMMIT
    edge = np.array([model.world.setting.edges.find(model.world.setting.party("DEU"), model.world.setting.party("USA"))], dtype=np.int32)
    model.world.hour_price[:] = 1e9
    dear = Chosen(edge, np.zeros(1, dtype=np.int8), np.full(1, -1, dtype=np.int8))
    assert channels_at_price(model.world, dear)[0].channel[0] == Channel.MESSAGE
    assert budgets(model.world).shape == (model.world.setting.n_parties, len(Rank))
