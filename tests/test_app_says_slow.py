"""Picture and words in a real browser: the colour box, the difference, failed tables and red lines say what is drawn and done."""

from __future__ import annotations

from typing import Any

import pytest
from app_page import opened, unfold_talks

pytestmark = pytest.mark.slow
BOX = """[CD.state.colour, document.querySelector('.sight-bar select').value,
  document.querySelector('.sight-bar select').selectedOptions[0].text, document.querySelector('.legend .unit').textContent]"""
TABLES = "CD.tables && Object.keys(CD.tables).length"


def test_the_colour_box_names_what_is_drawn_whoever_chose_it(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + "?scenarios=baseline&end=2020-06&at=2020-03")
    # No border closes here, so nothing in the box differs by it: it is named all the same when it is drawn.
    for name in [*page.evaluate("Object.keys(CD.film.fields)"), "closure", "trust:IDN"]:
        page.evaluate(f"CD.set({{ colour: '{name}' }})")
        page.wait_for_function(f"CD.state.colour === '{name}'")
        colour, value, said, legend = page.evaluate(BOX)
        assert (colour, value) == (name, name)
        assert said == page.evaluate(f"CD.observableTitle('{name}')")
        assert legend.startswith(said)
    page.evaluate("CD.pick('state:BRA')")
    page.click("text=Colour the map by trust in Brazil")
    page.wait_for_function("CD.state.colour === 'trust:BRA'")
    assert page.evaluate(BOX)[2] == "Trust in Brazil"
    page.goto(address + "?scenarios=baseline&end=2020-06&at=2020-03&colour=happiness")
    page.wait_for_function("window.CD && CD.ready && document.querySelector('.legend .unit')")
    assert page.evaluate(BOX)[:3] == ["protection_firms", "protection_firms", "Data protected against firms"]
    assert wrong == []
    page.context.close()


@pytest.mark.parametrize(("lang", "title", "unit"), [("en", "Welfare: trade diverted", "bp of GDP a year"),
                                                  ("id", "Kesejahteraan: perdagangan yang teralihkan", "bp PDB per tahun")])  # fmt: skip
def test_gains_and_losses_are_told_by_source_with_sign_and_unit(browser: Any, address: str, lang: str, title: str, unit: str) -> None:
    words = f"?scenarios=baseline&end=2020-06&at=2020-03&colour=welfare&series=welfare_by_source&lang={lang}"
    page, wrong = opened(browser, address + words)
    bands = page.evaluate("[...document.querySelector('.legend').querySelectorAll('span')].slice(1).map((one) => one.textContent)")
    assert [band[0] for band in bands] == ["<", "<", "0", ">", ">"] and bands[1] == "< 0" and bands[3] == "> 0"
    page.evaluate("CD.set({ colour: 'welfare_diversion' })")
    page.wait_for_function("CD.state.colour === 'welfare_diversion'")
    assert page.evaluate(BOX)[2:] == [title, f"{title}, {unit}"]
    page.evaluate("CD.openPart('metric', 'welfare_by_source')")
    colours = page.evaluate("[...document.querySelectorAll('dialog .does i.swatch')].map((one) => one.style.background)")
    drawn = page.evaluate("[...document.querySelectorAll('.track .line')].map((one) => one.style.stroke)")
    assert len(set(drawn)) == len(drawn) > 3 and set(drawn) <= set(colours)
    assert wrong == []
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_difference_is_drawn_in_colours_that_no_type_has_and_its_tip_tells_it(browser: Any, address: str, theme: str) -> None:
    page, wrong = opened(browser, address + "?scenarios=pandemic_lockdown&seed=17&end=2021-06&at=2021-05&twin=difference", theme=theme)
    colour = "(name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()"
    types = page.evaluate(f"CD.film.types.map((one) => ({colour})('type-' + one.name))")
    own = [page.evaluate(colour, name) for name in ("less2", "less1", "more1", "more2")]
    assert len(set(own)) == 4 and not set(own) & set(types)
    drawn = "[...document.querySelectorAll('.arcs > g .arc')].map((one) => getComputedStyle(one).stroke)"
    rgb = """(hex) => { const one = document.body.appendChild(document.createElement('i'));
      one.style.color = hex;
      const said = getComputedStyle(one).color;
      one.remove();
      return said; }"""
    strokes = set(page.evaluate(drawn))
    assert strokes and strokes <= {page.evaluate(rgb, own[0]), page.evaluate(rgb, own[3])}
    assert "only here" in page.inner_text(".world") and "only in the twin" in page.inner_text(".world")
    # A swatch of a type would say that an arc of that colour is of that type.
    assert page.locator(".world button.type i.line").count() == 0
    page.evaluate("CD.set({ colour: 'contacts_held' })")
    apart = "(k) => CD.difference('contacts_held', CD.state.month, k)"
    party = page.evaluate(f"CD.film.parties.slice(0, CD.film.states).findIndex((_, k) => ({apart})(k) !== 0)")
    told = page.evaluate("(k) => CD.sights[0][1].words(k)", party)
    assert page.evaluate("(v) => CD.number(v)", page.evaluate(apart, party)) in told[2]
    # Other views cannot be taken from one another, so the button that says so is not there.
    page.evaluate("CD.set({ view: 'graph' })")
    assert page.locator(".stage.two").count() == 1
    assert page.locator("button:visible", has_text="Difference").count() == 0
    assert wrong == []
    page.context.close()


