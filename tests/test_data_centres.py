"""Data centres by region: what is in service is shared out and asked for, whoever takes part; a user's table may replace ours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_data import un
from worlds import begun, tree

from sim.data.roster import Roster, RosterSpec, load_roster
from sim.types import UserError, month_index

WEIGHTS = (40.0, 5.0)
HEADER = "place,region,mw,year,measure,grade,source\n"
REST = "Elsewhere,Elsewhere,1000,2020,mean load,sourced,own\nUSA,Elsewhere,100,2020,all,sourced,own\n"


def capacity(roster: Roster, year: int = 0) -> dict[str, float]:
    counts = np.stack([roster.figures["cloud_regions"][year], roster.figures["ix_buildings"][year]], axis=1)
    return dict(zip(roster.codes, roster.data_centres.capacity(year, WEIGHTS, counts).tolist(), strict=True))


def of(folder: Path, text: str, month: str = "2025-01", **spec: object) -> Roster:
    (folder / "data_centres.csv").write_text(HEADER + text, encoding="utf-8")
    return load_roster(RosterSpec(folder=folder, **spec), month_index(month), month_index(month))


def test_states_share_out_what_their_region_has() -> None:
    roster = un("2025-01")
    found, centres = capacity(roster), roster.data_centres
    assert sum(found.values()) == pytest.approx(20900 + 11600 + 7800 + 5500 + 1700)
    assert found["USA"] == pytest.approx(20900) and found["CHN"] == pytest.approx(11600)
    for r in range(len(centres.load[0])):
        inside = [code for code, region in zip(roster.codes, centres.region, strict=True) if region == r]
        assert sum(found[code] for code in inside) == pytest.approx(centres.load[0, r])
    # Figures of states say who holds which part: twice as much in Germany as in France is so in every year.
    assert found["DEU"] / found["FRA"] == pytest.approx(864 / 391)
    assert centres.world(0, WEIGHTS) == pytest.approx(sum(found.values()))


def test_what_users_ask_for_is_what_is_in_service() -> None:
    for income_elasticity in (0.0, 0.5, 1.0):
        world = begun(tree(roster={}, mechanisms={"roster": {"income_elasticity": income_elasticity}}))
        n = world.setting.n_states
        assert world.load[:n].sum() == pytest.approx(world.base_capacity[:n].sum())
        users, rich = world.internet_use[:n] * world.population[:n], world.gdp[:n] / world.population[:n]
        np.testing.assert_allclose(world.load[:n] * users[0], world.load[0] * users * (rich / rich[0]) ** income_elasticity)
        assert (world.need[:n] == np.maximum(0.0, world.load[:n] - world.base_capacity[:n])).all()


def test_a_state_has_what_it_has_whoever_else_takes_part() -> None:
    small = load_roster(RosterSpec(states=("DEU", "IDN", "KEN", "USA")), month_index("2021-01"), month_index("2021-01"))
    whole = capacity(un("2021-01"))
    assert capacity(small) == {code: whole[code] for code in small.codes}
    one = begun(tree(roster={"states": ["DEU", "IDN", "KEN", "USA"]}))
    many = begun(tree(roster={"states": ["BRA", "DEU", "IDN", "IND", "KEN", "USA"]}))
    for code in ("DEU", "IDN", "KEN", "USA"):
        assert one.load[one.setting.party(code)] == many.load[many.setting.party(code)]


def test_loads_are_flat_before_they_grow_and_held_after_their_year() -> None:
    roster = load_roster(RosterSpec(), month_index("2012-01"), month_index("2027-01"))
    whole = dict(zip(roster.years.tolist(), roster.data_centres.load.sum(axis=1).tolist(), strict=True))
    assert whole[2012] == whole[2018]
    assert whole[2019] / whole[2018] == pytest.approx(1.12)
    assert whole[2025] == pytest.approx(47500.0) == whole[2027]
    # What nobody knew yet is not known: the load of the year before the freeze is held.
    frozen = load_roster(RosterSpec(known_until=month_index("2018-12")), month_index("2012-01"), month_index("2022-01"))
    assert frozen.data_centres.load[-1].sum() == pytest.approx(whole[2018])


def test_a_users_table_stands_in_place_of_ours_and_other_states_keep_their_counts(tmp_path: Path) -> None:
    roster = of(tmp_path, REST + "CAN,Elsewhere,300,2020,all,sourced,own\n")
    found = capacity(roster)
    assert found["USA"] == pytest.approx(250.0) and found["CAN"] == pytest.approx(750.0)
    at = roster.codes.index("KEN")
    counted = 40.0 * roster.figures["cloud_regions"][0, at] + 5.0 * roster.figures["ix_buildings"][0, at]
    assert found["KEN"] == counted > 0.0
    assert roster.data_centres.world(0, WEIGHTS) == pytest.approx(sum(found.values()))


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        (REST + "Nowhere,Elsewhere,10,2020,all,sourced,own\n", "row 4, column place", "neither a state of the roster nor the region"),
        (REST + "FRA,Elsewere,10,2020,all,sourced,own\n", "row 4, column region", "has no row of its own"),
        ("Elsewhere,Elsewhere,,2020,mean load,sourced,own\n", "row 2, column mw", "the region Elsewhere needs one"),
        ("Elsewhere,Elsewhere,10,,mean load,sourced,own\n", "row 2, column year", "the region Elsewhere needs one"),
        (REST + "FRA,Elsewhere,-3,2020,all,sourced,own\n", "row 4, column mw", "is not a number from 0.1"),
        (REST + "FRA,Elsewhere,3,2020,al,sourced,own\n", "row 4, column measure", "'all'"),
        (REST + "USA,Elsewhere,3,2020,all,sourced,own\n", "row 4", "already given in row 3"),
    ],
)
def test_a_fault_names_its_row_and_column(tmp_path: Path, text: str, column: str, said: str) -> None:
    with pytest.raises(UserError) as fault:
        of(tmp_path, text)
    assert column in str(fault.value)
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)


def test_synthetic_states_have_their_donors_regions_and_so_much_more_the_more_they_are() -> None:
    few, many = (load_roster(RosterSpec("synthetic", n=n, seed=1), month_index("2021-01"), month_index("2021-01")) for n in (193, 772))
    small, large = (sum(capacity(roster).values()) for roster in (few, many))
    assert large / small == pytest.approx(4.0, rel=0.5)
    assert np.isnan(few.data_centres.known).all()
    assert min(capacity(many).values()) >= 0.0
