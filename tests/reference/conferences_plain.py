"""Tables of many, told party by party: who calls, who leaves before the text is found, who joins a treaty later and who goes.

Who decides is handed in: ``attend``, ``sign``, ``accede``, ``admit`` and ``regret`` (a list of parties, a list of answers).
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np

from reference import leverage_plain
from reference.consequences_plain import fill
from reference.executives_plain import led_at_table
from reference.plain_world import ISSUES, View, arrays_of
from sim import luck
from sim.bargains.group import GroupProblem
from sim.rng import exponential, identity, uniform
from sim.types import NEVER, Event, Reason, SeatStage, Stage, Status, TalkStage

ALIVE = (Stage.SIGNED, Stage.RATIFIED, Stage.IN_FORCE, Stage.SUSPENDED)


class TableView(View):
    """What a type of many asks of a world when it compiles stakes: arrays, tables and dyads as they are now."""

    def __init__(self, world: Any) -> None:
        super().__init__(world)
        row, col = (np.array([world.place[dyad[end]] for dyad in world.dyads]) for end in (0, 1))
        rev = np.array([world.edge_at[j, i] for i, j in world.dyads])
        self.setting.edges = SimpleNamespace(row=row, col=col, rev=rev, n=len(row))
        self.setting.n_parties, self.setting.roster = len(world.parties), world.roster
        for name in ("instruments", "adherence", "conferences", "seats"):
            self.__dict__[name] = (
                arrays_of(world, name) if getattr(world, name) else {c: np.zeros(0, int) for c in world.schema.forms[name]}
            )


def step(w: Any, decide: Any) -> None:
    """Let parties leave and join, hold the sessions of the month, then let summits call."""
    kinds = [name for name, kind in w.kinds.items() if name in w.config.negotiated and getattr(kind, "arity", "dyad") != "dyad"]
    if not kinds and not w.conferences:
        return
    for row, treaty in _treaties(w, Stage.SIGNED, Stage.IN_FORCE):
        _leave(w, decide, row, treaty)
    for row, treaty in _treaties(w, Stage.IN_FORCE):
        _join(w, decide, row, treaty)
    for row, table in enumerate(w.conferences):
        if table.stage == TalkStage.OPEN and table.due == w.month:
            _session(w, decide, row, table)
    for kind in kinds:
        (_call_blocs if w.kinds[kind].arity == "bloc" else _call_summits)(w, decide, kind)


def _treaties(w: Any, *stages: Stage) -> list[tuple[int, Any]]:
    return [(row, one) for row, one in enumerate(w.instruments) if one.conference is not None and one.stage in stages]


def _speaks(w: Any, kind: str, party: str) -> bool:
    spoken = [w.principal[kind, state] for state in w.states]
    return party in spoken if party in w.blocs else w.principal[kind, party] == party


def _members(w: Any, kind: str, bloc: str) -> list[str]:
    return [s for s in w.states if w.member[bloc, s] and _speaks(w, kind, s)] if w.principal[kind, bloc] == bloc else []


def _standings(w: Any, row: int, *stages: Stage) -> list[Any]:
    return [one for one in w.adherence if one.instrument == row and one.bound_by is None and one.stage in (stages or ALIVE)]


def _problem(w: Any, kind: str, parties: list[str], members: list[str], weight: list[float] | None = None) -> Any:
    at, inside = [w.place[one] for one in parties], np.array([one in members for one in w.parties])
    c = w.kinds[kind].stakes(TableView(w), list(w.kinds).index(kind), np.array(at), inside, -1)
    c = led_at_table(w, kind, c, parties)
    weights = np.full(len(parties), 1.0 / len(parties)) if weight is None else np.array(weight)
    return GroupProblem(c.a, c.b, c.w, c.theta, c.d, c.d.copy(), c.lo[0], c.hi[0], weights)


def _sizes(p: Any) -> list[float]:
    """Return how far each party's utility can vary over the box."""
    sizes = []
    for i in range(len(p.a)):
        size = 0.0
        for k in range(len(p.lo)):
            far = max(abs(p.lo[k] - p.theta[i, k]), abs(p.hi[k] - p.theta[i, k]))
            size += (abs(p.b[i, k]) + 2.0 * p.w[i, k] * far) * max(p.hi[k] - p.lo[k], 0.0)
        sizes.append(size if size > 0.0 else 1.0)
    return sizes


