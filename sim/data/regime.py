"""Three numbers make a privacy regime: protection against firms, protection against the state, control of location.

    firms        = coverage(scope) * (base + (1 - base) * enforcement),   enforcement = mean(regulatory quality, privacy authority)
    state        = mean(rule of law, freedom from surveillance)
    localisation = localisation law, 0 where the state is bound by an instrument against localisation

Worldwide Governance Indicators run from -2.5 to 2.5 and are rescaled as (x + 2.5) / 5, cut to [0, 1]. Coverage and weights are assumed;
they are chosen so that one law for all private firms outranks any set of sectoral laws, as Greenleaf (2019) classifies them.
Departs from a single "privacy index": the three numbers move apart (China: firms high, state low, localisation high).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.registry import param
from sim.types import Flag

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]


@dataclass(frozen=True)
class RegimeRule:
    """Weights that turn law, enforcement and oversight into a privacy regime."""

    coverage_general: float = param(
        1.0, unit="share", low=0.0, high=1.0, source="assumed", meaning="coverage of one law for all private firms"
    )
    coverage_sectoral: float = param(
        0.4, unit="share", low=0.0, high=1.0, source="assumed", meaning="coverage of sectoral or public-sector laws"
    )
    coverage_none: float = param(0.05, unit="share", low=0.0, high=1.0, source="assumed", meaning="coverage without any privacy law")
    base: float = param(
        0.5, unit="share", low=0.0, high=1.0, source="assumed", meaning="protection that a law gives without any enforcement"
    )
    authority: float = param(
        0.5, unit="share", low=0.0, high=1.0, source="assumed", meaning="weight of the privacy authority in enforcement"
    )
    surveillance: float = param(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        meaning="weight of freedom from surveillance in protection against the state",
    )


def rescaled(index: Floats) -> Floats:
    """Turn a governance indicator (-2.5 to 2.5) into a share (0 to 1); any shape."""
    return np.clip((index + 2.5) / 5.0, 0.0, 1.0)


def coverage_of(scope: Floats, rule: RegimeRule | None = None) -> Floats:
    """Return how far a law covers private firms, by its scope (2 general, 1 sectoral, 0 none); any shape."""
    r = rule or RegimeRule()
    return np.where(scope >= 1.5, r.coverage_general, np.where(scope >= 0.5, r.coverage_sectoral, r.coverage_none))


def law_scope(
    law: Floats,
    first_year: Floats,
    general_year: Floats,
    applied_year: Floats,
    years: NDArray[np.int64],
    carry_back_years: int,
    vintage: int,
) -> tuple[Floats, Flags]:
    """Date the scope of each state's privacy law: a law that applies from year Y on counts from January Y + 1.

    Parameters
    ----------
    law : array, shape (N,)
        Latest scope: 2 general, 1 sectoral, 0 none, NaN unknown.
    first_year, general_year : array, shape (N,)
        Years of the first law and of the first general law for private firms; NaN where undated. Before its general law a state
        counts as sectoral from its first law on.
    applied_year : array, shape (N,)
        Year from which the general law binds private firms, if later than its own: NaN where undated, infinite where not so far.
    years : array, shape (Y,)
        Calendar years asked for.
    carry_back_years, vintage : int
        An undated law is a fact of ``vintage`` and is carried back as the as-of rule says.

    Returns
    -------
    scope, flags : array, shape (Y, N)
        The scope in force and its flag; NaN where unknown.
    """
    y = years[:, None]
    first = np.where(np.isfinite(first_year), first_year, np.where(law == 1, -np.inf, np.inf))
    general = np.where(law == 2, np.fmax(np.where(np.isfinite(general_year), general_year, -np.inf), applied_year), np.inf)
    scope = np.where(general <= y - 1, 2.0, np.where((first <= y - 1) & (law >= 1), 1.0, 0.0))
    scope = np.where(np.isfinite(law), scope, np.nan)
    undated = ((law == 1) & ~np.isfinite(first_year)) | ((law == 2) & ~np.isfinite(general_year))
    gap = vintage - (y - 1)
    late = np.where(gap <= 0, Flag.KNOWN, np.where(gap <= carry_back_years, Flag.CARRIED, Flag.BACK_CAST))
    flags = np.where(undated, late, Flag.KNOWN).astype(np.int8)
    return scope, flags


def privacy_regime(
    scope: Floats,
    regulatory_quality: Floats,
    privacy_authority: Floats,
    rule_of_law: Floats,
    no_surveillance: Floats,
    localisation_law: Floats,
    bound: NDArray[np.bool_],
    rule: RegimeRule | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Compute the three numbers of each state's privacy regime.

    Parameters
    ----------
    scope : array, shape (Y, N)
        Scope of the law in force: 2, 1 or 0.
    regulatory_quality, rule_of_law : array, shape (Y, N)
        Governance indicators, -2.5 to 2.5.
    privacy_authority, no_surveillance, localisation_law : array, shape (Y, N)
        Shares, 0 to 1.
    bound : array of bool, shape (N,) or (Y, N)
        Whether an instrument binds the state against localisation.
    rule : RegimeRule, optional
        The weights.

    Returns
    -------
    firms, state, localisation : array, shape (Y, N)
        Shares, 0 to 1.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> firms, state, place = privacy_regime(2 * one, 2.5 * one, one, 0 * one, one, one, np.array([True]))
    >>> float(firms[0, 0]), float(state[0, 0]), float(place[0, 0])
    (1.0, 0.75, 0.0)
    """
    r = rule or RegimeRule()
    coverage = coverage_of(scope, r)
    enforcement = (1.0 - r.authority) * rescaled(regulatory_quality) + r.authority * privacy_authority
    firms = coverage * (r.base + (1.0 - r.base) * enforcement)
    state = (1.0 - r.surveillance) * rescaled(rule_of_law) + r.surveillance * no_surveillance
    localisation = np.where(bound, 0.0, localisation_law)
    return firms, state, localisation
