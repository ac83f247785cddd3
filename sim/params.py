"""A run's configuration: frozen, validated in one place for the command line and for Python alike.

``configure`` takes a plain tree (what Hydra composes, or a dict written by hand) and returns a :class:`Config`; every fault is one sentence
that says what, where, what was expected and the nearest valid choice.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.checked import FIRST_MONTH, LAST_MONTH, codes, folder_of, month, named, whole
from sim.contracts import of_two
from sim.data.coalitions import read as read_coalitions
from sim.data.roster import RosterSpec
from sim.data.start_state import read as read_start_state
from sim.dated import Dated, order_of, shocks_in_order, target_of
from sim.dated import read as read_events
from sim.older.names import near
from sim.registry import AGENTS, Shelves, current, own_digest, shelf, values_of
from sim.rosters import DATA, MAX_SEED, MAX_STATES, ROSTER, tables, taken
from sim.rosters import read as read_roster
from sim.scenario_file import is_read
from sim.types import UserError, month_label, nearest

__all__ = [
    "DEFAULTS", "FIRST_MONTH", "LAST_MONTH", "MAX_SEED", "MAX_STATES", "SCENARIO_ONLY", "SETTINGS", "STATED_WHERE_GIVEN", "TIERS",
    "Config", "Settings", "canonical", "codes", "configure", "folder_of", "month", "named", "settings", "whole",
]  # fmt: skip

TIERS = ("scalars", "series", "panels", "full")
NO_RIVAL = "none"
"""The word for no rival theory: the model itself."""

DEFAULTS: dict[str, Any] = {
    "scenarios": "baseline",
    "start": "2019-01",
    "end": "2025-12",
    "protocol": {"name": "nash"},
    "negotiated": ["adequacy_decision", "digital_trade_agreement", "infrastructure_pact", "law_enforcement_access", "transfer_framework"],
    "agreements": {},
    "mechanisms": {},
    "shocks": [],
    "background": [{"kind": "sanctions"}, {"kind": "election"}],
    "candidates": 192,
    "roster": ROSTER,
    "data": DATA,
    "coalitions": [],
    "events": [],
    "start_state": [],
    "agents": None,
    "rival": "none",
    "rivals": {},
}
SETTINGS: dict[str, Any] = {
    "seed": 0,
    "seeds": 1,
    "record": "panels",
    "counterfactual": False,
    "outputs": "outputs",
    "parts": None,
    "moves": None,
}
SCENARIO_ONLY = (
    "title",
    "title_id",
    "story",
    "story_id",
    "question",
    "question_id",
    "sources",
    "counterfactual_of",
    "illustrative",
    "targets",
)
STATED_WHERE_GIVEN = ("background", "coalitions", "events", "start_state")
"""Settings that a configuration's tree holds only where there are any; elsewhere it stands as if they were not known. A tree without a
background is one of version 0.1.0, which had none."""


@dataclass(frozen=True)
class Config:
    """What decides a run's numbers, apart from its seed.

    Attributes
    ----------
    scenario : str
    start, end : int
        First and last month, both simulated.
    roster : RosterSpec
    candidates : int
        Partners each state keeps an eye on, C.
    protocol : object
        The built protocol part.
    negotiated : tuple of str
        Agreement types that states may open talks on.
    agreements, mechanisms : dict of str to object
        Built parts, by name.
    shocks : tuple of object
        Built shocks, in the order of their names and values.
    background : tuple of object
        Built shocks that the world and its twin carry alike, such as the recorded sanctions; those of the same kind in ``shocks`` or
        ``events`` stand in for them.
    tree : dict
        The canonical plain tree these were built from, defaults filled in.
    agents : type or None
        A user's class of agents that decides instead of the compiled rules.
    events : tuple of Dated
        Dated shocks and marks, in the order of their months (:mod:`sim.dated`).
    rival : object or None
        A built rival theory that says who signs with whom in place of the model's bargaining.
    file : dict or None
        The scenario's own file, whole, where it lies on no shelf (:mod:`sim.scenario_file`); it names the run and changes no number.
    shelves : Shelves
        The parts it was built from; whatever is looked up for this run later is looked up there.
    """

    scenario: str
    start: int
    end: int
    roster: RosterSpec
    candidates: int
    protocol: Any
    negotiated: tuple[str, ...]
    agreements: dict[str, Any] = field(hash=False)
    mechanisms: dict[str, Any] = field(hash=False)
    shocks: tuple[Any, ...]
    tree: dict[str, Any] = field(hash=False)
    agents: Any = None
    events: tuple[Dated, ...] = ()
    background: tuple[Any, ...] = ()
    rival: Any = None
    file: Any = field(default=None, compare=False)
    shelves: Shelves = field(default_factory=current, compare=False, repr=False)

    def __reduce__(self) -> Any:
        """Travel with the shelves first: elsewhere a user's parts are known only once their folder has been read."""
        return _rebuilt, (self.shelves, {one.name: getattr(self, one.name) for one in dataclasses.fields(self) if one.name != "shelves"})

    @property
    def source(self) -> Any:
        """What :func:`sim.scenario.load_scenario` reads the scenario from: its name on the shelf, or its file as it was read."""
        return self.scenario if self.file is None else self.file

    @functools.cached_property
    def laid(self) -> tuple[tuple[Any, Dated | None], ...]:
        """The shocks in the order in which they are laid, each with its event (:func:`sim.dated.shocks_in_order`): asked every month."""
        return shocks_in_order(self)

    @property
    def digest(self) -> str:
        """The configuration's identity: canonical JSON (sorted keys, shortest float forms) through BLAKE2b."""
        return hashlib.blake2b(canonical(self.tree).encode(), digest_size=16).hexdigest()


