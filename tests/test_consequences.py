"""What agreements do is data: columns filled when one is made, numbers that levers move, and rules that name no type and no issue."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import consequences_plain
from reference.plain_world import ISSUES
from summits import BOTH, summits
from worlds import begun, lively, setting_of, tree

from sim import engine, ledger
from sim.consequences import (
    COST,
    OVERHEAD,
    SHIPPED,
    TRADE,
    AddsTrade,
    Builds,
    Consequence,
    Doings,
    FreesData,
    Guides,
    Lasts,
    Made,
    Pays,
    Shares,
    Undertakes,
    columns_of,
    declaring,
    felt,
    older,
    told,
)
from sim.decide.decisions import Compiled
from sim.engine import MONTH, Action
from sim.ledger.conferences import seated
from sim.ledger.filled import fill
from sim.metrics.trade_covered import TradeCovered
from sim.recorder import instruments_in_words
from sim.registry import shelf
from sim.state.world import World
from sim.types import NEVER, SeatStage, TalkStage

ROOT = Path(__file__).resolve().parent.parent
K = len(ISSUES)
TYPES = shelf("agreement").names()
NAMELESS = (
    "sim/ledger/coverage.py",
    "sim/ledger/filled.py",
    "sim/ledger/instruments.py",
    "sim/mechanisms/bargaining.py",
    "sim/mechanisms/effects/rule.py",
    "sim/mechanisms/entry.py",
    "sim/mechanisms/ratification.py",
    "sim/metrics/trade_covered.py",
)
"""Rules that know neither the name of a type nor that of an issue nor a parameter by which a type does what it does."""


def text_of(**levels: float) -> np.ndarray:
    text = np.full(K, np.nan)
    for issue, level in levels.items():
        text[ISSUES.index(issue)] = level
    return text


def signed(world: World, kind: str, first: str, second: str, text: np.ndarray, **more: Any) -> int:
    t, (i, j) = world.setting.type_names.index(kind), (world.setting.party(code) for code in (first, second))
    talk = ledger.open_talk(world, t, i, j, i)
    ledger.close_talk(world, talk, TalkStage.CONCLUDED)
    return ledger.sign(world, talk, text, world.month + 1, **more)


def columns(world: World, row: int) -> dict[str, float]:
    return {name: float(world.instruments[name][row]) for name in ("moving", "shared", "commitment", "payment", "term")}


def undertaken(world: World, row: int) -> tuple[float, float]:
    instruments = world.instruments
    return float(instruments["safeguards_undertaken"][row]), float(instruments["redress_undertaken"][row])


def test_a_signature_fills_what_the_type_does() -> None:
    world = begun(tree())
    text = text_of(infrastructure=0.25, hosting_control=0.5, localisation=0.75, security=0.125)
    row = signed(world, "infrastructure_pact", "USA", "KEN", text, whole=4e9, payment=1e6)
    assert columns(world, row) == {"moving": 0.25, "shared": 0.125, "commitment": 1e9, "payment": 1e6, "term": 36}
    assert world.events["value"][-1] == 1e9
    assert undertaken(world, row) == (0.0, 0.0)
    row = signed(world, "transfer_framework", "DEU", "USA", text_of(safeguards=0.5, localisation=0.25), whole=4e9, payment=-5.0)
    assert columns(world, row) == {"moving": 0.75, "shared": 0.0, "commitment": 0.0, "payment": -5.0, "term": NEVER}
    assert undertaken(world, row) == (0.5, 0.0)
    row = signed(world, "adequacy_decision", "DEU", "USA", text_of(safeguards=0.75, redress=0.125))
    assert columns(world, row) == {"moving": 1.0, "shared": 0.0, "commitment": 0.0, "payment": 0.0, "term": NEVER}
    assert undertaken(world, row) == (0.75, 0.125)


def test_what_was_in_force_before_the_run_lets_all_move_that_its_text_does_not_keep() -> None:
    world = begun(tree())
    t, (i, j) = world.setting.type_names.index("infrastructure_pact"), (world.setting.party(code) for code in ("USA", "IDN"))
    row = ledger.list_instrument(world, t, i, j, np.full(K, np.nan), world.month - 9, world.month - 6, -1)
    assert columns(world, row) == {"moving": 1.0, "shared": 0.0, "commitment": 0.0, "payment": 0.0, "term": NEVER}
    begun_with = world.instruments["listed"] >= 0
    assert begun_with.any()
    kept = world.instruments["text"][:, ISSUES.index("localisation")]
    moves = world.setting.doings.doing(AddsTrade)[world.instruments["type"]]
    assert moves.any() and not moves.all()
    np.testing.assert_array_equal(world.instruments["moving"], np.where(moves, np.where(np.isnan(kept), 1.0, 1.0 - kept), 0.0))


def test_a_treaty_of_many_is_filled_too() -> None:
    world = begun(summits(negotiated=[*BOTH]))
    t, parties = world.setting.type_names.index("security_treaty"), np.arange(4)
    meeting = ledger.open_conference(world, t, -1, 0, parties, 3, world.month)
    ledger.close_conference(world, meeting, TalkStage.CONCLUDED)
    assert len(seated(world, meeting)) == 4
    row = ledger.sign_treaty(world, meeting, text_of(security=0.5, redress=0.25, localisation=0.125), np.zeros(4), np.zeros(4))
    assert columns(world, row) == {"moving": 0.875, "shared": 0.5, "commitment": 0.0, "payment": 0.0, "term": NEVER}
    assert (world.seats["stage"] == SeatStage.SIGNED).all()


FILLED = (
    "moving", "shared", "commitment", "payment", "safeguards_undertaken", "redress_undertaken", "safeguards_guided", "openness_guided",
    "prepares", "subsidy_funds", "subsidy_overhead", "training_funds", "training_overhead", "technology_a_month",
)  # fmt: skip
"""Columns that our consequences fill, beside the term."""


def told_row_by_row(kind: Any, text: np.ndarray, whole: np.ndarray, payment: np.ndarray, listed: bool) -> dict[str, list[float]]:
    rows = [SimpleNamespace(type="kind", text=one.tolist(), term=NEVER, **dict.fromkeys(FILLED, 0.0)) for one in text]
    w = SimpleNamespace(kinds={"kind": kind}, instruments=rows)
    for row in range(len(rows)):
        consequences_plain.fill(w, row, whole=float(whole[row]), payment=float(payment[row]), listed=listed)
    return {name: [getattr(row, name) for row in rows] for name in (*FILLED, "term")}


def compiled(kind: Any, made: Made) -> dict[str, list[float]]:
    out = {name: np.zeros(len(made)) for name in FILLED} | {"term": np.full(len(made), NEVER)}
    for one in kind.does:
        for name, values in one.compile(made).items():
            out[name][:] = values
    return {name: values.tolist() for name, values in out.items()}


def drawn(data: st.DataObject) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, bool]:
    levels = st.one_of(st.floats(0.0, 1.0), st.just(float("nan")))
    n = data.draw(st.integers(1, 5))
    text = np.array(data.draw(st.lists(levels, min_size=n * K, max_size=n * K))).reshape(n, K)
    whole, payment = (np.array(data.draw(st.lists(st.floats(-1e12, 1e12), min_size=n, max_size=n))) for _ in range(2))
    return shelf("agreement").build(data.draw(st.sampled_from(TYPES))), text, np.abs(whole), payment, data.draw(st.booleans())


@settings(max_examples=60)
@given(st.data())
def test_what_is_compiled_for_many_is_what_is_told_row_by_row(data: st.DataObject) -> None:
    kind, text, whole, payment, listed = drawn(data)
    assert compiled(kind, Made(kind, ISSUES, text, whole, payment, listed)) == told_row_by_row(kind, text, whole, payment, listed)


@pytest.mark.parametrize(
    ("cls", "name", "answer"),
    [
        (AddsTrade, "infrastructure_pact", lambda self, made: {"moving": np.ones(len(made))}),
        (Builds, "infrastructure_pact", lambda self, made: {"commitment": made.level(self.issue) * made.whole * (1 + 1e-15)}),
        (Shares, "infrastructure_pact", lambda self, made: {"shared": made.level(made.issues[0])}),
        (Lasts, "infrastructure_pact", lambda self, made: {"term": made.parameter(self.months)}),
        (Undertakes, "transfer_framework", lambda self, made: {"redress_undertaken": made.level(self.safeguards)}),
    ],
)
def test_a_consequence_compiled_wrongly_would_be_caught(
    cls: type[Consequence], name: str, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cls, "compile", answer)
    kind = shelf("agreement").build(name)
    text = np.array([text_of(infrastructure=0.3, localisation=0.7, security=0.9, safeguards=0.1)] * 3)
    more = (np.array([1e9, 3e9, 7e9]), np.zeros(3), True)
    assert compiled(kind, Made(kind, ISSUES, text, *more)) != told_row_by_row(kind, text, *more)


def test_many_rows_are_filled_by_one_question_for_each_type(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    honest = AddsTrade.compile
    monkeypatch.setattr(AddsTrade, "compile", lambda self, made: asked.append(len(made)) or honest(self, made))
    world = begun(tree())
    for first, second in (("DEU", "USA"), ("FRA", "USA")):
        signed(world, "security_treaty", first, second, text_of(security=0.5))
    rows = np.arange(len(world.instruments))
    asked.clear()
    fill(world, rows, listed=True)
    kinds, counts = np.unique(world.instruments["type"], return_counts=True)
    moves = world.setting.doings.doing(AddsTrade)[kinds]
    assert moves.sum() > 1 and not moves.all() and asked == counts[moves].tolist() and max(asked) > 1


def test_numbers_of_types_move_with_their_levers_and_what_is_signed_does_not() -> None:
    world = begun(tree())
    row = signed(world, "infrastructure_pact", "USA", "KEN", text_of(infrastructure=0.5, localisation=0.5), whole=1e9)
    before, t = columns(world, row), world.setting.type_names.index("infrastructure_pact")
    assert world.setting.doings is world.setting.doings
    assert [float(world.setting.doings.rate(one)[t]) for one in (COST, OVERHEAD, TRADE)] == [11.7e6, 0.1, 0.0]
    for name, value in (("cost_per_mw", 10e6), ("overhead", 0.3), ("trade_effect", 0.05), ("build_months", 12)):
        engine.move_lever(world, Action(f"agreements.infrastructure_pact.{name}", value))
    assert [float(world.setting.doings.rate(one)[t]) for one in (COST, OVERHEAD, TRADE)] == [10e6, 0.3, 0.05]
    assert columns(world, row) == before
    other = world.setting.type_names.index("transfer_framework")
    assert [float(world.setting.doings.rate(one)[other]) for one in (COST, OVERHEAD, TRADE)] == [1.0, 0.0, 0.08]
    with pytest.raises(ValueError, match="read-only"):
        world.setting.doings.rate(COST)[t] = 1.0


def test_who_frees_data_is_who_says_so() -> None:
    setting = setting_of(tree())
    assert {name for name, does in zip(setting.type_names, setting.doings.doing(FreesData), strict=True) if does} == {
        "adequacy_decision",
        "regional_market",
        "transfer_framework",
    }
    # What lets states ask each other's firms for data adds no trade, and what binds nobody; all others do.
    assert {name for name, does in zip(setting.type_names, setting.doings.doing(AddsTrade), strict=True) if not does} == {
        "capacity_programme",
        "law_enforcement_access",
        "regional_guidelines",
    }
    assert [bool(kind.frees_data) for kind in setting.types] == setting.doings.doing(FreesData).tolist()
    assert TradeCovered().measure(begun(tree()))[0] > 0.0


def test_a_type_told_in_older_words_does_what_it_did() -> None:
    """Types that do more or less than the words of 0.1.0 could say are told in the new words alone."""
    of_old = ("issues", "ending", "trade_effect", "cost_per_mw", "overhead", "build_months", "frees_data")
    newer = {
        "adequacy_decision", "capacity_programme", "digital_trade_agreement", "law_enforcement_access", "regional_guidelines",
        "transfer_framework",
    }  # fmt: skip
    programme = set(shelf("agreement").get("capacity_programme").does)
    for name in TYPES:
        cls = shelf("agreement").get(name)
        words = {word: getattr(cls, word) for word in of_old if hasattr(cls, word)}
        dyad = getattr(cls, "arity", "dyad") == "dyad"
        given_ = set(older(type("Old", (), words), of_two=dyad))
        assert (given_ == set(cls.does)) == (name not in newer), name
        # What was read off older words and is not done now: payments by types that carry none, and what moves no trade.
        assert given_ - set(cls.does) <= (
            {Pays(), AddsTrade(), AddsTrade("localisation"), FreesData("localisation")} if name in newer else set()
        ), name
        more = {Undertakes("safeguards", "redress"), FreesData(), Guides("safeguards", "localisation")} | programme
        assert set(cls.does) - given_ <= (more if name in newer else set()), name


def test_what_instruments_in_force_feel_is_what_rates_read() -> None:
    assert felt(shelf("agreement").get("infrastructure_pact")) == {"trade_effect", "cost_per_mw", "overhead"}
    assert felt(shelf("agreement").get("security_treaty")) == {"trade_effect"}


def test_every_shipped_consequence_is_done_by_some_type_and_told_in_both_languages() -> None:
    done = {type(one) for name in TYPES for one in shelf("agreement").get(name).does}
    assert done == set(SHIPPED) and all(issubclass(cls, Consequence) for cls in SHIPPED)
    for name in TYPES:
        for one in told(shelf("agreement").get(name)):
            assert all(one[key].strip() for key in ("title", "title_id", "sentence", "sentence_id"))
            assert one["sentence"].endswith(".") and one["sentence_id"].endswith(".") and one["sentence"] != one["sentence_id"]
    pact = {one["name"]: one for one in told(shelf("agreement").get("infrastructure_pact"))}
    assert (pact["builds"]["issues"], pact["builds"]["parameters"]) == (["infrastructure"], ["cost_per_mw", "overhead"])
    assert declaring([shelf("agreement").get("transfer_framework")]) == [AddsTrade, Pays, Shares, Undertakes]
    assert columns_of(Undertakes) == ("safeguards_undertaken", "redress_undertaken")
    assert columns_of(FreesData) == ("moving",) and columns_of(Lasts) == ("term",)


def test_the_record_of_instruments_keeps_the_columns() -> None:
    world = begun(tree())
    row = signed(world, "transfer_framework", "DEU", "USA", text_of(localisation=0.25, security=0.5), payment=7.0)
    kept = instruments_in_words(world)
    assert [float(kept[name][row]) for name in ("moving", "shared", "commitment", "payment")] == [0.75, 0.5, 0.0, 7.0]


def test_money_at_the_table_is_for_types_that_pay() -> None:
    types = setting_of(tree()).types
    plain = dataclasses.make_dataclass("Plain", [], namespace={"does": (Shares("security"),), "name": "plain"}, frozen=True)()
    doings = Doings((plain, *types))
    paying = {name for name, does in zip(("plain", *setting_of(tree()).type_names), doings.doing(Pays), strict=True) if does}
    assert paying == {"capacity_programme", "infrastructure_pact", "transfer_framework"}
    assert doings.rate(COST)[0] == 1.0 and doings.rate(TRADE)[0] == 0.0


def names_told(source: str) -> list[str]:
    """List the types, issues and parameters of types that a source names, in strings, attributes and imports."""
    forbidden = {*TYPES, *ISSUES, "ISSUE", "ISSUES", "frees_data"}
    for name in TYPES:
        forbidden |= felt(shelf("agreement").get(name)) | {"build_months"}
    # Arrays of the same name are no parameters: what was spent on the way by each party.
    forbidden -= {"overhead", "skills"}
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in forbidden:
            found.append(node.value)
        elif isinstance(node, ast.Attribute) and node.attr in forbidden:
            found.append(node.attr)
        elif isinstance(node, ast.alias) and node.name.split(".")[-1] in forbidden:
            found.append(node.name)
        elif isinstance(node, ast.Name) and node.id in forbidden:
            found.append(node.id)
    return found


def test_rules_name_no_type_and_no_issue() -> None:
    found = {name: told_ for name in NAMELESS if (told_ := names_told((ROOT / name).read_text(encoding="utf-8")))}
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        'share = text[ISSUE["infrastructure"]]',
        "from sim.types import ISSUES",
        "covered = [one for one in types if one.frees_data]",
        "cost[t] = types[t].cost_per_mw",
        'if kind.name == "security_treaty":\n    pass',
        "gains = [one.trade_effect for one in types]",
        "from sim.agreements import transfer_framework",
        'term = getattr(kind, "build_months")',
        "at = localisation",
    ],
)
def test_a_rule_that_names_one_would_be_caught(line: str) -> None:
    assert names_told(line)


def reads_of_types(monkeypatch: pytest.MonkeyPatch, plain: dict[str, Any]) -> dict[str, set[str]]:
    """Live a run and note which arrays each type's methods read."""
    world, inside, found = begun(plain), [""], {name: set() for name in TYPES}
    arrays = frozenset(world.setting.schema.arrays)

    class Noting(World):
        def __getattribute__(self, name: str) -> Any:
            if inside[0] and name in arrays:
                found[inside[0]].add(name)
            return object.__getattribute__(self, name)

    def noted(method: Any, name: str) -> Any:
        def asked(*words: Any, **more: Any) -> Any:
            inside[0] = name
            try:
                return method(*words, **more)
            finally:
                inside[0] = ""

        return asked

    for name in TYPES:
        for method in ("eligible", "coefficients", "stakes"):
            if hasattr(cls := shelf("agreement").get(name), method):
                monkeypatch.setattr(cls, method, noted(getattr(cls, method), name))
    world.__class__ = Noting
    while world.month <= world.setting.config.end:
        for _, name in MONTH:
            world.setting.config.mechanisms[name].step(world, Compiled())
        world.month += 1
    return found


