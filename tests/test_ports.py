"""Ports: rules read typed terms and never a part by its name; each port has one provider; hands and watchers are declared too."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path
from typing import Any

import pytest
from promise_worlds import broken, sued
from summits import BOTH, summits
from test_soft_law import guided
from twin_worlds import joining
from worlds import EAGER, begun, lively, setting_of

from sim import engine
from sim.contracts import check_contract, ports_of
from sim.decide.decisions import Compiled
from sim.decide.held import BY_PROTOCOL
from sim.engine import Action
from sim.ports import (
    BargainingTerms,
    ContactTerms,
    CourtTerms,
    Hand,
    LawTerms,
    LinkTerms,
    MarketTerms,
    PlatformTerms,
    PoliticsTerms,
    RatificationTerms,
    TradeTerms,
    TrustTerms,
    Watcher,
    bind,
)
from sim.ports.binding import members
from sim.state.world import Setting, clone, snapshot
from sim.types import ModelFault, UserError

ROOT = Path(__file__).resolve().parent.parent
ASSEMBLY = ("sim/engine.py",)
"""Where parts are still found by their names: the month's table lists them so."""
TERMS = (
    BargainingTerms, ContactTerms, CourtTerms, LawTerms, LinkTerms, MarketTerms, PlatformTerms, PoliticsTerms, RatificationTerms,
    TradeTerms, TrustTerms,
)  # fmt: skip


