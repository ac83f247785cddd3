"""Signatures are put to those at home who must consent; what they refuse falls, and what they ratify binds."""

from __future__ import annotations

import functools
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torn import TORN
from worlds import ROOT, begun, lived, months_of, setting_of, tree

from sim import engine
from sim.bargains.feasible import gains
from sim.decide.assent import answers
from sim.decide.decisions import Compiled
from sim.ledger import fail_ratification, ratify
from sim.ledger.votes import pending
from sim.mechanisms import ratification as room
from sim.stakes import ratifiers
from sim.stakes.linkage import at_stake
from sim.stakes.ratifiers import Consent, consent_of, distances, with_ratifiers
from sim.state.world import Ints, World
from sim.types import Event, Institution, ModelFault, Reason, Stage, TalkStage, UserError

PACT, FRAMEWORK, TRADE = "infrastructure_pact", "transfer_framework", "digital_trade_agreement"


@functools.cache
def torn(protocol: str = "nash", seed: int = 7) -> World:
    """Live a world in which ratifiers refuse as well as ratify; read only."""
    return lived(TORN | {"protocol": {"name": protocol}}, seed)


def consent(kind: str, code: str, **over: Any) -> tuple[Institution, float]:
    setting = setting_of(tree(roster={"states": ["CHN", "DEU", "FRA", "GBR", "PHL", "USA"]}, **over))
    t, party = setting.type_names.index(kind), np.array([setting.party(code)])
    found = consent_of(setting, t, party, setting.config.start)
    return Institution(int(found.institution[0])), round(float(found.quota[0]), 4)


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        (PACT, "DEU", (Institution.MAJORITY, 0.5)),
        (PACT, "USA", (Institution.MAJORITY, 0.5)),
        (PACT, "CHN", (Institution.EXECUTIVE_ACT, 0.0)),
        (FRAMEWORK, "USA", (Institution.EXECUTIVE_ACT, 0.0)),
        (FRAMEWORK, "EU", (Institution.BLOC_ASSENT, 0.65)),
        (TRADE, "USA", (Institution.SUPERMAJORITY, 0.6667)),
        (TRADE, "PHL", (Institution.SUPERMAJORITY, 0.6667)),
        (TRADE, "DEU", (Institution.MAJORITY, 0.5)),
        (TRADE, "GBR", (Institution.EXECUTIVE_ACT, 0.0)),
        (TRADE, "CHN", (Institution.EXECUTIVE_ACT, 0.0)),
    ],
)
def test_who_must_consent_follows_from_treaty_class_and_regime(kind: str, code: str, expected: tuple[Institution, float]) -> None:
    assert consent(kind, code) == expected


def test_the_bar_of_the_rule_is_a_parameter() -> None:
    assert consent(PACT, "DEU", mechanisms={"ratification": {"least_regime": 4}}) == (Institution.EXECUTIVE_ACT, 0.0)
    assert consent(PACT, "CHN", mechanisms={"ratification": {"least_regime": 0}}) == (Institution.MAJORITY, 0.5)


HEAD = "code,treaty_class,institution,quota,grade,source\n"


def test_a_users_table_replaces_the_institutions(tmp_path: Path) -> None:
    (tmp_path / "institutions.csv").write_text(HEAD + "DEU,funds_committed,supermajority,0.75,sourced,mine\n", encoding="utf-8")
    over: dict[str, Any] = {"data": {"folder": str(tmp_path)}}
    assert consent(PACT, "DEU", **over) == (Institution.SUPERMAJORITY, 0.75)
    assert consent(TRADE, "USA", **over) == (Institution.MAJORITY, 0.5)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("DEU,ratified,majority,0.6,sourced,x", "row 2, column quota: 0.6; 0.5 was expected for majority"),
        ("DEU,ratified,supermajority,0.5,sourced,x", "a share above 0.5 was expected for supermajority"),
        ("DEU,ratified,executive_act,0.5,sourced,x", "0 was expected for executive_act"),
        ("DEU,treaty,majority,0.5,sourced,x", "'treaty'"),
        ("ATL,ratified,majority,0.5,sourced,x", "'ATL' is not a state of the roster"),
    ],
)
def test_a_wrong_institution_is_named_with_its_row(tmp_path: Path, row: str, sentence: str) -> None:
    (tmp_path / "institutions.csv").write_text(HEAD + row + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=sentence.replace("(", r"\(")):
        engine.build(tree(data={"folder": str(tmp_path)}))


