"""Disks that fail: one more try where a file was lost sight of, one sentence that names the file, and nothing lost or half there."""

from __future__ import annotations

import errno
import os
import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from studies import digest, small

from analysis.__main__ import main as analysis
from analysis.app.keep import Films
from sim import Game
from sim.__main__ import main
from sim.files import named, read_json, sentence, tried, write_new, write_text
from sim.folder import table_of, write_table
from sim.run import run
from sim.study import manage, pools
from sim.study.store import new_round, read_round
from sim.types import UserError

TINY: dict[str, Any] = {"start": "2019-11", "end": "2019-12", "roster": {"states": ["DEU", "GBR", "USA"]}}
WORDS = ["start=2019-11", "end=2019-12", "roster.states=[DEU,GBR,USA]", "outputs=out"]
FULL = ("ENOSPC", "EDQUOT", "EFBIG", "EROFS")
FAULTS = (*FULL, "EACCES", "EIO", "ESTALE", "EPERM", "EMFILE", "ETIMEDOUT")


def failing(call: Callable[..., Any], name: str, times: int = 10**9) -> Callable[..., Any]:
    """Return a call that fails so many times, as the system would say it: without the name of a file."""
    left = [times]

    def fails(*args: Any, **more: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OSError(getattr(errno, name), os.strerror(getattr(errno, name)))
        return call(*args, **more)

    return fails


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def refused(code: int, capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    lines = [line for line in err.splitlines() if not line.startswith("note: ")]
    assert code == 2 and len(lines) == 1 and lines[0].startswith("error: ") and "Traceback" not in out + err
    return lines[0]


@pytest.mark.parametrize("name", ["ESTALE", "EIO"])
def test_a_file_lost_sight_of_once_is_written_and_read_all_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", failing(os.fsync, name, 1))
    write_text(tmp_path / "a.json", "[1]")
    monkeypatch.setattr(os, "fsync", failing(os.fsync, name, 1))
    write_table(tmp_path / "a.parquet", table_of({"x": np.arange(3.0)}))
    monkeypatch.setattr(Path, "read_text", failing(Path.read_text, name, 1))
    assert read_json(tmp_path / "a.json") == [1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "a.parquet"]


def test_only_what_may_pass_is_tried_again_and_only_once(tmp_path: Path) -> None:
    for name, times in (("ESTALE", 2), ("EIO", 2), ("ENOSPC", 1), ("EACCES", 1)):
        calls: list[int] = []

        def action(calls: list[int] = calls, name: str = name) -> None:
            calls.append(1)
            raise OSError(getattr(errno, name), "said so")

        with pytest.raises(OSError) as fault:
            tried(action, tmp_path / "x")
        assert len(calls) == times and fault.value.filename == str(tmp_path / "x")


@pytest.mark.parametrize("name", FAULTS)
def test_a_run_that_cannot_be_written_names_the_file_and_leaves_no_result(
    name: str, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", failing(os.fsync, name))
    said = refused(main(WORDS), capsys)
    assert "scalars.parquet" in said and os.strerror(getattr(errno, name)) in said
    assert said.startswith("error: cannot write out" if name in FULL else "error: cannot read or write") or str(here) in said
    assert not [path for path in (here / "out").rglob("*") if path.is_file()]


def test_a_file_that_grows_too_large_is_one_sentence(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with no_file_larger_than(2048):
        assert "File too large" in refused(main(WORDS), capsys)
    assert not list((here / "out").rglob("manifest.json")) and not list((here / "out").rglob("*.partial"))


@pytest.mark.parametrize("name", ["ENOSPC", "EIO", "ESTALE"])
def test_a_study_on_a_failing_disk_loses_nothing_and_goes_on(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = manage.begin(small(), tmp_path)
    with monkeypatch.context() as broken:
        whole, count = os.fsync, [0]

        def sometimes(handle: int) -> None:
            count[0] += 1
            if count[0] > 5:
                raise OSError(getattr(errno, name), os.strerror(getattr(errno, name)))
            whole(handle)

        broken.setattr(os, "fsync", sometimes)
        said = refused(main(["resume", str(folder), "cluster.workers=1"]), capsys)
        assert str(folder) in said and os.strerror(getattr(errno, name)) in said
    assert main(["status", str(folder)]) == 0 and " 0 damaged, 0 left half written" in capsys.readouterr().out
    assert main(["resume", str(folder), "cluster.workers=1"]) == 0
    other = manage.begin(small(), tmp_path)
    manage.resume(other, lambda place, which: pools.carry_out(place, which, workers=1))
    assert digest(folder) == digest(other)


def test_what_cannot_be_printed_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for door in (main, analysis):
        with open("/dev/full", "w", encoding="utf-8") as full, monkeypatch.context() as broken:
            broken.setattr("sys.stdout", full)
            code = door(["--help"])
        assert "what is printed" in refused(code, capsys)


def test_reports_games_and_films_say_what_could_not_be_written(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(outputs="out", record="panels", **TINY)
    game = Game({**TINY, "scenarios": "baseline"}, seat="DEU")
    films = Films(here / "out")
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", failing(os.fsync, "ENOSPC"))
        assert "report.html" in refused(analysis(["report", str(result.folder)]), capsys)
        with pytest.raises(UserError, match=r"saved to game\.json: No space left"):
            game.save("game.json")
    assert not (result.folder and (result.folder / "report.html").exists()) and not (here / "game.json").exists()
    with no_file_larger_than(64), pytest.raises(UserError, match="cannot be written: File too large"):
        films._write("0" * 32, "film.json.gz", os.urandom(4096))
    assert not list(films.folder.iterdir())


def test_a_kept_film_that_is_damaged_is_made_again(tmp_path: Path) -> None:
    films = Films(tmp_path)
    films._write("0" * 32, "film.json.gz", b"\x1f\x8b half a film")
    with pytest.raises(UserError, match="ask for it again"):
        films.zipped("0" * 32, "film")
    assert not films.has("0" * 32)


def test_a_file_system_without_hard_links_gives_every_round_its_own_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = manage.begin(small(), tmp_path)
    for name in ("EPERM", "ENOTSUP", "ENOSYS", "EMLINK"):
        monkeypatch.setattr(os, "link", failing(os.link, name))
        numbers: list[int] = []
        ask = lambda numbers=numbers: numbers.append(new_round(folder, [(0, 3)], 2).number)  # noqa: E731
        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(numbers)) == 6 and all(read_round(folder, number).ranges == ((0, 3),) for number in numbers)
    assert not list((folder / "rounds").glob(".*"))


def test_a_name_is_given_once_with_links_and_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert write_new(tmp_path / "a", "one") and not write_new(tmp_path / "a", "two")
    monkeypatch.setattr(os, "link", failing(os.link, "EPERM"))
    assert write_new(tmp_path / "b", "one") and not write_new(tmp_path / "b", "two") and not write_new(tmp_path / "a", "two")
    assert [(tmp_path / name).read_text() for name in "ab"] == ["one", "one"] and len(list(tmp_path.iterdir())) == 2


def test_a_fault_of_our_own_is_not_blamed_on_a_disk() -> None:
    assert sentence(OSError(errno.EINVAL, "Invalid argument")) is None and sentence(BrokenPipeError(errno.EPIPE, "Broken pipe")) is None
    assert sentence(named(OSError(errno.EIO, "x"), Path("shard"))) == "cannot read or write shard: Input/output error"
