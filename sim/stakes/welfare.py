"""Names and sums of the sources by which a party gains from what is in force; the mechanism ``welfare`` fills them."""

from __future__ import annotations

import numpy as np

from sim.declare.meanings import Meaning
from sim.state.world import Floats, Setting, World

APART = ("party", "payment", "trade", "diversion")
"""Sources that are no issue of a text: being party, side payments, trade with own partners, trade diverted."""
WORDS = {
    "party": Meaning(
        "being party",
        "menjadi pihak",
        "What being party brings, trade apart: what the agreements would be worth if their texts changed nothing.",
        "Keuntungan menjadi pihak, di luar perdagangan: nilai perjanjian andaikan naskahnya tidak mengubah apa pun.",
    ),
    "payment": Meaning(
        "side payments",
        "pembayaran sampingan",
        "Side payments received, less those paid and their overhead.",
        "Pembayaran sampingan yang diterima, dikurangi yang dibayarkan dan biaya tambahannya.",
    ),
    "trade": Meaning(
        "trade with partners",
        "perdagangan dengan mitra",
        "Trade that agreements in force free with a state's own partners.",
        "Perdagangan dengan mitra sendiri yang dibebaskan oleh perjanjian yang berlaku.",
    ),
    "diversion": Meaning(
        "trade diverted",
        "perdagangan yang teralihkan",
        "Trade that agreements in force free between others, who then buy less here: mostly a loss.",
        "Perdagangan yang dibebaskan perjanjian antara pihak lain, yang lalu membeli lebih sedikit di sini: umumnya kerugian.",
    ),
}
"""What each of them is."""


def source_names(setting: Setting) -> tuple[str, ...]:
    """Return the names of the sources, in the order of :func:`by_source`: those apart, then ``on_ISSUE`` for each issue of the run."""
    return (*APART, *(f"on_{name}" for name in setting.words.issues))


def source_words(setting: Setting) -> dict[str, Meaning]:
    """Return what each source is, by the names of :func:`source_names`."""
    issues = setting.words.words["issue"]
    told = {
        f"on_{one.name}": Meaning(
            title := _lowered(one.title),
            title_id := _lowered(one.title_id),
            f"What moving {title} from present law to the texts in force brings.",
            f"Keuntungan dari memindahkan {title_id} dari hukum sekarang ke naskah yang berlaku.",
        )
        for one in issues
    }
    return {name: {**WORDS, **told}[name] for name in source_names(setting)}


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def by_source(world: World) -> Floats:
    """Return what each party gains by each source, shape (sources, P), bp of own GDP a year; they add up to ``world.welfare``."""
    out = np.empty((len(APART) + len(world.gain_on_issue), world.setting.n_parties))
    out[0], out[1], out[2], out[3] = world.gain_as_party, world.gain_by_payment, world.gain_by_trade, world.gain_by_diversion
    out[len(APART) :] = world.gain_on_issue
    return out


def in_usd(world: World) -> Floats:
    """Return what each state gains altogether, shape (N,), USD a year."""
    n = world.setting.n_states
    gains: Floats = world.welfare[:n] * world.gdp[:n] / 1e4
    return gains
