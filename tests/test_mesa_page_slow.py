"""The page for Mesa users in a real browser, served as a person would serve it, on this machine alone.

The extra is half a gigabyte: ``make solara-test`` installs it; elsewhere these tests are skipped and say so.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from app_page import opened

pytestmark = pytest.mark.slow
WHY = "the extra solara is not installed: make solara-test, or pip install '.[solara]'"
ROOT = Path(__file__).parents[1]
GUARD = """
import sys
def hear(event, told):
    if event == "socket.getaddrinfo" and told[0] not in (None, "127.0.0.1", b"127.0.0.1", "localhost"):
        print("left the machine:", told[0], file=sys.stderr, flush=True)
    if event == "socket.connect" and isinstance(told[1], tuple) and (told[1][0] != "127.0.0.1" or told[1][1] == 9):
        print("left the machine, or would have:", told[1], file=sys.stderr, flush=True)
sys.addaudithook(hear)
from analysis.__main__ import main
sys.exit(main(["mesa", "--port", "0"]))
"""
"""The server with an ear on whom it looks up: a browser's log would not show what the server asks for."""
KNOWN = "Failed to evaluate Vue script and find module.exports"
"""A warning of Solara about a component of its own, written in an older form."""
PICTURES = "[...document.querySelectorAll('.vue-grid-item img')]"
INSIDE = f"""() => Promise.all({PICTURES}.map(async (one) => {{
    const bytes = await (await fetch(one.src)).arrayBuffer();
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join(' ');
}}))"""


@pytest.fixture(scope="module", autouse=True)
def extra() -> None:
    """Skip before a browser is opened for nothing."""
    for needed in ("solara", "solara_assets"):
        pytest.importorskip(needed, reason=WHY)


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """Give the page's address and what the server said to stderr."""
    words = [sys.executable, "-c", GUARD]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout and process.stderr
        first, said = process.stdout.readline(), []
        ear = threading.Thread(target=lambda: said.extend(process.stderr), daemon=True)  # type: ignore[arg-type]
        ear.start()
        yield first.split()[1] if first.startswith("page: ") else "", said
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        ear.join(timeout=10)


def _drawn(page: Any) -> list[str]:
    """Return the digest of each of the four pictures; the first tab may wait for kernels to compile."""
    page.wait_for_function(f"{PICTURES}.length === 4", timeout=240_000)
    found: list[str] = page.evaluate(INSIDE)
    return found


def _changed(page: Any, before: list[str]) -> list[str]:
    """Wait until no picture is as before."""
    for _ in range(400):
        found = _drawn(page)
        if all(new != old for new, old in zip(found, before, strict=True)):
            return found
        page.wait_for_timeout(500)
    pytest.fail("the pictures stayed as they were")


def test_the_page_draws_steps_and_resets_and_nothing_leaves_the_machine(browser: Any, server: Any, tmp_path: Path) -> None:
    address, said = server
    page, wrong = opened(browser, address, wait=False)
    at_start = _drawn(page)
    page.get_by_role("button", name="Step").click()
    after_one = _changed(page, at_start)
    assert "Step: 1" in page.inner_text("body")
    other, also_wrong = opened(browser, address, wait=False)
    assert _drawn(other) == at_start, "a second tab is another world at its start"
    page.screenshot(path=str(tmp_path / "page.png"))
    page.get_by_role("button", name="Reset").click()
    assert _changed(page, after_one) == at_start
    assert [one for one in wrong + also_wrong if KNOWN not in one] == []
    assert [line for line in said if "left the machine" in line or "Traceback" in line or "Error" in line] == []


def test_the_page_is_not_reached_under_another_name(browser: Any, server: Any) -> None:
    address, _ = server
    api = browser.new_context().request
    assert api.get(address).status == 200
    assert api.get(address, headers={"Host": "elsewhere.example"}).status == 400
