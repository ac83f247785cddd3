"""Decisions at tables of many are told twice: plain delegates and compiled ones agree, and an agent may have a mind of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from summits import replaced, summits, with_tables
from test_agents import first_difference
from worlds import setting_of

from sim.agents import Conference, StateAgent
from sim.agents.party import DECISIONS
from sim.decide import assent, decisions
from sim.decide.decisions import Compiled
from sim.model import DiplomacyModel
from sim.state.world import Setting
from sim.types import Event, Reason, UserError


def summit(**over: Any) -> Setting:
    return setting_of(summits(**over))


@pytest.mark.parametrize("seed", [1, 3, 37])
def test_plain_delegates_and_compiled_ones_agree_event_for_event(seed: int) -> None:
    assert first_difference(summit(), seed) is None


def test_they_agree_beside_talks_between_two() -> None:
    assert first_difference(summit(negotiated=["infrastructure_pact", "security_treaty", "transfer_framework"], end="2021-06"), 2) is None


def test_they_agree_where_blocs_sit_at_the_table_and_outvote_their_members(tmp_path: Path) -> None:
    shared, exclusive = "ASEAN,regional_market,shared", "\nEU,security_treaty,exclusive,,,mine\n"
    data = with_tables(
        tmp_path / "mine",
        competences=replaced("competences", shared, shared).rstrip() + exclusive,
        organisations=replaced("organisations", "consensus,1,1,ASEAN", "qualified_majority,0.5,0.5,ASEAN"),
    )
    assert first_difference(summit(**data), 2) is None


def test_the_comparison_sees_every_question() -> None:
    model = DiplomacyModel(seed=37, setting=summit(), plain=True)
    asked: set[str] = set()
    for name in ("attend", "sign", "accede", "regret", "ratify"):
        assert name in DECISIONS
        original = getattr(StateAgent, name)

        def heard(self: Any, *words: Any, name: str = name, original: Any = original) -> Any:
            answer = original(self, *words)
            asked.add(f"{name} {answer if isinstance(answer, bool) else Reason(answer).name}")
            return answer

        setattr(StateAgent, name, heard)
    try:
        model.run()
    finally:
        for name in ("attend", "sign", "accede", "regret", "ratify"):
            delattr(StateAgent, name)
    yes_and_no = {f"{name} {answer}" for name in ("attend", "sign", "accede", "regret") for answer in (True, False)}
    assert asked >= yes_and_no | {"ratify NONE", "ratify NOT_RATIFIED", "ratify WITHDRAWN"}


def always(answer: bool) -> Callable[..., Any]:
    return lambda self, world, one, parties, *rest: np.full(len(parties), answer)


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "attend: everybody comes": lambda patch: patch.setattr(Compiled, "attend", always(True)),
    "sign: everybody signs": lambda patch: patch.setattr(Compiled, "sign", always(True)),
    "accede: nobody joins": lambda patch: patch.setattr(Compiled, "accede", always(False)),
    "regret: nobody regrets": lambda patch: patch.setattr(Compiled, "regret", always(False)),
    "sign, accede: nobody fears its ratifiers": lambda patch: patch.setattr(
        decisions, "ratifiers_gain", lambda stakes, *rest: np.full(len(stakes.a), np.inf)
    ),
    "ratify: ratifiers lie on the other side": lambda patch: patch.setattr(
        assent, "ratifiers_gain",
        lambda stakes, spread, s, direction, *rest, original=assent.ratifiers_gain: original(stakes, spread, s, -direction, *rest),
    ),
    "ratify: the treaty is its own rival": lambda patch: patch.setattr(
        assent, "stakes_of", lambda world, t, parties, members, apart=-1, original=assent.stakes_of: original(world, t, parties, members)
    ),
    "attend: others are not counted": lambda patch: patch.setattr(
        decisions, "stakes_of", lambda world, t, parties, members, apart=-1, original=decisions.stakes_of: original(
            world, t, parties, members[:1], apart
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_planted_at_the_table_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    assert any(first_difference(summit(), seed) is not None for seed in (3, 4))


class Recluse(StateAgent):
    def attend(self, table: Conference, draft: Mapping[str, float]) -> bool:
        return False


def test_where_nobody_comes_there_is_no_conference() -> None:
    model = DiplomacyModel(seed=3, setting=summit(), agent_class=Recluse)
    assert model.decided_by_agents == ("attend",)
    model.run()
    assert len(model.world.conferences) == 0


def test_an_answer_that_is_none_is_refused_in_a_sentence() -> None:
    class Puzzled(StateAgent):
        def sign(self, table: Conference, text: Mapping[str, float]) -> Any:
            return "perhaps"

    with pytest.raises(UserError, match=r"Puzzled\.sign: [A-Z]{3} answered 'perhaps'; True or False was expected"):
        DiplomacyModel(seed=3, setting=summit(), agent_class=Puzzled).run()


def test_a_party_sees_its_treaties_and_all_their_members() -> None:
    model = DiplomacyModel(seed=3, setting=summit())
    model.run()
    world = model.world
    made = np.flatnonzero(world.instruments["conference"] >= 0)
    assert len(made) > 0
    party = int(world.adherence["party"][world.adherence["instrument"] == made[0]][0])
    seen = [one for one in model.parties[party].agreements if one.type == "security_treaty"]
    assert seen
    assert len(seen[0].partners) >= 2
    assert model.parties[party].code not in seen[0].partners
    graph = model.treaty_graph()
    alike = [facts for *_, facts in graph.edges(data=True) if (facts["role_from"], facts["role_to"]) == ("party", "party")]
    assert alike
    assert (world.events["event"] == Event.ACCESSION).any()
