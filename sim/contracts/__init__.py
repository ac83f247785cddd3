"""What a part of each kind must offer, checked as it is put on its shelf, ours and a user's alike.

A user's part is also asked at run time: what its methods give back is checked where it comes back, so that a fault in it is named by its
own file and line instead of showing up somewhere in the model.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from sim.consequences import check_does, frees, older, speaks_older
from sim.contracts.answers import ANSWERS, asked
from sim.contracts.faults import OWN, WriteRefused, blamed_on_user, blaming, fault_of, is_own
from sim.contracts.seen import Seen, seen
from sim.contracts.words import (
    ACCESSION,
    ARITIES,
    AXES,
    ENDINGS,
    ENTRIES,
    INFORMATION,
    LEAVERS,
    OVER_MONTHS,
    OVER_PARTIES,
    OVER_ROWS,
    PORTS,
    VOTING,
    are_alike,
    arity_of,
    is_screened,
    links_of,
    may_be_open,
    of_two,
    ports_of,
    staff_months,
)
from sim.declare.arrays import declared
from sim.declare.forced import Change
from sim.declare.lasting import PLAINTIFFS, Lasting
from sim.declare.neutral import Neutral
from sim.declare.words import Word
from sim.types import ModelFault, UserError, nearest

MARK = "mark"
"""The kind of a dated event that no rule plays (:mod:`sim.dated`)."""
OWNERS = ("mechanism", "agreement", "shock")
"""Kinds of part that may declare state and words of their own."""

__all__ = [
    "ACCESSION",
    "ARITIES",
    "ENDINGS",
    "ENTRIES",
    "INFORMATION",
    "LEAVERS",
    "MARK",
    "OWN",
    "OWNERS",
    "VOTING",
    "Seen",
    "WriteRefused",
    "are_alike",
    "arity_of",
    "ask",
    "blamed_on_user",
    "blaming",
    "check_contract",
    "complete",
    "fault_of",
    "is_own",
    "is_screened",
    "links_of",
    "may_be_open",
    "of_two",
    "ports_of",
    "seen",
    "staff_months",
]


def check_contract(kind: str, cls: type[Any]) -> None:
    """Check what a class declares and offers as a part of its kind.

    Raises
    ------
    ModelFault
        One sentence naming the class, what is missing or wrong, and what was expected.
    """
    if declared(cls) and kind not in OWNERS:
        raise ModelFault(f"{cls.__name__}.state declares {declared(cls)[0].name!r}, but a {kind} owns no state; {', '.join(OWNERS)} may")
    for name in PORTS if kind != "agents" else ():
        ports = ports_of(cls, name)
        if not isinstance(ports, tuple) or not all(isinstance(port, type) for port in ports):
            raise ModelFault(f"{cls.__name__}.{name} is {ports!r}; a tuple of ports is expected (sim.ports)")
    _CONTRACTS[kind](cls)
    _declared(kind, cls)


def complete(kind: str, cls: type[Any]) -> None:
    """Give a part what its kind may leave out.

    A mechanism has nothing to do as a run begins; a protocol that does not bargain over finite tables refuses them with its reason; what an
    agreement type says in older words is said as consequences.
    """
    if kind == "agreement":
        if speaks_older(cls):
            cls.does = older(cls, of_two=of_two(cls))
        cls.frees_data = frees(cls.does)
        if not hasattr(cls, "reads"):
            cls.reads = ()
    if kind == "mechanism" and not hasattr(cls, "begin"):
        cls.begin = _nothing_to_begin
    if kind == "protocol" and not hasattr(cls, "solve_table"):
        reason = getattr(cls, "no_tables", "it is defined on the coefficients of a payoff, not on a list of texts")

        def solve_table(self: Any, _tables: Any, **_more: Any) -> Any:
            raise UserError(f"protocol {self.name!r} does not bargain over finite tables: {reason}")

        cls.solve_table = solve_table
    if kind == "shock" and not hasattr(cls, "changes"):
        cls.changes = _changes_of_overlay


def _changes_of_overlay(self: Any, view: Any, month: int, _since: int) -> tuple[Change, ...]:
    """Give the changes of a shock that tells whole arrays by state, as shocks did up to version 0.1.0."""
    setting = view.setting
    base = {name: view.array(name)[: setting.n_states] for name in setting.schema.on("party") if name in setting.schema.forced}
    return tuple(Change(name, values) for name, values in self.overlay(setting, month, base).items())


def _nothing_to_begin(self: Any, world: Any) -> None:
    """Do nothing as a run begins."""


def ask(kind: str, cls: type[Any]) -> None:
    """Make the methods of a user's part check what they give back."""
    for name, check in ANSWERS.get(kind, {}).items():
        method = getattr(cls, name, None)
        if method is not None:
            setattr(cls, name, asked(method, check))
    for one in {type(one) for one in getattr(cls, "does", ())} if kind == "agreement" else ():
        # A consequence may be named by several types, and is asked through one check.
        if is_own(one) and "compile" in vars(one) and not hasattr(one.compile, "__wrapped__"):
            ask("consequence", one)


