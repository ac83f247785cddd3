"""Digests over the values of rows, so that a changed number is seen wherever it stands.

A row's digest covers the names and the values of its columns in canonical bytes: numbers as little-endian words of 8 bytes, texts with their
lengths, columns in order of name. A column that is undefined (NaN) counts as one that is not there, so that a table joined from shards with
different columns has the rows of its shards. The digest of many rows is the sum of theirs, modulo 2^128: no order or chunking moves it.
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
    """Return the digest of every row of an Arrow table, 16 bytes each.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of numbers, of yes and no, and of texts, without gaps.
    leave : collection of str
        Columns that do not count.
    """
    import pyarrow as pa

    if not table.num_rows:
        return []
    names = sorted(name for name in table.column_names if name not in leave)
    kinds = {name: table.schema.field(name).type for name in names}
    texts = [name for name in names if pa.types.is_string(kinds[name])]
    numeric = [name for name in names if name not in texts]
    words = (
        np.stack([_words(table, name, kinds[name]) for name in numeric], axis=1) if numeric else np.zeros((table.num_rows, 0), dtype="<i8")
    )
    there = (
        np.stack([_there(table, name, kinds[name]) for name in numeric], axis=1)
        if numeric
        else np.ones((table.num_rows, 0), dtype=np.bool_)
    )
    columns = [[value.encode() for value in table.column(name).to_pylist()] for name in texts]
    heads: dict[bytes, tuple[Any, NDArray[np.intp]]] = {}
    found = []
    for at, pattern in enumerate(np.packbits(there, axis=1)):
        key = pattern.tobytes()
        if key not in heads:
            kept = np.flatnonzero(there[at])
            said = [f"{numeric[k]}:{'f' if pa.types.is_floating(kinds[numeric[k]]) else 'i'}" for k in kept] + [
                f"{name}:t" for name in texts
            ]
            heads[key] = hashlib.blake2b("\n".join(said).encode(), digest_size=_LENGTH), kept
        head, kept = heads[key]
        digest = head.copy()
        digest.update(words[at, kept].tobytes())
        for column in columns:
            digest.update(len(column[at]).to_bytes(8, "little") + column[at])
        found.append(digest.digest())
    return found


def _words(table: Any, name: str, kind: Any) -> NDArray[Any]:
    """Return a column as words of 8 bytes; a small float stands for itself at full width."""
    import pyarrow as pa

    column = truths(table, name) if pa.types.is_boolean(kind) else column_of(table, name)
    if pa.types.is_floating(kind):
        return column.astype("<f8").view("<i8")
    return column.astype("<i8")


def _there(table: Any, name: str, kind: Any) -> NDArray[np.bool_]:
    import pyarrow as pa

    return ~np.isnan(column_of(table, name)) if pa.types.is_floating(kind) else np.ones(table.num_rows, dtype=np.bool_)


def truths(table: Any, name: str) -> NDArray[np.bool_]:
    """Return a column of yes and no."""
    return np.array(table.column(name).to_pylist(), dtype=np.bool_)


def summed(digests: Iterable[bytes], start: int = 0) -> int:
    """Return the sum of digests, modulo 2^128."""
    return (start + sum(int.from_bytes(one, "big") for one in digests)) % (1 << 8 * _LENGTH)


def written(total: int) -> str:
    """Write a sum as 32 hexadecimal digits."""
    return f"{total:0{2 * _LENGTH}x}"


def short(digests: Iterable[bytes]) -> NDArray[np.uint64]:
    """Return the first 64 bits of each digest: enough to tell rows from one another, and small enough to keep for every run."""
    return np.frombuffer(b"".join(one[:8] for one in digests), dtype="<u8").astype(np.uint64)
