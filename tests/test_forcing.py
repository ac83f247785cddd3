"""Shocks make sparse, dated changes to forcing arrays on any axis; what they leave behind is nothing, and stocks only rules move."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import engine
from sim.registry import using
from sim.run import run
from sim.single import prepare, shelves_in
from sim.state.world import World, clone, restore, snapshot
from sim.types import UserError, month_index

FEW = {"roster": {"states": ["ARG", "CAN", "CHE", "DEU", "FRA", "NZL", "USA"]}, "start": "2019-01", "end": "2019-08"}
TYPE = '''
"""A treaty on cables: it declares what a cut does to a dyad, and what an outage does to an instrument."""

from dataclasses import dataclass
from typing import ClassVar

from sim.parts import array, param, part


@part("agreement", name="cable_treaty", title="Cable treaty", title_id="Perjanjian kabel", sentence_id="Kabel dijaga.")
@dataclass(frozen=True)
class CableTreaty:
    """Cables are looked after."""

    negotiable: ClassVar[bool] = False
    roles: ClassVar[tuple[str, str]] = ("party", "party")
    issues: ClassVar[tuple[str, ...]] = ("security",)
    meaning: ClassVar[dict[str, tuple[str, str]]] = {"security": ("0: none; 1: all", "the same")}
    entry: ClassVar[str] = "ratified"
    ending: ClassVar[str] = "open_ended"
    leaver: ClassVar[str] = "released"
    excluded_by: ClassVar[tuple[str, ...]] = ()
    frees_data: ClassVar[bool] = False
    state: ClassVar = (
        array("cut", ("edge",), forcing=True, low=0.0, high=1.0, unit="share", meaning="bandwidth lost between the two"),
        array("outage", ("instruments",), forcing=True, unit="share", meaning="what of the instrument does not work this month"),
        array("worn", ("edge",), unit="share", meaning="a stock that no shock may touch"),
    )

    trade_effect: float = param(0.0, unit="share", low=0.0, high=0.1, source="assumed", meaning="Digital trade added.")
'''
SHOCK = '''
"""A cable between two states is cut, and what is in force between anybody suffers an outage."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.parts import Change, Raised, World, event, param, part


@part("shock", name="cable_cut", title="Cable cut", title_id="Kabel putus", sentence_id="Sebuah kabel putus.")
@dataclass(frozen=True)
class CableCut:
    """A cable is cut."""

    writes: ClassVar[tuple[str, ...]] = ("cut", "outage")
    targets: ClassVar[tuple[str, ...]] = ("first", "second")
    words: ClassVar = (
        event("cable_fault", "Cable fault", "Kabel rusak", "A cable is cut.", "Kabel putus.", columns=("party_a", "party_b", "value")),
    )

    lost: float = param(0.5, unit="share", low=0.0, high=1.0, source="assumed", meaning="Bandwidth lost.")
    first: int = param(0, unit="place", low=0, high=6, source="assumed", meaning="One end.")
    second: int = param(6, unit="place", low=0, high=6, source="assumed", meaning="The other end.")

    def changes(self, view: World, month: int, since: int) -> tuple:
        """Cut the cable both ways, and stop every second instrument."""
        edges = view.setting.edges
        there, back = edges.find(self.first, self.second), edges.find(self.second, self.first)
        rows = np.arange(0, len(view.instruments), 2)
        told = (Change("cut", self.lost, (np.array([there, back]),), "add"), Change("outage", 1.0, (rows,)))
        if month == since:
            told += (Raised("cable_fault", self.first, self.second, value=self.lost),)
        return told
'''
METRIC = '''
"""How much is cut."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.parts import Setting, World, part


@part("metric", name="cut_cables", title="Cut cables", title_id="Kabel putus", sentence_id="Bagian yang putus.")
@dataclass(frozen=True)
class CutCables:
    """Share of bandwidth that is lost, summed over dyads."""

    unit: ClassVar[str] = "dyads"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Name the columns."""
        return ("cut_cables", "outages")

    def measure(self, world: World) -> np.ndarray:
        """Sum up."""
        return np.array([world.array("cut").sum(), world.array("outage").sum()])
