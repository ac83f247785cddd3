"""The part of a page that tells what a shock changed: two figures, the table of years, and what was seen in the world."""

from __future__ import annotations

import html

from analysis import style
from analysis.figures._multiples import Shade
from analysis.paired import facts as seen
from analysis.paired.figures import Picture, contacts, outcomes
from analysis.paired.pair import Pair
from analysis.paired.table import table
from sim.types import month_label


def title(pair: Pair) -> str:
    """Return what the part is called."""
    return "What closed borders changed" if pair.closed_borders else f"{style.plain(pair.treated.scenario).capitalize()} against its twin"


def lead(pair: Pair) -> str:
    """Say how the two worlds differ and what makes them comparable, as HTML."""
    return " ".join(html.escape(words) for words in (_worlds(pair), _sameness(pair), *_assumption(pair)))


def pictures(pair: Pair) -> list[Picture]:
    """Return the figures of the part."""
    first = pair.assumed_from
    shade = None if first is None else Shade(first, f"closure assumed, from {month_label(first)}")
    return [contacts(pair, shade), outcomes(pair, shade)]


def tables(pair: Pair) -> str:
    """Return the table of years and, where borders close, what was seen, each a section of HTML."""
    made = f'<section id="paired_years"><h3>Year by year</h3>{table(pair)}</section>'
    found = seen.facts(pair)
    if found:
        said = (
            "Three regularities of the real closure, with the bands of their sources. The first checks an input, the second what two "
            "parameters were set by; only the third is an outcome, and it partly echoes a rule of the model."
        )
        made += f'<section id="paired_facts"><h3>Beside what was seen</h3><p>{said}</p>{seen.listed(found)}</section>'
    return made


def sources(pair: Pair) -> tuple[str, ...]:
    """Return the sources of what the part compares the worlds with."""
    return seen.SOURCES if pair.closed_borders else ()


def _worlds(pair: Pair) -> str:
    runs = style.plural(pair.n_runs, "run")
    if not pair.closed_borders:
        return f"Each of {runs} of {pair.treated.id} is set against the run of {pair.twin.id} with the same seed, hence the same luck."
    return (
        f"From early 2020 borders close, state by state, as recorded. Each of {runs} is lived twice with the same luck, once with closed "
        "borders and once with open ones, so that every run is compared with itself."
    )


def _sameness(pair: Pair) -> str:
    if pair.parting is None:
        return "The two worlds are the same in every month."
    if pair.parting == int(pair.months[0]):
        return "The two worlds differ from the first month."
    until = month_label(pair.parting - 1)
    return f"Up to {until} the two worlds are the same to the last digit; all that differs afterwards follows from the shock."


def _assumption(pair: Pair) -> list[str]:
    words = []
    if pair.closed_borders and pair.forced is None:
        words.append("The table of closure given to these runs is no longer at hand unchanged, so assumed months are not marked.")
    elif pair.assumed_from is not None:
        words.append(
            f"The record ends before {month_label(pair.assumed_from)}: from there on the closure is assumed (shaded below, starred in "
            "the table) and falls with the world's stringency to open borders."
        )
    if pair.treated.manifest.get("source_digest") != pair.twin.manifest.get("source_digest"):
        words.append("The two folders were made by different versions of the model: part of the difference may be that.")
    return words
