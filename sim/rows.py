"""Declared tables in words: names for numbers, and a column for each place on a fixed axis.

The ledger, the instruments and the offers have words of their own (:mod:`sim.recorder`); every other table that a part declares to be
recorded is told here, from its declaration alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.bargains.quality import QUALITIES
from sim.declare.arrays import KEPT, Column
from sim.params import TIERS
from sim.state.world import Setting, World
from sim.types import Institution, ModelFault, Rank, SeatStage, Stage, TalkStage, UserError

IN_THEIR_OWN_WORDS: Mapping[str, tuple[str, ...]] = {
    "events": (
        "month", "event", "channel", "rank", "occasion", "reason", "party_a", "party_b", "type", "negotiation", "instrument", "value",
    ),
    "instruments": (
        "instrument", "type", "party_first", "party_second", "stage", "signed", "in_force", "ended", "gain_first", "gain_second",
        "commitment", "payment", "package", "term", "successor_of", *QUALITIES, "rounds", "months_of_talks",
    ),
    "offers": ("month", "negotiation", "step", "proposer", "utility_first", "utility_second"),
}  # fmt: skip
"""Tables that the recorder tells in words of its own, and their columns there besides a column for each issue (and channel)."""
_WORDS: dict[str, type[IntEnum]] = {
    "rank": Rank,
    "institution": Institution,
    "stage": Stage,
    "talk_stage": TalkStage,
    "seat_stage": SeatStage,
}
_ON_AXIS = ("party", "state", "bloc", "edge", "type", "issue", "channel", "platform")
_OF_THE_RUN = ("event", "reason", "occasion")
_IDENTITIES: dict[str, Callable[[World, int], str]] = {
    "talks": World.talk_identity,
    "instruments": World.instrument_identity,
    "conferences": World.conference_identity,
}


def recorded_tables(setting: Setting, tier: str) -> tuple[str, ...]:
    """Name the tables that a record of a tier keeps, sorted, besides those that have words of their own."""
    reached = TIERS[: TIERS.index(tier) + 1]
    tables = setting.schema.tables
    return tuple(sorted(name for name, one in tables.items() if one.tier in reached and name not in IN_THEIR_OWN_WORDS))


def table_in_words(world: World, name: str) -> dict[str, NDArray[Any]]:
    """Return a table with names for numbers; an absent name is an empty string.

    ``row`` is the number by which columns of other tables refer to a row. A column with further axes becomes one for each place on them,
    ``COLUMN_PLACE``; months stay numbers.

    Raises
    ------
    ModelFault
        If a number stands for something that is not there.
    """
    table = world.table(name)
    return {"row": np.arange(len(table), dtype=np.int64), **_in_words(world, name, world.setting.schema.tables[name].columns)}


def added_columns(world: World, name: str) -> dict[str, NDArray[Any]]:
    """Return the columns that parts add to a table, in words as :func:`table_in_words` gives them."""
    added = [one for one in world.setting.schema.tables[name].columns if world.setting.schema.on_rows.get(one.name) == name]
    return _in_words(world, name, added)


def _in_words(world: World, name: str, columns: Iterable[Column]) -> dict[str, NDArray[Any]]:
    out = {}
    for column in columns:
        words = words_of(world, column.refers)
        for called, values in _spread(world.setting, column, world.table(name)[column.name]):
            out[called] = values.copy() if words is None else _named(words, values, f"{name}.{column.name}", column.refers)
    return out


def refuse_twin_columns(setting: Setting) -> None:
    """Refuse columns that would stand twice in the record of a table: one with further axes has a column for each place on them.

    Raises
    ------
    UserError, ModelFault
        One sentence: who declares it, the column that it makes, and the table.
    """
    schema, words = setting.schema, setting.words
    for name, table in schema.tables.items():
        if table.tier is None:
            continue
        own = name in IN_THEIR_OWN_WORDS
        issues = words.issues if name != "events" else ()
        held = {*KEPT, *IN_THEIR_OWN_WORDS[name], *issues} if own else set(KEPT)
        if name == "instruments":
            held |= {f"contacts_{channel}" for channel in words.channels}
        for column in table.columns:
            added = schema.on_rows.get(column.name) == name
            owner = schema.owners[f"{name}.{column.name}"]
            if own and (not added or (owner.startswith("consequence ") and column.name in held)):
                continue  # what the ledger owns, and what stands under its own name where it always stood
            for called in _names(setting, column):
                if called in held:
                    folder = setting.config.shelves.folder
                    where = "" if folder is None else f"parts={folder}: "
                    said = f"{where}{owner}: {column.name!r} on {name} makes a second column {called!r} of its record; choose another name"
                    raise ModelFault(said) if folder is None else UserError(said)
                held.add(called)


def words_of(world: World, refers: str) -> tuple[str, ...] | None:
    """Return the names for which the numbers of a column stand; None where they stay numbers."""
    if refers in _ON_AXIS:
        return world.setting.labels(refers)
    if refers in _OF_THE_RUN:
        return tuple("" if name == "none" else name for name in world.setting.words.names[refers])
    if refers in _WORDS:
        return tuple(word.name.lower() for word in _WORDS[refers])
    if refers in world.setting.schema.names:
        return world.setting.schema.names[refers]
    table = world.setting.schema.called(refers)
    if table in _IDENTITIES:
        return tuple(_IDENTITIES[table](world, row) for row in range(len(world.table(table))))
    return None


def row_words(world: World, table: str) -> tuple[str, ...]:
    """Return what each row of a table is called: its identity where it has one, else what a row is called and its number."""
    called = world.setting.schema.tables[table].row
    words = words_of(world, called)
    return tuple(f"{called} {row}" for row in range(len(world.table(table)))) if words is None else words


def declared_words(setting: Setting, tier: str) -> dict[str, dict[str, Any]]:
    """Describe the tables that a record keeps, for its manifest: meaning, who declares them, and their columns with units."""
    schema = setting.schema
    return {
        name: {
            "meaning": schema.tables[name].meaning,
            "row": schema.tables[name].row,
            "declared_by": schema.owners[name],
            "columns": {
                called: {"unit": column.unit, "meaning": column.meaning}
                for column in schema.tables[name].columns
                for called in _names(setting, column)
            },
        }
        for name in recorded_tables(setting, tier)
    }


def _spread(setting: Setting, column: Column, values: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    flat = values.reshape(len(values), int(np.prod(values.shape[1:])))
    for at, called in enumerate(_names(setting, column)):
        yield called, flat[:, at]


def _names(setting: Setting, column: Column) -> Iterator[str]:
    places = [setting.labels(one) if isinstance(one, str) else tuple(map(str, range(one))) for one in column.axes]
    for steps in itertools.product(*places):
        yield "_".join((column.name, *steps))


def _named(words: tuple[str, ...], values: NDArray[Any], where: str, refers: str) -> NDArray[Any]:
    wrong = values[(values < -1) | (values >= len(words))]
    if len(wrong):
        raise ModelFault(f"{where} holds {int(wrong[0])}, which is no {refers}; -1 to {len(words) - 1} are")
    found: NDArray[Any] = np.array([*words, ""], dtype=object)[values]
    return found
