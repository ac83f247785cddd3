"""The life of an agreement is told as it was: its text, clauses, cases and moments, what it carried, and what replaced it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import fake_run
import numpy as np
import pytest
from life_run import SEED, TREE, stored

from analysis import figures, style
from analysis.__main__ import main
from analysis.app import film as films
from analysis.figures.life_of_agreement import draw
from analysis.life.record import Lived, chain, chains, lives_of
from analysis.life.told import level, lines
from analysis.lives import lasting
from analysis.marks import FILLED, PATHS, scaled, shown_as
from analysis.report import page
from analysis.store import StoredRun, open_run, read_table
from sim import engine
from sim.declare.words import FALLEN, MARKS, Shown, event
from sim.ledger.words import vocabulary
from sim.run import prepare
from sim.types import ModelFault, UserError


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return open_run(stored(tmp_path_factory.mktemp("outputs")))


@pytest.fixture(scope="module")
def every(run: StoredRun) -> dict[str, Lived]:
    return lives_of(run, SEED)


@pytest.fixture(scope="module")
def struck(every: dict[str, Lived]) -> str:
    """Name of a framework bargained in this run that a court has struck and another has replaced."""
    replaced = {one.before for one in every.values()}
    return next(
        name for name, one in every.items() if name in replaced and one.opened and any(case.outcome == "struck down" for case in one.cases)
    )


def test_every_mark_has_a_shape_of_its_own() -> None:
    assert set(PATHS) == set(MARKS) - {""}
    looks = [(path, mark in FILLED) for mark, path in PATHS.items()]
    assert len(set(looks)) == len(looks)
    assert set(FILLED) | set(FALLEN) <= set(PATHS)


def test_a_mark_is_scaled_and_turned_over_where_y_grows_upwards() -> None:
    assert scaled("down", 2.0) == "M-2,-2 L0,2 L2,-2 "
    assert scaled("down", 2.0, up=True, raised=10.0) == "M-2,12 L0,8 L2,12 "


def test_a_ruling_that_strikes_is_told_apart_from_one_that_upholds() -> None:
    word = vocabulary().told()["event"]["ruling"]
    assert {shown_as(word, value, "")["mark"] for value in (0.0, 1.0)} == {"full_diamond", "slashed"}


@pytest.mark.parametrize("reason", ["not_cured", "new_government", "struck_down"])
def test_early_ends_have_marks_by_their_reason(reason: str) -> None:
    word = vocabulary().told()["event"]["termination"]
    marks = {"not_cured": "broken", "new_government": "arrow_to_bar", "struck_down": "cross"}
    assert shown_as(word, None, reason)["mark"] == marks[reason]


def test_what_is_shown_for_a_value_needs_words_and_a_known_mark() -> None:
    said = ("x", "X", "X", "It is.", "Itu.")
    with pytest.raises(ModelFault, match="mark cannot be 'diamant'; did you mean 'diamond'"):
        event(*said, shown=(Shown(mark="diamant", said="a", said_id="b", values=(1.0,)),))
    with pytest.raises(ModelFault, match="values or reasons that call for it"):
        event(*said, shown=(Shown(mark="diamond", said="a", said_id="b"),))


def test_a_struck_framework_is_told_from_its_talks_to_its_end_and_its_successor(struck: str, every: dict[str, Lived]) -> None:
    some = chain(every, struck)
    one = next(each for each in some if each.name == struck)
    assert [moment.event for moment in one.moments if moment.mark or "negotiation" in moment.event][:5] == [
        "negotiation_opened", "negotiation_concluded", "signature", "ratification", "entry_into_force",
    ]  # fmt: skip
    assert one.opened is not None
    assert one.signed is not None
    assert one.force is not None
    assert one.ended is not None
    assert one.opened < one.signed < one.force < one.ended
    assert one.moments[-1].mark == "crossed_box"
    assert [case.outcome for case in one.cases] == ["struck down"]
    assert any(each.before == struck for each in some)
    assert one.text["safeguards"] > 0.0
    assert one.clauses.review is not None


def test_a_chain_is_the_same_from_whichever_of_its_agreements_it_is_asked(every: dict[str, Lived]) -> None:
    for some in chains(every):
        assert all(chain(every, one.name) == some for one in some)
    assert sum(len(some) for some in chains(every)) == len(every)


def test_what_it_carried_is_the_trade_of_its_months_and_what_it_added_is_a_part(
    struck: str, run: StoredRun, every: dict[str, Lived]
) -> None:
    for one in every.values():
        assert one.carried is not None
        assert one.added is not None
        assert 0.0 <= one.added < one.carried or one.carried == one.added == 0.0
        if one.force is None:
            assert one.carried == 0.0
    one = every[struck]
    assert one.added is not None
    assert one.carried is not None
    # Its text keeps no data at home, so that all of the type's effect acts.
    assert one.text["localisation"] == 0.0
    setting = engine.assemble(prepare({"scenarios": "baseline", **TREE})[0])
    rate = next(kind.trade_effect for kind in setting.types if kind.name == one.type)
    assert one.added / one.carried == pytest.approx(rate / (1.0 + rate))


def test_words_of_levels_go_from_nothing_to_all() -> None:
    assert [level(value) for value in (0.0, 0.2, 0.5, 0.9, 1.0)] == ["nothing", "little", "half", "much", "all"]


def test_the_life_in_words_names_text_clauses_cases_and_successor(struck: str, run: StoredRun, every: dict[str, Lived]) -> None:
    told = "\n".join(lines(run, chain(every, struck)))
    said = ("text: ", "clauses: it ", "carried: ", "worth: at signature", "case: people complained in", "struck down in court")
    for words in (*said, f"replaces: {struck}"):
        assert words in told


def test_the_picture_has_a_mark_for_each_marked_moment_and_its_words_beside_it(
    struck: str, run: StoredRun, every: dict[str, Lived]
) -> None:
    some = chain(every, struck)
    drawn = draw(run, SEED, some)
    marked = sum(1 for one in some for moment in one.moments if moment.mark)
    on_cases = sum(1 + (case.outcome in ("struck down", "upheld")) for one in some for case in one.cases)
    assert len(drawn.figure.layout.shapes) == 2 * (marked + on_cases)
    assert "1 struck down" in drawn.finding
    assert drawn.more.count("<li>") == sum(len(one.moments) for one in some)
    assert {key.label for key in drawn.legend} >= {"signed", "in force", "taken to court", "struck down in court", "annulled"}


@pytest.mark.parametrize("name", ["survival", "life_of_agreement"])
def test_both_figures_say_what_they_show_in_colours_that_have_a_dark_twin(run: StoredRun, name: str) -> None:
    one = figures.get(name)
    drawn = one.build(run)
    assert re.search(r"\d", drawn.finding)
    assert drawn.legend
    assert set(re.findall(r"#[0-9a-f]{6}", drawn.figure.to_json())) <= set(style.DARK_OF)
    assert "over all runs" not in one.reading(run)


def test_the_report_holds_the_life_and_the_survival_of_agreements(run: StoredRun) -> None:
    text = page(run)
    for name in ("life_of_agreement", "survival"):
        assert f'<section id="{name}"' in text


def test_survival_counts_every_agreement_that_was_in_force_from_the_age_at_which_it_is_seen(run: StoredRun) -> None:
    table = read_table(run, "instruments.parquet")
    force, ended = (np.array(table[name].to_pylist()) for name in ("in_force", "ended"))
    some = [spell for spells in lasting(run).values() for spell in spells]
    assert len(some) == int((force >= 0).sum())
    assert sum(spell.ended for spell in some) == int(((force >= 0) & (ended >= 0)).sum())
    assert sum(spell.seen_from > 0 for spell in some) == int(((force >= 0) & (force < run.months[0])).sum())


def test_a_folder_without_agreements_leaves_both_figures_out(tmp_path: Path) -> None:
    old = open_run(fake_run.write(tmp_path / "old"))
    for name in ("life_of_agreement", "survival"):
        applies = figures.get(name).applies
        assert applies is not None
        assert not applies(old)
    with pytest.raises(UserError, match="keeps no lives of agreements"):
        lives_of(old, 0)


def test_the_door_lists_agreements_and_tells_one(struck: str, run: StoredRun, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["life", str(run.folder), "EU", "USA"]) == 0
    assert struck in capsys.readouterr().out
    assert main(["life", str(run.folder), struck, "--seed", str(SEED)]) == 0
    assert "struck down in court" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["EX"], "no party 'EX'; did you mean"),
        (["transfer_framework:EU:USA:1"], "did you mean 'transfer_framework:EU:USA"),
        (["--seed", "9"], "holds no run of seed 9"),
        (["--seed", "x"], "a number of a run is expected"),
        (["A", "B", "C"], "is not understood; write life FOLDER"),
    ],
)
def test_the_door_refuses_in_one_sentence(run: StoredRun, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert main(["life", str(run.folder), *words]) == 2
    assert said in capsys.readouterr().err


def test_a_film_tells_the_same_life_as_the_folder(run: StoredRun, every: dict[str, Lived]) -> None:
    config, chosen = prepare({"scenarios": "baseline", **TREE})
    film, _, _ = films.make(engine.assemble(config), chosen)
    json.dumps(film, allow_nan=False)
    start = int(run.months[0])
    assert [one["id"] for one in film["instruments"]] == list(every)
    for instrument, life, one in zip(film["instruments"], film["lives"], every.values(), strict=True):
        assert instrument["before"] == one.before
        said = one.clauses
        assert instrument["clauses"] == [said.term, said.renewal, said.review, said.notice, int(said.disputes)]
        assert life["carried"] == pytest.approx(one.carried, rel=1e-4)
        assert [case[0] + start for case in life["cases"]] == [case.filed for case in one.cases]
        assert len(life["reviews"]) == sum(moment.event == "review" for moment in one.moments)
