"""A run in one file for another person: ``manifest.json``, the user's own tables and parts, and a few lines on how to run it again.

A bundle is unpacked to a temporary folder. Only names that a bundle has are taken from it, whatever else the archive holds: none that leads
out of the folder, no links, no more than a bundle may weigh.
"""

from __future__ import annotations

import json
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sim.files import named, partial_name
from sim.folder import new_folder
from sim.older.forms import as_written, writer
from sim.repeat.recorded import Recorded, recorded
from sim.repeat.rerun import reassembled
from sim.seal import MANIFEST
from sim.types import UserError

TABLES, PARTS, README = "tables", "parts", "README.txt"
MOST_FILES, MOST_BYTES = 2_000, 500_000_000
_STEP = re.compile(r"[^/\\:\x00-\x1f]{1,120}")
_DATE = (1980, 1, 1, 0, 0, 0)


def is_bundle(path: Path) -> bool:
    """Say whether a path is a bundle, by its ending."""
    return path.suffix.lower() == ".zip"


def write_bundle(known: Recorded, target: Path, *, trust: bool = False) -> Path:
    """Pack a stored run with its tables and parts.

    Raises
    ------
    UserError
        If tables or parts are gone or have changed since the run, or the file cannot be written.
    """
    setting = reassembled(known, trust)
    if setting.digest != known.manifest["config_digest"] and writer(known.manifest) is None:
        raise UserError(f"{known.path}: tables or parts changed since the run, so that a bundle would not repeat it")
    files = {MANIFEST: json.dumps(as_written(known.manifest), indent=1, sort_keys=True).encode(), README: _readme(known, target).encode()}
    for room, folder in ((TABLES, known.tables), (PARTS, known.parts)):
        if folder is not None:
            files |= {f"{room}/{place}": path.read_bytes() for place, path in _inside(folder)}
    if target.exists() and not target.is_file():
        raise UserError(f"{target} is no ordinary file, so no bundle is written over it")
    temporary = target.with_name(partial_name(target.name))
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
        temporary.rename(target)
    except OSError as fault:
        fault = named(fault, target)
        raise UserError(f"{target} cannot be written: {fault.strerror or fault}") from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return target


def _inside(folder: Path) -> list[tuple[str, Path]]:
    """List the files of a folder that belong in a bundle, by their place in it: none hidden, none that Python compiled."""
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}: the run's own tables or parts are gone")
    found = []
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_file() and not any(step.startswith(".") or step == "__pycache__" for step in place.parts):
            found.append((place.as_posix(), path))
    if len(found) > MOST_FILES or sum(path.stat().st_size for _, path in found) > MOST_BYTES:
        most = f"{MOST_FILES:,} files, {MOST_BYTES // 1_000_000} MB"
        raise UserError(f"{folder} holds more than a bundle takes ({most}); keep only what the run reads")
    return found


def _readme(known: Recorded, target: Path) -> str:
    code = " trust=true" if known.parts is not None else ""
    versions = ", ".join(f"{name} {version}" for name, version in sorted(known.manifest.get("versions", {}).items()))
    return (
        f"A run of Cloud Diplomacy. Run it again and compare it, digest by digest:\n\n    python -m sim rerun {target.name}{code}\n\n"
        + ("Look at the Python code in parts/ first: trust=true runs it.\n" if code else "")
        + f"It was run with {versions}; commit {known.manifest.get('commit')}, source {known.manifest.get('source_digest')}.\n"
    )


@contextmanager
def unpacked(path: Path, outputs: Path | None = None) -> Iterator[Recorded]:
    """Unpack a bundle to a temporary folder, which is gone afterwards.

    Where a run folder is written in ``outputs``, the bundle stays unpacked beside it: that run's command names its tables and parts.

    Raises
    ------
    UserError
        If it is no bundle, is damaged, or holds what a bundle never holds.
    """
    stays = None if outputs is None else new_folder(outputs.absolute(), f"{path.stem}-unpacked")
    with TemporaryDirectory(prefix="cloud-diplomacy-bundle-") if stays is None else nullcontext(str(stays)) as name:
        place = Path(name)
        try:
            with zipfile.ZipFile(path) as archive:
                _extract(archive, path, place)
        except FileNotFoundError:
            raise UserError(f"there is no {path}") from None
        except OSError as fault:
            raise UserError(f"{path} cannot be read: {fault.strerror or fault}") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as fault:
            raise UserError(f"{path} is no bundle, or damaged: {' '.join(str(fault).split())[:150]}") from None
        known = recorded(place / MANIFEST)
        rooms = {room: place / room if (place / room).is_dir() else None for room in (TABLES, PARTS)}
        if known.tables is not None and rooms[TABLES] is None:
            raise UserError(f"{path} lacks the tables that its run reads")
        if known.parts is not None and rooms[PARTS] is None:
            raise UserError(f"{path} lacks the parts that its run needs")
        yield replace(known, path=path, tables=rooms[TABLES], parts=rooms[PARTS])


def _extract(archive: zipfile.ZipFile, path: Path, place: Path) -> None:
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) > 2 * MOST_FILES or sum(one.file_size for one in members) > 2 * MOST_BYTES:
        raise UserError(f"{path} is too large to be a bundle")
    seen = set()
    for member in members:
        steps = PurePosixPath(member.filename).parts
        inside = member.filename in (MANIFEST, README) or (len(steps) > 1 and steps[0] in (TABLES, PARTS))
        fine = inside and all(_STEP.fullmatch(step) and step not in (".", "..") for step in steps)
        if not fine or stat.S_ISLNK(member.external_attr >> 16) or member.filename in seen:
            raise UserError(f"{path} is no bundle: it holds {member.filename!r}, which no bundle does")
        seen.add(member.filename)
        target = place.joinpath(*steps)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("xb") as file:
            shutil.copyfileobj(source, file)
