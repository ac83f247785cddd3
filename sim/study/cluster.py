"""Where a study is carried out: this machine, or an array of SLURM jobs; checked keys and their meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sim.params import whole
from sim.types import UserError, nearest

LOCAL: dict[str, Any] = {"kind": "local", "workers": None}
SLURM: dict[str, Any] = {
    "kind": "slurm",
    "partition": None,
    "account": None,
    "time": "04:00:00",
    "memory": "2G",
    "cpus": 1,
    "grace": 60,
    "elements": None,
    "throttle": None,
    "array_limit": None,
    "modules": [],
    "venv": None,
    "cache": None,
    "extra": [],
}
KINDS: dict[str, dict[str, Any]] = {"local": LOCAL, "slurm": SLURM}
PLANNED = "plan"
"""The kind that ``plan`` notes in a study's manifest, beside the settings of ``slurm``: its elements are started by hand."""
_WORD = re.compile(r"[\w.:/@+,%=\[\]~-]+")


def cluster_of(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Check what was said about the cluster and fill in the defaults.

    Raises
    ------
    UserError
        If a key is unknown or a value cannot be.
    """
    kind = tree.get("kind", "local")
    if not isinstance(kind, str) or kind not in KINDS:
        raise UserError(f"cluster cannot be {kind!r}; {nearest(str(kind), KINDS)}")
    known = KINDS[kind]
    for key in tree:
        if key not in known:
            raise UserError(f"cluster {kind} has no {key!r}; {nearest(str(key), known)}")
    made = {key: tree.get(key, default) for key, default in known.items()}
    for key in ("workers", "cpus", "grace", "elements", "throttle", "array_limit"):
        if made.get(key) is not None:
            made[key] = whole(f"cluster.{key}", made[key], 1, 1_000_000)
    if kind == "local":
        return made
    for key in ("cpus", "grace"):
        if made[key] is None:
            raise UserError(f"cluster.{key} must be a whole number, not None")
    for key in ("partition", "account", "time", "memory", "venv", "cache"):
        if made[key] is not None and (not isinstance(made[key], (str, int)) or isinstance(made[key], bool)):
            raise UserError(f"cluster.{key} must be a word, not {made[key]!r}")
        made[key] = None if made[key] is None else str(made[key])
    for key in ("partition", "account", "time", "memory"):
        if made[key] is not None and not _WORD.fullmatch(made[key]):
            raise UserError(f"cluster.{key} cannot be {made[key]!r}: sbatch takes one word")
    for key in ("modules", "extra"):
        if not isinstance(made[key], (list, tuple)) or not all(isinstance(one, str) and "\n" not in one for one in made[key]):
            raise UserError(f"cluster.{key} must be a list of words, not {made[key]!r}")
        made[key] = list(made[key])
    for line in made["extra"]:
        if not line.startswith("-"):
            raise UserError(f"cluster.extra holds {line!r}; each entry is an option of sbatch such as --qos=low")
    return made


def is_planned(manifest: Mapping[str, Any]) -> bool:
    """Say whether the elements of a study were planned for a scheduler that is not ours."""
    return bool(manifest["cluster"].get("kind") == PLANNED)


def slurm_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a study's job array, whoever starts it; nothing where it is done on one machine."""
    cluster = manifest["cluster"]
    return {**cluster, "kind": "slurm"} if cluster.get("kind") in ("slurm", PLANNED) else {}
