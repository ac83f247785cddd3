"""What the player of a seat does at the table, told talk by talk from the moves as they are written down (dicts of plain values)."""

from __future__ import annotations

import copy
from dataclasses import fields, replace
from typing import Any

import numpy as np

from reference.plain_world import ISSUES
from sim.bargains.problems import Problems, Talks
from sim.types import Status, month_index

KEPT = tuple(field.name for field in fields(Talks) if field.name != "first")
"""What talks keep from round to round."""
WORDS = ("offer", "accept", "refuse", "hand_back")


class PlainHand:
    """The seat's hand, by its code and its moves."""

    def __init__(self, seat: str, moves: list[dict[str, Any]]) -> None:
        self.seat, self.moves = seat, moves

    def _about(self, w: Any, talk: Any) -> list[dict[str, Any]]:
        """Return what was said so far to the other side on the type of some talks, nothing where the seat is not in them."""
        if self.seat not in (talk.first, talk.second):
            return []
        other = talk.second if self.seat == talk.first else talk.first
        return [m for m in self.moves if m["type"] == talk.type and m["other"] == other and month_index(m["month"]) <= w.month]

    def _word(self, w: Any, talk: Any) -> dict[str, Any] | None:
        """Return the last word on these very talks: said after they began; an acceptance holds for its month alone."""
        words = [m for m in self._about(w, talk) if m["kind"] in WORDS and month_index(m["month"]) > talk.opened]
        return words[-1] if words else None

    def _says(self, w: Any, talk: Any, kind: str) -> bool:
        word = self._word(w, talk)
        return word is not None and word["kind"] == kind and (kind != "accept" or month_index(word["month"]) == w.month)

    def mandate(self, w: Any, talk: Any) -> dict[str, dict[str, float]]:
        """Return by issue what is declared: the last position and the last red line count, each as a whole."""
        found: dict[str, dict[str, float]] = {}
        for m in self._about(w, talk):
            keys = {"set_position": ("ideal", "salience"), "red_line": ("at_least", "at_most")}.get(m["kind"], ())
            for key in keys:
                found.setdefault(m["issue"], {}).pop(key, None)
                if key in m:
                    found[m["issue"]][key] = m[key]
        return {issue: said for issue, said in found.items() if said}

    def leaves(self, w: Any, talk: Any) -> bool:
        """Say whether the seat walks away from some talks this month."""
        now = [m for m in self._about(w, talk) if m["kind"] == "walk_away" and month_index(m["month"]) == w.month]
        return bool(now) and talk.opened < w.month

    def ready(self, w: Any, talk: Any, ready: bool) -> bool:
        """Say whether some talks move this month."""
        if w.config.protocol.rounds:
            return ready or self._says(w, talk, "accept")
        return ready and not self._says(w, talk, "refuse")

    def holds(self, w: Any, talk: Any) -> bool:
        """Say whether the seat has a word in how some talks go on; a package is played by the model."""
        said = any(self._says(w, talk, kind) for kind in ("offer", "accept", "refuse"))
        return said or bool(self.mandate(w, talk)) or self.leaves(w, talk)

    def declared(self, w: Any, talk: Any, case: Any, *, bounds: bool = True, stance: bool = True) -> Problems:
        """Return the talks' problem with the seat's declared interests (``stance``) and red lines (``bounds``) in place of its own."""
        side, p = (talk.first, talk.second).index(self.seat), copy.deepcopy(case.problem)
        for issue, said in self.mandate(w, talk).items():
            k = ISSUES.index(issue)
            if stance:
                today, ideal, care = float(case.today[k]), float(p.theta[0, side, k]), float(p.w[0, side, k])
                new_ideal, new_care = said.get("ideal", ideal), said.get("salience", care)
                # No agreement costs what its distance from the declared ideal costs; the gain to be had elsewhere stays.
                change = care * (today - ideal) ** 2 - new_care * (today - new_ideal) ** 2
                p.d[0, side] += change
                p.r[0, side] += change
                p.theta[0, side, k], p.w[0, side, k] = new_ideal, new_care
            if bounds:
                p.lo[0, k] = max(p.lo[0, k], said.get("at_least", 0.0))
                p.hi[0, k] = min(p.hi[0, k], said.get("at_most", 1.0))
        return p

    def sit(self, w: Any, row: int, talk: Any, case: Any) -> Any:
        """Hold this month's rounds of some talks, and return how they stand then."""
        return _Sitting(self, w, row, talk, case).hold()


