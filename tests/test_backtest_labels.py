"""Labels: the rule that makes them of our table, the table that a scholar brings, and the 0.16 of digital trade alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from backtests import labels

from analysis.backtest.comparators import Rivals
from analysis.backtest.inputs import Inputs
from analysis.backtest.labels import Instrument, read_labels
from analysis.backtest.scores import average_precision, ranked
from analysis.backtest.target import NINETEEN, READINGS, Target, target
from analysis.backtest.universe import TABLES, table, universe
from sim.types import UserError

READING = {one.name: one for one in READINGS}
HEAD = "id,group,parties,signed,depth"


def seen(name: str, first: int, last: int, rows: tuple[Instrument, ...] | None = None) -> Target:
    return target(universe(), labels() if rows is None else rows, 12 * first, 12 * last + 11, READING[name])


def signed(one: Target, weight: float | None = None) -> set[str]:
    codes = universe().codes
    return {
        f"{codes[i]}-{codes[j]}"
        for i, j, w in zip(one.first.tolist(), one.second.tolist(), one.weight.tolist(), strict=True)
        if w > 0 and (weight is None or w == weight)
    }


def made(tmp_path: Path, *rows: str, head: str = HEAD) -> tuple[Instrument, ...]:
    path = tmp_path / "own.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return read_labels(path, universe())


def test_there_are_167_parties_and_13861_dyads() -> None:
    assert len(universe().codes) == 167 and len(universe().first) == 13_861
    places = [universe().dyad(int(i), int(j)) for i, j in zip(universe().second[::777], universe().first[::777], strict=True)]
    assert places == list(range(0, 13_861, 777))


def test_eighteen_dyads_signed_an_instrument_of_two_from_2019_on() -> None:
    wanted = """EU-JPN AUS-IDN GBR-USA AUS-USA AUS-GBR EU-KOR ARE-IND GBR-SGP ARE-ISR ARE-IDN GBR-KOR EU-NZL ARE-AUS ARE-NZL EU-SGP
                GBR-IND MYS-USA KHM-USA"""
    assert signed(seen("bilateral", 2019, 2025)) == {"-".join(sorted(pair.split("-"))) for pair in wanted.split()}


def test_digital_trade_alone_scores_0_16_on_the_nineteen_and_less_without_brazil() -> None:
    nineteen = target(universe(), labels(), 12 * 2019, 12 * 2025 + 11, NINETEEN)
    assert nineteen.n_signed == 19 and nineteen.kept.all()
    inputs = Inputs(universe())
    by_year = {year: average_precision(ranked(inputs._trade[year]), nineteen.weight, np.ones(13_861)) for year in (2015, 2019)}
    assert by_year[2019] == pytest.approx(0.160, abs=0.01) and by_year[2015] == pytest.approx(0.162, abs=0.01)
    assert (inputs.trade(2018) == inputs._trade[2015]).all()  # what is known in the year before the window
    eighteen = nineteen.weight.copy()
    eighteen[universe().dyad(universe().place["BRA"], universe().place["EU"])] = 0.0
    assert average_precision(ranked(inputs._trade[2019]), eighteen, np.ones(13_861)) == pytest.approx(0.146, abs=0.01)


def test_an_instrument_of_many_weighs_one_over_all_its_pairs(tmp_path: Path) -> None:
    rows = made(tmp_path, "a,digital_trade,CHL;NZL;SGP,2012,3", "b,digital_trade,CHL;SGP,2014,3")
    one = seen("all", 2010, 2018, rows)
    assert one.weight.sum() == pytest.approx(1 + 2 / 3) and one.n_signed == 3
    assert signed(seen("bilateral", 2010, 2018, rows)) == {"CHL-SGP"}


def test_shallow_texts_do_not_count_and_a_dyad_counts_once(tmp_path: Path) -> None:
    rows = made(tmp_path, "a,digital_trade,CHL;NZL,2012,1", "b,digital_trade,CHL;SGP,2012,2", "c,law_enforcement,CHL;SGP,2013,2")
    assert seen("all", 2010, 2018, rows).weight.sum() == 1.0


def test_a_dyad_is_at_risk_only_while_none_of_the_group_is_in_force(tmp_path: Path) -> None:
    head = f"{HEAD},in_force,ended,judge"
    before = "a,adequacy,EU;USA,2000-07,4,2000-07,2015-10,EU"
    inside, after = "b,adequacy,EU;USA,2014,4,2014,,EU", "c,adequacy,EU;USA,2016-07,4,2016-08,,EU"
    assert signed(seen("adequacy", 2010, 2018, made(tmp_path, before, after, head=head))) == {"EU-USA"}
    assert not signed(seen("adequacy", 2010, 2018, made(tmp_path, before, inside, head=head)))
    whole = seen("adequacy", 2010, 2013, made(tmp_path, before, head=head))
    codes = universe().codes
    lost = [(codes[i], codes[j]) for i, j in zip(whole.first[~whole.kept], whole.second[~whole.kept], strict=True)]
    # Safe Harbour bound the United Kingdom as a member; the other direction stays open, and the EU and its member are no dyad.
    assert {("EU", "USA"), ("GBR", "USA")} <= set(lost) and ("USA", "EU") not in lost and ("EU", "GBR") in lost


def test_a_decision_is_directed_and_one_that_both_give_counts_both_ways() -> None:
    one = signed(seen("adequacy", 2019, 2025))
    assert {"EU-KOR", "GBR-KOR", "EU-JPN", "JPN-EU"} == one


def test_rows_graded_by_memory_are_left_out_and_their_dyads_are_not_called_unsigned() -> None:
    one = seen("sure", 2010, 2018)
    assert signed(one) == {"AND-EU", "EU-ISR", "EU-NZL", "EU-URY", "EU-USA"}
    dyad = universe().dyad(universe().place["CHE"], universe().place["USA"])
    assert not one.kept[dyad] and seen("all", 2010, 2018).weight[dyad] == 1.0


def test_states_of_the_eu_stand_for_it(tmp_path: Path) -> None:
    rows = made(tmp_path, "a,law_enforcement,FRA;USA,2012,2", "b,law_enforcement,DEU;USA,2013,2")
    assert signed(seen("all", 2010, 2018, rows)) == {"EU-USA"}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("a,adequacyy,EU;JPN,2019,4", "line 2: there is no group 'adequacyy'; did you mean 'adequacy'?"),
        ("a,adequacy,EU;AREE,2019,4", "line 2: there is no party 'AREE'; did you mean 'ARE'?"),
        ("a,adequacy,DEU;FRA,2019,4", "line 2: parties 'DEU;FRA' are one party; two or more are needed, as in EU;JPN (EU states are one)"),
        ("a,adequacy,EU;JPN,soon,4", "line 2: signed 'soon' is no date; write 2019-10-03, 2019-10 or 2019"),
        ("a,adequacy,EU;JPN,,4", "line 2: signed is empty; a date such as 2019-10-03, 2019-10 or 2019 is needed"),
        ("a,adequacy,EU;JPN,2019-13,4", "line 2: signed '2019-13' is no date; write 2019-10-03, 2019-10 or 2019"),
        ("a,adequacy,EU;JPN,2019,deep", "line 2: depth must be a whole number from 0 to 4, not 'deep'"),
        ("a,adequacy,EU;JPN,2019", "line 2: this row does not have the 5 cells of line 1"),
        (",adequacy,EU;JPN,2019,4", "line 2: id is empty; each row needs its own"),
        ("a,adequacy,EU;JPN,2019,4\na,adequacy,EU;KOR,2019,4", "line 3: id 'a' stands there twice; each row needs its own"),
    ],
)
def test_a_bad_row_is_told_with_file_line_and_nearest_choice(tmp_path: Path, row: str, sentence: str) -> None:
    with pytest.raises(UserError) as fault:
        made(tmp_path, row)
    assert str(fault.value) == f"{tmp_path / 'own.csv'}, {sentence}"


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ("id,group,party,signed,depth", "line 1: there is no column 'party'; did you mean 'parties'?"),
        ("id,group,parties,signed", "line 1: column 'depth' is missing; needed are id, group, parties, signed, depth"),
    ],
)
def test_a_bad_head_is_told(tmp_path: Path, head: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence.replace("?", r"\?")):
        made(tmp_path, "", head=head)


def test_files_that_are_no_table_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    for path, said in ((tmp_path / "none.csv", "cannot be read"), (tmp_path, "cannot be read"), (tmp_path / "x.csv", "not text in UTF-8")):
        with pytest.raises(UserError, match=said):
            read_labels(path, universe())
    with pytest.raises(UserError, match="holds no row"):
        made(tmp_path)


def test_every_column_of_our_tables_has_its_source() -> None:
    told = {(row["file"], name.strip()) for row in table("SOURCES") for name in row["column"].split(",")}
    for path in sorted(TABLES.glob("*.csv")):
        if path.stem == "SOURCES":
            continue
        columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        for column in columns:
            stem = column.rstrip("0123456789").rstrip("_")
            key = column in (
                "id",
                "name",
                "code",
                "code_a",
                "code_b",
                "exporter",
                "importer",
                "year",
                "from_year",
                "to_year",
                "filled",
                "members",
            )
            known = (path.name, column) in told or (path.name, f"{stem}_YEAR") in told
            assert key or known or column.startswith("grade_"), (path.name, column)
    assert all(row["unit"] and row["source"] and row["grade"] and row["terms"] for row in table("SOURCES"))


def test_what_is_fitted_sees_no_signature_of_the_window_and_no_later_input() -> None:
    first, last = 12 * 2014, 12 * 2018 + 11
    early = tuple(row for row in labels() if row.signed < first)
    told, blind = Rivals(universe(), labels(), first, last), Rivals(universe(), early, first, last)
    assert told.fits["logit"].years == (2010, 2013)
    for name, score in told.frozen().items():
        assert np.array_equal(score, blind.frozen()[name]), name
    known = told.known(np.full(13_861, last + 1))
    # Known a year at a time: the estimate of 2015 is known from 2016 on.
    share = {year: told.inputs.trade(year) / told.inputs.trade(year).sum() for year in (2014, 2018)}
    assert known["trade"] == pytest.approx(0.4 * share[2014] + 0.6 * share[2018])


def test_every_input_is_known_in_every_year_that_may_be_scored() -> None:
    inputs = Inputs(universe())
    for year in (2001, *range(2009, 2026)):
        for name in ("trade", "gdp", "affinity", "hostility", "alliance", "privacy"):
            assert np.isfinite(getattr(inputs, name)(year)).all(), (name, year)


def test_the_first_window_has_little_to_fit_on_and_no_trade_to_fit_with() -> None:
    fit = Rivals(universe(), labels(), 12 * 2010, 12 * 2018 + 11).fits["logit"]
    assert fit.years == (2001, 2009) and fit.n_signed < 10 and not {"trade", "alliance"} & set(fit.names)
