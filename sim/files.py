"""Files on disks that fail: one more try where a network file system lost sight of a file, and faults that always name their file.

``ESTALE`` and ``EIO`` are what NFS and Lustre answer while a server restarts: the same call made again commonly succeeds. Any other fault
of a disk (full, over quota, read-only, too large a file, no permission) is told in one sentence; it is never a fault of the model.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import platform
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sim.types import UserError

T = TypeVar("T")
_AGAIN = (errno.ESTALE, errno.EIO)
_FAULTS = """
EACCES EBUSY EDQUOT EEXIST EFBIG EIO EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENODEV ENOENT ENOLCK ENOSPC ENOTCONN ENOTDIR ENOTEMPTY ENXIO
EPERM EREMOTEIO EROFS ESTALE ETIMEDOUT EHOSTDOWN
"""
_OF_DISKS = frozenset(getattr(errno, name) for name in _FAULTS.split() if hasattr(errno, name))
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
_NO_LINKS = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL, errno.EXDEV)


def tried(action: Callable[[], T], path: Path) -> T:
    """Do something with a file, and once more where its file system lost sight of it.

    Raises
    ------
    OSError
        If it fails, with the file's name in it.
    """
    try:
        return action()
    except OSError as fault:
        if fault.errno not in _AGAIN:
            raise named(fault, path) from None
    try:
        return action()
    except OSError as fault:
        raise named(fault, path) from None


def named(fault: OSError, path: Path) -> OSError:
    """Return a fault of a disk with the name of its file: writing and flushing leave it out."""
    half = isinstance(fault.filename, str) and fault.filename.endswith(".partial")
    if (fault.filename is not None and not half) or fault.errno is None:
        return fault if fault.errno is not None else OSError(f"{path}: {' '.join(str(fault).split())}")
    return OSError(fault.errno, os.strerror(fault.errno), str(path))


def sentence(fault: OSError) -> str | None:
    """Say in a sentence what a disk would not do; None where it is not of the disk's making."""
    if isinstance(fault, BrokenPipeError) or (fault.errno is not None and fault.errno not in _OF_DISKS):
        return None
    if fault.errno is None:
        return f"a file cannot be read or written: {' '.join(str(fault).split())}" if fault.args else None
    can = "cannot write" if fault.errno in _FULL else "cannot read or write"
    return f"{can} {fault.filename or 'a file'}: {os.strerror(fault.errno)}"


def read_text(path: Path) -> str:
    """Read a text file.

    Raises
    ------
    OSError, UnicodeDecodeError
        If it cannot be read.
    """
    return tried(lambda: path.read_text(encoding="utf-8"), path)


def read_json(path: Path) -> Any:
    """Read what a JSON file holds.

    Raises
    ------
    FileNotFoundError
        If there is none.
    UserError
        If it cannot be read, or is not JSON: one sentence.
    """
    try:
        return json.loads(read_text(path))
    except FileNotFoundError:
        raise
    except OSError as fault:
        raise UserError(f"{path} cannot be read: {fault.strerror or fault}") from None
    except RecursionError:
        raise UserError(f"{path} cannot be read: it is nested too deeply") from None
    except ValueError as fault:
        raise UserError(f"{path} cannot be read: it is not JSON ({' '.join(str(fault).split())[:150]})") from None


def write_text(path: Path, text: str) -> None:
    """Write a text under another name, flush it to the disk, and give it its name: it is there whole or not at all.

    What is no ordinary file (``/dev/stdout``, a pipe) is written to as it is.

    Raises
    ------
    OSError
        If it cannot be written, with the file's name in it.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        return tried(lambda: _poured(path, text), path)
    temporary = path.with_name(_partial_of(path))

    def write() -> None:
        _flushed(temporary, text)
        temporary.rename(path)

    try:
        tried(write, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    flush_folder(path.parent)
    return None


def write_new(path: Path, text: str) -> bool:
    """Write a text to a name that is free, whole or not at all; return False where the name is taken.

    Two that write at once never both succeed. A file system without hard links gets a note beside the file that reserves its name.

    Raises
    ------
    OSError
        If it cannot be written, with the file's name in it.
    """
    temporary = path.with_name(_partial_of(path))
    try:
        tried(lambda: _flushed(temporary, text), path)
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        except OSError as fault:
            if fault.errno not in _NO_LINKS:
                raise named(fault, path) from None
            return _reserved(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    flush_folder(path.parent)
    return True


def _reserved(temporary: Path, path: Path) -> bool:
    note = path.with_name(f".{path.name}.taken")
    try:
        os.close(os.open(note, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    try:
        if path.exists():
            return False
        temporary.rename(path)
    finally:
        note.unlink(missing_ok=True)
    return True


def _flushed(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _poured(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _partial_of(path: Path) -> str:
    """Name a file that is being written by this thread: two threads may write to one name at once, as two processes may."""
    return partial_name(f"{path.name}-{threading.get_ident()}")


def partial_name(name: str) -> str:
    """Name a file that is being written: hidden, and this process's own."""
    return f".{name}.{platform.node() or 'here'}.{os.getpid()}.partial"


def is_orphan(path: Path) -> bool:
    """Say whether a file that is being written is this machine's and its writer is gone."""
    process = path.name.split(".")[-2]
    here = partial_name("").removeprefix("..").removesuffix(f".{os.getpid()}.partial")
    if not path.name.endswith(f".{here}.{process}.partial") or not process.isdigit():
        return False
    return Path("/proc/self").exists() and not (Path("/proc") / process).exists()


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
