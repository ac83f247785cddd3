"""Three things that were seen when borders closed, and what the model says of each.

D3 checks the input, D4 what was put in; only D6 is an outcome. The bands are those of the sources.

Sources: Hale and others (2021), "A global panel database of pandemic policies", Nature Human Behaviour 5: 529-538, indicator C8; United
Nations, via press, for the General Assembly of 2020; Bjola and Manor (2022), International Affairs 98(2), for talks held online.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis import style
from analysis.paired.forcing import Forcing
from analysis.paired.pair import FORCING, Pair
from analysis.paired.table import ATTENDANCE
from analysis.store import Floats, StoredRun
from sim.types import month_index, month_label

SOURCES = (
    "Closure and D3: Hale and others (2021), A global panel database of pandemic policies, Nature Human Behaviour 5, indicator C8.",
    "D4: the United Nations on the General Assembly of 2020, via press: 119 heads of state by recorded video, 70 to 80 in other years.",
    "D6: Bjola and Manor (2022), International Affairs 98(2), on talks held online; the number of the band is ours.",
)
TOTAL = (("2020-04", 0.69), ("2020-08", 0.29), ("2020-12", 0.11))
WITHIN = 0.05
SEPTEMBER = "2020-09"
ATTENDED = (0.30, 0.90)
"""Band of the rise in attendance; 119 heads of state instead of 70 to 80 is a rise of about 50 to 70 per cent."""
FEWER = 0.6
CLOSED = 0.5
"""Mean closure from which on most meetings cannot be held."""
YEAR = 12


@dataclass(frozen=True)
class Fact:
    """A thing seen: its name, what was seen and its band, the model's number, whether it lies inside (None: cannot be told), a sentence."""

    name: str
    band: str
    found: str
    inside: bool | None
    sentence: str


def facts(pair: Pair) -> list[Fact]:
    """Return the facts that the pair can be asked about: none unless borders close in one world and not in the other."""
    if not pair.closed_borders:
        return []
    made = (_closure(pair.forced), _attendance(pair), _new_to_old(pair))
    return [fact for fact in made if fact is not None]


def listed(found: Sequence[Fact]) -> str:
    """Return the facts as an HTML table."""
    head = "".join(f'<th scope="col">{word}</th>' for word in ("What was seen", "Band", "Here", "Inside?"))
    body = "".join(
        f'<tr><th scope="row">{html.escape(f.name)}</th><td data-year="Band">{html.escape(f.band)}</td>'
        f'<td data-year="Here">{html.escape(f.found)}</td><td data-year="Inside?" class="verdict">{_verdict(f.inside)}</td></tr>'
        f'<tr class="why"><td colspan="4">{html.escape(f.sentence)}</td></tr>'
        for f in found
    )
    return f'<table class="facts"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _verdict(inside: bool | None) -> str:
    return "cannot be told" if inside is None else "inside" if inside else "outside"


def _closure(forced: Forcing | None) -> Fact:
    band = ", ".join(f"{style.number(share)} in {month}" for month, share in TOTAL) + f", each \N{PLUS-MINUS SIGN}{WITHIN:g}"
    name = "D3. Closure is fast and lifts slowly: share of states closed to all"
    if forced is None:
        return Fact(
            name, band, "unknown", None, "The tables that these runs were given are no longer at hand unchanged, so this is not checked."
        )
    shares = [forced.closed(month) for month, _ in TOTAL]
    if not all(n for _, n in shares):
        return Fact(name, band, "unknown", None, "The table given to these runs records no level in these months.")
    inside = all(abs(share - seen) <= WITHIN for (share, _), (_, seen) in zip(shares, TOTAL, strict=True))
    return Fact(
        name,
        band,
        ", ".join(f"{share:.2f}" for share, _ in shares),
        inside,
        f"A check of the input, not of the model: it says that the closure given to the {shares[0][1]} states with a record is the one the "
        "tracker recorded.",
    )


def _attendance(pair: Pair) -> Fact | None:
    at = np.flatnonzero(pair.months == month_index(SEPTEMBER))
    if ATTENDANCE not in pair.columns or not len(at):
        return None
    closed, base = (run.series(ATTENDANCE)[:, at[0]] for run in (pair.treated, pair.twin))
    name = f"D4. When nobody travels, more heads address the world assembly ({SEPTEMBER})"
    band = f"{style.share(ATTENDED[0])} to {style.share(ATTENDED[1])}; the UN counted about {style.share(0.5)} to {style.share(0.7)}"
    if not np.all(base > 0):
        return Fact(
            name, band, "unknown", None, "In some run nobody attends in the world with open borders, so there is no rise to speak of."
        )
    rise = closed / base - 1.0
    middle = float(np.median(rise))
    return Fact(
        name,
        band,
        _spread(rise, style.share),
        ATTENDED[0] <= middle <= ATTENDED[1],
        f"{closed.mean():.0f} heads instead of {base.mean():.0f} in the mean run. That attendance rises is a rule of the model (a recorded "
        "message costs no journey); the two numbers behind it were set with these very figures in view, so this is a check, not a test.",
    )


def _new_to_old(pair: Pair) -> Fact | None:
    name = "D6. Online, fewer talks begin for each old one concluded"
    band = f"below {FEWER:g} of what it was before"
    closed = pair.treated.series(FORCING).mean(axis=0) if FORCING in pair.columns else np.zeros(len(pair.months))
    from_ = np.flatnonzero(closed >= CLOSED)
    if not len(from_) or from_[0] < YEAR or from_[0] + YEAR > len(pair.months):
        return None
    first = int(pair.months[from_[0]])
    closed_ratio, open_ratio, before = _ratio(pair.treated, first), _ratio(pair.twin, first), _ratio(pair.treated, first - YEAR)
    known = np.isfinite(closed_ratio) & np.isfinite(open_ratio) & np.isfinite(before) & (open_ratio > 0) & (before > 0)
    if not known.any():
        return Fact(name, band, "unknown", None, "No run concludes talks that began before, so there is no ratio.")
    change = closed_ratio[known] / open_ratio[known]
    own, own_open = (float(np.median(r[known] / before[known])) for r in (closed_ratio, open_ratio))
    span = f"the year from {month_label(first)}"
    return Fact(
        name,
        band,
        _spread(change, lambda v: f"{v:.2f}"),
        float(np.median(change)) < FEWER,
        f"New talks per talk concluded that had begun earlier, in {span}, against the same months with open borders. Against the year "
        f"before, the ratio is {own:.2f}, but it is {own_open:.2f} with open borders too, because the first year opens the talks that "
        "were waiting; so only the difference between the worlds is counted. It partly echoes a rule: a video meeting rarely opens talks.",
    )


def _ratio(run: StoredRun, first: int) -> Floats:
    """Return talks opened in a year over talks concluded in it that had begun before it, (runs,); NaN where none was concluded."""
    opened, old = np.zeros(run.n_runs), np.zeros(run.n_runs)
    for row, began, month, concluded in run.talks:
        if first <= month < first + YEAR:
            if not concluded:
                opened[row] += 1
            elif began < first:
                old[row] += 1
    ratio: Floats = np.divide(opened, old, out=np.full(run.n_runs, np.nan), where=old > 0)
    return ratio


def _spread(values: Floats, write: Callable[[float], str]) -> str:
    """Write the median and the middle 80 per cent."""
    low, middle, high = (float(v) for v in np.quantile(values, [0.1, 0.5, 0.9]))
    return f"{write(middle)} ({write(low)} to {write(high)})" if len(values) > 1 else write(middle)
