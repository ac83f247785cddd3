r"""Two graphs of the world as it stands: who is close to whom, and what is in force between whom.

The alliance graph's ``weight`` is a declared mix of what ties two parties:

.. math:: w = p\,pact + v\,affinity + t\,trust + b\,border + c\,\frac{cables}{cables + h} + f\,\frac{treaties}{treaties + 1}
          - r\,rivalry

Pact and affinity run from 0 to 1; trust is the mean of the two directions; border and rivalry are 0 or 1 (a bloc has its members' mean);
cables are counted; treaties are the instruments in force that bind both, counted by type. Formal pacts (``pact``), likeness of votes
(``affinity``) and the rest stay separate attributes, so that anyone can mix them otherwise. The mix is assumed; no rule of the model
reads it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.ledger import derive_in_force, made_by_many
from sim.registry import param
from sim.state.world import World
from sim.types import Stage, month_label


@dataclass(frozen=True)
class AllianceWeights:
    """How ties are mixed into one weight, and from which weight on two parties are joined."""

    pact: float = param(1.0, unit="weight", low=0.0, high=5.0, source="assumed", meaning="A full formal pact, p.")
    affinity: float = param(0.5, unit="weight", low=0.0, high=5.0, source="assumed", meaning="Votes wholly alike, v.")
    trust: float = param(0.5, unit="weight", low=0.0, high=5.0, source="assumed", meaning="Full mutual trust, t.")
    border: float = param(0.1, unit="weight", low=0.0, high=5.0, source="assumed", meaning="A land border, b.")
    cables: float = param(0.1, unit="weight", low=0.0, high=5.0, source="assumed", meaning="Very many shared cables, c.")
    cables_half: float = param(3.0, unit="count", low=0.5, high=50.0, source="assumed", meaning="Shared cables that give half of that, h.")
    treaties: float = param(0.4, unit="weight", low=0.0, high=5.0, source="assumed", meaning="Very many treaties in force, f.")
    rivalry: float = param(1.0, unit="weight", low=0.0, high=5.0, source="assumed", meaning="What a strategic rivalry takes away, r.")
    threshold: float = param(1.0, unit="weight", low=0.0, high=5.0, source="assumed", meaning="Weight above which two parties are joined.")


def alliance_graph(world: World, weights: AllianceWeights | None = None) -> Any:
    """Draw who stands close to whom now.

    Parameters
    ----------
    world : World
    weights : AllianceWeights, optional
        Another mix than the declared one.

    Returns
    -------
    networkx.Graph
        Nodes are codes, with ``name``, ``region`` (empty for a bloc), ``kind`` (``"state"`` or ``"bloc"``), ``gdp`` (USD a year),
        ``capability`` (share of world), ``protection_firms``, ``protection_state`` and ``localisation`` (0 to 1). An edge joins two
        parties that have a pact, are bound by a treaty in force, or whose weight lies above the threshold; it carries ``pact``,
        ``affinity``, ``trust``, ``border``, ``cables``, ``rivalry``, ``treaties`` and ``weight``. A bloc and its own members are never
        joined.
    """
    mix = AllianceWeights() if weights is None else weights
    setting, edges = world.setting, world.setting.edges
    graph = _nodes(world, nx.Graph())
    trust = 0.5 * (world.trust + world.trust[edges.rev])
    treaties = derive_in_force(world).sum(axis=0)
    weight = (
        mix.pact * edges.pact
        + mix.affinity * edges.affinity
        + mix.trust * trust
        + mix.border * edges.border
        + mix.cables * edges.cables / (edges.cables + mix.cables_half)
        + mix.treaties * treaties / (treaties + 1.0)
        - mix.rivalry * edges.rivalry
    )
    joined = ((weight > mix.threshold) | (edges.pact > 0.0) | (treaties > 0)) & ~world.blocked & (edges.row < edges.col)
    for e in np.flatnonzero(joined).tolist():
        graph.add_edge(
            setting.codes[edges.row[e]],
            setting.codes[edges.col[e]],
            pact=float(edges.pact[e]),
            affinity=float(edges.affinity[e]),
            trust=float(trust[e]),
            border=float(edges.border[e]),
            cables=float(edges.cables[e]),
            rivalry=float(edges.rivalry[e]),
            treaties=int(treaties[e]),
            weight=float(weight[e]),
        )
    return graph


def treaty_graph(world: World) -> Any:
    """Draw what is in force between whom now.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes as in :func:`alliance_graph`. Each instrument in force gives an edge from each party in role 0 to each party in role 1 (of a
        treaty of many: one edge for each pair), keyed by the instrument's identity, with ``agreement`` (its type), ``stage``, ``signed``
        and ``in_force`` (months, ``YYYY-MM``), ``role_from`` and ``role_to`` (of the ends of the edge), a level for each issue of the text
        under the issue's name (left out where it was never coded), and ``bound_by``: codes of the blocs through which an end is bound
        without having signed, joined by ``;``, empty where both signed.

    Notes
    -----
    Every attribute of both graphs is a number or a text, so that ``networkx.write_graphml``, ``write_gexf`` and ``write_gml`` take them as
    they are. None is called ``type``, which GEXF keeps for directed and undirected.
    """
    graph = _nodes(world, nx.MultiDiGraph())
    setting, instruments, adherence = world.setting, world.instruments, world.adherence
    alive = adherence["stage"] == Stage.IN_FORCE
    bound: dict[int, tuple[list[int], list[int]]] = {}
    for at in np.flatnonzero(alive & (instruments["stage"][adherence["instrument"]] == Stage.IN_FORCE)).tolist():
        bound.setdefault(int(adherence["instrument"][at]), ([], []))[int(adherence["role"][at])].append(at)
    for row in sorted(bound):
        kind = setting.types[int(instruments["type"][row])]
        levels = {issue: float(instruments["text"][row][k]) for k, issue in enumerate(setting.words.issues) if issue in kind.issues}
        facts = {
            "agreement": kind.name,
            "stage": Stage(int(instruments["stage"][row])).name.lower(),
            "signed": month_label(int(instruments["signed"][row])),
            "in_force": month_label(int(instruments["in_force"][row])),
            "role_from": kind.roles[0],
            "role_to": kind.roles[1],
            **{issue: level for issue, level in levels.items() if not math.isnan(level)},
        }
        many = bool(made_by_many(world, row))
        for place, one in enumerate(bound[row][0]):
            # All parties to a treaty of many are alike: one edge for each pair, from the earlier party.
            for other in bound[row][0][place + 1 :] if many else bound[row][1]:
                through = _blocs(adherence["bound_by"], one, other)
                ends = (setting.codes[int(adherence["party"][at])] for at in (one, other))
                graph.add_edge(*ends, key=world.instrument_identity(row), **facts, bound_by=";".join(setting.codes[b] for b in through))
    return graph


def _blocs(bound_by: NDArray[np.int32], *ends: int) -> list[int]:
    return [int(bound_by[at]) for at in ends if bound_by[at] >= 0]


def _nodes(world: World, graph: Any) -> Any:
    setting, roster = world.setting, world.setting.roster
    regions = (*roster.regions, *("" for _ in roster.blocs))
    for i, (code, name, region) in enumerate(zip(setting.codes, (*roster.names, *roster.bloc_names), regions, strict=True)):
        graph.add_node(
            code,
            name=name,
            region=region,
            kind="state" if i < setting.n_states else "bloc",
            gdp=float(world.gdp[i]),
            capability=float(world.capability[i]),
            protection_firms=float(world.protection_firms[i]),
            protection_state=float(world.protection_state[i]),
            localisation=float(world.localisation[i]),
        )
    return graph


__all__ = ["AllianceWeights", "alliance_graph", "treaty_graph"]