def _need(cls: type[Any], name: str, wanted: str, fine: Callable[[Any], bool]) -> Any:
    if not hasattr(cls, name):
        raise ModelFault(f"{cls.__name__} lacks {name}: {wanted} is expected")
    value = getattr(cls, name)
    if not fine(value):
        raise ModelFault(f"{cls.__name__}.{name} is {value!r}; {wanted} is expected")
    return value


def _one_of(cls: type[Any], name: str, options: tuple[str, ...]) -> None:
    _need(cls, name, f"one of {', '.join(options)}", lambda value: value in options)


def _words(cls: type[Any], name: str) -> Any:
    return _need(
        cls, name, "a tuple of words", lambda value: isinstance(value, tuple) and all(isinstance(word, str) and word for word in value)
    )


def _flag(cls: type[Any], name: str) -> bool:
    return bool(_need(cls, name, "True or False", lambda value: isinstance(value, bool)))


def _method(cls: type[Any], name: str) -> None:
    _need(cls, name, "a method", callable)


def _parameter(cls: type[Any], name: str, why: str) -> None:
    _need(cls, name, f"a parameter ({why})", lambda value: isinstance(value, (int, float)) and not isinstance(value, bool))


def _declared(kind: str, cls: type[Any]) -> None:
    """Check the words that a part adds to the run; whether their names are free is known once all parts are there."""
    if not hasattr(cls, "words"):
        return
    wanted = "a tuple of what event(), reason(), occasion(), channel() and issue() declare"
    words = _need(cls, "words", wanted, lambda value: isinstance(value, tuple) and all(isinstance(word, Word) for word in value))
    if words and kind not in OWNERS:
        raise ModelFault(f"{cls.__name__}.words: a {kind} adds no words to a run; {', '.join(OWNERS)} do")
    names = [(word.kind, word.name) for word in words]
    for of, name in names:
        if names.count((of, name)) > 1:
            raise ModelFault(f"{cls.__name__}.words declares the {of} {name!r} twice")


def _metric(cls: type[Any]) -> None:
    _need(cls, "unit", "a unit in words", lambda value: isinstance(value, str) and bool(value.strip()))
    # Whether a run has such an axis is known once its parts are laid together (sim.state.schema.refuse_other_axes).
    wanted = '"world", "party" or the name of another axis or table'
    along = _need(cls, "axis", wanted, lambda value: isinstance(value, str) and value.isidentifier() and value == value.lower())
    if along not in AXES and not hasattr(cls, "over_rows"):
        raise ModelFault(f"{cls.__name__}.axis is {along!r}, not an axis of every run, and over_rows is not said; {nearest(along, AXES)}")
    _one_of(cls, *(("over_parties", OVER_PARTIES) if along in ("world", "party") else ("over_rows", OVER_ROWS)))
    _one_of(cls, "over_months", OVER_MONTHS)
    if hasattr(cls, "public"):
        _flag(cls, "public")
    if hasattr(cls, "undefined"):
        _need(cls, "undefined", "when it is undefined, in words", lambda value: isinstance(value, str) and bool(value.strip()))
    if hasattr(cls, "meanings"):
        _method(cls, "meanings")
    _method(cls, "columns")
    _method(cls, "measure")


