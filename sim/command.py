"""The command that repeats a result, as it can be pasted into a shell: everything that differs from the scenario as it stands.

Values are written so that Hydra's grammar reads back the very same: words that it would take for something else (``null``, ``1e3``,
``007``) and words with signs stand in quotes, and each word of the command is then quoted for the shell. Paths are absolute, so that the
command may be given from any folder.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import Any

from sim.params import STATED_WHERE_GIVEN, Config, Settings, configure
from sim.registry import using
from sim.scenario import load_scenario

PATHS = ("data.folder", "parts", "moves")
_SAFE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*|\d{4}-(0[1-9]|1[0-2])")
_TAKEN = {"null", "true", "false", "nan", "inf"}
_AFTER_BACKSLASHES = re.compile(r"(\\*)('|\Z)")


def command(config: Config, chosen: Settings, game: Path | None = None, *, absolute: bool = True) -> str:
    """Write the command that repeats a result.

    ``absolute=False`` leaves the name of the game's file as it is: where it will lie is for who saves it to say.

    ``game`` is the file that holds the moves of a played seat, where there are any, or the manifest of the run. Where a word cannot be
    typed (a path with ``${`` in it) the command repeats the run from that manifest.
    """
    with using(config.shelves):
        plain = configure(load_scenario(config.source, counterfactual=chosen.counterfactual)).tree
        words = [
            f"scenarios={config.scenario if config.file is None else config.file['file']}",
            *_differences(plain, config.tree, ""),
            f"seed={chosen.seed}",
        ]
    if chosen.seeds > 1:
        words.append(f"seeds={chosen.seeds}")
    if chosen.counterfactual:
        words.append("counterfactual=true")
    if chosen.record != "panels":
        words.append(f"record={chosen.record}")
    if chosen.parts is not None:
        words.append(f"parts={path_word(str(chosen.parts))}")
    if chosen.moves and game is not None:
        words.append(f"moves={path_word(str(game)) if absolute else game}")
    if game is not None and any("${" in word for word in words):
        words = ["rerun", os.path.abspath(game), *(["trust=true"] if chosen.parts is not None else [])]
    return "python -m sim " + " ".join(shlex.quote(word) for word in words)


def _differences(plain: dict[str, Any], tree: dict[str, Any], path: str) -> list[str]:
    words = []
    if path == "protocol." and plain["name"] != tree["name"]:
        words.append(f"protocol={tree['name']}")
        plain = configure({"protocol": {"name": tree["name"]}}).tree["protocol"]
    if path == "rivals.":
        # Of a rival what differs from its defaults is named: the scenario as it stands has none, or another.
        plain = {name: configure({"rival": name}).tree["rivals"][name] | plain.get(name, {}) for name in tree}
    for key in sorted({*plain, *tree} if not path else tree):
        if not path and key == "parts":
            continue  # a digest: the folder itself is named by the run's own setting
        if not path and key == "rivals" and key not in tree:
            continue  # rival=null takes the scenario's rival back, and its values with it
        # What the scenario declares and the run does not is taken back: coalitions and events by none, anything else by null.
        value, known = tree.get(key, [] if key in STATED_WHERE_GIVEN else None), plain.get(key)
        if isinstance(value, dict):
            words += _differences(known or {}, value, f"{path}{key}.")
        elif value != known:
            where = f"{path}{key}"
            words.append(f"{where}={path_word(value) if where in PATHS and value is not None else word(value)}")
    return words


def path_word(path: str) -> str:
    """Write a path as the value of a setting that is one: absolute, and as it is, for the door puts it in quotes itself."""
    return os.path.abspath(os.path.expanduser(path))


def word(value: Any) -> str:
    """Write a value so that Hydra's grammar reads back the same.

    >>> word(["IDN", "007"]), word({"kind": "travel_closure", "strength": 0.5}), word(None)
    ("[IDN,'007']", '{kind:travel_closure,strength:0.5}', 'null')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{word(item)}" for key, item in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(word(item) for item in value) + "]"
    if not isinstance(value, str):
        return "null" if value is None else str(value)
    if _SAFE.fullmatch(value) and value.lower() not in _TAKEN:
        return value
    # Backslashes are doubled only where a quote follows them, as the grammar reads them.
    return "'" + _AFTER_BACKSLASHES.sub(lambda found: found[1] * 2 + (f"\\{found[2]}" if found[2] else ""), value) + "'"
