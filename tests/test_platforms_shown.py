"""What a run shows of platforms: the ledger in words, the metrics counted by hand, and the scenario with its twin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from platform_worlds import on_bridges, on_screens
from worlds import begun, months_of, setting_of

from sim import engine
from sim.recorder import ledger_in_words
from sim.run import run
from sim.state.world import World
from sim.types import Channel, Event, month_index

FEW = ["CHN", "DEU", "FRA", "IND", "KEN", "USA"]


def measured(world: World, name: str) -> dict[str, float]:
    metric = world.setting.config.shelves["metric"].get(name)
    part = world.setting.config.shelves["metric"].build(name, {}) if isinstance(metric, type) else metric
    return dict(zip(part.columns(world.setting), part.measure(world).tolist(), strict=True))


def by_hand(world: World) -> dict[str, Any]:
    """Count a month's meetings one by one."""
    labels, home = world.setting.labels("platform"), world.setting.roster.video.clouds.home.tolist()
    out: dict[str, Any] = {"held": dict.fromkeys(labels, 0), "lost": 0, "lost_bridge": 0, "wanted_bridge": 0, "foreign": 0, "hostile": 0}
    events = world.events
    for row in range(world.first_event(world.month - 1), len(events)):
        k = int(events["platform_used"][row])
        if events["event"][row] != Event.CONTACT or k < 0:
            continue
        sides = [int(events[side][row]) for side in ("party_a", "party_b")]
        out["wanted_bridge"] += k == 0
        if events["channel"][row] == Channel.CALL:
            out["lost"] += 1
            out["lost_bridge"] += k == 0
            continue
        out["held"][labels[k]] += 1
        host = home[k - 1] if k else -1
        if host >= 0 and not any(world.own_law[side, k] for side in sides):
            out["foreign"] += 1
            edges = [world.setting.edges.find(side, host) for side in sides]
            out["hostile"] += any(world.hostile[edge] for edge in edges if edge >= 0)
    return out


@pytest.mark.parametrize("plain", [on_screens("2020-10", fear=0.0), on_bridges("2020-10")], ids=["both", "bridges"])
def test_metrics_count_what_the_ledger_holds(plain: dict[str, Any]) -> None:
    world, seen = begun(plain, 6), 0
    for _ in months_of(world):
        told, all_of = by_hand(world), sum(by_hand(world)["held"].values())
        assert measured(world, "meetings_by_platform") == {f"meetings_{name}": n for name, n in told["held"].items()}
        blocked, heard = measured(world, "screen_blocked"), measured(world, "screen_heard")
        if all_of + told["lost"]:
            assert blocked["screen_blocked"] == pytest.approx(told["lost"] / (all_of + told["lost"]))
        if told["wanted_bridge"]:
            assert blocked["screen_blocked_bridge"] == pytest.approx(told["lost_bridge"] / told["wanted_bridge"])
        else:
            assert np.isnan(blocked["screen_blocked_bridge"])
        if all_of:
            assert heard == pytest.approx({"heard_foreign": told["foreign"] / all_of, "heard_hostile": told["hostile"] / all_of})
        else:
            assert np.isnan(list(heard.values())).all()
        seen += all_of
    assert seen > 50


def test_the_ledger_names_the_platform_of_each_meeting_and_whose_bridge_it_was() -> None:
    world = begun(on_screens("2020-10"), 6)
    for _ in months_of(world):
        pass
    told = ledger_in_words(world)
    held = (told["event"] == "contact") & (told["channel"] == "video")
    assert held.any() and set(told["platform_used"][held]) <= set(world.setting.labels("platform"))
    assert (told["platform_used"][(told["event"] == "contact") & np.isin(told["channel"], ["visit", "summit", "message"])] == "").all()
    bridged = told["platform_used"] == "bridge"
    assert bridged.any() and (told["bridge_used"][bridged] != "").all() and (told["bridge_used"][~bridged] == "").all()


def test_what_becomes_known_costs_trust_in_the_host_and_rests_talks() -> None:
    world = begun(on_screens("2021-02", fear=0.0), 4)
    code, found = world.setting.words.code("event", "overheard"), 0
    for _ in months_of(world):
        events, part = world.events, world.setting.config.mechanisms["interception"]
        for row in np.flatnonzero((events["event"] == code) & (events["month"] == world.month - 1)).tolist():
            edge = world.setting.edges.find(int(events["party_b"][row]), int(events["party_a"][row]))
            assert world.trust_broken[edge] >= world.setting.config.mechanisms["trust"].overheard
            assert (world.cooldown[:, edge] >= world.month - 1 + part.crisis_months).all()
            found += 1
    assert found > 0


def test_the_scenario_and_its_twin_part_with_the_first_ban_and_not_before() -> None:
    small = {"roster": {"states": FEW}, "start": "2019-06", "end": "2021-06", "seed": 2, "record": "full"}
    (world,), (twin,) = run("video_platforms", **small).runs, run("video_platforms", counterfactual=True, **small).runs
    # China bars Zoom in September 2019.
    first = month_index("2019-09")
    before, other = ({name: rows[one.events["month"] < first] for name, rows in one.events.items()} for one in (world, twin))
    assert len(before["month"]) and all(np.array_equal(before[name], other[name], equal_nan=name == "value") for name in before)
    assert world.scalars["platforms_barred"] == 0.0
    events = world.events
    met = (events["event"] == "contact") & (events["month"] >= month_index("2020-01")) & (events["platform_used"] != "")
    china = met & ((events["party_a"] == "CHN") | (events["party_b"] == "CHN"))
    assert china.any() and not {"teams", "webex", "zoom"} & set(events["platform_used"][china])
    assert {"teams", "webex", "zoom"} & set(events["platform_used"][met & ~china])


def test_bridges_alone_is_one_setting_away_and_no_cloud_carries_anything() -> None:
    plain = {"scenarios": "video_platforms", "roster": {"states": FEW}, "start": "2020-03", "end": "2020-06"}
    (alone,) = run(
        "video_platforms", mechanisms={"platforms": {"clouds": False}}, **{k: v for k, v in plain.items() if k != "scenarios"}
    ).runs
    names = setting_of({"roster": {"states": FEW}}).labels("platform")
    assert sum(alone.scalars[f"meetings_{name}"] for name in names[1:]) == 0.0
    assert engine.order_of_the_month()[11].startswith("12. Platforms")
