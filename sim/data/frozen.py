"""What was known in a month, held for the rest of a run: rows of the tables that are dated later are left out before anything reads them.

A run with ``roster.known_until: 2018-12`` knows in every later month what the tables say as of December 2018:

- **yearly figures**: years up to the one before, because a figure of a year is known from the next January; a state whose GDP nobody knew
  by then (North Korea's first figure is of 2023) counts with the lower quartile of GDP per head, assumed and FILLED;
- **privacy laws, authorities, rights of foreigners, cloud regions by home**: likewise, those of the year before;
- **memberships, competences**: who had joined by then, and has not left by then, stays;
- **instruments of the tables**: those in force by then; what ended later has not ended; what was signed later is not there;
- **travel controls**: the levels of that month stay; before the table's first month all borders are open;
- **hostility, sanctions, wars, alliances**: what had begun by then, and not ended, stays;
- **trade agreements**: those in force by then stay; so do courts that could strike an instrument, leaks, and reviews prescribed by then;
- **platforms of meetings on a screen**: those in use by then stay, and so do bans that had begun;
- **cables, gateways, satellites**: what was in service or announced by then, and bars on satellites;
- **cloud regions, limits on building**: what was open, and limits that had begun, which go on;
- **bodies, vaccine**: rules of attendance that held by then, calendars having one vintage; doses shipped by then;
- **elections**: of later months the table says nothing;
- **digital trade**: years up to the one before; where there is none, the first of the table stands.

Columns that have one vintage only are read whatever their year, because there is no older one; the notes of a run name them. What a
scenario or a user says (shocks, events, coalitions, a start state) is no table and stays as it is said.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sim.data.closure import Closure
from sim.data.fields import load_fields
from sim.data.records import Competence, InstrumentRow
from sim.data.source import SERIES, Source
from sim.types import NEVER, Flag, UserError, month_label

Floats = NDArray[np.float64]
Months = NDArray[np.int32]


def frozen(source: Source, known: int, end: int) -> Source:
    """Return the tables as they stood in a month.

    Parameters
    ----------
    source : Source
    known : int
        Month after which nothing more is known.
    end : int
        Last month of the run, up to which levels of closure are held.

    Raises
    ------
    UserError
        If a state has no figure of a yearly column by then: the column, the state and its first year.
    """
    series, cut = {}, {}
    for name, (vintages, values) in source.series.items():
        there = vintages < known // 12
        _check(source, name, known)
        series[name] = vintages[there], values[there]
        # A break later than the last figure says nothing of what is known.
        cut[name] = np.where(source.cut[name] < known // 12, source.cut[name], np.inf)
    joined = (source.member_from <= known) & (source.member_until > 0)
    return dataclasses.replace(
        source,
        series=series,
        cut=cut,
        member_from=np.where(joined, source.member_from, 0).astype(np.int32),
        member_until=_ends(source.member_until, joined, known),
        member_bound_until=_ends(source.member_bound_until, joined, known),
        member_flag=np.where(joined, source.member_flag, 0).astype(np.int8),
        competences=tuple(_competence(one, known) for one in source.competences if one.start <= known),
        instruments=tuple(_instrument(one, known) for one in source.instruments if min(one.signed, one.in_force) <= known),
        closure=_held(source.closure, known, end),
        spells={name: one.known(known) for name, one in source.spells.items()},
        elections=source.elections.known(known),
        authority_year=np.where(source.authority_year <= known // 12, source.authority_year, np.inf),
        rights=source.rights.known(known // 12),
        deals=source.deals.known(known // 12),
        courts=source.courts.known(known),
        leaks=source.leaks.known(known),
        video=source.video.known(known),
        ground=source.ground.known(known),
        clouds=source.clouds.as_of(known),
        bodies=source.bodies.known(known),
        vaccines=source.vaccines.known(known),
        services=source.services.until(known // 12),
    )


def years_known(years: NDArray[np.int64], known: int | None) -> NDArray[np.int64]:
    """Return the year whose knowledge counts in each year, (Y,)."""
    return years if known is None else np.minimum(years, known // 12)


def told(known: int) -> tuple[tuple[str, str], ...]:
    """Say what is frozen, and which columns have only a vintage that is later, for a reader of the results."""
    label = month_label(known)
    later = sorted(
        f"{table}.{name} ({field.year})"
        for (table, name), field in load_fields().items()
        if field.year.isdigit() and int(field.year) > known // 12 - 1
    )
    said = [
        (
            "roster.known_until",
            f"{label}: yearly figures, privacy laws, memberships, competences, instruments, hostility, sanctions, wars, alliances, "
            "digital trade and travel controls stay as they stood then; of later elections nothing is known",
        )
    ]
    if later:
        said.append(("roster.known_until", f"read all the same, their one vintage being later than {label}: {', '.join(later)}"))
    return tuple(said)


def fill_by_head(gdp: Floats, flags: NDArray[np.int8], people: Floats) -> None:
    """Fill blanks of GDP, (Y, N), in place: as many people, at the lower quartile of GDP per head; FILLED."""
    for y in range(gdp.shape[0]):
        blank = ~np.isfinite(gdp[y])
        if blank.any():
            gdp[y, blank] = people[y, blank] * np.quantile(gdp[y, ~blank] / people[y, ~blank], 0.25, method="lower")
            flags[y, blank] = Flag.FILLED


def _check(source: Source, name: str, known: int) -> None:
    """Refuse a month by which a column without which there is no state has no figure; GDP is filled where others have one."""
    vintages, values = source.series[name]
    missing = ~np.isfinite(values[vintages < known // 12]).any(axis=0)
    if not (missing.all() if name == "gdp" else missing.any() and load_fields()["yearly", SERIES[name]].fill_rule == "blank"):
        return
    at = int(np.argmax(missing))
    first = vintages[np.isfinite(values[:, at])]
    when = f"its first is of {first[0]}, known from {first[0] + 1}-01" if len(first) else "it has none"
    raise UserError(
        f"roster.known_until {month_label(known)} lies too far back for these tables: yearly.csv has no {SERIES[name]} of "
        f"{source.codes[at]} known by then; {when}"
    )


def _ends(months: Months, joined: NDArray[np.bool_], known: int) -> Months:
    """Return last months: who had joined and not left stays for good; who joined later never was a member (0)."""
    return np.where(joined, np.where(months > known, NEVER, months), 0).astype(np.int32)


def _competence(one: Competence, known: int) -> Competence:
    return one if one.until <= known else dataclasses.replace(one, until=NEVER)


def _instrument(one: InstrumentRow, known: int) -> InstrumentRow:
    in_force = one.in_force if one.in_force <= known else NEVER
    ended, clauses = one.ended if one.ended <= known else NEVER, one.clauses and one.clauses.known(known)
    return dataclasses.replace(one, in_force=in_force, ended=ended, clauses=clauses)


def _held(closure: Closure, known: int, end: int) -> Closure:
    """Return levels up to a month, and that month's from then on to the end of the run."""
    n = closure.level.shape[1]
    if not len(closure.months) or known >= closure.months[-1]:
        return closure
    if known < closure.months[0]:
        return Closure.none(n)
    there = closure.months <= known
    more = np.arange(known + 1, max(end, known) + 1, dtype=np.int64)
    last = int(np.flatnonzero(there)[-1])
    return Closure(
        np.concatenate([closure.months[there], more]),
        np.concatenate([closure.level[there], np.repeat(closure.level[last : last + 1], len(more), axis=0)]),
        np.concatenate([closure.assumed[there], np.repeat(closure.assumed[last : last + 1], len(more), axis=0)]),
    )
