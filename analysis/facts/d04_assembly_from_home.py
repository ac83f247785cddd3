"""D4: more heads of state address a world assembly when nobody has to travel there."""

from __future__ import annotations

import numpy as np

from analysis.columns import covers, nothing, ratio
from analysis.facts import Fact, Floats, Measure, Null, Pairs
from sim.types import month_index

MONTH = month_index("2020-09")


def rise(pairs: Pairs) -> Floats:
    """Return how many more heads take part in September 2020 than in the same assembly with open borders, as a share."""
    run, twin = pairs.run, pairs.other
    if not covers(run, (MONTH, MONTH)):
        return nothing(run)
    at = int(np.searchsorted(run.months, MONTH))
    online, usual = (one.series("assembly_attendance")[:, at] for one in (run, twin))
    return ratio(online, usual) - 1.0


FACT = Fact(
    id="D4",
    title="The assembly from home",
    title_id="Sidang dari rumah",
    sentence="When an assembly is addressed by video, half as many heads of state again take part.",
    sentence_id="Ketika sidang disapa lewat video, peserta dari kalangan kepala negara bertambah setengahnya.",
    mechanism="cost of the journey in attendance",
    mechanism_id="biaya perjalanan dalam kehadiran",
    kind="calibrated",
    scenario="pandemic_lockdown",
    twin=True,
    measures=(
        Measure(
            "rise",
            "Rise in heads who address the assembly of 2020",
            "Kenaikan jumlah kepala negara yang berpidato di sidang 2020",
            119 / 75 - 1, 0.3, 0.9, "share of the usual", "2020", "United Nations, via press: 119 heads of state against 70 to 80", "B",
            ("series.parquet: assembly_attendance, of the run and of its twin",), rise,
        ),
    ),
    null=Null(
        "journeys_cost_nothing",
        "Coming to the assembly costs nothing, so that staying at home saves nothing.",
        "Datang ke sidang tidak memakan biaya, sehingga tinggal di rumah tidak menghemat apa pun.",
        settings={"mechanisms.assembly.cost": 0.0},
    ),
    note="Worth and cost of attending were set with these two figures in view, so that the mean rise is put in.",
    note_id="Nilai dan biaya kehadiran ditetapkan dengan melihat kedua angka ini, sehingga kenaikan rata-rata memang dimasukkan.",
)  # fmt: skip
