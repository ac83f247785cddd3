"""The page's server: Dash carries layout, state and callbacks, and a few routes hand out films, words and outlines.

It listens on this machine only unless told, answers only to the names it was started under, keeps no sessions, and asks nobody anything.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import dash
import flask
from dash import Input, Output, State, dcc, html

from analysis.app.ahead import COMPILING, ahead
from analysis.app.asked import DASH, LARGEST, Refused, body_of, check_callback, host_of, pair_in, text_in, words_in
from analysis.app.keep import Cancelled, Films
from analysis.app.pairs import Pairs
from analysis.app.replay import replay
from analysis.app.seat import Tables
from analysis.app.shared import common
from analysis.app.shelves import theme
from sim.registry import own_digest, using
from sim.single import load_parts, shelves_in
from sim.types import UserError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"
INDEX = """<!DOCTYPE html>
<html lang="en">
<head>{%metas%}<meta name="viewport" content="width=device-width, initial-scale=1"><title>{%title%}</title>
<link rel="stylesheet" href="data/theme.css">{%favicon%}{%css%}</head>
<body>{%app_entry%}<footer hidden>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""
ARRIVED = "function(answer) { if (answer && window.CD) { window.CD.arrived(answer); } return null; }"


def build(
    outputs: Path,
    *,
    hosts: tuple[str, ...] = LOOPBACK,
    parts: Path | None = None,
    warm: Callable[[], Sequence[dict[str, str]]] | None = None,
) -> dash.Dash:
    """Make the page.

    Parameters
    ----------
    outputs : Path
        Folder under which films are kept.
    hosts : tuple of str
        Names under which the page answers, without port; others are refused, so that no foreign page can reach it by a name of its own.
    parts : Path or None
        A folder of the operator's own parts, which run as code.
    warm : callable or None
        Names, once the parts are loaded, the addresses whose films are made ahead, in a thread kept as
        ``server.extensions["films ahead"]``.
    """
    load_parts(parts)
    films = Films(outputs, parts)
    here = Path(__file__).parent
    app = dash.Dash("analysis.app", assets_folder=str(here / "assets"), serve_locally=True, title="Cloud Diplomacy", update_title="")
    app.index_string = INDEX
    app.layout = layout
    tables = Tables(films)
    _guards(app, hosts)
    pairs = Pairs(films, tables)
    _routes(app.server, films, tables)
    _why(app.server, pairs)
    _replays(app.server, films, tables, pairs)
    _callbacks(app, films, tables)
    if warm is not None:
        app.server.extensions["films ahead"] = ahead(films, warm())
    return app


def layout() -> Any:
    """Return the page's skeleton; its script fills the screen and keeps the address."""
    stores = [dcc.Store(id=name) for name in ("wish", "answer", "heard", "turn", "game", "told")]
    return html.Div([html.Div(id="cd"), *stores])


def _callbacks(app: dash.Dash, films: Films, tables: Tables) -> None:
    @app.callback(Output("answer", "data"), Input("wish", "data"), prevent_initial_call=True)
    def run(wish: Any) -> dict[str, Any]:
        """Live the run that an address asks for, or find it kept; or say in a sentence why not. A game has films of its own."""
        known = wish if isinstance(wish, dict) else {}
        answer = {"number": known.get("number"), "slot": known.get("slot")}
        try:
            return {**answer, "key": films.get(known.get("words"))}
        except UserError as fault:
            return {**answer, "error": str(fault)}
        except Cancelled:
            return {**answer, "cancelled": True}

    @app.callback(Output("game", "data"), Input("turn", "data"), prevent_initial_call=True)
    def play(wish: Any) -> dict[str, Any]:
        """Do a turn of a played seat; or say in a sentence why it is not possible."""
        answer = {"number": wish.get("number") if isinstance(wish, dict) else None}
        try:
            return {**answer, "game": tables.turn(wish)}
        except UserError as fault:
            return {**answer, "error": str(fault)}

    app.clientside_callback(ARRIVED, Output("told", "data"), Input("game", "data"), State("told", "data"), prevent_initial_call=True)
    app.clientside_callback(ARRIVED, Output("heard", "data"), Input("answer", "data"), State("heard", "data"), prevent_initial_call=True)


def _guards(app: dash.Dash, hosts: tuple[str, ...]) -> None:
    server, asked = app.server, ("answer.data", "game.data")
    server.config["MAX_CONTENT_LENGTH"] = LARGEST

    @server.before_request
    def known_host() -> Any:
        if host_of(flask.request) not in hosts:
            names = "this page does not answer to that name; whoever started it allows one by --name"
            return flask.Response(names, 421, mimetype="text/plain")
        if flask.request.path == DASH:
            check_callback(flask.request, asked)
        return None

    @server.after_request
    def guarded(response: flask.Response) -> flask.Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @server.errorhandler(UserError)
    def sentence(fault: UserError) -> Any:
        return flask.jsonify(error=str(fault)), 404

    @server.errorhandler(Refused)
    def refused(fault: Refused) -> Any:
        return flask.jsonify(error=str(fault)), 400

    @server.errorhandler(413)
    def too_large(fault: Any) -> Any:
        return flask.jsonify(error=f"a request holds at most {LARGEST // 1_000_000} MB"), 413


