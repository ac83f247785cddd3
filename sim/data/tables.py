"""Reading a table: check every column against its declaration, then sort by key, so that the order of rows never matters.

A fault in a table is a :class:`~sim.types.UserError` of one sentence with the file, the row (the header is row 1), the column and what
was expected.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.data.codes import meant
from sim.data.fields import FOLDER, FURTHER, Field, columns_of, table_names
from sim.data.forms import about_cell, about_date, about_number, check_header, is_day, is_number, odd_numbers, odd_word, quoted, text_of
from sim.types import NEVER, UserError, nearest

_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_MONTH = re.compile(r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])")
_DYADS = (("code_a", "code_b"),)


@dataclass(frozen=True, eq=False)
class Table:
    """A checked table, its rows sorted by key.

    Attributes
    ----------
    name, where : str
        Name of the table, and the file as shown in messages.
    own : bool
        Whether it is ours (True) or a user's.
    digest : str
        BLAKE2b of the file's bytes, 32 hexadecimal digits.
    row : list of int
        Row of each entry in the file.
    words : dict of str to list of str
        The cells of each column as text.
    numbers : dict of str to array
        The numeric columns, shape (rows,), NaN where blank, in the column's unit.
    """

    name: str
    where: str
    own: bool
    digest: str
    row: list[int]
    words: dict[str, list[str]]
    numbers: dict[str, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.row)

    def only(self, keep: Collection[int]) -> Table:
        """Return the table with some of its entries, in the same order."""
        return self.at(sorted(keep))

    def at(self, index: Sequence[int]) -> Table:
        """Return the table with the entries at some places, in the order given."""
        take = np.array(index, dtype=np.int64)
        return Table(
            self.name,
            self.where,
            self.own,
            self.digest,
            [self.row[i] for i in index],
            {k: [v[i] for i in index] for k, v in self.words.items()},
            {k: v[take] for k, v in self.numbers.items()},
        )

    def codes_among(self, columns: tuple[str, ...], valid: Collection[str], what: str) -> Table:
        """Keep the entries whose codes are valid; a user's table with another code is refused.

        Raises
        ------
        UserError
            If a user's table names a code that is not valid.
        """
        keep = set(range(len(self)))
        for column in columns:
            if set(self.words[column]) <= set(valid):
                continue
            for i, code in enumerate(self.words[column]):
                if code not in valid:
                    if not self.own:
                        near = meant(code, valid) if what.startswith("state") else nearest(code, valid)
                        fault = f"{code!r} is not a {what}; {near}"
                        raise UserError(f"{self.where} row {self.row[i]}, column {column}: {fault}")
                    keep.discard(i)
        return self if len(keep) == len(self) else self.only(keep)


def read_table(name: str, folder: Path | None) -> Table:
    """Read one table: the user's if the folder has it, ours otherwise.

    Raises
    ------
    UserError
        If a column is missing, unknown or given twice, a cell is not of its kind or out of bounds, or a key is given twice.
    """
    path = (folder / f"{name}.csv") if folder is not None else None
    own = path is None or not path.is_file()
    if path is None or own:
        path = (FOLDER / "un" if name in table_names() else FURTHER) / f"{name}.csv"
    where = f"{name}.csv" if own else str(path)
    fields = columns_of(name)
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise UserError(f"{where} cannot be read: {fault.strerror or fault}") from None
    row, words = _cells(raw, where, fields)
    numbers = {f.field: _numbers(where, f, row, words[f.field]) for f in fields if f.is_number}
    for field in fields:
        if not field.is_number:
            _check_words(where, field, row, words[field.field])
    for a, b in _DYADS:
        if a in words:
            _sort_dyads(where, row, words, a, b)
    return _sorted_by_key(
        Table(name, where, own, blake2b(raw, digest_size=16).hexdigest(), row, words, numbers),
        tuple(f.field for f in fields if f.fill_rule == "key"),
    )


def digest_of_ours() -> str:
    """Return the digest of the bytes of all our tables, in the order of their names; one that cannot be read is left out."""
    digest = blake2b(str(FOLDER).encode(), digest_size=16)
    for path in sorted((FOLDER / "un").glob("*.csv")):
        with suppress(OSError):
            raw = path.read_bytes()
            digest.update(f"{path.name} {len(raw)} ".encode())
            digest.update(raw)
    return digest.hexdigest()


def month_of(date: str, *, blank: int, after: bool = False) -> int:
    """Turn a date (YYYY, YYYY-MM or YYYY-MM-DD) into its month; ``after`` gives the month after it, where a last day ends something.

    Examples
    --------
    >>> month_of("2020-01-31", blank=0, after=True) == 12 * 2020 + 1
    True
    """
    match = _DATE.fullmatch(date)
    if match is None:
        return blank
    month = int(match[2]) - 1 if match[2] else (11 if after else 0)
    return min(12 * int(match[1]) + month + int(after), NEVER)


def _cells(raw: bytes, where: str, fields: tuple[Field, ...]) -> tuple[list[int], dict[str, list[str]]]:
    names = [f.field for f in fields]
    text = text_of(where, raw)
    check_header(where, text, names)
    header, row, columns = _plain(text) or quoted(text, where)
    if not any(header):
        raise UserError(f"{where} is empty; its first row must name the columns {', '.join(names)}")
    for column in header:
        if column not in names:
            raise UserError(f"{where} row 1: there is no column {column!r}; {nearest(column, names)}")
        if header.count(column) > 1:
            raise UserError(f"{where} row 1: the column {column!r} is given twice")
    for column in names:
        if column not in header:
            raise UserError(f"{where} row 1: the column {column!r} is missing; expected are {', '.join(names)}")
    return row, dict(zip(header, columns, strict=True))


def _plain(text: str) -> tuple[list[str], list[int], list[list[str]]] | None:
    """Split a text without quotes, spaces at cells' ends or ragged rows, several times faster than the csv module; None if it has any."""
    lines = text.removesuffix("\n").split("\n")
    commas = lines[0].count(",")
    if '"' in text or " ," in text or ", " in text or " \n" in text or "\n " in text or "\t" in text or "" in lines:
        return None
    if any(count != commas for count in map(operator.methodcaller("count", ","), lines)):
        return None
    cells = ",".join(lines).split(",")
    width = commas + 1
    return cells[:width], list(range(2, len(lines) + 1)), [cells[width + c :: width] for c in range(width)]


