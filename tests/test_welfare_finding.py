"""The finding on welfare tells what a stored run holds: its numbers are those of a question asked of the folder by DuckDB."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from test_user_tables import change, copy_of

import sim
from analysis import style
from analysis.figures import welfare as figure
from analysis.findings import Lived, welfare
from analysis.findings._gains import BILLION, billions, cells, coded_on_security, gains_of, outlived, outside_the_law
from analysis.findings._gains_limits import limits
from analysis.store import open_run
from analysis.validation.page import figure_of
from sim import engine
from sim.run import Result

ROOT = Path(__file__).resolve().parents[1]
FEW = ["ARG", "BRA", "CAN", "CHE", "CHN", "DEU", "FRA", "GBR", "IDN", "IND", "ISL", "JPN", "KEN", "LIE", "NGA", "NOR", "SGP", "UKR", "USA"]
SMALL: dict[str, Any] = {"roster": {"states": FEW}, "end": "2022-06"}
SEEDS = 3
SHIELDS = ("Privacy Shield", "Swiss-US Privacy Shield")
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "welfare.md").read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return sim.run("baseline", seed=0, seeds=SEEDS, record="panels", outputs=tmp_path_factory.mktemp("welfare"), **SMALL)


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, dict[str, Any]]:
    """Return a life of a world whose two Privacy Shields say something of security, less than present standards, and its tree."""
    folder = copy_of(tmp_path_factory.mktemp("coded"), "instruments")
    for name in SHIELDS:
        change(folder, "instruments", {"name": name}, x_security="0.3")
    tree = {**SMALL, "data": {"folder": str(folder)}}
    return sim.run("baseline", seed=0, seeds=SEEDS, record="panels", **tree), tree


def lives(result: Result, base: dict[str, Any]) -> Lived:
    class Small(Lived):
        """Lives the small world, and the one above no second time."""

        def result(self, seeds: int, **tree: Any) -> Result:
            return result_of(seeds, **tree)

    def result_of(seeds: int, **tree: Any) -> Result:
        return sim.run("baseline", seed=0, seeds=seeds, record="panels", **{**base, **tree}) if tree else result

    return Small(lambda told: None)


@pytest.fixture
def lived(result: Result) -> Lived:
    return lives(result, SMALL)


def asked(result: Result, query: str) -> list[tuple[Any, ...]]:
    """Ask the stored tables: ``panels``, ``series``, ``scalars``, and ``now``, what each state had in the last month."""
    door = duckdb.connect()
    for name in ("panels", "series", "scalars"):
        door.execute(f"create view {name} as select * from '{result.folder}/{name}.parquet'")
    door.execute("create view now as select * from panels where month = (select max(month) from panels) and length(party) = 3")
    return door.sql(query).fetchall()


def rows_of(page: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in page.splitlines() if line.startswith("| ")][2:]


def shown(values: list[float]) -> str:
    """Write a median as the page does."""
    return figure_of(float(np.median(values)))


def test_what_each_source_brings_is_the_sum_over_the_stored_panels(result: Result) -> None:
    gains = gains_of(result)
    told = {row[0]: row for row in rows_of(welfare.by_source(gains))}
    query = (
        "select run, s.metric, sum(s.value * g.value) / 1e13, 1e4 * sum(s.value * g.value) / 1e4 / sum(g.value) from now s join now g "
        "using (run, party) where g.metric = 'gdp' and s.metric like 'welfare%' group by all"
    )
    found: dict[str, list[tuple[float, float]]] = {}
    for _, metric, usd, bp in asked(result, query):
        found.setdefault(metric, []).append((round(usd, 9), bp))
    for source in gains.sources:
        usd, bp = zip(*found[f"welfare_{source}"], strict=True)
        if any(usd):
            assert told[gains.title(source)][2] == shown(usd) and told[gains.title(source)][4] == shown(bp)
        else:
            assert gains.title(source) not in told
    usd, bp = zip(*found["welfare"], strict=True)
    assert told["**all**"][2] == shown(usd) and told["**all**"][4] == shown(bp) and len(told) > 5
    first = asked(result, "select median(welfare_usd_trade) / 1e9 from series where month = (select min(month) from series)")[0][0]
    assert told["trade with partners"][1] == figure_of(first)


def test_the_whole_is_the_sum_of_its_sources_in_every_run(result: Result) -> None:
    gains = gains_of(result)
    np.testing.assert_allclose(sum(gains.usd(name) for name in gains.sources), gains.usd(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(gains.usd().sum(axis=1), gains.scalars("welfare_usd") / BILLION, rtol=1e-12)


def test_third_parties_are_those_for_whom_no_instrument_frees_trade(result: Result) -> None:
    told = [row[2] for row in rows_of(welfare.diversion(gains_of(result)))]
    query = (
        "select count(*) filter (t.value = 0), -sum(d.value * g.value) filter (t.value = 0) / 1e13, "
        "-sum(d.value * g.value) filter (t.value = 0) / sum(g.value) filter (t.value = 0), median(-d.value) filter (t.value = 0), "
        "-sum(d.value * g.value) filter (t.value <> 0) / 1e13, "
        "-sum(d.value * g.value) filter (t.value <> 0) / sum(g.value) filter (t.value <> 0), "
        "-sum(d.value * g.value) / sum(t.value * g.value) "
        "from now t join now d using (run, party) join now g using (run, party) where t.metric = 'welfare_trade' and "
        "d.metric = 'welfare_diversion' and g.metric = 'gdp' group by run"
    )
    assert told == [shown(list(column)) for column in zip(*asked(result, query), strict=True)]


def test_groups_cover_all_states_once_and_their_shares_are_those_of_the_stored_panels(result: Result) -> None:
    told = {row[0]: row for row in rows_of(welfare.by_group(gains_of(result)))}
    quarters, regions = list(told.values())[:4], list(told.values())[4:]
    assert [sum(int(row[1]) for row in group) for group in (quarters, regions)] == [len(FEW), len(FEW)]
    roster = result.setting.roster
    for region in sorted(set(roster.regions)):
        some = [code for code, where in zip(roster.codes, roster.regions, strict=True) if where == region]
        query = f"select sum(value) filter (party in {tuple(some)!r}) / sum(value) from now where metric = 'welfare_usd' group by run"
        assert told[region][1:3] == [str(len(some)), shown([100 * share for (share,) in asked(result, query)])]


def test_the_states_that_gain_and_lose_most_are_those_of_the_stored_panels(result: Result) -> None:
    gains, names = gains_of(result), dict(zip(result.setting.roster.codes, result.setting.roster.names, strict=True))
    for metric, unit, size in (("welfare", "bp", 1.0), ("welfare_usd", "usd", 1e6)):
        for sign, order in ((1, "desc"), (-1, "asc")):
            query = (
                f"select party, median(value) / {size} as middle, count(*) filter ({sign} * value > 0) from now where metric = '{metric}' "
                f"group by party having {sign} * middle > 0 order by middle {order}, party limit {welfare.MOST}"
            )
            told = [[row[0], row[1], row[3]] for row in rows_of(welfare.most(gains, unit, sign))]
            assert told and told == [[names[c], figure_of(v), f"{n} of {SEEDS}"] for c, v, n in asked(result, query)]


def test_inequality_is_that_of_the_stored_scalars(result: Result) -> None:
    told = [row[2] for row in rows_of(welfare.inequality(gains_of(result)))]
    columns = ("welfare_gini", "welfare_gini_bp", "100 * welfare_share_weaker_half", "100 * welfare_losers")
    query = f"select {', '.join(f'median({one})' for one in columns)} from scalars"
    assert told == [figure_of(value) for value in asked(result, query)[0]]


def test_the_limits_tell_of_the_coded_texts_what_they_come_to(coded: tuple[Result, dict[str, Any]]) -> None:
    result, tree = coded
    page = limits(lives(result, tree), gains_of(result))
    world = engine.start(result.setting, 0)
    frameworks = result.setting.type_names.index("transfer_framework")
    security = world.gain_by_issue[frameworks, list(result.setting.words.issues).index("security"), : len(FEW)]
    both = (security * world.gdp[: len(FEW)]).sum() / 1e13
    each = [float(value.replace("−", "-")) for value in re.findall(r"comes\s+to\s+(\S+)\s+billion", page)]
    assert len(each) == 2 and sum(each) == pytest.approx(both, rel=1e-2) and both < 0.0
    assert "Privacy Shield (2020-07)" in page and "Liechtenstein" in page


def test_a_text_below_present_standards_is_told_as_such(coded: tuple[Result, dict[str, Any]]) -> None:
    told = {one.name: one for one in coded_on_security(engine.start(coded[0].setting, 0))}
    assert set(told) == set(SHIELDS)
    assert all(one.level == 0.3 and one.law > 0.8 for one in told.values())


def test_where_no_text_says_anything_of_security_nothing_is_told_of_it(result: Result, lived: Lived) -> None:
    world = engine.start(result.setting, 0)
    frameworks, issue = result.setting.type_names.index("transfer_framework"), list(result.setting.words.issues).index("security")
    assert coded_on_security(world) == [] and not world.gain_by_issue[frameworks, issue].any()
    page = limits(lived, gains_of(result))
    assert "coded at" not in page and "Security as a whole" not in page and "Privacy Shield (2020-07)" in page


def test_who_shares_free_flow_and_not_the_law_are_the_three_beside_the_union(result: Result) -> None:
    beside = outside_the_law(engine.start(result.setting, 0))
    assert {bloc: [result.setting.codes[i] for i in some] for bloc, some in beside.items()} == {"EU": ["ISL", "LIE", "NOR"]}
    assert [row.name for row in outlived(result.setting)] == ["Privacy Shield", "Swiss-US Privacy Shield"]


def test_the_page_is_made_of_one_life_of_the_baseline(result: Result, lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(welfare, "SEEDS", SEEDS)
    page = welfare.body(lived)
    assert page.index("## What not to believe") < page.index("## By source") < page.index("## States that gain most, bp")
    assert re.search(r"\bnan\b", page) is None and max(map(len, limits(lived, gains_of(result)).splitlines())) <= 100


def test_the_figure_of_the_report_tells_ends_sources_and_regions_with_every_number_clear_of_the_names(result: Result) -> None:
    assert result.folder is not None
    drawn = figure.build(open_run(result.folder))
    numbers = [trace for trace in drawn.figure.data if trace.type == "scatter"]
    assert [one.text for one in drawn.figure.layout.annotations] == [
        "<b>States that gain and lose most</b>", "<b>What brings it, all states together</b>", "<b>Gains and losses by region</b>",
    ]  # fmt: skip
    assert len(numbers) == 3 and all(min(trace.x) >= 0.0 and len(trace.text) == len(trace.y) for trace in numbers)
    gains = gains_of(result)
    told = dict(zip(numbers[1].y, numbers[1].text, strict=True))
    for source in gains.sources:
        usd = float(np.median(gains.scalars(f"welfare_usd_{source}"))) / BILLION
        if abs(usd) >= figure.SMALLEST:
            assert told.pop(gains.title(source)).strip() == style.signed(usd)
    assert not told and "The weaker half of states gets" in drawn.finding


def test_seeds_without_a_number_are_left_out_and_money_is_told_to_the_dollar() -> None:
    assert cells([1.0, float("nan"), 3.0, 2.0]) == ("2", "1 to 3") and cells([float("nan")] * 2) == ("–", "–")
    assert billions(-5.96e-8) == 0.0 and billions([2.5e9]).tolist() == [2.5]


@pytest.mark.parametrize("code", BLOCKS, ids=range(len(BLOCKS)))
def test_every_table_of_the_page_for_scholars_is_had_as_it_says(result: Result, code: str) -> None:
    typed = [sys.executable, "-c", code.replace("FOLDER", str(result.folder))]
    done = subprocess.run(typed, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert done.returncode == 0 and len(done.stdout.splitlines()) > SEEDS, done.stderr
