"""``python -m analysis app``: check what was typed, say where the page is, and serve it until interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.types import UserError, nearest

PORT, HOST = 8050, "127.0.0.1"
WORDS = ("--port", "--host", "--outputs", "--parts")


def options(words: Sequence[str]) -> dict[str, str]:
    """Read ``--name value`` or ``--name=value`` pairs.

    Raises
    ------
    UserError
        If a word is none of ours, is given twice or has no value.
    """
    found: dict[str, str] = {}
    queue = [part for word in words for part in (word.split("=", 1) if word.startswith("--") else [word])]
    while queue:
        name = queue.pop(0)
        if name not in WORDS:
            raise UserError(f"app: there is no option {name!r}; {nearest(name, WORDS)}")
        if not queue or name in found:
            raise UserError(f"app: give {name} once, with a value, as in {name} {PORT if name == '--port' else 'VALUE'}")
        found[name] = queue.pop(0)
    return found


def port_of(text: str, door: str = "app") -> int:
    """Return a port's number, 0 for any free one.

    Raises
    ------
    UserError
        If it is none.
    """
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise UserError(f"{door}: --port must be a whole number from 0 to 65535, not {text!r}")
    return int(text)


def serve(words: Sequence[str], say: Any) -> int:
    """Serve the page; ``say`` is given each line for the person who started it."""
    given = options(words)
    port, host = port_of(given.get("--port", str(PORT))), given.get("--host", HOST)
    try:
        from analysis.app import server
        from analysis.app.ahead import wishes
    except ModuleNotFoundError as fault:
        raise UserError(f"the page needs {fault.name}: make app installs it, or pip install '.[app]'") from None
    hosts = server.LOOPBACK if host in server.LOOPBACK else (*server.LOOPBACK, host)
    parts = Path(given["--parts"]) if "--parts" in given else None
    app = server.build(Path(given.get("--outputs", "outputs")), hosts=hosts, parts=parts, warm=wishes)
    listening = server.serve(app, host, port)
    say(f"page: http://{host}:{listening.server_port}/")
    say("the first worlds are being lived ahead; on a fresh machine their rules are compiled first, which takes a minute or two")
    say("stop: Ctrl-C")
    try:
        listening.serve_forever()
    except KeyboardInterrupt:
        listening.server_close()
    return 0
