"""What decides a number besides the seed and the plan: the model's files, the scenarios, the ready configurations, and the versions.

Two runs are the same only where all of it is the same. :func:`decides` names each piece with its digest, so that a refusal can say which
one changed. The model's own files are read once, as this module is imported: a process goes on with the modules that it imported,
whatever happens to the files. :func:`moved` tells whether the files are still those.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from sim.registry.own import read_folder
from sim.types import UserError

MODEL, SCENARIOS, CONFIGS = "the model (sim/)", "the scenarios (scenarios/)", "the ready configurations (configs/)"
PARTS, TABLES = "your own parts", "your own tables in"
VERSIONS = ("numpy", "numba", "scipy")
Stamp = tuple[tuple[str, int, int, int], ...]

_ROOT = Path(__file__).resolve().parent
OURS, EVERY, FLAT = "ours", "every", "flat"


def _files(folder: Path, *, which: str = OURS) -> Iterator[tuple[str, str]]:
    """Give the files below a folder by name, with their paths: those of ours that are no prose, every file, or the tables at its top."""
    found = []
    if which == FLAT:
        yield from sorted((name, str(folder / name)) for name in os.listdir(folder) if name.lower().endswith(".csv"))
        return
    for place, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name != "__pycache__" and (which == EVERY or not name.startswith("."))]
        kept = (name for name in names if not name.endswith(".pyc"))
        found += [os.path.join(place, name) for name in kept if which == EVERY or (not name.startswith(".") and not name.endswith(".md"))]
    start = len(str(folder)) + 1
    yield from sorted((path[start:].replace(os.sep, "/"), path) for path in found)


def folder_digest(folder: Path, *, which: str = OURS) -> str:
    """Return the BLAKE2b digest (32 hexadecimal digits) of all files below a folder, names included, or of the tables at its top."""
    digest = hashlib.blake2b(digest_size=16)
    for name, path in _files(folder, which=which):
        with open(path, "rb") as file:
            content = file.read()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def stamp_of(folder: Path, *, which: str = OURS) -> Stamp:
    """Return what tells cheaply that files may have changed: names, sizes, times and places on the disk."""
    stamps = []
    for name, path in _files(folder, which=which):
        stat = os.stat(path)
        stamps.append((name, stat.st_size, stat.st_mtime_ns, stat.st_ino))
    return tuple(stamps)


def package_folder(name: str) -> Path:
    """Return where the scenarios or the ready configurations lie, in a checkout or installed."""
    beside = _ROOT.parent / name
    if beside.is_dir():
        return beside
    import importlib

    return Path(str(importlib.import_module(name).__file__)).parent


_LOADED = folder_digest(_ROOT)


def source_digest() -> str:
    """Return the BLAKE2b digest of the model as this process loaded it, of the scenarios and of the ready configurations."""
    whole = hashlib.blake2b(digest_size=16)
    for part in (_LOADED, folder_digest(package_folder("scenarios")), folder_digest(package_folder("configs"))):
        whole.update(part.encode())
    return whole.hexdigest()


def versions() -> dict[str, str]:
    """Return the versions that numbers rest on: Python, NumPy, Numba and SciPy; those loaded, where they are."""
    found = {"python": platform.python_version()}
    for name in VERSIONS:
        loaded = getattr(sys.modules.get(name), "__version__", None)
        found[name] = str(loaded) if loaded is not None else metadata.version(name)
    return found


def decides(parts: Path | None = None, tables: tuple[str, ...] = ()) -> dict[str, str]:
    """Name everything that decides a number, each with its digest or version.

    Parameters
    ----------
    parts : Path or None
        The folder of a user's parts: all files in it count, whoever reads them. Nothing in it is run.
    tables : tuple of str
        Folders of a user's tables.
    """
    found = {
        MODEL: _LOADED,
        SCENARIOS: folder_digest(package_folder("scenarios")),
        CONFIGS: folder_digest(package_folder("configs")),
        **versions(),
    }
    if parts is not None:
        found[PARTS] = _parts_digest(parts)
    return {**found, **{f"{TABLES} {folder}": _or_missing(Path(folder), which=FLAT) for folder in tables}}


def _parts_digest(parts: Path) -> str:
    try:
        return read_folder(parts).digest if parts.is_dir() else "missing"
    except UserError:
        return "missing"


def _or_missing(folder: Path, *, which: str = OURS) -> str:
    try:
        return folder_digest(folder, which=which)
    except OSError:
        return "missing"


def differences(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """List what differs, each with both digests or versions."""
    told = {key: (str(before.get(key, "none"))[:8], str(now.get(key, "none"))[:8]) for key in {**before, **now}}
    return [f"{key} ({old}, now {new})" for key, (old, new) in told.items() if before.get(key) != now.get(key)]


class Watched:
    """Folders that must not change while a process works with what it read from them.

    Parameters
    ----------
    parts : Path or None
        The folder of a user's parts.
    tables : tuple of str
        Folders of a user's tables.
    """

    def __init__(self, parts: Path | None = None, tables: tuple[str, ...] = ()) -> None:
        self._places = [(place, OURS) for place in (_ROOT, package_folder("scenarios"), package_folder("configs"))]
        self._places += [] if parts is None else [(parts, EVERY)]
        self._places += [(Path(folder), FLAT) for folder in tables]
        self._known = {place: (stamp_of(place, which=which), folder_digest(place, which=which)) for place, which in self._places}

    def moved(self) -> list[Path]:
        """List the folders whose content is another now: sizes and times are looked at, and the content only where those differ."""
        found = []
        for place, which in self._places:
            stamp, digest = self._known[place]
            try:
                now = stamp_of(place, which=which)
                same = now == stamp or folder_digest(place, which=which) == digest
            except OSError:
                same = False
            if same:
                self._known[place] = now, digest
            else:
                found.append(place)
        return found


def model_moved() -> bool:
    """Say whether the model's files are others now than those this process loaded."""
    return folder_digest(_ROOT) != _LOADED
