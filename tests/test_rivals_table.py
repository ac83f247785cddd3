"""``python -m analysis rivals``: its numbers are those of the stored files, verdicts follow them, and bad input is a sentence."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from sklearn.metrics import average_precision_score

import sim
from analysis.__main__ import main
from analysis.backtest.development import SPAN, scores_of, seen
from analysis.backtest.evaluation import UNKNOWN as NO_INTERVAL
from analysis.backtest.labels import GROUPS as LABELLED
from analysis.backtest.living import known_world
from analysis.backtest.model_scores import model_scores
from analysis.backtest.resampling import Interval
from analysis.backtest.target import READINGS
from analysis.backtest.universe import universe
from analysis.facts import facts
from analysis.findings import rivals as finding
from analysis.rivals import page, result, table, told, words
from analysis.rivals.columns import MODEL, chosen, column
from analysis.rivals.limits import GROUPS, limits
from analysis.rivals.result import AHEAD, ALONE, BEHIND, BOTH, LEVEL, NEITHER, RIVAL, UNKNOWN, Result, compared_with_rivals
from analysis.validation.page import figure_of
from analysis.validation.result import HOLDS, MISSED, UNDEFINED
from analysis.validation.score import score
from analysis.worlds import SIGNATURES, World, lived
from sim.registry import shelf
from sim.types import UserError

SEEDS, RESAMPLES = 2, 20
STATES = ["AUS", "CAN", "CHE", "CHN", "DEU", "FRA", "JPN", "KOR", "NZL", "SGP", "USA"]
FREE = {"mechanisms.bargaining.staff_price": 0.0}
"""Staff is free: eleven states sign little otherwise."""
SMALL = {"start": "2019-01", "end": "2021-12", "roster.states": STATES, **FREE}
BRIEF = {"start": "2019-12", "end": "2019-12", "roster.states": ["CHN", "USA"]}
SOME = ("coercion", "gravity")


@pytest.fixture(scope="module")
def one_process() -> Any:
    """Live every run in this process: others take seconds to start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.batch.cores", lambda: 1)
        yield


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rivals")


@pytest.fixture(scope="module")
def small(one_process: None, outputs: Path) -> Result:
    """The model and two rivals in a small world."""
    return compared_with_rivals(SEEDS, SOME, outputs, over=SMALL, resamples=RESAMPLES, workers=1)


@pytest.fixture(scope="module")
def rows(small: Result, outputs: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(table.write(small, outputs / "table.csv").read_text(encoding="utf-8").splitlines()))


def test_every_number_of_every_scored_fact_stands_under_every_theory(rows: list[dict[str, str]]) -> None:
    wanted = {(fact.id, one.name, name) for fact in facts() if fact.scenario for one in fact.measures for name in (MODEL, *SOME)}
    assert {(row["fact"], row["measure"], row["rival"]) for row in rows if row["part"] == "fact"} == wanted
    assert {row["class"] for row in rows} == {"tested", "calibrated", "echo", ""}
    assert {row["rival"] for row in rows if row["part"] == "backtest"} == {MODEL, *SOME}


def test_the_facts_equal_an_independent_query_of_the_stored_files(rows: list[dict[str, str]]) -> None:
    china = "event = 'contact' and rank = 'head' and (party_a = 'CHN' or party_b = 'CHN')"
    calls = f"count(*) filter (where {china} and channel in ('call', 'video') and month // 12 = 2021)"
    bodies = "of_body in ('council_of_the_eu', 'european_council') and month between 12 * 2020 + 3 and 12 * 2021 + 11"
    acts = f"sum(value) filter (where event = 'sitting' and {bodies})"
    for name in (MODEL, *SOME):
        one, other = (_of(rows, fact, measure, name) for fact, measure in (("D1", "contacts_2021"), ("D5", "acts")))
        run, twin = (_ledgers(Path(one["folder"]), twin=twin) for twin in (False, True))
        _equal(one, _asked(run, calls))
        _equal(other, _asked(run, acts) / _asked(twin, acts) - 1)
    folders = {row["rival"]: row["folder"] for row in rows if row["fact"] == "D1"}
    assert len(set(folders.values())) == 1 + len(SOME), "each theory has runs of its own"


