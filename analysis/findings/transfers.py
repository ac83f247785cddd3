"""Transfers from the EU to the United States: how long texts take and live, what leaks do, and what a constant hazard cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.findings import Lived, table
from analysis.worlds import World as Wanted
from sim import engine
from sim.state.world import Setting, World
from sim.types import Stage, TalkStage, month_index

TITLE = "Transfers from the EU to the United States"
SEEDS = 20
SCENARIO, FRAMEWORK = "eu_us_transfers", "transfer_framework"
JUDGE, OTHER = "EU", "USA"
LEAK, AFTER = month_index("2013-06"), 60
LEAD = """
The scenario `eu_us_transfers`, 2000-08 to 2025-12, all states, under `nash`, seeds 0 to 19, beside
its twin without the leaks on record. Frameworks are those of the EU as judge and the United States.
Rulings come from the rule of courts. Intervals are 95 % by the jackknife over seeds. All before
2010 is illustrative.

The numbers of the world: 26 months from the recommendations of 2013 to a text, 4 from the annulment
of 2015; two annulments in 19.2 framework-years by 2020; 2,400 firms a year after Privacy Shield
began and 4,000 after 2.3 years.

What is no test. The rate of complaints, what a leak adds and how it fades were set on the five
cases of these years. So clustering after the leak shows that the rule works, not that it is true.
The pace of firms that come back was set on the first of the two counts, and the number of firms on
that of 2020. How often teams meet under a deadline is assumed. That frameworks may be signed below
the tests, how Safe Harbour is coded, and how much of a ruling is heeded were chosen after a look at
runs of these two, in which no successor came about.
"""


@dataclass
class Told:
    """What one run tells of the two."""

    slow: list[int] = field(default_factory=list)
    hurried: list[int] = field(default_factory=list)
    lives: list[float] = field(default_factory=list)
    years: float = 0.0
    texts: list[tuple[float, float]] = field(default_factory=list)
    firms: list[tuple[float, float]] = field(default_factory=list)
    filed: list[int] = field(default_factory=list)
    ruled: list[int] = field(default_factory=list)
    near: float = 0.0
    far: float = 0.0
    courts: dict[bool, list[float]] = field(default_factory=lambda: {True: [0.0, 0.0], False: [0.0, 0.0]})


def body(lived: Lived) -> str:
    """Return the tables: pace and life, depth and firms, clustering after the leak, and endings with and without a court."""
    setting = Wanted.of(SCENARIO).assembled()
    twin = Wanted.of(SCENARIO, {"shocks": []}).assembled()
    lived.heard(f"{SEEDS} runs of {SCENARIO} and of its twin")
    found = [told(setting, seed) for seed in range(SEEDS)]
    without = [told(twin, seed) for seed in range(SEEDS)]
    return "\n\n".join((_pace(found), _depth(found), _clusters(found, without), _courts(found)))


def told(setting: Setting, seed: int) -> Told:
    """Live one run and note what it tells."""
    world, out = engine.start(setting, seed), Told()
    judge, other = (setting.codes.index(code) for code in (JUDGE, OTHER))
    kind, counted = setting.type_names.index(FRAMEWORK), dict[int, dict[int, float]]()
    while world.month <= setting.config.end:
        engine.step(world)
        live = ours(world, kind, judge, other) & (world.instruments["stage"] == Stage.IN_FORCE)
        if live.any():
            near = LEAK <= world.month < LEAK + AFTER
            out.near, out.far = out.near + near / 12.0, out.far + (not near) / 12.0
            out.years += 1.0 / 12.0
        for row in np.flatnonzero(live).tolist():
            age = world.month - 1 - int(world.instruments["in_force"][row])
            counted.setdefault(row, {})[age] = float(world.array("certified")[row])
        _exposed(world, out)
    _read(world, out, kind, judge, other, counted)
    return out


def ours(world: World, kind: int, judge: int, other: int) -> np.ndarray:
    """Say which instruments are frameworks between the two, (M,)."""
    t = world.instruments
    return np.asarray((t["type"] == kind) & (t["first"] == judge) & (t["second"] == other))


def _exposed(world: World, out: Told) -> None:
    """Count a month of every framework and decision, and what ended in it, by whether the judge's people may sue."""
    t = world.instruments
    kinds = np.array([bool(getattr(one, "challenged_by", {}).get("people")) for one in world.setting.types])
    some = kinds[t["type"]]
    sued = world.standing[t["first"]] > 0.0
    ended = some & (t["ended"] == world.month - 1) & (t["in_force"] >= 0) & (t["stage"] != Stage.SUCCEEDED)
    for court in (True, False):
        here = sued == court
        out.courts[court][0] += float(np.count_nonzero(some & here & (t["stage"] == Stage.IN_FORCE))) / 12.0
        out.courts[court][1] += float(np.count_nonzero(ended & here))


