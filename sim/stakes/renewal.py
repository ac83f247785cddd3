"""Talks on what would replace an instrument: when they open, what a side signs for, and how a deadline hurries them."""

from __future__ import annotations

import numpy as np

from sim.arrays import where_true
from sim.contracts import are_alike, is_screened
from sim.ledger import among_pair, open_talk, shut_at
from sim.stakes.governments import led
from sim.stakes.keeping import held
from sim.stakes.payoffs import midway_gains
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import Floats, Ints, World
from sim.types import Stage, TalkStage

_ALIVE = (Stage.IN_FORCE, Stage.SUSPENDED)


def reopen(world: World, row: int, *, pressed: bool) -> int:
    """Open talks on a successor of an instrument in the same roles, or hurry those that are open; return their row, -1 where none are.

    None open where the type is screened or not negotiated, a side does not speak for itself, the two are barred, or a side would lose by
    the text halfway between both sides' own. Open talks in the other order of roles do where the two roles are alike. Where the roles
    differ, those talks are about something else: they are left as they are, and none open beside them.

    Parameters
    ----------
    row : int
        The instrument.
    pressed : bool
        Whether it has ended, so that the talks are held under a deadline.
    """
    setting, instruments, talks = world.setting, world.instruments, world.talks
    t, first, second = (int(instruments[key][row]) for key in ("type", "first", "second"))
    edge = setting.edges.find(first, second)
    if edge < 0 or not setting.negotiated[t] or is_screened(setting.types[t]):
        return -1
    talk = int(world.open_talk[t, edge])
    if talk >= 0:
        if talks["first"][talk] != first and not are_alike(setting.types[t]):
            return -1
        talks["succeeds"][talk], talks["pressed"][talk] = row, pressed or bool(talks["pressed"][talk])
        return talk
    waiting = (instruments["type"] == t) & (instruments["stage"] == Stage.SIGNED) & among_pair(instruments, first, second)
    if waiting.any():
        # What is signed already waits for its day.
        return -1
    if world.principal[t, first] != first or world.principal[t, second] != second or shut_at(world, np.array([edge]))[0]:
        return -1
    one = np.array([first], dtype=np.int32), np.array([second], dtype=np.int32)
    groups = Groups(*one, np.array([edge]), setting.edges.rev[[edge]], issues_of(setting))
    gains = midway_gains(led(world, t, setting.types[t].coefficients(world, groups).dyads(), *one))[0]
    if not (gains > 0.0).all():
        return -1
    talk = open_talk(world, t, first, second, second, succeeds=row)
    talks["pressed"][talk] = pressed
    return talk


def press(world: World, sessions: int, rounds: int) -> None:
    """Give open talks under a deadline a month's sessions, each as a contact that gives some rounds."""
    talks = world.talks
    rows = where_true((talks["stage"] == TalkStage.OPEN) & talks["pressed"])
    if sessions and len(rows):
        talks["credit"][rows] += sessions * rounds
        talks["n_contacts"][rows] += sessions
        talks["last_contact"][rows] = world.month


def kept_gain(world: World, row: int) -> Floats:
    """Return what the instrument that some talks, ``row``, would replace brings each side of the talks, (2,), bp; 0 if it has ended."""
    old = int(world.talks["succeeds"][row])
    if old < 0 or int(world.instruments["stage"][old]) not in _ALIVE:
        return np.zeros(2)
    value = np.nan_to_num(np.maximum(0.0, held(world, np.array([old])).value[0]))
    return np.asarray(value if world.instruments["first"][old] == world.talks["first"][row] else value[::-1])


def renewing(world: World, rows: Ints) -> Ints:
    """Return the places of those of some talks that would replace an instrument that still lives."""
    old = world.talks["succeeds"][rows]
    at = where_true(old >= 0)
    return at[np.isin(world.instruments["stage"][old[at]], _ALIVE)] if len(at) else at
