"""A user's own tables where no rule reads ours so far: taken in place of ours, and faulty ones told at once."""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.data.fields import FOLDER, FURTHER, columns_of, further_names
from sim.data.further.clauses import read_clauses
from sim.data.further.courts import read_courts
from sim.data.further.instruments import read_instruments
from sim.data.further.pairs import read_pairs
from sim.data.further.protection import read_authorities, read_rights
from sim.data.further.trade_agreements import read_trade_agreements
from sim.data.services import read_margins
from sim.data.source import read_source
from sim.types import UserError

CODES = read_source(None).codes
PARTIES = (*CODES, *sorted(read_source(None).blocs))


def rows(table: str) -> list[dict[str, str]]:
    folder = FURTHER if table in further_names() else FOLDER / "un"
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def copy_of(folder: Path, table: str, change: Callable[[list[dict[str, str]]], None]) -> Path:
    """Write one of ours into a user's folder, changed."""
    given_ = rows(table)
    change(given_)
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [field.field for field in columns_of(table)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(given_)
    return folder


def found(given_: list[dict[str, str]], **key: str) -> dict[str, str]:
    return next(row for row in given_ if all(row[c] == v for c, v in key.items()))


FAULTS: list[tuple[str, dict[str, str], dict[str, str], str]] = [
    (
        "data_instruments",
        {"id": "I109"},
        {"parties": "EU;US"},
        r"row \d+, column parties: 'US' is not a state or bloc of the roster; .*USA",
    ),
    ("data_instruments", {"id": "I109"}, {"parties": "EU"}, r"column parties: 'EU' names one party; two or more were expected"),
    ("data_instruments", {"id": "I109"}, {"parties": "EU;EU"}, r"column parties: EU is given twice"),
    ("data_instruments", {"id": "I109"}, {"parties": "CAN;EU;USA"}, r"column parties: 3 parties; transfer_framework has 2"),
    ("data_instruments", {"id": "I109"}, {"judge": ""}, r"column judge: a value is required in transfer_framework; valid are EU, USA"),
    ("data_instruments", {"id": "I109"}, {"judge": "GBR"}, r"column judge: 'GBR' is not one of its parties; valid are EU, USA"),
    ("data_instruments", {"id": "I145"}, {"judge": "CHL"}, r"column judge: 'CHL' decides nothing in digital_trade_agreement"),
    ("data_instruments", {"id": "I109"}, {"in_force": "2016-06"}, r"column in_force: 2016-06 lies before 2016-07-12 in column signed"),
    ("data_instruments", {"id": "I109"}, {"ended": "2015"}, r"column ended: 2015 lies before 2016-07-12 in column in_force"),
    ("data_instruments", {"id": "I104"}, {"ended": "2015"}, r"column ended: 2015 lies before 2016-02-04 in column signed"),
    ("data_instruments", {"id": "I109"}, {"signed": ""}, r"column signed: a value is required"),
    ("data_instruments", {"id": "I109"}, {"depth": "5"}, r"column depth: '5' is not a number from 0 to 4"),
    ("data_instruments", {"id": "I109"}, {"depth": "2.5"}, r"column depth: 2.5; a whole number from 0 to 4 was expected"),
    ("data_instruments", {"id": "I109"}, {"type": "frame_work"}, r"column type: cannot be 'frame_work'; did you mean 'transfer_framework'"),
    ("data_instruments", {"id": "I109"}, {"id": "I110"}, r"row \d+: I110 is already given in row \d+"),
    ("trade_agreements", {"code_a": "CAN", "code_b": "USA"}, {"code_b": "USB"}, r"column code_b: 'USB' is not a state or bloc"),
    (
        "trade_agreements",
        {"code_a": "CAN", "code_b": "USA"},
        {"to_year": "1900"},
        r"column to_year: 1900 lies before \d+ in column from_year",
    ),
    ("trade_agreements", {"code_a": "CAN", "code_b": "USA"}, {"depth": "8"}, r"column depth: '8' is not a number from 0 to 7"),
    ("trade_agreements", {"code_a": "CAN", "code_b": "USA"}, {"services": "yes"}, r"column services: 'yes' is not a number \(0/1\)"),
    ("dp_authority", {"code": "FRA"}, {"code": "FRX"}, r"column code: 'FRX' is not a state of the roster; did you mean 'FRA'"),
    ("dp_authority", {"code": "FRA"}, {"independence": "2"}, r"column independence: '2' is not a number from 0 to 1 \(share\)"),
    ("dp_authority", {"code": "FRA"}, {"code": "DEU"}, r"row \d+: DEU is already given in row \d+"),
    ("foreigners_rights", {"code": "USA"}, {"value": "1.1"}, r"column value: '1.1' is not a number from 0 to 1"),
    ("foreigners_rights", {"code": "USA"}, {"to_year": "2015"}, r"column from_year: USA begins anew in 2008, but row \d+ lasts to 2015"),
    ("foreigners_rights", {"code": "USA"}, {"origin": "code"}, r"column origin: cannot be 'code'; did you mean 'coded'"),
    ("language_and_history", {"code_a": "AUS", "code_b": "GBR"}, {"code_b": "AUS"}, r"a state and itself \(AUS\) are no dyad"),
    (
        "language_and_history",
        {"code_a": "AUS", "code_b": "GBR"},
        {"language": "2"},
        r"column language: '2' is not a whole number from 0 to 1",
    ),
    ("digital_services_trade", {"code": "FRA"}, {"exports_usd": "-1"}, r"column exports_usd: '-1' is not a number from 0 to 1e\+15"),
    ("digital_services_trade", {"code": "FRA"}, {"year": "2009"}, r"column year: 2009 has no world total; .* has 2010 to 2023"),
    ("digital_services_world", {"year": "2010"}, {"imports_usd": ""}, r"column imports_usd: '' is not a number"),
    ("digital_services_world", {"year": "2010"}, {"imports_usd": "0"}, r"column imports_usd: 0; what the world trades was expected"),
    ("services_pairs", {"exporter": "AUS"}, {"importer": "AUS"}, r"column importer: AUS sells to itself"),
    ("services_pairs", {"exporter": "AUS"}, {"usd": "much"}, r"column usd: 'much' is not a number \(USD/year\)"),
]


@pytest.mark.parametrize(
    ("table", "key", "cells", "words"), FAULTS, ids=[f"{t}-{'-'.join(c)}-{n}" for n, (t, _, c, _) in enumerate(FAULTS)]
)
def test_a_faulty_cell_is_refused_when_the_folder_is_given_whether_a_rule_reads_it_or_not(
    tmp_path: Path, table: str, key: dict[str, str], cells: dict[str, str], words: str
) -> None:
    folder = copy_of(tmp_path, table, lambda given_: found(given_, **key).update(cells))
    with pytest.raises(UserError, match=words) as fault:
        read_source(folder)
    assert f"{table}.csv row " in str(fault.value) and "\n" not in str(fault.value)


def test_a_users_table_is_read_in_place_of_ours_and_said_to_be() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = copy_of(Path(name), "dp_authority", lambda given_: found(given_, code="FRA").update(year="2015"))
        assert read_authorities(folder, CODES).year[CODES.index("FRA")] == 2015
        assert [(table, n) for table, _, n in read_source(folder).replaced] == [("dp_authority", 80)]


def test_a_name_one_slip_away_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trade_agreement.csv").write_text("code_a\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"trade_agreement.csv is not one of the tables; did you mean 'trade_agreements'"):
        read_source(tmp_path)


