"""A film: one run as compact, versioned JSON, with all that the page draws and nothing it would have to compute.

Everything is read from the world's own tables and from the shelves, so that a new agreement type, metric, mechanism or shock is in the
film without an edit here. Months count from 0 at the run's first month; parties are numbers on the run's own axis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.app.along import along
from analysis.app.graph import positions
from analysis.app.heads import heads_of, platforms_of, record_of
from analysis.app.lives import before_of, clauses_of, lives_of
from analysis.app.lying import places
from analysis.app.packing import packed, short, shorts, tally
from analysis.app.places import arc_path, seats
from analysis.app.tables import planes
from analysis.app.watching import Notes
from sim.contracts.meanings import meanings_of
from sim.dated import shocks_in_order
from sim.ledger import made_by_many
from sim.recorder import RunData
from sim.run import command, one_run
from sim.state.world import Setting, World
from sim.types import NEVER, Event, Institution, Stage, TalkStage, month_label

FORMAT = 6
"""Form of the film, the first thing it says; a page reads its own only, and a kept film of another is made again."""

AGAIN = frozenset(("gain_as_party", "gain_by_diversion", "gain_by_payment", "gain_by_trade"))
"""Arrays of the world that a metric tells as well, in other words: on the map they would be the same picture twice."""


def make(setting: Setting, chosen: Any, heard: Callable[[int], None] | None = None) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Live one run and tell it.

    Parameters
    ----------
    setting : Setting
    chosen : Settings
        Run settings; the seed is read.
    heard : callable or None
        Called with each month's number.

    Returns
    -------
    film : dict
        The film.
    tables : dict
        The bargaining planes by negotiation (:mod:`analysis.app.tables`).
    trust : uint8 (T, P, P)
        Trust of the row's party in the column's, in steps (:data:`analysis.app.watching.TRUST_STEPS`).
    """
    notes = Notes()
    record = one_run(setting, chosen.seed, "full", heard, chosen.moves, notes)
    film = tell(setting, record, notes)
    # The moves of a seat are in the saved game.
    film["command"] = command(setting.config, chosen, Path("game.json") if chosen.moves else None, absolute=False)
    return film, planes(notes), np.stack(notes.trust)


def tell(setting: Setting, record: RunData, notes: Notes) -> dict[str, Any]:
    """Write the film of a run that has been lived."""
    world, config = notes.world, setting.config
    if world is None:
        raise ValueError("nobody watched this run")
    instruments = instruments_of(world)
    return {
        "format": FORMAT,
        "scenario": config.scenario,
        "protocol": config.protocol.name,
        "seed": record.seed,
        "digest": record.digest,
        "start": month_label(config.start),
        "months": len(record.months),
        "states": setting.n_states,
        "parties": parties_of(setting),
        "place": positions(setting, [(one["a"], one["b"]) for one in instruments]),
        "members": spells(setting, notes.members[1:]),
        "fields": _fields(setting, record, notes),
        "series": _series(setting, record),
        "columns": said_of(setting, metrics_of(setting)),
        "axes": along(setting, record.along, metrics_of(setting)),
        **words_of(setting),
        "instruments": instruments,
        "lives": lives_of(world),
        "talks": talks_of(world),
        "events": _events(world),
        "contacts": contacts_of(world, len(record.months)),
        "lying": {**notes.lying.told(), "places": places(setting)},
        "heads": heads_of(world, len(record.months)),
        "platforms": platforms_of(world),
        "record": record_of(setting),
        "shocks": shocks_of(world),
        "dated": dated_of(setting),
    }


def words_of(setting: Setting) -> dict[str, Any]:
    """Return the names that a film's numbers stand for: agreement types, issues, kinds of event, reasons, channels, institutions."""
    return {
        "types": [_type(kind, may) for kind, may in zip(setting.types, setting.negotiated.tolist(), strict=True)],
        "issues": list(setting.words.issues),
        "words": {
            "event": list(setting.words.events),
            "reason": list(setting.words.reasons),
            "channel": list(setting.words.channels),
            "institution": [one.name.lower() for one in Institution],
        },
    }


