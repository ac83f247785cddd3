r"""Voting rules: whether those in favour carry a text.

With :math:`F` those in favour of n, :math:`p` population and :math:`v` declared weights, a text is carried

- by *unanimity* if all are in favour; by *consensus* if nobody is against and somebody is in favour (abstention is no objection);
- by *qualified majority* if ``|F| >= q_states n`` and ``sum_F p >= q_people sum p``;
- by *weighted* vote if ``sum_F v >= quota``;
- by *critical mass* if ``|F| >= k``.

Source: Treaty on European Union, art. 16(4) (55 % of states with 65 % of people); Treaty establishing the European Economic Community
(1957), art. 148 (weights 4, 4, 4, 2, 2, 1 and a quota of 12); ASEAN Charter, art. 20 (consensus); Convention on Cybercrime, art. 36 (five
ratifications). Departs from art. 16(4) in that the least size of a blocking minority is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.contracts import ACCESSION, VOTING
from sim.registry import choice, param
from sim.types import UserError
from sim.world import Bools, Floats

_SLACK = 1e-12
"""A quota of 55 % of 20 states is 11 states, whatever the rounding of the product."""


@dataclass(frozen=True)
class Decides:
    """How the parties to a treaty of many decide, and whom they let in later: parameters that its types share."""

    decision: str = choice(
        "own",
        ("own", "unanimity", "qualified_majority", "weighted"),
        source="Vienna Convention on the Law of Treaties art. 9 and 24 (as the states agree)",
        meaning="Whose consent keeps a text when some would leave, and brings it into force; own: critical mass, or the bloc's rule.",
    )
    quota_states: float = param(
        0.55,
        unit="share of states",
        low=0.0,
        high=1.0,
        source="Treaty on European Union art. 16(4)",
        meaning="States a qualified majority needs.",
    )
    quota_people: float = param(
        0.65,
        unit="share of people",
        low=0.0,
        high=1.0,
        source="Treaty on European Union art. 16(4)",
        meaning="People a qualified majority needs.",
    )
    quota_weight: float = param(
        0.7,
        unit="share of weights",
        low=0.0,
        high=1.0,
        source="Treaty establishing the European Economic Community art. 148: 12 of 17, rounded",
        meaning="Weights that a weighted vote needs.",
    )
    voting_weight: str = choice("gdp", ("gdp", "population", "capability"), source="assumed", meaning="What weighs in a weighted vote.")
    accession: str = choice(
        "open",
        ACCESSION,
        source="assumed (Convention on Cybercrime art. 37: exclusive)",
        meaning="Who may join later: whoever would, or whom the parties let in by a majority of them.",
    )


@dataclass(frozen=True)
class VotingRule:
    """How a group decides.

    Attributes
    ----------
    kind : str
        One of ``sim.contracts.VOTING``.
    states, people : float
        Shares of states and of people that a qualified majority needs.
    quota : float
        Sum of weights (or share of them, where weights are shares) that a weighted vote needs.
    k : int
        Number that makes a critical mass.
    """

    kind: str
    states: float = 0.0
    people: float = 0.0
    quota: float = 0.0
    k: int = 0

    def __post_init__(self) -> None:
        """Refuse a rule that is none."""
        if self.kind not in VOTING:
            raise UserError(f"there is no voting rule {self.kind!r}; valid are {', '.join(VOTING)}")
        if not (0.0 <= self.states <= 1.0 and 0.0 <= self.people <= 1.0):
            raise UserError(
                f"a qualified majority of {self.states} of states and {self.people} of people; shares from 0 to 1 were expected"
            )


def carried(
    rule: VotingRule, favour: Bools, population: Floats | None = None, weights: Floats | None = None, against: Bools | None = None
) -> bool:
    """Say whether those in favour carry a text.

    Parameters
    ----------
    rule : VotingRule
    favour : bool (n,)
        Who is in favour.
    population, weights : float64 (n,), optional
        People, and declared weights, where the rule reads them.
    against : bool (n,), optional
        Who objects; everybody who is not in favour, unless told otherwise.

    Raises
    ------
    UserError
        If the rule needs people or weights and none are given.

    Examples
    --------
    >>> carried(VotingRule("critical_mass", k=2), np.array([True, True, False]))
    True
    """
    n, yes = len(favour), int(np.count_nonzero(favour))
    if n == 0:
        return False
    if rule.kind == "unanimity":
        return yes == n
    if rule.kind == "consensus":
        return yes > 0 and not bool((~favour if against is None else against & ~favour).any())
    if rule.kind == "critical_mass":
        return yes >= rule.k
    if rule.kind == "weighted":
        _given("weights", weights, n)
        assert weights is not None
        return math.fsum(weights[favour]) >= rule.quota - _SLACK
    _given("population", population, n)
    assert population is not None
    people = math.fsum(population)
    return yes >= rule.states * n * (1.0 - _SLACK) and math.fsum(population[favour]) >= rule.people * people * (1.0 - _SLACK)


def _given(name: str, values: Floats | None, n: int) -> None:
    if values is None or values.shape != (n,):
        raise UserError(f"a vote of {n} needs {name} of shape ({n},), not {None if values is None else values.shape}")
