"""The text halfway between the two sides' own best texts, if both gain from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from same_doors import W_MIN, Outcomes, Status, checked, param, part


@part("protocol", name="midway", title="Midway", title_id="Jalan tengah", sentence_id="Kedua pihak bertemu di tengah.")
@dataclass(frozen=True)
class Midway:
    """The sides meet halfway between their own best texts, or do not agree."""

    rounds: ClassVar[bool] = False
    information: ClassVar[str] = "common"
    claims: ClassVar[tuple[str, ...]] = ("individually_rational",)

    contacts_to_conclude: int = param(4, unit="contacts", low=1, high=60, source="assumed", meaning="Contacts before talks conclude.")

    def solve(self, problems: Any) -> Any:
        p = checked(problems)
        own = p.theta + p.b / (2.0 * np.maximum(p.w, W_MIN))
        text = np.clip(own, p.lo[:, None, :], p.hi[:, None, :]).mean(axis=1)
        x = text[:, None, :]
        utility = p.a + (p.b * x - p.w * (x - p.theta) ** 2).sum(axis=2)
        possible = (p.lo <= p.hi).all(axis=1)
        agreed = possible & (utility > p.r).all(axis=1)
        status = np.where(agreed, Status.AGREED, np.where(possible, Status.NO_ZONE, Status.NO_TEXT)).astype(np.int8)
        text[~agreed], utility[~agreed] = np.nan, np.nan
        return Outcomes(text, utility, status, np.zeros(len(p), np.int32))