def _read(world: World, out: Told, kind: int, judge: int, other: int, counted: dict[int, dict[int, float]]) -> None:
    """Read what the run's ledger and cases say of the two."""
    t, talks, cases = world.instruments, world.talks, world.cases
    mine = ours(world, kind, judge, other)
    for row in np.flatnonzero(mine & (t["listed"] < 0)).tolist():
        names = world.setting.words.issues
        out.texts.append((float(t["text"][row, names.index("safeguards")]), float(t["text"][row, names.index("redress")])))
        before = int(t["successor_of"][row])
        if before >= 0 and t["stage"][before] == Stage.ANNULLED and 28 in counted.get(row, {}):
            out.firms.append((counted[row][12], counted[row][28]))
    for row in np.flatnonzero(mine & (t["stage"] == Stage.ANNULLED)).tolist():
        out.lives.append((int(t["ended"][row]) - int(t["in_force"][row])) / 12.0)
    done = (talks["type"] == kind) & (talks["first"] == judge) & (talks["second"] == other) & (talks["stage"] == TalkStage.CONCLUDED)
    for row in np.flatnonzero(done & (talks["succeeds"] >= 0)).tolist():
        ended = int(t["ended"][talks["succeeds"][row]])
        if talks["pressed"][row]:
            out.hurried.append(int(talks["closed"][row]) - ended)
        else:
            out.slow.append(int(talks["closed"][row]) - int(talks["opened"][row]))
    of = mine[cases["instrument"]] if len(cases) else np.zeros(0, dtype=np.bool_)
    out.filed = cases["filed"][of].tolist()
    ruled = of & np.isin(cases["outcome"], (1, 2))
    out.ruled = cases["due"][ruled].tolist()