'''


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    for where, text in (("agreements/cable_treaty.py", TYPE), ("shocks/cable_cut.py", SHOCK), ("metrics/cut_cables.py", METRIC)):
        (tmp_path / "mine" / where).parent.mkdir(parents=True)
        (tmp_path / "mine" / where).write_text(text, encoding="utf-8")
    return tmp_path / "mine"


def dated(begins: str, ends: str, **more: Any) -> dict[str, Any]:
    return {"kind": "cable_cut", "from": begins, "until": ends, "source": "assumed", **more}


def lived(mine: Path, months: int, **over: Any) -> World:
    with using(shelves_in(mine)):
        config, _ = prepare({**FEW, "parts": str(mine), **over})
        world = engine.start(engine.assemble(config), 1)
        for _ in range(months):
            engine.step(world)
    return world


def test_a_cut_falls_on_its_dyad_both_ways_in_its_months_and_leaves_nothing_behind(mine: Path) -> None:
    told = run(parts=mine, events=[dated("2019-03", "2019-04")], record="series", **FEW)
    assert told.series["cut_cables"].tolist() == [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    world = lived(mine, 3, events=[dated("2019-03", "2019-04")])
    edges = world.setting.edges
    assert sorted(np.flatnonzero(world.array("cut")).tolist()) == sorted([edges.find(0, 6), edges.find(6, 0)])


def test_an_outage_falls_on_rows_of_a_table_and_lifts_by_absence(mine: Path) -> None:
    world = lived(mine, 3, events=[dated("2019-03", "2019-03")])
    assert len(world.instruments) > 2
    assert world.array("outage").tolist() == [float(row % 2 == 0) for row in range(len(world.instruments))]
    with using(world.setting.config.shelves):
        engine.step(world)
    assert not world.array("outage").any()


def test_two_shocks_on_one_dyad_compose_and_stay_within_the_bounds_of_the_array(mine: Path) -> None:
    two = [dated("2019-02", "2019-03", lost=0.7), dated("2019-02", "2019-03", first=6, second=0, lost=0.6)]
    world = lived(mine, 2, events=two)
    edge = world.setting.edges.find(0, 6)
    assert world.array("cut")[edge] == 1.0
    assert lived(mine, 2, events=two[::-1]).array("cut").tobytes() == world.array("cut").tobytes()


def test_a_shock_raises_its_declared_event_once(mine: Path) -> None:
    world = lived(mine, 5, events=[dated("2019-02", "2019-04")])
    code = world.setting.words.code("event", "cable_fault")
    rows = np.flatnonzero(world.events["event"] == code)
    assert world.events["month"][rows].tolist() == [month_index("2019-02")]
    assert (int(world.events["party_a"][rows[0]]), int(world.events["party_b"][rows[0]])) == (0, 6)


def test_a_world_in_the_midst_of_a_shock_is_kept_and_taken_up_again(mine: Path) -> None:
    world = lived(mine, 3, events=[dated("2019-03", "2019-05")])
    twin = restore(world.setting, snapshot(world))
    with using(world.setting.config.shelves):
        for one in (world, twin):
            engine.step(one)
    first, second = snapshot(world), snapshot(clone(twin))
    assert all(first[name].tobytes() == second[name].tobytes() for name in first)


def test_a_run_without_the_shock_is_the_run_whose_shock_has_no_strength(mine: Path) -> None:
    calm = run(parts=mine, record="series", **FEW)
    weak = run(parts=mine, shocks=[{"kind": "cable_cut", "lost": 0.0}], record="series", **FEW)
    for name in set(calm.series) - {"outages"}:
        np.testing.assert_array_equal(calm.series[name], weak.series[name], err_msg=name)


def test_the_value_of_a_shock_is_set_by_its_kind(mine: Path) -> None:
    told = run(parts=mine, shocks=[{"kind": "cable_cut"}], set={"shocks.cable_cut.lost": 0.25}, record="series", **FEW)
    assert told.series["cut_cables"].tolist() == [0.5] * 8


def test_the_rule_that_lays_shocks_reads_what_they_say_they_read(mine: Path) -> None:
    def read() -> set[str]:
        setting = lived(mine, 0).setting
        return set(setting.schema.reads_of(setting.config.mechanisms["disruption"]))

    before, file = read(), mine / "shocks" / "cable_cut.py"
    file.write_text(SHOCK.replace("    targets:", '    reads: ClassVar[tuple[str, ...]] = ("trade",)\n    targets:'), encoding="utf-8")
    assert "trade" not in before and read() == before | {"trade"}


FAULTS = [
    (
        ("    targets:", '    reads: ClassVar = ("trad",)\n    targets:'),
        "reads names 'trad', which no part of the run declares; did you mean",
    ),
    (("    targets:", '    reads: ClassVar = "trade"\n    targets:'), "CableCut.reads is 'trade'"),
    (('"cut", "outage")', '"worn",)'), "writes names 'worn', which shocks may not change"),
    (('Change("outage", 1.0', 'Change("closure", 1.0'), "changed 'closure', which writes does not name"),
    (('"add")', '"multiply")'), "in the way 'multiply'"),
    (("(np.array([there, back]),)", "(np.array([there, there]),)"), "named a place of cut twice"),
    (("(np.array([there, back]),)", "(np.array([there, 10_000]),)"), "named a place of cut outside 0 to"),
    (('Raised("cable_fault"', 'Raised("cable_falt"'), "raised 'cable_falt', which is no event; did you mean 'cable_fault'?"),
    (("1.0, (rows,)", "np.nan, (rows,)"), "gave outage a value that is not a finite number"),
    (("1.0, (rows,)", "np.ones(99), (rows,)"), "gave outage values of shape (99,)"),
    (("1.0, (rows,)", "1.0, (slice(0, 99),)"), "named a place of outage outside 0 to"),
    (("1.0, (rows,)", "1.0, (slice(-1, None),)"), "named a place of outage outside 0 to"),
    (('Change("outage", 1.0, (rows,))', '*[Change("outage", 1.7e308, how="add")] * 2'), "made outage a value that is not a finite number"),
    (('Raised("cable_fault"', 'Raised("signature"'), "raised 'signature', which says what a rule of the model has done"),
    (("self.first, self.second, value", "99, self.second, value"), "raised 'cable_fault' with party_a = 99; -1 to "),
    (("self.first, self.second, value", "0.5, self.second, value"), "raised 'cable_fault' with party_a = 0.5; -1 to "),
    (("value=self.lost),", "value=self.lost, type=0),"), "raised 'cable_fault' with type, which its columns do not name"),
    (("value=self.lost),", 'value="much"),'), "raised 'cable_fault' with the value 'much'; a number is expected"),
    (('"party_b", "value")', '"party_b")'), "raised 'cable_fault' with a value, which its columns do not name"),
    (('("first", "second")', '("first", "third")'), "CableCut.targets is ('first', 'third'); a tuple of names of its parameters"),
    (('name="cable_cut"', 'name="mark"'), "an event of kind 'mark' changes nothing, so no shock is called so"),
    (("    lost: float = param(", "    title: float = param("), "CableCut.title is something that every part says"),
    (("return told", "return None"), "must give a tuple of Change and Raised, not NoneType"),
]


@pytest.mark.parametrize(("change", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_a_faulty_shock_is_named_with_its_file_in_one_sentence(mine: Path, change: tuple[str, str], said: str) -> None:
    assert change[0] in SHOCK
    (mine / "shocks" / "cable_cut.py").write_text(SHOCK.replace(*change), encoding="utf-8")
    with pytest.raises(UserError) as raised:
        run(parts=mine, shocks=[{"kind": "cable_cut"}], **FEW)
    assert said in str(raised.value) and "cable_cut.py" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_dates_outside_the_run_and_two_at_once_on_one_target_are_refused(mine: Path) -> None:
    for events, said in (
        ([dated("2020-01", "2020-02")], "events[0] lies outside the run"),
        ([dated("2019-02", "2019-04"), dated("2019-03", "2019-05")], "events[1]: events[0] is of kind cable_cut too"),
    ):
        with pytest.raises(UserError) as raised:
            run(parts=mine, events=events, **FEW)
        assert said in str(raised.value)


def test_a_shock_that_tells_whole_arrays_as_before_still_runs(tmp_path: Path) -> None:
    text = SHOCK[: SHOCK.index("    writes:")].replace("Change, Raised, World, event, ", "")
    text += '''    writes: ClassVar[tuple[str, ...]] = ("closure",)

    lost: float = param(0.5, unit="share", low=0.0, high=1.0, source="assumed", meaning="Meetings lost.")

    def overlay(self, setting, month, base):
        """Close every border."""
        return {"closure": np.maximum(base["closure"], self.lost)}
