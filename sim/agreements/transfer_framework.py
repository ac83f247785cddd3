r"""A transfer framework: one party gives executive undertakings, the other rests on them a decision that personal data may flow.

Role 0 is the judge, role 1 the undertaker. Symbols: ``M`` a party's digital imports from the other (USD a year), ``Y`` its GDP,
``tau`` its trust in the other (0 to 1).

.. math:: a_i = 10^4 \frac{M_i \ln(1+\epsilon)/\sigma - z (1-\tau_i) M_i - c}{Y_i}, \qquad w_{ik} = 10^4 s_k M_i / Y_i

The gain is the trade-cost saving on imports that raises trade by ``epsilon`` at trade elasticity ``sigma``; what the text keeps
at home gives up its part of it, in payoff and in effect alike. ``z`` is the worth of what a partner that cannot be trusted at all
might learn from the data, and ``c`` the cost of keeping the framework. A full unit of distance on issue k is worth the share
``s_k`` of the exposed trade, so that what moves little data matters little. The status quo is transfer by contract clauses at the
judge's law, and the undertaker's present treatment of foreigners. The judge's law sets a floor (essential equivalence, CJEU
C-362/14, paragraph 73).

Sources: effect of adequacy Ferracane, Hoekman, van der Marel and Santi (2026), Economica 93:369; trade-cost equivalent Arkolakis,
Costinot and Rodriguez-Clare (2012), American Economic Review 102(1). Saliences are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.arrays import by_role
from sim.consequences import Consequence, FreesData, Pays, Shares
from sim.declare.words import Word, issue
from sim.registry import param, part
from sim.stakes.payoffs import BP
from sim.stakes.stakes import Draft, Groups, Stakes
from sim.state.world import Bools, World


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
    terms: ClassVar[dict[str, tuple[str, str]]] = {
        "trade": ("trade gained", "perdagangan yang diperoleh"),
        "surveillance": ("fear that the other side reads the data", "kekhawatiran bahwa pihak lain membaca datanya"),
        "upkeep": ("upkeep", "biaya pemeliharaan"),
    }
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
    does: ClassVar[tuple[Consequence, ...]] = (FreesData("localisation"), Shares("security"), Pays())
    reads: ClassVar[tuple[str, ...]] = (
        "protection_firms", "protection_state", "localisation", "cybersecurity", "free_flow", "in_force", "gdp", "trade", "trust",
    )  # fmt: skip

    trade_effect: float = param(
        0.08,
        unit="share of digital trade",
        low=0.0,
        high=0.14,
        source="Ferracane et al. 2026, Economica 93:369 (7 to 9 %); the bounds are ours, to the 14 % of the 2023 working paper",
        meaning="Digital trade added between those covered.",
    )
    trade_elasticity: float = param(
        5.0,
        unit="elasticity",
        low=3.0,
        high=8.0,
        source="memory: Head and Mayer 2014 (structural median about 5)",
        meaning="Elasticity of trade to trade costs, sigma.",
    )
    margin: float = param(
        0.05,
        unit="index 0-1",
        low=0.0,
        high=0.5,
        source="assumed",
        meaning="Least lead in protection against firms of a judge over the judged.",
    )
    surveillance: float = param(
        0.01,
        unit="share of exposed trade",
        low=0.0,
        high=0.1,
        source="assumed",
        meaning="Worth of what an untrusted partner might learn, z.",
    )
    judge_bar: float = param(
        0.85, unit="index 0-1", low=0.0, high=1.0, source="assumed", meaning="Least protection against firms of a party that judges others."
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
    foreigners: float = param(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Part of its protection against the state that a state grants to foreigners without an undertaking.",
    )
    equivalence: float = param(
        0.6,
        unit="share of the judge's law",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Floor under safeguards that the judge's courts demand (essential equivalence).",
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
        """Say for each dyad whether role 0 may judge role 1, shape (G,).

        The judge passes the bar and protects more than the other by a margin, and data do not flow freely between them already.
        """
        law, fit = view.protection_firms, (view.protection_firms >= self.judge_bar)[groups.first]
        few = np.flatnonzero(fit)
        apart = law[groups.first[few]] >= law[groups.second[few]] + self.margin
        fit[few] = apart & ~view.free_flow[groups.edge[few]]
        return np.asarray(fit)

    def coefficients(self, view: World, groups: Groups) -> Stakes:
        """Compile the payoffs of each dyad; see the module's equations."""
        i, j = groups.first, groups.second
        gdp = by_role(view.gdp[i], view.gdp[j])
        exposed = BP * by_role(view.trade[groups.back], view.trade[groups.edge]) / gdp
        covered = view.free_flow[groups.edge]
        for t in np.flatnonzero(view.setting.doings.doing(FreesData)):
            covered |= view.in_force[t, groups.edge]
        saving = np.where(covered, 0.0, np.log1p(self.trade_effect) / self.trade_elasticity)
        gain = exposed * saving[:, None]
        distrust = 1.0 - by_role(view.trust[groups.edge], view.trust[groups.back])
        draft = Draft(groups)
        draft.term("trade", gain)
        draft.term("surveillance", -(self.surveillance * distrust * exposed))
        draft.term("upkeep", -(BP * self.upkeep / gdp))
        one, two = exposed[:, 0], exposed[:, 1]
        law = view.protection_firms[i]
        draft.issue(
            "safeguards",
            ideal=(law, view.protection_firms[j]),
            salience=(self.salience_safeguards * one, self.salience_safeguards * two),
            status_quo=law,
            floor=self.equivalence * law,
        )
        today = self.foreigners * view.protection_state[j]
        draft.issue(
            "redress",
            ideal=(view.protection_state[i], today),
            salience=(self.salience_redress * one, self.salience_redress * two),
            status_quo=today,
        )
        # What must stay at home is not traded, so each unit of localisation gives up as much of the gain.
        draft.issue(
            "localisation",
            ideal=(view.localisation[i], 0.0),
            salience=(self.salience_localisation * one, self.salience_localisation * two),
            gain=(-gain[:, 0], -gain[:, 1]),
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
        # No agreement leaves out the gain that localisation would give up: it is read at the status quo without being party.
        return draft.done(apart=("localisation",))
