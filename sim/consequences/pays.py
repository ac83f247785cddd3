"""A side payment runs between the two parties while the agreement is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.consequences.base import Consequence, Made, consequence
from sim.declare.arrays import Array, array


@consequence(
    name="pays",
    title="Pays",
    title_id="Membayar",
    sentence="Where side payments are allowed, who gains may pay the other each month while it is in force.",
    sentence_id="Bila pembayaran samping diizinkan, pihak yang untung dapat membayar pihak lain setiap bulan selama berlaku.",
)
@dataclass(frozen=True)
class Pays(Consequence):
    """A side payment may be part of it: agreed at the table, and paid each month while it is in force."""

    state: ClassVar[tuple[Array, ...]] = (
        array(
            "payment",
            ("instruments",),
            unit="USD a year",
            meaning="side payment of the first to the second, negative the other way",
        ),
    )

    def compile(self, made: Made) -> Mapping[str, Any]:
        """Return the payment that was agreed (USD a year)."""
        return {"payment": made.payment}
