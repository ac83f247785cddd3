"""Studies from the command line: what is run, what is refused and in which words, and how an interruption ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from studies import SMALL, digest, finished

from sim.__main__ import main
from sim.doors import compose, progress, studies
from sim.doors.overrides import word_of
from sim.study import pools, slurm
from sim.study.cluster import cluster_of
from sim.study.plan import DEFAULTS
from sim.study.shards import index_of
from sim.study.store import Round, read_manifest

ROOT = Path(__file__).resolve().parent.parent
WORDS = ["study=smoke", "roster.states=[DEU,GBR,USA]", "start=2019-11", "end=2019-12", "study.replicates=1", "cluster.workers=1"]


def last(out: str) -> Path:
    return Path(out.splitlines()[-1].removeprefix("study: "))


REFUSED = [
    (["study=smok"], "there is no study 'smok'; did you mean 'smoke'?"),
    (["study=nothing.yaml"], "study=nothing.yaml cannot be read: No such file"),
    (["study=smoke", "study=smoke"], "study is given 2 times"),
    (["study=smoke", "end=2019-03,2019-04"], "gives several values"),
    (["study=smoke", "study.replicate=2"], "did you mean 'replicates'?"),
    (["study=smoke", "study.sampler.sise=2"], "did you mean 'size'?"),
    (["study=smoke", "study.factors.protocol=[]"], "are written in the study's file"),
    (["study=smoke", "study.replicates=0"], "study smoke: replicates = 0 lies outside"),
    (["study=smoke", "seeds=3"], "seeds is for runs; in a study write study.replicates=VALUE"),
    (["study=smoke", "seed=3"], "in a study write study.seed=VALUE"),
    (["study=smoke", "scenarios=baseline"], "in a study write study.scenarios=VALUE"),
    (["study=smoke", "end=2019-13"], "study smoke: end: month '2019-13'"),
    (["study=smoke", "mechanisms.contacts.hours_head=1"], "both set and a factor"),
    (["study=smoke", "roster.states=[IDX,SGP]"], "study smoke: scenario baseline: roster: there is no state 'IDX'"),
    (["study=smoke", "cluster=slrm"], "did you mean 'slurm'?"),
    (["study=smoke", "cluster=slurm", "cluster.partitin=x"], "did you mean 'partition'?"),
    (["study=smoke", "cluster.workers=none"], "cluster.workers must be a whole number"),
    (["cluster=slurm"], "cluster needs a study; name one with study=NAME"),
    (["-m", "study=smoke"], "-m is for runs"),
    (["status"], "write python -m sim status FOLDER; 0 names were given"),
    (["status", "nowhere"], "there is no folder nowhere"),
    (["status", ".", "failed=skip"], "holds no manifest.json"),
    (["explain", "nowhere"], "write python -m sim explain FOLDER RUN"),
    (["study=smoke", "outputs=/dev/null/x"], "outputs=/dev/null/x cannot be written"),
    (["study=smoke", "data.folder=/dev/null/x"], "/dev/null/x"),
]


@pytest.mark.parametrize(("words", "sentence"), REFUSED, ids=[" ".join(words) for words, _ in REFUSED])
def test_bad_input_gets_one_clear_sentence_and_writes_nothing(
    words: list[str], sentence: str, here: Path, refusal: Callable[[list[str]], str]
) -> None:
    assert sentence in refusal(words)
    assert list(here.iterdir()) == []


def test_a_study_is_run_looked_at_and_explained(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(WORDS) == 0
    folder = last(capsys.readouterr().out)
    assert folder == Path("outputs/study-smoke-001")
    assert main(["status", str(folder)]) == 0
    assert "study smoke: complete" in capsys.readouterr().out
    assert main(["check", str(folder)]) == 0
    assert capsys.readouterr().out == "sound: 6 done, 0 failed, 0 missing in 3 shards\n"
    assert main(["grow", str(folder), "replicates=2"]) == 0
    assert "6 runs added" in capsys.readouterr().err
    assert main(["resume", str(folder)]) == 0
    assert main(["collect", str(folder)]) == 0
    assert last(capsys.readouterr().out) == folder
    assert read_manifest(folder)["runs"] == 12
    assert main(["explain", str(folder), "11"]) == 0
    assert "draw 5, scenario baseline, seed 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["grow", "size=9"], "the size of this study cannot grow: a grid already holds"),
        (["grow", "replicates=x"], "replicates must be a whole number"),
        (["grow"], "say what should grow"),
        (["grow", "seed=9"], "grow takes no seed="),
        (["resume", "failed=maybe"], "failed cannot be 'maybe'"),
        (["resume", "cluster=slrm"], "did you mean 'slurm'?"),
        (["resume", "failed=skip", "failed=retry"], "failed is given 2 times; give it once"),
        (["grow", "replicates=4,8"], "replicates=4,8 gives several values; grow takes one"),
        (["status", "failed=skip"], "status takes no failed="),
        (["explain", "99"], "there is no run 99; runs are numbered 0 to 11"),
        (["explain", "zz"], "no runs have an identity that begins with 'zz'"),
    ],
)
def test_a_verb_that_cannot_be_done_is_refused(
    words: list[str], sentence: str, here: Path, refusal: Callable[[list[str]], str], done: Path
) -> None:
    before = (done / "manifest.json").read_text()
    assert sentence in refusal([words[0], str(done), *words[1:]])
    assert (done / "manifest.json").read_text() == before


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finished(tmp_path_factory.mktemp("done"))


def test_a_study_of_ones_own_lies_in_a_file(here: Path, capsys: pytest.CaptureFixture[str], done: Path) -> None:
    Path("mine.yaml").write_text(json.dumps(SMALL), encoding="utf-8")
    assert main(["study=mine.yaml", "cluster.workers=1"]) == 0
    assert digest(last(capsys.readouterr().out)) == digest(done)


def test_hydra_composes_a_study_once(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    composed: list[Any] = []
    real = compose.hydra_compose
    monkeypatch.setattr(compose, "hydra_compose", lambda *words, **more: composed.append(words) or real(*words, **more))
    assert main(WORDS) == 0
    assert len(composed) == 1


def test_every_key_of_a_study_and_a_cluster_can_be_typed() -> None:
    words = ["study=smoke", "study.sampler.seed=4", "study.twin=false", "study.keep.runs=[1]", "cluster=slurm", "cluster.cpus=2"]
    found = [word_of(text, studies.GROUPS) for text in words]
    tree, name = compose.composed_study(found, {word.key: word.value for word in found})
    assert name == "smoke" and tree["study"]["sampler"]["seed"] == 4 and tree["study"]["keep"]["runs"] == [1]
    assert tree["study"].keys() == DEFAULTS.keys()
    assert cluster_of(tree["cluster"])["cpus"] == 2


def test_runs_that_fail_end_a_study_with_exit_code_3(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sim.study.work.one_run", lambda *_: 1 / 0)
    assert main(WORDS) == 3
    out, err = capsys.readouterr()
    assert "0 runs done, 6 failed" in out and "failed.parquet says why" in err
    monkeypatch.undo()
    monkeypatch.chdir(here)
    assert main(["resume", "outputs/study-smoke-001", "failed=skip"]) == 3
    assert main(["resume", "outputs/study-smoke-001"]) == 0


def test_a_cluster_without_slurm_says_so_and_the_study_can_go_on_here(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(slurm.shutil, "which", lambda name: None)
    words = [word for word in WORDS if not word.startswith("cluster")]
    assert main([*words, "cluster=slurm"]) == 2
    told = capsys.readouterr().err
    assert "cluster=slurm needs sbatch, which is not on this machine" in told
    assert "resume outputs/study-smoke-001 submits it again, with cluster=local it runs here" in told
    assert main(["resume", "outputs/study-smoke-001", "cluster=local", "cluster.workers=1"]) == 0


def test_the_scripts_of_an_array_say_what_the_site_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(slurm.shutil, "which", lambda name: name)
    monkeypatch.setattr(slurm, "_sbatch", lambda path, more: sent.append((path.read_text(), more)) or str(40 + len(sent)))
    cluster = cluster_of(
        {
            "kind": "slurm",
            "partition": "short",
            "account": "a1",
            "time": "01:00:00",
            "cpus": 4,
            "elements": 7,
            "throttle": 3,
            "array_limit": 5,
            "modules": ["python/3.11"],
            "venv": "/opt/a b",
            "extra": ["--qos=low"],
        }
    )
    assert slurm.submit(tmp_path, Round(2, ((0, 100),), 10), cluster) == ["41", "42", "43"]
    compiling, first, second = sent
    assert "-m sim.study.element compile " in compiling[0] and compiling[1] == [f"--output={tmp_path}/slurm/compile-2-%j.out"]
    assert first[1][:3] == ["--array=0-4%2", "--dependency=afterok:41", "--kill-on-invalid-dep=yes"], (
        "three at once, in both arrays together"
    )
    assert second[1][0] == "--array=0-1%1" and "$((SLURM_ARRAY_TASK_ID + 5)) 7 4" in second[0]
    assert [one["job"] for one in slurm.jobs_of(tmp_path)] == ["41", "42", "43"]
    for line in ("--open-mode=append", "--signal=B:TERM@60"):
        assert f"#SBATCH {line}\n" in first[0]
    for line in ("--partition=short", "--account=a1", "--time=01:00:00", "--mem=2G", "--cpus-per-task=4", "--qos=low", "--requeue"):
        assert f"#SBATCH {line}\n" in first[0]
    assert "module load python/3.11\n" in first[0] and "'/opt/a b/bin/python' -m sim.study.element element" in first[0]
    assert "export NUMBA_NUM_THREADS=1" in first[0] and "sacct" not in first[0]


def test_progress_tells_rate_and_time_left(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert progress.progress_line(1000, 4000, 2, 100.0) == "1,000 of 4,000 runs (2 failed), 10.0 a second, 5 min 00 s left"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress.study_progress(10) as heard:
        heard(5, 0)
    assert "5 of 10 runs" in capsys.readouterr().err


def _started(place: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sim", *words]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    # A suite started in the background inherits an interrupt that is ignored; a person at a terminal does not.
    return subprocess.Popen(
        command,
        cwd=place,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        start_new_session=True,
    )


def members(group: int) -> list[int]:
    """List the living processes of a process group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[2]) == group and words[0] != "Z":
            found.append(int(path.parent.name))
    return found


