"""An address is the command line's own words, and nothing that could name a folder, run code or cost without end."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.app.address import asked, tree_of
from analysis.app.keep import Films
from sim.types import UserError

GOOD = {"scenarios": "pandemic_lockdown", "seed": "7", "end": "2019-03", "protocol": "nash", "mechanisms.bargaining.power": "0.5"}


def test_an_address_says_what_the_command_line_says() -> None:
    config, chosen = asked(GOOD)
    assert (config.scenario, chosen.seed, config.mechanisms["bargaining"].power) == ("pandemic_lockdown", 7, 0.5)


def test_a_protocol_may_have_its_own_levers() -> None:
    assert tree_of({"protocol.contacts_to_conclude": "6", "protocol": "nash"})["protocol"] == {"name": "nash", "contacts_to_conclude": 6}


def test_a_shock_of_the_scenario_may_have_its_own_levers_and_the_command_repeats_them(tmp_path: Path) -> None:
    words = {"scenarios": "pandemic_lockdown", "shocks.travel_closure.strength": "0.4", "start": "2020-02", "end": "2020-04"}
    config, _ = asked(words)
    assert [shock.strength for shock in config.shocks if shock.name == "travel_closure"] == [0.4]
    twin, _ = asked({**words, "counterfactual": "true"})
    assert twin.shocks == ()
    films = Films(tmp_path)
    told = films.read(films.get(words), "film")
    assert "strength:0.4" in told["command"] or "shocks.travel_closure.strength=0.4" in told["command"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"shocks.travel_closure.strength": "0.4"}, "no shock of kind travel_closure"),
        ({"scenarios": "pandemic_lockdown", "shocks.travel_closure.strenth": "0.4"}, "did you mean 'strength'"),
        ({"scenarios": "pandemic_lockdown", "shocks.travel_closure.strength": "4"}, "lies outside 0.0 to 1.0"),
        ({"parts": "/tmp"}, "no setting 'parts'"),
        ({"outputs": "/etc"}, "no setting 'outputs'"),
        ({"data.folder": "/etc"}, "no setting 'data.folder'"),
        ({"roster.n": "5000"}, "no setting 'roster.n'"),
        ({"seeds": "1000"}, "no setting 'seeds'"),
        ({"seed": "-1"}, "lies outside"),
        ({"seed": "x"}, "whole number"),
        ({"scenarios": "../../etc/passwd"}, "no scenario"),
        ({"scenarios": "baselin"}, "did you mean 'baseline'"),
        ({"mechanisms.bargaining.power": "9"}, "lies outside 0.0 to 1.0"),
        ({"mechanisms.bargaining.pwer": "0.1"}, "did you mean 'power'"),
        ({"__class__": "x"}, "no setting"),
        ({"protocol.name.x": "1"}, "protocol"),
        ({"end": "2030-99"}, "YYYY-MM"),
        ({"negotiated": "[nothing]"}, "cannot open talks"),
        ({"seed": ["7"]}, "name=value"),
        ("seed=7", "name=value"),
        ({"seed": "7" * 500}, "at most 400"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(words: object, said: str) -> None:
    with pytest.raises(UserError, match=said) as fault:
        asked(words)
    assert "\n" not in str(fault.value)


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=4))
def test_any_words_give_a_run_or_a_sentence(words: dict[str, str]) -> None:
    try:
        asked(words)
    except UserError as fault:
        assert str(fault)


def test_the_key_follows_what_decides_the_run_and_nothing_else(tmp_path: Path) -> None:
    films = Films(tmp_path)
    assert films.ask(GOOD)[0] == films.ask({**GOOD, "protocol.contacts_to_conclude": "12"})[0]
    assert films.ask(GOOD)[0] != films.ask({**GOOD, "seed": "8"})[0]


def test_a_page_asks_for_no_run_without_end(tmp_path: Path) -> None:
    films = Films(tmp_path)
    with pytest.raises(UserError, match="at most 360 months"):
        films.ask({"start": "2002-01", "end": "2035-12"})


@pytest.mark.parametrize("key", ["../../../etc/passwd", "", "a" * 31, "A" * 32, "a" * 32 + "/x"])
def test_a_key_is_no_path(tmp_path: Path, key: str) -> None:
    films = Films(tmp_path)
    assert not films.has(key)
    with pytest.raises(UserError):
        films.zipped(key, "film")


def test_a_vanished_film_is_made_again_as_it_was(tmp_path: Path) -> None:
    films = Films(tmp_path)
    key = films.get({"end": "2019-02"})
    first = films.zipped(key, "film")
    for path in films.folder.glob("*"):
        path.unlink()
    with pytest.raises(UserError, match="not kept any more"):
        films.zipped(key, "film")
    assert films.get({"end": "2019-02"}) == key
    assert films.zipped(key, "film") == first
    assert len(films.trust(key, 0)["in"]) == 2
    with pytest.raises(UserError, match="no party 999"):
        films.trust(key, 999)


def test_old_films_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.app.keep.MOST_FILMS", 2)
    films = Films(tmp_path)
    keys = [films.get({"end": "2019-01", "seed": str(seed)}) for seed in range(3)]
    assert [films.has(key) for key in keys] == [False, True, True]
