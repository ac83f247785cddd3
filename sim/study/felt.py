"""Does every factor change something? The configurations at its ends are composed and compared, for every scenario of a study.

A factor that changes no configuration would give a study of equal runs that looks like a result. So it is refused; one that changes
nothing in some of the scenarios, or in their twins, is told of. Two configurations are the same where all that a run reads of them is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.consequences import felt
from sim.dated import LISTS, kinds_of
from sim.params import Config, canonical, configure
from sim.registry import shelf
from sim.scenario import load_scenario
from sim.study.factors import Factor, base_tree, laid_over
from sim.types import UserError

if TYPE_CHECKING:
    from sim.study.plan import Plan

STANDING = ("months_to_force",)
"""Parameters of an agreement type that instruments feel which stand at the start, besides those by which it does what it does
(:func:`sim.consequences.felt`); all others act through talks on the type."""
MOST_CONTEXTS = 64
"""Combinations of the other factors' values that are tried before a factor is taken to have an effect."""


def corners(plan: Plan) -> tuple[str, ...]:
    """Build every scenario at both ends of every factor, so that what cannot be is refused before the first run.

    Returns
    -------
    tuple of str
        What a person should know: factors that change nothing in some of the scenarios.

    Raises
    ------
    UserError
        If a configuration cannot be, or a factor changes nothing anywhere.
    """
    _shocks_are_there(plan)
    idle: dict[str, list[str]] = {}
    same: dict[str, list[tuple[Any, Any]]] = {}
    for scenario in plan.scenarios:
        for twin in (False, True) if plan.twin else (False,):
            base = base_tree(plan.source(scenario), twin, plan.fixed)
            configure(base)
            for factor in plan.factors:
                texts = _texts(plan, factor, base, twin)
                if twin or len(factor.ends()) < 2:
                    continue
                classes = _classes(plan, factor, base, texts)
                if len(set(classes)) == 1:
                    idle.setdefault(factor.path, []).append(scenario)
                elif len(set(classes)) < len(classes):
                    first = next(n for n, one in enumerate(classes) if classes.index(one) < n)
                    same.setdefault(factor.path, []).append((factor.ends()[classes.index(classes[first])], factor.ends()[first]))
    notes = []
    for path, scenarios in idle.items():
        why = _why(plan, path, scenarios[0])
        if len(scenarios) == len(plan.scenarios):
            raise UserError(f"factor {path} changes nothing: {why}; take it out, or change what it meets")
        notes.append(f"factor {path} changes nothing in scenario {', '.join(scenarios)}: {why}")
    for path, pairs in same.items():
        one, two = pairs[0]
        if len(pairs) == len(plan.scenarios):
            raise UserError(f"factor {path} names a value twice: {one!r} and {two!r} make the same configuration; leave one of them out")
        notes.append(f"factor {path}: {one!r} and {two!r} make the same configuration in some of the scenarios")
    return tuple(notes)


def _texts(plan: Plan, factor: Factor, base: dict[str, Any], twin: bool) -> list[tuple[str, ...]]:
    """Build the configurations of a factor's ends under every protocol of the study; return what identifies each, protocol by protocol."""
    middle = {other.path: other.ends()[0] for other in plan.factors}
    protocols: list[Any] = next((list(one.ends()) for one in plan.factors if one.path == "protocol"), [None])
    found = []
    for protocol in protocols:
        over = {**middle, **({} if protocol is None else {"protocol": protocol})}
        found.append(tuple(_identity(configure(laid_over(base, {**over, factor.path: end}, twin))) for end in factor.ends()))
    return found


def _classes(plan: Plan, factor: Factor, base: dict[str, Any], texts: list[tuple[str, ...]]) -> list[Any]:
    """Return a mark for each end: equal marks where no context tells two ends apart."""
    ends = range(len(factor.ends()))
    marks: list[Any] = [tuple(row[n] for row in texts) for n in ends]
    if len(set(marks)) == len(marks):
        return marks
    for n, context in enumerate(_contexts(plan, factor)):
        if n >= MOST_CONTEXTS:
            return list(ends)
        try:
            more = [_identity(configure(laid_over(base, {**context, factor.path: end}, False))) for end in factor.ends()]
        except UserError:
            continue
        marks = [(mark, text) for mark, text in zip(marks, more, strict=True)]
        if len(set(marks)) == len(marks):
            break
    return marks


def _contexts(plan: Plan, factor: Factor) -> Iterator[dict[str, Any]]:
    """Give every combination of the other factors that decide what a setting can change: all but the parameters of parts."""
    deciding = [one for one in plan.factors if one is not factor and not one.path.startswith(("mechanisms.", "agreements."))]
    middle = {one.path: one.ends()[0] for one in plan.factors}
    for values in itertools.product(*(one.ends() for one in deciding)):
        yield {**middle, **{one.path: value for one, value in zip(deciding, values, strict=True)}}


def _identity(config: Config) -> str:
    """Write down all that a run reads of a configuration, and nothing else."""
    tree = dict(config.tree)
    states = len(config.roster.states) or config.roster.n
    if config.roster.folder is None:
        # A state watches all others at most; how many a user's own tables hold is not known here.
        tree["candidates"] = min(config.candidates, max(1, states - 1))
    tree["agreements"] = {
        name: {key: value for key, value in values.items() if not _talks_only(config, name) or key in _standing(name)}
        for name, values in tree["agreements"].items()
    }
    return canonical(tree)


def _standing(name: str) -> set[str]:
    """Name the parameters of a type that its instruments feel."""
    return {*STANDING, *felt(shelf("agreement").get(name))}


def _talks_only(config: Config, name: str) -> bool:
    """Say whether a type acts through talks alone and no talks on it are opened."""
    return bool(shelf("agreement").get(name).negotiable) and name not in config.negotiated


def _shocks_are_there(plan: Plan) -> None:
    """Refuse a set value of a shock that no scenario of the study has."""
    for path in plan.fixed:
        steps = path.split(".")
        if steps[0] == "shocks" and len(steps) == 3:
            without = [
                scenario for scenario in plan.scenarios if steps[1] not in _kinds(base_tree(plan.source(scenario), False, plan.fixed))
            ]
            if len(without) == len(plan.scenarios):
                raise UserError(f"set: {path} changes nothing: {_no_shock(plan, steps[1], without[0])}")


def _kinds(tree: Mapping[str, Any]) -> list[Any]:
    return kinds_of(*(tree.get(key) for key in LISTS))


def _no_shock(plan: Plan, kind: str, scenario: str) -> str:
    if kind in _kinds(load_scenario(plan.source(scenario))):
        return f"the study's own shocks leave scenario {scenario} without one of kind {kind}"
    return f"scenario {scenario} has no shock of kind {kind}"


def _why(plan: Plan, path: str, scenario: str) -> str:
    """Say why a factor changes nothing in a scenario."""
    steps = path.split(".")
    tree = base_tree(plan.source(scenario), False, plan.fixed)
    if steps[0] == "shocks" and len(steps) == 3 and steps[1] not in _kinds(tree):
        return _no_shock(plan, steps[1], scenario)
    if steps[0] == "agreements" and len(steps) == 3:
        return f"no talks on {steps[1]} are opened in scenario {scenario} (negotiated={configure(tree).tree['negotiated']})"
    if path == "candidates":
        return "there are fewer other states than that to keep an eye on"
    return f"all its values make the same configuration of scenario {scenario}"
