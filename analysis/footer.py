"""The foot of a page: where every number comes from, what was assumed, and the command that makes it again."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis import style
from analysis.paired.pair import said
from analysis.store import StoredRun
from sim.types import month_label

SOURCES = (
    "Agreements, alliances, memberships and the figures of each state: the tables in sim/data, whose sources and terms docs/data.md lists.",
    "Outlines: Natural Earth 4.1, 1:50m, public domain. Boundaries are de facto and imply no position on the status of any territory.",
    "Projection: Equal Earth (Savric, Patterson and Jenny 2019). Colours: Okabe and Ito (2008); cividis (Nunez and others 2018).",
)
LISTS = (("assumed", "Assumed inputs"), ("assumed_parameters", "Assumed parameters"), ("filled", "Filled inputs"))


def footer(runs: Sequence[StoredRun], sources: Sequence[str] = ()) -> str:
    """Return the foot of a page that shows these runs, as HTML; ``sources`` are those of a part of the page."""
    commands = html.escape("\n".join(_command(run) for run in runs))
    stated = _joined(str(word) for run in runs for word in run.manifest.get("sources", ()))
    lists = [("Sources", " open", (*stated, *sources, *SOURCES))]
    for key, words in LISTS:
        items = _joined(_words(item) for run in runs for item in run.manifest.get(key, ()))
        lists.append((f"{words} ({len(items)})", "", tuple(items)))
    folded = "".join(f"<details{state}><summary>{name}</summary>{_items(words)}</details>" for name, state, words in lists)
    return f"<h2>Where this comes from</h2><p>Repeat it with</p><pre><code>{commands}</code></pre><dl>{_told(runs)}</dl>{folded}"


def _told(runs: Sequence[StoredRun]) -> str:
    """List the facts of all runs: once where they share a value, otherwise a line a run."""
    rows = []
    for entries in zip(*(_facts(run) for run in runs), strict=True):
        values = [value for _, value in entries]
        shown = values[:1] if len(set(values)) == 1 else values
        rows.append(f"<dt>{html.escape(entries[0][0])}</dt><dd>{'<br>'.join(map(html.escape, shown))}</dd>")
    return "".join(rows)


def _facts(run: StoredRun) -> list[tuple[str, str]]:
    manifest = run.manifest
    versions = manifest.get("versions")
    listed = ", ".join(f"{name} {version}" for name, version in sorted(versions.items())) if isinstance(versions, Mapping) else ""
    return [
        ("Run", run.id),
        ("Scenario", run.scenario),
        ("Months", f"{month_label(int(run.months[0]))} to {month_label(int(run.months[-1]))}"),
        ("Seeds", said(run.seeds)),
        ("Digest of the configuration", str(manifest.get("config_digest", "not stated"))),
        ("Digest of the model and its data", str(manifest.get("source_digest", "not stated"))),
        ("Tables of the user's own", "; ".join(map(_words, manifest.get("replaced_tables", ()))) or "none"),
        ("Written by", run.writer),
        ("Commit", str(manifest.get("commit") or "none")),
        ("Versions", listed or "not stated"),
        ("Processor", str(manifest.get("cpu", "not stated"))),
        ("Finished", str(manifest.get("finished", "not stated"))),
    ]


def _command(run: StoredRun) -> str:
    """Return the command that makes the run again, with the interpreter of the checkout as the README has it."""
    many = f" seeds={len(run.seeds)}" if len(run.seeds) > 1 else ""
    stated = str(run.manifest.get("command") or f"python -m sim scenarios={run.scenario} seed={run.seeds[0]}{many}")
    return f".venv/bin/{stated}" if stated.startswith("python ") else stated


def _joined(words: Iterable[str]) -> list[str]:
    """Return each of the words once, in the order of first mention."""
    return list(dict.fromkeys(words))


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
