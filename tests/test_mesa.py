"""What a user of Mesa expects of the model works, or is refused in a sentence; docs/mesa.md says which."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any, ClassVar

import mesa
import pytest
from worlds import lively

from sim import Game
from sim.__main__ import main
from sim.agents import BlocAgent, StateAgent
from sim.agents.overriding import overridden
from sim.model import DiplomacyModel
from sim.run import run
from sim.study import run_study
from sim.types import UserError

pytestmark = pytest.mark.usefixtures("own_parts")
FEW: dict[str, Any] = {"roster": {"states": ["CHE", "DEU", "FRA", "IDN", "USA"]}, "end": "2019-03"}
STATES = "CHE,DEU,FRA,IDN,USA"
PAGE = (Path(__file__).resolve().parent.parent / "docs" / "mesa.md").read_text(encoding="utf-8")
FILES = {text.split("\n", 1)[0].removeprefix("# "): text for text in re.findall(r"```python\n(# .*?)```", PAGE, re.DOTALL)}
SILENT = FILES["mine/agents/silent.py"]


class Silent(StateAgent):
    """States that never propose."""

    def propose(self, contact: Any) -> str | None:
        return None


class Batched(DiplomacyModel):
    """Something to batch: few states, few months."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**FEW, "end": "2019-01", **more})


