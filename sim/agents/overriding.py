"""What a subclass of agents decides its own way, and what in it would be passed over without a word."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from sim.agents.bloc import BlocAgent
from sim.agents.party import DECISIONS, PartyAgent
from sim.agents.state import StateAgent
from sim.types import UserError

HOUSE = "sim.agents."
_NO_RULE = ("kind", "part", "bloc_class", "remove", "step", "advance")
"""Names of a class that no decision rests on."""
_FORMER = {"weight_of": "matter", "contacts_to_open": "hours_of", "arrival": "whim"}
"""What methods of former versions are called now: one that is overridden under its old name would never be asked."""


def overridden(given: type[PartyAgent]) -> frozenset[str]:
    """Say which decisions a class takes its own way.

    A class that overrides a decision takes that one. One that overrides anything else a decision may rest on (a weight, a prospect, a
    face) takes them all, because the compiled rules would not know. So does one whose base was changed from outside.

    Raises
    ------
    UserError
        If it is no class of agents, or something in it would never be asked.
    """
    base = base_of(given)
    house = {name for rung in base.__mro__ if _ours(rung) for name in vars(rung) if not name.startswith("__")}
    own: set[str] = set()
    for rung in (rung for rung in given.__mro__ if rung not in base.__mro__):
        own |= {name for name in vars(rung) if name in house}
        _check(given, rung, base, house)
    own |= set(_patched(base))
    # Mesa keeps books of its own on every class (``_datasets`` since 3.5).
    own -= {*_NO_RULE, *(name for rung in base.__mro__ if rung.__module__.startswith("mesa") for name in vars(rung))}
    return frozenset(own) if own <= set(DECISIONS) else frozenset(DECISIONS)


def base_of(given: Any) -> type[PartyAgent]:
    """Return the class of ours that a class of agents is derived from.

    Raises
    ------
    UserError
        If it is derived from neither.
    """
    for base in (StateAgent, BlocAgent):
        if isinstance(given, type) and issubclass(given, base):
            return base
    raise UserError(f"a class of agents is derived from StateAgent or BlocAgent, not {given!r}")


def unasked(classes: Iterable[type[PartyAgent]], told: frozenset[str]) -> tuple[Any, ...]:
    """Return the functions behind the decisions that nobody asks of these classes, to see later whether they are still the same."""
    return tuple(getattr(given, name) for given in classes for name in DECISIONS if name not in told)


def _ours(rung: type) -> bool:
    return rung.__module__.startswith(HOUSE)


def _patched(base: type[PartyAgent]) -> Iterator[str]:
    """Give the names of methods of ours that somebody has replaced on the class itself."""
    for rung in base.__mro__:
        for name, value in vars(rung).items() if _ours(rung) else ():
            if inspect.isfunction(value) and not name.startswith("__") and not value.__module__.startswith(HOUSE):
                yield name


def _check(given: type, rung: type, base: type, house: set[str]) -> None:
    """Refuse what would never be asked, or could not be."""
    for name, value in vars(rung).items():
        if name in DECISIONS and not inspect.isfunction(value):
            raise UserError(f"{given.__name__}.{name} must be a method, not {type(value).__name__}")
        if name in DECISIONS:
            _check_arguments(given, name, value, getattr(base, name))
        elif name in _FORMER and name not in house:
            raise UserError(f"{given.__name__}.{name} is asked no more: use {_FORMER[name]!r}, see docs/mesa.md")
        elif name not in house and not name.startswith("_") and inspect.isfunction(value):
            near = get_close_matches(name, DECISIONS, 1, 0.8)
            if near:
                raise UserError(
                    f"{given.__name__}.{name} is no decision of a party, so nobody would ask it; did you mean {near[0]!r}? "
                    f"(a helper of your own may be called _{name})"
                )


def _check_arguments(given: type, name: str, own: Any, ours: Any) -> None:
    wanted = [*inspect.signature(ours).parameters]
    try:
        inspect.signature(own).bind(*wanted)
    except TypeError:
        taken = ", ".join(inspect.signature(own).parameters)
        raise UserError(f"{given.__name__}.{name}({taken}) cannot be asked: {name}({', '.join(wanted)}) is expected") from None


__all__ = ["base_of", "overridden", "unasked"]
