"""Why these two, for who plays one seat: the rules that all can read, and the player's own side of a text that it would choose itself.

What a pair would gain at the midway text betrays where the other side would put it, so a game never tells that. Its player reads its own
parts of being party, each issue at its own best level, and their sum: the most that it could hope for. The other side's gains are left out.
So is every bar that is not known to be public and every part that may tell of the other side: a new rule is hidden until :data:`RULES`
names it, and a new part until :data:`PARTS` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.bargains.frontier import best_issue
from sim.bargains.worth import issue_worth
from sim.stakes.governments import led
from sim.stakes.payoffs import BP
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import World

RULES = frozenset(("blocs", "competence", "settled", "eligibility", "hostile", "barred"))
"""Bars that everybody can read: membership, who speaks for whom, what is in force, what a type asks of a role, hostility, war."""
OF_ITS_OWN = frozenset(("candidates", "resting", "talking", "text"))
"""Bars that a player knows of its own talks as well."""
PARTS = frozenset(("trade", "consumers", "exporters", "requests", "surveillance", "breach", "clauses", "threat", "upkeep"))
"""Parts of being party that rest on a party's own interests, its own trust and public figures; ``gain_of_other`` and its like do not."""


def seen_by(world: World, seat: int, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a player may know of what stands between two parties.

    Parameters
    ----------
    world : World
        As it stands where the player looks.
    seat : int
        Place of the player on the P axis.
    told : mapping
        All of it, as :func:`analysis.why.told` tells it; not changed.
    """
    code = world.setting.codes[seat]
    mine = code in (told["one"], told["other"])
    return {**told, "seat": code, "types": [_type(world, code, kind, mine) for kind in told["types"]]}


def _type(world: World, seat: str, kind: Mapping[str, Any], mine: bool) -> dict[str, Any]:
    known = RULES | OF_ITS_OWN if mine else RULES
    bars = [bar for bar in kind["bars"] if bar["rule"] in known]
    ways = [_way(world, seat, kind["name"], way) for way in kind["ways"]] if mine else []
    # A place among hopes is told where talks may open, which a player reads in whom it could ask.
    places = {seat: kind["places"][seat]} if mine and seat in kind["places"] else {}
    # What joining an open agreement would bring, and who would refuse, tells of other minds.
    return {**kind, "bars": bars, "ways": ways, "places": places, "best": None, "joining": []}


def _way(world: World, seat: str, name: str, way: Mapping[str, Any]) -> dict[str, Any]:
    if not way["sides"]:
        return {**way, "sides": None}
    return {**way, "sides": [_own(world, name, way, side) if side["party"] == seat else None for side in way["sides"]]}


def _own(world: World, name: str, way: Mapping[str, Any], side: Mapping[str, Any]) -> dict[str, Any]:
    """Return one side at the text that it would choose itself: its own interests alone decide every number.

    ``partly`` says that something of being party is left out.
    """
    setting = world.setting
    kind = setting.types[setting.type_names.index(name)]
    first, second = (setting.codes.index(way[who]) for who in ("first", "second"))
    there, home = setting.edges.find(first, second), setting.edges.find(second, first)
    one, two, out, back = (np.array([value], dtype=np.int32) for value in (first, second, there, home))
    groups = Groups(one, two, out, back, issues_of(setting))
    made = kind.coefficients(world, groups)
    c, at, apart = (
        led(world, setting.type_names.index(name), made.dyads(), one, two),
        0 if side["party"] == way["first"] else 1,
        getattr(made, "apart", ()),
    )
    words = {term["name"]: term for term in side["terms"]}
    parts = getattr(made, "terms", ())
    terms = [{**words[part], "bp": float(value[0, at])} for part, value in parts if part in PARTS and part in words]
    for k, issue in enumerate(issues_of(setting)):
        if issue not in kind.issues or issue not in words:
            continue
        b, w, theta, low, high = (float(one) for one in (c.b[0, at, k], c.w[0, at, k], c.theta[0, at, k], c.lo[0, k], c.hi[0, k]))
        before = issue_worth(0.0 if issue in apart else b, w, theta, float(c.status_quo[0, k]))
        terms.append({**words[issue], "bp": float(issue_worth(b, w, theta, float(best_issue(b, w, theta, low, high))) - before)})
    gain = sum(term["bp"] for term in terms)
    gdp = float(world.gdp[setting.codes.index(side["party"])])
    told = {"party": side["party"], "role": side["role"], "bp": gain, "usd": gain * gdp / BP, "terms": terms}
    return {**told, "partly": len({part for part, _ in parts} - PARTS) > 0 or not parts}
