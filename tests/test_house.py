"""The habits of the house: file sizes, names of machines, luck, parts and the commands that the README promises."""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from parameter_table import NEUTRAL, TABLE, neutral_text, table_text

from sim.kernels import ABOVE_KERNELS

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 400
LONGER_WITH_REASON: dict[str, str] = {}
"""Files of up to 430 lines, each with the reason why it is one idea and not two."""

# Written in pieces, so that this file does not find itself.
MACHINE_NAMES = re.compile("|".join(["/wor[k]/", r"\.\./share[d]", "pypi\\.or[g]", "python[h]osted", r"registry\.np[m]", "file:///[o]pt"]))
TEXT = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".json", ".csv", ".cff", ".sh", ".html", ".js", ".css", ""}
LUCK = re.compile(r"(numpy|np)\.random(\..*)?|(random|secrets|uuid)(\..*)?")


def committed_files() -> list[Path]:
    """List what git tracks or would track; outside a checkout, everything but hidden and output folders."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
        ).stdout.decode()
        names = [name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*")]
        names = [name for name in names if not re.match(r"\.(venv|git/)|outputs/|.*__pycache__", name)]
    return sorted(ROOT / name for name in names if (ROOT / name).is_file())


def modules(room: str) -> list[str]:
    found = [path.relative_to(ROOT).with_suffix("") for path in sorted((ROOT / room).rglob("*.py"))]
    return [".".join(path.parts).removesuffix(".__init__") for path in found]


def unnamed_luck(source: str) -> list[int]:
    """Return the lines that import or use a generator which is not the model's own."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute):
            names = [ast.unparse(node)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "hash":
            names = ["random"]  # the hash of a string differs from process to process
        else:
            continue
        if any(LUCK.fullmatch(name) for name in names):
            lines.append(node.lineno)
    return sorted(set(lines))


def test_no_file_is_too_long_to_read_at_once() -> None:
    long = {}
    for path in committed_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py":
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > (430 if name in LONGER_WITH_REASON else LONGEST):
                long[name] = lines
    assert not long


def test_only_long_files_ask_for_an_exception() -> None:
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in LONGER_WITH_REASON}
    assert all(lines > LONGEST for lines in lengths.values()), lengths


def test_rooms_left_out_of_the_name_of_the_kernel_cache_hold_no_kernel_and_feed_none() -> None:
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][0]["layers"]
    above = [{name.strip(" ()") for name in layer.split("|")} for layer in layers]
    rooms = {path.name.removesuffix(".py") for path in (ROOT / "sim").iterdir() if "jit" in _source_of(path)} - {"kernels", "parts"}
    lowest = max(at for at, layer in enumerate(above) if layer & set(ABOVE_KERNELS))
    assert rooms and not rooms & set(ABOVE_KERNELS)
    # The facade hands the compiler on to users' parts and has no kernel of its own.
    assert "@" not in (ROOT / "sim" / "parts.py").read_text(encoding="utf-8")
    # Rooms beside or below the lowest one left out may hold kernels; no room beside or above it that holds none is imported by them.
    assert all(at > lowest for at, layer in enumerate(above) if layer & rooms)
    assert set.union(*above[: lowest + 1]) == set(ABOVE_KERNELS)


def _source_of(place: Path) -> str:
    """Return the calls of the compiler in a room, whether it is a file or a folder."""
    files = [place] if place.suffix == ".py" else sorted(place.rglob("*.py"))
    return " ".join("jit" for file in files if re.search(r"^@jit|import .*\bjit\b", file.read_text(encoding="utf-8"), re.MULTILINE))


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in committed_files():
        if path.suffix in TEXT:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if hit := MACHINE_NAMES.search(line):
                    found.append(f"{path.relative_to(ROOT)}:{number}: {hit[0]}")
    assert not found


def test_no_file_is_heavy() -> None:
    heavy = {str(path.relative_to(ROOT)): path.stat().st_size for path in committed_files() if path.stat().st_size > 1_500_000}
    assert not heavy


def test_the_top_level_holds_only_the_agreed_rooms() -> None:
    rooms = {path.relative_to(ROOT).parts[0] for path in committed_files() if path.parent != ROOT}
    assert rooms <= {"sim", "scenarios", "configs", "analysis", "tests", "docs", "benchmarks", ".ci"}


