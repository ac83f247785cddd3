"""How parties spend the month's hours on contacts, and what stands between the world and the kernels of :mod:`sim.decide.hours`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.arrays import where_true
from sim.decide import hours
from sim.decide.bounds import who_talks
from sim.decide.staff import staff, talks_open
from sim.ports import BargainingTerms, ContactTerms, TrustTerms
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Rank, TalkStage

YIELDS = ("keep", "build", "begin", "carry")
"""What a contact yields, in the order of columns."""


@dataclass(frozen=True)
class Chosen:
    """Contacts chosen this month, by owner, rank and then what an hour brings.

    Attributes
    ----------
    edge : int32 (n,)
        Owner and partner.
    rank : int8 (n,)
        Who will hold it.
    channel : int8 (n,)
        How it is held; -1 where that is left to what an hour costs.
    """

    edge: Ints
    rank: NDArray[np.int8]
    channel: NDArray[np.int8]


@dataclass(frozen=True)
class Ways:
    """The channels of a run: what a contact over each takes and yields.

    Attributes
    ----------
    hours : float64 (channels,)
        Hours without the journey.
    needs : bool (channels, needs)
        What thins it out, in the order of ``sim.declare.words.NEEDS``.
    yields : float64 (channels, 4)
        Keep, build, begin and carry, each as a share of the best channel's.
    """

    hours: Floats
    needs: Bools
    yields: Floats


def ways(world: World) -> Ways:
    """Return the channels of a run as this month's terms have them: worked out once for a setting."""
    setting = world.setting
    known: Ways | None = setting.kept.get("ways")
    if known is not None:
        return known
    added, contacts, talks = setting.words.added_channels, setting.terms(ContactTerms), setting.terms(BargainingTerms)
    trust = setting.terms(TrustTerms)
    every = np.arange(len(contacts.channel_hours(added)), dtype=np.int8)
    carried = talks.rounds(every, np.full(len(every), int(Rank.OFFICIAL), dtype=np.int8), added)
    found = np.array((trust.keeps(added), trust.evidence(added), talks.starts(added), carried), dtype=np.float64)
    best = found.max(axis=1, keepdims=True)
    shares = np.divide(found, best, out=np.zeros_like(found), where=best > 0.0)
    known = setting.kept["ways"] = Ways(contacts.channel_hours(added), contacts.channel_needs(added), np.ascontiguousarray(shares.T))
    return known


def sought(terms: ContactTerms) -> Floats:
    """Return the weights t, k, b, s, n, m and e of what parties seek in contacts, shape (7,)."""
    return np.array(
        (
            *(terms.trust_weight, terms.keep_weight, terms.build_weight, terms.prospect_weight, terms.talk_weight),
            *(terms.summit_weight, terms.election_weight),
        )
    )


def budgets(world: World) -> Floats:
    """Return the hours a month that each party has at each rank, shape (P, ranks)."""
    terms = world.setting.terms(ContactTerms)
    out = np.empty((world.setting.n_parties, len(Rank)))
    hours.budgets(world.gdp, terms.capacity_reference, terms.capacity_elasticity, terms.hours(), out)
    return out


def spend(world: World) -> Chosen:
    """Let every party spend the hours of each rank on what brings most an hour; writes ``hour_price``."""
    setting, terms, how = world.setting, world.setting.terms(ContactTerms), ways(world)
    edges = setting.edges
    hours_had = budgets(world)
    kept = world.hours_given + world.array("hours_sat")
    load = np.divide(kept, hours_had, out=np.zeros_like(hours_had), where=hours_had > 0.0)
    # Officials are the staff that talks take, too.
    load[:, int(Rank.OFFICIAL)] += talks_open(world) / staff(world)
    most = len(Rank) * edges.n
    edge, rank, channel = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.int8), np.empty(most, dtype=np.int8)
    n = hours.spend_hours(
        edges.start, edges.col, edges.rev, setting.identity, np.uint64(world.seed), luck.PARTNER.key, luck.CAPACITY.key,
        np.uint64(world.month), where_true(setting.negotiated), world.contact_weight,
        world.trust, world.prospect, talking(world), world.summit, called_on(world),
        world.blocked, world.gdp, *_circumstances(world, terms), how.needs, how.hours, how.yields, sought(terms), terms.hope_half,
        hours_had, load, terms.hour_price, terms.hour_elasticity, world.hour_price.copy(), world.hour_price, edge, rank, channel,
    )  # fmt: skip
    return Chosen(edge[:n].copy(), rank[:n].copy(), channel[:n].copy())


def talking(world: World) -> Bools:
    """Say which edges have open talks that contacts carry on, (E,)."""
    setting, talks, out = world.setting, world.talks, np.zeros(world.setting.edges.n, dtype=np.bool_)
    columns = (talks["stage"], int(TalkStage.OPEN), talks["type"], talks["edge"])
    who_talks(*columns, setting.negotiated, world.open_talk, setting.edges.rev, out)
    return out


def channels_at_price(world: World, chosen: Chosen) -> tuple[Chosen, Floats, Floats]:
    """Settle how each contact is held where that was left open, and return the contacts, what owners spend and partners give, (n,) hours.

    A contact that was left open is held over the channel that is worth most after its hours are paid at this month's price.
    """
    setting, terms, how = world.setting, world.setting.terms(ContactTerms), ways(world)
    edges, spent, given = setting.edges, np.empty(len(chosen.edge)), np.empty(len(chosen.edge))
    channel = chosen.channel.copy()
    hours.settle(
        chosen.edge, chosen.rank, edges.row, edges.col, setting.identity, np.uint64(world.seed), luck.PARTNER.key,
        np.uint64(world.month), where_true(setting.negotiated), world.contact_weight,
        world.trust, world.prospect, world.open_talk,
        world.summit, called_on(world), world.gdp, *_circumstances(world, terms), how.needs, how.hours, how.yields, sought(terms),
        terms.hope_half, world.hour_price, channel, spent, given,
    )  # fmt: skip
    return Chosen(chosen.edge, chosen.rank, channel), spent, given


_Circumstances = tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, float, float, Floats, float, float]


def called_on(world: World) -> Bools:
    """Say who has an occasion for others' words this month, (P,).

    It has voted, opened or proposed something, is in a crisis, or has vaccine.
    """
    marked = (world.array(name) for name in ("opening", "proposing", "in_crisis", "supplying"))
    return np.asarray(np.logical_or.reduce((world.elected, *marked)), dtype=np.bool_)


def _circumstances(world: World, terms: ContactTerms) -> _Circumstances:
    """Return what the kernels read of borders, lines, practice, platforms and journeys, in their order."""
    return (
        world.closure, world.bandwidth, world.digital_government, world.array("skill"), world.array("skill_with"),
        world.carries, world.way_between, terms.novice, terms.line_enough, world.setting.edges.distance, terms.speed, terms.hours_summit,
    )  # fmt: skip
