"""Kernels under finite tables: filling them, finding what is not a number, sorting texts by utility and looking one up.

A row is one party's utilities of the texts of one negotiation. Sorting is by counting: equal slices of the range of utilities take the
texts in their order, and a pass of insertion puts each slice in order. Where utilities are crowded into few slices a stable merge sort
takes over. Both give the one order in which the earlier text comes first where two are worth the same.

Source: distributive sorting (Knuth, "The Art of Computer Programming" 3, section 5.2.1: multiple list insertion).
Departs from it in one array with counted places in the stead of lists.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.kernels import jit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]

CROWDED = 48
"""Most texts in one slice before merge sort takes over: insertion costs the square of it."""


@jit
def fill(weights: Floats, values: Floats, sizes: Ints, utility: Floats) -> None:
    """Write the additive utilities of all combinations of options, shape (n, M T), the last issue fastest.

    weights (M, n, K), values (M, n, sum of sizes). Each row grows in place from its far end, issue by issue, so that every sum is added
    in the order of the issues, as if each text were summed alone.
    """
    n_texts = 1
    for k in range(sizes.shape[0]):
        n_texts *= sizes[k]
    for m in range(weights.shape[0]):
        for i in range(weights.shape[1]):
            row = utility[i, m * n_texts : (m + 1) * n_texts]
            done, at = 1, 0
            row[0] = 0.0
            for k in range(sizes.shape[0]):
                size = sizes[k]
                for p in range(done - 1, -1, -1):
                    before = row[p]
                    for j in range(size - 1, -1, -1):
                        row[p * size + j] = before + weights[m, i, k] * values[m, i, at + j]
                done *= size
                at += size


@jit
def first_not_finite(utility: Floats) -> tuple[int, int]:
    """Return (party, column) of the first utility, shape (n, L), that is not a finite number, or (-1, -1)."""
    for i in range(utility.shape[0]):
        # A sum of zeros is finite; anything infinite or not a number turns it into NaN, so that most rows need one test.
        total = 0.0
        for x in range(utility.shape[1]):
            total += utility[i, x] * 0.0
        if not math.isfinite(total):
            for x in range(utility.shape[1]):
                if not math.isfinite(utility[i, x]):
                    return i, x
    return -1, -1


@jit
def rank_row(row: Floats, order: Small, value: Floats, slot: Small, count: Small) -> None:
    """Sort one row, shape (T,), into order and value (T,); slot (T,) and count (T + 1,) are room to work in."""
    n_texts = row.shape[0]
    low = high = row[0]
    for x in range(1, n_texts):
        u = row[x]
        low = u if u < low else low
        high = u if u > high else high
    scale = n_texts / (high - low) if high > low else 0.0
    most = CROWDED + 1
    if 0.0 < scale < math.inf:
        for c in range(n_texts + 1):
            count[c] = 0
        for x in range(n_texts):
            c = int((row[x] - low) * scale)
            c = c if c < n_texts else n_texts - 1
            slot[x] = c
            count[c + 1] += 1
        most = 0
        for c in range(n_texts):
            most = count[c + 1] if count[c + 1] > most else most
            count[c + 1] += count[c]
    if most > CROWDED:
        sorted_texts = np.argsort(row, kind="mergesort")
        for p in range(n_texts):
            order[p] = sorted_texts[p]
            value[p] = row[sorted_texts[p]]
        return
    for x in range(n_texts):
        p = count[slot[x]]
        count[slot[x]] = p + 1
        order[p], value[p] = x, row[x]
    for p in range(1, n_texts):
        u, x, q = value[p], order[p], p
        while q > 0 and value[q - 1] > u:
            value[q], order[q] = value[q - 1], order[q - 1]
            q -= 1
        value[q], order[q] = u, x


@jit
def rank_all(utility: Floats, start: Ints, order: Small, value: Floats) -> None:
    """Sort every negotiation's texts for every party: utility, order and value (n, L), start (M + 1,)."""
    longest = 0
    for m in range(start.shape[0] - 1):
        longest = max(longest, start[m + 1] - start[m])
    slot, count = np.empty(longest, np.int32), np.empty(longest + 1, np.int32)
    for m in range(start.shape[0] - 1):
        a, z = start[m], start[m + 1]
        for i in range(utility.shape[0]):
            rank_row(utility[i, a:z], order[i, a:z], value[i, a:z], slot, count)


@jit
def lowest_at_least(value: Floats, asked: float) -> int:
    """Return the place of the lowest of sorted utilities (T,) that is no less than what is asked; T where none is.

    Costs log2 T comparisons.
    """
    place, left = 0, value.shape[0]
    while left > 0:
        half = left >> 1
        if value[place + half] < asked:
            place += half + 1
            left -= half + 1
        else:
            left = half
    return place
