"""States that let nobody join a treaty of theirs; all else is decided by the compiled rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from same_doors import StateAgent, part


@part("agents", name="closed", title="Closed states", title_id="Negara tertutup", sentence_id="Negara yang menolak anggota baru.")
class Closed(StateAgent):
    """States that let nobody join."""

    def admit(self, table: Any, text: Mapping[str, float], newcomer: str) -> bool:
        return False
