"""State declares itself: what a part declares is in the world, its snapshots, its digest and its record, and nowhere else in the code."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import world_fields
from reference.plain_world import array_of, arrays_of, differences, told
from test_extending import AGREEMENT, FILES
from worlds import TINY, different, setting_of

from analysis.app.watching import Notes
from analysis.store import open_run
from sim import engine
from sim.contracts import WriteRefused, seen
from sim.declare.arrays import FIXED, Array, array, axis, column, table
from sim.recorder import Recorder
from sim.rows import recorded_tables, table_in_words
from sim.run import Watcher, run
from sim.state.schema import Schema, resolve
from sim.state.world import TAKEN, Setting, World, clone, restore, snapshot
from sim.types import ModelFault, UserError

FOUR: dict[str, Any] = {"start": "2019-11", "end": "2020-01", "roster": {"states": ["DEU", "FRA", "GBR", "USA"]}}
SITES = table(
    "sites",
    (
        column("owner", "int32", refers="party", meaning="who owns it"),
        column("since", "int32", refers="month", meaning="when it was built"),
        column("twin", "int32", refers="site", meaning="the site that mirrors it"),
        column("of", "int32", refers="instrument", meaning="what it was built under"),
        column("why", "int8", absent=0, refers="reason", meaning="why it closed"),
        column("load", float, ("side", 2), unit="MW", meaning="what it carries"),
    ),
    tier="panels",
    meaning="a data centre",
)
AXES = [
    ("party",),
    ("state",),
    ("bloc",),
    ("edge",),
    ("type", "edge"),
    ("negotiated", "edge"),
    ("package", "edge"),
    ("issue", "side"),
    ("channel",),
    ("provider", "party"),
    ("club",),
]
"""One of each fixed axis, and two of the toy's own."""


class Toy:
    """A mechanism with arrays on every axis, a table, an axis that grows, and axes of its own."""

    kind: ClassVar[str] = "mechanism"
    name: ClassVar[str] = "toy"
    reads: ClassVar[tuple[str, ...]] = ("gdp", "strain_0", "outage")
    state: ClassVar[tuple[Any, ...]] = (
        SITES,
        axis("provider", names=("one", "two", "three"), meaning="whose cloud"),
        axis("club", of="organisations", meaning="organisations of the roster"),
        array("outage", ("sites",), start=0.25, unit="share", meaning="part that is down", forcing=True),
        array("mix", ("sites", "issue"), dtype="int16", unit="count", meaning="what is kept there"),
        array("worth", ("instruments",), unit="USD", meaning="what an instrument was worth to the toy"),
        *(array(f"strain_{at}", axes, start=at / 2, unit="index 0-1", meaning="strain") for at, axes in enumerate(AXES)),
    )


def with_state(setting: Setting, *state: Any, name: str = "other") -> Setting:
    """Return a setting in whose world a mechanism owns some state besides what ours own."""
    part = type("Other", (), {"kind": "mechanism", "name": name, "state": state, "__module__": __name__})
    return with_parts(setting, part)


def with_parts(setting: Setting, *parts: Any) -> Setting:
    sizes = {name: setting.schema.axes[name] for name in FIXED}
    schema = resolve([*engine.declaring(setting.config.shelves), *parts], sizes, setting.roster, TAKEN)
    return dataclasses.replace(setting, schema=schema)


@pytest.fixture(scope="module")
def plain() -> Setting:
    """Assemble it anew: files that ran before may have made so many schemas that an older one is no longer kept."""
    return engine.build(FOUR)


@pytest.fixture(scope="module")
def toy(plain: Setting) -> Setting:
    return with_parts(plain, Toy)


def lived(setting: Setting) -> World:
    """Live a month, with some rows in the toy's table."""
    world = engine.start(setting, 3)
    engine.step(world)
    world.table("sites").extend(3, owner=[1, -1, 2], since=world.month, twin=[1, 0, -1], of=0)
    world.array("strain_3")[:] = np.arange(setting.edges.n)
    world.array("outage")[1] = 0.75
    world.array("mix")[2, 4] = 9
    return world