def test_the_areas_equal_the_librarys_on_the_stored_signatures(rows: list[dict[str, str]]) -> None:
    """A share of few seeds has ties, so the library's area is taken over many orders of them."""
    data = (
        "select distinct seed, least(party_a, party_b), greatest(party_a, party_b) from '{}' "
        "where type in ('adequacy_decision', 'transfer_framework', 'digital_trade_agreement', 'law_enforcement_access') "
        "and party_b <> ''"
    )
    parties, target, rng = universe(), seen(), np.random.default_rng(1)
    inside = np.array([code in {*STATES, "EU"} - {"DEU", "FRA"} for code in parties.codes])
    target = replace(target, kept=inside[target.first] & inside[target.second]).cut()
    place = {int(dyad): k for k, dyad in enumerate(target.dyad)}
    weight = np.where(target.signed, target.weight, 1.0)
    for name in (MODEL, *SOME):
        area = next(row for row in rows if row["measure"] == "area" and row["rival"] == name)
        signed: set[tuple[int, int]] = set()
        for seed, a, b in duckdb.sql(data.format(Path(area["folder"]) / SIGNATURES)).fetchall():
            one, two = parties.party(a), parties.party(b)
            if one is not None and two is not None and one != two:
                at = place.get(parties.dyad(parties.place[one], parties.place[two]))
                signed |= set() if at is None else {(seed, at)}
        score = np.bincount([at for _, at in signed], minlength=len(place)) / SEEDS
        ties = 1e-9 * rng.random((200, len(score)))
        orders = [average_precision_score(target.signed, score + tie, sample_weight=weight) for tie in ties]
        assert float(area["value"]) == pytest.approx(np.mean(orders), abs=4 * np.std(orders) / np.sqrt(200) + 1e-9), name
        dyads = next(row for row in rows if row["measure"] == "dyads" and row["rival"] == name)
        assert float(dyads["value"]) == pytest.approx(len(signed) / SEEDS) and int(float(dyads["number"])) == target.n_signed
    assert len({row["value"] for row in rows if row["measure"] == "area"}) == 1 + len(SOME)


def test_the_models_area_is_that_of_the_backtest_for_the_same_runs(one_process: None, small: Result, outputs: Path) -> None:
    run = sim.run("baseline", seed=0, seeds=SEEDS, record="panels", outputs=outputs, set={**SPAN, "roster.states": STATES, **FREE})
    assert main(["backtest", "--runs", str(run.folder), "--resamples", str(RESAMPLES), "--outputs", str(outputs)]) == 0
    with (outputs / "backtest" / "2010-2018" / "table.csv").open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["reading"] == READINGS[0].name and row["scorer"] == "model")
    line = small.lines[MODEL]
    mine = {"area": line.area.value, "low": line.area.low, "high": line.area.high, "area_of_random": line.random}
    mine |= {"hits_in_60": line.hits, "median_partner_rank": line.partner, "jackknife_least": line.least}
    assert {name: float(row[name]) for name in mine} == mine
    for rival in small.rivals:
        apart = small.lines[rival.name].difference
        assert apart.value == pytest.approx(line.area.value - small.lines[rival.name].area.value) and apart.low <= apart.value <= apart.high
    assert run.folder is not None and small.model.kept is not None
    stored, kept = model_scores(run.folder, universe(), 12 * 2010, 12 * 2018 + 11), scores_of(small.model.kept)
    assert stored.shares.keys() == kept.shares.keys() and all(np.array_equal(stored.shares[key], kept.shares[key]) for key in kept.shares)
    assert np.array_equal(stored.inside, kept.inside) and set(kept.notes) <= set(stored.notes)


def test_only_the_years_of_development_are_lived_and_scored(small: Result) -> None:
    assert known_world(2010, 2018).tree == SPAN
    for one in small.columns:
        assert one.kept is not None and one.kept.world.tree | SPAN == one.kept.world.tree
        months = one.kept.signatures["month"].to_numpy()
        assert len(months) and months.min() >= 12 * 2010 and months.max() <= 12 * 2018 + 11


