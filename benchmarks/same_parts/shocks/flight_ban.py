"""No aeroplane crosses a border for some months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from same_doors import param, part


@part("shock", name="flight_ban", title="Flight ban", title_id="Larangan terbang", sentence_id="Tidak ada pesawat yang melintas.")
@dataclass(frozen=True)
class FlightBan:
    """For some months no aeroplane crosses a border."""

    writes: ClassVar[tuple[str, ...]] = ("closure",)

    year: int = param(2020, unit="year", low=2014, high=2035, source="assumed", meaning="Year in which it begins.")
    month: int = param(2, unit="month of the year", low=1, high=12, source="assumed", meaning="Month in which it begins.")
    months: int = param(5, unit="months", low=1, high=60, source="assumed", meaning="How long it lasts.")
    lost: float = param(0.7, unit="share of meetings", low=0.0, high=1.0, source="assumed", meaning="Meetings that need a flight.")

    def overlay(self, setting: Any, month: int, base: Mapping[str, Any]) -> dict[str, Any]:
        begins = 12 * self.year + self.month - 1
        if not begins <= month < begins + self.months:
            return {}
        return {"closure": np.maximum(base["closure"], self.lost)}
