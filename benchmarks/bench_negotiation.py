"""Measure negotiations over finite tables, beside NegMAS where it is installed and beside what the processor can do at most.

Run by ``make bench``. Every round measures all ways one after the other, so that a busy machine slows all alike; a line gives the median
of the rounds and their range. Cold: utilities are built from weights and values and looked up once. Warm: the texts are sorted already.
The limit is what the rule asks as written, ``n T K`` multiply-adds a negotiation to value its texts and one for each turn's aspiration,
at the rate that plain compiled loops over arrays in the first cache reach in the same process on one core. Warm kernels value nothing
anew: their share says how many rules as written they stand for.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import dock
import numpy as np
from rounds import TOUCH

from sim.bargains.ranking import fill
from sim.bargains.table_offers import hold
from sim.bargains.tables import additive, ranked
from sim.kernels import jit
from sim.protocols.alternating_offers import OVER_TIME, AlternatingOffers

ROUNDS = 1 if TOUCH else 7
SIZES = (5, 5, 5, 5)
N_STEPS = 20
COUNT = 18 if TOUCH else 3600
FEW, TIMES = (18, 1) if TOUCH else (900, 4)
"""Kernels are measured on batches that stay in the second cache, several times over."""
PEER_COUNT = 120
LANES = 64


def profiles(count: int, seed: int = 11) -> list[dict[str, Any]]:
    """Draw profiles of 625 texts and 20 rounds, every pair of tactics equally often, no reservation."""
    draw = random.Random(seed)
    told = []
    for number in range(count):
        one: dict[str, Any] = {"id": number, "n_steps": N_STEPS}
        for side, curve in zip(dock.SIDES, (OVER_TIME[number % 3], OVER_TIME[number // 3 % 3]), strict=True):
            raw = [draw.random() + 0.01 for _ in SIZES]
            values = [[draw.random() for _ in range(size)] for size in SIZES]
            one[side] = {"w": [w / sum(raw) for w in raw], "v": values, "reserved": 0.0, "curve": curve}
        told.append(one)
    return told


@jit
def multiply_adds(total: Any, factor: Any, term: Any, rounds: int) -> None:
    """Do ``rounds`` multiply-adds in each of a few numbers that stay in the first cache."""
    for _ in range(rounds):
        for j in range(total.shape[0]):
            total[j] = total[j] * factor[j] + term[j]


def rate() -> float:
    """Return multiply-adds a second."""
    rounds = 400 if TOUCH else 400_000
    total, factor, term = np.zeros(LANES), np.full(LANES, 0.5), np.ones(LANES)
    return LANES * rounds / seconds(lambda: multiply_adds(total, factor, term, rounds))


def seconds(way: Callable[[], object]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def said(name: str, values: list[float], unit: str) -> None:
    print(f"  {name:<66} {statistics.median(values):12.4g} {unit}   ({min(values):.4g} to {max(values):.4g})")


def batches(told: list[dict[str, Any]]) -> list[tuple[AlternatingOffers, Any, Any, Any]]:
    """Return protocol, weights, values and reservation values of each pair of tactics."""
    found = []
    for rows in dock.alike(told):
        some = [told[row] for row in rows]
        protocol = AlternatingOffers(deadline_rounds=N_STEPS, tactic=some[0]["a"]["curve"], tactic_second=some[0]["b"]["curve"])
        weights = np.array([[one[side]["w"] for side in dock.SIDES] for one in some])
        values = np.array([[[x for row in one[side]["v"] for x in row] for side in dock.SIDES] for one in some])
        found.append((protocol, weights, values, np.zeros((len(some), 2))))
    return found


def main() -> None:
    """Print the table."""
    groups, few = batches(profiles(COUNT)), batches(profiles(FEW))
    warm = [ranked(additive(w, v, SIZES, r)) for _, w, v, r in groups]
    tables = [additive(w, v, SIZES, r) for _, w, v, r in few]
    sorted_tables = [ranked(one) for one in tables]
    turns = sum(len(p.replay_table(t, record=True)[1].talk) for (p, *_), t in zip(groups, warm, strict=True)) / COUNT
    count = 2 * 625 * len(SIZES) + turns
    sizes, first = np.array(SIZES), np.zeros(FEW // len(few), np.int64)
    asking = [(protocol.aspiration_shares(), first, protocol.imitates()) for protocol, *_ in few]

    def cold_kernels() -> None:
        for (_, w, v, _), one, how in zip(few, tables, asking, strict=True):
            fill(w, v, sizes, one.utility)
            hold(one, *how)

    def warm_kernels() -> None:
        for one, how in zip(sorted_tables, asking, strict=True):
            hold(one, *how)

    ways: dict[str, Callable[[], float]] = {
        "cold": lambda: COUNT / seconds(lambda: [p.solve_table(additive(w, v, SIZES, r)) for p, w, v, r in groups]),
        "warm": lambda: COUNT / seconds(lambda: [p.solve_table(one) for (p, *_), one in zip(groups, warm, strict=True)]),
        "cold kernels": lambda: FEW * TIMES / seconds(lambda: [cold_kernels() for _ in range(TIMES)]),
        "warm kernels": lambda: FEW * TIMES / seconds(lambda: [warm_kernels() for _ in range(TIMES)]),
        "rate": rate,
    }
    for way in ways.values():
        way()
    missing, asked = "a touch only" if TOUCH else dock.peer_is_missing(install=False), profiles(PEER_COUNT)
    found: dict[str, list[float]] = {name: [] for name in (*ways, "peer cold", "peer warm")}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            found[name].append(way())
        if not missing:
            took = json.loads(dock.peer(["seconds"], asked))
            for name in ("cold", "warm"):
                found[f"peer {name}"].append(took["talks"] / took[name])

    def over(one: str, other: str, factor: float = 1.0) -> list[float]:
        return [factor * a / b for a, b in zip(found[one], found[other], strict=True)]

    for name in ("cold", "warm"):
        said(f"{name}, from the door: negotiations of 625 texts, 20 rounds", found[name], "a second")
    for name in ("cold", "warm"):
        if missing:
            print(f"  NegMAS, {name}: skipped, {missing}")
        else:
            said(f"NegMAS, {name}", found[f"peer {name}"], "a second")
            said(f"{name}: times as many as NegMAS, round by round", over(name, f"peer {name}"), "times")
    said("multiply-adds of compiled loops on this core", [one / 1e9 for one in found["rate"]], "thousand million a second")
    print(f"  the rule as written: {count:.0f} multiply-adds a negotiation, {turns:.1f} of them for offers")
    said("cold kernels (fill, look up, negotiate): share of that limit", over("cold kernels", "rate", 100 * count), "%")
    said("warm kernels (negotiate on sorted texts): share of that limit", over("warm kernels", "rate", 100 * count), "%")


if __name__ == "__main__":
    main()
