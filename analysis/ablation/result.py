"""Every chosen part beside the world without it: what ``python -m analysis ablation`` writes down.

A part is switched off by its neutral forms, on the scenario where it should bite, and seeds are the same on both sides. Who signs with
whom is also scored against the labels of the backtest, on the development window alone: the years that were held are not looked at.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.ablation import effects
from analysis.ablation.effects import LEVEL, Moved
from analysis.backtest.development import SPAN, seen
from analysis.backtest.universe import table, universe
from analysis.paired.pair import Estimate, estimate
from analysis.validation.result import Said
from analysis.worlds import COUNTERFACTUAL, Heard, World, lived
from sim.neutral import Form, forms
from sim.run import provenance
from sim.types import UserError, nearest

SEEDS, FEW = 20, 20
"""Seeds where nobody says, and the fewest that a public table rests on."""
SCORED = "baseline"
"""The scenario that is scored against labels."""
SAME, NOISE, WHO, OWN, BOTH, UNKNOWN = (
    "changes nothing at all", "changes nothing beyond seeds", "moves who signs alone", "moves its own column alone", "moves both",
    "cannot be told",
)  # fmt: skip
VERDICTS = (SAME, NOISE, UNKNOWN, WHO, OWN, BOTH)
"""In the order in which they should trouble a reader."""


@dataclass
class Effect:
    """What one form moves.

    Attributes
    ----------
    form : Form
    own : Estimate
        Its observable with the part, less that without it; ``base`` is the mean without it.
    own_chance, own_held : float
        That seeds alone part the worlds as far: by itself, and held for all that was looked at.
    moved : Moved
    moved_held : float
    same : bool
        Whether every number and signature is the same to the bit.
    missing : int
        Seeds without a value of the observable in one of the worlds.
    precision : Estimate or None
        Area under precision-recall on the development window, with the part less without it; None where its scenario is of other years.
    tellable : bool
        Whether so few seeds could tell rule from luck at all, held for all that was looked at.
    folders : tuple of Path
        Of the world with the part and of that without it, and the two of the development window.
    """

    form: Form
    own: Estimate
    own_chance: float
    moved: Moved
    same: bool
    missing: int
    precision: Estimate | None
    folders: tuple[Path, ...]
    own_held: float = field(default=float("nan"))
    moved_held: float = field(default=float("nan"))
    tellable: bool = True

    @property
    def verdict(self) -> str:
        """What the seeds say of it."""
        if self.same:
            return SAME
        known = [value for value in (self.own_held, self.moved_held) if value == value]
        if not known or not self.tellable:
            return UNKNOWN
        own, who = self.own_held <= LEVEL, self.moved_held <= LEVEL
        return BOTH if own and who else OWN if own else WHO if who else NOISE


@dataclass(frozen=True)
class Result:
    """What was asked, and every form of it.

    Attributes
    ----------
    effects : tuple of Effect
        In the order of the month, layers last.
    fixed : tuple of Form
        Those that cannot be switched off.
    seeds : int
    n_signed : int
        Labels of the development window.
    limits : tuple of (str, str)
        What the numbers cannot bear, in English and Indonesian.
    commit, digest : str
        Of the code.
    command : str
        Repeats it.
    whole : bool
        All forms, with seeds enough to be shown in public.
    """

    effects: tuple[Effect, ...]
    fixed: tuple[Form, ...]
    seeds: int
    n_signed: int
    limits: tuple[Said, ...]
    commit: str
    digest: str
    command: str
    whole: bool

    def idle_first(self) -> tuple[Effect, ...]:
        """Return the effects, those of parts that change nothing first; then by how little of what is signed they move."""
        return tuple(sorted(self.effects, key=lambda one: (VERDICTS.index(one.verdict), _reach(one), one.form.name)))


def chosen(names: Sequence[str]) -> tuple[Form, ...]:
    """Return forms by name, or by the name of their owner (``mechanism.trust``) or of a kind (``layer``); none means all.

    Raises
    ------
    UserError
        If a name is of none: the nearest choice.
    """
    every = forms()
    if not names:
        return every
    found: dict[str, Form] = {}
    for name in names:
        some = [form for form in every if name in (form.kind, f"{form.kind}.{form.owner}", form.name)]
        if not some:
            raise UserError(f"ablation: there is no part {name!r}; {nearest(name, sorted(_names(every)))}")
        found |= {form.name: form for form in some}
    return tuple(form for form in every if form.name in found)


def ablated(
    seeds: int = SEEDS,
    only: Sequence[str] = (),
    outputs: Path = Path("outputs/ablation"),
    *,
    over: Mapping[str, Any] | None = None,
    heard: Heard = lambda _: None,
) -> Result:
    """Live the worlds with and without the chosen parts, and tell what each moves.

    Parameters
    ----------
    seeds : int
        Seeds 0 to ``seeds`` - 1 of every world.
    only : sequence of str
        Names, as :func:`chosen` takes them; none means all.
    outputs : Path
        Where what is kept of each world lies, and is found again.
    over : mapping or None
        Settings laid over every world by their dotted names: a small roster for a test.
    heard : callable
        Told what is about to be lived.

    Raises
    ------
    UserError
        If there is no such part, or a world cannot be lived.
    """
    laid, some = dict(over or {}), chosen(only)
    found = [_effect(form, seeds, laid, outputs, heard) for form in some if form.neutral.possible]
    held = effects.holm([value for one in found for value in (one.own_chance, one.moved.chance)])
    for one, own, who in zip(found, held[::2], held[1::2], strict=True):
        one.own_held, one.moved_held, one.tellable = own, who, _tellable(seeds, len(held))
    here = provenance()
    words = [*(["--seeds", str(seeds)] if seeds != SEEDS else []), *(["--only", ",".join(only)] if only else [])]
    return Result(
        tuple(found),
        tuple(form for form in some if not form.neutral.possible),
        seeds,
        seen().n_signed,
        _limits(seeds, found),
        str(here["commit"] or "none"),
        here["source_digest"],
        shlex.join(["python", "-m", "analysis", "ablation", *words]),
        not only and not laid and seeds >= FEW,
    )


def _effect(form: Form, seeds: int, over: Mapping[str, Any], outputs: Path, heard: Heard) -> Effect:
    scenario, given, off = form.neutral.scenario, form.on(), form.off()
    on, bare = (lived(World.of(scenario, over, laid), seeds, outputs, heard) for laid in (given, off))
    column = form.neutral.observable
    own = estimate(on.column(column), bare.column(column))
    apart = on.column(column) - bare.column(column)
    precision, folders = None, [on.folder, bare.folder]
    if COUNTERFACTUAL not in off:
        early, late = (lived(World.of(SCORED, over, SPAN, laid), seeds, outputs, heard) for laid in (given, off))
        precision = effects.precision(early, late, seen(), universe(), {row["type"]: row["group"] for row in table("groups")})
        folders += [early.folder, late.folder]
    return Effect(
        form,
        own,
        effects.chance_of(apart),
        effects.moved(on, bare),
        on.same_as(bare),
        int((apart != apart).sum()),
        precision,
        tuple(folders),
    )


def _tellable(seeds: int, looks: int) -> bool:
    """Say whether the least chance there can be, all seeds on one side, would stand among so many looks."""
    return max(2.0 ** (1 - seeds), 1 / (1 + effects.FLIPS)) * looks <= LEVEL


def _limits(seeds: int, found: Sequence[Effect]) -> tuple[Said, ...]:
    """Say what the numbers cannot bear."""
    said: list[Said] = []
    if seeds == 1:
        said.append(
            (
                "one seed: there are no intervals, and luck cannot be told from rule",
                "satu benih: tidak ada selang, dan keberuntungan tidak dapat dibedakan dari aturan",
            )
        )
    elif seeds < FEW:
        few = f"{seeds} seeds: fewer than the {FEW} that a result rests on"
        said.append((few, f"{seeds} benih: kurang dari {FEW} yang menjadi dasar hasil"))
    if seeds > 1 and not _tellable(seeds, 2 * len(found)):
        least, looks = f"{2.0 ** (1 - seeds):.2g}", 2 * len(found)
        said.append(
            (
                f"with {seeds} seeds no chance can be below {least}: held for {looks} looks, nothing can be told from luck",
                f"dengan {seeds} benih tidak ada peluang di bawah {least}: untuk {looks} pengamatan, tidak ada yang dapat dibedakan "
                "dari keberuntungan",
            )
        )
    for one in found:
        if one.missing:
            name, column = one.form.name, one.form.neutral.observable
            said.append(
                (
                    f"{name}: {column} has no value in {one.missing} of {seeds} seeds of one world",
                    f"{name}: {column} tidak bernilai pada {one.missing} dari {seeds} benih di salah satu dunia",
                )
            )
    return tuple(said)


def _names(every: Sequence[Form]) -> set[str]:
    return {name for form in every for name in (form.kind, f"{form.kind}.{form.owner}", form.name)}


def _reach(one: Effect) -> float:
    """How much of what is signed moved beyond what seeds alone move; what cannot be told comes first."""
    return -1.0 if one.moved.share != one.moved.share or one.moved.noise != one.moved.noise else one.moved.share - one.moved.noise
