"""The film of a game that goes on: what its player may know in the month where they stand, and nothing else.

It has the form of every film (:mod:`analysis.app.film`), so the page draws it alike. It ends with the last month lived (``lived``; the axis
keeps all months of the run), holds what is public (:mod:`analysis.app.public`) and the player's own side of its own tables. A date that
is fixed but still to come, such as that of a vote, is left out. It has no digest: that of a run tells of all its numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.app import film as films
from analysis.app.along import along, told_to_players
from analysis.app.heads import heads_of
from analysis.app.lying import places
from analysis.app.packing import short, shorts
from analysis.app.public import is_public, public_events
from analysis.app.seen import OwnSide, Seen
from analysis.app.watching import TRUST_STEPS, UNSEEN
from sim.game import Game
from sim.params import Settings
from sim.run import command
from sim.state.world import Setting, World
from sim.types import month_label

OTHERS = -2
"""Number of the talks of two others, of which a player sees only what they sign; -1 is an instrument that was not bargained by two."""


def player_film(game: Game, seen: Seen, chosen: Settings) -> dict[str, Any]:
    """Tell a game as far as it has been lived, as its player sees it.

    Parameters
    ----------
    game : Game
        Not changed.
    seen : Seen
        Notes of the same months.
    chosen : Settings
        For the command that repeats the game.
    """
    world, setting, config = game.world, game.setting, game.setting.config
    mine = own_rows(world, seen.seat)
    number = {row: k for k, row in enumerate(mine)}
    return {
        "format": films.FORMAT,
        "scenario": config.scenario,
        "protocol": config.protocol.name,
        "seed": game.seed,
        "digest": None,
        "start": month_label(config.start),
        "months": config.end - config.start + 1,
        "lived": seen.months,
        "seat": game.seat,
        "states": setting.n_states,
        "parties": films.parties_of(setting),
        "place": {**seen.place, "years": _years_lived(seen, config.start)},
        "members": _memberships(setting, seen),
        "fields": _fields(setting, seen),
        "series": _series(setting, game),
        "columns": films.said_of(setting, _metrics(setting)),
        "axes": along(setting, game.along, told_to_players(setting, _metrics(setting))),
        **films.words_of(setting),
        "instruments": _instruments(world, number),
        "talks": films.talks_of(world, mine),
        "events": _events(world, seen.seat, number),
        "contacts": films.contacts_of(world, seen.months),
        "lying": {**seen.lying.told(), "places": places(setting)},
        "heads": heads_of(world, seen.months, seen.seat),
        "shocks": films.shocks_of(world, config.start + seen.months),
        "dated": films.dated_of(setting, config.start + seen.months),
        "command": command(config, chosen, Path("game.json"), absolute=False),
    }


def own_rows(world: World, seat: int) -> list[int]:
    """Return the rows of the negotiations in which a seat has a side."""
    talks = world.talks
    return np.flatnonzero((talks["first"] == seat) | (talks["second"] == seat)).tolist()


def _years_lived(seen: Seen, start: int) -> list[dict[str, Any]]:
    """Return the ties of the years begun: a player does not see who will be hostile in years to come."""
    years: Any = seen.place["years"]
    return [one for one in years if one["year"] <= (start + max(0, seen.months - 1)) // 12]


def _memberships(setting: Setting, seen: Seen) -> list[list[int]]:
    """Return spells of membership as far as lived; before the first month, as the run begins."""
    return films.spells(setting, seen.members[1:] or seen.members[:1])


def public_panels(game: Game) -> dict[str, list[NDArray[np.float64]]]:
    """Return the public metrics by party of a game, a row (P,) for each month lived."""
    panels, out = game.panels, {}
    for metric in _metrics(game.setting):
        if metric.axis == "party":
            out.update({column: panels.get(column, []) for column in metric.columns(game.setting)})
    return out


def _metrics(setting: Setting) -> list[Any]:
    """Return the public metrics of a run's own shelf, in order of their names."""
    return [metric for metric in films.metrics_of(setting) if is_public(metric)]


def _fields(setting: Setting, seen: Seen) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for metric in _metrics(setting):
        if metric.axis == "party":
            for column in metric.columns(setting):
                panel = seen.panels.get(column)
                # Before the first month nothing has been measured, and a figure of the same name tells how the world stands.
                if panel is not None and panel.months:
                    out[column] = {"unit": metric.unit, "metric": metric.name, **panel.packed}
    for name, panel in seen.fields.items():
        if name not in out:
            told = setting.schema.arrays[name]
            out[name] = {"unit": told.unit, "meaning": told.meaning, **panel.packed}
    return out


