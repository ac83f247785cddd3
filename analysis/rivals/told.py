"""What the page and the finding both tell: the sentences that come first, and the one table, laid out as words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from analysis.backtest.evaluation import Line
from analysis.facts import Fact, Measure
from analysis.rivals.columns import Column
from analysis.rivals.result import AHEAD, ALONE, BEHIND, BOTH, LEVEL, NEITHER, RIVAL, UNKNOWN, Result
from analysis.rivals.words import listed, say, verdict
from analysis.validation.page import figure_of, interval_of
from analysis.validation.result import HOLDS, MISSED
from analysis.validation.words import unit
from analysis.validation.words import verdict as fact_verdict

NOTHING = "–"
_FACTS = {RIVAL: "says_rival", BOTH: "says_both", NEITHER: "says_neither", UNKNOWN: "says_unknown", ALONE: "says_alone"}
_RANKS = {BEHIND: "says_behind", LEVEL: "says_level", UNKNOWN: "says_not_ranked", AHEAD: "says_ahead"}


@dataclass(frozen=True)
class Cell:
    """A number of one theory: the words, what stands under them, and whether it is in band (None where that is no question)."""

    words: str
    under: tuple[str, ...] = ()
    held: bool | None = None


@dataclass(frozen=True)
class Row:
    """A row of the table: its name, what stands under it, and a cell a theory; ``last`` gives the verdict of its group."""

    name: str
    under: tuple[str, ...]
    cells: tuple[Cell, ...]
    last: bool = False


@dataclass(frozen=True)
class Group:
    """Rows under a heading."""

    heading: str
    rows: tuple[Row, ...]


def title(column: Column, language: str = "en") -> str:
    """Return the name of a theory."""
    return column.title if language == "en" else column.title_id


def heading(fact: Fact, language: str = "en") -> str:
    """Return the id and the name of a fact."""
    return f"{fact.id} {fact.title if language == 'en' else fact.title_id}"


def summary(result: Result, language: str = "en") -> str:
    """Return the finding in one sentence."""
    tested = [fact for fact in result.facts if fact.kind == "tested"]
    alone = sum(all(result.against(rival, fact) == ALONE for rival in result.rivals) for fact in tested)
    ahead = sum(result.ranks(rival) == AHEAD for rival in result.rivals)
    return say("finding", language).format(alone=alone, all=len(tested), ahead=ahead, rivals=len(result.rivals))


def sentences(result: Result, *, better: bool, language: str = "en") -> list[str]:
    """Return a sentence for each tested fact, and for who signs with whom: where the model does better than a rival, or no better.

    Each verdict names all rivals of which it is true.
    """
    told = _by_verdict(result, [result.ranks(rival) for rival in result.rivals], _RANKS, say("who", language), language)
    said = [words for word, words in told.items() if (word == AHEAD) == better]
    for fact in result.facts:
        if fact.kind == "tested":
            said += _of_fact(result, fact, better, language)
    return said


def groups(result: Result, language: str = "en") -> list[Group]:
    """Return the table: tested facts, who signs with whom, then what is no test."""
    facts = [(fact, _group(result, fact, language)) for fact in result.facts]
    tested = [group for fact, group in facts if fact.kind == "tested"]
    return [*tested, *_ranked(result, language), *(group for fact, group in facts if fact.kind != "tested")]


def _of_fact(result: Result, fact: Fact, better: bool, language: str) -> list[str]:
    """Return the sentences of a fact, then of its numbers that a reader would not expect from it."""
    whole = [result.against(rival, fact) for rival in result.rivals]
    said = [
        words for word, words in _by_verdict(result, whole, _FACTS, heading(fact, language), language).items() if (word == ALONE) == better
    ]
    blind = [rival for rival in result.rivals if all(result.same(rival, fact, measure) for measure in fact.measures)]
    if blind and said and not better:
        said[-1] = f"{said[-1]} {say('says_same', language).format(rivals=_names(result, blind, language))}"
    for measure in fact.measures:
        name = f"{heading(fact, language)}, {lowered(measure.title if language == 'en' else measure.title_id)}"
        one = [result.against(rival, fact, measure) for rival in result.rivals]
        apart = [word if word != all_ else "" for word, all_ in zip(one, whole, strict=True)]
        said += _by_verdict(result, apart, {word: _FACTS[word] for word in ((ALONE,) if better else (RIVAL,))}, name, language).values()
    return said


def lowered(words: str) -> str:
    """Write the first letter small, as inside a sentence; a name such as EU keeps it."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _by_verdict(result: Result, verdicts: Sequence[str], keys: Mapping[str, str], name: str, language: str) -> dict[str, str]:
    """Return a sentence a verdict, in the order in which they should trouble a reader; ``verdicts`` holds one a rival."""
    found = {word: [rival for rival, one in zip(result.rivals, verdicts, strict=True) if one == word] for word in keys}
    return {
        word: say(keys[word], language).format(fact=name, rivals=_names(result, some, language)) for word, some in found.items() if some
    }


