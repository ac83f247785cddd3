"""The whole roster before it is cut to years and states: arrays read from the tables, ours or a user's.

Tables of ours that a user has not replaced keep only the rows whose codes the user's states have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.data.beside import check_folder
from sim.data.closure import Closure
from sim.data.data_centres import DataCentres
from sim.data.elections import Elections
from sim.data.fields import columns_of
from sim.data.further.bodies import Bodies, read_bodies
from sim.data.further.courts import Courts, read_courts
from sim.data.further.ground import Ground, Lines, read_ground
from sim.data.further.leaks import Leaks, read_leaks
from sim.data.further.platforms import Bridges, Clouds, Video, read_platforms
from sim.data.further.protection import Rights, read_authorities, read_rights
from sim.data.further.regions import Limits, Regions, read_regions
from sim.data.further.trade_agreements import TradeAgreements, read_trade_agreements
from sim.data.further.vaccines import Vaccines, read_vaccines
from sim.data.instrument_rows import instruments_with_stock
from sim.data.records import Competence, DecisionRule, InstitutionRow, InstrumentRow
from sim.data.services import STATES, WORLD, Margins, margins_of
from sim.data.spells import TABLES as SPELLS
from sim.data.spells import Spells
from sim.data.tables import Table, digest_of_ours, month_of, read_table
from sim.data.ties import Tie, dense
from sim.types import NEVER, Flag, UserError

Floats = NDArray[np.float64]
Months = NDArray[np.int32]

TIES = {"border": ("borders", ""), "cables": ("cables", "n_cables"), "language": ("language_and_history", "language")}
SERIES = {"gdp": "gdp_usd", "population": "population", "internet_use": "internet_use"}
APPLIED = "privacy_law_applied_year"
"""Year from which a state's general privacy law binds private firms: NaN where it is not dated, infinite where it is not applied so far."""


