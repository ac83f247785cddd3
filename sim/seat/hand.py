r"""What the player of a seat does at the table; whatever the moves leave open, and the whole other side, the model plays.

Without rounds, the protocol reads the seat's declared positions and red lines as its interests: with theta', w' declared and the rest as
it is,

.. math:: d' = d + \sum_k [ w_k (x^{sq}_k - \theta_k)^2 - w'_k (x^{sq}_k - \theta'_k)^2 ], \quad r' = d' + (r - d), \quad
          lo' = \max(lo, low), \; hi' = \min(hi, high)

With rounds, at the seat's turn the player's offer is tabled as it stands; the other side answers it by its own rule and makes its own
offers. Technically the seat's interests are exchanged for that round by :math:`-\sum_k (x_k - X_k)^2` with r = 0, whose only wish is the
offer X. The seat takes an offer of the other that is worth no less to it than its own. Without an offer the model plays by the declared
position, inside the red lines; those bind the seat's own offers and answers only, the other side does not know them. A package of two
types is played by the model, whatever the seat says on either of them; the seat may walk away from it.

A seat signs nothing that is worth less to it than its reservation value, or that it believes its own ratifiers would refuse: a principal
stays one, whoever plays it. ``r`` and ``d``: :mod:`sim.bargains.problems`; beliefs: :mod:`sim.stakes.ratifiers`.

Source: Crawford and Varian (1979), "Distortion of preferences and the Nash theory of bargaining", Economics Letters 3 (declared interests
move a solved text); Schelling (1960), "The Strategy of Conflict" (red lines).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim import ports
from sim.bargains.feasible import feasible
from sim.bargains.problems import Outcomes, Problems, first_proposers
from sim.bargains.worth import loss, worth
from sim.decide.held import ByProtocol, advance
from sim.seat.moves import Move
from sim.seat.standing import Standing, open_rows, side_of, standing
from sim.stakes.packages import Package
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Status

_NOTHING = (Status.NO_ZONE, Status.NO_TEXT, Status.NO_WIN_SET)


class Hand(ByProtocol):
    """The seat's moves at the table, laid over what the protocol does alone (the port :class:`sim.ports.Hand`).

    Parameters
    ----------
    seat : int
        Place on the P axis.
    moves : sequence of Move
        All of the seat's moves, in the order of their months.
    """

    def __init__(self, seat: int, moves: Sequence[Move]) -> None:
        self.seat, self.moves = seat, tuple(moves)

    def standing(self, world: World, row: int) -> Standing | None:
        """Return what stands for some talks; None where the seat has no part in them or leaves them to the model, as it does packages."""
        if side_of(world, row, self.seat) < 0 or world.talks["package"][row] >= 0:
            return None
        found = standing(world, row, self.seat, self.moves)
        return None if found.silent else found

    def leaves(self, world: World) -> list[int]:
        """Return the rows of the talks that the seat walks away from this month."""
        return [row for row in open_rows(world, self.seat) if standing(world, row, self.seat, self.moves).leaves]

    def ready(self, world: World, ready: Bools) -> Bools:
        """Change which talks move this month: taking an offer needs no contact, and without rounds a refusal keeps talks open."""
        out, rounds = ready.copy(), world.setting.config.protocol.rounds
        for row in open_rows(world, self.seat):
            if world.talks["package"][row] >= 0:
                continue
            found = standing(world, row, self.seat, self.moves)
            if found.accepts and rounds:
                out[row] = True
            if found.refuses and not rounds:
                out[row] = False
        return out

    def mandate(self, world: World, rows: Ints, table: Problems, status_quo: Floats) -> Problems:
        """Lay what the seat declares over the problems of a protocol without rounds.

        Parameters
        ----------
        world : World
        rows : int (M,)
            Rows of negotiations.
        table : Problems
            Theirs.
        status_quo : float64 (M, K)
            Texts of no agreement.
        """
        declared = [(m, found) for m, row in enumerate(rows.tolist()) if (found := self.standing(world, row)) and found.mandated]
        if not declared:
            return table
        arrays = {name: getattr(table, name).copy() for name in ("w", "theta", "d", "r", "lo", "hi")}
        for m, found in declared:
            one = declare(table.take([m]), found, status_quo[m])
            for name, array in arrays.items():
                array[m] = getattr(one, name)[0]
        return replace(table, **arrays)

    def worth(self, world: World, rows: Ints, problems: Problems, outcomes: Outcomes) -> Outcomes:
        """Return outcomes with the seat's talks valued by both sides' interests as they are."""
        mine = [m for m, row in enumerate(rows.tolist()) if self.standing(world, row) is not None and outcomes.status[m] == Status.AGREED]
        if not mine:
            return outcomes
        utility = outcomes.utility.copy()
        utility[mine] = worth(problems.take(mine), outcomes.text[mine])
        if outcomes.transfer is not None:
            utility[mine] += outcomes.transfer[mine]
        return replace(outcomes, utility=utility)

    def work(self, world: World, rows: Ints, table: Problems, status_quo: Floats, package: Package = None) -> Outcomes:
        """Let the protocol work on talks; with rounds, those the seat has a word in round by round, the others all at once.

        Parameters
        ----------
        world : World
        rows : int (M,)
        table : Problems
            Theirs.
        status_quo : float64 (M, K)
        package : Package
            Where the talks lead packages, which the model plays.
        """
        held = {}
        if world.setting.config.protocol.rounds:
            held = {m: found for m, row in enumerate(rows.tolist()) if (found := self.standing(world, row)) is not None}
        if not held:
            return super().work(world, rows, table, status_quo, package)
        left = np.array([m for m in range(len(rows)) if m not in held], dtype=np.int64)
        shape = (len(rows), table.n_issues)
        text, utility = np.full(shape, np.nan), np.full((len(rows), 2), np.nan)
        status, step = np.zeros(len(rows), dtype=np.int8), np.zeros(len(rows), dtype=np.int32)
        if len(left):
            rest = super().work(world, rows[left], table.take(left), status_quo[left])
            text[left], utility[left], status[left], step[left] = rest.text, rest.utility, rest.status, rest.step
        for m, found in held.items():
            one = Table(world, int(rows[m]), table.take([m]), status_quo[m], found).play()
            text[m], utility[m], status[m], step[m] = one.text[0], one.utility[0], one.status[0], one.step[0]
        return Outcomes(text, utility, status, step)


_OFFERED: type[ports.Hand] = Hand


class Table:
    """One negotiation by rounds in which the seat has a word."""

    def __init__(self, world: World, row: int, problem: Problems, status_quo: Floats, found: Standing) -> None:
        self.world, self.problem, self.status_quo, self.found = world, problem, status_quo, found
        self.rows, self.me, self.other = np.array([row], dtype=np.int32), found.side, 1 - found.side
        self.opener = int(first_proposers(problem)[0])

    def play(self) -> Outcomes:
        """Hold the rounds that this month's contacts gave."""
        heard = self._heard()
        if self.found.accepts and heard is not None and bears(self.problem, self.me, heard):
            return self._agreed(heard)
        mine = self._own_offer()
        outcome = self._hold(self.problem, 0)
        for _ in range(int(self.world.talks["credit"][self.rows[0]])):
            if outcome.status[0] != Status.OPEN:
                break
            ours = (self.opener if int(outcome.step[0]) % 2 == 0 else 1 - self.opener) == self.me
            outcome = self._our_turn(mine) if ours else self._their_turn(mine)
        return outcome

    def _our_turn(self, mine: Floats | None) -> Outcomes:
        """Table the player's offer, or the model's inside what is declared."""
        text = mine
        if text is None and self.found.mandated:
            text, blocked = self._mandated_offer()
            if text is None:
                return blocked
        outcome = self._hold(self.problem if text is None else wanting(self.problem, self.me, text), 1)
        return self._agreed(outcome.text[0], float(outcome.utility[0, self.other])) if outcome.status[0] == Status.AGREED else outcome

    def _their_turn(self, mine: Floats | None) -> Outcomes:
        """Hear the other's offer, and take it where it is good enough."""
        if mine is not None:
            answers = wanting(self.problem, self.me, mine)
        else:
            answers = declare(self.problem, replace(self.found, low={}, high={}), self.status_quo)
        held = int(self.world.talks["step"][self.rows[0]])
        outcome = self._hold(answers, 1)
        if int(outcome.step[0]) == held and outcome.status[0] in _NOTHING:
            # What the seat says it wants leaves no zone. The other does not know that, and speaks.
            answers = self.problem
            outcome = self._hold(quiet(answers, self.me), 1)
            content = False
        else:
            content = outcome.status[0] == Status.AGREED
        if int(outcome.step[0]) == held:
            return outcome
        heard = self._heard()
        if mine is not None and heard is not None:
            content = content or bool(worth_to(self.problem, self.me, heard) >= worth_to(self.problem, self.me, mine))
        if content and heard is not None and not self.found.refuses and self.found.inside(heard) and bears(self.problem, self.me, heard):
            return self._agreed(heard)
        # What the seat does not take leaves the talks as they are, or at their deadline.
        return self._hold(answers, 0) if outcome.status[0] == Status.AGREED else outcome

    def _own_offer(self) -> Floats | None:
        """Return the offer that stands, (K,), within today's floors and ceilings; None where there is none that the seat could sign."""
        if self.found.offer is None:
            return None
        p, text = self.problem, self.found.offer
        text = np.clip(np.where(np.isnan(text), p.lo[0], text), p.lo[0], p.hi[0])
        return text if self.found.inside(text) and bears(p, self.me, text) else None

    def _mandated_offer(self) -> tuple[Floats | None, Outcomes]:
        """Return what the model would offer by the declared position inside the red lines, or else by its own interests inside them.

        None where nothing inside the red lines is worth the seat's while, and how the talks end then.
        """
        interests = replace(self.found, ideal={}, salience={})
        for found in (self.found, interests):
            text, outcome = self._tried(quiet(declare(self.problem, found, self.status_quo), self.other))
            if text is not None and bears(self.problem, self.me, text):
                return text, outcome
        if outcome.status[0] not in _NOTHING:
            outcome = replace(outcome, status=np.array([Status.NO_ZONE], dtype=np.int8))
        return None, outcome

    def _tried(self, problem: Problems) -> tuple[Floats | None, Outcomes]:
        """Hold a round and take it back: what the seat offered in it."""
        talks, row, n = self.world.talks, int(self.rows[0]), self.world.offers.n
        kept = {name: talks[name][row].copy() for name in talks.columns}
        outcome = self._hold(problem, 1)
        offered = talks["last_offer"][row, self.me].copy() if int(talks["step"][row]) > int(kept["step"]) else None
        for name, value in kept.items():
            talks[name][row] = value
        self.world.offers.n = n
        return offered, outcome

    def _hold(self, problem: Problems, rounds: int) -> Outcomes:
        n = self.world.offers.n
        outcome = advance(self.world, self.rows, problem, np.array([rounds], dtype=np.int32))
        logged = self.world.offers["text"][n:]
        if len(logged):
            self.world.offers["utility"][n:] = worth(self.problem.take(np.zeros(len(logged), dtype=np.int64)), logged)
        return outcome

    def _heard(self) -> Floats | None:
        """Return the other's last offer, (K,), within today's floors and ceilings; None before its first."""
        text = self.world.talks["last_offer"][self.rows[0], self.other]
        return None if np.isnan(text[0]) else np.clip(text, self.problem.lo[0], self.problem.hi[0])

    def _agreed(self, text: Floats, theirs: float | None = None) -> Outcomes:
        """Return agreement on a text, (K,), with what it is worth to both; ``theirs`` where the protocol has told it."""
        whole, step = text[None, :].copy(), self.world.talks["step"][self.rows].copy()
        utility = worth(self.problem, whole)
        if theirs is not None:
            utility[0, self.other] = theirs
        return Outcomes(whole, utility, np.array([Status.AGREED], dtype=np.int8), step)


