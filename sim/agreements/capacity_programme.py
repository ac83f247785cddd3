r"""A capacity programme: a donor pays users' bills and teaching in a host, and its providers hand technology over.

Role 0 is the donor, role 1 the host. A donor sets aside a share of its GDP a year, and of that for each host its part of all people in
hosts who are not online. ``Q`` is that envelope over the term (USD), teaching included; ``q_i = 10^4 Q_y / Y_i`` what a year of it weighs
for party i in bp of GDP.

.. math:: b_{don,subsidy} &= (-(1 + o) + \phi \tau_{ij} + r m_{ij}) q_{don}, \quad
          b_{host,subsidy} = (1 + \epsilon v y_j / P_j) q_{host} \\
          b_{don,skills} &= s (-(1 + o) + \phi \tau_{ij}) q_{don}, \quad b_{host,skills} = s \rho q_{host} \\
          b_{don,transfer} &= -10^4 \kappa X_{ij} (1 + \omega h) / Y_i, \quad b_{host,transfer} = 10^4 \kappa M_j / Y_j

with ``o`` the overhead, ``phi`` what giving to a host that it trusts wholly is worth in influence and image, ``tau`` that trust, ``r`` what
its providers earn back of a bill paid where all digital imports come from it, ``m`` its share of them, ``epsilon`` the elasticity of use to
price, ``v`` what a user online is worth of income per head ``y`` over a bill of ``P`` a year, ``s`` what teaching costs beside bills,
``rho`` the return of teaching, ``kappa`` the share of digital imports ``M`` that own providers would serve with all of the technology,
``X`` what the donor sells to the host, ``h`` hostility and ``omega`` the fear of a new rival. No more technology can be handed over than
the donor's providers hold beyond the host's.

Sources: aid follows interest and ties (Alesina and Dollar 2000, Journal of Economic Growth 5, from memory); fear of the rival that one
teaches, and all weights, are assumed; the budget alone is moved in findings/access.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.arrays import by_role
from sim.consequences import Consequence, HandsOver, Lasts, Pays, Subsidises, Trains
from sim.declare.words import Word, issue
from sim.registry import param, part
from sim.stakes.payoffs import BP
from sim.stakes.stakes import Draft, Groups, Stakes
from sim.state.world import Bools, Floats, World


@part(
    "agreement",
    name="capacity_programme",
    title="Capacity programme",
    title_id="Program peningkatan kapasitas",
    sentence_id="Satu negara membantu membayar biaya internet dan pelatihan di negara lain, dan penyedianya mengalihkan teknologi.",
)
@dataclass(frozen=True)
class CapacityProgramme:
    """One state helps to pay for access and teaching in another, and its providers hand technology over."""

    name: ClassVar[str]
    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("donor", "host")
    issues: ClassVar[tuple[str, ...]] = ("subsidy", "skills", "technology_transfer")
    meaning: ClassVar[dict[str, tuple[str, str]]] = {
        "subsidy": ("0: the donor pays no bills; 1: it pays all that its envelope for the host allows", "the same, received"),
        "skills": ("0: nobody is taught; 1: the donor pays for all the teaching that its envelope allows", "the same, received"),
        "technology_transfer": (
            "0: providers keep what they know; 1: they hand over all that a leader knows",
            "the same, received by own providers",
        ),
    }
    words: ClassVar[tuple[Word, ...]] = (
        issue(
            "subsidy", "Subsidy", "Subsidi", "What part of what it set aside for the host the donor pays for its users' bills.",
            "Berapa bagian dana bagi tuan rumah yang dibayarkan donor untuk biaya internet penggunanya.",
        ),
        issue(
            "skills", "Skills", "Keterampilan", "How far the donor pays for teaching people to use what is on offer.",
            "Seberapa jauh donor membiayai pelatihan penggunaan layanan yang ada.",
        ),
        issue(
            "technology_transfer", "Technology transfer", "Alih teknologi", "How much of its cloud technology providers hand over.",
            "Seberapa banyak teknologi awan dialihkan oleh penyedia.",
        ),
    )  # fmt: skip
    terms: ClassVar[dict[str, tuple[str, str]]] = {
        "upkeep": ("upkeep", "biaya pemeliharaan"),
        "bills": ("what is paid for and received", "yang dibayar dan diterima"),
        "newcomers": ("people who come online", "orang yang mulai memakai internet"),
        "influence": ("influence and image", "pengaruh dan citra"),
        "providers": ("what its providers earn back", "yang diperoleh kembali penyedianya"),
        "rival": ("fear of a new rival", "kekhawatiran akan pesaing baru"),
        "own_providers": ("what own providers will serve", "yang akan dilayani penyedia sendiri"),
    }
    entry: ClassVar[str] = "funds_committed"
    ending: ClassVar[str] = "completion"
    leaver: ClassVar[str] = "continues"
    alternatives: ClassVar[tuple[bool, bool]] = (False, False)
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {"subsidy": (-1, 0), "skills": (-1, 0), "technology_transfer": (-1, 1)}
    excluded_by: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[tuple[str, ...]] = ("infrastructure_pact", "transfer_framework")
    does: ClassVar[tuple[Consequence, ...]] = (
        Subsidises("subsidy", "programme_months"),
        Trains("skills", "training_part", "programme_months"),
        HandsOver("technology_transfer", "taken_up", "programme_months"),
        Lasts("programme_months"),
        Pays(),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "capability", "internet_use", "population", "gdp", "trust", "trade_known", "imports_known", "hostility",
        "hostility_without_rivalry", "access_price", "technology", "member",
    )  # fmt: skip

    donor_bar: float = param(
        1.5, unit="times the average state", low=0.0, high=50.0, source="assumed, as for pacts", meaning="Least capability of a donor."
    )
    host_income: float = param(
        13845.0,
        unit="USD a year a head",
        low=1000.0,
        high=30000.0,
        source="memory: World Bank, from here on an income is high (2022)",
        meaning="GDP per head below which a state may be a host.",
    )
    host_use: float = param(
        0.85, unit="share of people", low=0.2, high=1.0, source="assumed", meaning="Use of the internet below which a state may be a host."
    )
    hostility_bar: float = param(
        0.5, unit="0 to 1", low=0.3, high=0.9, source="assumed, as for pacts", meaning="Hostility without rivalry from which none is made."
    )
    budget_share: float = param(
        5e-5,
        unit="share of GDP a year",
        low=5e-6,
        high=3e-4,
        source="assumed, as for pacts; memory: aid is some 0.3 % of donors' GDP, of which 1 to 3 % is digital",
        meaning="What a donor sets aside for programmes with all hosts.",
    )
    least: float = param(
        1e6, unit="USD a year", low=0.0, high=1e8, source="assumed", meaning="Least envelope for one host that is worth a programme."
    )
    training_part: float = param(
        0.5, unit="share", low=0.0, high=2.0, source="assumed", meaning="What full teaching costs beside full payment of bills, s."
    )
    overhead: float = param(
        0.1,
        unit="share of payment",
        low=0.0,
        high=0.4,
        source="assumed, as for pacts",
        meaning="Part of each payment that is spent on the way, on top of what is received.",
    )
    influence: float = param(
        3.0,
        unit="share of payment",
        low=0.0,
        high=6.0,
        source="assumed",
        meaning="What paying for a host that it trusts wholly is worth to a donor in influence and image, phi.",
    )
    provider_return: float = param(
        0.6,
        unit="share of payment",
        low=0.0,
        high=1.0,
        source="assumed, as what investors recover in pacts",
        meaning="What its providers earn back of bills where all of the host's digital imports come from it, r.",
    )
    use_elasticity: float = param(
        1.3,
        unit="elasticity",
        low=0.1,
        high=2.5,
        source="COMCEC and Telecom Advisory, table 19, middle penetration",
        meaning="How many come online as bills fall, as the parties see it, epsilon.",
    )
    user_worth: float = param(
        0.05,
        unit="share of income per head",
        low=0.01,
        high=0.13,
        source="memory: Qiang et al. 2009 (10 points of broadband: 1.4 points of growth) gives the upper bound; it is disputed",
        meaning="What one more user is worth to the host a year, v.",
    )
    training_return: float = param(
        1.5, unit="share of payment", low=0.5, high=4.0, source="assumed", meaning="What teaching is worth to the host over its cost, rho."
    )
    technology_worth: float = param(
        0.02,
        unit="share of digital imports",
        low=0.002,
        high=0.1,
        source="assumed",
        meaning="What own providers would serve with all of the technology, kappa.",
    )
    rival_fear: float = param(
        4.0, unit="factor", low=0.0, high=10.0, source="assumed", meaning="How much more a wholly hostile rival is feared, omega."
    )
    taken_up: float = param(
        0.25, unit="share", low=0.0, high=1.0, source="assumed", meaning="Part of technology that is handed over that takes root."
    )
    salience_funds: float = param(
        0.1, unit="share of payment", low=0.02, high=2.0, source="assumed", meaning="How fast further payment is worth less to either side."
    )
    salience_technology: float = param(
        0.2,
        unit="share of its worth",
        low=0.02,
        high=1.0,
        source="assumed",
        meaning="The same of technology, of what it is worth to the host.",
    )
    upkeep: float = param(1e5, unit="USD a year", low=0.0, high=1e7, source="assumed", meaning="Cost to each party of running it.")
    months_to_force: int = param(6, unit="months", low=1, high=36, source="assumed", meaning="Months from signature to the first payment.")
    programme_months: int = param(60, unit="months", low=12, high=120, source="assumed", meaning="Months over which it runs.")

    def eligible(self, view: World, groups: Groups) -> Bools:
        """Say for each dyad whether role 0 may run a programme in role 1, shape (G,)."""
        able = view.capability >= self.donor_bar
        fit = able[groups.first] & self._poor(view)[groups.second]
        few = np.flatnonzero(fit)
        some = groups.at(few)
        use, income = view.internet_use, self._income(view)
        fit[few] = (use[some.first] > use[some.second]) & (income[some.first] > income[some.second])
        fit[few] &= view.hostility_without_rivalry[some.edge] < self.hostility_bar
        fit[few] &= self.envelope(view, some) >= self.least
        return np.asarray(fit)

    def envelope(self, view: World, groups: Groups) -> Floats:
        """Return what the donor sets aside for the host, shape (G,), USD a year; overhead comes on top."""
        n = view.setting.n_states
        offline = (1.0 - view.internet_use) * view.population
        whole = float(offline[:n][self._poor(view)[:n]].sum())
        budget = self.budget_share * view.gdp[groups.first] / (1.0 + self.overhead)
        return np.asarray(budget * np.minimum(1.0, offline[groups.second] / max(whole, 1.0)))

    def coefficients(self, view: World, groups: Groups) -> Stakes:
        """Compile the payoffs of each dyad; see the module's equations."""
        i, j = groups.first, groups.second
        whole = self.envelope(view, groups) * (self.programme_months / 12.0) / (1.0 + self.training_part)
        yearly = BP * whole * 12.0 / self.programme_months
        mine, theirs = yearly / view.gdp[i], yearly / view.gdp[j]
        price, technology = self._of_parties(view)
        income, share = self._income(view), view.trade_known[groups.edge] / view.imports_known[j]
        newcomers = self.use_elasticity * self.user_worth * income[j] / np.maximum(12.0 * price[j], 1e-9)
        liked = self.influence * view.trust[groups.edge]
        sold = BP * self.technology_worth * view.trade_known[groups.edge] / view.gdp[i]
        served = BP * self.technology_worth * view.imports_known[j] / view.gdp[j]
        feared = 1.0 + self.rival_fear * view.hostility[groups.edge]
        draft = Draft(groups)
        draft.commitment[:] = whole
        draft.term("upkeep", -BP * self.upkeep / by_role(view.gdp[i], view.gdp[j]))
        draft.issue(
            "subsidy",
            ideal=(0.0, 1.0),
            salience=(self.salience_funds * mine, self.salience_funds * theirs),
            parts={
                "bills": (-(1.0 + self.overhead) * mine, theirs),
                "influence": (liked * mine, 0.0),
                "providers": (self.provider_return * share * mine, 0.0),
                "newcomers": (0.0, newcomers * theirs),
            },
        )
        draft.issue(
            "skills",
            ideal=(0.0, 1.0),
            salience=(self.training_part * self.salience_funds * mine, self.training_part * self.salience_funds * theirs),
            parts={
                "bills": (-(1.0 + self.overhead) * self.training_part * mine, self.training_return * self.training_part * theirs),
                "influence": (self.training_part * liked * mine, 0.0),
            },
        )
        draft.issue(
            "technology_transfer",
            ideal=(0.0, 1.0),
            salience=(self.salience_technology * sold, self.salience_technology * served),
            parts={"rival": (-feared * sold, 0.0), "own_providers": (0.0, served)},
            ceiling=np.maximum(0.0, technology[i] - technology[j]),
        )
        return draft.done()

    def _income(self, view: World) -> Floats:
        """Return GDP per head, shape (P,), USD a year."""
        return np.asarray(view.gdp / np.maximum(view.population, 1.0))

    def _poor(self, view: World) -> Bools:
        """Return who may be a host, shape (P,)."""
        poor: Bools = (self._income(view) < self.host_income) & (view.internet_use < self.host_use) & (view.gdp > 0.0)
        return poor

    def _of_parties(self, view: World) -> tuple[Floats, Floats]:
        """Return prices (USD a month) and technology (0 to 1) by party, (P,) each: of a bloc the means of its members by people."""
        n, people = view.setting.n_states, view.population
        price, technology = np.zeros(len(people)), np.zeros(len(people))
        price[:n], technology[:n] = view.access_price, view.technology
        for b in range(len(view.member)):
            inside = view.member[b]
            whole = float(np.sum(people[:n][inside]))
            if whole > 0.0:
                price[n + b] = np.sum(price[:n][inside] * people[:n][inside]) / whole
                technology[n + b] = np.sum(technology[:n][inside] * people[:n][inside]) / whole
        return price, technology
