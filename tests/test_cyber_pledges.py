"""A known case of compliance: pledges without verification. Three on record were all found broken within about three years.

The pledges bind nothing of value and nobody verifies them. The record (``data/cyber_pledges.csv``) says who pledged to whom and when it was
found broken: 3 of 3, 38, 17 and 27 months after signature, by one study. What the model needs beside it is stated here, and no part of it
is fitted: ``detection`` from the time between an incident and its public attribution (median 1 year, 0.2 to 3 years, by memory; low is
3 years), worth and saving by assumption. Compliance looks at anniversaries, three times within 36 months, so that

    P(broken within 36 months) = 1 - (1 - exp(-p C / (Z K)))^3,   C = S V + M q W + A.
"""

from __future__ import annotations

import csv
import functools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from courts import part
from worlds import setting_of

from sim import engine
from sim.ledger import list_instrument
from sim.mechanisms.compliance import rule as compliance
from sim.mechanisms.compliance.equations import found_within
from sim.mechanisms.compliance.rule import Compliance
from sim.stakes.keeping import Held
from sim.state.world import Setting, World
from sim.types import month_index

PLEDGES = list(csv.DictReader((Path(__file__).parent / "data" / "cyber_pledges.csv").read_text(encoding="utf-8").splitlines()))
PLEDGE, LINKED = "law_enforcement_access", "digital_trade_agreement"
"""Types that stand in: the first for pledges, the second for what is linked to them. What they are worth is set by hand."""
WORTH, SAVING, TEMPTATION = 0.2, 0.2, 5.0
"""Of a pledge to either side and of breaking it, bp of GDP a year; mean pressure at home (all assumed, the last high in its range)."""
LOW, HIGH = math.log(2.0) / 3.0, 3.0
"""Breaches found a year: half within three years, the slowest of the record; and half within three months, the fastest in range."""
SEEDS = 20
DRAWS = SEEDS * len(PLEDGES)


def months(row: dict[str, str]) -> int:
    return month_index(row["found"]) - month_index(row["signed"])


@functools.cache
def setting() -> Setting:
    calm = {"courts": {"complaint_rate": 0.0, "parliament_rate": 0.0, "leak_rate": 0.0}, "withdrawals": {"rate": 0.0}}
    return setting_of(
        {
            "start": "2015-09",
            "end": "2018-12",
            "roster": {"states": ["AUS", "CHN", "DEU", "USA"]},
            "background": [],
            "negotiated": [],
            "mechanisms": {**calm, "compliance": {"temptation": TEMPTATION}},
        }
    )


def begun(seed: int, linked: float, monkeypatch: pytest.MonkeyPatch, **values: float) -> World:
    """Begin a world with the three pledges in force, and one linked agreement of each pair that is worth so much to either side."""
    world = engine.start(setting(), seed)
    codes, names = world.setting.codes, world.setting.type_names
    for row in PLEDGES:
        for kind in (PLEDGE, LINKED):
            two = sorted(codes.index(row[key]) for key in ("first", "second"))
            list_instrument(world, names.index(kind), *two, np.full(2, 0.5), world.month, world.month, -1)
    kinds, pledge, other = world.instruments["type"], names.index(PLEDGE), names.index(LINKED)

    def told(_: World, rows: Any) -> Held:
        value = np.where(kinds[rows] == pledge, WORTH, np.where(kinds[rows] == other, linked, 0.0))
        saving = np.where(kinds[rows] == pledge, SAVING, 0.0)
        return Held(*(np.repeat(one[:, None], 2, axis=1) for one in (value, saving, np.full(len(rows), -1.0))))

    monkeypatch.setattr(compliance, "held", told)
    monkeypatch.setattr(compliance, "staff_in_bp", lambda world, rows, role: np.zeros(len(rows)))
    monkeypatch.setattr(compliance, "damage", lambda world, row, role: 0.0)
    part(world, "compliance", **values)
    return world


def broken_by_china(linked: float, detection: float, monkeypatch: pytest.MonkeyPatch) -> int:
    """Count the pledges of all seeds that China breaks within 36 months."""
    n = 0
    for seed in range(SEEDS):
        world = begun(seed, linked, monkeypatch, detection=detection)
        start, china = world.month, world.setting.party("CHN")
        for _ in range(37):
            engine.step(world)
        kind, breaches = world.setting.type_names.index(PLEDGE), world.breaches
        mine = (breaches["party"] == china) & (breaches["began"] <= start + 36)
        n += len({int(row) for row in breaches["instrument"][mine] if world.instruments["type"][row] == kind})
    return n


def chance(linked: float, detection: float) -> float:
    """Return the chance that China breaks one of its pledges within 36 months: it has nothing to lose at home, and two other pledges."""
    one: Compliance = setting().config.mechanisms["compliance"]
    price = one.suspended_years * WORTH + one.memory_years * one.deals_lost * (2 * WORTH + 3 * linked)
    return 1.0 - (1.0 - math.exp(-found_within(1.0, detection) * price / (TEMPTATION * SAVING))) ** 3


def within(n: int, p: float) -> bool:
    """Say whether a count of ``DRAWS`` is likely enough for a chance: false alarm below 1e-6 on either side, by the binomial itself."""
    weights = [math.comb(DRAWS, k) * p**k * (1.0 - p) ** (DRAWS - k) for k in range(DRAWS + 1)]
    return min(sum(weights[: n + 1]), sum(weights[n:])) > 1e-6


def test_the_record_is_three_pledges_all_found_broken_within_about_three_years() -> None:
    assert [months(row) for row in PLEDGES] == [38, 17, 27]
    assert all("CHN" in (row["first"], row["second"]) and row["source"] for row in PLEDGES)


def test_where_breaches_are_hardly_found_and_nothing_is_linked_nearly_all_pledges_are_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    n, p = broken_by_china(0.0, LOW, monkeypatch), chance(0.0, LOW)
    # 3 of 3 in the world, which is a share of 0.5 to 1, as far as three can tell.
    assert p > 0.95 and n / DRAWS > 0.85 and within(n, p)


def test_detection_alone_does_not_keep_a_pledge_that_is_worth_little(monkeypatch: pytest.MonkeyPatch) -> None:
    n, p = broken_by_china(0.0, HIGH, monkeypatch), chance(0.0, HIGH)
    assert chance(0.0, LOW) > p > 0.5 and within(n, p)


def test_where_breaches_are_found_and_much_is_linked_pledges_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    # That any of the draws is broken has a chance below 1e-6: the test's false alarm.
    assert DRAWS * chance(20.0, HIGH) < 1e-6
    assert broken_by_china(20.0, HIGH, monkeypatch) == 0
