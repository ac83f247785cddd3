"""Marks of events: one shape for each mark that a part may declare, the same on the page and in figures.

A path lies in a box from -1 to 1, y downwards, in the commands M, L, C and Z with pairs of numbers, so that one rule scales it. Shapes
differ without their colours (:data:`sim.declare.words.MARKS`); what fell is red besides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sim.declare.words import FALLEN

_ROUND = "M-1 0C-1 -.55 -.55 -1 0 -1C.55 -1 1 -.55 1 0C1 .55 .55 1 0 1C-.55 1 -1 .55 -1 0Z"
_BOX = "M-.8 -.8L.8 -.8L.8 .8L-.8 .8Z"
_DIAMOND = "M0 -1.2L1.2 0L0 1.2L-1.2 0Z"
PATHS: Mapping[str, str] = {
    "circle": _ROUND,
    "ring": _ROUND,
    "plus": "M-1 0L1 0M0 -1L0 1",
    "tick": "M0 -1.25L0 1.25",
    "cross": "M-1 -1L1 1M-1 1L1 -1",
    "down": "M-1 -1L0 1L1 -1",
    "square": _BOX,
    "box": _BOX,
    "diamond": _DIAMOND,
    "full_diamond": _DIAMOND,
    "slashed": f"{_ROUND}M-.7 .7L.7 -.7",
    "crossed_box": "M-1 -1L1 -1L1 1L-1 1ZM-1 -1L1 1M-1 1L1 -1",
    "bolt": "M.5 -1.3L-.6 .15L.6 -.15L-.5 1.3",
    "bars": "M-.5 -1L-.5 1M.5 -1L.5 1",
    "check": "M-1 0L-.3 .9L1 -.9",
    "right": "M-.7 -1L1 0L-.7 1Z",
    "arrow": "M-1.2 0L1 0M.2 -.8L1 0L.2 .8",
    "arrow_to_bar": "M-1.3 0L.5 0M-.2 -.7L.5 0L-.2 .7M1.1 -1L1.1 1",
    "broken": "M-1 -1.1L1 .5M-1 .5L1 -1.1M-1 1.2L1 1.2",
    "chevrons": "M-1 -.9L0 0L-1 .9M0 -.9L1 0L0 .9",
}
"""Path of each mark."""
FILLED = ("circle", "square", "full_diamond")
"""Marks that are filled; all others are drawn by their outline."""
SIZE = 5.0
"""Half the height of a mark in figures, in pixels."""


def told() -> dict[str, Any]:
    """Return paths, and which are filled or red, as the page's script reads them."""
    return {"paths": dict(PATHS), "filled": list(FILLED), "fallen": list(FALLEN)}


def scaled(mark: str, size: float = SIZE, *, up: bool = False, raised: float = 0.0) -> str:
    """Return a mark's path in a box from ``-size`` to ``size``; ``up`` where y grows upwards, from ``raised`` on."""
    sign = -1.0 if up else 1.0

    def pair(match: re.Match[str]) -> str:
        return f"{float(match[1]) * size:.4g},{sign * float(match[2]) * size + raised:.4g} "

    return re.sub(r"(-?[\d.]+) (-?[\d.]+)", pair, PATHS[mark])


def icon(mark: str) -> str:
    """Return a mark as a small picture for a page, in the colour of the text around it."""
    fill = "currentColor" if mark in FILLED else "none"
    drawn = f'<path d="{scaled(mark)}" fill="{fill}" stroke="currentColor" stroke-width="1.6"/>'
    return f'<svg class="mark" viewBox="-8 -8 16 16" width="16" height="16" aria-hidden="true">{drawn}</svg>'


def shown_as(word: Mapping[str, Any], value: float | None, reason: str) -> Mapping[str, Any]:
    """Return how an event is drawn and said where its row holds a value and gives a reason: ``mark``, ``said`` and ``said_id``.

    Parameters
    ----------
    word : mapping
        The event as a manifest or a film tells it (:meth:`sim.declare.words.EventWord.told`).
    value : float or None
    reason : str
        Name of the reason; empty for none.
    """
    for one in word.get("shown", ()):
        if value in one["values"] or reason in one["reasons"]:
            return dict(one)
    said, said_id = word.get("said") or word["title"].lower(), word.get("said_id") or word["title_id"].lower()
    return {"mark": word.get("mark", ""), "said": said, "said_id": said_id}
