"""``python -m analysis validate``: the numbers of its table and page are those of the stored files, and bad input is a sentence."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

import sim
from analysis.__main__ import main
from analysis.facts import Fact, facts
from analysis.findings import validation as finding
from analysis.validation import page, table, words
from analysis.validation.result import FAILS, HOLDS, MISSED, NOT_RUN, PASSES, UNDEFINED, Line, Result, Scored, stored, validated
from analysis.validation.score import interval, score
from analysis.validation.studies import lived, plan
from analysis.worlds import World
from sim.types import UserError

SEEDS = 2
SMALL = {"start": "2020-01", "end": "2021-12", "roster.states": ["CHN", "DEU", "FRA", "ITA", "USA"]}
BRIEF = {"start": "2019-12", "end": "2019-12", "roster.states": ["CHN", "USA"]}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of a small world and its twin."""
    return lived(plan(World.of("pandemic_lockdown", SMALL), SEEDS, twin=True), tmp_path_factory.mktemp("small"), lambda _: None, 1)


@pytest.fixture(scope="module")
def result(study: Path) -> Result:
    return stored([str(study)])


def test_the_table_equals_an_independent_query_of_the_stored_files(study: Path, result: Result, tmp_path: Path) -> None:
    text = table.write(result, tmp_path / "table.csv").read_text(encoding="utf-8")
    told = {(row["fact"], row["measure"]): row for row in csv.DictReader(text.splitlines())}
    run, twin = _views(study)
    head = "event = 'contact' and rank = 'head' and (party_a = 'CHN' or party_b = 'CHN')"
    eu = "('DEU', 'FRA', 'ITA')"
    closed = "month between 12 * 2020 + 3 and 12 * 2021 + 11"
    met = f"event = 'contact' and channel in ('visit', 'summit', 'video') and rank <> 'official' and party_a in {eu} and party_b in {eu}"
    meetings = f"count(*) filter (where {met} and {closed})"
    attendance = "count(*) filter (where event = 'attendance' and month = 12 * 2020 + 8)"
    visit = "event = 'contact' and rank = 'head' and channel = 'visit' and party_a = 'CHN'"
    begun = f"count(*) filter (where event = 'negotiation_opened' and {closed})"
    ended = (
        f"count(*) filter (where event = 'negotiation_concluded' and {closed} and negotiation in "
        "(select o.negotiation from {0} o where o.event = 'negotiation_opened' and o.month <= 12 * 2020 + 1))"
    )
    expected = {
        ("D1", "visits_2020"): run(f"count(distinct party_b) filter (where {visit} and month // 12 = 2020)"),
        ("D1", "contacts_2021"): run(f"count(*) filter (where {head} and channel in ('call', 'video') and month // 12 = 2021)"),
        ("D2", "video_2021"): run(f"count(*) filter (where {head} and channel = 'video' and month // 12 = 2021)"),
        ("D4", "rise"): _shared(run(attendance), twin(attendance)) - 1,
        ("D6", "new_over_old"): _shared(_shared(run(begun), twin(begun)), _shared(run(ended), twin(ended))),
        ("D5", "meetings"): _shared(run(meetings), twin(meetings)) - 1,
    }
    for key, values in expected.items():
        row = told[key]
        there = values[~np.isnan(values)]
        assert float(row["median"] or "nan") == pytest.approx(np.median(there) if len(there) else np.nan, abs=1e-12, nan_ok=True), key
        assert float(row["share"]) == np.mean((values >= float(row["low"])) & (values <= float(row["high"]))), key
        assert row["seeds"] == str(SEEDS)


def test_the_closure_read_back_equals_a_query_of_the_panels(study: Path, result: Result) -> None:
    query = "select avg((value >= 0.925)::int) from read_parquet('{}') where metric = 'closure' and month = 12 * 2020 + 3 and party <> 'EU'"
    kept = sorted((study / "kept").glob("run-*"))[0]
    assert _line(result, "D3", "april").found is not None
    assert _median(result, "D3", "april") == duckdb.sql(query.format(kept / "panels.parquet")).fetchall()[0][0]


