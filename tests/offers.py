"""Alternating offers held all at once with their log, and held a few rounds at a time."""

from __future__ import annotations

import numpy as np

from sim.bargains.problems import Talks
from sim.protocols.alternating_offers import AlternatingOffers
from sim.types import Status


def log_of(problems, rounds=20, **chosen):
    """Hold all rounds; return the outcomes and the log of offers."""
    protocol = AlternatingOffers(deadline_rounds=rounds, **chosen)
    n = len(problems)
    return protocol.advance(problems, Talks.opened(0, n, problems.n_issues), np.full(n, rounds), record=True)


def in_parts(protocol, problems, some, first=0):
    """Hold the rounds in parts, the talks that are open taken out and put back each time.

    some: a function from the rows still open to the rounds each holds next.
    Returns text (M, K), status (M,) and step (M,) as each negotiation ended.
    """
    n = len(problems)
    talks, rows = Talks.opened(first, n, problems.n_issues), np.arange(n)
    text, status, step = np.full((n, problems.n_issues), np.nan), np.zeros(n, np.int8), np.zeros(n, np.int32)
    while rows.size:
        part = talks.take(rows)
        found, _ = protocol.advance(problems.take(rows), part, some(rows))
        talks.put(rows, part)
        text[rows], status[rows], step[rows] = found.text, found.status, found.step
        rows = rows[found.status == Status.OPEN]
    return text, status, step
