"""Luck: a draw is a pure function of (run seed, decision name, month, identities of the parties), never of a shared stream.

The generator is Philox4x64-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"), counter-based:
key = (seed, first 8 bytes of BLAKE2b of the decision's name), counter = (month, id1, id2, index). Identities are the first 8 bytes of
BLAKE2b of a party's code or an instrument's identity string. So another shock, state, metric or worker never shifts anyone's luck.

Oracle: ``numpy.random.Philox`` with the same key; it raises its counter before the first block, so compare with the counter minus one.
"""

from __future__ import annotations

import functools
import hashlib
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels import jit, product
from sim.types import OWN, ModelFault

_M0 = np.uint64(0xD2E7470EE14C6C93)
_M1 = np.uint64(0xCA5A826395121157)
_W0 = np.uint64(0x9E3779B97F4A7C15)
_W1 = np.uint64(0xBB67AE8584CAA73B)
_11, _32, _HALF = np.uint64(11), np.uint64(32), np.uint64(0xFFFFFFFF)
_M0_LOW, _M0_HIGH, _M1_LOW, _M1_HIGH = _M0 & _HALF, _M0 >> _32, _M1 & _HALF, _M1 >> _32
_SCALE = 2.0**-53


@jit
def _round(
    c: tuple[np.uint64, np.uint64, np.uint64, np.uint64], k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    high0, low0 = product(_M0, c[0])
    high1, low1 = product(_M1, c[2])
    return high1 ^ c[1] ^ k0, low1, high0 ^ c[3] ^ k1, low0


@jit
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four words of one Philox4x64-10 block."""
    for _ in range(10):
        c0, c1, c2, c3 = _round((c0, c1, c2, c3), k0, k1)
        k0 = k0 + _W0
        k1 = k1 + _W1
    return c0, c1, c2, c3


@jit
def unit(word: np.uint64) -> float:
    """Turn a word into a number strictly between 0 and 1."""
    return (float(word >> _11) + 0.5) * _SCALE


@jit
def uniform_of(seed: np.uint64, key: np.uint64, month: np.uint64, id1: np.uint64, id2: np.uint64, index: np.uint64) -> float:
    """Return one uniform draw (the block's first word)."""
    return unit(philox(month, id1, id2, index, seed, key)[0])


@jit
def uniforms_of(
    seed: np.uint64, key: np.uint64, month: np.uint64, id1: np.uint64, id2: NDArray[np.uint64], n: int, out: NDArray[np.float64]
) -> None:
    """Fill the first n places with what :func:`uniform_of` gives for each second identity (index 0).

    Two blocks go round together, so that a processor works on one while it waits for the products of the other. The first two rounds
    stand before the loop because part of them is the same for all blocks, and the last gives only the word that is used.
    """
    zero = np.uint64(0)
    whole = n - n % 2
    for c in range(0, whole, 2):
        a = _round(_round((month, id1, id2[c], zero), seed, key), seed + _W0, key + _W1)
        b = _round(_round((month, id1, id2[c + 1], zero), seed, key), seed + _W0, key + _W1)
        k0, k1 = seed + _W0 + _W0, key + _W1 + _W1
        for _ in range(7):
            a, b = _round(a, k0, k1), _round(b, k0, k1)
            k0 = k0 + _W0
            k1 = k1 + _W1
        out[c] = unit(product(_M1, a[2])[0] ^ a[1] ^ k0)
        out[c + 1] = unit(product(_M1, b[2])[0] ^ b[1] ^ k0)
    if whole < n:
        out[whole] = uniform_of(seed, key, month, id1, id2[whole], zero)


@jit
def _high(a: np.uint64, low: np.uint64, high: np.uint64) -> np.uint64:
    """Return the high word of the product of a word and one that is given in halves, by products of halves."""
    below, above = a & _HALF, a >> _32
    cross = above * low + ((below * low) >> _32)
    return above * high + (cross >> _32) + ((below * high + (cross & _HALF)) >> _32)


@jit
def three_words_of(
    seed: np.uint64, key: np.uint64, month: np.uint64, id1: np.uint64, id2: NDArray[np.uint64], n: int, out: NDArray[np.float64]
) -> None:
    """Fill the first n columns, (3, n), with draws from words 0, 1 and 2 of the block of each second identity (index 0).

    Products of halves are more work for one block, and let a processor work on several blocks at once.
    """
    first, second, third, zero = out[0], out[1], out[2], np.uint64(0)
    for c in range(n):
        c0, c1, c2, c3 = month, id1, id2[c], zero
        k0, k1 = seed, key
        for _ in range(10):
            high0, high1 = _high(c0, _M0_LOW, _M0_HIGH), _high(c2, _M1_LOW, _M1_HIGH)
            c0, c1, c2, c3 = high1 ^ c1 ^ k0, c2 * _M1, high0 ^ c3 ^ k1, c0 * _M0
            k0 = k0 + _W0
            k1 = k1 + _W1
        first[c], second[c], third[c] = unit(c0), unit(c1), unit(c2)


@jit
def exponential_of(seed: np.uint64, key: np.uint64, month: np.uint64, id1: np.uint64, id2: np.uint64, index: np.uint64) -> float:
    """Return one standard exponential draw, by the inverse distribution function."""
    return -math.log(uniform_of(seed, key, month, id1, id2, index))


@jit
def _fill(
    seed: np.uint64,
    key: np.uint64,
    month: np.uint64,
    id1: NDArray[np.uint64],
    id2: NDArray[np.uint64],
    index: np.uint64,
    word: int,
    out: NDArray[np.float64],
) -> None:
    for i in range(out.shape[0]):
        words = philox(month, id1[i], id2[i], index, seed, key)
        if word == 0:
            out[i] = unit(words[0])
        elif word == 1:
            out[i] = unit(words[1])
        elif word == 2:
            out[i] = unit(words[2])
        else:
            out[i] = unit(words[3])


@dataclass(frozen=True)
class Decision:
    """A named source of luck.

    Attributes
    ----------
    name : str
        What is decided, for example ``"contacts.partner"``; unique in the program.
    key : numpy.uint64
        The first 8 bytes of BLAKE2b of the name.
    """

    name: str
    key: np.uint64


_decisions: dict[str, str] = {}


def decision(name: str, owner: str) -> Decision:
    """Name a source of luck once, at import.

    Parameters
    ----------
    name : str
        The decision's name.
    owner : str
        The module that owns it (``__name__``), so that a module may be imported again but a name never means two things.

    Raises
    ------
    ModelFault
        If another module owns the name.
    """
    known = _decisions.setdefault(name, owner)
    # Two folders of a user's, or two states of one, may each name it: no run knows both.
    apart = known.startswith(OWN) and owner.startswith(OWN) and known.split(".")[0] != owner.split(".")[0]
    if known != owner and not apart:
        raise ModelFault(f"two decisions are called {name!r}: in {known} and in {owner}")
    return Decision(name, identity(name))


def decision_names() -> list[str]:
    """List the decisions named so far."""
    return sorted(_decisions)


@functools.lru_cache(maxsize=65536)
def identity(code: str) -> np.uint64:
    """Return the identity of a party code or identity string: the first 8 bytes of its BLAKE2b digest, little end first."""
    return np.uint64(int.from_bytes(hashlib.blake2b(code.encode(), digest_size=8).digest(), "little"))


def identities(codes: tuple[str, ...] | list[str]) -> NDArray[np.uint64]:
    """Return the identities of many codes, shape (n,)."""
    return np.array([identity(code) for code in codes], dtype=np.uint64)


def uniform(seed: int, what: Decision, month: int, id1: np.uint64, id2: np.uint64 = np.uint64(0), index: int = 0) -> float:
    """Return one uniform draw in (0, 1)."""
    return float(uniform_of(np.uint64(seed), what.key, np.uint64(month), id1, id2, np.uint64(index)))


def exponential(seed: int, what: Decision, month: int, id1: np.uint64, id2: np.uint64 = np.uint64(0), index: int = 0) -> float:
    """Return one standard exponential draw."""
    return float(exponential_of(np.uint64(seed), what.key, np.uint64(month), id1, id2, np.uint64(index)))


def uniforms(
    seed: int, what: Decision, month: int, id1: NDArray[np.uint64], id2: NDArray[np.uint64] | None = None, index: int = 0, word: int = 0
) -> NDArray[np.float64]:
    """Return uniform draws in (0, 1), shape (n,), one for each pair of identities; ``word`` 0 to 3 names the word of the block."""
    second = np.zeros_like(id1) if id2 is None else id2
    out = np.empty(id1.shape[0])
    _fill(np.uint64(seed), what.key, np.uint64(month), id1, second, np.uint64(index), word, out)
    return out
