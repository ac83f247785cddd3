"""Words that a part adds to a run: events, reasons, occasions, channels and issues, each said in English and in Indonesian.

A part that raises them carries them: ``words: ClassVar = (event("cable_cut", ...), issue("latency", ...))``. Nothing else is edited:
the ledger in words, the page, the glossary, the help and the manifest read what is declared here (:mod:`sim.declare.vocabulary`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.types import ModelFault, nearest

MARKS = (
    "", "circle", "ring", "plus", "tick", "cross", "down", "square", "box", "diamond", "full_diamond", "slashed", "crossed_box", "bolt",
    "bars", "check", "right", "arrow", "arrow_to_bar", "broken", "chevrons",
)  # fmt: skip
"""Shapes of an event on the page's axis of time and in figures; none for one that is not drawn there. Each differs without its colour."""
FALLEN = ("cross", "slashed", "crossed_box", "broken")
"""Shapes that are red besides: something fell."""
LANES = ("made", "kept", "ended")
"""Rows of that axis: what is made, what it lives through, what ends or fails."""
PUBLIC = ("everyone", "everyone_but_why", "those_it_names")
"""Who reads of an event in a game: everyone, everyone but its reason, or only the parties it names."""
FILLED = ("party_a", "party_b", "type", "talk", "instrument", "conference", "channel", "rank", "occasion", "reason", "value")
"""Columns of the ledger that an event may fill, beside its month and its kind."""
COLOURS = ("black", "blue", "orange", "green", "vermilion", "sky", "pink", "yellow")
"""Colours of a channel on the page and in figures (:mod:`analysis.style`)."""
NEEDS = ("distance", "summit", "borders", "bandwidth", "digital_government")
"""What thins out the use of a channel: distance, no shared summit, closed borders, little bandwidth, little digital government."""
_SAID = ("title", "title_id", "sentence", "sentence_id")


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of the vocabulary.

    Attributes
    ----------
    name : str
        As it stands in tables, in small letters, digits and _.
    title, title_id : str
        What it is called in English and in Indonesian.
    sentence, sentence_id : str
        What it means, in one sentence of each language.
    """

    kind: ClassVar[str]
    name: str
    title: str
    title_id: str
    sentence: str
    sentence_id: str

    def told(self) -> dict[str, Any]:
        """Return the word as plain values, for manifests and pages."""
        return {key: getattr(self, key) for key in _SAID}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How an event is drawn and said where its row holds one of some values, or gives one of some reasons.

    Attributes
    ----------
    mark : str
        One of ``MARKS``.
    said, said_id : str
        What has happened, in English and in Indonesian.
    values : tuple of float
        Values of the row that call for it.
    reasons : tuple of str
        Names of reasons that call for it.
    """

    mark: str
    said: str
    said_id: str
    values: tuple[float, ...] = ()
    reasons: tuple[str, ...] = ()

    def fits(self, value: float | None, reason: str) -> bool:
        """Say whether a row with a value (None where it has none) and a reason is shown so."""
        return value in self.values or reason in self.reasons

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"mark": self.mark, "said": self.said, "said_id": self.said_id, "values": list(self.values), "reasons": list(self.reasons)}


@dataclass(frozen=True, kw_only=True)
class EventWord(Word):
    """A kind of row in the ledger.

    Attributes
    ----------
    columns : tuple of str
        Which of ``FILLED`` a row of this kind may fill.
    public : str
        One of ``PUBLIC``.
    mark, lane : str
        One of ``MARKS`` and of ``LANES``: how it is drawn on the axis of time.
    said, said_id : str
        What has happened, beside its mark, as in "signed"; the title where it says nothing.
    listed : bool
        False for what happens too often to be told one by one in films.
    ends : bool
        Whether the instrument that it names is no longer in force afterwards.
    crisis : bool
        Whether it is a crisis for the parties that it names, and so an occasion for others' words (:mod:`sim.mechanisms.occasions`).
    shown : tuple of Shown
        Marks and words of its own for some values or reasons; the first that fits a row is taken.
    """

    kind: ClassVar[str] = "event"
    columns: tuple[str, ...] = ()
    public: str = "those_it_names"
    mark: str = ""
    lane: str = "kept"
    said: str = ""
    said_id: str = ""
    listed: bool = True
    ends: bool = False
    crisis: bool = False
    shown: tuple[Shown, ...] = ()

    def told(self) -> dict[str, Any]:
        """Return the word as plain values."""
        plain = {key: getattr(self, key) for key in ("public", "mark", "lane", "said", "said_id", "listed", "ends")}
        return {**super().told(), **plain, **({"shown": [one.told() for one in self.shown]} if self.shown else {})}


