"""What the server does before anybody asks: the first worlds are there, and compiling is told by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numba
import pytest
from numba.core import event

from analysis.app import command, server
from analysis.app.ahead import COMPILING, Compiling, ahead, wishes
from analysis.app.keep import Films
from sim.registry import shelf
from sim.scenario import scenario_names

SOON = {"end": "2019-02"}


def test_the_films_asked_for_ahead_lie_there_after_the_start(tmp_path: Path) -> None:
    first = [SOON, {**SOON, "protocol": "alternating_offers"}]
    app = server.build(tmp_path, warm=lambda: first)
    app.server.extensions["films ahead"].join()
    films = Films(tmp_path)
    assert all(films.has(films.ask(words)[0]) for words in first)
    assert not films.has(films.ask({**SOON, "seed": "1"})[0])


def test_the_start_begins_with_the_bare_address_and_the_seat_that_it_leads_to(tmp_path: Path) -> None:
    films = Films(tmp_path)
    keys = [films.ask(words)[0] for words in wishes()]
    assert keys[0] == films.ask({"scenarios": "baseline"})[0]
    assert shelf("protocol").get(wishes()[1]["protocol"]).rounds
    assert {films.ask({"scenarios": name})[0] for name in scenario_names()} <= set(keys)


def test_serving_lives_these_worlds_ahead_and_says_so_in_a_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Any] = []

    class Listening:
        server_port = 1

        def serve_forever(self) -> None:
            raise KeyboardInterrupt

        def server_close(self) -> None:
            asked.append("closed")

    monkeypatch.setattr(server, "build", lambda *_, **words: asked.append(words["warm"]))
    monkeypatch.setattr(server, "serve", lambda *_: Listening())
    lines: list[str] = []
    assert command.serve(["--outputs", str(tmp_path)], lines.append) == 0
    assert asked == [wishes, "closed"]
    assert len([line for line in lines if "compiled" in line]) == 1


def test_one_that_fails_does_not_keep_the_next_from_being_made(tmp_path: Path) -> None:
    films = Films(tmp_path)
    ahead(films, [{"seed": "-1"}, SOON]).join()
    assert films.has(films.ask(SOON)[0])


def test_it_gives_way_to_whoever_waits(tmp_path: Path) -> None:
    films = Films(tmp_path)
    films._count(1)
    thread = ahead(films, [SOON])
    assert not films.has(films.ask(SOON)[0]) and thread.is_alive()
    films._count(-1)
    thread.join()
    assert films.has(films.ask(SOON)[0]) and films.waited_for == 0


def test_it_ends_when_it_is_told(tmp_path: Path) -> None:
    films = Films(tmp_path)
    ahead(films, [SOON], lambda: True).join()
    assert not films.has(films.ask(SOON)[0])


def test_compiling_is_heard_while_it_lasts_and_no_longer() -> None:
    heard: list[bool] = []

    class Beside(event.Listener):
        def on_start(self, _event: object) -> None:
            heard.append(COMPILING.now())

        def on_end(self, _event: object) -> None:
            pass

    beside = Beside()
    event.register("numba:compile", beside)
    try:
        assert not COMPILING.now()
        assert numba.njit(lambda x: x + 1)(1) == 2
    finally:
        event.unregister("numba:compile", beside)
    assert heard and all(heard) and not COMPILING.now()


def test_the_page_is_told_that_rules_are_being_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Compiling()
    monkeypatch.setattr(server, "COMPILING", busy)
    client = server.build(tmp_path).server.test_client()

    def told() -> Any:
        return client.post("/data/progress", json={"words": SOON}).get_json()

    assert told() == {"done": None, "compiling": False}
    busy.on_start(None)
    assert told() == {"done": None, "compiling": True}
