r"""People and parliaments take agreements on data to court; what a court strikes ends, and is bargained over anew under a deadline.

.. math:: \text{complaints a year} = \nu \, s_j \, R_{ij}, \qquad s_j = 1 + \sum_{\text{leaks}} J \, 2^{-\text{age} / H}

with ``R`` the share of the data of the judge's people that the other's state can compel (:mod:`sim.stakes.protection`), and ``s`` how much
its surveillance is on people's minds. A leak raises ``s`` at once, and it fades by half in ``H`` years. Without the share, a decision on a
small state would be taken to court as often as one on a large. A parliament that may sue does so at a rate of its own. Where nobody may
sue (``courts.csv``), no case begins.

A case is pending for months (:mod:`sim.mechanisms.courts.equations`). Then the court reads the text, with the law and the trade of that
month: it is struck where it passes the tests by less than the court asks, or by no more than a text that the court has struck before. Who
signs for the judge learns from it: from then on it asks, of everybody, the protection that was struck and the part ``heeded`` of what it
lacked. So a successor goes deeper, and may fall in its turn. After the months of grace the instrument is annulled, and binds nobody from
the next month on. Contract clauses then carry the trade, at their cost: what the framework added is lost, and no more. Where both sides
would still gain, talks on a successor open at once, and their teams sit together ``deadline_sessions`` times a month. Where a complaint
meets a text that would more likely fall than stand, talks on a successor begin before the ruling, at the pace of all talks. A side then
signs for no less than the text in force is worth to it.

Sources: CJEU C-362/14 and C-311/18; Carrubba (2009), Journal of Politics 71. Months: ``courts.csv``. Rates: see the parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import among, where_true
from sim.declare.arrays import Array, Rows, array, column, table
from sim.declare.lasting import PLAINTIFFS
from sim.declare.neutral import Neutral
from sim.declare.words import Shown, Word, event
from sim.ledger import move
from sim.mechanisms.courts.equations import pending_months, stricter, strike_chance
from sim.ports import CourtTerms, LawTerms, PoliticsTerms, RatificationTerms, TradeTerms
from sim.registry import param, part, switch
from sim.rng import uniforms
from sim.stakes.annulment import complaints
from sim.stakes.renewal import reopen
from sim.stakes.stakes import Groups
from sim.state.world import Bools, Floats, Ints, Setting, World
from sim.types import Reason, Stage

PENDING, UPHELD, STRUCK, MOOT = range(4)
"""What came of a case."""
TAUGHT = ("asked_safeguards", "asked_redress")
_ALIVE = (Stage.IN_FORCE, Stage.SUSPENDED)


@part(
    "mechanism",
    name="courts",
    title="Courts",
    title_id="Pengadilan",
    sentence_id="Warga dan parlemen menggugat perjanjian data; yang dibatalkan berakhir dan dirundingkan ulang di bawah tenggat.",
)
@dataclass(frozen=True)
class Courts:
    """People and parliaments take agreements on data to court; what is struck ends, and is bargained over anew under a deadline."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nobody_sues",
            "Nobody takes an agreement to court.",
            "Tidak ada yang menggugat perjanjian ke pengadilan.",
            (("mechanisms.courts.complaint_rate", 0.0), ("mechanisms.courts.parliament_rate", 0.0)),
            "rulings",
        ),
        Neutral(
            "nothing_foreseen",
            "Parties sign as if no court could strike what they sign.",
            "Pihak-pihak menandatangani seolah-olah tidak ada pengadilan yang dapat membatalkannya.",
            (("mechanisms.courts.foreseen", False),),
            "new_signatures_transfer_framework",
        ),
        Neutral(
            "no_leaks",
            "Nothing is laid open of what states read.",
            "Tidak ada yang terbongkar tentang apa yang dibaca negara.",
            (("mechanisms.courts.leak_rate", 0.0),),
            "rulings",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "leaked", "salience", "standing", "case_months", "asked_safeguards", "asked_redress", "rights_of_foreigners", "trade_known",
        "imports_known", "safeguards", "redress", "own_safeguards", "principal", "blocked", "hostile", "barred",
        "open_talk", "gdp", "leaning", "pivot", "image_at_home",
    )  # fmt: skip
    asks_types: ClassVar[tuple[str, ...]] = ("dyad",)
    writes: ClassVar[tuple[str, ...]] = ("salience", "standing", "case_months", "asked_safeguards", "asked_redress", "open_talk")
    tables: ClassVar[tuple[str, ...]] = ("cases", "talks", "instruments", "adherence", "events")
    offers: ClassVar[tuple[type, ...]] = (CourtTerms,)
    needs: ClassVar[tuple[type, ...]] = (CourtTerms, LawTerms, PoliticsTerms, RatificationTerms, TradeTerms)
    state: ClassVar[tuple[Array | Rows, ...]] = (
        array("salience", ("party",), start=1.0, unit="ratio", meaning="how much its state's surveillance is on people's minds abroad"),
        array("standing", ("party",), unit="0/1", meaning="its people may take an agreement on data to court"),
        array("case_months", ("party",), unit="months", meaning="median time from complaint to ruling in its court, 0 without one"),
        array(
            "asked_safeguards", ("party",), unit="index 0-1", meaning="least safeguards that its executive takes, as rulings have taught it"
        ),
        array("asked_redress", ("party",), unit="index 0-1", meaning="least part of its people's data out of reach, likewise"),
        array(
            "leaked", ("party",), unit="leaks", meaning="surveillance by its state that is laid open this month", forcing=True, low=0.0,
            high=10.0,
        ),
        table(
            "cases",
            (
                column("instrument", "int32", refers="instrument", meaning="what is taken to court"),
                column("court", "int32", refers="party", meaning="whose court has ruled"),
                column("role", "int8", unit="role", meaning="role of the party whose court it is"),
                column("plaintiff", "int8", unit="0 people, 1 parliament", meaning="who complains"),
                column("filed", "int32", refers="month", meaning="month of the complaint"),
                column("due", "int32", refers="month", meaning="month of the ruling"),
                column("outcome", "int8", absent=0, unit="0 pending, 1 upheld, 2 struck, 3 moot", meaning="what came of it"),
                column("margin", float, unit="index 0-1", meaning="by how much the text passed the tests as the court ruled"),
                column("asked", float, unit="index 0-1", meaning="how much more the court asked than who signed"),
                column("ends", "int32", refers="month", meaning="month in which the instrument is annulled"),
            ),
            tier="panels",
            meaning="an agreement that was taken to court",
        ),
    )  # fmt: skip
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "leak", "Leak", "Kebocoran", "It becomes known what a state reads of the data of people abroad.",
            "Terungkap apa yang dibaca suatu negara dari data orang di luar negeri.", columns=("party_a", "value"), public="everyone",
            crisis=True,
        ),
        event(
            "complaint", "Complaint", "Gugatan", "An agreement is taken to the court of one of its parties.",
            "Sebuah perjanjian digugat di pengadilan salah satu pihaknya.", columns=("party_a", "party_b", "type", "instrument", "value"),
            public="everyone", mark="diamond", said="taken to court", said_id="digugat",
        ),
        event(
            "ruling", "Ruling", "Putusan", "A court rules on an agreement: 1 strikes it down, 0 upholds it.",
            "Pengadilan memutus sebuah perjanjian: 1 membatalkan, 0 menguatkan.",
            columns=("party_a", "party_b", "type", "instrument", "value"), public="everyone", mark="full_diamond", said="upheld in court",
            said_id="dikuatkan pengadilan",
            shown=(Shown(mark="slashed", said="struck down in court", said_id="dibatalkan pengadilan", values=(1.0,)),),
        ),
    )  # fmt: skip

    complaint_rate: float = param(
        0.3,
        unit="complaints a year",
        low=0.0,
        high=1.0,
        source="5 complaints in about 20 years of EU-US frameworks (0.25 a year, 0.1 to 0.5), at a reach of 0.3 and a mean salience of 2.7",
        meaning="Complaints on an agreement that lays all of a judge's data open to the other's state, nu.",
    )
    parliament_rate: float = param(
        0.05,
        unit="cases a year",
        low=0.0,
        high=0.5,
        source="2 cases of the European Parliament in about 40 years of agreements on access to data (PNR and TFTP, 2004 to 2019)",
        meaning="Cases that a parliament which may sue brings on an agreement.",
    )
    reading: float = param(
        0.1,
        unit="index 0-1",
        low=0.02,
        high=0.3,
        source="assumed",
        meaning="Standard deviation of how much stricter or milder a court reads the tests than who signed, sigma.",
    )
    foreseen: bool = switch(True, source="Carrubba 2009", meaning="Whether parties foresee that a court may strike what they sign.")
    heeded: float = param(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed after one case in own coding: from Safe Harbour to Privacy Shield 0.3 of it (safeguards) and 0.6 (redress)",
        meaning="Part of what a struck text lacked that the judge's executive asks for from then on.",
    )
    leak_rate: float = param(
        0.4,
        unit="leaks a year",
        low=0.0,
        high=2.0,
        source="assumed: one large leak in 20 years (2013), on a state with 0.16 of the world's digital exports",
        meaning="Leaks on a state that all the world's digital services come from and that gives foreigners no rights.",
    )
    leak_salience: float = param(
        8.0,
        unit="ratio",
        low=0.0,
        high=30.0,
        source="assumed: no private complaint on a framework in 13 years before 2013, four in the seven years after",
        meaning="How much a leak adds to salience, J.",
    )
    leak_half_life: float = param(
        3.0, unit="years", low=0.5, high=10.0, source="assumed", meaning="Time in which what a leak added to salience halves, H."
    )
    deadline_sessions: int = param(
        3,
        unit="sessions a month",
        low=0,
        high=10,
        source="assumed: teams that meet most weeks",
        meaning="Sessions that talks on a successor hold a month, besides contacts, once the instrument has ended.",
    )

    def begin(self, world: World) -> None:
        """Say who may sue in the first month, and what earlier leaks have left on people's minds."""
        self._open(world, world.setting.roster.courts.at(world.month))
        for month, party, size in world.setting.roster.leaks.before(world.month):
            world.salience[party] += self.leak_salience * size * self._left(world.month - month)

    def step(self, world: World, decide: Any) -> None:
        """Let leaks act, courts rule, what is struck end, and new cases begin."""
        self._heed(world)
        benches = world.setting.roster.courts.at(world.month)
        self._open(world, benches)
        self._rule(world, benches)
        for row in self._annulled(world):
            reopen(world, row, pressed=True)
        self._sue(world, benches)

    def _open(self, world: World, benches: Any) -> None:
        """Say whose people may sue, and how long a case takes."""
        world.standing[:] = benches.individuals
        world.case_months[:] = np.nan_to_num(benches.median)

    def _left(self, months: int) -> float:
        """Return the part of what a leak added that is left after some months."""
        return float(0.5 ** (months / (12.0 * self.leak_half_life)))

    def _heed(self, world: World) -> None:
        """Let salience fade, and rise with this month's leaks: those that a shock lays, and those that luck brings."""
        setting, n = world.setting, world.setting.n_states
        sold = setting.roster.digital.sides(world.month // 12)[0][:n]
        rate = self.leak_rate / 12.0 * sold / max(float(sold.sum()), 1.0) * (1.0 - world.rights_of_foreigners[:n])
        by_luck = uniforms(world.seed, luck.LEAK, world.month, setting.identity[:n]) < -np.expm1(-rate)
        size = world.leaked[:n] + by_luck
        world.salience[:] = 1.0 + (world.salience - 1.0) * self._left(1)
        for party in where_true(size > 0.0).tolist():
            world.salience[party] += self.leak_salience * size[party]
            world.events.append(month=world.month, event=setting.words.code("event", "leak"), party_a=party, value=float(size[party]))

    def _sue(self, world: World, benches: Any) -> None:
        """Begin cases: each plaintiff that may sue has at most one pending on an instrument in the court of each of its sides."""
        instruments = world.instruments
        in_force = instruments["stage"] == Stage.IN_FORCE
        for plaintiff, role in ((plaintiff, role) for plaintiff in range(len(PLAINTIFFS)) for role in (0, 1)):
            name = PLAINTIFFS[plaintiff]
            live = where_true(_challenged(world.setting, name, role)[instruments["type"]] & in_force)
            if not len(live):
                continue
            groups, there = self._sides(world, live, role)
            rate = self._rate(world, groups, name, benches)
            some = where_true(rate > 0.0)
            if not len(some):
                continue
            rows, index, chance = there[some], 2 * plaintiff + role, -np.expm1(-rate[some] / 12.0)
            sued = uniforms(world.seed, luck.COMPLAINT, world.month, world.keys_of(rows), index=index) < chance
            if not sued.any():
                continue
            # Few months have a complaint; what is pending and what has fallen is looked up in those alone.
            pending, fallen = self._pending(world), self._fallen(world)
            for at in where_true(sued):
                row = int(rows[at])
                if (row, plaintiff, role) not in pending and row not in fallen:
                    self._file(world, row, groups.at(some[[at]]), plaintiff, role, benches, index)

    def _pending(self, world: World) -> set[tuple[int, int, int]]:
        """Return the cases that are pending, by instrument, plaintiff and role of the court's party."""
        cases = world.cases
        at = where_true(cases["outcome"] == PENDING)
        return set(zip(*(cases[key][at].tolist() for key in ("instrument", "plaintiff", "role")), strict=True))

    def _fallen(self, world: World) -> set[int]:
        """Return the instruments that a court has struck, whether or not their months of grace still run."""
        cases = world.cases
        return set(cases["instrument"][cases["outcome"] == STRUCK].tolist())

    def _rate(self, world: World, groups: Groups, plaintiff: str, benches: Any) -> Floats:
        """Return how many cases a year a plaintiff brings to the court of role 0, (G,)."""
        if plaintiff == "people":
            return complaints(world, groups, world.salience[groups.second])
        return np.asarray(self.parliament_rate * benches.parliament[groups.first])

    def _file(self, world: World, row: int, group: Groups, plaintiff: int, role: int, benches: Any, index: int) -> None:
        """Begin one case; where the text would more likely fall than stand, talks on a successor begin."""
        court, other = int(group.first[0]), int(group.second[0])
        drawn = uniforms(world.seed, luck.CASE_MONTHS, world.month, world.keys_of(np.array([row])), index=index)[0]
        months = pending_months(float(drawn), *(float(one[court]) for one in (benches.least, benches.median, benches.most)))
        world.cases.append(instrument=row, role=role, plaintiff=plaintiff, filed=world.month, due=world.month + months)
        self._tell(world, "complaint", row, court, other, float(plaintiff))
        given, bar = self._protection(world, row, group)
        if strike_chance(float((given - bar).min()), self.reading) > 0.5:
            reopen(world, row, pressed=False)

    def _rule(self, world: World, benches: Any) -> None:
        """Rule on the cases that are due; a case on what has ended by itself is moot."""
        cases, instruments = world.cases, world.instruments
        due = where_true((cases["outcome"] == PENDING) & (cases["due"] <= world.month)).tolist()
        fallen = self._fallen(world) if due else set()
        for c in due:
            row, role = int(cases["instrument"][c]), int(cases["role"][c])
            if not among(instruments["stage"][[row]], *_ALIVE)[0] or row in fallen:
                cases["outcome"][c] = MOOT
                continue
            group, _ = self._sides(world, np.array([row]), role)
            given, bar = self._protection(world, row, group)
            test, margin, court = int(np.argmin(given - bar)), float((given - bar).min()), int(group.first[0])
            who, index = world.keys_of(np.array([row])), 2 * int(cases["plaintiff"][c]) + role
            drawn = float(uniforms(world.seed, luck.CASE_READING, int(cases["filed"][c]), who, index=index)[0])
            asked = max(stricter(drawn, self.reading), self._struck_before(world, court))
            struck = asked >= margin
            cases["court"][c], cases["margin"][c], cases["asked"][c], cases["outcome"][c] = (
                court,
                margin,
                asked,
                STRUCK if struck else UPHELD,
            )
            self._tell(world, "ruling", row, court, int(group.second[0]), float(struck))
            if struck:
                fallen.add(row)
                cases["ends"][c] = world.month + int(np.nan_to_num(benches.grace[court]))
                learnt = world.array(TAUGHT[test])
                learnt[court] = max(float(learnt[court]), given[test] + self.heeded * (min(1.0, bar[test] + asked) - given[test]))

    def _struck_before(self, world: World, court: int) -> float:
        """Return the largest margin of a text that a party's court has struck; minus infinity where it has struck none."""
        cases = world.cases
        return float(np.max(cases["margin"][(cases["outcome"] == STRUCK) & (cases["court"] == court)], initial=-np.inf))

    def _annulled(self, world: World) -> list[int]:
        """End what courts have struck, once the months of grace are over, and return the rows."""
        cases, ended = world.cases, []
        for c in where_true((cases["outcome"] == STRUCK) & (cases["ends"] == world.month)).tolist():
            row = int(cases["instrument"][c])
            if among(world.instruments["stage"][[row]], *_ALIVE)[0]:
                move(world, row, Stage.ANNULLED, Reason.STRUCK_DOWN)
                ended.append(row)
        return ended

    def _sides(self, world: World, rows: Ints, role: int) -> tuple[Groups, Ints]:
        """Return the dyads of instruments with the party whose court it is first, and which rows have an edge."""
        setting, instruments = world.setting, world.instruments
        first, second = (instruments[key][rows] for key in (("first", "second") if role == 0 else ("second", "first")))
        edge = setting.edges.find_all(first, second)
        has = where_true(edge >= 0)
        groups = Groups(first[has], second[has], edge[has], setting.edges.rev[edge[has]], tuple(setting.words.issues))
        return groups, np.asarray(rows)[has]

    def _protection(self, world: World, row: int, group: Groups) -> tuple[Floats, Floats]:
        """Return how well an instrument protects by either test, and what one court asks, (2,) each."""
        kind = world.setting.types[int(world.instruments["type"][row])]
        given, bar = kind.tested(world, group, world.instruments["text"][[row]])
        return given[0], bar[0]

    def _tell(self, world: World, what: str, row: int, court: int, other: int, value: float) -> None:
        code = world.setting.words.code("event", what)
        kind = int(world.instruments["type"][row])
        world.events.append(month=world.month, event=code, party_a=court, party_b=other, type=kind, instrument=row, value=value)


def _challenged(setting: Setting, plaintiff: str, role: int) -> Bools:
    """Return which types a plaintiff may bring before the court of the party in a role, (T,)."""
    found: dict[tuple[str, int], Bools] = setting.kept.setdefault("challenged", {})
    if (plaintiff, role) not in found:
        by = (getattr(one, "challenged_by", {}).get(plaintiff, ()) for one in setting.types)
        found[plaintiff, role] = np.array([role in roles for roles in by], dtype=np.bool_)
    return found[plaintiff, role]


_OFFERED: type[CourtTerms] = Courts
