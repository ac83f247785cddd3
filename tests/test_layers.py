"""Layers of the alliance graph taken otherwise than recorded: nothing, or rewired with degrees kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import engine
from sim.data.layers import HISTORIES, LAYERS, NAMES, REWIRED, ZERO, rewired, shared_memberships
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.data.ties import Tie
from sim.params import configure
from sim.types import UserError, month_index

MONTH = month_index("2019-01")
SPARSE = ("border", "cables")
DATED = ("alliances", "hostility")


def of(seed: int = 0, **forms: str) -> Roster:
    return load_roster(RosterSpec(layers=tuple(sorted(forms.items())), rewire_seed=seed), MONTH, MONTH)


PLAIN = of()
MANY = {name: of(**dict.fromkeys(NAMES, form)) for name, form in (("zero", ZERO), ("rewired", REWIRED))}


def degrees(tie: Tie) -> list[int]:
    return np.bincount(np.concatenate([tie.first, tie.second]), minlength=PLAIN.n).tolist()


def pairs(tie: Tie) -> set[tuple[int, int]]:
    return set(zip(tie.first.tolist(), tie.second.tolist(), strict=True))


@pytest.mark.parametrize("name", SPARSE)
def test_a_sparse_layer_is_rewired_with_every_states_ties_and_all_values_kept(name: str) -> None:
    before, after = PLAIN._ties[name], MANY["rewired"]._ties[name]
    assert degrees(after) == degrees(before)
    assert sorted(after.value.tolist()) == sorted(before.value.tolist())
    assert (after.first < after.second).all() and len(pairs(after)) == len(before.first), "nobody is tied to itself, or twice"
    # States with very many ties meet again by chance: of cables a third, of borders a few.
    assert len(pairs(after) & pairs(before)) < 0.5 * len(before.first)


@pytest.mark.parametrize("name", SPARSE)
def test_the_same_seed_rewires_the_same_and_another_otherwise(name: str) -> None:
    tie = PLAIN._ties[name]
    assert pairs(rewired(tie, name, 1)) == pairs(rewired(tie, name, 1)) != pairs(rewired(tie, name, 2))
    assert pairs(rewired(tie, name, 1)) != pairs(rewired(tie, "another", 1)), "layers are rewired apart"


@pytest.mark.parametrize("name", DATED)
def test_alliances_and_hostility_are_rewired_as_whole_histories_with_every_states_partners_kept(name: str) -> None:
    before, after = (one.spells[name].pairs()[0] for one in (PLAIN, MANY["rewired"]))
    assert degrees(after) == degrees(before) and len(pairs(after)) == len(before.first)
    rows = [sorted(zip(*(getattr(one.spells[name], key).tolist() for key in ("start", "until", "value")), strict=True))
            for one in (PLAIN, MANY["rewired"])]  # fmt: skip
    assert rows[0] == rows[1]
    assert len(pairs(after) & pairs(before)) < 0.5 * len(before.first)


def test_hostility_with_and_without_rivalry_move_together() -> None:
    one = MANY["rewired"].spells
    for key in ("first", "second", "start", "until"):
        np.testing.assert_array_equal(getattr(one["hostility"], key), getattr(one["without_rivalry"], key))
    assert (one["without_rivalry"].value <= one["hostility"].value).all()


def test_shared_organisations_are_rewired_by_giving_each_state_the_memberships_of_another() -> None:
    before, after, nothing = (shared_memberships(one, MONTH) for one in (PLAIN, of(organisations=REWIRED), of(organisations=ZERO)))
    assert sorted(map(tuple, before.T.tolist())) == sorted(map(tuple, after.T.tolist())) and not np.array_equal(before, after)
    assert not nothing.any() and "UN" in PLAIN.organisations and len(before) == len(PLAIN.organisations) - 1


def test_affinity_is_rewired_by_giving_each_state_the_place_of_another() -> None:
    i, j = np.triu_indices(PLAIN.n, 1)
    before, after = PLAIN.tie("affinity", i, j), MANY["rewired"].tie("affinity", i, j)
    np.testing.assert_array_equal(np.sort(before), np.sort(after))
    assert abs(np.corrcoef(before, after)[0, 1]) < 0.15
    rows = [np.sort(one.tie("affinity", np.arange(PLAIN.n)[:, None], np.arange(PLAIN.n))) for one in (PLAIN, MANY["rewired"])]
    assert {tuple(row) for row in np.sort(rows[0], axis=1)} == {tuple(row) for row in np.sort(rows[1], axis=1)}


def test_summits_are_rewired_outside_blocs_areas_of_free_flow_and_the_united_nations() -> None:
    changed = {
        code for at, code in enumerate(PLAIN.organisations) if not np.array_equal(PLAIN.member_from[at], MANY["rewired"].member_from[at])
    }
    assert changed >= {"G7", "NATO", "AU"} and not changed & {"EU", "ASEAN", "EEA", "UN", "WTO", "FIVE_EYES"}
    count = [(one.member_until > MONTH).sum(axis=1) for one in (PLAIN, MANY["rewired"])]
    np.testing.assert_array_equal(*count)


def test_a_layer_set_to_zero_joins_nobody() -> None:
    i, j = np.triu_indices(PLAIN.n, 1)
    for name in (*SPARSE, "affinity"):
        assert not MANY["zero"].tie(name, i, j).any() and PLAIN.tie(name, i, j).any()
    for name in DATED:
        assert not len(MANY["zero"].spells[name].first)
    assert len(MANY["zero"].spells["sanctions"].first) == len(PLAIN.spells["sanctions"].first), "bars are no layer"
    meets = dict(zip(PLAIN.organisations, MANY["zero"].summit_month.tolist(), strict=True))
    assert {code for code, month in meets.items() if month} == {"UN"}


@pytest.mark.parametrize("form", [ZERO, REWIRED])
def test_a_layer_is_taken_otherwise_and_nothing_else_moves(form: str) -> None:
    for name in NAMES:
        one = of(**{name: form})
        moved = {key for key in SPARSE if pairs(one._ties[key]) != pairs(PLAIN._ties[key])}
        assert moved == {name} & set(SPARSE)
        assert (one._liking is not None) == (name == "affinity")
        assert (one.belonging is not None) == (name == "organisations")
        dated = {key for key in PLAIN.spells if not np.array_equal(one.spells[key].first, PLAIN.spells[key].first)}
        assert dated == {key for key, layer in HISTORIES.items() if layer == name}
        for figure, values in PLAIN.figures.items():
            np.testing.assert_array_equal(one.figures[figure], values)
        assert one.digest != PLAIN.digest
        assert [field for field, _ in one.assumed if field.startswith("roster.layers")] == [f"roster.layers.{name}"]


def test_layers_as_recorded_leave_the_run_what_it_always_was() -> None:
    told = configure({"roster": {"layers": {"alliance": "as_recorded"}, "rewire_seed": 0}})
    assert told.digest == configure({}).digest and "layers" not in told.tree["roster"]
    assert of(border=ZERO)._liking is None
    other = configure({"roster": {"layers": {"alliance": "rewired"}, "rewire_seed": 3}})
    assert other.tree["roster"]["layers"] == {"alliance": "rewired"} and other.tree["roster"]["rewire_seed"] == 3
    assert configure({"roster": other.tree["roster"]}).roster == other.roster


@pytest.mark.parametrize(
    ("roster", "said"),
    [
        ({"layers": {"alliances": "zero"}}, "roster.layers has no 'alliances'; did you mean 'alliance'"),
        ({"layers": {"alliance": "nil"}}, "roster.layers.alliance cannot be 'nil'"),
        ({"layers": "zero"}, "roster.layers must hold named values"),
        ({"rewire_seed": 3}, "no layer is rewired"),
    ],
)
def test_what_a_layer_cannot_be_is_said_in_one_sentence(roster: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        configure({"roster": roster})


def test_the_edges_of_a_run_carry_the_layers_as_they_are_taken() -> None:
    few = ["CHN", "FRA", "GBR", "IND", "RUS", "USA"]
    worlds = [
        engine.start(engine.build({"roster": {"states": few, "layers": layers}, "end": "2019-01"}), 0)
        for layers in ({}, {"hostility": "zero", "affinity": "zero", "organisations": "zero"})
    ]
    for name, values in {
        "affinity": [one.setting.edges.affinity for one in worlds],
        **{key: [one.array(key) for one in worlds] for key in ("hostility", "hostility_without_rivalry", "shared_organisations")},
    }.items():
        assert values[0].any() and not values[1].any(), name
    np.testing.assert_array_equal(worlds[0].alliance, worlds[1].alliance)


def test_every_layer_says_what_it_is_in_both_languages() -> None:
    for layer in LAYERS:
        assert layer.title != layer.title_id or (layer.name == "affinity" and layer.sentence != layer.sentence_id)
        assert all(text.endswith(".") for text in (layer.sentence, layer.sentence_id))
        assert [one.name for one in layer.neutral()] == [ZERO, REWIRED]
