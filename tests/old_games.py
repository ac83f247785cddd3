"""Games that version 0.1.0 saved, for the tests."""

from __future__ import annotations

import json
from pathlib import Path


def elsewhere(path: Path) -> None:
    """Let an old game be of a world and a seat in which talks still open: a pact of Indonesia and Japan, of which a walk away tells."""
    tree = json.loads(path.read_text(encoding="utf-8"))
    tree["config"]["mechanisms"]["bargaining"] |= {"propose_rate": 1.0, "reach": 1.0, "staff_price": 0.0}
    tree["config"]["mechanisms"]["contacts"] |= {"hour_price": 3.0}
    of_pact = {"party": "IDN", "other": "JPN", "type": "infrastructure_pact", "talk": "infrastructure_pact:IDN:JPN:24228"}
    path.write_text(json.dumps({**tree, "seat": "IDN", "moves": [{**one, **of_pact} for one in tree["moves"]]}), encoding="utf-8")
