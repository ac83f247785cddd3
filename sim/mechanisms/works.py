r"""Works under pacts: they stand still and go on, funds lapse, hosts default, and who controls what was built runs it.

What is announced is not what is disbursed. Each month the works of a pact in force may stop, with a chance that falls with the host's
protection by law ``s``, and works that stand go on again with a chance of their own:

.. math:: P(stop) = 2 a (1 - s), \qquad P(go on) = b

While they stand nothing is paid or built, and the term is put off by as long. Works that stand for ``patience`` months are given up: the
pact ends, and what is left is never paid. A host may *default* on what it was lent, at a yearly rate that falls with ``s`` as well.
Then the pact ends, and what was built under it is the investor's to run.

What the investor runs is the level of ``hosting_control`` times what is built (``run_by``, MW). It draws the investor's providers to open
regions there, and it lies in the investor's reach (:mod:`sim.mechanisms.market`).

Sources: own list of 185 announced cables: a third was never built, the others came 1.1 years late on average; AidData (by project) and DCD:
88 % of one loan was paid out after five years, 28 % of another after one. Rates of stopping and going on are set to one year of delay on
three years of works at ``s`` of one half, and no more; the rest is assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim import luck
from sim.arrays import where_true
from sim.consequences import COST
from sim.declare.arrays import Array, array
from sim.declare.neutral import Neutral
from sim.declare.words import Word, event, reason
from sim.ledger import move
from sim.registry import param, part
from sim.rng import uniforms
from sim.state.world import World
from sim.types import Stage

CONTROL = "hosting_control"
_PACT = ("party_a", "party_b", "type", "instrument")


@part(
    "mechanism",
    name="works",
    title="Works under pacts",
    title_id="Pekerjaan pakta",
    sentence_id="Pekerjaan di bawah pakta terhenti dan berlanjut, dana hangus, tuan rumah gagal bayar, dan pemegang kendali mengelolanya.",
)
@dataclass(frozen=True)
class Works:
    """Works under pacts stand still and go on, funds lapse, hosts default, and who controls what was built runs it."""

    neutral: ClassVar[tuple[Neutral, ...]] = (
        Neutral(
            "all_is_built_in_time",
            "No works stop, and no host defaults.",
            "Tidak ada pekerjaan yang terhenti, dan tidak ada tuan rumah yang gagal bayar.",
            (("mechanisms.works.stopping", 0.0), ("mechanisms.works.default_rate", 0.0)),
            "cloud_capacity_gained",
        ),
    )
    reads: ClassVar[tuple[str, ...]] = ("protection_state", "run_by")
    writes: ClassVar[tuple[str, ...]] = ("run_by",)
    tables: ClassVar[tuple[str, ...]] = ("instruments", "adherence", "events")
    words: ClassVar[tuple[Word, ...]] = (
        event(
            "works_stopped", "Works stopped", "Pekerjaan terhenti", "What is built under a pact stands still.",
            "Yang dibangun di bawah pakta terhenti.", columns=_PACT, public="everyone", listed=False,
        ),
        event(
            "works_resumed", "Works resumed", "Pekerjaan berlanjut", "What is built under a pact goes on.",
            "Yang dibangun di bawah pakta berlanjut.", columns=_PACT, public="everyone", listed=False,
        ),
        event(
            "host_default", "Host defaults", "Gagal bayar",
            "The second party cannot pay back what the first lent it; the value is MW that change hands.",
            "Pihak kedua tidak dapat membayar kembali pinjaman pihak pertama; nilainya MW yang berpindah tangan.",
            columns=(*_PACT, "value"), public="everyone", crisis=True,
        ),
        reason("defaulted", "default", "gagal bayar", "The host did not pay back.", "Tuan rumah tidak membayar kembali."),
        reason("works_abandoned", "works given up", "pekerjaan dihentikan", "The works stood still for too long.",
               "Pekerjaan terhenti terlalu lama."),
    )  # fmt: skip
    state: ClassVar[tuple[Array, ...]] = (
        array("stands", ("instruments",), dtype="int32", unit="months", meaning="months in a row for which its works have stood still"),
        array("run_by", ("edge",), unit="MW", meaning="data centres in the owner that the partner runs under pacts"),
    )

    stopping: float = param(
        0.05,
        unit="probability a month",
        low=0.0,
        high=0.3,
        source="set to a year of delay on three years, as announced cables have (own list of 185)",
        meaning="Chance that works stop where protection by law is one half, a.",
    )
    resuming: float = param(
        0.15, unit="probability a month", low=0.02, high=1.0, source="assumed", meaning="Chance that works which stand go on, b."
    )
    patience: int = param(
        24, unit="months", low=1, high=120, source="assumed", meaning="Months of standing after which works are given up."
    )
    default_rate: float = param(
        0.02,
        unit="a year",
        low=0.0,
        high=1.0,
        source="memory: yearly defaults of states of speculative grade, 2 to 4 %",
        meaning="Rate at which hosts default where protection by law is one half.",
    )

    def step(self, world: World, decide: Any) -> None:
        """Let works stop and go on, funds lapse and hosts default; count what investors run."""
        instruments = world.instruments
        running = (instruments["stage"] == Stage.IN_FORCE) & (instruments["commitment"] > 0.0)
        rows = where_true(running & (instruments["in_force"] < world.month))
        if not len(rows):
            return
        host, keys = instruments["second"][rows], world.keys_of(rows)
        stands, weak = world.array("stands"), 2.0 * (1.0 - world.protection_state[host])
        stopped, failed = (uniforms(world.seed, luck.WORKS, world.month, keys, word=word) for word in (0, 1))
        stood = stands[rows] > 0
        now = np.where(stood, stopped >= self.resuming, stopped < np.minimum(self.stopping * weak, 1.0))
        stands[rows] = np.where(now, stands[rows] + 1, 0)
        world.array("months_barred")[rows] += now
        for at in where_true(now != stood).tolist():
            self._say(world, "works_stopped" if now[at] else "works_resumed", int(rows[at]))
        broke = failed < -np.expm1(-self.default_rate * weak / 12.0)
        self._run(world, rows, ~now & ~broke)
        for at in where_true(broke | (stands[rows] >= self.patience)).tolist():
            self._end(world, int(rows[at]), bool(broke[at]))

    def _run(self, world: World, rows: Any, builds: Any) -> None:
        """Add to what investors run: what is built this month, as far as they control it."""
        instruments, words = world.instruments, world.setting.words.issues
        if CONTROL not in words:
            return
        cost, level = world.setting.doings.rate(COST), instruments["text"][:, words.index(CONTROL)]
        for row in rows[builds].tolist():
            edge = world.setting.edges.find(int(instruments["second"][row]), int(instruments["first"][row]))
            if edge >= 0 and math.isfinite(level[row]):
                month = instruments["commitment"][row] / instruments["term"][row] / cost[instruments["type"][row]]
                world.run_by[edge] += level[row] * month

    def _end(self, world: World, row: int, broke: bool) -> None:
        """End a pact whose works are given up or whose host defaults; in that case the investor runs all that was built."""
        instruments, codes = world.instruments, world.setting.words
        if broke:
            edge = world.setting.edges.find(int(instruments["second"][row]), int(instruments["first"][row]))
            built = float(world.array("disbursed")[row] / world.setting.doings.rate(COST)[instruments["type"][row]])
            level = float(instruments["text"][row, codes.issues.index(CONTROL)]) if CONTROL in codes.issues else math.nan
            taken = built * (1.0 - level) if math.isfinite(level) else 0.0
            if edge >= 0:
                world.run_by[edge] += taken
            self._say(world, "host_default", row, value=taken)
        move(world, row, Stage.TERMINATED, codes.code("reason", "defaulted" if broke else "works_abandoned"))

    @staticmethod
    def _say(world: World, word: str, row: int, **told: float) -> None:
        instruments = world.instruments
        world.events.append(
            month=world.month, event=world.setting.words.code("event", word), party_a=int(instruments["first"][row]),
            party_b=int(instruments["second"][row]), type=int(instruments["type"][row]), instrument=row, **told,
        )  # fmt: skip
