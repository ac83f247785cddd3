"""What a seat sees of its open talks: texts and interests in words and numbers, what is on the table, and how those at home lean.

Everything is worked out from the world as the month begins and changes nothing in it. Utilities are in basis points of the seat's own GDP a
year; of the other side the seat sees what it offered, never its interests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.bargains.feasible import feasible, gains
from sim.bargains.frontier import best_issue
from sim.bargains.problems import Problems
from sim.seat.hand import Hand, worth_to
from sim.seat.legal import why_not_now
from sim.seat.moves import Move
from sim.seat.standing import Standing, open_rows, side_of, standing
from sim.stakes.packages import tabled as at_the_table
from sim.stakes.payoffs import BP
from sim.stakes.ratifiers import consent_of
from sim.stakes.stakes import issues_of
from sim.types import Institution, Status, UserError, month_label, nearest
from sim.world import Floats, Setting, World

_STILL = 1e-6
"""A change of a level, or a worth in bp, that counts as none."""


@dataclass(frozen=True)
class IssueView:
    """One issue of some talks, as the seat sees it.

    Attributes
    ----------
    issue, meaning : str
        Name, and what 0 and 1 mean for the seat's role.
    floor, ceiling, today : float
        What the text allows, and the level without an agreement.
    ideal, salience, gain : float
        The seat's own interest: ideal point, bp for a unit of distance, bp for a full unit.
    mine, theirs : float or None
        Level in either side's last offer.
    moved : float or None
        How far the other's last offer moved from the one before.
    best : float
        The level the seat would choose alone: its ideal point, drawn on by what each further step brings, within floor and ceiling.
    """

    issue: str
    meaning: str
    floor: float
    ceiling: float
    today: float
    ideal: float
    salience: float
    gain: float
    mine: float | None
    theirs: float | None
    moved: float | None
    best: float


@dataclass(frozen=True)
class HomeView:
    """How those at home are likely to vote on the text on the table, as the seat believes.

    Attributes
    ----------
    institution : str
        ``executive_act`` where nobody else must consent.
    quota : float
        Share of the votes needed.
    consents : bool or None
        None without a text.
    margin : float or None
        What the pivotal ratifier is believed to gain (bp of GDP a year); None without a text, or where none has a say.
    """

    institution: str
    quota: float
    consents: bool | None
    margin: float | None


@dataclass(frozen=True)
class TalkView:
    """Open talks of the seat.

    Attributes
    ----------
    talk, type, title, other, other_name, role, other_role, opened : str
        ``opened`` is a month.
    issues : tuple of IssueView
    tabled : dict of str to float, or None
        The text the seat could have: with rounds the other's last offer, without what the protocol would settle today.
    utility, gain, gain_usd : float or None
        What that is worth to the seat (bp of GDP a year), over no agreement, and in USD a year.
    no_agreement, reservation_value : float
        Bp of GDP a year; a text worth less than the second is signed by nobody.
    home : HomeView
    rounds_left, contacts_left : int or None
        Until the deadline, or until the protocol settles the text.
    suggests : str
        What the other's last move says, in a sentence.
    standing : dict
        The player's word that stands: ``offer``, ``refuses``, ``positions``, ``red_lines``.
    """

    talk: str
    type: str
    title: str
    other: str
    other_name: str
    role: str
    other_role: str
    opened: str
    issues: tuple[IssueView, ...]
    tabled: dict[str, float] | None
    utility: float | None
    gain: float | None
    gain_usd: float | None
    no_agreement: float
    reservation_value: float
    home: HomeView
    rounds_left: int | None
    contacts_left: int | None
    suggests: str
    standing: dict[str, Any]


@dataclass(frozen=True)
class DraftView:
    """What a text would be worth to the seat.

    Attributes
    ----------
    utility, gain : float
        Bp of the seat's own GDP a year, and over no agreement.
    signs : bool
        Whether the seat could sign it: worth no less than its reservation value, and passing at home as it believes.
    """

    utility: float
    gain: float
    signs: bool


@dataclass(frozen=True)
class Opening:
    """Somebody the seat could propose talks to: agreement type, code of the other party, and what it hopes to gain (bp of GDP a year)."""

    type: str
    other: str
    hope: float


def inbox(world: World, seat: int, moves: Sequence[Move]) -> tuple[TalkView, ...]:
    """Return the seat's open talks, oldest first."""
    return tuple(_talk(world, seat, row, moves) for row in open_rows(world, seat))


