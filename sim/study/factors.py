"""A factor: one setting that a study moves, named by its path, over a range or over given values.

Paths are those of the command line (``mechanisms.contacts.hours_head``, ``protocol``, ``roster.n``), and ``shocks.KIND.PARAMETER`` for the
scenario's shocks of a kind. A range left out is the parameter's own.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.dated import LISTS, untouched, with_value
from sim.params import DEFAULTS, SETTINGS, canonical
from sim.registry import check_value, shelf
from sim.scenario import in_the_run, load_scenario, merge
from sim.types import UserError, nearest

LARGEST = 2**53
"""Up to here every whole number is a float of its own, so that a place between 0 and 1 finds it."""
ROOMS = {"mechanisms": "mechanism", "agreements": "agreement", "rivals": "rival", "shocks": "shock"}


@dataclass(frozen=True)
class Factor:
    """One setting and what it may be.

    Attributes
    ----------
    path : str
    low, high : float or int
        Both ends of a range, included; unused where there are values.
    integer : bool
        Whether the range is of whole numbers.
    values : tuple
        The values, or () for a range.
    """

    path: str
    low: float
    high: float
    integer: bool
    values: tuple[Any, ...]

    def at(self, u: NDArray[np.float64]) -> NDArray[Any]:
        """Return the values at places 0 to 1: along the range, or of equal shares for values and whole numbers."""
        if self.values:
            return _column(self.values)[np.minimum((u * len(self.values)).astype(np.int64), len(self.values) - 1)]
        if self.integer:
            count = int(self.high) - int(self.low) + 1
            return int(self.low) + np.minimum((u * count).astype(np.int64), count - 1)
        return np.minimum(self.low + u * (self.high - self.low), self.high)

    def grid(self, levels: int) -> NDArray[Any]:
        """Return the values of a grid: those given, or so many levels from end to end."""
        if self.values:
            return _column(self.values)
        even = np.linspace(self.low, self.high, levels)
        return np.unique(np.rint(even).astype(np.int64)) if self.integer else even

    def levels(self, levels: int) -> int:
        """Count the values of a grid."""
        return len(self.values) or len(self.grid(levels))

    def ends(self) -> tuple[Any, ...]:
        """Return what must be valid for all between to be valid: both ends, or every value."""
        if self.values:
            return self.values
        return (int(self.low), int(self.high)) if self.integer else (float(self.low), float(self.high))


def factor_of(path: str, given: Any) -> Factor:
    """Check what was written under a factor's path.

    Raises
    ------
    UserError
        If it names nothing, or its range or values cannot be.
    """
    if given is None:
        given = {}
    if path == "protocol.name":
        raise UserError("factor protocol.name is written protocol, as in protocol: {values: [nash, alternating_offers]}")
    if not isinstance(given, Mapping) or not set(given) <= {"low", "high", "values"} or ("values" in given and len(given) > 1):
        raise UserError(f"factor {path} must be {{low: ..., high: ...}}, {{values: [...]}} or {{}} for its own bounds, not {given!r}")
    fields = _fields(path)
    meta = fields[0].metadata if fields else {}
    if "values" in given or meta.get("unit") in ("switch", "choice"):
        own = [False, True] if meta.get("unit") == "switch" else list(meta.get("options", ()))
        return _of_values(path, given.get("values", own))
    if not fields and not {"low", "high"} <= set(given):
        raise UserError(f"factor {path} has no bounds of its own; give low and high, or values")
    low, high = given.get("low", meta.get("low")), given.get("high", meta.get("high"))
    for key, value in (("low", low), ("high", high)):
        if not _is_number(value):
            raise UserError(f"factor {path}: {key} must be a number, not {value!r}")
        if abs(value) > LARGEST:
            raise UserError(f"factor {path}: {key} = {value!r} lies outside {-LARGEST} to {LARGEST}, where numbers are exact")
    if not low < high:
        raise UserError(f"factor {path}: low {low} must lie below high {high}")
    integer = isinstance(fields[0].default, int) if fields else isinstance(low, int) and isinstance(high, int)
    for field in fields:
        for value in (low, high):
            check_value(f"factor {path}", field, int(value) if integer and value == int(value) else value)
    return Factor(path, low, high, integer, ())


def _of_values(path: str, values: Any) -> Factor:
    if not isinstance(values, (list, tuple)) or not values:
        raise UserError(f"factor {path}: values must be a list, not {values!r}")
    for value in values:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and not (_is_number(value) and abs(value) <= LARGEST):
            raise UserError(f"factor {path}: the value {value!r} lies outside {-LARGEST} to {LARGEST}, where numbers are exact")
        if not _is_plain(value):
            raise UserError(f"factor {path}: {value!r} is no value of a setting")
    numbers = [_is_number(value) for value in values]
    if any(numbers) and not all(numbers):
        raise UserError(f"factor {path}: values must be all numbers or none, not {list(values)}")
    texts = [canonical(float(value) if _is_number(value) else value) for value in values]
    if len(set(texts)) < len(texts):
        raise UserError(f"factor {path} names a value twice in {list(values)}")
    return Factor(path, 0.0, 0.0, False, tuple(values))


def _is_number(value: Any) -> bool:
    """Say whether a value is a finite number that a column can hold."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_plain(value: Any) -> bool:
    """Say whether a value is made of what YAML can say, all names being words."""
    if isinstance(value, Mapping):
        return all(isinstance(name, str) and _is_plain(one) for name, one in value.items())
    if isinstance(value, (list, tuple)):
        return all(_is_plain(one) for one in value)
    return value is None or isinstance(value, (str, bool)) or _is_number(value)


