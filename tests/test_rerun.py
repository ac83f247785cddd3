"""A stored run is repeated: by its command as pasted, by rerun, and by a bundle that another person unpacks."""

from __future__ import annotations

import csv
import json
import os
import shlex
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import Phase, given
from hypothesis import strategies as st

from sim.__main__ import main
from sim.command import word
from sim.doors.compose import composed
from sim.doors.overrides import read, word_of
from sim.folder import write_signed
from sim.repeat.bundle import unpacked
from sim.run import command, prepare, run
from sim.single import one_run
from sim.study.explain import command_of
from sim.types import UserError

TINY: dict[str, Any] = {"start": "2019-11", "end": "2019-12", "roster": {"states": ["DEU", "GBR", "USA"]}}
ODD = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).filter(lambda text: "${" not in text)
WORDS = [
    "NO",
    "ON",
    "NULL",
    "null",
    "true",
    "1e3",
    "007",
    "2",
    "-5",
    "2019-11",
    "a b",
    " x",
    "x ",
    "\\",
    "'",
    "\\'",
    "$HOME",
    "=",
    "a,b",
    "{}",
    "[",
    "é",
    "",
]
LEAVES = st.one_of(
    ODD, st.sampled_from(WORDS), st.integers(-(10**12), 10**12), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()
)


def digest_of(words: list[str]) -> str:
    """Run what was typed, as the door does, in memory."""
    _, jobs = read(words)
    from sim import engine

    config, chosen = prepare(composed(jobs[0]))
    return one_run(engine.assemble(config), chosen.seed, "scalars", moves=chosen.moves).digest


def typed(line: str) -> list[str]:
    words = shlex.split(line)
    assert words[:3] == ["python", "-m", "sim"]
    return words[3:]


@examples(300)
@given(st.lists(LEAVES, max_size=3), st.dictionaries(st.sampled_from(["kind", "low", "x_1"]), LEAVES, max_size=2))
def test_any_value_is_written_so_that_the_door_reads_the_very_same(values: list[Any], tree: dict[str, Any]) -> None:
    for value in ([*values], [*values, tree]):
        found = word_of(f"shocks={word(value)}", ("shocks",)).value
        assert json.dumps(found, sort_keys=True) == json.dumps(value, sort_keys=True)


CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "protocol": st.sampled_from(
            ["nash", {"name": "alternating_offers", "caution": 0.25, "tactic": "linear"}, {"name": "rubinstein"}, "take_it_or_leave_it"]
        ),
        "mechanisms": st.fixed_dictionaries({"contacts": st.fixed_dictionaries({"hours_head": st.floats(0.5, 2.0)})}),
        "negotiated": st.sampled_from([["infrastructure_pact"], ["transfer_framework", "security_treaty"]]),
        "candidates": st.integers(1, 5),
        "shocks": st.sampled_from(
            [[], [{"kind": "travel_closure", "strength": 0.5}], [{"kind": "travel_closure", "ban": 0.5, "strength": 1e-05}]]
        ),
        "coalitions": st.just([{"name": "ISLES", "members": ["FJI", "TUV"], "types": ["infrastructure_pact"]}]),
        "counterfactual": st.booleans(),
        "scenarios": st.sampled_from(["baseline", "pandemic_lockdown"]),
        "seed": st.integers(0, 2**63 - 1),
    },
)


@examples(6, phases=[Phase.explicit, Phase.generate])
@given(CHOICES, st.permutations(["DEU", "FJI", "TUV", "USA", "GBR"]))
def test_the_command_of_any_run_runs_as_pasted_to_the_same_digest(tree: dict[str, Any], codes: list[str]) -> None:
    if tree.get("counterfactual") and tree.get("scenarios", "baseline") == "baseline":
        tree = {**tree, "counterfactual": False}
    states = codes[:5] if "coalitions" in tree else codes[: 3 + len(codes[0]) % 3]
    config, chosen = prepare({**tree, "start": "2020-02", "end": "2020-03", "roster": {"states": states}})
    from sim import engine

    assert digest_of(typed(command(config, chosen))) == one_run(engine.assemble(config), chosen.seed, "scalars").digest


def test_numbers_typed_as_codes_are_codes() -> None:
    for value in ([2, 200, 740], ["2", "200", "740"]):
        config, _ = prepare({"roster": {"states": value}})
        assert config.tree["roster"]["states"] == ["2", "200", "740"]
    _, jobs = read(["roster.states=[2,200,740]"])
    assert prepare(composed(jobs[0]))[0].tree["roster"]["states"] == ["2", "200", "740"]
    _, jobs = read(["roster.states=['007','1e3',NO,ON]"])
    assert prepare(composed(jobs[0]))[0].tree["roster"]["states"] == ["007", "1e3", "NO", "ON"]


