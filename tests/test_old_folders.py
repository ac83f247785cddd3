"""What version 0.1.0 wrote is read by every verb of both doors, stays as it was written, and is never added to."""

from __future__ import annotations

import contextlib
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from old_games import elsewhere
from studies import finished, here

from analysis.__main__ import main as analysis
from analysis.app.games import Games, Position
from analysis.app.saved import opened
from analysis.store import open_run
from sim.__main__ import main
from sim.folder import RESULT
from sim.game import SCHEMA as GAME
from sim.game import Game
from sim.older.forms import NEWEST, STEPS, as_written, newest
from sim.older.names import MovedName
from sim.older.to_3 import TABLES, WORDS
from sim.repeat.recorded import recorded
from sim.seal import COPY, MANIFEST, read_signed, signed
from sim.study import manage
from sim.study.status import facts
from sim.study.store import read_manifest
from sim.types import Channel, Event, Occasion, Reason, UserError

STORED = Path(__file__).with_name("data") / "v0_1_0" / "folders.tar.xz"
BY = "version 0.1.0 (schema 2)"
READABLE = ("run-series", "run-panels", "run-full", "run-shocked", "run-twin", "run-played", "run-schema-1")
RUNS = (*READABLE, "run-scalars")
WEIGHTS = ("election_weight=2.0", "prospect_weight=4.0", "talk_weight=4.0")
"""What called for contacts in that version, by the names of now."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a folder with what version 0.1.0 wrote."""
    with tarfile.open(STORED) as archive:
        archive.extractall(tmp_path / "old", filter="data")
    return tmp_path / "old"


@contextlib.contextmanager
def untouched(folder: Path, *but: str) -> Iterator[None]:
    """Let nothing in a folder change, but for files that are named."""

    def content() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in but}

    before = content()
    yield
    assert content() == before


def does(door: Callable[[list[str]], int], words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capsys.readouterr()
    code = door(words)
    told = capsys.readouterr()
    return code, told.out, told.err


def said_anew(folder: Path, **values: Any) -> None:
    """Change what a manifest and its copy say, and sign them as a careful forger would."""
    for name in (MANIFEST, COPY):
        if (folder / name).exists():
            tree = json.loads((folder / name).read_text(encoding="utf-8")) | values
            (folder / name).write_text(json.dumps(signed(tree)), encoding="utf-8")


def test_the_stored_folders_are_of_the_forms_they_are_kept_for(old: Path) -> None:
    schemas = {
        name: json.loads((old / name / MANIFEST).read_text(encoding="utf-8"))["schema"] for name in (*RUNS, "study-whole", "study-half")
    }
    assert {name for name, schema in schemas.items() if schema == 1} == {"run-schema-1"} and set(schemas.values()) == {1, 2}
    assert json.loads((old / "game.json").read_text(encoding="utf-8"))["game"] == 1
    assert NEWEST == max(STEPS) == 3 and sorted(STEPS) == list(range(2, NEWEST + 1))


def test_the_stored_folders_name_no_person_and_no_machine(old: Path) -> None:
    found = set()
    for path in old.rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r'"(host|user|mail)"', text)
        found |= set(re.findall(r"(?<![\w.)])(/[a-z]\w*)/", text))
    assert found == {"/tmp"}


@pytest.mark.parametrize("name", RUNS)
def test_a_manifest_of_an_older_form_becomes_one_of_the_newest_and_back(old: Path, name: str) -> None:
    raw = read_signed(old / name)[0]
    whole = newest(raw)
    assert whole["schema"] == NEWEST and whole["codes"]["issue"][0] == "safeguards" and whole["snapshot_schema"] == 1
    assert {key: value for key, value in whole.items() if key in raw and key != "schema"} == {k: v for k, v in raw.items() if k != "schema"}
    assert as_written(whole) == raw and newest(whole) is whole
    assert as_written({**whole, "status": "partial"}) == {**raw, "status": "partial"}


def test_the_words_of_version_0_1_0_still_stand_at_their_codes() -> None:
    for kind, now in (("event", Event), ("reason", Reason), ("occasion", Occasion), ("channel", Channel)):
        assert [one.name.lower() for one in now][: len(WORDS[kind])] == list(WORDS[kind])


