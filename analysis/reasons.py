"""Why these two, why not those two, in a report: the pairs that signed most, and those that would have gained most and did not sign.

The first seed of the run is lived again from its manifest, and asked in the month before each pair's talks opened, and at the end. That is
told only where this life has the digest that was stored. Who did not sign is told by reason: for each rule that bars, the pair that would
gain most together (USD a year, at the midway text) among those whom it bars; what one side would lose counts against it.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.store import StoredRun
from analysis.why import ways_of
from sim.registry import using
from sim.repeat.recorded import Recorded, recorded
from sim.repeat.rerun import reassembled
from sim.run import Watcher
from sim.seat.moves import moves_of
from sim.single import one_run
from sim.stakes.governments import led
from sim.stakes.payoffs import BP, midway_gains
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import World, clone
from sim.types import UserError, month_label
from sim.why import Side, TypeWhy, why

TITLE = "Why these two, why not those two"
SIGNED, OPENED = "signature", "negotiation_opened"
MOST_SIGNED, MOST_REASONS, MOST_ASKED, MOST_STATES = 3, 5, 600, 400
"""Pairs told that signed, reasons told for who did not, pairs asked for them, and states above which a run is not lived again."""


@dataclass(frozen=True)
class Case:
    """One pair and type: codes, what the model answers, when it was asked, and when the pair signed (None where it did not)."""

    one: str
    other: str
    kind: TypeWhy
    asked: int
    signed: int | None


class _Months(Watcher):
    """Keeps the world as it stood at the end of some months."""

    def __init__(self, months: Iterable[int]) -> None:
        self._wanted, self.worlds = set(months), dict[int, World]()

    def month(self, world: World) -> None:
        """Keep a month that is wanted."""
        if world.month - 1 in self._wanted:
            self.worlds[world.month - 1] = clone(world)


def section(run: StoredRun) -> str:
    """Return the part of a page on who signed and who did not; a sentence where the run cannot be lived again, empty without a ledger."""
    if not run.has_ledger:
        return ""
    if len(run.roster.codes) > MOST_STATES:
        asks = "python -m sim why FOLDER ONE OTHER tells any pair"
        return _whole(_said(f"With more than {MOST_STATES} states this is not told here; {asks}."))
    try:
        made, missed = cases(run)
    except UserError as fault:
        return _whole(_said(f"This cannot be told here: {fault}"))
    lead = (
        f"Seed {run.seeds[0]} lived again, and asked what each side would gain at the text halfway between what each would choose: by it "
        "parties appraise each other before they talk. Terms add up to the gain, in basis points of own GDP a year."
    )
    parts = [_reading(lead), "<h3>Who signed most</h3>"]
    parts += [_reading("By how often they signed in this run; among equals, who signed first."), *(_case(run, one) for one in made)]
    parts += [] if made else [_said("Nobody signed anything in this run.")]
    if missed:
        parts.append("<h3>Who would have gained, and did not sign</h3>")
        parts.append(_reading("For each reason the pair that would gain most together, as the run ends."))
    return _whole("".join([*parts, *(_case(run, one) for one in missed)]))


def cases(run: StoredRun) -> tuple[list[Case], list[Case]]:
    """Return the pairs that signed most and, by reason, those that gained most and did not sign.

    Raises
    ------
    UserError
        If the run cannot be lived again, or comes out otherwise.
    """
    known = recorded(run.folder)
    signed = _signed(run)
    chosen = _most(signed)
    last = int(run.months[-1])
    worlds = _lived(known, [last, *(max(opened - 1, int(run.months[0]) - 1) for *_, opened in chosen)])
    with using(worlds[last].setting.config.shelves):
        made = [
            Case(a, b, _of(worlds[opened - 1], a, b, name), opened - 1, month)
            for a, b, name, month, opened in chosen
            if opened - 1 in worlds
        ]
        done = {(frozenset((a, b)), name) for a, b, name, _, _ in signed}
        return made, _missed(worlds[last], done)


def _signed(run: StoredRun) -> list[tuple[str, str, str, int, int]]:
    """Return what two signed in the first run: codes, type, month, and the month in which their talks opened."""
    columns = ("party_a", "party_b", "type", "negotiation")
    rows = [row for at, row in run.told((SIGNED, OPENED), columns) if at == 0 and row["party_a"] and row["party_b"] and row["negotiation"]]
    opened = {row["negotiation"]: int(row["month"]) for row in rows if row["event"] == OPENED}
    return [
        (*sorted((str(row["party_a"]), str(row["party_b"]))), str(row["type"]), int(row["month"]), opened[row["negotiation"]])  # type: ignore[misc]
        for row in rows
        if row["event"] == SIGNED and row["negotiation"] in opened
    ]


def _most(signed: Sequence[tuple[str, str, str, int, int]]) -> list[tuple[str, str, str, int, int]]:
    """Choose the pairs that signed most often, the earliest first among equals, each by the last that it signed."""
    count = Counter((a, b) for a, b, *_ in signed)
    pairs = sorted(count, key=lambda pair: (-count[pair], next(k for k, one in enumerate(signed) if one[:2] == pair)))
    return [next(one for one in reversed(signed) if one[:2] == pair) for pair in pairs[:MOST_SIGNED]]


def _lived(known: Recorded, months: Sequence[int]) -> dict[int, World]:
    """Live the first seed of a run again and return its worlds at the ends of some months."""
    setting, kept = reassembled(known, False), _Months(months)
    seed = known.seeds[0]
    again = one_run(setting, seed, "scalars", moves=moves_of(known.manifest.get("moves") or []), watcher=kept)
    if again.digest != known.manifest["digests"][str(seed)]:
        raise UserError("lived again here, the run comes out otherwise than it was stored (python -m sim rerun FOLDER names what differs)")
    return kept.worlds


def _of(world: World, one: str, other: str, name: str) -> TypeWhy:
    return next(kind for kind in why(world, one, other).types if kind.name == name)


def _missed(world: World, done: set[tuple[frozenset[str], str]]) -> list[Case]:
    """For each rule that bars, and for none, return the pair that would gain most among those that it bars."""
    found: dict[str, Case] = {}
    codes = world.setting.codes
    for a, b, name in _richest(world)[:MOST_ASKED]:
        one, other = sorted((codes[a], codes[b]))
        if (frozenset((one, other)), name) in done or _bound(world, a, b, name):
            continue
        kind = _of(world, one, other, name)
        rule = kind.bars[0].rule if kind.bars else ""
        if kind.best is not None and rule not in found:
            found[rule] = Case(one, other, kind, world.month - 1, None)
        if len(found) == MOST_REASONS:
            break
    return list(found.values())


def _bound(world: World, a: int, b: int, name: str) -> bool:
    """Say whether an agreement of the type, or one that settles the same, is in force between two already."""
    t, edge = world.setting.type_names.index(name), world.setting.edges.find(a, b)
    return bool(any(world.in_force[s, edge] for s in (t, *np.flatnonzero(world.setting.rules_out[t]).tolist())))


def _richest(world: World) -> list[tuple[int, int, str]]:
    """Return pairs and types by what both would gain together, the most first: the better way of each, none that is worth nothing."""
    setting, edges = world.setting, world.setting.edges
    edge = np.flatnonzero(edges.rev >= 0).astype(np.int32)
    first, second, back = edges.row[edge], edges.col[edge], edges.rev[edge]
    found = []
    for t in np.flatnonzero(setting.negotiated).tolist():
        kind, groups = setting.types[t], Groups(first, second, edge, back, issues_of(setting))
        stakes = led(world, t, kind.coefficients(world, groups).dyads(), first, second)
        gains = np.where(np.asarray(kind.eligible(world, groups))[:, None], midway_gains(stakes), np.nan)
        both = (gains * np.stack([world.gdp[first], world.gdp[second]], axis=1) / BP).sum(axis=1)
        best: dict[tuple[int, int], float] = {}
        for at in np.flatnonzero(both > 0.0).tolist():
            pair = (min(int(first[at]), int(second[at])), max(int(first[at]), int(second[at])))
            best[pair] = max(best.get(pair, 0.0), float(both[at]))
        found += [(-usd, a, b, kind.name) for (a, b), usd in best.items()]
    return [(a, b, name) for _, a, b, name in sorted(found)]


def _whole(inner: str) -> str:
    return f'<section id="reasons"><h2>{TITLE}</h2>{inner}</section>'


def _reading(text: str) -> str:
    return f'<p class="reading">{html.escape(text)}</p>'


def _said(text: str) -> str:
    return f'<p class="finding">{html.escape(text)}</p>'


def _case(run: StoredRun, case: Case) -> str:
    """Return one pair: what happened, the bar that stood in the way, and each side's terms."""
    names, kind = run.roster, case.kind
    head = f"{names.name(case.one)} and {names.name(case.other)}: {kind.title[0].lower() + kind.title[1:]}"
    told = [f"<h4>{html.escape(head)}</h4>", _said(_story(run, case))]
    best = kind.best
    if best is not None and best.sides is not None:
        other = (
            ""
            if sum(way.sides is not None for way in ways_of(kind)) < 2
            else ": of the two ways to deal the roles, the one that leaves the worse-off side better"
        )
        told.append(_reading(_roles(run, best.sides) + other))
        told.append(f'<div class="sides">{"".join(_terms(run, side) for side in best.sides)}</div>')
    return f'<div class="pair">{"".join(told)}</div>'