def test_classes_of_the_table_are_those_of_agreement_types() -> None:
    from sim.contracts import ENTRIES
    from sim.data.fields import columns_of

    assert next(f for f in columns_of("institutions") if f.field == "treaty_class").options == ENTRIES


def test_ratifiers_stand_where_they_stand_whenever_they_are_asked() -> None:
    world = torn()
    talks = np.arange(len(world.talks))
    whole, part = distances(world, talks), distances(world, talks[3:5])
    for name in ("active", "true", "own", "other"):
        assert getattr(whole, name)[3:5].tobytes() == getattr(part, name).tobytes()
    assert whole.active.any()
    assert (whole.true[~whole.active] == 0.0).all()
    assert (whole.true >= 0.0).all()
    assert (whole.own[whole.active] != whole.other[whole.active]).any()


def test_a_legislature_that_must_reach_two_thirds_stands_further_on_average() -> None:
    world, far = torn(), {}
    talks = np.arange(len(world.talks))
    for quota in (0.5, 0.95):
        with pytest.MonkeyPatch.context() as patch:
            fixed = Consent(np.full(1, Institution.SUPERMAJORITY, dtype=np.int8), np.full(1, quota))
            patch.setattr(
                ratifiers, "consent_of", lambda s, t, p, m, c=fixed: Consent(c.institution.repeat(len(p)), c.quota.repeat(len(p)))
            )
            far[quota] = distances(world, talks).true
    assert (far[0.95] >= far[0.5]).all()
    assert far[0.95].mean() > far[0.5].mean() + 0.5


def votes_of(world: World, quota: float) -> set[int]:
    """Return the signatures of states that ratifiers of a quota would let pass, all asked now, whatever was decided before."""
    a = world.adherence
    asked = np.flatnonzero((a["institution"] > Institution.EXECUTIVE_ACT) & (a["institution"] != Institution.BLOC_ASSENT))
    with pytest.MonkeyPatch.context() as patch:

        def fixed(setting: Any, t: int, parties: Ints, month: int) -> Consent:
            return Consent(np.full(len(parties), Institution.SUPERMAJORITY, dtype=np.int8), np.full(len(parties), quota))

        patch.setattr(ratifiers, "consent_of", fixed)
        said = answers(world, asked)
    return set(asked[said == Reason.NONE].tolist())


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
@pytest.mark.parametrize("seed", [7, 8, 9])
def test_a_higher_quota_never_raises_ratification(protocol: str, seed: int) -> None:
    world = torn(protocol, seed)
    passing = [votes_of(world, quota) for quota in (0.5, 0.6, 0.75, 0.9, 1.0)]
    assert passing[0]
    for lower, higher in pairwise(passing):
        assert higher <= lower


def test_some_quota_stops_what_a_lower_one_lets_pass() -> None:
    world = torn("alternating_offers")
    assert votes_of(world, 1.0) < votes_of(world, 0.5)


@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
def test_nobody_signs_outside_its_win_set_on_its_own_beliefs(protocol: str) -> None:
    outside, seen = [], 0

    class Notary(Compiled):
        def accept(self, world: World, talks: Any, problems: Any, outcomes: Any) -> Any:
            nonlocal seen
            accepted = super().accept(world, talks, problems, outcomes)
            if problems.pivot is not None:
                gain = gains(problems.pivot, outcomes.text)
                seen += int((accepted & problems.pivot.active).sum())
                outside.extend(talks[(accepted & (gain < 0.0)).any(axis=1)].tolist())
            return accepted

    world = begun(TORN | {"protocol": {"name": protocol}})
    for _ in months_of(world, decide=Notary()):
        pass
    assert outside == []
    assert seen > 5


