"""Rows of the roster that are read one by one: competences, decision rules and instruments."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.data.further.clauses import Clauses
from sim.types import NEVER, K


@dataclass(frozen=True)
class Competence:
    """A bloc's competence for an agreement type from month ``start`` up to, not including, month ``until``; ``exclusive`` or ``shared``."""

    bloc: str
    agreement_type: str
    kind: str
    start: int
    until: int


@dataclass(frozen=True)
class DecisionRule:
    """How a bloc decides: the share of its states and the share of its people that must agree."""

    rule: str
    state_quota: float
    people_quota: float


@dataclass(frozen=True)
class InstitutionRow:
    """Who must consent to a class of agreements in a state that departs from the rule, and with which share of the votes."""

    code: str
    treaty_class: str
    institution: str
    quota: float


def _no_text() -> NDArray[np.float64]:
    return np.full(K, np.nan)


@dataclass(frozen=True, eq=False)
class InstrumentRow:
    """An instrument of history.

    Attributes
    ----------
    type, name : str
        Agreement type and name.
    parties, roles : tuple of str
        Codes of states or blocs, and the role of each.
    signed, in_force, ended : int
        Months; ``signed`` equals ``in_force`` where it is unknown, NEVER where there is no such date. In force from month
        ``in_force`` up to, not including, month ``ended``.
    text : array, shape (K,)
        Coded text in issue space, NaN where not coded.
    no_localisation : bool
        Whether the parties bind themselves against localisation.
    open : bool
        Whether any state may ask to accede to the agreement of its name.
    grade, source : str
        How its dates are known, and from where.
    clauses : Clauses or None
        What it says of its own life; None where nothing is known of that.
    """

    type: str
    name: str
    parties: tuple[str, ...]
    roles: tuple[str, ...]
    signed: int
    in_force: int
    ended: int = NEVER
    text: NDArray[np.float64] = field(default_factory=_no_text)
    no_localisation: bool = False
    open: bool = False
    grade: str = "sourced"
    source: str = ""
    clauses: Clauses | None = None

    def in_force_at(self, month: int) -> bool:
        """Whether it is in force in a month."""
        return self.in_force <= month < self.ended