def parties_of(setting: Setting) -> list[dict[str, Any]]:
    """Return code, name, region and seat on the map of every party."""
    roster = setting.roster
    states = zip(roster.codes, roster.names, roster.regions, strict=True)
    parties: list[dict[str, Any]] = [{"code": c, "name": n, "region": r} for c, n, r in states]
    parties += [{"code": c, "name": n, "region": "", "bloc": True} for c, n in zip(roster.blocs, roster.bloc_names, strict=True)]
    for party, at in zip(parties, seats(setting), strict=True):
        party["at"] = at
    return parties


def spells(setting: Setting, members: list[NDArray[np.bool_]]) -> list[list[int]]:
    """Return spells of membership: bloc (as a party), state, first month, month after the last; ``members`` a matrix (B, N) a month."""
    held = np.stack(members)
    found = []
    for b in range(held.shape[1]):
        for n in np.flatnonzero(held[:, b].any(axis=0)).tolist():
            on = np.concatenate([[False], held[:, b, n], [False]])
            edges = np.flatnonzero(np.diff(on.astype(np.int8))).tolist()
            found += [[setting.n_states + b, n, edges[k], edges[k + 1]] for k in range(0, len(edges), 2)]
    return found


def metrics_of(setting: Setting) -> list[Any]:
    """Return the metrics of a run's own shelf, in order of their names."""
    shelf = setting.config.shelves["metric"]
    return [shelf.build(name) for name in shelf.names()]


def said_of(setting: Setting, metrics: Iterable[Any]) -> dict[str, dict[str, str]]:
    """Return what some metrics say of their columns one by one, in both languages; a column of which nothing is said is left out."""
    return {column: told._asdict() for metric in metrics for column, told in meanings_of(metric, setting).items()}


def _fields(setting: Setting, record: RunData, notes: Notes) -> dict[str, Any]:
    """Return every observable of the parties: the metrics by party, and the world's own arrays where no metric tells them."""
    out: dict[str, Any] = {}
    for metric in metrics_of(setting):
        if metric.axis != "party":
            continue
        for column in metric.columns(setting):
            out[column] = {"unit": metric.unit, "metric": metric.name, **packed(record.panels[column])}
    for name, rows in notes.fields.items():
        if name not in out and name not in AGAIN:
            told = setting.schema.arrays[name]
            out[name] = {"unit": told.unit, "meaning": told.meaning, **packed(rows)}
    return out


def _series(setting: Setting, record: RunData) -> dict[str, Any]:
    out = {}
    for metric in metrics_of(setting):
        for column in metric.columns(setting):
            out[column] = {"metric": metric.name, "unit": metric.unit, "values": shorts(record.series[column])}
    return out


def _type(kind: Any, may: bool) -> dict[str, Any]:
    """Describe an agreement type as far as a drawing needs it; its words come from the shelf."""
    roles = getattr(kind, "roles", ("party", "party"))
    return {"name": kind.name, "roles": list(roles), "issues": list(kind.issues), "negotiated": may, "entry": kind.entry}


def instruments_of(world: World) -> list[dict[str, Any]]:
    """Return every instrument with its parties, text, dates and way on the map."""
    table, first, setting = world.instruments, world.setting.config.start, world.setting
    standing, issues = _adherences(world), setting.words.issues
    stages = [stage.name.lower() for stage in Stage]
    out = []
    for row in range(len(table)):
        kind = setting.types[int(table["type"][row])]
        a, b = int(table["first"][row]), int(table["second"][row])
        one: dict[str, Any] = {
            "id": world.instrument_identity(row),
            "type": int(table["type"][row]),
            "a": a,
            "b": b,
            "stage": stages[int(table["stage"][row])],
            "signed": _since(table["signed"][row], first),
            "force": _since(table["in_force"][row], first),
            "ended": _since(table["ended"][row], first),
            "text": [short(float(table["text"][row][issues.index(issue)]), 3) for issue in kind.issues],
            "talk": int(table["talk"][row]),
            "conference": int(table["conference"][row]),
            "commitment": short(float(table["commitment"][row])),
            "parties": standing.get(row, []),
            "clauses": clauses_of(world, row),
            "before": before_of(world, row),
        }
        one["path"] = arc_path(setting, [p[0] for p in one["parties"]] if made_by_many(world, row) else [a, b])
        out.append(one)
    return out