def _rebuilt(shelves: Shelves, values: dict[str, Any]) -> Config:
    return Config(**values, shelves=shelves)


@dataclass(frozen=True)
class Settings:
    """What a run is told beside its configuration: its luck, a played seat's moves, and where and how much is written."""

    seed: int
    seeds: int
    record: str
    counterfactual: bool
    outputs: Path
    parts: Path | None
    moves: Any = None


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=True)


def canonical(tree: Any) -> str:
    """Write a plain tree as canonical JSON."""
    return _CANONICAL.encode(tree)


def settings(tree: Mapping[str, Any]) -> Settings:
    """Validate the run settings found in a tree.

    Raises
    ------
    UserError
        If a setting is of the wrong kind or out of range.
    """
    value = {key: tree.get(key, default) for key, default in SETTINGS.items()}
    seed = whole("seed", value["seed"], 0, MAX_SEED)
    seeds = whole("seeds", value["seeds"], 1, 1_000_000)
    if seed + seeds - 1 > MAX_SEED:
        raise UserError(f"seed {seed} with seeds={seeds} runs past the largest seed {MAX_SEED}")
    if value["record"] not in TIERS:
        raise UserError(f"record cannot be {value['record']!r}; {nearest(str(value['record']), TIERS)}")
    if not isinstance(value["counterfactual"], bool):
        raise UserError(f"counterfactual must be true or false, not {value['counterfactual']!r}")
    for key in ("outputs", "parts"):
        if not (value[key] is None and key == "parts") and (not isinstance(value[key], (str, Path)) or not str(value[key])):
            raise UserError(f"{key} must be the path of a folder, not {value[key]!r}")
    moves = value["moves"]
    if moves is not None and not isinstance(moves, (str, Path, list, tuple)):
        raise UserError(f"moves must be the path of a saved game or a list of moves, not {moves!r}")
    if moves is not None and seeds != 1:
        raise UserError(f"a played game has one luck: moves cannot go with seeds={seeds}")
    parts = None if value["parts"] is None else folder_of("parts", value["parts"])
    return Settings(seed, seeds, value["record"], value["counterfactual"], folder_of("outputs", value["outputs"]), parts, moves)


