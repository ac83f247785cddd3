"""Why these two, why not those two: what bars an agreement now, and what it would bring each side, term by term.

Every number is one that the rules use: bars are those of who may talk (:mod:`sim.decide.partners`), gains those of the text halfway between
both sides' own best ones (:mod:`sim.stakes.payoffs`), by which parties appraise each other. Terms of a side add up to its gain: the parts
of being party that the type's draft names (:meth:`sim.stakes.stakes.Draft.term`), and each issue by its move from present law, with the
parts of its gain that the draft names told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.bargains.worth import issue_worth
from sim.contracts import staff_months
from sim.decide.joining import Joining, joining
from sim.decide.staff import staff_prices
from sim.ledger import bars, without_members
from sim.stakes.governments import led
from sim.stakes.payoffs import BP, midway, midway_gains
from sim.stakes.stakes import Coefficients, Groups, issues_of
from sim.state.world import World
from sim.types import UserError, month_label, nearest

SURE = 1e-9
"""Bp below which what terms leave of a gain is rounding."""
BEING_PARTY = ("being party", "menjadi pihak")
REST = ("what the type says beside", "yang dikatakan jenis itu di samping itu")


@dataclass(frozen=True)
class Term:
    """One term of a gain: its name, what it is in English and Indonesian, and bp of own GDP a year."""

    name: str
    title: str
    title_id: str
    bp: float


@dataclass(frozen=True)
class Side:
    """One side of an agreement: who, in which role, and its gain, bp of own GDP and USD a year; the terms add up to it."""

    party: str
    role: str
    bp: float
    usd: float
    terms: tuple[Term, ...]

    @property
    def worst(self) -> Term:
        """The term that weighs most against it."""
        return min(self.terms, key=lambda term: term.bp)

    @property
    def best(self) -> Term:
        """The term that speaks most for it."""
        return max(self.terms, key=lambda term: term.bp)


@dataclass(frozen=True)
class Way:
    """An agreement with its roles dealt one way.

    Attributes
    ----------
    first, second : str
        Party in role 0 and in role 1.
    eligible : bool
        Whether the type lets them have these roles.
    sides : (Side, Side) or None
        At the midway text; None where they may not, or no text is allowed.
    """

    first: str
    second: str
    eligible: bool
    sides: tuple[Side, Side] | None

    @property
    def least(self) -> Side | None:
        """The side that gains less."""
        return None if self.sides is None else min(self.sides, key=lambda side: side.bp)


@dataclass(frozen=True)
class Bar:
    """What keeps two parties from talks on a type: the rule by name, and a sentence in English and Indonesian."""

    rule: str
    sentence: str
    sentence_id: str


@dataclass(frozen=True)
class TypeWhy:
    """One agreement type and two parties.

    Attributes
    ----------
    name, title, title_id : str
    bars : tuple of Bar
        In the order in which the rules look; empty where talks may open.
    ways : tuple of Way
        Either party in role 0; empty where neither keeps an eye on the other.
    places : dict of str to int
        By party, the place of the other among those who promise it something on this type, 1 the first; 0 where it promises nothing.
    joining : tuple of Joining
        Open agreements of which one is party and that the other could join.
    """

    name: str
    title: str
    title_id: str
    bars: tuple[Bar, ...]
    ways: tuple[Way, ...]
    places: Mapping[str, int]
    joining: tuple[Joining, ...] = ()

    @property
    def best(self) -> Way | None:
        """The way that the rules take: where both sides gain, what promises most to both; else that in which who gains less gains most."""
        return _best(self.ways)


@dataclass(frozen=True)
class Why:
    """Two parties at the end of a month, and every agreement type that two parties may negotiate."""

    month: str
    one: str
    other: str
    types: tuple[TypeWhy, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Return the terms as rows of a table: a type, a way, a side and a term each."""
        return [
            {"month": self.month, "type": kind.name, "first": way.first, "second": way.second, "party": side.party, "role": side.role,
             "term": term.name, "title": term.title, "bp": term.bp, "gain_bp": side.bp, "gain_usd": side.usd,
             "barred_by": kind.bars[0].rule if kind.bars else ""}
            for kind in self.types for way in kind.ways for side in way.sides or () for term in side.terms
        ]  # fmt: skip

    def __str__(self) -> str:
        """Tell it in lines of text."""
        lines = [f"{self.one} and {self.other} at the end of {self.month}"]
        for kind in self.types:
            lines.append(f"  {kind.title}: {kind.bars[0].sentence if kind.bars else 'talks may open'}")
            lines += [f"    {one.sentence}" for one in kind.joining]
            for way in kind.ways:
                for side in way.sides or ():
                    terms = ", ".join(f"{term.title} {term.bp:+.3g}" for term in side.terms)
                    lines.append(f"    {side.party} as {side.role} of {_partner(way, side)}: {side.bp:+.3g} bp ({terms})")
        return "\n".join(lines)