def _agreement(cls: type[Any]) -> None:
    negotiable = _flag(cls, "negotiable")
    _need(cls, "roles", "a pair of words", lambda v: isinstance(v, tuple) and len(v) == 2 and all(isinstance(w, str) and w for w in v))
    issues = _words(cls, "issues")
    if not issues or len(set(issues)) < len(issues):
        raise ModelFault(f"{cls.__name__}.issues must name at least one issue, each once")
    meaning = _need(cls, "meaning", "a text a role for each issue", lambda value: isinstance(value, dict))
    untold = next((issue for issue in issues if issue not in meaning), None)
    if untold is not None and meaning:
        raise ModelFault(f"{cls.__name__}.meaning has no texts for {untold!r}, which issues names; {nearest(untold, meaning)}")
    if set(meaning) != set(issues) or not all(isinstance(v, tuple) and len(v) == 2 for v in meaning.values()):
        raise ModelFault(f"{cls.__name__}.meaning must hold a pair of texts, one a role, for each of {', '.join(issues)}")
    if hasattr(cls, "terms"):
        _need(cls, "terms", "a pair of texts, English and Indonesian, for each named term", _is_pairs)
    _one_of(cls, "entry", ENTRIES)
    _one_of(cls, "ending", ENDINGS)
    _one_of(cls, "leaver", LEAVERS)
    _words(cls, "excluded_by")
    if hasattr(cls, "links"):
        _words(cls, "links")
        if cls.links and (not negotiable or not of_two(cls)):
            raise ModelFault(f"{cls.__name__}.links names {cls.links[0]!r}, but only a type that two parties negotiate can be linked")
    arity = arity_of(cls)
    if arity not in ARITIES:
        raise ModelFault(f"{cls.__name__}.arity is {arity!r}; one of {', '.join(ARITIES)} is expected")
    _does(cls, negotiable)
    _life(cls)
    if hasattr(cls, "reads"):
        _words(cls, "reads")
    if negotiable and not of_two(cls):
        _method(cls, "stakes")
        _one_of(cls, "accession", ACCESSION)
        _parameter(cls, "threshold", "ratifications that bring a treaty into force")
        _parameter(cls, "months_to_force", "months from the last ratification needed to entry into force")
        _leanings(cls, issues)
    elif negotiable:
        _method(cls, "eligible")
        _method(cls, "coefficients")
        pair = "a pair of True or False, one a role"
        _need(cls, "alternatives", pair, lambda v: isinstance(v, tuple) and len(v) == 2 and all(isinstance(one, bool) for one in v))
        _parameter(cls, "months_to_force", "months from signature to entry into force")
        _leanings(cls, issues)


def _life(cls: type[Any]) -> None:
    """Check what a type says of the life of its agreements: clauses, courts, what breaking a word saves; all of it may be left out."""
    if hasattr(cls, "lasting"):
        _need(cls, "lasting", "Lasting(...) of clauses that its texts may have", lambda value: isinstance(value, Lasting))
    if hasattr(cls, "certifies"):
        _flag(cls, "certifies")
    if hasattr(cls, "temptation"):
        _method(cls, "temptation")
    if hasattr(cls, "challenged_by"):
        wanted = f"the roles whose courts may be asked, (0,), (1,) or (0, 1), by plaintiff: {', '.join(PLAINTIFFS)}"
        _need(cls, "challenged_by", wanted, _is_challenge)
        _method(cls, "tested")


def _is_challenge(value: Any) -> bool:
    return isinstance(value, dict) and set(value) <= set(PLAINTIFFS) and all(roles in ((0,), (1,), (0, 1)) for roles in value.values())


def _is_pairs(value: Any) -> bool:
    pairs = value.values() if isinstance(value, dict) else [None]
    return all(isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(one, str) and one for one in pair) for pair in pairs)


