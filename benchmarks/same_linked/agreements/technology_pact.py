"""One side gains four by what costs the other one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from same_doors import Draft, param, part


@part("agreement", name="technology_pact", title="Technology", title_id="Technology", sentence_id="Kesepakatan uji.")
@dataclass(frozen=True)
class TechnologyPact:
    """A deal that only one side would want."""

    negotiable: ClassVar[bool] = True
    roles: ClassVar[tuple[str, str]] = ("source", "receiver")
    issues: ClassVar[tuple[str, ...]] = ("capacity",)
    meaning: ClassVar[dict[str, tuple[str, str]]] = {"capacity": ("0: none; 1: all", "the same")}
    entry: ClassVar[str] = "ratified"
    ending: ClassVar[str] = "open_ended"
    leaver: ClassVar[str] = "released"
    alternatives: ClassVar[tuple[bool, bool]] = (False, False)
    ratifiers: ClassVar[dict[str, tuple[int, int]]] = {"capacity": (-1, 0)}
    excluded_by: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[tuple[str, ...]] = ()
    frees_data: ClassVar[bool] = False

    trade_effect: float = param(0.0, unit="share", low=0.0, high=0.1, source="assumed", meaning="None.")
    months_to_force: int = param(5, unit="months", low=1, high=36, source="assumed", meaning="Months from signature to force.")

    def eligible(self, view: Any, groups: Any) -> Any:
        return np.asarray(view.gdp[groups.first] > view.gdp[groups.second])

    def coefficients(self, view: Any, groups: Any) -> Any:
        draft = Draft(groups.n)
        draft.issue("capacity", ideal=(0.0, 0.0), salience=(1.0, 1.0), gain=(-1.0, 4.0))
        return draft.done()
