"""The closure that a run was given: its table, and from which month on it is assumed rather than recorded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.store import Floats, StoredRun
from sim.data.roster import Roster, load_roster
from sim.params import configure
from sim.types import UserError, month_index


@dataclass(frozen=True)
class Forcing:
    """Table of closure of a run, as its digest vouches."""

    roster: Roster

    @property
    def assumed_from(self) -> int | None:
        """First month from which on most levels are assumed; None if that never comes."""
        recorded = np.flatnonzero(self.roster.closure_assumed.mean(axis=1) < 0.5)
        if not len(recorded):
            return int(self.roster.closure_months[0]) if len(self.roster.closure_months) else None
        return int(self.roster.closure_months[recorded[-1]]) + 1

    def closed(self, month: str) -> tuple[float, int]:
        """Return the share of states closed to all (level 4, to the nearest whole) among those recorded, and how many are."""
        level, assumed = self.roster.closure_at(month_index(month))
        known: Floats = level[~assumed]
        return (float((np.round(known) == 4).mean()) if len(known) else float("nan")), len(known)


def forcing(run: StoredRun) -> Forcing | None:
    """Load the table that a run was given; None if it is gone or has changed since."""
    config = run.config
    if not {"roster", "data", "start", "end"} <= config.keys():
        return None
    try:
        told = {key: config[key] for key in ("roster", "data", "start", "end", "start_state") if key in config}
        spec = configure(told).roster
        roster = load_roster(spec, month_index(config["start"]), month_index(config["end"]))
    except UserError:
        return None
    return Forcing(roster) if roster.digest == run.manifest.get("data_digest") and len(roster.closure_months) else None
