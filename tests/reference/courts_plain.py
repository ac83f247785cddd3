"""Cases before courts, one by one: complaints, rulings, what they teach, and what they end."""

from __future__ import annotations

import math
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any

from reference.keeping_plain import called
from reference.ledger_plain import move
from reference.plain_world import code
from reference.renewal_plain import reopen
from reference.risk_plain import complaints, least, margins
from sim import luck
from sim.rng import identity, uniform
from sim.types import Reason, Stage

PENDING, UPHELD, STRUCK, MOOT = range(4)
PLAINTIFFS = ("people", "parliament")


def begin(w: Any) -> None:
    """Say who may sue, and what leaks before the run have left on people's minds."""
    _open(w)
    leaks = w.roster.leaks
    for party, month, size in zip(leaks.party.tolist(), leaks.month.tolist(), leaks.size.tolist(), strict=True):
        if month < w.month:
            w.salience[w.states[party]] += w.part("courts").leak_salience * size * _left(w, w.month - month)


def step(w: Any, decide: Any) -> None:
    """Let leaks act, cases end, what was struck fall after its grace, and new cases begin."""
    _heed(w)
    _open(w)
    for case in w.cases:
        if case.outcome == PENDING and case.due <= w.month:
            _rule(w, case)
    ended = [case.instrument for case in w.cases if case.outcome == STRUCK and case.ends == w.month]
    ended = [row for row in ended if w.instruments[row].stage in (Stage.IN_FORCE, Stage.SUSPENDED)]
    for row in ended:
        move(w, row, Stage.ANNULLED, Reason.STRUCK_DOWN)
    for row in ended:
        reopen(w, row, pressed=True)
    _sue(w)


def _bench(w: Any, party: str) -> Any:
    """Return the court of a party this month, None where it has none."""
    c, at = w.roster.courts, w.place[party]
    rows = [n for n in range(len(c.forum)) if int(c.party[n]) == at and c.start[n] <= w.month < c.until[n]]
    names = ("individuals", "parliament", "least", "median", "most", "grace")
    return SimpleNamespace(**{name: getattr(c, name)[rows[0]].item() for name in names}) if rows else None


def _open(w: Any) -> None:
    for party in w.parties:
        bench = _bench(w, party)
        w.standing[party] = 1.0 if bench is not None and bench.individuals else 0.0
        w.case_months[party] = 0.0 if bench is None or math.isnan(bench.median) else bench.median


def _left(w: Any, months: int) -> float:
    """Return the part that is left of what a leak added, months later."""
    return 0.5 ** (months / 12.0 / w.part("courts").leak_half_life)