def _routes(server: flask.Flask, films: Films, tables: Tables) -> None:
    @server.get("/data/theme.css")
    def theme_sheet() -> Any:
        with using(shelves_in(films.parts)):
            return flask.Response(theme(), mimetype="text/css")

    @server.get("/data/alive")
    def alive() -> Any:
        return flask.Response(status=204)

    @server.get("/data/start.json")
    def start() -> Any:
        with using(shelves_in(films.parts)):
            return _packed(_start(own_digest()))

    @server.get("/data/<name>/<key>.json")
    def part_of_film(name: str, key: str) -> Any:
        return _packed(films.zipped(key, name))

    @server.get("/data/trust/<key>/<int:party>.json")
    def trust(key: str, party: int) -> Any:
        return flask.jsonify(films.trust(key, party))

    @server.get("/data/game/<key>/<name>.json")
    def part_of_game(key: str, name: str) -> Any:
        return _packed(tables.zipped(key, name))

    @server.get("/data/game/<key>/trust/<int:party>.json")
    def trust_in_game(key: str, party: int) -> Any:
        return flask.jsonify(tables.trust(key, party))

    @server.post("/data/game/<key>/value")
    def value(key: str) -> Any:
        """Say what a text would be worth to the player; the page itself reckons no utility."""
        return flask.jsonify(tables.value(key, *text_in(body_of(flask.request))))

    @server.post("/data/progress")
    def progress() -> Any:
        """Say how far a run is that an address asks for, and whether rules are being compiled; ``stop`` asks it to stop."""
        body = body_of(flask.request)
        words = words_in(body)
        try:
            key, _, _ = films.ask(words)
        except UserError:
            # What is wrong with it is said by the answer to the wish itself.
            return flask.jsonify(done=None, compiling=COMPILING.now())
        if body.get("stop"):
            films.stop(key)
        return flask.jsonify(done=films.progress(key), compiling=COMPILING.now())


def _why(server: flask.Flask, pairs: Pairs) -> None:
    @server.post("/data/why")
    def why() -> Any:
        """Say what stands between two parties at the end of a month, and what each would gain, term by term."""
        body = body_of(flask.request)
        return flask.jsonify(pairs.of_run(words_in(body), *pair_in(body)))

    @server.post("/data/game/<key>/why")
    def why_in_game(key: str) -> Any:
        return flask.jsonify(pairs.of_game(key, *pair_in(body_of(flask.request))))


def _replays(server: flask.Flask, films: Films, tables: Tables, pairs: Pairs) -> None:
    @server.get("/data/replay/<key>.html")
    def standalone(key: str) -> Any:
        with using(shelves_in(films.parts)):
            return _attached(replay(films, key, _query(), pairs.shown(key, _query())), key)

    @server.get("/data/game/<key>/replay.html")
    def standalone_game(key: str) -> Any:
        with using(shelves_in(films.parts)):
            return _attached(replay(tables, key, _query(), pairs.shown_in_game(key, _query())), key)


def _query() -> str:
    return str(flask.request.query_string, "ascii", "replace")


def _attached(page: str, key: str) -> flask.Response:
    named = {"Content-Disposition": f"attachment; filename=cloud-diplomacy-{key[:8]}.html"}
    return flask.Response(page, mimetype="text/html", headers=named)


@cache
def _start(_parts: str) -> bytes:
    """Return, gzipped, what every view needs before its film: outlines, shelves, glossary and the words of every language.

    The digest of the operator's own parts is a key of what is kept, because they stand on the shelves.
    """
    return gzip.compress(json.dumps(common(), ensure_ascii=False, separators=(",", ":")).encode(), 6)


def _packed(content: bytes) -> flask.Response:
    if "gzip" in flask.request.headers.get("Accept-Encoding", ""):
        return flask.Response(content, mimetype="application/json", headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
    return flask.Response(gzip.decompress(content), mimetype="application/json")


def serve(app: dash.Dash, host: str, port: int) -> Any:
    """Return a threaded server bound to an address; call its ``serve_forever``.

    Raises
    ------
    UserError
        If the address is taken or not ours.
    """
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_request(self, code: Any = "-", size: Any = "-") -> None:
            """Say nothing of each request."""

    try:
        return make_server(host, port, app.server, threaded=True, request_handler=Quiet)
    except (OSError, SystemExit) as fault:
        raise UserError(f"cannot listen on {host}:{port} ({fault}); choose another with --port") from None
