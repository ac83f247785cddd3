"""A small world of dicts and lists, keyed by codes: the ground on which the plain twins of the month's mechanisms stand.

Every array of the run's table of contents (:class:`sim.state.schema.Schema`) is a dict here: by party ("DEU"), by directed dyad
(("DEU", "USA")), by agreement type and dyad (("transfer_framework", "EU", "USA")), by bloc and state, and so on for any axes that are
declared. Every table is a list of rows with the same columns; parties and types stand in them as codes and names, and what is absent is
None.

Nothing is shared with the compiled world but data (configuration and roster), the words of ``sim.types`` and this table of contents.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left
from types import SimpleNamespace
from typing import Any

import numpy as np

from reference.linkage_plain import packages
from reference.ties_plain import facts_of
from sim.consequences import Doings
from sim.contracts import ports_of
from sim.state.schema import Schema
from sim.types import ISSUES as SHIPPED
from sim.types import Event

ADDED = (
    "bar_began", "bar_lifted", "breach", "breach_cured", "breach_found", "cloud_region_opened", "complaint", "guidelines_followed",
    "host_default", "intrusion", "leak",
    "link_abandoned", "link_announced", "link_fault", "link_landed", "link_repaired", "link_retired", "mediation", "notice_withdrawn",
    "outage", "overheard", "platform_barred", "procedure", "prolongation", "reception", "review", "ruling", "satellite_service",
    "sitting", "sitting_lost", "vaccines_given", "vaccines_sold", "walkout", "works_resumed", "works_stopped",
)  # fmt: skip
"""Events that parts add to the model's own, in the order of their codes."""


ISSUES = SHIPPED
"""What a text may say: the shipped issues, and behind them those that parts add, in the order of a text."""
K = len(ISSUES)


class PlainWorld:
    """All that changes in a run, as dicts and lists, with the facts that do not.

    Attributes
    ----------
    config, roster, schema : the run's configuration, data and table of contents
    seed, month : int
    states, blocs, parties : tuple of str
    place : dict of str to int
        Where a party stands among the parties, and a state in the roster's rows.
    organisation_at : dict of str to int
        Where an organisation stands in the roster's rows.
    kinds : dict of str to agreement type, by name
    facts : dict of (owner, partner) to namespace
        Distance and ties of each directed dyad that is kept, owners and partners in the order of parties.
    dyads, edge_at : list of (owner, partner), and dict from there to its number
    partners : dict of str to list of str
        Whom each party keeps an eye on.
    """

    def __init__(self, config: Any, roster: Any, schema: Schema, seed: int, month: int, like: PlainWorld | None = None) -> None:
        self.schema = schema
        self.roster, self.seed, self.month, self.record_offers = roster, seed, month, False
        self.states, self.blocs = tuple(roster.codes), tuple(roster.blocs)
        self.parties = self.states + self.blocs
        self.place = {party: at for at, party in enumerate(self.parties)}
        self.organisation_at = {organisation: at for at, organisation in enumerate(roster.organisations)}
        self.obey(config)
        # As the run was configured: a lever moved later changes nobody's partners.
        chosen = config.tree["mechanisms"]["contacts"]
        self.facts = facts_of(roster, config.start, config.candidates, chosen["size_elasticity"], chosen["distance_elasticity"])
        self.dyads = list(self.facts)
        self.edge_at = {dyad: at for at, dyad in enumerate(self.dyads)}
        self.partners: dict[str, list[str]] = {party: [] for party in self.parties}
        for owner, partner in self.dyads:
            self.partners[owner].append(partner)
        self._keys: dict[tuple[str, ...], list[Any]] = {} if like is None else like._keys
        for name, one in schema.arrays.items():
            setattr(self, name, dict.fromkeys(self.keys(one.axis), blank(one.start, one.dtype)))
        for name in schema.tables:
            setattr(self, name, [])

    def obey(self, config: Any) -> None:
        """Take the parameters of a configuration."""
        self.config = config
        self.kinds = {name: config.agreements[name] for name in sorted(config.agreements)}

    def part(self, name: str) -> Any:
        """Return the parameters of a mechanism."""
        return self.config.mechanisms[name]

    def keys(self, axis: tuple[str, ...]) -> list[Any]:
        """List the keys of axes such as ("party",) or ("type", "edge"), last axis fastest."""
        if axis not in self._keys:
            between_two = [name for name, kind in self.kinds.items() if getattr(kind, "arity", "dyad") == "dyad"]
            ends = {
                "party": self.parties,
                "state": self.states,
                "bloc": self.blocs,
                "type": tuple(self.kinds),
                "negotiated": tuple(name for name in between_two if name in self.config.negotiated),
                "package": packages(self.kinds),
                "edge": tuple(self.facts),
                "issue": range(self.schema.axes["issue"]),
                "channel": range(self.schema.axes["channel"]),
                "side": (0, 1),
                **self.schema.names,
            }
            found: list[Any] = []
            for whole in itertools.product(*(ends[one] for one in axis)):
                flat = tuple(itertools.chain.from_iterable(key if isinstance(key, tuple) else (key,) for key in whole))
                found.append(flat if len(flat) > 1 else flat[0])
            self._keys[axis] = found
        return self._keys[axis]

    @property
    def year(self) -> int:
        """The row of this month's year in the roster's figures."""
        return self.month // 12 - int(self.roster.years[0])

    def figure(self, name: str, state: str) -> float:
        """Return what is known of a state this year."""
        return float(self.roster.figures[name][self.year, self.place[state]])

    def inside(self, state: str, organisation: str, *, by_law: bool = False, month: int | None = None) -> bool:
        """Say whether a state is a member, or (``by_law``) bound by the law, of an organisation, now or in another month."""
        roster, o, n = self.roster, self.organisation_at[organisation], self.place[state]
        until = roster.member_bound_until if by_law else roster.member_until
        return bool(roster.member_from[o, n] <= (self.month if month is None else month) < until[o, n])

    def members(self, bloc: str) -> list[str]:
        """List a bloc's members this month, as the world has them."""
        return [state for state in self.states if self.member[bloc, state]]

    def bars(self, one: str, other: str) -> bool:
        """Say whether either of two parties is barred by the other from instruments between the two."""
        return any(self.barred.get(dyad, 0.0) > 0.0 for dyad in ((one, other), (other, one)))

    def add(self, table: str, **columns: Any) -> int:
        """Append a row, absent where it says nothing, and return its number."""
        form = self.schema.forms[table]
        unknown = set(columns) - set(form)
        assert not unknown, f"{table} has no columns {sorted(unknown)}"
        row = SimpleNamespace(**{name: columns[name] if name in columns else absent(*form[name]) for name in form})
        rows = getattr(self, table)
        rows.append(row)
        return len(rows) - 1

    def say(self, event: Any, **columns: Any) -> None:
        """Write an event of this month into the ledger."""
        self.add("events", month=self.month, event=event, **columns)

    def this_month(self, *events: Any) -> list[Any]:
        """List what the ledger holds of this month, of some kinds of event."""
        first = bisect_left(self.events, self.month, key=lambda row: row.month)
        return [row for row in self.events[first:] if row.event in events]


