"""Kept films of an older form are made again, and the page asks for its own form."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import test_old_folders

from analysis.app import film as films
from analysis.app.keep import Films
from sim.types import UserError

old = test_old_folders.old
"""The fixture of a copy of the stored folders."""


def in_form(path: Path, form: int) -> None:
    """Let a kept film say that it is of another form."""
    tree = json.loads(gzip.decompress(path.read_bytes()))
    path.write_bytes(gzip.compress(json.dumps({**tree, "format": form}, separators=(",", ":")).encode()))


def test_a_film_of_an_older_form_is_made_again(old: Path) -> None:
    kept, key = Films(old / "page"), "0" * 32
    path = old / "page" / ".films" / f"{key}.film.json.gz"
    tree = json.loads(gzip.decompress(path.read_bytes()))
    assert (tree["format"], films.FORMAT) == (3, 6)
    in_form(path, films.FORMAT)
    assert kept.has(key) and kept.read(key, "film")["format"] == films.FORMAT
    in_form(path, films.FORMAT - 1)
    assert not kept.has(key)
    for read in (lambda: kept.zipped(key, "film"), lambda: kept.zipped(key, "tables")):
        with pytest.raises(UserError, match="ask for it again"):
            read()


def test_a_page_asks_for_its_own_form_of_film_and_makes_an_older_one_anew(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Films(old / "page")
    monkeypatch.setattr(kept, "ask", lambda words, moves=None: ("0" * 32, None, None))
    made: list[str] = []
    monkeypatch.setattr(kept, "_make", lambda key, config, chosen: made.append(key))
    path = old / "page" / ".films" / f"{'0' * 32}.film.json.gz"
    in_form(path, films.FORMAT)
    assert kept.get({}) == "0" * 32 and made == []
    path.write_bytes(gzip.compress(b'{"format":2,"scenario":"baseline"}'))
    assert kept.get({}) == "0" * 32 and made == ["0" * 32]
