"""Words kept and broken, instrument by instrument: a breach is unseen, found, answered or left, cured, or over."""

from __future__ import annotations

import math
from typing import Any

from reference.keeping_plain import anniversary, called, damage, halfway_worth, held, of_two
from reference.ledger_plain import move
from reference.plain_world import View, code
from reference.staff_plain import talks_in_bp
from sim import luck
from sim.rng import identity, uniform
from sim.types import Reason, Stage

UNSEEN, FOUND, ANSWERED, LEFT, CURED, OVER = range(6)
GOES_ON = (UNSEEN, FOUND, ANSWERED, LEFT)
VALUE, UNKNOWN, SAVING, BETWEEN = (
    tuple(f"{name}_{side}" for side in ("first", "second")) for name in ("value", "unseen", "saving", "halfway")
)


def step(w: Any, decide: Any) -> None:
    """Look in January at what all is worth; let every breach go its way; then let sides with an anniversary decide."""
    if w.month == w.config.start or w.month % 12 == 0:
        _value(w)
    for breach in w.breaches:
        if breach.standing in GOES_ON:
            _go_on(w, breach)
    _anniversaries(w)


def _value(w: Any) -> None:
    """Renew what is in force is worth; as the run begins, add what its parties must have gained by it beyond what the model sees."""
    view = View(w)
    for _, one in of_two(w, Stage.IN_FORCE):
        value, saving = held(w, one, view)
        between = halfway_worth(w, one, view)
        for role in (0, 1):
            if w.month == w.config.start:
                setattr(one, UNKNOWN[role], 0.0 if math.isnan(value[role]) else max(0.0, talks_in_bp(w, one, role) - value[role]))
            more = getattr(one, UNKNOWN[role])
            setattr(one, VALUE[role], more + (0.0 if math.isnan(value[role]) else value[role]))
            setattr(one, BETWEEN[role], -math.inf if math.isnan(between[role]) else more + between[role])
            setattr(one, SAVING[role], 0.0 if math.isnan(saving[role]) else saving[role])


def _anniversaries(w: Any) -> None:
    """Let sides break their word where that pays in secret, and stop where it no longer does."""
    part = w.part("compliance")
    looked = [(row, one) for row, one in of_two(w, Stage.IN_FORCE, Stage.SUSPENDED) if anniversary(w, one)]
    looked = [(row, one) for row, one in looked if one.stage == Stage.IN_FORCE or _running(w, row)]
    for role in (0, 1) if part.temptation > 0.0 else ():
        begun, ended = [], []
        for row, one in looked:
            party = (one.first, one.second)[role]
            pressed, price = _pressed(w, one, role, w.month), _price(w, one, role)
            if one.stage == Stage.IN_FORCE and pressed > _chance(part, one, 1.0) * price:
                begun.append((row, one, role))
            ended.append((row, party, pressed > _chance(part, one, 1.0) * price, pressed > price))
        for row, one, side in begun:
            _break(w, row, one, side)
        for row, party, in_secret, in_the_open in ended:
            for breach in _running(w, row, party):
                if breach.standing == UNSEEN and not in_secret:
                    breach.standing = OVER
                elif breach.standing != UNSEEN and not in_the_open and breach.cure is None:
                    breach.cure = w.month + _months(w, w.instruments[row], party)


def _chance(part: Any, one: Any, years: float) -> float:
    """Return the chance that a breach of an instrument is found out within some years: the sooner, where it has a procedure."""
    rate = part.detection * (part.procedure_detects if one.disputes else 1.0)
    return 1.0 - math.exp(-rate * years)


def _drawn(w: Any, what: Any, month: int, one: Any, party: str) -> float:
    return uniform(w.seed, what, month, identity(called(w, one)), identity(party))


def _pressed(w: Any, one: Any, role: int, year: int) -> float:
    """Return what breaking its word is worth to a side under the pressure of a year."""
    pressure = -math.log(_drawn(w, luck.TEMPTATION, year, one, (one.first, one.second)[role]))
    return float(getattr(one, SAVING[role]) * w.part("compliance").temptation * pressure)


def _price(w: Any, one: Any, role: int) -> float:
    """Return what being found out costs: years of this instrument, a part of the others for a time, and standing at home."""
    part, party = w.part("compliance"), (one.first, one.second)[role]
    others = 0.0
    for _, other in of_two(w, Stage.IN_FORCE):
        for side, who in enumerate((other.first, other.second)):
            if who == party and other is not one:
                others += max(0.0, getattr(other, VALUE[side]))
    liberal = 1.0 if party in w.blocs else w.figure("regime", party) / 3.0
    suspended = part.suspended_years * max(0.0, getattr(one, VALUE[role]))
    return suspended + part.memory_years * part.deals_lost * others + part.audience * liberal


