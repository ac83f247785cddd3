"""The report in a real browser without a network: it draws, it fits, it follows the system's theme, and it can be asked."""

from __future__ import annotations

from typing import Any

import fake_run
import pytest
from app_page import heard

from analysis import style
from analysis.paired.pair import pair
from analysis.report import write
from analysis.store import open_run
from sim.run import run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    outputs = tmp_path_factory.mktemp("outputs")
    folder = fake_run.write(outputs / "baseline-fake")
    few = {"states": ["BRA", "DEU", "FRA", "IDN", "JPN", "SGP", "USA"]}
    made = [run("pandemic_lockdown", outputs=outputs, seeds=2, roster=few, counterfactual=twin).folder for twin in (False, True)]
    closed, opened = (open_run(one) for one in made if one is not None)
    return write(open_run(folder), folder / "report.html", pair(closed, opened)).as_uri()


def _opened(browser: Any, report: str, width: int, theme: str) -> tuple[Any, list[str]]:
    context = browser.new_context(viewport={"width": width, "height": 860}, color_scheme=theme, offline=True)
    page, wrong = heard(context)
    page.goto(report)
    drawn = "document.querySelectorAll('.js-plotly-plot .cartesianlayer').length === document.querySelectorAll('[data-figure]').length"
    page.wait_for_function(drawn, timeout=30_000)
    return page, wrong


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_the_page_draws_and_fits_without_a_network(browser: Any, report: str, width: int, theme: str) -> None:
    page, wrong = _opened(browser, report, width, theme)
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    top = page.evaluate("document.querySelector('#figure-world_map').getBoundingClientRect().top")
    assert top < 600
    page.context.close()


def test_figures_turn_dark_with_the_system(browser: Any, report: str) -> None:
    page, wrong = _opened(browser, report, 1024, "light")
    ground = "document.querySelector('#figure-contacts_by_channel').layout.xaxis.linecolor"
    assert page.evaluate(ground) == style.HAIRLINE
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{ground} === '{style.DARK_OF[style.HAIRLINE]}'", timeout=10_000)
    assert wrong == []
    page.context.close()


def test_a_table_of_years_names_its_years_on_a_phone(browser: Any, report: str) -> None:
    page, _ = _opened(browser, report, 390, "dark")
    shown = "getComputedStyle(document.querySelector('.paired td'), '::before').content"
    assert page.evaluate(shown) == '"2020"'
    assert page.evaluate("getComputedStyle(document.querySelector('.paired thead')).display") == "none"
    page.context.close()


def test_a_large_state_can_be_asked_anywhere_on_its_land(browser: Any, report: str) -> None:
    page, _ = _opened(browser, report, 1440, "light")
    box = page.locator("#figure-world_map").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.33, box["y"] + box["height"] * 0.62)
    page.mouse.move(box["x"] + box["width"] * 0.33, box["y"] + box["height"] * 0.60)
    page.wait_for_selector("#figure-world_map .hovertext", timeout=10_000)
    assert "Brazil" in page.text_content("#figure-world_map .hovertext")
    page.context.close()
