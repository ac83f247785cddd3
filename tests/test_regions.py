"""Cloud regions and limits on building: what our tables hold, what a run may know, and what a faulty table is told in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_further_users import copy_of, found

from sim.data.further.regions import read_regions
from sim.data.roster import RosterSpec, load_roster
from sim.data.source import read_source
from sim.types import NEVER, UserError, month_index

CODES = read_source(None).codes
USA, CHN, SGP = (CODES.index(code) for code in ("USA", "CHN", "SGP"))


def test_the_table_holds_what_the_publishers_of_regions_say() -> None:
    table = read_regions(None, CODES)
    assert len(table.host) == 306 and (table.since < table.until).all()
    now = table.known(month_index("2025-12"))
    # Providers say 38, 69 and 42 regions of the three largest; with Oracle, IBM and DigitalOcean two thirds of all.
    assert 0.6 < (now.home == USA).mean() < 0.8 and 0.15 < (now.home == CHN).mean() < 0.3


def test_regions_that_were_closed_are_counted_no_more() -> None:
    table = read_regions(None, CODES)
    before, after = (table.known(month_index(when)) for when in ("2024-08", "2024-10"))
    there = [int(((one.host == CODES.index("AUS")) & (one.home == CHN)).sum()) for one in (before, after)]
    assert there[1] == there[0] - 1


def test_a_run_knows_the_regions_of_its_start_and_nothing_later() -> None:
    roster = load_roster(RosterSpec(), month_index("2018-01"), month_index("2022-12"))
    assert (roster.clouds.since <= month_index("2018-01")).all() and (roster.clouds.until == NEVER).all()
    host, home, count = roster.clouds.pairs(month_index("2018-01"))
    assert sorted(zip(host.tolist(), home.tolist(), strict=True)) == list(zip(host.tolist(), home.tolist(), strict=True))
    assert count.sum() == len(roster.clouds.host)


def test_of_some_states_only_regions_between_them_are_left_and_in_their_order() -> None:
    few = load_roster(RosterSpec(states=("CHN", "SGP")), month_index("2019-01"), month_index("2019-12"))
    pairs = {(few.codes[h], few.codes[p]) for h, p in zip(few.clouds.host.tolist(), few.clouds.home.tolist(), strict=True)}
    assert pairs == {("CHN", "CHN"), ("SGP", "CHN")}


def test_an_invented_state_has_the_regions_of_its_donor_and_one_home_stays_one() -> None:
    made = load_roster(RosterSpec("synthetic", n=300, seed=3), month_index("2019-01"), month_index("2019-12"))
    real = load_roster(RosterSpec(), month_index("2019-01"), month_index("2019-12"))
    assert len(np.unique(made.clouds.home)) <= len(np.unique(real.clouds.home))
    assert len(made.clouds.host) > len(real.clouds.host) / 3 and len(made.clouds.limits.host) == 0


def test_a_run_that_is_frozen_knows_no_later_limit_and_lets_one_that_ends_later_go_on() -> None:
    frozen = load_roster(RosterSpec(known_until=month_index("2020-12")), month_index("2019-01"), month_index("2024-12"))
    assert frozen.clouds.limits.at(month_index("2024-06")).get(CODES.index("SGP")) == 1.0
    assert CODES.index("IRL") not in frozen.clouds.limits.at(month_index("2024-06"))


@pytest.mark.parametrize(
    ("table", "key", "cells", "words"),
    [
        ("cloud_regions", {"host": "ZAF"}, {"host": "KNE"}, r"column host: 'KNE' is not a state of the roster; did you mean 'KEN'"),
        ("cloud_regions", {"host": "SGP"}, {"home": "US"}, r"column home: 'US' is not a state of the roster"),
        ("cloud_regions", {"host": "SGP"}, {"home": ""}, r"column home: a value is required"),
        ("cloud_regions", {"host": "SGP"}, {"until": "2001-01"}, r"column until: 2001-01 lies before .* in column since"),
        ("cloud_regions", {"host": "SGP"}, {"since": "19"}, r"column since: '19' is not a"),
        ("site_limits", {"host": "SGP"}, {"extent": "1.5"}, r"column extent: '1.5' is not a number from 0 to 1"),
        ("site_limits", {"host": "SGP"}, {"until": "2018-01"}, r"column until: 2018-01 lies before 2019-01 in column since"),
    ],
)
def test_a_faulty_cell_of_a_user_is_told_with_row_and_column(
    tmp_path: Path, table: str, key: dict[str, str], cells: dict[str, str], words: str
) -> None:
    folder = copy_of(tmp_path, table, lambda rows: found(rows, **key).update(cells))
    with pytest.raises(UserError, match=words) as fault:
        read_source(folder)
    assert f"{table}.csv row " in str(fault.value) and "\n" not in str(fault.value)


def test_a_users_table_without_rows_leaves_own_modes_alone(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, "cloud_regions", lambda rows: rows.clear())
    roster = load_roster(RosterSpec(folder=folder), month_index("2019-01"), month_index("2019-12"))
    assert len(roster.clouds.host) == 0
