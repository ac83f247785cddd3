"""Alternating offers told per side in plain Python: each side holds its own figures only and sees the other's offers."""

from __future__ import annotations

import math


class Side:
    """One side of the table: what it wants, what it would accept, what it heard."""

    def __init__(self, p, m, i, exponent):
        self.a, self.r = float(p.a[m, i]), float(p.r[m, i])
        self.b, self.w, self.theta = (list(map(float, getattr(p, n)[m, i])) for n in ("b", "w", "theta"))
        self.box = list(zip(map(float, p.lo[m]), map(float, p.hi[m]), strict=True))
        self.exponent = exponent
        self.heard = None
        self.has_offered = False
        self.best = [self._best(k) for k in range(len(self.b))]
        self.top = self.utility(self.best)

    def utility(self, text):
        return self.a + sum(b * x - w * (x - t) ** 2 for b, w, t, x in zip(self.b, self.w, self.theta, text, strict=True))

    def aspiration(self, t):
        return self.r + (max(self.top, self.r) - self.r) * (1.0 - t**self.exponent)

    def accepts(self, text, t):
        return self.utility(text) >= max(self.aspiration(t), self.r)

    def offer(self, t):
        if not self.has_offered:
            self.has_offered = True
            return list(self.best)
        heard = [self._in_box(k, x) for k, x in enumerate(self.heard)]
        if self.utility(heard) >= self.aspiration(t):
            return heard
        return self._nearest(heard, self.aspiration(t))

    def _nearest(self, heard, asked):
        """Minimise the salience-weighted distance to what was heard subject to own utility >= asked: bisect its multiplier."""

        def text_at(mu):
            text = []
            for k, y in enumerate(heard):
                if self.w[k] > 0:
                    x = (self.w[k] * y + mu * (self.w[k] * self.theta[k] + self.b[k] / 2)) / (self.w[k] * (1 + mu))
                    text.append(self._in_box(k, x))
                else:
                    text.append(y if self.b[k] == 0 else self.best[k])
            return text

        if self.utility(text_at(0.0)) >= asked:
            return text_at(0.0)
        low, high = 1e-30, 1e30
        for _ in range(300):
            mu = math.sqrt(low * high)
            if self.utility(text_at(mu)) >= asked:
                high = mu
            else:
                low = mu
        return text_at(high)

    def _best(self, k):
        low, high = self.box[k]
        if self.w[k] > 0:
            return self._in_box(k, self.theta[k] + self.b[k] / (2 * self.w[k]))
        if self.b[k] != 0:
            return high if self.b[k] > 0 else low
        return self._in_box(k, self.theta[k])

    def _in_box(self, k, x):
        low, high = self.box[k]
        return min(max(x, low), high)


EXPONENT = {"boulware": 4.0, "linear": 1.0, "conceder": 0.25}


def alternating_offers(p, m, first, deadline, tactic, tactic_second):
    """Return (status, rounds held, text or None, offers, narrowest): how it ended and how close any answer was to a tie."""
    if any(low > high for low, high in zip(p.lo[m], p.hi[m], strict=True)):
        return "NO_TEXT", 0, None, [], math.inf
    tactics = {first: tactic, 1 - first: tactic_second}
    sides = [Side(p, m, i, EXPONENT[tactics[i]]) for i in range(2)]
    if any(side.top < side.r for side in sides):
        return "NO_ZONE", 0, None, [], math.inf
    offers, narrowest = [], math.inf
    for step in range(deadline):
        t = (step + 1) / (deadline + 1)
        me = first if step % 2 == 0 else 1 - first
        text = sides[me].offer(t)
        offers.append((me, text))
        answerer = sides[1 - me]
        answerer.heard = text
        narrowest = min(narrowest, abs(answerer.utility(text) - answerer.aspiration(t)) / (1.0 + abs(answerer.top)))
        if answerer.accepts(text, t):
            return "AGREED", step + 1, text, offers, narrowest
    return "DEADLINE", deadline, None, offers, narrowest