def code(event: str) -> int:
    """Return the code of an event that a part adds."""
    return len(Event) + ADDED.index(event)


def blank(value: float, dtype: str) -> Any:
    """Return what stands for "nothing said": None where arrays hold -1."""
    return None if value == -1 else np.array(value, dtype=dtype).item()


def absent(dtype: str, shape: tuple[int, ...], value: float) -> Any:
    """Return what a column holds in a row that says nothing about it."""
    found = blank(value, dtype)
    for length in reversed(shape):
        found = [found] * length
    return found


def read(world: PlainWorld, name: str, array: Any) -> None:
    """Put the numbers of an array into the dict of that name: None for "none", codes for parties."""
    one = world.schema.arrays[name]
    values = np.asarray(array, dtype=one.dtype).ravel().tolist()
    if one.start == -1:
        values = [None if value == -1 else world.parties[value] if one.refers == "party" else value for value in values]
    setattr(world, name, dict(zip(world.keys(one.axis), values, strict=True)))


def array_of(world: PlainWorld, name: str) -> Any:
    """Return the dict of a name as the array that the table of contents declares."""
    one = world.schema.arrays[name]
    values = list(getattr(world, name).values())
    if one.start == -1:
        values = [-1 if v is None else world.place[v] if one.refers == "party" else v for v in values]
    return np.array(values, dtype=one.dtype).reshape([len(world.keys((axis,))) for axis in one.axis])


class View:
    """What an agreement type asks of a world when it compiles payoffs: arrays, made from the dicts when they are asked for."""

    def __init__(self, world: PlainWorld) -> None:
        self._world = world
        types = tuple(world.kinds.values())
        fixed = {"type_names": tuple(world.kinds), "codes": world.parties, "n_states": len(world.states), "terms": self._terms}
        fixed["words"] = SimpleNamespace(issues=ISSUES)
        ends = (np.array([world.place[dyad[end]] for dyad in world.dyads], dtype=np.int64) for end in (0, 1))
        edges = SimpleNamespace(**dict(zip(("row", "col"), ends, strict=True)))
        self.setting = SimpleNamespace(types=types, doings=Doings(types), edges=edges, roster=world.roster, **fixed)

    def _terms(self, port: Any) -> Any:
        """Return the part that offers a port."""
        config = self._world.config
        parts = (*config.mechanisms.values(), *config.agreements.values(), config.protocol, *config.shocks)
        return next(part for part in parts if port in ports_of(part, "offers"))

    @property
    def month(self) -> int:
        """The month, as rules count it."""
        return int(self._world.month)

    def __getattr__(self, name: str) -> Any:
        if name not in self._world.schema.arrays:
            raise AttributeError(name)
        setattr(self, name, array_of(self._world, name))
        return self.__dict__[name]


