r"""How long a case is pending, and how a court reads a text.

.. math:: T(u) = \begin{cases} T_0 (T_{1/2} / T_0)^{2u} & u < 1/2 \\ T_{1/2} (T_1 / T_{1/2})^{2u - 1} & u \ge 1/2 \end{cases}, \qquad
          z = \sigma \, \Phi^{-1}(u'), \quad \text{struck where } z > m

with ``u, u'`` uniform luck of the case, ``T_0``, ``T_{1/2}``, ``T_1`` the shortest, median and longest months from complaint to ruling,
``m`` the margin of the text over the test that it passes by least, and ``z`` how much more the court asks than who signed. So a text is
struck with probability ``Phi(-m / sigma)``. The largest margin that the court has struck is its precedent: no later text passes by less.

Source: Carrubba (2009), "A Model of the Endogenous Development of Judicial Institutions in Federal and International Systems", Journal of
Politics 71 (governments heed a court that may strike); probit threshold model. The form of ``T`` is ours: it has the stated median and
bounds.
"""

from __future__ import annotations

from statistics import NormalDist

_NORMAL = NormalDist()


def pending_months(drawn: float, least: float, median: float, most: float) -> int:
    """Return the whole months from complaint to ruling, at least 1, for one uniform draw."""
    if drawn < 0.5:
        months: float = least * (median / least) ** (2.0 * drawn)
    else:
        months = median * (most / median) ** (2.0 * drawn - 1.0)
    return max(1, round(float(months)))


def stricter(drawn: float, sigma: float) -> float:
    """Return how much more a court asks than who signed, for one uniform draw; below 0 where it asks less."""
    return sigma * _NORMAL.inv_cdf(drawn)


def strike_chance(margin: float, sigma: float) -> float:
    """Return the probability that a court strikes a text with some margin over the tests."""
    if sigma == 0.0:
        return float(margin < 0.0)
    return _NORMAL.cdf(-margin / sigma)