@dataclass(frozen=True, eq=False)
class Source:
    """All states of the tables.

    Attributes
    ----------
    codes, names, regions, subregions : tuple of str
        Axis N, sorted by code.
    lat, lon : array, shape (N,)
        Degrees.
    static : dict of str to array, shape (N,)
        The figures of ``states.csv`` that have one vintage, NaN where blank.
    series : dict of str to (vintages (V,), values (V, N))
        The yearly figures.
    cut : dict of str to array, shape (N,)
        First year whose figure is left out since it belongs to another series; infinite where there is none.
    organisations, organisation_names : tuple of str
        Axis O, sorted by code.
    blocs : dict of str to DecisionRule
        The organisations that bargain.
    summit_month, free_flow : arrays, shape (O,)
        1 to 12, 0 for none; whether personal data flow freely between the members.
    member_from, member_until, member_bound_until : array, shape (O, N)
        Months; ``from`` = ``until`` = 0 where never a member.
    member_flag : array, shape (O, N)
        KNOWN where the joining date is sourced or from memory, FILLED where it is undated.
    competences, instruments : tuples
        Dated rows.
    institutions : tuple of InstitutionRow
        States whose ratifying institution departs from the rule.
    ties : dict of str to Tie
        ``border``, ``cables``, ``language``.
    affinity : array, shape (N, N), or None
        Likeness of votes; None where the table does not cover these states.
    n_memory : int
        Memberships whose joining date is from memory.
    closure : Closure
        Closure to travellers from abroad.
    spells : dict of str to Spells
        Dated values of pairs, as :data:`sim.data.spells.TABLES` names them.
    elections, bodies, vaccines : Elections, Bodies, Vaccines
        Months in which states voted; bodies that meet by calendar, and their rules of attendance; doses shipped abroad.
    authority_year : array, shape (N,)
        Year in which each state's supervisory authority was set up; infinite where there is none.
    rights : Rights
        What the law of each state gives foreigners.
    deals, courts, leaks : TradeAgreements, Courts, Leaks
        Of the states and, behind them, the blocs by code: trade agreements, courts that may strike one, what became known of surveillance.
    video : Video
        Platforms of meetings on a screen, and bans of states on them.
    ground, clouds : Ground, Regions
        Cables, gateways and satellites; cloud regions by home of their providers.
    data_centres, services : DataCentres, Margins
        What is in service in regions and states; digital trade of each state and of the world, by year.
    replaced : tuple of (name, digest, rows)
        The user's tables, which were read in place of ours.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    regions: tuple[str, ...]
    subregions: tuple[str, ...]
    lat: Floats
    lon: Floats
    static: Mapping[str, Floats]
    series: Mapping[str, tuple[NDArray[np.int64], Floats]]
    cut: Mapping[str, Floats]
    organisations: tuple[str, ...]
    organisation_names: tuple[str, ...]
    blocs: Mapping[str, DecisionRule]
    summit_month: NDArray[np.int8]
    free_flow: NDArray[np.bool_]
    member_from: Months
    member_until: Months
    member_bound_until: Months
    member_flag: NDArray[np.int8]
    competences: tuple[Competence, ...]
    instruments: tuple[InstrumentRow, ...]
    institutions: tuple[InstitutionRow, ...]
    ties: Mapping[str, Tie]
    affinity: Floats | None
    n_memory: int
    closure: Closure
    spells: Mapping[str, Spells]
    elections: Elections
    authority_year: Floats
    rights: Rights
    deals: TradeAgreements
    courts: Courts
    leaks: Leaks
    video: Video
    ground: Ground
    clouds: Regions
    bodies: Bodies
    vaccines: Vaccines
    data_centres: DataCentres
    services: Margins
    replaced: tuple[tuple[str, str, int], ...]


_HOLD_ARRAYS = (
    Source, Tie, Closure, Spells, Elections, Rights, TradeAgreements, Courts, Leaks, Video, Bridges, Clouds, Ground, Lines, Regions,
    Limits, Bodies, Vaccines, DataCentres, Margins,
)  # fmt: skip
_latest: list[tuple[str, Source]] = []
"""Our tables as they were read last, by the digest of their bytes: reading them again costs most of what a small world does."""


def read_source(folder: Path | None) -> Source:
    """Read all tables, taking the user's where the folder has one.

    Tables of ours that are byte for byte those read before in this process are not taken apart again; their arrays can only be read.

    Parameters
    ----------
    folder : Path or None
        A user's folder of tables; any subset of ours, by file name.

    Raises
    ------
    UserError
        If a table is not valid: file, row, column and what was expected.
    """
    if folder is not None:
        return _read(folder)
    seal = digest_of_ours()
    for known, source in _latest:
        if known == seal:
            return source
    source = _read(None)
    _close(source)
    _latest[:] = [(seal, source)]
    return source


def _close(thing: object) -> None:
    """Make every array in a source one that can only be read: several rosters rest on it."""
    if isinstance(thing, np.ndarray):
        thing.flags.writeable = False
    elif isinstance(thing, Mapping):
        for one in thing.values():
            _close(one)
    elif isinstance(thing, tuple):
        for one in thing:
            _close(one)
    elif isinstance(thing, _HOLD_ARRAYS):
        _close(vars(thing))


def _read(folder: Path | None) -> Source:
    if folder is not None:
        check_folder(folder)
    replaced: list[tuple[str, str, int]] = []

    def read(name: str) -> Table:
        table = read_table(name, folder)
        if not table.own:
            replaced.append((name, table.digest, len(table)))
        return table

    states = read("states")
    codes = tuple(states.words["code"])
    if len(codes) < 2:
        raise UserError(f"{states.where} holds {len(codes)} states; at least 2 are needed")
    row = {code: i for i, code in enumerate(codes)}
    organisations = read("organisations")
    orgs = tuple(organisations.words["organisation"])
    for i, org in enumerate(orgs):
        if org in row:
            raise UserError(f"{organisations.where} row {organisations.row[i]}: {org!r} is also the code of a state")
    blocs = _blocs(organisations)
    if folder is not None:
        # Imported where a user gives tables: a worker that reads ours does not pay for it.
        from sim.data.further.check import check_further

        replaced += check_further(folder, codes, blocs, orgs)
    yearly = read("yearly")
    # A list of ours says nothing about figures of a user's.
    cut = _breaks(read("series_breaks"), row, not yearly.own)
    static = {f.field: states.numbers[f.field] for f in columns_of("states") if f.is_number and f.field not in ("lat", "lon")}
    from_, until, bound, flag, n_memory = _memberships(read("memberships"), row, orgs)
    return Source(
        codes=codes,
        names=tuple(states.words["name"]),
        regions=tuple(states.words["region"]),
        subregions=tuple(states.words["subregion"]),
        lat=states.numbers["lat"],
        lon=states.numbers["lon"],
        static={**static, APPLIED: _applied(read("privacy_laws"), static["privacy_law_general_year"], row)},
        series=_yearly(yearly, states, row, cut),
        cut=cut,
        organisations=orgs,
        organisation_names=tuple(organisations.words["name"]),
        blocs=blocs,
        summit_month=np.nan_to_num(organisations.numbers["summit_month"]).astype(np.int8),
        free_flow=organisations.numbers["free_flow"] > 0,
        member_from=from_,
        member_until=until,
        member_bound_until=bound,
        member_flag=flag,
        competences=_competences(read("competences"), blocs),
        instruments=instruments_with_stock(read("instruments"), folder, (*codes, *sorted(blocs))),
        institutions=_institutions(read("institutions"), row),
        ties={name: _tie(read(table), column, row) for name, (table, column) in TIES.items()},
        affinity=dense(*_pairs(read("affinity"), row), row),
        n_memory=n_memory,
        closure=Closure.read(read("travel_controls"), row),
        spells=_spells({name: read(name) for name in sorted({table for table, *_ in SPELLS.values()})}, row),
        elections=Elections.read(read("elections"), row),
        authority_year=read_authorities(folder, codes).year,
        rights=read_rights(folder, codes),
        deals=read_trade_agreements(folder, (*codes, *sorted(blocs))),
        courts=read_courts(folder, (*codes, *sorted(blocs))),
        leaks=read_leaks(folder, codes),
        video=read_platforms(folder, codes, states.numbers["lat"], states.numbers["lon"]),
        ground=read_ground(folder, codes),
        clouds=read_regions(folder, codes),
        bodies=read_bodies(folder, codes, orgs),
        vaccines=read_vaccines(folder, (*codes, *sorted(blocs))),
        data_centres=DataCentres.read(read("data_centres"), row),
        services=margins_of(read(WORLD), read(STATES), codes),
        replaced=tuple(sorted(replaced)),
    )


def _blocs(table: Table) -> dict[str, DecisionRule]:
    blocs = {}
    for i, org in enumerate(table.words["organisation"]):
        if table.numbers["is_bloc"][i] != 1:
            continue
        rule = table.words["decision_rule"][i]
        states, people = (float(table.numbers[c][i]) for c in ("state_quota", "people_quota"))
        if not rule or not np.isfinite(states + people):
            raise UserError(f"{table.where} row {table.row[i]}: the bloc {org} needs a decision_rule, a state_quota and a people_quota")
        blocs[org] = DecisionRule(rule, states, people)
    return blocs


def _memberships(table: Table, row: dict[str, int], orgs: tuple[str, ...]) -> tuple[Months, Months, Months, NDArray[np.int8], int]:
    table = table.codes_among(("code",), row, "state of the roster").codes_among(("organisation",), orgs, "known organisation")
    shape = (len(orgs), len(row))
    from_, until, bound = (np.zeros(shape, dtype=np.int32) for _ in range(3))
    flag = np.full(shape, Flag.KNOWN, dtype=np.int8)
    place = {org: i for i, org in enumerate(orgs)}
    words = table.words
    for i, (code, org) in enumerate(zip(words["code"], words["organisation"], strict=True)):
        at = place[org], row[code]
        from_[at] = month_of(words["joined"][i], blank=0)
        until[at] = month_of(words["left"][i], blank=NEVER, after=True)
        bound[at] = month_of(words["bound_until"][i], blank=int(until[at]), after=True)
        if until[at] <= from_[at]:
            raise UserError(f"{table.where} row {table.row[i]}: {code} leaves {org} before it joins")
        if bound[at] < until[at]:
            raise UserError(f"{table.where} row {table.row[i]}, column bound_until: must not lie before the date in column left")
        if not words["joined"][i]:
            flag[at] = Flag.FILLED
    return from_, until, bound, flag, words["grade"].count("memory")


def _breaks(table: Table, row: dict[str, int], users_series: bool) -> dict[str, Floats]:
    cut = {figure: np.full(len(row), np.inf) for figure in SERIES}
    if table.own and users_series:
        return cut
    table = table.codes_among(("code",), row, "state of the roster")
    figure_of = {column: figure for figure, column in SERIES.items()}
    for code, column, year, treatment in zip(
        table.words["code"], table.words["figure"], table.numbers["year"], table.words["treatment"], strict=True
    ):
        if treatment == "cut":
            first = cut[figure_of[column]]
            first[row[code]] = min(first[row[code]], year)
    return cut


def _applied(table: Table, general_year: Floats, row: dict[str, int]) -> Floats:
    """Read from which year each state's general law binds private firms."""
    table = table.codes_among(("code",), row, "state of the roster")
    applied = np.full(len(row), np.nan)
    for i, code in enumerate(table.words["code"]):
        year, dated = table.numbers["year"][i], general_year[row[code]]
        if year == dated:
            applied[row[code]] = month_of(table.words["applied"][i], blank=NEVER) // 12 if table.words["applied"][i] else np.inf
        elif not table.own:
            said = f"has no year for {code}" if np.isnan(dated) else f"gives {dated:.0f} for {code}"
            raise UserError(f"{table.where} row {table.row[i]}, column year: {year:.0f}, but privacy_law_general_year in states.csv {said}")
    return applied