def _draft(p: Any) -> list[float]:
    """Return the chair's draft, issue by issue: all count alike in units of what they have at stake."""
    share, text = [1.0 / size for size in _sizes(p)], []
    for k in range(len(p.lo)):
        curve = math.fsum(s * w for s, w in zip(share, p.w[:, k], strict=True))
        pull = math.fsum(s * (w * t + b / 2.0) for s, w, t, b in zip(share, p.w[:, k], p.theta[:, k], p.b[:, k], strict=True))
        best = pull / curve if curve > 0.0 else (p.lo[k] + p.hi[k]) / 2.0
        text.append(float(min(max(best, p.lo[k]), p.hi[k])))
    return text


def _worst_off(p: Any) -> int:
    text, share = _draft(p), []
    for i in range(len(p.a)):
        gain = p.a[i] - p.r[i] + sum(p.b[i, k] * x - p.w[i, k] * (x - p.theta[i, k]) ** 2 for k, x in enumerate(text))
        size = sum(abs(p.b[i, k]) + 2.0 * p.w[i, k] for k in range(len(ISSUES)))
        share.append(gain / size if size > 0.0 else gain)
    return share.index(min(share))


def _say(w: Any, row: int, event: Event, party: str, reason: Reason = Reason.NONE, value: float = math.nan) -> None:
    w.say(event, party_a=party, type=w.conferences[row].type, conference=row, reason=reason, value=value)


def _tell(w: Any, row: int, event: Event, party: str, reason: Reason = Reason.NONE) -> None:
    treaty = w.instruments[row]
    w.say(event, party_a=party, type=treaty.type, instrument=row, conference=treaty.conference, reason=reason)


def _call_summits(w: Any, decide: Any, kind: str) -> None:
    part = w.part("conferences")
    for at, organisation in enumerate(w.roster.organisations):
        if w.roster.summit_month[at] != w.month % 12 + 1:
            continue
        tired = set()
        for seat in w.seats:
            table = w.conferences[seat.conference]
            rests = table.stage == TalkStage.FAILED and w.month < table.closed + part.rest_after_failure
            if table.type == kind and (table.stage == TalkStage.OPEN or rests):
                tired.add(seat.party)
        there = {state for state in w.states if w.inside(state, organisation)}
        for bloc in w.blocs:
            spoken = {state for state in w.states if w.principal[kind, state] == bloc}
            if spoken and spoken <= there:
                there = there | {bloc}
        invited = [one for one in w.parties if one in there and _speaks(w, kind, one) and one not in tired]
        least = max(2, w.kinds[kind].threshold)
        if len(invited) >= least:
            answers = decide.attend(w, kind, invited, _draft(_problem(w, kind, invited, invited)))
            hopeful = [one for one, comes in zip(invited, answers, strict=True) if comes]
            if part.attendance == "stable":
                hopeful = _stable(w, kind, invited, hopeful)
            if len(hopeful) >= least:
                _call(w, kind, None, hopeful, hopeful, organisation, part.call_rate)


