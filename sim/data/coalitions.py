"""Coalitions: small states that agree to bargain as one on named agreement types, as a setting says.

A coalition is a bloc that the run declares instead of the tables: its members' figures are added up or averaged by people, it alone
speaks for them on its types from its month on, they consent to what it signs by its rule, and its texts bind them. It differs from a bloc
of the tables in what it leaves out: no free flow of data inside, no summit, no seat at tables of many, no members that come or go.

Who belongs is either named, or found by a rule: all states of the run, inside a region or an organisation if one is given, whose share of
the world's GDP or material capability, as known in the year the run starts, lies below a bar, and for whom no bloc speaks on these types.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.codes import meant
from sim.data.records import Competence, DecisionRule
from sim.data.source import Source
from sim.types import NEVER, Flag, UserError, month_label, nearest

MEASURES = {"gdp": "gdp", "material_capability": "cinc"}
"""Figures by which a rule tells who is small, as shares of the world."""
RULES = {"consensus": (1.0, 1.0), "qualified_majority": (0.55, 0.65)}
"""Decision rules and their quotas of states and of people; those of a qualified majority are the EU's and may be set."""
KEYS = ("name", "members", "below", "measure", "within", "types", "from", "rule", "state_quota", "people_quota")
_NAME = re.compile(r"[A-Z][A-Z0-9_]{1,15}")


@dataclass(frozen=True)
class Coalition:
    """One coalition that a run declares.

    Attributes
    ----------
    name : str
        Its code on the party axis.
    types : tuple of str
        Agreement types it bargains for its members, sorted.
    start : int
        Month from which it does.
    rule : DecisionRule
        How its members consent.
    members : tuple of str
        Codes, sorted; () where the rule below finds them.
    below : float
        Share of the world below which a state counts as small.
    measure : str
        ``gdp`` or ``material_capability``.
    within : str
        Region or organisation its members are in at the start; empty for anywhere.
    """

    name: str
    types: tuple[str, ...]
    start: int
    rule: DecisionRule
    members: tuple[str, ...] = ()
    below: float = 0.0
    measure: str = "gdp"
    within: str = ""

    def tree(self) -> dict[str, Any]:
        """Return it as the plain tree that declares it, defaults filled in."""
        told: dict[str, Any] = {"name": self.name, "types": list(self.types), "from": month_label(self.start), "rule": self.rule.rule}
        if self.rule.rule == "qualified_majority":
            told |= {"state_quota": self.rule.state_quota, "people_quota": self.rule.people_quota}
        if self.members:
            return {**told, "members": list(self.members)}
        return {**told, "below": self.below, "measure": self.measure, **({"within": self.within} if self.within else {})}


def read(value: Any, start: int, month: Callable[[str, Any], int], able: Sequence[str]) -> tuple[Coalition, ...]:
    """Read the setting ``coalitions``.

    Parameters
    ----------
    value : list of mappings
        What was given.
    start : int
        First month of the run, from which a coalition bargains unless it says otherwise.
    month : callable
        Reads a month's label, given what it is for.
    able : sequence of str
        Agreement types that two parties negotiate in this run.

    Returns
    -------
    tuple of Coalition
        Sorted by name.

    Raises
    ------
    UserError
        If one is not well formed, or two have one name.
    """
    if isinstance(value, str) or not isinstance(value, (list, tuple)):
        example = "[{name: ISLES, members: [FJI, TUV], types: [infrastructure_pact]}]"
        raise UserError(f"coalitions must be a list such as {example}, not {value!r}")
    found = sorted((_one(each, start, month, able) for each in value), key=lambda one: one.name)
    for one, other in itertools.pairwise(found):
        if one.name == other.name:
            raise UserError(f"coalitions: {one.name} is declared twice; give each coalition its own name")
    return tuple(found)


