"""``python -m analysis app``: check what was typed, say where the page is, and serve it until interrupted."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.typed import options, whole
from sim.types import UserError

PORT, HOST = 8050, "127.0.0.1"
OPTIONS = {"--port": str(PORT), "--host": "0.0.0.0", "--name": "192.168.1.20", "--outputs": "outputs", "--parts": "FOLDER"}
MMAP_THRESHOLD, ARENA_MAX, LARGE_BLOCK = -3, -8, 131_072
"""Options of mallopt(3) by their numbers, and bytes from which a block is given back by itself."""
EVERYWHERE = ("0.0.0.0", "::", "[::]")
"""Hosts that stand for every address of this machine, and are no name of it."""


def port_of(text: str, door: str = "app") -> int:
    """Return a port's number, 0 for any free one.

    Raises
    ------
    UserError
        If it is none.
    """
    return whole(door, "--port", text, 0, 65535)


def names_of(given: dict[str, str], host: str, loopback: Sequence[str]) -> tuple[str, ...]:
    """Return the names under which the page answers: those of this machine to itself, the host it listens on, and those of ``--name``.

    Raises
    ------
    UserError
        If it listens on every address and no name is given, or a name is none.

    Examples
    --------
    >>> names_of({"--name": "lab.example,10.0.0.5"}, "0.0.0.0", ("127.0.0.1",))
    ('127.0.0.1', 'lab.example', '10.0.0.5')
    """
    from analysis.app.asked import name_of

    allowed = [name_of(one) for one in given.get("--name", "").split(",") if one.strip()]
    if host in EVERYWHERE and not allowed:
        raise UserError(
            f"app: --host {host} listens on every address of this machine; say with --name under which of them, or under which name, "
            "others may reach it, as in --name 192.168.1.20"
        )
    listens = [] if host in EVERYWHERE else [name_of(host)]
    return tuple(dict.fromkeys([*loopback, *listens, *allowed]))


def serve(words: Sequence[str], say: Any) -> int:
    """Serve the page; ``say`` is given each line for the person who started it."""
    given = options("app", words, OPTIONS)
    port, host = port_of(given.get("--port", str(PORT))), given.get("--host", HOST)
    try:
        from analysis.app import server
        from analysis.app.ahead import wishes
    except ModuleNotFoundError as fault:
        raise UserError(f"the page needs {fault.name}: make app installs it, or pip install '.[app]'") from None
    tidy_memory()
    hosts = names_of(given, host, server.LOOPBACK)
    parts = Path(given["--parts"]) if "--parts" in given else None
    app = server.build(Path(given.get("--outputs", "outputs")), hosts=hosts, parts=parts, warm=wishes)
    listening = server.serve(app, host.strip("[]"), port)
    here = HOST if host in EVERYWHERE else hosts[hosts.index(_written(host))]
    say(f"page: http://{here}:{listening.server_port}/")
    for name in hosts:
        if name not in (*server.LOOPBACK, here):
            say(f"join: http://{name}:{listening.server_port}/")
    say("the first worlds are being lived ahead; on a fresh machine their rules are compiled first, which takes a minute or two")
    say("stop: Ctrl-C")
    try:
        listening.serve_forever()
    except KeyboardInterrupt:
        listening.server_close()
    return 0


def tidy_memory() -> None:
    """Ask glibc, where it is the C library, to give large blocks back as soon as they are free.

    Worlds are copied at each turn, each in a thread of its own; by its usual rules glibc keeps the holes of every thread, which made a
    server with 20 seats half as large again.
    """
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MMAP_THRESHOLD, LARGE_BLOCK)
        mallopt(ARENA_MAX, 2)


def _written(host: str) -> str:
    from analysis.app.asked import name_of

    return name_of(host)
