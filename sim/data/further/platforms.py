"""Platforms of meetings on a screen: hardware bridges on sale, clouds with their hosts and servers, and the recorded bans of states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.codes import meant
from sim.data.tables import Table, month_of, read_table
from sim.types import NEVER, UserError, nearest

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
PLATFORMS, BANS = "video_platforms", "platform_bans"
BRIDGE = "bridge"
"""What results call all hardware bridges together."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_OF_BRIDGES = ("since", "until", "ports", "price", "delay")
_OF_CLOUDS = ("since", "until", "home", "for_all", "seats", "price", "delay")


@dataclass(frozen=True, eq=False)
class Bridges:
    """Hardware bridges on sale, sorted by name: (R,) each.

    Attributes
    ----------
    since, until : int array
        First month, and the month after the last.
    ports : array
        Parties that one joins at once.
    price : array
        USD for an hour of use of a port.
    delay : array
        One-way delay of the bridge itself, ms.
    """

    since: Ints
    until: Ints
    ports: Floats
    price: Floats
    delay: Floats


@dataclass(frozen=True, eq=False)
class Clouds:
    """Clouds, sorted by name: (C,) each; servers by the cloud that runs them: (S,) each.

    Attributes
    ----------
    since, until : int array
        First month, and the month after the last.
    home : int array
        Place of the state whose law binds the host; -1 where it is not among the states.
    for_all : bool array
        Whether every state may open a meeting; else its home alone.
    seats : array
        Parties of one meeting.
    price : array
        USD for an hour of use of a port.
    delay : array
        One-way delay of the cloud itself, ms.
    site_of : int array
        Which cloud runs the servers of a site.
    site_lat, site_lon : array
        Where they stand, as the capital of their state, degrees.
    """

    since: Ints
    until: Ints
    home: Ints
    for_all: NDArray[np.bool_]
    seats: Floats
    price: Floats
    delay: Floats
    site_of: Ints
    site_lat: Floats
    site_lon: Floats


@dataclass(frozen=True, eq=False)
class Video:
    """Platforms and recorded bans.

    Attributes
    ----------
    names : tuple of str
        ``"bridge"``, then the clouds by name.
    bridges, clouds : Bridges, Clouds
    ban_state, ban_platform : int array, shape (B,)
        Who bars, by place; what, by place in ``names``.
    ban_since, ban_until : int array, shape (B,)
        First month, and the month after the last.
    ban_level : array, shape (B,)
        Part of the state's dealings abroad that it bars, 0 to 1.
    """

    names: tuple[str, ...]
    bridges: Bridges
    clouds: Clouds
    ban_state: Ints
    ban_platform: Ints
    ban_since: Ints
    ban_until: Ints
    ban_level: Floats

    def among(self, rows: Ints) -> Video:
        """Return all of it for some states, or for states made after others: the i-th has the bans of state ``rows[i]``.

        A cloud keeps its servers; its home is the first state made after its own, or none.
        """
        first = {old: new for new, old in reversed(list(enumerate(rows.tolist())))}
        home = np.array([first.get(old, -1) for old in self.clouds.home.tolist()], dtype=np.int64)
        found = [(new, at) for new, old in enumerate(rows.tolist()) for at in np.flatnonzero(self.ban_state == old).tolist()]
        state, at = (np.array([pair[k] for pair in found], dtype=np.int64) for k in (0, 1))
        bans: dict[str, Any] = {name: getattr(self, name)[at] for name in ("ban_platform", "ban_since", "ban_until", "ban_level")}
        return replace(self, clouds=replace(self.clouds, home=home), ban_state=state, **bans)

    def known(self, month: int) -> Video:
        """Return what was known in a month: platforms and bans that had begun, those that end later going on."""

        def until(ends: Ints) -> Ints:
            return np.where(ends > month, NEVER, ends)

        bridges, clouds = ({name: getattr(one, name) for name in vars(one)} for one in (self.bridges, self.clouds))
        # What comes later never comes; no row is dropped, so that places stay.
        for one in (bridges, clouds):
            one["since"], one["until"] = np.where(one["since"] > month, NEVER, one["since"]), until(one["until"])
        keep = self.ban_since <= month
        bans: dict[str, Any] = {name: getattr(self, name)[keep] for name in ("ban_state", "ban_platform", "ban_since", "ban_level")}
        return replace(self, bridges=Bridges(**bridges), clouds=Clouds(**clouds), ban_until=until(self.ban_until)[keep], **bans)

    def bans_at(self, month: int) -> NDArray[np.intp]:
        """Return the places of the bans that hold in a month."""
        return np.flatnonzero((self.ban_since <= month) & (month < self.ban_until))


