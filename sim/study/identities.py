"""Identities made anew from a study's plan: what a run of the design must be called if the study's shards are its own."""

from __future__ import annotations

from typing import Any

from sim.data.roster import load_roster
from sim.engine import setting_digest
from sim.params import Config
from sim.registry import Shelves, using
from sim.study.design import Row
from sim.study.draws import Configurations
from sim.study.store import plan_in
from sim.study.work import code_of, identity_of
from sim.types import UserError


class Identities:
    """Makes the identities of a study's runs without living them: configurations are written, and rosters are read once each."""

    def __init__(self, manifest: dict[str, Any], shelves: Shelves) -> None:
        self._shelves = shelves
        with using(shelves):
            self.plan = plan_in(manifest)
        self._code = code_of(manifest)
        self._configurations = Configurations(self.plan)
        self._rosters: dict[tuple[Any, ...], str] = {}
        self._latest: tuple[tuple[str, bool, int], str] | None = None

    def fault(self, row: Row, told: str) -> str | None:
        """Return what is wrong with the identity of a run, None if it is the plan's."""
        try:
            with using(self._shelves):
                due = identity_of(self._setting(row), self._code, row)
        except UserError as fault:
            return f"its setting cannot be made anew: {fault}"
        return (
            None
            if due == told
            else f"its identity {told[:8]} is not the plan's ({due[:8]}): it was lived with other settings, tables or code"
        )

    def _setting(self, row: Row) -> str:
        key = (row.scenario, row.twin, row.draw)
        if self._latest is None or self._latest[0] != key:
            config, text = self._configurations.written(row)
            self._latest = key, setting_digest(text, self._roster(config))
        return self._latest[1]

    def _roster(self, config: Config) -> str:
        key = (config.roster, config.start, config.end)
        if key not in self._rosters:
            self._rosters[key] = str(load_roster(*key).digest)
        return self._rosters[key]
