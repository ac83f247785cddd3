"""What an agent sees of its dealings: light frozen views, made when asked for and never kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.types import Channel, Rank, Stage


@dataclass(frozen=True)
class Regime:
    """A party's law on data, as three documented numbers (0 to 1).

    Attributes
    ----------
    protection_firms, protection_state : float
        Protection of personal data against firms, and against the state.
    localisation : float
        Control over where data lie.
    """

    protection_firms: float
    protection_state: float
    localisation: float


@dataclass(frozen=True)
class Contact:
    """One contact of this month, as the party that opened it sees it.

    Attributes
    ----------
    partner : str
        Code of the other party.
    channel : Channel
        A :class:`sim.declare.vocabulary.Code` for a channel that a part adds; either has a ``name``.
    rank : Rank
        Who holds it.
    """

    partner: str
    channel: Channel
    rank: Rank


@dataclass(frozen=True)
class Negotiation:
    """Talks, as one of the two sides sees them.

    Attributes
    ----------
    identity : str
        Type, sorted codes of the founding parties, month opened.
    type : str
        Agreement type.
    partner : str
        Code of the other side.
    role : str
        One's own role, for example ``"host"``.
    side : int
        Place of that role, 0 or 1.
    opened : str
        Month, ``YYYY-MM``.
    n_contacts : int
        Contacts so far that gave rounds.
    payment : float
        Side payment I would get with the text on the table (basis points of my GDP a year); negative where I pay.
    rest : tuple of (Negotiation, mapping of str to float)
        Talks that make one package with these, with their text: neither comes without the other. The leading ones are seen first.
    succeeds : int
        The number in the ledger of the agreement that a new one would replace, -1 for none.
    """

    identity: str
    type: str
    partner: str
    role: str
    side: int
    opened: str
    n_contacts: int
    payment: float = 0.0
    rest: tuple[tuple[Negotiation, Mapping[str, float]], ...] = ()
    succeeds: int = -1

    @property
    def halves(self) -> tuple[Negotiation, ...]:
        """These talks, and those that make one package with them."""
        return (self, *(other for other, _ in self.rest))


@dataclass(frozen=True)
class Conference:
    """A table of many parties, or the treaty they made, as one of them or somebody who thinks of joining sees it.

    Attributes
    ----------
    identity : str
        Type, code of who called it (or of the bloc whose members meet), month opened.
    type : str
        Agreement type.
    members : tuple of str
        Who would be, or is, party to the treaty, oneself perhaps among them.
    opened : str
        Month, ``YYYY-MM``.
    treaty : int
        The treaty's number in the ledger, -1 before there is one.
    side : int
        Always 0: all parties are alike.
    payment : float
        Always 0: no side payments are made among many.
    """

    identity: str
    type: str
    members: tuple[str, ...]
    opened: str
    treaty: int = -1
    side: int = 0
    payment: float = 0.0

    @property
    def halves(self) -> tuple[Conference, ...]:
        """A treaty of many comes alone."""
        return (self,)


@dataclass(frozen=True)
class Agreement:
    """An instrument, as one of those bound by it sees it.

    Attributes
    ----------
    identity : str
        Type, sorted codes of the founding parties, month opened (of a listed instrument: month signed).
    type : str
        Agreement type.
    partners : tuple of str
        Signatories on the other side; of a treaty of many, all others that ever joined it.
    role : str
        One's own role, for example ``"undertaker"``.
    stage : Stage
        Of one's own adherence.
    text : mapping of str to float
        Level of each issue of the type, 0 to 1; NaN where it was never coded.
    signed, in_force : str or None
        Months, ``YYYY-MM``; None where it has not come to that.
    bound_by : str or None
        The bloc through which one is bound without having signed.
    """

    identity: str
    type: str
    partners: tuple[str, ...]
    role: str
    stage: Stage
    text: Mapping[str, float]
    signed: str | None
    in_force: str | None
    bound_by: str | None
