"""Studies as they are typed: nothing that a file says is dropped without a word, and nothing in it ends in a traceback or a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.__main__ import main
from sim.study import manage
from sim.study.plan import advice, plan_of
from sim.types import UserError

HEADS, FEAR = "mechanisms.contacts.hours_head", "agreements.infrastructure_pact.fear"
FEW: dict[str, Any] = {"end": "2019-02", "roster.states": ["BRA", "CHN", "IDN"]}
STRENGTH = "shocks.travel_closure.strength"


class Begun(UserError):
    """A study has passed every check and would begin."""


@pytest.fixture
def typed(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Give a function that types a study's file and returns the one line that comes; a study that would begin says so."""

    def begin(*_: Any, **__: Any) -> Path:
        raise Begun("it would begin")

    monkeypatch.setattr(manage, "begin", begin)

    def door(text: str | bytes, *words: str) -> str:
        (here / "mine.yaml").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        assert main(["study=mine.yaml", *words]) == 2
        out, err = capsys.readouterr()
        assert out == "" and "Traceback" not in err
        lines = [line for line in err.splitlines() if not line.startswith("note: ")]
        assert len(lines) == 1 and lines[0].startswith("error: "), err
        assert sorted(path.name for path in here.iterdir()) == ["mine.yaml"]
        return err

    return door