@dataclass(frozen=True, kw_only=True)
class ReasonWord(Word):
    """Why a negotiation failed or a stage changed.

    Attributes
    ----------
    in_vain : bool
        Whether talks that fail for it cost both sides trust (:mod:`sim.mechanisms.trust.rule`).
    """

    kind: ClassVar[str] = "reason"
    in_vain: bool = False


class OccasionWord(Word):
    """What called for a contact."""

    kind: ClassVar[str] = "occasion"


@dataclass(frozen=True, kw_only=True)
class ChannelWord(Word):
    """How a contact is held.

    The numbers of the channels that the model brings are parameters of the mechanisms contacts, bargaining and trust; a channel that a
    part adds carries its own.

    Attributes
    ----------
    plural, plural_id : str
        What many of them are called.
    colour : str
        One of ``COLOURS``.
    hours : float
        Hours that a contact takes whoever opens it, without the journey.
    needs : tuple of str
        Which of ``NEEDS`` thin its use out; one that needs distance takes the hours of a journey both ways.
    starts : float
        How readily it starts talks, 0 to 1.
    rounds : int
        Rounds of talks that one contact gives; higher ranks give more, as on other channels.
    trust : float
        Evidence, in pieces, that one contact gives each side of the other's good faith.
    keeps : float
        How far one contact keeps trust, as a share of a visit.
    source : str
        Where the numbers come from; ``"assumed"`` is an honest source.
    """

    kind: ClassVar[str] = "channel"
    plural: str = ""
    plural_id: str = ""
    colour: str = "black"
    hours: float = 1.0
    needs: tuple[str, ...] = ()
    starts: float = 0.0
    rounds: int = 0
    trust: float = 0.0
    keeps: float = 0.0
    source: str = "assumed"

    def told(self) -> dict[str, Any]:
        """Return the word as plain values."""
        return {**super().told(), "plural": self.plural, "plural_id": self.plural_id, "colour": self.colour}


class IssueWord(Word):
    """One thing a text settles, at a level from 0 to 1."""

    kind: ClassVar[str] = "issue"


def event(
    name: str, title: str = "", title_id: str = "", sentence: str = "", sentence_id: str = "", *, columns: tuple[str, ...] = (),
    public: str = "those_it_names", mark: str = "", lane: str = "kept", said: str = "", said_id: str = "", listed: bool = True,
    ends: bool = False, crisis: bool = False, shown: tuple[Shown, ...] = (),
) -> EventWord:  # fmt: skip
    """Declare a kind of event; see :class:`EventWord`.

    Raises
    ------
    ModelFault
        If a language is missing, or a mark, a lane, a column or a public is none.
    """
    where = f"event {name!r}"
    _among(where, "public", (public,), PUBLIC)
    _among(where, "mark", (mark,), MARKS)
    _among(where, "lane", (lane,), LANES)
    _among(where, "columns", columns, FILLED)
    for one in shown:
        _among(where, "mark", (one.mark,), MARKS)
        if not one.said.strip() or not one.said_id.strip() or not (one.values or one.reasons):
            raise ModelFault(f"{where}: each of its shown has said, said_id, and values or reasons that call for it")
    if bool(said) != bool(said_id):
        raise ModelFault(f"{where} has {'said' if said else 'said_id'} in one language only; both are expected, or neither")
    word = EventWord(
        **_said("event", name, title, title_id, sentence, sentence_id), columns=columns, public=public, mark=mark, lane=lane, said=said,
        said_id=said_id, listed=listed, ends=ends, crisis=crisis, shown=tuple(shown),
    )  # fmt: skip
    return word