def declare(problem: Problems, found: Standing, status_quo: Floats) -> Problems:
    """Return one problem with what the seat declares as its interests and bounds; ``status_quo``, (K,), the text of no agreement."""
    arrays = {name: getattr(problem, name).copy() for name in ("w", "theta", "d", "r", "lo", "hi")}
    i = found.side
    for k, level in found.ideal.items():
        arrays["theta"][0, i, k] = level
    for k, weight in found.salience.items():
        arrays["w"][0, i, k] = weight
    shift = 0.0
    for k in range(problem.n_issues):
        today = status_quo[k]
        shift += loss(problem.w[0, i, k], problem.theta[0, i, k], today) - loss(arrays["w"][0, i, k], arrays["theta"][0, i, k], today)
    arrays["d"][0, i] += shift
    arrays["r"][0, i] += shift
    for k, bound in found.low.items():
        arrays["lo"][0, k] = max(arrays["lo"][0, k], bound)
    for k, bound in found.high.items():
        arrays["hi"][0, k] = min(arrays["hi"][0, k], bound)
    return replace(problem, **arrays)


def wanting(problem: Problems, side: int, text: Floats) -> Problems:
    """Return one problem in which a side wants one text, (K,), and nothing else."""
    arrays = {name: getattr(problem, name).copy() for name in ("a", "b", "w", "theta", "d", "r")}
    for name, array in arrays.items():
        array[0, side] = {"w": 1.0, "theta": text}.get(name, 0.0)
    return replace(problem, pivot=_without_say(problem, side), **arrays)


def quiet(problem: Problems, side: int) -> Problems:
    """Return one problem in which a side would sign anything, so that it never ends the talks."""
    low = min(float(problem.d[0, side]), 0.0) - 1e9
    d, r = problem.d.copy(), problem.r.copy()
    d[0, side], r[0, side] = low, low
    return replace(problem, d=d, r=r, pivot=_without_say(problem, side))


def bears(problem: Problems, side: int, text: Floats) -> bool:
    """Say whether a side could sign a text, (K,): no worse than its reservation value, and passing at home as it believes."""
    return bool(feasible(problem, text[None, :]).signs[0, side])


def worth_to(problem: Problems, side: int, text: Floats) -> float:
    """Return what a text, (K,), is worth to a side (bp of own GDP a year)."""
    return float(worth(problem, text[None, :])[0, side])


def _without_say(problem: Problems, side: int) -> Any:
    if problem.pivot is None:
        return None
    active = problem.pivot.active.copy()
    active[0, side] = False
    return replace(problem.pivot, active=active)
