"""Studies in files: the ready ones under ``configs/study/``, and a user's own; both are read strictly (:mod:`sim.reader`)."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

from sim.older import names
from sim.reader import Document, decoded, file_text, read_yaml
from sim.types import UserError


def study_names() -> tuple[str, ...]:
    """List the ready studies."""
    return _names("study")


def ready(name: str) -> dict[str, Any]:
    """Read a ready study as a plain tree.

    Raises
    ------
    UserError
        If there is none of that name, or its file cannot be read.
    """
    name = names.TABLE.now("study", name)
    if name not in study_names():
        raise UserError(f"there is no study {name!r}; {names.near('study', name, study_names())}")
    return _shelved("study", name).tree


def cluster_file(kind: str) -> dict[str, Any]:
    """Read what ``configs/cluster/`` says of a kind of cluster.

    Raises
    ------
    UserError
        If there is no such file, or it cannot be read.
    """
    return _shelved("cluster", kind).tree


def own_study(path: Path) -> dict[str, Any]:
    """Read a study from a file of the user's.

    Raises
    ------
    UserError
        If it cannot be read or holds no named values.
    """
    return document_of(path).tree


def document_of(study: str | Path) -> Document:
    """Read a study of either kind together with the lines of its names; a name that ends in ``.yaml`` is a file.

    Raises
    ------
    UserError
        If it cannot be read or holds no named values.
    """
    if not is_file(study):
        return _shelved("study", str(study))
    try:
        text = file_text(Path(study).expanduser())
    except UserError as fault:
        raise UserError(f"study={study} cannot be read: {fault}") from None
    except (OSError, RuntimeError, ValueError) as fault:
        raise UserError(f"study={study} cannot be read: {getattr(fault, 'strerror', None) or fault}") from None
    try:
        return read_yaml(text)
    except UserError as fault:
        raise UserError(f"study={study}: {fault}") from None


def is_file(study: str | Path) -> bool:
    """Say whether ``study=`` names a file and no ready study."""
    return str(study).endswith((".yaml", ".yml"))


def _names(room: str) -> tuple[str, ...]:
    shelf = resources.files("configs").joinpath(room)
    return tuple(sorted(entry.name[:-5] for entry in shelf.iterdir() if entry.name.endswith(".yaml"))) if shelf.is_dir() else ()


def _shelved(room: str, name: str) -> Document:
    try:
        return read_yaml(decoded(resources.files("configs").joinpath(room, f"{name}.yaml").read_bytes()))
    except OSError as fault:
        raise UserError(f"configs/{room}/{name}.yaml cannot be read: {fault.strerror or fault}") from None
    except UserError as fault:
        raise UserError(f"configs/{room}/{name}.yaml: {fault}") from None
