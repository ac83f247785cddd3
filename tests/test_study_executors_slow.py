"""Executors of other libraries, where they are installed: the same table, and a run that kills or hangs stops nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from studies import digest, finished, here, rows

from sim.study import manage
from sim.study.store import read_manifest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow
CODE = """
import sys
from pathlib import Path
from deadly import deadly, plain
from studies import SMALL
from sim.study import run_study
from sim.study.executors import workers_of
{opened}
if __name__ == "__main__":
    place = Path(sys.argv[1])
    with executor() as one:
        run_study({{**SMALL, "chunk": 1}}, outputs=place, executor=one)
        print("workers", workers_of(one))
    with executor() as one:
        run_study(plain(run_timeout=6), outputs=place, parts=deadly(place, {does}), executor=one)
"""
LOKY = """
import contextlib
from loky import get_reusable_executor
def executor():
    return contextlib.nullcontext(get_reusable_executor(max_workers=2))
"""
DASK = """
import contextlib
@contextlib.contextmanager
def executor():
    from distributed import Client, LocalCluster
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        yield client.get_executor()
"""
MPI = """
from mpi4py.futures import MPIPoolExecutor
def executor():
    return MPIPoolExecutor(max_workers=2)
"""


@pytest.mark.parametrize(
    ("library", "opened", "does", "before"),
    [
        ("loky", LOKY, {1: "SIGSEGV", 4: "deaf"}, []),
        ("distributed", DASK, {1: "SIGSEGV", 4: "deaf"}, []),
        ("mpi4py", MPI, {4: "deaf"}, ["mpiexec", "--oversubscribe", "-n", "3"]),
    ],
)
def test_an_executor_of_another_library_gives_the_same_table(
    library: str, opened: str, does: dict[int, str], before: list[str], tmp_path: Path
) -> None:
    pytest.importorskip(library, reason=f"{library} is not installed here")
    if before and shutil.which(before[0]) is None:
        pytest.skip(f"{before[0]} is not here")
    script = tmp_path / "script.py"
    script.write_text(CODE.format(opened=opened, does=does), encoding="utf-8")
    env = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    }
    module = ["-m", "mpi4py.futures"] if before else []
    words = [*before, sys.executable, *module, str(script), str(tmp_path)]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False, timeout=600)
    assert "workers 2" in done.stdout, done.stderr
    assert digest(tmp_path / "study-study-001") == digest(finished(tmp_path))
    folder = tmp_path / "study-study-002"
    if read_manifest(folder)["status"] != "complete":
        assert "the executor lost" in done.stderr
        manage.resume(folder, here)
    failed = {row["run"]: row["error"] for row in rows(folder, "failed.parquet")}
    words_of = {"SIGSEGV": "the run ended its process: SIGSEGV", "deaf": "the run went past study.run_timeout = 6 s and was ended"}
    assert failed == {seed: words_of[what] for seed, what in does.items()} and len(rows(folder)) == 6 - len(does)
