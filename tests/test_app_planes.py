"""The bargaining plane: the zone reaches both walls, marked points are what their protocols sign, and failed talks show why."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from node_page import asked

from analysis.app import film as films
from analysis.app.glossary import TERMS
from sim import engine
from sim.run import prepare

FEW = ["BGD", "CHN", "COL", "DZA", "IND", "ITA", "NGA", "NLD", "TUR"]
"""Investors and hosts with others to turn to, so that some talks leave no zone."""
OPEN = {"reach": 1.0, "staff_price": 0.0}
"""Everybody within reach, and no talks too small for the staff they take."""
HURRIED = {
    "bargaining": {"lapse": 3},
    "contacts": {"talk_weight": 0.0, "prospect_weight": 0.0, "hours_official": 2.0, "hours_minister": 2.0},
}
"""Rules under which few meet again, so that talks lapse before their protocol has moved them."""
VIEW = """Object.values(given).map((plane) => {
  const view = CD.planeView(plane), points = view.points.map((p) => p[1]), result = view.result ? [view.result] : [];
  return { ...view, all: [...view.area, view.walls, ...points, ...result].every(view.seen), ends: view.curve.every(view.seen) }; })"""


@cache
def _made(protocol: str, hurried: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    rules = HURRIED if hurried else {}
    tree = {"scenarios": "baseline", "end": "2021-12", "seed": 16, "roster": {"states": FEW}, "protocol": {"name": protocol}}
    config, chosen = prepare({**tree, "mechanisms": {**rules, "bargaining": {**OPEN, **rules.get("bargaining", {})}}})
    film, tables, _ = films.make(engine.assemble(config), chosen)
    return film, tables


def _failed(film: dict[str, Any]) -> list[str]:
    return [str(n) for n, talk in enumerate(film["talks"]) if talk[6] == "failed"]


@pytest.mark.parametrize("protocol", ["nash", "kalai_smorodinsky"])
def test_a_zone_is_shaded_wherever_the_two_could_agree_and_reaches_both_walls(protocol: str) -> None:
    _, tables = _made(protocol)
    assert any(plane["zone"] for plane in tables.values())
    for plane in tables.values():
        assert bool(plane["zone"]) == (plane["nash"] is not None)
        if not plane["zone"]:
            continue
        zone, r, frontier = (np.array(plane[key]) for key in ("zone", "r", "frontier"))
        scale = np.abs(frontier).max(axis=0) + 1e-9
        assert (zone >= r - 1e-9 * scale).all()
        # At each end one side is held to its wall, unless the frontier itself ends before.
        assert np.isclose(zone[0, 0], max(r[0], frontier[0, 0]), atol=1e-6 * scale[0])
        assert np.isclose(zone[-1, 1], max(r[1], frontier[-1, 1]), atol=1e-6 * scale[1])


@pytest.mark.parametrize(("protocol", "point"), [("nash", "nash"), ("kalai_smorodinsky", "fair")])
def test_the_point_that_bears_a_protocols_name_is_what_that_protocol_signs(protocol: str, point: str) -> None:
    _, tables = _made(protocol)
    signed = [plane for plane in tables.values() if plane["result"] is not None and not plane["moved"]]
    assert signed
    for plane in signed:
        gain = np.array(plane["result"]) - plane["d"]
        assert gain == pytest.approx(np.array(plane[point]) - plane["d"], rel=1e-3)


def test_the_kalai_smorodinsky_point_splits_as_its_words_say_by_bargaining_power() -> None:
    _, tables = _made("nash")
    told = 0
    for plane in tables.values():
        if plane["fair"] is None or plane["r"] != plane["d"]:
            continue
        gain, d = np.array(plane["fair"]) - plane["d"], np.array(plane["d"])
        hoped, weight = np.array(plane["zone"]).max(axis=0) - d, np.array(plane["weight"])
        share = gain / hoped / weight
        if np.isclose(gain, hoped).any():
            # Where the frontier ends before the two are even, one has all it hopes for and the other more than its share.
            continue
        told += 1
        assert share[0] == pytest.approx(share[1], rel=5e-3)
    assert told
    words = {name: text for name, _, text, _ in TERMS}
    assert "bargaining power" in words["ks_point"] and "bargaining power" in words["nash_point"]


def test_every_talk_that_failed_has_a_table_with_its_frontier_and_walls() -> None:
    film, tables = _made("nash", hurried=True)
    lapsed = [n for n in _failed(film) if film["words"]["reason"][film["talks"][int(n)][7]] == "lapsed"]
    assert lapsed
    for n in _failed(film):
        assert np.isfinite(np.array(tables[n]["frontier"], dtype=float)).all() or tables[n]["nash"] is None
        assert np.isfinite(np.array(tables[n]["r"])).all()


def test_a_table_without_a_zone_says_who_fell_short_and_by_how_much() -> None:
    tables = {**_made("nash")[1], **{"x" + n: plane for n, plane in _made("nash", True)[1].items()}}
    none = [plane for plane in tables.values() if not plane["zone"]]
    assert none
    for plane in none:
        stood, frontier, r = plane["obstacle"], np.array(plane["frontier"]), np.array(plane["r"])
        side = stood["side"]
        # The most a side can have is its own end of the frontier; beside the other's wall it has no more than that.
        assert stood["most"] == pytest.approx([frontier[-1, 0], frontier[0, 1]], rel=1e-6, abs=1e-9)
        if stood["beside"][side] is not None:
            assert stood["beside"][side] <= min(stood["most"][side], r[side]) + 1e-9
        else:
            assert stood["most"][side] <= r[side] or stood["beside"] == [None, None]
        assert stood["issue"] is None or stood["cost"] > 0


def test_what_a_plane_marks_lies_inside_its_view_and_no_failed_table_is_empty() -> None:
    tables = {**_made("nash")[1], **{"x" + n: plane for n, plane in _made("nash", True)[1].items()}}
    views = asked(VIEW, tables, "g_plane.js")
    assert len(views) == len(tables) and any(not view["zone"] for view in views)
    for view, plane in zip(views, tables.values(), strict=True):
        assert view["all"]
        assert bool(view["area"]) == bool(plane["zone"])
        # Without a zone the whole frontier is in sight, both sides' best texts with it.
        assert view["zone"] or view["ends"]


def test_what_is_screened_has_no_plane() -> None:
    law = {"law": {"equivalence": 0.7}, "bargaining": {"staff_price": 0.0, "propose_rate": 1.0}}
    told = {"scenarios": "baseline", "end": "2021-12", "seed": 2, "background": [], "negotiated": ["adequacy_decision"]}
    config, chosen = prepare({**told, "mechanisms": law})
    film, tables, _ = films.make(engine.assemble(config), chosen)
    assert any(talk[6] == "concluded" for talk in film["talks"]) and tables == {}