def test_a_number_that_does_not_read_who_signs_is_the_same_in_every_seed(rows: list[dict[str, str]], small: Result) -> None:
    assert {row["same"] for row in rows if row["fact"] == "D3" and row["rival"] != MODEL} == {"true"}
    # What councils pass is theirs, whoever says who signs with whom.
    assert {row["same"] for row in rows if row["measure"] == "acts" and row["rival"] != MODEL} == {"true"}
    assert "false" in {row["same"] for row in rows if row["rival"] != MODEL}
    assert {row["same"] for row in rows if row["rival"] == MODEL} == {""}
    assert "same in every seed" in page.page(small) and "sama di setiap benih" in page.page(small, "id")


def test_what_lies_there_is_read_and_not_lived_again(small: Result, outputs: Path) -> None:
    said: list[str] = []
    again = compared_with_rivals(SEEDS, SOME, outputs, over=SMALL, resamples=RESAMPLES, workers=1, heard=said.append)
    assert not said
    assert [list(map(str, row.values())) for row in table.rows(again)] == [list(map(str, row.values())) for row in table.rows(small)]


@pytest.mark.parametrize(
    ("mine", "other", "verdict"),
    [
        (HOLDS, HOLDS, BOTH),
        (HOLDS, MISSED, ALONE),
        (MISSED, HOLDS, RIVAL),
        (MISSED, MISSED, NEITHER),
        (HOLDS, UNDEFINED, UNKNOWN),
        (UNDEFINED, MISSED, UNKNOWN),
        (HOLDS, None, UNKNOWN),
    ],
)
def test_a_fact_tells_the_model_from_a_rival_only_where_the_rival_misses_it(mine: str, other: str | None, verdict: str) -> None:
    assert result._against(mine, other) == verdict


def test_who_ranks_better_follows_the_interval_of_the_paired_difference(small: Result) -> None:
    rival = small.rivals[0]
    for low, high, verdict in ((0.1, 0.3, AHEAD), (-0.3, -0.1, BEHIND), (-0.1, 0.3, LEVEL), (0.0, 0.2, LEVEL)):
        line = replace(small.lines[rival.name], difference=Interval(0.1, low, high))
        assert replace(small, lines={**small.lines, rival.name: line}).ranks(rival) == verdict
    unknown = replace(small.lines[rival.name], difference=NO_INTERVAL)
    assert replace(small, lines={rival.name: unknown}).ranks(rival) == UNKNOWN == replace(small, lines={}).ranks(rival)


def test_where_the_model_does_no_better_comes_first(small: Result) -> None:
    text, shown = finding.text(small), page.page(small)
    for one in (text, shown):
        assert one.index("Where the model does no better") < one.index("Where the model does better") < one.index("Everything in one table")
    tested = [fact for fact in small.facts if fact.kind == "tested"]
    assert [fact.kind for fact in small.facts] == sorted((fact.kind for fact in small.facts), key=("tested", "calibrated", "echo").index)
    said = told.sentences(small, better=False) + told.sentences(small, better=True)
    for fact in tested:
        for rival in small.rivals:
            whole = [one for one in said if one.startswith(f"{told.heading(fact)}:")]
            mine = [one for one in whole if rival.title.lower() in one or "every rival" in one]
            assert len(mine) == 1, "each rival stands in one sentence of each fact"
            assert (mine[0] in told.sentences(small, better=True)) == (small.against(rival, fact) == ALONE)


def test_a_number_that_a_rival_alone_gets_right_is_told_beside_the_fact(small: Result) -> None:
    fact = next(fact for fact in small.facts if fact.id == "D5")
    acts = next(one for one in fact.measures if one.name == "acts")
    good, bad = (_scored(small, acts.name, value) for value in (-0.2, 0.5))
    model, rival = (replace(one, facts={**one.facts, "D5": scored}) for one, scored in ((small.columns[0], bad), (small.columns[1], good)))
    line = "D5 More meetings, fewer acts, change in acts that the councils of the EU pass: in band for coercion, and missed by the model."
    assert line in told.sentences(replace(small, columns=(model, rival)), better=False)
    turned = replace(small, columns=(replace(rival, name=MODEL), replace(model, name="coercion", title="Coercion")))
    line = "D5 More meetings, fewer acts, change in acts that the councils of the EU pass: in band for the model, and missed by coercion."
    assert line in told.sentences(turned, better=True)


