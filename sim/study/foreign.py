"""A study made elsewhere: its plan is data and may be read, but code that it names is not run without a person's word.

What a study may bring along are the folder of parts and the settings of a cluster that choose programs: an interpreter, modules, a folder
of compiled kernels, options and commands of a scheduler. A study begun by this person carries their mark over both (:mod:`sim.trust`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.sameness import PARTS
from sim.study.same import DECIDES
from sim.study.store import write_manifest
from sim.trust import is_mine, mark_of
from sim.types import UserError

MARK = "mark"
_PLAIN = ("kind", "partition", "account", "time", "memory")
"""Settings in words that choose where and for how long, not what is run; numbers choose no program either."""


class Foreign(UserError):
    """A study made elsewhere would run code that this person has not agreed to."""


def marks_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return this person's marks over the code that a study brings along."""
    return {what: mark_of(claims) for what, claims in _claims(manifest).items()}


def brought(manifest: Mapping[str, Any], cluster: Mapping[str, Any] | None) -> dict[str, list[str]]:
    """List what a study would run: its parts, and programs chosen by settings of the cluster that come from the study.

    Parameters
    ----------
    manifest : mapping
    cluster : mapping or None
        Where it is to be carried out; a setting that was typed anew is its typist's own.
    """
    found: dict[str, list[str]] = {}
    if manifest["parts"] is not None:
        found["parts"] = [f"the parts in {manifest['parts']}"]
    theirs = _programs(manifest["cluster"])
    settings = [f"cluster.{key}={value}" for key, value in theirs.items() if cluster is not None and cluster.get(key) == value]
    if settings:
        found["cluster"] = settings
    return found


def asked_about(manifest: Mapping[str, Any], cluster: Mapping[str, Any] | None) -> list[str]:
    """List what a study would run that does not carry this person's mark."""
    marks, claims = manifest.get(MARK), _claims(manifest)
    known = marks if isinstance(marks, Mapping) else {}
    return [one for what, named in brought(manifest, cluster).items() if not is_mine(claims[what], known.get(what)) for one in named]


def allowed(folder: Path, manifest: dict[str, Any], cluster: Mapping[str, Any] | None, *, trust: bool) -> dict[str, Any]:
    """Return the manifest of a study whose code may be run; a word once given is kept as this person's mark.

    Raises
    ------
    Foreign
        If it brings code along that this person has not agreed to.
    """
    unknown = asked_about(manifest, cluster)
    if not unknown:
        return manifest
    if not trust:
        raise Foreign(
            f"{folder} was not begun by you on this account, and it would run {', '.join(unknown)}; look at that, "
            "and add trust=true to run it"
        )
    marks, mine = manifest.get(MARK), marks_of(manifest)
    known = dict(marks) if isinstance(marks, Mapping) else {}
    manifest = {**manifest, MARK: {**known, **{what: mine[what] for what in brought(manifest, cluster)}}}
    write_manifest(folder, manifest)
    return manifest


def _claims(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "parts": ["parts", manifest["parts"], manifest[DECIDES].get(PARTS)],
        "cluster": ["cluster", _programs(manifest["cluster"])],
    }


def _programs(cluster: Any) -> dict[str, Any]:
    """Return the settings of a cluster that choose what is run."""
    said = cluster if isinstance(cluster, Mapping) else {}
    return {key: value for key, value in said.items() if key not in _PLAIN and value and not isinstance(value, (int, float))}
