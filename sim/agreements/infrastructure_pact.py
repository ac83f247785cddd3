r"""An infrastructure pact: an investor pays for cloud capacity in a host, and asks for a say in how it is run.

Role 0 is the investor, role 1 the host. ``Q`` is what may be built (USD): the host's need (load that is not served at home, MW) times
the cost of a MW, or what the investor's budget leaves, whichever is less; ``A`` the annuity factor of its life;
``q_i = 10^4 Q / (A Y_i)`` its yearly weight for party i in bp of GDP.

.. math:: a_i &= -10^4 c / Y_i - 10^4 \omega (h - \phi a [a \ge \bar a]) G_j / Y_i \\
          b_{inv,infra} &= -(1 + o - r + \delta (1-\tau)) q_{inv}, \quad b_{inv,control} = \rho q_{inv} \\
          b_{host,infra} &= \beta q_{host}, \quad b_{host,control} = -\rho q_{host} - f s [D G (1-\tau) + \omega_c h]

with ``o`` the overhead of payments, ``r`` the part of what it pays that the investor earns back by selling what it builds
(``recovery``), ``delta`` the part it would lose to a host that breaks its word, ``rho`` the return that full hosting control
draws from the host, ``beta`` the social return, ``f`` the fear of full control over the whole load (bp), ``s`` the share of the host's
load that ``Q`` would serve, ``D`` the host's dependence on the investor (mean of one and of the investor's share of its digital imports or
of its load in the investor's reach, whichever is larger), ``G`` the gap of capability (0 to 1), ``tau`` each side's trust in the other,
``h`` and ``a`` the two's hostility and the strength of their alliance (0 to 1), and ``G_j`` what the other side gains by the midway text
(USD a year) before security is counted.

Two ceilings are in ``Q``. No host is sold more than its load: what it was pledged and not yet promised is taken off. No investor pays
more a year than a share of its GDP over all its pacts: what running ones leave is shared out equally over its open talks. Where nothing
is left, or hostility without rivalry passes a bar, no text is allowed.

Sources: cost of a MW Cushman and Wakefield (2025); worth of the other side's gain Gowa and Mansfield (1993), American Political Science
Review 87; the rest is assumed and swept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.arrays import by_role
from sim.consequences import AddsTrade, Builds, Consequence, Lasts, Pays, Shares
from sim.declare.words import Word, issue
from sim.registry import param, part
from sim.stakes.payoffs import BP, midway_gains
from sim.stakes.security import externality
from sim.stakes.stakes import Draft, Groups, Stakes
from sim.state.world import Bools, Floats, World


@part(
    "agreement",
    name="infrastructure_pact",
    title="Infrastructure pact",
    title_id="Pakta infrastruktur",
    sentence_id="Satu negara membiayai pusat data dan jaringan di negara lain dan meminta suara dalam pengelolaannya.",
)
@dataclass(frozen=True)
class InfrastructurePact:
    """One state pays for data centres and networks in another and asks for a say in how they are run."""

    name: ClassVar[str]
    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("investor", "host")
    issues: ClassVar[tuple[str, ...]] = ("infrastructure", "hosting_control", "localisation", "security")
    meaning: ClassVar[dict[str, tuple[str, str]]] = {
        "infrastructure": (
            "0: nothing is built; 1: the investor pays for all that the host's need and its own budget allow",
            "the same, received",
        ),
        "hosting_control": ("0: the host runs it alone; 1: the investor runs it alone", "the same, given up"),
        "localisation": ("0: data may leave the host; 1: all of it must stay", "the same"),
        "security": ("0: no common standards; 1: full common standards", "the same"),
    }
    words: ClassVar[tuple[Word, ...]] = (
        issue(
            "infrastructure", "Infrastructure", "Infrastruktur", "What share of what need and budget allow the investor pays for.",
            "Berapa bagian yang dibayar penanam modal dari yang dimungkinkan kebutuhan dan anggaran.",
        ),
        issue(
            "hosting_control", "Hosting control", "Kendali penempatan", "Who decides where data are hosted and by whom.",
            "Siapa yang memutuskan di mana dan oleh siapa data ditempatkan.",
        ),
    )  # fmt: skip
    terms: ClassVar[dict[str, tuple[str, str]]] = {
        "upkeep": ("upkeep", "biaya pemeliharaan"),
        "build": ("what is paid for and built", "yang dibayar dan dibangun"),
        "repayment": ("return on control, drawn from the host", "imbal hasil kendali, yang diambil dari tuan rumah"),
        "fear": ("fear of dominance", "kekhawatiran akan dominasi"),
        "rival_host": ("security: a rival would host", "keamanan: pesaing menjadi penyedia"),
        "relative_gain": ("security: what the other side gains", "keamanan: yang diperoleh pihak lain"),
    }
    entry: ClassVar[str] = "funds_committed"
    ending: ClassVar[str] = "completion"
    leaver: ClassVar[str] = "continues"
    alternatives: ClassVar[tuple[bool, bool]] = (False, True)
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {"infrastructure": (-1, 0), "hosting_control": (1, -1), "localisation": (-1, 1)}
    excluded_by: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[tuple[str, ...]] = ("transfer_framework",)
    does: ClassVar[tuple[Consequence, ...]] = (
        Builds("infrastructure"),
        Lasts("build_months"),
        AddsTrade("localisation"),
        Shares("security"),
        Pays(),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "capability", "need", "load", "pledged", "outlay", "waiting", "open_talk", "trade_known", "reached", "imports_known", "gdp",
        "trust", "localisation", "cybersecurity", "hostility", "hostility_without_rivalry", "alliance",
    )  # fmt: skip

    trade_effect: float = param(
        0.0, unit="share of digital trade", low=0.0, high=0.1, source="assumed", meaning="Digital trade added between those covered."
    )
    investor_bar: float = param(
        1.5,
        unit="times the average state",
        low=0.0,
        high=50.0,
        source="assumed",
        meaning="Least capability of a state that invests abroad.",
    )
    cost_per_mw: float = param(
        11.7e6,
        unit="USD per MW",
        low=9.3e6,
        high=15.0e6,
        source="Cushman and Wakefield 2025, US mean (range 9.3 to 15.0)",
        meaning="Cost of one MW of data centre.",
    )
    overhead: float = param(
        0.1,
        unit="share of payment",
        low=0.0,
        high=0.4,
        source="assumed",
        meaning="Part of each payment that is spent on the way, on top of what is received.",
    )
    life: float = param(
        15.0, unit="years", low=5.0, high=30.0, source="assumed", meaning="Expected life over which cost and benefit are spread."
    )
    interest: float = param(
        0.05, unit="share a year", low=0.01, high=0.15, source="assumed", meaning="Rate at which later years are discounted."
    )
    recovery: float = param(
        0.6,
        unit="share of payment",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Part of what it pays that the investor earns back by selling what it builds.",
    )
    control_return: float = param(
        1.0,
        unit="share of yearly cost",
        low=0.0,
        high=1.5,
        source="assumed",
        meaning="What full hosting control earns the investor and costs the host, rho.",
    )
    social_return: float = param(
        1.5,
        unit="share of yearly cost",
        low=1.0,
        high=4.0,
        source="assumed",
        meaning="What a built MW is worth to the host a year over its yearly cost, beta.",
    )
    fear: float = param(
        20.0,
        unit="bp of GDP a year",
        low=2.0,
        high=80.0,
        source="assumed",
        meaning="What a host would pay to avoid full control over its whole load by one it depends on wholly and trusts not at all, f.",
    )
    salience_localisation: float = param(
        0.2, unit="share of yearly cost", low=0.02, high=1.0, source="assumed", meaning="Worth of a full unit of distance on localisation."
    )
    salience_control: float = param(
        0.2,
        unit="share of yearly cost",
        low=0.02,
        high=1.0,
        source="assumed",
        meaning="Worth of a full unit of distance on hosting control.",
    )
    salience_funds: float = param(
        0.2, unit="share of yearly cost", low=0.02, high=2.0, source="assumed", meaning="How fast further payment costs the investor more."
    )
    default_risk: float = param(
        0.3,
        unit="share of payment",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Part of its payment an investor would lose to a host that breaks its word.",
    )
    salience_infrastructure: float = param(
        0.5,
        unit="share of yearly cost",
        low=0.05,
        high=2.0,
        source="assumed",
        meaning="How fast further capacity is worth less to the host.",
    )
    salience_security: float = param(
        0.1, unit="share of yearly cost", low=0.01, high=0.5, source="assumed", meaning="Worth of a full unit of distance on security."
    )
    security_gain: float = param(
        0.05,
        unit="share of yearly cost",
        low=0.0,
        high=0.5,
        source="assumed",
        meaning="Worth of full common standards.",
    )
    least: float = param(
        5e7, unit="USD", low=0.0, high=1e9, source="assumed", meaning="Least whole need, and least means of an investor, worth a pact."
    )
    budget_share: float = param(
        5e-5,
        unit="share of GDP a year",
        low=1e-5,
        high=5e-4,
        source="assumed (Chinese digital loans known by amount, 2006 to 2022: 0.3e-4 of GDP)",
        meaning="Most that an investor pays out a year over all its pacts, overhead included.",
    )
    hostility_bar: float = param(
        0.5, unit="0 to 1", low=0.3, high=0.9, source="assumed", meaning="Hostility without rivalry from which no pact is made."
    )
    rival_host: float = param(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="Part of the fear of full control that a wholly hostile host of the load inspires, omega_c.",
    )
    upkeep: float = param(2e6, unit="USD a year", low=0.0, high=1e8, source="assumed", meaning="Cost to each party of running the pact, c.")
    months_to_force: int = param(3, unit="months", low=1, high=36, source="assumed", meaning="Months from signature to the first payment.")
    build_months: int = param(36, unit="months", low=6, high=120, source="assumed", meaning="Months over which the commitment is paid out.")

    def eligible(self, view: World, groups: Groups) -> Bools:
        """Say for each dyad whether role 0 may invest in role 1, shape (G,).

        It is able, stronger, and has the means; the host is in need; and the two are not hostile beyond the bar.
        """
        able, poor = view.capability >= self.investor_bar, view.need * self.cost_per_mw >= self.least
        able &= self._means(self._left(view)) >= self.least
        fit = able[groups.first] & poor[groups.second]
        few = np.flatnonzero(fit)
        fit[few] = view.capability[groups.first[few]] > view.capability[groups.second[few]]
        few = np.flatnonzero(fit)
        fit[few] = view.hostility_without_rivalry[groups.edge[few]] < self.hostility_bar
        return np.asarray(fit)

    def annuity(self) -> float:
        """Return the present value of one a year over the life (years)."""
        return float((1.0 - (1.0 + self.interest) ** -self.life) / self.interest)

    def _left(self, view: World) -> Floats:
        """Return what running pacts leave of each party's budget, shape (P,), USD a year; negative where a lever has cut it."""
        return np.asarray(self.budget_share * view.gdp - view.outlay)

    def _means(self, yearly: Floats) -> Floats:
        """Return what a yearly outlay commits over the term of a pact (USD)."""
        return np.asarray(yearly * (self.build_months / 12.0) / (1.0 + self.overhead))

    def room(self, view: World, groups: Groups) -> Floats:
        """Return the most that the host's load and the investor's budget allow, shape (G,), USD; a pact does not stand in its own way."""
        i, j = groups.first, groups.second
        open_talk, waits = view.open_talk[view.setting.type_names.index(self.name)], view.waiting[groups.edge]
        talks = np.bincount(view.setting.edges.row[open_talk >= 0], minlength=len(view.gdp))
        # These talks count once, whether they are open or only thought of.
        among = talks[i] + (open_talk[groups.edge] < 0)
        means = np.maximum(0.0, self._means(self._left(view))[i] + waits) / among
        unsold = np.maximum(0.0, (view.need[j] - view.pledged[j]) * self.cost_per_mw + waits)
        return np.asarray(np.minimum(means, unsold))

    def coefficients(self, view: World, groups: Groups) -> Stakes:
        """Compile the payoffs of each dyad; see the module's equations."""
        i, j = groups.first, groups.second
        room = self.room(view, groups)
        barred = (room <= 0.0) | (view.hostility_without_rivalry[groups.edge] >= self.hostility_bar)
        # Where nothing is left, what a pact is worth is still told, at the whole need: something may have been signed before.
        whole = np.where(room > 0.0, room, view.need[j] * self.cost_per_mw)
        yearly = BP * whole / self.annuity()
        mine, theirs = yearly / view.gdp[i], yearly / view.gdp[j]
        gap = (view.capability[i] - view.capability[j]) / (view.capability[i] + view.capability[j])
        dependence = 0.5 * (1.0 + np.maximum(view.trade_known[groups.edge] / view.imports_known[j], view.reached[groups.back]))
        hostility = view.hostility[groups.edge]
        control = self.fear * np.minimum(1.0, whole / self.cost_per_mw / np.maximum(view.load[j], 1e-9))
        dread = control * dependence * np.maximum(gap, 0.0) * (1.0 - view.trust[groups.back])
        hosted = control * self.rival_host * hostility
        doubt = self.default_risk * (1.0 - view.trust[groups.edge])
        draft = Draft(groups)
        draft.commitment[:] = whole
        draft.term("upkeep", -BP * self.upkeep / by_role(view.gdp[i], view.gdp[j]))
        draft.issue(
            "infrastructure",
            ideal=(0.0, 1.0),
            salience=(self.salience_funds * mine, self.salience_infrastructure * theirs),
            parts={"build": (-(1.0 + self.overhead - self.recovery + doubt) * mine, self.social_return * theirs)},
            ceiling=np.where(barred, -1.0, 1.0),
        )
        draft.issue(
            "hosting_control",
            ideal=(1.0, 0.0),
            salience=(self.salience_control * mine, self.salience_control * theirs),
            parts={
                "repayment": (self.control_return * mine, -self.control_return * theirs),
                "fear": (0.0, -dread),
                "rival_host": (0.0, -hosted),
            },
        )
        draft.issue(
            "localisation",
            ideal=(0.0, view.localisation[j]),
            salience=(self.salience_localisation * mine, self.salience_localisation * theirs),
            status_quo=view.localisation[j],
        )
        draft.issue(
            "security",
            ideal=(view.cybersecurity[i], view.cybersecurity[j]),
            salience=(self.salience_security * mine, self.salience_security * theirs),
            gain=(self.security_gain * mine, self.security_gain * theirs),
            status_quo=np.minimum(view.cybersecurity[i], view.cybersecurity[j]),
        )
        if hostility.any() or view.alliance[groups.edge].any():
            gained = np.maximum(0.0, np.nan_to_num(midway_gains(draft.done().dyads())))
            draft.term("relative_gain", externality(view, groups, gained))
        return draft.done()
