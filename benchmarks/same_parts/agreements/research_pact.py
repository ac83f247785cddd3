"""Two states open their data to each other's scientists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from same_doors import Draft, param, part


@part("agreement", name="research_pact", title="Research pact", title_id="Pakta penelitian", sentence_id="Dua negara membuka data.")
@dataclass(frozen=True)
class ResearchPact:
    """Two states open their data to each other's scientists."""

    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("larger", "smaller")
    issues: ClassVar[tuple[str, ...]] = ("research_access",)
    meaning: ClassVar[dict[str, tuple[str, str]]] = {"research_access": ("0: nothing is opened; 1: everything is", "the same")}
    entry: ClassVar[str] = "executive"
    ending: ClassVar[str] = "open_ended"
    leaver: ClassVar[str] = "released"
    alternatives: ClassVar[tuple[bool, bool]] = (False, False)
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {"research_access": (-1, -1)}
    excluded_by: ClassVar[tuple[str, ...]] = ()
    frees_data: ClassVar[bool] = False

    trade_effect: float = param(0.02, unit="share", low=0.0, high=0.1, source="assumed", meaning="Digital trade added.")
    worth: float = param(0.8, unit="bp of GDP a year", low=0.0, high=5.0, source="assumed", meaning="Worth of full access.")
    closed: int = param(24248, unit="month", low=0, high=30000, source="assumed", meaning="Month from which no text is lawful.")
    months_to_force: int = param(3, unit="months", low=1, high=36, source="assumed", meaning="Months from signature to force.")

    def eligible(self, view: Any, groups: Any) -> Any:
        return np.asarray(view.gdp[groups.first] > view.gdp[groups.second])

    def coefficients(self, view: Any, groups: Any) -> Any:
        trust = view.trust[groups.edge], view.trust[groups.back]
        draft = Draft(groups.n)
        salience = (0.5 * self.worth, 0.5 * self.worth)
        # From a month on the law of both sides leaves no text, so that talks fail for want of one.
        least = 0.8 if view.month >= self.closed else 0.0
        gain = (self.worth * trust[0], self.worth * trust[1])
        draft.issue("research_access", ideal=(0.5, 0.5), salience=salience, gain=gain, floor=least, ceiling=0.7)
        return draft.done()
