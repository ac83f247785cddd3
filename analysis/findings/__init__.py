"""What the model gives, written down by a command: ``python -m analysis findings [NAME ...]`` lives the runs and writes ``docs/findings/``.

A finding is one file here: ``TITLE``, ``LEAD`` (what is asked, and how to read it) and ``body(lived)``, which gives the page's tables. The
head of each page says which code, data, months and seeds it rests on, so that a reader can see whether it is older than the code.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import sim
from sim.recorder import RunData
from sim.run import Result
from sim.sameness import source_digest
from sim.types import UserError, nearest

Heard = Callable[[str], None]


class Lived:
    """Lives runs of the baseline for a finding, each configuration once.

    Parameters
    ----------
    heard : callable
        Told of each configuration before it is lived.
    """

    def __init__(self, heard: Heard) -> None:
        self.heard, self._known = heard, dict[str, Result]()

    def runs(self, seeds: int, **tree: Any) -> tuple[RunData, ...]:
        """Return the runs of :meth:`result`."""
        return self.result(seeds, **tree).runs

    def result(self, seeds: int, **tree: Any) -> Result:
        """Live seeds 0 to ``seeds`` - 1 of the baseline with a tree laid over it, unless they were lived before.

        Raises
        ------
        UserError
            If the tree is not valid.
        """
        key = f"{seeds} {sorted(tree.items())!r}"
        if key not in self._known:
            self.heard(f"seeds 0 to {seeds - 1}: {tree or 'as it stands'}")
            self._known[key] = sim.run("baseline", seed=0, seeds=seeds, record="panels", **tree)
        return self._known[key]


def names() -> list[str]:
    """List the findings there are, sorted."""
    return sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_"))


def write(wanted: Sequence[str], folder: Path, heard: Heard) -> list[Path]:
    """Live what the findings need and write their pages.

    Parameters
    ----------
    wanted : sequence of str
        Names of findings; none means all.
    folder : Path
    heard : callable

    Returns
    -------
    list of Path
        The pages.

    Raises
    ------
    UserError
        If there is no such finding, or the folder cannot be written.
    """
    known = names()
    for name in wanted:
        if name not in known:
            raise UserError(f"there is no finding {name!r}; {nearest(name, known)}")
    lived, pages = Lived(heard), []
    for name in wanted or known:
        pages.append(written(folder / f"{name}.md", page(name, lived)))
    return pages


def written(path: Path, text: str) -> Path:
    """Write a page and return its path.

    Raises
    ------
    UserError
        If the place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise UserError(f"{path} cannot be written: {fault.strerror or fault}") from None
    return path


def page(name: str, lived: Lived) -> str:
    """Return the page of one finding as Markdown."""
    finding = importlib.import_module(f"{__name__}.{name}")
    return headed(name, finding.TITLE, finding.LEAD, finding.body(lived))


def headed(name: str, title: str, lead: str, body: str) -> str:
    """Put the head of a page, which says what made it and on which code it rests, over its lead and its tables."""
    head = (
        f"# {title}\n\n"
        f"Made by `python -m analysis findings {name}`; do not edit by hand.\n"
        f"Digest of the model's source and tables: `{source_digest()[:12]}`.\n\n"
    )
    return f"{head}{lead.strip()}\n\n{body.strip()}\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay rows out as a Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)


def listed(values: Sequence[float]) -> str:
    """Write whole numbers side by side, a dash where one is missing."""
    return ", ".join("–" if value != value else f"{value:.0f}" for value in values)
