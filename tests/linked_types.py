"""Two agreement types of a user's own that promise nothing alone and something together: health data for technology."""

from __future__ import annotations

from pathlib import Path

TEMPLATE = '''
"""One side gains four by what costs the other one."""
from dataclasses import dataclass
from typing import ClassVar
import numpy as np
from sim.parts import Draft, param, part

@part("agreement", name="{name}", title="{title}", title_id="{title}", sentence_id="Kesepakatan uji.")
@dataclass(frozen=True)
class {cls}:
    """A deal that only one side would want."""

    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = {roles}
    issues: ClassVar[tuple[str, ...]] = ("{issue}",)
    meaning: ClassVar[dict[str, tuple[str, str]]] = {{"{issue}": ("0: none; 1: all", "the same")}}
    entry: ClassVar[str] = "{entry}"
    ending: ClassVar[str] = "open_ended"
    leaver: ClassVar[str] = "released"
    alternatives: ClassVar[tuple[bool, bool]] = (False, False)
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {{"{issue}": (-1, 0)}}
    excluded_by: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[tuple[str, ...]] = {links}
    frees_data: ClassVar[bool] = False
    trade_effect: float = param(0.0, unit="share", low=0.0, high=0.1, source="assumed", meaning="None.")
    months_to_force: int = param({months}, unit="months", low=1, high=36, source="assumed", meaning="Months from signature to force.")

    def eligible(self, view, groups):
        return np.asarray(view.gdp[groups.first] {sign} view.gdp[groups.second])

    def coefficients(self, view, groups):
        draft = Draft(groups.n)
        draft.issue("{issue}", ideal=(0.0, 0.0), salience=(1.0, 1.0), gain=(-1.0, 4.0))
        return draft.done()
'''


def health_for_technology(folder: Path, links: str = '("technology_pact",)', entry: str = "executive") -> Path:
    """Write both types into a folder of parts: the poorer side opens its health data, the richer one gives technology."""
    where = folder / "agreements"
    where.mkdir(parents=True, exist_ok=True)
    health = {"name": "health_data_pact", "cls": "HealthDataPact", "roles": '("holder", "researcher")', "issue": "research_access"}
    given = {"name": "technology_pact", "cls": "TechnologyPact", "roles": '("source", "receiver")', "issue": "capacity"}
    made = TEMPLATE.format(**health, title="Health data", sign="<", links=links, months=2, entry="executive")
    (where / "health_data_pact.py").write_text(made, encoding="utf-8")
    made = TEMPLATE.format(**given, title="Technology", sign=">", links="()", months=5, entry=entry)
    (where / "technology_pact.py").write_text(made, encoding="utf-8")
    return folder
