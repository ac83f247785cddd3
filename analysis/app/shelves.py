"""Everything the shelves hold, as the page needs it: titles and sentences in both languages, parameters with their bounds, and why.

The page names no agreement type, mechanism, protocol, shock, metric or scenario by itself: it reads this.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from typing import Any

from analysis import marks, style
from analysis.app.declared import AXES
from sim.consequences import told as told_does
from sim.contracts import is_screened
from sim.dated import kinds_of, shocks_in_order
from sim.engine import MONTH, schema_of
from sim.ledger.words import vocabulary
from sim.params import configure
from sim.registry import KINDS, current, shelf, values_of
from sim.scenario import WORDS, load_scenario, scenario_names


def _(text: str) -> str:
    """Mark a text for the catalogue."""
    return text


ROOM = {"mechanism": "mechanisms", "agreement": "agreements"}
"""Where a part's parameters lie in a configuration."""
FIRST = (
    "mechanisms.bargaining.power",
    "mechanisms.bargaining.linkage",
    "mechanisms.bargaining.side_payments",
    "mechanisms.bargaining.reach",
    "mechanisms.bargaining.desks",
    "mechanisms.ratification.spread",
    "mechanisms.ratification.months_majority",
    "agreements.security_treaty.threshold",
    "agreements.transfer_framework.judge_bar",
    "agreements.transfer_framework.trade_effect",
    "agreements.infrastructure_pact.fear",
    "mechanisms.contacts.hours_head",
)
"""Levers shown before one looks for more; those that are not there are passed over."""

NAMES = {
    "gdp": _("GDP"),
    "population": _("Population"),
    "internet_use": _("Internet use"),
    "bandwidth": _("Telecommunication infrastructure"),
    "digital_government": _("Digital government"),
    "cybersecurity": _("Cyber-security"),
    "material_capability": _("Material capability"),
    "protection_firms": _("Data protected against firms"),
    "protection_state": _("Data protected against the state"),
    "localisation": _("Control over where data lie"),
    "base_capacity": _("Cloud capacity of its own"),
    "capacity_gained": _("Capacity gained by pacts"),
    "cloud_capacity": _("Cloud capacity"),
    "need": _("Capacity short of the target"),
    "imports": _("Digital imports"),
    "imports_known": _("Digital imports as known"),
    "price_index": _("Price of digital purchases"),
    "paid": _("Paid for infrastructure"),
    "received": _("Received for infrastructure"),
    "overhead": _("Overhead on payments"),
    "committed": _("Capacity promised, not yet built"),
    "elected": _("Election this month"),
    "member": _("Membership"),
    "bound": _("Bound by the bloc's law"),
    "principal": _("Who speaks"),
    "blocked": _("Own member"),
    "free_flow": _("Free flow of data"),
    "summit": _("Same summit"),
    "contact_weight": _("Weight of a partner"),
    "role": _("Role"),
    "prospect": _("Prospect"),
    "linked_prospect": _("Prospect of a package"),
    "linked_roles": _("Roles in a package"),
    "cooldown": _("No new talks before"),
    "trade": _("Digital trade"),
    "trade_known": _("Digital trade as known"),
    "effect": _("Effect of what is in force"),
    "trust_kept": _("Words kept"),
    "trust_broken": _("Words broken"),
    "trust": _("Trust"),
    "quality": _("Quality of the deal"),
    "measure": _("Measure of quality"),
}
"""Plain names of the world's arrays; one that is not listed goes by its own name."""


def shelves() -> dict[str, Any]:
    """Return every part of every kind, the scenarios, and the words of runs."""
    parts = {kind: {name: _part(kind, name) for name in shelf(kind).names()} for kind in KINDS}
    scenarios = [_scenario(name) for name in scenario_names()]
    words = vocabulary(current())
    return {
        "parts": parts,
        "scenarios": scenarios,
        "month": [name for _, name in MONTH],
        "first": [path for path in FIRST if _is_there(path, parts)],
        "names": NAMES,
        "axes": AXES,
        "keepers": _keepers(),
        "words": words.told(),
        "marks": marks.told(),
        "issues": list(words.issues),
        "channels": list(words.channels),
    }


def _keepers() -> dict[str, str]:
    """Return the mechanism that first writes each of the parties' arrays in a month."""
    kept: dict[str, str] = {}
    schema = schema_of(current())
    of_parties = schema.on("party")
    for _number, name in MONTH:
        for field in schema.writes_of(shelf("mechanism").get(name)):
            if field in of_parties:
                kept.setdefault(field, name)
    return kept


