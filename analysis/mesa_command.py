"""``python -m analysis mesa``: serve the page for Mesa users on this machine, and keep Solara from asking anyone else."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec

from analysis.app.command import port_of
from sim.types import UserError

HOST, PORT = "127.0.0.1", 8765
NOWHERE = "http://127.0.0.1:9/"
"""What Solara takes for the internet: a port of this machine where nothing answers, so that a missing file fails here."""
QUIET = {
    "SOLARA_APP": "analysis.mesa_page",
    "SOLARA_CHECK_HOOKS": "off",  # it scolds a component of Mesa
    "SOLARA_MODE": "production",
    "SOLARA_ASSETS_CDN": NOWHERE,
    "SOLARA_ASSETS_PROXY": "true",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
}
"""Settings of Solara: by default its server reports its use to a third party, and fetches what it lacks from a network of copies."""


def serve(words: Sequence[str], say: Callable[[str], None]) -> int:
    """Serve until interrupted; ``say`` is given each line for the person who started it.

    Raises
    ------
    UserError
        If the words are not ``--port NUMBER``, the port is taken, or the extra is not installed.
    """
    split = [part for word in words for part in (word.split("=", 1) if word.startswith("--") else [word])]
    if split and (len(split) != 2 or split[0] != "--port"):
        raise UserError(f"mesa: {' '.join(words)!r} is not understood; the only option is --port, as in --port {PORT}")
    port = port_of(split[1], "mesa") if split else PORT
    for needed in ("solara", "solara_assets", "matplotlib"):  # without the assets the page would only stay blank
        if find_spec(needed) is None:
            raise UserError(f"the page for Mesa users needs {needed}: make solara installs it, or pip install '.[solara]'")
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen()
        except OSError as fault:
            raise UserError(f"mesa: port {port} of {HOST} is not to be had ({fault.strerror}); give another with --port") from None
        _serve_on(listening, say)
    return 0


def _serve_on(listening: socket.socket, say: Callable[[str], None]) -> None:
    os.environ.update(QUIET)  # Solara reads them as it is imported
    import uvicorn
    from solara.server.starlette import app
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    say(f"page: http://{HOST}:{listening.getsockname()[1]}/ (the first picture takes some ten seconds)")
    say("stop: Ctrl-C")
    guarded = TrustedHostMiddleware(app, allowed_hosts=[HOST, "localhost"])
    with suppress(KeyboardInterrupt):
        uvicorn.Server(uvicorn.Config(guarded, log_level="warning")).run(sockets=[listening])