def test_pages_and_finding_show_the_numbers_of_the_table(small: Result, rows: list[dict[str, str]], tmp_path: Path) -> None:
    paths = page.write(small, tmp_path)
    assert [path.name for path in paths] == ["page.html", "page.id.html"]
    english, indonesian, text = *(path.read_text(encoding="utf-8") for path in paths), finding.text(small)
    for row in rows:
        if row["measure"] in ("area", "difference", "acts", "contacts_2021") and row["value"]:
            shown = figure_of(float(row["value"]) * (1000.0 if row["part"] == "backtest" else 1.0))
            assert f"<b>{shown}</b>" in english and f"<b>{shown}</b>" in indonesian and shown in text, row
    for rival in small.rivals:
        assert f'data-year="{rival.title}"' in english and f'data-year="{rival.title_id}"' in indonesian
        assert shelf("rival").get(rival.name).sentence_id in indonesian
    assert "D7 A deal under a deadline" in english and "D7 A deal under a deadline" in text and small.command in text


def test_every_phrase_has_its_indonesian() -> None:
    assert {*result.AGAINST, *result.RANKED} == set(words.VERDICTS)
    assert all(english != other for english, other in words.WORDS.values())


def test_a_rival_that_cannot_be_lived_says_so_in_a_sentence_and_the_model_is_refused(small: Result, tmp_path: Path) -> None:
    over = {**BRIEF, "rivals.gravity.fill": 0.5}
    some = [fact for fact in facts() if fact.scenario]
    bare = column("coercion", some, 1, over, tmp_path, lambda _: None, 1)
    assert not bare.facts and bare.kept is None and len(bare.cannot) == 3
    assert "D1, D2, D3, D4, D5, D6 under coercion: " in bare.cannot[0][0] and "who signs with whom under coercion: " in bare.cannot[2][0]
    assert "D7, D8, D9 under coercion: " in bare.cannot[1][0]
    assert all("rivals.gravity.fill is set, but rival is coercion; add rival=gravity" in one for pair in bare.cannot for one in pair)
    with pytest.raises(UserError, match=r"rivals\.gravity\.fill is set"):
        column(MODEL, some, 1, over, tmp_path, lambda _: None, 1)
    lines = {MODEL: small.lines[MODEL]}
    without = replace(small, columns=(small.model, bare), lines=lines, dyads={MODEL: 1.0}, limits=bare.cannot)
    assert {without.against(bare, fact) for fact in without.facts} == {UNKNOWN} and without.ranks(bare) == UNKNOWN
    assert "not lived" in page.page(without) and "tidak dijalankan" in page.page(without, "id")
    assert "no verdict beside coercion" in finding.text(without) and "add rival=gravity" in finding.text(without)
    assert [row["value"] for row in table.rows(without) if row["rival"] == "coercion"] == [None] * sum(len(one.measures) for one in some)


def test_one_seed_says_its_limits(one_process: None, tmp_path: Path) -> None:
    alone = compared_with_rivals(1, ("persistence",), tmp_path, over={**SMALL, "end": "2020-01"}, resamples=2, workers=1)
    assert alone.limits[0][0].startswith("one seed: ") and not alone.whole
    assert alone.command == "python -m analysis rivals --seeds 1 --only persistence"
    assert "–" in finding.text(alone) and "satu benih" in page.page(alone, "id")


