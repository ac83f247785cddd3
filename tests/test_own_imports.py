"""Users' parts import ``sim.parts`` and nothing else of ours: it holds what they need, stays light, and other imports are told once."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import own_part
import pytest

import sim.parts
from sim.registry import imported, shelf
from sim.run import run
from sim.single import load_parts

ROOT = Path(__file__).resolve().parent.parent
TINY: dict[str, Any] = {"roster": {"states": ["DEU", "FRA", "IDN"]}, "end": "2019-01"}
OLD = (
    "from sim.parts import Floats, Setting, World, part\n",
    "from sim.registry import part\nfrom sim.state.world import Floats, Setting, World\n",
)


OF_OURS = ("whole_new_thing.md",)
"""Pages whose files go into the project itself, so they import from the rooms as ours do."""


def pages() -> Iterator[tuple[str, str]]:
    """Give every example of Python in the documents, with where it stands."""
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        if path.name in OF_OURS:
            continue
        for number, text in enumerate(re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)):
            yield f"{path.relative_to(ROOT)} example {number + 1}", text


def texts_in_tests() -> Iterator[tuple[str, str]]:
    """Give every text in the tests that is written as a part of a user's, with where it stands."""
    written = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").glob("*.py"))}
    for name, source in written.items():
        for node in ast.walk(ast.parse(source)) if "@part(" in source else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "@part(" in node.value and "class " in node.value:
                yield f"{name}:{node.lineno}", node.value


PARTS = [(where, text) for where, text in pages() if "@part(" in text or "Agent)" in text] + list(texts_in_tests())
IMPORT = re.compile(r"^\s*(?:from|import) ((?:sim|analysis)\b[\w.]*)", re.MULTILINE)


def test_the_examples_are_found() -> None:
    files = {where.split(":")[0].split(" ")[0] for where, _ in PARTS}
    assert files >= {"docs/extending.md", "docs/mesa.md", "own_part.py", "linked_types.py", "deadly.py", "test_threads.py"}


@pytest.mark.parametrize(("where", "text"), PARTS, ids=[where for where, _ in PARTS])
def test_an_example_of_a_part_imports_nothing_of_ours_but_the_facade(where: str, text: str) -> None:
    named = IMPORT.findall(text)
    script = where.startswith("docs") and "@part(" not in text
    assert set(named) - ({"sim"} if script else set()) == {"sim.parts"}


@pytest.mark.parametrize(("where", "text"), [(w, t) for w, t in PARTS if w.startswith("docs")])
def test_the_reader_of_imports_agrees_on_the_documents(where: str, text: str) -> None:
    assert [name for _, name in imported.inner_imports(text) if name != "sim.DiplomacyModel"] == []


def test_each_name_of_the_facade_is_there_once_and_is_told_where_it_is_defined() -> None:
    assert len(set(sim.parts.__all__)) == len(sim.parts.__all__)
    for name in sim.parts.__all__:
        thing = getattr(sim.parts, name)
        assert not callable(thing) or not getattr(thing, "__module__", "sim").startswith("sim") or thing.__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'Staet'; did you mean 'Stage'"):
        getattr(sim.parts, "Staet")  # noqa: B009


