"""The layers of the alliance graph as a run takes them: as recorded, as nothing (zero), or rewired with degrees kept.

A **sparse** layer (alliance, hostility, border, cables) is rewired by double-edge swaps (Maslov and Sneppen 2002): two ties ``a-b`` and
``c-d`` become ``a-d`` and ``c-b``, each keeping its value, where no state would be tied to itself or twice to another. ``SWAPS`` swaps a
tie are tried. Each state keeps its number of ties, and the values stay the same set. A tie of alliance or hostility is a pair with its
whole history: the number kept is that of all whom a state is ever tied to. A **dense** layer (affinity: every pair has a value;
organisations: who belongs to the same; summit: who meets whom at their summits) is rewired by giving each state the place of another: its
inner structure stays, and only who is who is lost.

The United Nations' general debate is no tie: all states take part in it. So zero and rewiring leave it as it is, and rewiring leaves the
members of blocs and of areas of free flow, whose law binds them.

Luck is drawn by the name of the layer and the number of the swap, or the code of the state, from ``roster.rewire_seed``: the luck of a run
has no part in it.

Source: Maslov and Sneppen (2002), "Specificity and Stability in Topology of Protein Networks", Science 296 (swaps); Krackhardt (1988),
"Predicting with Networks", Social Networks 10 (labels permuted).
Departs from them in that a valued sparse layer keeps its number of ties by state, not the sum of their values.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.data.source import Source
from sim.data.spells import Spells
from sim.data.ties import Tie
from sim.declare.neutral import Neutral

if TYPE_CHECKING:
    from sim.data.roster import Roster

Ints = NDArray[np.int64]

AS_RECORDED, ZERO, REWIRED = FORMS = ("as_recorded", "zero", "rewired")
SWAPS = 10
"""Swaps tried for each tie."""
EVERYBODY = "UN"
"""The organisation in which all take part."""
_SWAP = rng.decision("layers.swap", __name__)
_LABEL = rng.decision("layers.label", __name__)


@dataclass(frozen=True)
class Layer:
    """One layer: its name, what it is in both languages, and the column on which it should bite."""

    name: str
    title: str
    title_id: str
    sentence: str
    sentence_id: str
    observable: str

    def neutral(self) -> tuple[Neutral, ...]:
        """Return its neutral forms: nothing, and rewired."""
        path = f"roster.layers.{self.name}"
        return (
            Neutral(
                ZERO, f"{self.title} joins nobody.", f"{self.title_id} tidak menghubungkan siapa pun.", ((path, ZERO),), self.observable
            ),
            Neutral(
                REWIRED,
                f"{self.title} joins others, degrees kept.",
                f"{self.title_id} menghubungkan pihak lain; jumlah hubungannya tetap.",
                ((path, REWIRED),),
                self.observable,
            ),
        )


LAYERS = (
    Layer("alliance", "Alliance", "Aliansi", "Alliances, by strength.", "Aliansi, menurut kekuatannya.", "contacts_visit"),
    Layer("hostility", "Hostility", "Permusuhan", "Hostility between states.", "Permusuhan antarnegara.", "contacts_visit"),
    Layer("affinity", "Affinity", "Kedekatan", "Likeness of votes.", "Kemiripan suara.", "contacts_visit"),
    Layer("border", "Border", "Perbatasan", "Land borders.", "Perbatasan darat.", "contacts_visit"),
    Layer("cables", "Cables", "Kabel", "Submarine cables that land in both.", "Kabel laut yang mendarat di keduanya.", "contacts_visit"),
    Layer(
        "organisations", "Organisations", "Organisasi", "Organisations that both belong to.", "Organisasi yang diikuti keduanya.",
        "contacts_visit",
    ),
    Layer(
        "summit", "Summit", "Pertemuan puncak", "Summits of organisations that both belong to.",
        "Pertemuan puncak organisasi yang diikuti keduanya.", "contacts_summit",
    ),
)  # fmt: skip
"""The layers that a run may take otherwise than they are recorded. Trust, a layer too, is moved by the month: its mechanism's to say."""
NAMES = tuple(layer.name for layer in LAYERS)
HISTORIES = {"alliances": "alliance", "hostility": "hostility", "without_rivalry": "hostility"}
"""Dated values of pairs (:data:`sim.data.spells.TABLES`) and the layer of each; bars by sanctions and wars are no layer."""
GRAPH = ("alliance", "hostility", "affinity", "organisations")
"""The layers that make the weight of the alliance graph, besides what is made in the run."""


def as_taken(ties: Mapping[str, Tie], forms: Mapping[str, str], seed: int) -> dict[str, Tie]:
    """Return sparse layers as a run takes them; ``forms`` names those that are not as recorded."""
    found = dict(ties)
    for name, tie in ties.items():
        if forms.get(name) == ZERO:
            found[name] = Tie.none()
        elif forms.get(name) == REWIRED:
            found[name] = rewired(tie, name, seed)
    return found