def test_the_page_and_the_finding_show_the_numbers_of_the_table(result: Result) -> None:
    english, indonesian, text = page.page(result), page.page(result, "id"), finding.text(result)
    shown = page.figure_of(_median(result, "D1", "contacts_2021"))
    assert f">{shown}</td>" in english and f">{shown}</td>" in indonesian and f"| {shown} |" in text
    assert '<html lang="id">' in indonesian and "Meleset" in indonesian and "no scenario yet" not in indonesian
    assert text.index("## Missed") < text.index("## In band") < text.index("## Not scored yet")
    assert "no scenario yet: an organisation" in text and result.command in text


def test_every_unit_and_verdict_has_its_indonesian() -> None:
    assert {one.unit for fact in facts() if fact.id in {f"D{n}" for n in range(1, 17)} for one in fact.measures} <= set(words.UNITS)
    assert all(english != indonesian or key == "commit" for key, (english, indonesian) in words.WORDS.items() if key not in ("interval",))


def test_a_study_that_lies_there_is_read_and_not_lived_again(study: Path) -> None:
    told: list[str] = []
    again = lived(plan(World.of("pandemic_lockdown", SMALL), SEEDS, twin=True), study.parent, told.append, 1)
    assert again == study and not told


def test_facts_and_their_nulls_are_lived_and_months_that_are_not_there_are_undefined(tmp_path: Path) -> None:
    told: list[str] = []
    one = validated(1, ["D1"], tmp_path, over=BRIEF, workers=1, heard=told.append)
    assert len(told) == 2 and "strength" in told[1]
    assert one.scored[0].verdict == UNDEFINED and one.scored[0].null_verdict == FAILS
    assert [english for english, _ in one.limits] == ["one seed: there is no interval, and a share of seeds is 0 or 1"]
    assert "| undefined |" in finding.text(one) and not one.whole


def test_a_null_that_cannot_be_run_is_told_and_a_world_that_cannot_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fact = fact_of("D1")
    other = replace(fact, null=replace(fact.null, settings={"rivall": "nobody"}))
    monkeypatch.setattr("analysis.validation.result.chosen", lambda _: (other,))
    one = validated(1, (), tmp_path, over=BRIEF, workers=1).scored[0]
    assert one.null_verdict == NOT_RUN and "rivall" in one.why_no_null[0]
    assert page.null_of(one.lines[0]) == "–"
    with pytest.raises(UserError, match="rivall"):
        validated(1, (), tmp_path, over={"rivall": "nobody"})


def test_a_number_is_in_band_if_its_median_is_and_half_of_the_seeds() -> None:
    assert score(np.array([1.0, 1.0, 5.0]), 0.0, 2.0).met
    assert not score(np.array([-9.0, -9.0, 1.0, 9.0, 9.0]), 0.0, 2.0).met, "the median alone is not enough"
    assert not score(np.array([1.0, 1.0, 5.0, 5.0, 5.0]), 0.0, 2.0).met
    assert not score(np.array([1.0, np.nan, np.nan]), 0.0, 2.0).met, "seeds without a number are not in band"
    assert score(np.array([np.nan]), 0.0, 2.0).missing == 1


def test_the_interval_of_thirty_seeds_is_that_of_the_tables_of_order_statistics() -> None:
    low, high, chance = interval(np.arange(1.0, 31.0))
    assert (low, high) == (10.0, 21.0) and chance == pytest.approx(0.9572, abs=1e-4)
    assert np.isnan(interval(np.ones(1))[0]) and interval(np.array([1.0, 2.0]))[2] == 0.5


def test_a_null_fails_where_one_of_its_numbers_misses() -> None:
    fact = fact_of("D1")
    good, bad = score(np.ones(2), 0.0, 2.0), score(np.full(2, 9.0), 0.0, 2.0)
    by = {"visits_2020": good, "visits_2021": good, "contacts_2020": bad, "contacts_2021": bad}
    scored = Scored(fact, tuple(Line(one, good, by[one.name]) for one in fact.measures))
    assert scored.verdict == HOLDS and scored.null_verdict == PASSES, "the null is on visits alone"
    by["visits_2021"] = bad
    assert Scored(fact, tuple(Line(one, bad, by[one.name]) for one in fact.measures)).null_verdict == FAILS
    assert Scored(fact, tuple(Line(one, bad) for one in fact.measures)).null_verdict == NOT_RUN
    assert Scored(fact, (Line(fact.measures[0], bad),)).verdict == MISSED


