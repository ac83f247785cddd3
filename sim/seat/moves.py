"""Moves of a played seat as data: what was done, in which month, in which talks; read, checked for form, and written canonically.

A move names its month, its party, its kind and the talks it is about: an agreement type and the other party, or the identity of the talks.

========== ========================================== ====================================================================
kind       more                                       meaning
========== ========================================== ====================================================================
propose                                               use a contact of this month to open talks
offer      ``text``: level of each issue              table this text at each own turn until another move replaces it
accept                                                protocol with rounds: take the other's last offer; without: end a refusal
refuse                                                sign nothing that the other side or the protocol tables, until told otherwise
hand_back                                             end an offer or a refusal: the model plays on
walk_away                                             end the talks
set_position ``issue``, ``ideal`` and/or ``salience`` bargain as if this were the own interest; neither given: as it is
red_line   ``issue``, ``at_least`` and/or ``at_most`` bargain inside these bounds only; neither given: no bounds
========== ========================================== ====================================================================
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sim.files import tried
from sim.ledger.words import vocabulary
from sim.older import names, turning
from sim.params import Config, canonical, configure
from sim.reader import read_json
from sim.registry import Shelves, current, using
from sim.scenario import load_scenario
from sim.types import UserError, month_index, month_label, nearest

KINDS = ("propose", "offer", "accept", "refuse", "hand_back", "walk_away", "set_position", "red_line")
OF_TALKS = ("offer", "accept", "refuse", "hand_back", "walk_away")
"""Kinds that need open talks."""
_NEEDS = {"offer": ("text",), "set_position": ("issue", "ideal", "salience"), "red_line": ("issue", "at_least", "at_most")}
_KEYS = ("month", "party", "kind", "type", "other", "talk", "text", "issue", "ideal", "salience", "at_least", "at_most")
LEAST_SALIENCE, MOST_SALIENCE = 1e-6, 1000.0
"""Bounds of a declared salience (bp of own GDP a year)."""


@dataclass(frozen=True)
class Move:
    """One move.

    Attributes
    ----------
    month : int
    party : str
        Code of the party that moves.
    kind : str
        One of ``KINDS``.
    type, other : str
        Agreement type, and code of the other party.
    opened : int or None
        Month in which the talks were opened, where the move named their identity.
    text : tuple of (str, float)
        An offer: level of each issue named, by issue.
    issue : str or None
        What a position or a red line is about.
    ideal, at_least, at_most : float or None
        Levels of the issue.
    salience : float or None
        Basis points of own GDP a year for a full unit of distance.
    """

    month: int
    party: str
    kind: str
    type: str
    other: str
    opened: int | None = None
    text: tuple[tuple[str, float], ...] = ()
    issue: str | None = None
    ideal: float | None = None
    salience: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def talk(self) -> str | None:
        """The identity of the talks, where the move named it."""
        return None if self.opened is None else ":".join([self.type, *sorted((self.party, self.other)), str(self.opened)])

    def tree(self) -> dict[str, Any]:
        """Return the move as plain values, those that say nothing left out."""
        out: dict[str, Any] = {"month": month_label(self.month)}
        for field in fields(self)[1:]:
            value = getattr(self, field.name)
            if field.name == "opened":
                if value is not None:
                    out["talk"] = self.talk
            elif field.name == "text":
                if value:
                    out["text"] = dict(value)
            elif value is not None:
                out[field.name] = value
        return out

    def __str__(self) -> str:
        """Say in a few words what is done."""
        about = f" on {self.issue}" if self.issue else ""
        return f"{month_label(self.month)} {self.party} {self.kind}{about} ({self.type} with {self.other})"


def written(moves: Sequence[Move]) -> str:
    """Write moves as canonical JSON, in their order; nothing where there are none."""
    return canonical([move.tree() for move in moves]) if moves else ""


def move_of(value: Any, *, month: int | None = None, party: str | None = None) -> Move:
    """Read one move.

    Parameters
    ----------
    value : Move or mapping
    month, party : int, str, optional
        What counts where the move does not say.

    Raises
    ------
    UserError
        If it is not of the form of a move: one sentence.
    """
    if isinstance(value, Move):
        return value
    if not isinstance(value, Mapping):
        raise UserError(f"a move holds named values such as month, kind, type and other, not {value!r}")
    value = turning.move(value)
    for key in value:
        if key not in _KEYS:
            raise UserError(f"a move has no {key!r}; {nearest(str(key), _KEYS)}")
    kind = value.get("kind")
    if kind not in KINDS:
        raise UserError(f"a move cannot be of kind {kind!r}; {nearest(str(kind), KINDS)}")
    for key in _KEYS[6:]:
        if value.get(key) is not None and key not in _NEEDS.get(kind, ()):
            raise UserError(f"a move of kind {kind} has no {key}; {_more_of(kind)}")
    when = month_index(value["month"]) if value.get("month") is not None else month
    who = value.get("party") or party
    if when is None or not isinstance(who, str):
        raise UserError(f"a move of kind {kind} must name its month and its party, for example month 2019-03 and party IDN")
    name, other, opened = _talks(value, kind, who)
    words: dict[str, Any] = {}
    if kind == "offer":
        words["text"] = _text(value.get("text"))
    if kind in ("set_position", "red_line"):
        words["issue"] = _issue(value.get("issue"), kind)
    for key in ("ideal", "at_least", "at_most"):
        words[key] = _number(key, value.get(key), 0.0, 1.0)
    words["salience"] = _number("salience", value.get("salience"), LEAST_SALIENCE, MOST_SALIENCE)
    if words["at_least"] is not None and words["at_most"] is not None and words["at_least"] > words["at_most"]:
        raise UserError(f"red line on {words['issue']}: at_least {words['at_least']:g} lies above at_most {words['at_most']:g}")
    return Move(when, who, kind, name, other, opened, **words)


def moves_of(values: Any) -> tuple[Move, ...]:
    """Read a list of moves, all of one party, and put them in the order of their months.

    Raises
    ------
    UserError
        If one is not of the form of a move, or they are of several parties.
    """
    if isinstance(values, (str, Mapping)) or not isinstance(values, Sequence):
        raise UserError(f"moves must be a list of moves, not {type(values).__name__}")
    found: list[Move] = []
    for n, value in enumerate(values, start=1):
        try:
            found.append(move_of(value))
        except UserError as fault:
            raise UserError(f"move {n} of {len(values)}: {fault}") from None
    parties = sorted({move.party for move in found})
    if len(parties) > 1:
        raise UserError(f"moves are of {len(parties)} parties ({', '.join(parties)}); a game has one seat")
    return tuple(sorted(found, key=lambda move: move.month))


def moves_for(given: Any, config: Config, seed: int) -> tuple[Move, ...]:
    """Return the moves that a run is told: none, a list of them, or the path of a saved game or of a played run's manifest.

    Parameters
    ----------
    given : None, path or sequence
    config : Config
    seed : int
        A saved game is of one configuration and one luck; these must be they.

    Raises
    ------
    UserError
        If the moves cannot be read, lie outside the run, or were made in another run: one sentence.
    """
    if given is None:
        return ()
    if isinstance(given, (str, Path)):
        tree = read_game(given)
        _same_run(tree, config, seed, given)
        given = tree["moves"]
    moves = moves_of(given)
    for move in moves:
        if not config.start <= move.month <= config.end:
            raise UserError(f"move {move} lies outside the run, {month_label(config.start)} to {month_label(config.end)}")
    return moves


def _same_run(tree: dict[str, Any], config: Config, seed: int, path: str | Path) -> None:
    """Refuse to repeat a game in another world than it was played in."""
    repeat = f"; repeat it with: {tree['command']}" if isinstance(tree.get("command"), str) else ""
    if tree.get("seed", seed) != seed:
        raise UserError(f"moves={path} was played with seed={tree['seed']}, and this run has seed={seed}{repeat}")
    if isinstance(tree.get("config"), dict):
        unlike = _first_difference(told_then(tree["config"], f"moves={path}", config.shelves), config.tree, "")
        if unlike is not None:
            key, there, here = unlike
            raise UserError(f"moves={path} was played with {key}={there}, and this run has {key}={here}{repeat}")


def told_then(tree: Mapping[str, Any], path: object, shelves: Shelves) -> dict[str, Any]:
    """Return the configuration that a game was played with in the names of now.

    What has been added since is as its scenario has it, or at its default.

    Raises
    ------
    UserError
        If it holds what this version does not have: what became of it.
    """
    told = {key: value for key, value in tree.items() if key not in ("scenario", "parts")}
    try:
        with using(shelves):
            told["data"] = {**_data_of(tree.get("scenario", "baseline")), **told.get("data", {})}
            with names.unheard():
                now = turning.tree({**told, "scenarios": tree.get("scenario", "baseline")})
            made = configure(now).tree
    except UserError as fault:
        raise UserError(f"{path} was played in a world that this version does not have: {fault}") from None
    return {**{key: value for key, value in made.items() if key != "parts"}, **({"parts": tree["parts"]} if "parts" in tree else {})}


def _data_of(scenario: str) -> dict[str, Any]:
    """Return what a scenario of the shelf says of its tables: a game of before that was said is played in the scenario of now."""
    try:
        return dict(load_scenario(scenario).get("data") or {})
    except UserError:
        return {}


def _first_difference(one: Any, two: Any, path: str) -> tuple[str, Any, Any] | None:
    """Return where two plain trees first differ, in order of their keys, and both values; where tables lie is no difference."""
    if isinstance(one, Mapping) or isinstance(two, Mapping):
        here, there = ({} if not isinstance(tree, Mapping) else tree for tree in (one, two))
        for key in sorted({*here, *there}):
            at = f"{path}.{key}" if path else str(key)
            unlike = None if at == "data.folder" else _first_difference(here.get(key), there.get(key), at)
            if unlike is not None:
                return unlike
        return None
    return None if one == two else (path, one, two)


def read_game(path: str | Path) -> dict[str, Any]:
    """Read a saved game, the manifest of a played run, or a bare list of moves.

    Returns
    -------
    dict
        ``moves`` at least; of a game or a manifest also ``config`` and ``seed``.

    Raises
    ------
    UserError
        If the file cannot be read or holds no moves.
    """
    try:
        place = Path(path).expanduser()
        if place.exists() and not place.is_file():
            raise UserError(f"moves={path} cannot be read: it is {'a folder' if place.is_dir() else 'not a file'}")
        text = tried(lambda: place.read_text(encoding="utf-8-sig"), place)
    except OSError as fault:
        raise UserError(f"moves={path} cannot be read: {fault.strerror}") from None
    except (RuntimeError, ValueError) as fault:
        raise UserError(f"moves={path} cannot be read: {fault}") from None
    try:
        tree = read_json(text)
    except UserError as fault:
        raise UserError(f"moves={path}: {fault}") from None
    if isinstance(tree, list):
        tree = {"moves": tree}
    if not isinstance(tree, dict) or not isinstance(tree.get("moves"), list):
        raise UserError(f"moves={path} holds no list of moves; a game saved by Game.save was expected")
    try:
        moves_of(tree["moves"])
    except UserError as fault:
        raise UserError(f"moves={path}: {fault}") from None
    return tree


def _talks(value: Mapping[str, Any], kind: str, party: str) -> tuple[str, str, int | None]:
    """Return the agreement type, the other party and, where the identity of talks is given, the month they were opened."""
    talk, name, other = value.get("talk"), value.get("type"), value.get("other")
    if talk is None:
        if not isinstance(name, str) or not isinstance(other, str):
            raise UserError(f"a move of kind {kind} must name its talks: type and other, or talk")
        if other == party:
            raise UserError(f"{party} cannot negotiate with itself")
        return name, other, None
    words = talk.split(":") if isinstance(talk, str) else []
    if len(words) != 4 or not (words[3].isascii() and words[3].isdigit() and len(words[3]) < 9):
        raise UserError(f"talk {talk!r} is not the identity of talks, for example infrastructure_pact:IDN:JPN:24230")
    if party not in words[1:3]:
        raise UserError(f"talks {talk} are between {words[1]} and {words[2]}; {party} has no part in them")
    there = words[2] if words[1] == party else words[1]
    if name not in (None, words[0]) or other not in (None, there):
        raise UserError(f"talks {talk} are on {words[0]} with {there}, not on {name} with {other}")
    return words[0], there, int(words[3])


def _text(value: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, Mapping) or not value:
        raise UserError("an offer must hold a text: a level from 0 to 1 for each issue of the type")
    levels = {}
    for issue, level in value.items():
        number = _number(_issue(issue, "offer"), level, 0.0, 1.0)
        if number is None:
            raise UserError(f"offer: {issue} has no level; a number from 0 to 1 was expected")
        levels[str(issue)] = number
    return tuple(sorted(levels.items()))


def _issue(value: Any, kind: str) -> str:
    issues = vocabulary(current()).issues
    if value not in issues:
        raise UserError(f"{kind}: there is no issue {value!r}; {nearest(str(value), issues)}")
    return str(value)


def _number(key: str, value: Any, low: float, high: float) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise UserError(f"{key} must be a number from {low:g} to {high:g}, not {value!r}")
    if not low <= value <= high:
        raise UserError(f"{key} {value:g} lies outside {low:g} to {high:g}")
    return float(value)


def _more_of(kind: str) -> str:
    needs = _NEEDS.get(kind, ())
    return f"it may hold {', '.join(needs)}" if needs else "it needs no more than its talks"
