"""What falls at home, by who decides there, where governments differ and where they are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.findings import Lived, table
from sim.recorder import RunData
from sim.state.world import Setting

TITLE = "What falls at home"
SEEDS = 20
LEAD = """
The baseline from 2019-01 to 2025-12, all states, under `nash`, seeds 0 to 19, which share their luck. A
share is that of the instruments on which somebody at home has decided: *fell* there, or entered into
force. The number after it is the standard error over seeds, in percentage points.

Beside it stands the world: of bilateral investment treaties 24 to 30 % never entered into force (Haftel
and Thompson 2013). This is a comparison, not a target. Nothing is fitted to it and it is not scored.
"""
WIDEST = {"leaning_closed": 2.0, "leaning_liberal": 2.0, "pivot_closed": 2.0, "pivot_liberal": 2.0, "divided": 1.0}
WORLDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("governments alike (`differ` off)", {"mechanisms": {"executives": {"differ": False}}}),
    ("as it stands", {}),
    ("every range at its widest, all divided", {"mechanisms": {"executives": WIDEST}}),
    ("the same, and `spread` 0.5 (from 0.15)", {"mechanisms": {"executives": WIDEST, "ratification": {"spread": 0.5}}}),
)
FELL, TALKS = ("withdrawn", "not_ratified"), ("no_zone", "no_win_set", "not_ratifiable", "lapsed")


def body(lived: Lived) -> str:
    """Return two tables: shares that fell by who decides, and how many fell and failed for which reason."""
    shares, reasons = [], []
    for words, tree in WORLDS:
        result = lived.result(SEEDS, **tree)
        shares.append([words, *(_share([decided(result.setting, run)[who] for run in result.runs]) for who in ("legislature", "members"))])
        told = [why(run) for run in result.runs]
        reasons.append([words, *(f"{np.mean([one[reason] for one in told]):.2f}" for reason in (*FELL, *TALKS))])
    first = table(["world", "a legislature decides", "members of a bloc decide"], shares)
    second = table(
        ["world", *(f"fell: {one.replace('_', ' ')}" for one in FELL), *(f"talks: {one.replace('_', ' ')}" for one in TALKS)], reasons
    )
    return f"{first}\n\nHow many fell, and how many talks failed, in a run on average, by reason:\n\n{second}"


def decided(setting: Setting, run: RunData) -> dict[str, tuple[int, int]]:
    """Count what fell and what was decided in a run, by who decides: a state's legislature, or the members of a bloc."""
    ev, blocs = run.events, set(setting.codes[setting.n_states :])
    asked: dict[str, set[str]] = {"legislature": set(), "members": set()}
    fallen: dict[str, set[str]] = {"legislature": set(), "members": set()}
    for at in np.flatnonzero(np.isin(ev["event"], ("ratification", "ratification_failed"))).tolist():
        who = "members" if ev["party_a"][at] in blocs else "legislature"
        asked[who].add(ev["instrument"][at])
        if ev["event"][at] == "ratification_failed":
            fallen[who].add(ev["instrument"][at])
    entered = set(run.instruments["instrument"][run.instruments["in_force"] >= 0].tolist())
    return {who: (len(fallen[who]), len(fallen[who]) + len(asked[who] & entered)) for who in asked}


def why(run: RunData) -> Counter[str]:
    """Count for which reasons instruments fell at home and talks failed."""
    failed = np.isin(run.events["event"], ("ratification_failed", "negotiation_failed"))
    return Counter(run.events["reason"][failed].tolist())


def _share(counts: Sequence[tuple[int, int]]) -> str:
    fell, of = (sum(one[at] for one in counts) for at in (0, 1))
    each = [one / all_ for one, all_ in counts if all_]
    if not each:
        return "–"
    error = np.std(each, ddof=1) / np.sqrt(len(each)) if len(each) > 1 else np.nan
    return f"{100.0 * fell / of:.1f} % of {of} (± {100.0 * error:.1f})"