def _roles(run: StoredRun, sides: tuple[Side, Side]) -> str:
    return ", ".join(f"{run.roster.name(side.party)} as {side.role}" for side in sides)


def _story(run: StoredRun, case: Case) -> str:
    names, places = run.roster, case.kind.places
    ranks = [
        f"{names.name(b)} was number {places[a]} among the hopes of {names.name(a)}"
        for a, b in ((case.one, case.other), (case.other, case.one))
        if places.get(a, 0) > 0
    ]
    when = f"As {month_label(case.asked)} ended"
    hopes = f" {'; '.join(ranks)}." if ranks else ""
    bars = [_named(run, case, bar.sentence) for bar in case.kind.bars]
    barred = f"what barred talks was: {'; '.join(bars)}." if bars else "no rule barred talks."
    if case.signed is not None:
        return f"Signed in {month_label(case.signed)}. {when}, before their talks opened, {barred}{hopes}"
    left = "" if bars else " Talks take a contact and a free desk on both sides, and those of whom they hope for more come first."
    return f"{when}, {barred}{hopes}{left}"


def _named(run: StoredRun, case: Case, sentence: str) -> str:
    """Put names of the two in place of their codes."""
    words = [run.roster.name(word) if word in (case.one, case.other) else word for word in sentence.split(" ")]
    return " ".join(words)


