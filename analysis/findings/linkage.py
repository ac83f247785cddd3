"""The baseline with packages of linked types off and on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.findings import Lived, listed, table
from sim.recorder import RunData

TITLE = "What linkage changes"
SEEDS = 5
LEAD = """
The baseline from 2019-01 to 2025-12, all states, seeds 0 to 4, with `mechanisms.bargaining.linkage`
off and on. A cell gives one number for each seed. The same seeds share their luck.
"""


def _events(event: str, kind: str) -> Callable[[RunData], float]:
    return lambda run: float(((run.events["event"] == event) & (run.events["type"] == kind)).sum())


def _without_zone(run: RunData) -> float:
    return float(((run.events["event"] == "negotiation_failed") & (run.events["reason"] == "no_zone")).sum())


def _packages(run: RunData) -> float:
    return float(len(set(run.instruments["package"].tolist()) - {""}))


ROWS: tuple[tuple[str, Callable[[RunData], float]], ...] = (
    ("frameworks signed", _events("signature", "transfer_framework")),
    ("pacts signed", _events("signature", "infrastructure_pact")),
    ("frameworks that entered into force", _events("entry_into_force", "transfer_framework")),
    ("pacts that entered into force", _events("entry_into_force", "infrastructure_pact")),
    ("fell at home", lambda run: run.scalars["ratifications_failed"]),
    ("negotiations without a zone", _without_zone),
    ("packages signed", _packages),
)


def body(lived: Lived) -> str:
    """Return the table of both worlds."""
    off, on = lived.runs(SEEDS), lived.runs(SEEDS, mechanisms={"bargaining": {"linkage": True}})
    return table(["", "off", "on"], [[words, _of(off, take), _of(on, take)] for words, take in ROWS])


def _of(runs: Sequence[RunData], take: Callable[[RunData], float]) -> str:
    return listed([take(run) for run in runs])
