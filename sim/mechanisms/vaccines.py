r"""Vaccine as the matter of calls: who asks a supplier is served, those who can pay buy, and the poorest are given what a budget allows.

Only where a scenario brings the shock ``vaccines`` does a supplier have doses; elsewhere nothing happens here. A state wants
``doses_wanted`` for each of its people. A supplier, and the members of a bloc that is one, serve themselves and ask nobody.

A contact of heads or ministers in which both speak (a visit, a meeting, a call or a video event) is a request. Requests fade:
:math:`q' = m q + contacts`. What a supplier has this month is shared out by

.. math:: pull_j = wanted_j \, (1 - e^{-q_j}) \, e^{a\,w_j}

with ``w`` the weight of the two in the alliance graph. States below ``can_pay`` (GDP a head) cannot buy. To them a supplier gives at most
``gift_budget`` of its GDP a year, at ``price`` a dose; the rest it sells to the others. What nobody takes is kept for the next month. The
pool (COVAX) gives to states below ``can_pay`` by what they want, and asks nobody to call.

A supplier with doses is an occasion for others to call it, as an election is, so a request has its worth. Gifts raise the giver's image
(:mod:`sim.mechanisms.image`) by their price; sales do not.

Sources: supplies: ``sim/data/further/vaccine_supply.csv``. China sold 1.5 billion doses and pledged 119 million as gifts by 29 November
2021 (Bridge Consulting): that number and its split over regions are targets of the scenario ``vaccine_linkage`` and set nothing here.
Prices, budget, memory and the bar are assumed. Departs from the world in that contracts and pledges are not told from deliveries, and that
what is made under licence at the buyer's counts as shipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.data.further.vaccines import POOL
from sim.decide.contacts import contacts_of_month
from sim.declare.arrays import Array, Axis, array, axis
from sim.declare.neutral import Neutral
from sim.declare.words import Word, event, occasion
from sim.registry import param, part
from sim.state.world import Bools, Floats, World
from sim.types import Channel, Rank

Ints = NDArray[np.int64]


@part(
    "mechanism",
    name="vaccines",
    title="Vaccines",
    title_id="Vaksin",
    sentence_id="Siapa yang meminta dilayani: yang mampu membeli vaksin, yang termiskin diberi sebatas anggaran pemberi.",
)
@dataclass(frozen=True)
class Vaccines:
    """Who asks a supplier of vaccine is served: those who can pay buy, and the poorest are given what a budget allows."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nobody_gives",
            "No supplier gives doses away.",
            "Tidak ada pemasok yang memberikan dosis cuma-cuma.",
            (("mechanisms.vaccines.gift_budget", 0.0),),
            "vaccines_given",
            scenario="vaccine_linkage",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "vaccine_supply", "vaccine_stock", "requests", "doses_sold", "doses_given", "population", "gdp", "alliance_weight", "member",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = ("vaccine_stock", "requests", "doses_sold", "doses_given", "gifts", "supplying")
    tables: ClassVar[tuple[str, ...]] = ("events",)
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "vaccines_sold", "Vaccine sold", "Vaksin dijual",
            "A supplier delivers doses that the other side buys; the value is their number.",
            "Pemasok mengirim dosis yang dibeli pihak lain; nilainya jumlah dosis.", columns=("party_a", "party_b", "value"),
            public="everyone", listed=False,
        ),
        event(
            "vaccines_given", "Vaccine given", "Vaksin diberikan",
            "A supplier, or the pool, delivers doses as a gift; the value is their number.",
            "Pemasok, atau kumpulan donor, mengirim dosis sebagai hadiah; nilainya jumlah dosis.", columns=("party_a", "party_b", "value"),
            public="everyone", listed=False,
        ),
        occasion("request", "Request", "Permintaan", "The other side has vaccine to give or to sell.",
                 "Pihak lain memiliki vaksin untuk diberikan atau dijual."),
    )  # fmt: skip
    state: ClassVar[tuple[Array | Axis, ...]] = (
        axis("supplier", of="supplier_names", meaning="who ships vaccine abroad"),
        array(
            "vaccine_supply",
            ("supplier",),
            forcing=True,
            low=0.0,
            high=1e11,
            unit="doses a month",
            meaning="doses shipped abroad this month",
        ),
        array("vaccine_stock", ("supplier",), unit="doses", meaning="doses that nobody has taken yet"),
        array("requests", ("supplier", "state"), unit="contacts", meaning="remembered contacts in which the state could ask"),
        array("doses_sold", ("supplier", "state"), unit="doses", meaning="doses sold so far"),
        array("doses_given", ("supplier", "state"), unit="doses", meaning="doses given so far"),
        array("gifts", ("party",), unit="USD", meaning="worth of the doses that it gave this month"),
        array("supplying", ("party",), dtype=bool, unit="0/1", meaning="has vaccine that others may ask for"),
    )

    doses_wanted: float = param(
        1.4, unit="doses a person", low=0.1, high=4.0, source="assumed: two doses for 70 % of people", meaning="Doses that a state wants."
    )
    request_memory: float = param(0.8, unit="share a month", low=0.0, high=0.99, source="assumed", meaning="How slowly requests fade, m.")
    closeness: float = param(
        1.0, unit="log weight", low=0.0, high=5.0, source="assumed", meaning="How much those close in the alliance graph come first, a."
    )
    can_pay: float = param(
        2000.0, unit="USD a head", low=200.0, high=20000.0, source="assumed", meaning="GDP a head below which a state cannot buy."
    )
    gift_budget: float = param(
        1e-4, unit="share of GDP a year", low=0.0, high=5e-3, source="assumed", meaning="Worth of the doses that a supplier gives at most."
    )
    price: float = param(10.0, unit="USD a dose", low=1.0, high=50.0, source="assumed", meaning="Price of a dose.")

    def step(self, world: World, decide: Any) -> None:
        """Deliver what suppliers have to those who have asked for it."""
        stock = world.array("vaccine_stock")
        stock += world.array("vaccine_supply")
        world.array("gifts")[:], world.array("supplying")[:] = 0.0, False
        if not stock.any():
            return
        names, codes = world.setting.roster.vaccines.names, world.setting.codes
        place = [codes.index(name) if name in codes else -1 for name in names]
        self._ask(world, place)
        wanted = self._wanted(world, place)
        for s, supplier in enumerate(place):
            if stock[s] > 0.0 and (supplier >= 0 or names[s] == POOL):
                wanted -= self._deliver(world, s, supplier, wanted)
        there = [at for s, at in enumerate(place) if at >= 0 and stock[s] + world.array("vaccine_supply")[s] > 0.0]
        world.array("supplying")[there] = True

    def _ask(self, world: World, place: list[int]) -> None:
        """Remember the contacts of this month in which somebody spoke with a supplier."""
        edges, n, requests = world.setting.edges, world.setting.n_states, world.array("requests")
        held = contacts_of_month(world)
        spoken = (held.rank <= Rank.MINISTER) & (held.channel != Channel.MESSAGE)
        one, other = edges.row[held.edge[spoken]], edges.col[held.edge[spoken]]
        requests *= self.request_memory
        for s, supplier in enumerate(place):
            if supplier >= 0:
                asked = np.concatenate([other[one == supplier], one[other == supplier]])
                requests[s] += np.bincount(asked[asked < n], minlength=n)

    def _wanted(self, world: World, place: list[int]) -> Floats:
        """Return how many doses each state still wants from abroad, (N,)."""
        n = world.setting.n_states
        got = (world.array("doses_sold") + world.array("doses_given")).sum(axis=0)
        wanted = np.maximum(self.doses_wanted * world.population[:n] - got, 0.0)
        for supplier in place:
            if supplier >= n:
                wanted[world.member[supplier - n]] = 0.0
            elif supplier >= 0:
                wanted[supplier] = 0.0
        return np.asarray(wanted)

    def _deliver(self, world: World, s: int, supplier: int, wanted: Floats) -> Floats:
        """Give and sell what one supplier has; return the doses that each state receives, (N,)."""
        n, stock = world.setting.n_states, world.array("vaccine_stock")
        poor: Bools = world.gdp[:n] < self.can_pay * world.population[:n]
        if supplier < 0:
            given, sold = _shared(float(stock[s]), wanted * poor, wanted), np.zeros(n)
        else:
            pull = wanted * (1.0 - np.exp(-world.array("requests")[s])) * self._close(world, supplier)
            means = self.gift_budget * float(world.gdp[supplier]) / (12.0 * self.price)
            given = _shared(min(float(stock[s]), means), pull * poor, wanted)
            sold = _shared(float(stock[s]) - float(given.sum()), pull * ~poor, wanted)
            world.array("gifts")[supplier] = self.price * given.sum()
        received = given + sold
        left = float(stock[s]) - float(received.sum())
        # A part of a dose is a rounding, and no dose.
        stock[s] = left if left >= 1.0 else 0.0
        for name, doses, total in (("vaccines_given", given, "doses_given"), ("vaccines_sold", sold, "doses_sold")):
            world.array(total)[s] += doses
            to = np.flatnonzero(doses >= 1.0)
            code = world.setting.words.code("event", name)
            world.events.extend(len(to), month=world.month, event=code, party_a=supplier, party_b=to, value=doses[to])
        return np.asarray(received)

    def _close(self, world: World, supplier: int) -> Floats:
        """Return how much each state comes first with a supplier, (N,): by the weight of the two in the alliance graph."""
        n = world.setting.n_states
        edge = world.setting.edges.find_all(np.arange(n), np.full(n, supplier))
        weight = np.where(edge >= 0, world.alliance_weight[np.maximum(edge, 0)], 0.0)
        return np.asarray(np.exp(self.closeness * weight))


def _shared(doses: float, pull: Floats, most: Floats) -> Floats:
    """Share doses out by pull, to nobody more than it wants, (N,); less than one dose is none, since it may be a mere rounding."""
    total = float(pull.sum())
    if total <= 0.0 or doses <= 0.0:
        return np.zeros(len(pull))
    share = np.minimum(doses * pull / total, most)
    return np.where(share >= 1.0, share, 0.0)