def configure(tree: Mapping[str, Any]) -> Config:
    """Validate a tree and build its parts.

    Raises
    ------
    UserError
        If a key is unknown, a value of the wrong kind or out of range, or a part cannot be built.
    """
    for key in tree:
        if key not in DEFAULTS and key not in SETTINGS and key not in SCENARIO_ONLY:
            raise UserError(f"there is no setting {key!r}; {near('setting', str(key), [*DEFAULTS, *SETTINGS])}")
    merged = {key: tree.get(key, default) for key, default in DEFAULTS.items()}
    scenario, file = merged["scenarios"], None
    if isinstance(scenario, Mapping):
        file = dict(scenario) if is_read(scenario) else None
        scenario = scenario.get("name")
    if not isinstance(scenario, str):
        raise UserError(f"scenarios must be the name of a scenario, not {scenario!r}")
    start, end = month("start", merged["start"]), month("end", merged["end"])
    if end < start:
        raise UserError(f"end {merged['end']} lies before start {merged['start']}")
    roster = read_roster(merged["roster"], merged["data"])
    protocol = _one_part("protocol", merged["protocol"])
    negotiated = _negotiated(merged["negotiated"])
    _many_can_bargain(protocol, negotiated)
    agreements = _many_parts("agreement", "agreements", merged["agreements"], shelf("agreement").names())
    mechanisms = _many_parts("mechanism", "mechanisms", merged["mechanisms"], shelf("mechanism").names())
    shocks = _shocks("shocks", merged["shocks"])
    bilateral = [name for name in negotiated if of_two(shelf("agreement").get(name))]
    coalitions = read_coalitions(merged["coalitions"], start, month, bilateral)
    events = read_events(merged["events"], start, end, month, shocks)
    background = tuple(one for one in _shocks("background", merged["background"]) if not _stood_in_for(one, shocks, events))
    types = {name: shelf("agreement").get(name) for name in shelf("agreement").names()} if merged["start_state"] else {}
    state = read_start_state(merged["start_state"], start, month, types)
    roster = dataclasses.replace(roster, coalitions=coalitions, start_state=state)
    candidates = whole("candidates", merged["candidates"], 1, MAX_STATES)
    full: dict[str, Any] = {
        "scenario": scenario,
        "start": month_label(start),
        "end": month_label(end),
        "protocol": {"name": protocol.name, **values_of(protocol)},
        "negotiated": sorted(negotiated),
        "agreements": {name: values_of(one) for name, one in agreements.items()},
        "mechanisms": {name: values_of(one) for name, one in mechanisms.items()},
        "shocks": [{"kind": one.name, **values_of(one)} for one in shocks],
        "background": [{"kind": one.name, **values_of(one)} for one in background],
        "candidates": candidates,
        "roster": {"kind": roster.kind, "n": roster.n, "states": list(roster.states), "seed": roster.seed, **taken(roster)},
        "data": tables(roster),
    }
    if coalitions:
        # Only where one is declared, so that a world without them is told, and digested, as it always was.
        full["coalitions"] = [one.tree() for one in coalitions]
    if events:
        full["events"] = [one.tree() for one in events]
    if state:
        full["start_state"] = state.tree()
    agents, rival = _agents(merged["agents"]), _rival(merged["rival"], merged["rivals"])
    if agents is not None:
        # Only where they are chosen, as above.
        full["agents"] = agents.part["name"]
    if rival is not None:
        full |= {"rival": rival.name, "rivals": {rival.name: values_of(rival)}}
        if agents is not None:
            raise UserError(f"agents={agents.part['name']} and rival={rival.name} both say who decides; give one of them")
    if own_digest():
        # Only where a user's parts are loaded: they may change any number, so they are part of what the run is.
        full["parts"] = own_digest()
    return Config(
        scenario, start, end, roster, candidates, protocol, negotiated, agreements, mechanisms, shocks, full, agents, events, background,
        rival, file,
    )  # fmt: skip


def _stood_in_for(shock: Any, shocks: tuple[Any, ...], events: tuple[Dated, ...]) -> bool:
    """Say whether a shock or an event of the run's own takes the place of one of the background: it is of its kind, on its target."""
    own = (*shocks, *(one.shock for one in events if one.shock is not None))
    return any(one.name == shock.name and target_of(one) == target_of(shock) for one in own)


