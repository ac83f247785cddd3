r"""The cloud market in compiled form: what each choice is worth, who renews, what follows for each state and between two.

Weights of choices are :math:`e^{V}`. No weight is summed in another order than that of the table, so that all forms give the same bits.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.ground.paths import NO_PATH
from sim.kernels import jit
from sim.mechanisms.market.words import HYBRID, PRIVATE, PUBLIC, SOVEREIGN
from sim.rng import uniform_of
from sim.state.world import Bools, Floats, Ints

LEAST = 0.01
"""Share of the market below which size tells nothing more."""
HALF = 0.5
"""Part of the load of a hybrid cloud that the home of its technology reaches."""


@jit
def prices(
    n: int, risk: float, slope: float, lowest: float, highest: float, rule: Floats, stored: Floats, capacity: Floats, out: Floats
) -> None:
    """Fill the price of storing in each state, (N,): what risk adds, times how full its data centres are."""
    for s in range(n):
        full = stored[s] / capacity[s] if capacity[s] > 0.0 else (1e9 if stored[s] > 0.0 else 0.0)
        scarce = math.exp(slope * math.log(full)) if full > 0.0 else 0.0
        out[s] = (1.0 + risk * (1.0 - rule[s])) * min(max(scarce, lowest), highest)


@jit
def worth(
    user: int, host: int, home: int, mode: int, to_home: int, freed: float, size: float, region: float, far: float, price: Floats,
    home_price: Floats, alliance: Floats, hostility: Floats, safeguards: Floats, salience: Floats, rights: Floats, failures: Floats,
    fear: Floats, technology: Floats, v: tuple[float, ...],
) -> float:  # fmt: skip
    """Return what a choice is worth to a user, in units of luck; see the module of the rule for the equation.

    ``size`` is the share of the public market that providers of the home hold, ``region`` that which lies in this offer, ``far`` the
    latency to the host (ms) and ``freed`` the share of data that instruments between the two free.
    """
    (
        by_size, by_region, by_price, by_latency, by_friends, by_enemies, at_home, by_law, by_leaks, by_failures, by_fear, by_technology,
        private, sovereign, hybrid, private_cost, sovereign_cost, hybrid_cost,
    ) = v  # fmt: skip
    foreign = home != user
    near = -by_price * math.log(price[host])
    if mode == PRIVATE:
        return float(private + near - by_price * math.log(1.0 + private_cost))
    if mode == SOVEREIGN:
        return float(sovereign + near - by_price * math.log(1.0 + sovereign_cost) + by_fear * fear[user] + by_technology * technology[user])
    out = near - by_price * math.log(home_price[home]) + by_size * math.log(max(size, LEAST)) - by_failures * failures[home]
    trusted = by_friends + by_technology * technology[user]
    doubt = 0.0
    if foreign:
        trusted = by_friends * alliance[to_home] if to_home >= 0 else 0.0
        trusted -= by_enemies * hostility[to_home] if to_home >= 0 else 0.0
        doubt = by_leaks * (salience[home] - 1.0) * (1.0 - rights[home])
    if mode == HYBRID:
        return float(out + hybrid + HALF * (trusted - doubt) + at_home - by_price * math.log(1.0 + hybrid_cost))
    out += by_region * math.log(max(region, LEAST)) + trusted - doubt - by_latency * far
    if host == user:
        return float(out + at_home)
    return float(out - by_law * safeguards[user] * (1.0 - freed))


@jit
def renew(
    whom: Ints, first: Ints, host: Ints, home: Ints, mode: NDArray[np.int8], offer: Ints, to_host: Ints, to_home: Ints, open_since: Ints,
    size: Floats, region: Floats, latency: Ints, freed: Floats, free_flow: Bools, price: Floats, home_price: Floats, alliance: Floats,
    hostility: Floats, safeguards: Floats, salience: Floats, rights: Floats, failures: Floats, fear: Floats,
    technology: Floats, v: tuple[float, ...], place: Floats, rate: Floats, free: Floats, bound: Floats,
) -> None:  # fmt: skip
    """Let some users renew their contracts: a part of each load, ``rate`` (N,), goes anew to what is worth most, by a logit.

    Of the load that law binds to the soil, what lies abroad without an instrument that frees it comes home at once.
    """
    for k in range(whom.shape[0]):
        u = whom[k]
        begin, end = first[u], first[u + 1]
        weight, allowed = np.zeros(end - begin), np.zeros(end - begin)
        whole, at_home = 0.0, 0.0
        for c in range(begin, end):
            is_public = mode[c] == PUBLIC
            if is_public and open_since[offer[c]] < 0:
                continue
            s, p, e = host[c], home[c], to_host[c]
            let = 1.0 if s == u else 0.0
            if s != u and e >= 0:
                for t in range(freed.shape[0]):
                    let = max(let, freed[t, e])
                let = 1.0 if free_flow[e] else let
            allowed[c - begin] = let
            if latency[u, s] == NO_PATH:
                continue
            share = region[offer[c]] if is_public else 0.0
            weight[c - begin] = math.exp(
                place[s]
                + worth(
                    u, s, p, mode[c], to_home[c], let, size[p], share, latency[u, s] / 1e6, price, home_price, alliance, hostility,
                    safeguards, salience, rights, failures, fear, technology, v,
                )
            )  # fmt: skip
            whole += weight[c - begin]
            at_home += weight[c - begin] * let
        # What may stay of the bound load stays as the free load does; the rest is released.
        stays = 0.0
        for c in range(begin, end):
            bound[c] = bound[c] * (1.0 - rate[u]) * allowed[c - begin]
            stays += bound[c]
        for c in range(begin, end):
            w = weight[c - begin]
            free[c] = free[c] * (1.0 - rate[u]) + rate[u] * (w / whole)
            bound[c] += (1.0 - stays) * (w * allowed[c - begin] / at_home)


@jit
def add_up(
    first: Ints, host: Ints, home: Ints, mode: NDArray[np.int8], offer: Ints, free: Floats, bound: Floats, load: Floats, tied: Floats,
    latency: Ints, down: Floats, price: Floats, home_price: Floats, usd: float, stored: Floats, at_home: Floats, own: Floats,
    exposure: Floats, exposed_to: Ints, serves: Floats, sold: Floats, bought: Floats, cut_off: Floats, offered: Floats,
) -> None:  # fmt: skip
    """Fill what follows for each state, (N,), and what each offer serves: ``tied`` is the share of its load that law binds, (N,)."""
    n = load.shape[0]
    reach = np.zeros(n)
    for s in range(n):
        stored[s] = serves[s] = sold[s] = bought[s] = 0.0
    for k in range(offered.shape[0]):
        offered[k] = 0.0
    for u in range(n):
        here, mine, lost = 0.0, 0.0, 0.0
        for c in range(first[u], first[u + 1]):
            share = (1.0 - tied[u]) * free[c] + tied[u] * bound[c]
            s, p, mw = host[c], home[c], load[u] * share
            stored[s] += mw
            here += share if s == u else 0.0
            mine += share if p == u else 0.0
            if mode[c] == PUBLIC:
                offered[offer[c]] += mw
                # One that lies in the reach of two states is exposed to either.
                reach[p] += share
                if s != p:
                    reach[s] += share
            if mode[c] == HYBRID:
                reach[p] += HALF * share
            if p != u:
                serves[p] += mw
                paid = usd * mw * price[s] * home_price[p]
                sold[p] += paid
                bought[u] += paid
            lost += share if latency[u, s] == NO_PATH else (share * down[p] if mode[c] == PUBLIC or mode[c] == HYBRID else 0.0)
        at_home[u], own[u], cut_off[u] = here, mine, lost
        exposure[u], exposed_to[u] = 0.0, -1
        for c in range(first[u], first[u + 1]):
            for who in (home[c], host[c]):
                if who != u and (reach[who] > exposure[u] or (reach[who] == exposure[u] and reach[who] > 0.0 and who < exposed_to[u])):
                    exposure[u], exposed_to[u] = reach[who], who
        for c in range(first[u], first[u + 1]):
            reach[home[c]] = reach[host[c]] = 0.0


@jit
def between(
    first: Ints, host: Ints, home: Ints, mode: NDArray[np.int8], to_host: Ints, to_home: Ints, free: Floats, bound: Floats, tied: Floats,
    held: Floats, reached: Floats,
) -> None:  # fmt: skip
    """Fill which share of the owner's load the partner's providers hold, and which its law reaches, for each edge, (E,)."""
    for e in range(held.shape[0]):
        held[e] = reached[e] = 0.0
    for u in range(first.shape[0] - 1):
        for c in range(first[u], first[u + 1]):
            share = (1.0 - tied[u]) * free[c] + tied[u] * bound[c]
            if mode[c] == PUBLIC and to_home[c] >= 0:
                held[to_home[c]] += share
                reached[to_home[c]] += share
            if mode[c] == PUBLIC and to_host[c] >= 0 and host[c] != home[c]:
                reached[to_host[c]] += share
            if mode[c] == HYBRID and to_home[c] >= 0:
                held[to_home[c]] += HALF * share
                reached[to_home[c]] += HALF * share


@jit
def of_blocs(start: Ints, col: Ints, rev: Ints, n: int, member: Bools, load: Floats, values: Floats) -> None:
    """Fill the edges of blocs of a share of load, (E,): of a bloc the mean of its members by load, in a bloc the sum over its members.

    Members of a bloc are no others to it. Between two blocs nothing is told.
    """
    n_blocs = member.shape[0]
    for b in range(n_blocs):
        for e in range(start[n + b], start[n + b + 1]):
            values[e] = 0.0
            values[rev[e]] = 0.0
    for b in range(n_blocs):
        p, whole = n + b, 0.0
        for i in range(n):
            whole += load[i] if member[b, i] else 0.0
        mine = np.full(start.shape[0] - 1, -1, dtype=np.int64)
        for e in range(start[p], start[p + 1]):
            mine[col[e]] = e
        if whole <= 0.0:
            continue
        for i in range(n):
            for e in range(start[i], start[i + 1]):
                j = col[e]
                if j >= n:
                    continue
                # From the bloc to others: its members by their load.
                if member[b, i] and not member[b, j] and mine[j] >= 0:
                    values[mine[j]] += values[e] * (load[i] / whole)
                # From others to the bloc: the sum over its members.
                if member[b, j] and not member[b, i] and mine[i] >= 0:
                    values[rev[mine[i]]] += values[e]


@jit
def entries(
    seed: np.uint64, key: np.uint64, month: np.uint64, ids: NDArray[np.uint64], host: Ints, home: Ints, since: Ints, pull: Floats,
    rate: float, least: float, stop: Floats, out: Bools,
) -> None:  # fmt: skip
    """Say where providers open their first region this year: the more load draws them, (F,) MW, and law lets them, the likelier."""
    for k in range(host.shape[0]):
        out[k] = False
        if since[k] < 0 and pull[k] > 0.0:
            chance = 1.0 - math.exp(-rate * (1.0 - stop[host[k]]) * (pull[k] / (pull[k] + least)))
            out[k] = uniform_of(seed, key, month, ids[host[k]], ids[home[k]], np.uint64(0)) < chance


@jit
def pulls(
    host: Ints, home: Ints, first: Ints, whose: Ints, mode: NDArray[np.int8], free: Floats, bound: Floats, load: Floats, tied: Floats,
    out: Floats,
) -> None:  # fmt: skip
    """Fill the load of each host's own users that providers of the home hold for them in other states, MW, (F,)."""
    for k in range(host.shape[0]):
        u, mw = host[k], 0.0
        for c in range(first[u], first[u + 1]):
            if whose[c] == home[k] and mode[c] == PUBLIC:
                mw += load[u] * ((1.0 - tied[u]) * free[c] + tied[u] * bound[c])
        out[k] = mw
