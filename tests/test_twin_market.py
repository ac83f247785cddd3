"""Data centres and the cloud market have plain twins, and a fault planted in either is found."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from market_worlds import busy
from twins import Walk, walk
from worlds import setting_of

WORLDS: dict[str, Any] = {"busy": busy, "calm": lambda: {**busy(), "start": "2021-02", "end": "2022-02"}}


@functools.cache
def walked(name: str) -> Walk:
    return walk(setting_of(WORLDS[name]()), 3)


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_month_by_month_the_twins_do_the_same(name: str) -> None:
    found = walked(name)
    assert not {mechanism: said[:3] for mechanism, said in found.differences.items() if said}
