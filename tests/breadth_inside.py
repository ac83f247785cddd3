"""What a copy of the project knows of the whole new thing that was added to it: run in the copy by ``test_breadth.py``, not by itself."""

from __future__ import annotations

import contextlib
import csv
import functools
import io
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq
import pytest
from breadth import FILES
from test_invariants_locality import broken_promises
from worlds import different, digest

import sim
from analysis import report
from analysis.app import film as films
from analysis.app import server
from analysis.app.shelves import theme
from analysis.store import open_run
from sim import engine
from sim.__main__ import main
from sim.mechanisms import cables as rule
from sim.recorder import Recorder
from sim.rng import decision_names, identity, uniform
from sim.run import prepare, run
from sim.seal import folder_faults
from sim.state.world import World, clone, restore, snapshot
from sim.types import Stage, month_index

COPY = Path(os.environ["BREADTH_COPY"])
OUT = Path(os.environ["BREADTH_OUT"])
CUT = [month_index(month) for month in ("2019-09", "2019-10", "2019-11")]
SEED = 3
"""Its luck lays cables between the two that the anchor hits, and binds them to repair."""
PART, RATE = 0.8, 0.3
"""What the scenario's event cuts, and how readily states lay cables in it."""
OLD: dict[str, Any] = json.loads(os.environ["BREADTH_OLD"])
"""A tree that names none of the new things; the project as it was lives it, too."""


def settled(**over: Any) -> Any:
    return engine.assemble(prepare({"scenarios": "cut_off", **over})[0])


def lived(setting: Any, until: str, seed: int = SEED) -> World:
    world = engine.start(setting, seed)
    while world.month <= month_index(until):
        engine.step(world)
    return world


@functools.cache
def _midst() -> World:
    return lived(settled(), "2019-09")


def midst() -> World:
    """Return a world of its own in the month in which the shock begins."""
    return clone(_midst())


class Typed(NamedTuple):
    folder: Path
    said: str
    manifest: dict[str, Any]


