"""Compile the kernels before tests need them: worker processes that start together would each compile the same ones.

``make test`` runs it beside the checks of style. Whatever it leaves out is compiled by the first test that needs it.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from worlds import SEEN, lively, setting_of

from sim.registry import shelf
from sim.single import one_run


def main() -> None:
    """Live small worlds with each protocol and each rival, and one in which much happens, with all that is recorded."""
    for kind in ("protocol", "rival"):
        for name in shelf(kind).names():
            one_run(setting_of({**SEEN, "end": "2020-03", kind: name}), 0, "panels")
    one_run(setting_of(lively()), 0, "panels")


if __name__ == "__main__":
    main()
