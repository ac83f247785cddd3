"""What parties foresee of courts, told dyad by dyad in plain Python, is what agreement types hand to bargaining."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from promise_worlds import sued, swift
from reference import keeping_plain, risk_plain
from reference.plain_world import PlainWorld, View, told
from worlds import setting_of

from sim import engine
from sim.agreements import transfer_framework
from sim.stakes import annulment
from sim.stakes.keeping import damage, held
from sim.stakes.renewal import kept_gain
from sim.state.world import World
from sim.types import ISSUES, Stage

Patch = pytest.MonkeyPatch


@functools.cache
def taught() -> World:
    """Live until rulings have taught something."""
    world = engine.start(swift(setting_of(sued(months=60))), 5)
    for _ in range(60):
        engine.step(world)
    assert world.asked_redress.any() or world.asked_safeguards.any()
    assert (world.salience > 1.0).any()
    # A ruling on redress has taught the union more still.
    world.asked_redress[world.setting.party("EU")] = 0.999
    return world


def asked_about(w: PlainWorld, kind: str) -> list[tuple[str, str]]:
    """List the dyads that may talk on a type, by role."""
    view = View(w)
    return [dyad for dyad in w.dyads if bool(w.kinds[kind].eligible(view, keeping_plain.asked(w, *dyad))[0])]


def halfway(w: PlainWorld, kind: str, judge: str, other: str) -> list[float]:
    """Return the text at which courts are foreseen: halfway between ideals within what is allowed; of a screening, what it takes."""
    text = [0.0] * len(ISSUES)
    if kind == "adequacy_decision":
        text[risk_plain.SAFEGUARDS] = max(w.safeguards[other], w.part("law").equivalence * w.own_safeguards[judge])
        text[risk_plain.REDRESS] = w.redress[other]
        return text
    low = risk_plain.floors(w, judge, other)
    text[risk_plain.SAFEGUARDS] = min(max(0.5 * (w.own_safeguards[judge] + w.safeguards[other]), low[0]), 1.0)
    text[risk_plain.REDRESS] = min(max(0.5 * (1.0 + w.redress[other]), low[1]), 1.0)
    return text


def unlike(world: World) -> list[str]:
    """Say where a type's floors, fears and slopes are not those told in plain Python."""
    w, found, seen = told(world), [], 0
    view = View(w)
    for kind in ("transfer_framework", "adequacy_decision"):
        for judge, other in asked_about(w, kind):
            made = w.kinds[kind].coefficients(view, keeping_plain.asked(w, judge, other))
            terms = {name: value[0].tolist() for name, value in made.terms}
            slopes = {(issue, name): value[0].tolist() for issue, name, value in made.parts}
            value = [sum(one[side] for name, one in terms.items() if name != "court") for side in (0, 1)]
            at = halfway(w, kind, judge, other)
            for side in (0, 1):
                fear, *more = risk_plain.along_a_slope(w, judge, other, value[side], at)
                if kind == "adequacy_decision":
                    fear, more = risk_plain.lost(w, judge, other, value[side], at), [0.0, 0.0]
                ours = [terms.get("court", [0.0, 0.0])[side]]
                ours += [slopes.get((issue, "court"), [0.0, 0.0])[side] for issue in ("safeguards", "redress")]
                seen += fear != 0.0
                if not np.allclose(ours, [fear, *more], rtol=1e-9, atol=1e-12):
                    found.append(f"{kind} {judge} {other}: {ours} against {[fear, *more]}")
            if kind == "transfer_framework":
                low = made.lo[0, [risk_plain.SAFEGUARDS, risk_plain.REDRESS]]
                if not np.allclose(low, risk_plain.floors(w, judge, other), rtol=1e-9):
                    found.append(f"{judge} {other}: floors {low}")
    assert seen > 5
    return found


def test_fears_slopes_and_floors_are_those_told_in_plain_python() -> None:
    assert unlike(taught()) == []


def test_a_slope_is_how_fast_the_fear_falls() -> None:
    w = told(taught())
    judge, other = next(dyad for dyad in asked_about(w, "transfer_framework") if risk_plain.foreseen(w, *dyad) > 0.0)
    at = halfway(w, "transfer_framework", judge, other)
    slopes = risk_plain.along_a_slope(w, judge, other, 10.0, at)[1:]
    for k, slope in zip((risk_plain.SAFEGUARDS, risk_plain.REDRESS), slopes, strict=True):
        up, down = ([*at[:k], at[k] + step, *at[k + 1 :]] for step in (1e-6, -1e-6))
        rise = (risk_plain.lost(w, judge, other, 10.0, up) - risk_plain.lost(w, judge, other, 10.0, down)) / 2e-6
        assert slope == pytest.approx(rise, rel=1e-5, abs=1e-9)


