"""Members of the model's enumerations behave as any, and NumPy takes them for plain whole numbers."""

from __future__ import annotations

import copy
import pickle
from enum import IntEnum

import numpy as np
import pytest

from sim import types

ALL = [one for one in vars(types).values() if isinstance(one, type) and issubclass(one, IntEnum) and one is not IntEnum]


@pytest.mark.parametrize("names", ALL, ids=lambda one: str(one.__name__))
def test_members_are_found_by_name_number_and_order_and_travel(names: type[IntEnum]) -> None:
    assert [one.name for one in names] == list(names.__members__)
    for one in names:
        assert getattr(names, one.name) is names[one.name] is names(int(one)) is one
        assert pickle.loads(pickle.dumps(one)) is copy.deepcopy(one) is one
    with pytest.raises(AttributeError):
        setattr(names, next(iter(names)).name, 0)


def test_numpy_reckons_with_members_as_with_any_other() -> None:
    class Plain(IntEnum):
        ONE = 1

    values = np.array([0, 1, 2], dtype=np.int8)
    for ours, other in (
        (values == types.Stage.IN_FORCE, values == Plain.ONE),
        (values > types.Stage.IN_FORCE, values > Plain.ONE),
        (values + types.Stage.IN_FORCE, values + Plain.ONE),
        (np.full(2, types.Stage.IN_FORCE), np.full(2, Plain.ONE)),
        (np.minimum(values, types.Stage.IN_FORCE), np.minimum(values, Plain.ONE)),
    ):
        assert ours.dtype == other.dtype and np.array_equal(ours, other)
