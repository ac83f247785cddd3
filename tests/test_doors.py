"""The command line: what it runs, what it refuses and in which words, and what it leaves behind."""

from __future__ import annotations

import functools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from worlds import ROOT, another_process

from sim.__main__ import main
from sim.doors.say import say
from sim.run import prepare, run
from sim.types import ModelFault, UserError

FEW = "roster.states=[CHN,DEU,FRA,IDN,JPN,SGP,USA]"
SHORT = [FEW, "end=2019-03"]
ENV = {**os.environ, "PYTHONHASHSEED": "0"}


def start(*words: str, cwd: Path = ROOT, **more: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sim", *words]
    env = {**ENV, "PYTHONPATH": str(ROOT)}
    # A suite started in the background inherits an interrupt that is ignored; a person at a terminal does not.
    more = {"preexec_fn": functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL), **more}
    return subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


REFUSED = [
    (["scenarios=basline"], "no scenario 'basline'; did you mean 'baseline'?"),
    (["protocol=nsh"], "no protocol 'nsh'; did you mean 'nash'?"),
    (["protocl=nash"], "no setting 'protocl'; did you mean 'protocol'?"),
    (["mechanisms.contact.heads=2"], "mechanisms has no 'contact'; did you mean 'contacts'?"),
    (["mechanisms.contacts.hours_haed=2"], "mechanisms.contacts has no 'hours_haed'; did you mean 'hours_head'?"),
    (["protocol=alternating_offers", "protocol.deadline=3"], "has no 'deadline'; did you mean 'deadline_rounds'?"),
    (["protocol=nash", "protocol.deadline_rounds=3"], "protocol=alternating_offers has it"),
    (["hours_head=2"], "did you mean 'mechanisms.contacts.hours_head'?"),
    (["contacts.hours_head=2"], "did you mean 'mechanisms.contacts.hours_head'?"),
    (["mechanisms.contacts=2"], "mechanisms.contacts holds several settings; set one of them"),
    (["seed.x=2"], "seed is a single value, so there is no 'seed.x'"),
    (["seed=-1"], "seed = -1 lies outside"),
    (["seed=1.5"], "seed must be a whole number, not 1.5"),
    (["seed='7'"], "seed must be a whole number, not '7'"),
    (["seed=seven"], "seed must be a whole number, not 'seven'"),
    (["seed="], "seed= has no value"),
    (["seed=null"], "seed must be a whole number, not None"),
    (["seed=99999999999999999999"], "lies outside 0 to 9223372036854775807"),
    (["seed=1", "seed=2"], "seed is given 2 times"),
    (["seed=1,2"], "add -m to run each of them"),
    (["seed=${seeds}"], "a value cannot refer to another setting"),
    (["seeds=0"], "seeds = 0 lies outside 1 to"),
    (["start=2019-13"], "start: month '2019-13' is not of the form YYYY-MM"),
    (["start=1997-12"], "start 1997-12 lies outside 1998-01 to"),
    (["end=2018-01"], "end 2018-01 lies before start 2019-01"),
    (["mechanisms.contacts.hours_head=999"], "mechanism contacts: hours_head = 999 lies outside 0.0 to 200.0"),
    (["mechanisms.contacts.hours_head='0.5'"], "hours_head must be a number (hours a month), not '0.5'"),
    (["mechanisms.contacts.hours_head=nan"], "hours_head = nan lies outside"),
    (["agreements.transfer_framework.judge_bar=high"], "judge_bar must be a number"),
    (["record=everything"], "record cannot be 'everything'"),
    (["counterfactual=1"], "counterfactual must be true or false, not 1"),
    (["counterfactual=true"], "'baseline' has no shocks"),
    (["negotiated=transfer_framework"], "negotiated must be a list"),
    (["negotiated=[adequacy]"], "states cannot open talks on 'adequacy'; did you mean 'adequacy_decision'?"),
    (["roster.kind=sinthetic"], "did you mean 'synthetic'?"),
    (["roster.n=50"], "roster.n = 50 is for roster.kind=synthetic; name real states with roster.states=[IDN,SGP,...]"),
    (["outputs=~nobody-of-that-name/x"], "outputs=~nobody-of-that-name/x: there is no such home folder"),
    (["data.terms=opne"], "did you mean 'open'?"),
    (["parts=/dev/null/x"], "parts=/dev/null/x is not a folder"),
    (["outputs=/dev/null/x", *SHORT], "outputs=/dev/null/x cannot be written"),
    (["+extra=1"], "never added (+) or removed (~); there is no setting 'extra'"),
    (["++seed=1"], "write seed=VALUE"),
    (["~seed"], "write seed=VALUE"),
    (["hydra.run.dir=x"], "results lie in a folder of their own under outputs=FOLDER"),
    (["hydra/launcher=x"], "a cluster takes studies: python -m sim study=NAME cluster=slurm"),
    (["protocol@x=nash"], "cannot read 'protocol@x=nash'"),
    (["protocol={name:nash}"], "protocol must be the name of one"),
    (["scenarios=[baseline]"], "scenarios must be the name of a scenario"),
    (["roster.states=[IDN"], "cannot read the value of 'roster.states=[IDN'"),
    (["title=x"], "there is no setting 'title'"),
    (["baseline"], "did you mean scenarios=baseline?"),
    (["alternating_offers"], "did you mean protocol=alternating_offers?"),
    (["seed"], "seed has no value; write seed=VALUE"),
    (["hlep"], "did you mean 'help'?"),
    (["--help", "mechanisms.contcts"], "did you mean 'mechanisms.contacts'?"),
    (["-m", "seed=1,x"], "seed must be a whole number, not 'x'"),
    (["-m", "protocol=nash,nsh"], "no protocol 'nsh'"),
    (["-m", "seed=range(0,1000)"], "write seeds=n"),
    (["-m", "seed=shuffle(1,2)"], "leave out shuffle"),
    (["-m", "seed=interval(0,1)"], "write several values as seed=a,b"),
]


