"""Alternating offers told per side in plain Python: each side holds its own figures only and sees the other's offers."""

from __future__ import annotations

import math


class Ratifier:
    """The pivotal ratifier of one side, who compares a text with no agreement."""

    def __init__(self, pivot, m, i):
        self.a, self.d = float(pivot.a[m, i]), float(pivot.d[m, i])
        self.b, self.w, self.theta = (list(map(float, getattr(pivot, n)[m, i])) for n in ("b", "w", "theta"))

    def gain(self, text):
        return self.a - self.d + sum(b * x - w * (x - t) ** 2 for b, w, t, x in zip(self.b, self.w, self.theta, text, strict=True))


class Side:
    """One side of the table: what it wants, what it would accept, what it heard; with caution, what it believes the other wants."""

    def __init__(self, p, m, i, tactic, caution):
        self.a, self.r = float(p.a[m, i]), float(p.r[m, i])
        self.b, self.w, self.theta = (list(map(float, getattr(p, n)[m, i])) for n in ("b", "w", "theta"))
        self.box = list(zip(map(float, p.lo[m]), map(float, p.hi[m]), strict=True))
        self.exponent, self.imitates, self.caution = EXPONENT[tactic], tactic == "tit_for_tat", caution
        self.all_heard, self.made, self.share = [], [], None
        self.best = [self._best(k) for k in range(len(self.b))]
        self.tau = [t + b / (2 * w) if w > 0 else x for t, b, w, x in zip(self.theta, self.b, self.w, self.best, strict=True)]
        self.bare_top = self.utility(self.best)
        self.ratifier, self.held = None, False
        if p.pivot is not None and p.pivot.active[m, i]:
            self.ratifier = Ratifier(p.pivot, m, i)
            self.held = not self.passes(self.best)
            if self.held:
                self.best = self._push(lambda nu: self._weighted(self.w, self.tau, nu, 0.0), self.ratifier.gain)
        self.top = self.utility(self.best)

    def utility(self, text):
        return self.a + sum(b * x - w * (x - t) ** 2 for b, w, t, x in zip(self.b, self.w, self.theta, text, strict=True))

    @property
    def heard(self):
        return self.all_heard[-1]

    def hears(self, text):
        self.all_heard.append(text)
        if self.imitates and len(self.all_heard) > 1:
            now, before = (self.top - self.utility(one) for one in (text, self.all_heard[-2]))
            if now > 0 and before > 0:
                self.share = min(1.0, self.share * now / before)

    def aspiration(self, t):
        share = self.share if self.imitates and len(self.all_heard) > 1 else 1.0 - t**self.exponent
        return self.r + (max(self.top, self.r) - self.r) * share

    def weights(self):
        """Believe that the other cares the more about an issue the less of the way to one's own first offer it has gone on it."""
        weights = []
        for first, last, mine in zip(self.all_heard[0], self.heard, self.made[0], strict=True):
            gone = min(1.0, abs(last - first) / abs(mine - first)) if mine != first else None
            weights.append(1.0 if gone is None else (1.0 - gone + self.caution) / (gone + self.caution))
        return weights

    def misjudged(self):
        if self.caution is None or not self.made or not self.all_heard:
            return False
        mine, theirs = (
            sum(w * (x - f) ** 2 for w, x, f in zip(self.weights(), text, self.all_heard[0], strict=True))
            for text in (self.made[-1], self.heard)
        )
        return mine <= theirs

    def accepts(self, text, t):
        return self.utility(text) >= max(self.aspiration(t), self.r) and self.passes(text)

    def passes(self, text):
        return self.ratifier is None or self.ratifier.gain(text) >= 0.0

    def offer(self, t):
        if not (self.imitates and len(self.all_heard) > 1):
            self.share = 1.0 - t**self.exponent
        self.made.append(self._choose(t))
        return self.made[-1]

    def _choose(self, t):
        if not self.made:
            return list(self.best)
        heard = [self._in_box(k, x) for k, x in enumerate(self.heard)]
        if self.utility(heard) >= self.aspiration(t) and self.passes(heard):
            return heard
        if self.caution is not None:
            return self._nearest_to_belief(self.aspiration(t))
        text = heard if self.utility(heard) >= self.aspiration(t) else self._nearest(heard, self.aspiration(t))
        return text if self.passes(text) else self._nearest_passing(heard, self.aspiration(t))

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

    def _nearest_passing(self, heard, asked):
        """Bisect the multiplier of the ratifier and, for each, the multiplier of the own utility; those who do not care take their ends."""
        goal = [self.best_end(k, y) if self.w[k] == 0 else y for k, y in enumerate(heard)]
        weight = [w or (self.ratifier.w[k] + abs(self.ratifier.b[k]) + abs(self.b[k])) or 1.0 for k, w in enumerate(self.w)]

        def text_at(nu):
            return self._push(lambda mu: self._weighted(weight, goal, nu, mu), lambda text: self.utility(text) - asked)

        return self._push(text_at, self.ratifier.gain)

    def _nearest_to_belief(self, asked):
        """Minimise what the other is believed to lose: bisect the multiplier of the own utility, and that of the ratifier around it."""
        goal, weight = [self._in_box(k, x) for k, x in enumerate(self.all_heard[0])], self.weights()

        def text_at(mu):
            pairs = zip(goal, weight, self.b, self.w, self.theta, strict=True)
            return [self._in_box(k, (v * g + mu * (w * t + b / 2)) / (v + mu * w)) for k, (g, v, b, w, t) in enumerate(pairs)]

        if self.top <= asked:
            return list(self.best)
        text = goal if self.utility(goal) >= asked else self._least(text_at, lambda x: self.utility(x) - asked)
        if self.passes(text):
            return text
        return self._push(
            lambda nu: self._push(lambda mu: self._weighted(weight, goal, nu, mu), lambda x: self.utility(x) - asked), self.ratifier.gain
        )

    @staticmethod
    def _least(text_at, short):
        low, high = 1e-30, 1e30
        for _ in range(300):
            mu = math.sqrt(low * high)
            low, high = (low, mu) if short(text_at(mu)) >= 0 else (mu, high)
        return text_at(high)

    def best_end(self, k, y):
        return y if self.b[k] == 0 else self.box[k][self.b[k] > 0]

    def _weighted(self, weight, goal, nu, mu):
        """Maximise -weight (x - goal)^2 + nu times the ratifier's utility + mu times the own, issue by issue."""
        other, text = self.ratifier, []
        for k in range(len(self.b)):
            curve = weight[k] + mu * self.w[k] + nu * other.w[k]
            pull = (
                weight[k] * goal[k] + mu * (self.w[k] * self.theta[k] + self.b[k] / 2) + nu * (other.w[k] * other.theta[k] + other.b[k] / 2)
            )
            text.append(self._in_box(k, pull / curve) if curve > 0 else self.best_end(k, goal[k]))
        return text

    @staticmethod
    def _push(text_at, short):
        """Return the text of the least multiplier that meets what is asked (short >= 0), by bisection of its logarithm."""
        if short(text_at(0.0)) >= 0:
            return text_at(0.0)
        low, high = 1e-12, 1e12
        for _ in range(70):
            mu = math.sqrt(low * high)
            if short(text_at(mu)) >= 0:
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