def test_failed_runs_are_left_out_and_told(study: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(study, tmp_path / "study")
    shutil.rmtree(sorted((copy / "kept").glob("run-*"))[0])
    one = stored([str(copy)], ["D1"])
    assert one.seeds == SEEDS - 1 and one.failed == 1 and f"1 of {SEEDS} seeds" in one.limits[-1][0]
    shutil.rmtree(copy / "kept")
    (copy / "kept").mkdir()
    with pytest.raises(UserError, match="no run that succeeded"):
        stored([str(copy)])


REFUSED: tuple[tuple[str, Callable[[Path], list[str]]], ...] = (
    ("there is no fact 'D44'; did you mean 'D4'?", lambda _: ["--only", "D44"]),
    ("validate: --only names no fact, as in --only D1,D4; leave it out for all", lambda _: ["--only", ","]),
    ("validate: there is no option '--seed'; did you mean '--seeds'?", lambda _: ["--seed", "3"]),
    ("validate: give --seeds once, with a value, as in --seeds 30", lambda _: ["--seeds"]),
    ("validate: --seeds must be a whole number from 1 to 10000, not '0'", lambda _: ["--seeds", "0"]),
    ("validate: --seeds is for runs to be lived; --runs scores what is stored", lambda study: ["--runs", str(study), "--seeds", "3"]),
    ("both hold pandemic_lockdown; give one of them", lambda study: ["--runs", f"{study},{study}"]),
    ("the facts chosen are read from a scenario that does not exist yet", lambda study: ["--runs", str(study), "--only", "D10"]),
    ("holds no manifest.json", lambda study: ["--runs", str(study / "shards")]),
    ("there is no", lambda study: ["--runs", str(study / "nowhere")]),
)


@pytest.mark.parametrize(("told", "words"), REFUSED, ids=[told[:30] for told, _ in REFUSED])
def test_what_cannot_be_scored_is_refused_in_a_sentence(
    told: str, words: Callable[[Path], list[str]], study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", *words(study)]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1 and told in said[0]


def test_folders_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    def folder(**more: Any) -> str:
        few = {"roster": {"states": ["CHN", "USA"]}, "start": "2019-12", "end": "2019-12"}
        return str(sim.run("pandemic_lockdown", outputs=tmp_path, **{**few, **more}).folder)

    run, later, other, bare = (
        folder(),
        folder(seed=7, counterfactual=True),
        folder(candidates=1, counterfactual=True),
        folder(record="series"),
    )
    for folders, told in (
        ([run, later], "runs are compared with the same luck"),
        ([run, other], "differ in more than the shocks"),
        ([later], "holds the twin of pandemic_lockdown alone"),
        ([bare], "run again with record=panels"),
    ):
        with pytest.raises(UserError, match=told):
            stored(folders)
    alone = stored([run])
    assert "settings of their own" in alone.limits[0][0]
    assert {one.fact.id: one.verdict for one in alone.scored}["D4"] == "not in these folders"


def fact_of(name: str) -> Fact:
    return next(fact for fact in facts() if fact.id == name)


def _line(result: Result, fact: str, name: str) -> Line:
    return next(line for one in result.scored if one.fact.id == fact for line in one.lines if line.measure.name == name)


def _median(result: Result, fact: str, name: str) -> float:
    found = _line(result, fact, name).found
    assert found is not None
    return found.median


def _shared(above: Any, below: Any) -> Any:
    """Divide, without a number where nothing is below."""
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below != 0)


def _views(study: Path) -> tuple[Callable[[str], Any], Callable[[str], Any]]:
    """Return queries of the ledgers of the runs and of their twins, a number a seed, told apart by the study's own table."""
    design = study / "design.parquet"
    folders = {twin: [] for twin in (False, True)}
    for run, twin in duckdb.sql(f"select run, twin from read_parquet('{design}') order by seed").fetchall():
        folders[twin].append(study / "kept" / f"run-{run:08d}" / "events.parquet")

    def over(twin: bool) -> Callable[[str], Any]:
        tables = [f"read_parquet('{one}')" for one in folders[twin]]
        return lambda what: np.array([duckdb.sql(f"select {what.format(one)} from {one}").fetchall()[0][0] for one in tables], dtype=float)

    return over(False), over(True)