@pytest.mark.parametrize(("words", "sentence"), REFUSED, ids=[" ".join(words) for words, _ in REFUSED])
def test_bad_input_gets_one_clear_sentence_and_writes_nothing(
    words: list[str], sentence: str, here: Path, refusal: Callable[[list[str]], str]
) -> None:
    err = refusal(words)
    assert sentence in err
    assert not re.search("hydra|omegaconf|Traceback", err.replace("hydra.run.dir", "").replace("hydra/launcher", ""))
    assert files_in(here) == []


@pytest.mark.parametrize("words", [["roster.states=[IDX,SGP]"], ["roster.states=[IDN]"], ["data.folder=/dev/null/x"]])
def test_a_roster_that_cannot_be_loaded_leaves_no_folder(words: list[str], here: Path, refusal: Callable[[list[str]], str]) -> None:
    refusal(words)
    assert files_in(here) == []


def test_a_run_ends_with_its_folder_and_writes_nothing_else(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios=baseline", "seed=7", *SHORT]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    last = out.splitlines()[-1]
    assert last == "run: outputs/baseline-nash-7-001"
    folder = Path(last.removeprefix("run: "))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 7 and manifest["status"] == "complete"
    assert [path for path in files_in(here) if not path.startswith("outputs")] == []
    assert [path.name for path in (here / "outputs").iterdir()] == [folder.name]


def test_the_command_line_and_python_give_the_same_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seed=3", "protocol=alternating_offers", "protocol.deadline_rounds=30", "mechanisms.contacts.hours_head=2", *SHORT]) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1].removeprefix("run: "))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    same = run(
        seed=3,
        protocol={"name": "alternating_offers", "deadline_rounds": 30},
        mechanisms={"contacts": {"hours_head": 2.0}},
        roster={"states": ["CHN", "DEU", "FRA", "IDN", "JPN", "SGP", "USA"]},
        end="2019-03",
    )
    assert manifest["digests"] == {"3": same.runs[0].digest}


