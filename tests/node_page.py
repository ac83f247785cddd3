"""The page's own script asked outside a browser: files of ``analysis/app/assets`` run in Node, an expression's value comes back."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from analysis.app import film

ASSETS = Path(film.__file__).parent / "assets"


def asked(expression: str, given: Any, *files: str) -> Any:
    """Return what a JavaScript expression makes of ``given``, with the page's words and these files read before.

    What needs a page (elements, layout) is for a browser; where no Node is at hand the test is skipped and says so.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node on this machine, so the page's script is asked in the browser tests alone")
    read = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in ("a_words.js", *files))
    script = f"globalThis.window = {{}};\n{read}\nconst CD = window.CD, given = {json.dumps(given)};\nconst out = {expression};\n"
    said = subprocess.run(
        [node, "-"], input=script + "console.log(JSON.stringify(out));", capture_output=True, text=True, timeout=60, check=False
    )
    assert said.returncode == 0, said.stderr[-2000:]
    return json.loads(said.stdout)
