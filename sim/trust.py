"""Whose word a file is: a mark that only this person's key makes, so that code which somebody else's file names is not run unasked.

The key is 32 bytes in the person's own folder for states (``$XDG_STATE_HOME`` or ``~/.local/state``), readable by nobody else. Names of
users and machines can be written into any file; this mark cannot. Where no key can be kept, one lives as long as the process: what was
begun by another process is then asked about.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import os
import threading
from pathlib import Path
from typing import Any

_BYTES = 32
_TRIES = 20


def mark_of(claims: Any) -> str:
    """Return this person's mark under some claims: 32 hexadecimal digits."""
    text = json.dumps(claims, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hmac.new(_key(_place()), text.encode(), hashlib.sha256).hexdigest()[:32]


def is_mine(claims: Any, mark: Any) -> bool:
    """Say whether a mark under some claims is this person's."""
    return isinstance(mark, str) and hmac.compare_digest(mark.encode("utf-8", "replace"), mark_of(claims).encode())


def _place() -> Path | None:
    state = os.environ.get("XDG_STATE_HOME")
    try:
        return (Path(state) if state else Path.home() / ".local" / "state") / "cloud-diplomacy" / "key"
    except RuntimeError:
        return None


@functools.lru_cache(maxsize=8)
def _key(place: Path | None) -> bytes:
    if place is not None:
        try:
            return _kept(place)
        except OSError:
            pass
    return os.urandom(_BYTES)


def _kept(place: Path) -> bytes:
    """Read the key, or make it; two that make it at once end with the same one."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        for _ in range(_TRIES):
            key = place.read_bytes()
            if len(key) == _BYTES:
                return key
            threading.Event().wait(0.05)
        raise OSError(f"{place} does not hold {_BYTES} bytes") from None
    key = os.urandom(_BYTES)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    return key
