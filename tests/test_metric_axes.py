"""A metric is measured along any axis of a run, and record, digest, reader and report know it from its own file."""

from __future__ import annotations

import pickle
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from measured import FEW, MEASURED, MONTHS, TREE, live, write, write_parts

from analysis import report
from analysis.along import along, axes
from analysis.store import open_run
from sim import engine
from sim.__main__ import main
from sim.along import over_rows
from sim.declare.arrays import axis, column, table
from sim.recorder import Recorder
from sim.registry import using
from sim.run import prepare, run
from sim.seal import folder_faults
from sim.types import ModelFault, UserError


@pytest.fixture
def parts(own_parts: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_parts(monkeypatch)
    return own_parts


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, Any]:
    return live(tmp_path_factory.mktemp("lived"))


def test_a_series_is_the_sum_or_the_mean_over_the_axis(lived: Any) -> None:
    result, stored, _ = lived
    one = result.runs[0]
    assert set(one.along) >= {"bloc", "edge", "instruments", "provider", "sites", "type"}
    for name, (axis_, how, _unit, _values) in MEASURED.items():
        rows = one.along[axis_].filled(name)
        for month in range(MONTHS):
            there = rows[month][~np.isnan(rows[month])]
            expected = there.sum() if how == "sum" else there.mean() if len(there) else np.nan
            assert one.series[name][month] == pytest.approx(expected, nan_ok=True), name
    # Nothing stands on the axis in the first month: of no rows the mean is undefined.
    assert np.isnan(one.series["by_site"][0]) and one.series["by_site"][1:].tolist() == [10.0, 15.0, 20.0]
    assert one.scalars["by_site"] == 20.0 and stored.series("by_site")[0, 1:].tolist() == [10.0, 15.0, 20.0]


def test_of_no_places_the_sum_is_nothing_and_the_mean_undefined() -> None:
    none, some = np.empty((2, 0)), np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    assert over_rows("sum", none).tolist() == [0.0, 0.0] and np.isnan(over_rows("mean", none)).all()
    assert over_rows("sum", some)[0] == 4.0 and over_rows("mean", some)[0] == 2.0
    assert np.isnan(over_rows("sum", some)[1]) and np.isnan(over_rows("mean", some)[1])


def test_each_axis_is_stored_as_a_long_table_of_its_own(lived: Any) -> None:
    result, stored, _ = lived
    setting, folder = result.setting, result.folder
    table_ = pq.read_table(folder / "panels_type.parquet")
    assert table_.column_names == ["run", "month", "type", "by_type"]
    assert table_["type"].to_pylist() == [*setting.type_names] * MONTHS * 2
    sites = pq.read_table(folder / "panels_sites.parquet")
    assert sites.column_names == ["run", "month", "row", "site", "by_site"]
    first = setting.config.start
    assert sites["site"].to_pylist()[:6] == ["site 0", "site 0", "site 1", "site 0", "site 1", "site 2"]
    assert sites["row"].to_pylist()[:6] == [0, 0, 1, 0, 1, 2] and sites["month"].to_pylist()[0] == first + 1
    assert sites["by_site"].to_pylist()[:3] == [10.0, 10.0, 20.0] and set(sites["run"].to_pylist()) == {3, 4}
    instruments = pq.read_table(folder / "panels_instruments.parquet")
    assert set(instruments["instrument"].to_pylist()) <= set(stored.declared("panels_instruments")["instrument"].to_pylist())
    named = set(pq.read_table(folder / "instruments.parquet")["instrument"].to_pylist())
    assert set(instruments["instrument"].to_pylist()) == named
    assert set(pq.read_table(folder / "panels_edge.parquet")["edge"].to_pylist()) == set(setting.labels("edge"))
    # Party metrics stay where they were, and no other comes among them.
    assert not set(pq.read_table(folder / "panels.parquet")["metric"].to_pylist()) & set(MEASURED)


def test_the_manifest_lists_the_axes_and_vouches_for_their_tables(lived: Any) -> None:
    result, stored, _ = lived
    told = stored.manifest["axes"]
    assert told["sites"] == {
        "label": "site", "grows": True, "columns": ["by_site"], "declared_by": "agreement research_pact", "meaning": "a data centre"
    }  # fmt: skip
    assert told["provider"]["meaning"] == "whose cloud it is" and told["type"]["declared_by"] == "every run"
    metric = stored.manifest["metrics"]["by_edge"]
    assert (metric["axis"], metric["over_rows"], metric["unit"]) == ("edge", "mean", "probability") and "over_parties" not in metric
    assert "panels_edge.parquet" in stored.manifest["tables"]
    assert {"name": "panels_edge", "tier": "panels", "digested": True} in stored.manifest["declared_tables"]
    assert folder_faults(result.folder) == []