def _one(value: Any, start: int, month: Callable[[str, Any], int], able: Sequence[str]) -> Coalition:
    if not isinstance(value, Mapping):
        raise UserError(f"coalitions: each must hold named values ({', '.join(KEYS)}), not {value!r}")
    for key in value:
        if key not in KEYS:
            raise UserError(f"coalitions: a coalition has no {key!r}; {nearest(str(key), KEYS)}")
    name = value.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise UserError(f"coalitions: name must be 2 to 16 capital letters, digits or _, such as ISLES, not {name!r}")
    where = f"coalitions: {name}"
    types = _words(where, "types", value.get("types"), "infrastructure_pact")
    for one in types:
        if one not in able:
            raise UserError(f"{where}: {one!r} is no type that two parties negotiate in this run; {nearest(one, able)}")
    if ("members" in value) == ("below" in value):
        raise UserError(f"{where}: give either members=[CODE,...] or below=SHARE (a rule), and not both")
    since = month(f"{where}: from", value["from"]) if "from" in value else start
    if since < start:
        raise UserError(f"{where}: from {month_label(since)} lies before the run starts in {month_label(start)}")
    rule = _rule(where, value)
    if "members" in value:
        for key in ("measure", "within"):
            if key in value:
                raise UserError(f"{where}: {key} belongs to a rule (below=SHARE), and its members are named")
        members = _words(where, "members", _codes(value["members"]), "FJI,TUV")
        if len(members) < 2:
            raise UserError(f"{where}: one member ({members[0]}) is not enough; name two at least")
        return Coalition(name, types, since, rule, members=members)
    measure, within = value.get("measure", "gdp"), value.get("within", "")
    if not isinstance(measure, str) or measure not in MEASURES:
        raise UserError(f"{where}: measure cannot be {measure!r}; {nearest(str(measure), MEASURES)}")
    if not isinstance(within, str):
        raise UserError(f"{where}: within must be a region or an organisation of the roster, not {within!r}")
    return Coalition(name, types, since, rule, below=_share(where, "below", value["below"]), measure=measure, within=within)


def _words(where: str, key: str, value: Any, example: str) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, (list, tuple)) or not value or not all(isinstance(one, str) for one in value):
        raise UserError(f"{where}: {key} must be a list such as [{example}], not {value!r}")
    for one in value:
        if list(value).count(one) > 1:
            raise UserError(f"{where}: {key} names {one} twice")
    return tuple(sorted(value))


def _codes(value: Any) -> Any:
    """Return codes with the digits of whole numbers as words, as ``roster.states`` reads them."""
    if not isinstance(value, (list, tuple)):
        return value
    return [str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in value]


def _rule(where: str, value: Mapping[str, Any]) -> DecisionRule:
    rule = value.get("rule", "consensus")
    if not isinstance(rule, str) or rule not in RULES:
        raise UserError(f"{where}: rule cannot be {rule!r}; {nearest(str(rule), RULES)}")
    given = [key for key in ("state_quota", "people_quota") if key in value]
    if given and rule == "consensus":
        raise UserError(f"{where}: {given[0]} belongs to rule=qualified_majority; under consensus all must agree")
    states, people = (
        _share(where, key, value[key]) if key in value else usual
        for key, usual in zip(("state_quota", "people_quota"), RULES[rule], strict=True)
    )
    return DecisionRule(rule, states, people)


