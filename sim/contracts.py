"""What a part of each kind must offer, checked as it is put on its shelf, ours and a user's alike.

A user's part is also asked at run time: what its methods give back is checked where it comes back, so that a fault in it is named by its
own file and line instead of showing up somewhere in the model.
"""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim.types import ISSUES, ModelFault, Status, UserError, nearest

OWN = "user_parts_"
"""How the names of modules that hold a user's parts begin."""
AXES = ("world", "party")
OVER_PARTIES = ("sum", "mean")
OVER_MONTHS = ("sum", "mean", "last")
ENTRIES = ("executive", "funds_committed", "ratified", "unilateral")
ENDINGS = ("completion", "denunciation", "open_ended", "review")
INFORMATION = ("common", "private")
"""What a protocol's sides know of the other's ratifiers: a common guess shapes the text, or each knows its own only."""
LEAVERS = ("continues", "released")
"""What becomes of a state bound through a bloc that it leaves: bound in its own name, or free."""
ARITIES = ("dyad", "many", "bloc")
"""Who negotiates a type: two parties, whoever comes to a conference, or the members of a bloc among themselves."""
VOTING = ("unanimity", "consensus", "qualified_majority", "weighted", "critical_mass")
"""How a group decides (:mod:`sim.theory.votes`)."""
ACCESSION = ("open", "exclusive")
"""Who may join a treaty later: whoever would, or whom the parties let in."""
OVERLAID = {"closure": (0.0, 1.0)}
"""Arrays that shocks may change, with their bounds (share of meetings)."""


def check_contract(kind: str, cls: type[Any]) -> None:
    """Check what a class declares and offers as a part of its kind.

    Raises
    ------
    ModelFault
        One sentence naming the class, what is missing or wrong, and what was expected.
    """
    _CONTRACTS[kind](cls)


def complete(kind: str, cls: type[Any]) -> None:
    """Give a part what its kind may leave out: a protocol that does not bargain over finite tables refuses them with its reason."""
    if kind == "protocol" and not hasattr(cls, "solve_table"):
        reason = getattr(cls, "no_tables", "it is defined on the coefficients of a payoff, not on a list of texts")

        def solve_table(self: Any, _tables: Any, **_more: Any) -> Any:
            raise UserError(f"protocol {self.name!r} does not bargain over finite tables: {reason}")

        cls.solve_table = solve_table


def ask(kind: str, cls: type[Any]) -> None:
    """Make the methods of a user's part check what they give back."""
    for name, check in _ANSWERS.get(kind, {}).items():
        method = getattr(cls, name, None)
        if method is not None:
            setattr(cls, name, _asked(method, check))


def is_own(thing: Any) -> bool:
    """Say whether a part (or its class) is a user's."""
    cls = thing if isinstance(thing, type) else type(thing)
    return cls.__module__.startswith(OWN)


def arity_of(thing: Any) -> str:
    """Return who negotiates an agreement type (one of ``ARITIES``); a type that says nothing is between two."""
    return str(getattr(thing, "arity", "dyad"))


def fault_of(thing: Any, method: str, words: str) -> Exception:
    """Return the error to raise for a fault in a part: the user's, naming file and line, if the part is the user's, else ours."""
    name = f"{thing.kind} {thing.name}: {words}"
    if not is_own(thing):
        return ModelFault(name)
    code = getattr(getattr(type(thing), method), "__wrapped__", getattr(type(thing), method)).__code__
    return UserError(f"{code.co_filename}:{code.co_firstlineno}: {name}")


def blamed_on_user(fault: Exception) -> UserError | None:
    """Return a fault raised inside a user's part as one sentence with file and line; None where it was not."""
    frames = [frame for frame, _ in traceback.walk_tb(fault.__traceback__)]
    lines = [line for _, line in traceback.walk_tb(fault.__traceback__)]
    for frame, line in zip(reversed(frames), reversed(lines), strict=True):
        if str(frame.f_globals.get("__name__", "")).startswith(OWN):
            return UserError(f"{frame.f_code.co_filename}:{line}: {type(fault).__name__}: {fault}")
    return None


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


def _metric(cls: type[Any]) -> None:
    _need(cls, "unit", "a unit in words", lambda value: isinstance(value, str) and bool(value.strip()))
    _one_of(cls, "axis", AXES)
    _one_of(cls, "over_parties", OVER_PARTIES)
    _one_of(cls, "over_months", OVER_MONTHS)
    _method(cls, "columns")
    _method(cls, "measure")