def test_the_reader_gives_places_and_values(lived: Any) -> None:
    result, stored, _ = lived
    assert set(axes(stored)) >= {"bloc", "edge", "instruments", "provider", "sites", "type"}
    labels, values = along(stored, "provider", "by_provider")
    assert labels == ("alpha", "beta") and values.shape == (2, 2, MONTHS) and (values == [[[0.25] * MONTHS, [0.5] * MONTHS]] * 2).all()
    sites, loads = along(stored, "sites", "by_site")
    assert sites == ("site 0", "site 1", "site 2") and np.isnan(loads[0, 2, :3]).all() and loads[0, :, 3].tolist() == [10.0, 20.0, 30.0]
    for wrong, said in (("site", "did you mean 'sites'"), ("galaxy", "bloc")):
        with pytest.raises(UserError, match=rf"keeps nothing measured along '{wrong}'; .*{said}"):
            along(stored, wrong, "by_site")
    with pytest.raises(UserError, match=r"has no column 'by_sit' along sites; did you mean 'by_site'\?"):
        along(stored, "sites", "by_sit")
    frame = result.to_frame("panels_sites")
    assert list(frame.columns) == ["run", "month", "row", "site", "by_site"] and len(frame) == 2 * (1 + 2 + 3)
    with pytest.raises(UserError, match=r"a result has no table 'panels_site'; did you mean 'panels_sites'\?"):
        result.to_frame("panels_site")


