"""Closure to travel: the table says what the tracker says, the rest follows its stated rule, and a month asked for is a month found."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from numpy.typing import NDArray
from test_data import row, un
from test_user_tables import change, copy_of, of, write

from sim import rng
from sim.data import assemble, fields, synthetic
from sim.data.closure import Closure
from sim.data.fields import FOLDER
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.data.source import read_source
from sim.types import UserError, month_index, month_label

OWN_STRINGENCY = {"AUS", "BRA", "CHN", "DEU", "FRA", "GBR", "IDN", "IND", "JPN", "RUS", "SGP", "USA", "ZAF"}
WORLD_STRINGENCY = {"2022-01": 44.5, "2022-02": 41.6, "2022-06": 23.4, "2022-12": 15.6}
"""Mean of 185 territories in the Oxford tracker, index 0 to 100."""
GRADES = ("sourced", "assumed")


@cache
def cells() -> dict[tuple[str, str], tuple[float, str]]:
    """The table as written: (level, grade) by (code, month)."""
    with (FOLDER / "un" / "travel_controls.csv").open(encoding="utf-8", newline="") as stream:
        return {(r["code"], r["month"]): (float(r["level"]), r["grade"]) for r in csv.DictReader(stream)}


def sourced(month: str) -> NDArray[np.float64]:
    level, assumed = un("2019-01").closure_at(month_index(month))
    return level[~assumed]


def last_sourced(code: str) -> float | None:
    """Level in the last sourced month of a state; None if it has none."""
    months = sorted(m for c, m in cells() if c == code and cells()[c, m][1] == "sourced")
    return cells()[code, months[-1]][0] if months else None


def test_every_member_has_a_level_in_each_month_of_the_table() -> None:
    roster = un("2019-01")
    assert [month_label(m) for m in roster.closure_months[[0, -1]].tolist()] == ["2020-01", "2022-12"]
    assert roster.closure.shape == roster.closure_assumed.shape == (36, 193)
    assert {code for code, _ in cells()} == set(roster.codes) and len(cells()) == 36 * 193
    for (code, month), (level, grade) in cells().items():
        m, i = month_index(month) - month_index("2020-01"), row(roster, code)
        assert (roster.closure[m, i], GRADES[int(roster.closure_assumed[m, i])]) == (level, grade)


@pytest.mark.parametrize(("month", "share"), [("2020-04", 0.69), ("2020-08", 0.29), ("2020-12", 0.11)])
def test_closure_peaks_in_april_2020_and_fades_as_the_tracker_says(month: str, share: float) -> None:
    closed = np.round(sourced(month)) == 4
    assert len(closed) == 173
    assert float(closed.mean()) == pytest.approx(share, abs=0.05)


def test_states_known_for_their_borders_stand_as_recorded() -> None:
    roster = un("2019-01", None, "CHN", "GBR", "NZL")
    assert roster.closure_at(month_index("2021-06"))[0].tolist() == [3.0, 3.0, 4.0]
    assert roster.closure_at(month_index("2020-04"))[0][1] == 0.0


def test_the_tracker_is_believed_up_to_january_2022_and_no_further() -> None:
    months = {month for _, month in cells()}
    grades = {month: [grade for (_, m), (_, grade) in cells().items() if m == month] for month in months}
    count = {month: grade.count("sourced") for month, grade in grades.items()}
    assert {count[m] for m in count if m <= "2021-11"} == {173}
    assert (count["2021-12"], count["2022-01"]) == (172, 161)
    assert {count[m] for m in count if m > "2022-01"} == {0}


def test_after_its_last_figure_a_state_follows_the_worlds_stringency() -> None:
    for code in un("2019-01").codes:
        last = last_sourced(code)
        if last is None or code in OWN_STRINGENCY:
            continue
        for month, stringency in WORLD_STRINGENCY.items():
            level, grade = cells()[code, month]
            if grade == "assumed":
                assert level == pytest.approx(min(4.0, last * stringency / 44.5), abs=0.0051), (code, month)


def test_states_with_a_stringency_of_their_own_follow_it() -> None:
    for code, month, ratio in (("CHN", "2022-11", 79.2 / 79.1), ("GBR", "2022-11", 5.6 / 39.4), ("BRA", "2022-06", 28.1 / 41.2)):
        last = last_sourced(code)
        assert last is not None
        level, grade = cells()[code, month]
        assert grade == "assumed" and level == pytest.approx(min(4.0, last * ratio), abs=0.0051), (code, month)


def test_a_state_that_the_tracker_lacks_has_the_median_of_its_subregion() -> None:
    source = read_source(None)
    near = dict(zip(source.codes, source.subregions, strict=True))
    covered = [code for code in source.codes if last_sourced(code) is not None]
    lacking = [code for code in source.codes if code not in covered]
    assert len(lacking) == 20
    for code in lacking:
        for month in ("2020-02", "2020-04", "2021-07", "2022-01", "2022-09"):
            middle = median(cells()[other, month][0] for other in covered if near[other] == near[code])
            level, grade = cells()[code, month]
            assert grade == "assumed" and level == pytest.approx(middle, abs=0.0051), (code, month)


@pytest.mark.parametrize("month", ["2013-01", "2019-12", "2023-01", "2024-06"])
def test_outside_the_table_all_is_open_and_nothing_assumed(month: str) -> None:
    level, assumed = un("2019-01").closure_at(month_index(month))
    assert level.shape == assumed.shape == (193,) and assumed.dtype == np.bool_
    assert not level.any() and not assumed.any()


def test_what_a_caller_does_to_a_month_leaves_the_roster_as_it_was() -> None:
    roster, month = un("2019-01"), month_index("2020-04")
    before = roster.closure_at(month)[0].copy()
    roster.closure_at(month)[0][:] = 0.0
    assert np.array_equal(roster.closure_at(month)[0], before)


def test_a_few_states_have_the_levels_that_they_have_among_all() -> None:
    few, whole = ("AUS", "PRK", "TUV"), un("2019-01")
    part = un("2019-01", None, *few)
    rows = [row(whole, code) for code in few]
    assert np.array_equal(part.closure, whole.closure[:, rows])
    assert np.array_equal(part.closure_assumed, whole.closure_assumed[:, rows])


def test_a_reader_is_told_how_much_is_assumed_only_where_the_run_meets_it() -> None:
    told = {span: dict(un(*span).assumed).get("travel_controls.level") for span in (("2019-01", "2019-12"), ("2020-01", "2020-12"))}
    assert told["2019-01", "2019-12"] is None
    assert told["2020-01", "2020-12"] == "10 % of the states' levels in the months of the run are assumed"


def test_a_synthetic_state_has_its_donors_levels() -> None:
    start = month_index("2019-01")
    made = load_roster(RosterSpec("synthetic", n=400, seed=3), start, start)
    real = un("2019-01")
    assert np.array_equal(made.closure_months, real.closure_months)
    paths = {real.closure[:, i].tobytes() + real.closure_assumed[:, i].tobytes() for i in range(real.n)}
    drawn = [made.closure[:, i].tobytes() + made.closure_assumed[:, i].tobytes() for i in range(made.n)]
    assert set(drawn) <= paths and len(set(drawn)) > 100
    donor = (rng.uniforms(3, synthetic._DONOR, 0, rng.identities(made.codes)) * 193).astype(int)
    assert np.array_equal(made.closure, real.closure[:, donor])


def test_open_terms_keep_the_table_and_closed_ones_would_drop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert np.array_equal(un("2019-01", terms="open").closure, un("2019-01").closure)
    monkeypatch.setattr(assemble, "dropped", lambda table, _field, _terms: table == "travel_controls")
    shut = assemble.closure_of(read_source(None), "open")
    assert shut.months.shape == (0,) and shut.level.shape == (0, 193)


def own(tmp_path: Path, *rows: tuple[str, str, str, str]) -> Roster:
    names = [f.field for f in fields.columns_of("travel_controls")]
    write(tmp_path / "travel_controls.csv", [dict(zip(names, cell, strict=True)) for cell in rows])
    return of(tmp_path)


def test_a_users_table_replaces_ours_and_what_it_leaves_out_is_open(tmp_path: Path) -> None:
    roster = own(tmp_path, ("FRA", "2030-04", "2.5", "assumed"), ("DEU", "2030-02", "4", "sourced"))
    assert roster.closure_months.tolist() == [month_index(f"2030-0{m}") for m in (2, 3, 4)]
    level, assumed = roster.closure_at(month_index("2030-04"))
    assert level.sum() == level[row(roster, "FRA")] == 2.5
    assert assumed.sum() == 1 and assumed[row(roster, "FRA")]
    assert roster.closure.sum() == 6.5 and not roster.closure_at(month_index("2020-04"))[0].any()
    assert roster.digest != un("2019-01").digest


def test_a_users_table_without_rows_closes_nobody(tmp_path: Path) -> None:
    (tmp_path / "travel_controls.csv").write_text("code,month,level,grade\n", encoding="utf-8")
    roster = of(tmp_path)
    assert roster.closure.shape == (0, 193)
    assert not roster.closure_at(month_index("2020-04"))[0].any()


def test_one_changed_level_or_grade_changes_the_digest(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, "travel_controls")
    assert of(folder).digest == un("2019-01").digest
    change(folder, "travel_controls", {"code": "IDN", "month": "2020-04"}, level="0.01")
    changed = of(folder).digest
    change(folder, "travel_controls", {"code": "IDN", "month": "2020-04"}, grade="assumed")
    assert len({un("2019-01").digest, changed, of(folder).digest}) == 3


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"level": "4.5"}, r"column level: '4.5' is not a number from 0 to 4 \(level 0-4\)"),
        ({"level": ""}, r"column level: '' is not a number from 0 to 4"),
        ({"month": "2020-13"}, r"column month: '2020-13' is not a month of the form YYYY-MM from 1900-01 to 2099-12"),
        ({"month": "2020-04-01"}, r"column month: '2020-04-01' is not a month"),
        ({"month": ""}, r"column month: a value is required \(calendar month"),
        ({"month": "2020-05"}, r"row \d+: FRA 2020-05 is already given in row \d+"),
        ({"code": "FRX"}, r"column code: 'FRX' is not a state of the roster; did you mean 'FRA'\?"),
        ({"grade": "guessed"}, r"column grade: cannot be 'guessed'; did you mean 'assumed'"),
    ],
)
def test_a_faulty_cell_is_refused_with_its_place(tmp_path: Path, cells: dict[str, str], words: str) -> None:
    folder = copy_of(tmp_path, "travel_controls")
    change(folder, "travel_controls", {"code": "FRA", "month": "2020-04"}, **cells)
    with pytest.raises(UserError, match=words) as fault:
        of(folder)
    assert "travel_controls.csv" in str(fault.value) and "\n" not in str(fault.value)


def test_states_that_never_close_have_no_share_assumed() -> None:
    assert Closure.none(3).share_assumed(month_index("2020-01"), month_index("2022-12")) == 0.0
