"""Small states that bargain as one, beside the same states alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from analysis.findings import Lived, listed, table
from sim.run import Result
from sim.scenario import load_scenario

TITLE = "What small states gain by bargaining as one"
SEEDS = 5
LEAD = """
The baseline from 2019-01 to 2025-12, all states, seeds 0 to 4, without and with two coalitions that
decide by consensus on frameworks and pacts: the members of ECOWAS, and of the Pacific Islands Forum,
whose GDP lies below 0.1 % of the world's. A cell gives one number for each seed.

*Share* is the members' share of the surplus of the pacts they host, as the texts divide it at
signature, as a mean over the pacts of all seeds. *Committed* is what the investors of those pacts
promise to spend, in million USD, summed over a run. How a coalition's gain falls to each member is
not followed.

Last, the scenario `small_state_coalition`, seeds 0 to 19, beside the baseline on the same luck. Its one
coalition holds the states whose GDP lies below 0.1 % of the world's and for whom no bloc speaks.
*Agreements on data* are all that members, or the coalition, sign with others.

The last table asks whether that coalition holds, and whether its word and that of its partners is
kept. *Walk out* counts members that leave because they would have done better alone in two Januaries
in a row. *Broken* counts agreements of the coalition whose word either side breaks. The first row is
the scenario as it stands; the others change one number, to say what keeps members in. The price of
staff is fitted, to other counts; the other numbers are assumed. Nothing is fitted to this table.
"""

TYPES = ["infrastructure_pact", "transfer_framework"]
WHO = {"WEST": "ECOWAS", "ISLES": "PIF"}
COALITIONS = [{"name": name, "below": 0.001, "within": within, "types": TYPES} for name, within in WHO.items()]
POWERS = (0.25, 1.0)
SCENARIO, SCENARIO_SEEDS = "small_state_coalition", 20


def body(lived: Lived) -> str:
    """Return a table for each coalition."""
    pages = []
    for name, within in WHO.items():
        rows = []
        for power in POWERS:
            lever = {"mechanisms": {"bargaining": {"power": power}}}
            alone, together = lived.result(SEEDS, **lever), lived.result(SEEDS, coalitions=COALITIONS, **lever)
            members = _members(together, name)
            rows.append([f"`power` {power:g}, alone", *_row(alone, members)])
            rows.append([f"`power` {power:g}, as one", *_row(together, [*members, name])])
        pages.append(f"## {within}, {len(members)} members\n\n{table(['', 'pacts hosted', 'share', 'committed', 'frameworks'], rows)}")
    return "\n\n".join([*pages, _scenario(lived), _staying(lived)])


def _scenario(lived: Lived) -> str:
    """Return the table of the scenario in which all small states bargain as one: sums and means over its seeds."""
    declared = load_scenario(SCENARIO)["coalitions"]
    alone, together = lived.result(SCENARIO_SEEDS), lived.result(SCENARIO_SEEDS, coalitions=declared)
    (name,) = (one["name"] for one in declared)
    small = [*_members(together, name), name]
    rows = [["alone", *_summed(alone, small)], ["as one", *_summed(together, small)]]
    head = ["", "pacts hosted", "in how many runs", "share", "committed", "agreements on data"]
    return f"## `{SCENARIO}`, {len(small) - 1} members\n\nA run on average.\n\n{table(head, rows)}"


STAY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("as it stands", {}),
    ("nobody may walk out", {"walkouts": {"may": False}}),
    ("one January is enough", {"walkouts": {"looks": 1}}),
    ("no bar", {"walkouts": {"bar": 0.0}}),
    ("staff at a third of its price", {"bargaining": {"staff_price": 1000.0}}),
    ("staff at a tenth", {"bargaining": {"staff_price": 300.0}}),
    ("staff costs nothing", {"bargaining": {"staff_price": 0.0}}),
)
"""What is changed to see what keeps members in, one number at a time."""


def _staying(lived: Lived) -> str:
    """Return the table of who walks out of the scenario's coalition and what of its agreements is broken."""
    declared, rows = load_scenario(SCENARIO)["coalitions"], []
    (name,) = (one["name"] for one in declared)
    for words, change in STAY:
        result = lived.result(SCENARIO_SEEDS, coalitions=declared, **({"mechanisms": change} if change else {}))
        left, broken, signed, pacts, who = [], [], [], [], Counter[str]()
        for run in result.runs:
            ev, made = run.events, run.instruments
            gone = ev["event"] == "walkout"
            who.update(ev["party_a"][gone].tolist())
            left.append(int(gone.sum()))
            broken.append(int(((ev["event"] == "breach") & ((ev["party_a"] == name) | (ev["party_b"] == name))).sum()))
            signed.append(int(((made["party_first"] == name) | (made["party_second"] == name)).sum()))
            pacts.append(int(((made["party_second"] == name) & (made["type"] == TYPES[0])).sum()))
        most = ", ".join(f"{code} {n}" for code, n in sorted(who.items(), key=lambda one: (-one[1], one[0]))[:3]) or "–"
        some = f"{sum(one > 0 for one in left)} of {len(left)}"
        rows.append(
            [words, f"{np.mean(left):.2f}", some, most, f"{np.mean(signed):.2f}", f"{np.mean(pacts):.2f}", f"{np.mean(broken):.2f}"]
        )
    head = ["", "walk out a run", "in how many runs", "who most (all runs)", "signed a run", "of it pacts hosted", "broken a run"]
    return f"## Does it hold?\n\n{table(head, rows)}"


