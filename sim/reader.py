"""What people write by hand, read strictly: YAML of scenarios, studies and clusters, and JSON of saved games.

A file means what its reader sees, or it is refused with a line. A name given twice, a tag, a date, a number with two readings
(``010`` is 8 in YAML 1.1 and 10 in YAML 1.2; ``no`` is false or a word) and a loop of aliases are faults; ``1e-3`` is a number, and
``04:30`` is a word. Limits on size, depth and aliases come before the memory is spent.

Follows YAML 1.2.2, section 10.2 (core schema). Departs from it: ``0o10``, ``0x1F``, ``.inf`` and ``.nan`` are refused, since no setting
takes them; merges (``<<``) of YAML 1.1 are read, where they say nothing twice.
"""

from __future__ import annotations

import copy
import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.types import UserError

MOST_BYTES = 500_000
MOST_VALUES = 20_000
"""Values in a file, those that aliases repeat counted each time."""
DEEPEST = 30
LONGEST_NAME = 200
LONGEST_NUMBER = 60

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*(_[0-9]+)*)")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TWO_READINGS = re.compile(r"[-+]?0([0-9_]+|[oO][0-7_]+|[xX][0-9a-fA-F_]+|[bB][01_]+)")
_NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t][0-9:.\sTtZz+-]*)?")
_TRUE, _FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")
_NULL = ("", "~", "null", "Null", "NULL")
_SWITCH = re.compile(r"(?i:yes|no|on|off)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Document:
    """A file that has been read: its named values, and the line of every name (``factors.mechanisms.contacts.hours_head``: 7)."""

    tree: dict[str, Any]
    lines: dict[str, int]

    def line_of(self, sentence: str) -> int | None:
        """Return the line of the name that a sentence tells of; None where it tells of none, or of several alike.

        >>> Document({}, {"sampler": 3, "sampler.size": 4}).line_of("sampler.size = 0 lies outside 1 to 9")
        4
        >>> Document({}, {"events": 3, "events[0]": 4, "events[1]": 7}).line_of("events[1] has no source")
        7
        """
        head = sentence.partition(";")[0]
        literal = [(head.index(path), -len(path), line) for path, line in self.lines.items() if "[" in path and path in head]
        if literal:
            return min(literal)[2]
        said = set(re.findall(r"\w+", head))
        best = 0
        found: set[int] = set()
        for path, line in self.lines.items():
            told = 0
            for step in reversed(path.split(".")):
                if step not in said:
                    break
                told += 1
            if told > best:
                best, found = told, set()
            if told == best:
                found.add(line)
        return found.pop() if best and len(found) == 1 and " is missing" not in sentence else None

    def located(self, fault: UserError) -> str:
        """Return the sentence of a fault with the line it tells of before it, where that is known."""
        line = self.line_of(str(fault))
        return str(fault) if line is None else f"line {line}: {fault}"


def file_text(path: Path) -> str:
    """Read a text file.

    Raises
    ------
    UserError
        If it is no file, is too large or is not UTF-8.
    OSError
        If the system refuses it.
    """
    if path.exists() and not path.is_file():
        raise UserError("it is a folder, not a file" if path.is_dir() else "it is not a file")
    if path.stat().st_size > MOST_BYTES:
        raise UserError(f"it holds {path.stat().st_size:,} bytes; at most {MOST_BYTES:,} are read")
    return decoded(path.read_bytes())


def decoded(raw: bytes) -> str:
    """Turn bytes into text; a byte order mark of UTF-8 is no part of it.

    Raises
    ------
    UserError
        If they are too many, or not UTF-8.
    """
    if len(raw) > MOST_BYTES:
        raise UserError(f"it holds {len(raw):,} bytes; at most {MOST_BYTES:,} are read")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise UserError(f"line {line}: byte 0x{raw[fault.start]:02x} is not UTF-8; save the file as UTF-8") from None


def read_yaml(text: str) -> Document:
    """Read named values from YAML.

    Raises
    ------
    UserError
        If the text is not YAML, holds anything but named values, or says anything that two readers could take differently: the line and
        what was expected.
    """
    import yaml

    stray = _CONTROL.search(text)
    if stray is not None:
        line = text.count("\n", 0, stray.start()) + 1
        raise UserError(f"line {line}: a character that cannot be printed (U+{ord(stray.group()):04X}); take it out")
    try:
        return _Builder(text).document()
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        where = "" if mark is None else f"line {mark.line + 1}: "
        if "'\\t'" in str(fault.problem):
            raise UserError(f"{where}it is not valid YAML: a tab stands where YAML takes spaces only") from None
        raise UserError(f"{where}it is not valid YAML: {_plain_words(fault)}") from None
    except (yaml.YAMLError, ValueError) as fault:
        raise UserError(f"it is not valid YAML: {' '.join(str(fault).split())[:200]}") from None


def read_json(text: str) -> Any:
    """Read JSON.

    Raises
    ------
    UserError
        If the text is not JSON, is nested too deeply, gives a name twice, or holds what no setting can be (``NaN``, ``Infinity``).
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        tree = dict(pairs)
        if len(tree) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise UserError(f"{twice} is given {names.count(twice)} times; give it once")
        return tree

    def number(word: str) -> Any:
        raise UserError(f"{word} is not a number that can be used here")

    def whole(digits: str) -> int:
        if len(digits) > LONGEST_NUMBER:
            raise UserError(f"a number of {len(digits):,} digits is too long")
        return int(digits)

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=number, parse_int=whole)
    except (ValueError, RecursionError) as fault:
        raise UserError(f"it is not JSON: {' '.join(str(fault).split())[:200]}") from None


class _Builder:
    """Builds plain values from the events of a YAML text, counting as it goes."""

    def __init__(self, text: str) -> None:
        import yaml

        self.yaml = yaml
        self.events: Iterator[Any] = yaml.parse(text, Loader=yaml.SafeLoader)
        self.left = MOST_VALUES
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.lines: dict[str, int] = {}

    def document(self) -> Document:
        tree, documents = None, 0
        for event in self.events:
            if isinstance(event, self.yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _at(event, "a second document begins here (---); a file holds one")
                first = next(self.events)
                if isinstance(first, self.yaml.ScalarEvent) and first.value == "" and first.style is None:
                    continue
                tree, _ = self.value(first, "", 0)
                if not isinstance(tree, dict):
                    kind = {list: "a list", str: "a word", bool: "true or false", type(None): "null"}.get(type(tree), "a number")
                    raise _at(first, f"it must hold named values, not {kind}")
        if tree is None:
            raise UserError("it is empty")
        return Document(tree, self.lines)

    def value(self, event: Any, path: str, depth: int) -> tuple[Any, int]:
        """Return the value that begins with an event, and how many values it holds."""
        if isinstance(event, self.yaml.AliasEvent):
            return self.again(event)
        if event.tag is not None:
            raise _at(event, f"tags such as {event.tag.replace('tag:yaml.org,2002:', '!!')} are not read; write the value itself")
        if depth > DEEPEST:
            raise _at(event, f"values lie more than {DEEPEST} deep in one another")
        self.spend(event, 1)
        if event.anchor is not None:
            self.anchors.pop(event.anchor, None)
        if isinstance(event, self.yaml.ScalarEvent):
            found: tuple[Any, int] = (event.value if event.style is not None else _resolved(event), 1)
            if isinstance(found[0], str) and "${" in found[0]:
                raise _at(event, "a value cannot refer to another one (${...}); write the value itself")
        elif isinstance(event, self.yaml.SequenceStartEvent):
            found = self.sequence(path, depth)
        else:
            found = self.mapping(event, path, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = found
        return found

    def sequence(self, path: str, depth: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        size = 1
        while not isinstance(event := next(self.events), self.yaml.SequenceEndEvent):
            self.lines.setdefault(f"{path}[{len(items)}]", event.start_mark.line + 1)
            item, more = self.value(event, f"{path}[{len(items)}]", depth + 1)
            items.append(item)
            size += more
        return items, size

    def mapping(self, start: Any, path: str, depth: int) -> tuple[dict[str, Any], int]:
        tree: dict[str, Any] = {}
        merged: list[tuple[Any, dict[str, Any]]] = []
        given: dict[str, list[int]] = {}
        size = 1
        while not isinstance(event := next(self.events), self.yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            merging = isinstance(event, self.yaml.ScalarEvent) and event.style is None and event.value == "<<"
            name = "<<" if merging else self.name(event, depth)
            here = f"{path}.{name}" if path else name
            if not merging:
                given.setdefault(name, []).append(line)
                self.lines.setdefault(here, line)
            value, more = self.value(next(self.events), here, depth + 1)
            size += more
            if not merging:
                tree[name] = value
                continue
            for one in value if isinstance(value, list) else [value]:
                if not isinstance(one, dict):
                    raise _at(event, "a merge (<<) takes named values, as in <<: *name")
                merged.append((event, one))
        for name, lines in given.items():
            if len(lines) > 1:
                raise UserError(f"line {lines[1]}: {name} is given {len(lines)} times ({_listed(lines)}); give it once")
        for event, more_values in merged:
            for name, value in more_values.items():
                if name in tree:
                    raise _at(event, f"{name} is given 2 times (here, and by the merge <<); give it once")
                tree[name] = value
        return tree, size

    def name(self, event: Any, depth: int) -> str:
        if not isinstance(event, (self.yaml.ScalarEvent, self.yaml.AliasEvent)):
            raise _at(event, "a name was expected before the colon, not a list or named values")
        name, _ = self.value(event, "", depth)
        if not isinstance(name, str):
            said = "null" if name is None else str(name).lower() if isinstance(name, bool) else str(name)
            raise _at(event, f"a name was expected before the colon, not {said[:40]}; put it in quotes if it is one")
        if len(name) > LONGEST_NAME:
            raise _at(event, f"the name {name[:40]!r}... has {len(name):,} characters; at most {LONGEST_NAME} are read")
        return name

    def again(self, event: Any) -> tuple[Any, int]:
        """Return once more what an alias names."""
        if event.anchor not in self.anchors:
            raise _at(event, f"*{event.anchor} names nothing that was complete above (&{event.anchor})")
        value, size = self.anchors[event.anchor]
        self.spend(event, size)
        return copy.deepcopy(value), size

    def spend(self, event: Any, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise _at(event, f"more than {MOST_VALUES:,} values, counting what aliases repeat")


def _resolved(event: Any) -> Any:
    """Return what a plain word is: null, a switch, a number or itself."""
    word = event.value
    if word in _NULL:
        return None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    if _SWITCH.fullmatch(word):
        raise _at(event, f"{word} can be read as true or false or as a word; write true or false, or '{word}' in quotes")
    if _DATE.fullmatch(word):
        raise _at(event, f"{word} would be read as a date; a month is written {word[:7]}, and a word in quotes")
    if _TWO_READINGS.fullmatch(word):
        raise _at(event, f"{word} has more than one reading as a number; write it in plain digits, or '{word}' in quotes if it is a word")
    if _NO_NUMBER.fullmatch(word):
        raise _at(event, f"{word} is not a number that can be used here")
    if not _REAL.fullmatch(word) and not _WHOLE.fullmatch(word):
        return word
    if len(word) > LONGEST_NUMBER:
        raise _at(event, f"a number of {len(word):,} digits is too long")
    if _WHOLE.fullmatch(word):
        return int(word)
    if not math.isfinite(number := float(word)):
        raise _at(event, f"{word} is too large for a number")
    return number


def _at(event: Any, sentence: str) -> UserError:
    return UserError(f"line {event.start_mark.line + 1}: {sentence}")


def _listed(lines: Sequence[int]) -> str:
    if len(set(lines)) == 1:
        return f"line {lines[0]}"
    return f"lines {', '.join(str(line) for line in lines[:-1])} and {lines[-1]}"


def _plain_words(fault: Any) -> str:
    """Return what a YAML reader complains of, without its pictures."""
    told = [" ".join(str(part).split()) for part in (fault.context, fault.problem) if part]
    return ", ".join(told)[:200]
