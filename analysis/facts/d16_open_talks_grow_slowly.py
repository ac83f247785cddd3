"""D16: open talks of many gain participants slowly, and half of the full body never joins."""

from __future__ import annotations

from analysis.facts import Fact, Measure, Null

FACT = Fact(
    id="D16",
    title="Open talks grow slowly",
    title_id="Perundingan terbuka tumbuh lambat",
    sentence="Open talks on digital trade gain a quarter more participants in six years and a half; almost half of the full body stays "
    "out.",
    sentence_id="Perundingan terbuka tentang perdagangan digital menambah seperempat peserta dalam enam setengah tahun; hampir separuh "
    "anggota tetap di luar.",
    mechanism="joining an organisation for the cloud",
    mechanism_id="bergabung dengan organisasi untuk awan",
    kind="tested",
    scenario=None,
    waits_for="an organisation for the cloud with accession and votes (issue 19)",
    waits_for_id="organisasi untuk awan dengan aksesi dan pemungutan suara (isu 19)",
    measures=(
        Measure(
            "growth",
            "Growth of participants in six years and a half",
            "Pertambahan peserta dalam enam setengah tahun",
            91 / 71 - 1, 0.15, 0.45, "share", "2017 to 2024", "European Parliamentary Research Service, September 2024", "A",
            ("events of accession by month",),
        ),
        Measure(
            "share",
            "Participants as a share of the full body",
            "Peserta sebagai bagian dari seluruh anggota",
            0.55, 0.45, 0.65, "share of states", "2024", "European Parliamentary Research Service, September 2024: 91 of 166", "A",
            ("events of accession by month",),
        ),
    ),
    null=Null(
        "constant_share",
        "The share of participants stays as it was.",
        "Bagian peserta tetap seperti semula.",
        cannot="its scenario does not exist yet",
        cannot_id="skenarionya belum ada",
    ),
)  # fmt: skip
