"""The tables, the as-of rule, the privacy regimes and a user's own tables."""

from __future__ import annotations

import csv
import dataclasses
import pickle
import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.data import assemble
from sim.data.describe import rewrite
from sim.data.fields import FOLDER, columns_of, load_fields, table_names
from sim.data.figures import as_of, fill_median
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.types import NEVER, Flag, ModelFault, month_index

DOCS = Path(__file__).resolve().parent.parent / "docs" / "data.md"


@cache
def un(start: str, end: str | None = None, *states: str, terms: str = "all") -> Roster:
    return load_roster(RosterSpec(states=states, terms=terms), month_index(start), month_index(end or start))


def row(roster: Roster, code: str) -> int:
    return roster.codes.index(code)


def test_the_roster_is_the_193_members_of_the_united_nations() -> None:
    roster = un("2019-01")
    assert roster.n == 193
    assert list(roster.codes) == sorted(roster.codes)
    assert roster.parties[193:] == ("ASEAN", "EU")
    assert roster.members("UN", month_index("2019-01")).all()


def test_every_column_is_declared_and_every_declaration_has_its_column() -> None:
    for table in table_names():
        with (FOLDER / "un" / f"{table}.csv").open(encoding="utf-8") as stream:
            assert stream.readline().strip().split(",") == [f.field for f in columns_of(table)]


def test_every_figure_has_a_unit_a_source_and_stays_in_its_bounds() -> None:
    roster = un("2012-01", "2024-12")
    by_name = {name: field for (table, name), field in load_fields().items() if table in ("states", "yearly", "derived")}
    for name, values in roster.figures.items():
        field = by_name[name]
        assert field.unit and field.source and field.terms
        assert values.shape == (13, 193) == roster.flags[name].shape
        assert np.isfinite(values).all(), name
        assert (values >= field.low).all() and (values <= field.high).all(), name


def test_the_page_on_data_lists_the_fields_as_they_are_declared() -> None:
    assert DOCS.read_text(encoding="utf-8") == rewrite(DOCS), "write sim.data.describe.rewrite(page) back to docs/data.md"


def test_the_page_on_data_reports_the_face_check_as_it_comes_out() -> None:
    page = DOCS.read_text(encoding="utf-8")
    for month in ("2019-01", "2022-12"):
        roster = un(month)
        for name in ("protection_firms", "protection_state", "localisation"):
            mean = roster.bloc_mean(name, "EU", month_index(month))
            china = roster.figures[name][0, row(roster, "CHN")]
            assert f"| {month} | {name} | EU {mean:.2f} | CHN {china:.2f} |" in page


def test_a_figure_is_known_from_the_january_after_its_year() -> None:
    values = np.array([[1.0], [np.nan], [3.0]])
    known, flags = as_of(values, np.array([2010, 2011, 2012]), np.arange(2006, 2015), 3)
    assert known[:, 0].tolist() == [1, 1, 1, 1, 1, 1, 1, 3, 3]
    assert flags[:, 0].tolist() == [Flag.BACK_CAST] * 2 + [Flag.CARRIED] * 3 + [Flag.KNOWN] * 4


def test_gdp_of_2019_is_the_figure_of_2018() -> None:
    with (FOLDER / "un" / "yearly.csv").open(encoding="utf-8") as stream:
        table = {(r["code"], r["year"]): r["gdp_usd"] for r in csv.DictReader(stream)}
    roster = un("2019-01")
    assert roster.figures["gdp"][0, row(roster, "IDN")] == float(table["IDN", "2018"])
    assert roster.flags["gdp"][0, row(roster, "IDN")] == Flag.KNOWN


def test_a_blank_is_the_median_of_its_subregion_then_region_then_world() -> None:
    known = np.array([[1.0, 3.0, np.nan, np.nan, 10.0, np.nan]])
    flags = np.zeros(known.shape, dtype=np.int8)
    fill_median(known, flags, (("a", "a", "a", "b", "c", "d"), ("r", "r", "r", "r", "s", "t")), 0.0)
    assert known[0].tolist() == [1, 3, 2, 2, 10, 3]
    assert flags[0].tolist() == [0, 0, Flag.FILLED, Flag.FILLED, 0, Flag.FILLED]


