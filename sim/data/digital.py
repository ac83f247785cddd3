r"""Digital trade of a run's states in each of its years: exports and imports of digitally deliverable services, and of the rest.

Trade does not lag as figures do: the row of a year is that year's trade, and there is one more, of the year before the first, which is what
parties know as the run begins. The *rest* is the states of the tables that the run has not and what lies outside the tables, so that both
sides of the world have one sum, in USD a year:

.. math:: \sum_i X_i + X_{rest} = \sum_i M_i + M_{rest} + D

with ``D`` the discrepancy: exports that no importer reports, or, where it is negative, imports that no exporter does.

- A blank of the tables is filled by the rule of :mod:`sim.data.services`.
- A year that the world's table has not takes the last year before it, else the first, times the growth of GDP of all states between the two
  (flag ``CARRIED``). So does every year later than is known (``roster.known_until``). Where no year was known by then, the first stands.
- What a state sells and buys together is at most three quarters of all sales, because nobody trades with itself. In a synthetic or a
  user's world of very few states the rest is taken as much larger as that needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.data import pandemic
from sim.data.assemble import dropped, gdp_of
from sim.data.services import FLOWS, STATES, Margins
from sim.data.source import Source
from sim.types import Flag

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]
Ints = NDArray[np.int64]
MOST = 0.75
"""What a state may sell and buy together, share of all sales; at 1 it could trade with nobody but the rest, and beyond with nobody."""


@dataclass(frozen=True, eq=False)
class Digital:
    """Margins of digital trade.

    Attributes
    ----------
    years : array, shape (Y + 1,)
        The year before the run's first, and those of the run.
    exports, imports : array, shape (Y + 1, N)
        USD a year, of that year.
    export_flags, import_flags : array, shape (Y + 1, N)
        KNOWN, CARRIED or FILLED.
    rest_exports, rest_imports : array, shape (Y + 1,)
        Of all that is not in the run, USD a year.
    discrepancy : array, shape (Y + 1,)
        Exports less imports of all, USD a year.
    """

    years: Ints
    exports: Floats
    imports: Floats
    export_flags: Flags
    import_flags: Flags
    rest_exports: Floats
    rest_imports: Floats
    discrepancy: Floats

    def sides(self, year: int) -> tuple[Floats, Floats]:
        """Return exports and imports of a year, (N + 2,) each: of the states, of the rest, and what one side does not report; of one sum.

        Parameters
        ----------
        year : int
            Calendar year, one of ``years``.
        """
        y = year - int(self.years[0])
        gap = self.discrepancy[y]
        sold = np.concatenate([self.exports[y], [self.rest_exports[y], max(0.0, -gap)]])
        bought = np.concatenate([self.imports[y], [self.rest_imports[y], max(0.0, gap)]])
        return sold, bought

    def among(self, rows: Ints) -> Digital:
        """Return the trade of some states, in the order of ``rows``; the others are part of the rest."""
        others = np.setdiff1d(np.arange(self.exports.shape[1]), rows)
        return Digital(
            self.years,
            np.ascontiguousarray(self.exports[:, rows]),
            np.ascontiguousarray(self.imports[:, rows]),
            np.ascontiguousarray(self.export_flags[:, rows]),
            np.ascontiguousarray(self.import_flags[:, rows]),
            self.rest_exports + self.exports[:, others].sum(axis=1),
            self.rest_imports + self.imports[:, others].sum(axis=1),
            self.discrepancy,
        )


def digital_of(source: Source, years: Ints, terms: str, form: str, known: int | None) -> Digital:
    """Return the margins of all states of the tables.

    Parameters
    ----------
    source : Source
    years : array, shape (Y,)
        Calendar years of the run.
    terms : str
        ``"all"`` or ``"open"``.
    form : str
        A form of :mod:`sim.data.pandemic`.
    known : int or None
        Month after which nothing more is known.
    """
    published = _published(source, terms)
    made = published.filled(gdp_of(source, published.years, terms, known), source.subregions, source.regions)
    if form == pandemic.SMOOTHED:
        made = pandemic.trade_without_it(made)
    wanted = np.arange(years[0] - 1, years[-1] + 1, dtype=np.int64)
    at = np.maximum(np.searchsorted(made.years, wanted, side="right") - 1, 0)
    whole = [gdp_of(source, one, terms, known).sum(axis=1) for one in (wanted, made.years)]
    growth = np.where(made.years[at] == wanted, 1.0, whole[0] / whole[1][at])
    held = (made.years[at] != wanted)[:, None]
    exports, imports = (one[at] * growth[:, None] for one in (made.exports, made.imports))
    rest = [one[at] * growth for one in (made.outside_exports, made.outside_imports)]
    gap = made.discrepancy[at] * growth
    missing = _missing(exports, imports, rest[0], gap)
    return Digital(
        wanted,
        exports,
        imports,
        _carried(made.export_flags[at], held),
        _carried(made.import_flags[at], held),
        rest[0] + missing,
        rest[1] + missing,
        gap,
    )


def fillings(trade: Digital) -> dict[str, Flags]:
    """Return the flags of both flows in the run's first year, (1, N) each, by the names by which a reader is told of them."""
    return {"digital_exports": trade.export_flags[1:2], "digital_imports": trade.import_flags[1:2]}


def _published(source: Source, terms: str) -> Margins:
    """Return the tables' margins, blank where their terms do not allow them."""
    made = source.services
    flows = {
        flow: np.full_like(getattr(made, flow), np.nan) if dropped(STATES, f"{flow}_usd", terms) else getattr(made, flow) for flow in FLOWS
    }
    return Margins(made.years, flows["exports"], flows["imports"], made.world_exports, made.world_imports)


def _missing(exports: Floats, imports: Floats, rest: Floats, gap: Floats) -> Floats:
    """Return what the rest lacks in each year, (Y,), so that no state sells and buys more than :data:`MOST` of all sales."""
    whole = exports.sum(axis=1) + rest + np.maximum(0.0, -gap)
    return np.asarray(np.maximum(0.0, (exports + imports).max(axis=1) / MOST - whole))


def _carried(flags: Flags, held: NDArray[np.bool_]) -> Flags:
    return np.where(held & (flags == Flag.KNOWN), Flag.CARRIED, flags).astype(np.int8)
