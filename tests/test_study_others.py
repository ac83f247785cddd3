"""``plan``: the commands of every element, for schedulers that are not ours; nothing is submitted and any of them gives the same table."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from deadly import plain
from studies import digest, finished

from sim.__main__ import main
from sim.study import manage, others
from sim.study.cluster import cluster_of
from sim.study.plan import plan_of
from sim.study.shards import shard_names
from sim.study.status import status
from sim.study.store import Round, read_manifest
from sim.study.work import compile_kernels


def planned(here: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[Path, str]:
    (here / "mine.yaml").write_text(json.dumps(plain(chunk=1)), encoding="utf-8")
    assert main(["plan", "mine.yaml", *words]) == 0
    out = capsys.readouterr().out
    return here / out.splitlines()[-1].removeprefix("study: "), out


@pytest.mark.slow
def test_a_plan_makes_the_folder_and_every_element_can_be_run_by_hand(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = planned(here, capsys, "cluster.elements=2", f"outputs={here}/it's 100% mine")
    assert "6 runs in 6 shards for 2 elements; nothing was submitted" in out and shard_names(folder) == []
    assert read_manifest(folder)["status"] == "running"
    commands = (folder / "plan" / "elements.txt").read_text().splitlines()
    assert len(commands) == 2 and shlex.split(commands[1])[1] == "1"
    for command in reversed(commands):
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert main(["collect", str(folder)]) == 0
    assert digest(folder) == digest(finished(here, **{**plain(), "chunk": 6}))
    capsys.readouterr()
    assert main(["plan", str(folder)]) == 0, "nothing is left to plan: the table is made"
    assert "6 runs done, 0 failed" in capsys.readouterr().out


def test_the_scripts_of_pbs_and_lsf_say_what_the_site_needs(tmp_path: Path) -> None:
    words = {"partition": "short", "account": "abc", "time": "1-02:30:00", "memory": "400M", "modules": ["python/3.11"], "throttle": 5}
    cluster = cluster_of({"kind": "slurm", **words})
    made = others.write_plan(tmp_path, Round(3, ((0, 40),), 4), cluster, None, 2)
    pbs, lsf, one = (made[key].read_text() for key in ("pbs", "lsf", "one"))
    for line in ("#PBS -J 0-9%5", "#PBS -l select=1:ncpus=2:mem=400mb", "#PBS -l walltime=26:30:00", "#PBS -q short", "#PBS -A abc"):
        assert f"{line}\n" in pbs
    for line in ('#BSUB -J "cloud-diplomacy[1-10]%5"', "#BSUB -n 2", "#BSUB -M 400MB", "#BSUB -W 26:30", "#BSUB -q short", "#BSUB -P abc"):
        assert f"{line}\n" in lsf
    assert "$((LSB_JOBINDEX - 1))" in lsf and "${PBS_ARRAY_INDEX:-${PBS_ARRAYID:-0}}" in pbs
    assert "module load python/3.11\n" in one and f' element {tmp_path} 3 "$1" 10 2\n' in one
    for path in (made["one"], made["pbs"], made["lsf"], made["compile"], made["parallel"]):
        assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0


@pytest.mark.parametrize("variables", [{"PBS_ARRAY_INDEX": "1"}, {"PBS_ARRAYID": "1"}, {"LSB_JOBINDEX": "2"}])
def test_an_array_script_hands_its_element_to_the_element(variables: dict[str, str], tmp_path: Path) -> None:
    made = others.write_plan(tmp_path, Round(1, ((0, 4),), 1), cluster_of({"kind": "slurm"}), 3, 1)
    made["one"].write_text('#!/bin/bash\necho "element $1"\n')
    script = made["lsf" if "LSB_JOBINDEX" in variables else "pbs"]
    done = subprocess.run(["bash", str(script)], env=variables, capture_output=True, text=True, check=True)
    assert done.stdout == "element 1\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["plan"], "write python -m sim plan STUDY or python -m sim plan FOLDER; 0 names were given"),
        (["plan", "smok"], "did you mean 'smoke'?"),
        (["plan", "smoke", "cluster=local"], "leave out cluster=local"),
        (["plan", "smoke", "cluster.nodes=3"], "cluster slurm has no 'nodes'"),
        (["plan", "smoke", "study=smoke"], "2 names were given"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_nothing_is_made(
    words: list[str], sentence: str, here: Path, refusal: Callable[[list[str]], str]
) -> None:
    assert sentence in refusal(words)
    assert list(here.iterdir()) == []


def test_a_planned_study_goes_on_by_plan_and_submits_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], refusal: Callable[[list[str]], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.slurm.submit", lambda *_: pytest.fail("a job was submitted"))
    folder, _ = planned(here, capsys, "cluster.elements=2", "cluster.time=02:00:00")
    assert read_manifest(folder)["cluster"]["kind"] == "plan" and read_manifest(folder)["cluster"]["time"] == "02:00:00"
    assert main(["status", str(folder)]) == 0
    assert f"next         python -m sim plan {folder}, or python -m sim resume {folder} cluster=local" in capsys.readouterr().out
    for words in (["resume", str(folder)], ["grow", str(folder), "replicates=4", "cluster.elements=3"]):
        said = refusal(words)
        assert f"was planned for a scheduler of your own: python -m sim plan {folder} plans what is missing" in said
    assert len(list((folder / "rounds").iterdir())) == 1, "no round was made"
    more = 2 * read_manifest(folder)["plan"]["replicates"]
    assert main(["grow", str(folder), f"replicates={more}"]) == 0
    assert f"python -m sim plan {folder} plans what is missing" in capsys.readouterr().out
    assert read_manifest(folder)["runs"] == 12 and len(list((folder / "rounds").iterdir())) == 1
    assert main(["plan", str(folder)]) == 0
    assert "12 runs in 12 shards for 2 elements; nothing was submitted" in capsys.readouterr().out
    assert "#PBS -l walltime=2:00:00" in (folder / "plan" / "array.pbs").read_text()
    assert main(["resume", str(folder), "cluster=local", "cluster.workers=1"]) == 0 and read_manifest(folder)["status"] == "complete"


def test_a_study_begun_here_and_planned_later_says_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = manage.begin(plan_of(plain(chunk=1)), here)
    assert "next         python -m sim resume" in status(folder)
    assert main(["plan", str(folder), "cluster.elements=2"]) == 0
    assert "next         python -m sim plan" in status(folder)
    assert main(["resume", str(folder), "cluster=local", "cluster.workers=1"]) == 0


@pytest.mark.slow
def test_gnu_parallel_does_a_plan(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if shutil.which("parallel") is None:
        pytest.skip("GNU parallel is not on this machine")
    folder, _ = planned(here, capsys, "cluster.elements=3")
    subprocess.run([str(folder / "plan" / "parallel.sh"), "2"], check=True)
    assert len(shard_names(folder)) == 6


def test_a_compile_job_lives_one_run_of_each_kind(tmp_path: Path) -> None:
    from sim.study.store import new_round

    folder = manage.begin(plan_of(plain(scenarios=["baseline", "pandemic_lockdown"])), tmp_path)
    assert compile_kernels(str(folder), new_round(folder, [(0, 12)], 4)) == 2