def valued(world: World, seat: int, talk: str, levels: Mapping[str, float]) -> DraftView:
    """Value a text for the seat, before it is offered or taken.

    Parameters
    ----------
    world : World
    seat : int
        Place on the P axis.
    talk : str
        Identity of open talks of the seat.
    levels : mapping of str to float
        Level of each issue; an issue that is left out lies at its floor.

    Raises
    ------
    UserError
        If the seat has no such talks, they have no such issue, or a level lies outside what the text allows.
    """
    row = next((row for row in open_rows(world, seat) if world.talk_identity(row) == talk), -1)
    if row < 0:
        raise UserError(f"{world.setting.codes[seat]} has no open talks {talk!r}")
    _, problem, _ = at_the_table(world, np.array([row], dtype=np.int32))
    side, kind, names = side_of(world, row, seat), world.setting.types[int(world.talks["type"][row])], issues_of(world.setting)
    text = problem.lo[0].copy()
    for issue, level in levels.items():
        if issue not in kind.issues:
            raise UserError(f"{kind.name} has no issue {issue!r}; {nearest(str(issue), kind.issues)}")
        low, high = float(problem.lo[0, names.index(issue)]), float(problem.hi[0, names.index(issue)])
        if isinstance(level, bool) or not isinstance(level, (int, float)) or not low <= level <= high:
            raise UserError(f"{issue} at {level!r} lies outside what the text allows, {low:.6g} to {high:.6g}")
        text[names.index(issue)] = level
    found, least = worth_to(problem, side, text), float(problem.d[0, side])
    return DraftView(found, found - least, bool(feasible(problem, text[None, :]).signs[0, side]))


def openings(world: World, seat: int) -> tuple[Opening, ...]:
    """Return whom the seat could propose talks to this month, the most promising first."""
    setting, edges = world.setting, world.setting.edges
    found = []
    for t in np.flatnonzero(setting.negotiated).tolist():
        for edge in range(int(edges.start[seat]), int(edges.start[seat + 1])):
            if world.prospect[t, edge] > 0.0 and not why_not_now(world, seat, t, int(edges.col[edge])):
                found.append(Opening(setting.types[t].name, setting.codes[int(edges.col[edge])], float(world.prospect[t, edge])))
    return tuple(sorted(found, key=lambda one: (-one.hope, one.type, one.other)))


def _talk(world: World, seat: int, row: int, moves: Sequence[Move]) -> TalkView:
    setting, talks, protocol = world.setting, world.talks, world.setting.config.protocol
    side, kind = side_of(world, row, seat), setting.types[int(talks["type"][row])]
    other, known = int(talks["first" if side else "second"][row]), setting.words.issues
    found = standing(world, row, seat, moves)
    rows = np.array([row], dtype=np.int32)
    (c,), problem, table = at_the_table(world, rows)
    offers = _offers(world, row, other)
    if protocol.rounds:
        heard = talks["last_offer"][row, 1 - side]
        tabled, suggests = (None if np.isnan(heard[0]) else heard), _suggests(problem, side, offers, setting, other)
    else:
        outcome = protocol.solve(Hand(seat, moves).mandate(world, rows, table, c.status_quo))
        tabled = outcome.text[0] if outcome.status[0] == Status.AGREED else None
        suggests = "" if tabled is not None else f"as things stand no text is found: {Status(int(outcome.status[0])).name.lower()}"
    worth, least = (None if tabled is None else worth_to(problem, side, tabled)), float(problem.d[0, side])
    gain = None if worth is None else worth - least
    names = (*setting.roster.names, *setting.roster.bloc_names)
    b, w, theta, lo, hi = problem.b[0, side], problem.w[0, side], problem.theta[0, side], problem.lo[0], problem.hi[0]
    alone = [float(best_issue(*one)) for one in zip(b, w, theta, lo, hi, strict=True)]
    return TalkView(
        talk=world.talk_identity(row),
        type=kind.name,
        title=kind.title,
        other=setting.codes[other],
        other_name=names[other],
        role=kind.roles[side],
        other_role=kind.roles[1 - side],
        opened=month_label(int(talks["opened"][row])),
        issues=tuple(
            IssueView(
                issue,
                _meaning(kind.meaning[issue], side),
                float(problem.lo[0, k]),
                float(problem.hi[0, k]),
                float(c.status_quo[0, k]),
                float(problem.theta[0, side, k]),
                float(problem.w[0, side, k]),
                float(problem.b[0, side, k]),
                _level(talks["last_offer"][row, side, k]),
                _level(talks["last_offer"][row, 1 - side, k]),
                float(offers[-1][k] - offers[-2][k]) if len(offers) > 1 else None,
                alone[k],
            )
            for k, issue in enumerate(known)
            if issue in kind.issues
        ),
        tabled=None if tabled is None else {issue: float(tabled[known.index(issue)]) for issue in known if issue in kind.issues},
        utility=worth,
        gain=gain,
        gain_usd=None if gain is None else gain / BP * float(world.gdp[seat]),
        no_agreement=least,
        reservation_value=float(problem.r[0, side]),
        home=_home(world, seat, int(talks["type"][row]), problem, side, tabled),
        rounds_left=int(protocol.deadline_rounds - talks["step"][row]) if hasattr(protocol, "deadline_rounds") else None,
        contacts_left=None if protocol.rounds else max(0, int(protocol.contacts_to_conclude - talks["n_contacts"][row])),
        suggests=suggests,
        standing=_words(found, kind.issues, known),
    )


