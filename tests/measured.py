"""Metrics of a user's own along axes of every kind, with the agreement type that declares some of these axes, and a run of all of them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_extending import AGREEMENT, FILES

from analysis.app import film as films
from analysis.store import open_run
from sim import engine
from sim.mechanisms.trust.rule import Trust
from sim.run import prepare, run
from sim.single import load_parts

FEW = ["DEU", "FRA", "GBR", "JPN", "USA"]
TREE: dict[str, Any] = {"start": "2019-11", "end": "2020-02", "roster": {"states": FEW}, "negotiated": ["research_pact"], "parts": "mine"}
MONTHS = 4
STATE = """    state: ClassVar = (
        axis("provider", names=("alpha", "beta"), meaning="whose cloud it is"),
        array("share", ("provider", "party"), start=0.25, unit="share of data", meaning="data kept with a provider"),
        array("appeal", ("party",), start=0.5, unit="index 0-1", meaning="how much a party likes the pact"),
        table("sites", (column("owner", "int32", refers="party", meaning="who owns it"),), tier="panels", meaning="a data centre"),
        array("carried", ("sites",), unit="MW", meaning="what it carries"),
    )

"""
METRIC = '''"""Something along {axis}."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.parts import Floats, Setting, World, part


@part("metric", name="{name}", title="Title of {name}", title_id="Judul {name}", sentence_id="Kalimat {name}.")
@dataclass(frozen=True)
class Measured:
    """Sentence of {name}."""

    unit: ClassVar[str] = "{unit}"
    axis: ClassVar[str] = "{axis}"
    over_rows: ClassVar[str] = "{how}"
    over_months: ClassVar[str] = "last"
{more}
    def columns(self, setting: Setting) -> tuple[str, ...]:
        return {columns}

    def measure(self, world: World) -> Floats:
        return {values}
'''
MEASURED: dict[str, tuple[str, str, str, str]] = {
    "by_bloc": ("bloc", "sum", "states", "world.member.sum(axis=1)[None, :]"),
    "by_type": ("type", "sum", "dyads", "world.in_force.sum(axis=1)[None, :]"),
    "by_edge": ("edge", "mean", "probability", "world.trust[None, :]"),
    "by_provider": ("provider", "mean", "share of data", "world.share.mean(axis=1)[None, :] * np.array([[1.0, 2.0]])"),
    "by_site": ("sites", "mean", "MW", "world.array('carried')[None, :]"),
    "by_instrument": ("instruments", "sum", "months", "(world.month - world.instruments['signed'])[None, :]"),
}
"""By name: axis, how it becomes one number, unit and values; each has one column of its own name."""


def write(name: str, **said: str) -> None:
    """Write a metric into the folder of parts; ``said`` changes its words."""
    axis, how, unit, values = MEASURED.get(name, ("type", "sum", "count", "np.ones((1, 1))"))
    words = {"axis": axis, "how": how, "unit": unit, "values": values, "columns": f'("{name}",)', "more": "", "name": name, **said}
    path = Path("mine/metrics") / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(METRIC.format(**words), encoding="utf-8")


def write_all() -> None:
    """Write the agreement type that declares state, and a metric on each axis."""
    text = FILES[AGREEMENT].replace("    trade_effect: float = param(", f"{STATE}    trade_effect: float = param(", 1)
    text = text.replace("from sim.parts import ", "from sim.parts import array, axis, column, table\nfrom sim.parts import ", 1)
    path = Path("mine") / AGREEMENT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    for name in MEASURED:
        write(name)


def growing(step: Callable[..., None]) -> Callable[..., None]:
    """Make a mechanism build a site a month, from the second on, as one of its own would."""

    @functools.wraps(step)
    def grows(self: Any, world: Any, decide: Any) -> None:
        step(self, world, decide)
        if world.month > world.setting.config.start and "sites" in world.setting.schema.tables:
            n = len(world.table("sites"))
            world.table("sites").append(owner=n, carried=10.0 * (n + 1))

    return grows


def write_parts(patch: pytest.MonkeyPatch) -> None:
    """Write all parts into the folder ``mine``, and let sites be built for as long as the patch holds."""
    write_all()
    patch.setattr(Trust, "step", growing(Trust.step))


def live(place: Path) -> tuple[Any, Any, Any]:
    """Run and store two seeds with all metrics in a folder, and film one: the result, the stored run, the film."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setattr("sim.batch.cores", lambda: 1)
        write_parts(patch)
        result = run(outputs="outputs", seed=3, seeds=2, **TREE)
        config, chosen = prepare({**TREE, "seed": 3})
        film, _, _ = films.make(engine.assemble(config), chosen)
        load_parts(None)
    return result, open_run(result.folder or ""), film
