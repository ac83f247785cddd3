"""The roster of a run: who the parties are and what is known of them in each year.

``load_roster(RosterSpec("un"), start, end)`` reads our tables of the 193 UN members (or a user's in their place), applies the as-of rule
and the fill rule, computes the privacy regimes, and cuts to the states asked for. Figures of a state never depend on which other states are
asked for: ten states in a run of ten have the figures that they have in a run of 193.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data import assemble, frozen, layers, network, pandemic, synthetic
from sim.data.coalitions import declare
from sim.data.codes import meant
from sim.data.data_centres import Shared
from sim.data.digest import digest_of
from sim.data.digital import Digital, digital_of, fillings
from sim.data.elections import Elections
from sim.data.fields import assumed as constant
from sim.data.further.bodies import Bodies
from sim.data.further.courts import Courts
from sim.data.further.leaks import Leaks
from sim.data.further.platforms import Video
from sim.data.further.regions import Regions
from sim.data.further.trade_agreements import TradeAgreements
from sim.data.further.vaccines import Vaccines
from sim.data.network import Network
from sim.data.records import Competence, DecisionRule, InstitutionRow, InstrumentRow
from sim.data.source import Source, read_source
from sim.data.spec import RosterSpec, check
from sim.data.spells import Spells
from sim.data.start_state import refuse_absent, with_instruments
from sim.data.ties import Tie, great_circle, likeness
from sim.types import ModelFault, UserError, month_label, nearest

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Months = NDArray[np.int32]

__all__ = ["Competence", "DecisionRule", "InstitutionRow", "InstrumentRow", "Roster", "RosterSpec", "load_roster"]


@dataclass(frozen=True, eq=False)
class Roster:
    """States, blocs, organisations, instruments and figures of a run.

    Attributes
    ----------
    codes, names, regions : tuple of str
        Axis N, sorted by code.
    lat, lon : array, shape (N,)
        Place of the capital in degrees.
    years : array, shape (Y,)
        Calendar years that the run touches.
    figures : dict of str to array, shape (Y, N)
        What is known during each year, in the unit that ``fields.csv`` declares.
    flags : dict of str to array, shape (Y, N)
        :class:`~sim.types.Flag` of each figure.
    blocs, bloc_names : tuple of str
        Blocs with a member in the roster, sorted by code.
    decision_rules, organisations : tuple of DecisionRule, tuple of str
        How each bloc decides; axis O, sorted by code.
    member_from, member_until, member_bound_until : array, shape (O, N)
        Months; a member from ``from`` up to, not including, ``until``; bound by its law up to, not including, ``bound_until``.
    member_flag : array, shape (O, N)
        FILLED where the joining date is unknown and membership counts throughout.
    summit_month, free_flow : array, shape (O,)
        1 to 12, 0 for none; whether personal data flow freely between the organisation's members.
    competences : tuple of Competence
        Dated competences of the blocs.
    instruments : tuple of InstrumentRow
        Instruments among the parties of the roster, whole history.
    institutions : tuple of InstitutionRow
        States whose ratifying institution departs from the rule, by class of agreement.
    closure_months, closure, closure_assumed : arrays, shapes (M,), (M, N), (M, N)
        Months of the table of travel controls, closure to travellers from abroad, 0 (open) to 4 (closed to all), and whether it is assumed.
    spells : dict of str to Spells
        Dated values of pairs of states: ``hostility``, ``without_rivalry``, ``sanctions``, ``wars``, ``alliances``.
    elections, leaks : Elections, Leaks
        Months in which states voted; when it became known what each state reads of data of people abroad.
    deals : TradeAgreements
        Trade agreements among the parties, by their places on the party axis.
    courts : Courts
        Which court may strike an agreement of each party, likewise; ``courts.at(month)`` gives arrays on the party axis.
    video, bodies, vaccines, network, clouds, data_centres : Video, Bodies, Vaccines, Network, Regions, Shared
        Platforms of meetings on a screen, and bans; bodies; doses shipped abroad; lines and cloud regions at the start; data centres.
    digital : Digital
        Exports and imports of digital services of each state and of the rest, from the year before the run on; they do not lag.
    world_gdp, world_population : array, shape (Y,)
        USD a year and people of the whole world: states of the tables plus the assumed share outside.
    world_states, world_total : int, dict of str to array, shape (Y,)
        States in the tables, whichever of them the roster holds, and sum over them of ``cinc``.
    assumed, filled : tuple of (field, reason)
        What a reader must be told with every result.
    replaced : tuple of (name, digest, rows)
        The user's tables that stand in place of ours, by name; BLAKE2b of each file's bytes.
    digest : str
        BLAKE2b of the canonical content.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    regions: tuple[str, ...]
    lat: Floats
    lon: Floats
    years: Ints
    figures: Mapping[str, Floats]
    flags: Mapping[str, NDArray[np.int8]]
    blocs: tuple[str, ...]
    bloc_names: tuple[str, ...]
    decision_rules: tuple[DecisionRule, ...]
    organisations: tuple[str, ...]
    member_from: Months
    member_until: Months
    member_bound_until: Months
    member_flag: NDArray[np.int8]
    summit_month: NDArray[np.int8]
    free_flow: NDArray[np.bool_]
    competences: tuple[Competence, ...]
    instruments: tuple[InstrumentRow, ...]
    institutions: tuple[InstitutionRow, ...]
    closure_months: Ints
    closure: Floats
    closure_assumed: NDArray[np.bool_]
    spells: Mapping[str, Spells]
    elections: Elections
    deals: TradeAgreements
    courts: Courts
    leaks: Leaks
    video: Video
    bodies: Bodies
    vaccines: Vaccines
    network: Network
    clouds: Regions
    data_centres: Shared
    digital: Digital
    world_gdp: Floats
    world_population: Floats
    world_states: int
    world_total: Mapping[str, Floats]
    assumed: tuple[tuple[str, str], ...]
    filled: tuple[tuple[str, str], ...]
    replaced: tuple[tuple[str, str, int], ...]
    digest: str
    _ties: Mapping[str, Tie]
    _affinity: Floats | None
    _ideal_span: float
    _liking: Ints | None = None
    """Whose votes count as each state's (N,), where affinity is rewired; nobody's (0,) where it is zero."""
    belonging: Ints | None = None
    """Whose memberships count as each state's (N,) for what two states share, likewise."""

    @property
    def n(self) -> int:
        """Number of states."""
        return len(self.codes)

    @property
    def platforms(self) -> tuple[str, ...]:
        """What meetings on a screen can be held on: hardware bridges together, then clouds by name."""
        return self.video.names

    @property
    def body_names(self) -> tuple[str, ...]:
        """Names of the bodies that meet by calendar, sorted."""
        return self.bodies.names

    @property
    def supplier_names(self) -> tuple[str, ...]:
        """Names of those who ship vaccine abroad, sorted."""
        return self.vaccines.names

    @property
    def parties(self) -> tuple[str, ...]:
        """Codes on the party axis: states, then blocs."""
        return self.codes + self.blocs

    @functools.cached_property
    def dates(self) -> frozenset[int]:
        """Months in which a bloc's competence begins or ends, or somebody enters or leaves an area of free flow."""
        moved = np.unique([self.member_from[self.free_flow], self.member_bound_until[self.free_flow]]).tolist()
        return frozenset(moved).union(*((one.start, one.until) for one in self.competences))

    def year_row(self, month: int) -> int:
        """Return the row of the year that a month lies in.

        Raises
        ------
        ModelFault
            If the month lies outside the run.
        """
        row = month // 12 - int(self.years[0])
        if not 0 <= row < len(self.years):
            raise ModelFault(f"{month_label(month)} lies outside the years of the roster")
        return row

    def figure(self, name: str, month: int) -> Floats:
        """Return a figure as known in a month, shape (N,), in its declared unit."""
        return np.asarray(self.figures[name][self.year_row(month)])

    def members(self, organisation: str, month: int) -> NDArray[np.bool_]:
        """Return who is a member of an organisation in a month, shape (N,)."""
        o = self.organisations.index(organisation)
        inside: NDArray[np.bool_] = (self.member_from[o] <= month) & (month < self.member_until[o])
        return inside

    def bloc_sum(self, name: str, bloc: str, month: int) -> float:
        """Return the sum of a figure over a bloc's members, in the figure's unit."""
        return float(self.figure(name, month)[self.members(bloc, month)].sum())

    def bloc_mean(self, name: str, bloc: str, month: int) -> float:
        """Return the mean of a figure over a bloc's members, weighted by people; members whose figure is filled count only if all are."""
        return assemble.weighted_mean(
            self.figure(name, month), self.flags[name][self.year_row(month)], self.figure("population", month), self.members(bloc, month)
        )

    def in_force_at(self, month: int) -> tuple[InstrumentRow, ...]:
        """Return the instruments in force in a month."""
        return tuple(row for row in self.instruments if row.in_force_at(month))

    def closure_at(self, month: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the closure to travel in a month, level 0 to 4, and whether it is assumed, shapes (N,); all open outside the table."""
        at = np.flatnonzero(self.closure_months == month)
        if not at.shape[0]:
            return np.zeros(self.n), np.zeros(self.n, dtype=np.bool_)
        return self.closure[at[0]].copy(), self.closure_assumed[at[0]].copy()

    def tie(self, name: str, i: Ints, j: Ints) -> Floats:
        """Return ``border`` (0 or 1), ``cables`` (count), ``language`` (0 or 1) or ``affinity`` (0..1) of pairs of states.

        Parameters
        ----------
        name : str
            The tie.
        i, j : int arrays that broadcast
            Row numbers of states.

        Returns
        -------
        value : array, the broadcast shape
            0 where there is no tie.

        Raises
        ------
        ModelFault
            If there is no such tie.
        """
        i, j = np.asarray(i, dtype=np.int64), np.asarray(j, dtype=np.int64)
        if name == "affinity":
            if self._liking is not None:
                if not len(self._liking):
                    return np.zeros(np.broadcast_shapes(i.shape, j.shape))
                i, j = self._liking[i], self._liking[j]
            if self._affinity is None:
                return likeness(self.figures["ideal_point"][-1], self._ideal_span, i, j)
            return np.asarray(self._affinity[i, j], dtype=np.float64)
        if name not in self._ties:
            raise ModelFault(f"there is no tie {name!r}; {nearest(name, [*self._ties, 'affinity'])}")
        return self._ties[name].at(self.n, i, j)

    def distance(self, i: Ints, j: Ints) -> Floats:
        """Return the great-circle distance in km between the capitals of pairs of states, at least 50 km; ``i``, ``j`` row numbers."""
        i, j = np.asarray(i, dtype=np.int64), np.asarray(j, dtype=np.int64)
        return great_circle(self.lat, self.lon, i, j, constant("minimum_distance"))


def load_roster(spec: RosterSpec, start_month: int, end_month: int) -> Roster:
    """Load the roster of a run.

    Parameters
    ----------
    spec : RosterSpec
    start_month, end_month : int
        First and last month of the run.

    Raises
    ------
    UserError
        If the specification or a table is not valid.
    """
    check(spec, start_month, end_month)
    source = read_source(spec.folder)
    if spec.known_until is not None:
        source = frozen.frozen(source, spec.known_until, end_month)
    if spec.kind == "synthetic":
        source = synthetic.synthesise(source, spec.n, spec.seed)
    if spec.start_state:
        source = with_instruments(source, spec.start_state, start_month)
    assemble.check_reach(source, start_month)
    for code in spec.states:
        if code not in source.codes:
            raise UserError(f"roster: there is no state {code!r}; {meant(code, source.codes)}")
    rows = np.array([i for i, code in enumerate(source.codes) if not spec.states or code in spec.states], dtype=np.int64)
    return _cut(source, rows, spec, start_month, end_month)


def _cut(source: Source, rows: Ints, spec: RosterSpec, start_month: int, end_month: int) -> Roster:
    years = np.arange(start_month // 12, end_month // 12 + 1, dtype=np.int64)
    recorded = source
    if spec.pandemic == pandemic.SMOOTHED:
        source = pandemic.without_it(source)
    figures, flags = assemble.figures_of(source, years, start_month, spec.terms, spec.start_state, spec.known_until)
    pandemic.mark(flags["gdp"], years, recorded, source)
    digital = digital_of(source, years, spec.terms, spec.pandemic, spec.known_until).among(rows)
    codes = tuple(source.codes[i] for i in rows)
    ties = {name: tie.among(rows, len(source.codes)) for name, tie in assemble.ties_of(source, spec.terms).items()}
    taken = dict(spec.layers)
    liking, belonging = (layers.places_taken(taken, codes, name, spec.rewire_seed) for name in ("affinity", "organisations"))
    spells = {name: one.among(rows, len(source.codes)) for name, one in sorted(assemble.spells_of(source, spec.terms).items())}
    outside = 1.0 + constant("share_outside")
    world_gdp = figures["gdp"].sum(axis=1) * outside
    if "summit" in taken:
        source = layers.with_summits(source, taken["summit"], rows, spec.rewire_seed)
    source = declare(source, rows, figures, world_gdp, spec.coalitions, start_month)
    until = source.member_until[:, rows]
    blocs = tuple(b for b in sorted(source.blocs) if (until[source.organisations.index(b)] > start_month).any())
    parties = {*codes, *blocs}
    refuse_absent(spec.start_state, parties)
    ideal = figures["ideal_point"][-1]
    without_affinity = source.affinity is None or assemble.dropped("affinity", "affinity", spec.terms)
    closure = assemble.closure_of(source, spec.terms).among(rows)
    places = assemble.places(recorded, rows, blocs)
    cut_flags = {name: np.ascontiguousarray(flag[:, rows]) for name, flag in sorted(flags.items())}
    roster = Roster(
        codes=codes,
        names=tuple(source.names[i] for i in rows),
        regions=tuple(source.regions[i] for i in rows),
        lat=source.lat[rows],
        lon=source.lon[rows],
        years=years,
        figures={name: np.ascontiguousarray(figure[:, rows]) for name, figure in sorted(figures.items())},
        flags=cut_flags,
        blocs=blocs,
        bloc_names=tuple(source.organisation_names[source.organisations.index(b)] for b in blocs),
        decision_rules=tuple(source.blocs[b] for b in blocs),
        organisations=source.organisations,
        member_from=np.ascontiguousarray(source.member_from[:, rows]),
        member_until=np.ascontiguousarray(until),
        member_bound_until=np.ascontiguousarray(source.member_bound_until[:, rows]),
        member_flag=np.ascontiguousarray(source.member_flag[:, rows]),
        summit_month=source.summit_month,
        free_flow=source.free_flow,
        competences=tuple(c for c in source.competences if c.bloc in blocs),
        instruments=tuple(row for row in source.instruments if set(row.parties) <= parties),
        institutions=tuple(row for row in source.institutions if row.code in codes),
        closure_months=closure.months,
        closure=closure.level,
        closure_assumed=closure.assumed,
        spells=layers.histories_as_taken(spells, taken, spec.rewire_seed),
        elections=assemble.elections_of(source, spec.terms).among(rows, len(source.codes)),
        deals=assemble.deals_of(source, spec.terms).among(places),
        courts=source.courts.among(places, len(codes) + len(blocs)),
        leaks=source.leaks.among(rows),
        video=source.video.among(rows),
        vaccines=source.vaccines,
        bodies=source.bodies.among(places[: len(source.codes)]),
        network=network.laid(source, rows, ties["border"], start_month, spec.terms),
        clouds=source.clouds.among(rows, len(source.codes)).known(start_month),
        data_centres=source.data_centres.cut(rows, frozen.years_known(years, spec.known_until), figures),
        digital=digital,
        world_gdp=world_gdp,
        world_population=figures["population"].sum(axis=1) * outside,
        world_states=len(source.codes),
        world_total={"cinc": figures["cinc"].sum(axis=1)},
        assumed=(*assemble.assumptions(source, spec.terms, start_month, end_month), *spec.start_state.told(), *_told(spec, source)),
        filled=assemble.fillings(codes, {**cut_flags, **fillings(digital)}),
        replaced=source.replaced,
        digest="",
        _ties=layers.as_taken(ties, taken, spec.rewire_seed),
        _affinity=None if without_affinity or source.affinity is None else source.affinity[np.ix_(rows, rows)],
        _ideal_span=float(ideal.max() - ideal.min()),
        _liking=liking,
        belonging=belonging,
    )
    told = {key: value for key, value in vars(roster).items() if key not in ("_liking", "belonging") or value is not None}
    return dataclasses.replace(
        roster, digest=digest_of({k: v for k, v in told.items() if k not in ("assumed", "filled", "replaced", "digest")})
    )


def _told(spec: RosterSpec, source: Source) -> tuple[tuple[str, str], ...]:
    """Say what a run takes otherwise than the tables have it."""
    known = () if spec.known_until is None else frozen.told(spec.known_until)
    even = pandemic.TOLD if spec.pandemic == pandemic.SMOOTHED else ()
    return (*known, *even, *network.told(source, spec.terms), *layers.told(spec.layers, spec.rewire_seed))
