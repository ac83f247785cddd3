"""Whatever a machine is like: no compiler wanted, no home, a cache that fails, scripts without a guard, readers that go away."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import types
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numba
import pytest
from worlds import ROOT

import analysis.__main__ as analysis_door
from sim import kernels
from sim.__main__ import main
from sim.batch import NO_GUARD, Spawning, refuse_inside_import
from sim.run import run

WORDS = ["start=2019-11", "end=2019-11", "roster.states=[DEU,USA]", "record=scalars"]
KERNEL = "from sim.kernels import jit\n@jit\ndef f(x):\n    return x + 1\nprint(f(1))\n"


def python(*words: str, text: str | None = None, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {key: value for key, value in os.environ.items() if not key.startswith(("CLOUD_DIPLOMACY", "XDG", "NUMBA"))}
    settings = {**known, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(
        [sys.executable, *words], input=text, capture_output=True, text=True, env=settings, cwd=cwd, timeout=300, check=False
    )


def test_numba_told_to_compile_nothing_gives_the_same_run(here: Path) -> None:
    told = python("-m", "sim", *WORDS, "outputs=out", cwd=here, NUMBA_DISABLE_JIT="1")
    assert told.returncode == 0, told.stderr
    assert run(start="2019-11", end="2019-11", roster={"states": ["DEU", "USA"]}).runs[0].digest in told.stdout


@pytest.fixture
def caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the kernel cache be looked for anew, under an environment of the test's own."""
    for name in (kernels.CACHE, kernels.SAID, "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(kernels, "_trouble", [])
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("shared", ["", "relative/folder", "."])
def test_an_empty_or_relative_cache_home_counts_as_none(shared: str, caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", shared)
    assert Path(str(kernels._cache_folder("1"))).parent == caches / ".cache" / "cloud-diplomacy" and not kernels._trouble


def test_a_named_cache_stays_where_it_is_when_the_working_folder_changes(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(caches)
    monkeypatch.setenv(kernels.CACHE, "mine")
    assert Path(str(kernels._cache_folder("1"))).parent == caches / "mine"


def nobody(*_: Any) -> Any:
    raise RuntimeError("Could not determine home directory.")


def full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("case", ["no home", "a home that is a file", "a full disk"])
def test_where_kernels_cannot_be_kept_one_temporary_folder_is_shared_and_it_is_said_once(
    case: str, caches: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if case == "no home":
        monkeypatch.setattr(Path, "home", nobody)
    elif case == "a home that is a file":
        (caches / "home").write_text("")
        monkeypatch.setenv("HOME", str(caches / "home"))
    else:
        monkeypatch.setattr(kernels.tempfile, "TemporaryFile", full)
    folder = kernels._cache_folder("1")
    assert folder is not None and Path(folder).is_dir() and os.environ[kernels.CACHE] == folder  # workers are told of it
    kernels._tell()
    kernels._tell()
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and kernels.CACHE in err and "35 s" in err and os.environ[kernels.SAID]
    kernels._drop(folder, os.getpid())
    assert not Path(folder).exists()


def test_a_folder_that_another_process_removes_meanwhile_is_no_trouble(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> Any:
        raise FileNotFoundError(errno.ENOENT, "gone")

    monkeypatch.setattr(kernels.os, "utime", gone)
    assert kernels._cache_folder("1") and not kernels._trouble


def test_a_kernel_runs_though_its_cache_cannot_be_read_or_written(
    caches: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Failing:
        def load_overload(self, *_: Any) -> Any:
            raise EOFError("cut short")

        def save_overload(self, *_: Any) -> Any:
            raise OSError(errno.ENOSPC, "No space left on device")

        def flush(self) -> None:
            raise OSError(errno.ESTALE, "Stale file handle")

    patient = kernels._Patient(Failing())
    assert patient.load_overload("signature", "context") is None
    patient.save_overload("signature", "kernel")
    assert "No space left on device" in capsys.readouterr().err


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_a_command_without_a_home_compiles_says_so_once_and_cleans_up(tmp_path: Path) -> None:
    (tmp_path / "kernel.py").write_text(KERNEL)
    told = python(str(tmp_path / "kernel.py"), HOME="/dev/null", TMPDIR=str(tmp_path))
    assert told.stdout == "2\n" and told.stderr.count("note: ") == 1 and "CLOUD_DIPLOMACY_CACHE" in told.stderr
    assert not list(tmp_path.glob("cloud-diplomacy-*"))


def test_a_damaged_kernel_cache_is_compiled_anew(tmp_path: Path) -> None:
    (tmp_path / "kernel.py").write_text(KERNEL)
    for _ in range(2):
        told = python(str(tmp_path / "kernel.py"), CLOUD_DIPLOMACY_CACHE=str(tmp_path / "cache"))
        assert told.stdout == "2\n" and not told.stderr
        for index in (tmp_path / "cache").rglob("*.nb?"):
            index.write_bytes(index.read_bytes()[:7])


def test_a_worker_does_not_import_the_script_that_started_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = types.ModuleType("__main__")
    script.__file__ = str(tmp_path / "mine.py")
    (tmp_path / "mine.py").write_text(f"open({str(tmp_path / 'imported')!r}, 'w').close()")
    monkeypatch.setitem(sys.modules, "__main__", script)
    for context, imports in ((Spawning(), False), (multiprocessing.get_context("spawn"), True)):
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            assert pool.submit(abs, -7).result() == 7
        assert (tmp_path / "imported").exists() == imports


def test_a_process_that_imports_the_script_which_started_it_is_ended_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_inside_import()
    monkeypatch.setattr(multiprocessing.current_process(), "_inheriting", True, raising=False)
    with pytest.raises(SystemExit, match="__main__"):
        refuse_inside_import()
    assert "if __name__ == '__main__':" in NO_GUARD


UNGUARDED = """
from sim import run
from sim.study import run_study

world = {"start": "2019-11", "end": "2019-11", "roster": {"states": ["DEU", "USA"]}}
print([one.digest for one in run(seeds=2, record="scalars", **world).runs])
print(run_study({"set": world, "replicates": 4, "chunk": 1}, outputs="out", workers=2))
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", ["script", "stdin", "command", "zip"])
def test_scripts_of_every_kind_run_without_a_guard(how: str, here: Path) -> None:
    (here / "mine.py").write_text(UNGUARDED)
    with zipfile.ZipFile(here / "mine.zip", "w") as archive:
        archive.writestr("__main__.py", UNGUARDED)
    words = {"script": ["mine.py"], "stdin": ["-"], "command": ["-c", UNGUARDED], "zip": ["mine.zip"]}[how]
    told = python(*words, text=UNGUARDED if how == "stdin" else None, cwd=here)
    assert told.returncode == 0 and "Traceback" not in told.stderr, told.stderr
    assert (here / "out" / "study-study-001" / "scalars.parquet").exists()


@pytest.mark.slow
def test_an_executor_of_the_user_without_a_guard_is_told_of_the_guard(here: Path) -> None:
    (here / "mine.py").write_text(
        "from concurrent.futures import ProcessPoolExecutor\nimport multiprocessing\n"
        + UNGUARDED.replace("workers=2", "executor=ProcessPoolExecutor(2, mp_context=multiprocessing.get_context('spawn'))").replace(
            'print([one.digest for one in run(seeds=2, record="scalars", **world).runs])\n', ""
        )
    )
    told = python("mine.py", cwd=here)
    # Python's own tracker of semaphores may complain after it, since the script ended at once.
    said = [line for line in told.stderr.splitlines() if "resource_tracker" not in line]
    assert told.returncode == 1 and "if __name__ == '__main__':" in said[-1]


@pytest.mark.parametrize("door", ["sim", "analysis"])
def test_a_reader_that_goes_away_ends_a_command_quietly(door: str) -> None:
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", door, "--help"]
    told = subprocess.run(words, stdout=write, stderr=subprocess.PIPE, text=True, cwd=ROOT, timeout=120, check=False)
    os.close(write)
    assert told.returncode in (0, 141) and not told.stderr


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_streams_that_are_closed_from_the_start_are_nobody(closed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"sys.{closed}", None)
    assert main(["--version"]) == 0 and main(["nonsense"]) == 2
    assert analysis_door.main(["--help"]) == 0 and analysis_door.main(["nonsense"]) == 2


def test_an_interruption_ends_both_doors_with_130_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.doors.serve.serve", interrupted)
    monkeypatch.setattr(analysis_door, "_do", interrupted)
    for door in (main, analysis_door.main):
        assert door(["anything"]) == 130
        err = capsys.readouterr().err
        assert "interrupted" in err and "Traceback" not in err


def test_an_interruption_waits_until_a_kernel_is_compiled() -> None:
    from sim.kernels import _undisturbed

    told: list[str] = []

    @_undisturbed
    def compiled(name: str) -> None:
        signal.raise_signal(signal.SIGINT)
        told.append(name)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            _undisturbed(lambda: compiled("inner") or told.append("outer"))()
        assert told == ["inner", "outer"] and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
