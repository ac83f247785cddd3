"""Trust of each party in each partner: what it remembers of kept and broken words, and how it was disposed from the start."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from reference.plain_world import code
from sim.types import Channel, Event, Reason


def begin(w: Any) -> None:
    """Start from the standing disposition alone."""
    _believe(w)


def step(w: Any, decide: Any) -> None:
    """Forget a little, less where the two were in touch; then count what the month showed; then believe."""
    part = w.part("trust")
    worth = {channel: getattr(part, channel.name.lower()) for channel in Channel}
    shown: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in w.this_month(Event.CONTACT):
        for dyad in _both_ways(row):
            shown[dyad] += worth[row.channel]
    vain = [row for row in w.this_month(Event.NEGOTIATION_FAILED) if row.reason in (Reason.DEADLINE, Reason.REFUSED, Reason.MISJUDGED)]
    failed = Counter(dyad for row in vain for dyad in _both_ways(row))
    bound = Counter((one, other) for (_, one, other), holds in w.in_force.items() if holds)
    kept: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in w.this_month(Event.CONTACT):
        share = 1.0 if row.channel == Channel.VISIT else getattr(part, f"keep_{Channel(row.channel).name.lower()}")
        for dyad in _both_ways(row):
            kept[dyad] = max(kept[dyad], share)
    for dyad in w.dyads:
        remembered = 1.0 - (1.0 - part.memory) * (1.0 - part.tended * kept[dyad])
        w.trust_kept[dyad] = w.trust_kept[dyad] * remembered + shown.get(dyad, 0.0) + bound.get(dyad, 0) * part.kept
        w.trust_broken[dyad] = w.trust_broken[dyad] * remembered + failed.get(dyad, 0) * part.failed
    _promises(w, part)
    _believe(w)


def _promises(w: Any, part: Any) -> None:
    """Count what the month showed of promises: words broken and made good, meetings heard, and signatures that fell at home."""
    for row in w.this_month(code("breach_found"), code("breach_cured"), code("overheard"), Event.RATIFICATION_FAILED):
        who, wronged = row.party_a, row.party_b
        if (wronged, who) not in w.facts:
            continue
        if row.event == code("breach_cured"):
            w.trust_kept[wronged, who] += part.mended
        elif row.event == Event.RATIFICATION_FAILED:
            w.trust_broken[wronged, who] += part.fallen
        elif row.event == code("overheard"):
            w.trust_broken[wronged, who] += part.overheard
        else:
            w.trust_broken[wronged, who] += part.broken
            for onlooker in w.parties:
                if (onlooker, who) in w.facts and (onlooker, wronged) in w.facts:
                    w.trust_broken[onlooker, who] += part.broken * part.heard * w.trust[onlooker, wronged]


def _both_ways(row: Any) -> tuple[tuple[str, str], tuple[str, str]]:
    return (row.party_a, row.party_b), (row.party_b, row.party_a)


def _believe(w: Any) -> None:
    part = w.part("trust")
    for dyad in w.dyads:
        good = 1.0 + part.disposition * (1.0 + w.alliance_given[dyad]) / 2.0 + w.trust_kept[dyad]
        bad = 1.0 + part.disposition * (1.0 - w.alliance_given[dyad]) / 2.0 + w.trust_broken[dyad]
        w.trust[dyad] = good / (good + bad)
