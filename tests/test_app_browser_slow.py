"""The page in a real browser, on this machine alone: it draws, plays, rewinds, comes back, and can be used by everyone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from app_page import READY, heard, opened, served, unfold_talks

pytestmark = pytest.mark.slow
VIEWS = {
    "world": "?scenarios=baseline&end=2020-12&at=2020-11",
    "graph": "?scenarios=baseline&end=2020-12&at=2020-11&view=graph",
    "capacity": "?scenarios=baseline&end=2020-12&at=2020-11&view=capacity",
    "state": "?scenarios=baseline&end=2020-12&at=2020-11&pick=state:IDN",
    "twin": "?scenarios=pandemic_lockdown&end=2020-12&at=2020-11&twin=difference",
}
PICK_TREATY = "CD.pick('treaty:' + CD.film.instruments.find((one) => one.talk >= 0).id)"
MONTH = "CD.monthLabel(CD.film, CD.state.month)"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
@pytest.mark.parametrize("view", list(VIEWS))
def test_every_view_draws_and_fits_without_complaint(browser: Any, address: str, view: str, width: int, theme: str, tmp_path: Path) -> None:
    page, wrong = opened(browser, address + VIEWS[view] + ("&lang=id" if theme == "dark" else ""), width=width, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=str(tmp_path / f"{view}-{width}-{theme}.png"))
    assert wrong == []
    page.context.close()


def test_the_policy_holds_in_a_browser_that_keeps_it(browser: Any, address: str) -> None:
    page = browser.new_context().new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.goto(address + VIEWS["world"])
    page.wait_for_selector(".stage svg", timeout=90_000)
    assert refused == []
    page.context.close()


def test_play_moves_the_world_and_rewind_brings_the_same_picture_back(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + VIEWS["world"] + "&speed=16")
    drawn = "document.querySelector('.stage').innerHTML + document.querySelector('.inspect').innerHTML"
    page.evaluate("CD.go(6)")
    early = page.evaluate(drawn)
    page.evaluate("CD.go(20)")
    assert page.evaluate(drawn) != early
    page.click(".tool.play")
    page.wait_for_function("CD.state.month === CD.film.months - 1 && !CD.clock.playing", timeout=30_000)
    page.evaluate("CD.go(6)")
    shown = "[...document.querySelectorAll('.arcs > g')].filter((g) => g.getAttribute('display') !== 'none')"
    visible = f"{shown}.map((g) => g.getAttribute('class')).sort()"
    again = page.evaluate(visible)
    page.reload()
    page.wait_for_function(READY)
    page.evaluate("CD.go(6)")
    assert page.evaluate(visible) == again
    assert wrong == []
    page.context.close()


def test_refresh_returns_to_the_same_view(browser: Any, address: str) -> None:
    page, _ = opened(browser, address + VIEWS["state"])
    page.evaluate("CD.go(9)")
    page.select_option(".sight-bar select", "internet_use")
    page.wait_for_function("location.search.includes('colour=internet_use') && location.search.includes('at=2019-10')")
    page.reload()
    page.wait_for_function(READY)
    assert page.evaluate(f"[{MONTH}, CD.state.colour, CD.state.pick]") == ["2019-10", "internet_use", "state:IDN"]
    page.context.close()


def test_two_tabs_are_two_worlds(browser: Any, address: str) -> None:
    one, _ = opened(browser, address + VIEWS["world"])
    other, _ = opened(browser, address + "?scenarios=pandemic_lockdown&end=2020-12&seed=4&at=2019-03")
    one.evaluate("CD.go(3)")
    assert other.evaluate(f"[CD.film.scenario, CD.film.seed, {MONTH}]") == ["pandemic_lockdown", 4, "2019-03"]
    assert one.evaluate(f"[CD.film.scenario, CD.film.seed, {MONTH}]") == ["baseline", 0, "2019-04"]
    one.context.close()
    other.context.close()


def test_a_bad_address_gets_a_sentence_and_a_world(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + "?mechanisms.bargaining.power=9")
    assert "lies outside 0.0 to 1.0" in page.text_content("dialog .fault")
    assert page.evaluate("CD.film.scenario") == "baseline"
    assert wrong == []
    page.context.close()


def test_a_text_in_the_address_is_never_markup(browser: Any, address: str) -> None:
    nasty = "%3Cimg%20src=x%20onerror=window.hacked=1%3E"
    page, _ = opened(browser, address + f"?pick=state:{nasty}&colour={nasty}&scenarios={nasty}&hide={nasty}")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    page.context.close()


def test_the_keyboard_reaches_states_clock_and_dialogs(browser: Any, address: str) -> None:
    page, _ = opened(browser, address + VIEWS["world"])
    page.focus(".world-map [tabindex='0']")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.evaluate("CD.state.pick").startswith("state:")
    page.focus(".slider")
    page.keyboard.press("Home")
    page.keyboard.press("PageUp")
    assert page.evaluate("CD.state.month") == 12
    assert page.get_attribute(".slider", "aria-valuetext") == "January 2020"
    page.click("text=Glossary")
    page.keyboard.press("Escape")
    page.wait_for_function("document.querySelectorAll('dialog').length === 0", timeout=10_000)
    page.context.close()


def test_levers_change_the_world_through_the_address(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + VIEWS["world"])
    page.click("text=Levers")
    page.fill("#lever-mechanisms-bargaining-power", "0.75")
    page.press("#lever-mechanisms-bargaining-power", "Tab")
    before = page.evaluate("CD.film.key")
    page.click("text=Run this world")
    page.wait_for_function(f"CD.film.key !== '{before}'", timeout=60_000)
    page.wait_for_function("location.search.includes('mechanisms.bargaining.power=0.75')")
    assert "mechanisms.bargaining.power=0.75" in page.evaluate("CD.film.command")
    assert wrong == []
    page.context.close()


def test_a_replay_needs_no_server(browser: Any, address: str, tmp_path: Path) -> None:
    page, _ = opened(browser, address + VIEWS["world"])
    href = page.evaluate("'data/replay/' + CD.film.key + '.html' + location.search")
    file = tmp_path / "replay.html"
    file.write_bytes(page.request.get(address + href).body())
    page.context.close()
    context = browser.new_context(offline=True)
    alone, wrong = heard(context)
    alone.goto(file.as_uri())
    alone.wait_for_selector(".stage svg")
    assert alone.evaluate(MONTH) == "2020-11"
    alone.evaluate("CD.go(3)")
    alone.evaluate(PICK_TREATY)
    alone.wait_for_selector(".plane")
    assert wrong == []
    context.close()


def test_twice_the_size_of_letters_still_fits(browser: Any, address: str) -> None:
    # 200 % of a window 1280 wide is a window 640 wide.
    page, _ = opened(browser, address + VIEWS["state"] + "&size=large", width=640)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.context.close()


def test_a_thousand_steps_leave_memory_where_it_was(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + VIEWS["world"])
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")

    def heap() -> float:
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"])

    walk = "(n) => { for (let k = 0; k < n; k++) CD.go(k % CD.film.months); return document.querySelectorAll('*').length; }"
    # Both walks end in the last of 24 months, so that the same agreements are told.
    nodes, before = page.evaluate(walk, 96), heap()
    assert page.evaluate(walk, 1008) == nodes
    assert heap() < before + 4e6
    assert wrong == []
    page.context.close()


def test_a_seat_is_taken_played_and_found_again_in_the_address(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + "?scenarios=baseline&seed=7&end=2020-06")
    page.click("text=Take a seat")
    page.select_option("dialog select", "EU")
    page.click("text=Sit down")
    page.wait_for_function("CD.seat && CD.seat.inbox", timeout=90_000)
    while not page.evaluate("CD.seat.inbox.some((talk) => talk.tabled)"):
        before = page.evaluate("CD.serial")
        page.click("text=Live on until something happens")
        page.wait_for_function(f"CD.serial > {before}", timeout=90_000)
    # The future is not to be seen: the clock ends where the player stands.
    page.evaluate("CD.go(CD.film.months - 1)")
    assert page.evaluate(MONTH) < page.evaluate("CD.seat.month")
    before = page.evaluate("CD.serial")
    unfold_talks(page)
    page.locator("button:visible", has_text="Offer this").first.click()
    page.wait_for_function(f"CD.serial > {before}", timeout=90_000)
    page.wait_for_function("location.search.includes('game=' + CD.seat.key)")
    # The address names the game and carries none of it, however many moves it has.
    assert "moves=" not in page.url and len(page.url) < len(address) + 60
    stands = page.evaluate("JSON.stringify([CD.seat.month, CD.seat.moves, CD.seat.inbox])")
    page.reload()
    page.wait_for_function("window.CD && CD.seat && CD.seat.inbox", timeout=90_000)
    assert page.evaluate("JSON.stringify([CD.seat.month, CD.seat.moves, CD.seat.inbox])") == stands
    assert wrong == []
    page.context.close()


def test_while_rules_are_compiled_the_page_says_so_and_not_a_month(browser: Any, address: str) -> None:
    page, _ = opened(browser, address + VIEWS["world"] + "&lang=id")
    far = """(steps) => { const text = document.createElement("span"), bar = document.createElement("progress"), stands = { month: null };
      return steps.map(([done, compiling]) => { CD.tellProgress({ done, compiling }, text, bar, stands); return text.textContent; }); }"""
    said = page.evaluate(far, [[None, True], [[1, 84], True], [[1, 84], False], [[2, 84], False]])
    assert said[0] == said[1] == said[2] and said[0].startswith("Mesin ini sedang menyiapkan")
    assert said[3] == "Bulan ke-2 dari 84"
    page.context.close()


def test_a_vanished_run_is_made_again_when_it_is_needed(browser: Any, tmp_path: Path) -> None:
    with served(tmp_path) as alone:
        page, _ = opened(browser, alone + "?scenarios=baseline&end=2019-06")
        for file in (tmp_path / ".films").glob("*.gz"):
            file.unlink()
        page.evaluate("CD.set({ colour: 'trust:IDN' })")
        page.wait_for_function("CD.film.panels['trust:IDN'] && CD.state.colour === 'trust:IDN'", timeout=60_000)
        assert page.locator("dialog").all_inner_texts() == []
        page.context.close()
