"""From a source to the figures of a run: as-of rule, fill rule, terms of use, privacy regimes, and what a reader must be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.closure import Closure
from sim.data.elections import Elections
from sim.data.fields import Field, load_fields, load_further
from sim.data.figures import as_of, fill_median, fill_value
from sim.data.frozen import fill_by_head, years_known
from sim.data.further import clauses
from sim.data.further.trade_agreements import TradeAgreements
from sim.data.regime import coverage_of, law_scope, privacy_regime
from sim.data.source import APPLIED, SERIES, TIES, Source
from sim.data.spells import TABLES as SPELLS
from sim.data.spells import Spells
from sim.data.start_state import MADE, StartState, lay_over
from sim.data.ties import Tie
from sim.types import Flag, UserError, month_label

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.int8]
_LAW = ("privacy_law", "privacy_law_first_year", "privacy_law_general_year", APPLIED)
_REGIME = {
    "protection_firms": ("privacy_law_scope", "regulatory_quality", "privacy_authority"),
    "protection_state": ("rule_of_law", "no_surveillance"),
    "localisation": ("localisation_law",),
}

FARTHEST = 10
"""Years before the first figure of a yearly table from which on a run is refused; up to there figures are carried back, and flagged."""


def check_reach(source: Source, start_month: int) -> None:
    """Refuse a start that the yearly tables do not reach.

    Raises
    ------
    UserError
        If the first figures of a column lie too many years later: the table, its first year, and from when on a run can start.
    """
    for name, (vintages, values) in source.series.items():
        there = np.flatnonzero(np.isfinite(values).any(axis=1))
        if len(there) and int(vintages[there[0]]) - (start_month // 12 - 1) > FARTHEST:
            first = int(vintages[there[0]])
            raise UserError(
                f"start {month_label(start_month)} lies too far back for these tables: yearly.csv has no {SERIES[name]} before {first}; "
                f"with figures carried back (flagged) a run can start from {first + 1 - FARTHEST}-01"
            )


def dropped(table: str, field: str, terms: str) -> bool:
    """Whether a column is left out because only open terms are wanted."""
    return terms == "open" and load_fields()[table, field].terms != "open"


def figures_of(
    source: Source,
    years: NDArray[np.int64],
    start_month: int,
    terms: str,
    start_state: StartState | None = None,
    known: int | None = None,
) -> tuple[dict[str, Floats], dict[str, Flags]]:
    """Compute every figure and its flag as known in each year.

    Parameters
    ----------
    source : Source
        All states of the tables.
    years : array, shape (Y,)
        Calendar years of the run.
    start_month : int
        Instruments in force in this month bind for the whole run: nothing later is injected.
    terms : str
        ``"all"`` or ``"open"``.
    start_state : StartState or None
        Figures that are set in place of the recorded ones.
    known : int or None
        Month after which nothing more is known (:mod:`sim.data.frozen`); figures of later years are those of its year, and CARRIED.

    Returns
    -------
    figures, flags : dict of str to array, shape (Y, N)
        In the units that ``fields.csv`` declares.
    """
    figures: dict[str, Floats] = {}
    flags: dict[str, Flags] = {}
    fields = load_fields()
    frozen, years = years > (years[-1] if known is None else known // 12), years_known(years, known)
    for name, (vintages, values) in source.series.items():
        figures[name], flags[name] = _known(source, fields["yearly", SERIES[name]], vintages, values, years, terms)
        flags[name][(flags[name] == Flag.KNOWN) & (frozen[:, None] | (years[:, None] > source.cut[name]))] = Flag.CARRIED
    if known is not None:
        fill_by_head(figures["gdp"], flags["gdp"], figures["population"])
    for name, values in source.static.items():
        if name not in _LAW:
            field = fields["states", name]
            figures[name], flags[name] = _known(source, field, np.array([int(field.year)]), values[None, :], years, terms)
    if start_state is not None:
        lay_over(source, start_state, figures, flags, [name for name, _, _ in start_state.figures if name not in MADE])
    law = fields["states", "privacy_law"]
    latest, first, general, applied = (source.static[name] for name in _LAW)
    scope, flag = law_scope(latest, first, general, applied, years, law.carry_back_years, int(law.year))
    fill_value(scope, flag, law.default)
    flag[(flag == Flag.KNOWN) & frozen[:, None]] = Flag.CARRIED
    figures["privacy_law_scope"], flags["privacy_law_scope"] = scope, flag
    figures["law_coverage"], flags["law_coverage"] = coverage_of(scope), flag
    figures["authority"], flags["authority"] = _authority(source, years, frozen)
    figures["foreigners_rights"], flags["foreigners_rights"] = _rights(source, years, frozen, terms)
    bound = _bound(source, start_month)
    firms, state, place = privacy_regime(
        scope=scope,
        regulatory_quality=figures["regulatory_quality"],
        privacy_authority=figures["privacy_authority"],
        rule_of_law=figures["rule_of_law"],
        no_surveillance=figures["no_surveillance"],
        localisation_law=figures["localisation_law"],
        bound=bound,
    )
    figures |= {"protection_firms": firms, "protection_state": state, "localisation": place}
    for name, parts in _REGIME.items():
        flags[name] = np.maximum.reduce([flags[part] for part in parts])
    flags["localisation"] = np.where(bound, Flag.KNOWN, flags["localisation"]).astype(np.int8)
    if start_state is not None:
        lay_over(source, start_state, figures, flags, MADE)
    return figures, flags


def _authority(source: Source, years: NDArray[np.int64], frozen: NDArray[np.bool_]) -> tuple[Floats, Flags]:
    """Return whether each state has a supervisory authority, (Y, N): from the January after the year in which it was set up."""
    there = (source.authority_year[None, :] < years[:, None]).astype(np.float64)
    return there, np.where(frozen[:, None], Flag.CARRIED, Flag.KNOWN).astype(np.int8) * np.ones(there.shape, dtype=np.int8)


def _rights(source: Source, years: NDArray[np.int64], frozen: NDArray[np.bool_], terms: str) -> tuple[Floats, Flags]:
    """Return the rights of foreigners, (Y, N), as the law stood the year before; blanks are the median of the region."""
    rights = source.rights.of_terms(terms)
    value = np.stack([rights.at(int(year) - 1) for year in years])
    flags = np.where(np.isfinite(value), np.where(frozen[:, None], Flag.CARRIED, Flag.KNOWN), Flag.FILLED).astype(np.int8)
    fill_median(value, flags, (source.subregions, source.regions), float(load_further()["foreigners_rights", "value"].default))
    return value, flags


def gdp_of(source: Source, years: NDArray[np.int64], terms: str, known: int | None) -> Floats:
    """Return GDP *of* each year, (Y, N), not as known in it: the figure of the year, else of the last before it, else of the first."""
    gdp, people = (
        _known(source, load_fields()["yearly", SERIES[name]], *source.series[name], years + 1, terms) for name in ("gdp", "population")
    )
    if known is not None:
        fill_by_head(*gdp, people[0])
    return gdp[0]


def ties_of(source: Source, terms: str) -> dict[str, Tie]:
    """Return the ties whose terms allow them; the others join nobody."""
    return {name: Tie.none() if dropped(TIES[name][0], "code_a", terms) else tie for name, tie in source.ties.items()}


def closure_of(source: Source, terms: str) -> Closure:
    """Return the closure to travel if its terms allow it; otherwise no state ever closes."""
    return Closure.none(len(source.codes)) if dropped("travel_controls", "level", terms) else source.closure


def spells_of(source: Source, terms: str) -> dict[str, Spells]:
    """Return the dated values of pairs whose terms allow them; the others have no rows."""
    return {name: Spells.none() if dropped(table, value, terms) else source.spells[name] for name, (table, _, _, value) in SPELLS.items()}


def deals_of(source: Source, terms: str) -> TradeAgreements:
    """Return the trade agreements if their terms allow them; otherwise there are none."""
    closed = terms == "open" and load_further()["trade_agreements", "from_year"].terms != "open"
    return TradeAgreements.none() if closed else source.deals


def elections_of(source: Source, terms: str) -> Elections:
    """Return the months of elections if their terms allow them; otherwise the table says nothing."""
    return Elections.none(len(source.codes)) if dropped("elections", "month", terms) else source.elections


def weighted_mean(value: Floats, flag: Flags, people: Floats, inside: NDArray[np.bool_]) -> float:
    """Return the mean of a figure over some states, weighted by people; filled ones count only where all are.

    Parameters
    ----------
    value, people : array, shape (N,)
        The figure in any unit; people.
    flag : array, shape (N,)
        Flag of the figure.
    inside : array of bool, shape (N,)
        The states meant; NaN is returned if there are none.
    """
    known = inside & (flag < Flag.FILLED)
    chosen = known if known.any() else inside
    if not chosen.any():
        return float("nan")
    return float((value[chosen] * people[chosen]).sum() / people[chosen].sum())


def assumptions(source: Source, terms: str, start_month: int, end_month: int) -> tuple[tuple[str, str], ...]:
    """List the fields that rest on memory, assumption or dropped columns in a run from one month to another, each with the reason."""
    told = []
    for (table, name), field in sorted(load_fields().items()):
        if table != "derived" and dropped(table, name, terms):
            told.append((f"{table}.{name}", f"left out: its terms are {field.terms}"))
        elif field.status in ("memory", "assumed"):
            told.append((f"{table}.{name}", f"{field.status}: {field.source}"))
    undated = int((source.member_flag == Flag.FILLED).sum())
    if undated:
        told.append(("memberships.joined", f"{undated} undated memberships count throughout; {source.n_memory} dates are from memory"))
    for figure, cut in source.cut.items():
        for i in np.flatnonzero(np.isfinite(cut)):
            told.append(
                (f"yearly.{SERIES[figure]}", f"{source.codes[i]}: {cut[i]:.0f} and later belong to another series and are left out")
            )
    share = closure_of(source, terms).share_assumed(start_month, end_month)
    if share > 0.0:
        told.append(("travel_controls.level", f"{100.0 * share:.0f} % of the states' levels in the months of the run are assumed"))
    held = {(row.type, row.name): row.clauses for row in source.instruments if row.in_force_at(start_month)}
    return (*told, *source.courts.notes(start_month), *clauses.notes(held.values()))


def fillings(codes: tuple[str, ...], flags: Mapping[str, Flags]) -> tuple[tuple[str, str], ...]:
    """List the figures that are filled for some states in the first year, with who they are."""
    told = []
    for name, flag in sorted(flags.items()):
        who = [codes[i] for i in np.flatnonzero(flag[0] == Flag.FILLED)]
        if who:
            shown = ", ".join(who[:8]) + (" and others" if len(who) > 8 else "")
            told.append((name, f"{len(who)} of {len(codes)} states filled: {shown}"))
    return tuple(told)


def _known(
    source: Source, field: Field, vintages: NDArray[np.int64], values: Floats, years: NDArray[np.int64], terms: str
) -> tuple[Floats, Flags]:
    if dropped(field.table, field.field, terms):
        shape = (len(years), values.shape[1])
        return np.full(shape, field.default), np.full(shape, Flag.DROPPED, dtype=np.int8)
    known, flags = as_of(values, vintages, years, field.carry_back_years)
    if field.fill_rule == "median":
        fill_median(known, flags, (source.subregions, source.regions), field.default)
    elif field.fill_rule == "default":
        fill_value(known, flags, field.default)
    return known, flags


def _bound(source: Source, month: int) -> NDArray[np.bool_]:
    row = {code: i for i, code in enumerate(source.codes)}
    bound = np.zeros(len(row), dtype=np.bool_)
    for instrument in source.instruments:
        if not (instrument.no_localisation and instrument.in_force_at(month)):
            continue
        for party in instrument.parties:
            if party in row:
                bound[row[party]] = True
            else:
                o = source.organisations.index(party)
                bound |= (source.member_from[o] <= month) & (month < source.member_bound_until[o])
    return bound


def places(source: Source, rows: Ints, blocs: tuple[str, ...]) -> Ints:
    """Return the place on the run's party axis of each state of the tables and each bloc behind them, -1 where it is not in the run."""
    n, known = len(source.codes), sorted(source.blocs)
    places = np.full(n + len(known), -1, dtype=np.int64)
    places[rows] = np.arange(len(rows))
    for at, bloc in enumerate(known):
        if bloc in blocs:
            places[n + at] = len(rows) + blocs.index(bloc)
    return places