def _one_part(kind: str, value: Any) -> Any:
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        raise UserError(f"{kind} must be the name of one, not {value!r}; {nearest('', shelf(kind).names())}")
    return shelf(kind).build(value["name"], {key: item for key, item in value.items() if key != "name"})


def _many_parts(kind: str, key: str, value: Any, names: list[str]) -> dict[str, Any]:
    given = named(key, value, names)
    for name, values in given.items():
        if not isinstance(values, Mapping):
            raise UserError(f"{key}.{name} must hold named values, not {values!r}")
    return {name: shelf(kind).build(name, given.get(name, {})) for name in names}


def _shocks(key: str, value: Any) -> tuple[Any, ...]:
    if isinstance(value, str) or not isinstance(value, (list, tuple)):
        raise UserError(f"{key} must be a list such as [{{kind: travel_closure}}], not {value!r}")
    built = []
    for one in value:
        if not isinstance(one, Mapping) or not isinstance(one.get("kind"), str):
            which = "each shock of the background" if key == "background" else "each shock"
            kinds = nearest("", shelf("shock").names())
            raise UserError(f"{which} must name its kind, as in {{kind: travel_closure}}, not {one!r}; {kinds}")
        built.append(shelf("shock").build(one["kind"], {key: item for key, item in one.items() if key != "kind"}))
    for n, shock in enumerate(built):
        if any(other.name == shock.name and target_of(other) == target_of(shock) for other in built[:n]):
            raise UserError(
                f"{key}: two of kind {shock.name} would last the whole run; give one, or dated ones that follow each other (events)"
            )
    return tuple(sorted(built, key=order_of))


def _many_can_bargain(protocol: Any, negotiated: tuple[str, ...]) -> None:
    """Refuse a protocol that knows two parties only where a type needs more."""
    many = [name for name in negotiated if not of_two(shelf("agreement").get(name))]
    if many and not hasattr(protocol, "solve_group"):
        able = [name for name in shelf("protocol").names() if hasattr(shelf("protocol").get(name), "solve_group")]
        raise UserError(
            f"negotiated: {many[0]} is made by many parties at one table, and protocol {protocol.name} knows only two "
            f"(it has no solve_group); choose {' or '.join(able)}, or leave {many[0]} out"
        )


def _agents(value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, str):
        raise UserError(
            f"agents must be the name of a class in the subfolder agents of parts=FOLDER, not {value!r}; "
            "a class itself goes to DiplomacyModel(agent_class=...)"
        )
    return shelf(AGENTS).get(value)


def _rival(value: Any, values: Any) -> Any:
    """Build the rival that is chosen, None where none is; values of another are refused, because nothing would read them."""
    names = shelf("rival").names()
    given = named("rivals", values, names)
    if value is None or value == NO_RIVAL:
        chosen = None
    elif isinstance(value, str):
        chosen = shelf("rival").get(value).name
    else:
        raise UserError(f"rival must be the name of one, or {NO_RIVAL}, not {value!r}; {nearest('', names)}")
    for name, some in given.items():
        if not isinstance(some, Mapping):
            raise UserError(f"rivals.{name} must hold named values, not {some!r}")
        if name != chosen and some:
            raise UserError(f"rivals.{name}.{next(iter(some))} is set, but rival is {chosen or NO_RIVAL}; add rival={name}")
    return None if chosen is None else shelf("rival").build(chosen, given.get(chosen, {}))


def _negotiated(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, (list, tuple)):
        raise UserError(f"negotiated must be a list of agreement types, not {value!r}")
    able = [name for name in shelf("agreement").names() if shelf("agreement").get(name).negotiable]
    for name in value:
        if name not in able:
            raise UserError(f"negotiated: states cannot open talks on {name!r}; {nearest(str(name), able)}")
        if list(value).count(name) > 1:
            raise UserError(f"negotiated names {name} twice")
    return tuple(sorted(set(value)))
