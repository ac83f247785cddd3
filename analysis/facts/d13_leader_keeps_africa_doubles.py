"""D13: capacity grows everywhere, so that shares hardly move; only changes are scored."""

from __future__ import annotations

from analysis.facts import Fact, Measure, Null

FACT = Fact(
    id="D13",
    title="All grow, shares stay",
    title_id="Semua tumbuh, bagian tetap",
    sentence="The leader's share of data centres hardly moves while the whole grows; Africa doubles its own and its share stays below "
    "two in a hundred.",
    sentence_id="Bagian negara terdepan dalam pusat data hampir tetap sementara totalnya tumbuh; Afrika berlipat dua, tetapi bagiannya "
    "tetap di bawah dua persen.",
    mechanism="where data centres are built",
    mechanism_id="di mana pusat data dibangun",
    kind="tested",
    scenario=None,
    waits_for="data-centre sites that grow with demand, price and power (issue 18)",
    waits_for_id="pusat data yang tumbuh menurut permintaan, harga, dan listrik (isu 18)",
    measures=(
        Measure(
            "leader",
            "Change of the leader's share in three years",
            "Perubahan bagian negara terdepan dalam tiga tahun",
            0.03, -0.01, 0.07, "share of MW", "2022 to 2025", "Synergy Research: 0.52 to 0.55", "B",
            ("panels of MW by state and month",),
        ),
        Measure(
            "africa_growth",
            "Growth of Africa's own capacity in three years",
            "Pertumbuhan kapasitas Afrika sendiri dalam tiga tahun",
            2.0, 1.5, 2.5, "ratio", "2022 to 2025", "Xalam Analytics, via CNBC Africa; the band is our choice", "B",
            ("panels of MW by state and month",),
        ),
        Measure(
            "africa_share",
            "Change of Africa's share in five years",
            "Perubahan bagian Afrika dalam lima tahun",
            0.0, -0.01, 0.01, "share of MW", "2020 to 2025", "Xalam Analytics: below 0.01 in both years; half of the tolerance for the "
            "level", "D",
            ("panels of MW by state and month",),
        ),
    ),
    null=Null(
        "proportional_growth",
        "Every state's capacity grows by the same share (Gibrat).",
        "Kapasitas setiap negara tumbuh dengan bagian yang sama (Gibrat).",
        cannot="its scenario does not exist yet",
        cannot_id="skenarionya belum ada",
    ),
    note="Levels are inputs of the start and are not scored.",
    note_id="Tingkat awal adalah masukan dan tidak dinilai.",
)  # fmt: skip
