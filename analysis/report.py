"""One page that needs no other machine: every figure of the shelf, the sentences computed from the run, and where it all comes from."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from analysis import style
from analysis.figures import Drawn, Key, Part, parts
from analysis.store import StoredRun
from sim.types import month_label

FOLDER = Path(__file__).parent / "page"
SOURCES = (
    "Agreements, alliances, memberships and the figures of each state: the tables in sim/data, whose sources and terms docs/data.md lists.",
    "Outlines: Natural Earth 4.1, 1:50m, public domain. Boundaries are de facto and imply no position on the status of any territory.",
    "Projection: Equal Earth (Savric, Patterson and Jenny 2019). Colours: Okabe and Ito (2008); cividis (Nunez and others 2018).",
)


def write(run: StoredRun, target: Path) -> Path:
    """Write the report of a run folder and return its path."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(run), encoding="utf-8", newline="\n")
    return target


def page(run: StoredRun) -> str:
    """Return the whole page as HTML."""
    drawn = [(part, part.build(run)) for part in parts()]
    specs = {part.name: json.loads(picture.figure.to_json()) for part, picture in drawn}
    return _filled(
        (FOLDER / "page.html").read_text(encoding="utf-8"),
        {
            "title": html.escape(_title(run)),
            "heading": html.escape(_title(run)),
            "lead": _lead(run),
            "style": _style(),
            "sections": "\n".join(_section(part, picture) for part, picture in drawn),
            "footer": _footer(run),
            "plotly": _inline(get_plotlyjs()),
            "figures": _inline(json.dumps(specs, separators=(",", ":"), ensure_ascii=False)),
            "dark": json.dumps(dict(style.DARK_OF)),
            "script": (FOLDER / "page.js").read_text(encoding="utf-8"),
        },
    )


