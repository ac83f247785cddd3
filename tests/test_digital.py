"""Digital trade of a run's states: both sides have one sum, nothing later than is known is read, and the pandemic may be left out."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from test_user_tables import change, copy_of, write

from sim.data.fields import FOLDER, load_fields
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.params import configure
from sim.scenario import load_scenario
from sim.types import Flag, UserError, month_index

START, END = month_index("2019-01"), month_index("2025-12")


def of(start: int = START, end: int = END, **more: Any) -> Roster:
    return load_roster(RosterSpec(**more), start, end)


PLAIN, SMOOTH = of(), of(pandemic="smoothed")


def rows(table: str) -> list[dict[str, str]]:
    with (FOLDER / "un" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def gini(values: NDArray[np.float64]) -> float:
    return float(np.abs(values[:, None] - values[None, :]).sum() / (2.0 * len(values) * values.sum()))


def test_a_year_is_the_trade_of_that_year_and_the_one_before_the_run_is_there() -> None:
    digital, at = PLAIN.digital, PLAIN.codes.index("IDN")
    assert digital.years.tolist() == list(range(2018, 2026))
    for year in (2018, 2019, 2023):
        row = next(row for row in rows("digital_services_trade") if row["code"] == "IDN" and row["year"] == str(year))
        assert digital.exports[year - 2018, at] == float(row["exports_usd"])
        assert digital.imports[year - 2018, at] == float(row["imports_usd"])
        assert digital.export_flags[year - 2018, at] == Flag.KNOWN
    assert "digital_exports" in dict(PLAIN.filled) and "AND" in dict(PLAIN.filled)["digital_exports"]


@pytest.mark.parametrize("states", [(), ("DEU", "IDN", "USA")])
def test_both_sides_have_one_sum_and_states_that_are_not_in_the_run_are_in_the_rest(states: tuple[str, ...]) -> None:
    digital = of(states=states).digital
    for year, whole in zip(digital.years.tolist(), PLAIN.digital.exports.sum(axis=1) + PLAIN.digital.rest_exports, strict=True):
        sold, bought = digital.sides(year)
        assert sold.sum() == pytest.approx(bought.sum(), rel=1e-12) and sold.sum() == pytest.approx(whole, rel=1e-12)
        assert (sold >= 0.0).all() and (bought >= 0.0).all()
    if states:
        at = [PLAIN.codes.index(code) for code in states]
        np.testing.assert_array_equal(digital.exports, PLAIN.digital.exports[:, at])


def test_a_giant_exists_and_exports_are_as_unequal_as_published() -> None:
    share = PLAIN.digital.exports / np.array([PLAIN.digital.sides(year)[0].sum() for year in PLAIN.digital.years.tolist()])[:, None]
    usa = share[:6, PLAIN.codes.index("USA")]
    assert (share[:6].argmax(axis=1) == PLAIN.codes.index("USA")).all() and (usa > 0.15).all() and (usa < 0.18).all()
    assert all(gini(one) == pytest.approx(0.89, abs=0.005) for one in PLAIN.digital.exports[:6])
    assert (PLAIN.digital.exports[1] > PLAIN.digital.imports[1]).mean() == pytest.approx(1 / 3, abs=0.02)


def test_years_that_are_not_published_grow_with_the_gdp_of_all_states() -> None:
    digital = PLAIN.digital
    assert (digital.export_flags[-2:] >= Flag.CARRIED).all()
    growth = of(end=month_index("2026-12")).figures["gdp"].sum(axis=1)
    # What is known in 2025 is the GDP of 2024, and in 2024 that of 2023.
    np.testing.assert_allclose(digital.exports[6], digital.exports[5] * growth[6] / growth[5], rtol=1e-12)
    early = of(month_index("2008-01"), month_index("2011-12")).digital
    assert (early.export_flags[:3] >= Flag.CARRIED).all()
    assert early.exports[2].sum() < early.exports[3].sum()
    np.testing.assert_allclose(early.exports[0] / early.exports[0].sum(), early.exports[3] / early.exports[3].sum(), rtol=1e-12)


def test_without_the_pandemic_two_years_lie_evenly_between_their_neighbours_and_nothing_else_moves() -> None:
    at = PLAIN.codes.index("IDN")
    for name in ("exports", "imports", "rest_exports", "rest_imports"):
        plain, even = getattr(PLAIN.digital, name), getattr(SMOOTH.digital, name)
        np.testing.assert_array_equal(even[[0, 1, 4, 5]], plain[[0, 1, 4, 5]])
        both = (plain[1] > 0.0) & (plain[4] > 0.0)
        np.testing.assert_allclose((even[2] ** 2)[both], (even[1] * even[3])[both], rtol=1e-9)
        np.testing.assert_allclose((even[3] ** 2)[both], (even[2] * even[4])[both], rtol=1e-9)
    assert SMOOTH.digital.export_flags[2, at] == Flag.CARRIED and PLAIN.digital.export_flags[2, at] == Flag.KNOWN
    gdp, even = PLAIN.figures["gdp"], SMOOTH.figures["gdp"]
    # The GDP of 2020 and 2021 is known in the years after.
    moved = [year for year, one, other in zip(PLAIN.years.tolist(), gdp, even, strict=True) if not np.array_equal(one, other)]
    assert moved == [2021, 2022]
    np.testing.assert_allclose(even[2, at] / even[1, at], (gdp[4, at] / gdp[1, at]) ** (1 / 3), rtol=1e-12)
    assert SMOOTH.flags["gdp"][2, at] == Flag.CARRIED and SMOOTH.flags["gdp"][4, at] == Flag.KNOWN
    for name in set(PLAIN.figures) - {"gdp"}:
        np.testing.assert_array_equal(PLAIN.figures[name], SMOOTH.figures[name])
    assert "data.pandemic" in dict(SMOOTH.assumed) and "data.pandemic" not in dict(PLAIN.assumed)


def test_the_baseline_is_without_the_pandemic_and_the_lockdown_with_it() -> None:
    assert configure(load_scenario("baseline")).roster.pandemic == "smoothed"
    assert configure(load_scenario("pandemic_lockdown")).roster.pandemic == "recorded"
    assert configure({}).tree["data"]["pandemic"] == "smoothed"
    assert configure({"data": {"pandemic": "recorded"}}).tree["data"]["pandemic"] == "recorded"
    with pytest.raises(UserError, match=r"data.pandemic cannot be 'smoothd'; did you mean 'smoothed'"):
        configure({"data": {"pandemic": "smoothd"}})


def test_what_is_not_known_is_not_read_and_nothing_is_smoothed_by_it(tmp_path: Path) -> None:
    known = month_index("2021-12")
    frozen = of(known_until=known)
    np.testing.assert_array_equal(frozen.digital.exports, of(known_until=known, pandemic="smoothed").digital.exports)
    np.testing.assert_array_equal(frozen.digital.exports[3], frozen.digital.exports[2])
    for table in ("digital_services_trade", "digital_services_world"):
        later = rows(table)
        for row in later:
            if int(row["year"]) >= 2021:
                row["exports_usd"] = "1"
        write(tmp_path / f"{table}.csv", later)
    np.testing.assert_array_equal(of(known_until=known, folder=tmp_path).digital.exports, frozen.digital.exports)
    before = of(month_index("2010-01"), month_index("2012-12"), known_until=month_index("2009-12")).digital
    assert np.isfinite(before.exports).all() and np.array_equal(before.exports[1], before.exports[3])


def test_a_users_figures_replace_ours_and_states_of_their_own_are_filled_by_gdp(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, "digital_services_trade")
    change(folder, "digital_services_trade", {"code": "IDN", "year": "2019"}, exports_usd="123")
    found = of(folder=folder)
    assert found.digital.exports[1, found.codes.index("IDN")] == 123.0
    assert [name for name, *_ in found.replaced] == ["digital_services_trade"]
    write(tmp_path / "digital_services_trade.csv", [{"code": "IDN", "year": "2019", "exports_usd": "5", "imports_usd": ""}])
    alone = of(folder=tmp_path).digital
    share = 2950924000000 / of(end=month_index("2020-12")).figures["gdp"][1].sum()
    assert (alone.import_flags == Flag.FILLED).all()
    assert alone.imports[1].sum() == pytest.approx(2950924000000, rel=0.3) and share > 0.0
    with pytest.raises(UserError, match=r"column year: 2009 has no world total; .* has 2010 to 2023"):
        write(tmp_path / "digital_services_trade.csv", [{"code": "IDN", "year": "2009", "exports_usd": "5", "imports_usd": ""}])
        of(folder=tmp_path)


def test_figures_whose_terms_are_not_open_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {
        key: dataclasses.replace(field, terms="academic") if key[0] in ("digital_services_trade", "language_and_history") else field
        for key, field in load_fields().items()
    }
    monkeypatch.setattr("sim.data.assemble.load_fields", lambda: fields)
    shut = of(terms="open")
    assert (shut.digital.export_flags == Flag.FILLED).all()
    gdp = of(end=month_index("2026-12")).figures["gdp"]
    np.testing.assert_allclose(shut.digital.exports[1] / gdp[1], shut.digital.exports[1, 0] / gdp[1, 0], rtol=1e-9)
    i, j = PLAIN.codes.index("AUS"), PLAIN.codes.index("USA")
    assert PLAIN.tie("language", i, j) == 1.0 and shut.tie("language", i, j) == 0.0


@pytest.mark.parametrize("n", [2, 12, 193, 2000])
def test_synthetic_states_have_trade_of_their_own_with_somebody_to_trade_with(n: int) -> None:
    made = load_roster(RosterSpec(kind="synthetic", n=n, seed=3), START, START)
    for year in (2018, 2019):
        sold, bought = made.digital.sides(year)
        assert sold.sum() == pytest.approx(bought.sum(), rel=1e-12)
        assert ((sold + bought)[:n] <= 0.7501 * sold.sum()).all()
    if n == 2000:
        share = made.digital.exports[1] / made.figures["gdp"][0]
        real = PLAIN.digital.exports[1] / PLAIN.figures["gdp"][0]
        for quantile in (0.1, 0.5, 0.9):
            assert np.quantile(share, quantile) == pytest.approx(np.quantile(real, quantile), rel=0.25)
        # As much more unequal than theirs as GDP is.
        more = gini(made.figures["gdp"][0]) - gini(PLAIN.figures["gdp"][0])
        assert gini(made.digital.exports[1]) - more == pytest.approx(0.89, abs=0.02)
        assert 0.2 < (made.digital.exports[1] > made.digital.imports[1]).mean() < 0.45
    larger = load_roster(RosterSpec(kind="synthetic", n=n + 1, seed=3), START, START)
    np.testing.assert_array_equal(larger.figures["gdp"][:, :n], made.figures["gdp"])
