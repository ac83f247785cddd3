"""The verbs that repeat a stored run: ``rerun`` makes it again and compares, ``bundle`` packs it for another person."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.doors.say import say, warn
from sim.params import folder_of
from sim.types import UserError, nearest

VERBS = ("rerun", "bundle")
DONE, SOME_DIFFER = 0, 3
_KEYS = {"rerun": ("trust", "outputs"), "bundle": ("trust", "target")}


def serve_again(words: Sequence[str]) -> int:
    """Run a stored run again, or pack it; return the exit code: 3 where digests differ.

    Raises
    ------
    UserError
        If what was typed cannot be done.
    """
    verb, places, given = words[0], [], dict[str, str]()
    for text in words[1:]:
        key, sign, value = text.partition("=")
        if sign and not Path(text).exists() and key in _KEYS[verb]:
            given[key] = value
        elif sign and not Path(text).exists() and key.isidentifier():
            raise UserError(f"{verb} takes no {key}=; {nearest(key, _KEYS[verb])}")
        else:
            places.append(text)
    if len(places) != 1:
        raise UserError(f"write python -m sim {verb} FOLDER, the folder of a finished run{_also(verb)}; {len(places)} were given")
    if given.get("trust", "false") not in ("true", "false"):
        raise UserError(f"trust must be true or false, not {given['trust']!r}")
    place, trust = folder_of("FOLDER", places[0]), given.get("trust") == "true"
    return _bundle(place, given, trust=trust) if verb == "bundle" else _rerun(place, given.get("outputs"), trust=trust)


def _also(verb: str) -> str:
    return ", its manifest or its bundle" if verb == "rerun" else " or its manifest"


def _rerun(place: Path, outputs: str | None, *, trust: bool) -> int:
    from sim.repeat.bundle import is_bundle, unpacked
    from sim.repeat.recorded import Recorded, recorded
    from sim.repeat.rerun import rerun

    where = None if outputs is None else folder_of("outputs", outputs)

    def again(known: Recorded) -> int:
        if known.parts is not None and trust:
            warn(f"note: trust=true runs the Python code in {known.parts}")
        verdict = rerun(known, trust=trust, outputs=where)
        say(str(verdict))
        if verdict.folder is not None:
            say(f"run: {verdict.folder}")
        # Digests of older versions are made of other things: there the figures decide.
        return SOME_DIFFER if verdict.differing and not verdict.figures else DONE

    if is_bundle(place) and not place.is_dir():
        with unpacked(place, where) as known:
            return again(known)
    return again(recorded(place))


def _bundle(place: Path, given: dict[str, str], *, trust: bool) -> int:
    from sim.repeat.bundle import write_bundle
    from sim.repeat.recorded import recorded

    known = recorded(place)
    folder = known.path.parent.absolute()
    target = folder_of("target", given["target"]) if "target" in given else folder.with_name(f"{folder.name}.zip")
    say(f"bundle: {write_bundle(known, target, trust=trust)}")
    return DONE
