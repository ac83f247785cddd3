"""Packages of two linked types, told talk by talk and instrument by instrument."""

from __future__ import annotations

from typing import Any


def packages(kinds: dict[str, Any]) -> tuple[str, ...]:
    """Name the packages that may be made, types in the order of their names; it is enough that one of two names the other."""
    names = list(kinds)
    pairs = [(one, two) for n, one in enumerate(names) for two in names[n + 1 :]]
    return tuple(f"{one}+{two}" for one, two in pairs if two in getattr(kinds[one], "links", ()) or one in getattr(kinds[two], "links", ()))


def halves(w: Any, row: int) -> list[int]:
    """List the talks of the package that some talks belong to, those that lead it first; these alone where they belong to none."""
    lead = w.talks[row].package
    if lead is None:
        return [row]
    return [lead, *(at for at, talk in enumerate(w.talks) if talk.package == lead and at != lead)]


def signed_together(w: Any, row: int) -> list[int]:
    """List the instruments of the package that one belongs to; itself alone where it belongs to none."""
    package = w.instruments[row].package
    return [row] if package is None else [at for at, one in enumerate(w.instruments) if one.package == package]


def other_half(w: Any, row: int) -> tuple[str, str, str] | None:
    """Say with what talks that found no zone may be widened: type, first and second party; None where with nothing.

    Talks are widened once, and not where offers are on the table; the package that promises both together most is taken.
    """
    talk = w.talks[row]
    if w.config.protocol.rounds or talk.package is not None:
        return None
    found: dict[str, tuple[float, tuple[str, str, str]]] = {}
    for package in packages(w.kinds):
        names = package.split("+")
        if talk.type not in names:
            continue
        hope = w.linked_prospect[package, talk.first, talk.second] + w.linked_prospect[package, talk.second, talk.first]
        told = w.linked_roles[package, talk.first, talk.second]
        if hope > 0.0 and told is not None:
            roles = dict(zip(names, (told // 2, told % 2), strict=True))
            other = next(name for name in names if name != talk.type)
            pair = (talk.first, talk.second) if roles[other] == 0 else (talk.second, talk.first)
            if roles[talk.type] == 0 and _may_begin(w, other, talk.first, talk.second):
                found[package] = (hope, (other, *pair))
    return max(found.values(), key=lambda one: one[0])[1] if found else None


def _may_begin(w: Any, kind: str, one: str, two: str) -> bool:
    bars = {kind, *w.kinds[kind].excluded_by}
    settled = any(w.in_force[bar, one, two] for bar in bars if bar in w.kinds) or w.cooldown[kind, one, two] > w.month
    speak = kind in w.config.negotiated and w.principal[kind, one] == one and w.principal[kind, two] == two
    return speak and not settled and w.open_talk[kind, one, two] is None