def typed(*words: str) -> Typed:
    """Run the command line, and return what it left and said."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main(list(words)) == 0
    folder = Path(said.getvalue().splitlines()[-1].removeprefix("run: "))
    return Typed(folder, said.getvalue(), json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def first() -> Typed:
    return typed("scenarios=cut_off", f"seed={SEED}", "record=full", f"outputs={OUT}")


def rows(folder: Path, name: str, **where: Any) -> list[dict[str, Any]]:
    return [row for row in pq.read_table(folder / f"{name}.parquet").to_pylist() if all(row[key] == value for key, value in where.items())]


def test_the_project_at_hand_is_the_copy() -> None:
    assert Path(sim.__file__).is_relative_to(COPY) and Path(report.__file__).is_relative_to(COPY)
    assert all((COPY / name).read_text(encoding="utf-8") == text for name, text in FILES.items())


def test_a_run_repeats_itself_and_another_seed_is_another_run(first: Typed) -> None:
    again = typed("scenarios=cut_off", f"seed={SEED}", "record=full", f"outputs={OUT}")
    other = typed("scenarios=cut_off", "seed=8", "record=scalars", f"outputs={OUT}")
    assert again.folder != first.folder and again.manifest["digests"] == first.manifest["digests"]
    assert set(other.manifest["digests"].values()).isdisjoint(first.manifest["digests"].values())


def test_the_end_of_a_run_tells_of_the_type_and_of_targets_met_and_missed(first: Typed) -> None:
    lines = [" ".join(line.split()) for line in first.said.splitlines()]
    assert any(line.startswith("cable_traffic, 2019-12: ") and line.endswith(": met") for line in lines)
    assert any(line.startswith("cable_traffic, 2019-09: ") and line.endswith(": missed") for line in lines)
    signed = len(rows(first.folder, "events", event="signature", type="repair_pact"))
    assert signed > 0 and any(line.startswith(f"Repair pact {signed} ") for line in lines)


def test_the_record_holds_the_table_the_event_and_their_words(first: Typed) -> None:
    cables = rows(first.folder, "cables")
    laid = rows(first.folder, "events", event="cable_laid")
    assert len(cables) > 5 and [(one["laid"], one["between"], one["capacity"]) for one in cables] == [
        (one["month"], f"{one['party_a']}>{one['party_b']}", one["value"]) for one in laid
    ]
    assert {"name": "cables", "tier": "panels", "digested": True} in first.manifest["declared_tables"]
    assert {"cables.parquet", "panels_cables.parquet"} <= set(first.manifest["tables"])
    words = first.manifest["words"]
    assert words["event"]["cable_laid"]["title_id"] == "Kabel dipasang" and words["issue"]["repair"]["title"] == "Repair"
    assert folder_faults(first.folder) == []


def test_the_metric_is_recorded_along_the_cables_and_added_up(first: Typed) -> None:
    told = first.manifest["axes"]["cables"]
    assert (told["columns"], told["declared_by"], told["grows"]) == (["cable_traffic"], "mechanism cables", True)
    series = rows(first.folder, "series")
    for one in series:
        there = rows(first.folder, "panels_cables", month=one["month"])
        before = [cable for cable in rows(first.folder, "cables") if cable["laid"] <= one["month"]]
        assert [cable["row"] for cable in there] == list(range(len(before)))
        assert one["cable_traffic"] == pytest.approx(sum(cable["cable_traffic"] for cable in there))
    assert rows(first.folder, "scalars")[0]["cable_traffic"] == series[-1]["cable_traffic"] > 0.0
    last = rows(first.folder, "panels_cables", month=series[-1]["month"])
    assert [one["cable_traffic"] for one in last] == [one["carried"] for one in rows(first.folder, "cables")]


def test_the_type_is_signed_and_its_issue_and_consequence_stand_in_the_instruments(first: Typed) -> None:
    pacts = rows(first.folder, "instruments", type="repair_pact")
    assert any(one["stage"] == "in_force" for one in pacts)
    assert all(0.0 < one["repair"] < 1.0 and one["repaired"] == one["repair"] for one in pacts)
    others = [one for one in rows(first.folder, "instruments") if one["type"] != "repair_pact"]
    assert others and all(one["repaired"] == 0.0 for one in others)


def test_the_consequence_mends_what_the_shock_cuts() -> None:
    world = midst()
    instruments, adherence = world.instruments, world.adherence
    kind = world.setting.type_names.index("repair_pact")
    mended = np.zeros_like(world.mended)
    bound = (instruments["type"] == kind) & (instruments["stage"] == Stage.IN_FORCE) & (instruments["in_force"] < CUT[0])
    for row in np.flatnonzero(bound):
        i, j = adherence["party"][adherence["instrument"] == row].tolist()
        for edge in (world.setting.edges.find(i, j), world.setting.edges.find(j, i)):
            mended[edge] = max(mended[edge], instruments["repaired"][row])
    assert (mended > 0.0).any() and np.array_equal(world.mended, mended)
    (hit,) = {tuple(sorted((edge, int(world.setting.edges.rev[edge])))) for edge in np.flatnonzero(world.cut).tolist()}
    of_hit = world.cables["between"] == hit[0]
    saved = world.cables["carried"][of_hit] / world.cables["capacity"][of_hit]
    assert len(saved) > 0 and saved == pytest.approx(1.0 - PART * (1.0 - mended[hit[0]]))
    bare = lived(settled(negotiated=[]), "2019-09")
    of_hit = bare.cables["between"] == hit[0]
    assert of_hit.any() and bare.cables["carried"][of_hit] == pytest.approx((1.0 - PART) * bare.cables["capacity"][of_hit])
    assert not bare.mended.any()


def test_the_shock_changes_its_dyad_in_its_months_and_nothing_else() -> None:
    setting, twin = settled(), settled(counterfactual=True)
    world, calm = engine.start(setting, SEED), engine.start(twin, SEED)
    while world.month <= setting.config.end:
        month = world.month
        for one in (world, calm):
            engine.step(one)
        assert not calm.cut.any()
        edges = np.flatnonzero(world.cut)
        if month in CUT:
            there, back = edges.tolist()
            assert setting.edges.rev[there] == back and (world.cut[edges] == PART).all()
        else:
            assert not len(edges)
        if month < CUT[0]:
            assert different(snapshot(world), snapshot(calm)) <= {"config", "levers"}
    assert world.trust_kept.tobytes() != calm.trust_kept.tobytes()


def _carried_on(world: World) -> tuple[str, str]:
    """Live a world to its end, and return the digests of what it then holds and of what was measured."""
    record = Recorder(world.setting, "full")
    while world.month <= world.setting.config.end:
        engine.step(world)
        record.measure(world)
    return digest(world), record.finish(world).digest


def test_a_run_is_kept_copied_and_carried_on_in_its_midst() -> None:
    world = midst()
    kept = snapshot(world)
    assert {"array/cut", "array/mended", "table/cables/between", "table/cables/carried", "table/instruments/repaired"} <= set(kept)
    copies = [clone(world), restore(world.setting, kept), restore(world.setting, snapshot(clone(world)))]
    whole = _carried_on(world)
    assert [_carried_on(one) for one in copies] == [whole] * 3


@pytest.mark.parametrize("name", ["array/mended", "table/cables/carried", "table/cables/laid", "table/instruments/repaired"])
def test_a_planted_change_of_new_state_is_seen_by_snapshot_and_digest(name: str) -> None:
    world, planted = midst(), midst()
    _, *words = name.split("/")
    held = planted.array(words[0]) if len(words) == 1 else planted.table(words[0])[words[1]]
    held[0] += 1
    assert different(snapshot(world), snapshot(planted)) == {name}
    if name.startswith("table/"):
        finished = []
        for one in (world, midst(), planted):
            record = Recorder(one.setting, "scalars")
            record.measure(one)
            finished.append(record.finish(one).digest)
        assert finished[0] == finished[1] != finished[2]


def test_old_series_move_with_the_effect_of_the_mechanism_alone() -> None:
    """The file that this leaves is compared with the project as it was."""
    without = run(record="full", **{**OLD, "mechanisms": {"cables": {"warmth": 0.0, "rate": 0.3}}}).runs[0]
    world = run(record="series", **{**OLD, "mechanisms": {"cables": {"warmth": 0.1, "rate": 0.3}}}).runs[0]
    assert without.series["cable_traffic"][-1] > 0.0
    moved = [name for name in without.series if not np.array_equal(without.series[name], world.series[name], equal_nan=True)]
    assert "reputation" in " ".join(moved)
    np.savez(OUT / "old.npz", **{name: values for name, values in without.series.items() if name != "cable_traffic"})


def test_luck_is_drawn_by_name_and_identity(first: Typed) -> None:
    assert "cables.laid" in decision_names()
    cables = rows(first.folder, "cables")
    assert len(cables) > 5
    for one in cables:
        ends = (identity(code) for code in one["between"].split(">"))
        assert uniform(SEED, rule.LAID, one["laid"], *ends) < RATE


def _promises(months: int) -> list[str]:
    world, luck, faults = midst(), np.random.default_rng(1), []
    for _ in range(months):
        for _, name in engine.MONTH:
            faults += broken_promises(world, name, luck)
        world.month += 1
    return sorted(set(faults))


def test_all_mechanisms_read_and_write_what_they_declare() -> None:
    assert _promises(1) == []


def test_a_mechanism_that_peeks_or_meddles_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = rule.Cables.step

    def worse(self: Any, world: World, decide: Any) -> None:
        honest(self, world, decide)
        world.cables["carried"][:] *= 1e12 / (1e12 + world.gdp[0])
        world.imports_known[0] += 1.0

    monkeypatch.setattr(rule.Cables, "step", worse)
    found = _promises(1)
    assert "cables: table/cables/carried depends on something it does not say it reads" in found
    assert "cables writes imports_known without saying so" in found


def helped(*words: str) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main([*words, "--help"] if not words else ["--help", *words]) == 0
    return " ".join(said.getvalue().split())


def test_the_help_knows_all_five() -> None:
    whole = helped()
    for sentence in (
        "cut_off What does a pact to repair cables save when one is cut?",
        "repair_pact Two states keep a ship ready for the cables between them.",
        "cables States that trust each other lay cables",
        "11. Cables: States that trust each other lay cables",
        "anchor_drag A ship drags its anchor",
        "cable_traffic How much each cable carries.",
        "mends A cut cable between those it binds is mended at once",
        "cables a submarine cable that two states have laid; between (edge), laid (month), capacity (Tbit/s), carried (Tbit/s)",
    ):
        assert sentence in whole, sentence


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("cables", ("mechanism cables: Cables", "rate", "probability a month", "mended", "recorded from panels on")),
        ("repair_pact", ("agreement repair_pact: Repair pact", "mends (repair): A cut cable", "diperbaiki", "months_to_force")),
        ("anchor_drag", ("shock anchor_drag: Anchor drag", "part_cut")),
        ("cable_traffic", ("metric cable_traffic: Traffic on cables", "Tbit/s", "sum over cables")),
        ("cut_off", ("Cut off", "anchor")),
        ("event.cable_laid", ("Kabel dipasang", "Two states lay a cable.", "party_a, party_b, value")),
        ("issue.repair", ("Perbaikan", "repair_pact")),
        ("consequence.mends", ("Mends cables", "Memperbaiki kabel")),
        ("mended", ("array mended, declared by mechanism cables", "part of a cut that a pact in force mends at once")),
        ("repaired", ("array repaired, declared by consequence mends",)),
    ],
)
def test_the_help_describes_each_by_its_name(word: str, said: tuple[str, ...]) -> None:
    told = helped(word)
    assert [one for one in said if one not in told] == [], told


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    told: dict[str, Any] = server.build(OUT).server.test_client().get("/data/start.json").get_json()
    return told


def test_the_page_has_all_five_in_both_languages(page: dict[str, Any]) -> None:
    shelves = page["shelves"]
    parts, words = shelves["parts"], shelves["words"]
    cards = {one["name"]: one for one in shelves["scenarios"]}
    titles = {
        "cables": (parts["mechanism"]["cables"], "Cables", "Kabel"),
        "repair_pact": (parts["agreement"]["repair_pact"], "Repair pact", "Pakta perbaikan"),
        "anchor_drag": (parts["shock"]["anchor_drag"], "Anchor drag", "Jangkar terseret"),
        "cable_traffic": (parts["metric"]["cable_traffic"], "Traffic on cables", "Lalu lintas kabel"),
        "cut_off": (cards["cut_off"], "Cut off", "Terputus"),
        "cable_laid": (words["event"]["cable_laid"], "Cable laid", "Kabel dipasang"),
        "repair": (words["issue"]["repair"], "Repair", "Perbaikan"),
        "mends": (parts["agreement"]["repair_pact"]["does"][0], "Mends cables", "Memperbaiki kabel"),
    }
    for name, (one, title, title_id) in titles.items():
        assert (one["title"], one["title_id"]) == (title, title_id)
        said = "story" if name == "cut_off" else "sentence"
        assert one[said] and one[f"{said}_id"] and one[said] != one[f"{said}_id"], name
    assert cards["cut_off"]["shocks"] == ["anchor_drag"] and "--type-repair_pact:#" in theme()
    assert shelves["month"][-1] == "cables"
    assert (parts["metric"]["cable_traffic"]["axis"], parts["metric"]["cable_traffic"]["unit"]) == ("cables", "Tbit/s")
    assert "mechanisms.cables.rate" in [one["path"] for one in parts["mechanism"]["cables"]["parameters"]]


def test_the_glossary_has_parts_words_consequence_and_state(page: dict[str, Any]) -> None:
    told = page["glossary"]
    for part in (("mechanism", "cables"), ("agreement", "repair_pact"), ("shock", "anchor_drag"), ("metric", "cable_traffic")):
        assert list(part) in told["parts"]
    assert ["event", "cable_laid"] in told["words"] and ["issue", "repair"] in told["words"]
    assert "Memperbaiki kabel" in [one["title_id"] for one in told["consequences"]]
    state = {(one["what"], one["name"]): one for one in told["state"]}
    assert state["array", "cut"]["by"] == state["table", "cables"]["by"] == ["mechanism", "cables"]
    assert state["array", "repaired"]["by"] == ["consequence", "mends"] and state["array", "carried"]["axes"] == ["cables"]


def test_the_film_shows_the_type_the_event_the_shock_and_the_metric() -> None:
    config, chosen = prepare({"scenarios": "cut_off", "seed": SEED})
    film, _, _ = films.make(engine.assemble(config), chosen)
    kinds = [one["name"] for one in film["types"]]
    assert any(kinds[one["type"]] == "repair_pact" and one["path"] for one in film["instruments"])
    raised = {film["words"]["event"][one[1]] for one in film["events"]}
    assert {"cable_laid", "signature"} <= raised
    assert film["shocks"] == [{"name": "anchor_drag", "spells": [[8, 11]]}]
    assert len(film["series"]["cable_traffic"]["values"]) == 12 and "cables" in film["axes"]


def test_the_report_draws_the_metric_along_its_axis(first: Typed) -> None:
    told = report.page(open_run(first.folder))
    assert 'id="along_axes"' in told and "Traffic on cables" in told and "Repair pact" in told


def test_the_table_of_state_names_what_is_declared() -> None:
    with (COPY / "docs" / "state.csv").open(encoding="utf-8") as file:
        told = {row["name"]: row for row in csv.DictReader(file)}
    assert (told["cut"]["axes"], told["cut"]["forcing"], told["cut"]["declared_by"]) == ("edge", "yes", "mechanism cables")
    assert told["cables.between"]["recorded_from"] == "panels" and told["cables.carried"]["unit"] == "Tbit/s"
    assert told["instruments.repaired"]["declared_by"] == "consequence mends" and told["mended"]["meaning"]
