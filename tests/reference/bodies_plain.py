"""Bodies, meeting by meeting: who can attend, where they meet, what they pass, and whose talks they help along."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reference.plain_world import code
from reference.ties_plain import between
from sim import luck
from sim.rng import identity, uniform, uniforms
from sim.types import Channel, Rank, Stage, TalkStage

USUAL, IN_PERSON, RECORDED, ONLINE, HYBRID = range(5)


def step(w: Any, decide: Any) -> None:
    """Mark who opened something, hold each body's meetings of the month, and let heads that met mediate."""
    part = w.part("bodies")
    w.opening = dict.fromkeys(w.opening, False)
    for one in w.instruments if part.openings else ():
        begun = one.in_force == w.month - 1 and one.stage == Stage.IN_FORCE
        if begun or (one.ended == w.month - 1 and one.stage == Stage.COMPLETED):
            for party in (one.first, one.second):
                if party is not None:
                    w.opening[party] = True
    rooms: dict[str, Channel] = {}
    for b, body in enumerate(w.roster.bodies.names if part.receptions else ()):
        _receive(w, part, b, body)
    for b, body in enumerate(w.roster.bodies.names):
        _meet(w, part, b, body, rooms)
    for row, talk in enumerate(w.talks):
        if part.mediation > 0 and talk.stage == TalkStage.OPEN and talk.accession is None:
            _mediate(w, part, row, talk, rooms)


