"""A user's own tables: the order of rows never matters, and a fault is told in one clear sentence."""

from __future__ import annotations

import csv
import random
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_data import un

from sim.data.fields import FOLDER, FURTHER, columns_of, further_names, load_fields
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.types import Flag, ModelFault, UserError, month_index


def copy_of(tmp_path: Path, *tables: str) -> Path:
    for table in tables:
        shutil.copy((FURTHER if table in further_names() else FOLDER / "un") / f"{table}.csv", tmp_path)
    return tmp_path


def change(folder: Path, table: str, key: dict[str, str], **cells: str) -> None:
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = [r for r in rows if all(r[k] == v for k, v in key.items())]
    assert found, "the test names a row that does not exist"
    for r in found:
        r.update(cells)
    write(path, rows)


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def of(folder: Path, month: str = "2019-01") -> Roster:
    return load_roster(RosterSpec(folder=folder), month_index(month), month_index(month))


@settings(max_examples=5)
@given(st.integers(0, 2**32))
def test_shuffled_rows_change_nothing(shuffle: int) -> None:
    luck = random.Random(shuffle)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in (*(FOLDER / "un").glob("*.csv"), *(FURTHER / f"{each}.csv" for each in further_names())):
            each, (header, *lines) = path.stem, path.read_text(encoding="utf-8").splitlines()
            luck.shuffle(lines)
            (folder / f"{each}.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        assert of(folder).digest == un("2019-01").digest


def test_one_changed_cell_changes_the_digest(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, "states")
    assert of(folder).digest == un("2019-01").digest
    change(folder, "states", {"code": "IDN"}, cybersecurity="0.5")
    assert of(folder).digest != un("2019-01").digest


def test_a_dyad_may_be_given_in_either_direction(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, "borders")
    change(folder, "borders", {"code_a": "DEU", "code_b": "FRA"}, code_a="FRA", code_b="DEU")
    assert of(folder).digest == un("2019-01").digest


def test_columns_may_come_in_any_order(tmp_path: Path) -> None:
    with (FOLDER / "un" / "cables.csv").open(encoding="utf-8", newline="") as stream:
        rows = [{k: r[k] for k in ("n_cables", "code_b", "code_a")} for r in csv.DictReader(stream)]
    write(tmp_path / "cables.csv", rows)
    assert of(tmp_path).digest == un("2019-01").digest


FAULTS = [
    ("states", {"code": "FRA"}, {"bandwidth": "high"}, r"row \d+, column bandwidth: 'high' is not a number \(share\)"),
    ("states", {"code": "FRA"}, {"bandwidth": "88"}, r"row \d+, column bandwidth: '88' is not a number from 0 to 1 \(share\)"),
    ("states", {"code": "FRA"}, {"bandwidth": "nan"}, r"column bandwidth: 'nan' is not a number"),
    ("states", {"code": "FRA"}, {"lat": ""}, r"column lat: '' is not a number from -90 to 90"),
    ("states", {"code": "FRA"}, {"name": ""}, r"column name: a value is required"),
    ("states", {"code": "FRA"}, {"cloud_regions": "1.5"}, r"column cloud_regions: '1.5' is not a whole number"),
    ("states", {"code": "FRA"}, {"code": "DEU"}, r"row \d+: DEU is already given in row \d+"),
    (
        "yearly",
        {"code": "FRA", "year": "2018"},
        {"code": "FRX"},
        r"row \d+, column code: 'FRX' is not a state of the roster; did you mean 'FRA'\?",
    ),
    ("yearly", {"code": "FRA", "year": "2018"}, {"year": "2017.0"}, r"row \d+: FRA 2017 is already given in row \d+"),
    ("yearly", {"code": "PRK"}, {"gdp_usd": ""}, r"has no gdp_usd of any year for PRK"),
    (
        "memberships",
        {"code": "GBR", "organisation": "EU"},
        {"left": "31.1.2020"},
        r"column left: '31.1.2020' is not a date of the form YYYY-MM-DD",
    ),
    ("memberships", {"code": "GBR", "organisation": "EU"}, {"left": "1972-01-01", "bound_until": ""}, r"GBR leaves EU before it joins"),
    ("memberships", {"code": "GBR", "organisation": "EU"}, {"bound_until": "2019-12-31"}, r"column bound_until: must not lie before"),
    (
        "memberships",
        {"code": "GBR", "organisation": "EU"},
        {"grade": "sure"},
        r"column grade: cannot be 'sure'; did you mean 'sourced'",
    ),
    (
        "memberships",
        {"code": "GBR", "organisation": "EU"},
        {"organisation": "EUU"},
        r"'EUU' is not a known organisation; did you mean 'EU'",
    ),
    ("organisations", {"organisation": "EU"}, {"state_quota": ""}, r"the bloc EU needs a decision_rule, a state_quota and a people_quota"),
    ("organisations", {"organisation": "EU"}, {"organisation": "FRA"}, r"'FRA' is also the code of a state"),
    ("competences", {"agreement_type": "regional_market"}, {"bloc": "NATO"}, r"'NATO' is not a bloc"),
    (
        "alliances",
        {"code_a": "CAN", "code_b": "USA"},
        {"code_a": "USA", "code_b": "USA"},
        r"row \d+: a state and itself \(USA\) are no dyad",
    ),
    ("alliances", {"code_a": "CAN", "code_b": "USA"}, {"strength": "1.5"}, r"row \d+, column strength: '1.5' is not a number from 0 to 1"),
    (
        "alliances",
        {"code_a": "CAN", "code_b": "USA"},
        {"code_b": "USB"},
        r"row \d+, column code_b: 'USB' is not a state of the roster; did you mean",
    ),
    ("alliances", {"code_a": "CAN", "code_b": "USA"}, {"until": "2009"}, r"row \d+, column until: 2009 lies before 2010"),
    ("hostility", {"code_a": "IND", "code_b": "PAK"}, {"hostility": "high"}, r"row \d+, column hostility: 'high' is not a number"),
    (
        "hostility",
        {"code_a": "IND", "code_b": "PAK"},
        {"code_a": "INC"},
        r"row \d+, column code_a: 'INC' is not a state of the roster; did you mean 'IND'",
    ),
    ("borders", {"code_a": "DEU", "code_b": "FRA"}, {"code_a": "FRA", "code_b": "FRA"}, r"a state and itself \(FRA\) are no dyad"),
    ("borders", {"code_a": "DEU", "code_b": "FRA"}, {"code_a": "FRA", "code_b": "ESP"}, r"row \d+: ESP FRA is already given in row \d+"),
    ("affinity", {"code_a": "CAN", "code_b": "USA"}, {"affinity": ""}, r"column affinity: '' is not a number from 0 to 1"),
    ("instruments", {"name": "Privacy Shield"}, {"party_b": "US"}, r"column party_b: 'US' is not a state or bloc of the roster"),
    ("sanctions", {"sender": "KOR", "target": "PRK", "from": "2010"}, {"level": "2"}, r"column level: '2' is not a number from 0 to 1"),
    (
        "sanctions",
        {"sender": "KOR", "target": "PRK", "from": "2010"},
        {"target": "PRQ"},
        r"column target: 'PRQ' is not a state of the roster",
    ),
    (
        "sanctions",
        {"sender": "KOR", "target": "PRK", "from": "2010"},
        {"target": "KOR"},
        r"column target: another state than KOR was expected",
    ),
    (
        "sanctions",
        {"sender": "KOR", "target": "PRK", "from": "2010"},
        {"until": "2009-12"},
        r"row \d+, column until: 2009-12 lies before 2010 in column from; a later date, or none, was expected",
    ),
    ("sanctions", {"sender": "KOR", "target": "PRK", "from": "2010"}, {"grade": "asumed"}, r"column grade: .* did you mean 'assumed'"),
    ("wars", {"code_a": "RUS", "code_b": "UKR"}, {"from": "24.2.2022"}, r"column from: '24.2.2022' is not a date of the form YYYY-MM-DD"),
    ("hostility", {"code_a": "IND", "code_b": "PAK"}, {"without_rivalry": ""}, r"column without_rivalry: '' is not a number from 0 to 1"),
    ("alliances", {"code_a": "CAN", "code_b": "USA"}, {"strength": "strong"}, r"column strength: 'strong' is not a number"),
    (
        "elections",
        {"code": "IDN", "month": "2019-04"},
        {"month": "2019-04-17"},
        r"column month: '2019-04-17' is not a month .* write 2019-04",
    ),
    (
        "elections",
        {"code": "IDN", "month": "2019-04"},
        {"code": "IDM"},
        r"column code: 'IDM' is not a state of the roster; did you mean 'IDN'",
    ),
    ("instruments", {"name": "Privacy Shield"}, {"role_a": "juge"}, r"column role_a: cannot be 'juge'; did you mean 'judge'\?"),
]


@pytest.mark.parametrize(
    ("table", "key", "cells", "words"), FAULTS, ids=[f"{t}-{'-'.join(c)}-{n}" for n, (t, _, c, _) in enumerate(FAULTS)]
)
def test_a_faulty_cell_is_refused_in_one_clear_sentence(
    tmp_path: Path, table: str, key: dict[str, str], cells: dict[str, str], words: str
) -> None:
    folder = copy_of(tmp_path, table)
    change(folder, table, key, **cells)
    with pytest.raises(UserError, match=words) as fault:
        of(folder)
    assert f"{table}.csv" in str(fault.value) and "\n" not in str(fault.value)


def test_the_row_named_is_the_row_of_the_file(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, "borders")
    lines = (folder / "borders.csv").read_text(encoding="utf-8").splitlines()
    lines[41] = "AAA,FRA"
    (folder / "borders.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(UserError, match="row 42, column code_a: 'AAA'"):
        of(folder)


def test_a_dense_table_with_a_missing_dyad_is_refused(tmp_path: Path) -> None:
    folder = copy_of(tmp_path, "affinity")
    lines = (folder / "affinity.csv").read_text(encoding="utf-8").splitlines()
    gone = lines.pop(100).split(",")
    (folder / "affinity.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(UserError, match=f"is declared dense but lacks the dyad {gone[0]} {gone[1]}; it has 18527 of 18528 dyads"):
        of(folder)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("code_a,code_b,n_cable", "there is no column 'n_cable'; did you mean 'n_cables'"),
        ("code_a,code_b", "the column 'n_cables' is missing"),
        ("code_a,code_b,n_cables,n_cables", "'n_cables' is given twice"),
        ("", "cables.csv is empty"),
    ],
)
def test_a_wrong_header_is_refused(tmp_path: Path, header: str, words: str) -> None:
    (tmp_path / "cables.csv").write_text(header + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=words):
        of(tmp_path)


def test_a_short_row_and_a_file_that_is_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "cables.csv").write_text("code_a,code_b,n_cables\nDEU,FRA\n", encoding="utf-8")
    with pytest.raises(UserError, match="row 2 has 2 cells where the header names 3 columns"):
        of(tmp_path)
    (tmp_path / "cables.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(UserError, match="cannot be read as a CSV file in UTF-8"):
        of(tmp_path)


def test_an_unknown_file_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        of(tmp_path / "nowhere")
    with pytest.raises(UserError, match="holds no table"):
        of(tmp_path)
    (tmp_path / "state.csv").write_text("code\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"state.csv is not one of the tables; did you mean 'states'\?"):
        of(tmp_path)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (RosterSpec("onu"), "kind cannot be 'onu'; valid are synthetic, un"),
        (RosterSpec(terms="free"), "terms cannot be 'free'"),
        (RosterSpec("synthetic", n=5001), "n = 5001 lies outside 2 to 5000"),
        (RosterSpec(states=("FRA", "DEX")), "there is no state 'DEX'; did you mean 'DEU' or 'MEX'"),
        (RosterSpec(states=("FRA", "FRA", "DEU")), "the state FRA is named twice"),
        (RosterSpec(states=("FRA",)), "one state"),
        (RosterSpec("synthetic", seed=-1), "seed = -1 must be 0 or more"),
    ],
)
def test_a_wrong_specification_is_refused(spec: RosterSpec, words: str) -> None:
    with pytest.raises(UserError, match=words):
        load_roster(spec, month_index("2019-01"), month_index("2019-02"))