def _summed(result: Result, codes: list[str]) -> list[str]:
    """Return pacts hosted a run, runs with any, the host's mean share, money committed (million USD) and agreements on data a run."""
    pacts, money, data, shares = [], [], [], []
    for run in result.runs:
        made: Any = run.instruments
        new, first, second = made["months_of_talks"] >= 0, np.isin(made["party_first"], codes), np.isin(made["party_second"], codes)
        pact = new & second & ~first & (made["type"] == TYPES[0])
        pacts.append(float(pact.sum()))
        money.append(float(made["commitment"][pact].sum()) / 1e6)
        data.append(float((new & (first != second) & (made["type"] != TYPES[0])).sum()))
        shares.append(1.0 - made["surplus_share_first"][pact])
    pooled = np.concatenate(shares)
    share = f"{pooled.mean():.2f}" if len(pooled) else "–"
    some = f"{sum(one > 0 for one in pacts)} of {len(pacts)}"
    return [f"{np.mean(pacts):.2f}", some, share, f"{np.mean(money):.0f}", f"{np.mean(data):.2f}"]


def _members(result: Result, name: str) -> list[str]:
    """Return the codes of a coalition's members."""
    roster, start = result.setting.roster, result.setting.config.start
    at = roster.organisations.index(name)
    return [roster.codes[n] for n in np.flatnonzero((roster.member_from[at] <= start) & (start < roster.member_until[at]))]


def _row(result: Result, codes: list[str]) -> list[str]:
    """Return pacts hosted, the host's mean share, money committed and frameworks of some parties."""
    pacts, money, frameworks, shares = [], [], [], []
    for run in result.runs:
        made: Any = run.instruments
        new = np.isin(made["party_second"], codes) & (made["months_of_talks"] >= 0)
        pact = new & (made["type"] == TYPES[0])
        either = np.isin(made["party_first"], codes) | np.isin(made["party_second"], codes)
        pacts.append(float(pact.sum()))
        money.append(float(made["commitment"][pact].sum()) / 1e6)
        frameworks.append(float((either & (made["months_of_talks"] >= 0) & (made["type"] == TYPES[1])).sum()))
        shares.append(1.0 - made["surplus_share_first"][pact])
    pooled = np.concatenate(shares)
    return [listed(pacts), f"{pooled.mean():.2f}" if len(pooled) else "–", listed(money), listed(frameworks)]
