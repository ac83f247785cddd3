"""D7: a deal is signed fast under a court's deadline, and slowly without one."""

from __future__ import annotations

from analysis.facts import Fact, Measure, Null

FACT = Fact(
    id="D7",
    title="A deal under a deadline",
    title_id="Kesepakatan di bawah tenggat",
    sentence="Two sides that took two years to agree without a deadline agree in four months once a court has struck their deal down.",
    sentence_id="Dua pihak yang butuh dua tahun tanpa tenggat sepakat dalam empat bulan setelah pengadilan membatalkan perjanjian mereka.",
    mechanism="courts, and the cost of waiting under a ruling",
    mechanism_id="pengadilan, dan biaya menunggu setelah putusan",
    kind="tested",
    scenario=None,
    waits_for="courts that strike frameworks down, and bargaining anew under their deadline (issue 16)",
    waits_for_id="pengadilan yang membatalkan kerangka, dan perundingan ulang di bawah tenggatnya (isu 16)",
    measures=(
        Measure(
            "without",
            "Months from the demand for changes to the deal",
            "Bulan dari tuntutan perubahan sampai kesepakatan",
            26.0, 15.0, 40.0, "months", "2013 to 2016", "EUR-Lex, COM(2013) 846 and 847; European Commission, February 2016", "A",
            ("events.parquet: negotiation_opened and negotiation_concluded of transfer frameworks, by months since annulment",),
        ),
        Measure(
            "under",
            "Months from annulment to the deal",
            "Bulan dari pembatalan sampai kesepakatan",
            4.0, 2.0, 9.0, "months", "2015 to 2016", "CJEU C-362/14; European Commission, February 2016", "A",
            ("events.parquet: annulment and negotiation_concluded of transfer frameworks",),
        ),
    ),
    null=Null(
        "text_blind_courts",
        "Courts strike at a constant rate, whatever the text says.",
        "Pengadilan membatalkan dengan laju tetap, apa pun isi naskahnya.",
        cannot="its scenario does not exist yet",
        cannot_id="skenarionya belum ada",
    ),
)  # fmt: skip
