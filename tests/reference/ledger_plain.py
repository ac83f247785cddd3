"""The ledger told row by row: what is opened, closed, signed, brought into force, ended, and whom it binds."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

from reference.consequences_plain import fill
from sim.contracts import is_screened
from sim.types import NEVER, Event, Institution, Reason, Stage, TalkStage

SAID = {
    (Stage.SIGNED, Stage.IN_FORCE): Event.ENTRY_INTO_FORCE,
    (Stage.SIGNED, Stage.TERMINATED): Event.TERMINATION,
    (Stage.IN_FORCE, Stage.SUSPENDED): Event.SUSPENSION,
    (Stage.IN_FORCE, Stage.COMPLETED): Event.COMPLETION,
    (Stage.IN_FORCE, Stage.EXPIRED): Event.EXPIRY,
    (Stage.IN_FORCE, Stage.TERMINATED): Event.TERMINATION,
    (Stage.SUSPENDED, Stage.IN_FORCE): Event.RESUMPTION,
    (Stage.SUSPENDED, Stage.EXPIRED): Event.EXPIRY,
    (Stage.SUSPENDED, Stage.TERMINATED): Event.TERMINATION,
    (Stage.SIGNED, Stage.ANNULLED): Event.ANNULMENT,
    (Stage.IN_FORCE, Stage.ANNULLED): Event.ANNULMENT,
    (Stage.SUSPENDED, Stage.ANNULLED): Event.ANNULMENT,
    (Stage.IN_FORCE, Stage.SUCCEEDED): Event.SUCCESSION,
    (Stage.SUSPENDED, Stage.SUCCEEDED): Event.SUCCESSION,
}
"""Every way an instrument goes, from where and where to, and what the ledger says of it."""
LIVING = (Stage.SIGNED, Stage.RATIFIED, Stage.IN_FORCE, Stage.SUSPENDED)
ROLES = ("first", "second")


def open_talk(w: Any, kind: str, first: str, second: str, initiator: str, package: int | None = None) -> int:
    """Open talks and say so; ``package``: those with which they make one."""
    if package is not None:
        w.talks[package].package = package
    row = w.add(
        "talks", type=kind, first=first, second=second, initiator=initiator, edge=(first, second), opened=w.month, last_contact=w.month,
        stage=TalkStage.OPEN, reason=Reason.NONE, credit=0, n_contacts=0, step=0, package=package,
    )  # fmt: skip
    w.open_talk[kind, first, second] = w.open_talk[kind, second, first] = row
    other = second if initiator == first else first
    w.say(Event.NEGOTIATION_OPENED, party_a=initiator, party_b=other, type=kind, talk=row)
    return row


def apart(w: Any, talk: Any) -> bool:
    """Say whether nothing is bargained over in some talks: a screening, or part of an accession."""
    return is_screened(w.kinds[talk.type]) or talk.accession is not None


def close_talk(w: Any, row: int, stage: TalkStage, reason: Reason = Reason.NONE) -> None:
    """Close talks and say how they ended."""
    talk = w.talks[row]
    talk.stage, talk.reason, talk.closed = stage, reason, w.month
    w.open_talk[talk.type, talk.first, talk.second] = w.open_talk[talk.type, talk.second, talk.first] = None
    event = Event.NEGOTIATION_CONCLUDED if stage is TalkStage.CONCLUDED else Event.NEGOTIATION_FAILED
    w.say(event, party_a=talk.first, party_b=talk.second, type=talk.type, talk=row, reason=reason)


def sign(w: Any, row: int, *, due: int, whole: float = 0.0, payment: float = 0.0) -> int:
    """Sign what talks concluded: an instrument, and each side's standing to it."""
    talk = w.talks[row]
    made = w.add(
        "instruments", type=talk.type, first=talk.first, second=talk.second, text=list(talk.text), stage=Stage.SIGNED, signed=w.month,
        due=due, term=NEVER, talk=row, package=talk.package, successor_of=talk.succeeds,
    )  # fmt: skip
    fill(w, made, whole=whole, payment=payment)
    for role, party in enumerate((talk.first, talk.second)):
        w.add("adherence", instrument=made, party=party, role=role, stage=Stage.SIGNED, since=w.month, until=NEVER)
    w.say(
        Event.SIGNATURE,
        party_a=talk.first,
        party_b=talk.second,
        type=talk.type,
        talk=row,
        instrument=made,
        value=w.instruments[made].commitment,
    )
    return made


def list_instrument(w: Any, listed: int, row: Any) -> None:
    """Enter an instrument of history that is in force as the run begins, without events."""
    first, second = row.parties[:2]
    made = w.add(
        "instruments", type=row.type, first=first, second=second, text=[float(x) for x in row.text], stage=Stage.IN_FORCE,
        signed=row.signed, due=row.in_force, in_force=row.in_force, term=NEVER, listed=listed,
    )  # fmt: skip
    fill(w, made, listed=True)
    for role, party in enumerate((first, second)):
        w.add("adherence", instrument=made, party=party, role=role, stage=Stage.IN_FORCE, since=row.in_force, until=NEVER)
    _bind_members(w, made, aloud=False)


