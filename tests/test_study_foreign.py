"""A study made elsewhere: looking at it runs nothing of its own, and nothing of its own is run without a person's word."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from own_part import forget, imports, write_part
from studies import here, rows, small

from sim import trust
from sim.__main__ import main
from sim.single import load_parts
from sim.study import manage
from sim.study.check import check
from sim.study.collect import collect
from sim.study.explain import explain
from sim.study.foreign import Foreign, asked_about
from sim.study.status import status
from sim.study.store import read_manifest, write_manifest
from sim.types import UserError


@pytest.fixture
def theirs(own_parts: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A finished study with parts of its own, begun by somebody with another key."""
    with monkeypatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", str(own_parts / "somebody"))
        mine = write_part(own_parts)
        load_parts(mine)
        folder = manage.begin(small(replicates=1), own_parts / "outputs", mine)
        manage.resume(folder, here)
    forget()
    yield folder


def unchanged(folder: Path) -> dict[Path, bytes]:
    """Read a study's files; the index that a look at it may leave is none of its own."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != ".index.npz"}


def test_looking_at_a_strangers_study_runs_and_changes_nothing(theirs: Path, own_parts: Path) -> None:
    before, ran = unchanged(theirs), imports(own_parts)
    told = explain(theirs, "3")
    assert "draw 3, scenario baseline, seed 0" in told and f"parts={own_parts / 'mine'}" in told
    assert "complete" in status(theirs)
    assert any("was not begun by you on this account" in fault for fault in check(theirs))
    assert imports(own_parts) == ran and unchanged(theirs) == before
    collect(theirs)
    assert imports(own_parts) == ran


def test_a_strangers_parts_are_run_only_with_a_persons_word(theirs: Path, own_parts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = imports(own_parts)
    for words in (["resume", str(theirs)], ["grow", str(theirs), "replicates=2"]):
        assert main([*words, "cluster.workers=1"]) == 2
        told = capsys.readouterr().err
        assert f"it would run the parts in {own_parts / 'mine'}" in told and "trust=true" in told
    assert imports(own_parts) == ran
    assert main(["check", str(theirs), "trust=true"]) == 0, "checked whole, with a word for this once"
    forget()
    assert main(["grow", str(theirs), "replicates=2", "cluster.workers=1", "trust=true"]) == 0
    assert imports(own_parts) > ran and len(rows(theirs)) == 8
    # The word is kept: it is this person's study from now on.
    assert check(theirs) == [] and main(["resume", str(theirs), "cluster.workers=1"]) == 0


def test_a_word_for_some_parts_is_none_for_others(theirs: Path, own_parts: Path) -> None:
    manage.resume(theirs, here, trust=True)
    manifest = read_manifest(theirs)
    assert asked_about(manifest, None) == []
    for other in ({"parts": "/tmp/other"}, {"decides": {**manifest["decides"], "your own parts": "0" * 32}}):
        assert asked_about({**manifest, **other}, None)


def test_parts_that_changed_are_refused_whoever_gave_a_word(theirs: Path, own_parts: Path) -> None:
    (own_parts / "mine" / "metrics" / "_helper.py").write_text("VALUE = 3\n")
    ran = imports(own_parts)
    with pytest.raises(UserError, match="your own parts"):
        manage.resume(theirs, here, trust=True)
    assert imports(own_parts) == ran


def test_a_person_at_a_terminal_is_asked(
    theirs: Path, own_parts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    class Terminal:
        def __init__(self, says: str) -> None:
            self.says = says

        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return self.says

    monkeypatch.setattr(sys, "stdin", Terminal("no\n"))
    assert main(["resume", str(theirs), "cluster.workers=1"]) == 2
    assert "Type yes" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", Terminal("yes\n"))
    assert main(["resume", str(theirs), "cluster.workers=1"]) == 0


@pytest.mark.parametrize(
    "setting",
    [
        {"venv": "/home/mallory/venv"},
        {"modules": ["mallory/1"]},
        {"cache": "/home/mallory/kernels"},
        {"extra": ["--wrap=rm"]},
        {"something_new": "curl"},
    ],
)
def test_a_strangers_programs_are_submitted_only_with_a_persons_word(
    setting: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = {"kind": "slurm", "partition": "short", "time": "01:00:00", "cpus": 1, "venv": None, "modules": [], "extra": []}
    with monkeypatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", str(tmp_path / "somebody"))
        folder = manage.begin(small(replicates=1), tmp_path, cluster={**plain, **setting})
    kept = read_manifest(folder)["cluster"]
    engine_called: list[Path] = []
    with pytest.raises(Foreign, match=f"cluster.{next(iter(setting))}="):
        manage.resume(folder, lambda place, _: engine_called.append(place), cluster=kept)
    assert engine_called == []
    # Carried out here, or with a setting of one's own, nothing of theirs is run.
    assert asked_about(read_manifest(folder), {"kind": "local", "workers": 1}) == []
    assert asked_about(read_manifest(folder), {**kept, **dict.fromkeys(setting, "mine")}) == []
    manage.resume(folder, lambda place, _: engine_called.append(place), cluster=kept, trust=True)
    assert engine_called == [folder]


def test_a_strangers_plan_without_code_of_its_own_needs_no_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", str(tmp_path / "somebody"))
        folder = manage.begin(small(replicates=1), tmp_path)
    manage.resume(folder, here)
    assert check(folder) == []


def test_ones_own_study_is_never_asked_about(own_parts: Path) -> None:
    mine = write_part(own_parts)
    load_parts(mine)
    folder = manage.begin(small(replicates=1), own_parts / "outputs", mine)
    moved = folder.rename(folder.with_name("moved"))
    manage.resume(moved, here)
    assert check(moved) == []
    manifest = read_manifest(moved)
    assert asked_about(manifest, manifest["cluster"]) == []
    write_manifest(moved, {**manifest, "mark": {"parts": "0" * 32, "cluster": 7}})
    with pytest.raises(Foreign):
        manage.resume(moved, here)


def test_where_no_key_can_be_kept_the_process_that_begins_a_study_may_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    assert trust.is_mine([1], trust.mark_of([1])) and not trust.is_mine([2], trust.mark_of([1]))
    trust._key.cache_clear()
    mark = trust.mark_of([1])
    trust._key.cache_clear()
    assert not trust.is_mine([1], mark)


def test_the_key_is_kept_where_only_its_owner_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    mark = trust.mark_of({"a": 1})
    trust._key.cache_clear()
    assert trust.is_mine({"a": 1}, mark) and not trust.is_mine({"a": 1}, None)
    assert (tmp_path / "cloud-diplomacy" / "key").stat().st_mode & 0o077 == 0
    assert os.listdir(tmp_path / "cloud-diplomacy") == ["key"]


def test_explain_gives_the_command_that_repeats_a_run_with_parts(theirs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(explain(theirs, "2").splitlines()[-1])
    assert main([*words[3:], "outputs=again"]) == 0
    assert rows(theirs)[2]["digest"] in capsys.readouterr().out
