"""Form 3 says what a run's words, tables, snapshot and scenario were; of version 0.1.0 these are known, since no part could add any.

Added to a run are ``words`` (by kind and name), ``codes`` (the names of each kind in the order of their codes), ``declared_tables`` (each
with the tier from which it is written, None where it never is, and whether the run's digest covers it), ``snapshot_schema`` and
``scenario_text``; to a study ``scenario_texts``.
"""

from __future__ import annotations

from typing import Any

WORDS: dict[str, tuple[str, ...]] = {
    "issue": (
        "safeguards", "redress", "localisation", "security", "research_access", "infrastructure", "capacity", "hosting_control",
    ),
    "event": (
        "contact", "negotiation_opened", "negotiation_concluded", "negotiation_failed", "signature", "entry_into_force", "completion",
        "expiry", "termination", "bound", "membership_began", "membership_ended", "action", "released", "attendance", "ratification",
        "ratification_failed", "suspension", "resumption", "continued", "conference_opened", "conference_left", "conference_concluded",
        "conference_failed", "accession", "accession_refused", "denunciation", "withdrawal", "move",
    ),
    "reason": (
        "none", "no_zone", "no_text", "deadline", "refused", "lapsed", "competence_lost", "funds_disbursed", "term_ended", "no_win_set",
        "not_ratifiable", "not_ratified", "withdrawn", "too_few", "would_lose", "outvoted", "left_bloc", "linked_fell", "misjudged",
        "walked_away",
    ),
    "occasion": ("routine", "negotiation", "prospect", "summit", "election"),
    "channel": ("visit", "summit", "call", "video", "message"),
}  # fmt: skip
"""What version 0.1.0 called things: history, not to be changed when words are added."""
ENDS = ("completion", "expiry", "termination", "suspension")
"""Events after which an instrument was no longer in force."""
TABLES: tuple[tuple[str, str | None, bool], ...] = (
    ("scalars", "scalars", True),
    ("series", "series", True),
    ("panels", "panels", True),
    ("events", "panels", True),
    ("instruments", "panels", True),
    ("offers", "full", False),
    ("talks", None, True),
    ("adherence", None, True),
    ("conferences", None, True),
    ("seats", None, True),
)
"""Tables of version 0.1.0: name, tier from which a run folder holds them, and whether the digest covers them."""


def run(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of a run folder with what version 0.1.0 left unsaid."""
    said = {
        "codes": {kind: list(names) for kind, names in WORDS.items()},
        "words": {kind: {name: {"ends": True} if name in ENDS else {} for name in names} for kind, names in WORDS.items()},
        "declared_tables": [{"name": name, "tier": tier, "digested": digested} for name, tier, digested in TABLES],
        "snapshot_schema": 1,
        "scenario_text": None,
    }
    return {**said, **manifest}


def study(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of a study; the texts of its scenarios were not kept."""
    return {"scenario_texts": {}, **manifest}
