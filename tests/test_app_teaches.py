"""What the page draws is what its words say: counts up to the clock, red lines that guard the player's side, colours with one meaning."""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from node_page import ASSETS, asked

from analysis import style
from analysis.app import film as films
from analysis.app.packing import tally
from sim import engine
from sim.run import prepare

FEW = ["CIV", "IDN", "NER", "NGA", "USA"]
TO_LINEAR = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
WHITE = np.array([0.95047, 1.0, 1.08883])
# Machado, Oliveira and Fernandes (2009), IEEE TVCG 15(6): full loss of one kind of cone, in linear light.
EYES = {
    "all three cones": np.eye(3),
    "no red": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "no green": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "no blue": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}


@cache
def _film() -> dict[str, Any]:
    # The year begins in October: calendar years and years of the run are not the same.
    tree = {"scenarios": "baseline", "start": "2019-10", "end": "2020-12", "roster": {"states": FEW}}
    config, chosen = prepare(tree)
    film, _, _ = films.make(engine.assemble(config), chosen)
    return film


def _counts(film: dict[str, Any]) -> Any:
    """Undo the film's words: contacts by month, party and channel."""
    told = [[int(n[1:-1]) if n[0] == "~" else int(n, 36) for n in re.findall(r"~\d+\.|.", word)] for word in film["contacts"]]
    return np.array(told).reshape(film["months"], len(film["parties"]), len(film["words"]["channel"]))


def test_contacts_of_every_month_are_those_of_the_series() -> None:
    film = _film()
    # Each contact counts for both of its sides.
    held = _counts(film).sum(axis=1) / 2
    told = [film["series"][f"contacts_{name}"]["values"] for name in film["words"]["channel"]]
    assert held.T.tolist() == told


def test_the_page_reads_the_counts_that_were_written() -> None:
    luck = np.random.default_rng(4)
    rows = [[], [0], [35, 36, 60_000, 9, 10], *(luck.integers(0, most, size=30).tolist() for most in (2, 36, 37, 1000))]
    assert asked("given.map((word) => [...CD.tallied(word)])", [tally(row) for row in rows], "b_film.js") == rows


