"""Dated events: a shock of a kind for its months and no longer, a mark that changes nothing but the ledger, and one sentence for faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from test_scenario_files import HEAD, manifest, ran
from worlds import begun

from sim import dated, engine, run
from sim.params import configure
from sim.scenario import load_scenario
from sim.shocks.travel_closure import TravelClosure
from sim.single import one_run, prepare
from sim.types import UserError, month_index

SMALL = {"start": "2019-12", "end": "2020-06", "roster": {"states": ["DEU", "FRA", "IDN", "SGP", "USA"]}, "background": []}
SPELL = {"kind": "travel_closure", "from": "2020-03", "until": "2020-04", "source": "OxCGRT"}
MARK = {"kind": "mark", "month": "2020-02", "note": "A court rules.", "source": "C-311/18"}


def closures(**over: Any) -> list[float]:
    """Return the mean closure of every month of the small world."""
    world = begun({**SMALL, **over})
    found = []
    while world.month <= world.setting.config.end:
        engine.step(world)
        found.append(float(world.closure[: world.setting.n_states].mean()))
    return found


def test_an_event_of_a_shock_is_that_shock_in_its_months_and_absent_outside_them() -> None:
    whole, dated_only = closures(shocks=[{"kind": "travel_closure"}]), closures(events=[SPELL])
    assert dated_only == [0.0, 0.0, 0.0, whole[3], whole[4], 0.0, 0.0]
    assert min(whole[3:5]) > 0.0 and whole[5] > 0.0


def test_an_event_over_the_whole_run_is_the_shock_itself() -> None:
    events = [{"kind": "travel_closure", "from": "2019-12", "strength": 0.7, "source": "x"}]
    one = one_run(engine.build({**SMALL, "events": events}), 5, "panels")
    other = one_run(engine.build({**SMALL, "shocks": [{"kind": "travel_closure", "strength": 0.7}]}), 5, "panels")
    for name, values in one.series.items():
        np.testing.assert_array_equal(values, other.series[name])


def test_worlds_that_differ_by_an_event_are_one_until_its_month() -> None:
    treated, twin = (one_run(engine.build({**SMALL, "events": events}), 5, "panels") for events in ([SPELL], []))
    before = treated.months < month_index("2020-03")
    for name, values in treated.series.items():
        np.testing.assert_array_equal(values[before], twin.series[name][before])
    assert any((values[~before] != twin.series[name][~before]).any() for name, values in treated.series.items())


def test_a_mark_is_a_row_of_the_ledger_and_changes_nothing_else() -> None:
    marked, plain = (one_run(engine.build({**SMALL, "events": events}), 5, "panels") for events in ([MARK, SPELL], [SPELL]))
    rows = marked.events["event"] == "dated_event"
    assert [int(one) for one in marked.events["month"][rows]] == [month_index("2020-02")]
    assert marked.events["value"][rows].tolist() == [0.0]
    for name, values in marked.series.items():
        np.testing.assert_array_equal(values, plain.series[name])
    for name, values in plain.events.items():
        np.testing.assert_array_equal(marked.events[name][~rows], values)


def test_the_function_that_shocks_are_laid_by_gives_them_in_order_of_name_and_values() -> None:
    late = {**SPELL, "from": "2020-05", "until": "2020-06", "strength": 0.2}
    config = configure({**SMALL, "events": [late, SPELL, MARK]})
    found = {label: dated.active(config, month_index(label)) for label in ("2020-02", "2020-03", "2020-04", "2020-05", "2020-06")}
    assert {label: [shock.strength for _, shock, _ in shocks] for label, shocks in found.items()} == {
        "2020-02": [],
        "2020-03": [1.0],
        "2020-04": [1.0],
        "2020-05": [0.2],
        "2020-06": [0.2],
    }
    assert dated.marks(config, month_index("2020-02")) == (0,) and dated.marks(config, month_index("2020-03")) == ()


def test_events_on_different_targets_may_overlap_and_on_one_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    two = [SPELL, {**SPELL, "from": "2020-04", "until": "2020-06", "strength": 0.2}]
    with pytest.raises(UserError, match=r"events\[1\]: events\[0\] is of kind travel_closure too, and both are on in 2020-04"):
        configure({**SMALL, "events": two})
    monkeypatch.setattr(TravelClosure, "targets", ("strength",), raising=False)
    config = configure({**SMALL, "events": two})
    assert [shock.strength for _, shock, _ in dated.active(config, month_index("2020-04"))] == [0.2, 1.0]


def test_a_configuration_with_events_is_read_back_from_its_own_tree() -> None:
    config = configure({**SMALL, "events": [SPELL, MARK, {**MARK, "month": "2020-05", "announced": "2020-01", "note_id": "Putusan."}]})
    again = configure({("scenarios" if key == "scenario" else key): value for key, value in config.tree.items()})
    assert again.digest == config.digest and again.events == config.events
    assert config.events[-1].announced == month_index("2020-01")
    shuffled = configure({**SMALL, "events": [config.tree["events"][n] for n in (2, 0, 1)]})
    assert shuffled.digest == config.digest


def test_a_run_without_events_is_told_as_it_always_was() -> None:
    assert "events" not in configure(SMALL).tree and "start_state" not in configure(SMALL).tree


FAULTS: dict[str, tuple[Any, str]] = {
    "no list": ("mark", "events must be a list"),
    "no kind": ([{"month": "2020-01"}], r"events[0] must name its kind"),
    "an unknown kind": ([{**SPELL, "kind": "travel_closur"}], "events[0].kind: there is no kind of event 'travel_closur'; did you mean"),
    "no source": ([{**SPELL, "source": " "}], "events[0] has no source"),
    "a mark without a note": ([{**MARK, "note": ""}], "events[0] is a mark and has no note"),
    "no date": ([{"kind": "mark", "note": "x", "source": "y"}], "events[0] has no date"),
    "two dates": ([{**MARK, "from": "2020-01"}], "events[0] has a month beside from or until"),
    "a month that is none": ([{**MARK, "month": "2020-13"}], "events[0].month: month '2020-13'"),
    "an end before its beginning": ([{**SPELL, "until": "2020-02"}], "events[0].until 2020-02 lies before its first month"),
    "before the run": ([MARK, {**MARK, "month": "2019-11"}], "events[1] lies outside the run: 2019-11 to 2019-11"),
    "after the run": ([{**SPELL, "from": "2020-07", "until": "2020-08"}], "events[0] lies outside the run"),
    "announced too late": ([{**SPELL, "announced": "2020-04"}], "events[0].announced 2020-04 lies after its first month"),
    "a parameter that is none": ([{**SPELL, "strenght": 0.5}], "events[0]: shock travel_closure: there is no parameter 'strenght'"),
    "a value out of bounds": ([{**SPELL, "strength": 5}], "events[0]: shock travel_closure: strength = 5 lies outside"),
    "a mark with a value": ([{**MARK, "strength": 0.5}], "events[0] has no 'strength'"),
    "words without end": ([{**MARK, "note": "x" * 501}], "events[0].note must be words, at most 500 characters"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_event_is_refused_in_a_sentence(name: str) -> None:
    events, sentence = FAULTS[name]
    with pytest.raises(UserError) as fault:
        configure({**SMALL, "events": events})
    assert sentence in str(fault.value)


def test_a_shock_of_the_whole_run_and_an_event_of_its_kind_are_refused() -> None:
    with pytest.raises(UserError, match=r"events\[0\]: a shock of kind travel_closure lasts the whole run already"):
        configure({**SMALL, "events": [SPELL], "shocks": [{"kind": "travel_closure"}]})


def test_a_fault_in_a_file_has_the_line_of_its_event(tmp_path: Path) -> None:
    path = tmp_path / "closing.yaml"
    body = "events:\n  - {kind: mark, month: 2020-01, note: a, source: b}\n  - kind: mark\n    month: 2020-01\n    note: c\n"
    path.write_text(HEAD + body, encoding="utf-8")
    with pytest.raises(UserError, match=r"closing\.yaml: line 9: events\[1\] has no source"):
        load_scenario(path)
    path.write_text(HEAD + body.replace("kind: mark\n", "kind: marc\n    source: d\n"), encoding="utf-8")
    with pytest.raises(UserError, match=r"closing\.yaml: line 9: events\[1\]\.kind: there is no kind of event 'marc'"):
        load_scenario(path)


def test_the_shelf_wants_its_notes_in_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim import scenario

    told = {**load_scenario("baseline"), "start": "2019-01", "events": [{**MARK, "month": "2019-02"}]}
    told.pop("scenarios")
    (tmp_path / "noted.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    monkeypatch.setattr(scenario.resources, "files", lambda package: tmp_path)
    scenario.scenario_names.cache_clear()
    try:
        with pytest.raises(UserError, match="has a note and no note_id"):
            load_scenario("noted")
    finally:
        monkeypatch.undo()
        scenario.scenario_names.cache_clear()


def test_months_typed_beside_a_scenario_leave_its_later_events_out(tmp_path: Path) -> None:
    path = tmp_path / "closing.yaml"
    path.write_text(HEAD + yaml.safe_dump({"events": [MARK, {**MARK, "month": "2020-01"}]}), encoding="utf-8")
    assert len(prepare({"scenarios": str(path)})[0].events) == 2
    assert len(prepare({"scenarios": str(path), "end": "2020-01"})[0].events) == 1
    with pytest.raises(UserError, match="lies outside the run"):
        prepare({"scenarios": str(path), "end": "2020-01", "events": [{**MARK, "month": "2020-03"}]})


def test_the_command_line_types_events_and_their_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Callable[[list[str]], str]
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = "events=[{kind:travel_closure,from:2020-03,source:x},{kind:mark,month:2020-01,note:y,source:z}]"
    words = ["end=2020-03", "start=2020-01", "roster.states=[DEU,USA]", typed]
    assert "changes nothing with counterfactual=true" in refusal([*words, "counterfactual=true"])
    assert "scenario baseline has no shock of kind travel_closure" in refusal(["shocks.travel_closure.strength=0.3"])
    told = manifest(ran(*words, "shocks.travel_closure.strength=0.3"))
    assert [one.get("strength") for one in told["config"]["events"]] == [None, 0.3]
    python = run("baseline", start="2020-01", end="2020-03", roster={"states": ["DEU", "USA"]}, events=told["config"]["events"])
    assert python.runs[0].digest == told["digests"]["0"]


def test_the_film_tells_events_and_spells_and_the_future_is_not_told() -> None:
    from analysis.app.film import dated_of, shocks_of

    setting = engine.build({**SMALL, "events": [SPELL, MARK]})
    world = engine.start(setting, 5)
    while world.month <= setting.config.end:
        engine.step(world)
    assert shocks_of(world) == [{"name": "travel_closure", "spells": [[3, 5]]}]
    assert [(one["kind"], one["from"], one["until"]) for one in dated_of(setting)] == [("mark", 2, 3), ("travel_closure", 3, 5)]
    assert [one["note"] for one in dated_of(setting, month_index("2020-03"))] == ["A court rules."]
    assert shocks_of(world, month_index("2020-03")) == []


SHOCK = '''
"""A shock with dates of its own."""

from dataclasses import dataclass
from typing import ClassVar

from sim.parts import Change, param, part


@part("shock", name="flight_ban", title="Flight ban", title_id="Larangan terbang", sentence_id="Tidak ada pesawat.")
@dataclass(frozen=True)
class FlightBan:
    """No aeroplane crosses a border."""

    writes: ClassVar[tuple[str, ...]] = ("closure",)

    month: int = param(2, unit="month of the year", low=1, high=12, source="assumed", meaning="Month in which it begins.")

    def changes(self, view, month, since):
        """Close borders in one month of each year."""
        return (Change("closure", 0.5),) if month % 12 == self.month - 1 else ()
'''


def test_a_parameter_that_an_event_says_by_its_own_name_is_refused_in_events_and_taken_in_shocks(tmp_path: Path) -> None:
    place = tmp_path / "mine" / "shocks" / "flight_ban.py"
    place.parent.mkdir(parents=True)
    place.write_text(SHOCK, encoding="utf-8")
    mine: dict[str, Any] = {**SMALL, "parts": tmp_path / "mine", "record": "series"}
    told = run(shocks=[{"kind": "flight_ban"}], set={"shocks.flight_ban.month": 4}, **mine)
    assert told.series["closure"].tolist() == [0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0]
    for dates in ({"month": "2020-03"}, {"from": "2020-03", "until": "2020-04"}):
        with pytest.raises(UserError, match=r"^events\[0\]: shock flight_ban has a parameter 'month', which is what a dated event itself"):
            run(events=[{"kind": "flight_ban", "source": "x", **dates}], **mine)