def test_a_run_of_today_says_its_words_tables_snapshot_and_scenario(tmp_path: Path, old: Path) -> None:
    from sim import run

    folder = run("baseline", end="2019-02", roster={"states": ["DEU", "SGP", "USA"]}, outputs=tmp_path).folder
    assert folder is not None
    manifest = read_signed(folder)[0]
    before = newest(read_signed(old / "run-panels")[0])
    assert manifest["schema"] == NEWEST and set(before) - set(manifest) == {"older"}
    for kind, names in WORDS.items():
        assert manifest["codes"][kind][: len(names)] == list(names) and set(names) <= set(manifest["words"][kind])
    declared = {one["name"]: (one["tier"], one["digested"]) for one in manifest["declared_tables"]}
    assert {name: (tier, digested) for name, tier, digested in TABLES}.items() <= declared.items()
    assert manifest["scenario_text"] == Path("scenarios/baseline.yaml").read_text(encoding="utf-8")
    assert {path.stem for path in folder.glob("*.parquet")} == {
        name for name, (tier, _) in declared.items() if tier in ("scalars", "series", "panels")
    }
    assert open_run(folder).writer.endswith(f"(schema {NEWEST})") and newest(manifest) is manifest


@pytest.mark.parametrize("name", READABLE)
def test_an_old_run_is_drawn_and_the_report_says_who_wrote_it(old: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    by = "version 0.1.0 (schema 1)" if name == "run-schema-1" else BY
    with untouched(old, "report.html"):
        code, out, err = does(analysis, ["report", str(old / name)], capsys)
    assert (
        code == 0 and out.startswith("report: ") and err == f"note: {old / name} was written by {by}; it is read as it is, and stays so\n"
    )
    assert f"<dt>Written by</dt><dd>{by}</dd>" in (old / name / "report.html").read_text(encoding="utf-8")
    assert open_run(old / name).scalar("contacts_visit").min() > 0.0


def test_an_old_run_of_scalars_is_refused_for_its_tier_and_not_for_its_age(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = does(analysis, ["report", str(old / "run-scalars")], capsys)
    assert code == 2 and "run again with record=series or more" in err


def test_an_old_run_is_compared_with_its_twin_and_with_a_run_of_today(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = does(analysis, ["compare", str(old / "run-shocked"), str(old / "run-twin")], capsys)
    assert code == 0 and out.startswith("report: ") and err.count("was written by version 0.1.0") == 2


@pytest.mark.parametrize("name", RUNS)
def test_an_old_run_is_checked(old: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with untouched(old):
        code, out, err = does(main, ["check", str(old / name)], capsys)
    if name == "run-schema-1":
        assert code == 3 and "an early version, which kept no digests" in err
        return
    assert (code, out, err) == (0, f"sound: {old / name} is as it was written by {BY}\n", "")
    table = old / name / "scalars.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b"X")
    code, _, err = does(main, ["check", str(old / name)], capsys)
    assert code == 3 and "scalars.parquet is not the table that the manifest tells of" in err


def test_an_old_study_is_told_of(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with untouched(old, ".index.npz"):  # what status keeps to be quick
        code, out, err = does(main, ["status", str(old / "study-whole")], capsys)
        assert (code, err) == (0, "") and out.startswith(
            f"study older: complete\n  written by   {BY}; it can be read, and no run is added to it\n"
        )
        code, out, _ = does(main, ["status", str(old / "study-half"), "json=true"], capsys)
        told = json.loads(out)
        assert (told["done"], told["missing"], told["written_by"]) == (4, 4, BY)
        code, out, _ = does(main, ["status", str(old / "study-half")], capsys)
        assert "collect" in out and "partial=true" in out and "resume" not in out


def test_a_study_of_today_says_nothing_of_older_versions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = finished(tmp_path, factors={}, replicates=1)
    assert read_manifest(folder)["schema"] == NEWEST and "title:" in read_manifest(folder)["scenario_texts"]["baseline"]
    assert facts(folder)["written_by"] is None
    for verb in ("status", "check", "collect"):
        code, out, err = does(main, [verb, str(folder)], capsys)
        assert code == 0 and "written by" not in out + err
    assert manage.resume(folder, here) is not None


def test_an_old_study_is_explained(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with untouched(old):
        code, out, err = does(main, ["explain", str(old / "study-whole"), "5"], capsys)
    assert code == 0 and f"note: {old / 'study-whole'} was written by {BY}" in err
    lines = out.splitlines()
    assert lines[0] == "run 5: draw 2, scenario baseline, seed 1" and "  mechanisms.contacts.heads = 2.0" in lines
    assert "has a digest of its own" in lines[-2]
    # A factor of it is gone, so that no settings of today say what it was.
    why = "there is no mechanisms.contacts.heads since version 0.2.0: contacts take hours: mechanisms.contacts.hours_head"
    assert lines[-1] == f"  no command of this version repeats it: {why}"


def test_an_old_study_is_checked_without_its_identities(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with untouched(old):
        code, out, _ = does(main, ["check", str(old / "study-whole")], capsys)
    assert code == 0 and out.startswith("sound: 8 done, 0 failed, 0 missing in 2 shards; written by version 0.1.0")
    shard = next((old / "study-whole" / "shards").glob("*.parquet"))
    shard.write_bytes(shard.read_bytes()[:-20])
    code, _, err = does(main, ["check", str(old / "study-whole")], capsys)
    assert code == 3 and shard.name in err


def test_an_old_study_is_collected_and_its_manifest_stays_of_its_form(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole, half = old / "study-whole", old / "study-half"
    before = read_signed(whole)[0]
    (whole / "scalars.parquet").unlink()
    with untouched(whole, MANIFEST, COPY, "scalars.parquet", "series.parquet"):
        code, out, _ = does(main, ["collect", str(whole)], capsys)
    after = read_signed(whole)[0]
    assert code == 0 and "8 runs done" in out and pq.read_table(whole / "scalars.parquet").num_rows == 8
    assert {key for key in {*before, *after} if before.get(key) != after.get(key)} <= {"finished", "manifest_digest"}
    assert does(main, ["collect", str(half)], capsys)[0] == 2
    assert does(main, ["collect", str(half), "partial=true"], capsys)[0] == 0
    found = read_signed(half)[0]
    assert (
        (found["schema"], found["status"], found["missing"]) == (2, "partial", 4) and "scenario_texts" not in found and "older" not in found
    )


@pytest.mark.parametrize(
    "words", [["resume"], ["resume", "run_timeout=9"], ["resume", "trust=true", "anyway=true"], ["grow", "replicates=9"], ["plan"]]
)
def test_an_old_study_is_not_added_to(old: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    folder = old / "study-half"
    with untouched(folder):
        code, _, err = does(main, [words[0], str(folder), *words[1:]], capsys)
    assert code == 2 and err.count("error:") == 1
    assert f"error: {folder} was written by {BY}; this version reads such a study and adds no run to it" in err


def test_a_worker_does_no_run_of_an_old_study(old: Path) -> None:
    from sim.study.work import Worker

    with pytest.raises(UserError, match="adds no run to it"):
        Worker(old / "study-half")


@pytest.mark.usefixtures("one_process")
def test_an_old_run_made_again_is_held_against_its_figures_which_have_moved_since(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with untouched(old):
        code, out, _ = does(main, ["rerun", str(old / "run-panels")], capsys)
    assert code == 3 and f"it was written by {BY}" in out and "scalars differ too" in out


def test_a_figure_that_moved_since_an_old_run_is_said(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = old / "run-full"
    table = pq.read_table(folder / "scalars.parquet")
    at = table.column_names.index("contacts_visit")
    mark = {RESULT: (table.schema.metadata or {}).get(RESULT.encode(), b"")}
    moved = table.set_column(at, "contacts_visit", [[value + 1e-9 for value in table["contacts_visit"].to_pylist()]])
    pq.write_table(moved.replace_schema_metadata(mark), folder / "scalars.parquet")
    digest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    from sim.seal import file_digest

    tables = digest["tables"] | {"scalars.parquet": file_digest(folder / "scalars.parquet")}
    said_anew(folder, tables=tables, digests={"7": "0" * 32})
    code, out, _ = does(main, ["rerun", str(folder)], capsys)
    assert code == 3 and f"it was written by {BY}" in out and "scalars differ too" in out
    (folder / "scalars.parquet").unlink()
    code, out, _ = does(main, ["rerun", str(folder)], capsys)
    assert code == 3 and "its scalars are not at hand" in out


@pytest.mark.usefixtures("one_process")
def test_an_old_bundle_is_run_again_and_an_old_run_is_packed_as_it_was_written(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = does(main, ["rerun", str(old / "run-panels.zip")], capsys)
    assert "digests" in out and (code == 0 or "not at hand" in out)
    code, _, _ = does(main, ["bundle", str(old / "run-panels"), f"target={old / 'again.zip'}"], capsys)
    import zipfile

    with zipfile.ZipFile(old / "again.zip") as again, zipfile.ZipFile(old / "run-panels.zip") as before:
        assert code == 0 and json.loads(again.read(MANIFEST)) == json.loads(before.read(MANIFEST))


@pytest.mark.parametrize("name", ["run-panels", "study-whole"])
def test_a_folder_of_a_newer_version_is_refused_with_the_forms_that_are_read(
    old: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said_anew(old / name, schema=NEWEST + 1)
    for door, words in (
        [(analysis, ["report", str(old / name)]), (main, ["rerun", str(old / name)])]
        if name == "run-panels"
        else [(main, ["status", str(old / name)]), (main, ["resume", str(old / name)])]
    ):
        code, _, err = does(door, words, capsys)
        least = 1 if name == "run-panels" else 2
        assert code == 2 and f"was written by a newer version (schema {NEWEST + 1}); this one reads {least} to {NEWEST}" in err


@pytest.mark.parametrize("damage", [{"versions": []}, {"versions": None}, {"metrics": [1]}, {"roster": 7}, {"words": "none"}])
def test_a_damaged_old_manifest_is_answered_with_one_sentence(
    old: Path, damage: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    said_anew(old / "run-panels", **damage)
    code, _, err = does(analysis, ["report", str(old / "run-panels")], capsys)
    assert code == 2 and err.startswith("error: ") and err.count("\n") == 1 and next(iter(damage)) in err


def test_a_word_changed_by_hand_in_an_old_manifest_is_found(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (MANIFEST, COPY):
        path = old / "run-panels" / name
        path.write_text(path.read_text(encoding="utf-8").replace('"seed": 7', '"seed": 8'), encoding="utf-8")
    assert "changed by hand" in does(analysis, ["report", str(old / "run-panels")], capsys)[2]
    with pytest.raises(UserError, match="changed by hand"):
        recorded(old / "run-panels")


def test_an_old_game_whose_talks_are_not_opened_any_more_says_so(old: Path) -> None:
    why = r"saved by version 0\.1\.0 and cannot be played again here: move 2019-02 SGP walk_away \(transfer_framework with IDN\)"
    with pytest.raises(UserError, match=rf"{why}: SGP and IDN have no such talks"):
        Game.load(old / "game.json")


def test_an_old_game_is_played_again_to_the_same_month(old: Path) -> None:
    elsewhere(old / "game.json")
    game = Game.load(old / "game.json")
    assert (game.seat, game.seed, game.month, len(game.moves)) == ("IDN", 7, "2019-03", 1)
    assert any(row["reason"] == "walked_away" for row in game.news("2019-01"))
    game.save(old / "again.json")
    saved = json.loads((old / "again.json").read_text(encoding="utf-8"))
    assert saved["game"] == GAME and saved["moves"] == json.loads((old / "game.json").read_text(encoding="utf-8"))["moves"]


def test_an_old_game_and_an_old_played_run_are_repeated_from_the_command_line(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = ["protocol=alternating_offers", "end=2019-12", "roster.states=[DEU,FRA,IDN,JPN,SGP,USA]", "seed=7", "record=scalars"]
    # What the model took then and takes otherwise now has to be said.
    then = ["agreements.digital_trade_agreement.trade_effect=0.0", "negotiated=[infrastructure_pact,transfer_framework]"]
    then += [f"mechanisms.trust.{name}" for name in ("call=0.08", "kept=0.1", "message=0.02", "summit=0.15", "video=0.05", "visit=0.3")]
    then += [f"mechanisms.effects.{name}" for name in ("contiguity=0.53", "digital_share=0.15", "distance_elasticity=0.3")]
    then += ["mechanisms.bargaining.start_call=0.3", *(f"mechanisms.contacts.{name}" for name in WEIGHTS)]
    here = [f"mechanisms.bargaining.{name}" for name in ("propose_rate=1.0", "reach=1.0", "staff_price=0.0")]
    here += ["mechanisms.contacts.hour_price=3.0"]
    before = pq.read_table(old / "run-played" / "scalars.parquet").drop_columns(["digest"]).to_pylist()
    again = []
    for path in (old / "game.json", old / "run-played" / MANIFEST):
        code, _, err = does(main, [*world, f"moves={path}", f"outputs={old / 'new'}"], capsys)
        assert code == 2 and "was played with agreements.digital_trade_agreement.trade_effect=0.0, and this run has" in err
        code, _, err = does(main, [*world, *then, f"moves={path}", f"outputs={old / 'new'}"], capsys)
        assert code == 2 and "was played with mechanisms.bargaining.reach=0.5, and this run has" in err
        # Its numbers have moved since 0.1.0: the talks that were left then are not opened now.
        code, _, err = does(main, [*world, *then, "mechanisms.bargaining.reach=0.5", f"moves={path}", f"outputs={old / 'new'}"], capsys)
        assert code == 2 and "SGP and IDN have no such talks on transfer_framework" in err
        elsewhere(path)
        code, out, err = does(main, [*world, *then, *here, f"moves={path}", f"outputs={old / 'new'}"], capsys)
        assert code == 0, err
        folder = Path(out.splitlines()[-1].removeprefix("run: "))
        new = pq.read_table(folder / "scalars.parquet").drop_columns(["digest"]).to_pylist()
        assert set(before[0]) <= set(new[0])
        again.append(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    assert [one["moves"] for one in again] == [json.loads((old / "game.json").read_text(encoding="utf-8"))["moves"]] * 2
    assert again[0]["digests"] == again[1]["digests"] == {"7": Game.load(old / "game.json").finish().digest}


def test_an_old_game_that_cannot_be_played_here_says_why_and_who_saved_it(old: Path) -> None:
    tree = json.loads((old / "game.json").read_text(encoding="utf-8"))
    tree["config"]["mechanisms"]["contacts"]["feet"] = 3.0
    (old / "game.json").write_text(json.dumps(tree), encoding="utf-8")
    with pytest.raises(UserError, match=r"saved by version 0\.1\.0 and cannot be played again here: .*no parameter 'feet'"):
        Game.load(old / "game.json")
    (old / "game.json").write_text(json.dumps({**tree, "game": GAME + 1}), encoding="utf-8")
    with pytest.raises(UserError, match=f"this version reads schema 1 to {GAME}; install a newer version"):
        Game.load(old / "game.json")


def test_an_old_position_of_the_page_and_an_old_saved_game_are_opened(old: Path) -> None:
    assert Games(old / "page").find("fersznil32") == Position({"seed": "7", "end": "2019-02"}, "SGP", [], "2019-02")
    from sim.run import prepare

    tree = json.loads((old / "game.json").read_text(encoding="utf-8"))
    with pytest.warns(MovedName, match="is called mechanisms.effects.trade_elasticity"):
        config = prepare({"scenarios": tree["scenario"], **{k: v for k, v in tree["config"].items() if k != "scenario"}})[0]
    found = opened({**tree, "words": {"seed": "7"}}, lambda words: config)
    assert (found.seat, found.month, found.moves[0]["kind"]) == ("SGP", "2019-03", "walk_away")
