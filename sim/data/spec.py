"""Which roster is asked for: its states, its tables, and what of them is taken otherwise than recorded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.data.coalitions import Coalition
from sim.data.pandemic import FORMS, RECORDED
from sim.data.start_state import AS_RECORDED, StartState
from sim.types import UserError, month_label, nearest

KINDS = ("un", "synthetic")
TERMS = ("all", "open")
LARGEST = 5000


@dataclass(frozen=True)
class RosterSpec:
    """What roster is asked for.

    Attributes
    ----------
    kind : str
        ``"un"`` (tables, ours or a user's) or ``"synthetic"``.
    n : int
        Number of states of a synthetic roster, 2 to 5,000.
    states : tuple of str
        Codes to keep; () keeps all.
    seed : int
        Luck of a synthetic roster.
    folder : Path or None
        A user's tables, which replace ours by file name.
    terms : str
        ``"all"``, or ``"open"`` to leave out columns whose terms are not open.
    coalitions : tuple of Coalition
        Blocs that the run declares.
    start_state : StartState
        What the run's start is set to in place of the tables.
    layers : tuple of (str, str)
        Layers of the alliance graph that are not taken as recorded, each with its form (:mod:`sim.data.layers`), by name.
    rewire_seed : int
        Luck of those that are rewired.
    known_until : int or None
        Month after which nothing more is known (:mod:`sim.data.frozen`).
    pandemic : str
        ``"recorded"``, or ``"smoothed"`` for GDP and digital trade without it (:mod:`sim.data.pandemic`).
    """

    kind: str = "un"
    n: int = 193
    states: tuple[str, ...] = ()
    seed: int = 0
    folder: Path | None = None
    terms: str = "all"
    coalitions: tuple[Coalition, ...] = ()
    start_state: StartState = AS_RECORDED
    layers: tuple[tuple[str, str], ...] = ()
    rewire_seed: int = 0
    known_until: int | None = None
    pandemic: str = RECORDED


def check(spec: RosterSpec, start_month: int, end_month: int) -> None:
    """Refuse a specification that names nothing, too little or too much.

    Raises
    ------
    UserError
        One sentence.
    """
    if spec.kind not in KINDS:
        raise UserError(f"roster: kind cannot be {spec.kind!r}; {nearest(spec.kind, KINDS)}")
    if spec.terms not in TERMS:
        raise UserError(f"roster: terms cannot be {spec.terms!r}; {nearest(spec.terms, TERMS)}")
    if spec.pandemic not in FORMS:
        raise UserError(f"roster: pandemic cannot be {spec.pandemic!r}; {nearest(spec.pandemic, FORMS)}")
    if spec.kind == "synthetic" and not 2 <= spec.n <= LARGEST:
        raise UserError(f"roster: n = {spec.n} lies outside 2 to {LARGEST} (states of a synthetic roster)")
    if spec.seed < 0:
        raise UserError(f"roster: seed = {spec.seed} must be 0 or more")
    if len(set(spec.states)) < len(spec.states):
        twice = sorted(code for code in set(spec.states) if spec.states.count(code) > 1)
        raise UserError(f"roster: the state {twice[0]} is named twice")
    if len(spec.states) == 1:
        raise UserError(f"roster: one state ({spec.states[0]}) is not enough; name two at least, or none for all")
    if end_month < start_month:
        raise UserError(f"the run ends in {month_label(end_month)}, before it starts in {month_label(start_month)}")
