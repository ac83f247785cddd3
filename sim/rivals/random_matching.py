"""Who signs with whom is luck: every pair that a type lets talk is as likely as any other, while both have a desk free.

The null that any theory of partners must beat. The text is the middle of what the type allows, both sides sign it, and those at home
consent. How many talks open and how long they last is told in :mod:`sim.decide.rivalled`.

Source: random networks of Erdos and Renyi (1959), on the pairs at risk.
Departs from them in desks: a pair waits while one of the two is busy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.decide.theory import Theory
from sim.registry import part
from sim.stakes.stakes import Groups
from sim.state.world import Floats, World


@part(
    "rival",
    name="random_matching",
    title="Random matching",
    title_id="Pasangan acak",
    sentence_id="Setiap pasangan yang boleh berunding sama besar peluangnya untuk membuka perundingan dan menandatangani.",
)
@dataclass(frozen=True)
class RandomMatching(Theory):
    """Every pair that may talk is equally likely to open talks and to sign."""

    def pull(self, view: World, type_index: int, groups: Groups) -> Floats:
        """Return the same for all, (G,)."""
        return np.ones(groups.n)
