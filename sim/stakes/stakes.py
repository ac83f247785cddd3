r"""Stakes: what an agreement type hands to bargaining, in rows of a party and columns of an issue, group by group.

.. math:: u_i(x) = a_i + \sum_k [ b_{ik} x_k - w_{ik} (x_k - \theta_{ik})^2 ], \qquad d_i = u_i(x_i^{sq}) - a_i

Unit: basis points of the party's own GDP a year, the annuity that has the same present value over the expected life. ``d`` is the
same function at the status quo, without the value ``a`` of being a party and without the gains of issues that a type sets apart
(``Draft.done(apart=...)``). Axes: R rows (parties), G groups, K issues of the run.

A batch of dyads is G groups of two, and ``x^{sq}`` is one text for both; a table of many is one group, and ``x_i^{sq}`` is each party's own
present law. The same call then serves those seated and those who think of joining: each is asked about as if it were party together
with the members. :meth:`Stakes.dyads` is the view of pairs, (G, 2, K), over the same memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from sim.bargains.worth import Starts
from sim.stakes.layout import lay_out
from sim.state.world import Bools, Floats, Ints, World
from sim.types import ISSUES, ModelFault, UserError, nearest

_ROWS = ("a", "d", "b", "w", "theta", "status_quo", "party")


def issues_of(setting: Any) -> tuple[str, ...]:
    """Return the names of a run's issues, in the order of their places; the shipped ones where a setting names none."""
    words = getattr(setting, "words", None)
    return ISSUES if words is None else tuple(words.issues)


@dataclass(frozen=True)
class Groups:
    """Dyads asked about, by role.

    Attributes
    ----------
    first, second : int (G,)
        Places on the P axis of the parties in role 0 and role 1.
    edge, back : int (G,)
        Edges first -> second and second -> first.
    issues : tuple of str
        Names of the run's issues, in order.
    """

    first: Ints
    second: Ints
    edge: Ints
    back: Ints
    issues: tuple[str, ...] = ISSUES

    @property
    def n(self) -> int:
        """G."""
        return len(self.first)

    def at(self, places: Ints) -> Groups:
        """Return some of the dyads, in the order given."""
        return Groups(self.first[places], self.second[places], self.edge[places], self.back[places], self.issues)


@dataclass(frozen=True)
class Gathering:
    """Parties asked about together, as one group.

    Attributes
    ----------
    party : int (n,)
        Places on the P axis.
    issues : tuple of str
        Names of the run's issues, in order.
    """

    party: Ints
    issues: tuple[str, ...] = ISSUES

    @property
    def n(self) -> int:
        """The number of parties."""
        return len(self.party)


