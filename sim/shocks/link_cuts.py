"""Links are cut from outside: those on record, those of the two states that most data can pass between, or all of one hub.

``what`` says which ones: ``recorded`` are those of ``cable_cuts.csv`` in their months (a folder of tables of your own may name others);
``widest`` are all links between the two states between which most can pass; ``hub`` are all cables of the state in which most land. A link
that is cut altogether is closed for the month, and what is cut is open again in the first month in which the shock is not on. Where several
cuts fall on one link, the largest part counts.

Sources: press on single cuts, as the table says; the other two are what-ifs. Faults by luck go on beside them, unless
``mechanisms.links.fault_rate`` is 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.arrays import Ints
from sim.declare.forced import Change
from sim.registry import choice, param, part
from sim.state.world import World

RECORDED, WIDEST, HUB = "recorded", "widest", "hub"
IN_SERVICE = 1


@part(
    "shock",
    name="link_cuts",
    title="Cables cut",
    title_id="Kabel diputus",
    sentence_id="Sambungan antarnegara diputus dari luar: yang tercatat, yang di antara dua negara tersibuk, atau semua milik satu simpul.",
)
@dataclass(frozen=True)
class LinkCuts:
    """Links between states are cut from outside: those on record, those of the busiest two states, or all of one hub."""

    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("severed",)
    targets: ClassVar[tuple[str, ...]] = ("what",)

    what: str = choice(
        RECORDED,
        (RECORDED, WIDEST, HUB),
        source="assumed",
        meaning="Which links: those on record, all of the widest pair of states, or all cables of the state in which most land.",
    )
    extent: float = param(
        1.0, unit="share", low=0.0, high=1.0, source="assumed", meaning="Part of them that is cut; of recorded ones, of the recorded part."
    )

    def changes(self, view: World, month: int, since: int) -> tuple[Change, ...]:
        """Return what is cut this month.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        rows, part_cut = self._cuts(view, month)
        return (Change("severed", self.extent * part_cut, (rows,), how="most"),) if len(rows) else ()

    def _cuts(self, view: World, month: int) -> tuple[Ints, np.ndarray]:
        """Return the rows of links that are cut, each once, and the part of each."""
        links = view.links
        if self.what == RECORDED:
            net, found = view.setting.roster.network, dict[int, float]()
            for cut in net.cuts:
                if cut.since <= month <= cut.until:
                    for row, name in enumerate(net.names):
                        if not net.land[row] and cut.falls_on(name):
                            found[row] = max(found.get(row, 0.0), cut.extent)
            rows = np.array(sorted(found), dtype=np.int64)
            return rows, np.array([found[row] for row in rows.tolist()])
        serving = links["status"] == IN_SERVICE
        if not serving.any():
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        if self.what == WIDEST:
            # By what links can carry, not by what is open: a cut does not move on to the next pair.
            carries = np.bincount(links["way"][serving], weights=links["mbps"][serving].astype(np.float64))
            hit = serving & (links["way"] == int(np.argmax(carries)))
        else:
            cables = serving & ~links["land"]
            ends = np.concatenate([links[end][cables] for end in ("first", "second")])
            hub = int(np.argmax(np.bincount(ends))) if len(ends) else -1
            hit = cables & ((links["first"] == hub) | (links["second"] == hub))
        rows = np.flatnonzero(hit)
        return rows, np.ones(len(rows))
