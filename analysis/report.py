"""One page that needs no other machine: every figure of the shelf, the sentences computed from the run, and where it all comes from."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from analysis import dated, marks, reasons, style
from analysis.figures import Drawn, Key, parts
from analysis.footer import footer
from analysis.paired import part
from analysis.paired.pair import Pair
from analysis.store import StoredRun
from sim.files import write_text
from sim.types import UserError

FOLDER = Path(__file__).parent / "page"


def write(run: StoredRun, target: Path, pair: Pair | None = None) -> Path:
    """Write the report of a run folder, with what a shock changed where a pair is given, and return its path."""
    return write_page(page(run, pair), target)


def write_comparison(pair: Pair, target: Path) -> Path:
    """Write the page of a pair alone and return its path."""
    return write_page(comparison(pair), target)


def page(run: StoredRun, pair: Pair | None = None) -> str:
    """Return the whole page of a run as HTML, with the part of a pair after it where one is given."""
    shelf = [one for one in parts() if one.applies is None or one.applies(run)]
    missing = [] if run.has_ledger else [f"the {one.from_ledger}" for one in shelf if one.from_ledger]
    drawn = [(one, one.build(run)) for one in shelf if run.has_ledger or not one.from_ledger]
    sections = [section(one.name, one.title, one.reading(run), picture) for one, picture in drawn]
    if missing:
        sections.insert(0, _left_out(run, missing))
    sections += [told for told in (reasons.section(run), dated.section(run)) if told]
    figures = {one.name: picture.figure for one, picture in drawn}
    runs, lead = [run], _lead(run)
    if pair is not None:
        made, more = _paired(pair)
        sections.append(
            f'<div class="part" id="paired"><h2>{html.escape(part.title(pair))}</h2><p class="lead">{part.lead(pair)}</p></div>{made}'
        )
        figures |= more
        runs += [pair.treated, pair.twin]
        lead += f' Further down: <a href="#paired">{html.escape(_lowered(part.title(pair)))}</a>.'
    return whole(_title(run), lead, sections, figures, footer(runs, part.sources(pair) if pair is not None else ()))


def comparison(pair: Pair) -> str:
    """Return the whole page of a pair as HTML."""
    sections, figures = _paired(pair)
    heading = f"{part.title(pair)}: {style.plural(len(pair.treated.roster.codes), 'state')}, {_span(pair.treated)}"
    return whole(heading, part.lead(pair), [sections], figures, footer([pair.treated, pair.twin], part.sources(pair)))


def write_page(text: str, target: Path) -> Path:
    """Write a page and return its path.

    Raises
    ------
    UserError
        If the place cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_text(target, text)
    except OSError as fault:
        raise UserError(f"the page {target} cannot be written: {fault.strerror or fault}") from None
    return target


def _paired(pair: Pair) -> tuple[str, dict[str, go.Figure]]:
    """Return the sections of a pair and its figures by name."""
    pictures = part.pictures(pair)
    sections = "\n".join(section(one.name, one.title, one.sentence, one.drawn, "h3") for one in pictures)
    return sections + part.tables(pair), {one.name: one.drawn.figure for one in pictures}


def whole(title: str, lead: str, sections: Sequence[str], figures: Mapping[str, go.Figure], foot: str, language: str = "en") -> str:
    """Return a page in the house style.

    Parameters
    ----------
    title : str
    lead : str
        HTML under the title.
    sections : sequence of str
        HTML, each a section.
    figures : mapping of str to plotly figure
        By the name that its section has.
    foot : str
        HTML.
    language : str
        Of the page, as its browser should know it.
    """
    specs = {name: json.loads(figure.to_json()) for name, figure in figures.items()}
    return _filled(
        (FOLDER / "page.html").read_text(encoding="utf-8"),
        {
            "language": language,
            "title": html.escape(title),
            "heading": html.escape(title),
            "lead": lead,
            "style": _style(),
            "sections": "\n".join(sections),
            "footer": foot,
            "plotly": _inline(get_plotlyjs()),
            "figures": _inline(json.dumps(specs, separators=(",", ":"), ensure_ascii=False)),
            "dark": json.dumps(dict(style.DARK_OF)),
            "script": (FOLDER / "page.js").read_text(encoding="utf-8"),
        },
    )


