"""The world: named arrays and append-only tables, and no rules.

Which they are is declared by the parts of a run (:mod:`sim.declare.arrays`). Letters of axes in shapes: ``P`` parties (states sorted by
code, then blocs), ``N`` states, ``B`` blocs, ``E`` edges (directed dyads between a party and the partners it keeps an eye on), ``T``
agreement types (sorted by name), ``L`` pairs of linked types, ``K`` issues. All that changes in a run lives in one :class:`World`; what is
fixed for a run lives in its :class:`Setting`.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools as Bools
from sim.arrays import Floats as Floats
from sim.arrays import Ints as Ints
from sim.arrays import find_edges, log_ratios
from sim.consequences import Doings
from sim.contracts import is_screened
from sim.data.roster import Roster
from sim.declare.vocabulary import Vocabulary
from sim.params import Config
from sim.ports import Watchers
from sim.rng import identity
from sim.state.fields import Fields
from sim.state.schema import Schema
from sim.state.tables import Table as Table
from sim.types import ModelFault, nearest

SCHEMA = 2
"""Of snapshots; those of schema 1 did not say what they hold."""

T = TypeVar("T")


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
    affinity, border, cables, language : float64 (E,)
        Likeness of UN votes (0 to 1), land border (0 or 1), shared submarine cables (count), official language in common (0 or 1); a bloc
        has its members' mean.
    """

    start: NDArray[np.int64]
    row: Ints
    col: Ints
    rev: Ints
    distance: Floats
    affinity: Floats
    border: Floats
    cables: Floats
    language: Floats

    @functools.cached_property
    def log_distance(self) -> Floats:
        """Logarithm of the distance in 1,000 km, shape (E,): it enters gravity and contacts with an elasticity and never changes."""
        out = np.empty(self.n)
        log_ratios(self.distance, 1000.0, out)
        return out

    @functools.cached_property
    def kept(self) -> dict[str, tuple[Any, Floats]]:
        """What rules have worked out of the edges and of parameters alone: by name, the parameters and an array (E,). No state."""
        return {}

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

    def find_all(self, first: Ints, second: Ints) -> NDArray[np.int64]:
        """Return the edges from some parties to others, (n,), -1 where one keeps no eye on the other."""
        out = np.empty(len(first), dtype=np.int64)
        find_edges(self.start, self.col, first, second, out)
        return out


@dataclass(frozen=True)
class Setting:
    """What is fixed for a run: configuration, roster, edges, identities, names, words, linked types, and who offers which port.

    Of the agreement types, (T,) each: which two parties may open talks on (``negotiated``), which many make at one table (``many``), which
    of those conferences may be called on (``conferred``), and which are for the members of a bloc among themselves (``of_blocs``).
    """

    config: Config
    roster: Roster
    edges: Edges
    codes: tuple[str, ...]
    identity: NDArray[np.uint64]
    n_states: int
    types: tuple[Any, ...]
    negotiated: Bools
    digest: str
    many: Bools
    conferred: Bools
    of_blocs: Bools
    links: tuple[tuple[int, int], ...]
    schema: Schema
    words: Vocabulary
    bound: Mapping[Any, Any] = field(default_factory=dict, repr=False)

    # A port is a protocol, which mypy takes for no type[T]; what it makes is all that is asked here.
    def terms(self, port: Callable[..., T]) -> T:
        """Return the part that offers a port (:mod:`sim.ports`), as the type that the port is.

        Raises
        ------
        ModelFault
            If no part of this run offers it.
        """
        try:
            found: T = self.bound[port]
        except KeyError:
            raise ModelFault(f"no part of this run offers {port!r}") from None
        return found

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
    def kept(self) -> dict[str, Any]:
        """What rules have worked out of the setting alone, by name, to spare work: no state. A lever that moves makes another setting."""
        return {}

    @functools.cached_property
    def screened(self) -> Bools:
        """Which types are decided by screening and not bargained over, shape (T,)."""
        return np.array([is_screened(one) for one in self.types], dtype=np.bool_)

    @functools.cached_property
    def doings(self) -> Doings:
        """What the agreement types do, with their parameters as they stand."""
        return Doings(self.types)

    @functools.cached_property
    def leanings(self) -> Floats:
        """In which direction ratifiers lie from their executive on each type, shape (T, 2, K): commonly -1, 0 or 1 an issue."""
        issues = self.words.issues
        by_type = np.zeros((len(self.types), 2, len(issues)))
        for t, kind in enumerate(self.types):
            for issue, pair in getattr(kind, "ratifiers", {}).items():
                by_type[t, :, issues.index(issue)] = pair
        return by_type

    def labels(self, axis: str) -> tuple[str, ...]:
        """Return what stands on a fixed axis, in order.

        Raises
        ------
        ModelFault
            If the run has no such axis, or it is the rows of a table.
        """
        if axis in self.schema.names:
            return self.schema.names[axis]
        if axis not in self.schema.axes:
            raise ModelFault(f"no part of this run declares a fixed axis {axis!r}; {nearest(axis, self.schema.axes)}")
        return _LABELS[axis](self)

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


_LABELS: dict[str, Callable[[Setting], tuple[str, ...]]] = {
    "party": lambda setting: setting.codes,
    "state": lambda setting: setting.codes[: setting.n_states],
    "bloc": lambda setting: setting.codes[setting.n_states :],
    "edge": lambda setting: tuple(
        f"{setting.codes[i]}>{setting.codes[j]}" for i, j in zip(setting.edges.row.tolist(), setting.edges.col.tolist(), strict=True)
    ),
    "type": lambda setting: setting.type_names,
    "negotiated": lambda setting: tuple(name for name, on in zip(setting.type_names, setting.negotiated, strict=True) if on),
    "package": lambda setting: setting.package_names,
    "issue": lambda setting: setting.words.issues,
    "channel": lambda setting: setting.words.channels,
    "side": lambda setting: ("first", "second"),
}
"""What stands on each axis that every run has."""


