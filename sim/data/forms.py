"""What went wrong with the form of a table, named as what it is: how a spreadsheet writes files, numbers and dates in many languages."""

from __future__ import annotations

import calendar
import csv
import io
import re
from itertools import pairwise

from sim.types import UserError

SIGNS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_BEGINNINGS = {
    b"PK\x03\x04": "it is a workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "it is an old Excel workbook",
    b"PAR1": "it is a Parquet file",
    b"\x1f\x8b": "it is compressed (gzip)",
    b"%PDF": "it is a PDF",
    b"\xff\xfe": "it is in UTF-16",
    b"\xfe\xff": "it is in UTF-16",
}
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_UNSEEN = re.compile("[\u00a0\u00ad\u200b-\u200f\u202a-\u202f\u2060\ufeff]")
_PRINTED = re.compile("[\u2018\u2019\u201c\u201d\u00ab\u00bb]")
_ERRORS = ("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
_NOTHING = (
    "na",
    "n/a",
    "n.a.",
    "nan",
    "null",
    "none",
    "nil",
    "-",
    "--",
    "\u2013",
    ".",
    "..",
    "...",
    "?",
    "x",
    "missing",
    "inf",
    "-inf",
    "infinity",
)


def text_of(where: str, raw: bytes) -> str:
    """Decode the bytes of a table.

    Raises
    ------
    UserError
        If it is no text in UTF-8: what it is instead, as far as its first bytes say.
    """
    advice = "save it as CSV UTF-8 (comma delimited)"
    for beginning, what in _BEGINNINGS.items():
        if raw.startswith(beginning):
            raise UserError(f"{where} cannot be read as a CSV file in UTF-8: {what}; {advice}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = raw[: fault.start].count(b"\n") + 1
        byte = f"byte 0x{raw[fault.start]:02x}"
        reason = f"row {row} has a {byte} that UTF-8 does not have there (perhaps Windows-1252)"
        raise UserError(f"{where} cannot be read as a CSV file in UTF-8: {reason}; {advice}") from None
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise UserError(f"{where} cannot be read as a CSV file in UTF-8: row {row} holds a zero byte (perhaps UTF-16); {advice}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_header(where: str, text: str, names: list[str]) -> None:
    """Refuse a first row that Excel wrote for itself, or that parts its columns by another sign than a comma.

    Raises
    ------
    UserError
        One sentence that names what it found.
    """
    first = text.lstrip("\n").split("\n", 1)[0]
    if re.fullmatch(r"\"?sep=.?\"?,*", first.strip(), re.IGNORECASE):
        raise UserError(f"{where} row 1: {first.strip()!r} is a sep= line, which only Excel reads; delete it: names of columns come first")
    for sign, word in SIGNS.items():
        parts = [part.strip().strip('"') for part in first.split(sign)]
        if len(parts) > 1 and len(set(parts) & set(names)) > len({part.strip().strip('"') for part in first.split(",")} & set(names)):
            raise UserError(f"{where} row 1: it has {word} between columns; commas were expected, as in {','.join(names[:3])}")
    columns = [column.strip().strip('"') for column in first.split(",")]
    if any(columns) and "" in columns:
        place = columns.index("") + 1
        raise UserError(f"{where} row 1: the column at place {place} has no name (a comma too many?); expected are {', '.join(names)}")


def quoted(text: str, where: str) -> tuple[list[str], list[int], list[list[str]]]:
    """Split a text with quotation marks, spaces or ragged rows: the header, the row of each entry in the file, and the columns.

    Raises
    ------
    UserError
        If a row has more or fewer cells than the header, or a quotation mark is not closed.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for line in reader:
            if line:
                lines.append((begins, [cell.strip() for cell in line]))
            begins = reader.line_num + 1
    except csv.Error as fault:
        raise UserError(f"{where} row {begins}: a quotation mark stands inside a cell or is not closed ({fault})") from None
    if not lines:
        return [], [], []
    header = lines[0][1]
    for number, line in lines[1:]:
        if len(line) != len(header):
            counted = f"has {len(line)} cells where the header names {len(header)} columns"
            raise UserError(f"{where} row {number} {counted}{_ragged(header, line)}")
    columns = [list(cells) for cells in zip(*(line for _, line in lines[1:]), strict=True)] or [[] for _ in header]
    return header, [number for number, _ in lines[1:]], columns


def _ragged(header: list[str], line: list[str]) -> str:
    if len(line) < len(header):
        return f"; nothing is given for {', '.join(header[len(line) :])}" if line else ""
    if not any(line[len(header) :]):
        return "; the commas at its end are too many"
    for a, b in pairwise(line):
        if re.fullmatch(r"[+-]?\d+", a) and re.fullmatch(r"\d+", b):
            return f"; is {a},{b} a number with a decimal comma? write {a}.{b}"
    return "; a cell that holds a comma needs quotation marks"


def odd_numbers(cells: list[str]) -> bool:
    """Whether any cell of a column holds what Python would read as a number and nobody writes as one: 1_2, figures of other scripts."""
    return re.search(r"[^0-9eE+.\n-]", "\n".join(cells)) is not None


def odd_word(cells: list[str], coded: bool) -> str:
    """Return the first cell of a column of words that is an error of Excel's or, in a column of codes, holds marks that no code has."""
    joined = "\n".join(cells)
    if any(error in joined for error in _ERRORS):
        return next((cell for cell in cells if cell.upper() in _ERRORS), "")
    if coded and (_UNSEEN.search(joined) or _PRINTED.search(joined)):
        return next(cell for cell in cells if about_cell(cell))
    return ""


def is_number(cell: str) -> bool:
    """Whether a cell is a number as this project reads it: figures, one point, an exponent."""
    return _NUMBER.fullmatch(cell) is not None


def about_number(cell: str) -> str:
    """Say what a cell is that should be a number, as the end of a sentence; empty where it is nothing known."""
    told = about_cell(cell)
    if told:
        return told
    body = cell.strip("+-\u2212 ")
    rules = (
        (r"\d+(?:_\d+)+", f"; it has underscores: write {body.replace('_', '')}"),
        (
            r"\d{1,3}(?:,\d{3})+(?:\.\d+)?",
            f"; it has commas between thousands, or a decimal comma: write {body.replace(',', '')}, or a point",
        ),
        (
            r"\d{1,3}(?:\.\d{3})+,\d+",
            f"; it has points between thousands and a decimal comma: write {body.replace('.', '').replace(',', '.')}",
        ),
        (r"\d*,\d+", f"; it has a decimal comma: write {body.replace(',', '.')}"),
        (
            r"\d{1,3}(?:[ '\u2019]\d{3})+(?:[.,]\d+)?",
            f"; it has marks between thousands: write {re.sub('[^0-9.,]', '', body).replace(',', '.')}",
        ),
        (r"[\d.,]+ ?%", "; it is a percentage: write a share, 0.12 for 12 %"),
        (r"(?:[$\u20ac\u00a3\u00a5]|USD|EUR) ?[\d.,]+", "; it has the sign of a currency: write the number alone"),
        (r"\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\d{4}-\d\d(?:-\d\d)?", "; it is a date"),
    )
    for pattern, words in rules:
        if re.fullmatch(pattern, body):
            return words
    if cell.startswith("\u2212"):
        return "; its minus sign is not the one of the keyboard: write -"
    if cell.lower() in _NOTHING:
        return "; leave the cell blank where there is no figure"
    return ""


def about_cell(cell: str) -> str:
    """Say what is odd about any cell: an error of Excel's, a formula, a mark that is not seen, quotation marks of print."""
    if cell.upper() in _ERRORS or re.fullmatch(r"#[A-Z/0]+[!?]?", cell):
        return f"; {cell} is an error of Excel's: mend the formula, or leave the cell blank"
    if re.match(r"=.", cell):
        return "; it is a formula: save its value"
    unseen = _UNSEEN.search(cell)
    if unseen:
        return f"; it holds a mark that is not seen (U+{ord(unseen[0]):04X})"
    if _PRINTED.search(cell):
        return '; it has quotation marks of print: CSV knows " only'
    if len(cell) > 2 and cell[0] == cell[-1] == "'":
        return "; leave out its quotation marks"
    return ""


def about_date(cell: str, wanted: str) -> str:
    """Say what a cell is that should be a date or a month (``wanted``), as the end of a sentence."""
    told = about_cell(cell)
    if told:
        return told
    if wanted == "month" and re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ].*)?", cell):
        return f"; it is a day: write {cell[:7]}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d[T ].*", cell):
        return f"; it has a time of day: write {cell[:10]}"
    if re.fullmatch(r"\d{4}-\d", cell):
        return f"; write {cell[:5]}0{cell[5:]}"
    if re.fullmatch(r"\d{5}", cell):
        return "; it may be a date as Excel counts days"
    if re.fullmatch(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}", cell) or re.fullmatch(r"(?:\d{1,2}-)?[A-Za-z]{3}[a-z.]*[- ]\d{2,4}", cell):
        return "; it is a date as a spreadsheet writes it"
    if wanted == "month" and re.fullmatch(r"\d{4}", cell):
        return "; it is a year"
    return ""


def is_day(cell: str) -> bool:
    """Whether a date of the form YYYY-MM-DD is a day of the calendar; True for dates without a day."""
    if len(cell) < 10:
        return True
    year, month, day = (int(part) for part in cell.split("-"))
    return day <= calendar.monthrange(max(year, 1), month)[1]