def _adherences(world: World) -> dict[int, list[list[Any]]]:
    """Return who is party to each instrument: party, role, institution, stage, since, until, month of the vote; the bound left out."""
    table, first = world.adherence, world.setting.config.start
    stages = [stage.name.lower() for stage in Stage]
    out: dict[int, list[list[Any]]] = {}
    for at in range(len(table)):
        if table["bound_by"][at] >= 0:
            continue
        until = int(table["until"][at])
        told = [int(table["party"][at]), int(table["role"][at]), int(table["institution"][at]), stages[int(table["stage"][at])]]
        told += [_since(table["since"][at], first), None if until in (-1, NEVER) else until - first, _since(table["vote"][at], first)]
        out.setdefault(int(table["instrument"][at]), []).append(told)
    return out


def _since(month: Any, first: int) -> int | None:
    """Count a month from the run's first; None where there is none."""
    return None if int(month) < 0 or int(month) >= NEVER else int(month) - first


def talks_of(world: World, rows: Iterable[int] | None = None) -> list[list[Any]]:
    """Return negotiations of two, all or some.

    Each as type, first, second, initiator, opened, closed, stage, reason, rounds, contacts by channel.
    """
    table, first = world.talks, world.setting.config.start
    stages = [stage.name.lower() for stage in TalkStage]
    out = []
    for row in range(len(table)) if rows is None else rows:
        told: list[Any] = [int(table[name][row]) for name in ("type", "first", "second", "initiator")]
        told += [_since(table["opened"][row], first), _since(table["closed"][row], first), stages[int(table["stage"][row])]]
        out.append([*told, int(table["reason"][row]), int(table["step"][row]), table["n_by_channel"][row].tolist()])
    return out


def left_out(setting: Setting) -> tuple[int, ...]:
    """Return the events too many to list one by one; contacts are counted by month and channel instead."""
    return setting.words.codes_where("event", "listed", False)


def _events(world: World) -> list[list[Any]]:
    """Return the ledger without its many small events: month, event, party, other, type, talk, instrument, reason, value."""
    table, first = world.events, world.setting.config.start
    kept = np.flatnonzero(~np.isin(table["event"], left_out(world.setting)))
    names = ("event", "party_a", "party_b", "type", "talk", "instrument", "reason")
    return [
        [int(table["month"][at]) - first, *(int(table[name][at]) for name in names), short(float(table["value"][at]))]
        for at in kept.tolist()
    ]


def contacts_of(world: World, months: int) -> list[str]:
    """Count contacts month by month, each for both sides: a word a month (:func:`analysis.app.packing.tally`), by party, then channel.

    By month and not by year, so that the page counts no further than its clock.
    """
    table, first = world.events, world.setting.config.start
    held = np.flatnonzero(table["event"] == Event.CONTACT)
    counts = np.zeros((months, world.setting.n_parties, len(world.setting.words.channels)), dtype=np.int64)
    for side in ("party_a", "party_b"):
        np.add.at(counts, (table["month"][held] - first, table[side][held], table["channel"][held]), 1)
    return [tally(month) for month in counts]


def shocks_of(world: World, until: int | None = None) -> list[dict[str, Any]]:
    """Return each shock with its spells, first month and month after the last: the months in which it changes anything.

    The background, which the twin carries too, is no shock of this world.

    ``until`` is the first month that is not looked at, and a shock that has not been felt before it is left out; None for the whole run.
    """
    config, felt = world.setting.config, world.felt
    shocks, length = shocks_in_order(config), config.end - config.start + 1
    on = np.zeros((len(shocks), length + 2), dtype=np.int8)
    inside = felt["month"] < (config.end + 1 if until is None else until)
    on[felt["shock"][inside], 1 + felt["month"][inside] - config.start] = 1
    told = [np.flatnonzero(np.diff(row)).reshape(-1, 2).tolist() for row in on]
    own = [not any(shock is one for one in config.background) for shock, _ in shocks]
    return [
        {"name": shock.name, "spells": spell}
        for (shock, _), spell, shown in zip(shocks, told, own, strict=True)
        if shown and (spell or until is None)
    ]


def dated_of(setting: Setting, until: int | None = None) -> list[dict[str, Any]]:
    """Return the scenario's dated events: months from the start, kind, notes, source; only those begun before ``until``."""
    config = setting.config
    end = config.end + 1 if until is None else until
    return [
        {
            "from": max(0, one.start - config.start),
            "until": min(one.until, end) - config.start,
            "kind": one.kind,
            "note": one.note,
            "note_id": one.note_id or one.note,
            "source": one.source,
        }
        for one in config.events
        if one.start < end
    ]
