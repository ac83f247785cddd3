"""The two graphs: who stands close to whom, and what is in force between whom, now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from worlds import EAGER, QUICK, SEEN, setting_of

from sim import engine
from sim.alliances.graph import alliance_graph, treaty_graph
from sim.ledger import derive_in_force, move
from sim.model import DiplomacyModel
from sim.state.world import Setting, World
from sim.types import Event, Stage


@pytest.fixture(scope="module")
def setting() -> Setting:
    return setting_of(SEEN)


def pairs_in_force(world: World) -> set[tuple[str, frozenset[str]]]:
    edges, codes = world.setting.edges, world.setting.codes
    types, at = np.nonzero(derive_in_force(world))
    return {
        (world.setting.type_names[t], frozenset((codes[edges.row[e]], codes[edges.col[e]])))
        for t, e in zip(types.tolist(), at.tolist(), strict=True)
    }


def pairs_drawn(world: World) -> set[tuple[str, frozenset[str]]]:
    return {(facts["agreement"], frozenset((one, other))) for one, other, facts in treaty_graph(world).edges(data=True)}


def test_the_alliance_graph_says_what_ties_two_parties(setting: Setting) -> None:
    world = engine.start(setting, 1)
    graph = alliance_graph(world)
    assert type(graph) is nx.Graph and set(graph) == set(setting.codes)
    assert graph.nodes["IDN"]["name"] == "Indonesia" and graph.nodes["IDN"]["kind"] == "state" and graph.nodes["EU"]["kind"] == "bloc"
    assert set(graph.nodes["IDN"]) == {
        "name",
        "region",
        "kind",
        "gdp",
        "capability",
        "protection_firms",
        "protection_state",
        "localisation",
    }
    germany_france = graph.edges["DEU", "FRA"]
    layers = {"alliance", "hostility", "organisations", "affinity", "trust", "treaties"}
    assert set(germany_france) == {*layers, "border", "cables", "hostile", "weight"}
    assert germany_france["border"] == 1.0 and germany_france["alliance"] == 0.9 and germany_france["hostility"] == 0.0
    there, back = (world.trust[setting.edges.find(setting.party(a), setting.party(b))] for a, b in (("DEU", "FRA"), ("FRA", "DEU")))
    assert germany_france["trust"] == (there + back) / 2.0
    assert not graph.has_edge("DEU", "EU")
    assert graph.edges["CHN", "USA"]["hostile"] == 1 and graph.edges["CHN", "USA"]["weight"] < 0.0


def test_the_weight_of_the_graph_is_the_very_number_that_the_rules_read(setting: Setting) -> None:
    model = DiplomacyModel(seed=2, setting=setting)
    while model.running:
        world, edges = model.world, setting.edges
        drawn = model.alliance_graph(close=-1.0).edges(data="weight")
        read = {
            frozenset((setting.codes[i], setting.codes[j])): weight
            for i, j, weight, own in zip(edges.row, edges.col, world.alliance_weight, world.blocked, strict=True)
            if not own
        }
        assert {frozenset((one, other)): weight for one, other, weight in drawn} == read
        model.step()


def test_whom_a_threshold_joins_has_an_alliance_or_a_treaty_or_is_close_or_hostile(setting: Setting) -> None:
    world = engine.start(setting, 1)
    for _, _, tie in alliance_graph(world, close=0.4, hostile=0.3).edges(data=True):
        assert tie["weight"] >= 0.4 or tie["hostility"] >= 0.3 or tie["alliance"] > 0.0 or tie["treaties"] > 0


def test_a_lower_threshold_joins_more(setting: Setting) -> None:
    model = DiplomacyModel(setting=setting)
    few, many = model.alliance_graph(close=1.0), model.alliance_graph(close=0.0)
    assert set(map(frozenset, few.edges)) < set(map(frozenset, many.edges))


def test_the_treaty_graph_is_what_is_in_force_every_month(setting: Setting) -> None:
    model = DiplomacyModel(seed=2, setting=setting)
    while model.running:
        model.step()
        assert pairs_drawn(model.world) == pairs_in_force(model.world)


def test_treaties_appear_in_both_graphs_when_they_enter_into_force() -> None:
    setting = setting_of({**SEEN, "agreements": QUICK, "mechanisms": EAGER})
    model = DiplomacyModel(seed=2, setting=setting)
    entered = 0
    while model.running:
        treaties, alliances = model.treaty_graph(), model.alliance_graph()
        known = len(model.world.events)
        model.step()
        now, events = model.treaty_graph(), model.world.events
        for at in known + np.flatnonzero(events["event"][known:] == Event.ENTRY_INTO_FORCE):
            row = int(events["instrument"][at])
            key = model.world.instrument_identity(row)
            first, second = (setting.codes[int(model.world.instruments[name][row])] for name in ("first", "second"))
            assert not treaties.has_edge(first, second, key=key) and now.has_edge(first, second, key=key)
            facts = now.edges[first, second, key]
            assert (facts["stage"], facts["in_force"], facts["bound_by"]) == ("in_force", model.last_month, "")
            assert set(setting.types[int(model.world.instruments["type"][row])].issues) <= set(facts)
            before = alliances.edges[first, second]["treaties"] if alliances.has_edge(first, second) else 0
            assert model.alliance_graph().edges[first, second]["treaties"] == before + 1
            entered += 1
    assert entered > 0


def test_treaties_leave_both_graphs_when_they_end(setting: Setting) -> None:
    world = engine.start(setting, 1)
    graph = treaty_graph(world)
    (key,) = graph["EU"]["CHE"]
    edge = graph.edges["EU", "CHE", key]
    assert (edge["role_from"], edge["role_to"], edge["bound_by"]) == ("judge", "judged", "")
    assert graph.edges["DEU", "CHE", key]["bound_by"] == "EU"
    ties = alliance_graph(world).edges["DEU", "CHE"]["treaties"]
    row = next(row for row in range(len(world.instruments)) if world.instrument_identity(row) == key)
    move(world, row, Stage.TERMINATED)
    assert not treaty_graph(world).has_edge("EU", "CHE") and not treaty_graph(world).has_edge("DEU", "CHE")
    drawn = alliance_graph(world)
    assert (drawn.edges["DEU", "CHE"]["treaties"] if drawn.has_edge("DEU", "CHE") else 0) == ties - 1


def test_a_state_that_leaves_its_bloc_leaves_its_treaties(setting: Setting) -> None:
    model = DiplomacyModel(seed=2, setting=setting)
    bound = [facts for _, _, facts in model.treaty_graph().out_edges("GBR", data=True) if facts["bound_by"] == "EU"]
    assert bound
    model.run()
    assert not [facts for _, _, facts in model.treaty_graph().out_edges("GBR", data=True) if "EU" in facts["bound_by"].split(";")]


def test_graphs_are_drawn_afresh_and_change_nothing(setting: Setting) -> None:
    model, quiet = DiplomacyModel(seed=5, setting=setting), DiplomacyModel(seed=5, setting=setting)
    while model.running:
        model.alliance_graph().clear()
        model.treaty_graph().clear()
        model.step()
        quiet.step()
    assert model.result().digest == quiet.result().digest


@pytest.mark.parametrize("form", ["graphml", "gexf", "gml"])
@pytest.mark.parametrize("which", ["alliance_graph", "treaty_graph"])
def test_both_graphs_can_be_written_for_other_programs_and_read_back_whole(setting: Setting, which: str, form: str, tmp_path: Path) -> None:
    model = DiplomacyModel(seed=2, setting=setting)
    model.step()
    graph = getattr(model, which)()
    getattr(nx, f"write_{form}")(graph, tmp_path / "graph")
    back = getattr(nx, f"read_{form}")(tmp_path / "graph")
    assert graph.number_of_edges() > 0 and set(back) == set(graph)
    assert all(back.nodes[code][key] == value for code, facts in graph.nodes(data=True) for key, value in facts.items())
    told, read = (sorted((a, b, _facts(facts)) for a, b, facts in one.edges(data=True)) for one in (graph, back))
    assert told == read


@pytest.mark.parametrize("which", ["alliance_graph", "treaty_graph"])
def test_both_graphs_can_be_written_as_strict_json(setting: Setting, which: str) -> None:
    graph = getattr(DiplomacyModel(setting=setting), which)()
    text = json.dumps(nx.node_link_data(graph, edges="links"), allow_nan=False)
    assert nx.utils.graphs_equal(nx.node_link_graph(json.loads(text), edges="links"), graph)


def test_no_attribute_of_a_graph_has_a_name_that_a_format_keeps_for_itself(setting: Setting) -> None:
    model = DiplomacyModel(setting=setting)
    for graph in (model.alliance_graph(), model.treaty_graph()):
        assert not {"type", "id", "label", "start", "end", "key"} & {key for *_, facts in graph.edges(data=True) for key in facts}


def _facts(facts: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((key, value) for key, value in facts.items() if key != "id")
