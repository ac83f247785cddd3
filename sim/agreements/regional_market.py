r"""A regional digital market: the members of a bloc agree among themselves on all policy issues at once, as ASEAN does in its DEFA.

All parties are alike, and a member that would not sign keeps the others from it (consensus) or is bound all the same (a bloc that
decides by qualified majority): nobody rides free. Symbols: ``M_ij`` digital imports of i from j (USD a year), ``Y_i`` its GDP, ``tau_ij``
its trust, ``c_j`` cyber-security, ``f_ij`` 1 where data flow freely between the two already.

.. math:: E_i = 10^4 \sum_{j \in S} M_{ij} / Y_i, \quad G_i = 10^4 \frac{\ln(1+\epsilon)}{\sigma} \sum_{j \in S} (1 - f_{ij}) M_{ij} / Y_i

.. math:: a_i(S) = G_i - 10^4 \sum_{j \in S} z (1 - \tau_{ij}) M_{ij} / Y_i - 10^4 c / Y_i, \qquad w_{ik} = s_k E_i

What stays at home is not traded: ``b_loc = -G_i``. Common standards gain ``g 10^4 sum M_ij c_j / Y_i``. Capacity (subsidised access,
skills) gains ``kappa E_i (ubar - u_i)``, ``u`` internet use and ``ubar`` its mean over members: who is behind receives, who is ahead pays.
Infrastructure is left out: it is money, and money has its own pacts.

Sources: adequacy and trade Ferracane et al. (2026), Economica 93:369, taken over to a market, for which there is no estimate; ASEAN Charter
art. 20; framework agreement negotiated from 2023-09. Saliences are those of a transfer framework where it has the issue, else assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.consequences import Consequence, FreesData, Shares
from sim.declare.words import Word, issue
from sim.registry import param, part
from sim.stakes.payoffs import BP
from sim.stakes.stakes import Draft, Gathering, Stakes, issues_of, over_members
from sim.stakes.votes import Decides
from sim.state.world import Bools, Ints, World


@part(
    "agreement",
    name="regional_market",
    title="Regional market",
    title_id="Pasar digital kawasan",
    sentence_id="Anggota suatu blok sepakat bersama-sama tentang semua aturan data dan komputasi awan di antara mereka.",
)
@dataclass(frozen=True)
class RegionalMarket(Decides):
    """The members of a bloc agree together on all rules for data and clouds among themselves."""

    arity: ClassVar[str] = "bloc"
    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("member", "member")
    issues: ClassVar[tuple[str, ...]] = (
        "safeguards", "redress", "localisation", "security", "research_access", "capacity", "hosting_control",
    )  # fmt: skip
    meaning: ClassVar[dict[str, tuple[str, str]]] = {
        "safeguards": ("0: no conditions on transfers inside the region; 1: the strictest", "the same"),
        "redress": ("0: no court hears other members' people; 1: full court redress", "the same"),
        "localisation": ("0: nothing must stay in a member state; 1: everything must", "the same"),
        "security": ("0: no common standards; 1: full common standards and incident sharing", "the same"),
        "research_access": ("0: research data stay closed; 1: open to all members' scientists", "the same"),
        "capacity": ("0: no help; 1: access and skills are brought to the members' mean", "the same"),
        "hosting_control": ("0: each member decides who hosts; 1: the region decides", "the same"),
    }
    words: ClassVar[tuple[Word, ...]] = (
        issue(
            "research_access", "Research access", "Akses penelitian", "How far research data are open to the others' scientists.",
            "Seberapa jauh data penelitian terbuka bagi ilmuwan pihak lain.",
        ),
        issue(
            "capacity", "Capacity", "Kapasitas", "How much help brings access and skills to those who lack them.",
            "Seberapa besar bantuan bagi akses dan keterampilan pihak yang kekurangan.",
        ),
    )  # fmt: skip
    entry: ClassVar[str] = "ratified"
    ending: ClassVar[str] = "open_ended"
    leaver: ClassVar[str] = "released"
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {"safeguards": (1, 1), "localisation": (1, 1), "hosting_control": (-1, -1)}
    excluded_by: ClassVar[tuple[str, ...]] = ()
    does: ClassVar[tuple[Consequence, ...]] = (FreesData("localisation"), Shares("security"))
    reads: ClassVar[tuple[str, ...]] = (
        "protection_firms", "protection_state", "localisation", "cybersecurity", "digital_government", "internet_use", "need",
        "cloud_capacity", "free_flow", "in_force", "blocked", "gdp", "trade_known", "trust",
    )  # fmt: skip

    trade_effect: float = param(
        0.08,
        unit="share of digital trade",
        low=0.0,
        high=0.14,
        source="assumed as of adequacy (Ferracane et al. 2026, Economica 93:369: 7 to 9 %)",
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
    threshold: int = param(
        2,
        unit="ratifications",
        low=2,
        high=40,
        source="assumed; the bloc's own rule decides besides",
        meaning="Least number of members that can make one.",
    )
    surveillance: float = param(
        0.005,
        unit="share of exposed trade",
        low=0.0,
        high=0.1,
        source="assumed",
        meaning="Worth of what an untrusted member might learn, z.",
    )
    security_gain: float = param(
        0.005,
        unit="share of exposed trade",
        low=0.0,
        high=0.05,
        source="assumed, as in a transfer framework",
        meaning="Worth of full common standards with fully secure members, g.",
    )
    salience_safeguards: float = param(
        0.05,
        unit="share of exposed trade",
        low=0.01,
        high=0.25,
        source="assumed, as in a transfer framework",
        meaning="Worth of a full unit of distance on safeguards.",
    )
    salience_redress: float = param(
        0.03,
        unit="share of exposed trade",
        low=0.005,
        high=0.15,
        source="assumed, as in a transfer framework",
        meaning="Worth of a full unit of distance on redress.",
    )
    salience_localisation: float = param(
        0.03,
        unit="share of exposed trade",
        low=0.005,
        high=0.15,
        source="assumed, as in a transfer framework",
        meaning="Worth of a full unit of distance on localisation.",
    )
    salience_security: float = param(
        0.02,
        unit="share of exposed trade",
        low=0.002,
        high=0.1,
        source="assumed, as in a transfer framework",
        meaning="Worth of a full unit of distance on security.",
    )
    salience_other: float = param(
        0.01,
        unit="share of exposed trade",
        low=0.001,
        high=0.1,
        source="assumed",
        meaning="Worth of a full unit of distance on research access, capacity and hosting control.",
    )
    capacity_gain: float = param(
        0.02,
        unit="share of exposed trade",
        low=0.0,
        high=0.2,
        source="assumed",
        meaning="Worth of full help to a member in which nobody is online, where all others are, kappa.",
    )
    upkeep: float = param(1e6, unit="USD a year", low=0.0, high=1e8, source="assumed", meaning="Cost to each member of keeping it, c.")
    months_to_force: int = param(
        6, unit="months", low=1, high=36, source="assumed", meaning="Months from the last ratification needed to entry into force."
    )

    def stakes(self, view: World, t: int, parties: Ints, members: Bools, apart: int) -> Stakes:
        """Compile the payoffs of some parties if they were in it with the members; see the module's equations."""
        edges, gdp = view.setting.edges, view.gdp[parties]
        imports = view.trade_known[edges.rev]
        flows = np.where(free(view, t), 0.0, imports)
        exposed = BP * over_members(view, members, imports, parties) / gdp
        gain = BP * over_members(view, members, flows, parties) / gdp * (np.log1p(self.trade_effect) / self.trade_elasticity)
        feared = BP * over_members(view, members, imports * (1.0 - view.trust), parties) / gdp
        seen = BP * over_members(view, members, imports * view.cybersecurity[edges.col], parties) / gdp
        draft = Draft(Gathering(parties, issues_of(view.setting)))
        draft.a[:] = gain - self.surveillance * feared - BP * self.upkeep / gdp
        law, redress, home = view.protection_firms[parties], view.protection_state[parties], view.localisation[parties]
        draft.issue("safeguards", ideal=law, salience=self.salience_safeguards * exposed, today=law)
        draft.issue("redress", ideal=redress, salience=self.salience_redress * exposed, today=redress)
        draft.issue("localisation", ideal=home, salience=self.salience_localisation * exposed, gain=-gain, today=home)
        own = view.cybersecurity[parties]
        draft.issue("security", ideal=own, salience=self.salience_security * exposed, gain=self.security_gain * seen, today=own)
        other = self.salience_other * exposed
        draft.issue("research_access", ideal=view.digital_government[parties], salience=other)
        behind = float(view.internet_use[members].mean()) - view.internet_use[parties] if members.any() else 0.0 * own
        draft.issue("capacity", ideal=0.0, salience=other, gain=self.capacity_gain * exposed * behind)
        short = view.need[parties] / np.maximum(1e-9, view.need[parties] + view.cloud_capacity[parties])
        draft.issue("hosting_control", ideal=short, salience=other)
        return draft.done(apart=("localisation", "security"))


def free(view: World, t: int) -> Bools:
    """Return between whom data flow freely without this market, shape (E,)."""
    frees = view.setting.doings.doing(FreesData) & (np.arange(len(view.setting.types)) != t)
    return np.asarray(view.free_flow | np.any(view.in_force[frees], axis=0))
