r"""A digital trade agreement: both sides promise that data may cross the border and need not be kept at home.

It is symmetric. Most are made on the occasion of a new trade deal (:mod:`sim.mechanisms.trade_deals`). Some are open: others may join them
(:mod:`sim.mechanisms.accessions`).

.. math:: a_i = g_i (1 - \beta (1 - \rho_j)) + s_i - 10^4 c / Y_i

with ``g`` its gain by trade (bp of own GDP), ``rho`` the other's protection against the state, ``s`` security and ``c`` upkeep.
**Localisation** that the text leaves gives up its part of the gain; giving up one's own costs policy space, by salience. **Safeguards** say
under what conditions personal data may still be stopped. A party with strict law carries a *carve-out*: its own law is the floor. Each
unit of it gives up the part ``personal`` of the gain.

A large importer may threaten the other with tariffs unless there is an agreement (:mod:`sim.stakes.threats`); by default nobody does.

Sources: the effect on trade is assumed, half of an adequacy decision's: such agreements free flows in law, and lift no ban of the
strictest kind. Terms of trade as in :mod:`sim.stakes.data_trade`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.arrays import by_role
from sim.consequences import AddsTrade, Consequence, Shares
from sim.declare.lasting import Lasting
from sim.registry import param, part
from sim.stakes import data_flows, threats
from sim.stakes.data_trade import data_trade
from sim.stakes.stakes import Draft, Groups, Stakes
from sim.state.world import Bools, World


@part(
    "agreement",
    name="digital_trade_agreement",
    title="Digital trade agreement",
    title_id="Perjanjian perdagangan digital",
    sentence_id="Para pihak saling berjanji bahwa data boleh melintasi perbatasan dan tidak wajib disimpan di dalam negeri.",
)
@dataclass(frozen=True)
class DigitalTradeAgreement:
    """The parties promise each other that data may cross the border and need not be kept at home."""

    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("party", "party")
    issues: ClassVar[tuple[str, ...]] = ("safeguards", "localisation", "security")
    meaning: ClassVar[dict[str, tuple[str, str]]] = {
        "safeguards": ("0: no conditions on transfers; 1: the strictest", "the same"),
        "localisation": ("0: nothing must stay at home; 1: everything must", "the same"),
        "security": ("0: no common standards; 1: full common standards", "the same"),
    }
    terms: ClassVar[dict[str, tuple[str, str]]] = data_flows.TERMS
    entry: ClassVar[str] = "ratified"
    ending: ClassVar[str] = "denunciation"
    leaver: ClassVar[str] = "released"
    alternatives: ClassVar[tuple[bool, bool]] = (False, False)
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {"safeguards": (1, 1), "localisation": (1, 1)}
    excluded_by: ClassVar[tuple[str, ...]] = ()
    lasting: ClassVar[Lasting] = Lasting(duration=None, review=(36, 72), notice=(6, 12), disputes=True)
    does: ClassVar[tuple[Consequence, ...]] = (AddsTrade("localisation"), Shares("security"))
    reads: ClassVar[tuple[str, ...]] = (
        *data_flows.READS,
        "own_safeguards",
        "localisation",
        "cybersecurity",
        "deal_until",
        "upkeep_share",
        "blocked",
    )

    trade_effect: float = param(
        0.04,
        unit="share of digital trade",
        low=0.0,
        high=0.1,
        source="assumed: half of an adequacy decision's",
        meaning="Digital trade added between those covered.",
    )
    carve_out_bar: float = param(
        0.85,
        unit="index 0-1",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Least safeguards by its own law of a party that carries a carve-out.",
    )
    personal: float = param(
        0.5,
        unit="share of the gain",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Part of the gain that rests on personal data.",
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
        0.02,
        unit="share of exposed trade",
        low=0.002,
        high=0.1,
        source="assumed",
        meaning="Worth of a full unit of distance on safeguards.",
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
        0.005, unit="share of exposed trade", low=0.0, high=0.05, source="assumed", meaning="Worth of full common standards."
    )
    upkeep: float = param(5e5, unit="USD a year", low=0.0, high=1e7, source="assumed", meaning="Cost to each party of the agreement, c.")
    accession_rate: float = param(
        0.02,
        unit="looks a year",
        low=0.0,
        high=1.0,
        source="assumed: of some 180 outsiders one or two a year applied to the CPTPP and to DEPA",
        meaning="How often an outsider looks at joining an open agreement in force.",
    )
    accession_least: int = param(
        20,
        unit="months",
        low=0,
        high=120,
        source="assumed: Korea and DEPA, application 2021-09, conclusion 2023-06",
        meaning="Shortest accession, from application to signature.",
    )
    accession_most: int = param(
        36,
        unit="months",
        low=0,
        high=120,
        source="assumed: the United Kingdom and the CPTPP, 2021-02 to 2023-07 (29); Korea and DEPA, 2021-09 to 2024-05 (32)",
        meaning="Longest accession, from application to signature.",
    )
    open_share: float = param(
        0.0,
        unit="probability",
        low=0.0,
        high=0.3,
        source="data_instruments.csv: of ten agreements of two, of depth 2 or more and signed to 2018, none is open",
        meaning="Chance that an agreement of two that is signed in the run is open to others.",
    )
    threat_tariff: float = param(
        0.0,
        unit="share of value",
        low=0.0,
        high=0.5,
        source="assumed: nobody threatens, as before 2025 (docs/defence.md); swept to 0.25, the reciprocal tariffs of the United States",
        meaning="Tariff that a large importer threatens unless there is an agreement; 0 for no threats.",
    )
    threat_importer: float = param(
        0.15,
        unit="share of exports",
        low=0.02,
        high=0.5,
        source="assumed",
        meaning="Least part of the other's exports that a party buys for it to threaten.",
    )
    threat_scope: float = param(
        5.0,
        unit="ratio",
        low=1.0,
        high=10.0,
        source="assumed: the world's exports of goods over those of digitally deliverable services, about 24 to 4.5 10^12 USD in 2023",
        meaning="Exports that the tariff would hit, over exports of digital services.",
    )
    threat_lost: float = param(
        0.3,
        unit="share",
        low=0.05,
        high=1.0,
        source="assumed: the part of a tariff that falls on who sells; buyers bore most of those of 2018 and 2019",
        meaning="Part of the tariff on its exports that the other side loses.",
    )
    threat_bearable: float = param(
        10.0,
        unit="bp of GDP a year",
        low=0.0,
        high=100.0,
        source="assumed",
        meaning="Most that carrying a threat out may cost who threatens for it to be believed.",
    )
    talk_months: float = param(
        3.0,
        unit="months",
        low=1.0,
        high=48.0,
        source="assumed: the team of the trade deal sits there already",
        meaning="Months of staff that the talks are reckoned to take.",
    )
    months_to_force: int = param(
        12,
        unit="months",
        low=1,
        high=60,
        source="data instruments of the tables: 5 to 24 months from signature to force",
        meaning="Months from signature to entry into force.",
    )

    def eligible(self, view: World, groups: Groups) -> Bools:
        """Say for each dyad whether the two might talk, shape (G,): a trade deal is being made between them."""
        return np.asarray(view.deal_until[groups.edge] > view.month)

    def coefficients(self, view: World, groups: Groups) -> Stakes:
        """Compile the payoffs of each dyad; see the module's equations."""
        i, j = groups.first, groups.second
        trade = data_trade(view, groups, self.trade_effect)
        one, two, gain = trade.exposed[:, 0], trade.exposed[:, 1], trade.gain
        draft = Draft(groups)
        trade.told(draft)
        data_flows.risks(draft, view, groups, trade, 0.0, self.breach)
        share = by_role(view.upkeep_share[groups.edge], view.upkeep_share[groups.back])
        threats.told(draft, view, groups, self)
        data_flows.upkeep(draft, view, groups, self.upkeep, share)
        law = view.own_safeguards[i], view.own_safeguards[j]
        carved = np.maximum(*(np.where(one_law >= self.carve_out_bar, one_law, 0.0) for one_law in law))
        draft.issue(
            "safeguards",
            ideal=law,
            salience=(self.salience_safeguards * one, self.salience_safeguards * two),
            gain=(-self.personal * gain[:, 0], -self.personal * gain[:, 1]),
            status_quo=np.maximum(law[0], law[1]),
            floor=carved,
        )
        draft.issue(
            "localisation",
            ideal=(view.localisation[i], view.localisation[j]),
            # Who is inside an open agreement has given this up already, by a law that is one towards everybody.
            salience=(self.salience_localisation * one * (share[:, 0] > 0.0), self.salience_localisation * two * (share[:, 1] > 0.0)),
            gain=(-(1.0 - self.personal) * gain[:, 0], -(1.0 - self.personal) * gain[:, 1]),
            status_quo=np.maximum(view.localisation[i], view.localisation[j]),
        )
        mine, theirs = view.cybersecurity[i], view.cybersecurity[j]
        draft.issue(
            "security",
            ideal=(mine, theirs),
            salience=(self.salience_security * one, self.salience_security * two),
            gain=(self.security_gain * one, self.security_gain * two),
            status_quo=np.minimum(mine, theirs),
        )
        # What conditions and localisation give up of the gain is no loss where there is no agreement.
        return draft.done(apart=("safeguards", "localisation"))
