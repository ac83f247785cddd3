"""What users' parts import of ours: ``sim.parts`` is kept stable for them, and whoever imports another module is told so once."""

from __future__ import annotations

import ast
import contextlib
import os
import sys
from collections.abc import Collection, Iterator

from sim.registry.own import OwnFolder

FACADE = "sim.parts"
OURS = ("sim", "analysis")
"""The packages of ours that a part could import from."""
SAID = "CLOUD_DIPLOMACY_PARTS_SAID"
"""Name of the environment: the folders of parts of which a process of this command has said so."""


def inner_imports(source: bytes | str) -> list[tuple[int, str]]:
    r"""List what a part imports of ours besides ``sim.parts``, each as (line, module), in the order of lines.

    A source that cannot be read as Python imports nothing: what is wrong with it is said where it is imported.

    Examples
    --------
    >>> inner_imports("from sim.parts import part\nfrom sim.state.world import World\nfrom sim import engine, parts")
    [(2, 'sim.state.world'), (3, 'sim.engine')]
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    found = [(node.lineno, name) for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) for name in _named(node)]
    return sorted({(line, name) for line, name in found if name.split(".")[0] in OURS and name != FACADE})


def tell(folder: OwnFolder, rooms: Collection[str]) -> None:
    """Say on stderr, in one line and once a command, what the parts of a folder import of ours besides ``sim.parts``.

    Parameters
    ----------
    folder : OwnFolder
    rooms : collection of str
        The subfolders of parts. Files elsewhere that are no helpers may be scripts, which use our other doors.
    """
    known = os.environ.get(SAID, "").split()
    found = [
        (path, line, name)
        for path in sorted(folder.sources)
        if path.split("/")[0] in rooms or path.rsplit("/", 1)[-1].startswith("_")
        for line, name in inner_imports(folder.sources[path])
    ]
    if not found or folder.package in known:
        return
    os.environ[SAID] = " ".join([*known, folder.package])
    path, line, name = found[0]
    others = sorted({other for _, _, other in found} - {name})
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(
            f"note: {folder.place / path}:{line} imports {name}{_and(others)}; only {FACADE} is kept stable, see docs/extending.md\n"
        )


def _and(others: list[str]) -> str:
    return f" (parts there also import {', '.join(others)})" if others else ""


def _named(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Give the modules that a statement imports; what is taken from ``sim`` itself is named with it."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif node.module and not node.level:
        yield from (f"{node.module}.{alias.name}" for alias in node.names) if node.module in OURS else (node.module,)
