"""How much a party trusts another on average, and how many it has in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from same_doors import part


@part("metric", name="mean_trust", title="Mean trust", title_id="Kepercayaan rata-rata", sentence_id="Rata-rata kepercayaan.")
@dataclass(frozen=True)
class MeanTrust:
    """How much each party trusts others on average."""

    unit: ClassVar[str] = "probability"
    axis: ClassVar[str] = "party"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "mean"

    def columns(self, setting: Any) -> tuple[str, ...]:
        return ("mean_trust",)

    def measure(self, world: Any) -> Any:
        """Return the mean over the partners that a party keeps an eye on, shape (1, P)."""
        edges, n = world.setting.edges, world.setting.n_parties
        total = np.bincount(edges.row, weights=world.trust, minlength=n)
        return (total / np.maximum(np.bincount(edges.row, minlength=n), 1))[None, :]
