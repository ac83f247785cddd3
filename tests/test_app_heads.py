"""What a film tells of heads: each of their contacts as the ledger has it, the platforms that carried them, and the record beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.app import film as films
from analysis.app.heads import COLUMNS, heads_of, record_of
from analysis.app.packing import unpacked
from sim import engine
from sim.game import Game
from sim.run import prepare
from sim.types import Event, Rank

FEW = ["BRA", "CHN", "DEU", "FRA", "IDN", "JPN", "KOR", "USA"]
TREE = {"scenarios": "china_cloud_diplomacy", "start": "2019-06", "end": "2021-12", "seed": 3, "roster": {"states": FEW}}


@pytest.fixture(scope="module")
def film() -> dict[str, Any]:
    config, chosen = prepare(TREE)
    return films.make(engine.assemble(config), chosen)[0]


def rows_of(month: list[int]) -> np.ndarray:
    return np.array(month, dtype=np.int64).reshape(-1, len(COLUMNS))


def test_contacts_of_heads_in_a_film_count_what_the_metric_counts(film: dict[str, Any]) -> None:
    china, total = [one["code"] for one in film["parties"]].index("CHN"), 0
    for c, channel in enumerate(film["words"]["channel"]):
        told = np.array(unpacked(film["fields"][f"head_{channel}"], film["months"]), dtype=float)
        for m, month in enumerate(film["heads"]):
            rows = rows_of(month)
            mine = rows[(rows[:, 0] == china) | (rows[:, 1] == china)]
            assert (mine[:, 2] == c).sum() == told[m, china]
            total += len(mine)
    assert total > 0


def test_what_carried_a_meeting_is_named_and_its_host_is_a_party(film: dict[str, Any]) -> None:
    video = film["words"]["channel"].index("video")
    every = np.concatenate([rows_of(month) for month in film["heads"]])
    used = set(every[every[:, 2] == video, 4].tolist())
    assert used and min(used) >= 0 and max(used) < len(film["platforms"])
    assert set(every[every[:, 2] != video, 4].tolist()) == {-1}
    for one in film["platforms"]:
        assert -1 <= one["host"] < len(film["parties"]) and len(one["hears"]) == len(film["parties"])
        assert one["host"] < 0 or one["hears"][one["host"]] == 0


def test_the_record_of_one_party_is_in_the_film_in_months_from_its_start(film: dict[str, Any]) -> None:
    calls = [one for one in film["record"] if one["column"] == "head_call"]
    assert [(film["parties"][one["party"]]["code"], one["from"], one["until"]) for one in calls] == [("CHN", 19, 30)]
    config, _ = prepare({**TREE, "scenarios": "baseline"})
    assert record_of(engine.assemble(config)) == []


def test_a_player_is_told_of_its_own_head_and_not_why_others_called() -> None:
    game = Game({**TREE, "scenarios": "baseline"}, 3, "IDN")
    game.advance(6)
    me, ev = game.setting.party("IDN"), game.world.events
    rows = np.concatenate([rows_of(month) for month in heads_of(game.world, 6, me)])
    held = (ev["event"] == Event.CONTACT) & (ev["rank"] == Rank.HEAD)
    assert len(rows) == (held & ((ev["party_a"] == me) | (ev["party_b"] == me))).sum() > 0
    own = rows[:, 0] == me
    assert (own | (rows[:, 1] == me)).all() and (rows[~own, 3] == -1).all() and (rows[own, 3] >= 0).all()
