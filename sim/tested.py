"""A result held against what its scenario's world is known to have done; what rests on back-cast inputs does not count as tested.

A field counts as back-cast in a month if the figure of more than half of the states is carried back further than its declaration allows.
Where more than half of the fields are, a result is illustrative (the as-of rule, :mod:`sim.data.figures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.data.codes import is_member, meant
from sim.folder import metric_words
from sim.recorder import RunData
from sim.registry import using
from sim.scenario import in_file, load_scenario
from sim.state.world import Setting
from sim.targets import Target, read
from sim.types import Flag, UserError, month_label, nearest

HALF = 0.5


def targets_of(setting: Setting, *, counterfactual: bool = False) -> tuple[Target, ...]:
    """Return the targets of a setting's scenario; a world without its shocks has none.

    Raises
    ------
    UserError
        If one names a column that is not there, or another unit than the column's: with file and line.
    """
    if counterfactual:
        return ()
    source = setting.config.source
    with using(setting.config.shelves):
        found = read(load_scenario(source).get("targets"))
    words = metric_words(setting) if found else {}
    for n, one in enumerate(found):
        if one.metric not in words:
            raise in_file(source, UserError(f"targets[{n}].metric: there is no column {one.metric!r}; {nearest(one.metric, words)}"))
        unit = words[one.metric]["unit"]
        if one.unit != unit:
            raise in_file(source, UserError(f"targets[{n}].unit cannot be {one.unit!r}: {one.metric} is given in {unit!r}"))
        if one.party and one.party not in setting.codes and not is_member(one.party):
            raise in_file(source, UserError(f"targets[{n}].party cannot be {one.party!r}; {meant(one.party, setting.codes)}"))
        if one.party and words[one.metric]["axis"] != "party":
            raise in_file(source, UserError(f"targets[{n}].party: {one.metric} is of the whole world, and of no party"))
    return found


def held_against(setting: Setting, targets: Sequence[Target], runs: Sequence[RunData]) -> list[dict[str, Any]]:
    """Compare runs with targets: the mean over seeds with the band.

    Returns
    -------
    list of dict
        Each target's own values, ``unit`` without "a month" where months are added up; ``found``, ``least`` and ``most`` over seeds;
        ``met`` (None where it cannot be told), ``why`` it cannot; ``back_cast``, the share of fields that are at its dates, and whether it
        is ``illustrative``.
    """
    words = metric_words(setting) if targets else {}
    return [{**one.tree(), **_verdict(setting, one, words[one.metric], runs)} for one in targets]


def _verdict(setting: Setting, one: Target, words: dict[str, str], runs: Sequence[RunData]) -> dict[str, Any]:
    share = share_back_cast(setting, one.first)
    told: dict[str, Any] = {"title": words["title"], "back_cast": share, "illustrative": share > HALF}
    if words["over_months"] == "sum" and one.last > one.first:
        # A sum over some months is of no month.
        told["unit"] = one.unit.removesuffix(" a month")
    months = runs[0].months
    inside = (one.first <= months) & (months <= one.last)
    if int(inside.sum()) != one.last - one.first + 1:
        return {**told, "found": None, "least": None, "most": None, "met": None, "why": "its months lie outside this run"}
    if one.party and one.party not in setting.codes:
        return {**told, "found": None, "least": None, "most": None, "met": None, "why": f"{one.party} takes no part in this run"}
    if one.party and not all(one.metric in run.panels for run in runs):
        return {**told, "found": None, "least": None, "most": None, "met": None, "why": "columns of one party need record=panels"}
    columns = [run.panels[one.metric][:, setting.party(one.party)] if one.party else run.series[one.metric] for run in runs]
    values = np.array([_over(column[inside], words["over_months"]) for column in columns])
    if not np.isfinite(values).all():
        return {**told, "found": None, "least": None, "most": None, "met": None, "why": "the column has no value then"}
    found, least, most = float(values.mean()), float(values.min()), float(values.max())
    told |= {"found": found, "least": least, "most": most, "why": ""}
    if one.low < one.high:
        return {**told, "met": bool(one.low <= found <= one.high)}
    if len(runs) < 2:
        return {**told, "met": None, "why": "one seed has no spread to hold a single value against"}
    return {**told, "met": bool(least <= one.low <= most)}


def _over(values: Any, how: str) -> float:
    return float(values[-1] if how == "last" else values.mean() if how == "mean" else values.sum())


def back_cast(setting: Setting, month: int) -> list[str]:
    """List the fields that are back-cast in a month for more than half of the states."""
    row = setting.roster.year_row(month)
    return [name for name, flags in sorted(setting.roster.flags.items()) if float((flags[row] == Flag.BACK_CAST).mean()) > HALF]


def share_back_cast(setting: Setting, month: int) -> float:
    """Return the share of fields that are back-cast in a month; the nearest month of the run stands for one outside it."""
    config = setting.config
    return len(back_cast(setting, min(max(month, config.start), config.end))) / max(1, len(setting.roster.flags))


def inputs_told(setting: Setting) -> dict[str, Any]:
    """Say for the manifest which fields are back-cast as the run begins, and whether that makes it illustrative."""
    fields = back_cast(setting, setting.config.start)
    every = len(setting.roster.flags)
    return {
        "month": month_label(setting.config.start),
        "fields": fields,
        "of": every,
        "illustrative": len(fields) > HALF * every,
    }


def sentence(verdict: dict[str, Any]) -> str:
    """Say a verdict in a sentence."""
    span = verdict["from"] if verdict["from"] == verdict["until"] else f"{verdict['from']} to {verdict['until']}"
    band = f"{verdict['low']:g}" if verdict["low"] == verdict["high"] else f"{verdict['low']:g} to {verdict['high']:g}"
    whose = f" of {verdict['party']}" if verdict.get("party") else ""
    head = f"{verdict['metric']}{whose}, {span}: {band} {verdict['unit']} (grade {verdict['grade']})"
    if verdict["found"] is None:
        return f"{head}; cannot be told: {verdict['why']}"
    spread = "" if verdict["least"] == verdict["most"] else f" ({verdict['least']:.3g} to {verdict['most']:.3g})"
    what = f"cannot be told: {verdict['why']}" if verdict["met"] is None else "met" if verdict["met"] else "missed"
    mark = f"; illustrative, not tested: {verdict['back_cast']:.0%} of the fields are back-cast then" if verdict["illustrative"] else ""
    return f"{head}; here {verdict['found']:.3g}{spread}: {what}{mark}"
