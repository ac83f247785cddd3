"""The life of an agreement and how long agreements last, in a real browser: drawn, told in words, chosen by mouse and keyboard."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest
from app_page import opened
from test_app_axe_slow import TAGS
from test_survival import TREATED

from analysis.survival import Spell, at_risk, survival

pytestmark = pytest.mark.slow
WORLD = "?scenarios=eu_us_transfers&mechanisms.courts.complaint_rate=1.0&end=2020-12&at=2020-12"
# A framework that a court has struck, with what it replaced and what replaced it: whichever this run has.
STRUCK = """(() => { const code = CD.film.words.event.indexOf("ruling"), hit = CD.film.events.find((e) => e[1] === code && e[8] === 1);
  return hit ? CD.film.instruments[hit[6]].id : null; })()"""
LATE = [[0, 2, True], [0, 4, True], [3, 6, False], [5, 9, True], [2, 9, True]]


@pytest.fixture(scope="module")
def page(browser: Any, address: str) -> Any:
    opened_page, wrong = opened(browser, address + WORLD)
    yield opened_page
    assert wrong == []
    opened_page.context.close()


def _close(page: Any) -> None:
    page.evaluate("document.querySelectorAll('dialog').forEach((box) => box.close())")


def test_a_struck_framework_is_shown_with_its_case_end_and_successor(page: Any) -> None:
    struck = page.evaluate(STRUCK)
    assert struck, "no court strikes anything in this run: choose another for this test"
    page.evaluate("(id) => CD.state.pick === 'treaty:' + id || CD.pick('treaty:' + id)", struck)
    line = page.locator(".inspect .life-line")
    assert line.count() == 1
    for mark in ("diamond", "slashed", "crossed_box", "circle"):
        assert line.locator(f".event.{mark}").count() >= 1
    assert line.locator(".life-force").count() >= 1
    assert line.locator(".life-case").count() >= 1
    said = line.get_attribute("aria-label")
    assert "struck down in court" in said
    assert "annulled" in said
    page.click("text=The whole life, with its text and clauses")
    chain = page.evaluate("(id) => CD.chainOf(CD.film, CD.film.treatyAt.get(id)).length", struck)
    assert page.locator("dialog .life-words").count() == chain >= 2
    told = page.text_content("dialog")
    for words in (
        "Safeguards",
        "Review",
        "Notice to leave",
        "Digital trade between the two while in force",
        "people complained",
        "struck down",
    ):
        assert words in told
    _close(page)


def test_any_agreement_is_chosen_from_the_list_and_a_date_goes_to_its_month(page: Any) -> None:
    page.evaluate("CD.state.pick && CD.pick('')")
    page.click("text=Lives of agreements")
    choice = page.locator("dialog select")
    assert choice.locator("option").count() == page.evaluate("CD.film.instruments.length")
    before = page.text_content("dialog .life")
    choice.focus()
    page.keyboard.press("End")
    page.wait_for_function("(was) => document.querySelector('dialog .life').textContent !== was", arg=before)
    choice.select_option(index=0)
    moment = page.locator("dialog .life-words li button").last
    when = moment.text_content()
    moment.click()
    assert page.evaluate("CD.monthName(CD.film, CD.state.month, true)") == when
    _close(page)
    page.evaluate("CD.go(CD.limit())")


def test_the_axis_tells_struck_from_upheld_and_says_so_to_who_does_not_see_it(page: Any) -> None:
    assert page.locator(".events .event.slashed").count() >= 1
    assert "struck down in court" in page.get_attribute("svg.events", "aria-label")
    words = page.evaluate("[...document.querySelectorAll('.filter label')].map((one) => one.textContent)")
    assert {"taken to court", "breach found", "suspended", "annulled", "replaced"} <= set(words)


@pytest.mark.parametrize("spells", [[[0, weeks, bool(ended)] for weeks, ended in TREATED], LATE], ids=["textbook", "late entry"])
def test_the_pages_estimator_is_that_of_the_report(page: Any, spells: list[list[Any]]) -> None:
    here, there = page.evaluate("(some) => CD.survival(some)", spells), survival([Spell(*one) for one in spells])
    assert [row[0] for row in here] == there.age.tolist()
    for k, column in enumerate((there.share, there.low, there.high)):
        assert [row[k + 1] for row in here] == pytest.approx(column.tolist())
    ages = list(range(12))
    counted = page.evaluate("([some, ages]) => ages.map((age) => CD.atRisk(some, age))", [spells, ages])
    assert counted == [at_risk([Spell(*one) for one in spells], age) for age in ages]


def test_survival_follows_the_clock(page: Any) -> None:
    count = "CD.spellsOf(CD.film, CD.state.month).reduce((sum, [, spells]) => sum + spells.length, 0)"
    late = page.evaluate(count)
    page.evaluate("CD.go(12)")
    early = page.evaluate(count)
    assert page.evaluate("CD.spellsOf(CD.film, 12).every(([, some]) => some.every(([from, until]) => until >= from))")
    page.click("text=How long agreements last")
    assert "still in force after" in page.text_content("dialog")
    _close(page)
    page.evaluate("CD.go(CD.limit())")
    assert early < late


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("act", ["CD.openLife(CD.film) && null", "CD.openSurvival(CD.film) && null"], ids=["life", "survival"])
def test_axe_finds_nothing_serious_in_either_language(browser: Any, address: str, theme: str, act: str) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe is not installed: pip install '.[browser]'")
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    shown, wrong = opened(browser, address + WORLD + "&lang=id", theme=theme)
    shown.evaluate(act)
    shown.evaluate(axe)
    found = shown.evaluate("(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS)
    serious = [
        (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert not serious, json.dumps(serious, indent=1)
    assert wrong == []
    shown.context.close()


def test_a_suspended_agreement_is_drawn_apart_from_one_in_force_and_says_since_when(page: Any) -> None:
    month = page.evaluate("""(() => { for (let m = 0; m < CD.film.months; m++)
      if (CD.film.instruments.some((one) => CD.film.stage(one, m) === "suspended")) return m; return -1; })()""")
    assert month >= 0, "nothing is suspended in this run: choose another for this test"
    page.evaluate("(m) => CD.go(m)", month)
    page.wait_for_selector(".arcs .suspended", state="attached")
    arc = page.locator(".arcs .suspended").first
    assert "suspended since" in arc.get_attribute("aria-label")
    dashes = [page.evaluate("(where) => getComputedStyle(document.querySelector(where)).strokeDasharray", f".arcs .{stage} .arc")
              for stage in ("suspended", "force")]  # fmt: skip
    assert dashes[0] != "none" and dashes[1] == "none"
    assert page.locator(".legend i.suspended").count() == 1
    # What is suspended is not counted as in force, on the page as in the series.
    counted = page.evaluate("CD.film.inForce(CD.state.month).length")
    told = page.evaluate("""Object.entries(CD.film.series).filter(([name, one]) => one.metric === "agreements_in_force")
      .reduce((sum, [name, one]) => sum + one.values[CD.state.month], 0)""")
    assert counted == told
    page.evaluate("CD.go(CD.limit())")
