r"""Regional guidelines: the members of a bloc agree on a text that binds nobody, as ASEAN did in its frameworks of 2016, 2018 and 2021.

A common reference is worth something to all who trade with one another, and being pointed at costs whoever stands far from it. Nothing is
opened, and nobody undertakes anything. Symbols: ``M_ij`` digital imports of i from j (USD a year), ``Y_i`` its GDP, ``s_k`` what a unit of
distance on an issue costs in a binding text.

.. math:: E_i = 10^4 \sum_{j \in S} M_{ij} / Y_i, \qquad a_i(S) = f E_i - 10^4 c / Y_i, \qquad w_{ik} = \sigma s_k E_i

Each party's own law is its ideal point and its law today, so that no agreement costs nothing. ``sigma`` is how much of the cost of
sovereignty a soft text keeps. What it does once it is there is :class:`sim.consequences.Guides` and :mod:`sim.mechanisms.soft_law`.

Sources: Abbott and Snidal (2000), International Organization 54 (soft law costs less to contract and less sovereignty, serves as a focal
point, and may be a step to hard law); Shaffer and Pollack (2010), Minnesota Law Review 94 (it may also stand against hard law). ASEAN
Framework on Personal Data Protection (2016), on Digital Data Governance (2018), Data Management Framework and Model Contractual Clauses
(2021-01), all voluntary; ASEAN Charter art. 20. The numbers are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.consequences import Consequence, Guides
from sim.registry import param, part
from sim.stakes.payoffs import BP
from sim.stakes.stakes import Draft, Gathering, Stakes, issues_of, over_members
from sim.stakes.votes import Decides
from sim.state.world import Bools, Ints, World


@part(
    "agreement",
    name="regional_guidelines",
    title="Regional guidelines",
    title_id="Pedoman kawasan",
    sentence_id="Anggota suatu blok menyepakati teks tentang hukum data yang tidak mengikat siapa pun dan boleh diikuti masing-masing.",
)
@dataclass(frozen=True)
class RegionalGuidelines(Decides):
    """The members of a bloc agree on a text about the law on data that binds nobody and that each may follow."""

    arity: ClassVar[str] = "bloc"
    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("member", "member")
    issues: ClassVar[tuple[str, ...]] = ("safeguards", "localisation")
    meaning: ClassVar[dict[str, tuple[str, str]]] = {
        "safeguards": ("0: it recommends no protection; 1: the strictest", "the same"),
        "localisation": ("0: it recommends that all data may move; 1: that all stay at home", "the same"),
    }
    entry: ClassVar[str] = "executive"
    ending: ClassVar[str] = "open_ended"
    leaver: ClassVar[str] = "released"
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {}
    excluded_by: ClassVar[tuple[str, ...]] = ()
    does: ClassVar[tuple[Consequence, ...]] = (Guides("safeguards", "localisation"),)
    reads: ClassVar[tuple[str, ...]] = ("protection_firms", "localisation", "blocked", "gdp", "trade_known")

    worth: float = param(
        0.002,
        unit="share of exposed trade",
        low=0.0,
        high=0.02,
        source="assumed; 0: nobody wants any (the world without soft law)",
        meaning="Worth of a common reference, f.",
    )
    softness: float = param(
        0.05,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed; the sign is that of Abbott and Snidal 2000 (soft law costs less sovereignty)",
        meaning="Part of what distance costs in a binding text that it costs in guidelines, sigma.",
    )
    salience_safeguards: float = param(
        0.05,
        unit="share of exposed trade",
        low=0.01,
        high=0.25,
        source="assumed, as in a regional market",
        meaning="Worth of a full unit of distance on safeguards, were the text binding.",
    )
    salience_localisation: float = param(
        0.03,
        unit="share of exposed trade",
        low=0.005,
        high=0.15,
        source="assumed, as in a regional market",
        meaning="Worth of a full unit of distance on localisation, were the text binding.",
    )
    prepared: float = param(
        0.33,
        unit="share",
        low=0.0,
        high=0.75,
        source="assumed; talks last longer the farther positions are apart (Moser and Rose 2012; sign only)",
        meaning="Part of the preparation of a later table of the same parties that guidelines in force save; it counts in whole sessions.",
    )
    threshold: int = param(
        2,
        unit="members",
        low=2,
        high=40,
        source="assumed; the bloc's own rule decides besides",
        meaning="Least number of members that can make them.",
    )
    upkeep: float = param(
        1e4, unit="USD a year", low=0.0, high=1e7, source="assumed: a meeting a year", meaning="Cost to each member of keeping them, c."
    )
    months_to_force: int = param(
        1,
        unit="months",
        low=1,
        high=36,
        source="assumed: endorsed by ministers",
        meaning="Months from endorsement to the first month in use.",
    )

    def stakes(self, view: World, t: int, parties: Ints, members: Bools, apart: int) -> Stakes:
        """Compile the payoffs of some parties if they had them with the members; see the module's equations."""
        gdp = view.gdp[parties]
        exposed = BP * over_members(view, members, view.trade_known[view.setting.edges.rev], parties) / gdp
        draft = Draft(Gathering(parties, issues_of(view.setting)))
        draft.a[:] = self.worth * exposed - BP * self.upkeep / gdp
        law, home = view.protection_firms[parties], view.localisation[parties]
        draft.issue("safeguards", ideal=law, salience=self.softness * self.salience_safeguards * exposed, today=law)
        draft.issue("localisation", ideal=home, salience=self.softness * self.salience_localisation * exposed, today=home)
        return draft.done()
