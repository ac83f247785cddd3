"""The closed lists of words that parts may use."""

from __future__ import annotations

import dataclasses
from typing import Any

from sim.declare.arrays import FIXED, WHOLE

AXES = (WHOLE, *FIXED)
"""Along what a metric may be measured in every run, besides what parts declare and the rows of tables."""
OVER_PARTIES = ("sum", "mean")
OVER_ROWS = ("sum", "mean")
"""How values along an axis become one for the world; of no rows the sum is 0 and the mean undefined."""
OVER_MONTHS = ("sum", "mean", "last")
ENTRIES = ("executive", "funds_committed", "ratified", "unilateral")
ENDINGS = ("completion", "denunciation", "open_ended", "review")
INFORMATION = ("common", "private")
"""What a protocol's sides know of the other's ratifiers: a common guess shapes the text, or each knows its own only."""
LEAVERS = ("continues", "released")
"""What becomes of a state bound through a bloc that it leaves: bound in its own name, or free."""
ARITIES = ("dyad", "many", "bloc")
"""Who negotiates a type: two parties, whoever comes to a conference, or the members of a bloc among themselves."""
VOTING = ("unanimity", "consensus", "qualified_majority", "weighted", "critical_mass")
"""How a group decides (:mod:`sim.stakes.votes`)."""
ACCESSION = ("open", "exclusive")
"""Who may join a treaty later: whoever would, or whom the parties let in."""
PORTS = ("offers", "needs")
"""What a part says of ports (:mod:`sim.ports`): those it provides, and those that its rules read."""

TALK_MONTHS = 24.0
"""Months of talks that parties reckon with where a type says nothing: assumed."""


def links_of(thing: Any) -> tuple[str, ...]:
    """Return the agreement types with which a type may be bargained as one package; a type that says nothing names none."""
    return tuple(getattr(thing, "links", ()))


def ports_of(thing: Any, what: str) -> Any:
    """Return the ports that a part offers or needs (``what`` is one of ``PORTS``); a part that says nothing has none."""
    # A parameter may bear that name too, as it could before there were ports.
    return () if what in {field.name for field in dataclasses.fields(thing)} else getattr(thing, what, ())


def arity_of(thing: Any) -> str:
    """Return who negotiates an agreement type (one of ``ARITIES``); a type that says nothing is between two."""
    return str(getattr(thing, "arity", "dyad"))


def is_screened(thing: Any) -> bool:
    """Say whether a type is decided by screening and not bargained over (``screened``)."""
    return bool(getattr(thing, "screened", False))


def are_alike(thing: Any) -> bool:
    """Say whether the two roles of a type are the same, so that an agreement in one order takes the place of one in the other."""
    return bool(thing.roles[0] == thing.roles[1])


def may_be_open(thing: Any) -> bool:
    """Say whether agreements of a type may be open to accession (``accession_rate``)."""
    return of_two(thing) and hasattr(thing, "accession_rate")


def staff_months(thing: Any) -> tuple[float, float]:
    """Return how many months of staff an agreement of a type is reckoned to take of either role.

    These are its ``talk_months``, or the mean screening; of who is screened, the part ``judged_staff`` of them.
    """
    if is_screened(thing):
        months = 0.5 * (float(thing.screening_least) + float(thing.screening_most))
        return months, months * float(getattr(thing, "judged_staff", 1.0))
    months = float(getattr(thing, "talk_months", TALK_MONTHS))
    return months, months


def of_two(thing: Any) -> bool:
    """Say whether two parties negotiate an agreement type; many, at one table, negotiate the others."""
    return arity_of(thing) == "dyad"