def _numbers(where: str, field: Field, row: list[int], cells: list[str]) -> NDArray[np.float64]:
    try:
        given = [cell or "nan" for cell in cells] if "" in cells else cells
        values = np.array(list(map(float, given)), dtype=np.float64)
        odd = odd_numbers(cells)
    except ValueError:
        odd = True
    if odd:
        for r, cell in zip(row, cells, strict=True):
            if cell and not is_number(cell):
                raise UserError(f"{where} row {r}, column {field.field}: {cell!r} is not a number ({field.unit}){about_number(cell)}")
    whole = field.unit in ("year", "month of year", "0/1", "count", "category")
    bad = ~np.isfinite(values)
    blank = np.zeros(values.shape, dtype=np.bool_)
    if bad.any():
        blank = np.array([not cell for cell in cells], dtype=np.bool_)
        bad &= ~blank
    if field.fill_rule in ("key", "required"):
        bad |= blank
    bad |= values < field.low
    bad |= values > field.high
    if whole:
        bad |= ~blank & np.isfinite(values) & (values != np.round(values))
    if bad.any():
        i = int(np.argmax(bad))
        kind = "a whole number" if whole else "a number"
        fault = f"{cells[i]!r} is not {kind} from {field.low:g} to {field.high:g} ({field.unit})"
        raise UserError(f"{where} row {row[i]}, column {field.field}: {fault}")
    return values


def _check_words(where: str, field: Field, row: list[int], cells: list[str]) -> None:
    blank_refused = field.fill_rule == "required" or (field.fill_rule == "key" and field.unit != "date")
    options, dated, monthly = field.options, field.unit == "date", field.unit == "month"
    coded = field.unit in ("code", "party", "organisation")
    odd = odd_word(cells, coded)
    if odd:
        raise UserError(f"{where} row {row[cells.index(odd)]}, column {field.field}: {odd!r} cannot be taken{about_cell(odd)}")
    for cell in sorted(set(cells)) if dated or monthly or options else ("",) if "" in cells else ():
        if not cell and blank_refused:
            fault = f"a value is required ({field.meaning})"
        elif cell and dated and not _DATE.fullmatch(cell):
            fault = f"{cell!r} is not a date of the form YYYY-MM-DD, for example 2019-01-23{about_date(cell, 'date')}"
        elif cell and dated and not is_day(cell):
            fault = f"{cell!r} is not a day of the calendar"
        elif cell and monthly and not _MONTH.fullmatch(cell):
            fault = f"{cell!r} is not a month of the form YYYY-MM from 1900-01 to 2099-12, for example 2020-04{about_date(cell, 'month')}"
        elif cell and options and cell not in options:
            fault = f"cannot be {cell!r}; {nearest(cell, options)}"
        else:
            continue
        raise UserError(f"{where} row {row[cells.index(cell)]}, column {field.field}: {fault}")


def _sort_dyads(where: str, row: list[int], words: dict[str, list[str]], a: str, b: str) -> None:
    if all(map(operator.lt, words[a], words[b])):
        return
    for i, (first, second) in enumerate(zip(words[a], words[b], strict=True)):
        if first == second:
            raise UserError(f"{where} row {row[i]}: a state and itself ({first}) are no dyad")
        if first > second:
            words[a][i], words[b][i] = second, first


def _sorted_by_key(table: Table, key: tuple[str, ...]) -> Table:
    keys = list(zip(*([f"{v:.0f}" for v in table.numbers[c]] if c in table.numbers else table.words[c] for c in key), strict=True))
    if all(map(operator.lt, keys, keys[1:])):
        return table
    order = sorted(range(len(keys)), key=keys.__getitem__)
    for before, after in pairwise(order):
        if keys[before] == keys[after]:
            first, second = sorted((table.row[before], table.row[after]))
            raise UserError(f"{table.where} row {second}: {' '.join(k for k in keys[after] if k)} is already given in row {first}")
    return table.at(order)
