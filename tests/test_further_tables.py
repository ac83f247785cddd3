"""The tables that no rule reads so far: what they hold, in which order, between whom, and what a faulty one is told."""

from __future__ import annotations

import csv
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.data.fields import FURTHER, columns_of, further_names, table_names
from sim.data.further.instruments import DataInstrument, notes, read_instruments, stock
from sim.data.further.pairs import read_pairs
from sim.data.further.protection import read_authorities, read_rights
from sim.data.further.trade_agreements import read_trade_agreements
from sim.data.language import read_language
from sim.data.roster import RosterSpec, load_roster
from sim.data.services import Filled, Margins, read_margins
from sim.data.source import Source, read_source
from sim.types import NEVER, Flag, month_index

ROOT = Path(__file__).resolve().parent.parent
OTHERWISE = {
    "EU adequacy decision: GBR", "UK-US data bridge", "SAFTA amended", "DEPA", "KORUS", "Privacy Shield",
}  # fmt: skip
"""Instruments of the present model that the stock lacks, or dates by another month: docs/data.md says how."""


@cache
def ours() -> Source:
    return read_source(None)


@cache
def parties() -> tuple[str, ...]:
    return (*ours().codes, *sorted(ours().blocs))


@cache
def instruments() -> dict[str, DataInstrument]:
    return {one.id: one for one in read_instruments(None, parties())}


@cache
def margins() -> Margins:
    return read_margins(None, ours().codes)


@cache
def filled() -> Filled:
    # What is known in a year is the figure of the year before.
    known = load_roster(RosterSpec(), month_index("2011-01"), month_index("2024-12")).figures["gdp"]
    return margins().filled(known, ours().subregions, ours().regions)