ALL = summits(negotiated=TYPES, end="2019-12")
THREATS = {"digital_trade_agreement": {"threat_tariff": 0.1}}


def test_types_read_what_they_say_and_say_what_they_read(monkeypatch: pytest.MonkeyPatch) -> None:
    # Who threatens nobody does not look at who might be threatened.
    found = reads_of_types(monkeypatch, {**ALL, "agreements": {**ALL["agreements"], **THREATS}})
    assert found == {name: set(shelf("agreement").get(name).reads) for name in TYPES}


def test_a_type_that_reads_more_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = shelf("agreement").get("transfer_framework")
    honest = kind.eligible
    monkeypatch.setattr(kind, "eligible", lambda self, view, groups: honest(self, view, groups) & (view.population[groups.first] > 0))
    assert "population" in reads_of_types(monkeypatch, ALL)["transfer_framework"] - set(kind.reads)


def test_a_mechanism_reads_what_the_types_read_that_it_asks() -> None:
    setting = setting_of(lively())
    schema, parts = setting.schema, setting.config.mechanisms
    assert set(schema.reads_of(parts["bargaining"])) - set(parts["bargaining"].reads) >= {"need", "localisation", "free_flow"}
    assert "digital_government" not in schema.reads_of(parts["bargaining"]) and "digital_government" in schema.reads_of(
        parts["conferences"]
    )
    assert schema.reads_of(parts["trust"]) == parts["trust"].reads
    assert set(schema.writes_of(parts["roster"])) - set(parts["roster"].writes) == {"freed", "prepared"}
    assert set(schema.added) == {"paid", "received", "overhead", "access_funds", "learning_funds", "technology_offered"}
