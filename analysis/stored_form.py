"""The forms of a run folder's files, as the reader wants them; a file of another form is refused in a sentence before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.folder import RESULT, result_mark
from sim.forms import each, every, is_count, is_name, is_number, is_text, is_tree, kind_of, or_none, refuse_other_forms
from sim.older.forms import newest
from sim.older.forms import refuse_other_forms as refuse_other_schemas
from sim.types import UserError

_told = each(lambda one: is_text(one) or (isinstance(one, list) and all(map(is_text, one)) and bool(one)))

WORD_KINDS = {"event", "reason", "occasion", "channel", "issue"}

FORM = {
    "seeds": (lambda value: each(is_count)(value) and 0 < len(value) == len(set(value)), "a list of seeds"),
    "roster": (is_tree, "named values"),
}
OPTIONAL = {
    "config": (is_tree, "named values"),
    "metrics": (every(is_tree), "named values, one for each metric"),
    "declared": (every(is_tree), "named values, one for each table that a part declares"),
    "axes": (
        every(lambda one: is_tree(one) and is_name(one.get("label")) and each(is_name)(one.get("columns"))),
        "named values, one for each axis along which something is measured: label and columns",
    ),
    "instruments_at_start": (each(is_tree), "a list of instruments"),
    "digests": (every(is_text), "a digest a seed"),
    "types": (every(is_tree), "named values, one for each type"),
    "versions": (every(is_text), "versions by name"),
    "words": (
        lambda value: every(every(is_tree))(value) and set(value) >= WORD_KINDS,
        "what events, reasons, ... are called, by kind and name",
    ),
    "assumed": (_told, "a list of texts or pairs"),
    "filled": (_told, "a list of texts or pairs"),
    "assumed_parameters": (each(is_text), "a list of texts"),
    "config_digest": (is_text, "a digest"),
    "data_digest": (is_text, "a digest"),
    "source_digest": (is_text, "a digest"),
    "parts_digest": (or_none(is_text), "a digest, or nothing"),
    "commit": (or_none(is_text), "a commit, or nothing"),
    "command": (is_text, "a command"),
    "record": (is_text, "a tier"),
    "codes": (every(each(is_text)), "lists of names by kind"),
    "declared_tables": (each(is_tree), "a list of tables"),
    "snapshot_schema": (is_count, "a whole number"),
    "graph": (
        each(lambda tie: isinstance(tie, list) and len(tie) == 5 and all(is_number(one) for one in tie[2:])),
        "a list of ties: code, code, weight, alliance, hostility",
    ),
    "scenario_text": (or_none(is_text), "a text, or nothing"),
}
ROSTER = {
    "codes": (each(is_name), "a list of codes"),
    "names": (each(is_text), "a list of names"),
    "regions": (each(is_text), "a list of regions"),
    "lat": (each(is_number), "a list of numbers"),
    "lon": (each(is_number), "a list of numbers"),
}
OF_ROSTER = {
    "blocs": (each(is_text), "a list of codes"),
    "members": (every(each(is_text)), "lists of codes by bloc"),
    # Of folders of 0.1.0.
    "pacts": (each(lambda pact: isinstance(pact, list) and len(pact) == 3 and is_number(pact[2])), "a list of pacts: code, code, strength"),
}
_AT_START = {"type": (is_name, "a type"), "parties": (each(is_name), "a list of codes")}
TABLES: dict[str, dict[str, str]] = {
    "series": {"run": "int64", "month": "int64"},
    "scalars": {"run": "int64"},
    "panels": {"run": "int64", "month": "int64", "party": "string", "metric": "string", "value": "double"},
    "events": {
        "run": "int64", "event": "string", "party_a": "string", "party_b": "string", "type": "string", "instrument": "string"
    },
    "instruments": {"run": "int64", "instrument": "string", "type": "string"},
}  # fmt: skip
"""Columns that the tables of a run must have, with their kinds; a column of figures beside them may hold any number."""


class Tie(NamedTuple):
    """A tie of the alliance graph: two codes, sorted, its weight (-1 to 1), strength of alliance and hostility (0 to 1)."""

    a: str
    b: str
    weight: float
    alliance: float
    hostility: float


def ties(manifest: Mapping[str, Any]) -> tuple[Tie, ...]:
    """Return the alliance graph of a checked manifest, sorted; of a folder of 0.1.0 its pacts, as alliances."""
    told = manifest.get("graph")
    if told is None:
        told = [(a, b, float(s), float(s), 0.0) for a, b, s in manifest["roster"].get("pacts", ())]
    return tuple(sorted(Tie(min(a, b), max(a, b), *map(float, layers)) for a, b, *layers in told))


def checked_manifest(path: Path, manifest: Any) -> dict[str, Any]:
    """Return a run's manifest in the newest form, once it has been checked.

    Raises
    ------
    UserError
        If it is damaged, of a newer schema, of a run that did not finish, a study's or another program's.
    """
    if not isinstance(manifest, dict):
        raise UserError(f"{path} is damaged: it holds {kind_of(manifest)}, not named values")
    if manifest.get("kind") == "study":
        raise UserError(f"{path.parent} is a study, not a run; python -m sim explain {path.parent} RUN tells of one of its runs")
    refuse_other_forms(str(path), manifest, {"schema": (is_count, "a whole number")})
    refuse_other_schemas(str(path), manifest)
    whole: dict[str, Any] = newest(manifest)
    if whole.get("status") != "complete":
        raise UserError(f"{path} says status {manifest.get('status')!r}, not 'complete': resume or repeat the run")
    refuse_other_forms(str(path), whole, FORM, optional=OPTIONAL)
    roster = whole["roster"]
    refuse_other_forms(f"{path}, roster", roster, ROSTER, optional=OF_ROSTER)
    for name in ROSTER:
        if len(roster[name]) != len(roster["codes"]) or not roster[name]:
            raise UserError(f"{path} is damaged: its roster has {len(roster['codes'])} codes and {len(roster[name])} {name}")
    for one in whole.get("instruments_at_start", ()):
        refuse_other_forms(f"{path}, instruments_at_start", one, _AT_START)
        if len(one["parties"]) < 2:
            raise UserError(f"{path} is damaged: an instrument at the start has {len(one['parties'])} parties")
    return whole


def refuse_other_columns(name: str, path: Path, schema: Any) -> None:
    """Check the columns of a table.

    Raises
    ------
    UserError
        If one is missing, twice there, or of another kind.
    """
    for column, kind in TABLES[name].items():
        found = str(schema.field(column).type) if schema.names.count(column) == 1 else "nothing"
        # Months and runs of any width of whole numbers, and texts in a dictionary, are as good.
        alike = kind in found or (kind == "int64" and found.startswith("int"))
        if not alike:
            raise UserError(f"{path} is damaged or another program's: column {column} holds {found}, not {kind}")


def refuse_other_rows(path: Path, table: Any, seeds: Sequence[int]) -> None:
    """Check the rows of the monthly series: one for each seed and month, and every other column numbers.

    Raises
    ------
    UserError
        If they are not so, or are not of the manifest's seeds.
    """
    if not table.num_rows:
        raise UserError(f"{path} is damaged: it holds no row")
    for field in table.schema:
        if not (pa.types.is_floating(field.type) or pa.types.is_integer(field.type)):
            raise UserError(f"{path} is damaged or another program's: column {field.name} holds {field.type}, not numbers")
    if any(table[name].null_count for name in ("run", "month")):
        raise UserError(f"{path} is damaged: its run or its month has gaps")
    run, month = (table[name].to_numpy().astype(np.int64) for name in ("run", "month"))
    if set(run.tolist()) != set(seeds):
        raise UserError(f"{path} is not of this run: its seeds are {sorted(set(run.tolist()))[:5]}, the manifest's {list(seeds)[:5]}")
    first, months = int(month.min()), len(np.unique(month))
    if not 0 < first <= int(month.max()) < 12 * 10_000:
        raise UserError(f"{path} is damaged: its months are no months")
    if len(np.unique(np.stack([run, month]), axis=1).T) != table.num_rows or table.num_rows != len(set(seeds)) * months:
        raise UserError(f"{path} is damaged: it does not hold one row for each seed and month")


def refuse_tables_of_other_runs(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Check that the tables of a folder were written by the run that its manifest tells of.

    Raises
    ------
    UserError
        If one was written by another.
    """
    digests, seeds = manifest.get("digests"), sorted(int(seed) for seed in manifest["seeds"])
    for path in sorted(folder.glob("*.parquet")):
        try:
            schema = pq.read_schema(path)
            mark = (schema.metadata or {}).get(RESULT.encode(), b"").decode(errors="replace")
            if mark and isinstance(digests, Mapping):
                foreign = mark != result_mark(digests)
            else:  # tables of before the mark was written: the seeds are all there is to compare
                named = path.stem in ("scalars", "series") and "run" in schema.names
                foreign = named and np.unique(pq.read_table(path, columns=["run"])["run"].to_numpy()).tolist() != seeds
        except (pa.ArrowException, OSError, ValueError):
            continue  # said by whoever reads it
        if foreign:
            raise UserError(
                f"{path} belongs to another run than {folder / 'manifest.json'}: bring back the table of this run, or run again"
            )
