"""Words in two languages: English is written in the code, every other language has a gettext catalogue under ``words/``, read by Babel.

What a part says of itself (title, sentence, story) it brings in both languages; the catalogue holds the rest: the interface, units,
meanings of parameters, glossary. A test counts what is missing.
"""

from __future__ import annotations

import inspect
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.messages.pofile import read_po

LANGUAGES = ("en", "id")


@cache
def words(language: str) -> dict[str, Any]:
    """Return a catalogue: message to translation, or to a list of two where English has a plural of its own; empty for English.

    Raises
    ------
    KeyError
        If there is no such language.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    if language == "en":
        return {}
    with resources.files("analysis.app").joinpath("words").joinpath(f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language, abort_invalid=True)
    table: dict[str, Any] = {}
    for message in read:
        if not message.id or message.fuzzy:
            continue
        plural = isinstance(message.id, (list, tuple))
        key = message.id[0] if plural else message.id
        said = message.string[0] if isinstance(message.string, (list, tuple)) else message.string
        if said:
            table[inspect.cleandoc(key) if "\n" in key else key] = said
    return table


@cache
def names(language: str) -> dict[str, str]:
    """Return what states and unions are called in a language, by ISO 3166 code of three letters (Unicode CLDR, as Babel brings it)."""
    two = get_global("territory_aliases")
    called = Locale(language).territories
    found = {code: called.get(aliases[0]) for code, aliases in two.items() if len(code) == 3 and code.isalpha() and len(aliases) == 1}
    found["EU"] = called.get("EU")
    return {code: name for code, name in sorted(found.items()) if name}
