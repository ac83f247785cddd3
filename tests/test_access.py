"""Who comes online in a run: bounds, prices where links land, who is cut off, what programmes do, and what a run may know."""

from __future__ import annotations

import csv
import functools
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from access_worlds import helped
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import begun, different, digest, lived, months_of

from sim.data.fields import FOLDER
from sim.ledger import move
from sim.mechanisms.access import equations
from sim.mechanisms.access.rule import Access
from sim.mechanisms.links.words import IN_SERVICE, RETIRED
from sim.metrics.internet_use import InternetUse
from sim.state.world import World, snapshot
from sim.types import Stage

WHOLE = {"start": "2019-01", "end": "2024-01"}
SLACK = 1e-12


def use_of(world: World) -> Any:
    return world.internet_use[: world.setting.n_states]


@functools.cache
def whole() -> World:
    """Return the whole world of 2019 in 2024, without new agreements."""
    return lived({**WHOLE, "negotiated": []})


def test_use_starts_from_what_is_known_and_stays_within_bounds() -> None:
    world = begun(helped())
    first = use_of(world).copy()
    assert np.array_equal(first, world.setting.roster.figures["internet_use"][0])
    for _ in months_of(world):
        before, top = use_of(world).copy(), np.maximum(first, 0.97)
        assert (use_of(world) >= 0.0).all() and (use_of(world) <= top + SLACK).all()
        for name in ("skills", "technology", "use_ceiling", "subsidised"):
            assert (world.array(name) >= 0.0).all() and (world.array(name) <= 1.0).all(), name
        for name in ("access_price", "landed_price", "price_felt"):
            assert (world.array(name) > 0.0).all(), name
        assert (world.array("access_funds") >= 0.0).all() and (world.array("learning_funds") >= 0.0).all()
        assert (before >= 0.0).all()


numbers = st.floats(0.001, 0.97)


@settings(max_examples=200, deadline=None)
@given(
    use=numbers, price=st.floats(0.1, 200.0), income=st.floats(100.0, 1e5), felt=st.floats(0.2, 1.5), landed=st.floats(0.2, 1.0),
    skills=st.floats(0.0, 1.0), subsidy=st.floats(0.0, 0.9), growth=st.floats(0.0, 0.3), cut=st.booleans(), lag=st.floats(1.0, 36.0),
)  # fmt: skip
def test_no_month_takes_use_past_its_ceiling_or_below_nothing(
    use: float, price: float, income: float, felt: float, landed: float, skills: float, subsidy: float, growth: float, cut: bool, lag: float
) -> None:
    one = {name: np.array([value]) for name, value in
           (("price", price), ("landed", landed), ("subsidised", subsidy), ("felt", felt), ("skills", skills), ("gdp", income * 1e6),
            ("population", 1e6))}  # fmt: skip
    ceiling, found, cut_off = np.zeros(1), np.array([use]), np.array([cut])
    equations.renew(
        *one.values(), cut_off, np.zeros((0, 1), dtype=np.bool_), np.ones(1, dtype=np.bool_), growth / 12.0, lag, 0.97, 0.15, 0.8, 1.0,
        0.3, -2.5, -1.3, -0.35, 0.02 / 12.0, ceiling, found,
    )  # fmt: skip
    assert 0.0 <= ceiling[0] <= 0.97 and 0.0 <= one["skills"][0] <= 1.0 and one["felt"][0] > 0.0
    assert 0.0 < found[0] <= max(use, ceiling[0]) + SLACK
    if landed * (1.0 - subsidy) <= felt:
        assert found[0] >= use - SLACK, "nobody leaves while nothing costs more"
    if cut:
        assert found[0] <= use + SLACK


def test_who_earns_more_or_pays_less_can_afford_it_sooner() -> None:
    rich, poor = (equations.affordable(5.0, income, 0.15, 0.8) for income in (5000.0, 500.0))
    dear = equations.affordable(10.0, 500.0, 0.15, 0.8)
    assert 0.99 < rich <= 1.0 and rich > poor > dear > 0.0
    assert equations.affordable(0.0, 500.0, 0.15, 0.8) == 1.0 and equations.affordable(5.0, 0.0, 0.15, 0.8) == 0.0
    elasticities = [equations.elasticity(use, -2.5, -1.3, -0.35) for use in (0.0, 0.15, 0.3, 0.5, 0.7, 0.9, 1.0)]
    assert elasticities == sorted(elasticities) and elasticities[0] == -2.5 and elasticities[3] == -1.3 and elasticities[-1] == -0.35