def _taken(room: str) -> list[tuple[str, str, str]]:
    """List what the parts of one of our shelves import from our rooms: file, module, name."""
    found = []
    for path in sorted((ROOT / "sim" / room).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim") and not node.module.startswith(f"sim.{room}"):
                found += [(path.name, node.module, alias.name) for alias in node.names]
    return found


@pytest.mark.parametrize("room", ["agreements", "metrics", "shocks"])
def test_what_parts_of_ours_take_from_the_rooms_users_get_from_the_facade(room: str) -> None:
    taken = _taken(room)
    missing = [one for one in taken if getattr(sim.parts, one[2], None) is not getattr(importlib.import_module(one[1]), one[2])]
    assert taken and not missing


def test_nothing_of_ours_imports_the_facade() -> None:
    files = [path for room in ("sim", "analysis") for path in sorted((ROOT / room).rglob("*.py"))]
    using = [path for path in files if re.search(r"^\s*(from sim\.parts import|import sim\.parts)", path.read_text(encoding="utf-8"), re.M)]
    assert files and not using


def test_the_facade_starts_without_mesa_and_brings_it_with_the_agents() -> None:
    heavy = "[name for name in ('mesa', 'networkx', 'pandas', 'plotly', 'dash', 'scipy.optimize') if name in sys.modules]"
    code = f"import sys, sim.parts; print({heavy}); from sim.parts import StateAgent; print({heavy})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()
    assert told[0] == "[]" and "mesa" in told[1]


@pytest.fixture
def unsaid(own_parts: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, as a command that has said nothing of imports yet."""
    monkeypatch.delenv(imported.SAID, raising=False)
    monkeypatch.setenv(imported.SAID, "")
    own_part.forget()
    return own_parts


def _older(place: Path) -> Path:
    """Write a part as it was written before there was a facade."""
    folder = own_part.write_part(place)
    path = folder / "metrics" / "heads.py"
    text = path.read_text(encoding="utf-8")
    assert OLD[0] in text
    path.write_text(text.replace(*OLD), encoding="utf-8")
    return folder


def test_a_part_with_other_imports_of_ours_runs_and_is_told_once(unsaid: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _older(unsaid)
    (folder / "metrics" / "_helper.py").write_text("import analysis.style\n", encoding="utf-8")
    assert run(parts=folder, **TINY).scalars["heads"] >= 6.0
    err = capsys.readouterr().err
    assert err == (
        f"note: {folder.resolve()}/metrics/_helper.py:1 imports analysis.style (parts there also import sim.registry, sim.state.world); "
        "only sim.parts is kept stable, see docs/extending.md\n"
    )
    own_part.forget()
    run(parts=folder, **TINY)
    assert capsys.readouterr().err == ""


def test_the_line_names_the_import(unsaid: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _older(unsaid)
    lines = (folder / "metrics" / "heads.py").read_text(encoding="utf-8").splitlines()
    load_parts(folder)
    at = lines.index("from sim.registry import part") + 1
    assert f"heads.py:{at} imports sim.registry (parts there also import sim.state.world);" in capsys.readouterr().err


def test_nothing_is_said_of_the_facade_of_scripts_and_of_what_is_no_python(unsaid: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = own_part.write_part(unsaid)
    (folder / "notes" / "of").mkdir(parents=True)
    (folder / "notes" / "of" / "all.py").write_text("from sim.study import run_study\n", encoding="utf-8")
    (folder / "metrics" / "_more.py").write_text(
        "from sim import parts\nimport sim.parts as p\nfrom sim.parts import jit\n", encoding="utf-8"
    )
    (folder / "metrics" / "_rest.py").write_text("from sim.state.world import (\n", encoding="utf-8")
    load_parts(folder)
    assert capsys.readouterr().err == "" and shelf("metric").get("heads")


def test_a_kernel_of_ones_own_is_compiled_anew_when_its_helper_changes(unsaid: Path) -> None:
    folder = own_part.write_part(unsaid)
    path = folder / "metrics" / "heads.py"
    text = path.read_text(encoding="utf-8").replace("from sim.parts import ", "from _helper import grown\nfrom sim.parts import jit, ")
    text = text.replace('@part("metric"', '@jit\ndef twice(x):\n    return grown(grown(x))\n\n\n@part("metric"')
    path.write_text(text.replace("np.array([TIMES * len(world.setting.codes)])", "np.array([twice(TIMES)])"), encoding="utf-8")
    told = []
    for times in ("2.0", "3.0", "2.0"):
        helper = f"from sim.parts import jit\n\n\n@jit\ndef grown(x):\n    return {times} * x\n"
        (folder / "metrics" / "_helper.py").write_text(helper, encoding="utf-8")
        load_parts(folder)
        told.append(float(shelf("metric").build("heads").measure(None)[0]))
    assert np.array_equal(told, [8.0, 18.0, 8.0])
