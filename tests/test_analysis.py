"""The readers and the report: what they refuse, what they say, and that the page needs nothing but itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

import fake_run
import numpy as np
import pytest

from analysis import maps, report, style
from analysis.__main__ import main
from analysis.figures import alliance_graph, get, parts
from analysis.store import band, open_run
from sim.run import run as run_model
from sim.seal import signed
from sim.types import UserError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fake_run.write(tmp_path_factory.mktemp("outputs") / "baseline-fake")


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return report.page(open_run(folder))


def _edited(folder: Path, target: Path, **changes: object) -> Path:
    target.mkdir()
    for path in folder.glob("*.parquet"):
        (target / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | changes
    kept = signed({k: v for k, v in manifest.items() if v is not None})
    (target / "manifest.json").write_text(json.dumps(kept), encoding="utf-8")
    return target


def _refusal(folder: Path) -> str:
    with pytest.raises(UserError) as fault:
        open_run(folder)
    return str(fault.value)


def test_unfinished_newer_and_missing_runs_are_refused_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    assert "there is no run folder" in _refusal(tmp_path / "nowhere")
    assert "did not finish" in _refusal(tmp_path)
    assert "status 'running'" in _refusal(_edited(folder, tmp_path / "a", status="running"))
    assert "newer version (schema 99)" in _refusal(_edited(folder, tmp_path / "b", schema=99))
    assert "says nothing on seeds" in _refusal(_edited(folder, tmp_path / "c", seeds=None))
    broken = _edited(folder, tmp_path / "d")
    (broken / "manifest.json").write_text('{"schema": 1,', encoding="utf-8")
    assert "not readable JSON" in _refusal(broken)


def test_a_cut_off_table_is_named(folder: Path, tmp_path: Path) -> None:
    cut = _edited(folder, tmp_path / "cut")
    (cut / "series.parquet").write_bytes((cut / "series.parquet").read_bytes()[:300])
    with pytest.raises(UserError, match=r"series\.parquet cannot be read"):
        open_run(cut).series("contacts_visit")


def test_a_misspelt_series_is_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(UserError, match="did you mean 'contacts_visit'"):
        open_run(folder).series("contacts_visits")


def test_series_are_a_row_a_run_and_a_column_a_month(folder: Path) -> None:
    run = open_run(folder)
    values = run.series("contacts_call")
    assert values.shape == (4, 84)
    assert np.isfinite(values).all()
    assert run.months[0] == fake_run.START


def test_a_band_is_the_middle_four_fifths() -> None:
    low, middle, high = band(np.arange(11.0)[:, None])
    assert (low[0], middle[0], high[0]) == (1.0, 5.0, 9.0)


def test_agreements_are_told_by_the_ledger(folder: Path, tmp_path: Path) -> None:
    old = [b for b in open_run(folder).bonds if b.from_start and b.run == 2]
    assert {(b.type, b.party_a, b.party_b) for b in old} == {
        ("adequacy_decision", "EU", "JPN"),
        ("digital_trade_agreement", "JPN", "USA"),
        ("transfer_framework", "EU", "USA"),
    }
    start = [{"type": "transfer_framework", "instrument": "listed", "parties": ["USA", "BRA"], "in_force": 24000}]
    listed = open_run(_edited(folder, tmp_path / "listed", instruments_at_start=start))
    assert [(b.run, b.party_a, b.party_b) for b in listed.bonds if b.instrument == "listed"] == [(k, "BRA", "USA") for k in range(4)]


def test_an_ended_agreement_is_no_longer_in_force(folder: Path, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    ended = _edited(folder, tmp_path / "ended")
    table = pq.read_table(ended / "events.parquet")
    last = fake_run.START + 5
    row = next(r for r in table.to_pylist() if r["type"] == "adequacy_decision" and r["run"] == 0) | {"month": last, "event": "termination"}
    pq.write_table(pa.concat_tables([table, pa.Table.from_pylist([row], schema=table.schema)]), ended / "events.parquet")
    run = open_run(ended)
    held = [sum(b.type == "adequacy_decision" for b in run.in_force(month)) for month in (last - 1, last)]
    assert held == [4, 3]


def test_equal_earth_has_its_published_extent() -> None:
    x, y = maps.project(np.array([maps.MERIDIAN + 180.0, maps.MERIDIAN]), np.array([0.0, 90.0]))
    assert x[0] == pytest.approx(2.7066, abs=1e-4)
    assert y[1] == pytest.approx(1.3173, abs=1e-4)


def test_equal_earth_keeps_areas() -> None:
    lat = np.linspace(-89.0, 89.0, 90)
    low, high = (maps.project(np.full(90, maps.MERIDIAN + 90.0), lat + d) for d in (-0.01, 0.01))
    x, _ = maps.project(np.full(90, maps.MERIDIAN + 90.0), lat)
    strip = x * (high[1] - low[1]) / (np.sin(np.radians(lat + 0.01)) - np.sin(np.radians(lat - 0.01)))
    assert np.ptp(strip) / strip.mean() < 1e-3


def test_every_outline_stays_on_the_map() -> None:
    world = maps.world()
    widest = float(maps.project(np.array([maps.MERIDIAN + 180.0]), np.array([0.0]))[0][0])
    for code, rings in world.states.items():
        x, _ = world.fill(rings)
        known = np.array([v for v in x if v is not None])
        assert np.abs(known).max() <= widest, code
    russia = np.array([v for v in world.fill(world.states["RUS"])[0] if v is not None])
    assert russia.min() > 0.0


def test_outlines_cover_the_states_and_are_light() -> None:
    world = maps.world()
    assert len(world.states) == 192
    assert "TUV" in world.small
    assert Path(maps.__file__).with_name("geometry").joinpath("world.json").stat().st_size < 250_000


def test_an_outline_of_two_neighbours_leaves_their_common_border_out() -> None:
    world = maps.world()
    alone = sum(len(world.borders([code])[0]) for code in ("FRA", "DEU"))
    assert len(world.borders(["FRA", "DEU"])[0]) < alone


def test_a_curve_over_the_edge_is_parted() -> None:
    x, y = maps.arc((35.7, 139.7), (38.9, -77.0))
    assert x.count(None) == 2
    sides = x[x.index(None) - 1], x[x.index(None) + 1]
    assert sides[0] == pytest.approx(-sides[1], abs=1e-3)
    assert all(abs(v) <= sides[0] + 0.2 for v in x if v is not None)
    assert len(x) == len(y)


def test_every_figure_says_what_it_shows(folder: Path) -> None:
    run = open_run(folder)
    shelf = ["world_map", "alliance_graph", "treaties_over_time", "welfare", "ratification", "survival", "life_of_agreement"]
    shelf += ["contacts_by_channel", "along_axes"]
    assert [p.name for p in parts()] == shelf
    for part in parts():
        if part.applies is not None and not part.applies(run):
            assert part.name in ("along_axes", "welfare", "survival", "life_of_agreement")
            continue
        drawn = part.build(run)
        assert part.sentence.endswith("."), part.name
        assert re.search(r"\d", drawn.finding), part.name
        assert drawn.legend, part.name
        assert drawn.figure.layout.paper_bgcolor == "rgba(0,0,0,0)", part.name


def test_every_colour_has_a_dark_twin(folder: Path) -> None:
    run = open_run(folder)
    for part in parts():
        used = set(re.findall(r"#[0-9a-f]{6}", part.build(run).figure.to_json()))
        assert used <= set(style.DARK_OF), (part.name, used - set(style.DARK_OF))
    twins = list(style.DARK_OF.values())
    assert len(set(twins)) == len(twins)


def _contrast(a: str, b: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_words_are_legible_in_both_themes() -> None:
    dark_paper = style.DARK_OF[style.PAPER]
    for colour in (style.INK, style.QUIET):
        assert _contrast(colour, style.PAPER) >= 4.5, colour
        assert _contrast(style.DARK_OF[colour], dark_paper) >= 4.5, colour
    for colour in (*style.NAMED.values(), *style.TYPE_COLOUR.values()):
        assert _contrast(colour, style.PAPER) >= 3.0, colour
        assert _contrast(style.DARK_OF[colour], dark_paper) >= 3.0, colour


def test_the_page_asks_nothing_of_another_machine(page: str) -> None:
    markup = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"(src|href)=\"(?!data:,|#)", markup)
    assert "url(" not in markup
    assert "@import" not in markup


def test_the_page_says_where_it_comes_from(page: str) -> None:
    for needed in ("baseline-fake", "0 to 3", "0" * 32, "1" * 32, "numpy 2.4", "Natural Earth", "no position", "weights of capability"):
        assert needed in page, needed
    assert "python -m sim scenarios=baseline seed=0 seeds=4" in page


def test_the_same_run_gives_the_same_page(folder: Path, page: str) -> None:
    assert report.page(open_run(folder)) == page


def test_one_run_is_shown_without_bands(tmp_path: Path) -> None:
    run = open_run(fake_run.write(tmp_path / "single", n_runs=1))
    for part in parts():
        drawn = part.build(run)
        words = drawn.finding + drawn.legend_title + "".join(k.label for k in drawn.legend) + part.reading(run)
        words += "".join(str(trace.text) for trace in drawn.figure.data)
        for many in ("80\N{NO-BREAK SPACE}%", "80 %", "of runs", "1 runs", "middle run", "of the runs", "likeliest"):
            assert many not in words, (part.name, many)


def test_a_run_without_a_ledger_still_has_its_series(folder: Path, tmp_path: Path) -> None:
    thin = _edited(folder, tmp_path / "thin")
    (thin / "events.parquet").unlink()
    (thin / "panels.parquet").unlink()
    run = open_run(thin)
    drawn = get("treaties_over_time").build(run)
    assert drawn.finding.startswith("From 2019-01")
    assert not any("before the start" in key.label for key in drawn.legend)
    with pytest.raises(UserError, match="record=panels"):
        get("world_map").build(run)


def test_a_run_recorded_as_series_claims_nothing_of_who_is_bound(tmp_path: Path) -> None:
    few = {"states": ["BRA", "DEU", "FRA", "JPN", "KEN", "SGP", "USA"]}
    made = run_model("baseline", outputs=tmp_path, seed=3, end="2019-12", record="series", roster=few).folder
    assert made is not None
    page = report.page(open_run(made))
    assert "This run was recorded as series: the map, the graph and the waiting times need record=panels." in page
    for claim in ("stood when", "o new agreement", 'id="world_map"', 'id="alliance_graph"', "bound by none"):
        assert claim not in page, claim
    for kept in (
        "Each September the General Assembly takes",
        'id="treaties_over_time"',
        'id="contacts_by_channel"',
        "<code>.venv/bin/python -m sim",
        "record=series",
    ):
        assert kept in page, kept


def test_a_state_outside_the_run_is_grey_land(folder: Path) -> None:
    stored = open_run(folder)
    drawn = get("world_map").build(stored)
    grey = [trace for trace in drawn.figure.data if trace.fillcolor == style.OUTSIDE]
    x, _ = maps.world().fill(maps.world().states["CAN"])
    assert len(grey) == 1
    assert "CAN" not in stored.roster.codes
    assert {v for v in x if v is not None} <= set(grey[0].x)
    assert "not in this run" in [key.label for key in drawn.legend]


def test_every_curve_stays_on_the_sea() -> None:
    _, sea = maps.edge()
    inside = [v for v in sea if v is not None]
    for start, end in (
        ((-41.3, 174.8), (-34.6, -58.4)),
        ((-41.3, 174.8), (-25.7, 28.2)),
        ((64.1, -21.9), (55.8, 37.6)),
        ((60.2, 24.9), (45.4, -75.7)),
    ):
        y = [v for v in maps.arc(start, end)[1] if v is not None]
        assert min(inside) < min(y)
        assert max(y) < max(inside)


def test_no_name_of_the_graph_crosses_another_and_the_largest_has_one(folder: Path) -> None:
    drawn = get("alliance_graph").build(open_run(folder))
    names = next(trace for trace in drawn.figure.data if trace.customdata is not None)
    largest = max(open_run(folder).panel("capability").items(), key=lambda item: float(np.median(item[1])))[0]
    assert open_run(folder).roster.name(largest) in names.text
    page = alliance_graph.WIDE
    boxes = [
        alliance_graph.name_box((x, y), size, text, side, page)
        for x, y, size, text, side in zip(names.x, names.y, names.marker.size, names.text, names.textposition, strict=True)
    ]
    assert not any(alliance_graph.crosses(a, b) for k, a in enumerate(boxes) for b in boxes[:k])
    assert sum(names.customdata) <= alliance_graph.FEWEST_LABELS


def test_regions_and_agreements_share_no_colour() -> None:
    assert not set(style.REGION_COLOUR.values()) & {*style.TYPE_COLOUR.values(), *style.NAMED.values()}
    assert len(set(style.REGION_SHAPE.values())) == len(style.REGION_COLOUR)


def test_a_number_that_never_changes_is_said_and_not_drawn(folder: Path) -> None:
    drawn = get("treaties_over_time").build(open_run(folder))
    titles = "".join(note.text for note in drawn.figure.layout.annotations)
    assert "1 adequacy decision and 1 digital trade agreement stand unchanged" in drawn.finding
    assert "Adequacy" not in titles
    assert "Transfer frameworks" in titles


def test_the_september_sentence_needs_the_assembly(folder: Path) -> None:
    assert "General Assembly" not in get("contacts_by_channel").build(open_run(folder)).finding


def test_the_command_line_refuses_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["report", str(tmp_path / "nowhere")]) == 2
    assert main(["rapport"]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert all(line.startswith("error: ") for line in lines)


def test_the_command_line_writes_the_page(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "deep" / "page.html"
    assert main(["report", str(folder), str(target)]) == 0
    assert capsys.readouterr().out == f"report: {target}\n"
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
