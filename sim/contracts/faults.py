"""Whose fault it is: ours, or that of a user's part, named by its own file and line."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sim.types import ModelFault, UserError

OWN = "user_parts_"
"""How the names of modules that hold a user's parts begin."""


def is_own(thing: Any) -> bool:
    """Say whether a part (or its class) is a user's."""
    cls = thing if isinstance(thing, type) else type(thing)
    return cls.__module__.startswith(OWN)


def fault_of(thing: Any, method: str, words: str) -> Exception:
    """Return the error to raise for a fault in a part: the user's, naming file and line, if the part is the user's, else ours."""
    name = f"{thing.kind} {thing.name}: {words}"
    if not is_own(thing):
        return ModelFault(name)
    code = getattr(getattr(type(thing), method), "__wrapped__", getattr(type(thing), method)).__code__
    return UserError(f"{code.co_filename}:{code.co_firstlineno}: {name}")


@contextmanager
def blaming() -> Iterator[None]:
    """Let faults through as they are, but raise one from inside a user's part as that user's.

    Raises
    ------
    UserError
        If a user's own part fails: its file and line, and what happened.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as fault:
        blamed = blamed_on_user(fault)
        if blamed is None:
            raise
        raise blamed from fault


def blamed_on_user(fault: Exception) -> UserError | None:
    """Return a fault raised inside a user's part as one sentence with file and line; None where it was not."""
    frames = [frame for frame, _ in traceback.walk_tb(fault.__traceback__)]
    lines = [line for _, line in traceback.walk_tb(fault.__traceback__)]
    for frame, line in zip(reversed(frames), reversed(lines), strict=True):
        if str(frame.f_globals.get("__name__", "")).startswith(OWN):
            return UserError(f"{frame.f_code.co_filename}:{line}: {type(fault).__name__}: {fault}")
    return None
