"""A copy of the project to which a whole new thing is added, file by file, as ``docs/whole_new_thing.md`` shows it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "whole_new_thing.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```(?:python|yaml)\n# (\S+)\n(.*?)```", PAGE, re.DOTALL))
"""By its place in the project, each file that the page shows."""
(LINE,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
"""The line of the mechanism in the table of the month."""
COPIED = ("sim", "analysis", "scenarios", "configs", "docs", "pyproject.toml")
TABLE = "sim/engine.py"
GENERATED = {"sim/fields.py", "docs/state.csv"}
"""What ``make fields`` writes."""


def make(place: Path) -> Path:
    """Copy the project into a folder, as it lies on the disk."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)
    (place / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "world_fields.py", place / "tests")
    return place


def add(copy: Path) -> None:
    """Put the files of the page into a copy, and the mechanism's line into the order of the month."""
    for name, text in FILES.items():
        assert not (copy / name).exists(), f"{name} is not new"
        (copy / name).write_text(text, encoding="utf-8")
    engine = copy / TABLE
    before, table, after = re.split(r"(^MONTH: .*?^\))", engine.read_text(encoding="utf-8"), maxsplit=1, flags=re.DOTALL | re.MULTILINE)
    engine.write_text(before + table.removesuffix(")") + LINE + ")" + after, encoding="utf-8")


def digests(copy: Path) -> dict[str, str]:
    """Return a digest of each file of a copy that is source, by its place."""
    files = (path for path in sorted(copy.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(copy).as_posix(): hashlib.blake2b(path.read_bytes()).hexdigest() for path in files}


def python(copy: Path, *words: str, at: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the project of a copy before any other, and kernels as plain Python: a copy has none compiled."""
    path = os.pathsep.join((str(copy), str(ROOT / "tests")))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    env = {**inherited, "PYTHONPATH": path, "CLOUD_DIPLOMACY_JIT": "off", "COLUMNS": "200", **more}
    return subprocess.run([sys.executable, *words], cwd=at or copy, env=env, capture_output=True, text=True, check=False, timeout=600)
