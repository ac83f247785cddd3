"""The model in Mesa's own view, for those who know SolaraViz: step it, play it, move a few levers, watch series and treaties.

``python -m analysis mesa`` serves it. A page of one's own shows agents of one's own::

    from analysis.mesa_page import view, world_of

    @solara.component
    def Page():
        view(world_of(agent_class=MyState))

A lever counts from the next *Reset*, as everywhere in SolaraViz. The page of ``make app`` does far more; this is the door for Mesa users.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import solara
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from mesa.visualization import SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

from analysis import style
from analysis.app.graph import positions
from sim import DiplomacyModel
from sim.agents import BlocAgent, StateAgent
from sim.ledger.words import vocabulary
from sim.params import DEFAULTS
from sim.registry import current, shelf
from sim.scenario import scenario_names

LEVERS = {"hours_head": "contacts", "power": "bargaining", "digital_share": "effects"}
"""Levers shown, each with the mechanism that declares it; name, bounds and unit are the declared ones."""
LAST_SEED = 99
"""A slider needs an end; other seeds are asked of the command line, the other page, or :func:`world_of`."""
STEPS = 100
"""Places of a slider between its bounds."""
IN_FORCE, CONTACTS = "in_force_", "contacts_"


def world_of(agent_class: type[StateAgent] = StateAgent, bloc_class: type[BlocAgent] = BlocAgent) -> type[DiplomacyModel]:
    """Return the model as SolaraViz asks for it: every lever a named argument, agents of these classes.

    Parameters
    ----------
    agent_class, bloc_class : type
        Classes of the agents; decisions they override are taken by them.
    """

    class MesaWorld(DiplomacyModel):
        """The model with the page's levers as arguments; SolaraViz refuses arguments it cannot find in the signature."""

        def __init__(self, scenario: str = "baseline", seed: int = 0, protocol: str = DEFAULTS["protocol"]["name"], **kwargs: Any) -> None:
            moved: dict[str, dict[str, Any]] = {}
            for lever, value in kwargs.items():
                moved.setdefault(LEVERS[lever], {})[lever] = value
            chosen = {"name": protocol}
            super().__init__(scenario, seed, agent_class=agent_class, bloc_class=bloc_class, protocol=chosen, mechanisms=moved)

    return MesaWorld


def levers() -> dict[str, dict[str, Any]]:
    """Return what SolaraViz lets its user choose, in its own words: scenario, seed, protocol and :data:`LEVERS`."""
    out: dict[str, dict[str, Any]] = {
        "scenario": {"type": "Select", "label": "Scenario", "value": "baseline", "values": list(scenario_names())},
        "seed": {"type": "SliderInt", "label": "Seed", "value": 0, "min": 0, "max": LAST_SEED, "step": 1},
        "protocol": {"type": "Select", "label": "Protocol", "value": DEFAULTS["protocol"]["name"], "values": shelf("protocol").names()},
    }
    for lever, mechanism in LEVERS.items():
        declared = next(one for one in dataclasses.fields(shelf("mechanism").get(mechanism)) if one.name == lever)
        low, high = declared.metadata["low"], declared.metadata["high"]
        label = f"{mechanism}.{lever} ({declared.metadata['unit']})"
        step = (high - low) / STEPS
        out[lever] = {"type": "SliderFloat", "label": label, "value": declared.default, "min": low, "max": high, "step": step}
    return out


def view(model_class: type[DiplomacyModel]) -> Any:
    """Return the view of a new world of this class, to be used inside a Solara component; each tab has its own."""
    model = solara.use_memo(model_class, [])
    counts = [name for name in model.datacollector.model_reporters if name.startswith(IN_FORCE)]
    contacts = {f"{CONTACTS}{name}": style.NAMED[one["colour"]] for name, one in vocabulary(current()).told()["channel"].items()}
    return SolaraViz(
        model,
        components=[
            (TreatyGraph, 0),
            make_plot_component(_coloured(counts), post_process=_titled("Agreements in force, by type")),
            make_plot_component(contacts, post_process=_titled("Contacts a month, by channel")),
            make_plot_component("digital_trade", post_process=_titled("Cross-border digital trade, USD a year")),
        ],
        model_params=levers(),
        name="Cloud Diplomacy in Mesa",
        play_interval=200,
    )


