"""Two graphs of the world as it stands: who is close to whom, and what is in force between whom.

The alliance graph's ``weight`` is the array ``alliance_weight`` that rules of the model read (:mod:`sim.mechanisms.alliances.rule`): of
this year, -1 to 1, below 0 between hostile parties. Its layers are attributes of their own, so that anyone can mix them otherwise;
treaties and trust are those of this month, while the weight holds those of the last January.
"""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.alliances.ties import CLOSE, HOSTILE, joined
from sim.ledger import made_by_many
from sim.state.world import World
from sim.types import Stage, month_label


def alliance_graph(world: World, close: float = CLOSE, hostile: float = HOSTILE) -> Any:
    """Draw who stands close to whom, and who is hostile to whom.

    Parameters
    ----------
    world : World
    close : float
        Weight from which on two parties are joined; -1 joins all.
    hostile : float
        Hostility from which on two parties are joined; above 1 joins nobody.

    Returns
    -------
    networkx.Graph
        Nodes are codes, with ``name``, ``region`` (empty for a bloc), ``kind`` (``"state"`` or ``"bloc"``), ``gdp`` (USD a year),
        ``capability`` (share of world), ``protection_firms``, ``protection_state`` and ``localisation`` (0 to 1). An edge joins two
        parties that have an alliance, are bound by a treaty in force, are close or are hostile; it carries ``weight`` (-1 to 1) and its
        layers ``alliance``, ``hostility``, ``organisations`` (0 to 1), ``affinity`` (0 to 1), ``trust`` (0 to 1, the mean of both
        directions) and ``treaties`` (types in force), and besides ``border`` (0 or 1; a bloc has its members' mean), ``cables`` (count),
        and ``hostile`` (1 where no talks of the two may begin). A bloc and its own members are never joined.
    """
    setting, edges = world.setting, world.setting.edges
    graph = _nodes(world, nx.Graph())
    trust = 0.5 * (world.trust + world.trust[edges.rev])
    drawn, treaties = joined(world, close, hostile)
    for e in drawn.tolist():
        graph.add_edge(
            setting.codes[edges.row[e]],
            setting.codes[edges.col[e]],
            weight=float(world.alliance_weight[e]),
            alliance=float(world.alliance[e]),
            hostility=float(world.hostility[e]),
            organisations=float(world.shared_organisations[e]),
            affinity=float(edges.affinity[e]),
            trust=float(trust[e]),
            treaties=int(treaties[e]),
            border=float(edges.border[e]),
            cables=float(edges.cables[e]),
            hostile=int(world.hostile[e]),
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


__all__ = ["alliance_graph", "treaty_graph"]
