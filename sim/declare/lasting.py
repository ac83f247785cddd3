"""The life of agreements, as types declare it: what a text may say of how long it lasts and how it ends, and who may go to court."""

from __future__ import annotations

from dataclasses import dataclass

from sim.types import ModelFault

PLAINTIFFS = ("people", "parliament")
"""Who may take an agreement to court."""
Span = tuple[int, int] | None


@dataclass(frozen=True)
class Lasting:
    """Clauses on its own life that a text of a type may have; each text then has those that are worth it.

    Attributes
    ----------
    duration : (int, int) or None
        Shortest and longest months of a fixed term; None where texts have no end.
    review : (int, int) or None
        Shortest and longest months between reviews; None where texts prescribe none.
    notice : (int, int) or None
        Shortest and longest months of notice of withdrawal; None where texts say nothing of it.
    disputes : bool
        Whether a text may let one side alone start a procedure that settles disputes.

    Raises
    ------
    ModelFault
        If a span is not two whole numbers of months, the smaller first.
    """

    duration: Span = None
    review: Span = None
    notice: Span = None
    disputes: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no span."""
        for name, least in (("duration", 1), ("review", 1), ("notice", 0)):
            span = getattr(self, name)
            whole = isinstance(span, tuple) and len(span) == 2 and all(type(one) is int for one in span)
            if span is not None and not (whole and least <= span[0] <= span[1]):
                raise ModelFault(
                    f"Lasting: {name} is {span!r}; two whole numbers of months from {least} on are expected, the smaller first"
                )
