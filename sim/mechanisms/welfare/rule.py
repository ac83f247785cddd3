r"""Every month each instrument in force is asked what it is worth to whom, and all of it is added up, in basis points of own GDP a year.

.. math:: g_i = \sum_{instruments} (u_i(x) - d_i) + m_i + opened_i + diverted_i

The first term is what its type's stakes say today (:mod:`sim.mechanisms.welfare.sources`), ``m`` side payments received less those paid
with their overhead, and the last two what trade brings (:mod:`sim.mechanisms.effects.opened`).

**Nothing is counted twice.** A framework's stakes hold a gain by trade as well. Each type is therefore asked as if it added no trade, and
trade is counted once, by its flows, apart. The money for infrastructure is the issue of that name, as a yearly annuity; what has been paid
in cash so far is in ``paid`` and ``received`` and is no part of this.

A type is asked anew in January, when members or levers move, and in a month in which something of it enters into force or ends; trust and
trade are those of that month. Types that two parties cannot negotiate (an adequacy decision) have no stakes: they count in trade alone.
What an instrument of two carries is added up beside it (:mod:`sim.mechanisms.welfare.carried`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import where_true
from sim.contracts import ARITIES
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.kernels import jit
from sim.mechanisms.welfare.asked import worth_of_type
from sim.mechanisms.welfare.carried import carry
from sim.mechanisms.welfare.sources import share_out
from sim.ports import BargainingTerms, CourtTerms, LawTerms, PoliticsTerms, TradeTerms
from sim.registry import part
from sim.stakes.payoffs import BP
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Event, Stage

MOVES = (
    Event.ENTRY_INTO_FORCE, Event.EXPIRY, Event.TERMINATION, Event.BOUND, Event.RELEASED, Event.SUSPENSION,
    Event.RESUMPTION, Event.CONTINUED, Event.WITHDRAWAL, Event.ANNULMENT, Event.SUCCESSION,
)  # fmt: skip
"""After these the instruments of a type bind others than before; what is completed was delivered, and counts on."""


@part(
    "mechanism",
    name="welfare",
    title="Welfare",
    title_id="Kesejahteraan",
    sentence_id="Setiap instrumen yang berlaku ditanya berapa nilainya hari ini bagi siapa, dan semuanya dijumlahkan.",
)
@dataclass(frozen=True)
class Welfare:
    """Each instrument in force is asked what it is worth today to whom, and all of it is added up."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "cannot_be_off",
            "It measures what is in force and moves nothing: without it nobody's gain would be known.",
            "Mekanisme ini mengukur yang berlaku dan tidak menggerakkan apa pun: tanpanya manfaat tiap pihak tidak diketahui.",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "gdp", "bound", "need", "opened", "diverted", "gain_on_issue", "gain_as_party", "welfare", "gain_by_issue", "gain_of_party",
        "gain_by_payment", "gain_by_trade", "gain_by_diversion", "trade", "trade_carried", "trade_added",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = (
        "gain_by_issue", "gain_of_party", "gain_by_payment", "gain_by_trade", "gain_by_diversion", "gain_on_issue", "gain_as_party",
        "welfare", "trade_carried", "trade_added",
    )  # fmt: skip
    tables: ClassVar[tuple[str, ...]] = ("instruments",)
    asks_types: ClassVar[tuple[str, ...]] = ARITIES
    state: ClassVar[tuple[Array, ...]] = (
        array(
            "gain_by_issue",
            ("type", "issue", "party"),
            unit="bp of GDP a year",
            meaning="what texts in force bring by moving an issue from present law, when last asked",
        ),
        array(
            "gain_of_party",
            ("type", "party"),
            unit="bp of GDP a year",
            meaning="what being party to instruments in force brings, text and trade apart, when last asked",
        ),
        array("gain_on_issue", ("issue", "party"), unit="bp of GDP a year", meaning="what texts of all types bring, issue by issue"),
        array("gain_as_party", ("party",), unit="bp of GDP a year", meaning="what being party to instruments of all types brings"),
        array("gain_by_payment", ("party",), unit="bp of GDP a year", meaning="side payments received, less those paid and their overhead"),
        array("gain_by_trade", ("party",), unit="bp of GDP a year", meaning="gain by trade that instruments in force free with partners"),
        array("gain_by_diversion", ("party",), unit="bp of GDP a year", meaning="gain by trade that they free elsewhere; mostly a loss"),
        array("welfare", ("party",), unit="bp of GDP a year", meaning="gain by all that is in force, over there being nothing"),
        array(
            "trade_carried",
            ("instruments",),
            unit="USD",
            meaning="digital trade between its two parties since the start, while it was in force",
        ),
        array(
            "trade_added", ("instruments",), unit="USD", meaning="part of that trade which would not be there without it, by its own effect"
        ),
    )
    needs: ClassVar[tuple[type, ...]] = (BargainingTerms, CourtTerms, LawTerms, PoliticsTerms, TradeTerms)

    def begin(self, world: World) -> None:
        """Ask what is in force as the first month begins."""
        self._ask(world, np.ones(len(world.setting.types), dtype=np.bool_))
        self._trade(world)
        self._add_up(world)

    def step(self, world: World, decide: Any) -> None:
        """Ask the types of which something has changed, and add up."""
        asked = np.zeros(len(world.setting.types), dtype=np.bool_)
        if world.month % 12 == 0 or world.month in world.setting.roster.dates:
            asked[:] = True
        else:
            first = world.first_event()
            _moved(world.events["event"][first:], world.events["type"][first:], _CODES, int(Event.ACTION), asked)
        if asked.any():
            self._ask(world, asked)
        if self._trade(world) or asked.any():
            self._add_up(world)
        carry(world)

    def _ask(self, world: World, asked: Bools) -> None:
        values = np.zeros((len(world.setting.words.issues) + 1, world.setting.n_parties))
        for t in where_true(asked).tolist():
            values[:] = 0.0
            worth_of_type(world, t, values[-1], values[:-1])
            share_out(values, world.bound, world.gdp)
            world.gain_by_issue[t], world.gain_of_party[t] = values[:-1], values[-1]
        instruments, paid = world.instruments, np.zeros((1, world.setting.n_parties))
        _payments(
            instruments["stage"], instruments["first"], instruments["second"], instruments["payment"],
            world.setting.terms(BargainingTerms).payment_overhead, world.gdp, paid[0],
        )  # fmt: skip
        share_out(paid, world.bound, world.gdp)
        world.gain_by_payment[:] = paid[0]

    def _trade(self, world: World) -> bool:
        """Renew what trade brings; say whether it moved."""
        n = world.setting.n_states
        trade = np.zeros((2, world.setting.n_parties))
        trade[0, :n], trade[1, :n] = world.opened, world.diverted
        share_out(trade, world.bound, world.gdp)
        # A bloc's gain is that of those it binds: it moves with them, though no state's does.
        if np.array_equal(trade[0], world.gain_by_trade) and np.array_equal(trade[1], world.gain_by_diversion):
            return False
        world.gain_by_trade[:], world.gain_by_diversion[:] = trade
        return True

    def _add_up(self, world: World) -> None:
        _total(
            world.gain_by_issue, world.gain_of_party, world.gain_by_payment, world.gain_by_trade, world.gain_by_diversion,
            world.gain_on_issue, world.gain_as_party, world.welfare,
        )  # fmt: skip


