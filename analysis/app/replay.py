"""A film as one HTML file that needs no server: the same script, style and data, inlined.

The file holds what the page draws (outlines, words, film, bargaining planes) and nothing that runs a model; levers and scenarios are shown
as they were. JSON is escaped so that no text of a run can end the script it stands in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs

from analysis.app.shared import common
from analysis.app.shelves import theme

ASSETS = Path(__file__).parent / "assets"
LONGEST_QUERY = 2000


def script_json(tree: Any) -> str:
    r"""Write JSON that may stand inside a script element, whatever its texts hold.

    Examples
    --------
    >>> script_json("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


class Kept(Protocol):
    """Where films are kept: those of runs, or those of games (:class:`analysis.app.seat.Tables`), which hold what a player may know."""

    def read(self, key: str, name: str) -> dict[str, Any]:
        """Return a part of a film as a tree."""

    def trust(self, key: str, party: int) -> dict[str, list[list[float | None]]]:
        """Return trust month by month."""


def replay(films: Kept, key: str, query: str = "", pairs: Mapping[str, Any] | None = None) -> str:
    """Write the standalone page of a kept film.

    Parameters
    ----------
    films : Kept
    key : str
    query : str
        The view to open with, as in the page's address.
    pairs : mapping or None
        Why these two, month by month, of the pair that the view shows, by its codes with a comma between.

    Raises
    ------
    UserError
        If the film is not kept any more.
    """
    film, tables = films.read(key, "film"), films.read(key, "tables")
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ASSETS.glob("*.js")))
    sheet = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ASSETS.glob("*.css")))
    data = {"common": common(), "film": film, "tables": tables, "trust": _trust(films, key, film, query), "query": query[:LONGEST_QUERY]}
    data["pairs"] = dict(pairs or {})
    policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Cloud Diplomacy</title>'
        f'<style>{theme()}\n{sheet}</style></head><body><div id="cd"></div>'
        f"<script>window.CD_REPLAY={script_json(data)};</script><script>{scripts}</script></body></html>"
    )


def _trust(films: Kept, key: str, film: dict[str, Any], query: str) -> dict[str, Any]:
    """Return trust in and of the parties that the view names, by code: all of it would be many times the film."""
    asked = parse_qs(query[:LONGEST_QUERY])
    named = {
        value.split(":", 1)[1] for word in ("colour", "pick") for value in asked.get(word, ()) if value.startswith(("trust:", "state:"))
    }
    return {one["code"]: films.trust(key, k) for k, one in enumerate(film["parties"]) if one["code"] in named}
