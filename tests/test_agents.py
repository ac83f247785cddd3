"""The rules are told twice: agents in plain Python and the compiled engine must agree event for event."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from sim import engine
from sim.agents import BlocAgent, Contact, Negotiation, StateAgent
from sim.agents.party import DECISIONS
from sim.decide import agenda, decisions
from sim.decide.decisions import Compiled
from sim.model import DiplomacyModel
from sim.state.world import Setting, World
from sim.types import Event, Rank, Reason, UserError

ROSTER = ["AUT", "CHN", "DEU", "FRA", "GBR", "IDN", "IND", "JPN", "SGP", "USA"]
AGENTS = Path(__file__).resolve().parent.parent / "sim" / "agents"


def assemble(protocol: str, states: list[str] = ROSTER, **tree: Any) -> Setting:
    # The months around the United Kingdom's leaving, so that who speaks for whom changes on the way.
    return engine.build({"start": "2019-06", "end": "2021-06", "roster": {"states": states}, "protocol": {"name": protocol}, **tree})


@pytest.fixture(scope="module")
def nash() -> Setting:
    return assemble("nash")


@pytest.fixture(scope="module")
def offers() -> Setting:
    return assemble("alternating_offers")


def difference(one: World, other: World) -> str | None:
    """Name the first thing in which two worlds differ: tables exactly (numbers to 1e-9), arrays to 1e-9."""
    for name in one.setting.schema.tables:
        left, right = getattr(one, name), getattr(other, name)
        if len(left) != len(right):
            return f"{name}: {len(left)} rows against {len(right)}"
        for column in left.columns:
            if not close(left[column], right[column]):
                return f"{name}.{column}"
    for name in one.setting.schema.arrays:
        if not close(getattr(one, name), getattr(other, name)):
            return name
    return None


def close(left: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> bool:
    if left.dtype.kind != "f":
        return np.array_equal(left, right)
    return np.allclose(left, right, rtol=1e-9, atol=1e-9, equal_nan=True)


def first_difference(setting: Setting, seed: int, months: int = 99, **classes: Any) -> str | None:
    """Live the same months compiled and told by agents, and name the first difference, month by month."""
    compiled = engine.start(setting, seed)
    model = DiplomacyModel(seed=seed, setting=setting, **(classes or {"plain": True}))
    while compiled.month <= setting.config.end and months > 0:
        engine.step(compiled)
        model.step()
        found = difference(compiled, model.world)
        if found is not None:
            return f"{model.last_month}: {found}"
        months -= 1
    return None


@pytest.fixture(scope="module")
def quiet() -> Setting:
    # Few contacts, few desks and eager proposals: who is chosen, and whose turn comes first, decides everything.
    return assemble(
        "nash",
        mechanisms={
            "contacts": {"hours_head": 2.0, "hours_minister": 3.0, "hours_official": 3.0},
            "bargaining": {"desks": 0.5, "propose_rate": 1.0, "staff_price": 0.0, "lapse": 4, "rest_after_failure": 3},
        },
    )


@pytest.fixture(scope="module")
def busy() -> Setting:
    # Staff costs nothing and every moment is right: blocs sign too, and bind their members.
    return assemble("nash", mechanisms={"bargaining": {"propose_rate": 1.0, "staff_price": 0.0}})


@pytest.mark.parametrize("protocol", ["nash", "offers", "quiet", "busy"])
@pytest.mark.parametrize("seed", [1, 3, 2**63 - 1])
def test_agents_and_engine_agree_event_for_event(protocol: str, seed: int, request: pytest.FixtureRequest) -> None:
    setting = request.getfixturevalue(protocol)
    assert first_difference(setting, seed) is None


def test_the_comparison_has_something_to_compare(busy: Setting) -> None:
    model = DiplomacyModel(seed=3, setting=busy, plain=True)
    model.run()
    seen = {busy.words.typed("event", int(event)) for event in np.unique(model.world.events["event"])}
    assert {Event.CONTACT, Event.NEGOTIATION_OPENED, Event.SIGNATURE, Event.ENTRY_INTO_FORCE, Event.BOUND, Event.MEMBERSHIP_ENDED} <= seen
    assert set(np.unique(model.world.role)) == {-1, 0, 1}
    assert model.decided_by_agents == DECISIONS


@examples(5)
@given(
    seed=st.integers(0, 2**63 - 1),
    states=st.lists(
        st.sampled_from(["AUS", "BRA", "EST", "IRL", "KEN", "KOR", "LUX", "MYS", "NGA", "PAK", "POL", "TUV"]),
        min_size=3,
        max_size=6,
        unique=True,
    ),
    protocol=st.sampled_from(["nash", "alternating_offers"]),
    candidates=st.sampled_from([3, 192]),
)
def test_they_agree_on_any_roster_and_seed(seed: int, states: list[str], protocol: str, candidates: int) -> None:
    setting = assemble(protocol, ["DEU", "GBR", "USA", *states], end="2020-06", candidates=candidates)
    assert first_difference(setting, seed) is None


def test_they_agree_on_a_synthetic_roster() -> None:
    setting = engine.build({"end": "2019-06", "roster": {"kind": "synthetic", "n": 40, "seed": 3}, "candidates": 12})
    assert first_difference(setting, 11) is None


@pytest.mark.slow
@pytest.mark.parametrize("protocol", ["nash", "alternating_offers"])
def test_they_agree_on_the_whole_world(protocol: str) -> None:
    assert first_difference(assemble(protocol, [], end="2020-08"), 7) is None


def test_they_agree_when_a_lever_is_moved_on_the_way(nash: Setting) -> None:
    compiled, model = engine.start(nash, 4), DiplomacyModel(seed=4, setting=nash, plain=True)
    levers = {
        3: ("mechanisms.contacts.trust_weight", 4.0),
        5: ("mechanisms.bargaining.desks", 0.5),
        9: ("agreements.transfer_framework.upkeep", 9e7),
    }
    for month in range(14):
        if month in levers:
            model.move(*levers[month])
        engine.step(compiled, [engine.Action(*levers[month])] if month in levers else [])
        model.step()
        assert difference(compiled, model.world) is None


def wrapped(decision: str, before: Callable[[World], Callable[[], None]]) -> Callable[..., Any]:
    original = getattr(Compiled, decision)

    def faulty(self: Compiled, world: World, *rest: Any) -> Any:
        after = before(world)
        try:
            return original(self, world, *rest)
        finally:
            after()

    return faulty


def blank(name: str, value: Any) -> Callable[[World], Callable[[], None]]:
    return lambda world: blank_with(world, name, value)


def blank_with(world: World, name: str, value: Any) -> Callable[[], None]:
    """Put other values into one array, and return how to put the true ones back."""
    kept = getattr(world, name)
    other = kept.copy()
    other[:] = value
    setattr(world, name, other)
    return lambda: setattr(world, name, kept)


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "appraise: prospects are a millionth too large": lambda patch: patch.setattr(
        decisions, "promising", lambda c, original=decisions.promising: original(c) * (1.0 + 1e-6)
    ),
    "appraise: trust is taken as full": lambda patch: patch.setattr(Compiled, "appraise", wrapped("appraise", blank("trust", 1.0))),
    "appraise: sizes are forgotten": lambda patch: patch.setattr(Compiled, "appraise", wrapped("appraise", blank("gdp", 1e11))),
    "appraise: members speak beside their bloc": lambda patch: patch.setattr(
        Compiled, "appraise", wrapped("appraise", lambda world: blank_with(world, "principal", np.arange(world.setting.n_parties)))
    ),
    "choose_partners: trust does not count": lambda patch: patch.setattr(
        Compiled, "choose_partners", wrapped("choose_partners", blank("trust", 0.0))
    ),
    "choose_partners: prospects do not count": lambda patch: patch.setattr(
        Compiled, "choose_partners", wrapped("choose_partners", blank("prospect", 0.0))
    ),
    "choose_partners: open talks do not count": lambda patch: patch.setattr(
        Compiled, "choose_partners", wrapped("choose_partners", blank("open_talk", -1))
    ),
    "choose_partners: summits do not count": lambda patch: patch.setattr(
        Compiled, "choose_partners", wrapped("choose_partners", blank("summit", False))
    ),
    "choose_partners: elections do not count": lambda patch: patch.setattr(
        Compiled, "choose_partners", wrapped("choose_partners", blank("elected", False))
    ),
    "choose_partners: one hour more": lambda patch: patch.setattr(
        agenda, "budgets", lambda world, original=agenda.budgets: original(world) + np.array([0.0, 0.0, 1.0])
    ),
    "propose: staff is never at work": lambda patch: patch.setattr(
        decisions, "talks_open", lambda world, original=decisions.talks_open: 0 * original(world)
    ),
    "propose: staff is free": lambda patch: patch.setattr(
        decisions, "_propose", lambda *args, original=decisions._propose: original(*args[:26], 0.0, *args[27:])
    ),
    "propose: talks on everything take as long": lambda patch: patch.setattr(
        decisions, "_propose", lambda *args, original=decisions._propose: original(*args[:25], np.ones_like(args[25]), *args[26:])
    ),
    "appraise: what is in force does not count": lambda patch: patch.setattr(
        Compiled, "appraise", wrapped("appraise", blank("in_force", False))
    ),
    "appraise: no rest after talks": lambda patch: patch.setattr(Compiled, "appraise", wrapped("appraise", blank("cooldown", 0))),
    "accept: half a basis point is asked for": lambda patch: patch.setattr(
        Compiled, "accept", lambda self, world, talks, problems, outcomes: outcomes.utility >= problems.r + 0.5
    ),
    "accept: the second side is not asked": lambda patch: patch.setattr(
        Compiled, "accept", lambda self, world, talks, problems, outcomes: np.column_stack([outcomes.utility[:, 0] < problems.r[:, 0]] * 2)
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_planted_in_the_engine_is_found(fault: str, nash: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    assert any(first_difference(nash, seed) is not None for seed in (1, 2, 3))


class Stubborn(StateAgent):
    def accept(self, negotiation: Negotiation, text: Mapping[str, float]) -> bool:
        return False


class StubbornBloc(BlocAgent):
    def accept(self, negotiation: Negotiation, text: Mapping[str, float]) -> bool:
        return False


def test_states_that_refuse_everything_sign_nothing(nash: Setting) -> None:
    model = DiplomacyModel(seed=1, setting=nash, agent_class=Stubborn, bloc_class=StubbornBloc)
    assert model.decided_by_agents == ("accept",)
    model.run()
    events = model.world.events
    reasons = {Reason(int(reason)) for reason in events["reason"][events["event"] == Event.NEGOTIATION_FAILED]}
    assert Reason.REFUSED in reasons and reasons <= {Reason.NO_ZONE, Reason.REFUSED, Reason.OUTBID}
    assert not np.isin(events["event"], (Event.NEGOTIATION_CONCLUDED, Event.SIGNATURE)).any()


def test_one_stubborn_side_is_enough(nash: Setting) -> None:
    model = DiplomacyModel(seed=1, setting=nash, agent_class=Stubborn)
    model.run()
    talks = model.world.talks
    signed = talks["stage"] == 1
    blocs = np.arange(nash.n_states, nash.n_parties)
    assert np.isin(talks["first"][signed], blocs).all() and np.isin(talks["second"][signed], blocs).all()


class Thinking(StateAgent):
    def choose_partners(self) -> list[tuple[str, Rank]]:
        return super().choose_partners()


class Attentive(StateAgent):
    def matter(self, partner: str, channel: int, channels: Any) -> float:
        return super().matter(partner, channel, channels) * (50.0 if partner == "IDN" else 1.0)


class Commented(StateAgent):
    kind = "state"
    mood = "calm"


def test_a_subclass_that_says_the_same_changes_nothing(nash: Setting) -> None:
    assert first_difference(nash, 3, agent_class=Thinking) is None
    assert DiplomacyModel(setting=nash, agent_class=Thinking).decided_by_agents == ("choose_partners",)
    assert DiplomacyModel(setting=nash, agent_class=Commented).decided_by_agents == ()


def test_a_subclass_that_changes_what_decisions_rest_on_is_heard(nash: Setting) -> None:
    model = DiplomacyModel(seed=3, setting=nash, agent_class=Attentive)
    assert model.decided_by_agents == DECISIONS
    plain = DiplomacyModel(seed=3, setting=nash)
    for _ in range(6):
        model.step()
        plain.step()
    indonesia = nash.party("IDN")
    heard, before = (((m.world.events["party_b"] == indonesia) & (m.world.events["rank"] == Rank.HEAD)).sum() for m in (model, plain))
    assert heard > before


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ([("XYZ", Rank.HEAD)], "keeps no eye on 'XYZ'"),
        ([("EU", Rank.HEAD)], "cannot contact EU because a bloc and its own members are never a dyad"),
        ([("USA", Rank.HEAD), ("USA", Rank.HEAD)], "cannot contact USA twice in one month at rank HEAD"),
        ([("USA", 7)], "valid are HEAD, MINISTER, OFFICIAL"),
    ],
)
def test_a_partner_that_cannot_be_is_refused_in_a_sentence(answer: list[tuple[str, Any]], sentence: str, nash: Setting) -> None:
    class Confused(StateAgent):
        def choose_partners(self) -> list[tuple[str, Rank]]:
            return answer if self.code == "DEU" else []

    with pytest.raises(UserError, match=sentence):
        DiplomacyModel(setting=nash, agent_class=Confused).step()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("transfer_frame", "did you mean 'transfer_framework'"),
        ("security_treaty", "cannot open talks"),
        ("infrastructure_pact", "promised neither"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_in_a_sentence(answer: str, sentence: str, nash: Setting) -> None:
    class Eager(StateAgent):
        def propose(self, contact: Contact) -> str | None:
            return answer if self.code == "AUT" and contact.partner in ("DEU", "FRA", "USA") else None

    model = DiplomacyModel(setting=nash, agent_class=Eager)
    with pytest.raises(UserError, match=sentence):
        model.run()


def test_agents_tell_the_rules_in_their_own_words() -> None:
    forbidden = ("sim.kernels", "sim.engine", "sim.mechanisms", "sim.decide.decisions", "sim.stakes.ratifiers", "sim.decide.assent")
    for path in sorted(AGENTS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [f"{node.module}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith(forbidden)], path.name
            reckoned = ("sim.stakes.payoffs", "sim.stakes.stakes", "sim.bargains.worth", "sim.bargains.feasible")
            assert not [name for name in names if name.startswith(reckoned) and not name.endswith((".Groups", ".issues_of"))], path.name