def _is_there(path: str, parts: dict[str, Any]) -> bool:
    room, name, parameter = path.split(".")
    kind = next(kind for kind, where in ROOM.items() if where == room)
    return any(one["name"] == parameter for one in parts[kind].get(name, {}).get("parameters", ()))


def _part(kind: str, name: str) -> dict[str, Any]:
    cls = shelf(kind).get(name)
    told: dict[str, Any] = {key: getattr(cls, key) for key in ("title", "title_id", "sentence", "sentence_id")}
    told["parameters"] = [_parameter(kind, name, field) for field in dataclasses.fields(cls)]
    told["why"] = inspect.cleandoc(sys.modules[cls.__module__].__doc__ or cls.__doc__ or "")
    told["where"] = cls.__module__.replace(".", "/") + ".py"
    if kind == "metric":
        told["unit"], told["axis"] = cls.unit, cls.axis
    if kind == "agreement":
        told |= {"issues": list(cls.issues), "meaning": {k: list(v) for k, v in getattr(cls, "meaning", {}).items()}}
        told["negotiable"], told["does"], told["screened"] = bool(cls.negotiable), told_does(cls), is_screened(cls)
    if kind == "protocol":
        told["rounds"] = bool(cls.rounds)
    return told


def _parameter(kind: str, name: str, field: Any) -> dict[str, Any]:
    meta = field.metadata
    room = ROOM.get(kind)
    path = f"{room}.{name}.{field.name}" if room else f"{kind}.{field.name}" if kind == "protocol" else ""
    if kind == "shock":
        # A word of its own: of the shocks of a kind that the scenario has.
        path = f"shocks.{name}.{field.name}"
    told = {"name": field.name, "path": path, "default": field.default, "whole": type(field.default) is int}
    return told | {key: meta[key] for key in ("unit", "low", "high", "options", "source", "meaning") if key in meta}


def _scenario(name: str) -> dict[str, Any]:
    tree = load_scenario(name)
    # Not through prepare, which would take the operator's own parts off the shelves.
    config = configure(tree)
    told: dict[str, Any] = {"name": name, **{word: " ".join(str(tree[word]).split()) for word in WORDS}}
    told["illustrative"] = " ".join(str(tree.get("illustrative") or "").split())
    told["sources"] = [str(one) for one in tree.get("sources") or ()]
    told |= {key: config.tree[key] for key in ("start", "end", "negotiated", "protocol", "mechanisms", "agreements")}
    told["shocks"] = kinds_of(config.tree["shocks"], config.tree.get("events"))
    told["background"] = kinds_of(config.tree.get("background"))
    # What the first shock of each kind has: a lever moves all of a kind.
    told["shock_values"] = {shock.name: values_of(shock) for shock, _ in reversed(shocks_in_order(config))}
    return told


def theme() -> str:
    """Return the colours of both themes as a style sheet: names of :mod:`analysis.style`, agreement types and channels."""
    names = {
        "paper": style.PAPER, "ink": style.INK, "quiet": style.QUIET, "hairline": style.HAIRLINE, "grid": style.GRID,
        "land": style.LAND, "hostile": style.HOSTILE, "border": style.BORDER, "sea": style.SEA, "outside": style.OUTSIDE,
        "blue": style.BLUE, "orange": style.ORANGE, "green": style.GREEN, "red": "#b3261e", "sky": style.SKY, "pink": style.PINK,
    }  # fmt: skip
    names |= {f"o{k}": colour for k, colour in enumerate(style.ORDERED)}
    names |= {f"type-{name}": style.type_colour(name) for name in shelf("agreement").names()}
    names |= {f"channel-{name}": style.NAMED[one["colour"]] for name, one in vocabulary(current()).told()["channel"].items()}
    names |= {f"region-{region}": colour for region, colour in style.REGION_COLOUR.items()}
    names |= dict(style.DIFFERENCE)
    # Blocs stand beside ties in the colours of types, so they have muted ones.
    names |= {f"bloc{k}": colour for k, colour in enumerate(style.REGION_COLOUR.values())}
    dark = {name: "#f2b8b5" if name == "red" else style.DARK_OF[colour] for name, colour in names.items()}

    def rules(table: dict[str, str]) -> str:
        return "".join(f"--{name}:{colour};" for name, colour in table.items())

    sizes = f"--small:{style.SMALL}px;--body:{style.BODY}px;--large:{style.LARGE}px;--huge:{style.HUGE}px;--font:{style.FONT};"
    light_rules, dark_rules = rules(names), rules(dark)
    return (
        f":root{{{sizes}color-scheme:light;{light_rules}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark_rules}}}}}"
        f":root[data-theme=dark]{{color-scheme:dark;{dark_rules}}}"
    )
