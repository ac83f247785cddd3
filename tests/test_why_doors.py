"""The verb ``why`` of the command line: a table of terms on the screen and in a file, and one sentence for what cannot be told."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.__main__ import main
from sim.model import DiplomacyModel
from sim.repeat.lived import live_on, lived
from sim.repeat.recorded import recorded
from sim.repeat.rerun import reassembled
from sim.types import UserError, month_index

STATES = ["IDN", "SGP", "JPN", "USA", "DEU", "FRA", "CHN", "IND"]
SMALL = {"start": "2019-01", "end": "2020-06", "roster.states": STATES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = sim.run("baseline", seed=7, seeds=2, record="panels", outputs=tmp_path_factory.mktemp("outputs"), **SMALL).folder
    assert made is not None
    return made


def test_why_tells_what_the_model_tells_in_that_month(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = DiplomacyModel(seed=8, **SMALL)
    for _ in range(10):
        model.step()
    told, table = model.why("IDN", "SGP"), tmp_path / "new" / "why.csv"
    assert main(["why", str(folder), "IDN", "SGP", "month=2019-10", "seed=8", f"csv={table}"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("IDN and SGP at the end of 2019-10") and out.endswith(f"table: {table}\n")
    for kind in told.types:
        assert f"\n{kind.title}: {'barred' if kind.bars else 'talks may open'}\n" in out
        assert all(bar.sentence in out for bar in kind.bars)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [{key: str(value) for key, value in row.items()} for row in told.rows()] == rows and rows


def test_bars_on_the_screen_lie_on_the_side_of_their_sign(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", str(folder), "IDN", "JPN"]) == 0
    drawn = [line for line in capsys.readouterr().out.splitlines() if "|" in line]
    assert len(drawn) > 5
    for line in drawn:
        left, right = line.split("|")
        value = float(right.replace("+" * 13, "").split()[-1])
        # A term too small to draw has no bar at all.
        assert not (value > 0 and left.rstrip().endswith("-")), line
        assert not (value < 0 and right.lstrip().startswith("++")), line
    assert any("+++" in line for line in drawn) and any("-|" in line for line in drawn)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["IDN", "SGB"], "there is no party 'SGB' in this run; did you mean 'SGP'?"),
        (["IDN", "IDN"], "IDN makes no agreement with itself; name two parties"),
        (["IDN", "SGP", "month=2021-01"], "month=2021-01 is none of this run's, which has 2019-01 to 2020-06"),
        (["IDN", "SGP", "month=June"], "month 'June' is not of the form YYYY-MM, for example 2019-01"),
        (["IDN", "SGP", "seed=9"], "seed=9 is none of this run's, which has seeds 7 to 8"),
        (["IDN", "SGP", "mont=2019-10"], "why takes no mont=; did you mean 'month'?"),
        (["IDN", "SGP", "seed=7", "seed=8"], "why takes one seed=; it is given twice"),
        (["IDN", "SGP", "trust=yes"], "trust must be true or false, not 'yes'"),
        (["IDN"], "the folder of a finished run and two parties; 2 were given"),
    ],
)
def test_what_cannot_be_told_is_one_sentence(folder: Path, words: list[str], sentence: str, refusal: Callable[[list[str]], str]) -> None:
    assert sentence in refusal(["why", str(folder), *words])


def test_a_place_without_a_run_or_for_a_table_is_said(folder: Path, here: Path, refusal: Callable[[list[str]], str]) -> None:
    assert "there is no nowhere" in refusal(["why", "nowhere", "IDN", "SGP"])
    from sim.doors.why_these import _written

    with pytest.raises(UserError, match="is a folder; name a file"):
        _written(DiplomacyModel(seed=7, **SMALL).why("IDN", "SGP"), str(here))


def test_why_stands_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "--help"]) == 0
    assert "python -m sim why FOLDER ONE OTHER" in capsys.readouterr().out
    assert main(["--help"]) == 0
    assert "python -m sim why FOLDER ONE OTHER" in capsys.readouterr().out


def test_a_run_lived_again_is_the_run_and_stops_where_it_is_told(folder: Path) -> None:
    known = recorded(folder)
    setting = reassembled(known, trust=False)
    world = lived(setting, 7, month_index("2019-12"))
    assert world.month == month_index("2020-01")
    live_on(world, month_index("2020-06"))
    straight = lived(setting, 7, month_index("2020-06"))
    assert world.month == straight.month and len(world.events) == len(straight.events)
    assert json.dumps(world.trust.tolist()) == json.dumps(straight.trust.tolist())
    assert lived(setting, 7, month_index("2018-12")).month == month_index("2019-01")
    for month, sentence in (
        ("2020-07", "there is no month 2020-07 ahead in this run; it has 2020-06 to 2020-06"),
        ("2019-05", "there is no month 2019-05"),
    ):
        with pytest.raises(UserError) as fault:
            live_on(world, month_index(month))
        assert str(fault.value).startswith(sentence)
