"""Whose providers hold whose data: the table of their homes, what a run knows of it, and whose requests go where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_agreements import group, kind_of
from test_data_agreements import start, terms
from test_further_users import copy_of, found

from sim.data.further.providers import read_providers
from sim.data.roster import RosterSpec, load_roster
from sim.data.source import read_source
from sim.stakes.providers import held_by, held_trade
from sim.types import Flag, UserError, month_index

CODES = read_source(None).codes
USA = CODES.index("USA")


def test_regions_abroad_by_home_are_those_of_others_by_host_and_a_few_outside_the_roster() -> None:
    table = read_providers(None, CODES)
    assert (int(table.years[0]), int(table.years[-1])) == (2009, 2025)
    # Hong Kong and Taiwan are no states of the roster: they host, and are in no row.
    outside = table.abroad.sum(axis=1) - table.foreign.sum(axis=1)
    assert (outside >= 0).all() and outside.max() <= 9
    assert (table.abroad[-1] + table.home[-1])[USA] > 0.5 * (table.abroad[-1] + table.home[-1]).sum()


def test_regions_that_were_closed_are_counted_no_more() -> None:
    table = read_providers(None, CODES)
    fell = {(int(table.years[year + 1]), CODES[state]) for year, state in np.argwhere(np.diff(table.foreign, axis=0) < 0)}
    # Alibaba left Australia and India in 2024.
    assert {(2024, "AUS"), (2024, "IND")} <= fell and len(fell) <= 5


def test_a_run_knows_the_regions_of_the_year_before() -> None:
    table = read_providers(None, CODES)
    roster = load_roster(RosterSpec(), month_index("2018-01"), month_index("2020-12"))
    for year, figures in enumerate(range(2017, 2020)):
        at = int(np.flatnonzero(table.years == figures)[0])
        assert np.array_equal(roster.figures["cloud_home"][year], table.home[at])
        assert np.allclose(roster.figures["cloud_abroad"][year], table.abroad[at] / table.abroad[at].sum())
    frozen = load_roster(RosterSpec(known_until=month_index("2016-12")), month_index("2018-01"), month_index("2020-12"))
    at = int(np.flatnonzero(table.years == 2015)[0])
    assert np.array_equal(frozen.figures["cloud_foreign"][-1], table.foreign[at])
    assert (frozen.flags["cloud_foreign"] == Flag.CARRIED).all()


def test_an_invented_state_has_the_providers_of_its_donor() -> None:
    roster = load_roster(RosterSpec("synthetic", n=300, seed=3), month_index("2019-01"), month_index("2019-12"))
    real = load_roster(RosterSpec(), month_index("2019-01"), month_index("2019-12"))
    own = set(real.figures["cloud_home"][0].tolist())
    assert len(roster.figures["cloud_home"][0]) == 300 and set(roster.figures["cloud_home"][0].tolist()) <= own
    assert roster.figures["cloud_abroad"][0].sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("key", "cells", "words"),
    [
        ({"code": "USA", "year": "2019"}, {"code": "USB"}, r"column code: 'USB' is not a state of the roster; did you mean 'USA'"),
        ({"code": "USA", "year": "2019"}, {"home": "-1"}, r"column home: '-1' is not a whole number from 0 to 10000"),
        ({"code": "USA", "year": "2019"}, {"abroad": ""}, r"column abroad: '' is not a whole number from 0 to 10000"),
        ({"code": "USA", "year": "2019"}, {"year": "2018"}, r"row \d+: USA 2018 is already given in row \d+"),
        ({"code": "USA", "year": "2019"}, {"year": "19"}, r"column year: '19' is not a"),
    ],
)
def test_a_faulty_cell_of_a_user_is_told_with_row_and_column(
    tmp_path: Path, key: dict[str, str], cells: dict[str, str], words: str
) -> None:
    folder = copy_of(tmp_path, "providers", lambda rows: found(rows, **key).update(cells))
    with pytest.raises(UserError, match=words) as fault:
        read_source(folder)
    assert "providers.csv row " in str(fault.value) and "\n" not in str(fault.value)


def test_a_users_table_stands_in_for_ours_and_an_empty_one_has_no_providers(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, "providers", lambda rows: rows.clear())
    table = read_source(folder).providers
    assert len(table.years) == 0
    roster = load_roster(RosterSpec(folder=folder), month_index("2019-01"), month_index("2019-12"))
    assert not roster.figures["cloud_abroad"].any() and not roster.figures["cloud_home"].any()


def test_what_a_party_does_not_buy_from_its_own_providers_is_shared_out_among_the_others_in_proportion() -> None:
    world = start()
    n = world.setting.n_parties
    world.providers_abroad[:], world.own_providers[:] = np.zeros(n), np.zeros(n)
    eu, usa, chn, jpn = (world.setting.party(code) for code in ("EU", "USA", "CHN", "JPN"))
    world.providers_abroad[[usa, chn, jpn]] = (0.6, 0.3, 0.1)
    world.own_providers[[eu, jpn]] = (0.25, 0.5)
    held = held_by(world, group(world, ("EU", "USA"), ("EU", "CHN"), ("JPN", "USA"), ("USA", "JPN")))
    assert held[:, 0].tolist() == pytest.approx([0.75 * 0.6, 0.75 * 0.3, 0.5 * 0.6 / 0.9, 0.1 / 0.4])
    assert held[0, 1] == 0.0 and held[2, 1] == held[3, 0]
    bought = held_trade(world, group(world, ("EU", "USA")))
    assert bought[0].tolist() == pytest.approx([0.45 * world.imports_known[eu], 0.0])


def test_europe_and_britain_ask_american_providers_and_nobody_asks_those_that_are_not_there() -> None:
    world = start()
    assert terms(world, "law_enforcement_access", "EU", "USA")["requests"][0] > 0.1
    assert terms(world, "law_enforcement_access", "GBR", "USA")["requests"][0] > 0.1
    # New Zealand runs no region anywhere: nobody can ask its providers, though it sells services.
    told = terms(world, "law_enforcement_access", "GBR", "NZL")
    assert world.trade_known[group(world, ("NZL", "GBR")).edge[0]] > 0.0
    assert told["requests"] == [0.0, 0.0]


def test_both_must_protect_people_against_the_state_before_requests_cross() -> None:
    world = start()
    kind = kind_of(world, "law_enforcement_access")
    world.free_flow[:] = False
    asked = group(world, ("GBR", "USA"), ("CHN", "USA"), ("USA", "RUS"))
    assert kind.eligible(world, asked).tolist() == [True, False, False]
    assert not kind_of(world, "law_enforcement_access", bar=0.999).eligible(world, asked).any()
