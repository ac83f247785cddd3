"""D8: deals of executives die in court at about a tenth a year; a check of the rate that is given."""

from __future__ import annotations

from analysis.facts import Fact, Measure, Null

FACT = Fact(
    id="D8",
    title="Courts strike executive deals",
    title_id="Pengadilan membatalkan kesepakatan eksekutif",
    sentence="Frameworks that executives sign alone are struck down in court at about one in ten years.",
    sentence_id="Kerangka yang ditandatangani eksekutif sendiri dibatalkan pengadilan kira-kira sekali dalam sepuluh tahun.",
    mechanism="the rate of annulment: it is given, and read back",
    mechanism_id="laju pembatalan: diberikan, lalu dibaca kembali",
    kind="echo",
    scenario=None,
    waits_for="courts that strike frameworks down, and bargaining anew under their deadline (issue 16)",
    waits_for_id="pengadilan yang membatalkan kerangka, dan perundingan ulang di bawah tenggatnya (isu 16)",
    measures=(
        Measure(
            "hazard",
            "Annulments a framework-year",
            "Pembatalan per tahun kerangka",
            0.1, 0.04, 0.2, "a year", "2000 to 2020", "CJEU C-362/14 and C-311/18: 2 annulments in 19.2 framework-years, our division", "D",
            ("events.parquet: entry_into_force and annulment of transfer frameworks",),
        ),
    ),
    null=Null(
        "no_court",
        "Nobody strikes anything down.",
        "Tidak ada yang membatalkan apa pun.",
        cannot="its scenario does not exist yet",
        cannot_id="skenarionya belum ada",
    ),
    note="The lives of the two frameworks, 15.2 and 4.0 years, set the rate; a check of it tests nothing.",
    note_id="Umur kedua kerangka, 15,2 dan 4,0 tahun, menetapkan lajunya; memeriksanya tidak menguji apa pun.",
)  # fmt: skip
