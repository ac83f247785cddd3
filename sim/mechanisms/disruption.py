"""Shocks that are on lie over the month: each month begins undisturbed, and sparse changes are laid over its forcing arrays.

Every forcing array is set back to its start, on whatever axis it lies: parties, directed dyads, or the rows of a table. Then the changes of
the shocks that are on are laid in the order of their names and values; each sees what the earlier ones made. So lifting a shock is its
absence. What no shock may change, stocks and stages among it, is moved by the rules that read forcing arrays.

A bloc is disturbed as its members are on average, by population. What is in force between two parties that are barred is suspended at once,
and resumes when the bar is lifted and nothing else holds it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.contracts import fault_of
from sim.dated import active, marks
from sim.declare.arrays import Array, Rows, array, column, table
from sim.declare.forced import HOWS, Change, Raised
from sim.declare.neutral import Neutral
from sim.declare.words import Word, event
from sim.ledger import renew_coverage, suspend_barred
from sim.registry import part
from sim.state.world import Floats, World
from sim.types import Event, ModelFault, nearest


@part(
    "mechanism",
    name="disruption",
    title="Disruption",
    title_id="Gangguan",
    sentence_id="Guncangan yang sedang berlangsung diletakkan di atas bulan itu; yang berakhir tidak meninggalkan jejak.",
)
@dataclass(frozen=True)
class Disruption:
    """The shocks that are on are laid over the month, and those that end leave no trace of their own."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "no_shocks",
            "No shock of the scenario is laid over the months.",
            "Tidak ada guncangan skenario yang diletakkan di atas bulan-bulan itu.",
            (("counterfactual", True),),
            "contacts_visit",
            scenario="pandemic_lockdown",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("member", "population", "bound")
    writes: ClassVar[tuple[str, ...]] = ("closure", "barred", "in_force")
    tables: ClassVar[tuple[str, ...]] = ("events", "felt", "instruments", "adherence")
    lays_covers: ClassVar[bool] = True
    lays_forcing: ClassVar[bool] = True
    state: ClassVar[tuple[Array | Rows, ...]] = (
        array(
            "closure",
            ("party",),
            unit="share of meetings",
            meaning="cross-border meetings that cannot be held this month",
            forcing=True,
            low=0.0,
            high=1.0,
        ),
        array(
            "barred",
            ("edge",),
            unit="0/1",
            meaning="no instrument may bind the two this month",
            forcing=True,
            low=0.0,
            high=1.0,
        ),
        array(
            "suspended_for",
            ("instruments",),
            dtype="int8",
            unit="0 nothing, 1 a bar, 2 a breach, 3 both",
            meaning="what holds it up: a bar between the two, a breach that is answered in kind",
        ),
        array("months_barred", ("instruments",), dtype="int32", unit="months", meaning="months for which suspension has put off its term"),
        table(
            "felt",
            (
                column("month", "int32", refers="month", meaning="the month"),
                column("shock", "int32", unit="place", meaning="the shock's place in the order in which a run's shocks are laid"),
            ),
            digested=False,
            meaning="a shock changed something this month",
            row="felt_shock",
        ),
    )
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "dated_event",
            "Dated event",
            "Peristiwa bertanggal",
            "Something that the scenario says happened this month and that no rule plays.",
            "Sesuatu yang menurut skenario terjadi bulan ini dan tidak dimainkan oleh aturan mana pun.",
            columns=("value",),
            public="everyone",
        ),
    )

    def step(self, world: World, decide: Any) -> None:
        """Set forcing arrays back, and lay this month's changes."""
        setting, config = world.setting, world.setting.config
        for name, one in setting.schema.forced.items():
            world.array(name)[...] = one.start if isinstance(one, Array) else one.absent
        on = active(config, world.month)
        for n, shock, since in on:
            # What both the world and its twin carry is no disturbance of this one.
            if _lay(world, shock, since) and not any(shock is one for one in config.background):
                world.felt.append(month=world.month, shock=n)
        if on:
            _disturb_blocs(world)
        if suspend_barred(world):
            renew_coverage(world)
        for place in marks(config, world.month):
            world.events.append(month=world.month, event=Event.DATED_EVENT, value=float(place))


def _lay(world: World, shock: Any, since: int) -> bool:
    """Lay a shock's changes over the month, write down what it raises, and say whether it changed anything."""
    felt = False
    for one in shock.changes(world, world.month, since):
        if isinstance(one, Raised):
            code = world.setting.words.code("event", one.event)
            told = {"party_a": one.party_a, "party_b": one.party_b, "type": one.type, "instrument": one.instrument, "value": one.value}
            world.events.append(month=world.month, event=code, **told)
            felt = True
        else:
            felt |= _change(world, shock, one)
    return felt


def _change(world: World, shock: Any, one: Change) -> bool:
    """Lay one change, within the bounds that its array declares, and say whether anything is other than it was."""
    schema = world.setting.schema
    if one.array not in shock.writes or one.array not in schema.forced:
        raise ModelFault(f"shock {shock.name} changes {one.array!r}, which its writes does not name; {nearest(one.array, shock.writes)}")
    declared, target = schema.forced[one.array], world.array(one.array)
    at = one.at
    if at is None:
        at = (slice(0, world.setting.n_states),) if isinstance(declared, Array) and declared.axis[0] == "party" else ()
    before = np.array(target[at])
    with np.errstate(over="ignore", invalid="ignore"):
        after: Floats = np.asarray(HOWS[one.how](before, one.value)).clip(declared.low, declared.high)
        target[at] = after
    after = target[at]
    if not np.isfinite(after).all():
        raise fault_of(shock, "changes", f"changes() made {one.array} a value that is not a finite number, in the way {one.how!r}")
    return not (before == after).all()


def _disturb_blocs(world: World) -> None:
    """Let each bloc be disturbed as its members are on average, by population; not at all where it has none."""
    setting, n = world.setting, world.setting.n_states
    # Each bloc with its members, how many people they have, and all of them together.
    blocs = []
    for b in range(len(setting.roster.blocs)):
        people = world.population[:n][world.member[b]]
        blocs.append((n + b, world.member[b], people, np.add.reduce(people)))
    # The mean of zeros is what stands there already, wherever somebody lives.
    undisturbed = all(whole > 0.0 or not len(people) for _, _, people, whole in blocs)
    for name, one in setting.schema.forced.items():
        if not isinstance(one, Array) or one.axis[0] != "party":
            continue
        held = world.array(name)
        if one.start == 0.0 and not held.any() and undisturbed:
            continue
        # Parties in the last place, and states beside each other in memory: sums come out the same on further axes.
        target = held if held.ndim == 1 else np.moveaxis(held, 0, -1)
        for place, inside, people, whole in blocs:
            if not len(people):
                target[..., place] = one.start
                continue
            each = np.ascontiguousarray(target[..., :n][..., inside]) * people
            target[..., place] = np.add.reduce(each, axis=-1) / whole
