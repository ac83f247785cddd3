"""A suspended agreement is drawn apart from one in force: broken on the map of a report, with a word in the legend."""

from __future__ import annotations

import shutil
from pathlib import Path

import fake_run
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.figures import get
from analysis.store import StoredRun, open_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fake_run.write(tmp_path_factory.mktemp("outputs") / "baseline-fake")


def with_events(stored: Path, place: Path, *some: tuple[int, str], run: int = 0, kind: str = "adequacy_decision") -> StoredRun:
    """Return a copy of a run folder in which an agreement of one run, or of all (-1), has further events: month after the start, event."""
    copy = Path(shutil.copytree(stored, place))
    table = pq.read_table(copy / "events.parquet")
    first = [r for r in table.to_pylist() if r["type"] == kind and r["event"] == "entry_into_force" and run in (r["run"], -1)]
    rows = [one | {"month": fake_run.START + month, "event": event} for one in first for month, event in some]
    pq.write_table(pa.concat_tables([table, pa.Table.from_pylist(rows, schema=table.schema)]), copy / "events.parquet")
    return open_run(copy)


@pytest.fixture
def held_up(folder: Path, tmp_path: Path) -> StoredRun:
    return with_events(folder, tmp_path / "held", (3, "suspension"), run=-1)


def test_what_is_suspended_is_told_from_its_month_until_it_resumes_or_ends(folder: Path, tmp_path: Path) -> None:
    resumed = with_events(folder, tmp_path / "resumed", (3, "suspension"), (5, "resumption"))
    assert [len(resumed.suspended(fake_run.START + month)) for month in (2, 3, 4, 5)] == [0, 1, 1, 0]
    ended = with_events(folder, tmp_path / "ended", (3, "suspension"), (4, "termination"))
    assert [len(ended.suspended(fake_run.START + month)) for month in (3, 4)] == [1, 0]
    (one,) = ended.suspended(fake_run.START + 3)
    held = {bond.instrument for bond in ended.in_force(fake_run.START + 3) if bond.run == one.run}
    assert one.type == "adequacy_decision" and one.instrument not in held


def test_it_is_drawn_broken_with_a_word_in_the_legend_and_a_tip(held_up: StoredRun) -> None:
    drawn = get("world_map").build(held_up)
    broken = [trace for trace in drawn.figure.data if trace.mode == "lines" and trace.line.dash]
    assert len(broken) == 1
    assert ("suspended: binds nobody for now", "dashed") in [(key.label, key.mark) for key in drawn.legend]
    told = [text for trace in drawn.figure.data if trace.mode == "markers" and isinstance(trace.text, tuple) for text in trace.text]
    assert any("suspended in all of runs" in text or "suspended in" in text for text in told)


def test_where_nothing_is_suspended_nothing_is_said_of_it(folder: Path) -> None:
    drawn = get("world_map").build(open_run(folder))
    assert not [trace for trace in drawn.figure.data if trace.mode == "lines" and trace.line.dash]
    assert not [key for key in drawn.legend if "suspended" in key.label]