'''
    place = tmp_path / "old" / "shocks" / "cable_cut.py"
    place.parent.mkdir(parents=True)
    place.write_text(text, encoding="utf-8")
    told = run(parts=tmp_path / "old", shocks=[{"kind": "cable_cut"}], record="series", **FEW)
    assert told.series["closure"].tolist() == [0.5] * 8


def test_what_falls_on_a_bloc_is_what_falls_on_its_members_on_further_axes_too(mine: Path) -> None:
    place = mine / "agreements" / "cable_treaty.py"
    strain = 'array("strain", ("party", "channel"), forcing=True, low=0.0, high=1.0, unit="share", meaning="x")'
    place.write_text(TYPE.replace('        array("worn"', f'        {strain},\n        array("worn"'), encoding="utf-8")
    place = mine / "shocks" / "cable_cut.py"

    def give(change: str) -> None:
        text = SHOCK.replace('"outage")', '"strain")').replace('Change("outage", 1.0, (rows,))', change)
        place.write_text(text, encoding="utf-8")

    give('Change("strain", np.linspace(0.0, 1.0, view.setting.n_states)[:, None])')
    world = lived(mine, 1, shocks=[{"kind": "cable_cut"}])
    n, strain = world.setting.n_states, world.array("strain")
    for b in np.flatnonzero(world.member.any(axis=1)):
        inside, people = world.member[b], world.population[: world.setting.n_states][world.member[b]]
        np.testing.assert_allclose(strain[n + b], (strain[:n][inside] * people[:, None]).sum(axis=0) / people.sum())
    assert strain[n:].any()
    give('Change("strain", 1.0, (np.array([view.setting.n_states]),))')
    with pytest.raises(UserError, match="named a place of strain outside 0 to 6; a bloc is disturbed as its members are"):
        lived(mine, 1, shocks=[{"kind": "cable_cut"}])
