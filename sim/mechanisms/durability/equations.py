r"""Which clauses on its own life are worth having in a text.

.. math:: T^* = 2 \sqrt{ \frac{C}{\kappa \, u^2 \, G} }

is the time after which two sides would talk again: talks cost ``C`` (USD), and a text that stays as it was loses ``kappa u^2 G t / 2`` USD
a year after ``t`` years, because what both want wanders off. ``G`` is what the larger side gains (USD a year), ``u`` how uncertain that is.
The mean loss a year, ``C / T + kappa u^2 G T / 4``, is least at ``T*``. A term is fixed where ``T*`` is no longer than the type's longest
term. A review costs a part of talks, and comes at ``T*`` of that part. A side may leave by notice where ``u`` reaches a bar, and notice is
the longer the more both gain. A procedure for disputes is worth having where breaking the word would save a good part of what keeping it is
worth, and neither side is so strong that it needs none.

Source: Koremenos (2001), "Loosening the Ties that Bind", International Organization 55; Koremenos (2016), *The Continent of International
Law* (uncertainty about the state of the world: finite duration and withdrawal; enforcement: dispute settlement; power). The quadratic loss
and the square root are ours.
"""

from __future__ import annotations

import math


def time_to_talk_again(cost: float, gain: float, uncertainty: float, drift: float) -> float:
    """Return the years after which talking again costs no more than a stale text; infinite where nothing is uncertain or gained.

    Parameters
    ----------
    cost : float
        Of talks, USD.
    gain : float
        Of the larger side, USD a year.
    uncertainty : float
        Standard deviation of a year's change of what both want, share of an issue.
    drift : float
        What a stale text loses a year, share of the gain for a unit of the square, kappa.
    """
    if gain <= 0.0 or uncertainty <= 0.0 or drift <= 0.0:
        return math.inf
    return 2.0 * math.sqrt(max(cost, 0.0) / (drift * uncertainty * uncertainty * gain))


def within(months: float, span: tuple[int, int]) -> int:
    """Return whole half-years within a span of months."""
    low, high = span
    return int(min(max(6 * round(min(months, 1e6) / 6.0), low), high))
