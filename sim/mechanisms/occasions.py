"""Who has an occasion for others' words this month: it opened something, proposed something, or stands in a crisis.

An occasion adds to what a contact with the party is worth to everybody (``election_weight`` of :mod:`sim.mechanisms.contacts.rule`), as an
election does. All of them come from what happened last month:

- **Opening**: a pact is completed, or an agreement enters into force.
- **Proposal**: the party called a conference.
- **Crisis**: an event that is marked as one names the party (an annulment, a suspension, a denunciation, a breach that came to light, a
  leak, a meeting that was overheard, a bar by sanctions or war), or the party, or one of its members, has closed its borders by
  ``crisis_closure`` or more from one month to the next.

Source: what leaders call each other about, in the records of heads' contacts (leaders' calls of 2020 and 2021 were about the pandemic,
ends of agreements and proposals); no rate is known. Departs from the world in that an occasion calls for words from all alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sim.arrays import where_true
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.declare.words import Word, occasion
from sim.registry import param, part, switch
from sim.state.world import World
from sim.types import Event, Stage


@part(
    "mechanism",
    name="occasions",
    title="Occasions",
    title_id="Alasan kontak",
    sentence_id="Pihak yang meresmikan atau mengusulkan sesuatu, atau sedang dilanda krisis, lebih banyak dihubungi.",
)
@dataclass(frozen=True)
class Occasions:
    """Who has opened or proposed something, or stands in a crisis, is an occasion for others to send word."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nothing_is_opened",
            "What is completed or enters into force is no occasion to send word.",
            "Yang selesai atau mulai berlaku bukan alasan untuk mengirim kabar.",
            (("mechanisms.occasions.openings", False),),
            "contacts_message",
        ),
        Neutral(
            "proposals_and_crises_pass",
            "Neither a proposal nor a crisis is an occasion to send word.",
            "Usulan maupun krisis bukan alasan untuk mengirim kabar.",
            (("mechanisms.occasions.proposals", False), ("mechanisms.occasions.crises", False)),
            "contacts_message",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("closure", "closure_before", "member")
    writes: ClassVar[tuple[str, ...]] = ("opening", "proposing", "in_crisis", "closure_before")
    tables: ClassVar[tuple[str, ...]] = ()
    words: ClassVar[tuple[Word, ...]] = (
        occasion("opening", "Opening", "Peresmian",
                 "The other side has just opened something: a pact is completed, or an agreement enters into force.",
                 "Pihak lain baru meresmikan sesuatu: pakta selesai dibangun, atau perjanjian mulai berlaku."),
        occasion("proposal", "Proposal", "Usulan",
                 "The other side has just called a conference.",
                 "Pihak lain baru mengundang sebuah konferensi."),
        occasion("crisis", "Crisis", "Krisis",
                 "The other side is in a crisis: closed borders, a leak, a breach, or the end of an agreement.",
                 "Pihak lain dilanda krisis: perbatasan ditutup, kebocoran, pelanggaran, atau berakhirnya perjanjian."),
    )  # fmt: skip
    state: ClassVar[tuple[Array, ...]] = (
        array("opening", ("party",), dtype=bool, unit="0/1", meaning="opened something last month"),
        array("proposing", ("party",), dtype=bool, unit="0/1", meaning="proposed something to many last month"),
        array("in_crisis", ("party",), dtype=bool, unit="0/1", meaning="stands in a crisis since last month"),
        array("closure_before", ("state",), unit="share", meaning="how far borders were closed when occasions were last looked for"),
    )

    openings: bool = switch(True, source="assumed", meaning="Whether what is completed or enters into force is an occasion to send word.")
    proposals: bool = switch(True, source="assumed", meaning="Whether what a party proposes is one.")
    crises: bool = switch(True, source="assumed", meaning="Whether a crisis is one.")
    crisis_closure: float = param(
        0.3,
        unit="share",
        low=0.05,
        high=1.0,
        source="assumed",
        meaning="Closing of borders, from one month to the next, from which on it is a crisis.",
    )

    def step(self, world: World, decide: Any) -> None:
        """Mark who has an occasion this month."""
        for name in ("opening", "proposing", "in_crisis"):
            world.array(name)[:] = False
        if self.openings:
            self._open(world)
        first, until = world.first_event(world.month - 1), world.first_event()
        if self.proposals:
            self._propose(world, first, until)
        if self.crises:
            self._crisis(world, first, until)
        world.array("closure_before")[:] = world.closure[: world.setting.n_states]

    def _open(self, world: World) -> None:
        """Mark who opened something last month."""
        table, before = world.instruments, world.month - 1
        opened = (table["in_force"] == before) & (table["stage"] == Stage.IN_FORCE)
        opened |= (table["ended"] == before) & (table["stage"] == Stage.COMPLETED)
        for role in ("first", "second"):
            party = table[role][opened]
            world.array("opening")[party[party >= 0]] = True

    def _propose(self, world: World, first: int, until: int) -> None:
        """Mark who called a conference last month."""
        called = world.events["event"][first:until] == Event.CONFERENCE_OPENED
        party = world.events["party_a"][first:until][called]
        world.array("proposing")[party[party >= 0]] = True

    def _crisis(self, world: World, first: int, until: int) -> None:
        """Mark whom an event of last month brought into a crisis, and who has closed its borders since."""
        setting = world.setting
        n, crisis = setting.n_states, world.array("in_crisis")
        rows = where_true(setting.words.crises[world.events["event"][first:until]]) + first
        for role in ("party_a", "party_b"):
            party = world.events[role][rows]
            crisis[party[party >= 0]] = True
        shut = world.closure[:n] - world.array("closure_before") >= self.crisis_closure
        # What was closed before the run began is no news.
        if world.month > setting.config.start and shut.any():
            crisis[:n] |= shut
            crisis[n:] |= (world.member & shut[None, :]).any(axis=1)
