"""The backtest as a command: what it writes equals the stored files, what it refuses it says, and no look at 2019 on goes unlogged."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pytest
from backtests import FIRST, LAST, STATES, evaluation, study

import sim
from analysis.__main__ import main
from analysis.backtest import living, wrong
from analysis.backtest.comparators import COMPARATORS
from analysis.backtest.evaluation import MODEL
from analysis.backtest.labels import GROUPS
from analysis.backtest.model_scores import model_scores, silent
from analysis.backtest.run import Asked, backtest
from analysis.backtest.target import READINGS
from analysis.backtest.told import limits
from analysis.backtest.universe import table, universe
from analysis.worlds import World
from sim.registry import shelf
from sim.types import UserError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what the command writes of the small study."""
    place = tmp_path_factory.mktemp("backtest")
    words = ["backtest", "--runs", str(study()), "--resamples", "20", "--outputs", str(place)]
    assert main(words) == 0
    return place / "backtest" / "2010-2018"


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return the sentence with which the words are refused."""
    assert main(["backtest", *words]) == 2
    told = capsys.readouterr().err.strip()
    assert told.startswith("error: ") and "\n" not in told
    return told.removeprefix("error: ")


def test_the_numbers_on_the_page_equal_a_query_of_the_stored_files(folder: Path) -> None:
    scores, told = f"read_csv('{folder / 'scores.csv'}')", f"read_csv('{folder / 'table.csv'}')"
    n_signed, weight = duckdb.sql(f"SELECT count(*) FILTER (weight_all > 0), sum(weight_all) FROM {scores} WHERE kept_all = 1").fetchall()[
        0
    ]
    # Average precision where no two dyads that signed share a score: everything at or above a dyad counts, those of its own score too.
    area = duckdb.sql(f"""
        WITH units AS (SELECT logit_known AS s, weight_all AS w FROM {scores} WHERE kept_all = 1),
             places AS (SELECT w, w > 0 AS y, sum(if(w > 0, w, 1)) OVER o AS n, sum(w) OVER o AS p FROM units
                        WINDOW o AS (ORDER BY s DESC))
        SELECT sum(w * p / n) / sum(w) FROM places WHERE y
    """).fetchall()[0][0]
    row = duckdb.sql(
        f"SELECT n_signed, weight, area FROM {told} WHERE reading = 'all' AND scorer = 'logit' AND inputs = 'known'"
    ).fetchall()[0]
    assert row[:2] == (n_signed, pytest.approx(weight)) and row[2] == pytest.approx(area, rel=1e-6)
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert all(f'<td data-year="Area">{value:.4f}</td>' in page for (value,) in duckdb.sql(f"SELECT area FROM {told}").fetchall())
    assert f"{row[0]} of " in page and f"{row[1]:.2f} instruments" in page


def test_shares_of_seeds_equal_a_query_of_the_ledgers(folder: Path) -> None:
    ledgers = f"read_parquet('{study()}/kept/*/events.parquet', filename = true)"
    counted = ", ".join(f"'{row['type']}'" for row in table("groups") if row["group"])
    found = duckdb.sql(f"""
        SELECT least(a, b), greatest(a, b), count(DISTINCT filename) / 3 FROM (
            SELECT filename, if(party_a IN ('DEU', 'FRA'), 'EU', party_a) AS a, if(party_b IN ('DEU', 'FRA'), 'EU', party_b) AS b
            FROM {ledgers} WHERE event = 'signature' AND type IN ({counted}))
        WHERE a <> b GROUP BY ALL ORDER BY ALL
    """).fetchall()
    stored = duckdb.sql(f"SELECT party_a, party_b, model_all FROM read_csv('{folder / 'scores.csv'}') WHERE model_all > 0 ORDER BY ALL")
    assert found and [(a, b, pytest.approx(share)) for a, b, share in found] == stored.fetchall()


def test_every_scorer_stands_under_every_reading_that_has_signatures(folder: Path) -> None:
    with (folder / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {row["reading"] for row in rows}
    assert names <= {one.name for one in READINGS} and {"all", "sure", "bilateral", "adequacy"} <= names
    for name in names:
        scorers = {(row["scorer"], row["inputs"]) for row in rows if row["reading"] == name}
        assert scorers == {(MODEL, "known"), *((one.name, inputs) for one in COMPARATORS for inputs in ("known", "frozen"))}
        assert all(row["n_dyads"] == rows[0]["n_dyads"] or row["reading"] != "all" for row in rows)


def test_the_same_runs_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    assert main(["backtest", "--runs", str(study()), "--resamples", "20", "--outputs", str(tmp_path)]) == 0
    for name in ("scores.csv", "table.csv", "wrong.csv"):
        assert (tmp_path / "backtest" / "2010-2018" / name).read_bytes() == (folder / name).read_bytes()


def test_the_dyads_most_wrong_carry_the_models_own_reason(folder: Path) -> None:
    with (folder / "wrong.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert 10 < len(rows) <= 20 and {"0", "1"} == {row["signed"] for row in rows}
    reasons = [row["reason"] for row in rows]
    # These runs negotiate a type of every group; of another they say that there is none.
    assert not any(reason.startswith("no rule") for reason in reasons)
    asked = wrong.Asked(universe(), evaluation().model)
    assert asked.why(0, 1, ["cyber"], missed=True) == "no rule: these runs negotiate no type of the group cyber"
    assert any("gains" in reason and "bp" in reason for reason in reasons) and all(reasons)


def test_a_run_folder_is_scored_as_a_study_is(tmp_path: Path) -> None:
    run = sim.run("baseline", seed=0, seeds=3, start="2010-01", end="2018-12", record="panels", outputs=tmp_path, roster={"states": STATES})
    assert run.folder is not None
    one, other = (model_scores(place, universe(), FIRST, LAST) for place in (run.folder, study()))
    assert one.n_seeds == other.n_seeds == 3
    assert all(np.array_equal(one.shares[key], other.shares[key]) for key in (None, *GROUPS))
    assert np.array_equal(one.shares[None], one.shares[None].T) and not np.array_equal(one.shares["adequacy"], one.shares["adequacy"].T)


def test_facts_given_at_the_start_are_no_signatures_of_the_model() -> None:
    signed = {f"{universe().codes[i]}>{universe().codes[j]}" for i, j in np.argwhere(evaluation().model.shares["adequacy"] > 0)}
    # The decisions of 2000 to 2003 stand when these runs begin; that on Israel, of 2011, was asked for and is the model's own to make.
    assert signed and not signed & {"EU>ARG", "EU>CAN", "EU>CHE"}


def test_limits_are_told() -> None:
    told = " ".join(limits(evaluation()))
    wanted = (
        "3 seeds",
        "151 of 167 parties",
        "a comparator on frozen inputs knows less",
        "digital trade of 2010",
        "rule of law",
        "no census",
    )
    assert [words for words in wanted if words not in told] == []
    # These runs negotiate a type of every group; of fewer types it is said which groups have none.
    assert "is of the group" not in told
    assert "digital_trade" in silent(["adequacy_decision"]) and "digital_trade" not in silent(["digital_trade_agreement"])


def test_the_models_own_runs_are_lived_with_known_and_with_frozen_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few states and one process, so that it is quick; a comparator is set against the model that knows what it knows."""
    few = {"roster.states": STATES}
    for name in ("known_world", "frozen_world"):
        world = getattr(living, name)(2010, 2018)
        monkeypatch.setattr(living, name, lambda *_, world=world: World.of(world.scenario, world.tree, few))
    monkeypatch.setattr("sim.batch.cores", lambda: 1)
    done = backtest(Asked(seeds=2, resamples=20, outputs=tmp_path))
    model, forecast = done.evaluation.model, done.evaluation.forecast
    assert forecast is not None
    assert forecast.manifest["config"]["roster"] == {**model.manifest["config"]["roster"], "known_until": "2009-12"}
    assert not np.array_equal(model.shares[None], forecast.shares[None])
    mine = {(line.scorer, line.inputs): line for line in done.lines if line.reading == READINGS[0].name}
    for (scorer, inputs), line in mine.items():
        if scorer != MODEL:
            assert line.difference.value == pytest.approx(mine[MODEL, inputs].area.value - line.area.value, abs=1e-15)
    assert all(np.isnan(mine[MODEL, inputs].difference.value) for inputs in ("known", "frozen"))
    head = (tmp_path / "backtest" / "2010-2018" / "scores.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert {"model_all", "model_all_frozen"} <= set(head)
    assert not any("frozen inputs" in line for line in limits(done.evaluation))
    again = list[str]()
    backtest(Asked(seeds=2, resamples=20, outputs=tmp_path), again.append)
    assert not again  # what lies there is read


def test_one_seed_is_scored_and_its_limit_said() -> None:
    assert any(note.startswith("there is one seed") for note in model_scores(study(1), universe(), FIRST, LAST).notes)


def test_runs_that_failed_are_left_out_and_said(tmp_path: Path) -> None:
    lost = tmp_path / "lost"
    shutil.copytree(study(), lost)
    shutil.rmtree(sorted((lost / "kept").iterdir())[0])
    scores = model_scores(lost, universe(), FIRST, LAST)
    assert scores.n_seeds == 2 and any(note.startswith("2 of 3 runs are there") for note in scores.notes)


def test_folders_that_cannot_be_scored_are_refused_in_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert refused(capsys, "--runs", str(tmp_path / "none")) == f"--runs {tmp_path / 'none'}: there is no such folder"
    assert "manifest.json" in refused(capsys, "--runs", str(tmp_path))
    assert "kept no run of its own" in refused(capsys, "--runs", str(study(1, keep=False)))
    assert "several configurations" in refused(capsys, "--runs", str(study(1, protocols=2)))
    short = refused(capsys, "--runs", str(study(1, end="2012-12")))
    assert "holds 2010-01 to 2012-12, but the window is 2010-01 to 2018-12" in short
    mixed = tmp_path / "mixed"
    shutil.copytree(study(1), mixed)
    shutil.copytree(next((study(1, end="2012-12") / "kept").iterdir()), mixed / "kept" / "other")
    assert "mixes configurations" in refused(capsys, "--runs", str(mixed))


def test_a_run_folder_without_a_ledger_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    few = {"states": ["DEU", "JPN", "USA"]}
    run = sim.run("baseline", start="2010-01", end="2018-12", record="series", outputs=tmp_path, roster=few)
    assert "keeps no ledger of events" in refused(capsys, "--runs", str(run.folder))


def test_labels_of_ones_own_are_scored_and_those_without_a_signature_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("id,group,parties,signed,depth\na,adequacy,AUS;USA,2012,4\nb,digital_trade,JPN;KOR,2013,3\n", encoding="utf-8")
    words = ["--runs", str(study()), "--labels", str(own), "--resamples", "5", "--outputs", str(tmp_path)]
    assert main(["backtest", *words]) == 0
    told = capsys.readouterr().out
    assert "Fewer than 30 instruments" in told and "with 2 dyads that signed nothing more can be said" in told
    page = (tmp_path / "backtest" / "2010-2018" / "page.html").read_text(encoding="utf-8")
    assert '<td data-year="95 % interval">–</td>' in page and ">nan" not in page
    own.write_text("id,group,parties,signed,depth\na,adequacy,AUS;USA,2005,4\n", encoding="utf-8")
    assert "the labels hold no instrument that a dyad at risk signed in 2010-2018" in refused(capsys, *words)
    own.write_text("id,group,parties,signed,depth\na,adequacy,FJI;TON,2012,4\n", encoding="utf-8")
    assert "no dyad of these runs signed anything" in refused(capsys, *words)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--windw", "2010-2018"), "backtest: there is no option '--windw'; did you mean '--window'?"),
        (("--window", "2010"), "backtest: --window '2010' is no window; write years, as in 2010-2018"),
        (("--window=2005-2018",), "backtest: --window 2005-2018 must lie in 2010 to 2025"),
        (("--seeds", "0"), "backtest: --seeds must be a whole number from 1 to 10000, not '0'"),
        (("--seeds",), "backtest: give --seeds once, with a value, as in --seeds 200"),
        (("--seeds", "3", "--runs", "x"), "backtest: --seeds is for runs that are lived now; those of --runs have their own"),
        (("2010-2018",), "backtest: there is no option '2010-2018'"),
    ],
)
def test_words_that_are_not_understood_are_refused(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str) -> None:
    assert refused(capsys, *words).startswith(sentence)


