"""Across hostility: in how many seeds two parties sign although one is hostile to the other, and why talks fail."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.backtest.living import known_world, lived
from analysis.backtest.run import HELD, SEEDS, Asked
from analysis.findings import Lived, table
from analysis.worlds import Kept
from sim import engine
from sim.recorder import RunData
from sim.state.world import Floats, Setting

TITLE = "Who is hostile, and why talks fail"
BAR, MOST = 0.5, 2
FAILURES = 20
PACT = "infrastructure_pact"
FIRST, LAST = HELD
LEAD = f"""
The baseline from {FIRST}-01 to {LAST}-12, all states, under `nash`. The first table counts the seeds, of
{SEEDS}, in which two parties signed although hostility without rivalry between them was {BAR:g} or more that
year. Hostility is the same in all seeds. Asked is that no two sign a data instrument there in more
than {MOST} seeds, and no two a pact in any. No labels are read, so this is no look at the years held back.
The second table says why talks of two failed, seeds 0 to {FAILURES - 1}: three reasons or more are asked.
"""


def body(found: Lived) -> str:
    """Return a table of signatures across hostility, and one of reasons."""
    world = known_world(FIRST, LAST)
    setting = world.assembled()
    kept, _ = lived(FIRST, LAST, SEEDS, Asked().outputs / "backtest" / "runs", found.heard)
    across = signed_across(kept, setting, hostility(setting))
    runs = found.runs(FAILURES, **world.tree)
    return f"{_across(across, kept)}\n\n## Why talks fail\n\n{_why(runs)}"


def hostility(setting: Setting) -> dict[int, Floats]:
    """Return hostility without rivalry by year, (E,) each: that of the year's January in a run, the same in all."""
    world, found = engine.start(setting, 0), dict[int, Floats]()
    while world.month <= setting.config.end:
        year = world.month // 12
        engine.step(world)
        found.setdefault(year, world.hostility_without_rivalry.copy())
    return found


def signed_across(kept: Kept, setting: Setting, hostile: dict[int, Floats]) -> dict[tuple[str, str, str], set[int]]:
    """Return the seeds in which two parties signed a type across hostility: (type, one, other) to seeds."""
    party, found = {code: p for p, code in enumerate(setting.codes)}, defaultdict[tuple[str, str, str], set[int]](set)
    columns: list[Sequence[Any]] = [kept.signatures[name].to_pylist() for name in ("seed", "month", "type", "party_a", "party_b")]
    for seed, month, kind, one, other in zip(*columns, strict=True):
        if other and hostile[month // 12][setting.edges.find(party[one], party[other])] >= BAR:
            found[kind, *sorted((one, other))].add(seed)
    return found


def _across(across: dict[tuple[str, str, str], set[int]], kept: Kept) -> str:
    """Tell the worst pairs by type, and whether what is asked holds."""
    worst = sorted(across, key=lambda key: (-len(across[key]), key))[:10]
    most = max((len(seeds) for (kind, *_), seeds in across.items() if kind != PACT), default=0)
    pacts = sum(len(seeds) for (kind, *_), seeds in across.items() if kind == PACT)
    rows = [[f"{one}-{other}", kind, f"{len(across[kind, one, other])} of {kept.seeds}"] for kind, one, other in worst]
    told = "It holds." if most <= MOST and not pacts else "**It does not hold.**"
    head = f"{told} The most is {most} of {kept.seeds} seeds for a data instrument; pacts: {pacts}."
    return f"{head}\n\n{table(['parties', 'type', 'seeds'], rows)}" if rows else head


def _why(runs: Sequence[RunData]) -> str:
    """Tell how many talks failed in a run on average, by reason and type."""
    counts = Counter[tuple[str, str]]()
    for run in runs:
        ev = run.events
        at = np.flatnonzero((ev["event"] == "negotiation_failed") & (ev["party_b"] != ""))
        counts.update(zip(ev["reason"][at].tolist(), ev["type"][at].tolist(), strict=True))
    kinds, reasons = (sorted({key[k] for key in counts}) for k in (1, 0))
    whole = {reason: sum(counts[reason, kind] for kind in kinds) for reason in reasons}
    rows = [
        [reason.replace("_", " "), *(f"{counts[reason, kind] / len(runs):.1f}" for kind in kinds), f"{whole[reason] / len(runs):.1f}"]
        for reason in sorted(reasons, key=lambda one: -whole[one])
    ]
    return table(["reason", *(kind.replace("_", " ") for kind in kinds), "all"], rows)
