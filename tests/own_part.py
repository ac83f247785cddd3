"""A small metric of a user's own, with a helper and a table beside it, that leaves a trace whenever its code is run."""

from __future__ import annotations

from pathlib import Path

from sim.registry import shelves
from sim.registry.own import close_package
from sim.single import load_parts

METRIC = '''"""How many parties there are, times a number."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from sim.parts import Floats, Setting, World, part

TIMES = float((Path(__file__).parent / "times.txt").read_text())
with (Path(__file__).parents[2] / "trace").open("a") as trace:
    trace.write("imported\\n")


@part("metric", name="heads", title="Heads", title_id="Kepala", sentence_id="Berapa banyak pihak.")
@dataclass(frozen=True)
class Heads:
    """How many parties there are."""

    unit: ClassVar[str] = "parties"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "last"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        return ("heads",)

    def measure(self, world: World) -> Floats:
        return np.array([TIMES * len(world.setting.codes)])
'''


def write_part(place: Path) -> Path:
    """Make a folder of parts in a place; ``place/trace`` gets a line each time the part is imported."""
    folder = place / "mine"
    (folder / "metrics").mkdir(parents=True)
    (folder / "metrics" / "heads.py").write_text(METRIC, encoding="utf-8")
    (folder / "metrics" / "_helper.py").write_text("VALUE = 1\n", encoding="utf-8")
    (folder / "metrics" / "times.txt").write_text("2.0", encoding="utf-8")
    return folder


def imports(place: Path) -> int:
    """Count how often the part was imported."""
    trace = place / "trace"
    return len(trace.read_text().splitlines()) if trace.exists() else 0


def forget() -> None:
    """Forget every part of a user's that this process has imported, so that running one again leaves its trace again."""
    load_parts(None)
    for package in list(shelves._MADE):
        shelves._MADE.pop(package)
        close_package(package)
