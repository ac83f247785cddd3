"""The look of every figure: two themes, one family of type, four sizes, and colours that a colour-blind reader can tell apart.

A figure is drawn in the light theme. Every colour of that theme is unique, so the page turns a figure dark by replacing each hexadecimal
word by its twin in :data:`DARK_OF`; a figure therefore uses only the names below, with an optional alpha from :func:`faint`.

Sources: Okabe and Ito (2008), "Color universal design"; Nunez, Anderton and Renslow (2018), "Optimizing colormaps with consideration for
color vision deficiency" (cividis), PLOS ONE 13(7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

MINUS, PER_CENT = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}%"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif"
SMALL, BODY, LARGE, HUGE = 13, 15, 18, 28
"""The four sizes of type, in pixels."""

PAPER, INK, QUIET, HAIRLINE, GRID = "#fdfdfb", "#1d2127", "#59616b", "#c9cdd2", "#e6e8ea"
LAND, BORDER, SEA, OUTSIDE = "#e2e4e3", "#fbfcfa", "#f4f7f8", "#b9bec2"

BLUE, ORANGE, GREEN, VERMILION = "#0072b2", "#c77700", "#008763", "#d55e00"
SKY, PINK, YELLOW, BLACK = "#3a92c4", "#b8608f", "#a88c00", "#33383e"

ORDERED = ("#f2e27c", "#d0be76", "#a69d78", "#7f7f79", "#575d6d", "#2b446e", "#00224d")
"""Seven steps of cividis, from few to many: on light paper the many are dark, on dark paper they are light."""

_ORDERED_DARK = ("#1c3a66", "#3a4f6c", "#5c616f", "#7d7c78", "#a59c74", "#d2bf66", "#fee838")

DARK_OF: Mapping[str, str] = {
    PAPER: "#14171b",
    INK: "#eceef0",
    QUIET: "#a3abb4",
    HAIRLINE: "#3c424a",
    GRID: "#272c32",
    LAND: "#2b3036",
    BORDER: "#15181c",
    SEA: "#171b20",
    OUTSIDE: "#474e56",
    BLUE: "#4aa8e0",
    ORANGE: "#e69f00",
    GREEN: "#1fb58a",
    VERMILION: "#f0813a",
    SKY: "#7cc4ef",
    PINK: "#d78ab4",
    YELLOW: "#e3cf4a",
    BLACK: "#c4cad1",
    "#8f7d6a": "#b3a18e",
    "#6d7c89": "#93a4b3",
    "#8b7a95": "#b09fbb",
    "#718270": "#97aa95",
    "#98757a": "#bf9ba0",
    "#5b2a86": "#b58cf0",
    "#bd9fdd": "#5f4488",
    "#d3b08a": "#6e4f33",
    "#6e3b12": "#dcae82",
    **dict(zip(ORDERED, _ORDERED_DARK, strict=True)),
}
"""Dark twin of every light colour."""

TYPE_COLOUR: Mapping[str, str] = {
    "transfer_framework": BLUE,
    "infrastructure_pact": ORANGE,
    "adequacy_decision": GREEN,
    "digital_trade_agreement": PINK,
    "capacity_programme": YELLOW,
    "security_treaty": SKY,
    "research_commons": VERMILION,
}
"""Colour of each agreement type; types not listed here are drawn in :data:`BLACK`."""

DIFFERENCE: Mapping[str, str] = {"less2": "#5b2a86", "less1": "#bd9fdd", "more1": "#d3b08a", "more2": "#6e3b12"}
"""Two worlds compared, from much less to much more: violet and brown, which are no type's colours and which colour-blind readers tell
apart."""

HOSTILE = DIFFERENCE["less2"]
"""Hostile ties, which are dashed besides; differences are never drawn beside them."""

NAMED: Mapping[str, str] = {
    "black": BLACK, "blue": BLUE, "orange": ORANGE, "green": GREEN, "vermilion": VERMILION, "sky": SKY, "pink": PINK, "yellow": YELLOW,
}  # fmt: skip
"""Colours that a part may name for a channel it declares (:data:`sim.declare.words.COLOURS`)."""
WITH_ARTICLE = frozenset({"US", "UK", "Netherlands", "Philippines", "Maldives", "Bahamas", "Gambia", "Comoros", "Seychelles"})
WITH_ARTICLE_WORDS = ("United ", "European ", "Association ")
REGION_COLOUR: Mapping[str, str] = {
    "Africa": "#8f7d6a",
    "Americas": "#6d7c89",
    "Asia": "#8b7a95",
    "Europe": "#718270",
    "Oceania": "#98757a",
}
"""Muted, because the strong colours belong to the agreements; the shape says the region too."""
REGION_SHAPE: Mapping[str, tuple[str, str]] = {
    "Africa": ("triangle-up", "up"),
    "Americas": ("square", "square"),
    "Asia": ("circle", "dot"),
    "Europe": ("diamond", "diamond"),
    "Oceania": ("triangle-down", "down"),
}
"""Mark of each region in a figure and in its legend."""


def type_colour(name: str) -> str:
    """Return the colour of an agreement type."""
    return TYPE_COLOUR.get(name, BLACK)


def faint(colour: str, share: float) -> str:
    """Return a colour of the theme with an alpha between 0 and 1, still recognisable by the page's dark twin."""
    return f"{colour}{round(255 * share):02x}"


