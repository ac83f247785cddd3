"""States bar platforms of meetings on a screen in the months in which they did, or as a rule of law says.

Bans lie in ``platform_bans.csv``, with the part of a state's dealings abroad that each bars; a folder of tables of your own may name
others. A platform that a state bars to a part of ``mechanisms.platforms.bar_level`` or more carries none of its meetings. While the shock
is on, nobody bars a platform by a decision of its own, because the record says who did: the factor ``ban_readiness`` is 0. So it also
tells what a law would do: ``whom`` says that every state bars all clouds with a foreign host, or those whose host is hostile to it.

Sources: Bloomberg, Handelsblatt, AFP and others of April 2020; bans by China and Russia from memory. How much each bars is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.forced import Change
from sim.registry import choice, param, part
from sim.state.world import World

RECORDED, FOREIGN, HOSTILE = "recorded", "foreign", "hostile"


@part(
    "shock",
    name="platform_bans",
    title="Bans of platforms",
    title_id="Larangan platform",
    sentence_id="Negara melarang platform rapat layar pada bulan-bulan yang tercatat, atau menurut aturan hukum.",
)
@dataclass(frozen=True)
class PlatformBans:
    """States bar platforms of meetings on a screen in the months in which they did, or as a rule of law says."""

    reads: ClassVar[tuple[str, ...]] = ("hostility",)
    writes: ClassVar[tuple[str, ...]] = ("platform_bars", "ban_readiness")

    whom: str = choice(
        RECORDED,
        (RECORDED, FOREIGN, HOSTILE),
        source="assumed",
        meaning="Which clouds are barred: those on record, all with a foreign host, or those of a hostile host.",
    )
    extent: float = param(
        1.0,
        unit="factor",
        low=0.0,
        high=2.0,
        source="assumed",
        meaning="Factor on the part of its dealings that a state bars; 0 lifts all bans.",
    )
    hostility: float = param(
        0.3, unit="index 0-1", low=0.05, high=1.0, source="assumed", meaning="Hostility from which on a host counts as hostile."
    )

    def changes(self, view: World, month: int, since: int) -> tuple[Change, ...]:
        """Return the bans of a month, and that nobody bars anything else.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        state, platform, level = self._bans(view, month)
        settled = Change("ban_readiness", 0.0)
        if not len(state):
            return (settled,)
        return (settled, Change("platform_bars", self.extent * level, (state, platform), how="most"))

    def _bans(self, view: World, month: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return who bars what, and how much of its dealings that takes, (B,) each."""
        setting, video = view.setting, view.setting.roster.video
        if self.whom == RECORDED:
            at = video.bans_at(month)
            return video.ban_state[at], video.ban_platform[at], video.ban_level[at]
        n = setting.n_states
        barred = np.zeros((n, len(video.names)), dtype=np.bool_)
        for k, host in enumerate(video.clouds.home.tolist(), start=1):
            if self.whom == FOREIGN:
                barred[:, k] = np.arange(n) != host
            elif host >= 0:
                edges = setting.edges
                back = edges.rev[edges.start[host] : edges.start[host + 1]]
                back = back[edges.row[back] < n]
                barred[edges.row[back], k] = view.hostility[back] >= self.hostility
        state, platform = np.nonzero(barred)
        return state, platform, np.ones(len(state))
