"""Who sits in which body, where it meets, how far members travel and over what edge they reach the host; and whose hours it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import where_true
from sim.state.world import Bools, Floats, World
from sim.types import Rank

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Seating:
    """Who sits in which body, and where it meets.

    Attributes
    ----------
    inside : array of bool, shape (B, N)
        Members.
    members : array, shape (B,)
        Their number.
    host : array, shape (B,)
        Place of the state where it meets: its seat, or the member whose turn it is this year.
    at_home : array of bool, shape (B, N)
        Who crosses no border to meet there.
    far : array, shape (B, N)
        Way of each member to it, km; 0 of those who make no journey.
    journey : array, shape (B,)
        Mean journey of the members, km.
    to_host : array, shape (B, N)
        Edge from each member to the host; -1 of the host, and where the two keep no eye on each other.
    of_heads : array, shape (b,)
        Places of the bodies that take hours of heads: those in which heads pass something.
    """

    inside: Bools
    members: Ints
    host: Ints
    at_home: Bools
    far: Floats
    journey: Floats
    to_host: Ints
    of_heads: Ints


def blocs_of(world: World) -> Ints:
    """Return the bloc whose body each is, (B,); -1 where no bloc of the run bears the organisation's name."""
    setting, roster = world.setting, world.setting.roster
    if "blocs_of_bodies" not in setting.kept:
        places = {name: setting.n_states + b for b, name in enumerate(roster.blocs)}
        setting.kept["blocs_of_bodies"] = np.array(
            [places.get(roster.organisations[o], -1) for o in roster.bodies.organisation], dtype=np.int64
        )
    found: Ints = setting.kept["blocs_of_bodies"]
    return found


def seating_of(world: World) -> Seating:
    """Return who sits where this month, to read; kept while nobody joins or leaves and the year lasts."""
    setting, roster, bodies = world.setting, world.setting.roster, world.setting.roster.bodies
    at = bodies.organisation
    if "bodies_joined" not in setting.kept:
        setting.kept["bodies_joined"] = np.unique([roster.member_from[at], roster.member_until[at]]), {}
    dates, found = setting.kept["bodies_joined"]
    key = int(np.searchsorted(dates, world.month, side="right")), world.month // 12
    if key not in found:
        inside = (roster.member_from[at] <= world.month) & (world.month < roster.member_until[at])
        host = [seat if seat >= 0 else _in_turn(some, key[1]) for seat, some in zip(bodies.host.tolist(), inside, strict=True)]
        of_heads = where_true((bodies.rank == Rank.HEAD) & (bodies.acts > 0.0) & ~bodies.resident)
        found[key] = Seating(inside, inside.sum(axis=1), np.array(host, dtype=np.int64), *_apart(world, inside, host), of_heads)
    seating: Seating = found[key]
    return seating


def _in_turn(inside: Bools, turn: int) -> int:
    members = where_true(inside)
    return int(members[turn % len(members)]) if len(members) else 0


def _apart(world: World, inside: Bools, host: list[int]) -> tuple[Bools, Floats, Floats, Ints]:
    """Return who crosses no border to meet, (B, N), each member's way, (B, N) km, their mean, (B,), and the edge to the host, (B, N).

    Who lives at the seat makes no journey.
    """
    at_home = np.zeros(inside.shape, dtype=np.bool_)
    at_home[np.arange(len(host)), host] = True
    at_home[world.setting.roster.bodies.resident] = True
    who, where = np.broadcast_arrays(np.arange(inside.shape[1])[None, :], np.array(host, dtype=np.int64)[:, None])
    far = np.where(inside & ~at_home, world.setting.roster.distance(who, where), 0.0)
    to_host = world.setting.edges.find_all(who.ravel(), where.ravel()).reshape(inside.shape)
    return at_home, far, far.sum(axis=1) / np.maximum(inside.sum(axis=1), 1), to_host
