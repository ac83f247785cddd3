"""The world's table of contents: every array with axis, unit and meaning, and the columns of every table that only grows.

Read by the world itself, by snapshots, by the tests of declared reads and writes, and by the documentation.
"""

from __future__ import annotations

import numpy as np

from sim.types import Channel, K

N_QUALITIES = 5
"""Measures of a deal's quality; named in ``sim.theory.quality``."""

# name: (axis, dtype, initial, unit, meaning). Read by the snapshot, by the tests of declared reads and writes and by the docs.
FIELDS: dict[str, tuple[str, type, float, str, str]] = {
    "gdp": ("P", float, 0, "USD a year", "gross domestic product as known this year"),
    "population": ("P", float, 0, "people", "population as known this year"),
    "internet_use": ("P", float, 0, "share of people", "people who use the internet"),
    "bandwidth": ("P", float, 0, "index 0-1", "telecommunication infrastructure, the ceiling of video contacts"),
    "digital_government": ("P", float, 0, "index 0-1", "e-government development"),
    "cybersecurity": ("P", float, 0, "index 0-1", "cyber-security commitment"),
    "material_capability": ("P", float, 0, "share of world", "composite index of national capability"),
    "protection_firms": ("P", float, 0, "index 0-1", "protection of personal data against firms"),
    "protection_state": ("P", float, 0, "index 0-1", "protection of personal data against the state"),
    "localisation": ("P", float, 0, "index 0-1", "control over where data lie"),
    "base_capacity": ("P", float, 0, "MW", "cloud capacity read from the figures"),
    "capacity_gained": ("P", float, 0, "MW", "cloud capacity added by pacts since the start"),
    "cloud_capacity": ("P", float, 0, "MW", "cloud capacity, read and gained"),
    "need": ("P", float, 0, "MW", "cloud capacity short of the target per internet user"),
    "capability": ("P", float, 0, "times the average state", "declared mix of GDP, material capability and cloud capacity"),
    "imports": ("P", float, 1, "USD a year", "digital imports from all partners, at least 1"),
    "resistance": ("P", float, 1, "ratio", "multilateral resistance, the rest of the world being 1"),
    "paid": ("P", float, 0, "USD", "paid for partners' infrastructure since the start"),
    "received": ("P", float, 0, "USD", "received for infrastructure since the start"),
    "overhead": ("P", float, 0, "USD", "overhead on payments made since the start"),
    "committed": ("P", float, 0, "MW", "capacity promised by pacts and not yet built"),
    "closure": ("P", float, 0, "share of meetings", "cross-border meetings that cannot be held this month"),
    "elected": ("P", bool, 0, "0/1", "held an election this month"),
    "contact_weight": ("E", float, 0, "weight", "standing part of the weight of a partner"),
    "trust_kept": ("E", float, 0, "count", "remembered evidence that the partner keeps its word"),
    "trust_broken": ("E", float, 0, "count", "remembered evidence that it does not"),
    "trust": ("E", float, 0.5, "probability", "belief that the partner keeps its word"),
    "trade": ("E", float, 0, "USD a year", "digital trade from the owner to the partner"),
    "blocked": ("E", bool, 0, "0/1", "a bloc and its own member, never a dyad"),
    "summit": ("E", bool, 0, "0/1", "both attend the same summit this month"),
    "effect": ("E", float, 0, "share of trade", "digital trade added by what is in force between the two"),
    "free_flow": ("E", bool, 0, "0/1", "both inside one area of free data flow"),
    "open_talk": ("TE", np.int32, -1, "row", "open negotiation on the type, -1 for none"),
    "prospect": ("TE", float, 0, "bp of GDP a year", "owner's gain if the difference were split, 0 where either side would lose"),
    "role": ("TE", np.int8, -1, "role", "role the owner would take, -1 where none"),
    "cooldown": ("TE", np.int32, 0, "month", "no new talks on the type before this month"),
    "freed": ("TE", float, 0, "share of data", "data that an instrument in force lets move, by its text, as the month began"),
    "in_force": ("TE", bool, 0, "0/1", "an instrument of the type binds both, as the month began"),
    "member": ("BN", bool, 0, "0/1", "state is a member of the bloc"),
    "bound": ("BN", bool, 0, "0/1", "state is bound by the bloc's law"),
    "principal": ("TP", np.int32, -1, "party", "who speaks for the party on the type; -1 for a bloc without the competence"),
}