def test_talks_fail_where_the_other_side_misjudges_the_ratifiers() -> None:
    world = torn("nash")
    talks = world.talks
    feared = np.flatnonzero(talks["reason"] == Reason.NOT_RATIFIABLE)
    assert len(feared) > 0
    assert (talks["stage"][feared] == TalkStage.FAILED).all()


def test_without_errors_nobody_has_to_fear_its_ratifiers() -> None:
    exact = {**TORN["mechanisms"], "ratification": {**TORN["mechanisms"]["ratification"], "own_error": 0.0, "other_error": 0.0}}
    world = lived(TORN | {"mechanisms": exact})
    assert not (world.talks["reason"] == Reason.NOT_RATIFIABLE).any()


def test_nothing_enters_into_force_before_its_ratifiers_have_decided() -> None:
    world = torn()
    a, i = world.adherence, world.instruments
    voted = np.flatnonzero(a["vote"] >= 0)
    assert len(voted) > 10
    for place in voted:
        row = int(a["instrument"][place])
        assert a["vote"][place] > i["signed"][row]
        if i["in_force"][row] >= 0:
            assert i["in_force"][row] >= a["vote"][place]
    ratified = {(int(p), int(r)) for p, r in _told(world, Event.RATIFICATION)}
    in_force = voted[i["in_force"][a["instrument"][voted]] >= 0]
    assert {(int(a["party"][p]), int(a["instrument"][p])) for p in in_force} <= ratified


def _told(world: World, event: Event) -> list[tuple[int, int]]:
    at = world.events["event"] == event
    return list(zip(world.events["party_a"][at].tolist(), world.events["instrument"][at].tolist(), strict=True))


def test_entry_that_does_not_wait_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.mechanisms.entry.pending", lambda world: np.zeros(0, dtype=np.int64))
    world = lived(TORN)
    a, i = world.adherence, world.instruments
    rows = a["instrument"]
    assert ((a["vote"] > i["in_force"][rows]) & (i["in_force"][rows] >= 0)).any()


def test_what_an_executive_act_makes_enters_on_its_day() -> None:
    world = torn(seed=1)
    a, i = world.adherence, world.instruments
    for row in np.flatnonzero((i["talk"] >= 0) & (i["in_force"] >= 0)):
        signatories = (a["instrument"] == row) & (a["institution"] >= 0)
        if (a["institution"][signatories] == Institution.EXECUTIVE_ACT).all():
            assert i["in_force"][row] == i["due"][row]
            return
    pytest.fail("no executive act in this world")


def test_what_is_refused_ends_with_its_reason_and_moves_nothing() -> None:
    world = torn("alternating_offers", 6)
    i, a = world.instruments, world.adherence
    fallen = sorted({row for _, row in _told(world, Event.RATIFICATION_FAILED)})
    assert fallen
    for row in fallen:
        assert i["stage"][row] == Stage.TERMINATED
        assert i["in_force"][row] == -1
        assert set(a["stage"][a["instrument"] == row].tolist()) == {int(Stage.TERMINATED)}
    failed = world.events["event"] == Event.RATIFICATION_FAILED
    assert set(world.events["reason"][failed].tolist()) <= {int(Reason.NOT_RATIFIED), int(Reason.WITHDRAWN)}
    assert Reason.NOT_RATIFIED in world.events["reason"][failed]


