"""Shelf of figures: one file declares a name, a title, a sentence and how to draw it; adding a file adds it to the report."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go

from analysis.store import StoredRun
from sim.types import ModelFault, UserError, nearest


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a mark of a colour and what it means.

    ``mark`` is ``area``, ``line``, ``faint`` (a thin line), ``dot``, ``square``, ``diamond``, ``up`` or ``down`` (triangles), ``band`` or
    ``shade`` (a stretch of the ground); or ``event:`` and the mark of an event (:mod:`analysis.marks`).
    """

    label: str
    colour: str
    mark: str = "area"


@dataclass(frozen=True)
class Drawn:
    """A finished figure.

    Attributes
    ----------
    figure : plotly figure
        In the light theme, transparent.
    finding : str
        Sentences computed from this run, which say what the picture shows.
    legend : tuple of Key
    legend_title : str
        What the legend's colours measure, with the unit.
    shape : str
        ``wide`` keeps the proportions of a map when the page is narrow; ``tall`` keeps its height.
    more : str
        HTML under the picture, such as all it shows in words.
    """

    figure: go.Figure
    finding: str
    legend: tuple[Key, ...] = ()
    legend_title: str = ""
    shape: str = "tall"
    more: str = ""


@dataclass(frozen=True)
class Part:
    """A figure's declaration.

    Attributes
    ----------
    name, title : str
    sentence : str
        How to read it.
    order : int
        Its place on the page.
    build : function
        Its maker.
    alone : str
        The sentence for a folder of a single run, where the other speaks of many.
    from_ledger : str
        What the figure is called where it is left out because the folder keeps no ledger; empty where it needs none.
    applies : function or None
        Says whether there is anything to draw of a run; None where there always is.
    """

    name: str
    title: str
    sentence: str
    order: int
    build: Callable[[StoredRun], Drawn]
    alone: str = ""
    from_ledger: str = ""
    applies: Callable[[StoredRun], bool] | None = None

    def reading(self, run: StoredRun) -> str:
        """Return the sentence on how to read the figure of these runs."""
        return self.alone if self.alone and run.n_runs == 1 else self.sentence


_PARTS: dict[str, Part] = {}


def part(
    *,
    name: str,
    title: str,
    sentence: str,
    order: int,
    alone: str = "",
    from_ledger: str = "",
    applies: Callable[[StoredRun], bool] | None = None,
) -> Callable[[Callable[[StoredRun], Drawn]], Callable[[StoredRun], Drawn]]:
    """Put a drawing function on the shelf.

    Raises
    ------
    ModelFault
        If another file has taken the name.
    """

    def register(build: Callable[[StoredRun], Drawn]) -> Callable[[StoredRun], Drawn]:
        known = _PARTS.get(name)
        if known is not None and known.build.__module__ != build.__module__:
            raise ModelFault(f"two figures are called {name!r}: {known.build.__module__} and {build.__module__}")
        _PARTS[name] = Part(name, title, sentence, order, build, alone, from_ledger, applies)
        return build

    return register


def parts() -> tuple[Part, ...]:
    """Return every figure, in the order of the page."""
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda i: i.name):
        if not info.name.startswith("_"):
            importlib.import_module(f"{__name__}.{info.name}")
    return tuple(sorted(_PARTS.values(), key=lambda p: (p.order, p.name)))


def get(name: str) -> Part:
    """Return one figure.

    Raises
    ------
    UserError
        If there is none of that name.
    """
    known = {p.name: p for p in parts()}
    if name not in known:
        raise UserError(f"there is no figure {name!r}; {nearest(name, known)}")
    return known[name]
