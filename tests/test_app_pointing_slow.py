"""Pointing and tabbing in a real browser: every state can be clicked and found, and every stop of the Tab key is on the screen."""

from __future__ import annotations

from typing import Any

import pytest
from app_page import opened

pytestmark = pytest.mark.slow
WORLD = "?scenarios=baseline&end=2021-12&at=2021-11"
SHOWN = "[...document.querySelectorAll('.arcs > g')].filter((g) => g.getAttribute('display') !== 'none')"
# Where each state's point lies on the screen, and whose place is on top there.
TOPS = """() => { const out = {};
  for (const party of CD.film.parties.slice(0, CD.film.states)) {
    const at = new DOMPoint(...party.at).matrixTransform(document.querySelector('.world-map.over').getScreenCTM());
    const top = document.elementFromPoint(at.x, at.y), place = top && top.closest('[data-party]');
    out[party.code] = place ? CD.film.parties[place.dataset.party].code : top && top.outerHTML.slice(0, 80); }
  return out; }"""
HERE = """() => { const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return null;
  one.scrollIntoView({ block: 'nearest' });
  const now = one.getBoundingClientRect(), seen = one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const inside = now.right > 0 && now.left < innerWidth && now.bottom > 0 && now.top < innerHeight;
  return { name: one.tagName + '.' + one.getAttribute('class') + ' ' + (one.getAttribute('aria-label') || one.textContent).slice(0, 40),
    seen: seen && inside && now.width > 2 && now.height > 2, hidden: !!one.closest('[aria-hidden="true"], [hidden]') }; }"""
TABLES = "CD.tables && Object.keys(CD.tables).length"


@pytest.mark.parametrize("pick", ["", "&pick=state:DEU", "&pick=state:EU"])
@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_every_state_can_be_clicked_at_its_point_whatever_is_drawn_over_it(
    browser: Any, address: str, pick: str, size: tuple[int, int]
) -> None:
    page, _ = opened(browser, address + WORLD + pick, width=size[0], height=size[1])
    assert page.evaluate(f"{SHOWN}.length") >= 20
    tops = page.evaluate(TOPS)
    assert len(tops) == 193
    assert {code: top for code, top in tops.items() if top != code} == {}
    page.context.close()


@pytest.mark.parametrize("language", ["en", "id"])
def test_on_a_projector_the_map_keeps_half_the_height(browser: Any, address: str, language: str) -> None:
    page, _ = opened(browser, address + WORLD + "&pick=state:DEU&lang=" + language, width=1280, height=720)
    assert page.evaluate("document.querySelector('.sheets').getBoundingClientRect().height") >= 360
    page.context.close()


def test_a_click_under_the_arcs_selects_the_state_and_its_agreements_stand_out(browser: Any, address: str) -> None:
    page, _ = opened(browser, address + WORLD)
    assert page.evaluate(f"{SHOWN}.length") <= page.evaluate("CD.MOST_ARCS")
    at = page.evaluate(
        "(() => { const p = new DOMPoint(...CD.film.parties[CD.film.index.get('DEU')].at)"
        ".matrixTransform(document.querySelector('.world-map.over').getScreenCTM()); return [p.x, p.y]; })()"
    )
    page.mouse.click(*at)
    assert page.evaluate("CD.state.pick") == "state:DEU"
    own, faint = (page.evaluate(f"{SHOWN}.filter((g) => g.classList.contains('{name}')).length") for name in ("own", "faint"))
    mine = """(() => { const k = CD.film.index.get('DEU'), mine = [k, ...CD.film.blocsOf(k, CD.state.month)];
      return CD.film.instruments.filter((one) => CD.film.stage(one, CD.state.month)
        && CD.partiesOf(one).some((p) => mine.includes(p))).length; })()"""
    assert own == page.evaluate(mine) > 0
    assert 0 < faint <= page.evaluate("CD.MOST_ARCS")
    said = page.text_content(".world .legend:last-child span:last-child") or page.evaluate("CD.parts.drawn.textContent")
    assert str(own + faint) in page.evaluate("CD.parts.drawn.textContent"), said
    page.context.close()


VIEWS = {
    "world": "",
    "graph": "&view=graph",
    "capacity": "&view=capacity",
    "data": "&view=data&pick=state:KOR",
    "state": "&pick=state:IDN",
    "large": "&pick=state:IDN&lang=id&size=large",
    "twin": "&scenarios=pandemic_lockdown&twin=both",
}


@pytest.mark.parametrize("view", list(VIEWS))
def test_every_stop_of_the_tab_key_is_on_the_screen(browser: Any, address: str, view: str) -> None:
    page, _ = opened(browser, address + WORLD + VIEWS[view])
    page.wait_for_function(TABLES)
    page.evaluate("document.activeElement.blur()")
    stops = []
    for _ in range(200):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None:
            break
        stops.append(here)
    assert 20 < len(stops) < 120
    assert [stop["name"] for stop in stops if not stop["seen"] or stop["hidden"]] == []
    page.context.close()