def reason(
    name: str, title: str = "", title_id: str = "", sentence: str = "", sentence_id: str = "", *, in_vain: bool = False
) -> ReasonWord:
    """Declare a reason; see :class:`ReasonWord`.

    Raises
    ------
    ModelFault
        If a language is missing.
    """
    return ReasonWord(**_said("reason", name, title, title_id, sentence, sentence_id), in_vain=in_vain)


def occasion(name: str, title: str = "", title_id: str = "", sentence: str = "", sentence_id: str = "") -> OccasionWord:
    """Declare an occasion of contacts; see :class:`OccasionWord`.

    Raises
    ------
    ModelFault
        If a language is missing.
    """
    return OccasionWord(**_said("occasion", name, title, title_id, sentence, sentence_id))


def channel(
    name: str, title: str = "", title_id: str = "", sentence: str = "", sentence_id: str = "", *, plural: str = "", plural_id: str = "",
    colour: str = "black", hours: float = 1.0, needs: tuple[str, ...] = (), starts: float = 0.0, rounds: int = 0, trust: float = 0.0,
    keeps: float = 0.0, source: str = "assumed",
) -> ChannelWord:  # fmt: skip
    """Declare a channel of contacts with the numbers that the mechanisms read of it; see :class:`ChannelWord`.

    Raises
    ------
    ModelFault
        If a language is missing, a colour or a need is none, or a number lies out of bounds.
    """
    where = f"channel {name!r}"
    _among(where, "colour", (colour,), COLOURS)
    _among(where, "needs", needs, NEEDS)
    numbers = (
        ("hours", hours, 0.05, 48.0), ("starts", starts, 0.0, 1.0), ("rounds", rounds, 0.0, 20.0), ("trust", trust, 0.0, 2.0),
        ("keeps", keeps, 0.0, 1.0),
    )  # fmt: skip
    for what, value, low, high in numbers:
        if not low <= value <= high:
            raise ModelFault(f"{where}: {what} = {value!r} lies outside {low:g} to {high:g}")
    if not plural or not plural_id:
        plural, plural_id = title, title_id
    return ChannelWord(
        **_said("channel", name, title, title_id, sentence, sentence_id), plural=plural, plural_id=plural_id, colour=colour, hours=hours,
        needs=needs, starts=starts, rounds=rounds, trust=trust, keeps=keeps, source=source,
    )  # fmt: skip


def issue(name: str, title: str = "", title_id: str = "", sentence: str = "", sentence_id: str = "") -> IssueWord:
    """Declare an issue of agreements; see :class:`IssueWord`.

    Raises
    ------
    ModelFault
        If a language is missing.
    """
    return IssueWord(**_said("issue", name, title, title_id, sentence, sentence_id))


def told(words: Mapping[str, tuple[Word, ...]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return words by kind and name as plain values, in the order of their codes."""
    return {kind: {word.name: word.told() for word in some} for kind, some in words.items()}


def _said(kind: str, name: str, title: str, title_id: str, sentence: str, sentence_id: str) -> dict[str, Any]:
    """Return what every word says, once it is complete."""
    if not isinstance(name, str) or not name.isidentifier() or name != name.lower():
        raise ModelFault(f"{kind} {name!r} must have a name in small letters, digits and _")
    said = dict(zip(_SAID, (title, title_id, sentence, sentence_id), strict=True))
    for key, text in said.items():
        if not isinstance(text, str) or not text.strip():
            language = "Indonesian" if key.endswith("_id") else "English"
            raise ModelFault(f"{kind} {name!r} lacks {key}: its {key.removesuffix('_id')} in {language} is expected")
    return {"name": name, **said}


def _among(where: str, what: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    for one in given:
        if one not in known:
            raise ModelFault(f"{where}: {what} cannot be {one!r}; {nearest(str(one), [word for word in known if word])}")
