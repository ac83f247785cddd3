r"""A transfer framework: one party gives executive undertakings, the other rests on them a decision that personal data may flow.

Role 0 is the judge, role 1 the undertaker. It is for a party through which so much of the judge's data runs that its law alone does not
pass (:mod:`sim.stakes.protection`); who passes is screened for an adequacy decision instead.

.. math:: a_i = g_i (1 - \beta (1 - \rho_j)) - z (1 - f_j)(1 - \tau_i) m_i + s_i - k_i - 10^4 c / Y_i

with ``g`` its gain by trade, ``m`` what a party buys from the other (bp of own GDP), ``f`` the other's rights of foreigners, ``tau`` trust,
``rho`` its protection against the state, ``s`` security, ``k`` what contract clauses gave the judge's people, and ``c`` the cost of keeping
the framework. Trade is told in :mod:`sim.stakes.data_trade`. Undertakings are the undertaker's own law from then on: raising an issue from
``L`` to ``x`` costs it ``rho c (x - L)^2`` bp a year, and nothing where an earlier one already goes as far (:mod:`sim.mechanisms.law`).
What the text keeps at home gives up its part of the gain, in payoff and in effect alike. A full unit of distance on issue k is worth the
share ``s_k`` of the exposed trade to the judge. Floors are present law, and what rulings have taught the judge's executive to ask.

Sources: effect of adequacy Ferracane, Hoekman, van der Marel and Santi (2026), Economica 93:369; tests CJEU C-362/14 and C-311/18.
Saliences are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.consequences import Consequence, FreesData, Pays, Shares, Undertakes
from sim.declare.lasting import Lasting
from sim.declare.words import Word, issue
from sim.registry import param, part
from sim.stakes import annulment, data_flows
from sim.stakes.annulment import foresee
from sim.stakes.data_trade import data_trade
from sim.stakes.protection import bars, demanded, essential_guarantees, needed_redress, protections_of
from sim.stakes.stakes import Draft, Groups, Stakes
from sim.state.world import Bools, Floats, World


@part(
    "agreement",
    name="transfer_framework",
    title="Transfer framework",
    title_id="Kerangka transfer data",
    sentence_id="Satu pihak memberi janji eksekutif tentang perlindungan data, dan pihak lain mengizinkan data "
    "pribadi mengalir atas dasar janji itu.",
)
@dataclass(frozen=True)
class TransferFramework:
    """One party gives executive undertakings on data protection, and the other lets personal data flow on the strength of them."""

    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("judge", "undertaker")
    issues: ClassVar[tuple[str, ...]] = ("safeguards", "redress", "localisation", "security")
    meaning: ClassVar[dict[str, tuple[str, str]]] = {
        "safeguards": (
            "0: no conditions on transferred data; 1: the strictest law applies in full",
            "the same conditions bind the undertaker's firms",
        ),
        "redress": (
            "0: no court hears the judge's people; 1: full court redress",
            "0: no limit on surveillance of foreigners; 1: full limits",
        ),
        "localisation": ("0: nothing must stay at home; 1: everything must", "the same share is closed to the undertaker's providers"),
        "security": ("0: no common standards; 1: full common standards and incident sharing", "the same"),
    }
    terms: ClassVar[dict[str, tuple[str, str]]] = data_flows.TERMS
    words: ClassVar[tuple[Word, ...]] = (
        issue(
            "safeguards", "Safeguards", "Pengaman", "How far conditions protect data that are transferred.",
            "Seberapa jauh syarat-syarat melindungi data yang dialihkan.",
        ),
        issue(
            "redress", "Redress", "Pemulihan hak", "How far courts hear those whose data were misused.",
            "Seberapa jauh pengadilan melayani mereka yang datanya disalahgunakan.",
        ),
        issue(
            "localisation", "Localisation", "Lokalisasi", "What share of data must stay at home.",
            "Berapa bagian data yang harus tetap di dalam negeri.",
        ),
    )  # fmt: skip
    entry: ClassVar[str] = "executive"
    ending: ClassVar[str] = "open_ended"
    leaver: ClassVar[str] = "released"
    alternatives: ClassVar[tuple[bool, bool]] = (False, False)
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {"safeguards": (1, -1), "redress": (1, -1), "localisation": (1, -1)}
    excluded_by: ClassVar[tuple[str, ...]] = ("adequacy_decision",)
    certifies: ClassVar[bool] = True
    challenged_by: ClassVar[dict[str, tuple[int, ...]]] = {"people": (0,)}
    lasting: ClassVar[Lasting] = Lasting(review=(12, 48), notice=(0, 6))
    does: ClassVar[tuple[Consequence, ...]] = (
        FreesData("localisation"),
        Undertakes("safeguards", "redress"),
        Shares("security"),
        Pays(),
    )
    reads: ClassVar[tuple[str, ...]] = (
        *data_flows.READS, *annulment.READS, "asked_safeguards", "asked_redress", "own_safeguards", "safeguards", "redress", "localisation",
        "cybersecurity", "free_flow", "protection_state",
    )  # fmt: skip

    trade_effect: float = param(
        0.08,
        unit="share of digital trade",
        low=0.0,
        high=0.14,
        source="Ferracane et al. 2026, Economica 93:369 (7 to 9 %); the bounds are ours, to the 14 % of the 2023 working paper",
        meaning="Digital trade added between those covered.",
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
    judge_bar: float = param(
        0.85,
        unit="index 0-1",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Least safeguards by its own law of a party that judges others.",
    )
    upkeep: float = param(
        5e6, unit="USD a year", low=0.0, high=1e8, source="assumed", meaning="Cost to each party of running the framework, c."
    )
    salience_safeguards: float = param(
        0.05,
        unit="share of exposed trade",
        low=0.01,
        high=0.25,
        source="assumed",
        meaning="Worth of a full unit of distance on safeguards.",
    )
    salience_redress: float = param(
        0.03, unit="share of exposed trade", low=0.005, high=0.15, source="assumed", meaning="Worth of a full unit of distance on redress."
    )
    salience_localisation: float = param(
        0.03,
        unit="share of exposed trade",
        low=0.005,
        high=0.15,
        source="assumed",
        meaning="Worth of a full unit of distance on localisation.",
    )
    salience_security: float = param(
        0.02, unit="share of exposed trade", low=0.002, high=0.1, source="assumed", meaning="Worth of a full unit of distance on security."
    )
    security_gain: float = param(
        0.005,
        unit="share of exposed trade",
        low=0.0,
        high=0.05,
        source="assumed",
        meaning="Worth of full common standards.",
    )
    months_to_force: int = param(
        6,
        unit="months",
        low=1,
        high=36,
        source="EUR-Lex: Privacy Shield, agreed 2016-02, in force 2016-08",
        meaning="Months from signature to entry into force.",
    )

    def eligible(self, view: World, groups: Groups) -> Bools:
        """Say for each dyad whether role 0 may judge role 1, shape (G,): its own law is strict, and role 1 must undertake more.

        The other's state is bound by law. Data do not flow freely between the two already, by common law.
        """
        fit = (view.own_safeguards >= self.judge_bar)[groups.first]
        few = np.flatnonzero(fit)
        some = groups.at(few)
        fit[few] = (needed_redress(view, some) > view.redress[some.second]) & ~view.free_flow[some.edge]
        fit[few] &= essential_guarantees(view, some)
        return np.asarray(fit)

    def coefficients(self, view: World, groups: Groups) -> Stakes:
        """Compile the payoffs of each dyad; see the module's equations."""
        i, j = groups.first, groups.second
        trade = data_trade(view, groups, self.trade_effect)
        one, two = trade.exposed[:, 0], trade.exposed[:, 1]
        draft = Draft(groups)
        trade.told(draft)
        data_flows.risks(draft, view, groups, trade, self.surveillance, self.breach)
        data_flows.clauses(draft, view, groups, self.salience_safeguards * one)
        data_flows.upkeep(draft, view, groups, self.upkeep)
        asked, sworn = demanded(view, groups)
        halfway = (
            np.clip(0.5 * (view.own_safeguards[i] + view.safeguards[j]), asked, 1.0),
            np.clip(0.5 * (1.0 + view.redress[j]), sworn, 1.0),
        )
        lasting = foresee(draft, view, groups, *halfway)
        data_flows.safeguards(draft, view, groups, self.salience_safeguards * one, asked, court=lasting[0])
        data_flows.redress(draft, view, groups, self.salience_redress * one, sworn, court=lasting[1])
        # What must stay at home is not traded, so each unit of localisation gives up as much of the gain.
        draft.issue(
            "localisation",
            ideal=(view.localisation[i], 0.0),
            salience=(self.salience_localisation * one, self.salience_localisation * two),
            gain=(-trade.gain[:, 0], -trade.gain[:, 1]),
            status_quo=view.localisation[i],
        )
        # Standards start from the weaker side's; raising them costs each side in proportion to how far they pass its own.
        mine, theirs = view.cybersecurity[i], view.cybersecurity[j]
        draft.issue(
            "security",
            ideal=(mine, theirs),
            salience=(self.salience_security * one, self.salience_security * two),
            gain=(self.security_gain * one, self.security_gain * two),
            status_quo=np.minimum(mine, theirs),
        )
        # No agreement leaves out the gain that localisation would give up, and what undertakings do for one that lasts.
        return draft.done(apart=("localisation", "safeguards", "redress"))

    def temptation(self, view: World, groups: Groups, text: Floats) -> Floats:
        """Return what each side would save by breaking its word for a year, (G, 2), bp."""
        exposed = data_trade(view, groups, self.trade_effect).exposed[:, 0]
        return data_flows.temptation(view, groups, text, self.salience_localisation * exposed)

    def tested(self, view: World, groups: Groups, text: Floats) -> tuple[Floats, Floats]:
        """Return how well texts protect by safeguards and redress, and what the court of role 0 asks, (G, 2) each."""
        return protections_of(view, groups, text), bars(view, groups)
