"""What an agreement type does that says it in the words of version 0.1.0: ``frees_data``, ``ending`` and parameters of agreed names."""

from __future__ import annotations

from typing import Any

from sim.consequences.adds_trade import AddsTrade
from sim.consequences.base import Consequence
from sim.consequences.builds import Builds
from sim.consequences.frees_data import FreesData
from sim.consequences.lasts import Lasts
from sim.consequences.pays import Pays
from sim.consequences.shares import Shares

_OF_OLD = ("issues", "frees_data", "ending")


def speaks_older(cls: type[Any]) -> bool:
    """Say whether a type is told in older words: it says no ``does``, or derives from one that does and says older words anew."""
    own = vars(cls)
    return "does" not in own and (not hasattr(cls, "does") or any(word in own for word in _OF_OLD))


def older(cls: type[Any], *, of_two: bool) -> tuple[Consequence, ...]:
    """Return the consequences that version 0.1.0 read off a type's words.

    Parameters
    ----------
    cls : type
        A class that holds what was asked of an agreement type then.
    of_two : bool
        Whether two parties make it: many had no term.
    """
    kept = "localisation" if "localisation" in cls.issues else ""
    does: list[Consequence] = [FreesData(kept) if cls.frees_data else AddsTrade(kept)]
    if hasattr(cls, "cost_per_mw"):
        built = "infrastructure" if "infrastructure" in cls.issues else ""
        does.append(Builds(built, overhead="overhead" if hasattr(cls, "overhead") else ""))
    if of_two and cls.ending == "completion" and hasattr(cls, "build_months"):
        does.append(Lasts("build_months"))
    if "security" in cls.issues:
        does.append(Shares("security"))
    return (*does, Pays()) if of_two else tuple(does)