@solara.component
def Page() -> None:  # noqa: N802 - Solara looks for this name
    """Show the house's own agents."""
    view(solara.use_memo(world_of, []))


@solara.component
def TreatyGraph(model: DiplomacyModel) -> None:  # noqa: N802 - components are named like classes
    """Draw who is bound to whom now; places come from the world as it starts and never move."""
    update_counter.get()
    at = solara.use_memo(lambda: _places(model), [model])
    solara.FigureMatplotlib(treaty_figure(model, at), format="png")


def treaty_figure(model: DiplomacyModel, at: dict[str, tuple[float, float]]) -> Figure:
    """Draw the treaty graph: a dot for every party, larger with its capability, a line for every instrument in force."""
    graph = model.treaty_graph()
    bound: dict[str, list[Any]] = {}
    for a, b, told in graph.edges(data=True):
        if told["stage"] == "in_force":
            bound.setdefault(told["agreement"], []).append((at[a], at[b]))
    figure = Figure(figsize=(6.4, 5.2))
    axes = figure.subplots()
    figure.subplots_adjust(left=0.0, right=1.0, top=0.94, bottom=0.16)
    for name in sorted(bound):
        axes.add_collection(LineCollection(bound[name], colors=_colour(name), linewidths=0.8, alpha=0.6))
    size = 4.0 + 6.0 * np.sqrt([max(float(party.capability), 0.0) for party in model.parties])
    points = np.array([at[party.code] for party in model.parties])
    axes.scatter(points[:, 0], points[:, 1], s=size, color=style.BLACK, zorder=3, linewidths=0)
    for party in model.parties:
        if graph.degree(party.code) and party.capability > 2.0:
            axes.annotate(party.code, at[party.code], xytext=(3, 3), textcoords="offset points", fontsize=7)
    key = [Line2D([], [], color=_colour(name), label=f"{name.replace('_', ' ')} ({len(bound[name])})") for name in sorted(bound)]
    if key:
        axes.legend(
            handles=key,
            title="in force (pairs bound)",
            title_fontsize=8,
            loc="upper center",
            bbox_to_anchor=(0.5, 0.02),
            ncols=3,
            fontsize=8,
            frameon=False,
        )
    axes.set_title(f"Who is bound to whom at the end of {model.last_month}")
    axes.set_axis_off()
    return figure


def _places(model: DiplomacyModel) -> dict[str, tuple[float, float]]:
    codes = [party.code for party in model.parties]
    index = {code: n for n, code in enumerate(codes)}
    ties = [(index[a], index[b]) for a, b in model.treaty_graph().edges()]
    xy: Any = positions(model.world.setting, ties)["xy"]
    return {code: (float(x), -float(y)) for code, (x, y) in zip(codes, xy, strict=True)}


def _colour(name: str) -> str:
    return style.TYPE_COLOUR.get(name, style.BLACK)


def _coloured(columns: list[str]) -> dict[str, str]:
    return {column: _colour(column.removeprefix(IN_FORCE)) for column in columns}


def _titled(title: str) -> Any:
    def post(axes: Any) -> None:
        axes.set_title(title)
        axes.set_ylabel("")
        axes.spines[["top", "right"]].set_visible(False)
        if legend := axes.get_legend():
            for text in legend.get_texts():
                text.set_text(text.get_text().removeprefix(IN_FORCE).removeprefix(CONTACTS).replace("_", " "))
        for line in axes.lines:
            line.set_marker(".")  # one month alone is no line
        if not any(len(line.get_xdata()) for line in axes.lines):  # else an axis of hundredths around nothing
            axes.set_ylim(0.0, 1.0)
            axes.set_yticks([])
            axes.text(0.5, 0.1, "no month yet: Step or ▶", ha="center", transform=axes.transAxes)

    return post


__all__ = ["LEVERS", "Page", "TreatyGraph", "levers", "treaty_figure", "view", "world_of"]
