"""Ratification, signature by signature: who must consent and when it decides, what it decides, and what follows."""

from __future__ import annotations

import math
from typing import Any

from reference.ledger_plain import end_unratified, move, ratify, waiting, waits
from reference.linkage_plain import signed_together
from reference.ratifiers_plain import consent, name_of
from sim import luck
from sim.rng import exponential, identity
from sim.types import Institution, Reason, Stage


def step(w: Any, decide: Any) -> None:
    """Put the month's signatures to their ratifiers, ask those whose month has come, and commit or end what they decide."""
    fresh = [row for row, one in enumerate(w.instruments) if one.stage == Stage.SIGNED and one.signed == w.month]
    for row in fresh:
        _put(w, row, w.instruments[row])
    for row in fresh:
        _commit(w, row)
    asked = [at for at in waiting(w) if w.adherence[at].vote == w.month]
    answers = decide.ratify(w, asked) if asked else []
    for at, answer in zip(asked, answers, strict=True):
        row = w.adherence[at].instrument
        if not waits(w.adherence[at]):
            continue  # the other side's refusal, this very month, left nothing to decide
        if answer == Reason.NONE:
            ratify(w, at)
            for half in signed_together(w, row):
                _commit(w, half)
        else:
            end_unratified(w, at, answer)
            for half in signed_together(w, row):
                if half != row:
                    move(w, half, Stage.TERMINATED, Reason.LINKED_FELL)
                _rest(w, half, w.month + w.part("bargaining").rest_after_failure)


def _put(w: Any, row: int, instrument: Any) -> None:
    """Tell each side's standing who must consent and when; the pair rests until the last of them has decided."""
    signatories = [one for one in w.adherence if one.instrument == row]
    for standing in signatories:
        standing.institution = consent(w, instrument.type, standing.party)[0]
        if standing.institution is not Institution.EXECUTIVE_ACT:
            standing.vote = w.month + 1 + math.floor(_wait(w, instrument, standing))
    votes = [one.vote for one in signatories if one.vote is not None]
    if votes:
        _rest(w, row, max(votes) + 2)


def _wait(w: Any, instrument: Any, standing: Any) -> float:
    mean = getattr(w.part("ratification"), f"months_{standing.institution.name.lower()}")
    talk = w.talks[instrument.talk]
    return mean * exponential(w.seed, luck.VOTE, w.month, identity(name_of(talk)), identity(standing.party))


def _commit(w: Any, row: int) -> None:
    """Promise the capacity that the funds will build, once nobody's consent is missing."""
    instrument, together = w.instruments[row], signed_together(w, row)
    if instrument.commitment > 0.0 and not any(w.adherence[at].instrument in together for at in waiting(w)):
        w.committed[instrument.second] += instrument.commitment / w.kinds[instrument.type].cost_per_mw


def _rest(w: Any, row: int, until: int) -> None:
    one = w.instruments[row]
    for key in ((one.type, one.first, one.second), (one.type, one.second, one.first)):
        w.cooldown[key] = max(w.cooldown[key], until)
