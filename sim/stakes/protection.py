r"""Whether another party's protection of data is equivalent to the judge's: two tests, on its law and on who can reach the data.

.. math:: safeguards: \; x_s \ge \kappa \, L_i, \qquad
          redress: \; p^r_j = 1 - R_{ij} (1 - x_r) \ge \kappa, \quad R_{ij} = \frac{M_{ij}}{\sum_k M_{ik}} (1 - f_j)

``x`` is what the party judged gives by law and undertakings, ``L_i`` the judge's own safeguards, ``R`` what part of the data of the judge's
people the other's state could compel: its part in what the judge buys abroad, times the rights ``f`` that its law lacks for foreigners.
So a small state with a law passes without undertakings, and one through which much of the data runs must undertake. Rule of law is no part
of either test; it is in the risk that an agreement is broken.

Until the market of providers is a part of the model, the share of imports stands for hosting and for the providers' home.

Source: CJEU C-362/14 (Schrems I), paragraphs 73 and 74; C-311/18 (Schrems II). Numbers are assumed (``docs/calibration.md``).
"""

from __future__ import annotations

import numpy as np

from sim.ports import LawTerms
from sim.stakes.stakes import Groups
from sim.state.world import Floats, World


def needed_safeguards(view: World, groups: Groups) -> Floats:
    """Return the safeguards that role 0 asks of role 1, shape (G,)."""
    return np.asarray(view.setting.terms(LawTerms).equivalence * view.own_safeguards[groups.first])


def reach(view: World, groups: Groups) -> Floats:
    """Return the share of the data of role 0's people that role 1 could compel without undertakings, shape (G,)."""
    i, j = groups.first, groups.second
    share = view.trade_known[groups.back] / view.imports_known[i]
    return np.asarray(share * (1.0 - view.rights_of_foreigners[j]))


def needed_redress(view: World, groups: Groups) -> Floats:
    """Return the redress that role 0 asks of role 1, shape (G,): 0 where its data are safe enough as they are."""
    allowed = 1.0 - view.setting.terms(LawTerms).equivalence
    there = reach(view, groups)
    return np.where(there > allowed, 1.0 - allowed / np.maximum(there, 1e-12), 0.0)