def _does(cls: type[Any], negotiable: bool) -> None:
    """Check what a type says that it does; one told in older words has parameters of agreed names."""
    lasting = negotiable and cls.ending == "completion"
    if not speaks_older(cls):
        check_does(cls, lasting=lasting)
        return
    if not hasattr(cls, "frees_data"):
        wanted = "a tuple of consequences, such as (FreesData('localisation'),)"
        raise ModelFault(f"{cls.__name__} lacks does: {wanted}, is expected")
    _flag(cls, "frees_data")
    _parameter(cls, "trade_effect", "digital trade added between those covered, share")
    if lasting:
        _parameter(cls, "build_months", "months over which the commitment is paid out")
        _parameter(cls, "cost_per_mw", "USD per MW of data centre")


def _leanings(cls: type[Any], issues: tuple[str, ...]) -> None:
    wanted = "a pair of directions (-1, 0 or 1, one a role) by issue"
    lean = _need(
        cls,
        "ratifiers",
        wanted,
        lambda v: isinstance(v, dict) and all(isinstance(p, tuple) and len(p) == 2 and set(p) <= {-1, 0, 1} for p in v.values()),
    )
    for issue in lean:
        if issue not in issues:
            raise ModelFault(f"{cls.__name__}.ratifiers names {issue!r}; {nearest(issue, issues)}")


def _protocol(cls: type[Any]) -> None:
    rounds = _flag(cls, "rounds")
    _one_of(cls, "information", INFORMATION)
    _words(cls, "claims")
    _method(cls, "solve")
    if hasattr(cls, "solve_table"):
        _method(cls, "solve_table")
    elif hasattr(cls, "no_tables"):
        _need(cls, "no_tables", "a reason in words", lambda value: isinstance(value, str) and bool(value.strip()))
    if rounds:
        _method(cls, "advance")
    else:
        _parameter(cls, "contacts_to_conclude", "contacts before a negotiation without rounds concludes")


def _mechanism(cls: type[Any]) -> None:
    for name in ("reads", "writes", "tables"):
        _words(cls, name)
    for arity in getattr(cls, "asks_types", ()):
        if arity not in ARITIES:
            raise ModelFault(f"{cls.__name__}.asks_types names {arity!r}; {nearest(str(arity), ARITIES)}")
    _method(cls, "step")
    wanted = "a tuple of Neutral: what it is when it says nothing, or why it cannot be switched off"
    _need(cls, "neutral", wanted, _are_neutral)
    if hasattr(cls, "begin"):
        _method(cls, "begin")


def _are_neutral(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) > 0 and all(isinstance(one, Neutral) for one in value)


def _shock(cls: type[Any]) -> None:
    if cls.name == MARK:
        raise ModelFault(f"{cls.__name__}: an event of kind {MARK!r} changes nothing, so no shock is called so; choose another name")
    targets, fields = getattr(cls, "targets", ()), [field.name for field in dataclasses.fields(cls)]
    if not isinstance(targets, tuple) or not all(name in fields for name in targets):
        raise ModelFault(f"{cls.__name__}.targets is {targets!r}; a tuple of names of its parameters is expected")
    # Whether shocks may change what it names is known when a run is assembled: other parts declare forcing arrays.
    _words(cls, "writes")
    if hasattr(cls, "reads"):
        _words(cls, "reads")
    _method(cls, "changes" if hasattr(cls, "changes") or not hasattr(cls, "overlay") else "overlay")


def _rival(cls: type[Any]) -> None:
    for name in ("hopes", "pull", "settle"):
        _method(cls, name)
    _flag(cls, "by_interest")
    _parameter(cls, "fill", "share of all desks that are given to new talks each month")
    _parameter(cls, "months", "length of talks")


def _agents(cls: type[Any]) -> None:
    for name in ("minds", "decided"):
        if not hasattr(cls, name):
            raise ModelFault(f"{cls.__name__} is not a class of agents; derive it from sim.parts.StateAgent or sim.parts.BlocAgent")
    if not cls.decided():
        raise ModelFault(f"{cls.__name__} overrides no decision, so it would change nothing; see sim.agents.party for the ten decisions")


_CONTRACTS: dict[str, Callable[[type[Any]], None]] = {
    "agreement": _agreement,
    "protocol": _protocol,
    "shock": _shock,
    "mechanism": _mechanism,
    "metric": _metric,
    "rival": _rival,
    "agents": _agents,
}