def _agreement(cls: type[Any]) -> None:
    negotiable = _flag(cls, "negotiable")
    _need(cls, "roles", "a pair of words", lambda v: isinstance(v, tuple) and len(v) == 2 and all(isinstance(w, str) and w for w in v))
    issues = _words(cls, "issues")
    for issue in issues:
        if issue not in ISSUES:
            raise ModelFault(f"{cls.__name__}.issues names {issue!r}; {nearest(issue, ISSUES)}")
    if not issues or len(set(issues)) < len(issues):
        raise ModelFault(f"{cls.__name__}.issues must name at least one issue, each once")
    meaning = _need(cls, "meaning", "a text a role for each issue", lambda value: isinstance(value, dict))
    if set(meaning) != set(issues) or not all(isinstance(v, tuple) and len(v) == 2 for v in meaning.values()):
        raise ModelFault(f"{cls.__name__}.meaning must hold a pair of texts, one a role, for each of {', '.join(issues)}")
    _one_of(cls, "entry", ENTRIES)
    _one_of(cls, "ending", ENDINGS)
    _one_of(cls, "leaver", LEAVERS)
    _words(cls, "excluded_by")
    _flag(cls, "frees_data")
    _parameter(cls, "trade_effect", "digital trade added between those covered, share")
    arity = arity_of(cls)
    if arity not in ARITIES:
        raise ModelFault(f"{cls.__name__}.arity is {arity!r}; one of {', '.join(ARITIES)} is expected")
    if negotiable and arity != "dyad":
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
    if negotiable and cls.ending == "completion":
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
    _method(cls, "step")


def _shock(cls: type[Any]) -> None:
    for array in _words(cls, "writes"):
        if array not in OVERLAID:
            raise ModelFault(f"{cls.__name__}.writes names {array!r}, which shocks may not change; {nearest(array, OVERLAID)}")
    _method(cls, "overlay")


_CONTRACTS: dict[str, Callable[[type[Any]], None]] = {
    "agreement": _agreement,
    "protocol": _protocol,
    "shock": _shock,
    "mechanism": _mechanism,
    "metric": _metric,
}


def _asked(method: Any, check: Callable[..., str]) -> Any:
    @functools.wraps(method)
    def checked(self: Any, *words: Any, **more: Any) -> Any:
        answer = method(self, *words, **more)
        fault = check(self, answer, *words)
        if fault:
            raise fault_of(self, method.__name__, f"{method.__name__}() {fault}")
        return answer

    return checked


def _array(name: str, value: Any, shape: tuple[int, ...], *, finite: bool = True) -> str:
    """Say what is wrong with an array, in words that follow the name of a method; nothing where it is as it should be."""
    if not isinstance(value, np.ndarray) or value.shape != shape or value.dtype.kind not in "biuf":
        came = f"shape {value.shape} of {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
        return f"must give {name} as an array of numbers of shape {shape}, not {came}"
    if finite and not np.isfinite(value).all():
        return f"gave {name} with a value that is not a finite number"
    return ""


def _first(faults: Any) -> str:
    return next((fault for fault in faults if fault), "")


def _outcomes(_part: Any, answer: Any, problems: Any, *_rest: Any) -> str:
    lacking = [name for name in ("text", "utility", "status", "step") if not hasattr(answer, name)]
    if lacking:
        return f"must give Outcomes (sim.theory.problems), not {type(answer).__name__}"
    m, k = problems.lo.shape
    shapes = {"text": (m, k), "utility": (m, 2), "status": (m,), "step": (m,)}
    fault = _first(_array(name, getattr(answer, name), shape, finite=False) for name, shape in shapes.items())
    if fault:
        return fault
    if not np.isin(answer.status, [int(one) for one in Status]).all():
        return "gave a status that is not one of sim.types.Status"
    agreed = answer.status == Status.AGREED
    text, lo, hi = answer.text[agreed], problems.lo[agreed], problems.hi[agreed]
    if not (np.isfinite(text).all() and np.isfinite(answer.utility[agreed]).all()):
        return "agreed on a text or a utility that is not a finite number"
    return "" if ((lo - 1e-9 <= text) & (text <= hi + 1e-9)).all() else "agreed on a text outside its bounds lo to hi"


def _advanced(part: Any, answer: Any, problems: Any, *_rest: Any) -> str:
    if not isinstance(answer, tuple) or len(answer) != 2:
        return f"must give Outcomes and the log of offers (or None), not {type(answer).__name__}"
    return _outcomes(part, answer[0], problems)


