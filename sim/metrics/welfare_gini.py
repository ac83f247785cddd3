r"""How unequally gains and losses fall on states: a Gini coefficient that allows for losses.

.. math:: G = \frac{\sum_i \sum_j |g_i - g_j|}{2 N \sum_i |g_i|}

Where nobody loses this is the usual coefficient. The usual one divides by the sum of gains, which may be small or below zero where some
lose, and then says nothing; divided by the sum of sizes it lies between 0 (all alike) and 1. Of GDP with gains added it would be the Gini
of GDP, to the fourth digit.

Source: Raffinetti, Siletti and Vernizzi (2015), Statistical Methods and Applications 24(3). Departs from them in leaving out their factor
N / (N - 1), so that it is the usual coefficient where nobody loses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.declare.meanings import Meaning
from sim.kernels import jit
from sim.registry import part
from sim.stakes.welfare import in_usd
from sim.state.world import Floats, Setting, World

MEANINGS = {
    "welfare_gini": Meaning("in USD", "dalam USD", "Of gains and losses in USD.", "Dari keuntungan dan kerugian dalam USD."),
    "welfare_gini_bp": Meaning(
        "beside GDP",
        "dibanding PDB",
        "Of gains and losses in basis points of own GDP: large and small states count alike.",
        "Dari keuntungan dan kerugian dalam basis poin PDB sendiri: negara besar dan kecil dihitung sama.",
    ),
}


@part(
    "metric",
    name="welfare_gini",
    title="Inequality of gains",
    title_id="Ketimpangan keuntungan",
    sentence_id="Seberapa tidak merata keuntungan dan kerugian jatuh pada negara-negara, dari 0 (sama rata) sampai 1.",
)
@dataclass(frozen=True)
class WelfareGini:
    """How unequally gains and losses fall on states, from 0 (all alike) to 1: in money, and relative to GDP."""

    unit: ClassVar[str] = "index 0-1"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "mean"
    over_months: ClassVar[str] = "last"
    undefined: ClassVar[str] = "while nobody gains or loses anything"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names: of gains in USD, and of gains in bp of GDP."""
        return ("welfare_gini", "welfare_gini_bp")

    def meanings(self, setting: Setting) -> dict[str, Meaning]:
        """Return what each column holds."""
        return MEANINGS

    def measure(self, world: World) -> Floats:
        """Return both coefficients, shape (2,); NaN where there is nothing to share."""
        return np.array([gini(in_usd(world)), gini(world.welfare[: world.setting.n_states])])


def gini(gains: Floats) -> float:
    """Return the coefficient of some gains, shape (N,); NaN where all are 0.

    >>> gini(np.array([0.0, 0.0, 0.0, 1.0])), gini(np.array([-1.0, 1.0])), gini(np.array([2.0, 2.0]))
    (0.75, 0.5, 0.0)
    """
    return float(_gini(np.sort(gains)))


@jit
def _gini(gains: Floats) -> float:
    """Return the coefficient of sorted gains, (N,): differences add up to each gain times how many lie below it less how many above."""
    n, apart, size = gains.shape[0], 0.0, 0.0
    for i in range(n):
        apart += (2.0 * i + 1.0 - n) * gains[i]
        size += abs(gains[i])
    return apart / (n * size) if size > 0.0 else np.nan