def recoded(place: Path, codes: dict[str, str]) -> Path:
    """Write our tables with other codes for some states."""
    from sim.data.fields import FOLDER, table_names

    place.mkdir(parents=True)
    for name in table_names():
        with (FOLDER / "un" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            rows = [[codes.get(cell, cell) for cell in row] for row in csv.reader(stream)]
        with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
    return place


@pytest.mark.parametrize("codes", [("2", "200", "255"), ("007", "1e3", "NO"), ("NULL", "true", "-5")])
def test_the_command_of_a_world_with_codes_of_its_own_gives_the_same_digest(codes: tuple[str, str, str], here: Path) -> None:
    from sim import engine

    tables = recoded(here / "my own, tables", dict(zip(("USA", "GBR", "DEU"), codes, strict=True)))
    config, chosen = prepare({**TINY, "roster": {"states": list(codes)}, "data": {"folder": tables}})
    words = typed(command(config, chosen))
    assert digest_of(words) == one_run(engine.assemble(config), chosen.seed, "scalars").digest
    if codes == ("2", "200", "255"):
        assert digest_of(["roster.states=[2,200,255]", *(one for one in words if not one.startswith("roster.states="))]) == digest_of(words)


@pytest.mark.parametrize(
    "name", ["plain", "with a space", "quo'te", 'dou"ble', "é ü", "a=b", "a,b", "$HOME", "[x]", "(y) {z}", "null", "'q'"]
)
def test_paths_of_any_name_stand_in_the_command_as_they_are(name: str, here: Path) -> None:
    place = here / name / "tables"
    place.mkdir(parents=True)
    config, chosen = prepare({**TINY, "data": {"folder": os.path.relpath(place)}, "moves": None})
    words = typed(command(config, chosen))
    _, jobs = read(words)
    assert prepare(composed(jobs[0]))[0].roster.folder == place  # absolute: from any folder


def test_a_command_that_cannot_be_typed_names_the_manifest(here: Path) -> None:
    (here / "${x}").mkdir()
    config, chosen = prepare({**TINY, "data": {"folder": "${x}"}})
    assert typed(command(config, chosen, here / "manifest.json")) == ["rerun", str(here / "manifest.json")]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = run(outputs=tmp_path_factory.mktemp("outputs"), record="series", **TINY).folder
    assert folder is not None
    return folder


def copied(stored: Path, place: Path, **changes: Any) -> Path:
    folder = Path(shutil.copytree(stored, place / "run"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    write_signed(folder, {**manifest, **changes})
    return folder


def test_a_run_made_again_is_the_same_and_says_so(stored: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for place in (stored, stored / "manifest.json"):
        assert main(["rerun", str(place)]) == 0
        assert capsys.readouterr().out.splitlines()[0] == "same: 1 of 1 digests"
    assert main(["rerun", str(stored), "outputs=out"]) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1].removeprefix("run: "))
    assert (folder / "series.parquet").exists()
    assert main(typed(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["command"])) == 0


def test_a_played_run_is_made_again_with_its_moves(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    about = {"type": "infrastructure_pact", "other": "USA", "issue": "infrastructure"}
    moves = [{"month": "2019-11", "party": "DEU", "kind": "red_line", **about, "at_least": 0.5}]
    result = run(outputs="a folder", moves=moves, record="scalars", **TINY)
    assert result.folder is not None and main(["rerun", str(result.folder)]) == 0
    words = typed(json.loads((result.folder / "manifest.json").read_text(encoding="utf-8"))["command"])
    os.chdir("/")
    assert main([*words, f"outputs={here}"]) == 0 and result.runs[0].digest in capsys.readouterr().out


def test_a_run_that_differs_ends_with_3_and_names_what_is_not_as_it_was(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied(
        stored, tmp_path, digests={"0": "0" * 32}, versions={"numpy": "0.1"}, source_digest="0" * 32, cpu="abacus", data_digest="0" * 32
    )
    assert main(["rerun", str(folder)]) == 3
    out = capsys.readouterr().out
    for line in ("not the same: 1 of 1", "first at seed 0", "numpy was 0.1", "the source", "the tables", "abacus"):
        assert line in out


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"config": {"scenario": "atlantis"}}, "there is no scenario 'atlantis'"),
        ({"config": []}, "config must be named values"),
        ({"seeds": [0, 2]}, "do not belong together"),
        ({"digests": {"0": "x"}}, "digests must be"),
        ({"levers": [["x", 1]]}, "only that script can repeat it"),
        ({"agents": {"states": {}}}, "only that script can repeat it"),
        ({"parts": None, "parts_digest": "0" * 32}, "does not say where they are"),
        ({"parts": "/nowhere"}, "trust=true"),
        ({"schema": 99}, "newer version"),
        ({"kind": "study"}, "is a study's"),
    ],
)
def test_what_cannot_be_run_again_is_said(
    changes: dict[str, Any], sentence: str, stored: Path, tmp_path: Path, refusal: Callable[[list[str]], str]
) -> None:
    folder = copied(stored, tmp_path, **changes)
    assert sentence in refusal(["rerun", str(folder)]) and sentence in refusal(["bundle", str(folder)])


def test_the_verbs_are_typed_right_or_refused(stored: Path, refusal: Callable[[list[str]], str]) -> None:
    assert "the folder of a finished run" in refusal(["rerun"])
    assert "2 were given" in refusal(["bundle", "a", "b"])
    assert "rerun takes no trusts=; did you mean 'trust'?" in refusal(["rerun", str(stored), "trusts=true"])
    assert "trust must be true or false" in refusal(["rerun", str(stored), "trust=maybe"])
    assert "there is no" in refusal(["rerun", "nowhere"]) and "there is no" in refusal(["rerun", "nowhere.zip"])