def test_what_is_in_force_is_worth_and_tempts_as_told_in_plain_python() -> None:
    world = taught()
    w = told(world)
    view = View(w)
    rows = [row for row, _ in keeping_plain.of_two(w, Stage.IN_FORCE, Stage.SUSPENDED, Stage.ANNULLED)]
    told_fast = held(world, np.array(rows))
    for at, row in enumerate(rows):
        mine = keeping_plain.held(w, w.instruments[row], view)
        np.testing.assert_allclose(mine, [told_fast.value[at], told_fast.saving[at]], rtol=1e-9, atol=1e-12)
        between = keeping_plain.halfway_worth(w, w.instruments[row], view)
        np.testing.assert_allclose(between, told_fast.halfway[at], rtol=1e-9, atol=1e-12)
        for role in (0, 1):
            assert keeping_plain.damage(w, w.instruments[row], role) == pytest.approx(damage(world, row, role), rel=1e-9, abs=1e-12)
    for row, talk in enumerate(w.talks):
        np.testing.assert_allclose([keeping_plain.kept(w, talk, side) for side in (0, 1)], kept_gain(world, row), rtol=1e-9)


def test_what_a_court_asks_is_what_types_say() -> None:
    world = taught()
    w, seen = told(world), set()
    view = View(w)
    for _, one in keeping_plain.of_two(w, *Stage):
        for role in {role for roles in getattr(w.kinds[one.type], "challenged_by", {}).values() for role in roles}:
            judge, other = (one.first, one.second) if role == 0 else (one.second, one.first)
            if (judge, other) in w.facts:
                given, bar = w.kinds[one.type].tested(view, keeping_plain.asked(w, judge, other), np.array([one.text]))
                plain = risk_plain.margins(w, one.type, judge, other, one.text)
                np.testing.assert_allclose(np.stack([given[0], bar[0]], axis=1), plain, rtol=1e-12)
                seen.add(one.type)
    assert seen == {"transfer_framework", "adequacy_decision", "law_enforcement_access"}


def unfading(view: Any, g: Any) -> Any:
    return annulment.complaints(view, g, view.salience[g.second])


def whole_share(view: Any, g: Any) -> Any:
    return view.trade_known[g.back] / view.imports_known[g.first]


def present_law(view: Any, g: Any) -> Any:
    return view.safeguards[g.second], view.redress[g.second]


def spoilt(owner: Any, name: str, make: Callable[..., Any]) -> Callable[[Patch], None]:
    honest = getattr(owner, name)
    return lambda patch: patch.setattr(owner, name, make(honest))


FAULTS: dict[str, Callable[[Patch], None]] = {
    "nobody fears": spoilt(annulment, "_risk", lambda f: lambda *a: tuple(0.0 * one for one in f(*a)[:2]) + f(*a)[2:]),
    "leaks stay on people's minds": spoilt(annulment, "_foreseen_rate", lambda _: unfading),
    "the other test is looked at": spoilt(annulment, "_risk", lambda f: lambda *a: (*f(*a)[:2], 1 - f(*a)[2])),
    "a case is decided at once": spoilt(annulment, "_risk", lambda f: lambda view, *a: f(at_once(view), *a)),
    "rights of foreigners do not count": spoilt(annulment, "reach", lambda _: whole_share),
    "rulings teach nothing": spoilt(transfer_framework, "demanded", lambda _: present_law),
}


def at_once(view: Any) -> Any:
    quick = View(view._world)
    quick.case_months = np.zeros_like(view.case_months)
    return quick


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_foresight_is_found(fault: str, monkeypatch: Patch) -> None:
    world = taught()
    FAULTS[fault](monkeypatch)
    assert unlike(world) != []


def test_where_nobody_foresees_nothing_is_feared() -> None:
    w = told(taught())
    blind = dataclasses.replace(w.part("courts"), foreseen=False)
    w.config = dataclasses.replace(w.config, mechanisms={**w.config.mechanisms, "courts": blind})
    judge, other = asked_about(w, "transfer_framework")[0]
    made = w.kinds["transfer_framework"].coefficients(View(w), keeping_plain.asked(w, judge, other))
    assert "court" not in dict(made.terms)
    assert risk_plain.told_exactly(w, made, judge, other, [1.0] * len(ISSUES)) == [0.0, 0.0]
