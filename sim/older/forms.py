"""Manifests of older forms are brought to the newest one in memory, form by form; newer ones are refused.

A folder's ``schema`` is the number of its form. A step (``to_2``, ``to_3``) is a module with two functions, ``run`` and ``study``: each
takes a manifest of the form before and returns it in its own, and touches nothing else. The next form adds a step and a line of
:data:`STEPS`. A step must take any named values, also damaged ones: forms are checked after it.

A manifest that was brought forward carries what was read under :data:`OLDER`, so that :func:`as_written` gives it back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.older import to_2, to_3
from sim.types import UserError

NEWEST = 3
OLDEST = {"run": 1, "study": 2}
"""Shards of studies of form 1 carry no seals, without which nothing of them can be trusted."""
OLDER = "older"
Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: dict[int, dict[str, Step]] = {2: {"run": to_2.run, "study": to_2.study}, 3: {"run": to_3.run, "study": to_3.study}}


def refuse_other_forms(where: str, manifest: Mapping[str, Any], kind: str = "run") -> None:
    """Refuse a manifest whose form this version does not read.

    Parameters
    ----------
    where : str
        The file, for the sentence.
    manifest : mapping
        Its ``schema`` is a whole number.
    kind : str
        ``run`` or ``study``.

    Raises
    ------
    UserError
        If it is newer than this version, or older than what can be trusted: one sentence.
    """
    schema = manifest["schema"]
    if schema > NEWEST:
        raise UserError(
            f"{where} was written by a newer version (schema {schema}); this one reads {OLDEST[kind]} to {NEWEST}: install a newer one"
        )
    if schema < OLDEST[kind]:
        raise UserError(
            f"{where} was written by {_writer(manifest)}, whose files carry no digests; this version reads {OLDEST[kind]} to {NEWEST}, "
            "and the version that wrote it goes on with it"
        )


def newest(manifest: dict[str, Any], kind: str = "run") -> dict[str, Any]:
    """Return a manifest in the newest form; one that is of it already is returned as it is.

    Parameters
    ----------
    manifest : dict
        As it was read; it is not changed.
    kind : str
        ``run`` or ``study``.

    Examples
    --------
    >>> newest({"schema": 2})["snapshot_schema"], as_written(newest({"schema": 2}))
    (1, {'schema': 2})
    """
    schema = manifest["schema"]
    if schema >= NEWEST:
        return manifest
    made = dict(manifest)
    for number in range(schema + 1, NEWEST + 1):
        made = {**STEPS[number][kind](made), "schema": number}
    return {**made, OLDER: dict(manifest)}


def as_written(manifest: Mapping[str, Any], kind: str = "run") -> dict[str, Any]:
    """Return a manifest in the form of its folder: what was read, with what was said anew since it was brought forward."""
    raw = manifest.get(OLDER)
    if raw is None:
        return dict(manifest)
    before = newest(raw, kind)
    return {**raw, **{key: value for key, value in manifest.items() if key not in before or before[key] != value}}


def writer(manifest: Mapping[str, Any]) -> str | None:
    """Return which version wrote a manifest of an older form (``version 0.1.0 (schema 2)``), None for one of this form."""
    raw = manifest.get(OLDER)
    return None if raw is None else _writer(raw)


def note(where: object, manifest: Mapping[str, Any]) -> str | None:
    """Return the sentence that a reader of an older folder is told, None where there is nothing to tell."""
    by = writer(manifest)
    return None if by is None else f"{where} was written by {by}; it is read as it is, and stays so"


def refuse_to_add(folder: object, manifest: Mapping[str, Any]) -> None:
    """Refuse to add runs to a study of an older form.

    Raises
    ------
    UserError
        If it is of one: by whom it was written, and how to go on.
    """
    by = writer(manifest)
    if by is not None:
        raise UserError(
            f"{folder} was written by {by}; this version reads such a study and adds no run to it, since digests and forms of its runs "
            "would not be alike: go on with the version that began it, or start a new study"
        )


def _writer(raw: Mapping[str, Any]) -> str:
    versions = raw.get("versions")
    named = versions.get("cloud-diplomacy") if isinstance(versions, Mapping) else None
    return f"version {named} (schema {raw['schema']})" if isinstance(named, str) else f"an early version (schema {raw['schema']})"
