"""A film tells the run as it was: figures, instruments, stages, trust and bargaining planes, small enough to send."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.app import film as films
from analysis.app.packing import packed, short, unpacked
from analysis.app.watching import TRUST_STEPS, UNSEEN
from sim import engine, run
from sim.run import Watcher, prepare
from sim.types import month_index

FEW = ["BRA", "DEU", "FRA", "IDN", "JPN", "KOR", "SGP", "USA"]
TREE = {"scenarios": "pandemic_lockdown", "end": "2021-12", "seed": 3, "roster": {"states": FEW}}


@pytest.fixture(scope="module")
def made() -> tuple[Any, dict[str, Any], dict[str, Any], Any]:
    config, chosen = prepare(TREE)
    setting = engine.assemble(config)
    return (setting, *films.make(setting, chosen))


@pytest.fixture(scope="module")
def record() -> Any:
    return run("pandemic_lockdown", record="panels", **{key: TREE[key] for key in ("end", "seed", "roster")}).runs[0]


def test_watching_changes_nothing(made: Any, record: Any) -> None:
    assert made[1]["digest"] == record.digest


def test_a_watcher_sees_every_month_and_every_table_that_moved() -> None:
    seen: list[int] = []

    class Counting(Watcher):
        def month(self, world: Any) -> None:
            seen.append(world.month)

    run("baseline", end="2019-03", roster={"states": FEW}, watcher=Counting())
    assert seen == [month_index("2019-01") + k for k in range(4)]


def test_every_panel_and_series_of_the_record_is_in_the_film(made: Any, record: Any) -> None:
    _, film, _, _ = made
    for name, panel in record.panels.items():
        told = np.array(unpacked(film["fields"][name], film["months"]), dtype=float)
        assert np.allclose(told, panel, rtol=1e-4, atol=1e-12, equal_nan=True)
    assert set(film["series"]) == set(record.series)


def test_stages_in_the_film_count_what_the_metric_counts(made: Any, record: Any) -> None:
    _, film, _, _ = made
    for t, kind in enumerate(film["types"]):
        for month in (0, 11, film["months"] - 1):
            live = [
                one
                for one in film["instruments"]
                if one["type"] == t
                and one["force"] is not None
                and one["force"] <= month
                and (one["ended"] is None or one["ended"] > month)
            ]
            assert len(live) == record.series[f"in_force_{kind['name']}"][month]


def test_members_speak_for_their_dates() -> None:
    config, chosen = prepare({"scenarios": "baseline", "end": "2020-03", "roster": {"states": ["DEU", "FRA", "GBR"]}})
    film, _, _ = films.make(engine.assemble(config), chosen)
    parties = [one["code"] for one in film["parties"]]
    spell = [one for one in film["members"] if one[1] == parties.index("GBR")]
    # The United Kingdom left at the end of January 2020, the thirteenth month.
    assert spell == [[parties.index("EU"), parties.index("GBR"), 0, 13]]


def test_every_plane_holds_what_was_signed_on_or_inside_its_frontier(made: Any) -> None:
    _, film, tables, _ = made
    signed = [plane for plane in tables.values() if plane["result"] is not None]
    assert signed
    for plane in signed:
        frontier, result = np.array(plane["frontier"]), np.array(plane["result"])
        assert (result >= np.array(plane["r"]) - 1e-9).all()
        scale = np.ptp(frontier, axis=0) + 1e-9
        # No point of the frontier is far below what was signed on both sides, and none far above it on both.
        better = ((frontier - result) / scale > 0.02).all(axis=1)
        assert not better.any() or film["protocol"] != "nash"


def test_the_nash_point_of_the_page_is_the_best_product_on_its_frontier(made: Any) -> None:
    _, _, tables, _ = made
    for plane in tables.values():
        if plane["nash"] is None:
            continue
        d, weight = np.array(plane["d"]), np.array(plane["weight"])
        inside = np.array([u for u in plane["frontier"] if (np.array(u) > np.maximum(plane["r"], d)).all()])
        if len(inside):
            product = (np.log(inside - d) * weight).sum(axis=1).max()
            assert (np.log(np.array(plane["nash"]) - d) * weight).sum() >= product - 1e-3


def test_offers_are_laid_beside_their_table_round_by_round() -> None:
    config, chosen = prepare({**TREE, "protocol": "alternating_offers"})
    _, tables, _ = films.make(engine.assemble(config), chosen)
    bargained = [plane["offers"] for plane in tables.values() if plane.get("offers")]
    assert bargained
    for offers in bargained:
        assert [offer[1] for offer in offers] == list(range(len(offers)))
        assert [offer[2] for offer in offers] == [(offers[0][2] + k) % 2 for k in range(len(offers))]


def test_trust_is_kept_to_half_a_step(made: Any) -> None:
    setting, film, _, trust = made
    assert trust.shape == (film["months"], setting.n_parties, setting.n_parties)
    assert (trust.diagonal(axis1=1, axis2=2) == UNSEEN).all()
    assert (np.unique(trust[trust != UNSEEN]) <= TRUST_STEPS).all()


def test_a_film_is_plain_json_and_the_same_each_time(made: Any) -> None:
    setting, film, tables, _ = made
    again, planes, _ = films.make(setting, prepare(TREE)[1])
    assert json.dumps(again, allow_nan=False) == json.dumps(film, allow_nan=False)
    assert json.dumps(planes, allow_nan=False) == json.dumps(tables, allow_nan=False)


@given(st.lists(st.lists(st.floats(-1e12, 1e12) | st.just(float("nan")), min_size=3, max_size=3), min_size=1, max_size=6))
def test_packing_loses_no_more_than_the_fifth_digit(rows: list[list[float]]) -> None:
    told = unpacked(packed([np.array(row) for row in rows]), len(rows))
    assert told == [[short(value) for value in row] for row in rows]


def test_the_ideal_points_of_a_plane_are_the_ends_of_its_frontier(made: Any) -> None:
    _, _, tables, _ = made
    assert tables
    for plane in tables.values():
        texts, frontier = np.array(plane["texts"]), np.array(plane["frontier"])
        # Nowhere on the frontier is a side better off than at its own end, which is its best text where it cares for every issue.
        assert (frontier[:, 0] <= frontier[-1, 0] + 1e-6).all()
        assert (frontier[:, 1] <= frontier[0, 1] + 1e-6).all()
        for side, end in ((0, -1), (1, 0)):
            cares = np.array(plane["salience"])[side] > 1e-6
            assert np.allclose(np.array(plane["ideal"])[side][cares], texts[end][cares], atol=2e-3)
