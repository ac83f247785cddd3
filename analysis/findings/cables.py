"""Cables: how the links of a run beside the yearly lists grow, where new ones lie, and how far apart states are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.findings import Lived, table
from sim.data.source import read_source
from sim.recorder import RunData
from sim.run import run
from sim.types import NEVER, month_index

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
IN_SERVICE, RETIRED = 1, 3
"""Where a link of a run stands, as its table says."""
WHAT = ("cables", "median length, km", "between states that a cable joined before, %", "states that one of them touches")
TITLE = "Cables beside the lists"
SEEDS, START, END = 8, 2013, 2022
LEAD = f"""
The baseline from {START}-01 to {END}-12, seeds 0 to {SEEDS - 1}, all states, under `nash`. It begins
with the cables that the lists had in service and announced then, and sees nothing of what came
after. Beside it stand the lists (`links.csv`). How many are announced and how many retire are means
of the same lists, and the cost of length was chosen with the length of new links in view. So the
number of cables and their length are no tests. Which pairs and states get one was not used. Null:
the cables of {START}, for ever. Intervals are 95 % over seeds (normal).
"""


@dataclass(frozen=True)
class Cables:
    """Cables: the two states, length in km, and the months in which each was announced and came into service."""

    pair: tuple[tuple[str, str], ...]
    km: Floats
    announced: Ints
    since: Ints

    def new(self) -> Cables:
        """Return those that were announced and came into service within the years looked at."""
        first, last = month_index(f"{START}-01"), month_index(f"{END}-12")
        keep = np.flatnonzero((self.announced >= first) & (self.since >= first) & (self.since <= last))
        return Cables(tuple(self.pair[i] for i in keep), self.km[keep], self.announced[keep], self.since[keep])

    def told(self, old: set[tuple[str, str]]) -> list[float]:
        """Return how many there are, their median length, how many of a hundred lie on old pairs, and how many states they touch."""
        inside = np.mean([one in old for one in self.pair]) if self.pair else np.nan
        return [len(self.pair), float(np.median(self.km)), 100.0 * float(inside), len({code for one in self.pair for code in one})]


def body(lived: Lived) -> str:
    """Live the runs and return the page's tables."""
    lived.heard(f"seeds 0 to {SEEDS - 1}: baseline, {START}-01 to {END}-12")
    runs = run("baseline", seed=0, seeds=SEEDS, record="panels", start=f"{START}-01", end=f"{END}-12").runs
    lists, until = _listed()
    years = range(START, END + 1, 3)
    ends = [month_index(f"{year}-12") for year in years]
    there = [int(((lists.since <= end) & (until > end)).sum()) for end in ends]
    before = month_index(f"{START}-01") - 1
    null = int(((lists.since <= before) & (until > before)).sum())
    counts = [
        [str(year), _told([_in_service(one, end) for one in runs]), str(seen), str(null)]
        for year, end, seen in zip(years, ends, there, strict=True)
    ]
    old = {one for one, since, gone in zip(lists.pair, lists.since, until, strict=True) if since <= before < gone}
    found, seen_new = [_cables(one).new().told(old) for one in runs], lists.new().told(old)
    rows = [[name, _told([one[n] for one in found]), f"{seen_new[n]:.0f}"] for n, name in enumerate(WHAT)]
    delays = [
        [str(year), _told([float(one.series["latency"][end - before - 1]) for one in runs])] for year, end in zip(years, ends, strict=True)
    ]
    return "\n\n".join(
        (
            "## Cables in service at the end of the year",
            table(["year", "here", "lists", "null"], counts),
            f"## Cables announced and in service within {START} to {END}",
            table(["", "here", "lists"], rows),
            "## Mean latency between states that are joined, ms one way",
            table(["December of", "here"], delays),
        )
    )


def _listed() -> tuple[Cables, Ints]:
    """Return the cables of the lists that came into service, and the month after the last of each."""
    source = read_source(None)
    lines = source.ground.lines
    keep = np.flatnonzero(lines.since < NEVER)
    pairs = tuple((source.codes[lines.first[i]], source.codes[lines.second[i]]) for i in keep)
    return Cables(pairs, lines.km[keep], lines.announced[keep], lines.since[keep]), lines.until[keep]


def _cables(one: RunData) -> Cables:
    """Return the cables of a run that came into service."""
    links = one.tables["links"]
    keep = np.flatnonzero(~links["land"] & ((links["status"] == IN_SERVICE) | (links["status"] == RETIRED)))
    pairs = tuple((str(links["first"][i]), str(links["second"][i])) for i in keep)
    return Cables(pairs, links["km"][keep], links["announced"][keep].astype(np.int64), links["since"][keep].astype(np.int64))


def _in_service(one: RunData, month: int) -> float:
    """Count the cables of a run that are in service at the end of a month: those that came, less those that have retired."""
    gone = (one.events["event"] == "link_retired") & (one.events["month"] <= month)
    return float((_cables(one).since <= month).sum() - gone.sum())


def _told(values: Sequence[float]) -> str:
    """Return a mean over seeds with its interval."""
    mean, wide = float(np.mean(values)), 1.96 * float(np.std(values, ddof=1)) / np.sqrt(len(values))
    return f"{mean:.0f} ({mean - wide:.0f} to {mean + wide:.0f})"
