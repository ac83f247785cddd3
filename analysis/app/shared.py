"""What all films share, whoever draws them: outlines, shelves, glossary and the words of every language."""

from __future__ import annotations

from typing import Any

from analysis.app.catalogue import LANGUAGES, names, words
from analysis.app.glossary import glossary
from analysis.app.places import geometry
from analysis.app.shelves import shelves


def common() -> dict[str, Any]:
    """Return what all films share."""
    told = {language: words(language) for language in LANGUAGES}
    # Full English names are for finding only; what is shown in English is the roster's own.
    called = {"id": names("id"), "full": names("en")}
    return {"geometry": geometry(), "shelves": shelves(), "glossary": glossary(), "words": told, "names": called}
