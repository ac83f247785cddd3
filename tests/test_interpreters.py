"""Files of tests that run on one interpreter alone are about rules and nothing else; the others run on each."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from interpreters import ALONE, BITS

HERE = Path(__file__).resolve().parent
DIFFER = (
    *("asyncio", "babel", "concurrent", "dash", "doctest", "importlib", "inspect", "io", "mesa", "multiprocessing", "networkx", "pickle"),
    *("plotly", "signal", "socket", "subprocess", "threading", "traceback", "zipfile"),
    *("analysis", "sim.__main__", "sim.agents", "sim.batch", "sim.doors", "sim.model", "sim.repeat", "sim.run", "sim.study"),
)
"""What may go otherwise on another interpreter: processes, streams, pickles, libraries that come in other versions, and our doors."""


def named(path: Path) -> set[str]:
    """Name the modules that a file of tests imports, and what it takes from them."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("name", ALONE)
def test_what_runs_on_one_interpreter_alone_touches_nothing_that_differs(name: str) -> None:
    assert not [one for one in named(HERE / name) if one.startswith(tuple(f"{word}." for word in DIFFER)) or one in DIFFER]


def test_what_holds_the_bits_runs_on_each() -> None:
    assert not set(BITS) & set(ALONE) and all((HERE / name).exists() for name in BITS)
    assert list(ALONE) == sorted(ALONE)


def test_a_door_in_a_file_of_rules_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text("from sim import run\nfrom sim.run import prepare\nimport analysis.style\n", encoding="utf-8")
    assert {"sim.run", "analysis.style"} <= named(tmp_path / "test_x.py")


def test_the_script_for_other_interpreters_leaves_out_what_is_listed_and_nothing_else() -> None:
    told = subprocess.run([sys.executable, str(HERE / "interpreters.py")], capture_output=True, text=True, check=True).stdout.splitlines()
    assert told == [f"--ignore=tests/{name}" for name in ALONE]
    bits = subprocess.run([sys.executable, str(HERE / "interpreters.py"), "bits"], capture_output=True, text=True, check=True).stdout
    assert bits.splitlines() == [f"tests/{name}" for name in BITS]
    script = (HERE / "other_interpreters.sh").read_text(encoding="utf-8")
    assert "tests/interpreters.py" in script and "--ignore" not in script and os.access(HERE / "other_interpreters.sh", os.R_OK)
