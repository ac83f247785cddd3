"""Two figures of a pair: contacts and what came of them, as monthly differences between the two worlds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis import style
from analysis.figures import Drawn
from analysis.figures._multiples import Row, Shade, draw
from analysis.figures.contacts_by_channel import PREFIX, colour_of, plural
from analysis.paired.pair import FORCING, Pair
from analysis.store import Floats
from sim.types import month_label

TALKS = {"negotiations_opened": ("Talks opened", style.BLUE), "negotiations_concluded": ("Talks concluded", style.GREEN)}
TRADE = "digital_trade"
BILLION = 1e9


@dataclass(frozen=True)
class Picture:
    """A finished figure of a pair: its name and title on the page, and a sentence on how to read it."""

    name: str
    title: str
    sentence: str
    drawn: Drawn


def contacts(pair: Pair, shade: Shade | None) -> Picture:
    """Draw the difference in each channel, under the closure itself where there is one."""
    rows = []
    if pair.closed_borders and FORCING in pair.columns:
        closed = pair.treated.series(FORCING)
        worst = int(np.argmax(closed.mean(axis=0)))
        lost = f"{closed[:, worst].mean() * 100:.0f}{style.PER_CENT}"
        beside = f"{lost} of meetings lost in {month_label(int(pair.months[worst]))}"
        rows.append(Row(closed, "Closure", "of meetings", style.BLACK, beside=beside))
    named = [name for name in pair.starting_with(PREFIX) if name in pair.treated.words["channel"]]
    for name in named:
        apart = pair.difference(PREFIX + name)
        title, hue = plural(pair.treated, name), colour_of(pair.treated, name)
        rows.append(Row(apart, title, "a month", hue, signed=True, beside=_furthest(pair, apart)))
    sentence = f"Contacts a month minus those {pair.against}, run by run on the same luck; zero means no difference."
    if pair.closed_borders:
        sentence += (
            " Closure is the share of meetings that cannot be held, the mean of states. That meetings fall and other channels rise is the "
            "rule of the shock itself; what the model adds is how much of each."
        )
    drawn = draw(pair, rows, _contacts_finding(pair, named), shade, "pair")
    return Picture("paired_contacts", "How governments talked instead", sentence, drawn)


def outcomes(pair: Pair, shade: Shade | None) -> Picture:
    """Draw the difference in talks (running totals), agreements in force, trade and reputation, where there is any."""
    rows = []
    for name, (words, colour) in TALKS.items():
        if name in pair.columns:
            rows.append(Row(np.cumsum(pair.difference(name), axis=1), f"{words}, in all", "", colour, signed=True))
    for name in pair.starting_with("in_force_"):
        words = f"{style.plain(name).capitalize()}s in force"
        rows.append(Row(pair.difference(f"in_force_{name}"), words, "", style.type_colour(name), signed=True))
    if TRADE in pair.columns:
        rows.append(Row(pair.difference(TRADE) / BILLION, "Digital trade", "USD bn a year", style.YELLOW, signed=True))
    if "reputation" in pair.columns:
        rows.append(Row(pair.difference("reputation") * 100, "Reputation", "% points", style.SKY, signed=True))
    moved = [row for row in rows if np.nanmax(np.abs(row.values), initial=0.0) > 0]
    sentence = (
        f"Counts and values minus those {pair.against}, run by run on the same luck; talks are running totals. Reputation is the mean "
        "belief, in per cent, that a state keeps its word. What is the same in both worlds has no row."
    )
    drawn = draw(pair, moved, _outcomes_finding(pair), shade, "pair")
    return Picture("paired_outcomes", "What became of talks, agreements and trade", sentence, drawn)


def _furthest(pair: Pair, apart: Floats) -> str:
    """Say the month in which the median difference is furthest from zero, and how far."""
    middle = np.median(apart, axis=0)
    at = int(np.argmax(np.abs(middle)))
    if middle[at] == 0:
        return "no difference in the middle pair in any month"
    return f"most in {month_label(int(pair.months[at]))}: {style.signed(float(middle[at]))} a month"


def _contacts_finding(pair: Pair, named: list[str]) -> str:
    if not named:
        return "No contacts by channel were recorded."
    if pair.parting is None:
        return "The two worlds are the same in every month."
    inside = pair.months >= pair.parting
    words = []
    for name in named:
        found = pair.estimate(PREFIX + name, inside)
        words.append(f"{plural(pair.treated, name).lower()} {style.signed(found.mean)} ({style.share(found.relative)})")
    totals = [sum(run.series(PREFIX + name)[:, inside].sum(axis=1) for name in named) for run in (pair.treated, pair.twin)]
    change = float(np.mean(totals[0] - totals[1]) / np.mean(totals[1]))
    whole = f"All together stay within 1{style.PER_CENT}" if abs(change) < 0.01 else f"All together change by {style.share(change)}"
    span = f"From {month_label(pair.parting)} to {month_label(int(pair.months[-1]))}"
    return f"{span}, in the mean of {style.plural(pair.n_runs, 'pair')}: {style.listed(words)}. {whole}."


def _outcomes_finding(pair: Pair) -> str:
    last = pair.months == pair.months[-1]
    if pair.parting is None:
        return "The two worlds are the same in every month."
    whole = pair.months >= pair.parting
    words = []
    for name, (title, _) in TALKS.items():
        if name in pair.columns:
            found = pair.estimate(name, whole)
            words.append(f"{style.signed(found.mean)} {title.lower()} ({style.share(found.relative)})")
    for name in pair.starting_with("in_force_"):
        found = pair.estimate(f"in_force_{name}", last)
        if found.mean:
            words.append(f"{style.signed(found.mean)} {style.plain(name)}s in force ({style.share(found.relative)})")
    told = f"By {month_label(int(pair.months[-1]))}, in the mean of pairs: {style.listed(words)}." if words else ""
    if TRADE in pair.columns:
        trade = pair.estimate(TRADE, last)
        sure = "more than luck alone would make it" if trade.clear else "no more than luck alone would make it"
        told += f" Digital trade is {style.signed(trade.mean / BILLION)} USD bn a year ({style.share(trade.relative)}), {sure}."
    return told.strip()
