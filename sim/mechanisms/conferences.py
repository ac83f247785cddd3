r"""Many parties at one table: a conference is called at a summit, meets in session, agrees on one text, and its treaty is joined and left.

At the summit of an organisation the chair's draft (:func:`sim.bargains.group.draft`) is read out to those who speak for themselves and sit
at no other conference on the type. Who hopes to gain attends; if enough do, the first caller in a race of exponential times
``E_i / (rate * capability_i * exp(a (w_i - mean w)))`` that calls within a year opens the conference and chairs it. ``w_i`` is the mean
weight of the alliance graph between a caller and the others it would seat: who is close to most is sooner accepted in the chair. Whoever
is too hostile to the chair (:mod:`sim.mechanisms.alliances.rule`) is not invited to an open conference. A bloc's members all attend, if
half of them hope. After ``(base (1 - s) + n per_party) / between`` sessions, ``s`` what guidelines among them save, the run's protocol
writes the text, under weights by strength (:func:`sim.stakes.leverage.table_weights`). Where it finds none, who loses most by the draft, in
units of what it has at stake, leaves, and the rest try again; so does who would not sign. At a bloc's table nobody leaves: under consensus
one who loses ends it, under a majority rule it is outvoted and bound. A type may declare another vote (``decision``,
:class:`sim.stakes.votes.Decides`): then a table that those who stay could not carry among all who sat there fails. Who comes may be a
stable coalition (``attendance``, :func:`sim.stakes.treaties.stable_among`).

A treaty in force is open to those who would gain (``open``), or to those whom the parties let in (``exclusive``, by the majority of them);
each looks at it with a yearly rate. A party that has been worse off for some Januaries in a row gives notice. A treaty ends when fewer than
two are left (Vienna Convention on the Law of Treaties, art. 55: not merely because there are fewer than it needed).

Sources: 6 months for 23 parties (Geneva 1947) to 87 for 123 (Uruguay Round), 60 for 193 (United Nations Convention against Cybercrime);
Barrett (1994), Oxford Economic Papers 46 (who leaves, who joins). Rates are assumed and swept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import among, where_true
from sim.bargains.group import GroupProblem, draft
from sim.bargains.worth import worth
from sim.declare.neutral import Neutral, each
from sim.ledger import (
    accede,
    bloc_of,
    bound_states,
    close_conference,
    denounce,
    leave_seat,
    made_by_many,
    open_conference,
    own_places,
    refuse_accession,
    seated,
    sign_treaty,
    withdraw,
)
from sim.ports import BargainingTerms, RatificationTerms
from sim.registry import choice, param, part
from sim.rng import exponential, identity, uniform
from sim.stakes.leverage import table_weights
from sim.stakes.treaties import (
    at_the_table,
    carries,
    coalition,
    members_of_bloc,
    problem_of,
    rule_of,
    speakers,
    stable_among,
    stakes_of,
)
from sim.stakes.votes import VotingRule, carried
from sim.state.world import Floats, Ints, World
from sim.types import NEVER, Reason, SeatStage, Stage, Status, TalkStage


@part(
    "mechanism",
    name="conferences",
    title="Conferences",
    title_id="Konferensi",
    sentence_id="Banyak pihak bertemu di satu meja, menyepakati satu naskah, lalu ada yang bergabung kemudian dan ada yang keluar.",
)
@dataclass(frozen=True)
class Conferences:
    """Many parties meet at one table and agree on one text, which others join later and some leave."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "no_conferences",
            "Nobody calls a table of many.",
            "Tidak ada yang memanggil perundingan banyak pihak.",
            each("mechanisms.conferences", 0.0, "call_rate", "call_rate_bloc"),
            "states_in_security_treaty",
            given=(("negotiated", ["infrastructure_pact", "regional_market", "security_treaty", "transfer_framework"]),),
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "principal", "member", "population", "capability", "gdp", "trade_known", "imports_known", "leaning", "pivot",
        "image_at_home", "alliance_weight",
        "hostile", "prepared",
    )  # fmt: skip
    asks_types: ClassVar[tuple[str, ...]] = ("many", "bloc")
    writes: ClassVar[tuple[str, ...]] = ()
    tables: ClassVar[tuple[str, ...]] = ("conferences", "seats", "instruments", "adherence", "events")
    needs: ClassVar[tuple[type, ...]] = (BargainingTerms, RatificationTerms)

    call_rate: float = param(
        0.001,
        unit="calls a summit",
        low=0.0,
        high=0.1,
        source="assumed",
        meaning="Rate at which a state of average capability that hopes to gain calls a conference.",
    )
    call_rate_bloc: float = param(
        0.1,
        unit="calls a summit",
        low=0.0,
        high=2.0,
        source="assumed",
        meaning="The same among a bloc's members, who have nobody else to do it.",
    )
    graph_weight: float = param(
        2.0,
        unit="log weight",
        low=0.0,
        high=6.0,
        source="assumed",
        meaning="How much sooner those call who are close to the others in the alliance graph, a.",
    )
    attendance: str = choice(
        "hopeful",
        ("hopeful", "stable"),
        source="stable: d'Aspremont et al. 1983, Barrett 1994",
        meaning="Who comes to an open conference: who gains by the draft for all invited, or a coalition that nobody would leave or join.",
    )
    months_base: float = param(
        12.0, unit="months", low=0.0, high=60.0, source="assumed", meaning="Length of a conference before its parties are counted."
    )
    months_per_party: float = param(
        0.35,
        unit="months",
        low=0.0,
        high=1.0,
        source="assumed, between 0.26 (Geneva 1947), 0.3 (cybercrime) and 0.7 (Uruguay Round) in all",
        meaning="How much longer it lasts for each party.",
    )
    months_between: int = param(4, unit="months", low=1, high=24, source="assumed", meaning="Months from one session to the next.")
    rest_after_failure: int = param(
        36,
        unit="months",
        low=0,
        high=240,
        source="assumed",
        meaning="Months before those who sat at a failed conference, or left a treaty, look at another.",
    )
    accession_rate: float = param(
        0.2, unit="looks a year", low=0.0, high=12.0, source="assumed", meaning="How often an outsider looks at joining a treaty in force."
    )
    patience: int = param(
        3,
        unit="Januaries",
        low=1,
        high=20,
        source="assumed",
        meaning="Januaries in a row at which a party is worse off before it gives notice.",
    )
    notice: int = param(
        12,
        unit="months",
        low=1,
        high=60,
        source="memory: United Nations Convention against Cybercrime (one year; Convention on Cybercrime art. 47: three months)",
        meaning="Months from notice to the day on which a party is free.",
    )

    def step(self, world: World, decide: Any) -> None:
        """Hold the sessions of the month, call new conferences, and let parties join and leave what is in force."""
        types = where_true(world.setting.conferred).tolist()
        if not types and len(world.conferences) == 0:
            return
        self._leave(world, decide)
        self._join(world, decide)
        for row in where_true((world.conferences["stage"] == TalkStage.OPEN) & (world.conferences["due"] == world.month)):
            self._session(world, decide, int(row))
        for t in types:
            if world.setting.of_blocs[t]:
                self._call_blocs(world, decide, t)
            else:
                self._call_summits(world, decide, t)

    def _call_summits(self, world: World, decide: Any, t: int) -> None:
        """Let the states that meet at a summit this month call a conference of all who are there."""
        roster, n = world.setting.roster, world.setting.n_states
        for at in where_true(roster.summit_month == world.month % 12 + 1):
            inside = np.zeros(world.setting.n_parties, dtype=np.bool_)
            inside[:n] = (roster.member_from[at] <= world.month) & (world.month < roster.member_until[at])
            # A bloc that speaks for states comes where all of those it speaks for are.
            for bloc in range(n, world.setting.n_parties):
                spoken = world.principal[t, :n] == bloc
                inside[bloc] = bool(spoken.any() and inside[:n][spoken].all())
            invited = where_true(inside & speakers(world, t) & ~self._busy(world, t)).astype(np.int32)
            least = int(world.setting.types[t].threshold)
            if len(invited) < max(2, least):
                continue
            hopeful = invited[decide.attend(world, t, invited, self._draft(world, t, invited))]
            if self.attendance == "stable":
                hopeful = stable_among(world, t, invited, hopeful)
            if len(hopeful) >= max(2, least):
                self._call(world, t, -1, hopeful, hopeful, roster.organisations[at], self.call_rate)

    def _call_blocs(self, world: World, decide: Any, t: int) -> None:
        """Let the members of a bloc that has the competence call a conference of them all at its summit."""
        setting, roster = world.setting, world.setting.roster
        for b, code in enumerate(roster.blocs):
            if roster.summit_month[roster.organisations.index(code)] != world.month % 12 + 1:
                continue
            bloc = setting.n_states + b
            members = members_of_bloc(world, t, bloc)
            if len(members) < 2 or self._settled(world, t, bloc):
                continue
            hopeful = members[decide.attend(world, t, members, self._draft(world, t, members))]
            if 2 * len(hopeful) >= len(members):
                self._call(world, t, bloc, members, hopeful, code, self.call_rate_bloc)

    def _draft(self, world: World, t: int, parties: Ints) -> Floats:
        return draft(problem_of(stakes_of(world, t, parties, parties)))

    def _busy(self, world: World, t: int) -> Any:
        """Return who sits at an open conference on a type, or rests from a failed one, bool (P,)."""
        conferences, seats = world.conferences, world.seats
        out = np.zeros(world.setting.n_parties, dtype=np.bool_)
        of = seats["conference"]
        rests = (conferences["stage"] == TalkStage.FAILED) & (conferences["closed"] + self.rest_after_failure > world.month)
        rests |= conferences["stage"] == TalkStage.OPEN
        out[seats["party"][(rests & (conferences["type"] == t))[of]]] = True
        return out

    def _settled(self, world: World, t: int, bloc: int) -> bool:
        """Say whether a bloc's members are at it, rest from it, or have what they wanted."""
        conferences, instruments = world.conferences, world.instruments
        own = (conferences["type"] == t) & (conferences["bloc"] == bloc)
        failed = (conferences["stage"] == TalkStage.FAILED) & (conferences["closed"] + self.rest_after_failure > world.month)
        alive = instruments["conference"][among(instruments["stage"], Stage.SIGNED, Stage.IN_FORCE, Stage.SUSPENDED)]
        made = np.isin(np.arange(len(conferences)), alive)
        return bool((own & ((conferences["stage"] == TalkStage.OPEN) | failed | made)).any())

    def _call(self, world: World, t: int, bloc: int, parties: Ints, callers: Ints, where: str, rate: float) -> None:
        """Open a conference if a caller's time comes within a year."""
        place, best, initiator = identity(where), 1.0, -1
        kind = int(identity(world.setting.types[t].name))
        close = [_closeness(world, int(party), parties) for party in callers]
        middle = sum(close) / len(close)
        for party, near in zip(callers.tolist(), close, strict=True):
            time = exponential(world.seed, luck.CALL, world.month, world.setting.identity[party], place, index=kind)
            strength = rate * float(world.capability[party]) * math.exp(self.graph_weight * (near - middle))
            if strength > 0.0 and time < best * strength:
                best, initiator = time / strength, party
        if initiator >= 0 and bloc < 0:
            parties = parties[[not _too_hostile(world, initiator, int(party)) for party in parties]]
        if initiator >= 0 and len(parties) >= max(2, int(world.setting.types[t].threshold) if bloc < 0 else 2):
            saved = _prepared(world, parties)
            months = self.months_base * (1.0 - saved) + self.months_per_party * len(parties)
            sessions = max(1, math.ceil(months / self.months_between))
            open_conference(world, t, bloc, initiator, parties, sessions, world.month + self.months_between)

    def _session(self, world: World, decide: Any, row: int) -> None:
        """Hold one session; the last one is where the text is made."""
        conferences = world.conferences
        able, t = speakers(world, int(conferences["type"][row])), int(conferences["type"][row])
        bloc = int(conferences["bloc"][row])
        if bloc >= 0:
            able &= np.isin(np.arange(world.setting.n_parties), members_of_bloc(world, t, bloc))
        for seat in seated(world, row).tolist():
            if not able[world.seats["party"][seat]]:
                leave_seat(world, seat, SeatStage.LEFT, Reason.COMPETENCE_LOST)
        conferences["session"][row] += 1
        conferences["due"][row] = world.month + self.months_between
        if conferences["session"][row] >= conferences["sessions"][row]:
            self._conclude(world, decide, row)

    def _conclude(self, world: World, decide: Any, row: int) -> None:
        """Let the protocol write the text, and those leave who would lose, until all who are left sign or too few are."""
        conferences, protocol = world.conferences, world.setting.config.protocol
        t, bloc = int(conferences["type"][row]), int(conferences["bloc"][row])
        least, votes = max(2, int(world.setting.types[t].threshold)), rule_of(world, t, bloc).kind != "critical_mass"
        whole = at_the_table(world, row)
        while True:
            places, table = seated(world, row), at_the_table(world, row)
            parties = world.seats["party"][places]
            if len(parties) < least:
                close_conference(world, row, TalkStage.FAILED, Reason.TOO_FEW)
                return
            problem = problem_of(stakes_of(world, t, parties, table), table_weights(world, parties))
            outcome = protocol.solve_group(problem)
            if outcome.status == Status.AGREED:
                refuse = ~decide.sign(world, row, parties, outcome.text)
                if not refuse.any():
                    break
                out = where_true(refuse)
                reason = Reason.REFUSED if bool((outcome.utility[out] < problem.d[out]).any()) else Reason.NOT_RATIFIABLE
            else:
                out = np.array([_worst_off(problem)])
                reason = Reason.NO_TEXT if outcome.status == Status.NO_TEXT else Reason.WOULD_LOSE
            if votes and not carries(world, t, bloc, np.delete(parties, out), whole):
                close_conference(world, row, TalkStage.FAILED, Reason.NO_ZONE if reason is Reason.WOULD_LOSE else reason)
                return
            for m in out.tolist():
                if bloc >= 0:
                    leave_seat(world, int(places[m]), SeatStage.OUTVOTED, Reason.OUTVOTED)
                else:
                    leave_seat(world, int(places[m]), SeatStage.LEFT, reason)
        close_conference(world, row, TalkStage.CONCLUDED)
        sign_treaty(world, row, outcome.text, outcome.utility, problem.d)

    def _join(self, world: World, decide: Any) -> None:
        """Let outsiders look at the treaties in force."""
        instruments, seed = world.instruments, world.seed
        for row in where_true((instruments["stage"] == Stage.IN_FORCE) & made_by_many(world)).tolist():
            t, bloc, kind = int(instruments["type"][row]), bloc_of(world, row), world.setting.types[int(instruments["type"][row])]
            able = speakers(world, t)
            able[coalition(world, row)] = False
            able[self._resting(world, row)] = False
            if bloc >= 0:
                able &= np.isin(np.arange(world.setting.n_parties), members_of_bloc(world, t, bloc)) & ~bound_states(world, row)
            name, looks = identity(world.instrument_identity(row)), []
            for party in where_true(able).tolist():
                if uniform(seed, luck.ACCEDE, world.month, name, world.setting.identity[party]) < self.accession_rate / 12.0:
                    looks.append(party)
            if not looks:
                continue
            keen = np.array(looks, dtype=np.int32)
            for party in keen[decide.accede(world, row, keen)].tolist():
                inside = coalition(world, row)
                votes = decide.admit(world, row, inside, party) if kind.accession == "exclusive" else None
                majority = VotingRule("qualified_majority", states=0.5)
                if votes is None or carried(majority, votes, world.population[inside]):
                    accede(world, row, party)
                else:
                    refuse_accession(world, row, party)

    def _resting(self, world: World, row: int) -> Ints:
        """Return who has left a treaty, or failed to bring it home, not long ago."""
        adherence = world.adherence
        fallen = (adherence["instrument"] == row) & (adherence["stage"] == Stage.TERMINATED)
        return np.asarray(adherence["party"][fallen & (adherence["until"] + self.rest_after_failure > world.month)])

    def _leave(self, world: World, decide: Any) -> None:
        """Free those whose day has come or who left their bloc; each January count who is worse off, and let the patient give notice."""
        instruments, adherence = world.instruments, world.adherence
        for row in where_true(among(instruments["stage"], Stage.SIGNED, Stage.IN_FORCE) & made_by_many(world)).tolist():
            bloc, able = bloc_of(world, row), speakers(world, int(instruments["type"][row]))
            for place in own_places(world, row).tolist():
                if adherence["stage"][place] == Stage.SIGNED and not able[adherence["party"][place]]:
                    # Another speaks for it now: what it has not ratified it cannot ratify any more.
                    withdraw(world, place, Reason.COMPETENCE_LOST)
                elif bloc >= 0 and not world.member[bloc - world.setting.n_states][adherence["party"][place]]:
                    withdraw(world, place, Reason.LEFT_BLOC)
                elif adherence["until"][place] <= world.month:
                    withdraw(world, place, Reason.WITHDRAWN)
            kind = world.setting.types[int(instruments["type"][row])]
            if world.month % 12 == 0 and kind.ending == "denunciation":
                places = own_places(world, row, Stage.IN_FORCE)
                places = places[adherence["until"][places] == NEVER]
                if len(places):
                    worse = decide.regret(world, row, adherence["party"][places])
                    adherence["losing"][places] = np.where(worse, adherence["losing"][places] + 1, 0)
                    for place in places[adherence["losing"][places] >= self.patience].tolist():
                        denounce(world, place, world.month + self.notice)