class _Sitting:
    """The rounds of one month in talks the seat has a word in."""

    def __init__(self, hand: PlainHand, w: Any, row: int, talk: Any, case: Any) -> None:
        self.hand, self.w, self.row, self.talk, self.case, self.p = hand, w, row, talk, case, case.problem
        self.me = (talk.first, talk.second).index(hand.seat)
        self.other, self.opener = 1 - self.me, 0 if talk.initiator == talk.first else 1
        self.said, self.protocol = hand.mandate(w, talk), w.config.protocol

    def hold(self) -> Any:
        heard = self._heard()
        if self.hand._says(self.w, self.talk, "accept") and heard is not None and self._signs(heard):
            return self._outcome(Status.AGREED, heard)
        mine = self._offer()
        status = Status(int(self._ask(self.p, self._state(), 0).status[0]))
        text = None
        for _ in range(self.talk.credit):
            if status is not Status.OPEN:
                break
            ours = (self.opener if self.talk.step % 2 == 0 else 1 - self.opener) == self.me
            status, text = self._we_speak(mine) if ours else self._they_speak(mine)
        return self._outcome(status, text if status is Status.AGREED else None)

    def _we_speak(self, mine: list[float] | None) -> tuple[Status, list[float] | None]:
        text = mine
        if text is None:
            text, why = self._by_the_model()
            if text is None:
                return why, None
        problem, state = _only(self.p, self.me, text), self._state()
        outcome = self._ask(problem, state, 1)
        self._table(text, self.me, state)
        return Status(int(outcome.status[0])), text

    def _they_speak(self, mine: list[float] | None) -> tuple[Status, list[float] | None]:
        state = self._state()
        self._ask(_willing(self.p, self.me), state, 1)
        text, held = state.last_offer[0, self.other].tolist(), self.talk.step
        content = self._content(text, mine)
        self._table(text, self.other, state)
        if content and not self.hand._says(self.w, self.talk, "refuse") and self._inside(text) and self._signs(text):
            return Status.AGREED, text
        return (Status.DEADLINE if held + 1 >= self.protocol.deadline_rounds else Status.OPEN), None

    def _content(self, text: list[float], mine: list[float] | None) -> bool:
        """Say whether an offer is as good as the seat's own or, where it has none, as good as the model's rule asks at this round."""
        if mine is not None:
            return self._worth(text) >= self._worth(mine)
        stance = self.hand.declared(self.w, self.talk, self.case, bounds=False)
        return int(self._ask(_only(stance, self.other, text), self._state(), 1).status[0]) == Status.AGREED

    def _by_the_model(self) -> tuple[list[float] | None, Status]:
        """Return what the model would offer: by the declared position, else by the true one, inside the red lines either way."""
        status = Status.OPEN
        for stance in (True, False):
            state = self._state()
            problem = _willing(self.hand.declared(self.w, self.talk, self.case, stance=stance), self.other)
            status = Status(int(self._ask(problem, state, 1).status[0]))
            text = state.last_offer[0, self.me].tolist()
            if int(state.step[0]) > self.talk.step and self._signs(text):
                return text, status
        return None, status if status in (Status.NO_ZONE, Status.NO_TEXT, Status.NO_WIN_SET) else Status.NO_ZONE

    def _offer(self) -> list[float] | None:
        """Return the player's offer within today's floors and ceilings, where it lies inside its red lines and could be signed."""
        word = self.hand._word(self.w, self.talk)
        if word is None or word["kind"] != "offer":
            return None
        limits = zip(ISSUES, self.p.lo[0].tolist(), self.p.hi[0].tolist(), strict=True)
        text = [min(max(word["text"].get(issue, low), low), high) for issue, low, high in limits]
        return text if self._inside(text) and self._signs(text) else None

    def _heard(self) -> list[float] | None:
        last = self.talk.last_offer[self.other]
        if np.isnan(last[0]):
            return None
        return [min(max(x, low), high) for x, low, high in zip(last, self.p.lo[0].tolist(), self.p.hi[0].tolist(), strict=True)]

    def _inside(self, text: list[float]) -> bool:
        lines = [(text[ISSUES.index(issue)], said) for issue, said in self.said.items()]
        return all(said.get("at_least", 0.0) <= level <= said.get("at_most", 1.0) for level, said in lines)

    def _signs(self, text: list[float]) -> bool:
        return self._worth(text) >= float(self.p.r[0, self.me]) and not self.case.at_home[self.me].refuses(text)

    def _worth(self, text: list[float], side: int | None = None) -> float:
        i = self.me if side is None else side
        total = float(self.p.a[0, i])
        for k, x in enumerate(text):
            gap = x - float(self.p.theta[0, i, k])
            total += float(self.p.b[0, i, k]) * x - float(self.p.w[0, i, k]) * (gap * gap)
        return total

    def _table(self, text: list[float], side: int, state: Talks) -> None:
        """Note an offer that was made, and all else that the talks keep of the round."""
        if self.w.record_offers:
            worth = [self._worth(text, i) for i in (0, 1)]
            who = (self.talk.first, self.talk.second)[side]
            self.w.add("offers", month=self.w.month, talk=self.row, step=self.talk.step, proposer=who, text=list(text), utility=worth)
        for name in KEPT:
            setattr(self.talk, name, getattr(state, name)[0].tolist())

    def _state(self) -> Talks:
        kept = {name: np.array([getattr(self.talk, name)], np.int32 if name == "step" else float) for name in KEPT}
        return Talks(first=np.array([self.opener], np.int8), **kept)

    def _ask(self, problem: Problems, state: Talks, rounds: int) -> Any:
        return self.protocol.advance(problem, state, np.array([rounds]))[0]

    def _outcome(self, status: Status, text: list[float] | None) -> Any:
        outcome = self._ask(self.p, self._state(), 0)
        level = np.full((1, len(ISSUES)), np.nan) if text is None else np.array([text])
        worth = np.full((1, 2), np.nan) if text is None else np.array([[self._worth(text, i) for i in (0, 1)]])
        return replace(outcome, status=np.array([int(status)], np.int8), text=level, utility=worth)


def _only(problem: Problems, side: int, text: list[float]) -> Problems:
    """Return a problem in which one side wants one text and nothing else: it will table that, whatever it hears."""
    p = copy.deepcopy(problem)
    p.a[0, side] = p.d[0, side] = p.r[0, side] = 0.0
    p.b[0, side], p.w[0, side], p.theta[0, side] = 0.0, 1.0, text
    return _alone(p, side)


def _willing(problem: Problems, side: int) -> Problems:
    """Return a problem in which one side has nothing to lose, so that the other speaks whatever it thinks."""
    p = copy.deepcopy(problem)
    p.d[0, side] = p.r[0, side] = -1e12
    return _alone(p, side)


def _alone(p: Problems, side: int) -> Problems:
    if p.pivot is not None:
        p.pivot.active[0, side] = False
    return p
