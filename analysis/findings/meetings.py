"""What hours, channels, platforms, practice, occasions and image each change: the lockdown with one of them off, on the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import sim
from analysis.findings import Lived, table
from analysis.worlds import World as Wanted
from sim.recorder import RunData

TITLE = "What meetings are made of"
SEEDS = 12
SCENARIO, END, HEAD = "pandemic_lockdown", "2022-12", "CHN"
BODIES = ("coreper", "council_of_the_eu", "european_council")
CHANNELS = ("visit", "summit", "call", "video", "message")
LEAD = """
The scenario `pandemic_lockdown`, 2019-01 to 2022-12, all states, under `nash`, seeds 0 to 11, and the same
with one thing off. *Change* is the mean over seeds of the difference on the same luck, with its 95 %
interval over seeds (normal). Contacts are those of 2020 and 2021, of all ranks. *Who signs* compares the
share of seeds in which each two parties sign each type: the sum of absolute differences between the
changed world and twelve other seeds of the world as it stands, over the same between those two sets of
seeds of the world as it stands. 1 is seed noise.
"""

OFF: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "hours": (
        "Hours cost nothing: journeys take no time, and every channel takes as long as a call",
        {"contacts": {**{f"hours_{one}": 0.5 for one in ("visit", "summit", "video", "message")}, "speed": 1e6}},
    ),
    "channels": (
        "All channels begin, carry and build alike, and keep trust as far as bounds allow (0.7 of a visit)",
        {
            "bargaining": {**{f"start_{one}": 0.3 for one in CHANNELS}, **{f"rounds_{one}": 2 for one in CHANNELS}},
            "trust": {**dict.fromkeys(CHANNELS, 0.03), **{f"keep_{one}": 0.7 for one in CHANNELS[1:]}},
        },
    ),
    "platforms": (
        "Platforms are alike: none is full, down, dear or heard",
        {
            "platforms": dict.fromkeys(
                ("delay_loss", "gateway_loss", "price_weight", "fear", "stands_for", "cloud_outage_rate", "bridge_outage_rate"), 0.0
            ),
            "interception": {"intrusion_rate": 0.0, "known_rate": 0.0},
        },
    ),
    "practice": ("Nobody learns to meet on a screen", {"online": {"learning": 0.0, "learning_together": 0.0}}),
    "occasions": (
        "No election or opening calls for a word, no gathering makes a meeting worth more, and nobody mediates or is received",
        {
            "contacts": {"election_weight": 0.0, "summit_weight": 0.0},
            "occasions": {"openings": False, "proposals": False, "crises": False},
            "bodies": {"mediation": 0, "receptions": False},
        },
    ),
    "image": (
        "Nobody heeds the image of others, and those at home not that of their executive",
        {"contacts": {"image_weight": 0.0}, "image": {"belief": 0.0}, "ratification": {"persuasion": 0.0}},
    ),
}


def body(lived: Lived) -> str:
    """Return a table of what each changes, and one of the record of China's head in each world."""
    place = Wanted.of(SCENARIO).assembled().party(HEAD)
    worlds: dict[str, Sequence[RunData]] = {"as it stands": _lived(lived, "as it stands", {}, 0)}
    others = _lived(lived, "as it stands, other seeds", {}, SEEDS)
    for name, (_, mechanisms) in OFF.items():
        worlds[name] = _lived(lived, f"{name} off", mechanisms, 0)
    usual, noise = worlds["as it stands"], _apart(worlds["as it stands"], others)
    rows, heads = [["as it stands", *(f"{np.mean(one):,.0f}" for one in _counts(usual)), "1"]], []
    for name, runs in worlds.items():
        heads.append([name, *(f"{np.mean(one):.0f}" for one in _head(runs, place))])
        if name != "as it stands":
            changes = [_change(one, other) for one, other in zip(_counts(runs), _counts(usual), strict=True)]
            rows.append([f"{name} off", *changes, f"{_apart(runs, others) / noise:.2f}"])
    said = "\n".join(f"- **{name}**: {sentence}." for name, (sentence, _) in OFF.items())
    first = table(["world", *CHANNELS, "signed", "acts of the EU's councils", "who signs"], rows)
    titles = ["world", *(f"{what} {year}" for year in (2020, 2021) for what in ("journeys", "calls", "video", "messages"))]
    return (
        f"What is off:\n\n{said}\n\nContacts, data instruments signed and acts, and how each changes them:\n\n{first}\n\n"
        f"Contacts of China's head (in the world: 87 meetings and calls and 22 by video in 2020; 79 calls, 40 by video and about 100 "
        f"messages in 2021):\n\n{table(titles, heads)}"
    )


def _lived(lived: Lived, name: str, mechanisms: Mapping[str, Any], seed: int) -> Sequence[RunData]:
    lived.heard(f"{SEEDS} runs of {SCENARIO}: {name}")
    return sim.run(SCENARIO, seed=seed, seeds=SEEDS, end=END, record="panels", mechanisms=dict(mechanisms)).runs


def _counts(runs: Sequence[RunData]) -> list[np.ndarray]:
    """Return contacts of 2020 and 2021 by channel, data instruments signed and acts of the EU's bodies, (runs,) each."""
    found = []
    for run in runs:
        inside = (run.months >= 12 * 2020) & (run.months < 12 * 2022)
        ev = run.events
        signed = float(np.sum((ev["event"] == "signature") & (ev["type"] != "infrastructure_pact")))
        acts = sum(float(run.series[f"acts_{body}"][inside].sum()) for body in BODIES)
        found.append([*(float(run.series[f"contacts_{one}"][inside].sum()) for one in CHANNELS), signed, acts])
    return list(np.array(found).T)


def _head(runs: Sequence[RunData], place: int) -> list[np.ndarray]:
    """Return journeys, calls, events by video and messages of the head, in 2020 and then in 2021, (runs,) each."""
    found = []
    for run in runs:
        told = []
        for year in (2020, 2021):
            inside = run.months // 12 == year
            for name in ("head_journeys", "head_call", "head_video", "head_message"):
                told.append(float(run.panels[name][inside, place].sum()))
        found.append(told)
    return list(np.array(found).T)


def _apart(runs: Sequence[RunData], others: Sequence[RunData]) -> float:
    """Return the sum of absolute differences between two sets of runs in the shares of runs in which each two sign each type."""
    shares: list[dict[tuple[str, ...], float]] = []
    for some in (runs, others):
        count: dict[tuple[str, ...], float] = {}
        for run in some:
            ev = run.events
            for k in set(zip(*(ev[name][ev["event"] == "signature"].tolist() for name in ("type", "party_a", "party_b")), strict=True)):
                count[k] = count.get(k, 0.0) + 1.0 / len(some)
        shares.append(count)
    keys = set(shares[0]) | set(shares[1])
    return float(sum(abs(shares[0].get(key, 0.0) - shares[1].get(key, 0.0)) for key in sorted(keys)))


def _change(here: np.ndarray, usual: np.ndarray) -> str:
    moved = here - usual
    wide = 1.96 * moved.std(ddof=1) / np.sqrt(len(moved))
    return f"{moved.mean():+,.0f} ({moved.mean() - wide:+,.0f} to {moved.mean() + wide:+,.0f})"