@pytest.mark.parametrize("language", ["en", "id"])
def test_talks_that_failed_draw_their_frontier_walls_and_best_texts_and_say_why(browser: Any, address: str, language: str) -> None:
    page, wrong = opened(browser, address + "?scenarios=baseline&seed=10&end=2022-12&at=2022-11&lang=" + language)
    page.wait_for_function(TABLES)
    failed = page.evaluate("CD.film.talks.flatMap((talk, n) => (talk[6] === 'failed' ? [n] : []))")
    assert failed
    for n in failed:
        page.evaluate(f"CD.pick('talk:{n}')")
        box = "document.querySelector('.plane').getBoundingClientRect()"
        inside = f"""(() => {{ const frame = {box}; return [...document.querySelectorAll('.plane .best')].map((one) => {{
          const at = one.getBoundingClientRect();
          return at.left > frame.left && at.right < frame.right && at.top > frame.top && at.bottom < frame.bottom; }}); }})()"""
        best = page.evaluate(inside)
        zone = page.evaluate(f"CD.tables['{n}'].zone.length")
        assert all(best) and (zone or len(best) == 2)
        assert page.locator(".plane .wall").count() == 2
        assert page.locator(".plane .frontier").count() >= 1
        caption = page.text_content("figcaption")
        a, b = page.evaluate(f"[1, 2].map((i) => CD.film.name(CD.film.talks[{n}][i]))")
        assert zone or a in caption or b in caption
    assert wrong == []
    page.context.close()


def test_a_red_line_is_drawn_as_its_button_says(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + "?scenarios=baseline&seed=7&end=2020-06")
    page.click("text=Take a seat")
    page.select_option("dialog select", "EU")
    page.click("text=Sit down")
    page.wait_for_function("CD.seat && CD.seat.inbox", timeout=90_000)
    for _ in range(12):
        if page.evaluate("CD.seat.inbox.length"):
            break
        before = page.evaluate("CD.serial")
        page.click("text=Live on until something happens")
        page.wait_for_function(f"CD.serial > {before}", timeout=90_000)
    unfold_talks(page)
    button = page.locator(".term-row button.line").first
    said = button.get_attribute("title") or ""
    issue = page.evaluate("CD.seat.inbox[0].issues[0].issue")
    before = page.evaluate("CD.serial")
    button.click()
    page.wait_for_function(f"CD.serial > {before}", timeout=90_000)
    line = page.evaluate(f"CD.seat.inbox[0].standing.red_lines.{issue}")
    wish = page.evaluate("""(() => { const one = CD.seat.inbox[0].issues[0];
      const best = one.salience > 0 ? one.ideal + one.gain / (2 * one.salience) : one.gain > 0 ? one.ceiling : one.floor;
      return Math.min(Math.max(best, one.floor), one.ceiling); })()""")
    assert list(line) == ["at_least" if "at least" in said else "at_most"]
    assert line.get("at_least", 0.0) <= wish <= line.get("at_most", 1.0)
    assert wrong == []
    page.context.close()