def histories_as_taken(spells: Mapping[str, Spells], forms: Mapping[str, str], seed: int) -> dict[str, Spells]:
    """Return dated values of pairs as a run takes them: alliances, and hostility with and without rivalry, which move together."""
    found = dict(spells)
    for name, layer in HISTORIES.items():
        if forms.get(layer) == ZERO:
            found[name] = Spells.none()
        elif forms.get(layer) == REWIRED:
            pairs, of = spells[name].pairs()
            found[name] = spells[name].handed_on(of, rewired(pairs, layer, seed))
    return found


def rewired(tie: Tie, name: str, seed: int) -> Tie:
    """Return a tie rewired by double-edge swaps: each state keeps its number of ties, and each tie its value.

    Examples
    --------
    >>> ring = Tie.of(np.arange(6), np.array([1, 2, 3, 4, 5, 0]), np.ones(6))
    >>> other = rewired(ring, "border", 1)
    >>> np.bincount(np.concatenate([other.first, other.second])).tolist()
    [2, 2, 2, 2, 2, 2]
    """
    n = len(tie.first)
    if n < 2:
        return tie
    ends = [[int(a), int(b)] for a, b in zip(tie.first, tie.second, strict=True)]
    there = {(a, b) for a, b in ends}
    tries = np.full(SWAPS * n, rng.identity(name), dtype=np.uint64)
    numbers = np.arange(SWAPS * n, dtype=np.uint64)
    one, two, turn = (rng.uniforms(seed, _SWAP, 0, tries, numbers, word=word) for word in range(3))
    for p, q, turned in zip((one * n).astype(np.int64).tolist(), (two * n).astype(np.int64).tolist(), turn < 0.5, strict=True):
        (a, b), (c, d) = ends[p], ends[q] if not turned else ends[q][::-1]
        new = tuple(sorted((a, d))), tuple(sorted((c, b)))
        if p == q or a == d or c == b or new[0] in there or new[1] in there or new[0] == new[1]:
            continue
        there -= {tuple(sorted((a, b))), tuple(sorted((c, d)))}
        there |= set(new)
        ends[p], ends[q] = list(new[0]), list(new[1])
    first, second = (np.array([pair[side] for pair in ends], dtype=np.int64) for side in (0, 1))
    return Tie.of(first, second, tie.value)


def places(codes: tuple[str, ...], name: str, seed: int) -> Ints:
    """Return whose place each state takes in a dense layer, (N,): all places are taken once."""
    drawn = rng.uniforms(seed, _LABEL, 0, rng.identities(codes), np.full(len(codes), rng.identity(name), dtype=np.uint64))
    order: Ints = np.argsort(drawn, kind="stable")
    return order


def places_taken(forms: Mapping[str, str], codes: tuple[str, ...], name: str, seed: int) -> Ints | None:
    """Return whose place each state takes in a dense layer, (N,): None where it keeps its own, nobody's (0,) where the layer is nothing."""
    if name not in forms:
        return None
    return np.zeros(0, dtype=np.int64) if forms[name] == ZERO else places(codes, name, seed)


def shared_memberships(roster: Roster, month: int) -> NDArray[np.bool_]:
    """Return who belongs to each organisation in a month as the layer of organisations has it, shape (O', N).

    The United Nations, to which all belong, is left out.
    """
    counts = np.array(roster.organisations) != EVERYBODY
    inside: NDArray[np.bool_] = ((roster.member_from <= month) & (month < roster.member_until))[counts]
    if roster.belonging is None:
        return inside
    return inside[:, roster.belonging] if len(roster.belonging) else np.zeros_like(inside)


def told(taken: tuple[tuple[str, str], ...], seed: int) -> tuple[tuple[str, str], ...]:
    """Say which layers a run takes otherwise than they are recorded."""
    drawn = {ZERO: "joins nobody", REWIRED: f"rewired with degrees kept, rewire_seed {seed}"}
    return tuple((f"roster.layers.{name}", f"not as recorded: {drawn[form]}") for name, form in taken)


def with_summits(source: Source, form: str, rows: Ints, seed: int) -> Source:
    """Return tables in which nobody meets at a summit (zero), or states in ``rows`` have changed places in organisations (rewired)."""
    meets = (source.summit_month > 0) & (np.array(source.organisations) != EVERYBODY)
    if form == ZERO:
        return dataclasses.replace(source, summit_month=np.where(meets, 0, source.summit_month).astype(np.int8))
    place = np.arange(len(source.codes))
    place[rows] = rows[places(tuple(source.codes[i] for i in rows), "summit", seed)]
    moved = meets & ~source.free_flow & np.array([code not in source.blocs for code in source.organisations])
    held = ("member_from", "member_until", "member_bound_until", "member_flag")
    return dataclasses.replace(
        source, **{name: np.where(moved[:, None], getattr(source, name)[:, place], getattr(source, name)) for name in held}
    )