def batch(parameters: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = mesa.batch_run(Batched, parameters=parameters, display_progress=False, max_steps=5, **more)
    return rows


def write(name: str = "silent", text: str = SILENT) -> str:
    place = Path("mine/agents") / f"{name}.py"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return "mine"


@pytest.mark.mesa_luck
def test_mesas_generators_are_the_runs_own() -> None:
    drawn = {seed: (DiplomacyModel(seed=seed, **FEW).random.random(), DiplomacyModel(seed=seed, **FEW).rng.random()) for seed in (1, 2, 1)}
    again = DiplomacyModel(seed=1, **FEW)
    assert drawn[1] == (again.random.random(), again.rng.random()) and drawn[1][0] != drawn[2][0] and drawn[1][1] != drawn[2][1]


class Gambler(StateAgent):
    """States that let chance decide what they sign."""

    def accept(self, negotiation: Any, text: Any) -> bool:
        return self.random.random() < 0.5


@pytest.mark.mesa_luck
def test_agents_that_draw_from_mesas_generators_repeat_with_the_seed() -> None:
    first, again = (DiplomacyModel(seed=4, agent_class=Gambler, **{**FEW, "end": "2020-06"}).run().digest for _ in range(2))
    assert first == again


@pytest.mark.filterwarnings("ignore:The `iterations` keyword:DeprecationWarning")
def test_iterations_of_a_batch_run_are_different_worlds_and_say_their_seeds() -> None:
    rows = batch({}, iterations=3)
    assert [row["seed"] for row in rows] == [0, 1, 2] and len(
        {row["digital_trade"] for row in rows} | {row["contacts_message"] for row in rows}
    ) >= 3
    alone = run(seed=1, **{**FEW, "end": "2019-01"}).scalars
    assert {name: rows[1][name] for name in alone} == pytest.approx(alone, nan_ok=True)


@pytest.mark.filterwarnings("ignore:The `iterations` keyword:DeprecationWarning")
def test_seeds_that_are_listed_are_kept_and_iterations_of_them_never_meet() -> None:
    assert [row["seed"] for row in batch({"seed": [5, 6]})] == [5, 6]
    seeds = [row["seed"] for row in batch({"seed": [5, 6]}, iterations=2)]
    assert seeds[:2] == [5, 6] and len(set(seeds)) == 4


def test_a_seed_may_be_called_rng_as_mesa_does() -> None:
    import numpy as np

    assert DiplomacyModel(rng=3, **FEW).seed == DiplomacyModel(seed=3, **FEW).seed == DiplomacyModel("baseline", 3, **FEW).seed == 3
    assert DiplomacyModel(rng=np.int64(3), **FEW).seed == 3
    with pytest.raises(UserError, match="give one of them"):
        DiplomacyModel(rng=3, seed=3, **FEW)
    with pytest.raises(UserError, match="rng must be a whole number such as 7, not a Generator"):
        DiplomacyModel(rng=np.random.default_rng(3), **FEW)  # type: ignore[arg-type]


@pytest.mark.parametrize("gone", ["remove", "deregister", "all"])
def test_a_party_cannot_be_removed(gone: str) -> None:
    model = DiplomacyModel(**FEW)
    with pytest.raises(UserError, match="CHE cannot be removed: who takes part is fixed for a run"):
        agent = model.state("CHE")
        {"remove": agent.remove, "deregister": lambda: model.deregister_agent(agent), "all": model.remove_all_agents}[gone]()
    assert len(model.agents) == len(model.parties)


def test_a_party_has_one_agent() -> None:
    model = DiplomacyModel(**FEW)
    with pytest.raises(UserError, match="every party has its agent already"):
        StateAgent(model, 0)


class Former(StateAgent):
    """States that answer to the name of a former version."""

    def weight_of(self, partner: str) -> float:
        return 1.0


class Misspelt(StateAgent):
    """States whose mind nobody would ask."""

    def acept(self, negotiation: Any, text: Any) -> bool:
        return False


class Short(StateAgent):
    """States that take too little."""

    def accept(self, negotiation: Any) -> bool:
        return False


class NoMethod(StateAgent):
    """States whose decision is none."""

    accept = True  # type: ignore[assignment]


class Helped(StateAgent):
    """States with a helper of their own."""

    def _acept(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Former, "Former.weight_of is asked no more: use 'matter', see docs/mesa.md"),
        (Misspelt, "Misspelt.acept is no decision of a party, so nobody would ask it; did you mean 'accept'?"),
        (Short, r"Short.accept\(self, negotiation\) cannot be asked: accept\(self, negotiation, text\) is expected"),
        (NoMethod, "NoMethod.accept must be a method, not bool"),
    ],
)
def test_an_override_that_would_never_be_asked_is_refused(given: type[StateAgent], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        DiplomacyModel(agent_class=given, **FEW)


def test_a_helper_of_ones_own_is_no_override() -> None:
    assert DiplomacyModel(agent_class=Helped, **FEW).decided_by_agents == ()


@pytest.mark.parametrize("name", ["accept", "standing_weight", "trust_in"])
def test_a_rule_replaced_in_one_agent_is_refused(name: str) -> None:
    model = DiplomacyModel(**FEW)
    with pytest.raises(UserError, match=f"{name} cannot be replaced in one agent; override it in a subclass"):
        setattr(model.state("CHE"), name, lambda *_: False)
    model.state("CHE").mood = "fine"  # type: ignore[attr-defined]


def test_a_rule_replaced_on_the_class_is_asked_if_it_was_there_and_refused_if_it_comes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    early = DiplomacyModel(**FEW)
    monkeypatch.setattr(StateAgent, "propose", lambda self, contact: None, raising=False)
    with pytest.raises(UserError, match="a decision was replaced on a class of agents after the model was made"):
        early.step()
    assert DiplomacyModel(**FEW).decided_by_agents == tuple(early.__class__(**FEW).decided_by_agents) != ()


class Counter(mesa.Agent):
    """An agent of a user's own."""

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.seen: list[str] = []

    def step(self) -> None:
        self.seen.append(self.model.month)


class Stepping(DiplomacyModel):
    """A model that steps its own agents, as Mesa teaches it."""

    def step(self) -> None:
        self.agents.select(agent_type=Counter).do("step")
        super().step()


@pytest.mark.parametrize("kind", [DiplomacyModel, Stepping])
def test_an_agent_of_ones_own_is_stepped_once_a_month_before_the_month_is_lived(kind: type[DiplomacyModel]) -> None:
    model = kind(seed=1, **FEW)
    counter = Counter(model)
    assert model.run().digest == run(seed=1, **FEW).runs[0].digest
    assert counter.seen == ["2019-01", "2019-02", "2019-03"]
    counter.remove()
    assert counter not in model.agents


def test_outputs_writes_the_run_folder_that_a_run_writes() -> None:
    model = DiplomacyModel(seed=2, outputs="made", record="panels", **FEW)
    while model.running:
        assert model.folder is not None and not (model.folder / "manifest.json").exists()
        model.step()
    other = run(seed=2, outputs="made", **FEW).folder
    assert model.folder is not None and other is not None
    told, wanted = (json.loads((folder / "manifest.json").read_text(encoding="utf-8")) for folder in (model.folder, other))
    assert {key for key in wanted if told.get(key) != wanted[key]} <= {"started", "finished", "manifest_digest"}
    assert {path.name for path in model.folder.iterdir()} == {path.name for path in other.iterdir()}
    assert DiplomacyModel(**FEW).folder is None


def test_the_folder_of_a_model_with_classes_of_its_own_says_whose_decisions_they_were() -> None:
    model = DiplomacyModel(seed=2, agent_class=Silent, outputs="made", **FEW)
    model.run()
    assert model.folder is not None
    told = json.loads((model.folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["agents"]["states"]["class"].endswith("Silent") and len(told["agents"]["states"]["digest"]) == 32
    assert told["decided_by_agents"] == ["propose"] and told["command"].startswith("# ")


def test_agents_of_a_parts_folder_decide_in_runs_models_games_and_studies() -> None:
    # What staff asks closes every door in three months of so few.
    few = {**FEW, "mechanisms": {"bargaining": {"staff_price": 0.0}}}
    own = {"parts": write(), "agents": "silent", **few}
    result = run(seed=4, outputs="outputs", **own)
    assert result.scalars["negotiations_opened"] == 0.0 < run(seed=4, **few).scalars["negotiations_opened"]
    digest = result.runs[0].digest
    assert DiplomacyModel(seed=4, **own).run().digest == Game(own, seed=4).finish().digest == digest
    assert DiplomacyModel(seed=4, **own).decided_by_agents == ("propose",)
    assert run(seed=3, seeds=2, **own).runs[1].digest == digest
    assert result.folder is not None
    told = json.loads((result.folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["config"]["agents"] == "silent" and told["parts_digest"] == result.setting.config.shelves.digest
    assert "agents=silent" in told["command"] and "parts=" in told["command"]


def test_agents_can_be_a_factor_of_a_study() -> None:
    import pyarrow.parquet as pq

    study = {
        "set": {"end": "2019-03", "roster.states": FEW["roster"]["states"], "mechanisms.bargaining.staff_price": 0.0},
        "factors": {"agents": {"values": ["silent", "bold"]}},
        "replicates": 2,
    }
    write("bold", SILENT.replace('"silent"', '"bold"').replace("return None", "return super().propose(contact)"))
    folder = run_study(study, outputs="outputs", parts=write(), workers=1)
    table = pq.read_table(folder / "scalars.parquet").to_pydict()
    pairs = [*zip(table["agents"], table["negotiations_opened"], strict=True)]
    opened = {name: sum(n for one, n in pairs if one == name) for name in ("silent", "bold")}
    assert opened["silent"] == 0.0 < opened["bold"]


def test_the_text_of_agents_counts_in_what_a_run_is() -> None:
    digests = []
    for text in (SILENT, SILENT.replace("return None", "return None  # never")):
        digests.append(run(parts=write(text=text), agents="silent", **FEW).runs[0].digest)
    assert digests[0] != digests[1]


def test_the_command_line_takes_agents(capsys: pytest.CaptureFixture[str]) -> None:
    write()
    assert main([f"roster.states=[{STATES}]", "end=2019-02", "parts=mine", "agents=silent"]) == 0
    assert re.search(r"opened +0\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [
        ({"agents": Silent}, "a class itself goes to DiplomacyModel"),
        ({"agents": "silent"}, "there are no agents 'silent'; put their class into the subfolder agents"),
        ({"agents": "silnt", "parts": "mine"}, "did you mean 'silent'"),
        ({"agents": "silent", "parts": "mine", "agent_class": Silent}, "both say who decides"),
    ],
)
def test_agents_that_are_not_there_are_refused_in_a_sentence(tree: dict[str, Any], sentence: str) -> None:
    write()
    with pytest.raises(UserError, match=sentence):
        DiplomacyModel(**tree, **FEW)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("def propose", "def propos"), r"silent\.py:\d+: Silent.propos is no decision of a party"),
        (("(StateAgent)", ""), r"silent\.py:\d+: Silent is not a class of agents; derive it from sim.parts.StateAgent"),
        (("return None", "return 1 / 0"), r"silent\.py:\d+: ZeroDivisionError"),
    ],
)
def test_what_is_wrong_with_agents_is_said_by_file_and_line(change: tuple[str, str], sentence: str) -> None:
    text = SILENT.replace(*change)
    assert text != SILENT
    with pytest.raises(UserError, match=sentence):
        run(parts=write(text=text), agents="silent", **{**FEW, "end": "2019-06"})


def test_a_class_of_blocs_may_come_with_that_of_states_or_alone() -> None:
    from sim.agents.cast import classes_of

    class Wary(BlocAgent):
        """Blocs of one's own."""

    both = type("Both", (Silent,), {"bloc_class": Wary})
    assert classes_of(both) == (both, Wary) and classes_of(Wary) == (StateAgent, Wary) and classes_of(Silent) == (Silent, BlocAgent)


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_pages_examples_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name.startswith("mine/"):
        assert run(parts=write(), agents="silent", **FEW).scalars["negotiations_opened"] == 0.0
    else:
        monkeypatch.setattr("sys.argv", [name])
        exec(compile(FILES[name], name, "exec"), {"__name__": "__main__"})


def test_what_mesa_keeps_on_a_class_is_no_override() -> None:
    class Quiet(StateAgent):
        _datasets: ClassVar[set[str]] = set()

        def accept(self, *_: Any) -> bool:
            return False

    assert overridden(Quiet) == {"accept"}


@pytest.mark.parametrize(
    ("decision", "answer", "said"),
    [
        ("choose_partners", None, r"\(partner, rank\) or \(partner, rank, channel\) were expected"),
        ("choose_partners", ["USA"], r"\(partner, rank\) or \(partner, rank, channel\) were expected"),
        ("choose_partners", "no", r"\(partner, rank\) or \(partner, rank, channel\) were expected"),
        ("accept", None, "answered None; True or False was expected"),
        ("accept", "no", "answered 'no'; True or False was expected"),
        ("ratify", 3.5, "was expected"),
    ],
)
def test_an_answer_that_is_none_is_refused_in_a_sentence(decision: str, answer: Any, said: str) -> None:
    odd = type("Odd", (StateAgent,), {decision: lambda self, *_: answer})
    with pytest.raises(UserError, match=rf"Odd\.{decision}: .*{said}"):
        DiplomacyModel("baseline", seed=1, **lively(end="2020-12"), agent_class=odd).run()


def test_copies_of_a_model_write_folders_of_their_own(tmp_path: Path) -> None:
    few = {"roster": {"states": ["DEU", "FRA", "IDN"]}, "end": "2019-03"}
    first = DiplomacyModel("baseline", seed=7, outputs=tmp_path, **few)
    first.step()
    second = copy.deepcopy(first)
    digest = first.run().digest
    second.move("mechanisms.contacts.hours_head", 5.0)
    second.run()
    assert first.folder != second.folder and first.folder is not None
    assert json.loads((first.folder / "manifest.json").read_text(encoding="utf-8"))["digests"] == {"7": digest}
