"""The ledger: append-only events, and the stages of talks, instruments and adherences with their legal transitions.

Nothing here decides anything: mechanisms decide, and every change of stage passes through this room, which refuses what law does not
allow. ``in_force`` is derived from adherences in one place, :func:`derive_in_force`.
"""

from sim.ledger.coverage import derive_coverage, derive_in_force, renew_coverage
from sim.ledger.instruments import list_instrument, move, sign
from sim.ledger.members import bind_member, bind_members, change_binding, change_membership
from sim.ledger.stages import ENDINGS, TALK_TRANSITIONS, TRANSITIONS, event_names
from sim.ledger.talks import close_talk, open_talk
from sim.ledger.votes import fail_ratification, put_to_ratifiers, ratify

__all__ = [
    "ENDINGS",
    "TALK_TRANSITIONS",
    "TRANSITIONS",
    "bind_member",
    "bind_members",
    "change_binding",
    "change_membership",
    "close_talk",
    "derive_coverage",
    "derive_in_force",
    "event_names",
    "fail_ratification",
    "list_instrument",
    "move",
    "open_talk",
    "put_to_ratifiers",
    "ratify",
    "renew_coverage",
    "sign",
]
