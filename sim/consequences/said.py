"""What agreement types say that they do, checked as a type is put on its shelf, and read by help and legends."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from sim.consequences.base import Consequence, columns_of, family, fields_naming
from sim.consequences.frees_data import FreesData
from sim.consequences.lasts import Lasts
from sim.types import ModelFault, UserError, nearest


def check_does(cls: type[Any], *, lasting: bool) -> None:
    """Check what a type says that it does.

    Parameters
    ----------
    cls : type
        An agreement type with ``does`` and ``issues``.
    lasting : bool
        Whether it must say how long it lasts.

    Raises
    ------
    ModelFault
        One sentence that names the class, what is wrong, and what was expected.
    """
    does, called = cls.does, cls.__name__
    if not isinstance(does, tuple) or not all(isinstance(one, Consequence) for one in does):
        raise ModelFault(f"{called}.does is {does!r}; a tuple of consequences, such as (FreesData('localisation'),), is expected")
    filled: dict[str, str] = {}
    for one in does:
        what = type(one).__name__
        if not hasattr(type(one), "sentence_id"):
            raise ModelFault(f"{called}.does: {what} is not registered; put @consequence(...) over its class")
        _check_names(cls, one, f"{called}.does: {what}")
        for other in one.beside:
            if not any(isinstance(each, other) for each in does):
                raise ModelFault(f"{called}.does: {what} needs {other.__name__} beside it")
        for column in columns_of(type(one)):
            if column in filled:
                raise ModelFault(
                    f"{called}.does: {filled[column]} and {what} both fill the column {column!r} of instruments; leave one out"
                )
            filled[column] = what
    if lasting and not any(isinstance(one, Lasts) for one in does):
        raise ModelFault(f"{called}.ending is 'completion', so does must say how long it lasts, such as Lasts('build_months')")
    if "frees_data" in vars(cls) and cls.frees_data is not frees(does):
        raise ModelFault(f"{called}.frees_data is {cls.frees_data!r}, but does says otherwise; leave frees_data out")


def _check_names(cls: type[Any], one: Consequence, where: str) -> None:
    for field in fields_naming(type(one), "issue"):
        issue = getattr(one, field.name)
        if issue not in cls.issues and (issue != "" or field.default != ""):
            raise ModelFault(f"{where} names the issue {issue!r}; {nearest(str(issue), cls.issues)}")
    for field in fields_naming(type(one), "parameter"):
        name = getattr(one, field.name)
        value = getattr(cls, name, None) if isinstance(name, str) and name else 0.0
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ModelFault(f"{where} needs a parameter {name!r} ({field.metadata['meaning']})")


def frees(does: Iterable[Consequence]) -> bool:
    """Say whether data flow freely by what a type does."""
    return any(isinstance(one, FreesData) for one in does)


def declaring(types: Iterable[type[Any]]) -> list[type[Consequence]]:
    """List the consequences that some types name and that declare state, fill columns or move arrays.

    By name, each after those it derives from.

    Raises
    ------
    UserError
        If two have one name.
    """
    own = ("state", "adds", "covers", "fills")
    named = sorted({type(one) for cls in types for one in cls.does}, key=lambda one: (one.name, one.__module__))
    for one, other in itertools.pairwise(named):
        if one.name == other.name:
            where = f"{one.__module__.split('.')[-1]}.py and {other.__module__.split('.')[-1]}.py"
            raise UserError(f"two consequences are called {one.name!r} ({where}); choose another name for one of them")
    found = dict.fromkeys(each for cls in named for each in family(cls) if any(key in vars(each) for key in own))
    return list(found)


def told(cls: type[Any]) -> list[dict[str, Any]]:
    """Return what a type does as plain values, for help and pages: title and sentence in both languages, issues and parameters."""
    return [
        {
            **{key: getattr(one, key) for key in ("name", "title", "title_id", "sentence", "sentence_id")},
            **{f"{what}s": [v for f in fields_naming(type(one), what) if (v := getattr(one, f.name))] for what in ("issue", "parameter")},
        }
        for one in cls.does
    ]


def felt(cls: type[Any]) -> set[str]:
    """Return the parameters of a type that instruments in force feel when they are changed."""
    return {name for one in cls.does for rate in one.rates if (name := getattr(one, rate.field))}