def test_the_bar_of_a_year_counts_no_month_that_is_still_to_come() -> None:
    film, party = _film(), FEW.index("IDN")
    held = _counts(film)[:, party]
    ask = "given.months.map((m) => new CD.Film(given.film).contactYears(given.party, m, 5))"
    months = [0, 2, 3, 8, film["months"] - 1]
    for month, years in zip(months, asked(ask, {"film": film, "party": party, "months": months}, "b_film.js"), strict=True):
        of_year = np.array([2019 + (m + 9) // 12 for m in range(month + 1)])
        expected = {int(year): held[: month + 1][of_year == year].sum(axis=0).tolist() for year in np.unique(of_year)}
        assert {one["year"]: one["counts"] for one in years} == expected
        # The last bar is whole only in December.
        assert [one["whole"] for one in years] == [True] * (len(years) - 1) + [(month + 9) % 12 == 11]


def _issue(**told: Any) -> dict[str, Any]:
    return {"floor": 0.0, "ceiling": 1.0, "today": 0.5, "theirs": None, **told}


@pytest.mark.parametrize(
    ("one", "best", "level", "bound"),
    [
        (_issue(), 1.0, 1.0, "at_least"),  # who wants all of it, at the default, guards it from below
        (_issue(), 0.0, 0.0, "at_most"),  # who wants none of it guards it from above
        (_issue(floor=0.2, ceiling=0.8), 0.2, 0.2, "at_most"),
        (_issue(theirs=0.1), 0.4, 0.4, "at_least"),  # they pull down
        (_issue(theirs=0.9), 0.4, 0.4, "at_most"),  # they pull up
        (_issue(today=0.1), 0.4, 0.4, "at_least"),  # no offer yet: today's level is what there is to leave
        (_issue(today=0.9), 0.4, 0.4, "at_most"),
        (_issue(today=0.4), 0.4, 0.4, "at_most"),  # more can be taken above than below
        (_issue(theirs=0.9), 0.7, 0.5, "at_least"),  # moved by hand: the wish lies above the line
        (_issue(theirs=0.1), 0.3, 0.5, "at_most"),
    ],
)
def test_a_red_line_keeps_the_text_on_the_side_of_what_the_seat_wants(one: Any, best: float, level: float, bound: str) -> None:
    told = asked("CD.redLine(given.one, given.best, given.level)", {"one": one, "best": best, "level": level}, "l_seat.js")
    assert told == {bound: level}


def test_a_red_line_leaves_the_wish_itself_allowed_wherever_it_is_drawn() -> None:
    grid = [0.0, 0.25, 0.5, 0.75, 1.0]
    given = [[_issue(theirs=t, today=d), b, at] for t, d, b, at in itertools.product([None, *grid], grid, grid, grid)]
    told = asked("given.map((one) => CD.redLine(...one))", given, "l_seat.js")
    for (_, best, _), line in zip(given, told, strict=True):
        assert line.get("at_least", 0.0) <= best <= line.get("at_most", 1.0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("idn", "IDN"),
        ("NER", "NER"),
        ("niger", "NER"),
        ("nigeria", "NGA"),
        ("nige", "NER"),
        ("Cote d'Ivoire", "CIV"),
        ("ivoire", "CIV"),
        ("Amerika Serikat", "USA"),
        ("serikat", "USA"),
        ("united states", "USA"),
        ("  indonesia ", "IDN"),
        ("atlantis", None),
        ("", None),
    ],
)
def test_a_state_is_found_by_code_and_by_its_name_in_either_language(text: str, code: str | None) -> None:
    from analysis.app.catalogue import names

    film = _film()
    ask = "(CD.names = given.names, CD.findParty(given.film, given.text))"
    at = asked(ask, {"film": film, "names": {"id": names("id"), "full": names("en")}, "text": text}, "b_film.js")
    assert (film["parties"][at]["code"] if at >= 0 else None) == code


def test_arrow_keys_lead_from_any_state_to_every_other() -> None:
    config, chosen = prepare({"scenarios": "baseline", "end": "2019-01"})
    film, _, _ = films.make(engine.assemble(config), chosen)
    points = [party["at"] for party in film["parties"][: film["states"]]]
    ways = [[-1, 0], [1, 0], [0, -1], [0, 1]]
    ask = "given.points.map((_, k) => given.ways.map((way) => CD.neighbour(given.points, k, way)))"
    led = asked(ask, {"points": points, "ways": ways}, "c_map.js")
    for first in (0, len(points) // 2):
        reached, todo = {first}, [first]
        while todo:
            fresh = {k for k in led[todo.pop()] if k >= 0} - reached
            reached |= fresh
            todo += sorted(fresh)
        assert reached == set(range(193))


def test_arcs_drawn_are_the_selected_partys_and_of_the_rest_the_strongest_forty() -> None:
    live = [{"key": str(k), "mine": False, "fresh": k in (7, 90), "weight": k % 50 + k / 1000} for k in range(120)]
    shown = dict(asked("[...CD.chosenArcs(given, '5')]", live, "b_film.js"))
    assert len(shown) == 41 and shown["5"] == "own"
    assert {"7", "90"} <= set(shown)
    rest = [one["weight"] for one in live if one["key"] in shown and one["key"] not in ("5", "7", "90")]
    left = [one["weight"] for one in live if one["key"] not in shown]
    assert min(rest) > max(left)
    mine = [{**one, "mine": one["key"] in ("1", "2", "3")} for one in live]
    of_party = dict(asked("[...CD.chosenArcs(given, undefined)]", mine, "b_film.js"))
    assert sorted(key for key, how in of_party.items() if how == "own") == ["1", "2", "3"]
    assert sum(how == "faint" for how in of_party.values()) == 40


def test_two_worlds_hold_the_same_agreement_whenever_its_talks_began() -> None:
    film = _film()
    one = {"conference": -1, "type": 0, "a": 0, "b": 1, "signed": 2, "force": 5, "ended": None}
    here = {**film, "instruments": [{**one, "id": "x:1"}, {**one, "id": "y:1", "a": 1, "b": 0}]}
    there = {**film, "instruments": [{**one, "id": "x:3", "signed": 4, "force": None}, {**one, "id": "z:1", "ended": 6}]}
    ask = "given.map((film) => [3, 4, 8].map((month) => [...CD.liveBonds(new CD.Film(film), month)].sort()))"
    kind = film["types"][0]["name"]
    way, back = (f"{kind} {a} {b}" for a, b in (FEW[:2], FEW[1::-1]))
    assert asked(ask, [here, there], "b_film.js") == [[sorted([way, back])] * 3, [[way], [way], [way]]]


def _lab(colour: str, eyes: str) -> Any:
    v = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    x = TO_LINEAR @ np.clip(EYES[eyes] @ linear, 0.0, 1.0) / WHITE
    f = np.where(x > 216 / 24389, np.cbrt(x), (24389 / 27 * x + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _apart(one: str, other: str, eyes: str = "all three cones") -> float:
    return float(np.linalg.norm(_lab(one, eyes) - _lab(other, eyes)))


@pytest.mark.parametrize("dark", [False, True])
def test_a_difference_has_colours_of_its_own_that_all_eyes_tell_apart(dark: bool) -> None:
    def seen(colour: str) -> str:
        return style.DARK_OF[colour] if dark else colour

    steps = {name: seen(colour) for name, colour in style.DIFFERENCE.items()}
    for colour in steps.values():
        # 25 in CIE Lab is far beyond a just noticeable difference (about 2.3).
        assert min(_apart(colour, seen(kind)) for kind in (*style.TYPE_COLOUR.values(), style.BLACK)) > 25
    for eyes in EYES:
        # More and less differ by hue for most; who lacks blue still has how dark they are.
        least = 15 if eyes == "no blue" else 45
        assert _apart(steps["less2"], steps["more2"], eyes) > least
        assert _apart(steps["less1"], steps["more1"], eyes) > least
        for way in ("less", "more"):
            assert _apart(steps[f"{way}1"], steps[f"{way}2"], eyes) > 25
            assert _apart(steps[f"{way}1"], seen(style.LAND), eyes) > 15


@pytest.mark.parametrize("dark", [False, True])
def test_all_eyes_tell_the_homes_of_providers_apart(dark: bool) -> None:
    script = (ASSETS / "d_lying.js").read_text(encoding="utf-8")
    names = re.findall(r'"(\w+)"', script.split("const COLOURS = ", 1)[1].split(";", 1)[0])
    known = {"ink": style.INK, "quiet": style.QUIET, **style.NAMED, **style.DIFFERENCE}
    shown = [style.DARK_OF[known[name]] if dark else known[name] for name in (*names, "quiet", "ink")]
    assert len(names) == 3
    for eyes in EYES:
        assert min(_apart(one, other, eyes) for one, other in itertools.combinations(shown, 2)) > 18