def _closeness(world: World, party: int, parties: Ints) -> float:
    """Return the mean weight of the alliance graph between a party and the others of some; whom it keeps no eye on counts as 0."""
    edges = world.setting.edges
    ties = [edges.find(party, other) for other in parties.tolist() if other != party]
    return sum(float(world.alliance_weight[e]) for e in ties if e >= 0) / len(ties) if ties else 0.0


def _prepared(world: World, parties: Ints) -> float:
    """Return what guidelines in force among some parties save of their preparation, as a mean over their pairs."""
    edges, saved = world.setting.edges, 0.0
    for at, one in enumerate(parties.tolist()):
        for other in parties[at + 1 :].tolist():
            e = edges.find(one, other)
            saved += float(world.prepared[e]) if e >= 0 else 0.0
    return saved / (0.5 * len(parties) * (len(parties) - 1))


def _too_hostile(world: World, one: int, other: int) -> bool:
    edge = world.setting.edges.find(one, other)
    return edge >= 0 and bool(world.hostile[edge])


def _worst_off(problem: GroupProblem) -> int:
    """Return who loses most by the chair's draft, in units of how far its utility varies over the box."""
    size = (np.abs(problem.b) + 2.0 * problem.w).sum(axis=1)
    return int(np.argmin((worth(problem, draft(problem)) - problem.r) / np.where(size > 0.0, size, 1.0)))