def move(w: Any, row: int, stage: Stage, reason: Reason = Reason.NONE) -> None:
    """Move an instrument along a way that the law knows, and with it every standing to it that still lives."""
    instrument = w.instruments[row]
    said = SAID[Stage(instrument.stage), stage]
    if said is Event.ENTRY_INTO_FORCE:
        instrument.in_force = w.month
    instrument.stage = stage
    if stage not in LIVING:
        instrument.ended = w.month
    for standing in w.adherence:
        if standing.instrument == row and standing.stage in LIVING:
            standing.stage = stage
            if stage not in LIVING:
                standing.until = w.month
    first, second, kind = instrument.first, instrument.second, instrument.type
    w.say(said, party_a=first, party_b=second, type=kind, talk=instrument.talk, instrument=row, reason=reason)
    if stage is Stage.IN_FORCE:
        _bind_members(w, row, aloud=True)


def waiting(w: Any) -> list[int]:
    """List the standings of those who have signed and whose ratifiers have not decided."""
    return [at for at, one in enumerate(w.adherence) if waits(one)]


def waits(standing: Any) -> bool:
    """Say whether somebody has signed whose ratifiers have not decided."""
    return standing.stage == Stage.SIGNED and standing.institution not in (None, Institution.EXECUTIVE_ACT)


def ratify(w: Any, at: int) -> None:
    """One party's consent is given."""
    w.adherence[at].stage = Stage.RATIFIED
    _tell_vote(w, at, Event.RATIFICATION, Reason.NONE)


def end_unratified(w: Any, at: int, reason: Reason) -> None:
    """One party's consent is refused, and the instrument falls for both."""
    _tell_vote(w, at, Event.RATIFICATION_FAILED, reason)
    move(w, w.adherence[at].instrument, Stage.TERMINATED, reason)


def _tell_vote(w: Any, at: int, event: Event, reason: Reason) -> None:
    standing = w.adherence[at]
    one = w.instruments[standing.instrument]
    other = one.second if standing.role == 0 else one.first
    w.say(event, party_a=standing.party, party_b=other, type=one.type, talk=one.talk, instrument=standing.instrument, reason=reason)


def _bind_members(w: Any, row: int, *, aloud: bool) -> None:
    """Bind those whom a bloc's law binds to what the bloc has in force; not twice, as after a suspension."""
    for key in ROLES:
        bloc = getattr(w.instruments[row], key)
        if bloc not in w.blocs:
            continue
        bound = {one.party for one in w.adherence if (one.instrument, one.bound_by, one.stage) == (row, bloc, Stage.IN_FORCE)}
        for state in w.states:
            if w.bound[bloc, state] and state not in bound:
                bind(w, row, state, bloc, aloud=aloud)


def bind(w: Any, row: int, state: str, bloc: str, *, aloud: bool = True) -> None:
    """Bind a state to what its bloc has in force."""
    for role, key in enumerate(ROLES):
        if getattr(w.instruments[row], key) == bloc:
            w.add("adherence", instrument=row, party=state, role=role, bound_by=bloc, stage=Stage.IN_FORCE, since=w.month, until=NEVER)
            if aloud:
                w.say(Event.BOUND, party_a=state, party_b=bloc, type=w.instruments[row].type, instrument=row)


def let_go(w: Any, state: str, bloc: str) -> None:
    """Free a state from what its bloc's law bound it to; where the treaty says so, the state goes on in its own name."""
    for standing in w.adherence:
        if (standing.party, standing.bound_by) == (state, bloc) and standing.stage in (Stage.IN_FORCE, Stage.SUSPENDED):
            kind = w.instruments[standing.instrument].type
            goes_on = w.kinds[kind].leaver == "continues"
            if goes_on:
                standing.bound_by = None
            else:
                standing.stage, standing.until = Stage.TERMINATED, w.month
            event = Event.CONTINUED if goes_on else Event.RELEASED
            w.say(event, party_a=state, party_b=bloc, type=kind, instrument=standing.instrument)


def read_coverage(w: Any) -> None:
    """Read from instruments and standings who is bound to whom, and what part of the data each text lets move."""
    w.in_force = dict.fromkeys(w.in_force, False)
    w.freed = dict.fromkeys(w.freed, 0.0)
    alive: defaultdict[int, list[Any]] = defaultdict(list)
    for standing in w.adherence:
        if standing.stage == Stage.IN_FORCE and w.instruments[standing.instrument].stage == Stage.IN_FORCE:
            alive[standing.instrument].append(standing)
    for row, standings in alive.items():
        instrument = w.instruments[row]
        for one, other in _bound_to_each_other(instrument, standings):
            for key in ((instrument.type, one, other), (instrument.type, other, one)):
                if key in w.in_force:
                    w.in_force[key] = True
                    w.freed[key] = max(w.freed[key], instrument.moving)


def _bound_to_each_other(instrument: Any, standings: list[Any]) -> list[tuple[str, str]]:
    """Pair one side with the other; in a treaty of many all with all, but for a bloc and those who are bound through it."""
    if instrument.conference is None:
        firsts, seconds = ([one.party for one in standings if one.role == role] for role in (0, 1))
        return list(itertools.product(firsts, seconds))
    pairs = itertools.combinations(standings, 2)
    return [(one.party, other.party) for one, other in pairs if one.bound_by != other.party and other.bound_by != one.party]
