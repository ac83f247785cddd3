"""The ledger: append-only events, and the stages of talks, instruments and adherences with their legal transitions.

Nothing here decides anything: mechanisms decide, and every change of stage passes through this room, which refuses what law does not
allow. ``in_force`` is derived from adherences in one place, :func:`derive_in_force`.
"""

from sim.ledger.barred import barred_instruments, barred_talks, bars, end_hopes, is_barred, shut, shut_at, suspend_barred
from sim.ledger.conferences import (
    accede,
    adherents,
    bind_outvoted,
    bound_states,
    bring_into_force,
    close_conference,
    denounce,
    leave_seat,
    open_conference,
    own_places,
    refuse_accession,
    seated,
    sign_treaty,
    withdraw,
)
from sim.ledger.coverage import derive_coverage, derive_in_force, renew_coverage
from sim.ledger.dissolved import dissolve, without_members
from sim.ledger.filled import add_of_the_month
from sim.ledger.instruments import list_instrument, list_instruments, move, sign
from sim.ledger.members import bind_member, bind_members, change_binding, change_membership
from sim.ledger.parties import among_pair, bloc_of, made_by_many, made_here, partners_in
from sim.ledger.stages import ENDINGS, TALK_TRANSITIONS, TRANSITIONS
from sim.ledger.suspended import BY_BAR, BY_BREACH, lift, suspend
from sim.ledger.talks import close_talk, open_talk, without_principal
from sim.ledger.votes import fail_ratification, put_to_ratifiers, ratify

__all__ = [
    "BY_BAR",
    "BY_BREACH",
    "ENDINGS",
    "TALK_TRANSITIONS",
    "TRANSITIONS",
    "accede",
    "add_of_the_month",
    "adherents",
    "among_pair",
    "barred_instruments",
    "barred_talks",
    "bars",
    "bind_member",
    "bind_members",
    "bind_outvoted",
    "bloc_of",
    "bound_states",
    "bring_into_force",
    "change_binding",
    "change_membership",
    "close_conference",
    "close_talk",
    "denounce",
    "derive_coverage",
    "derive_in_force",
    "dissolve",
    "end_hopes",
    "fail_ratification",
    "is_barred",
    "leave_seat",
    "lift",
    "list_instrument",
    "list_instruments",
    "made_by_many",
    "made_here",
    "move",
    "open_conference",
    "open_talk",
    "own_places",
    "partners_in",
    "put_to_ratifiers",
    "ratify",
    "refuse_accession",
    "renew_coverage",
    "seated",
    "shut",
    "shut_at",
    "sign",
    "sign_treaty",
    "suspend",
    "suspend_barred",
    "withdraw",
    "without_members",
    "without_principal",
]
