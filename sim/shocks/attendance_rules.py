"""Bodies meet by the rules of attendance that they had, in place of what their members can do.

``attendance_rules.csv`` says for some months how one attended a body: in the room only, by a statement recorded beforehand, on a screen, or
some of each. In these months the rule holds; in others a body meets as usual (:mod:`sim.mechanisms.bodies.rule`). A twin without shocks
has none of these rules, since most of them answered closed borders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.declare.forced import Change
from sim.registry import part, switch
from sim.state.world import World


@part(
    "shock",
    name="attendance_rules",
    title="Rules of attendance as they were",
    title_id="Aturan kehadiran yang tercatat",
    sentence_id="Lembaga bersidang menurut aturan kehadiran yang memang berlaku pada bulan itu.",
)
@dataclass(frozen=True)
class AttendanceRules:
    """Bodies meet by the rules of attendance that held in each month."""

    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("attendance_rule", "share_in_person")

    recorded: bool = switch(True, source="assumed", meaning="Whether the recorded rules hold; without them the shock says nothing.")

    def changes(self, view: World, month: int, since: int) -> tuple[Change, ...]:
        """Return the rule of each body that has one this month, and the share of meetings in the room that goes with it.

        Parameters
        ----------
        view : World
        month : int
        since : int
            The month in which this shock began.
        """
        body, rule, share = view.setting.roster.bodies.rules_at(month)
        if not self.recorded or not len(body):
            return ()
        return (Change("attendance_rule", rule.astype(float), (body,)), Change("share_in_person", share, (body,)))
