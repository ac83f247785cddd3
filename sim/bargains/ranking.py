"""Kernels under finite tables: filling them, finding what is not a number, and looking texts up by what they are worth.

A row is one party's utilities of the texts of one negotiation. A negotiation held once asks for a few texts only, which does not pay for
sorting: equal slots of the range of utilities take the texts in chains, and a look-up walks one chain. Rows to be kept are sorted: the
slots are counted, and a pass of insertion puts each in order; where utilities are crowded into few slots a stable merge sort takes
over. All ways give the one order in which the earlier text comes first where two are worth the same.

Source: multiple list insertion (Knuth, "The Art of Computer Programming" 3, section 5.2.1).
Departs from it, where rows are sorted, in counted places in the stead of lists.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.kernels import jit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Slots = npt.NDArray[np.uint32]

LANES = 32
"""How many lowest and highest utilities are kept side by side."""
CROWDED = 48
"""Most texts in one slot before merge sort takes over: insertion costs the square of it."""


@jit
def fill(weights: Floats, values: Floats, sizes: Ints, utility: Floats) -> None:
    """Write the additive utilities of all combinations of options, shape (n, M T), the last issue fastest.

    weights (M, n, K), values (M, n, sum of sizes). Each row grows issue by issue, so that every sum is added in the order of the
    issues, as if each text were summed alone.
    """
    n_texts, last = 1, sizes.shape[0] - 1
    for k in range(sizes.shape[0]):
        n_texts *= sizes[k]
    before = np.empty(n_texts)
    for m in range(weights.shape[0]):
        for i in range(weights.shape[1]):
            row = utility[i, m * n_texts : (m + 1) * n_texts]
            before[0] = 0.0
            done, at = 1, 0
            for k in range(sizes.shape[0]):
                for j in range(sizes[k]):
                    worth = weights[m, i, k] * values[m, i, at + j]
                    x, step = np.uint64(j), np.uint64(sizes[k])  # unsigned: no test for places counted from the end
                    for p in range(done):
                        row[x] = before[p] + worth
                        x += step
                done *= sizes[k]
                at += sizes[k]
                if k < last:
                    for p in range(done):
                        before[p] = row[p]


@jit
def first_not_finite(utility: Floats) -> tuple[int, int]:
    """Return (party, column) of the first utility, shape (n, L), that is not a finite number, or (-1, -1)."""
    n_texts = utility.shape[1]
    for i in range(utility.shape[0]):
        row = utility[i]
        # Zero times anything finite is zero; infinite and not-a-number turn a sum into NaN. Four sums do not wait for one another.
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        for x in range(0, n_texts - 3, 4):
            a += row[x] * 0.0
            b += row[x + 1] * 0.0
            c += row[x + 2] * 0.0
            d += row[x + 3] * 0.0
        for x in range(n_texts - n_texts % 4, n_texts):
            a += row[x] * 0.0
        if not math.isfinite(a + b + c + d):
            for x in range(n_texts):
                if not math.isfinite(row[x]):
                    return i, x
    return -1, -1


@jit
def extremes(row: Floats, room: Floats) -> tuple[float, float]:
    """Return the lowest and the highest utility of a row, shape (T,).

    room is (2, LANES) to work in: as many are kept as do not wait for one another, and one processor instruction serves several.
    """
    n_texts, low, high = row.shape[0], room[0], room[1]
    whole = n_texts - n_texts % LANES
    for j in range(LANES):
        low[j] = high[j] = row[0]
    for x in range(0, whole, LANES):
        block = row[x : x + LANES]
        for j in range(LANES):
            u = block[j]
            low[j] = u if u < low[j] else low[j]
            high[j] = u if u > high[j] else high[j]
    least, most = low[0], high[0]
    for j in range(1, LANES):
        least = low[j] if low[j] < least else least
        most = high[j] if high[j] > most else most
    for x in range(whole, n_texts):
        least = row[x] if row[x] < least else least
        most = row[x] if row[x] > most else most
    return least, most


@jit
def scale_of(low: float, high: float, n_slots: int) -> float:
    """Return slots per unit of utility; 0 puts all into the first slot, where utilities are too near one another to be told apart so."""
    scale = n_slots / (high - low) if high > low else 0.0
    return scale if scale < math.inf else 0.0


@jit
def slot_of(u: float, low: float, scale: float, n_slots: int) -> int:
    """Return the slot of a utility no less than low; a higher utility never has a lower slot."""
    place = (u - low) * scale
    return int(place) if place < n_slots else n_slots - 1


@jit
def put_in_slots(row: Floats, low: float, scale: float, head: Slots, after: Slots, slot: Slots) -> None:
    """Chain the texts of each slot, the latest first: head (S,) and after (T,) hold texts counted from 1, 0 ends a chain.

    slot (T,) is room to work in: finding all slots first lets one processor instruction serve several texts.
    """
    top = head.shape[0] - 1.0
    for c in range(head.shape[0]):
        head[c] = 0
    for x in range(row.shape[0]):
        place = (row[x] - low) * scale
        slot[x] = np.uint32(place if place < top else top)
    for x in range(row.shape[0]):
        c = slot[x]
        after[x] = head[c]
        head[c] = x + 1


@jit
def lowest_in_slots(row: Floats, low: float, scale: float, head: Slots, after: Slots, asked: float) -> int:
    """Return the text of lowest utility no less than what is asked, the earliest of equals; -1 where none is.

    Looks at the texts of one slot, mostly: about T / S of them.
    """
    n_slots = head.shape[0]
    best, best_x = math.inf, -1
    for c in range(slot_of(asked, low, scale, n_slots), n_slots):
        x = head[c]
        while x > 0:
            u = row[x - 1]
            if asked <= u <= best:
                best, best_x = u, x - 1
            x = after[x - 1]
        if best_x >= 0:
            break
    return best_x


@jit
def rank_row(row: Floats, order: Small, value: Floats, slot: Small, count: Small, room: Floats) -> None:
    """Sort one row, shape (T,), into order and value (T,); slot (T,), count (T + 1,) and room (2, LANES) are there to work in."""
    n_texts = row.shape[0]
    low, high = extremes(row, room)
    scale = scale_of(low, high, n_texts)
    for c in range(n_texts + 1):
        count[c] = 0
    for x in range(n_texts):
        c = slot_of(row[x], low, scale, n_texts)
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
    slot, count, room = np.empty(longest, np.int32), np.empty(longest + 1, np.int32), np.empty((2, LANES))
    for m in range(start.shape[0] - 1):
        a, z = start[m], start[m + 1]
        for i in range(utility.shape[0]):
            rank_row(utility[i, a:z], order[i, a:z], value[i, a:z], slot, count, room)


@jit
def lowest_at_least(value: Floats, asked: float, near: int) -> int:
    """Return the place of the lowest of sorted utilities (T,) that is no less than what is asked; T where none is.

    The search widens from the place ``near`` (0 to T - 1), so that a party that gives way step by step looks at few and near places.
    """
    low, high, reach = 0, value.shape[0], 1
    if value[near] >= asked:
        high = near
        while high - reach >= 0 and value[high - reach] >= asked:
            high -= reach
            reach *= 2
        low = max(high - reach, 0)
    else:
        low = near + 1
    while low < high:
        half = (low + high) >> 1
        if value[half] < asked:
            low = half + 1
        else:
            high = half
    return low
