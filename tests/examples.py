"""How many examples a property is held against: a quarter of them with every ``make test``, all of them in ``make test-slow``.

Examples are drawn in one fixed order, so the few are the first of the many. Which of both is meant is said by the profile of Hypothesis:
``conftest.py`` loads ``FEW``, and ``make test-slow`` asks for ``ALL`` by name.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings

ALL, FEW = "cloud-diplomacy-all", "cloud-diplomacy"
MOST, LEAST = 100, 2
"""Examples of a property that names no number of its own in the profile ``ALL``; the fewest that a property is ever held against."""
SHARE = 4
"""One example of so many belongs to the few."""


def register() -> None:
    """Make both profiles known to Hypothesis, and load the one with few examples."""
    for name, examples in ((ALL, MOST), (FEW, MOST // SHARE)):
        settings.register_profile(
            name,
            max_examples=examples,
            derandomize=True,  # a test that passed today passes tomorrow
            deadline=None,  # the first example may compile a kernel
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        )
    settings.load_profile(FEW)


def examples(most: int, **more: Any) -> settings:
    """Return settings of a property that is held against ``most`` examples, or against its part of the few."""
    return settings(max_examples=max(LEAST, most * settings.default.max_examples // MOST), **more)
