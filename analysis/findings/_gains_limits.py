"""What of a finding on welfare is not to be believed, each limit with its number."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill

import numpy as np

from analysis import style
from analysis.findings import Lived
from analysis.findings._gains import Floats, Gains, begun, billions, coded_on_security, middle_of, outlived, outside_the_law
from analysis.validation.page import figure_of as said
from sim.ports import TradeTerms
from sim.registry import parameter_rows
from sim.types import month_label

WIDE, MOST = 100, 10
OTHERS = (
    "**Who gains changes with the seed.** The tables of states say in how many seeds each does. Listed adequacy decisions and digital "
    "trade agreements have no stakes. They count in trade alone. GDP does not respond, and nothing built wears out."
)


def limits(lived: Lived, gains: Gains) -> str:
    """Return the limits as a Markdown list; coded texts are left out in turn in runs of one month."""
    middle = {name: np.median(values, axis=0) for name, values in gains.bp.items()}
    told = [
        *_coded(lived, gains),
        *_ended(gains),
        _readily(gains),
        *_beside_blocs(gains, middle),
        _by_sales(gains, middle),
        _by_elasticity(),
        *_opposed(gains, middle),
        OTHERS,
    ]
    items = (fill(f"- {one}", WIDE, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False) for one in told)
    return "\n".join(items)


def _coded(lived: Lived, gains: Gains) -> list[str]:
    """Tell what the coded texts of listed instruments come to on security: each is left out in turn in the first month."""
    column, told = "welfare_usd_on_security", []
    month = month_label(gains.setting.config.start)
    for one in coded_on_security(begun(gains.setting)):
        left = [{"remove": one.name, "source": "left out to see what its text comes to"}]
        with_it, without = (lived.result(1, start=month, end=month, **more).runs[0].scalars for more in ({}, {"start_state": left}))
        security, whole = (said(billions(with_it[name] - without[name]).item()) for name in (column, "welfare_usd"))
        told.append(
            f"**{one.name} and security.** The text is coded at {said(one.level)} on security, by assumption. The weaker side already "
            f"stands at {said(one.law)}. The payoff reads the difference as standards {_way(one.level - one.law)}. That comes to "
            f"{security} billion USD a year on security in the first month. It is an artefact of the coding and of the present payoffs. "
            f"The instrument as a whole brings {whole} billion."
        )
    if told:
        first, last = said(billions(gains.began(column)).item()), said(middle_of(billions(gains.scalars(column))))
        told.append(
            f"**Security as a whole** brings {first} billion USD in the first month. In the last it brings {last}. Do not read a cost of "
            f"security into it."
        )
    return told


def _way(step: float) -> str:
    return "given up" if step < 0.0 else "raised"


def _ended(gains: Gains) -> list[str]:
    ended = [f"{row.name} ({month_label(row.ended)})" for row in outlived(gains.setting)]
    if not ended:
        return []
    return [f"**What had ended may count on.** Courts strike by rule and luck. In the world these had ended: {style.listed(ended)}."]


def _readily(gains: Gains) -> str:
    frameworks, trade = "in_force_transfer_framework", "welfare_usd_trade"
    return (
        f"**Levels are no findings.** {said(gains.began(frameworks))} frameworks are in force in the first month and "
        f"{said(middle_of(gains.scalars(frameworks)))} in the last "
        f"([model.md](../model.md#what-moves-the-numbers)). Trade with partners brings {said(middle_of(billions(gains.scalars(trade))))} "
        f"billion USD in the last month. Only the {said(billions(gains.began(trade)).item())} of the first month rest on what the world "
        f"had signed."
    )


def _beside_blocs(gains: Gains, middle: Mapping[str, Floats]) -> list[str]:
    """Tell of states that share a bloc's area of free flow and not its instruments."""
    told = []
    for bloc, beside in outside_the_law(begun(gains.setting)).items():
        trade, whole = (
            style.listed([f"{gains.setting.roster.names[i]} {said(middle[name][i].item())}" for i in beside]) for name in ("trade", "whole")
        )
        told.append(
            f"**States beside the {bloc}.** They share its area of free flow, but its instruments do not bind them here. In the world its "
            f"decisions hold for them too. Trade with partners brings them, in bp: {trade}. All sources together: {whole}. Both are too "
            f"low."
        )
    return told


def _by_sales(gains: Gains, middle: Mapping[str, Floats]) -> str:
    losing = middle["whole"] < 0.0
    alone = losing & np.all([middle[name] == 0.0 for name in gains.sources if name != "diversion"], axis=0)
    share = 100 * gains.setting.terms(TradeTerms).digital_share
    return (
        f"**Who loses, loses by what it sells.** {losing.sum()} of {len(losing)} states have a median below 0. {alone.sum()} of them have "
        f"nothing but diversion: a margin on what they sell less to those who have instruments. So states that sell much for their GDP "
        f"lose most in bp. Every state is taken to buy the same share of GDP at home, {said(share)} %."
    )


def _by_elasticity() -> str:
    row = next(row for row in parameter_rows() if (row["part"], row["parameter"]) == ("mechanism.effects", "trade_elasticity"))
    low, centre, high = (float(row[name]) for name in ("low", "default", "high"))
    return (
        f"**Trade is worth what an elasticity says.** It is {said(centre)}, from memory. With its bounds, {said(low)} and {said(high)}, "
        f"buyers would save {said(centre / low)} and {said(centre / high)} times as much. What sellers earn hangs on a margin and a weight "
        f"that are assumed."
    )


def _opposed(gains: Gains, middle: Mapping[str, Floats]) -> list[str]:
    """Tell of one of the states that gain most in bp: the one whose largest gain and largest loss on issues are furthest apart."""
    issues = [name for name in gains.sources if name.startswith("on_")]
    by_issue = np.array([middle[name] for name in issues])
    top = np.argsort(-middle["whole"], kind="stable")[:MOST]
    apart = np.minimum(by_issue.max(axis=0), -by_issue.min(axis=0))[top]
    i = int(top[np.argmax(apart)])
    if apart.max() <= 0.0 or middle["whole"][i] <= 0.0:
        return []
    up, down = issues[int(by_issue[:, i].argmax())], issues[int(by_issue[:, i].argmin())]
    name, whole = gains.setting.roster.names[i], said(middle["whole"][i].item())
    return [
        f"**Large gains are differences of assumed weights.** {name} gains {whole} bp. That is {said(middle[up][i].item())} by "
        f"{gains.title(up)}, {said(middle[down][i].item())} by {gains.title(down)}, and the rest. The saliences behind both are assumed."
    ]