def test_our_tables_keep_only_the_rows_of_a_users_states() -> None:
    some = ("AUS", "CHL", "EU", "NZL", "USA")
    held = {one.id: one for one in read_instruments(None, some)}
    assert held["I145"].parties == ("CHL", "NZL") and "I017" not in held
    assert len(read_trade_agreements(None, some).first) > 0
    assert read_margins(None, ("AUS", "USA")).exports.shape == (14, 2)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(("clauses", "courts", "data_instruments", "foreigners_rights", "services_pairs")))
def test_shuffled_rows_change_nothing(shuffle: int, table: str) -> None:
    read: dict[str, Callable[[Path | None], Any]] = {
        "clauses": read_clauses,
        "courts": lambda folder: [
            np.nan_to_num(one, nan=-1.0).tolist() for one in vars(read_courts(folder, PARTIES).at(12 * 2019)).values()
        ],
        "data_instruments": lambda folder: read_instruments(folder, PARTIES),
        "foreigners_rights": lambda folder: read_rights(folder, CODES).at(2019).tolist(),
        "services_pairs": lambda folder: [column.tolist() for column in read_pairs(folder, PARTIES)],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = copy_of(Path(name), table, random.Random(shuffle).shuffle)
        assert read[table](folder) == read[table](None)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_cell_of_any_kind_is_taken_or_told_in_one_sentence_with_file_and_row(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from([name for name in further_names() if name != "trade_agreements"]))
    column = data.draw(st.sampled_from([field.field for field in columns_of(table)]))
    cell = data.draw(
        st.sampled_from(("", "-1", "0", "0.5", "2019", "1e400", "nan", "USA", "EU", "EU;USA", "2019-13", "2019-02-30", "M", "x"))
    )
    with tempfile.TemporaryDirectory() as name:
        folder = copy_of(Path(name), table, lambda given_: given_[len(given_) // 2].update({column: cell}))
        try:
            read_source(folder)
        except UserError as fault:
            assert f"{table}.csv row " in str(fault) and "\n" not in str(fault)
