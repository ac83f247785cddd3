"""What a run's scenario brought on its dates, with the sources, and how the run compares with what that world is known to have done."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from analysis import style
from analysis.store import StoredRun

NO_RECORD = "No record is given with this scenario, so nothing here is compared with the world."
CLAIM = "Nothing is fitted to these; the mean over seeds is held against the band."


def section(run: StoredRun) -> str:
    """Return the part of a page on events, targets and back-cast inputs; empty where the run keeps no word of its scenario."""
    story = run.manifest.get("story")
    told = story if isinstance(story, Mapping) else {}
    events, targets = list(told.get("events") or ()), list(run.manifest.get("targets") or ())
    if not told:
        return ""
    compared = _targets(targets) if targets else f'<p class="reading">{NO_RECORD}</p>'
    parts = [_events(events) if events else "", compared, _back_cast(told.get("back_cast"))]
    whole = "".join(parts)
    return f'<section id="scenario"><h2>What the scenario says</h2>{whole}</section>' if whole else ""


def _events(events: list[Mapping[str, Any]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{html.escape(_span(one))}</th><td>{html.escape(str(one.get("note") or style.plain(str(one["kind"]))))}</td>'
        f"<td>{html.escape(str(one['source']))}</td></tr>"
        for one in events
    )
    return _table(("When", "What happened", "Source"), rows)


def _targets(targets: list[Mapping[str, Any]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{html.escape(style.plain(str(one["metric"])))}{_whose(one)}, {html.escape(_span(one))}</th>'
        f"<td>{html.escape(_band(one))}</td><td>{html.escape(_found(one))}</td><td>{html.escape(_verdict(one))}</td>"
        f"<td>{html.escape(str(one['source']))} ({html.escape(str(one['grade']))})</td></tr>"
        for one in targets
    )
    return f'<p class="reading">{CLAIM}</p>' + _table(("What was seen", "Band", "Here", "Met?", "Source (grade)"), rows)


def _table(head: tuple[str, ...], rows: str) -> str:
    return (
        f'<table class="facts"><thead><tr>{"".join(f"<th scope=col>{one}</th>" for one in head)}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _whose(one: Mapping[str, Any]) -> str:
    return f" of {html.escape(str(one['party']))}" if one.get("party") else ""


def _span(one: Mapping[str, Any]) -> str:
    return str(one["from"]) if one["from"] == one["until"] else f"{one['from']} to {one['until']}"


def _band(one: Mapping[str, Any]) -> str:
    band = f"{one['low']:g}" if one["low"] == one["high"] else f"{one['low']:g} to {one['high']:g}"
    return f"{band} {one['unit']}"


def _found(one: Mapping[str, Any]) -> str:
    if one["found"] is None:
        return "unknown"
    return f"{one['found']:.3g}" if one["least"] == one["most"] else f"{one['found']:.3g} ({one['least']:.3g} to {one['most']:.3g})"


def _verdict(one: Mapping[str, Any]) -> str:
    what = f"cannot be told: {one['why']}" if one["met"] is None else "met" if one["met"] else "missed"
    return f"{what}; illustrative, since {one['back_cast']:.0%} of the fields are back-cast then" if one["illustrative"] else what


def _back_cast(told: Any) -> str:
    if not isinstance(told, Mapping) or not told.get("illustrative"):
        return ""
    fields = ", ".join(style.plain(str(one)) for one in told["fields"])
    return (
        f'<p class="finding">These results are illustrative and count as untested: {len(told["fields"])} of {told["of"]} fields are '
        f"carried back to {html.escape(str(told['month']))} from later years ({html.escape(fields)}).</p>"
    )
