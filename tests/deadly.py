"""A part of a user's own that kills its process, hangs, or asks Python to leave, by the seed of the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studies import SMALL

METRIC = '''
"""A metric that ends its process."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.parts import Floats, Setting, World, part

DOES = {does}


@part("metric", name="deadly", title="Deadly", title_id="Maut", sentence_id="Ukuran yang mengakhiri prosesnya sendiri.")
@dataclass(frozen=True)
class Deadly:
    """A figure that ends the process that measures it."""

    unit: ClassVar[str] = "deaths"
    axis: ClassVar[str] = "world"
    over_parties: ClassVar[str] = "sum"
    over_months: ClassVar[str] = "sum"

    def columns(self, setting: Setting) -> tuple[str, ...]:
        """Return the column names."""
        return ("deadly",)

    def measure(self, world: World) -> Floats:
        """Do what the seed of the run says."""
        does = DOES.get(world.seed)
        print("a part may print what it likes")
        if does in ("SIGSEGV", "SIGKILL", "SIGABRT"):
            os.kill(os.getpid(), getattr(signal, does))
            time.sleep(60)
        if does == "exit 9":
            os._exit(9)
        if does == "sys.exit":
            sys.exit("enough")
        if does == "sleep":
            time.sleep(600)
        if does == "deaf":
            signal.signal(signal.SIGALRM, signal.SIG_IGN)
            while True:
                pass
        if does == "slow":
            time.sleep(0.4)
        return np.zeros(1)
'''


def deadly(place: Path, does: dict[int, str]) -> Path:
    """Write the part and return the folder to give as ``parts``; ``does`` says what each seed does."""
    folder = place / "parts"
    (folder / "metrics").mkdir(parents=True)
    (folder / "metrics" / "deadly.py").write_text(METRIC.replace("{does}", repr(does)), encoding="utf-8")
    return folder


def plain(**over: Any) -> dict[str, Any]:
    """A study of one draw, whose runs are told apart by their seeds alone."""
    return {**SMALL, "factors": {}, "sampler": {"kind": "grid"}, "replicates": 6, "chunk": 3, **over}