def why(world: World, one: str, other: str) -> Why:
    """Say what stands between two parties now, and what each agreement would bring them.

    Parameters
    ----------
    world : World
    one, other : str
        Codes of parties of the run, for example ``"IDN"`` and ``"EU"``.

    Raises
    ------
    UserError
        If a code is none of the run's, or both are the same.
    """
    codes = world.setting.codes
    for code in (one, other):
        if code not in codes:
            raise UserError(f"there is no party {code!r} in this run; {nearest(code, codes)}")
    if one == other:
        raise UserError(f"{one} makes no agreement with itself; name two parties")
    a, b = codes.index(one), codes.index(other)
    types = tuple(_of_type(world, int(t), a, b) for t in np.flatnonzero(world.setting.negotiated))
    return Why(month_label(world.month - 1), one, other, types)


def _of_type(world: World, t: int, a: int, b: int) -> TypeWhy:
    kind, edges, codes = world.setting.types[t], world.setting.edges, world.setting.codes
    edge, back = edges.find(a, b), edges.find(b, a)
    if edge < 0 or back < 0:
        bar = Bar("candidates", "neither keeps an eye on the other", "keduanya tidak saling memperhatikan")
        return TypeWhy(kind.name, kind.title, kind.title_id, (bar,), (), {codes[a]: 0, codes[b]: 0})
    ways = tuple(_way(world, t, *way) for way in ((a, b, edge, back), (b, a, back, edge)))
    found = (*_bars(world, t, a, b, edge, back), *_of_ways(kind, ways), *_of_staff(world, kind, ways))
    places = {codes[a]: _place(world, t, a, edge), codes[b]: _place(world, t, b, back)}
    return TypeWhy(kind.name, kind.title, kind.title_id, found, ways, places, joining(world, t, a, b))


def _bars(world: World, t: int, a: int, b: int, edge: int, back: int) -> list[Bar]:
    """List the bars of who may talk, in the order of the rule."""
    setting, found = world.setting, list[Bar]()
    codes = setting.codes
    if without_members(world)[[a, b]].any():
        found.append(Bar("blocs", "a bloc that nobody is in meets nobody", "blok tanpa anggota tidak bertemu siapa pun"))
    elif world.blocked[edge]:
        found.append(Bar("blocs", "a bloc and its own member do not negotiate", "blok dan anggotanya sendiri tidak berunding"))
    if world.hostile[edge]:
        level = f"{world.hostility[edge]:.2f}"
        found.append(Bar("hostile", f"the two are too hostile ({level} of 1)", f"keduanya terlalu bermusuhan ({level} dari 1)"))
    elif bars(world, edge):
        found.append(Bar("barred", "sanctions or a war bar the two", "sanksi atau perang melarang keduanya"))
    for party in (a, b):
        speaker = int(world.principal[t, party])
        if speaker != party:
            who, who_id = ("nobody", "tidak ada yang") if speaker < 0 else (codes[speaker], codes[speaker])
            found.append(
                Bar(
                    "competence",
                    f"{codes[party]} does not speak for itself ({who} does)",
                    f"{codes[party]} tidak berbicara sendiri ({who_id} berbicara)",
                )
            )
    for s in np.flatnonzero(setting.rules_out[t]):
        if world.in_force[s, edge]:
            other = setting.types[s]
            found.append(
                Bar("settled", f"it is settled: {other.title} is in force", f"sudah ada: {other.title_id} berlaku antara keduanya")
            )
    until = int(max(world.cooldown[t, edge], world.cooldown[t, back]))
    if until > world.month:
        found.append(
            Bar(
                "resting",
                f"talks failed, and rest until {month_label(until)}",
                f"perundingan gagal, dan beristirahat sampai {month_label(until)}",
            )
        )
    if world.open_talk[t, edge] >= 0 or world.open_talk[t, back] >= 0:
        found.append(Bar("talking", "they are talking about it already", "keduanya sedang merundingkannya"))
    return found


def _of_ways(kind: Any, ways: tuple[Way, ...]) -> list[Bar]:
    """Tell what the roles and the gains bar, the better way deciding."""
    if not any(way.eligible for way in ways):
        said, said_id = f"neither may be {kind.roles[0]} of the other", f"keduanya tidak dapat menjadi {kind.roles[0]} bagi yang lain"
        return [Bar("eligibility", said, said_id)]
    able = [way for way in ways if way.sides is not None]
    if not able:
        return [Bar("text", "no text is allowed", "tidak ada teks yang diizinkan")]
    least = max((way.least for way in able if way.least is not None), key=lambda side: side.bp)
    if least.bp > 0.0:
        return []
    return [
        Bar(
            "worth",
            f"{least.party} would lose {-least.bp:.3g} bp, most of all by {least.worst.title}",
            f"{least.party} akan rugi {-least.bp:.3g} bp, terutama karena {least.worst.title_id}",
        )
    ]


