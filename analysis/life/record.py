"""The life of an agreement as a run folder keeps it: what was written, what happened, what it carried, and what it replaced.

Months count as in the store (``12 * year + month - 1``). A folder of an older version lacks some columns; what it lacks is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from analysis.lives import INSTRUMENTS, knows_instruments
from analysis.marks import shown_as
from analysis.store import StoredRun, read_table
from sim.types import UserError, nearest

LEFT_OUT = frozenset(("contact", "attendance", "bound", "released", "move"))
"""Events that are too many, or that tell of members rather than of the agreement."""
OUTCOMES = ("pending", "upheld", "struck down", "moot")
PLAINTIFFS = ("people", "a parliament")
STIRS = frozenset(("complaint", "ruling", "breach_found", "suspension", "denunciation", "annulment", "termination", "succession"))
"""Events that make a life worth telling."""


@dataclass(frozen=True)
class Moment:
    """Something that happened to an agreement: the month, the kind of event, its mark and words, who, why, and the row's number."""

    month: int
    event: str
    mark: str
    said: str
    parties: tuple[str, ...]
    reason: str
    value: float | None


@dataclass(frozen=True)
class Case:
    """A case in court: months of complaint and ruling, what came of it, who complained, whose court, and how far it passed.

    ``margin`` is by how much the text passed the tests, ``asked`` by how much the court asked it to; None before a ruling.
    """

    filed: int
    due: int
    outcome: str
    plaintiff: str
    court: str
    margin: float | None
    asked: float | None


@dataclass(frozen=True)
class Clauses:
    """What a text says of its own life, in months; None where it says nothing."""

    term: int | None
    renewal: int | None
    review: int | None
    notice: int | None
    disputes: bool


@dataclass(frozen=True)
class Lived:
    """One agreement.

    Attributes
    ----------
    name, type : str
    parties : (str, str)
        Codes, in the order of their roles.
    opened, signed, force, ended : int or None
        Months; ``opened`` is that in which a contact opened its talks, None where it was not bargained by two in this run.
    stage : str
        Where it stood at the end of the run.
    text : mapping of str to float
        Level of each issue that its text settles.
    clauses : Clauses
    carried, added : float or None
        USD, of trade between the two while it was in force, and what of it the agreement added.
    certified : float
        Firms.
    gain, value : (float, float) or None
        What it was worth to each side when it was signed, and when last looked at, bp of own GDP a year.
    cases : tuple of Case
    moments : tuple of Moment
        In order of time.
    suspended : tuple of (int, int)
        Months from which and until which it did not bind; the second is that of the end where it never did again.
    before : str
        Name of what it replaced; empty for nothing.
    """

    name: str
    type: str
    parties: tuple[str, str]
    opened: int | None
    signed: int | None
    force: int | None
    ended: int | None
    stage: str
    text: Mapping[str, float]
    clauses: Clauses
    carried: float | None
    added: float | None
    certified: float
    gain: tuple[float, float] | None
    value: tuple[float, float] | None
    cases: tuple[Case, ...]
    moments: tuple[Moment, ...]
    suspended: tuple[tuple[int, int], ...]
    before: str

    @property
    def stirs(self) -> int:
        """How much happened to it."""
        return sum(1 for one in self.moments if one.event in STIRS)


@lru_cache(maxsize=4)
def lives_of(run: StoredRun, seed: int) -> dict[str, Lived]:
    """Return every agreement of one run of a folder by its name, in the order of the record.

    Raises
    ------
    UserError
        If the folder keeps no agreements or ledger, or no run of that seed.
    """
    if not run.has_ledger or not knows_instruments(run):
        raise UserError(f"{run.folder} keeps no lives of agreements: run again with record=panels")
    if seed not in run.seeds:
        raise UserError(f"{run.folder} holds no run of seed {seed}; {nearest(str(seed), [str(one) for one in run.seeds])}")
    rows = read_table(run, INSTRUMENTS, filters=[("run", "in", [seed])]).to_pylist()
    cases = _by(_declared(run, "cases", seed), "instrument")
    moments = _moments(run, seed, {str(row["instrument"]) for row in rows})
    issues = run.words.get("issue", {})
    end = int(run.months[-1]) + 1
    return {str(row["instrument"]): _lived(row, issues, cases, moments, end) for row in rows}


def chain(every: Mapping[str, Lived], name: str) -> tuple[Lived, ...]:
    """Return an agreement with all that it replaced and all that replaced it, in order of their signature.

    Raises
    ------
    UserError
        If there is none of that name.
    """
    if name not in every:
        raise UserError(f"there is no agreement {name!r} in this run; {nearest(name, every)}")
    found, fresh = {name}, [name]
    while fresh:
        at = fresh.pop()
        near = [one.name for one in every.values() if one.before == at] + ([every[at].before] if every[at].before in every else [])
        fresh += [one for one in near if one not in found]
        found |= set(near)
    return tuple(sorted((every[one] for one in found), key=lambda one: (one.signed if one.signed is not None else -1, one.name)))


