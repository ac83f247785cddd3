"""``python -m analysis ablation``: its numbers are those of the stored files, luck is told from rule, and bad input is a sentence."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.__main__ import main
from analysis.ablation import effects, page, result, table, words
from analysis.ablation.result import NOISE, OWN, SAME, UNKNOWN, WHO, Result, ablated, chosen
from analysis.backtest.development import seen
from analysis.backtest.universe import table as groups_of
from analysis.backtest.universe import universe
from analysis.findings import ablation as finding
from analysis.worlds import SCALARS, SIGNATURES, Kept, World, lived
from sim.neutral import forms
from sim.types import UserError

SEEDS = 3
SMALL = {
    "start": "2019-01",
    "end": "2020-06",
    "roster.states": ["AUS", "CAN", "FRA", "GBR", "JPN", "NZL", "SGP", "USA"],
    # So few meet seldom: staff costs nothing and every moment is right, so that something is signed.
    "mechanisms.bargaining.staff_price": 0.0,
    "mechanisms.bargaining.propose_rate": 1.0,
}
SPAN = {"start": "2009-12", "end": "2018-12"}
BRIEF = {"start": "2019-01", "end": "2019-01", "roster.states": ["CHN", "USA"]}
PARTS = ("mechanism.bargaining.no_talks", "mechanism.conferences", "layer.affinity.zero", "mechanism.welfare", "mechanism.disruption")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """Some parts of a small world, and where its worlds lie."""
    outputs = tmp_path_factory.mktemp("ablation")
    with pytest.MonkeyPatch.context() as alone:
        alone.setattr("sim.batch.cores", lambda: 1)  # a pool of processes for each small world would take longer than the worlds
        return ablated(SEEDS, PARTS, outputs, over=SMALL), outputs


def test_the_table_equals_an_independent_query_of_the_stored_files(told: tuple[Result, Path], tmp_path: Path) -> None:
    rows = list(csv.DictReader(table.write(told[0], tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["form"] for row in rows} == {one.form.name for one in told[0].effects} and len(rows) == len(PARTS) - 1
    for row in rows:
        with_it, without = (Path(row[name]) for name in ("folder_with", "folder_without"))
        query = (
            f"select avg(b.{row['observable']}), avg(a.{row['observable']} - b.{row['observable']}), "
            f"stddev_samp(a.{row['observable']} - b.{row['observable']}) / sqrt(count(*)) "
            f"from '{with_it / SCALARS}' a join '{without / SCALARS}' b using (seed)"
        )
        bare, apart, error = duckdb.sql(query).fetchall()[0]
        assert float(row["without"]) == pytest.approx(bare) and float(row["effect"]) == pytest.approx(apart)
        assert float(row["effect_high"]) - apart == pytest.approx(4.302652729911275 * error)  # Student's t, 2 degrees, 97.5 %
        units = (
            "select type, least(party_a, party_b) as one, greatest(party_a, party_b) as two, count(distinct seed) as times "
            "from '{}' where party_b <> '' group by all"
        )
        share = duckdb.sql(
            "select sum(abs(coalesce(a.times, 0) - coalesce(b.times, 0))) / sum(coalesce(a.times, 0) + coalesce(b.times, 0)) "
            f"from ({units.format(with_it / SIGNATURES)}) a full join ({units.format(without / SIGNATURES)}) b using (type, one, two)"
        ).fetchall()[0][0]
        assert float(row["moved"]) == pytest.approx(share), row["form"]


def test_the_area_equals_scikit_learns_on_the_stored_signatures(told: tuple[Result, Path]) -> None:
    """A share of three seeds has ties, so the library's area is taken over many orders of them; every dyad weighs the same here."""
    from sklearn.metrics import average_precision_score

    one = next(one for one in told[0].effects if one.form.name == PARTS[0])
    assert one.precision is not None and one.precision.base > 0.0
    data = (
        "select distinct seed, least(party_a, party_b), greatest(party_a, party_b) from '{}' "
        "where type in ('adequacy_decision', 'transfer_framework', 'digital_trade_agreement', 'law_enforcement_access') and party_b <> ''"
    )
    parties, signed = universe(), seen().signed
    target = replace(seen(), weight=signed.astype(np.float64))
    score = np.zeros(len(target.dyad))
    place = {int(dyad): k for k, dyad in enumerate(target.dyad)}
    counted = set()  # a member of a bloc counts as the bloc, and a dyad once in a seed
    for seed, a, b in duckdb.sql(data.format(one.folders[2] / SIGNATURES)).fetchall():
        one_party, other_party = (parties.party(code) or "" for code in (a, b))
        if (at := place.get(parties.dyad(parties.place[one_party], parties.place[other_party]))) is not None and (seed, at) not in counted:
            counted.add((seed, at))
            score[at] += 1.0 / SEEDS
    rng = np.random.default_rng(1)
    orders = [average_precision_score(signed, score + 1e-9 * rng.random(len(score))) for _ in range(200)]
    with_it, without = (lived(World.of("baseline", SMALL, SPAN, laid), SEEDS, told[1]) for laid in (one.form.on(), one.form.off()))
    groups = {row["type"]: row["group"] for row in groups_of("groups")}
    told_by_us = effects.precision(with_it, without, target, parties, groups, 3)
    found = told_by_us.mean + told_by_us.base
    assert found > 2 * told_by_us.base
    assert found == pytest.approx(np.mean(orders), abs=4 * np.std(orders) / np.sqrt(200) + 1e-9)