def ratio(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return a ratio of sums over seeds, and its standard error by the jackknife; NaN where nothing is below."""
    up, down = (np.array([pair[k] for pair in pairs]) for k in (0, 1))
    if down.sum() == 0.0:
        return float("nan"), float("nan")
    with np.errstate(all="ignore"):
        left_out = (up.sum() - up) / (down.sum() - down)
    n = len(up)
    return float(up.sum() / down.sum()), float(np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum()))


def _mean(found: Sequence[Told], of: Callable[[Told], Sequence[float]]) -> tuple[float, float, int]:
    value, error = ratio([(float(sum(of(one))), float(len(of(one)))) for one in found])
    return value, error, sum(len(of(one)) for one in found)


def _cell(value: float, error: float, digits: int = 1) -> str:
    if not np.isfinite(value):
        return "–"
    return f"{value:.{digits}f} ({value - 1.96 * error:.{digits}f} to {value + 1.96 * error:.{digits}f})"


def _pace(found: Sequence[Told]) -> str:
    rows = []
    for words, of, world, low, high in (
        ("months from opening talks to a text, while the framework is in force", lambda one: one.slow, "26", 15.0, 40.0),
        ("months from an annulment to a text", lambda one: one.hurried, "4", 2.0, 9.0),
    ):
        value, error, n = _mean(found, of)
        rows.append([words, str(n), _cell(value, error), world, f"{low:g} to {high:g}", "yes" if low <= value <= high else "**no**"])
    value, error = ratio([(float(len(one.lives)), one.years) for one in found])
    many = str(sum(len(one.lives) for one in found))
    rows.append(["annulments in a framework-year", many, _cell(value, error, 3), "0.10", "0.04 to 0.2", "sets the rate"])
    value, error, n = _mean(found, lambda one: one.lives)
    rows.append(["years in force of what was annulled", str(n), _cell(value, error), "15.2 and 4.0", "–", "–"])
    return "## Pace and life\n\n" + table(["what", "cases", "model", "world", "band", "inside"], rows)


def _depth(found: Sequence[Told]) -> str:
    rows = []
    for k, words in enumerate(("first text signed in the run", "second", "third")):
        some = [[one.texts[k]] if len(one.texts) > k else [] for one in found]
        cells = [ratio([(sum(text[j] for text in texts), float(len(texts))) for texts in some]) for j in (0, 1)]
        rows.append([words, str(sum(map(len, some))), _cell(*cells[0], 2), _cell(*cells[1], 2)])
    one = _mean(found, lambda run: [early for early, _ in run.firms])
    two = _mean(found, lambda run: [late for _, late in run.firms])
    firms = [
        ["one year after a successor of an annulled one began", str(one[2]), _cell(one[0], one[1], 0), "2,400", "sets the pace"],
        ["28 months after", str(two[2]), _cell(two[0], two[1], 0), "4,000", "yes" if 3000 <= two[0] <= 5000 else "**no**"],
    ]
    return (
        "## Depth\n\nSafe Harbour is coded as safeguards of 0.50 and redress of 0, Privacy Shield as 0.60 and 0.30.\n\n"
        + table(["text", "cases", "safeguards", "redress"], rows)
        + "\n\n## Firms certified\n\n"
        + table(["when", "cases", "model", "world", "within a quarter"], firms)
    )


def _clusters(found: Sequence[Told], without: Sequence[Told]) -> str:
    """Set the rates of complaints in the five years from the leak beside those of all other years."""

    def rates(some: Sequence[Told], of: Callable[[Told], list[int]], lag: int) -> tuple[tuple[float, float], tuple[float, float], float]:
        inside = [sum(LEAK + lag <= month < LEAK + lag + AFTER for month in of(one)) for one in some]
        near = ratio([(float(n), one.near) for n, one in zip(inside, some, strict=True)])
        far = ratio([(float(len(of(one)) - n), one.far) for n, one in zip(inside, some, strict=True)])
        apart = (near[0] - far[0]) / np.hypot(near[1], far[1])
        return near, far, float(apart)

    rows = []
    for words, some in (("with the leaks on record", found), ("without leaks", without)):
        for what, of, lag in (("complaints", lambda one: one.filed, 0), ("rulings, two years later", lambda one: one.ruled, 24)):
            near, far, apart = rates(some, of, lag)
            rows.append([words, what, _cell(*near, 2), _cell(*far, 2), f"{apart:.1f}"])
    return (
        "## What a leak does\n\nCases a framework-year in the five years from June 2013 on, and in all other years; the last column is the "
        "difference over its standard error. A constant hazard says that the two are alike. In the world there was no private case in 13 "
        "years before the leak, and there were four in the seven years after.\n\n"
        + table(["world", "what", "five years from the leak", "other years", "apart"], rows)
    )


def _courts(found: Sequence[Told]) -> str:
    rows = []
    for court, words in ((True, "the judge's people may sue"), (False, "nobody may sue")):
        value, error = ratio([(one.courts[court][1], one.courts[court][0]) for one in found])
        years = sum(one.courts[court][0] for one in found)
        rows.append([words, f"{years:.0f}", f"{sum(one.courts[court][1] for one in found):.0f}", _cell(value, error, 4)])
    return (
        "## With a court and without\n\nAll frameworks and adequacy decisions of all judges. What a successor replaced is not counted as "
        "ended.\n\n" + table(["court", "years in force", "ended", "ended a year"], rows)
    )