def rows(table: str) -> list[dict[str, str]]:
    with (FURTHER / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def at(code: str) -> int:
    return ours().codes.index(code)


# What they hold.


def test_every_further_column_is_declared_with_unit_source_and_terms() -> None:
    assert set(further_names()) == {path.stem for path in FURTHER.glob("*.csv")} - {"fields"}
    assert not set(further_names()) & set(table_names())
    for table in further_names():
        assert list(rows(table)[0]) == [field.field for field in columns_of(table)]
        assert all(field.unit and field.meaning and field.source and field.terms for field in columns_of(table))


def test_nobody_but_the_193_members_and_the_eu_stands_in_them() -> None:
    known = {*ours().codes, "EU"}
    assert len(known) == 194
    for table in further_names():
        for field in columns_of(table):
            if field.unit in ("code", "party"):
                assert {row[field.field] for row in rows(table)} <= known | {""}, (table, field.field)
    assert {party for one in instruments().values() for party in one.parties} <= known


def test_the_stock_lists_what_the_labels_of_the_backtest_list_and_hungary() -> None:
    with (ROOT / "analysis" / "backtest" / "tables" / "labels.csv").open(encoding="utf-8", newline="") as stream:
        labels = {row["id"]: row for row in csv.DictReader(stream)}
    assert set(instruments()) - set(labels) == {"I007"}
    assert set(labels) <= set(instruments())
    group = {"adequacy_decision": "adequacy", "transfer_framework": "adequacy", "law_enforcement_access": "law_enforcement"}
    for row in rows("data_instruments"):
        label = labels.get(row["id"])
        if label:
            assert group.get(row["type"], "digital_trade") == label["group"]
            assert all(row[c] == label[c] for c in ("parties", "judge", "signed", "in_force", "ended", "depth", "grade_dates"))


def test_dates_of_instruments_stand_in_order() -> None:
    for one in instruments().values():
        assert one.signed <= one.in_force
        assert one.ended >= (one.signed if one.in_force == NEVER else one.in_force)


@pytest.mark.parametrize(
    ("month", "there", "gone"),
    [
        ("2004-04", {"I007", "I008"}, {"I109"}),
        ("2004-05", {"I008"}, {"I007"}),
        ("2015-09", {"I008", "I046"}, {"I109"}),
        ("2015-10", {"I017"}, {"I008", "I046"}),
        ("2020-06", {"I109", "I114", "I136", "I137"}, {"I133"}),
        ("2020-07", {"I114", "I133"}, {"I109", "I145"}),
    ],
)
def test_the_stock_of_a_month_holds_what_is_in_force_and_has_not_ended(month: str, there: set[str], gone: set[str]) -> None:
    held = {one.id for one in stock(instruments().values(), month_index(month))}
    assert there <= held and not gone & held


def test_a_year_alone_is_its_july() -> None:
    korea_us = instruments()["I036"]
    assert (korea_us.signed, korea_us.in_force) == (month_index("2007-07"), month_index("2012-07"))


def test_what_was_signed_and_never_in_force_is_in_no_stock() -> None:
    pacific = instruments()["I104"]
    assert pacific.in_force == NEVER
    assert pacific not in stock(instruments().values(), month_index("2026-12"))


def test_roles_follow_type_and_judge() -> None:
    said = {one: dict(zip(instruments()[one].parties, instruments()[one].roles, strict=True)) for one in ("I017", "I109", "I192", "I145")}
    assert said["I017"] == {"ARG": "judged", "EU": "judge"}
    assert said["I109"] == {"EU": "judge", "USA": "undertaker"}
    assert said["I192"] == {"BRA": "judge", "EU": "judge"}
    assert set(said["I145"].values()) == {"party"}


def test_a_note_names_each_row_in_force_that_rests_on_memory() -> None:
    month = month_index("2015-01")
    told = dict(notes(instruments().values(), month))
    held = stock(instruments().values(), month)
    assert len(held) == 46
    for what, column in (("dates", "in_force"), ("content", "depth")):
        who = [one.id for one in held if what in one.from_memory]
        assert told[f"data_instruments.{column}"] == f"{len(who)} of 46 in force in 2015-01 rest on memory: {', '.join(who)}"
    assert instruments()["I006"].from_memory == ("dates",) and instruments()["I008"].from_memory == ()


def test_the_stock_dates_what_the_present_model_has_alike_but_for_six() -> None:
    dated = {(one.type, pair, one.in_force) for one in instruments().values() for pair in one.pairs}
    now = ours().instruments
    assert len(now) > 40
    assert {one.name for one in now if (one.type, tuple(sorted(one.parties)), one.in_force) not in dated} == OTHERWISE


def test_dyads_of_trade_agreements_have_one_spell_a_year() -> None:
    table = read_trade_agreements(None, parties())
    assert (table.from_year <= table.to_year).all()
    for year in (1995, 2010, 2018):
        now = table.in_force(year)
        pairs = list(zip(table.first[now].tolist(), table.second[now].tolist(), strict=True))
        assert len(set(pairs)) == len(pairs)
    known = table.depth[np.isfinite(table.depth)]
    assert known.min() == 0 and known.max() == 7 and (known == known.round()).all()


def test_trade_agreements_come_and_go_with_their_years() -> None:
    table = read_trade_agreements(None, parties())

    def has(a: str, b: str, year: int) -> bool:
        i, j = sorted((parties().index(a), parties().index(b)))
        now = table.in_force(year)
        return (i, j) in {tuple(sorted(pair)) for pair in zip(table.first[now].tolist(), table.second[now].tolist(), strict=True)}

    assert has("CAN", "USA", 1990) and has("MEX", "USA", 1994) and not has("MEX", "USA", 1993)
    assert has("EU", "KOR", 2011) and not has("EU", "KOR", 2010)
    assert has("DEU", "GBR", 2020) and not has("DEU", "GBR", 2021)
    assert not has("CHN", "USA", 2018)


def test_an_authority_counts_from_the_january_after_its_year() -> None:
    table = read_authorities(None, ours().codes)
    france = table.year[at("FRA")]
    assert not table.in_force(int(france))[at("FRA")] and table.in_force(int(france) + 1)[at("FRA")]
    assert table.in_force(2022).sum() == 80
    assert not table.in_force(2022)[at("USA")] and table.independence[at("USA")] == 0
    assert ((table.independence >= 0) & (table.independence <= 1)).all()


def test_rights_of_foreigners_are_shares_and_every_state_has_them() -> None:
    table = read_rights(None, ours().codes)
    value = table.at(2019)
    assert np.isfinite(value).all() and value.min() >= 0 and value.max() <= 1
    assert value[at("ARG")] > value[at("USA")] > value[at("CHN")]
    american = [table.at(year)[at("USA")] for year in (2007, 2008, 2014, 2016)]
    assert american == sorted(american) and len(set(american)) == 4


def test_open_terms_leave_out_what_rests_on_sources_that_are_not_open() -> None:
    assert len(read_trade_agreements(None, parties(), "open").first) == 0
    assert int(np.isnan(read_rights(None, ours().codes, "open").at(2019)).sum()) == 115
    assert read_rights(None, ours().codes, "open").coded.all()


def test_language_and_history_hold_the_pairs_that_one_expects() -> None:
    language, colony = read_language(None, ours().codes)

    def tied(tie: Any, a: str, b: str) -> bool:
        return bool(tie.at(193, np.array([at(a)]), np.array([at(b)]))[0])

    assert tied(language, "AUS", "GBR") and tied(language, "GBR", "AUS") and not tied(language, "FRA", "DEU")
    assert tied(colony, "IDN", "NLD") and not tied(colony, "IDN", "ESP")
    assert (language.first < language.second).all()


# Digital services.


def test_margins_are_not_negative_and_the_world_exports_a_sixth_more_than_it_imports() -> None:
    table = margins()
    for flow in (table.exports, table.imports):
        assert (flow[np.isfinite(flow)] >= 0).all()
    excess = table.world_exports / table.world_imports - 1
    assert excess[-1] == pytest.approx(0.182, abs=0.001)
    assert (excess > 0.09).all() and (excess < 0.2).all()


def test_reported_figures_are_kept_and_blanks_are_flagged() -> None:
    table, full = margins(), filled()
    for given_, values, flags in ((table.exports, full.exports, full.export_flags), (table.imports, full.imports, full.import_flags)):
        known = np.isfinite(given_)
        assert np.array_equal(values[known], given_[known])
        assert np.array_equal(flags == Flag.KNOWN, known)
        assert np.isfinite(values).all() and (values >= 0).all()


def test_states_and_what_lies_outside_sum_to_the_world_and_the_discrepancy_balances() -> None:
    table, full = margins(), filled()
    assert np.allclose(full.exports.sum(axis=1) + full.outside_exports, table.world_exports, rtol=1e-12)
    assert np.allclose(full.imports.sum(axis=1) + full.outside_imports, table.world_imports, rtol=1e-12)
    assert np.allclose(full.discrepancy, table.world_exports - table.world_imports, rtol=1e-9)


def test_the_united_states_are_a_giant_and_exports_are_unequal() -> None:
    full, world = filled(), margins().world_exports
    share = full.exports[:, at("USA")] / world
    assert share.min() > 0.15 and share.max() < 0.18
    x = np.sort(full.exports[-1])
    n = len(x)
    assert (2 * np.arange(1, n + 1) - n - 1) @ x / (n * x.sum()) == pytest.approx(0.89, abs=0.01)


def test_a_blank_is_the_nearest_year_grown_with_the_world_or_the_regions_share_of_gdp() -> None:
    none = float("nan")
    flow = np.array([[100.0, none, 30.0, none], [none, none, 40.0, 8.0]])
    world = np.array([1000.0, 1100.0])
    gdp = np.array([[1000.0, 500.0, 600.0, 100.0], [1000.0, 500.0, 800.0, 80.0]])
    full = Margins(np.array([2010, 2011]), flow, flow, world, world).filled(gdp, ("a", "a", "b", "b"), ("r", "r", "r", "r"))
    assert full.exports[:, 0].tolist() == pytest.approx([100, 110])
    assert full.exports[:, 1].tolist() == pytest.approx([50, 500 * (0.05 + 0.1) / 2])
    assert full.exports[0, 3] == pytest.approx(8 * 1000 / 1100)
    assert full.export_flags.tolist() == [[0, Flag.FILLED, 0, Flag.CARRIED], [Flag.CARRIED, Flag.FILLED, 0, 0]]


def test_pairs_for_fitting_are_unique_positive_and_among_nineteen_parties() -> None:
    seller, buyer, year, usd = read_pairs(None, parties())
    assert len(set(zip(seller.tolist(), buyer.tolist(), year.tolist(), strict=True))) == 270
    assert (usd > 0).all() and set(year.tolist()) == {2022}
    assert len({*seller.tolist(), *buyer.tolist()}) == 19


# A worker pays for those alone that a run rests on.


def test_a_run_on_our_tables_opens_those_that_the_model_reads_and_imports_no_reader_of_the_others() -> None:
    code = """
import sys
from pathlib import Path
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from sim.data.roster import RosterSpec, load_roster
load_roster(RosterSpec(), 12 * 2019, 12 * 2020)
tables = [Path(name) for name in opened if name.endswith(".csv")]
print(*sorted({one.stem for one in tables if one.parent.name == "further"}))
print(*sorted(name.removeprefix("sim.data.further.") for name in sys.modules if name.startswith("sim.data.further.")))
"""
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    read = [
        "attendance_rules",
        "bodies",
        "cable_cuts",
        "clauses",
        "cloud_regions",
        "courts",
        "data_instruments",
        "dp_authority",
        "fields",
        "foreigners_rights",
        "gateways",
        "leaks",
        "links",
        "platform_bans",
        "satellites",
        "site_limits",
        "trade_agreements",
        "vaccine_supply",
        "video_platforms",
    ]
    assert said[0].split() == read
    imported = [
        "bodies", "clauses", "courts", "dyads", "ground", "instruments", "leaks", "platforms", "protection", "regions", "spells",
        "trade_agreements", "vaccines",
    ]  # fmt: skip
    assert said[1].split() == imported
