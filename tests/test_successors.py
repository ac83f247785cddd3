"""What replaces an agreement: in either order of roles where the two are alike, and in its own order alone where they differ."""

from __future__ import annotations

import numpy as np
import pytest
from courts import events, harbour, live, part, stage, world_of
from test_compliance import STILL

from sim.contracts import are_alike
from sim.ledger import close_talk, list_instrument, move, open_talk, sign
from sim.stakes.keeping import held
from sim.stakes.renewal import kept_gain, reopen
from sim.state.world import World
from sim.types import Reason, Stage, TalkStage

ALIKE = "law_enforcement_access"
QUIET = {**STILL, "bargaining": {"propose_rate": 0.0}}


def old_one(world: World) -> tuple[int, int, int, int]:
    """Put access of Canada with the United States in force by hand; return its row, its type, and the two."""
    t, first, second = world.setting.type_names.index(ALIKE), *(world.setting.codes.index(code) for code in ("CAN", "USA"))
    row = list_instrument(world, t, first, second, np.full(2, 0.3), world.month - 20, world.month - 14, -1)
    return row, t, first, second


def replaced_by(world: World, talk: int) -> int:
    """Conclude some talks and sign what enters into force at once."""
    close_talk(world, talk, TalkStage.CONCLUDED)
    text = np.full(world.instruments["text"].shape[1], 0.4)
    return int(sign(world, talk, text, due=world.month))


def test_types_say_whether_their_roles_are_alike() -> None:
    found = {one.name: are_alike(one) for one in world_of().setting.types}
    assert [name for name, alike in sorted(found.items()) if not alike] == [
        "adequacy_decision",
        "capacity_programme",
        "infrastructure_pact",
        "transfer_framework",
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_a_successor_takes_the_place_of_the_old_in_either_order_of_roles_where_they_are_alike(turned: bool) -> None:
    world = live(world_of(mechanisms=QUIET), 1)
    row, t, first, second = old_one(world)
    talk = open_talk(world, t, *((second, first) if turned else (first, second)), first)
    assert reopen(world, row, pressed=True) == talk
    assert world.talks["succeeds"][talk] == row and world.talks["pressed"][talk]
    new = replaced_by(world, talk)
    live(world, 1)
    assert stage(world, new) is Stage.IN_FORCE and stage(world, row) is Stage.SUCCEEDED
    assert [(one["instrument"], one["reason"]) for one in events(world, "SUCCESSION")] == [(row, Reason.REPLACED)]


def test_what_is_suspended_gives_way_to_a_new_text_in_either_order_of_roles_where_they_are_alike() -> None:
    world = live(world_of(mechanisms=QUIET), 1)
    row, t, first, second = old_one(world)
    move(world, row, Stage.SUSPENDED, Reason.IN_KIND)
    new = replaced_by(world, open_talk(world, t, second, first, first))
    live(world, 1)
    assert stage(world, new) is Stage.IN_FORCE and stage(world, row) is Stage.SUCCEEDED


def test_a_side_counts_what_the_old_agreement_is_worth_to_itself_in_whatever_role() -> None:
    world = live(world_of(mechanisms=QUIET), 1)
    row, t, first, second = old_one(world)
    worth = np.maximum(0.0, held(world, np.array([row])).value[0])
    talk = open_talk(world, t, second, first, first)
    reopen(world, row, pressed=False)
    assert kept_gain(world, talk).tolist() == worth[::-1].tolist() and worth[0] != worth[1]


def test_talks_in_the_other_order_of_roles_do_not_replace_an_agreement_whose_roles_differ() -> None:
    world = live(world_of(mechanisms=QUIET), 1)
    row = harbour(world)
    judge, other, t = (int(world.instruments[key][row]) for key in ("first", "second", "type"))
    part(world, "bargaining", propose_rate=0.0)
    talk = open_talk(world, t, other, judge, other)
    assert reopen(world, row, pressed=True) == -1
    assert world.talks["succeeds"][talk] == -1 and not world.talks["pressed"][talk]
    new = replaced_by(world, talk)
    entry = world.setting.config.mechanisms["entry"]
    assert entry._replaced(world, new) == []
    move(world, row, Stage.SUSPENDED, Reason.IN_KIND)
    assert entry._replaced(world, new) == []