@pytest.mark.parametrize("name", modules("sim") + modules("analysis"))
def test_luck_comes_only_from_the_model_itself(name: str) -> None:
    path = ROOT / (name.replace(".", "/") + ".py")
    path = path if path.exists() else ROOT / name.replace(".", "/") / "__init__.py"
    source = path.read_text(encoding="utf-8")
    if name == "sim.contracts.luck":
        # It compares the state of the process's generators before and after a user's part, and calls nothing else of them.
        called = [ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
        assert {word for word in called if "random" in word} == {"numpy.random.get_state", "random.getstate"}
        return
    assert unnamed_luck(source) == []


@pytest.mark.parametrize(
    "line",
    [
        "import random",
        "from random import choice",
        "from numpy.random import Philox",
        "np.random.rand()",
        "from numpy import random",
        "hash('a')",
    ],
)
def test_a_planted_draw_is_found(line: str) -> None:
    assert unnamed_luck(line) == [1]


@pytest.mark.parametrize("name", [name for name in modules("sim") + modules("analysis") if not name.endswith("__main__")])
def test_examples_in_docstrings_run(name: str) -> None:
    if name == "analysis.mesa_page":
        pytest.importorskip("solara", reason="the extra solara is not installed: make solara-test, or pip install '.[solara]'")
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def made_by_many_asked_again(source: str) -> list[int]:
    """Return the lines that tell treaties of many from others by the column of conferences, or types by their arity."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            told, against = ast.unparse(node.left), ast.unparse(node.comparators[0])
            of_instruments = re.search(r"""\[.conference.\]""", told) is not None and against in ("0", "-1")
            if of_instruments or told.startswith("arity_of("):
                lines.append(node.lineno)
    return lines


OF_MANY = ("sim/ledger/", "sim/state/world.py", "sim/contracts/", "sim/engine.py")
"""Where it is told who makes a type or an instrument: the ledger's own words, and assembly."""


def test_who_made_an_instrument_is_asked_of_the_ledger_and_who_makes_a_type_of_the_setting() -> None:
    paths = [path for room in ("sim", "analysis") for path in sorted((ROOT / room).rglob("*.py"))]
    names = {path.relative_to(ROOT).as_posix(): path for path in paths}
    sources = {name: path.read_text("utf-8") for name, path in names.items() if not name.startswith(OF_MANY)}
    telling = [name for name, source in sources.items() if "conference" in source or "arity_of" in source]
    assert telling and not [name for name in telling if made_by_many_asked_again(sources[name])]


@pytest.mark.parametrize("line", ['many = instruments["conference"][row] >= 0', 'arity_of(kind) != "dyad"', 'one["conference"] < 0'])
def test_a_planted_branch_on_conferences_is_found(line: str) -> None:
    assert made_by_many_asked_again(line) == [1]


def test_a_worker_starts_without_mesa_graphs_or_plots() -> None:
    light = [name for name in ("sim.run", "sim.batch", "sim.engine") if (ROOT / (name.replace(".", "/") + ".py")).exists()]
    assert light, "no door for workers yet"
    code = f"import json, sys; [__import__(n) for n in {light!r}]; print(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    loaded = set(json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT).stdout))
    assert loaded.isdisjoint({"mesa", "networkx", "plotly", "dash", "pandas", "matplotlib"})


def test_the_parameter_table_is_up_to_date() -> None:
    assert TABLE.read_text(encoding="utf-8") == table_text(), "run make parameters"
    assert NEUTRAL.read_text(encoding="utf-8") == neutral_text(), "run make parameters"


def test_the_readme_shows_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```[a-z]*\n(.*?)```", readme, flags=re.DOTALL))
    shown = set(re.findall(r"^\s*\$?\s*make ([a-z-]+)", blocks, flags=re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert {"demo", "test"} <= shown <= targets
    assert re.search(r"python -m sim .*scenarios=", blocks), "the README shows how to run a scenario"


def test_ci_runs_what_the_readme_tells_people_to_run() -> None:
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test\n" in steps and "make test-slow" in steps


def test_every_dependency_is_pinned_once_for_each_interpreter() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    pins = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r'[a-z0-9-]+==[0-9a-z.+]+( ; (python_version|sys_platform) [<>=]+ "[\w.]+")?', pin) for pin in pins)
    by_name: dict[str, list[str]] = {}
    for pin in pins:
        by_name.setdefault(pin.split("==")[0], []).append(pin)
    assert {re.split(r"[<>=\[]", name)[0] for name in wanted} <= set(by_name)
    assert {name for name, lines in by_name.items() if len(lines) > 1} == {"mesa", "networkx"}


def test_this_interpreter_runs_the_pinned_versions() -> None:
    own = sys.version_info[:2] >= (3, 12)
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition("==")
        version, _, marker = rest.partition(" ; ")
        if name in ("numpy", "scipy", "numba", "pyarrow", "mesa", "networkx") and (not marker or own == (">=" in marker)):
            assert importlib.metadata.version(name) == version


def _is_salience(node: ast.AST) -> bool:
    named = {"w", "salience", "saliences"}
    if isinstance(node, ast.Subscript):
        place = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return _is_salience(node.value) or any(isinstance(one, ast.Name) and one.id == "W" for one in place)
    return (isinstance(node, ast.Name) and node.id in named) or (isinstance(node, ast.Attribute) and node.attr in named)


def _factors(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _factors(node.left) + _factors(node.right)
    return [node]


def _is_square(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return _is_square(node.left) and _is_square(node.right)
    told = [ast.dump(one) for one in _factors(node)]
    return len(set(told)) < len(told) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow))


def weighed_squares(source: str) -> list[int]:
    """Return the lines on which a salience weighs a square: a piece of the model's one quadratic."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and any(_is_salience(one) for one in _factors(node)):
            rest = [one for one in _factors(node) if not _is_salience(one)]
            told = [ast.dump(one) for one in rest]
            if len(set(told)) < len(told) or any(_is_square(one) for one in rest):
                found.add(node.lineno)
    return sorted(found)


def test_the_quadratic_is_told_in_one_file_and_in_the_agents_words() -> None:
    told = {
        path.relative_to(ROOT).as_posix()
        for room in ("sim", "analysis")
        for path in sorted((ROOT / room).rglob("*.py"))
        if weighed_squares(path.read_text(encoding="utf-8"))
    }
    assert told == {"sim/bargains/worth.py", "sim/agents/stakes.py"}


@pytest.mark.parametrize(
    "line",
    ["u -= w[i, k] * (gap * gap)", "x = b * y - w * (y - theta) ** 2", "x = p.w[k] * gap * gap", "x = row[W, j, k] * (gap * gap)",
     "x = one.salience * (here * here - there * there)"],
)  # fmt: skip
def test_a_quadratic_told_again_is_found(line: str) -> None:
    assert weighed_squares(line) == [1]
