"""Which moves are possible now: every other one is refused in one sentence that says why and what could be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.bargains.feasible import feasible
from sim.bargains.problems import Problems
from sim.data.codes import meant
from sim.decide.staff import free_desks
from sim.ledger import bars, without_members
from sim.seat.hand import worth_to
from sim.seat.moves import OF_TALKS, Move
from sim.seat.standing import mandate_of, open_rows, side_of, standing, text_of
from sim.stakes.packages import tabled
from sim.state.world import Setting, World
from sim.types import TalkStage, UserError, month_label, nearest


def seat_of(setting: Setting, code: Any) -> int:
    """Return the place of a seat on the P axis.

    Raises
    ------
    UserError
        If there is no such party.
    """
    if code not in setting.codes:
        raise UserError(f"there is no seat {code!r} in this roster; {meant(code, setting.codes)}")
    return setting.codes.index(code)


def check(world: World, seat: str, move: Move, before: Sequence[Move] = ()) -> None:
    """Refuse a move that is not possible this month.

    Parameters
    ----------
    world : World
        As the month begins.
    seat : str
        Code of the party that is played.
    move : Move
    before : sequence of Move
        The seat's earlier moves.

    Raises
    ------
    UserError
        If the month, the party, the talks or the text are not ones the seat could choose now.
    """
    setting, names = world.setting, world.setting.type_names
    if move.month != world.month:
        when = "is past" if move.month < world.month else "is still to come"
        raise UserError(f"{month_label(move.month)} {when}; the month to play is {month_label(world.month)}")
    if move.party != seat:
        raise UserError(f"the seat played is {seat}; {move.party} moves by the model's own rules")
    me = seat_of(setting, seat)
    able = [name for name, may in zip(names, setting.negotiated.tolist(), strict=True) if may]
    if move.type not in able:
        raise UserError(f"no two parties negotiate on {move.type!r} here; {nearest(move.type, able)}")
    if move.other not in setting.codes:
        raise UserError(f"there is no party {move.other!r} in this roster; {meant(move.other, setting.codes)}")
    t, other = names.index(move.type), setting.codes.index(move.other)
    if setting.edges.find(me, other) < 0:
        raise UserError(f"{seat} keeps no eye on {move.other}, so the two never negotiate")
    if move.issue is not None and move.issue not in setting.types[t].issues:
        raise UserError(f"{move.type} has no issue {move.issue!r}; {nearest(move.issue, setting.types[t].issues)}")
    row = _open_with(world, me, t, other)
    if move.kind == "propose":
        _check_proposal(world, me, t, other)
    elif move.kind in OF_TALKS:
        _check_talks(world, me, t, other, row, move)
        _check_word(world, me, row, move, before)
    elif move.kind == "red_line" and row >= 0:
        _check_red_line(world, me, row, move, before)


def why_not_now(world: World, seat: int, t: int, other: int) -> str:
    """Say why talks on a type cannot be opened with a party this month, empty where they can (contacts and desks apart)."""
    setting, edges = world.setting, world.setting.edges
    edge = edges.find(seat, other)
    mine, theirs, name = setting.codes[seat], setting.codes[other], setting.types[t].name
    if without_members(world)[[seat, other]].any():
        return f"one of {mine} and {theirs} is a bloc that nobody is in"
    if world.blocked[edge]:
        return f"{mine} and {theirs} are a bloc and its member, which never negotiate with each other"
    if world.hostile[edge]:
        return f"{mine} and {theirs} are too hostile for talks to begin"
    if bars(world, edge):
        return f"sanctions or a war bar {mine} and {theirs} from agreements"
    for party in (seat, other):
        speaker = int(world.principal[t, party])
        if speaker != party:
            who = "nobody" if speaker < 0 else setting.codes[speaker]
            return f"{setting.codes[party]} does not speak for itself on {name}: {who} does"
    if world.open_talk[t, edge] >= 0:
        return f"{mine} and {theirs} already negotiate on {name}"
    for s in np.flatnonzero(setting.rules_out[t]):
        if world.in_force[s, edge]:
            return f"{mine} and {theirs} have a {setting.types[s].name} in force, which leaves nothing to settle in a {name}"
    if world.cooldown[t, edge] > world.month:
        return f"{mine} and {theirs} let {name} rest until {month_label(int(world.cooldown[t, edge]))}"
    if world.role[t, edge] < 0 or world.prospect[t, edge] <= 0.0:
        return f"{theirs} will not come to the table: a {name} with {mine} promises the two no gain to share"
    return ""


def _check_proposal(world: World, me: int, t: int, other: int) -> None:
    why = why_not_now(world, me, t, other)
    if why:
        raise UserError(f"talks cannot be proposed: {why}")
    for party in (me, other):
        if int(free_desks(world)[party]) < 1:
            raise UserError(f"talks cannot be proposed: {world.setting.codes[party]} has no desk free; it must end other talks first")


def _check_talks(world: World, me: int, t: int, other: int, row: int, move: Move) -> None:
    if row >= 0 and (move.opened is None or int(world.talks["opened"][row]) == move.opened):
        return
    mine, theirs, talks = world.setting.codes[me], world.setting.codes[other], world.talks
    of_pair = (talks["type"] == t) & (np.minimum(talks["first"], talks["second"]) == min(me, other))
    of_pair &= np.maximum(talks["first"], talks["second"]) == max(me, other)
    if move.opened is not None:
        of_pair &= talks["opened"] == move.opened
    closed = np.flatnonzero(of_pair & (talks["stage"] != TalkStage.OPEN))
    if len(closed):
        at = int(closed[-1])
        why = world.setting.words.reasons[int(talks["reason"][at])].replace("_", " ")
        how = "agreed" if talks["stage"][at] == TalkStage.CONCLUDED else why
        raise UserError(f"the talks of {mine} and {theirs} on {move.type} closed in {month_label(int(talks['closed'][at]))} ({how})")
    mine_open = [world.talk_identity(one) for one in open_rows(world, me)]
    known = f"its open talks are {', '.join(mine_open)}" if mine_open else "it has no open talks"
    raise UserError(f"{mine} and {theirs} have no such talks on {move.type}; {known}")


def _check_word(world: World, me: int, row: int, move: Move, before: Sequence[Move]) -> None:
    protocol = world.setting.config.protocol
    if world.talks["package"][row] >= 0 and move.kind != "walk_away":
        raise UserError(
            f"these talks on {move.type} are half of a package, which the model plays for {move.party}; walk_away ends both halves"
        )
    if world.talks["accession"][row] >= 0 and move.kind != "walk_away":
        raise UserError(
            f"these talks on {move.type} are part of an accession, whose text stands and is not bargained over; walk_away ends them all"
        )
    if move.kind == "offer":
        if not protocol.rounds:
            raise UserError(
                f"no offers are made under {protocol.name}, which settles the text itself; set_position, red_line and refuse move it"
            )
        _check_offer(world, me, row, move, before)
    if move.kind == "accept" and protocol.rounds:
        side, problem = side_of(world, row, me), problem_of(world, row)
        heard = world.talks["last_offer"][row, 1 - side]
        if np.isnan(heard[0]):
            raise UserError(f"{move.other} has made no offer yet")
        text = np.clip(heard, problem.lo[0], problem.hi[0])
        if not standing(world, row, me, before).inside(text):
            raise UserError(f"{move.other}'s last offer lies beyond a red line of {move.party}; lift it first")
        _check_worth(problem, side, text, move)


def _check_offer(world: World, me: int, row: int, move: Move, before: Sequence[Move]) -> None:
    kind, problem, side = world.setting.types[int(world.talks["type"][row])], problem_of(world, row), side_of(world, row, me)
    issues = world.setting.words.issues
    named, text = dict(move.text), text_of(move, issues)
    for issue in named:
        if issue not in kind.issues:
            raise UserError(f"{move.type} has no issue {issue!r}; {nearest(issue, kind.issues)}")
    for issue in kind.issues:
        k = issues.index(issue)
        low, high = float(problem.lo[0, k]), float(problem.hi[0, k])
        if low > high:
            raise UserError(f"no text is possible: the floor of {issue}, {low:.4g}, lies above its ceiling, {high:.4g}")
        if issue not in named and low < high:
            raise UserError(f"the offer says nothing on {issue}; a level from {low:.4g} to {high:.4g} was expected")
        if issue in named and not low <= text[k] <= high:
            raise UserError(f"{issue} at {text[k]:g} lies outside what the text allows, {low:.6g} to {high:.6g}")
    text = np.clip(np.where(np.isnan(text), problem.lo[0], text), problem.lo[0], problem.hi[0])
    found = standing(world, row, me, before)
    for k in sorted({*found.low, *found.high}):
        low, high = found.low.get(k, 0.0), found.high.get(k, 1.0)
        if not low <= text[k] <= high:
            raise UserError(f"{issues[k]} at {text[k]:g} lies beyond your own red line, {low:g} to {high:g}")
    _check_worth(problem, side, text, move)


def _check_worth(problem: Problems, side: int, text: Any, move: Move) -> None:
    """Refuse what no principal signs, whoever plays it."""
    found = feasible(problem, text[None, :])
    if not found.zone[0, side]:
        worth, least = worth_to(problem, side, text), float(problem.r[0, side])
        raise UserError(
            f"that text is worth {worth:.4g} bp of GDP a year to {move.party}, less than the {least:.4g} it can have without it; "
            "no party signs that"
        )
    if not found.win_set[0, side]:
        raise UserError(f"{move.party} does not believe that its own ratifiers would consent to that text; no party signs that")


def _check_red_line(world: World, me: int, row: int, move: Move, before: Sequence[Move]) -> None:
    problem = problem_of(world, row)
    issues = world.setting.words.issues
    k = issues.index(str(move.issue))
    _, _, lows, highs = mandate_of([*_about(before, move), move], issues)
    low, high = max(float(problem.lo[0, k]), lows.get(k, 0.0)), min(float(problem.hi[0, k]), highs.get(k, 1.0))
    if low > high:
        raise UserError(
            f"that red line leaves no text: {move.issue} can lie from {problem.lo[0, k]:.6g} to {problem.hi[0, k]:.6g} in these talks"
        )


def problem_of(world: World, row: int) -> Problems:
    """Return what some talks are about now, each side with what it believes of its own ratifiers."""
    return tabled(world, np.array([row], dtype=np.int32))[1]


def _about(moves: Sequence[Move], like: Move) -> list[Move]:
    return [move for move in moves if (move.type, move.other) == (like.type, like.other)]


def _open_with(world: World, me: int, t: int, other: int) -> int:
    edge = world.setting.edges.find(me, other)
    return int(world.open_talk[t, edge])


__all__ = ["check", "problem_of", "seat_of", "why_not_now"]
