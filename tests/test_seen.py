"""Nothing but a mechanism writes the world: what parts and watchers see refuses it, and the part is named by file and line."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_extending import AGREEMENT, METRIC, PROTOCOL, SHOCK, line_in, write
from test_threads import parts
from worlds import SEEN, setting_of

from sim import engine
from sim.contracts import WriteRefused, seen
from sim.game import Game
from sim.model import DiplomacyModel
from sim.registry import shelf
from sim.run import Watcher, run
from sim.state.world import Setting, World, snapshot
from sim.types import UserError

pytestmark = pytest.mark.usefixtures("own_parts")
FEW: dict[str, Any] = {"roster": {"states": ["CHN", "DEU", "FRA", "IDN", "JPN", "SGP", "USA"]}, "end": "2019-04"}
TALKING: dict[str, Any] = {**FEW, "end": "2020-12", "mechanisms": {"bargaining": {"propose_rate": 1.0, "staff_price": 0.0}}}
"""The same world while much is talked about, so that texts are looked for."""
WRITES = [
    "world.trust.__imul__(0.0)[:1]",
    "[world.gdp.fill(1.0), 1.0][1:]",
    "[setattr(world, 'month', 3), 1.0][1:]",
    "[setattr(world, 'trust', world.trust * 0.0), 1.0][1:]",
    "[world.events.append(month=1, event=1), 1.0][1:]",
    "[world.events['value'].fill(2.0), 1.0][1:]",
    "[world.instruments['text'].fill(0.5), 1.0][1:]",
    "[world.talks.extend(2), 1.0][1:]",
    "[setattr(world.talks, 'n', 0), 1.0][1:]",
    "[world.setting.edges.border.fill(1.0), 1.0][1:]",
    "[world.setting.roster.lat.fill(1.0), 1.0][1:]",
    "[world.setting.config.mechanisms.clear(), 1.0][1:]",
    "[world.setting.config.tree.update(end='2030-01'), 1.0][1:]",
    "[np.sort(world.trade), world.trade.sort(), 1.0][2:]",
    "[world.first_event.__self__.trust.fill(0.0), 1.0][1:]",
]


@pytest.fixture(scope="module")
def setting() -> Setting:
    return setting_of(SEEN)


@pytest.mark.parametrize("value", WRITES)
def test_a_metric_that_writes_is_refused_by_file_and_line(value: str) -> None:
    folder = parts("mine", "first", f"*{value}")
    line = next(n for n, text in enumerate(Path("mine/metrics/first.py").read_text().splitlines(), 1) if "return np.array" in text)
    with pytest.raises(UserError, match=rf"first\.py:{line}: ") as raised:
        run(parts=folder, **FEW)
    assert "only read" in str(raised.value) or "no attribute" in str(raised.value)


@pytest.mark.parametrize("door", ["game", "model"])
def test_a_metric_that_writes_is_refused_in_a_game_and_in_a_model(door: str) -> None:
    tree = {**FEW, "parts": parts("mine", "first", "world.trust.__imul__(0.0)[0]")}
    with pytest.raises(UserError, match=r"first\.py:\d+: it writes to what it may only read"):
        _ = Game(tree).advance(1) if door == "game" else DiplomacyModel(**tree).step()


CHANGED = [
    (
        PROTOCOL,
        ("p = checked(problems)", "p = checked(problems); problems.d.fill(0.0)"),
        {"protocol": {"name": "midway", "contacts_to_conclude": 1}},
    ),
    (AGREEMENT, ("draft = Draft(groups)", "draft = Draft(groups); view.gdp.fill(1.0)"), {"negotiated": ["research_pact"]}),
    (AGREEMENT, ("draft = Draft(groups)", "draft = Draft(groups); groups.edge.fill(1)"), {"negotiated": ["research_pact"]}),
    (SHOCK, ("return ()", "view.closure.fill(1.0); return ()"), {"shocks": [{"kind": "flight_ban"}]}),
    (SHOCK, ("return ()", "view.gdp = 1; return ()"), {"shocks": [{"kind": "flight_ban"}]}),
    (SHOCK, ("return ()", "view.setting.edges.border.fill(1.0); return ()"), {"shocks": [{"kind": "flight_ban"}]}),
]


@pytest.mark.parametrize(("name", "change", "tree"), CHANGED)
def test_a_part_of_any_kind_that_writes_is_refused_by_file_and_line(name: str, change: tuple[str, str], tree: dict[str, Any]) -> None:
    folder = write(name, **{name.split("/")[0]: change})
    with pytest.raises(UserError, match="it writes to what it may only read") as raised:
        run(parts=folder, **TALKING, **tree)
    assert line_in(name, change[1].split(";")[0]) in str(raised.value)


class Meddler(Watcher):
    """Writes to something it sees."""

    def __init__(self, month: Callable[[World], Any] | None = None, table: Callable[..., Any] | None = None) -> None:
        self._month, self._table, self.tables = month, table, 0

    def month(self, world: World) -> None:
        if self._month is not None:
            self._month(world)

    def table(self, world: World, rows: Any, problems: Any, known: Any, outcomes: Any) -> None:
        self.tables += 1
        if self._table is not None:
            self._table(world, rows, problems, known, outcomes)


MEDDLERS = [
    Meddler(month=lambda world: world.trust.fill(0.0)),
    Meddler(month=lambda world: setattr(world, "seed", 1)),
    Meddler(month=lambda world: world.adherence.append()),
    Meddler(table=lambda world, rows, problems, known, outcomes: outcomes.text.fill(0.0)),
    Meddler(table=lambda world, rows, problems, known, outcomes: problems.a.fill(0.0)),
    Meddler(table=lambda world, rows, problems, known, outcomes: rows.fill(0)),
]


@pytest.mark.parametrize("meddler", MEDDLERS)
def test_a_watcher_that_writes_is_refused_by_file_and_line(meddler: Meddler) -> None:
    with pytest.raises(UserError, match=r"test_seen\.py:\d+: it writes to what it may only read"):
        run(watcher=meddler, **TALKING)


def test_a_watcher_that_reads_and_copies_changes_nothing() -> None:
    kept: list[Any] = []

    def look(world: World) -> None:
        kept.append((world.trust.copy(), copy.deepcopy(world), world.events["event"].copy(), len(world.events)))

    watched = run(watcher=Meddler(month=look), **FEW)
    assert watched.runs[0].digest == run(**FEW).runs[0].digest
    later = kept[2][1]
    assert type(later) is World and later.trust.flags.writeable and np.array_equal(later.trust, kept[2][0])
    engine.step(later)


def test_what_is_seen_is_the_world_itself_and_goes_with_it(setting: Setting) -> None:
    world = engine.start(setting, 1)
    shown: Any = seen(world)
    assert isinstance(shown, World) and seen(shown) is shown and shown.month == world.month and bool(shown)
    engine.step(world)
    assert shown.month == world.month and np.shares_memory(shown.trust, world.trust)
    assert len(shown.events) == len(world.events) > 0 and shown.first_event() == world.first_event()
    assert shown.instrument_identity(0) == world.instrument_identity(0)
    assert pickle.loads(pickle.dumps(shown)).month == world.month
    for change in (lambda: setattr(shown, "month", 1), lambda: delattr(shown, "trust"), lambda: setattr(copy.copy(shown), "seed", 1)):
        with pytest.raises(WriteRefused):
            change()
    assert world.trust.flags.writeable


@pytest.mark.slow  # kernels are compiled once more for arrays that may not be written to
def test_our_types_protocols_and_shocks_do_not_write_to_what_they_are_given(setting: Setting) -> None:
    watched = Meddler(table=_solve_again)
    run("pandemic_lockdown", watcher=watched, **TALKING)
    assert watched.tables > 0


def _solve_again(world: Any, rows: Any, problems: Any, known: Any, outcomes: Any) -> None:
    for name in ("nash", "egalitarian", "single_text", "take_it_or_leave_it"):
        shelf("protocol").build(name).solve(problems)
    for shock in world.setting.config.shocks:
        shock.changes(seen(world), world.month, world.setting.config.start)


LUCK = ["np.random.rand()", "np.random.normal(0.0, 1.0)", "__import__('random').random()"]


@pytest.mark.parametrize("value", LUCK)
def test_a_part_that_draws_from_the_process_is_refused(value: str) -> None:
    with pytest.raises(UserError, match=r"first\.py:\d+: metric first: measure\(\) draws from numpy\.random or random"):
        run(parts=parts("mine", "first", value), **FEW)


def test_a_protocol_that_draws_from_the_process_is_refused() -> None:
    folder = write(PROTOCOL, protocols=("p = checked(problems)", "p = checked(problems); np.random.shuffle(np.arange(3))"))
    with pytest.raises(UserError, match=r"midway\.py:\d+: protocol midway: solve\(\) draws from numpy\.random or random"):
        run(parts=folder, protocol={"name": "midway", "contacts_to_conclude": 1}, **TALKING)


def test_metrics_of_ours_are_finite_but_where_they_say_that_they_may_be_undefined(setting: Setting) -> None:
    world = engine.start(setting, 1)
    engine.step(world)
    declared = {}
    for name in shelf("metric").names():
        metric = shelf("metric").build(name)
        values = np.asarray(metric.measure(world), dtype=np.float64)
        assert not np.isinf(values).any()
        assert hasattr(metric, "undefined") or np.isfinite(values).all()
        declared[name] = hasattr(metric, "undefined")
    screens = {"screen_blocked", "screen_heard"}
    missing = screens | {
        "access_gap",
        "access_means",
        "cloud_market",
        "cloud_trade",
        "data_centres",
        "data_residence",
        "internet_use",
        "latency",
        "never_ratified",
        "reputation",
        "trade_covered",
        "welfare_gini",
        "welfare_shares",
    }
    assert {name for name, may in declared.items() if may} == missing


def test_metrics_of_ours_only_read(setting: Setting) -> None:
    # They are shown the world itself, because a face costs a look; on a face that refuses writes they give the same.
    world = engine.start(setting, 1)
    for _ in range(8):
        engine.step(world)
    before = {key: value.tobytes() for key, value in snapshot(world).items()}
    for name in shelf("metric").names():
        assert _measured(world, name).tobytes() == _measured(seen(world), name).tobytes(), name
    assert {key: value.tobytes() for key, value in snapshot(world).items()} == before


def _measured(world: Any, name: str) -> Any:
    return np.asarray(shelf("metric").build(name).measure(world))


def test_a_share_of_nothing_is_missing(setting: Setting) -> None:
    world = engine.start(setting, 1)
    assert np.isnan(_measured(world, "never_ratified")).all()
    world.trade[:] = 0.0
    assert np.isnan(_measured(world, "trade_covered")).all()
    world.internet_use[:] = 0.0
    assert np.isnan(_measured(world, "access_gap")).all()


def test_a_metric_of_a_users_may_be_missing_but_not_infinite() -> None:
    gone = "np.nan if world.month % 2 else float(world.month)"
    result = run(parts=parts("mine", "first", gone), record="panels", outputs="outputs", **FEW)
    series = result.series["first"]
    assert np.isnan(series).tolist() == [True, False, True, False] and result.scalars["first"] == series[-1]
    import pyarrow.parquet as pq

    assert result.folder is not None
    kept = np.asarray(pq.read_table(result.folder / "series.parquet")["first"].to_numpy())
    assert np.array_equal(kept, series, equal_nan=True)
    with pytest.raises(UserError, match=r"first\.py:\d+: metric first: measure\(\) gave an infinite value in 2019-01"):
        run(parts=parts("other", "first", "-np.inf"), **FEW)


@pytest.mark.parametrize("payload", ["np.nan", "-np.nan", "np.array([0x7ff8000000000123], dtype=np.uint64).view(np.float64)[0]"])
def test_every_undefined_value_has_one_digest(payload: str) -> None:
    plain = run(parts=parts("one", "first", "np.nan"), **FEW).setting
    assert plain is not None
    from sim.recorder import Recorder

    def digest(bits: Any) -> str:
        world, recorder = engine.start(plain, 1), Recorder(plain, "series")
        engine.step(world)
        at = next(k for k, metric in enumerate(recorder.metrics) if metric.name == "first")
        recorder.metrics[at] = _Fixed(recorder.metrics[at], bits)
        recorder.measure(world)
        return recorder.finish(world).digest

    assert digest(eval(payload, {"np": np})) == digest(np.nan)


class _Fixed:
    """A metric that gives one value."""

    def __init__(self, metric: Any, value: float) -> None:
        self._metric, self._value = metric, value

    def __getattr__(self, name: str) -> Any:
        return getattr(self._metric, name)

    def measure(self, _world: Any) -> Any:
        return np.array([self._value])


def test_missing_months_and_states_are_left_out_of_sums_and_means() -> None:
    from sim.recorder import over_months, over_parties

    rows = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    assert over_parties("sum", rows).tolist()[0] == 4.0 and over_parties("mean", rows).tolist()[0] == 2.0
    assert np.isnan(over_parties("mean", rows)[1]) and np.isnan(over_months("sum", rows[1]))
    assert over_months("mean", rows[0]) == 2.0 and over_months("sum", rows[0]) == 4.0 and over_months("last", rows[0]) == 3.0


def test_a_missing_value_is_null_on_the_page_and_a_gap_in_a_figure() -> None:
    from analysis.app.packing import shorts
    from analysis.store import band, open_run

    assert shorts(np.array([np.nan, 1.0])) == [None, 1]
    folder = run(outputs="outputs", **FEW).folder
    assert folder is not None
    low, middle, high = band(open_run(folder).series("never_ratified"))
    assert np.isnan(middle[0]) and low.shape == high.shape == (4,)


def test_a_metrics_words_say_when_it_is_undefined() -> None:
    from sim.folder import metric_words

    words = metric_words(setting_of(FEW))
    assert words["never_ratified"]["undefined"].startswith("while no instrument") and "undefined" not in words["closure"]


@pytest.mark.parametrize("said", ['""', "3"])
def test_when_it_is_undefined_is_said_in_words(said: str) -> None:
    change = ('over_months: ClassVar[str] = "last"', f'over_months: ClassVar[str] = "last"\n    undefined: ClassVar[str] = {said}')
    with pytest.raises(UserError, match="when it is undefined, in words is expected"):
        run(parts=write(METRIC, metrics=change), **FEW)


@pytest.mark.parametrize("watcher", [5, print])
def test_a_watcher_of_another_form_is_refused_in_a_sentence(watcher: Any) -> None:
    with pytest.raises(UserError, match="watcher must be a Watcher"):
        run(watcher=watcher, **FEW)


def test_the_way_back_through_the_base_of_an_array_ends_at_memory_that_is_to_read_only(setting: Setting) -> None:
    world = engine.start(setting, 1)
    shown = seen(world)
    for name in ("trust", "gdp", "blocked", "in_force"):
        step = getattr(shown, name)
        while isinstance(step, np.ndarray):
            assert not step.flags.writeable
            step = step.base
        assert isinstance(step, memoryview) and step.readonly


def test_the_words_of_a_run_cannot_be_changed_by_who_sees_them(setting: Setting) -> None:
    world = engine.start(setting, 1)
    shown = seen(world).setting.words
    assert shown.code("event", "signature") == setting.words.code("event", "signature")
    for change in (lambda: shown.codes["event"].update(x=1), lambda: shown.words.update(event=()), lambda: shown.names.clear()):
        with pytest.raises((TypeError, AttributeError)):
            change()
