"""The month: assembly of a setting from a configuration, and the one way forward, :func:`step`.

The order of the month is the table below; it is a scientific claim, so it is code, printed by ``--help`` and quoted in the documentation.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import consequences
from sim.contracts import OWNERS, arity_of, of_two
from sim.data.roster import Roster, load_roster
from sim.decide.candidates import build_edges
from sim.decide.decisions import Compiled
from sim.decide.held import BY_PROTOCOL
from sim.decide.rivalled import Rivalled
from sim.declare.arrays import FIXED
from sim.ledger.state import Ledger
from sim.ledger.words import check_recorded, vocabulary
from sim.params import Config, canonical, configure
from sim.ports import ContactTerms, bind
from sim.registry import Shelves, shelf
from sim.rng import identities
from sim.scenario import of_its_scenario
from sim.stakes.linkage import linked_pairs
from sim.state import world as worlds
from sim.state.schema import Schema, refuse_other_axes, resolve
from sim.state.world import Setting, World
from sim.types import Event, ModelFault, UserError, month_label, nearest

MONTH: tuple[tuple[int, str], ...] = (
    (1, "roster"),
    (2, "disruption"),
    (3, "links"),
    (4, "access"),
    (5, "alliances"),
    (6, "law"),
    (7, "soft_law"),
    (8, "data_centres"),
    (9, "market"),
    (10, "trade_deals"),
    (11, "occasions"),
    (12, "platforms"),
    (13, "bodies"),
    (14, "contacts"),
    (15, "online"),
    (16, "interception"),
    (17, "vaccines"),
    (18, "executives"),
    (19, "walkouts"),
    (20, "assembly"),
    (21, "bargaining"),
    (22, "accessions"),
    (23, "conferences"),
    (24, "ratification"),
    (25, "compliance"),
    (26, "durability"),
    (27, "withdrawals"),
    (28, "entry"),
    (29, "courts"),
    (30, "works"),
    (31, "effects"),
    (32, "certification"),
    (33, "image"),
    (34, "trust"),
    (35, "welfare"),
)
"""The order of the month. Adding a mechanism adds its line here."""

_COMPILED = Compiled()


@dataclass(frozen=True)
class Action:
    """Something done to a run from outside, as data: a lever set to a value from a month on.

    Attributes
    ----------
    path : str
        The lever, for example ``"mechanisms.contacts.hours_head"``, ``"agreements.transfer_framework.judge_bar"`` or
        ``"protocol.contacts_to_conclude"``.
    value : number, bool or str
    """

    path: str
    value: Any


def assemble(config: Config, like: Setting | None = None, text: str | None = None) -> Setting:
    """Load the roster and fix all that a run will not change.

    Parameters
    ----------
    config : Config
    like : Setting or None
        A setting whose roster and partners are taken over where this configuration would load and choose the same.
    text : str or None
        What :func:`text_of` gives for the configuration's tree, where it is known already.

    Raises
    ------
    UserError
        If the roster cannot be loaded, the month's table names a part that is not there, a port is offered twice or not at all
        (:func:`sim.ports.bind`), or a metric is measured along an axis that is not there.
    """
    bound = _bound(config)
    same = like is not None and _roster_key(like.config) == _roster_key(config)
    roster = like.roster if like is not None and same else _roster_of(config)
    if like is not None and same and _edges_key(like.config, like.bound) == _edges_key(config, bound):
        edges = like.edges
    else:
        edges = build_edges(roster, config.start, *_edges_key(config, bound))
    codes = like.codes if like is not None and same else (*roster.codes, *roster.blocs)
    identity = like.identity if like is not None and same else identities(codes)
    digest = setting_digest(text_of(config.tree) if text is None else text, roster.digest)
    typed = _types_of(config)
    sizes = {
        "party": len(codes),
        "state": len(roster.codes),
        "bloc": len(roster.blocs),
        "edge": edges.n,
        "type": len(typed["types"]),
        "negotiated": int(typed["negotiated"].sum()),
        "package": len(typed["links"]),
    }
    if like is not None and same and like.config.shelves is config.shelves and all(like.schema.axes[one] == n for one, n in sizes.items()):
        # The parts on the same shelves declare the same: a study assembles many a draw.
        schema, words = like.schema, like.words
    else:
        schema, words = schema_of(config.shelves, sizes, roster), vocabulary(config.shelves)
        refuse_other_axes(schema, (config.shelves["metric"].get(name) for name in config.shelves["metric"].names()))
    n = len(roster.codes)
    return Setting(config, roster, edges, codes, identity, n, digest=digest, schema=schema, words=words, bound=bound, **typed)


def schema_of(shelves: Shelves, sizes: Mapping[str, int] | None = None, roster: Any = None) -> Schema:
    """Lay together what the ledger and the parts on some shelves declare of state, mechanisms in the order of the month.

    Parameters
    ----------
    shelves : Shelves
    sizes : mapping of str to int or None
        Sizes of the axes that differ from run to run; 0 where they are left out, for words and units alone.
    roster : object or None
        Where declared axes read their names.

    Raises
    ------
    UserError, ModelFault
        If declarations do not fit together (:func:`sim.state.schema.resolve`).
    """
    words = vocabulary(shelves)
    usual = {**dict.fromkeys(FIXED, 0), "issue": len(words.issues), "channel": len(words.channels), "side": 2}
    found = resolve(declaring(shelves), {**usual, **(sizes or {})}, roster, worlds.TAKEN)
    check_recorded(found, words, shelves.folder)
    return found


def declaring(shelves: Shelves) -> list[Any]:
    """List what may declare state, in the order in which it is laid together.

    The ledger, the consequences of agreement types, then the parts of the kinds that own state.
    """
    first = [name for _, name in MONTH]
    names = {kind: shelves[kind].names() for kind in OWNERS}
    names["mechanism"].sort(key=lambda name: (first.index(name) if name in first else len(first), name))
    parts = {kind: [shelves[kind].get(name) for name in some] for kind, some in names.items()}
    return [Ledger, *consequences.declaring(parts["agreement"]), *(one for some in parts.values() for one in some)]


def _roster_of(config: Config) -> Roster:
    """Load a run's roster; a fault in what its scenario sets names the scenario's file and line, through whichever door it came."""
    try:
        return load_roster(config.roster, config.start, config.end)
    except UserError as fault:
        raise of_its_scenario(config, fault) from None


def _roster_key(config: Config) -> tuple[Any, ...]:
    return (config.roster, config.start, config.end)


def _bound(config: Config) -> Mapping[Any, Any]:
    """Return who offers each port in a configuration."""
    return bind((*config.mechanisms.values(), *config.agreements.values(), config.protocol, *config.shocks, *config.background))


def _edges_key(config: Config, bound: Mapping[Any, Any]) -> tuple[int, float, float]:
    contacts: ContactTerms = bound[ContactTerms]
    return (config.candidates, contacts.size_elasticity, contacts.distance_elasticity)


def text_of(tree: dict[str, Any]) -> str:
    """Write a configuration's tree as canonical JSON, wherever its tables lie."""
    return canonical({**tree, "data": {**tree["data"], "folder": None}})