def plain(name: str) -> str:
    """Turn an identifier into words: ``infrastructure_pact`` becomes ``infrastructure pact``."""
    return name.replace("_", " ")


def plural(count: float, word: str) -> str:
    """Say a count and its noun: ``1 pact``, ``2 pacts``, ``3 capitals`` (regular nouns and those in -y)."""
    if count == 1:
        return f"1 {word}"
    many = f"{word[:-1]}ies" if word.endswith("y") and word[-2] not in "aeiou" else f"{word}s"
    return f"{number(count)} {many}"


def number(value: float) -> str:
    """Write a number as a reader would: thousands separated, no false precision."""
    size = abs(value)
    return f"{value:,.0f}" if value == int(value) or size >= 10 else f"{value:,.2g}"


def signed(value: float) -> str:
    """Write a difference with its sign, a true minus, and none for nothing."""
    size = number(abs(value))
    return "0" if size == "0" else f"{'+' if value > 0 else MINUS}{size}"


def share(value: float) -> str:
    """Write a relative change with its sign: ``+5 %``, and more finely below one per cent."""
    size = f"{abs(value) * 100:.0f}" if abs(value) >= 0.0095 else f"{abs(value) * 100:.1g}"
    return f"0{PER_CENT}" if float(size) == 0 else f"{'+' if value > 0 else MINUS}{size}{PER_CENT}"


def part_of(value: float) -> str:
    """Write a share of a whole: ``0.45`` becomes ``45 %``."""
    return f"{value * 100:.0f}{PER_CENT}"


def the(name: str) -> str:
    """Put the article before the names that need one inside a sentence."""
    return f"the {name}" if name in WITH_ARTICLE or name.startswith(WITH_ARTICLE_WORDS) or name.endswith(("Islands", "Republic")) else name


def listed(words: Sequence[str]) -> str:
    """Join words as English does: ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def canvas(*, height: int, margin: tuple[int, int, int, int] = (8, 8, 8, 8)) -> go.Figure:
    """Return an empty figure in the house style, transparent, without a legend of its own.

    Parameters
    ----------
    height : int
        Height in pixels; the width is the page's.
    margin : tuple of int
        Left, right, top and bottom margin in pixels.
    """
    left, right, top, bottom = margin
    return go.Figure(
        layout=go.Layout(
            template="none",
            height=height,
            margin={"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
            paper_bgcolor="rgba(0,0,0,0)",
            plot_bgcolor="rgba(0,0,0,0)",
            font={"family": FONT, "size": SMALL, "color": QUIET},
            hoverlabel={"font": {"family": FONT, "size": SMALL, "color": INK}, "bgcolor": PAPER, "bordercolor": HAIRLINE, "align": "left"},
            showlegend=False,
            hovermode="closest",
            dragmode=False,
        )
    )


def bare_axes(figure: go.Figure, x: tuple[float, float], y: tuple[float, float], *, equal: bool) -> None:
    """Give a picture invisible axes over the given ranges, in data units; of equal scale where distances mean something."""
    hidden = {"visible": False, "showgrid": False, "zeroline": False, "fixedrange": True}
    figure.update_xaxes(range=list(x), constrain="domain", **hidden)
    figure.update_yaxes(range=list(y), constrain="domain", **hidden)
    if equal:
        figure.update_yaxes(scaleanchor="x", scaleratio=1)
