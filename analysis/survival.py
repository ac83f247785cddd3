r"""How long things last: the share still there by age, of which some are seen from late on and some only until the end of the record.

.. math:: S(t) = \prod_{s \le t} \Big(1 - \frac{d(s)}{n(s)}\Big), \qquad
          \widehat{\mathrm{var}}\, S(t) = S(t)^2 \sum_{s \le t} \frac{d(s)}{n(s) (n(s) - d(s))}

``d(s)`` end at age ``s``, of ``n(s)`` at risk: those that are seen before ``s`` and have not ended or left sight before it. Who is still
there as the record ends leaves sight (right censoring). Who was there before it began comes into sight at the age that it then had (left
truncation), and says nothing of younger ages. The interval is ``S`` plus and minus 1.96 standard errors, cut at 0 and 1, age by age.

Sources: Kaplan and Meier (1958), Journal of the American Statistical Association 53; Greenwood (1926); Tsai, Jewell and Wang (1987),
Biometrika 74 (late entry).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Z = 1.959964
"""Normal quantile of a pointwise interval of 95 per cent."""


class Spell(NamedTuple):
    """One thing: the age from which it is seen (0 from its beginning), the age until which it is, and whether it then ended."""

    seen_from: int
    until: int
    ended: bool


@dataclass(frozen=True)
class Curve:
    """The share still there, from age 0 on, changing at ``age``.

    Attributes
    ----------
    age : int64 (n,)
        0, and every age at which something ends.
    share, low, high : float64 (n,)
        From that age until the next; the interval is of 95 per cent, and as wide as all that is possible where it cannot be told.
    """

    age: NDArray[np.int64]
    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def at(self, age: int) -> float:
        """Return the share at an age."""
        return float(self.share[int(np.searchsorted(self.age, age, side="right")) - 1])


def at_risk(spells: Sequence[Spell], age: int) -> int:
    """Count those that are seen as they reach an age; of age 0 those that are seen from their beginning."""
    return sum(1 for one in spells if (one.seen_from < age or one.seen_from == age == 0) and one.until >= age)


def survival(spells: Sequence[Spell]) -> Curve:
    """Estimate the share still there by age, in the unit of the ages."""
    ages = sorted({one.until for one in spells if one.ended})
    share, spread, told = 1.0, 0.0, [(0, 1.0, 1.0, 1.0)]
    for age in ages:
        n, d = at_risk(spells, age), sum(1 for one in spells if one.ended and one.until == age and one.seen_from < max(age, 1))
        if not n or not d:
            continue
        share *= 1.0 - d / n
        spread = spread + d / (n * (n - d)) if d < n else np.inf
        # Where all at risk end at once, Greenwood's formula has nothing to say.
        wide = Z * share * float(np.sqrt(spread)) if np.isfinite(spread) else 1.0
        told.append((age, share, max(0.0, share - wide), min(1.0, share + wide)))
    columns = list(zip(*told, strict=True))
    return Curve(np.array(columns[0], dtype=np.int64), *(np.array(one, dtype=np.float64) for one in columns[1:]))
