"""The worlds that are compared, lived on common luck, and what is kept of them: scalars and signatures of every seed.

A world is kept in two Parquet files that name the world, the seeds and the code. Those of the same code are read and not lived again, so
that a command that was stopped goes on where it was.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

import sim
from sim import engine
from sim.files import partial_name
from sim.params import canonical
from sim.recorder import RunData
from sim.run import prepare
from sim.sameness import source_digest
from sim.state.world import Setting
from sim.types import UserError

Heard = Callable[[str], None]
SCALARS, SIGNATURES = "scalars.parquet", "signatures.parquet"
COUNTERFACTUAL = "counterfactual"
_KEY = b"world"


@dataclass(frozen=True)
class World:
    """A scenario with settings laid over it.

    Attributes
    ----------
    scenario : str
    settings : str
        In canonical form, so that equal ones are the same world.
    """

    scenario: str
    settings: str

    @staticmethod
    def of(scenario: str, *settings: Mapping[str, Any]) -> World:
        """Return the world of a scenario with settings by their dotted names; later ones are laid over earlier ones."""
        return World(scenario, canonical({key: value for one in settings for key, value in one.items()}))

    @property
    def tree(self) -> dict[str, Any]:
        """The settings as plain named values."""
        return dict(json.loads(self.settings))

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"{self.scenario}-{blake2b(self.settings.encode(), digest_size=6).hexdigest()}"

    def assembled(self) -> Setting:
        """Return its setting.

        Raises
        ------
        UserError
            If the world cannot be.
        """
        return engine.assemble(prepare({"scenarios": self.scenario}, self.tree)[0])


@dataclass(frozen=True)
class Kept:
    """What is kept of a world.

    Attributes
    ----------
    world : World
    folder : Path
    scalars, signatures : pyarrow.Table
        A row a seed; a row a signature (``seed``, ``month``, ``type``, ``party_a``, ``party_b``).
    """

    world: World
    folder: Path
    scalars: pa.Table
    signatures: pa.Table

    @property
    def seeds(self) -> int:
        """How many runs there are."""
        return len(self.scalars)

    def column(self, name: str) -> NDArray[np.float64]:
        """Return a scalar of each seed, (S,).

        Raises
        ------
        UserError
            If it was not recorded.
        """
        if name not in self.scalars.column_names:
            raise UserError(f"{self.folder} holds no column {name!r}")
        return np.asarray(self.scalars[name].to_numpy(), dtype=np.float64)

    @cached_property
    def signed(self) -> set[tuple[int, str, str, str]]:
        """Who signed what with whom in which seed: (seed, type, one party, the other), the parties sorted; treaties of many left out."""
        told = (self.signatures[name].to_pylist() for name in ("seed", "type", "party_a", "party_b"))
        return {(seed, kind, *sorted((one, two))) for seed, kind, one, two in zip(*told, strict=True) if two}

    def same_as(self, other: Kept) -> bool:
        """Say whether every number and every signature is the same, to the bit."""
        return _bits(self.scalars) == _bits(other.scalars) and self.signatures.equals(other.signatures)


def lived(world: World, seeds: int, outputs: Path, heard: Heard = lambda _: None) -> Kept:
    """Return what is kept of a world, read where it lies there and lived where it does not.

    Parameters
    ----------
    world : World
    seeds : int
        Seeds 0 to ``seeds`` - 1.
    outputs : Path
        Holds a folder a world.
    heard : callable
        Told what is about to be lived.

    Raises
    ------
    UserError
        If the world cannot be, or the folder cannot be written.
    """
    folder = outputs / world.name
    mark = _mark(world, seeds)
    there = _read(folder, mark)
    if there is not None:
        return Kept(world, folder, *there)
    heard(f"living {seeds} runs of {world.scenario} with {world.settings}")
    settings = world.tree
    counterfactual = bool(settings.pop(COUNTERFACTUAL, False))
    runs = sim.run(world.scenario, seed=0, seeds=seeds, counterfactual=counterfactual, record="panels", set=settings).runs
    scalars, signatures = _scalars(runs), _signatures(runs)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Both name the world, and the scalars come last: a folder that holds them is whole.
        for name, table in ((SIGNATURES, signatures), (SCALARS, scalars)):
            _write(table.replace_schema_metadata({_KEY: mark}), folder / name)
    except OSError as fault:
        raise UserError(f"{folder} cannot be written: {fault.strerror or fault}") from None
    return Kept(world, folder, scalars, signatures)


def _mark(world: World, seeds: int) -> bytes:
    told = {"scenario": world.scenario, "settings": world.tree, "seeds": seeds, "source_digest": source_digest()}
    return canonical(told).encode()


def _read(folder: Path, mark: bytes) -> tuple[pa.Table, pa.Table] | None:
    """Return the tables of a folder, None where they are not there, damaged, or of another world or other code."""
    found = []
    for name in (SCALARS, SIGNATURES):
        with contextlib.suppress(OSError, pa.ArrowException):
            table = pq.read_table(folder / name, page_checksum_verification=True)
            if (table.schema.metadata or {}).get(_KEY) == mark:
                found.append(table)
    return (found[0], found[1]) if len(found) == 2 else None


def _write(table: pa.Table, path: Path) -> None:
    temporary = path.with_name(partial_name(path.name))
    try:
        pq.write_table(table, temporary, compression="zstd", write_page_checksum=True)
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)


def _scalars(runs: tuple[RunData, ...]) -> pa.Table:
    names = list(runs[0].scalars)
    return pa.table({"seed": [run.seed for run in runs], **{name: [run.scalars[name] for run in runs] for name in names}})


def _signatures(runs: tuple[RunData, ...]) -> pa.Table:
    columns: dict[str, list[Any]] = {name: [] for name in ("seed", "month", "type", "party_a", "party_b")}
    for run in runs:
        events = run.events
        at = np.flatnonzero(events["event"] == "signature")
        columns["seed"] += [run.seed] * len(at)
        for name in ("month", "type", "party_a", "party_b"):
            columns[name] += events[name][at].tolist()
    kinds = {"seed": pa.int64(), "month": pa.int64()}
    return pa.table({name: pa.array(values, kinds.get(name, pa.string())) for name, values in columns.items()})


def _bits(table: pa.Table) -> list[bytes]:
    return [column.to_numpy().tobytes() for column in table.columns]
