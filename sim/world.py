"""The world: named arrays and append-only tables, and no rules.

Axes: ``P`` parties (states sorted by code, then blocs), ``N`` states, ``B`` blocs, ``E`` edges (directed dyads between a party and the
partners it keeps an eye on), ``T`` agreement types (sorted by name), ``L`` pairs of linked types, ``K`` issues. All that changes in a run
lives in one :class:`World`; what is fixed for a run lives in its :class:`Setting`.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools as Bools
from sim.arrays import Floats as Floats
from sim.arrays import Ints as Ints
from sim.arrays import log_ratios
from sim.data.roster import Roster
from sim.declare.vocabulary import Vocabulary
from sim.params import Config
from sim.schema import ABSENT, FIELDS, TABLES
from sim.types import ModelFault


@dataclass(frozen=True)
class Edges:
    """Directed dyads, sorted by owner and then by partner.

    Attributes
    ----------
    start : int64 (P + 1,)
        Edges of party i are ``start[i]`` to ``start[i + 1]``.
    row, col : int32 (E,)
        Owner and partner of each edge.
    rev : int32 (E,)
        The same dyad seen from the partner.
    distance : float64 (E,)
        Great-circle distance between capitals in km; a bloc is as far as its members are on average, by GDP.
    affinity, pact, border, cables, rivalry : float64 (E,)
        Likeness of UN votes (0 to 1), strength of formal pacts (0 to 1), land border (0 or 1), shared submarine cables (count), strategic
        rivalry (0 or 1); a bloc has its members' mean.
    """

    start: NDArray[np.int64]
    row: Ints
    col: Ints
    rev: Ints
    distance: Floats
    affinity: Floats
    pact: Floats
    border: Floats
    cables: Floats
    rivalry: Floats

    @functools.cached_property
    def log_distance(self) -> Floats:
        """Logarithm of the distance in 1,000 km, shape (E,): it enters gravity and contacts with an elasticity and never changes."""
        out = np.empty(self.n)
        log_ratios(self.distance, 1000.0, out)
        return out

    @property
    def n(self) -> int:
        """The number of directed dyads, E."""
        return len(self.col)

    def find(self, i: int, j: int) -> int:
        """Return the edge from party i to party j, or -1 where i does not keep an eye on j."""
        low, high = int(self.start[i]), int(self.start[i + 1])
        # Who keeps an eye on everyone has each partner at its own number, less itself.
        at = low + j - (1 if j > i else 0)
        if at < high and int(self.col[at]) == j:
            return at
        at = low + int(self.col[low:high].searchsorted(self.col.dtype.type(j)))
        return at if at < high and int(self.col[at]) == j else -1


@dataclass(frozen=True)
class Setting:
    """What is fixed for a run: configuration, roster, edges, identities, names, words, and which pairs of types may be linked."""

    config: Config
    roster: Roster
    edges: Edges
    codes: tuple[str, ...]
    identity: NDArray[np.uint64]
    n_states: int
    types: tuple[Any, ...]
    negotiated: Bools
    digest: str
    words: Vocabulary
    links: tuple[tuple[int, int], ...] = ()

    @property
    def n_parties(self) -> int:
        """P."""
        return len(self.codes)

    @property
    def type_names(self) -> tuple[str, ...]:
        """Names of the agreement types, in the order of the T axis."""
        return tuple(one.name for one in self.types)

    @functools.cached_property
    def rules_out(self) -> Bools:
        """Which types rule out talks on which, shape (T, T): row the type proposed, column the type in force."""
        names = self.type_names
        return np.array([[other in one.excluded_by or other == one.name for other in names] for one in self.types], dtype=np.bool_)

    @functools.cached_property
    def leanings(self) -> Floats:
        """In which direction ratifiers lie from their executive on each type, shape (T, 2, K): commonly -1, 0 or 1 an issue."""
        issues = self.words.issues
        by_type = np.zeros((len(self.types), 2, len(issues)))
        for t, kind in enumerate(self.types):
            for issue, pair in getattr(kind, "ratifiers", {}).items():
                by_type[t, :, issues.index(issue)] = pair
        return by_type

    @property
    def package_names(self) -> tuple[str, ...]:
        """Names of the packages of two linked types, in the order of the L axis."""
        return tuple(f"{self.types[one].name}+{self.types[two].name}" for one, two in self.links)

    def party(self, code: str) -> int:
        """Return a party's place on the P axis."""
        try:
            return self.codes.index(code)
        except ValueError:
            raise ModelFault(f"there is no party {code!r} in this roster") from None


