"""Binding: each port is bound to the one part of a configuration that offers it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.contracts import ports_of
from sim.types import UserError

_KNOWN: dict[tuple[type, ...], dict[Any, int]] = {}
"""Which of some parts offers each port, by the parts' classes: a study assembles the same ones for each of its runs."""
_MOST = 32


def bind(parts: Iterable[Any]) -> dict[Any, Any]:
    """Return the provider of every port that some parts offer.

    Parameters
    ----------
    parts : iterable of parts
        All parts of a configuration that rules may lie in: mechanisms, agreement types, the protocol, shocks. A part may declare
        ``offers: ClassVar[tuple[type, ...]]``, the ports it provides, and ``needs``, those that its rules read.

    Raises
    ------
    UserError
        If two parts offer one port, a part offers a port and lacks something of it, or nobody offers what a part needs.
    """
    every = tuple(parts)
    kinds = tuple(type(one) for one in every)
    places = _KNOWN.get(kinds)
    if places is None:
        found = _searched(every)
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        places = _KNOWN[kinds] = {port: next(at for at, one in enumerate(every) if one is offering) for port, offering in found.items()}
    return {port: every[at] for port, at in places.items()}


def members(port: Any) -> tuple[str, ...]:
    """Return the names of what a port promises, sorted.

    >>> from sim.ports import RatificationTerms
    >>> members(RatificationTerms)
    ('least_regime', 'other_error', 'own_error', 'persuasion', 'scatter', 'spread')
    """
    promised = (name for name, value in vars(port).items() if callable(value) or isinstance(value, property))
    return tuple(sorted(name for name in promised if not name.startswith("_")))


def _searched(every: tuple[Any, ...]) -> dict[Any, Any]:
    """Ask every part what it offers and needs."""
    bound: dict[Any, Any] = {}
    for one in every:
        for port in ports_of(one, "offers"):
            if port in bound:
                raise UserError(f"{_told(bound[port])} and {_told(one)} both offer {port.__name__}; exactly one part may offer a port")
            lacking = [name for name in members(port) if not hasattr(one, name)]
            if lacking:
                raise UserError(f"{_told(one)} offers {port.__name__} and lacks {lacking[0]}; it must have {', '.join(members(port))}")
            bound[port] = one
    for one in every:
        for port in ports_of(one, "needs"):
            if port not in bound:
                raise UserError(f"{_told(one)} needs {port.__name__}, which no part of this run offers")
    return bound


def _told(one: Any) -> str:
    return f"{one.kind} {one.name}"
