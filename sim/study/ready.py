"""The ready studies, one YAML file each under ``configs/study/``; Hydra reads the same files for the command line."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

from sim.types import UserError, nearest


def study_names() -> tuple[str, ...]:
    """List the ready studies."""
    shelf = resources.files("configs").joinpath("study")
    return tuple(sorted(entry.name[:-5] for entry in shelf.iterdir() if entry.name.endswith(".yaml"))) if shelf.is_dir() else ()


def ready(name: str) -> dict[str, Any]:
    """Read a ready study as a plain tree.

    Raises
    ------
    UserError
        If there is none of that name.
    """
    import yaml

    if name not in study_names():
        raise UserError(f"there is no study {name!r}; {nearest(name, study_names())}")
    tree = yaml.safe_load(resources.files("configs").joinpath("study", f"{name}.yaml").read_text(encoding="utf-8"))
    if not isinstance(tree, dict):
        raise UserError(f"configs/study/{name}.yaml must hold named values")
    return tree


def own_study(path: Path) -> dict[str, Any]:
    """Read a study from a file of the user's.

    Raises
    ------
    UserError
        If it cannot be read or holds no named values.
    """
    import yaml

    try:
        tree = yaml.safe_load(path.expanduser().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RuntimeError) as fault:
        raise UserError(f"study={path} cannot be read: {getattr(fault, 'strerror', None) or fault}") from None
    except yaml.YAMLError as fault:
        raise UserError(f"study={path} is not valid YAML: {' '.join(str(fault).split())}") from None
    if not isinstance(tree, dict):
        raise UserError(f"study={path} must hold named values")
    return tree
