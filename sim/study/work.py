"""What a worker does: some runs of a study, written as one shard. Any process that sees the folder can do it, on any machine.

A run's identity is its content: the digest of its configuration (canonical form, run settings left out) and of the data it reads, of the
model's source and the user's parts, its draw and its seed.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import os
import platform
import shutil
import threading
import time
import traceback
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sim import engine
from sim.folder import describe, partial_name, write_manifest, write_runs, write_table
from sim.params import canonical, configure
from sim.recorder import RunData
from sim.registry import current, own_digest, using
from sim.sameness import TABLES
from sim.seal import MANIFEST
from sim.single import load_parts, one_run
from sim.state.world import Setting
from sim.study import asked, limits, lone
from sim.study.design import Row, in_ranges, rows_of
from sim.study.draws import Configurations
from sim.study.gathered import Gathered
from sim.study.notes import History, Mine, at_work, history, settle
from sim.study.own import own_design
from sim.study.plan import Plan
from sim.study.same import DECIDES, parts_in, same_code, still_same, watched
from sim.study.shards import SERIES, SHARDS, fault_in, read_shard, shard_names
from sim.study.store import KEPT, Round, plan_in, read_manifest, run_folder
from sim.types import UserError

Ranges = tuple[tuple[int, int], ...]
_LONGEST_ERROR = 2000
_LOOKED_AT = 2000
_SETTINGS = 16


class Worker:
    """Runs rows of one study; keeps what rows have in common, so that only the first of a configuration pays for it."""

    def __init__(self, folder: Path) -> None:
        manifest = read_manifest(folder)
        # Before the parts are imported; and once more when all that a run reads has been read.
        same_code(folder, manifest)
        self._watch = watched(manifest)
        load_parts(parts_in(manifest))
        self.shelves = current()
        self.folder, self.code = folder, code_of(manifest)
        self.plan: Plan = plan_in(manifest)
        own_design(folder, manifest)
        self.paths = [factor.path for factor in self.plan.factors]
        self.configurations = Configurations(self.plan)
        self.configurations.read_all()
        same_code(folder, manifest)
        self._name, self._parts, self._made_with = manifest["id"], manifest["parts"], manifest
        self.timed = False
        self._latest: dict[tuple[str, bool], tuple[int, Setting]] = {}

    def setting(self, row: Row) -> Setting:
        """Return the setting of a row; rosters and partners are shared with the latest of its scenario where they are the same."""
        key = (row.scenario, row.twin)
        latest = self._latest.get(key)
        if latest is None or latest[0] != row.draw:
            # A scenario's first takes over from the latest of any other: many have months and roster in common.
            like = latest or next(reversed(self._latest.values()), None)
            config, text = self.configurations.written(row)
            latest = row.draw, engine.assemble(config, None if like is None else like[1], text)
            if len(self._latest) >= _SETTINGS and key not in self._latest:
                self._latest.pop(next(iter(self._latest)))
            self._latest[key] = latest
        return latest[1]

    def identity(self, row: Row, setting: Setting) -> str:
        """Return the identity of a run: 32 hexadecimal digits."""
        return identity_of(setting.digest, self.code, row)

    def shard(self, which: Round, part: Ranges, *, alone: bool = False) -> dict[str, Any]:
        """Run some rows and write their shard, unless it is there already; return counts for the progress bar.

        Runs go one by one in a process that may die (:mod:`sim.study.lone`) if ``alone`` says so, if an earlier attempt died, or if
        they are timed in a thread where they cannot be ended. Where this process is asked to leave, the shard ends with the run at hand.
        """
        with using(self.shelves):
            return self._shard(which, part, alone=alone)

    def _shard(self, which: Round, part: Ranges, *, alone: bool) -> dict[str, Any]:
        wanted = sum(end - first for first, end in part)
        path = self.folder / SHARDS / which.shard(part)
        if path.exists() and fault_in(path) is None:
            return {"runs": wanted, "failed": 0}
        gathered = Gathered(which.number, monthly=self.plan.record == "series")
        with at_work(self.folder, path.name, part) as note:
            before = history(self.folder, path.name, part)
            alone = alone or before.died or (self.plan.run_timeout is not None and not self.timed)
            rows = rows_of(self.folder, part, self.paths)
            for _ in self._alone(rows, gathered, note, before) if alone else self._together(rows, gathered, note):
                if asked.ending():
                    break
            if 0 < len(gathered) < wanted:
                part = tuple(in_ranges(np.sort(gathered.runs)))
                path = path.with_name(which.shard(part))
            if len(gathered):
                self._write(path, gathered)
        if alone:
            settle(self.folder, part)
        return {"runs": len(gathered), "failed": gathered.failed}

    def _together(self, rows: Iterable[Row], gathered: Gathered, note: Mine) -> Iterator[int]:
        """Live runs in this process; give how many are done after each."""
        for row in rows:
            self.one(row, gathered)
            note.beat()
            yield len(gathered)

    def _alone(self, rows: Iterable[Row], gathered: Gathered, note: Mine, before: History) -> Iterator[int]:
        """Live runs one by one in processes that may die, but for those during which a whole job died already."""
        every = list(rows)
        left = [row for row in every if row.run not in before.killers]
        for row, what, took in lone.lived(self, gathered.number, left, note, self.plan.run_timeout):
            if isinstance(what, Gathered):
                gathered.join(what)
            else:
                gathered.add(row, took, None, error=what, config=self._config_of(row))
            note.beat()
            yield len(gathered)
        if len(gathered) == len(left):
            said = "the whole job was killed while this run was lived alone (too little memory, or the job's time?)"
            for row in every:
                if row.run in before.killers:
                    gathered.add(row, 0.0, None, error=said, config=self._config_of(row))

    def _write(self, path: Path, gathered: Gathered) -> None:
        still_same(self.folder, self._watch)
        months = gathered.months()
        if months is not None:
            # Before the shard: series whose shard is not there are not looked at.
            (self.folder / SERIES).mkdir(exist_ok=True)
            write_table(self.folder / SERIES / path.name, months)
        write_table(path, gathered.table(self._name))

    def warm(self) -> None:
        """Load the compiled kernels with a small run of the plain world, so that loading is not counted as time of the first run."""
        if self.plan.run_timeout is not None:
            tree = {"roster": {"states": ["DEU", "USA"]}, "start": "2019-11", "end": "2019-12"}
            with contextlib.suppress(Exception), using(self.shelves):
                one_run(engine.assemble(configure(tree)), 0, "scalars")

    def one(self, row: Row, gathered: Gathered) -> None:
        """Live one run; whatever goes wrong in it is part of the result."""
        begun = time.perf_counter()
        tier = self.plan.record
        if row.run in self.plan.keep_runs:
            tier = self.plan.keep_record
        try:
            setting = self.setting(row)
            with limits.within(self.plan.run_timeout if self.timed else None):
                data = one_run(setting, row.seed, tier)
            if row.run in self.plan.keep_runs:
                self._keep(row, setting, data)
        except OSError:
            raise  # the disk is full or the folder has gone: not this run's fault, and the next would fail too
        except (Exception, SystemExit, limits.PastItsTime) as fault:
            said = " ".join(traceback.format_exception_only(fault)[-1].split())
            where = "" if isinstance(fault, UserError) else f" [{_place(fault)}]"
            if isinstance(fault, limits.PastItsTime):
                said, where = f"the run went past study.run_timeout = {self.plan.run_timeout:g} s and was ended", ""
            took = time.perf_counter() - begun
            gathered.add(row, took, None, error=f"{said}{where}"[:_LONGEST_ERROR], config=self._config_of(row))
        else:
            gathered.add(row, time.perf_counter() - begun, data, self.identity(row, setting))

    def _config_of(self, row: Row) -> str:
        return canonical({**self.configurations.tree(row), "seed": row.seed})

    def _keep(self, row: Row, setting: Setting, data: RunData) -> None:
        """Write one chosen run as a run folder of its own, made under another name and then given its own."""
        folder = self.folder / KEPT / run_folder(row.run)
        if (folder / "manifest.json").exists():
            return
        temporary = folder.with_name(partial_name(folder.name))
        temporary.mkdir(parents=True, exist_ok=True)
        write_runs(temporary, setting, [data], self.plan.keep_record)
        words = {"seed": row.seed, "seeds": [row.seed], "record": self.plan.keep_record, "counterfactual": row.twin}
        more = {
            "parts": self._parts,
            "parts_digest": own_digest() or None,
            **{key: self._made_with[key] for key in ("source_digest", "versions", DECIDES)},
            "study_run": row.run,
            "identity": self.identity(row, setting),
            "digests": {str(row.seed): data.digest},
        }
        write_manifest(temporary, {**describe(setting), **words, **more})
        put_in_place(temporary, folder)


def code_of(manifest: dict[str, Any]) -> str:
    """Return the part of every identity that stands for code and versions; the digest of a setting stands for the tables."""
    pieces = {key: value for key, value in manifest[DECIDES].items() if not key.startswith(TABLES)}
    return hashlib.blake2b(canonical(pieces).encode(), digest_size=16).hexdigest()


def identity_of(setting: str, code: str, row: Row) -> str:
    """Return the identity of a run from the digest of its setting and of the code: 32 hexadecimal digits."""
    return hashlib.blake2b(f"{setting} {code} {row.draw} {row.seed}".encode(), digest_size=16).hexdigest()


def put_in_place(made: Path, folder: Path) -> None:
    """Give a run folder its name; where another worker was quicker, its folder stays and this one goes: they hold the same run."""
    try:
        made.replace(folder)
    except OSError:
        if (folder / MANIFEST).exists():
            shutil.rmtree(made, ignore_errors=True)
            return
        # What lies there is no result: it goes where dead writers' leavings are cleared.
        folder.rename(folder.with_name(partial_name(f"no-result-{folder.name}")))
        made.replace(folder)


@functools.lru_cache(maxsize=4)
def _worker_of(folder: str, _manifest: tuple[int, int], _thread: int) -> Worker:
    worker = Worker(Path(folder))
    # Only in a process of a pool of our own: ending it ends nothing else, and its parent looks after it.
    worker.timed = asked.is_worker() and limits.can_be_timed()
    if worker.timed:
        worker.warm()
    return worker


def work(folder: str, which: Round, part: Ranges, alone: bool = False) -> dict[str, Any]:
    """Do one shard: the task every engine hands out. Returns the runs done and how many of them failed, and who did them how fast."""
    place = Path(folder)
    begun = time.monotonic()
    with asked.at_hand():
        stat = (place / "manifest.json").stat()
        done = _worker_of(folder, (stat.st_mtime_ns, stat.st_ino), threading.get_ident()).shard(which, part, alone=alone)
    return {**done, "shard": which.shard(part), "seconds": time.monotonic() - begun, "memory": memory(), "host": platform.node()}


def memory() -> int:
    """Return the most memory that this process has had, in bytes."""
    import sys

    try:
        import resource
    except ImportError:  # Windows
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def remaining(folder: Path, which: Round, parts: Iterable[Ranges]) -> Iterator[Ranges]:
    """Give what is left of some parts: a process that was asked to leave has written shards shorter than planned."""
    written = [
        (int(words[1]), int(words[2]), name) for name in shard_names(folder) if int((words := name[:-8].split("-"))[3]) == which.number
    ]
    firsts = [first for first, _, _ in written]
    for part in parts:
        whole = which.shard(part)
        lo, hi = bisect_left(firsts, part[0][0]), bisect_left(firsts, part[-1][1])
        there = [name for _, last, name in written[lo:hi] if last < part[-1][1] and fault_in(folder / SHARDS / name) is None]
        if whole in there:
            continue
        done = {run for name in there for run in read_shard(folder / SHARDS / name, ["run"]).column("run").to_pylist()}
        if not done:
            yield part
        elif left := [run for first, end in part for run in range(first, end) if run not in done]:
            yield tuple(in_ranges(np.array(left)))


def compile_kernels(folder: str, which: Round) -> int:
    """Live one run of each scenario, twin and protocol near the beginning of a round, and write nothing: kernels are then on the disk.

    Returns the number of runs lived. Those that fail are left for the round itself to tell.
    """
    worker, seen = Worker(Path(folder)), set()
    for row in itertools.islice(rows_of(worker.folder, which.ranges, worker.paths), _LOOKED_AT):
        key = (row.scenario, row.twin, row.values.get("protocol"))
        if key not in seen:
            seen.add(key)
            with contextlib.suppress(Exception):
                one_run(worker.setting(row), row.seed, "scalars")
    return len(seen)


def prepare_process() -> None:
    """Make a spawned worker leave when its parent does, and leave Ctrl-C to the parent."""
    import multiprocessing
    import multiprocessing.connection
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked.listen_as_worker()
    asked.die_with_parent()
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch(sentinel: int) -> None:
        multiprocessing.connection.wait([sentinel])
        os._exit(130)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()


def _place(fault: BaseException) -> str:
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