def landing(use: float = 0.06) -> tuple[World, World, int]:
    """Return two worlds after two years, in one of which a second cable landed in Tonga as they began, and Tonga's place.

    Use is at first that of sub-Saharan Africa in 2010, when SEACOM, EASSy and MainOne landed.
    """
    found = []
    for lands in (False, True):
        world = begun(helped("2021-09", negotiated=[], mechanisms={"links": {"announce_rate": 0.0, "built": 1.0, "built_content": 1.0}}))
        fiji, tonga = (world.setting.party(code) for code in ("FJI", "TON"))
        use_of(world)[tonga] = use
        mine = np.flatnonzero((world.links["first"] == tonga) | (world.links["second"] == tonga))
        kept = mine[world.links["status"][mine] == IN_SERVICE][0]
        world.links["status"][mine[mine != kept]] = RETIRED
        world.links["due"][mine] = -1
        if lands:
            way = int(np.flatnonzero((world.ways["first"] == fiji) & (world.ways["second"] == tonga))[0])
            world.links.extend(1, first=fiji, second=tonga, way=way, due=world.month, km=827.0, ns=5_000_000, key=1)
        for _ in months_of(world):
            pass
        found.append(world)
    return found[0], found[1], found[0].setting.party("TON")


def test_after_a_landing_the_price_falls_within_the_band_and_use_rises() -> None:
    without, landed, tonga = landing()
    fall = 1.0 - landed.access_price[tonga] / without.access_price[tonga]
    rise = 100.0 * (use_of(landed)[tonga] - use_of(without)[tonga])
    print(f"price falls by {100.0 * fall:.1f} % (14 to 21 in forecasts of Equiano), use rises by {rise:.1f} points (Cariolle: 3.5)")
    assert 0.14 <= fall <= 0.21
    assert 2.0 <= rise <= 6.0
    others = [i for i in range(without.setting.n_states) if i not in (tonga, without.setting.party("FJI"))]
    assert np.array_equal(without.access_price[others], landed.access_price[others])


def test_the_gap_stays_flat_without_programmes() -> None:
    world = whole()
    setting = world.setting
    gdp, people = world.gdp[: setting.n_states], world.population[: setting.n_states]
    rich, poor = gdp / people > 13_000.0, gdp / people < 1_100.0
    first = begun({**WHOLE, "negotiated": []})

    def gap(of: World) -> float:
        use = use_of(of)
        return 100.0 * float(np.average(use[rich], weights=people[rich]) - np.average(use[poor], weights=people[poor]))

    print(f"high less low income: {gap(first):.0f} points in 2019, {gap(world):.0f} in 2024 (record: 67 to 71)")
    assert abs(gap(world) - gap(first)) < 8.0
    assert 60.0 < gap(world) < 75.0


def test_least_developed_states_come_closer_to_what_was_then_recorded_than_if_nobody_had_come_online() -> None:
    world = whole()
    setting = world.setting
    recorded = setting.roster.figure("internet_use", world.month - 1)
    least = setting.roster.figures["ldc"][0] > 0.5
    people = world.population[: setting.n_states]
    seen, here, then = (float(np.average(u[least], weights=people[least])) for u in
                        (recorded, use_of(world), setting.roster.figures["internet_use"][0]))  # fmt: skip
    assert abs(here - seen) < 0.3 * abs(then - seen)


