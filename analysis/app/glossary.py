"""The glossary: the page's own terms, every part of every shelf, every event, reason, occasion, channel and issue, and state of parts.

An entry of the page's own is English here and Indonesian in the catalogue; a part brings both itself. ``mechanism`` names the part whose
rules stand behind a term, so that the page can show them.
"""

from __future__ import annotations

from typing import Any

from analysis.app.declared import declared_state
from sim.consequences import told
from sim.ledger.words import vocabulary
from sim.registry import KINDS, current, shelf


def _(text: str) -> str:
    """Mark a text for the catalogue."""
    return text


TERMS: tuple[tuple[str, str, str, str], ...] = (
    ("agreement", _("Agreement"), _("What two or more parties have signed, with a text, from signature to its end."), "bargaining"),
    ("party", _("Party"), _("A state, or a bloc that speaks as one."), "roster"),
    ("bloc", _("Bloc"), _("A group of states that is a party itself where its members have given it the competence."), "roster"),
    ("regime", _("Privacy regime"), _("How strongly a state protects data against firms and against itself, and how far it controls where "
       "data lie; three numbers from 0 to 1."), "roster"),
    ("closure", _("Closure"), _("The share of meetings across borders that cannot be held in a month."), "disruption"),
    ("trust", _("Trust"), _("A party's belief, from 0 to 1, that another keeps its word; it grows with what is kept and fades."), "trust"),
    ("contact", _("Contact"), _("A visit, a meeting at a summit, a call, a video event or a message between two parties."), "contacts"),
    ("negotiation", _("Negotiation"), _("Talks between two parties on one type of agreement; they last months and end with a text or a "
       "reason."), "bargaining"),
    ("text", _("Text"), _("What an agreement says: a level from 0 to 1 for each issue."), "bargaining"),
    ("issue", _("Issue"), _("One thing a text settles, such as safeguards or where data must lie."), "bargaining"),
    ("ideal", _("Ideal point"), _("The level of an issue a side would choose alone."), "bargaining"),
    ("gain", _("Gain"), _("What a text brings a side over no agreement, in basis points of its GDP a year."), "bargaining"),
    ("welfare_now", _("Welfare today"), _("What all that is in force is worth to a party this month, over there being nothing: in basis "
       "points of its GDP a year, or in USD a year."), "welfare"),
    ("diversion", _("Trade diverted"), _("What others lose in trade when two free it with each other and buy less elsewhere."), "effects"),
    ("third_party", _("Third party"), _("A state that an agreement does not bind; what it loses by it is trade diverted."), "effects"),
    ("gini", _("Gini coefficient"), _("How unequally something falls on states: 0 where all have the same, near 1 where one has all."),
       "welfare"),
    ("basis_point", _("Basis point"), _("A hundredth of a per cent."), "bargaining"),
    ("frontier", _("Frontier"), _("The texts that cannot be bettered for one side without loss to the other."), "bargaining"),
    ("reservation", _("Reservation value"), _("The least a side signs for: no agreement, or its best alternative partner."), "bargaining"),
    ("zone", _("Zone of agreement"), _("The texts both sides prefer to their reservation values."), "bargaining"),
    ("nash_point", _("Nash point"), _("The text with the largest product of gains, weighed by bargaining power."), "bargaining"),
    ("ks_point", _("Kalai-Smorodinsky point"), _("The text that gives each side a share of the most it "
       "could hope for; the shares are as bargaining power, and equal where power is."), "bargaining"),
    ("offer", _("Offer"), _("A text one side puts forward in a round."), "bargaining"),
    ("ratification", _("Ratification"), _("The consent at home without which what was signed does not bind."), "ratification"),
    ("win_set", _("Win-set"), _("The texts that those who must consent at home would let pass."), "ratification"),
    ("power", _("Bargaining power"), _("How much a side's gains weigh at the table: capability, independence and the means to "
       "wait."), "bargaining"),
    ("protocol", _("Protocol"), _("The rule by which two sides come from their interests to a text."), "bargaining"),
    ("in_force", _("In force"), _("Binding: signed, consented to, and its day has come."), "entry"),
    ("capacity", _("Cloud capacity"), _("Data centres and cloud regions in a state, in megawatts."), "effects"),
    ("capability", _("Capability"), _("A mix of GDP, material capability and cloud capacity; 1 is the average state."), "roster"),
    ("seed", _("Seed"), _("The number that names a run's luck; the same seed gives the same luck to another world."), ""),
    ("twin", _("Twin"), _("Another world on the same luck, in which one thing is different."), ""),
    ("shock", _("Shock"), _("Something that befalls the world from outside, such as borders that close."), "disruption"),
    ("lever", _("Lever"), _("A number of a rule that may be changed within its bounds."), ""),
    ("assumed", _("Assumed"), _("Chosen by the authors for want of a source; change it and see what moves."), ""),
)  # fmt: skip


def glossary() -> dict[str, Any]:
    """Return the terms in order, each with title, definition, the mechanism behind it; parts, words and state under their own names.

    ``consequences`` are what agreement types do, once each, in both languages.
    """
    terms = [{"name": name, "title": title, "text": text, "mechanism": behind} for name, title, text, behind in TERMS]
    parts = [[kind, name] for kind in sorted(KINDS) for name in shelf(kind).names()]
    done = {one["name"]: one for name in shelf("agreement").names() for one in told(shelf("agreement").get(name))}
    said = [{key: one[key] for key in ("title", "title_id", "sentence", "sentence_id")} for _, one in sorted(done.items())]
    words = [[kind, name] for kind, names in vocabulary(current()).names.items() for name in names if (kind, name) != ("reason", "none")]
    return {"terms": terms, "parts": parts, "words": words, "state": declared_state(), "consequences": said}
