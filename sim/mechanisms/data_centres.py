r"""Data centres: firms build where the load that will lie in a state outgrows what stands there, and what is old goes out of service.

Each month, of state s with ``C`` MW in service and ``B`` under construction,

.. math:: C' = C \, (1 - \delta / 12) + B / \tau, \qquad B' = B \, (1 - 1 / \tau) + \pi \, (1 - m_s) \, w_s, \\
          w_s = \max\left(0, \; L_s (1 + g)^{\tau / 12} / \phi - (C + G + K + B)\right)

with ``\tau`` months of construction, ``L`` the load that lies in the state (:mod:`sim.mechanisms.market`), ``g`` the growth that firms look
for, ``\phi`` how full they like to run, ``G`` what pacts have added and ``K`` what they have promised, and ``m`` the part that limits on
power and land, or a moratorium, forbid. What stood as the run began is read from figures (:mod:`sim.data.data_centres`); nothing later is.
Firms invest apart from treaties: whose providers serve the load of a state builds there in the same proportion.

Sources: construction of a cloud region 1.3 to 4.6 years from announcement (own list of eight); IEA (2025), load grew by 12 % a year; the
cost of a MW is that of an infrastructure pact. The pace and the life are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.kernels import jit
from sim.registry import param, part
from sim.state.world import Floats, Ints, World


@part(
    "mechanism",
    name="data_centres",
    title="Data centres",
    title_id="Pusat data",
    sentence_id="Perusahaan membangun pusat data di tempat beban melebihi yang tersedia; yang tua berhenti beroperasi.",
)
@dataclass(frozen=True)
class DataCentres:
    """Firms build data centres where load outgrows what stands there, and what is old goes out of service."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nothing_stands_or_falls",
            "What stands as the run begins stands on: nothing is built or goes out of service.",
            "Yang ada saat simulasi mulai tetap ada: tidak ada yang dibangun atau berhenti.",
            (("mechanisms.data_centres.pace", 0.0), ("mechanisms.data_centres.wear", 0.0)),
            "capacity_in_service",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "base_capacity", "capacity_gained", "committed", "stored", "building", "site_stop", "built", "built_abroad", "load_renewed",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = ("base_capacity", "building", "built", "built_abroad")
    tables: ClassVar[tuple[str, ...]] = ()
    state: ClassVar[tuple[Array, ...]] = (
        array("building", ("state",), unit="MW", meaning="data centres under construction by firms"),
        array("built", ("state",), unit="MW", meaning="data centres that firms have begun in it since the start"),
        array("built_abroad", ("state",), unit="MW", meaning="data centres that its providers have begun in other states since the start"),
        array(
            "site_stop", ("state",), forcing=True, low=0.0, high=1.0, unit="share",
            meaning="part of what firms would build that limits or a moratorium forbid this month",
        ),
    )  # fmt: skip

    months: int = param(
        24,
        unit="months",
        low=12,
        high=60,
        source="own list of eight cloud regions, 1.3 to 4.6 years from announcement to opening; some of that is planning",
        meaning="Months of construction, tau.",
    )
    growth: float = param(
        0.12,
        unit="share a year",
        low=0.0,
        high=0.3,
        source="IEA 2025, Energy and AI: load of data centres grew by 12 % a year from 2017 to 2024",
        meaning="Growth that firms look for while they build, g.",
    )
    fullness: float = param(1.0, unit="share", low=0.5, high=1.2, source="assumed", meaning="How full firms like to run, phi.")
    pace: float = param(0.1, unit="share a month", low=0.0, high=1.0, source="assumed", meaning="Part of what is wanted that is begun, pi.")
    wear: float = param(
        0.05, unit="share a year", low=0.0, high=0.2, source="assumed: a life of 20 years", meaning="What goes out of service, delta."
    )

    def step(self, world: World, decide: object) -> None:
        """Let a month of building pass."""
        n, clouds = world.setting.n_states, world.clouds
        begun = np.zeros(n)
        build(
            n, float(self.months), self.growth, self.fullness, self.pace, self.wear, world.capacity_gained, world.committed, world.stored,
            world.site_stop, world.base_capacity, world.building, world.built, begun,
        )  # fmt: skip
        if begun.any():
            abroad(clouds["user"], clouds["host"], clouds["home"], clouds["free"], world.load_renewed, begun, world.built_abroad)


@jit
def build(
    n: int, months: float, growth: float, fullness: float, pace: float, wear: float, gained: Floats, committed: Floats, stored: Floats,
    stop: Floats, base: Floats, building: Floats, built: Floats, begun: Floats,
) -> None:  # fmt: skip
    """Let a month pass in each state, (N,): what is done is in service, what is old is not, and some of what is wanted is begun."""
    later = (1.0 + growth) ** (months / 12.0)
    for s in range(n):
        done = building[s] / months
        wanted = max(0.0, stored[s] * later / fullness - (base[s] + gained[s] + committed[s] + building[s]))
        begun[s] = pace * (1.0 - stop[s]) * wanted
        base[s] = base[s] * (1.0 - wear / 12.0) + done
        building[s] = building[s] - done + begun[s]
        built[s] += begun[s]


@jit
def abroad(user: Ints, host: Ints, home: Ints, free: Floats, load: Floats, begun: Floats, out: Floats) -> None:
    """Share out what is begun in each state, (N,), by whose providers hold the load that lies there, and add what is not at home."""
    whole = np.zeros(begun.shape[0])
    for c in range(user.shape[0]):
        whole[host[c]] += load[user[c]] * free[c]
    for c in range(user.shape[0]):
        if home[c] != host[c] and whole[host[c]] > 0.0:
            out[home[c]] += begun[host[c]] * (load[user[c]] * free[c] / whole[host[c]])
