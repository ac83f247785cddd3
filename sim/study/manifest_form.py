"""The forms of a study's files: its manifest, its rounds, its design and its shards; checked here, and nowhere else, before use.

A file of another form is damaged, or another program's: a manifest and a round are refused in a sentence, a shard is named as damaged.
"""

from __future__ import annotations

import re
from typing import Any

from sim.forms import each, every, is_count, is_digest, is_name, is_number, is_text, is_tree, is_truth, or_none, refuse_other_forms
from sim.older.forms import newest
from sim.older.forms import refuse_other_forms as refuse_other_schemas
from sim.scenario_file import is_read
from sim.types import UserError

FORM = {
    "schema": (is_count, "a whole number"),
    "status": (lambda value: value in ("running", "complete", "partial"), "running, partial or complete"),
    "name": (is_name, "a name"),
    "plan": (is_tree, "named values"),
    "runs": (is_count, "a whole number"),
    "draws": (is_count, "a whole number"),
    "factors": (each(is_text), "a list of names"),
    "data_digests": (every(is_text), "a digest a scenario"),
    "parts": (or_none(is_name), "the path of a folder, or nothing"),
    "parts_digest": (or_none(is_text), "a digest, or nothing"),
    "cluster": (is_tree, "named values"),
    "source_digest": (is_text, "a digest"),
    "id": (is_text, "a digest"),
    "decides": (every(is_text), "a digest or version a piece"),
    "reached": (each(each(is_count)), "a list of draws and replicates"),
    "tables": (each(is_text), "a list of folders"),
}
PLAN = {
    "scenarios": (
        lambda value: each(lambda one: is_name(one) or is_read(one))(value) and bool(value),
        "a list of names, or of files as read",
    ),
    "set": (is_tree, "named values"),
    "factors": (every(or_none(is_tree)), "named factors"),
    "sampler": (is_tree, "named values"),
    "replicates": (is_count, "a whole number"),
    "seed": (is_count, "a whole number"),
    "twin": (is_truth, "true or false"),
    "record": (is_name, "a tier"),
    "keep": (is_tree, "named values"),
}
OF_A_TABLE = {
    "digest": (is_digest, "a digest"),
    "failed": (is_count, "a whole number"),
}
OPTIONAL = {
    "title": (is_text, "a text"),
    "versions": (every(is_text), "versions by name"),
    "started": (is_text, "a time"),
    "finished": (is_text, "a time"),
    "seconds_of_runs": (is_number, "a number"),
    "bytes_of_shards": (is_count, "a whole number"),
    "scenario_texts": (every(or_none(is_text)), "the text of each scenario"),
}
_ROUND = {
    "number": (is_count, "a whole number"),
    "chunk": (lambda value: is_count(value) and value > 0, "a whole number above 0"),
    "ranges": (each(each(is_count)), "a list of ranges of runs"),
}
SHARD = {
    "run": "int64", "draw": "int64", "seed": "int64", "scenario": "string", "twin": "bool", "identity": "string", "round": "int64",
    "status": "string", "digest": "string", "seconds": "double", "error": "string", "config": "string",
    "series_digest": "string", "row_digest": "string",
}  # fmt: skip
"""Columns that every shard has, with their kinds; all others hold figures."""
DESIGN = {"run": "int64", "draw": "int64", "seed": "int64", "scenario": "string", "twin": "bool"}
_NAME = re.compile(r"part-(\d{8,})-(\d{8,})-(\d{4,})\.parquet")


def refuse_other_manifests(where: str, manifest: Any) -> dict[str, Any]:
    """Return a study's manifest in the newest form, once it has been checked.

    Raises
    ------
    UserError
        If it is damaged, a run's, another program's, or of a newer version.
    """
    if isinstance(manifest, dict) and manifest.get("kind") != "study":
        if "config" in manifest:
            raise UserError(f"{where} holds a run, not a study")
        raise UserError(f"{where} is not a study's manifest: it is damaged or another program's")
    refuse_other_forms(where, manifest, {"schema": FORM["schema"]})
    refuse_other_schemas(where, manifest, "study")
    manifest = newest(manifest, "study")
    refuse_other_forms(where, manifest, FORM, optional=OPTIONAL)
    refuse_other_forms(f"{where}, plan", manifest["plan"], PLAN)
    if manifest["status"] != "running":
        refuse_other_forms(where, manifest, OF_A_TABLE)
    return dict(manifest)


def refuse_other_rounds(where: str, tree: Any, number: int) -> dict[str, Any]:
    """Return a round's tree once its form has been checked.

    Raises
    ------
    UserError
        If it is damaged, or another round's.
    """
    refuse_other_forms(where, tree, _ROUND)
    if tree["number"] != number:
        raise UserError(f"{where} is damaged: it is of round {tree['number']}")
    if not tree["ranges"] or not all(len(pair) == 2 and pair[0] < pair[1] for pair in tree["ranges"]):
        raise UserError(f"{where} is damaged: ranges must be a list of pairs, first run and one past the last")
    return dict(tree)


def fault_of_columns(schema: Any, wanted: dict[str, str]) -> str | None:
    """Say which column of a table is missing, twice there or of another kind; None where all are as wanted."""
    if len(set(schema.names)) < len(schema.names):
        return "a column stands in it twice"
    for name, kind in wanted.items():
        if name not in schema.names:
            return f"it has no column {name}"
        found = str(schema.field(name).type)
        if found != kind:
            return f"its column {name} holds {found}, not {kind}"
    return None


def fault_of_shard(name: str, schema: Any) -> str | None:
    """Say why a table cannot be a shard, by its name and its columns; None where it can."""
    if not _NAME.fullmatch(name):
        return "its name is no shard's"
    other = next((field for field in schema if field.name not in SHARD and str(field.type) != "double"), None)
    return fault_of_columns(schema, SHARD) or (None if other is None else f"its column {other.name} holds {other.type}, not double")


def fault_of_design(schema: Any) -> str | None:
    """Say why a table cannot be a design; None where it can."""
    reached = [(schema.metadata or {}).get(key, b"") for key in (b"draws", b"replicates")]
    return fault_of_columns(schema, DESIGN) or (None if all(map(bytes.isdigit, reached)) else "it does not say how far it goes")


def fault_of_rows(table: Any) -> str | None:
    """Say why the rows of a shard cannot be: gaps, a run below 0, a status that is none; None where they can."""
    for name in table.column_names:
        if table.column(name).null_count:
            return f"its column {name} has gaps"
    if set(table.column("status").unique().to_pylist()) - {"done", "failed"}:
        return "a status is neither done nor failed"
    for name in ("run", "round"):
        values = table.column(name).to_pylist()
        if min(values) < 0:
            return f"its column {name} holds {min(values)}"
    return None