def _of_staff(world: World, kind: Any, ways: tuple[Way, ...]) -> list[Bar]:
    """Tell whose staff is worth more elsewhere, where both sides gain: the one that is farther from its price."""
    best = _best(ways)
    if best is None or not _both_gain(best):
        return []
    codes, price, months = world.setting.codes, staff_prices(world), staff_months(kind)
    sides = best.sides or ()
    missing = [float(price[codes.index(side.party)]) - side.usd / months[role] for role, side in enumerate(sides)]
    role = missing.index(max(missing))
    if missing[role] <= 0.0:
        return []
    side = sides[role]
    paid, asked = side.usd / months[role] / 1e3, float(price[codes.index(side.party)]) / 1e3
    return [
        Bar(
            "price",
            f"{side.party}'s staff is worth more: a month of it brings {paid:.3g} thousand USD of gain a year here, and costs {asked:.3g}",
            f"staf {side.party} lebih berharga: sebulan staf membawa manfaat {paid:.3g} ribu USD setahun di sini, dan biayanya {asked:.3g}",
        )
    ]


def _way(world: World, t: int, first: int, second: int, edge: int, back: int) -> Way:
    setting, kind = world.setting, world.setting.types[t]
    codes, issues = setting.codes, issues_of(setting)
    one, two, there, home = (np.array([value], dtype=np.int32) for value in (first, second, edge, back))
    groups = Groups(one, two, there, home, issues)
    if not bool(kind.eligible(world, groups)[0]):
        return Way(codes[first], codes[second], False, None)
    made = kind.coefficients(world, groups)
    c = led(world, t, made.dyads(), one, two)
    gains = midway_gains(c)[0]
    if np.isnan(gains).any():
        return Way(codes[first], codes[second], True, None)
    sides = [
        Side(
            codes[party],
            kind.roles[side],
            float(gains[side]),
            float(gains[side]) * float(world.gdp[party]) / BP,
            _terms(world, kind, made, c, side, float(gains[side])),
        )
        for side, party in enumerate((first, second))
    ]
    return Way(codes[first], codes[second], True, (sides[0], sides[1]))


def _terms(world: World, kind: Any, made: Any, c: Coefficients, side: int, gain: float) -> tuple[Term, ...]:
    """Cut a gain into terms that add up to it."""
    words = getattr(kind, "terms", {})
    found = []
    for name, value in getattr(made, "terms", ()):
        title, title_id = words.get(name, (name.replace("_", " "), name.replace("_", " ")))
        found.append(Term(name, title, title_id, float(value[0, side])))
    if not found:
        found = [Term("party", *BEING_PARTY, float(c.a[0, side]))]
    x, apart = midway(c)[0], getattr(made, "apart", ())
    for k, issue in enumerate(issues_of(world.setting)):
        if issue not in kind.issues:
            continue
        b, w, theta = (float(one[0, side, k]) for one in (c.b, c.w, c.theta))
        # Where the gain of an issue belongs to being party, no agreement has none of it.
        before = issue_worth(0.0 if issue in apart else b, w, theta, float(c.status_quo[0, k]))
        moved = float(issue_worth(b, w, theta, float(x[k])) - before)
        for of, name, slope in getattr(made, "parts", ()):
            if of == issue:
                title, title_id = words.get(name, (name.replace("_", " "), name.replace("_", " ")))
                bp = float(slope[0, side]) * float(x[k] - (0.0 if issue in apart else c.status_quo[0, k]))
                found.append(Term(name, title, title_id, bp))
                moved -= bp
        title, title_id = _issue(world, issue)
        found.append(Term(issue, title, title_id, moved))
    left = gain - sum(term.bp for term in found)
    if abs(left) > SURE * max(1.0, abs(gain)):
        found.append(Term("rest", *REST, left))
    return tuple(found)


def _issue(world: World, issue: str) -> tuple[str, str]:
    """Name an issue in both languages."""
    word = world.setting.words.word("issue", issue)
    return word.title.lower(), word.title_id.lower()


def _both_gain(way: Way) -> bool:
    return way.sides is not None and all(side.bp > 0.0 for side in way.sides)


def _best(ways: tuple[Way, ...]) -> Way | None:
    """Deal the roles as the rule does (:mod:`sim.decide.decisions`): by the sum of both gains where both gain, else by the lesser one."""

    def rank(way: Way) -> tuple[bool, float]:
        gains = [side.bp for side in way.sides or ()]
        return _both_gain(way), sum(gains) if _both_gain(way) else min(gains)

    return max((way for way in ways if way.sides is not None), key=rank, default=None)


def _place(world: World, t: int, owner: int, edge: int) -> int:
    """Return which place a partner has among those who promise a party something, 1 the first; 0 where it promises nothing."""
    edges = world.setting.edges
    hopes = world.prospect[t, int(edges.start[owner]) : int(edges.start[owner + 1])]
    mine = world.prospect[t, edge]
    return int((hopes > mine).sum()) + 1 if mine > 0.0 else 0


def _partner(way: Way, side: Side) -> str:
    return way.second if side.party == way.first else way.first
