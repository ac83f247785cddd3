"""Shelves belong to a run: runs with and without parts of a user's own go on side by side and find what they would find alone."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sim import Game
from sim.model import DiplomacyModel
from sim.params import configure
from sim.registry import current, own_digest, shelf
from sim.run import prepare, run
from sim.single import load_parts
from sim.study import run_study

pytestmark = pytest.mark.usefixtures("own_parts")
FEW: dict[str, Any] = {"roster": {"states": ["DEU", "FRA", "IDN", "SGP", "USA"]}, "end": "2019-03"}
METRIC = '''
"""A number."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

{imports}
from sim.parts import part


@part("metric", name="{name}", title="T", title_id="T", sentence_id="T.")
@dataclass(frozen=True)
class Number:
    """A number that a test looks for."""

    unit: ClassVar[str] = "probability"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"

    def columns(self, setting):
        return ("{name}",)

    def measure(self, world):
        return np.array([{value}])
'''


def parts(folder: str, name: str, value: str = "world.trust.mean()", imports: str = "", **helpers: str) -> str:
    """Make a folder with one metric and helper files; returns its name."""
    place = Path(folder) / "metrics"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.py").write_text(METRIC.format(name=name, value=value, imports=imports), encoding="utf-8")
    for helper, text in helpers.items():
        (place / f"{helper}.py").write_text(text, encoding="utf-8")
    return folder


def together(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Do all jobs at once, begun together, each in a thread of its own."""
    begin = threading.Barrier(len(jobs))

    def begun(job: Callable[[], Any]) -> Any:
        begin.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [one.result() for one in [pool.submit(begun, job) for job in jobs]]


def test_four_threads_with_and_without_parts_give_what_each_gives_alone() -> None:
    folders = [None, parts("one", "first"), None, parts("two", "second")]

    def job(folder: str | None) -> Callable[[], Any]:
        return lambda: run(parts=folder, seed=3, **FEW)

    alone = [job(folder)() for folder in folders]
    for _ in range(3):
        found = together([job(folder) for folder in folders])
        assert [one.runs[0].digest for one in found] == [one.runs[0].digest for one in alone]
        assert [sorted(set(one.series) & {"first", "second"}) for one in found] == [[], ["first"], [], ["second"]]


def test_games_models_and_studies_in_threads_keep_to_their_own_parts() -> None:
    folder = parts("one", "first")
    tree = {**FEW, "parts": folder}
    jobs: list[Callable[[], Any]] = [
        lambda: Game(FEW, seed=3).finish().digest,
        lambda: Game(tree, seed=3).finish().digest,
        lambda: DiplomacyModel(seed=3, **FEW).run().digest,
        lambda: DiplomacyModel(seed=3, **tree).run().digest,
        lambda: "first" in columns_of_study(None),
        lambda: "first" in columns_of_study(folder),
    ]
    plain, own = run(seed=3, **FEW).runs[0].digest, run(seed=3, **tree).runs[0].digest
    assert together(jobs) == [plain, own, plain, own, False, True]


def columns_of_study(folder: str | None) -> list[str]:
    import pyarrow.parquet as pq

    study = {"set": {"end": "2019-01", "roster.states": FEW["roster"]["states"]}, "factors": {"protocol": {"values": ["nash"]}}}
    place = run_study(study, outputs=f"outputs-{folder}", parts=folder, workers=1)
    return list(pq.read_schema(place / "scalars.parquet").names)


COLD = """
    import threading
    from sim import run

    found, begin = [], threading.Barrier(8)

    def live(number):
        begin.wait()
        try:
            found.append(run(seed=1, end="2019-01", roster={"states": ["DEU", "IDN", "USA"]}).runs[0].digest)
        except BaseException as fault:
            found.append(repr(fault))

    threads = [threading.Thread(target=live, args=(number,)) for number in range(8)]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert len(found) == 8 and len(set(found)) == 1 and len(found[0]) == 32, found
"""


def test_eight_threads_of_a_fresh_process_find_all_parts() -> None:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(COLD)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


def test_a_call_leaves_the_shelves_of_its_thread_as_they_were() -> None:
    first, second = Path(parts("one", "first")), parts("two", "second")
    load_parts(first)
    before = current()
    run(parts=second, **FEW)
    run(**FEW)
    prepare({"parts": second})
    DiplomacyModel(parts=second, **FEW).step()
    Game({**FEW, "parts": second}).advance(1)
    columns_of_study(second)
    assert current() is before and "first" in shelf("metric").names()
    assert together([own_digest]) == [""]


def test_a_configuration_carries_its_shelves_to_wherever_it_is_lived() -> None:
    import pickle

    config, _ = prepare({**FEW, "parts": parts("one", "first")})
    assert "first" in config.shelves["metric"].names() and config.tree["parts"] == config.shelves.digest
    assert pickle.loads(pickle.dumps(config)).shelves is config.shelves
    assert configure(FEW).shelves["metric"].names() == shelf("metric").names()


@pytest.mark.parametrize("line", ["from _shared import value", "from ._shared import value", "import _shared; value = _shared.value"])
def test_a_part_may_import_a_helper_that_lies_beside_it(line: str) -> None:
    folder = parts("one", "first", "value", line, _shared="value = 0.25")
    assert run(parts=folder, **FEW).scalars["first"] == 0.25


@pytest.mark.parametrize(
    "line",
    [
        "from _shared import value",
        "from .._shared import value",
        "from ._shared import value",
        "from . import _shared; value = _shared.value",
    ],
)
def test_a_helper_may_lie_at_the_top_for_all_kinds_of_parts_and_import_others(line: str) -> None:
    folder = parts("one", "first", "value", line)
    Path("one/_shared.py").write_text("from _more import value", encoding="utf-8")
    Path("one/_more.py").write_text("value = 0.75", encoding="utf-8")
    assert run(parts=folder, **FEW).scalars["first"] == 0.75


def test_a_helper_imported_while_a_run_goes_on_is_the_folders_own() -> None:
    folder = parts("one", "first", "__import__('_shared').value", _shared="value = 0.5")
    assert run(parts=folder, **FEW).scalars["first"] == 0.5


def test_helpers_of_one_name_in_two_folders_do_not_meet() -> None:
    hack = "import sys, pathlib; sys.path.insert(0, str(pathlib.Path(__file__).parent))\nfrom _shared import value"
    one = parts("one", "first", "value", "from _shared import value", _shared="value = 0.1")
    two = parts("two", "second", "value", hack, _shared="value = 0.2")
    before = [*sys.path]
    try:
        found = together([lambda: run(parts=one, **FEW), lambda: run(parts=two, **FEW)] * 2)
    finally:
        sys.path[:] = before
    assert [one.scalars.get("first", one.scalars.get("second")) for one in found] == [0.1, 0.2, 0.1, 0.2]
    assert "_shared" not in sys.modules


@pytest.mark.parametrize("path", ["metrics/_shared.py", "metrics/weights.csv", "notes/more/of.txt", "_shared.py"])
def test_every_file_of_a_parts_folder_counts_in_what_a_run_is(path: str) -> None:
    folder = parts("one", "first", "value", "from _shared import value", _shared="value = 0.1")
    digests = []
    for text in ("value = 0.1", "value = 0.2", "value = 0.1"):
        place = Path(folder) / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        digests.append(prepare({**FEW, "parts": folder})[0].digest)
    assert digests[0] == digests[2] != digests[1]


def test_what_is_run_is_what_was_read_for_the_digest_even_if_the_clock_stands_still() -> None:
    import os

    folder = parts("one", "first", "0.25")
    place = Path(folder) / "metrics" / "first.py"
    stamp = place.stat()
    assert run(parts=folder, **FEW).scalars["first"] == 0.25
    place.write_text(place.read_text(encoding="utf-8").replace("0.25", "0.75"), encoding="utf-8")
    os.utime(place, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert run(parts=folder, **FEW).scalars["first"] == 0.75
    assert not list(Path(folder).rglob("__pycache__"))


def test_caches_and_results_in_the_folder_do_not_count() -> None:
    folder = parts("one", "first")
    before = prepare({**FEW, "parts": folder})[0].digest
    for name in ("__pycache__/x.pyc", ".git/index", "outputs/run/manifest.json"):
        (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
        (Path(folder) / name).write_text("x", encoding="utf-8")
    assert prepare({**FEW, "parts": folder})[0].digest == before


def test_luck_of_a_part_keeps_its_name_when_the_folder_changes() -> None:
    imports = "from sim.parts import decision, identity, uniform\nLUCK = decision('tests.threads.luck', __name__)"
    value = "uniform(world.seed, LUCK, world.month, identity('IDN'))"
    first = run(parts=parts("one", "first", value, imports), **FEW).scalars["first"]
    again = run(parts=parts("one", "first", f"{value} + 1.0", imports), **FEW).scalars["first"]
    assert again == pytest.approx(first + 1.0)
