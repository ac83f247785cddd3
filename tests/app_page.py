"""The page served in this process on a port of its own, and a browser that says what went wrong."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY = "window.CD && CD.ready && document.querySelector('.stage svg')"


@contextmanager
def served(outputs: Path, parts: Path | None = None) -> Iterator[str]:
    """Serve the page on a free port of this machine; gives its address."""
    from analysis.app.server import build, serve

    listening = serve(build(outputs, parts=parts), "127.0.0.1", 0)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}/"
    listening.shutdown()
    listening.server_close()
    thread.join()


@contextmanager
def chromium() -> Iterator[Any]:
    """Open a browser."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install '.[browser]'")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with api.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


def opened(
    browser: Any, address: str, *, width: int = 1440, height: int = 900, theme: str = "light", wait: bool = True
) -> tuple[Any, list[str]]:
    """Open a page in a context of its own; the list gathers faults, complaints and every request that leaves the machine."""
    # The page's policy forbids evaluation of texts, by which playwright waits; a test of its own looks at the policy.
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, bypass_csp=True)
    page, wrong = heard(context, ("http://127.0.0.1:", "data:", "blob:", "file:"))
    page.goto(address)
    if wait:
        page.wait_for_function(READY, timeout=90_000)
    return page, wrong


def heard(context: Any, mine: tuple[str, ...] = ("file:", "data:")) -> tuple[Any, list[str]]:
    """Open an empty page; the list gathers faults, complaints and every request for what does not begin like one of ours."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(mine) else wrong.append(request.url))
    page.on("pageerror", lambda fault: wrong.append(str(fault)))
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    return page, wrong


def unfold_talks(page: Any) -> None:
    """Unfold the talks of a seat: they stay so when drawn anew once the browser has told it, and a drawing in between folds them again."""
    page.evaluate("""async () => { for (let k = 0; k < 3; k++) {
      document.querySelectorAll('details.talk').forEach((one) => { one.open = true; });
      await new Promise((done) => setTimeout(done, 100)); } }""")
