"""What a run is told of its roster: which states, from which tables, and what of the tables is taken otherwise than recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.checked import codes, folder_of, month, named, whole
from sim.data.layers import AS_RECORDED, FORMS, NAMES, REWIRED
from sim.data.pandemic import FORMS as PATHS
from sim.data.pandemic import RECORDED
from sim.data.roster import RosterSpec
from sim.types import UserError, month_label, nearest

MAX_SEED = 2**63 - 1
MAX_STATES = 5000
ROSTER: dict[str, Any] = {
    "kind": "un",
    "n": 193,
    "states": [],
    "seed": 0,
    "layers": dict.fromkeys(NAMES, AS_RECORDED),
    "rewire_seed": 0,
    "known_until": None,
}
DATA: dict[str, Any] = {"folder": None, "terms": "all", "pandemic": RECORDED}


def read(value: Any, data: Any) -> RosterSpec:
    """Read what the settings ``roster`` and ``data`` say.

    Raises
    ------
    UserError
        If a name is unknown, or a value of the wrong kind or out of range.
    """
    default, data_default = ROSTER, DATA
    given = {**default, **named("roster", value, list(default))}
    kind = given["kind"]
    if kind not in ("un", "synthetic"):
        raise UserError(f"roster.kind cannot be {kind!r}; {nearest(str(kind), ('un', 'synthetic'))}")
    states = codes("roster.states", given["states"], "[IDN,SGP]")
    source = {**data_default, **named("data", data, list(data_default))}
    if source["terms"] not in ("all", "open"):
        raise UserError(f"data.terms cannot be {source['terms']!r}; {nearest(str(source['terms']), ('all', 'open'))}")
    if source["pandemic"] not in PATHS:
        raise UserError(f"data.pandemic cannot be {source['pandemic']!r}; {nearest(str(source['pandemic']), PATHS)}")
    if source["folder"] is not None and not isinstance(source["folder"], (str, Path)):
        raise UserError(f"data.folder must be the path of a folder, not {source['folder']!r}")
    folder = None if source["folder"] is None else folder_of("data.folder", source["folder"])
    n = whole("roster.n", given["n"], 2, MAX_STATES)
    if kind == "un" and n != default["n"]:
        raise UserError(f"roster.n = {n} is for roster.kind=synthetic; name real states with roster.states=[IDN,SGP,...]")
    seed = whole("roster.seed", given["seed"], 0, MAX_SEED)
    if kind == "un" and seed != default["seed"]:
        raise UserError(f"roster.seed = {seed} is for roster.kind=synthetic, whose states it draws; the luck of a run is seed")
    forms = named("roster.layers", given["layers"], NAMES)
    for name, form in forms.items():
        if form not in FORMS:
            raise UserError(f"roster.layers.{name} cannot be {form!r}; {nearest(str(form), FORMS)}")
    rewire_seed = whole("roster.rewire_seed", given["rewire_seed"], 0, MAX_SEED)
    if rewire_seed and REWIRED not in forms.values():
        raise UserError(f"roster.rewire_seed = {rewire_seed} is for roster.layers.NAME=rewired; no layer is rewired")
    return RosterSpec(
        kind=kind,
        n=n,
        states=tuple(sorted(states)),
        seed=seed,
        folder=folder,
        terms=source["terms"],
        pandemic=source["pandemic"],
        layers=tuple(sorted((name, form) for name, form in forms.items() if form != AS_RECORDED)),
        rewire_seed=rewire_seed,
        known_until=None if given["known_until"] is None else month("roster.known_until", given["known_until"]),
    )


def tables(roster: RosterSpec) -> dict[str, Any]:
    """Return which tables a roster reads; the path of the pandemic, as ever, only where it is not as recorded."""
    told = {"folder": None if roster.folder is None else str(roster.folder), "terms": roster.terms}
    return told if roster.pandemic == RECORDED else {**told, "pandemic": roster.pandemic}


def taken(roster: RosterSpec) -> dict[str, Any]:
    """Return what a roster takes otherwise than the tables have it; nothing, as ever, where all is as recorded."""
    told: dict[str, Any] = {"layers": dict(roster.layers)} if roster.layers else {}
    if roster.rewire_seed:
        told["rewire_seed"] = roster.rewire_seed
    return told if roster.known_until is None else {**told, "known_until": month_label(roster.known_until)}
