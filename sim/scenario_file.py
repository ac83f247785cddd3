"""A scenario in a file of one's own: read once, as data, and carried from then on as its name, its place and its whole text.

What a file names lies beside it: a path in it is relative to its folder and does not lead out of it, neither by ``..`` nor by a link. So a
file of somebody else's runs no code and reads nothing but what came with it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.reader import file_text
from sim.types import UserError

ENDINGS = (".yaml", ".yml")
KEYS = ("name", "file", "text")
_NAME = re.compile(r"[^\W_][\w-]{0,79}")


def is_file(scenario: Any) -> bool:
    """Say whether ``scenarios=`` names a file and no scenario on the shelf."""
    return isinstance(scenario, (str, os.PathLike)) and os.fspath(scenario).endswith(ENDINGS)


def is_read(scenario: Any) -> bool:
    """Say whether this is a file as :func:`read` returns it."""
    return isinstance(scenario, Mapping) and set(scenario) == set(KEYS) and all(isinstance(one, str) for one in scenario.values())


def read(place: str | os.PathLike[str]) -> dict[str, str]:
    """Read a scenario's file.

    Returns
    -------
    dict of str to str
        ``name`` (that of the file without its ending), ``file`` (its absolute path) and ``text`` (the whole of it).

    Raises
    ------
    UserError
        If it cannot be read, is too large, is no text, or its name cannot be that of a scenario.
    """
    said = os.fspath(place)
    try:
        path = Path(said).expanduser()
        text = file_text(path)
    except UserError as fault:
        raise UserError(f"scenarios={said} cannot be read: {fault}") from None
    except (OSError, RuntimeError, ValueError) as fault:
        raise UserError(f"scenarios={said} cannot be read: {getattr(fault, 'strerror', None) or fault}") from None
    if not _NAME.fullmatch(path.stem):
        raise UserError(f"scenarios={said}: results are named after the file, so its name takes letters, digits, _ and - only, up to 80")
    return {"name": path.stem, "file": os.path.abspath(path), "text": text}


def digest_of(read: Mapping[str, str]) -> str:
    """Return the BLAKE2b digest of a file's text."""
    return hashlib.blake2b(read["text"].encode(), digest_size=16).hexdigest()


def changed(read: Mapping[str, str]) -> bool:
    """Say whether the file is there and holds another text now than the one that was read."""
    path = Path(read["file"])
    try:
        return path.is_file() and file_text(path) != read["text"]
    except (OSError, UserError):
        return True


def beside(key: str, given: Any, folder: Path) -> str:
    """Return the absolute path of a folder that a scenario names, which lies in the scenario's own folder.

    Raises
    ------
    UserError
        If the path is absolute or leads out of the folder, by its steps or by a link; so may no file in it.
    """
    if not isinstance(given, str) or not given:
        raise UserError(f"{key} must be the path of a folder beside the scenario's file, not {given!r}")
    if os.path.isabs(given) or given.startswith("~") or ".." in Path(given).parts:
        raise UserError(f"{key} {given!r} leads out of the scenario's folder; what a scenario reads lies beside its file")
    place, home = folder / given, Path(os.path.realpath(folder))
    try:
        inside = [place, *(sorted(place.iterdir()) if place.is_dir() else [])]
    except OSError as fault:
        raise UserError(f"{key} {given!r} cannot be read: {fault.strerror or fault}") from None
    for one in inside:
        if not Path(os.path.realpath(one)).is_relative_to(home):
            raise UserError(f"{key} {given!r}: {one.name} is a link that leads out of the scenario's folder; put the file itself there")
    return str(place)
