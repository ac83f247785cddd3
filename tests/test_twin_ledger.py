"""The ledger and its plain twin go the same ways, those too that no mechanism of the month takes yet."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from reference import ledger_plain
from reference.plain_world import differences, told
from twins import leavers, resume, small
from worlds import begun

from sim import ledger
from sim.types import ModelFault, Reason, Stage
from sim.world import World

WAYS = (
    (Stage.SUSPENDED, Stage.IN_FORCE, Stage.SUSPENDED, Stage.EXPIRED),
    (Stage.SUSPENDED, Stage.TERMINATED),
    (Stage.TERMINATED,),
    (Stage.COMPLETED,),
)


def of_the_union(world: World) -> int:
    """Return the first instrument that the EU has in force."""
    return int(np.flatnonzero(world.instruments["first"] == world.setting.party("EU"))[0])


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(stage.name for stage in way))
def test_an_instrument_goes_its_way_in_both_while_members_leave_and_come_back(way: tuple[Stage, ...]) -> None:
    world = begun(small())
    leavers(world)
    resume(world)
    w, row = told(world), of_the_union(world)
    bloc, states = world.setting.roster.blocs.index("EU"), world.setting.codes
    for stage, code in zip(way, ("GBR", "DEU", "FRA", "GBR"), strict=False):
        world.bound[bloc, states.index(code)] = w.bound["EU", code] = False
        ledger.change_binding(world, bloc, states.index(code), False)
        ledger_plain.let_go(w, code, "EU")
        world.bound[bloc, states.index(code)] = w.bound["EU", code] = True
        ledger.move(world, row, stage, Reason.TERM_ENDED)
        ledger_plain.move(w, row, stage, Reason.TERM_ENDED)
        ledger.renew_coverage(world)
        ledger_plain.read_coverage(w)
        assert differences(w, told(world)) == []
        world.month = w.month = world.month + 1


def test_both_know_the_same_ways() -> None:
    ways = set()
    for now, then in itertools.product(set(Stage) - {Stage.RATIFIED}, Stage):  # one side ratifies, never an instrument
        world = begun(small())
        row = of_the_union(world)
        world.instruments["stage"][row] = now
        w = told(world)
        try:
            ledger.move(world, row, then)
        except ModelFault:
            with pytest.raises(KeyError):
                ledger_plain.move(w, row, then)
        else:
            ledger_plain.move(w, row, then)
            ways.add((now, then))
    assert ways == set(ledger_plain.SAID)


def test_what_was_signed_before_a_refusal_falls_with_it_in_both() -> None:
    world = begun(small())
    row = of_the_union(world)
    world.instruments["stage"][row] = Stage.SIGNED
    places = np.flatnonzero((world.adherence["instrument"] == row) & (world.adherence["bound_by"] < 0))
    world.adherence["stage"][places] = Stage.SIGNED
    w = told(world)
    ledger.ratify(world, int(places[0]))
    ledger.fail_ratification(world, int(places[1]), Reason.WITHDRAWN)
    ledger_plain.ratify(w, int(places[0]))
    ledger_plain.end_unratified(w, int(places[1]), Reason.WITHDRAWN)
    assert differences(w, told(world)) == []