def _until(true: Any, seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


BIG = [*WORDS[:-1], "study.replicates=400", "study.chunk=4", "cluster.workers=2"]
BIG.remove("study.replicates=1")


def test_an_interruption_ends_all_workers_and_says_how_to_go_on(tmp_path: Path) -> None:
    running = _started(tmp_path, *BIG)
    folder = tmp_path / "outputs" / "study-smoke-001"
    _until(lambda: len(list(folder.glob("shards/part-*"))) > 3 or running.poll() is not None)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "interrupted: what was done is kept; python -m sim resume outputs/study-smoke-001 does the rest"
    assert "Traceback" not in err
    _until(lambda: members(running.pid) == [])
    assert index_of(folder).bad == {} and read_manifest(folder)["status"] == "running"


@pytest.mark.slow
def test_workers_leave_when_their_parent_is_killed(tmp_path: Path) -> None:
    running = _started(tmp_path, *BIG)
    folder = tmp_path / "outputs" / "study-smoke-001"
    _until(lambda: len(list(folder.glob("shards/part-*"))) > 3 or running.poll() is not None)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate(timeout=60)
    _until(lambda: members(running.pid) == [])
    assert index_of(folder).bad == {}


@pytest.mark.slow
def test_a_killed_worker_is_replaced_and_nothing_is_lost(tmp_path: Path) -> None:
    words = [word.replace("replicates=400", "replicates=20") for word in BIG]
    running = _started(tmp_path, *words)
    folder = tmp_path / "outputs" / "study-smoke-001"
    _until(lambda: len(list(folder.glob("shards/part-*"))) > 3 or running.poll() is not None)
    workers = [pid for pid in members(running.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    out, err = running.communicate(timeout=240)
    assert running.returncode == 0, err
    assert "120 runs done, 0 failed" in out and read_manifest(folder)["status"] == "complete"


def test_workers_that_keep_dying_stop_a_study_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import BrokenExecutor, Future

    class Dying:
        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def submit(self, *_: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor("killed"))
            return future

        def shutdown(self, *_: Any, **__: Any) -> None:
            pass

    monkeypatch.setattr(pools, "ProcessPoolExecutor", Dying)
    monkeypatch.setattr(pools, "are_cached", lambda: True)
    with pytest.raises(Exception, match="workers were killed 3 times without finishing a shard"):
        pools.carry_out(tmp_path, Round(1, ((0, 9),), 2), workers=2)
