"""Whose fault it is: ours, or that of a user's part, named by its own file and line."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sim.types import OWN as OWN
from sim.types import ModelFault, UserError

OURS = ("sim", "numpy", "numba", "contextlib", "functools")
"""Packages whose lines are passed over when a write to the world is traced to who did it."""
READ_ONLY = "it writes to what it may only read; change a copy instead (array.copy())"


class WriteRefused(TypeError):
    """Something that may only be read was to be changed."""


def is_own(thing: Any) -> bool:
    """Say whether a part (or its class) is a user's: from a folder of parts, a script or a notebook."""
    cls = thing if isinstance(thing, type) else type(thing)
    return cls.__module__.split(".")[0] != "sim"


def fault_of(thing: Any, method: str, words: str) -> Exception:
    """Return the error to raise for a fault in a part: the user's, naming file and line, if the part is the user's, else ours."""
    name = f"{thing.kind} {thing.name}: {words}"
    if not is_own(thing):
        return ModelFault(name)
    code = inspect.unwrap(getattr(type(thing), method)).__code__
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
    """Return a fault raised inside a user's part as one sentence with file and line; None where it was not.

    A refused write is traced to whoever is not of ours, in a folder of parts or not.
    """
    refused = is_refused_write(fault)
    frames = [frame for frame, _ in traceback.walk_tb(fault.__traceback__)]
    lines = [line for _, line in traceback.walk_tb(fault.__traceback__)]
    for frame, line in zip(reversed(frames), reversed(lines), strict=True):
        module, where = str(frame.f_globals.get("__name__", "")), f"{frame.f_code.co_filename}:{line}"
        if refused and module.split(".")[0] not in OURS:
            return UserError(f"{where}: {READ_ONLY}")
        if module.startswith(OWN):
            return UserError(f"{where}: {type(fault).__name__}: {fault}")
    return None


def is_refused_write(fault: BaseException) -> bool:
    """Say whether a fault is a write to what may only be read: an attribute, an array, or an array inside a kernel."""
    text, kind = str(fault), type(fault)
    array = kind is ValueError and text.endswith("is read-only")
    mapping = kind is TypeError and text.startswith("'mappingproxy'")
    return isinstance(fault, WriteRefused) or array or mapping or (kind.__name__ == "TypingError" and "readonly array" in text)
