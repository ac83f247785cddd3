"""A fault planted in what becomes of promises is found by the plain twins: wrong months, missing events, endings that end nothing."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from promise_worlds import broken, restless, sued, swift
from twins import walk
from worlds import setting_of

from sim import ledger
from sim.ledger import suspended
from sim.mechanisms import bargaining, entry, withdrawals
from sim.mechanisms.certification import Certification
from sim.mechanisms.compliance import rule as compliance
from sim.mechanisms.compliance.rule import Compliance
from sim.mechanisms.courts import rule as courts
from sim.mechanisms.courts.rule import Courts
from sim.mechanisms.durability import rule as durability
from sim.mechanisms.durability.rule import Durability
from sim.mechanisms.effects.rule import Effects
from sim.mechanisms.entry import EntryIntoForce
from sim.mechanisms.executives import Executives
from sim.mechanisms.roster import rule as roster
from sim.mechanisms.trust.rule import Trust
from sim.mechanisms.walkouts import Walkouts
from sim.mechanisms.withdrawals import Withdrawals
from sim.stakes import packages
from sim.state.world import Setting, World
from sim.types import Event, Reason, Stage

Patch = pytest.MonkeyPatch


@functools.cache
def words() -> Setting:
    return setting_of(broken("2000-08", 120, shocks=[{"kind": "leak"}]))


@functools.cache
def later_words() -> Setting:
    return setting_of(broken())


@functools.cache
def members() -> Setting:
    return setting_of(restless())


@functools.cache
def cases() -> Setting:
    return swift(setting_of(sued()))


def instead(patch: Patch, owner: Any, name: str, result: Any = None) -> None:
    patch.setattr(owner, name, lambda *args, **kwargs: result)


def with_value(patch: Patch, owner: Any, name: str, spoil: Callable[..., Any]) -> None:
    """Let a function or method do its work, and hand back what is made of its result."""
    honest = getattr(owner, name)
    patch.setattr(owner, name, lambda *args, **kwargs: spoil(honest(*args, **kwargs)))


def after(patch: Patch, owner: Any, name: str, spoil: Callable[..., Any]) -> None:
    """Let a function or method do its work, and then spoil what it was given."""
    honest = getattr(owner, name)

    def faulty(*args: Any, **kwargs: Any) -> Any:
        result = honest(*args, **kwargs)
        spoil(*args)
        return result

    patch.setattr(owner, name, faulty)


def as_if(patch: Patch, part: type, **more: float) -> None:
    """Let a mechanism live by parameters that are so much larger."""
    honest: Any = part.step  # type: ignore[attr-defined]

    def faulty(self: Any, world: World, decide: Any) -> None:
        honest(dataclasses.replace(self, **{name: getattr(self, name) + value for name, value in more.items()}), world, decide)

    patch.setattr(part, "step", faulty)


def moves(patch: Patch, module: Any, stage: Stage, spoil: Callable[..., Any]) -> None:
    """Let moves to one stage go another way."""

    def faulty(world: World, row: int, to: Stage, reason: int = Reason.NONE) -> None:
        if to is stage:
            spoil(world, row, to, reason)
        else:
            ledger.move(world, row, to, reason)

    patch.setattr(module, "move", faulty)


def unsaid(patch: Patch, part: type, what: str) -> None:
    """Let one event be left out of the ledger."""
    honest: Any = part._tell  # type: ignore[attr-defined]
    patch.setattr(
        part, "_tell", lambda self, world, said, *rest, **more: None if said == what else honest(self, world, said, *rest, **more)
    )


def in_silence(world: World, row: int, stage: Stage, reason: int) -> None:
    world.instruments["stage"][row] = stage


def with_a_new_date(world: World, row: int, stage: Stage, reason: int) -> None:
    ledger.move(world, row, stage, reason)
    world.instruments["in_force"][row] = world.month


def still_binding(world: World, row: int, stage: Stage, reason: int) -> None:
    ledger.move(world, row, stage, reason)
    places = world.adherence["instrument"] == row
    world.adherence["stage"][places], world.adherence["until"][places] = Stage.IN_FORCE, 2**31 - 1


def for_no_reason(world: World, row: int, stage: Stage, reason: int) -> None:
    ledger.move(world, row, stage)


def not_at_all(world: World, row: int, stage: Stage, reason: int) -> None:
    return


def more(months: int) -> int:
    return months + 1


def as_ever(_: Executives, world: World, *__: Any) -> None:
    world.in_office[:] = 0


def what_ended_covers_still(world: World) -> None:
    ended = np.flatnonzero(world.instruments["stage"] == Stage.ANNULLED)
    for row in ended:
        t, first, second = (int(world.instruments[key][row]) for key in ("type", "first", "second"))
        world.in_force[t, world.setting.edges.find(first, second)] = True


def trade_of_what_ended(self: Effects, world: World, *_: Any) -> None:
    ended = np.flatnonzero(world.instruments["stage"] == Stage.ANNULLED)
    for row in ended:
        edge = world.setting.edges.find(int(world.instruments["first"][row]), int(world.instruments["second"][row]))
        world.trade[edge] *= 1.01


def money_of_what_ended(self: Effects, world: World, *_: Any) -> None:
    ended = np.flatnonzero(
        np.isin(world.instruments["stage"], (Stage.TERMINATED, Stage.SUSPENDED)) & (world.instruments["commitment"] > 0.0)
    )
    for row in ended:
        world.paid[int(world.instruments["first"][row])] += world.instruments["commitment"][row] / 100.0


FAULTS: dict[tuple[str, str], tuple[Callable[[], Setting], int, Callable[[Patch], None]]] = {
    ("compliance", "a breach is found in another month"): (words, 2, lambda p: as_if(p, Compliance, detection=-2.0)),
    ("compliance", "nobody hears of a breach that is found"): (words, 2, lambda p: unsaid(p, Compliance, "breach_found")),
    ("compliance", "nobody hears of a breach that is cured"): (words, 2, lambda p: unsaid(p, Compliance, "breach_cured")),
    ("compliance", "nobody goes to a procedure"): (words, 2, lambda p: instead(p, Compliance, "_settled", False)),
    ("compliance", "nobody hears of a procedure"): (words, 2, lambda p: unsaid(p, Compliance, "procedure")),
    ("compliance", "procedures find nothing sooner"): (words, 2, lambda p: as_if(p, Compliance, procedure_detects=-0.5)),
    ("compliance", "procedures cost nothing"): (words, 2, lambda p: as_if(p, Compliance, procedure_staff=-0.25)),
    ("compliance", "nobody follows a procedure"): (words, 1, lambda p: as_if(p, Compliance, followed=-0.4)),
    ("compliance", "a breach is answered a month late"): (words, 2, lambda p: as_if(p, Compliance, cure_deadline=1)),
    ("compliance", "patience lasts a month more"): (words, 2, lambda p: as_if(p, Compliance, patience=1)),
    ("compliance", "what is answered goes on"): (words, 2, lambda p: moves(p, suspended, Stage.SUSPENDED, not_at_all)),
    ("compliance", "what is answered is so for no reason"): (words, 2, lambda p: moves(p, suspended, Stage.SUSPENDED, for_no_reason)),
    ("compliance", "what is cured never resumes"): (words, 1, lambda p: moves(p, suspended, Stage.IN_FORCE, not_at_all)),
    ("compliance", "what is cured resumes with a new date"): (words, 1, lambda p: moves(p, suspended, Stage.IN_FORCE, with_a_new_date)),
    ("compliance", "what is not cured is suspended for ever"): (words, 2, lambda p: moves(p, compliance, Stage.TERMINATED, not_at_all)),
    ("compliance", "what is not cured ends in silence"): (words, 2, lambda p: moves(p, compliance, Stage.TERMINATED, in_silence)),
    ("compliance", "what is not cured binds still"): (words, 2, lambda p: moves(p, compliance, Stage.TERMINATED, still_binding)),
    ("compliance", "every breach takes all"): (words, 0, lambda p: instead(p, compliance, "damage", np.inf)),
    ("compliance", "reputation is not for sale"): (words, 2, lambda p: as_if(p, Compliance, deals_lost=5.0)),
    ("compliance", "cures take a month more"): (words, 2, lambda p: with_value(p, Compliance, "_months_to_cure", more)),
    ("compliance", "a cure ends the answer to another breach"): (words, 4, lambda p: instead(p, Compliance, "_answered", False)),
    ("compliance", "what history left is worth what the model sees"): (words, 2, lambda p: instead(p, Compliance, "_value")),
    ("durability", "texts say nothing of their life"): (words, 2, lambda p: instead(p, Durability, "_settle")),
    ("durability", "history says nothing of its life"): (later_words, 7, lambda p: instead(p, Durability, "_listed")),
    ("durability", "reviews open nothing"): (words, 2, lambda p: instead(p, durability, "reopen", -1)),
    ("durability", "reviews open whatever they like"): (words, 2, lambda p: instead(p, Durability, "_better", True)),
    ("durability", "nobody hears of reviews"): (words, 2, lambda p: unsaid(p, Durability, "review")),
    ("durability", "terms run out"): (later_words, 7, lambda p: instead(p, Durability, "_end_of_term")),
    ("durability", "nobody hears of a prolongation"): (later_words, 7, lambda p: unsaid(p, Durability, "prolongation")),
    ("durability", "clauses last six months more"): (words, 2, lambda p: with_value(p, durability, "within", lambda months: months + 6)),
    ("withdrawals", "notice is of a month more"): (words, 2, lambda p: as_if(p, Withdrawals, silent_notice=1)),
    ("withdrawals", "what was left lives on"): (words, 2, lambda p: instead(p, Withdrawals, "_take_effect")),
    ("withdrawals", "what was left ends for no reason"): (words, 2, lambda p: moves(p, withdrawals, Stage.TERMINATED, for_no_reason)),
    ("withdrawals", "what was left binds still"): (words, 2, lambda p: moves(p, withdrawals, Stage.TERMINATED, still_binding)),
    ("withdrawals", "new governments look at nothing"): (words, 2, lambda p: instead(p, Withdrawals, "_new_governments")),
    ("withdrawals", "nobody is infected"): (words, 2, lambda p: as_if(p, Withdrawals, contagion=-50.0)),
    ("withdrawals", "losers wait a year more"): (words, 2, lambda p: as_if(p, Withdrawals, losing_looks=1)),
    ("withdrawals", "nobody hears of a notice"): (words, 2, lambda p: unsaid(p, Withdrawals, Event.DENUNCIATION)),  # type: ignore[arg-type]
    ("courts", "a case lasts a month more"): (cases, 7, lambda p: with_value(p, courts, "pending_months", more)),
    ("courts", "nobody hears of a complaint"): (cases, 7, lambda p: unsaid(p, Courts, "complaint")),
    ("courts", "nobody hears of a ruling"): (cases, 7, lambda p: unsaid(p, Courts, "ruling")),
    ("courts", "courts read the text mildly"): (cases, 7, lambda p: with_value(p, courts, "stricter", lambda asked: asked - 0.3)),
    ("courts", "precedents bind nobody"): (cases, 5, lambda p: instead(p, Courts, "_struck_before", -np.inf)),
    ("courts", "rulings teach nothing"): (cases, 7, lambda p: as_if(p, Courts, heeded=-0.5)),
    ("courts", "what is struck never ends"): (cases, 7, lambda p: instead(p, Courts, "_annulled", [])),
    ("courts", "what is struck binds still"): (cases, 7, lambda p: moves(p, courts, Stage.ANNULLED, still_binding)),
    ("courts", "what is struck ends in silence"): (cases, 7, lambda p: moves(p, courts, Stage.ANNULLED, in_silence)),
    ("courts", "nobody talks anew"): (cases, 7, lambda p: instead(p, courts, "reopen", -1)),
    ("courts", "leaks are never forgotten"): (cases, 7, lambda p: instead(p, Courts, "_left", 1.0)),
    ("courts", "what was struck may be sued again"): (cases, 5, lambda p: with_value(p, Courts, "_fallen", lambda found: set())),
    ("entry", "what is replaced lives on"): (words, 2, lambda p: instead(p, EntryIntoForce, "_replaced", [])),
    ("entry", "what is replaced binds still"): (words, 2, lambda p: moves(p, entry, Stage.SUCCEEDED, still_binding)),
    ("bargaining", "nobody is in a hurry"): (cases, 7, lambda p: instead(p, bargaining, "press")),
    ("bargaining", "what is in force counts for nothing"): (cases, 7, lambda p: instead(p, packages, "kept_gain", np.zeros(2))),
    ("certification", "nobody comes back"): (cases, 14, lambda p: instead(p, Certification, "_before", 0.0)),
    ("certification", "firms certify faster"): (cases, 7, lambda p: as_if(p, Certification, growth=0.01)),
    ("trust", "breaches teach nobody else"): (words, 2, lambda p: instead(p, Trust, "_spread")),
    ("trust", "promises teach nothing"): (words, 2, lambda p: instead(p, Trust, "_learn")),
    ("trust", "cures are not seen"): (words, 2, lambda p: as_if(p, Trust, mended=-1.0)),
    ("executives", "governments have been there for ever"): (words, 2, lambda p: after(p, Executives, "step", as_ever)),
    ("walkouts", "nobody walks out"): (members, 1, lambda p: as_if(p, Walkouts, bar=1e3)),
    ("walkouts", "what the coalition has is worth nothing"): (members, 1, lambda p: instead(p, Walkouts, "together", 0.0)),
    ("walkouts", "members go a year late"): (members, 1, lambda p: as_if(p, Walkouts, looks=1)),
    ("roster", "what was annulled covers still"): (cases, 7, lambda p: after(p, roster, "renew_coverage", what_ended_covers_still)),
    ("effects", "trade keeps what an annulled framework added"): (cases, 7, lambda p: after(p, Effects, "step", trade_of_what_ended)),
    ("effects", "money goes on after an ending"): (words, 2, lambda p: after(p, Effects, "step", money_of_what_ended)),
}  # fmt: skip
"""By mechanism and fault: the world and seed in which there is occasion for it, and how it is planted."""


@pytest.mark.parametrize(("mechanism", "fault"), FAULTS)
def test_a_fault_in_what_becomes_of_promises_is_found(mechanism: str, fault: str, monkeypatch: Patch) -> None:
    setting, seed, plant = FAULTS[mechanism, fault]
    made = setting()
    plant(monkeypatch)
    hands = dict.fromkeys(range(96), twice) if mechanism == "courts" else None
    assert walk(made, seed, only=mechanism, stop=True, hands=hands).differences[mechanism] != []


def test_every_twin_of_promises_has_found_a_fault() -> None:
    assert {mechanism for mechanism, _ in FAULTS} >= {"compliance", "durability", "withdrawals", "courts", "certification", "walkouts"}


def twice(world: World) -> None:
    """Let a parliament take to court what people have taken there, so that two cases on one text are pending."""
    cases = world.cases
    for c in np.flatnonzero((cases["outcome"] == courts.PENDING) & (cases["plaintiff"] == 0) & (cases["filed"] == world.month - 1)):
        row, due = int(cases["instrument"][c]), int(cases["due"][c])
        cases.append(instrument=row, role=int(cases["role"][c]), plaintiff=1, filed=world.month, due=due + 1)
