"""What spreadsheets do to a table is named as what it is; a file that looks like a table and is none is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import run
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.types import UserError, month_index

GOOD = "code_a,code_b,n_cables\nDEU,FRA,3\nIDN,SGP,12\n"


def of(folder: Path) -> Roster:
    return load_roster(RosterSpec(folder=folder), month_index("2019-01"), month_index("2019-01"))


def refused(folder: Path) -> str:
    with pytest.raises(UserError) as fault:
        of(folder)
    assert "\n" not in str(fault.value)
    return str(fault.value)


NUMBERS = {
    "1_2": "'1_2' is not a number (count); it has underscores: write 12",
    '"1,5"': "'1,5' is not a number (count); it has a decimal comma: write 1.5",
    '"1,200"': "it has commas between thousands, or a decimal comma: write 1200, or a point",
    '"1.200,5"': "it has points between thousands and a decimal comma: write 1200.5",
    "1 200": "it has marks between thousands: write 1200",
    "12 %": "it is a percentage",
    "$12": "it has the sign of a currency",
    "#N/A": "#N/A is an error of Excel's",
    "#DIV/0!": "#DIV/0! is an error of Excel's",
    "=2+3": "it is a formula: save its value",
    "n/a": "leave the cell blank where there is no figure",
    "\u22125": "its minus sign is not the one of the keyboard",
    "\uff11\uff12": "is not a number (count)",
    "1\u00a0200": "it holds a mark that is not seen (U+00A0)",
    "'12'": "leave out its quotation marks",
    "2020-01-12": "it is a date",
}


@pytest.mark.parametrize("cell", NUMBERS)
def test_a_cell_that_is_no_number_is_named(cell: str, tmp_path: Path) -> None:
    (tmp_path / "cables.csv").write_text(GOOD.replace("SGP,12", f"SGP,{cell}"), encoding="utf-8")
    said = refused(tmp_path)
    assert NUMBERS[cell] in said and "cables.csv row 3, column n_cables: " in said


WHOLE = {
    "semicolons": (GOOD.replace(",", ";"), "row 1: it has semicolons between columns; commas were expected, as in code_a,code_b,n_cables"),
    "tabs": (GOOD.replace(",", "\t"), "row 1: it has tabs between columns"),
    "a sep line": ("sep=;\n" + GOOD.replace(",", ";"), "row 1: 'sep=;' is a sep= line, which only Excel reads"),
    "a decimal comma between": (GOOD.replace("FRA,3", "FRA,3,5"), "row 2 has 4 cells where the header names 3 columns; is 3,5 a number"),
    "a short row": (GOOD.replace("FRA,3", "FRA"), "row 2 has 2 cells where the header names 3 columns; nothing is given for n_cables"),
    "commas at the end": (GOOD.replace("12\n", "12,,\n"), "row 3 has 5 cells where the header names 3 columns; the commas at"),
    "a column without a name": (GOOD.replace("n_cables\n", "n_cables,\n"), "row 1: the column at place 4 has no name"),
    "no last column": (GOOD.replace(",n_cables", "").replace(",3", "").replace(",12", ""), "row 1: the column 'n_cables' is missing"),
    "a row twice": (GOOD + "FRA,DEU,3\n", "row 4: DEU FRA is already given in row 2"),
    "an open quotation mark": (GOOD.replace("IDN", '"IDN'), "row 3: a quotation mark"),
    "quotation marks of print": (GOOD.replace("IDN", "\u201cIDN\u201d"), "'\u201cIDN\u201d' cannot be taken; it has quotation marks"),
    "a mark not seen": (GOOD.replace("IDN", "ID\u200bN"), "cannot be taken; it holds a mark that is not seen (U+200B)"),
    "an error of Excel's for a code": (GOOD.replace("IDN", "#REF!"), "row 3, column code_a: '#REF!' cannot be taken; #REF! is an error"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WHOLE)
def test_what_a_spreadsheet_did_is_named(kind: str, tmp_path: Path) -> None:
    text, said = WHOLE[kind]
    (tmp_path / "cables.csv").write_text(text, encoding="utf-8")
    assert said in refused(tmp_path)


DATES = {
    "2020-04-01": "'2020-04-01' is not a month of the form YYYY-MM from 1900-01 to 2099-12, for example 2020-04; it is a day",
    "Apr-20": "it is a date as a spreadsheet writes it",
    "1/4/2020": "it is a date as a spreadsheet writes it",
    "43922": "it may be a date as Excel counts days",
    "2020-4": "write 2020-04",
    "2020": "it is a year",
}


@pytest.mark.parametrize("cell", DATES)
def test_a_cell_that_is_no_month_is_named(cell: str, tmp_path: Path) -> None:
    (tmp_path / "travel_controls.csv").write_text(f"code,month,level,grade\nFRA,{cell},4,sourced\n", encoding="utf-8")
    said = refused(tmp_path)
    assert DATES[cell] in said and "row 2, column month: " in said


def test_a_day_that_no_calendar_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / "memberships.csv").write_text(
        "code,organisation,joined,left,bound_until,grade\nFRA,EU,2023-02-30,,,memory\n", encoding="utf-8"
    )
    assert "column joined: '2023-02-30' is not a day of the calendar" in refused(tmp_path)


BYTES = {
    "UTF-16": (GOOD.encode("utf-16"), "it is in UTF-16"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), "row 1 holds a zero byte (perhaps UTF-16)"),
    "a workbook": (b"PK\x03\x04rest", "it is a workbook or a zip archive"),
    "an old workbook": (b"\xd0\xcf\x11\xe0rest", "it is an old Excel workbook"),
    "Windows-1252": (
        GOOD.replace("IDN", "\u00cdDN").encode("cp1252"),
        "row 3 has a byte 0xcd that UTF-8 does not have there (perhaps Windows-1252)",
    ),
}


@pytest.mark.parametrize("kind", BYTES)
def test_a_file_that_is_no_text_is_named(kind: str, tmp_path: Path) -> None:
    raw, said = BYTES[kind]
    (tmp_path / "cables.csv").write_bytes(raw)
    assert said in refused(tmp_path) and "cannot be read as a CSV file in UTF-8" in refused(tmp_path)


def test_a_mark_of_order_and_lines_of_an_old_mac_read_as_the_same_table(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    for name, raw in (("plain", GOOD.encode()), ("marked", GOOD.encode("utf-8-sig")), ("mac", GOOD.replace("\n", "\r").encode())):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cables.csv").write_bytes(raw)
        assert of(tmp_path / name).digest == of(plain).digest


NEAR = {
    "borders.CSV": "looks like a table and would not be read; rename it to borders.csv",
    "Borders.csv": "rename it to borders.csv",
    "borders.csv.txt": "rename it to borders.csv",
    "borders.txt": "rename it to borders.csv",
    "borders.xlsx": "save it as CSV to borders.csv",
    "borders.ods": "save it as CSV to borders.csv",
    "borders (1).csv": "rename it to borders.csv",
    "Copy of borders.csv": "rename it to borders.csv",
    "borders_2.csv": "rename it to borders.csv",
    "borders - Copy.csv": "rename it to borders.csv",
    "borders.csv.gz": "save it as CSV to borders.csv",
    "borders": "rename it to borders.csv",
    "border.csv": "is not one of the tables; did you mean 'borders'?",
    "border.xlsx": "looks like the table borders and would not be read; name it borders.csv, or take it out",
    "my own figures.csv": "is not one of the tables",
    "pacts.csv": "is a table of an older version; alliances.csv took its place",
    "Rivalries.csv": "is a table of an older version; hostility.csv took its place",
}


@pytest.mark.parametrize("name", NEAR)
def test_a_file_that_looks_like_a_table_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "cables.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / name).write_text("code_a,code_b,strength\n", encoding="utf-8")
    assert NEAR[name] in refused(tmp_path) and name in refused(tmp_path)


def test_notes_beside_tables_and_locks_of_a_spreadsheet_are_no_tables(tmp_path: Path) -> None:
    (tmp_path / "cables.csv").write_text(GOOD, encoding="utf-8")
    for name in ("README.md", "notes.txt", "sources.pdf", ".~lock.cables.csv#", "~$cables.xlsx", ".DS_Store"):
        (tmp_path / name).write_text("notes", encoding="utf-8")
    (tmp_path / "raw").mkdir()
    assert [table for table, _, _ in of(tmp_path).replaced] == ["cables"]


def test_a_folder_whose_tables_lie_one_deeper_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "cables.csv").write_text(GOOD, encoding="utf-8")
    assert "holds no table, but its folder mine does: give that one" in refused(tmp_path)


def test_the_manifest_and_the_report_list_the_tables_that_were_replaced(tmp_path: Path) -> None:
    import json

    from analysis.footer import footer
    from analysis.store import open_run

    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "cables.csv").write_text(GOOD, encoding="utf-8")
    options = {"roster": {"states": ["DEU", "FRA", "IDN", "SGP"]}, "end": "2019-03", "outputs": tmp_path, "record": "series"}
    made, plain = run("baseline", seed=1, data={"folder": str(tables)}, **options), run("baseline", seed=1, **options)
    assert made.folder is not None and plain.folder is not None
    listed = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))["replaced_tables"]
    assert [(one["table"], one["rows"], len(one["digest"])) for one in listed] == [("cables.csv", 2, 32)]
    assert json.loads((plain.folder / "manifest.json").read_text(encoding="utf-8"))["replaced_tables"] == []
    assert "cables.csv" in footer([open_run(made.folder)]) and "<dd>none</dd>" in footer([open_run(plain.folder)])
