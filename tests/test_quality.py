"""A deal is measured by what could have been: points measure nothing against themselves, and shares of surplus sum to one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.problem_draws import problem_sets, ratified_sets
from worlds import lived, lively

from sim.bargains.fair import distance_to_frontier, egalitarian_outcomes, kalai_smorodinsky_outcomes
from sim.bargains.problems import Outcomes, Problems, checked
from sim.bargains.quality import QUALITIES, quality
from sim.bargains.ratified import nash_outcomes
from sim.types import Status

POINTS = {"to_nash": nash_outcomes, "to_kalai_smorodinsky": kalai_smorodinsky_outcomes, "to_egalitarian": egalitarian_outcomes}


def measured(problems: Problems, outcomes: Outcomes) -> tuple[Problems, Outcomes, Any]:
    agreed = np.flatnonzero(outcomes.status == Status.AGREED)
    some, found = problems.take(agreed), outcomes.take(agreed)
    return some, found, quality(some, found, np.ones((len(agreed), 2)))


@pytest.mark.parametrize("name", POINTS)
@given(problems=st.one_of(problem_sets(), ratified_sets()))
def test_a_point_is_no_way_from_itself_and_lies_on_the_frontier(name: str, problems: Problems) -> None:
    _, _, found = measured(problems, POINTS[name](checked(problems)))
    assert np.allclose(found[:, QUALITIES.index(name)], 0.0, atol=1e-9)
    assert np.allclose(found[:, 0], 0.0, atol=1e-6)


@given(problem_sets(), st.floats(0.0, 1.0))
def test_distances_are_those_of_the_fair_points_however_the_text_came_about(problems: Problems, share: float) -> None:
    p = checked(problems)
    nash, fair = nash_outcomes(p), kalai_smorodinsky_outcomes(p)
    text = share * nash.text + (1.0 - share) * fair.text
    gap = text[:, None, :] - p.theta
    utility = p.a + (p.b * text[:, None, :] - p.w * gap * gap).sum(axis=2)
    fine = (nash.status == Status.AGREED) & (utility >= p.r).all(axis=1)
    made = Outcomes(text, utility, np.where(fine, Status.AGREED, Status.NO_ZONE).astype(np.int8), nash.step)
    some, outcomes, found = measured(p, made)
    assert found[:, 0] == pytest.approx(distance_to_frontier(some, outcomes), abs=1e-9)
    assert (found[:, 1] >= 0.0).all()


@given(problem_sets())
def test_shares_of_the_surplus_are_shares_and_change_places_with_the_parties(problems: Problems) -> None:
    outcomes = nash_outcomes(checked(problems))
    some, found, seen = measured(problems, outcomes)
    assert ((seen[:, 4] >= 0.0) & (seen[:, 4] <= 1.0)).all()
    rich = quality(some, found, np.tile([3.0, 1.0], (len(some), 1)))[:, 4]
    assert (rich >= seen[:, 4]).all()


def test_every_deal_of_a_run_is_measured_and_told() -> None:
    world = lived(lively())
    talks = world.talks
    concluded = talks["stage"] == 1
    assert concluded.sum() > 5
    assert np.isfinite(talks["quality"][concluded]).all()
    assert np.isnan(talks["quality"][~concluded]).all()
    assert (talks["n_by_channel"].sum(axis=1) >= talks["n_contacts"]).all()
    assert talks["quality"][concluded][:, 0] == pytest.approx(np.zeros(int(concluded.sum())), abs=1e-6)
