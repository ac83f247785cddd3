"""A fault planted in any mechanism of the engine is found by its plain twin."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from reference.plain_month import TWINS
from twins import LEVERS, eventful, out_of_turn, small, walk
from worlds import setting_of

from sim import ledger
from sim.mechanisms import assembly, bargaining, contacts, effects, entry, roster, trust
from sim.mechanisms.bargaining import Bargaining
from sim.mechanisms.contacts import Contacting
from sim.mechanisms.disruption import Disruption
from sim.mechanisms.effects import Effects
from sim.mechanisms.roster import RosterOfTheMonth
from sim.mechanisms.trust import Trust
from sim.shocks.travel_closure import TravelClosure
from sim.types import Channel, Occasion, Rank, Reason

Patch = pytest.MonkeyPatch


def after(patch: Patch, owner: Any, name: str, spoil: Callable[..., Any]) -> None:
    """Let a function or method do its work, and hand its result and arguments on to be spoilt; None keeps the result."""
    honest = getattr(owner, name)

    def faulty(*args: Any, **kwargs: Any) -> Any:
        result = honest(*args, **kwargs)
        spoilt = spoil(result, *args)
        return result if spoilt is None else spoilt

    patch.setattr(owner, name, faulty)


def instead(patch: Patch, owner: Any, name: str, result: Any = None) -> None:
    patch.setattr(owner, name, lambda *args, **kwargs: result)


def without(patch: Patch, owner: Any, method: str, array: str, value: Any) -> None:
    """Let a method see one array of the world as a constant."""
    honest = getattr(owner, method)

    def blind(self: Any, world: Any, *rest: Any) -> Any:
        kept = getattr(world, array)
        setattr(world, array, np.full_like(kept, value))
        try:
            return honest(self, world, *rest)
        finally:
            setattr(world, array, kept)

    patch.setattr(owner, method, blind)


def average_state(_: Any, __: Any, world: Any, *rest: Any) -> None:
    n = world.setting.n_states
    for b in range(len(world.setting.roster.blocs)):
        world.closure[n + b] = world.closure[:n][world.member[b]].mean()


def no_need_met(_: Any, __: Any, world: Any) -> None:
    world.need[: world.setting.n_states] += world.committed[: world.setting.n_states]


FAULTS: dict[str, dict[str, Callable[[Patch], None]]] = {
    "roster": {
        "members speak beside their bloc": lambda p: after(
            p, roster, "principals", lambda table, *_: np.tile(np.arange(table.shape[1], dtype=table.dtype), (len(table), 1))
        ),
        "who leaves stays bound": lambda p: instead(p, roster, "change_binding"),
        "who leaves leaves in silence": lambda p: instead(p, roster, "change_membership"),
        "localisation keeps nothing at home": lambda p: after(
            p, roster, "derive_coverage", lambda found, *_: (found[0], found[0].astype(float))
        ),
        "what is promised meets no need": lambda p: after(p, RosterOfTheMonth, "_capacity", no_need_met),
        "indices are not looked up again": lambda p: p.setattr(roster, "MEANS", roster.MEANS[1:]),
    },
    "disruption": {
        "closure is a millionth less": lambda p: after(
            p, TravelClosure, "overlay", lambda arrays, *_: {"closure": arrays["closure"] * (1.0 - 1e-6)}
        ),
        "a bloc is as closed as its average state": lambda p: after(p, Disruption, "step", average_state),
    },
    "contacts": {
        "closed borders stop no visit": lambda p: without(p, Contacting, "_channels", "closure", 0.0),
        "nobody is at a summit": lambda p: instead(p, contacts, "_meet"),
        "thin bandwidth carries video": lambda p: without(p, Contacting, "_channels", "bandwidth", 1.0),
        "every contact is routine": lambda p: after(p, Contacting, "_occasions", lambda o, *_: np.full_like(o, Occasion.ROUTINE)),
        "a moved lever is not heard": lambda p: instead(p, contacts, "_lever_moved", False),
        "every contact is a visit": lambda p: after(p, Contacting, "_channels", lambda channel, *_: np.zeros_like(channel)),
    },
    "assembly": {
        "it is held in Tuvalu": lambda p: p.setattr(assembly, "HOST", "TUV"),
        "closed borders keep heads away": lambda p: without(p, assembly.Assembly, "step", "closure", 0.0),
    },
    "bargaining": {
        "officials' contacts count as ministers'": lambda p: p.setattr(bargaining, "Rank", SimpleNamespace(OFFICIAL=Rank.MINISTER)),
        "a month's more rest": lambda p: p.setattr(
            Bargaining, "_rest", lambda *args, honest=Bargaining._rest: honest(*args[:-1], args[-1] + 1)
        ),
        "commitments are a millionth larger": lambda p: p.setattr(
            bargaining, "sign", lambda *args: ledger.sign(*args[:-1], args[-1] * (1 + 1e-6))
        ),
        "talks without a voice go on": lambda p: instead(p, Bargaining, "_end_without_principal"),
        "what fails is said to have lapsed": lambda p: p.setattr(
            bargaining,
            "close_talk",
            lambda world, row, stage, reason=Reason.NONE: ledger.close_talk(world, row, stage, reason and Reason.LAPSED),
        ),
        "offers are written down for the other side": lambda p: after(
            p, Bargaining, "_write_offers", lambda _, __, world, *rest: world.offers["proposer"].__isub__(1)
        ),
        "both sides start from no agreement's value": lambda p: after(
            p, bargaining, "to_problems", lambda problems, *_: dataclasses.replace(problems, d=problems.d - 1e-3)
        ),
    },
    "entry": {
        "members are not bound": lambda p: instead(p, ledger, "bind_members"),
        "the reason of an end is lost": lambda p: p.setattr(
            entry, "move", lambda world, row, stage, reason=Reason.NONE: ledger.move(world, row, stage)
        ),
        "what has run its term lives on": lambda p: p.setattr(
            entry, "move", lambda world, row, stage, reason=Reason.NONE: None if reason else ledger.move(world, row, stage)
        ),
    },
    "effects": {
        "trade added is a millionth more": lambda p: after(p, effects, "largest_effect", lambda _, *args: args[-1].__imul__(1.0 + 1e-6)),
        "resistance is solved in haste": lambda p: p.setattr(effects, "ROUNDS", 5),
        "a bloc trades with who has left": lambda p: instead(p, effects, "_members_moved", False),
        "blocs do not trade": lambda p: instead(p, effects, "bloc_flows"),
        "the host bears the overhead": lambda p: after(p, Effects, "_pay", lambda _, __, world: world.received.__isub__(world.overhead)),
    },
    "trust": {
        "belief is a millionth firmer": lambda p: after(p, trust, "believe", lambda _, *args: args[-1].__imul__(1.0 + 1e-6)),
        "refusals are forgiven": lambda p: p.setattr(trust, "Reason", SimpleNamespace(DEADLINE=Reason.DEADLINE, REFUSED=Reason.DEADLINE)),
        "video builds as much as visits": lambda p: p.setattr(trust, "Channel", [*[*Channel][:3], Channel.VISIT, Channel.MESSAGE]),
        "what is in force shows nothing": lambda p: without(p, Trust, "step", "in_force", False),
    },
}


def found(mechanism: str) -> list[str]:
    """Walk until the twin and the mechanism part, in a few worlds, because each has its own occasions."""
    worlds = (("nash", "pandemic_lockdown"), ("alternating_offers", "pandemic_lockdown"), ("nash", "baseline"))
    for seed, (protocol, scenario) in enumerate(worlds):
        setting = setting_of(small(protocol, scenario))
        seen = walk(setting, seed, only=mechanism, stop=True, prepare=out_of_turn, stubborn=True, actions=LEVERS).differences[mechanism]
        if seen:
            return seen
    return []


@pytest.mark.parametrize(("mechanism", "fault"), [(mechanism, fault) for mechanism, faults in FAULTS.items() for fault in faults])
def test_a_fault_planted_in_a_mechanism_is_found_by_its_twin(mechanism: str, fault: str, monkeypatch: Patch) -> None:
    FAULTS[mechanism][fault](monkeypatch)
    assert found(mechanism) != []


def test_dates_that_wait_for_january_are_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr(RosterOfTheMonth, "_date_acts", lambda self, world: False)
    seen = walk(eventful(setting_of(small())), 1, only="roster", stop=True).differences["roster"]
    assert {one.split("[")[0] for one in seen} == {"free_flow"}


def test_every_twin_has_found_a_fault() -> None:
    assert list(FAULTS) == list(TWINS)