def test_funds_are_committed_when_nobodys_consent_is_missing() -> None:
    world = begun(TORN)
    pact = world.setting.type_names.index(PACT)
    for _ in months_of(world):
        i, waits = world.instruments, set(world.adherence["instrument"][pending(world)].tolist())
        owed = np.zeros(world.setting.n_parties)
        for row in np.flatnonzero((i["type"] == pact) & np.isin(i["stage"], (Stage.SIGNED, Stage.IN_FORCE))):
            if row not in waits:
                months = int(i["term"][row])
                # Instalments begin the month after entry and one is paid each month.
                stood = int(world.array("months_barred")[row])
                paid = max(0, min(months, world.month - 1 - int(i["in_force"][row]) - stood)) if i["in_force"][row] >= 0 else 0
                owed[int(i["second"][row])] += i["commitment"][row] * (1 - paid / months) / world.setting.types[pact].cost_per_mw
        assert np.allclose(world.committed, owed, rtol=1e-9, atol=1e-6)
    assert world.committed.max() > 0.0


def test_a_pair_rests_while_ratifiers_think_and_after_a_refusal() -> None:
    world = begun(TORN)
    rest = world.setting.config.mechanisms["bargaining"].rest_after_failure
    seen = 0
    for _ in months_of(world):
        a, i, now = world.adherence, world.instruments, world.month - 1
        for place in pending(world):
            row = int(a["instrument"][place])
            edge = world.setting.edges.find(int(i["first"][row]), int(i["second"][row]))
            assert world.cooldown[int(i["type"][row]), edge] > a["vote"][place]
            seen += 1
        failed = (world.events["event"] == Event.RATIFICATION_FAILED) & (world.events["month"] == now)
        for row in world.events["instrument"][failed]:
            edge = world.setting.edges.find(int(i["first"][row]), int(i["second"][row]))
            assert world.cooldown[int(i["type"][row]), edge] == now + rest
    assert seen > 10


def test_the_ledger_refuses_what_is_not_a_ratification() -> None:
    world = torn()
    done = int(np.flatnonzero(world.adherence["stage"] == Stage.IN_FORCE)[0])
    with pytest.raises(ModelFault, match="there is nothing to ratify"):
        ratify(world, done)
    with pytest.raises(ModelFault, match="there is nothing to ratify"):
        fail_ratification(world, done, Reason.NOT_RATIFIED)


def test_waiting_times_are_exponential_with_the_declared_mean() -> None:
    """The mean of 4,000 waits lies within four standard errors of 1 + 1 / (exp(1 / mean) - 1) months (false alarm 6e-5)."""
    part = room.Ratification()
    from sim import luck
    from sim.rng import exponential, identity

    waits = [1 + int(part.months_majority * exponential(7, luck.VOTE, 24228, identity(f"talk {n}"), identity("DEU"))) for n in range(4000)]
    mean, error = float(np.mean(waits)), float(np.std(waits)) / np.sqrt(len(waits))
    assert abs(mean - (1.0 + 1.0 / np.expm1(1.0 / part.months_majority))) < 4 * error


def test_the_two_beliefs_differ_only_in_their_pivots() -> None:
    world = begun(TORN)
    for _ in months_of(world, 12):
        pass
    talks = np.flatnonzero(world.talks["stage"] == TalkStage.OPEN)
    rows = talks[world.talks["type"][talks] == world.talks["type"][talks[0]]]
    c = at_stake(world, rows)
    own, guessed = with_ratifiers(world, rows, c, np.full((len(rows), 2), 0.5), np.zeros((len(rows), 2)))
    assert own.a.tobytes() == guessed.a.tobytes() and own.r.tobytes() == guessed.r.tobytes()
    assert own.pivot is not None and guessed.pivot is not None
    assert (own.pivot.theta != guessed.pivot.theta).any()
    assert own.pivot.w.tobytes() == guessed.pivot.w.tobytes()


def test_data_of_regimes_name_every_state() -> None:
    text = (ROOT / "sim" / "data" / "un" / "states.csv").read_text(encoding="utf-8").splitlines()
    column = text[0].split(",").index("regime")
    assert all(line.split(",")[column] in {"0", "1", "2", "3"} for line in text[1:])