def _on_tables(_part: Any, answer: Any, tables: Any, *_rest: Any) -> str:
    if any(not hasattr(answer, name) for name in ("text", "utility", "status", "step")):
        return f"must give TableOutcomes (sim.theory.tables), not {type(answer).__name__}"
    m = len(tables)
    shapes = {"text": (m,), "utility": (m, tables.n_parties), "status": (m,), "step": (m,)}
    fault = _first(_array(name, getattr(answer, name), shape, finite=False) for name, shape in shapes.items())
    if fault:
        return fault
    if not np.isin(answer.status, [int(one) for one in Status]).all():
        return "gave a status that is not one of sim.types.Status"
    agreed = answer.status == Status.AGREED
    inside = (answer.text >= 0) & (answer.text < np.diff(tables.start))
    if not (inside[agreed].all() and np.isfinite(answer.utility[agreed]).all()):
        return "agreed on a text that is not in the table, or on a utility that is not a finite number"
    return "" if (answer.text[~agreed] == -1).all() else "gave a text without an agreement; -1 is expected there"


def _eligible(_part: Any, answer: Any, _view: Any, groups: Any, *_rest: Any) -> str:
    fault = _array("who is eligible", answer, (groups.n,))
    return fault or ("" if answer.dtype == np.bool_ else f"must give true or false for each dyad, not {answer.dtype}")


def _coefficients(_part: Any, answer: Any, _view: Any, groups: Any, *_rest: Any) -> str:
    g, k = groups.n, len(ISSUES)
    shapes = {
        "a": (g, 2),
        "d": (g, 2),
        "b": (g, 2, k),
        "w": (g, 2, k),
        "theta": (g, 2, k),
        "lo": (g, k),
        "hi": (g, k),
        "commitment": (g,),
        "status_quo": (g, k),
    }
    if any(not hasattr(answer, name) for name in shapes):
        return f"must give Coefficients (sim.theory.payoffs), not {type(answer).__name__}"
    return _first(_array(name, getattr(answer, name), shape) for name, shape in shapes.items())


def _stakes(_part: Any, answer: Any, _view: Any, _type_index: int, parties: Any, *_rest: Any) -> str:
    n, k = len(parties), len(ISSUES)
    shapes: dict[str, tuple[int, ...]] = {"a": (n,), "d": (n,), "b": (n, k), "w": (n, k), "theta": (n, k), "status_quo": (n, k)}
    shapes |= {"lo": (k,), "hi": (k,)}
    if any(not hasattr(answer, name) for name in shapes):
        return f"must give Stakes (sim.theory.stakes), not {type(answer).__name__}"
    return _first(_array(name, getattr(answer, name), shape) for name, shape in shapes.items())


def _group_outcome(_part: Any, answer: Any, problem: Any, *_rest: Any) -> str:
    if any(not hasattr(answer, name) for name in ("text", "utility", "status")):
        return f"must give a GroupOutcome (sim.theory.group), not {type(answer).__name__}"
    fault = _first(
        _array(name, getattr(answer, name), getattr(problem, like).shape, finite=False) for name, like in (("text", "lo"), ("utility", "a"))
    )
    if fault or answer.status != Status.AGREED:
        return fault or ("" if answer.status in tuple(Status) else "gave a status that is not one of sim.types.Status")
    if not (np.isfinite(answer.text).all() and np.isfinite(answer.utility).all()):
        return "agreed on a text or a utility that is not a finite number"
    inside = (problem.lo - 1e-9 <= answer.text) & (answer.text <= problem.hi + 1e-9)
    return "" if inside.all() else "agreed on a text outside its bounds lo to hi"


def _overlay(part: Any, answer: Any, setting: Any, *_rest: Any) -> str:
    if not isinstance(answer, Mapping):
        return f"must give arrays by name, not {type(answer).__name__}"
    for name, values in answer.items():
        if name not in part.writes:
            return f"changed {name!r}, which writes does not name"
        low, high = OVERLAID[name]
        fault = _array(name, values, (setting.n_states,))
        if fault:
            return fault
        if not ((low <= values) & (values <= high)).all():
            return f"gave {name} outside {low:g} to {high:g}"
    return ""


_ANSWERS: dict[str, dict[str, Callable[..., str]]] = {
    "agreement": {"eligible": _eligible, "coefficients": _coefficients, "stakes": _stakes},
    "protocol": {"solve": _outcomes, "advance": _advanced, "solve_table": _on_tables, "solve_group": _group_outcome},
    "shock": {"overlay": _overlay},
}
