r"""What is at stake for one party in one deal, told issue by issue.

.. math:: u(x) = a + \sum_k [ b_k x_k - w_k (x_k - \theta_k)^2 ]

in basis points of the party's own GDP a year: ``a`` the value of being party, ``b`` the gain, ``w`` the salience and ``theta`` the ideal
point of issue k. A text is worth signing when it beats ``d``, the value of no agreement. The numbers come from the agreement type
(``coefficients`` or ``stakes``); the rule is told here in plain Python and, over arrays, in :mod:`sim.bargains.worth`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Interest:
    """One party's interest in one issue.

    Attributes
    ----------
    gain, salience : float
        Basis points of GDP a year for a full unit, and for a full unit of distance from the ideal point.
    ideal : float
        Ideal point.
    """

    gain: float
    salience: float
    ideal: float

    def value(self, level: float) -> float:
        """Return what a level of the issue is worth (bp of GDP a year)."""
        distance = level - self.ideal
        return self.gain * level - self.salience * (distance * distance)

    def best(self, floor: float, ceiling: float) -> float:
        """Return the level this party would choose between floor and ceiling."""
        return min(max(self.ideal + self.gain / (2.0 * self.salience), floor), ceiling)


@dataclass(frozen=True)
class Stake:
    """What one party has at stake in one deal.

    Attributes
    ----------
    value : float
        Value of being party, whatever the text says (bp of GDP a year).
    no_agreement : float
        Value of no agreement (bp of GDP a year).
    interests : mapping of str to Interest
        By issue, in the order of the issues.
    today : mapping of str to float
        The text of no agreement, level by issue.
    """

    value: float
    no_agreement: float
    interests: Mapping[Any, Interest]
    today: Mapping[Any, float]

    def utility(self, text: Mapping[Any, float]) -> float:
        """Return what a text is worth (bp of GDP a year); ``text`` gives a level for each issue of the deal."""
        total = self.value
        for issue, interest in self.interests.items():
            total += interest.value(text[issue])
        return total

    def gain(self, text: Mapping[Any, float]) -> float:
        """Return how much better a text is than no agreement (bp of GDP a year)."""
        return self.utility(text) - self.no_agreement

    def seen_from(self, ideals: Mapping[Any, float]) -> Stake:
        """Return the same stakes as someone at home sees them whose ideal points differ (level by issue)."""
        shift = 0.0
        for issue, interest in self.interests.items():
            gap, moved = self.today[issue] - interest.ideal, self.today[issue] - ideals[issue]
            shift += interest.salience * (gap * gap - moved * moved)
        seen = {issue: Interest(one.gain, one.salience, ideals[issue]) for issue, one in self.interests.items()}
        return Stake(self.value, self.no_agreement + shift, seen, self.today)


def led(stake: Stake, lean: float, direction: Mapping[str, int]) -> Stake:
    """Return a state's stakes as its executive sees them, who stands so far (in the scale of a text) along a direction, by issue."""
    if lean == 0.0:
        return stake
    return stake.seen_from({issue: one.ideal + lean * direction.get(issue, 0) for issue, one in stake.interests.items()})


@dataclass(frozen=True)
class Deal:
    """Two parties, one agreement type, and the texts that are allowed.

    Attributes
    ----------
    stakes : (Stake, Stake)
        By role.
    limits : mapping of str to (float, float)
        Floor and ceiling of each issue.
    """

    stakes: tuple[Stake, Stake]
    limits: Mapping[str, tuple[float, float]]

    def midway(self) -> dict[str, float]:
        """Return the text halfway between what either side would choose alone."""
        first, second = self.stakes
        text = {}
        for issue, (floor, ceiling) in self.limits.items():
            text[issue] = (first.interests[issue].best(floor, ceiling) + second.interests[issue].best(floor, ceiling)) / 2.0
        return text

    def halfway(self) -> tuple[float, float] | None:
        """Return each side's gain or loss at the midway text (bp of GDP a year), by role; None where no text is allowed."""
        if any(floor > ceiling for floor, ceiling in self.limits.values()):
            return None
        text = self.midway()
        first, second = (stake.gain(text) for stake in self.stakes)
        return first, second

    def outlook(self) -> tuple[float, float]:
        """Return each side's gain at the midway text (bp of GDP a year), by role.

        Nothing for both where either would lose or no text is allowed.
        """
        found = self.halfway()
        return found if found is not None and found[0] > 0.0 and found[1] > 0.0 else (0.0, 0.0)


def together(stakes: Sequence[Stake]) -> Stake:
    """Return what one party has at stake in several deals that come together or not at all: worths add up.

    Issues are named after the place of their deal, ``(0, "security")``, because two deals may have an issue in common.
    """
    value, no_agreement = stakes[0].value, stakes[0].no_agreement
    for stake in stakes[1:]:
        value, no_agreement = value + stake.value, no_agreement + stake.no_agreement
    return Stake(value, no_agreement, side_by_side([s.interests for s in stakes]), side_by_side([s.today for s in stakes]))


def side_by_side(texts: Sequence[Mapping[Any, Any]]) -> dict[Any, Any]:
    """Return several deals' entries by issue as one, each issue named after the place of its deal."""
    return {(at, issue): entry for at, text in enumerate(texts) for issue, entry in text.items()}


def treaty_stake(kind: Any, table: Any, names: Sequence[str]) -> Stake:
    """Read what one party has at stake in a treaty of many off an agreement type's ``stakes`` for that party alone."""
    issues = [(k, issue) for k, issue in enumerate(names) if issue in kind.issues]
    gain, salience, ideal, today = (getattr(table, name)[0].tolist() for name in ("b", "w", "theta", "status_quo"))
    interests = {issue: Interest(gain[k], salience[k], ideal[k]) for k, issue in issues}
    return Stake(float(table.a[0]), float(table.d[0]), interests, {issue: today[k] for k, issue in issues})


def deals(kind: Any, table: Any, names: Sequence[str]) -> Iterator[Deal]:
    """Read an agreement type's coefficients dyad by dyad.

    Parameters
    ----------
    kind : agreement type
    table : Stakes or Coefficients
        What its ``coefficients`` returned for G dyads.
    names : sequence of str
        The issues of the run, in order.

    Yields
    ------
    Deal
        For each dyad, in order.
    """
    issues, pairs = [(k, issue) for k, issue in enumerate(names) if issue in kind.issues], table.dyads()
    columns = [getattr(pairs, name).tolist() for name in ("a", "d", "b", "w", "theta", "lo", "hi", "status_quo")]
    for value, no_agreement, gain, salience, ideal, floor, ceiling, level in zip(*columns, strict=True):
        today = {issue: level[k] for k, issue in issues}
        first, second = (
            Stake(
                value[side],
                no_agreement[side],
                {issue: Interest(gain[side][k], salience[side][k], ideal[side][k]) for k, issue in issues},
                today,
            )
            for side in (0, 1)
        )
        yield Deal((first, second), {issue: (floor[k], ceiling[k]) for k, issue in issues})