EXPONENT = {"boulware": 4.0, "linear": 1.0, "conceder": 0.25, "tit_for_tat": 1.0}


def alternating_offers(p, m, first, deadline, tactic, tactic_second, caution=None):
    """Return (status, rounds held, text or None, offers, narrowest): how it ended and how close any answer was to a tie."""
    if any(low > high for low, high in zip(p.lo[m], p.hi[m], strict=True)):
        return "NO_TEXT", 0, None, [], math.inf
    tactics = {first: tactic, 1 - first: tactic_second}
    sides = [Side(p, m, i, tactics[i], caution) for i in range(2)]
    if any(side.bare_top < side.r for side in sides):
        return "NO_ZONE", 0, None, [], math.inf
    if any(side.held and (side.top <= side.r or not side.passes(side.best)) for side in sides):
        return "NO_WIN_SET", 0, None, [], math.inf
    offers, narrowest = [], math.inf
    for step in range(deadline):
        t = (step + 1) / (deadline + 1)
        me = first if step % 2 == 0 else 1 - first
        text = sides[me].offer(t)
        offers.append((me, text))
        answerer = sides[1 - me]
        answerer.hears(text)
        narrowest = min(narrowest, abs(answerer.utility(text) - answerer.aspiration(t)) / (1.0 + abs(answerer.top)))
        if answerer.accepts(text, t):
            return "AGREED", step + 1, text, offers, narrowest
    return "MISJUDGED" if any(side.misjudged() for side in sides) else "DEADLINE", deadline, None, offers, narrowest