def test_a_part_that_is_never_asked_is_listed_first_and_one_that_is_all_last(told: tuple[Result, Path]) -> None:
    by_name = {one.form.name: one for one in told[0].effects}
    idle = by_name["mechanism.conferences.no_conferences"]
    assert idle.verdict == SAME and idle.own.mean == 0.0 and idle.moved.share == 0.0 and idle.moved.chance == 1.0
    assert told[0].idle_first()[0].verdict == SAME
    talks = by_name["mechanism.bargaining.no_talks"]
    assert talks.own.base == 0.0 < talks.own.mean and talks.moved.share == 1.0 and talks.moved.more.mean > 0.0
    assert [form.name for form in told[0].fixed] == ["mechanism.welfare.cannot_be_off"]


def test_what_lies_there_is_read_and_what_is_damaged_is_lived_anew(tmp_path: Path) -> None:
    world, said = World.of("baseline", BRIEF), list[str]()
    first = lived(world, 2, tmp_path, said.append)
    again = lived(world, 2, tmp_path, said.append)
    assert len(said) == 1 and first.same_as(again) and again.seeds == 2
    place = first.folder / SCALARS
    place.write_bytes(place.read_bytes()[:-20])
    assert lived(world, 2, tmp_path, said.append).same_as(first) and len(said) == 2
    lived(world, 3, tmp_path, said.append)
    assert len(said) == 3  # other seeds are another result


def test_worlds_of_other_code_are_lived_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world, said = World.of("baseline", BRIEF), list[str]()
    lived(world, 1, tmp_path, said.append)
    monkeypatch.setattr("analysis.worlds.source_digest", lambda: "another")
    lived(world, 1, tmp_path, said.append)
    assert len(said) == 2


def test_a_column_that_nobody_recorded_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no column 'contact_visit'"):
        lived(World.of("baseline", BRIEF), 1, tmp_path).column("contact_visit")


def _kept(signed: set[tuple[int, int]], seeds: int) -> Kept:
    rows = sorted(signed)
    signatures = pa.table(
        {
            "seed": pa.array([seed for seed, _ in rows], pa.int64()),
            "month": pa.array([0] * len(rows), pa.int64()),
            "type": pa.array(["a"] * len(rows), pa.string()),
            "party_a": pa.array([f"A{unit}" for _, unit in rows], pa.string()),
            "party_b": pa.array([f"B{unit}" for _, unit in rows], pa.string()),
        }
    )
    return Kept(World("made up", "{}"), Path("nowhere"), pa.table({"seed": list(range(seeds))}), signatures)


def _drawn(rng: np.random.Generator, chance: np.ndarray, seeds: int) -> Kept:
    return _kept({(int(s), int(u)) for s, u in np.argwhere(rng.random((seeds, len(chance))) < chance)}, seeds)


def test_luck_alone_is_seldom_taken_for_an_effect() -> None:
    """200 pairs of worlds of one rule: at a level of 5 %, more than 21 alarms have a chance below 1 in 1,000 (binomial)."""
    rng = np.random.default_rng(3)
    chance = rng.random(40) * 0.5
    alarms = sum(effects.moved(_drawn(rng, chance, 12), _drawn(rng, chance, 12), 199).chance <= 0.05 for _ in range(200))
    assert alarms <= 21
    apart = rng.standard_normal((200, 12))
    assert sum(effects.chance_of(row, 199) <= 0.05 for row in apart) <= 21


def test_another_rule_is_found_where_it_signs_as_much_but_with_others() -> None:
    rng = np.random.default_rng(4)
    chance = np.repeat([0.6, 0.1], 20)
    told = effects.moved(_drawn(rng, chance, 20), _drawn(rng, chance[::-1], 20), 999)
    assert told.chance == 1 / 1000 and told.share > told.high > told.noise
    assert not told.more.clear


