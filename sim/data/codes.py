"""What a code is that stands where a code of this run was wanted: ``codes.csv`` knows the usual ones, and where to write what.

A code is told what it is (a code of two letters, a number, an Olympic code, a place that is no member of the United Nations, an
aggregate, a former state, an organisation, the name of a state). Another code is suggested only if it is one slip away: one letter
more, fewer, changed, or two that changed places.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from sim.data.fields import FOLDER
from sim.types import nearest

KINDS = {
    "alpha2": "is a code of two letters (ISO 3166-1 alpha-2), of {name}",
    "numeric": "is the ISO 3166-1 number of {name}",
    "cow": "is the Correlates of War number of {name}",
    "olympic": "is an Olympic code, of {name}",
    "older": "is a code that is no longer in use, of {name}",
    "name": "is the name of a state",
    "member": "is {name}",
    "outside": "is {name}, which is not a member of the United Nations",
    "aggregate": "is an aggregate ({name}), not a state",
    "former": "is a former state ({name})",
    "organisation": "is an organisation ({name}), not a state",
}
"""What is said of a code of each kind of ``codes.csv``."""
_SLIPS = 4
_CODE = re.compile(r"[A-Za-z0-9_]{2,4}")


def meant(word: Any, valid: Iterable[str]) -> str:
    """Say what a code is that is not valid, or which valid one is near, as the end of a sentence.

    Parameters
    ----------
    word : object
        What was given for a code.
    valid : iterable of str
        The codes that are valid here.

    Examples
    --------
    >>> meant("NA", ["NAM", "NGA"])
    "'NA' is a code of two letters (ISO 3166-1 alpha-2), of Namibia: write 'NAM'"
    >>> meant("IDX", ["IDN", "SGP"])
    "did you mean 'IDN'?"
    """
    codes, text = sorted(valid), str(word)
    bare = text.strip().strip("'\"\u2018\u2019\u201c\u201d\u200b\ufeff")
    upper = [code for code in codes if code.lower() == bare.lower()]
    if upper:
        return f"did you mean {upper[0]!r}?"
    told = [_told(text, kind, code, name, codes) for kind, code, name in _known(bare)]
    if told:
        return "; ".join(told)
    near = [code for code in codes if _one_slip(bare.upper(), code.upper())] if len(bare) >= 3 else []
    if 0 < len(near) <= _SLIPS:
        *others, last = [repr(code) for code in near]
        return f"did you mean {', '.join(others)} or {last}?" if others else f"did you mean {last}?"
    return _near_name(bare, codes) or _some(codes)


def is_member(word: str) -> bool:
    """Say whether a word is the code of a state of our own tables, whether or not it is in a run.

    Examples
    --------
    >>> is_member("CHN"), is_member("XYZ")
    (True, False)
    """
    return ("member", word.lower()) in _table()


def _told(text: str, kind: str, code: str, name: str, codes: list[str]) -> str:
    said = f"{text!r} {KINDS[kind].format(name=name)}"
    if kind == "member":
        return f"{said}, which is not among the {len(codes)} here"
    if not code:
        return said
    return f"{said}: write {code!r}" if code in codes else f"{said} ({code}), which is not among the {len(codes)} here"


def _known(bare: str) -> list[tuple[str, str, str]]:
    """Return the kind, our code and the name of what a word is known as; a number may be two states."""
    table = _table()
    if bare.isascii() and bare.isdigit():
        # Three digits, such as 004 or 840, are the ISO's own way of writing; the Correlates of War project writes 2 or 20.
        return [found for kind in ("numeric", "cow") for found in table.get((kind, str(int(bare))), ())]
    for kind in KINDS:
        found = table.get((kind, bare.lower()))
        if found:
            return list(found)
    return []


@functools.cache
def _table() -> dict[tuple[str, str], tuple[tuple[str, str, str], ...]]:
    """Read ``codes.csv``, and the organisations of our own table: by kind and word in small letters."""
    rows: dict[tuple[str, str], tuple[tuple[str, str, str], ...]] = {}
    with (FOLDER / "codes.csv").open(encoding="utf-8", newline="") as stream:
        for said, kind, code, name in list(csv.reader(stream))[1:]:
            word = str(int(said)) if kind in ("numeric", "cow") else said.lower()
            rows[kind, word] = ((kind, code, name),)
            if kind == "member":
                rows.setdefault(("name", name.lower()), (("name", code, name),))
    with (FOLDER / "un" / "organisations.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for word in (row["organisation"], row["name"]):
                rows["organisation", word.lower()] = (("organisation", "", row["name"]),)
    return rows


def _one_slip(word: str, code: str) -> bool:
    """Whether one letter more, fewer or changed, or two neighbours that changed places, lie between two words."""
    if not _CODE.fullmatch(word) or abs(len(word) - len(code)) > 1 or word == code:
        return False
    if len(word) == len(code):
        at = [i for i, (a, b) in enumerate(zip(word, code, strict=True)) if a != b]
        swapped = len(at) == 2 and at[1] == at[0] + 1 and word[at[0]] == code[at[1]] and word[at[1]] == code[at[0]]
        return len(at) == 1 or swapped
    long, short = (word, code) if len(word) > len(code) else (code, word)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _near_name(bare: str, codes: list[str]) -> str:
    if len(bare) < 5:
        return ""
    names = {name: found[0][1] for (kind, name), found in _table().items() if kind == "name" and found[0][1] in codes}
    close = get_close_matches(bare.lower(), names, n=1, cutoff=0.8)
    return f"did you mean {names[close[0]]!r}?" if close else ""


def _some(codes: list[str]) -> str:
    """List the valid codes, or a few of many."""
    return nearest("", codes)
