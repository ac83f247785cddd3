"""What a result found, in lines that fit a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.folder import assumed_parameters
from sim.params import Settings
from sim.run import Result
from sim.scenario import load_scenario
from sim.tested import inputs_told, sentence
from sim.types import month_label

WIDTH = 34


def summary(result: Result, chosen: Settings) -> str:
    """Put a result into words: what was run, agreements by type, contacts by channel, negotiations, inputs, digest.

    With many seeds each figure is the mean over seeds, with the smallest and the largest.
    """
    return "\n".join(
        [
            *_what(result, chosen),
            "",
            *_agreements(result),
            "",
            *_contacts(result),
            "",
            *_talks(result),
            "",
            *_targets(result),
            *_reading(result),
        ]
    )


def _what(result: Result, chosen: Settings) -> list[str]:
    setting = result.setting
    config, roster = setting.config, setting.roster
    first, last = chosen.seed, chosen.seed + chosen.seeds - 1
    months = config.end - config.start + 1
    blocs = f" and {len(roster.blocs)} bloc{'s' * (len(roster.blocs) != 1)} ({', '.join(roster.blocs)})" if roster.blocs else ""
    twin = " (counterfactual: no shocks)" if chosen.counterfactual else ""
    return [
        str(load_scenario(config.source).get("title", config.scenario)) + twin,
        _line("states", f"{len(roster.codes):,}{blocs}"),
        _line("months", f"{month_label(config.start)} to {month_label(config.end)} ({months})"),
        _line("protocol", config.protocol.title),
        *([_line("rival", config.rival.title)] if config.rival is not None else []),
        _line("seed" if first == last else "seeds", str(first) if first == last else f"{first} to {last}; figures: mean (least to most)"),
    ]


def _agreements(result: Result) -> list[str]:
    lines = [f"{'agreements':<{WIDTH}}{'signed':>20}{'in force at the end':>24}"]
    for one in result.setting.types:
        signed = _over(result, f"new_signatures_{one.name}") if one.negotiable else "-"
        lines.append(f"  {one.title:<{WIDTH - 2}}{signed:>20}{_over(result, f'in_force_{one.name}'):>24}")
    return lines


def _contacts(result: Result) -> list[str]:
    return ["contacts", *(_line(channel, _over(result, f"contacts_{channel}")) for channel in result.setting.words.channels)]


def _talks(result: Result) -> list[str]:
    lines = ["negotiations", *(_line(word, _over(result, f"negotiations_{word}")) for word in ("opened", "concluded", "failed"))]
    if not all(run.events for run in result.runs):
        return [*lines, "    (record=panels keeps the reasons)"]
    counts = [_reasons(run.events) for run in result.runs]
    for reason in sorted({reason for one in counts for reason in one}):
        lines.append(_line(f"  {reason.replace('_', ' ') or 'no reason given'}", _figures([one.get(reason, 0) for one in counts])))
    return lines


def _reasons(events: dict[str, Any]) -> dict[str, int]:
    failed = events["reason"][events["event"] == "negotiation_failed"]
    names, counts = np.unique(failed.astype(str), return_counts=True)
    return {str(name): int(count) for name, count in zip(names, counts, strict=True)}


def _reading(result: Result) -> list[str]:
    roster, first, more = result.setting.roster, result.runs[0], len(result.runs) > 1
    where = "in Result.setting.roster" if result.folder is None else "in manifest.json"
    return [
        _line("inputs assumed or from memory", f"{len(roster.assumed)}, named {where}"),
        *_back_cast(result),
        _line("fields with blanks filled", f"{len(roster.filled)}, named there too"),
        _line(
            "parameters assumed", f"{len(assumed_parameters(result.setting.config))}, named there too; python -m sim --help PART explains"
        ),
        _line("digest", f"{first.digest} (seed {first.seed}; the others {where})" if more else first.digest),
    ]


def _targets(result: Result) -> list[str]:
    """Say how the run compares with what the scenario's world is known to have done, where it says so."""
    lines = [f"  {sentence(one)}" for one in result.targets]
    return ["targets (nothing is fitted to them)", *lines, ""] if lines else []


def _back_cast(result: Result) -> list[str]:
    told = inputs_told(result.setting)
    if not told["illustrative"]:
        return []
    return [_line("illustrative", f"{len(told['fields'])} of {told['of']} fields are back-cast in {told['month']}: nothing here is tested")]


def _over(result: Result, column: str) -> str:
    return _figures([run.scalars[column] for run in result.runs])


def _figures(values: Sequence[float]) -> str:
    if len(values) == 1:
        return f"{values[0]:,.0f}"
    return f"{sum(values) / len(values):,.1f} ({min(values):,.0f} to {max(values):,.0f})"


def _line(name: str, text: str) -> str:
    return f"  {name:<{WIDTH - 2}}{text}"
