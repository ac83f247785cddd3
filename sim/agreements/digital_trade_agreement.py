"""A digital trade agreement: here only in force at the start, as a dated fact, until its part is built.

It is symmetric. What it does in this version is legal: a state bound not to localise has no localisation (see the privacy regime
in ``docs/data.md``). No effect on trade is claimed, because none is in our sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.consequences import AddsTrade, Consequence, Shares
from sim.registry import param, part


@part(
    "agreement",
    name="digital_trade_agreement",
    title="Digital trade agreement",
    title_id="Perjanjian perdagangan digital",
    sentence_id="Para pihak saling berjanji bahwa data boleh melintasi perbatasan dan tidak wajib disimpan di dalam negeri.",
)
@dataclass(frozen=True)
class DigitalTradeAgreement:
    """The parties promise each other that data may cross the border and need not be kept at home."""

    negotiable: ClassVar[bool] = False
    roles: ClassVar[tuple[str, str]] = ("party", "party")
    issues: ClassVar[tuple[str, ...]] = ("safeguards", "localisation", "security")
    meaning: ClassVar[dict[str, tuple[str, str]]] = {
        "safeguards": ("0: no conditions on transfers; 1: the strictest", "the same"),
        "localisation": ("0: nothing must stay at home; 1: everything must", "the same"),
        "security": ("0: no common standards; 1: full common standards", "the same"),
    }
    entry: ClassVar[str] = "ratified"
    ending: ClassVar[str] = "denunciation"
    leaver: ClassVar[str] = "released"
    excluded_by: ClassVar[tuple[str, ...]] = ()
    does: ClassVar[tuple[Consequence, ...]] = (AddsTrade("localisation"), Shares("security"))
    reads: ClassVar[tuple[str, ...]] = ()

    trade_effect: float = param(
        0.0, unit="share of digital trade", low=0.0, high=0.1, source="assumed", meaning="Digital trade added between those covered."
    )