def _yearly(table: Table, states: Table, row: dict[str, int], cut: Mapping[str, Floats]) -> dict[str, tuple[NDArray[np.int64], Floats]]:
    table = table.codes_among(("code",), row, "state of the roster")
    years = np.unique(table.numbers["year"]).astype(np.int64)
    at = np.array([row[code] for code in table.words["code"]], dtype=np.int64)
    when = np.searchsorted(years, table.numbers["year"].astype(np.int64))
    series = {}
    for figure, column in SERIES.items():
        values = np.full((len(years), len(row)), np.nan)
        values[when, at] = table.numbers[column]
        values[years[:, None] >= cut[figure]] = np.nan
        series[figure] = (years, values)
        if figure != "internet_use":
            missing = ~np.isfinite(values).any(axis=0) if len(years) else np.ones(len(row), dtype=np.bool_)
            if missing.any():
                code = states.words["code"][int(np.argmax(missing))]
                raise UserError(f"{table.where} has no {column} of any year for {code}; one year at least is needed")
    return series


def _competences(table: Table, blocs: Mapping[str, DecisionRule]) -> tuple[Competence, ...]:
    table = table.codes_among(("bloc",), blocs, "bloc (is_bloc = 1 in organisations.csv)")
    words = table.words
    return tuple(
        Competence(
            words["bloc"][i],
            words["agreement_type"][i],
            words["kind"][i],
            month_of(words["from"][i], blank=0),
            month_of(words["until"][i], blank=NEVER, after=True),
        )
        for i in range(len(table))
    )