def test_worlds_that_share_nothing_move_everything_and_equal_ones_nothing() -> None:
    one, other = _kept({(0, 1), (1, 2)}, 2), _kept({(0, 3), (1, 4)}, 2)
    assert effects.moved(one, other, 99).share == 1.0 and effects.moved(one, one, 99).share == 0.0
    nothing = effects.moved(_kept(set(), 2), _kept(set(), 2), 99)
    assert np.isnan([nothing.share, nothing.chance]).all() and nothing.more.mean == 0.0


def test_with_one_seed_nothing_is_told_of_luck(tmp_path: Path) -> None:
    alone = ablated(1, ["mechanism.bargaining.no_talks"], tmp_path, over=SMALL)
    one = alone.effects[0]
    assert one.verdict == UNKNOWN and np.isnan([one.own.low, one.own_chance, one.moved.noise, one.moved.chance]).all()
    assert "one seed" in alone.limits[0][0] and "satu benih" in page.page(alone, "id") and not alone.whole
    assert words.verdict(UNKNOWN, "id") in page.page(alone, "id") and "–" in finding.text(alone)


def test_few_seeds_say_that_nothing_can_be_told_from_luck(told: tuple[Result, Path]) -> None:
    assert any("fewer than the 20" in line for line, _ in told[0].limits)
    assert any("no chance can be below 0.25" in line for line, _ in told[0].limits)
    assert {one.verdict for one in told[0].effects} == {SAME, UNKNOWN}


@given(st.lists(st.floats(0, 1) | st.just(float("nan")), max_size=12))
def test_a_chance_held_for_many_looks_is_never_smaller_and_keeps_its_order(chances: list[float]) -> None:
    held = effects.holm(chances)
    for chance, one in zip(chances, held, strict=True):
        assert (one != one) == (chance != chance)
        assert one != one or chance <= one <= 1.0
    pairs = sorted((c, h) for c, h in zip(chances, held, strict=True) if c == c)
    assert [h for _, h in pairs] == sorted(h for _, h in pairs)


def test_the_verdict_follows_what_is_held(told: tuple[Result, Path]) -> None:
    one = next(one for one in told[0].effects if one.verdict != SAME)
    cases = ((0.01, 0.01, result.BOTH), (0.01, 0.2, OWN), (0.2, 0.01, WHO), (0.2, 0.2, NOISE), (float("nan"), 0.2, NOISE))
    assert [replace(one, own_held=own, moved_held=who, tellable=True).verdict for own, who, _ in cases] == [
        verdict for *_, verdict in cases
    ]


def test_pages_show_every_form_in_both_languages(told: tuple[Result, Path], tmp_path: Path) -> None:
    paths = page.write(told[0], tmp_path)
    assert [path.name for path in paths] == ["page.html", "page.id.html"]
    text = finding.text(told[0])
    for language, path in zip(words.LANGUAGES, paths, strict=True):
        shown = path.read_text(encoding="utf-8")
        for one in told[0].effects:
            assert (
                one.form.neutral.name.replace("_", " ") in shown
                and words.verdict(one.verdict, language) in shown
                and f"`{one.form.name}`" in text
            )
        for form in told[0].fixed:
            assert form.name in shown and f"`{form.name}`" in text
    assert set(words.VERDICTS) == set(result.VERDICTS)


def test_forms_are_chosen_by_name_by_owner_and_by_kind() -> None:
    assert chosen(()) == forms()
    assert [form.name for form in chosen(["layer.alliance"])] == ["layer.alliance.zero", "layer.alliance.rewired"]
    assert {form.kind for form in chosen(["layer"])} == {"layer"}
    assert len(chosen(["layer.alliance.zero", "layer.alliance"])) == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["--seeds", "0"], "ablation: --seeds must be a whole number from 1 to 10000, not '0'"),
        (["--only", "mechanism.trst"], "ablation: there is no part 'mechanism.trst'; did you mean 'mechanism.trust'?"),
        (["--only", ","], "ablation: --only names no part, as in --only layer,mechanism.trust; leave it out for all"),
        (["--seds", "3"], "ablation: there is no option '--seds'; did you mean '--seeds'?"),
        (["--outputs", "/dev/null/x", "--seeds", "1"], "/dev/null/x"),
    ],
)
def test_bad_input_is_one_sentence(typed: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ablation", *typed]) == 2
    said = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("ablation: living")]
    assert len(said) == 1 and sentence in said[0]
