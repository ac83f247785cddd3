"""Every text the page may show that no part brings in Indonesian: what a catalogue must hold to be complete.

``python -m analysis.app.messages`` lays the list over ``words/id.po``: new texts are added without a translation, those that nobody shows
any more are left out. A test refuses an incomplete catalogue.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from analysis.app.declared import declared_state
from analysis.app.shelves import shelves
from sim.registry import shelf
from sim.types import Institution

HERE = Path(__file__).parent
KEYWORDS = {"t": None, "N": None, "tn": (1, 2), "CD.t": None, "CD.N": None, "CD.tn": (1, 2)}


def needed() -> dict[str, str | None]:
    """Return each text in English with its plural, None where it has none, in the order in which they are found."""
    found: dict[str, str | None] = {}
    for path in sorted((HERE / "assets").glob("*.js")):
        for text, plural in _called("javascript", path, KEYWORDS):
            found.setdefault(text, plural)
    for path in sorted(HERE.glob("*.py")):
        for text, plural in _called("python", path, {"_": None}):
            found.setdefault(text, plural)
    for text in _shown():
        found.setdefault(text, None)
    return found


def _called(method: str, path: Path, keywords: Any) -> list[tuple[str, str | None]]:
    with path.open("rb") as file:
        said = [message for _, message, _, _ in extract(method, file, keywords=keywords, options={"parse_template_string": False})]
    return [(one, None) if isinstance(one, str) else (one[0], one[1]) for one in said if one]


def _shown() -> list[str]:
    """Return the words of the model that the page writes: units, meanings, roles, institutions, regions."""
    told = shelves()
    texts: list[str] = []
    parameters = [
        one for kind in ("mechanism", "agreement", "protocol") for part in told["parts"][kind].values() for one in part["parameters"]
    ]
    for one in parameters:
        texts += [one["meaning"], *([] if one["unit"] in ("choice", "switch") else [one["unit"]]), *map(plain, one.get("options", ()))]
    units = [part["unit"] for part in told["parts"]["metric"].values()]
    for one in declared_state():
        for said in (one, *one.get("columns", ())):
            units += [said["unit"]] if "unit" in said else []
            texts.append(said["meaning"])
    texts += [unit.replace("share of", "% of") if unit.startswith("share of ") else unit for unit in units]
    texts += [unit for unit in units if unit.startswith("share of ")]
    texts += [plain(one.name.lower()) for one in Institution]
    for name in shelf("agreement").names():
        cls = shelf("agreement").get(name)
        texts += [plain(word) for word in getattr(cls, "roles", ())]
    texts += [one["illustrative"] for one in told["scenarios"] if one["illustrative"]]
    texts += [
        "Association of Southeast Asian Nations",
        "Africa",
        "Americas",
        "Asia",
        "Europe",
        "Oceania",
        "trillion",
        "billion",
        "million",
        "probability",
    ]
    return list(dict.fromkeys(texts))


def plain(name: str) -> str:
    """Write a name as the page does where nobody gave it a title: ``no_zone`` becomes ``No zone``."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def missing(language: str) -> list[str]:
    """Return the texts for which a catalogue has no translation."""
    known = _catalogue(language)
    return [text for text in needed() if not _said(known, text)]


def _catalogue(language: str) -> Catalog:
    with (HERE / "words" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def _said(catalogue: Catalog, text: str) -> Any:
    message = catalogue.get(text)
    said = message.string if message is not None and not message.fuzzy else ""
    return said[0] if isinstance(said, (list, tuple)) else said


def renew(language: str) -> tuple[int, int]:
    """Rewrite a catalogue with every needed text; return how many it holds and how many of them lack a translation."""
    known, wanted = _catalogue(language), needed()
    fresh = Catalog(locale=language, project="Cloud Diplomacy", version="0.2.0", fuzzy=False)
    lacking = 0
    for text, plural in wanted.items():
        said = _said(known, text)
        lacking += not said
        fresh.add(text if plural is None else (text, plural), said if plural is None else (said,))
    out = io.BytesIO()
    write_po(out, fresh, width=120, omit_header=True, sort_output=False)
    head = (
        'msgid ""\nmsgstr ""\n"Project-Id-Version: Cloud Diplomacy\\n"\n"Language: id\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    # Babel leaves room for a plural form that Indonesian does not have.
    body = out.getvalue().replace(b'msgstr[1] ""\n', b"")
    (HERE / "words" / f"{language}.po").write_bytes(head.encode() + body)
    return len(wanted), lacking


if __name__ == "__main__":
    whole, blank = renew("id")
    sys.stdout.write(f"{whole} texts, {blank} without a translation\n")