def chains(every: Mapping[str, Lived]) -> list[tuple[Lived, ...]]:
    """Return all chains, those to which most happened first."""
    seen: set[str] = set()
    found = []
    for name in every:
        if name not in seen:
            found.append(chain(every, name))
            seen |= {one.name for one in found[-1]}
    return sorted(found, key=lambda some: (-len(some) - sum(one.stirs for one in some), -sum(one.carried or 0.0 for one in some)))


def _lived(
    row: Mapping[str, Any], issues: Iterable[str], cases: Mapping[str, list[Any]], moments: Mapping[str, list[Moment]], end: int
) -> Lived:
    name = str(row["instrument"])
    mine = tuple(moments.get(name, ()))
    ended = _month(row["ended"])
    return Lived(
        name=name,
        type=str(row["type"]),
        parties=(str(row["party_first"]), str(row["party_second"])),
        opened=next((one.month for one in mine if one.event == "negotiation_opened"), None),
        signed=_month(row["signed"]),
        force=_month(row["in_force"]),
        ended=ended,
        stage=str(row["stage"]),
        text={issue: float(row[issue]) for issue in issues if _number(row.get(issue)) is not None},
        clauses=Clauses(
            _positive(row.get("term")),
            _positive(row.get("renewal")),
            _positive(row.get("review")),
            _month(row.get("notice")),
            bool(row.get("disputes")),
        ),
        carried=_number(row.get("trade_carried")),
        added=_number(row.get("trade_added")),
        certified=_number(row.get("certified")) or 0.0,
        gain=_both(row, "gain"),
        value=_both(row, "value") if row.get("value_first") or row.get("value_second") else None,
        cases=tuple(_case(one) for one in cases.get(name, ())),
        moments=mine,
        suspended=_suspended(mine, ended if ended is not None else end),
        before=str(row.get("successor_of") or ""),
    )


def _suspended(moments: tuple[Moment, ...], end: int) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    since: int | None = None
    for one in moments:
        if one.event == "suspension" and since is None:
            since = one.month
        elif one.event == "resumption" and since is not None:
            found.append((since, one.month))
            since = None
    return (*found, (since, end)) if since is not None else tuple(found)


def _case(row: Mapping[str, Any]) -> Case:
    return Case(
        int(row["filed"]), int(row["due"]), OUTCOMES[int(row["outcome"])], PLAINTIFFS[int(row["plaintiff"])], str(row["court"]),
        _number(row["margin"]), _number(row["asked"]),
    )  # fmt: skip


def _moments(run: StoredRun, seed: int, names: set[str]) -> dict[str, list[Moment]]:
    """Return what happened to each agreement, and in the talks that made it, month by month."""
    words, row = run.words["event"], run.seeds.index(seed)
    kinds = [name for name in words if name not in LEFT_OUT]
    found: dict[str, list[Moment]] = {}
    of_talks: dict[str, set[str]] = {}
    told = [event for at, event in run.told(kinds, ("party_a", "party_b", "reason", "value", "negotiation", "instrument")) if at == row]
    for event in told:
        if event["instrument"] and event["negotiation"]:
            of_talks.setdefault(str(event["negotiation"]), set()).add(str(event["instrument"]))
    for event in told:
        mine = {str(event["instrument"])} if event["instrument"] else of_talks.get(str(event["negotiation"]), set())
        for name in sorted(mine & names):
            found.setdefault(name, []).append(_moment(words[event["event"]], event))
    return found


def _moment(word: Mapping[str, Any], event: Mapping[str, Any]) -> Moment:
    value, reason = _number(event["value"]), str(event["reason"] or "")
    shown = shown_as(word, value, reason)
    # A reason that its own words tell already is not told twice.
    reason = "" if reason in shown.get("reasons", ()) or reason == shown["said"] else reason
    parties = tuple(str(event[key]) for key in ("party_a", "party_b") if event[key])
    return Moment(int(event["month"]), str(event["event"]), str(shown["mark"]), str(shown["said"]), parties, reason, value)


def _declared(run: StoredRun, name: str, seed: int) -> list[dict[str, Any]]:
    """Return a table that a part declares; nothing where the folder keeps none."""
    if name not in run.manifest.get("declared", {}):
        return []
    return [row for row in run.declared(name).to_pylist() if row["run"] == seed]


def _by(rows: Iterable[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(str(row[key]), []).append(row)
    return found


def _month(value: Any) -> int | None:
    return None if value is None or int(value) < 0 else int(value)


def _positive(value: Any) -> int | None:
    return None if value is None or int(value) <= 0 else int(value)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _both(row: Mapping[str, Any], what: str) -> tuple[float, float] | None:
    one, other = _number(row.get(f"{what}_first")), _number(row.get(f"{what}_second"))
    return None if one is None or other is None else (one, other)