def _series(setting: Setting, game: Game) -> dict[str, Any]:
    out, series = {}, game.series
    for metric in _metrics(setting):
        for column in metric.columns(setting):
            out[column] = {"metric": metric.name, "unit": metric.unit, "values": shorts(series[column]) or [None]}
    return out


def _instruments(world: World, number: dict[int, int]) -> list[dict[str, Any]]:
    """Return every instrument as it stands, with no date still to come, its talks by the number they have in this film."""
    lived = world.month - world.setting.config.start
    out = []
    for one in films.instruments_of(world):
        if one["signed"] is not None and one["signed"] >= lived and one["signed"] >= 0:
            continue
        talk = one["talk"]
        told = {**one, "talk": number.get(talk, OTHERS) if talk >= 0 else -1}
        for date in ("signed", "force", "ended"):
            told[date] = _past(one[date], lived)
        told["parties"] = [[*party[:4], *(_past(date, lived) for date in party[4:])] for party in one["parties"]]
        out.append(told)
    return out


def _past(month: int | None, lived: int) -> int | None:
    return None if month is None or month >= lived else month


def _events(world: World, seat: int, number: dict[int, int]) -> list[list[Any]]:
    """Return what is public, and what names the seat."""
    table, first = world.events, world.setting.config.start
    mine = (table["party_a"] == seat) | (table["party_b"] == seat)
    public, unlisted = public_events(world.setting), films.left_out(world.setting)
    silent = world.setting.words.codes_where("event", "public", "everyone_but_why")
    kept = (np.isin(table["event"], public) | mine) & ~np.isin(table["event"], unlisted)
    out = []
    for at in np.flatnonzero(kept).tolist():
        talk = int(table["talk"][at])
        told = [int(table[name][at]) for name in ("event", "party_a", "party_b", "type")]
        # That somebody leaves a table of many is seen by all; why, by who leaves.
        why = int(table["reason"][at]) if mine[at] or int(table["event"][at]) not in silent else 0
        seen = [number.get(talk, OTHERS) if talk >= 0 else -1, int(table["instrument"][at]), why, short(float(table["value"][at]))]
        out.append([int(table["month"][at]) - first, *told, *seen])
    return out


def own_planes(game: Game, seen: Seen) -> dict[str, Any]:
    """Describe the player's own side of its own tables, by their number in its film: what it wants, its walls, every offer.

    Worths are the player's own (bp of its own GDP a year). The other side has None everywhere.
    """
    world, start = game.world, game.setting.config.start
    out: dict[str, Any] = {}
    offers, talks = world.offers, world.talks
    for number, row in enumerate(own_rows(world, seen.seat)):
        own = seen.tables.get(row)
        if own is None:
            continue
        kind = world.setting.types[int(talks["type"][row])]
        active = [world.setting.words.issues.index(issue) for issue in kind.issues]
        result = float(talks["utility"][row][own.side])
        made = []
        for at in np.flatnonzero(offers["talk"] == row).tolist():
            side = 0 if offers["proposer"][at] == talks["first"][row] else 1
            worth = short(float(offers["utility"][at][own.side]))
            made.append([int(offers["month"][at]) - start, int(offers["step"][at]), side, worth, shorts(offers["text"][at][active], 3)])
        out[str(number)] = {
            "own": own.side,
            "d": short(own.d),
            "r": short(own.r),
            "ideal": _one_sided(own, shorts(own.best[active], 3)),
            "salience": _one_sided(own, shorts(own.w[active], 3)),
            "box": shorts([own.lo[active], own.hi[active]], 3),
            "result": short(result) if np.isfinite(result) else None,
            "offers": made,
        }
    return out


def _one_sided(own: OwnSide, told: list[Any]) -> list[Any]:
    return [told, None] if own.side == 0 else [None, told]


def own_trusts(seen: Seen, party: int) -> dict[str, list[list[float | None]]]:
    """Return trust month by month as the player knows it, (T, P): its own in a party, and where it is that party, its own in each."""
    n, mine = len(seen.trust[0]) if seen.trust else 0, party == seen.seat
    told = [[None if v == UNSEEN else v / TRUST_STEPS for v in row.tolist()] for row in seen.trust]
    inward = [[row[party] if k == seen.seat else None for k in range(n)] for row in told]
    return {"in": inward, "of": told if mine else [[None] * n for _ in told]}