def _running(w: Any, row: int, party: str | None = None) -> list[Any]:
    """List the breaches of one instrument that go on, of one party or of either."""
    return [one for one in w.breaches if one.instrument == row and one.standing in GOES_ON and party in (None, one.party)]


def _break(w: Any, row: int, one: Any, role: int) -> None:
    party, other = (one.first, one.second) if role == 0 else (one.second, one.first)
    if not _running(w, row, party):
        w.add("breaches", instrument=row, party=party, other=other, began=w.month)
        _tell(w, "breach", row, party, other)


def _go_on(w: Any, breach: Any) -> None:
    """Let one breach go its way for a month."""
    part, one, row = w.part("compliance"), w.instruments[breach.instrument], breach.instrument
    if one.stage not in (Stage.IN_FORCE, Stage.SUSPENDED):
        breach.standing = OVER
    elif breach.standing == UNSEEN:
        if _drawn(w, luck.BREACH_FOUND, w.month, one, breach.party) < _chance(part, one, 1.0 / 12.0):
            _find(w, breach, one)
    elif breach.cure is not None and breach.cure <= w.month:
        breach.standing = CURED
        _tell(w, "breach_cured", row, breach.party, breach.other)
        answered = any(another.standing == ANSWERED for another in _running(w, row))
        if not answered and one.suspended_for in (2, 3):
            one.suspended_for -= 2
            if one.stage == Stage.SUSPENDED and one.suspended_for == 0:
                move(w, row, Stage.IN_FORCE)
    elif breach.standing == FOUND and w.month - breach.found >= part.cure_deadline:
        _answer(w, breach, one)
    elif breach.standing == ANSWERED and w.month - breach.answered >= part.patience:
        move(w, row, Stage.TERMINATED, Reason.NOT_CURED)
        breach.standing = OVER


def _find(w: Any, breach: Any, one: Any) -> None:
    """Bring a breach to light: who would not break its word where all see it, under this year's pressure, makes it good."""
    breach.standing, breach.found = FOUND, w.month
    _tell(w, "breach_found", breach.instrument, breach.party, breach.other)
    role = 0 if one.first == breach.party else 1
    year = w.month - (w.month - one.in_force) % 12
    if _pressed(w, one, role, year) <= _price(w, one, role) or _brought(w, breach, one, role):
        breach.cure = w.month + _months(w, one, breach.party)


def _brought(w: Any, breach: Any, one: Any, role: int) -> bool:
    """Let the wronged side go to the procedure of the text, if it pays for its staff; say whether it is then made good."""
    part = w.part("compliance")
    if not one.disputes:
        return False
    staff, lost = part.procedure_staff * talks_in_bp(w, one, 1 - role), damage(w, one, role)
    if lost <= 0.0 or part.followed * lost < staff:
        return False
    told = {"type": one.type, "instrument": breach.instrument, "value": staff * w.gdp[breach.other] / 1e4}
    w.say(code("procedure"), party_a=breach.other, party_b=breach.party, **told)
    return _drawn(w, luck.PROCEDURE, w.month, one, breach.party) < part.followed


def _answer(w: Any, breach: Any, one: Any) -> None:
    """Let the other side suspend, the more readily the more it loses by the breach of what the instrument is worth to it."""
    role = 0 if one.first == breach.party else 1
    lost = max(0.0, damage(w, one, role)) / max(getattr(one, VALUE[1 - role]), 1e-12)
    if _drawn(w, luck.ANSWER, w.month, one, breach.party) < w.part("compliance").answered * min(1.0, lost):
        breach.standing, breach.answered = ANSWERED, w.month
        if one.suspended_for in (0, 1):
            one.suspended_for += 2
        if one.stage == Stage.IN_FORCE:
            move(w, breach.instrument, Stage.SUSPENDED, Reason.IN_KIND)
    else:
        breach.standing = LEFT


def _months(w: Any, one: Any, party: str) -> int:
    """Return after how many months a breach is made good."""
    return 1 + int(-w.part("compliance").cure_months * math.log(_drawn(w, luck.CURE, w.month, one, party)))


def _tell(w: Any, what: str, row: int, party: str, other: str) -> None:
    w.say(code(what), party_a=party, party_b=other, type=w.instruments[row].type, instrument=row)