def test_the_summary_tells_what_the_run_found(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["roster.states=[CHN,DEU,FRA,IDN,IND,JPN,SGP,USA]", "end=2020-06"]
    assert main(words) == 0
    out = capsys.readouterr().out
    result = run(roster={"states": ["CHN", "DEU", "FRA", "IDN", "IND", "JPN", "SGP", "USA"]}, end="2020-06")
    for title, column in (
        ("Transfer framework", "in_force_transfer_framework"),
        ("call", "contacts_call"),
        ("opened", "negotiations_opened"),
    ):
        line = next(line for line in out.splitlines() if line.strip().startswith(title))
        assert line.split()[-1].replace(",", "") == f"{result.scalars[column]:.0f}"
    assert result.runs[0].digest in out and "Nash" in out and "2019-01 to 2020-06 (18)" in out
    assert f"{len(result.setting.roster.assumed)}, named in manifest.json" in out


def test_a_thin_record_says_where_the_reasons_are(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SHORT, "record=scalars"]) == 0
    assert "(record=panels keeps the reasons)" in capsys.readouterr().out
    assert [path.split("/")[-1] for path in files_in(here / "outputs" / "baseline-nash-0-001")] == [
        "manifest.copy.json",
        "manifest.json",
        "scalars.parquet",
    ]