def test_few_seeds_few_instruments_and_silent_groups_are_told(small: Result) -> None:
    told_ = " / ".join(english for english, _ in small.limits)
    assert "2 seeds: fewer than the 20" in told_ and "instruments, fewer than 30" in told_
    assert set(GROUPS) == set(LABELLED) and "no theory negotiates" not in told_ and "parties are not in these runs" in told_
    assert not small.whole
    assert small.model.kept is not None
    over = {"negotiated": ["transfer_framework", "infrastructure_pact"]}
    quiet = limits(small.columns, SEEDS, scores_of(small.model.kept), small.lines, small.dyads, over)
    assert [one for one, _ in quiet if one.startswith("no theory negotiates") and one.endswith(": digital trade, law enforcement")]


def test_a_rival_that_signs_far_less_is_told(small: Result) -> None:
    assert small.model.kept is not None
    few = limits(small.columns, SEEDS, scores_of(small.model.kept), small.lines, {**small.dyads, "gravity": 0.4 * small.dyads[MODEL]}, {})
    assert [one for one, _ in few if one.startswith("Gravity: a data instrument is signed by")]
    assert not [one for one, _ in small.limits if one.startswith("Gravity")]


def test_rivals_are_chosen_by_name_in_the_order_of_the_shelf() -> None:
    assert list(chosen(())) == shelf("rival").names()
    assert chosen(["gravity", "coercion"]) == ("coercion", "gravity")


def test_a_world_of_invented_states_is_refused(one_process: None, tmp_path: Path) -> None:
    world = World.of("baseline", {"start": "2019-01", "end": "2019-01", "roster.kind": "synthetic", "roster.n": 4})
    with pytest.raises(UserError, match="its states are invented"):
        scores_of(lived(world, 1, tmp_path))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["--seeds", "0"], "rivals: --seeds must be a whole number from 1 to 10000, not '0'"),
        (["--only", "gravitas"], "rivals: there is no rival 'gravitas'; did you mean 'gravity'?"),
        (["--only", ","], "rivals: --only names no rival, as in --only gravity,coercion; leave it out for all"),
        (["--only", "none"], "rivals: there is no rival 'none'; "),
        (["--seds", "3"], "rivals: there is no option '--seds'; did you mean '--seeds'?"),
        (["--outputs", "/dev/null/x", "--seeds", "1"], "/dev/null/x"),
    ],
)
def test_bad_input_is_one_sentence(typed: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rivals", *typed]) == 2
    said = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("rivals: living")]
    assert len(said) == 1 and sentence in said[0]


def test_without_scikit_learn_the_command_says_what_brings_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.rivals.command.find_spec", lambda _: None)
    assert main(["rivals", "--seeds", "1"]) == 2
    assert "pip install '.[yardsticks]'" in capsys.readouterr().err


def _of(rows: list[dict[str, str]], fact: str, measure: str, rival: str) -> dict[str, str]:
    return next(row for row in rows if (row["fact"], row["measure"], row["rival"]) == (fact, measure, rival))


def _ledgers(study: Path, *, twin: bool) -> list[str]:
    """Return the ledgers of a study's runs, or of their twins, in order of seed."""
    query = f"select run from read_parquet('{study / 'design.parquet'}') where twin = {twin} order by seed"
    return [f"read_parquet('{study}/kept/run-{run:08d}/events.parquet')" for (run,) in duckdb.sql(query).fetchall()]


def _asked(ledgers: list[str], what: str) -> np.ndarray:
    return np.array([duckdb.sql(f"select {what} from {one}").fetchall()[0][0] for one in ledgers], dtype=np.float64)


def _equal(row: dict[str, str], values: np.ndarray) -> None:
    assert float(row["value"]) == pytest.approx(np.median(values)) and int(row["seeds"]) == len(values) == SEEDS
    assert (float(row["interval_low"]), float(row["interval_high"])) == pytest.approx((values.min(), values.max()))
    inside = (values >= float(row["low"])) & (values <= float(row["high"]))
    assert float(row["share"]) == inside.mean()


def _scored(small: Result, measure: str, value: float) -> Any:
    """Return the scored D5 with one of its numbers put at a value in every seed."""
    one = small.model.facts["D5"]
    lines = [
        replace(line, found=score(np.full(SEEDS, value), line.measure.low, line.measure.high)) if line.measure.name == measure else line
        for line in one.lines
    ]
    return replace(one, lines=tuple(lines))
