"""Trust of each party in each partner: what it remembers of kept and broken words, and how it was disposed from the start."""

from __future__ import annotations

from typing import Any

from sim.types import Channel, Event, Reason


def begin(w: Any) -> None:
    """Start from the standing disposition alone."""
    _believe(w)


def step(w: Any, decide: Any) -> None:
    """Forget a little, less where the two were in touch; then count what the month showed; then believe."""
    part = w.part("trust")
    met = [({row.party_a, row.party_b}, getattr(part, Channel(row.channel).name.lower())) for row in w.this_month(Event.CONTACT)]
    failures = [row for row in w.this_month(Event.NEGOTIATION_FAILED) if row.reason in (Reason.DEADLINE, Reason.REFUSED, Reason.MISJUDGED)]
    failed = [{row.party_a, row.party_b} for row in failures]
    for dyad in w.dyads:
        shown = [worth for pair, worth in met if pair == set(dyad)]
        forgotten = (1.0 - part.memory) * (1.0 - part.tended if shown else 1.0)
        bound = sum(w.in_force[(kind, *dyad)] for kind in w.kinds)
        w.trust_kept[dyad] = w.trust_kept[dyad] * (1.0 - forgotten) + sum(shown) + bound * part.kept
        w.trust_broken[dyad] = w.trust_broken[dyad] * (1.0 - forgotten) + failed.count(set(dyad)) * part.failed
    _believe(w)


def _believe(w: Any) -> None:
    part = w.part("trust")
    for dyad, tie in w.facts.items():
        pacts, votes = part.disposition * part.pact_share, part.disposition * (1.0 - part.pact_share)
        good = 1.0 + pacts * tie.pact + votes * tie.affinity + w.trust_kept[dyad]
        bad = 1.0 + votes * (1.0 - tie.affinity) + part.rivalry * tie.rivalry + w.trust_broken[dyad]
        w.trust[dyad] = good / (good + bad)
