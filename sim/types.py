"""Words every room shares: issues, stages, events, months and the two kinds of error.

A month is ``m = 12 * year + (month - 1)``; nothing inside the model knows a clock or a calendar library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from enum import IntEnum
from typing import TypeVar

import numpy as np

ISSUES = (
    "safeguards",
    "redress",
    "localisation",
    "security",
    "research_access",
    "infrastructure",
    "capacity",
    "hosting_control",
    "subsidy",
    "skills",
    "technology_transfer",
)
K = len(ISSUES)
OWN = "user_parts_"
"""How the names of packages that hold a user's parts begin."""
NEVER = 1_000_000
"""A month later than any run: the end of what has no end."""


class UserError(Exception):
    """The user asked for something that cannot be: one sentence, exit code 2."""


class ModelFault(Exception):
    """A rule of the model was broken from inside: our fault, exit code 1."""


_Enum = TypeVar("_Enum", bound=type[IntEnum])


def at_hand(names: _Enum) -> _Enum:
    """Spare the members of an enumeration two detours, which cost microseconds each and are met hundreds of times a month.

    Python 3.11 looks a member up on its class in several steps; from 3.12 on it is a plain attribute, as it is made here. NumPy asks a
    class for ``__array_ufunc__`` before it compares an array with a member, and enumerations are slow to say that they have none. With
    that of NumPy's own arrays they say so at once: it stands for no rule of one's own.
    """
    for name, member in names.__members__.items():
        type.__setattr__(names, name, member)
    type.__setattr__(names, "__array_ufunc__", np.ndarray.__array_ufunc__)
    return names


@at_hand
class Stage(IntEnum):
    """Stage in the legal life of an instrument, or of one party's adherence to it."""

    SIGNED = 0
    IN_FORCE = 1
    SUSPENDED = 2
    COMPLETED = 3
    EXPIRED = 4
    TERMINATED = 5
    ANNULLED = 6
    SUCCEEDED = 7
    RATIFIED = 8


@at_hand
class TalkStage(IntEnum):
    """Stage of a negotiation, which stays open over months."""

    OPEN = 0
    CONCLUDED = 1
    FAILED = 2


@at_hand
class SeatStage(IntEnum):
    """Standing of a party at a conference."""

    SEATED = 0
    LEFT = 1
    SIGNED = 2
    OUTVOTED = 3


@at_hand
class Event(IntEnum):
    """Kind of a row in the ledger."""

    CONTACT = 0
    NEGOTIATION_OPENED = 1
    NEGOTIATION_CONCLUDED = 2
    NEGOTIATION_FAILED = 3
    SIGNATURE = 4
    ENTRY_INTO_FORCE = 5
    COMPLETION = 6
    EXPIRY = 7
    TERMINATION = 8
    BOUND = 9
    MEMBERSHIP_BEGAN = 10
    MEMBERSHIP_ENDED = 11
    ACTION = 12
    RELEASED = 13
    ATTENDANCE = 14
    RATIFICATION = 15
    RATIFICATION_FAILED = 16
    SUSPENSION = 17
    RESUMPTION = 18
    CONTINUED = 19
    CONFERENCE_OPENED = 20
    CONFERENCE_LEFT = 21
    CONFERENCE_CONCLUDED = 22
    CONFERENCE_FAILED = 23
    ACCESSION = 24
    ACCESSION_REFUSED = 25
    DENUNCIATION = 26
    WITHDRAWAL = 27
    MOVE = 28
    DATED_EVENT = 29
    ANNULMENT = 30
    SUCCESSION = 31


@at_hand
class Reason(IntEnum):
    """Why a negotiation failed or a stage changed; 0 where no reason is called for."""

    NONE = 0
    NO_ZONE = 1
    NO_TEXT = 2
    DEADLINE = 3
    REFUSED = 4
    LAPSED = 5
    COMPETENCE_LOST = 6
    FUNDS_DISBURSED = 7
    TERM_ENDED = 8
    NO_WIN_SET = 9
    NOT_RATIFIABLE = 10
    NOT_RATIFIED = 11
    WITHDRAWN = 12
    TOO_FEW = 13
    WOULD_LOSE = 14
    OUTVOTED = 15
    LEFT_BLOC = 16
    LINKED_FELL = 17
    MISJUDGED = 18
    WALKED_AWAY = 19
    BARRED = 20
    OUTBID = 21
    NOT_EQUIVALENT = 22
    STRUCK_DOWN = 23
    REPLACED = 24
    NOT_CURED = 25
    IN_KIND = 26
    NEW_GOVERNMENT = 27
    OTHERS_LEFT = 28
    RENEWED = 29


@at_hand
class Institution(IntEnum):
    """Who must consent at home before a party is bound."""

    EXECUTIVE_ACT = 0
    MAJORITY = 1
    SUPERMAJORITY = 2
    BLOC_ASSENT = 3


@at_hand
class Channel(IntEnum):
    """How a contact is held."""

    VISIT = 0
    SUMMIT = 1
    CALL = 2
    VIDEO = 3
    MESSAGE = 4


@at_hand
class Rank(IntEnum):
    """Who holds a contact."""

    HEAD = 0
    MINISTER = 1
    OFFICIAL = 2


@at_hand
class Occasion(IntEnum):
    """What called for a contact."""

    ROUTINE = 0
    NEGOTIATION = 1
    PROSPECT = 2
    SUMMIT = 3
    ELECTION = 4


@at_hand
class Status(IntEnum):
    """Answer of a protocol on one problem."""

    OPEN = 0
    AGREED = 1
    NO_ZONE = 2
    NO_TEXT = 3
    DEADLINE = 4
    NO_WIN_SET = 5
    REFUSED = 6
    MISJUDGED = 7


@at_hand
class Flag(IntEnum):
    """How far a figure is from being known for its year; larger is weaker."""

    KNOWN = 0
    CARRIED = 1
    BACK_CAST = 2
    FILLED = 3
    DROPPED = 4


_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_index(label: str) -> int:
    """Turn ``"2019-01"`` into the month's number.

    Raises
    ------
    UserError
        If the label is not a year and a month.

    Examples
    --------
    >>> month_index("2019-01")
    24228
    """
    match = _MONTH.fullmatch(label) if isinstance(label, str) else None
    if match is None:
        raise UserError(f"month {label!r} is not of the form YYYY-MM, for example 2019-01")
    return 12 * int(match[1]) + int(match[2]) - 1


def month_label(month: int) -> str:
    """Turn a month's number into ``"YYYY-MM"``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def nearest(word: str, choices: Iterable[str]) -> str:
    """Name the valid choice nearest to a word, as the end of a sentence; all of them (or a few of many) where none is near."""
    known = sorted(choices)
    alike = [choice for choice in known if choice.lower() == word.lower()]
    close = alike or get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    if len(known) > 16:
        return f"{len(known)} are valid, such as {', '.join(known[:5])}"
    return f"valid are {', '.join(known)}" if known else "nothing is valid here"
