r"""Trust is a beta reputation with forgetting: what was kept and what was broken, remembered less each month.

.. math:: \tau = \frac{1 + \alpha_0 + \alpha}{2 + \alpha_0 + \beta_0 + \alpha + \beta}, \qquad \alpha \leftarrow \rho\,\alpha + \text{kept}

with ``alpha, beta`` the remembered evidence (counts), ``alpha_0, beta_0`` a standing disposition that is not forgotten, and ``rho`` the
share remembered from one month to the next. Four promises kept and one broken give 5/7.

Source: Josang and Ismail (2002), "The beta reputation system", equations 4 and 9. Departs from it in the standing disposition,
without which allies of long standing would become strangers after years of silence.
"""

from __future__ import annotations

from sim.kernels import jit
from sim.state.world import Floats


@jit
def reputation(kept: float, broken: float, prior_kept: float, prior_broken: float) -> float:
    """Return the expected probability that a word is kept."""
    return (1.0 + prior_kept + kept) / (2.0 + prior_kept + prior_broken + kept + broken)


@jit
def believe(kept: Floats, broken: Floats, given: Floats, disposition: float, trust: Floats) -> None:
    """Renew trust, shape (E,), in place, from remembered evidence and a standing disposition.

    The disposition counts ``disposition (1 + given) / 2`` pieces of evidence for, and ``disposition (1 - given) / 2`` against, on each
    edge; ``given``, -1 to 1, is the weight of the alliance graph without treaties and trust.
    """
    for e in range(trust.shape[0]):
        prior_kept = 0.5 * disposition * (1.0 + given[e])
        prior_broken = 0.5 * disposition * (1.0 - given[e])
        trust[e] = reputation(kept[e], broken[e], prior_kept, prior_broken)