def _title(run: StoredRun) -> str:
    first, last = (int(run.months[k]) // 12 for k in (0, -1))
    span = str(first) if first == last else f"{first} to {last}"
    return f"Cloud Diplomacy: {len(run.roster.codes)} states, {span}"


def _lead(run: StoredRun) -> str:
    scenario = style.plain(str(_scenario(run)))
    world = "a world without shocks" if scenario == "baseline" else f"the scenario <em>{html.escape(scenario)}</em>"
    luck = f"{run.n_runs} runs that differ only in luck" if run.n_runs > 1 else "one run"
    return (
        f"States with different privacy laws, networks and power meet, bargain and sign agreements on data and clouds. This is {world}, "
        f"in {luck}: what a model does, not a forecast."
    )


def _section(part: Part, drawn: Drawn) -> str:
    title = f'<span class="key-title">{html.escape(drawn.legend_title)}</span>' if drawn.legend_title else ""
    legend = f'<div class="legend">{title}{"".join(_key(key) for key in drawn.legend)}</div>' if drawn.legend else ""
    height = int(drawn.figure.layout.height)
    return (
        f'<section id="{part.name}" class="{drawn.shape}"><h2>{html.escape(part.title)}</h2>'
        f'<div class="picture" id="figure-{part.name}" data-figure="{part.name}" style="height:{height}px" role="img" '
        f'aria-label="{html.escape(part.title)}. {html.escape(drawn.finding)}"></div>{legend}'
        f'<p class="finding">{html.escape(drawn.finding)}</p><p class="reading">{html.escape(part.sentence)}</p></section>'
    )


def _key(key: Key) -> str:
    return f'<span class="key"><i class="{key.mark}" style="--key:var({_variable(key.colour)})"></i>{html.escape(key.label)}</span>'


def _variable(colour: str) -> str:
    return f"--c{colour[1:7]}"


def _style() -> str:
    """Return the style sheet with every colour of both themes as a variable."""
    light = "".join(f"{_variable(colour)}:{colour};" for colour in style.DARK_OF)
    dark = "".join(f"{_variable(colour)}:{twin};" for colour, twin in style.DARK_OF.items())
    names = {"paper": style.PAPER, "ink": style.INK, "quiet": style.QUIET, "hairline": style.HAIRLINE, "link": style.BLUE}
    named = "".join(f"--{name}:var({_variable(colour)});" for name, colour in names.items())
    sizes = f"--small:{style.SMALL}px;--body:{style.BODY}px;--large:{style.LARGE}px;--huge:{style.HUGE}px;--font:{style.FONT};"
    sheet = (FOLDER / "page.css").read_text(encoding="utf-8")
    return f":root{{color-scheme:light dark;{light}{named}{sizes}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{sheet}"


def _footer(run: StoredRun) -> str:
    """Return where the numbers come from and how to have them again."""
    manifest = run.manifest
    versions = ", ".join(f"{name} {version}" for name, version in sorted(_mapping(manifest.get("versions")).items()))
    facts = [
        ("Run", run.id),
        ("Scenario", str(_scenario(run))),
        ("Months", f"{month_label(int(run.months[0]))} to {month_label(int(run.months[-1]))}"),
        ("Seeds", _seeds(run.seeds)),
        ("Digest of the configuration", str(manifest.get("config_digest", "not stated"))),
        ("Digest of the model and its data", str(manifest.get("source_digest", "not stated"))),
        ("Commit", str(manifest.get("commit") or "none")),
        ("Versions", versions or "not stated"),
        ("Processor", str(manifest.get("cpu", "not stated"))),
        ("Finished", str(manifest.get("finished", "not stated"))),
    ]
    rows = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in facts)
    assumed, filled, parameters = (tuple(manifest.get(key, ())) for key in ("assumed", "filled", "assumed_parameters"))
    lists = (
        ("Sources", " open", (*map(str, manifest.get("sources", ())), *SOURCES)),
        (f"Assumed inputs ({len(assumed)})", "", map(_words, assumed)),
        (f"Assumed parameters ({len(parameters)})", "", map(_words, parameters)),
        (f"Filled inputs ({len(filled)})", "", map(_words, filled)),
    )
    folded = "".join(f"<details{state}><summary>{name}</summary>{_items(words)}</details>" for name, state, words in lists)
    command = html.escape(_command(run))
    return f"<h2>Where this comes from</h2><p>Repeat it with</p><pre><code>{command}</code></pre><dl>{rows}</dl>{folded}"


def _seeds(seeds: Sequence[int]) -> str:
    run_on = tuple(seeds) == tuple(range(seeds[0], seeds[0] + len(seeds)))
    return f"{seeds[0]} to {seeds[-1]}" if run_on and len(seeds) > 1 else ", ".join(map(str, seeds))


def _command(run: StoredRun) -> str:
    """Return the command that makes the run again."""
    stated = run.manifest.get("command")
    if stated:
        return str(stated)
    many = f" seeds={len(run.seeds)}" if len(run.seeds) > 1 else ""
    return f"python -m sim scenarios={_scenario(run)} seed={run.seeds[0]}{many}"


def _scenario(run: StoredRun) -> str:
    config = _mapping(run.manifest.get("config"))
    return str(config.get("scenario", "unnamed"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _words(item: Any) -> str:
    """Say an entry of the manifest's lists, whether it is a sentence, a pair or a table."""
    if isinstance(item, dict):
        return "; ".join(f"{style.plain(str(key))}: {value}" for key, value in item.items())
    if isinstance(item, Sequence) and not isinstance(item, str):
        return ": ".join(style.plain(str(word)) for word in item)
    return str(item)


def _items(words: Iterable[str]) -> str:
    listed = "".join(f"<li>{html.escape(word)}</li>" for word in words)
    return f"<ul>{listed}</ul>" if listed else "<p>None.</p>"


def _inline(text: str) -> str:
    """Keep a script from being ended early by its own words."""
    return re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE)


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Put each value in the place of its ``{{name}}``, once, without looking inside what was put in."""
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values[match[1]], template)
