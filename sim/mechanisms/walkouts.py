r"""Members walk out of a coalition that a run declares, where they would do better alone.

Each January every member compares. *Inside* is what the coalition's instruments are worth to it, and the best that it still hopes for that
pays its staff. *Alone* is the best that the member itself could hope for with anybody on the coalition's types, that pays the staff of
both. Both are bp of own GDP a year: a coalition's gain is shared out by GDP. Who has been better off alone by more than ``bar`` at
``looks`` Januaries in a row walks out. From the next month on it speaks for itself, and what the coalition has in force binds it as the
type's rule for leavers says. It does not come back.

Blocs of the tables come and go by their dates, and nobody walks out of those.

Source: Barrett (2003), *Environment and Statecraft*, chapter 7, and d'Aspremont and others (1983), Canadian Journal of Economics 16
(internal stability: nobody gains by leaving). Departs from it in that members look at their own prospects and not at what the others would
then do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.arrays import by_role, where_true
from sim.contracts import staff_months
from sim.decide.staff import staff_prices
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.declare.words import Word, event
from sim.ledger import shut
from sim.ports import BargainingTerms, CourtTerms, LawTerms, PoliticsTerms, RatificationTerms, TradeTerms
from sim.registry import param, part, switch
from sim.stakes.governments import led
from sim.stakes.payoffs import midway_gains, promising
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import Floats, Ints, World
from sim.types import Stage


@part(
    "mechanism",
    name="walkouts",
    title="Walkouts",
    title_id="Keluar dari koalisi",
    sentence_id="Anggota keluar dari koalisi yang dideklarasikan bila lebih beruntung sendirian.",
)
@dataclass(frozen=True)
class Walkouts:
    """Members walk out of a declared coalition where they would do better alone."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nobody_walks_out",
            "Nobody walks out of a coalition.",
            "Tidak ada yang keluar dari koalisi.",
            (("mechanisms.walkouts.may", False),),
            "ended",
            scenario="small_state_coalition",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "member", "gone", "prospect", "principal", "blocked", "hostile", "barred", "gdp", "capability", "population", "trade_known",
        "imports_known", "leaning", "pivot", "image_at_home", "value_first", "value_second", "better_alone", "in_force",
    )  # fmt: skip
    asks_types: ClassVar[tuple[str, ...]] = ("dyad",)
    writes: ClassVar[tuple[str, ...]] = ("gone", "better_alone")
    tables: ClassVar[tuple[str, ...]] = ("events",)
    needs: ClassVar[tuple[type, ...]] = (BargainingTerms, CourtTerms, LawTerms, PoliticsTerms, RatificationTerms, TradeTerms)
    state: ClassVar[tuple[Array, ...]] = (
        array(
            "better_alone", ("bloc", "state"), dtype="int32", unit="looks", meaning="Januaries in a row at which it was better off alone"
        ),
    )
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "walkout", "Walkout", "Keluar dari koalisi", "A state walks out of a coalition, because it would do better alone.",
            "Sebuah negara keluar dari koalisi karena lebih beruntung sendirian.", columns=("party_a", "party_b", "value"),
            public="everyone",
        ),
    )  # fmt: skip

    may: bool = switch(True, source="assumed", meaning="Whether members may walk out of a coalition.")
    looks: int = param(
        2,
        unit="Januaries",
        low=1,
        high=10,
        source="assumed",
        meaning="Januaries in a row at which a member is better off alone before it goes.",
    )
    bar: float = param(
        0.1,
        unit="bp of GDP a year",
        low=0.0,
        high=5.0,
        source="assumed, as of leaving an agreement",
        meaning="By how much it must be better off.",
    )

    def step(self, world: World, decide: Any) -> None:
        """Let members of coalitions compare each January, and walk out."""
        coalitions = world.setting.config.roster.coalitions
        if not coalitions or not self.may or world.month % 12 or world.month == world.setting.config.start:
            return
        for one in coalitions:
            b = world.setting.roster.blocs.index(one.name)
            inside = where_true(world.member[b] & ~world.gone[b])
            if world.month < one.start or len(inside) < 2:
                continue
            kinds = [t for t, name in enumerate(world.setting.type_names) if name in one.types and world.setting.negotiated[t]]
            better = self.alone(world, kinds, b, inside) - self.together(world, kinds, b)
            looks = world.array("better_alone")
            looks[b, inside] = np.where(better > self.bar, looks[b, inside] + 1, 0)
            code = world.setting.words.code("event", "walkout")
            for state, by in zip(inside.tolist(), better.tolist(), strict=True):
                if looks[b, state] >= self.looks:
                    world.gone[b, state] = True
                    world.events.append(month=world.month, event=code, party_a=state, party_b=world.setting.n_states + b, value=by)

    def together(self, world: World, kinds: list[int], b: int) -> float:
        """Return what a coalition's instruments are worth to it, and the best that it still hopes for, bp of its GDP a year."""
        setting, instruments, party = world.setting, world.instruments, world.setting.n_states + b
        live = instruments["stage"] == Stage.IN_FORCE
        held = sum(float(np.sum(world.array(f"value_{side}")[live & (instruments[side] == party)])) for side in ("first", "second"))
        mine = slice(int(setting.edges.start[party]), int(setting.edges.start[party + 1]))
        edge, prices, best = np.arange(mine.start, mine.stop), staff_prices(world), 0.0
        for t in kinds:
            bp = world.prospect[t, edge]
            pays = bp * world.gdp[party] / 1e4 / max(staff_months(setting.types[t])) >= prices[party]
            best = max(best, float(np.max(bp[pays], initial=0.0)))
        return held + best

    def alone(self, world: World, kinds: list[int], b: int, inside: Ints) -> Floats:
        """Return the best that each member of a coalition could hope for by itself, (n,), bp of its GDP a year; 0 where nothing pays."""
        setting, edges, prices = world.setting, world.setting.edges, staff_prices(world)
        place = np.full(setting.n_parties, -1)
        place[inside] = np.arange(len(inside))
        out, party = np.zeros(len(inside)), setting.n_states + b
        for t in kinds:
            free = (place[edges.row] >= 0) & (world.principal[t, edges.col] == edges.col) & (edges.col != party) & ~shut(world)
            edge = where_true(free & ~world.in_force[t])
            for role in (0, 1):
                there, back = (edge, edges.rev[edge]) if role == 0 else (edges.rev[edge], edge)
                groups = Groups(edges.row[there], edges.col[there], there, back, issues_of(setting))
                fit = where_true(setting.types[t].eligible(world, groups))
                if not len(fit):
                    continue
                some = groups.at(fit)
                c = led(world, t, setting.types[t].coefficients(world, some).dyads(), some.first, some.second)
                gains = promising(np.nan_to_num(midway_gains(c)))
                usd = gains * by_role(world.gdp[some.first], world.gdp[some.second]) / 1e4
                months = np.array(staff_months(setting.types[t]))
                pays = (usd / months >= by_role(prices[some.first], prices[some.second])).all(axis=1)
                who = place[some.first if role == 0 else some.second]
                np.maximum.at(out, who, np.where(pays, gains[:, role], 0.0))
        return out
