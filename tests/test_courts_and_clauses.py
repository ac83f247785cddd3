"""Which court may strike an instrument of whom, and what real instruments say of how long they last and how they end."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_further_users import copy_of, found

from sim.data.fields import FOLDER, FURTHER
from sim.data.further.clauses import Clauses, notes, read_clauses
from sim.data.further.courts import Courts, read_courts
from sim.data.further.instruments import read_instruments, stock
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.data.source import read_source
from sim.params import configure
from sim.types import NEVER, UserError, month_index

SOURCE = read_source(None)
PARTIES = (*SOURCE.codes, *sorted(SOURCE.blocs))
TABLE = read_courts(None, PARTIES)
SAID = read_clauses(None)
STOCK = {one.id: one for one in read_instruments(None, PARTIES)}
DOCS = Path(__file__).resolve().parent.parent / "docs" / "data.md"


def rows(table: str) -> list[dict[str, str]]:
    with (FURTHER / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def roster(start: str = "2019-01", end: str = "2020-12", **more: Any) -> Roster:
    return load_roster(RosterSpec(**more), month_index(start), month_index(end))


def at(month: str, party: str, courts: Courts = TABLE, parties: tuple[str, ...] = PARTIES) -> dict[str, Any]:
    benches = courts.at(month_index(month))
    place = parties.index(party)
    return {name: values[place] for name, values in vars(benches).items()}


# Courts.


def test_the_court_of_the_eu_hears_people_and_parliament_and_takes_between_two_and_eight_years() -> None:
    court = at("2019-01", "EU")
    assert court["individuals"] and court["parliament"]
    assert [court[name] for name in ("least", "median", "most", "grace")] == [22, 30, 92, 3]
    assert TABLE.forum[court["row"]] == "Court of Justice of the EU" and not TABLE.national[court["row"]]
    assert at("2000-01", "EU")["individuals"] and not at("2000-01", "EU")["parliament"]


def test_a_party_without_a_row_has_no_court_and_no_number() -> None:
    for party in ("CHN", "RUS", "ASEAN"):
        court = at("2019-01", party)
        assert court["row"] == -1 and not court["individuals"] and not court["parliament"]
        assert all(np.isnan(court[name]) for name in ("least", "median", "most", "grace"))


def test_british_courts_stand_alone_from_the_end_of_eu_law() -> None:
    assert at("2020-12", "GBR")["row"] == -1 and at("2021-01", "GBR")["individuals"]


def test_a_last_month_counts_and_the_next_row_follows_it() -> None:
    assert not at("2010-02", "FRA")["individuals"] and at("2010-02", "FRA")["parliament"]
    assert at("2010-03", "FRA")["individuals"] and at("2010-03", "FRA")["parliament"]


def test_months_of_a_court_are_those_of_the_cases_that_its_row_names() -> None:
    for row in rows("courts"):
        months = [float(one) for one in re.findall(r"\((\d+(?:\.\d+)?)", row["source"])]
        told = [float(row[column]) for column in ("months_least", "months_median", "months_most")]
        assert told == sorted(told)
        if months:
            assert told == pytest.approx([min(months), float(np.median(months)), max(months)], abs=0.5), row["party"]


def test_states_named_in_the_table_have_a_national_court_and_blocs_one_above_states() -> None:
    for row in rows("courts"):
        assert (row["kind"] == "supranational") == (row["party"] not in SOURCE.codes)
    there = {row["party"] for row in rows("courts")}
    assert {"AUT", "BGR", "BRA", "CZE", "DEU", "GBR", "IND", "JAM", "KEN", "NLD", "PHL", "ROU", "USA"} <= there


def test_a_run_has_the_courts_of_its_parties_on_its_own_axis() -> None:
    small = roster(states=("DEU", "FRA", "KEN", "USA"))
    benches = small.courts.at(month_index("2019-06"))
    assert benches.row.shape == (len(small.parties),) and small.parties[-1] == "EU"
    assert [small.courts.forum[row] for row in benches.row.tolist()] == [
        "Federal Constitutional Court",
        "Constitutional Council and Council of State",
        "High Court",
        "Federal courts",
        "Court of Justice of the EU",
    ]


def test_a_coalition_that_is_named_before_the_eu_takes_neither_its_court_nor_its_trade_agreements() -> None:
    isles = {"name": "ATOLLS", "members": ["FJI", "TUV"], "types": ["infrastructure_pact"]}
    spec = configure({"start": "2019-01", "end": "2020-12", "coalitions": [isles]}).roster
    made, plain = load_roster(spec, month_index("2019-01"), month_index("2020-12")), roster()
    benches = made.courts.at(month_index("2019-01"))
    assert made.blocs.index("ATOLLS") < made.blocs.index("EU")
    assert benches.row[made.parties.index("ATOLLS")] == -1
    assert made.courts.forum[benches.row[made.parties.index("EU")]] == "Court of Justice of the EU"

    def deals(one: Roster) -> set[tuple[str, ...]]:
        return {tuple(sorted((one.parties[i], one.parties[j]))) for i, j in zip(one.deals.first, one.deals.second, strict=True)}

    assert deals(made) == deals(plain)


def test_an_invented_state_has_the_court_of_its_donor_and_blocs_keep_theirs() -> None:
    made, real = roster(kind="synthetic", n=300, seed=3), roster()
    month = month_index("2019-01")
    benches, plain = made.courts.at(month), real.courts.at(month)
    has = benches.row[:300] >= 0
    assert 0.4 < has.mean() / (plain.row[: real.n] >= 0).mean() < 2.0
    known = {(real.courts.forum[row], float(real.courts.median[row])) for row in plain.row[plain.row >= 0].tolist()}
    assert {(made.courts.forum[row], float(made.courts.median[row])) for row in benches.row[benches.row >= 0].tolist()} <= known
    place = made.parties.index("EU")
    assert benches.median[place] == 30 and made.courts.forum[benches.row[place]] == "Court of Justice of the EU"


def test_what_is_known_until_a_month_keeps_the_courts_of_that_month() -> None:
    frozen = roster(end="2022-12", known_until=month_index("2018-12"))
    later = frozen.courts.at(month_index("2022-01"))
    assert later.row[frozen.parties.index("GBR")] == -1 and later.median[frozen.parties.index("EU")] == 30
    old = TABLE.known(month_index("2009-12"))
    assert not at("2020-01", "FRA", old)["individuals"] and at("2020-01", "FRA", old)["parliament"]


def test_an_empty_table_of_a_user_has_no_court(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, "courts", lambda given: given.clear())
    made = roster(folder=folder)
    assert (made.courts.at(month_index("2019-01")).row == -1).all() and made.replaced[0][0] == "courts"


def test_the_run_tells_how_many_courts_and_clauses_rest_on_memory() -> None:
    told = dict(roster().assumed)
    assert re.fullmatch(r"\d+ of \d+ courts in 2019-01 rest on memory", told["courts.months_median"])
    assert re.fullmatch(r"\d+ of \d+ instruments have clauses; those of \d+ rest on memory", told["clauses.grade"])


# Clauses.


def test_clauses_are_of_instruments_that_there_are_and_cover_all_but_three() -> None:
    with (FOLDER / "un" / "instruments.csv").open(encoding="utf-8", newline="") as stream:
        names = {row["name"] for row in csv.DictReader(stream)}
    assert set(SAID) <= set(STOCK) | names
    assert set(STOCK) - set(SAID) == {"I135", "I152", "I188"}


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("I058", (60, 12, 0, 6, False)),
        ("I133", (192, 0, 72, 6, True)),
        ("I144", (60, 0, 12, 1, False)),
        ("I109", (NEVER, 0, 12, 0, False)),
        ("I136", (NEVER, 0, 48, 0, False)),
        ("I037", (NEVER, 0, 120, 12, True)),
        ("I097", (NEVER, 0, 0, 6, False)),
        ("I053", (9, 0, 0, 1, False)),
        ("EU adequacy decision: GBR", (48, 0, 0, 0, False)),
    ],
)
def test_what_an_instrument_says_is_in_months(key: str, told: tuple[Any, ...]) -> None:
    one = SAID[key]
    assert (one.duration, one.renewal, one.review, one.withdrawal, one.disputes) == told
    if key in STOCK:
        assert STOCK[key].clauses == one


def test_decisions_of_the_directive_are_reviewed_from_the_day_of_the_regulation_on() -> None:
    swiss = SAID["I006"]
    assert (swiss.review, swiss.review_from) == (48, month_index("2018-05"))
    assert swiss.known(month_index("2018-04")).review == 0 and swiss.known(month_index("2018-05")) == swiss
    frozen = roster(known_until=month_index("2016-12"))
    assert {row.clauses.review for row in frozen.instruments if row.name == "EU adequacy decision: CHE" and row.clauses} == {0}


def test_an_adequacy_decision_is_taken_back_at_once_and_no_panel_hears_of_it() -> None:
    for one in STOCK.values():
        if one.type in ("adequacy_decision", "transfer_framework") and one.clauses:
            assert one.clauses.withdrawal == 0 and not one.clauses.disputes, one.id


def test_every_row_of_a_run_that_is_coded_has_the_clauses_of_its_instrument() -> None:
    named: dict[str, Clauses | None] = {row.name: row.clauses for row in SOURCE.instruments}
    without = {row.name for row in SOURCE.instruments if row.clauses is None}
    assert without == {STOCK[one].name for one in ("I135", "I152", "I188")}
    for name, key in {
        "PAFTA": "I124",
        "USMCA ch.19": "I133",
        "KORUS": "I036",
        "DEPA": "I145",
        "Japan adequacy decision: EU": "I137",
        "EU adequacy decision: JPN": "I136",
        "Brazil adequacy decision: EU": "I192",
        "Safe Harbour": "I008",
        "Swiss-US Privacy Shield": "I114",
        "RCEP ch.12": "I147",
    }.items():
        assert named[name] == SAID[key], name
    assert named["SAFTA amended"] == SAID["SAFTA amended"]


def test_an_invented_pair_has_the_clauses_of_its_donors() -> None:
    made = roster(kind="synthetic", n=300, seed=3)
    by_name = {row.name: row.clauses for row in SOURCE.instruments}
    assert len(made.instruments) > 50 and all(row.clauses == by_name[row.name] for row in made.instruments)


def test_a_note_counts_instruments_without_clauses_and_those_from_memory() -> None:
    held = [one.clauses for one in stock(STOCK.values(), month_index("2023-06"))]
    memory = sum("M" in one.grade for one in held if one is not None)
    some = sum(one is not None for one in held)
    assert notes(held) == (("clauses.grade", f"{some} of {len(held)} instruments have clauses; those of {memory} rest on memory"),)
    assert some == len(held) - 1 and notes([SAID["I005"]]) == ()


def test_the_shares_in_the_documentation_are_those_of_the_table() -> None:
    page = DOCS.read_text(encoding="utf-8")
    kinds = ("adequacy_decision", "transfer_framework", "law_enforcement_access", "digital_trade_agreement")
    for kind in (*kinds, ""):
        some = [one.clauses for one in STOCK.values() if one.clauses and kind in ("", one.type)]
        share = [
            float(np.mean([test(one) for one in some]))
            for test in (
                lambda c: c.duration != NEVER,
                lambda c: c.review > 0,
                lambda c: c.withdrawal > 0,
                lambda c: c.withdrawal >= 0,
                lambda c: c.disputes,
            )
        ]
        cells = " | ".join([f"`{kind}`" if kind else "all", str(len(some)), *(f"{one:.2f}" for one in share)])
        assert f"| {cells} |" in page, cells


def test_a_users_clauses_stand_in_for_ours(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, "clauses", lambda given: found(given, id="I145").update(withdrawal="9", review="24"))
    named = {row.name: row.clauses for row in read_source(folder).instruments}
    depa = named["DEPA"]
    assert depa is not None and (depa.withdrawal, depa.review) == (9, 24)


@pytest.mark.parametrize(
    ("table", "key", "cells", "words"),
    [
        ("courts", {"party": "DEU"}, {"party": "DEX"}, r"column party: 'DEX' is not a state or bloc of the roster; did you mean 'DEU'"),
        ("courts", {"party": "DEU"}, {"since": "1983"}, r"column since: '1983' is not a month of the form YYYY-MM .*; it is a year"),
        ("courts", {"party": "DEU"}, {"since": ""}, r"column since: a value is required"),
        ("courts", {"party": "DEU"}, {"until": "1980-01"}, r"column until: 1980-01 lies before 1983-12 in column since"),
        (
            "courts",
            {"party": "FRA", "since": "1974-10"},
            {"until": ""},
            r"row \d+, column since: FRA has another court in 2010-03, but that of row \d+ goes on; one at a time was expected",
        ),
        (
            "courts",
            {"party": "FRA", "since": "1974-10"},
            {"until": "2010-03"},
            r"column since: FRA has another court in 2010-03, but that of row \d+ lasts to 2010-03",
        ),
        ("courts", {"party": "DEU"}, {"months_least": "28"}, r"column months_median: 27.5 is less than 28 in column months_least"),
        ("courts", {"party": "DEU"}, {"months_most": "20"}, r"column months_most: 20 is less than 27.5 in column months_median"),
        ("courts", {"party": "DEU"}, {"grace": "-1"}, r"column grace: '-1' is not a number from 0 to 240 \(months\)"),
        ("courts", {"party": "DEU"}, {"months_least": "-3"}, r"column months_least: '-3' is not a number from 0 to 600"),
        (
            "courts",
            {"party": "DEU"},
            {"challengers": "parliaments"},
            r"column challengers: cannot be 'parliaments'; did you mean 'parliament'",
        ),
        ("courts", {"party": "DEU"}, {"kind": "federal"}, r"column kind: cannot be 'federal'; valid are .*national"),
        ("courts", {"party": "DEU"}, {"party": "FRA", "since": "1974-10"}, r"row \d+: FRA 1974-10 is already given in row \d+"),
        (
            "clauses",
            {"id": "I145"},
            {"id": "I146"},
            r"column id: 'I146' is neither a number in data_instruments.csv nor a name in instruments.csv; did you mean 'I\d+'",
        ),
        ("clauses", {"id": "I145"}, {"id": "I144"}, r"row \d+: I144 is already given in row \d+"),
        (
            "clauses",
            {"id": "I145"},
            {"renewal": "12"},
            r"column renewal: 12 months, but column duration is blank: what has no end is not renewed",
        ),
        ("clauses", {"id": "I145"}, {"review_from": "2020-01"}, r"column review_from: 2020-01, but column review is blank"),
        ("clauses", {"id": "I133"}, {"duration": "16.01"}, r"column duration: 16.01; years that make whole months were expected"),
        ("clauses", {"id": "I145"}, {"withdrawal": "5.5"}, r"column withdrawal: 5.5; a whole number of months was expected"),
        ("clauses", {"id": "I145"}, {"withdrawal": "-1"}, r"column withdrawal: '-1' is not a number from 0 to 120"),
        ("clauses", {"id": "I145"}, {"disputes": ""}, r"column disputes: '' is not a whole number from 0 to 1"),
        ("clauses", {"id": "I145"}, {"grade": "E"}, r"column grade: cannot be 'E'"),
    ],
)
def test_a_faulty_cell_of_a_user_is_told_with_row_column_and_what_was_expected(
    tmp_path: Path, table: str, key: dict[str, str], cells: dict[str, str], words: str
) -> None:
    folder = copy_of(tmp_path, table, lambda given: found(given, **key).update(cells))
    with pytest.raises(UserError, match=words) as fault:
        read_source(folder)
    assert f"{table}.csv row " in str(fault.value) and "\n" not in str(fault.value)
