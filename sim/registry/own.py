"""A user's folder of parts: read once as a whole, told by one digest, and imported as one package from what was read.

Every file in the folder counts in the digest, also data and helpers, because any of them may decide a number. The code that runs is the
code that was read for the digest: nothing is read again, and no compiled file is kept beside it. The package's name holds the place and
the digest, so files of one name in two folders, or two states of one folder, are different modules and live side by side.

Inside the folder ``from ._shared import x`` works, and so does ``from _shared import x`` for a file whose name begins with ``_``: it is
looked for beside the part, then at the top of the folder.
"""

from __future__ import annotations

import builtins
import hashlib
import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.types import OWN, UserError

LEFT_OUT = frozenset(
    ("__pycache__", ".git", ".hg", ".svn", ".ipynb_checkpoints", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".DS_Store", "outputs")
)
"""Names in a parts folder that are no part of it: caches, histories, results."""
MOST_FILES, MOST_BYTES = 5_000, 2**30
_CHUNK = 2**20


@dataclass(frozen=True)
class OwnFolder:
    """A folder of parts as it was read.

    Attributes
    ----------
    place : Path
        Where it lies.
    digest : str
        Of the names and contents of all its files.
    sources : mapping of str to bytes
        Its Python files, by path in the folder.
    files : mapping of str to str
        Digest of each file, by path in the folder.
    """

    place: Path
    digest: str
    sources: Mapping[str, bytes]
    files: Mapping[str, str]

    @property
    def package(self) -> str:
        """Name of the package its files are imported as."""
        place = hashlib.blake2b(str(self.place).encode(), digest_size=4).hexdigest()
        return f"{OWN}{place}_{self.digest[:16]}"

    def parts(self, room: str) -> list[str]:
        """List the Python files of one subfolder that are parts, by path in the folder; names that begin with ``_`` are helpers."""
        inside = (path for path in self.sources if path.startswith(f"{room}/") and path.count("/") == 1)
        return sorted(path for path in inside if not path.rsplit("/", 1)[1].startswith("_"))


def own_files(folder: Path) -> list[Path]:
    """List the Python files in a user's folder for one shelf, sorted; those whose names begin with ``_`` are no parts."""
    return sorted(path.resolve() for path in folder.glob("*.py") if not path.name.startswith("_") and path.is_file())


def read_folder(folder: Path) -> OwnFolder:
    """Read a folder of parts.

    Raises
    ------
    UserError
        If a file in it cannot be read, or it holds far more than parts and what they read.
    """
    place = folder.resolve()
    sources: dict[str, bytes] = {}
    files: dict[str, str] = {}
    size = 0
    for path in _files_under(place):
        name = path.relative_to(place).as_posix()
        try:
            size += path.stat().st_size
            if len(files) >= MOST_FILES or size > MOST_BYTES:
                raise UserError(
                    f"parts={folder} holds over {MOST_FILES:,} files or a gigabyte; a parts folder holds parts and what they read only"
                )
            digest = hashlib.blake2b(digest_size=16)
            with path.open("rb") as file:
                if name.endswith(".py"):
                    sources[name] = file.read()
                    digest.update(sources[name])
                else:
                    while chunk := file.read(_CHUNK):
                        digest.update(chunk)
            files[name] = digest.hexdigest()
        except OSError as fault:
            raise UserError(f"parts={folder}: {name} cannot be read: {fault.strerror or fault}") from None
    whole = hashlib.blake2b("\n".join(f"{name} {files[name]}" for name in sorted(files)).encode(), digest_size=16)
    return OwnFolder(place, whole.hexdigest(), sources, files)


def _files_under(place: Path) -> Iterator[Path]:
    """Give every file under a folder, through links too, each folder once."""
    seen = set()
    for root, folders, names in os.walk(place, followlinks=True):
        real = os.path.realpath(root)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        for name in sorted(names):
            path = Path(root) / name
            if name not in LEFT_OUT and not name.endswith(".pyc") and path.is_file():
                yield path


_READ: dict[str, OwnFolder] = {}
"""Folders whose files may be imported, by the name of their package."""


def open_package(folder: OwnFolder) -> str:
    """Let a folder's files be imported, and return the name of its package."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())
    _READ[folder.package] = folder
    return folder.package


def close_package(package: str) -> None:
    """Forget a folder's modules: what was imported from it is as if it had not been."""
    _READ.pop(package, None)
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        sys.modules.pop(name, None)


def _path_of(module: str) -> tuple[OwnFolder, str, bool] | None:
    """Return the folder, the path in it and whether it is a package, of a module of a user's; None where there is none."""
    root, _, rest = module.partition(".")
    folder = _READ.get(root)
    if folder is None:
        return None
    path = rest.replace(".", "/")
    for name, package in ((f"{path}/__init__.py".lstrip("/"), True), (f"{path}.py", False)):
        if name in folder.sources:
            return folder, name, package
    if not path or any(name.startswith(f"{path}/") for name in folder.sources):
        return folder, "", True
    return None


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the modules of folders that were read."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """Return how a module is loaded, None where it is not a user's."""
        found = _path_of(fullname) if fullname.startswith(OWN) else None
        if found is None:
            return None
        folder, name, package = found
        origin = str(folder.place / name) if name else None
        spec = importlib.machinery.ModuleSpec(fullname, _Loader(folder.sources[name] if name else b""), origin=origin, is_package=package)
        spec.has_location = origin is not None
        return spec


class _Loader(importlib.abc.Loader):
    """Runs a module from the bytes that were read."""

    def __init__(self, source: bytes) -> None:
        self._source = source

    def create_module(self, spec: Any) -> None:
        """Take the usual kind of module."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module; its ``import`` statement also finds helpers of its folder."""
        vars(module)["__builtins__"] = {**vars(builtins), "__import__": _importing(str(module.__package__))}
        exec(compile(self._source, vars(module).get("__file__", "<folder>"), "exec", dont_inherit=True), vars(module))

    def get_source(self, _name: str) -> str:
        """Return the text, for tracebacks."""
        return self._source.decode("utf-8", "replace")


def _importing(package: str) -> Callable[..., Any]:
    """Return the ``import`` of modules in a package: a name that begins with ``_`` is looked for there and above, then everywhere."""
    steps = package.split(".")

    def own_import(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        # ``from . import _x`` has no name of its own: what it asks for stands in the list.
        asked = name or next((one for one in fromlist or () if one.startswith("_")), "")
        head = asked.partition(".")[0]
        if level in (0, 1) and head.startswith("_"):
            for up in range(len(steps)):
                if _path_of(".".join([*steps[: len(steps) - up], head])) is not None:
                    return builtins.__import__(name, {"__package__": package}, locals, fromlist, up + 1)
        return builtins.__import__(name, globals, locals, fromlist, level)

    return own_import
