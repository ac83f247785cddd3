"""Measure the engine against the model in plain Python: same rules, same world, same luck, same months; run by ``make bench``.

There are two plain sides; the mark of 100 is printed at both, and what it was set for is the second, the whole plain form:

- *agents*: the decisions are the agents', in plain Python, through :class:`sim.DiplomacyModel` with Mesa's data collector; the
  environment's mechanisms are the engine's. The engine seen through the same model, so that only who decides differs, stands beside it.
- *everything plain*: decisions and mechanisms in plain Python (``plain_peer``). To carry its world of dicts into the arrays that the agents
  read belongs to neither side: it is left out of the peer's time and printed by itself. This peer measures no metrics, so the engine is
  charged with more than it. After those months the two worlds must agree, event for event and to 1e-9, or the benchmark fails.

The engine lives its months as ``sim.run`` does, measurements included and without Mesa. Each worker lives the same months once before, so
that neither pays for loading kernels. Rounds are taken side by side, and processor time is counted, which other work on the machine
disturbs less than the clock. A year of the engine is over in a tenth of a second, in which a shared machine may be at its best or worst:
it is lived several times in each round, and the median of each month is taken.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rounds import QUICK, TOUCH, closed, interleaved, measured, opened, ratios, said

AGAIN = 1 if TOUCH else 9
"""How often the engine lives its months in one round."""

YEAR = """
import json, statistics, time
from sim import DiplomacyModel
def lived(plain, months):
    model = DiplomacyModel("baseline", seed=7, plain=plain, {tree})
    model.step()
    spent = []
    for _ in range(months):
        t = time.process_time(); model.step(); spent.append(time.process_time() - t)
    return spent
def ran(months):
    from sim import engine
    from sim.recorder import Recorder
    from sim.run import prepare
    config, chosen = prepare(dict(scenarios="baseline", seed=7, {tree}))
    setting = engine.assemble(config)
    world, recorder = engine.start(setting, chosen.seed), Recorder(setting, "series")
    engine.step(world); recorder.measure(world)
    spent = []
    for _ in range(months):
        t = time.process_time(); engine.step(world); recorder.measure(world); spent.append(time.process_time() - t)
    return spent
def often(way):
    return [statistics.median(month) for month in zip(*(way() for _ in range({again})))]
lived(False, {months})
print(json.dumps({how}))
"""
PEER = """
import json, sys
sys.path[:0] = {rooms}
from plain_peer import lived
print(json.dumps(lived({months}, {tree})))
"""
HERE = Path(__file__).resolve().parent
ROOMS = [str(HERE), str(HERE.parent / "tests")]
REAL = 'start="2019-01", end="2020-12"'
FEW = 'start="2019-11", end="2020-12", roster={"states": ["DEU", "IDN", "JPN", "USA"]}'
SYNTHETIC = 'start="2019-11", end="2020-12", roster={"kind": "synthetic", "n": 500}'


def compared(name: str, tree: str, months: int, january: int, rounds: int, mark: str = "", whole: bool = False) -> None:
    """Print months of all ways, and their ratio over all months, over ordinary months and in January (place in the list)."""

    def way(how: str) -> Any:
        return lambda: measured(YEAR.format(how=how, months=months, tree=tree, again=AGAIN))

    ways = {
        "engine": f"often(lambda: ran({months}))",
        "seen": f"often(lambda: lived(False, {months}))",
        "agents": f"lived(True, {months})",
    }
    runs = {key: way(how) for key, how in ways.items()}
    if whole:
        runs["everything plain"] = lambda: measured(PEER.format(rooms=ROOMS, months=months, tree=tree))
    found = interleaved(runs, rounds)
    peer = found.pop("everything plain", [])
    if peer:
        found["everything plain"] = [one["spent"] for one in peer]
    mean = {key: [sum(one) / months for one in rows] for key, rows in found.items()}
    rest = {key: [sum(one) - one[january] for one in rows] for key, rows in found.items()}
    turn = {key: [one[january] for one in rows] for key, rows in found.items()}
    said(f"{name}: one month of the engine", [1000 * one for one in mean["engine"]], "ms")
    said(f"{name}: one month of the engine seen through Mesa", [1000 * one for one in mean["seen"]], "ms")
    said(f"{name}: one month of the agents", [1000 * one for one in mean["agents"]], "ms")
    said(f"{name}: agents over engine seen through Mesa", ratios(mean["agents"], mean["seen"]), "times")
    for side in ("agents", "everything plain")[: 1 + bool(peer)]:
        if side != "agents":
            said(f"{name}: one month of {side}", [1000 * one for one in mean[side]], "ms")
            said(f"{name}: carried from dicts to arrays, in neither", [1000 * sum(one["carried"]) / months for one in peer], "ms")
        said(f"{name}: {side} over engine", ratios(mean[side], mean["engine"]), "times", mark)
        said(f"{name}: {side} over engine, months without appraisal", ratios(rest[side], rest["engine"]), "times")
        said(f"{name}: {side} over engine, January alone", ratios(turn[side], turn["engine"]), "times")
    different = [line for one in peer for line in one["differences"]]
    if different:
        raise SystemExit("the plain world and the engine's differ:\n" + "\n".join(different))
    if peer:
        print(f"  {name}: after these months the plain world and the engine's agree, event for event and to 1e-9")


def main() -> None:
    """Print the table."""
    opened()
    if TOUCH:
        compared("4 states, November to January", FEW, 2, 1, 1, whole=True)
    else:
        compared("193 states, a year", REAL, 12, 11, 1 if QUICK else 3, "100", whole=True)
    if not QUICK:
        compared("500 synthetic states, December to February", SYNTHETIC, 3, 1, 2)
    closed()


if __name__ == "__main__":
    main()