def _fields(path: str) -> list[dataclasses.Field[Any]]:
    """Return the declared parameters that a path names: one, several for a protocol's, none for a setting of another kind."""
    steps = path.split(".")
    if steps[0] in SETTINGS or steps[0] == "scenarios":
        raise UserError(f"{path} cannot be a factor: a study has its own scenarios, seed, replicates, twin and record")
    if steps[0] == "protocol" and len(steps) == 2:
        found = [f for name in shelf("protocol").names() for f in dataclasses.fields(shelf("protocol").get(name)) if f.name == steps[1]]
        if not found:
            raise UserError(f"no protocol has a parameter {steps[1]!r}")
        return found
    if steps[0] in ROOMS and len(steps) == 3:
        room = shelf(ROOMS[steps[0]])
        fields = {field.name: field for field in dataclasses.fields(room.get(steps[1]))}
        if steps[2] not in fields:
            raise UserError(f"{steps[0]}.{steps[1]} has no {steps[2]!r}; {nearest(steps[2], fields)}")
        return [fields[steps[2]]]
    known: Any = DEFAULTS
    for step in steps:
        if isinstance(known, dict) and step in known:
            known = known[step]
            continue
        raise UserError(f"there is no setting {path!r}; {nearest(path, [*DEFAULTS, *(f'{room}.NAME.PARAMETER' for room in ROOMS)])}")
    return []


def _column(values: Sequence[Any]) -> NDArray[Any]:
    """Return values as a column: numbers as numbers, all else in words (lists as JSON)."""
    if all(isinstance(value, bool) for value in values):
        return np.array(values, dtype=np.bool_)
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return np.array(values, dtype=np.int64)
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return np.array(values, dtype=np.float64)
    return np.array([value if isinstance(value, str) else canonical(value) for value in values], dtype=object)


def plain(factor: Factor, value: Any) -> Any:
    """Turn an entry of a factor's column back into the value of the setting."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str) and factor.values and not all(isinstance(one, str) for one in factor.values):
        return value if value in factor.values else json.loads(value)
    return value


def paths_of(where: str, tree: Any) -> dict[str, Any]:
    """Flatten named values into paths; a key may hold dots, and ``protocol.name`` is ``protocol``.

    Raises
    ------
    UserError
        If a path is said twice (as ``roster.states`` and inside ``roster``), lies below a single value, or belongs to the study itself.
    """
    found: dict[str, Any] = {}
    for path, value in _flat(where, tree, ""):
        if path.split(".")[0] in SETTINGS or path.split(".")[0] == "scenarios":
            raise UserError(f"{where}: {path} is not set here: a study has its own scenarios, seed, replicates, twin and record")
        if path in found:
            raise UserError(f"{where}: {path} is given 2 times, under two forms of its name; give it once")
        found[path] = value
    for path in found:
        steps = path.split(".")
        for above in (".".join(steps[:depth]) for depth in range(1, len(steps))):
            if above in found and above not in ("protocol", "shocks"):
                raise UserError(f"{where}: {path} and {above} name one setting twice; give one of them")
    return found


def _flat(where: str, tree: Any, above: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(tree, Mapping):
        raise UserError(f"{where} must hold named values, not {tree!r}")
    for key, value in tree.items():
        path = f"{above}{key}"
        if not isinstance(value, Mapping) or not value:
            yield "protocol" if path == "protocol.name" else path, value
        else:
            yield from _flat(where, value, f"{path}.")


def base_tree(scenario: Any, twin: bool, fixed: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scenario's tree, or its twin's, with the study's own settings laid over it."""
    return laid_over(load_scenario(scenario, counterfactual=twin), fixed, twin)


def laid_over(base: dict[str, Any], values: Mapping[str, Any], twin: bool) -> dict[str, Any]:
    """Lay values by path over a tree; a twin has no shocks and no events but marks, whoever sets them."""
    spoken: dict[str, Any] = {}
    shocks: list[tuple[str, str, Any]] = []
    for path, value in values.items():
        steps = path.split(".")
        if steps[0] == "shocks":
            if len(steps) == 3:
                shocks.append((steps[1], steps[2], value))
                continue
            if twin:
                continue
        if twin and path == "events":
            value = untouched(value)
        if path == "protocol" and isinstance(value, str):
            steps = ["protocol", "name"]
        here = spoken
        for depth, step in enumerate(steps[:-1]):
            here = here.setdefault(step, {})
            if not isinstance(here, dict):
                raise UserError(f"{path}: {'.'.join(steps[: depth + 1])} is a single value, so it has no {steps[depth + 1]!r}")
        here[steps[-1]] = value
    if "protocol" in spoken:
        standing = base.get("protocol", DEFAULTS["protocol"])
        base = {**base, "protocol": {"name": standing} if isinstance(standing, str) else standing}
    tree = in_the_run(merge(base, spoken), base)
    for kind, name, value in shocks:
        tree = {**tree, **{key: with_value(tree[key], kind, name, value) for key in LISTS if key in tree}}
    return tree


def overlaps(factors: Sequence[Factor]) -> str | None:
    """Say which two factors name one setting, if any do: a setting and the whole it belongs to.

    A protocol and its parameters, and shocks and theirs, are two settings, unless a value of the whole holds the parameter.
    """
    for whole in factors:
        for part in factors:
            if not part.path.startswith(f"{whole.path}."):
                continue
            if whole.path not in ("protocol", "shocks") or any(_holds(value, part.path) for value in whole.values):
                return f"factors {whole.path} and {part.path} name one setting twice; leave one of them out"
    return None


def _holds(value: Any, path: str) -> bool:
    steps = path.split(".")
    if steps[0] == "protocol":
        return isinstance(value, Mapping) and steps[1] in value
    return isinstance(value, (list, tuple)) and any(
        isinstance(one, Mapping) and one.get("kind") == steps[1] and steps[-1] in one for one in value
    )