def _meet(w: Any, part: Any, b: int, body: str, rooms: dict[str, Channel]) -> None:
    """Hold the meetings of one body."""
    bodies = w.roster.bodies
    for name in ("attending", "met_in_person", "met_online", "not_met", "acts"):
        getattr(w, name)[body] = 0
    w.hosting[body] = None
    members, due = _members(w, b), _due(w, b)
    if due == 0 or len(members) < 2:
        return
    seat = int(bodies.host[b])
    host = w.states[seat] if seat >= 0 else members[w.month // 12 % len(members)]
    rule, share = w.attendance_rule[body], w.share_in_person[body]
    kept = 1.0 - part.let_through if rule in (IN_PERSON, HYBRID) else 1.0
    ways = {state: 1.0 if bodies.resident[b] else _way(w, state, host, kept) for state in members}
    come, see = _present(w, body, ways)
    openness = share if share is not None else sum(ways.values()) / len(members)
    in_room = {USUAL: 1.0 if come >= part.quorum else 0.0, IN_PERSON: 1.0, HYBRID: openness}.get(rule, 0.0)
    more = (
        (1.0 - in_room) * (_more(w, part, members, None if bodies.resident[b] else host) - 1.0)
        if bodies.as_needed[b] and see >= part.quorum
        else 0.0
    )
    n = math.floor(due * (1.0 + more) + uniform(w.seed, luck.MEETINGS, w.month, identity(body)))
    w.hosting[body] = host
    w.attending[body] = in_room * come + (1.0 - in_room) * see
    bloc = w.roster.organisations[int(bodies.organisation[b])]
    told = {"party_a": bloc if bloc in w.blocs else None, "rank": Rank(int(bodies.rank[b])), "of_body": b}
    for at in range(n):
        where, drawn = (_luck(w, body, at, word) for word in (0, 1))
        room = where < in_room
        if (come if room else see) < part.quorum:
            w.not_met[body] += 1
            w.say(code("sitting_lost"), **told)
            continue
        rate = float(bodies.acts[b]) * (1.0 if room else 0.0 if rule == RECORDED else _carried(w, part))
        acts = _count(drawn, rate)
        getattr(w, "met_in_person" if room else "met_online")[body] += 1
        w.acts[body] += acts
        channel = Channel.SUMMIT if room else Channel.VIDEO
        w.say(code("sitting"), **told, party_b=host, channel=channel, value=float(acts))
        if bodies.rank[b] == Rank.HEAD:
            rooms.setdefault(body, channel)


def _receive(w: Any, part: Any, b: int, body: str) -> None:
    """Let the head of a body's organisation meet members: larger ones more often, in the room, on a screen or by telephone."""
    bodies, members = w.roster.bodies, _members(w, b)
    rate, seat = float(bodies.received[b]) / 12.0, int(bodies.host[b])
    n = math.floor((w.month + 1) * rate + 1e-9) - math.floor(w.month * rate + 1e-9)
    if not members:
        return
    host = w.states[seat] if seat >= 0 else members[w.month // 12 % len(members)]
    weights = [max(w.gdp[state], 1.0) ** part.receptions_size for state in members]
    for at in range(n):
        ids = np.array([identity(body)]), np.array([at], dtype=np.uint64)
        drawn, way, line = (float(uniforms(w.seed, luck.RECEPTION, w.month, *ids, word=word)[0]) for word in (0, 1, 2))
        passed, whole, state = 0.0, sum(weights), members[-1]
        for one, weight in zip(members, weights, strict=True):
            passed += weight
            if drawn <= passed / whole:
                state = one
                break
        channel = Channel.VISIT if way < _way(w, state, host, 1.0) else Channel.CALL
        if channel == Channel.CALL and line < min(1.0, w.bandwidth[state] / w.part("contacts").line_enough):
            channel = Channel.VIDEO
        w.say(code("reception"), party_a=state, channel=channel, rank=Rank(int(bodies.rank[b])), of_body=b)


def _members(w: Any, b: int) -> list[str]:
    organisation = w.roster.organisations[int(w.roster.bodies.organisation[b])]
    return [state for state in w.states if w.inside(state, organisation)]


def _due(w: Any, b: int) -> int:
    """Count the meetings of this month: those of a year, spread evenly over the months in which the body meets."""
    months = [at for at in range(12) if w.roster.bodies.calendar[b, at]]
    year, at = divmod(w.month, 12)
    if at not in months:
        return 0
    turn, rate = year * len(months) + months.index(at), float(w.roster.bodies.meetings[b]) / len(months)
    return math.floor((turn + 1) * rate + 1e-9) - math.floor(turn * rate + 1e-9)


def _present(w: Any, body: str, ways: dict[str, float]) -> tuple[float, float]:
    """Return which shares of the members can come to the room, and can take part on a screen."""
    come = see = 0
    for state, way in ways.items():
        drawn = uniform(w.seed, luck.SEAT, w.month, identity(body), identity(state))
        come += drawn < way
        see += drawn < min(1.0, w.bandwidth[state] / w.part("contacts").line_enough)
    return come / len(ways), see / len(ways)


def _way(w: Any, state: str, host: str, kept: float) -> float:
    return 1.0 if state == host else float((1.0 - kept * w.closure[state]) * (1.0 - kept * w.closure[host]))


def _more(w: Any, part: Any, members: list[str], host: str | None) -> float:
    """Return how many meetings there are on a screen for each in the room."""
    contacts = w.part("contacts")
    away = [state for state in members if host not in (None, state)]
    far = sum(between(w.roster, "distance", state, host) for state in away) / len(members)
    return float(((contacts.hours_visit + 2.0 * far / contacts.speed) / contacts.hours_video) ** part.meeting_elasticity)


def _carried(w: Any, part: Any) -> float:
    talks = w.part("bargaining")
    share = talks.rounds_video / talks.rounds_visit if talks.rounds_visit else 1.0
    return float(share**part.acts_exponent)


def _luck(w: Any, body: str, at: int, word: int) -> float:
    ids = np.array([identity(body)]), np.array([at], dtype=np.uint64)
    return float(uniforms(w.seed, luck.SITTING, w.month, *ids, word=word)[0])


def _count(drawn: float, rate: float) -> int:
    """Return the count at which the sum of a Poisson distribution of some mean first passes a draw."""
    k, term = 0, math.exp(-rate)
    below = term
    while drawn >= below and term > 0.0:
        k += 1
        term *= rate / k
        below += term
    return k


def _mediate(w: Any, part: Any, row: int, talk: Any, rooms: dict[str, Channel]) -> None:
    """Give talks of two members that are not on good terms a round, at the first meeting of heads where both sit."""
    if w.alliance_weight[talk.first, talk.second] >= part.good_terms:
        return
    for b, body in enumerate(w.roster.bodies.names):
        there = set(_members(w, b))
        if body in rooms and all(_sits(w, party, there) for party in (talk.first, talk.second)):
            talk.credit += part.mediation
            talk.n_contacts += 1
            talk.n_by_channel[int(rooms[body])] += 1
            talk.last_contact = w.month
            w.say(
                code("mediation"), party_a=talk.first, party_b=talk.second, type=talk.type, talk=row, channel=rooms[body], of_body=b
            )  # fmt: skip
            return


def _sits(w: Any, party: str, there: set[str]) -> bool:
    """Say whether a party sits among some members: a state that is one, a bloc all of whose members are."""
    members = w.members(party) if party in w.blocs else [party]
    return bool(members) and set(members) <= there