def _institutions(table: Table, row: dict[str, int]) -> tuple[InstitutionRow, ...]:
    table = table.codes_among(("code",), row, "state of the roster")
    words, rows = table.words, []
    for i in range(len(table)):
        kind, quota = words["institution"][i], float(table.numbers["quota"][i])
        wanted = {"executive_act": quota == 0.0, "majority": quota == 0.5, "supermajority": quota > 0.5}
        if not wanted[kind]:
            meant = {"executive_act": "0", "majority": "0.5", "supermajority": "a share above 0.5"}[kind]
            raise UserError(f"{table.where} row {table.row[i]}, column quota: {quota:g}; {meant} was expected for {kind}")
        rows.append(InstitutionRow(words["code"][i], words["treaty_class"][i], kind, quota))
    return tuple(rows)


def _pairs(table: Table, row: dict[str, int]) -> tuple[Table, NDArray[np.int64], NDArray[np.int64]]:
    table = table.codes_among(("code_a", "code_b"), row, "state of the roster")
    first, second = (np.array([row[code] for code in table.words[c]], dtype=np.int64) for c in ("code_a", "code_b"))
    return table, first, second


def _tie(table: Table, column: str, row: dict[str, int]) -> Tie:
    table, first, second = _pairs(table, row)
    if column == "language":
        # A row may tell of history alone.
        shared = np.flatnonzero(table.numbers[column] > 0)
        return Tie.of(first[shared], second[shared], np.ones(len(shared)))
    return Tie.of(first, second, table.numbers[column] if column else np.ones(len(table)))


def _spells(tables: Mapping[str, Table], row: dict[str, int]) -> dict[str, Spells]:
    return {name: Spells.read(tables[table], (first, second), value, row) for name, (table, first, second, value) in SPELLS.items()}
