"""Words as they are typed: shapes, names said twice, shocks by their kind, and help that runs nothing, at both doors."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.__main__ import VERBS as OF_ANALYSIS
from analysis.__main__ import main as analysis
from sim.__main__ import main
from sim.doors import compose, overrides
from sim.doors.studies import VERBS
from sim.run import prepare, run
from sim.types import UserError

FEW = ["roster.states=[BRA,CHN,IDN]", "end=2019-02"]
CLOSED = ["scenarios=pandemic_lockdown", "roster.states=[BRA,CHN,IDN]", "start=2020-03", "end=2020-05"]
STRENGTH = "shocks.travel_closure.strength"

REFUSED = [
    (["shocks={kind:travel_closure}"], "shocks must be a list such as [{kind:travel_closure}], not {'kind': 'travel_closure'}"),
    (["shocks=travel_closure"], "shocks must be a list"),
    (["shocks=null"], "shocks must be a list"),
    (["negotiated={a:transfer_framework}"], "negotiated must be a list such as [transfer_framework]"),
    (["negotiated=[transfer_framework,transfer_framework]"], "negotiated names transfer_framework twice"),
    (["roster.states={a:IDN}"], "roster.states must be a list such as [IDN,SGP]"),
    (["roster.states=IDN"], "roster.states must be a list such as [IDN,SGP]"),
    (["coalitions={name:ISLES}"], "coalitions must be a list"),
    (["coalitions=[{name:ISLES,types:[infrastructure_pact],below:0.1,rule:[a]}]"], "rule cannot be ['a']"),
    (["coalitions=[{name:ISLES,types:[infrastructure_pact],below:0.1,measure:{a:1}}]"], "measure cannot be {'a': 1}"),
    (["coalitions=[{name:ISLES,name:ATOLLS}]"], "coalitions: name is given 2 times in one pair of braces"),
    (["shocks=[{kind:travel_closure,strength:1,strength:0}]"], "shocks: strength is given 2 times"),
    (["shocks=[{null:1}]"], "a name was expected before the colon, not null"),
    (["seed={a:1}"], "seed must be a single value"),
    (["seed=[1]"], "seed must be a single value"),
    (["record=[full]"], "record must be a single value"),
    (["roster.seed=3"], "roster.seed = 3 is for roster.kind=synthetic"),
    (["mechanisms.contacts.hours_head=[1]"], "mechanisms.contacts.hours_head must be a single value"),
    (["roster={n:5}"], "roster holds several settings"),
    (["seed=" + "9" * 5000], "cannot read the value"),
    (["resum", "outputs"], "there is no command 'resum'; did you mean 'resume'?"),
    (["seed=int(7)"], "write the value itself"),
    (["shocks=" + "[" * 40], "more than 20 deep"),
    (["seed=1\x00"], "a character that cannot be printed (U+0000)"),
    (["outputs=\udcff"], "a byte that is not UTF-8"),
    ([f"parts={'x' * 300}"], "cannot be a path: a name in it has 300 bytes"),
    ([f"data.folder=tables/{'é' * 200}"], "cannot be a path: a name in it has 400 bytes"),
    (["status", "x" * 300], "cannot be a path: a name in it has 300 bytes"),
    (["end=" + "x" * 200_000], "at most 100,000 are read"),
    (["-m", "seed=1,1"], "seed=1,1 names 1 2 times"),
    (["-m", "seed=range(1,9,0)"], "seed=range(1,4)"),
    ([f"{STRENGTH}=0.5"], "scenario baseline has no shock of kind travel_closure; scenarios=china_cloud_diplomacy has one"),
    ([f"{STRENGTH}=0.5", "shocks=[]"], "the shocks typed hold no shock of kind travel_closure"),
    ([*CLOSED, f"{STRENGTH}=0.5", "counterfactual=true"], f"{STRENGTH} changes nothing with counterfactual=true"),
    ([*CLOSED, "shocks=[]", "counterfactual=true"], "shocks changes nothing with counterfactual=true"),
    ([*CLOSED, "shocks.travel_closure.strenght=0.5"], "shocks.travel_closure has no 'strenght'; did you mean 'strength'?"),
    ([*CLOSED, "shocks.travel_closur.strength=0.5"], "no shock 'travel_closur'; did you mean 'travel_closure'?"),
    ([*CLOSED, "shocks.0.strength=0.5"], "shocks are named by their kind and not by a number"),
    ([*CLOSED, "shocks.travel_closure=0.5"], f"written shocks.KIND.PARAMETER=VALUE, for example {STRENGTH.rpartition('.')[0]}"),
    ([*CLOSED, f"{STRENGTH}=9"], "shock travel_closure: strength = 9 lies outside"),
    ([*CLOSED, f"{STRENGTH}=0.5", f"{STRENGTH}=0.6"], f"{STRENGTH} is given 2 times"),
    (
        ["strength=0.5"],
        f"did you mean 'mechanisms.trade_deals.strength', 'shocks.leak.strength', 'shocks.sanctions.strength' or '{STRENGTH}'?",
    ),
    (["rounds_visit=2"], "did you mean 'mechanisms.bargaining.rounds_visit'?"),
    (["study=smoke", "study.sampler=sobol"], "study.sampler must hold named values such as kind"),
    (["study=smoke", "study.keep.runs={a:1}"], "study.keep.runs must be a list"),
    (["study=smoke", "study.replicates=[1]"], "study.replicates must be a single value"),
    (["study=smoke", "cluster=slurm", "cluster.extra={a:1}"], "cluster.extra must be a list"),
    (["study=smoke", "cluster.workers=[1]"], "cluster.workers must be a single value"),
    (["study=smoke", "shocks={kind:travel_closure}"], "study smoke: shocks must be a list"),
]


@pytest.mark.parametrize(("words", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_a_word_of_another_shape_or_said_twice_is_refused(
    words: list[str], sentence: str, here: Path, refusal: Callable[[list[str]], str]
) -> None:
    assert sentence in refusal(words)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [
        ({"shocks": {"kind": "travel_closure"}}, "shocks must be a list"),
        ({"shocks": ["travel_closure"]}, "each shock must name its kind"),
        ({"negotiated": {"transfer_framework": True}}, "negotiated must be a list"),
        ({"negotiated": [["transfer_framework"]]}, "states cannot open talks on"),
        ({"roster": ["IDN"]}, "roster must hold named values"),
        ({"roster": {"states": {"IDN": 1}}}, "roster.states must be a list"),
        ({"mechanisms": [1]}, "mechanisms must hold named values"),
        ({"mechanisms": {"contacts": [1]}}, "mechanisms.contacts must hold named values"),
        ({"protocol": ["nash"]}, "protocol must be the name of one"),
        ({"coalitions": [{"name": "ISLES", "types": ["infrastructure_pact"], "below": 0.1, "rule": {}}]}, "rule cannot be {}"),
        ({"data": "all"}, "data must hold named values"),
        ({"start": 2019}, "start: month 2019"),
        ({"record": ["full"]}, "record cannot be"),
    ],
)
def test_python_refuses_a_value_of_another_shape_in_a_sentence(tree: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError) as told:
        prepare(tree)
    assert sentence in str(told.value)


def test_an_exponent_is_a_number_wherever_one_is_expected() -> None:
    def worth(*words: str) -> Any:
        _, jobs = overrides.read(list(words))
        return prepare(compose.composed(jobs[0]))[0].tree["mechanisms"]["bargaining"]["propose_rate"]

    assert worth("mechanisms.bargaining.propose_rate=1e-3") == worth("mechanisms.bargaining.propose_rate=0.001") == 0.001


def test_a_shock_of_the_scenario_is_changed_by_its_kind(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CLOSED, f"{STRENGTH}=0.25", "seed=2"]) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1].removeprefix("run: "))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (shock,) = [one for one in manifest["config"]["shocks"] if one["kind"] == "travel_closure"]
    assert shock["strength"] == 0.25
    same = run(
        "pandemic_lockdown",
        seed=2,
        start="2020-03",
        end="2020-05",
        roster={"states": ["BRA", "CHN", "IDN"]},
        shocks=[{"kind": "travel_closure", "strength": 0.25}, {"kind": "attendance_rules"}],
    )
    assert manifest["digests"] == {"2": same.runs[0].digest}


def test_shocks_that_are_typed_and_several_strengths_are_changed_by_their_kind_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, jobs = overrides.read([*FEW, "shocks=[{kind:travel_closure,ban:0.5}]", f"{STRENGTH}=0.5"])
    assert (
        prepare(compose.composed(jobs[0]))[0].tree["shocks"][0] | {"strength": 0.5, "ban": 0.5}
        == prepare(compose.composed(jobs[0]))[0].tree["shocks"][0]
    )
    assert main(["-m", *CLOSED, f"{STRENGTH}=0.25,1", "record=scalars"]) == 0
    folders = [Path(line.removeprefix("run: ")) for line in capsys.readouterr().out.splitlines()]
    trees = [json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["config"] for folder in folders]
    assert [one["strength"] for tree in trees for one in tree["shocks"] if one["kind"] == "travel_closure"] == [0.25, 1.0]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("form", ["{} --help", "--help {}", "help {}", "{} -h nowhere x=1"])
def test_help_on_a_verb_runs_nothing(verb: str, form: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(form.format(verb).split()) == 0
    out, err = capsys.readouterr()
    assert out.startswith("python -m sim") and f" {verb}" in out.splitlines()[0] and err == ""
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("verb", OF_ANALYSIS)
@pytest.mark.parametrize("form", ["{} --help", "--help {}", "help {}", "{} nowhere -h"])
def test_help_on_a_command_of_the_analysis_does_nothing(verb: str, form: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert analysis(form.format(verb).split()) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[1].strip().startswith(f"python -m analysis {verb}") and err == ""
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["study=smoke", "--help"], "factor protocol"),
        (["scenarios=baseline", "seed=7", "--help"], "No border closes"),
        (["--help", "cluster=slurm"], "partition: null"),
        (["--help", "study.sampler.size"], "base points of saltelli"),
        (
            ["--help", "shock.travel_closure"],
            f"{STRENGTH.rpartition('.')[0]}.PARAMETER=value in a scenario that has a shock of this kind (china_cloud_diplomacy, ",
        ),
        (["--help", STRENGTH], "brought as shocks=[{kind:travel_closure,PARAMETER:value}]"),
        (["--help", "protocol.deadline_rounds"], "with protocol=alternating_offers"),
        (["--help", "seed"], "seed=NUMBER"),
    ],
)
def test_help_tells_of_whatever_stands_beside_it(words: list[str], shown: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert shown in " ".join(capsys.readouterr().out.split())
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["raport", "x"], "there is no command 'raport'; did you mean 'report'?"),
        (["report"], "write python -m analysis report FOLDER [TARGET]"),
        (["report", "a", "b", "c"], "write python -m analysis report FOLDER [TARGET]"),
        (["compare", "a"], "write python -m analysis compare FOLDER TWIN [TARGET]"),
        (["demo", "x"], "write python -m analysis demo"),
        (["report", "--fast", "x"], "write python -m analysis report FOLDER [TARGET]"),
        (["report", "nowhere"], "there is no run folder nowhere"),
        (["report", "a\x00b"], "there is no run folder"),
        (["app", "--port"], "give --port once"),
        (["app", "--port", "70000"], "--port must be a whole number"),
        (["app", "x"], "there is no option 'x'"),
        (["mesa", "--prt=3"], "the only option is --port"),
        (["--version"], "there is no command '--version'"),
    ],
)
def test_the_analysis_refuses_what_it_cannot_do_in_one_line(
    words: list[str], sentence: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analysis(words) == 2
    out, err = capsys.readouterr()
    assert sentence in err and err.startswith("error: ") and err.count("\n") == 1 and out == ""
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b'{"moves": [], "moves": []}', "moves is given 2 times"),
        (b'{"moves": [NaN]}', "NaN is not a number"),
        (b"\xff\xfe", "cannot be read"),
        (b'{"moves": {"a": 1}}', "holds no list of moves"),
        (
            b'{"moves": [{"month": "2019-01", "party": "IDN", "kind": "accept", "talk": "a:IDN:JPN:\xc2\xb2"}]}',
            "is not the identity of talks",
        ),
    ],
)
def test_a_file_of_moves_is_read_as_strictly(text: bytes, sentence: str, here: Path, refusal: Callable[[list[str]], str]) -> None:
    (here / "game.json").write_bytes(text)
    told = refusal(["moves=game.json", *FEW])
    assert sentence in told and "moves=game.json" in told
    assert "it is a folder" in refusal([f"moves={here}", *FEW])


KEYS = st.sampled_from(
    [
        "scenarios",
        "seed",
        "start",
        "end",
        "protocol",
        "negotiated",
        "roster",
        "roster.states",
        "roster.n",
        "coalitions",
        "data.folder",
        "shocks",
        STRENGTH,
        "counterfactual",
        "record",
        "outputs",
        "moves",
        "mechanisms.contacts.hours_head",
        "mechanisms.contacts",
        "protocol.name",
        "agents",
        "title",
        "",
        "a.b",
        "+x",
        "study",
        "study.sampler",
        "study.sampler.size",
        "study.keep.runs",
        "study.scenarios",
        "study.set",
        "study.factors",
        "cluster",
        "cluster.extra",
    ]
)
VALUES = st.sampled_from(
    [
        "1", "-1", "1e-3", "1e999", "nan", "null", "true", "no", "''", "a", "[]", "{}", "[1]", "{a:1}", "{a:1,a:2}",
        "[{kind:travel_closure}]", "[[", "}", "(", "010", "range(1,3)", "sort(a,1)", "choice()", "glob(*)", "1,2", "1,1", "${x}", "\\",
        "'", "1:30", "2019-02-28", "9" * 5000, "\x00", "\udcff", "~", "=", "é", "[" * 30, "[null]", "{null:1}", "baseline", "smoke",
        "slurm", "/dev/null", ".", "???", "{defaults:[a]}", "{a: {b: [1]}}", "*",
    ]
)  # fmt: skip
WORDS = st.lists(
    st.one_of(st.tuples(KEYS, VALUES).map("=".join), VALUES, st.sampled_from(["--help", "-m", "status", "grow", "help", "--x"])), max_size=4
)


def test_no_words_end_in_a_traceback_or_leave_a_folder(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def reached(*_: Any, **__: Any) -> Any:
        raise UserError("it would run")

    monkeypatch.setattr(sys.modules["sim.run"], "run", reached)
    monkeypatch.setattr("sim.study.manage.begin", reached)

    @settings(max_examples=60)
    @given(WORDS)
    def thrown(words: list[str]) -> None:
        code = main(words)
        out, err = capsys.readouterr()
        told = [line for line in err.splitlines() if not line.startswith("note: ")]
        assert "Traceback" not in err and list(here.iterdir()) == []
        if code == 3:
            assert "it would run" in err
        elif code == 2:
            assert out == "" and len(told) == 1 and told[0].startswith("error: ") and len(told[0]) < 2_100
        else:
            assert code == 0 and told == []

    thrown()
