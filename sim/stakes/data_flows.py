"""What agreements on personal data have in common: their terms by name, and the two issues on which one party protects another's people."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.arrays import by_role
from sim.bargains.worth import losses
from sim.ports import LawTerms
from sim.stakes import annulment, data_trade, security
from sim.stakes.data_trade import DataTrade
from sim.stakes.payoffs import BP
from sim.stakes.protection import reach
from sim.stakes.stakes import Draft, Groups, issues_of
from sim.state.world import Floats, World

TERMS = {
    **data_trade.TERMS,
    "surveillance": ("fear that the other's state reads the data", "kekhawatiran bahwa negara lain membaca datanya"),
    "threat": ("tariffs that the other threatens", "tarif yang diancamkan pihak lain"),
    "breach": ("risk that the word is broken", "risiko bahwa janji dilanggar"),
    "gain_of_other": security.WORDS,
    "clauses": ("what contract clauses gave before", "yang sudah diberikan klausul kontrak"),
    **annulment.TERMS,
    "upkeep": ("upkeep", "biaya pemeliharaan"),
}
"""Words of the terms, English and Indonesian."""
READS = (
    "rights_of_foreigners", "protection_state", "effect", "gdp", "trade_known", "imports_known",
    "trust", "hostility", "alliance", "reached",
)  # fmt: skip
"""Arrays that the payoffs of all these agreements read; each type adds its own."""


def risks(draft: Draft, view: World, groups: Groups, trade: DataTrade, surveillance: float, breach: float) -> None:
    """Add what could go wrong, and what the other's gain means for security.

    Parameters
    ----------
    surveillance : float
        Share of exposed trade that is lost to a partner without rights of foreigners and without trust.
    breach : float
        Share of the gain by trade that is not counted on from a partner without rule of law.
    """
    i, j = groups.first, groups.second
    blind = 1.0 - by_role(view.rights_of_foreigners[j], view.rights_of_foreigners[i])
    distrust = 1.0 - by_role(view.trust[groups.edge], view.trust[groups.back])
    lawless = 1.0 - by_role(view.protection_state[j], view.protection_state[i])
    # What lies in the other's reach is exposed beside what goes with trade.
    there = 1.0 + by_role(view.reached[groups.edge], view.reached[groups.back])
    draft.term("surveillance", -(surveillance * blind * distrust * there * trade.exposed))
    draft.term("breach", -(breach * lawless * trade.gain))
    draft.term("gain_of_other", security.externality(view, groups, trade.gain))


def clauses(draft: Draft, view: World, groups: Groups, salience: Floats) -> None:
    """Take off what contract clauses give the judge's people today: they bind firms to the judge's law, (G,) bp."""
    cost = losses(salience, view.own_safeguards[groups.first], view.safeguards[groups.second])
    draft.term("clauses", -by_role(cost, np.zeros_like(cost)))


def upkeep(draft: Draft, view: World, groups: Groups, cost: float, share: Any = 1.0) -> None:
    """Add what keeping the agreement costs each side, USD a year; ``share``, (G, 2), of it where one agreement holds with several."""
    draft.term("upkeep", -(BP * cost * share / np.maximum(by_role(view.gdp[groups.first], view.gdp[groups.second]), 1.0)))


def safeguards(draft: Draft, view: World, groups: Groups, salience: Floats, floor: Any, ceiling: Any = 1.0, *, court: Any = None) -> None:
    """Put safeguards on the table: the judge wants its own law, and the other pays for raising its own, by the square of the rise.

    ``court`` is what a full unit is worth to each side because courts then strike less (:mod:`sim.stakes.annulment`).
    """
    i, j, terms = groups.first, groups.second, view.setting.terms(LawTerms)
    draft.issue(
        "safeguards",
        ideal=(view.own_safeguards[i], view.safeguards[j]),
        salience=(salience, terms.yearly_share * terms.cost_safeguards),
        status_quo=view.safeguards[j],
        floor=floor,
        ceiling=ceiling,
        parts={} if court is None else {"court": court},
    )


def redress(draft: Draft, view: World, groups: Groups, salience: Any, floor: Any, ceiling: Any = 1.0, *, court: Any = None) -> None:
    """Put redress on the table: the judge wants all of it, and it costs the other security, by the square of the rise and its reach.

    ``court`` is what a full unit is worth to each side because courts then strike less (:mod:`sim.stakes.annulment`).
    """
    j, terms = groups.second, view.setting.terms(LawTerms)
    draft.issue(
        "redress",
        ideal=(1.0, view.redress[j]),
        salience=(salience, terms.yearly_share * terms.cost_redress * reach(view, groups)),
        status_quo=view.redress[j],
        floor=floor,
        ceiling=ceiling,
        parts={} if court is None else {"court": court},
    )


def temptation(view: World, groups: Groups, text: Floats, salience: Any = 0.0) -> Floats:
    """Return what each side would save by breaking its word for a year, (G, 2), bp: the other by going back to its own law alone.

    Parameters
    ----------
    text : float64 (G, K)
        On all issues of the run.
    salience : float64 (G,)
        What a unit of distance on localisation is worth to the judge, which breaks its word by keeping data at home.
    """
    names, terms, i, j = issues_of(view.setting), view.setting.terms(LawTerms), groups.first, groups.second
    x, y, z = (text[:, names.index(name)] for name in ("safeguards", "redress", "localisation"))
    own = view.own_safeguards[j]
    law = losses(terms.yearly_share * terms.cost_safeguards, own, np.maximum(own, x))
    sworn = losses(terms.yearly_share * terms.cost_redress * reach(view, groups), 0.0, y)
    return by_role(losses(salience, view.localisation[i], np.minimum(view.localisation[i], z)), law + sworn)