_CODES = np.array([int(one) for one in MOVES], dtype=np.int8)


@jit
def _moved(event: NDArray[np.int8], kind: NDArray[np.int8], moves: NDArray[np.int8], action: int, asked: Bools) -> None:
    """Say of which types, (T,), this month's events moved something; a lever that was moved may reach them all."""
    for at in range(event.shape[0]):
        if event[at] == action:
            asked[:] = True
        for one in moves:
            if event[at] == one and kind[at] >= 0:
                asked[kind[at]] = True


@jit
def _payments(stage: NDArray[np.int8], first: Ints, second: Ints, payment: Floats, overhead: float, gdp: Floats, out: Floats) -> None:
    """Add what side payments in force, USD a year, bring those who get them and cost those who pay, (P,) bp."""
    for row in range(stage.shape[0]):
        if stage[row] == Stage.IN_FORCE and payment[row] != 0.0:
            payer, receiver = (first[row], second[row]) if payment[row] > 0.0 else (second[row], first[row])
            if gdp[payer] > 0.0 and gdp[receiver] > 0.0:  # a bloc that its last member has left pays nothing
                out[payer] -= BP * (1.0 + overhead) * abs(payment[row]) / gdp[payer]
                out[receiver] += BP * abs(payment[row]) / gdp[receiver]


@jit
def _total(
    by_issue: Floats, of_party: Floats, payment: Floats, trade: Floats, diversion: Floats, on_issue: Floats, as_party: Floats, out: Floats
) -> None:
    """Fill what all types bring issue by issue, (K, P), and by being party, (P,), and what all sources bring, (P,)."""
    on_issue[:] = 0.0
    as_party[:] = 0.0
    for t in range(of_party.shape[0]):
        for p in range(out.shape[0]):
            as_party[p] += of_party[t, p]
        for k in range(by_issue.shape[1]):
            for p in range(out.shape[0]):
                on_issue[k, p] += by_issue[t, k, p]
    for p in range(out.shape[0]):
        out[p] = as_party[p] + payment[p] + trade[p] + diversion[p]
    for k in range(on_issue.shape[0]):
        for p in range(out.shape[0]):
            out[p] += on_issue[k, p]