def test_no_look_at_2019_or_later_goes_unlogged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    log = tmp_path / "docs" / "findings" / "looks.csv"
    words = ["--window", "2018-2019", "--runs", str(study())]
    assert "each look at them is logged" in refused(capsys, *words) and not log.exists()
    assert "needs the day of this look" in refused(capsys, *words, "--why", "does the log work", "--date", "today") and not log.exists()
    # The line stands before anything is scored: these runs end too early, and the look is logged all the same.
    assert "but the window is" in refused(capsys, *words, "--why", "does the log work", "--date", "2026-11-29")
    assert "but the window is" in refused(capsys, *words, "--why", "does it work again", "--date", "2026-11-30")
    with log.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["date"], row["window"], row["why"]) for row in rows] == [
        ("2026-11-29", "2018-2019", "does the log work"),
        ("2026-11-30", "2018-2019", "does it work again"),
    ]
    assert "no option '--no-log'" in refused(capsys, *words, "--no-log", "1")


def test_every_agreement_type_of_the_shelf_has_its_group_or_none() -> None:
    groups = {row["type"]: row["group"] for row in table("groups")}
    assert set(groups) == set(shelf("agreement").names()) and set(groups.values()) <= {"", *GROUPS}


def test_runs_lived_by_another_version_are_not_asked_for_reasons() -> None:
    from analysis.backtest.wrong import Asked

    scores = model_scores(study(), universe(), FIRST, LAST)
    scores.manifest = {**scores.manifest, "source_digest": "0"}
    assert "another version" in Asked(universe(), scores).why(0, 1, ["adequacy"], missed=True)


def test_invented_states_are_refused(tmp_path: Path) -> None:
    run = sim.run("baseline", start="2010-01", end="2010-12", record="panels", outputs=tmp_path, roster={"kind": "synthetic", "n": 4})
    assert run.folder is not None
    with pytest.raises(UserError, match="its states are invented"):
        model_scores(run.folder, universe(), 12 * 2010, 12 * 2010 + 11)
