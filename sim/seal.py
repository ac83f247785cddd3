"""Seals: a file that carries the digest of its own bytes, so that no changed bit goes unseen.

A Parquet file holds its seal in its own footer, as a value of fixed length: the digest is that of all other bytes of the file. Other
programs read the file as any other. A manifest holds the digest of its own content, and a copy of it lies beside it.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from pathlib import Path
from typing import Any, BinaryIO

KEY = "cloud_diplomacy_seal"
EMPTY = "0" * 32
MANIFEST, COPY = "manifest.json", "manifest.copy.json"
SIGNATURE = "manifest_digest"
FIRST_SIGNED = 2
"""The schema, of studies and of run folders, from which manifests are signed; older ones are taken as they are."""
_PIECE = 1 << 20
# In the footer a text stands behind its kind and its length; 32 digits follow.
_MARK = KEY.encode() + b"\x18\x20"


class Damaged(ValueError):
    """A file whose bytes are not those that were written."""


def seal(file: BinaryIO) -> None:
    """Put the digest of a Parquet file's bytes where :data:`EMPTY` stands in its footer."""
    place = _place(file)
    digest = _digest(file, place)
    file.seek(place)
    file.write(digest)
    file.seek(0, os.SEEK_END)


def fault_of(path: Path) -> str | None:
    """Return why a sealed file cannot be trusted, None if it can: every byte of it is read.

    Raises
    ------
    OSError
        If it cannot be read at all.
    """
    with path.open("rb") as file:
        try:
            place = _place(file)
        except Damaged as fault:
            return str(fault)
        file.seek(place)
        told = file.read(len(EMPTY))
        return None if told == _digest(file, place) else "its bytes are not those that were written"


def checked(path: Path) -> Path:
    """Return the path of a sealed file whose bytes are those that were written; a file that has not changed is read once.

    Raises
    ------
    OSError, Damaged
        If it cannot be read, or is damaged.
    """
    stat = path.stat()
    fault = _known(str(path), stat.st_size, stat.st_mtime_ns, stat.st_ino)
    if fault is not None:
        _known.cache_clear()
        raise Damaged(fault)
    return path


@functools.lru_cache(maxsize=256)
def _known(path: str, _size: int, _time: int, _place: int) -> str | None:
    return fault_of(Path(path))


def file_digest(path: Path) -> str:
    """Return the BLAKE2b digest (32 hexadecimal digits) of a file's bytes."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _place(file: BinaryIO) -> int:
    """Return where the seal's digits begin."""
    size = file.seek(0, os.SEEK_END)
    if size < 12:
        raise Damaged("it is cut short")
    file.seek(size - 8)
    tail = file.read(8)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != b"PAR1" or not 0 < length <= size - 12:
        raise Damaged("it is cut short, or not a Parquet file")
    file.seek(size - 8 - length)
    at = file.read(length).rfind(_MARK)
    if at < 0:
        raise Damaged("it carries no seal: it is damaged, or another program wrote it")
    return size - 8 - length + at + len(_MARK)


def _digest(file: BinaryIO, place: int) -> bytes:
    """Return the digest of all bytes of a file but the seal's own."""
    digest = hashlib.blake2b(digest_size=16)
    for first, end in ((0, place), (place + len(EMPTY), file.seek(0, os.SEEK_END))):
        file.seek(first)
        while first < end:
            piece = file.read(min(_PIECE, end - first))
            if not piece:
                break
            digest.update(piece)
            first += len(piece)
    return digest.hexdigest().encode()


def signed(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest with the digest of its content."""
    return {**tree, SIGNATURE: _signature(tree)}


def _signature(tree: dict[str, Any]) -> str:
    rest = {key: value for key, value in tree.items() if key != SIGNATURE}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def read_signed(folder: Path) -> tuple[dict[str, Any], str | None]:
    """Read a manifest, or its copy where the manifest is damaged.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    tuple of (dict, str or None)
        The manifest, and what is wrong with its file where the copy was taken.

    Raises
    ------
    FileNotFoundError
        If the folder holds neither.
    Damaged
        If neither can be trusted: what is wrong with the manifest.
    """
    try:
        return _trusted(folder / MANIFEST), None
    except (OSError, Damaged) as fault:
        if isinstance(fault, FileNotFoundError) and not (folder / COPY).exists():
            raise
        try:
            return _trusted(folder / COPY), f"{folder / MANIFEST} {_why(fault)}; its copy {COPY} is used"
        except (OSError, Damaged):
            raise Damaged(_why(fault)) from None


def copy_fault(folder: Path) -> str | None:
    """Return what is wrong with the copy of a manifest, or None: it must be there, whole and the same."""
    try:
        copy = _trusted(folder / COPY)
    except (OSError, Damaged) as fault:
        return f"{folder / COPY} {_why(fault)}"
    try:
        return None if copy == _trusted(folder / MANIFEST) else f"{folder / COPY} is not the copy of {MANIFEST}"
    except (OSError, Damaged):
        return None


def _trusted(path: Path) -> dict[str, Any]:
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise Damaged(f"is not readable JSON: {fault}") from None
    except RecursionError:
        raise Damaged("is not readable JSON: it is nested too deeply") from None
    if not isinstance(tree, dict):
        raise Damaged("is not a manifest")
    schema = tree.get("schema")
    if isinstance(schema, bool) or not isinstance(schema, int) or schema < 1:
        raise Damaged(f"is damaged: it has schema {schema!r}")
    if schema >= FIRST_SIGNED:
        try:
            whole = _signature(tree) == tree.get(SIGNATURE)
        except ValueError:
            whole = False
        if not whole:
            raise Damaged("is damaged, or was changed by hand: its content is not what its digest says")
    return tree


def _why(fault: Exception) -> str:
    if isinstance(fault, FileNotFoundError):
        return "is missing"
    return f"cannot be read: {fault.strerror or fault}" if isinstance(fault, OSError) else str(fault)


def table_fault(folder: Path, manifest: dict[str, Any], name: str) -> str | None:
    """Return why a table of a run folder cannot be trusted, None if its bytes are those that the manifest tells of.

    A folder of schema 1 tells of none: its tables are taken as they are.
    """
    told = manifest.get("tables")
    if not isinstance(told, dict):
        return None
    if name not in told:
        return "is not one of the tables that the manifest tells of"
    try:
        stat = (folder / name).stat()
        found = _known_file(str(folder / name), stat.st_size, stat.st_mtime_ns, stat.st_ino)
    except OSError as fault:
        return _why(fault)
    return None if found == told[name] else "is not the table that the manifest tells of: it is damaged, or was changed or replaced since"


@functools.lru_cache(maxsize=256)
def _known_file(path: str, _size: int, _time: int, _place: int) -> str:
    return file_digest(Path(path))


def folder_faults(folder: Path) -> list[str]:
    """List what is wrong with a run folder: its manifest and the copy, and the tables that the manifest tells of."""
    try:
        manifest, told = read_signed(folder)
    except (OSError, Damaged) as fault:
        return [f"{folder / MANIFEST} {_why(fault)}"]
    if manifest["schema"] < FIRST_SIGNED or not isinstance(manifest.get("tables"), dict):
        return [f"{folder} was written by an early version, which kept no digests of its files: they cannot be checked"]
    found = [one for one in (told, copy_fault(folder)) if one is not None]
    names = sorted({*manifest["tables"], *(path.name for path in folder.glob("*.parquet"))})
    faults = ((name, table_fault(folder, manifest, name)) for name in names)
    return found + [f"{folder / name} {fault}" for name, fault in faults if fault is not None]
