"""How treaties of many are decided and whom they let in: parameters that a user sets, from the command line to the ledger."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from summits import summits
from worlds import lived

from sim.__main__ import main
from sim.bargains.group import draft
from sim.bargains.worth import worth
from sim.decide.decisions import Compiled
from sim.stakes.treaties import problem_of, signatories, stable_among, stakes_of
from sim.state.world import World
from sim.types import Event, Reason, Stage

ASEAN_AND_FEW = "roster.states=[BRN,CHN,DEU,IDN,JPN,KHM,LAO,MMR,MYS,PHL,SGP,THA,USA,VNM]"
DOOR = [ASEAN_AND_FEW, "end=2019-12", "negotiated=[security_treaty,regional_market]", "mechanisms.conferences.call_rate=0.1"]
TYPE, MARKET = "agreements.security_treaty", "agreements.regional_market"


@pytest.mark.parametrize(
    "words",
    [
        [f"{TYPE}.decision=unanimity", f"{MARKET}.decision=weighted"],
        [f"{TYPE}.decision=qualified_majority", f"{TYPE}.quota_states=0.667", f"{MARKET}.decision=unanimity"],
        [f"{TYPE}.decision=weighted", f"{TYPE}.voting_weight=population", f"{MARKET}.decision=qualified_majority"],
        [f"{TYPE}.accession=exclusive", "mechanisms.conferences.attendance=stable"],
        ["protocol=egalitarian"],
    ],
)
def test_a_vote_can_be_chosen_on_the_command_line(words: list[str], here: Path) -> None:
    assert main([*DOOR, *words]) == 0


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (f"{TYPE}.decision=unanimous", "decision cannot be 'unanimous'; did you mean 'unanimity'?"),
        (f"{MARKET}.accession=closed", "accession cannot be 'closed'; "),
        (f"{TYPE}.quota_states=66", "quota_states = 66"),
        ("mechanisms.conferences.attendance=all", "attendance cannot be 'all'; "),
    ],
)
def test_a_vote_that_is_none_is_refused_in_a_sentence(word: str, said: str, here: Path, refusal: Callable[[list[str]], str]) -> None:
    assert said in refusal([*DOOR, word])


def deciding(seed: int = 3, attendance: str = "hopeful", **how: Any) -> World:
    plain = summits(end="2022-12", negotiated=["security_treaty"])
    plain["agreements"]["security_treaty"].update(how)
    plain["mechanisms"]["conferences"]["attendance"] = attendance
    return lived(plain, seed)


def treaties(world: World) -> list[tuple[int, list[int], list[int]]]:
    """List the treaties made: row, who signed it, and who of them has ever ratified it by the month in which it was enough."""
    ev, found = world.events, []
    for row in np.flatnonzero(world.instruments["conference"] >= 0).tolist():
        began, months = int(world.instruments["in_force"][row]), world.setting.config.agreements["security_treaty"].months_to_force
        until = began - months if began >= 0 else world.month
        done = (ev["event"] == Event.RATIFICATION) & (ev["instrument"] == row) & (ev["month"] <= until)
        everybody = signatories(world, row).tolist()
        found.append((row, everybody, [party for party in everybody if party in ev["party_a"][done]]))
    return found


def test_under_unanimity_all_who_signed_bring_a_treaty_into_force() -> None:
    sizes = []
    for row, everybody, consented in treaties(world := deciding(13, decision="unanimity", threshold=2)):
        if world.instruments["in_force"][row] >= 0:
            assert consented == everybody
            sizes.append(len(everybody))
    assert max(sizes) > 2


def test_under_unanimity_one_refusal_at_home_ends_what_a_critical_mass_would_bring_into_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Compiled, "ratify", lambda self, world, places: np.full(len(places), Reason.NOT_RATIFIED))
    ended = {}
    for decision in ("own", "unanimity"):
        world = deciding(19, decision=decision, threshold=2)
        failed = np.flatnonzero(world.events["event"] == Event.RATIFICATION_FAILED)
        who = zip(world.events["instrument"][failed].tolist(), world.events["party_a"][failed].tolist(), strict=True)
        # Of those who signed: who would join later is refused alone, and the treaty goes on.
        refused = np.unique([row for row, party in who if party in signatories(world, row)]).astype(int)
        assert refused.size > 0
        ended[decision] = {Stage(stage) for stage in world.instruments["stage"][refused].tolist()}
    assert ended["unanimity"] == {Stage.TERMINATED}
    assert ended["own"] > {Stage.TERMINATED} or ended["own"] == {Stage.IN_FORCE}


def test_under_unanimity_a_table_ends_where_one_would_leave() -> None:
    world = deciding(decision="unanimity", threshold=2)
    ev = world.events
    left = ev["conference"][(ev["event"] == Event.CONFERENCE_LEFT) & np.isin(ev["reason"], (Reason.WOULD_LOSE, Reason.NOT_RATIFIABLE))]
    assert left.size == 0
    assert (ev["reason"][ev["event"] == Event.CONFERENCE_FAILED] != Reason.NONE).all()


@pytest.mark.parametrize(
    "how",
    [
        {"decision": "weighted", "quota_weight": 0.9, "voting_weight": "gdp"},
        {"decision": "qualified_majority", "quota_states": 0.8, "quota_people": 0.9},
    ],
)
def test_a_weighted_vote_counts_weights_and_a_majority_counts_states_and_people(how: dict[str, Any]) -> None:
    counted = 0
    for seed in (1, 3, 4):
        world = deciding(seed, **how)
        for row, everybody, consented in treaties(world):
            if world.instruments["in_force"][row] < 0:
                continue
            weights = world.gdp if how["decision"] == "weighted" else world.population
            # Figures are of today, the vote was of its own month: shares have moved a little since.
            assert math.fsum(weights[consented]) >= 0.88 * math.fsum(weights[everybody])
            assert len(consented) >= how.get("quota_states", 0.0) * len(everybody)
            counted += 1
    assert counted > 0


def test_in_a_stable_coalition_nobody_would_leave_and_with_open_doors_nobody_would_join() -> None:
    world = deciding()
    t = world.setting.type_names.index("security_treaty")
    invited = np.arange(world.setting.n_states)
    stable = stable_among(world, t, invited, invited)
    assert 2 <= len(stable) < len(invited)
    stakes = stakes_of(world, t, invited, stable)
    gain = worth(stakes, draft(problem_of(stakes_of(world, t, stable, stable)))) - stakes.d
    inside = np.isin(invited, stable)
    assert (gain[inside] >= 0.0).all()
    assert (gain[~inside] <= 0.0).all()


def test_who_comes_is_another_set_where_coalitions_must_be_stable() -> None:
    hopeful, stable = (deciding(attendance=how).seats["party"].tolist() for how in ("hopeful", "stable"))
    assert hopeful != stable
