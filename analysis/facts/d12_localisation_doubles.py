"""D12: rules that keep data at home double in four years, and few states hold most of them."""

from __future__ import annotations

from analysis.facts import Fact, Measure, Null

FACT = Fact(
    id="D12",
    title="Localisation doubles",
    title_id="Lokalisasi berlipat dua",
    sentence="Rules that keep data at home double in four years, and four states hold two fifths of them.",
    sentence_id="Aturan yang menahan data di dalam negeri berlipat dua dalam empat tahun, dan empat negara memegang dua perlimanya.",
    mechanism="states localise for fear of exposure and for local industry",
    mechanism_id="negara melokalkan karena takut terpapar dan demi industri dalam negeri",
    kind="tested",
    scenario=None,
    waits_for="rules of localisation adopted and dropped in the run (issue 19)",
    waits_for_id="aturan lokalisasi yang diadopsi dan dicabut dalam simulasi (isu 19)",
    measures=(
        Measure(
            "growth",
            "Rules in force after four years over before",
            "Aturan yang berlaku setelah empat tahun dibagi sebelumnya",
            144 / 67, 1.7, 2.6, "ratio", "2017 to 2021", "ITIF, July 2021", "B",
            ("a table of rules of localisation by state and month",),
        ),
        Measure(
            "top_four",
            "Share of the four states with most rules",
            "Bagian empat negara dengan aturan terbanyak",
            0.4, 0.3, 0.5, "share of rules", "2021", "ITIF, July 2021: (29 + 12 + 9 + 7) / 144", "B",
            ("a table of rules of localisation by state and month",),
        ),
    ),
    null=Null(
        "persistence",
        "Rules stand as they stood at the start.",
        "Aturan tetap seperti pada awalnya.",
        cannot="its scenario does not exist yet",
        cannot_id="skenarionya belum ada",
    ),
)  # fmt: skip
