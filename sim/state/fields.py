"""The arrays and tables that our own parts declare, as attributes with types: written by ``make fields``, not by hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints
from sim.state.tables import Table


class Fields:
    """What every world holds; a world with a user's parts may hold more."""

    bandwidth: Floats
    barred: Floats
    base_capacity: Floats
    blocked: Bools
    bound: Bools
    buys: Floats
    capability: Floats
    capacity_gained: Floats
    closure: Floats
    cloud_capacity: Floats
    committed: Floats
    contact_weight: Floats
    cooldown: Ints
    cybersecurity: Floats
    digital_government: Floats
    diverted: Floats
    effect: Floats
    effect_frame: Floats
    elected: Bools
    free_flow: Bools
    freed: Floats
    gain_as_party: Floats
    gain_by_diversion: Floats
    gain_by_issue: Floats
    gain_by_payment: Floats
    gain_by_trade: Floats
    gain_of_party: Floats
    gain_on_issue: Floats
    gdp: Floats
    imports: Floats
    imports_known: Floats
    in_force: Bools
    internet_use: Floats
    linked_prospect: Floats
    linked_roles: NDArray[np.int8]
    localisation: Floats
    material_capability: Floats
    member: Bools
    need: Floats
    open_talk: Ints
    opened: Floats
    overhead: Floats
    paid: Floats
    population: Floats
    price_index: Floats
    principal: Ints
    prospect: Floats
    protection_firms: Floats
    protection_state: Floats
    received: Floats
    role: NDArray[np.int8]
    sells: Floats
    summit: Bools
    trade: Floats
    trade_known: Floats
    trust: Floats
    trust_broken: Floats
    trust_kept: Floats
    vote_shift: Floats
    welfare: Floats
    adherence: Table
    conferences: Table
    events: Table
    felt: Table
    instruments: Table
    offers: Table
    seats: Table
    talks: Table
