"""A study is done with one model: whatever decides a number is compared wherever runs are added, and by a check."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from own_part import METRIC, forget, imports, write_part
from studies import SMALL, finished, here, small

from sim import sameness
from sim.data.fields import FOLDER
from sim.single import load_parts
from sim.study import manage, pools, work
from sim.study.check import check
from sim.study.shards import index_of, shard_names
from sim.study.store import new_round, read_manifest
from sim.types import UserError

ROOT = Path(__file__).resolve().parent.parent
OTHER = "was begun with other code or data: {what}"


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the scenarios and the ready configurations be read for their digests from a copy, which may be edited."""
    for name in ("scenarios", "configs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(sameness, "package_folder", lambda name: tmp_path / name)
    return tmp_path


def edit_scenario(place: Path) -> str:
    (place / "scenarios" / "baseline.yaml").write_text("title: another\n", encoding="utf-8")
    return "the scenarios"


def edit_config(place: Path) -> str:
    (place / "configs" / "study" / "smoke.yaml").unlink()
    return "the ready configurations"


def edit_model(_place: Path) -> str:
    sameness._LOADED = "0" * 32
    return "the model"


def version_of(name: str) -> Callable[[Path], str]:
    def edit(_place: Path) -> str:
        real = sameness.versions
        sameness.versions = lambda: {**real(), name: "0.0.1"}  # type: ignore[assignment]
        return name

    return edit


EDITS = {
    "a scenario": edit_scenario,
    "a ready configuration": edit_config,
    "the model": edit_model,
    **{f"the version of {name}": version_of(name) for name in ("python", "numpy", "numba", "scipy")},
}


@pytest.mark.parametrize("edit", EDITS)
def test_whatever_decides_a_number_is_compared_everywhere(edit: str, rooms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = manage.begin(small(), tmp_path / "outputs")
    which = new_round(folder, [(0, 12)], 4)
    work.work(str(folder), which, ((0, 4),))
    assert check(folder) == []
    monkeypatch.setattr(sameness, "_LOADED", sameness._LOADED)
    monkeypatch.setattr(sameness, "versions", sameness.versions)
    what = EDITS[edit](rooms)
    adds: list[Callable[[], Any]] = [
        lambda: manage.resume(folder, here),
        lambda: manage.grow(folder, replicates=9),
        lambda: work.Worker(folder),
        lambda: pools.carry_out_parts(folder, which, [((4, 8),)], workers=1),
    ]
    work._worker_of.cache_clear()
    for add in adds:
        with pytest.raises(UserError, match=f"was begun with other code or data: {what}"):
            add()
    assert any(OTHER.format(what=what) in fault for fault in check(folder))
    assert len(shard_names(folder)) == 1, "nothing was added"


def test_what_changes_while_a_shard_is_lived_is_seen_before_it_is_written(
    rooms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = manage.begin(small(), tmp_path / "outputs")
    which = new_round(folder, [(0, 12)], 4)
    work.work(str(folder), which, ((0, 4),))
    real = work.one_run

    def one_run(*words: Any) -> Any:
        edit_scenario(rooms)
        return real(*words)

    monkeypatch.setattr(work, "one_run", one_run)
    with pytest.raises(UserError, match=r"scenarios changed while .* was worked on; the runs of this shard are not written"):
        work.work(str(folder), which, ((4, 8),))
    assert len(index_of(folder).run) == 4


def test_a_worker_reads_every_scenario_once_when_it_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = manage.begin(small(scenarios=["baseline", "pandemic_lockdown"], twin=False), tmp_path)
    worker = work.Worker(folder)
    monkeypatch.setattr("sim.scenario._whole", lambda name: (f"scenarios/{name}.yaml", "title: another\n", Path("scenarios")))
    worker.shard(new_round(folder, [(0, 24)], 24), ((0, 24),))
    assert index_of(folder).done.all() and len(index_of(folder).run) == 24


PART_EDITS: dict[str, Callable[[Path], Any]] = {
    "a part": lambda mine: (mine / "metrics" / "heads.py").write_text(METRIC + "# edited\n"),
    "a helper": lambda mine: (mine / "metrics" / "_helper.py").write_text("VALUE = 2\n"),
    "a file that a part reads": lambda mine: (mine / "metrics" / "times.txt").write_text("3.0"),
    "a file that is new": lambda mine: (mine / "metrics" / "_new.py").write_text("VALUE = 2\n"),
    "the folder": lambda mine: mine.rename(mine.with_name("gone")),
}


@pytest.mark.parametrize("edit", PART_EDITS)
def test_parts_are_compared_whole_before_their_code_is_run(edit: str, own_parts: Path) -> None:
    mine = write_part(own_parts)
    load_parts(mine)
    folder = manage.begin(small(), own_parts / "outputs", mine)
    which = new_round(folder, [(0, 12)], 4)
    work.work(str(folder), which, ((0, 4),))
    assert check(folder) == []
    PART_EDITS[edit](mine)
    forget()
    work._worker_of.cache_clear()
    before = imports(own_parts)
    for add in (lambda: manage.resume(folder, here), lambda: work.work(str(folder), which, ((4, 8),))):
        with pytest.raises(UserError, match="was begun with other code or data: your own parts"):
            add()
    assert any("your own parts" in fault for fault in check(folder))
    assert imports(own_parts) == before, "no code of the changed parts was run"


def test_tables_that_change_in_the_middle_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = tmp_path / "tables"
    tables.mkdir()
    shutil.copy(FOLDER / "un" / "states.csv", tables)
    folder = manage.begin(small(set={**SMALL["set"], "data.folder": str(tables)}), tmp_path / "outputs")
    which = new_round(folder, [(0, 12)], 4)
    work.work(str(folder), which, ((0, 4),))
    assert check(folder) == []
    real, whole = work.one_run, (tables / "states.csv").read_bytes()

    def one_run(*words: Any) -> Any:
        (tables / "states.csv").write_bytes(whole + b"\n")
        return real(*words)

    with monkeypatch.context() as patched:
        patched.setattr(work, "one_run", one_run)
        with pytest.raises(UserError, match="tables changed while"):
            work.work(str(folder), which, ((4, 8),))
    with pytest.raises(UserError, match="your own tables in"):
        work.Worker(folder)
    assert any("your own tables in" in fault for fault in check(folder))
    (tables / "states.csv").write_bytes(whole)
    manage.resume(folder, here)
    assert check(folder) == []


def test_a_process_whose_model_was_edited_since_it_started_begins_no_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sameness, "_LOADED", "0" * 32)
    with pytest.raises(UserError, match="the files of the model changed since this process started; start it anew"):
        manage.begin(small(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_element_that_starts_after_an_edit_refuses_and_a_check_says_so(tmp_path: Path) -> None:
    for name in ("sim", "scenarios", "configs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "CLOUD_DIPLOMACY_JIT": "off"}

    def said(*words: str) -> tuple[int, str]:
        done = subprocess.run([sys.executable, *words], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    begin = (
        "import sys; sys.path.insert(0, 'x'); from sim.study import manage; from sim.study.plan import plan_of\n"
        "from sim.study.store import new_round\n"
        f"folder = manage.begin(plan_of({SMALL!r}, 'small'), 'outputs'); new_round(folder, [(0, 12)], 2)\n"
    )
    assert said("-c", begin) == (0, "")
    folder = tmp_path / "outputs" / "study-small-001"
    element = ["-m", "sim.study.element", "element", str(folder), "1"]
    code, out = said(*element, "0", "3", "1")
    assert code == 0 and len(shard_names(folder)) == 2, out
    scenario = tmp_path / "scenarios" / "baseline.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8") + "candidates: 7\n", encoding="utf-8")
    code, out = said(*element, "1", "3", "1")
    assert code == 2 and "was begun with other code or data: the scenarios (scenarios/)" in out
    assert len(shard_names(folder)) == 2
    code, out = said("-m", "sim", "check", str(folder))
    assert code == 3 and "was begun with other code or data: the scenarios (scenarios/)" in out


def test_digests_cover_every_file_below_a_folder_but_caches_and_prose(tmp_path: Path) -> None:
    def now() -> str:
        return sameness.folder_digest(tmp_path)

    seen = {now()}
    for name in ("a.py", "b.yaml", "deep/er/c.bin", "deep/_d.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
        seen.add(now())
    assert len(seen) == 5
    (tmp_path / "deep" / "_d.py").rename(tmp_path / "deep" / "_e.py")
    assert now() not in seen
    before = now()
    for name in (".hidden", "README.md", "__pycache__/a.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    assert now() == before


def test_a_run_folder_tells_what_decided_its_numbers(tmp_path: Path) -> None:
    from sim.run import run

    result = run(outputs=tmp_path, roster={"states": ["DEU", "GBR"]}, start="2019-11", end="2019-12", record="scalars")
    from sim.seal import read_signed

    assert result.folder is not None
    told = read_signed(result.folder)[0]
    assert told["decides"] == sameness.decides() and told["source_digest"] == sameness.source_digest()
    assert set(read_manifest(finished(tmp_path, replicates=1))["decides"]) == set(told["decides"])
