"""Parts of a user's own: the page's worked files run as they stand, and what is wrong with one is said by file and line."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import DiplomacyModel, engine
from sim.__main__ import main
from sim.contracts import OWN, blaming
from sim.params import configure
from sim.registry import KINDS, own_digest, shelf
from sim.run import run
from sim.single import load_parts
from sim.types import UserError

pytestmark = pytest.mark.usefixtures("own_parts")
ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
FILES = {text.split("\n", 1)[0].removeprefix("# "): text.split("\n", 1)[1] for text in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)}
COMMANDS = re.findall(r"^python -m sim (.*parts=mine.*)$", PAGE, re.MULTILINE)
FEW = ["CHN", "DEU", "FRA", "IDN", "JPN", "SGP", "USA"]
SMALL: dict[str, Any] = {"roster": {"states": FEW}, "end": "2019-04"}
WORDS = [f"roster.states=[{','.join(FEW)}]", "end=2019-04"]


def write(*names: str, **changes: tuple[str, str]) -> Path:
    """Put worked files into the folder ``mine``; ``metrics=(old, new)`` changes the one in that subfolder."""
    for name in names:
        text = FILES[name]
        old, new = changes.get(name.split("/")[0], ("", ""))
        assert old in text
        path = Path("mine") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return Path("mine")


METRIC, PROTOCOL, SHOCK, AGREEMENT = "metrics/mean_trust.py", "protocols/midway.py", "shocks/flight_ban.py", "agreements/research_pact.py"
RIVAL = "rivals/neighbours.py"


def line_in(name: str, text: str) -> str:
    """Return ``file.py:LINE: `` of the line that holds a text, in the file as it was written."""
    lines = (Path("mine") / name).read_text(encoding="utf-8").splitlines()
    return f"{name.split('/')[1]}:{next(number for number, line in enumerate(lines, 1) if text in line)}: "


def test_the_page_has_a_worked_file_of_each_kind_that_may_come_from_outside() -> None:
    assert sorted(FILES) == sorted([METRIC, PROTOCOL, SHOCK, AGREEMENT, RIVAL])


@pytest.mark.parametrize("command", COMMANDS)
def test_the_pages_commands_run(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(*FILES)
    words = shlex.split(command)
    assert main(words if "--help" in words else [*words, WORDS[0]]) == 0, capsys.readouterr().err
    assert "note: parts=mine runs the Python code" in capsys.readouterr().err


def test_a_metric_becomes_a_column() -> None:
    result = run(parts=write(METRIC), **SMALL)
    assert result.series["mean_trust"].shape == (4,) and 0.0 < result.scalars["mean_trust"] < 1.0


def test_a_protocol_concludes_talks() -> None:
    result = run(parts=write(PROTOCOL), protocol={"name": "midway", "contacts_to_conclude": 1}, roster={"states": FEW}, end="2020-12")
    assert result.scalars["negotiations_concluded"] > 0


def test_a_rival_says_who_deals_with_whom() -> None:
    told = {"rivals.neighbours.months": 2, "rivals.neighbours.fill": 1.0, "roster.states": ["CHN", "JPN", "PAK", "USA", "VNM"]}
    found = run(parts=write(RIVAL), rival="neighbours", end="2019-05", set=told).runs[0].events
    signed = found["event"] == "signature"
    pairs = {tuple(sorted(pair)) for pair in zip(*(found[key][signed].tolist() for key in ("party_a", "party_b")), strict=True)}
    assert pairs and pairs <= {("CHN", "PAK"), ("CHN", "VNM")}


def test_a_shock_closes_borders_while_it_lasts() -> None:
    result = run(parts=write(SHOCK), shocks=[{"kind": "flight_ban", "begins": 2, "months": 2}], **SMALL)
    assert result.series["closure"].tolist() == pytest.approx([0.0, 0.7, 0.7, 0.0])


def test_an_agreement_type_is_negotiated_and_signed() -> None:
    result = run(parts=write(AGREEMENT), negotiated=["research_pact"], roster={"states": FEW}, end="2021-12")
    assert result.scalars["new_signatures_research_pact"] > 0 and result.scalars["in_force_research_pact"] > 0


def test_an_agreement_type_of_ones_own_is_bargained_over_by_the_plain_agents_as_well() -> None:
    tree: dict[str, Any] = {"negotiated": ["research_pact"], "roster": {"states": FEW}, "end": "2019-12", "seed": 1}
    plain = DiplomacyModel("baseline", plain=True, parts=str(write(AGREEMENT)), **tree).run()
    compiled = run(parts="mine", **tree).runs[0]
    assert plain.digest == compiled.digest and compiled.scalars["new_signatures_research_pact"] > 0


def test_a_run_knows_its_own_parts_and_no_others() -> None:
    plain = run(**SMALL).runs[0].digest
    assert "mean_trust" in run(parts=write(METRIC), **SMALL).series
    assert run(**SMALL).runs[0].digest == plain
    assert own_digest() == "" and "mean_trust" not in shelf("metric").names()


def test_what_a_run_is_depends_on_the_content_of_its_parts() -> None:
    load_parts(write(PROTOCOL))
    first = configure(SMALL).digest
    load_parts(write(PROTOCOL, protocols=("2.0 *", "2.5 *")))
    second = configure(SMALL).digest
    load_parts(None)
    assert len({first, second, configure(SMALL).digest}) == 3


def test_a_file_that_has_not_changed_is_run_once() -> None:
    load_parts(write(METRIC))
    first = shelf("metric").get("mean_trust")
    load_parts(Path("mine"))
    assert shelf("metric").get("mean_trust") is first


def test_the_manifest_tells_the_parts_and_its_command_repeats_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    write(METRIC)
    assert main(["parts=mine", "seed=3", *WORDS]) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1].removeprefix("run: "))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert Path(manifest["parts"]) == Path("mine").resolve() and manifest["parts_digest"] == own_digest()
    assert main(shlex.split(manifest["command"])[3:]) == 0
    again = json.loads((folder.with_name("baseline-nash-3-002") / "manifest.json").read_text(encoding="utf-8"))
    assert again["digests"] == manifest["digests"] and again["config_digest"] == manifest["config_digest"]


def test_many_seeds_in_workers_know_the_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.batch.cores", lambda: 2)
    result = run(parts=write(METRIC), seeds=2, **SMALL)
    assert result.runs[0].digest == run(parts="mine", **SMALL).runs[0].digest


BROKEN = [
    (METRIC, ("def measure(", "def measure(("), "def measure((", "SyntaxError"),
    (METRIC, ("import numpy as np", "import nothing_of_that_name"), "import nothing", "ModuleNotFoundError"),
    (METRIC, ("import numpy as np", "raise SystemExit"), "raise SystemExit", "SystemExit"),
    (METRIC, ("@part(", "(lambda *_, **words: lambda cls: cls)("), "", "holds no metric"),
    (METRIC, ('name="mean_trust"', 'name="closure"'), "@part(", "already a metric 'closure' (in sim.metrics.closure)"),
    (METRIC, ('    unit: ClassVar[str] = "probability"\n', ""), "@part(", "MeanTrust lacks unit"),
    (
        METRIC,
        ('"world"', '"wrld"'),
        "@part(",
        "is 'wrld', not an axis of every run, and over_rows is not said; did you mean 'world'?",
    ),
    (METRIC, ('"last"', '"max"'), "@part(", "one of sum, mean, last is expected"),
    (PROTOCOL, ("contacts_to_conclude:", "contacts:"), "@part(", "Midway lacks contacts_to_conclude"),
    (PROTOCOL, ("source=", "sauce="), "contacts_to_conclude: int", "TypeError"),
    (SHOCK, ('= ("closure",)', '= ("gdp",)'), "", "shock flight_ban: writes names 'gdp', which shocks may not change"),
    (AGREEMENT, ('("research_access",)', '("research_acces",)'), "@part(", "did you mean 'research_access'?"),
    (AGREEMENT, ('"executive"', '"handshake"'), "@part(", "ResearchPact.entry is 'handshake'"),
    (AGREEMENT, ("def eligible", "def elegible"), "@part(", "ResearchPact lacks eligible"),
]


@pytest.mark.parametrize(("name", "change", "where", "what"), BROKEN, ids=[f"{name} {what}" for name, _, _, what in BROKEN])
def test_a_part_that_cannot_be_loaded_stops_the_run(
    name: str, change: tuple[str, str], where: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(name, **{name.split("/")[0]: change})
    assert main(["parts=mine", *WORDS]) == 2
    _note, error = capsys.readouterr().err.splitlines()
    assert error.startswith("error: ") and what in error
    assert not where or line_in(name, where) in error
    assert not Path("outputs").exists()


NASH = ["protocol=nash", *WORDS]
MIDWAY = ["protocol=midway", "protocol.contacts_to_conclude=1", "mechanisms.bargaining.staff_price=0", *WORDS[:1], "end=2020-12"]
BAN = ["shocks=[{kind:flight_ban}]", *WORDS]
PACT = ["negotiated=[research_pact]", *WORDS[:1], "end=2019-12"]
FAILING = [
    (METRIC, ("world.trust.mean()", "1 / 0"), NASH, "1 / 0", "ZeroDivisionError"),
    (METRIC, ("world.trust.mean()", "np.inf"), NASH, "def measure", "an infinite value in 2019-01"),
    (METRIC, ("return np.array(", "np.array("), NASH, "def measure", "measure() must give numbers of shape (1,)"),
    (METRIC, ("[world.trust.mean()]", "[1.0, 2.0]"), NASH, "def measure", "shape (1,) (columns), not (2,)"),
    (METRIC, ('("mean_trust",)', '("closure",)'), NASH, "def columns", "there is already a column 'closure'"),
    (PROTOCOL, ("return Outcomes", "Outcomes"), MIDWAY, "def solve", "protocol midway: solve() must give Outcomes"),
    (PROTOCOL, ("Outcomes(text,", "Outcomes(text[:, :1],"), MIDWAY, "def solve", "must give text as an array of numbers of shape"),
    (PROTOCOL, ("Outcomes(text,", "Outcomes(text + 2.0,"), MIDWAY, "def solve", "outside its bounds"),
    (PROTOCOL, ("checked(problems)", "problems.nothing"), MIDWAY, "problems.nothing", "AttributeError"),
    (SHOCK, ('Change("closure"', 'Change("gdp"'), BAN, "def changes", "changes() changed 'gdp', which writes does not name"),
    (SHOCK, ("self.lost, how", "self.lost * 2, how"), BAN, "def changes", "gave closure outside 0 to 1"),
    (SHOCK, ("return ()", "return None"), BAN, "def changes", "must give a tuple of Change and Raised, not NoneType"),
    (AGREEMENT, ("return draft.done()", "draft.done()"), PACT, "def coefficients", "coefficients() must give Coefficients"),
    (AGREEMENT, ("view.gdp[groups.first] >", "view.gdp >"), PACT, "view.gdp >", "ValueError"),
]


@pytest.mark.parametrize(("name", "change", "words", "where", "what"), FAILING, ids=[f"{row[0]} {row[-1]}" for row in FAILING])
def test_a_part_that_fails_in_a_run_is_named_by_file_and_line(
    name: str, change: tuple[str, str], words: list[str], where: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(name, **{name.split("/")[0]: change})
    assert main(["parts=mine", *words]) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("error: ") and line_in(name, where) in error and what in error


def test_a_part_that_fails_in_a_worker_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.batch.cores", lambda: 2)
    with pytest.raises(UserError, match=r"mean_trust\.py:\d+: ZeroDivisionError"):
        run(parts=write(METRIC, metrics=("world.trust.mean()", "1 / 0")), seeds=2, **SMALL)


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ([], "holds no part: a part is a Python file in one of its subfolders agents, agreements, metrics, protocols, rivals, shocks"),
        (["x.py"], "x.py lies at its top"),
        (["metric/x.py"], "there is no kind of part 'metric'; did you mean 'metrics'?"),
        (["mechanisms/x.py"], "a mechanism has its line in the order of the month"),
        (["metrics/_x.py"], "holds no part"),
        (["metrics/mine/x.py"], "metrics/mine/x.py lies too deep; a part lies in metrics itself, and a helper's name begins with _"),
        (["metrics/_mine/x.py"], "holds no part"),
    ],
)
def test_a_folder_that_is_laid_out_otherwise_is_refused(files: list[str], what: str) -> None:
    Path("mine").mkdir()
    for name in files:
        (Path("mine") / name).parent.mkdir(parents=True, exist_ok=True)
        (Path("mine") / name).write_text("", encoding="utf-8")
    with pytest.raises(UserError, match=re.escape(what)):
        load_parts(Path("mine"))


def test_our_metrics_do_not_write_to_the_world() -> None:
    world = engine.start(engine.build(SMALL), 1)
    engine.step(world)
    before = {name: np.copy(value) for name, value in vars(world).items() if isinstance(value, np.ndarray)}
    rows = {name: len(getattr(world, name)) for name in ("events", "talks", "instruments", "adherence")}
    for name in shelf("metric").names():
        shelf("metric").build(name).measure(world)
    assert before and all(np.array_equal(value, getattr(world, name), equal_nan=value.dtype.kind == "f") for name, value in before.items())
    assert rows == {name: len(getattr(world, name)) for name in rows}


def test_the_words_of_the_contracts_are_those_in_use() -> None:
    types = [shelf("agreement").get(name) for name in shelf("agreement").names()]
    assert all(other in shelf("agreement").names() for one in types for other in one.excluded_by)
    assert all(shelf(kind).own() == {} for kind in KINDS)


@pytest.mark.parametrize("fault", [ValueError("of ours"), UserError("said already"), StopIteration("of ours")])
def test_a_fault_outside_a_users_part_passes_as_it_is(fault: Exception) -> None:
    with pytest.raises(type(fault)) as raised, blaming():
        raise fault
    assert raised.value is fault


def test_a_fault_that_a_users_part_brings_about_in_our_code_is_told_by_the_line_in_the_part() -> None:
    own: dict[str, Any] = {"__name__": f"{OWN}x", "text": json.loads}
    exec(compile("def step():\n    return text('{')\n", "mine/x.py", "exec"), own)
    with pytest.raises(UserError, match=r"^mine/x\.py:2: JSONDecodeError: ") as raised, blaming():
        own["step"]()
    assert isinstance(raised.value.__cause__, json.JSONDecodeError)
