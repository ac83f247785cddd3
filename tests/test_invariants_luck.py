"""Invariant 11: another state, decision or event never shifts anyone's luck; it changes only what it wins, displaces or touches."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from worlds import NINE, begun, different, lived, months_of, setting_of, tree

from sim import engine, luck
from sim.decide.agenda import Chosen, budgets
from sim.decide.decisions import Compiled
from sim.rng import uniforms
from sim.state.world import Setting, World, clone, snapshot
from sim.types import Channel, Event, Rank, month_index

TEN = (*NINE, "NZL")
PAIRWISE = ("contact_weight", "trust", "summit")


SEASON = 4


def season(states: tuple[str, ...]) -> World:
    """Live the first months of a world of some states, or of all."""
    return lived(tree(roster={"states": list(states)}), months=SEASON)


def test_ten_states_draw_the_luck_they_draw_among_all() -> None:
    few, all_ = season(NINE), season(())
    here = [few.setting.party(code) for code in NINE]
    there = [all_.setting.party(code) for code in NINE]
    assert all_.setting.n_states == 193
    assert few.elected[here].tolist() == all_.elected[there].tolist()
    assert budgets(few)[here].tolist() == budgets(all_)[there].tolist()
    assert few.setting.identity[here].tolist() == all_.setting.identity[there].tolist()
    for i, j in zip(here, there, strict=True):
        for k, m in zip(here, there, strict=True):
            one, two = (
                [
                    float(uniforms(7, what, 24240, w.setting.identity[[a]], w.setting.identity[[b]], word=int(rank))[0])
                    for what, rank in itertools.product((luck.PARTNER, luck.CAPACITY), Rank)
                ]
                for w, a, b in ((few, i, k), (all_, j, m))
            )
            assert one == two


def with_identities(setting: Setting, identity: Callable[[Setting], NDArray[np.uint64]]) -> Setting:
    return dataclasses.replace(setting, identity=identity(setting))


def displaced(identity: Callable[[Setting], NDArray[np.uint64]]) -> tuple[int, list[str]]:
    """Add a tenth state with weights otherwise held, and return how often it is chosen and whose choice changes beyond that."""
    wins, faults = 0, []
    for month in range(month_index("2019-07"), month_index("2020-07")):
        small = engine.start(with_identities(setting_of(tree()), identity), 7)
        large = engine.start(with_identities(setting_of(tree(roster={"states": list(TEN)})), identity), 7)
        small.month = large.month = month
        ours, theirs = small.setting, large.setting
        for world in (small, large):
            Compiled().appraise(world)
        same = [theirs.party(code) for code in ours.codes]
        for e in range(ours.edges.n):
            at = theirs.edges.find(same[ours.edges.row[e]], same[ours.edges.col[e]])
            for name in PAIRWISE:
                getattr(large, name)[at] = getattr(small, name)[e]
            large.prospect[:, at] = small.prospect[:, e]
        large.gdp[same] = small.gdp
        before, after = chosen(small), chosen(large)
        for code, rank in itertools.product(ours.codes, Rank):
            new, old = after[code, rank], before[code, rank]
            kept = [other for other in new if other != "NZL"]
            wins += len(new) - len(kept)
            if kept != old[: len(kept)] or (len(kept) == len(new) and kept != old):
                faults.append(f"{code} chose {kept} instead of {old}")
    return wins, faults


def chosen(world: World) -> dict[tuple[str, Rank], list[str]]:
    """Return whom each party contacts at each rank, in the order of what an hour brings."""
    picked, codes = Compiled().choose_partners(world), world.setting.codes
    out: dict[tuple[str, Rank], list[str]] = {key: [] for key in itertools.product(codes, Rank)}
    for edge, rank in zip(picked.edge, picked.rank, strict=True):
        out[codes[world.setting.edges.row[edge]], Rank(rank)].append(codes[world.setting.edges.col[edge]])
    return out


def test_an_added_state_alters_a_choice_only_where_it_wins_or_displaces() -> None:
    wins, faults = displaced(lambda setting: setting.identity)
    assert faults == []
    assert wins > 0


def test_luck_by_row_number_would_be_caught() -> None:
    _, faults = displaced(lambda setting: np.arange(setting.n_parties, dtype=np.uint64))
    assert len(faults) > 0


class OneMore(Compiled):
    """Adds one contact, in one month, to those that the world holds anyway."""

    def __init__(self, owner: str, partner: str, month: int, over: Channel) -> None:
        self.pair, self.month, self.over = (owner, partner), month, over

    def choose_partners(self, world: World) -> Chosen:
        found = super().choose_partners(world)
        if world.month != self.month:
            return found
        edge = world.setting.edges.find(*(world.setting.party(code) for code in self.pair))
        return Chosen(
            np.append(found.edge, np.int32(edge)),
            np.append(found.rank, np.int8(Rank.OFFICIAL)),
            np.append(found.channel, np.int8(self.over)),
        )


@pytest.mark.parametrize(("pair", "label", "over"), [(("KEN", "TUV"), "2019-07", Channel.CALL), (("IDN", "KEN"), "2019-11", Channel.VISIT)])
def test_one_more_contact_has_exactly_its_own_effects(pair: tuple[str, str], label: str, over: Channel) -> None:
    month = month_index(label)
    quiet = begun(tree())
    for _ in months_of(quiet, month - quiet.month):
        pass
    talkative = clone(quiet)
    edges, n_before, begin_kept = quiet.setting.edges, len(quiet.events), quiet.trust_kept.copy()
    engine.step(quiet)
    engine.step(talkative, decide=OneMore(*pair, month, over))
    mine = edges.find(*(quiet.setting.party(code) for code in pair))
    before = begin_kept[mine]
    touched = {mine, int(edges.rev[mine])}
    changed = different(snapshot(quiet), snapshot(talkative))
    # Both sides spend hours on it, and that is all.
    spent = {"array/hours_used", "array/hours_given", "array/meetings"}
    assert {name for name in changed if not name.startswith("table/events/")} == {"array/trust", "array/trust_kept", *spent}
    owner, partner = (quiet.setting.party(code) for code in pair)
    for name, who in (("hours_used", {owner}), ("hours_given", {partner}), ("meetings", {owner, partner})):
        moved = np.argwhere(quiet.array(name) != talkative.array(name))
        assert {int(place[0]) for place in moved} == who
    for name in ("trust", "trust_kept"):
        assert set(np.flatnonzero(getattr(quiet, name) != getattr(talkative, name))) == touched
    assert len(talkative.events) == len(quiet.events) + 1
    # Contacts stand one after another, after what failed this month; the one more is the last of them.
    contacts = np.flatnonzero(quiet.events["event"][n_before:] == Event.CONTACT)
    assert len(contacts) == contacts[-1] - contacts[0] + 1
    extra = n_before + int(contacts[-1]) + 1
    part = quiet.setting.config.mechanisms["trust"]
    for name in quiet.events.columns:
        assert np.delete(talkative.events[name], extra).tobytes() == quiet.events[name].tobytes()
    channel = Channel(talkative.events["channel"][extra])
    assert channel == over
    worth = talkative.trust_kept[mine] - quiet.trust_kept[mine]
    # It adds its own evidence, and less is forgotten of what there was.
    spared = (1.0 - part.memory) * part.tended * part.keeps()[channel] * before
    assert worth == pytest.approx(getattr(part, channel.name.lower()) + spared, rel=1e-9)


def test_another_agreement_type_on_the_table_moves_no_contact_of_those_it_does_not_interest() -> None:
    both, one = begun(tree(end="2019-06")), begun(tree(end="2019-06", negotiated=["transfer_framework"]))
    for world in (both, one):
        engine.step(world)
        world.month -= 1
        # What others ask for their hours follows from all that they do: here it is as at the start.
        world.hour_price[:] = world.hours_given[:] = 0.0
    first, second = chosen(both), chosen(one)
    others_than = np.array([name != "transfer_framework" for name in both.setting.type_names])
    hopeful = {both.setting.codes[p] for p in both.setting.edges.row[(both.prospect[others_than] > 0.0).any(axis=0)]}
    others = [key for key in first if key[0] not in hopeful and key[1] != Rank.OFFICIAL]  # officials work on the other talks
    assert any(first[key] for key in others)
    assert {key: first[key] for key in others} == {key: second[key] for key in others}
