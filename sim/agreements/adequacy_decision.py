"""An adequacy decision: screening, not bargaining; here it is only in force at the start, as a dated fact, until its part is built.

Role 0 is the judge, role 1 the judged. Source of the effect: Ferracane, Hoekman, van der Marel and Santi (2026), Economica 93:369.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.consequences import Consequence, FreesData
from sim.registry import param, part


@part(
    "agreement",
    name="adequacy_decision",
    title="Adequacy decision",
    title_id="Keputusan kecukupan",
    sentence_id="Satu pihak memutuskan sendiri bahwa pihak lain cukup melindungi data pribadi, lalu membiarkan data mengalir.",
)
@dataclass(frozen=True)
class AdequacyDecision:
    """One party decides by itself that another protects personal data well enough, and lets them flow."""

    negotiable: ClassVar[bool] = False
    roles: ClassVar[tuple[str, str]] = ("judge", "judged")
    issues: ClassVar[tuple[str, ...]] = ("safeguards", "redress", "localisation")
    meaning: ClassVar[dict[str, tuple[str, str]]] = {
        "safeguards": ("0: no conditions; 1: the judge's law in full", "the same, as its own law"),
        "redress": ("0: no court; 1: full court redress", "the same, as its own law"),
        "localisation": ("0: nothing must stay; 1: everything must", "the same, as its own law"),
    }
    entry: ClassVar[str] = "unilateral"
    ending: ClassVar[str] = "review"
    leaver: ClassVar[str] = "released"
    excluded_by: ClassVar[tuple[str, ...]] = ()
    does: ClassVar[tuple[Consequence, ...]] = (FreesData("localisation"),)
    reads: ClassVar[tuple[str, ...]] = ()

    trade_effect: float = param(
        0.08,
        unit="share of digital trade",
        low=0.0,
        high=0.14,
        source="Ferracane et al. 2026, Economica 93:369 (7 to 9 %); the bounds are ours, to the 14 % of the 2023 working paper",
        meaning="Digital trade added between those covered.",
    )