@dataclass(frozen=True)
class Stakes:
    """Payoffs of R parties in G groups.

    Attributes
    ----------
    a, d : float64 (R,)
        Value of being party with the group; value of no agreement (bp of own GDP a year).
    b, w, theta, status_quo : float64 (R, K)
        Linear gain (bp), salience (bp), ideal point, and the level without an agreement.
    lo, hi : float64 (G, K)
        Floors and ceilings of the text; both 0 on issues the type leaves out. One group may give (K,).
    party : int (R,)
        Places on the P axis; -1 where nobody said.
    start : int64 (G + 1,)
        Where each group's rows begin; 0 first, R last. One group where it is not given.
    commitment : float64 (G,)
        USD committed when the issue ``infrastructure`` is 1; 0 where the type moves no money.
    """

    a: Floats
    d: Floats
    b: Floats
    w: Floats
    theta: Floats
    status_quo: Floats
    lo: Floats
    hi: Floats
    party: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    start: Starts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    commitment: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        """Fill in what one group may leave out."""
        if self.lo.ndim == self.hi.ndim == 2 and len(self.start) and len(self.party) and len(self.commitment):
            return
        told: dict[str, Any] = {name: getattr(self, name)[None, :] for name in ("lo", "hi") if getattr(self, name).ndim == 1}
        if len(self.start) == 0:
            told["start"] = np.array([0, len(self.a)], dtype=np.int64)
        if len(self.party) == 0:
            told["party"] = np.full(len(self.a), -1, dtype=np.int32)
        if len(self.commitment) == 0:
            told["commitment"] = np.zeros(len(told.get("start", self.start)) - 1)
        for name, value in told.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        """Return the number of groups G."""
        return len(self.start) - 1

    @property
    def terms(self) -> tuple[tuple[str, Floats], ...]:
        """The named parts of ``a``, as the type's draft gave them: (G, 2) each of dyads, (n,) of one table; empty where it named none."""
        told: tuple[tuple[str, Floats], ...] = self.__dict__.get("_told", ((), (), ()))[0]
        return told

    @property
    def apart(self) -> tuple[str, ...]:
        """Issues whose gain belongs to being party, as the type's draft said."""
        told: tuple[str, ...] = self.__dict__.get("_told", ((), (), ()))[1]
        return told

    @property
    def parts(self) -> tuple[tuple[str, str, Floats], ...]:
        """The named parts of gains, as the type's draft gave them: issue, name, and bp for a full unit, shaped as ``terms`` are."""
        told: tuple[tuple[str, str, Floats], ...] = self.__dict__.get("_told", ((), (), ()))[2]
        return told

    @property
    def n_issues(self) -> int:
        """Return the number of issues K."""
        return int(self.b.shape[1])

    def take(self, rows: Ints) -> Stakes:
        """Return the stakes of some parties of one group, in the order given, as one group.

        Raises
        ------
        ModelFault
            If there are several groups.
        """
        if len(self) != 1:
            raise ModelFault(f"parties of {len(self)} groups were asked for as if they were one")
        some = {name: getattr(self, name)[rows] for name in _ROWS}
        return Stakes(**some, lo=self.lo, hi=self.hi, commitment=self.commitment)

    def dyads(self) -> Coefficients:
        """Return pairs as a view, (G, 2, K) and so on, over the same memory.

        Raises
        ------
        ModelFault
            If some group is not of two.
        """
        laid: Coefficients | None = self.__dict__.get("_pairs")
        if laid is not None:
            return laid
        n, k = len(self), self.n_issues
        if not (len(self.a) == 2 * n and (self.start == 2 * np.arange(n + 1)).all()):
            raise ModelFault(f"{n} groups of {len(self.a)} parties are no pairs")
        a, d = self.a.reshape(n, 2), self.d.reshape(n, 2)
        b, w, theta, today = (getattr(self, name).reshape(n, 2, k) for name in ("b", "w", "theta", "status_quo"))
        return Coefficients(a, b, w, theta, d, self.lo, self.hi, self.commitment, today[:, 0])


@dataclass(frozen=True)
class Coefficients:
    """Stakes of G dyads by role, as kernels and the rules for two read them: the view of :meth:`Stakes.dyads`.

    Attributes
    ----------
    a, d : float64 (G, 2)
        Value of being party; value of no agreement (bp of own GDP a year).
    b, w, theta : float64 (G, 2, K)
        Linear gain (bp), salience (bp), ideal point.
    lo, hi : float64 (G, K)
        Floors and ceilings of the text; both 0 on issues the type leaves out.
    commitment : float64 (G,)
        USD committed when the issue ``infrastructure`` is 1; 0 where the type moves no money.
    status_quo : float64 (G, K)
        The text of no agreement.
    """

    a: Floats
    b: Floats
    w: Floats
    theta: Floats
    d: Floats
    lo: Floats
    hi: Floats
    commitment: Floats
    status_quo: Floats

    def dyads(self) -> Coefficients:
        """Return itself: a type may hand over its pairs by role, as :class:`Stakes` does in rows."""
        return self

    def stakes(self) -> Stakes:
        """Return the same in rows, two for each dyad."""
        n, k = self.lo.shape
        b, w, theta = (getattr(self, name).reshape(2 * n, k) for name in ("b", "w", "theta"))
        today, start = np.repeat(self.status_quo, 2, axis=0), 2 * np.arange(n + 1, dtype=np.int64)
        nobody = np.full(2 * n, -1, dtype=np.int32)
        a, d = self.a.reshape(2 * n), self.d.reshape(2 * n)
        return Stakes(a, d, b, w, theta, today, self.lo, self.hi, nobody, start, self.commitment)


