"""Links in a run: paths beside networkx, cuts and bridges, faults at their rate, what is built, and what a run may know."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from link_worlds import busy
from worlds import begun, digest, lived, months_of

from sim import engine
from sim.data.fields import FURTHER
from sim.ground.paths import NO_PATH
from sim.ground.widths import between
from sim.mechanisms.links.words import ABANDONED, ANNOUNCED, IN_SERVICE, RETIRED
from sim.state.world import World, snapshot

WHOLE = {"start": "2019-01", "end": "2021-12"}


def links_of(world: World) -> Any:
    return world.setting.config.mechanisms["links"]


def open_links(world: World) -> Any:
    """Return a multigraph of what is open, made from the rows of links alone."""
    links, found = world.links, nx.MultiGraph()
    found.add_nodes_from(range(world.setting.n_states))
    for r in range(len(links)):
        left = int(int(links["mbps"][r]) * (1.0 - links["severed"][r])) * max(30 - int(links["days_down"][r]), 0) // 30
        if links["status"][r] == IN_SERVICE and left > 0:
            found.add_edge(int(links["first"][r]), int(links["second"][r]), ns=int(links["ns"][r]), mbps=left)
    return found


def collapsed(graph: Any) -> Any:
    """Return the graph with parallel links made one: the shortest, and all that they carry."""
    found = nx.Graph()
    found.add_nodes_from(graph)
    for i, j, told in graph.edges(data=True):
        if found.has_edge(i, j):
            one = found[i][j]
            one["ns"], one["mbps"] = min(one["ns"], told["ns"]), one["mbps"] + told["mbps"]
        else:
            found.add_edge(i, j, **told)
    return found


def check(world: World) -> None:
    """Compare latency, bandwidth and what rests on them with an independent library."""
    graph, n = collapsed(open_links(world)), world.setting.n_states
    far = dict(nx.all_pairs_dijkstra_path_length(graph, weight="ns"))
    expected = np.array([[far[i].get(j, NO_PATH) for j in range(n)] for i in range(n)])
    assert np.array_equal(world.latency, expected) and np.array_equal(world.latency, world.latency.T)
    assert world.reaches.tolist() == [len(far[i]) - 1 for i in range(n)]
    tree = nx.maximum_spanning_tree(graph, weight="mbps")
    for i in range(0, n, 7):
        wide = {i: 2**62}
        for one, other in nx.bfs_edges(tree, i):
            wide[other] = min(wide[one], tree[one][other]["mbps"])
        got = [between(world.wide_up, world.wide_mbps, i, j) if j != i else 2**62 for j in range(n)]
        assert got == [wide.get(j, 0) for j in range(n)]


def test_latency_and_bandwidth_of_the_whole_world_are_those_of_an_independent_library() -> None:
    world = begun(WHOLE)
    check(world)
    for at, _ in enumerate(months_of(world, 26)):
        if at % 5 == 0:
            check(world)


def test_no_path_is_shorter_than_the_way_between_capitals() -> None:
    world = begun(WHOLE)
    n, part = world.setting.n_states, links_of(world)
    i, j = np.triu_indices(n, 1)
    joined = world.latency[i, j] < NO_PATH
    way = part.fibre_delay * world.setting.roster.distance(i, j)
    assert (world.latency[i, j][joined] >= way[joined] - 1.0).all()
    codes = world.setting.codes
    london, new_york = codes.index("GBR"), codes.index("USA")
    assert 28.0 < world.latency[london, new_york] / 1e6 < 40.0


def test_cutting_a_bridge_isolates_exactly_whom_it_should() -> None:
    world = begun({"start": "2020-01", "end": "2020-12"})
    whole = collapsed(open_links(world))
    names, links = world.setting.codes, world.links
    bridges = sorted(nx.bridges(whole))
    assert {names[i] for pair in bridges for i in pair} >= {"TON", "LSO", "SMR"}
    for pair in bridges:
        links["severed"][:] = 0.0
        links["severed"][((links["first"] == min(pair)) & (links["second"] == max(pair)))] = 1.0
        links_of(world)._renew(world)
        left = whole.copy()
        left.remove_edge(*pair)
        for i in range(world.setting.n_states):
            assert world.reaches[i] == len(nx.node_connected_component(left, i)) - 1
    links["severed"][:] = 0.0
    links_of(world)._renew(world)
    check(world)


def test_a_cut_lasts_as_long_as_its_event_and_leaves_no_trace_of_its_own() -> None:
    quiet = {"fault_rate": 0.0, "land_fault_rate": 0.0, "announce_rate": 0.0, "built": 0.0, "built_content": 0.0}
    plain = {"start": "2019-02", "end": "2019-10", "mechanisms": {"links": quiet}}
    event = {"kind": "link_cuts", "what": "hub", "from": "2019-04", "until": "2019-06", "source": "assumed"}
    cut, twin = begun({**plain, "events": [event]}), begun(plain)
    for one, other in zip(months_of(cut), months_of(twin), strict=True):
        during = one.month - 1 in range(12 * 2019 + 3, 12 * 2019 + 6)
        assert (one.links_open.sum() < other.links_open.sum()) == during
        assert np.array_equal(one.latency, other.latency) != during
        assert (one.links["severed"] > 0).any() == during


def test_cuts_lie_over_each_other_by_the_larger_part() -> None:
    events = [
        {"kind": "link_cuts", "what": what, "extent": extent, "from": "2019-02", "until": "2019-04", "source": "assumed"}
        for what, extent in (("hub", 0.3), ("widest", 1.0))
    ]
    world = lived({"start": "2019-02", "end": "2019-03", "events": events})
    part_cut = world.links["severed"]
    assert set(np.unique(part_cut).tolist()) == {0.0, 0.3, 1.0}
    check(world)


def test_what_is_on_record_cuts_tonga_off_for_a_part_of_two_months() -> None:
    world = begun({"start": "2018-12", "end": "2019-04", "shocks": [{"kind": "link_cuts"}]})
    row = world.setting.roster.network.names.index("FJI:TON:tonga-cable")
    cut = [float(world.links["severed"][row]) for _ in months_of(world)]
    assert cut == [0.0, 0.2, 0.2, 0.0, 0.0]


def test_faults_come_at_their_rate_and_repairs_take_their_time() -> None:
    world = lived({"start": "2019-01", "end": "2023-12", "mechanisms": {"links": {"land_fault_rate": 0.0}}}, 3)
    part, links, events = links_of(world), world.links, world.events
    sea = (links["status"] == IN_SERVICE) & ~links["land"]
    faults = events["event"] == world.setting.words.code("event", "link_fault")
    expected = part.fault_rate * links["km"][sea].sum() / 1000.0 * 5.0
    # Links that are down cannot fail, and a month holds one fault at most.
    assert 0.8 * expected < faults.sum() < 1.1 * expected
    days = events["value"][faults]
    assert abs(np.median(days) - part.repair_days) < 2.5
    quarter, three = np.quantile(days, [0.25, 0.75])
    assert 8.0 < quarter < 13.0 and 34.0 < three < 48.0


def test_nothing_is_negative_and_links_only_move_on_through_their_stages() -> None:
    world = begun(busy(cut="hub"))
    status = world.links["status"].copy()
    may = {ANNOUNCED: {ANNOUNCED, IN_SERVICE, ABANDONED}, IN_SERVICE: {IN_SERVICE, RETIRED}, ABANDONED: {ABANDONED}, RETIRED: {RETIRED}}
    for _ in months_of(world):
        links, ways = world.links, world.ways
        for name in ("km", "ns", "mbps", "days_down"):
            assert (links[name] >= 0).all()
        assert (links["km"] > 0).all() and (links["first"] < links["second"]).all()
        assert (ways["open_mbps"] >= 0).all() and (ways["length"] > 0).all() and (world.latency >= 0).all()
        assert ((ways["length"] < NO_PATH) == (ways["open_mbps"] > 0)).all()
        assert np.array_equal(ways["first"][links["way"]], links["first"])
        assert all(new in may[old] for old, new in zip(status.tolist(), links["status"].tolist(), strict=False))
        status = links["status"].copy()
        check(world)


def test_of_what_is_announced_a_third_is_not_built_and_it_comes_years_later() -> None:
    world = lived({"start": "2015-01", "end": "2030-12"}, 5)
    links = world.links
    ended = np.isin(links["status"], (IN_SERVICE, RETIRED, ABANDONED)) & (links["due"] > 0) & ~links["by_content"]
    share = (links["status"][ended] != ABANDONED).mean()
    assert abs(share - links_of(world).built) < 0.06
    made = links["announced"] > 0
    waits = (links["due"] - links["announced"])[made]
    assert 24.0 < waits.mean() < 45.0 and waits.min() > links_of(world).lead_months
    per_year = made.sum() / 16.0
    assert abs(per_year - links_of(world).announce_rate * 150) < 4.0


def test_where_nothing_fails_and_nothing_is_built_nothing_changes() -> None:
    off = {"fault_rate": 0.0, "land_fault_rate": 0.0, "announce_rate": 0.0, "built": 0.0, "built_content": 0.0, "upgrade": 0.0}
    world = begun({**WHOLE, "mechanisms": {"links": {**off, "retire_rate": 0.0}}})
    first = world.latency.copy(), world.ways["open_mbps"].copy(), (world.links["status"] == IN_SERVICE).sum()
    for _ in months_of(world, 24):
        pass
    assert np.array_equal(world.latency, first[0]) and np.array_equal(world.ways["open_mbps"], first[1])
    assert (world.links["status"] == IN_SERVICE).sum() == first[2]


def test_what_the_tables_say_of_later_months_changes_no_run(tmp_path: Path) -> None:
    start = "2013-01"
    with (FURTHER / "links.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for name in ("ours", "changed"):
        (tmp_path / name).mkdir()
        told = rows
        if name == "changed":
            told = [row for row in rows if "0" < row["since"] < "2013" or int(row["announced"]) < 2013]
            told = [{**row, **{key: "" for key in ("since", "until") if row[key] >= "2013"}} for row in told]
            assert told != rows
        with (tmp_path / name / "links.csv").open("w", encoding="utf-8", newline="") as stream:
            out = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            out.writeheader()
            out.writerows(told)
    plain = {"start": start, "end": "2014-06"}
    one, other = (lived({**plain, "data": {"folder": str(tmp_path / name)}}) for name in ("ours", "changed"))
    assert np.array_equal(one.latency, other.latency) and len(one.links) == len(other.links)
    assert all(np.array_equal(one.links[name], other.links[name]) for name in one.links.columns)


def test_a_months_links_are_the_same_after_a_snapshot() -> None:
    world = begun(busy())
    for _ in months_of(world, 7):
        pass
    again = engine.restore(world.setting, snapshot(world))
    for one in (world, again):
        for _ in months_of(one, 5):
            pass
    assert digest(world) == digest(again)


def test_synthetic_states_carry_ground() -> None:
    world = begun({"start": "2019-01", "end": "2019-03", "roster": {"kind": "synthetic", "n": 300}})
    assert (world.reaches == 299).all()
    for _ in months_of(world):
        check(world)
    assert (world.links["status"] == ANNOUNCED).sum() > 0


def test_satellites_come_to_states_that_do_not_bar_them_and_to_no_other() -> None:
    world = begun({"start": "2020-06", "end": "2024-12"})
    codes, start = world.setting.codes, world.satellite.copy()
    assert not start.any() and world.satellite_barred[codes.index("CHN")]
    for _ in months_of(world):
        pass
    assert not (world.satellite & world.satellite_barred).any()
    assert 60 < world.satellite.sum() < 140