def _call_blocs(w: Any, decide: Any, kind: str) -> None:
    part = w.part("conferences")
    for bloc in w.blocs:
        members = _members(w, kind, bloc)
        if w.roster.summit_month[w.roster.organisations.index(bloc)] != w.month % 12 + 1 or len(members) < 2:
            continue
        busy = False
        for row, table in enumerate(w.conferences):
            if (table.type, table.bloc) == (kind, bloc):
                made = [one for one in w.instruments if one.conference == row and one.stage in (Stage.SIGNED, Stage.IN_FORCE)]
                rests = table.stage == TalkStage.FAILED and w.month < table.closed + part.rest_after_failure
                busy = busy or bool(made) or rests or table.stage == TalkStage.OPEN
        if busy:
            continue
        answers = decide.attend(w, kind, members, _draft(_problem(w, kind, members, members)))
        hopeful = [one for one, comes in zip(members, answers, strict=True) if comes]
        if len(hopeful) >= len(members) / 2.0:
            _call(w, kind, bloc, members, hopeful, bloc, part.call_rate_bloc)


def _call(w: Any, kind: str, bloc: Any, parties: list[str], callers: list[str], where: str, rate: float) -> None:
    """Hold the race of those who would call; the first to come within a year opens the conference."""
    part, race = w.part("conferences"), []
    close = {}
    for party in callers:
        others = [w.alliance_weight.get((party, other), 0.0) for other in parties if other != party]
        close[party] = sum(others) / len(others) if others else 0.0
    for party in callers:
        near = math.exp(part.graph_weight * (close[party] - sum(close.values()) / len(close)))
        time = exponential(w.seed, luck.CALL, w.month, identity(party), identity(where), index=int(identity(kind)))
        if rate * w.capability[party] * near > 0.0:
            race.append((time / (rate * w.capability[party] * near), party))
    first = min(race, default=(math.inf, ""))
    if first[0] >= 1.0:
        return
    if bloc is None:
        parties = [party for party in parties if not w.hostile.get((first[1], party), False)]
        if len(parties) < max(2, w.kinds[kind].threshold):
            return
    saved = _prepared(w, parties)
    sessions = max(1, math.ceil((part.months_base * (1.0 - saved) + part.months_per_party * len(parties)) / part.months_between))
    row = w.add(
        "conferences", type=kind, bloc=bloc, initiator=first[1], opened=w.month, sessions=sessions, due=w.month + part.months_between,
        stage=TalkStage.OPEN,
    )  # fmt: skip
    for party in parties:
        w.add("seats", conference=row, party=party, stage=SeatStage.SEATED, since=w.month, until=NEVER)
    _say(w, row, Event.CONFERENCE_OPENED, first[1], value=float(len(parties)))


def _prepared(w: Any, parties: list[str]) -> float:
    """Return what guidelines save of the preparation, as a mean over pairs; who keeps no eye on the other is saved nothing."""
    pairs = [(one, other) for at, one in enumerate(parties) for other in parties[at + 1 :]]
    return sum(w.prepared.get(pair, 0.0) for pair in pairs) / len(pairs)


def _session(w: Any, decide: Any, row: int, table: Any) -> None:
    for seat in w.seats:
        if seat.conference == row and seat.stage == SeatStage.SEATED:
            able = seat.party in _members(w, table.type, table.bloc) if table.bloc else _speaks(w, table.type, seat.party)
            if not able:
                _rise(w, seat, SeatStage.LEFT, Reason.COMPETENCE_LOST)
    table.session += 1
    table.due = w.month + w.part("conferences").months_between
    if table.session >= table.sessions:
        _conclude(w, decide, row, table)


def _rise(w: Any, seat: Any, stage: SeatStage, reason: Reason) -> None:
    seat.stage, seat.reason, seat.until = stage, reason, w.month
    _say(w, seat.conference, Event.CONFERENCE_LEFT, seat.party, reason)


def _close(w: Any, row: int, stage: TalkStage, reason: Reason = Reason.NONE) -> None:
    table = w.conferences[row]
    table.stage, table.reason, table.closed = stage, reason, w.month
    event = Event.CONFERENCE_CONCLUDED if stage is TalkStage.CONCLUDED else Event.CONFERENCE_FAILED
    _say(w, row, event, table.initiator, reason)