class Draft:
    """Stakes under construction: every issue is left out until :meth:`issue` names it.

    Parameters
    ----------
    asked : Groups, Gathering or int
        What was asked about: dyads, or the parties of one table. A number is that many dyads on the shipped issues.

    Attributes
    ----------
    a : float64 (G, 2) of dyads, (n,) of one table
        Value of being party (bp), to be filled: whole, or term by term (:meth:`term`).
    commitment : float64 (G,)
        USD committed at full infrastructure, to be filled where the type moves money.
    """

    def __init__(self, asked: Groups | Gathering | int) -> None:
        if isinstance(asked, (Groups, Gathering)):
            self._asked: Groups | Gathering | None = asked
            self.n, self.issues = asked.n, asked.issues
        else:
            self._asked, self.n, self.issues = None, int(asked), ISSUES
        table = isinstance(asked, Gathering)
        self._sides, n_groups = (1, 1) if table else (2, self.n)
        self.a, self.commitment = np.zeros(self.n if table else (self.n, 2)), np.zeros(n_groups)
        # What is said of an issue lies together until it is laid out row by row: ideal, salience, gain and status quo of each side.
        k = len(self.issues)
        self._said, self._bounds = np.empty((k, 4, self._sides, self.n)), np.empty((k, 2, n_groups))
        self._named = np.zeros(k, dtype=np.bool_)
        self._terms: list[tuple[str, Floats]] = []
        self._parts: list[tuple[str, str, Floats]] = []

    def term(self, name: str, value: Floats) -> None:
        """Add a part of the value of being party, by a name under which it is told (:mod:`sim.why`); terms are added up in their order.

        Parameters
        ----------
        name : str
            The type's ``terms`` may say what it is, in English and Indonesian.
        value : float64 (G, 2) of dyads, (n,) of one table
            Basis points of own GDP a year; a cost is negative.
        """
        self.a += value
        self._terms.append((name, value))

    def issue(
        self,
        name: str,
        *,
        ideal: Any,
        salience: Any,
        gain: Any = 0.0,
        status_quo: Floats | float = 0.0,
        today: Floats | float | None = None,
        floor: Floats | float = 0.0,
        ceiling: Floats | float = 1.0,
        parts: Mapping[str, Any] | None = None,
    ) -> None:
        """Put one issue on the table.

        Parameters
        ----------
        name : str
        ideal, salience, gain : pair of numbers or arrays (G,) by role for dyads; number or array (n,) for one table
            Ideal point; bp for a unit of distance; bp for a full unit.
        status_quo, today : number, or array (G,) for dyads, (n,) for one table
            The level without an agreement, by either word: a text for both of two, each party's own law at one table.
        floor, ceiling : number, or array (G,)
            What the text allows.
        parts : mapping of str to what ``gain`` takes
            Named parts of the gain, added to it in their order, and told apart by :mod:`sim.why`.

        Raises
        ------
        UserError
            If the run has no such issue.
        """
        k = self._place(name)
        said = self._said[k]
        for at, value in enumerate((ideal, salience, gain)):
            if self._sides == 1 or isinstance(value, (int, float)):
                said[at] = value
            else:
                said[at, 0], said[at, 1] = value
        for name_of_part, value in (parts or {}).items():
            part = np.zeros((self._sides, self.n))
            if self._sides == 1 or isinstance(value, (int, float)):
                part[:] = value
            else:
                part[0], part[1] = value
            said[2] += part
            self._parts.append((name, name_of_part, part[0] if self._sides == 1 else part.T))
        said[3] = status_quo if today is None else today
        self._bounds[k, 0], self._bounds[k, 1] = floor, ceiling
        self._named[k] = True

    def done(self, apart: tuple[str, ...] = ()) -> Stakes:
        """Return the stakes, with the value of no agreement read at the status quo.

        Parameters
        ----------
        apart : tuple of str
            Issues whose gain belongs to being party, like ``a``, and is left out of the value of no agreement.
        """
        n, sides, k = self.n, self._sides, len(self.issues)
        b, w, theta, today = (np.empty((n, sides, k)) for _ in range(4))
        d, lo, hi = np.empty((n, sides)), np.empty((len(self.commitment), k)), np.empty((len(self.commitment), k))
        kept = np.array([name in apart for name in self.issues])
        lay_out(self._said, self._bounds, self._named, kept, b, w, theta, today, lo, hi, d)
        start = np.array([0, n], dtype=np.int64) if sides == 1 else 2 * np.arange(n + 1, dtype=np.int64)
        gain, salience, ideal, law = (one.reshape(n * sides, k) for one in (b, w, theta, today))
        a, parties = self.a.reshape(-1), self._parties()
        made = Stakes(a, d.reshape(-1), gain, salience, ideal, law, lo, hi, parties, start, self.commitment)
        object.__setattr__(made, "_told", (tuple(self._terms), apart, tuple(self._parts)))
        if sides == 2:
            # Pairs are what was laid out: their view need not be looked for again.
            pairs = Coefficients(a.reshape(n, 2), b, w, theta, d, lo, hi, self.commitment, today[:, 0])
            object.__setattr__(made, "_pairs", pairs)
        return made

    def _place(self, name: str) -> int:
        """Return the place of an issue."""
        if name in self.issues:
            return self.issues.index(name)
        if self._asked is None:
            raise UserError(f"there is no shipped issue {name!r}; a type with an issue of its own makes its draft by Draft(groups)")
        raise UserError(f"there is no issue {name!r} in this run; {nearest(name, self.issues)}")

    def _parties(self) -> Ints:
        if isinstance(self._asked, Gathering):
            return self._asked.party
        out = np.empty((self.n, 2), dtype=np.int32)
        out[:, 0], out[:, 1] = (-1, -1) if self._asked is None else (self._asked.first, self._asked.second)
        return out.reshape(-1)


