"""Speaking to the person at the terminal: results on stdout, all else on stderr, and no fuss when nobody listens any more."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from typing import Any, TextIO

from sim.older.names import MovedName

_LONGEST = 2_000
"""Signs of an error that are shown."""


def say(text: str) -> None:
    """Write a line to stdout; a reader that has gone away (``| head``) is not an error."""
    _write(sys.stdout, text)


def warn(text: str) -> None:
    """Write a line to stderr."""
    _write(sys.stderr, text)


def refuse(fault: Exception) -> None:
    """Write an error of the user as one line to stderr; what was typed may be long, so that the middle of a very long line is left out."""
    told = " ".join(str(fault).split())
    if len(told) > _LONGEST:
        told = f"{told[: _LONGEST // 2]} ... {told[-_LONGEST // 2 :]}"
    warn(f"error: {told}")


def prepare_streams() -> None:
    """Let a terminal that lacks a letter show a question mark for it instead of stopping the run."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]


@contextlib.contextmanager
def notices() -> Iterator[None]:
    """Show what was told in old names as notes on stderr, each sentence once; other warnings go the way they go."""
    told: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("always", MovedName)
        shown = warnings.showwarning

        def show(message: Any, category: Any, *rest: Any, **more: Any) -> None:
            if not issubclass(category, MovedName):
                shown(message, category, *rest, **more)
            elif str(message) not in told:
                told.add(str(message))
                warn(f"note: {message}")

        warnings.showwarning = show
        yield


def watched() -> bool:
    """Say whether somebody watches stderr on a terminal; a stream that was closed is watched by nobody."""
    try:
        return sys.stderr.isatty()
    except (AttributeError, ValueError):
        return False


def murmur(text: str) -> None:
    """Write a piece of a progress line to stderr as it is; where that cannot be, nobody misses it."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(text)
        sys.stderr.flush()


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # it was closed before Python began
        return
    try:
        stream.write(text + "\n")
        stream.flush()
    except BrokenPipeError:
        _drain(stream)
    except OSError as fault:
        _drain(stream)
        if stream is sys.stdout:
            raise OSError(fault.errno, os.strerror(fault.errno or 0), "what is printed") from None


def _drain(stream: TextIO) -> None:
    """Lead a stream nowhere: what is still buffered would raise again when the interpreter closes it."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