def digest(world: World, tier: str = "series") -> str:
    record = Recorder(world.setting, tier)
    record.measure(world)
    return record.finish(world).digest


def test_arrays_are_made_on_every_kind_of_axis(toy: Setting) -> None:
    world = engine.start(toy, 1)
    n = {**toy.schema.axes, "provider": 3, "club": len(toy.roster.organisations)}
    assert n["party"] == n["state"] + n["bloc"] == len(toy.codes) and n["edge"] == toy.edges.n
    assert n["negotiated"] == toy.negotiated.sum() < n["type"] == len(toy.types) and n["package"] == len(toy.links)
    assert (n["issue"], n["channel"], n["side"]) == (len(toy.words.issues), len(toy.words.channels), 2)
    for at, axes in enumerate(AXES):
        values = world.array(f"strain_{at}")
        assert values.shape == tuple(n[one] for one in axes) and (values == at / 2).all()
    for one in {one for axes in AXES for one in axes}:
        assert len(toy.labels(one)) == n[one], one
    assert toy.labels("provider") == ("one", "two", "three") and toy.labels("club") == toy.roster.organisations


def test_an_array_on_a_growing_axis_grows_with_the_rows_of_its_table(toy: Setting) -> None:
    world = engine.start(toy, 1)
    assert world.array("outage").shape == (0,) and world.array("mix").shape == (0, len(toy.words.issues))
    for _ in range(100):
        world.table("sites").append(owner=1)
    assert (world.array("outage") == 0.25).all() and len(world.array("outage")) == 100 and world.array("mix").dtype == np.int16
    world.array("outage")[7] = 1.0
    assert world.table("sites")["outage"][7] == 1.0
    # An array on the rows of somebody else's table is a column of it, absent in the rows that are there.
    assert len(world.array("worth")) == len(world.instruments) > 0 and (world.array("worth") == 0.0).all()
    assert toy.schema.owners["instruments.worth"] == "mechanism toy" and toy.schema.owners["instruments.text"] == "room ledger"


def test_arrays_are_plain_attributes_that_cost_nothing(toy: Setting) -> None:
    world = engine.start(toy, 1)
    assert all(type(vars(world)[name]) is np.ndarray for name in toy.schema.arrays)
    assert vars(world)["strain_3"] is world.array("strain_3")
    for name in ("strain", "events"):
        with pytest.raises(ModelFault, match=rf"^no part of this run declares an array '{name}'; "):
            world.array(name)
    with pytest.raises(ModelFault, match=r"^no part of this run declares a table 'site'; did you mean 'sites'\?$"):
        world.table("site")
    with pytest.raises(ModelFault, match="no part of this run declares a fixed axis 'sites'"):
        toy.labels("sites")


def test_the_plain_world_tells_declared_state_and_takes_it_back(toy: Setting) -> None:
    world = lived(toy)
    plainly = told(world)
    assert plainly.strain_9["two", "USA"] == 4.5 and plainly.strain_3["DEU", "FRA"] == 0.0
    assert [(one.owner, one.twin, one.outage, one.load) for one in plainly.sites][1] == (None, 0, 0.75, plainly.sites[1].load)
    assert np.isnan(plainly.sites[1].load).all() and np.shape(plainly.sites[1].load) == (2, 2)
    for name in toy.schema.arrays:
        np.testing.assert_array_equal(array_of(plainly, name), world.array(name))
    for name, values in arrays_of(plainly, "sites").items():
        np.testing.assert_array_equal(values, world.table("sites")[name])
    changed = told(world)
    changed.strain_9["two", "USA"] += 1.0
    changed.sites[2].owner = "DEU"
    assert [one.split(":")[0] for one in differences(changed, plainly)] == ["strain_9[('two', 'USA')]", "sites[2].owner"]


