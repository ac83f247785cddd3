"""Where data lie, in a real browser: lines that say whose they are, cables that are cut, a sentence for each state, for everyone."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from app_page import READY, heard, opened
from link_worlds import busy
from test_app_axe_slow import TAGS

from analysis.app import film as films
from analysis.app.replay import replay
from sim import engine
from sim.run import prepare

pytestmark = pytest.mark.slow
WORLD = "?scenarios=baseline&end=2021-12&at=2021-03&view=data"
FLOWS = "[...document.querySelectorAll('[data-flow]')].filter((line) => !line.classList.contains('guest'))"
LIES = "CD.lyingOf(CD.film)"


@pytest.fixture(scope="module")
def page(browser: Any, address: str) -> Iterator[Any]:
    opened_page, wrong = opened(browser, address + WORLD)
    yield opened_page
    assert wrong == []
    opened_page.context.close()


@pytest.fixture(autouse=True)
def fresh(page: Any) -> None:
    page.evaluate("CD.set({ pick: '', hide: [], lang: 'en', theme: '' })")
    page.evaluate("CD.go(26)")


class Lived:
    """A film that is kept nowhere, in the form that a replay reads."""

    def __init__(self, tree: dict[str, Any]) -> None:
        config, chosen = prepare(tree)
        self.film, self.tables, _ = films.make(engine.assemble(config), chosen)

    def read(self, key: str, name: str) -> dict[str, Any]:
        return {**self.film, "key": key} if name == "film" else self.tables

    def trust(self, key: str, party: int) -> Any:
        return {"in": [], "of": []}


def test_the_view_is_a_tab_that_the_keyboard_reaches_and_its_lines_can_be_walked(page: Any) -> None:
    page.click(".tabs >> text=Map")
    page.focus(".tabs button:nth-child(3)")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("CD.state.view") == "data" and "view=data" in page.evaluate("CD.address()")
    page.focus("[data-flow][tabindex='0']")
    first = page.evaluate("document.activeElement.dataset.flow")
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.dataset.flow")
    assert first != second and "MW" in page.text_content(".tip")
    user = page.evaluate("CD.film.parties[document.activeElement.dataset.flow.split('>')[0]].code")
    page.keyboard.press("Enter")
    assert page.evaluate("CD.state.pick") == f"state:{user}"
    page.focus(".rings [tabindex='0']")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").count(", ") >= 3


def test_with_nothing_selected_the_largest_lines_of_the_world_are_drawn(page: Any) -> None:
    drawn = page.evaluate(f"{FLOWS}.length")
    assert drawn == 60
    largest = page.evaluate(
        f"{LIES}.flows(26, [...Array(CD.film.states).keys()]).slice(0, 60).map((one) => one.user + '>' + one.host).sort()"
    )
    assert page.evaluate(f"{FLOWS}.map((line) => line.dataset.flow).sort()") == largest
    assert "60" in page.text_content(".told")


def test_a_selected_state_shows_its_own_lines_and_says_its_exposure(page: Any) -> None:
    page.evaluate("CD.pick('state:KOR')")
    korea = page.evaluate("CD.film.index.get('KOR')")
    own = page.evaluate(f"{FLOWS}.map((line) => line.dataset.flow)")
    assert own and all(one.split(">")[0] == str(korea) for one in own)
    told = page.evaluate(
        f"(() => {{ const k = {korea}, at = (name) => CD.percent(CD.film.value(name, 26, k)); return [at('load_exposed'), "
        f"CD.film.name({LIES}.exposed(26, k)), at('load_at_home'), at('load_in_own_hands')]; }})()"
    )
    sentence = page.text_content(".exposure")
    assert sentence.startswith("Of the load of South Korea, ") and all(one in sentence for one in told)
    facts = page.text_content(".inspect .facts")
    for words in ("Load of its users", "Load that lies there", "Capacity in service", "Under construction", "Direct lines"):
        assert words in facts
    # Widths are as loads, but for the least that can be seen.
    widths = page.evaluate(
        f"{FLOWS}.map((line) => [Number(line.querySelector('.stripe').style.getPropertyValue('--w')), "
        f"{LIES}.flows(26, [{korea}]).find((one) => one.user + '>' + one.host === line.dataset.flow).mw])"
    )
    most = max(mw for _, mw in widths)
    assert all(wide == pytest.approx(max(6 * mw / most, 0.7), abs=0.01) for wide, mw in widths)


def test_lines_follow_the_month(page: Any) -> None:
    page.evaluate("CD.pick('state:IDN')")
    drawn = f"{FLOWS}.map((line) => line.dataset.said).join()"
    late = page.evaluate(drawn)
    page.evaluate("CD.go(0)")
    early = page.evaluate(drawn)
    page.evaluate("CD.go(26)")
    assert early != late == page.evaluate(drawn)


def test_places_on_the_map_are_those_of_the_film(page: Any) -> None:
    far = page.evaluate("""Math.max(...CD.film.lying.places.map(([lat, lon], k) => { const west = 11 - 180;
      const at = CD.project(lon - 360 * Math.floor((lon - west) / 360), lat), party = CD.film.parties[k].at;
      return Math.hypot(at[0] - party[0], at[1] - party[1]); }))""")
    assert far < 0.1
    edge = page.evaluate("CD.bowed([35, 139], [38, -77], 0.12).d")
    assert edge.count("M") == 2 and "NaN" not in edge


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("pick", ["", "state:DEU", "state:EU"])
def test_nothing_of_it_is_wrong_for_those_who_do_not_see_it(page: Any, theme: str, pick: str) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe is not installed: pip install '.[browser]'")
    page.evaluate(f"CD.set({{ theme: '{theme}', pick: '{pick}' }})")
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS)
    wrong = [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found["violations"]]
    assert [one for one, all_ in zip(wrong, found["violations"], strict=True) if all_["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("width", [390, 1024, 1440])
@pytest.mark.parametrize("pick", ["", "&pick=state:IDN"])
def test_nothing_is_wider_than_the_screen_and_its_words_are_indonesian(browser: Any, address: str, pick: str, width: int) -> None:
    small, wrong = opened(browser, address + WORLD + pick + "&lang=id", width=width, theme="dark")
    assert small.evaluate("document.documentElement.scrollWidth") <= width
    assert "Letak data" in small.text_content(".tabs") and "Penyedia dari" in small.text_content(".legend")
    if pick:
        assert small.text_content(".exposure").startswith("Dari beban Indonesia, ")
    assert wrong == []
    small.context.close()


def test_cables_can_be_put_away_and_the_address_keeps_it(page: Any) -> None:
    assert len(page.get_attribute(".ways", "d")) > 1000
    page.click("button.type >> text=cables and land lines")
    assert page.get_attribute(".ways", "d") == "" and "hide=cables" in page.evaluate("CD.address()")
    assert page.locator(".cut").count() == 0


def test_a_cut_link_and_a_state_cut_off_are_marked_and_told(browser: Any, tmp_path: Path) -> None:
    told = tmp_path / "cut.html"
    tree = busy("2020-06", cut="hub", fault_rate=0.0, land_fault_rate=0.0, announce_rate=0.0, retire_rate=0.0)
    told.write_text(replay(Lived(tree), "cut", "?view=data&at=2020-03"), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page, wrong = heard(context)
    page.goto(told.as_uri())
    page.wait_for_function(READY)
    cut = page.evaluate("[...document.querySelectorAll('.cut')].map((one) => one.dataset.way)")
    assert cut == page.evaluate(
        f"{LIES}.ways.filter((way) => {LIES}.isCut(way, CD.state.month))"
        ".map((way) => CD.film.parties[way.a].code + '-' + CD.film.parties[way.b].code)"
    )
    assert cut and str(len(cut)) in page.text_content(".told")
    assert "Cables and land lines cut this month" in page.text_content(".inspect")
    off = page.evaluate("[...document.querySelectorAll('.off[data-off]')].map((one) => one.dataset.off)")
    assert off and "Cut off altogether" in page.text_content(".inspect")
    page.evaluate(f"CD.pick('state:{off[0]}')")
    assert "Cut this month" in page.text_content(".inspect")
    # What lies behind the cut is told by the world and by the lines alike.
    lost = page.evaluate("[...document.querySelectorAll('.flow.lost')].map((line) => line.dataset.flow.split('>').map(Number))")
    assert lost and any(
        "Out of reach this month" in one
        for one in page.evaluate("[...document.querySelectorAll('.flow.lost')].map((line) => line.getAttribute('aria-label'))")
    )
    user = lost[0][0]
    assert page.evaluate(f"CD.film.value('load_out_of_reach', CD.state.month, {user})") > 0
    page.screenshot(path=str(tmp_path / "cut.png"))
    assert wrong == []
    context.close()
