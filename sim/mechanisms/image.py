r"""How a party is seen: what it proposes, hosts, gives and keeps raises its image, what it breaks lowers it; all of it fades; and at home.

.. math:: I' = \left[1 - (1 - d I) \, e^{-p}\right] e^{-b}, \qquad
          p = a_p \, talks + a_h \, hosted + a_g \, given + a_k \ln(1 + kept)

with ``I`` from 0 to 1, ``d`` what is left after a month, ``talks`` the talks that the party opened this month, ``hosted`` the meetings of
heads that it hosted because it was its turn (:mod:`sim.mechanisms.bodies.rule`), ``given`` what its pacts and its gifts of vaccine are
worth abroad, in 10^9 USD a month, ``kept`` its agreements of two that are in force (the twentieth is seen less than the first), and ``b``
what breaches of its own cost that came to light. The nearer to 1, the less is added: a name that is known gains little by one more summit.

Image has two effects, both assumed and swept. Who has one is sought more for contacts: ``1 + w I`` in the standing weight of a partner,
looked at afresh each January (``image_weight`` of :mod:`sim.mechanisms.contacts.rule`). And what a party adds to its image this month
counts a little with all others as evidence that it keeps its word (``belief``). With both at 0 image is counted and does nothing.

At home an executive is seen by what it brought about. Its **image at home** rises with each agreement of the party that enters into force
and with each meeting of heads that it hosts, fades as image does, and falls with each of its breaches that comes to light, each text of
its own that is refused at home, and each agreement of its own that a court annuls. A new government begins without one. Those who must
ratify stand the nearer to an executive, the better it is seen at home (``persuasion`` of :mod:`sim.mechanisms.ratification`). What it costs
at home to be found out is foreseen in the choice to keep a word (``audience`` of :mod:`sim.mechanisms.compliance.equations`).

Sources: soft power as attraction by what is seen of a state: Nye (1990), Foreign Policy 80; that hosting and giving are meant to be seen is
its common reading. At home: Neustadt (1960), "Presidential Power" (standing with the public persuades a legislature); Fearon (1994),
American Political Science Review 88 (backing down costs at home). No number is known: rates are assumed. Departs from them in that culture
and values have no part in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import where_true
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.kernels import jit
from sim.registry import param, part
from sim.state.world import Floats, Ints, World
from sim.types import Rank, Stage


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
            "nobody_looks_at_home",
            "What an executive brings about does not change how it is seen at home.",
            "Yang dicapai eksekutif tidak mengubah citranya di dalam negeri.",
            (("mechanisms.image.won_at_home", 0.0), ("mechanisms.image.hosted_at_home", 0.0)),
            "never_ratified",
        ),
        Neutral(
            "image_says_nothing",
            "How a party is seen changes neither who is sought nor what others believe.",
            "Citra suatu pihak tidak mengubah siapa yang dicari maupun apa yang dipercaya pihak lain.",
            (("mechanisms.contacts.image_weight", 0.0), ("mechanisms.image.belief", 0.0)),
            "reputation",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = (
        "image", "image_at_home", "hosting", "met_in_person", "met_online", "paid", "gifts", "trust_kept", "in_office",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = ("image", "image_at_home", "trust_kept")
    tables: ClassVar[tuple[str, ...]] = ()
    state: ClassVar[tuple[Array, ...]] = (
        array("image", ("party",), unit="index 0-1", meaning="how well it is seen abroad for what it proposed, hosted, gave and kept"),
        array("image_at_home", ("party",), unit="index 0-1", meaning="how well its executive is seen at home for what it brought about"),
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
    won_at_home: float = param(
        0.1,
        unit="points an agreement",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="What an agreement that enters into force adds to the image of an executive at home.",
    )
    hosted_at_home: float = param(
        0.05, unit="points a meeting", low=0.0, high=1.0, source="assumed", meaning="What hosting a meeting of heads adds at home."
    )
    lost_at_home: float = param(
        0.3,
        unit="log share",
        low=0.0,
        high=3.0,
        source="assumed",
        meaning="What a breach that comes to light, a text refused at home, or an annulment takes off at home.",
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
        before, fading = world.array("image").copy(), 0.5 ** (1.0 / self.half_life)
        hosted, found_out = self._hosted(world), self._count(world, "breach_found")
        image = _moved(before * fading, self._points(world, hosted), self.broken * found_out)
        world.array("image")[:] = image
        self._at_home(world, fading, hosted, found_out)
        gained = self.belief * np.maximum(image - before, 0.0)
        if gained.any():
            _believed(world.setting.edges.start, world.setting.edges.rev, gained, world.trust_kept)

    def _points(self, world: World, hosted: Floats) -> Floats:
        """Return the points of this month, (P,)."""
        n, table = world.setting.n_parties, world.instruments
        live = (table["stage"] == Stage.IN_FORCE) & (table["second"] >= 0)
        kept = np.bincount(table["first"][live], minlength=n) + np.bincount(table["second"][live], minlength=n)
        abroad = world.paid / 12e9 + world.array("gifts") / 1e9
        opened = self._count(world, "negotiation_opened")
        return np.asarray(self.proposed * opened + self.hosted * hosted + self.kept * np.log1p(kept) + self.given * abroad)

    def _at_home(self, world: World, fading: float, hosted: Floats, found_out: Floats) -> None:
        """Let the image of executives at home fade and move; a new government begins without one."""
        at_home = world.array("image_at_home")
        at_home[world.in_office == world.month] = 0.0
        won = self._count(world, "entry_into_force", "party_a", "party_b")
        lost = found_out + self._count(world, "ratification_failed") + self._count(world, "annulment", "party_a", "party_b")
        points = self.won_at_home * won + self.hosted_at_home * hosted
        at_home[:] = _moved(at_home * fading, points, self.lost_at_home * lost)

    @staticmethod
    def _count(world: World, event: str, *roles: str) -> Floats:
        """Count the rows of a kind of event of this month that name each party first, or in some roles, (P,)."""
        events, first, n = world.events, world.first_event(), world.setting.n_parties
        rows = where_true(events["event"][first:] == world.setting.words.code("event", event)) + first
        found = np.zeros(n)
        for role in roles or ("party_a",):
            party = events[role][rows]
            found += np.bincount(party[party >= 0], minlength=n)
        return found

    def _hosted(self, world: World) -> Floats:
        """Count the meetings of heads that each party hosted in its turn this month, (P,)."""
        bodies = world.setting.roster.bodies
        turn = (bodies.rank == Rank.HEAD) & (bodies.host < 0) & (world.array("hosting") >= 0)
        held = world.array("met_in_person")[turn] + world.array("met_online")[turn]
        return np.bincount(world.array("hosting")[turn], weights=held, minlength=world.setting.n_parties).astype(np.float64)


def _moved(faded: Floats, points: Floats, lost: Floats) -> Floats:
    """Return an index from 0 to 1 after points are added and a share is lost: the nearer to 1, the less is added."""
    return np.asarray((1.0 - (1.0 - faded) * np.exp(-points)) * np.exp(-lost))


@jit
def _believed(start: NDArray[np.int64], rev: Ints, gained: Floats, kept: Floats) -> None:
    """Add to every owner's evidence on a partner what the partner's image has gained, (E,)."""
    for j in range(gained.shape[0]):
        if gained[j] > 0.0:
            for e in range(start[j], start[j + 1]):
                kept[rev[e]] += gained[j]
