"""Scenarios: one YAML file each, on the shelf or a user's own, read as plain trees; a twin without shocks is made from the same file."""

from __future__ import annotations

import copy
import functools
import os
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from sim import targets
from sim.dated import kinds_of, said_by, untouched, within
from sim.older import turning
from sim.older.names import near
from sim.params import DEFAULTS, SCENARIO_ONLY, SETTINGS, Config, configure, month
from sim.reader import Document, decoded, read_yaml
from sim.registry import own_digest, using
from sim.scenario_file import beside, is_file, is_read, read
from sim.types import UserError, nearest

WORDS = ("title", "title_id", "story", "story_id", "question", "question_id")


@functools.cache
def scenario_names() -> tuple[str, ...]:
    """List the scenarios on the shelf."""
    return tuple(sorted(entry.name[:-5] for entry in resources.files("scenarios").iterdir() if entry.name.endswith(".yaml")))


def load_scenario(scenario: Any, *, counterfactual: bool = False) -> dict[str, Any]:
    """Read one scenario as a tree that :func:`sim.params.configure` takes.

    Parameters
    ----------
    scenario : str, path or mapping
        Its name on the shelf, a file that ends in ``.yaml`` or ``.yml``, or such a file as :func:`sim.scenario_file.read` returned it.
    counterfactual : bool
        Whether the twin is asked for: no shocks, and of the events only the marks, which change nothing. The background stays.

    Raises
    ------
    UserError
        If there is no such scenario, its file is empty, gives a name twice, lacks its words, holds anything that cannot be set, reads
        outside its folder, or the twin of a scenario without shocks is asked for.
    """
    known = of(scenario)
    name = known if isinstance(known, str) else known["name"]
    where, text, folder = _whole(known)
    tree = copy.deepcopy(_checked(where, name, text, isinstance(known, str), own_digest()))
    given = (tree.get("data") or {}).get("folder")
    if given is not None:
        try:
            tree["data"] = {**tree["data"], "folder": beside("data.folder", given, folder)}
        except UserError as fault:
            raise in_file(known, fault) from None
    if counterfactual:
        if not kinds_of(tree.get("shocks"), tree.get("events")):
            raise UserError(f"scenario {name!r} has no shocks, so it has no counterfactual: it is itself the world without shocks")
        tree = {**tree, "shocks": []} | ({"events": untouched(tree["events"])} if "events" in tree else {})
    return {**tree, "scenarios": known}


def as_written(scenario: Any) -> dict[str, Any]:
    """Return a scenario's tree in the names of now, without asking whether a run could be made of it: that may take a user's parts.

    Raises
    ------
    UserError
        If there is no such scenario, or its file cannot be read.
    """
    where, text, _ = _whole(of(scenario))
    try:
        return dict(turning.tree(_document(text).tree))
    except UserError as fault:
        raise UserError(f"{where}: {fault}") from None


def scenario_text(scenario: Any) -> str | None:
    """Return the text of a scenario's file, that on the shelf or one as it was read; None where there is none of that name."""
    return _whole(scenario)[1] if is_read(scenario) or scenario in scenario_names() else None