def enough(w: Any, kind: str, bloc: Any, favour: list[str], everybody: list[str]) -> bool:
    """Say whether some of all who decide are enough, by the vote that the type declares or else the bloc's own or a number."""
    how, favour = w.kinds[kind], [one for one in everybody if one in favour]
    votes, states, people = how.decision, how.quota_states, how.quota_people
    if votes == "own" and bloc is None:
        return len(favour) >= how.threshold
    if votes == "own":
        rule = w.roster.decision_rules[w.blocs.index(bloc)]
        votes, states, people = rule.rule, rule.state_quota, rule.people_quota
    if votes == "weighted":
        weight = getattr(w, how.voting_weight)
        return sum(weight[one] for one in favour) >= (how.quota_weight - 1e-12) * sum(weight[one] for one in everybody)
    if votes != "qualified_majority":
        return len(favour) == len(everybody) > 0
    mine, of_all = (math.fsum(w.population[one] for one in some) for some in (favour, everybody))
    slack = 1.0 - 1e-12
    return len(favour) >= slack * states * len(everybody) and mine >= slack * people * of_all


def _stable(w: Any, kind: str, invited: list[str], inside: list[str]) -> list[str]:
    """Let those leave who lose most, then those come who gain most (if the doors are open), one by one, until none moves or all recurs."""
    seen: list[list[str]] = []
    while inside not in seen:
        seen.append(inside)
        gains = dict.fromkeys(invited, -1.0)
        if inside:
            text, p = _draft(_problem(w, kind, inside, inside)), _problem(w, kind, invited, inside)
            for i, one in enumerate(invited):
                gains[one] = p.a[i] - p.d[i] + sum(p.b[i, k] * x - p.w[i, k] * (x - p.theta[i, k]) ** 2 for k, x in enumerate(text))
        first_out = min((gains[one], invited.index(one), one) for one in inside) if inside else (0.0, 0, "")
        outside = [(-gains[one], invited.index(one), one) for one in invited if one not in inside]
        if first_out[0] < 0.0:
            inside = [one for one in inside if one != first_out[2]]
        elif outside and min(outside)[0] < 0.0 and w.kinds[kind].accession == "open":
            inside = [one for one in invited if one in inside or one == min(outside)[2]]
    return inside


def _conclude(w: Any, decide: Any, row: int, table: Any) -> None:
    least = max(2, w.kinds[table.type].threshold)
    whole = [one.party for one in w.seats if one.conference == row and one.stage in (SeatStage.SEATED, SeatStage.OUTVOTED)]
    while True:
        seats = [one for one in w.seats if one.conference == row and one.stage == SeatStage.SEATED]
        parties = [one.party for one in seats]
        everybody = [one.party for one in w.seats if one.conference == row and one.stage in (SeatStage.SEATED, SeatStage.OUTVOTED)]
        if len(parties) < least:
            return _close(w, row, TalkStage.FAILED, Reason.TOO_FEW)
        problem = _problem(w, table.type, parties, everybody, leverage_plain.table(w, parties))
        outcome = w.config.protocol.solve_group(problem)
        if outcome.status == Status.AGREED:
            text, utility = outcome.text.tolist(), outcome.utility.tolist()
            answers = decide.sign(w, row, parties, text)
            if all(answers):
                break
            out = [n for n, answer in enumerate(answers) if not answer]
            why = Reason.REFUSED if any(utility[n] < problem.d[n] for n in out) else Reason.NOT_RATIFIABLE
        else:
            out, why = [_worst_off(problem)], Reason.NO_TEXT if outcome.status == Status.NO_TEXT else Reason.WOULD_LOSE
        left = [one for n, one in enumerate(parties) if n not in out]
        votes = table.bloc is not None or w.kinds[table.type].decision != "own"
        if votes and not enough(w, table.type, table.bloc, left, whole):
            return _close(w, row, TalkStage.FAILED, Reason.NO_ZONE if why is Reason.WOULD_LOSE else why)
        for n in out:
            _rise(w, seats[n], *((SeatStage.OUTVOTED, Reason.OUTVOTED) if table.bloc else (SeatStage.LEFT, why)))
    _close(w, row, TalkStage.CONCLUDED)
    table.text = text
    made = w.add("instruments", type=table.type, text=text, stage=Stage.SIGNED, signed=w.month, due=NEVER, term=NEVER, conference=row)
    fill(w, made)
    for n, seat in enumerate(seats):
        seat.stage, seat.until = SeatStage.SIGNED, w.month
        seat.utility, seat.disagreement_value = utility[n], float(problem.d[n])
    for party in parties:
        _adhere(w, made, party, Event.SIGNATURE)
    return None