def test_several_seeds_share_one_folder(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.batch.cores", lambda: 1)
    assert main(["seed=5", "seeds=2", *SHORT]) == 0
    out = capsys.readouterr().out
    assert out.count("run: ") == 1 and "5 to 6; figures: mean (least to most)" in out
    manifest = json.loads((here / "outputs" / "baseline-nash-5-001" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seeds"] == [5, 6]


def test_every_combination_of_a_multirun_gets_its_line_and_nothing_but_outputs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-m", "protocol=nash,alternating_offers", "seed=1,2", *SHORT]) == 0
    out, err = capsys.readouterr()
    stems = ["baseline-nash-1", "baseline-nash-2", "baseline-alternating_offers-1", "baseline-alternating_offers-2"]
    assert out.splitlines() == [f"run: outputs/{stem}-001" for stem in stems]
    assert err == ""
    assert [path.name for path in here.iterdir()] == ["outputs"]
    assert sorted(path.name for path in (here / "outputs").iterdir()) == sorted(f"{stem}-001" for stem in stems)


def test_a_multirun_gives_the_same_run_as_a_single_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-m", "seed=2", "outputs=many, (all)", *SHORT]) == 0
    assert main(["seed=2", "outputs=one", *SHORT]) == 0
    folders = [line.removeprefix("run: ") for line in capsys.readouterr().out.splitlines() if line.startswith("run: ")]
    assert folders == ["many, (all)/baseline-nash-2-001", "one/baseline-nash-2-001"]
    first, second = (json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))["digests"] for folder in folders)
    assert first == second


@pytest.mark.parametrize("fault", [UserError("no such roster"), ModelFault("a rule was broken")])
def test_a_failed_job_does_not_stop_the_others(
    fault: Exception, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = run

    def sometimes(*args: Any, **tree: Any) -> Any:
        if tree["seed"] == 1:
            raise fault
        return real(*args, **tree)

    monkeypatch.setattr(sys.modules["sim.run"], "run", sometimes)
    assert main(["-m", "seed=1,2", *SHORT]) == 3
    out, err = capsys.readouterr()
    assert out.splitlines() == ["run: outputs/baseline-nash-2-001"]
    assert str(fault) in err and "1 of 2 jobs failed" in err


def test_a_fault_of_ours_shows_its_trace(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **tree: Any) -> Any:
        raise ModelFault("a rule was broken")

    monkeypatch.setattr(sys.modules["sim.run"], "run", broken)
    assert main(SHORT) == 1
    err = capsys.readouterr().err
    assert "Traceback" in err and "a rule was broken" in err and "fault of Cloud Diplomacy" in err


def test_a_full_disk_is_one_sentence(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **tree: Any) -> Any:
        raise OSError(28, "No space left on device", "outputs/x")

    monkeypatch.setattr(sys.modules["sim.run"], "run", full)
    assert main(SHORT) == 2
    assert capsys.readouterr().err == "error: cannot write outputs/x: No space left on device\n"


def test_an_interruption_is_one_line(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: Any, **tree: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["sim.run"], "run", interrupted)
    assert main(SHORT) == 130
    assert main(["-m", "seed=1,2", *SHORT]) == 130
    assert capsys.readouterr().err.strip().count("interrupted: ") == 2


def test_a_users_own_part_is_loaded_after_a_word_of_warning(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "mine" / "protocols").mkdir(parents=True)
    (here / "mine" / "protocols" / "broken.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    assert main(["parts=mine", *SHORT]) == 2
    note, error = capsys.readouterr().err.splitlines()
    assert note == "note: parts=mine runs the Python code in that folder"
    assert "broken.py:1: ModuleNotFoundError" in error
    assert main(["parts=mine", "--help"]) == 2


def test_the_home_folder_is_where_the_person_lives(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here))
    assert main(["outputs=~/runs", *SHORT]) == 0
    assert (here / "runs" / "baseline-nash-0-001" / "manifest.json").is_file()
    config, chosen = prepare({"data": {"folder": "~/tables"}, "outputs": "~/runs"})
    assert config.roster.folder == here / "tables" and chosen.outputs == here / "runs"


def test_a_code_in_small_letters_is_recognised(here: Path, refusal: Callable[[list[str]], str]) -> None:
    assert "did you mean 'IDN'?" in refusal(["roster.states=[idn,SGP]"])


def test_a_folder_called_like_a_table_is_no_table(here: Path, refusal: Callable[[list[str]], str]) -> None:
    (here / "tables" / "states.csv").mkdir(parents=True)
    assert "tables/states.csv is not a file" in refusal(["data.folder=tables"])


def test_a_result_shows_itself_in_a_line(here: Path) -> None:
    result = run(roster={"states": ["IDN", "SGP", "JPN"]}, end="2019-02", seed=4, outputs="out")
    digest = result.runs[0].digest
    assert repr(result) == f"<Result baseline, nash, seed 4, 2019-01 to 2019-02, out/baseline-nash-4-001, digest {digest}>"


def test_another_projects_packages_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "scenarios" / "__init__.py"
    other.parent.mkdir()
    other.write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "scenarios", raising=False)
    assert main(SHORT) == 2
    assert f"'scenarios' was found at {other}" in capsys.readouterr().err


def test_a_bar_is_drawn_on_a_terminal_only(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(SHORT) == 0
    err = capsys.readouterr().err
    assert "baseline, nash" in err and "0/3" in err


def test_the_door_loads_nothing_heavy_before_the_first_month() -> None:
    code = (
        "import sys, json; from sim.doors import serve, overrides; _, jobs = overrides.read(['seed=7', 'end=2019-01'])\n"
        "from sim.doors import compose; config, _ = serve._check(compose.composed(jobs[0]))\n"
        "from sim import engine; engine.step(engine.start(engine.assemble(config), 7))\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    assert set(json.loads(another_process(code))).isdisjoint({"mesa", "networkx", "plotly", "dash", "pandas", "matplotlib", "tqdm"})


def test_a_reader_that_goes_away_is_no_error() -> None:
    reading = start("--help", cwd=ROOT)
    assert reading.stdout is not None and reading.stderr is not None
    reading.stdout.close()
    assert reading.wait(60) == 0
    assert reading.stderr.read() == ""
    reading.stderr.close()


def test_a_line_to_nowhere_is_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def write(self, text: str) -> int:
            raise BrokenPipeError

        def fileno(self) -> int:
            raise OSError

    monkeypatch.setattr(sys, "stdout", Gone())
    say("nobody hears this")


@pytest.mark.parametrize(("word", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_a_run_that_is_stopped_never_looks_finished(word: signal.Signals, code: int, tmp_path: Path) -> None:
    running = start(f"outputs={tmp_path / 'outputs'}", "end=2035-12", "roster.kind=synthetic", "roster.n=400")
    folders: list[Path] = []
    until = time.monotonic() + 60
    while not folders and time.monotonic() < until and running.poll() is None:
        time.sleep(0.05)
        folders = list((tmp_path / "outputs").glob("*"))
    running.send_signal(word)
    _, err = running.communicate(timeout=60)
    assert running.returncode == code, err
    assert len(folders) == 1
    assert "manifest.json" not in files_in(folders[0])
    assert "Traceback" not in err


def test_the_command_runs_from_another_folder(tmp_path: Path) -> None:
    running = start("seed=7", *SHORT, cwd=tmp_path)
    out, err = running.communicate(timeout=120)
    assert (running.returncode, err) == (0, "")
    assert out.splitlines()[-1] == "run: outputs/baseline-nash-7-001"
    assert files_in(tmp_path)[:2] == ["outputs", "outputs/baseline-nash-7-001"]
