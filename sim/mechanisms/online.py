r"""Meeting on a screen is learnt: practice grows with use, of each party and of each two parties, and is not lost when borders open.

After a contact over a channel that needs bandwidth, practice moves by a part of what is missing:

.. math:: a' = a + \lambda (1 - a)

for the two together (``skill_with``, by contact) and for each of them (``skill``, by contact). What a screen is worth to two sides
(:mod:`sim.decide.hours`) lies between ``novice`` and 1 by the mean of ``skill_with`` and the geometric mean of both sides' ``skill``.
Nothing is forgotten, so that what was learnt in closed months stays: an online legacy.

Sources: the form is that of learning by doing with a ceiling; China's head attended 22 events by video in 2020 and 40 in 2021 (Wang Yi;
Xinhua), of which only the second year is a test. Both rates are assumed and swept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sim.arrays import among, where_true
from sim.decide.contacts import contacts_of_month
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral, each
from sim.kernels import jit
from sim.ports import ContactTerms
from sim.registry import param, part
from sim.state.world import Floats, Ints, World


@part(
    "mechanism",
    name="online",
    title="Practice online",
    title_id="Kebiasaan daring",
    sentence_id="Rapat lewat layar dipelajari: kebiasaan tumbuh karena dipakai, dan tidak hilang ketika perbatasan dibuka.",
)
@dataclass(frozen=True)
class Online:
    """Meeting on a screen is learnt: practice grows with use, and is not lost when borders open."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nobody_learns",
            "Nobody learns to meet on a screen.",
            "Tidak ada yang belajar rapat lewat layar.",
            each("mechanisms.online", 0.0, "learning", "learning_together"),
            "contacts_video",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("skill", "skill_with")
    writes: ClassVar[tuple[str, ...]] = ("skill", "skill_with")
    tables: ClassVar[tuple[str, ...]] = ()
    state: ClassVar[tuple[Array, ...]] = (
        array("skill", ("party",), unit="share", meaning="practice of a party in meeting on a screen"),
        array("skill_with", ("edge",), unit="share", meaning="practice of two parties in meeting each other on a screen"),
    )
    needs: ClassVar[tuple[type, ...]] = (ContactTerms,)

    learning: float = param(
        0.01, unit="share a contact", low=0.0, high=0.5, source="assumed", meaning="What a party learns by one contact on a screen."
    )
    learning_together: float = param(
        0.1, unit="share a contact", low=0.0, high=0.9, source="assumed", meaning="What two parties learn by one contact with each other."
    )

    def step(self, world: World, decide: Any) -> None:
        """Let parties learn from this month's contacts on a screen."""
        contacts, setting = contacts_of_month(world), world.setting
        on_screen = where_true(setting.terms(ContactTerms).channel_needs(setting.words.added_channels)[:, 3])
        edge = contacts.edge[among(contacts.channel, *on_screen.tolist())] if len(on_screen) else contacts.edge[:0]
        _learn(
            edge, setting.edges.row, setting.edges.col, setting.edges.rev, self.learning, self.learning_together, world.array("skill"),
            world.array("skill_with"),
        )  # fmt: skip


@jit
def _learn(
    edge: Ints, row: Ints, col: Ints, rev: Ints, alone: float, together: float, skill: Floats, skill_with: Floats
) -> None:  # fmt: skip
    for c in range(edge.shape[0]):
        e = edge[c]
        skill_with[e] += together * (1.0 - skill_with[e])
        skill_with[rev[e]] = skill_with[e]
        skill[row[e]] += alone * (1.0 - skill[row[e]])
        skill[col[e]] += alone * (1.0 - skill[col[e]])