def test_a_state_is_found_by_typing_in_either_language(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + WORLD)
    for language, asked, code in (("en", "nigeria", "NGA"), ("en", "ner", "NER"), ("id", "Jerman", "DEU"), ("id", "germany", "DEU")):
        page.evaluate(f"CD.set({{ lang: '{language}', pick: '' }})")
        page.focus(".finder")
        page.keyboard.type(asked)
        assert page.evaluate("CD.state.pick") == ""
        page.keyboard.press("Enter")
        assert page.evaluate("CD.state.pick") == f"state:{code}"
        assert page.evaluate("document.activeElement.className") == "finder"
    page.keyboard.type("atlantis")
    page.keyboard.press("Enter")
    assert page.evaluate("CD.state.pick") == "state:DEU"
    assert page.text_content(".find [role=status]")
    # A name chosen from the browser's list arrives at once.
    chosen = "(box) => { box.value = 'Brasil'; box.dispatchEvent(new Event('input')); }"
    page.eval_on_selector(".finder", chosen)
    assert page.evaluate("CD.state.pick") == "state:BRA"
    assert wrong == []
    page.context.close()


@pytest.mark.parametrize("view", ["map", "graph"])
def test_arcs_are_one_stop_of_the_tab_key_and_arrows_walk_through_them(browser: Any, address: str, view: str) -> None:
    page, _ = opened(browser, address + WORLD + f"&view={view}")
    assert page.locator(".arcs > g[tabindex='0']").count() == 1
    page.focus(".arcs > g[tabindex='0']")
    seen = []
    count = page.evaluate(f"{SHOWN}.length")
    for _ in range(count):
        seen.append(page.evaluate("document.activeElement.dataset.arc"))
        assert page.is_visible(".tip")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')")
        page.keyboard.press("ArrowRight")
    assert len(set(seen)) == count and page.evaluate("document.activeElement.dataset.arc") == seen[0]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert page.evaluate("CD.state.pick") == "treaty:" + seen[-1]
    page.context.close()


def test_offers_are_one_stop_of_the_tab_key_and_arrows_walk_through_the_rounds(browser: Any, address: str) -> None:
    page, _ = opened(browser, address + WORLD + "&protocol=alternating_offers")
    page.wait_for_function(TABLES)
    talk = page.evaluate("Object.entries(CD.tables).find(([, plane]) => (plane.offers || []).length > 4)[0]")
    page.evaluate(f"CD.pick('talk:{talk}')")
    assert page.locator(".plane .offer[tabindex='0']").count() == 1
    page.focus(".plane .offer[tabindex='0']")
    offers = page.evaluate(f"CD.tables['{talk}'].offers.map((one) => one[1] + 1)")
    told = []
    for _ in offers:
        told.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        page.keyboard.press("ArrowRight")
    assert [int(text.split()[1].rstrip(",")) for text in told] == offers
    page.context.close()


def test_a_map_that_is_near_can_be_dragged_clicked_and_seen_whole_again(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + WORLD + "&pick=state:DEU")
    frame = "document.querySelector('.world-map').getAttribute('viewBox').split(' ').map(Number)"
    whole = page.evaluate(frame)
    for _ in range(3):
        page.click("button[title=Nearer]")
    near = page.evaluate(frame)
    assert near[2] == pytest.approx(whole[2] / 1.8**3, rel=1e-3)
    # What is selected is in the middle, and both sheets show the same part.
    middle = page.evaluate("CD.film.parties[CD.film.index.get('DEU')].at")
    assert [near[0] + near[2] / 2, near[1] + near[3] / 2] == pytest.approx(middle, abs=0.1)
    assert page.evaluate("document.querySelector('.world-map.over').getAttribute('viewBox').split(' ').map(Number)") == near
    tops = {code: top for code, top in page.evaluate(TOPS).items() if code in ("DEU", "POL", "ITA", "CZE", "AUT", "HUN")}
    assert tops == {code: code for code in tops}
    box = page.locator(".sheets").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 150, y + 40, steps=4)
    page.mouse.up()
    # A drag moves the map and selects nothing; the click after it selects again.
    assert page.evaluate("CD.state.pick") == "state:DEU"
    assert page.evaluate(frame)[0] < near[0] - 5
    at = page.evaluate(
        "(() => { const p = new DOMPoint(...CD.film.parties[CD.film.index.get('FRA')].at)"
        ".matrixTransform(document.querySelector('.world-map.over').getScreenCTM()); return [p.x, p.y]; })()"
    )
    page.mouse.click(*at)
    assert page.evaluate("CD.state.pick") == "state:FRA"
    page.click("button[title='The whole map']")
    assert page.evaluate(frame) == pytest.approx(whole, abs=0.1)
    assert page.is_disabled("button[title=Farther]")
    assert wrong == []
    page.context.close()
