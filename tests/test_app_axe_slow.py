"""axe finds nothing serious in any view of the page; a seat's positions, and a user's own parts, in a real browser."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from app_page import opened, served
from test_app_browser_slow import PICK_TREATY, VIEWS
from test_extending import FILES

from sim.single import load_parts

pytestmark = pytest.mark.slow
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SEAT = "?scenarios=baseline&protocol=alternating_offers&seed=7&end=2019-12&seat=EU&turn=2019-06"
AT = {**VIEWS, "seat": SEAT, "twin": VIEWS["twin"].replace("difference", "both"), "difference": VIEWS["twin"]}
ACTS = {
    "treaty": PICK_TREATY,
    "levers": "document.querySelector('.top').querySelectorAll('button')[1].click()",
    "gallery": "CD.gallery() && null",
    "glossary": "CD.openGlossary() && null",
    "share": "CD.share()",
    "seat": "document.querySelectorAll('details.talk').forEach((one) => { one.open = true; }); document.querySelector('.stance').click()",
}
SHOWN = {"seat": ".seat .position:not([hidden])", "share": "dialog .copy", "twin": ".stage.two"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "view", ["world", "graph", "state", "treaty", "levers", "gallery", "glossary", "seat", "share", "twin", "difference"]
)
def test_axe_finds_nothing_serious(browser: Any, address: str, view: str, theme: str) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe is not installed: pip install '.[browser]'")
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page, _ = opened(browser, address + AT.get(view, VIEWS["world"]), theme=theme)
    if view == "seat":
        page.wait_for_function("CD.tables && document.querySelector('.stance')", timeout=90_000)
    if view in ACTS:
        page.evaluate(ACTS[view])
        page.wait_for_timeout(400)
    assert page.locator(SHOWN.get(view, ".stage svg")).count()
    page.evaluate(axe)
    found = page.evaluate("(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS)
    serious = [
        (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert not serious, json.dumps(serious, indent=1)
    page.context.close()


def test_a_position_is_set_and_taken_back_in_a_seat(browser: Any, address: str) -> None:
    page, wrong = opened(browser, address + SEAT + "&lang=id")
    page.wait_for_function("CD.tables && document.querySelector('.stance')", timeout=90_000)
    page.evaluate(ACTS["seat"])
    form = page.locator(".position:not([hidden])").first
    form.locator("input[type=number]").fill("3.5")
    before = page.evaluate("CD.serial")
    form.locator("text=Berunding seolah-olah demikian").click()
    page.wait_for_function(f"CD.serial > {before}", timeout=90_000)
    move = page.evaluate("CD.seat.moves[0]")
    assert (move["kind"], move["salience"]) == ("set_position", 3.5) and 0 <= move["ideal"] <= 1
    told = "document.querySelector('.seat').textContent.includes('Posisi Anda: ')"
    page.wait_for_function(told, timeout=90_000)
    page.wait_for_function("location.search.includes('game=')")
    # The form stays open over the turn.
    page.locator(".position:not([hidden])").first.locator("text=Apa adanya").click()
    page.wait_for_function(f"!{told}", timeout=90_000)
    assert wrong == []
    page.context.close()


def test_a_users_own_parts_are_in_legend_levers_timeline_and_glossary(browser: Any, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_text(text, encoding="utf-8")
    try:
        with served(tmp_path / "outputs", tmp_path / "mine") as own:
            page, wrong = opened(browser, own + "?scenarios=baseline&negotiated=[research_pact]&end=2021-06&series=mean_trust&at=2021-06")
            assert "Research pact" in page.locator(".legend .type[aria-pressed]").all_text_contents()
            assert "Mean trust" in page.text_content(".rows")
            page.click("text=Levers")
            assert page.locator("dialog option[value=midway]").count() == 1
            page.fill("dialog input[type=search]", "agreements.research_pact.months_to_force")
            assert page.locator("#lever-agreements-research_pact-months_to_force").count() == 1
            page.keyboard.press("Escape")
            page.evaluate("CD.openGlossary() && null")
            assert {"Research pact", "Midway", "Flight ban", "Mean trust"} <= set(page.locator("dl.glossary dt").all_text_contents())
            assert wrong == []
            page.context.close()
    finally:
        load_parts(None)


def test_a_shock_is_drawn_on_the_axis_and_said_with_the_month(browser: Any, address: str) -> None:
    page, _ = opened(browser, address + VIEWS["twin"])
    assert page.locator(".axis rect.shock").count() >= 1
    name, spell = page.evaluate("CD.film.shocks.map((one) => [one.name, one.spells[0][0]]).sort((a, b) => a[1] - b[1])[0]")
    page.evaluate(f"CD.go({spell})")
    assert page.evaluate(f"CD.titleOf('shock', '{name}')") in page.get_attribute(".slider", "aria-valuetext").split(", ")
    page.evaluate(f"CD.go({spell - 1})")
    assert "," not in page.get_attribute(".slider", "aria-valuetext")
    page.context.close()
