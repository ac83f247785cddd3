"""Sanctions and wars bar instruments between two parties, dyad by dyad and month by month, as recorded.

Two states are barred in a month where the level of sanctions of one against the other, or of a war between them, times ``strength``
reaches ``level``. Levels lie in ``sanctions.csv`` and ``wars.csv``, 0 to 1. A bloc is barred where members and states that hold at least
``minority`` of its people are: the share that can block a decision of the EU. Of two blocs the pairs of members count by the product of
their people. While two parties are barred, no bilateral talks begin between them, open ones fail, what is signed does not enter into force
and what is in force is suspended. When the bar is lifted, it resumes, and its term is put off by
these months.

Sources: Felbermayr et al. (2020), "The Global Sanctions Data Base", European Economic Review 129; Davies, Pettersson and Oberg (2024),
"Organized violence 1989-2023", Journal of Peace Research 61. The levels, and the level that bars, are assumed and swept; the blocking
minority of 35 % of people is that of the Treaty on European Union, article 16(4).
"""

from __future__ import annotations

import functools
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.data.roster import Roster
from sim.declare.forced import Change, Raised
from sim.declare.words import Word, event
from sim.registry import param, part, switch
from sim.state.world import Floats, World

Bools = NDArray[np.bool_]
Ints = NDArray[np.signedinteger[Any]]
_KEPT: dict[Any, tuple[Ints, Any, Any]] = {}
"""Edges barred, by all that decides which they are; a process lives a world's months one after another."""
_MOST = 64


@part(
    "shock",
    name="sanctions",
    title="Sanctions and wars",
    title_id="Sanksi dan perang",
    sentence_id="Sanksi dan perang melarang perjanjian baru antara dua pihak dan menangguhkan yang berlaku, selama masih berlangsung.",
)
@dataclass(frozen=True)
class Sanctions:
    """Sanctions and wars bar new instruments between two parties and suspend those in force, as long as they last."""

    reads: ClassVar[tuple[str, ...]] = ("member", "population")
    writes: ClassVar[tuple[str, ...]] = ("barred",)
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "bar_began", "Bar began", "Larangan dimulai", "Sanctions or a war bar two parties from agreements between them.",
            "Sanksi atau perang melarang dua pihak membuat perjanjian.", columns=("party_a", "party_b"), public="everyone", listed=False,
            crisis=True,
        ),
        event(
            "bar_lifted", "Bar lifted", "Larangan dicabut", "Two parties are no longer barred from agreements between them.",
            "Dua pihak tidak lagi dilarang membuat perjanjian.", columns=("party_a", "party_b"), public="everyone", listed=False,
        ),
    )  # fmt: skip

    level: float = param(
        0.5,
        unit="index 0-1",
        low=0.1,
        high=1.0,
        source="assumed: trade and finance together, or a war",
        meaning="Level of sanctions or war from which on two parties are barred.",
    )
    minority: float = param(
        0.35,
        unit="share of people",
        low=0.01,
        high=1.0,
        source="Treaty on European Union, article 16(4)",
        meaning="Part of a bloc's people whose states must be barred for the bloc to be.",
    )
    strength: float = param(
        1.0, unit="share", low=0.0, high=1.0, source="assumed", meaning="Factor on every recorded level; 0 lifts all bars."
    )
    wars: bool = switch(True, source="assumed", meaning="Whether wars bar as sanctions do.")

    def changes(self, view: World, month: int, since: int) -> tuple[Change | Raised, ...]:
        """Return the dyads that are barred in a month, both ways, and say which have become so or no longer are.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        now, turns = self.barred(view, month), _turns(view.setting.roster)
        told: list[Change | Raised] = []
        if month <= since or bisect_right(turns, month) != bisect_right(turns, month - 1):
            edges, before = view.setting.edges, self.barred(view, month - 1) if month > since else np.zeros(0, dtype=np.int64)
            for name, one, other in (("bar_began", now, before), ("bar_lifted", before, now)):
                some = np.setdiff1d(one, other, assume_unique=True)  # each edge once, and ascending
                once = some[edges.row[some] < edges.col[some]]
                told += [Raised(name, i, j) for i, j in zip(edges.row[once].tolist(), edges.col[once].tolist(), strict=True)]
        if len(now):
            told.append(Change("barred", 1.0, (now,), how="most"))
        return tuple(told)

    def barred(self, view: World, month: int) -> Ints:
        """Return the edges that sanctions or wars of a month bar, ascending, with the members that blocs have now.

        Nothing is looked at anew while no row of the tables begins or ends and members and peoples stay: the same array comes back.
        """
        setting = view.setting
        key = (
            id(setting.edges), id(setting.roster), self, bisect_right(_turns(setting.roster), month),
            view.member.tobytes(), view.population.tobytes(),
        )  # fmt: skip
        found = _KEPT.get(key)
        if found is None:
            if len(_KEPT) >= _MOST:
                _KEPT.clear()
            # Edges and roster are kept beside what is found, so that no other takes their place in memory while the key lives.
            found = _KEPT[key] = (np.flatnonzero(self._find(view, month)), setting.edges, setting.roster)
        return found[0]

    def _find(self, view: World, month: int) -> Bools:
        setting, edges, spells = view.setting, view.setting.edges, view.setting.roster.spells
        n, size = setting.n_states, setting.n_parties
        pairs = [spells[name].at(month) for name in ("sanctions", *(("wars",) if self.wars else ()))]
        first, second, level = (np.concatenate([one[k] for one in pairs]) for k in range(3))
        hit = self.strength * level >= self.level
        # Each pair once and both ways, so that whoever bars and whoever is barred count alike.
        keys = np.unique(np.concatenate([first[hit] * size + second[hit], second[hit] * size + first[hit]]))
        one, two = keys // size, keys % size
        out, at = np.zeros(edges.n, dtype=np.bool_), edges.find_all(one, two)
        out[at[at >= 0]] = True
        shares = [self._share(view, b, one, two) for b in range(size - n)]
        for b, share in enumerate(shares):
            held = share >= self.minority
            to_states = np.arange(edges.start[n + b], edges.start[n + b + 1])
            to_states = to_states[edges.col[to_states] < n]
            hit = to_states[held[edges.col[to_states]]]
            out[hit] = out[edges.rev[hit]] = True
            for c in range(b + 1, size - n):
                people = view.population[:n] * view.member[c]
                if people.any() and float((share * people).sum() / people.sum()) >= self.minority:
                    between = edges.find_all(np.array([n + b, n + c]), np.array([n + c, n + b]))
                    out[between[between >= 0]] = True
        return out

    def _share(self, view: World, b: int, one: NDArray[np.int64], two: NDArray[np.int64]) -> Floats:
        """Return the share of a bloc's people in members that are barred from each state, shape (N,); 0 where it has no member."""
        n = view.setting.n_states
        people = view.population[:n] * view.member[b]
        if not people.any():
            return np.zeros(n)
        return np.asarray(np.bincount(two, weights=people[one], minlength=n)[:n] / people.sum(), dtype=np.float64)


@functools.lru_cache(maxsize=8)
def _turns(roster: Roster) -> list[int]:
    """Return the months in which a row on sanctions or wars begins or ends, ascending."""
    rows = [roster.spells[name] for name in ("sanctions", "wars")]
    found: list[int] = np.unique(np.concatenate([ends for one in rows for ends in (one.start, one.until)])).tolist()
    return found
