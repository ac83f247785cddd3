"""Access: use of the internet beside the record, what landings did, and what programmes did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.findings import Lived, table
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.data.source import read_source
from sim.mechanisms.access.rule import Access
from sim.recorder import RunData
from sim.types import month_index

Floats = NDArray[np.float64]
SEEDS, START, END = 6, 2019, 2024
FEW, HIGH, LOW = 4, 13_845.0, 1_135.0
"""Links of a state that count as few; GDP per head from which on income is high, and up to which it is low (World Bank, 2022)."""
TYPES = ["adequacy_decision", "digital_trade_agreement", "infrastructure_pact", "law_enforcement_access", "transfer_framework"]
TITLE = "Access beside the record"
LEAD = f"""
The baseline from {START}-01 to {END}-12, seeds 0 to {SEEDS - 1}, all states, under `nash`. Use of the
internet begins with what was known in January {START} (figures of {START - 1}); nothing later is read.
December of a year stands beside the figure of that year. Nulls: persistence ({START} for ever), and
logistic growth at the same rate without price, income and skills. The rate is fitted to years up to
2018, and the other numbers come from elsewhere or are assumed (`docs/parameters.csv`). They were
looked at on 2010 to 2018 first. Looks beside {START} to {END}: some five single runs and three makings
of this page. Between them `few_links` was set by 2010 to 2018, and three numbers of programmes were
set, which touch nothing here but the last table. Numbers on prices and skills were picked by somebody
who had seen use in poor states up to 2023, so these years are not wholly unseen. Use rests on luck by
landings alone, so intervals (95 % over seeds, normal) are narrow and say nothing of
how sure the numbers are.
"""


def body(lived: Lived) -> str:
    """Live the runs and return the page's tables."""
    end = f"{END}-12"
    runs = lived.runs(SEEDS, end=end)
    still = lived.runs(SEEDS, end=end, mechanisms={"access": {"landing_price": 0.0}})
    helped = [
        lived.runs(SEEDS, end=end, negotiated=[*TYPES, "capacity_programme"], mechanisms={"bargaining": {"linkage": True}}, **more)
        for more in ({}, {"agreements": {"capacity_programme": {"budget_share": 3e-4}}})
    ]
    roster = load_roster(RosterSpec(), month_index(f"{START}-01"), month_index(f"{END + 1}-12"))
    return "\n\n".join(
        (
            "## How far off, points of use, mean over the states that have a figure of the year",
            table(["year", "states", "here", "persistence", "logistic without price"], _errors(runs, roster)),
            "## Of people in least developed states and in all states, %, and the gap of high to low income, points",
            table(["year", "least developed", "recorded", "all", "recorded", "gap", "recorded", "gap, logistic"], _groups(runs, roster)),
            "The record is what was known a year later: figures of states that have none of the year are carried.",
            f"## What landings did by {END}",
            table(["", "states", "points of use more than if prices had not fallen"], _landings(runs, still, roster)),
            "Measured where one landed (Cariolle 2019, sub-Saharan Africa): 3.5 points, between 3 and 4.",
            f"## What programmes did by {END}",
            table(["", "no programmes", "programmes", "programmes, six times the money"], _programmes(runs, helped, roster)),
        )
    )


def _use(run: RunData, roster: Roster, year: int) -> Floats:
    """Return the use of each state in December of a year, (N,)."""
    at = month_index(f"{year}-12") - month_index(f"{START}-01")
    return np.asarray(run.panels["people_online"][at, : roster.n] / roster.figures["population"][year - START])


def _logistic(roster: Roster, year: int) -> Floats:
    """Return what logistic growth alone would make of the use of the start by December of a year, (N,)."""
    part = Access()
    first = np.minimum(roster.figures["internet_use"][0], part.most)
    below = first < part.most
    odds = np.exp(part.growth * (year + 1 - START)) * first[below] / (part.most - first[below])
    first[below] = part.most * odds / (1.0 + odds)
    return np.asarray(first)


def _errors(runs: Sequence[RunData], roster: Roster) -> list[list[str]]:
    source, rows = read_source(None), []
    vintages, values = source.series["internet_use"]
    for year in range(START, END + 1):
        seen = values[vintages.tolist().index(year)]
        given = np.isfinite(seen)

        def off(use: Floats, seen: Floats = seen, given: Any = given) -> float:
            return 100.0 * float(np.abs(use - seen)[given].mean())

        first, free = roster.figures["internet_use"][0], _logistic(roster, year)
        here = _told([off(_use(run, roster, year)) for run in runs])
        rows.append([str(year), str(int(given.sum())), here, f"{off(first):.1f}", f"{off(free):.1f}"])
    return rows


