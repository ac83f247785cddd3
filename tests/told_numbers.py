"""What a few runs gave when their numbers were last accepted, in ``data/numbers.json``; written only by hand: ``make numbers``.

Of each run: how many events of each kind there were, a digest of the ledger in words, and every scalar. The ledger has to come out the
same; scalars to a billionth, since another processor may round the last digits otherwise; one that is undefined is null.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

from summits import summits

import sim

FILE = Path(__file__).resolve().parent / "data" / "numbers.json"
TEN = {"states": ["BRA", "CHN", "DEU", "FRA", "GBR", "IDN", "JPN", "KEN", "SGP", "USA"]}
EAGER = {"bargaining": {"propose_rate": 1.0, "desks": 8.0, "lapse": 3, "staff_price": 0.0}}
RUNS: dict[str, tuple[str, dict[str, Any]]] = {
    "ten states under nash": ("baseline", {"seed": 8, "end": "2021-12", "roster": TEN, "mechanisms": EAGER}),
    "ten states under alternating offers": ("baseline", {"seed": 2, "end": "2020-12", "roster": TEN, "protocol": "alternating_offers"}),
    "ten states in the lockdown": ("pandemic_lockdown", {"seed": 3, "end": "2020-12", "roster": TEN}),
    "all states for a year": ("baseline", {"seed": 4, "start": "2019-07", "end": "2020-06"}),
    "all states with linkage": (
        "baseline",
        {
            "seed": 5,
            "start": "2020-03",
            "end": "2021-06",
            "mechanisms": {"bargaining": {**EAGER["bargaining"], "linkage": True}},
        },
    ),
    "tables of many": ("baseline", {"seed": 2, **summits()}),
}
KEYS = ("month", "event", "party_a", "party_b", "type", "channel", "rank", "occasion", "reason", "negotiation", "instrument")


def told(scenario: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return what one run gives."""
    one = sim.run(scenario, record="panels", **options).runs[0]
    rows = "\n".join("|".join(map(str, row)) for row in zip(*(one.events[key].tolist() for key in KEYS), strict=True))
    return {
        "events": dict(sorted(Counter(one.events["event"].tolist()).items())),
        "ledger": hashlib.blake2b(rows.encode(), digest_size=16).hexdigest(),
        "scalars": {name: None if math.isnan(value) else value for name, value in sorted(one.scalars.items())},
    }


if __name__ == "__main__":
    text = json.dumps({name: told(*asked) for name, asked in RUNS.items()}, indent=1, allow_nan=False)
    FILE.write_text(text + "\n", encoding="utf-8", newline="")
    print(f"wrote {FILE}: say in CHANGELOG.md what moved, and why (*moves numbers*)")