class StakesDraft(Draft):
    """The draft of one table of n parties on the shipped issues; ``Draft(Gathering(...))`` says who they are and knows every issue."""

    def __init__(self, n: int) -> None:
        super().__init__(Gathering(np.full(n, -1, dtype=np.int32)))


def take(c: Coefficients, rows: Ints) -> Coefficients:
    """Return the stakes of some dyads, in the order given."""
    return Coefficients(**{one.name: getattr(c, one.name)[rows] for one in fields(Coefficients)})


def joined(parts: Sequence[Coefficients]) -> Coefficients:
    """Put stakes of dyads in several agreement types under one another."""
    names = [one.name for one in fields(Coefficients)]
    return Coefficients(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def over_members(view: World, members: Bools, on_edge: Floats, parties: Ints) -> Floats:
    """Add a quantity up over the edges from each party to the members, shape (n,).

    Parameters
    ----------
    members : bool (P,)
    on_edge : float64 (E,)
    parties : int (n,)
        Places on the P axis; a party is never its own partner, and a bloc not its members'.
    """
    edges = view.setting.edges
    counted = np.where(members[edges.col] & ~view.blocked, on_edge, 0.0)
    return np.asarray(np.bincount(edges.row, weights=counted, minlength=view.setting.n_parties)[parties], dtype=np.float64)
