r"""How long signatures wait for force, and how many never come to it, with those still waiting at the end counted as waiting.

And how long what is in force lasts, for :mod:`analysis.survival`.

.. math:: I_c(t) = \sum_{s \le t} S(s-) \frac{d_c(s)}{n(s)}, \qquad S(t) = \prod_{s \le t} \Big(1 - \frac{d(s)}{n(s)}\Big)

``n(s)`` instruments still signed only, ``s`` months after signature; ``d_c`` of them that enter into force, or fall, in that month; ``d``
both. Source: Aalen and Johansen (1978), Scandinavian Journal of Statistics 5 (cumulative incidence under competing risks).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.store import Floats, StoredRun, read_table
from analysis.survival import Spell


@dataclass(frozen=True)
class Life:
    """One signed instrument: row of its run, type, months from signature to ``end``, and what ended the wait.

    ``fate`` is ``force``, ``fell`` or ``waits``.
    """

    run: int
    type: str
    wait: int
    fate: str


def lives(run: StoredRun) -> tuple[Life, ...]:
    """Return every instrument signed in a stored run, in order of run and signature; none where the folder keeps no ledger."""
    kinds = ("signature", "entry_into_force", "ratification_failed")
    signed: dict[tuple[int, str], tuple[str, int]] = {}
    ended: dict[tuple[int, str], tuple[int, str]] = {}
    for row, event in run.told(kinds, ("type", "instrument")):
        key = row, str(event["instrument"])
        if event["event"] == "signature":
            signed.setdefault(key, (str(event["type"]), int(event["month"])))
        elif key in signed and key not in ended:
            ended[key] = int(event["month"]), "force" if event["event"] == "entry_into_force" else "fell"
    last = int(run.months[-1])
    found = []
    for key, (kind, month) in signed.items():
        end, fate = ended.get(key, (last, "waits"))
        found.append(Life(key[0], kind, end - month, fate))
    return tuple(found)


def incidence(some: tuple[Life, ...], horizon: int) -> tuple[Floats, Floats]:
    """Return the share in force and the share fallen 0 to ``horizon`` months after signature, shapes (horizon + 1,)."""
    wait = np.array([life.wait for life in some], dtype=np.int64)
    force = np.array([life.fate == "force" for life in some], dtype=np.bool_)
    fell = np.array([life.fate == "fell" for life in some], dtype=np.bool_)
    left, shares = 1.0, np.zeros((2, horizon + 1))
    for month in range(horizon + 1):
        at_risk = int((wait >= month).sum())
        for c, cause in enumerate((force, fell)):
            step = left * int((cause & (wait == month)).sum()) / at_risk if at_risk else 0.0
            shares[c, month] = shares[c, month - 1] + step if month else step
        left = 1.0 - float(shares[:, month].sum())
    return shares[0], shares[1]


def lasting(run: StoredRun) -> dict[str, tuple[Spell, ...]]:
    """Return how long each agreement that was in force has lasted, in months, by agreement type; runs are pooled.

    What was in force as the run began is seen from the age that it then had. What is in force at the end is seen until then. A suspension
    is no end. Whatever else ends an agreement does, its completion and its replacement too. Nothing where the folder keeps no agreements.
    """
    if not knows_instruments(run):
        return {}
    first, last = int(run.months[0]), int(run.months[-1])
    columns = ("type", "in_force", "ended")
    table = read_table(run, INSTRUMENTS, columns=list(columns))
    found: dict[str, list[Spell]] = {}
    for kind, begun, ended in zip(*(table[name].to_pylist() for name in columns), strict=True):
        if begun < 0:
            continue
        over = ended >= 0
        found.setdefault(str(kind), []).append(Spell(max(0, first - begun), (ended if over else last + 1) - begun, over))
    return {kind: tuple(some) for kind, some in sorted(found.items())}


INSTRUMENTS = "instruments.parquet"
"""Table of a run folder that says when each agreement entered into force and ended."""


def knows_instruments(run: StoredRun) -> bool:
    """Say whether a folder keeps that table."""
    return (run.folder / INSTRUMENTS).exists()
