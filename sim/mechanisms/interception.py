r"""Strangers join meetings on a screen, and hosts listen; what becomes known costs trust, ends in a crisis, or bars a platform.

- **Intrusion**: strangers join a meeting of heads or ministers with a small chance for each seat, on whatever platform.
- **Leak**: the state that hosts a platform listens to a party with the chance ``hears`` (:mod:`sim.mechanisms.platforms`), and with a
  small chance this becomes known. The party then trusts that state less (:mod:`sim.mechanisms.trust`), and no talks open between the two
  for some months. What never becomes known changes nothing: the model follows no intelligence.
- **Meetings of bodies**: strangers join one of a body of heads or ministers with the same chance for each of its seats, and it may
  become known that the host's state heard it, as of any meeting of the state where the body meets.
- **Ban**: who was heard, or had strangers in a meeting, may bar the platform for some months; others may, on hearsay. Where bans are
  recorded (the shock ``platform_bans``), they stand in for these decisions.

Sources: one confirmed intrusion into a meeting of the EU's ministers in nine months of heavy use (press, 20 November 2020), so 1.3 a year
of 143 meetings of 27 seats each (Maurer and Wright 2020): 0.00034 a seat. All other rates are assumed and swept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.arrays import where_true
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral, each
from sim.declare.words import NEEDS, Word, event
from sim.kernels import jit
from sim.ports import ContactTerms
from sim.registry import param, part
from sim.rng import identities, identity, philox, uniform, uniforms, unit
from sim.state.world import Bools, Floats, Ints, World
from sim.types import Event, Rank

HEARD, JOINED, HEARSAY = 0, 1, 2
"""Why a platform may be barred, in the order of luck."""
_OFFICIAL = int(Rank.OFFICIAL)


@part(
    "mechanism",
    name="interception",
    title="Interception",
    title_id="Penyadapan",
    sentence_id="Orang luar masuk ke rapat layar dan tuan rumah menyadap; yang terbongkar mengurangi kepercayaan, memicu krisis, "
    "atau berujung larangan.",
)
@dataclass(frozen=True)
class Interception:
    """Strangers join meetings on a screen and hosts listen; what becomes known costs trust, ends in a crisis, or bars a platform."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "nothing_known",
            "No stranger joins a meeting, and of what a host hears nothing becomes known.",
            "Tidak ada orang luar yang masuk, dan apa yang disadap tidak pernah terbongkar.",
            each("mechanisms.interception", 0.0, "intrusion_rate", "known_rate"),
            "video_intrusions",
            scenario="pandemic_lockdown",
        ),
    )
    needs: ClassVar[tuple[type, ...]] = (ContactTerms,)
    reads: ClassVar[tuple[str, ...]] = (
        "member", "hears", "own_law", "shut", "platform_used", "bridge_used", "ban_readiness", "barred_until", "cooldown",
        "met_online", "met_on", "hosting", "screen_seats",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = ("barred_until", "cooldown")
    tables: ClassVar[tuple[str, ...]] = ("events",)
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "intrusion", "Intrusion", "Penyusupan", "Strangers join a meeting of two parties, or of a body, on a screen.",
            "Orang luar masuk ke rapat layar dua pihak, atau sidang sebuah lembaga.", columns=("party_a", "party_b", "rank"),
            public="everyone",
            mark="bolt", lane="ended", said="strangers in a meeting", said_id="orang luar dalam rapat",
        ),
        event(
            "overheard", "Overheard", "Penyadapan terbongkar", "It becomes known that the host of a platform heard a meeting.",
            "Terbongkar bahwa tuan rumah platform menyadap rapat pihak lain.", columns=("party_a", "party_b", "rank"),
            public="everyone", mark="crossed_box", lane="ended", said="heard by the host", said_id="disadap tuan rumah", crisis=True,
        ),
        event(
            "platform_barred", "Platform barred", "Platform dilarang", "A party bars a platform for some months.",
            "Suatu pihak melarang sebuah platform selama beberapa bulan.", columns=("party_a", "value"), public="everyone",
        ),
    )  # fmt: skip
    state: ClassVar[tuple[Array, ...]] = (
        array(
            "ban_readiness", ("party",), start=1.0, forcing=True, low=0.0, high=10.0, unit="factor",
            meaning="how readily the party bars a platform, against the usual",
        ),
    )  # fmt: skip

    intrusion_rate: float = param(
        0.00034,
        unit="probability a seat",
        low=0.0,
        high=0.05,
        source="1.3 a year of 143 meetings of 27 seats of the EU's ministers (press; Maurer and Wright 2020); derived",
        meaning="Chance that strangers join a meeting of heads or ministers, for each of its two seats.",
    )
    known_rate: float = param(
        0.0005,
        unit="probability",
        low=0.0,
        high=0.1,
        source="assumed",
        meaning="Chance that it becomes known that the host heard a meeting.",
    )
    crisis_months: int = param(
        6, unit="months", low=0, high=60, source="assumed", meaning="Months in which no talks open between who heard and who was heard."
    )
    ban_after_leak: float = param(
        0.5, unit="probability", low=0.0, high=1.0, source="assumed", meaning="Chance that who was heard bars the platform."
    )
    ban_after_intrusion: float = param(
        0.1, unit="probability", low=0.0, high=1.0, source="assumed", meaning="Chance that a party with strangers in its meeting does."
    )
    ban_on_hearsay: float = param(
        0.005,
        unit="probability",
        low=0.0,
        high=0.2,
        source="assumed; 7 states, 6 of them UN members, acted in the month of the first stories on Zoom",
        meaning="Chance that any other party does, for each meeting of which it reads.",
    )
    ban_months: int = param(12, unit="months", low=1, high=120, source="assumed", meaning="Months for which a party bars a platform.")

    def step(self, world: World, decide: Any) -> None:
        """Look at this month's meetings on a screen, and act on what becomes known of them."""
        setting, events = world.setting, world.events
        terms = setting.terms(ContactTerms)
        first, needs = world.first_event(), terms.channel_needs(setting.words.added_channels)[:, NEEDS.index("bandwidth")]
        kind, channel, platform = (events[name][first:] for name in ("event", "channel", "platform_used"))
        # A contact that found no port is a call: it was to be held on a platform, and was not.
        rows = where_true((kind == Event.CONTACT) & (platform >= 0) & needs[channel]) + first
        self._of_bodies(world)
        if not len(rows):
            return
        told = np.zeros((len(rows), 3), dtype=np.bool_)
        _intercept(
            events["party_a"][rows], events["party_b"][rows], events["rank"][rows], events["platform_used"][rows], setting.identity,
            np.uint64(world.seed), luck.INTERCEPTION.key, np.uint64(world.month), world.hears, world.own_law, self.intrusion_rate,
            self.known_rate, told,
        )  # fmt: skip
        for at, what in np.argwhere(told).tolist():
            row = int(rows[at])
            parties = int(events["party_a"][row]), int(events["party_b"][row])
            over = {name: int(events[name][row]) for name in ("rank", "platform_used", "bridge_used")}
            self._known(world, parties, what, over)

    def _of_bodies(self, world: World) -> None:
        """Look at the meetings of bodies that were held on a screen."""
        roster, online = world.setting.roster, world.array("met_online")
        if not online.any():
            return
        bodies, met_on = roster.bodies, world.array("met_on")
        ids = identities(bodies.names)
        for b in where_true((online > 0) & (met_on >= 0)).tolist():
            host, k, many = int(world.array("hosting")[b]), int(met_on[b]), int(online[b])
            joined, heard = (uniform(world.seed, luck.SITTING_HEARD, world.month, ids[b], index=what) for what in (0, 1))
            over = {"rank": int(bodies.rank[b]), "platform_used": k, "of_body": b}
            if bodies.rank[b] != Rank.OFFICIAL and joined < many * int(world.array("screen_seats")[b]) * self.intrusion_rate:
                self._known(world, (host,), 0, over)
            if k > 0 and not world.own_law[host, k] and heard < many * world.hears[host, k] * self.known_rate:
                self._known(world, (host,), 1, over)

    def _known(self, world: World, parties: tuple[int, ...], what: int, over: dict[str, int]) -> None:
        """Act on what becomes known of a meeting of some parties: strangers (0), the first was heard (1), the second was heard (2)."""
        events, setting, k = world.events, world.setting, over["platform_used"]
        if what == 0:
            code = setting.words.code("event", "intrusion")
            events.append(month=world.month, event=code, party_a=parties[0], party_b=parties[1] if len(parties) > 1 else -1, **over)
            involved = parties
            why, chance = JOINED, self.ban_after_intrusion
        else:
            host, heard = int(setting.roster.video.clouds.home[k - 1]), parties[what - 1]
            events.append(month=world.month, event=setting.words.code("event", "overheard"), party_a=host, party_b=heard, **over)
            edge = setting.edges.find(heard, host)
            if edge >= 0:
                both = [edge, setting.edges.rev[edge]]
                world.cooldown[:, both] = np.maximum(world.cooldown[:, both], world.month + self.crisis_months)
            involved, why, chance = (heard,), HEARD, self.ban_after_leak
        if k > 0:
            self._bar(world, k, involved, why, chance)

    def _bar(self, world: World, k: int, involved: tuple[int, ...], why: int, chance: float) -> None:
        """Let those involved bar a cloud, and others on hearsay; nobody bars what its own law binds, or what it bars already."""
        setting, names = world.setting, world.setting.roster.platforms
        n, cloud = setting.n_parties, np.full(setting.n_parties, identity(names[k]))
        bars = (
            uniforms(world.seed, luck.BAR, world.month, setting.identity, cloud, index=HEARSAY) < self.ban_on_hearsay * world.ban_readiness
        )
        for party in involved:
            drawn = uniform(world.seed, luck.BAR, world.month, setting.identity[party], cloud[party], index=why)
            bars[party] = drawn < chance * world.ban_readiness[party]
        bars &= ~world.shut[:, k] & ~world.own_law[:, k] & (world.barred_until[:, k] <= world.month) & self._speaks(world, n)
        who = where_true(bars)
        world.barred_until[who, k] = world.month + 1 + self.ban_months
        code = setting.words.code("event", "platform_barred")
        world.events.extend(len(who), month=world.month, event=code, party_a=who, platform_used=k, value=float(self.ban_months))

    @staticmethod
    def _speaks(world: World, n: int) -> Bools:
        """Say which parties there are: a bloc without members bars nothing."""
        found = np.ones(n, dtype=np.bool_)
        found[world.setting.n_states :] = world.member.any(axis=1)
        return found


@jit
def _intercept(
    owner: Ints, partner: Ints, rank: Ints, platform: Ints, who: NDArray[np.uint64], seed: np.uint64, key: np.uint64, month: np.uint64,
    hears: Floats, own_law: Bools, joined: float, known: float, told: Bools,
) -> None:  # fmt: skip
    """Fill for each meeting whether strangers join, and whether it becomes known that the host heard the owner, the partner, (n, 3)."""
    for c in range(owner.shape[0]):
        i, j, k = owner[c], partner[c], platform[c]
        words = philox(month, who[i], who[j], np.uint64(rank[c]), seed, key)
        told[c, 0] = rank[c] != _OFFICIAL and unit(words[0]) < 2.0 * joined
        if k > 0 and not (own_law[i, k] or own_law[j, k]):
            told[c, 1] = unit(words[1]) < hears[i, k] * known
            told[c, 2] = unit(words[2]) < hears[j, k] * known
