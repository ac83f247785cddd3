"""The vocabulary of a run: every event, reason, occasion, channel and issue with its code, resolved from the parts of the run.

The words of :mod:`sim.types` have their codes there, whatever is added. What parts of ours add comes after them, and then what a user's
add, both sorted by name, so that a code depends on the set of parts alone. Two runs in one process may have other vocabularies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.declare.words import ChannelWord, EventWord, IssueWord, OccasionWord, ReasonWord, Word, told
from sim.types import ISSUES, Channel, Event, ModelFault, Occasion, Reason, UserError, nearest

SHIPPED: Mapping[str, tuple[str, ...]] = {
    "event": tuple(one.name.lower() for one in Event),
    "reason": tuple(one.name.lower() for one in Reason),
    "occasion": tuple(one.name.lower() for one in Occasion),
    "channel": tuple(one.name.lower() for one in Channel),
    "issue": ISSUES,
}
"""Names of the model's own words, in the order of their codes."""
TYPED: Mapping[str, Any] = {"event": Event, "reason": Reason, "occasion": Occasion, "channel": Channel}
MOST = 128
"""Codes of a kind that a column of the ledger holds (int8)."""
TAKEN = frozenset({
    "instrument", "type", "party_first", "party_second", "stage", "signed", "in_force", "ended", "gain_first", "gain_second", "commitment",
    "payment", "package", "term", "successor_of", "rounds", "months_of_talks", "run", "month", "negotiation", "step", "proposer",
    "utility_first", "utility_second",
    "to_frontier", "to_nash", "to_kalai_smorodinsky", "to_egalitarian", "surplus_share_first", "moving", "shared",
})  # fmt: skip
"""Columns of the tables of instruments and offers, which are no names for an issue: its levels are a column beside them."""
_KINDS: Mapping[str, type[Word]] = {one.kind: one for one in (EventWord, ReasonWord, OccasionWord, ChannelWord, IssueWord)}


class Code(int):
    """Code of a word that a part added; it has a name as the model's own codes have (``name`` in capitals)."""

    name: str

    def __new__(cls, code: int, name: str) -> Code:
        """Return a code that knows its name."""
        made = super().__new__(cls, code)
        made.name = name.upper()
        return made

    def __repr__(self) -> str:
        """Say the name and the code."""
        return f"<{self.name}: {int(self)}>"

    def __reduce__(self) -> Any:
        """Travel to another process."""
        return Code, (int(self), self.name.lower())


class Declared(NamedTuple):
    """A word and who declares it: ``where`` names the part, with its file and line where it is a user's (``own``)."""

    word: Word
    where: str
    own: bool


