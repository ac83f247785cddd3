"""What the methods of a user's part give back, checked where it comes back."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim.consequences import columns_of
from sim.contracts.faults import fault_of
from sim.contracts.luck import UNNAMED, global_luck
from sim.contracts.seen import seen
from sim.declare.forced import HOWS, Change, Raised
from sim.declare.vocabulary import SHIPPED
from sim.types import ISSUES, Status, nearest


def asked(method: Any, check: Callable[..., str]) -> Any:
    """Return a method that sees all it is given to read only, and checks what it gives back.

    Where that is wrong, or it drew from a generator of the process, the part is named with file and line.
    """

    @functools.wraps(method)
    def checked(self: Any, *words: Any, **more: Any) -> Any:
        before = global_luck()
        answer = method(self, *(seen(word) for word in words), **{name: seen(word) for name, word in more.items()})
        fault = UNNAMED if global_luck() != before else check(self, answer, *words)
        if fault:
            raise fault_of(self, method.__name__, f"{method.__name__}() {fault}")
        return answer

    return checked


def _measured(_part: Any, _answer: Any, *_rest: Any) -> str:
    return ""  # its shape is the recorder's to know


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


def _held(answer: Any, name: str, shapes: dict[str, tuple[int, ...]]) -> str:
    """Say whether an answer lacks a field of some outcomes, or holds one of another shape or a status that is none."""
    if not all(hasattr(answer, field) for field in shapes):
        return f"must give {name}, not {type(answer).__name__}"
    fault = _first(_array(field, getattr(answer, field), shape, finite=False) for field, shape in shapes.items())
    if not fault and not np.isin(answer.status, [int(one) for one in Status]).all():
        return "gave a status that is not one of sim.types.Status"
    return fault


def _outcomes(_part: Any, answer: Any, problems: Any, *_rest: Any) -> str:
    m, k = problems.lo.shape
    fault = _held(answer, "Outcomes (sim.bargains.problems)", {"text": (m, k), "utility": (m, 2), "status": (m,), "step": (m,)})
    if fault:
        return fault
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
    m = len(tables)
    shapes = {"text": (m,), "utility": (m, tables.n_parties), "status": (m,), "step": (m,)}
    fault = _held(answer, "TableOutcomes (sim.bargains.tables)", shapes)
    if fault:
        return fault
    agreed = answer.status == Status.AGREED
    inside = (answer.text >= 0) & (answer.text < np.diff(tables.start))
    if not (inside[agreed].all() and np.isfinite(answer.utility[agreed]).all()):
        return "agreed on a text that is not in the table, or on a utility that is not a finite number"
    return "" if (answer.text[~agreed] == -1).all() else "gave a text without an agreement; -1 is expected there"


def _eligible(_part: Any, answer: Any, _view: Any, groups: Any, *_rest: Any) -> str:
    fault = _array("who is eligible", answer, (groups.n,))
    return fault or ("" if answer.dtype == np.bool_ else f"must give true or false for each dyad, not {answer.dtype}")


def _coefficients(_part: Any, answer: Any, view: Any, groups: Any, *_rest: Any) -> str:
    g, k = groups.n, len(groups.issues)
    # A draft that is not told what was asked, as parts of 0.1.0 make it, has a place for each shipped issue.
    whole = k < len(ISSUES) and getattr(getattr(answer, "b", None), "shape", ())[-1:] == (len(ISSUES),)
    if whole and len(view.setting.words.issues) == len(ISSUES):
        k = len(ISSUES)
    # In rows, two for each dyad, or by role: either is what a draft or a type may hand over.
    rows = hasattr(answer, "start")
    each: tuple[int, ...] = (2 * g,) if rows else (g, 2)
    shapes: dict[str, tuple[int, ...]] = {"a": each, "d": each, "b": (*each, k), "w": (*each, k), "theta": (*each, k)}
    shapes |= {"lo": (g, k), "hi": (g, k), "commitment": (g,), "status_quo": (2 * g, k) if rows else (g, k)}
    if any(not hasattr(answer, name) for name in (*shapes, "dyads")):
        return f"must give Coefficients or Stakes (sim.stakes.stakes), not {type(answer).__name__}"
    fault = _first(_array(name, getattr(answer, name), shape) for name, shape in shapes.items())
    if not fault and rows and not np.array_equal(answer.start, 2 * np.arange(g + 1)):
        return f"must give {g} groups of two"
    return fault


def _stakes(_part: Any, answer: Any, view: Any, _type_index: int, parties: Any, *_rest: Any) -> str:
    n, k = len(parties), len(view.setting.words.issues)
    shapes: dict[str, tuple[int, ...]] = {"a": (n,), "d": (n,), "b": (n, k), "w": (n, k), "theta": (n, k), "status_quo": (n, k)}
    shapes |= {"lo": (1, k), "hi": (1, k), "start": (2,)}
    if any(not hasattr(answer, name) for name in shapes):
        return f"must give Stakes (sim.stakes.stakes), not {type(answer).__name__}"
    return _first(_array(name, getattr(answer, name), shape) for name, shape in shapes.items())


def _group_outcome(_part: Any, answer: Any, problem: Any, *_rest: Any) -> str:
    if any(not hasattr(answer, name) for name in ("text", "utility", "status")):
        return f"must give a GroupOutcome (sim.bargains.group), not {type(answer).__name__}"
    fault = _first(
        _array(name, getattr(answer, name), getattr(problem, like).shape, finite=False) for name, like in (("text", "lo"), ("utility", "a"))
    )
    if fault or answer.status != Status.AGREED:
        return fault or ("" if answer.status in tuple(Status) else "gave a status that is not one of sim.types.Status")
    if not (np.isfinite(answer.text).all() and np.isfinite(answer.utility).all()):
        return "agreed on a text or a utility that is not a finite number"
    inside = (problem.lo - 1e-9 <= answer.text) & (answer.text <= problem.hi + 1e-9)
    return "" if inside.all() else "agreed on a text outside its bounds lo to hi"


def _hopes(_part: Any, answer: Any, _view: Any, _type_index: int, groups: Any, *_rest: Any) -> str:
    return _array("hopes", answer, (groups.n, 2))


def _pull(_part: Any, answer: Any, _view: Any, _type_index: int, groups: Any, *_rest: Any) -> str:
    fault = _array("how strongly each pair is drawn", answer, (groups.n,))
    return fault or ("" if (answer >= 0.0).all() else "gave a pair a pull below 0")


def _settled(part: Any, answer: Any, _view: Any, _rows: Any, problems: Any, *_rest: Any) -> str:
    return _outcomes(part, answer, problems)


def _overlay(part: Any, answer: Any, setting: Any, *_rest: Any) -> str:
    if not isinstance(answer, Mapping):
        return f"must give arrays by name, not {type(answer).__name__}"
    for name, values in answer.items():
        if name not in part.writes:
            return f"changed {name!r}, which writes does not name"
        low, high = setting.schema.forced[name].low, setting.schema.forced[name].high
        fault = _array(name, values, (setting.n_states,))
        if fault:
            return fault
        if not ((low <= values) & (values <= high)).all():
            return f"gave {name} outside {low:g} to {high:g}"
    return ""


def _compiled(part: Any, answer: Any, made: Any, *_rest: Any) -> str:
    if not isinstance(answer, Mapping):
        return f"must give the columns that it fills by name, not {type(answer).__name__}"
    able, n = columns_of(type(part)), len(made)
    for name, values in answer.items():
        if name not in able:
            return f"fills {name!r}, a column that it does not declare; {nearest(str(name), able)}"
        numbers = np.asarray(values)
        if numbers.dtype.kind not in "biuf" or (numbers.ndim and numbers.shape[:1] != (n,)):
            return f"must give {name} as one number or an array of numbers of shape ({n},)"
        if not np.isfinite(numbers).all():
            return f"gave {name} with a value that is not a finite number"
    return ""


def _changes(part: Any, answer: Any, view: Any, *_rest: Any) -> str:
    if isinstance(answer, (str, Mapping)) or not isinstance(answer, (list, tuple)):
        return f"must give a tuple of Change and Raised, not {type(answer).__name__}"
    return _first(_raised(one, view) if isinstance(one, Raised) else _changed(part, one, view) for one in answer)


def _raised(one: Raised, view: Any) -> str:
    words = view.setting.words
    added = [name for name in words.events if name not in SHIPPED["event"]]
    if one.event not in words.events:
        return f"raised {one.event!r}, which is no event; {nearest(str(one.event), added or words.events)}"
    if one.event not in added:
        return f"raised {one.event!r}, which says what a rule of the model has done; declare an event of its own in words"
    columns, parties = words.word("event", one.event).columns, len(view.setting.codes)
    sizes = {"party_a": parties, "party_b": parties, "type": len(view.setting.types), "instrument": len(view.instruments)}
    for name, size in sizes.items():
        place = getattr(one, name)
        if isinstance(place, bool) or not isinstance(place, (int, np.integer)) or not -1 <= place < size:
            return f"raised {one.event!r} with {name} = {place!r}; -1 to {size - 1} are expected"
        if place >= 0 and name not in columns:
            return f"raised {one.event!r} with {name}, which its columns do not name; {nearest(name, columns)}"
    if isinstance(one.value, bool) or not isinstance(one.value, (int, float, np.number)) or np.isinf(one.value):
        return f"raised {one.event!r} with the value {one.value!r}; a number is expected"
    return "" if np.isnan(one.value) or "value" in columns else f"raised {one.event!r} with a value, which its columns do not name"


def _changed(part: Any, one: Any, view: Any) -> str:
    if not isinstance(one, Change):
        return f"must give Change and Raised, not {type(one).__name__}"
    if one.array not in part.writes:
        return f"changed {one.array!r}, which writes does not name"
    if one.how not in HOWS:
        return f"changed {one.array!r} in the way {one.how!r}; {nearest(str(one.how), HOWS)}"
    declared, shape = view.setting.schema.forced[one.array], view.array(one.array).shape
    of_parties = not hasattr(declared, "absent") and declared.axis[0] == "party"
    if of_parties:
        # What falls on a bloc is what falls on its members; it is no place of a shock.
        shape = (view.setting.n_states, *shape[1:])
    if one.at is not None:
        if not isinstance(one.at, tuple) or not 1 <= len(one.at) <= len(shape):
            return f"named places of {one.array} by {one.at!r}; a tuple of whole numbers or their arrays is expected, one for each axis"
        where = [at for at in one.at if not isinstance(at, slice)]
        for place, (at, size) in enumerate(zip(one.at, shape, strict=False)):
            numbers = np.asarray(_ends(at, size) if isinstance(at, slice) else at)
            if numbers.size and (numbers.dtype.kind not in "iu" or int(numbers.min()) < 0 or int(numbers.max()) >= size):
                blocs = "; a bloc is disturbed as its members are" if of_parties and place == 0 else ""
                return f"named a place of {one.array} outside 0 to {size - 1}{blocs}"
        places = np.stack([each.ravel() for each in np.broadcast_arrays(*where)]) if where else np.zeros((1, 0))
        if np.unique(places, axis=1).shape[1] < places.shape[1]:
            return f"named a place of {one.array} twice"
    values = np.asarray(one.value)
    if values.dtype.kind not in "biuf" or not np.isfinite(values).all():
        return f"gave {one.array} a value that is not a finite number"
    if one.how in ("set", "most", "least") and not ((declared.low <= values) & (values <= declared.high)).all():
        return f"gave {one.array} outside {declared.low:g} to {declared.high:g}"
    room = shape if one.at is None else view.array(one.array)[one.at].shape
    try:
        fits = np.broadcast_shapes(values.shape, room) == room
    except ValueError:
        fits = False
    return "" if fits else f"gave {one.array} values of shape {values.shape} for places of shape {room}"


def _ends(at: slice, size: int) -> list[Any]:
    """Return the first and the last place that a slice names, as it names them: NumPy cuts off what lies outside without a word."""
    step = 1 if at.step is None else at.step
    if not isinstance(step, int) or step < 1:
        return [0.5]
    start, stop = 0 if at.start is None else at.start, size if at.stop is None else at.stop
    return [start, stop - 1] if stop != start else [min(start, size - 1)] if size else []


ANSWERS: dict[str, dict[str, Callable[..., str]]] = {
    "agreement": {"eligible": _eligible, "coefficients": _coefficients, "stakes": _stakes},
    "protocol": {"solve": _outcomes, "advance": _advanced, "solve_table": _on_tables, "solve_group": _group_outcome},
    "shock": {"overlay": _overlay, "changes": _changes},
    "metric": {"measure": _measured},
    "rival": {"hopes": _hopes, "pull": _pull, "settle": _settled},
    "consequence": {"compile": _compiled},
}
