"""Bargaining over a finite table told in plain Python: lists, one text after the other, nothing sorted and nothing shared."""

from __future__ import annotations

import itertools
import math

EXPONENT = {"boulware": 4.0, "linear": 1.0, "conceder": 0.25, "tit_for_tat": 1.0}


def additive(weights, values, sizes):
    """Sum one party's weighted values for every combination of options; values go issue after issue."""
    starts = [sum(sizes[:k]) for k in range(len(sizes))]
    table = []
    for options in itertools.product(*(range(size) for size in sizes)):
        total = 0.0
        for k, option in enumerate(options):
            total += weights[k] * values[starts[k] + option]
        table.append(total)
    return table


class Party:
    """One party at the table, who knows its own column only."""

    def __init__(self, column, reserved, tactic):
        self.column, self.exponent = column, EXPONENT[tactic]
        self.low, self.high = max(min(column), reserved), max(column)
        self.hopeless = reserved > self.high
        self.imitates, self.share, self.heard, self.heard_two = tactic == "tit_for_tat", None, {}, False

    def hears(self, other, text, others):
        """Close the own way by what the other closed of its gap since its last offer, by a part where there are several others."""
        mine, last = self.column[text], self.heard.get(other)
        self.heard[other] = mine
        if self.imitates and last is not None:
            self.heard_two = True
            if mine < self.high and last < self.high:
                closed = 1.0 - (self.high - mine) / (self.high - last)
                self.share = min(1.0, self.share * (1.0 - closed / others))

    def asks(self, t):
        if not self.heard_two:
            self.share = 1.0 - t**self.exponent
        asked = (self.high - self.low) * self.share + self.low - 0.001
        return max(min(asked, self.high), self.low)

    def offers(self, t, docking):
        asked = self.asks(t)
        fine = [(u, x) for x, u in enumerate(self.column) if u >= asked]
        if not fine:
            return max((u, x) for x, u in enumerate(self.column))[1]
        u, x = min(fine)
        below = [v for v in self.column if asked - 1e-6 <= v < asked]
        if docking and below and asked - max(below) < u - asked:
            return self.column.index(max(below))
        return x


def alternating_offers(table, reserved, first, deadline, tactic, tactic_second, docking=False):
    """Return (status, rounds held, index of the text or -1, offers as (round, party, text))."""
    n = len(table)
    order = [(first + turn) % n for turn in range(n)]
    parties = {i: Party(table[i], reserved[i], tactic if i == first else tactic_second) for i in order}
    if not docking and any(party.hopeless for party in parties.values()):
        return "NO_ZONE", 0, -1, []
    offers, yes = [], set()
    for step in range(deadline):
        t = (step + 1) / (deadline + 1)
        for i in order:
            if offers and table[i][offers[-1][2]] >= parties[i].asks(t):
                yes.add(i)
                if len(yes) == n:
                    return "AGREED", step + 1, offers[-1][2], offers
                continue
            offers.append((step, i, parties[i].offers(t, docking)))
            for other in order:
                if other != i:
                    parties[other].hears(i, offers[-1][2], n - 1)
            yes = {i}
    return "DEADLINE", deadline, -1, offers


def nash(table, d, r, weight):
    """Return the index of the text of the largest weighted product of gains among those worth r to all; -1 where none gains all."""
    best, found = -math.inf, -1
    for x, us in enumerate(zip(*table, strict=True)):
        gains = [u - base for u, base in zip(us, d, strict=True)]
        if all(u >= least for u, least in zip(us, r, strict=True)) and all(gain > 0 for gain in gains):
            product = math.prod(gains) if len(set(weight)) == 1 else math.fsum(a * math.log(g) for a, g in zip(weight, gains, strict=True))
            if product > best:
                best, found = product, x
    return found
