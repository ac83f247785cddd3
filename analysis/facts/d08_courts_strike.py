"""D8: deals of executives die in court at about a tenth a year; a check of the rate that is given."""

from __future__ import annotations

import numpy as np

from analysis.columns import covers, nothing, ratio
from analysis.facts import Fact, Floats, Measure, Null, Pairs
from analysis.frameworks import frameworks
from sim.types import month_index

UNTIL = month_index("2020-12")


def hazard(pairs: Pairs) -> Floats:
    """Divide the annulments of frameworks of the two by the years in which one was in force, until the end of 2020."""
    run, first = pairs.run, int(pairs.run.months[0])
    if not covers(run, (first, UNTIL)):
        return nothing(run)
    struck, years = np.zeros(run.n_runs), np.zeros(run.n_runs)
    for one in frameworks(run):
        if 0 <= one.in_force <= UNTIL:
            end = one.ended if 0 <= one.ended <= UNTIL else UNTIL + 1
            years[one.run] += (end - max(one.in_force, first)) / 12.0
            struck[one.run] += one.stage == "annulled" and one.ended <= UNTIL
    return ratio(struck, years)


FACT = Fact(
    id="D8",
    title="Courts strike executive deals",
    title_id="Pengadilan membatalkan kesepakatan eksekutif",
    sentence="Frameworks that executives sign alone are struck down in court at about one in ten years.",
    sentence_id="Kerangka yang ditandatangani eksekutif sendiri dibatalkan pengadilan kira-kira sekali dalam sepuluh tahun.",
    mechanism="the rate of annulment: it is given, and read back",
    mechanism_id="laju pembatalan: diberikan, lalu dibaca kembali",
    kind="echo",
    scenario="eu_us_transfers",
    measures=(
        Measure(
            "hazard",
            "Annulments a framework-year",
            "Pembatalan per tahun kerangka",
            0.1, 0.04, 0.2, "a year", "2000 to 2020", "CJEU C-362/14 and C-311/18: 2 annulments in 19.2 framework-years, our division", "D",
            ("instruments.parquet: in_force, ended and stage of transfer frameworks of the EU and the US",), hazard,
        ),
    ),
    null=Null(
        "no_court",
        "Nobody strikes anything down.",
        "Tidak ada yang membatalkan apa pun.",
        settings={"mechanisms.courts.complaint_rate": 0.0, "mechanisms.courts.parliament_rate": 0.0},
    ),
    note="The lives of the two frameworks, 15.2 and 4.0 years, set the rate; a check of it tests nothing.",
    note_id="Umur kedua kerangka, 15,2 dan 4,0 tahun, menetapkan lajunya; memeriksanya tidak menguji apa pun.",
)  # fmt: skip
