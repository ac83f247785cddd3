"""Two worlds on the same luck: what may be compared, what the intervals are, and what the page says of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import fake_run
import numpy as np
import pytest
from scipy import stats

from analysis import report, style
from analysis.__main__ import main
from analysis.paired import facts, part, table
from analysis.paired.pair import Pair, estimate, pair
from analysis.store import open_run
from sim.run import run
from sim.seal import signed
from sim.types import UserError, month_index

STATES = ["AUS", "BRA", "CHN", "DEU", "FRA", "GBR", "IDN", "IND", "JPN", "KEN", "SGP", "USA"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    outputs = tmp_path_factory.mktemp("outputs")
    made = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.batch.cores", lambda: 1)
        for twin in (False, True):
            two = {"seed": 3, "seeds": 2, "end": "2022-06", "roster": {"states": STATES}}
            result = run("pandemic_lockdown", outputs=outputs, counterfactual=twin, **two)
            assert result.folder is not None
            made.append(result.folder)
    return made[0], made[1]


@pytest.fixture(scope="module")
def worlds(folders: tuple[Path, Path]) -> Pair:
    return pair(*(open_run(folder) for folder in folders))


def _fake(folder: Path, **changes: object) -> Path:
    path = folder / "manifest.json"
    path.write_text(json.dumps(signed(json.loads(path.read_text(encoding="utf-8")) | changes)), encoding="utf-8")
    return folder


def test_worlds_of_other_seeds_or_months_or_none_at_all_are_refused(folders: tuple[Path, Path], tmp_path: Path) -> None:
    treated = fake_run.write(tmp_path / "a")
    few = _fake(fake_run.write(tmp_path / "b", n_runs=2), config_digest="2" * 32)
    short = _fake(fake_run.write(tmp_path / "c", months=12), config_digest="2" * 32)
    for twin, words in ((few, "seeds 0 to 3"), (short, "2019-01 to 2025-12, but"), (treated, "nothing to compare")):
        with pytest.raises(UserError, match=words):
            pair(open_run(treated), open_run(twin))
    assert main(["compare", str(folders[0]), str(few)]) == 2


def test_the_interval_is_students_over_pairs() -> None:
    luck = np.random.Generator(np.random.Philox(5))
    treated, twin = luck.normal(3.0, 1.0, 12), luck.normal(1.0, 1.0, 12)
    found = estimate(treated, twin)
    wanted = stats.ttest_rel(treated, twin).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), rel=1e-12)
    assert found.mean == pytest.approx(treated.mean() - twin.mean())
    assert found.relative == pytest.approx(found.mean / twin.mean())


def test_luck_that_both_worlds_share_leaves_no_width() -> None:
    twin = np.array([10.0, 250.0, 4000.0])
    found = estimate(twin + 2.0, twin)
    assert (found.low, found.high) == pytest.approx((2.0, 2.0))
    assert found.clear
    assert not estimate(twin, twin).clear


def test_one_pair_has_a_difference_and_no_interval() -> None:
    found = estimate(np.array([3.0]), np.array([2.0]))
    assert found.mean == 1.0
    assert np.isnan(found.low)
    assert not found.clear


def test_a_flow_is_summed_and_a_stock_is_read_at_the_end(worlds: Pair) -> None:
    inside = worlds.months // 12 == 2021
    visits = worlds.difference("contacts_visit")[:, inside].sum(axis=1)
    trade = worlds.difference("digital_trade")[:, np.flatnonzero(inside)[-1]]
    assert worlds.estimate("contacts_visit", inside).mean == pytest.approx(visits.mean())
    assert worlds.estimate("digital_trade", inside).mean == pytest.approx(trade.mean())


def test_the_worlds_part_when_the_first_border_closes(worlds: Pair) -> None:
    assert worlds.closed_borders
    assert worlds.parting is not None
    assert month_index("2020-01") <= worlds.parting <= month_index("2020-04")
    before = worlds.months < worlds.parting
    early = ((worlds.treated.series(c)[:, before], worlds.twin.series(c)[:, before]) for c in worlds.columns)
    assert all(np.array_equal(one, other, equal_nan=True) for one, other in early)


def test_the_closure_is_assumed_once_the_record_ends(worlds: Pair) -> None:
    assert worlds.assumed_from == month_index("2022-02")
    assert "2022-02" in part.lead(worlds)
    shapes = [shape for picture in part.pictures(worlds) for shape in picture.drawn.figure.layout.shapes]
    assert {shape.x0 for shape in shapes} == {"2022-02-01"}


def test_a_table_that_has_changed_since_marks_nothing_and_says_so(folders: tuple[Path, Path], tmp_path: Path) -> None:
    import shutil

    changed = _fake(Path(shutil.copytree(folders[0], tmp_path / "changed")), data_digest="0" * 32)
    worlds = pair(open_run(changed), open_run(folders[1]))
    assert worlds.forced is None
    assert "not marked" in part.lead(worlds)
    assert facts.facts(worlds)[0].inside is None


def test_the_page_of_a_pair_says_what_must_be_said(worlds: Pair) -> None:
    page = report.comparison(worlds)
    for needed in ("What closed borders changed", "same luck", "Student", "counterfactual=true", "D3.", "D4.", "D6.", "rule", "assumed"):
        assert needed in page, needed
    assert page == report.comparison(worlds)
    assert "paired_contacts" not in report.page(worlds.twin)
    both = report.page(worlds.twin, worlds)
    assert both.index('id="contacts_by_channel"') < both.index('id="paired"') < both.index('id="paired_facts"')


def test_a_pair_without_a_closure_claims_no_closure(folders: tuple[Path, Path]) -> None:
    turned = pair(*(open_run(folder) for folder in reversed(folders)))
    page = report.comparison(turned)
    assert "losed borders" not in page
    assert facts.facts(turned) == []


def test_every_colour_of_a_pair_has_a_dark_twin(worlds: Pair) -> None:
    for picture in part.pictures(worlds):
        used = set(re.findall(r"#[0-9a-f]{6}", picture.drawn.figure.to_json()))
        assert used <= set(style.DARK_OF), picture.name


def test_a_year_is_starred_when_some_of_it_is_assumed(worlds: Pair) -> None:
    drawn = table.table(worlds)
    assert 'data-year="2021"' in drawn
    assert 'data-year="2022, 6 months *"' in drawn
    assert "2019" not in drawn


def test_talks_are_told_with_the_month_they_began(worlds: Pair) -> None:
    talks = worlds.twin.talks
    opened = [t for t in talks if not t[3]]
    assert len(opened) == worlds.twin.series("negotiations_opened").sum()
    assert all(began == month for _, began, month, concluded in opened)
    done = [t for t in talks if t[3]]
    assert len(done) == worlds.twin.series("negotiations_concluded").sum() > 0
    assert all(0 < began < month for _, began, month, _ in done)


def test_the_command_line_writes_a_comparison(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *map(str, folders)]) == 0
    assert capsys.readouterr().out == f"report: {folders[0] / 'comparison.html'}\n"


def test_the_two_folders_need_not_keep_a_ledger(folders: tuple[Path, Path], tmp_path: Path) -> None:
    import shutil

    bare = [Path(shutil.copytree(folder, tmp_path / folder.name)) for folder in folders]
    for folder in bare:
        (folder / "events.parquet").unlink()
    told = facts.facts(pair(*(open_run(folder) for folder in bare)))
    assert [fact.inside for fact in told if fact.name.startswith("D6")] == [None]


def test_differences_are_written_with_their_sign() -> None:
    assert [style.signed(v) for v in (3.0, -1234.0, 0.0, -0.25)] == ["+3", f"{style.MINUS}1,234", "0", f"{style.MINUS}0.25"]
    assert [style.share(v).replace("\N{NO-BREAK SPACE}", " ") for v in (0.5, -0.002, 0.0)] == ["+50 %", f"{style.MINUS}0.2 %", "0 %"]