def _mean(use: Floats, people: Floats, of: Any) -> float:
    return 100.0 * float(np.average(use[of], weights=people[of]))


def _groups(runs: Sequence[RunData], roster: Roster) -> list[list[str]]:
    rows, least = [], roster.figures["ldc"][0] > 0.5
    everybody = np.ones(roster.n, dtype=np.bool_)
    for year in range(START, END + 1):
        people, income = (roster.figures["population"][year - START], roster.figures["gdp"][year - START])
        income = income / people
        seen, told = roster.figures["internet_use"][year + 1 - START], [str(year)]
        for of in (least, everybody):
            told += [_told([_mean(_use(run, roster, year), people, of) for run in runs]), f"{_mean(seen, people, of):.1f}"]
        gaps = [_mean(use, people, income >= HIGH) - _mean(use, people, income <= LOW)
                for use in (*(_use(run, roster, year) for run in runs), seen, _logistic(roster, year))]  # fmt: skip
        rows.append([*told, _told(gaps[:-2]), f"{gaps[-2]:.1f}", f"{gaps[-1]:.1f}"])
    return rows


def _landings(runs: Sequence[RunData], still: Sequence[RunData], roster: Roster) -> list[list[str]]:
    few: list[float] = []
    many: list[float] = []
    counts = [0, 0]
    for run, other in zip(runs, still, strict=True):
        links, place = run.tables["links"], {code: i for i, code in enumerate(roster.codes)}
        held = np.zeros(roster.n)
        for end in ("first", "second"):
            served = links["status"] == 1
            np.add.at(held, [place[str(code)] for code in np.asarray(links[end])[served]], 1)
        landed = run.events["event"] == "link_landed"
        who = sorted({place[str(code)] for end in ("party_a", "party_b") for code in np.asarray(run.events[end])[landed]})
        more = 100.0 * (_use(run, roster, END) - _use(other, roster, END))
        some, rest = [i for i in who if held[i] <= FEW], [i for i in who if held[i] > FEW]
        few.append(float(more[some].mean()) if some else 0.0)
        many.append(float(more[rest].mean()) if rest else 0.0)
        counts = [counts[0] + len(some), counts[1] + len(rest)]
    return [
        [f"of at most {FEW} links, where one landed", f"{counts[0] / len(runs):.1f}", _told(few)],
        ["of more links, where one landed", f"{counts[1] / len(runs):.1f}", _told(many)],
    ]


def _programmes(runs: Sequence[RunData], helped: Sequence[Sequence[RunData]], roster: Roster) -> list[list[str]]:
    everything: list[Sequence[RunData]] = [runs, *helped]
    least, people = roster.figures["ldc"][0] > 0.5, roster.figures["population"][END - START]
    hosts = [[_in_least(run, roster, least) for run in some] for some in helped]
    signed = [[float(run.series["new_signatures_capacity_programme"].sum()) for run in some] for some in everything]
    rows = [["programmes signed", *map(_told, signed)]]
    for title, name, scale in (
        ("in force at the end", "in_force_capacity_programme", 1.0),
        ("gap of least developed states to others, points", "internet_gap", 100.0),
        ("skills, mean by people, 0 to 100", "skills", 100.0),
        ("technology of own providers, mean by people, 0 to 100", "technology", 100.0),
    ):
        rows.append([title, *(_told([scale * float(run.series[name][-1]) for run in some], 2) for some in everything)])
    rows.append(["of those signed, in least developed states, %", "", *map(_told, hosts)])
    used = [[_mean(_use(run, roster, END), people, least) for run in some] for some in everything]
    rows.append(["use in least developed states, %", *(_told(one, 2) for one in used)])
    return rows


def _in_least(run: RunData, roster: Roster, least: Any) -> float:
    """Return which part of the programmes signed have a host that is least developed, %."""
    kinds, hosts = np.asarray(run.instruments["type"]), np.asarray(run.instruments["party_second"])
    mine = [str(host) for kind, host in zip(kinds, hosts, strict=True) if str(kind) == "capacity_programme"]
    poor = {code for code, is_least in zip(roster.codes, least, strict=True) if is_least}
    return 100.0 * sum(host in poor for host in mine) / len(mine) if mine else np.nan


def _told(values: Sequence[float], digits: int = 1) -> str:
    """Return a mean over seeds with its interval."""
    mean, wide = float(np.mean(values)), 1.96 * float(np.std(values, ddof=1)) / np.sqrt(len(values))
    return f"{mean:.{digits}f} ({mean - wide:.{digits}f} to {mean + wide:.{digits}f})"
