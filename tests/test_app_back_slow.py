"""Back, refresh, a game's address, a saved game and a server that is gone, in a real browser."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from app_page import READY, opened

pytestmark = pytest.mark.slow
WORLD = "?scenarios=baseline&seed=7&protocol=alternating_offers&end=2020-03"
VIEW = "[CD.state.pick, CD.state.view, CD.state.colour, CD.lang]"
GAME = "[CD.state.game, CD.seat.month, JSON.stringify(CD.seat.moves)]"


def _sat(page: Any, seat: str = "EU") -> None:
    page.click("text=Take a seat")
    page.select_option("dialog select", seat)
    page.click("text=Sit down")
    page.wait_for_function("CD.seat && CD.seat.inbox && CD.film.lived === 0", timeout=90_000)


def _turn(page: Any, button: str) -> None:
    before = page.evaluate("CD.serial")
    page.click(f"text={button}")
    page.wait_for_function(f"CD.serial > {before}", timeout=90_000)


def test_back_and_forward_go_through_what_was_looked_at(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + WORLD)
    steps = [page.evaluate(VIEW)]
    for step in ("CD.pick('state:IDN')", "CD.set({ view: 'graph' })", "CD.set({ lang: 'id' })", "CD.set({ view: 'map', colour: 'gdp' })"):
        page.evaluate(step)
        steps.append(page.evaluate(VIEW))
    page.evaluate("CD.go(5)")
    page.wait_for_function("location.search.includes('at=2019-06')")
    for known in reversed(steps[:-1]):
        page.go_back()
        page.wait_for_function(f"JSON.stringify({VIEW}) === {json.dumps(json.dumps(known, separators=(',', ':')))}")
    for known in steps[1:]:
        page.go_forward()
        page.wait_for_function(f"JSON.stringify({VIEW}) === {json.dumps(json.dumps(known, separators=(',', ':')))}")
    assert page.evaluate("CD.monthLabel(CD.film, CD.state.month)") == "2019-06"
    assert page.evaluate("document.querySelector('.sight-bar select').value") == "gdp"
    assert wrong == []
    page.context.close()


def test_back_returns_to_the_world_before(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + WORLD)
    first = page.evaluate("CD.film.key")
    page.evaluate("CD.wish({ scenarios: 'baseline', seed: '8', end: '2019-06' })")
    page.wait_for_function(f"CD.film.key !== '{first}' && location.search.includes('seed=8')", timeout=60_000)
    page.go_back()
    page.wait_for_function(f"CD.film.key === '{first}' && location.search.includes('seed=7')", timeout=60_000)
    assert wrong == []
    page.context.close()


def test_before_the_first_month_everything_can_be_looked_at(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + WORLD)
    _sat(page)
    for pick in ("state:IDN", "state:EU", "treaty:' + CD.film.instruments[0].id + '", ""):
        page.evaluate(f"CD.set({{ pick: '{pick}' }})")
        for view in ("graph", "capacity", "map"):
            page.evaluate(f"CD.set({{ view: '{view}' }})")
    page.evaluate("CD.set({ series: Object.values(CD.film.series).map((one) => one.metric) })")
    assert page.locator(".reading", has_text="–").count() > 5
    assert wrong == []
    page.context.close()


def test_back_in_a_game_is_a_step_back_and_refresh_stays(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + WORLD)
    _sat(page)
    stands = [page.evaluate(GAME)]
    for button in ("Live one month", "Live on until something happens", "Live one month"):
        _turn(page, button)
        stands.append(page.evaluate(GAME))
    assert len({key for key, *_ in stands}) == 4
    for known in reversed(stands[:-1]):
        page.go_back()
        page.wait_for_function(f"CD.seat && CD.seat.month === '{known[1]}'", timeout=60_000)
        assert page.evaluate(GAME) == known
    page.go_forward()
    page.wait_for_function(f"CD.seat.month === '{stands[1][1]}'", timeout=60_000)
    page.reload()
    page.wait_for_function("window.CD && CD.seat && CD.seat.inbox", timeout=60_000)
    assert page.evaluate(GAME) == stands[1]
    # And before the first of them lies the world that was watched.
    page.go_back()
    page.wait_for_function(f"CD.seat && CD.seat.month === '{stands[0][1]}'", timeout=60_000)
    page.go_back()
    page.wait_for_function("!CD.seat && CD.film.lived === undefined", timeout=60_000)
    assert wrong == []
    page.context.close()


def test_a_browser_that_plays_is_sent_no_film_of_the_whole_run(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + WORLD)
    _sat(page)
    while not page.evaluate("CD.seat.inbox.some((talk) => talk.tabled)"):
        _turn(page, "Live on until something happens")
    here = page.url
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_function("window.CD && CD.seat && CD.seat.inbox && CD.tables", timeout=60_000)
    _turn(page, "Live one month")
    page.evaluate("CD.set({ colour: 'trust:JPN' })")
    page.wait_for_function("CD.state.colour === 'trust:JPN'")
    page.evaluate("CD.pick('talk:' + Object.keys(CD.tables).find((n) => CD.tables[n].offers.length))")
    assert page.locator(".plane.own").count() == 1
    films = [url for url in asked if "/data/" in url and not url.endswith(("theme.css", "start.json", "progress", "alive"))]
    assert films and all("/data/game/" in url for url in films)
    assert "game=" in here
    assert wrong == []
    page.context.close()


def test_an_old_address_with_all_its_moves_still_opens_its_game(browser: Any, address: str) -> None:
    line = [{"month": "2019-01", "party": "EU", "kind": "red_line", "type": "transfer_framework", "other": "JPN"}]
    line[0] |= {"issue": "safeguards", "at_least": 0.5}  # type: ignore[dict-item]
    page, wrong = opened(browser, address + WORLD + "&seat=EU&turn=2019-03&moves=" + json.dumps(line).replace('"', "%22"), wait=False)
    page.wait_for_function("window.CD && CD.seat && CD.seat.inbox", timeout=90_000)
    assert page.evaluate("[CD.seat.month, CD.seat.moves]") == ["2019-03", line]
    page.wait_for_function("location.search.includes('game=') && !location.search.includes('moves=')")
    page.click("text=Share")
    long = next(text for text in page.locator("dialog code").all_inner_texts() if "moves=" in text)
    page.goto(long)
    page.wait_for_function("window.CD && CD.seat && CD.seat.inbox", timeout=90_000)
    assert page.evaluate("[CD.seat.month, CD.seat.moves]") == ["2019-03", line]
    assert wrong == []
    page.context.close()


def test_a_game_that_is_not_kept_gets_a_sentence_and_a_world(browser: Any, address: str) -> None:
    page, _ = opened(browser, address + "?game=aaaaaaaaaa")
    page.wait_for_selector("dialog .fault")
    assert "no game is kept here" in page.text_content("dialog .fault")
    page.wait_for_function("!location.search.includes('game=')")
    page.context.close()


def test_a_saved_game_is_opened_from_its_file(browser: Any, address: str, tmp_path: Path) -> None:
    page, wrong = opened(browser, address + WORLD)
    _sat(page, "JPN")
    _turn(page, "Live one month")
    with page.expect_download() as saved:
        page.click("text=Save the game")
    saved.value.save_as(tmp_path / "game.json")
    stands = page.evaluate(GAME)
    page.goto(address + "?scenarios=baseline&end=2019-03")
    page.wait_for_function(READY, timeout=60_000)
    page.click("text=Take a seat")
    page.set_input_files("dialog input[type=file]", tmp_path / "game.json")
    page.wait_for_function("CD.seat && CD.seat.inbox && CD.seat.seat === 'JPN'", timeout=60_000)
    assert page.evaluate(GAME) == stands
    assert wrong == []
    page.context.close()


@contextmanager
def _on(port: int, outputs: Path) -> Iterator[int]:
    """Serve the page on one port, as an operator starts it again; connections that are open are cut as it stops."""
    from analysis.app.server import build, serve

    listening = serve(build(outputs), "127.0.0.1", port)
    listening.daemon_threads, listening.block_on_close = True, False
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield listening.server_port
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.mark.parametrize("lang", ["en", "id"])
def test_a_server_that_is_gone_says_so_and_what_was_asked_is_done_when_it_is_back(browser: Any, tmp_path: Path, lang: str) -> None:
    said = {"en": "The server does not answer.", "id": "Server tidak menjawab."}[lang]
    with _on(0, tmp_path) as port:
        page, _ = opened(browser, f"http://127.0.0.1:{port}/" + WORLD + f"&seat=EU&lang={lang}", wait=False)
        page.wait_for_function("window.CD && CD.seat && CD.seat.inbox", timeout=90_000)
    # Whatever is asked of it now fails; a kept-alive connection would still be answered by its thread.
    page.context.set_offline(True)
    page.evaluate("void CD.turn({ live: 1 })")
    page.wait_for_selector(".gone", timeout=20_000)
    assert said in page.text_content(".gone")
    assert page.get_attribute(".gone", "role") == "alert"
    page.screenshot(path=str(tmp_path / f"gone-{lang}.png"))
    with _on(port, tmp_path):
        page.context.set_offline(False)
        page.click(".gone button")
        page.wait_for_function("CD.seat.month === '2019-02'", timeout=60_000)
        assert page.locator(".gone").count() == 0
        page.evaluate("CD.set({ colour: 'trust:JPN' })")
        page.wait_for_function("CD.state.colour === 'trust:JPN'", timeout=20_000)
        page.context.close()
