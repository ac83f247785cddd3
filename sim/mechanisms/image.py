r"""How a party is seen abroad: what it proposes, hosts, gives and keeps raises its image, what it breaks lowers it, and all of it fades.

.. math:: I' = \left[1 - (1 - d I) \, e^{-p}\right] e^{-b}, \qquad
          p = a_p \, talks + a_h \, hosted + a_g \, given + a_k \ln(1 + kept)

with ``I`` from 0 to 1, ``d`` what is left after a month, ``talks`` the talks that the party opened this month, ``hosted`` the meetings of
heads that it hosted because it was its turn (:mod:`sim.mechanisms.bodies.rule`), ``given`` what its pacts and its gifts of vaccine are
worth abroad, in 10^9 USD a month, ``kept`` its agreements of two that are in force (the twentieth is seen less than the first), and ``b``
what breaches of its own cost that came to light. The nearer to 1, the less is added: a name that is known gains little by one more summit.

Image has two effects, both assumed and swept. Who has one is sought more for contacts: ``1 + w I`` in the standing weight of a partner,
looked at afresh each January (``image_weight`` of :mod:`sim.mechanisms.contacts.rule`). And what a party adds to its image this month
counts a little with all others as evidence that it keeps its word (``belief``). With both at 0 image is counted and does nothing.

Sources: soft power as attraction by what is seen of a state: Nye (1990), Foreign Policy 80; that hosting and giving are meant to be seen is
its common reading. No number is known: rates are assumed. Departs from it in that culture and values have no part in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.kernels import jit
from sim.registry import param, part
from sim.state.world import Floats, Ints, World
from sim.types import Event, Rank, Stage


@part(
    "mechanism",
    name="image",
    title="Image",
    title_id="Citra",
    sentence_id="Yang diusulkan, diselenggarakan, diberikan, dan ditepati suatu pihak menaikkan citranya di luar negeri, lalu memudar.",
)
@dataclass(frozen=True)
class Image:
    """What a party proposes, hosts, gives and keeps raises its image abroad, and it fades."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "image_says_nothing",
            "How a party is seen changes neither who is sought nor what others believe.",
            "Citra suatu pihak tidak mengubah siapa yang dicari maupun apa yang dipercaya pihak lain.",
            (("mechanisms.contacts.image_weight", 0.0), ("mechanisms.image.belief", 0.0)),
            "reputation",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("image", "hosting", "met_in_person", "met_online", "paid", "gifts", "trust_kept")
    writes: ClassVar[tuple[str, ...]] = ("image", "trust_kept")
    tables: ClassVar[tuple[str, ...]] = ()
    state: ClassVar[tuple[Array, ...]] = (
        array("image", ("party",), unit="index 0-1", meaning="how well it is seen abroad for what it proposed, hosted, gave and kept"),
    )

    proposed: float = param(
        0.01, unit="points a talk", low=0.0, high=1.0, source="assumed", meaning="What opening talks adds to image, a_p."
    )
    hosted: float = param(
        0.1, unit="points a meeting", low=0.0, high=1.0, source="assumed", meaning="What hosting a meeting of heads adds, a_h."
    )
    given: float = param(0.1, unit="points for 10^9 USD", low=0.0, high=2.0, source="assumed", meaning="What is paid abroad adds, a_g.")
    kept: float = param(
        0.002,
        unit="points a month",
        low=0.0,
        high=0.1,
        source="assumed",
        meaning="What agreements in force add each month, a_k.",
    )
    broken: float = param(
        0.2, unit="log share", low=0.0, high=3.0, source="assumed", meaning="What a breach that comes to light takes off."
    )
    half_life: float = param(24.0, unit="months", low=1.0, high=240.0, source="assumed", meaning="Months after which half of it has faded.")
    belief: float = param(
        0.2,
        unit="pieces of evidence",
        low=0.0,
        high=5.0,
        source="assumed",
        meaning="Evidence of good faith in a full image, for all others.",
    )

    def step(self, world: World, decide: Any) -> None:
        """Let image fade, and rise and fall with what was done this month."""
        before = world.array("image").copy()
        faded = before * 0.5 ** (1.0 / self.half_life)
        points, lost = self._points(world)
        image = (1.0 - (1.0 - faded) * np.exp(-points)) * np.exp(-self.broken * lost)
        world.array("image")[:] = image
        gained = self.belief * np.maximum(image - before, 0.0)
        if gained.any():
            _believed(world.setting.edges.start, world.setting.edges.rev, gained, world.trust_kept)

    def _points(self, world: World) -> tuple[Floats, Floats]:
        """Return the points of this month, and the breaches that came to light, (P,) each."""
        n, events, first = world.setting.n_parties, world.events, world.first_event()
        kind, who = events["event"][first:], events["party_a"][first:]
        opened = np.bincount(who[kind == Event.NEGOTIATION_OPENED], minlength=n)
        lost = np.bincount(who[kind == world.setting.words.code("event", "breach_found")], minlength=n)
        table = world.instruments
        live = (table["stage"] == Stage.IN_FORCE) & (table["second"] >= 0)
        kept = np.bincount(table["first"][live], minlength=n) + np.bincount(table["second"][live], minlength=n)
        abroad = world.paid / 12e9 + world.array("gifts") / 1e9
        points = self.proposed * opened + self.hosted * self._hosted(world) + self.kept * np.log1p(kept) + self.given * abroad
        return points, lost.astype(np.float64)

    def _hosted(self, world: World) -> Floats:
        """Count the meetings of heads that each party hosted in its turn this month, (P,)."""
        bodies = world.setting.roster.bodies
        turn = (bodies.rank == Rank.HEAD) & (bodies.host < 0) & (world.array("hosting") >= 0)
        held = world.array("met_in_person")[turn] + world.array("met_online")[turn]
        return np.bincount(world.array("hosting")[turn], weights=held, minlength=world.setting.n_parties).astype(np.float64)


@jit
def _believed(start: NDArray[np.int64], rev: Ints, gained: Floats, kept: Floats) -> None:
    """Add to every owner's evidence on a partner what the partner's image has gained, (E,)."""
    for j in range(gained.shape[0]):
        if gained[j] > 0.0:
            for e in range(start[j], start[j + 1]):
                kept[rev[e]] += gained[j]
