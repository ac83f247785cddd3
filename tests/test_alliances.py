"""The alliance graph of the year: layers are read as known, blocs make them of their members, and one weight is mixed and read by rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_user_tables import write
from worlds import setting_of

from sim import engine
from sim.data.layers import shared_memberships
from sim.ledger import move, open_talk, shut
from sim.mechanisms.alliances.equations import shared_by_minority
from sim.state.world import World
from sim.types import Reason, Stage, TalkStage, month_index

FEW = ["CHN", "DEU", "FRA", "GBR", "IDN", "IND", "ITA", "JPN", "PAK", "RUS", "SGP", "USA"]
SHARES = ("alliance_share", "affinity_share", "organisations_share", "hostility_share", "treaties_share", "trust_share")
READY = {"bargaining": {"propose_rate": 1.0, "desks": 8.0}}


def lived(months: int, states: list[str] = FEW, **over: Any) -> World:
    world = engine.start(setting_of({"start": "2019-01", "end": "2021-12", "roster": {"states": states}, "background": [], **over}), 1)
    for _ in range(months):
        engine.step(world)
    return world


def edge(world: World, one: str, other: str) -> int:
    return world.setting.edges.find(world.setting.party(one), world.setting.party(other))


def at(world: World, name: str, one: str, other: str) -> Any:
    return world.array(name)[edge(world, one, other)]


def hostile(folder: Path, *rows: tuple[str, str, str, str, str]) -> str:
    head = ("code_a", "code_b", "from", "until", "hostility")
    write(folder / "hostility.csv", [dict(zip(head, row, strict=True)) | {"without_rivalry": "0"} for row in rows])
    return str(folder)


def allied(folder: Path, *rows: tuple[str, str, str, str, str]) -> str:
    write(folder / "alliances.csv", [dict(zip(("code_a", "code_b", "from", "until", "strength"), row, strict=True)) for row in rows])
    return str(folder)


def test_hostility_of_a_year_is_known_when_the_year_is_over(tmp_path: Path) -> None:
    world = lived(0, data={"folder": hostile(tmp_path, ("IDN", "SGP", "2019", "2019", "0.6"))})
    seen = []
    for _ in range(36):
        engine.step(world)
        seen.append(float(at(world, "hostility", "IDN", "SGP")))
    assert seen == [0.0] * 12 + [0.6] * 12 + [0.0] * 12
    assert not world.hostility_without_rivalry.any()


def test_an_alliance_is_public_on_its_day_and_counts_from_the_next_january(tmp_path: Path) -> None:
    world = lived(0, data={"folder": allied(tmp_path, ("IDN", "SGP", "2019-03-05", "2020-12-31", "0.7"))})
    seen = []
    for _ in range(36):
        engine.step(world)
        seen.append(float(at(world, "alliance", "SGP", "IDN")))
    assert seen == [0.0] * 12 + [0.7] * 12 + [0.0] * 12


def test_amity_consultation_and_paper_pacts_are_no_alliances() -> None:
    world = engine.start(engine.build({}), 0)
    edges, n = world.setting.edges, world.setting.n_states
    strengths = world.alliance[(edges.row < n) & (edges.col < n)]
    assert strengths[strengths > 0.0].min() == 0.35 and strengths.max() == 1.0
    for one, other in (("CHN", "USA"), ("PRK", "USA"), ("CHN", "IND"), ("IND", "PAK"), ("RUS", "USA")):
        assert at(world, "alliance", one, other) == 0.0, (one, other)
    assert at(world, "alliance", "GBR", "USA") == 1.0


def test_of_values_that_overlap_the_largest_counts(tmp_path: Path) -> None:
    rows = (("IDN", "SGP", "2015", "", "0.3"), ("SGP", "IDN", "2018", "2018", "0.8"), ("IDN", "SGP", "2016", "", "0.5"))
    assert at(lived(1, data={"folder": hostile(tmp_path, *rows)}), "hostility", "IDN", "SGP") == 0.8


def test_a_bloc_is_as_hostile_as_a_blocking_minority_of_its_people_is(tmp_path: Path) -> None:
    # Of Germany, France, the United Kingdom and Italy none has 35 % of the people, and Germany with France has.
    rows = (("DEU", "IDN", "2018", "", "0.9"), ("FRA", "IDN", "2018", "", "0.6"), ("ITA", "IDN", "2018", "", "0.2"))
    folder = hostile(tmp_path, *rows)
    for minority, level in ((0.2, 0.9), (0.35, 0.6), (0.6, 0.2), (0.9, 0.0)):
        world = lived(1, data={"folder": folder}, mechanisms={"alliances": {"minority": minority}})
        assert at(world, "hostility", "EU", "IDN") == at(world, "hostility", "IDN", "EU") == level, minority


def test_between_two_blocs_pairs_of_members_count_by_the_product_of_their_people(tmp_path: Path) -> None:
    world = lived(1, data={"folder": hostile(tmp_path, ("DEU", "IDN", "2018", "", "0.9"))})
    people, n = world.population, world.setting.n_states
    share = 1.0
    for bloc, member in (("EU", "DEU"), ("ASEAN", "IDN")):
        inside = people[:n][world.member[world.setting.party(bloc) - n]].sum()
        share *= people[world.setting.party(member)] / inside
    for minority, level in ((share * 0.99, 0.9), (share * 1.01, 0.0)):
        again = lived(1, data={"folder": str(tmp_path)}, mechanisms={"alliances": {"minority": minority}})
        assert at(again, "hostility", "ASEAN", "EU") == level


def test_the_largest_value_that_enough_people_share() -> None:
    values, people = np.array([[0.2], [0.9], [0.5]]), np.array([[50.0], [10.0], [40.0]])
    assert [shared_by_minority(values, people, share)[0] for share in (0.1, 0.11, 0.5, 0.51, 1.0)] == [0.9, 0.5, 0.5, 0.2, 0.2]
    assert shared_by_minority(values, 0.0 * people, 0.35).tolist() == [0.0]


def test_a_blocs_alliance_is_the_mean_of_its_members_by_people(tmp_path: Path) -> None:
    world = lived(1, data={"folder": allied(tmp_path, ("DEU", "IDN", "2010", "", "0.8"), ("FRA", "IDN", "2010", "", "0.5"))})
    people, n = world.population, world.setting.n_states
    inside = world.member[world.setting.party("EU") - n]
    mean = (0.8 * people[world.setting.party("DEU")] + 0.5 * people[world.setting.party("FRA")]) / people[:n][inside].sum()
    assert at(world, "alliance", "IDN", "EU") == pytest.approx(mean, rel=1e-12)


def test_the_weight_is_the_declared_mix_symmetric_and_within_its_bounds() -> None:
    world = lived(1)
    edges, part = world.setting.edges, world.setting.config.mechanisms["alliances"]
    trust = lived(0).trust  # of the first January, before the month
    n = world.in_force.sum(axis=0)
    base = (
        part.alliance_share * world.alliance
        + part.affinity_share * edges.affinity
        + part.organisations_share * world.shared_organisations
        - part.hostility_share * world.hostility
    )
    start = lived(0)
    n = start.in_force.sum(axis=0)
    whole = base + part.treaties_share * n / (n + part.treaties_half) + part.trust_share * (trust + trust[edges.rev] - 1.0)
    np.testing.assert_allclose(world.alliance_given, np.clip(base, -1.0, 1.0), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(world.alliance_weight, np.clip(whole, -1.0, 1.0), rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(world.alliance_weight, world.alliance_weight[edges.rev])
    assert -1.0 <= world.alliance_weight.min() < 0.0 < world.alliance_weight.max() <= 1.0


def test_the_share_of_common_memberships_of_two_states_is_jaccards() -> None:
    world = lived(1)
    inside = shared_memberships(world.setting.roster, month_index("2019-01"))
    one, other = (inside[:, world.setting.party(code)] for code in ("FRA", "JPN"))
    assert at(world, "shared_organisations", "FRA", "JPN") == pytest.approx((one & other).sum() / (one | other).sum(), rel=1e-12)


def test_what_is_signed_kept_and_broken_moves_the_weight_of_the_next_january() -> None:
    plain, ended, doubted = (lived(11) for _ in range(3))
    kind = ended.setting.type_names.index("transfer_framework")
    eu, us = (ended.setting.party(code) for code in ("EU", "USA"))
    table = ended.instruments
    (row,) = np.flatnonzero((table["first"] == eu) & (table["second"] == us) & (table["type"] == kind)).tolist()
    move(ended, row, Stage.TERMINATED)
    doubted.trust_broken[edge(doubted, "JPN", "IDN")] += 50.0
    for world in (plain, ended, doubted):
        engine.step(world)
        engine.step(world)
    assert plain.month == month_index("2020-02")
    assert at(ended, "alliance_weight", "EU", "USA") < at(plain, "alliance_weight", "EU", "USA")
    assert at(doubted, "alliance_weight", "IDN", "JPN") < at(plain, "alliance_weight", "IDN", "JPN")
    assert at(doubted, "alliance_given", "IDN", "JPN") == at(plain, "alliance_given", "IDN", "JPN"), "what is given knows nothing of it"


def test_hostile_parties_are_met_less_and_trusted_less(tmp_path: Path) -> None:
    mild, bitter = lived(1), lived(1, data={"folder": hostile(tmp_path, ("IDN", "SGP", "2018", "", "0.7"))})
    for name in ("contact_weight", "trust"):
        assert at(bitter, name, "IDN", "SGP") < at(mild, name, "IDN", "SGP"), name
        assert at(bitter, name, "IDN", "IND") == pytest.approx(at(lived(1, data={"folder": str(tmp_path)}), name, "IDN", "IND"))


def test_without_the_graph_everybody_of_a_size_at_a_distance_is_met_alike() -> None:
    world = lived(1, mechanisms={"alliances": dict.fromkeys(SHARES, 0.0)})
    assert not world.alliance_weight.any() and world.hostility.any()
    bare = lived(1, mechanisms={"contacts": {"graph_weight": 0.0}})
    np.testing.assert_allclose(world.contact_weight, bare.contact_weight, rtol=1e-12)


def test_too_hostile_parties_open_no_talks_and_open_ones_fail(tmp_path: Path) -> None:
    states = ["DEU", "FRA", "GBR", "IDN", "JPN", "SGP", "USA"]
    folder = hostile(tmp_path, ("IDN", "SGP", "2019", "", "0.8"))
    open_talks = {"protocol": {"name": "nash", "contacts_to_conclude": 60}, "mechanisms": READY}
    world = lived(11, states, data={"folder": folder}, **open_talks)
    e, kind = edge(world, "IDN", "SGP"), world.setting.type_names.index("infrastructure_pact")
    assert not world.hostile.any() and not shut(world)[e]
    row = int(world.open_talk[kind, e])
    if row < 0:
        first, second = sorted(world.setting.party(code) for code in ("IDN", "SGP"))
        row = open_talk(world, kind, first, second, first)
    engine.step(world)
    engine.step(world)
    assert (
        world.hostile[e]
        and shut(world)[e]
        and world.talks["stage"][row] == TalkStage.FAILED
        and world.talks["reason"][row] == Reason.BARRED
    )
    assert not world.prospect[:, e].any()
    lax = lived(13, states, data={"folder": folder}, mechanisms={**READY, "alliances": {"hostility_bars": False}})
    assert at(lax, "hostility", "IDN", "SGP") == 0.8 and not lax.hostile.any()


def test_what_is_in_force_between_hostile_parties_stays(tmp_path: Path) -> None:
    rows = tuple((code, "USA", "2019", "", "0.9") for code in ("DEU", "FRA", "ITA"))
    world = lived(13, ["DEU", "FRA", "ITA", "USA"], data={"folder": hostile(tmp_path, *rows)})
    kind = world.setting.type_names.index("transfer_framework")
    assert at(world, "hostile", "EU", "USA") and world.in_force[kind, edge(world, "EU", "USA")]


def test_an_agreement_type_may_read_the_layers_by_naming_them() -> None:
    schema = lived(0).setting.schema
    for name in ("hostility", "hostility_without_rivalry", "alliance", "alliance_weight"):
        assert schema.arrays[name].axis == ("edge",) and schema.owners[name] == "mechanism alliances"


def test_a_year_of_the_tables_can_be_looked_at_without_living_up_to_it() -> None:
    world, ahead = lived(13), engine.undisturbed(lived(0).setting, month_index("2020-02"))
    for name in ("hostility", "alliance", "shared_organisations", "hostile", "alliance_given"):
        np.testing.assert_array_equal(world.array(name), ahead.array(name))
    assert ahead.month == month_index("2020-02")


def test_who_is_close_to_the_others_is_sooner_in_the_chair_and_who_is_hostile_to_it_is_not_invited(tmp_path: Path) -> None:
    asked = {
        "negotiated": ["security_treaty"],
        "mechanisms": {"conferences": {"call_rate": 0.05, "graph_weight": 6.0}},
        "end": "2021-12",
    }
    before = lived(36, **asked)
    chair = before.setting.codes[int(before.conferences["initiator"][0])]
    guest = next(code for code in sorted(seats(before)[0]) if code in FEW and code != chair)
    after = seats(lived(36, data={"folder": hostile(tmp_path, *enemies_of(guest))}, **asked))
    assert after and not any(guest in one for one in after)


def enemies_of(code: str) -> tuple[tuple[str, str, str, str, str], ...]:
    return tuple((code, other, "2018", "", "0.9") for other in FEW if other != code)


def seats(world: World) -> list[set[str]]:
    codes = np.array(world.setting.codes)
    return [set(codes[world.seats["party"][world.seats["conference"] == row]].tolist()) for row in range(len(world.conferences))]
