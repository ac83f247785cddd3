"""Checking a user's tables of instruments, deals, law and pairs, so that a fault in one is told before anything else is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from sim.data.fields import further_names
from sim.data.further.bodies import read_bodies
from sim.data.further.clauses import read_clauses
from sim.data.further.courts import read_courts
from sim.data.further.ground import CUTS, GATEWAYS, LINKS, SATELLITES, read_ground
from sim.data.further.instruments import read_instruments
from sim.data.further.leaks import read_leaks
from sim.data.further.pairs import read_pairs
from sim.data.further.platforms import BANS, PLATFORMS, read_platforms
from sim.data.further.protection import read_authorities, read_rights
from sim.data.further.regions import LIMITS, REGIONS, read_regions
from sim.data.further.trade_agreements import read_trade_agreements
from sim.data.further.vaccines import read_vaccines
from sim.data.tables import read_table


def check_further(
    folder: Path, codes: Sequence[str], blocs: Collection[str], organisations: Sequence[str] = ()
) -> list[tuple[str, str, int]]:
    """Check a user's further tables; return name, digest and rows of each.

    Raises
    ------
    UserError
        If one is not valid: file, row, column and what was expected.
    """
    given = [name for name in further_names() if (folder / f"{name}.csv").is_file()]
    parties = (*codes, *sorted(blocs))
    if "clauses" in given:
        named = (read_table(table, folder).words[column] for table, column in (("data_instruments", "id"), ("instruments", "name")))
        read_clauses(folder, {one for column in named for one in column})
    if {"bodies", "attendance_rules"} & set(given):
        read_bodies(folder, codes, organisations)
    if "courts" in given:
        read_courts(folder, parties)
    if "leaks" in given:
        read_leaks(folder, codes)
    if "data_instruments" in given:
        read_instruments(folder, parties)
    if "trade_agreements" in given:
        read_trade_agreements(folder, parties)
    if "dp_authority" in given:
        read_authorities(folder, codes)
    if "foreigners_rights" in given:
        read_rights(folder, codes)
    if PLATFORMS in given or BANS in given:
        nowhere = np.zeros(len(codes))
        read_platforms(folder, codes, nowhere, nowhere)
    if {LINKS, GATEWAYS, SATELLITES, CUTS} & set(given):
        read_ground(folder, codes)
    if {REGIONS, LIMITS} & set(given):
        read_regions(folder, codes)
    if "vaccine_supply" in given:
        read_vaccines(folder, parties)
    if "services_pairs" in given:
        read_pairs(folder, parties)
    tables = [read_table(name, folder) for name in given]
    return [(table.name, table.digest, len(table)) for table in tables]
