"""The neutral form of a part or a layer: what it is when it says nothing, and where that should show.

Ablation switches a part off by its neutral forms only: each is a set of settings, laid over a scenario, under which the part (or one thing
that it says) has no say. What cannot be switched off says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Neutral:
    """One neutral form.

    Attributes
    ----------
    name : str
        Name of the form, unique within its owner.
    sentence, sentence_id : str
        What is off, in English and Indonesian; where nothing can be, why not.
    overrides : tuple of (str, value)
        Settings by their dotted names that switch it off; empty where it cannot be.
    observable : str
        Column of the results on which it should bite; empty where it cannot be switched off.
    scenario : str
        The scenario in which it should.
    given : tuple of (str, value)
        Settings that both worlds have, so that there is something to switch off.
    """

    name: str
    sentence: str
    sentence_id: str
    overrides: tuple[tuple[str, Any], ...] = ()
    observable: str = ""
    scenario: str = "baseline"
    given: tuple[tuple[str, Any], ...] = ()

    @property
    def possible(self) -> bool:
        """Whether it can be switched off."""
        return bool(self.overrides)


def each(part: str, value: Any, *parameters: str) -> tuple[tuple[str, Any], ...]:
    """Return settings that give one value to some parameters of a part.

    >>> each("mechanisms.trust", 0.0, "visit", "call")
    (('mechanisms.trust.visit', 0.0), ('mechanisms.trust.call', 0.0))
    """
    return tuple((f"{part}.{name}", value) for name in parameters)