def listed_identity(kind: str, first: str, second: str, signed: int) -> str:
    """Return the identity string of an instrument that was in force before the run: type, parties by role, month signed."""
    return f"{kind}:{first}>{second}:{signed}"


class World(Fields):
    """All that changes in one run: the arrays and tables that its parts declare, as attributes of those names."""

    setting: Setting
    seed: int
    month: int
    levers: tuple[tuple[str, Any], ...]
    record_offers: bool
    watchers: Watchers
    minds: Any
    instrument_keys: NDArray[np.uint64]
    coverage_of: Any
    effect_of: Any
    screening_luck: dict[tuple[int, int, int, int], float]

    def __init__(self, setting: Setting, seed: int, month: int) -> None:
        self.setting = setting
        self.seed = seed
        self.month = month
        self.levers = ()
        self.record_offers = False
        self.watchers = Watchers()  # see, never touch; no part of the state
        self.minds = None  # a user's agents in this world, made when first asked; see sim.engine.decider_of
        self.instrument_keys = np.zeros(0, dtype=np.uint64)
        # From what coverage and the trade it adds were last derived, and the luck of screenings by talks: no part of the state either.
        self.coverage_of = self.effect_of = None
        self.screening_luck = {}
        schema = setting.schema
        for name, one in schema.arrays.items():
            setattr(self, name, np.full(schema.shape(name), one.start, dtype=one.dtype))
        for name, form in schema.forms.items():
            setattr(self, name, Table(form))

    def array(self, name: str) -> NDArray[Any]:
        """Return an array by name, whichever part declares it; of one on the rows of a table, the rows so far.

        Raises
        ------
        ModelFault
            If no part of the run declares it.
        """
        schema = self.setting.schema
        table = schema.on_rows.get(name)
        if table is not None:
            column: NDArray[Any] = getattr(self, table)[name]
            return column
        if name in schema.arrays:
            return np.asarray(getattr(self, name))
        raise ModelFault(f"no part of this run declares an array {name!r}; {nearest(name, (*schema.arrays, *schema.on_rows))}")

    def table(self, name: str) -> Table:
        """Return a table by name, whichever part declares it.

        Raises
        ------
        ModelFault
            If no part of the run declares it.
        """
        if name not in self.setting.schema.tables:
            raise ModelFault(f"no part of this run declares a table {name!r}; {nearest(name, self.setting.schema.tables)}")
        found: Table = getattr(self, name)
        return found

    def first_event(self, month: int | None = None) -> int:
        """Return the row of the first event of a month (this one unless told), or where it would stand in the ledger."""
        events, wanted = self.events, self.month if month is None else month
        found: int | None = events.memo.get(wanted)
        if found is None:
            # A key of the column's own type, or NumPy would copy the whole ledger to compare it.
            found = events.remember(wanted, int(events["month"].searchsorted(np.int32(wanted))))
        return found

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

    def keys_of(self, rows: Ints) -> NDArray[np.uint64]:
        """Return the identities of some instruments, by which luck knows them, (n,); each is worked out once."""
        known, n = self.instrument_keys, len(self.instruments)
        if len(known) < n:
            more = [identity(self.instrument_identity(row)) for row in range(len(known), n)]
            self.instrument_keys = known = np.concatenate([known, np.array(more, dtype=np.uint64)])
        return known[rows]

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


TAKEN = frozenset(name for name in dir(World) if not name.startswith("__")) | frozenset(World.__annotations__)
"""Names of the world's own, which no part may give to an array or a table."""


def snapshot(world: World) -> dict[str, NDArray[Any]]:
    """Return an exact copy of a world as plain arrays, which ``numpy.savez`` keeps without pickling, and what it holds in words."""
    schema = world.setting.schema
    arrays: dict[str, NDArray[Any]] = {f"array/{name}": getattr(world, name).copy() for name in schema.arrays}
    for name in schema.tables:
        arrays.update({f"table/{name}/{key}": value for key, value in getattr(world, name).copy_arrays().items()})
    arrays["schema"] = np.array(SCHEMA, dtype=np.int64)
    arrays["holds"] = np.array(schema.holds, dtype=np.str_)
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
        If the snapshot is of another form, holds other arrays or columns than this run's parts declare, or was made under another
        configuration.
    """
    import ast

    number = int(arrays["schema"]) if "schema" in arrays else 1
    if number != SCHEMA:
        raise ModelFault(f"the snapshot has schema {number}; this version reads schema {SCHEMA}")
    if unlike := setting.schema.unlike(arrays["holds"].tolist()):
        raise ModelFault(f"the snapshot is of a world of other parts: it {unlike}")
    if str(arrays["config"]) != setting.digest:
        raise ModelFault("the snapshot was made under another configuration")
    world = World(setting, int(arrays["seed"]), int(arrays["month"]))
    for name in setting.schema.arrays:
        setattr(world, name, np.array(arrays[f"array/{name}"]))
    for name, form in setting.schema.forms.items():
        setattr(world, name, Table.from_arrays(form, {key: arrays[f"table/{name}/{key}"] for key in form}))
    world.record_offers = bool(arrays["record_offers"])
    pairs = [str(item).split("=", 1) for item in arrays["levers"]]
    world.levers = tuple((path, ast.literal_eval(text)) for path, text in pairs)
    return world


def clone(world: World) -> World:
    """Return an independent world in the same state."""
    return restore(world.setting, copy.copy(snapshot(world)))
