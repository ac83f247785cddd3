"""Scenarios of meetings beside their records: every target of each, and what their twins and other platforms change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import sim
from analysis.findings import Lived, table
from sim.recorder import RunData
from sim.tested import sentence

TITLE = "Meetings beside their records"
SEEDS = 12
SCENARIOS = ("china_cloud_diplomacy", "council_online", "world_assembly", "vaccine_linkage")
COUNCILS = ("council_of_the_eu", "european_council")
CLOSED = (12 * 2020 + 3, 12 * 2021 + 11)
PLATFORMS: Mapping[str, Mapping[str, Any]] = {
    "bans on record": {},
    "no bans on record": {"counterfactual": True},
    "bridges alone": {"counterfactual": True, "mechanisms": {"platforms": {"clouds": False}}},
    "all foreign clouds barred": {"shocks": [{"kind": "platform_bans", "whom": "foreign"}]},
}
LEAD = """
Seeds 0 to 11, under `nash`, all states. A target is what the world of a scenario is known to have done. The
mean over seeds is held against its band, with the lowest and the highest seed behind it. Nothing is
fitted to a target; what was set with a record in view is told in `docs/defence.md`. Intervals are 95 % over
seeds (normal).
"""


def body(lived: Lived) -> str:
    """Return the targets of each scenario, the councils and the assembly beside open borders, and what platforms change."""
    found = {name: _lived(lived, name) for name in SCENARIOS}
    held = [f"- {name}: {sentence(one)}." for name, result in found.items() for one in result.targets]
    open_councils = _lived(lived, "council_online", counterfactual=True).runs
    open_assembly = _lived(lived, "world_assembly", counterfactual=True).runs
    without = _lived(lived, "vaccine_linkage", counterfactual=True)
    return "\n\n".join(
        (
            "## Targets\n\n" + "\n".join(held),
            "## Councils and the assembly\n\n"
            + _councils(found["council_online"].runs, open_councils, found["world_assembly"].runs, open_assembly),
            "## Image of suppliers of vaccine\n\n" + _image(found["vaccine_linkage"], without),
            "## Platforms\n\n" + _platforms({name: _lived(lived, "video_platforms", **tree).runs for name, tree in PLATFORMS.items()}),
        )
    )  # fmt: skip


def _lived(lived: Lived, name: str, **tree: Any) -> Any:
    lived.heard(f"{SEEDS} runs of {name}: {tree or 'as it stands'}")
    return sim.run(name, seed=0, seeds=SEEDS, record="panels", **tree)


def _councils(runs: Sequence[RunData], others: Sequence[RunData], assembly: Sequence[RunData], usual: Sequence[RunData]) -> str:
    rows = []
    for what, kinds in (("meetings of the councils of the EU", ("met",)), ("acts that they pass", ("acts",))):
        here, there = (_sum(some, [f"{kind}_{body}" for kind in kinds for body in COUNCILS], CLOSED) for some in (runs, others))
        rows.append([what, "2020-04 to 2021-12", *_beside(here, there)])
    september = (12 * 2020 + 8, 12 * 2020 + 8)
    here, there = (_sum(some, ["assembly_attendance"], september) for some in (assembly, usual))
    rows.append(["heads in the general debate", "2020-09", *_beside(here, there)])
    return table(["", "months", "as it stands", "with open borders", "change, %"], rows)


def _beside(here: np.ndarray, there: np.ndarray) -> list[str]:
    change = 100.0 * (here / there - 1.0)
    wide = 1.96 * change.std(ddof=1) / np.sqrt(len(change))
    return [
        f"{here.mean():.0f}",
        f"{there.mean():.0f}",
        f"{change.mean():+.0f} ({change.mean() - wide:+.0f} to {change.mean() + wide:+.0f})",
    ]


def _sum(runs: Sequence[RunData], columns: Sequence[str], span: tuple[int, int]) -> np.ndarray:
    inside = (runs[0].months >= span[0]) & (runs[0].months <= span[1])
    return np.array([sum(float(run.series[name][inside].sum()) for name in columns) for run in runs])


def _image(result: Any, without: Any) -> str:
    rows = []
    for code in ("CHN", "USA"):
        place, month = result.setting.party(code), int(np.flatnonzero(result.runs[0].months == 12 * 2021 + 10)[0])
        rows.append([code, *(f"{np.mean([run.panels['image'][month, place] for run in one.runs]):.2f}" for one in (result, without))])
    return table(["2021-11", "with vaccine", "without"], rows)


def _platforms(worlds: Mapping[str, Sequence[RunData]]) -> str:
    rows, usual = [], worlds["bans on record"]
    for name, runs in worlds.items():
        video = np.mean([run.series["contacts_video"].sum() for run in runs])
        heard = np.mean([np.nanmean(run.series["heard_foreign"]) for run in runs])
        rows.append([name, f"{video:,.0f}", f"{100.0 * heard:.0f}", "–" if runs is usual else f"{np.mean(_moved(runs, usual)):,.1f}"])
    head = ["`video_platforms`, 2019 to 2023", "video events", "of meetings a third state could hear, %", "contacts of a run that differ"]
    return table(head, rows)


def _moved(runs: Sequence[RunData], usual: Sequence[RunData]) -> list[float]:
    """Count the contacts of one world that the other, on the same luck, does not have, by who, when, at what rank and over what channel."""
    names, found = ("month", "party_a", "party_b", "rank", "channel"), []
    for run, other in zip(runs, usual, strict=True):
        here, there = (
            {*zip(*(one.events[name][one.events["event"] == "contact"].tolist() for name in names), strict=True)} for one in (run, other)
        )
        found.append(float(len(here - there)))
    return found
