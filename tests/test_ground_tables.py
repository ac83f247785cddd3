"""Cables, gateways and satellites: what our tables hold, what is laid by rule, and what a faulty table is told in one sentence."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from sim.data.fields import FURTHER
from sim.data.further.ground import GATEWAYS, LINKS, SATELLITES
from sim.data.network import Network, joining
from sim.data.roster import RosterSpec, load_roster
from sim.data.source import read_source
from sim.types import NEVER, UserError, month_index

SPAN = month_index("2019-01"), month_index("2022-12")
Rows = list[dict[str, str]]


def ours(table: str) -> Rows:
    with (FURTHER / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(folder: Path, table: str, rows: Rows) -> Path:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, list(ours(table)[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    return folder


def network(start: str = "2019-01", **spec: Any) -> Network:
    month = month_index(start)
    return load_roster(RosterSpec(**spec), month, month + 11).network


def graph(net: Network, *, land: bool) -> Any:
    found, there = nx.MultiGraph(), net.since < NEVER
    there &= land | ~net.land
    found.add_edges_from(zip(net.first[there].tolist(), net.second[there].tolist(), strict=True))
    return found


def at(code: str) -> int:
    return read_source(None).codes.index(code)


@pytest.mark.parametrize(("year", "cables"), [("2010-01", 405), ("2015-01", 518), ("2020-01", 593), ("2025-12", 683)])
def test_the_submarine_graph_is_one_component_and_grows(year: str, cables: int) -> None:
    net = network(year)
    sea = graph(net, land=False)
    assert nx.is_connected(sea) and sea.number_of_edges() == cables


def test_nobody_but_islands_without_a_cable_is_cut_off_and_all_the_rest_is_one_component() -> None:
    net = network("2025-12")
    codes = read_source(None).codes
    assert nx.is_connected(graph(net, land=True))
    assert {codes[i] for i in set(range(193)) - set(graph(net, land=True))} == {"NRU", "TUV"}


def test_what_is_in_service_is_dated_by_july_and_nothing_later_is_there() -> None:
    for start in ("2018-06", "2018-07"):
        net = network(start)
        marea = [n for n, name in enumerate(net.names) if name.endswith(":marea")]
        assert [net.since[n] <= month_index(start) for n in marea] == [start == "2018-07"]
        assert (net.since[net.since < NEVER] <= month_index(start)).all()
        assert (net.service[net.service < NEVER] <= month_index(start)).all()


def test_what_is_announced_as_a_run_begins_holds_systems_that_were_never_built() -> None:
    net = network("2015-01")
    waiting = {name.split(":")[2] for name, since in zip(net.names, net.since, strict=True) if since == NEVER}
    rows = ours(LINKS)
    never = {row["system"] for row in rows if not row["since"]}
    built = {row["system"] for row in rows if row["since"]}
    assert len(waiting & never) > 10 and len(waiting & built) > 20
    assert all(int(row["announced"]) < 2015 for row in rows if row["system"] in waiting)


def test_states_without_a_coast_have_their_gateways_alone() -> None:
    net = network("2021-01")

    def joined(code: str) -> set[str]:
        codes, i = read_source(None).codes, at(code)
        mine = (net.first == i) | (net.second == i)
        assert net.land[mine].all()
        return {codes[j] for j in (net.first + net.second - i)[mine].tolist()}

    assert joined("LSO") == {"ZAF"} and joined("MNG") == {"CHN", "RUS"} and joined("ETH") == {"DJI", "KEN", "SDN"}
    assert not net.coast[at("ETH")] and net.coast[at("DJI")] and (~net.coast).sum() == 43
    assert joined("CAF") == set() and joined("UZB") >= {"AFG", "KAZ"}


def test_no_line_crosses_a_closed_border() -> None:
    net = network()
    pairs = set(zip(net.first[net.land].tolist(), net.second[net.land].tolist(), strict=True))
    for a, b in (("KOR", "PRK"), ("COL", "PAN"), ("ISR", "LBN")):
        assert (at(a), at(b)) not in pairs
    assert (at("CAN"), at("USA")) in pairs and (at("CHN"), at("PRK")) in pairs


def test_open_terms_leave_the_list_of_cables_out_say_so_and_lay_lines_by_rule() -> None:
    roster = load_roster(RosterSpec(terms="open"), *SPAN)
    net = roster.network
    assert not any(name.split(":")[2] not in ("near", "land", "join") for name in net.names)
    assert nx.is_connected(graph(net, land=True)) and len(graph(net, land=True)) == 193
    assert any(field == "links.km" and "noncommercial" in why for field, why in roster.assumed)
    assert not any(field == "links.km" for field, _ in load_roster(RosterSpec(), *SPAN).assumed)


@pytest.mark.parametrize(
    "spec", [{"states": ("CHN", "DEU", "TUV", "USA")}, {"kind": "synthetic", "n": 60}, {"kind": "synthetic", "n": 400}]
)
def test_states_of_a_cut_or_a_synthetic_roster_are_joined(spec: dict[str, Any]) -> None:
    net = network(**spec)
    whole = graph(net, land=True)
    assert nx.is_connected(whole) and len(whole) == len(net.coast)
    assert (net.km > 0).all() and (net.first < net.second).all() and len(set(net.names)) == len(net.names)


def test_what_joins_the_parts_is_a_minimum_spanning_tree_of_them() -> None:
    lat, lon = np.array([0.0, 0.0, 0.0, 0.0, 0.0]), np.array([0.0, 1.0, 5.0, 6.0, 20.0])
    first, second = joining(lat, lon, np.array([0]), np.array([1]))
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == [(1, 2), (2, 3), (3, 4)]


def test_who_knows_the_tables_up_to_a_month_knows_no_later_cable() -> None:
    early, late = network("2019-01", known_until=month_index("2012-12")), network("2013-01")
    assert set(early.names) >= {name for name, land in zip(late.names, late.land, strict=True) if land}
    assert "AGO:BRA:south-atlantic-cable-system-sacs" in early.names
    assert (early.since[early.since < NEVER] <= month_index("2012-12")).all()


def test_satellites_have_a_month_and_bars_that_may_end() -> None:
    net = network("2024-06")
    assert net.service[at("NGA")] == month_index("2023-01") and net.barred[at("CHN")] == month_index("2020-01")
    assert net.barred_until[at("CHN")] == NEVER and net.service[at("IND")] == NEVER


def test_a_users_cable_stands_in_place_of_ours(tmp_path: Path) -> None:
    row = {
        **ours(LINKS)[0],
        "code_a": "TUV",
        "code_b": "FJI",
        "system": "atoll",
        "km": "1100",
        "since": "2018",
        "until": "",
        "owner": "other",
    }
    roster = load_roster(RosterSpec(folder=write(tmp_path, LINKS, [row]), terms="open"), *SPAN)
    sea = [name for name, land in zip(roster.network.names, roster.network.land, strict=True) if not land]
    assert sea == ["FJI:TUV:atoll"] and {name for name, _, _ in roster.replaced} == {LINKS}


FAULTS = [
    (LINKS, {"code_a": "AGX"}, "column code_a: 'AGX' is not a state of the roster; did you mean 'AGO'"),
    (LINKS, {"km": "-5"}, "column km: '-5' is not a number from 1 to 50000 (km)"),
    (LINKS, {"km": "far"}, "column km: 'far' is not a number (km)"),
    (LINKS, {"code_b": ""}, "column code_b: a value is required (the other)"),
    (LINKS, {"code_b": "AGO"}, "a state and itself (AGO) are no dyad"),
    (LINKS, {"owner": "google"}, "column owner: cannot be 'google'; valid are china, other, us_and_china, us_carrier, us_content"),
    (LINKS, {"since": "", "planned": ""}, "column since: a link needs a year in since or in planned; both are blank"),
    (LINKS, {"since": "2018", "until": "2017"}, "column until: 2017 lies before 2018 in column since"),
    (GATEWAYS, {"gateway": "AFG"}, "a state and itself (AFG) are no neighbours"),
    (GATEWAYS, {"gateway": "IRQN"}, "column gateway: 'IRQN' is not a state of the roster; did you mean 'IRN'"),
    (SATELLITES, {"since": "2023-13"}, "column since: '2023-13' is not a month of the form YYYY-MM"),
    (SATELLITES, {"until": "2020-01"}, "column until: 2020-01 ends a bar that column barred does not begin"),
    (SATELLITES, {"barred": "2020-05", "until": "2020-01"}, "column until: 2020-01 lies before 2020-05 in column barred"),
]


@pytest.mark.parametrize(("table", "cells", "said"), FAULTS)
def test_a_fault_is_told_in_one_sentence_with_file_row_and_column(tmp_path: Path, table: str, cells: dict[str, str], said: str) -> None:
    rows = ours(table)
    rows[0] = {**rows[0], **cells}
    with pytest.raises(UserError) as fault:
        load_roster(RosterSpec(folder=write(tmp_path, table, rows)), *SPAN)
    words = str(fault.value)
    assert f"{table}.csv row 2" in words and said in words and "\n" not in words
