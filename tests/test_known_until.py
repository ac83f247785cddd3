"""What is known after a month stays as it was then (roster.known_until): nothing dated later is read."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_user_tables import copy_of, write
from worlds import digest, lived

from sim.data.fields import FOLDER
from sim.data.frozen import fill_by_head
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.params import configure
from sim.types import Flag, UserError, month_index

START, END = month_index("2019-01"), month_index("2022-12")
KNOWN = "2018-12"
DATED = ("yearly", "memberships", "travel_controls")
SMALL = {"start": "2019-11", "end": "2020-06", "roster": {"states": ["DEU", "GBR", "USA"], "known_until": KNOWN}}


def of(known: str | None, folder: Path | None = None, **more: Any) -> Roster:
    return load_roster(RosterSpec(folder=folder, known_until=known and month_index(known), **more), START, END)


FROZEN, FREE = of(KNOWN), of(None)


def later(folder: Path, table: str, change: Any) -> int:
    """Change the rows of a table for which ``change`` says so, and say how many these are."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    changed = sum(bool(change(row)) for row in rows)
    write(folder / f"{table}.csv", [row for row in rows if row])
    return changed


def grown(row: dict[str, str]) -> bool:
    if int(row["year"]) >= 2018:
        row.update({key: str(0.5 * float(row[key])) for key in ("population", "gdp_usd", "internet_use") if row[key]})
    return int(row["year"]) >= 2018


def moved(key: str, to: str) -> Any:
    def change(row: dict[str, str]) -> bool:
        if not row[key] > "2018-12-31":
            return False
        row[key] = to
        return True

    return change


def shut(row: dict[str, str]) -> bool:
    row["level"] = "4"
    return True


def lasts(row: dict[str, str]) -> bool:
    if not row["until"] >= "2019":
        return False
    row["until"] = "2035"
    return True


def begins(row: dict[str, str]) -> bool:
    if row["from"] >= "2019":
        row["level"] = "0.11"
    return row["from"] >= "2019"


def heard(row: dict[str, str]) -> bool:
    """Give every later court other months, and let what stood then end in 2035."""
    if row["since"] >= "2019":
        row["months_most"] = "500"
    row["until"] = row["until"] or "2035-06"
    return row["until"] >= "2019"


def held(row: dict[str, str]) -> bool:
    if row["month"] >= "2019-01":
        row.clear()
        return True
    return False


def dropped(row: dict[str, str]) -> bool:
    if min(one for one in (row["signed"], row["in_force"], "9999") if one) <= "2018-12-31":
        return False
    row.clear()
    return True


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("yearly", grown),
        ("memberships", moved("joined", "2030-01-01")),
        ("memberships", moved("left", "2020-12-31")),
        ("memberships", moved("bound_until", "2021-06-30")),
        ("instruments", moved("ended", "2019-02-01")),
        ("instruments", moved("in_force", "2031-01-01")),
        ("instruments", dropped),
        ("travel_controls", shut),
        ("sanctions", lasts),
        ("wars", begins),
        ("elections", held),
        ("courts", heard),
        ("privacy_laws", moved("applied", "2035-01-01")),
    ],
)
def test_no_row_that_is_dated_later_moves_anything(tmp_path: Path, table: str, change: Any) -> None:
    folder = copy_of(tmp_path, table)
    if table == "instruments":
        # A user's instruments stand alone, unless the stock of data instruments is theirs too.
        shutil.copy(FOLDER / "further" / "data_instruments.csv", folder)
    assert later(folder, table, change) > 0
    assert of(KNOWN, folder).digest == FROZEN.digest
    if table in ("yearly", "travel_controls"):
        assert of(None, folder).digest != FREE.digest, "the change is one that a free run sees"


def test_figures_laws_members_and_competences_stay_as_they_stood() -> None:
    known, free = FROZEN, FREE
    for name, values in known.figures.items():
        assert (values == values[0]).all(), name
    assert (known.figures["gdp"][1:] != free.figures["gdp"][1:]).any() and known.world_gdp[0] == known.world_gdp[-1]
    assert (known.flags["gdp"] >= Flag.CARRIED).all()
    gbr = known.codes.index("GBR")
    assert known.members("EU", END)[gbr] and not free.members("EU", END)[gbr]
    # A month later than the last row reads everything: only flags of carried figures could differ, and here none is.
    assert of("2030-01").digest == free.digest


def test_borders_stay_as_they_were_in_the_month() -> None:
    known, free = of("2020-06"), FREE
    assert known.closure_at(END)[0].any()
    np.testing.assert_array_equal(known.closure_at(END)[0], free.closure_at(month_index("2020-06"))[0])
    np.testing.assert_array_equal(known.closure_at(month_index("2020-04"))[0], free.closure_at(month_index("2020-04"))[0])
    assert not len(of(KNOWN).closure_months)


def test_a_state_whose_gdp_nobody_knew_counts_with_a_low_one_and_says_so() -> None:
    known = FROZEN
    at = known.codes.index("PRK")
    assert (known.flags["gdp"][:, at] == Flag.FILLED).all()
    head = known.figures["gdp"][0] / known.figures["population"][0]
    assert (head < head[at] * 1.0001).mean() == pytest.approx(0.25, abs=0.02)
    gdp, flags = np.array([[4.0, np.nan, 9.0]]), np.zeros((1, 3), dtype=np.int8)
    fill_by_head(gdp, flags, np.array([[2.0, 10.0, 3.0]]))
    assert gdp.tolist() == [[4.0, 20.0, 9.0]] and flags.tolist() == [[0, Flag.FILLED, 0]]


def test_the_run_tells_what_is_frozen_and_what_has_one_vintage_only() -> None:
    told = [reason for field, reason in FROZEN.assumed if field == "roster.known_until"]
    assert len(told) == 2 and told[0].startswith("2018-12: yearly figures") and "states.rule_of_law (2022)" in told[1]
    assert not [field for field, _ in FREE.assumed if field == "roster.known_until"]


def test_the_setting_is_part_of_what_a_run_is() -> None:
    free, known = configure({}), configure({"roster": {"known_until": KNOWN}})
    assert known.digest != free.digest and known.tree["roster"]["known_until"] == KNOWN
    assert configure({"roster": {"known_until": None}}).tree == free.tree and "known_until" not in free.tree["roster"]
    assert configure({"roster": known.tree["roster"]}).roster == known.roster
    with pytest.raises(UserError, match=r"roster.known_until: "):
        configure({"roster": {"known_until": "2018"}})


def test_a_month_before_the_first_figures_is_refused_with_the_state_and_its_first_year(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, "yearly")
    later(folder, "yearly", lambda row: int(row["year"]) < 2010 and not row.clear())
    with pytest.raises(
        UserError, match=r"roster.known_until 2009-06 lies too far back .* no gdp_usd of AFG known by then; its first is of 2010"
    ):
        of("2009-06", folder)


def test_no_number_of_a_run_moves_with_what_is_dated_later(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, *DATED)
    before = digest(lived({**SMALL, "data": {"folder": str(folder)}}))
    for table, change in (("yearly", grown), ("memberships", moved("left", "2020-03-31")), ("travel_controls", shut)):
        later(folder, table, change)
    other = tmp_path / "other"
    other.mkdir()
    for path in folder.glob("*.csv"):
        path.rename(other / path.name)
    assert digest(lived({**SMALL, "data": {"folder": str(other)}})) == before
    assert (FOLDER / "un" / "yearly.csv").is_file()
