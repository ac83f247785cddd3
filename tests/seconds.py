"""Where the seconds of the tests go: by folder, or by the word that names a group of files, and by file, told at the end of a run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
_spent: dict[str, float] = defaultdict(float)
"""Seconds by path of a file in ``tests``."""


def pytest_runtest_logreport(report: Any) -> None:
    """Add what one phase of one test took; with several processes, the one that gathers them hears of all."""
    _spent[report.nodeid.split("::")[0].removeprefix("tests/")] += report.duration


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell it."""
    if _spent:
        for line in told(_spent, [path.relative_to(HERE).as_posix() for path in HERE.rglob("test_*.py")]):
            terminalreporter.write_line(line)


def told(spent: Mapping[str, float], files: Iterable[str]) -> list[str]:
    """Return the lines that say where the seconds went.

    Parameters
    ----------
    spent : mapping of str to float
        Seconds by path in ``tests``.
    files : iterable of str
        All files of tests, whether they ran or not: they say which groups there are.
    """
    folder_of = folders({*files, *spent})
    by_folder: dict[str, list[float]] = defaultdict(list)
    for path, seconds in spent.items():
        by_folder[folder_of[path]].append(seconds)
    whole = sum(spent.values())
    lines = [f"seconds by folder ({whole:.0f} s in {len(spent)} files; what compiles first pays for all)"]
    for name, each in sorted(by_folder.items(), key=lambda item: (-sum(item[1]), item[0])):
        lines.append(f"{sum(each):8.1f}  {name} ({len(each)} file{'s' * (len(each) > 1)})")
    least = max(1.0, whole / 100.0)
    long = sorted(((seconds, path) for path, seconds in spent.items() if seconds >= least), key=lambda one: (-one[0], one[1]))
    if long:
        lines.append(f"seconds by file (of {least:.1f} s and more)")
        lines += [f"{seconds:8.1f}  {path}" for seconds, path in long]
    return lines


def folders(files: Iterable[str]) -> dict[str, str]:
    """Return the folder of each file of tests, by path; one that lies in none belongs where its name says.

    That is the word that begins the names of several files (``app``, ``study``), else the room that holds a module of its name
    (``effects`` for ``test_flows.py``), else ``others``.
    """
    words = {path: Path(path).stem.removeprefix("test_").split("_")[0].removesuffix("s") for path in files}
    several = {word for word, count in Counter(words.values()).items() if count > 1}
    rooms = {
        path.stem: path.parent.name for room in ("sim", "analysis") for path in sorted((HERE.parent / room).rglob("*.py"), reverse=True)
    }
    found = {}
    for path, word in words.items():
        by_name = word if word in several else rooms.get(Path(path).stem.removeprefix("test_"), "others")
        found[path] = Path(path).parts[0] if "/" in path else by_name
    return found
