"""A scenario in a file of one's own: every door takes it, its text is kept, and what is wrong in it is one sentence with file and line."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from studies import here
from test_user_tables import copy_of

from sim import run
from sim.__main__ import main
from sim.game import Game
from sim.params import configure
from sim.repeat.bundle import unpacked, write_bundle
from sim.repeat.recorded import recorded
from sim.repeat.rerun import rerun
from sim.scenario import load_scenario
from sim.scenario_file import digest_of, read
from sim.single import prepare
from sim.study import manage
from sim.study.check import checked_study
from sim.study.explain import explain
from sim.study.plan import plan_of
from sim.study.store import read_manifest
from sim.types import UserError

HEAD = """\
title: Closing
question: What goes on when borders close?
story: Borders close for a while.
start: 2019-11
end: 2020-03
roster: {states: [DEU, FRA, USA]}
"""
CLOSING = (
    HEAD
    + """\
events:
  - kind: travel_closure
    from: 2020-02
    until: 2020-02
    source: OxCGRT
  - kind: mark
    month: 2020-01
    note: Something happened.
    source: a newspaper
"""
)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write a file in the folder ``mine`` of the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()

    def write(text: str = CLOSING, name: str = "closing.yaml") -> Path:
        path = tmp_path / "mine" / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def ran(*words: str) -> Path:
    """Run from the command line and return the folder of the only result."""
    before = set(Path("outputs").iterdir()) if Path("outputs").exists() else set()
    assert main([*words, "record=scalars"]) == 0
    (folder,) = set(Path("outputs").iterdir()) - before
    return folder


def manifest(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


def test_the_command_line_and_python_take_a_path_and_give_the_same_run(own: Callable[..., Path]) -> None:
    path = own()
    typed = manifest(ran("scenarios=mine/closing.yaml", "seed=4"))
    result = run(path, seed=4)
    assert typed["digests"] == {"4": result.runs[0].digest}
    assert typed["config"]["scenario"] == "closing" and typed["story"]["title_id"] == "Closing"
    assert typed["scenario_file"] == {"name": "closing", "file": str(path), "text": CLOSING}
    assert typed["scenario_digest"] == digest_of(read(path))
    assert run("baseline", set={"scenarios": str(path)}, seed=4).runs[0].digest == result.runs[0].digest


def test_the_command_in_the_manifest_repeats_the_run_from_any_folder(
    own: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own()
    first = manifest(ran("scenarios=mine/closing.yaml", "shocks.travel_closure.strength=0.5"))
    assert first["config"]["events"][1]["strength"] == 0.5
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    again = manifest(ran(*(word for word in shlex.split(first["command"])[3:] if not word.startswith("record="))))
    assert again["digests"] == first["digests"]


def test_a_name_with_a_space_is_refused_and_a_folder_with_one_is_not(own: Callable[..., Path], refusal: Callable[[list[str]], str]) -> None:
    own(name="a b.yaml")
    assert "letters, digits, _ and - only" in refusal(["scenarios=mine/a b.yaml"])
    path = own()
    (path.parent / "with, comma").mkdir()
    shutil.copy(path, path.parent / "with, comma")
    assert load_scenario(path.parent / "with, comma" / "closing.yaml")["title"] == "Closing"


def test_a_sweep_takes_files_and_names_together(own: Callable[..., Path]) -> None:
    own()
    own(HEAD, "quiet.yml")
    words = ["scenarios=mine/closing.yaml,mine/quiet.yml,baseline", "end=2019-12", "roster.states=[DEU,USA]", "record=scalars"]
    assert main(["-m", "start=2019-12", *words]) == 0
    assert sorted(manifest(one)["config"]["scenario"] for one in Path("outputs").iterdir()) == ["baseline", "closing", "quiet"]


def test_the_twin_of_a_file_has_its_marks_and_no_shock(own: Callable[..., Path]) -> None:
    own()
    twin = manifest(ran("scenarios=mine/closing.yaml", "counterfactual=true"))
    assert [one["kind"] for one in twin["config"]["events"]] == ["mark"] and twin["targets"] == []
    own(HEAD, "quiet.yaml")
    with pytest.raises(UserError, match="has no shocks, so it has no counterfactual"):
        prepare({"scenarios": "mine/quiet.yaml", "counterfactual": True})


def test_a_run_is_repeated_where_its_file_is_gone_or_changed(own: Callable[..., Path], tmp_path: Path) -> None:
    path = own()
    folder = ran("scenarios=mine/closing.yaml")
    path.write_text(CLOSING.replace("until: 2020-02", "until: 2020-03"), encoding="utf-8")
    changed = rerun(recorded(folder))
    assert not changed.differing and any("closing.yaml changed since" in line for line in changed.around)
    shutil.rmtree(path.parent)
    gone = rerun(recorded(folder))
    assert not gone.differing and not any("closing.yaml" in line for line in gone.around)
    bundle = write_bundle(recorded(folder), tmp_path / "run.zip")
    shutil.rmtree(folder)
    with unpacked(bundle) as known:
        assert not rerun(known).differing


def test_tables_beside_the_file_are_read_and_go_into_a_bundle(own: Callable[..., Path], tmp_path: Path) -> None:
    path = own(CLOSING + "data: {folder: tables}\n")
    (path.parent / "tables").mkdir()
    copy_of(path.parent / "tables", "borders")
    folder = ran("scenarios=mine/closing.yaml")
    assert manifest(folder)["data_folder"] == str(path.parent / "tables")
    bundle = write_bundle(recorded(folder), tmp_path / "run.zip")
    shutil.rmtree(path.parent)
    with unpacked(bundle) as known:
        assert not rerun(known).differing


LEADS_OUT = {
    "steps upwards": "../tables",
    "steps upwards inside": "tables/../../tables",
    "an absolute path": "/etc",
    "a home folder": "~/tables",
    "a link": "linked",
    "a folder with a linked table": "holding",
}


@pytest.mark.parametrize("given", LEADS_OUT.values(), ids=LEADS_OUT)
def test_what_a_file_reads_does_not_lead_out_of_its_folder(given: str, own: Callable[..., Path], tmp_path: Path) -> None:
    path = own(CLOSING + f"data: {{folder: {given}}}\n")
    (tmp_path / "tables").mkdir()
    copy_of(tmp_path / "tables", "borders")
    (path.parent / "linked").symlink_to(tmp_path / "tables")
    (path.parent / "holding").mkdir()
    (path.parent / "holding" / "borders.csv").symlink_to(tmp_path / "tables" / "borders.csv")
    with pytest.raises(UserError, match=rf"{path}: line 16: data.folder .* leads out of the scenario's folder"):
        load_scenario(path)


BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
)
FAULTS = {
    "code": (HEAD + "parts: mine\n", "line 7: parts cannot be named by a scenario, since they are code"),
    "a seed": (HEAD + "seed: 3\n", "line 7: seed belongs to a run and not to a scenario"),
    "outputs": (HEAD + "outputs: /tmp\n", "line 7: outputs belongs to a run"),
    "another scenario": (HEAD + "scenarios: baseline\n", "line 7: scenarios belongs to a run"),
    "a tag": (HEAD + "sources: !!python/object/apply:os.system [ls]\n", "line 7: tags such as !!python/object/apply:os.system"),
    "a bomb": (HEAD + BOMB, "more than 20,000 values, counting what aliases repeat"),
    "a name twice": (HEAD + "title: Again\n", "line 7: title is given 2 times"),
    "a reference": (HEAD + "illustrative: ${oc.env:HOME}\n", "line 7: a value cannot refer to another one"),
    "a large file": (HEAD + "# " + "x" * 500_000, "at most 500,000 are read"),
    "no story": (HEAD.replace("story", "stroy"), "line 3: there is no setting 'stroy'; did you mean 'story'?"),
    "no title": (HEAD.replace("title: Closing\n", ""), "title is missing: every scenario has its title, story and question"),
    "no words": ("start: 2019-01\n", "title is missing"),
    "an unknown parameter": (
        HEAD + "mechanisms: {contacts: {hours_headz: 3}}\n",
        "line 7: mechanism contacts: there is no parameter 'hours_headz'",
    ),
    "sources that are no list": (HEAD + "sources: {a: b}\n", "line 7: sources must be a list of words"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_sentence_with_file_and_line(name: str, own: Callable[..., Path], refusal: Callable[[list[str]], str]) -> None:
    text, sentence = FAULTS[name]
    own(text)
    error = refusal(["scenarios=mine/closing.yaml"])
    assert "closing.yaml" in error and sentence in error, error
    assert not Path("outputs").exists()


def test_what_is_no_file_is_refused(own: Callable[..., Path], tmp_path: Path, refusal: Callable[[list[str]], str]) -> None:
    path = own()
    assert "No such file" in refusal(["scenarios=mine/none.yaml"])
    (tmp_path / "folder.yaml").mkdir()
    assert "it is a folder, not a file" in refusal(["scenarios=folder.yaml"])
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "it is not a file" in refusal(["scenarios=pipe.yaml"])
    (tmp_path / "raw.yaml").write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8" in refusal(["scenarios=raw.yaml"])
    shutil.copy(path, tmp_path / "closing.txt")
    assert "does not end in .yaml" in refusal(["scenarios=closing.txt"])
    shutil.copy(path, tmp_path / "baseline.yaml")
    assert "baseline is the name of a scenario on the shelf" in refusal(["scenarios=baseline.yaml"])
    assert "names a file twice" in refusal(["-m", "scenarios=mine/closing.yaml,./mine/closing.yaml"])


def test_a_study_keeps_the_text_and_goes_on_by_it(own: Callable[..., Path], tmp_path: Path) -> None:
    path = own()
    tree = {"scenarios": ["mine/closing.yaml", "baseline"], "set": {"end": "2019-12", "start": "2019-11", "roster.states": ["DEU", "USA"]}}
    factors = {"mechanisms.contacts.hours_head": {"low": 1.0, "high": 2.0}}
    plan = plan_of({**tree, "factors": factors, "sampler": {"kind": "grid", "levels": 2}}, "own")
    folder = manage.begin(plan, tmp_path / "outputs")
    held = read_manifest(folder)["plan"]["scenarios"]
    assert held == [{"name": "closing", "file": str(path), "text": CLOSING}, "baseline"]
    problem = json.loads((folder / "problem.json").read_text(encoding="utf-8"))
    assert problem["study"]["scenarios"] == [{**held[0], "digest": digest_of(held[0])}]
    path.write_text("title: something else\n", encoding="utf-8")
    manage.resume(folder, here)
    assert checked_study(folder).faults == []
    path.unlink()
    assert checked_study(folder).faults == []
    assert f"scenarios={path}" in explain(folder, "0")
    manage.grow(folder, replicates=2)
    manage.resume(folder, here)
    assert read_manifest(folder)["failed"] == 0 and checked_study(folder).faults == []


def test_a_factor_moves_the_shocks_of_events_and_a_twin_has_none(own: Callable[..., Path]) -> None:
    path = own(CLOSING)
    tree = {"scenarios": [str(path)], "twin": True, "factors": {"shocks.travel_closure.strength": {"low": 0.1, "high": 0.9}}}
    plan = plan_of({**tree, "sampler": {"kind": "grid", "levels": 2}}, "own")
    assert plan.n_runs == 4 and plan.scenarios == ("closing",)
    with pytest.raises(UserError, match="scenarios names one of"):
        plan_of({"scenarios": [str(path), str(path)]}, "own")


def test_a_game_on_a_file_is_saved_whole(own: Callable[..., Path], tmp_path: Path) -> None:
    path = own(CLOSING.replace("[DEU, FRA, USA]", "[DEU, IDN, USA]"))
    game = Game({"scenarios": str(path), "protocol": {"name": "alternating_offers"}}, seed=3, seat="IDN")
    game.advance(1)
    game.save(tmp_path / "game.json")
    path.unlink()
    again = Game.load(tmp_path / "game.json")
    assert again.setting.digest == game.setting.digest and again.world.month == game.world.month


def test_the_page_takes_names_of_the_shelf_and_no_path(own: Callable[..., Path]) -> None:
    from analysis.app.address import tree_of

    path = own()
    for given in ("mine/closing.yaml", str(path), "closing.yaml"):
        with pytest.raises(UserError, match="on the shelf"):
            tree_of({"scenarios": given})
    assert tree_of({"scenarios": "baseline"}) == {"scenarios": "baseline"}


def test_words_in_indonesian_are_optional_in_ones_own_file_and_kept_where_given(own: Callable[..., Path]) -> None:
    tree = load_scenario(own(CLOSING + "title_id: Penutupan\n"))
    assert (tree["title_id"], tree["story_id"]) == ("Penutupan", tree["story"])


def test_the_page_on_scenarios_holds_a_file_that_runs(own: Callable[..., Path]) -> None:
    text = (Path(__file__).resolve().parent.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(\w+)\n(.*?)```", text, flags=re.DOTALL)
    Path("closing.yaml").write_text(next(block for word, block in blocks if word == "yaml"), encoding="utf-8")
    every = [line for word, block in blocks if word == "sh" for line in block.splitlines() if line]
    # Scenarios of the shelf are run elsewhere, and their page lives 20 seeds of each.
    commands = [line for line in every if "closing.yaml" in line]
    assert all("seeds=20" in line for line in every if line not in commands)
    assert len(commands) == 3
    for command in commands:
        assert main([*command.split()[3:], "outputs=results"]) == 0
    told = [manifest(one) for one in sorted(Path("results").iterdir())]
    assert [one["config"]["scenario"] for one in told] == ["baseline", "closing", "closing", "closing"]
    assert configure(load_scenario("closing.yaml")).events[0].note == "Borders close."


TWICE = (
    HEAD
    + """\
