r"""When breaking one's word pays, and when making it good does.

.. math:: Z K_i > p \, [ S V_i + M q W_i + A_i ]

with ``K`` what a side saves in a year by breaking its word and ``Z`` exponential luck of the year (pressure at home; mean ``temptation``),
``p`` the chance that it is found out within a year, ``V`` what the instrument is worth to it and ``S`` the years for which it would be
suspended, ``W`` what its other instruments are worth, ``q`` the part of later deals lost for ``M`` years after a breach that everybody
sees, and ``A`` what it costs at home to be found out. All are bp of own GDP. Once it has been found out ``p`` is 1: the word is made good
unless breaking it pays even then.

A text with a procedure for disputes lets either side have a breach looked at. It comes to light the faster: at ``delta`` times the rate.
The side that is wronged starts the procedure where

.. math:: \phi D_j \ge s \, C_j

with ``D`` what the breach takes from it in a year, ``phi`` the chance that the breaker follows what is found, ``C`` the staff of talks on
the type and ``s`` the part of it that the procedure takes (bp of own GDP). That staff is the cost, and is spent only where it is used.

Source: Downs and Rocke (1995), *Optimal Imperfection? Domestic Uncertainty and Institutions in International Relations*, chapter 4; Guzman
(2008), *How International Law Works* (reputation, reciprocity, retaliation). Audience costs: Fearon (1994), American Political Science
Review 88. Procedures: Koremenos (2007), Journal of Legal Studies 36, and (2016), *The Continent of International Law*, chapter 7 (they
inform and they bring compliance, at a cost). Departs from them in that chance, and not the finding, moves who broke its word.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.arrays import Bools, Floats


def found_within(years: float, rate: float) -> float:
    """Return the chance that a breach is found out within some years at a yearly rate."""
    return -math.expm1(-rate * years)


def price_of_breach(value: Any, others: Any, audience: Any, years: float, lost: float, memory: float) -> Floats:
    """Return what a breach costs a side that is found out, bp of GDP: what is suspended, later deals lost, standing at home."""
    return np.asarray(years * np.maximum(value, 0.0) + memory * lost * np.maximum(others, 0.0) + audience, dtype=np.float64)


def worth_a_procedure(taken: float, followed: float, staff: float) -> bool:
    """Say whether a procedure pays who was wronged: what a breach takes in a year if it is followed, against its staff (bp)."""
    return taken > 0.0 and followed * taken >= staff


def breaks(saving: Any, chance: Any, price: Any) -> Bools:
    """Say whether breaking one's word pays."""
    return np.asarray(np.asarray(saving) > chance * np.asarray(price))