class Table:
    """Rows of named columns that only grow; a column is read as ``table["stage"]``, a view of the rows so far."""

    def __init__(self, columns: Mapping[str, tuple[type, tuple[int, ...]]], room: int = 64) -> None:
        self._columns, self._room = dict(columns), max(1, room)
        # Rows to come already hold what a row holds that says nothing, so that adding one writes only what is said.
        self._data: dict[str, NDArray[Any]] = {
            name: np.full((self._room, *shape), ABSENT.get(name, -1), dtype=dtype) for name, (dtype, shape) in columns.items()
        }
        self.n = 0

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.n

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a writable view of one column, first axis the rows."""
        return self._data[name][: self.n]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(self._columns)

    def append(self, **values: Any) -> int:
        """Add one row and return its number; a column left out gets its absent value (-1, 0 or NaN)."""
        self._prepare(1, values)
        for name, value in values.items():
            self._data[name][self.n] = value
        self.n += 1
        return self.n - 1

    def extend(self, count: int, **values: Any) -> None:
        """Add rows, each value an array of ``count`` or one for all."""
        self._prepare(count, values)
        for name, value in values.items():
            self._data[name][self.n : self.n + count] = value
        self.n += count

    def _prepare(self, count: int, values: Mapping[str, Any]) -> None:
        """Refuse columns that are not there, and make room."""
        if not values.keys() <= self._columns.keys():
            raise ModelFault(f"no such columns: {sorted(set(values) - set(self._columns))}")
        if self.n + count <= self._room:
            return
        while self.n + count > self._room:
            self._room *= 2
        for name, (dtype, shape) in self._columns.items():
            grown: NDArray[Any] = np.full((self._room, *shape), ABSENT.get(name, -1), dtype=dtype)
            grown[: self.n] = self[name]
            self._data[name] = grown

    def copy_arrays(self) -> dict[str, NDArray[Any]]:
        """Return exact copies of the rows, by column."""
        return {name: self[name].copy() for name in self._columns}

    @classmethod
    def from_arrays(cls, columns: Mapping[str, tuple[type, tuple[int, ...]]], arrays: Mapping[str, NDArray[Any]]) -> Table:
        """Rebuild a table from :meth:`copy_arrays`."""
        n = len(next(iter(arrays.values())))
        table = cls(columns, room=max(64, n))
        table.extend(n, **{name: arrays[name] for name in columns})
        return table


def listed_identity(kind: str, first: str, second: str, signed: int) -> str:
    """Return the identity string of an instrument that was in force before the run: type, parties by role, month signed."""
    return f"{kind}:{first}>{second}:{signed}"


class World:
    """All that changes in one run."""

    gdp: Floats
    population: Floats
    internet_use: Floats
    bandwidth: Floats
    digital_government: Floats
    cybersecurity: Floats
    material_capability: Floats
    protection_firms: Floats
    protection_state: Floats
    localisation: Floats
    base_capacity: Floats
    capacity_gained: Floats
    cloud_capacity: Floats
    need: Floats
    capability: Floats
    imports: Floats
    resistance: Floats
    paid: Floats
    received: Floats
    overhead: Floats
    committed: Floats
    closure: Floats
    elected: Bools
    summit: Bools
    effect: Floats
    contact_weight: Floats
    trust_kept: Floats
    trust_broken: Floats
    trust: Floats
    trade: Floats
    blocked: Bools
    free_flow: Bools
    open_talk: Ints
    prospect: Floats
    role: NDArray[np.int8]
    linked_prospect: Floats
    linked_roles: NDArray[np.int8]
    cooldown: Ints
    freed: Floats
    in_force: Bools
    member: Bools
    bound: Bools
    principal: Ints
    talks: Table
    instruments: Table
    adherence: Table
    conferences: Table
    seats: Table
    events: Table
    offers: Table

    def __init__(self, setting: Setting, seed: int, month: int) -> None:
        self.setting = setting
        self.seed = seed
        self.month = month
        self.levers: tuple[tuple[str, Any], ...] = ()
        self.record_offers = False
        self.watcher: Any = None  # sees, never touches; see sim.single.Watcher
        self.minds: Any = None  # a user's agents in this world, made when first asked; see sim.engine.decider_of
        # In what order partners are looked at, (E,), until they are weighed anew: spares work, changes nothing, is no part of the state.
        self.contact_order: Ints | None = None
        sizes = {"P": setting.n_parties, "N": setting.n_states, "B": len(setting.roster.blocs), "E": setting.edges.n}
        sizes |= {"T": len(setting.types), "L": len(setting.links)}
        for name, (axis, dtype, initial, _, _) in FIELDS.items():
            setattr(self, name, np.full(tuple(sizes[a] for a in axis), initial, dtype=dtype))
        for name, columns in TABLES.items():
            setattr(self, name, Table(columns))

    def first_event(self, month: int | None = None) -> int:
        """Return the row of the first event of a month (this one unless told), or where it would stand in the ledger."""
        # A key of the column's own type, or NumPy would copy the whole ledger to compare it.
        return int(self.events["month"].searchsorted(np.int32(self.month if month is None else month)))

    def identity_of(self, type_index: int, parties: tuple[int, ...], opened: int) -> str:
        """Return the identity string of a negotiation or instrument: type, sorted founding parties, month opened."""
        codes = sorted(self.setting.codes[p] for p in parties)
        return ":".join([self.setting.types[type_index].name, *codes, str(opened)])

    def talk_identity(self, row: int) -> str:
        """Return the identity string of a negotiation."""
        t = self.talks
        return self.identity_of(int(t["type"][row]), (int(t["first"][row]), int(t["second"][row])), int(t["opened"][row]))

    def conference_identity(self, row: int) -> str:
        """Return the identity string of a conference: type, the party that called it (or the bloc whose members meet), month opened.

        Not all its seats: a state more or less at a table of 190 would otherwise be another conference with other luck.
        """
        t = self.conferences
        caller = int(t["bloc"][row]) if t["bloc"][row] >= 0 else int(t["initiator"][row])
        return self.identity_of(int(t["type"][row]), (caller,), int(t["opened"][row]))

    def instrument_identity(self, row: int) -> str:
        """Return the identity string of an instrument: of its negotiation or conference, or of its listing with the month of signature."""
        t = self.instruments
        talk = int(t["talk"][row])
        if talk >= 0:
            return self.talk_identity(talk)
        if t["conference"][row] >= 0:
            return self.conference_identity(int(t["conference"][row]))
        # Two listed decisions may face each other in one month (mutual adequacy), so here the parties stand in order of role.
        first, second = (self.setting.codes[int(t[key][row])] for key in ("first", "second"))
        return listed_identity(self.setting.types[int(t["type"][row])].name, first, second, int(t["signed"][row]))


def snapshot(world: World) -> dict[str, NDArray[Any]]:
    """Return an exact copy of a world as plain arrays, which ``numpy.savez`` keeps without pickling."""
    arrays: dict[str, NDArray[Any]] = {f"array/{name}": getattr(world, name).copy() for name in FIELDS}
    for name in TABLES:
        arrays.update({f"table/{name}/{key}": value for key, value in getattr(world, name).copy_arrays().items()})
    arrays["month"] = np.array(world.month, dtype=np.int64)
    arrays["seed"] = np.array(world.seed, dtype=np.int64)
    arrays["record_offers"] = np.array(world.record_offers)
    arrays["levers"] = np.array([f"{path}={value!r}" for path, value in world.levers], dtype=np.str_)
    arrays["config"] = np.array(world.setting.digest)
    return arrays


def restore(setting: Setting, arrays: Mapping[str, NDArray[Any]]) -> World:
    """Rebuild a world from its snapshot under the same setting.

    Raises
    ------
    ModelFault
        If the snapshot was made under another configuration.
    """
    import ast

    if str(arrays["config"]) != setting.digest:
        raise ModelFault("the snapshot was made under another configuration")
    world = World(setting, int(arrays["seed"]), int(arrays["month"]))
    for name in FIELDS:
        setattr(world, name, np.array(arrays[f"array/{name}"]))
    for name, columns in TABLES.items():
        setattr(world, name, Table.from_arrays(columns, {key: arrays[f"table/{name}/{key}"] for key in columns}))
    world.record_offers = bool(arrays["record_offers"])
    pairs = [str(item).split("=", 1) for item in arrays["levers"]]
    world.levers = tuple((path, ast.literal_eval(text)) for path, text in pairs)
    return world


def clone(world: World) -> World:
    """Return an independent world in the same state."""
    return restore(world.setting, copy.copy(snapshot(world)))