def _names(result: Result, some: Sequence[Column], language: str) -> str:
    if len(some) == len(result.rivals) > 1:
        return say("every", language)
    return listed([lowered(title(one, language)) for one in some], language)


def _group(result: Result, fact: Fact, language: str) -> Group:
    rows = [_number(result, fact, measure, language) for measure in fact.measures]
    cells = [Cell(fact_verdict(result.model.facts[fact.id].verdict, language))]
    cells += [Cell(verdict(result.against(rival, fact), language)) for rival in result.rivals]
    rows.append(Row(say("whole_fact", language), (), tuple(cells), last=True))
    return Group(f"{heading(fact, language)} ({fact_verdict(fact.kind, language)})", tuple(rows))


def _number(result: Result, fact: Fact, measure: Measure, language: str) -> Row:
    name = measure.title if language == "en" else measure.title_id
    low, high = figure_of(measure.low), figure_of(measure.high)
    world = say("sign" if measure.number is None else "world", language).format(number=figure_of(measure.number))
    under = [f"{say('band', language).format(low=low, high=high)}; {world}"]
    if measure.kind:
        under.append(fact_verdict(measure.kind, language))
    cells = tuple(_cell(result, column, fact, measure, language) for column in result.columns)
    return Row(f"{name}, {unit(measure.unit, language)}", tuple(under), cells)


def _cell(result: Result, column: Column, fact: Fact, measure: Measure, language: str) -> Cell:
    line = result.number(column, fact, measure)
    if line is None or line.found is None:
        return Cell(NOTHING, (say("not_lived", language),))
    found = line.found
    inside, held = round(found.share * len(found.values)), line.verdict == HOLDS
    said = say("share", language).format(verdict=fact_verdict(line.verdict, language), some=inside, all=len(found.values))
    same = (say("same", language),) if column is not result.model and result.same(column, fact, measure) else ()
    interval = interval_of(found, language)
    under = (*(() if interval == NOTHING else (interval,)), said, *same)
    return Cell(figure_of(found.median), under, held if line.verdict in (HOLDS, MISSED) else None)


def _ranked(result: Result, language: str) -> list[Group]:
    if not result.lines:
        return []
    line = next(iter(result.lines.values()))
    name = say("backtest", language).format(signed=line.n_signed, all=f"{line.n_dyads:,}", random=thousandths(line.random))
    made: list[tuple[str, Callable[[Line], Cell]]] = [
        ("area", lambda one: _interval(one.area.value, one.area.low, one.area.high, language)),
        ("difference", lambda one: _interval(one.difference.value, one.difference.low, one.difference.high, language)),
        ("share_better", lambda one: Cell(percent(one.better))),
        ("least", lambda one: Cell(thousandths(one.least), (one.without,) if one.without else ())),
        ("hits", lambda one: Cell(figure_of(one.hits))),
        ("partner", lambda one: Cell(figure_of(one.partner))),
        ("dyads", lambda one: Cell(figure_of(result.dyads[one.scorer]))),
    ]
    rows = [Row(say(key, language), (), tuple(_of(result, column, cell) for column in result.columns)) for key, cell in made]
    cells = (Cell(NOTHING), *(Cell(verdict(result.ranks(rival), language)) for rival in result.rivals))
    return [Group(name, (*rows, Row(say("ranked", language), (), cells, last=True)))]


def _of(result: Result, column: Column, cell: Callable[[Line], Cell]) -> Cell:
    line = result.lines.get(column.name)
    return Cell(NOTHING) if line is None else cell(line)


def _interval(value: float, low: float, high: float, language: str) -> Cell:
    ends = () if low != low else (say("to", language).format(low=thousandths(low), high=thousandths(high)),)
    return Cell(thousandths(value), ends)


def thousandths(area: float) -> str:
    """Write an area, which is small, in thousandths.

    >>> thousandths(0.00355), thousandths(-0.0308)
    ('3.55', '−30.8')
    """
    return figure_of(1000.0 * area)


def percent(share: float) -> str:
    """Write a share in per cent, a dash where there is none."""
    return NOTHING if share != share else f"{100 * share:.0f} %"