def test_a_snapshot_holds_declared_state_to_the_bit(toy: Setting, tmp_path: Path) -> None:
    world = lived(toy)
    np.savez(tmp_path / "w.npz", **snapshot(world))
    again = restore(toy, np.load(tmp_path / "w.npz"))
    assert different(snapshot(world), snapshot(again)) == set() == different(snapshot(world), snapshot(clone(world)))
    assert again.table("sites")["owner"].tolist() == [1, -1, 2] and again.array("mix")[2, 4] == 9
    again.array("strain_3")[1] += 1.0
    again.array("outage")[0] = 1.0
    assert different(snapshot(world), snapshot(again)) == {"array/strain_3", "table/sites/outage"}
    engine.step(world)
    engine.step(restore(toy, snapshot(world)))


def test_a_snapshot_of_other_parts_is_refused_in_a_sentence(plain: Setting, toy: Setting) -> None:
    few, many = snapshot(engine.start(plain, 1)), snapshot(engine.start(toy, 1))
    lacking = r"^the snapshot is of a world of other parts: it lacks array strain_0 \(party\) float64, "
    with pytest.raises(ModelFault, match=lacking) as lacks:
        restore(toy, few)
    assert "holds besides" not in str(lacks.value) and "and more" in str(lacks.value)
    with pytest.raises(ModelFault, match=r"it holds besides array strain_0 \(party\) float64, array strain_1 \(state\) float64, "):
        restore(plain, many)
    wider = with_state(plain, array("strain_0", ("party",), dtype="float32", unit="index", meaning="strain"))
    with pytest.raises(ModelFault, match=r"it lacks array strain_0 \(party\) float32 and holds besides array strain_0 \(party\) float64, "):
        restore(wider, many)
    del few["schema"]
    with pytest.raises(ModelFault, match=r"^the snapshot has schema 1; this version reads schema 2$"):
        restore(plain, few)


def sited(plain: Setting, *, digested: bool, columns: Any = SITES.columns, tier: str | None = "panels", rows: int = 0) -> World:
    """Return a lived world with a table of so many rows."""
    setting = with_state(plain, table("sites", columns, digested=digested, tier=tier, meaning="a site"))
    world = engine.start(setting, 3)
    engine.step(world)
    world.table("sites").extend(rows, owner=0)
    return world


