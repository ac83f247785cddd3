"""A head's year in a real browser: the calendar tells each contact, the record stands beside it, and any head and year can be chosen."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
from app_page import opened
from test_app_axe_slow import TAGS

pytestmark = pytest.mark.slow
WORLD = "?scenarios=china_cloud_diplomacy&end=2021-12&at=2021-12"


@pytest.fixture(scope="module")
def page(browser: Any, address: str) -> Any:
    opened_page, wrong = opened(browser, address + WORLD)
    yield opened_page
    assert wrong == []
    opened_page.context.close()


@pytest.fixture(autouse=True)
def year(page: Any) -> Any:
    page.evaluate("CD.state.pick && CD.pick('')")
    page.click("text=A head's year")
    yield
    page.evaluate("document.querySelectorAll('dialog').forEach((box) => box.close())")


def test_it_opens_on_the_head_of_whom_there_is_a_record(page: Any) -> None:
    assert page.evaluate("CD.film.parties[Number(document.querySelector('dialog select').value)].code") == "CHN"
    told = page.text_content("dialog")
    for words in ("Journeys", "Call", "Video", "79 calls: Xinhua", "59 to 99"):
        assert words in told
    assert page.locator("dialog table.plain tbody tr").count() >= 4


def test_the_calendar_has_a_mark_or_a_number_for_each_contact(page: Any) -> None:
    counted = page.evaluate("""() => { const k = Number(document.querySelector('dialog select').value);
      const more = (cell) => cell.querySelector('.more');
      const cells = [...document.querySelectorAll('.head-year tr:not(.all) td:not(.sum)')];
      const told = (cell) => cell.querySelectorAll('svg').length + (more(cell) ? Number(more(cell).textContent.slice(1)) : 0);
      return [CD.headYear(CD.film, k, 2021).length, cells.reduce((sum, cell) => sum + told(cell), 0)]; }""")
    assert counted[0] == counted[1] > 20
    sums = page.evaluate("[...document.querySelectorAll('.head-year .sum')].map((one) => Number(one.textContent))")
    assert sums[0] == counted[0] == sum(sums[1:])
    said = page.evaluate("[...document.querySelectorAll('.head-year td .unseen')].map((one) => one.textContent).filter(Boolean)")
    assert said and all(any(channel in one for channel in ("Visit", "Summit", "Call", "Video", "Message")) for one in said)


def test_another_year_and_another_head_are_chosen_and_one_without_a_record_says_so(page: Any) -> None:
    page.locator("dialog select").nth(1).select_option("2020")
    assert "22 events by video" in page.text_content("dialog")
    page.locator("dialog select").nth(0).select_option(label="Indonesia")
    assert "No record of this head and year is given" in page.text_content("dialog")
    assert page.evaluate("CD.headYears(CD.film)") == [2018, 2019, 2020, 2021]


def test_who_could_listen_is_told_beside_each_platform(page: Any) -> None:
    head = page.locator("dialog table.plain").last
    assert "Who could listen" in (head.text_content() or "")
    assert head.locator("tbody tr").count() >= 1


def test_a_partner_leads_to_its_state_and_the_year_is_also_in_the_panel_of_a_state(page: Any) -> None:
    page.locator(".head-year button.link").first.click()
    assert page.evaluate("CD.state.pick").startswith("state:")
    page.click("text=The year of its head")
    code = page.evaluate("CD.film.parties[Number(document.querySelector('dialog select').value)].code")
    assert page.evaluate("CD.state.pick") == "state:" + code


def test_nothing_of_it_is_wrong_for_those_who_do_not_see_it(page: Any) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe is not installed: pip install '.[browser]'")
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS)
    assert [one["id"] for one in found["violations"] if one["impact"] in ("serious", "critical")] == []
