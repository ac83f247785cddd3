"""The life of an agreement in words, for a terminal and for those who do not see the picture."""

from __future__ import annotations

from analysis import style
from analysis.life.record import Case, Lived, Moment
from analysis.store import StoredRun
from sim.types import month_label

LEVELS = ((0.02, "nothing"), (0.35, "little"), (0.65, "half"), (0.98, "much"))
"""Levels of an issue in words, each up to a bound; above the last, all of it."""


def level(value: float) -> str:
    """Return a level of an issue, index 0-1, in words."""
    return next((word for bound, word in LEVELS if value <= bound), "all")


def heading(run: StoredRun, one: Lived) -> str:
    """Return what an agreement is, between whom, and from when to when."""
    first, second = (run.roster.name(code) for code in one.parties)
    return f"{style.plain(one.type).capitalize()}, {first} and {second}, {span(one)}"


def span(one: Lived) -> str:
    """Return from when to when an agreement was in force, or why it never was."""
    if one.force is None:
        return f"signed {month_label(one.signed)}, never in force" if one.signed is not None else "never in force"
    return (
        f"in force {month_label(one.force)} to {month_label(one.ended)}"
        if one.ended is not None
        else f"in force since {month_label(one.force)}"
    )


def text(run: StoredRun, one: Lived) -> str:
    """Return the levels of an agreement's text in words; issues on which it asks for nothing are left out."""
    titles = run.words.get("issue", {})
    told = [f"{titles[issue]['title'].lower()}: {level(value)} ({value:.2f})" for issue, value in one.text.items() if value > LEVELS[0][0]]
    return "; ".join(told) or ("nothing is known of its text" if not one.text else "it asks for nothing")


def clauses(one: Lived) -> str:
    """Return what a text says of its own life."""
    said = one.clauses
    told = [
        f"runs for {style.plural(said.term, 'month')}" if said.term else "has no end of its own",
        f"goes on for {style.plural(said.renewal, 'month')} each time" if said.renewal else "",
        f"is reviewed every {style.plural(said.review, 'month')}" if said.review else "is not reviewed",
        f"can be left with {style.plural(said.notice, 'month')} of notice" if said.notice is not None else "says nothing of leaving",
        "has a procedure for disputes" if said.disputes else "has no procedure for disputes",
    ]
    return style.listed([one for one in told if one])


def carried(one: Lived) -> str:
    """Return what an agreement carried while it was in force."""
    told = []
    if one.carried:
        told.append(
            f"{usd(one.carried)} of digital trade between the two while in force, {usd(one.added) if one.added else 'none'} of it added"
        )
    if one.certified >= 1.0:
        told.append(f"{style.number(round(one.certified))} firms certified")
    return "; ".join(told) or "nothing that is recorded"


def worth(run: StoredRun, one: Lived) -> str:
    """Return what an agreement was worth to both sides, bp of own GDP a year."""
    names = [run.roster.name(code) for code in one.parties]
    told = []
    for pair, when in ((one.gain, "at signature"), (one.value, "when last looked at")):
        if pair is not None:
            told.append(f"{when} " + style.listed([f"{bp(value)} to {style.the(name)}" for value, name in zip(pair, names, strict=True)]))
    return "; ".join(told) or "not reckoned"


def bp(value: float) -> str:
    """Write basis points of GDP a year."""
    return f"{value:.2f}".replace("-", style.MINUS) + " bp"


def usd(value: float) -> str:
    """Write USD as a reader would."""
    size, word = next(
        ((size, word) for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")) if value >= size), (1.0, "")
    )
    return f"{value / size:,.3g}{word} USD" if word else f"{value:,.0f} USD"


def case(run: StoredRun, one: Case) -> str:
    """Return a case in court in words."""
    who = f"{one.plaintiff} complained in {month_label(one.filed)}"
    if one.outcome == "pending":
        return f"{who}; the ruling is due in {month_label(one.due)}"
    if one.outcome == "moot":
        return f"{who}; moot, for the agreement had ended or fallen by {month_label(one.due)}"
    passed = "" if one.margin is None or one.asked is None else (
        f": the text passed the tests by {one.margin:.2f}, and the court asked for {one.asked:.2f}".replace("-", style.MINUS)
    )  # fmt: skip
    court = f"the court of {style.the(run.roster.name(one.court))} " if one.court else "the court "
    return f"{who}; {one.outcome} in {month_label(one.due)} by {court.rstrip()}{passed}"


def moment(run: StoredRun, one: Moment) -> str:
    """Return what happened, with who and why."""
    reasons = run.words.get("reason", {})
    why = f", {reasons[one.reason]['title'].lower()}" if one.reason in reasons and one.reason != "none" else ""
    who = f" ({style.listed([run.roster.name(code) for code in one.parties[:1]])})" if one.event in BY_ONE and one.parties else ""
    return f"{one.said}{who}{why}"


BY_ONE = frozenset(("complaint", "ruling", "breach", "breach_found", "breach_cured", "denunciation", "notice_withdrawn", "ratification"))
"""Events that are one party's own: the court's, the breaker's, or who leaves."""


def lines(run: StoredRun, some: tuple[Lived, ...]) -> list[str]:
    """Return a chain of agreements in lines."""
    out: list[str] = []
    for one in some:
        out += [heading(run, one), f"  name: {one.name}"]
        if one.before:
            out.append(f"  replaces: {one.before}")
        out += [f"  text: {text(run, one)}", f"  clauses: it {clauses(one)}", f"  carried: {carried(one)}", f"  worth: {worth(run, one)}"]
        out += [f"  case: {case(run, each)}" for each in one.cases]
        out += [f"  {month_label(each.month)}  {moment(run, each)}" for each in one.moments]
        out.append("")
    return out[:-1]
