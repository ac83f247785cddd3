"""What holds of every month holds with tables of many: declared reads and writes, exact snapshots, one past, one luck, sound numbers."""

from __future__ import annotations

import numpy as np
import pytest
from summits import summits
from test_invariants_locality import faults_of_a_run
from worlds import begun, digest, lived, months_of, setting_of

from sim import engine
from sim.mechanisms.conferences import Conferences
from sim.recorder import instruments_in_words, ledger_in_words
from sim.single import one_run
from sim.state.world import World, clone
from sim.types import Event, Stage


def test_every_mechanism_reads_and_writes_only_what_it_declares_with_tables_of_many() -> None:
    assert faults_of_a_run(summits(end="2021-02")) == []


def test_a_conference_that_peeks_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Conferences._settled

    def peeking(self: Conferences, world: World, t: int, bloc: int) -> bool:
        return honest(self, world, t, bloc) or bool(world.outlay[bloc] > 0.0)

    monkeypatch.setattr(Conferences, "_settled", peeking)
    assert any("conferences" in fault for fault in faults_of_a_run(summits(end="2019-12")))


def test_stepping_in_pieces_is_stepping_at_once_with_tables_of_many() -> None:
    plain = summits(end="2021-02")
    whole, pieces = lived(plain, 3), begun(plain, 3)
    while pieces.month <= pieces.setting.config.end:
        pieces = clone(pieces)
        engine.step(pieces)
    assert digest(whole) == digest(pieces)


def test_a_lever_moved_later_leaves_the_conferences_before_it_alone() -> None:
    plain = summits(end="2021-12")
    one, other = begun(plain, 3), begun(plain, 3)
    at = one.month + 15
    for _ in months_of(one):
        pass
    for _ in months_of(other, actions={at: [engine.Action("agreements.security_treaty.reports", 0.05)]}):
        pass
    for name in ("initiator", "type", "opened"):
        before = [w.conferences[name][w.conferences["opened"] < at].tolist() for w in (one, other)]
        assert before[0] == before[1]
    assert one.seats["party"].tolist() != other.seats["party"].tolist()


def test_a_longer_table_of_types_leaves_the_luck_of_conferences_alone() -> None:
    """Talks between two beside it draw other names."""
    alone = lived(summits(end="2020-09", negotiated=["security_treaty"]), 3)
    beside = lived(summits(end="2020-09", negotiated=["regional_market", "security_treaty"]), 3)
    t = alone.setting.type_names.index("security_treaty")
    rows = [w.conferences["type"] == t for w in (alone, beside)]
    for name in ("initiator", "opened", "sessions"):
        assert alone.conferences[name][rows[0]].tolist() == beside.conferences[name][rows[1]].tolist()


def test_metrics_count_treaties_once_and_their_states_by_law() -> None:
    setting = setting_of(summits(end="2022-12"))
    result, world = one_run(setting, 4, "panels"), lived(summits(end="2022-12"), 4)
    treaty = (world.instruments["conference"] >= 0) & (world.instruments["type"] == setting.type_names.index("security_treaty"))
    assert result.scalars["new_signatures_security_treaty"] == treaty.sum() > 0
    alive = treaty & (world.instruments["stage"] == Stage.IN_FORCE)
    assert result.scalars["in_force_security_treaty"] == alive.sum() > 0
    held = (world.adherence["stage"] == Stage.IN_FORCE) & alive[world.adherence["instrument"]]
    assert result.scalars["states_in_security_treaty"] == len(np.unique(world.adherence["party"][held]))


def test_the_ledger_names_conferences_and_their_treaties_in_words() -> None:
    world = lived(summits(end="2020-12"), 3)
    told, made = ledger_in_words(world), instruments_in_words(world)
    at = np.flatnonzero(world.events["event"] == Event.CONFERENCE_OPENED)
    assert len(at) > 0
    for row, name in zip(world.events["conference"][at], told["negotiation"][at], strict=True):
        assert name == world.conference_identity(int(row))
        assert name.startswith(("security_treaty:", "regional_market:"))
    of_many = world.instruments["conference"] >= 0
    assert (made["party_first"][of_many] == "").all()
    assert len(set(made["instrument"])) == len(made["instrument"])
    assert (told["instrument"][world.events["instrument"] >= 0] != "").all()


@pytest.mark.parametrize("seed", [3, 4])
def test_identities_of_conferences_are_never_two(seed: int) -> None:
    world = lived(summits(), seed)
    names = [world.conference_identity(row) for row in range(len(world.conferences))]
    assert len(set(names)) == len(names)