def _share(where: str, key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.0 < value <= 1.0:
        raise UserError(f"{where}: {key} must be a share above 0 and up to 1, not {value!r}")
    return float(value)


def declare(
    source: Source,
    rows: NDArray[np.int64],
    figures: Mapping[str, NDArray[np.float64]],
    world_gdp: NDArray[np.float64],
    coalitions: Sequence[Coalition],
    start_month: int,
) -> Source:
    """Add a run's coalitions to the blocs of the tables.

    Parameters
    ----------
    source : Source
        All states of the tables.
    rows : int array, shape (n,)
        States of the run.
    figures : dict of str to array, shape (Y, N)
        Figures as known in each year of the run; the first row decides who is small.
    world_gdp : array, shape (Y,)
        USD a year.
    coalitions : sequence of Coalition
    start_month : int

    Returns
    -------
    Source

    Raises
    ------
    UserError
        If a name is taken, a member is not in the run, a bloc or another coalition speaks for it, or fewer than two are found.
    """
    states, table = [source.codes[i] for i in rows], source
    for one in coalitions:
        where = f"coalitions: {one.name}"
        if one.name in table.codes or one.name in table.organisations:
            raise UserError(f"{where} is already the code of a state or an organisation; choose another name")
        if one.members:
            for code in one.members:
                if code not in states:
                    raise UserError(f"{where}: there is no state {code!r} in this run; {meant(code, states)}")
                taken = _spoken_for(table, source.codes.index(code), one)
                if taken:
                    raise UserError(f"{where} cannot bargain for {code}: {taken}; leave {code} out, or let it begin when that has ended")
            inside = [source.codes.index(code) for code in one.members]
        else:
            inside = _found(source, table, rows, figures, world_gdp, one, start_month)
            if len(inside) < 2:
                raise UserError(f"{where}: the rule finds {len(inside)} of the run's {len(states)} states, and two are needed; raise below")
        table = _with(table, one, inside)
    return table


def _spoken_for(table: Source, state: int, one: Coalition) -> str:
    """Say which bloc bargains on one of the types for a state at any time from the coalition's month on; empty where none."""
    for had in table.competences:
        if had.agreement_type in one.types and had.until > one.start:
            at = table.organisations.index(had.bloc)
            begins = max(one.start, had.start, int(table.member_from[at, state]))
            if begins < min(had.until, int(table.member_bound_until[at, state])):
                return f"{had.bloc} bargains {had.agreement_type} for it in {month_label(begins)}"
    return ""


def _found(
    source: Source,
    table: Source,
    rows: NDArray[np.int64],
    figures: Mapping[str, NDArray[np.float64]],
    world_gdp: NDArray[np.float64],
    one: Coalition,
    start_month: int,
) -> list[int]:
    """List the states that a coalition's rule finds, in the order of their codes."""
    value = figures[MEASURES[one.measure]][0]
    share = value / world_gdp[0] if one.measure == "gdp" else value / max(1e-9, float(value.sum()))
    if not one.within:
        here = np.ones(len(source.codes), dtype=np.bool_)
    elif one.within in source.organisations:
        at = source.organisations.index(one.within)
        here = (source.member_from[at] <= start_month) & (start_month < source.member_until[at])
    elif one.within in source.regions:
        here = np.array([region == one.within for region in source.regions])
    else:
        known = [*sorted(set(source.regions)), *source.organisations]
        raise UserError(f"coalitions: {one.name}: within names no region or organisation: {one.within!r}; {nearest(one.within, known)}")
    return [int(i) for i in rows if here[i] and share[i] < one.below and not _spoken_for(table, int(i), one)]


def _with(table: Source, one: Coalition, inside: list[int]) -> Source:
    """Add one coalition: an organisation without summit or free flow, whose members were always inside and whose competence is dated."""
    place = sum(code < one.name for code in table.organisations)

    def added(values: Any, row: Any) -> Any:
        return np.insert(values, place, row, axis=0)

    nobody = np.zeros(len(table.codes), dtype=np.int32)
    until = nobody.copy()
    until[inside] = NEVER
    return dataclasses.replace(
        table,
        organisations=(*table.organisations[:place], one.name, *table.organisations[place:]),
        organisation_names=(*table.organisation_names[:place], one.name, *table.organisation_names[place:]),
        blocs={**table.blocs, one.name: one.rule},
        summit_month=added(table.summit_month, 0),
        bodies=table.bodies.joined_at(place),
        free_flow=added(table.free_flow, False),
        member_from=added(table.member_from, nobody),
        member_until=added(table.member_until, until),
        member_bound_until=added(table.member_bound_until, until),
        member_flag=added(table.member_flag, np.full(len(nobody), Flag.KNOWN, dtype=np.int8)),
        competences=(*table.competences, *(Competence(one.name, kind, "exclusive", one.start, NEVER) for kind in one.types)),
    )