@dataclass(frozen=True)
class Vocabulary:
    """Words by kind, in the order of their codes.

    Attributes
    ----------
    words : dict of str to tuple of Word
        By kind: ``event``, ``reason``, ``occasion``, ``channel``, ``issue``.
    """

    words: Mapping[str, tuple[Word, ...]]

    @property
    def issues(self) -> tuple[str, ...]:
        """Names of the issues, in the order of the K axis."""
        return self.names["issue"]

    @property
    def events(self) -> tuple[str, ...]:
        """Names of the kinds of event, in the order of their codes."""
        return self.names["event"]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Names of the reasons, in the order of their codes; the first says that none is called for."""
        return self.names["reason"]

    @property
    def occasions(self) -> tuple[str, ...]:
        """Names of the occasions, in the order of their codes."""
        return self.names["occasion"]

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels, in the order of their codes."""
        return self.names["channel"]

    @cached_property
    def crises(self) -> NDArray[np.bool_]:
        """Say which kinds of event are a crisis for those whom they name, by code; to read only."""
        found = np.array([isinstance(word, EventWord) and word.crisis for word in self.words["event"]], dtype=np.bool_)
        found.setflags(write=False)
        return found

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Names by kind, in the order of their codes; to read only, for all who look at a run share them."""
        return MappingProxyType({kind: tuple(word.name for word in words) for kind, words in self.words.items()})

    @cached_property
    def codes(self) -> Mapping[str, Mapping[str, int]]:
        """Code of each name, by kind, to read only; the model's own as members of their enumeration."""
        every = self.names.items()
        return MappingProxyType(
            {kind: MappingProxyType({name: self.typed(kind, code) for code, name in enumerate(names)}) for kind, names in every}
        )

    def __getstate__(self) -> dict[str, Any]:
        """Travel with the words alone: the rest is made of them again."""
        return {"words": dict(self.words)}

    def code(self, kind: str, name: str) -> int:
        """Return the code of a word.

        Raises
        ------
        ModelFault
            If the run knows no such word.
        """
        try:
            return self.codes[kind][name]
        except KeyError:
            known = self.codes.get(kind, self.codes)
            raise ModelFault(f"this run knows no {kind} {name!r}; {nearest(str(name if kind in self.codes else kind), known)}") from None

    def typed(self, kind: str, code: int) -> Any:
        """Return a code with its name: a member of the model's own enumeration, or a :class:`Code`; of an issue its place on the K axis."""
        typed = TYPED.get(kind)
        if typed is None:
            return int(code)
        return typed(code) if 0 <= code < len(typed) else Code(code, self.names[kind][code])

    def word(self, kind: str, name: str) -> Word:
        """Return what is declared of a word."""
        return self.words[kind][self.code(kind, name)]

    def event(self, code: int) -> EventWord:
        """Return what is declared of a kind of event."""
        word = self.words["event"][code]
        assert isinstance(word, EventWord)
        return word

    def codes_where(self, kind: str, key: str, *values: Any) -> tuple[int, ...]:
        """Return the codes of a kind of which something is declared, as in ``codes_where("event", "listed", False)``."""
        return tuple(code for code, word in enumerate(self.words[kind]) if getattr(word, key) in values)

    @cached_property
    def added_channels(self) -> tuple[ChannelWord, ...]:
        """The channels that parts added, in the order of their codes, which follow the model's own."""
        return tuple(word for word in self.words["channel"][len(Channel) :] if isinstance(word, ChannelWord))

    def told(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return every word as plain values, by kind and name in the order of the codes: for manifests and pages."""
        return told(self.words)


def resolve(declared: Iterable[Declared]) -> Vocabulary:
    """Give every word its code.

    Parameters
    ----------
    declared : iterable of Declared
        In any order; two parts may share one declaration.

    Raises
    ------
    UserError, ModelFault
        If a user's part, or one of ours, takes a name that is taken, or there are more words of a kind than a column holds.
    """
    found: dict[tuple[str, str], Declared] = {}
    # Ours first: where a user's part takes a name of ours, it is the user's that is refused.
    for one in sorted(declared, key=lambda one: (one.own, one.word.kind, one.word.name, one.where)):
        key = (one.word.kind, one.word.name)
        if one.own and one.word.name in SHIPPED[one.word.kind]:
            raise _fault(one, f"{one.word.kind} {one.word.name!r} is one of the model's own; choose another name")
        if one.word.kind == "issue" and (one.word.name in TAKEN or one.word.name.startswith("contacts_")):
            raise _fault(one, f"issue {one.word.name!r} has the name of a column of the results; choose another name")
        before = found.setdefault(key, one)
        if before.word != one.word:
            raise _fault(one, f"{one.word.kind} {one.word.name!r} is also declared by {before.where}; choose another name")
    words: dict[str, tuple[Word, ...]] = {}
    for kind, shipped in SHIPPED.items():
        ours = [found[kind, name].word if (kind, name) in found else _bare(kind, name) for name in shipped]
        # Ours first, so that a user's part gives none of ours another number.
        some = (one for (of, name), one in found.items() if of == kind and name not in shipped)
        added = sorted(some, key=lambda one: (one.own, one.word.name))
        if len(ours) + len(added) > MOST:
            raise _fault(added[-1], f"there are {len(ours) + len(added)} words of the kind {kind}; {MOST} are the most that a run can hold")
        words[kind] = (*ours, *(one.word for one in added))
    return Vocabulary(words)


def _fault(one: Declared, sentence: str) -> Exception:
    return UserError(f"{one.where}: {sentence}") if one.own else ModelFault(f"{one.where}: {sentence}")


def _bare(kind: str, name: str) -> Word:
    """Return a word of ours whose declaration could not be loaded, as its part is broken: it goes by its name."""
    title = name.replace("_", " ").capitalize()
    return _KINDS[kind](name=name, title=title, title_id=title, sentence=f"{title}.", sentence_id=f"{title}.")
