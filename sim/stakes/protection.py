r"""Whether another party's protection of data is equivalent to the judge's: three tests, on its law, its state, and who reaches the data.

.. math:: safeguards: \; x_s \ge \kappa \, L_i, \qquad guarantees: \; \rho_j \ge \kappa \, \rho_i, \qquad
          redress: \; p^r_j = 1 - R_{ij} (1 - x_r) \ge \kappa, \\
          R_{ij} = \max\left(\frac{M_{ij}}{\sum_k M_{ik}}, H_{ij}\right) (1 - f_j)

``x`` is what the party judged gives by law and undertakings, ``L_i`` the judge's own safeguards, ``R`` what part of the data of the judge's
people the other's state could compel: its part ``M`` in what the judge buys abroad, or the part ``H`` of the judge's load that lies
there or that its providers hold, whichever is larger, times the rights ``f`` that its law lacks for foreigners.
``rho`` is protection of people against their state, by rule of law and limits of surveillance; a bloc's is the mean of its members. What a
state lacks of it no undertaking gives. So a small state with a law, and bound by law, passes without undertakings, and one through which
much of the data runs must undertake.

These are a court's tests, and an authority's that screens a law. The *margin* of a text is how far it passes the test on safeguards or on
redress, whichever it passes by less. An executive that only takes undertakings may sign below the tests, and lives with the risk
(:mod:`sim.stakes.annulment`), until a court of its own has struck such a text. From then on it asks at least what that ruling has taught
it: ``asked_safeguards`` and ``asked_redress``, both as protection (:mod:`sim.mechanisms.courts`).

Source: CJEU C-362/14 (Schrems I), paragraphs 73, 74 and 91 to 95; C-311/18 (Schrems II). GDPR article 45(2)(a) names the rule of law and
the access of public authorities; before it they were essential guarantees (Working Party 29, WP 237, 2016). Numbers are assumed
(``docs/calibration.md``).
"""

from __future__ import annotations

import numpy as np

from sim.arrays import by_role
from sim.ports import LawTerms
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import Bools, Floats, World


def needed_safeguards(view: World, groups: Groups) -> Floats:
    """Return the safeguards that the test asks of role 1, shape (G,)."""
    return np.asarray(view.setting.terms(LawTerms).equivalence * view.own_safeguards[groups.first])


def needed_redress(view: World, groups: Groups) -> Floats:
    """Return the redress that the test asks of role 1, shape (G,): 0 where the data of role 0 are safe enough as they are."""
    return _redress_for(np.asarray(view.setting.terms(LawTerms).equivalence), reach(view, groups))


def demanded(view: World, groups: Groups) -> tuple[Floats, Floats]:
    """Return the least safeguards and redress that the executive of role 0 takes from role 1, (G,) each: present law, or more.

    More is asked where a court of role 0 has struck a text before.
    """
    i, j = groups.first, groups.second
    sworn = _redress_for(view.asked_redress[i], reach(view, groups))
    return np.maximum(view.safeguards[j], view.asked_safeguards[i]), np.maximum(view.redress[j], sworn)


def essential_guarantees(view: World, groups: Groups) -> Bools:
    """Say for each dyad whether role 1 protects people against its state as far as role 0 asks, shape (G,)."""
    part = view.setting.terms(LawTerms)
    asked = part.guarantees * part.equivalence * view.protection_state[groups.first]
    return np.asarray(view.protection_state[groups.second] >= asked)


def reach(view: World, groups: Groups) -> Floats:
    """Return the share of the data of role 0's people that role 1 could compel without undertakings, shape (G,)."""
    i, j = groups.first, groups.second
    share = np.maximum(view.trade_known[groups.back] / view.imports_known[i], view.reached[groups.edge])
    return np.asarray(share * (1.0 - view.rights_of_foreigners[j]))


def protections(view: World, groups: Groups, safeguards: Floats, redress: Floats) -> Floats:
    """Return how well texts protect by either test, shape (G, 2): their safeguards, and the data that the other's state cannot compel.

    Parameters
    ----------
    safeguards, redress : float64 (G,)
        What role 1 gives by law and undertakings, index 0-1.
    """
    return by_role(safeguards, 1.0 - reach(view, groups) * (1.0 - redress))


def bars(view: World, groups: Groups) -> Floats:
    """Return the protection that each test asks, shape (G, 2)."""
    kappa = view.setting.terms(LawTerms).equivalence
    return by_role(needed_safeguards(view, groups), kappa)


def protections_of(view: World, groups: Groups, text: Floats) -> Floats:
    """Return :func:`protections` of texts: each by what it says, or by the other's law where that gives more.

    Parameters
    ----------
    text : float64 (G, K)
        On all issues of the run; NaN where a text says nothing.
    """
    names, j = issues_of(view.setting), groups.second
    said = (text[:, names.index(name)] for name in ("safeguards", "redress"))
    given = (np.fmax(level, law[j]) for level, law in zip(said, (view.safeguards, view.redress), strict=True))
    return protections(view, groups, *given)


def _redress_for(protection: Floats, there: Floats) -> Floats:
    """Return the redress that leaves no more than the rest of some protection to be compelled, of a reach (G,)."""
    allowed = 1.0 - protection
    return np.where(there > allowed, 1.0 - allowed / np.maximum(there, 1e-12), 0.0)