def _title(run: StoredRun) -> str:
    return f"Cloud Diplomacy: {len(run.roster.codes)} states, {_span(run)}"


def _span(run: StoredRun) -> str:
    first, last = (int(run.months[k]) // 12 for k in (0, -1))
    return str(first) if first == last else f"{first} to {last}"


def _lowered(words: str) -> str:
    return words[0].lower() + words[1:]


def _lead(run: StoredRun) -> str:
    scenario = style.plain(run.scenario)
    world = "a world without shocks" if scenario == "baseline" else f"the scenario <em>{html.escape(scenario)}</em>"
    luck = f"{run.n_runs} runs that differ only in luck" if run.n_runs > 1 else "one run"
    return (
        f"States with different privacy laws, networks and power meet, bargain and sign agreements on data and clouds. This is {world}, "
        f"in {luck}: what a model does, not a forecast."
    )


def _left_out(run: StoredRun, missing: Sequence[str]) -> str:
    """Say which figures a folder without a ledger cannot have."""
    record = str(run.manifest.get("record", "series"))
    why = f"This run was recorded as {record}" if record != "panels" else "This folder has lost its ledger, events.parquet"
    need = "needs" if len(missing) == 1 else "need"
    return f'<section><p class="finding">{html.escape(f"{why}: {style.listed(missing)} {need} record=panels.")}</p></section>'


def section(name: str, title: str, sentence: str, drawn: Drawn, level: str = "h2") -> str:
    """Return the section of a figure: its title, place, legend, what it shows and how to read it."""
    over = f'<span class="key-title">{html.escape(drawn.legend_title)}</span>' if drawn.legend_title else ""
    legend = f'<div class="legend">{over}{"".join(_key(key) for key in drawn.legend)}</div>' if drawn.legend else ""
    height = int(drawn.figure.layout.height)
    return (
        f'<section id="{name}" class="{drawn.shape}"><{level}>{html.escape(title)}</{level}>'
        f'<div class="picture" id="figure-{name}" data-figure="{name}" style="height:{height}px" role="img" '
        f'aria-label="{html.escape(title)}. {html.escape(drawn.finding)}"></div>{legend}'
        f'<p class="finding">{html.escape(drawn.finding)}</p><p class="reading">{html.escape(sentence)}</p>{drawn.more}</section>'
    )


def _key(key: Key) -> str:
    if key.mark.startswith("event:"):
        icon = marks.icon(key.mark.removeprefix("event:"))
        return f'<span class="key" style="--key:var({_variable(key.colour)})">{icon}{html.escape(key.label)}</span>'
    return f'<span class="key"><i class="{key.mark}" style="--key:var({_variable(key.colour)})"></i>{html.escape(key.label)}</span>'


def _variable(colour: str) -> str:
    return f"--c{colour[1:7]}"


def _style() -> str:
    """Return the style sheet with every colour of both themes as a variable."""
    light = "".join(f"{_variable(colour)}:{colour};" for colour in style.DARK_OF)
    dark = "".join(f"{_variable(colour)}:{twin};" for colour, twin in style.DARK_OF.items())
    names = {
        "grid": style.GRID,
        "paper": style.PAPER,
        "ink": style.INK,
        "quiet": style.QUIET,
        "hairline": style.HAIRLINE,
        "link": style.BLUE,
        "gain": style.BLUE,
        "loss": style.ORANGE,
    }
    named = "".join(f"--{name}:var({_variable(colour)});" for name, colour in names.items())
    sizes = f"--small:{style.SMALL}px;--body:{style.BODY}px;--large:{style.LARGE}px;--huge:{style.HUGE}px;--font:{style.FONT};"
    sheet = (FOLDER / "page.css").read_text(encoding="utf-8")
    return f":root{{color-scheme:light dark;{light}{named}{sizes}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{sheet}"


def _inline(text: str) -> str:
    """Keep a script from being ended early by its own words."""
    return re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE)


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Put each value in the place of its ``{{name}}``, once, without looking inside what was put in."""
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values[match[1]], template)