def setting_digest(text: str, data: str) -> str:
    """Identify a configuration, by its text, together with the content of its data."""
    return hashlib.blake2b(f"{text}{data}".encode(), digest_size=16).hexdigest()


def _with_parts(setting: Setting, config: Config) -> Setting:
    return dataclasses.replace(setting, config=config, **_types_of(config), bound=_bound(config))


def _types_of(config: Config) -> dict[str, Any]:
    """Return what a setting says of agreement types, in the order of the T axis: themselves, who makes which, which are linked."""
    types = tuple(config.agreements[name] for name in sorted(config.agreements))
    named = np.array([one.name in config.negotiated for one in types], dtype=np.bool_)
    many = np.array([not of_two(one) for one in types], dtype=np.bool_)
    of_blocs = np.array([arity_of(one) == "bloc" for one in types], dtype=np.bool_)
    sorts = {"negotiated": named & ~many, "many": many, "conferred": named & many, "of_blocs": of_blocs}
    return {"types": types, **sorts, "links": linked_pairs(types)}


def start(setting: Setting, seed: int, *, record_offers: bool = False) -> World:
    """Return the world as the first month begins: figures, instruments in force, trade and trust are set, nothing has happened."""
    world = World(setting, seed, setting.config.start)
    world.record_offers = record_offers
    for _, name in MONTH:
        setting.config.mechanisms[name].begin(world)
    return world


