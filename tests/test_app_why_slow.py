"""Why these two in a real browser: chosen on the map, by lists and by keyboard, told in words and bars, and kept in the address."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from app_page import opened
from test_app_axe_slow import TAGS

pytestmark = pytest.mark.slow
WORLD = "?scenarios=baseline&seed=7&end=2020-12&at=2020-06"
PAIR = WORLD + "&pick=pair:IDN,SGP"
SEAT = "?scenarios=baseline&protocol=alternating_offers&seed=7&end=2019-12&seat=EU&turn=2019-06"
TOLD = "!!document.querySelector('.why .verdict') && !document.querySelector('.why .waits')"
CLICK = "(code) => document.querySelector(`.places [data-party='${CD.film.index.get(code)}']`).dispatchEvent(new MouseEvent('click'))"


def _told(page: Any) -> str:
    page.wait_for_function(TOLD, timeout=90_000)
    return str(page.text_content(".why"))


def test_two_clicks_on_the_map_tell_why(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + WORLD)
    page.click("text=Why these two, why not those two?")
    page.evaluate(CLICK, "IDN")
    assert "Now choose the other" in page.text_content(".why")
    page.evaluate(CLICK, "SGP")
    assert "alks may open" in _told(page) and "Why these two: Indonesia and Singapore" in page.text_content(".why h2")
    page.wait_for_function("location.search.includes('pick=pair:IDN,SGP')")
    assert page.locator(".picked path, .picked circle").count() >= 2
    # With both chosen, a click on the map is what it always is.
    page.evaluate(CLICK, "JPN")
    assert page.evaluate("CD.state.pick") == "state:JPN"
    page.go_back()
    page.wait_for_function("CD.state.pick === 'pair:IDN,SGP'")
    _told(page)
    assert wrong == []
    page.context.close()


def test_two_clicks_on_the_graph_do_as_well_and_a_state_asks_about_itself(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + WORLD + "&view=graph&pick=state:IDN")
    page.click("text=Why with some, why not with others?")
    assert page.evaluate("CD.state.pick") == "pair:IDN,"
    at = page.evaluate("CD.film.index.get('EU')")
    page.evaluate(f"document.querySelectorAll('.graph .nodes circle')[{at}].dispatchEvent(new MouseEvent('click'))")
    assert "European Union" in _told(page)
    assert page.locator(".graph .nodes .chosen").count() == 2
    assert wrong == []
    page.context.close()


def test_numbers_on_the_page_are_the_models_own_and_add_up(browser: Any, address: str) -> None:
    page, _ = opened(browser, address + PAIR)
    _told(page)
    found = page.evaluate(
        """async () => (await CD.postJson('data/why', { words: CD.state.words, one: 'IDN', other: 'SGP', month: '2020-06' })).types"""
    )
    sides = [side for kind in found for way in kind["ways"] for side in way["sides"] or ()]
    tables = page.locator("table.why-terms")
    assert tables.count() == len(sides) > 0
    for at in range(tables.count()):
        cells = [text.replace("−", "-") for text in tables.nth(at).locator("td:last-child").all_text_contents()]
        decimals = len(cells[-1].partition(".")[2])
        *terms, whole = map(float, cells)
        assert sum(terms) == pytest.approx(whole, abs=0.51 * 10**-decimals * len(cells))
        assert terms == sorted(terms, reverse=True)
        side = next(one for one in sides if round(one["bp"], decimals) == whole)
        assert sorted(round(term["bp"], decimals) for term in side["terms"]) == sorted(terms)
    page.context.close()


def test_gains_lie_to_the_right_of_nothing_and_losses_to_the_left_in_two_colours(browser: Any, address: str) -> None:
    page, _ = opened(browser, address + PAIR)
    _told(page)
    bars = page.evaluate(
        """[...document.querySelectorAll('.why-terms tbody tr')].map((row) => {
        const i = row.querySelector('i'), u = row.querySelector('u');
        const at = i.getBoundingClientRect(), zero = u.getBoundingClientRect().left;
        return [row.lastChild.textContent, at.left - zero, at.right - zero, getComputedStyle(i).backgroundColor]; })"""
    )
    assert len(bars) > 8
    for text, left, right, _ in bars:
        assert (left > -1.5) if text.startswith("+") else (right < 2.5) if text.startswith("−") else True
    assert len({colour for text, *_, colour in bars if text.startswith("+")} | {c for t, *_, c in bars if t.startswith("−")}) == 2
    page.context.close()


def test_the_answer_follows_the_month_and_the_language(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + PAIR)
    _told(page)
    page.evaluate("CD.go(2)")
    page.wait_for_function("document.querySelector('.why .verdict').textContent.includes('March 2019')", timeout=90_000)
    page.evaluate("CD.set({ lang: 'id' })")
    said = _told(page)
    assert "Mengapa dua pihak ini: Indonesia dan Singapura" in said and "Maret 2019" in said and "keuntungan, ke kanan" in said
    page.evaluate("CD.clock.play ? CD.clock.play() : document.querySelector('.tool.play').click()")
    page.wait_for_function("CD.state.month > 8", timeout=90_000)
    page.evaluate("CD.clock.pause()")
    page.wait_for_function(
        f"({TOLD}) && document.querySelector('.why .verdict').textContent.includes(CD.monthName(CD.film, CD.state.month))"
    )
    assert wrong == []
    page.context.close()


def test_the_panel_is_worked_by_keyboard_and_heard(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + WORLD + "&pick=pair:IDN,")
    page.focus(".why [data-keep=list1]")
    page.select_option(".why [data-keep=list1]", "EU")
    _told(page)
    assert page.evaluate("document.activeElement.dataset.keep") == "list1"
    page.wait_for_function("document.querySelector('.unseen[aria-live]').textContent.length > 10")
    page.focus(".why-type summary")
    kept = page.evaluate("document.activeElement.dataset.keep")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    page.evaluate("CD.go(3)")
    page.wait_for_function("document.querySelector('.why .verdict').textContent.includes('April 2019')", timeout=90_000)
    assert not page.evaluate(f"document.querySelector('.why [data-keep={kept}]').parentElement.open")
    assert wrong == []
    page.context.close()


def test_what_has_the_keyboard_has_it_still_when_anything_draws_the_panel_anew(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + PAIR)
    _told(page)
    anew = "document.activeElement.seen = true; CD.serial += 1; CD.paint()"
    for kind in ("select", "summary", "button"):
        first = page.locator(f"#inspect {kind}").first
        first.focus()
        words = first.text_content()
        page.evaluate(anew)
        assert page.evaluate("document.activeElement.tagName").lower() == kind
        assert page.evaluate("document.activeElement.textContent") == words
        assert page.evaluate("document.activeElement.seen") is None, "the panel was not drawn anew"
    assert wrong == []
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_a_pair(browser: Any, address: str, theme: str) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe is not installed: pip install '.[browser]'")
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    for view in (PAIR, WORLD + "&pick=pair:IDN,", WORLD + "&pick=pair:USA,EU&size=large"):
        page, _ = opened(browser, address + view, theme=theme)
        if not view.endswith(","):
            _told(page)
        page.evaluate(axe)
        found = page.evaluate("(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS)
        serious = [
            (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert not serious, json.dumps(serious, indent=1)
        page.context.close()


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Any, address: str) -> None:
    page, _ = opened(browser, address + PAIR + "&lang=id", width=390, height=844)
    _told(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("[...document.querySelectorAll('.why *')].every((one) => one.getBoundingClientRect().right <= 391)")
    page.context.close()


def test_a_player_sees_its_own_side_and_of_two_others_only_rules(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + SEAT)
    page.click("text=Why with some, why not with others?")
    assert page.evaluate("CD.state.pick") == "pair:EU,"
    page.evaluate(CLICK, "IDN")
    said = _told(page)
    assert "What Indonesia would gain is its own secret." in said and "the most that you could hope for" in said
    assert all("European Union" in one for one in page.locator(".why-terms caption").all_text_contents())
    page.evaluate("CD.pick('pair:JPN,IDN')")
    assert "What two others hope for is theirs alone" in _told(page)
    assert page.locator(".why-terms").count() == 0
    assert wrong == []
    page.context.close()


def test_a_replay_holds_the_pair_that_it_was_made_with(browser: Any, address: str, tmp_path: Path) -> None:
    page, _ = opened(browser, address + PAIR)
    _told(page)
    text = page.evaluate("CD.fetchText(CD.beside(CD.film, 'replay', '.html') + location.search)")
    file = tmp_path / "replay.html"
    file.write_text(text, encoding="utf-8")
    alone, wrong = opened(browser, file.as_uri())
    assert "alks may open" in _told(alone)
    alone.evaluate("CD.go(2)")
    alone.wait_for_function("document.querySelector('.why .verdict').textContent.includes('March 2019')")
    alone.evaluate("CD.pick('pair:IDN,JPN')")
    assert "only for the pair" in alone.text_content(".why")
    assert wrong == []
    page.context.close()
    alone.context.close()
