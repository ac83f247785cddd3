r"""A side leaves an agreement of two by notice: because it loses by it, because a new government does not want it, or as others have.

.. math:: \text{rate a year} = h_0 \, (1 + c \, n)

for reasons that the model does not see, with ``n`` the notices on the type of the last two years that either side gave or was given:
leaving is contagious. A side *loses* where it would gain more by leaving than the staff that talks on the type take, as signing must pay
that staff, and ``exit_bar``. Who has lost at ``losing_looks`` anniversaries in a row gives notice. So does a new government that loses by
what an earlier one signed; one that does not withdraws a notice that still runs. Notice is what the text says; where it says nothing, only
who is worse off may leave, after ``silent_notice`` months. When the months are over the instrument ends for both.

Sources: von Borzyskowski and Vabulas (2019), Review of International Organizations 14 (withdrawals from organisations: 0.0004 a
member-year, contagious); Vienna Convention on the Law of Treaties, article 56 (twelve months where a text is silent).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import among, where_true
from sim.decide.staff import staff_in_bp
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.declare.words import Word, event
from sim.ledger import made_by_many, move
from sim.ports import BargainingTerms
from sim.registry import param, part
from sim.rng import uniforms
from sim.state.world import Bools, Floats, World
from sim.types import Event, Reason, Stage

_SIDES = ("first", "second")
_ALIVE = (Stage.IN_FORCE, Stage.SUSPENDED)
_RECENT = 24
"""Months for which a notice counts for others."""


@part(
    "mechanism",
    name="withdrawals",
    title="Withdrawals",
    title_id="Penarikan diri",
    sentence_id="Sebuah pihak keluar dari perjanjian dua pihak setelah masa pemberitahuan: karena rugi, karena pemerintahan baru, "
    "atau karena yang lain keluar.",
)
@dataclass(frozen=True)
class Withdrawals:
    """A side leaves an agreement of two by notice: because it loses by it, because a new government wants to, or as others have."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "not_contagious",
            "Nobody leaves because others have.",
            "Tidak ada yang keluar karena yang lain keluar.",
            (("mechanisms.withdrawals.contagion", 0.0),),
            "ended",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "gdp", "trade_known", "imports_known", "leaning", "pivot", "image_at_home", "in_office", "value_first", "value_second",
        "notice",
    )  # fmt: skip
    asks_types: ClassVar[tuple[str, ...]] = ("dyad",)
    writes: ClassVar[tuple[str, ...]] = ()
    tables: ClassVar[tuple[str, ...]] = ("instruments", "adherence", "events")
    needs: ClassVar[tuple[type, ...]] = (BargainingTerms,)
    state: ClassVar[tuple[Array, ...]] = (
        array("left_by", ("instruments",), dtype="int32", start=-1, unit="party", refers="party", meaning="who has given notice"),
        array(
            "leaves",
            ("instruments",),
            dtype="int32",
            start=-1,
            unit="month",
            refers="month",
            meaning="month in which a notice takes effect",
        ),
        array("leaves_for", ("instruments",), dtype="int32", unit="reason", refers="reason", meaning="why notice was given"),
        array(
            "lost_first",
            ("instruments",),
            dtype="int32",
            unit="looks",
            meaning="anniversaries in a row at which its first party lost by it",
        ),
        array(
            "lost_second",
            ("instruments",),
            dtype="int32",
            unit="looks",
            meaning="anniversaries in a row at which its second party lost by it",
        ),
    )
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "notice_withdrawn", "Notice withdrawn", "Pemberitahuan ditarik", "A party takes back its notice and stays.",
            "Sebuah pihak menarik kembali pemberitahuannya dan tetap menjadi pihak.", columns=("party_a", "party_b", "type", "instrument"),
            public="everyone", mark="right", said="notice withdrawn", said_id="pemberitahuan ditarik",
        ),
    )  # fmt: skip

    rate: float = param(
        0.0004,
        unit="probability rate a year",
        low=0.0,
        high=0.01,
        source="about 200 withdrawals in 495,000 member-years of organisations, 1945 to 2014 (von Borzyskowski and Vabulas 2019; derived)",
        meaning="Rate at which a side leaves for reasons that the model does not see, h_0.",
    )
    contagion: float = param(
        5.0,
        unit="factor",
        low=0.0,
        high=50.0,
        source="assumed; the sign is that of von Borzyskowski and Vabulas 2019",
        meaning="How much each recent notice on the type adds, c.",
    )
    losing_looks: int = param(
        3,
        unit="looks",
        low=1,
        high=10,
        source="assumed, as of treaties of many",
        meaning="Anniversaries in a row at which a side loses before it leaves.",
    )
    exit_bar: float = param(
        0.1,
        unit="bp of GDP a year",
        low=0.0,
        high=2.0,
        source="assumed: as much as being found out at a breach costs in a liberal democracy",
        meaning="Loss, beyond the staff that unwinding takes, from which on a side leaves.",
    )
    silent_notice: int = param(
        12,
        unit="months",
        low=0,
        high=36,
        source="Vienna Convention on the Law of Treaties, article 56(2)",
        meaning="Notice where a text says nothing of leaving.",
    )

    def step(self, world: World, decide: Any) -> None:
        """End what was given notice of, let new governments look at what they found, and let sides leave at anniversaries."""
        self._take_effect(world)
        if world.month % 12 == 0 and world.month > world.setting.config.start:
            self._new_governments(world)
        rows = where_true((world.instruments["stage"] == Stage.IN_FORCE) & ~made_by_many(world) & (world.array("leaves") < 0))
        in_force = world.instruments["in_force"][rows]
        rows = rows[((world.month - in_force) % 12 == 0) & (in_force < world.month)]
        if len(rows):
            self._look(world, rows)

    def _take_effect(self, world: World) -> None:
        """End instruments whose notice is over this month."""
        for row in where_true(world.array("leaves") == world.month).tolist():
            if among(world.instruments["stage"][[row]], *_ALIVE)[0]:
                move(world, row, Stage.TERMINATED, int(world.array("leaves_for")[row]))

    def _look(self, world: World, rows: Any) -> None:
        """Let sides leave that have lost for long, or for reasons that the model does not see."""
        who = world.keys_of(rows)
        rates = self._rates(world, rows)
        chance = -np.expm1(-rates)
        for role, side in enumerate(_SIDES):
            lost = world.array(f"lost_{side}")
            lost[rows] = np.where(self._loses(world, rows, role), lost[rows] + 1, 0)
            party = world.instruments[side][rows]
            drawn = uniforms(world.seed, luck.DENOUNCE, world.month, who, world.setting.identity[party])
            at_will = (drawn < chance) & (world.array("notice")[rows] >= 0)
            for at in where_true((lost[rows] >= self.losing_looks) | at_will):
                row = int(rows[at])
                if world.array("leaves")[row] < 0:
                    loses = lost[row] >= self.losing_looks
                    more = rates[at] > self.rate
                    self._denounce(world, row, int(party[at]), Reason.WOULD_LOSE if loses else Reason.OTHERS_LEFT if more else Reason.NONE)

    def _loses(self, world: World, rows: Any, role: int) -> Bools:
        """Say in which instruments the side in a role would gain more by leaving than that takes, (n,)."""
        value = world.array(f"value_{_SIDES[role]}")[rows]
        out = value < -self.exit_bar
        if out.any():
            # Few lose: what staff costs is asked for those.
            out[out] = value[out] < -self.exit_bar - staff_in_bp(world, rows[out], role)
        return np.asarray(out)

    def _rates(self, world: World, rows: Any) -> Floats:
        """Return the rate at which a side of some instruments leaves for reasons that are not seen, (n,)."""
        events, instruments = world.events, world.instruments
        since, near = world.first_event(world.month - _RECENT), np.zeros(len(rows))
        kind, first, second = (instruments[key][rows] for key in ("type", "first", "second"))
        for at in where_true(events["event"][since:] == Event.DENUNCIATION) + since:
            gave, got = events["party_a"][at], events["party_b"][at]
            # A notice between the two themselves is one, as every other.
            near += (kind == events["type"][at]) & ((first == gave) | (first == got) | (second == gave) | (second == got))
        return np.asarray(self.rate * (1.0 + self.contagion * near))

    def _new_governments(self, world: World) -> None:
        """Let governments in their first January leave what they lose by, and stay where an earlier one gave notice in vain."""
        instruments, first = world.instruments, max(world.month - 11, world.setting.config.start)
        live = where_true((instruments["stage"] == Stage.IN_FORCE) & ~made_by_many(world))
        for role, side in enumerate(_SIDES):
            since = world.in_office[instruments[side][live]]
            rows = live[(since >= first) & (since <= world.month)]
            if not len(rows):
                continue
            loses = self._loses(world, rows, role)
            for row, bad in zip(rows.tolist(), loses.tolist(), strict=True):
                party, given = int(instruments[side][row]), int(world.array("leaves")[row]) >= 0
                if bad and not given:
                    self._denounce(world, row, party, Reason.NEW_GOVERNMENT)
                elif not bad and given and int(world.array("left_by")[row]) == party:
                    world.array("leaves")[row] = world.array("left_by")[row] = -1
                    self._tell(world, world.setting.words.code("event", "notice_withdrawn"), row, party, Reason.NONE)

    def _denounce(self, world: World, row: int, party: int, reason: Reason) -> None:
        """Give notice."""
        said = int(world.array("notice")[row])
        world.array("left_by")[row], world.array("leaves_for")[row] = party, int(reason)
        world.array("leaves")[row] = world.month + max(1, self.silent_notice if said < 0 else said)
        self._tell(world, Event.DENUNCIATION, row, party, reason)

    def _tell(self, world: World, what: int, row: int, party: int, reason: Reason) -> None:
        first, second, kind = (int(world.instruments[key][row]) for key in ("first", "second", "type"))
        other = second if party == first else first
        world.events.append(month=world.month, event=what, party_a=party, party_b=other, type=kind, instrument=row, reason=reason)