def test_a_damaged_table_of_an_axis_is_refused(lived: Any, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(lived[0].folder, folder)
    raw = bytearray((folder / "panels_sites.parquet").read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / "panels_sites.parquet").write_bytes(bytes(raw))
    assert any("panels_sites.parquet" in fault for fault in folder_faults(folder))
    with pytest.raises(UserError, match=r"panels_sites.parquet is not the table that the manifest tells of"):
        along(open_run(folder), "sites", "by_site")


def test_a_report_draws_what_was_measured_with_its_unit(lived: Any) -> None:
    page = report.page(lived[1])
    assert 'id="along_axes"' in page and "Title of by_provider (share of data): among 2 places along provider" in page
    assert "Title of by_site: site 2" in page
    edges, trust = along(lived[1], "edge", "by_edge")
    most = edges[int(np.argmax(np.nan_to_num(np.abs(trust)).max(axis=(0, 2))))]
    assert "Title of by_edge: " + most.replace(">", "&gt;") in page.replace("\\u0026gt;", "&gt;")


@pytest.mark.usefixtures("own_parts")
def test_a_run_without_such_metrics_is_told_as_before() -> None:
    tree = {key: value for key, value in TREE.items() if key not in ("parts", "negotiated")}
    stored = open_run(run(outputs="outputs", **tree).folder or "")
    told = stored.manifest.get("axes", {})
    assert not {name for one in told.values() for name in one["columns"]} & set(MEASURED)
    assert {path.stem for path in stored.folder.glob("panels_*")} == {f"panels_{one}" for one in told} and set(axes(stored)) == set(told)
    assert ('id="along_axes"' in report.page(stored)) == bool(told)


@pytest.mark.usefixtures("parts")
def test_the_record_is_the_same_at_every_tier() -> None:
    runs = {tier: run(record=tier, seed=3, **TREE).runs[0] for tier in ("scalars", "series", "panels", "full")}
    assert len({one.digest for one in runs.values()}) == 1
    assert {tier: bool(one.along) for tier, one in runs.items()} == {"scalars": False, "series": False, "panels": True, "full": True}
    assert all(one.series["by_site"][3] == 20.0 for one in runs.values())


@pytest.mark.usefixtures("parts")
def test_the_digest_changes_with_a_value_though_its_aggregate_does_not() -> None:
    config, _ = prepare(TREE)
    setting = engine.assemble(config)

    def digest(world: Any) -> str:
        record = Recorder(setting, "series")
        record.measure(world)
        world.share[:] = 0.25  # as it was, so that only what was measured can tell
        return record.finish(world).digest

    worlds = [engine.start(setting, 1) for _ in range(3)]
    for world in worlds:
        engine.step(world)
    worlds[1].share[0], worlds[1].share[1] = 0.35, 0.2  # 0.35 + 2 * 0.2 = 0.25 + 2 * 0.25
    plain, turned, again = (digest(world) for world in worlds)
    assert plain == again != turned


@pytest.mark.usefixtures("parts")
def test_a_record_may_be_copied_and_carried_on() -> None:
    config, _ = prepare(TREE)
    setting = engine.assemble(config)
    world = engine.start(setting, 1)
    record = Recorder(setting, "panels", portable=True)
    digests = set()
    for month in range(MONTHS):
        engine.step(world)
        record.measure(world)
        if month == 1:
            fork = record.copy()
    assert len(fork.along(world)["sites"].counts) == 2 and len(record.along(world)["sites"].counts) == MONTHS
    digests = {record.finish(world).digest}
    with using(config.shelves):
        digests.add(pickle.loads(pickle.dumps(record)).finish(world).digest)
    assert len(digests) == 1


FAULTS = [
    ({"axis": "sitez"}, r"it is measured along 'sitez', and no part of the run declares such an axis or table; did you mean 'sites'\?"),
    ({"axis": "galaxy"}, r"measured along 'galaxy', and no part .*; \d+ are valid, such as adherence, bloc,"),
    ({"how": "median"}, r"Measured.over_rows is 'median'; one of sum, mean is expected"),
    ({"axis": "Sites"}, r'Measured.axis is \'Sites\'; "world", "party" or the name of another axis or table is expected'),
    ({"axis": "sites"}, r"measure\(\) must give numbers of shape \(1, 0\) \(columns, axis sites\), not \(1, 1\)"),
    ({"axis": "type"}, r"measure\(\) must give numbers of shape \(1, \d+\) \(columns, axis type\), not \(1, 1\)"),
    ({"axis": "type", "columns": '("type",)'}, r"there is already a column 'type'; choose another name"),
    ({"axis": "sites", "columns": '("site",)'}, r"there is already a column 'site'; choose another name"),
    ({"axis": "edge", "columns": '("contacts_held",)'}, r"metric bad: there is already a column 'contacts_held'"),
    ({"axis": "type", "values": "np.zeros((1, len(world.setting.types))) + 1j"}, r"measure\(\) must give numbers of shape"),
    ({"more": '    public: ClassVar[str] = "yes"\n'}, r"Measured.public is 'yes'; True or False is expected"),
    ({"values": "np.full((1, len(world.setting.types)), np.inf)"}, r"measure\(\) gave an infinite value in 2019-11"),
]


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(("said", "sentence"), FAULTS, ids=[str(said) for said, _ in FAULTS])
def test_a_fault_is_one_sentence_that_names_the_metric_and_its_file(
    said: dict[str, str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("bad", **said)
    assert main(["parts=mine", f"roster.states=[{','.join(FEW)}]", "start=2019-11", "end=2019-12"]) == 2
    note, told = capsys.readouterr().err.splitlines()
    assert note.startswith("note: parts=mine runs") and told.startswith("error: ") and "bad.py" in told
    assert re.search(sentence, told), told
    assert not list(Path("outputs").glob("*/manifest.json"))


def test_our_own_fault_is_not_the_users(parts: Path) -> None:
    config, _ = prepare(TREE)
    schema = engine.assemble(config).schema
    ours = type("Ours", (), {"kind": "metric", "name": "ours", "axis": "typ", "__module__": "sim.metrics.ours"})
    with pytest.raises(ModelFault, match=r"^sim/metrics/ours.py: metric ours: it is measured along 'typ'.*did you mean 'type'\?$"):
        engine.refuse_other_axes(schema, [ours])


def test_no_axis_or_table_takes_a_name_that_means_something_else() -> None:
    with pytest.raises(ModelFault, match=r"^table 'world': 'world' means that a metric has one value for all; choose another name$"):
        table("world", (column("owner", meaning="x", unit="y"),), meaning="z")
    with pytest.raises(ModelFault, match=r"^axis 'world': 'world' means "):
        axis("world", names=("a",), meaning="z")
    with pytest.raises(ModelFault, match=r"^table 'panels_type': panels_type.parquet is another file"):
        table("panels_type", (column("owner", meaning="x", unit="y"),), meaning="z")
