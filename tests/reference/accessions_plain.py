"""Accessions to open agreements, told party by party: who asks, who is asked, how long it takes, and what comes of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reference.bargaining_plain import Case
from reference.executives_plain import led
from reference.ledger_plain import close_talk, open_talk, sign
from reference.plain_world import ISSUES, View
from reference.staff_plain import price
from sim import luck
from sim.contracts import may_be_open
from sim.rng import identity, uniform
from sim.stakes.payoffs import Groups
from sim.types import Reason, Stage, TalkStage

LIVING = (Stage.SIGNED, Stage.IN_FORCE, Stage.SUSPENDED)
LEAST_SALIENCE = 1e-8


def begin(w: Any) -> None:
    """Put what is in force under one name, and open to all, together."""
    first: dict[tuple[str, str], int] = {}
    for row, one in enumerate(w.instruments):
        listed = None if one.listed is None else w.roster.instruments[one.listed]
        if listed is not None and listed.open and may_be_open(w.kinds[one.type]):
            one.opens = first.setdefault((one.type, listed.name), row)


def step(w: Any, decide: Any) -> None:
    """Open what is signed this month to others by luck, carry on accessions, and let outsiders look."""
    if w.config.rival is not None:
        return
    names = [name for name, kind in w.kinds.items() if name in w.config.negotiated and may_be_open(kind)]
    for name in names:
        for row, one in enumerate(w.instruments):
            fresh = one.type == name and one.signed == w.month and one.stage == Stage.SIGNED and one.opens is None
            if fresh and uniform(w.seed, luck.ACCESSION_CLAUSE, w.month, identity(called(w, row))) < w.kinds[name].open_share:
                one.opens = row
    for lead in sorted({talk.accession for talk in w.talks if talk.accession is not None and talk.stage == TalkStage.OPEN}):
        _carry_on(w, decide, [row for row, talk in enumerate(w.talks) if talk.accession == lead])
    for name in names:
        for agreement in sorted({one.opens for one in w.instruments if one.type == name and _in_force(one)}):
            for party in w.parties:
                if w.principal[name, party] == party and w.gdp[party] > 0.0:
                    _look(w, name, agreement, party)
    _keep(w)


def called(w: Any, row: int) -> str:
    """Return the identity of an instrument."""
    one = w.instruments[row]
    if one.talk is not None:
        talk = w.talks[one.talk]
        return ":".join([talk.type, *sorted((talk.first, talk.second)), str(talk.opened)])
    return f"{one.type}:{one.first}>{one.second}:{one.signed}"


def inside(w: Any, agreement: int) -> list[str]:
    """List who is in an open agreement."""
    rows = [one for one in w.instruments if one.opens == agreement and one.stage == Stage.IN_FORCE]
    return [party for party in w.parties if any(party in (one.first, one.second) for one in rows)]


def _in_force(one: Any) -> bool:
    return one.opens is not None and one.stage == Stage.IN_FORCE


def _look(w: Any, name: str, agreement: int, party: str) -> None:
    """Let a party look at an open agreement by luck, and apply where it pays and nobody inside would lose."""
    kind = w.kinds[name]
    if uniform(w.seed, luck.ACCESSION_LOOK, w.month, identity(called(w, agreement)), identity(party)) >= kind.accession_rate / 12.0:
        return
    others = _lacking(w, name, party, inside(w, agreement))
    if not others:
        return
    kept = dict(w.upkeep_share)
    for other in others:
        w.upkeep_share[party, other], w.upkeep_share[other, party] = 1.0 / len(others), 0.0
    gains = [_gains(w, kind, agreement, party, other) for other in others]
    w.upkeep_share = kept
    usd = sum(mine for mine, _ in gains) * w.gdp[party] / 1e4
    if usd <= 0.0 or usd / kind.talk_months < price(w, party) or any(theirs < 0.0 for _, theirs in gains):
        return
    lead = None
    for other in others:
        row = open_talk(w, name, party, other, party)
        lead = row if lead is None else lead
        w.talks[row].accession, w.talks[row].joins = lead, agreement


def _lacking(w: Any, name: str, party: str, members: list[str]) -> list[str]:
    """List with whom a party lacks an agreement, the largest first; nobody where one of those inside bars it, or talks or rests with it."""
    kind, found = w.kinds[name], []
    for other in members:
        dyad = (party, other)
        if other == party or dyad not in w.facts or w.blocked[dyad] or w.principal[name, other] != other:
            continue
        if w.bars(*dyad) or w.hostile[dyad]:
            return []
        if any(w.in_force[(one, *dyad)] for one in (name, *kind.excluded_by)):
            continue
        if w.open_talk[(name, *dyad)] is not None or w.cooldown[(name, *dyad)] > w.month:
            return []
        found.append(other)
    return sorted(found, key=lambda other: -w.gdp[other])


def _gains(w: Any, kind: Any, agreement: int, party: str, other: str) -> tuple[float, float]:
    places = (w.place[party], w.place[other], w.edge_at[party, other], w.edge_at[other, party])
    groups = Groups(*(np.array([place]) for place in places), ISSUES)
    stake = led(w, kind.name, kind.coefficients(View(w), groups).dyads(), (party, other))
    text = _text(w, agreement, stake)
    mine, theirs = (_worth(stake, side, text) - float(stake.d[0, side]) for side in (0, 1))
    return mine, theirs


def _text(w: Any, agreement: int, stake: Any) -> list[float]:
    """Return the text that a pair takes: what the agreement says, or the middle of what both would choose, within bounds."""
    out = []
    for k, said in enumerate(w.instruments[agreement].text):
        low, high = float(stake.lo[0, k]), float(stake.hi[0, k])
        wanted = [
            float(stake.theta[0, side, k]) + float(stake.b[0, side, k]) / (2.0 * max(float(stake.w[0, side, k]), LEAST_SALIENCE))
            for side in (0, 1)
        ]
        halfway = 0.5 * sum(min(max(one, low), high) for one in wanted)
        out.append(halfway if math.isnan(said) else min(max(said, low), high))
    return out


def _worth(stake: Any, side: int, text: list[float]) -> float:
    total = float(stake.a[0, side])
    for k, level in enumerate(text):
        total += float(stake.b[0, side, k]) * level - float(stake.w[0, side, k]) * (level - float(stake.theta[0, side, k])) ** 2
    return total


def _carry_on(w: Any, decide: Any, rows: list[int]) -> None:
    """End an accession one of whose talks failed or whose agreement is gone; decide on one whose time is up."""
    talk, failed = w.talks[rows[0]], [w.talks[row] for row in rows if w.talks[row].stage == TalkStage.FAILED]
    members, kind = inside(w, talk.joins), w.kinds[talk.type]
    if failed:
        _fail(w, rows, failed[0].reason)
        return
    if not members:
        _fail(w, rows, Reason.LAPSED)
        return
    drawn = uniform(w.seed, luck.ACCESSION_MONTHS, talk.opened, identity(called(w, talk.joins)), identity(talk.first))
    least, most = kind.accession_least, max(kind.accession_least, kind.accession_most)
    if w.month - talk.opened < int(least + drawn * (most + 1 - least)):
        return
    watched = [(talk.first, one) for one in members if (talk.first, one) in w.facts]
    if any(w.bars(*dyad) or w.hostile[dyad] for dyad in watched):
        _fail(w, rows, Reason.BARRED)
        return
    cases = [Case(w, View(w), [w.talks[row]]) for row in rows]
    texts = [_text(w, talk.joins, case.stakes[0]) for case in cases]
    consents = [sides[1] for sides in decide.accept(w, rows, texts)]
    gains = [
        [_worth(case.stakes[0], side, text) - float(case.problem.r[0, side]) for side in (0, 1)]
        for case, text in zip(cases, texts, strict=True)
    ]
    wanted = sum(mine for mine, _ in gains) > 0.0
    if not wanted or not all(consents):
        at_home = wanted and all(theirs >= 0.0 for _, theirs in gains)
        _fail(w, rows, Reason.NOT_RATIFIABLE if at_home else Reason.REFUSED)
        return
    _sign(w, rows, cases, texts)


def _sign(w: Any, rows: list[int], cases: list[Any], texts: list[list[float]]) -> None:
    for row, case, text in zip(rows, cases, texts, strict=True):
        talk, stake = w.talks[row], case.stakes[0]
        talk.text, talk.disagreement_value = text, stake.d[0].tolist()
        talk.utility = [_worth(stake, side, text) for side in (0, 1)]
        close_talk(w, row, TalkStage.CONCLUDED)
        months = w.kinds[talk.type].months_to_force
        made = sign(w, row, due=w.month + months, whole=float(stake.commitment[0]))
        w.instruments[made].opens = talk.joins
        _rest(w, talk, months + 2)


def _fail(w: Any, rows: list[int], reason: Reason) -> None:
    for row in rows:
        if w.talks[row].stage == TalkStage.OPEN:
            close_talk(w, row, TalkStage.FAILED, reason)
            _rest(w, w.talks[row], w.part("bargaining").rest_after_failure)


def _rest(w: Any, talk: Any, months: int) -> None:
    for dyad in ((talk.first, talk.second), (talk.second, talk.first)):
        w.cooldown[(talk.type, *dyad)] = w.month + months


def _keep(w: Any) -> None:
    """Say who pays for keeping what: of an accession the newcomer alone, once for all its pairs."""
    w.upkeep_share = dict.fromkeys(w.upkeep_share, 1.0)
    lives = {one.talk for one in w.instruments if one.talk is not None and one.stage in LIVING}
    for row, talk in enumerate(w.talks):
        if talk.accession is not None and (talk.stage == TalkStage.OPEN or row in lives):
            pairs = sum(1 for one in w.talks if one.accession == talk.accession)
            w.upkeep_share[talk.first, talk.second], w.upkeep_share[talk.second, talk.first] = 1.0 / pairs, 0.0