def _adhere(w: Any, row: int, party: str, event: Event) -> None:
    w.add("adherence", instrument=row, party=party, role=0, stage=Stage.SIGNED, since=w.month, until=NEVER)
    _tell(w, row, event, party)


def _name(w: Any, treaty: Any) -> Any:
    table = w.conferences[treaty.conference]
    return identity(f"{table.type}:{table.bloc or table.initiator}:{table.opened}")


def _join(w: Any, decide: Any, row: int, treaty: Any) -> None:
    part, bloc = w.part("conferences"), w.conferences[treaty.conference].bloc
    looks = []
    for party in w.parties:
        mine = [one for one in w.adherence if (one.instrument, one.party) == (row, party)]
        inside = any(one.stage in ALIVE and (one.bound_by is None or bloc) for one in mine)
        rests = any(one.stage == Stage.TERMINATED and w.month < one.until + part.rest_after_failure for one in mine)
        able = _speaks(w, treaty.type, party) and (not bloc or party in _members(w, treaty.type, bloc))
        moment = uniform(w.seed, luck.ACCEDE, w.month, _name(w, treaty), identity(party))
        if able and not inside and not rests and moment < part.accession_rate / 12.0:
            looks.append(party)
    joins = decide.accede(w, row, looks) if looks else []
    for party in [one for one, yes in zip(looks, joins, strict=True) if yes]:
        members = sorted({one.party for one in _standings(w, row)}, key=w.place.get)
        votes = decide.admit(w, row, members, party) if w.kinds[treaty.type].accession == "exclusive" else [True]
        if 2 * sum(votes) >= len(votes):
            _adhere(w, row, party, Event.ACCESSION)
        else:
            _tell(w, row, Event.ACCESSION_REFUSED, party, Reason.OUTVOTED)


def _leave(w: Any, decide: Any, row: int, treaty: Any) -> None:
    part, bloc = w.part("conferences"), w.conferences[treaty.conference].bloc
    for one in _standings(w, row):
        if one.stage == Stage.SIGNED and not _speaks(w, treaty.type, one.party):
            one.stage, one.until = Stage.TERMINATED, w.month
            _tell(w, row, Event.WITHDRAWAL, one.party, Reason.COMPETENCE_LOST)
        elif (bloc and not w.member[bloc, one.party]) or w.month >= one.until:
            reason = Reason.LEFT_BLOC if bloc and not w.member[bloc, one.party] else Reason.WITHDRAWN
            one.stage, one.until = Stage.TERMINATED, w.month
            _tell(w, row, Event.WITHDRAWAL, one.party, reason)
            for other in w.adherence:
                if (other.instrument, other.bound_by, other.stage) == (row, one.party, Stage.IN_FORCE):
                    other.stage, other.until = Stage.TERMINATED, w.month
                    w.say(Event.RELEASED, party_a=other.party, party_b=one.party, type=treaty.type, instrument=row)
    if w.month % 12 == 0 and w.kinds[treaty.type].ending == "denunciation":
        stay = [one for one in _standings(w, row, Stage.IN_FORCE) if one.until == NEVER]
        for one, worse in zip(stay, decide.regret(w, row, [one.party for one in stay]) if stay else [], strict=True):
            one.losing = one.losing + 1 if worse else 0
            if one.losing >= part.patience:
                one.until = w.month + part.notice
                _tell(w, row, Event.DENUNCIATION, one.party)