def _heed(w: Any) -> None:
    """Let surveillance fade from minds, and come back to them where a leak lays it open: one that a shock brings, or luck."""
    part = w.part("courts")
    sold = dict(zip(w.states, w.roster.digital.sides(w.month // 12)[0].tolist(), strict=False))
    whole = max(math.fsum(sold.values()), 1.0)
    for party in w.parties:
        w.salience[party] = 1.0 + (w.salience[party] - 1.0) * _left(w, 1)
    for state in w.states:
        rate = part.leak_rate / 12.0 * sold[state] / whole * (1.0 - w.rights_of_foreigners[state])
        size = w.leaked[state] + (1.0 if uniform(w.seed, luck.LEAK, w.month, identity(state)) < 1.0 - math.exp(-rate) else 0.0)
        if size > 0.0:
            w.salience[state] += part.leak_salience * size
            w.say(code("leak"), party_a=state, value=size)


def _parties(one: Any, role: int) -> tuple[str, str]:
    """Return whose court it is, and the other side."""
    return (one.first, one.second) if role == 0 else (one.second, one.first)


def _luck(w: Any, what: Any, month: int, one: Any, case: Any) -> float:
    return uniform(w.seed, what, month, identity(called(w, one)), index=2 * case.plaintiff + case.role)


def _rule(w: Any, case: Any) -> None:
    """Rule on one case, or find that there is nothing left to rule on."""
    one, part = w.instruments[case.instrument], w.part("courts")
    struck_already = any(other.instrument == case.instrument and other.outcome == STRUCK for other in w.cases)
    if one.stage not in (Stage.IN_FORCE, Stage.SUSPENDED) or struck_already:
        case.outcome = MOOT
        return
    court, other = _parties(one, case.role)
    found = margins(w, one.type, court, other, one.text)
    test, margin = least(found)
    before = [earlier.margin for earlier in w.cases if earlier.outcome == STRUCK and earlier.court == court]
    stricter = part.reading * NormalDist().inv_cdf(_luck(w, luck.CASE_READING, case.filed, one, case))
    case.court, case.margin, case.asked = court, margin, max([stricter, *before])
    case.outcome = STRUCK if case.asked >= margin else UPHELD
    _tell(w, "ruling", case.instrument, court, other, 1.0 if case.outcome == STRUCK else 0.0)
    if case.outcome == STRUCK:
        bench, (given, asked) = _bench(w, court), found[test]
        case.ends = w.month + (0 if bench is None or math.isnan(bench.grace) else int(bench.grace))
        learnt = (w.asked_safeguards, w.asked_redress)[test]
        learnt[court] = max(learnt[court], given + part.heeded * (min(1.0, asked + case.asked) - given))


def _sue(w: Any) -> None:
    """Let plaintiffs complain of what is in force: each of one instrument, in one court, once at a time, and not of what has fallen."""
    pending = [(case.instrument, case.plaintiff, case.role) for case in w.cases if case.outcome == PENDING]
    fallen = {case.instrument for case in w.cases if case.outcome == STRUCK}
    for plaintiff, name in enumerate(PLAINTIFFS):
        for role in (0, 1):
            for row, one in enumerate(w.instruments):
                may = role in getattr(w.kinds[one.type], "challenged_by", {}).get(name, ())
                free = (row, plaintiff, role) not in pending and row not in fallen
                if may and free and one.stage == Stage.IN_FORCE and _parties(one, role) in w.facts:
                    _may_complain(w, row, one, plaintiff, role)


def _may_complain(w: Any, row: int, one: Any, plaintiff: int, role: int) -> None:
    """Let one plaintiff complain of one instrument, as luck has it; talks on a successor begin where it would more likely fall."""
    court, other = _parties(one, role)
    case, part, bench = SimpleNamespace(plaintiff=plaintiff, role=role), w.part("courts"), _bench(w, court)
    if bench is None:
        return
    of_people = PLAINTIFFS[plaintiff] == "people"
    rate = complaints(w, court, other, w.salience[other]) if of_people else part.parliament_rate * float(bench.parliament)
    if not _luck(w, luck.COMPLAINT, w.month, one, case) < 1.0 - math.exp(-rate / 12.0):
        return
    months = _pending(_luck(w, luck.CASE_MONTHS, w.month, one, case), bench)
    w.add("cases", instrument=row, role=role, plaintiff=plaintiff, filed=w.month, due=w.month + months)
    _tell(w, "complaint", row, court, other, float(plaintiff))
    margin = least(margins(w, one.type, court, other, one.text))[1]
    if margin < 0.0:
        reopen(w, row, pressed=False)


def _pending(u: float, bench: Any) -> int:
    """Return the months from complaint to ruling: half of all cases lie between the shortest and the median, half above it."""
    if u < 0.5:
        months = bench.least * (bench.median / bench.least) ** (2.0 * u)
    else:
        months = bench.median * (bench.most / bench.median) ** (2.0 * u - 1.0)
    return max(1, round(months))


def _tell(w: Any, what: str, row: int, court: str, other: str, value: float) -> None:
    w.say(code(what), party_a=court, party_b=other, type=w.instruments[row].type, instrument=row, value=value)
