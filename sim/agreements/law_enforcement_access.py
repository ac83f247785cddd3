r"""Access for law enforcement: each side's authorities may ask the other's providers for data directly, under agreed limits.

It is symmetric, and an executive act.

.. math:: a_i = v \, m_i - z (1 - f_j)(1 - \tau_i) x_i + s_i - 10^4 c / Y_i

with ``m`` what a party buys abroad from providers whose home is the other (:mod:`sim.stakes.providers`): they hold its people's data, so it
asks them; ``x`` what the other buys from its own providers: these are asked; bp of own GDP each; ``f`` the other's rights of foreigners,
``tau`` trust, ``s`` security and ``c`` upkeep. Both issues matter as far as data are asked for in either direction, ``m + x``.
Both must protect people against the state as far as a stated bar. Allies gain by each other's gain (:mod:`sim.stakes.security`).

Source: Clarifying Lawful Overseas Use of Data Act (2018), section 105 (robust protections of the other side). Numbers are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.arrays import by_role
from sim.consequences import Consequence, Shares
from sim.declare.lasting import Lasting
from sim.registry import param, part
from sim.stakes import data_flows, providers
from sim.stakes.protection import bars, protections_of
from sim.stakes.security import externality
from sim.stakes.stakes import Draft, Groups, Stakes
from sim.state.world import Bools, Floats, World


@part(
    "agreement",
    name="law_enforcement_access",
    title="Law-enforcement access",
    title_id="Akses penegak hukum",
    sentence_id="Penegak hukum tiap pihak boleh meminta data langsung dari penyedia di pihak lain, dengan batas yang disepakati.",
)
@dataclass(frozen=True)
class LawEnforcementAccess:
    """Each side's authorities may ask the other's providers for data directly, under agreed limits."""

    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("party", "party")
    issues: ClassVar[tuple[str, ...]] = ("redress", "security")
    meaning: ClassVar[dict[str, tuple[str, str]]] = {
        "redress": ("0: no limits on what may be asked; 1: a court looks at each request", "the same"),
        "security": ("0: no exchange of reports; 1: full exchange", "the same"),
    }
    terms: ClassVar[dict[str, tuple[str, str]]] = {
        **data_flows.TERMS,
        "requests": ("requests answered by the other's providers", "permintaan yang dijawab penyedia pihak lain"),
    }
    entry: ClassVar[str] = "executive"
    ending: ClassVar[str] = "denunciation"
    leaver: ClassVar[str] = "released"
    alternatives: ClassVar[tuple[bool, bool]] = (False, False)
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {"redress": (1, 1)}
    excluded_by: ClassVar[tuple[str, ...]] = ()
    challenged_by: ClassVar[dict[str, tuple[int, ...]]] = {"parliament": (0, 1)}
    lasting: ClassVar[Lasting] = Lasting(duration=(36, 84), review=(12, 36), notice=(6, 12))
    does: ClassVar[tuple[Consequence, ...]] = (Shares("security"),)
    reads: ClassVar[tuple[str, ...]] = (
        *providers.READS, "rights_of_foreigners", "protection_state", "trust", "hostility", "alliance", "cybersecurity", "free_flow",
    )  # fmt: skip

    bar: float = param(
        0.7,
        unit="index 0-1",
        low=0.0,
        high=1.0,
        source="assumed after the CLOUD Act, section 105",
        meaning="Least protection against the state of either party.",
    )
    requests: float = param(
        0.005, unit="share of exposed trade", low=0.0, high=0.05, source="assumed", meaning="Worth of direct requests, v."
    )
    surveillance: float = param(
        0.005,
        unit="share of exposed trade",
        low=0.0,
        high=0.1,
        source="assumed",
        meaning="Cost of being asked by a state without rights of foreigners and without trust, z.",
    )
    salience_redress: float = param(
        0.005,
        unit="share of exposed trade",
        low=0.0005,
        high=0.05,
        source="assumed",
        meaning="Worth of a full unit of distance on redress.",
    )
    salience_security: float = param(
        0.005,
        unit="share of exposed trade",
        low=0.0005,
        high=0.05,
        source="assumed",
        meaning="Worth of a full unit of distance on security.",
    )
    security_gain: float = param(
        0.002, unit="share of exposed trade", low=0.0, high=0.05, source="assumed", meaning="Worth of a full exchange of reports."
    )
    upkeep: float = param(5e5, unit="USD a year", low=0.0, high=1e7, source="assumed", meaning="Cost to each party of the agreement, c.")
    months_to_force: int = param(
        24,
        unit="months",
        low=1,
        high=60,
        source="data instruments of the tables: 36 months (United Kingdom), 25 (Australia), 2 (European Union, 2010)",
        meaning="Months from signature to entry into force.",
    )

    def eligible(self, view: World, groups: Groups) -> Bools:
        """Say for each dyad whether the two might talk, shape (G,): both protect people against the state as far as the bar.

        Those inside one area of free flow have common law for it.
        """
        fit = view.protection_state >= self.bar
        return np.asarray(fit[groups.first] & fit[groups.second] & ~view.free_flow[groups.edge])

    def coefficients(self, view: World, groups: Groups) -> Stakes:
        """Compile the payoffs of each dyad; see the module's equations."""
        i, j = groups.first, groups.second
        held = providers.held_trade(view, groups)
        asked_of, here = providers.in_bp(view, groups, held), providers.in_bp(view, groups, held[:, ::-1])
        blind = 1.0 - by_role(view.rights_of_foreigners[j], view.rights_of_foreigners[i])
        distrust = 1.0 - by_role(view.trust[groups.edge], view.trust[groups.back])
        asks, asked = self.requests * asked_of, self.surveillance * blind * distrust * here
        draft = Draft(groups)
        draft.term("requests", asks)
        draft.term("surveillance", -asked)
        draft.term("gain_of_other", externality(view, groups, asks))
        data_flows.upkeep(draft, view, groups, self.upkeep)
        exposed = asked_of + here
        one, two = exposed[:, 0], exposed[:, 1]
        draft.issue(
            "redress",
            ideal=(view.protection_state[i], view.protection_state[j]),
            salience=(self.salience_redress * one, self.salience_redress * two),
            status_quo=np.minimum(view.protection_state[i], view.protection_state[j]),
        )
        mine, theirs = view.cybersecurity[i], view.cybersecurity[j]
        draft.issue(
            "security",
            ideal=(mine, theirs),
            salience=(self.salience_security * one, self.salience_security * two),
            gain=(self.security_gain * one, self.security_gain * two),
            status_quo=np.minimum(mine, theirs),
        )
        return draft.done()

    def tested(self, view: World, groups: Groups, text: Floats) -> tuple[Floats, Floats]:
        """Return how well texts protect, and what the court of the first of each dyad asks, (G, 2) each; safeguards are not asked for."""
        asked = bars(view, groups)
        asked[:, 0] = -np.inf
        return protections_of(view, groups, text), asked
