"""The model seen through Mesa: the same months as a run, and agents that read naturally."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
import pytest
from worlds import EAGER, QUICK, SEEN, setting_of

import sim
from sim import engine
from sim.agents import BlocAgent, StateAgent
from sim.model import DiplomacyModel
from sim.run import one_run, prepare
from sim.state.world import Setting
from sim.types import Event, Stage, UserError


@pytest.fixture(scope="module")
def setting() -> Setting:
    return setting_of(SEEN)


@pytest.fixture(scope="module")
def lived(setting: Setting) -> DiplomacyModel:
    model = DiplomacyModel(seed=2, setting=setting)
    model.run()
    return model


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
@pytest.mark.parametrize("plain", [False, True])
def test_the_model_and_a_run_write_the_same_ledger(protocol: str, plain: bool) -> None:
    tree = {**SEEN, "protocol": {"name": protocol}}
    config, chosen = prepare({"scenarios": "baseline", "seed": 7, **tree})
    run = one_run(engine.assemble(config), 7, chosen.record)
    seen = DiplomacyModel("baseline", seed=7, plain=plain, **tree).run()
    assert seen.digest == run.digest
    assert all(np.array_equal(seen.events[name], run.events[name], equal_nan=name == "value") for name in run.events)


def test_the_public_name_is_the_model() -> None:
    assert sim.DiplomacyModel is DiplomacyModel
    assert issubclass(DiplomacyModel, mesa.Model)


def test_steps_are_months_and_the_last_one_ends_the_run(setting: Setting) -> None:
    model = DiplomacyModel(setting=setting)
    assert (model.month, model.steps, model.running) == ("2019-10", 0, True)
    model.step()
    assert (model.last_month, model.month, model.steps) == ("2019-10", "2019-11", 1)
    with pytest.raises(UserError, match="the run is in 2019-11 and ends in 2021-03"):
        model.result()
    model.run_model()
    assert (model.last_month, model.steps, model.running) == ("2021-03", 18, False)
    with pytest.raises(UserError, match="the run ended in 2021-03"):
        model.step()


def test_the_collector_holds_every_series(lived: DiplomacyModel) -> None:
    table, result = lived.datacollector.get_model_vars_dataframe(), lived.result()
    assert list(table["month"]) == [
        "2019-10",
        "2019-11",
        "2019-12",
        *(f"2020-{m:02d}" for m in range(1, 13)),
        "2021-01",
        "2021-02",
        "2021-03",
    ]
    assert set(table.columns) == {"month", "seed", *result.series}
    for name, series in result.series.items():
        assert np.array_equal(table[name].to_numpy(), series, equal_nan=True)


def test_a_lever_moved_from_the_model_is_an_action_of_the_next_month(setting: Setting) -> None:
    model, world = DiplomacyModel(seed=3, setting=setting), engine.start(setting, 3)
    model.step()
    engine.step(world)
    model.move("mechanisms.contacts.hours_head", 5.0)
    model.step()
    engine.step(world, [engine.Action("mechanisms.contacts.hours_head", 5.0)])
    assert all(np.array_equal(model.world.events[name], world.events[name], equal_nan=name == "value") for name in world.events.columns)
    assert (model.world.events["event"] == Event.ACTION).sum() == 1


def test_two_models_side_by_side_do_not_disturb_each_other(setting: Setting, lived: DiplomacyModel) -> None:
    one, two = DiplomacyModel(seed=2, setting=setting), DiplomacyModel(seed=9, setting=setting, plain=True)
    while one.running:
        one.step()
        two.step()
    assert one.result().digest == lived.result().digest != two.result().digest


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"scenario": "baselin"}, "did you mean 'baseline'"),
        ({"seed": -1}, "seed = -1 lies outside"),
        ({"seed": "7"}, "seed must be a whole number"),
        ({"seeds": 2}, "use sim.run for many"),
        ({"protocoll": "nash"}, "did you mean 'protocol'"),
        ({"agent_class": BlocAgent}, "agent_class must be a subclass of StateAgent"),
        ({"bloc_class": int}, "bloc_class must be a subclass of BlocAgent"),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        DiplomacyModel(**arguments)


def test_a_ready_setting_cannot_be_changed(setting: Setting) -> None:
    with pytest.raises(UserError, match="end cannot be changed"):
        DiplomacyModel(setting=setting, end="2020-01")


def test_there_is_an_agent_for_every_party_in_order(lived: DiplomacyModel) -> None:
    assert [agent.code for agent in lived.agents] == list(lived.world.setting.codes)
    states = lived.agents.select(agent_type=StateAgent)
    assert len(states) == 9 and {agent.kind for agent in states} == {"state"}
    large = lived.agents.select(lambda agent: agent.kind == "state" and agent.gdp > 1e13)
    assert {agent.code for agent in large} == {"CHN", "USA"}
    assert lived.party("EU").kind == "bloc" and isinstance(lived.party("EU"), BlocAgent)


def test_unknown_parties_are_named_with_the_nearest(lived: DiplomacyModel) -> None:
    with pytest.raises(UserError, match="there is no state 'EU'"):
        lived.state("EU")
    with pytest.raises(UserError, match="there is no party 'IDX' in this roster; did you mean 'IDN'"):
        lived.party("IDX")
    with pytest.raises(UserError, match="IDN keeps no eye on 'SPG'"):
        lived.state("IDN").trust_in("SPG")
    with pytest.raises(UserError, match="did you mean 'transfer_framework'"):
        lived.state("IDN").speaks_for("transfer_framwork")


def test_agents_read_the_rows_of_the_world(lived: DiplomacyModel) -> None:
    world, idn = lived.world, lived.state("IDN")
    i, edge = world.setting.party("IDN"), world.setting.edges.find(world.setting.party("IDN"), world.setting.party("SGP"))
    assert idn.name == "Indonesia" and idn.code == "IDN"
    assert idn.gdp == world.gdp[i] and idn.capability == world.capability[i]
    assert idn.regime.localisation == world.localisation[i]
    assert idn.trust_in("SGP") == world.trust[edge]
    assert idn.trade_with("SGP") == pytest.approx(lived.state("SGP").trade_with("IDN"))
    assert idn.blocs == ("ASEAN",) and "IDN" in lived.party("ASEAN").members
    assert lived.state("DEU").neighbours == ("CHE", "FRA")
    assert "USA" in lived.state("DEU").allies and "CHN" not in lived.state("DEU").allies


def test_the_bloc_speaks_for_its_members_until_they_leave() -> None:
    model = DiplomacyModel(**{**SEEN, "end": "2021-03"})
    britain, union = model.state("GBR"), model.party("EU")
    assert britain.blocs == ("EU",) and britain.speaks_for("transfer_framework") == ()
    assert union.speaks_for("transfer_framework") == ("DEU", "FRA", "GBR", "EU")
    assert britain.speaks_for("infrastructure_pact") == ("GBR",) and union.principal("infrastructure_pact") is None
    assert "EU" not in britain.partners
    while model.running:
        model.step()
    assert britain.blocs == () and britain.speaks_for("transfer_framework") == ("GBR",)
    assert union.speaks_for("transfer_framework") == ("DEU", "FRA", "EU")
    assert "EU" in britain.partners


def test_agreements_and_negotiations_read_from_both_sides() -> None:
    # Where an hour of staff has its usual price, so few states sign no pact in so few months.
    lived = DiplomacyModel(seed=2, setting=setting_of({**SEEN, "agreements": QUICK, "mechanisms": EAGER}))
    lived.run()
    world = lived.world
    signed = [one for agent in lived.agents for one in agent.agreements if one.bound_by is None]
    assert len(signed) == 2 * len(world.instruments)
    bound = [one for one in lived.state("DEU").agreements if one.bound_by == "EU"]
    swiss = next(one for one in bound if one.partners == ("CHE",))
    assert (swiss.type, swiss.role, swiss.stage) == ("adequacy_decision", "judge", Stage.IN_FORCE)
    new = [one for one in signed if one.type == "infrastructure_pact"]
    assert new and all(set(one.text) == {"localisation", "security", "infrastructure", "hosting_control"} for one in new)
    assert all(one.signed is not None and "2019-10" <= one.signed <= "2021-03" for one in new)
    for agent in lived.agents:
        for talk in agent.negotiations:
            other = next(one for one in lived.party(talk.partner).negotiations if one.identity == talk.identity)
            assert other.partner == agent.code and {talk.side, other.side} == {0, 1}


def test_open_talks_are_seen_while_they_are_open(setting: Setting) -> None:
    model = DiplomacyModel(seed=2, setting=setting)
    seen = 0
    while model.running:
        model.step()
        seen += sum(len(agent.negotiations) for agent in model.agents)
        for agent in model.agents:
            for talk in agent.negotiations:
                assert agent.negotiates_with(talk.partner)
    assert seen > 0
