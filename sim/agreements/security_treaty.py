r"""A treaty on cyber-security: those who ratify share reports of incidents, hold to common standards and answer each other's requests.

All parties are alike. Symbols: ``M_ij`` digital imports of i from j (USD a year), ``Y_i`` its GDP, ``c_j`` cyber-security of j,
``tau_ij`` trust of i in j, ``n_i`` other treaties of the kind that bind i, ``o_ij`` 1 where one of them binds i and j both.

.. math:: E_i = 10^4 \sum_{j \in S} (1 - \omega o_{ij}) M_{ij} / Y_i

.. math:: R_i = 10^4 \sum_{j \in S} (1 - \omega o_{ij}) M_{ij} c_j \tau_{ij} / Y_i

.. math:: a_i(S) = \rho R_i - 10^4 c (1 + \delta n_i) / Y_i, \qquad b_{i,sec} = g R_i, \qquad b_{i,loc} = -\rho R_i, \qquad w_{ik} = s_k E_i

Reports are worth the more, the more one buys from members who see much and can be trusted: ``rho`` of the exposed trade at full security.
Two treaties on the same thing are **rivals**: what one of them already covers is not covered twice (``omega``), and the second desk costs
more (``delta``). The Convention on Cybercrime stands outside the model's instruments and counts as one of them by its dated parties. What
must stay at home is not shared (``b_loc``). Present law is each party's own ideal point, so that only common rules cost.

Sources: five ratifications, Convention on Cybercrime (CETS 185), art. 36; forty, United Nations Convention against Cybercrime (2024),
art. 65. Reports as a club good: Buchanan (1965). Saliences are those of a transfer framework and as assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.consequences import AddsTrade, Consequence, Shares
from sim.declare.words import Word, issue
from sim.registry import param, part
from sim.stakes.payoffs import BP
from sim.stakes.stakes import Draft, Gathering, Stakes, issues_of, over_members
from sim.stakes.treaties import bound_elsewhere
from sim.stakes.votes import Decides
from sim.state.world import Bools, Floats, Ints, World

ESTABLISHED = ("BUDAPEST",)
"""Organisations whose members are bound by a treaty of this kind from before the run."""


@part(
    "agreement",
    name="security_treaty",
    title="Security treaty",
    title_id="Perjanjian keamanan siber",
    sentence_id="Banyak negara berbagi laporan serangan, memegang standar bersama, dan bersaing dengan perjanjian tandingan.",
)
@dataclass(frozen=True)
class SecurityTreaty(Decides):
    """Many states share reports of attacks and hold to common standards, in rivalry with other treaties of the kind."""

    arity: ClassVar[str] = "many"
    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("party", "party")
    issues: ClassVar[tuple[str, ...]] = ("security", "redress", "localisation")
    meaning: ClassVar[dict[str, tuple[str, str]]] = {
        "security": ("0: no common standards; 1: full common standards and reports", "the same"),
        "redress": ("0: evidence is handed over without a court; 1: a court hears every request", "the same"),
        "localisation": ("0: evidence may lie and go anywhere; 1: it stays at home", "the same"),
    }
    words: ClassVar[tuple[Word, ...]] = (
        issue(
            "security", "Security", "Keamanan", "How far standards of security are common and incidents shared.",
            "Seberapa jauh standar keamanan sama dan insiden saling diberitahukan.",
        ),
    )  # fmt: skip
    entry: ClassVar[str] = "ratified"
    ending: ClassVar[str] = "denunciation"
    leaver: ClassVar[str] = "continues"
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {"redress": (1, 1), "localisation": (1, 1)}
    excluded_by: ClassVar[tuple[str, ...]] = ()
    does: ClassVar[tuple[Consequence, ...]] = (AddsTrade("localisation"), Shares("security"))
    reads: ClassVar[tuple[str, ...]] = ("protection_state", "localisation", "cybersecurity", "blocked", "gdp", "trade_known", "trust")

    trade_effect: float = param(
        0.0, unit="share of digital trade", low=0.0, high=0.1, source="assumed", meaning="Digital trade added between those covered."
    )
    threshold: int = param(
        5,
        unit="ratifications",
        low=2,
        high=40,
        source="Convention on Cybercrime art. 36 (5); United Nations Convention against Cybercrime art. 65 (40)",
        meaning="Ratifications that bring it into force, k.",
    )
    reports: float = param(
        0.005,
        unit="share of exposed trade",
        low=0.0,
        high=0.05,
        source="assumed",
        meaning="Worth of all reports of a fully secure and trusted partner, rho.",
    )
    security_gain: float = param(
        0.005,
        unit="share of exposed trade",
        low=0.0,
        high=0.05,
        source="assumed, as in a transfer framework",
        meaning="Worth of full common standards with fully secure and trusted partners, g.",
    )
    salience_security: float = param(
        0.02,
        unit="share of exposed trade",
        low=0.002,
        high=0.1,
        source="assumed, as in a transfer framework",
        meaning="Worth of a full unit of distance on security.",
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
    overlap: float = param(
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed: a report shared once is not shared again",
        meaning="Part of what there is to share with a partner that another treaty covers already, omega.",
    )
    second_desk: float = param(
        0.5, unit="share of upkeep", low=0.0, high=3.0, source="assumed", meaning="Extra upkeep for each other treaty of the kind, delta."
    )
    upkeep: float = param(1e6, unit="USD a year", low=0.0, high=1e8, source="assumed", meaning="Cost to each party of keeping it, c.")
    months_to_force: int = param(
        3,
        unit="months",
        low=1,
        high=36,
        source="Convention on Cybercrime art. 36; United Nations Convention against Cybercrime art. 65 (90 days)",
        meaning="Months from the last ratification needed, or from one's own after that, to entry into force.",
    )

    def stakes(self, view: World, t: int, parties: Ints, members: Bools, apart: int) -> Stakes:
        """Compile the payoffs of some parties if they were in it with the members; see the module's equations."""
        edges, gdp = view.setting.edges, view.gdp[parties]
        known, desks = np.zeros(edges.n), np.zeros(view.setting.n_parties)
        for other in [*bound_elsewhere(view, t, apart), *established(view)]:
            known[other[edges.row] & other[edges.col]] = self.overlap
            desks += other
        imports = view.trade_known[edges.rev] * (1.0 - known)
        heard = imports * view.cybersecurity[edges.col] * view.trust
        exposed = BP * over_members(view, members, imports, parties) / gdp
        heard_of: Floats = BP * over_members(view, members, heard, parties) / gdp
        draft = Draft(Gathering(parties, issues_of(view.setting)))
        draft.a[:] = self.reports * heard_of - BP * self.upkeep * (1.0 + self.second_desk * desks[parties]) / gdp
        own = view.cybersecurity[parties], view.protection_state[parties], view.localisation[parties]
        draft.issue("security", ideal=own[0], salience=self.salience_security * exposed, gain=self.security_gain * heard_of, today=own[0])
        draft.issue("redress", ideal=own[1], salience=self.salience_redress * exposed, today=own[1])
        draft.issue(
            "localisation", ideal=own[2], salience=self.salience_localisation * exposed, gain=-self.reports * heard_of, today=own[2]
        )
        return draft.done(apart=("security", "localisation"))


def established(view: World) -> list[Bools]:
    """Return who is bound this month by treaties of the kind from before the run, shape (P,) each."""
    roster, found = view.setting.roster, []
    for name in ESTABLISHED:
        if name in roster.organisations:
            at = roster.organisations.index(name)
            inside = np.zeros(view.setting.n_parties, dtype=np.bool_)
            inside[: view.setting.n_states] = (roster.member_from[at] <= view.month) & (view.month < roster.member_until[at])
            found.append(inside)
    return found