def read_platforms(folder: Path | None, codes: Sequence[str], lat: Floats, lon: Floats) -> Video:
    """Read platforms and bans, the user's where the folder has them.

    Parameters
    ----------
    folder : Path or None
    codes : sequence of str
        Codes of the states; of our own tables, homes, servers and bans elsewhere are left out.
    lat, lon : array, shape (N,)
        Where the states' capitals lie, degrees.

    Raises
    ------
    UserError
        If a table is not valid: file, row, column and what was expected.
    """
    table = read_table(PLATFORMS, folder)
    place = {code: i for i, code in enumerate(codes)}
    since, until = _months(table)
    _check(table, place)
    is_cloud = np.array([kind == "cloud" for kind in table.words["kind"]], dtype=np.bool_)
    cloud = np.flatnonzero(is_cloud)
    sites = [(n, place[code]) for n, i in enumerate(cloud.tolist()) for code in _sites(table, i) if code in place]
    site_of, stands = (np.array([pair[k] for pair in sites], dtype=np.int64) for k in (0, 1))
    columns = {
        "since": since,
        "until": until,
        "home": np.array([place.get(code, -1) for code in table.words["home"]], dtype=np.int64),
        "for_all": np.array([reach != "home" for reach in table.words["reach"]], dtype=np.bool_),
        "ports": table.numbers["ports"],
        "seats": table.numbers["ports"],
        "price": table.numbers["price"],
        "delay": table.numbers["delay"],
    }
    bridges: dict[str, Any] = {name: columns[name][~is_cloud] for name in _OF_BRIDGES}
    clouds: dict[str, Any] = {name: columns[name][is_cloud] for name in _OF_CLOUDS}
    names = (BRIDGE, *(table.words["platform"][i] for i in cloud.tolist()))
    bans = _bans(folder, table, place, names)
    return Video(names, Bridges(**bridges), Clouds(**clouds, site_of=site_of, site_lat=lat[stands], site_lon=lon[stands]), **bans)


def _sites(table: Table, i: int) -> list[str]:
    """List the states in which a cloud runs servers: its home where the row names none."""
    return [code.strip() for code in (table.words["sites"][i] or table.words["home"][i]).split(";")]


def _months(table: Table) -> tuple[Ints, Ints]:
    since = np.array([month_of(month, blank=0) for month in table.words["since"]], dtype=np.int64)
    until = np.array([month_of(month, blank=NEVER, after=True) for month in table.words["until"]], dtype=np.int64)
    for i in np.flatnonzero(until <= since).tolist():
        told = table.words
        where = f"{table.where} row {table.row[i]}, column until"
        raise UserError(f"{where}: {told['until'][i]} lies before {told['since'][i]} in column since")
    return since, until


def _check(table: Table, place: dict[str, int]) -> None:
    """Refuse a name that figures cannot bear, columns that contradict the kind, and, of a user's table, a state that is not there."""
    words = table.words
    for i, name in enumerate(words["platform"]):
        where = f"{table.where} row {table.row[i]}, column"
        if not _NAME.fullmatch(name) or name == BRIDGE:
            why = "stands for all bridges together" if name == BRIDGE else "is not a name"
            raise UserError(f"{where} platform: {name!r} {why}; small letters, digits and _ were expected, as in zoom")
        for column in ("reach", "sites"):
            if words["kind"][i] == "bridge" and words[column][i]:
                raise UserError(f"{where} {column}: {words[column][i]!r} is said of a bridge; only a cloud has it, so a blank was expected")
        if words["kind"][i] == "cloud" and not words["reach"][i]:
            raise UserError(f"{where} reach: a cloud needs all (every state may open a meeting) or home (its home alone)")
        named = (("home", words["home"][i]), *(("sites", code) for code in _sites(table, i) if words["sites"][i]))
        for column, code in () if table.own else named:
            if code not in place:
                raise UserError(f"{where} {column}: {code!r} is not a state of the roster; {meant(code, place)}")


def _bans(folder: Path | None, platforms: Table, place: dict[str, int], names: tuple[str, ...]) -> dict[str, Any]:
    """Read the recorded bans; those of ours on a platform that a user's table lacks are left out."""
    table = read_table(BANS, folder).codes_among(("state",), place, "state of the roster")
    since, until = _months(table)
    words, keep = table.words, []
    latest: dict[tuple[str, str], int] = {}
    for i, (state, name) in enumerate(zip(words["state"], words["platform"], strict=True)):
        where = f"{table.where} row {table.row[i]}, column"
        if name not in names or name == BRIDGE:
            if table.own and not platforms.own:
                continue
            raise UserError(f"{where} platform: {name!r} is not a cloud of {platforms.where}; {nearest(name, names[1:])}")
        before = latest.get((state, name))
        if before is not None and since[i] < until[before]:
            ends = f"lasts to {words['until'][before]}" if words["until"][before] else "goes on"
            raise UserError(f"{where} since: {state} bars {name} anew in {words['since'][i]}, but row {table.row[before]} {ends}")
        latest[state, name] = i
        keep.append(i)
    at = np.array(keep, dtype=np.int64)
    return {
        "ban_state": np.array([place[words["state"][i]] for i in keep], dtype=np.int64),
        "ban_platform": np.array([names.index(words["platform"][i]) for i in keep], dtype=np.int64),
        "ban_since": since[at],
        "ban_until": until[at],
        "ban_level": table.numbers["level"][at],
    }
