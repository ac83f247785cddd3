"""The verb ``why``: what stood between two parties at the end of a month of a stored run, and what each would have gained, term by term.

The run is lived again from its manifest as far as the month, and asked (:mod:`sim.why`). Nothing is written but a table, if asked for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.doors.say import say, warn
from sim.files import write_text
from sim.params import folder_of
from sim.types import UserError, month_index, month_label, nearest

if TYPE_CHECKING:
    from sim.repeat.recorded import Recorded
    from sim.why import Why

VERB = "why"
KEYS = ("month", "seed", "csv", "trust")
DONE = 0
BAR_WIDTH = 12
FORM = f"python -m sim {VERB} FOLDER IDN EU [month=YYYY-MM] [seed=NUMBER] [csv=FILE.csv]"


def serve_why(words: Sequence[str]) -> int:
    """Tell why these two, or why not; return the exit code.

    Raises
    ------
    UserError
        If what was typed cannot be done: one sentence.
    """
    places, given = list[str](), dict[str, str]()
    for text in words[1:]:
        key, sign, value = text.partition("=")
        if not sign or Path(text).exists():
            places.append(text)
        elif key not in KEYS:
            raise UserError(f"{VERB} takes no {key}=; {nearest(key, KEYS)}")
        elif key in given:
            raise UserError(f"{VERB} takes one {key}=; it is given twice")
        else:
            given[key] = value
    if len(places) != 3:
        raise UserError(f"write {FORM}: the folder of a finished run and two parties; {len(places)} were given")
    if given.get("trust", "false") not in ("true", "false"):
        raise UserError(f"trust must be true or false, not {given['trust']!r}")
    from sim.repeat.recorded import recorded

    known = recorded(folder_of("FOLDER", places[0]))
    told = _asked(known, places[1], places[2], given)
    say(_text(told))
    if "csv" in given:
        say(f"table: {_written(told, given['csv'])}")
    return DONE


def _asked(known: Recorded, one: str, other: str, given: dict[str, str]) -> Why:
    from sim.registry import using
    from sim.repeat.lived import lived
    from sim.repeat.rerun import reassembled
    from sim.seat.moves import moves_of
    from sim.why import why

    seed = _seed(known, given)
    if known.parts is not None and given.get("trust") == "true":
        warn(f"note: trust=true runs the Python code in {known.parts}")
    setting = reassembled(known, given.get("trust") == "true")
    month = setting.config.end if "month" not in given else month_index(given["month"])
    if not setting.config.start <= month <= setting.config.end:
        there = f"{month_label(setting.config.start)} to {month_label(setting.config.end)}"
        raise UserError(f"month={given['month']} is none of this run's, which has {there}")
    for code in (one, other):
        # Before anything is lived: a misspelt party is answered at once.
        if code not in setting.codes:
            raise UserError(f"there is no party {code!r} in this run; {nearest(code, setting.codes)}")
    world = lived(setting, seed, month, moves_of(known.manifest.get("moves") or []))
    with using(setting.config.shelves):
        return why(world, one, other)


def _seed(known: Recorded, given: dict[str, str]) -> int:
    if "seed" not in given:
        return known.seeds[0]
    first, last = known.seeds[0], known.seeds[-1]
    if not given["seed"].isdigit() or int(given["seed"]) not in known.seeds:
        there = f"seed {first}" if first == last else f"seeds {first} to {last}"
        raise UserError(f"seed={given['seed']} is none of this run's, which has {there}")
    return int(given["seed"])


def _text(told: Why) -> str:
    """Write it for a terminal: for each type its bars in order, and for each side a term a line with a bar, gains to the right."""
    lines = [f"{told.one} and {told.other} at the end of {told.month} (bp: hundredths of one per cent of own GDP a year)"]
    for kind in told.types:
        lines += ["", f"{kind.title}: {'barred' if kind.bars else 'talks may open'}"]
        lines += [f"  {number}. {bar.sentence}" for number, bar in enumerate(kind.bars, 1)]
        for way in kind.ways:
            for side, other in zip(way.sides or (), (way.second, way.first), strict=False):
                size = max(abs(side.bp), *(abs(term.bp) for term in side.terms)) or 1.0
                lines.append(f"  {side.party} as {side.role} of {other}: {side.bp:+.3g} bp, {side.usd:+,.0f} USD a year")
                rows = [*sorted(((term.title, term.bp) for term in side.terms), key=lambda one: -one[1]), ("in all", side.bp)]
                wide = max(len(title) for title, _ in rows)
                lines += [f"    {title:<{wide}}  {_bar(bp / size)}  {bp:+.3g}" for title, bp in rows]
        ranks = [f"{one} ranks {other} {n}" for one, other, n in _places(told, kind.places) if n]
        lines += [f"  among the hopes of each: {', '.join(ranks)}"] if ranks else []
    return "\n".join(lines)


def _places(told: Why, places: object) -> list[tuple[str, str, int]]:
    known = dict(places) if isinstance(places, dict) else {}
    return [(one, other, known.get(one, 0)) for one, other in ((told.one, told.other), (told.other, told.one))]


def _bar(share: float) -> str:
    """Draw a share of -1 to 1 to the left or to the right of a line."""
    length = round(abs(share) * BAR_WIDTH)
    left, right = ("-" * length, "") if share < 0.0 else ("", "+" * length)
    return f"{left:>{BAR_WIDTH}}|{right:<{BAR_WIDTH}}"


def _written(told: Why, where: str) -> Path:
    """Write the terms as a table, a row a type, way, side and term."""
    path, rows = folder_of("csv", where), told.rows()
    if path.is_dir():
        raise UserError(f"csv={where} is a folder; name a file, for example csv={Path(where) / 'why.csv'}")
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["month", "type"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, out.getvalue())
    except OSError as fault:
        raise UserError(f"the table {path} cannot be written: {fault.strerror or fault}") from None
    return path