def test_regimes_of_2022_stand_in_the_orders_that_the_field_agrees_on() -> None:
    month = month_index("2022-12")
    roster = un("2022-12")

    def value(name: str, code: str) -> float:
        if code == "EU":
            return roster.bloc_mean(name, "EU", month)
        assert roster.flags[name][0, row(roster, code)] < Flag.FILLED, f"a blank must not rank {code}"
        return float(roster.figures[name][0, row(roster, code)])

    assert value("protection_firms", "EU") > value("protection_firms", "CHN") > value("protection_firms", "USA")
    assert min(value("protection_state", "EU"), value("protection_state", "USA")) > value("protection_state", "CHN")
    assert value("localisation", "CHN") > value("localisation", "EU") > value("localisation", "USA")


def test_a_filled_value_never_ranks_a_bloc() -> None:
    value, people = np.array([0.2, 0.9, 0.4]), np.array([1.0, 100.0, 3.0])
    inside = np.array([True, True, True])
    mean = assemble.weighted_mean(value, np.array([0, Flag.FILLED, Flag.CARRIED], dtype=np.int8), people, inside)
    assert mean == pytest.approx((0.2 + 1.2) / 4)
    assert np.isnan(assemble.weighted_mean(value, np.zeros(3, dtype=np.int8), people, ~inside))


def test_a_privacy_law_counts_from_the_january_after_its_year() -> None:
    roster = un("2019-01", "2024-12")
    scope = dict(zip(roster.years.tolist(), roster.figures["privacy_law_scope"][:, row(roster, "CHN")].tolist(), strict=True))
    assert scope == {2019: 1, 2020: 1, 2021: 1, 2022: 2, 2023: 2, 2024: 2}
    assert (roster.figures["privacy_law_scope"][:, row(roster, "USA")] == 1).all()


def test_a_commitment_against_localisation_binds_only_if_in_force_at_the_start() -> None:
    before, after = un("2020-06", "2022-12"), un("2020-07", "2022-12")
    assert before.flags["localisation"][-1, row(before, "USA")] == Flag.FILLED
    assert (after.figures["localisation"][:, row(after, "USA")] == 0).all()
    assert (after.flags["localisation"][:, row(after, "USA")] == Flag.KNOWN).all()


def test_the_united_kingdom_leaves_in_january_2020_and_is_bound_to_december() -> None:
    roster = un("2019-01")
    eu, gbr = roster.organisations.index("EU"), row(roster, "GBR")
    assert roster.members("EU", month_index("2020-01"))[gbr]
    assert not roster.members("EU", month_index("2020-02"))[gbr]
    assert roster.member_bound_until[eu, gbr] == month_index("2021-01")
    assert roster.member_bound_until[eu, row(roster, "FRA")] == NEVER
    assert roster.members("EU", month_index("2013-06")).sum() == 27  # Croatia joins in the month after
    assert roster.members("EU", month_index("2013-07")).sum() == 28


def test_the_world_of_2019_has_its_adequacy_decisions() -> None:
    roster = un("2019-01")
    names = {r.name for r in roster.in_force_at(month_index("2019-01"))}
    assert {"EU adequacy decision: JPN", "Japan adequacy decision: EU", "Privacy Shield", "EU adequacy decision: NZL"} <= names
    assert not names & {"EU adequacy decision: KOR", "Safe Harbour", "USMCA ch.19"}
    shield = next(r for r in roster.instruments if r.name == "Privacy Shield")
    assert shield.parties == ("EU", "USA") and shield.roles == ("judge", "undertaker")
    assert shield.in_force_at(month_index("2020-06")) and not shield.in_force_at(month_index("2020-07"))
    assert shield.text[:3].tolist() == [0.6, 0.3, 0.0] and np.isnan(shield.text[3:]).all()


def test_a_party_that_is_not_in_the_roster_has_no_instruments() -> None:
    few, whole = un("2019-01", None, "CHN", "JPN", "USA"), un("2019-01")
    assert few.blocs == ()
    known = [one.name for one in whole.instruments if set(one.parties) <= {"CHN", "JPN", "USA"}]
    assert [one.name for one in few.instruments] == known and 0 < len(known) < len(whole.instruments)
    assert un("2019-01", None, "BRA", "KEN", "TUV").instruments == ()


def test_ten_states_have_the_figures_that_they_have_among_all() -> None:
    few = ("BRA", "CHN", "DEU", "FRA", "IDN", "IND", "SGP", "TUV", "USA", "ZAF")
    part, whole = un("2019-01", "2020-12", *few), un("2019-01", "2020-12")
    rows = np.array([row(whole, code) for code in few])
    for name in whole.figures:
        assert np.array_equal(part.figures[name], whole.figures[name][:, rows]), name
    i, j = np.triu_indices(10, 1)
    for tie in ("border", "cables", "affinity"):
        assert np.array_equal(part.tie(tie, i, j), whole.tie(tie, rows[i], rows[j])), tie
    assert np.array_equal(part.world_gdp, whole.world_gdp)