def test_no_later_figure_of_use_moves_anything(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "un" / "yearly.csv", tmp_path / "yearly.csv")
    with (tmp_path / "yearly.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    spoilt = 0
    for row in rows:
        # What is known in January 2020 is of 2019 at the latest.
        if int(row["year"]) >= 2019 and row["internet_use"]:
            row["internet_use"] = str(0.5 * float(row["internet_use"]))
            spoilt += 1
    assert spoilt > 500
    ends = {}
    for name, changed in (("same", False), ("changed", True)):
        folder = tmp_path / name
        folder.mkdir()
        if not changed:
            shutil.copy(tmp_path / "yearly.csv", folder / "yearly.csv")
            shutil.copy(FOLDER / "un" / "yearly.csv", folder / "yearly.csv")
        else:
            with (folder / "yearly.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        ends[name] = lived(
            {"start": "2019-06", "end": "2022-02", "roster": {"states": ["CHN", "ETH", "KEN", "USA"]}, "data": {"folder": str(folder)}}
        )
    assert different(*(snapshot(ends[name]) for name in ("same", "changed"))) <= {"config"}


def test_the_same_seed_makes_the_same_and_nothing_rests_on_luck() -> None:
    one, two, other = (lived(helped("2020-06"), seed) for seed in (3, 3, 4))
    assert digest(one) == digest(two) != digest(other)
    still = {"negotiated": [], "mechanisms": {"links": {"announce_rate": 0.0, "built": 0.0, "built_content": 0.0, "fault_rate": 0.0,
             "land_fault_rate": 0.0}}}  # fmt: skip
    alone = [lived(helped("2020-06") | still, seed) for seed in (3, 4)]
    assert np.array_equal(use_of(alone[0]), use_of(alone[1]))


def test_use_does_not_grow_in_a_month_in_which_all_lines_are_down() -> None:
    world = begun(helped("2020-06", negotiated=[]))
    tonga = world.setting.party("TON")
    seen = []
    for at, _ in enumerate(months_of(world)):
        if at == 1:
            mine = (world.links["first"] == tonga) | (world.links["second"] == tonga)
            world.links["days_down"][mine], world.satellite[tonga], world.satellite_barred[tonga] = 90, False, True
        seen.append(float(use_of(world)[tonga]))
    grown = np.diff(seen) > 0.0
    assert grown[0] and not grown[1] and not grown[2] and grown[-1]


@pytest.mark.parametrize("start", ["2010-01", "2019-01"])
def test_neutral_forms_are_the_nulls(start: str) -> None:
    plain = {"start": start, "end": f"{start[:4]}-12", "negotiated": [], "roster": {"states": ["CHN", "ETH", "KEN", "USA"]}}
    forms = {one.name: dict(one.overrides) for one in Access.neutral}

    def under(name: str) -> World:
        told = {key.split(".")[-1]: value for key, value in forms[name].items()}
        return lived({**plain, "mechanisms": {"access": told}})

    first = use_of(begun(plain))
    assert np.array_equal(use_of(under("persistence")), first)
    free = use_of(under("without_price"))
    assert (free >= first).all() and free[1] > lived(plain).internet_use[1], "Ethiopia grows faster where price does not matter"


def programmes(world: World) -> Any:
    return np.flatnonzero(world.instruments["type"] == world.setting.type_names.index("capacity_programme"))


def test_programmes_are_signed_and_money_is_conserved() -> None:
    world = begun(helped("2021-06"), 3)
    for _ in months_of(world):
        paid, received, spent = (float(world.array(name)[:].sum()) for name in ("paid", "received", "overhead"))
        assert paid == pytest.approx(received + spent, rel=1e-12)
    rows = programmes(world)
    assert len(rows) >= 5
    n = world.setting.n_states
    given_ = world.instruments["subsidy_funds"][rows] + world.instruments["training_funds"][rows]
    assert (given_ > 0.0).all() and (world.internet_use[:n] > 0.0).all()


def test_a_donor_never_promises_more_than_it_sets_aside() -> None:
    world = lived(helped("2021-06"), 3)
    rows, table = programmes(world), world.instruments
    kind = world.setting.types[world.setting.type_names.index("capacity_programme")]
    live = rows[table["stage"][rows] == Stage.IN_FORCE]
    yearly = 12.0 * sum(table[name][live] for name in ("subsidy_funds", "subsidy_overhead", "training_funds", "training_overhead"))
    by_donor = np.bincount(table["first"][live], weights=yearly, minlength=world.setting.n_parties)
    assert by_donor.any() and (by_donor <= kind.budget_share * world.gdp * 1.3).all()


def test_a_programme_lowers_what_users_pay_raises_skills_and_narrows_the_gap() -> None:
    ends = {}
    for name, negotiated in (("with", ["capacity_programme"]), ("without", [])):
        world = lived(helped("2021-06", negotiated=negotiated), 3)
        ends[name] = (world, InternetUse().measure(world))
    with_, without = ends["with"][0], ends["without"][0]
    hosts = sorted({int(with_.instruments["second"][row]) for row in programmes(with_) if with_.instruments["in_force"][row] >= 0})
    assert hosts and (with_.price_felt[hosts] < without.price_felt[hosts]).all()
    assert (with_.skills[hosts] > without.skills[hosts]).all() and (use_of(with_)[hosts] > use_of(without)[hosts]).all()
    assert ends["with"][1][2] < ends["without"][1][2], "others are less far ahead of the least developed"
    print(f"gap {100 * ends['with'][1][2]:.1f} points with programmes, {100 * ends['without'][1][2]:.1f} without")


def test_technology_rises_only_by_transfer_and_never_past_the_donors() -> None:
    world = begun(helped("2021-06"), 3)
    first = world.technology.copy()
    for _ in months_of(world):
        handed = {int(world.instruments["second"][row]) for row in programmes(world) if world.instruments["technology_a_month"][row] > 0.0}
        for i in np.flatnonzero(world.technology != first).tolist():
            assert i in handed and world.technology[i] > first[i]
        assert (world.technology <= max(first.max(), 1.0)).all()
    assert (world.technology > first).any()
    assert np.array_equal(lived(helped("2021-06", negotiated=[]), 3).technology, first)


def test_what_programmes_pay_ends_with_them() -> None:
    world = begun(helped("2021-06"), 3)
    for _ in months_of(world, 14):
        pass
    assert world.subsidised.any()
    for row in programmes(world):
        if world.instruments["stage"][row] in (Stage.IN_FORCE, Stage.SIGNED):
            move(world, int(row), Stage.TERMINATED)
    helped_before = world.subsidised > 0.0
    for _ in months_of(world, 2):
        pass
    rows = programmes(world)
    still = rows[world.instruments["stage"][rows] == Stage.IN_FORCE]
    ended = helped_before & ~np.isin(np.arange(world.setting.n_states), world.instruments["second"][still])
    assert ended.any() and not world.subsidised[ended].any()
