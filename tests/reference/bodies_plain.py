"""Bodies, meeting by meeting: who can attend, where they meet, what they pass, and whose talks they help along."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reference.plain_world import code
from reference.ties_plain import between
from sim import luck
from sim.rng import identity, uniform, uniforms
from sim.types import Channel, Rank, TalkStage

USUAL, IN_PERSON, RECORDED, ONLINE, HYBRID = range(5)


def step(w: Any, decide: Any) -> None:
    """Hold each body's meetings of the month, and let heads that met mediate."""
    part = w.part("bodies")
    rooms: dict[str, Channel] = {}
    w.hours_sat = dict.fromkeys(w.hours_sat, 0.0)
    for b in range(len(w.roster.bodies.names)):
        if part.heads_sit and _of_heads(w.roster.bodies, b):
            _plan(w, part, b)
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
    for name in ("attending", "met_in_person", "met_online", "not_met", "acts", "screen_seats"):
        getattr(w, name)[body] = 0
    w.hosting[body] = w.met_on[body] = None
    members, due = _members(w, b), _due(w, b)
    if due == 0 or len(members) < 2:
        return
    host = _host(w, b, members)
    rule, share = w.attendance_rule[body], w.share_in_person[body]
    ways = _ways(w, part, b, members, host)
    coming, seeing = _present(w, body, ways, host)
    come, see = len(coming) / len(members), len(seeing) / len(members)
    w.screen_seats[body] = len(seeing)
    used = [at for at in seeing.values() if at is not None]
    w.met_on[body] = max(sorted(set(used)), key=used.count) if used else None
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
        over = {} if room else {"platform_used": w.met_on[body]}
        w.say(code("sitting"), **told, party_b=host, channel=channel, value=float(acts), **over)
        if bodies.rank[b] == Rank.HEAD:
            rooms.setdefault(body, channel)


def _host(w: Any, b: int, members: list[str]) -> str:
    seat = int(w.roster.bodies.host[b])
    return str(w.states[seat] if seat >= 0 else members[w.month // 12 % len(members)])


def _of_heads(bodies: Any, b: int) -> bool:
    """Say whether a body's meetings take hours of heads."""
    return bool(bodies.rank[b] == Rank.HEAD and bodies.acts[b] > 0.0 and not bodies.resident[b])


def _line(w: Any, state: str) -> float:
    """Return how well a state's line and its way to most others carry a meeting."""
    return float(min(1.0, w.bandwidth[state] / w.part("contacts").line_enough, w.way_out[state]))


def _far(w: Any, b: int, state: str, host: str) -> float:
    return 0.0 if state == host or w.roster.bodies.resident[b] else float(between(w.roster, "distance", state, host))


def _plan(w: Any, part: Any, b: int) -> None:
    """Let heads keep the hours that the meetings of a body take in a usual month, as borders and rules stand."""
    body, members, contacts = w.roster.bodies.names[b], _members(w, b), w.part("contacts")
    if len(members) < 2:
        return
    host, rule, share = _host(w, b, members), w.attendance_rule[body], w.share_in_person[body]
    ways = _ways(w, part, b, members, host)
    openness = sum(ways.values()) / len(members)
    in_room = {
        USUAL: 1.0 if openness >= part.quorum else 0.0, IN_PERSON: 1.0, HYBRID: openness if share is None else share,
    }.get(rule, 0.0)  # fmt: skip
    for state, way in ways.items():
        room = contacts.hours_visit + 2.0 * _far(w, b, state, host) / contacts.speed
        screen = contacts.hours_video * _line(w, state)
        w.hours_sat[state, "head"] += float(w.roster.bodies.meetings[b]) / 12.0 * (in_room * way * room + (1.0 - in_room) * screen)


def _ways(w: Any, part: Any, b: int, members: list[str], host: str) -> dict[str, float]:
    """Return how open the way of each member to the room is."""
    kept = 1.0 - part.let_through if w.attendance_rule[w.roster.bodies.names[b]] in (IN_PERSON, HYBRID) else 1.0
    return {state: 1.0 if w.roster.bodies.resident[b] else _way(w, state, host, kept) for state in members}


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
        if channel == Channel.CALL and line < _line(w, state):
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


def _present(w: Any, body: str, ways: dict[str, float], host: str) -> tuple[list[str], dict[str, int | None]]:
    """List which members can come to the room, and which can take part on a screen, over what platform (None: not known)."""
    coming, seeing, free = [], {}, w.ports[host] - 1
    for state, way in ways.items():
        seen, at = _line(w, state), None
        if (state, host) in w.dyads:
            seen = min(seen, w.way_between[state, host])
            at = w.platform_between[state, host]
            bridge = at == 0
            lost = w.bridge_out[host] if bridge else 0.0 if at is None else w.out[w.roster.platforms[at]]
            if at is None or (bridge and free <= 0):
                lost = 1.0
            seen *= 1.0 - lost
        drawn = uniform(w.seed, luck.SEAT, w.month, identity(body), identity(state))
        if drawn < way:
            coming.append(state)
        if drawn < seen:
            seeing[state] = at
            free -= at == 0
    return coming, seeing


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
