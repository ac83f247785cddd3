"""Digests over the values of rows, so that a changed number is seen wherever it stands.

A row's digest covers the names and the values of its columns in canonical bytes: numbers as little-endian words of 8 bytes, texts with
their lengths, columns in order of name. A column that is undefined (NaN) counts as one that is not there, so that a table joined from
shards with different columns has the rows of its shards. The digest of many rows is the sum of theirs, modulo 2^128: no order or chunking
moves it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.folder import column_of

_LENGTH = 16


def row_digests(table: Any, leave: Collection[str] = ()) -> list[bytes]:
    """Return the digest of every row of an Arrow table, 16 bytes each: see :class:`Digests`."""
    return Digests(table).of(leave)


class Digests:
    """Makes digests of the rows of an Arrow table over some of its columns or others; what they share is prepared once.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of numbers, of yes and no, and of texts, without gaps.
    """

    def __init__(self, table: Any) -> None:
        import pyarrow as pa

        self._rows, names = table.num_rows, sorted(table.column_names)
        kinds = {name: table.schema.field(name).type for name in names}
        self._texts = {
            name: [value.encode() for value in table.column(name).to_pylist()] for name in names if pa.types.is_string(kinds[name])
        }
        self._names = [name for name in names if name not in self._texts]
        self._letters = {name: "f" if pa.types.is_floating(kinds[name]) else "i" for name in self._names}
        self._words = np.zeros((self._rows, len(self._names)), dtype="<i8")
        self._there = np.ones((self._rows, len(self._names)), dtype=np.bool_)
        for k, name in enumerate(self._names if self._rows else ()):
            if pa.types.is_boolean(kinds[name]):
                self._words[:, k] = np.array(table.column(name).to_pylist(), dtype=np.bool_)
            elif pa.types.is_floating(kinds[name]):
                column = column_of(table, name).astype("<f8")
                self._words[:, k], self._there[:, k] = column.view("<i8"), ~np.isnan(column)
            else:
                self._words[:, k] = column_of(table, name)

    def of(self, leave: Collection[str] = ()) -> list[bytes]:
        """Return the digest of every row, 16 bytes each, over all columns but some."""
        wanted = np.array([name not in leave for name in self._names], dtype=np.bool_)
        columns = [(name, column) for name, column in self._texts.items() if name not in leave]
        heads: dict[bytes, tuple[Any, NDArray[np.intp]]] = {}
        found = []
        for at, pattern in enumerate(np.packbits(self._there & wanted, axis=1)):
            key = pattern.tobytes()
            if key not in heads:
                kept = np.flatnonzero(self._there[at] & wanted)
                said = [f"{self._names[k]}:{self._letters[self._names[k]]}" for k in kept] + [f"{name}:t" for name, _ in columns]
                heads[key] = hashlib.blake2b("\n".join(said).encode(), digest_size=_LENGTH), kept
            head, kept = heads[key]
            digest = head.copy()
            digest.update(self._words[at, kept].tobytes())
            for _, column in columns:
                digest.update(len(column[at]).to_bytes(8, "little") + column[at])
            found.append(digest.digest())
        return found


def summed(digests: Iterable[bytes], start: int = 0) -> int:
    """Return the sum of digests, modulo 2^128."""
    return (start + sum(int.from_bytes(one, "big") for one in digests)) % (1 << 8 * _LENGTH)


def written(total: int) -> str:
    """Write a sum as 32 hexadecimal digits."""
    return f"{total:0{2 * _LENGTH}x}"


def short(digests: Iterable[bytes]) -> NDArray[np.uint64]:
    """Return the first 64 bits of each digest: enough to tell rows from one another, and small enough to keep for every run."""
    return np.frombuffer(b"".join(one[:8] for one in digests), dtype="<u8").astype(np.uint64)
