"""Whom a party meets, at what rank and over what channel, in compiled form: what an hour brings, until an hour costs more.

Each rank of a party has hours a month, H, and an hour has one price, ``w (load + used / H)^eta``, which rises as hours are used. A contact
with a partner over a channel is worth

    ``weight (1 + t trust) (1 + m gathering) open / E  x  (k keep + b build + s hope/(hope + half) begin + n talks carry + e election)``

with E an exponential draw for (owner, partner, rank), the less the more a matter of the owner's weighs this month, ``open`` what borders,
lines and skill leave of the channel, and the four yields of the channel as shares of the best channel's. It costs the owner the hours
of the channel, and a journey its travel both ways; the partner's rank gives the hours without the journey, and does so where the same
matter is worth them at the price its hours last had. Of two channels to
one partner the dearer one is taken if what it adds is worth the hours it adds. So the steps from one channel to the next, in order of what
they bring an hour, are taken while they bring more than an hour costs; the last is taken in part, which luck rounds. This is the choice
under a convex cost: a Lagrangian with one price for each rank (Everett 1963, Operations Research 11(3)); tests compare it with a solver of
linear programmes. The plain form of the same rule is in :mod:`sim.agents.diary`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.decide.bounds import most_an_hour, what_edges_bring
from sim.kernels import jit
from sim.rng import philox, three_words_of, unit
from sim.state.world import Bools, Floats, Ints
from sim.types import Channel

_VIDEO = int(Channel.VIDEO)
N_RANKS = 3
_SLACK = 0.999999
_FEW = 64


@jit
def budgets(gdp: Floats, reference: float, elasticity: float, hours: Floats, out: Floats) -> None:
    """Fill the hours a month that each party has at each rank, shape (P, 3): those of a party of the reference GDP (USD), by size."""
    for i in range(gdp.shape[0]):
        scale = math.exp(elasticity * math.log(max(gdp[i], 1.0) / reference))
        for r in range(N_RANKS):
            out[i, r] = hours[r] * scale


@jit
def price_of(used: float, hours: float, load: float, full: float, elasticity: float) -> float:
    """Return what an hour costs when some are used: ``full (load + used / hours)^elasticity``."""
    at_work = load + used / hours
    return full * (at_work if elasticity == 1.0 else at_work**elasticity)


@jit
def hours_at(price: float, full: float, elasticity: float) -> float:
    """Return the share of its hours that a rank works where an hour costs so much: the inverse of :func:`price_of`."""
    share = price / full
    return share if elasticity == 1.0 else share ** (1.0 / elasticity)


@jit
def hours_given(k: int, i: int, j: int, met: bool, hours: Floats, closure: Floats, at_summit: float) -> float:
    """Return the hours that partner j gives for a contact over channel k: a gathering that goes online takes as long as it would have."""
    if k == _VIDEO and met:
        return float(hours[k] + (at_summit - hours[k]) * (1.0 - (1.0 - closure[i]) * (1.0 - closure[j])))
    return float(hours[k])


@jit
def ways_open(
    i: int, j: int, met: bool, skill_with: float, screen: float, width: float, needs: Bools, hours: Floats, closure: Floats,
    bandwidth: Floats, digital: Floats, skill: Floats, novice: float, enough: float, gathering: float, at_summit: float, left: Floats,
    given: Floats,
) -> None:  # fmt: skip
    """Fill what this month leaves of each channel between owner i and partner j, and the hours that the partner gives, (channels,) each.

    ``met`` says whether they share a summit, ``skill_with`` how practised they are together, ``screen`` what their platform leaves of a
    meeting and ``width`` what the width of the way between them does at most; ``needs`` (channels, 5) are in the order of
    ``sim.declare.words.NEEDS``; ``novice`` is what a side without skill gets out of a screen, ``enough`` the bandwidth from which more
    helps no more. What a shared summit adds, ``gathering``, is in what is left.
    """
    way = (1.0 - closure[i]) * (1.0 - closure[j])
    practised = 0.5 * (skill_with + math.sqrt(skill[i] * skill[j]))
    line = min(width, min(1.0, min(bandwidth[i], bandwidth[j]) / enough)) * (novice + (1.0 - novice) * practised) * screen
    offices = math.sqrt(digital[i] * digital[j])
    for k in range(left.shape[0]):
        left[k], given[k] = 1.0, hours[k]
        if needs[k, 1]:
            left[k] *= 1.0 + gathering if met else 0.0
        if needs[k, 2]:
            left[k] *= way
        if needs[k, 3]:
            left[k] *= line
        if needs[k, 4]:
            left[k] *= offices
    if met:
        # A gathering that closed borders forbid goes online.
        left[_VIDEO] *= 1.0 + gathering * (1.0 - way)
        given[_VIDEO] = hours_given(_VIDEO, i, j, met, hours, closure, at_summit)


@jit
def kinds_of(
    i: int, e: int, types: Ints, prospect: Floats, open_talk: Ints, gdp: Floats, hope_half: float, sought: Floats
) -> tuple[float, float]:  # fmt: skip
    """Return what beginning and what carrying talks is worth to owner i of edge e: ``s hope/(hope + half)`` and ``n talks``."""
    hope, talking = 0.0, 0.0
    for q in range(types.shape[0]):
        hope += prospect[types[q], e]
        talking = 1.0 if open_talk[types[q], e] >= 0 else talking
    gained = hope * (gdp[i] / 1e4)
    return sought[3] * (gained / (gained + hope_half)), sought[4] * talking


@jit
def steps_up(value: Floats, cost: Floats, least: float, gain: Floats, more: Floats, channel: NDArray[np.int8]) -> int:
    """Walk from no contact to the channels worth their hours; return the number of steps that bring more than ``least`` an hour.

    Fills what each step brings an hour, the hours it adds, and the channel it leads to: the corners of the least concave curve above all
    channels, each step bringing less than the one before.
    """
    n, at, worth, spent = 0, -1, 0.0, 0.0
    while True:
        best, to = least, -1
        for k in range(value.shape[0]):
            if k == at or value[k] <= worth or cost[k] < spent or (cost[k] == spent and at >= 0):
                continue
            rate = (value[k] - worth) / (cost[k] - spent)
            # Of two that bring alike the dearer one is reached at once.
            if rate > best or (rate == best and to >= 0 and cost[k] > cost[to]):
                best, to = rate, k
        if to < 0:
            return n
        gain[n], more[n], channel[n] = best, cost[to] - spent, to
        n, at, worth, spent = n + 1, to, value[to], cost[to]


@jit
def best_first(rates: Floats, n: int, order: NDArray[np.int64]) -> None:
    """Fill the order of the first n rates, the highest first; of those alike the earlier one."""
    if n > _FEW:
        order[:n] = np.argsort(-rates[:n], kind="mergesort")
        return
    for s in range(n):
        at = s
        while at > 0 and rates[order[at - 1]] < rates[s]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = s


@jit
def spend_hours(
    start: NDArray[np.int64], col: Ints, rev: Ints, identity: NDArray[np.uint64], seed: np.uint64, key: np.uint64, margin: np.uint64,
    month: np.uint64, types: Ints, weight: Floats, trust: Floats, prospect: Floats, talking: Bools, summit: Bools, elected: Bools,
    blocked: Bools, gdp: Floats, closure: Floats, bandwidth: Floats, digital: Floats, skill: Floats, skill_with: Floats, screen: Floats,
    width: Floats, novice: float, enough: float, distance: Floats, speed: float, at_summit: float, needs: Bools, hours: Floats,
    yields: Floats, sought: Floats, hope_half: float, budget: Floats, load: Floats, full: float, elasticity: float, asked: Floats,
    price: Floats, edge: Ints, rank: NDArray[np.int8], channel: NDArray[np.int8],
) -> int:  # fmt: skip
    """Let every party spend the hours of each rank, and return how many contacts that makes.

    Fills ``edge``, ``rank`` and ``channel`` by owner, rank and then what an hour brings, and ``price`` (P, 3) of an hour. ``price`` comes
    in as a guess, which spares work and changes nothing. ``talking`` (E,) says who has talks to carry; ``yields`` (channels, 4) are keep,
    build, begin and carry, ``sought`` the weights t, k, b, s, n, m, e of the module's formula; ``load`` (P, 3) is what else keeps a rank at
    work, as a share of its hours, and ``asked`` (P, 3) the price at which partners give theirs.
    """
    n_channels, total, zero = hours.shape[0], 0, np.uint64(0)
    n_talk, m_meet, e_vote = sought[4], sought[5], sought[6]
    kept, most = np.empty(n_channels), np.zeros((2, 4))
    for k in range(n_channels):
        kept[k] = sought[1] * yields[k, 0] + sought[2] * yields[k, 1]
    most_an_hour(needs, hours, yields, kept, m_meet, at_summit, most)
    widest = 0
    for i in range(start.shape[0] - 1):
        widest = max(widest, start[i + 1] - start[i])
    n_edges = col.shape[0]
    begins, base, bound = np.zeros(n_edges), np.empty(n_edges), np.empty(n_edges)
    what_edges_bring(
        start, rev, types, weight, trust, prospect, talking, summit, elected, blocked, gdp, sought, hope_half, most, begins, base, bound
    )  # fmt: skip
    luck, who, likely = np.empty((N_RANKS, widest)), np.empty(widest, dtype=np.uint64), np.empty(widest, dtype=np.int64)
    # What the ranks of one owner share of a partner is found once: ``known`` says for which owner it was.
    known, journeys, seen = np.full(widest, -1, dtype=np.int64), np.empty(widest), np.empty((widest, 8))
    left, given = np.empty((widest, n_channels)), np.empty((widest, n_channels))
    own, other = np.empty((widest, n_channels)), np.empty((widest, n_channels))
    value, cost = np.empty(n_channels), np.empty(n_channels)
    gain, more, leads = np.empty(n_channels), np.empty(n_channels), np.empty(n_channels, dtype=np.int8)
    rates, adds = np.empty(widest * n_channels), np.empty(widest * n_channels)
    whose, where = np.empty(widest * n_channels, dtype=np.int32), np.empty(widest * n_channels, dtype=np.int8)
    placed, order = np.full(widest, -1, dtype=np.int32), np.empty(widest * n_channels, dtype=np.int64)
    for i in range(start.shape[0] - 1):
        first, last = start[i], start[i + 1]
        n = last - first
        for c in range(n):
            who[c] = identity[np.uint32(col[first + c])]
        three_words_of(seed, key, month, identity[i], who, n, luck)
        rounding = philox(month, identity[i], zero, zero, seed, margin)
        highest = bound[first:last]
        for r in range(N_RANKS):
            if budget[i, r] <= 0.0:
                price[i, r] = 0.0
                continue
            nothing, drawn = price_of(0.0, budget[i, r], load[i, r], full, elasticity), luck[r, :n]
            # Without a price of last month's, half of what the last hour costs is a fair start.
            guess = max(0.5 * (price[i, r] if price[i, r] > 0.0 else full), nothing * _SLACK)
            while True:
                # Steps that bring less than the guess are not looked at; where the price turns out lower, the guess was wrong.
                found, some = 0, 0
                for c in range(n):
                    # -log(u) >= 1 - u spares the logarithm, and the rest, of most that brings too little. About one in seven passes,
                    # which no processor can foretell: each place is written, and counted where it does.
                    likely[some] = c
                    some += 1 if highest[c] > guess * ((1.0 - drawn[c]) * _SLACK) else 0
                n_likely, some = some, 0
                for at in range(n_likely):
                    # The partner's side: it too must find the matter worth what its hours last cost.
                    c = likely[at]
                    e = first + c
                    likely[some] = c
                    some += 0 if bound[rev[e]] < asked[col[e], r] * ((1.0 - drawn[c]) * _SLACK) else 1
                for at in range(some):
                    # What lies far apart in memory is fetched for all of them together: the processor waits once, not for each.
                    c = likely[at]
                    e = first + c
                    back = rev[e]
                    seen[c, 0], seen[c, 1], seen[c, 2] = skill_with[e], screen[e], distance[e]
                    seen[c, 3], seen[c, 4], seen[c, 5], seen[c, 6] = base[e], base[back], begins[e], begins[back]
                    seen[c, 7] = width[e]
                for at in range(some):
                    c = likely[at]
                    e = first + c
                    j, matter = col[e], -math.log(drawn[c])
                    if highest[c] <= guess * (matter * _SLACK) or bound[rev[e]] < asked[j, r] * (matter * _SLACK):
                        continue
                    if known[c] != i:
                        known[c], journeys[c] = i, 2.0 * seen[c, 2] / speed
                        ways_open(
                            i, j, summit[e], seen[c, 0], seen[c, 1], seen[c, 7], needs, hours, closure, bandwidth, digital, skill, novice,
                            enough, m_meet, at_summit, left[c], given[c],
                        )  # fmt: skip
                        called, calling = e_vote if elected[j] else 0.0, e_vote if elected[i] else 0.0
                        here, there = n_talk if talking[e] else 0.0, n_talk if talking[rev[e]] else 0.0
                        for k in range(n_channels):
                            other[c, k] = kept[k] + seen[c, 6] * yields[k, 2] + there * yields[k, 3] + calling
                            own[c, k] = kept[k] + seen[c, 5] * yields[k, 2] + here * yields[k, 3] + called
                    mine, theirs, least, worthy = seen[c, 3] / matter, seen[c, 4] / matter, asked[j, r], False
                    for k in range(n_channels):
                        value[k] = mine * left[c, k] * own[c, k] if theirs * left[c, k] * other[c, k] >= least * given[c, k] else 0.0
                        cost[k] = given[c, k] + journeys[c] if needs[k, 0] else given[c, k]
                        worthy = worthy or value[k] > guess * (cost[k] * _SLACK)
                    if not worthy:
                        continue
                    for s in range(steps_up(value, cost, guess, gain, more, leads)):
                        rates[found], adds[found], whose[found], where[found] = gain[s], more[s], c, leads[s]
                        found += 1
                best_first(rates, found, order)
                used, made, settled = 0.0, total, False
                for s in range(found):
                    at = order[s]
                    if rates[at] < price_of(used + adds[at], budget[i, r], load[i, r], full, elasticity):
                        settled = True
                        now = price_of(used, budget[i, r], load[i, r], full, elasticity)
                        price[i, r] = now
                        if rates[at] > now:
                            # The step that is worth a part of its hours is taken with that probability.
                            price[i, r] = rates[at]
                            part = budget[i, r] * (hours_at(rates[at], full, elasticity) - load[i, r]) - used
                            word = rounding[0] if r == 0 else (rounding[1] if r == 1 else rounding[2])
                            if unit(word) * adds[at] >= part:
                                break
                        else:
                            break
                    c = whose[at]
                    if placed[c] < 0:
                        placed[c] = made
                        edge[made], rank[made] = first + c, r
                        made += 1
                    channel[placed[c]] = where[at]
                    used += adds[at]
                    if settled:
                        break
                for s in range(total, made):
                    placed[edge[s] - first] = -1
                if not settled:
                    price[i, r] = price_of(used, budget[i, r], load[i, r], full, elasticity)
                if price[i, r] >= guess or guess <= nothing * _SLACK:
                    total = made
                    break
                # All that was found is taken at a lower guess too, and more hours cost no less: the price falls no further.
                guess = max(price[i, r], nothing) * _SLACK
    return total


@jit
def settle(
    edge: Ints, rank: NDArray[np.int8], row: Ints, col: Ints, identity: NDArray[np.uint64], seed: np.uint64, key: np.uint64,
    month: np.uint64, types: Ints, weight: Floats, trust: Floats, prospect: Floats, open_talk: Ints, summit: Bools, elected: Bools,
    gdp: Floats, closure: Floats, bandwidth: Floats, digital: Floats, skill: Floats, skill_with: Floats, screen: Floats, width: Floats,
    novice: float, enough: float, distance: Floats, speed: float, at_summit: float, needs: Bools, hours: Floats, yields: Floats,
    sought: Floats, hope_half: float, price: Floats, channel: NDArray[np.int8], spent: Floats, given: Floats,
) -> None:  # fmt: skip
    """Fill the channel of contacts that leave it open (-1): the one worth most after its hours are paid.

    Fills also the hours that owners spend and that partners give, (n,) each.
    """
    n_channels, zero = hours.shape[0], np.uint64(0)
    left, offered = np.empty(n_channels), np.empty(n_channels)
    for c in range(edge.shape[0]):
        e, r = edge[c], rank[c]
        i, j = row[e], col[e]
        if channel[c] >= 0:
            k = channel[c]
            offered[k] = hours_given(k, i, j, summit[e], hours, closure, at_summit)
        else:
            ways_open(
                i, j, summit[e], skill_with[e], screen[e], width[e], needs, hours, closure, bandwidth, digital, skill, novice, enough,
                sought[5], at_summit, left, offered,
            )  # fmt: skip
            hope, talking = kinds_of(i, e, types, prospect, open_talk, gdp, hope_half, sought)
            words = philox(month, identity[i], identity[j], zero, seed, key)
            word = words[0] if r == 0 else (words[1] if r == 1 else words[2])
            drawn = weight[e] * (1.0 + sought[0] * trust[e]) / -math.log(unit(word))
            best, to = -math.inf, 0
            for k in range(n_channels):
                kinds = sought[1] * yields[k, 0] + sought[2] * yields[k, 1] + hope * yields[k, 2] + talking * yields[k, 3]
                cost = offered[k] + 2.0 * distance[e] / speed if needs[k, 0] else offered[k]
                after = drawn * left[k] * (kinds + (sought[6] if elected[j] else 0.0)) - price[i, r] * cost
                # What nobody can hold is never the best of them.
                if left[k] > 0.0 and after > best:
                    best, to = after, k
            channel[c] = to
        k = channel[c]
        given[c] = offered[k]
        spent[c] = offered[k] + 2.0 * distance[e] / speed if needs[k, 0] else offered[k]