def _terms(run: StoredRun, side: Side) -> str:
    """Return one side's terms as a table whose middle column is a picture: gains to the right, losses to the left."""
    terms = sorted(side.terms, key=lambda term: -term.bp)
    values = [0.0, side.bp, *(term.bp for term in terms)]
    low, span = min(values), (max(values) - min(values)) or 1.0
    verb = "gains" if side.bp >= 0.0 else "loses"
    caption = f"{run.roster.name(side.party)} {verb} {abs(side.bp):.3g} bp of GDP a year ({_usd(abs(side.usd))})"
    rows = "".join(_row(term.title, term.bp, low, span, "") for term in terms) + _row("in all", side.bp, low, span, "sum")
    head = '<thead class="unseen"><tr><th scope="col">Term</th><th scope="col">Bar</th><th scope="col">bp of GDP a year</th></tr></thead>'
    return f'<table class="terms"><caption>{html.escape(caption)}</caption>{head}<tbody>{rows}</tbody></table>'


def _plus(value: float) -> str:
    return f"{value:+.3g}".replace("-", "\N{MINUS SIGN}") if value else "0"


def _usd(value: float) -> str:
    size, word = next(((size, word) for size, word in ((1e9, " billion"), (1e6, " million")) if value >= size), (1.0, ""))
    return f"{value / size:,.3g}{word} USD" if word else f"{value:,.0f} USD"


def _row(title: str, bp: float, low: float, span: float, cls: str) -> str:
    left, wide, zero = (100.0 * value / span for value in (min(bp, 0.0) - low, abs(bp), -low))
    colour = "gain" if bp >= 0.0 else "loss"
    bar = f'<i class="{colour}" style="left:{left:.2f}%;width:{wide:.2f}%"></i><u style="left:{zero:.2f}%"></u>'
    return (
        f'<tr class="{cls}"><th scope="row">{html.escape(title)}</th><td><span class="rail" aria-hidden="true">{bar}</span></td>'
        f"<td>{_plus(bp)}</td></tr>"
    )