@pytest.fixture(scope="module")
def with_own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a run with tables and parts of one's own."""
    place = tmp_path_factory.mktemp("own")
    (place / "parts" / "shocks").mkdir(parents=True)
    (place / "tables").mkdir()
    from test_extending import FILES, SHOCK

    import sim.data

    (place / "parts" / "shocks" / "mine.py").write_text(FILES[SHOCK], encoding="utf-8")
    states = (Path(str(sim.data.__file__)).parent / "un" / "states.csv").read_text(encoding="utf-8")
    (place / "tables" / "states.csv").write_text(states, encoding="utf-8")
    folder = run(outputs=place / "out", record="series", parts=place / "parts", data={"folder": place / "tables"}, **TINY).folder
    assert folder is not None
    return folder


def test_a_bundle_repeats_a_run_whose_tables_and_parts_are_gone(
    with_own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], refusal: Callable[[list[str]], str]
) -> None:
    assert "trust=true" in refusal(["bundle", str(with_own)])
    assert main(["bundle", str(with_own), f"target={tmp_path / 'mine.zip'}", "trust=true"]) == 0
    bundle = tmp_path / "mine.zip"
    with zipfile.ZipFile(bundle) as archive:
        assert archive.namelist() == ["manifest.json", "README.txt", "tables/states.csv", "parts/shocks/mine.py"]
        assert "python -m sim rerun mine.zip trust=true" in archive.read("README.txt").decode()
    gone = with_own.parents[1]
    hidden = gone.with_name("hidden")
    gone.rename(hidden)
    try:
        capsys.readouterr()
        assert "look at it, and add trust=true" in refusal(["rerun", str(bundle)])
        assert main(["rerun", str(bundle), "trust=true"]) == 0
        out, err = capsys.readouterr()
        assert out == "same: 1 of 1 digests\n" and "runs the Python code" in err
        # What is written can itself be run again: the bundle stays unpacked beside it.
        assert main(["rerun", str(bundle), "trust=true", f"outputs={tmp_path / 'again'}"]) == 0
        made = capsys.readouterr().out.splitlines()[-1].removeprefix("run: ")
        assert main(["rerun", made, "trust=true"]) == 0
    finally:
        hidden.rename(gone)


def test_a_bundle_is_not_made_of_tables_that_changed(with_own: Path, refusal: Callable[[list[str]], str]) -> None:
    table = with_own.parents[1] / "tables" / "states.csv"
    before = table.read_text(encoding="utf-8")
    try:
        table.write_text(before.replace("Germany", "Allemagne"), encoding="utf-8")
        assert "changed since the run" in refusal(["bundle", str(with_own), "trust=true"])
    finally:
        table.write_text(before, encoding="utf-8")


def bad_bundle(path: Path, stored: Path, name: str, *, link: bool = False, twice: bool = False) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(stored / "manifest.json", "manifest.json")
        info = zipfile.ZipInfo(name)
        if link:
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
        if twice:
            archive.writestr("tables/a.csv ".strip(), "x")
    return path


@pytest.mark.parametrize(
    "name",
    ["../x", "/x", "tables/../../x", "parts/../../../x", "tables\\..\\x", "tables/..", "other/x", "x.py", "tables/a\nb", "manifest.json/x"],
)
def test_what_leads_out_of_a_bundle_is_refused_and_nothing_is_written(name: str, stored: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="which no bundle does"), unpacked(bad_bundle(tmp_path / "b.zip", stored, name)):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip"]


def test_links_and_broken_archives_are_refused(stored: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(UserError, match="which no bundle does"),
        unpacked(bad_bundle(tmp_path / "b.zip", stored, "tables/a.csv", link=True)),
    ):
        pass
    whole = bad_bundle(tmp_path / "c.zip", stored, "tables/a.csv").read_bytes()
    for content in (b"", b"PK", whole[: len(whole) // 2], whole[:200] + bytes(200) + whole[400:], b"no archive"):
        (tmp_path / "d.zip").write_bytes(content)
        with pytest.raises(UserError, match=r"d\.zip"), unpacked(tmp_path / "d.zip"):
            pass
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("README.txt", "nothing else")
    with pytest.raises(UserError, match=r"manifest\.json"), unpacked(tmp_path / "e.zip"):
        pass


def test_explain_writes_the_same_words(stored: Path) -> None:
    class Row:
        scenario, seed, twin, values = "baseline", 3, False, {"mechanisms.contacts.hours_head": 1.5}

    plan = {"set": {"roster.states": ["NO", "007"], "data.folder": "my tables"}, "factors": {}}
    words = typed(command_of({"plan": plan, "parts": "my parts"}, Row()))  # type: ignore[arg-type]
    assert "roster.states=[NO,'007']" in words and f"data.folder={os.path.abspath('my tables')}" in words
    assert f"parts={os.path.abspath('my parts')}" in words and "seed=3" in words