def wired_by_string(source: str) -> list[int]:
    """Return the lines that find a mechanism by its name, or ask whoever decides for something that it may not have."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript):
            found = isinstance(node.value, ast.Attribute) and node.value.attr == "mechanisms"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            held = node.func.value
            found = node.func.attr in ("get", "__getitem__", "pop") and isinstance(held, ast.Attribute) and held.attr == "mechanisms"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr") and node.args:
            found = ast.unparse(node.args[0]) in ("decide", "decider", "played") or "mechanisms" in ast.unparse(node.args[0])
        else:
            continue
        if found:
            lines.append(node.lineno)
    return sorted(set(lines))


def test_no_room_above_assembly_finds_a_mechanism_by_its_name() -> None:
    found = {}
    for room in ("sim", "analysis"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name not in ASSEMBLY and (lines := wired_by_string(path.read_text(encoding="utf-8"))):
                found[name] = lines
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        'world.setting.config.mechanisms["bargaining"].reach',
        "config.mechanisms[name].step(world, decide)",
        'config.mechanisms.get("contacts")',
        'hand = getattr(decide, "hand", None)',
        'hasattr(decide, "hand")',
        'getattr(config.mechanisms, "x")',
    ],
)
def test_a_planted_string_is_found(line: str) -> None:
    assert wired_by_string(line) == [1]


@pytest.mark.parametrize("line", ['tree["mechanisms"]["bargaining"]', "setting.terms(BargainingTerms).reach", 'getattr(world, "gdp")'])
def test_what_is_no_wiring_is_left_alone(line: str) -> None:
    assert wired_by_string(line) == []


def test_each_port_is_bound_to_the_one_mechanism_that_offers_it() -> None:
    setting = setting_of(lively())
    offering = {port: one for one in setting.config.mechanisms.values() for port in ports_of(one, "offers")}
    assert set(offering) == set(TERMS) == set(setting.bound)
    assert all(setting.terms(port) is one for port, one in offering.items())


@pytest.mark.parametrize("port", TERMS, ids=lambda port: port.__name__)
def test_a_port_promises_only_what_its_provider_has_with_a_docstring_for_each(port: Any) -> None:
    provider = setting_of(lively()).terms(port)
    assert members(port)
    assert all(hasattr(provider, name) for name in members(port))
    assert all(vars(port)[name].__doc__ for name in members(port))


def other(name: str, *, offers: tuple[type, ...] = (), needs: tuple[type, ...] = ()) -> Any:
    """Return a part that declares some ports and has nothing else."""
    return dataclasses.make_dataclass("Other", [], namespace={"kind": "mechanism", "name": name, "offers": offers, "needs": needs})()


def test_a_port_that_two_parts_offer_is_refused_in_a_sentence() -> None:
    config = setting_of(lively()).config
    twice = dataclasses.replace(config, mechanisms={**config.mechanisms, "haggling": other("haggling", offers=(BargainingTerms,))})
    with pytest.raises(UserError, match=r"^mechanism bargaining and mechanism haggling both offer BargainingTerms; exactly one"):
        engine.assemble(twice)


def test_a_port_that_a_part_needs_and_nobody_offers_is_refused_in_a_sentence() -> None:
    config = setting_of(lively()).config
    without = {name: one for name, one in config.mechanisms.items() if name != "ratification"}
    with pytest.raises(UserError, match=r"^mechanism accessions needs RatificationTerms, which no part of this run offers$"):
        engine.assemble(dataclasses.replace(config, mechanisms=without))


def test_a_part_that_lacks_what_its_port_promises_is_refused_in_a_sentence() -> None:
    with pytest.raises(
        UserError, match=r"^mechanism vague offers RatificationTerms and lacks least_regime; it must have least_regime, other_"
    ):
        bind([other("vague", offers=(RatificationTerms,))])


def test_terms_that_nobody_offers_are_a_fault_of_the_model() -> None:
    with pytest.raises(ModelFault, match="no part of this run offers"):
        setting_of(lively()).terms(Hand)


@pytest.mark.parametrize("declared", [BargainingTerms, ["reach"], ("reach",)])
def test_ports_declared_in_another_form_are_refused(declared: Any) -> None:
    strange = dataclasses.make_dataclass("Strange", [], namespace={"offers": declared})
    with pytest.raises(ModelFault, match=r"Strange\.offers is .*; a tuple of ports is expected"):
        check_contract("mechanism", strange)


def test_a_parameter_called_as_ports_are_is_no_port() -> None:
    counting = dataclasses.make_dataclass("Counting", [("offers", int, 5)])
    assert ports_of(counting(), "offers") == ()


def test_a_lever_moved_changes_the_terms_that_rules_see() -> None:
    world = begun(lively())
    before = world.setting
    engine.step(world, [Action("mechanisms.bargaining.reach", 0.25), Action("mechanisms.contacts.trust_weight", 3.0)])
    assert (world.setting.terms(BargainingTerms).reach, world.setting.terms(ContactTerms).trust_weight) == (0.25, 3.0)
    assert (before.terms(BargainingTerms).reach, before.terms(ContactTerms).trust_weight) == (1.0, 1.0)
    again = engine.restore(before, snapshot(world))
    assert (again.setting.terms(BargainingTerms).reach, again.setting.terms(ContactTerms).trust_weight) == (0.25, 3.0)


def test_the_rules_of_a_mechanism_read_the_ports_it_says_it_needs_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = summits(negotiated=[*BOTH, "transfer_framework", "infrastructure_pact"])
    walking = {"name": "THREE", "members": ["CAN", "JPN", "KOR"], "types": ["digital_trade_agreement", "transfer_framework"]}
    worlds, stepping = [begun({**plain, "mechanisms": {**plain["mechanisms"], **EAGER}}), begun(joining(), 0)], [""]
    # What is followed, broken, left, taken to court and talked over again, and coalitions whose members may walk out.
    worlds += [guided(rate=0.5)[0], begun(broken(), 6), begun(sued(coalitions=[walking]))]
    asked: dict[str, set[Any]] = {name: set() for _, name in engine.MONTH}
    honest = Setting.terms
    monkeypatch.setattr(Setting, "terms", lambda self, port: asked[stepping[0]].add(port) or honest(self, port))
    for world in worlds:
        for _ in range(min(96, world.setting.config.end - world.month + 1)):
            for _, name in engine.MONTH:
                stepping[0] = name
                world.setting.config.mechanisms[name].step(world, Compiled())
            world.month += 1
    assert asked == {name: set(ports_of(worlds[0].setting.config.mechanisms[name], "needs")) for _, name in engine.MONTH}


class Own:
    """Somebody's own decisions that know of no hand."""

    def __init__(self) -> None:
        self._all = Compiled()

    def __getattr__(self, name: str) -> Any:
        if name in ("_all", "hand"):
            raise AttributeError(name)
        return getattr(self._all, name)


def test_whoever_decides_and_brings_no_hand_gets_that_of_the_protocol() -> None:
    plain, own = begun(lively()), begun(lively())
    for _ in range(4):
        engine.step(plain)
        engine.step(own, decide=Own())
    assert Compiled().hand is BY_PROTOCOL
    assert all((snapshot(own)[key].tobytes() == value.tobytes()) for key, value in snapshot(plain).items())


def test_watchers_are_told_in_the_order_in_which_they_subscribed_and_each_once() -> None:
    class Noting(Watcher):
        def __init__(self, name: str) -> None:
            self.name = name

        def month(self, world: Any) -> None:
            told.append(self.name)

    told: list[str] = []
    world, first, second = begun(lively()), Noting("first"), Noting("second")
    for one in (first, second, first):
        world.watchers.subscribe(one)
    world.watchers.month(world)
    clone(world).watchers.month(world)
    assert told == ["first", "second"]
