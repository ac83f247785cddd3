"""Live the same configurations at a base commit and here, and compare all they hold bit for bit; run by ``make same``.

What is compared: every array and every table column of the world in three months, and every scalar, series, panel, event, instrument and
offer of the record. Digests are not. The base is checked out into a folder of its own that is removed afterwards, and both trees are lived
with this interpreter and its packages, side by side. What the base holds is kept in ``outputs/same/`` under the base's hash, the driver,
the configuration and the versions, so that a second call lives this tree only; ``--fresh`` takes nothing from there.

Exit codes: 0 all the same; 1 something differs, or does not happen; 2 what was asked for is not there.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import numpy as np
from same_compare import Compared, Moves, Refused, Rename, compare, counted, missing, read_moves, read_renames
from same_worlds import CASES, slug

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
KEPT = Path(os.environ.get("SAME_KEPT") or ROOT / "outputs" / "same").absolute()
"""Where what a base holds is kept; several checkouts may share a folder by the variable ``SAME_KEPT``."""
VERSIONS = ("numpy", "numba", "llvmlite", "scipy", "mesa")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
CONTACTS = ("contact", "attendance")
IDLE = 7 * 86400.0
"""Seconds after which what another driver or version made of a base is dropped."""
AT_MOST = 6
"""Differences told of one configuration; the rest is counted."""


def commit_of(base: str) -> str:
    """Return the full hash of a commit.

    Raises
    ------
    Refused
        If there is none.
    """
    done = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}")
    if done.returncode:
        raise Refused(f"make same: there is no commit {base!r} in the repository at {ROOT}; give BASE a hash, a tag or a branch of it")
    return done.stdout.decode().strip()


def check_plant(plant: str) -> None:
    """Refuse a plant of no known form."""
    kind, _, rest = plant.partition(":")
    try:
        if plant and not (kind == "array" and rest):
            json.loads(rest.split("=", 1)[1] if kind == "setting" and "=" in rest else "")
    except ValueError:
        raise Refused(f"make same: a plant is array:NAME or setting:PATH=VALUE with a number or a word in quotes, not {plant!r}") from None


@contextmanager
def tree_at(commit: str) -> Iterator[Path]:
    """Lay a commit's files out in a folder that is removed afterwards.

    It is the same folder each time, unless another call has it just now: compiled kernels are kept by the path of their source.
    """
    done = _git("archive", "--format=tar", commit)
    if done.returncode:
        raise Refused(f"make same: the files of {commit[:12]} cannot be read: {done.stderr.decode().strip()}")
    KEPT.mkdir(parents=True, exist_ok=True)
    place = KEPT / f".tree-{commit[:12]}"
    try:
        place.mkdir()
    except FileExistsError:
        place = Path(tempfile.mkdtemp(prefix=".tree-", dir=KEPT))
    try:
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as files:
            files.extractall(place, filter="data")
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _git(*words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, check=False)
    except OSError as fault:
        raise Refused(f"make same: git cannot be run, and the base comes from it: {fault}") from None


class Living:
    """A process that lives configurations in one tree."""

    def __init__(self, tree: Path, out: Path, names: list[str], plant: str = "") -> None:
        self.names, self.out, self.at = names, out, "the base" if tree != ROOT else "here"
        door = [sys.executable, str(HERE / "same_live.py"), "--tree", str(tree), "--out", str(out), "--plant", plant, *names]
        environment = {**os.environ, **dict.fromkeys(THREADS, "1"), "PYTHONPATH": str(tree), "PYTHONWARNINGS": ""}
        self._process = subprocess.Popen(door, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def end(self) -> str:
        """Wait for the end, and return what went wrong: a sentence, or nothing."""
        said, fault = self._process.communicate()
        if not self._process.returncode:
            return ""
        lived = len(said.splitlines())
        where = f"in configuration {self.names[lived]!r}" if lived < len(self.names) else "at its end"
        return f"the driver failed {self.at} {where}:\n{fault.strip()}"


def kept_in(commit: str) -> Path:
    """Return the folder in which what a base holds is kept: another driver, part, table, game or version has another folder."""
    whole = hashlib.blake2b(digest_size=8)
    files = [HERE / f"same_{name}" for name in ("live.py", "doors.py", "game.json")]
    for folder in ("same_parts", "same_linked", "same_tables"):
        files += sorted(path for path in (HERE / folder).rglob("*") if path.suffix in (".py", ".csv"))
    for path in files:
        whole.update(f"{path.relative_to(HERE)}\0".encode() + path.read_bytes())
    versions = [platform.python_version(), platform.machine(), platform.node(), *(metadata.version(name) for name in VERSIONS)]
    whole.update("\0".join(versions).encode())
    return KEPT / f"{commit[:12]}-{whole.hexdigest()}"


def file_of(name: str) -> str:
    """Return the name of the file that keeps one configuration at the base."""
    return f"{slug(name)}-{hashlib.blake2b(repr(CASES[name]).encode(), digest_size=6).hexdigest()}.npz"


def live_both(commit: str, here: Path, names: list[str], plant: str, fresh: bool) -> Path:
    """Live the configurations here, and at the base those that are not kept; return the folder that keeps the base's.

    Raises
    ------
    SystemExit
        If a tree cannot be lived.
    """
    kept = kept_in(commit)
    wanted = [name for name in names if fresh or not (kept / file_of(name)).exists()]
    if not wanted:
        # The base is there already: both cores live this tree.
        _ended([Living(ROOT, here, part, plant) for part in (names[::2], names[1::2]) if part])
        return kept
    KEPT.mkdir(parents=True, exist_ok=True)
    with tree_at(commit) as tree, tempfile.TemporaryDirectory(prefix=".part-", dir=KEPT) as part:
        _ended([Living(tree, Path(part), wanted), Living(ROOT, here, names, plant)])
        for old in KEPT.glob("*-*"):
            if time.time() - old.stat().st_mtime > IDLE:
                shutil.rmtree(old, ignore_errors=True)
        kept.mkdir(exist_ok=True)
        for name in wanted:
            os.replace(Path(part) / f"{slug(name)}.npz", kept / file_of(name))
        os.replace(Path(part) / "words.json", kept / "words.json")
    return kept


def _ended(running: list[Living]) -> None:
    faults = [fault for fault in (one.end() for one in running) if fault]
    if faults:
        raise SystemExit("\n".join(faults))


def judged(name: str, base: Path, here: Path, renames: tuple[Rename, ...], moves: tuple[Moves, ...]) -> tuple[Compared, list[str], int]:
    """Compare one configuration and print its lines; return what was found, what it does not show, and how many months it lives."""
    with np.load(base) as old, np.load(here) as new:
        # Read once: an archive reads a name anew each time it is asked.
        held = {key: old[key] for key in old.files}
        found = compare(held, {key: new[key] for key in new.files}, name, renames, moves)
    lacks, months = missing(held, CASES[name].shows), len(held["record/months"])
    verdict = "differs" if found.differences else "shows too little" if lacks else "the same"
    verdict += f", {len(found.allowed)} allowed to differ" if found.allowed else ""
    counts = " ".join(f"{found.counts[kind]:6d}" for kind in ("array", "column", "words", "metric"))
    print(f"{name:<30} {months:6d} {counts}  {verdict}")
    events = counted(held)
    quiet = ", ".join(f"{events.pop(kind, 0)} {kind}" for kind in CONTACTS)
    print(f"    {quiet}; {', '.join(f'{n} {kind}' for kind, n in sorted(events.items(), key=lambda one: (-one[1], one[0])))}")
    for one in found.differences[:AT_MOST]:
        print(f"    {name}, {one}")
    if len(found.differences) > AT_MOST:
        print(f"    and {len(found.differences) - AT_MOST} more")
    for one in lacks:
        print(f"    {name} should show {one} and does not")
    return found, lacks, months


def judge(base: Path, here: Path, names: list[str], renames: tuple[Rename, ...], moves: tuple[Moves, ...]) -> int:
    """Compare all configurations, print the table, and return the exit code."""
    print(f"{'configuration':<30} {'months':>6} {'arrays':>6} {'column':>6} {'words':>6} {'metric':>6}  verdict")
    bad, used, added, first = 0, set[Rename | Moves](), set[str](), ""
    seen: dict[str, Counter[str]] = {}
    for name in names:
        found, lacks, _ = judged(name, base / file_of(name), here / f"{slug(name)}.npz", renames, moves)
        bad += bool(found.differences or lacks)
        used |= found.used
        added |= set(found.added)
        if found.differences and not first:
            first = f"{name}, {found.differences[0]}"
        with np.load(base / file_of(name)) as held:
            for column in ("event", "reason", "channel", "occasion"):
                seen.setdefault(column, Counter()).update(counted(held, column))
    if added:
        print(f"new here: {', '.join(sorted(added))}")
    if len(names) == len(CASES):
        _tell_unused(renames, moves, used)
        words = json.loads((base / "words.json").read_text(encoding="utf-8"))
        unseen = [f"{column} {word}" for column, known in words.items() for word in known if word not in seen[column] and word != "none"]
        print(f"words of the ledger that no configuration shows: {', '.join(unseen) or 'none'}")
    if first:
        print(f"the first difference: {first}")
    return 1 if bad else 0


def _tell_unused(renames: tuple[Rename, ...], moves: tuple[Moves, ...], used: set[Rename | Moves]) -> None:
    for rename in renames:
        if rename not in used:
            print(f"stale: same_renames.csv names {rename.kind} {rename.old}, which the base does not have")
    for move in moves:
        if move not in used:
            print(
                f"stale: same_moves.csv lets {move.kind} {move.name} of {move.configuration} differ (issue {move.issue}), and nothing does"
            )


def main() -> int:
    """Do what is asked for."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--base", default="", help="commit to compare with; without it the one in benchmarks/same_base.txt")
    ask.add_argument("--plant", default="", help="a fault made here on purpose: array:NAME or setting:PATH=VALUE")
    ask.add_argument("--fresh", action="store_true", help="take nothing of the base from outputs/same/")
    ask.add_argument("--keep", type=Path, help="folder in which what this tree holds is kept")
    ask.add_argument("names", nargs="*", help="configurations; all without")
    asked = ask.parse_args()
    began = time.perf_counter()
    try:
        names = asked.names or list(CASES)
        unknown = [name for name in names if name not in CASES]
        if unknown:
            raise Refused(f"make same: there is no configuration {unknown[0]!r}; there are {', '.join(CASES)}")
        check_plant(asked.plant)
        commit = commit_of(asked.base or (HERE / "same_base.txt").read_text(encoding="ascii").strip())
        renames, moves = read_renames(HERE / "same_renames.csv"), read_moves(HERE / "same_moves.csv")
        print(f"base {commit}", flush=True)
        with tempfile.TemporaryDirectory(prefix="same-here-") as place:
            here = asked.keep or Path(place)
            base = live_both(commit, here, names, asked.plant, asked.fresh)
            code = judge(base, here, names, renames, moves)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    print(f"{len(names)} configurations in {time.perf_counter() - began:.0f} s: {'something differs' if code else 'all the same'}")
    return code


if __name__ == "__main__":
    sys.exit(main())
