"""The instruments of a synthetic roster: two synthetic states have one where their donors do, thinned as ties are.

A pair is kept by luck of its two names, so that the mean number of instruments of a state stays what it is among real states. What a bloc
has with a donor it has with every state made after it. Two states of one donor have none. Names, dates, roles and texts are the donors'.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.data.records import InstrumentRow
from sim.data.source import Source

Ints = NDArray[np.int64]

_KEPT = rng.decision("synthetic.instrument", __name__)


def made(source: Source, codes: tuple[str, ...], donor: Ints, ids: NDArray[np.uint64], seed: int) -> tuple[InstrumentRow, ...]:
    """Return the instruments of some synthetic states.

    Parameters
    ----------
    source : Source
        The donors.
    codes : tuple of str
        Of the synthetic states, (n,).
    donor : int (n,)
        Place of each one's donor.
    ids : uint64 (n,)
        Their identities.
    seed : int
        Luck of the roster.
    """
    place = {code: at for at, code in enumerate(source.codes)}
    children = {code: np.flatnonzero(donor == at) for code, at in place.items()}
    found: list[InstrumentRow] = []
    for row in source.instruments:
        sides = [children.get(code) for code in row.parties]
        names = [[row.parties[k]] if side is None else [codes[i] for i in side] for k, side in enumerate(sides)]
        if sides[0] is None or sides[1] is None:
            found += [dataclasses.replace(row, parties=(one, other)) for one in names[0] for other in names[1]]
            continue
        first, second = np.repeat(sides[0], len(sides[1])), np.tile(sides[1], len(sides[0]))
        low, high = np.minimum(first, second), np.maximum(first, second)
        keep = rng.uniforms(seed, _KEPT, 0, ids[low], ids[high]) < len(source.codes) / len(codes)
        found += [dataclasses.replace(row, parties=(codes[i], codes[j])) for i, j in zip(first[keep], second[keep], strict=True)]
    return tuple(found)