def in_the_run(tree: dict[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tree laid over its scenario without those of the scenario's events that its months leave out; typed events stay.

    Events are the scenario's also where a value of their shocks was set: they have its kinds, dates and sources.
    """
    events = base.get("events")
    if not events or said_by(tree.get("events")) != said_by(events) or all(tree.get(key) == base.get(key) for key in ("start", "end")):
        return tree
    start, end = (month(key, tree.get(key, DEFAULTS[key])) for key in ("start", "end"))
    return {**tree, "events": within(tree["events"], start, end, month)}


def of(scenario: Any) -> str | dict[str, str]:
    """Return what ``scenarios`` means: a name on the shelf, or a file as it was read.

    Raises
    ------
    UserError
        If it is neither.
    """
    if is_file(scenario):
        scenario = read(scenario)
    if is_read(scenario):
        if scenario["name"] in scenario_names():
            raise UserError(
                f"scenarios={scenario['file']}: {scenario['name']} is the name of a scenario on the shelf; give your file another name"
            )
        return dict(scenario)
    if not isinstance(scenario, str):
        raise UserError(f"scenarios must be the name of a scenario, not {scenario!r}")
    if scenario not in scenario_names():
        if os.path.isfile(scenario):
            raise UserError(f"scenarios={scenario} is a file whose name does not end in .yaml; a scenario of your own lies in a .yaml file")
        raise UserError(f"there is no scenario {scenario!r}; {near('scenario', scenario, scenario_names())}")
    return scenario


def in_file(scenario: Any, fault: UserError) -> UserError:
    """Return a fault with the file of its scenario, and the line it tells of where that is known."""
    where, text, _ = _whole(scenario)
    return UserError(f"{where}: {_document(text).located(fault)}")


def of_its_scenario(config: Config, fault: UserError) -> UserError:
    """Return a fault found as a run is assembled: with file and line where it tells of what the run's scenario itself sets."""
    head = re.match(r"\w+", str(fault))
    key = "data" if str(fault).startswith("the folder of tables") else head[0] if head else ""
    try:
        with using(config.shelves):
            tree = load_scenario(config.source)
            if key not in tree or configure(tree).tree.get(key) != config.tree.get(key):
                return fault
    except UserError:
        return fault
    return in_file(config.source, fault)


def words_of(scenario: Any) -> dict[str, Any]:
    """Return what a scenario says of itself, for manifests and pages: its words, what it rests on, and its sources."""
    tree = load_scenario(scenario)
    told: dict[str, Any] = {word: " ".join(tree[word].split()) for word in WORDS}
    sources = [str(one) for one in tree.get("sources") or ()]
    return {**told, "illustrative": " ".join(str(tree.get("illustrative") or "").split()), "sources": sources}


def _whole(known: Any) -> tuple[str, str, Path]:
    """Return a scenario's file as it is named in messages, its text, and the folder it lies in."""
    if not isinstance(known, str):
        return known["file"], known["text"], Path(known["file"]).parent
    shelf = resources.files("scenarios")
    try:
        return f"scenarios/{known}.yaml", decoded(shelf.joinpath(f"{known}.yaml").read_bytes()), Path(str(shelf))
    except OSError as fault:
        raise UserError(f"scenarios/{known}.yaml cannot be read: {fault.strerror or fault}") from None
    except UserError as fault:
        raise UserError(f"scenarios/{known}.yaml cannot be read: {fault}") from None


@functools.cache
def _document(text: str) -> Document:
    return read_yaml(text)


# The user's parts are a key of the cache because a scenario may name one of them.
@functools.cache
def _checked(where: str, name: str, text: str, shelved: bool, _parts: str) -> dict[str, Any]:
    try:
        document = _document(text)
    except UserError as fault:
        raise UserError(f"{where}: {fault}") from None
    try:
        tree: dict[str, Any] = dict(turning.tree(document.tree))
        _check_keys(tree)
        for key in WORDS:
            if key not in tree and not shelved and key.endswith("_id"):
                tree[key] = tree[key.removesuffix("_id")]
            if not isinstance(tree.get(key), str) or not tree[key].strip():
                both = " in English and Indonesian (_id)" if shelved else ""
                raise UserError(f"{key} is missing: every scenario has its title, story and question{both}")
        sources = tree.get("sources")
        if sources is not None and (not isinstance(sources, list) or not all(isinstance(one, str) for one in sources)):
            raise UserError(f"sources must be a list of words, not {sources!r}")
        twin = tree.get("counterfactual_of")
        if twin is not None and (twin == name or twin not in scenario_names()):
            others = [one for one in scenario_names() if one != name]
            raise UserError(f"counterfactual_of names {twin!r}, which is no other scenario; {nearest(str(twin), others)}")
        config = configure({**tree, "scenarios": name})
        for n, one in enumerate(tree.get("events") or ()):
            if shelved and one.get("note") and not one.get("note_id"):
                raise UserError(f"events[{n}] has a note and no note_id: on the shelf it is said in English and Indonesian")
        targets.read(tree.get("targets"), config.start, config.end)
    except UserError as fault:
        raise UserError(f"{where}: {document.located(fault)}") from None
    return tree


def _check_keys(tree: Mapping[str, Any]) -> None:
    known = [*(key for key in DEFAULTS if key != "scenarios"), *SCENARIO_ONLY]
    for key in tree:
        if key == "parts":
            raise UserError("parts cannot be named by a scenario, since they are code; type parts=FOLDER beside scenarios=")
        if key in SETTINGS or key == "scenarios":
            raise UserError(f"{key} belongs to a run and not to a scenario; type {key}=VALUE beside scenarios=, or say it in a study")
        if key not in known:
            raise UserError(f"there is no setting {key!r}; {near('setting', str(key), known)}")


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay one tree over another: named values join, everything else is replaced; so is a part by one of another name."""
    if "name" in base and over.get("name", base["name"]) != base["name"]:
        return dict(over)
    joined = dict(base)
    for key, value in over.items():
        known = joined.get(key)
        joined[key] = merge(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return joined