def test_ties_are_symmetric_and_known_ones_are_there() -> None:
    roster = un("2019-01")
    i, j = np.triu_indices(roster.n, 1)
    for tie in ("border", "cables", "affinity"):
        assert np.array_equal(roster.tie(tie, i, j), roster.tie(tie, j, i))
    at = {code: np.array([row(roster, code)]) for code in ("FRA", "DEU", "USA", "CAN", "IND", "PAK", "NRU", "BOL", "BRA")}
    assert roster.tie("border", at["FRA"], at["DEU"]) == 1 and roster.tie("border", at["FRA"], at["NRU"]) == 0
    alliance = roster.spells["alliances"].strongest(month_index("2019-01"), roster.n)
    assert alliance.at(roster.n, at["CAN"], at["USA"]) == 1 > alliance.at(roster.n, at["BRA"], at["USA"]) > 0
    assert roster.tie("affinity", at["FRA"], at["DEU"]) > roster.tie("affinity", at["FRA"], at["IND"])
    with pytest.raises(ModelFault, match="there is no tie 'borders'; did you mean 'border'"):
        roster.tie("borders", i, j)


def test_affinity_is_the_likeness_of_ideal_points() -> None:
    roster = un("2019-01")
    i, j = np.triu_indices(roster.n, 1)
    bare = dataclasses.replace(roster, _affinity=None)
    assert np.abs(roster.tie("affinity", i, j) - bare.tie("affinity", i, j)).max() < 1e-4


def test_distances_are_those_of_the_globe() -> None:
    roster = un("2019-01")

    def km(a: str, b: str) -> float:
        return float(roster.distance(np.array(row(roster, a)), np.array(row(roster, b))))

    assert km("FRA", "DEU") == pytest.approx(878, abs=5)
    assert km("GBR", "AUS") == pytest.approx(16980, rel=0.01)
    assert km("ITA", "SMR") >= 50 and km("COD", "COG") == 50


def test_open_terms_leave_out_what_is_not_open_and_say_so() -> None:
    roster = un("2019-01", terms="open")
    assert (roster.flags["cybersecurity"] == Flag.DROPPED).all()
    assert (roster.figures["cybersecurity"] == load_fields()["states", "cybersecurity"].default).all()
    assert np.array_equal(roster.figures["gdp"], un("2019-01").figures["gdp"])
    i, j = np.triu_indices(roster.n, 1)
    assert roster.tie("cables", i, j).sum() == len(roster.spells["alliances"].strongest(month_index("2019-01"), roster.n).first) == 0
    assert ("states.cybersecurity", "left out: its terms are noncommercial") in roster.assumed


def test_a_reader_is_told_what_is_filled_and_assumed() -> None:
    roster = un("2019-01")
    assert dict(roster.filled)["cybersecurity"] == "3 of 193 states filled: FSM, PLW, YEM"
    assert "memberships.joined" in dict(roster.assumed) and "states.localisation_law" in dict(roster.assumed)


def test_a_roster_pickles_and_keeps_its_digest() -> None:
    roster = un("2019-01")
    again = pickle.loads(pickle.dumps(roster))
    assert again.digest == roster.digest
    assert np.array_equal(again.figures["gdp"], roster.figures["gdp"])


def test_an_undated_membership_counts_throughout_and_is_flagged() -> None:
    roster = un("2019-01")
    oas, eu = roster.organisations.index("OAS"), roster.organisations.index("EU")
    assert roster.member_from[oas, row(roster, "BRA")] == 0
    assert roster.member_flag[oas, row(roster, "BRA")] == Flag.FILLED
    assert roster.member_flag[eu, row(roster, "FRA")] == Flag.KNOWN
    assert any("undated memberships count throughout" in reason for _, reason in roster.assumed)


def test_our_tables_are_taken_apart_once_and_anew_when_a_byte_of_them_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.data import source, tables

    first = source.read_source(None)
    assert source.read_source(None) is first and not first.lat.flags.writeable
    shutil.copytree(tables.FOLDER / "un", tmp_path / "un")
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    states = tmp_path / "un" / "states.csv"
    states.write_text(states.read_text(encoding="utf-8").replace("Indonesia", "Nusantara"), encoding="utf-8")
    other = source.read_source(None)
    assert "Nusantara" in other.names and "Nusantara" not in first.names
    monkeypatch.undo()
    assert "Indonesia" in source.read_source(None).names