def undisturbed(setting: Setting, month: int) -> World:
    """Return a world in a month of the run in which nothing has happened but what the tables date: figures, memberships, alliances.

    Its ledger is of no use; who is close to whom, hostile or a member is what it is for.
    """
    world = start(setting, 0)
    if month > world.month:
        # January, in which all of a year is renewed; but never before the run.
        world.month = max(world.month, month // 12 * 12)
        for name in ("roster", "alliances"):
            setting.config.mechanisms[name].step(world, _COMPILED)
        world.month = month
    return world


def step(world: World, actions: Sequence[Action] = (), decide: Any = None) -> None:
    """Live one month, in place.

    Parameters
    ----------
    world : World
    actions : sequence of Action
        What is done from outside, before the month begins.
    decide : object or None
        Who decides (see :class:`sim.decide.decisions.Decide`); None for the compiled decisions, or for the agents that the configuration
        names.

    Raises
    ------
    UserError
        If an action names no lever or sets it out of bounds.
    ModelFault
        If the run is over.
    """
    if world.month > world.setting.config.end:
        raise ModelFault(f"the run ended in {month_label(world.setting.config.end)}")
    decider = decider_of(world) if decide is None else _with_hand(decide)
    _try_levers(world, actions)
    for action in actions:
        move_lever(world, action)
    for _, name in MONTH:
        world.setting.config.mechanisms[name].step(world, decider)
    world.month += 1


class _Handed:
    """Who decides, with the protocol's hand at the table."""

    hand = BY_PROTOCOL

    def __init__(self, decide: Any) -> None:
        self._decide = decide

    def __getattr__(self, name: str) -> Any:
        return getattr(self._decide, name)


def _with_hand(decide: Any) -> Any:
    """Return who decides with a hand at the table: the protocol's, for an object of somebody's own that brings none."""
    return decide if hasattr(decide, "hand") else _Handed(decide)


def decider_of(world: World) -> Any:
    """Return who decides in a world: the agents or the rival that its configuration names, or the compiled decisions."""
    agents, rival = world.setting.config.agents, world.setting.config.rival
    if agents is None:
        return _COMPILED if rival is None else Rivalled(rival)
    if world.minds is None:
        world.minds = agents.minds(world, _COMPILED)
    return world.minds


def move_lever(world: World, action: Action) -> None:
    """Set one parameter of one part from this month on, and remember it.

    Raises
    ------
    UserError
        If the path names no lever, or the value lies out of bounds.
    """
    value = _plain(action.value)
    _set_lever(world, action.path, value)
    world.levers = (*world.levers, (action.path, value))
    world.events.append(month=world.month, event=Event.ACTION, value=float(value) if isinstance(value, (int, float)) else np.nan)


def _try_levers(world: World, actions: Sequence[Action]) -> None:
    """Refuse a month's actions together, before any of them has touched the world."""
    kept = world.setting
    try:
        for action in actions:
            _set_lever(world, action.path, _plain(action.value))
    finally:
        world.setting = kept


def _plain(value: Any) -> Any:
    """Turn a NumPy number into Python's own: a snapshot writes a lever's value down as Python does."""
    return value.item() if isinstance(value, np.generic) else value


def _set_lever(world: World, path: str, value: Any) -> None:
    config, words = world.setting.config, path.split(".")
    rooms = {"mechanisms": "mechanism", "agreements": "agreement"}
    if words[0] == "protocol" and len(words) == 2:
        protocol = config.shelves["protocol"].build(config.protocol.name, {**_values(config.protocol), words[1]: value})
        changed = dataclasses.replace(config, protocol=protocol)
    elif words[0] in rooms and len(words) == 3:
        parts = getattr(config, words[0])
        if words[1] not in parts:
            raise UserError(f"lever {path!r}: there is no {rooms[words[0]]} {words[1]!r}; {nearest(words[1], parts)}")
        built = config.shelves[rooms[words[0]]].build(words[1], {**_values(parts[words[1]]), words[2]: value})
        together: dict[str, Any] = {words[0]: {**parts, words[1]: built}}
        changed = dataclasses.replace(config, **together)
    else:
        raise UserError(f"lever {path!r} is not of the form mechanisms.NAME.PARAMETER, agreements.NAME.PARAMETER or protocol.PARAMETER")
    world.setting = _with_parts(world.setting, changed)


def _values(thing: Any) -> dict[str, Any]:
    return {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing)}


def restore(setting: Setting, arrays: Any) -> World:
    """Rebuild a world from :func:`sim.state.world.snapshot`, levers moved since the start included.

    Raises
    ------
    ModelFault
        If the snapshot was made under another configuration.
    """
    world = worlds.restore(setting, arrays)
    for path, value in world.levers:
        _set_lever(world, path, value)
    return world


def order_of_the_month() -> list[str]:
    """Return the month's table as lines of text."""
    return [f"{number}. {shelf('mechanism').get(name).title}: {shelf('mechanism').get(name).sentence}" for number, name in MONTH]


def build(tree: dict[str, Any]) -> Setting:
    """Validate a plain tree and assemble it: the short way from Python."""
    return assemble(configure(tree))
