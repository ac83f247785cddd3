"""Data flow freely between those an agreement binds; trade grows with them."""

from __future__ import annotations

from dataclasses import dataclass

from sim.consequences.adds_trade import AddsTrade
from sim.consequences.base import consequence


@consequence(
    name="frees_data",
    title="Frees data",
    title_id="Membebaskan data",
    sentence="Data flow freely between those it binds and digital trade grows, but for the data that its text keeps at home.",
    sentence_id="Data mengalir bebas di antara yang terikat dan perdagangan digital tumbuh, kecuali bagi data yang menurut teksnya "
    "harus tetap di dalam negeri.",
)
@dataclass(frozen=True)
class FreesData(AddsTrade):
    """Data flow freely between those it binds, but for the share that its text keeps at home; a second such agreement adds nothing."""