events:
  - {kind: travel_closure, from: 2019-12, until: 2019-12, source: OxCGRT}
  - {kind: travel_closure, from: 2020-02, until: 2020-02, source: OxCGRT}
"""
)


def test_a_value_of_a_shock_and_fewer_months_go_together_through_both_doors(
    own: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path, word = own(TWICE), "shocks.travel_closure.strength=0.25"
    result = run(path, end="2020-01", record="scalars", set={"shocks.travel_closure.strength": 0.25})
    assert main([f"scenarios={path}", "end=2020-01", word, "record=scalars"]) == 0
    assert result.runs[0].digest in capsys.readouterr().out
    assert main([f"scenarios={path}", "end=2019-11", word]) == 2
    assert "of scenario closing lie outside the months typed; leave one of the two out" in capsys.readouterr().err
    assert main([f"scenarios={path}", "shocks=[]", "events=[]", word]) == 2
    assert "shocks=[{kind:travel_closure,strength:VALUE}] brings one" in capsys.readouterr().err


def test_the_command_of_a_run_of_a_study_whose_months_leave_events_out_repeats_it(
    own: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = own(TWICE)
    tree = {"scenarios": [str(path)], "set": {"end": "2020-01"}, "replicates": 1, "sampler": {"kind": "grid"}}
    plan = plan_of({**tree, "factors": {"shocks.travel_closure.strength": {"values": [0.25, 0.5]}}}, "own")
    folder = manage.begin(plan, path.parent / "outputs")
    manage.resume(folder, here)
    *_, done, command = explain(folder, "0").splitlines()
    assert main(shlex.split(command)[3:]) == 0
    assert done.rsplit(" ", 1)[1] in capsys.readouterr().out
    path.write_text(TWICE + "illustrative: Changed.\n", encoding="utf-8")
    assert f"the scenario's file {path} changed since" in explain(folder, "0")


def test_a_file_may_name_parts_of_its_users_through_every_door(own: Callable[..., Path]) -> None:
    from test_extending import AGREEMENT, FILES

    path = own(HEAD.replace("title", "negotiated: [research_pact]\ntitle"))
    place = Path("parts") / AGREEMENT
    place.parent.mkdir(parents=True)
    place.write_text(FILES[AGREEMENT], encoding="utf-8")
    result = run(path, parts="parts", outputs="outputs", record="scalars", end="2019-12")
    assert result.folder is not None
    assert not rerun(recorded(result.folder), trust=True).differing
