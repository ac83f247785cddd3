"""A played seat: one party's moves as data, what they mean at the table, which are possible, and what the seat sees.

``sim.game`` is the door; this room knows worlds and moves, and neither scenarios nor folders.
"""

from __future__ import annotations
