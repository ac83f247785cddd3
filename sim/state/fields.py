"""The arrays and tables that our own parts declare, as attributes with types: written by ``make fields``, not by hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints
from sim.state.tables import Table


class Fields:
    """What every world holds; a world with a user's parts may hold more."""

    acts: Ints
    alliance: Floats
    alliance_given: Floats
    alliance_weight: Floats
    asked_redress: Floats
    asked_safeguards: Floats
    attendance_rule: Floats
    attending: Floats
    bandwidth: Floats
    barred: Floats
    base_capacity: Floats
    better_alone: Ints
    blocked: Bools
    bound: Bools
    buys: Floats
    capability: Floats
    capacity_gained: Floats
    case_months: Floats
    closure: Floats
    cloud_capacity: Floats
    committed: Floats
    contact_weight: Floats
    cooldown: Ints
    cost_of_law: Floats
    cybersecurity: Floats
    deal_until: Ints
    digital_government: Floats
    diverted: Floats
    effect: Floats
    effect_frame: Floats
    elected: Bools
    followed_openness: Floats
    followed_safeguards: Floats
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
    gone: Bools
    hostile: Bools
    hostility: Floats
    hostility_without_rivalry: Floats
    hosting: Ints
    hour_price: Floats
    hours_given: Floats
    hours_used: Floats
    image: Floats
    imports: Floats
    imports_known: Floats
    in_force: Bools
    in_office: Ints
    internet_use: Floats
    leaked: Floats
    leaning: Floats
    lessons: Ints
    linked_prospect: Floats
    linked_roles: NDArray[np.int8]
    load: Floats
    localisation: Floats
    material_capability: Floats
    meetings: Floats
    member: Bools
    met_in_person: Ints
    met_online: Ints
    need: Floats
    not_met: Ints
    open_talk: Ints
    opened: Floats
    opening: Bools
    outlay: Floats
    overhead: Floats
    own_providers: Floats
    own_safeguards: Floats
    paid: Floats
    pivot: Floats
    pledged: Floats
    population: Floats
    prepared: Floats
    price_index: Floats
    principal: Ints
    prospect: Floats
    protection_firms: Floats
    protection_state: Floats
    providers_abroad: Floats
    received: Floats
    redress: Floats
    rights_of_foreigners: Floats
    role: NDArray[np.int8]
    safeguards: Floats
    salience: Floats
    sells: Floats
    share_in_person: Floats
    shared_organisations: Floats
    skill: Floats
    skill_with: Floats
    standing: Floats
    summit: Bools
    trade: Floats
    trade_deal: Bools
    trade_known: Floats
    trust: Floats
    trust_broken: Floats
    trust_kept: Floats
    upkeep_share: Floats
    vote_shift: Floats
    waiting: Floats
    welfare: Floats
    adherence: Table
    breaches: Table
    cases: Table
    conferences: Table
    events: Table
    felt: Table
    instruments: Table
    offers: Table
    seats: Table
    talks: Table