def _meaning(words: tuple[str, str], side: int) -> str:
    """Say what 0 and 1 of an issue mean for a role; where it is said as "the same", the other role's words are needed too."""
    own = words[side]
    return f"{words[1 - side]} ({own})" if own.startswith("the same,") else (words[1 - side] if own == "the same" else own)


def _home(world: World, seat: int, t: int, problem: Problems, side: int, text: Floats | None) -> HomeView:
    consent = consent_of(world.setting, t, np.array([seat]), world.month)
    institution = Institution(int(consent.institution[0]))
    margin = None
    if text is not None and problem.pivot is not None and institution is not Institution.EXECUTIVE_ACT:
        at_home = float(gains(problem.pivot, text[None, :])[0, side])
        # A ratifier who stands no further than the executive wants what it wants.
        margin = at_home if np.isfinite(at_home) else None
    consents = None if text is None else margin is None or margin >= 0.0
    return HomeView(institution.name.lower(), float(consent.quota[0]), consents, margin)


def _offers(world: World, row: int, party: int) -> list[Floats]:
    """Return what a party offered in some talks, (K,) each, as far as offers are recorded."""
    offers = world.offers
    return list(offers["text"][(offers["talk"] == row) & (offers["proposer"] == party)])


def _suggests(problem: Problems, side: int, offers: list[Floats], setting: Setting, party: int) -> str:
    other = setting.codes[party]
    if not offers:
        return f"{other} has made no offer yet"
    worth = worth_to(problem, side, offers[-1])
    if len(offers) == 1:
        return f"{other} opened with a text worth {worth - float(problem.d[0, side]):.3g} bp to you over no agreement"
    change, moved = worth - worth_to(problem, side, offers[-2]), np.abs(offers[-1] - offers[-2])
    if float(moved.max()) <= _STILL:
        return f"{other} stood by its last offer"
    most = setting.words.issues[int(moved.argmax())]
    if abs(change) <= _STILL:
        return f"{other} changed its offer, most on {most}, which leaves you where you were"
    way = "came your way" if change > 0.0 else "asked for more"
    return f"{other} {way}: {change:+.3g} bp to you, most on {most}"


def _words(found: Standing, issues: Sequence[str], known: tuple[str, ...]) -> dict[str, Any]:
    lines: dict[str, dict[str, float]] = {}
    positions: dict[str, dict[str, float]] = {}
    bounds, stance = (("at_least", found.low), ("at_most", found.high)), (("ideal", found.ideal), ("salience", found.salience))
    for word, into, said in [*((word, lines, said) for word, said in bounds), *((word, positions, said) for word, said in stance)]:
        for k, value in said.items():
            into.setdefault(known[k], {})[word] = value
    offer = None
    if found.offer is not None:
        levels = {issue: float(found.offer[known.index(issue)]) for issue in issues}
        offer = {issue: level for issue, level in levels.items() if not np.isnan(level)}
    return {"offer": offer, "refuses": found.refuses, "positions": positions, "red_lines": lines}


def _level(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)