def test_a_digest_vouches_for_tables_that_are_declared_digested_and_no_others(plain: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    without = engine.start(plain, 3)
    engine.step(without)
    assert digest(sited(plain, digested=False, rows=5)) == digest(sited(plain, digested=False)) == digest(without)
    known = {digest(sited(plain, digested=True, rows=rows)) for rows in (0, 1, 5)}
    assert len(known) == 3 and digest(without) not in known
    assert digest(sited(plain, digested=True, rows=1), "full") in known, "the same at every tier"
    # A digest that forgot a table, as it could be forgotten in a list, would not tell these apart.
    forgetful = property(lambda schema: ("events",))
    monkeypatch.setattr(Schema, "digested", forgetful)
    assert digest(sited(plain, digested=True, rows=5)) == digest(sited(plain, digested=True))


def test_a_digest_goes_by_name_and_not_by_place(plain: Setting) -> None:
    turned = sited(plain, digested=True, columns=SITES.columns[::-1], rows=2)
    assert digest(turned) == digest(sited(plain, digested=True, rows=2))
    renamed = (dataclasses.replace(SITES.columns[-1], name="burden"), *SITES.columns[:-1])
    assert digest(sited(plain, digested=True, columns=renamed, rows=2)) != digest(turned)
    ours = set(plain.schema.digested)
    assert {"talks", "instruments", "adherence", "conferences", "seats", "events"} <= ours
    assert turned.setting.schema.digested == tuple(sorted({*ours, "sites"}))


def test_a_table_is_recorded_in_words_from_its_declaration(toy: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    told = table_in_words(lived(toy), "sites")
    assert list(told) == [
        *("row", "owner", "since", "twin", "of", "why", "load_first_0", "load_first_1", "load_second_0", "load_second_1", "outage"),
        *(f"mix_{issue}" for issue in toy.labels("issue")),
    ]
    assert told["row"].tolist() == [0, 1, 2] and told["owner"].tolist() == ["FRA", "", "GBR"]
    assert told["twin"].tolist() == [1, 0, -1] and set(told["since"]) == {toy.config.start + 1}
    assert set(told["of"]) == {lived(toy).instrument_identity(0)} and set(told["why"]) == {""}
    assert told["outage"].tolist() == [0.25, 0.75, 0.25] and told["mix_research_access"].tolist() == [0, 0, 9]
    world = lived(toy)
    world.table("sites")["owner"][1] = 99
    with pytest.raises(ModelFault, match=r"^sites.owner holds 99, which is no party; -1 to \d+ are$"):
        table_in_words(world, "sites")


@pytest.mark.parametrize(("tier", "kept"), [(None, ""), ("panels", "panels full"), ("full", "full")])
def test_a_table_is_recorded_from_the_tier_it_names(plain: Setting, tier: str | None, kept: str) -> None:
    world = sited(plain, digested=True, tier=tier, rows=2)
    for record in ("scalars", "series", "panels", "full"):
        assert ("sites" in recorded_tables(world.setting, record)) == (record in kept.split())
        assert list(Recorder(plain, record).finish(engine.start(plain, 1)).tables if record == "x" else ()) == []


def test_what_is_seen_of_a_schema_refuses_to_be_changed(toy: Setting) -> None:
    shown: Any = seen(engine.start(toy, 1))
    assert shown.array("strain_3").shape == (toy.edges.n,) and len(shown.table("sites")) == 0
    for change in (
        lambda: shown.setting.schema.arrays.clear(),
        lambda: shown.setting.schema.forms["sites"].clear(),
        lambda: shown.array("strain_3").fill(1.0),
        lambda: shown.table("sites").append(owner=1),
    ):
        with pytest.raises((WriteRefused, AttributeError, ValueError, TypeError)):
            change()


def test_the_same_parts_and_sizes_give_the_same_schema(plain: Setting) -> None:
    assert engine.assemble(plain.config).schema is plain.schema
    assert setting_of(TINY).schema is not plain.schema


DECLARING = """    state: ClassVar = (
        array("labs", ("party",), start=2.0, unit="count", meaning="laboratories that take part"),
        table("grants", (column("giver", "int32", refers="party", meaning="who gives"),), tier="panels", meaning="a grant"),
        array("spent", ("grants",), unit="USD", meaning="what is spent"),
        axis("field", names=("physics", "medicine"), meaning="field of research"),
        array("interest", ("field", "edge"), unit="index 0-1", meaning="interest in the partner's work"),
    )

"""


def folder(name: str = "mine", old: str = "", new: str = "") -> str:
    """Write the page's agreement type, with state of its own, into a folder of parts."""
    text = FILES[AGREEMENT].replace("    trade_effect: float = param(", f"{DECLARING}    trade_effect: float = param(", 1)
    text = text.replace("from sim.parts import ", "from sim.parts import array, axis, column, table\nfrom sim.parts import ", 1)
    assert old in text
    path = Path(name) / AGREEMENT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return name


class Looks(Watcher):
    """Notes which arrays and tables a world has."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def month(self, world: World) -> None:
        fields = world.setting.schema.names.get("field")
        labs = [float(world.array(name).sum()) for name in ("labs", "interest") if name in world.setting.schema.arrays]
        self.seen.append((fields, labs, "grants" in world.setting.schema.tables))


@pytest.mark.usefixtures("own_parts")
def test_two_runs_in_one_process_hold_different_worlds(plain: Setting) -> None:
    one, other, filmed = Looks(), Looks(), Notes()
    first = run(parts=folder(), watcher=one, negotiated=["research_pact"], **FOUR)
    second = run(watcher=other, **FOUR)
    again = run(parts="mine", negotiated=["research_pact"], watcher=filmed, **FOUR)
    # A figure for each party becomes an observable of the map without a word there.
    assert {values.mean() for values in filmed.fields["labs"]} == {2.0} and "gdp" in filmed.fields
    n = len(first.setting.codes)
    assert set(map(str, one.seen)) == {str((("physics", "medicine"), [2.0 * n, 0.0], True))}
    assert set(map(str, other.seen)) == {str((None, [], False))} and second.setting.schema is plain.schema
    assert first.setting.schema.owners["labs"] == "agreement research_pact" and "labs" not in second.setting.schema.arrays
    assert first.runs[0].digest == again.runs[0].digest and again.setting.schema is first.setting.schema


@pytest.mark.usefixtures("own_parts")
def test_a_run_with_own_state_records_it_and_the_reader_finds_it() -> None:
    result = run(parts=folder(), outputs="outputs", **FOUR)
    assert result.folder is not None
    stored = open_run(result.folder)
    told = stored.manifest["declared"]["grants"]
    assert told["declared_by"] == "agreement research_pact" and told["columns"]["spent"] == {"unit": "USD", "meaning": "what is spent"}
    assert stored.declared("grants").column_names == ["run", "row", "giver", "spent"]
    assert list(result.to_frame("grants").columns) == ["run", "row", "giver", "spent"]
    with pytest.raises(UserError, match=r"keeps no table 'grant' of a part; did you mean 'grants'\?$"):
        stored.declared("grant")
    with pytest.raises(UserError, match=r"a result has no table 'grant'; did you mean 'grants'\?"):
        result.to_frame("grant")
    assert "grants" not in open_run(run(outputs="outputs", **FOUR).folder or "").manifest.get("declared", {})


def test_what_make_fields_writes_is_up_to_date() -> None:
    assert world_fields.FIELDS.read_text(encoding="utf-8") == world_fields.fields_text(), "run make fields"
    assert world_fields.TABLE.read_text(encoding="utf-8") == world_fields.table_text(), "run make fields"


def test_what_is_declared_is_said_once_and_told_in_full() -> None:
    schema = world_fields.ours()
    for one in schema.arrays.values():
        assert isinstance(one, Array) and one.unit and one.meaning
    assert schema.arrays["closure"].forcing and not schema.arrays["trust"].forcing


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ((array("gain", ("instruments", "side"), unit="1", meaning="x"),), "'gain' on instruments makes a second column 'gain_first'"),
        ((array("contacts", ("instruments", "channel"), unit="1", meaning="x"),), "'contacts' on instruments makes a second column"),
        ((array("security", ("offers",), unit="1", meaning="x"),), "'security' on offers makes a second column 'security'"),
        ((array("negotiation", ("events",), unit="1", meaning="x"),), "'negotiation' on events makes a second column"),
        (
            (table("sites", (*SITES.columns, column("load_first_1", unit="1", meaning="x")), tier="panels", meaning="x"),),
            "'load_first_1' on sites makes a second column 'load_first_1' of its record; choose another name",
        ),
    ],
    ids=["instruments", "channels", "offers", "events", "a table"],
)
def test_columns_that_would_stand_twice_in_the_record_are_refused(plain: Setting, state: tuple[Any, ...], words: str) -> None:
    with pytest.raises(ModelFault, match=f"^mechanism other: {words}"):
        Recorder(with_state(plain, *state), "panels")


def test_what_parts_add_to_the_ledger_and_to_offers_is_recorded(plain: Setting) -> None:
    added = (array(f"noise_{name}", (name, "side"), unit="1", meaning="x", start=0.5) for name in ("events", "offers", "instruments"))
    world = engine.start(with_state(plain, *added), 3, record_offers=True)
    engine.step(world)
    record = Recorder(world.setting, "full")
    record.measure(world)
    told = record.finish(world)
    for name in ("events", "offers", "instruments"):
        columns = getattr(told, name)
        assert [columns[f"noise_{name}_{side}"].tolist() for side in ("first", "second")] == [[0.5] * len(world.table(name))] * 2
