"""Measure the engine against the plain Mesa agents: same rules, same world, same luck, same months; run by ``make bench``.

The engine lives its months as ``sim.run`` does, measurements included and without Mesa; the agents live theirs through
:class:`sim.DiplomacyModel` with Mesa's data collector, which is what a plain Mesa model is. The engine seen through the same model, so
that only who decides differs, stands beside them. Each worker lives the same months once before, so that neither pays for loading
kernels. Rounds are taken side by side, and processor time is counted, which other work on the machine disturbs less than the clock.
"""

from __future__ import annotations

from typing import Any

from rounds import QUICK, closed, interleaved, measured, opened, ratios, said

YEAR = """
import json, time
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
lived(False, {months})
print(json.dumps({how}))
"""
REAL = 'start="2019-01", end="2020-12"'
SYNTHETIC = 'start="2019-11", end="2020-12", roster={"kind": "synthetic", "n": 500}'


def compared(name: str, tree: str, months: int, january: int, rounds: int, mark: str = "") -> None:
    """Print months of both ways, and their ratio over all months, over ordinary months and in January (place in the list)."""

    def way(how: str) -> Any:
        return lambda: measured(YEAR.format(how=how, months=months, tree=tree))

    ways = {"engine": f"ran({months})", "seen": f"lived(False, {months})", "agents": f"lived(True, {months})"}
    found = interleaved({name: way(how) for name, how in ways.items()}, rounds)
    whole = {key: [sum(one) / months for one in rows] for key, rows in found.items()}
    said(f"{name}: one month of the engine", [1000 * one for one in whole["engine"]], "ms")
    said(f"{name}: one month of the engine seen through Mesa", [1000 * one for one in whole["seen"]], "ms")
    said(f"{name}: one month of the agents", [1000 * one for one in whole["agents"]], "ms")
    said(f"{name}: agents over engine", ratios(whole["agents"], whole["engine"]), "times", mark)
    said(f"{name}: agents over engine seen through Mesa", ratios(whole["agents"], whole["seen"]), "times")
    rest = {key: [sum(one) - one[january] for one in rows] for key, rows in found.items()}
    said(f"{name}: agents over engine, months without appraisal", ratios(rest["agents"], rest["engine"]), "times")
    turn = {key: [one[january] for one in rows] for key, rows in found.items()}
    said(f"{name}: agents over engine, January alone", ratios(turn["agents"], turn["engine"]), "times")


def main() -> None:
    """Print the table."""
    opened()
    compared("193 states, a year", REAL, 12, 11, 1 if QUICK else 3, "100")
    if not QUICK:
        compared("500 synthetic states, December to February", SYNTHETIC, 3, 1, 2)
    closed()


if __name__ == "__main__":
    main()
