r"""Words are kept or broken: what is broken is found out, and then made good, answered in kind, or left.

Each January the sides of an instrument of two look at what it is worth and what keeping it costs (:mod:`sim.stakes.keeping`). Once a year,
in the month in which it entered into force, each breaks its word where that pays (:mod:`sim.mechanisms.compliance.equations`).

A breach goes through stages. It is *unseen* until luck brings it to light, at a yearly rate, faster under a procedure for disputes. It is
then *found*: everybody learns of it, and notice is given. It is *cured*, after some months, where the breaker would not break its word
again knowing that it is seen. Where it would, the wronged side starts the procedure, if the text has one and that is worth its staff (event
``procedure``, with their price in USD); with the chance ``followed`` the breach is then made good too. If it is not cured
``cure_deadline`` months after notice, the other side may *answer* in kind: the instrument is suspended. It does so the more readily, the
more of the value to it the breach takes away (``answered`` where all of it); a breach that is not answered stays *left*. In each later year
the pressure at home is drawn anew, and a breach that no longer pays is cured. What was suspended then resumes with its old date of entry,
unless another breach or a bar holds it up (:mod:`sim.ledger.suspended`). After ``patience`` months the other side ends it.

Of instruments in force before the run, what the model says they are worth may be less than nothing, though their parties keep them. What
they were signed for and the model does not see is then added: at least the staff that talks on them took.

Sources: Downs and Rocke (1995); Chayes and Chayes (1993), International Organization 47 (most breaches are made good); Hofmann and Kim
(2008) on delays of compliance. Rates: see the parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.decide.staff import staff_in_bp
from sim.declare.arrays import Array, Rows
from sim.declare.neutral import Neutral
from sim.declare.words import Word, event
from sim.ledger import BY_BREACH, lift, made_by_many, move, suspend
from sim.mechanisms.compliance.book import STATE
from sim.mechanisms.compliance.equations import breaks, found_within, price_of_breach, worth_a_procedure
from sim.ports import BargainingTerms, CourtTerms, LawTerms, PoliticsTerms, RatificationTerms, TradeTerms
from sim.registry import param, part
from sim.rng import uniform, uniforms
from sim.stakes.keeping import damage, held
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Reason, Stage

UNSEEN, FOUND, ANSWERED, LEFT, CURED, OVER = range(6)
"""Stages of a breach."""
_SIDES = ("first", "second")


@part(
    "mechanism",
    name="compliance",
    title="Compliance",
    title_id="Kepatuhan",
    sentence_id="Janji ditepati atau dilanggar; pelanggaran yang ketahuan dipulihkan, dibalas setimpal, atau dibiarkan.",
)
@dataclass(frozen=True)
class Compliance:
    """Words are kept or broken; a breach that is found out is made good, answered in kind, or left."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "every_word_is_kept",
            "Nobody is tempted to break its word.",
            "Tidak ada yang tergoda melanggar janjinya.",
            (("mechanisms.compliance.temptation", 0.0),),
            "breaches",
        ),
        Neutral(
            "no_reputation",
            "A breach costs no later deals.",
            "Pelanggaran tidak membuat kehilangan kesepakatan berikutnya.",
            (("mechanisms.compliance.deals_lost", 0.0),),
            "breaches",
        ),
        Neutral(
            "no_procedures",
            "A procedure for disputes finds nothing sooner and nobody follows it.",
            "Prosedur sengketa tidak menemukan lebih cepat dan tidak dipatuhi.",
            (("mechanisms.compliance.procedure_detects", 1.0), ("mechanisms.compliance.followed", 0.0)),
            "breaches",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "gdp", "trade_known", "imports_known", "leaning", "pivot",
        "image_at_home", "value_first", "value_second", "unseen_first", "unseen_second",
        "disputes", "saving_first", "saving_second", "meetings",
    )  # fmt: skip
    asks_types: ClassVar[tuple[str, ...]] = ("dyad",)
    writes: ClassVar[tuple[str, ...]] = ()
    tables: ClassVar[tuple[str, ...]] = ("breaches", "instruments", "adherence", "events")
    needs: ClassVar[tuple[type, ...]] = (BargainingTerms, CourtTerms, LawTerms, PoliticsTerms, RatificationTerms, TradeTerms)
    state: ClassVar[tuple[Array | Rows, ...]] = STATE
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "breach", "Breach", "Pelanggaran", "A party secretly breaks its word.", "Sebuah pihak diam-diam melanggar janjinya.",
            columns=("party_a", "party_b", "type", "instrument"), listed=False,
        ),
        event(
            "breach_found", "Breach found", "Pelanggaran ketahuan", "It becomes known that a party breaks its word; notice is given.",
            "Diketahui bahwa sebuah pihak melanggar janjinya; pemberitahuan disampaikan.",
            columns=("party_a", "party_b", "type", "instrument"), public="everyone", mark="bolt", said="breach found",
            said_id="pelanggaran ketahuan", crisis=True,
        ),
        event(
            "procedure", "Procedure for disputes", "Prosedur sengketa", "A party has a broken word looked at by the procedure of the text.",
            "Sebuah pihak meminta pelanggaran diperiksa menurut prosedur sengketa dalam naskah.",
            columns=("party_a", "party_b", "type", "instrument", "value"), public="everyone", mark="chevrons",
            said="brought to a procedure", said_id="dibawa ke prosedur sengketa",
        ),
        event(
            "breach_cured", "Breach cured", "Pelanggaran dipulihkan", "A party makes good what it broke.",
            "Sebuah pihak memulihkan yang dilanggarnya.", columns=("party_a", "party_b", "type", "instrument"), public="everyone",
            mark="check", said="made good", said_id="dipulihkan",
        ),
    )  # fmt: skip

    temptation: float = param(
        1.0,
        unit="factor",
        low=0.0,
        high=20.0,
        source="assumed",
        meaning="Mean pressure at home to break a word, over what breaking it would save.",
    )
    detection: float = param(
        0.7,
        unit="probability rate a year",
        low=0.2,
        high=3.0,
        source="memory: median of about one year from an incident to public attribution, 2014 to 2020",
        meaning="Rate at which a breach comes to light.",
    )
    procedure_detects: float = param(
        1.5,
        unit="factor",
        low=1.0,
        high=3.0,
        source="assumed; the sign is that of Koremenos 2007, 2016",
        meaning="How much faster a breach comes to light where the text has a procedure for disputes.",
    )
    followed: float = param(
        0.85,
        unit="share",
        low=0.0,
        high=1.0,
        source="memory: 0.75 to 0.95 of adverse rulings of the World Trade Organization are finally followed",
        meaning="Chance that who broke its word follows what a procedure finds.",
    )
    procedure_staff: float = param(
        0.25, unit="share of talks", low=0.05, high=2.0, source="assumed", meaning="What a procedure takes of the staff that talks take."
    )
    suspended_years: float = param(
        2.0,
        unit="years",
        low=0.5,
        high=10.0,
        source="assumed",
        meaning="Years of suspension that who might break its word reckons with, S.",
    )
    deals_lost: float = param(
        0.25,
        unit="share",
        low=0.0,
        high=0.5,
        source="memory: judgement after sovereign default (Tomz 2007), 0.1 to 0.5",
        meaning="Part of its other deals that who is found out loses, q.",
    )
    memory_years: float = param(
        5.0, unit="years", low=1.0, high=10.0, source="memory: judgement after sovereign default (Tomz 2007)", meaning="For how long, M."
    )
    audience: float = param(
        0.1,
        unit="bp of GDP",
        low=0.0,
        high=5.0,
        source="assumed after Fearon 1994",
        meaning="Cost at home of being found out in a liberal democracy; less in other regimes, none in a closed autocracy, A.",
    )
    cure_deadline: int = param(
        12, unit="months", low=1, high=60, source="assumed", meaning="Months from notice after which the other side answers."
    )
    cure_months: float = param(
        18.0,
        unit="months",
        low=3.0,
        high=48.0,
        source="memory: 1.5 years beyond a ruling of the World Trade Organization, 0.8 to 4",
        meaning="Mean months from notice until a breach is made good.",
    )
    answered: float = param(
        0.6,
        unit="share",
        low=0.0,
        high=1.0,
        source="memory: judgement, 0.4 to 0.8 of visible breaches are answered in kind (Simmons; Axelrod)",
        meaning="Chance that the other side answers a breach which is not made good in time and takes all of the value from it.",
    )
    patience: int = param(
        36, unit="months", low=6, high=120, source="assumed", meaning="Months of suspension after which the other side ends the instrument."
    )

    def step(self, world: World, decide: Any) -> None:
        """Look at what agreements are worth in January, let each breach go its way, then let sides with an anniversary decide."""
        if world.month == world.setting.config.start:
            # What agreements are worth rests on trade, which is laid out last as a run begins.
            self._value(world, first=True)
        elif world.month % 12 == 0:
            self._value(world, first=False)
        self._proceed(world)
        rows = self._looked_at(world)
        if len(rows) and self.temptation > 0.0:
            self._look(world, rows)

    def _value(self, world: World, *, first: bool) -> None:
        """Renew what all instruments of two in force are worth; as the run begins, find what is not seen in them."""
        rows = self._of_two(world)
        if not len(rows):
            return
        found = held(world, rows)
        for role, side in enumerate(_SIDES):
            value, unseen = np.nan_to_num(found.value[:, role]), world.array(f"unseen_{side}")
            if first:
                unseen[rows] = np.where(np.isnan(found.value[:, role]), 0.0, np.maximum(0.0, staff_in_bp(world, rows, role) - value))
            world.array(f"value_{side}")[rows] = value + unseen[rows]
            world.array(f"halfway_{side}")[rows] = np.nan_to_num(found.halfway[:, role], nan=-np.inf) + unseen[rows]
            world.array(f"saving_{side}")[rows] = np.nan_to_num(found.saving[:, role])

    def _of_two(self, world: World) -> Ints:
        """Return the rows of instruments of two that are in force."""
        return where_true((world.instruments["stage"] == Stage.IN_FORCE) & ~made_by_many(world))

    def _looked_at(self, world: World) -> Ints:
        """Return the instruments of two that have an anniversary: in force, or suspended while a breach of them goes on."""
        instruments = world.instruments
        stage, in_force = instruments["stage"], instruments["in_force"]
        looked = (stage == Stage.IN_FORCE) | (self._broken(world) & (stage == Stage.SUSPENDED))
        return where_true(looked & ~made_by_many(world) & ((world.month - in_force) % 12 == 0) & (in_force < world.month))

    def _broken(self, world: World) -> Bools:
        """Say of which instruments, (M,), a breach by either side goes on."""
        out = np.zeros(len(world.instruments), dtype=np.bool_)
        out[world.breaches["instrument"][world.breaches["standing"] < CURED]] = True
        return out

    def _look(self, world: World, rows: Ints) -> None:
        """Let each side of some instruments break its word, or make good what it broke, where that pays."""
        price, binds = self._price(world, rows), world.instruments["stage"][rows] == Stage.IN_FORCE
        for role, side in enumerate(_SIDES):
            party, other = (world.instruments[key][rows] for key in (side, _SIDES[1 - role]))
            drawn = uniforms(world.seed, luck.TEMPTATION, world.month, world.keys_of(rows), world.setting.identity[party])
            pressed = world.array(f"saving_{side}")[rows] * self.temptation * -np.log(drawn)
            secret = breaks(pressed, self._found_within(world, 1.0, rows), price[:, role])
            even_so = breaks(pressed, 1.0, price[:, role])
            for at in where_true(secret & binds):
                self._break(world, int(rows[at]), int(party[at]), int(other[at]))
            # Few words are broken: only those can be made good.
            for at in where_true(~even_so & self._broken(world)[rows]):
                self._repent(world, int(rows[at]), int(party[at]), unseen=not secret[at])

    def _price(self, world: World, rows: Ints) -> Floats:
        """Return what being found out would cost each side, (n, 2), bp."""
        instruments, n = world.instruments, world.setting.n_parties
        live = self._of_two(world)
        # One after another: what all first parties have, then all second ones.
        parties = np.concatenate([instruments[side][live] for side in _SIDES])
        values = np.concatenate([np.maximum(world.array(f"value_{side}")[live], 0.0) for side in _SIDES])
        every = np.bincount(parties, weights=values, minlength=n)
        roster = world.setting.roster
        regime = np.ones(n)
        regime[: world.setting.n_states] = roster.figures["regime"][roster.year_row(world.month)] / 3.0
        party, own = np.empty((len(rows), 2), dtype=np.int64), np.empty((len(rows), 2))
        for role, side in enumerate(_SIDES):
            party[:, role], own[:, role] = instruments[side][rows], world.array(f"value_{side}")[rows]
        # What is suspended is not among those in force, of which it would be taken off.
        counted = np.where((instruments["stage"][rows] == Stage.IN_FORCE)[:, None], np.maximum(own, 0.0), 0.0)
        others, standing = every[party] - counted, self.audience * regime[party]
        return price_of_breach(own, others, standing, self.suspended_years, self.deals_lost, self.memory_years)

    def _break(self, world: World, row: int, party: int, other: int) -> None:
        """Begin a breach, unless the party breaks the same word already."""
        if not len(self._running(world, row, party)):
            world.breaches.append(instrument=row, party=party, other=other, began=world.month)
            self._tell(world, "breach", row, party, other)

    def _repent(self, world: World, row: int, party: int, *, unseen: bool) -> None:
        """Make good, after some months, what no longer pays where all see it: breaches that were found out, answered or left.

        One that nobody has seen just ends, where it does not pay in secret either (``unseen``).
        """
        breaches = world.breaches
        for b in self._running(world, row, party):
            if breaches["standing"][b] == UNSEEN:
                breaches["standing"][b] = OVER if unseen else UNSEEN
            elif breaches["cure"][b] < 0:
                breaches["cure"][b] = world.month + self._months_to_cure(world, row, party)

    def _running(self, world: World, row: int, party: int) -> Ints:
        """Return the breaches of a word by a party that go on."""
        breaches = world.breaches
        return where_true((breaches["instrument"] == row) & (breaches["party"] == party) & (breaches["standing"] < CURED))

    def _proceed(self, world: World) -> None:
        """Let each breach go its way for a month."""
        breaches, instruments = world.breaches, world.instruments
        for b in where_true(breaches["standing"] < CURED).tolist():
            row, party, other = (int(breaches[key][b]) for key in ("instrument", "party", "other"))
            standing, stage = int(breaches["standing"][b]), Stage(int(instruments["stage"][row]))
            if stage not in (Stage.IN_FORCE, Stage.SUSPENDED):
                breaches["standing"][b] = OVER
            elif standing == UNSEEN:
                if self._drawn(world, luck.BREACH_FOUND, world.month, row, party) < self._found_within(world, 1.0 / 12.0, [row])[0]:
                    self._find(world, b, row, party, other)
            elif 0 <= breaches["cure"][b] <= world.month:
                breaches["standing"][b] = CURED
                self._tell(world, "breach_cured", row, party, other)
                if not self._answered(world, row):
                    lift(world, row, BY_BREACH)
            elif standing == FOUND and world.month - int(breaches["found"][b]) >= self.cure_deadline:
                self._answer(world, b, row, party)
            elif standing == ANSWERED and world.month - int(breaches["answered"][b]) >= self.patience:
                move(world, row, Stage.TERMINATED, Reason.NOT_CURED)
                breaches["standing"][b] = OVER

    def _found_within(self, world: World, years: float, rows: Any) -> Floats:
        """Return the chance that a breach of some instruments, (n,), comes to light within some years."""
        plain, seen = (found_within(years, self.detection * more) for more in (1.0, self.procedure_detects))
        return np.where(world.array("disputes")[rows], seen, plain)

    def _answered(self, world: World, row: int) -> bool:
        """Say whether a breach of an instrument, by either side, is still answered in kind."""
        return bool(((world.breaches["instrument"] == row) & (world.breaches["standing"] == ANSWERED)).any())

    def _find(self, world: World, b: int, row: int, party: int, other: int) -> None:
        """Bring a breach to light; who would not break its word where everybody sees it makes it good."""
        breaches = world.breaches
        breaches["standing"][b], breaches["found"][b] = FOUND, world.month
        self._tell(world, "breach_found", row, party, other)
        role = 0 if int(world.instruments["first"][row]) == party else 1
        year = world.month - (world.month - int(world.instruments["in_force"][row])) % 12
        pressure = -np.log(self._drawn(world, luck.TEMPTATION, year, row, party))
        pressed = float(world.array(f"saving_{_SIDES[role]}")[row]) * self.temptation * pressure
        even_so = breaks(pressed, 1.0, self._price(world, np.array([row]))[0, role])
        if not even_so or self._settled(world, row, party, other, role):
            breaches["cure"][b] = world.month + self._months_to_cure(world, row, party)

    def _settled(self, world: World, row: int, party: int, other: int, role: int) -> bool:
        """Let the wronged side start a procedure where the text has one and it pays; say whether who broke its word follows it."""
        if not world.array("disputes")[row]:
            return False
        staff = self.procedure_staff * float(staff_in_bp(world, np.array([row]), 1 - role)[0])
        if not worth_a_procedure(damage(world, row, role), self.followed, staff):
            return False
        self._tell(world, "procedure", row, other, party, staff * float(world.gdp[other]) / 1e4)
        return self._drawn(world, luck.PROCEDURE, world.month, row, party) < self.followed

    def _answer(self, world: World, b: int, row: int, party: int) -> None:
        """Let the other side suspend what is not made good, or leave it."""
        breaches = world.breaches
        role = 0 if int(world.instruments["first"][row]) == party else 1
        taken, worth = damage(world, row, role), float(world.array(f"value_{_SIDES[1 - role]}")[row])
        readily = self.answered * min(1.0, max(0.0, taken) / max(worth, 1e-12))
        if self._drawn(world, luck.ANSWER, world.month, row, party) >= readily:
            breaches["standing"][b] = LEFT
            return
        breaches["standing"][b], breaches["answered"][b] = ANSWERED, world.month
        suspend(world, row, BY_BREACH)

    def _months_to_cure(self, world: World, row: int, party: int) -> int:
        return 1 + int(-self.cure_months * np.log(self._drawn(world, luck.CURE, world.month, row, party)))

    def _drawn(self, world: World, what: Any, month: int, row: int, party: int) -> float:
        return uniform(world.seed, what, month, world.keys_of(np.array([row]))[0], world.setting.identity[party])

    def _tell(self, world: World, what: str, row: int, party: int, other: int, value: float = np.nan) -> None:
        code, kind = world.setting.words.code("event", what), int(world.instruments["type"][row])
        world.events.append(month=world.month, event=code, party_a=party, party_b=other, type=kind, instrument=row, value=value)
