"""A fault planted in any mechanism of the engine is found by its plain twin."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fault_worlds import after, found, instead, without, worlds
from reference.plain_month import TWINS
from twins import eventful, small, walk
from worlds import setting_of

from sim import ledger
from sim.consequences import COST, Doings
from sim.data.roster import Roster
from sim.decide import agenda, held
from sim.decide.agenda import Chosen
from sim.ledger import instruments, members, stages
from sim.mechanisms import assembly, bargaining, disruption, entry, online, ratification
from sim.mechanisms.alliances import rule as alliances
from sim.mechanisms.alliances.rule import Alliances
from sim.mechanisms.bargaining import Bargaining
from sim.mechanisms.contacts import rule as contacts
from sim.mechanisms.contacts.rule import Contacting
from sim.mechanisms.disruption import Disruption
from sim.mechanisms.effects import rule as effects
from sim.mechanisms.effects.rule import Effects
from sim.mechanisms.executives import Executives
from sim.mechanisms.law.rule import Law
from sim.mechanisms.ratification import Ratification
from sim.mechanisms.roster import rule as roster
from sim.mechanisms.roster.rule import RosterOfTheMonth
from sim.mechanisms.trade_deals import TradeDeals
from sim.mechanisms.trust import rule as trust
from sim.mechanisms.trust.rule import Trust
from sim.mechanisms.welfare import asked
from sim.mechanisms.welfare import rule as welfare
from sim.shocks.sanctions import Sanctions
from sim.shocks.travel_closure import TravelClosure
from sim.stakes import leverage, packages, ratifiers
from sim.state.world import Setting, World
from sim.types import Channel, Institution, Occasion, Rank, Reason, Stage

Patch = pytest.MonkeyPatch


def seen_as(patch: Patch, at: int, value: float) -> None:
    """Let one of the arrays that say how a contact can be held be a constant: closure, bandwidth, digital, skill, skill_with."""
    after(patch, agenda, "_circumstances", lambda found, *_: (*found[:at], np.full_like(found[at], value), *found[at + 1 :]))


def as_if(patch: Patch, part: Any, method: str, **other: float) -> None:
    """Let a method live by other parameters."""
    honest = getattr(part, method)
    patch.setattr(part, method, lambda self, *rest: honest(dataclasses.replace(self, **other), *rest))


def no_gathering(found: Any, *_: Any) -> None:
    found[5] = 0.0


def taught(patch: Patch, spoil: Callable[..., tuple[Any, ...]]) -> None:
    """Let what is learnt on a screen be learnt from other arguments: edge, row, col, rev, alone, together and both practices."""
    honest = online._learn
    patch.setattr(online, "_learn", lambda *given: honest(*spoil(*given)))


def average_state(_: Any, __: Any, world: Any, *rest: Any) -> None:
    n = world.setting.n_states
    for b in range(len(world.setting.roster.blocs)):
        world.closure[n + b] = world.closure[:n][world.member[b]].mean()


def a_month_late(honest: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, view, month: honest(self, view, month - 1)


def no_need_met(_: Any, __: Any, world: Any) -> None:
    world.need[: world.setting.n_states] += world.committed[: world.setting.n_states]


def by_the_bloc_alone(consent: Any, *_: Any) -> None:
    consent.institution[consent.institution == Institution.BLOC_ASSENT] = Institution.EXECUTIVE_ACT


def by_a_majority(consent: Any, *_: Any) -> None:
    consent.institution[consent.institution == Institution.SUPERMAJORITY] = Institution.MAJORITY


def promised_twice(_: Any, __: Any, world: Any, row: int) -> None:
    world.committed[world.instruments["second"][row]] += world.instruments["commitment"][row] / 1e7


def asked_a_hair_more(_: Any, world: Any, *rest: Any) -> None:
    world.talks["asks"][...] *= 1.0 + 1e-6


def first_offers_lost(_: Any, world: Any, *rest: Any) -> None:
    world.talks["first_offer"][...] = world.talks["last_offer"]


def offers_of_the_other_side(_: Any, world: Any, *rest: Any) -> None:
    world.offers["proposer"][...] -= 1


def in_the_blocs_name(world: Any, *rest: Any) -> None:
    kept = world.adherence["bound_by"].copy()
    ledger.change_binding(world, *rest)
    world.adherence["bound_by"][: len(kept)] = kept


def leans_as_the_average(_: Any, part: Executives, world: World) -> None:
    n = world.setting.n_states
    for b, inside in enumerate(world.member):
        world.leaning[n + b] = world.leaning[:n][inside].mean() if inside.any() else 0.0


def of_next_year(honest: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, world, spells, month, *rest: honest(self, world, spells, month + 12, *rest)


def on_paper_too(honest: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, world, spells, month, _, out: honest(self, world, spells, month, 0.0, out)


def a_month_longer(_: Any, __: Any, world: World, ___: int) -> None:
    world.deal_until[world.deal_until > world.month] += 1


FAULTS: dict[str, dict[str, Callable[[Patch], None]]] = {
    "roster": {
        "what waits for ratifiers is pledged to nobody": lambda p: instead(p, roster, "pending", np.zeros(0, dtype=np.int64)),
        "the overhead costs nothing": lambda p: p.setattr(roster, "OVERHEAD", COST),
        "members speak beside their bloc": lambda p: after(
            p, roster, "principals", lambda table, *_: np.tile(np.arange(table.shape[1], dtype=table.dtype), (len(table), 1))
        ),
        "who leaves stays bound": lambda p: instead(p, roster, "change_binding"),
        "who leaves leaves in silence": lambda p: instead(p, roster, "change_membership"),
        "who leaves stays bound to what is suspended": lambda p: p.setattr(
            members, "Stage", SimpleNamespace(IN_FORCE=Stage.IN_FORCE, SUSPENDED=Stage.IN_FORCE, TERMINATED=Stage.TERMINATED)
        ),
        "who goes on goes on in the bloc's name": lambda p: p.setattr(roster, "change_binding", in_the_blocs_name),
        "localisation keeps nothing at home": lambda p: after(
            p, RosterOfTheMonth, "step", lambda _, __, world, *___: np.copyto(world.freed, world.in_force)
        ),
        "what is promised meets no need": lambda p: after(p, RosterOfTheMonth, "_capacity", no_need_met),
        "indices are not looked up again": lambda p: p.setattr(roster, "MEANS", roster.MEANS[1:]),
    },
    "disruption": {
        "closure is a millionth less": lambda p: after(
            p, TravelClosure, "changes", lambda found, *_: tuple(dataclasses.replace(one, value=one.value * (1.0 - 1e-6)) for one in found)
        ),
        "a bloc is as closed as its average state": lambda p: after(p, Disruption, "step", average_state),
        "who is barred keeps what is in force": lambda p: p.setattr(disruption, "suspend_barred", lambda _world: False),
        "a bar is told too late": lambda p: p.setattr(Sanctions, "barred", a_month_late(Sanctions.barred)),
    },
    "alliances": {
        "hostility is of this year": lambda p: p.setattr(Alliances, "_lay", of_next_year(Alliances._lay)),
        "alliances on paper count": lambda p: p.setattr(Alliances, "_lay", on_paper_too(Alliances._lay)),
        "a bloc is as hostile as its average member": lambda p: p.setattr(
            Alliances, "_of_bloc", lambda self, values, people, _, honest=Alliances._of_bloc: honest(self, values, people, False)
        ),
        "what is in force makes no friends": lambda p: p.setattr(
            alliances, "mix_layers", lambda *a, honest=alliances.mix_layers: honest(*a[:4], np.zeros_like(a[4]), *a[5:])
        ),
        "the graph is renewed every month": lambda p: p.setattr(Alliances, "step", lambda self, world, _: self._renew(world)),
        "the hostile are no strangers": lambda p: after(p, Alliances, "_renew", lambda _, __, world: world.hostile.fill(False)),
    },
    "law": {
        "law stays what it was": lambda p: instead(p, Law, "_renew"),
        "people count alike in a bloc's law": lambda p: without(p, Law, "_lay", "population", 1.0),
        "raising one's law costs nothing": lambda p: p.setattr(
            Law, "_bind", lambda self, world, which, *, paid, honest=Law._bind: honest(self, world, which, paid=False)
        ),
        "what is signed binds nobody": lambda p: instead(p, Law, "_bind"),
        "safeguards are a millionth more": lambda p: after(
            p, Law, "step", lambda _, __, world, *___: world.safeguards.__imul__(1.0 + 1e-6)
        ),
    },
    "trade_deals": {
        "deals are twice as likely": lambda p: after(p, TradeDeals, "chance", lambda chance, *_: 2.0 * chance),
        "deals take a month more": lambda p: after(p, TradeDeals, "_begun", a_month_longer),
        "who leaves keeps the bloc's deals": lambda p: instead(p, TradeDeals, "_lost"),
        "what is known of trade does not matter": lambda p: without(p, TradeDeals, "chance", "trade_known", 0.0),
    },
    "contacts": {
        "closed borders stop no visit": lambda p: seen_as(p, 0, 0.0),
        "nobody is at a summit": lambda p: instead(p, contacts, "both_inside"),
        "thin bandwidth carries video": lambda p: seen_as(p, 1, 1.0),
        "who is not used to screens meets on them": lambda p: (seen_as(p, 3, 1.0), seen_as(p, 4, 1.0)),
        "a gathering online takes as long as any video event": lambda p: after(
            p, agenda, "_circumstances", lambda found, _, terms: (*found[:-1], terms.hours_video)
        ),
        "what a gathering adds is forgotten": lambda p: after(p, agenda, "sought", no_gathering),
        "hours of journeys are forgotten": lambda p: after(p, contacts, "channels_at_price", lambda f, *_: (f[0], f[2], f[2])),
        "hours given are not counted": lambda p: after(p, contacts, "channels_at_price", lambda f, *_: (f[0], f[1], 0.0 * f[2])),
        "hours given are forgotten at once": lambda p: as_if(p, Contacting, "_count", given_memory=0.0),
        "the staff of heads is forgotten": lambda p: as_if(p, Contacting, "_count", team_head=0.0),
        "meetings of long ago take staff": lambda p: as_if(p, Contacting, "_count", meetings_memory=0.99),
        "every contact is routine": lambda p: after(p, Contacting, "_occasions", lambda o, *_: np.full_like(o, Occasion.ROUTINE)),
        "a moved lever is not heard": lambda p: instead(p, contacts, "_lever_moved", False),
        "every contact is a visit": lambda p: after(
            p, contacts, "channels_at_price", lambda f, *_: (Chosen(f[0].edge, f[0].rank, np.zeros_like(f[0].channel)), *f[1:])
        ),
    },
    "online": {
        "nobody else learns": lambda p: taught(p, lambda e, row, col, *rest: (e, row, row, *rest)),
        "only who calls knows the other better": lambda p: taught(
            p, lambda e, row, col, rev, *rest: (e, row, col, np.arange(len(rev), dtype=rev.dtype), *rest)
        ),
        "nobody learns alone": lambda p: taught(p, lambda e, row, col, rev, _, *rest: (e, row, col, rev, 0.0, *rest)),
        "two learn a millionth more": lambda p: taught(p, lambda *given: (*given[:5], given[5] * (1.0 + 1e-6), *given[6:])),
        "every contact teaches": lambda p: p.setattr(online, "among", lambda values, *_: np.ones(len(values), dtype=np.bool_)),
        "nothing is learnt": lambda p: instead(p, online, "_learn"),
    },
    "executives": {
        "a government leans a millionth more": lambda p: after(
            p, Executives, "_come", lambda _, __, world, *___: np.multiply(world.leaning, 1.0 + 1e-6, out=world.leaning)
        ),
        "who is new finds the same support as who was there before": lambda p: without(p, Executives, "step", "pivot", 0.0),
        "nobody who voted has a new government": lambda p: after(p, Executives, "new", lambda found, *_: np.zeros_like(found)),
        "who is never elected is succeeded every month": lambda p: after(
            p, Executives, "new", lambda found, _, world: found | (world.setting.roster.figures["regime"][0] < 1.0)
        ),
        "a bloc leans as its average state": lambda p: after(p, Executives, "_lead_blocs", leans_as_the_average),
    },
    "assembly": {
        "it is held in Tuvalu": lambda p: p.setattr(assembly, "HOST", "TUV"),
        "closed borders keep heads away": lambda p: without(p, assembly.Assembly, "step", "closure", 0.0),
    },
    "bargaining": {
        "a host takes two bids in a month": lambda p: p.setattr(bargaining, "taken", lambda _world, _row: False),
        "nobody is told that it was outbid": lambda p: p.setattr(bargaining, "outbid", lambda _world, _row, _gains: False),
        "rivals bid half": lambda p: p.setattr(leverage, "best_bid", lambda *a, honest=leverage.best_bid: 0.5 * honest(*a)),
        "officials' contacts count as ministers'": lambda p: p.setattr(
            Bargaining,
            "rounds",
            lambda self, channel, rank, *added, honest=Bargaining.rounds: honest(self, channel, np.minimum(rank, Rank.MINISTER), *added),
        ),
        "a month's more rest": lambda p: p.setattr(
            Bargaining, "_rest", lambda *args, honest=Bargaining._rest: honest(*args[:-1], args[-1] + 1)
        ),
        "commitments are a millionth larger": lambda p: p.setattr(
            bargaining, "sign", lambda *args, whole, **more: ledger.sign(*args, whole=whole * (1 + 1e-6), **more)
        ),
        "talks without a voice go on": lambda p: instead(p, Bargaining, "_end_without_principal"),
        "what fails is said to have lapsed": lambda p: p.setattr(
            bargaining,
            "close_talk",
            lambda world, row, stage, reason=Reason.NONE: ledger.close_talk(world, row, stage, reason and Reason.LAPSED),
        ),
        "what was asked for is written down a hair higher": lambda p: after(p, held, "advance", asked_a_hair_more),
        "first offers are forgotten": lambda p: after(p, held, "advance", first_offers_lost),
        "offers are written down for the other side": lambda p: after(p, held, "advance", offers_of_the_other_side),
        "both sides start from no agreement's value": lambda p: after(
            p, ratifiers, "to_problems", lambda problems, *_: dataclasses.replace(problems, d=problems.d - 1e-3)
        ),
        "all know what an executive believes of its own ratifiers": lambda p: after(
            p, ratifiers, "distances", lambda far, *_: dataclasses.replace(far, other=far.own)
        ),
        "executives know their ratifiers": lambda p: after(
            p, ratifiers, "distances", lambda far, *_: dataclasses.replace(far, own=far.true)
        ),
        "private beliefs are the other side's": lambda p: after(p, packages, "with_ratifiers", lambda two, *_: two[::-1]),
        "ratifiers lie on the other side": lambda p: p.setattr(
            Setting, "leanings", property(lambda setting, honest=Setting.__dict__["leanings"].func: -honest(setting))
        ),
        "ratifiers move from month to month": lambda p: p.setattr(
            ratifiers, "_normal", lambda world, what, _, *who, honest=ratifiers._normal: honest(world, what, world.month, *who)
        ),
        "a quota asks nothing": lambda p: instead(p, ratifiers, "spreads_for_quota", 0.0),
        "ratifiers lose a millionth more by today's text": lambda p: after(
            p, ratifiers, "pivots_at", lambda pivots, *_: dataclasses.replace(pivots, d=pivots.d - 1e-6)
        ),
        "what was feared at home is said to be refused": lambda p: after(p, packages, "at_home", lambda gains, *_: np.abs(gains)),
    },
    "ratification": {
        "a bloc needs nobody's assent": lambda p: after(p, ratification, "consent_of", by_the_bloc_alone),
        "a state's own law is not read": lambda p: after(p, ratification, "consent_of", by_a_majority),
        "ratifiers decide a month later": lambda p: p.setattr(
            ratification, "put_to_ratifiers", lambda *args: ledger.put_to_ratifiers(*args[:-1], args[-1] + 1 if args[-1] >= 0 else -1)
        ),
        "funds are promised on signature": lambda p: after(p, Ratification, "_put", promised_twice),
        "funds wait for ever": lambda p: instead(p, Ratification, "_commit"),
        "the pair rests a month less": lambda p: p.setattr(
            Ratification, "_rest", lambda *args, honest=Ratification._rest: honest(*args[:-1], args[-1] - 1)
        ),
        "a government that turns round is said to be overruled": lambda p: p.setattr(
            ratification, "fail_ratification", lambda world, place, _: ledger.fail_ratification(world, place, Reason.NOT_RATIFIED)
        ),
        "who has ratified stays so when the other side refuses": lambda p: p.setattr(
            instruments, "TRANSITIONS", {**stages.TRANSITIONS, Stage.RATIFIED: frozenset({Stage.IN_FORCE})}
        ),
        "only who signed first is asked": lambda p: p.setattr(
            ratification, "pending", lambda world, honest=ratification.pending: honest(world)[:1]
        ),
    },
    "entry": {
        "nobody waits for ratifiers": lambda p: instead(p, entry, "pending", np.zeros(0, dtype=np.int64)),
        "members are not bound": lambda p: instead(p, instruments, "bind_members"),
        "the reason of an end is lost": lambda p: p.setattr(
            entry, "move", lambda world, row, stage, reason=Reason.NONE: ledger.move(world, row, stage)
        ),
        "what has run its term lives on": lambda p: p.setattr(
            entry, "move", lambda world, row, stage, reason=Reason.NONE: None if reason else ledger.move(world, row, stage)
        ),
    },
    "effects": {
        "trade added is a millionth more": lambda p: after(p, effects, "added_effect", lambda _, *args: args[-1].__imul__(1.0 + 1e-6)),
        "margins are met in haste": lambda p: after(p, effects.sparse, "fit", lambda _, *args: (args[-2].__imul__(1.0 + 1e-6), 0.0)[1]),
        "what is known of trade is of this year": lambda p: instead(p, Effects, "_know"),
        "everything in force counts on top of the margins": lambda p: without(p, Effects, "_sell", "effect_frame", 0.0),
        "a bloc trades with who has left": lambda p: instead(p, effects, "_members_moved", False),
        "blocs do not trade": lambda p: instead(p, effects, "bloc_flows"),
        "the host bears the overhead": lambda p: after(p, Effects, "_pay", lambda _, __, world: world.received.__isub__(world.overhead)),
        "a common area counts as an instrument": lambda p: without(p, Effects, "_open", "free_flow", False),
        "the world without instruments has them": lambda p: instead(p, effects, "compare"),
        "nothing is diverted": lambda p: after(p, effects, "compare", lambda _, *args: args[-1].fill(0.0)),
    },
    "trust": {
        "belief is a millionth firmer": lambda p: after(p, trust, "believe", lambda _, *args: args[-1].__imul__(1.0 + 1e-6)),
        "refusals are forgiven": lambda p: p.setattr(trust, "in_vain", lambda _setting: (Reason.DEADLINE, Reason.MISJUDGED)),
        "video builds as much as visits": lambda p: p.setattr(
            trust,
            "_remember",
            lambda edge, channel, worth, *rest, honest=trust._remember: honest(
                edge, channel, np.where(np.arange(len(worth)) == Channel.VIDEO, worth[Channel.VISIT], worth), *rest
            ),
        ),
        "calls keep as much as visits": lambda p: after(
            p, Trust, "keeps", lambda found, *_: tuple(found[0] if at == Channel.CALL else one for at, one in enumerate(found))
        ),
        "what is in force shows nothing": lambda p: without(p, Trust, "step", "in_force", False),
    },
    "welfare": {
        "gains are a millionth more": lambda p: after(p, welfare, "worth_of_type", lambda _, __, ___, *own: own[0].__imul__(1.0 + 1e-6)),
        "a bloc keeps what it gains": lambda p: instead(p, welfare, "share_out"),
        "what is completed is worth nothing": lambda p: after(
            p, asked, "pairs", lambda found, world, *_: tuple(one[world.instruments["stage"][found[0]] == Stage.IN_FORCE] for one in found)
        ),
        "a pact is as large as what is needed today": lambda p: after(p, asked, "pairs", lambda found, *_: (*found[:4], 0.0 * found[4])),
        "the payer bears no overhead": lambda p: p.setattr(
            welfare, "_payments", lambda *args, honest=welfare._payments: honest(*args[:4], 0.0, *args[5:])
        ),
        "trade is counted in the stakes as well": lambda p: p.setattr(Doings, "without_trade", property(lambda one: one.types)),
        "what ended is asked no more": lambda p: p.setattr(welfare, "_CODES", welfare._CODES[:1]),
    },
}


@pytest.mark.parametrize("mechanism", ["contacts", "online", "trust"])
def test_without_a_fault_they_agree_on_contacts_and_what_comes_of_them(mechanism: str) -> None:
    assert found(mechanism) == []


@pytest.mark.parametrize(("mechanism", "fault"), [(mechanism, fault) for mechanism, faults in FAULTS.items() for fault in faults])
def test_a_fault_planted_in_a_mechanism_is_found_by_its_twin(mechanism: str, fault: str, monkeypatch: Patch) -> None:
    worlds(mechanism)  # as they are without the fault
    FAULTS[mechanism][fault](monkeypatch)
    assert found(mechanism) != []


def test_dates_that_wait_for_january_are_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr(Roster, "dates", frozenset())
    seen = walk(eventful(setting_of(small())), 1, only="roster", stop=True).differences["roster"]
    assert {one.split("[")[0] for one in seen} == {"free_flow"}


def test_every_twin_has_found_a_fault() -> None:
    # These have worlds, and planted faults, of their own (test_twin_access, test_twin_accessions, test_twin_bodies, test_twin_conferences,
    # test_twin_links, test_twin_market, test_twin_platforms, test_twin_promise_faults, test_works).
    apart = (
        "accessions", "conferences", "compliance", "durability", "withdrawals", "courts", "certification", "walkouts", "soft_law",
        "platforms", "interception", "occasions", "bodies", "vaccines", "image", "links", "data_centres", "market",
        "access", "works",
    )  # fmt: skip
    assert list(FAULTS) == [name for name in TWINS if name not in apart]
