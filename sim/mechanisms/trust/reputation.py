r"""Trust is a beta reputation with forgetting: what was kept and what was broken, remembered less each month.

.. math:: \tau = \frac{1 + \alpha_0 + \alpha}{2 + \alpha_0 + \beta_0 + \alpha + \beta}, \qquad \alpha \leftarrow \rho\,\alpha + \text{kept}

with ``alpha, beta`` the remembered evidence (counts), ``alpha_0, beta_0`` a standing disposition that is not forgotten, and ``rho`` the
share remembered from one month to the next. Four promises kept and one broken give 5/7.

Source: Josang and Ismail (2002), "The beta reputation system", equations 4 and 9. Departs from it in the standing disposition,
without which allies of long standing would become strangers after years of silence.
"""

from __future__ import annotations

from sim.kernels import jit
from sim.world import Floats


@jit
def reputation(kept: float, broken: float, prior_kept: float, prior_broken: float) -> float:
    """Return the expected probability that a word is kept."""
    return (1.0 + prior_kept + kept) / (2.0 + prior_kept + prior_broken + kept + broken)


@jit
def believe(
    kept: Floats,
    broken: Floats,
    pact: Floats,
    affinity: Floats,
    rivalry: Floats,
    pacts: float,
    votes: float,
    rivals: float,
    trust: Floats,
) -> None:
    """Renew trust, shape (E,), in place, from remembered evidence and a standing disposition.

    The disposition counts ``pacts * pact + votes * affinity`` pieces of evidence for, and ``votes * (1 - affinity) + rivals * rivalry``
    against, on each edge.
    """
    for e in range(trust.shape[0]):
        prior_kept = pacts * pact[e] + votes * affinity[e]
        prior_broken = votes * (1.0 - affinity[e]) + rivals * rivalry[e]
        trust[e] = reputation(kept[e], broken[e], prior_kept, prior_broken)
