r"""Whether another party's protection of data is equivalent to the judge's: three tests, on its law, its state, and who reaches the data.

.. math:: safeguards: \; x_s \ge \kappa \, L_i, \qquad guarantees: \; \rho_j \ge \kappa \, \rho_i, \qquad
          redress: \; p^r_j = 1 - R_{ij} (1 - x_r) \ge \kappa, \quad R_{ij} = \frac{M_{ij}}{\sum_k M_{ik}} (1 - f_j)

``x`` is what the party judged gives by law and undertakings, ``L_i`` the judge's own safeguards, ``R`` what part of the data of the judge's
people the other's state could compel: its part in what the judge buys abroad, times the rights ``f`` that its law lacks for foreigners.
``rho`` is protection of people against their state, by rule of law and limits of surveillance; a bloc's is the mean of its members. What a
state lacks of it no undertaking gives. So a small state with a law, and bound by law, passes without undertakings, and one through which
much of the data runs must undertake.

Courts read the tests anew (:mod:`sim.mechanisms.courts`). Where one has struck a text, it has asked ``z`` more than who signed it. From then
on ``z`` is added to that test, for every text of the same judge: ``precedent_safeguards`` and ``precedent_redress``. The *margin* of a text
is how far it passes the test that it passes by least.

Until the market of providers is a part of the model, the share of imports stands for hosting and for the providers' home.

Source: CJEU C-362/14 (Schrems I), paragraphs 73, 74 and 91 to 95; C-311/18 (Schrems II). GDPR article 45(2)(a) names the rule of law and
the access of public authorities; before it they were essential guarantees (Working Party 29, WP 237, 2016). Numbers are assumed
(``docs/calibration.md``).
"""

from __future__ import annotations

import numpy as np

from sim.ports import LawTerms
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import Bools, Floats, World


def needed_safeguards(view: World, groups: Groups) -> Floats:
    """Return the safeguards that role 0 asks of role 1, shape (G,), at most its own."""
    asked = np.minimum(1.0, view.setting.terms(LawTerms).equivalence + view.precedent_safeguards[groups.first])
    return np.asarray(asked * view.own_safeguards[groups.first])


def essential_guarantees(view: World, groups: Groups) -> Bools:
    """Say for each dyad whether role 1 protects people against its state as far as role 0 asks, shape (G,)."""
    part = view.setting.terms(LawTerms)
    asked = part.guarantees * part.equivalence * view.protection_state[groups.first]
    return np.asarray(view.protection_state[groups.second] >= asked)


def reach(view: World, groups: Groups) -> Floats:
    """Return the share of the data of role 0's people that role 1 could compel without undertakings, shape (G,)."""
    i, j = groups.first, groups.second
    share = view.trade_known[groups.back] / view.imports_known[i]
    return np.asarray(share * (1.0 - view.rights_of_foreigners[j]))


def needed_redress(view: World, groups: Groups) -> Floats:
    """Return the redress that role 0 asks of role 1, shape (G,): 0 where its data are safe enough as they are."""
    asked = view.setting.terms(LawTerms).equivalence + view.precedent_redress[groups.first]
    allowed = np.maximum(0.0, 1.0 - asked)
    there = reach(view, groups)
    return np.where(there > allowed, 1.0 - allowed / np.maximum(there, 1e-12), 0.0)


def margins(view: World, groups: Groups, safeguards: Floats, redress: Floats) -> Floats:
    """Return by how much texts pass the tests on safeguards and on redress, shape (G, 2); below 0 where one fails.

    Parameters
    ----------
    safeguards, redress : float64 (G,)
        What role 1 gives by law and undertakings, index 0-1.
    """
    asked = view.setting.terms(LawTerms).equivalence + view.precedent_redress[groups.first]
    protected = 1.0 - reach(view, groups) * (1.0 - redress)
    return np.stack([safeguards - needed_safeguards(view, groups), protected - asked], axis=1)


def tested_text(view: World, groups: Groups, text: Floats) -> Floats:
    """Return by how much texts pass the two tests, shape (G, 2): each by what it says, or by the other's law where that gives more.

    Parameters
    ----------
    text : float64 (G, K)
        On all issues of the run; NaN where a text says nothing.
    """
    names, j = issues_of(view.setting), groups.second
    said = (text[:, names.index(name)] for name in ("safeguards", "redress"))
    given = (np.fmax(level, law[j]) for level, law in zip(said, (view.safeguards, view.redress), strict=True))
    return margins(view, groups, *given)