def test_a_run_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(UserError, match="before it starts"):
        load_roster(RosterSpec(), month_index("2019-02"), month_index("2019-01"))


def test_a_month_outside_the_run_is_our_fault() -> None:
    with pytest.raises(ModelFault, match="outside the years"):
        un("2019-01").figure("gdp", month_index("2021-01"))


def test_a_users_states_bring_their_own_codes_and_a_bloc_defined_in_data(tmp_path: Path) -> None:
    columns = [f.field for f in columns_of("states")]
    blank = dict.fromkeys(columns, "") | {"region": "Here", "subregion": "Here", "lat": "0"}
    places = {"AA": ("0", "-1"), "BB": ("10", "1"), "CC": ("20", "0.5")}
    write(tmp_path / "states.csv", [blank | {"code": c, "name": c, "lon": lon, "ideal_point": x} for c, (lon, x) in places.items()])
    write(
        tmp_path / "yearly.csv", [{"code": c, "year": "2018", "gdp_usd": "1e9", "population": "1000", "internet_use": ""} for c in places]
    )
    head = dict.fromkeys([f.field for f in columns_of("organisations")], "")
    union = head | {
        "organisation": "UNION",
        "name": "Union",
        "is_bloc": "1",
        "decision_rule": "consensus",
        "state_quota": "1",
        "people_quota": "1",
    }
    write(tmp_path / "organisations.csv", [union])
    write(
        tmp_path / "memberships.csv",
        [{"code": c, "organisation": "UNION", "joined": "2000", "left": "", "bound_until": "", "grade": "sourced"} for c in ("AA", "BB")],
    )
    roster = of(tmp_path)
    assert roster.parties == ("AA", "BB", "CC", "UNION")
    assert roster.bloc_sum("gdp", "UNION", month_index("2019-01")) == 2e9
    assert roster.world_gdp[0] == pytest.approx(3e9 * 1.015)
    assert not len(roster.spells["alliances"].strongest(month_index("2019-01"), roster.n).first)
    assert roster.tie("affinity", np.array([0, 0, 1]), np.array([1, 2, 2])).tolist() == [0.0, 0.25, 0.75]
    assert roster.figures["bandwidth"][0].tolist() == [load_fields()["states", "bandwidth"].default] * 3
    assert (roster.flags["bandwidth"] == Flag.FILLED).all()
    assert roster.competences == () and roster.instruments == ()


def test_quotes_spaces_and_windows_lines_read_as_the_same_table(tmp_path: Path) -> None:
    header, *lines = (FOLDER / "un" / "borders.csv").read_text(encoding="utf-8").splitlines()
    quoted = [",".join(f' "{cell}"'.lstrip() if n % 2 else f"{cell} " for cell in line.split(",")) for n, line in enumerate(lines)]
    (tmp_path / "borders.csv").write_bytes(("\ufeff" + "\r\n".join([header, *quoted, ""])).encode())
    assert of(tmp_path).digest == un("2019-01").digest
