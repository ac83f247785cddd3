"""Whether the design in a study's folder is that study's own: a sealed design of another study, or of before a growth, is refused.

The design names its study and every growth (:mod:`sim.study.design`). One that goes further than the manifest tells is sound: growing
was cut short between the two. One written before designs named their study is held against the rows that the plan makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.study.design import FILE, WHOSE, history_in, opened_design, rebuilt
from sim.study.shards import SHARDS, owner_of, shard_names
from sim.study.store import plan_in
from sim.study.sums import row_digests
from sim.types import UserError


def own_design(folder: Path, manifest: dict[str, Any]) -> Any:
    """Open the design of a study, which is its own and goes at least as far as the manifest tells.

    Raises
    ------
    UserError
        If there is none, it is damaged, another study's, or of before a growth.
    """
    file = opened_design(folder)
    if (wrong := _fault(file, manifest)) is not None:
        raise UserError(f"{folder / FILE} {wrong}; python -m sim resume {folder} makes it anew from the plan")
    return file


def names_its_study(file: Any) -> bool:
    """Say whether a design names the study it is of; those made before it was written down do not."""
    return bool(_named(file))


def refuse_other_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Refuse a manifest that is another study's, where design and shards agree with one another and not with it.

    Raises
    ------
    UserError
        If the manifest is the one file that does not belong here.
    """
    try:
        named = _named(opened_design(folder))
    except UserError:
        return
    if named in ("", manifest["id"]):
        return
    owners = set(_owners(folder))
    if named in owners and manifest["id"] not in owners:
        raise UserError(f"{folder / 'manifest.json'} is of another study than {FILE} and the shards beside it; put the study's own back")


def differing(there: Iterator[Any], made: Iterator[Any]) -> Iterator[int]:
    """Give the numbers of the rows in which two streams of one design differ, however each is cut into tables."""
    one, two = _row_by_row(there), _row_by_row(made)
    for at, (left, right) in enumerate(zip(one, two, strict=False)):
        if left != right:
            yield at


def _fault(file: Any, manifest: dict[str, Any]) -> str | None:
    reached = [list(pair) for pair in manifest["reached"]]
    if not names_its_study(file):
        return _fault_of_rows(file, manifest)
    if _named(file) != manifest["id"]:
        return "is of another study than manifest.json"
    there = history_in(file)
    if there[: len(reached)] != reached:
        if there[-1] == reached[-1]:
            return "grew in other steps than manifest.json tells"
        told, said = (f"{pairs[-1][0]} draws of {pairs[-1][1]} replicates" for pairs in (there, reached))
        return f"goes to {told}, but manifest.json to {said}"
    return None


def _fault_of_rows(file: Any, manifest: dict[str, Any]) -> str | None:
    """Hold a design that names no study against the rows that the plan makes."""
    if file.metadata.num_rows < manifest["runs"]:
        return f"holds {file.metadata.num_rows:,} runs, but manifest.json tells of {manifest['runs']:,}"
    try:
        plan = plan_in(manifest)
    except UserError as fault:
        return f"names no study, and the plan to hold it against cannot be made here ({fault})"
    there = (file.read_row_group(group, use_threads=False) for group in range(file.num_row_groups))
    made = rebuilt(plan, [(draws, replicates) for draws, replicates in manifest["reached"]])
    other = next(differing(there, made), None)
    return None if other is None else f"holds a run {other} that is not what the plan makes"


def _row_by_row(tables: Iterator[Any]) -> Iterator[bytes]:
    for table in tables:
        yield from row_digests(table)


def _named(file: Any) -> str:
    return str((file.schema_arrow.metadata or {}).get(WHOSE, b"").decode(errors="replace"))


def _owners(folder: Path) -> Iterator[str]:
    """Give the study each shard was written for, as far as they can be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name in shard_names(folder):
        try:
            yield owner_of(pq.read_schema(folder / SHARDS / name).empty_table())
        except (OSError, ValueError, pa.ArrowException):
            continue
