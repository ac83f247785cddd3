r"""Open agreements are acceded to: an outsider that would gain asks, a working party meets for months, and every party inside must consent.

An outsider looks at an open agreement in force at a yearly rate. It applies if what all its new pairs would bring it, in USD a year,
divided by the months of staff that talks on the type take, pays a month of its staff, and if no party inside would lose by it, is
barred from it or too hostile. Talks then open with each party with which it has nothing of the kind. One team sits over all of them, so
that they count as one on the staff of the newcomer and of the largest party inside. Nothing is bargained over: the text is that of the
agreement (:mod:`sim.stakes.accession`). After 20 to 36 months the newcomer decides on the sum, and each party inside on its own pair;
one that refuses ends all. What is signed goes to those at home pair by pair. A party inside that lacks a pair may ask for it in the
same way. An agreement of two that is signed in the run may be open too (``open_share``).

Source: the United Kingdom and the CPTPP (2021-02 to 2023-07), Korea and DEPA (2021-09 to 2024-05): 29 and 32 months. The rate is
assumed. Departs from them in that no working party is formed in vain: who would be refused today does not apply. Under a rival theory
nobody accedes: such a theory says by itself who meets whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import among, where_true
from sim.bargains.problems import Outcomes
from sim.bargains.worth import worth
from sim.contracts import may_be_open, staff_months
from sim.decide.staff import staff_prices
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.ledger import bars, close_talk, open_talk, sign
from sim.ports import BargainingTerms, PoliticsTerms, RatificationTerms, TradeTerms
from sim.registry import part
from sim.rng import identity, uniform, uniforms
from sim.stakes.accession import Offer, accession_months, lacking, offered, open_agreements, parties_inside, text_of
from sim.stakes.packages import Worked, tabled
from sim.state.world import Ints, Setting, World
from sim.types import Reason, Stage, Status, TalkStage


@part(
    "mechanism",
    name="accessions",
    title="Accessions",
    title_id="Aksesi",
    sentence_id="Pihak luar yang beruntung bergabung dengan perjanjian terbuka, bila setiap pihak di dalamnya setuju.",
)
@dataclass(frozen=True)
class Accessions:
    """Outsiders that would gain join open agreements, if every party inside consents."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nobody_accedes",
            "Nobody looks at joining an open agreement.",
            "Tidak ada yang mempertimbangkan bergabung dengan perjanjian terbuka.",
            (("agreements.digital_trade_agreement.accession_rate", 0.0),),
            "new_signatures_digital_trade_agreement",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "principal", "blocked", "barred", "hostile", "in_force", "open_talk", "cooldown", "gdp", "trade_known", "imports_known",
        "capability", "population", "lessons", "trust", "leaning", "pivot", "image_at_home",
    )  # fmt: skip
    asks_types: ClassVar[tuple[str, ...]] = ("dyad",)
    writes: ClassVar[tuple[str, ...]] = ("open_talk", "cooldown", "upkeep_share")
    tables: ClassVar[tuple[str, ...]] = ("talks", "instruments", "adherence", "events")
    needs: ClassVar[tuple[type, ...]] = (BargainingTerms, RatificationTerms, PoliticsTerms, TradeTerms)
    state: ClassVar[tuple[Array, ...]] = (
        array(
            "upkeep_share", ("edge",), start=1.0, unit="share", meaning="part of the upkeep of an agreement with the partner that is paid"
        ),
    )

    def begin(self, world: World) -> None:
        """Say which instruments in force at the start belong to one open agreement: those of one type and name."""
        rows, first = world.setting.roster.instruments, dict[tuple[int, str], int]()
        types, instruments = world.setting.types, world.instruments
        for row, listed in enumerate(instruments["listed"].tolist()):
            if listed >= 0 and rows[listed].open and may_be_open(types[int(instruments["type"][row])]):
                instruments["opens"][row] = first.setdefault((int(instruments["type"][row]), rows[listed].name), row)

    def step(self, world: World, decide: Any) -> None:
        """Say what of this month is open, end and conclude accessions whose time has come, and let outsiders apply."""
        if world.setting.config.rival is not None:
            return
        types = _open_types(world.setting)
        for t in types:
            self._open(world, t)
        talks = world.talks
        for lead in sorted(set(talks["accession"][(talks["accession"] >= 0) & (talks["stage"] == TalkStage.OPEN)].tolist())):
            self._meet(world, decide, where_true(talks["accession"] == lead).astype(np.int32))
        for t in types:
            for agreement in open_agreements(world, t):
                self._look(world, t, agreement)
        self._share_upkeep(world)

    def _open(self, world: World, t: int) -> None:
        """Draw which agreements signed this month are open to others."""
        share, instruments = float(world.setting.types[t].open_share), world.instruments
        if share <= 0.0:
            return
        new = (instruments["type"] == t) & (instruments["signed"] == world.month) & (instruments["stage"] == Stage.SIGNED)
        for row in where_true(new & (instruments["opens"] < 0)).tolist():
            if uniform(world.seed, luck.ACCESSION_CLAUSE, world.month, identity(world.instrument_identity(row))) < share:
                instruments["opens"][row] = row

    def _meet(self, world: World, decide: Any, rows: Ints) -> None:
        """Carry on one accession, by the rows of its talks: end it with the first that failed, or decide when its time is up."""
        talks, row = world.talks, int(rows[0])
        failed = rows[talks["stage"][rows] == TalkStage.FAILED]
        inside = parties_inside(world, int(talks["joins"][row]))
        if len(failed):
            self._fail(world, rows, Reason(int(talks["reason"][failed[0]])))
        elif len(inside) == 0:
            self._fail(world, rows, Reason.LAPSED)
        elif world.month - int(talks["opened"][row]) >= accession_months(world, row):
            edges = [world.setting.edges.find(int(talks["first"][row]), party) for party in inside.tolist()]
            if any(edge >= 0 and bars(world, edge) for edge in edges):
                self._fail(world, rows, Reason.BARRED)
            else:
                self._decide(world, decide, rows)

    def _decide(self, world: World, decide: Any, rows: Ints) -> None:
        """Ask the newcomer of the sum and each party inside of its own pair; sign with all of them, or with none."""
        talks = world.talks
        halves, problems, _ = tabled(world, rows)
        text = text_of(world, int(talks["joins"][rows[0]]), halves[0])
        utility = worth(problems, text)
        outcomes = Outcomes(text, utility, np.full(len(rows), Status.AGREED, dtype=np.int8), np.zeros(len(rows), dtype=np.int32))
        consents = np.asarray(decide.accept(world, rows, problems, outcomes))[:, 1]
        gains = utility - problems.r
        wanted = bool(np.sum(gains[:, 0]) > 0.0)
        if not (wanted and consents.all()):
            at_home = wanted and bool((gains[:, 1] >= 0.0).all())
            self._fail(world, rows, Reason.NOT_RATIFIABLE if at_home else Reason.REFUSED)
            return
        # Nothing was bargained over, so no quality of a bargain is measured.
        worked = Worked(rows, halves, None, problems, outcomes, np.ones(len(rows), dtype=np.bool_))
        for at, row in enumerate(rows.tolist()):
            (deal,) = worked.deals(at)
            talks["text"][row], talks["utility"][row], talks["disagreement_value"][row] = deal.text, deal.utility, deal.d
            close_talk(world, row, TalkStage.CONCLUDED)
            months = int(world.setting.types[int(talks["type"][row])].months_to_force)
            made = sign(world, row, deal.text, world.month + months, whole=deal.whole)
            world.instruments["opens"][made] = talks["joins"][row]
            self._rest(world, row, months + 2)

    def _fail(self, world: World, rows: Ints, reason: Reason) -> None:
        for row in rows.tolist():
            if world.talks["stage"][row] == TalkStage.OPEN:
                close_talk(world, row, TalkStage.FAILED, reason)
                self._rest(world, row, world.setting.terms(BargainingTerms).rest_after_failure)

    def _rest(self, world: World, row: int, months: int) -> None:
        """Keep the pair of some talks from trying the same again for some months."""
        t, edge = int(world.talks["type"][row]), int(world.talks["edge"][row])
        world.cooldown[t, [edge, int(world.setting.edges.rev[edge])]] = world.month + months

    def _look(self, world: World, t: int, agreement: int) -> None:
        """Let outsiders look at one open agreement in force, and apply where it pays."""
        setting, kind = world.setting, world.setting.types[t]
        able = where_true((world.principal[t] == np.arange(setting.n_parties)) & (world.gdp > 0.0))
        ids = setting.identity[able]
        name = np.full(len(ids), world.keys_of(np.array([agreement]))[0], dtype=np.uint64)
        drawn = uniforms(world.seed, luck.ACCESSION_LOOK, world.month, name, ids)
        for party in able[drawn < kind.accession_rate / 12.0].tolist():
            groups = lacking(world, t, party, parties_inside(world, agreement))
            if groups is None or groups.n == 0:
                continue
            offer = offered(world, t, agreement, groups)
            if pays(world, kind, offer) and len(offer.refusing) == 0:
                self._apply(world, t, agreement, offer)

    def _apply(self, world: World, t: int, agreement: int, offer: Offer) -> None:
        """Open talks with each party inside with which the newcomer lacks an agreement; the first leads."""
        lead = -1
        for party in offer.groups.second.tolist():
            row = open_talk(world, t, offer.newcomer, party, offer.newcomer)
            lead = row if lead < 0 else lead
            world.talks["accession"][row], world.talks["joins"][row] = lead, agreement

    def _share_upkeep(self, world: World) -> None:
        """Lay down who pays which part of the upkeep on the pairs of accessions, under way or made."""
        talks, instruments, edges = world.talks, world.instruments, world.setting.edges
        part = talks["accession"] >= 0
        world.upkeep_share[:] = 1.0
        if not part.any():
            return
        alive = (talks["stage"] == TalkStage.OPEN) & part
        kept = among(instruments["stage"], Stage.SIGNED, Stage.IN_FORCE, Stage.SUSPENDED) & (instruments["talk"] >= 0)
        made = instruments["talk"][kept]
        alive[made[part[made]]] = True
        number = np.bincount(talks["accession"][part], minlength=len(talks))
        rows = where_true(alive)
        world.upkeep_share[talks["edge"][rows]] = 1.0 / number[talks["accession"][rows]]
        world.upkeep_share[edges.rev[talks["edge"][rows]]] = 0.0


def _open_types(setting: Setting) -> list[int]:
    """Return the types that two parties negotiate and whose agreements may be open, as places on the T axis."""
    found: list[int] | None = setting.kept.get("open_types")
    if found is None:
        found = setting.kept["open_types"] = [int(t) for t in where_true(setting.negotiated) if may_be_open(setting.types[t])]
    return found


def pays(world: World, kind: Any, offer: Offer) -> bool:
    """Say whether an accession pays the newcomer's staff: its gain over the months of staff that it takes, against the price of a month."""
    usd = offer.usd(world)
    return usd > 0.0 and usd / staff_months(kind)[0] >= float(staff_prices(world)[offer.newcomer])
