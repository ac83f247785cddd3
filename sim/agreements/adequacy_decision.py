r"""An adequacy decision: on request a judge screens the law of another party, and decides by itself that data may flow there.

Role 0 is the judge, role 1 the judged. Nothing is bargained: the text is the law of the judged, raised as far as the judge asks. The judged
asks for it where it gains, the raising of its law counted; the judge takes the screening up where it gains. The decision is made after
``screening_least`` to ``screening_most`` months, if all tests of equivalence hold then (:mod:`sim.stakes.protection`).

.. math:: a_i = g_i (1 - \beta (1 - \rho_j)) - z (1 - f_j)(1 - \tau_i) m_i + s_i - k_i - 10^4 c / Y_i

with ``g`` its gain by trade, ``m`` what a party buys from the other (bp of own GDP), ``f`` the other's rights of foreigners, ``tau`` trust,
``rho`` its protection against the state (rule of law), ``s`` security (:mod:`sim.stakes.security`), ``k`` what contract clauses gave the
judge's people, and ``c`` the upkeep. Trade is told in :mod:`sim.stakes.data_trade`: 7 to 9 % more, net of contract clauses.

Source of the effect: Ferracane, Hoekman, van der Marel and Santi (2026), Economica 93:369. Duration of screening: Japan took two years,
Korea four and more (facts of the cases); the range is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.consequences import Consequence, FreesData, Undertakes
from sim.declare.lasting import Lasting
from sim.registry import param, part
from sim.stakes import annulment, data_flows
from sim.stakes.annulment import foresee
from sim.stakes.data_trade import data_trade
from sim.stakes.protection import bars, essential_guarantees, needed_redress, needed_safeguards, protections_of
from sim.stakes.stakes import Draft, Groups, Stakes
from sim.state.world import Bools, Floats, World


@part(
    "agreement",
    name="adequacy_decision",
    title="Adequacy decision",
    title_id="Keputusan kecukupan",
    sentence_id="Satu pihak memutuskan sendiri bahwa pihak lain cukup melindungi data pribadi, lalu membiarkan data mengalir.",
)
@dataclass(frozen=True)
class AdequacyDecision:
    """One party decides by itself that another protects personal data well enough, and lets them flow."""

    negotiable: ClassVar[bool] = True
    screened: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("judge", "judged")
    issues: ClassVar[tuple[str, ...]] = ("safeguards", "redress")
    meaning: ClassVar[dict[str, tuple[str, str]]] = {
        "safeguards": ("0: no conditions; 1: the judge's law in full", "the same, as its own law"),
        "redress": ("0: no court; 1: full court redress", "the same, as its own law"),
    }
    terms: ClassVar[dict[str, tuple[str, str]]] = data_flows.TERMS
    entry: ClassVar[str] = "unilateral"
    ending: ClassVar[str] = "review"
    leaver: ClassVar[str] = "released"
    alternatives: ClassVar[tuple[bool, bool]] = (False, False)
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {"safeguards": (1, -1), "redress": (1, -1)}
    excluded_by: ClassVar[tuple[str, ...]] = ("transfer_framework",)
    challenged_by: ClassVar[dict[str, tuple[int, ...]]] = {"people": (0,)}
    lasting: ClassVar[Lasting] = Lasting(review=(12, 48), notice=(0, 0))
    does: ClassVar[tuple[Consequence, ...]] = (FreesData(), Undertakes("safeguards", "redress"))
    reads: ClassVar[tuple[str, ...]] = (
        *data_flows.READS, *annulment.READS, "own_safeguards", "safeguards", "redress", "free_flow", "protection_state",
    )  # fmt: skip

    trade_effect: float = param(
        0.08,
        unit="share of digital trade",
        low=0.0,
        high=0.14,
        source="Ferracane et al. 2026, Economica 93:369 (7 to 9 %); the bounds are ours, to the 14 % of the 2023 working paper",
        meaning="Digital trade added between those covered.",
    )
    judge_bar: float = param(
        0.85,
        unit="index 0-1",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Least safeguards by its own law of a party that judges others.",
    )
    surveillance: float = param(
        0.01,
        unit="share of exposed trade",
        low=0.0,
        high=0.1,
        source="assumed",
        meaning="Worth of what a state without rights of foreigners might learn, z.",
    )
    breach: float = param(
        0.5,
        unit="share of the gain",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Part of the gain by trade that is not counted on from a state without rule of law, beta.",
    )
    salience_safeguards: float = param(
        0.05,
        unit="share of exposed trade",
        low=0.01,
        high=0.25,
        source="assumed",
        meaning="Worth to the judge of a full unit of distance on safeguards.",
    )
    upkeep: float = param(5e5, unit="USD a year", low=0.0, high=1e7, source="assumed", meaning="Cost to each party of the decision, c.")
    screening_least: int = param(
        18, unit="months", low=1, high=60, source="assumed after the cases of Japan and Korea", meaning="Shortest screening."
    )
    screening_most: int = param(
        60, unit="months", low=1, high=120, source="assumed after the cases of Japan and Korea", meaning="Longest screening."
    )
    judged_staff: float = param(
        0.25,
        unit="share",
        low=0.05,
        high=1.0,
        source="assumed: the judge screens (GDPR article 45), and who is judged answers questions",
        meaning="Staff that a screening takes of who is judged, over that of the judge.",
    )
    months_to_force: int = param(
        1, unit="months", low=1, high=36, source="EUR-Lex: a decision applies from its notification", meaning="Months from the decision on."
    )

    def eligible(self, view: World, groups: Groups) -> Bools:
        """Say for each dyad whether role 0 may judge role 1, shape (G,): its own law is strict, and role 1 needs no undertakings.

        The other's state is bound by law. Data do not flow freely between the two already, by common law.
        """
        fit = (view.own_safeguards >= self.judge_bar)[groups.first]
        few = np.flatnonzero(fit)
        some = groups.at(few)
        fit[few] = (needed_redress(view, some) <= view.redress[some.second]) & ~view.free_flow[some.edge]
        fit[few] &= essential_guarantees(view, some)
        return np.asarray(fit)

    def coefficients(self, view: World, groups: Groups) -> Stakes:
        """Compile the payoffs of each dyad; see the module's equations."""
        j = groups.second
        trade = data_trade(view, groups, self.trade_effect)
        draft = Draft(groups)
        trade.told(draft)
        data_flows.risks(draft, view, groups, trade, self.surveillance, self.breach)
        data_flows.clauses(draft, view, groups, self.salience_safeguards * trade.exposed[:, 0])
        data_flows.upkeep(draft, view, groups, self.upkeep)
        asked = np.maximum(view.safeguards[j], needed_safeguards(view, groups))
        # Floor and ceiling are one, so there is no more of an undertaking to be had: only the level counts.
        foresee(draft, view, groups, asked, view.redress[j], slopes=False)
        data_flows.safeguards(draft, view, groups, self.salience_safeguards * trade.exposed[:, 0], asked, asked)
        data_flows.redress(draft, view, groups, 0.0, view.redress[j], view.redress[j])
        return draft.done()

    def temptation(self, view: World, groups: Groups, text: Floats) -> Floats:
        """Return what each side would save by breaking its word for a year, (G, 2), bp: the judge nothing, the judged its undertakings."""
        return data_flows.temptation(view, groups, text)

    def tested(self, view: World, groups: Groups, text: Floats) -> tuple[Floats, Floats]:
        """Return how well texts protect by safeguards and redress, and what the court of role 0 asks, (G, 2) each."""
        return protections_of(view, groups, text), bars(view, groups)