TALKS: dict[str, tuple[type, tuple[int, ...]]] = {
    "type": (np.int8, ()),
    "first": (np.int32, ()),
    "second": (np.int32, ()),
    "initiator": (np.int32, ()),
    "edge": (np.int32, ()),
    "opened": (np.int32, ()),
    "last_contact": (np.int32, ()),
    "n_contacts": (np.int32, ()),
    "n_by_channel": (np.int32, (len(Channel),)),
    "credit": (np.int32, ()),
    "stage": (np.int8, ()),
    "reason": (np.int8, ()),
    "closed": (np.int32, ()),
    "step": (np.int32, ()),
    "last_offer": (np.float64, (2, K)),
    "first_offer": (np.float64, (2, K)),
    "asks": (np.float64, (2,)),
    "text": (np.float64, (K,)),
    "utility": (np.float64, (2,)),
    "disagreement_value": (np.float64, (2,)),
    "quality": (np.float64, (N_QUALITIES,)),
    "payment": (np.float64, ()),
}
INSTRUMENTS: dict[str, tuple[type, tuple[int, ...]]] = {
    "type": (np.int8, ()),
    "first": (np.int32, ()),
    "second": (np.int32, ()),
    "text": (np.float64, (K,)),
    "stage": (np.int8, ()),
    "signed": (np.int32, ()),
    "due": (np.int32, ()),
    "in_force": (np.int32, ()),
    "ended": (np.int32, ()),
    "term": (np.int32, ()),
    "talk": (np.int32, ()),
    "successor_of": (np.int32, ()),
    "listed": (np.int32, ()),
    "conference": (np.int32, ()),
    "commitment": (np.float64, ()),
    "payment": (np.float64, ()),
}
ADHERENCE: dict[str, tuple[type, tuple[int, ...]]] = {
    "instrument": (np.int32, ()),
    "party": (np.int32, ()),
    "role": (np.int8, ()),
    "bound_by": (np.int32, ()),
    "institution": (np.int8, ()),
    "vote": (np.int32, ()),
    "stage": (np.int8, ()),
    "since": (np.int32, ()),
    "until": (np.int32, ()),
    "losing": (np.int32, ()),
}
CONFERENCES: dict[str, tuple[type, tuple[int, ...]]] = {
    "type": (np.int8, ()),
    "bloc": (np.int32, ()),
    "initiator": (np.int32, ()),
    "opened": (np.int32, ()),
    "session": (np.int32, ()),
    "sessions": (np.int32, ()),
    "due": (np.int32, ()),
    "stage": (np.int8, ()),
    "reason": (np.int8, ()),
    "closed": (np.int32, ()),
    "text": (np.float64, (K,)),
}
SEATS: dict[str, tuple[type, tuple[int, ...]]] = {
    "conference": (np.int32, ()),
    "party": (np.int32, ()),
    "stage": (np.int8, ()),
    "reason": (np.int8, ()),
    "since": (np.int32, ()),
    "until": (np.int32, ()),
    "utility": (np.float64, ()),
    "disagreement_value": (np.float64, ()),
}
EVENTS: dict[str, tuple[type, tuple[int, ...]]] = {
    "month": (np.int32, ()),
    "event": (np.int8, ()),
    "party_a": (np.int32, ()),
    "party_b": (np.int32, ()),
    "type": (np.int8, ()),
    "talk": (np.int32, ()),
    "instrument": (np.int32, ()),
    "conference": (np.int32, ()),
    "channel": (np.int8, ()),
    "rank": (np.int8, ()),
    "occasion": (np.int8, ()),
    "reason": (np.int8, ()),
    "value": (np.float64, ()),
}
OFFERS: dict[str, tuple[type, tuple[int, ...]]] = {
    "month": (np.int32, ()),
    "talk": (np.int32, ()),
    "step": (np.int32, ()),
    "proposer": (np.int32, ()),
    "text": (np.float64, (K,)),
    "utility": (np.float64, (2,)),
}
TABLES = {
    "talks": TALKS,
    "instruments": INSTRUMENTS,
    "adherence": ADHERENCE,
    "conferences": CONFERENCES,
    "seats": SEATS,
    "events": EVENTS,
    "offers": OFFERS,
}
ABSENT: dict[str, float] = {
    "value": np.nan,
    "text": np.nan,
    "utility": np.nan,
    "last_offer": np.nan,
    "first_offer": np.nan,
    "asks": np.nan,
    "disagreement_value": np.nan,
    "commitment": 0.0,
    "payment": 0.0,
    "n_contacts": 0,
    "n_by_channel": 0,
    "quality": np.nan,
    "credit": 0,
    "step": 0,
    "stage": 0,
    "reason": 0,
    "session": 0,
    "losing": 0,
}
"""What a column holds in a row that says nothing about it; every other column holds -1."""