def rows_of(world: PlainWorld, table: str, columns: dict[str, Any]) -> list[Any]:
    """Read a table's arrays, by column, as rows."""
    told, kinds = [], list(world.kinds)
    for name, array in columns.items():
        values, one = array.tolist(), world.schema.column(table, name)
        if one.refers == "party":
            values = [None if v < 0 else world.parties[v] for v in values]
        elif one.refers == "type":
            values = [None if v < 0 else kinds[v] for v in values]
        elif one.refers == "edge":
            values = [None if v < 0 else world.dyads[v] for v in values]
        elif one.absent == -1:
            values = [None if v == -1 else v for v in values]
        told.append(values)
    return [SimpleNamespace(**dict(zip(columns, row, strict=True))) for row in zip(*told, strict=True)]


def arrays_of(world: PlainWorld, table: str) -> dict[str, Any]:
    """Return a table's rows as the arrays that the table of contents declares, by column."""
    found, kind_at = {}, {kind: at for at, kind in enumerate(world.kinds)}
    for name, (dtype, shape, _) in world.schema.forms[table].items():
        values, refers = [getattr(row, name) for row in getattr(world, table)], world.schema.column(table, name).refers
        if refers == "party":
            values = [-1 if v is None else world.place[v] for v in values]
        elif refers == "type":
            values = [-1 if v is None else kind_at[v] for v in values]
        elif refers == "edge":
            values = [-1 if v is None else world.edge_at[v] for v in values]
        found[name] = np.array([-1 if v is None else v for v in values], dtype=dtype).reshape(len(values), *shape)
    return found


def told(world: Any, since: int = 0, like: PlainWorld | None = None) -> PlainWorld:
    """Copy a compiled world; of events (but notices) and offers those from month ``since`` on; ``like``: a copy of the run, for speed."""
    found = PlainWorld(world.setting.config, world.setting.roster, world.setting.schema, world.seed, world.month, like)
    found.record_offers = world.record_offers
    for name in world.setting.schema.arrays:
        read(found, name, getattr(world, name))
    for name in world.setting.schema.tables:
        table = getattr(world, name)
        rows = np.arange(len(table))
        if name in ("events", "offers"):
            # Of what happened earlier, rules read notices, and of last month all but contacts.
            kind = table["event"] if name == "events" else None
            recent = False if kind is None else (table["month"] == since - 1) & (kind != Event.CONTACT)
            rows = rows[(table["month"] >= since) | recent | (False if kind is None else kind == Event.DENUNCIATION)]
        setattr(found, name, rows_of(found, name, {column: table[column][rows] for column in table.columns}))
    return found


def differences(one: PlainWorld, other: PlainWorld, tolerance: float = 1e-9) -> list[str]:
    """Name everything in which two worlds differ: numbers beyond the tolerance (of their size, or of one), all else at all."""
    found = [f"month: {one.month} against {other.month}"] if one.month != other.month else []
    for name in one.schema.arrays:
        left, right = getattr(one, name), getattr(other, name)
        if left.keys() != right.keys():
            found.append(f"{name}: other keys")
            continue
        if left != right:
            found += [f"{name}[{key}]: {left[key]} against {right[key]}" for key in left if not alike(left[key], right[key], tolerance)]
    for name, form in one.schema.forms.items():
        left, right = getattr(one, name), getattr(other, name)
        if len(left) != len(right):
            found.append(f"{name}: {len(left)} rows against {len(right)}")
        for at, (mine, yours) in enumerate(zip(left, right, strict=False)):
            for column in form if mine != yours else ():
                a, b = getattr(mine, column), getattr(yours, column)
                if not alike(a, b, tolerance):
                    found.append(f"{name}[{at}].{column}: {a} against {b}")
    return found


def alike(a: Any, b: Any, tolerance: float) -> bool:
    """Say whether two entries are the same, numbers with a fraction to a tolerance."""
    if a == b:
        return True
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(alike(x, y, tolerance) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) and isinstance(b, (int, float)):
        return (math.isnan(a) and math.isnan(b)) or abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))
    return False
