"""Speaking to the person at the terminal: results on stdout, all else on stderr, and no fuss when nobody listens any more."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

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


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text + "\n")
        stream.flush()
    except BrokenPipeError:
        # What is still buffered would raise again when the interpreter closes the stream.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