FACTORS = "factors:\n  mechanisms.contacts.hours_head: {low: 1, high: 2}\n"
REFUSED = {
    "a factor written twice": (
        f"{FACTORS}  {HEADS}: {{values: [3.0]}}\n",
        f"study=mine.yaml: line 3: {HEADS} is given 2 times (lines 2 and 3)",
    ),
    "a factor written twice, once in quotes": (f'{FACTORS}  "{HEADS}": {{}}\n', "is given 2 times"),
    "a bound written twice": (f"factors:\n  {HEADS}: {{low: 1, high: 2, low: 1.5}}\n", "low is given 2 times"),
    "a list written twice": (f"set: {{end: 2019-02}}\n{FACTORS}set: {{end: 2019-03}}\n", "set is given 2 times (lines 1 and 4)"),
    "a setting in two forms": ("set:\n  roster.states: [BRA, CHN]\n  roster: {states: [IDN, CHN]}\n", "roster.states is given 2 times"),
    "a protocol in two forms": ("set:\n  protocol: nash\n  protocol.name: nash\n", "protocol is given 2 times"),
    "a whole and its part": ("set:\n  roster: [BRA]\n  roster.kind: un\n", "roster.kind and roster name one setting twice"),
    "a factor under another name": ("factors:\n  protocol.name: {values: [nash]}\n", "factor protocol.name is written protocol"),
    "two factors of one setting": (
        "factors:\n  roster: {values: [{n: 193}]}\n  roster.n: {values: [193]}\n",
        "factors roster and roster.n name one setting twice",
    ),
    "a protocol that brings its parameter": (
        "factors:\n  protocol: {values: [{name: alternating_offers, deadline_rounds: 9}]}\n  protocol.deadline_rounds: {low: 5, high: 9}\n",
        "factors protocol and protocol.deadline_rounds name one setting twice",
    ),
    "a shock by its place": ("factors:\n  shocks.0.strength: {low: 0, high: 1}\n", "there is no shock '0'"),
    "shocks that are set below a factor": (
        f"scenarios: [pandemic_lockdown]\nset: {{{STRENGTH}: 0.5}}\nfactors:\n  shocks: {{values: [[], [{{kind: travel_closure}}]]}}\n",
        f"shocks is both set and a factor ({STRENGTH} is set)",
    ),
    "a shock taken away": (
        f"scenarios: [pandemic_lockdown]\nset: {{shocks: []}}\nfactors:\n  {STRENGTH}: {{}}\n",
        f"study mine: mine.yaml: line 4: factor {STRENGTH} changes nothing: the study's own shocks leave scenario",
    ),
    "a shock that is set and not there": (
        f"set: {{{STRENGTH}: 0.5}}\n",
        "changes nothing: scenario baseline has no shock of kind travel_closure",
    ),
    "a type not negotiated": (
        f"set: {{negotiated: [transfer_framework]}}\nfactors:\n  {FEAR}: {{}}\n",
        "no talks on infrastructure_pact are opened",
    ),
    "a parameter of another protocol": ("factors:\n  protocol.deadline_rounds: {low: 5, high: 9}\n", "deadline_rounds"),
    "more partners than states": (
        "set: {roster.states: [BRA, CHN, IDN]}\nfactors:\n  candidates: {low: 50, high: 192}\n",
        "factor candidates changes nothing: there are fewer other states",
    ),
    "a value in two forms": (f"factors:\n  {HEADS}: {{values: [1, 1.0]}}\n", "names a value twice"),
    "a list in two orders": (
        "factors:\n  roster.states: {values: [[BRA, CHN], [CHN, BRA]]}\n",
        "changes nothing: all its values make the same configuration",
    ),
    "three lists, two of them one": (
        "factors:\n  roster.states: {values: [[BRA, CHN], [IDN, CHN], [CHN, BRA]]}\n",
        "names a value twice: ['BRA', 'CHN'] and ['CHN', 'BRA']",
    ),
    "an octal number": ("replicates: 012\n", "study=mine.yaml: line 1: 012 has more than one reading"),
    "a date": ("set: {end: 2019-02-28}\n", "study=mine.yaml: line 1: 2019-02-28 would be read as a date"),
    "a date as title": ("title: 2020-03-14\n", "would be read as a date"),
    "a number as title": ("title: 7\n", "title must be words, not 7"),
    "another setting": ("title: costs ${HOME} and 50%\n", "a value cannot refer to another one"),
    "a Hydra word": ("defaults: [smoke]\nset: {end: 2019-02}\n", "study mine: mine.yaml: line 1: there is no setting 'defaults'"),
    "another Hydra word": ("hydra: {run: {dir: x}}\n", "there is no setting 'hydra'"),
    "a name that is null": ("set: {end: 2019-02}\n~: 3\n", "line 2: a name was expected before the colon, not null"),
    "a loop": ("set: &a\n  end: 2019-02\n  agreements: *a\n", "line 3: *a names nothing that was complete above"),
    "settings as a list": ("set: [end]\n", "set must hold named values"),
    "factors as a list": (f"factors: [{HEADS}]\n", "factors must hold named values"),
    "a sampler as a word": ("sampler: sobol\n", "sampler must hold named values"),
    "kept runs as a mapping": ("keep: {runs: {a: 1}}\n", "keep.runs must be a list"),
    "scenarios as a mapping": ("scenarios: {baseline: 1}\n", "scenarios must be a list, not"),
    "shocks as a mapping": ("set: {shocks: {kind: travel_closure}}\n", "shocks"),
    "shocks of numbers": ("set: {shocks: [5]}\n", "each shock must name its kind"),
    "a part below a value": ("set:\n  candidates: 5\n  candidates.few: 3\n", "candidates.few and candidates name one setting twice"),
    "a value that no column holds": ("factors:\n  candidates: {values: [1, 99999999999999999999]}\n", "where numbers are exact"),
    "a range that no float holds": ("factors:\n  candidates: {low: 1, high: 99999999999999999999}\n", "where numbers are exact"),
    "text that is no UTF-8": ("title: café\n".encode("latin-1"), "study=mine.yaml cannot be read: line 1: byte 0xe9 is not UTF-8"),
    "nothing": ("", "study=mine.yaml: it is empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_study_file_that_says_a_thing_twice_or_to_no_effect_is_refused(name: str, typed: Callable[..., str]) -> None:
    text, sentence = REFUSED[name]
    told = typed(text)
    assert sentence in told and "it would begin" not in told


def test_a_grid_that_overflows_is_told_by_its_true_count(typed: Callable[..., str]) -> None:
    from sim.registry import parameter_rows

    paths = [
        f"mechanisms.{row['part'].partition('.')[2]}.{row['parameter']}" for row in parameter_rows() if row["part"].startswith("mechanism.")
    ]
    text = "factors:\n" + "".join(f"  {path}: {{values: [1, 2, 3, 4]}}\n" for path in paths[:32])
    assert f"{4**32:,} runs are more than 10,000,000" in typed(text)


def test_a_number_with_an_exponent_is_a_number_in_the_file_and_on_the_command_line(typed: Callable[..., str]) -> None:
    path = "mechanisms.bargaining.propose_rate"
    assert "it would begin" in typed(f"set: {{end: 2019-02}}\nfactors:\n  {path}: {{low: 1e-3, high: 1e-1}}\n")
    assert "it would begin" in typed(f"set: {{end: 2019-02}}\n{FACTORS}", f"{path}=1e-3")


def test_a_word_typed_is_not_told_by_a_line_of_the_file(typed: Callable[..., str]) -> None:
    assert "error: study mine: sampler.size = 0" in typed("sampler:\n  size: 4\n", "study.sampler.size=0")
    assert "error: study mine: mine.yaml: line 2: sampler.size = 0" in typed("sampler:\n  size: 0\n")


def test_a_factor_that_changes_nothing_in_one_scenario_of_two_is_told_of() -> None:
    told = advice(plan_of({"scenarios": ["baseline", "pandemic_lockdown"], "factors": {STRENGTH: {}}}))
    assert f"factor {STRENGTH} changes nothing in scenario baseline: scenario baseline has no shock of kind travel_closure" in str(told)


def test_a_factor_that_matters_with_one_value_of_another_is_no_fault() -> None:
    types = {"values": [["transfer_framework"], ["infrastructure_pact", "transfer_framework"]]}
    assert plan_of({"set": FEW, "factors": {FEAR: {}, "negotiated": types}}).notes == ()
    partners = {"candidates": {"values": [50, 100]}, "roster.kind": {"values": ["synthetic"]}, "roster.n": {"values": [20, 120]}}
    assert plan_of({"set": {"end": "2019-02"}, "factors": partners}).notes == ()
    assert plan_of({"set": FEW, "factors": {"agreements.infrastructure_pact.trade_effect": {}}}).notes == ()


def test_a_factor_of_one_value_is_a_setting_that_stands_in_the_table() -> None:
    assert plan_of({"set": FEW, "factors": {HEADS: {"values": [1.5]}, "protocol": {"values": ["nash"]}}}).n_runs == 1


def test_a_study_in_a_folder_or_under_another_ending_is_named(here: Path, refusal: Callable[[list[str]], str]) -> None:
    (here / "mine.yaml").mkdir()
    assert "study=mine.yaml cannot be read: it is a folder, not a file" in refusal(["study=mine.yaml"])
    (here / "mine.txt").write_text("set: {end: 2019-02}\n", encoding="utf-8")
    (here / f"{'x' * 220}.yaml").write_text("set: {end: 2019-02}\n", encoding="utf-8")
    assert "has a name of 220 bytes" in refusal([f"study={'x' * 220}.yaml"])
    assert "mine.txt is a file whose name does not end in .yaml" in refusal(["study=mine.txt"])


def test_a_cluster_file_is_read_as_strictly(here: Path, refusal: Callable[[list[str]], str], monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.study import ready

    (here / "cluster").mkdir()
    (here / "study").mkdir()
    (here / "study" / "smoke.yaml").write_text("set: {end: 2019-02}\n", encoding="utf-8")
    monkeypatch.setattr(ready.resources, "files", lambda _: here)
    for text, sentence in (
        ("kind: slurm\ncpus: 010\n", "configs/cluster/slurm.yaml: line 2: 010 has more than one reading"),
        ("kind: slurm\ncpus: 1\ncpus: 2\n", "cpus is given 2 times"),
        ("kind: slurm\ndefaults: [local]\n", "configs/cluster/slurm.yaml: there is no setting 'defaults'"),
    ):
        (here / "cluster" / "slurm.yaml").write_text(text, encoding="utf-8")
        assert sentence in refusal(["study=smoke", "cluster=slurm"])


PIECES = st.sampled_from(
    [
        "title: x\n", "set: {end: 2019-02}\n", "set:\n", "factors:\n", f"  {HEADS}: ", "  protocol: ", f"  {STRENGTH}: ", "{}\n",
        "{low: 1, high: 2}\n", "{values: [nash]}\n", "{values: [1, [2], {a: b}, null]}\n", "sampler: {kind: sobol, size: 4}\n",
        "sampler: []\n", "replicates: ", "1e3\n", "[1]\n", "010\n", "~: 1\n", "keep: {runs: [0], record: full}\n", "keep: 3\n",
        "twin: true\n", "chunk: -1\n", "seed: 99999999999999999999\n", "&a ", "*a\n", "!!set {a}\n", "\t", "\x00", "${x}\n", "---\n",
        "defaults: [a]\n", "  - ", "'", "{", "]", "scenarios: [baseline, pandemic_lockdown]\n", "record: 7\n",
    ]
)  # fmt: skip


def test_no_text_of_a_study_ends_in_a_traceback_or_leaves_a_folder(typed: Callable[..., str]) -> None:
    @given(st.lists(PIECES, max_size=7).map("".join))
    def thrown(text: str) -> None:
        typed(text)

    thrown()
