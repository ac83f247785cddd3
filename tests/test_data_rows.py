"""Dated rows that were wrong, the day from which a privacy law applies, breaks of a series, and columns that nothing reads."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.data.fields import FOLDER, NOT_TABLES, load_fields
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.types import Flag, UserError, month_index

ROOT = Path(__file__).resolve().parent.parent
STEP = {"internet_use": (0.12, -0.05)}
RATIO = {"gdp_usd": (0.6, 1.6), "population": (0.93, 1.08)}
NOBODY_READS = {"cables_in_service"}
"""Figures that no rule of ours reads; a user's metric or part may (``roster.figure``), and docs/data.md says so."""


def rows(table: str) -> list[dict[str, str]]:
    with (FOLDER / "un" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def un(start: str, end: str) -> Roster:
    return load_roster(RosterSpec(), month_index(start), month_index(end))


def scope(code: str, start: str = "2008-01", end: str = "2026-12") -> dict[int, int]:
    roster = un(start, end)
    values = roster.figures["privacy_law_scope"][:, roster.codes.index(code)]
    return dict(zip(roster.years.tolist(), values.astype(int).tolist(), strict=True))


@pytest.mark.parametrize(
    ("code", "organisation", "joined", "grade"),
    [
        ("BEN", "BUDAPEST", "2024-10-01", "sourced"),
        ("FJI", "BUDAPEST", "2024-10-01", "sourced"),
        ("KIR", "BUDAPEST", "2024-10-01", "sourced"),
        ("CIV", "BUDAPEST", "2024-11-01", "sourced"),
        ("NZL", "BUDAPEST", "2025-12-01", "sourced"),
        ("MDA", "CONVENTION_108_PLUS", "2023-02-09", "sourced"),
    ],
)
def test_a_state_is_bound_from_the_day_of_the_treaty_database(code: str, organisation: str, joined: str, grade: str) -> None:
    found = [row for row in rows("memberships") if (row["code"], row["organisation"]) == (code, organisation)]
    assert [(row["joined"], row["grade"]) for row in found] == [(joined, grade)]
    roster = un("2008-01", "2026-12")
    at, month = roster.codes.index(code), month_index(joined[:7])
    assert not roster.members(organisation, month - 1)[at] and roster.members(organisation, month)[at]


def test_hungarys_adequacy_ended_as_it_joined_the_union() -> None:
    one = next(row for row in un("2008-01", "2026-12").instruments if row.name == "EU adequacy decision: HUN")
    assert one.in_force_at(month_index("2004-04")) and not one.in_force_at(month_index("2004-05"))


def test_colombia_and_cameroon_have_the_years_of_their_general_laws() -> None:
    colombia, cameroon = scope("COL"), scope("CMR")
    assert (colombia[2009], colombia[2012], colombia[2013]) == (1, 1, 2)
    assert {cameroon[year] for year in range(2011, 2027)} == {1}, "Cameroon's law of 2024 binds firms from the middle of 2026 on"


def test_a_general_law_counts_from_the_january_after_it_began_to_apply() -> None:
    brazil = scope("BRA")
    assert [brazil[year] for year in range(2018, 2023)] == [0, 1, 1, 2, 2], "passed in 2018, applied from 2020-09-18"
    assert scope("IDN")[2024] == 1 and scope("IDN")[2025] == 2
    assert set(scope("SYC").values()) == {1}, "passed in 2003 and never brought into force"


def test_every_general_law_has_its_day_with_a_grade_and_a_source() -> None:
    general = {row["code"]: row["privacy_law_general_year"] for row in rows("states") if row["privacy_law"] == "2"}
    dated = {row["code"]: row for row in rows("privacy_laws")}
    assert {code: row["year"] for code, row in dated.items()} == general
    for row in dated.values():
        assert row["source"]
        assert (row["applied"] == row["year"]) if row["grade"] == "assumed" else (not row["applied"] or row["applied"] > row["year"])


def test_a_users_day_must_belong_to_the_law_it_dates(tmp_path: Path) -> None:
    (tmp_path / "privacy_laws.csv").write_text("code,year,applied,grade,source\nBRA,2019,2021-01-01,memory,x\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"row 2, column year: 2019, but privacy_law_general_year in states.csv gives 2018 for BRA"):
        load_roster(RosterSpec(folder=tmp_path), month_index("2019-01"), month_index("2019-01"))


def test_our_days_say_nothing_of_laws_that_a_user_dates(tmp_path: Path) -> None:
    with (FOLDER / "un" / "states.csv").open(encoding="utf-8", newline="") as stream:
        theirs = list(csv.DictReader(stream))
    for row in theirs:
        if row["code"] == "IDN":
            row["privacy_law_first_year"] = row["privacy_law_general_year"] = "2018"
    with (tmp_path / "states.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(theirs[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(theirs)
    roster = load_roster(RosterSpec(folder=tmp_path), month_index("2020-01"), month_index("2020-01"))
    assert roster.figures["privacy_law_scope"][0, roster.codes.index("IDN")] == 2


def jumps() -> set[tuple[str, str, str]]:
    """List every jump of a published series that is larger than is usual in a year."""
    found, last = set(), {}
    for row in rows("yearly"):
        for figure in (*STEP, *RATIO):
            if not row[figure]:
                continue
            value, year = float(row[figure]), int(row["year"])
            before = last.get((row["code"], figure))
            last[row["code"], figure] = (value, year)
            if before is None:
                continue
            gap = year - before[1]
            if figure in STEP:
                up, down = STEP[figure]
                large = (value - before[0]) / gap > up or value - before[0] < down
            else:
                low, high = RATIO[figure]
                large = not low**gap < value / before[0] < high**gap
            if large:
                found.add((row["code"], figure, row["year"]))
    return found


def test_no_series_jumps_within_a_year_unless_it_is_listed() -> None:
    listed = {(row["code"], row["figure"], row["year"]) for row in rows("series_breaks")}
    assert jumps() == listed


def test_chinas_internet_use_is_one_series_and_says_so() -> None:
    roster = un("2008-01", "2026-12")
    at, years = roster.codes.index("CHN"), roster.years.tolist()
    use, flag = (table["internet_use"][:, at] for table in (roster.figures, roster.flags))
    assert np.diff(use).max() < 0.08
    assert use[years.index(2023)] == use[years.index(2026)] == pytest.approx(0.75611)
    assert flag[years.index(2023)] == Flag.KNOWN and flag[years.index(2024)] == flag[years.index(2026)] == Flag.CARRIED
    assert ("yearly.internet_use", "CHN: 2023 and later belong to another series and are left out") in roster.assumed


def test_our_breaks_say_nothing_of_series_that_a_user_gives(tmp_path: Path) -> None:
    text = (FOLDER / "un" / "yearly.csv").read_text(encoding="utf-8")
    (tmp_path / "yearly.csv").write_text(text, encoding="utf-8")
    roster = load_roster(RosterSpec(folder=tmp_path), month_index("2024-01"), month_index("2024-01"))
    assert roster.figures["internet_use"][0, roster.codes.index("CHN")] == pytest.approx(0.906)


def test_every_figure_is_read_by_a_rule_or_named_as_read_by_none() -> None:
    source = {path: path.read_text(encoding="utf-8") for path in (ROOT / "sim").rglob("*.py")}
    regime = "".join(text for path, text in source.items() if path.parent.name == "data" and path.stem in ("assemble", "regime"))
    rules = "".join(text for path, text in source.items() if path.parent.name != "data")
    figures = {f.field for f in load_fields().values() if f.table == "states" and f.is_number and f.field not in ("lat", "lon")}
    derived = {f.field for f in load_fields().values() if f.table == "derived"}
    unread = {name for name in figures if not re.search(rf"\b{name}\b", rules) and not re.search(rf"\b{name}\b", regime)}
    assert unread - {"ideal_point"} == NOBODY_READS, "ideal_point makes affinity where there is no table of it"
    assert all(re.search(rf"\b{name}\b", rules) or re.search(rf"\b{name}\b", regime) for name in derived)
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    said = re.search(r"No rule of ours reads (.*?):", page, re.DOTALL)
    assert said and set(re.findall(r"`(\w+)`", said[1])) == NOBODY_READS
    assert set(NOT_TABLES) == {"assumed", "derived"}
